//! Tiles with large figures, and boxes to sign.

use super::{
    blocks::{Room, Setter, set_lines},
    display::Item,
    flow::Piece,
    shape::{Shaped, TextStyle},
    tags::{Element, Kind},
};
use crate::report::{
    document::{Align, SignBox, Tile},
    draw::Stroke,
};

/// Space between tiles and between boxes.
pub const GAP: f32 = 10.0;
const PAD: f32 = 11.0;

/// Rows of at most four tiles.
pub fn tiles(setter: &mut Setter, tiles: &[Tile], room: Room) -> Vec<Piece> {
    if tiles.is_empty() {
        return Vec::new();
    }
    let columns = tile_columns(tiles.len());
    let list = setter.add(Kind::List { numbered: false });
    let rows = tiles
        .chunks(columns)
        .map(|row| tile_row(setter, list, row, columns.max(2), room));
    spaced(rows.collect())
}

/// How many tiles stand side by side.
pub fn tile_columns(count: usize) -> usize {
    match count {
        0..=4 => count.max(1),
        5 | 6 | 9 => 3,
        _ => 4,
    }
}

fn spaced(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let count = pieces.len();
    for (index, piece) in pieces.iter_mut().enumerate() {
        piece.before = if index == 0 { 10.0 } else { GAP };
        piece.after = if index + 1 == count { 12.0 } else { GAP };
    }
    pieces
}

/// The element of something in a list that stands side by side with others.
pub fn list_item(setter: &mut Setter, list: Element) -> Element {
    let item = setter.tags.add(list, Kind::Item);
    setter.tags.add(item, Kind::Body)
}

fn tile_row(setter: &mut Setter, list: Element, row: &[Tile], columns: usize, room: Room) -> Piece {
    let theme = setter.theme;
    let width = (room.w - GAP * (columns as f32 - 1.0)) / columns as f32;
    let mut piece = Piece::default();
    let mut texts = Vec::new();
    for (index, tile) in row.iter().enumerate() {
        let colors = theme.tone(tile.tone);
        let column = Room {
            x: room.x + index as f32 * (width + GAP) + PAD + 1.0,
            w: width - 2.0 * PAD,
        };
        let body = list_item(setter, list);
        let mut y = 10.0;
        let label = TextStyle::plain(theme.small, theme.muted);
        y = stack(setter, body, &mut texts, &tile.label, label, 1.45, column, y);
        let value = fitting(setter, body, &tile.value, TextStyle::strong(21.0, colors.ink), column.w);
        let lines = value.0.lines(column.w).len();
        let height = if lines > 1 { value.1 * 1.35 } else { 30.0 };
        for line in set_lines(&value.0, value.1, height / value.1, column, Align::Left, false) {
            texts.push((line, y));
            y += height;
        }
        let note = TextStyle::plain(theme.small - 0.3, theme.muted);
        y = stack(setter, body, &mut texts, &tile.note, note, 1.45, column, y);
        piece.height = piece.height.max(y + 9.0);
    }
    for (index, tile) in row.iter().enumerate() {
        let colors = theme.tone(tile.tone);
        let x = room.x + index as f32 * (width + GAP);
        piece
            .items
            .push(Item::rect((x, 0.0, width, piece.height), 4.0, Some(colors.pale), None));
        piece.items.push(Item::rect(
            (x, 4.0, 2.6, piece.height - 8.0),
            1.3,
            Some(colors.fill),
            None,
        ));
    }
    for (line, y) in texts {
        piece.items.extend(moved(line.items, y));
    }
    piece
}

/// A paragraph of `parent` at the largest size, no larger than asked for, at which it fits in one line; at least two
/// fifths of it.
pub fn fitting(setter: &mut Setter, parent: Element, text: &str, style: TextStyle, room: f32) -> (Shaped, f32) {
    let width = setter.shape_text(text, style).natural_width();
    let size = if width > room {
        (style.size * room / width * 0.99).max(style.size * 0.4)
    } else {
        style.size
    };
    let element = setter.tags.add(parent, Kind::Paragraph);
    (setter.shape_text_in(element, text, TextStyle { size, ..style }), size)
}

