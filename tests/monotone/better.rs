//! What "better" means, read off the rules of a plan and not off the program that applies them.
//!
//! A changed answer is better when every rule that reads it says so, or does not mind. Where it was answered before, one of
//! three arguments is enough, so that rules which contradict one another (more points, but a condition lost) come to light:
//!
//! * points: no rule gives fewer and one gives more (more points of options, a higher band, a measured value on the better
//!   side of where it was, a better row), whatever conditions say;
//! * level: one level up, whatever anyone says, since levels go upward;
//! * conditions: one that was false is true and none that was true is false, at no loss of points.
//!
//! Where it was not answered, or did not apply, points and conditions must all agree: missing counts 0 points and a
//! condition not known; not applicable counts as full points, so that only the best answer is no worse.

use std::cmp::Ordering;

use qizhen::assessment::{StandardAnswers, TableAnswer};
use qizhen::questionnaire::ItemKind;
use qizhen::round::half_up;
use qizhen::scoring::bound::{BoundExpr, Evaluated};
use qizhen::scoring::interval::Interval;
use qizhen::scoring::layout::{Cell, RowCell};
use qizhen::scoring::plan::{Condition, Op, RowPlan};
use qizhen::scoring::rows;
use qizhen::scoring::rulebook::Better;

use crate::sheet::{Bounds, Form, Luck};

