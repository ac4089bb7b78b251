//! Where points were lost, what would win them back, and what to do.

mod next;
mod rows;

use serde::Serialize;

use super::explain::rescaled;
use super::measures::{Capabilities, Measure, Measures};
use super::path::Changed;
use crate::provenance::Confidence;
use crate::questionnaire::{Domain, ItemKind, Questionnaire};
use crate::round::half_up;
use crate::scoring::bound::{BoundExpr, Evaluated};
use crate::scoring::eval::Status;
use crate::scoring::layout::{Answers, Cell};
use crate::scoring::plan::{Op, Plan};
use crate::scoring::rulebook::VetoEffect;
use crate::scoring::scorecard::{RungResult, Scorecard, VetoState, numeral};

/// One gap.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Gap {
    /// Standard.
    pub standard: String,
    /// Its short name.
    pub standard_title: String,
    /// Field of work.
    pub domain: Domain,
    /// Indicator, item or veto.
    pub id: String,
    /// Title.
    pub title: String,
    /// What kind of gap it is.
    pub kind: GapKind,
    /// Points lost, in points of the standard; `null` for gaps without points.
    pub lost: Option<f64>,
    /// How it stands, in words.
    pub state: String,
    /// The next better answer and what it gives.
    pub next: String,
    /// Points that the next better answer gives.
    pub gain: Option<f64>,
    /// What to do.
    pub action: Option<Action>,
    /// Capabilities that it takes.
    pub capabilities: Vec<String>,
    /// Share of the loss of its standard, 0 to 1; orders gaps of different standards.
    pub weight: f64,
    /// Whether it has to go whatever its points: what something disqualifies for, and what is on an elimination list or
    /// below the lowest level that may be sold.
    pub must: bool,
    /// Whether it holds back the next grade.
    pub blocks_next: bool,
    /// Whether the plan of least effort to the next grade changes it.
    pub planned: bool,
    /// Items whose answers it hangs on.
    #[serde(skip)]
    pub items: Vec<String>,
    /// Confidence of the rule behind it.
    pub confidence: Confidence,
}

/// Kinds of gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// A condition that must hold and does not.
    Veto,
    /// Points lost.
    Points,
    /// A scenario below the level that the next grade counts.
    Level,
    /// A condition of the next grade.
    Condition,
    /// A machine or product below the level that counts.
    Row,
    /// Not answered.
    Unanswered,
}

/// What can be done this week where nothing but a benchmark is lacking.
const BENCHMARK: &str = "向行业协会、评价机构或同行要到引领值和基准值，记下出处，填上再评。";
/// What can be done this week about a machine that may be on an elimination list.
const NAMEPLATE: &str = "到现场核对铭牌型号：属实的定下停用、更换的日子，报废要有手续；不是的把型号改对。";

/// What to do about a gap.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Action {
    /// Title.
    pub title: String,
    /// What to do.
    #[serde(rename = "do")]
    pub action: String,
    /// What can be done this week.
    pub first_step: String,
    /// Capabilities by Chinese name.
    pub capabilities: Vec<String>,
    /// Kinds of service.
    pub services: Vec<&'static str>,
}

/// What is needed to find the gaps of one standard.
pub struct Context<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// The plan that was scored.
    pub plan: &'a Plan,
    /// The measures, where there are any.
    pub measures: Option<&'a Measures>,
    /// Vocabulary.
    pub capabilities: &'a Capabilities,
}

/// All gaps of one standard. `planned` are the items that the plan of least effort to the next grade changes.
///
/// What must hold comes first, then what the plan changes, then what else the next grade waits for; of these the dearest.
/// The dearest gap is not the first to close: it can be the one that takes the most for its points.
pub fn find(context: &Context, card: &Scorecard, answers: &impl Answers, planned: &[&str]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    vetoes(context, card, answers, &mut gaps);
    points(context, card, answers, &mut gaps);
    levels(context, card, &mut gaps);
    conditions(context, card, answers, &mut gaps);
    rows::rows(context, card, &mut gaps);
    let total: f64 = gaps.iter().map(|gap| gap.weight).sum();
    if total > 0.0 {
        for gap in &mut gaps {
            gap.weight /= total;
        }
    }
    for gap in &mut gaps {
        gap.planned = gap.items.iter().any(|item| planned.contains(&item.as_str()));
    }
    gaps.sort_by(|a, b| {
        let order = |gap: &Gap| (!gap.must, gap.kind != GapKind::Veto, !gap.planned, !gap.blocks_next);
        order(a)
            .cmp(&order(b))
            .then(b.weight.total_cmp(&a.weight))
            .then(a.id.cmp(&b.id))
    });
    gaps
}

