//! Chart → [`Drawing`]: plain shapes in points, y downward, which PDF and SVG both draw.
//!
//! Nothing here relies on colour alone: levels carry numbers, missing values carry words, series differ by dash.

mod bars;
mod bullet;
mod canvas;
mod gantt;
mod heat;
mod ladder;
mod levels;
mod marker;
mod matrix;
mod pair;
mod pattern;
mod radar;
mod sankey;
mod stacked;
mod waterfall;

use super::{
    chart::Chart,
    theme::{Color, Theme},
};
use canvas::{Canvas, Ink, LABEL, SMALL, UNMEASURED, finite, lanes, number, share};

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
        Chart::Bullet(bullet) => bullet::draw(&mut canvas, bullet),
        Chart::Waterfall(waterfall) => waterfall::draw(&mut canvas, waterfall),
        Chart::Heat(heat) => heat::draw(&mut canvas, heat),
        Chart::Matrix(matrix) => matrix::draw(&mut canvas, matrix),
        Chart::Gantt(gantt) => gantt::draw(&mut canvas, gantt),
        Chart::Sankey(sankey) => sankey::draw(&mut canvas, sankey),
        Chart::Pair(pair) => pair::draw(&mut canvas, pair),
    };
    Drawing {
        width: canvas.width,
        height,
        shapes: canvas.shapes,
    }
}

#[cfg(test)]
mod tests;
