//! Chart → [`Drawing`]: plain shapes in points, y downward, which PDF and SVG both draw.
//!
//! Nothing here relies on colour alone: levels carry numbers, missing values carry words, series differ by dash.

mod bars;
mod ladder;
mod levels;
mod radar;
mod stacked;

use super::{
    chart::Chart,
    theme::{Color, Theme},
};

/// How wide a text is; the PDF back end asks its fonts, the SVG one estimates.
pub trait Measure {
    /// Width of `text` in points at `size` points.
    fn width(&self, text: &str, size: f32, bold: bool) -> f32;
}

/// A finished drawing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Width in points: the width asked for.
    pub width: f32,
    /// Height in points: what the chart needs.
    pub height: f32,
    /// Shapes, the lowest first.
    pub shapes: Vec<Shape>,
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Lines and curves.
    Path {
        /// Its segments.
        segs: Vec<Seg>,
        /// Inside colour.
        fill: Option<Color>,
        /// Outline.
        stroke: Option<Stroke>,
    },
    /// A straight line.
    Line {
        /// Start.
        from: (f32, f32),
        /// End.
        to: (f32, f32),
        /// Pen.
        stroke: Stroke,
    },
    /// A rectangle, its corners rounded by `radius`.
    Rect {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        w: f32,
        /// Height.
        h: f32,
        /// Corner radius.
        radius: f32,
        /// Inside colour.
        fill: Option<Color>,
        /// Outline.
        stroke: Option<Stroke>,
    },
    /// One line of text.
    Text {
        /// Where its anchor is.
        x: f32,
        /// Its baseline.
        y: f32,
        /// What it says.
        text: String,
        /// Size in points.
        size: f32,
        /// Weight.
        bold: bool,
        /// Colour.
        color: Color,
        /// What `x` means.
        anchor: Anchor,
    },
}

/// A path segment with absolute coordinates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Seg {
    /// Start a contour.
    Move(f32, f32),
    /// Straight to a point.
    Line(f32, f32),
    /// Cubic curve: two control points and the end.
    Cubic(f32, f32, f32, f32, f32, f32),
    /// Back to the start of the contour.
    Close,
}

impl Seg {
    /// The outline of a rectangle (left, top, width, height), its corners rounded by `radius`.
    pub fn rect((x, y, w, h): (f32, f32, f32, f32), radius: f32) -> Vec<Self> {
        let (r, b) = (x + w, y + h);
        if radius <= 0.0 {
            return vec![
                Seg::Move(x, y),
                Seg::Line(r, y),
                Seg::Line(r, b),
                Seg::Line(x, b),
                Seg::Close,
            ];
        }
        let q = radius.min(w / 2.0).min(h / 2.0);
        let k = q * 0.4477; // Corner minus the control length of a quarter circle.
        vec![
            Seg::Move(x + q, y),
            Seg::Line(r - q, y),
            Seg::Cubic(r - k, y, r, y + k, r, y + q),
            Seg::Line(r, b - q),
            Seg::Cubic(r, b - k, r - k, b, r - q, b),
            Seg::Line(x + q, b),
            Seg::Cubic(x + k, b, x, b - k, x, b - q),
            Seg::Line(x, y + q),
            Seg::Cubic(x, y + k, x + k, y, x + q, y),
            Seg::Close,
        ]
    }
}

/// A pen.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub color: Color,
    /// Width in points.
    pub width: f32,
    /// Dash lengths; empty for a solid line.
    pub dash: Vec<f32>,
}

impl Stroke {
    /// A solid pen.
    pub fn solid(color: Color, width: f32) -> Self {
        Self {
            color,
            width,
            dash: Vec::new(),
        }
    }

    /// A dashed pen.
    pub fn dashed(color: Color, width: f32, dash: &[f32]) -> Self {
        Self {
            color,
            width,
            dash: dash.to_vec(),
        }
    }
}

/// Which point of a text its position names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    /// The left end.
    #[default]
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