fn measure<'a>(context: &'a Context, names: &[&str]) -> Option<&'a Measure> {
    let mut all = context.measures?.measures.iter();
    all.find(|m| m.targets.iter().any(|t| names.contains(&t.value.as_str())))
}

fn new_gap(context: &Context, kind: GapKind, id: &str, title: &str, names: &[&str]) -> Gap {
    let measure = measure(context, names);
    Gap {
        standard: context.questionnaire.id.value.clone(),
        standard_title: context.questionnaire.short.clone(),
        domain: context.questionnaire.domain,
        id: id.to_owned(),
        title: title.to_owned(),
        kind,
        lost: None,
        state: String::new(),
        next: String::new(),
        gain: None,
        action: measure.map(|m| action(m, m.words(None), context.capabilities)),
        capabilities: measure.map_or(Vec::new(), |m| m.capabilities.iter().map(|c| c.value.clone()).collect()),
        weight: 0.0,
        must: kind == GapKind::Veto,
        blocks_next: false,
        planned: false,
        items: names.iter().map(|name| (*name).to_owned()).collect(),
        confidence: context.plan.confidence,
    }
}

fn action(measure: &Measure, (what, first): (&str, &str), capabilities: &Capabilities) -> Action {
    Action {
        title: measure.title.clone(),
        action: what.to_owned(),
        first_step: first.to_owned(),
        capabilities: measure
            .capabilities
            .iter()
            .map(|c| capabilities.title(&c.value).to_owned())
            .collect(),
        services: measure.services.iter().map(|s| s.label()).collect(),
    }
}

/// Options that a condition does not hold without and that are not chosen, in words.
fn lacking(plan: &Plan, holds: &BoundExpr, answers: &impl Answers) -> Option<String> {
    let mut missing = Vec::new();
    for input in holds.inputs() {
        let Some((_, laid)) = plan.layout.items.get_index(input.item) else {
            continue;
        };
        if laid.kind != ItemKind::Multi || laid.choices.len() >= 64 {
            continue;
        }
        let chosen = match answers.cell(laid.column) {
            Cell::Chosen(bits) => bits,
            _ => 0,
        };
        let all = ((1_u64 << laid.choices.len()) - 1) & !laid.exclusive;
        for (option, text) in laid.choice_texts.iter().enumerate() {
            let bit = 1 << option;
            let without = Changed {
                base: answers,
                cells: vec![(laid.column, Cell::Chosen(all & !bit))],
            };
            if all & bit & !chosen != 0 && holds.truth(&without) == Evaluated::Value(false) {
                missing.push(text.as_str());
            }
        }
    }
    (!missing.is_empty()).then(|| missing.join("、"))
}

fn vetoes(context: &Context, card: &Scorecard, answers: &impl Answers, gaps: &mut Vec<Gap>) {
    for (veto, plan) in card.vetoes.iter().zip(&context.plan.vetoes) {
        if veto.state != VetoState::Failed {
            continue;
        }
        let inputs: Vec<&str> = plan
            .holds
            .inputs()
            .iter()
            .filter_map(|i| context.plan.layout.items.get_index(i.item).map(|(id, _)| id.as_str()))
            .chain([veto.id.as_str()])
            .collect();
        gaps.push(Gap {
            state: format!(
                "{}{}",
                if veto.fail.is_empty() {
                    format!("不满足：{}", veto.title)
                } else {
                    veto.fail.clone()
                },
                lacking(context.plan, &plan.holds, answers).map_or(String::new(), |what| format!("还缺：{what}。"))
            ),
            next: veto.fix.clone(),
            weight: card.full,
            blocks_next: true,
            confidence: veto.confidence,
            ..new_gap(context, GapKind::Veto, &veto.id, &veto.title, &inputs)
        });
        if veto.effect == VetoEffect::Disqualify
            && let Some(gap) = gaps.last_mut()
        {
            gap.state = format!("{}（不满足即不具备申报条件）", gap.state);
        }
    }
}

