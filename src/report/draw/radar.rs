//! Radar charts.

use std::f32::consts::TAU;

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, UNMEASURED, finite, marker::Marker, number, share};
use crate::report::{
    chart::{Bar, Bars, ChartTone, MOST_SERIES, Mark, Radar},
    theme::Color,
};

/// Characters in a line of an axis label.
const LABEL_CHARS: f32 = 6.0;

/// The same numbers as bars, for fewer than three axes: the first series as bars, the others as marks.
pub(super) fn as_bars(radar: &Radar) -> Bars {
    let value = |series: usize, axis: usize| radar.series.get(series).and_then(|s| finite(*s.values.get(axis)?));
    let bar = |(axis, label): (usize, &String)| Bar {
        label: label.clone(),
        value: value(0, axis),
        full: None,
        marks: (1..radar.series.len())
            .filter_map(|s| {
                Some(Mark {
                    value: value(s, axis)?,
                    label: radar.series[s].name.clone(),
                })
            })
            .collect(),
        note: String::new(),
        tone: ChartTone::Neutral,
    };
    Bars {
        max: radar.max,
        unit: radar.unit.clone(),
        bars: radar.axes.iter().enumerate().map(bar).collect(),
    }
}

pub(super) fn draw(canvas: &mut Canvas, radar: &Radar) -> f32 {
    let theme = canvas.theme;
    let count = radar.axes.len();
    let label = Ink::new(LABEL, theme.ink);
    let leading = LABEL * 1.3;
    let room = LABEL * if count > 12 { 5.0 } else { LABEL_CHARS } + 1.0;
    let labels: Vec<Vec<String>> = radar
        .axes
        .iter()
        .map(|axis| canvas.wrap(axis, room, label, 3))
        .collect();
    let radius = ((canvas.width - 2.0 * (room + 14.0)) / 2.0).clamp(30.0, 104.0);

    // How far labels reach above the top and below the bottom decides where the centre is.
    let point = |axis: usize, r: f32| {
        let angle = TAU * axis as f32 / count as f32;
        (r * angle.sin(), -r * angle.cos())
    };
    let block = |axis: usize| {
        let lines = labels[axis].len() as f32 + notes(radar, axis).len() as f32;
        let (dx, dy) = point(axis, radius + 10.0);
        let height = lines * leading;
        // Labels hang on the point that faces the centre: above it at the top, below it at the bottom.
        let lift = (1.0 - dy / (radius + 10.0)) / 2.0;
        (dx, dy - height * lift, height)
    };
    let top = (0..count).map(|axis| block(axis).1).fold(-radius, f32::min);
    let bottom = (0..count)
        .map(|axis| (block(axis).1 + block(axis).2).max(point(axis, radius).1))
        .fold(0.0, f32::max);
    let (cx, cy) = (canvas.width / 2.0, 4.0 - top);
    let at = |axis: usize, r: f32| {
        let (dx, dy) = point(axis % count, r);
        (cx + dx, cy + dy)
    };

    let spot = |series: usize, axis: usize| {
        let value = finite(*radar.series.get(series)?.values.get(axis % count)?)?;
        Some(at(axis, radius * share(value, radar.max)))
    };
    // The pale area lies under the grid, so that rings stay visible without transparency.
    if !radar.series.is_empty() {
        area(canvas, count, (cx, cy), &|axis| spot(0, axis));
    }
    let mut rings: Vec<f64> = radar
        .rings
        .iter()
        .copied()
        .filter(|r| r.is_finite() && *r > 0.0)
        .collect();
    if !rings.iter().any(|r| (*r - radar.max).abs() < 1e-9) {
        rings.push(radar.max);
    }
    for ring in &rings {
        let outer = (*ring - radar.max).abs() < 1e-9;
        let points: Vec<_> = (0..count)
            .map(|axis| at(axis, radius * share(*ring, radar.max)))
            .collect();
        let color = if outer { theme.muted.tint(0.35) } else { theme.hairline };
        canvas.polygon(&points, None, Some(Stroke::solid(color, if outer { 0.8 } else { 0.6 })));
    }
    for axis in 0..count {
        canvas.line((cx, cy), at(axis, radius), Stroke::solid(theme.hairline, 0.6));
    }
    ring_labels(canvas, radar, &rings, (cx, cy, radius));
    for series in (0..radar.series.len().min(MOST_SERIES)).rev() {
        outline(canvas, series, count, &|axis| spot(series, axis));
    }
    for (axis, lines) in labels.iter().enumerate() {
        let (dx, y, _) = block(axis);
        let anchor = match dx {
            dx if dx > radius * 0.12 => Anchor::Start,
            dx if dx < -radius * 0.12 => Anchor::End,
            _ => Anchor::Middle,
        };
        let mut baseline = cy + y + LABEL;
        for line in lines {
            canvas.text(cx + dx, baseline, line, label, anchor);
            baseline += leading;
        }
        for (note, missing) in notes(radar, axis) {
            let color = if missing {
                theme.tone(crate::report::document::Tone::Warn).ink
            } else {
                theme.brand
            };
            canvas.text(cx + dx, baseline - 0.5, &note, Ink::bold(SMALL, color), anchor);
            baseline += leading;
        }
    }
    legend(canvas, radar, cy + bottom + 16.0)
}

