//! Fonts cut down to what a book draws, with codes of their own.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{FontMetrics, ParsedFont};
use subsetter::GlyphRemapper;

use super::{
    PdfError,
    display::{Book, Item, RunGlyph},
    fonts::{Face, Fonts},
    variants,
};

/// What a content stream calls a glyph: the same outline has one code for each character and width it stands for.
pub type Key = (u16, char, i16);

/// A font as it goes into the file.
pub struct Subset {
    /// Which face.
    pub face: Face,
    /// Codes by what they stand for, from 1.
    pub codes: BTreeMap<Key, u16>,
    /// Glyph in the subset by code, for `/CIDToGIDMap`; code 0 is `.notdef`.
    pub glyphs: Vec<u16>,
}

/// Name of a face's resource.
pub fn font_id(face: Face) -> &'static str {
    match face {
        Face::Regular => "F1",
        Face::Bold => "F2",
        Face::SpareRegular => "F3",
        Face::SpareBold => "F4",
    }
}

/// What tells the subsets of a file apart.
pub fn tag(face: Face) -> &'static str {
    match face {
        Face::Regular => "QZRPTA",
        Face::Bold => "QZRPTB",
        Face::SpareRegular => "QZRPTC",
        Face::SpareBold => "QZRPTD",
    }
}

/// What a book draws with a face.
pub fn used(book: &Book, face: Face) -> BTreeSet<Key> {
    let items = book.pages.iter().flat_map(|page| &page.items);
    let runs = items.filter_map(|item| match item {
        Item::Text(run) if run.face == face => Some(run),
        _ => None,
    });
    runs.flat_map(|run| &run.glyphs).map(key).collect()
}

/// What a glyph is called by.
pub fn key(glyph: &RunGlyph) -> Key {
    (glyph.id, glyph.ch, glyph.wide)
}

/// Cuts a face down.
pub fn subset(fonts: &Fonts, face: Face, used: BTreeSet<Key>) -> Result<(Subset, ParsedFont), PdfError> {
    let data = fonts.face(face);
    let mut remapper = GlyphRemapper::new();
    let mut codes = BTreeMap::new();
    let mut glyphs: Vec<(u16, i16)> = vec![(0, 0)];
    let mut widths = BTreeMap::new();
    for key in used {
        let code = u16::try_from(glyphs.len()).map_err(|_| PdfError::Font("too many glyphs".to_owned()))?;
        glyphs.push((remapper.remap(key.0), key.2));
        widths.insert(code, (data.advance(key.0).round() + f32::from(key.2)).max(0.0) as u16);
        codes.insert(key, code);
    }
    let broken = || PdfError::Font(format!("{}: not TrueType", data.name));
    let bytes = subsetter::subset(&data.bytes, 0, &remapper).map_err(|e| PdfError::Font(format!("{e:?}")))?;
    let (bytes, glyphs) = variants::add(&bytes, &glyphs).ok_or_else(broken)?;
    let tables = data.tables().ok_or_else(broken)?;
    let metrics = FontMetrics {
        ascent: data.per_mille(tables.ascender()) as i16,
        descent: data.per_mille(tables.descender()) as i16,
    };
    let name = Some(format!("{}+{}", tag(face), data.name));
    let parsed = ParsedFont::with_glyph_data(bytes, 0, name, BTreeMap::new(), widths, 1000, metrics);
    Ok((Subset { face, codes, glyphs }, parsed))
}
