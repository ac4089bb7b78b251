//! The least effort that reaches a target: an exact integer program over the rules, its result checked by the scorer.
//!
//! Three plans: the cheapest, the fastest, and one that still reaches the target when any one step fails. A plan is a set of
//! changed answers; the engine scores the changed answers again, and what it does not confirm is cut off and solved anew. So
//! a plan that is shown holds, and one that is called best is the best of all changes that [`knob`] offers.

mod knob;
mod program;
mod result;
mod roadmap;
mod space;

use program::{Best, Domain, Linear};
use space::{Change, Space, Vars};

pub use result::{Aim, Goal, ImprovementPath, PathPlan, PathState, Phase, Step};

use super::effort::Effort;
use super::measures::{Capabilities, Measure, Measures};
use crate::questionnaire::{ItemKind, Questionnaire};
use crate::round::half_up;
use crate::scoring::bound::Evaluated;
use crate::scoring::layout::{Answers, Cell};
use crate::scoring::plan::{Condition, Op, Plan, RungPlan, VetoPlan};
use crate::scoring::rulebook::VetoEffect;

pub(crate) use knob::{Changed, Knob};

use knob::Choice;

/// What the place in the questionnaire weighs: far less than any difference of effort.
const TIE: f64 = 1e-6;

/// What half a year of the longest step weighs in the fastest plan: more than all work together.
const LONGEST: f64 = 1000.0;
const HALF_YEAR: f64 = 6.0;

/// Said where every step is needed.
pub const NO_SPARE: &str = "没有更稳的方案：哪一步没做成，就到不了目标";

/// Most results that the scorer may turn down before the search is given up.
const CUTS: usize = 40;

/// What is needed to look for a path in one standard.
pub struct Context<'a> {
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// The plan that scores it.
    pub plan: &'a Plan,
    /// The measures, where there are any.
    pub measures: Option<&'a Measures>,
    /// Vocabulary.
    pub capabilities: &'a Capabilities,
    /// Items that must stay as they are.
    pub fixed: &'a [String],
}

impl Context<'_> {
    /// The measure for an item: named by itself, by a node that reads it, or by what that node belongs to.
    fn measure(&self, item: usize) -> Option<&Measure> {
        let measures = self.measures?;
        let (id, _) = self.plan.layout.items.get_index(item)?;
        let named = |name: &str| {
            let mut all = measures.measures.iter();
            all.find(|m| m.targets.iter().any(|target| target.value == name))
        };
        named(id).or_else(|| {
            let reading = self
                .plan
                .nodes
                .iter()
                .filter(|node| self.plan.items_of(node).contains(id));
            reading.flat_map(|node| self.above(node.id.as_str())).find_map(named)
        })
    }

    /// Ids of a node and of all above it.
    fn above(&self, id: &str) -> Vec<&str> {
        let mut at = self.plan.node(id);
        let mut ids = Vec::new();
        while let Some(index) = at {
            ids.push(self.plan.nodes[index].id.as_str());
            at = self.plan.nodes[index].parent;
        }
        ids
    }

    /// Items that follow from other work.
    fn results(&self) -> Vec<String> {
        let items = self.plan.layout.items.keys().enumerate();
        items
            .filter(|(index, _)| self.measure(*index).is_some_and(|measure| measure.result))
            .map(|(_, id)| id.clone())
            .collect()
    }

    fn effort(&self, item: usize) -> (Effort, bool) {
        match self.measure(item).and_then(|measure| measure.effort.clone()) {
            Some(effort) => (effort.value, true),
            None => (Effort::default(), false),
        }
    }
}

/// The path to a goal; `None` for a standard that has no such thing.
pub fn find(context: &Context, answers: &impl Answers, goal: Goal) -> Option<ImprovementPath> {
    let plan = context.plan;
    let rung = match goal {
        Goal::Grade(level) => Some(plan.grade.as_ref()?.rungs.iter().find(|r| r.name.level == level)?),
        Goal::Score(_) if plan.nodes[plan.root()].full <= 0.0 => return None,
        Goal::Score(_) => None,
    };
    let run = |fixed: &[String]| {
        let search = Search {
            space: Space::new(plan, answers, fixed),
            context,
            goal,
            rung,
        };
        search.run()
    };
    let results = context.results();
    let path = run(&[context.fixed, &results].concat());
    if path.state != PathState::OutOfReach || results.is_empty() {
        return Some(path);
    }
    let mut path = run(context.fixed);
    if path.state == PathState::Open {
        let note = "单靠可以动手改的题达不到，方案里有成效类的题（如合格率、能耗、效益）：它们要靠别的改进带出来，不能当作已经有把握";
        path.notes.push(note.to_owned());
    }
    Some(path)
}

