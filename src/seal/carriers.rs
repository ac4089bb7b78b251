//! How files of each kind hold data and signatures beside the report itself.
//!
//! A carrier knows nothing of what it carries. [`attach`] and [`read`] are inverse, and there is one way to attach: a file
//! that [`attach`] would not have written has been changed since.

mod docx;
mod html;
mod json;
mod pdf;

pub use docx::{DATA_PART, Part, SIGNATURES_PART, part};
use serde::{Deserialize, Serialize};

use crate::report::format::Format;
use crate::report::picture::Picture;

/// Form of a report file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Two attachments, each in an update of its own behind the untouched file.
    Pdf,
    /// Two data blocks at the end of the page.
    Html,
    /// Two custom XML parts.
    Docx,
    /// Two more fields of the diagnosis.
    Json,
}

impl Kind {
    /// What a file is, by its first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let start = start.get(..start.len().min(9)).unwrap_or_default().to_ascii_lowercase();
        match start.as_slice() {
            [b'%', b'p', b'd', b'f', ..] => Some(Kind::Pdf),
            [b'p', b'k', 3, 4, ..] => Some(Kind::Docx),
            [b'{', ..] => Some(Kind::Json),
            s if s.starts_with(b"<!doctype") || s.starts_with(b"<html") => Some(Kind::Html),
            _ => None,
        }
    }

    /// The form of a report as a file that can carry data, if it can.
    pub fn of_format(format: Format) -> Option<Self> {
        match format {
            Format::Pdf => Some(Kind::Pdf),
            Format::Html => Some(Kind::Html),
            Format::Docx => Some(Kind::Docx),
            Format::Json => Some(Kind::Json),
            Format::Md | Format::Xlsx => None,
        }
    }

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Pdf => "PDF",
            Kind::Html => "HTML",
            Kind::Docx => "DOCX",
            Kind::Json => "JSON",
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// The data, as they stand there.
    pub data: Option<Vec<u8>>,
    /// The signatures, as they stand there.
    pub signatures: Option<Vec<u8>>,
    /// The file without both, as far as it can be told.
    pub body: Vec<u8>,
    /// Whether putting the three together gives this very file.
    pub intact: bool,
}

/// A file of this kind with data, and signatures if there are any.
pub fn attach(kind: Kind, body: &[u8], data: &[u8], signatures: Option<&[u8]>) -> Result<Vec<u8>, String> {
    match kind {
        Kind::Pdf => pdf::attach(body, data, signatures),
        Kind::Html => html::attach(body, data, signatures),
        Kind::Docx => docx::attach(body, data, signatures),
        Kind::Json => json::attach(body, data, signatures),
    }
}

/// What a file of this kind holds.
pub fn read(kind: Kind, file: &[u8]) -> Result<Held, String> {
    let mut held = match kind {
        Kind::Pdf => return pdf::read(file),
        Kind::Docx => return docx::read(file),
        Kind::Html => html::read(file),
        Kind::Json => json::read(file),
    };
    held.intact = match &held.data {
        Some(data) => attach(kind, &held.body, data, held.signatures.as_deref()).is_ok_and(|again| again == file),
        None => held.signatures.is_none(),
    };
    Ok(held)
}

/// A file that was read, with other signatures.
pub fn with_signatures(kind: Kind, held: &Held, data: &[u8], signatures: &[u8]) -> Result<Vec<u8>, String> {
    match kind {
        Kind::Docx => docx::attach(&docx::package(&held.body)?, data, Some(signatures)),
        _ => attach(kind, &held.body, data, Some(signatures)),
    }
}

/// What the digest of a body is taken of: the bytes themselves, but the parts of a DOCX, whose packing is nobody's concern.
pub fn content(kind: Kind, body: &[u8]) -> Result<Vec<u8>, String> {
    match kind {
        Kind::Docx => docx::content(body),
        _ => Ok(body.to_vec()),
    }
}

