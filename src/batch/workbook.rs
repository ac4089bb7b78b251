//! A sheet with one enterprise a row → assessments. Mistakes name sheet and cell.

use crate::catalog::{Broken, Catalog};
use crate::diagnosis::{self, Loaded};
use crate::kit::import::book::{self, Sheet};
use crate::kit::import::text;
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::yaml::{self, Data, Key, Node};
use crate::source::{SourceMap, Span, suggest};

/// Rows in which the header is looked for.
const SEARCHED: usize = 30;

/// What a cell is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Text, whatever it looks like.
    Text,
    /// A code of so many digits that Excel would spoil it as a number.
    Code,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Several texts.
    List,
    /// What an assessment file would have there.
    Value,
}

/// Columns about the enterprise and the assessment: path in the file, form, names; the first name is the main one.
const FIELDS: [(&[&str], Form, &[&str]); 13] = [
    (
        &["enterprise", "name"],
        Form::Text,
        &["企业名称", "企业全称", "单位名称", "name"],
    ),
    (
        &["enterprise", "uscc"],
        Form::Code,
        &["统一社会信用代码", "社会信用代码", "信用代码", "uscc"],
    ),
    (
        &["enterprise", "industry"],
        Form::Text,
        &["行业", "行业代码", "国民经济行业代码", "industry"],
    ),
    (
        &["enterprise", "region"],
        Form::Text,
        &["地区", "地区代码", "行政区划代码", "region"],
    ),
    (
        &["enterprise", "employees"],
        Form::Number,
        &["从业人数", "从业人员", "employees"],
    ),
    (
        &["enterprise", "revenue_wan"],
        Form::Number,
        &["营业收入(万元)", "年营业收入(万元)", "revenue_wan"],
    ),
    (&["date"], Form::Date, &["日期", "评估日期", "date"]),
    (&["enterprise", "products"], Form::Text, &["主要产品", "products"]),
    (&["enterprise", "address"], Form::Text, &["地址", "address"]),
    (&["enterprise", "contact"], Form::Text, &["联系人", "contact"]),
    (&["enterprise", "titles"], Form::List, &["称号", "titles"]),
    (&["assessor"], Form::Text, &["核验人", "assessor"]),
    (&["standards"], Form::List, &["标准", "standards"]),
];

/// How many of [`FIELDS`] must have a column.
const REQUIRED: usize = 7;

#[derive(Debug, Clone)]
struct Column {
    at: u32,
    path: Vec<String>,
    form: Form,
}

/// The first sheet of a workbook.
#[derive(Debug)]
pub struct Table {
    file: String,
    sheet: Sheet,
    sources: SourceMap,
    header: u32,
    columns: Vec<Column>,
}

/// Reads the header; `file` is the workbook's name in messages.
pub fn read(file: &str, bytes: Vec<u8>, catalog: &Catalog) -> Result<Table, Broken> {
    let (mut sources, mut problems) = (SourceMap::default(), Vec::new());
    let mut sheets = book::read(file, bytes, &mut sources, &mut problems);
    problems.retain(|problem| problem.severity == diagnostic::Severity::Error);
    if problems.is_empty() && sheets.is_empty() {
        let span = book::nowhere(file, &mut sources);
        problems.push(Diagnostic::error(Code::Empty, span, "工作簿里没有表"));
    }
    if !problems.is_empty() {
        return Err(Broken { problems, sources });
    }
    let sheet = sheets.swap_remove(0);
    let found = header(&sheet, catalog, &mut problems);
    diagnostic::sort(&mut problems);
    match found {
        Some((header, columns)) if problems.is_empty() => Ok(Table {
            file: file.to_owned(),
            sheet,
            sources,
            header,
            columns,
        }),
        _ => Err(Broken { problems, sources }),
    }
}

