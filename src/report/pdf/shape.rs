//! Inline content → atoms: one a character, with its glyph, style and the places where a line may end.

use icu_segmenter::{
    LineSegmenter,
    options::{LineBreakOptions, LineBreakStrictness, LineBreakWordOption},
};

use super::{
    fonts::{Face, Fonts, clean},
    missing::Missing,
    tags::{Element, Kind, Tag, Tags},
};
use crate::report::{
    document::{Inline, Tone},
    theme::{Color, Theme},
};

/// How a paragraph looks where its inlines say nothing else.
#[derive(Debug, Clone, Copy)]
pub struct TextStyle {
    /// Size in points.
    pub size: f32,
    /// Bold.
    pub bold: bool,
    /// Colour.
    pub color: Color,
}

impl TextStyle {
    /// Regular weight.
    pub fn plain(size: f32, color: Color) -> Self {
        Self {
            size,
            bold: false,
            color,
        }
    }

    /// Bold.
    pub fn strong(size: f32, color: Color) -> Self {
        Self {
            size,
            bold: true,
            color,
        }
    }
}

/// What kind of character an atom is, for spacing and breaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Ideographs and other full-width characters.
    Han,
    /// Full-width punctuation whose ink is in the left half.
    Close,
    /// Full-width punctuation whose ink is in the right half.
    Open,
    /// Letters and digits.
    Latin,
    /// A space.
    Space,
    /// Anything else.
    Other,
    /// A forced line break.
    Newline,
}

impl Class {
    /// Class of a character.
    pub fn of(ch: char) -> Self {
        match ch {
            ' ' | '\u{a0}' | '\u{3000}' => Class::Space,
            '，' | '。' | '、' | '；' | '：' | '？' | '！' | '）' | '》' | '〉' | '”' | '’' | '」' | '』' | '】'
            | '〕' | '］' | '｝' => Class::Close,
            '（' | '《' | '〈' | '“' | '‘' | '「' | '『' | '【' | '〔' | '［' | '｛' => Class::Open,
            '%' | '‰' | '°' | '²' | '³' | '\u{2080}'..='\u{2089}' => Class::Latin,
            '\u{370}'..='\u{3ff}' | '\u{c0}'..='\u{24f}' => Class::Latin,
            c if c.is_ascii_alphanumeric() => Class::Latin,
            '\u{2e80}'..='\u{2fff}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3021}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}' => Class::Han,
            _ => Class::Other,
        }
    }
}

/// One character, or the inner margin of a label.
#[derive(Debug, Clone, Copy)]
pub struct Atom {
    /// The character; `\0` for a margin.
    pub ch: char,
    /// Glyph.
    pub id: u16,
    /// Advance in points.
    pub advance: f32,
    /// Size in points, small digits included.
    pub size: f32,
    /// Upward shift in points.
    pub rise: f32,
    /// Weight.
    pub face: Face,
    /// Colour.
    pub color: Color,
    /// Kind.
    pub class: Class,
    /// Index into the links.
    pub link: Option<usize>,
    /// Index into the boxes (labels, code).
    pub boxed: Option<usize>,
    /// Number of the footnote of whose mark it is a digit.
    pub note: Option<u32>,
    /// Whether a line may begin here.
    pub break_before: bool,
}

/// Atoms of a paragraph.
#[derive(Debug, Default)]
pub struct Shaped {
    /// The atoms.
    pub atoms: Vec<Atom>,
    /// Targets of the links.
    pub links: Vec<String>,
    /// Background of each box; `true` when it must stay on one line.
    pub boxes: Vec<(Color, bool)>,
    /// Whose part the text is.
    pub tag: Tag,
    /// Elements of the links.
    pub link_elements: Vec<Element>,
    /// Footnotes by number: the elements of mark and text.
    pub notes: Vec<(u32, Element, Element)>,
}

impl Shaped {
    /// Makes the text a part of an element, and each link and footnote an element within it.
    pub fn belong(mut self, element: Element, tags: &mut Tags) -> Self {
        self.tag = element.into();
        self.link_elements = self.links.iter().map(|_| tags.inline(element, Kind::Link)).collect();
        for number in self.atoms.iter().filter_map(|atom| atom.note) {
            if self.notes.last().is_none_or(|(last, ..)| *last != number) {
                let mark = tags.inline(element, Kind::Reference);
                let text = tags.inline(mark, Kind::Note { number });
                self.notes.push((number, mark, text));
            }
        }
        self
    }

