//! The code by which a report can be checked, drawn as squares and written out.

use super::{
    blocks::{Room, Setter, set_lines},
    display::Item,
    flow::Piece,
    shape::TextStyle,
    tags::Kind,
    widgets::moved,
};
use crate::report::{
    document::{Align, Seal},
    draw::Stroke,
    qr,
    theme::Color,
};

/// Side of the QR code with its quiet zone: a module is about half a millimetre, which any telephone reads.
pub const SIDE: f32 = 92.0;
const PAD: f32 = 8.0;

/// The code in a box that stays together.
pub fn set(setter: &mut Setter, seal: &Seal, room: Room) -> Piece {
    let theme = setter.theme;
    let group = setter.add(Kind::Group);
    let code = qr::path(&seal.text(), SIDE);
    let figure = code.is_some().then(|| {
        let alt = seal.alt();
        setter.tags.add(group, Kind::Figure { alt })
    });
    let left = if code.is_some() { SIDE + PAD } else { 0.0 };
    let column = room.inset(PAD + left, 2.0 * PAD);
    let mut y = PAD + 5.0;
    let texts = [
        (seal.title(), TextStyle::strong(theme.table, theme.brand), 1.6),
        (
            seal.groups().join(" "),
            TextStyle::strong(theme.body + 0.5, theme.ink),
            1.7,
        ),
        (seal.say.clone(), TextStyle::plain(theme.small, theme.muted), 1.55),
    ];
    let mut items = Vec::new();
    for (text, style, leading) in texts.iter().filter(|(text, ..)| !text.is_empty()) {
        let element = setter.tags.add(group, Kind::Paragraph);
        let shaped = setter.shape_text_in(element, text, *style);
        for line in set_lines(&shaped, style.size, *leading, column, Align::Left, false) {
            items.extend(moved(line.items, y));
            y += line.height;
        }
        y += 3.0;
    }
    let mut piece = Piece {
        before: 12.0,
        after: 12.0,
        height: (y + PAD).max(left),
        ..Piece::default()
    };
    let outline = Stroke::solid(theme.hairline, 0.8);
    let frame = (room.x, 0.0, room.w, piece.height);
    piece
        .items
        .push(Item::rect(frame, 3.0, Some(Color::WHITE), Some(outline)));
    if let (Some(segs), Some(figure)) = (code, figure) {
        // Black whatever the theme: cameras want it so.
        let mut squares = Item::path(segs, Some(Color(0, 0, 0)), None).tagged(figure.into());
        squares.transform(1.0, room.x + PAD / 2.0, (piece.height - SIDE) / 2.0);
        piece.items.push(squares);
    }
    piece.items.extend(items);
    piece
}
