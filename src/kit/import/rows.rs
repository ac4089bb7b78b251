//! Rows → questions as they stand in the sheet: which rows belong to which, and what each column says.

use std::collections::BTreeSet;

use super::book::Sheet;
use super::header::{Field, Header};
use super::text;
use crate::source::Span;
use crate::source::diagnostic::{Code, Diagnostic};

/// Collects what is wrong; a cell that cannot be used at all is told once.
#[derive(Debug, Default)]
pub struct Problems {
    /// All of them.
    pub found: Vec<Diagnostic>,
    unusable: BTreeSet<(u32, u32, u32)>,
}

impl Problems {
    /// Adds one, unless it follows from a cell that cannot be used.
    pub fn push(&mut self, problem: Diagnostic) {
        if !self.unusable.contains(&key(problem.span)) {
            self.found.push(problem);
        }
    }

    fn unusable(&mut self, problem: Diagnostic) {
        self.unusable.insert(key(problem.span));
        self.found.push(problem);
    }
}

fn key(span: Span) -> (u32, u32, u32) {
    (span.file, span.line, span.column)
}

/// A question as it stands in the sheet.
#[derive(Debug)]
pub struct Raw<'a> {
    /// Its sheet.
    pub sheet: &'a Sheet,
    /// The columns of the sheet.
    pub header: &'a Header,
    /// Its rows; the first is the one that names it.
    pub rows: Vec<u32>,
    /// Section to which it belongs.
    pub section: String,
    /// Short title.
    pub title: String,
}

impl Raw<'_> {
    /// What its first row says in a column.
    pub fn text(&self, field: Field) -> String {
        self.header
            .column(field)
            .map_or(String::new(), |column| self.sheet.text(self.rows[0], column))
    }

    /// What all its rows say in a column.
    pub fn texts(&self, field: Field) -> Vec<String> {
        let Some(column) = self.header.column(field) else {
            return Vec::new();
        };
        let mut texts: Vec<String> = self.rows.iter().map(|row| self.sheet.text(*row, column)).collect();
        texts.retain(|text| !text.is_empty());
        texts.dedup();
        texts
    }

    /// A mistake in a column of its first row; in the first column when there is no such column.
    pub fn error(&self, field: Field, code: Code, message: impl AsRef<str>) -> Diagnostic {
        let column = self
            .header
            .column(field)
            .or_else(|| self.header.column(self.anchor()))
            .unwrap_or(0);
        self.sheet.error(code, self.rows[0], column, message)
    }

    fn anchor(&self) -> Field {
        anchor(self.header)
    }
}

/// The column that names a question.
fn anchor(header: &Header) -> Field {
    if header.column(Field::Title).is_some() {
        Field::Title
    } else {
        Field::Ask
    }
}

/// Takes a sheet apart.
pub fn questions<'a>(sheet: &'a Sheet, header: &'a Header, problems: &mut Problems) -> Vec<Raw<'a>> {
    let mut reader = Reader {
        sheet,
        header,
        found: Vec::new(),
        section: String::new(),
    };
    for row in sheet.rows().into_iter().filter(|row| *row > header.row) {
        reader.row(row, problems);
    }
    reader.found
}

struct Reader<'a> {
    sheet: &'a Sheet,
    header: &'a Header,
    found: Vec<Raw<'a>>,
    section: String,
}

