//! A sheet with one enterprise a row → assessments. Mistakes name sheet and cell.

use super::columns::{self, Column, Form};
use crate::catalog::{Broken, Catalog};
use crate::diagnosis::{self, Loaded};
use crate::kit::import::book::{self, Sheet};
use crate::kit::import::text;
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::yaml::{self, Data, Key, Node};
use crate::source::{SourceMap, Span};

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
    let found = columns::find(&sheet, catalog, &mut problems);
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
                if !matches!(column.form, Form::Value | Form::Truth) {
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
            // Anything else is refused by whoever wants a truth: a consent is never guessed.
            Form::Truth => match text::compact(&written).to_lowercase().as_str() {
                "是" | "同意" | "yes" | "true" => Data::Bool(true),
                "否" | "不同意" | "no" | "false" => Data::Bool(false),
                _ => Data::Str(written),
            },
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
