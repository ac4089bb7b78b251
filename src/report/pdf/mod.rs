//! Document → PDF: own Chinese layout → [display list](display) → printpdf → a short lopdf pass.
//!
//! ```text
//! blocks ─ blocks.rs, table.rs, cover.rs … ─▶ pieces ─ flow.rs ─▶ pages (display.rs) ─ write.rs, finish.rs ─▶ bytes
//!              └ shape.rs, lines.rs: inlines → atoms → lines
//! ```
//!
//! The same document gives the same bytes. A character that no font can draw is an error, never an empty box.

mod display;
mod fonts;
mod lines;
mod missing;
mod shape;

use std::fmt;

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
