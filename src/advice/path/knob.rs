//! What can be changed: for every item the answers that it could have instead, each with how far it is from the present one.

use crate::assessment::words::cells_in_words;
use crate::questionnaire::ItemKind;
use crate::round::half_up;
use crate::scoring::bound::{BoundExpr, Evaluated};
use crate::scoring::interval::Interval;
use crate::scoring::layout::{Answers, Cell, LayoutItem, Rows};
use crate::scoring::plan::{Op, Plan};

/// Answers with some cells changed.
pub(crate) struct Changed<'a, A> {
    pub base: &'a A,
    pub cells: Vec<(usize, Cell)>,
}

impl<A: Answers> Answers for Changed<'_, A> {
    fn cell(&self, column: usize) -> Cell {
        let changed = self.cells.iter().rev().find(|(at, _)| *at == column);
        changed.map_or_else(|| self.base.cell(column), |(_, cell)| *cell)
    }

    fn rows(&self, item: usize) -> Rows<'_> {
        self.base.rows(item)
    }
}

/// One item that can be changed.
#[derive(Debug, Clone)]
pub(crate) struct Knob {
    /// Index of the item in the layout.
    pub item: usize,
    /// What it can become.
    pub choice: Choice,
}

/// How an item can be changed.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// One answer instead of another.
    One(Vec<State>),
    /// Options added to those that are chosen.
    Any {
        /// What is chosen now; options that exclude all others are no longer in it.
        now: u64,
        /// What can be added.
        open: Vec<usize>,
    },
}

/// An answer that an item could have instead.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// The cell that changes, by column.
    pub cell: (usize, Cell),
    /// Steps on the way there.
    pub distance: f64,
}

impl Knob {
    /// The answer after a change in words.
    pub fn words(laid: &LayoutItem, answers: &impl Answers) -> String {
        let width = laid.parts.len().max(1);
        let cells: Vec<Cell> = (laid.column..laid.column + width)
            .map(|column| answers.cell(column))
            .collect();
        cells_in_words(laid, &cells)
    }
}

/// Units of things that are counted: a plan has no half machine.
const COUNTED: [&str; 12] = [
    "台",
    "套",
    "个",
    "人",
    "项",
    "条",
    "家",
    "次",
    "件",
    "台套",
    "台（套）",
    "处",
];

/// The knob of an item that is answered by choosing; `None` for tables, numbers, and what does not apply.
pub(crate) fn chosen(plan: &Plan, item: usize, answers: &impl Answers) -> Option<Knob> {
    let laid = &plan.layout.items[item];
    let cell = answers.cell(laid.column);
    if cell == Cell::NotApplicable {
        return None;
    }
    let choice = match laid.kind {
        ItemKind::Multi => {
            let now = match cell {
                Cell::Chosen(bits) => bits & !laid.exclusive,
                _ => 0,
            };
            let open = (0..laid.choices.len())
                .filter(|option| *option < 64 && (now | laid.exclusive) >> option & 1 == 0)
                .collect();
            Choice::Any { now, open }
        }
        ItemKind::Single | ItemKind::YesNo | ItemKind::Level => {
            let now = match cell {
                Cell::Choice(index) => Some(index),
                _ => None,
            };
            let count = match laid.kind {
                ItemKind::YesNo => 2,
                _ => laid.choices.len() as u16,
            };
            let states = (0..count).filter(|index| Some(*index) != now).map(|index| State {
                cell: (laid.column, Cell::Choice(index)),
                distance: match (laid.kind, now) {
                    (ItemKind::Level, now) => (f64::from(index) - f64::from(now.unwrap_or(0))).abs().max(1.0),
                    _ => 1.0,
                },
            });
            Choice::One(states.collect())
        }
        ItemKind::Parts | ItemKind::Number | ItemKind::Table => return None,
    };
    Some(Knob { item, choice })
}

/// The knob of a number that a node reads: the values at which it earns more.
pub(crate) fn measured(plan: &Plan, node: usize, answers: &impl Answers) -> Option<Knob> {
    let goals: Vec<f64> = match &plan.nodes[node].op {
        Op::Bands {
            value, decimals, bands, ..
        } => {
            let now = number(value, answers)?;
            let points = plan.leaf_points(node, answers);
            let better = bands.iter().filter(|(_, p)| *p > points + 1e-9);
            let mut goals: Vec<(f64, f64)> = better.map(|(band, p)| (*p, edge(band, now, *decimals))).collect();
            goals.sort_by(|a, b| a.0.total_cmp(&b.0));
            goals.into_iter().map(|(_, goal)| goal).collect()
        }
        Op::Interpolate {
            value,
            leading,
            baseline,
            ..
        } => {
            let now = number(value, answers)?;
            let (leading, baseline) = (number(leading, answers)?, number(baseline, answers)?);
            let toward = (leading - baseline).signum();
            let marks = [baseline, f64::midpoint(baseline, leading), leading];
            marks.into_iter().filter(|mark| (mark - now) * toward > 1e-12).collect()
        }
        _ => return None,
    };
    let (Op::Bands { value, .. } | Op::Interpolate { value, .. }) = &plan.nodes[node].op else {
        return None;
    };
    let points = |cell: (usize, Cell)| {
        let cells = vec![cell];
        plan.leaf_points(node, &Changed { base: answers, cells })
    };
    reach(plan, value, answers, &goals, &points)
}

