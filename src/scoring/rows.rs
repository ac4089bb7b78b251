//! Rows of a table item: rules compiled, then each machine or product judged.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::bound::RowScope;
use super::compile::compile_expr;
use super::expr::Expr;
use super::layout::{Layout, LayoutColumn, RowCell};
use super::lookup::{KeyValue, LookupTable, TableCell};
use super::plan::{FlagPlan, JudgePlan, MeasurePlan, Op, RowPlan, RowTotalPlan};
use super::rulebook::{Better, EachRow, Judge, RowTotal};
use crate::provenance::Confidence;
use crate::questionnaire::ItemKind;
use crate::round::half_up;
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};

/// Compiles the rules for the rows of one table item.
pub fn compile(
    rule: &EachRow,
    layout: &Layout,
    tables: &[LookupTable],
    inherited: Confidence,
    problems: &mut Vec<Diagnostic>,
) -> Option<Op> {
    let (index, columns) = table_item(&rule.item, "each_row", layout, problems)?;
    let mut names: BTreeSet<String> = columns.iter().map(|c| c.id.clone()).collect();
    let mut lets = Vec::new();
    for derived in &rule.lets {
        if let Some(expr) = checked(&derived.value, &names, problems) {
            lets.push((derived.name.value.clone(), expr));
        }
        if !names.insert(derived.name.value.clone()) {
            let message = format!("“{}” 已经是列或前面的 let", derived.name.value);
            problems.push(Diagnostic::error(Code::DuplicateId, derived.name.span, message));
        }
    }
    let weight = checked(&rule.weight, &names, problems);
    let mut judges = Vec::new();
    for judge in &rule.judge {
        judges.extend(compile_judge(judge, columns, &names, tables, inherited, problems));
    }
    let flags = rule
        .flags
        .iter()
        .filter_map(|flag| {
            let confirm = flag.confirm.as_ref().map(|text| checked(text, &names, problems));
            Some(FlagPlan {
                id: flag.id.value.clone(),
                title: flag.title.clone(),
                when: checked(&flag.when, &names, problems)?,
                suspicion: flag.suspicion,
                confirm: match confirm {
                    Some(confirm) => Some(confirm?),
                    None => None,
                },
                say: flag.say.clone(),
                source: flag.source.clone(),
                confidence: flag.confidence.unwrap_or(inherited),
            })
        })
        .collect();
    for carried in &rule.carry {
        let known = rule
            .judge
            .iter()
            .filter_map(|j| tables.iter().find(|t| t.id == j.table.value));
        if !known.clone().any(|table| table.column(&carried.value).is_some()) {
            let columns: Vec<&str> = known.flat_map(|t| t.columns.iter().map(String::as_str)).collect();
            problems.push(
                Diagnostic::error(
                    Code::TableShape,
                    carried.span,
                    format!("表里没有列 “{}”", carried.value),
                )
                .nearest(&carried.value, columns),
            );
        }
    }
    let Some(share) = judges.iter().position(|j| j.id == rule.share.judge.value) else {
        if rule.judge.iter().any(|j| j.id.value == rule.share.judge.value) {
            // It is there; why it was not compiled has been said.
            return None;
        }
        let message = format!("没有名为 “{}” 的判定", rule.share.judge.value);
        problems.push(Diagnostic::error(
            Code::UnknownReference,
            rule.share.judge.span,
            message,
        ));
        return None;
    };
    Some(Op::EachRow(Box::new(RowPlan {
        item: index,
        weight: weight?,
        weight_unit: rule.weight_unit.clone(),
        lets,
        judges,
        carry: rule.carry.iter().map(|c| c.value.clone()).collect(),
        share: (share, rule.share.at_least),
        flags,
    })))
}

