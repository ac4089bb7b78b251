//! The two embedded faces: which glyph draws a character, how wide it is, and what stands in for the few characters
//! the fonts lack.

use std::sync::OnceLock;

use ttf_parser::GlyphId;

use super::{PdfError, lines::MIXED_GAP, shape::Class};
use crate::report::draw::Measure;

/// Weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// Running text.
    Regular,
    /// Headings, figures, emphasis.
    Bold,
}

impl Face {
    /// The face for bold text or other text.
    pub fn of(bold: bool) -> Self {
        if bold { Face::Bold } else { Face::Regular }
    }
}

/// How one character is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Glyph of the face.
    pub id: u16,
    /// Advance in em of the *surrounding* text size.
    pub advance: f32,
    /// Size relative to the surrounding text: below 1 for small digits.
    pub scale: f32,
    /// Baseline shift in em, upward.
    pub rise: f32,
}

/// One face, parsed.
pub struct FaceData {
    /// The font file.
    pub bytes: &'static [u8],
    /// Its tables.
    pub face: ttf_parser::Face<'static>,
    /// Name written into the PDF.
    pub name: &'static str,
    units: f32,
    /// Glyph by character of the Basic Multilingual Plane, 0 where there is none: looked up for every character.
    plane: Vec<u16>,
}

impl FaceData {
    fn new(bytes: &'static [u8], name: &'static str) -> Option<Self> {
        let face = ttf_parser::Face::parse(bytes, 0).ok()?;
        let units = f32::from(face.units_per_em());
        let mut plane = vec![0; 0x10000];
        for subtable in face.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables) {
            if subtable.is_unicode() {
                subtable.codepoints(|code| {
                    if let (Some(slot), Some(id)) = (plane.get_mut(code as usize), subtable.glyph_index(code)) {
                        *slot = id.0;
                    }
                });
            }
        }
        Some(Self {
            bytes,
            face,
            name,
            units,
            plane,
        })
    }

    /// Advance of a glyph in thousandths of an em.
    pub fn advance(&self, id: u16) -> f32 {
        f32::from(self.face.glyph_hor_advance(GlyphId(id)).unwrap_or(0)) * 1000.0 / self.units
    }

    /// A length in font units as thousandths of an em.
    pub fn per_mille(&self, units: i16) -> i64 {
        (f32::from(units) * 1000.0 / self.units).round() as i64
    }

    fn direct(&self, ch: char) -> Option<Glyph> {
        let id = match self.plane.get(ch as usize) {
            Some(0) => return None,
            Some(id) => *id,
            None => self.face.glyph_index(ch)?.0,
        };
        Some(Glyph {
            id,
            advance: self.advance(id) / 1000.0,
            scale: 1.0,
            rise: 0.0,
        })
    }

    fn glyph(&self, ch: char) -> Option<Glyph> {
        // The em dash of Noto Sans SC is narrower than an em; the horizontal bar is the same stroke at full width.
        if ch == '\u{2014}' {
            return self.direct('\u{2015}').or_else(|| self.direct(ch));
        }
        self.direct(ch)
            .or_else(|| self.small(ch))
            .or_else(|| self.direct(stand_in(ch)?))
    }

    /// Lowered and raised digits that the font has no glyph for.
    fn small(&self, ch: char) -> Option<Glyph> {
        let (base, rise) = match ch {
            '\u{2080}'..='\u{2089}' => (char::from(b'0' + (ch as u32 - 0x2080) as u8), -0.14),
            '\u{208a}' => ('+', -0.14),
            '\u{208b}' => ('-', -0.14),
            '\u{2070}' => ('0', 0.34),
            '\u{2074}'..='\u{2079}' => (char::from(b'0' + (ch as u32 - 0x2070) as u8), 0.34),
            '\u{207a}' => ('+', 0.34),
            '\u{207b}' => ('-', 0.34),
            '\u{207f}' => ('n', 0.34),
            _ => return None,
        };
        const SCALE: f32 = 0.64;
        let glyph = self.direct(base)?;
        Some(Glyph {
            advance: glyph.advance * SCALE,
            scale: SCALE,
            rise,
            ..glyph
        })
    }
}

