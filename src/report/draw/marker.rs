//! Marks for points: told apart by shape, not by colour.

use super::{Canvas, Stroke};
use crate::report::theme::Color;

/// Shape of a mark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
}

impl Marker {
    /// The marks of series, in order.
    pub(super) const ALL: [Self; 4] = [Self::Circle, Self::Square, Self::Triangle, Self::Diamond];

    /// Draws the mark around a point; `fill` is white for hollow ones.
    pub(super) fn draw(self, canvas: &mut Canvas, (x, y): (f32, f32), r: f32, fill: Color, pen: Color) {
        let stroke = Some(Stroke::solid(pen, 1.0));
        let fill = Some(fill);
        match self {
            Self::Circle => canvas.rect((x - r, y - r, 2.0 * r, 2.0 * r), r, fill, stroke),
            Self::Square => canvas.rect((x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8), 0.0, fill, stroke),
            Self::Triangle => {
                let points = [(x, y - r * 1.2), (x + r * 1.1, y + r * 0.8), (x - r * 1.1, y + r * 0.8)];
                canvas.polygon(&points, fill, stroke);
            }
            Self::Diamond => {
                let d = r * 1.3;
                canvas.polygon(&[(x, y - d), (x + d, y), (x, y + d), (x - d, y)], fill, stroke);
            }
        }
    }
}
