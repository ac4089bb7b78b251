//! Characters that no font has.

use crate::report::document::{Block, Inline, Tone};

/// More are counted, not listed.
const LISTED: usize = 40;

/// Collects each such character once, with where it stood.
#[derive(Debug, Default)]
pub struct Missing {
    glyphs: Vec<(char, String)>,
}

impl Missing {
    /// Notes a character and the text around it.
    pub fn add(&mut self, ch: char, text: &str) {
        if self.glyphs.iter().any(|glyph| glyph.0 == ch) {
            return;
        }
        let chars: Vec<char> = text.chars().collect();
        let at = chars.iter().position(|c| *c == ch).unwrap_or(0);
        let context = chars[at.saturating_sub(8)..(at + 9).min(chars.len())].iter().collect();
        self.glyphs.push((ch, context));
    }

    /// What the reader is told of them; nothing where there are none.
    pub fn note(&self) -> Option<Block> {
        if self.glyphs.is_empty() {
            return None;
        }
        let text = |text: String| vec![Block::Paragraph(vec![Inline::Text(text)])];
        let mut items: Vec<_> = self
            .glyphs
            .iter()
            .take(LISTED)
            .map(|(ch, context)| text(format!("U+{:04X}，第一次见于“{context}”", *ch as u32)))
            .collect();
        if self.glyphs.len() > LISTED {
            items.push(text(format!("另有 {} 个字未列出", self.glyphs.len() - LISTED)));
        }
        let say = "下列字字库里没有，版面上印作“〓”，复制、检索、朗读得到的仍是原字。要印出原字：在模板目录的 theme.yaml 里用 fonts 给一个有这些字的 TTF 字体，再出一次报告；或者改用 HTML、DOCX 形式，由电脑上的字体显示。";
        let mut body = text(say.to_owned());
        body.push(Block::List { start: None, items });
        Some(Block::Callout {
            tone: Tone::Warn,
            title: format!("字库缺 {} 个字", self.glyphs.len()),
            body,
        })
    }
}
