//! What the cases of a standard reach: every option, band, rung and veto should decide at least one of them.

use indexmap::IndexMap;
use serde::Serialize;

use super::cases::Ran;
use crate::assessment::StandardAnswers;
use crate::questionnaire::ItemKind;
use crate::scoring::bound::{BoundExpr, Evaluated};
use crate::scoring::eval::{Outcome, Status};
use crate::scoring::layout::{Answers, Cell, Rows};
use crate::scoring::lookup::TableCell;
use crate::scoring::plan::{Op, Plan, RowTotalPlan};
use crate::scoring::rows;
use crate::scoring::rulebook::Better;
use crate::scoring::scorecard::{Scorecard, VetoState};

/// Kinds of things that a case can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An option, level or yes/no that gives points.
    Option,
    /// An interval of a band table.
    Band,
    /// A stretch of a line between baseline and leading value.
    Line,
    /// An alternative of a `one_of`.
    Alternative,
    /// A level of a judgement of rows.
    Tier,
    /// A mark on rows.
    Flag,
    /// A row of a table of factors.
    Factor,
    /// A rung of the ladder of grades, or the ground below it.
    Rung,
    /// A condition of a rung that does not hold.
    Condition,
    /// A veto that holds, a veto that fails.
    Veto,
}

impl Kind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Kind; 10] = [
        Kind::Option,
        Kind::Band,
        Kind::Line,
        Kind::Alternative,
        Kind::Tier,
        Kind::Flag,
        Kind::Factor,
        Kind::Rung,
        Kind::Condition,
        Kind::Veto,
    ];

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Option => "选项",
            Kind::Band => "分段",
            Kind::Line => "线性段",
            Kind::Alternative => "二选一",
            Kind::Tier => "判档",
            Kind::Flag => "标记",
            Kind::Factor => "系数",
            Kind::Rung => "等级",
            Kind::Condition => "等级条件不满足",
            Kind::Veto => "否决项",
        }
    }
}

/// One thing that a case can reach.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Target {
    /// Kind.
    pub kind: Kind,
    /// Preset, where the standard has several.
    pub preset: String,
    /// Item, indicator, level or veto.
    pub id: String,
    /// Which of its cases.
    pub which: String,
}

/// What the cases of one standard reach.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coverage {
    /// Number of cases.
    pub cases: usize,
    /// Everything that can be reached, and how many cases reach it.
    #[serde(skip)]
    pub targets: IndexMap<Target, usize>,
}

impl Coverage {
    /// Reached and all of a kind.
    pub fn of(&self, kind: Kind) -> (usize, usize) {
        let all = self.targets.iter().filter(|(target, _)| target.kind == kind);
        let reached = all.clone().filter(|(_, cases)| **cases > 0).count();
        (reached, all.count())
    }

    /// Reached and all.
    pub fn total(&self) -> (usize, usize) {
        let reached = self.targets.values().filter(|cases| **cases > 0).count();
        (reached, self.targets.len())
    }

    /// What no case reaches.
    pub fn missing(&self) -> impl Iterator<Item = &Target> {
        self.targets
            .iter()
            .filter(|(_, cases)| **cases == 0)
            .map(|(target, _)| target)
    }
}

/// What the cases of one standard reach; `plans` are its plans, one a preset.
pub fn measure(plans: &[Plan], ran: &[&Ran]) -> Coverage {
    let mut coverage = Coverage {
        cases: ran.len(),
        ..Coverage::default()
    };
    for plan in plans {
        for target in universe(plan) {
            coverage.targets.entry(target).or_default();
        }
    }
    for case in ran {
        let preset = case.case.preset.as_ref().map(|p| p.value.as_str());
        let plan = match preset {
            Some(id) => plans
                .iter()
                .find(|p| p.preset.as_ref().is_some_and(|(found, _)| found == id)),
            None => plans.first(),
        };
        let answers = case.assessment.answers.get(&case.case.standard.value);
        let (Some(plan), Some(answers)) = (plan, answers) else {
            continue;
        };
        for target in reached(plan, answers, &case.card) {
            if let Some(count) = coverage.targets.get_mut(&target) {
                *count += 1;
            }
        }
    }
    coverage
}

const STRETCHES: [&str; 3] = ["未达基准值", "两值之间", "达到引领值"];

