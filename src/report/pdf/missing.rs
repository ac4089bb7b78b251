//! Characters that no font can draw.

use super::MissingGlyph;

/// Collects each such character once, with where it stood.
#[derive(Debug, Default)]
pub struct Missing {
    glyphs: Vec<MissingGlyph>,
}

impl Missing {
    /// Notes a character and the text around it.
    pub fn add(&mut self, ch: char, text: &str) {
        if self.glyphs.iter().any(|glyph| glyph.ch == ch) {
            return;
        }
        let chars: Vec<char> = text.chars().collect();
        let at = chars.iter().position(|c| *c == ch).unwrap_or(0);
        let context = chars[at.saturating_sub(8)..(at + 9).min(chars.len())].iter().collect();
        self.glyphs.push(MissingGlyph { ch, context });
    }

    /// What was collected.
    pub fn into_glyphs(self) -> Vec<MissingGlyph> {
        self.glyphs
    }
}
