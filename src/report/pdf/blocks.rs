//! Blocks → pieces: headings, paragraphs, lists, callouts; the larger blocks have files of their own.

use std::collections::HashSet;

use super::{
    cover,
    display::{Item, Link, Target},
    figure,
    flow::{Flow, Frame, Mark, Piece},
    fonts::Fonts,
    lines::Placed,
    missing::Missing,
    shape::{Shaped, TextStyle, shape, shape_text},
    table, widgets,
};
use crate::report::{
    document::{Align, Block, Inline, Tone, plain_text},
    draw::Stroke,
    theme::Theme,
};

/// Space between paragraphs.
const PARAGRAPH_GAP: f32 = 7.0;
/// Indent of list items.
const INDENT: f32 = 18.0;
/// Space between the edge of a callout and its text.
const CALLOUT_PAD: f32 = 13.0;
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
}

impl<'a> Setter<'a> {
    /// A setter for the given blocks.
    pub fn new(blocks: &[Block], fonts: &'a Fonts, theme: &'a Theme) -> Self {
        let mut headings = Vec::new();
        collect(blocks, &mut headings, &mut HashSet::new());
        Self {
            fonts,
            theme,
            missing: Missing::default(),
            frames: Vec::new(),
            headings,
        }
    }

    /// The style of running text.
    pub fn body(&self) -> TextStyle {
        TextStyle {
            size: self.theme.body,
            bold: false,
            color: self.theme.ink,
        }
    }