struct Collector<'p> {
    plan: &'p Plan,
    found: Vec<Target>,
}

impl Collector<'_> {
    fn add(&mut self, kind: Kind, id: &str, which: impl Into<String>) {
        self.found.push(Target {
            kind,
            // Vetoes are the same in every preset.
            preset: match &self.plan.preset {
                Some((id, _)) if kind != Kind::Veto => id.clone(),
                _ => String::new(),
            },
            id: id.to_owned(),
            which: which.into(),
        });
    }

    fn option(&mut self, item: usize, choice: usize) {
        if let Some((id, laid)) = self.plan.layout.items.get_index(item)
            && let Some(choice) = laid.choices.get(choice)
        {
            let (id, choice) = (id.clone(), choice.clone());
            self.add(Kind::Option, &id, choice);
        }
    }
}

/// Everything that cases of a plan can reach.
fn universe(plan: &Plan) -> Vec<Target> {
    let mut all = Collector {
        plan,
        found: Vec::new(),
    };
    for node in &plan.nodes {
        match &node.op {
            Op::Options { item, points } | Op::SumOfOptions { item, points, .. } => {
                (0..points.len()).for_each(|choice| all.option(*item, choice));
            }
            Op::Ladder { levels, .. } => {
                for (item, satisfaction) in levels.iter().flat_map(|step| &step.requirements) {
                    (0..satisfaction.len()).for_each(|choice| all.option(*item, choice));
                }
            }
            Op::Bands { bands, .. } => {
                for (interval, _) in bands {
                    all.add(Kind::Band, &node.id, interval.to_string());
                }
            }
            Op::Interpolate { better, baseline, .. } => {
                // No measured quantity is below zero.
                let floor = *better == Better::Higher
                    && baseline.inputs().is_empty()
                    && baseline.number(&StandardAnswers::default()) == Evaluated::Value(0.0);
                for which in &STRETCHES[usize::from(floor)..] {
                    all.add(Kind::Line, &node.id, *which);
                }
            }
            Op::OneOf(children) => {
                for child in children {
                    all.add(Kind::Alternative, &node.id, &plan.nodes[*child].id);
                }
            }
            Op::RowTotal(rule) => {
                for row in 0..plan.tables[rule.table].rows.len() {
                    all.add(Kind::Factor, &node.id, factor(plan, rule, row));
                }
            }
            Op::EachRow(rule) => {
                for judge in &rule.judges {
                    let id = format!("{}/{}", node.id, judge.id);
                    for label in judge.labels.iter().chain([&judge.worse_label]) {
                        all.add(Kind::Tier, &id, label);
                    }
                }
                for flag in &rule.flags {
                    all.add(Kind::Flag, &node.id, &flag.id);
                }
            }
            _ => {}
        }
    }
    if let Some(grade) = &plan.grade {
        for name in [&grade.none].into_iter().chain(grade.rungs.iter().map(|r| &r.name)) {
            all.add(Kind::Rung, &name.level.to_string(), &name.name);
        }
    }
    for rung in plan.grade.iter().flat_map(|g| &g.rungs) {
        for condition in &rung.require {
            all.add(
                Kind::Condition,
                &rung.name.level.to_string(),
                plan.condition_in_words(condition),
            );
        }
    }
    for veto in &plan.vetoes {
        for which in ["满足", "不满足"] {
            all.add(Kind::Veto, &veto.id, which);
        }
    }
    all.found
}

