//! Running text in HTML.

use super::{Block, Inline, Page, escape, tone_class};
use crate::report::document::notes;
use crate::report::markdown::is_allowed_target;

impl Page<'_> {
    pub(super) fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text),
                Inline::Strong(inner) => self.wrapped("strong", inner),
                Inline::Emph(inner) => self.wrapped("em", inner),
                Inline::Code(text) => self.push(&format!("<code>{}</code>", escape(text))),
                Inline::Link { target, text } => self.link(target, text),
                Inline::Badge { tone, text } => {
                    self.push(&format!(
                        "<span class=\"badge {}\">{}</span>",
                        tone_class(*tone),
                        escape(text)
                    ));
                }
                Inline::Note { number, .. } => self.push(&format!(
                    "<sup class=\"note\"><a id=\"note-mark-{number}\" href=\"#note-{number}\" \
                     aria-label=\"脚注 {number}\">{number}</a></sup>"
                )),
                Inline::Break => self.push("<br>"),
            }
        }
    }

    fn wrapped(&mut self, name: &str, inner: &[Inline]) {
        self.push(&format!("<{name}>"));
        self.inlines(inner);
        self.push(&format!("</{name}>"));
    }

    /// The texts of all footnotes.
    pub(super) fn notes(&mut self, blocks: &[Block]) {
        let notes = notes(blocks);
        if notes.is_empty() {
            return;
        }
        self.push("<section class=\"notes\" aria-label=\"脚注\">\n<ol>\n");
        for (number, text) in notes {
            self.push(&format!("<li id=\"note-{number}\" value=\"{number}\">"));
            self.inlines(text);
            self.push(&format!(
                " <a href=\"#note-mark-{number}\" aria-label=\"回到正文\">↩</a></li>\n"
            ));
        }
        self.push("</ol>\n</section>\n");
    }

    /// A link, or only its text when the target is nothing a report may point to.
    fn link(&mut self, target: &str, text: &[Inline]) {
        if !is_allowed_target(target) {
            self.inlines(text);
            return;
        }
        let rel = if target.starts_with('#') {
            ""
        } else {
            " rel=\"noopener noreferrer\""
        };
        self.push(&format!("<a href=\"{}\"{rel}>", escape(target)));
        self.inlines(text);
        self.push("</a>");
    }
}
