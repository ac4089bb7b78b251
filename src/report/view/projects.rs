//! Project cards as templates print them.

use serde_json::{Value, json};

use crate::advice::projects::{ProjectCard, Renewal};
use crate::round::show;

pub(super) fn projects(cards: &[ProjectCard]) -> Vec<Value> {
    cards.iter().map(card).collect()
}

fn card(card: &ProjectCard) -> Value {
    json!({
        "title": card.title,
        "period": card.period(),
        "state": card.state.label(),
        "plan": card.plan,
        "renovation": card.renovation,
        "reason": card.reason,
        "invest": card.invest(),
        "invest_note": card.invest_note,
        "expected": card.expected,
        "library": card.library,
        "next": card.next,
        "content": card.content,
        "renewal": card.renewal.iter().map(machine).collect::<Vec<_>>(),
    })
}

fn machine(machine: &Renewal) -> Value {
    json!({
        "list": machine.list,
        "name": machine.name,
        "count": show(machine.count, 0),
        "now": machine.now,
        "flags": machine.flags,
        "need": machine.need,
        "saving": machine.saving_kwh.map(|kwh| show(kwh, 0)),
        "because": machine.because,
    })
}
