//! The rules of one standard as sums over changes: what every change adds to each score, and when each condition holds.
//!
//! Sums, weights and shares are linear once each item's alternatives are known; what is not linear — rounding on the way up —
//! is left a little room here and checked by the scorer itself afterwards, so nothing that the rules allow is lost.

use std::collections::BTreeMap;

use super::knob::{self, Changed, Choice, Knob};
use super::program::{Domain, Linear, Program};
use crate::scoring::bound::{BoundExpr, Evaluated};
use crate::scoring::eval::{Outcome, Status};
use crate::scoring::layout::{Answers, Cell};
use crate::scoring::plan::{Condition, Op, Plan};
use crate::scoring::rulebook::NaPolicy;

/// Most combinations of answers that are tried for one condition.
const COMBINATIONS: usize = 4096;

/// One change as a variable of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    /// Index of the knob.
    pub knob: usize,
    /// State, or option.
    pub to: usize,
}

/// The changes that one standard allows an enterprise.
pub(super) struct Space<'a, A> {
    pub plan: &'a Plan,
    pub answers: &'a A,
    pub knobs: Vec<Knob>,
    /// Outcomes of the answers as they are.
    pub now: Vec<Outcome>,
    /// Knob by item.
    by_item: BTreeMap<usize, usize>,
}

impl<'a, A: Answers> Space<'a, A> {
    /// Everything that can change but what is `fixed` (item ids).
    pub fn new(plan: &'a Plan, answers: &'a A, fixed: &[String]) -> Self {
        let mut space = Self {
            plan,
            answers,
            knobs: Vec::new(),
            now: plan.score(answers),
            by_item: BTreeMap::new(),
        };
        let free = |item: usize| {
            let id = plan.layout.items.get_index(item);
            id.is_some_and(|(id, _)| !fixed.contains(id))
        };
        for item in (0..plan.layout.items.len()).filter(|item| free(*item)) {
            if let Some(knob) = knob::chosen(plan, item, answers) {
                space.add(knob);
            }
        }
        for node in 0..plan.nodes.len() {
            if let Some(knob) = knob::measured(plan, node, answers).filter(|knob| free(knob.item)) {
                space.add(knob);
            }
        }
        space.measure_options();
        let rungs = plan.grade.iter().flat_map(|grade| &grade.rungs);
        let conditions = rungs.flat_map(|rung| &rung.require).filter_map(|c| match c {
            Condition::Holds { expr, .. } => Some(expr),
            _ => None,
        });
        for expr in conditions.chain(plan.vetoes.iter().map(|veto| &veto.holds)) {
            if expr.truth(answers) != Evaluated::Value(false) {
                continue;
            }
            if let Some(knob) = knob::conditional(plan, expr, answers).filter(|knob| free(knob.item)) {
                space.add(knob);
            }
        }
        space
    }

    /// How far an option is: the steps of points on the way to it.
    fn measure_options(&mut self) {
        for (index, node) in self.plan.nodes.iter().enumerate() {
            let Op::Options { item, points } = &node.op else {
                continue;
            };
            let Some(knob) = self.by_item.get(item) else { continue };
            let Choice::One(states) = &mut self.knobs[*knob].choice else {
                continue;
            };
            let now = self.now[index].points;
            for state in states {
                let Cell::Choice(option) = state.cell.1 else { continue };
                let to = points.get(usize::from(option)).copied().unwrap_or(0.0);
                let mut steps: Vec<f64> = points.iter().copied().filter(|p| *p > now && *p <= to).collect();
                steps.sort_by(f64::total_cmp);
                steps.dedup();
                state.distance = (steps.len() as f64).max(1.0);
            }
        }
    }

