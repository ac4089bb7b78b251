//! Project cards as templates print them.

use serde_json::{Value, json};

use crate::advice::matching::{Offer, OfferedBy};
use crate::advice::projects::{Content, ProjectCard, Renewal};
use crate::round::show;

/// `offers` says who can carry out a measure.
pub(super) fn projects(cards: &[ProjectCard], offers: &[Offer]) -> Vec<Value> {
    cards.iter().map(|one| card(one, offers)).collect()
}

fn card(card: &ProjectCard, offers: &[Offer]) -> Value {
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
        "content": card.content.iter().map(|one| content(one, offers)).collect::<Vec<_>>(),
        "renewal": card.renewal.iter().map(machine).collect::<Vec<_>>(),
    })
}

fn content(content: &Content, offers: &[Offer]) -> Value {
    let offer = offers.iter().find(|offer| offer.measure == content.measure);
    json!({
        "title": content.title,
        "change": content.change,
        "goal": content.goal,
        "evidence": content.evidence,
        "providers": offer.map(|offer| names(&offer.providers)),
    })
}

/// Names with what a reader must know of each.
fn names(providers: &[OfferedBy]) -> Vec<String> {
    let name = |one: &OfferedBy| {
        let notes = [one.part.clone(), one.mark.clone()];
        let notes: Vec<String> = notes.into_iter().filter(|note| !note.is_empty()).collect();
        match notes.as_slice() {
            [] => one.name.clone(),
            notes => format!("{}（{}）", one.name, notes.join("；")),
        }
    };
    providers.iter().map(name).collect()
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
