//! Blocks → pieces: headings, paragraphs, lists, callouts; the larger blocks have files of their own.

use std::collections::HashMap;

use super::{
    cover,
    display::{Item, Link},
    figure,
    flow::{Flow, Frame, Mark, Piece},
    fonts::Fonts,
    gallery,
    lines::Placed,
    missing::Missing,
    seal,
    shape::{Shaped, TextStyle, shape, shape_text},
    table,
    tags::{Element, Kind, Tags},
    widgets,
};
use crate::report::{
    document::{Align, Block, Inline, headings, plain_text},
    draw::Stroke,
    theme::Theme,
};

/// Space between paragraphs.
const PARAGRAPH_GAP: f32 = 7.0;
/// No text column gets narrower than this, however deep it is nested.
const LEAST_ROOM: f32 = 90.0;

/// A column of text.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Left edge.
    pub x: f32,
    /// Width.
    pub w: f32,
}

impl Room {
    /// The column without `left` and `right`.
    pub fn inset(self, left: f32, right: f32) -> Self {
        if self.w - left - right < LEAST_ROOM {
            return Self {
                x: self.x + self.w - self.w.max(LEAST_ROOM),
                w: self.w.max(LEAST_ROOM),
            };
        }
        Self {
            x: self.x + left,
            w: self.w - left - right,
        }
    }
}

/// Turns blocks into pieces.
pub struct Setter<'a> {
    /// Fonts.
    pub fonts: &'a Fonts,
    /// Look.
    pub theme: &'a Theme,
    /// Characters without a glyph.
    pub missing: Missing,
    /// Boxes behind pieces.
    pub frames: Vec<Frame>,
    /// Headings of the document, for the contents: id, level, text.
    pub headings: Vec<(String, u8, Vec<Inline>)>,
    /// The logical structure.
    pub tags: Tags,
    /// Elements of the footnotes by number.
    pub notes: HashMap<u32, Element>,
    /// The element that blocks go into.
    pub parent: Element,
    /// Open sections, the outermost first, by the level of their headings; `None` inside of other blocks, where a
    /// heading opens none.
    sections: Option<Vec<(u8, Element)>>,
    /// Level of the last heading's element.
    last_level: u8,
}

impl<'a> Setter<'a> {
    /// A setter for the given blocks.
    pub fn new(blocks: &[Block], fonts: &'a Fonts, theme: &'a Theme) -> Self {
        let own = |(id, level, text): (&str, u8, &[Inline])| (id.to_owned(), level, text.to_vec());
        let headings = headings(blocks).into_iter().map(own).collect();
        Self {
            fonts,
            theme,
            missing: Missing::default(),
            frames: Vec::new(),
            headings,
            tags: Tags::default(),
            notes: HashMap::new(),
            parent: Tags::ROOT,
            sections: Some(Vec::new()),
            last_level: 0,
        }
    }

    /// A new last element of the one that blocks go into.
    pub fn add(&mut self, kind: Kind) -> Element {
        self.tags.add(self.parent, kind)
    }

    /// Lays something out whose blocks go into `element`.
    pub fn inside<T>(&mut self, element: Element, set: impl FnOnce(&mut Self) -> T) -> T {
        let outer = (std::mem::replace(&mut self.parent, element), self.sections.take());
        let out = set(self);
        (self.parent, self.sections) = outer;
        out
    }

    /// The style of running text.
    pub fn body(&self) -> TextStyle {
        TextStyle::plain(self.theme.body, self.theme.ink)
    }

    /// Shapes inlines.
    pub fn shape(&mut self, inlines: &[Inline], style: TextStyle) -> Shaped {
        shape(inlines, style, self.fonts, self.theme, &mut self.missing)
    }

    /// Shapes inlines that are the text of `element`.
    pub fn shape_in(&mut self, element: Element, inlines: &[Inline], style: TextStyle) -> Shaped {
        let shaped = self.shape(inlines, style).belong(element, &mut self.tags);
        for (number, _, text) in &shaped.notes {
            self.notes.entry(*number).or_insert(*text);
        }
        shaped
    }

