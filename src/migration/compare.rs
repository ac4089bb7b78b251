//! Two editions side by side, and where the difference comes from.

use serde::Serialize;

use super::{Migration, Relation};
use crate::round::half_up;
use crate::scoring::scorecard::Scorecard;
use crate::scoring::trace::TraceNode;

/// Both editions and the difference between them.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Score, full points and grade in words of the older edition.
    pub old: Side,
    /// The same of the newer.
    pub new: Side,
    /// The difference by what became of the items; both columns add up to the scores.
    pub shares: Vec<Share>,
}

/// One edition.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// Standard.
    pub standard: String,
    /// Points.
    pub score: Option<f64>,
    /// Full points.
    pub full: f64,
    /// Grade.
    pub grade: String,
}

/// What the items of one relation contribute to both scores.
#[derive(Debug, Clone, Serialize)]
pub struct Share {
    /// What became of the items; `None` is what rescaling for items that do not apply adds.
    pub relation: Option<Relation>,
    /// Points in the older edition.
    pub old: f64,
    /// Points in the newer.
    pub new: f64,
    /// Points of the newer edition that wait for an answer.
    pub waiting: f64,
}

/// Compares two scorecards of one enterprise.
pub fn compare(migration: &Migration, old: &Scorecard, new: &Scorecard) -> Comparison {
    let mut shares: Vec<Share> = Vec::new();
    for relation in Relation::ALL {
        let named = |side: fn(&super::Mapping) -> &Vec<crate::source::At<String>>| {
            let mut ids: Vec<&str> = Vec::new();
            for mapping in migration.items.iter().filter(|m| m.relation.value == relation) {
                ids.extend(side(mapping).iter().map(|id| id.value.as_str()));
            }
            ids
        };
        let (from, to) = (named(|m| &m.from), named(|m| &m.to));
        let (before, _) = points(&old.trace, &from, &first_relation(migration, relation, |m| &m.from));
        let (after, waiting) = points(&new.trace, &to, &first_relation(migration, relation, |m| &m.to));
        if !from.is_empty() || !to.is_empty() {
            shares.push(Share {
                relation: Some(relation),
                old: before,
                new: after,
                waiting,
            });
        }
    }
    let rest = |score: Option<f64>, sum: f64| half_up(score.unwrap_or_default() - sum, 6);
    let (sum_old, sum_new) = (shares.iter().map(|s| s.old).sum(), shares.iter().map(|s| s.new).sum());
    let (old_rest, new_rest) = (rest(old.score, sum_old), rest(new.score, sum_new));
    if old_rest != 0.0 || new_rest != 0.0 {
        shares.push(Share {
            relation: None,
            old: old_rest,
            new: new_rest,
            waiting: 0.0,
        });
    }
    Comparison {
        old: side(old),
        new: side(new),
        shares,
    }
}

fn side(card: &Scorecard) -> Side {
    Side {
        standard: card.id.clone(),
        score: card.score,
        full: card.full,
        grade: card.grade.as_ref().map_or(String::new(), |g| g.name.clone()),
    }
}

/// Items that a relation of higher order claims too: a leaf counts once, for the first relation that names its item.
fn first_relation<'m>(
    migration: &'m Migration,
    relation: Relation,
    side: fn(&super::Mapping) -> &Vec<crate::source::At<String>>,
) -> Vec<&'m str> {
    let earlier = migration.items.iter().filter(|m| m.relation.value < relation);
    earlier
        .flat_map(|m| side(m).iter().map(|id| id.value.as_str()))
        .collect()
}

/// Points and waiting points of the leaves whose first item is among `ids` and not in `taken`.
fn points(root: &TraceNode, ids: &[&str], taken: &[&str]) -> (f64, f64) {
    let mut sum = (0.0, 0.0);
    for leaf in root.walk().into_iter().filter(|node| node.is_leaf() && node.full > 0.0) {
        let Some(item) = leaf.items.first().map(String::as_str) else {
            continue;
        };
        if ids.contains(&item) && !taken.contains(&item) {
            sum.0 += leaf.score.unwrap_or_default() * leaf.worth;
            sum.1 += leaf.missing * leaf.worth;
        }
    }
    (half_up(sum.0, 6), half_up(sum.1, 6))
}
