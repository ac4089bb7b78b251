//! What surrounds the content: contents numbers, running head and foot, watermark.

use ttf_parser::{GlyphId, OutlineBuilder};

use super::{
    blocks::{Setter, move_all, place_text},
    display::{Book, Item, Link, Page, Target},
    flow::{Mark, Sheets},
    fonts::{Face, clean},
    shape::{Shaped, TextStyle},
    tags::{Artifact, Tag},
};
use crate::report::{
    document::{Align, Meta},
    draw::{Seg, Stroke},
    picture::Picture,
};

/// Finishes the sheets: everything that needs the number of pages.
pub fn finish(setter: &mut Setter, mut sheets: Sheets, meta: &Meta) -> Book {
    numbers(setter, &mut sheets);
    let total = sheets.sheets.len();
    let mark = watermark(setter, &clean(&meta.watermark));
    let mut pages = Vec::with_capacity(total);
    for (index, sheet) in sheets.sheets.into_iter().enumerate() {
        let mut items = Vec::new();
        items.extend(mark.iter().cloned());
        items.extend(sheet.under);
        items.extend(sheet.items);
        if !sheet.bare {
            items.extend(running(setter, meta, index + 1, total));
        }
        let links = sheet
            .links
            .into_iter()
            .filter_map(|link| resolve(link, &sheets.places))
            .collect();
        pages.push(Page { items, links });
    }
    Book {
        pages,
        outline: sheets.outline,
        tags: std::mem::take(&mut setter.tags),
    }
}

/// Internal links become places; one that leads nowhere is dropped.
fn resolve(link: Link, places: &std::collections::HashMap<String, super::display::Place>) -> Option<Link> {
    match &link.target {
        Target::Anchor(id) => places.get(id).map(|place| Link {
            target: Target::Place(*place),
            ..link
        }),
        Target::Uri(uri) => {
            let known = ["http://", "https://", "mailto:", "tel:"]
                .iter()
                .any(|scheme| uri.starts_with(scheme));
            known.then_some(link)
        }
        Target::Place(_) => Some(link),
    }
}

fn numbers(setter: &mut Setter, sheets: &mut Sheets) {
    let theme = setter.theme;
    // From the last to the first: what is inserted moves only what is done.
    for waiting in sheets.waiting.iter().rev() {
        let Mark::Contents {
            id,
            from,
            to,
            baseline,
            chapter,
            element,
        } = &waiting.mark
        else {
            continue;
        };
        let Some(place) = sheets.places.get(id) else { continue };
        let color = if *chapter { theme.brand } else { theme.ink };
        let style = TextStyle {
            size: theme.body,
            bold: *chapter,
            color,
        };
        let shaped = setter.shape_text(&(place.page + 1).to_string(), style);
        let left = to - shaped.natural_width();
        let y = waiting.y + baseline;
        let Some(sheet) = sheets.sheets.get_mut(waiting.sheet) else {
            continue;
        };
        let number = place_text(&shaped, left, y).items;
        let mut items: Vec<Item> = number.into_iter().map(|item| item.tagged((*element).into())).collect();
        if left - 6.0 > *from {
            let dots = Stroke::dashed(theme.muted.tint(0.3), 0.8, &[0.8, 3.2]);
            items.push(Item::line((*from, y - 2.6), (left - 6.0, y - 2.6), dots));
        }
        sheet.items.splice(waiting.at..waiting.at, items);
    }
}

fn running(setter: &mut Setter, meta: &Meta, page: usize, total: usize) -> Vec<Item> {
    let theme = setter.theme;
    let (width, height) = theme.page;
    let style = TextStyle::plain(theme.small, theme.muted);
    let (left, right) = (theme.margin_x, width - theme.margin_x);
    let hair = Stroke::solid(theme.hairline, 0.6);
    let mut items = Vec::new();
    let mut start = left;
    if let Some(logo) = &meta.logo {
        let (w, h) = logo_size(logo);
        items.push(Item::Picture {
            picture: logo.clone(),
            area: (left, theme.margin_top - 30.0 + 3.5 - h, w, h),
            tag: Tag::Artifact(Artifact::Header),
        });
        start += w + 8.0;
    }
    let mut row = |a: &str, b: &str, left: f32, y: f32, tag: Artifact| {
        // Each side has what the other leaves; a number is short, two names share.
        let natural = |setter: &mut Setter, text: &str| setter.shape_text(text, style).natural_width();
        let (long_a, long_b) = (natural(setter, a), natural(setter, b));
        let room = right - left - 18.0;
        let half = room * 0.5;
        let room_b = long_b.min((room - long_a).max(half)).max(1.0);
        let b = two_lines(setter, b, style, right - room_b, room_b, y, Align::Right);
        let a = two_lines(setter, a, style, left, room - room_b, y, Align::Left);
        let texts = a.into_iter().chain(b);
        items.extend(texts.map(|item| item.tagged(Tag::Artifact(tag))));
    };
    let (head, foot) = (theme.margin_top - 30.0, height - theme.margin_bottom + 34.0);
    row(&meta.header_left, &meta.header_right, start, head, Artifact::Header);
    let number = format!("第 {page} 页 / 共 {total} 页");
    row(&meta.footer_left, &number, left, foot, Artifact::Footer);
    if !(meta.header_left.is_empty() && meta.header_right.is_empty()) {
        items.push(Item::line((left, head + 7.0), (right, head + 7.0), hair.clone()));
    }
    items.push(Item::line((left, foot - 15.0), (right, foot - 15.0), hair));
    items
}

