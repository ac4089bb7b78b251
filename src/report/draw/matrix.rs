//! Effort × gain: numbered points in four named quarters, and what the numbers mean.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Stroke, number, share};
use crate::report::{
    chart::{Matrix, MatrixAxis, Quarter},
    theme::Color,
};

const HEIGHT: f32 = 216.0;
/// Radius of a numbered point.
const R: f32 = 7.0;
/// From this many points on, each has one line in the key.
const DENSE: usize = 17;

/// The plane: left, top, right, bottom, and where its two lines cross.
struct Plane {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    cross: (f32, f32),
}

impl Plane {
    /// Corners of a quarter: left, top, right, bottom.
    fn quarter(&self, quarter: Quarter) -> (f32, f32, f32, f32) {
        let (x, y) = self.cross;
        match quarter {
            Quarter::First => (self.left, self.top, x, y),
            Quarter::Plan => (x, self.top, self.right, y),
            Quarter::Along => (self.left, y, x, self.bottom),
            Quarter::Later => (x, y, self.right, self.bottom),
        }
    }
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Matrix) -> f32 {
    let theme = canvas.theme;
    let small = Ink::new(SMALL, theme.muted);
    let plane = plane(canvas, chart);
    for quarter in Quarter::ALL {
        let (left, top, right, bottom) = plane.quarter(quarter);
        let fill = if quarter == Quarter::First {
            theme.brand_pale
        } else {
            theme.zebra
        };
        canvas.rect((left, top, right - left, bottom - top), 0.0, Some(fill), None);
    }
    let frame = Stroke::solid(theme.muted, 0.8);
    let area = (
        plane.left,
        plane.top,
        plane.right - plane.left,
        plane.bottom - plane.top,
    );
    canvas.rect(area, 0.0, None, Some(frame.clone()));
    let (x, y) = plane.cross;
    let dash = Stroke::dashed(theme.muted, 0.7, &[4.0, 2.5]);
    canvas.line((x, plane.top), (x, plane.bottom), dash.clone());
    canvas.line((plane.left, y), (plane.right, y), dash);
    let name = Ink::bold(LABEL + 0.5, theme.ink);
    for quarter in Quarter::ALL {
        let (left, top, ..) = plane.quarter(quarter);
        canvas.text(left + 5.0, top + 12.0, quarter.label(), name, Anchor::Start);
    }
    let up = format!("↑ {}", chart.gain.title());
    let up = canvas.shorten(&up, plane.right - plane.left, small);
    canvas.text(plane.left, plane.top - 5.0, &up, small, Anchor::Start);
    ticks(canvas, chart, &plane);
    points(canvas, chart, &plane);
    let along = canvas.shorten(&format!("{} →", chart.effort.title()), plane.right - plane.left, small);
    canvas.text(plane.right, plane.bottom + 21.0, &along, small, Anchor::End);
    key(canvas, chart, plane.bottom + 28.0)
}

fn plane(canvas: &Canvas, chart: &Matrix) -> Plane {
    let ink = Ink::new(7.0, canvas.theme.muted);
    let values = [0.0, chart.gain.middle(), chart.gain.max].map(number);
    let left = canvas.widest(values.iter().map(String::as_str), ink) + 5.0;
    let (top, right) = (16.0, canvas.width - 1.0);
    let bottom = top + HEIGHT;
    // Each quarter keeps room for its name and a few points, wherever the lines are.
    let within = |axis: &MatrixAxis| share(axis.middle(), axis.max).clamp(0.25, 0.75);
    let cross = (
        left + (right - left) * within(&chart.effort),
        bottom - HEIGHT * within(&chart.gain),
    );
    Plane {
        left,
        top,
        right,
        bottom,
        cross,
    }
}

/// A value as a share of its side: straight from nothing to the line, and from the line to the end.
fn along(axis: &MatrixAxis, value: f64, cross: f32) -> f32 {
    let middle = axis.middle();
    if value <= middle {
        cross * share(value, middle)
    } else {
        cross + (1.0 - cross) * share(value - middle, axis.max - middle)
    }
}

fn ticks(canvas: &mut Canvas, chart: &Matrix, plane: &Plane) {
    let ink = Ink::new(7.0, canvas.theme.muted);
    let xs = [
        (0.0, plane.left),
        (chart.effort.middle(), plane.cross.0),
        (chart.effort.max, plane.right),
    ];
    for (index, (value, x)) in xs.into_iter().enumerate() {
        let anchor = [Anchor::Start, Anchor::Middle, Anchor::End][index];
        canvas.text(x, plane.bottom + 9.5, &number(value), ink, anchor);
    }
    let ys = [
        (0.0, plane.bottom),
        (chart.gain.middle(), plane.cross.1 + 2.5),
        (chart.gain.max, plane.top + 6.0),
    ];
    for (value, y) in ys {
        canvas.text(plane.left - 3.0, y, &number(value), ink, Anchor::End);
    }
}

