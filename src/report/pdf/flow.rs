//! Pieces → pages: what stays together, what repeats, what encloses.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use super::{
    display::{Entry, Item, Link, Place},
    notes::{self, Feet, Foot},
    tags::{Artifact, Element, Tag},
};
use crate::report::{
    draw::Stroke,
    theme::{Color, Theme},
};

/// Something that never splits: a line of text, a table row, a figure. Coordinates: x from the page's left edge, y
/// from the top of the piece.
#[derive(Debug, Default, Clone)]
pub struct Piece {
    /// Height.
    pub height: f32,
    /// Space asked for before it; the larger of the two neighbours' wishes counts.
    pub before: f32,
    /// Space asked for after it.
    pub after: f32,
    /// Stays on one page with the next piece.
    pub keep: bool,
    /// Baseline of its first line.
    pub baseline: f32,
    /// What it draws.
    pub items: Vec<Item>,
    /// Its links.
    pub links: Vec<Link>,
    /// Headings and contents lines.
    pub marks: Vec<Mark>,
    /// Boxes that enclose it, the outermost first.
    pub boxes: Vec<usize>,
    /// Table head drawn again when the piece begins a page.
    pub head: Option<Rc<Piece>>,
}

/// A place that other parts of the document refer to, or that refers to one.
#[derive(Debug, Clone)]
pub enum Mark {
    /// A heading.
    Heading {
        /// Its id.
        id: String,
        /// Its level.
        level: u8,
        /// Its text.
        title: String,
    },
    /// A line of the contents whose page number is not known yet.
    Contents {
        /// The heading it names.
        id: String,
        /// Where its dots begin.
        from: f32,
        /// Where its number ends.
        to: f32,
        /// Its baseline within the piece.
        baseline: f32,
        /// A chapter.
        chapter: bool,
        /// Whose text the number is.
        element: Element,
    },
}

/// A box behind pieces; it may reach over pages.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Left.
    pub x: f32,
    /// Width.
    pub w: f32,
    /// Ground.
    pub fill: Color,
    /// Bar at its left edge.
    pub bar: Option<Color>,
}

/// What is laid out, in order.
#[derive(Debug)]
pub enum Flow {
    /// A piece.
    Piece(Piece),
    /// A page of its own without running head and foot.
    Whole(Vec<Item>),
    /// The next piece begins a page.
    Break,
}

/// A page under construction.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Grounds.
    pub under: Vec<Item>,
    /// Content.
    pub items: Vec<Item>,
    /// Links.
    pub links: Vec<Link>,
    /// No running head and foot.
    pub bare: bool,
}

/// A contents line waiting for its number.
#[derive(Debug)]
pub struct Waiting {
    /// Sheet it is on.
    pub sheet: usize,
    /// Top of its piece.
    pub y: f32,
    /// Where among the items of the sheet its number goes: after its words.
    pub at: usize,
    /// The line.
    pub mark: Mark,
}

/// All pages, and the places on them.
#[derive(Debug, Default)]
pub struct Sheets {
    /// Pages.
    pub sheets: Vec<Sheet>,
    /// Headings by id; the first of a name wins.
    pub places: HashMap<String, Place>,
    /// Headings in order.
    pub outline: Vec<Entry>,
    /// Contents lines.
    pub waiting: Vec<Waiting>,
}

/// Lays pieces out on pages.
pub fn paginate(flows: Vec<Flow>, frames: &[Frame], feet: &Feet, theme: &Theme) -> Sheets {
    let bottom = theme.page.1 - theme.margin_bottom;
    let mut pager = Pager {
        out: Sheets::default(),
        frames,
        top: theme.margin_top,
        bottom,
        y: 0.0,
        after: 0.0,
        open: vec![],
        goes_on: vec![],
        feet,
        notes: vec![],
        told: HashSet::new(),
        theme,
    };
    let mut fresh = true;
    let mut broken = true;
    let flows: Vec<Flow> = flows
        .into_iter()
        .map(|flow| shrink(flow, bottom - theme.margin_top, theme))
        .collect();
    let needs = needs(&flows, feet, bottom - theme.margin_top);
    for (flow, need) in flows.into_iter().zip(needs) {
        match flow {
            Flow::Break => broken = true,
            Flow::Whole(items) => {
                pager.close(&[], false);
                pager.foot();
                pager.out.sheets.push(Sheet {
                    items,
                    bare: true,
                    ..Sheet::default()
                });
                broken = true;
                fresh = true;
            }
            Flow::Piece(piece) => {
                let gap = pager.after.max(piece.before);
                let full = !fresh && pager.y + gap + need > pager.room_ends(&piece) + 0.1;
                if (broken && (fresh || pager.y > pager.top)) || full {
                    pager.new_page(&piece);
                }
                pager.place(piece);
                broken = false;
                fresh = false;
            }
        }
    }
    pager.close(&[], false);
    pager.foot();
    if pager.out.sheets.is_empty() {
        pager.out.sheets.push(Sheet::default());
    }
    pager.out
}

