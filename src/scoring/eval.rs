//! Scoring one row of answers: every node of the plan once, children first, into a flat list of outcomes.

mod combine;

use serde::Serialize;

use combine::{band, chosen, cumulative, interpolate, measured, settle, share, sum, total, unanswered};

use super::bound::Evaluated;
use super::layout::{Answers, Cell, Rows};
use super::plan::{Condition, LadderStep, Op, Plan, PlanNode, RowPlan, RowTotalPlan};
use super::rows::{self, NotJudged, RowOutcome};
use crate::round::{fine, half_up};

/// What became of a node. Missing, not applicable and zero are three different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has points, perhaps 0.
    Scored,
    /// Not answered; counts 0 until it is.
    Missing,
    /// Does not apply to this enterprise.
    NotApplicable,
    /// Answered, but there is nothing to compare with; not scored.
    NoBenchmark,
    /// Another alternative counts instead.
    LeftOut,
}

/// The result of one node.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What became of it.
    pub status: Status,
    /// Points; 0 unless scored.
    pub points: f64,
    /// Full points of what applies.
    pub applicable: f64,
    /// Full points of what is not answered yet.
    pub missing: f64,
    /// Points if everything that is missing, or has nothing to compare with, came out best; rounded as the points are.
    pub best: f64,
    /// The measured value as compared, for rules on numbers; the level reached, for ladders.
    pub value: Option<f64>,
    /// Rows of a table item.
    pub rows: Vec<RowOutcome>,
    /// Weight at the level that counts, and weight judged.
    pub share: Option<(f64, f64)>,
}

impl Outcome {
    fn none(status: Status, full: f64) -> Self {
        let applies = !matches!(status, Status::NotApplicable | Status::LeftOut);
        Self {
            status,
            points: 0.0,
            applicable: if applies { full } else { 0.0 },
            missing: if status == Status::Missing { full } else { 0.0 },
            best: if matches!(status, Status::Missing | Status::NoBenchmark) {
                full
            } else {
                0.0
            },
            value: None,
            rows: Vec::new(),
            share: None,
        }
    }

    fn scored(points: f64, full: f64, decimals: u8) -> Self {
        Self {
            points: half_up(points, decimals),
            best: half_up(points, decimals),
            ..Self {
                status: Status::Scored,
                ..Self::none(Status::Scored, full)
            }
        }
    }

    fn valued(self, value: f64) -> Self {
        Self {
            value: Some(value),
            ..self
        }
    }
}

