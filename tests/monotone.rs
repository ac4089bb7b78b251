//! A better answer never lowers a score, a grade or eligibility: for every standard and preset of the catalog, whatever it
//! is, with "better" read off its rules (see [`better`]).
//!
//! Sheets of random answers climb by one better answer at a time; each step may lower nothing: neither the score nor the
//! grade nor eligibility nor the points of any indicator nor a condition that was met nor what can still be reached.
//!
//! Not counted as better, each because the rules say so:
//!
//! * answering what did not apply, unless in the best way: its points no longer go to the rest;
//! * answering what an alternative of a `one_of` reads when another one counts: the first that is answered counts;
//! * listing machines of another kind for a pooled share: they weigh in with those that are listed;
//! * a row that could not be judged and now can, a row that weighs more: it counts from then on, for better or worse;
//! * an answer that decides whether a rule applies at all;
//! * other reference values: what a plant is measured against is not its to improve.

#[path = "monotone/better.rs"]
mod better;
#[path = "monotone/sheet.rs"]
mod sheet;
#[path = "monotone/sums.rs"]
mod sums;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use better::{Reader, Why, readers};
use qizhen::assessment::StandardAnswers;
use qizhen::catalog::Catalog;
use qizhen::scoring::eval::{Outcome, Status};
use qizhen::scoring::layout::Cell;
use qizhen::scoring::plan::Op;
use qizhen::scoring::scorecard::Scorecard;
use qizhen::source::diagnostic;
use sheet::{Form, Luck};

/// The built-in standards and the one that has the methods they do not use.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| load("tests/methods"));

fn load(overlay: &str) -> Catalog {
    let overlay = Path::new(env!("CARGO_MANIFEST_DIR")).join(overlay);
    Catalog::load(Some(&overlay)).unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)))
}

fn forms(catalog: &Catalog) -> Vec<Form<'_>> {
    let all = catalog.plans.iter();
    all.flat_map(|(id, plans)| {
        plans
            .iter()
            .map(move |plan| Form::new(&catalog.questionnaires[id], plan))
    })
    .collect()
}

/// `standard` or `standard/preset`.
fn name(form: &Form) -> String {
    let preset = form.plan.preset.as_ref().map(|(id, _)| format!("/{id}"));
    format!("{}{}", form.plan.standard, preset.unwrap_or_default())
}

/// A sheet and what came of it.
#[derive(Clone)]
struct Scored {
    sheet: StandardAnswers,
    outcomes: Vec<Outcome>,
    card: Scorecard,
}

impl Scored {
    fn new(form: &Form, sheet: StandardAnswers) -> Self {
        let (outcomes, card) = (form.plan.score(&sheet), form.plan.scorecard(&sheet, None));
        Self { sheet, outcomes, card }
    }
}

/// Disqualified, not known, eligible.
fn standing(eligible: Option<bool>) -> u8 {
    eligible.map_or(1, |eligible| 2 * u8::from(eligible))
}

/// What is lower after a better answer, if anything.
fn fell(form: &Form, why: Why, before: &Scored, after: &Scored) -> Option<String> {
    let (b, a) = (&before.card, &after.card);
    if a.score < b.score {
        return Some(format!("score {:?} → {:?}", b.score, a.score));
    }
    let level = |card: &Scorecard| card.grade.as_ref().map(|grade| grade.level);
    if level(a) < level(b) {
        return Some(format!("grade {:?} → {:?}", level(b), level(a)));
    }
    if standing(a.eligible) < standing(b.eligible) {
        return Some(format!("eligible {:?} → {:?}", b.eligible, a.eligible));
    }
    for (b, a) in b.rungs.iter().zip(&a.rungs) {
        if let Some((b, a)) = b.conditions.iter().zip(&a.conditions).find(|(b, a)| b.met && !a.met) {
            return Some(format!("condition {}: {} → {}", b.text, b.have, a.have));
        }
    }
    for (node, (b, a)) in form.plan.nodes.iter().zip(before.outcomes.iter().zip(&after.outcomes)) {
        if b.status == Status::Scored && (a.status != Status::Scored || a.points < b.points) {
            return Some(format!(
                "indicator {}: {:?} {} → {:?} {}",
                node.id, b.status, b.points, a.status, a.points
            ));
        }
    }
    // What could have come out best was counted as the best when it was blank.
    let high = |card: &Scorecard| card.bounds.map(|(_, high)| high);
    if why != Why::Answered && high(a) < high(b) {
        return Some(format!("best possible {:?} → {:?}", high(b), high(a)));
    }
    None
}

/// Whether the answer changed what counts rather than how well it is done; see the top of this file.
fn counts_otherwise(form: &Form, before: &Scored, after: &Scored) -> bool {
    form.plan.nodes.iter().any(|node| {
        let scored = |of: &Scored| -> Vec<usize> {
            let children = node.op.children().iter().copied();
            children
                .filter(|child| of.outcomes[*child].status == Status::Scored)
                .collect()
        };
        match &node.op {
            Op::OneOf(_) => !scored(before).is_empty() && scored(before) != scored(after),
            Op::Pooled(_) => !scored(before).is_empty() && scored(before).len() != scored(after).len(),
            _ => false,
        }
    })
}

