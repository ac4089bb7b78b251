//! Where points were lost: from full points down to the score, one row a loss.

use super::{Anchor, Canvas, Ink, LABEL, Stroke, UNMEASURED, finite, pattern, share};
use crate::report::{
    chart::{ChartTone, Waterfall, amount},
    theme::ToneColors,
};

/// From this many rows on, each has one line.
const DENSE: usize = 21;

/// A row ready to be drawn.
struct Line<'c> {
    label: &'c str,
    text: String,
    /// Left and right end of the bar on the scale.
    span: Option<(f64, f64)>,
    /// Pattern and colours.
    look: (usize, ToneColors),
    /// Where the running total stands after this row; `None` breaks the thread that joins the rows.
    after: Option<f64>,
    bold: bool,
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Waterfall) -> f32 {
    let rows = rows(canvas, chart);
    let dense = rows.len() >= DENSE;
    let theme = canvas.theme;
    let label = Ink::new(LABEL, theme.ink);
    let bold = |row: &Line| Ink {
        bold: row.bold,
        ..label
    };
    let room = rows
        .iter()
        .map(|row| canvas.width_of(row.label, bold(row)))
        .fold(0.0, f32::max);
    let room = room.min(canvas.width * 0.36);
    let values = rows
        .iter()
        .map(|row| canvas.width_of(&row.text, bold(row)))
        .fold(0.0, f32::max);
    let left = room + 10.0;
    // A hair more than the widest: widths are sums of rounded ones.
    let values = values + 1.0;
    let right = (canvas.width - values.min(canvas.width * 0.25) - 8.0).max(left + 30.0);
    let max = [
        chart.start.value,
        chart.end.value,
        chart.target.as_ref().map_or(0.0, |t| t.value),
    ];
    let max = max.into_iter().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let at = |value: f64| left + (right - left) * share(value, max);

    let mut y = 2.0;
    let mut thread: Option<(f64, f32)> = None;
    for row in &rows {
        let ink = bold(row);
        let names = canvas.wrap(row.label, room + 0.5, ink, if dense { 1 } else { 2 });
        let pitch = if dense { 14.5 } else { 19.0 };
        let height = (names.len() as f32 * LABEL * 1.25 + 3.0).max(pitch);
        let thick: f32 = if dense { 10.0 } else { 13.0 };
        let middle = y + height / 2.0;
        canvas.lines(room, middle, &names, LABEL * 1.25, ink, Anchor::End);
        if let Some((value, bottom)) = thread {
            let x = at(value);
            let pen = Stroke::dashed(theme.muted, 0.6, &[1.5, 1.5]);
            canvas.line((x, bottom), (x, middle - thick / 2.0), pen);
        }
        let text = canvas.shorten(&row.text, canvas.width - right - 8.0, ink);
        match row.span {
            Some((from, to)) => {
                let (x, w) = (at(from), (at(to) - at(from)).max(1.2));
                let x = x.min(right - w);
                pattern::fill(canvas, row.look.0, row.look.1, (x, middle - thick / 2.0, w, thick));
            }
            None => {
                // Nobody knows how long this bar is.
                let x = (at(row.after.unwrap_or(0.0)) - 26.0).max(left);
                let pen = Stroke::dashed(theme.muted, 0.7, &[2.5, 2.0]);
                canvas.rect((x, middle - thick / 2.0, 26.0, thick), 1.0, None, Some(pen));
            }
        }
        canvas.text(right + 8.0, middle + LABEL * 0.36, &text, ink, Anchor::Start);
        thread = row.after.map(|value| (value, middle + thick / 2.0));
        y += height;
    }
    canvas.line((left, 0.0), (left, y), Stroke::solid(theme.muted, 0.7));
    if let Some(words) = chart.to_target() {
        let ink = Ink::bold(LABEL, theme.ink);
        for line in canvas.wrap(&words, canvas.width, ink, 2) {
            y += 13.0;
            canvas.text(canvas.width / 2.0, y, &line, ink, Anchor::Middle);
        }
    }
    y + 5.0
}

fn rows<'c>(canvas: &Canvas, chart: &'c Waterfall) -> Vec<Line<'c>> {
    let tone = |tone| canvas.theme.chart_tone(tone);
    let whole = |label: &'c str, value: f64, look, after| Line {
        label,
        text: amount(value, &chart.unit),
        span: Some((0.0, value)),
        look,
        after,
        bold: true,
    };
    let (start, end) = (&chart.start, &chart.end);
    let mut running = start.value;
    let mut rows = vec![whole(
        &start.label,
        start.value,
        (1, tone(ChartTone::Neutral)),
        Some(running),
    )];
    for loss in &chart.losses {
        let value = finite(loss.value).map(|value| value.max(0.0));
        let before = running;
        running = (running - value.unwrap_or(0.0)).max(0.0);
        rows.push(Line {
            label: &loss.label,
            text: match value {
                Some(0.0) => "0".to_owned(),
                Some(value) => format!("−{}", amount(value, "")),
                None => UNMEASURED.to_owned(),
            },
            span: value.map(|_| (running, before)),
            look: (2, tone(ChartTone::Warn)),
            after: Some(running),
            bold: false,
        });
    }
    rows.push(whole(&end.label, end.value, (0, tone(ChartTone::Neutral)), None));
    if let Some(target) = &chart.target {
        rows.push(whole(&target.label, target.value, (5, tone(ChartTone::Info)), None));
    }
    rows
}
