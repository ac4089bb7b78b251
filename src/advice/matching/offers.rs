//! Measure by measure: who on the list can do it.

use serde::Serialize;

use super::explain::listed;
use super::rank::{self, Ranking};
use super::{Matcher, OWN, Request};
use crate::advice::providers::Pool;

/// How many names stand beside a measure.
const NAMED: usize = 3;

/// A measure and those who can carry it out.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Offer {
    /// Title of the measure.
    pub measure: String,
    /// Gaps that it closes, by title.
    pub gaps: Vec<String>,
    /// Whether the plan of least effort to a next grade takes it, or something disqualifies without it.
    pub planned: bool,
    /// Capabilities that it takes, by Chinese name.
    pub capabilities: Vec<String>,
    /// The first who can, in the order of the short list; those with an interest last.
    pub providers: Vec<OfferedBy>,
    /// How many can.
    pub able: usize,
}

/// One who can carry out a measure.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OfferedBy {
    /// Id in the pool.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it can do of the measure where it cannot do all: `只做企业资源计划（ERP）`, `6 项里做 3 项`; empty for all.
    pub part: String,
    /// Department and telephone.
    pub contact: String,
    /// The list it is on and until when.
    pub listed: String,
    /// What a reader must know: that it makes this report or is tied to whoever does; empty for nothing.
    pub mark: String,
}

impl Offer {
    /// Marks whoever issues the report, known by id or name, and puts it last.
    pub(super) fn disclose(&mut self, issuers: &[&str]) {
        for one in &mut self.providers {
            if issuers.iter().any(|name| *name == one.id || *name == one.name) {
                one.mark = OWN.to_owned();
            }
        }
        self.providers.sort_by_key(|one| one.mark == OWN);
    }
}

/// What is done of a measure that takes `all` capabilities.
fn part(held: &[String], all: usize) -> String {
    match held {
        held if held.len() >= all => String::new(),
        [only] => format!("只做{only}"),
        held => format!("{all} 项里做 {} 项", held.len()),
    }
}

/// The measures of all gaps, in the order of the gaps.
pub(super) fn offers(matcher: &Matcher, request: &Request, ranking: &Ranking) -> Vec<Offer> {
    let known = &matcher.capabilities.capabilities;
    let mut offers: Vec<Offer> = Vec::new();
    for gap in request.gaps {
        let Some(action) = &gap.action else { continue };
        let planned = gap.planned || gap.kind == crate::advice::gaps::GapKind::Veto;
        if let Some(offer) = offers.iter_mut().find(|offer| offer.measure == action.title) {
            if !offer.gaps.contains(&gap.title) {
                offer.gaps.push(gap.title.clone());
            }
            offer.planned |= planned;
            continue;
        }
        let mut mask = vec![0_u64; matcher.index.words];
        for id in &gap.capabilities {
            if let Some(place) = known.iter().position(|known| known.id.value == *id) {
                mask[place / 64] |= 1 << (place % 64);
            }
        }
        let shared = |place: usize| -> u32 {
            let own = matcher.index.bits_of(place).iter();
            own.zip(&mask).map(|(own, mask)| (own & mask).count_ones()).sum()
        };
        let all = ranking.order.iter().map(|one| (one, shared(one.row)));
        let mut able: Vec<_> = all.filter(|(_, shared)| *shared > 0).collect();
        let has = |place: usize| -> Vec<String> {
            let own = matcher.index.bits_of(place);
            let both = |at: &usize| own[at / 64] & mask[at / 64] & (1 << (at % 64)) != 0;
            let held = (0..known.len()).filter(both);
            held.filter_map(|at| known.get(at)).map(|c| c.title.clone()).collect()
        };
        // Stable: the order of the short list stays within those of equal interest that do as much of it.
        able.sort_by_key(|(one, shared)| (one.interest, std::cmp::Reverse(*shared)));
        let first = able.iter().take(NAMED).filter_map(|(one, _)| {
            let provider = matcher.provider(one.row)?;
            let pools: &[Pool] = matcher.file(one.row).map_or(&[], |(file, _)| &file.pools);
            let held = has(one.row);
            Some(OfferedBy {
                id: provider.id.value.clone(),
                name: provider.name.clone(),
                part: part(&held, action.capabilities.len()),
                contact: format!("{} {}", provider.contact.dept, provider.contact.phone)
                    .trim()
                    .to_owned(),
                listed: listed(provider, pools, request.date),
                mark: match one.interest {
                    rank::OWN => OWN.to_owned(),
                    0 => String::new(),
                    _ => "有关联".to_owned(),
                },
            })
        });
        offers.push(Offer {
            measure: action.title.clone(),
            gaps: vec![gap.title.clone()],
            planned,
            capabilities: action.capabilities.clone(),
            providers: first.collect(),
            able: able.len(),
        });
    }
    offers
}