    /// Adds a knob; one that is there already gets the new states.
    fn add(&mut self, knob: Knob) {
        let Some(at) = self.by_item.get(&knob.item) else {
            self.by_item.insert(knob.item, self.knobs.len());
            self.knobs.push(knob);
            return;
        };
        if let (Choice::One(known), Choice::One(new)) = (&mut self.knobs[*at].choice, knob.choice) {
            // All states of a knob turn the same cell.
            let column = known.first().map(|state| state.cell.0);
            for state in new {
                if Some(state.cell.0) == column && !known.iter().any(|k| k.cell == state.cell) {
                    known.push(state);
                }
            }
        }
    }

    /// The cells that a set of changes gives.
    pub fn cells(&self, changes: &[Change]) -> Vec<(usize, Cell)> {
        let mut added: BTreeMap<usize, u64> = BTreeMap::new();
        let mut cells = Vec::new();
        for change in changes {
            match &self.knobs[change.knob].choice {
                Choice::One(states) => cells.push(states[change.to].cell),
                Choice::Any { .. } => *added.entry(change.knob).or_default() |= 1u64 << change.to,
            }
        }
        for (knob, bits) in added {
            if let Choice::Any { now, .. } = &self.knobs[knob].choice {
                cells.push((self.column(knob), Cell::Chosen(now | bits)));
            }
        }
        cells
    }