/// A paragraph of `parent` below the others; where the next one begins.
#[expect(clippy::too_many_arguments, reason = "one place of text, said in full")]
fn stack(
    setter: &mut Setter,
    parent: Element,
    out: &mut Vec<(Piece, f32)>,
    text: &str,
    style: TextStyle,
    leading: f32,
    room: Room,
    mut y: f32,
) -> f32 {
    if text.is_empty() {
        return y;
    }
    let element = setter.tags.add(parent, Kind::Paragraph);
    let shaped = setter.shape_text_in(element, text, style);
    for line in set_lines(&shaped, style.size, leading, room, Align::Left, false) {
        let height = line.height;
        out.push((line, y));
        y += height;
    }
    y
}

/// Items moved down.
pub fn moved(items: Vec<Item>, dy: f32) -> impl Iterator<Item = Item> {
    items.into_iter().map(move |mut item| {
        item.transform(1.0, 0.0, dy);
        item
    })
}

/// Rows of at most three boxes to sign.
pub fn signature(setter: &mut Setter, boxes: &[SignBox], room: Room) -> Vec<Piece> {
    if boxes.is_empty() {
        return Vec::new();
    }
    let columns = sign_columns(boxes.len());
    let group = setter.add(Kind::Group);
    let rows = boxes
        .chunks(columns)
        .map(|row| sign_row(setter, group, row, columns, room));
    spaced(rows.collect())
}

/// How many boxes to sign stand side by side.
pub fn sign_columns(count: usize) -> usize {
    match count {
        0 | 1 | 2 | 4 => 2,
        _ => 3,
    }
}

fn sign_row(setter: &mut Setter, group: Element, row: &[SignBox], columns: usize, room: Room) -> Piece {
    let theme = setter.theme;
    let width = (room.w - GAP * (columns as f32 - 1.0)) / columns as f32;
    let style = TextStyle::strong(theme.body, theme.brand);
    let inner = |index: usize| Room {
        x: room.x + index as f32 * (width + GAP) + PAD,
        w: width - 2.0 * PAD,
    };
    let mut titles = Vec::new();
    for (index, sign) in row.iter().enumerate() {
        let party = setter.tags.add(group, Kind::Group);
        let title = setter.tags.add(party, Kind::Paragraph);
        let shaped = setter.shape_text_in(title, &sign.title, style);
        let lines = set_lines(&shaped, style.size, 1.5, inner(index), Align::Left, false);
        titles.push((party, lines));
    }
    let tallest = titles.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1).max(1);
    let head = tallest as f32 * style.size * 1.5 + 10.0;
    let mut piece = Piece::default();
    let mut texts = Vec::new();
    for (index, (sign, (party, title))) in row.iter().zip(titles).enumerate() {
        let column = inner(index);
        let mut y = 5.0;
        for line in title {
            texts.extend(moved(line.items, y));
            y += line.height;
        }
        let style = TextStyle::plain(theme.table, theme.ink);
        let mut y = head + 8.0;
        for label in &sign.lines {
            let element = setter.tags.add(party, Kind::Paragraph);
            let shaped = setter.shape_text_in(element, &format!("{}：", label.trim_end_matches(['：', ':'])), style);
            let lines = set_lines(&shaped, style.size, 1.5, column, Align::Left, false);
            let last = shaped
                .lines(column.w)
                .last()
                .map_or(0.0, |line| shaped.width(line.from, line.to));
            y += 12.0;
            for line in lines {
                let height = line.height;
                texts.extend(moved(line.items, y));
                y += height;
            }
            // A label that leaves no room to write gets its line below.
            let mut from = column.x + last + 4.0;
            if column.x + column.w - from < 46.0 {
                from = column.x;
                y += 17.0;
            }
            let rule = Stroke::solid(theme.muted.tint(0.35), 0.6);
            texts.push(Item::line((from, y - 1.0), (column.x + column.w, y - 1.0), rule));
        }
        // Room for a seal.
        piece.height = piece.height.max(y + 40.0);
    }
    for index in 0..row.len() {
        let x = room.x + index as f32 * (width + GAP);
        let outline = Stroke::solid(theme.hairline, 0.8);
        piece
            .items
            .push(Item::rect((x, 0.0, width, head), 3.0, Some(theme.brand_pale), None));
        piece
            .items
            .push(Item::rect((x, 0.0, width, piece.height), 3.0, None, Some(outline)));
    }
    piece.items.extend(texts);
    piece
}
