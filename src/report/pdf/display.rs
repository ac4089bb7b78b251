//! The display list: what is on each page, in points from the top left corner, free of any PDF library's types.

use super::{
    fonts::Face,
    tags::{Element, Tag, Tags},
};
use crate::report::{
    draw::{Seg, Stroke},
    picture::Picture,
    theme::Color,
};

/// Pages and what belongs to all of them.
#[derive(Debug, Default)]
pub struct Book {
    /// The pages in order.
    pub pages: Vec<Page>,
    /// Headings in order, for the outline.
    pub outline: Vec<Entry>,
    /// What the items are parts of.
    pub tags: Tags,
}

/// One page.
#[derive(Debug, Default)]
pub struct Page {
    /// What is drawn, the lowest first.
    pub items: Vec<Item>,
    /// Places to click.
    pub links: Vec<Link>,
}

/// A place in the book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Page index from 0.
    pub page: usize,
    /// Distance from the top of the page.
    pub y: f32,
}

/// A line of the outline.
#[derive(Debug)]
pub struct Entry {
    /// Heading level from 1.
    pub level: u8,
    /// Its text.
    pub title: String,
    /// Where it is.
    pub place: Place,
}

/// Something drawn.
#[derive(Debug, Clone)]
pub enum Item {
    /// Glyphs on one baseline.
    Text(Run),
    /// Lines and areas.
    Path {
        /// Segments.
        segs: Vec<Seg>,
        /// Inside.
        fill: Option<Color>,
        /// Outline.
        stroke: Option<Stroke>,
        /// Whose part it is.
        tag: Tag,
    },
    /// A picture.
    Picture {
        /// The picture.
        picture: Picture,
        /// Left, top, width, height.
        area: (f32, f32, f32, f32),
        /// Whose part it is.
        tag: Tag,
    },
    /// The mark of the footnote of that number stands here; draws nothing.
    Note(u32),
}

/// Glyphs of one face, size and colour on one baseline.
#[derive(Debug, Clone)]
pub struct Run {
    /// Weight.
    pub face: Face,
    /// Size.
    pub size: f32,
    /// Left end.
    pub x: f32,
    /// Baseline.
    pub y: f32,
    /// Colour.
    pub color: Color,
    /// The glyphs.
    pub glyphs: Vec<RunGlyph>,
    /// Whose part it is.
    pub tag: Tag,
}

/// One glyph of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunGlyph {
    /// Glyph of the face.
    pub id: u16,
    /// The character it stands for.
    pub ch: char,
    /// Thousandths of an em added to the glyph's advance: space that must not be read as a space.
    pub wide: i16,
    /// Advance of the glyph itself, in thousandths of an em.
    pub advance: f32,
    /// Thousandths of an em moved after the glyph.
    pub kern: f32,
}

impl RunGlyph {
    /// How far the pen moves, in thousandths of an em.
    pub fn step(&self) -> f32 {
        self.advance + f32::from(self.wide) + self.kern
    }
}

/// A rectangle to click.
#[derive(Debug, Clone)]
pub struct Link {
    /// Left, top, width, height.
    pub area: (f32, f32, f32, f32),
    /// Where it leads.
    pub target: Target,
    /// The element whose text is clicked.
    pub element: Element,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A heading by its id; resolved when pages are known.
    Anchor(String),
    /// A place in the book.
    Place(Place),
    /// An address.
    Uri(String),
}

impl Item {
    /// Moves and scales: every coordinate is multiplied, then shifted.
    pub fn transform(&mut self, scale: f32, dx: f32, dy: f32) {
        let put = |x: &mut f32, y: &mut f32| {
            *x = *x * scale + dx;
            *y = *y * scale + dy;
        };
        match self {
            Item::Text(run) => {
                put(&mut run.x, &mut run.y);
                run.size *= scale;
            }
            Item::Path { segs, stroke, .. } => {
                for seg in segs {
                    match seg {
                        Seg::Move(x, y) | Seg::Line(x, y) => put(x, y),
                        Seg::Cubic(a, b, c, d, e, f) => {
                            put(a, b);
                            put(c, d);
                            put(e, f);
                        }
                        Seg::Close => {}
                    }
                }
                if let Some(stroke) = stroke {
                    stroke.width *= scale;
                }
            }
            Item::Picture { area: (x, y, w, h), .. } => {
                put(x, y);
                *w *= scale;
                *h *= scale;
            }
            Item::Note(_) => {}
        }
    }

    /// Whose part it is.
    pub fn tag(&self) -> Tag {
        match self {
            Item::Text(run) => run.tag,
            Item::Path { tag, .. } | Item::Picture { tag, .. } => *tag,
            Item::Note(_) => Tag::default(),
        }
    }

    /// The same as a part of something else.
    pub fn tagged(mut self, new: Tag) -> Self {
        match &mut self {
            Item::Text(run) => run.tag = new,
            Item::Path { tag, .. } | Item::Picture { tag, .. } => *tag = new,
            Item::Note(_) => {}
        }
        self
    }

    /// Left, top, right and bottom of what it covers; control points count, text reaches from its accents down to
    /// its tails.
    pub fn bounds(&self) -> Option<(f32, f32, f32, f32)> {
        match self {
            Item::Text(run) => {
                let width = run.glyphs.iter().map(RunGlyph::step).sum::<f32>() * run.size / 1000.0;
                Some((run.x, run.y - run.size, run.x + width, run.y + run.size * 0.25))
            }
            Item::Path { segs, .. } => {
                let points = segs.iter().flat_map(|seg| match *seg {
                    Seg::Move(x, y) | Seg::Line(x, y) => vec![(x, y)],
                    Seg::Cubic(a, b, c, d, e, f) => vec![(a, b), (c, d), (e, f)],
                    Seg::Close => vec![],
                });
                let points = points.map(|(x, y)| (x, y, x, y));
                points.reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)))
            }
            Item::Picture { area: (x, y, w, h), .. } => Some((*x, *y, x + w, y + h)),
            Item::Note(_) => None,
        }
    }

    /// A filled or outlined rectangle, its corners rounded by `radius`.
    pub fn rect(area: (f32, f32, f32, f32), radius: f32, fill: Option<Color>, stroke: Option<Stroke>) -> Self {
        let segs = Seg::rect(area, radius);
        Item::path(segs, fill, stroke)
    }

    /// A straight line.
    pub fn line(from: (f32, f32), to: (f32, f32), stroke: Stroke) -> Self {
        let segs = vec![Seg::Move(from.0, from.1), Seg::Line(to.0, to.1)];
        Item::path(segs, None, Some(stroke))
    }

    /// Lines and areas; no content until [`Item::tagged`] says so.
    pub fn path(segs: Vec<Seg>, fill: Option<Color>, stroke: Option<Stroke>) -> Self {
        let tag = Tag::default();
        Item::Path {
            segs,
            fill,
            stroke,
            tag,
        }
    }
}