fn points(context: &Context, card: &Scorecard, answers: &impl Answers, gaps: &mut Vec<Gap>) {
    let score_blocks = next_rung(card).is_some_and(|rung| rung.conditions.iter().any(|c| c.kind == "score" && !c.met));
    let scale = rescaled(&card.trace);
    for node in card.trace.walk() {
        let Some(plan_node) = context.plan.node(&node.id).map(|i| &context.plan.nodes[i]) else {
            continue;
        };
        let lost = (node.applicable - node.score.unwrap_or_default()) * node.worth * scale;
        if !node.is_leaf() || node.full <= 0.0 || lost <= 1e-9 || matches!(plan_node.op, Op::EachRow(_)) {
            continue;
        }
        let kind = match node.status {
            Status::Scored => GapKind::Points,
            Status::Missing | Status::NoBenchmark => GapKind::Unanswered,
            _ => continue,
        };
        let mut names: Vec<&str> = vec![node.id.as_str()];
        names.extend(node.items.iter().map(String::as_str));
        let (next, gain) = next::next_answer(
            context.plan,
            plan_node.op.clone(),
            (node.score.unwrap_or_default(), node.full),
            answers,
        );
        let unanswered = kind == GapKind::Unanswered;
        gaps.push(Gap {
            lost: Some(half_up(lost, 6)),
            state: node.because.clone(),
            next: match node.status {
                Status::Missing => "先把这一题答上".into(),
                Status::NoBenchmark => "从行业评价标准或同行资料找到引领值和基准值，填上再算".into(),
                _ => next,
            },
            gain: if unanswered {
                None
            } else {
                gain.map(|g| half_up(g * node.worth * scale, 6))
            },
            weight: lost,
            blocks_next: score_blocks,
            confidence: node.confidence,
            ..new_gap(context, kind, &node.id, &node.title, &names)
        });
        // What is measured is measured: only something to hold it against is lacking.
        if let (Status::NoBenchmark, Some(action)) = (node.status, gaps.last_mut().and_then(|gap| gap.action.as_mut()))
        {
            action.first_step = BENCHMARK.to_owned();
        }
    }
}

/// The first rung above the grade reached.
fn next_rung(card: &Scorecard) -> Option<&RungResult> {
    let current = card.grade.as_ref()?.level;
    card.rungs.iter().find(|rung| rung.level > current)
}

/// Scenarios that the next grade would count but that are below its level.
fn levels(context: &Context, card: &Scorecard, gaps: &mut Vec<Gap>) {
    let Some(next) = next_rung(card) else { return };
    let Some(plan) = context
        .plan
        .grade
        .as_ref()
        .and_then(|g| g.rungs.iter().find(|r| r.name.level == next.level))
    else {
        return;
    };
    let mut wanted: Vec<(usize, u8)> = Vec::new();
    let mut short = 0.0;
    for (condition, result) in plan.require.iter().zip(&next.conditions) {
        if let crate::scoring::plan::Condition::Count { items, at_level, .. } = condition
            && !result.met
        {
            short += result.need - result.have;
            for item in items {
                if !wanted.iter().any(|(i, _)| i == item) {
                    wanted.push((*item, *at_level));
                }
            }
        }
    }
    let below: Vec<_> = wanted
        .iter()
        .filter_map(|(item, at_level)| {
            let (id, _) = context.plan.layout.items.get_index(*item)?;
            let level = card.levels.iter().find(|l| l.item == *id && !l.not_applicable)?;
            (level.level.unwrap_or(0) < *at_level).then_some((level, *at_level))
        })
        .collect();
    let count = below.len().max(1) as f64;
    for (level, at_level) in below {
        let binding = level.sets.iter().any(|set| set == "binding");
        let have = level.level.map_or("未答".to_owned(), |l| format!("{l} 级"));
        // The grade needs `short` of these; all share the weight of the points that one grade is worth.
        let near = 1.0 / f64::from(at_level.saturating_sub(level.level.unwrap_or(0)).max(1));
        gaps.push(Gap {
            state: format!("现为 {have}，要到 {at_level} 级"),
            next: if level.next.is_empty() {
                String::new()
            } else {
                format!("下一级要做到：{}", level.next)
            },
            weight: 20.0 * short.min(count) / count * near * if binding { 1.2 } else { 1.0 } / 4.0,
            blocks_next: true,
            action: measure(context, &[level.item.as_str()])
                .map(|m| action(m, m.words(level.level), context.capabilities)),
            ..new_gap(
                context,
                GapKind::Level,
                &level.item,
                &format!("{}{}", if binding { "★" } else { "" }, level.title),
                &[level.item.as_str()],
            )
        });
    }
}

