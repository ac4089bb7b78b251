//! What is to be done: directories, files and the rows of workbooks, in an order that depends on nothing but their names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::workbook::Table;
use super::{Failure, workbook};
use crate::catalog::{Broken, Catalog, files};
use crate::diagnosis::{self, Loaded};
use crate::digest::Digest;
use crate::kit::import::book;
use crate::report::photos;
use crate::source::SourceMap;

/// Endings of assessment files in a directory.
const ENDINGS: [&str; 3] = [".assessment.yaml", ".assessment.yml", ".assessment.json"];

/// One enterprise to report on.
#[derive(Debug, Clone)]
pub struct Input {
    /// What messages call it.
    pub name: String,
    /// The file it stands in.
    pub path: PathBuf,
    /// The same without links and detours.
    pub source: PathBuf,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    File,
    Row(Arc<Table>, u32),
    Unreadable(Failure),
}

/// An input that has been read.
#[derive(Debug)]
pub struct Read {
    /// The assessment.
    pub loaded: Loaded,
    /// Digest of the text, of the name under which reports quote it, and of what tells its photos apart.
    pub digest: String,
}

/// Finds the inputs behind paths. Errors are paths that cannot be meant: the command line is wrong.
pub fn collect(catalog: &Catalog, paths: &[PathBuf]) -> Result<Vec<Input>, Vec<String>> {
    let (mut inputs, mut wrong, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for path in paths {
        let mut found = Vec::new();
        if path.is_dir() {
            walk(path, &mut found);
            if found.is_empty() {
                wrong.push(format!(
                    "{} 里没有评估文件（文件名以 {} 结尾）",
                    path.display(),
                    ENDINGS.join("、")
                ));
            }
        } else if path.exists() {
            found.push(Input::file(path));
        } else {
            wrong.push(format!("没有 {} 这个文件或目录", path.display()));
        }
        for input in found {
            // A file named twice is done once.
            if seen.insert(input.source.clone()) {
                inputs.extend(rows(catalog, input));
            }
        }
    }
    if wrong.is_empty() { Ok(inputs) } else { Err(wrong) }
}

fn walk(directory: &Path, found: &mut Vec<Input>) {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => {
            let failure = Failure::new(format!("目录读不了：{error}"));
            found.push(Input::unreadable(directory, failure));
            return;
        }
    };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        // Links to directories are not followed: they may lead round in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&entry.path(), found);
        } else if ENDINGS.iter().any(|end| name.ends_with(end)) {
            found.push(Input::file(&entry.path()));
        }
    }
}

/// The rows of a workbook; any other file is itself.
fn rows(catalog: &Catalog, input: Input) -> Vec<Input> {
    let is_book = input
        .path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
    if !is_book {
        return vec![input];
    }
    let table = match book_bytes(&input.path) {
        Ok(bytes) => workbook::read(&input.name, bytes, catalog).map_err(|broken| Failure::of(&broken)),
        Err(why) => Err(Failure::new(why)),
    };
    match table {
        Ok(table) => {
            let table = Arc::new(table);
            let row = |row| Input {
                name: table.row_name(row),
                path: input.path.clone(),
                source: input.source.clone(),
                origin: Origin::Row(Arc::clone(&table), row),
            };
            table.rows().into_iter().map(row).collect()
        }
        Err(failure) => vec![Input {
            origin: Origin::Unreadable(failure),
            ..input
        }],
    }
}

fn book_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > book::MAX_BYTES {
        return Err(format!(
            "文件有 {} MB，上限是 {} MB，请删去图片",
            size >> 20,
            book::MAX_BYTES >> 20
        ));
    }
    std::fs::read(path).map_err(|error| format!("读不了：{error}"))
}

impl Input {
    fn file(path: &Path) -> Self {
        Self {
            name: path.display().to_string(),
            source: std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf()),
            path: path.to_path_buf(),
            origin: Origin::File,
        }
    }

    fn unreadable(path: &Path, failure: Failure) -> Self {
        Self {
            origin: Origin::Unreadable(failure),
            ..Self::file(path)
        }
    }

    /// Reads and checks it.
    pub fn read(&self, catalog: &Catalog, today: &str) -> Result<Read, Failure> {
        let failed = |broken: Broken| Failure::of(&broken);
        let (loaded, text) = match &self.origin {
            Origin::Unreadable(failure) => return Err(failure.clone()),
            Origin::File => {
                let (mut sources, mut problems) = (SourceMap::default(), Vec::new());
                let file = files::read_file(&self.path, &mut sources, &mut problems);
                let Some(source) = file.and_then(|file| sources.get(file)) else {
                    return Err(Failure::of(&Broken { problems, sources }));
                };
                let loaded = diagnosis::read(catalog, &source.name, &source.text, today).map_err(failed)?;
                (loaded, source.text.to_string())
            }
            Origin::Row(table, row) => {
                let loaded = table.assessment(*row, catalog, today).map_err(failed)?;
                (loaded, table.row_text(*row))
            }
        };
        let photos = photos::stamp(&self.path, &loaded);
        let digest = Digest::of_all([&self.name, &text, &photos].map(|part| part.as_bytes())).hex();
        Ok(Read { loaded, digest })
    }
}
