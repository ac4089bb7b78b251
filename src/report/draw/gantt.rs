//! Roadmaps: tasks over months, what waits for what, milestones.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, marker::Marker, number, pattern};
use crate::report::{
    chart::{ChartTone, Gantt, Task},
    theme::Color,
};

/// From this many rows on, each has one line.
const DENSE: usize = 21;
/// Patterns of the phases in turn.
const LOOKS: [usize; 4] = [0, 4, 5, 1];

/// Where the months are.
struct Axis {
    left: f32,
    right: f32,
    months: usize,
}

impl Axis {
    fn at(&self, month: f64) -> f32 {
        let share = (month / self.months as f64).clamp(0.0, 1.0) as f32;
        self.left + (self.right - self.left) * share
    }
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Gantt) -> f32 {
    let theme = canvas.theme;
    let rows = chart.tasks().count() + chart.phases.iter().filter(|phase| !phase.label.is_empty()).count();
    let dense = rows >= DENSE;
    let label = Ink::new(LABEL, theme.ink);
    let widest = canvas.widest(chart.tasks().map(|task| task.label.as_str()), label);
    let room = widest.max(48.0).min(canvas.width * 0.36);
    let axis = Axis {
        left: room + 12.0,
        right: canvas.width - 6.0,
        months: chart.months(),
    };
    // Rows first: the grid and the arrows need to know where they are.
    let top = if chart.calendar().is_some() { 26.0 } else { 17.0 };
    let mut y = top;
    let mut heads = Vec::new();
    let mut bars = Vec::new();
    for (phase, look) in chart.phases.iter().zip(LOOKS.iter().cycle()) {
        if !phase.label.is_empty() {
            let height = if dense { 14.0 } else { 17.0 };
            heads.push((&phase.label, y, height));
            y += height;
        }
        for task in &phase.tasks {
            let names = canvas.wrap(&task.label, room + 0.5, label, if dense { 1 } else { 2 });
            let height = (names.len() as f32 * LABEL * 1.2 + 4.0).max(if dense { 14.0 } else { 18.0 });
            bars.push((task, names, y + height / 2.0, *look));
            y += height;
        }
    }
    for (_, at, height) in &heads {
        canvas.rect((0.0, *at, canvas.width, *height), 0.0, Some(theme.zebra), None);
    }
    grid(canvas, chart, &axis, top, y);
    for (name, at, height) in &heads {
        let ink = Ink::bold(LABEL, theme.brand);
        let name = canvas.shorten(name, canvas.width - 4.0, ink);
        // The name stands on the ground of its row, where the grid would run through it.
        let ground = (0.0, *at, canvas.width_of(&name, ink) + 6.0, *height);
        canvas.rect(ground, 0.0, Some(theme.zebra), None);
        canvas.text(2.0, at + height / 2.0 + LABEL * 0.36, &name, ink, Anchor::Start);
    }
    let thick: f32 = if dense { 9.0 } else { 11.0 };
    for (task, names, middle, look) in &bars {
        canvas.lines(room, *middle, names, LABEL * 1.2, label, Anchor::End);
        bar(canvas, task, &axis, *middle, (thick, *look));
    }
    for (task, _, middle, _) in &bars {
        for id in &task.after {
            let before = bars.iter().find(|(other, ..)| !other.id.is_empty() && other.id == *id);
            if let Some((other, _, from, _)) = before {
                let x = |task: &Task, end: bool| {
                    let (begin, finish) = task.span();
                    let side = if task.milestone() { 5.5 } else { 0.0 };
                    if end {
                        axis.at(finish) + side
                    } else {
                        axis.at(begin) - side
                    }
                };
                arrow(canvas, (x(other, true), *from), (x(task, false), *middle), thick);
            }
        }
    }
    canvas.line((axis.left, y), (axis.right, y), Stroke::solid(theme.hairline, 0.6));
    legend(canvas, chart, y + 13.0)
}

fn grid(canvas: &mut Canvas, chart: &Gantt, axis: &Axis, top: f32, bottom: f32) {
    let theme = canvas.theme;
    let ink = Ink::new(7.5, theme.muted);
    let pitch = (axis.right - axis.left) / axis.months as f32;
    // As many numbers as there is room for: every month, every second, every quarter …
    let room = canvas.width_of("12月", ink) + 3.0;
    let step = [1, 2, 3, 6, 12]
        .into_iter()
        .find(|step| pitch * *step as f32 >= room)
        .unwrap_or(24);
    for month in 0..=axis.months {
        let x = axis.at(month as f64);
        if month % step == 0 || month == axis.months {
            canvas.line((x, top - 3.0), (x, bottom), Stroke::solid(theme.hairline, 0.5));
        }
    }
    let mut year = 0;
    let mut free = 0.0;
    for month in (1..=axis.months).step_by(step) {
        let x = axis.at(month as f64 - 0.5);
        let Some((first_year, first)) = chart.calendar() else {
            let text = if month == 1 {
                format!("第{month}月")
            } else {
                month.to_string()
            };
            let half = canvas.width_of(&text, ink) / 2.0;
            let x = x.min(canvas.width - half);
            if x - half > free {
                canvas.text(x, top - 6.0, &text, ink, Anchor::Middle);
                free = x + half;
            }
            continue;
        };
        let count = first as usize - 1 + month - 1;
        canvas.text(x, top - 6.0, &format!("{}月", count % 12 + 1), ink, Anchor::Middle);
        let this = first_year as usize + count / 12;
        let text = format!("{this}年");
        let left = axis.at(month as f64 - 1.0);
        if this != year && left >= free && left + canvas.width_of(&text, ink) <= canvas.width {
            canvas.text(left, top - 16.0, &text, Ink { bold: true, ..ink }, Anchor::Start);
            (year, free) = (this, left + canvas.width_of(&text, ink) + 4.0);
        }
    }
    if chart.calendar().is_none() {
        canvas.text(axis.left - 12.0, top - 6.0, "月份", ink, Anchor::End);
    }
}