/// Draws a chart `width` points wide with the default theme.
pub fn draw(chart: &Chart, width: f32, measure: &dyn Measure) -> Drawing {
    draw_with(chart, width, &Theme::default(), measure)
}

/// Draws a chart `width` points wide.
pub fn draw_with(chart: &Chart, width: f32, theme: &Theme, measure: &dyn Measure) -> Drawing {
    let mut canvas = Canvas {
        width: width.max(120.0),
        shapes: Vec::new(),
        theme,
        measure,
    };
    let height = match chart {
        Chart::Radar(radar) if radar.axes.len() >= 3 => radar::draw(&mut canvas, radar),
        Chart::Radar(radar) => bars::draw(&mut canvas, &radar::as_bars(radar)),
        Chart::Bars(bars) => bars::draw(&mut canvas, bars),
        Chart::Levels(levels) => levels::draw(&mut canvas, levels),
        Chart::Ladder(ladder) => ladder::draw(&mut canvas, ladder),
        Chart::Stacked(stacked) => stacked::draw(&mut canvas, stacked),
    };
    Drawing {
        width: canvas.width,
        height,
        shapes: canvas.shapes,
    }
}

/// Size of labels.
const LABEL: f32 = 9.0;
/// Size of ticks and legends.
const SMALL: f32 = 8.0;
/// What stands in for a value that was not measured.
const UNMEASURED: &str = "未测";

struct Canvas<'a> {
    width: f32,
    shapes: Vec<Shape>,
    theme: &'a Theme,
    measure: &'a dyn Measure,
}

/// How a text looks.
#[derive(Clone, Copy)]
struct Ink {
    size: f32,
    bold: bool,
    color: Color,
}

impl Ink {
    fn new(size: f32, color: Color) -> Self {
        Self {
            size,
            bold: false,
            color,
        }
    }

    fn bold(size: f32, color: Color) -> Self {
        Self {
            size,
            bold: true,
            color,
        }
    }
}

impl Canvas<'_> {
    fn text(&mut self, x: f32, y: f32, text: &str, ink: Ink, anchor: Anchor) {
        if !text.is_empty() {
            let Ink { size, bold, color } = ink;
            self.shapes.push(Shape::Text {
                x,
                y,
                text: text.to_owned(),
                size,
                bold,
                color,
                anchor,
            });
        }
    }

    fn rect(&mut self, (x, y, w, h): (f32, f32, f32, f32), radius: f32, fill: Option<Color>, stroke: Option<Stroke>) {
        if w > 0.0 && h > 0.0 {
            let radius = radius.min(w / 2.0).min(h / 2.0);
            self.shapes.push(Shape::Rect {
                x,
                y,
                w,
                h,
                radius,
                fill,
                stroke,
            });
        }
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), stroke: Stroke) {
        self.shapes.push(Shape::Line { from, to, stroke });
    }

    fn polygon(&mut self, points: &[(f32, f32)], fill: Option<Color>, stroke: Option<Stroke>) {
        let Some((&(x, y), rest)) = points.split_first() else {
            return;
        };
        let mut segs = vec![Seg::Move(x, y)];
        segs.extend(rest.iter().map(|&(x, y)| Seg::Line(x, y)));
        segs.push(Seg::Close);
        self.shapes.push(Shape::Path { segs, fill, stroke });
    }

    fn width_of(&self, text: &str, ink: Ink) -> f32 {
        self.measure.width(text, ink.size, ink.bold)
    }

    /// Widest of some texts.
    fn widest<'t>(&self, texts: impl Iterator<Item = &'t str>, ink: Ink) -> f32 {
        texts.map(|text| self.width_of(text, ink)).fold(0.0, f32::max)
    }

    /// Breaks a label into lines at most `room` wide and about equally long, `most` lines; what is left over ends in
    /// `…`.
    fn wrap(&self, text: &str, room: f32, ink: Ink, most: usize) -> Vec<String> {
        let mut best = self.wrap_greedy(text, room, ink, most);
        let mut narrow = room - ink.size * 0.5;
        while best.len() > 1 && narrow > room * 0.5 {
            let lines = self.wrap_greedy(text, narrow, ink, most);
            if lines.len() != best.len() || lines.last().is_some_and(|l| l.ends_with('…')) {
                break;
            }
            best = lines;
            narrow -= ink.size * 0.5;
        }
        best
    }

    fn wrap_greedy(&self, text: &str, room: f32, ink: Ink, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in words(text) {
            let joined = format!("{line}{word}");
            if self.width_of(joined.trim_end(), ink) <= room {
                line = joined;
                continue;
            }
            if !line.trim().is_empty() {
                lines.push(std::mem::take(&mut line).trim().to_owned());
            }
            line.clear();
            for ch in word.trim_start().chars() {
                line.push(ch);
                if self.width_of(&line, ink) > room && line.chars().count() > 1 {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, ch.to_string()));
                }
            }
        }
        if !line.trim().is_empty() {
            lines.push(line.trim().to_owned());
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while self.width_of(&format!("{last}…"), ink) > room && last.chars().count() > 1 {
                    last.pop();
                }
                last.push('…');
            }
        }
        lines
    }

    /// Lines of text centred on `middle`, `leading` apart.
    fn lines(&mut self, x: f32, middle: f32, lines: &[String], leading: f32, ink: Ink, anchor: Anchor) {
        let mut y = middle - (lines.len() as f32 - 1.0) * leading / 2.0 + ink.size * 0.36;
        for line in lines {
            self.text(x, y, line, ink, anchor);
            y += leading;
        }
    }
}

