//! The display list: what is on each page, in points from the top left corner, free of any PDF library's types.

use super::fonts::Face;
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
    },
    /// A picture.
    Picture {
        /// The picture.
        picture: Picture,
        /// Left, top, width, height.
        area: (f32, f32, f32, f32),
    },
    /// The mark of the footnote of that number stands here; draws nothing.
    Note(u32),
    /// What follows is not content (running head, watermark) …
    BeginArtifact,
    /// … up to here.
    EndArtifact,
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

/// A rectangle to click.
#[derive(Debug, Clone)]
pub struct Link {
    /// Left, top, width, height.
    pub area: (f32, f32, f32, f32),
    /// Where it leads.
    pub target: Target,
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
            Item::Note(_) | Item::BeginArtifact | Item::EndArtifact => {}
        }
    }

    /// A filled or outlined rectangle, its corners rounded by `radius`.
    pub fn rect(area: (f32, f32, f32, f32), radius: f32, fill: Option<Color>, stroke: Option<Stroke>) -> Self {
        let segs = Seg::rect(area, radius);
        Item::Path { segs, fill, stroke }
    }

    /// A straight line.
    pub fn line(from: (f32, f32), to: (f32, f32), stroke: Stroke) -> Self {
        Item::Path {
            segs: vec![Seg::Move(from.0, from.1), Seg::Line(to.0, to.1)],
            fill: None,
            stroke: Some(stroke),
        }
    }
}