    /// Whose part an atom is.
    pub fn tag_of(&self, atom: &Atom) -> Tag {
        let link = atom.link.and_then(|link| self.link_elements.get(link));
        let note = atom
            .note
            .and_then(|number| self.notes.iter().find(|note| note.0 == number));
        match (note, link) {
            (Some((_, mark, _)), _) => Tag::Element(*mark),
            (None, Some(link)) => Tag::Element(*link),
            (None, None) => self.tag,
        }
    }
}

/// Shapes inline content; characters that no font has go to `missing`.
pub fn shape(inlines: &[Inline], style: TextStyle, fonts: &Fonts, theme: &Theme, missing: &mut Missing) -> Shaped {
    let mut shaper = Shaper {
        fonts,
        theme,
        missing,
        out: Shaped::default(),
    };
    shaper.inlines(
        inlines,
        State {
            style,
            link: None,
            boxed: None,
        },
    );
    let mut out = shaper.out;
    mark_breaks(&mut out);
    out
}

/// Shapes plain text.
pub fn shape_text(text: &str, style: TextStyle, fonts: &Fonts, theme: &Theme, missing: &mut Missing) -> Shaped {
    shape(&[Inline::Text(text.to_owned())], style, fonts, theme, missing)
}

#[derive(Clone, Copy)]
struct State {
    style: TextStyle,
    link: Option<usize>,
    boxed: Option<usize>,
}

struct Shaper<'a> {
    fonts: &'a Fonts,
    theme: &'a Theme,
    missing: &'a mut Missing,
    out: Shaped,
}

impl Shaper<'_> {
    fn inlines(&mut self, inlines: &[Inline], state: State) {
        let style = state.style;
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text, state),
                Inline::Strong(inner) => {
                    self.inlines(
                        inner,
                        State {
                            style: TextStyle { bold: true, ..style },
                            ..state
                        },
                    );
                }
                Inline::Emph(inner) => {
                    let color = if style.color == Color::WHITE {
                        style.color
                    } else {
                        self.theme.brand
                    };
                    self.inlines(
                        inner,
                        State {
                            style: TextStyle { color, ..style },
                            ..state
                        },
                    );
                }
                Inline::Code(text) => self.boxed(text, state, self.theme.zebra, style.color, false),
                Inline::Link { target, text } => {
                    self.out.links.push(target.clone());
                    let link = Some(self.out.links.len() - 1);
                    self.inlines(
                        text,
                        State {
                            style: TextStyle {
                                color: self.theme.link,
                                ..style
                            },
                            link,
                            ..state
                        },
                    );
                }
                Inline::Badge { tone, text } => self.badge(*tone, text, state),
                Inline::Note { number, .. } => self.note(*number, state),
                Inline::Break => self.out.atoms.push(margin('\n', Class::Newline, 0.0, state)),
            }
        }
    }

    /// The small raised number of a footnote.
    fn note(&mut self, number: u32, state: State) {
        let from = self.out.atoms.len();
        let style = TextStyle {
            size: state.style.size * 0.64,
            color: self.theme.link,
            ..state.style
        };
        self.text(&number.to_string(), State { style, ..state });
        for atom in &mut self.out.atoms[from..] {
            atom.rise += state.style.size * 0.36;
            atom.note = Some(number);
            atom.class = Class::Other;
        }
    }

    fn badge(&mut self, tone: Tone, text: &str, state: State) {
        let colors = self.theme.tone(tone);
        let style = TextStyle::strong(state.style.size * 0.88, colors.ink);
        self.boxed(text, State { style, ..state }, colors.pale, colors.ink, true);
    }

    fn boxed(&mut self, text: &str, state: State, ground: Color, color: Color, whole: bool) {
        self.out.boxes.push((ground, whole));
        let inner = State {
            style: TextStyle { color, ..state.style },
            boxed: Some(self.out.boxes.len() - 1),
            ..state
        };
        let pad = state.style.size * if whole { 0.34 } else { 0.16 };
        self.out.atoms.push(margin('\0', Class::Other, pad, inner));
        self.text(text, inner);
        self.out.atoms.push(margin('\0', Class::Other, pad, inner));
    }

    fn text(&mut self, text: &str, state: State) {
        let TextStyle { size, bold, color } = state.style;
        let face = Face::of(bold);
        let text = clean(text);
        for ch in text.chars() {
            let glyph = self.fonts.glyph(face, ch);
            if glyph.absent {
                self.missing.add(ch, &text);
            }
            self.out.atoms.push(Atom {
                ch,
                id: glyph.id,
                advance: glyph.advance * size,
                size: glyph.scale * size,
                rise: glyph.rise * size,
                face: glyph.face,
                color,
                class: Class::of(ch),
                link: state.link,
                boxed: state.boxed,
                note: None,
                break_before: false,
            });
        }
    }
}

