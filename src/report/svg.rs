//! A [`Drawing`] as a self-contained `<svg>` element.

use std::fmt::Write;

use super::draw::{Anchor, Drawing, Measure, Seg, Shape, Stroke};
use super::theme::Color;

const FONTS: &str =
    "'Source Han Sans SC','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei','Heiti SC',sans-serif";

/// Widths as browsers will have them, more or less: their fonts are not known here.
pub struct Estimate;

impl Measure for Estimate {
    fn width(&self, text: &str, size: f32, _bold: bool) -> f32 {
        text.chars().map(|c| if c.is_ascii() { 0.56 } else { 1.0 }).sum::<f32>() * size
    }
}

/// The drawing as SVG that fits itself into the width it is given. Words for those who cannot see it stand beside it.
pub fn svg(drawing: &Drawing) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-hidden=\"true\" \
         width=\"{width}\" height=\"{height}\" font-family=\"{FONTS}\">"
    );
    for shape in &drawing.shapes {
        // Writing to a string cannot fail.
        let _ = push(&mut out, shape);
    }
    out.push_str("</svg>");
    out
}

fn push(out: &mut String, shape: &Shape) -> std::fmt::Result {
    match shape {
        Shape::Path { segs, fill, stroke } => {
            out.push_str("<path d=\"");
            for seg in segs {
                match *seg {
                    Seg::Move(x, y) => write!(out, "M{} {}", number(x), number(y))?,
                    Seg::Line(x, y) => write!(out, "L{} {}", number(x), number(y))?,
                    Seg::Cubic(a, b, c, d, x, y) => {
                        let points = [a, b, c, d, x, y].map(number);
                        write!(out, "C{}", points.join(" "))?;
                    }
                    Seg::Close => out.push('Z'),
                }
            }
            write!(out, "\"{}/>", paint(*fill, stroke.as_ref()))
        }
        Shape::Line { from, to, stroke } => write!(
            out,
            "<path d=\"M{} {}L{} {}\"{}/>",
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            paint(None, Some(stroke))
        ),
        Shape::Rect {
            x,
            y,
            w,
            h,
            radius,
            fill,
            stroke,
        } => write!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"{}/>",
            number(*x),
            number(*y),
            number(*w),
            number(*h),
            number(*radius),
            paint(*fill, stroke.as_ref())
        ),
        Shape::Text {
            x,
            y,
            text,
            size,
            bold,
            color,
            anchor,
        } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let weight = if *bold { " font-weight=\"700\"" } else { "" };
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            write!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight} text-anchor=\"{anchor}\" fill=\"{}\">{text}</text>",
                number(*x),
                number(*y),
                number(*size),
                color.css()
            )
        }
    }
}

fn paint(fill: Option<Color>, stroke: Option<&Stroke>) -> String {
    let mut out = format!(" fill=\"{}\"", fill.map_or("none".into(), Color::css));
    if let Some(stroke) = stroke {
        out += &format!(
            " stroke=\"{}\" stroke-width=\"{}\"",
            stroke.color.css(),
            number(stroke.width)
        );
        if !stroke.dash.is_empty() {
            let dash: Vec<String> = stroke.dash.iter().map(|d| number(*d)).collect();
            out += &format!(" stroke-dasharray=\"{}\"", dash.join(" "));
        }
    }
    out
}

/// Two decimals are finer than any screen.
fn number(x: f32) -> String {
    crate::round::show(f64::from(x), 2)
}
