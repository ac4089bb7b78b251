//! Actual values against thresholds, each row on a scale of its own.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, UNMEASURED, finite, lanes, marker::Marker, share};
use crate::report::{
    chart::{Bullet, BulletRow, ChartTone, amount},
    theme::Color,
};

/// From this many rows on, each has one line and its thresholds are read from the table.
const DENSE: usize = 13;
const THICK: f32 = 12.0;
const LANE: f32 = 9.0;
const NOTE: f32 = 7.5;

/// Where the columns of the chart are.
struct Columns {
    label: f32,
    left: f32,
    right: f32,
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Bullet) -> f32 {
    let dense = chart.rows.len() >= DENSE;
    // One direction for all is said once.
    let shared = chart.rows.first().map(BulletRow::direction);
    let shared = shared.filter(|first| chart.rows.iter().all(|row| row.direction() == *first));
    let ink = Ink::new(LABEL, canvas.theme.ink);
    let widest = canvas.widest(chart.rows.iter().map(|row| row.label.as_str()), ink);
    let label = widest.max(40.0).min(canvas.width * 0.28);
    let columns = Columns {
        label,
        left: label + 10.0,
        right: canvas.width * if dense { 0.66 } else { 0.7 },
    };
    let mut y = legend(canvas, chart, shared) + 9.0;
    for row in &chart.rows {
        y += if dense {
            dense_row(canvas, row, shared.is_none(), &columns, y)
        } else {
            full_row(canvas, row, shared.is_none(), &columns, y)
        };
    }
    y + 2.0
}

fn full_row(canvas: &mut Canvas, row: &BulletRow, direction: bool, columns: &Columns, y: f32) -> f32 {
    let theme = canvas.theme;
    let (label, note) = (Ink::new(LABEL, theme.ink), Ink::new(NOTE, theme.muted));
    let middle = y + 4.0 + THICK / 2.0;
    let first = middle + LABEL * 0.36;
    let mut names = first;
    for (index, line) in canvas
        .wrap(&row.label, columns.label + 0.5, label, 3)
        .iter()
        .enumerate()
    {
        names = first + index as f32 * LABEL * 1.3;
        canvas.text(columns.label, names, line, label, Anchor::End);
    }
    if direction {
        names += 10.0;
        canvas.text(columns.label, names, row.direction(), note, Anchor::End);
    }
    let below = bar(canvas, row, columns, middle, true);

    let (short, rest) = row.state();
    let x = columns.right + 10.0;
    let room = canvas.width - x;
    let known = finite(row.value);
    let bold = Ink::bold(LABEL, if known.is_some() { theme.ink } else { theme.muted });
    let value = known.map_or(UNMEASURED.to_owned(), |value| amount(value, &row.unit));
    let value = canvas.shorten(&value, room, bold);
    canvas.text(x, first, &value, bold, Anchor::Start);
    let mut words = first;
    if known.is_some() {
        let all = [short, rest].into_iter().filter(|text| !text.is_empty());
        for line in canvas.wrap(&all.collect::<Vec<_>>().join("，"), room, note, 3) {
            words += 10.0;
            canvas.text(x, words, &line, note, Anchor::Start);
        }
    }
    (names + 3.0).max(below).max(words + 3.0) - y + 5.0
}

fn dense_row(canvas: &mut Canvas, row: &BulletRow, direction: bool, columns: &Columns, y: f32) -> f32 {
    let theme = canvas.theme;
    let ink = Ink::new(SMALL, theme.ink);
    let middle = y + 7.5;
    let baseline = middle + SMALL * 0.36;
    let name = canvas.shorten(&row.label, columns.label, ink);
    canvas.text(columns.label, baseline, &name, ink, Anchor::End);
    bar(canvas, row, columns, middle, false);
    let mut words = match finite(row.value) {
        Some(value) => format!("{} {}", amount(value, &row.unit), row.state().0),
        None => UNMEASURED.to_owned(),
    };
    if direction {
        words = format!("{words}（{}）", row.direction());
    }
    let x = columns.right + 10.0;
    let words = canvas.shorten(&words, canvas.width - x, ink);
    canvas.text(x, baseline, &words, ink, Anchor::Start);
    15.0
}

