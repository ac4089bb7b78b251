//! QR codes as squares, for every back end that draws.

use qrcodegen::{QrCode, QrCodeEcc};

use super::draw::{Drawing, Seg, Shape};
use super::theme::Color;

/// Blank modules around a code, as the standard asks.
const QUIET: f32 = 4.0;

/// The code as a path of `side` by `side`, its quiet zone included; `None` when the text is too long for one.
pub fn path(text: &str, side: f32) -> Option<Vec<Seg>> {
    // Medium: a code that was folded or stamped over is still read.
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let modules = code.size();
    let unit = side / (modules as f32 + 2.0 * QUIET);
    let at = |module: i32| (module as f32 + QUIET) * unit;
    let mut segs = Vec::new();
    for row in 0..modules {
        let mut column = 0;
        while column < modules {
            let from = column;
            while column < modules && code.get_module(column, row) {
                column += 1;
            }
            if column > from {
                let (left, top, right, bottom) = (at(from), at(row), at(column), at(row + 1));
                segs.extend([
                    Seg::Move(left, top),
                    Seg::Line(right, top),
                    Seg::Line(right, bottom),
                    Seg::Line(left, bottom),
                    Seg::Close,
                ]);
            }
            column += 1;
        }
    }
    Some(segs)
}

/// The code as a drawing.
pub fn drawing(text: &str, side: f32, color: Color) -> Option<Drawing> {
    let code = Shape::Path {
        segs: path(text, side)?,
        fill: Some(color),
        stroke: None,
    };
    Some(Drawing {
        width: side,
        height: side,
        shapes: vec![code],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finder_patterns_stand_in_three_corners() {
        let segs = path("qizhen:1:QZ-20261120-00000K:0123456789abcdef0123456789abcdef", 41.0).unwrap();
        let covers = |x: f32, y: f32| {
            segs.chunks(5).any(|run| match (run[0], run[2]) {
                (Seg::Move(l, t), Seg::Line(r, b)) => l <= x && x <= r && t <= y && y <= b,
                _ => false,
            })
        };
        // 33 modules and twice four blank ones: a unit is one point.
        for (x, y) in [(4.5, 4.5), (36.5, 4.5), (4.5, 36.5), (7.5, 7.5)] {
            assert!(covers(x, y), "{x} {y}");
        }
        for (x, y) in [(2.0, 2.0), (5.5, 5.5), (20.0, 39.0)] {
            assert!(!covers(x, y), "{x} {y}");
        }
        assert!(path(&"x".repeat(4000), 41.0).is_none());
    }
}