impl Reader<'_> {
    fn row(&mut self, row: u32, problems: &mut Problems) {
        let filled: Vec<(Field, u32)> = self
            .header
            .fields()
            .filter(|(_, c)| self.sheet.is_filled(row, *c))
            .collect();
        for (_, column) in &filled {
            if let Some(fault) = self.sheet.fault(row, *column) {
                problems.unusable(fault);
            }
        }
        if filled.is_empty() || self.is_total(&filled, row) {
            return;
        }
        if self.repeats(row) {
            if let Some(last) = self.found.last_mut() {
                last.rows.push(row);
            }
            return;
        }
        let names = self.is_filled(row, anchor(self.header)) || self.is_filled(row, Field::Kind);
        if names {
            self.begin(row, problems);
        } else {
            self.go_on(row, &filled, problems);
        }
    }

    fn is_filled(&self, row: u32, field: Field) -> bool {
        self.header
            .column(field)
            .is_some_and(|column| self.sheet.is_filled(row, column))
    }

    fn text(&self, row: u32, field: Field) -> String {
        self.header
            .column(field)
            .map_or(String::new(), |column| self.sheet.text(row, column))
    }

    /// A closing row 合计: full points are derived.
    fn is_total(&self, filled: &[(Field, u32)], row: u32) -> bool {
        let first = filled.iter().map(|(_, column)| *column).min();
        let text = first.map_or(String::new(), |column| text::compact(&self.sheet.text(row, column)));
        matches!(text.as_str(), "合计" | "总计" | "小计" | "总分") && !self.is_filled(row, Field::Kind)
    }

    /// Whether a row names the question before it once more, for a further option.
    fn repeats(&self, row: u32) -> bool {
        let Some(last) = self.found.last() else { return false };
        let same = |field: Field| {
            let text = self.text(row, field);
            text == last.text(field) || text.is_empty() && !matches!(field, Field::Title | Field::Ask)
        };
        let fields = [
            Field::Id,
            Field::Section,
            Field::Title,
            Field::Ask,
            Field::Kind,
            Field::Full,
            Field::Unit,
        ];
        let one_option = |row: u32| text::options(&self.text(row, Field::Options)).len() == 1;
        self.is_filled(row, anchor(self.header))
            && fields.into_iter().all(same)
            && one_option(row)
            && one_option(last.rows[0])
    }

    fn begin(&mut self, row: u32, problems: &mut Problems) {
        let section = text::one_line(&self.text(row, Field::Section));
        if !section.is_empty() {
            self.section = section;
        }
        let anchor = anchor(self.header);
        let column = self.header.column(anchor).unwrap_or(0);
        // One title over several questions is one merged cell.
        let named = text::one_line(&self.sheet.covering_text(row, column));
        if named.is_empty() {
            let message = format!("这一行有题型，却没有{}", anchor.name());
            let hint = "一道题的其余选项写在下面各行时，只填 选项 和 分值";
            problems.push(self.sheet.error(Code::Cell, row, column, message).hint(hint));
        }
        let title = if anchor == Field::Ask { short(&named) } else { named };
        self.found.push(Raw {
            sheet: self.sheet,
            header: self.header,
            rows: vec![row],
            section: self.section.clone(),
            title,
        });
    }

    /// A row that names no question carries a further option of the one above.
    fn go_on(&mut self, row: u32, filled: &[(Field, u32)], problems: &mut Problems) {
        let (sheet, anchor) = (self.sheet, anchor(self.header));
        let Some(last) = self.found.last_mut() else {
            let (field, column) = filled[0];
            let message = format!("这一行写了 {}，却没有{}，上面也还没有题", field.name(), anchor.name());
            let hint = "部分的标题行请删去，改为在每道题的“维度”一列写明";
            problems.push(sheet.error(Code::Cell, row, column, message).hint(hint));
            return;
        };
        for (field, column) in filled {
            let optional = matches!(
                field,
                Field::Options | Field::Points | Field::Evidence | Field::Clause | Field::Help
            );
            if !optional && sheet.text(row, *column) != last.text(*field) {
                let message = format!("这一行没有{}，却写了 {}", anchor.name(), field.name());
                let hint = format!(
                    "是新题就补上{}；是上一题的选项就只填 选项 和 分值；部分的标题行请改为“维度”一列",
                    anchor.name()
                );
                problems.push(sheet.error(Code::Cell, row, *column, message).hint(hint));
            }
        }
        last.rows.push(row);
    }
}

/// A short noun from a whole question: its first clause.
fn short(ask: &str) -> String {
    const MOST: usize = 24;
    let clause = ask
        .split(['？', '?', '，', '。', '；', '（', '('])
        .next()
        .unwrap_or(ask);
    match clause.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &clause[..end]),
        None => clause.to_owned(),
    }
}
