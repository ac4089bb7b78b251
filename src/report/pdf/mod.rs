//! Document → PDF: own Chinese layout → [display list](display) → printpdf → a short lopdf pass.
//!
//! ```text
//! blocks ─ blocks.rs, table.rs, cover.rs … ─▶ pieces ─ flow.rs ─▶ pages (display.rs) ─ write.rs, finish.rs ─▶ bytes
//!              ├ shape.rs, lines.rs: inlines → atoms → lines                              └ tree.rs, archive.rs, save.rs
//!              └ tags.rs: what every drawn item is part of
//! ```
//!
//! The files are PDF/A-2u (PDF/A-3u where data are to be attached), for archives, and PDF/UA-1, for those who cannot see them. The same document gives the same
//! bytes. A character that no font has is drawn as 〓, never as an empty box; the text keeps it, and the last page names it.

mod archive;
mod blocks;
mod cells;
mod chrome;
mod contents;
mod cover;
mod display;
pub(in crate::report) mod face;
mod figure;
mod finish;
mod flow;
pub(in crate::report) mod fonts;
mod gallery;
mod icc;
mod images;
mod lines;
mod links;
mod missing;
mod nested;
mod notes;
mod object;
mod outline;
pub(in crate::report) mod proportions;
mod save;
mod seal;
mod shape;
mod subset;
mod table;
mod tags;
mod tree;
mod variants;
mod widgets;
mod write;

use self::{
    archive::Archival,
    blocks::{Room, Setter},
    display::Book,
    flow::Sheets,
    fonts::Fonts,
};
use super::{document::Document, theme::Theme};

/// Renders a document; the same document and theme give the same bytes.
pub fn render(doc: &Document, theme: &Theme) -> Result<Vec<u8>, PdfError> {
    render_as(doc, theme, Archival { part: 2 })
}

/// The same as PDF/A-3u, to which files of any kind may be attached.
pub fn render_to_attach(doc: &Document, theme: &Theme) -> Result<Vec<u8>, PdfError> {
    render_as(doc, theme, Archival { part: 3 })
}

fn render_as(doc: &Document, theme: &Theme, archival: Archival) -> Result<Vec<u8>, PdfError> {
    let fonts = &Fonts::of(theme)?;
    let book = lay_out(doc, theme, fonts);
    let written = write::write(&book, fonts, theme.page)?;
    finish::finish(written, &book, &doc.meta, fonts, theme.page.1, archival)
}

/// How many pages [`render`] makes of a document.
pub fn page_count(doc: &Document, theme: &Theme) -> Result<usize, PdfError> {
    Ok(lay_out(doc, theme, &Fonts::of(theme)?).pages.len())
}

/// The embedded fonts as a ruler, for drawing charts to exact size elsewhere.
pub fn measure() -> Result<&'static dyn super::draw::Measure, PdfError> {
    Ok(Fonts::get()?)
}

fn lay_out(doc: &Document, theme: &Theme, fonts: &Fonts) -> Book {
    let once = |doc: &Document| {
        let (mut setter, sheets) = paginate(doc, theme, fonts);
        (chrome::finish(&mut setter, sheets, &doc.meta), setter.missing)
    };
    let (book, missing) = once(doc);
    let Some(note) = missing.note() else { return book };
    let mut noted = doc.clone();
    noted.blocks.push(note);
    once(&noted).0
}

fn paginate<'a>(doc: &Document, theme: &'a Theme, fonts: &'a Fonts) -> (Setter<'a>, Sheets) {
    let mut setter = Setter::new(&doc.blocks, fonts, theme);
    let flows = setter.blocks(
        &doc.blocks,
        Room {
            x: theme.margin_x,
            w: theme.column(),
        },
    );
    let feet = notes::set(&mut setter, &doc.blocks);
    let sheets = flow::paginate(flows, &setter.frames, &feet, theme);
    (setter, sheets)
}

/// Why a PDF could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font could not be read or subset.
    #[error("字体错误：{0}")]
    Font(String),
    /// The file could not be written.
    #[error("写出 PDF 失败：{0}")]
    Write(String),
}
