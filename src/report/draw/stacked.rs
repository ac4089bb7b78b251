//! Bars split into shares.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, number, pattern};
use crate::report::chart::{Stacked, StackedRow};

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
            let text = if amount > 0.0 { number(amount) } else { String::new() };
            let area = (x, middle - THICK / 2.0, long, THICK);
            pattern::labelled(canvas, index, theme.chart_tone(part.tone), area, &text);
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
    let space = if unit.is_empty() || unit == "%" { "" } else { " " };
    format!("{}{space}{unit}", number(total(row)))
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
        pattern::fill(canvas, index, colors, (x, y - 7.5, 14.0, 9.0));
        let name = canvas.wrap(&part.name, canvas.width - x - 19.0, ink, 1).concat();
        canvas.text(x + 18.0, y, &name, ink, Anchor::Start);
        x += width;
    }
    if chart.parts.is_empty() { 4.0 } else { y + 8.0 }
}
