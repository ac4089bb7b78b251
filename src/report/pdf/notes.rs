//! Footnotes: laid out once, put at the foot of the page that their mark lands on.

use std::collections::BTreeMap;

use super::{
    blocks::{Room, Setter, set_lines},
    display::{Item, Link},
    shape::TextStyle,
    tags::{Kind, Tags},
};
use crate::report::document::{Align, Block, Inline, notes};

/// Between the text and the rule above the first note.
pub const ABOVE: f32 = 12.0;
/// Between the rule and the first note.
pub const BELOW_RULE: f32 = 5.0;

/// A footnote ready for the foot of a page; y from its own top.
#[derive(Debug, Default)]
pub struct Foot {
    /// Height.
    pub height: f32,
    /// What it draws.
    pub items: Vec<Item>,
    /// Its links.
    pub links: Vec<Link>,
}

/// Footnotes by number.
pub type Feet = BTreeMap<u32, Foot>;

/// Lays out all footnotes of a document.
pub fn set(setter: &mut Setter, blocks: &[Block]) -> Feet {
    let mut feet = Feet::new();
    for (number, text) in notes(blocks) {
        feet.insert(number, one(setter, number, text));
    }
    feet
}

fn one(setter: &mut Setter, number: u32, text: &[Inline]) -> Foot {
    let theme = setter.theme;
    let style = TextStyle::plain(theme.small, theme.muted);
    let column = Room {
        x: theme.margin_x,
        w: theme.column(),
    };
    let mut foot = Foot::default();
    // A note whose mark was never set is never drawn either.
    let note = setter.notes.get(&number).copied().unwrap_or(Tags::ROOT);
    let label = setter.tags.inline(note, Kind::Label);
    let mark = setter.shape_text_in(label, &number.to_string(), style);
    let text = setter.shape_in(note, text, style);
    for (index, line) in set_lines(&text, style.size, 1.5, column.inset(18.0, 0.0), Align::Left, true)
        .into_iter()
        .enumerate()
    {
        if index == 0 {
            foot.items
                .extend(super::blocks::place_text(&mark, column.x, line.baseline).items);
        }
        let y = foot.height;
        foot.items.extend(line.items.into_iter().map(|mut item| {
            item.transform(1.0, 0.0, y);
            item
        }));
        foot.links.extend(line.links.into_iter().map(|mut link| {
            link.area.1 += y;
            link
        }));
        foot.height += line.height;
    }
    foot
}

/// The numbers of the footnotes whose marks are among these items.
pub fn marks(items: &[Item]) -> impl Iterator<Item = u32> {
    items.iter().filter_map(|item| match item {
        Item::Note(number) => Some(*number),
        _ => None,
    })
}