    /// Shapes plain text that is the text of `element`.
    pub fn shape_text_in(&mut self, element: Element, text: &str, style: TextStyle) -> Shaped {
        self.shape_text(text, style).belong(element, &mut self.tags)
    }

    /// Shapes plain text.
    pub fn shape_text(&mut self, text: &str, style: TextStyle) -> Shaped {
        shape_text(text, style, self.fonts, self.theme, &mut self.missing)
    }

    /// Lays blocks out in a column.
    pub fn blocks(&mut self, blocks: &[Block], room: Room) -> Vec<Flow> {
        let mut out = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            self.block(block, room, &mut out);
            // A line that announces what follows, and what is to be signed, stay with it.
            let announces =
                matches!(block, Block::Paragraph(text) if plain_text(text).trim_end().ends_with(['：', ':']));
            let signed = matches!(blocks.get(index + 1), Some(Block::Signature(_) | Block::Seal(_)));
            if (announces || signed)
                && index + 1 < blocks.len()
                && let Some(Flow::Piece(last)) = out.last_mut()
            {
                last.keep = true;
            }
        }
        out
    }

    fn block(&mut self, block: &Block, room: Room, out: &mut Vec<Flow>) {
        match block {
            Block::Cover(cover) => out.push(Flow::Whole(cover::set(self, cover))),
            Block::PageBreak => out.push(Flow::Break),
            Block::Toc { title, depth } => self.contents(title, *depth, room, out),
            Block::Heading { level, id, text } => out.extend(self.heading(*level, id, text, room)),
            Block::Paragraph(inlines) => {
                let style = self.body();
                let leading = self.theme.leading;
                out.extend(
                    self.paragraph(inlines, style, leading, room)
                        .into_iter()
                        .map(Flow::Piece),
                );
            }
            Block::List { start, items } => self.list(*start, items, room, out),
            Block::Table(table) => out.extend(table::set(self, table, room).into_iter().map(Flow::Piece)),
            Block::Figure { chart, caption, alt } => {
                out.push(Flow::Piece(figure::set(self, chart, caption, alt, room)));
            }
            Block::Pictures(gallery) => out.extend(gallery::set(self, gallery, room).into_iter().map(Flow::Piece)),
            Block::Callout { tone, title, body } => self.callout(*tone, title, body, room, out),
            Block::Tiles(tiles) => out.extend(widgets::tiles(self, tiles, room).into_iter().map(Flow::Piece)),
            Block::Signature(boxes) => out.extend(widgets::signature(self, boxes, room).into_iter().map(Flow::Piece)),
            Block::Seal(seal) => out.push(Flow::Piece(seal::set(self, seal, room))),
            Block::Rule => {
                let line = Item::line(
                    (room.x, 0.0),
                    (room.x + room.w, 0.0),
                    Stroke::solid(self.theme.hairline, 0.8),
                );
                let piece = Piece {
                    height: 1.0,
                    before: 12.0,
                    after: 12.0,
                    items: vec![line],
                    ..Piece::default()
                };
                out.push(Flow::Piece(piece));
            }
        }
    }

    /// Text as one piece a line; two lines stay together at both ends.
    pub fn paragraph(&mut self, inlines: &[Inline], style: TextStyle, leading: f32, room: Room) -> Vec<Piece> {
        let element = self.add(Kind::Paragraph);
        let shaped = self.shape_in(element, inlines, style);
        let mut pieces = set_lines(&shaped, style.size, leading, room, Align::Left, true);
        let count = pieces.len();
        for (index, piece) in pieces.iter_mut().enumerate() {
            piece.keep = count > 1 && (index == 0 || index + 2 == count);
        }
        if let Some(first) = pieces.first_mut() {
            first.before = PARAGRAPH_GAP;
        }
        if let Some(last) = pieces.last_mut() {
            last.after = PARAGRAPH_GAP;
        }
        pieces
    }

    fn heading(&mut self, level: u8, id: &str, text: &[Inline], room: Room) -> Vec<Flow> {
        let theme = self.theme;
        let color = if level <= 2 { theme.brand } else { theme.ink };
        let style = TextStyle {
            size: theme.heading(level),
            bold: true,
            color,
        };
        let element = self.heading_element(level.max(1), text);
        let shaped = self.shape_in(element, text, style);
        let mut pieces = set_lines(&shaped, style.size, 1.36, room, Align::Left, false);
        let (before, after) = match level {
            0 | 1 => (30.0, 13.0),
            2 => (22.0, 8.0),
            3 => (16.0, 6.0),
            _ => (12.0, 5.0),
        };
        for piece in &mut pieces {
            piece.keep = true;
        }
        if let Some(first) = pieces.first_mut() {
            first.before = before;
            let title = plain_text(text).replace('\n', " ");
            first.marks.push(Mark::Heading {
                id: id.to_owned(),
                level: level.max(1),
                title,
            });
        }
        if let Some(last) = pieces.last_mut() {
            if level <= 1 {
                let y = last.height + 5.0;
                let rule = Stroke::solid(theme.hairline, 0.7);
                last.items.push(Item::line((room.x, y), (room.x + room.w, y), rule));
                last.items.push(Item::line(
                    (room.x, y),
                    (room.x + 42.0, y),
                    Stroke::solid(theme.brand, 1.8),
                ));
                last.height += 6.0;
            }
            last.after = after;
        }
        pieces.into_iter().map(Flow::Piece).collect()
    }

    /// The element of a heading, at the top of the document in a section of its own. Its level follows the one before
    /// without a gap, whatever the author wrote.
    fn heading_element(&mut self, level: u8, text: &[Inline]) -> Element {
        if let Some(open) = &mut self.sections {
            while open.last().is_some_and(|(outer, _)| *outer >= level) {
                open.pop();
            }
            let parent = open.last().map_or(Tags::ROOT, |(_, section)| *section);
            self.parent = self.tags.add(parent, Kind::Section);
            open.push((level, self.parent));
        }
        let level = level.min(self.last_level + 1).min(6);
        // One without words is not there for whoever goes by the structure.
        if !plain_text(text).trim().is_empty() {
            self.last_level = level;
        }
        self.add(Kind::Heading(level))
    }
}

