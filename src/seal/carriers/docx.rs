//! Custom XML parts of a Word file.
//!
//! What counts of a package are its parts, not how they are packed: parts are compared by name and content. Putting in a
//! part also adds one fixed element to two lists of the package; [`content`] takes exactly those elements out again.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{Held, TOLD};
use crate::report::picture::Picture;

/// Where data are kept.
pub const DATA_PART: &str = "customXml/qizhen-data.xml";
/// Where signatures are kept.
pub const SIGNATURES_PART: &str = "customXml/qizhen-signatures.xml";

const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<qizhen xmlns=\"urn:qizhen:seal:1\">";
const TAIL: &str = "</qizhen>\n";
const TYPES: &str = "[Content_Types].xml";
const RELATIONS: &str = "word/_rels/document.xml.rels";
const EMPTY_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";
/// Bytes that all parts together may unpack to.
const MOST: u64 = 256 << 20;

/// A part to be put into a package, for a writer that puts in parts itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name in the package.
    pub name: &'static str,
    /// Its content type, for `[Content_Types].xml`.
    pub content_type: &'static str,
    /// The element of `word/_rels/document.xml.rels` by which Word knows it.
    pub relationship: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Canonical data (or signatures) as a part.
pub fn part(name: &'static str, content: &[u8]) -> Part {
    let id = if name == DATA_PART { "Data" } else { "Signatures" };
    Part {
        name,
        content_type: "application/xml",
        relationship: format!(
            "<Relationship Id=\"rIdQizhen{id}\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml\" Target=\"../{name}\"/>"
        ),
        // Canonical JSON has none of the characters that XML escapes.
        bytes: [HEAD.as_bytes(), content, TAIL.as_bytes()].concat(),
    }
}

impl Part {
    fn override_element(&self) -> String {
        format!(
            "<Override PartName=\"/{}\" ContentType=\"{}\"/>",
            self.name, self.content_type
        )
    }
}

type Parts = Vec<(String, Vec<u8>)>;

fn unpack(file: &[u8]) -> Result<Parts, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("不是完好的 DOCX（{error}）");
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|error| wrong(&error))?;
    let mut parts = Vec::new();
    let mut left = MOST;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| wrong(&error))?;
        let name = entry.name().map_err(|error| wrong(&error))?.into_owned();
        if name.chars().any(char::is_control) {
            return Err("DOCX 里有部件的名称带控制字符".to_owned());
        }
        let mut bytes = Vec::new();
        entry
            .take(left + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| wrong(&error))?;
        if bytes.len() as u64 > left {
            return Err("DOCX 解压后太大".to_owned());
        }
        left -= bytes.len() as u64;
        parts.push((name, bytes));
    }
    Ok(parts)
}

fn pack(parts: &Parts) -> Result<Vec<u8>, String> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    // One fixed time: the same parts give the same file.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    let mut write = || -> Result<(), String> {
        for (name, bytes) in parts {
            writer
                .start_file(name.as_str(), options)
                .map_err(|error| error.to_string())?;
            writer.write_all(bytes).map_err(|error| error.to_string())?;
        }
        Ok(())
    };
    write().map_err(|error| format!("写不出 DOCX：{error}"))?;
    let done = writer.finish().map_err(|error| format!("写不出 DOCX：{error}"))?;
    Ok(done.into_inner())
}

pub fn attach(body: &[u8], data: &[u8], signatures: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let mut parts = unpack(body)?;
    if !parts.iter().any(|(name, _)| name == RELATIONS) {
        parts.push((RELATIONS.to_owned(), EMPTY_RELATIONS.as_bytes().to_vec()));
    }
    let new = [
        Some((DATA_PART, data)),
        signatures.map(|content| (SIGNATURES_PART, content)),
    ];
    for (name, content) in new.into_iter().flatten() {
        let part = part(name, content);
        insert(&mut parts, TYPES, "</Types>", &part.override_element())?;
        insert(&mut parts, RELATIONS, "</Relationships>", &part.relationship)?;
        parts.push((part.name.to_owned(), part.bytes));
    }
    pack(&parts)
}

fn insert(parts: &mut Parts, list: &str, end: &str, element: &str) -> Result<(), String> {
    let found = parts.iter_mut().find(|(name, _)| name == list);
    let text = found.and_then(|(_, bytes)| Some((String::from_utf8(bytes.clone()).ok()?, bytes)));
    let Some((text, bytes)) = text.filter(|(text, _)| text.contains(end)) else {
        return Err(format!("DOCX 里没有 {list}，或它不完整"));
    };
    *bytes = text.replacen(end, &format!("{element}{end}"), 1).into_bytes();
    Ok(())
}