/// Draws zones, value, thresholds and target; returns the lowest line used.
fn bar(canvas: &mut Canvas, row: &BulletRow, columns: &Columns, middle: f32, named: bool) -> f32 {
    let theme = canvas.theme;
    let (left, right) = (columns.left, columns.right);
    let thick = if named { THICK } else { THICK - 2.0 };
    let (top, bottom) = (middle - thick / 2.0, middle + thick / 2.0);
    let max = scale(row);
    let at = |value: f64| left + (right - left) * share(value, max);
    let value = finite(row.value);
    let steps = row.steps();
    // Zones in three greys, the darker the worse.
    let mut edges: Vec<f32> = steps.iter().map(|step| at(step.value)).collect();
    edges.sort_by(f32::total_cmp);
    edges.push(right);
    let count = edges.len();
    let mut from = left;
    for (index, to) in edges.iter().enumerate() {
        let good = match row.better {
            crate::scoring::rulebook::Better::Higher => index,
            crate::scoring::rulebook::Better::Lower => count - 1 - index,
        };
        let tint = if count == 1 {
            0.86
        } else {
            0.6 + 0.3 * good as f32 / (count - 1) as f32
        };
        let fill = theme.neutral.fill.tint(tint);
        canvas.rect((from, top, to - from, thick), 0.0, Some(fill), None);
        from = from.max(*to);
    }
    match value {
        Some(value) => {
            let area = (left, middle - 3.0, at(value) - left, 6.0);
            canvas.rect(area, 0.0, Some(theme.brand), Some(Stroke::solid(Color::WHITE, 0.6)));
            if value > max {
                for x in [right - 8.0, right - 5.0] {
                    canvas.line((x - 1.5, bottom), (x + 1.5, top), Stroke::solid(Color::WHITE, 1.2));
                }
            }
        }
        None => {
            let stroke = Stroke::dashed(theme.muted, 0.7, &[2.5, 2.0]);
            canvas.rect(
                (left, middle - 3.0, right - left, 6.0),
                1.0,
                Some(Color::WHITE),
                Some(stroke),
            );
        }
    }
    let mut shown: Vec<(f32, String, bool)> = Vec::new();
    for step in &steps {
        let x = at(step.value);
        canvas.line((x, top - 1.0), (x, bottom + 1.0), Stroke::solid(theme.ink, 1.0));
        shown.push((x, format!("{} {}", step.label, amount(step.value, "")), false));
    }
    if let Some(target) = finite(row.target) {
        let (x, color) = (at(target), theme.chart_tone(ChartTone::Warn).fill);
        canvas.line((x, top - 2.0), (x, bottom + 2.0), Stroke::solid(color, 1.4));
        Marker::Diamond.draw(canvas, (x, top - 1.5), 2.0, Color::WHITE, color);
        shown.push((x, format!("目标 {}", amount(target, "")), true));
    }
    if !named {
        return bottom;
    }
    let ink = Ink::new(NOTE, theme.muted);
    let texts: Vec<(f32, String, bool)> = shown
        .into_iter()
        .map(|(x, text, target)| (x, canvas.shorten(&text, right - left, ink), target))
        .collect();
    let wishes: Vec<_> = texts
        .iter()
        .map(|(x, text, _)| (*x, canvas.width_of(text, ink)))
        .collect();
    let mut lowest = bottom;
    for ((_, text, target), (lane, centre)) in texts.iter().zip(lanes(&wishes, left - 6.0, right + 6.0)) {
        let baseline = bottom + 9.0 + lane as f32 * LANE;
        let color = if *target { theme.warn.ink } else { theme.muted };
        canvas.text(centre, baseline, text, Ink { color, ..ink }, Anchor::Middle);
        lowest = lowest.max(baseline + 2.0);
    }
    lowest
}

/// Right end of a row's scale: as written, or a little more than the largest number on it.
fn scale(row: &BulletRow) -> f64 {
    let given = row.max.filter(|max| max.is_finite() && *max > 0.0);
    let largest = row
        .bands
        .iter()
        .map(|band| Some(band.value))
        .chain([row.value, row.target])
        .filter_map(finite)
        .fold(0.0, f64::max);
    given.unwrap_or(if largest > 0.0 { largest * 1.12 } else { 1.0 })
}

fn legend(canvas: &mut Canvas, chart: &Bullet, shared: Option<&str>) -> f32 {
    let theme = canvas.theme;
    let mut names = vec!["实际值".to_owned()];
    let mut kinds = vec![0];
    if chart.rows.iter().any(|row| !row.bands.is_empty()) {
        names.push("分界线，底色越深越差".to_owned());
        kinds.push(1);
    }
    if chart.rows.iter().any(|row| row.target.is_some()) {
        names.push("目标".to_owned());
        kinds.push(2);
    }
    if let Some(shared) = shared {
        names.push(format!("各项{shared}"));
        kinds.push(3);
    }
    canvas.legend(
        (0.0, 10.0),
        14.0,
        &names,
        &mut |canvas, index, x, y| match kinds[index] {
            0 => canvas.rect((x, y - 3.0, 14.0, 6.0), 0.0, Some(theme.brand), None),
            1 => {
                canvas.rect((x, y - 4.0, 7.0, 8.0), 0.0, Some(theme.neutral.fill.tint(0.6)), None);
                canvas.rect(
                    (x + 7.0, y - 4.0, 7.0, 8.0),
                    0.0,
                    Some(theme.neutral.fill.tint(0.9)),
                    None,
                );
                canvas.line((x + 7.0, y - 5.0), (x + 7.0, y + 5.0), Stroke::solid(theme.ink, 1.0));
            }
            2 => {
                let color = theme.warn.fill;
                canvas.line((x + 7.0, y - 4.0), (x + 7.0, y + 5.0), Stroke::solid(color, 1.4));
                Marker::Diamond.draw(canvas, (x + 7.0, y - 3.0), 2.0, Color::WHITE, color);
            }
            _ => {}
        },
    )
}
