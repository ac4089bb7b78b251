//! Document → DOCX that opens without repair and stays editable: real styles, fields, numbering, footnotes.
//!
//! ```text
//! blocks ─ body.rs, table.rs, boxes.rs, cover.rs … ─▶ document.xml ┐
//! theme ─ styles.rs, numbering.rs, chrome.rs ─▶ the other parts ───┴─ package.rs ─▶ bytes
//! ```
//!
//! The same document gives the same bytes. The numbers in the table of contents are those of the PDF, whose pages are
//! nearly the same; Word puts its own there when the reader renews the contents (F9).

mod body;
mod boxes;
mod chrome;
mod contents;
mod cover;
mod grid;
mod inline;
mod notes;
mod numbering;
mod package;
mod picture;
mod properties;
mod seal;
mod settings;
mod styles;
mod table;
mod xml;

use std::mem;

use self::{body::Body, package::Package, xml::Xml};
use super::{
    document::{Document, headings, notes},
    pdf::{
        fonts::Fonts,
        proportions::{heading_pages, logo_size},
    },
    theme::Theme,
};

pub use package::ExtraPart;

/// Renders a document; the same document and theme give the same bytes.
pub fn render(document: &Document, theme: &Theme) -> Result<Vec<u8>, String> {
    render_with(document, theme, &[])
}

/// Renders a document that carries `extra` files along under `customXml/`.
pub fn render_with(document: &Document, theme: &Theme, extra: &[ExtraPart]) -> Result<Vec<u8>, String> {
    let fonts = &Fonts::of(theme).map_err(|error| error.to_string())?;
    let pages = heading_pages(document, theme).map_err(|error| error.to_string())?;
    let mut body = Body::new(headings(&document.blocks), pages, theme, fonts);
    body.xml.open("w:document", chrome::NAMESPACES);
    body.xml.open("w:body", &[]);
    let cover = body.document(&document.blocks, &document.meta)?;

    let mut package = Package::default();
    let mut root = package::Relations::default();
    root.part("officeDocument", "word/document.xml");
    root.add(
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties".to_owned(),
        "docProps/core.xml",
        false,
    );
    root.part("extended-properties", "docProps/app.xml");
    package.relations("_rels/.rels", &root);

    let heads = heads(&mut package, &mut body, document, cover);
    chrome::section(&mut body.xml, theme, &heads, cover);
    let text = mem::replace(&mut body.xml, Xml::file()).finish();
    package.word("document.xml", "document.main", text);

    let mut relations = mem::take(&mut body.relations);
    for (kind, target) in [
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("settings", "settings.xml"),
        ("fontTable", "fontTable.xml"),
        ("theme", "theme/theme1.xml"),
    ] {
        relations.part(kind, target);
    }
    let notes = notes(&document.blocks);
    if !notes.is_empty() {
        relations.part("footnotes", "footnotes.xml");
        body.footnotes(&notes);
        let text = mem::replace(&mut body.xml, Xml::file()).finish();
        package.word("footnotes.xml", "footnotes", text);
        package.relations("word/_rels/footnotes.xml.rels", &mem::take(&mut body.relations));
    }
    package.word("styles.xml", "styles", styles::part(theme));
    package.word("numbering.xml", "numbering", numbering::part(theme, &body.lists));
    package.word("settings.xml", "settings", settings::part(!notes.is_empty()));
    package.word("fontTable.xml", "fontTable", settings::font_table());
    let kind = "application/vnd.openxmlformats-officedocument.theme+xml";
    package.add("word/theme/theme1.xml", kind, settings::theme_part(theme));
    for (name, bytes) in &body.media {
        package.picture(name, bytes);
    }
    package.extra(extra, &mut relations)?;
    package.relations("word/_rels/document.xml.rels", &relations);
    let kind = "application/vnd.openxmlformats-package.core-properties+xml";
    package.add("docProps/core.xml", kind, properties::core(&document.meta));
    let kind = "application/vnd.openxmlformats-officedocument.extended-properties+xml";
    package.add("docProps/app.xml", kind, properties::app());
    package.zip()
}

/// Writes the running heads and feet: those of all pages, and those of the cover where there is one.
fn heads(
    package: &mut Package,
    body: &mut Body,
    document: &Document,
    cover: bool,
) -> Vec<(&'static str, &'static str, String)> {
    let (meta, theme, fonts) = (&document.meta, body.theme, body.fonts);
    let mut heads = Vec::new();
    for (kind, first) in [("default", false), ("first", true)] {
        if first && !cover {
            continue;
        }
        let number = u8::from(first) + 1;
        let mut relations = package::Relations::default();
        let logo = meta.logo.as_ref().filter(|_| !first).map(|logo| {
            let file = body.store(logo.bytes.to_vec(), logo.format.extension());
            (relations.part("image", &file), body.id(), logo_size(logo))
        });
        package.relations(&format!("word/_rels/header{number}.xml.rels"), &relations);
        for (element, part, xml) in [
            (
                "w:headerReference",
                "header",
                chrome::header(meta, theme, fonts, first, logo),
            ),
            ("w:footerReference", "footer", chrome::footer(meta, theme, fonts, first)),
        ] {
            let name = format!("{part}{number}.xml");
            heads.push((element, kind, body.relations.part(part, &name)));
            package.word(&name, part, xml);
        }
    }
    heads
}
