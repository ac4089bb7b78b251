//! Outcomes and trace → scorecard: grade, bounds, vetoes, coverage, confidence.

use indexmap::IndexMap;

use super::*;
use crate::questionnaire::ItemKind;
use crate::round::{half_up, show};
use crate::scoring::bound::Evaluated;
use crate::scoring::eval::{Outcome, Status};
use crate::scoring::layout::{Answers, Cell, Rows};
use crate::scoring::plan::{Condition, Op, Plan, VetoPlan};

impl Plan {
    /// Scores and explains one row of answers. `pass_mark` overrides the rulebook's.
    pub fn scorecard(&self, answers: &impl Answers, pass_mark: Option<f64>) -> Scorecard {
        let outcomes = self.score(answers);
        let root = &outcomes[self.root()];
        let full = self.nodes[self.root()].full;
        // A scheme of quantities and conditions alone has no score.
        let score = (root.status == Status::Scored && full > 0.0).then_some(root.points);
        let coverage = self.coverage(answers, &outcomes);
        let gradable = if full > 0.0 {
            score.is_some()
        } else {
            coverage.answered > 0
        };
        let trace = self.trace(answers, &outcomes);
        let vetoes: Vec<VetoResult> = self.vetoes.iter().map(|veto| veto_result(veto, answers)).collect();
        let rungs = self.rungs(&outcomes, answers);
        let grade = match &self.grade {
            Some(plan) if gradable => {
                let reached = plan
                    .rungs
                    .iter()
                    .zip(&rungs)
                    .rev()
                    .find(|(_, r)| r.reached)
                    .map(|(rung, _)| &rung.name);
                Some(self.capped(reached.unwrap_or(&plan.none), &vetoes))
            }
            _ => None,
        };
        let pass = self.pass_mark.as_ref().map(|(mark, note)| {
            let mark = pass_mark.or(*mark);
            PassResult {
                mark,
                reached: mark.zip(score).map(|(mark, score)| score >= mark),
                note: note.clone(),
            }
        });
        let tables = self.tables_result(answers, &outcomes);
        let (confidence, doubts) = self.confidence_of(&outcomes, &tables, answers);
        Scorecard {
            id: self.standard.clone(),
            preset: self.preset.as_ref().map(|(id, title)| PresetName {
                id: id.clone(),
                title: title.clone(),
            }),
            score,
            full,
            grade,
            bounds: self.bounds(&outcomes),
            rungs,
            eligible: eligible(&vetoes),
            vetoes,
            pass,
            levels: self.levels(answers),
            tables,
            coverage,
            confidence,
            doubts,
            trace,
        }
    }

    /// The lowest and the highest score that what is still missing leaves open. A pooled share with a table unanswered has
    /// none: what is not listed could pull it either way.
    fn bounds(&self, outcomes: &[Outcome]) -> Option<(f64, f64)> {
        let (root, node) = (&outcomes[self.root()], &self.nodes[self.root()]);
        let open = match &node.op {
            Op::Pooled(children) => children
                .iter()
                .any(|child| self.nodes[*child].pool && outcomes[*child].status == Status::Missing),
            _ => false,
        };
        if root.status != Status::Scored || open || node.full == 0.0 {
            return None;
        }
        Some((root.points, root.best.min(node.full)))
    }

    fn capped(&self, reached: &GradeName, vetoes: &[VetoResult]) -> GradeName {
        let cap = vetoes
            .iter()
            .filter(|veto| veto.state == VetoState::Failed)
            .filter_map(|veto| match veto.effect {
                VetoEffect::Cap(level) => Some(level),
                VetoEffect::Disqualify => None,
            })
            .min();
        match (cap, &self.grade) {
            (Some(cap), Some(plan)) if cap < reached.level => plan
                .rungs
                .iter()
                .map(|rung| &rung.name)
                .chain([&plan.none])
                .find(|name| name.level == cap)
                .unwrap_or(&plan.none)
                .clone(),
            _ => reached.clone(),
        }
    }

    fn rungs(&self, outcomes: &[Outcome], answers: &impl Answers) -> Vec<RungResult> {
        let Some(plan) = &self.grade else { return Vec::new() };
        plan.rungs
            .iter()
            .map(|rung| {
                let conditions: Vec<ConditionResult> = rung
                    .require
                    .iter()
                    .map(|condition| self.condition_result(condition, outcomes, answers))
                    .collect();
                RungResult {
                    level: rung.name.level,
                    name: rung.name.name.clone(),
                    reached: conditions.iter().all(|c| c.met),
                    confidence: rung.confidence,
                    conditions,
                }
            })
            .collect()
    }

