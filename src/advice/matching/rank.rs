//! Who can be recommended and in which order: numbers only, over the compiled pools.

use std::cmp::Reverse;

use super::ask::{Ask, Barred};
use super::index::mix;
use super::{Matcher, Request};
use crate::advice::providers::Provider;

/// Interest of whoever makes the report; ties to it are 1, none is 0.
pub(super) const OWN: u8 = 2;

/// One who can be recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Row in the index.
    pub row: usize,
    /// Score in tenths of a point.
    pub score: u32,
    /// Rank.
    pub merit: u32,
    /// 0 none, 1 tied to whoever makes the report, 2 makes it.
    pub interest: u8,
    key: u64,
}

/// The order of all who can be recommended.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// How many were left out, by [`Barred::ALL`].
    pub left_out: [usize; Barred::ALL.len()],
    /// The others, best first; within a rank as drawn, those with an interest last.
    pub order: Vec<Ranked>,
    /// Those shown, as places in `order`; those with an interest last.
    pub shown: Vec<usize>,
    /// Whether only whoever makes the report was left, who is not recommended alone.
    pub own_alone: bool,
    pub(super) available: Vec<u64>,
}

impl Ranking {
    /// How many of the rank of the last one shown are not shown.
    pub fn equals_not_shown(&self) -> usize {
        let last = self.shown.iter().max().and_then(|last| self.order.get(*last));
        let Some(last) = last else { return 0 };
        let is_shown = |place: usize| self.shown.contains(&place);
        (self.order.iter().enumerate())
            .filter(|(place, one)| one.merit == last.merit && !is_shown(*place))
            .count()
    }
}

/// Filters, rates and orders.
pub(super) fn run(matcher: &Matcher, request: &Request, ask: &Ask) -> Ranking {
    let index = matcher.index;
    let mut ranking = Ranking {
        available: vec![0; index.words],
        ..Ranking::default()
    };
    for (place, row) in index.rows.iter().enumerate() {
        if let Some(why) = ask.barred(index, place, row).next() {
            ranking.left_out[why as usize] += 1;
            continue;
        }
        for (all, bits) in ranking.available.iter_mut().zip(index.bits_of(place)) {
            *all |= bits;
        }
        let score = ask.points(&ask.ratios(index, place, row)).iter().sum();
        ranking.order.push(Ranked {
            row: place,
            score,
            // Rounded, halves up.
            merit: (2 * score + ask.tie) / (2 * ask.tie),
            interest: matcher
                .provider(place)
                .map_or(0, |provider| interest(provider, request)),
            key: mix(ask.seed ^ row.hash),
        });
    }
    ranking
        .order
        .sort_unstable_by_key(|one| (Reverse(one.merit), one.interest, one.key, one.row));
    ranking.shown = (0..ranking.order.len().min(usize::from(matcher.rules.shown.value))).collect();
    let order = &ranking.order;
    ranking.shown.sort_by_key(|place| order[*place].interest);
    if ranking.shown.first().is_some_and(|first| order[*first].interest == OWN) {
        ranking.shown.clear();
        ranking.own_alone = true;
    }
    ranking
}

/// Whether a provider makes the report or is tied to whoever does.
fn interest(provider: &Provider, request: &Request) -> u8 {
    // A name of two or three characters stands in other names.
    let named = |text: &&str| {
        provider.is_called(text)
            || (provider.name.chars().count() >= 4 && text.contains(&provider.name))
            || (provider.uscc.value.len() == 18 && text.contains(&provider.uscc.value))
    };
    if request.issuers.iter().any(named) {
        OWN
    } else {
        u8::from(!provider.conflicts.is_empty())
    }
}
