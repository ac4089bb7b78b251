//! Lookup tables: rows as written → typed cells, with keys in matching order.

use super::interval::Interval;
use super::lookup::{LookupTable, TableCell};
use super::rulebook::{KeyMatch, RawCell, Rulebook, Table};
use crate::source::Span;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::suggest;

/// Types every table of a rulebook.
pub fn compile(rulebook: &Rulebook, problems: &mut Vec<Diagnostic>) -> Vec<LookupTable> {
    rulebook
        .tables
        .iter()
        .map(|(id, table)| one(id, table, problems))
        .collect()
}

fn one(id: &str, table: &Table, problems: &mut Vec<Diagnostic>) -> LookupTable {
    let columns: Vec<String> = table.columns.iter().map(|c| c.value.clone()).collect();
    let place = table.columns.first().map_or(Span::default(), |c| c.span);
    for (index, column) in table.columns.iter().enumerate() {
        if columns[..index].contains(&column.value) {
            let message = format!("表 “{id}” 的列 “{}” 重复", column.value);
            problems.push(Diagnostic::error(Code::DuplicateId, column.span, message));
        }
    }
    let mut keys = Vec::new();
    for (key, how) in &table.keys {
        match columns.iter().position(|c| c == key) {
            Some(column) => keys.push((column, *how)),
            None => problems.push(
                Diagnostic::error(
                    Code::TableShape,
                    place,
                    format!("表 “{id}” 的键 “{key}” 不在 columns 里"),
                )
                .nearest(key, columns.iter().map(String::as_str)),
            ),
        }
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        if row.len() != columns.len() {
            let message = format!("表 “{id}” 这一行有 {} 格，应为 {} 格", row.len(), columns.len());
            let hint = format!("各列依次是：{}", suggest::list(columns.iter().map(String::as_str)));
            problems.push(Diagnostic::error(Code::TableShape, row.span, message).hint(hint));
            continue;
        }
        let mut cells = Vec::with_capacity(row.len());
        for (index, raw) in row.value.iter().enumerate() {
            let how = keys.iter().find(|(column, _)| *column == index).map(|(_, how)| *how);
            let cell = match (raw, how) {
                (RawCell::Null, _) => TableCell::Null,
                (RawCell::Number(number), _) => TableCell::Number(*number),
                (RawCell::Text(text), Some(KeyMatch::Exact) | None) => TableCell::Text(text.clone()),
                (RawCell::Text(text), Some(_)) => match Interval::parse(text) {
                    Some(interval) => TableCell::Interval(interval),
                    None => {
                        let message = format!("表 “{id}” 的键 “{}” 写着 “{text}”，应为数字或区间", columns[index]);
                        problems.push(Diagnostic::error(Code::TableShape, row.span, message));
                        TableCell::Null
                    }
                },
            };
            cells.push(cell);
        }
        if let Some(first) = rows.iter().position(|other: &Vec<TableCell>| {
            keys.iter().all(|(column, _)| other[*column] == cells[*column]) && !keys.is_empty()
        }) {
            let message = format!("表 “{id}” 这一行的键与第 {} 行相同，永远查不到", first + 1);
            problems.push(Diagnostic::error(Code::Unreachable, row.span, message));
        }
        rows.push(cells);
    }
    LookupTable {
        id: id.to_owned(),
        title: table.title.clone(),
        source: table.source.clone(),
        confidence: table.confidence,
        note: table.note.clone(),
        keys,
        columns,
        rows,
    }
}