/// Size of the logo before the running head.
pub fn logo_size(logo: &Picture) -> (f32, f32) {
    let h = (15.0_f32).min(70.0 * logo.aspect());
    (h / logo.aspect().max(0.01), h)
}

/// Text in a room from `x`; what is too long for one line stands on two, the second of which is at `y`.
fn two_lines(setter: &mut Setter, text: &str, style: TextStyle, x: f32, room: f32, y: f32, align: Align) -> Vec<Item> {
    // What has just the room that it needs must not break.
    let room = room + 0.1;
    let mut style = style;
    let mut shaped = setter.shape_text(text, style);
    if shaped.lines(room).len() > 1 {
        style.size *= 0.92;
        shaped = setter.shape_text(text, style);
    }
    if shaped.lines(room).len() > 2 {
        shaped = cut(setter, text, style, room * 1.9);
    }
    let mut lines = shaped.lines(room);
    lines.truncate(2);
    let first = y - (lines.len() as f32 - 1.0) * style.size * 1.25;
    let place = |(index, line)| {
        let mut placed = shaped.place(line, room, align, false);
        let down = first + index as f32 * style.size * 1.25;
        move_all(&mut placed.items, &mut placed.links, x, down);
        placed.items
    };
    lines.into_iter().enumerate().flat_map(place).collect()
}

/// Text of at most `room`, its end replaced by `…` where it is longer.
fn cut(setter: &mut Setter, text: &str, style: TextStyle, room: f32) -> Shaped {
    let shaped = setter.shape_text(text, style);
    if shaped.natural_width() <= room {
        return shaped;
    }
    let most = (room / style.size * 4.0) as usize;
    let mut chars: Vec<char> = text.chars().take(most).collect();
    while !chars.is_empty() {
        chars.pop();
        let short: String = chars.iter().chain(['…'].iter()).collect();
        let shaped = setter.shape_text(&short, style);
        if shaped.natural_width() <= room {
            return shaped;
        }
    }
    Shaped::default()
}

/// The watermark as outlines, not as text: it is seen, and never extracted.
fn watermark(setter: &mut Setter, text: &str) -> Vec<Item> {
    let theme = setter.theme;
    let (width, height) = theme.page;
    let glyphs: Vec<_> = text.chars().map(|ch| setter.fonts.glyph(Face::Bold, ch)).collect();
    for (ch, _) in text.chars().zip(&glyphs).filter(|(_, glyph)| glyph.absent) {
        setter.missing.add(ch, text);
    }
    let em: f32 = glyphs.iter().map(|glyph| glyph.advance + 0.12).sum::<f32>() - 0.12;
    if em <= 0.0 {
        return Vec::new();
    }
    let size = (560.0 / em).min(150.0);
    let (sin, cos) = (-38.0_f32).to_radians().sin_cos();
    let mut pen = -em * size / 2.0;
    let mut items = Vec::new();
    for glyph in glyphs {
        let Some(face) = setter.fonts.face(glyph.face).tables() else {
            continue;
        };
        let unit = size / f32::from(face.units_per_em().max(1));
        let mut outline = Outline {
            segs: Vec::new(),
            last: (0.0, 0.0),
            unit,
            glyph_x: pen,
            sin,
            cos,
        };
        outline.glyph_x = pen;
        face.outline_glyph(GlyphId(glyph.id), &mut outline);
        let tag = Tag::Artifact(Artifact::Watermark);
        let mut item = Item::path(outline.segs, Some(theme.watermark), None).tagged(tag);
        item.transform(1.0, width / 2.0, height / 2.0);
        items.push(item);
        pen += (glyph.advance + 0.12) * size;
    }
    items
}

struct Outline {
    segs: Vec<Seg>,
    last: (f32, f32),
    unit: f32,
    glyph_x: f32,
    sin: f32,
    cos: f32,
}

impl Outline {
    /// A point of the glyph, scaled, centred on the line's middle, turned, y downward.
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x * self.unit + self.glyph_x, (380.0 - y) * self.unit);
        (x * self.cos - y * self.sin, x * self.sin + y * self.cos)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.last = self.at(x, y);
        self.segs.push(Seg::Move(self.last.0, self.last.1));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.last = self.at(x, y);
        self.segs.push(Seg::Line(self.last.0, self.last.1));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (from, control, to) = (self.last, self.at(cx, cy), self.at(x, y));
        let third = |a: f32, c: f32| a + (c - a) * 2.0 / 3.0;
        let (a, b) = (third(from.0, control.0), third(from.1, control.1));
        let (c, d) = (third(to.0, control.0), third(to.1, control.1));
        self.segs.push(Seg::Cubic(a, b, c, d, to.0, to.1));
        self.last = to;
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (a, b, to) = (self.at(ax, ay), self.at(bx, by), self.at(x, y));
        self.segs.push(Seg::Cubic(a.0, a.1, b.0, b.1, to.0, to.1));
        self.last = to;
    }

    fn close(&mut self) {
        self.segs.push(Seg::Close);
    }
}