/// Baseline of a line of text within its height.
pub fn baseline(size: f32, height: f32) -> f32 {
    height / 2.0 + size * 0.375
}

/// Lines of shaped text as pieces.
pub fn set_lines(shaped: &Shaped, size: f32, leading: f32, room: Room, align: Align, justify: bool) -> Vec<Piece> {
    let height = size * leading;
    let base = baseline(size, height);
    let set = |line| {
        let Placed { mut items, mut links } = shaped.place(line, room.w, align, justify);
        move_all(&mut items, &mut links, room.x, base);
        Piece {
            height,
            baseline: base,
            items,
            links,
            ..Piece::default()
        }
    };
    shaped.lines(room.w).into_iter().map(set).collect()
}

/// One line of text from a point.
pub fn place_text(shaped: &Shaped, x: f32, y: f32) -> Placed {
    let line = super::lines::Line {
        from: 0,
        to: shaped.atoms.len(),
        last: true,
    };
    let mut placed = shaped.place(line, 0.0, Align::Left, false);
    move_all(&mut placed.items, &mut placed.links, x, y);
    placed
}

/// Moves items and links.
pub fn move_all(items: &mut [Item], links: &mut [Link], dx: f32, dy: f32) {
    for item in items {
        item.transform(1.0, dx, dy);
    }
    for link in links {
        link.area.0 += dx;
        link.area.1 += dy;
    }
}
