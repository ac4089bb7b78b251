//! Charts on the page.

use super::{
    blocks::{Room, Setter, place_text, set_lines},
    display::Item,
    flow::Piece,
    shape::TextStyle,
    tags::Kind,
};
use crate::report::{
    chart::Chart,
    chart_table,
    document::{Align, Inline, plain_text},
    draw::{Anchor, Shape, draw_with},
};

/// Widest a chart is drawn.
pub const WIDEST: f32 = 440.0;

/// Sets a chart and its caption as one piece; a chart taller than the page shrinks.
pub fn set(setter: &mut Setter, chart: &Chart, caption: &str, alt: &str, room: Room) -> Piece {
    let theme = setter.theme;
    let alt = if alt.trim().is_empty() {
        words(chart, caption)
    } else {
        alt.to_owned()
    };
    // Caption and chart side by side: in the figure, its words would go under in those that stand for the figure.
    let group = setter.add(Kind::Group);
    let figure = setter.tags.add(group, Kind::Figure { alt });
    let drawing = draw_with(chart, room.w.min(WIDEST), theme, setter.fonts);
    let style = TextStyle::plain(theme.small + 0.3, theme.muted);
    let captions = if caption.is_empty() {
        Vec::new()
    } else {
        let element = setter.tags.add(group, Kind::Caption);
        let shaped = setter.shape_text_in(element, caption, style);
        set_lines(&shaped, style.size, 1.5, room, Align::Center, false)
    };
    let most = theme.page.1 - theme.margin_top - theme.margin_bottom - 12.0 - captions.len() as f32 * style.size * 1.5;
    let scale = (most / drawing.height).min(1.0);
    let left = room.x + (room.w - drawing.width * scale) / 2.0;

    let mut piece = Piece {
        before: 12.0,
        after: 14.0,
        height: drawing.height * scale,
        ..Piece::default()
    };
    for shape in drawing.shapes {
        for mut item in items(setter, shape) {
            item.transform(scale, left, 0.0);
            piece.items.push(item.tagged(figure.into()));
        }
    }
    if !captions.is_empty() {
        piece.height += 7.0;
    }
    for caption in captions {
        let y = piece.height;
        piece.items.extend(caption.items.into_iter().map(|mut item| {
            item.transform(1.0, 0.0, y);
            item
        }));
        piece.height += caption.height;
    }
    piece
}

/// A chart read out: every row of its table, each value with the name of its column.
fn words(chart: &Chart, caption: &str) -> String {
    let table = chart_table::table(chart);
    let head: Vec<String> = table.head.iter().map(|cell| plain_text(cell)).collect();
    let row = |cells: &Vec<Vec<Inline>>| {
        let name = cells.first().map_or(String::new(), |cell| plain_text(cell));
        let values = cells.iter().zip(&head).skip(1).filter(|(cell, _)| !cell.is_empty());
        let values = values.map(|(cell, column)| format!("{column} {}", plain_text(cell)));
        format!("{name}：{}", values.collect::<Vec<_>>().join("，"))
    };
    let rows: Vec<String> = table.rows.iter().map(|it| row(&it.cells)).collect();
    let lead = if caption.is_empty() {
        "图表".to_owned()
    } else {
        caption.to_owned()
    };
    format!("{lead}。{}。", rows.join("；"))
}

fn items(setter: &mut Setter, shape: Shape) -> Vec<Item> {
    match shape {
        Shape::Path { segs, fill, stroke } => vec![Item::path(segs, fill, stroke)],
        Shape::Line { from, to, stroke } => vec![Item::line(from, to, stroke)],
        Shape::Rect {
            x,
            y,
            w,
            h,
            radius,
            fill,
            stroke,
        } => vec![Item::rect((x, y, w, h), radius, fill, stroke)],
        Shape::Text {
            x,
            y,
            text,
            size,
            bold,
            color,
            anchor,
        } => {
            let shaped = setter.shape_text(&text, TextStyle { size, bold, color });
            let width = shaped.natural_width();
            let left = match anchor {
                Anchor::Start => x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            place_text(&shaped, left, y).items
        }
    }
}
