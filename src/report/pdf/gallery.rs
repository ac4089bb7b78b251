//! Pictures on the page: rows of equal columns, each picture with its caption.

use super::{
    blocks::{Room, Setter, set_lines},
    display::Item,
    flow::Piece,
    shape::TextStyle,
    tags::Kind,
};
use crate::report::{
    document::{Align, Gallery, Shot},
    draw::Stroke,
    theme::Theme,
};

/// Space between columns.
pub const GAP: f32 = 12.0;
/// Tallest picture of several, as a share of its column's width.
const TALLEST: f32 = 1.1;
/// Widest single picture.
const WIDEST: f32 = 420.0;

/// A piece a row.
pub fn set(setter: &mut Setter, gallery: &Gallery, room: Room) -> Vec<Piece> {
    let columns = usize::from(gallery.columns.clamp(1, 6));
    gallery
        .shots
        .chunks(columns)
        .map(|row| set_row(setter, row, columns, room))
        .collect()
}

/// A picture in words.
fn words(shot: &Shot) -> String {
    let said = [&shot.alt, &shot.caption]
        .into_iter()
        .find(|text| !text.trim().is_empty());
    said.map_or_else(|| "图片".to_owned(), Clone::clone)
}

/// Width and height of the pictures of a row of `columns`, each `width` wide.
pub fn sizes(row: &[Shot], columns: usize, width: f32, theme: &Theme) -> Vec<(f32, f32)> {
    let most = (theme.page.1 - theme.margin_top - theme.margin_bottom) * 0.8;
    row.iter()
        .map(|shot| {
            let (wide, tall) = match columns {
                1 => (width.min(WIDEST).min(shot.picture.width as f32 * 0.75), most),
                _ => (width, width * TALLEST),
            };
            let aspect = shot.picture.aspect().max(0.01);
            let w = wide.min(tall / aspect);
            (w, w * aspect)
        })
        .collect()
}

fn set_row(setter: &mut Setter, row: &[Shot], columns: usize, room: Room) -> Piece {
    let theme = setter.theme;
    let width = (room.w - GAP * (columns as f32 - 1.0)) / columns as f32;
    let style = TextStyle::plain(theme.small, theme.muted);
    let sizes = sizes(row, columns, width, theme);
    let tallest = sizes.iter().map(|size| size.1).fold(0.0, f32::max);
    let mut piece = Piece {
        before: 8.0,
        after: 8.0,
        height: tallest,
        ..Piece::default()
    };
    for (index, (shot, (w, h))) in row.iter().zip(sizes).enumerate() {
        let cell = Room {
            x: room.x + index as f32 * (width + GAP),
            w: width,
        };
        let area = (cell.x + (width - w) / 2.0, tallest - h, w, h);
        let group = setter.add(Kind::Group);
        let figure = setter.tags.add(group, Kind::Figure { alt: words(shot) });
        piece.items.push(Item::Picture {
            picture: shot.picture.clone(),
            area,
            tag: figure.into(),
        });
        let edge = Item::rect(area, 0.0, None, Some(Stroke::solid(theme.hairline, 0.5)));
        piece.items.push(edge.tagged(figure.into()));
        if shot.caption.is_empty() {
            continue;
        }
        let caption = setter.tags.add(group, Kind::Caption);
        let shaped = setter.shape_text_in(caption, &shot.caption, style);
        let mut y = tallest + 5.0;
        for line in set_lines(&shaped, style.size, 1.45, cell, Align::Center, false) {
            piece.items.extend(line.items.into_iter().map(|mut item| {
                item.transform(1.0, 0.0, y);
                item
            }));
            y += line.height;
        }
        piece.height = piece.height.max(y);
    }
    piece
}
