//! Tables as WordprocessingML has them: widths first, then rows of cells.

use super::body::Body;
use super::xml::{hex, twips};
use crate::report::theme::Color;

/// Nothing, or what went wrong, in words.
pub type Done = Result<(), String>;

/// A line along one side: colour and eighths of a point.
pub type Edge = Option<(Color, u32)>;

/// A table.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Id of its style.
    pub style: &'a str,
    /// Widths of its columns in points.
    pub widths: &'a [f32],
    /// Whether its first row is a head, and its rows take turns.
    pub data: bool,
    /// What it holds, for those who cannot see it; empty for none.
    pub title: &'a str,
}

/// A cell.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cell {
    /// Columns it spans.
    pub span: usize,
    /// Background.
    pub fill: Option<Color>,
    /// Top, left, bottom, right.
    pub edges: [Edge; 4],
    /// Space inside in points: above, left, below, right; `None` as the table's style says.
    pub pad: Option<[f32; 4]>,
    /// Its text stands at the bottom.
    pub low: bool,
}

/// A row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Line {
    /// Repeats on each page.
    pub head: bool,
    /// May go on on the next page.
    pub splits: bool,
    /// Height in points: this and no more.
    pub exact: Option<f32>,
}

impl Body<'_> {
    /// A table; `fill` writes its rows.
    pub fn grid(&mut self, frame: Frame, fill: impl FnOnce(&mut Self) -> Done) -> Done {
        if self.fresh {
            // A table cannot carry the page break itself.
            self.gap(1.0);
        }
        let widths: Vec<i32> = frame.widths.iter().map(|width| twips(*width).max(20)).collect();
        let left = twips(self.column.0);
        let xml = &mut self.xml;
        xml.open("w:tbl", &[]);
        xml.open("w:tblPr", &[]);
        xml.leaf("w:tblStyle", &[("w:val", &frame.style)]);
        xml.leaf("w:tblW", &[("w:w", &widths.iter().sum::<i32>()), ("w:type", &"dxa")]);
        xml.leaf("w:tblInd", &[("w:w", &left), ("w:type", &"dxa")]);
        xml.leaf("w:tblLayout", &[("w:type", &"fixed")]);
        let (value, head) = if frame.data { ("0420", 1) } else { ("0600", 0) };
        xml.leaf(
            "w:tblLook",
            &[
                ("w:val", &value),
                ("w:firstRow", &head),
                ("w:lastRow", &0),
                ("w:firstColumn", &0),
                ("w:lastColumn", &0),
                ("w:noHBand", &(1 - head)),
                ("w:noVBand", &1),
            ],
        );
        if !frame.title.is_empty() {
            xml.leaf("w:tblCaption", &[("w:val", &frame.title)]);
        }
        xml.close();
        xml.open("w:tblGrid", &[]);
        for width in &widths {
            xml.leaf("w:gridCol", &[("w:w", width)]);
        }
        xml.close();
        fill(self)?;
        self.xml.close();
        Ok(())
    }

    /// A row; `fill` writes its cells.
    pub fn line(&mut self, line: Line, fill: impl FnOnce(&mut Self) -> Done) -> Done {
        self.xml.open("w:tr", &[]);
        self.xml.open("w:trPr", &[]);
        if !line.splits {
            self.xml.leaf("w:cantSplit", &[]);
        }
        if let Some(height) = line.exact {
            let height = twips(height);
            self.xml
                .leaf("w:trHeight", &[("w:val", &height), ("w:hRule", &"exact")]);
        }
        if line.head {
            self.xml.leaf("w:tblHeader", &[]);
        }
        self.xml.close();
        fill(self)?;
        self.xml.close();
        Ok(())
    }

    /// A cell; `fill` writes its paragraphs, of which there must be one.
    pub fn cell(&mut self, width: f32, cell: Cell, fill: impl FnOnce(&mut Self) -> Done) -> Done {
        let xml = &mut self.xml;
        xml.open("w:tc", &[]);
        xml.open("w:tcPr", &[]);
        xml.leaf("w:tcW", &[("w:w", &twips(width)), ("w:type", &"dxa")]);
        if cell.span > 1 {
            xml.leaf("w:gridSpan", &[("w:val", &cell.span)]);
        }
        if cell.edges.iter().any(Option::is_some) {
            xml.open("w:tcBorders", &[]);
            let sides = ["w:top", "w:left", "w:bottom", "w:right"];
            for (side, edge) in sides.iter().zip(cell.edges) {
                if let Some((color, width)) = edge {
                    let color = hex(color);
                    xml.leaf(
                        side,
                        &[
                            ("w:val", &"single"),
                            ("w:sz", &width),
                            ("w:space", &0),
                            ("w:color", &color),
                        ],
                    );
                }
            }
            xml.close();
        }
        if let Some(fill) = cell.fill {
            xml.leaf(
                "w:shd",
                &[("w:val", &"clear"), ("w:color", &"auto"), ("w:fill", &hex(fill))],
            );
        }
        if let Some(pad) = cell.pad {
            xml.open("w:tcMar", &[]);
            for (side, width) in ["w:top", "w:left", "w:bottom", "w:right"].iter().zip(pad) {
                xml.leaf(side, &[("w:w", &twips(width)), ("w:type", &"dxa")]);
            }
            xml.close();
        }
        if cell.low {
            xml.leaf("w:vAlign", &[("w:val", &"bottom")]);
        }
        xml.close();
        let outer = (self.column, std::mem::replace(&mut self.boxed, true));
        let pad = cell.pad.unwrap_or_default();
        self.column = (0.0, (width - pad[1] - pad[3]).max(20.0));
        fill(self)?;
        (self.column, self.boxed) = outer;
        self.xml.close();
        Ok(())
    }

    /// A cell that only holds others apart.
    pub fn empty_cell(&mut self, width: f32, span: usize) -> Done {
        let cell = Cell {
            span,
            ..Cell::default()
        };
        self.cell(width, cell, |body| {
            body.gap(1.0);
            Ok(())
        })
    }
}