pub fn read(file: &[u8]) -> Result<Held, String> {
    let parts = unpack(file)?;
    if !parts.iter().any(|(name, _)| name == "word/document.xml") {
        return Err("不是 Word 文件；diagnose 写出的 xlsx 附表不带数据，请核对同一次写出的 PDF 或 HTML".to_owned());
    }
    let held = |name: &str| {
        let (_, bytes) = parts.iter().find(|(found, _)| found == name)?;
        let content = bytes.strip_prefix(HEAD.as_bytes())?.strip_suffix(TAIL.as_bytes())?;
        Some(content.to_vec())
    };
    let unknown = |name: &str| parts.iter().filter(|(found, _)| found == name).count() > 1;
    Ok(Held {
        data: held(DATA_PART),
        signatures: held(SIGNATURES_PART),
        body: listing(&parts),
        // Two parts of one name: programs differ in which one they show.
        intact: !parts.iter().any(|(name, _)| unknown(name)),
    })
}

/// A package of the parts that [`content`] lists.
pub fn package(listing: &[u8]) -> Result<Vec<u8>, String> {
    pack(&parse(listing))
}

pub fn content(body: &[u8]) -> Result<Vec<u8>, String> {
    Ok(listing(&unpack(body)?))
}

/// Pictures among the parts.
pub fn pictures(file: &[u8]) -> Vec<Picture> {
    let parts = unpack(file).unwrap_or_default();
    let media = parts.iter().filter(|(name, _)| name.starts_with("word/media/"));
    media.filter_map(|(_, bytes)| Picture::stored(bytes).ok()).collect()
}

/// Parts sorted by name, each `name length`, a line break, the content and a line break; without what [`attach`] adds.
fn listing(parts: &Parts) -> Vec<u8> {
    let added = [part(DATA_PART, b""), part(SIGNATURES_PART, b"")];
    let mut sorted: Vec<&(String, Vec<u8>)> = parts.iter().collect();
    sorted.sort();
    let mut out = Vec::new();
    for (name, bytes) in sorted {
        if added.iter().any(|part| part.name == name) {
            continue;
        }
        let mut bytes = bytes.clone();
        let list = std::str::from_utf8(&bytes)
            .ok()
            .filter(|_| name == TYPES || name == RELATIONS);
        if let Some(text) = list {
            let mut text = text.to_owned();
            for part in &added {
                text = text
                    .replacen(&part.override_element(), "", 1)
                    .replacen(&part.relationship, "", 1);
            }
            if name == RELATIONS && text == EMPTY_RELATIONS {
                continue;
            }
            bytes = text.into_bytes();
        }
        out.extend_from_slice(format!("{name} {}\n", bytes.len()).as_bytes());
        out.extend_from_slice(&bytes);
        out.push(b'\n');
    }
    out
}

/// Parts that differ between two listings.
pub fn differences(found: &[u8], expected: &[u8]) -> Vec<String> {
    let (found, expected) = (parse(found), parse(expected));
    let mut out = Vec::new();
    for (name, bytes) in &found {
        match expected.iter().find(|(other, _)| other == name) {
            None => out.push(format!("多了部件 {name}")),
            Some((_, other)) if other != bytes => out.push(format!("部件 {name} 与重新生成的不同")),
            Some(_) => {}
        }
    }
    let missing = |name: &&String| !found.iter().any(|(other, _)| other == *name);
    out.extend(
        expected
            .iter()
            .map(|(name, _)| name)
            .filter(missing)
            .map(|name| format!("少了部件 {name}")),
    );
    out.truncate(TOLD);
    out
}

fn parse(listing: &[u8]) -> Parts {
    let mut parts = Vec::new();
    let mut rest = listing;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let Some((name, length)) = head.rsplit_once(' ') else {
            break;
        };
        let Some(bytes) = length
            .parse()
            .ok()
            .and_then(|length: usize| rest.get(end + 1..end + 1 + length))
        else {
            break;
        };
        parts.push((name.to_owned(), bytes.to_vec()));
        rest = rest.get(end + 2 + bytes.len()..).unwrap_or_default();
    }
    parts
}
