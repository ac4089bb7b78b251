//! A path in words and numbers, for reports and programs.

use serde::Serialize;

use super::knob::{Choice, Knob};
use super::roadmap::phases;
use super::space::{Change, Space};
use super::{Context, Effort};
use crate::provenance::Confidence;
use crate::questionnaire::{Item, ItemKind};
use crate::round::{finely, half_up};
use crate::scoring::layout::{Answers, Cell};
use crate::scoring::plan::{Op, RungPlan};
use crate::scoring::rulebook::GradeName;

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// A level of the ladder of grades.
    Grade(u8),
    /// Points of the whole.
    Score(f64),
}

/// What a plan is best at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Binds the least money, people and standstill.
    Cheapest,
    /// The longest step is as short as can be.
    Fastest,
    /// Any one step may fail.
    Robust,
}

impl Aim {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Aim::Cheapest => "最省",
            Aim::Fastest => "最快",
            Aim::Robust => "最稳",
        }
    }

    /// What it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Aim::Cheapest => "占用的资金、人力和停机最少",
            Aim::Fastest => "其中最慢的一步也尽量快见效",
            Aim::Robust => "任何一步没做成、没被认可，仍能达到目标",
        }
    }
}

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PathState {
    /// Nothing has to change.
    Reached,
    /// There is a way.
    Open,
    /// No change of the answers that are there leads to it.
    OutOfReach,
}

/// The way to a target in one standard.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ImprovementPath {
    /// Standard.
    pub standard: String,
    /// Its short name.
    pub standard_title: String,
    /// The grade to reach; `null` for a score.
    pub grade: Option<GradeName>,
    /// The score to reach; `null` for a grade.
    pub score: Option<f64>,
    /// How things stand.
    pub state: PathState,
    /// Conditions that no change can meet, in words.
    pub reason: Vec<String>,
    /// The plans.
    pub plans: Vec<PathPlan>,
    /// What readers must know.
    pub notes: Vec<String>,
    /// Confidence of the grade that is aimed at.
    pub confidence: Confidence,
}

impl ImprovementPath {
    pub(super) fn new(context: &Context, goal: Goal, rung: Option<&RungPlan>) -> Self {
        Self {
            standard: context.questionnaire.id.value.clone(),
            standard_title: context.questionnaire.short.clone(),
            grade: rung.map(|rung| rung.name.clone()),
            score: match goal {
                Goal::Score(points) => Some(points),
                Goal::Grade(_) => None,
            },
            state: PathState::Open,
            reason: Vec::new(),
            plans: Vec::new(),
            notes: Vec::new(),
            confidence: rung.map_or(context.plan.confidence, |rung| rung.confidence),
        }
    }

    /// Items that the plan of least effort changes.
    pub fn planned(&self) -> Vec<&str> {
        let steps = self.plans.first().into_iter().flat_map(|plan| &plan.steps);
        steps.map(|step| step.item.as_str()).collect()
    }
}

/// One plan.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct PathPlan {
    /// What it is best at.
    pub aim: Aim,
    /// The aim in Chinese.
    pub title: &'static str,
    /// What that means; for the robust plan also what cannot be spared.
    pub meaning: String,
    /// Whether no set of changes is better by this aim.
    pub proven: bool,
    /// What was made small: weighted ranks, see `docs/path.md`.
    pub cost: f64,
    /// No plan costs less than this.
    pub bound: f64,
    /// The changes, in the order of the questionnaire.
    pub steps: Vec<Step>,
    /// Score afterwards, as the scorer gives it.
    pub score: Option<f64>,
    /// Grade afterwards.
    pub grade: Option<GradeName>,
    /// Sum of the ranks of knowledge, time and resources over all steps.
    pub effort: [f64; 3],
    /// Lowest and highest price in 万元; `null` unless every step has one.
    pub money_wan: Option<[f64; 2]>,
    /// The roadmap.
    pub phases: Vec<Phase>,
}