    /// Shapes inlines.
    pub fn shape(&mut self, inlines: &[Inline], style: TextStyle) -> Shaped {
        shape(inlines, style, self.fonts, self.theme, &mut self.missing)
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
            let signed = matches!(blocks.get(index + 1), Some(Block::Signature(_)));
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
            Block::Figure { chart, caption, .. } => {
                out.push(Flow::Piece(figure::set(self, chart, caption, room)));
            }
            Block::Callout { tone, title, body } => self.callout(*tone, title, body, room, out),
            Block::Tiles(tiles) => out.extend(widgets::tiles(self, tiles, room).into_iter().map(Flow::Piece)),
            Block::Signature(boxes) => out.extend(widgets::signature(self, boxes, room).into_iter().map(Flow::Piece)),
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
        let shaped = self.shape(inlines, style);
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
        let shaped = self.shape(text, style);
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

    fn contents(&mut self, title: &str, depth: u8, room: Room, out: &mut Vec<Flow>) {
        let theme = self.theme;
        if !title.is_empty() {
            let style = TextStyle {
                size: theme.heading(1),
                bold: true,
                color: theme.brand,
            };
            let shaped = self.shape_text(title, style);
            let mut pieces = set_lines(&shaped, style.size, 1.36, room, Align::Left, false);
            if let Some(last) = pieces.last_mut() {
                last.after = 14.0;
            }
            out.extend(
                pieces
                    .into_iter()
                    .map(|piece| Flow::Piece(Piece { keep: true, ..piece })),
            );
        }
        for (id, level, text) in self.headings.clone() {
            if level > depth.max(1) {
                continue;
            }
            let chapter = level <= 1;
            let color = if chapter { theme.brand } else { theme.ink };
            let style = TextStyle {
                size: theme.body,
                bold: chapter,
                color,
            };
            let indent = 18.0 * f32::from(level.saturating_sub(1));
            let column = room.inset(indent, 40.0);
            let plain = plain_text(&text).replace('\n', " ");
            let shaped = self.shape_text(&plain, style);
            let mut pieces = set_lines(&shaped, style.size, 1.62, column, Align::Left, false);
            let last_line = shaped
                .lines(column.w)
                .last()
                .map_or(0.0, |line| shaped.width(line.from, line.to));
            for piece in &mut pieces {
                piece.keep = true;
                let area = (column.x, 0.0, room.x + room.w - column.x, piece.height);
                piece.links.push(Link {
                    area,
                    target: Target::Anchor(id.clone()),
                });
            }
            if let Some(first) = pieces.first_mut() {
                first.before = if chapter { 7.0 } else { 0.0 };
            }
            if let Some(last) = pieces.last_mut() {
                last.keep = false;
                let from = column.x + last_line + 6.0;
                let to = room.x + room.w;
                let baseline = last.baseline;
                last.marks.push(Mark::Contents {
                    id: id.clone(),
                    from,
                    to,
                    baseline,
                    chapter,
                });
            }
            out.extend(pieces.into_iter().map(Flow::Piece));
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], room: Room, out: &mut Vec<Flow>) {
        let widest = start.map_or(0, |start| start.saturating_add(items.len() as u64).to_string().len());
        let indent = INDENT + (widest.saturating_sub(2) as f32) * 6.0;
        for (index, item) in items.iter().enumerate() {
            let mut flows = self.blocks(item, room.inset(indent, 0.0));
            if !matches!(flows.first(), Some(Flow::Piece(_))) {
                let style = self.body();
                let height = style.size * self.theme.leading;
                let piece = Piece {
                    height,
                    baseline: baseline(style.size, height),
                    ..Piece::default()
                };
                flows.insert(0, Flow::Piece(piece));
            }
            let count = flows.len();
            for (place, flow) in flows.iter_mut().enumerate() {
                let Flow::Piece(piece) = flow else { continue };
                // Items stand closer to one another than paragraphs do; the list as a whole keeps its distance.
                if place == 0 {
                    self.marker(start.map(|s| s.saturating_add(index as u64)), piece, room.x, indent);
                    piece.before = if index == 0 {
                        piece.before
                    } else {
                        piece.before.min(3.0)
                    };
                }
                if place + 1 == count && index + 1 < items.len() {
                    piece.after = piece.after.min(3.0);
                }
            }
            out.extend(flows);
        }
    }

    fn marker(&mut self, number: Option<u64>, piece: &mut Piece, x: f32, indent: f32) {
        let style = TextStyle {
            color: self.theme.brand,
            bold: true,
            ..self.body()
        };
        let baseline = if piece.baseline > 0.0 {
            piece.baseline
        } else {
            style.size
        };
        match number {
            Some(number) => {
                let shaped = self.shape_text(&format!("{number}."), style);
                let left = x + indent - 5.0 - shaped.natural_width();
                piece.items.splice(0..0, place_text(&shaped, left, baseline).items);
            }
            None => {
                let r = 1.7;
                let (cx, cy) = (x + indent - 10.0, baseline - style.size * 0.36);
                let dot = Item::rect((cx - r, cy - r, 2.0 * r, 2.0 * r), r, Some(self.theme.brand), None);
                piece.items.insert(0, dot);
            }
        }
    }

    fn callout(&mut self, tone: Tone, title: &str, body: &[Block], room: Room, out: &mut Vec<Flow>) {
        let colors = self.theme.tone(tone);
        self.frames.push(Frame {
            x: room.x,
            w: room.w,
            fill: colors.pale,
            bar: Some(colors.fill),
        });
        let frame = self.frames.len() - 1;
        let inner = room.inset(CALLOUT_PAD + 2.0, CALLOUT_PAD);
        let pad = |before: f32, after: f32, keep: bool| {
            Flow::Piece(Piece {
                height: 9.0,
                before,
                after,
                keep,
                ..Piece::default()
            })
        };
        let mut flows = vec![pad(10.0, 0.0, true)];
        if !title.is_empty() {
            let style = TextStyle {
                bold: true,
                color: colors.ink,
                ..self.body()
            };
            let pieces = self.paragraph(&[Inline::Text(title.to_owned())], style, self.theme.leading, inner);
            flows.extend(pieces.into_iter().map(|piece| {
                Flow::Piece(Piece {
                    before: 0.0,
                    after: 3.0,
                    keep: true,
                    ..piece
                })
            }));
        }
        let mut inside: Vec<_> = self
            .blocks(body, inner)
            .into_iter()
            .filter(|flow| matches!(flow, Flow::Piece(_)))
            .collect();
        if let Some(Flow::Piece(first)) = inside.first_mut() {
            first.before = 0.0;
        }
        if let Some(Flow::Piece(last)) = inside.last_mut() {
            last.after = 0.0;
            last.keep = true;
        }
        flows.extend(inside);
        flows.push(pad(0.0, 10.0, false));
        for flow in &mut flows {
            if let Flow::Piece(piece) = flow {
                piece.boxes.insert(0, frame);
            }
        }
        out.extend(flows);
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

/// Headings in reading order, wherever they stand.
fn collect(blocks: &[Block], out: &mut Vec<(String, u8, Vec<Inline>)>, seen: &mut HashSet<String>) {
    for block in blocks {
        match block {
            Block::Heading { level, id, text } if seen.insert(id.clone()) => {
                out.push((id.clone(), *level, text.clone()));
            }
            Block::List { items, .. } => items.iter().for_each(|item| collect(item, out, seen)),
            Block::Callout { body, .. } => collect(body, out, seen),
            _ => {}
        }
    }
}