/// Compiles the rule that adds up a quantity over the rows of one table item.
pub fn compile_total(
    rule: &RowTotal,
    layout: &Layout,
    tables: &[LookupTable],
    problems: &mut Vec<Diagnostic>,
) -> Option<Op> {
    let (item, columns) = table_item(&rule.item, "row_total", layout, problems)?;
    let names: BTreeSet<String> = columns.iter().map(|c| c.id.clone()).collect();
    let (table, on) = compile_keys("row_total", &rule.item, &rule.table, &rule.on, &names, tables, problems)?;
    let mut with_columns = names;
    with_columns.extend(tables[table].columns.iter().cloned());
    Some(Op::RowTotal(Box::new(RowTotalPlan {
        item,
        table,
        on,
        value: checked(&rule.value, &with_columns, problems)?,
        unit: rule.unit.clone(),
        decimals: rule.decimals,
    })))
}

/// The table item that a rule reads and its columns.
fn table_item<'l>(
    id: &At<String>,
    method: &str,
    layout: &'l Layout,
    problems: &mut Vec<Diagnostic>,
) -> Option<(usize, &'l [LayoutColumn])> {
    let Some((index, _, item)) = layout.items.get_full(id.value.as_str()) else {
        problems.push(
            Diagnostic::error(
                Code::UnknownReference,
                id.span,
                format!("问卷里没有题目 “{}”", id.value),
            )
            .nearest(&id.value, layout.items.keys().map(String::as_str)),
        );
        return None;
    };
    if item.kind != ItemKind::Table {
        let message = format!("{method} 只用于表格题，“{}” 不是", id.value);
        problems.push(Diagnostic::error(Code::KindMismatch, id.span, message));
        return None;
    }
    Some((index, &item.columns))
}

fn checked(text: &At<String>, names: &BTreeSet<String>, problems: &mut Vec<Diagnostic>) -> Option<Expr> {
    let expr = compile_expr(text, problems)?;
    let mut known = true;
    for name in expr.names() {
        if name.part.is_some() || !names.contains(&name.base) {
            let shown = name
                .part
                .as_ref()
                .map_or(name.base.clone(), |part| format!("{}.{part}", name.base));
            problems.push(
                Diagnostic::error(Code::ExprName, text.span, format!("表达式里的 “{shown}” 没有定义"))
                    .nearest(&name.base, names.iter().map(String::as_str)),
            );
            known = false;
        }
    }
    known.then_some(expr)
}

fn compile_judge(
    judge: &Judge,
    columns: &[LayoutColumn],
    names: &BTreeSet<String>,
    tables: &[LookupTable],
    inherited: Confidence,
    problems: &mut Vec<Diagnostic>,
) -> Option<JudgePlan> {
    let title = format!("判定 “{}”", judge.id.value);
    let (table, on) = compile_keys(&title, &judge.id, &judge.table, &judge.on, names, tables, problems)?;
    let mut with_columns = names.clone();
    with_columns.extend(tables[table].columns.iter().cloned());
    let mut measures = Vec::new();
    for measure in &judge.measures {
        if measure.levels.len() != judge.labels.len() {
            let message = format!(
                "measures 有 {} 级，labels 有 {} 个，应当相同",
                measure.levels.len(),
                judge.labels.len()
            );
            problems.push(Diagnostic::error(Code::TableShape, measure.value.span, message));
        }
        let levels: Vec<Expr> = measure
            .levels
            .iter()
            .filter_map(|level| checked(level, &with_columns, problems))
            .collect();
        measures.extend(checked(&measure.value, names, problems).map(|value| {
            let column = columns.iter().find(|c| c.id == value.text());
            MeasurePlan {
                title: column.map_or(String::new(), |c| c.title.clone()),
                unit: column.map_or(String::new(), |c| c.unit.clone()),
                value,
                decimals: measure.decimals,
                better: measure.better,
                levels,
            }
        }));
    }
    if !judge.names.is_empty() && judge.names.len() != judge.labels.len() {
        let message = format!(
            "names 有 {} 个，labels 有 {} 个，应当相同",
            judge.names.len(),
            judge.labels.len()
        );
        problems.push(Diagnostic::error(Code::TableShape, judge.id.span, message));
    }
    if !judge.limits.is_empty() && judge.limits.len() != judge.labels.len() {
        let message = format!(
            "limits 有 {} 个，labels 有 {} 个，应当相同",
            judge.limits.len(),
            judge.labels.len()
        );
        problems.push(Diagnostic::error(Code::TableShape, judge.id.span, message));
    }
    Some(JudgePlan {
        id: judge.id.value.clone(),
        title: judge.title.clone(),
        table,
        on,
        measures,
        names: judge.names.clone(),
        worse: judge.worse.clone(),
        labels: judge.labels.clone(),
        worse_label: judge.worse_label.clone(),
        limits: match judge.limits.is_empty() {
            true => judge.labels.clone(),
            false => judge.limits.clone(),
        },
        confidence: judge.confidence.unwrap_or(inherited),
    })
}