/// Conditions of the next grade that do not hold.
fn conditions(context: &Context, card: &Scorecard, answers: &impl Answers, gaps: &mut Vec<Gap>) {
    let Some(next) = next_rung(card) else { return };
    let plan = context.plan.grade.iter().flat_map(|g| &g.rungs);
    let Some(plan) = plan.into_iter().find(|r| r.name.level == next.level) else {
        return;
    };
    for (number, (condition, result)) in plan.require.iter().zip(&next.conditions).enumerate() {
        let crate::scoring::plan::Condition::Holds { expr, .. } = condition else {
            continue;
        };
        if result.met {
            continue;
        }
        let items: Vec<&str> = expr
            .inputs()
            .iter()
            .filter_map(|i| context.plan.layout.items.get_index(i.item).map(|(id, _)| id.as_str()))
            .collect();
        // A condition over several items is none of them alone.
        let said = items.len() != 1;
        let title = match items.as_slice() {
            [only] => context.plan.layout.items.get(*only).map_or("", |i| i.title.as_str()),
            _ => result.text.as_str(),
        };
        let unanswered = expr.truth(answers) == Evaluated::Missing;
        gaps.push(Gap {
            state: if unanswered {
                format!("还没有答案，无从判断：{}", result.text)
            } else {
                let what = lacking(context.plan, expr, answers).map_or(String::new(), |what| format!("；还缺：{what}"));
                let text = if said { "现在还不满足" } else { &result.text };
                format!("{}{text}{what}", if said { "" } else { "未满足：" })
            },
            next: format!("满足后可升{}", grade_in_words(next.level, &next.name)),
            weight: 10.0,
            blocks_next: true,
            confidence: plan.confidence,
            ..new_gap(
                context,
                if unanswered {
                    GapKind::Unanswered
                } else {
                    GapKind::Condition
                },
                &format!("{}-{}", next.level, number + 1),
                title,
                &items,
            )
        });
    }
}

/// `一级（初始级）` as reports write a grade.
pub fn grade_in_words(level: u8, name: &str) -> String {
    if level == 0 || name.starts_with(&format!("{}级", numeral(level))) {
        name.to_owned()
    } else {
        format!("{}级（{name}）", numeral(level))
    }
}

/// Gaps of several standards in one order: what must go first, then what plans change, then the dearest; of each the first
/// of each standard in turn, so that a scheme with few large gaps does not push the others out of sight.
pub fn interleave(gaps: Vec<Gap>) -> Vec<Gap> {
    type Class = (bool, bool, bool);
    let mut rank_within: std::collections::BTreeMap<(String, Class), usize> = std::collections::BTreeMap::new();
    let mut ranked: Vec<(Class, usize, Gap)> = gaps
        .into_iter()
        .map(|gap| {
            let class = (
                !gap.must,
                gap.kind != GapKind::Veto && gap.must,
                !gap.planned && !gap.must,
            );
            let rank = rank_within.entry((gap.standard.clone(), class)).or_default();
            *rank += 1;
            (class, *rank, gap)
        })
        .collect();
    // Stable: standards of the same rank stay in the order in which they are reported.
    ranked.sort_by_key(|(class, rank, _)| (*class, *rank));
    ranked.into_iter().map(|(_, _, gap)| gap).collect()
}