/// The rings' values on the first axis, each on a patch of what is behind it, under the series' lines.
fn ring_labels(canvas: &mut Canvas, radar: &Radar, rings: &[f64], (cx, cy, radius): (f32, f32, f32)) {
    let ink = Ink::new(6.5, canvas.theme.muted);
    let filled = radar
        .series
        .first()
        .and_then(|s| finite(*s.values.first()?))
        .unwrap_or(0.0);
    // A ring's value under a mark could be read only in part.
    let marks = radar
        .series
        .iter()
        .take(MOST_SERIES)
        .filter_map(|s| finite(*s.values.first()?));
    let marks: Vec<f32> = marks.map(|value| radius * share(value, radar.max)).collect();
    let hidden = |ring: &f64| {
        marks
            .iter()
            .any(|mark| (mark - radius * share(*ring, radar.max)).abs() < 6.5)
    };
    for ring in rings.iter().filter(|ring| !hidden(ring)) {
        let y = cy - radius * share(*ring, radar.max);
        let text = format!("{}{}", number(*ring), radar.unit);
        let w = canvas.width_of(&text, ink) + 2.0;
        let ground = if *ring < filled {
            canvas.theme.brand_pale
        } else {
            Color::WHITE
        };
        canvas.rect((cx - w / 2.0, y - 3.6, w, 7.2), 1.0, Some(ground), None);
        canvas.text(cx, y + 2.4, &text, ink, Anchor::Middle);
    }
}

/// What stands under an axis label: the first series' value, and which series were not measured there.
fn notes(radar: &Radar, axis: usize) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    for (index, series) in radar.series.iter().take(MOST_SERIES).enumerate() {
        match (index, series.values.get(axis).copied().and_then(finite)) {
            (0, Some(value)) => out.push((format!("{}{}", number(value), radar.unit), false)),
            (0, None) => out.push((UNMEASURED.to_owned(), true)),
            (_, None) => out.push((format!("{}{UNMEASURED}", series.name), true)),
            _ => {}
        }
    }
    out
}

/// Fills between neighbouring values and the centre; where a value is missing, nothing.
fn area(canvas: &mut Canvas, count: usize, centre: (f32, f32), spot: &dyn Fn(usize) -> Option<(f32, f32)>) {
    let pale = canvas.theme.brand_pale;
    let all: Option<Vec<_>> = (0..count).map(spot).collect();
    if let Some(points) = all {
        canvas.polygon(&points, Some(pale), None);
        return;
    }
    for axis in 0..count {
        if let (Some(a), Some(b)) = (spot(axis), spot(axis + 1)) {
            canvas.polygon(&[centre, a, b], Some(pale), Some(Stroke::solid(pale, 0.5)));
        }
    }
}

fn pen(canvas: &Canvas, series: usize) -> Stroke {
    let theme = canvas.theme;
    match series {
        0 => Stroke::solid(theme.brand, 1.7),
        1 => Stroke::dashed(theme.chart_tone(ChartTone::Warn).fill, 1.3, &[5.0, 3.0]),
        2 => Stroke::dashed(theme.muted, 1.3, &[1.2, 2.4]),
        _ => Stroke::dashed(theme.chart_tone(ChartTone::Info).fill, 1.3, &[7.0, 2.2, 1.2, 2.2]),
    }
}

/// The point mark of a series: the first is filled, the others are hollow and have a shape of their own.
fn mark(canvas: &mut Canvas, series: usize, at: (f32, f32)) {
    let color = pen(canvas, series).color;
    let (r, fill) = if series == 0 { (2.3, color) } else { (2.2, Color::WHITE) };
    Marker::ALL[series % Marker::ALL.len()].draw(canvas, at, r, fill, color);
}

fn outline(canvas: &mut Canvas, series: usize, count: usize, spot: &dyn Fn(usize) -> Option<(f32, f32)>) {
    let stroke = pen(canvas, series);
    let all: Option<Vec<_>> = (0..count).map(spot).collect();
    match all {
        Some(points) => canvas.polygon(&points, None, Some(stroke.clone())),
        None => {
            for axis in 0..count {
                if let (Some(a), Some(b)) = (spot(axis), spot(axis + 1)) {
                    canvas.line(a, b, stroke.clone());
                }
            }
        }
    }
    for at in (0..count).filter_map(spot) {
        mark(canvas, series, at);
    }
}

fn legend(canvas: &mut Canvas, radar: &Radar, y: f32) -> f32 {
    let ink = Ink::new(SMALL, canvas.theme.ink);
    let names: Vec<&str> = radar.series.iter().take(MOST_SERIES).map(|s| s.name.as_str()).collect();
    if names.is_empty() {
        return y - 8.0;
    }
    // Entries that do not fit in one row go below one another.
    let widths: Vec<f32> = names.iter().map(|name| 28.0 + canvas.width_of(name, ink)).collect();
    let total = widths.iter().sum::<f32>() + 20.0 * (names.len() as f32 - 1.0);
    let stacked = total > canvas.width;
    let widest = widths.iter().copied().fold(0.0, f32::max).min(canvas.width);
    let mut x = (canvas.width - if stacked { widest } else { total }) / 2.0;
    let mut y = y;
    for (series, name) in names.iter().enumerate() {
        let stroke = pen(canvas, series);
        canvas.line((x, y - 3.0), (x + 22.0, y - 3.0), stroke);
        mark(canvas, series, (x + 11.0, y - 3.0));
        let name = canvas.wrap(name, canvas.width - 28.0, ink, 1).concat();
        canvas.text(x + 28.0, y, &name, ink, Anchor::Start);
        if stacked {
            y += 13.0;
        } else {
            x += widths[series] + 20.0;
        }
    }
    if stacked { y - 13.0 + 6.0 } else { y + 6.0 }
}