/// A character of the same meaning that the fonts do have; the text keeps the original.
fn stand_in(ch: char) -> Option<char> {
    Some(match ch {
        '\u{2713}' | '\u{2714}' => '√',
        '\u{2717}' | '\u{2718}' => '×',
        '\u{2610}' => '□',
        '\u{2611}' => '■',
        '\u{2010}' | '\u{2011}' => '-',
        '\u{2212}' => '–',
        '\u{30fb}' | '\u{ff65}' => '·',
        '\u{202f}' | '\u{2009}' | '\u{2002}' | '\u{2003}' => ' ',
        _ => return None,
    })
}

/// Characters as they are drawn: one-character units spelled out, controls and invisible marks gone.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            '\u{fe00}'..='\u{fe0f}' => {}
            '㎡' => out.push_str("m²"),
            '㎥' => out.push_str("m³"),
            '㎢' => out.push_str("km²"),
            '㎏' => out.push_str("kg"),
            '㎎' => out.push_str("mg"),
            '㎞' => out.push_str("km"),
            '㎜' => out.push_str("mm"),
            '㎝' => out.push_str("cm"),
            '㎾' => out.push_str("kW"),
            '㎿' => out.push_str("MW"),
            '㎘' => out.push_str("kL"),
            ch if ch.is_control() => {}
            ch => out.push(ch),
        }
    }
    out
}

/// Both faces.
pub struct Fonts {
    regular: FaceData,
    bold: FaceData,
}

static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();

impl Fonts {
    /// The embedded fonts, parsed once a process.
    pub fn get() -> Result<&'static Self, PdfError> {
        let parse = || {
            Some(Fonts {
                regular: FaceData::new(
                    include_bytes!("../../../assets/fonts/NotoSansSC-Regular-subset.ttf"),
                    "NotoSansSC-Regular",
                )?,
                bold: FaceData::new(
                    include_bytes!("../../../assets/fonts/NotoSansSC-Bold-subset.ttf"),
                    "NotoSansSC-Bold",
                )?,
            })
        };
        FONTS
            .get_or_init(parse)
            .as_ref()
            .ok_or(PdfError::Font("embedded font cannot be parsed".to_owned()))
    }

    /// The tables of a face.
    pub fn face(&self, face: Face) -> &FaceData {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
        }
    }

    /// How a face draws a character; `None` when it cannot.
    pub fn glyph(&self, face: Face, ch: char) -> Option<Glyph> {
        self.face(face).glyph(ch)
    }
}

impl Fonts {
    /// Sets one line of text at 1 em: calls `each` with every character, its glyph and its left end; returns the width.
    pub fn set(&self, text: &str, face: Face, mut each: impl FnMut(char, Option<Glyph>, f32)) -> f32 {
        let mut em = 0.0;
        let mut last = None;
        for ch in clean(text).chars() {
            let class = Class::of(ch);
            if matches!(
                (last, class),
                (Some(Class::Han), Class::Latin) | (Some(Class::Latin), Class::Han)
            ) {
                em += MIXED_GAP;
            }
            let glyph = self.glyph(face, ch);
            each(ch, glyph, em);
            em += glyph.map_or(1.0, |glyph| glyph.advance);
            last = Some(class);
        }
        em
    }
}

impl Measure for Fonts {
    fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        self.set(text, Face::of(bold), |_, _, _| {}) * size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_and_gaps() {
        let fonts = Fonts::get().unwrap();
        let dash = fonts.glyph(Face::Regular, '—').unwrap();
        assert_eq!(dash.advance, 1.0);
        let two = fonts.glyph(Face::Regular, '₂').unwrap();
        assert!(two.scale < 1.0 && two.rise < 0.0);
        for ch in "㛃䶮𬭎★≥≤×·‰℃²³✓☐⁶".chars() {
            assert!(
                fonts.glyph(Face::Regular, ch).is_some() && fonts.glyph(Face::Bold, ch).is_some(),
                "{ch}"
            );
        }
        assert!(fonts.glyph(Face::Bold, '😀').is_none());
    }
}