/// The pictures in a file of this kind, as far as they can be had back as they went in.
pub fn pictures(kind: Kind, file: &[u8]) -> Vec<Picture> {
    match kind {
        Kind::Pdf => pdf::pictures(file),
        Kind::Html => html::pictures(file),
        Kind::Docx => docx::pictures(file),
        Kind::Json => Vec::new(),
    }
}

/// Where two bodies of a kind differ, in words, the first few places.
pub fn differences(kind: Kind, found: &[u8], expected: &[u8]) -> Vec<String> {
    match kind {
        Kind::Pdf => pdf::differences(found, expected),
        Kind::Docx => docx::differences(found, expected),
        Kind::Html => lines(found, expected, html::words),
        Kind::Json => lines(found, expected, |line| line.trim().to_owned()),
    }
}

/// Places that are told at most.
const TOLD: usize = 3;

/// Lines of two texts that differ, as `shown` shows them.
fn lines(found: &[u8], expected: &[u8], shown: impl Fn(&str) -> String) -> Vec<String> {
    let (found, expected) = (String::from_utf8_lossy(found), String::from_utf8_lossy(expected));
    let (count, wanted) = (found.lines().count(), expected.lines().count());
    if count != wanted {
        let at = found.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count() + 1;
        return vec![format!(
            "从第 {at} 行起不同：文件有 {count} 行，重新生成的有 {wanted} 行"
        )];
    }
    let different = found
        .lines()
        .zip(expected.lines())
        .enumerate()
        .filter(|(_, (a, b))| a != b);
    let told = different.take(TOLD).map(|(index, (a, b))| {
        let (a, b) = (shown(a), shown(b));
        if a == b {
            return format!("第 {} 行：文字相同，标记不同", index + 1);
        }
        let (a, b) = apart(&a, &b);
        format!("第 {} 行：文件是 “{a}”，应为 “{b}”", index + 1)
    });
    told.collect()
}

/// The part of two texts where they differ, with a little around it.
fn apart(a: &str, b: &str) -> (String, String) {
    const AROUND: usize = 12;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let most = a.len().min(b.len()) - same;
    let tail = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take(most)
        .take_while(|(x, y)| x == y)
        .count();
    let cut = |text: &[char]| {
        let (from, to) = (
            same.saturating_sub(AROUND),
            (text.len() - tail + AROUND).min(text.len()),
        );
        let to = to.min(from + 4 * AROUND);
        let middle: String = text[from..to].iter().collect();
        let (before, after) = (if from > 0 { "…" } else { "" }, if to < text.len() { "…" } else { "" });
        format!("{before}{middle}{after}")
    };
    (cut(&a), cut(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_differing_part_is_shown_with_its_surroundings() {
        let (a, b) = apart(
            "本次诊断一二三四五六七八九十得 58.4 分（满分 100）",
            "本次诊断一二三四五六七八九十得 59.4 分（满分 100）",
        );
        assert_eq!(a, "…二三四五六七八九十得 58.4 分（满分 100）");
        assert!(b.contains("59.4"));
        assert_eq!(apart("abc", "abcd"), ("abc".into(), "abcd".into()));
        assert_eq!(apart("aa", "aaa"), ("aa".into(), "aaa".into()));
        assert_eq!(apart("", "x"), (String::new(), "x".into()));
    }

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        assert_eq!(Kind::of(b"%PDF-1.7\n"), Some(Kind::Pdf));
        assert_eq!(Kind::of(b"\xef\xbb\xbf<!DOCTYPE html>"), Some(Kind::Html));
        assert_eq!(Kind::of(b"PK\x03\x04"), Some(Kind::Docx));
        assert_eq!(Kind::of(b" {\"schema\""), Some(Kind::Json));
        assert_eq!(Kind::of(b"schema: x"), None);
        assert_eq!(Kind::of(b""), None);
    }
}
