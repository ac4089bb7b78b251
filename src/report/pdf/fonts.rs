//! The fonts of a report: two embedded ones, and those of the template folder for characters that these lack.

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

pub use super::face::{FaceData, Glyph};
use super::{PdfError, lines::MIXED_GAP, shape::Class};
use crate::report::{draw::Measure, theme::Theme};

/// What is drawn for a character that no font has. Its place in the text keeps the character.
const ABSENT: char = '〓';

/// One of the fonts. A text asks for `Regular` or `Bold`; what these lack may come from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Face {
    /// Running text.
    Regular,
    /// Headings, figures, emphasis.
    Bold,
    /// `fonts.regular` of the theme.
    SpareRegular,
    /// `fonts.bold` of the theme.
    SpareBold,
}

impl Face {
    /// Every font.
    pub const ALL: [Face; 4] = [Face::Regular, Face::Bold, Face::SpareRegular, Face::SpareBold];

    /// The face for bold text or other text.
    pub fn of(bold: bool) -> Self {
        if bold { Face::Bold } else { Face::Regular }
    }
}

/// Characters as they are drawn: one-character units spelled out, controls and invisible marks gone.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {}
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

/// The fonts of a report.
#[derive(Debug, Clone)]
pub struct Fonts {
    regular: Arc<FaceData>,
    bold: Arc<FaceData>,
    spare_regular: Option<Arc<FaceData>>,
    spare_bold: Option<Arc<FaceData>>,
}

static FONTS: OnceLock<Result<Fonts, String>> = OnceLock::new();

impl Fonts {
    /// The embedded fonts, read once a process.
    pub fn get() -> Result<&'static Self, PdfError> {
        let read = |bytes: &'static [u8], face| FaceData::read(Cow::Borrowed(bytes), face).map(Arc::new);
        let fonts = || {
            let regular = include_bytes!("../../../assets/fonts/NotoSansSC-Regular-subset.ttf");
            let bold = include_bytes!("../../../assets/fonts/NotoSansSC-Bold-subset.ttf");
            Ok(Fonts {
                regular: read(regular, Face::Regular)?,
                bold: read(bold, Face::Bold)?,
                spare_regular: None,
                spare_bold: None,
            })
        };
        let fonts = FONTS.get_or_init(fonts).as_ref();
        fonts.map_err(|why| PdfError::Font(why.clone()))
    }

    /// The embedded fonts and those of the theme.
    pub fn of(theme: &Theme) -> Result<Self, PdfError> {
        Ok(Fonts {
            spare_regular: theme.spare.regular.clone(),
            spare_bold: theme.spare.bold.clone(),
            ..Fonts::get()?.clone()
        })
    }

    /// One of the fonts.
    pub fn face(&self, face: Face) -> &FaceData {
        let spare = match face {
            Face::Regular => None,
            Face::Bold => Some(&self.bold),
            Face::SpareRegular => self.spare_regular.as_ref(),
            Face::SpareBold => self.spare_bold.as_ref(),
        };
        spare.unwrap_or(&self.regular)
    }

    /// How a character is drawn: by the embedded font, else by one of the theme, else by the mark of what is absent.
    pub fn glyph(&self, face: Face, ch: char) -> Glyph {
        let own = self.face(face);
        if let Some(glyph) = own.glyph(ch) {
            return glyph;
        }
        let (near, far) = match face {
            Face::Bold | Face::SpareBold => (&self.spare_bold, &self.spare_regular),
            Face::Regular | Face::SpareRegular => (&self.spare_regular, &self.spare_bold),
        };
        let spare = [near, far].into_iter().flatten().find_map(|font| font.glyph(ch));
        spare.unwrap_or_else(|| Glyph {
            absent: true,
            ..own.glyph(ABSENT).unwrap_or(Glyph {
                face,
                id: 0,
                advance: 1.0,
                scale: 1.0,
                rise: 0.0,
                absent: true,
            })
        })
    }
}

impl Fonts {
    /// Sets one line of text at 1 em: calls `each` with every glyph and its left end; returns the width.
    pub fn set(&self, text: &str, face: Face, mut each: impl FnMut(Glyph, f32)) -> f32 {
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
            each(glyph, em);
            em += glyph.advance;
            last = Some(class);
        }
        em
    }
}

impl Measure for Fonts {
    fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        self.set(text, Face::of(bold), |_, _| {}) * size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_and_gaps() {
        let fonts = Fonts::get().unwrap();
        let dash = fonts.glyph(Face::Regular, '—');
        assert_eq!(dash.advance, 1.0);
        let two = fonts.glyph(Face::Regular, '₂');
        assert!(two.scale < 1.0 && two.rise < 0.0);
        for ch in "㛃䶮𬭎★≥≤×·‰℃²³✓☐⁶".chars() {
            for face in [Face::Regular, Face::Bold] {
                let glyph = fonts.glyph(face, ch);
                assert!(!glyph.absent && glyph.face == face, "{ch}");
            }
        }
        assert!(fonts.glyph(Face::Bold, '😀').absent);
    }

    #[test]
    fn a_font_of_the_theme_serves_what_the_embedded_ones_lack() {
        let bytes = include_bytes!("../../../assets/fonts/NotoSansSC-Regular-subset.ttf");
        let spare = FaceData::read(Cow::Borrowed(bytes), Face::SpareRegular).unwrap();
        let mut fonts = Fonts::get().unwrap().clone();
        fonts.spare_regular = Some(Arc::new(spare));
        assert_eq!(fonts.glyph(Face::Bold, '企').face, Face::Bold);
        assert!(fonts.glyph(Face::Regular, '😀').absent);
        assert!(FaceData::read(Cow::Borrowed(b"OTTO"), Face::SpareBold).is_err());
    }
}
