//! Callouts, tiles and boxes to sign: tables that a reader takes for boxes.

use super::body::{Body, Para, styled};
use super::grid::{Cell, Done, Frame, Line};
use super::inline::Look;
use super::styles::tone_name;
use super::xml::twips;
use crate::report::{
    document::{Block, SignBox, Tile, Tone},
    draw::Measure,
    pdf::proportions::{BOX_GAP, sign_columns, tile_columns},
    theme::{Color, Theme},
};

/// Left and right of the text in a tile or a box to sign.
const PAD: f32 = 11.0;

/// Widths of boxes side by side with gaps between them, gaps included.
pub fn beside(columns: usize, gap: f32, room: f32) -> (f32, Vec<f32>) {
    let width = (room - gap * (columns as f32 - 1.0)) / columns as f32;
    let widths = (0..columns * 2 - 1).map(|place| if place % 2 == 0 { width } else { gap });
    (width, widths.collect())
}

/// Text at the largest size, no larger than asked for, at which it fits in one line; at least two fifths of it.
pub fn fitting(measure: &dyn Measure, text: &str, size: f32, room: f32) -> Option<f32> {
    let width = measure.width(text, size, true);
    // Other fonts are a little wider.
    (width > room * 0.96).then(|| (size * room * 0.96 / width).max(size * 0.4))
}

impl Body<'_> {
    /// A box with a coloured edge.
    pub fn callout(&mut self, tone: Tone, title: &str, content: &[Block]) -> Done {
        let colors = self.theme.tone(tone);
        let width = self.column.1;
        let title = if title.is_empty() { tone.word() } else { title };
        let cell = Cell {
            fill: Some(colors.pale),
            edges: [None, Some((colors.fill, 24)), None, None],
            pad: Some([8.0, 13.0, 3.0, 13.0]),
            ..Cell::default()
        };
        let frame = Frame {
            style: "CalloutTable",
            widths: &[width],
            data: false,
            title,
        };
        let line = Line {
            splits: true,
            ..Line::default()
        };
        self.grid(frame, |body| {
            body.line(line, |body| {
                body.cell(width, cell, |body| {
                    body.plain(&format!("CalloutTitle{}", tone_name(tone)), title);
                    body.blocks(content)?;
                    let ends_in_text = matches!(content.last(), Some(Block::Paragraph(_) | Block::List { .. }));
                    if !ends_in_text {
                        // A cell ends in a paragraph.
                        body.gap(1.0);
                    }
                    Ok(())
                })
            })
        })?;
        self.gap(10.0);
        Ok(())
    }

    /// Rows of large figures.
    pub fn tiles(&mut self, tiles: &[Tile]) -> Done {
        if tiles.is_empty() {
            return Ok(());
        }
        let columns = tile_columns(tiles.len());
        let look = |tile: &Tile, theme: &Theme| {
            let colors = theme.tone(tile.tone);
            Cell {
                fill: Some(colors.pale),
                edges: [None, Some((colors.fill, 20)), None, None],
                pad: Some([9.0, PAD, 9.0, PAD - 1.0]),
                ..Cell::default()
            }
        };
        self.boxes(tiles, columns.max(2), BOX_GAP, look, |body, tile, width| {
            let ink = body.theme.tone(tile.tone).ink;
            let room = width - 2.0 * PAD;
            body.plain("TileLabel", &tile.label);
            body.figure_text("TileValue", &tile.value, 21.0, room, ink);
            if tile.note.is_empty() {
                body.gap(1.0);
            } else {
                body.plain("TileNote", &tile.note);
            }
        })?;
        self.gap(10.0);
        Ok(())
    }

    /// Large text in a colour, smaller where it would not fit in one line.
    pub fn figure_text(&mut self, style: &str, text: &str, size: f32, room: f32, color: Color) {
        let look = Look {
            size: fitting(self.fonts, text, size, room),
            color: Some(color),
            ..Look::default()
        };
        self.para(styled(style), |body| body.run(text, look));
    }

    /// Boxes in rows of `columns`.
    pub fn boxes<T>(
        &mut self,
        items: &[T],
        columns: usize,
        gap: f32,
        look: impl Fn(&T, &Theme) -> Cell,
        fill: impl Fn(&mut Self, &T, f32),
    ) -> Done {
        let (width, widths) = beside(columns, gap, self.column.1);
        let frame = Frame {
            style: "BoxTable",
            widths: &widths,
            data: false,
            title: "",
        };
        self.grid(frame, |body| {
            for (index, row) in items.chunks(columns).enumerate() {
                if index > 0 {
                    let line = Line {
                        exact: Some(gap),
                        ..Line::default()
                    };
                    body.line(line, |body| {
                        body.empty_cell(widths.iter().sum(), widths.len())?;
                        Ok(())
                    })?;
                }
                body.line(Line::default(), |body| {
                    for place in 0..columns {
                        if place > 0 {
                            body.empty_cell(gap, 1)?;
                        }
                        match row.get(place) {
                            None => body.empty_cell(width, 1)?,
                            Some(item) => {
                                let cell = look(item, body.theme);
                                body.cell(width, cell, |body| {
                                    fill(body, item, width);
                                    Ok(())
                                })?;
                            }
                        }
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    /// Boxes for names, dates and seals.
    pub fn signature(&mut self, signs: &[SignBox]) -> Done {
        let columns = sign_columns(signs.len());
        let (width, widths) = beside(columns, BOX_GAP, self.column.1);
        for row in signs.chunks(columns) {
            let frame = Frame {
                style: "BoxTable",
                widths: &widths,
                data: false,
                title: "",
            };
            self.grid(frame, |body| {
                body.sign_line(row, width, true)?;
                body.sign_line(row, width, false)
            })?;
            self.gap(BOX_GAP);
        }
        Ok(())
    }

    fn sign_line(&mut self, row: &[SignBox], width: f32, head: bool) -> Done {
        let edge = Some((self.theme.hairline, 6));
        let cell = Cell {
            fill: head.then_some(self.theme.brand_pale),
            edges: if head {
                [edge, edge, None, edge]
            } else {
                [None, edge, edge, edge]
            },
            // Room for a seal below the lines.
            pad: Some([5.0, PAD, if head { 5.0 } else { 40.0 }, PAD]),
            ..Cell::default()
        };
        self.line(Line::default(), |body| {
            for (place, sign) in row.iter().enumerate() {
                if place > 0 {
                    body.empty_cell(BOX_GAP, 1)?;
                }
                body.cell(width, cell, |body| {
                    if head {
                        body.para(styled("SignTitle"), |body| body.text(&sign.title));
                    }
                    for label in sign.lines.iter().filter(|_| !head) {
                        let para = Para {
                            blank: Some(twips(width - 2.0 * PAD)),
                            ..styled("SignLine")
                        };
                        body.para(para, |body| {
                            body.text(&format!("{}：", label.trim_end_matches(['：', ':'])));
                            body.xml.open("w:r", &[]);
                            body.xml.leaf("w:tab", &[]);
                            body.xml.close();
                        });
                    }
                    if !head && sign.lines.is_empty() {
                        body.gap(1.0);
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })
    }
}
