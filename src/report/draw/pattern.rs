//! Areas told apart by pattern: what colour says on the screen, these say on black-and-white paper.

use super::{Anchor, Canvas, Ink, SMALL, Stroke};
use crate::report::theme::{Color, ToneColors};

/// How many patterns there are; more kinds than that begin again.
pub(super) const COUNT: usize = 8;

/// Left, top, width, height.
pub(super) type Area = (f32, f32, f32, f32);

/// Fills an area in the pattern of that number and returns how text on it looks and what colour lies under it.
pub(super) fn fill(canvas: &mut Canvas, kind: usize, colors: ToneColors, (x, y, w, h): Area) -> (Ink, Color) {
    let kind = kind % COUNT;
    let dark = matches!(kind, 0 | 2 | 3);
    let (ground, pen) = if dark {
        (colors.fill, Stroke::solid(colors.fill.tint(0.45), 0.7))
    } else {
        (colors.pale, Stroke::solid(colors.fill.tint(0.25), 0.6))
    };
    if dark {
        let edge = Stroke::solid(Color::WHITE, 0.8);
        canvas.rect((x, y, w, h), 0.0, Some(ground), Some(edge));
    } else {
        canvas.rect((x + 0.4, y + 0.4, w - 0.8, h - 0.8), 0.0, Some(ground), None);
    }
    let area = (x, y, w, h);
    match kind {
        2 | 4 => slanted(canvas, area, 4.0, kind == 4, &pen),
        3 => upright(canvas, area, 4.0, &pen),
        5 => level(canvas, area, 3.5, &pen),
        6 => {
            slanted(canvas, area, 5.0, false, &pen);
            slanted(canvas, area, 5.0, true, &pen);
        }
        7 => dots(canvas, area, colors.fill.tint(0.15)),
        _ => {}
    }
    if !dark {
        let edge = Stroke::solid(colors.fill, 0.8);
        canvas.rect((x + 0.8, y + 0.4, w - 1.6, h - 0.8), 0.0, None, Some(edge));
    }
    let ink = if dark { Color::WHITE } else { colors.ink };
    (Ink::bold(SMALL, ink), ground)
}

/// Fills an area and writes a text into its middle, on a plain patch, where it has room.
pub(super) fn labelled(canvas: &mut Canvas, kind: usize, colors: ToneColors, area: Area, text: &str) -> bool {
    let (ink, ground) = fill(canvas, kind, colors, area);
    let (x, y, w, h) = area;
    let width = canvas.width_of(text, ink);
    if text.is_empty() || width + 5.0 > w || h < SMALL {
        return false;
    }
    if kind % COUNT > 1 {
        let patch = width + 4.0;
        canvas.rect(
            (x + (w - patch) / 2.0, y + 1.5, patch, h - 3.0),
            1.0,
            Some(ground),
            None,
        );
    }
    canvas.text(x + w / 2.0, y + h / 2.0 + ink.size * 0.36, text, ink, Anchor::Middle);
    true
}

/// Slanted lines: `/`, or `\` when `back`, clipped to the area.
fn slanted(canvas: &mut Canvas, (x, y, w, h): Area, step: f32, back: bool, pen: &Stroke) {
    let mut at = step * 0.75 - h;
    while at < w - 0.5 {
        let (from, to) = (at.max(0.0), (at + h).min(w));
        if to > from {
            let height = |px: f32| y + h - (px - at);
            let flip = |px: f32| if back { x + w - px } else { x + px };
            canvas.line((flip(from), height(from)), (flip(to), height(to)), pen.clone());
        }
        at += step;
    }
}

fn upright(canvas: &mut Canvas, (x, y, w, h): Area, step: f32, pen: &Stroke) {
    let mut at = x + step * 0.75;
    while at < x + w - 0.5 {
        canvas.line((at, y), (at, y + h), pen.clone());
        at += step;
    }
}

fn level(canvas: &mut Canvas, (x, y, w, h): Area, step: f32, pen: &Stroke) {
    let mut at = y + step * 0.75;
    while at < y + h - 0.5 && w > 0.0 {
        canvas.line((x, at), (x + w, at), pen.clone());
        at += step;
    }
}

fn dots(canvas: &mut Canvas, (x, y, w, h): Area, color: Color) {
    let mut top = y + 2.0;
    while top + 1.4 < y + h {
        let mut left = x + 2.2;
        while left + 1.4 < x + w {
            canvas.rect((left, top, 1.3, 1.3), 0.65, Some(color), None);
            left += 4.0;
        }
        top += 3.6;
    }
}
