//! Running text: emphasis, links, badges, line breaks.

use pulldown_cmark::{Event, LinkType, Tag};

use super::super::document::{Inline, Tone, plain_text};
use super::cjk::{GUARD, guard_inline, is_cjk, unguard};
use super::{MAX_DEPTH, MarkdownError, Parser};
use crate::source::suggest::nearest;

/// The tones, by the names authors write.
pub(super) const TONES: [(&str, Tone); 5] = [
    ("neutral", Tone::Neutral),
    ("info", Tone::Info),
    ("good", Tone::Good),
    ("warn", Tone::Warn),
    ("bad", Tone::Bad),
];

/// Longest footnote in characters: it must fit at the foot of the page that its mark is on.
const LONGEST_NOTE: usize = 400;

/// The tone called `name`.
pub(super) fn tone(name: &str) -> Option<Tone> {
    TONES.iter().find(|(known, _)| *known == name).map(|(_, tone)| *tone)
}

/// An error about a tone that does not exist.
pub(super) fn unknown_tone(line: usize, name: &str) -> MarkdownError {
    let names = TONES.map(|(name, _)| name);
    MarkdownError::new(
        line,
        format!("未知的色调“{name}”"),
        names.map(|name| format!("`{name}`")).join("、"),
    )
    .near(nearest(name, names))
}

/// Appends text to the last text, so that escapes and entities do not split a run.
pub(super) fn push_text(text: &str, out: &mut Vec<Inline>) {
    let text = if text.contains(GUARD) {
        unguard(text)
    } else {
        text.to_owned()
    };
    match out.last_mut() {
        _ if text.is_empty() => {}
        Some(Inline::Text(last)) => last.push_str(&text),
        _ => out.push(Inline::Text(text)),
    }
}

impl Parser<'_, '_, '_> {
    /// Inline content up to (not including) the end of the enclosing element or the next block.
    pub(super) fn inlines(&mut self) -> Vec<Inline> {
        let mut out = Vec::new();
        while let Some((event, _)) = self.events.get(self.at) {
            match event.clone() {
                Event::Text(text) | Event::InlineHtml(text) => push_text(&text, &mut out),
                Event::Code(text) => out.push(Inline::Code(unguard(&text))),
                Event::SoftBreak => {
                    if !self.joins(&out) {
                        push_text(" ", &mut out);
                    }
                }
                Event::HardBreak => out.push(Inline::Break),
                Event::Start(tag @ (Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. })) => {
                    self.span(tag, &mut out);
                    continue;
                }
                _ => break,
            }
            self.at += 1;
        }
        out
    }

    /// One element with inline content, including its end.
    fn span(&mut self, tag: Tag<'_>, out: &mut Vec<Inline>) {
        let line = self.line();
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return;
        }
        self.at += 1;
        self.depth += 1;
        let inner = self.inlines();
        self.depth -= 1;
        self.at += 1;
        match tag {
            Tag::Strong => out.push(Inline::Strong(inner)),
            Tag::Link {
                link_type, dest_url, ..
            } => {
                let target = unguard(&dest_url);
                let target = if link_type == LinkType::Email {
                    format!("mailto:{target}")
                } else {
                    target
                };
                out.extend(self.link(target, inner, line));
            }
            Tag::Image { .. } => {
                let found = format!("图片“{}”", plain_text(&inner));
                self.state
                    .errors
                    .push(MarkdownError::new(line, found, "文字或图表指令").hint("报告中的图用 radar、bars 等指令画"));
            }
            _ => out.push(Inline::Emph(inner)),
        }
    }

    fn link(&mut self, target: String, text: Vec<Inline>, line: usize) -> Option<Inline> {
        if let Some(name) = target.strip_prefix("badge:") {
            let Some(tone) = tone(name) else {
                self.state.errors.push(unknown_tone(line, name));
                return None;
            };
            return Some(Inline::Badge {
                tone,
                text: plain_text(&text),
            });
        }
        if target == "note:" {
            let length = plain_text(&text).chars().count();
            if length > LONGEST_NOTE {
                let found = format!("脚注有 {length} 字");
                let error = MarkdownError::new(line, found, format!("不超过 {LONGEST_NOTE} 字"));
                self.state.errors.push(error.hint("长的说明写进正文"));
            }
            self.state.notes += 1;
            let number = self.state.notes;
            return Some(Inline::Note { number, text });
        }
        if let Some(id) = target.strip_prefix('#') {
            self.state.links.push((id.to_owned(), line));
        } else if !is_allowed_target(&target) {
            self.state.errors.push(MarkdownError::new(
                line,
                format!("链接目标“{target}”"),
                "以 `http://`、`https://`、`mailto:` 开头的地址，或本文标题 `#编号`，或 `badge:色调`、`note:`",
            ));
        }
        Some(Inline::Link { target, text })
    }

    /// Whether the soft break at the current event stands between two Chinese characters.
    fn joins(&self, before: &[Inline]) -> bool {
        let last = before
            .last()
            .and_then(|last| plain_text(std::slice::from_ref(last)).chars().next_back());
        let next = self.events[self.at + 1..].iter().find_map(|(event, _)| match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => text.chars().find(|c| *c != GUARD),
            Event::Start(_) | Event::End(_) => None,
            _ => Some(' '),
        });
        // Nothing before: the break follows an element that has just opened.
        last.is_none_or(is_cjk) && next.is_some_and(is_cjk)
    }

    /// Markdown that stands in a table cell of a directive: one paragraph, whatever its first character is.
    pub(super) fn cell(&mut self, text: &str, line: usize) -> Vec<Inline> {
        // A break in a cell is meant.
        let lines: Vec<String> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(guard_inline)
            .collect();
        let guarded = lines.join("\\\n");
        let mut parser = Parser::new(&guarded, line, self.depth, self.state);
        parser.starts.truncate(1);
        let mut out = Vec::new();
        while parser.at < parser.events.len() {
            let before = parser.at;
            out.extend(parser.inlines());
            if parser.at == before {
                parser.at += 1;
            }
        }
        out
    }
}

/// Whether a link may point there: web, mail, or a place in the same document.
pub(crate) fn is_allowed_target(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    target.starts_with('#')
        || ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| lower.starts_with(scheme))
}