/// What one case reaches.
fn reached(plan: &Plan, answers: &impl Answers, card: &Scorecard) -> Vec<Target> {
    let mut all = Collector {
        plan,
        found: Vec::new(),
    };
    let outcomes = plan.score(answers);
    for (node, outcome) in plan.nodes.iter().zip(&outcomes) {
        // Rows carry marks whether or not they are judged.
        if outcome.status != Status::Scored && !matches!(node.op, Op::EachRow(_)) {
            continue;
        }
        match &node.op {
            Op::Options { item, .. } | Op::SumOfOptions { item, .. } => chosen(&mut all, *item, answers),
            Op::Ladder { levels, .. } => {
                for (item, _) in levels.iter().flat_map(|step| &step.requirements) {
                    chosen(&mut all, *item, answers);
                }
            }
            Op::Bands { bands, .. } => {
                let band = bands
                    .iter()
                    .find(|(interval, _)| outcome.value.is_some_and(|v| interval.contains(v)));
                if let Some((interval, _)) = band {
                    all.add(Kind::Band, &node.id, interval.to_string());
                }
            }
            Op::Interpolate {
                better,
                leading,
                baseline,
                ..
            } => {
                let number = |expr: &BoundExpr| match expr.number(answers) {
                    Evaluated::Value(number) => number,
                    _ => f64::NAN,
                };
                let which = stretch(outcome, *better, number(leading), number(baseline));
                all.add(Kind::Line, &node.id, STRETCHES[which]);
            }
            Op::OneOf(children) => {
                let taken = children.iter().find(|c| outcomes[**c].status == Status::Scored);
                if let Some(child) = taken {
                    all.add(Kind::Alternative, &node.id, &plan.nodes[*child].id);
                }
            }
            Op::RowTotal(rule) => {
                if let Rows::Given(rows) = answers.rows(rule.item) {
                    let columns = &plan.layout.items[rule.item].columns;
                    for row in rows {
                        if let Ok((_, found)) = rows::quantity(rule, columns, &plan.tables, row) {
                            all.add(Kind::Factor, &node.id, factor(plan, rule, found));
                        }
                    }
                }
            }
            Op::EachRow(rule) => {
                for row in &outcome.rows {
                    for (judge, judged) in rule.judges.iter().zip(&row.judged) {
                        let id = format!("{}/{}", node.id, judge.id);
                        match judged.level {
                            Some(0) => all.add(Kind::Tier, &id, &judge.worse_label),
                            Some(level) => {
                                let label = judge.labels.get(level as usize - 1).cloned().unwrap_or_default();
                                all.add(Kind::Tier, &id, label);
                            }
                            None => {}
                        }
                    }
                    for (flag, _) in &row.flags {
                        all.add(Kind::Flag, &node.id, &rule.flags[*flag].id);
                    }
                }
            }
            _ => {}
        }
    }
    if let Some(grade) = &card.grade {
        all.add(Kind::Rung, &grade.level.to_string(), &grade.name);
    }
    for condition in card.rungs.iter().flat_map(|r| r.conditions.iter().map(move |c| (r, c))) {
        let (rung, condition) = condition;
        if !condition.met {
            all.add(Kind::Condition, &rung.level.to_string(), &condition.text);
        }
    }
    for veto in &card.vetoes {
        match veto.state {
            VetoState::Holds => all.add(Kind::Veto, &veto.id, "满足"),
            VetoState::Failed => all.add(Kind::Veto, &veto.id, "不满足"),
            VetoState::Unknown | VetoState::NotApplicable => {}
        }
    }
    all.found
}

/// A row of a table of factors by its keys: `diesel、default`.
fn factor(plan: &Plan, rule: &RowTotalPlan, row: usize) -> String {
    let table = &plan.tables[rule.table];
    let keys = table.keys.iter().map(|(column, _)| match &table.rows[row][*column] {
        TableCell::Text(text) => text.clone(),
        TableCell::Number(number) => crate::round::show(*number, 6),
        TableCell::Interval(interval) => interval.to_string(),
        TableCell::Null => "任意".into(),
    });
    keys.collect::<Vec<_>>().join("、")
}

fn chosen(all: &mut Collector, item: usize, answers: &impl Answers) {
    let Some((_, laid)) = all.plan.layout.items.get_index(item) else {
        return;
    };
    debug_assert!(!matches!(laid.kind, ItemKind::Table | ItemKind::Parts));
    match answers.cell(laid.column) {
        Cell::Choice(choice) => all.option(item, choice as usize),
        Cell::Chosen(bits) => (0..laid.choices.len())
            .filter(|i| bits >> i & 1 == 1)
            .for_each(|choice| all.option(item, choice)),
        _ => {}
    }
}

/// 0 below the baseline, 1 between, 2 from the leading value on.
fn stretch(outcome: &Outcome, better: Better, leading: f64, baseline: f64) -> usize {
    let sign = if better == Better::Higher { 1.0 } else { -1.0 };
    let value = sign * outcome.value.unwrap_or_default();
    if value >= sign * leading {
        2
    } else if value < sign * baseline {
        0
    } else {
        1
    }
}
