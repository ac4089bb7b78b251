//! The table of contents; its page numbers come when the pages are known.

use super::{
    blocks::{Room, Setter, set_lines},
    display::{Link, Target},
    flow::{Flow, Mark, Piece},
    shape::TextStyle,
    tags::Kind,
};
use crate::report::document::{Align, plain_text};

impl Setter<'_> {
    /// A line for each heading down to `depth`.
    pub fn contents(&mut self, title: &str, depth: u8, room: Room, out: &mut Vec<Flow>) {
        let theme = self.theme;
        let contents = self.add(Kind::Contents);
        if !title.is_empty() {
            let style = TextStyle::strong(theme.heading(1), theme.brand);
            let caption = self.tags.add(contents, Kind::Caption);
            let shaped = self.shape_text_in(caption, title, style);
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
            let item = self.tags.add(contents, Kind::ContentsItem);
            let reference = self.tags.add(item, Kind::Reference);
            let link = self.tags.add(reference, Kind::Link);
            let shaped = self.shape_text_in(link, &plain, style);
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
                    element: link,
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
                    element: link,
                });
            }
            out.extend(pieces.into_iter().map(Flow::Piece));
        }
    }
}
