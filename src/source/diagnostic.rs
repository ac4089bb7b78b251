//! One mistake, in one form: for the terminal, for programs, for tests.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;

use super::{SourceMap, Span};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is computed from the file.
    Error,
    /// Worth a look; the work goes on.
    Warning,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// Stable codes: never reused, never renumbered. `E01` reading, `E02` shape, `E03` catalog, `E04` assessment, `E06` workbook, `W05` advice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }
        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];
            /// The code as shown: `E0203`.
            pub fn as_str(self) -> &'static str { match self { $(Code::$name => $code,)+ } }
            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str { match self { $(Code::$name => concat!($($doc),+).trim_ascii(),)+ } }
        }
    };
}

codes! {
    /// 文件读不出来
    Unreadable = "E0101",
    /// 文件超过大小上限
    TooLarge = "E0102",
    /// YAML 语法错误
    Syntax = "E0103",
    /// 同一层里键重复
    DuplicateKey = "E0104",
    /// YAML 展开后过大或嵌套过深
    Budget = "E0105",
    /// 不是 UTF-8 文本
    NotUtf8 = "E0106",
    /// 文件为空
    Empty = "E0107",
    /// 不认识的字段
    UnknownField = "E0201",
    /// 缺少必需的字段
    MissingField = "E0202",
    /// 值的类型不对
    WrongType = "E0203",
    /// schema 行不对
    Schema = "E0204",
    /// 值不在允许范围内
    Range = "E0205",
    /// 编号重复
    DuplicateId = "E0301",
    /// 引用的题目、指标或表不存在
    UnknownReference = "E0302",
    /// 引用的选项不存在
    UnknownOption = "E0303",
    /// 下级满分之和不等于上级满分
    FullMismatch = "E0304",
    /// 权重之和不等于 1
    WeightSum = "E0305",
    /// 区间有缺口
    BandGap = "E0306",
    /// 区间重叠
    BandOverlap = "E0307",
    /// 永远到不了的区间或等级
    Unreachable = "E0308",
    /// 表达式语法错误
    ExprSyntax = "E0309",
    /// 表达式里有未定义的名字
    ExprName = "E0310",
    /// 评分方法没有写或写了多个
    Method = "E0311",
    /// 查找表的列、键或行不对
    TableShape = "E0312",
    /// 服务能力不在词表里
    UnknownCapability = "E0313",
    /// 事实或单位不在词典里
    UnknownFact = "E0314",
    /// 有选项没有给分
    OptionWithoutPoints = "E0315",
    /// 评分方法与题型不相配
    KindMismatch = "E0316",
    /// 统一社会信用代码不对
    BadUscc = "E0317",
    /// 没有评分规则的问卷，或没有问卷的评分规则
    Orphan = "E0318",
    /// 标准之间互相取数，绕成了圈
    Cycle = "E0319",
    /// 标准不存在
    UnknownStandard = "E0401",
    /// 题目不存在
    UnknownItem = "E0402",
    /// 选项不存在
    BadOption = "E0403",
    /// 答案的形式与题型不相配
    BadAnswer = "E0404",
    /// 单位不认识或量纲不对
    BadUnit = "E0405",
    /// 数值超出范围
    OutOfRange = "E0406",
    /// 不是有限的数
    NotFinite = "E0407",
    /// 互斥的选项同时选中
    Exclusive = "E0408",
    /// 几个数之间的关系不成立
    Relation = "E0409",
    /// 企业信息不对
    BadEnterprise = "E0410",
    /// 行业代码不对
    BadIndustry = "E0411",
    /// 行政区划代码不对
    BadRegion = "E0412",
    /// 日期不对
    BadDate = "E0413",
    /// 事实不在词典里
    BadFact = "E0414",
    /// 表格的列不存在
    UnknownColumn = "E0415",
    /// 必填的内容没有填
    Required = "E0416",
    /// 此题不能答“不适用”
    NotApplicable = "E0417",
    /// 预设不存在
    UnknownPreset = "E0418",
    /// 没有任何标准的答案
    NoAnswers = "E0419",
    /// 不是能读的 Excel 工作簿
    NotWorkbook = "E0601",
    /// 工作簿里没有认得出的表头，或表头缺列、重列
    Header = "E0602",
    /// 单元格里的内容不对
    Cell = "E0603",
    /// 校验位不符
    CheckDigit = "W0501",
    /// 数值不合常理
    Implausible = "W0502",
    /// 几处答案对不上
    Inconsistent = "W0505",
    /// 工作簿里有一部分没有读
    NotRead = "W0601",
}

