//! Tables of the report.

use super::body::{Body, Para, styled};
use super::grid::{Cell, Done, Frame, Line};
use crate::report::{
    document::{Align, Inline, Row, Table, plain_text},
    pdf::proportions::column_widths,
};

/// Left and right of a cell's text, as the table style has it.
const PAD: f32 = 5.4;
/// A row with more text than this, in characters, may split: on one page it would leave a hole on the one before.
const LONG: usize = 900;

impl Body<'_> {
    /// A table with its caption.
    pub fn table(&mut self, table: &Table) -> Done {
        let widths = column_widths(table, self.theme, self.column.1).map_err(|error| error.to_string())?;
        if widths.is_empty() {
            return Ok(());
        }
        if !table.caption.is_empty() {
            let left = (self.column.0 > 0.0).then(|| super::xml::twips(self.column.0));
            let para = Para {
                left,
                ..styled("TableCaption")
            };
            self.para(para, |body| body.text(&table.caption));
        }
        let head = table.head.iter().any(|cell| !cell.is_empty());
        let frame = Frame {
            style: "ReportTable",
            widths: &widths,
            data: head,
            title: &table.caption,
        };
        self.grid(frame, |body| {
            if head {
                let line = Line {
                    head: true,
                    ..Line::default()
                };
                body.cells(table, &table.head, &widths, line, "TableHead", true)?;
            }
            let last = table.rows.len().saturating_sub(1);
            for (index, row) in table.rows.iter().enumerate() {
                if row.group {
                    body.group(row, &widths)?;
                } else {
                    let text: usize = row.cells.iter().map(|cell| plain_text(cell).chars().count()).sum();
                    let line = Line {
                        splits: text > LONG,
                        ..Line::default()
                    };
                    // The last two rows stay together: one row alone on a page looks lost.
                    let keep = index > 0 && index + 1 == last;
                    body.cells(table, &row.cells, &widths, line, "TableText", keep)?;
                }
            }
            if table.rows.is_empty() && !head {
                body.line(Line::default(), |body| {
                    body.empty_cell(widths.iter().sum(), widths.len())?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        self.gap(12.0);
        Ok(())
    }

    fn cells(
        &mut self,
        table: &Table,
        cells: &[Vec<Inline>],
        widths: &[f32],
        line: Line,
        style: &str,
        keep: bool,
    ) -> Done {
        self.line(line, |body| {
            for (column, width) in widths.iter().enumerate() {
                let look = Cell {
                    low: line.head,
                    ..Cell::default()
                };
                let align = table.columns.get(column).map_or(Align::Left, |column| column.align);
                let para = Para {
                    keep,
                    align: (align != Align::Left).then_some(align),
                    ..styled(style)
                };
                body.cell(*width, look, |body| {
                    let text = cells.get(column).map_or(&[][..], Vec::as_slice);
                    body.para(para, |body| body.inlines(text));
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    /// A line that heads the rows below it.
    fn group(&mut self, row: &Row, widths: &[f32]) -> Done {
        let look = Cell {
            span: widths.len(),
            fill: Some(self.theme.brand_pale.tint(0.45)),
            pad: Some([4.2, PAD, 4.2, PAD]),
            ..Cell::default()
        };
        self.line(Line::default(), |body| {
            body.cell(widths.iter().sum(), look, |body| {
                let text = row.cells.first().map_or(&[][..], Vec::as_slice);
                body.para(styled("TableGroup"), |body| body.inlines(text));
                Ok(())
            })
        })
    }
}
