//! Before and after: two marks a row, and the change in words.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, finite, marker::Marker, share};
use crate::report::{
    chart::{Pair, PairRow, amount},
    theme::Color,
};

/// From this many rows on, each has one line.
const DENSE: usize = 21;
const R: f32 = 3.4;

pub(super) fn draw(canvas: &mut Canvas, chart: &Pair) -> f32 {
    let theme = canvas.theme;
    let dense = chart.rows.len() >= DENSE;
    let (label, words) = (Ink::new(LABEL, theme.ink), Ink::new(SMALL, theme.ink));
    let most = if dense { 1 } else { 2 };
    let widest = canvas.widest(chart.rows.iter().map(|row| row.label.as_str()), label);
    let room = widest.min(canvas.width * 0.3);
    let changes: Vec<String> = chart.rows.iter().map(|row| chart.change(row)).collect();
    let side = canvas
        .widest(changes.iter().map(String::as_str), words)
        .min(canvas.width * 0.27);
    let (left, right) = (room + 10.0, canvas.width - side - 10.0);
    // Values stand outside of their marks and need room at both ends of the scale.
    let value = Ink::new(7.5, theme.muted);
    let texts = chart.rows.iter().flat_map(|row| [row.before, row.after]);
    let texts: Vec<String> = texts.filter_map(finite).map(|value| amount(value, "")).collect();
    let edge = canvas.widest(texts.iter().map(String::as_str), value) + R + 4.0;
    let (from, to) = (left + edge, (right - edge).max(left + edge + 10.0));

    let names = [chart.before.clone(), chart.after.clone()];
    let mut y = 6.0
        + canvas.legend((left, 10.0), 12.0, &names, &mut |canvas, index, x, y| {
            mark(canvas, index == 1, (x + 6.0, y));
        });
    for (row, change) in chart.rows.iter().zip(&changes) {
        let names = canvas.wrap(&row.label, room + 0.5, label, most);
        let change = canvas.wrap(change, side + 0.5, words, most);
        let lines = names.len().max(change.len()) as f32;
        let height = (lines * LABEL * 1.25 + 4.0).max(if dense { 14.5 } else { 20.0 });
        let middle = y + height / 2.0;
        canvas.lines(room, middle, &names, LABEL * 1.25, label, Anchor::End);
        canvas.lines(right + 10.0, middle, &change, SMALL * 1.3, words, Anchor::Start);
        canvas.line((from, middle), (to, middle), Stroke::solid(theme.hairline, 0.7));
        dumbbell(canvas, chart, row, (from, to, middle));
        y += height;
    }
    y + 3.0
}

fn dumbbell(canvas: &mut Canvas, chart: &Pair, row: &PairRow, (from, to, y): (f32, f32, f32)) {
    let theme = canvas.theme;
    let at = |value: f64| from + (to - from) * share(value, chart.max);
    let (before, after) = (finite(row.before), finite(row.after));
    if let (Some(a), Some(b)) = (before, after) {
        let (a, b) = (at(a), at(b));
        canvas.line((a, y), (b, y), Stroke::solid(theme.brand, 2.0));
        // The direction, where there is room for an arrow head between the marks.
        if (b - a).abs() > 4.0 * R {
            let (tip, back) = (b - R * (b - a).signum(), 5.0 * (b - a).signum());
            let head = [(tip, y), (tip - back, y - 3.0), (tip - back, y + 3.0)];
            canvas.polygon(&head, Some(theme.brand), None);
        }
    }
    let value = Ink::new(7.5, theme.ink);
    let baseline = y + 7.5 * 0.36;
    let before_is_left = match (before, after) {
        (Some(a), Some(b)) => a <= b,
        _ => true,
    };
    for (number, filled, left) in [(before, false, before_is_left), (after, true, !before_is_left)] {
        let Some(number) = number else { continue };
        mark(canvas, filled, (at(number), y));
        let (x, anchor) = if left {
            (at(number) - R - 3.0, Anchor::End)
        } else {
            (at(number) + R + 3.0, Anchor::Start)
        };
        // The number stands on white where the line of the scale would run through it.
        let text = amount(number, "");
        let width = canvas.width_of(&text, value);
        let patch = if left { x - width - 1.0 } else { x - 1.0 };
        canvas.rect((patch, y - 3.0, width + 2.0, 6.0), 0.0, Some(Color::WHITE), None);
        canvas.text(x, baseline, &text, value, anchor);
    }
    if before.is_none() && after.is_none() {
        let pen = Stroke::dashed(theme.muted, 0.7, &[2.5, 2.0]);
        canvas.rect((from, y - 4.0, to - from, 8.0), 1.0, Some(Color::WHITE), Some(pen));
    }
}

fn mark(canvas: &mut Canvas, filled: bool, at: (f32, f32)) {
    let brand = canvas.theme.brand;
    Marker::Circle.draw(canvas, at, R, if filled { brand } else { Color::WHITE }, brand);
}
