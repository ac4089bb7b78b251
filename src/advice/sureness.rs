//! How sure a result is: what unanswered questions leave open, which answers decide the grade, what evidence alone supports.

use serde::Serialize;

use super::path::{self, Changed, Knob};
use crate::assessment::StandardAnswers;
use crate::round::half_up;
use crate::scoring::bound::Evaluated;
use crate::scoring::layout::{Answers, Cell};
use crate::scoring::plan::{Condition, Op, Plan};
use crate::scoring::rulebook::{GradeName, VetoEffect};
use crate::scoring::scorecard::Scorecard;

/// Most questions and answers that are named.
const NAMED: usize = 5;

/// How sure the result of one standard is.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Sureness {
    /// Items that are not answered.
    pub unanswered: usize,
    /// The best grade that these leave open; `null` without grades or where nothing is open.
    pub highest: Option<GradeName>,
    /// The questions most worth answering next.
    pub ask_next: Vec<Question>,
    /// Points above the mark of the present grade; `null` where it has none.
    pub above: Option<f64>,
    /// Points below the mark of the next grade; `null` where there is none.
    pub below: Option<f64>,
    /// Answers of which one step changes the grade.
    pub flips: Vec<Flip>,
    /// How many there are in all.
    pub flips_in_all: usize,
    /// Numbers that lie close to the border of a band.
    pub edges: Vec<Edge>,
    /// The result if only answers with evidence counted; `null` where no answer has any.
    pub evidenced: Option<Evidenced>,
}

/// An unanswered question.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Question {
    /// Item.
    pub item: String,
    /// Title.
    pub title: String,
    /// Points of the total that it can give.
    pub points: f64,
    /// Whether the answer can change the grade by itself, or a condition of the next grade waits for it.
    pub decides: bool,
}

/// An answer that the grade hangs on.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Flip {
    /// Item.
    pub item: String,
    /// Title.
    pub title: String,
    /// The answer now.
    pub from: String,
    /// One step away.
    pub to: String,
    /// The grade then.
    pub grade: GradeName,
    /// Whether that is a higher grade.
    pub up: bool,
}

/// A number close to the border of a band: a small error of counting moves its points.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Edge {
    /// Indicator.
    pub id: String,
    /// Title.
    pub title: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The border.
    pub border: f64,
    /// Points of the indicator that lie beyond it, more or, negative, fewer.
    pub points: f64,
}

/// The result by evidence alone.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Evidenced {
    /// Answers without evidence, taken as not given.
    pub without: usize,
    /// Score.
    pub score: Option<f64>,
    /// Grade.
    pub grade: Option<GradeName>,
}

/// How sure a result is; `None` when nothing could be scored.
pub fn find(plan: &Plan, card: &Scorecard, answers: &StandardAnswers) -> Option<Sureness> {
    if card.coverage.answered == 0 || (card.score.is_none() && card.grade.is_none()) {
        return None;
    }
    let missing = &card.coverage.missing;
    let (flips, flips_in_all) = flips(plan, card, answers);
    Some(Sureness {
        unanswered: missing.len(),
        highest: highest(plan, card, answers),
        ask_next: ask_next(plan, card, answers),
        above: margin(plan, card, false),
        below: margin(plan, card, true),
        flips,
        flips_in_all,
        edges: edges(plan, card),
        evidenced: evidenced(plan, answers, &card.coverage.read),
    })
}

/// How near to a border is near: a share of it. This tool's own choice.
const NEAR: f64 = 0.05;