    /// The answers after a set of changes.
    pub fn after(&self, changes: &[Change]) -> Changed<'a, A> {
        Changed {
            base: self.answers,
            cells: self.cells(changes),
        }
    }

    /// All changes of a knob, one by one.
    pub fn changes(&self, knob: usize) -> Vec<Change> {
        match &self.knobs[knob].choice {
            Choice::One(states) => (0..states.len()).map(|to| Change { knob, to }).collect(),
            Choice::Any { open, .. } => open.iter().map(|to| Change { knob, to: *to }).collect(),
        }
    }

    /// The knob of an item.
    pub fn knob_of(&self, item: usize) -> Option<usize> {
        self.by_item.get(&item).copied()
    }

    fn column(&self, knob: usize) -> usize {
        self.plan.layout.items[self.knobs[knob].item].column
    }

    /// Items that a node without children reads.
    fn reads(&self, node: usize) -> Vec<usize> {
        let of = |expr: &BoundExpr| -> Vec<usize> { expr.inputs().iter().map(|input| input.item).collect() };
        let mut items = match &self.plan.nodes[node].op {
            Op::Options { item, .. } | Op::SumOfOptions { item, .. } => vec![*item],
            Op::Bands { value, .. } => of(value),
            Op::Interpolate {
                value,
                leading,
                baseline,
                ..
            } => [of(value), of(leading), of(baseline)].concat(),
            _ => Vec::new(),
        };
        items.sort_unstable();
        items.dedup();
        items
    }

    /// Points of a node as a sum over changes, and how far rounding may take it from that sum.
    pub fn points(&self, node: usize, vars: &mut Vars) -> (Linear, f64) {
        let outcome = &self.now[node];
        let gone = matches!(outcome.status, Status::NotApplicable | Status::LeftOut);
        let plan = &self.plan.nodes[node];
        let rounding = 0.5 * 10f64.powi(-i32::from(plan.decimals)) + 1e-9;
        let fixed = || (Linear::constant(outcome.points), 0.0);
        if gone {
            return fixed();
        }
        let (mut sum, mut room) = match &plan.op {
            Op::Sum(children) => self.total(children.iter().map(|child| (*child, 1.0)), vars),
            Op::Weighted(children) => {
                let applies = |child: &&usize| self.now[**child].applicable > 0.0;
                let all: f64 = children
                    .iter()
                    .filter(applies)
                    .map(|c| self.plan.nodes[*c].weight)
                    .sum();
                let share = |c: &usize| plan.full * self.plan.nodes[*c].weight / all / self.now[*c].applicable;
                let (sum, room) = self.total(children.iter().filter(applies).map(|c| (*c, share(c))), vars);
                (sum, room + rounding)
            }
            Op::OneOf(children) => {
                // The alternative that counts now; another would be another way of assessing, not an improvement.
                match children.iter().find(|c| self.now[**c].status == Status::Scored) {
                    Some(child) => self.points(*child, vars),
                    None => return fixed(),
                }
            }
            Op::Options { .. } | Op::SumOfOptions { .. } | Op::Bands { .. } | Op::Interpolate { .. } => {
                return (self.leaf(node, vars), 0.0);
            }
            _ => return fixed(),
        };
        if node == self.plan.root() && (outcome.applicable - plan.full).abs() > 1e-9 && outcome.applicable > 0.0 {
            match self.plan.not_applicable {
                NaPolicy::Rescale => {
                    let factor = plan.full / outcome.applicable;
                    let mut scaled = Linear::default();
                    scaled.add(&sum, factor);
                    (sum, room) = (scaled, room * factor + rounding);
                }
                NaPolicy::Full => sum.constant += plan.full - outcome.applicable,
                NaPolicy::Zero => {}
            }
        }
        (sum, room)
    }

    fn total(&self, children: impl Iterator<Item = (usize, f64)>, vars: &mut Vars) -> (Linear, f64) {
        let (mut sum, mut room) = (Linear::default(), 0.0);
        for (child, times) in children {
            let (points, rounding) = self.points(child, vars);
            sum.add(&points, times);
            room += rounding * times;
        }
        (sum, room)
    }

    /// Points of a node without children.
    fn leaf(&self, node: usize, vars: &mut Vars) -> Linear {
        let now = self.now[node].points;
        let knobs: Vec<usize> = self.reads(node).iter().filter_map(|item| self.knob_of(*item)).collect();
        let mut sum = Linear::constant(now);
        if let (Op::SumOfOptions { points, cap, .. }, [knob]) = (&self.plan.nodes[node].op, knobs.as_slice()) {
            let open = self.changes(*knob);
            let each = |change: &Change| points.get(change.to).copied().unwrap_or(0.0);
            let all: f64 = open.iter().map(each).sum();
            let adds = match vars.alike(*knob, &open, &each) {
                Some(counted) => Linear::of(counted),
                None => Linear::of(open.iter().map(|change| (vars.of(*change), each(change)))),
            };
            if now + all <= cap + 1e-9 {
                sum.add(&adds, 1.0);
            } else {
                // Never more than the cap, never more than what was added.
                let capped = vars.program.var(0.0, Domain::Real((cap - now).max(0.0)));
                let mut enough = adds;
                enough.terms.push((capped, -1.0));
                vars.program.at_least(enough, 0.0);
                sum.terms.push((capped, 1.0));
            }
            return sum;
        }
        for knob in knobs {
            for change in self.changes(knob) {
                let gain = self.plan.leaf_points(node, &self.after(&[change])) - now;
                // What gains nothing here is only a variable if something else asks for it.
                let var = if gain > 1e-9 {
                    Some(vars.of(change))
                } else {
                    vars.by_change.get(&change).copied()
                };
                sum.terms.extend(var.map(|var| (var, gain)));
            }
        }
        sum
    }

    /// Adds a condition of a rung; `false` when nothing can make it true.
    pub fn require(&self, condition: &Condition, vars: &mut Vars) -> bool {
        match condition {
            Condition::Score { node, at_least } => {
                if let Op::Cumulative { reach, levels } = &self.plan.nodes[*node].op {
                    return self.climb(*node, *reach, levels, *at_least, vars);
                }
                let (points, room) = self.points(*node, vars);
                vars.need(points, *at_least - room);
                true
            }
            Condition::Count {
                items,
                at_level,
                at_least,
                ..
            } => {
                let enough = |cell: Cell| matches!(cell, Cell::Choice(level) if level >= u16::from(*at_level));
                let mut count = Linear::default();
                for item in items {
                    let now = enough(self.answers.cell(self.plan.layout.items[*item].column));
                    count.constant += f64::from(u8::from(now));
                    let Some(knob) = self.knob_of(*item) else { continue };
                    let Choice::One(states) = &self.knobs[knob].choice else {
                        continue;
                    };
                    for (to, state) in states.iter().enumerate() {
                        let gain = f64::from(u8::from(enough(state.cell.1))) - f64::from(u8::from(now));
                        if gain != 0.0 {
                            count.terms.push((vars.of(Change { knob, to }), gain));
                        }
                    }
                }
                vars.need(count, f64::from(*at_least));
                true
            }
            Condition::Covers { node, .. } => self.now[*node].applicable > 0.0,
            Condition::Holds { expr, .. } => self.hold(expr, vars),
        }
    }

    /// A maturity score: every level below the target reached, the one above it far enough.
    fn climb(&self, node: usize, reach: f64, levels: &[usize], at_least: f64, vars: &mut Vars) -> bool {
        let wanted = at_least / self.plan.nodes[node].full * levels.len() as f64;
        let whole = (wanted + 1e-9).floor();
        let rest = wanted - whole;
        for (index, level) in levels.iter().enumerate() {
            let needed = match index as f64 {
                index if index < whole => reach,
                index if index == whole && rest > 1e-9 => rest.min(reach),
                _ => break,
            };
            let applicable = self.now[*level].applicable;
            if applicable > 0.0 {
                let (points, room) = self.points(*level, vars);
                vars.need(points, needed * applicable - room);
            }
        }
        whole + f64::from(u8::from(rest > 1e-9)) <= levels.len() as f64
    }

    /// An expression that must be true: one of the combinations of answers that make it so.
    pub fn hold(&self, expr: &BoundExpr, vars: &mut Vars) -> bool {
        let mut items: Vec<usize> = expr.inputs().iter().map(|input| input.item).collect();
        items.sort_unstable();
        items.dedup();
        let knobs: Vec<usize> = items.iter().filter_map(|item| self.knob_of(*item)).collect();
        let mut combinations: Vec<Vec<Change>> = vec![Vec::new()];
        for knob in &knobs {
            let ways = self.ways(*knob);
            if combinations.len() * ways.len() > COMBINATIONS {
                return expr.truth(self.answers) == Evaluated::Value(true);
            }
            combinations = combinations
                .iter()
                .flat_map(|so_far| ways.iter().map(move |way| [so_far.as_slice(), way].concat()))
                .collect();
        }
        let (good, bad): (Vec<_>, Vec<_>) = combinations
            .into_iter()
            .partition(|changes| expr.truth(&self.after(changes)) == Evaluated::Value(true));
        if bad.is_empty() {
            return true;
        }
        if good.is_empty() {
            return false;
        }
        // Where adding to a good combination never spoils it, the smallest ones say it all.
        let within = |a: &Vec<Change>, b: &Vec<Change>| a.iter().all(|change| b.contains(change));
        let rising = bad.iter().all(|bad| !good.iter().any(|good| within(good, bad)));
        let mut any = Linear::default();
        for way in &good {
            if rising && good.iter().any(|other| other.len() < way.len() && within(other, way)) {
                continue;
            }
            let taken = vars.program.var(0.0, Domain::Binary);
            any.terms.push((taken, 1.0));
            for knob in &knobs {
                for change in self.changes(*knob) {
                    let var = vars.of(change);
                    if way.contains(&change) {
                        vars.program.at_least(Linear::of([(var, 1.0), (taken, -1.0)]), 0.0);
                    } else if !rising {
                        vars.program.at_least(Linear::of([(var, -1.0), (taken, -1.0)]), -1.0);
                    }
                }
            }
        }
        vars.program.at_least(any, 1.0);
        true
    }

    /// Every way in which a knob can be turned, the present one first.
    fn ways(&self, knob: usize) -> Vec<Vec<Change>> {
        let changes = self.changes(knob);
        match &self.knobs[knob].choice {
            Choice::One(_) => std::iter::once(Vec::new())
                .chain(changes.into_iter().map(|change| vec![change]))
                .collect(),
            Choice::Any { .. } if changes.len() <= 8 => (0..1usize << changes.len())
                .map(|bits| {
                    let chosen = changes.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
                    chosen.map(|(_, change)| *change).collect()
                })
                .collect(),
            // Of many options none, one, or all.
            Choice::Any { .. } => std::iter::once(Vec::new())
                .chain(changes.iter().map(|change| vec![*change]))
                .chain([changes.clone()])
                .collect(),
        }
    }
}