/// A piece taller than a page becomes as small as the page: nothing is ever cut off.
fn shrink(flow: Flow, page: f32, theme: &Theme) -> Flow {
    let Flow::Piece(mut piece) = flow else { return flow };
    let room = page - piece.head.as_ref().map_or(0.0, |head| head.height);
    if piece.height <= page || room <= 0.0 {
        return Flow::Piece(piece);
    }
    let scale = room / piece.height;
    let dx = theme.page.0 / 2.0 * (1.0 - scale);
    for item in &mut piece.items {
        item.transform(scale, dx, 0.0);
    }
    for link in &mut piece.links {
        let (x, y, w, h) = link.area;
        link.area = (x * scale + dx, y * scale, w * scale, h * scale);
    }
    piece.height = room;
    Flow::Piece(piece)
}

/// Room that each flow needs on the page it is put on: its own height, and where it begins a chain of pieces that
/// stay together, the height of all of them — unless they fill more than a page anyway.
fn needs(flows: &[Flow], feet: &Feet, page: f32) -> Vec<f32> {
    let mut out = vec![0.0; flows.len()];
    // Height of the chain from the next flow on, and what it asks for before it.
    let mut chain = 0.0;
    let mut before = 0.0;
    for (index, flow) in flows.iter().enumerate().rev() {
        let Flow::Piece(piece) = flow else {
            (chain, before) = (0.0, 0.0);
            continue;
        };
        let height = piece.height + foot_height(feet, &piece.items);
        chain = height
            + if piece.keep {
                piece.after.max(before) + chain
            } else {
                0.0
            };
        before = piece.before;
        let begins = index == 0 || !matches!(&flows[index - 1], Flow::Piece(last) if last.keep);
        out[index] = if begins && chain <= page { chain } else { height };
    }
    out
}

/// Height of the footnotes whose marks are among these items.
fn foot_height(feet: &Feet, items: &[Item]) -> f32 {
    notes::marks(items)
        .filter_map(|number| feet.get(&number))
        .map(|foot| foot.height)
        .sum()
}

struct Pager<'a> {
    out: Sheets,
    frames: &'a [Frame],
    top: f32,
    bottom: f32,
    y: f32,
    after: f32,
    /// Open boxes and where each began on this page.
    open: Vec<(usize, f32)>,
    /// Boxes with a bar that the last page left open.
    goes_on: Vec<usize>,
    feet: &'a Feet,
    /// Footnotes of this page.
    notes: Vec<u32>,
    /// Footnotes of all pages so far.
    told: HashSet<u32>,
    theme: &'a Theme,
}