/// The table of a rule and its key expressions, in the order of the table's keys.
fn compile_keys(
    title: &str,
    place: &At<String>,
    table: &At<String>,
    given: &IndexMap<String, At<String>>,
    names: &BTreeSet<String>,
    tables: &[LookupTable],
    problems: &mut Vec<Diagnostic>,
) -> Option<(usize, Vec<Expr>)> {
    let Some(found) = tables.iter().position(|t| t.id == table.value) else {
        problems.push(
            Diagnostic::error(
                Code::UnknownReference,
                table.span,
                format!("tables 里没有 “{}”", table.value),
            )
            .nearest(&table.value, tables.iter().map(|t| t.id.as_str())),
        );
        return None;
    };
    let key_names: Vec<&str> = tables[found]
        .keys
        .iter()
        .map(|(c, _)| tables[found].columns[*c].as_str())
        .collect();
    let mut on = Vec::new();
    for key in &key_names {
        match given.get(*key) {
            Some(text) => on.extend(checked(text, names, problems)),
            None => {
                let message = format!("{title} 没有给出表的键 “{key}”");
                problems.push(Diagnostic::error(Code::TableShape, place.span, message));
            }
        }
    }
    for (key, at) in given {
        if !key_names.contains(&key.as_str()) {
            problems.push(
                Diagnostic::error(
                    Code::TableShape,
                    at.span,
                    format!("表 “{}” 没有键 “{key}”", table.value),
                )
                .nearest(key, key_names.iter().copied()),
            );
        }
    }
    Some((found, on))
}

/// What came of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowOutcome {
    /// How much it counts; `None` when it cannot be computed.
    pub weight: Option<f64>,
    /// One judgement a rule.
    pub judged: Vec<Judged>,
    /// Marks: index into the plan's flags and whether it is only a suspicion.
    pub flags: Vec<(usize, bool)>,
}

/// One judgement of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// 1 is best, 0 is worse than the last level, `None` is not judged.
    pub level: Option<u8>,
    /// The matched row of the table.
    pub table_row: Option<usize>,
    /// The measured values as compared.
    pub values: Vec<Option<f64>>,
    /// Thresholds of each measure, best first.
    pub thresholds: Vec<Vec<Option<f64>>>,
    /// Why it is not judged.
    pub reason: Option<NotJudged>,
}

/// Why a row is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJudged {
    /// A value that the rule needs is not given.
    ValueMissing,
    /// The table has no row for it.
    OutsideTable,
    /// The table has the row but no number.
    NoBenchmark,
}

/// Judges one row.
pub fn judge(plan: &RowPlan, columns: &[LayoutColumn], tables: &[LookupTable], row: &[RowCell]) -> RowOutcome {
    let mut scope = scope_of(columns, row);
    for (name, expr) in &plan.lets {
        if let Some(number) = scope.number(expr) {
            scope.set_number(name, number);
        }
    }
    let judged = plan
        .judges
        .iter()
        .map(|judge| judge_one(judge, &scope, &tables[judge.table]))
        .collect();
    let mut flags = Vec::new();
    for (index, flag) in plan.flags.iter().enumerate() {
        if scope.truth(&flag.when) == Some(true) {
            match flag.confirm.as_ref().map(|expr| scope.truth(expr)) {
                None | Some(Some(true)) => flags.push((index, flag.suspicion)),
                Some(None) => flags.push((index, true)),
                Some(Some(false)) => {}
            }
        }
    }
    RowOutcome {
        weight: scope.number(&plan.weight).filter(|w| *w >= 0.0),
        judged,
        flags,
    }
}