fn edges(plan: &Plan, card: &Scorecard) -> Vec<Edge> {
    let mut edges = Vec::new();
    for node in card.trace.walk() {
        let op = plan.node(&node.id).map(|index| &plan.nodes[index].op);
        let (Some(Op::Bands { bands, unit, .. }), Some(value), Some(score)) = (op, node.value, node.score) else {
            continue;
        };
        let Some((own, _)) = bands.iter().find(|(interval, _)| interval.contains(value)) else {
            continue;
        };
        let gap = |border: f64| (border - value).abs() / border.abs();
        let near = |border: &f64| border.is_finite() && *border != 0.0 && gap(*border) <= NEAR;
        let Some(border) = [own.low, own.high]
            .into_iter()
            .filter(near)
            .min_by(|a, b| gap(*a).total_cmp(&gap(*b)))
        else {
            continue;
        };
        let beyond = bands.iter().find(|(interval, _)| {
            if border == own.low {
                interval.high == border
            } else {
                interval.low == border
            }
        });
        let points = beyond.map(|(_, points)| half_up((points - score) * node.worth, 6));
        edges.extend(points.filter(|points| *points != 0.0).map(|points| Edge {
            id: node.id.clone(),
            title: node.title.clone(),
            value,
            unit: unit.clone(),
            border,
            points,
        }));
    }
    edges
}

/// The grade of some answers; `None` for a standard without grades.
fn grade(plan: &Plan, answers: &impl Answers) -> Option<GradeName> {
    let ladder = plan.grade.as_ref()?;
    let outcomes = plan.score(answers);
    let met = |c: &Condition| plan.condition(c, &outcomes, answers).met;
    let reached = ladder.rungs.iter().rev().find(|rung| rung.require.iter().all(met));
    let reached = reached.map_or(&ladder.none, |rung| &rung.name);
    let failing = plan
        .vetoes
        .iter()
        .filter(|v| v.holds.truth(answers) == Evaluated::Value(false));
    let caps = failing.filter_map(|veto| match veto.effect {
        VetoEffect::Cap(level) => Some(level),
        VetoEffect::Disqualify => None,
    });
    match caps.min() {
        Some(cap) if cap < reached.level => {
            let mut names = ladder.rungs.iter().map(|rung| &rung.name).chain([&ladder.none]);
            names.find(|name| name.level == cap).or(Some(&ladder.none)).cloned()
        }
        _ => Some(reached.clone()),
    }
}

/// The best grade that answering what is not answered could give.
fn highest(plan: &Plan, card: &Scorecard, answers: &StandardAnswers) -> Option<GradeName> {
    let now = card.grade.as_ref()?;
    if card.coverage.missing.is_empty() {
        return None;
    }
    let ladder = plan.grade.as_ref()?;
    let above = ladder.rungs.iter().rev().filter(|rung| rung.name.level > now.level);
    let open = above
        .map(|rung| &rung.name)
        .find(|name| path::open_by_answering(plan, answers, &card.coverage.missing, name.level));
    open.cloned()
}

fn ask_next(plan: &Plan, card: &Scorecard, answers: &StandardAnswers) -> Vec<Question> {
    let now = card.grade.as_ref();
    let leaves: Vec<_> = card.trace.walk().into_iter().filter(|node| node.is_leaf()).collect();
    let waiting: Vec<usize> = next_conditions(plan, card)
        .filter(|condition| !plan.condition(condition, &plan.score(answers), answers).met)
        .flat_map(|condition| match condition {
            Condition::Count { items, .. } => items.clone(),
            Condition::Holds { expr, .. } => expr.inputs().iter().map(|input| input.item).collect(),
            _ => Vec::new(),
        })
        .collect();
    let mut questions: Vec<Question> = card
        .coverage
        .missing
        .iter()
        .filter_map(|id| {
            let (index, _, laid) = plan.layout.items.get_full(id)?;
            let open = leaves.iter().filter(|leaf| leaf.items.contains(id));
            let points: f64 = open.map(|leaf| leaf.missing * leaf.worth).sum();
            let flips = || {
                let ways = path::ways(plan, index, answers);
                ways.into_iter().any(|cells| {
                    let after = grade(plan, &Changed { base: answers, cells });
                    after.as_ref().map(|g| g.level) != now.map(|g| g.level)
                })
            };
            Some(Question {
                item: id.clone(),
                title: laid.title.clone(),
                points: half_up(points, 6),
                decides: waiting.contains(&index) || flips(),
            })
        })
        .collect();
    questions.retain(|question| question.points > 0.0 || question.decides);
    questions.sort_by(|a, b| b.decides.cmp(&a.decides).then(b.points.total_cmp(&a.points)));
    questions.truncate(NAMED);
    questions
}