/// One changed item.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Step {
    /// Item.
    pub item: String,
    /// Its title.
    pub title: String,
    /// The answer now.
    pub from: String,
    /// The answer afterwards.
    pub to: String,
    /// The change in short: `2 级 → 3 级`, `加选 D、E`.
    pub change: String,
    /// Clause of the standard that asks for it.
    pub clause: String,
    /// Evidence that the standard suggests, to be kept when it is done.
    pub evidence: Vec<String>,
    /// What is new in words: the text of the options or of the level.
    pub new: Vec<String>,
    /// Points that it adds by itself; `null` where points do not simply add up.
    pub points: Option<f64>,
    /// Title of the measure.
    pub measure: String,
    /// What to do.
    #[serde(rename = "do")]
    pub action: String,
    /// What can be done this week.
    pub first_step: String,
    /// Capabilities that it takes, by id.
    pub capabilities: Vec<String>,
    /// What one step takes.
    pub effort: Effort,
    /// Whether somebody ranked that; otherwise it is the middle.
    pub ranked: bool,
    /// Steps on the way: levels, bands or options.
    pub distance: f64,
    /// Of these the ones that come one after the other: options are added side by side.
    #[serde(skip)]
    pub(super) serial: f64,
    /// Month after which it begins.
    pub from_month: u32,
    /// Month in which it works.
    pub to_month: u32,
    /// Phase of the roadmap, from 1, by the month in which it works.
    pub phase: usize,
    /// Items of the plan that come before, with the reason.
    pub after: Vec<(String, String)>,
    /// Whether the target is missed without it.
    pub needed: bool,
    /// The level reached, for scenarios.
    #[serde(skip)]
    pub level: Option<u8>,
    /// Whether it is what comes of the other steps rather than work.
    pub result: bool,
}

impl Step {
    /// What is to be there afterwards: the text of the new options or level, otherwise what the measure says.
    pub fn goal(&self) -> String {
        if self.new.is_empty() {
            self.action.clone()
        } else {
            self.new.join("；")
        }
    }
}

/// A phase of the roadmap.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Phase {
    /// Number, from 1.
    pub number: usize,
    /// 近期, 中期, 远期.
    pub title: &'static str,
    /// Month after which its first step begins.
    pub from: u32,
    /// Month in which its last step works.
    pub to: u32,
    /// Items whose steps belong to it.
    pub items: Vec<String>,
}

/// The items that fail where one step does: its own, and all that rest on it.
fn with_it(steps: &[Step], index: usize) -> Vec<&str> {
    let mut gone = vec![steps[index].item.as_str()];
    // Circles are errors when the catalog loads, and every round adds a step or is the last.
    loop {
        let rests = |step: &&Step| {
            let on = |(item, _): &(String, String)| gone.contains(&item.as_str());
            !step.result && !gone.contains(&step.item.as_str()) && step.after.iter().any(on)
        };
        let Some(step) = steps.iter().find(rests) else {
            return gone;
        };
        gone.push(step.item.as_str());
    }
}

/// A set of changes as a plan; proof and cost are the caller's.
pub(super) fn describe<A: Answers>(
    context: &Context,
    space: &Space<'_, A>,
    aim: Aim,
    _goal: Goal,
    changes: &[Change],
    reaches: impl Fn(&[Change]) -> bool,
) -> PathPlan {
    let card = space.plan.scorecard(&space.after(changes), None);
    let mut knobs: Vec<usize> = changes.iter().map(|change| change.knob).collect();
    knobs.sort_unstable_by_key(|knob| space.knobs[*knob].item);
    knobs.dedup();
    let mut steps: Vec<Step> = knobs
        .iter()
        .map(|knob| {
            let own: Vec<Change> = changes.iter().filter(|change| change.knob == *knob).copied().collect();
            step(context, space, &own)
        })
        .collect();
    let phases = phases(context, &mut steps);
    for index in 0..steps.len() {
        let gone = with_it(&steps, index);
        let item = |change: &Change| space.plan.layout.items.get_index(space.knobs[change.knob].item);
        let stays = |change: &&Change| item(change).is_none_or(|(id, _)| !gone.contains(&id.as_str()));
        let rest: Vec<Change> = changes.iter().filter(stays).copied().collect();
        steps[index].needed = !reaches(&rest);
    }
    let total = |rank: fn(&Effort) -> u8| steps.iter().map(|s| f64::from(rank(&s.effort)) * s.distance).sum();
    let money = steps
        .iter()
        .map(|s| s.effort.money_wan.map(|range| range.map(|m| m * s.distance)));
    let kept: Vec<&str> = steps
        .iter()
        .filter(|step| step.needed)
        .map(|step| step.title.as_str())
        .collect();
    let meaning = match aim {
        Aim::Robust if kept.len() == steps.len() => super::NO_SPARE.to_owned(),
        Aim::Robust if !kept.is_empty() => {
            format!(
                "除了不可缺的{}，其余任何一步没做成、没被认可，仍能达到目标",
                kept.join("、")
            )
        }
        _ => aim.meaning().to_owned(),
    };
    PathPlan {
        aim,
        title: aim.label(),
        meaning,
        proven: false,
        cost: 0.0,
        bound: 0.0,
        score: card.score,
        grade: card.grade,
        effort: [total(|e| e.knowledge), total(|e| e.time), total(|e| e.resources)],
        money_wan: money.collect::<Option<Vec<_>>>().map(|all| {
            all.iter()
                .fold([0.0, 0.0], |sum, range| [sum[0] + range[0], sum[1] + range[1]])
        }),
        steps,
        phases,
    }
}