/// The first rung above the present grade.
pub fn next_goal(context: &Context, answers: &impl Answers) -> Option<Goal> {
    let ladder = context.plan.grade.as_ref()?;
    let outcomes = context.plan.score(answers);
    let met = |rung: &&RungPlan| {
        let mut conditions = rung.require.iter();
        conditions.all(|condition| context.plan.condition(condition, &outcomes, answers).met)
    };
    let failing = |veto: &&VetoPlan| veto.holds.truth(answers) == Evaluated::Value(false);
    let cap = context
        .plan
        .vetoes
        .iter()
        .filter(failing)
        .filter_map(|veto| match veto.effect {
            VetoEffect::Cap(level) => Some(level),
            VetoEffect::Disqualify => None,
        });
    let reached = ladder
        .rungs
        .iter()
        .rev()
        .find(met)
        .map_or(ladder.none.level, |rung| rung.name.level);
    let now = cap.min().map_or(reached, |cap| cap.min(reached));
    let above = ladder.rungs.iter().filter(|rung| rung.name.level > now);
    above.map(|rung| rung.name.level).min().map(Goal::Grade)
}

/// Whether answering some items, all else as it is, can reach a grade.
pub(crate) fn open_by_answering(plan: &Plan, answers: &impl Answers, items: &[String], level: u8) -> bool {
    let others: Vec<String> = plan
        .layout
        .items
        .keys()
        .filter(|id| !items.contains(id))
        .cloned()
        .collect();
    let questionnaire = Questionnaire::default();
    let context = Context {
        questionnaire: &questionnaire,
        plan,
        measures: None,
        capabilities: &Capabilities::default(),
        fixed: &others,
    };
    let found = find(&context, answers, Goal::Grade(level));
    found.is_some_and(|path| path.state == PathState::Open)
}

/// Every way in which one item can be answered by choosing, as changed cells.
pub(crate) fn ways(plan: &Plan, item: usize, answers: &impl Answers) -> Vec<Vec<(usize, Cell)>> {
    let Some(knob) = knob::chosen(plan, item, answers) else {
        return Vec::new();
    };
    match knob.choice {
        Choice::One(states) => states.into_iter().map(|state| vec![state.cell]).collect(),
        Choice::Any { now, open } => {
            let column = plan.layout.items[item].column;
            let all = open.iter().fold(now, |bits, option| bits | 1 << option);
            let one = open.iter().map(|option| now | 1 << option);
            one.chain([all])
                .map(|bits| vec![(column, Cell::Chosen(bits))])
                .collect()
        }
    }
}

/// One step up and one step down from the present answer of an item: the next option by points, the next level, an option
/// more or less.
pub(crate) fn steps(plan: &Plan, item: usize, answers: &impl Answers) -> Vec<Vec<(usize, Cell)>> {
    let laid = &plan.layout.items[item];
    let column = laid.column;
    let one = |cell: Cell| vec![(column, cell)];
    match answers.cell(column) {
        Cell::Choice(level) if laid.kind == ItemKind::Level => {
            let top = laid.choices.len().saturating_sub(1) as u16;
            let down = level.checked_sub(1).map(|level| one(Cell::Choice(level)));
            let up = (level < top).then(|| one(Cell::Choice(level + 1)));
            down.into_iter().chain(up).collect()
        }
        Cell::Choice(now) if laid.kind == ItemKind::YesNo => vec![one(Cell::Choice(1 - now.min(1)))],
        Cell::Choice(now) => {
            let points = plan.nodes.iter().find_map(|node| match &node.op {
                Op::Options { item: read, points } if *read == item => Some(points),
                _ => None,
            });
            let Some(points) = points else { return Vec::new() };
            let of = |option: usize| points.get(option).copied().unwrap_or(0.0);
            let here = of(usize::from(now));
            let options = || (0..points.len()).filter(|option| *option != usize::from(now));
            let up = options()
                .filter(|o| of(*o) > here)
                .min_by(|a, b| of(*a).total_cmp(&of(*b)));
            let down = options()
                .filter(|o| of(*o) < here)
                .max_by(|a, b| of(*a).total_cmp(&of(*b)));
            down.into_iter()
                .chain(up)
                .map(|option| one(Cell::Choice(option as u16)))
                .collect()
        }
        Cell::Chosen(bits) => {
            let options = (0..laid.choices.len().min(64)).filter(|option| laid.exclusive >> option & 1 == 0);
            let kept = bits & !laid.exclusive;
            let turned = options.map(|option| kept ^ (1 << option)).filter(|bits| *bits != 0);
            turned.map(|bits| one(Cell::Chosen(bits))).collect()
        }
        _ => Vec::new(),
    }
}