/// The variables of a program, made when they are first spoken of.
pub(super) struct Vars<'c> {
    pub program: Program,
    /// Cost of a change.
    pub cost: &'c dyn Fn(Change) -> f64,
    /// Variable by change.
    pub by_change: BTreeMap<Change, usize>,
    /// Sums that must reach a number, kept for plans that can lose any one step.
    pub needs: Vec<(Linear, f64)>,
    /// Whether options that are worth the same may be counted instead of told apart.
    pub counting: bool,
    /// Options counted together, by knob: the changes in order, the variable that counts them, points of each.
    pub counted: BTreeMap<usize, Vec<Counted>>,
}

/// Options of one item that are worth the same: which of them are added makes no difference.
pub(super) struct Counted {
    pub changes: Vec<Change>,
    pub var: usize,
    pub each: f64,
}

impl<'c> Vars<'c> {
    pub fn new(cost: &'c dyn Fn(Change) -> f64, counting: bool) -> Self {
        Self {
            counting,
            counted: BTreeMap::new(),
            program: Program::default(),
            cost,
            by_change: BTreeMap::new(),
            needs: Vec::new(),
        }
    }

    /// The variable of a change.
    pub fn of(&mut self, change: Change) -> usize {
        if let Some(var) = self.by_change.get(&change) {
            return *var;
        }
        let var = self.program.var((self.cost)(change), Domain::Binary);
        self.by_change.insert(change, var);
        var
    }

