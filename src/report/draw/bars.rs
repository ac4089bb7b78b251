//! Horizontal bars with thresholds.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, UNMEASURED, finite, lanes, number, share};
use crate::report::chart::{Bar, Bars, Mark};

const THICK: f32 = 11.0;
const LANE: f32 = 9.5;

pub(super) fn draw(canvas: &mut Canvas, bars: &Bars) -> f32 {
    let theme = canvas.theme;
    let (label, value) = (Ink::new(LABEL, theme.ink), Ink::bold(LABEL, theme.ink));
    let texts: Vec<String> = bars.bars.iter().map(|bar| right_text(bar, &bars.unit)).collect();
    let label_room = canvas
        .widest(bars.bars.iter().map(|b| b.label.as_str()), label)
        .min(canvas.width * 0.32);
    let value_room = canvas
        .widest(texts.iter().map(String::as_str), value)
        .min(canvas.width * 0.28);
    let left = label_room + 10.0;
    let right = canvas.width - value_room - 10.0;
    let shared = shared_marks(bars);
    let leading = LABEL * 1.3;

    // Marks that every bar shares are drawn once, through all of them.
    let mut top = 4.0;
    let mut guides = Vec::new();
    if let Some(marks) = shared {
        let (placed, depth) = place_marks(canvas, marks, bars, left, right);
        guides = placed;
        top += depth as f32 * LANE + 4.0;
    }
    let mut y = top;
    for (bar, text) in bars.bars.iter().zip(&texts) {
        let names = canvas.wrap(&bar.label, label_room + 0.5, label, 3);
        let values = canvas.wrap(text, value_room + 0.5, value, 3);
        let own = if shared.is_some() { &[][..] } else { &bar.marks[..] };
        let (placed, depth) = place_marks(canvas, own, bars, left, right);
        let body = (names.len().max(values.len()).max(1) as f32 * leading).max(THICK + 9.0);
        let middle = y + body / 2.0;
        canvas.lines(label_room, middle, &names, leading, label, Anchor::End);
        draw_bar(canvas, bar, bars.max, (left, right, middle));
        let color = if bar.value.is_some() { theme.ink } else { theme.muted };
        canvas.lines(
            right + 10.0,
            middle,
            &values,
            leading,
            Ink { color, ..value },
            Anchor::Start,
        );
        for mark in &placed {
            canvas.line(
                (mark.at, middle - THICK / 2.0 - 2.5),
                (mark.at, middle + THICK / 2.0 + 2.5),
                tick(canvas),
            );
            let baseline = y + body + 6.5 + mark.lane as f32 * LANE;
            canvas.text(
                mark.centre,
                baseline,
                &mark.text,
                Ink::new(7.0, theme.muted),
                Anchor::Middle,
            );
        }
        y += body + if depth > 0 { depth as f32 * LANE + 4.5 } else { 2.0 };
    }
    for mark in &guides {
        let stroke = Stroke::dashed(theme.ink, 0.8, &[3.0, 2.0]);
        canvas.line((mark.at, top - 2.0), (mark.at, y), stroke);
        let baseline = top - 5.0 - mark.lane as f32 * LANE;
        canvas.text(
            mark.centre,
            baseline,
            &mark.text,
            Ink::new(7.5, theme.ink),
            Anchor::Middle,
        );
    }
    y + 2.0
}

fn right_text(bar: &Bar, unit: &str) -> String {
    match finite(bar.value) {
        _ if !bar.note.is_empty() => bar.note.clone(),
        Some(value) => format!("{}{}{unit}", number(value), if unit.len() > 1 { " " } else { "" }),
        None => UNMEASURED.to_owned(),
    }
}

fn tick(canvas: &Canvas) -> Stroke {
    Stroke::solid(canvas.theme.ink, 1.1)
}

fn draw_bar(canvas: &mut Canvas, bar: &Bar, max: f64, (left, right, middle): (f32, f32, f32)) {
    let theme = canvas.theme;
    let colors = theme.chart_tone(bar.tone);
    let long = |value: f64| (right - left) * share(value, max);
    let row = |length: f32| (left, middle - THICK / 2.0, length, THICK);
    let Some(value) = finite(bar.value) else {
        let stroke = Stroke::dashed(theme.muted, 0.7, &[2.5, 2.0]);
        canvas.rect(
            row(finite(bar.full).map_or(right - left, long)),
            2.0,
            None,
            Some(stroke),
        );
        if !bar.note.is_empty() {
            let ink = Ink::new(SMALL, theme.muted);
            canvas.text(left + 6.0, middle + SMALL * 0.36, UNMEASURED, ink, Anchor::Start);
        }
        return;
    };
    canvas.rect(
        row(finite(bar.full).map_or(right - left, long)),
        2.0,
        Some(colors.pale),
        None,
    );
    canvas.rect(row(long(value)), 2.0, Some(colors.fill), None);
    if value > max {
        // The bar is longer than the scale: two white cuts at its end.
        for x in [right - 8.0, right - 5.0] {
            let white = Stroke::solid(crate::report::theme::Color::WHITE, 1.0);
            canvas.line((x - 1.5, middle + THICK / 2.0), (x + 1.5, middle - THICK / 2.0), white);
        }
    }
}

struct Placed {
    at: f32,
    lane: usize,
    centre: f32,
    text: String,
}

fn place_marks(canvas: &Canvas, marks: &[Mark], bars: &Bars, left: f32, right: f32) -> (Vec<Placed>, usize) {
    let ink = Ink::new(7.5, canvas.theme.ink);
    let shown: Vec<(f32, String)> = marks
        .iter()
        .filter(|mark| mark.value.is_finite())
        .map(|mark| {
            let text = format!("{} {}", mark.label, number(mark.value));
            (
                left + (right - left) * share(mark.value, bars.max),
                text.trim().to_owned(),
            )
        })
        .collect();
    let wishes: Vec<_> = shown
        .iter()
        .map(|(at, text)| (*at, canvas.width_of(text, ink)))
        .collect();
    let lanes = lanes(&wishes, left, canvas.width);
    let depth = lanes.iter().map(|(lane, _)| lane + 1).max().unwrap_or(0);
    let placed = shown.into_iter().zip(lanes);
    (
        placed
            .map(|((at, text), (lane, centre))| Placed { at, lane, centre, text })
            .collect(),
        depth,
    )
}

/// The marks, when two bars or more all carry the same ones.
fn shared_marks(bars: &Bars) -> Option<&[Mark]> {
    let (first, rest) = bars.bars.split_first()?;
    let same = !rest.is_empty() && !first.marks.is_empty() && rest.iter().all(|bar| bar.marks == first.marks);
    same.then_some(&first.marks[..])
}