/// A rule that reads an item.
pub enum Reader<'p> {
    /// Points of the chosen option; satisfaction of a requirement.
    Options(&'p [f64]),
    /// Points of all chosen options.
    Several(&'p [f64]),
    /// Points of the band.
    Bands(&'p BoundExpr, u8, &'p [(Interval, f64)]),
    /// A value in one direction, between references.
    Line {
        value: &'p BoundExpr,
        better: Better,
        leading: &'p BoundExpr,
        baseline: &'p BoundExpr,
    },
    /// Rows of a table item.
    Rows(&'p RowPlan),
    /// A level that is counted.
    Count,
    /// A condition of a rung.
    Holds(&'p BoundExpr),
    /// A veto.
    Veto(&'p BoundExpr),
    /// Whether a rule counts at all.
    Applies(&'p BoundExpr),
}

/// Why an answer is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    Points,
    Level,
    Condition,
    Answered,
    Row,
}

/// The rules that read each item.
pub fn readers<'p>(form: &Form<'p>) -> Vec<Vec<Reader<'p>>> {
    let plan = form.plan;
    let mut found: Vec<Vec<Reader>> = form.items.iter().map(|_| Vec::new()).collect();
    fn items_of(exprs: &[&BoundExpr]) -> Vec<usize> {
        let mut items: Vec<usize> = exprs
            .iter()
            .flat_map(|e| e.inputs().iter().map(|input| input.item))
            .collect();
        items.sort_unstable();
        items.dedup();
        items
    }
    for node in &plan.nodes {
        for item in node.applies.iter().flat_map(|applies| items_of(&[applies])) {
            found[item].extend(node.applies.as_ref().map(Reader::Applies));
        }
        match &node.op {
            Op::Options { item, points } => found[*item].push(Reader::Options(points)),
            Op::SumOfOptions { item, points, .. } => found[*item].push(Reader::Several(points)),
            Op::Bands {
                value, decimals, bands, ..
            } => {
                for item in items_of(&[value]) {
                    found[item].push(Reader::Bands(value, *decimals, bands));
                }
            }
            Op::Interpolate {
                value,
                better,
                leading,
                baseline,
                ..
            } => {
                for item in items_of(&[value, leading, baseline]) {
                    found[item].push(Reader::Line {
                        value,
                        better: *better,
                        leading,
                        baseline,
                    });
                }
            }
            Op::Ladder { levels, .. } => {
                for (item, satisfaction) in levels.iter().flat_map(|step| &step.requirements) {
                    found[*item].push(Reader::Options(satisfaction));
                }
            }
            Op::EachRow(rule) => found[rule.item].push(Reader::Rows(rule)),
            // Quantities for information have no better and no worse; groups read no item.
            Op::Formula { .. } | Op::Total { .. } | Op::RowTotal(_) => {}
            Op::Sum(_) | Op::Pooled(_) | Op::Weighted(_) | Op::OneOf(_) | Op::Cumulative { .. } => {}
        }
    }
    for condition in plan
        .grade
        .iter()
        .flat_map(|grade| &grade.rungs)
        .flat_map(|rung| &rung.require)
    {
        match condition {
            Condition::Count { items, .. } => items.iter().for_each(|item| found[*item].push(Reader::Count)),
            Condition::Holds { expr, .. } => {
                items_of(&[expr])
                    .iter()
                    .for_each(|item| found[*item].push(Reader::Holds(expr)));
            }
            Condition::Score { .. } | Condition::Covers { .. } => {}
        }
    }
    for veto in &plan.vetoes {
        items_of(&[&veto.holds])
            .iter()
            .for_each(|item| found[*item].push(Reader::Veto(&veto.holds)));
    }
    found
}

impl Reader<'_> {
    fn is_condition(&self) -> bool {
        matches!(self, Reader::Holds(_) | Reader::Veto(_))
    }

    /// How the second sheet stands to the first in the eyes of this rule; `None` when they cannot be compared.
    pub fn compare(
        &self,
        form: &Form,
        item: usize,
        before: &StandardAnswers,
        after: &StandardAnswers,
    ) -> Option<Ordering> {
        let column = form.laid(item).column;
        let cells = || (before.cells[column], after.cells[column]);
        match self {
            Reader::Options(points) => {
                let mark = |cell| match cell {
                    Cell::Choice(choice) => points[usize::from(choice)],
                    Cell::NotApplicable => points.iter().copied().fold(0.0, f64::max),
                    _ => 0.0,
                };
                mark(cells().1).partial_cmp(&mark(cells().0))
            }
            Reader::Several(points) => {
                let exclusive = form.laid(item).exclusive;
                let mark = |cell| -> f64 {
                    let counted = match cell {
                        Cell::Chosen(bits) if bits & exclusive != 0 => bits & exclusive,
                        Cell::Chosen(bits) => bits,
                        Cell::NotApplicable => return points.iter().filter(|p| **p > 0.0).sum(),
                        _ => 0,
                    };
                    points
                        .iter()
                        .enumerate()
                        .filter(|(i, _)| counted >> i & 1 == 1)
                        .map(|(_, p)| p)
                        .sum()
                };
                mark(cells().1).partial_cmp(&mark(cells().0))
            }
            Reader::Bands(value, decimals, bands) => {
                let most = bands.iter().map(|(_, points)| *points).fold(0.0, f64::max);
                let mark = |sheet| match value.number(sheet) {
                    Evaluated::Value(x) => {
                        let x = half_up(x, *decimals);
                        bands
                            .iter()
                            .find(|(interval, _)| interval.contains(x))
                            .map(|(_, points)| *points)
                    }
                    Evaluated::NotApplicable => Some(most),
                    Evaluated::Missing | Evaluated::Undefined => Some(0.0),
                };
                mark(after)?.partial_cmp(&mark(before)?)
            }
            Reader::Line {
                value,
                better,
                leading,
                baseline,
            } => {
                let known = |sheet| match (leading.number(sheet), baseline.number(sheet)) {
                    (Evaluated::Value(leading), Evaluated::Value(baseline)) => Some((leading, baseline)),
                    _ => None,
                };
                // What it is measured against is not the enterprise's to improve.
                if known(before).is_some() && known(before) != known(after) {
                    return None;
                }
                let sign = if *better == Better::Higher { 1.0 } else { -1.0 };
                match (value.number(before), value.number(after)) {
                    (Evaluated::Value(b), Evaluated::Value(a)) => (sign * a).partial_cmp(&(sign * b)),
                    (b, a) if b == a => Some(Ordering::Equal),
                    (Evaluated::NotApplicable, Evaluated::Value(a)) => {
                        let (leading, _) = known(after)?;
                        Some(if sign * a >= sign * leading {
                            Ordering::Equal
                        } else {
                            Ordering::Less
                        })
                    }
                    (Evaluated::Missing | Evaluated::Undefined, Evaluated::Value(_)) => Some(Ordering::Greater),
                    (Evaluated::Value(_), Evaluated::Missing | Evaluated::Undefined) => Some(Ordering::Less),
                    _ => None,
                }
            }
            Reader::Rows(rule) => compare_rows(form, rule, before.tables.get(&item), after.tables.get(&item)),
            Reader::Count => {
                let mark = |cell| match cell {
                    Cell::Choice(level) => i32::from(level),
                    _ => -1,
                };
                Some(mark(cells().1).cmp(&mark(cells().0)))
            }
            Reader::Holds(expr) => {
                let mark = |sheet| expr.truth(sheet) == Evaluated::Value(true);
                Some(mark(after).cmp(&mark(before)))
            }
            Reader::Veto(expr) => {
                let mark = |sheet| match expr.truth(sheet) {
                    Evaluated::Value(false) => 0,
                    Evaluated::Missing | Evaluated::Undefined => 1,
                    Evaluated::Value(true) | Evaluated::NotApplicable => 2,
                };
                Some(mark(after).cmp(&mark(before)))
            }
            Reader::Applies(expr) => (expr.truth(before) == expr.truth(after)).then_some(Ordering::Equal),
        }
    }
}

/// Rows are better when all of them count as much as before, are looked up and judged against the same, and measure no
/// worse. Rows where there were none are no worse than nothing, rows where there cannot be any are not compared.
fn compare_rows(
    form: &Form,
    rule: &RowPlan,
    before: Option<&TableAnswer>,
    after: Option<&TableAnswer>,
) -> Option<Ordering> {
    let (before, after) = match (before, after) {
        (Some(TableAnswer::Rows(before)), Some(TableAnswer::Rows(after))) => (before, after),
        (None, Some(TableAnswer::Rows(rows))) if !rows.is_empty() => return Some(Ordering::Greater),
        (before, after) => return (before == after).then_some(Ordering::Equal),
    };
    if before.len() != after.len() {
        return None;
    }
    let columns = &form.laid(rule.item).columns;
    let mut all = Ordering::Equal;
    for (before, after) in before.iter().zip(after) {
        let judge = |row: &[RowCell]| rows::judge(rule, columns, &form.plan.tables, row);
        let (before, after) = (judge(before), judge(after));
        let (b, a) = (&before.judged[rule.share.0], &after.judged[rule.share.0]);
        if before.weight != after.weight || b.table_row != a.table_row || b.thresholds != a.thresholds {
            return None;
        }
        for (measure, (b, a)) in rule.judges[rule.share.0]
            .measures
            .iter()
            .zip(b.values.iter().zip(&a.values))
        {
            let order = match (b, a) {
                (Some(b), Some(a)) if measure.better == Better::Higher => a.partial_cmp(b)?,
                (Some(b), Some(a)) => b.partial_cmp(a)?,
                (None, None) => Ordering::Equal,
                // A row that was not judged and is: it counts from now on, for better or worse.
                _ => return None,
            };
            match order {
                Ordering::Equal => {}
                _ if all == Ordering::Equal || all == order => all = order,
                _ => return None,
            }
        }
    }
    Some(all)
}

/// Whether the second sheet, which differs in one item, is better than the first, and by which argument.
pub fn better(
    form: &Form,
    readers: &[Reader],
    item: usize,
    before: &StandardAnswers,
    after: &StandardAnswers,
) -> Option<Why> {
    let mut marks = Vec::with_capacity(readers.len());
    for reader in readers {
        let mark = reader.compare(form, item, before, after);
        if mark.is_none() && matches!(reader, Reader::Applies(_)) {
            return None;
        }
        marks.push((reader, mark));
    }
    let no_worse = |conditions: bool| {
        let asked = marks.iter().filter(|(reader, _)| reader.is_condition() == conditions);
        asked.clone().all(|(_, mark)| mark.is_some_and(Ordering::is_ge))
    };
    let gains = |conditions: bool| {
        marks
            .iter()
            .any(|(reader, mark)| reader.is_condition() == conditions && *mark == Some(Ordering::Greater))
    };
    let laid = form.laid(item);
    if form.is_blank(item, before) {
        return (no_worse(true) && no_worse(false)).then_some(Why::Answered);
    }
    if laid.kind == ItemKind::Level {
        let up = match (before.cells[laid.column], after.cells[laid.column]) {
            (Cell::Choice(before), Cell::Choice(after)) => after > before,
            _ => false,
        };
        return up.then_some(Why::Level);
    }
    if !no_worse(false) {
        return None;
    }
    if gains(false) {
        return Some(if laid.kind == ItemKind::Table {
            Why::Row
        } else {
            Why::Points
        });
    }
    (gains(true) && no_worse(true)).then_some(Why::Condition)
}

/// Another answer to an item, perhaps better; `None` when chance finds none.
pub fn other(form: &Form, item: usize, sheet: &StandardAnswers, luck: &mut Luck) -> Option<StandardAnswers> {
    let laid = form.laid(item);
    let mut changed = sheet.clone();
    if form.is_blank(item, sheet) && (laid.kind != ItemKind::Parts || luck.percent(30)) {
        // Rows where there cannot be any are another enterprise, not a better answer.
        if laid.kind == ItemKind::Table && sheet.tables.contains_key(&item) {
            return None;
        }
        form.answer(item, &mut changed, luck);
        return Some(changed);
    }
    match (laid.kind, sheet.cells.get(laid.column).copied().unwrap_or_default()) {
        (ItemKind::Level, Cell::Choice(level)) => {
            (usize::from(level) + 1 < laid.choices.len()).then_some(())?;
            changed.cells[laid.column] = Cell::Choice(level + 1);
        }
        (ItemKind::Multi, Cell::Chosen(bits)) => {
            let one = 1u64 << luck.below(laid.choices.len());
            let free = bits & !laid.exclusive;
            let to = match luck.below(4) {
                0 => ((1 << laid.choices.len()) - 1) & !laid.exclusive,
                1 if one & laid.exclusive != 0 => one,
                1 => free ^ one,
                _ => free | (one & !laid.exclusive),
            };
            changed.cells[laid.column] = if to == 0 { return None } else { Cell::Chosen(to) };
        }
        (ItemKind::Parts, _) => {
            let part = luck.below(laid.parts.len());
            let column = laid.column + part;
            changed.cells[column] = Cell::Number(match sheet.cells[column] {
                Cell::Number(now) => {
                    let others: Vec<f64> = sheet.cells[form.cells(item)].iter().filter_map(number).collect();
                    Bounds::of_part(form.items[item], part).fit(moved(form, now, &others, luck))
                }
                Cell::Missing => {
                    let anew = {
                        let mut anew = sheet.clone();
                        form.answer(item, &mut anew, luck);
                        anew
                    };
                    number(&anew.cells[column])?
                }
                _ => return None,
            });
            form.relations_hold(item, &changed).then_some(())?;
        }
        (ItemKind::Number, Cell::Number(now)) => {
            let to = Bounds::of_item(form.items[item]).fit(moved(form, now, &[], luck));
            changed.cells[laid.column] = Cell::Number(to);
        }
        (ItemKind::Table, _) => {
            let Some(TableAnswer::Rows(rows)) = changed.tables.get_mut(&item) else {
                return None;
            };
            let count = rows.len();
            let row = rows.get_mut(luck.below(count))?;
            let measured = form.measured(item);
            let column = if luck.percent(80) && !measured.is_empty() {
                luck.pick(&measured)
            } else {
                luck.below(laid.columns.len())
            };
            let RowCell::Number(now) = row[column] else { return None };
            let to = Bounds::of_column(&form.items[item].columns[column]).fit(moved(form, now, &[], luck));
            row[column] = RowCell::Number(to);
        }
        _ => form.answer(item, &mut changed, luck),
    }
    (changed.cells != sheet.cells || changed.tables != sheet.tables).then_some(changed)
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Number(number) => Some(*number),
        _ => None,
    }
}

/// A number near another one, equal to one beside it or to a percentage of it, or anywhere.
fn moved(form: &Form, now: f64, others: &[f64], luck: &mut Luck) -> f64 {
    match luck.below(6) {
        0 => now * luck.pick(&[0.5, 0.9, 1.1, 2.0]),
        1 => now + luck.pick(&[-10.0, -1.0, -0.1, -0.01, 0.01, 0.1, 1.0, 10.0]),
        2 => luck.pick(&form.pool),
        3 if !others.is_empty() => luck.pick(others),
        4 if !others.is_empty() => luck.pick(others) * luck.pick(&form.pool) / 100.0,
        _ => now * (0.5 + luck.below(1000) as f64 / 1000.0),
    }
}