/// The header row and its columns: the row with the most known names.
fn header(sheet: &Sheet, catalog: &Catalog, problems: &mut Vec<Diagnostic>) -> Option<(u32, Vec<Column>)> {
    const HINT: &str = "表头是一行，至少有 企业名称、行业、地区、从业人数、营业收入(万元)、日期；qizhen batch --sample 清单.xlsx 写出一份样表";
    let rows = sheet.rows();
    let known = |row: u32| {
        let columns = sheet.columns(row);
        columns
            .filter(|column| field(&sheet.text(row, *column)).is_some())
            .count()
    };
    let best = rows.iter().take(SEARCHED).rev().copied().max_by_key(|row| known(*row));
    let Some(row) = best.filter(|row| known(*row) >= 2) else {
        let problem = sheet.error(Code::Header, rows.first().copied().unwrap_or(0), 0, "没有找到表头");
        problems.push(problem.hint(HINT));
        return None;
    };
    let mut columns: Vec<Column> = Vec::new();
    for at in sheet.columns(row) {
        match column(&sheet.text(row, at), catalog) {
            Ok((path, form)) => match columns.iter().find(|other| other.path == path) {
                Some(other) => {
                    let message = format!("与 {} 是同一列", book::a1(row, other.at));
                    problems.push(sheet.error(Code::Header, row, at, message).hint("只留一列"));
                }
                None => columns.push(Column { at, path, form }),
            },
            Err((message, hint)) => problems.push(sheet.error(Code::Header, row, at, message).hint(hint)),
        }
    }
    for (path, form, names) in FIELDS[..REQUIRED].iter() {
        // Enterprises abroad and those being founded have no code yet.
        if *form != Form::Code && !columns.iter().any(|column| column.path == *path) {
            let message = format!("表头缺少“{}”一列", names[0]);
            let hint = format!("可用的列名：{}", suggest::list(names.iter().copied()));
            problems.push(
                sheet
                    .error(Code::Header, row, sheet.columns(row).next().unwrap_or(0), message)
                    .hint(hint),
            );
        }
    }
    Some((row, columns))
}

fn field(heading: &str) -> Option<(&'static [&'static str], Form)> {
    let plain = text::compact(heading).to_lowercase();
    let plain = plain.trim_matches(['*', ':']);
    let found = FIELDS.iter().find(|(_, _, names)| names.contains(&plain))?;
    Some((found.0, found.1))
}

/// What a heading means, or why it means nothing and what it may be.
fn column(heading: &str, catalog: &Catalog) -> Result<(Vec<String>, Form), (String, String)> {
    if let Some((path, form)) = field(heading) {
        return Ok((path.iter().map(|step| (*step).to_owned()).collect(), form));
    }
    let plain = text::compact(heading);
    let near = |found: &str, known: &mut dyn Iterator<Item = &str>, or: &str| {
        suggest::nearest(found, known).map_or(or.to_owned(), |name| format!("最接近的是 “{name}”"))
    };
    if let Some(rest) = plain.strip_prefix("fact:") {
        let Some((year, id)) = rest.split_once(':').filter(|(year, _)| year.parse::<i16>().is_ok()) else {
            return Err((
                format!("列名 “{plain}” 读不懂"),
                "写法：fact:年:编号，如 fact:2025:electricity".into(),
            ));
        };
        if catalog.facts.get(id).is_none() {
            let hint = near(id, &mut catalog.facts.ids(), "用 `qizhen show facts` 查看全部");
            return Err((format!("事实词典里没有 “{id}”"), hint));
        }
        return Ok((vec!["facts".into(), year.into(), id.into()], Form::Value));
    }
    if let Some((standard, item)) = plain.split_once('/') {
        let Some(questionnaire) = catalog.questionnaires.get(standard) else {
            let mut ids = catalog.questionnaires.keys().map(String::as_str);
            return Err((
                format!("没有标准 “{standard}”"),
                near(standard, &mut ids, "用 `qizhen show` 查看全部"),
            ));
        };
        if !questionnaire.items().any(|known| known.id.value == item) {
            let mut ids = questionnaire.items().map(|known| known.id.value.as_str());
            let hint = near(item, &mut ids, &format!("用 `qizhen show {standard}` 查看全部"));
            return Err((format!("“{}” 没有题目 “{item}”", questionnaire.short), hint));
        }
        return Ok((vec!["answers".into(), standard.into(), item.into()], Form::Value));
    }
    let mut names = FIELDS.iter().flat_map(|(_, _, names)| names.iter().copied());
    let or = "答案的列名写 标准/题目，事实的写 fact:年:编号；用不到的列请删去";
    Err((
        format!("不认识的列 “{}”", text::one_line(heading)),
        near(&plain, &mut names, or),
    ))
}

