//! Which answers of an older edition answer the newer.

use indexmap::IndexMap;

use super::{Mapping, Migration, Relation};
use crate::assessment::StandardAnswers;
use crate::questionnaire::{Item, ItemKind, Questionnaire};
use crate::round::show;
use crate::scoring::layout::{Cell, Layout, LayoutItem};

/// An answer that was carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Item of the newer edition.
    pub item: String,
    /// The answer as it is written in an assessment.
    pub text: String,
    /// Items of the older edition that it comes from.
    pub from: Vec<String>,
    /// How they relate.
    pub relation: Relation,
}

/// An item of the newer edition that still needs an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// Item of the newer edition.
    pub item: String,
    /// Its title.
    pub title: String,
    /// How it relates to the older edition.
    pub relation: Relation,
    /// Why, and what is to be answered.
    pub say: String,
}

/// What came of a migration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Carried over.
    pub carried: Vec<Carried>,
    /// Still to be answered.
    pub open: Vec<Open>,
    /// Answered in the newer edition already, and left alone.
    pub kept: usize,
}

/// Carries answers over. `has` tells whether the newer edition has an answer to an item already; items that `reads` does not
/// name are of another preset and not asked for.
pub fn carry(
    migration: &Migration,
    (old, new): (&Questionnaire, &Questionnaire),
    answers: &StandardAnswers,
    has: &dyn Fn(&str) -> bool,
    reads: &[String],
) -> Outcome {
    let layout = Layout::new(old);
    let mut outcome = Outcome::default();
    for item in new.items() {
        if has(&item.id.value) {
            outcome.kept += 1;
            continue;
        }
        let about: Vec<&Mapping> = migration
            .items
            .iter()
            .filter(|m| m.to.iter().any(|id| id.value == item.id.value))
            .collect();
        match answer_of(item, &about, &layout, answers) {
            Some((text, from, relation)) => outcome.carried.push(Carried {
                item: item.id.value.clone(),
                text,
                from,
                relation,
            }),
            None if reads.contains(&item.id.value) => outcome.open.push(open(item, &about)),
            None => {}
        }
    }
    outcome
}

fn open(item: &Item, about: &[&Mapping]) -> Open {
    let worst = about.iter().max_by_key(|m| m.relation.value);
    let relation = worst.map_or(Relation::New, |m| m.relation.value);
    Open {
        item: item.id.value.clone(),
        title: item.title.clone(),
        relation,
        say: if relation.carries() {
            format!("旧版没有答案，或答案不够用。{}", worst.map_or("", |m| m.say.as_str()))
        } else {
            worst.map_or(String::new(), |m| m.say.clone())
        },
    }
}

/// The answer of one item as written, and where it comes from. Every mapping that feeds the item must carry an answer.
fn answer_of(
    item: &Item,
    about: &[&Mapping],
    layout: &Layout,
    answers: &StandardAnswers,
) -> Option<(String, Vec<String>, Relation)> {
    if about.is_empty() || about.iter().any(|m| !m.relation.value.carries()) {
        return None;
    }
    let mut from = Vec::new();
    let mut chosen: IndexMap<String, ()> = IndexMap::new();
    let mut plain = None;
    for (mapping, old) in about.iter().flat_map(|m| m.from.iter().map(move |old| (m, old))) {
        let laid = layout.items.get(old.value.as_str())?;
        from.push(old.value.clone());
        let cells = &answers.cells[laid.column..laid.column + laid.parts.len().max(1)];
        if cells.contains(&Cell::Missing) || laid.kind == ItemKind::Table {
            return None;
        }
        if cells.contains(&Cell::NotApplicable) {
            plain = item.may_be_na.then(|| "na".to_owned());
            plain.as_ref()?;
            continue;
        }
        match options(laid, cells[0]) {
            Some(old_options) => {
                for option in old_options {
                    match mapping.answers.get(&option) {
                        Some(new) => chosen.extend(new.ids().iter().map(|id| (id.clone(), ()))),
                        None if mapping.answers.is_empty() => {
                            chosen.insert(option, ());
                        }
                        None => {}
                    }
                }
            }
            None => plain = Some(numbers(laid, cells)),
        }
    }
    let relation = about.iter().map(|m| m.relation.value).max()?;
    let text = match (item.kind.value, plain) {
        (_, Some(plain)) => plain,
        (ItemKind::Multi, None) => {
            let ids: Vec<&str> = chosen.keys().map(String::as_str).collect();
            // Several older items that all say no are a plain "none" only when the newer item has such an option.
            match (ids.is_empty(), item.exclusive.first()) {
                (true, Some(none)) => format!("[{}]", none.value),
                (true, None) => return None,
                (false, _) => format!("[{}]", ids.join(", ")),
            }
        }
        (ItemKind::YesNo, None) => match chosen.keys().next()?.as_str() {
            "yes" => "是".into(),
            _ => "否".into(),
        },
        (_, None) => chosen.into_keys().next()?,
    };
    Some((text, from, relation))
}

/// Ids of the chosen options; `None` for numbers.
fn options(laid: &LayoutItem, cell: Cell) -> Option<Vec<String>> {
    match cell {
        Cell::Choice(index) => Some(laid.choices.get(index as usize).cloned().into_iter().collect()),
        Cell::Chosen(bits) => Some(
            laid.choices
                .iter()
                .enumerate()
                .filter(|(i, _)| bits >> i & 1 == 1)
                .map(|(_, id)| id.clone())
                .collect(),
        ),
        _ => None,
    }
}

fn numbers(laid: &LayoutItem, cells: &[Cell]) -> String {
    let number = |cell: &Cell| match cell {
        Cell::Number(number) => show(*number, 9),
        _ => String::new(),
    };
    if laid.kind == ItemKind::Parts {
        let parts = laid
            .parts
            .iter()
            .zip(cells)
            .map(|(part, cell)| format!("{}: {}", part.id, number(cell)));
        format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
    } else {
        cells.first().map_or(String::new(), number)
    }
}
