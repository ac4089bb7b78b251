//! Answers in words → cells, so that what was recorded can be scored under the rules of today.

use indexmap::IndexMap;

use super::recorded::{Row, Said};
use crate::assessment::words::cells_in_words;
use crate::assessment::{StandardAnswers, TableAnswer};
use crate::questionnaire::{ColumnKind, ItemKind};
use crate::scoring::layout::{Cell, Layout, LayoutColumn, LayoutItem, RowCell};

/// The recorded answers in today's columns, or the titles of those that have no place in them any more.
pub(super) fn restore(
    layout: &Layout,
    said: &[Said],
    tables: &IndexMap<String, Vec<Row>>,
) -> Result<StandardAnswers, Vec<String>> {
    let mut answers = StandardAnswers {
        cells: vec![Cell::Missing; layout.width],
        ..StandardAnswers::default()
    };
    let mut lost = Vec::new();
    for one in said.iter().filter(|one| !one.words().is_empty()) {
        let Some((index, _, laid)) = layout.items.get_full(&one.id) else {
            lost.push(one.title.clone());
            continue;
        };
        if laid.kind == ItemKind::Table {
            match table(laid, one.words(), tables.get(&one.id)) {
                Some(rows) => drop(answers.tables.insert(index, rows)),
                None => lost.push(one.title.clone()),
            }
            continue;
        }
        let width = laid.parts.len().max(1);
        // What reads back as the same words is the same answer, as far as words go.
        match cells(laid, one.words(), width).filter(|c| same_words(laid, c, one.words())) {
            Some(cells) => answers.cells[laid.column..laid.column + width].copy_from_slice(&cells),
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

/// `title 12.5 unit` → 12.5.
fn number(words: &str, title: &str, unit: &str) -> Option<f64> {
    let rest = words.strip_prefix(title)?.trim();
    rest.strip_suffix(unit.trim())?
        .trim()
        .parse()
        .ok()
        .filter(|n: &f64| n.is_finite())
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