impl Table {
    /// Rows that hold anything in a column of the header.
    pub fn rows(&self) -> Vec<u32> {
        let mut rows = self.sheet.rows();
        let filled = |row: u32| self.columns.iter().any(|column| self.sheet.is_filled(row, column.at));
        rows.retain(|row| *row > self.header && filled(*row));
        rows
    }

    /// `清单.xlsx 表“企业”第 3 行`.
    pub fn row_name(&self, row: u32) -> String {
        format!("{} 表“{}”第 {} 行", self.file, self.sheet.name, row + 1)
    }

    /// Everything a row says, by column: two rows with the same text are the same assessment.
    pub fn row_text(&self, row: u32) -> String {
        let cells = self.columns.iter().filter_map(|column| {
            let day = self.sheet.date(row, column.at).map(str::to_owned);
            let said = day.unwrap_or_else(|| self.sheet.text(row, column.at));
            (!said.is_empty()).then(|| format!("{}\u{1f}{said}\u{1e}", column.path.join("\u{1f}")))
        });
        cells.collect()
    }

    /// Reads a row as an assessment.
    pub fn assessment(&self, row: u32, catalog: &Catalog, today: &str) -> Result<Loaded, Broken> {
        let mut problems = Vec::new();
        let node = self.node(row, &mut problems);
        let broken = match diagnosis::read_node(catalog, &node, self.sources.clone(), today) {
            Ok(mut loaded) if problems.is_empty() => {
                self.name_cells(row, &mut loaded.warnings);
                return Ok(loaded);
            }
            Ok(loaded) => loaded.warnings,
            Err(broken) => broken.problems,
        };
        let mut others = broken;
        // A cell that cannot be used at all has been told.
        others.retain(|other| !problems.iter().any(|told: &Diagnostic| told.span == other.span));
        self.name_cells(row, &mut others);
        problems.extend(others);
        diagnostic::sort(&mut problems);
        Err(Broken {
            problems,
            sources: self.sources.clone(),
        })
    }

    /// Puts the cell before each message.
    fn name_cells(&self, row: u32, problems: &mut [Diagnostic]) {
        for problem in problems {
            let at = self.columns.iter().map(|column| column.at);
            let cell = at.clone().find(|at| self.sheet.span(row, *at) == problem.span);
            let place = self.sheet.place(row, cell.or(at.min()).unwrap_or(0));
            problem.message = format!("{place}：{}", problem.message);
        }
    }

    /// The row as the tree that an assessment file would be.
    fn node(&self, row: u32, problems: &mut Vec<Diagnostic>) -> Node {
        let first = self.columns.iter().map(|column| column.at).min().unwrap_or(0);
        let start = self.sheet.span(row, first);
        let mut root = map(start);
        put(
            &mut root,
            &["schema".into()],
            text_node(start, crate::assessment::SCHEMA),
        );
        // An empty block is read like one that was forgotten: each missing field is told.
        put(&mut root, &["enterprise".into()], map(start));
        for column in &self.columns {
            if !self.sheet.is_filled(row, column.at) {
                // What must be there is missed in its cell, not somewhere in the row.
                if column.form != Form::Value {
                    let (span, data) = (self.sheet.span(row, column.at), Data::Null);
                    put(&mut root, &column.path, Node { span, data });
                }
                continue;
            }
            match self.value(row, column) {
                Ok(node) => put(&mut root, &column.path, node),
                Err(problem) => {
                    // Stands in, so that the field is not told missing as well.
                    put(&mut root, &column.path, text_node(problem.span, ""));
                    problems.push(problem);
                }
            }
        }
        root
    }

