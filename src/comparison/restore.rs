//! Answers in words → cells, so that what was recorded can be scored under the rules of today.

use super::recorded::{Row, Standard};
use crate::assessment::words::cells_in_words;
use crate::assessment::{StandardAnswers, TableAnswer};
use crate::questionnaire::{ColumnKind, ItemKind};
use crate::scoring::layout::{Cell, Layout, LayoutColumn, LayoutItem, RowCell};

/// The recorded answers in today's columns, or the titles of those that have no place in them any more or whose words do
/// not tell their number closely enough. Words are rounded; what reads the same `now` is the same to the last digit.
pub(super) fn restore(
    layout: &Layout,
    old: &Standard,
    now: Option<(&Standard, &StandardAnswers)>,
) -> Result<StandardAnswers, Vec<String>> {
    let mut answers = StandardAnswers {
        cells: vec![Cell::Missing; layout.width],
        ..StandardAnswers::default()
    };
    let mut lost = Vec::new();
    for one in old.answers.iter().filter(|one| !one.words().is_empty()) {
        let Some((index, _, laid)) = layout.items.get_full(&one.id) else {
            lost.push(one.title.clone());
            continue;
        };
        let rows = old.tables.get(&one.id);
        let given = |rows: Option<&Vec<Row>>| rows.map(|r| r.iter().map(|row| row.given.clone()).collect::<Vec<_>>());
        let same = now.filter(|(standard, _)| {
            let said = standard.answers.iter().find(|s| s.id == one.id);
            let rows_too = laid.kind != ItemKind::Table || given(rows) == given(standard.tables.get(&one.id));
            rows_too && said.is_some_and(|s| s.words() == one.words())
        });
        if laid.kind == ItemKind::Table {
            // Rows that nothing judges are not recorded: only their number is.
            let known = same.filter(|_| rows.is_some());
            let found = known.and_then(|(_, answers)| answers.tables.get(&index).cloned());
            match found.or_else(|| table(laid, one.words(), rows)) {
                Some(rows) => drop(answers.tables.insert(index, rows)),
                None => lost.push(one.title.clone()),
            }
            continue;
        }
        let (column, width) = (laid.column, laid.parts.len().max(1));
        let exact = same.and_then(|(_, answers)| answers.cells.get(column..column + width).map(<[Cell]>::to_vec));
        let read = || cells(laid, one.words(), width).filter(|c| same_words(laid, c, one.words()));
        match exact.or_else(read) {
            Some(cells) => answers.cells[column..column + width].copy_from_slice(&cells),
            None => lost.push(one.title.clone()),
        }
    }
    if lost.is_empty() { Ok(answers) } else { Err(lost) }
}

fn same_words(laid: &LayoutItem, cells: &[Cell], words: &str) -> bool {
    words == "不适用" || cells_in_words(laid, cells) == words
}

fn cells(laid: &LayoutItem, words: &str, width: usize) -> Option<Vec<Cell>> {
    if words == "不适用" {
        return Some(vec![Cell::NotApplicable; width]);
    }
    let position = |id: &str| laid.choices.iter().position(|c| c.to_uppercase() == id);
    Some(match laid.kind {
        ItemKind::YesNo => vec![Cell::Choice(u16::from(words != "是"))],
        ItemKind::Level => {
            let level: u16 = words.trim_end_matches('级').trim().parse().ok()?;
            (usize::from(level) < laid.choices.len()).then_some(vec![Cell::Choice(level)])?
        }
        ItemKind::Single => vec![Cell::Choice(position(words)? as u16)],
        ItemKind::Multi => {
            let mut bits = 0u64;
            for id in words.split('、') {
                bits |= 1 << position(id)?.min(63);
            }
            vec![Cell::Chosen(bits)]
        }
        ItemKind::Number => vec![Cell::Number(number(words, "", &laid.unit)?)],
        ItemKind::Parts => {
            let mut cells = vec![Cell::Missing; width];
            // Parts stand in their order, those left out are left out.
            let mut parts = laid.parts.iter().enumerate();
            for word in words.split('，') {
                let (index, found) = parts.by_ref().find_map(|(index, part)| {
                    number(word, &part.title, &part.unit).map(|number| (index, Cell::Number(number)))
                })?;
                cells[index] = found;
            }
            cells
        }
        ItemKind::Table => return None,
    })
}

/// `title 12.5 unit` → 12.5, unless so many of its digits were rounded away that scoring it would mislead.
fn number(words: &str, title: &str, unit: &str) -> Option<f64> {
    let rest = words.strip_prefix(title)?.trim();
    let digits = rest.strip_suffix(unit.trim())?.trim();
    let number: f64 = digits.parse().ok().filter(|n: &f64| n.is_finite())?;
    let rounded = digits.split_once('.').is_some_and(|(_, decimals)| decimals.len() >= 4);
    (!rounded || number.abs() >= 1.0).then_some(number)
}

fn table(laid: &LayoutItem, words: &str, rows: Option<&Vec<Row>>) -> Option<TableAnswer> {
    match words {
        "不适用" => return Some(TableAnswer::NotApplicable),
        "没有" => return Some(TableAnswer::Rows(Vec::new())),
        _ => {}
    }
    let rows = rows?.iter().map(|row| {
        let known = |title: &String| laid.columns.iter().any(|c| c.title == *title);
        if !row.given.keys().all(known) {
            return None;
        }
        laid.columns
            .iter()
            .map(|column| match row.given.get(&column.title) {
                None => Some(RowCell::Empty),
                Some(words) => row_cell(column, words),
            })
            .collect()
    });
    rows.collect::<Option<Vec<Vec<RowCell>>>>().map(TableAnswer::Rows)
}

fn row_cell(column: &LayoutColumn, words: &str) -> Option<RowCell> {
    match column.kind {
        ColumnKind::Text => Some(RowCell::Text(words.to_owned())),
        ColumnKind::Number => number(words, "", &column.unit).map(RowCell::Number),
        ColumnKind::Choice => {
            let index = column.choice_texts.iter().position(|text| text == words)?;
            Some(RowCell::Choice(index as u16))
        }
    }
}