impl Pager<'_> {
    fn new_page(&mut self, first: &Piece) {
        self.close(&first.boxes, true);
        self.foot();
        self.out.sheets.push(Sheet::default());
        self.y = self.top;
        self.after = 0.0;
        if let Some(head) = &first.head {
            // Said once: whoever reads the cells one by one knows their columns.
            let mut again = Piece::clone(head);
            let tag = Tag::Artifact(Artifact::Repeated);
            again.items = again.items.into_iter().map(|item| item.tagged(tag)).collect();
            again.links.clear();
            self.put(again);
        }
    }

    fn place(&mut self, piece: Piece) {
        let at_top = self.y <= self.top;
        if !at_top {
            self.close(&piece.boxes, false);
            self.y += self.after.max(piece.before);
        }
        for frame in &piece.boxes {
            if !self.open.iter().any(|(open, _)| open == frame) {
                // A box that goes on reaches a little above its first line.
                let above = if at_top && self.goes_on.contains(frame) {
                    6.0
                } else {
                    0.0
                };
                self.open.push((*frame, self.y - above));
            }
        }
        self.goes_on.clear();
        self.after = piece.after;
        self.put(piece);
    }

    /// How far down text may reach once `piece` is on the page.
    fn room_ends(&self, piece: &Piece) -> f32 {
        let taken: f32 = self
            .notes
            .iter()
            .filter_map(|number| self.feet.get(number))
            .map(|foot| foot.height)
            .sum();
        let any = !self.notes.is_empty() || notes::marks(&piece.items).next().is_some();
        self.bottom - taken - if any { notes::ABOVE + notes::BELOW_RULE } else { 0.0 }
    }

    /// Draws the footnotes of the page that ends.
    fn foot(&mut self) {
        let (feet, notes) = (self.feet, std::mem::take(&mut self.notes));
        let Some(sheet) = self.out.sheets.last_mut().filter(|_| !notes.is_empty()) else {
            return;
        };
        let feet: Vec<(u32, &Foot)> = notes.iter().filter_map(|&n| Some((n, feet.get(&n)?))).collect();
        let mut y = self.bottom - feet.iter().map(|(_, foot)| foot.height).sum::<f32>();
        let (left, rule) = (self.theme.margin_x, y - notes::BELOW_RULE);
        let stroke = Stroke::solid(self.theme.muted.tint(0.4), 0.6);
        sheet.items.push(Item::line((left, rule), (left + 90.0, rule), stroke));
        for (number, foot) in feet {
            // A table head that repeats brings its notes along; they are said once.
            let first = self.told.insert(number);
            let again = Tag::Artifact(Artifact::Repeated);
            sheet.items.extend(foot.items.iter().cloned().map(|mut item| {
                item.transform(1.0, 0.0, y);
                if first { item } else { item.tagged(again) }
            }));
            sheet
                .links
                .extend(foot.links.iter().filter(|_| first).cloned().map(|mut link| {
                    link.area.1 += y;
                    link
                }));
            y += foot.height;
        }
    }

    fn put(&mut self, piece: Piece) {
        let page = self.out.sheets.len().saturating_sub(1);
        let Some(sheet) = self.out.sheets.last_mut() else {
            return;
        };
        let y = self.y;
        for number in notes::marks(&piece.items) {
            if !self.notes.contains(&number) {
                self.notes.push(number);
            }
        }
        sheet.items.extend(piece.items.into_iter().map(|mut item| {
            item.transform(1.0, 0.0, y);
            item
        }));
        sheet.links.extend(piece.links.into_iter().map(|mut link| {
            link.area.1 += y;
            link
        }));
        for mark in piece.marks {
            match mark {
                Mark::Heading { id, level, title } => {
                    let place = Place { page, y };
                    self.out.outline.push(Entry { level, title, place });
                    self.out.places.entry(id).or_insert(place);
                }
                Mark::Contents { .. } => {
                    let at = sheet.items.len();
                    let sheet = page;
                    self.out.waiting.push(Waiting { sheet, y, at, mark });
                }
            }
        }
        self.y += piece.height;
    }

    /// Draws the open boxes that do not enclose what comes next — all of them at the end of a page, where those that
    /// go on reach a little further.
    fn close(&mut self, next: &[usize], page_ends: bool) {
        let y = self.y;
        if page_ends {
            let open = |index: &usize| self.open.iter().any(|(open, _)| open == index);
            let barred = |index: &usize| self.frames.get(*index).is_some_and(|frame| frame.bar.is_some());
            self.goes_on = next
                .iter()
                .copied()
                .filter(|index| open(index) && barred(index))
                .collect();
        }
        let Some(sheet) = self.out.sheets.last_mut() else {
            return;
        };
        let mut under = Vec::new();
        self.open.retain(|&(index, from)| {
            let goes_on = next.contains(&index);
            if goes_on && !page_ends {
                return true;
            }
            if let Some(frame) = self.frames.get(index) {
                let to = if goes_on && frame.bar.is_some() { y + 5.0 } else { y };
                let mut ground = |w: f32, fill: Color| {
                    let area = (frame.x, from, w, to - from);
                    under.push(Item::rect(area, 0.0, Some(fill), None));
                };
                ground(frame.w, frame.fill);
                if let Some(bar) = frame.bar {
                    ground(3.0, bar);
                }
            }
            false
        });
        sheet.under.extend(under);
    }
}
