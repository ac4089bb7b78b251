//! The columns of a questionnaire: where each answer stands in a row, so that scoring looks up no names.

use indexmap::IndexMap;

use super::expr::identifier;
use crate::questionnaire::{ColumnKind, Item, ItemKind, Questionnaire};

/// One answer cell; small and `Copy`, so that row structs, JSON and Arrow columns can all serve it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Cell {
    /// Not answered.
    #[default]
    Missing,
    /// Answered: does not apply to this enterprise.
    NotApplicable,
    /// A number in the unit of its column.
    Number(f64),
    /// Index of the chosen option; level items: the level; yes/no items: 0 is yes.
    Choice(u16),
    /// Bit set of chosen options.
    Chosen(u64),
}

/// A cell of a table item.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum RowCell {
    /// Left out.
    #[default]
    Empty,
    /// A number in the unit of its column.
    Number(f64),
    /// Free text.
    Text(String),
    /// Index of the choice.
    Choice(u16),
}

/// The rows of a table item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rows<'a> {
    /// Not answered.
    Missing,
    /// Does not apply.
    NotApplicable,
    /// The rows, one cell a column of the item.
    Given(&'a [Vec<RowCell>]),
}

/// Where a plan reads its answers from.
pub trait Answers {
    /// The cell of a column of the [`Layout`].
    fn cell(&self, column: usize) -> Cell;
    /// The rows of a table item, by the item's index in the [`Layout`].
    fn rows(&self, item: usize) -> Rows<'_>;
}

/// The columns of one questionnaire.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Items by id, in order.
    pub items: IndexMap<String, LayoutItem>,
    /// Number of columns.
    pub width: usize,
}

/// Where one item stands.
#[derive(Debug, Clone)]
pub struct LayoutItem {
    /// Form of the answer.
    pub kind: ItemKind,
    /// Title.
    pub title: String,
    /// Its first column; parts follow one another; tables have none.
    pub column: usize,
    /// Choice ids of options, levels, yes/no.
    pub choices: Vec<String>,
    /// Wording of the choices.
    pub choice_texts: Vec<String>,
    /// Bits of the options that exclude all others.
    pub exclusive: u64,
    /// Parts: id, title, unit, optional.
    pub parts: Vec<LayoutPart>,
    /// Table columns.
    pub columns: Vec<LayoutColumn>,
    /// Unit of a number.
    pub unit: String,
}

/// One part of a parts item.
#[derive(Debug, Clone)]
pub struct LayoutPart {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// The rule can do without it.
    pub optional: bool,
}

/// One column of a table item.
#[derive(Debug, Clone)]
pub struct LayoutColumn {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Unit, empty when it has none.
    pub unit: String,
    /// What a cell holds.
    pub kind: ColumnKind,
    /// Choice ids.
    pub choices: Vec<String>,
    /// Choice wordings.
    pub choice_texts: Vec<String>,
}

impl Layout {
    /// Lays out a questionnaire.
    pub fn new(questionnaire: &Questionnaire) -> Self {
        let mut layout = Layout::default();
        for item in questionnaire.items() {
            let laid = lay(item, layout.width);
            layout.width += match item.kind.value {
                ItemKind::Parts => laid.parts.len(),
                ItemKind::Table => 0,
                _ => 1,
            };
            layout.items.insert(item.id.value.clone(), laid);
        }
        layout
    }

    /// The item that an expression calls by this name.
    pub fn by_identifier(&self, name: &str) -> Option<(usize, &LayoutItem)> {
        self.items
            .iter()
            .enumerate()
            .find(|(_, (id, _))| id.as_str() == name || identifier(id) == name)
            .map(|(index, (_, item))| (index, item))
    }
}

fn lay(item: &Item, column: usize) -> LayoutItem {
    let choices = item.choice_ids();
    let exclusive = item
        .exclusive
        .iter()
        .filter_map(|id| choices.iter().position(|c| *c == id.value))
        .fold(0, |bits, index| bits | (1u64 << index.min(63)));
    LayoutItem {
        kind: item.kind.value,
        title: item.title.clone(),
        column,
        choice_texts: (0..choices.len()).map(|i| item.choice_text(i).to_owned()).collect(),
        choices,
        exclusive,
        parts: item
            .parts
            .iter()
            .map(|p| LayoutPart {
                id: p.id.value.clone(),
                title: p.title.clone(),
                unit: p.unit.value.clone(),
                optional: p.optional,
            })
            .collect(),
        columns: item
            .columns
            .iter()
            .map(|c| LayoutColumn {
                id: c.id.value.clone(),
                title: c.title.clone(),
                unit: c.unit.as_ref().map_or(String::new(), |u| u.value.clone()),
                kind: c.kind,
                choices: c.choices.iter().map(|o| o.id.value.clone()).collect(),
                choice_texts: c.choices.iter().map(|o| o.text.clone()).collect(),
            })
            .collect(),
        unit: item.unit.as_ref().map_or(String::new(), |u| u.value.clone()),
    }
}