fn margin(ch: char, class: Class, advance: f32, state: State) -> Atom {
    let State { style, link, boxed } = state;
    Atom {
        ch,
        id: 0,
        advance,
        size: style.size,
        rise: 0.0,
        face: Face::Regular,
        color: style.color,
        class,
        link,
        boxed,
        note: None,
        break_before: false,
    }
}

/// Characters that no line begins with.
pub fn never_first(ch: char) -> bool {
    Class::of(ch) == Class::Close || "…—·,.;:?!)]}%‰℃°²³～￥·％".contains(ch) || ('\u{2080}'..='\u{2089}').contains(&ch)
}

/// Characters that no line ends with.
pub fn never_last(ch: char) -> bool {
    Class::of(ch) == Class::Open || "([{￥$#★".contains(ch)
}

/// Marks where lines may begin: Unicode's rules in their strict form, with the quotation marks read as Chinese ones.
fn mark_breaks(shaped: &mut Shaped) {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    options.word_option = Some(LineBreakWordOption::Normal);
    let text: String = shaped.atoms.iter().filter(|a| a.ch != '\0').map(|a| a.ch).collect();
    let segmenter = LineSegmenter::new_for_non_complex_scripts(options);
    let mut allowed = segmenter.segment_str(&text).peekable();
    let mut at = 0;
    let mut before: Option<Atom> = None;
    // Whether the atom before the last one was a digit: figures hold their groups and units across a space.
    let mut figure = false;
    for index in 0..shaped.atoms.len() {
        let atom = shaped.atoms[index];
        if atom.ch == '\0' {
            // A margin opens its box when the box of what came before is another one.
            let opens = before.is_none_or(|b| b.boxed != atom.boxed);
            let glued = before.is_none_or(|b| never_last(b.ch));
            shaped.atoms[index].break_before = opens && !glued && index > 0;
            (figure, before) = (false, Some(atom));
            continue;
        }
        while allowed.next_if(|&next| next < at).is_some() {}
        let unicode = allowed.peek() == Some(&at);
        at += atom.ch.len_utf8();
        if let Some(prev) = before {
            let whole = atom.boxed.is_some_and(|b| shaped.boxes[b].1);
            let inside = prev.boxed == atom.boxed && (whole || prev.ch == '\0');
            let one = figure && prev.class == Class::Space && atom.ch.is_ascii_alphanumeric();
            shaped.atoms[index].break_before = !inside && !one && atom.note.is_none() && may_break(prev, atom, unicode);
            figure = prev.ch.is_ascii_digit();
        }
        before = Some(atom);
    }
}

fn may_break(prev: Atom, next: Atom, unicode: bool) -> bool {
    let pair = (prev.ch, next.ch);
    if never_last(prev.ch) || never_first(next.ch) || next.class == Class::Space || pair == ('—', '—') {
        return false;
    }
    if prev.ch == '\0' {
        // After a box.
        return true;
    }
    let wide = |class| matches!(class, Class::Han | Class::Close | Class::Open);
    match (prev.class, next.class) {
        // Quotation marks are ambiguous to Unicode; here they are always full-width.
        (a, Class::Open) => wide(a) || a == Class::Space || a == Class::Latin || unicode,
        (Class::Close, b) => b != Class::Space,
        _ => unicode,
    }
}