/// Pieces that a label may be broken between: single Chinese characters with the punctuation that follows them, and
/// whole words of anything else.
fn words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for ch in text.chars() {
        let closing = "，。、；：？！）》”’」』】％%℃)]}!?,.;:·".contains(ch);
        let latin = ch.is_ascii_alphanumeric() || "-_./+#&'".contains(ch);
        let joins = closing || ch == ' ' || open || (latin && out.last().is_some_and(|w| ends_latin(w)));
        match out.last_mut() {
            Some(last) if joins => last.push(ch),
            _ => out.push(ch.to_string()),
        }
        open = "（《“‘「『【([{★".contains(ch);
    }
    out
}

fn ends_latin(word: &str) -> bool {
    word.chars()
        .last()
        .is_some_and(|c| c.is_ascii_alphanumeric() || "-_./+#&'".contains(c))
}

/// A number as people write it: at most two decimals, no trailing zeros.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// `value` as a share of `max`, within 0 and 1.
fn share(value: f64, max: f64) -> f32 {
    if value.is_finite() && max.is_finite() && max > 0.0 {
        (value / max).clamp(0.0, 1.0) as f32
    } else {
        0.0
    }
}

/// A finite value, or nothing.
fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}

/// Places texts of some width, each centred on its wish, so that none overlaps another and all lie in `left..right`:
/// (lane, centre) for each, lanes from 0.
fn lanes(wishes: &[(f32, f32)], left: f32, right: f32) -> Vec<(usize, f32)> {
    let mut taken: Vec<Vec<(f32, f32)>> = Vec::new();
    wishes
        .iter()
        .map(|&(centre, width)| {
            let half = width / 2.0 + 2.0;
            let centre = if right - left <= 2.0 * half {
                (left + right) / 2.0
            } else {
                centre.clamp(left + half, right - half)
            };
            let (from, to) = (centre - half, centre + half);
            let free = |lane: &Vec<(f32, f32)>| lane.iter().all(|&(a, b)| to <= a || from >= b);
            let lane = taken.iter().position(free).unwrap_or_else(|| {
                taken.push(Vec::new());
                taken.len() - 1
            });
            taken[lane].push((from, to));
            (lane, centre)
        })
        .collect()
}

#[cfg(test)]
mod tests;