fn bar(canvas: &mut Canvas, task: &Task, axis: &Axis, middle: f32, (thick, look): (f32, usize)) {
    let theme = canvas.theme;
    let (begin, end) = task.span();
    let (from, to) = (axis.at(begin), axis.at(end));
    if task.milestone() {
        Marker::Diamond.draw(canvas, (from, middle), 4.2, theme.ink, Color::WHITE);
        return;
    }
    let (top, colors) = (middle - thick / 2.0, theme.chart_tone(ChartTone::Neutral));
    let Some(months) = task.months else {
        // Begins here, nobody knows how long.
        let pen = Stroke::dashed(theme.muted, 0.8, &[2.5, 2.0]);
        canvas.rect(
            (from, top, (to - from).max(3.0), thick),
            1.0,
            Some(Color::WHITE),
            Some(pen),
        );
        let ink = Ink::new(7.0, theme.muted);
        if canvas.width_of("未定", ink) + 3.0 < to - from {
            canvas.text((from + to) / 2.0, middle + 2.6, "未定", ink, Anchor::Middle);
        }
        return;
    };
    let area = (from, top, (to - from).max(2.0), thick);
    pattern::labelled(canvas, look, colors, area, &format!("{} 个月", number(months)));
}

/// From the end of one bar to the beginning of another: out, down, in.
fn arrow(canvas: &mut Canvas, (x0, y0): (f32, f32), (x1, y1): (f32, f32), thick: f32) {
    let pen = Stroke::solid(canvas.theme.warn.ink, 0.8);
    let out = (x0 + 4.0).min(canvas.width - 1.0);
    let head = |canvas: &mut Canvas, tip: (f32, f32), dx: f32, dy: f32| {
        // The head points along (dx, dy).
        let (bx, by) = (tip.0 - 4.0 * dx, tip.1 - 4.0 * dy);
        let points = [tip, (bx - 2.2 * dy, by - 2.2 * dx), (bx + 2.2 * dy, by + 2.2 * dx)];
        canvas.polygon(&points, Some(pen.color), None);
    };
    if x1 >= out + 5.0 {
        for (a, b) in [
            ((x0, y0), (out, y0)),
            ((out, y0), (out, y1)),
            ((out, y1), (x1 - 3.0, y1)),
        ] {
            canvas.line(a, b, pen.clone());
        }
        head(canvas, (x1, y1), 1.0, 0.0);
    } else {
        // No room to come from the left: down onto the begin of the bar.
        let down = if y1 >= y0 { 1.0 } else { -1.0 };
        let x = (x1 + 3.0).max(x0.min(x1 + 3.0));
        let tip = y1 - down * thick / 2.0;
        if x > x0 {
            canvas.line((x0, y0), (x, y0), pen.clone());
            canvas.line((x, y0), (x, tip - down * 3.0), pen.clone());
        } else {
            canvas.line((x, y0 + down * thick / 2.0), (x, tip - down * 3.0), pen.clone());
        }
        head(canvas, (x, tip), 0.0, down);
    }
}

fn legend(canvas: &mut Canvas, chart: &Gantt, y: f32) -> f32 {
    let theme = canvas.theme;
    let mut names = Vec::new();
    if chart.tasks().any(Task::milestone) {
        names.push("里程碑（月末）".to_owned());
    }
    let waits = chart.tasks().any(|task| !task.after.is_empty());
    if waits {
        names.push("做完前一项才能开始".to_owned());
    }
    if chart.tasks().any(|task| task.months.is_none()) {
        names.push("长短未定".to_owned());
    }
    if names.is_empty() {
        return y - 8.0;
    }
    let kinds = names.clone();
    let last = canvas.legend(
        (0.0, y),
        16.0,
        &names,
        &mut |canvas, index, x, y| match kinds[index].as_str() {
            "里程碑（月末）" => Marker::Diamond.draw(canvas, (x + 8.0, y), 3.6, theme.ink, Color::WHITE),
            "长短未定" => {
                let pen = Stroke::dashed(theme.muted, 0.8, &[2.5, 2.0]);
                canvas.rect((x, y - 4.0, 16.0, 8.0), 1.0, None, Some(pen));
            }
            _ => {
                let pen = Stroke::solid(theme.warn.ink, 0.8);
                canvas.line((x, y), (x + 12.0, y), pen.clone());
                let head = [(x + 16.0, y), (x + 12.0, y - 2.2), (x + 12.0, y + 2.2)];
                canvas.polygon(&head, Some(pen.color), None);
            }
        },
    );
    last + SMALL * 0.6
}
