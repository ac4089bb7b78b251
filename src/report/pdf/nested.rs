//! Blocks that hold blocks: lists and callouts.

use super::{
    blocks::{Room, Setter, baseline, place_text},
    display::Item,
    flow::{Flow, Frame, Piece},
    shape::TextStyle,
    tags::{Element, Kind},
};
use crate::report::document::{Block, Inline, Tone};

/// Indent of list items.
const INDENT: f32 = 18.0;
/// Space between the edge of a callout and its text.
const CALLOUT_PAD: f32 = 13.0;

impl Setter<'_> {
    /// Items under one another, each with its bullet or number.
    pub fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], room: Room, out: &mut Vec<Flow>) {
        let widest = start.map_or(0, |start| start.saturating_add(items.len() as u64).to_string().len());
        let indent = INDENT + (widest.saturating_sub(2) as f32) * 6.0;
        let numbered = start.is_some();
        let list = self.add(Kind::List { numbered });
        for (index, item) in items.iter().enumerate() {
            let entry = self.tags.add(list, Kind::Item);
            let label = self.tags.add(entry, Kind::Label);
            let body = self.tags.add(entry, Kind::Body);
            let mut flows = self.inside(body, |setter| setter.blocks(item, room.inset(indent, 0.0)));
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
                    let number = start.map(|s| s.saturating_add(index as u64));
                    self.marker(number, label, piece, room.x, indent);
                    piece.before = if index == 0 {
                        piece.before
                    } else {
                        piece.before.min(3.0)
                    };
                }
                if place > 0 {
                    piece.before = piece.before.min(4.0);
                }
                if place + 1 < count {
                    piece.after = piece.after.min(4.0);
                }
                if place + 1 == count && index + 1 < items.len() {
                    piece.after = piece.after.min(3.0);
                }
            }
            out.extend(flows);
        }
    }

    fn marker(&mut self, number: Option<u64>, label: Element, piece: &mut Piece, x: f32, indent: f32) {
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
                let shaped = self.shape_text_in(label, &format!("{number}."), style);
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

    /// A box with a bar, as many pages long as it must be.
    pub fn callout(&mut self, tone: Tone, title: &str, body: &[Block], room: Room, out: &mut Vec<Flow>) {
        let colors = self.theme.tone(tone);
        self.frames.push(Frame {
            x: room.x,
            w: room.w,
            fill: colors.pale,
            bar: Some(colors.fill),
        });
        let frame = self.frames.len() - 1;
        let inner = room.inset(CALLOUT_PAD + 2.0, CALLOUT_PAD);
        let aside = self.add(Kind::Aside);
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
            let title = [Inline::Text(title.to_owned())];
            let leading = self.theme.leading;
            let pieces = self.inside(aside, |setter| setter.paragraph(&title, style, leading, inner));
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
            .inside(aside, |setter| setter.blocks(body, inner))
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
