//! Properties of the file: title, author, date – all from the document's [`Meta`], nothing from the clock.

use super::xml::Xml;
use crate::report::document::Meta;

/// `docProps/core.xml`.
pub fn core(meta: &Meta) -> String {
    let mut xml = Xml::file();
    xml.open(
        "cp:coreProperties",
        &[
            (
                "xmlns:cp",
                &"http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
            ),
            ("xmlns:dc", &"http://purl.org/dc/elements/1.1/"),
            ("xmlns:dcterms", &"http://purl.org/dc/terms/"),
            ("xmlns:xsi", &"http://www.w3.org/2001/XMLSchema-instance"),
        ],
    );
    let keywords = meta.keywords.join("、");
    xml.text("dc:title", &[], &meta.title);
    xml.text("dc:subject", &[], &meta.subject);
    xml.text("dc:creator", &[], &meta.author);
    xml.text("cp:keywords", &[], &keywords);
    xml.text("dc:language", &[], "zh-CN");
    xml.text("cp:lastModifiedBy", &[], &meta.author);
    // A date that is none would make the whole file unreadable to Word.
    if let Ok(date) = meta.date.parse::<jiff::civil::Date>() {
        let time = format!("{date}T00:00:00Z");
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.text(name, &[("xsi:type", &"dcterms:W3CDTF")], &time);
        }
    }
    xml.finish()
}

/// `docProps/app.xml`.
pub fn app() -> String {
    let mut xml = Xml::file();
    let namespace = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.open("Properties", &[("xmlns", &namespace)]);
    xml.text("Application", &[], "企诊 qizhen");
    xml.finish()
}