    fn value(&self, row: u32, column: &Column) -> Result<Node, Diagnostic> {
        let (sheet, at) = (&self.sheet, column.at);
        let span = sheet.span(row, at);
        if column.form == Form::Date
            && let Some(day) = sheet.date(row, at)
        {
            return Ok(text_node(span, day));
        }
        if let Some(fault) = sheet.fault(row, at) {
            return Err(fault);
        }
        let written = sheet.text(row, at);
        let number = sheet.number(row, at);
        let data = match column.form {
            Form::Code if number.is_some() => {
                let message = format!("Excel 把代码 {written} 存成了数，末几位可能已经丢失");
                let hint = "把这一列的格式改成“文本”，再重新输入代码";
                return Err(sheet.error(Code::Cell, row, at, message).hint(hint));
            }
            Form::Text | Form::Code => Data::Str(text::one_line(&written)),
            Form::Date => Data::Str(written.replace(['/', '.'], "-")),
            Form::Number => scalar(number, &written.replace([',', '，'], "")),
            Form::List => {
                let parts = written.split([',', '，', '、', ';', '；', '\n']).map(str::trim);
                let parts = parts.filter(|part| !part.is_empty());
                Data::Seq(parts.map(|part| text_node(span, part)).collect())
            }
            Form::Value if written.starts_with(['[', '{']) => {
                let parsed = yaml::parse(span.file, &written).map_err(|found| {
                    let why = found.first().map_or("", |problem| problem.message.as_str());
                    let hint = "写法与评估文件里一样，如 [b, c] 或 { digital: 42, total: 80 }";
                    sheet
                        .error(Code::Cell, row, at, format!("“{written}” 读不懂：{why}"))
                        .hint(hint)
                })?;
                moved(parsed, span).data
            }
            Form::Value => scalar(number, &written),
        };
        Ok(Node { span, data })
    }
}

/// A value without brackets as an assessment file would have it: a number or a text.
fn scalar(number: Option<f64>, written: &str) -> Data {
    let whole = |number: f64| number.fract() == 0.0 && number.abs() < 1e15;
    match number.or_else(|| text::number(written).filter(|_| !written.contains('分'))) {
        Some(number) if whole(number) => Data::Int(number as i64),
        Some(number) => Data::Float(number),
        None => Data::Str(written.to_owned()),
    }
}

/// The same tree with every place at the cell.
fn moved(node: Node, span: Span) -> Node {
    let data = match node.data {
        Data::Seq(items) => Data::Seq(items.into_iter().map(|item| moved(item, span)).collect()),
        Data::Map(entries) => {
            let moved_entry = |(key, value): (Key, Node)| (Key { span, ..key }, moved(value, span));
            Data::Map(entries.into_iter().map(moved_entry).collect())
        }
        other => other,
    };
    Node { span, data }
}

fn map(span: Span) -> Node {
    let data = Data::Map(Vec::new());
    Node { span, data }
}

fn text_node(span: Span, text: &str) -> Node {
    let data = Data::Str(text.to_owned());
    Node { span, data }
}

/// Puts a value under a path of keys, making the mappings on the way.
fn put(root: &mut Node, path: &[String], value: Node) {
    let Some((name, rest)) = path.split_first() else {
        *root = value;
        return;
    };
    let span = value.span;
    let Data::Map(entries) = &mut root.data else { return };
    let at = entries
        .iter()
        .position(|(key, _)| key.name == *name)
        .unwrap_or_else(|| {
            let key = Key {
                name: name.clone(),
                span,
            };
            entries.push((key, map(span)));
            entries.len() - 1
        });
    put(&mut entries[at].1, rest, value);
}
