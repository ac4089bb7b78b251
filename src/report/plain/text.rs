//! Running text in GitHub-flavoured Markdown.

use crate::report::document::{Block, Inline, plain_text};
use crate::report::escape::is_dropped;
use crate::report::markdown::is_allowed_target;

/// Where text stands, which decides what in it would be taken for markup.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the start of a paragraph or list item.
    Start,
    /// Within a line that may not break: a heading, bold text.
    Line,
    /// In a table cell.
    Cell,
}

/// Text as Markdown that shows it as it is, escaping as little as a reader of the source can bear.
pub(super) fn literal(text: &str, place: Place) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    let mut only_digits = place == Place::Start;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let starts = before.is_none() && place == Place::Start;
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' => true,
            '_' => !(word(before) && word(after)),
            '&' => after.is_some_and(|c| c == '#' || c.is_ascii_alphanumeric()),
            '|' => place == Place::Cell || starts,
            '#' => starts || after.is_none() || place == Place::Line,
            '>' | '-' | '+' | '=' | '~' | ':' => starts || (c == '~' && (before == Some('~') || after == Some('~'))),
            '.' | ')' => only_digits && before.is_some(),
            _ => false,
        };
        if c.is_ascii_whitespace() {
            let leads = out.is_empty() && place == Place::Start;
            if before != Some(' ') && !leads {
                out.push(' ');
                before = Some(' ');
                only_digits = false;
            }
            continue;
        }
        if is_dropped(c) {
            continue;
        }
        only_digits &= c.is_ascii_digit();
        if special {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
    out
}

/// Inline content; links to headings go to `slugs`.
pub(super) fn inlines(content: &[Inline], place: Place, slugs: &[(String, String)]) -> String {
    let mut out = String::new();
    for (index, inline) in content.iter().enumerate() {
        let here = if out.is_empty() || place != Place::Start {
            place
        } else {
            Place::Line
        };
        match inline {
            Inline::Text(text) => out.push_str(&literal(text, here)),
            Inline::Strong(inner) => emphasis("**", inner, &mut out, content.get(index + 1), slugs),
            Inline::Emph(inner) => emphasis("*", inner, &mut out, content.get(index + 1), slugs),
            Inline::Code(text) | Inline::Badge { text, .. } => out.push_str(&code(text, place)),
            Inline::Link { target, text: shown } => {
                let text = inlines(shown, Place::Line, slugs);
                match address(target, slugs) {
                    Some(target) if *target == plain_text(shown) => out.push_str(&format!("<{target}>")),
                    Some(target) if target.contains(['(', ')']) => out.push_str(&format!("[{text}](<{target}>)")),
                    Some(target) => out.push_str(&format!("[{text}]({target})")),
                    None => out.push_str(&text),
                }
            }
            Inline::Note { number, .. } => out.push_str(&format!("[^{number}]")),
            Inline::Break => out.push_str(match place {
                Place::Start => "\\\n",
                Place::Line => " ",
                Place::Cell => "<br>",
            }),
        }
    }
    // In a cell a bar would end it, wherever it came from.
    if place == Place::Start {
        out.trim().to_owned()
    } else {
        out
    }
}

/// Emphasis, with a blank on a side where punctuation meets Chinese text: other readers than ours need it there.
fn emphasis(mark: &str, inner: &[Inline], out: &mut String, next: Option<&Inline>, slugs: &[(String, String)]) {
    let text = inlines(inner, Place::Line, slugs);
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let punctuation = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
    if punctuation(text.chars().next()) && out.chars().next_back().is_some_and(char::is_alphanumeric) {
        out.push(' ');
    }
    out.push_str(mark);
    out.push_str(text);
    out.push_str(mark);
    let follows = next.and_then(|next| plain_text(std::slice::from_ref(next)).chars().next());
    if punctuation(text.chars().next_back()) && follows.is_some_and(char::is_alphanumeric) {
        out.push(' ');
    }
}

fn code(text: &str, place: Place) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_ascii_whitespace() { ' ' } else { c })
        .collect();
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    let text = if place == Place::Cell {
        text.replace('|', "\\|")
    } else {
        text
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn address(target: &str, slugs: &[(String, String)]) -> Option<String> {
    if let Some(id) = target.strip_prefix('#') {
        return slugs
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, slug)| format!("#{slug}"));
    }
    let encode = |c: char| match c {
        '<' => "%3C".to_owned(),
        '>' => "%3E".to_owned(),
        '\\' => "%5C".to_owned(),
        '|' => "%7C".to_owned(),
        c if c.is_whitespace() || c.is_control() => "%20".to_owned(),
        c => c.to_string(),
    };
    is_allowed_target(target).then(|| target.chars().map(encode).collect())
}

/// The anchors GitHub, GitLab and editors give headings: lower case, blanks as hyphens, no punctuation, numbered when
/// they repeat.
pub(super) fn slugs(blocks: &[Block]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut bases: Vec<String> = Vec::new();
    for block in blocks {
        if let Block::Heading { id, text, .. } = block {
            let base: String = plain_text(text)
                .to_lowercase()
                .chars()
                .filter_map(|c| match c {
                    ' ' | '\n' => Some('-'),
                    c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
                    _ => None,
                })
                .collect();
            let seen = bases.iter().filter(|known| **known == base).count();
            out.push((
                id.clone(),
                if seen == 0 {
                    base.clone()
                } else {
                    format!("{base}-{seen}")
                },
            ));
            bases.push(base);
        }
    }
    out
}
