//! A city's list of providers in Excel or CSV → `providers/<name>.yaml`.
//!
//! [`columns`] finds which column holds what, [`rows`] reads each row with [`words`], which knows what people call things,
//! [`draft`] writes the file. Every mistake names its sheet and cell; all are told at once; a row is taken whole or not at all.

mod cells;
mod columns;
mod draft;
pub mod mapping;
mod rows;
mod words;

use crate::catalog::{Broken, Catalog};
use crate::kit::import::{book, csv};
use crate::source::SourceMap;
use crate::source::diagnostic::{self, Code, Diagnostic, Severity};

use mapping::Mapping;

/// What the book does not say.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Id of the list.
    pub pool: String,
    /// Its title.
    pub title: String,
    /// Its year.
    pub year: i16,
    /// Last day of the list, `YYYY-MM-DD`; empty when the rows say it.
    pub until: String,
    /// Where all of them serve, when no column says it.
    pub region: Option<String>,
    /// Whether to take the good rows when others are wrong.
    pub skip_bad: bool,
    /// The day on which it is imported: what has ended by then is worth a word.
    pub today: String,
}

/// What came of a book.
#[derive(Debug)]
pub struct Imported {
    /// Text of the file.
    pub text: String,
    /// How many providers it holds.
    pub providers: usize,
    /// How many rows were left out.
    pub skipped: usize,
    /// What is worth a look; with `skip_bad` also the mistakes of the rows left out.
    pub problems: Vec<Diagnostic>,
    /// The sheets as text, for the problems.
    pub sources: SourceMap,
}

/// Whether a text names regions that can be served.
pub fn is_served(text: &str) -> bool {
    words::served(text).is_some()
}

/// Reads a book; `file` is its name in messages.
pub fn import(
    catalog: &Catalog,
    file: &str,
    bytes: Vec<u8>,
    mapping: &Mapping,
    options: &Options,
) -> Result<Imported, Broken> {
    let (mut sources, mut problems) = (SourceMap::default(), Vec::new());
    let is_book = [&b"PK"[..], &[0xd0, 0xcf, 0x11, 0xe0]]
        .iter()
        .any(|magic| bytes.starts_with(magic));
    let sheets = if is_book || file.to_ascii_lowercase().ends_with(".xlsx") {
        book::read(file, bytes, &mut sources, &mut problems)
    } else {
        csv::read(file, &bytes, &mut sources, &mut problems)
    };
    let mut reader = rows::Reader::new(catalog, mapping, options);
    let mut tables = 0;
    for sheet in sheets.iter().filter(|sheet| !sheet.rows().is_empty()) {
        if let Some(columns) = columns::find(sheet, mapping, options, &mut problems) {
            tables += 1;
            reader.sheet(sheet, &columns);
        }
    }
    // What is wrong with the book as a whole cannot be skipped.
    let whole = diagnostic::has_errors(&problems);
    if tables == 0 && !whole {
        let message = "没有找到表头";
        let hint = "表头是一行，至少有 企业名称、统一社会信用代码、能力 几列；列名不同时用 --map 指明";
        problems.push(Diagnostic::error(Code::Header, book::nowhere(file, &mut sources), message).hint(hint));
    }
    let good = reader.good.len();
    if tables > 0 && good == 0 && reader.bad == 0 && !whole {
        problems.push(Diagnostic::error(
            Code::Empty,
            book::nowhere(file, &mut sources),
            "表头下面没有服务商",
        ));
    }
    let stop = diagnostic::has_errors(&problems) || (reader.bad > 0 && !options.skip_bad) || good == 0;
    problems.append(&mut reader.problems);
    diagnostic::sort(&mut problems);
    if stop {
        return Err(Broken { problems, sources });
    }
    let text = draft::draft(file, &reader.good, mapping, options);
    accepted(catalog, &text)?;
    Ok(Imported {
        text,
        providers: good,
        skipped: reader.bad,
        problems,
        sources,
    })
}

/// Reads the file as a data directory would: what is written must load.
fn accepted(catalog: &Catalog, text: &str) -> Result<(), Broken> {
    match catalog.check_pool("服务商名单.yaml", text) {
        Ok(_) => Ok(()),
        Err(mut broken) => {
            broken.problems.retain(|problem| problem.severity == Severity::Error);
            Err(broken)
        }
    }
}
