//! The code by which a report can be checked: a picture and words beside it.

use super::body::{Body, styled};
use super::grid::{Cell, Done, Frame, Line};
use crate::report::{document::Seal, qr, raster, theme::Color};

/// Side of the QR code in points.
const SIDE: f32 = 92.0;
/// Pixels a point: every module has enough of them.
const SHARPNESS: f32 = 4.0;
const PAD: f32 = 8.0;

impl Body<'_> {
    /// The code in a box.
    pub fn seal(&mut self, seal: &Seal) -> Done {
        let left = SIDE + 2.0 * PAD;
        let widths = [left, (self.column.1 - left).max(left)];
        let frame = Frame {
            style: "BoxTable",
            widths: &widths,
            data: false,
            title: "",
        };
        let edge = Some((self.theme.hairline, 6));
        let cell = |edges| Cell {
            edges,
            pad: Some([PAD; 4]),
            ..Cell::default()
        };
        self.grid(frame, |body| {
            body.line(Line::default(), |body| {
                body.cell(widths[0], cell([edge, edge, edge, None]), |body| {
                    let Some(code) = qr::drawing(&seal.text(), SIDE, Color(0, 0, 0)) else {
                        body.plain("TileNote", "");
                        return Ok(());
                    };
                    let name = body.store(raster::png(&code, SHARPNESS, body.theme)?, "png");
                    body.para(styled("TileNote"), |body| {
                        body.picture(&name, (SIDE, SIDE), &seal.alt(), None);
                    });
                    Ok(())
                })?;
                body.cell(widths[1], cell([edge, None, edge, edge]), |body| {
                    body.para(styled("SignTitle"), |body| body.text(&seal.title()));
                    body.para(styled("TableText"), |body| body.text(&seal.groups().join(" ")));
                    body.para(styled("TileNote"), |body| body.text(&seal.say));
                    Ok(())
                })
            })
        })?;
        self.gap(PAD);
        Ok(())
    }
}
