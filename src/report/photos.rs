//! The photos that an assessment names as evidence, as far as they lie beside its file.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::picture::{Picture, Pictures};
use crate::catalog::files;
use crate::diagnosis::Loaded;

/// Reads them; `file` is the assessment. What is missing or cannot be read is told in words: a report is made without it.
pub fn read(file: &Path, loaded: &Loaded) -> (Pictures, Vec<String>) {
    let mut photos = Pictures::new();
    let mut missing = Vec::new();
    for name in named(loaded) {
        let read = match place(file, name) {
            Some(path) => files::read_picture(&path).and_then(|bytes| Picture::read(&bytes)),
            None => Err("只读评估文件所在目录里的照片".to_owned()),
        };
        match read {
            Ok(picture) => drop(photos.insert(name.to_owned(), picture)),
            Err(why) => missing.push(format!("{name}：{why}")),
        }
    }
    (photos, missing)
}

/// Tells whether any of them has changed, by size and time as `make` does: photos are large and many.
pub fn stamp(file: &Path, loaded: &Loaded) -> String {
    let stamp = |name: &str| {
        let data = place(file, name).and_then(|path| std::fs::metadata(path).ok());
        let time = data.as_ref().and_then(|data| data.modified().ok());
        let time = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        format!("{name}\u{1f}{:?}\u{1f}{time:?}\u{1e}", data.map(|data| data.len()))
    };
    named(loaded).into_iter().map(stamp).collect()
}

/// Names of pictures among the evidence.
fn named(loaded: &Loaded) -> BTreeSet<&str> {
    let answers = loaded.assessment.answers.values();
    let answered = answers.flat_map(|answers| answers.details.values().flat_map(|detail| &detail.evidence));
    let findings = loaded.assessment.onsite.findings.iter();
    let found = findings.flat_map(|finding| &finding.evidence);
    answered
        .chain(found)
        .map(String::as_str)
        .filter(|name| files::is_picture(name))
        .collect()
}

/// Where a photo lies. Only what is beside the assessment: a file from elsewhere must not draw private pictures into a report.
fn place(file: &Path, name: &str) -> Option<PathBuf> {
    let inside = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    inside.then(|| file.parent().unwrap_or(Path::new("")).join(name))
}