    /// A condition of a rung in words.
    pub fn condition_in_words(&self, condition: &Condition) -> String {
        match condition {
            Condition::Score { node, at_least } => {
                format!("{} ≥ {} 分", self.nodes[*node].title, show(*at_least, 3))
            }
            Condition::Count {
                title,
                at_level,
                at_least,
                items,
                ..
            } => format!(
                "{title}达到{}级及以上 ≥ {at_least} 个（共 {} 个）",
                numeral(*at_level),
                items.len()
            ),
            Condition::Covers { node, say } if say.is_empty() => {
                format!("评估范围包含“{}”", self.nodes[*node].title)
            }
            Condition::Holds { say, expr } if say.is_empty() => expr.text().to_owned(),
            Condition::Covers { say, .. } | Condition::Holds { say, .. } => say.clone(),
        }
    }

    fn condition_result(&self, condition: &Condition, outcomes: &[Outcome], answers: &impl Answers) -> ConditionResult {
        let state = self.condition(condition, outcomes, answers);
        let text = self.condition_in_words(condition);
        let lacking = half_up(state.need - state.have, self.decimals);
        let (kind, of, short) = match condition {
            Condition::Score { node, .. } => {
                let node = &self.nodes[*node];
                let short = format!("{}还差 {} 分", node.title, show(lacking, self.decimals));
                ("score", node.id.clone(), short)
            }
            Condition::Count {
                set, title, at_level, ..
            } => {
                let short = format!("达到{}级的{title}还差 {} 个", numeral(*at_level), show(lacking, 0));
                ("count", set.clone(), short)
            }
            Condition::Covers { node, .. } => ("covers", self.nodes[*node].id.clone(), format!("未满足：{text}")),
            Condition::Holds { .. } => ("holds", String::new(), format!("未满足：{text}")),
        };
        ConditionResult {
            met: state.met,
            have: state.have,
            need: state.need,
            kind,
            of,
            short: if state.met { String::new() } else { short },
            text,
        }
    }

    fn levels(&self, answers: &impl Answers) -> Vec<LevelResult> {
        let Some(grade) = &self.grade else { return Vec::new() };
        let mut sets: IndexMap<usize, Vec<String>> = IndexMap::new();
        for condition in grade.rungs.iter().flat_map(|rung| &rung.require) {
            if let Condition::Count { set, items, .. } = condition {
                for item in items {
                    let of = sets.entry(*item).or_default();
                    if !of.contains(set) {
                        of.push(set.clone());
                    }
                }
            }
        }
        sets.sort_keys();
        sets.into_iter()
            .filter_map(|(index, sets)| {
                let (id, laid) = self.layout.items.get_index(index)?;
                let cell = answers.cell(laid.column);
                let level = match cell {
                    Cell::Choice(level) => Some(level as u8),
                    _ => None,
                };
                let text = |level: u8| laid.choice_texts.get(level as usize).cloned().unwrap_or_default();
                Some(LevelResult {
                    item: id.clone(),
                    title: laid.title.clone(),
                    level,
                    top: laid.choices.len().saturating_sub(1) as u8,
                    not_applicable: cell == Cell::NotApplicable,
                    sets,
                    text: level.map_or(String::new(), text),
                    next: text(level.map_or(1, |l| l + 1)),
                })
            })
            .collect()
    }

    /// Ids of the items that matter for this enterprise: read by a rule that counts, a veto or a rung.
    fn items_read(&self, outcomes: &[Outcome]) -> Vec<String> {
        self.items_where(&|index| outcomes[index].status != Status::LeftOut)
    }

    /// Ids of all items that any rule reads.
    pub fn items_used(&self) -> Vec<String> {
        self.items_where(&|_| true)
    }

