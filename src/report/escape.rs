//! Text that anybody may have typed, written so that Markdown shows it as it is.

/// Escapes `text` for any inline place of a Markdown document: paragraph, heading, list item, table cell, link text.
///
/// Line breaks and runs of blanks become one blank, control characters vanish; everything else shows literally.
/// Characters that matter only at the start of a line are escaped only at the start of `text`.
pub fn markdown(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len() + folded.len() / 8);
    let last = folded.char_indices().next_back().map_or(0, |(at, _)| at);
    // "1." and "1)" open a list at the start of a line: true while only digits were seen.
    let mut only_digits = true;
    let mut chars = folded.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let before_blank = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        match c {
            // An entity where a backslash would be read twice (table cells) or not at all (heading attributes, fences).
            '\\' | '|' | '`' | '&' | '{' | '}' => push_entity(c, &mut out),
            // Blanks at an edge would stop `**{{ x }}**` from being bold.
            c if c.is_whitespace() && (at == 0 || at == last) => push_entity(c, &mut out),
            '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' => push_escaped(c, &mut out),
            '-' | '+' | '=' | ':' if at == 0 => push_escaped(c, &mut out),
            '.' | ')' if only_digits && before_blank => push_escaped(c, &mut out),
            c => out.push(c),
        }
        only_digits &= c.is_ascii_digit();
    }
    out
}

/// Whitespace runs with a line break or tab in them become one blank, other runs of blanks too; controls vanish.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if is_dropped(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Characters no report shows: controls, noncharacters, the byte order mark.
pub(crate) fn is_dropped(c: char) -> bool {
    c.is_control() || matches!(c, '\u{feff}' | '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

fn push_escaped(c: char, out: &mut String) {
    out.push('\\');
    out.push(c);
}

fn push_entity(c: char, out: &mut String) {
    out.push_str("&#");
    out.push_str(&(c as u32).to_string());
    out.push(';');
}

/// Escapes `text` for HTML content and quoted attributes; control characters vanish.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if is_dropped(c) => {}
            c => out.push(c),
        }
    }
    out
}
