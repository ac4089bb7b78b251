//! What changed since the last assessment, ready to print.

use serde_json::{Value, json};

use crate::comparison::words::{closing, lists, only, premises, share, side, signed};
use crate::comparison::{Comparison, EditionChange, StandardChange};

/// The chapter as templates see it; lists without entries are left out.
pub(super) fn since(comparison: &Comparison) -> Value {
    json!({
        "old": side(&comparison.old),
        "new": side(&comparison.new),
        "notes": comparison.notes,
        "standards": comparison.standards.iter().map(standard).collect::<Vec<_>>(),
        "editions": comparison.editions.iter().map(edition).collect::<Vec<_>>(),
        "closing": entries(closing(comparison)),
    })
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
