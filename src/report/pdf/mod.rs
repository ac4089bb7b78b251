//! Document → PDF: own Chinese layout → [display list](display) → printpdf → a short lopdf pass.
//!
//! ```text
//! blocks ─ blocks.rs, table.rs, cover.rs … ─▶ pieces ─ flow.rs ─▶ pages (display.rs) ─ write.rs, finish.rs ─▶ bytes
//!              ├ shape.rs, lines.rs: inlines → atoms → lines                              └ tree.rs, archive.rs, save.rs
//!              └ tags.rs: what every drawn item is part of
//! ```
//!
//! The files are PDF/A-2u (PDF/A-3u where data are to be attached), for archives, and PDF/UA-1, for those who cannot see them. The same document gives the same
//! bytes. A character that no font can draw is an error, never an empty box.

mod archive;
mod blocks;
mod cells;
mod chrome;
mod contents;
mod cover;
mod display;
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

use std::fmt;

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
    let fonts = Fonts::get()?;
    let book = lay_out(doc, theme, fonts)?;
    let written = write::write(&book, fonts, theme.page)?;
    finish::finish(written, &book, &doc.meta, fonts, theme.page.1, archival)
}

/// How many pages [`render`] makes of a document.
pub fn page_count(doc: &Document, theme: &Theme) -> Result<usize, PdfError> {
    Ok(lay_out(doc, theme, Fonts::get()?)?.pages.len())
}

/// The embedded fonts as a ruler, for drawing charts to exact size elsewhere.
pub fn measure() -> Result<&'static dyn super::draw::Measure, PdfError> {
    Ok(Fonts::get()?)
}

fn lay_out(doc: &Document, theme: &Theme, fonts: &Fonts) -> Result<Book, PdfError> {
    let (mut setter, sheets) = paginate(doc, theme, fonts);
    let book = chrome::finish(&mut setter, sheets, &doc.meta);
    let missing = setter.missing.into_glyphs();
    if missing.is_empty() {
        Ok(book)
    } else {
        Err(PdfError::MissingGlyphs(missing))
    }
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
    /// Characters that the fonts do not have.
    #[error("字体中没有这些字符：{}", list(.0))]
    MissingGlyphs(Vec<MissingGlyph>),
    /// A font could not be read or subset.
    #[error("字体错误：{0}")]
    Font(String),
    /// The file could not be written.
    #[error("写出 PDF 失败：{0}")]
    Write(String),
}

impl PdfError {
    /// One character without a glyph, and the text it stands in.
    pub(in crate::report) fn missing(ch: char, text: &str) -> Self {
        let mut missing = missing::Missing::default();
        missing.add(ch, text);
        PdfError::MissingGlyphs(missing.into_glyphs())
    }
}

/// A character without a glyph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingGlyph {
    /// The character.
    pub ch: char,
    /// The text around its first use.
    pub context: String,
}

impl fmt::Display for MissingGlyph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}（在“{}”中）", self.ch as u32, self.context)
    }
}

fn list(glyphs: &[MissingGlyph]) -> String {
    glyphs.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}
