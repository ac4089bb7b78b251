//! Where CommonMark's rules, made for spaced scripts, need help with Chinese.

/// A noncharacter put between punctuation and `*` so that CommonMark sees neither blank nor punctuation there; it never
/// reaches the document.
pub(super) const GUARD: char = '\u{fdd0}';

/// Whether a line break next to `c` means nothing: ideographs, kana, full-width forms and the punctuation of Chinese text.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{b7}' | '\u{2014}' | '\u{2018}'..='\u{201d}' | '\u{2026}' | '\u{2e80}'..='\u{2fdf}' | '\u{3000}'..='\u{30ff}'
        | '\u{3100}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether CommonMark may take `c` for punctuation; next to a letter a guard changes nothing.
fn may_be_punctuation(c: char) -> bool {
    !c.is_ascii_alphanumeric() && !c.is_whitespace() && c != GUARD
}

/// Puts a [`GUARD`] between punctuation and a run of `*` that has a Chinese character on its other side.
///
/// CommonMark takes `**62.5%**的设备` and `**（重要）**事项` for literal asterisks, because a closing run after punctuation
/// must be followed by a blank or punctuation. Chinese has no blanks. Lines stay where they are.
pub(super) fn guard(text: &str) -> String {
    guard_after(None, text)
}

/// The same for a line that must not open a block, whatever its first characters are.
pub(super) fn guard_inline(line: &str) -> String {
    // As if a Chinese character stood before the line: then a leading `**` is guarded like one within a sentence.
    format!("{GUARD}{}", guard_after(Some('一'), line))
}

fn guard_after(mut before: Option<char>, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == GUARD {
            continue;
        }
        if c == '\\' {
            out.push(c);
            before = Some(c);
            if let Some(escaped) = chars.next_if(char::is_ascii_punctuation) {
                out.push(escaped);
                before = Some(escaped);
            }
            continue;
        }
        if c != '*' {
            out.push(c);
            before = Some(c);
            continue;
        }
        let mut run = String::from(c);
        while chars.next_if_eq(&'*').is_some() {
            run.push('*');
        }
        let after = chars.peek().copied();
        if before.is_some_and(may_be_punctuation) && after.is_some_and(is_cjk) {
            out.push(GUARD);
        }
        out.push_str(&run);
        if after.is_some_and(may_be_punctuation) && before.is_some_and(is_cjk) {
            out.push(GUARD);
        }
        before = Some('*');
    }
    out
}

/// `text` without guards.
pub(super) fn unguard(text: &str) -> String {
    text.chars().filter(|c| *c != GUARD).collect()
}
