//! Bars split into shares.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, number};
use crate::report::{
    chart::{Stacked, StackedRow},
    theme::{Color, ToneColors},
};

const THICK: f32 = 15.0;

pub(super) fn draw(canvas: &mut Canvas, chart: &Stacked) -> f32 {
    let theme = canvas.theme;
    let (label, value) = (Ink::new(LABEL, theme.ink), Ink::bold(LABEL, theme.ink));
    let room = canvas
        .widest(chart.rows.iter().map(|row| row.label.as_str()), label)
        .min(canvas.width * 0.32);
    let totals: Vec<String> = chart.rows.iter().map(|row| total_text(row, &chart.unit)).collect();
    let total_room = canvas.widest(totals.iter().map(String::as_str), value);
    let left = room + 10.0;
    let right = (canvas.width - total_room - 10.0).max(left + 40.0);
    let longest = chart.rows.iter().map(total).fold(0.0, f64::max);

    let mut y = legend(canvas, chart, left);
    for (row, text) in chart.rows.iter().zip(&totals) {
        let names = canvas.wrap(&row.label, room + 0.5, label, 3);
        let height = (names.len() as f32 * LABEL * 1.3).max(THICK + 7.0);
        let middle = y + height / 2.0;
        canvas.lines(room, middle, &names, LABEL * 1.3, label, Anchor::End);
        let mut x = left;
        for (index, amount) in row.values.iter().enumerate().map(|(i, v)| (i, clean(*v))) {
            let Some(part) = chart.parts.get(index) else { break };
            let long = if longest > 0.0 {
                (right - left) * (amount / longest) as f32
            } else {
                0.0
            };
            let ink = segment(
                canvas,
                index,
                theme.chart_tone(part.tone),
                (x, middle - THICK / 2.0, long, THICK),
            );
            let text = number(amount);
            if amount > 0.0 && canvas.width_of(&text, ink) + 5.0 <= long {
                canvas.text(x + long / 2.0, middle + ink.size * 0.36, &text, ink, Anchor::Middle);
            }
            x += long;
        }
        if total(row) <= 0.0 {
            let stroke = Stroke::dashed(theme.muted, 0.7, &[2.5, 2.0]);
            canvas.rect(
                (left, middle - THICK / 2.0, right - left, THICK),
                2.0,
                None,
                Some(stroke),
            );
        }
        canvas.text(x.max(left) + 8.0, middle + LABEL * 0.36, text, value, Anchor::Start);
        y += height;
    }
    y + 4.0
}

fn clean(value: f64) -> f64 {
    if value.is_finite() && value > 0.0 { value } else { 0.0 }
}

fn total(row: &StackedRow) -> f64 {
    row.values.iter().copied().map(clean).sum()
}

fn total_text(row: &StackedRow, unit: &str) -> String {
    format!("{} {unit}", number(total(row))).trim().to_owned()
}

/// Draws one share in the pattern of its place — solid, pale, hatched, ruled — and returns how text on it looks.
fn segment(canvas: &mut Canvas, index: usize, colors: ToneColors, (x, y, w, h): (f32, f32, f32, f32)) -> Ink {
    let edge = Some(Stroke::solid(Color::WHITE, 0.8));
    match index % 4 {
        0 => {
            canvas.rect((x, y, w, h), 0.0, Some(colors.fill), edge);
            Ink::bold(SMALL, Color::WHITE)
        }
        1 => {
            canvas.rect((x + 0.4, y + 0.4, w - 0.8, h - 0.8), 0.0, Some(colors.pale), None);
            canvas.rect(
                (x + 0.8, y + 0.4, w - 1.6, h - 0.8),
                0.0,
                None,
                Some(Stroke::solid(colors.fill, 0.8)),
            );
            Ink::bold(SMALL, colors.ink)
        }
        pattern => {
            canvas.rect((x, y, w, h), 0.0, Some(colors.fill), edge);
            let white = Stroke::solid(colors.fill.tint(0.45), 0.7);
            let slant = if pattern == 2 { h } else { 0.0 };
            let mut at = x + 3.0 - slant;
            while at < x + w - 0.5 {
                // A line from (at, bottom) to (at + slant, top), clipped to the segment.
                let (from, to) = (at.max(x), (at + slant).min(x + w));
                let height = |px: f32| if slant > 0.0 { y + h - (px - at) } else { y + h };
                let top = if slant > 0.0 { height(to) } else { y };
                canvas.line((from, height(from)), (to, top), white.clone());
                at += 4.0;
            }
            // Figures on lines stand on a plain patch.
            let patch = 20.0;
            if w > patch + 6.0 {
                canvas.rect(
                    (x + (w - patch) / 2.0, y + 2.5, patch, h - 5.0),
                    1.0,
                    Some(colors.fill),
                    None,
                );
            }
            Ink::bold(SMALL, Color::WHITE)
        }
    }
}

fn legend(canvas: &mut Canvas, chart: &Stacked, left: f32) -> f32 {
    let ink = Ink::new(SMALL, canvas.theme.ink);
    let (mut x, mut y) = (left, 10.0);
    for (index, part) in chart.parts.iter().enumerate() {
        let width = 34.0 + canvas.width_of(&part.name, ink);
        if x > left && x + width > canvas.width {
            (x, y) = (left, y + 13.0);
        }
        let colors = canvas.theme.chart_tone(part.tone);
        segment(canvas, index, colors, (x, y - 7.5, 14.0, 9.0));
        let name = canvas.wrap(&part.name, canvas.width - x - 19.0, ink, 1).concat();
        canvas.text(x + 18.0, y, &name, ink, Anchor::Start);
        x += width;
    }
    if chart.parts.is_empty() { 4.0 } else { y + 8.0 }
}
