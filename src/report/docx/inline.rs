//! Running text: runs, links, labels, footnote marks.

use super::body::{Body, text_mark};
use super::styles::tone_name;
use super::xml::half_points;
use crate::report::{
    document::{Inline, Tone},
    markdown::is_allowed_target,
    theme::Color,
};

/// Longest address that Word opens without complaint.
const LONGEST_LINK: usize = 2000;

/// How a run departs from its paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// Bold.
    pub strong: bool,
    /// Emphasised.
    pub emph: bool,
    /// Code or identifier.
    pub code: bool,
    /// Part of a link.
    pub link: bool,
    /// Part of a label.
    pub badge: Option<Tone>,
    /// Size in points.
    pub size: Option<f32>,
    /// Colour.
    pub color: Option<Color>,
}

impl Body<'_> {
    /// Inline content.
    pub fn inlines(&mut self, inlines: &[Inline]) {
        self.runs(inlines, Look::default());
    }

    /// Plain text.
    pub fn text(&mut self, text: &str) {
        self.run(text, Look::default());
    }

    fn runs(&mut self, inlines: &[Inline], look: Look) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.run(text, look),
                Inline::Strong(inner) => self.runs(inner, Look { strong: true, ..look }),
                Inline::Emph(inner) => self.runs(inner, Look { emph: true, ..look }),
                Inline::Code(text) => self.run(text, Look { code: true, ..look }),
                Inline::Link { target, text } => self.link(target, text, look),
                Inline::Badge { tone, text } => {
                    let look = Look {
                        badge: Some(*tone),
                        ..look
                    };
                    // Hard spaces give the label its margins.
                    self.run(&format!("\u{a0}{text}\u{a0}"), look);
                }
                Inline::Note { number, .. } => self.note(*number),
                Inline::Break => {
                    self.xml.open("w:r", &[]);
                    self.xml.leaf("w:br", &[]);
                    self.xml.close();
                }
            }
        }
    }

    /// The mark of a footnote. Word wants each footnote marked once, and none within another: any further mark is only
    /// its number.
    fn note(&mut self, number: u32) {
        let first = !self.in_notes && self.noted.insert(number);
        self.xml.open("w:r", &[]);
        self.xml.open("w:rPr", &[]);
        self.xml.leaf("w:rStyle", &[("w:val", &"FootnoteReference")]);
        self.xml.close();
        if first {
            self.xml.leaf("w:footnoteReference", &[("w:id", &number)]);
        } else {
            self.xml.text("w:t", &[], &number.to_string());
        }
        self.xml.close();
    }

    /// Text in a look.
    pub fn run(&mut self, text: &str, look: Look) {
        let text = text.replace(['\n', '\t', '\r', '\u{2028}', '\u{2029}'], " ");
        if text.is_empty() {
            return;
        }
        self.xml.open("w:r", &[]);
        self.look(&text, look);
        self.xml.text("w:t", &[("xml:space", &"preserve")], &text);
        self.xml.close();
    }

    fn look(&mut self, text: &str, look: Look) {
        let badge = look.badge.map(|tone| format!("Badge{}", tone_name(tone)));
        let style = match look {
            Look { badge: Some(_), .. } => badge.as_deref(),
            Look { code: true, .. } => Some("Code"),
            Look { link: true, .. } => Some("Hyperlink"),
            Look { emph: true, .. } => Some("Emphasis"),
            Look { strong: true, .. } => Some("Strong"),
            _ => None,
        };
        // Quotation marks and dashes belong to both scripts; here they are Chinese.
        let chinese = !text.is_ascii();
        if style.is_none() && !chinese && look.size.is_none() && look.color.is_none() {
            return;
        }
        let xml = &mut self.xml;
        xml.open("w:rPr", &[]);
        if let Some(style) = style {
            xml.leaf("w:rStyle", &[("w:val", &style)]);
        }
        if chinese {
            xml.leaf("w:rFonts", &[("w:hint", &"eastAsia")]);
        }
        if look.strong && style != Some("Strong") {
            xml.leaf("w:b", &[]);
        }
        if let Some(color) = look.color {
            xml.leaf("w:color", &[("w:val", &super::xml::hex(color))]);
        }
        if let Some(size) = look.size {
            let size = half_points(size);
            xml.leaf("w:sz", &[("w:val", &size)]);
            xml.leaf("w:szCs", &[("w:val", &size)]);
        }
        xml.close();
    }

    /// A link, or only its text when it leads nowhere a report may point to.
    fn link(&mut self, target: &str, text: &[Inline], look: Look) {
        let inner = Look { link: true, ..look };
        if look.link {
            return self.runs(text, look);
        }
        if let Some(id) = target.strip_prefix('#') {
            let Some(&place) = self.anchors.get(id) else {
                return self.runs(text, look);
            };
            let name = text_mark(place);
            self.xml.open("w:hyperlink", &[("w:anchor", &name), ("w:history", &1)]);
        } else {
            let Some(address) = address(target) else {
                return self.runs(text, look);
            };
            let id = self.relations.link(&address);
            self.xml.open("w:hyperlink", &[("r:id", &id), ("w:history", &1)]);
        }
        self.runs(text, inner);
        self.xml.close();
    }
}

/// An address as relationships hold it: one that is not well-formed would make Word refuse the whole file.
fn address(target: &str) -> Option<String> {
    let (scheme, rest) = target.split_once(':')?;
    if !is_allowed_target(target) || rest.trim_matches('/').is_empty() {
        return None;
    }
    let mut out = format!("{scheme}:");
    let bytes = rest.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        let plain = match byte {
            b'%' => hex(at + 1) && hex(at + 2),
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(&byte),
        };
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    // A second # begins nothing.
    let out = match out.split_once('#') {
        Some((page, place)) => format!("{page}#{}", place.replace('#', "%23")),
        None => out,
    };
    (out.len() <= LONGEST_LINK).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn addresses_are_well_formed_or_nothing() {
        let good = "https://www.example.gov.cn/a?id=1&t=%E4%BD%A0#x";
        assert_eq!(address(good).as_deref(), Some(good));
        assert_eq!(
            address("https://例.cn/a b?50%#a#b").as_deref(),
            Some("https://%E4%BE%8B.cn/a%20b?50%25#a%23b")
        );
        for bad in ["javascript:alert(1)", "https://", "C:\\temp", "relative/path"] {
            assert_eq!(address(bad), None, "{bad}");
        }
        assert_eq!(address(&format!("https://a.cn/{}", "长".repeat(900))), None);
    }
}
