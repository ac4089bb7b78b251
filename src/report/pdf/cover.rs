//! The cover page.

use super::{
    blocks::{Room, Setter, set_lines},
    display::Item,
    shape::TextStyle,
    tags::{Element, Kind, Scope},
    widgets::{fitting, list_item, moved},
};
use crate::report::{
    document::{Align, Cover, GradeBadge},
    draw::Stroke,
    picture::Picture,
};

/// Left and right margin.
const LEFT: f32 = 74.0;
/// Largest logo.
pub const LOGO: (f32, f32) = (190.0, 46.0);
/// Below the last line.
const FOOT: f32 = 76.0;

/// Draws the cover; what does not fit on one page makes all of it smaller.
pub fn set(setter: &mut Setter, cover: &Cover) -> Vec<Item> {
    let theme = setter.theme;
    let (width, height) = theme.page;
    let mut scale = 1.0;
    let before = setter.tags.nodes.len();
    loop {
        setter.tags.rewind(before);
        // Smaller type on the same page is type of the same size on a larger page.
        let room = Room {
            x: LEFT / scale,
            w: (width - 2.0 * LEFT) / scale,
        };
        let (mut items, used) = compose(setter, cover, room, (height - FOOT) / scale);
        let fits = used <= (height - FOOT) / scale + 1.0;
        if fits || scale < 0.45 {
            let scale = if fits { scale } else { (height - FOOT) / used };
            for item in &mut items {
                item.transform(scale, 0.0, 0.0);
            }
            items.insert(0, Item::rect((0.0, 0.0, 16.0, height), 0.0, Some(theme.brand), None));
            return items;
        }
        scale -= 0.08;
    }
}

/// The cover in a column down to `foot`: what is drawn, and how far down it reaches.
fn compose(setter: &mut Setter, cover: &Cover, room: Room, foot: f32) -> (Vec<Item>, f32) {
    let theme = setter.theme;
    let section = setter.add(Kind::Section);
    let mut upper = Column {
        items: Vec::new(),
        y: 128.0,
    };
    if let Some(logo) = &cover.logo {
        let (w, h) = within(logo, LOGO);
        let alt = "徽标".to_owned();
        let figure = setter.tags.add(section, Kind::Figure { alt });
        upper.items.push(Item::Picture {
            picture: logo.clone(),
            area: (room.x, 96.0 - h / 2.0, w, h),
            tag: figure.into(),
        });
        upper.y += 20.0;
    }
    let kicker = setter.tags.add(section, Kind::Paragraph);
    let style = TextStyle::plain(12.0, theme.muted);
    upper.text(setter, kicker, &cover.kicker, style, 1.5, room);
    upper.y += 8.0;
    let title = setter.tags.add(section, Kind::Title);
    let style = TextStyle::strong(31.0, theme.brand);
    upper.text(setter, title, &cover.title, style, 1.3, room);
    upper.y += 12.0;
    upper.items.push(Item::line(
        (room.x, upper.y),
        (room.x + 54.0, upper.y),
        Stroke::solid(theme.brand, 3.0),
    ));
    upper.y += 16.0;
    let subtitle = setter.tags.add(section, Kind::Paragraph);
    let style = TextStyle::plain(16.0, theme.ink);
    upper.text(setter, subtitle, &cover.subtitle, style, 1.5, room);
    upper.y += 26.0;
    let columns = badge_columns(cover.badges.len());
    let list = setter.tags.add(section, Kind::List { numbered: false });
    for row in cover.badges.chunks(columns) {
        badges(setter, list, &mut upper, row, columns, room);
    }

    let mut lower = Column {
        items: Vec::new(),
        y: 0.0,
    };
    facts(setter, section, &mut lower, &cover.facts, room);
    if !cover.note.is_empty() {
        lower.y += 16.0;
        let style = TextStyle::plain(theme.small + 0.3, theme.muted);
        let note = setter.tags.add(section, Kind::Paragraph);
        lower.text(setter, note, &cover.note, style, 1.6, room);
    }

    // The lower part stands at the foot of the page, or follows the upper one where that is long.
    let from = (foot - lower.y).max(upper.y + 22.0);
    let mut items = upper.items;
    items.extend(moved(lower.items, from));
    (items, from + lower.y)
}

/// Size of a picture that fills a box as far as its shape allows.
pub fn within(picture: &Picture, (wide, tall): (f32, f32)) -> (f32, f32) {
    let w = wide.min(tall / picture.aspect().max(0.01));
    (w, w * picture.aspect())
}

