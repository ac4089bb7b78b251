//! Expressions bound to the columns of a layout (for items) or of a table item (for rows).

use std::collections::BTreeMap;

use minijinja::Value;

use super::expr::{Expr, Name};
use super::layout::{Answers, Cell, Layout, LayoutItem, RowCell};
use crate::questionnaire::ItemKind;

/// What came of an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Evaluated<T> {
    /// A value.
    Value(T),
    /// Something it names is not answered.
    Missing,
    /// Something it names does not apply.
    NotApplicable,
    /// Everything is answered but there is no value (division by zero …).
    Undefined,
}

/// An expression over the items of a questionnaire.
#[derive(Debug, Clone)]
pub struct BoundExpr {
    expr: Expr,
    inputs: Vec<Input>,
}

/// One name of a bound expression and the column behind it.
#[derive(Debug, Clone)]
pub struct Input {
    /// Name in the expression.
    pub name: Name,
    /// Column in the layout.
    pub column: usize,
    /// Index of the item in the layout.
    pub item: usize,
    /// Index of the part, for parts items.
    pub part: Option<usize>,
    kind: ItemKind,
    choices: Vec<Value>,
}

impl BoundExpr {
    /// Binds every name; the names that the layout does not know come back.
    pub fn bind(expr: Expr, layout: &Layout) -> Result<Self, Vec<Name>> {
        let mut inputs = Vec::new();
        let mut unknown = Vec::new();
        for name in expr.names() {
            let found = layout
                .by_identifier(&name.base)
                .and_then(|(index, item)| match (item.kind, &name.part) {
                    (ItemKind::Parts, Some(part)) => {
                        let at = item.parts.iter().position(|p| p.id == *part)?;
                        Some((index, item, item.column + at, Some(at)))
                    }
                    (ItemKind::Parts | ItemKind::Table, _) | (_, Some(_)) => None,
                    (_, None) => Some((index, item, item.column, None)),
                });
            match found {
                Some((index, item, column, part)) => inputs.push(Input {
                    name: name.clone(),
                    column,
                    item: index,
                    part,
                    kind: item.kind,
                    choices: item.choices.iter().map(|c| Value::from(c.as_str())).collect(),
                }),
                None => unknown.push(name.clone()),
            }
        }
        if unknown.is_empty() {
            Ok(Self { expr, inputs })
        } else {
            Err(unknown)
        }
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        self.expr.text()
    }

    /// What it reads.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// As a number.
    pub fn number(&self, answers: &impl Answers) -> Evaluated<f64> {
        self.with(answers, |expr, context| expr.number(context))
    }

    /// As a truth.
    pub fn truth(&self, answers: &impl Answers) -> Evaluated<bool> {
        self.with(answers, |expr, context| expr.truth(context))
    }

    fn with<T>(&self, answers: &impl Answers, run: impl Fn(&Expr, Value) -> Option<T>) -> Evaluated<T> {
        let mut flat: BTreeMap<&str, Value> = BTreeMap::new();
        let mut nested: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
        let mut missing = false;
        for input in &self.inputs {
            let value = match answers.cell(input.column) {
                Cell::Missing => {
                    missing = true;
                    continue;
                }
                Cell::NotApplicable => return Evaluated::NotApplicable,
                cell => answered(cell, input.kind, |i| input.choices.get(i).cloned().unwrap_or_default()),
            };
            match &input.name.part {
                Some(part) => {
                    nested.entry(&input.name.base).or_default().insert(part, value);
                }
                None => {
                    flat.insert(&input.name.base, value);
                }
            }
        }
        if missing {
            return Evaluated::Missing;
        }
        flat.extend(nested.into_iter().map(|(base, parts)| (base, Value::from(parts))));
        run(&self.expr, Value::from(flat)).map_or(Evaluated::Undefined, Evaluated::Value)
    }
}

/// An answered cell as expressions see it; `choice` gives the id of an option.
fn answered(cell: Cell, kind: ItemKind, choice: impl Fn(usize) -> Value) -> Value {
    match cell {
        Cell::Missing | Cell::NotApplicable => Value::UNDEFINED,
        Cell::Number(number) => Value::from(number),
        Cell::Choice(index) => match kind {
            ItemKind::YesNo => Value::from(index == 0),
            ItemKind::Level => Value::from(index),
            _ => choice(index as usize),
        },
        Cell::Chosen(bits) => {
            let chosen = (0..64usize).filter(|i| bits >> i & 1 == 1);
            Value::from(chosen.map(choice).collect::<Vec<_>>())
        }
    }
}

/// The value of an item's cell as expressions see it; `None` when it is not answered or does not apply.
pub fn cell_value(cell: Cell, laid: &LayoutItem) -> Option<Value> {
    let value = answered(cell, laid.kind, |i| {
        laid.choices
            .get(i)
            .map_or(Value::UNDEFINED, |id| Value::from(id.as_str()))
    });
    (!value.is_undefined()).then_some(value)
}

/// The names that the row of a table item offers to expressions, with values.
#[derive(Debug, Clone, Default)]
pub struct RowScope {
    values: BTreeMap<String, Value>,
}

impl RowScope {
    /// Sets a name; an empty cell leaves it undefined.
    pub fn set_cell(&mut self, name: &str, cell: &RowCell, choices: &[String]) {
        let value = match cell {
            RowCell::Empty => return,
            RowCell::Number(number) => Value::from(*number),
            RowCell::Text(text) => Value::from(text.as_str()),
            RowCell::Choice(index) => match choices.get(*index as usize) {
                Some(id) => Value::from(id.as_str()),
                None => return,
            },
        };
        self.values.insert(name.to_owned(), value);
    }

    /// Sets a number.
    pub fn set_number(&mut self, name: &str, number: f64) {
        self.values.insert(name.to_owned(), Value::from(number));
    }

    /// Whether everything an expression names has a value.
    pub fn covers(&self, expr: &Expr) -> bool {
        expr.names().iter().all(|name| self.values.contains_key(&name.base))
    }

    /// A number, if everything it names has a value.
    pub fn number(&self, expr: &Expr) -> Option<f64> {
        self.covers(expr).then(|| expr.number(self.context()))?
    }

    /// Any value, if everything it names has one.
    pub fn value(&self, expr: &Expr) -> Option<Value> {
        self.covers(expr).then(|| expr.eval(self.context()))?
    }

    /// A truth, if everything it names has a value.
    pub fn truth(&self, expr: &Expr) -> Option<bool> {
        self.value(expr).map(|value| value.is_true())
    }

    fn context(&self) -> Value {
        Value::from(self.values.clone())
    }
}