/// The conditions of the rung above the present grade.
fn next_conditions<'p>(plan: &'p Plan, card: &Scorecard) -> impl Iterator<Item = &'p Condition> {
    let now = card.grade.as_ref().map_or(0, |grade| grade.level);
    let rungs = plan.grade.iter().flat_map(|ladder| &ladder.rungs);
    let next = rungs
        .filter(move |rung| rung.name.level > now)
        .min_by_key(|rung| rung.name.level);
    next.into_iter().flat_map(|rung| &rung.require)
}

/// Points between the score of the whole and the mark of the present grade, or of the next.
fn margin(plan: &Plan, card: &Scorecard, next: bool) -> Option<f64> {
    let (score, grade, ladder) = (card.score?, card.grade.as_ref()?, plan.grade.as_ref()?);
    let mark = |level: u8| {
        let rung = ladder.rungs.iter().find(|rung| rung.name.level == level)?;
        rung.require.iter().find_map(|condition| match condition {
            Condition::Score { node, at_least } if *node == plan.root() => Some(*at_least),
            _ => None,
        })
    };
    if next {
        let above = ladder
            .rungs
            .iter()
            .map(|rung| rung.name.level)
            .filter(|level| *level > grade.level);
        let short = mark(above.min()?)? - score;
        (short > 0.0).then(|| half_up(short, 6))
    } else {
        Some(half_up(score - mark(grade.level)?, 6))
    }
}

/// Answers of which one step up or down gives another grade: the first of each side, and how many there are.
fn flips(plan: &Plan, card: &Scorecard, answers: &StandardAnswers) -> (Vec<Flip>, usize) {
    let Some(now) = card.grade.as_ref() else {
        return (Vec::new(), 0);
    };
    let mut flips = Vec::new();
    for (index, (id, laid)) in plan.layout.items.iter().enumerate() {
        if matches!(answers.cell(laid.column), Cell::Missing | Cell::NotApplicable) {
            continue;
        }
        for cells in path::steps(plan, index, answers) {
            let after = Changed { base: answers, cells };
            if let Some(then) = grade(plan, &after).filter(|then| then.level != now.level) {
                let up = then.level > now.level;
                // One way up or down says it; the others are in the questionnaire.
                if flips.iter().any(|flip: &Flip| flip.item == *id && flip.up == up) {
                    continue;
                }
                flips.push(Flip {
                    item: id.clone(),
                    title: laid.title.clone(),
                    from: Knob::words(laid, answers),
                    to: Knob::words(laid, &after),
                    up,
                    grade: then,
                });
            }
        }
    }
    // What would lose the grade matters more than what would win one: each side has its own room.
    let all = flips.len();
    let (up, down): (Vec<_>, Vec<_>) = flips.into_iter().partition(|flip| flip.up);
    let first = down.into_iter().take(NAMED).chain(up.into_iter().take(NAMED));
    (first.collect(), all)
}

/// `read` are the items that the rules in use look at: others may be answered for another preset.
fn evidenced(plan: &Plan, answers: &StandardAnswers, read: &[String]) -> Option<Evidenced> {
    let details = answers.details.iter().filter(|(id, _)| read.contains(id));
    let answered: Vec<_> = details.filter(|(_, detail)| detail.is_answered()).collect();
    let bare: Vec<&String> = answered
        .iter()
        .filter(|(_, detail)| detail.evidence.is_empty())
        .map(|(id, _)| *id)
        .collect();
    if bare.len() == answered.len() {
        return None;
    }
    let mut kept = answers.clone();
    for id in &bare {
        let Some((index, _, laid)) = plan.layout.items.get_full(id.as_str()) else {
            continue;
        };
        for column in laid.column..laid.column + laid.parts.len().max(1) {
            if let Some(cell) = kept.cells.get_mut(column).filter(|cell| **cell != Cell::NotApplicable) {
                *cell = Cell::Missing;
            }
        }
        kept.tables.remove(&index);
    }
    let outcomes = plan.score(&kept);
    let root = &outcomes[plan.root()];
    let full = plan.nodes[plan.root()].full;
    Some(Evidenced {
        without: bare.len(),
        score: (full > 0.0).then_some(root.points),
        grade: grade(plan, &kept),
    })
}