fn judge_one(judge: &JudgePlan, scope: &RowScope, table: &LookupTable) -> Judged {
    let mut result = Judged {
        level: None,
        table_row: None,
        values: Vec::new(),
        thresholds: Vec::new(),
        reason: None,
    };
    let found = match find(&judge.on, scope, table) {
        Ok(found) => found,
        Err(reason) => {
            result.reason = Some(reason);
            return result;
        }
    };
    result.table_row = Some(found);
    let with_columns = with_table_row(scope, table, found);
    for measure in &judge.measures {
        result
            .values
            .push(scope.number(&measure.value).map(|v| half_up(v, measure.decimals)));
        result.thresholds.push(
            measure
                .levels
                .iter()
                .map(|level| with_columns.number(level).map(|limit| half_up(limit, measure.decimals)))
                .collect(),
        );
    }
    if result.values.iter().any(Option::is_none) {
        result.reason = Some(NotJudged::ValueMissing);
        return result;
    }
    result.level = level(judge, &result.values, &result.thresholds);
    if result.level.is_none() {
        result.reason = Some(NotJudged::NoBenchmark);
    }
    result
}

/// The table row for a row of answers.
fn find(on: &[Expr], scope: &RowScope, table: &LookupTable) -> Result<usize, NotJudged> {
    let mut keys = Vec::with_capacity(on.len());
    for (expr, (column, _)) in on.iter().zip(&table.keys) {
        match scope.value(expr) {
            Some(value) => keys.push(match f64::try_from(value.clone()) {
                Ok(number) if value.is_number() => KeyValue::Number(number),
                _ => KeyValue::Text(value.to_string()),
            }),
            // A key that is not given matches only rows that do not ask for it.
            None if table.rows.iter().any(|row| row[*column] == TableCell::Null) => {
                keys.push(KeyValue::Text(String::new()));
            }
            None => return Err(NotJudged::ValueMissing),
        }
    }
    table.find(&keys).ok_or(NotJudged::OutsideTable)
}

fn with_table_row(scope: &RowScope, table: &LookupTable, found: usize) -> RowScope {
    let mut with_columns = scope.clone();
    for (name, cell) in table.columns.iter().zip(&table.rows[found]) {
        if let TableCell::Number(number) = cell {
            with_columns.set_number(name, *number);
        }
    }
    with_columns
}

fn scope_of(columns: &[LayoutColumn], row: &[RowCell]) -> RowScope {
    let mut scope = RowScope::default();
    for (column, cell) in columns.iter().zip(row) {
        scope.set_cell(&column.id, cell, &column.choices);
    }
    scope
}

/// The quantity of one row and the table row that it was computed with.
pub fn quantity(
    plan: &RowTotalPlan,
    columns: &[LayoutColumn],
    tables: &[LookupTable],
    row: &[RowCell],
) -> Result<(f64, usize), NotJudged> {
    let (scope, table) = (scope_of(columns, row), &tables[plan.table]);
    let found = find(&plan.on, &scope, table)?;
    let scope = with_table_row(&scope, table, found);
    match scope.number(&plan.value) {
        Some(value) => Ok((half_up(value, plan.decimals), found)),
        None if scope.covers(&plan.value) => Err(NotJudged::NoBenchmark),
        None => Err(NotJudged::ValueMissing),
    }
}

/// The best level that every measure meets. A level without a number cannot be met; if the last one has none, "worse than
/// the last" cannot be told either.
fn level(judge: &JudgePlan, values: &[Option<f64>], thresholds: &[Vec<Option<f64>>]) -> Option<u8> {
    let levels = judge.labels.len();
    let limit_of = |measure: usize, level: usize| thresholds.get(measure).and_then(|t| t.get(level).copied().flatten());
    for level in 0..levels {
        let met = judge.measures.iter().enumerate().all(|(m, measure)| {
            match (values.get(m).copied().flatten(), limit_of(m, level)) {
                (Some(value), Some(limit)) => match measure.better {
                    Better::Higher => value >= limit,
                    Better::Lower => value <= limit,
                },
                _ => false,
            }
        });
        if met {
            return Some(level as u8 + 1);
        }
    }
    (0..judge.measures.len())
        .all(|m| limit_of(m, levels.wrapping_sub(1)).is_some())
        .then_some(0)
}