/// The knob of a number that a condition reads: the least change that makes it true.
pub(crate) fn conditional(plan: &Plan, expr: &BoundExpr, answers: &impl Answers) -> Option<Knob> {
    for input in expr.inputs() {
        let Cell::Number(now) = answers.cell(input.column) else {
            continue;
        };
        let holds = |x: f64| {
            let cells = vec![(input.column, Cell::Number(x))];
            expr.truth(&Changed { base: answers, cells }) == Evaluated::Value(true)
        };
        let unit = unit(plan, input.item, input.part);
        for sign in [1.0, -1.0] {
            if let Some(x) = search(now, sign, &holds).map(|x| tidy(x, sign, unit))
                && holds(x)
            {
                let states = vec![State {
                    cell: (input.column, Cell::Number(x)),
                    distance: 1.0,
                }];
                let choice = Choice::One(states);
                return Some(Knob {
                    item: input.item,
                    choice,
                });
            }
        }
    }
    None
}

/// The first input that can bring the value to the goals; each goal that it reaches is a state.
fn reach(
    plan: &Plan,
    value: &BoundExpr,
    answers: &impl Answers,
    goals: &[f64],
    points: &dyn Fn((usize, Cell)) -> f64,
) -> Option<Knob> {
    let now = number(value, answers)?;
    // As the questionnaire lists them: what is counted stands before what it is a share of.
    let mut inputs: Vec<_> = value.inputs().iter().collect();
    inputs.sort_by_key(|input| input.column);
    let mut best: Option<Knob> = None;
    for input in inputs {
        let Cell::Number(from) = answers.cell(input.column) else {
            continue;
        };
        let at = |x: f64| {
            let cells = vec![(input.column, Cell::Number(x))];
            number(value, &Changed { base: answers, cells })
        };
        let unit = unit(plan, input.item, input.part);
        let mut states: Vec<State> = Vec::new();
        for goal in goals {
            let rising = *goal > now;
            let enough = |x: f64| at(x).is_some_and(|y| if rising { y >= *goal } else { y <= *goal });
            let found = [1.0, -1.0].into_iter().find_map(|sign| {
                let x = tidy(search(from, sign, &enough)?, sign, unit);
                enough(x).then_some(x)
            });
            let Some(x) = found else { continue };
            let cell = (input.column, Cell::Number(x));
            let earns = points(cell);
            let distance = states.len() as f64 + 1.0;
            if states.iter().all(|state| points(state.cell) < earns - 1e-9) {
                states.push(State { cell, distance });
            }
        }
        let reached = match best.as_ref().map(|knob| &knob.choice) {
            Some(Choice::One(states)) => states.len(),
            _ => 0,
        };
        if states.len() > reached {
            best = Some(Knob {
                item: input.item,
                choice: Choice::One(states),
            });
        }
    }
    best
}

/// The value inside a band that is nearest to the present one.
fn edge(band: &Interval, now: f64, decimals: u8) -> f64 {
    let step = 10f64.powi(-i32::from(decimals));
    if band.low >= now {
        if band.low_closed {
            band.low
        } else {
            half_up(band.low + step, decimals)
        }
    } else if band.high_closed {
        band.high
    } else {
        half_up(band.high - step, decimals)
    }
}

/// The smallest change in one direction from which on something holds; numbers stay on their side of zero.
fn search(from: f64, sign: f64, holds: &dyn Fn(f64) -> bool) -> Option<f64> {
    let far = |step: f64| {
        if sign > 0.0 {
            from + step
        } else {
            (from - step).max(0.0)
        }
    };
    let mut step = if from == 0.0 { 1e-3 } else { from.abs() * 1e-3 };
    let mut last = 0.0;
    while !holds(far(step)) {
        if (sign < 0.0 && far(step) <= 0.0) || step > 1e12 {
            return None;
        }
        last = step;
        step *= 2.0;
    }
    let (mut low, mut high) = (last, step);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if holds(far(middle)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(far(high))
}

/// A number that people would write: whole things, or four digits, never short of what is needed.
fn tidy(x: f64, sign: f64, unit: &str) -> f64 {
    let away = |x: f64| {
        let near = x.round();
        if (x - near).abs() < 1e-6 {
            near
        } else if sign > 0.0 {
            x.ceil()
        } else {
            x.floor()
        }
    };
    if COUNTED.contains(&unit) || x == 0.0 {
        return away(x);
    }
    let decimals = (3 - x.abs().log10().floor() as i32).clamp(0, 12);
    let scale = 10f64.powi(decimals);
    away(x * scale) / scale
}

fn unit(plan: &Plan, item: usize, part: Option<usize>) -> &str {
    let laid = &plan.layout.items[item];
    part.and_then(|part| laid.parts.get(part))
        .map_or(laid.unit.as_str(), |part| part.unit.as_str())
}

fn number(value: &BoundExpr, answers: &impl Answers) -> Option<f64> {
    match value.number(answers) {
        Evaluated::Value(value) => Some(value),
        _ => None,
    }
}
