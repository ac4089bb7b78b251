//! Every code with the shortest file that brings it up, why it happens and how to put it right: `codes.yaml`.
//!
//! What the program says to an example is not written down there: the example is read by the same readers as the files of
//! users, each time it is shown. [`page`] makes it text.

pub mod page;

use std::path::Path;

use indexmap::IndexMap;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde::Deserialize;

use super::import;
use crate::catalog::{Broken, Catalog, files};
use crate::consistency;
use crate::diagnosis;
use crate::questionnaire::Domain;
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::shape::{self, Each};
use crate::source::{At, SourceMap, yaml};

/// Examples are read as if on this day, so that they always read the same.
const TODAY: &str = "2026-11-22";

/// All examples.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Files with which nothing is wrong, by path.
    pub sound: IndexMap<String, String>,
    /// One entry a code.
    pub codes: Each<Entry>,
}

/// What there is to say about a code.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The code: `E0203`.
    pub code: At<String>,
    /// Why it happens.
    pub why: String,
    /// How to put it right.
    pub fix: String,
    /// Path of the file that is wrong; none when no input brings up the code.
    #[serde(default)]
    pub file: Option<String>,
    /// What stands in the sound file.
    #[serde(default)]
    pub right: String,
    /// What is put in its place.
    #[serde(default)]
    pub wrong: String,
    /// The whole file, instead of a change to a sound one.
    #[serde(default)]
    pub text: Option<String>,
    /// How the file lies on the disk.
    #[serde(default)]
    pub stored: Stored,
}

/// How a file lies on the disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stored {
    /// As what its name says: a workbook for `.xlsx`, else the text.
    #[default]
    Named,
    /// The text as it is, whatever its name says.
    Plain,
    /// Not at all.
    Absent,
    /// So many megabytes of blanks.
    Megabytes(usize),
    /// These bytes.
    Hex(String),
}

/// A file that is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example<'b> {
    /// Its path.
    pub path: &'b str,
    /// Its text, for people.
    pub text: String,
    /// The sound file, when this is a change to it.
    pub sound: Option<&'b str>,
    stored: &'b Stored,
}

/// What kind of file a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An assessment.
    Assessment,
    /// A file of a data directory.
    Data,
    /// A workbook with a questionnaire.
    Workbook,
}

impl Kind {
    /// Its name in sentences.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Assessment => "评估文件",
            Kind::Data => "数据目录里的文件",
            Kind::Workbook => "Excel 问卷",
        }
    }
}

impl Book {
    /// Reads the examples that are built into the program.
    pub fn load() -> Result<Book, Broken> {
        let mut sources = SourceMap::default();
        let mut problems = Vec::new();
        let text = include_str!("codes.yaml");
        let file = sources.add("内置:codes.yaml", text);
        let book = match yaml::parse(file, text) {
            Ok(node) => shape::read::<Book>(&node, &mut problems),
            Err(found) => {
                problems.extend(found);
                None
            }
        };
        match book {
            Some(book) if problems.is_empty() => Ok(book),
            _ => Err(Broken { problems, sources }),
        }
    }

    /// What there is to say about a code.
    pub fn entry(&self, code: Code) -> Option<&Entry> {
        self.codes.iter().find(|entry| entry.code.value == code.as_str())
    }

    /// The example of an entry; none when no input brings up its code, or its change fits no sound file.
    pub fn example<'b>(&'b self, entry: &'b Entry) -> Option<Example<'b>> {
        let path = entry.file.as_deref()?;
        let (text, sound) = match &entry.text {
            Some(text) => (text.clone(), None),
            None => {
                let sound = self.sound.get(path)?;
                if entry.right.is_empty() || sound.matches(&entry.right).count() != 1 {
                    return None;
                }
                (sound.replace(&entry.right, &entry.wrong), Some(sound.as_str()))
            }
        };
        let stored = &entry.stored;
        Some(Example {
            path,
            text,
            sound,
            stored,
        })
    }

    /// Texts of the data directory in which an example stands: the sound files and its own.
    pub fn directory<'b>(&'b self, example: &'b Example) -> Vec<(&'b str, &'b str)> {
        let sound = self.sound.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let others = sound.filter(|(path, _)| kind(path) == Kind::Data && *path != example.path);
        others.chain([(example.path, example.text.as_str())]).collect()
    }

    /// What the program says to an example: problems in order, with their texts.
    pub fn told(&self, example: &Example, builtin: &Catalog) -> (Vec<Diagnostic>, SourceMap) {
        let broken = match kind(example.path) {
            Kind::Data => Catalog::load_texts(&self.directory(example)).map(|catalog| (Vec::new(), catalog.sources)),
            Kind::Assessment => assess(example, builtin),
            Kind::Workbook => {
                let options = import::Options {
                    id: "demo".into(),
                    title: "示例标准".into(),
                    domain: Domain::Digital,
                };
                let bytes = example.bytes().unwrap_or_default();
                import::import(example.path, bytes, &options).map(|drafts| (drafts.warnings, drafts.sources))
            }
        };
        broken.unwrap_or_else(|broken| (broken.problems, broken.sources))
    }
}

/// What kind of file this path stands for.
pub fn kind(path: &str) -> Kind {
    if path.ends_with(".assessment.yaml") {
        Kind::Assessment
    } else if path.ends_with(".xlsx") {
        Kind::Workbook
    } else {
        Kind::Data
    }
}

fn assess(example: &Example, builtin: &Catalog) -> Result<(Vec<Diagnostic>, SourceMap), Broken> {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let file = match example.bytes() {
        Some(bytes) => files::text(example.path, bytes, &mut sources, &mut problems),
        None => files::read_file(Path::new(example.path), &mut sources, &mut problems),
    };
    let Some(source) = file.and_then(|file| sources.get(file)) else {
        return Err(Broken { problems, sources });
    };
    let loaded = diagnosis::read(builtin, &source.name, &source.text, TODAY)?;
    let mut problems = loaded.warnings;
    problems.extend(consistency::as_warnings(&loaded.compared.findings));
    diagnostic::sort(&mut problems);
    Ok((problems, loaded.sources))
}

impl Example<'_> {
    /// The bytes of the file; `None` when it is not there at all.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self.stored {
            Stored::Absent => None,
            Stored::Named if kind(self.path) == Kind::Workbook => workbook(&self.text).ok(),
            Stored::Named | Stored::Plain => Some(self.text.clone().into_bytes()),
            Stored::Megabytes(megabytes) => Some(vec![b' '; megabytes << 20]),
            Stored::Hex(digits) => Some(
                digits
                    .as_bytes()
                    .chunks(2)
                    .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                    .collect(),
            ),
        }
    }

    /// Whether the text is all of the file.
    pub fn is_as_shown(&self) -> bool {
        matches!(self.stored, Stored::Named | Stored::Plain)
    }
}

/// A workbook of one sheet: a line a row, cells separated by ` | `, numbers as numbers.
fn workbook(table: &str) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("问卷")?;
    for (row, line) in (0..).zip(table.lines()) {
        for (column, cell) in (0..).zip(line.split(" | ")) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number)?,
                Err(_) => sheet.write(row, column, cell)?,
            };
        }
    }
    book.save_to_buffer()
}
