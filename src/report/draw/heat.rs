//! Heat maps of shares: items × levels or standards, the number in each cell.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, finite, share};
use crate::report::{chart::Heat, theme::Color};

/// From this many rows on, each has one line.
const DENSE: usize = 25;
const GAP: f32 = 1.5;

pub(super) fn draw(canvas: &mut Canvas, chart: &Heat) -> f32 {
    let theme = canvas.theme;
    let dense = chart.rows.len() >= DENSE;
    let label = Ink::new(if dense { SMALL } else { LABEL }, theme.ink);
    let head = Ink::bold(SMALL, theme.muted);
    let columns = chart.columns.len().max(1);
    let widest = canvas.widest(chart.rows.iter().map(|row| row.label.as_str()), label);
    let room = widest.min(canvas.width * if columns > 7 { 0.28 } else { 0.42 });
    let left = room + 10.0;
    let pitch = ((canvas.width - left) / columns as f32).min(88.0);

    let heads: Vec<_> = chart
        .columns
        .iter()
        .map(|name| canvas.wrap(name, pitch - 3.0, head, 4))
        .collect();
    let lines = heads.iter().map(Vec::len).max().unwrap_or(0) as f32;
    for (column, names) in heads.iter().enumerate() {
        let x = left + pitch * (column as f32 + 0.5);
        canvas.lines(x, 2.0 + lines * 5.0, names, 10.0, head, Anchor::Middle);
    }
    let mut y = 6.0 + lines * 10.0;
    for row in &chart.rows {
        let names = canvas.wrap(&row.label, room + 0.5, label, if dense { 1 } else { 2 });
        let height = (names.len() as f32 * LABEL * 1.2).max(if dense { 13.0 } else { 17.0 });
        canvas.lines(room, y + height / 2.0, &names, LABEL * 1.2, label, Anchor::End);
        for column in 0..columns {
            let area = (left + pitch * column as f32, y, pitch - GAP, height - GAP);
            cell(
                canvas,
                row.cells.get(column).copied().and_then(finite),
                chart.blank(row, column),
                area,
            );
        }
        y += height;
    }
    legend(canvas, chart, left, y + 13.0)
}

/// Pale to dark, so that black-and-white paper keeps the order.
fn shade(canvas: &Canvas, value: f64) -> (Color, Color) {
    let theme = canvas.theme;
    let fill = theme.brand.tint(0.92 - 0.92 * share(value, 1.0));
    let ink = if theme.ink.contrast(fill) >= Color::WHITE.contrast(fill) {
        theme.ink
    } else {
        Color::WHITE
    };
    (fill, ink)
}

fn cell(canvas: &mut Canvas, value: Option<f64>, blank: &str, (x, y, w, h): (f32, f32, f32, f32)) {
    let theme = canvas.theme;
    let middle = y + h / 2.0 + SMALL * 0.36;
    let Some(value) = value else {
        let pen = Stroke::dashed(theme.muted, 0.6, &[2.0, 2.0]);
        canvas.rect((x + 0.4, y + 0.4, w - 0.8, h - 0.8), 1.0, None, Some(pen));
        let ink = Ink::new(7.0, theme.muted);
        // Where the word does not fit, its first character does; the legend has all of it.
        let first = blank.chars().next().map_or(String::new(), String::from);
        let fits = [blank, &first, "–"]
            .into_iter()
            .find(|word| canvas.width_of(word, ink) + 2.0 <= w);
        canvas.text(x + w / 2.0, middle, fits.unwrap_or_default(), ink, Anchor::Middle);
        return;
    };
    let (fill, color) = shade(canvas, value);
    canvas.rect((x, y, w, h), 1.0, Some(fill), Some(Stroke::solid(theme.hairline, 0.5)));
    let text = percent(value);
    canvas.text(x + w / 2.0, middle, &text, Ink::new(SMALL, color), Anchor::Middle);
}

/// Whole per cent; what is not quite nothing or everything does not look so.
fn percent(value: f64) -> String {
    let value = value.clamp(0.0, 1.0) * 100.0;
    let whole = match crate::round::half_up(value, 0) {
        0.0 if value > 0.0 => 1.0,
        100.0 if value < 100.0 => 99.0,
        whole => whole,
    };
    format!("{whole:.0}")
}

fn legend(canvas: &mut Canvas, chart: &Heat, left: f32, y: f32) -> f32 {
    let theme = canvas.theme;
    let what = if chart.value.is_empty() { "数值" } else { &chart.value };
    let mut names = vec![format!("{what} %，越深越高")];
    let blanks = chart.blanks();
    if !blanks.is_empty() {
        names.push(blanks.join("、"));
    }
    let narrow = canvas.width - left < 190.0;
    let left = if narrow { 0.0 } else { left };
    let last = canvas.legend((left, y), 40.0, &names, &mut |canvas, index, x, y| {
        if index == 1 {
            let pen = Stroke::dashed(theme.muted, 0.6, &[2.0, 2.0]);
            canvas.rect((x + 24.0, y - 4.0, 15.0, 8.0), 1.0, None, Some(pen));
            return;
        }
        for step in 0..5 {
            let (fill, _) = shade(canvas, f64::from(step) / 4.0);
            let edge = Stroke::solid(theme.hairline, 0.5);
            canvas.rect((x + step as f32 * 8.0, y - 4.0, 8.0, 8.0), 0.0, Some(fill), Some(edge));
        }
    });
    last + 5.0
}