/// A better answer that lowered something.
#[derive(Debug)]
struct Violation {
    standard: String,
    item: String,
    why: Why,
    fell: String,
    /// The answers to the item before and after.
    change: String,
    /// The other answers, as few as will do.
    with: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self {
            standard,
            item,
            why,
            fell,
            change,
            with,
        } = self;
        write!(f, "{standard} {item} ({why:?}): {fell}\n  {change}\n  with {with}")
    }
}

/// Why two sheets that differ in one item break the rule, if they do.
fn broken(form: &Form, readers: &[Reader], item: usize, before: &Scored, after: &Scored) -> Option<(Why, String)> {
    let why = better::better(form, readers, item, &before.sheet, &after.sheet)?;
    if counts_otherwise(form, before, after) {
        return None;
    }
    Some((why, fell(form, why, before, after)?))
}

/// The same violation with as few other answers as will do.
fn smallest(form: &Form, readers: &[Reader], item: usize, before: &Scored, after: &Scored) -> Violation {
    let (mut before, mut after) = (before.clone(), after.clone());
    for other in (0..form.items.len()).filter(|other| *other != item) {
        let without = |of: &Scored| {
            let mut sheet = of.sheet.clone();
            form.set(other, &mut sheet, Cell::Missing);
            Scored::new(form, sheet)
        };
        let (b, a) = (without(&before), without(&after));
        if broken(form, readers, item, &b, &a).is_some() {
            (before, after) = (b, a);
        }
    }
    let (why, fell) = broken(form, readers, item, &before, &after).expect("it was broken before");
    let change = format!(
        "{} → {}",
        form.value(item, &before.sheet),
        form.value(item, &after.sheet)
    );
    form.set(item, &mut before.sheet, Cell::Missing);
    Violation {
        standard: name(form),
        item: form.id(item).to_owned(),
        why,
        fell,
        change,
        with: form.shown(&before.sheet),
    }
}

/// How many better answers were tried, by why they are better.
type Tried = BTreeMap<Why, usize>;

/// Climbs from a sheet by so many better answers and stops at the first that lowers something.
fn climb(
    form: &Form,
    readers: &[Vec<Reader>],
    start: StandardAnswers,
    steps: usize,
    luck: &mut Luck,
    tried: &mut Tried,
) -> Result<Scored, Box<Violation>> {
    let mut at = Scored::new(form, start);
    let read: Vec<usize> = (0..readers.len()).filter(|item| !readers[*item].is_empty()).collect();
    for _ in 0..steps {
        let found = (0..30).find_map(|_| {
            let item = *read.get(luck.below(read.len()))?;
            let sheet = better::other(form, item, &at.sheet, luck)?;
            let why = better::better(form, &readers[item], item, &at.sheet, &sheet)?;
            Some((item, sheet, why))
        });
        let Some((item, sheet, why)) = found else { break };
        let next = Scored::new(form, sheet);
        if counts_otherwise(form, &at, &next) {
            continue;
        }
        *tried.entry(why).or_default() += 1;
        if fell(form, why, &at, &next).is_some() {
            return Err(Box::new(smallest(form, &readers[item], item, &at, &next)));
        }
        if let Some(wrong) = sums::wrong(form.plan, &next.outcomes, &next.card) {
            panic!("{}: {wrong}\n{}", name(form), form.shown(&next.sheet));
        }
        at = next;
    }
    Ok(at)
}

/// How many percent of the items are missing, and of those that may be not applicable are, where the climbs begin.
const STARTS: [(usize, usize); 6] = [(0, 0), (10, 20), (50, 30), (100, 0), (0, 60), (5, 0)];

/// Climbs of one plan from all kinds of starts.
fn climbs(form: &Form, seed: u64, rounds: usize, steps: usize) -> (Vec<Violation>, Tried) {
    let (readers, mut luck, mut tried) = (readers(form), Luck(seed), Tried::new());
    let mut violations = Vec::new();
    for _ in 0..rounds {
        for (missing, na) in STARTS {
            let start = form.random(missing, na, &mut luck);
            let reached = climb(form, &readers, start, steps, &mut luck, &mut tried);
            violations.extend(reached.err().map(|violation| *violation));
        }
    }
    (violations, tried)
}

#[test]
fn a_better_answer_lowers_nothing() {
    let mut all = Tried::new();
    let mut violations = Vec::new();
    for (seed, form) in forms(&CATALOG).iter().enumerate() {
        let (found, tried) = climbs(form, seed as u64, 2, 60);
        violations.extend(found);
        // Accounts of energy have neither points nor a grade: no answer is better than another.
        let judged = form.plan.nodes[form.plan.root()].full > 0.0 || form.plan.grade.is_some();
        assert_eq!(tried.is_empty(), !judged, "{}: {tried:?}", name(form));
        for (why, times) in tried {
            *all.entry(why).or_default() += times;
        }
    }
    let shown: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    assert_eq!(all.len(), 5, "each kind of a better answer was tried: {all:?}");
}

#[test]
fn weights_and_full_points_close_in_every_standard() {
    for form in forms(&CATALOG) {
        if form.plan.nodes[form.plan.root()].full > 0.0 {
            assert_eq!(sums::open(form.plan), None, "{}", name(&form));
        }
    }
}
