//! One font file: which glyph draws a character, how wide it is, and what stands in for the few characters it lacks.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use ttf_parser::{GlyphId, Permissions, Tag};

use super::fonts::Face;

/// How one character is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Font that has it.
    pub face: Face,
    /// Glyph of the font.
    pub id: u16,
    /// Advance in em of the *surrounding* text size.
    pub advance: f32,
    /// Size relative to the surrounding text: below 1 for small digits.
    pub scale: f32,
    /// Baseline shift in em, upward.
    pub rise: f32,
    /// Whether no font has the character and another stands where it should.
    pub absent: bool,
}

/// One font, read.
pub struct FaceData {
    /// The font file.
    pub bytes: Cow<'static, [u8]>,
    /// Name written into the PDF: letters, digits and hyphens.
    pub name: String,
    face: Face,
    units: f32,
    /// Advance by glyph, in font units.
    advances: Vec<u16>,
    /// Glyph by character of the Basic Multilingual Plane, 0 where there is none: looked up for every character.
    plane: Vec<u16>,
    /// Glyph by character beyond it.
    beyond: BTreeMap<u32, u16>,
}

impl fmt::Debug for FaceData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceData({}, {} bytes)", self.name, self.bytes.len())
    }
}

impl PartialEq for FaceData {
    fn eq(&self, other: &Self) -> bool {
        self.face == other.face && self.bytes == other.bytes
    }
}

impl FaceData {
    /// Reads a font file; what is wrong with it is said in words.
    pub fn read(bytes: Cow<'static, [u8]>, face: Face) -> Result<Self, String> {
        let parsed = ttf_parser::Face::parse(&bytes, 0).map_err(|_| "不是能读的字体文件，应是 TrueType（.ttf）")?;
        if parsed.tables().glyf.is_none() || bytes.starts_with(b"ttcf") {
            return Err("轮廓不是 TrueType 的（可能是 .otf 或 .ttc），请换成 .ttf".to_owned());
        }
        if parsed.raw_face().table(Tag::from_bytes(b"fvar")).is_some() {
            return Err("是可变字体，请换成固定字重的（下载包的 static 目录里，如 NotoSansSC-Regular.ttf）".to_owned());
        }
        if parsed.permissions() == Some(Permissions::Restricted) {
            return Err("字体的许可不允许嵌入文件，请换一种".to_owned());
        }
        let (mut plane, mut beyond) = (vec![0; 0x10000], BTreeMap::new());
        for subtable in parsed.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables) {
            if subtable.is_unicode() {
                subtable.codepoints(
                    |code| match (plane.get_mut(code as usize), subtable.glyph_index(code)) {
                        (Some(slot), Some(id)) => *slot = id.0,
                        (None, Some(id)) => drop(beyond.insert(code, id.0)),
                        (_, None) => {}
                    },
                );
            }
        }
        let advance = |id| parsed.glyph_hor_advance(GlyphId(id)).unwrap_or(0);
        let name = parsed
            .names()
            .into_iter()
            .find(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME);
        let name: String = name.and_then(|name| name.to_string()).unwrap_or_default();
        let name: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        Ok(Self {
            name: if name.is_empty() { "Font".to_owned() } else { name },
            face,
            units: f32::from(parsed.units_per_em().max(1)),
            advances: (0..parsed.number_of_glyphs()).map(advance).collect(),
            plane,
            beyond,
            bytes,
        })
    }

    /// The tables, for outlines and measures of the whole.
    pub fn tables(&self) -> Option<ttf_parser::Face<'_>> {
        ttf_parser::Face::parse(&self.bytes, 0).ok()
    }

    /// Advance of a glyph in thousandths of an em.
    pub fn advance(&self, id: u16) -> f32 {
        f32::from(self.advances.get(usize::from(id)).copied().unwrap_or(0)) * 1000.0 / self.units
    }

    /// A length in font units as thousandths of an em.
    pub fn per_mille(&self, units: i16) -> i64 {
        (f32::from(units) * 1000.0 / self.units).round() as i64
    }

    fn direct(&self, ch: char) -> Option<Glyph> {
        let id = match self.plane.get(ch as usize) {
            Some(id) => *id,
            None => self.beyond.get(&(ch as u32)).copied().unwrap_or(0),
        };
        (id != 0).then(|| Glyph {
            face: self.face,
            id,
            advance: self.advance(id) / 1000.0,
            scale: 1.0,
            rise: 0.0,
            absent: false,
        })
    }

    /// How the font draws a character; `None` when it cannot.
    pub fn glyph(&self, ch: char) -> Option<Glyph> {
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
        '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
        _ => return None,
    })
}
