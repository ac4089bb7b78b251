//! What was left out, from what the enterprise has told already.

use super::StandardAnswers;
use super::words::cells_in_words;
use crate::questionnaire::{ItemKind, Questionnaire};
use crate::scoring::layout::{Cell, Layout};

/// Parts and numbers that were left out come from the facts of their year: `told(fact, year, unit)`, the year relative to the
/// base year.
pub fn from_facts(
    questionnaire: &Questionnaire,
    layout: &Layout,
    answers: &mut StandardAnswers,
    told: &dyn Fn(&str, i16, &str) -> Option<f64>,
) {
    for usage in questionnaire.facts_used() {
        let item = usage.item;
        let laid = &layout.items[item.id.value.as_str()];
        let offset = match (item.kind.value, usage.index) {
            (ItemKind::Parts, index) => index,
            (ItemKind::Number, _) => 0,
            // Cells of a table are filled row by row as they are read.
            _ => continue,
        };
        let column = laid.column + offset;
        if answers.cells[column] != Cell::Missing {
            continue;
        }
        let Some(value) = told(&usage.fact.value, usage.year, usage.unit) else {
            continue;
        };
        answers.cells[column] = Cell::Number(value);
        let width = laid.parts.len().max(1);
        let words = cells_in_words(laid, &answers.cells[laid.column..laid.column + width]);
        let detail = answers.details.entry(item.id.value.clone()).or_default();
        detail.from_facts.push(usage.title.to_owned());
        // What facts filled in is part of the answer that people read.
        detail.self_reported = words;
    }
}