struct Search<'a, A> {
    context: &'a Context<'a>,
    space: Space<'a, A>,
    goal: Goal,
    rung: Option<&'a RungPlan>,
}

/// What came of a search.
enum Tried {
    Found(Found),
    /// There is no such set.
    Nothing,
    /// The scorer did not confirm the best of the counted options.
    TurnedDown,
}

impl Tried {
    fn found(self) -> Option<Found> {
        match self {
            Tried::Found(found) => Some(found),
            Tried::Nothing | Tried::TurnedDown => None,
        }
    }
}

/// A set of changes that reaches the goal.
struct Found {
    changes: Vec<Change>,
    cost: f64,
    bound: f64,
    proven: bool,
}

impl<'a, A: Answers> Search<'a, A> {
    fn run(&self) -> ImprovementPath {
        let mut path = ImprovementPath::new(self.context, self.goal, self.rung);
        if self.reaches(&[]) {
            path.state = PathState::Reached;
            return path;
        }
        for aim in [Aim::Cheapest, Aim::Fastest, Aim::Robust] {
            // Counting first; single options only where rounding turns that down, which it hardly ever does.
            let found = match self.plan(aim, true) {
                Ok(Tried::TurnedDown) => self.plan(aim, false),
                other => other,
            };
            match found.map(Tried::found) {
                Ok(Some(found)) => {
                    let plan = self.describe(aim, &found.changes);
                    if aim == Aim::Cheapest
                        && let [only] = found.changes[..]
                    {
                        path.notes.extend(self.alternatives(only));
                    }
                    path.plans.push(PathPlan {
                        proven: found.proven,
                        cost: found.cost,
                        bound: found.bound,
                        ..plan
                    });
                }
                // No plan can lose a step where some condition has but one way to be met; the others stand.
                Ok(None) if aim == Aim::Robust => {
                    path.notes.push(NO_SPARE.to_owned());
                }
                Ok(None) => {
                    path.state = PathState::OutOfReach;
                    path.reason = self.obstacles();
                    return path;
                }
                Err(why) => path.notes.push(format!("{}：{why}", aim.label())),
            }
        }
        path.state = if path.plans.is_empty() {
            PathState::OutOfReach
        } else {
            PathState::Open
        };
        path
    }

    fn describe(&self, aim: Aim, changes: &[Change]) -> PathPlan {
        result::describe(self.context, &self.space, aim, self.goal, changes, |changes| {
            self.reaches(changes)
        })
    }

    /// Other single changes that reach the goal, in words: where efforts are equal the choice is the enterprise's.
    fn alternatives(&self, chosen: Change) -> Option<String> {
        let others = (0..self.space.knobs.len()).filter(|knob| *knob != chosen.knob);
        let others = others.filter_map(|knob| {
            let changes = self.space.changes(knob);
            let change = changes.into_iter().find(|change| self.reaches(&[*change]))?;
            let step = self.describe(Aim::Cheapest, &[change]).steps.pop()?;
            Some(format!("{}（{}）", step.title, step.change))
        });
        let others: Vec<String> = others.collect();
        (!others.is_empty()).then(|| format!("只改一处就能达到的还有：{}；哪一处好做，就做哪一处", others.join("、")))
    }

    /// The conditions of the goal.
    fn conditions(&self) -> Vec<Condition> {
        match (self.goal, self.rung) {
            (Goal::Score(points), _) => vec![Condition::Score {
                node: self.space.plan.root(),
                at_least: points,
            }],
            (Goal::Grade(_), Some(rung)) => rung.require.clone(),
            (Goal::Grade(_), None) => Vec::new(),
        }
    }