/// Draws the points, moved aside within their quarter where they would cover each other or its name.
fn points(canvas: &mut Canvas, chart: &Matrix, plane: &Plane) {
    let theme = canvas.theme;
    let mut placed: Vec<(f32, f32)> = Vec::new();
    // Where it should be, where it is, its number.
    type Drawn = ((f32, f32), (f32, f32), usize);
    let mut drawn: Vec<Drawn> = Vec::new();
    let cross = (
        (plane.cross.0 - plane.left) / (plane.right - plane.left),
        (plane.bottom - plane.cross.1) / HEIGHT,
    );
    for (index, point) in chart.points.iter().enumerate() {
        let (Some(quarter), Some(effort), Some(gain)) = (chart.quarter(point), point.effort, point.gain) else {
            continue;
        };
        let wish = (
            plane.left + (plane.right - plane.left) * along(&chart.effort, effort, cross.0),
            plane.bottom - HEIGHT * along(&chart.gain, gain, cross.1),
        );
        let spot = free(wish, plane.quarter(quarter), &placed);
        placed.push(spot);
        drawn.push((wish, spot, index + 1));
    }
    for (wish, spot, _) in &drawn {
        if (wish.0 - spot.0).hypot(wish.1 - spot.1) > R {
            canvas.line(*wish, *spot, Stroke::solid(theme.muted, 0.6));
            canvas.rect((wish.0 - 1.3, wish.1 - 1.3, 2.6, 2.6), 1.3, Some(theme.muted), None);
        }
    }
    for (_, (x, y), index) in &drawn {
        let edge = Stroke::solid(Color::WHITE, 0.9);
        canvas.rect((x - R, y - R, 2.0 * R, 2.0 * R), R, Some(theme.brand), Some(edge));
        let ink = Ink::bold(SMALL, Color::WHITE);
        canvas.text(*x, y + SMALL * 0.36, &index.to_string(), ink, Anchor::Middle);
    }
}

/// The free place nearest to a wish, within a quarter and off its name.
fn free(wish: (f32, f32), (left, top, right, bottom): (f32, f32, f32, f32), placed: &[(f32, f32)]) -> (f32, f32) {
    let inset = R + 1.5;
    let clamp = |x: f32, y: f32| {
        let (low, high) = (left + inset, (right - inset).max(left + inset));
        let (up, down) = (top + inset, (bottom - inset).max(top + inset));
        (x.clamp(low, high), y.clamp(up, down))
    };
    let open = |(x, y): (f32, f32)| {
        let name = x - R < left + 27.0 && y - R < top + 15.0;
        !name && placed.iter().all(|(a, b)| (x - a).hypot(y - b) >= 2.0 * R + 0.8)
    };
    let reach = ((right - left).hypot(bottom - top) / 3.0) as usize;
    for step in 0..=reach {
        let away = step as f32 * 3.0;
        let turns = if step == 0 { 1 } else { 24 };
        for turn in 0..turns {
            let angle = std::f32::consts::TAU * turn as f32 / 24.0;
            let spot = clamp(wish.0 + away * angle.cos(), wish.1 + away * angle.sin());
            if open(spot) {
                return spot;
            }
        }
    }
    clamp(wish.0, wish.1)
}

/// What the numbers mean, by quarter, in two columns.
fn key(canvas: &mut Canvas, chart: &Matrix, mut y: f32) -> f32 {
    let theme = canvas.theme;
    let (ink, head) = (Ink::new(SMALL, theme.ink), Ink::bold(SMALL, theme.brand));
    let columns = if canvas.width > 300.0 { 2 } else { 1 };
    let pitch = canvas.width / columns as f32;
    let most = if chart.points.len() >= DENSE { 1 } else { 2 };
    let groups = Quarter::ALL.into_iter().map(Some).chain([None]);
    for group in groups {
        let members: Vec<(usize, &str)> = chart
            .points
            .iter()
            .enumerate()
            .filter(|(_, point)| chart.quarter(point) == group)
            .map(|(index, point)| (index + 1, point.label.as_str()))
            .collect();
        if members.is_empty() {
            continue;
        }
        y += 11.0;
        let name = group.map_or("投入或收益未估计", Quarter::label);
        canvas.text(0.0, y, name, head, Anchor::Start);
        y += 1.0;
        // Down the first column, then down the second.
        let half = members.len().div_ceil(columns);
        let mut lowest = y;
        for (column, part) in members.chunks(half).enumerate() {
            let x = pitch * column as f32;
            let mut at = y;
            for (index, label) in part {
                canvas.text(
                    x + 13.0,
                    at + 10.0,
                    &index.to_string(),
                    Ink { bold: true, ..ink },
                    Anchor::End,
                );
                for line in canvas.wrap(label, pitch - 24.0, ink, most) {
                    at += 10.5;
                    canvas.text(x + 17.0, at - 0.5, &line, ink, Anchor::Start);
                }
            }
            lowest = lowest.max(at);
        }
        y = lowest + 2.0;
    }
    y + 5.0
}
