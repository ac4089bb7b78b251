//! The file around the XML: parts, their types and relationships, zipped with fixed times.

use std::io::{Cursor, Write};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::xml::Xml;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/";

/// A file that travels inside the document under `customXml/`; readers of the text never see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtraPart {
    /// File name: letters, digits, `.`, `-`, `_`.
    pub name: String,
    /// Media type. XML keeps its place when Word saves the file, other types do not.
    pub content_type: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// What one part points to.
#[derive(Debug, Default)]
pub struct Relations {
    list: Vec<(String, String, bool)>,
}

impl Relations {
    /// A part of the file, by a kind of the office formats; returns its id.
    pub fn part(&mut self, kind: &str, target: &str) -> String {
        self.add(format!("{OFFICE}{kind}"), target, false)
    }

    /// An address outside the file.
    pub fn link(&mut self, target: &str) -> String {
        self.add(format!("{OFFICE}hyperlink"), target, true)
    }

    /// A relationship of any type, once.
    pub fn add(&mut self, kind: String, target: &str, outside: bool) -> String {
        let new = (kind, target.to_owned(), outside);
        let place = self.list.iter().position(|known| *known == new).unwrap_or_else(|| {
            self.list.push(new);
            self.list.len() - 1
        });
        format!("rId{}", place + 1)
    }

    fn xml(&self) -> String {
        let mut xml = Xml::file();
        let namespace = format!("{PACKAGE}relationships");
        xml.open("Relationships", &[("xmlns", &namespace)]);
        for (index, (kind, target, outside)) in self.list.iter().enumerate() {
            let id = format!("rId{}", index + 1);
            if *outside {
                xml.leaf(
                    "Relationship",
                    &[
                        ("Id", &id),
                        ("Type", kind),
                        ("Target", target),
                        ("TargetMode", &"External"),
                    ],
                );
            } else {
                xml.leaf("Relationship", &[("Id", &id), ("Type", kind), ("Target", target)]);
            }
        }
        xml.finish()
    }
}

/// The parts of a file.
#[derive(Debug, Default)]
pub struct Package {
    /// Name, media type where the extension does not say it, content.
    parts: Vec<(String, Option<String>, Vec<u8>)>,
}

impl Package {
    /// Adds a part whose type its extension does not tell.
    pub fn add(&mut self, name: &str, media_type: &str, content: impl Into<Vec<u8>>) {
        self.parts
            .push((name.to_owned(), Some(media_type.to_owned()), content.into()));
    }

    /// Adds an XML part of WordprocessingML.
    pub fn word(&mut self, name: &str, kind: &str, content: String) {
        let media_type = format!("application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml");
        self.add(&format!("word/{name}"), &media_type, content);
    }

    /// Adds a picture.
    pub fn picture(&mut self, name: &str, content: &[u8]) {
        self.parts.push((format!("word/{name}"), None, content.to_vec()));
    }

    /// Adds the relationships of a part, where it has any.
    pub fn relations(&mut self, of: &str, relations: &Relations) {
        if !relations.list.is_empty() {
            self.parts.push((of.to_owned(), None, relations.xml().into_bytes()));
        }
    }

    /// Adds what the main part carries along; `relations` are those of the main part.
    pub fn extra(&mut self, extra: &[ExtraPart], relations: &mut Relations) -> Result<(), String> {
        for (index, part) in extra.iter().enumerate() {
            check(part, &extra[..index])?;
            let name = &part.name;
            let target = format!("../customXml/{name}");
            self.add(&format!("customXml/{name}"), &part.content_type, part.bytes.clone());
            if !is_xml(&part.content_type) {
                relations.add("urn:qizhen:relationships:data".to_owned(), &target, false);
                continue;
            }
            relations.part("customXml", &target);
            // Word knows the data by an id, which stands in a file beside it.
            let props = format!("qizhenProps{}.xml", index + 1);
            let mut of_item = Relations::default();
            of_item.part("customXmlProps", &props);
            self.relations(&format!("customXml/_rels/{name}.rels"), &of_item);
            let kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml";
            self.add(&format!("customXml/{props}"), kind, item_props(index));
        }
        Ok(())
    }

    /// The file: the same parts give the same bytes.
    pub fn zip(self) -> Result<Vec<u8>, String> {
        let said = |error: &dyn std::fmt::Display| format!("写出 DOCX 失败：{error}");
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let types = self.content_types();
        let first = ("[Content_Types].xml", types.as_bytes());
        let rest = self
            .parts
            .iter()
            .map(|(name, _, content)| (name.as_str(), content.as_slice()));
        for (name, content) in std::iter::once(first).chain(rest) {
            zip.start_file(name, options).map_err(|e| said(&e))?;
            zip.write_all(content).map_err(|e| said(&e))?;
        }
        Ok(zip.finish().map_err(|e| said(&e))?.into_inner())
    }

    fn content_types(&self) -> String {
        let mut xml = Xml::file();
        let namespace = format!("{PACKAGE}content-types");
        xml.open("Types", &[("xmlns", &namespace)]);
        let known = [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
            ("jpg", "image/jpeg"),
        ];
        for (extension, media_type) in known {
            xml.leaf("Default", &[("Extension", &extension), ("ContentType", &media_type)]);
        }
        for (name, media_type, _) in &self.parts {
            if let Some(media_type) = media_type {
                let name = format!("/{name}");
                xml.leaf("Override", &[("PartName", &name), ("ContentType", media_type)]);
            }
        }
        xml.finish()
    }
}

fn is_xml(media_type: &str) -> bool {
    media_type == "application/xml" || media_type == "text/xml" || media_type.ends_with("+xml")
}

fn check(part: &ExtraPart, before: &[ExtraPart]) -> Result<(), String> {
    let name = &part.name;
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let dots = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    if name.is_empty() || dots || !name.chars().all(fine) || name.starts_with("qizhenProps") {
        return Err(format!(
            "附带文件名 “{name}” 不能用：只能有字母、数字、“.”“-”“_”，不以点开头或结尾，不以 qizhenProps 开头"
        ));
    }
    if before.iter().any(|other| other.name.eq_ignore_ascii_case(name)) {
        return Err(format!("附带文件名 “{name}” 出现了两次"));
    }
    if !part.content_type.contains('/') {
        return Err(format!(
            "附带文件 “{name}” 的类型 “{}” 不是媒体类型，应形如 application/xml",
            part.content_type
        ));
    }
    Ok(())
}

fn item_props(index: usize) -> String {
    let mut xml = Xml::file();
    let id = format!("{{517A6800-0000-4000-8000-{:012X}}}", index + 1);
    let namespace = "http://schemas.openxmlformats.org/officeDocument/2006/customXml";
    xml.open("ds:datastoreItem", &[("ds:itemID", &id), ("xmlns:ds", &namespace)]);
    xml.leaf("ds:schemaRefs", &[]);
    xml.finish()
}
