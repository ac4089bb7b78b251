//! What charts are drawn on: shapes pushed one by one, and text that knows how wide it is.

use super::{Anchor, Measure, Seg, Shape, Stroke};
use crate::report::theme::{Color, Theme};

/// Size of labels.
pub(super) const LABEL: f32 = 9.0;
/// Size of ticks and legends.
pub(super) const SMALL: f32 = 8.0;
/// What stands in for a value that was not measured.
pub(super) const UNMEASURED: &str = "未测";

pub(super) struct Canvas<'a> {
    pub(super) width: f32,
    pub(super) shapes: Vec<Shape>,
    pub(super) theme: &'a Theme,
    pub(super) measure: &'a dyn Measure,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Ink {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) color: Color,
}

impl Ink {
    pub(super) fn new(size: f32, color: Color) -> Self {
        Self {
            size,
            bold: false,
            color,
        }
    }

    pub(super) fn bold(size: f32, color: Color) -> Self {
        Self {
            size,
            bold: true,
            color,
        }
    }
}

impl Canvas<'_> {
    pub(super) fn text(&mut self, x: f32, y: f32, text: &str, ink: Ink, anchor: Anchor) {
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

    pub(super) fn rect(
        &mut self,
        (x, y, w, h): (f32, f32, f32, f32),
        radius: f32,
        fill: Option<Color>,
        stroke: Option<Stroke>,
    ) {
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

    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32), stroke: Stroke) {
        self.shapes.push(Shape::Line { from, to, stroke });
    }

    pub(super) fn polygon(&mut self, points: &[(f32, f32)], fill: Option<Color>, stroke: Option<Stroke>) {
        let Some((&(x, y), rest)) = points.split_first() else {
            return;
        };
        let mut segs = vec![Seg::Move(x, y)];
        segs.extend(rest.iter().map(|&(x, y)| Seg::Line(x, y)));
        segs.push(Seg::Close);
        self.shapes.push(Shape::Path { segs, fill, stroke });
    }

    pub(super) fn width_of(&self, text: &str, ink: Ink) -> f32 {
        self.measure.width(text, ink.size, ink.bold)
    }

    /// Widest of some texts.
    pub(super) fn widest<'t>(&self, texts: impl Iterator<Item = &'t str>, ink: Ink) -> f32 {
        texts.map(|text| self.width_of(text, ink)).fold(0.0, f32::max)
    }

    /// Breaks a label into lines at most `room` wide and about equally long, `most` lines; what is left over ends in
    /// `…`.
    pub(super) fn wrap(&self, text: &str, room: f32, ink: Ink, most: usize) -> Vec<String> {
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

    /// A text cut to one line that fits into `room`.
    pub(super) fn shorten(&self, text: &str, room: f32, ink: Ink) -> String {
        self.wrap(text, room, ink, 1).concat()
    }

    /// Legend entries from `left`, in as many rows as they need: `mark` draws what stands before each name, `room` wide,
    /// around a middle line. Returns the baseline of the last row.
    pub(super) fn legend(
        &mut self,
        (left, baseline): (f32, f32),
        room: f32,
        names: &[String],
        mark: &mut dyn FnMut(&mut Self, usize, f32, f32),
    ) -> f32 {
        let ink = Ink::new(SMALL, self.theme.ink);
        let (mut x, mut y) = (left, baseline);
        for (index, name) in names.iter().enumerate() {
            let name = self.shorten(name, self.width - left - room - 4.0, ink);
            let width = room + 4.0 + self.width_of(&name, ink);
            if x > left && x + width > self.width {
                (x, y) = (left, y + 13.0);
            }
            mark(self, index, x, y - SMALL * 0.36);
            self.text(x + room + 4.0, y, &name, ink, Anchor::Start);
            x += width + 14.0;
        }
        y
    }

    /// Lines of text centred on `middle`, `leading` apart.
    pub(super) fn lines(&mut self, x: f32, middle: f32, lines: &[String], leading: f32, ink: Ink, anchor: Anchor) {
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
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// `value` as a share of `max`, within 0 and 1.
pub(super) fn share(value: f64, max: f64) -> f32 {
    if value.is_finite() && max.is_finite() && max > 0.0 {
        (value / max).clamp(0.0, 1.0) as f32
    } else {
        0.0
    }
}

/// A finite value, or nothing.
pub(super) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}

/// Places texts of some width, each centred on its wish, so that none overlaps another and all lie in `left..right`:
/// (lane, centre) for each, lanes from 0.
pub(super) fn lanes(wishes: &[(f32, f32)], left: f32, right: f32) -> Vec<(usize, f32)> {
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
