//! Cells of a table: their text and their place in the logical structure, where every row has all columns.

use super::{
    blocks::Setter,
    shape::{Shaped, TextStyle},
    tags::{Element, Kind, Scope},
};
use crate::report::document::{Row, Table};

/// The head's cells, one a column.
pub fn shape_head(setter: &mut Setter, table: Element, of: &Table, columns: usize, style: TextStyle) -> Vec<Shaped> {
    if of.head.is_empty() {
        return Vec::new();
    }
    let head = setter.tags.add(table, Kind::Head);
    let row = setter.tags.add(head, Kind::Row);
    let mut out = Vec::with_capacity(columns);
    for column in 0..columns {
        let scope = Scope::Column;
        let cell = setter.tags.add(row, Kind::HeadCell { scope, span: 1 });
        if let Some(inlines) = of.head.get(column) {
            out.push(setter.shape_in(cell, inlines, style));
        }
    }
    out
}

/// A row's cells. Its elements fill every column, also those that it leaves empty; in a table without a head the first
/// one names the others.
pub fn shape_row(
    setter: &mut Setter,
    rows: Element,
    row: &Row,
    columns: usize,
    plain: bool,
    style: TextStyle,
) -> Vec<Shaped> {
    let element = setter.tags.add(rows, Kind::Row);
    let mut out = Vec::with_capacity(row.cells.len());
    for column in 0..if row.group { 1 } else { columns } {
        let cell = row.cells.get(column);
        let empty = cell.is_none_or(Vec::is_empty);
        let span = if row.group { columns } else { 1 };
        let kind = match (row.group, plain && column == 0) {
            (true, _) if !empty => Kind::HeadCell {
                scope: Scope::Column,
                span,
            },
            (false, true) if columns > 1 && !empty => Kind::HeadCell {
                scope: Scope::Row,
                span,
            },
            _ => Kind::Cell { span },
        };
        let element = setter.tags.add(element, kind);
        if let Some(inlines) = cell {
            out.push(setter.shape_in(element, inlines, style));
        }
    }
    out
}
