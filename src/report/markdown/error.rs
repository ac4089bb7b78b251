//! What is wrong with a Markdown text, told so that its author can mend it.

use std::fmt;

/// One mistake in a Markdown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownError {
    /// Line of the Markdown text (after template expansion), counted from 1.
    pub line: usize,
    /// What stands there.
    pub found: String,
    /// What would be right.
    pub expected: String,
    /// The nearest valid name, or how to get there.
    pub hint: Option<String>,
}

impl MarkdownError {
    pub(super) fn new(line: usize, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            line,
            found: found.into(),
            expected: expected.into(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds “是否想写 …” when there is a near name.
    pub(super) fn near(mut self, nearest: Option<&str>) -> Self {
        self.hint = nearest.map(|name| format!("是否想写“{name}”？")).or(self.hint);
        self
    }
}

impl fmt::Display for MarkdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行：{}。期望：{}", self.line, self.found, self.expected)?;
        if let Some(hint) = &self.hint {
            write!(f, "。{hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for MarkdownError {}

/// A YAML error of a directive's payload, whose first line is line `first` of the text.
pub(super) fn payload(directive: &str, first: usize, error: &serde_yaml::Error) -> MarkdownError {
    use serde_yaml::Error;
    let error = error.without_snippet();
    let offset = error
        .location()
        .map_or(0, |at| usize::try_from(at.line().saturating_sub(1)).unwrap_or(0));
    let line = first + offset;
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join("、")
    };
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            MarkdownError::new(line, format!("{directive} 中有未知的字段“{field}”"), names(expected))
                .near(crate::source::suggest::nearest(field, expected.iter().copied()))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            MarkdownError::new(line, format!("{directive} 中有未知的取值“{variant}”"), names(expected))
                .near(crate::source::suggest::nearest(variant, expected.iter().copied()))
        }
        Error::SerdeMissingField { field, .. } => MarkdownError::new(
            line,
            format!("{directive} 缺少字段“{field}”"),
            format!("写明 `{field}: …`"),
        ),
        Error::SerdeInvalidType {
            unexpected, expected, ..
        }
        | Error::SerdeInvalidValue {
            unexpected, expected, ..
        } => {
            let found = format!("{directive} 中的值不合适（{}）", chinese(unexpected));
            MarkdownError::new(line, found, chinese(expected))
        }
        Error::InvalidScalar { ty: expected, .. } | Error::Unexpected { expected, .. } => {
            MarkdownError::new(line, format!("{directive} 中的值不合适"), chinese(expected))
        }
        Error::MultipleDocuments { .. } => {
            MarkdownError::new(line, format!("{directive} 中有 --- 分隔的第二段 YAML"), "一段 YAML")
        }
        Error::SerdeInvalidLength { len, expected, .. } => {
            MarkdownError::new(line, format!("{directive} 中的列表有 {len} 项"), chinese(expected))
        }
        Error::NullIntoString { .. } => {
            MarkdownError::new(line, format!("{directive} 中有空值"), "文字").hint("没有内容就写 \"\"，或删去这一字段")
        }
        Error::DuplicateMappingKey { key, .. } => MarkdownError::new(
            line,
            format!("{directive} 中字段“{}”写了两次", key.as_deref().unwrap_or("?")),
            "每个字段只写一次",
        ),
        other => MarkdownError::new(
            line,
            format!("{directive} 的内容读不懂（{}）", one_line(other)),
            "正确的 YAML 或 JSON",
        ),
    }
}

/// The parser's words for kinds of values, in Chinese where they are known.
fn chinese(words: &str) -> String {
    let known = match words {
        "floating point" | "f64" | "f32" => "数",
        "u8" | "u64" | "usize" | "integer" => "不小于 0 的整数",
        "sequence" | "sequence start" | "a sequence" => "列表",
        "map" | "mapping" | "mapping start" => "一组 `字段: 值`",
        "string scalar" | "a string" | "string" => "文字",
        "a tuple of size 2" => "`[名称, 内容]`",
        "unit value" => "空值",
        _ => {
            let quoted = words.strip_prefix("string \"").and_then(|rest| rest.strip_suffix('"'));
            return quoted.map_or_else(|| words.replacen("struct ", "", 1), |text| format!("文字“{text}”"));
        }
    };
    known.to_owned()
}

/// The parser's message on one line, without its place: that is counted from the start of the payload.
fn one_line(error: &serde_yaml::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
