//! What changed since the last assessment, ready to print.

use serde_json::{Value, json};

use super::charts::payload;

use crate::comparison::words::{closing, lists, only, premises, share, side, signed};
use crate::comparison::{Comparison, EditionChange, StandardChange};
use crate::report::chart::{Chart, Pair, PairRow};
use crate::round::half_up;
use crate::scoring::rulebook::Better;

/// The chapter as templates see it; lists without entries are left out.
pub(super) fn since(comparison: &Comparison) -> Value {
    json!({
        "old": side(&comparison.old),
        "new": side(&comparison.new),
        "notes": comparison.notes,
        "standards": comparison.standards.iter().map(standard).collect::<Vec<_>>(),
        "editions": comparison.editions.iter().map(edition).collect::<Vec<_>>(),
        "closing": entries(closing(comparison)),
        "pair": pair(comparison),
    })
}

/// Shares of the full score before and now, a row a standard.
fn pair(comparison: &Comparison) -> Option<Value> {
    let percent = |score: Option<f64>, full: f64| score.map(|score| half_up(score / full * 100.0, 1));
    let scored = comparison
        .standards
        .iter()
        .filter(|one| one.full.old > 0.0 && one.full.new > 0.0);
    let rows: Vec<PairRow> = scored
        .map(|one| PairRow {
            label: one.short.clone(),
            before: percent(one.score.old, one.full.old),
            after: percent(one.score.new, one.full.new),
            better: Better::Higher,
        })
        .collect();
    let chart = Pair {
        before: comparison.old.date.clone(),
        after: comparison.new.date.clone(),
        max: 100.0,
        unit: "%".into(),
        rows,
    };
    let words: Vec<String> = chart
        .rows
        .iter()
        .map(|row| format!("{} {}", row.label, chart.change(row)))
        .collect();
    if words.is_empty() {
        return None;
    }
    payload(&Chart::Pair(chart), "得分率：上次与这次", words.join("，"))
}

fn standard(change: &StandardChange) -> Value {
    let lines = change.lines.iter().map(|line| {
        json!({
            "title": line.title,
            "change": signed(line.change),
            "cause": line.cause.label(),
            "old": line.because.old,
            "new": line.because.new,
        })
    });
    json!({
        "id": change.id,
        "short": change.short,
        "sentence": change.sentence,
        "premises": premises(change),
        "lines": lines.collect::<Vec<_>>(),
        "total": signed(change.change.unwrap_or_default()),
        "lists": entries(lists(change)),
    })
}

fn edition(change: &EditionChange) -> Value {
    let shares = change.shares.iter().flat_map(|all| &all.shares).map(|one| {
        let (what, old, new, waiting) = share(one);
        json!({ "what": what, "old": old, "new": new, "waiting": waiting })
    });
    json!({
        "title": change.title,
        "old": only(&change.old),
        "new": only(&change.new),
        "confidence": super::confidence(change.confidence),
        "shares": shares.collect::<Vec<_>>(),
    })
}

fn entries(lists: Vec<(&'static str, Vec<String>)>) -> Vec<Value> {
    let some = lists.into_iter().filter(|(_, entries)| !entries.is_empty());
    some.map(|(title, entries)| json!({ "title": title, "entries": entries }))
        .collect()
}
