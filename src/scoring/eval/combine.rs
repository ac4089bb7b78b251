//! The arithmetic of the methods: from a value to points, from children to a group.

use super::{Outcome, Status};
use crate::round::half_up;
use crate::scoring::bound::{BoundExpr, Evaluated};
use crate::scoring::interval::Interval;
use crate::scoring::layout::{Answers, Cell};
use crate::scoring::rulebook::{Better, NaPolicy};

pub(super) fn unanswered(cell: Cell) -> Status {
    if cell == Cell::NotApplicable {
        Status::NotApplicable
    } else {
        Status::Missing
    }
}

pub(super) fn measured(
    value: &BoundExpr,
    answers: &impl Answers,
    full: f64,
    then: impl FnOnce(f64) -> Outcome,
) -> Outcome {
    match value.number(answers) {
        Evaluated::Value(value) => then(value),
        Evaluated::NotApplicable => Outcome::none(Status::NotApplicable, full),
        Evaluated::Missing | Evaluated::Undefined => Outcome::none(Status::Missing, full),
    }
}

/// Points of the band that holds the value; outside all bands, those of the nearest.
pub(super) fn band(bands: &[(Interval, f64)], value: f64) -> f64 {
    bands
        .iter()
        .find(|(interval, _)| interval.contains(value))
        .or_else(|| {
            if bands.first().is_some_and(|(first, _)| value <= first.low) {
                bands.first()
            } else {
                bands.last()
            }
        })
        .map_or(0.0, |(_, points)| *points)
}

/// 0 below the baseline, 1 from the leading value on, a line between; `at_baseline` is the share at the baseline itself.
pub(super) fn interpolate(value: f64, leading: f64, baseline: f64, better: Better, at_baseline: f64) -> f64 {
    let sign = if better == Better::Higher { 1.0 } else { -1.0 };
    let (value, leading, baseline) = (sign * value, sign * leading, sign * baseline);
    if value >= leading {
        1.0
    } else if value < baseline || leading <= baseline {
        0.0
    } else {
        at_baseline + (1.0 - at_baseline) * (value - baseline) / (leading - baseline)
    }
}

pub(super) fn share(good: f64, all: f64, full: f64, decimals: u8) -> Outcome {
    if all > 0.0 {
        let mut outcome = Outcome::scored(full * good / all, full, decimals);
        outcome.share = Some((good, all));
        outcome
    } else {
        Outcome::none(Status::NoBenchmark, full)
    }
}

/// The first alternative with points, else the first that is there at all.
pub(super) fn chosen(children: &[usize], done: &[Outcome]) -> Option<usize> {
    let first = |wanted: &[Status]| children.iter().copied().find(|c| wanted.contains(&done[*c].status));
    first(&[Status::Scored])
        .or_else(|| first(&[Status::NoBenchmark]))
        .or_else(|| first(&[Status::Missing]))
}

/// Levels from the lowest: a level reached counts 1, the first that is not counts its ratio, nothing counts above it. A level
/// that asks nothing of this enterprise is reached.
pub(super) fn cumulative(reach: f64, levels: &[usize], done: &[Outcome], full: f64, decimals: u8) -> Outcome {
    let climb = |ratio: &dyn Fn(&Outcome) -> f64| -> (f64, usize) {
        let mut points = 0.0;
        for (reached, level) in levels.iter().enumerate() {
            let outcome = &done[*level];
            let ratio = if outcome.applicable > 0.0 { ratio(outcome) } else { 1.0 };
            if ratio < reach {
                return (points + ratio, reached);
            }
            points += 1.0;
        }
        (points, levels.len())
    };
    let any = |status: Status| levels.iter().any(|level| done[*level].status == status);
    if !any(Status::Scored) {
        let status = if any(Status::Missing) {
            Status::Missing
        } else {
            Status::NotApplicable
        };
        return Outcome::none(status, full);
    }
    let share = full / levels.len().max(1) as f64;
    let (points, top) = climb(&|o| o.points / o.applicable);
    let (best, _) = climb(&|o| o.best / o.applicable);
    let mut outcome = Outcome::scored(points * share, full, decimals).valued(top as f64);
    outcome.best = half_up(best * share, decimals);
    outcome.missing = half_up(outcome.best - outcome.points, 9);
    outcome
}

/// Quantities add up; what does not apply counts nothing, what is missing makes the whole missing.
pub(super) fn total(children: &[usize], done: &[Outcome]) -> Outcome {
    for status in [Status::Missing, Status::NoBenchmark] {
        if children.iter().any(|c| done[*c].status == status) {
            return Outcome::none(status, 0.0);
        }
    }
    let values: Vec<f64> = children.iter().filter_map(|c| done[*c].value).collect();
    if values.is_empty() {
        return Outcome::none(Status::NotApplicable, 0.0);
    }
    // Nine decimals drop what binary sums add; the children are rounded already.
    Outcome::scored(0.0, 0.0, 0).valued(half_up(values.iter().sum(), 9))
}

pub(super) fn sum(children: &[usize], done: &[Outcome], full: f64, decimals: u8) -> Outcome {
    let has = |status: Status| children.iter().any(|c| done[*c].status == status);
    let status = if has(Status::Scored) {
        Status::Scored
    } else if has(Status::NoBenchmark) {
        Status::NoBenchmark
    } else if has(Status::Missing) {
        Status::Missing
    } else {
        Status::NotApplicable
    };
    let total = |pick: &dyn Fn(&Outcome) -> f64| -> f64 { half_up(children.iter().map(|c| pick(&done[*c])).sum(), 9) };
    let applicable = total(&|o| o.applicable);
    Outcome {
        status,
        points: half_up(total(&|o| o.points), decimals),
        applicable: if children.is_empty() { full } else { applicable },
        missing: total(&|o| o.missing),
        best: half_up(total(&|o| o.best), decimals),
        value: None,
        rows: Vec::new(),
        share: None,
    }
}

/// What does not apply at the root: rescaled, lost or granted, as the rulebook says.
pub(super) fn settle(root: &mut Outcome, full: f64, policy: NaPolicy, decimals: u8) {
    if root.status != Status::Scored || root.applicable <= 0.0 || (root.applicable - full).abs() < 1e-9 {
        return;
    }
    match policy {
        NaPolicy::Rescale => {
            let factor = full / root.applicable;
            root.points = half_up(root.points * factor, decimals);
            root.missing = half_up(root.missing * factor, 9);
            root.best = half_up(root.best * factor, decimals);
        }
        NaPolicy::Zero => {}
        NaPolicy::Full => {
            root.points = half_up(root.points + full - root.applicable, decimals);
            root.best = half_up(root.best + full - root.applicable, decimals);
        }
    }
}
