//! Running text in HTML.

use super::{Inline, Page, escape, tone_class};
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
                Inline::Break => self.push("<br>"),
            }
        }
    }

    fn wrapped(&mut self, name: &str, inner: &[Inline]) {
        self.push(&format!("<{name}>"));
        self.inlines(inner);
        self.push(&format!("</{name}>"));
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
