//! The rungs of a grade as steps on a scale, and where the enterprise stands.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, finite, lanes, number};
use crate::report::{
    chart::{ChartTone, Ladder},
    theme::Color,
};

/// Height of the lowest step, and how much each next one adds.
const FIRST: f32 = 24.0;
const RISE: f32 = 12.0;
/// A step narrower than this makes the scale lean towards equal steps.
const NARROW: f32 = 62.0;

/// Where values lie on the page: straight lines between the thresholds.
struct Scale {
    knots: Vec<(f64, f32)>,
}

impl Scale {
    fn new(ladder: &Ladder, width: f32) -> Self {
        let max = if ladder.max.is_finite() && ladder.max > 0.0 {
            ladder.max
        } else {
            1.0
        };
        let mut values = vec![0.0];
        for rung in &ladder.rungs {
            let last = values.last().copied().unwrap_or(0.0);
            if rung.from.is_finite() && rung.from > last && rung.from < max {
                values.push(rung.from);
            }
        }
        values.push(max);
        let parts = values.len() - 1;
        let proportional = |i: usize| ((values[i + 1] - values[i]) / max) as f32 * width;
        let equal = width / parts as f32;
        let tight = (0..parts).map(proportional).fold(f32::INFINITY, f32::min) < NARROW.min(equal * 0.95);
        let mut x = 0.0;
        let mut knots = vec![(0.0, 0.0)];
        for i in 0..parts {
            x += if tight {
                proportional(i) * 0.35 + equal * 0.65
            } else {
                proportional(i)
            };
            knots.push((values[i + 1], x));
        }
        Self { knots }
    }

    fn at(&self, value: f64) -> f32 {
        for pair in self.knots.windows(2) {
            let ((v0, x0), (v1, x1)) = (pair[0], pair[1]);
            if value <= v1 {
                return x0 + ((value.max(v0) - v0) / (v1 - v0)) as f32 * (x1 - x0);
            }
        }
        self.knots.last().map_or(0.0, |knot| knot.1)
    }
}

pub(super) fn draw(canvas: &mut Canvas, ladder: &Ladder) -> f32 {
    let theme = canvas.theme;
    let scale = Scale::new(ladder, canvas.width);
    let count = ladder.rungs.len();
    let value = finite(ladder.value);
    let tallest = FIRST + RISE * count.saturating_sub(1) as f32;
    // Above the steps: the marker's name.
    let top = 22.0;
    let ground = top + tallest;

    let first = ladder.rungs.first().map_or(f64::INFINITY, |rung| rung.from);
    if first > 0.0 {
        let end = scale.at(if first.is_finite() { first } else { ladder.max });
        canvas.rect((0.0, ground - 10.0, end - 1.0, 10.0), 0.0, Some(theme.zebra), None);
    }
    for (index, rung) in ladder.rungs.iter().enumerate() {
        let from = scale.at(rung.from);
        let to = ladder
            .rungs
            .get(index + 1)
            .map_or(canvas.width, |next| scale.at(next.from));
        let height = FIRST + RISE * index as f32;
        let (fill, text) = match ladder.reached {
            Some(reached) if reached == index => (theme.brand, Color::WHITE),
            Some(reached) if reached > index => (theme.brand.tint(0.72), theme.ink),
            _ => (theme.zebra, theme.muted),
        };
        let border = Stroke::solid(theme.hairline, 0.6);
        canvas.rect(
            (from, ground - height, (to - from - 1.0).max(1.0), height),
            0.0,
            Some(fill),
            Some(border),
        );
        let bold = ladder.reached == Some(index);
        let ink = Ink {
            size: LABEL,
            bold,
            color: text,
        };
        let lines = canvas.wrap(&rung.label, (to - from - 8.0).max(10.0), ink, 2);
        let lines: Vec<_> = if lines.len() > 1 && height < 26.0 {
            vec![shorten(&lines)]
        } else {
            lines
        };
        canvas.lines(
            (from + to - 1.0) / 2.0,
            ground - height / 2.0,
            &lines,
            11.0,
            ink,
            Anchor::Middle,
        );
    }
    canvas.line((0.0, ground), (canvas.width, ground), Stroke::solid(theme.muted, 0.8));
    ticks(canvas, &scale, ground);
    let mut bottom = ground + 16.0;
    if let Some(value) = value {
        let step = ladder.rungs.iter().rposition(|rung| rung.from <= value);
        let end = step.map_or(ground - 10.0, |step| ground - FIRST - RISE * step as f32);
        marker(canvas, scale.at(value), &number(value), (top, end.max(top), ground));
        if let Some((text, gap)) = ladder.distance() {
            if let Some(target) = gap {
                span(canvas, scale.at(value), scale.at(target), ground + 19.0);
                bottom += 5.0;
            }
            let ink = Ink::bold(SMALL, theme.ink);
            for line in canvas.wrap(&text, canvas.width, ink, 3) {
                bottom += 12.0;
                canvas.text(canvas.width / 2.0, bottom, &line, ink, Anchor::Middle);
            }
        }
    } else {
        canvas.text(0.0, 12.0, "得分：未测", Ink::bold(LABEL, theme.muted), Anchor::Start);
    }
    bottom + 4.0
}