/// One mistake and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Stable code.
    pub code: Code,
    /// Where.
    pub span: Span,
    /// What is wrong: what was found, what was expected.
    pub message: String,
    /// Words under the caret; may be empty.
    pub label: String,
    /// What to do; may be empty.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A mistake that stops the work.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            span,
            message: message.into(),
            label: String::new(),
            hints: Vec::new(),
        }
    }

    /// Something to look at.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, span, message)
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the hint when there is one.
    #[must_use]
    pub fn maybe_hint(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// `最接近的是 “…”` when a valid name is near.
    #[must_use]
    pub fn nearest<'a>(self, found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let near = super::suggest::nearest(found, candidates).map(|name| format!("最接近的是 “{name}”"));
        self.maybe_hint(near)
    }

    /// Sets the words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

/// The same diagnostic as data, for `--format json`.
#[derive(Debug, Serialize)]
pub struct Exported<'a> {
    code: &'static str,
    severity: Severity,
    file: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    hints: &'a [String],
}

/// All diagnostics as data, in the order of [`sort`].
pub fn export<'a>(diagnostics: &'a [Diagnostic], sources: &'a SourceMap) -> Vec<Exported<'a>> {
    diagnostics
        .iter()
        .map(|d| Exported {
            code: d.code.as_str(),
            severity: d.severity,
            file: sources.get(d.span.file).map_or("", |s| s.name.as_str()),
            line: d.span.line,
            column: d.span.column,
            message: &d.message,
            label: &d.label,
            hints: &d.hints,
        })
        .collect()
}

/// By file, place and code, so that the same input always reads the same.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.span.file, a.span.line, a.span.column, a.code.as_str(), &a.message).cmp(&(
            b.span.file,
            b.span.line,
            b.span.column,
            b.code.as_str(),
            &b.message,
        ))
    });
    diagnostics.dedup();
}

/// Whether any of them stops the work.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// For people: title with code, `file:line:column`, excerpt with caret, hints.
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR.with_name(Some("错误")),
            Severity::Warning => Level::WARNING.with_name(Some("提醒")),
        };
        let mut group = Group::with_title(
            level
                .primary_title(diagnostic.message.as_str())
                .id(diagnostic.code.as_str()),
        );
        let source = sources.get(diagnostic.span.file);
        match source {
            Some(source) if diagnostic.span.is_known() => {
                let (line, range) = excerpt(&source.text, diagnostic.span);
                let mut annotation = AnnotationKind::Primary.span(range);
                if !diagnostic.label.is_empty() {
                    annotation = annotation.label(diagnostic.label.as_str());
                }
                let snippet = Snippet::source(line)
                    .line_start(diagnostic.span.line as usize)
                    .path(source.name.as_str())
                    .annotation(annotation);
                group = group.element(snippet);
            }
            Some(source) => {
                group = group.element(
                    annotate_snippets::Origin::path(source.name.as_str())
                        .line(1)
                        .char_column(1),
                );
            }
            None => {}
        }
        for hint in &diagnostic.hints {
            group = group.element(Level::HELP.with_name(Some("提示")).message(hint.as_str()));
        }
        out.push_str(&renderer.render(&[group]));
        out.push_str("\n\n");
    }
    out
}

/// The line a span stands on and the span's byte range within it; the renderer cuts long lines by itself.
fn excerpt(text: &str, span: Span) -> (&str, std::ops::Range<usize>) {
    let line = text.lines().nth(span.line as usize - 1).unwrap_or_default();
    let start = line
        .char_indices()
        .nth(span.column.max(1) as usize - 1)
        .map_or(line.len(), |(at, _)| at);
    let mut end = (start + span.len as usize).min(line.trim_end().len()).max(start);
    while !line.is_char_boundary(end) {
        end += 1;
    }
    (line, start..end)
}
