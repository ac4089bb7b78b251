//! `footnotes.xml`.

use super::body::{Body, styled};
use super::chrome::NAMESPACES;
use crate::report::document::Inline;

impl Body<'_> {
    /// Writes the footnotes in place of what is written so far; the caller has taken that away.
    pub fn footnotes(&mut self, notes: &[(u32, &[Inline])]) {
        self.xml.open("w:footnotes", NAMESPACES);
        // The rule above the notes, and above those that go on from the page before.
        for (id, kind, mark) in [
            (-1, "separator", "w:separator"),
            (0, "continuationSeparator", "w:continuationSeparator"),
        ] {
            self.xml.open("w:footnote", &[("w:type", &kind), ("w:id", &id)]);
            self.para(styled("FootnoteText"), |body| {
                body.xml.open("w:r", &[]);
                body.xml.leaf(mark, &[]);
                body.xml.close();
            });
            self.xml.close();
        }
        self.in_notes = true;
        // Those marked in the text, each once.
        let mut marked = std::mem::take(&mut self.noted);
        for (number, text) in notes.iter().filter(|note| marked.remove(&note.0)) {
            self.xml.open("w:footnote", &[("w:id", number)]);
            self.para(styled("FootnoteText"), |body| {
                body.xml.open("w:r", &[]);
                body.xml.open("w:rPr", &[]);
                body.xml.leaf("w:rStyle", &[("w:val", &"FootnoteReference")]);
                body.xml.close();
                body.xml.leaf("w:footnoteRef", &[]);
                body.xml.close();
                body.text(" ");
                body.inlines(text);
            });
            self.xml.close();
        }
        self.xml.close();
    }
}