/// First line of a label that has no room for its second.
fn shorten(lines: &[String]) -> String {
    let mut line = lines[0].clone();
    if line.chars().count() > 2 {
        line.pop();
    }
    line + "…"
}

fn ticks(canvas: &mut Canvas, scale: &Scale, ground: f32) {
    let theme = canvas.theme;
    let ink = Ink::new(7.5, theme.muted);
    let texts: Vec<_> = scale.knots.iter().map(|(value, x)| (*x, number(*value))).collect();
    let wishes: Vec<_> = texts.iter().map(|(x, text)| (*x, canvas.width_of(text, ink))).collect();
    for ((x, text), (lane, centre)) in texts.iter().zip(lanes(&wishes, -2.0, canvas.width + 2.0)) {
        canvas.line((*x, ground), (*x, ground + 3.0), Stroke::solid(theme.muted, 0.8));
        if lane == 0 {
            canvas.text(centre, ground + 12.0, text, ink, Anchor::Middle);
        }
    }
}

fn marker(canvas: &mut Canvas, x: f32, value: &str, (top, end, ground): (f32, f32, f32)) {
    let color = canvas.theme.chart_tone(ChartTone::Warn).fill;
    let ink = Ink::bold(LABEL, color);
    let text = format!("本企业 {value}");
    let half = canvas.width_of(&text, ink) / 2.0;
    let x = x.clamp(1.0, canvas.width - 1.0);
    let centre = x.clamp(half, (canvas.width - half).max(half));
    canvas.text(centre, top - 11.0, &text, ink, Anchor::Middle);
    let tip = |dx: f32| (x + dx).clamp(0.0, canvas.width);
    let points = [(tip(-4.0), top - 7.5), (tip(4.0), top - 7.5), (x, top - 1.5)];
    canvas.polygon(&points, Some(color), None);
    // The line ends on the step, so that it crosses no name; a dot on the scale takes it up.
    canvas.line((x, top - 2.0), (x, end), Stroke::solid(color, 1.2));
    let r = 2.6;
    let dot = (x.clamp(r, canvas.width - r) - r, ground - r, 2.0 * r, 2.0 * r);
    canvas.rect(dot, r, Some(color), Some(Stroke::solid(Color::WHITE, 0.8)));
}

/// A dimension line between two places.
fn span(canvas: &mut Canvas, from: f32, to: f32, y: f32) {
    let stroke = Stroke::solid(canvas.theme.chart_tone(ChartTone::Warn).fill, 0.9);
    let (from, to) = (from.clamp(0.5, canvas.width - 0.5), to.clamp(0.5, canvas.width - 0.5));
    canvas.line((from, y), (to, y), stroke.clone());
    for x in [from, to] {
        canvas.line((x, y - 2.5), (x, y + 2.5), stroke.clone());
    }
}