    /// The vetoes that stand in the way of the goal.
    fn vetoes(&self) -> impl Iterator<Item = &'a VetoPlan> {
        let goal = self.goal;
        self.space
            .plan
            .vetoes
            .iter()
            .filter(move |veto| match (veto.effect, goal) {
                (VetoEffect::Disqualify, _) => true,
                (VetoEffect::Cap(most), Goal::Grade(level)) => most < level,
                (VetoEffect::Cap(_), Goal::Score(_)) => false,
            })
    }

    /// Whether the scorer finds the goal reached after some changes.
    fn reaches(&self, changes: &[Change]) -> bool {
        let (plan, after) = (self.space.plan, self.space.after(changes));
        let outcomes = plan.score(&after);
        let holds = |veto: &VetoPlan| veto.holds.truth(&after) != Evaluated::Value(false);
        self.conditions()
            .iter()
            .all(|condition| plan.condition(condition, &outcomes, &after).met)
            && self.vetoes().all(holds)
    }

    /// The best plan for an aim; `Ok(None)` when there is none.
    fn plan(&self, aim: Aim, counting: bool) -> Result<Tried, String> {
        let cost = |change: Change| self.cost(aim, change);
        let mut vars = Vars::new(&cost, counting);
        for veto in self.vetoes() {
            let failing = veto.holds.truth(self.space.answers) == Evaluated::Value(false);
            if failing && !self.space.hold(&veto.holds, &mut vars) {
                return Ok(Tried::Nothing);
            }
        }
        // Scores last: by then every change that a condition asks for is a variable.
        let mut conditions = self.conditions();
        conditions.sort_by_key(|condition| matches!(condition, Condition::Score { .. }));
        for condition in conditions {
            if !self.space.require(&condition, &mut vars) {
                return Ok(Tried::Nothing);
            }
        }
        self.prerequisites(&mut vars);
        match aim {
            Aim::Fastest if !counting => self.fastest(&mut vars),
            Aim::Fastest => {}
            Aim::Robust => self.robust(&mut vars),
            Aim::Cheapest => {}
        }
        // One answer an item.
        for knob in 0..self.space.knobs.len() {
            if let Choice::One(_) = self.space.knobs[knob].choice {
                let known = self.space.changes(knob).into_iter();
                let terms: Vec<_> = known
                    .filter_map(|change| vars.by_change.get(&change).map(|var| (*var, -1.0)))
                    .collect();
                if terms.len() > 1 {
                    vars.program.at_least(Linear::of(terms), -1.0);
                }
            }
        }
        for _ in 0..CUTS {
            let best = if aim == Aim::Fastest && counting {
                self.soonest(&vars)?
            } else {
                vars.program.solve()?
            };
            let Some(best) = best else {
                return Ok(Tried::Nothing);
            };
            let changes = vars.taken(&best.values);
            if self.reaches(&changes) && (aim != Aim::Robust || self.survives(&changes)) {
                // Added up again: a solver's last digits need not be the same everywhere, a report's must be.
                let cost = half_up(self.total(aim, &changes), 3);
                return Ok(Tried::Found(Found {
                    changes,
                    cost,
                    bound: if best.proven { cost } else { half_up(best.bound, 3) },
                    proven: best.proven,
                }));
            }
            if counting {
                return Ok(Tried::TurnedDown);
            }
            // Rounding made it fall short: any other set of changes may do.
            let taken = |var: &usize| best.values[*var] > 0.5;
            let terms = vars
                .by_change
                .values()
                .map(|var| (*var, if taken(var) { -1.0 } else { 1.0 }));
            let cut = Linear::of(terms);
            vars.program.at_least(cut, 1.0 - changes.len() as f64);
        }
        Err(format!("试了 {CUTS} 组改法，四舍五入后都差一点"))
    }

    fn cost(&self, aim: Aim, change: Change) -> f64 {
        let (effort, _) = self.context.effort(self.space.knobs[change.knob].item);
        let distance = self.distance(change);
        let rank = match aim {
            Aim::Cheapest => f64::from(1_u8 << effort.resources.min(3)) / 2.0 + 0.01 * effort.difficulty(),
            Aim::Fastest => f64::from(effort.time) + 0.01 * effort.difficulty(),
            Aim::Robust => effort.difficulty(),
        };
        // Of equals the first in the questionnaire, so that the plans differ only where their aims do.
        rank * distance + TIE * (change.knob as f64 + change.to as f64 / 64.0)
    }

    /// Steps of a change that come one after the other; options of one item are added side by side.
    fn distance(&self, change: Change) -> f64 {
        match &self.space.knobs[change.knob].choice {
            Choice::One(states) => states[change.to].distance,
            Choice::Any { .. } => 1.0,
        }
    }

    /// Half-years until a change works.
    fn lasts(&self, change: Change) -> f64 {
        let (effort, _) = self.context.effort(self.space.knobs[change.knob].item);
        effort.lasts(self.distance(change)) / HALF_YEAR
    }

    /// What a set of changes costs.
    fn total(&self, aim: Aim, changes: &[Change]) -> f64 {
        let time = |change: &Change| self.lasts(*change);
        let sum: f64 = changes.iter().map(|change| self.cost(aim, *change)).sum();
        match aim {
            Aim::Fastest => sum + LONGEST * changes.iter().map(time).fold(0.0, f64::max),
            Aim::Cheapest | Aim::Robust => sum,
        }
    }

    /// The least work within the shortest time in which the goal can be reached at all. A row for each time is quicker than
    /// the time as a variable ([`Self::fastest`]), but there is no cutting off a solution.
    fn soonest(&self, vars: &Vars) -> Result<Option<Best>, String> {
        let single = vars.by_change.iter().map(|(change, var)| (*change, *var));
        let groups = vars
            .counted
            .values()
            .flatten()
            .map(|group| (group.changes[0], group.var));
        let all: Vec<(f64, usize)> = single
            .chain(groups)
            .map(|(change, var)| (self.lasts(change), var))
            .collect();
        let mut times: Vec<f64> = all.iter().map(|(time, _)| *time).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let within = |most: f64| {
            let mut program = vars.program.clone();
            for (_, var) in all.iter().filter(|(time, _)| *time > most) {
                program.at_least(Linear::of([(*var, -1.0)]), 0.0);
            }
            program.solve()
        };
        let mut best = None;
        let (mut low, mut high) = (0, times.len());
        while low < high {
            let middle = (low + high) / 2;
            match within(times[middle])? {
                Some(found) => {
                    best = Some(found);
                    high = middle;
                }
                None => low = middle + 1,
            }
        }
        Ok(best)
    }

    /// The longest step decides when the goal is reached; then the work in all.
    fn fastest(&self, vars: &mut Vars) {
        let changes = vars.by_change.keys().copied();
        let groups = vars.counted.values().flatten().map(|group| group.changes[0]);
        let most = changes.chain(groups).map(|change| self.lasts(change));
        let most = most.fold(0.0, f64::max);
        let longest = vars.program.var(LONGEST, Domain::Real(most));
        for (change, var) in vars.by_change.clone() {
            let row = Linear::of([(longest, 1.0), (var, -self.lasts(change))]);
            vars.program.at_least(row, 0.0);
        }
        let counted = vars.counted.values().flatten();
        let counted: Vec<(Change, usize, usize)> = counted
            .map(|group| (group.changes[0], group.var, group.changes.len()))
            .collect();
        for (change, var, most) in counted {
            let any = vars.program.var(0.0, Domain::Binary);
            vars.program
                .at_least(Linear::of([(any, most as f64), (var, -1.0)]), 0.0);
            let row = Linear::of([(longest, 1.0), (any, -self.lasts(change))]);
            vars.program.at_least(row, 0.0);
        }
    }

    /// Every sum reaches its number without the item that gives it most.
    fn robust(&self, vars: &mut Vars) {
        for (sum, least) in std::mem::take(&mut vars.needs) {
            let single = vars.by_change.iter().map(|(change, var)| (*var, change.knob));
            let counted = vars.counted.iter();
            let counted = counted.flat_map(|(knob, groups)| groups.iter().map(move |group| (group.var, *knob)));
            let by_var: std::collections::BTreeMap<usize, usize> = single.chain(counted).collect();
            let mut by_knob: std::collections::BTreeMap<usize, Vec<(usize, f64)>> = Default::default();
            for (var, by) in &sum.terms {
                // What is no change itself is a capped sum of changes, and stands for its item.
                let knob = by_var.get(var).copied().unwrap_or(usize::MAX - var);
                by_knob.entry(knob).or_default().push((*var, *by));
            }
            let reach = |(var, by): &(usize, f64)| by.max(0.0) * vars.program.vars[*var].1.most();
            let most = by_knob.values().map(|terms| terms.iter().map(reach).sum::<f64>());
            let most = most.fold(0.0, f64::max);
            let largest = vars.program.var(0.0, Domain::Real(most));
            for terms in by_knob.values() {
                let less = terms.iter().map(|(var, by)| (*var, -by));
                let row = Linear::of(less.chain([(largest, 1.0)]));
                vars.program.at_least(row, 0.0);
            }
            let mut without = sum;
            without.terms.push((largest, -1.0));
            vars.program.at_least(without, least);
        }
    }

    /// Whether every score and count is still enough without any one of the items.
    fn survives(&self, changes: &[Change]) -> bool {
        let conditions = self.conditions();
        let sums = conditions
            .iter()
            .filter(|c| matches!(c, Condition::Score { .. } | Condition::Count { .. }));
        let sums: Vec<&Condition> = sums.collect();
        let mut knobs: Vec<usize> = changes.iter().map(|change| change.knob).collect();
        knobs.dedup();
        knobs.into_iter().all(|knob| {
            let rest: Vec<Change> = changes.iter().filter(|change| change.knob != knob).copied().collect();
            let after = self.space.after(&rest);
            let outcomes = self.space.plan.score(&after);
            sums.iter().all(|c| self.space.plan.condition(c, &outcomes, &after).met)
        })
    }

    /// What must be there before an item can be raised.
    fn prerequisites(&self, vars: &mut Vars) {
        let Some(measures) = self.context.measures else { return };
        for rule in measures.prerequisites.iter() {
            let index = |id: &str| self.space.plan.layout.items.get_index_of(id);
            let Some(knob) = index(&rule.item.value).and_then(|item| self.space.knob_of(item)) else {
                continue;
            };
            let raised = self.raised(knob, rule.level, vars);
            if raised.terms.is_empty() {
                continue;
            }
            match (rule.share, rule.needs_level) {
                (Some(share), _) => {
                    let Some(node) = self.space.plan.node(&rule.needs.value) else {
                        continue;
                    };
                    let needed = share * self.space.plan.nodes[node].full;
                    let (mut sum, room) = self.space.points(node, vars);
                    sum.add(&raised, -needed);
                    vars.program.at_least(sum, -room - 1e-9);
                }
                (None, level) => {
                    let Some(item) = index(&rule.needs.value) else { continue };
                    let level = level.unwrap_or(1);
                    let now = match self.space.answers.cell(self.space.plan.layout.items[item].column) {
                        Cell::Choice(now) => now >= u16::from(level),
                        _ => false,
                    };
                    let mut sum = match self.space.knob_of(item) {
                        Some(needed) if !now => self.raised(needed, Some(level), vars),
                        _ => Linear::default(),
                    };
                    sum.constant += f64::from(u8::from(now));
                    sum.add(&raised, -1.0);
                    vars.program.at_least(sum, 0.0);
                }
            }
        }
    }

    /// 1 when an item is raised to a level from below it, or raised at all.
    fn raised(&self, knob: usize, level: Option<u8>, vars: &mut Vars) -> Linear {
        let Choice::One(states) = &self.space.knobs[knob].choice else {
            return Linear::default();
        };
        let column = self.space.plan.layout.items[self.space.knobs[knob].item].column;
        let at = |cell| match cell {
            Cell::Choice(level) => i32::from(level),
            _ => -1,
        };
        let now = at(self.space.answers.cell(column));
        let least = level.map_or(now + 1, i32::from);
        if now >= least {
            return Linear::default();
        }
        let reaching = states.iter().enumerate().filter(|(_, state)| at(state.cell.1) >= least);
        let changes: Vec<Change> = reaching.map(|(to, _)| Change { knob, to }).collect();
        Linear::of(changes.into_iter().map(|change| (vars.of(change), 1.0)))
    }

    /// Conditions that nothing which can be changed makes true, in words.
    fn obstacles(&self) -> Vec<String> {
        let free = |_: Change| 1.0;
        let mut words = Vec::new();
        for condition in self.conditions() {
            let mut vars = Vars::new(&free, true);
            let possible = self.space.require(&condition, &mut vars) && {
                for knob in 0..self.space.knobs.len() {
                    if let Choice::One(_) = self.space.knobs[knob].choice {
                        let changes = self.space.changes(knob).into_iter();
                        let terms: Vec<_> = changes
                            .filter_map(|change| vars.by_change.get(&change).map(|var| (*var, -1.0)))
                            .collect();
                        vars.program.at_least(Linear::of(terms), -1.0);
                    }
                }
                matches!(vars.program.solve(), Ok(Some(_)))
            };
            if !possible {
                words.push(self.space.plan.condition_in_words(&condition));
            }
        }
        for veto in self.vetoes() {
            let mut vars = Vars::new(&free, true);
            let failing = veto.holds.truth(self.space.answers) == Evaluated::Value(false);
            if failing && !self.space.hold(&veto.holds, &mut vars) {
                words.push(veto.title.clone());
            }
        }
        words
    }
}