fn step<A: Answers>(context: &Context, space: &Space<'_, A>, own: &[Change]) -> Step {
    let knob: &Knob = &space.knobs[own[0].knob];
    let item = knob.item;
    let laid = &space.plan.layout.items[item];
    let after = space.after(own);
    let id = space
        .plan
        .layout
        .items
        .get_index(item)
        .map_or("", |(id, _)| id.as_str());
    let text = |option: usize| laid.choice_texts.get(option).cloned().unwrap_or_default();
    let (new, distance) = match &knob.choice {
        Choice::Any { .. } => (own.iter().map(|change| text(change.to)).collect(), own.len() as f64),
        Choice::One(states) => {
            let state = &states[own[0].to];
            let words = match state.cell.1 {
                Cell::Choice(index) if laid.kind != ItemKind::YesNo => vec![text(usize::from(index))],
                _ => Vec::new(),
            };
            (words, state.distance)
        }
    };
    let root = space.plan.root();
    // Levels one above the other: what a requirement is worth depends on all the others.
    let adds_up = space.plan.nodes[root].full > 0.0 && !matches!(space.plan.nodes[root].op, Op::Cumulative { .. });
    let points = adds_up.then(|| half_up(space.plan.score(&after)[root].points - space.now[root].points, 6));
    let measure = context.measure(item);
    let level = match space.answers.cell(laid.column) {
        Cell::Choice(level) if laid.kind == ItemKind::Level => u8::try_from(level).ok(),
        _ => None,
    };
    let words = measure.map_or(("", ""), |measure| measure.words(level));
    let (effort, ranked) = context.effort(item);
    let asked = context.questionnaire.items().find(|asked| asked.id.value == id);
    let (from, to) = (Knob::words(laid, space.answers), Knob::words(laid, &after));
    let change = match &knob.choice {
        Choice::Any { .. } => {
            let letters = own.iter().filter_map(|change| laid.choices.get(change.to));
            let letters: Vec<String> = letters.map(|id| id.to_uppercase()).collect();
            format!("加选 {}", letters.join("、"))
        }
        Choice::One(states) if !laid.parts.is_empty() => {
            let (column, _) = states[own[0].to].cell;
            let part = laid.parts.get(column.saturating_sub(laid.column));
            let number = |cell| match cell {
                Cell::Number(number) => finely(number, 4),
                _ => "未答".to_owned(),
            };
            let (old, new) = (number(space.answers.cell(column)), number(after.cell(column)));
            let (title, unit) = part.map_or(("", ""), |part| (part.title.as_str(), part.unit.as_str()));
            format!("{title} {old} → {new} {unit}").trim().to_owned()
        }
        Choice::One(_) if from.is_empty() => format!("未答 → {to}"),
        Choice::One(_) => format!("{from} → {to}"),
    };
    Step {
        item: id.to_owned(),
        title: laid.title.clone(),
        from,
        to,
        change,
        clause: asked.map_or(String::new(), |asked| asked.clause.clone()),
        evidence: asked.map_or(Vec::new(), |asked| evidence(asked, level, after.cell(laid.column))),
        new,
        points,
        measure: measure.map_or(String::new(), |m| m.title.clone()),
        action: words.0.to_owned(),
        first_step: words.1.to_owned(),
        capabilities: measure.map_or(Vec::new(), |m| m.capabilities.iter().map(|c| c.value.clone()).collect()),
        effort,
        ranked,
        distance,
        serial: match &knob.choice {
            Choice::Any { .. } => 1.0,
            Choice::One(_) => distance,
        },
        level: match after.cell(laid.column) {
            Cell::Choice(level) if laid.kind == ItemKind::Level => u8::try_from(level).ok(),
            _ => None,
        },
        from_month: 0,
        to_month: 0,
        phase: 1,
        after: Vec::new(),
        needed: true,
        result: measure.is_some_and(|m| m.result),
    }
}

/// What proves the change. Where a scenario names one paper a level, those of the levels that are new.
fn evidence(asked: &Item, from: Option<u8>, to: Cell) -> Vec<String> {
    let all = &asked.evidence;
    let top = asked.levels.iter().map(|level| usize::from(level.level.value)).max();
    match (to, top) {
        (Cell::Choice(to), Some(top)) if top == all.len() => {
            let papers = all.get(usize::from(from.unwrap_or(0))..usize::from(to));
            papers.map_or_else(|| all.clone(), <[String]>::to_vec)
        }
        _ => all.clone(),
    }
}