/// How many grades stand side by side.
pub fn badge_columns(count: usize) -> usize {
    match count {
        0..=2 | 4 => 2,
        _ => 3,
    }
}

struct Column {
    items: Vec<Item>,
    y: f32,
}

impl Column {
    /// Lines of text below the others, as the text of an element.
    fn text(&mut self, setter: &mut Setter, element: Element, text: &str, style: TextStyle, leading: f32, room: Room) {
        if text.is_empty() {
            return;
        }
        let shaped = setter.shape_text_in(element, text, style);
        for line in set_lines(&shaped, style.size, leading, room, Align::Left, false) {
            self.items.extend(moved(line.items, self.y));
            self.y += line.height;
        }
    }
}

fn badges(setter: &mut Setter, list: Element, out: &mut Column, row: &[GradeBadge], columns: usize, room: Room) {
    const GAP: f32 = 12.0;
    let theme = setter.theme;
    let width = (room.w - GAP * (columns as f32 - 1.0)) / columns as f32;
    let mut grounds = Vec::new();
    let mut texts = Vec::new();
    let mut tallest = 0.0_f32;
    for (index, badge) in row.iter().enumerate() {
        let colors = theme.tone(badge.tone);
        let x = room.x + index as f32 * (width + GAP);
        let inner = Room {
            x: x + 14.0,
            w: width - 26.0,
        };
        let mut column = Column {
            items: Vec::new(),
            y: 12.0,
        };
        let body = list_item(setter, list);
        let label = setter.tags.add(body, Kind::Paragraph);
        let style = TextStyle::plain(9.0, colors.ink);
        column.text(setter, label, &badge.label, style, 1.4, inner);
        let style = TextStyle::strong(17.0, colors.ink);
        let (shaped, size) = fitting(setter, body, &badge.value, style, inner.w);
        for line in set_lines(&shaped, size, 1.6, inner, Align::Left, false) {
            column.items.extend(moved(line.items, column.y + 2.0));
            column.y += line.height + 2.0;
        }
        let note = setter.tags.add(body, Kind::Paragraph);
        let style = TextStyle::plain(8.8, theme.muted);
        column.text(setter, note, &badge.note, style, 1.5, inner);
        tallest = tallest.max(column.y + 11.0);
        grounds.push((x, colors));
        texts.extend(column.items);
    }
    let mut items = Vec::new();
    for (x, colors) in grounds {
        items.push(Item::rect((x, 0.0, width, tallest), 5.0, Some(colors.pale), None));
        items.push(Item::rect((x, 5.0, 3.2, tallest - 10.0), 1.6, Some(colors.fill), None));
    }
    items.extend(texts);
    out.items.extend(moved(items, out.y));
    out.y += tallest + GAP;
}

/// A table of names and values.
fn facts(setter: &mut Setter, section: Element, out: &mut Column, facts: &[(String, String)], room: Room) {
    if facts.is_empty() {
        return;
    }
    let theme = setter.theme;
    let table = setter.tags.add(section, Kind::Table);
    let rows = setter.tags.add(table, Kind::Rows);
    let label = TextStyle::plain(10.0, theme.muted);
    let value = TextStyle::plain(10.0, theme.ink);
    let widths = facts
        .iter()
        .map(|(name, _)| setter.shape_text(name, label).natural_width())
        .collect::<Vec<_>>();
    let indent = widths.into_iter().fold(60.0, f32::max).min(room.w * 0.4) + 18.0;
    for (index, (name, text)) in facts.iter().enumerate() {
        let top = out.y + if index == 0 { 0.0 } else { 6.0 };
        if index > 0 {
            let y = out.y + 2.5;
            out.items.push(Item::line(
                (room.x, y),
                (room.x + room.w, y),
                Stroke::solid(theme.hairline, 0.5),
            ));
        }
        let row = setter.tags.add(rows, Kind::Row);
        let scope = Scope::Row;
        let head = setter.tags.add(row, Kind::HeadCell { scope, span: 1 });
        let cell = setter.tags.add(row, Kind::Cell { span: 1 });
        let mut left = Column {
            items: Vec::new(),
            y: top,
        };
        let narrow = Room {
            x: room.x,
            w: indent - 10.0,
        };
        left.text(setter, head, name, label, 1.6, narrow);
        let mut right = Column {
            items: Vec::new(),
            y: top,
        };
        right.text(setter, cell, text, value, 1.6, room.inset(indent, 0.0));
        out.items.extend(left.items);
        out.items.extend(right.items);
        out.y = left.y.max(right.y);
    }
}
