//! The cells of one row: what stands in a column, and what is wrong with it.

use super::columns::{Columns, Field};
use super::mapping::Mapping;
use super::words;
use crate::kit::import::book::Sheet;
use crate::kit::import::text;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::suggest;

/// One row as it is read.
pub struct Cells<'a> {
    pub sheet: &'a Sheet,
    pub columns: &'a Columns,
    pub row: u32,
    pub problems: Vec<Diagnostic>,
    pub mapping: &'a Mapping,
}

impl Cells<'_> {
    pub fn at(&self, field: Field) -> u32 {
        self.columns
            .of(field)
            .or_else(|| self.columns.of(Field::Name))
            .unwrap_or(0)
    }

    pub fn text(&self, field: Field) -> String {
        self.columns
            .of(field)
            .map_or(String::new(), |at| self.sheet.text(self.row, at))
    }

    pub fn line(&self, field: Field) -> String {
        text::one_line(&self.text(field))
    }

    pub fn error(&mut self, field: Field, code: Code, message: impl AsRef<str>) -> &mut Diagnostic {
        let problem = self.sheet.error(code, self.row, self.at(field), message);
        self.problems.push(problem);
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// The words of a list, by the mapping where it knows them, or the defaults where there are none.
    pub fn words(&self, field: Field) -> Vec<String> {
        let written = words::list(&self.text(field));
        if written.is_empty() {
            return self.mapping.default(field).map_or_else(Vec::new, <[String]>::to_vec);
        }
        let meant = written
            .into_iter()
            .flat_map(|word| match self.mapping.value(field, &word) {
                Some(means) => means.to_vec(),
                None => vec![word],
            });
        meant.collect()
    }

    /// Each word through `read`; one with a slash that is not known is tried in parts.
    pub fn each<T: PartialEq>(
        &mut self,
        field: Field,
        read: impl Fn(&str) -> Option<T>,
        mut wrong: impl FnMut(&mut Cells, &str),
    ) -> Vec<T> {
        let mut all: Vec<T> = Vec::new();
        for word in self.words(field) {
            let parts: Vec<&str> = match read(&word) {
                None if word.contains(['/', ' ']) => word.split(['/', ' ']).filter(|part| !part.is_empty()).collect(),
                _ => vec![&word],
            };
            for part in parts {
                match read(part) {
                    Some(meant) if all.contains(&meant) => {}
                    Some(meant) => all.push(meant),
                    None => wrong(self, part),
                }
            }
        }
        all
    }

    pub fn many(&mut self, field: Field, table: &[(&str, &'static str)]) -> Vec<String> {
        let wrong = |cells: &mut Cells, word: &str| {
            unknown(cells, field, Code::Cell, word, table.iter().map(|(name, _)| *name))
        };
        self.each(field, |word| words::in_table(word, table).map(str::to_owned), wrong)
    }

    pub fn one(&mut self, field: Field, table: &[(&str, &'static str)]) -> Option<&'static str> {
        let wrong = |cells: &mut Cells, word: &str| {
            unknown(cells, field, Code::Cell, word, table.iter().map(|(name, _)| *name))
        };
        self.each(field, |word| words::in_table(word, table), wrong)
            .first()
            .copied()
    }
}

/// A word that is not known, with the nearest that is.
pub fn unknown<'n>(
    cells: &mut Cells,
    field: Field,
    code: Code,
    word: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) {
    let near = suggest::nearest(word, names.clone());
    let problem = cells.error(field, code, format!("{} “{word}” 不认识", field.title()));
    match near {
        Some(near) => problem.hints.push(format!("最接近的是 “{near}”")),
        None => problem.hints.push(format!("可用：{}", suggest::list(names))),
    }
    problem.hints.push(format!(
        "名单里就是这么叫的，用 --map 指明（values: {{{}: {{{word}: [本工具的写法]}}}}）",
        field.key()
    ));
}