    /// Counts the options of an item by what they are worth: a search over which of eight equal options to add would look
    /// at all of them in turn. `None` where something speaks of single options.
    fn alike(&mut self, knob: usize, open: &[Change], each: &dyn Fn(&Change) -> f64) -> Option<Vec<(usize, f64)>> {
        let told_apart = open.iter().any(|change| self.by_change.contains_key(change));
        if !self.counting || told_apart {
            return None;
        }
        if !self.counted.contains_key(&knob) {
            let mut groups: Vec<Counted> = Vec::new();
            for change in open.iter().filter(|change| each(change) > 1e-9) {
                let worth = each(change);
                match groups.iter_mut().find(|group| (group.each - worth).abs() < 1e-9) {
                    Some(group) => group.changes.push(*change),
                    None => groups.push(Counted {
                        changes: vec![*change],
                        var: usize::MAX,
                        each: worth,
                    }),
                }
            }
            for group in &mut groups {
                let cost = (self.cost)(group.changes[0]);
                group.var = self.program.var(cost, Domain::Whole(group.changes.len() as i32));
            }
            self.counted.insert(knob, groups);
        }
        let groups = self.counted.get(&knob)?;
        Some(groups.iter().map(|group| (group.var, group.each)).collect())
    }

    /// The changes that the values of a solution stand for.
    pub fn taken(&self, values: &[f64]) -> Vec<Change> {
        let single = self
            .by_change
            .iter()
            .filter(|(_, var)| values[**var] > 0.5)
            .map(|(change, _)| *change);
        let counted = self.counted.values().flatten();
        let counted = counted.flat_map(|group| group.changes.iter().take(values[group.var] as usize).copied());
        let mut taken: Vec<Change> = single.chain(counted).collect();
        taken.sort_unstable();
        taken
    }

    /// A sum that must reach a number.
    fn need(&mut self, sum: Linear, least: f64) {
        self.needs.push((sum.clone(), least));
        self.program.at_least(sum, least);
    }
}