    fn items_where(&self, counts: &dyn Fn(usize) -> bool) -> Vec<String> {
        let mut read: Vec<String> = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if counts(index) {
                read.extend(self.items_of(node));
            }
        }
        let mut columns: Vec<usize> = Vec::new();
        for veto in &self.vetoes {
            columns.extend(veto.holds.inputs().iter().map(|input| input.item));
        }
        for condition in self.grade.iter().flat_map(|g| &g.rungs).flat_map(|rung| &rung.require) {
            match condition {
                Condition::Holds { expr, .. } => columns.extend(expr.inputs().iter().map(|input| input.item)),
                Condition::Count { items, .. } => columns.extend(items),
                Condition::Score { .. } | Condition::Covers { .. } => {}
            }
        }
        read.extend(
            columns
                .iter()
                .filter_map(|i| Some(self.layout.items.get_index(*i)?.0.clone())),
        );
        let all = self.layout.items.keys();
        all.filter(|id| read.contains(id)).cloned().collect()
    }

    fn coverage(&self, answers: &impl Answers, outcomes: &[Outcome]) -> Coverage {
        let read = self.items_read(outcomes);
        let mut coverage = Coverage {
            items: read.len(),
            ..Coverage::default()
        };
        for (index, (id, laid)) in self.layout.items.iter().enumerate() {
            if !read.contains(id) {
                continue;
            }
            let cells = match laid.kind {
                ItemKind::Table => vec![match answers.rows(index) {
                    Rows::Missing => Cell::Missing,
                    Rows::NotApplicable => Cell::NotApplicable,
                    Rows::Given(_) => Cell::Number(0.0),
                }],
                ItemKind::Parts => (0..laid.parts.len())
                    .filter(|part| !laid.parts[*part].optional)
                    .map(|part| answers.cell(laid.column + part))
                    .collect(),
                _ => vec![answers.cell(laid.column)],
            };
            if cells.contains(&Cell::NotApplicable) {
                coverage.not_applicable.push(id.clone());
            } else if cells.contains(&Cell::Missing) {
                coverage.missing.push(id.clone());
            } else {
                coverage.answered += 1;
            }
        }
        coverage.read = read;
        coverage
    }

    /// The worst confidence among what the result rests on, and what is doubtful, each once.
    fn confidence_of(
        &self,
        outcomes: &[Outcome],
        tables: &IndexMap<String, Vec<RowResult>>,
        answers: &impl Answers,
    ) -> (Confidence, Vec<Doubt>) {
        let mut worst = self.confidence;
        let mut doubts: Vec<Doubt> = Vec::new();
        let mut add = |about: &str, confidence: Confidence, note: &str| {
            let doubt = Doubt {
                about: about.to_owned(),
                confidence,
                note: note.to_owned(),
            };
            if !note.is_empty() && !doubts.iter().any(|d| d.note == doubt.note) {
                doubts.push(doubt);
            }
        };
        add("评分规则整体", self.confidence, &self.note);
        for (node, outcome) in self.nodes.iter().zip(outcomes) {
            if matches!(outcome.status, Status::Scored | Status::NoBenchmark) {
                // Rows speak for themselves below.
                if !matches!(node.op, Op::EachRow(_) | Op::Pooled(_)) {
                    worst = worst.max(node.confidence);
                }
                add(&node.title, node.confidence, &node.note);
            }
        }
        for node in &self.nodes {
            if let Op::RowTotal(rule) = &node.op {
                for (stated, note) in self.factors(rule, answers) {
                    worst = worst.max(stated);
                    add(&node.title, stated, note);
                }
            }
        }
        for rung in self.grade.iter().flat_map(|grade| &grade.rungs) {
            worst = worst.max(rung.confidence);
            add("定级条件", rung.confidence, &rung.note);
        }
        for row in tables.values().flatten() {
            if row.main_level.is_some() {
                worst = worst.max(row.confidence);
            }
            if let Some(note) = row.table.get("note").and_then(|v| v.as_str()) {
                add(&row.name, row.confidence, note);
            }
        }
        (worst, doubts)
    }
}

fn veto_result(veto: &VetoPlan, answers: &impl Answers) -> VetoResult {
    let state = match veto.holds.truth(answers) {
        Evaluated::Value(true) => VetoState::Holds,
        Evaluated::Value(false) => VetoState::Failed,
        Evaluated::NotApplicable => VetoState::NotApplicable,
        Evaluated::Missing | Evaluated::Undefined => VetoState::Unknown,
    };
    VetoResult {
        id: veto.id.clone(),
        title: veto.title.clone(),
        state,
        effect: veto.effect,
        fail: veto.fail.clone(),
        fix: veto.fix.clone(),
        clause: veto.clause.clone(),
        confidence: veto.confidence,
    }
}

fn eligible(vetoes: &[VetoResult]) -> Option<bool> {
    if vetoes.is_empty() {
        None
    } else if vetoes
        .iter()
        .any(|v| v.state == VetoState::Failed && v.effect == VetoEffect::Disqualify)
    {
        Some(false)
    } else if vetoes.iter().any(|v| v.state == VetoState::Unknown) {
        None
    } else {
        Some(true)
    }
}
