//! Heat maps of levels: rows × levels.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke};
use crate::report::{
    chart::{ChartTone, LevelRow, Levels},
    theme::Color,
};

const CELL: f32 = 17.0;
const GAP: f32 = 2.0;

pub(super) fn draw(canvas: &mut Canvas, chart: &Levels) -> f32 {
    let theme = canvas.theme;
    let label = Ink::new(LABEL, theme.ink);
    let head = Ink::bold(SMALL, theme.muted);
    let room = canvas
        .widest(chart.rows.iter().map(|row| row.label.as_str()), label)
        .min(canvas.width * 0.42);
    let left = room + 10.0;
    let columns = chart.levels.len().max(1);
    let pitch = ((canvas.width - left) / columns as f32).min(96.0);

    let heads: Vec<_> = chart
        .levels
        .iter()
        .map(|level| canvas.wrap(level, pitch - 4.0, head, 2))
        .collect();
    let head_lines = heads.iter().map(Vec::len).max().unwrap_or(0) as f32;
    for (column, lines) in heads.iter().enumerate() {
        let x = left + pitch * (column as f32 + 0.5);
        canvas.lines(x, 2.0 + head_lines * 5.5, lines, 11.0, head, Anchor::Middle);
    }
    let mut y = 6.0 + head_lines * 11.0;
    for row in &chart.rows {
        let lines = canvas.wrap(&row.label, room + 0.5, label, 2);
        let height = (lines.len() as f32 * LABEL * 1.25).max(CELL);
        canvas.lines(room, y + height / 2.0, &lines, LABEL * 1.25, label, Anchor::End);
        draw_row(canvas, row, columns, (left, y, pitch, height));
        y += height + GAP;
    }
    legend(canvas, chart, left, y + 12.0)
}

fn draw_row(canvas: &mut Canvas, row: &LevelRow, columns: usize, (left, y, pitch, height): (f32, f32, f32, f32)) {
    let theme = canvas.theme;
    let cell = |column: usize| (left + pitch * column as f32, y, pitch - GAP, height);
    let middle = y + height / 2.0 + SMALL * 0.36;
    let Some(level) = row.level else {
        let (x, y, _, h) = cell(0);
        let all = (x, y, pitch * columns as f32 - GAP, h);
        canvas.rect(all, 2.0, None, Some(Stroke::dashed(theme.muted, 0.6, &[2.5, 2.0])));
        // The word stands in the first cell that does not say 目标.
        let (x, _, w, _) = cell(usize::from(row.target == 1 && columns > 1));
        canvas.text(
            x + w / 2.0,
            middle,
            "未答",
            Ink::new(SMALL, theme.muted),
            Anchor::Middle,
        );
        outline_target(canvas, row, columns, &cell, middle, 0);
        return;
    };
    let level = usize::from(level).min(columns);
    for column in 0..columns {
        let fill = match column + 1 {
            n if n == level => theme.brand,
            n if n < level => theme.brand.tint(0.62),
            _ => theme.zebra,
        };
        canvas.rect(cell(column), 2.0, Some(fill), None);
    }
    let (x, _, w, _) = cell(level.saturating_sub(1));
    let ink = Ink::bold(LABEL, if level == 0 { theme.muted } else { Color::WHITE });
    canvas.text(x + w / 2.0, middle, &level.to_string(), ink, Anchor::Middle);
    outline_target(canvas, row, columns, &cell, middle, level);
}

/// The outline of the level aimed at, with the word in it where nothing else is written.
fn outline_target(
    canvas: &mut Canvas,
    row: &LevelRow,
    columns: usize,
    cell: &dyn Fn(usize) -> (f32, f32, f32, f32),
    middle: f32,
    level: usize,
) {
    let target = usize::from(row.target);
    if target == 0 || target > columns {
        return;
    }
    let color = canvas.theme.chart_tone(ChartTone::Warn).fill;
    let (x, y, w, h) = cell(target - 1);
    canvas.rect(
        (x + 0.7, y + 0.7, w - 1.4, h - 1.4),
        2.0,
        None,
        Some(Stroke::solid(color, 1.4)),
    );
    if target > level.max(1) && w > 22.0 {
        canvas.text(x + w / 2.0, middle, "目标", Ink::new(7.5, color), Anchor::Middle);
    }
}

fn legend(canvas: &mut Canvas, chart: &Levels, left: f32, y: f32) -> f32 {
    let theme = canvas.theme;
    let ink = Ink::new(SMALL, theme.muted);
    let color = theme.chart_tone(ChartTone::Warn).fill;
    let mut x = left;
    let mut entries = vec![("已达到的级别", Some(theme.brand), None)];
    if chart.rows.iter().any(|row| row.target > 0) {
        entries.push(("目标级别", None, Some(Stroke::solid(color, 1.4))));
    }
    if chart.rows.iter().any(|row| row.level.is_none()) {
        entries.push(("未答", None, Some(Stroke::dashed(theme.muted, 0.6, &[2.5, 2.0]))));
    }
    let total: f32 = entries.iter().map(|(name, ..)| 28.0 + canvas.width_of(name, ink)).sum();
    if x + total > canvas.width {
        x = (canvas.width - total).max(0.0);
    }
    for (name, fill, stroke) in entries {
        canvas.rect((x + 0.7, y - 7.5, 12.0, 8.5), 1.5, fill, stroke);
        canvas.text(x + 16.0, y, name, ink, Anchor::Start);
        x += 28.0 + canvas.width_of(name, ink);
    }
    y + 5.0
}