impl Plan {
    /// Scores one row: one outcome a node, in the order of [`Plan::nodes`].
    pub fn score(&self, answers: &impl Answers) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let outcome = match node.applies.as_ref().map(|expr| expr.truth(answers)) {
                Some(Evaluated::Value(false)) => Outcome::none(Status::LeftOut, node.full),
                _ => self.node_outcome(node, answers, &outcomes),
            };
            outcomes.push(outcome);
        }
        // An alternative that was not taken is left out for the reader too.
        for node in &self.nodes {
            if let Op::OneOf(children) = &node.op
                && let Some(taken) = chosen(children, &outcomes)
            {
                for child in children.iter().filter(|c| **c != taken) {
                    outcomes[*child] = Outcome::none(Status::LeftOut, self.nodes[*child].full);
                }
            }
        }
        if let Some(root) = outcomes.last_mut() {
            let full = self.nodes[self.nodes.len() - 1].full;
            settle(root, full, self.not_applicable, self.decimals);
        }
        outcomes
    }

    /// Points of a node that has no children; 0 unless it is scored.
    pub fn leaf_points(&self, node: usize, answers: &impl Answers) -> f64 {
        self.node_outcome(&self.nodes[node], answers, &[]).points
    }

    fn node_outcome(&self, node: &PlanNode, answers: &impl Answers, done: &[Outcome]) -> Outcome {
        let (full, decimals) = (node.full, node.decimals);
        match &node.op {
            Op::Options { item, points } => match answers.cell(self.layout.items[*item].column) {
                Cell::Choice(index) => {
                    Outcome::scored(points.get(index as usize).copied().unwrap_or(0.0), full, decimals)
                }
                other => Outcome::none(unanswered(other), full),
            },
            Op::SumOfOptions { item, points, cap } => {
                let laid = &self.layout.items[*item];
                match answers.cell(laid.column) {
                    Cell::Chosen(bits) => {
                        let counted = if bits & laid.exclusive != 0 {
                            bits & laid.exclusive
                        } else {
                            bits
                        };
                        let sum: f64 = points
                            .iter()
                            .enumerate()
                            .filter(|(i, _)| counted >> i & 1 == 1)
                            .map(|(_, p)| p)
                            .sum();
                        Outcome::scored(sum.min(*cap), full, decimals)
                    }
                    other => Outcome::none(unanswered(other), full),
                }
            }
            Op::Bands {
                value,
                decimals: value_decimals,
                bands,
                ..
            } => measured(value, answers, full, |value| {
                let value = half_up(value, *value_decimals);
                let points = band(bands, value);
                Outcome::scored(points, full, decimals).valued(value)
            }),
            Op::Interpolate {
                value,
                decimals: value_decimals,
                better,
                leading,
                baseline,
                at_baseline,
                ..
            } => measured(value, answers, full, |value| {
                let value = half_up(value, fine(value, *value_decimals));
                match (leading.number(answers), baseline.number(answers)) {
                    (Evaluated::Value(leading), Evaluated::Value(baseline)) => {
                        let ratio = interpolate(value, leading, baseline, *better, *at_baseline);
                        Outcome::scored(full * ratio, full, decimals).valued(value)
                    }
                    _ => Outcome::none(Status::NoBenchmark, full).valued(value),
                }
            }),
            Op::Formula {
                value,
                decimals: value_decimals,
                ..
            } => measured(value, answers, 0.0, |value| {
                Outcome::scored(0.0, 0.0, decimals).valued(half_up(value, *value_decimals))
            }),
            Op::Ladder { reach, levels } => self.ladder(*reach, levels, answers, full),
            Op::Cumulative { reach, levels } => cumulative(*reach, levels, done, full, decimals),
            Op::Total { children, .. } => total(children, done),
            Op::RowTotal(rule) => self.row_total(rule, answers),
            Op::EachRow(rule) => self.each_row(rule, answers, full),
            Op::Sum(children) => sum(children, done, full, decimals),
            Op::Weighted(children) => self.weighted(children, done, full, decimals),
            Op::Pooled(children) => self.pooled(children, done, full),
            Op::OneOf(children) => match chosen(children, done) {
                Some(child) => Outcome {
                    rows: Vec::new(),
                    ..done[child].clone()
                },
                None => Outcome::none(Status::NotApplicable, full),
            },
        }
    }

    fn ladder(&self, reach: f64, levels: &[LadderStep], answers: &impl Answers, full: f64) -> Outcome {
        let cells = || levels.iter().flat_map(|step| &step.requirements);
        let answered = |item: &usize| matches!(answers.cell(self.layout.items[*item].column), Cell::Choice(_));
        if !cells().any(|(item, _)| answered(item)) {
            return Outcome::none(Status::Missing, full);
        }
        // `blank` is what an unanswered requirement counts.
        let climb = |blank: f64| -> (f64, u8) {
            let (mut total, mut top) = (0.0, 0);
            for step in levels {
                let mut met: Vec<f64> = Vec::with_capacity(step.requirements.len());
                for (item, satisfaction) in &step.requirements {
                    match answers.cell(self.layout.items[*item].column) {
                        Cell::Choice(index) => met.push(satisfaction.get(index as usize).copied().unwrap_or(0.0)),
                        Cell::NotApplicable => {}
                        _ => met.push(blank),
                    }
                }
                // A level that asks nothing of this enterprise is met.
                let mean = if met.is_empty() {
                    1.0
                } else {
                    half_up(met.iter().sum::<f64>() / met.len() as f64, 6)
                };
                if mean < reach {
                    return (total + mean, top);
                }
                total += 1.0;
                top = step.level;
            }
            (total, top)
        };
        let share = full / levels.len().max(1) as f64;
        let ((total, top), (best, _)) = (climb(0.0), climb(1.0));
        let mut outcome = Outcome::scored(share * total, full, self.decimals).valued(f64::from(top));
        outcome.best = half_up(share * best, self.decimals);
        outcome
    }

    fn each_row(&self, rule: &RowPlan, answers: &impl Answers, full: f64) -> Outcome {
        let given = match answers.rows(rule.item) {
            Rows::Missing => return Outcome::none(Status::Missing, full),
            Rows::NotApplicable => return Outcome::none(Status::NotApplicable, full),
            Rows::Given([]) => return Outcome::none(Status::NotApplicable, full),
            Rows::Given(rows) => rows,
        };
        let columns = &self.layout.items[rule.item].columns;
        let judged: Vec<RowOutcome> = given
            .iter()
            .map(|row| rows::judge(rule, columns, &self.tables, row))
            .collect();
        let (judge, at_least) = rule.share;
        let (mut good, mut all) = (0.0, 0.0);
        for row in &judged {
            if let (Some(level), Some(weight)) = (row.judged[judge].level, row.weight) {
                all += weight;
                if (1..=at_least).contains(&level) {
                    good += weight;
                }
            }
        }
        let outcome = share(good, all, full, self.decimals);
        Outcome {
            rows: judged,
            ..outcome
        }
    }

    fn pooled(&self, children: &[usize], done: &[Outcome], full: f64) -> Outcome {
        let pool = || children.iter().filter(|c| self.nodes[**c].pool).map(|c| &done[*c]);
        let (good, all) = pool()
            .filter_map(|outcome| outcome.share)
            .fold((0.0, 0.0), |(good, all), share| (good + share.0, all + share.1));
        if all == 0.0 && !pool().any(|outcome| outcome.status == Status::NoBenchmark) {
            let missing = pool().any(|outcome| outcome.status == Status::Missing);
            return Outcome::none(
                if missing {
                    Status::Missing
                } else {
                    Status::NotApplicable
                },
                full,
            );
        }
        share(good, all, full, self.decimals)
    }

    fn row_total(&self, rule: &RowTotalPlan, answers: &impl Answers) -> Outcome {
        let given = match answers.rows(rule.item) {
            Rows::Missing => return Outcome::none(Status::Missing, 0.0),
            Rows::NotApplicable | Rows::Given([]) => return Outcome::none(Status::NotApplicable, 0.0),
            Rows::Given(rows) => rows,
        };
        let columns = &self.layout.items[rule.item].columns;
        let mut sum = 0.0;
        for row in given {
            match rows::quantity(rule, columns, &self.tables, row) {
                Ok((value, _)) => sum += value,
                // A sum without one of its rows would pass for the whole.
                Err(NotJudged::ValueMissing) => return Outcome::none(Status::Missing, 0.0),
                Err(_) => return Outcome::none(Status::NoBenchmark, 0.0),
            }
        }
        Outcome::scored(0.0, 0.0, 0).valued(half_up(sum, rule.decimals))
    }

    fn weighted(&self, children: &[usize], done: &[Outcome], full: f64, decimals: u8) -> Outcome {
        let weight = |status: &dyn Fn(Status) -> bool| -> f64 {
            children
                .iter()
                .filter(|c| status(done[**c].status))
                .map(|c| self.nodes[*c].weight)
                .sum()
        };
        let applies = weight(&|s| !matches!(s, Status::NotApplicable | Status::LeftOut));
        if applies == 0.0 {
            return Outcome::none(Status::NotApplicable, full);
        }
        if weight(&|s| s == Status::Scored) == 0.0 {
            let status = if weight(&|s| s == Status::Missing) > 0.0 {
                Status::Missing
            } else {
                Status::NoBenchmark
            };
            return Outcome::none(status, full);
        }
        let ratio = |pick: &dyn Fn(&Outcome) -> f64| -> f64 {
            let counted = children.iter().filter(|c| done[**c].applicable > 0.0);
            counted
                .map(|c| self.nodes[*c].weight / applies * pick(&done[*c]) / done[*c].applicable)
                .sum()
        };
        let mut outcome = Outcome::scored(full * ratio(&|o| o.points), full, decimals);
        outcome.missing = full * ratio(&|o| o.missing);
        outcome.best = half_up(full * ratio(&|o| o.best), decimals);
        outcome
    }

    /// Whether a condition of a rung holds, and what is there: `(have, need)`; `None` when it cannot be told.
    pub fn condition(&self, condition: &Condition, outcomes: &[Outcome], answers: &impl Answers) -> ConditionState {
        match condition {
            Condition::Score { node, at_least } => {
                let have = outcomes[*node].points;
                ConditionState {
                    met: have >= *at_least,
                    have,
                    need: *at_least,
                }
            }
            Condition::Count {
                items,
                at_level,
                at_least,
                ..
            } => {
                let have = items
                    .iter()
                    .filter(|item| {
                        let cell = answers.cell(self.layout.items[**item].column);
                        matches!(cell, Cell::Choice(level) if level >= u16::from(*at_level))
                    })
                    .count() as u32;
                ConditionState {
                    met: have >= *at_least,
                    have: f64::from(have),
                    need: f64::from(*at_least),
                }
            }
            Condition::Covers { node, .. } => {
                let met = outcomes[*node].applicable > 0.0;
                ConditionState {
                    met,
                    have: f64::from(u8::from(met)),
                    need: 1.0,
                }
            }
            Condition::Holds { expr, .. } => {
                let met = expr.truth(answers) == Evaluated::Value(true);
                ConditionState {
                    met,
                    have: f64::from(u8::from(met)),
                    need: 1.0,
                }
            }
        }
    }
}

/// One condition of a rung as it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionState {
    /// Whether it holds.
    pub met: bool,
    /// What is there.
    pub have: f64,
    /// What is needed.
    pub need: f64,
}
