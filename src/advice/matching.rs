//! Gaps → capabilities → a ranked short list of providers, each with the reasons.
//!
//! Hard conditions first ([`Barred`]), then a score of 0 to 100 from the published weights ([`rules::Rules`], from
//! `advice/matching.yaml`). Scores are put into ranks: divided by the width of a rank and rounded, so that “of equal merit”
//! is an equivalence and no chain of small steps joins the first with the last. Within a rank the order is drawn from a seed
//! that anybody can derive again — who is assessed, when, which year's list — so no name gains by its id or by paying.
//! Whoever makes the report is marked and never stands first.

mod ask;
mod explain;
mod exposure;
mod index;
mod offers;
mod rank;
pub mod rules;
mod standing;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::Serialize;

pub use ask::Barred;
pub use exposure::{Exposure, Tally};
pub use index::Index;
pub use offers::{Offer, OfferedBy};
pub use rank::{Ranked, Ranking};
pub use standing::Standing;

use super::gaps::Gap;
use super::measures::Capabilities;
use super::providers::{Contact, PoolFile, Provider};
use crate::assessment::Assessment;
use crate::enterprise::Profile;
use rules::{FactorId, Rules};

/// Said of a provider that makes the report.
pub const OWN: &str = "本报告编制单位";
/// Why it is left out when there is nobody to compare it with.
const OWN_ALONE: &str = "是本报告编制单位，又没有别家可比";

/// One recommended provider.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Recommended {
    /// Id in the pool.
    pub id: String,
    /// Name.
    pub name: String,
    /// Place.
    pub region: String,
    /// Score, 0 to 100.
    pub score: f64,
    /// Rank: score over the width of a rank, rounded. Equal ranks are of equal merit.
    pub merit: u32,
    /// Factor by factor.
    pub factors: Vec<Factor>,
    /// Why, in words.
    pub reasons: Vec<String>,
    /// Capabilities of it that are needed here, by Chinese name.
    pub capabilities: Vec<String>,
    /// Gaps that it could close, by title.
    pub covers: Vec<String>,
    /// Kinds of service.
    pub services: Vec<&'static str>,
    /// The list it is on and until when.
    pub listed: String,
    /// What a reader must know: a warning, or that it makes this report.
    pub marks: Vec<String>,
    /// Ties to whoever makes the diagnosis; empty for none.
    pub conflicts: Vec<String>,
    /// How to reach it.
    pub contact: Contact,
}

/// What a factor gives.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Factor {
    /// Which one.
    pub id: FactorId,
    /// Name.
    pub title: String,
    /// Points.
    pub points: f64,
    /// Most points.
    pub most: f64,
    /// Why so many.
    pub why: String,
}

/// The result of matching.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct Matching {
    /// The short list, best first.
    pub recommended: Vec<Recommended>,
    /// Measure by measure who can do it.
    pub offers: Vec<Offer>,
    /// What readers must know about the pool.
    pub notice: String,
    /// How many providers were looked at.
    pub considered: usize,
    /// How many meet all hard conditions.
    pub eligible: usize,
    /// Why providers were left out: reason and how many; each counts under its first reason.
    pub left_out: IndexMap<&'static str, usize>,
    /// Needed capabilities that no listed provider has, by Chinese name.
    pub uncovered: Vec<String>,
    /// The published weights.
    pub weights: Vec<(String, f64)>,
    /// Whose weights these are.
    pub rules: String,
    /// Width of a rank in points.
    pub tie: f64,
    /// The seed of the order among equals, and of what it is made.
    pub seed: String,
    /// Of what the seed is made, in words.
    pub seed_from: &'static str,
    /// Providers of the same rank as the last one shown that were not drawn.
    pub equals_not_shown: usize,
}

/// Who asks, when, for what.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The gaps.
    pub gaps: &'a [Gap],
    /// The enterprise.
    pub profile: &'a Profile,
    /// Date of the assessment.
    pub date: &'a str,
    /// What the enterprise means to spend, 万元.
    pub budget_wan: Option<f64>,
    /// Whoever makes the report, in words that may contain a name or a code.
    pub issuers: Vec<&'a str>,
}

impl<'a> Request<'a> {
    /// What an assessment asks for.
    pub fn of(gaps: &'a [Gap], assessment: &'a Assessment) -> Self {
        let teams = assessment.onsite.team.iter().map(|member| member.org.as_str());
        let issuers = std::iter::once(assessment.assessor.as_str()).chain(teams);
        Self {
            gaps,
            profile: &assessment.enterprise,
            date: &assessment.date,
            budget_wan: assessment.budget_wan,
            issuers: issuers.filter(|text| !text.trim().is_empty()).collect(),
        }
    }
}

/// What matching looks at.
#[derive(Debug, Clone, Copy)]
pub struct Matcher<'a> {
    /// The compiled pools.
    pub index: &'a Index,
    /// The pools as written, for names and reasons.
    pub pools: &'a [PoolFile],
    /// The vocabulary that the index was compiled with.
    pub capabilities: &'a Capabilities,
    /// The rules that the index was compiled with.
    pub rules: &'a Rules,
}

impl<'a> Matcher<'a> {
    /// Matches the gaps of an enterprise with the pools.
    pub fn recommend(&self, request: &Request) -> Matching {
        let ask = ask::Ask::new(self, request);
        let ranking = rank::run(self, request, &ask);
        self.told(request, &ask, &ranking)
    }

    /// The order of all who can be recommended, without words.
    pub fn ranking(&self, request: &Request) -> Ranking {
        rank::run(self, request, &ask::Ask::new(self, request))
    }

    /// The provider of a row.
    pub fn provider(&self, row: usize) -> Option<&'a Provider> {
        self.file(row).and_then(|(file, at)| file.providers.get(at))
    }

    fn file(&self, row: usize) -> Option<(&'a PoolFile, usize)> {
        let row = self.index.rows.get(row)?;
        Some((self.pools.get(row.file as usize)?, row.at as usize))
    }

    fn told(&self, request: &Request, ask: &ask::Ask, ranking: &Ranking) -> Matching {
        let shown = ranking.shown.iter().filter_map(|place| ranking.order.get(*place));
        let recommended = shown
            .filter_map(|ranked| explain::explain(self, request, ask, ranked))
            .collect();
        let mut left_out: IndexMap<&'static str, usize> = Barred::ALL
            .iter()
            .zip(ranking.left_out)
            .filter(|(_, count)| *count > 0)
            .map(|(why, count)| (why.label(), count))
            .collect();
        if ranking.own_alone {
            left_out.insert(OWN_ALONE, 1);
        }
        let known = &self.capabilities.capabilities;
        let uncovered = ask.missing(&ranking.available).filter_map(|at| known.get(at));
        let mut notices = BTreeSet::new();
        let notices = self
            .pools
            .iter()
            .map(|file| file.notice.trim())
            .filter(|text| !text.is_empty() && notices.insert(*text));
        Matching {
            recommended,
            offers: offers::offers(self, request, ranking),
            notice: notices.collect::<Vec<_>>().join(" "),
            considered: self.index.len(),
            eligible: ranking.order.len(),
            left_out,
            uncovered: uncovered.map(|capability| capability.title.clone()).collect(),
            weights: self
                .rules
                .factors
                .iter()
                .map(|f| (f.title.clone(), f.weight.value))
                .collect(),
            rules: self.rules.source.clone(),
            tie: self.rules.tie.value,
            seed: format!("{:016x}", ask.seed),
            seed_from: if request.profile.uscc.is_some() {
                "统一社会信用代码、评估日期、名单年度"
            } else {
                "企业名称、评估日期、名单年度"
            },
            equals_not_shown: ranking.equals_not_shown(),
        }
    }
}

impl Matching {
    /// Marks whoever issues the report, known by id or name, and puts it last; alone it is not recommended.
    pub fn disclose(&mut self, issuers: &[&str]) {
        let is_own = |one: &Recommended| issuers.iter().any(|name| *name == one.id || *name == one.name);
        for one in self.recommended.iter_mut().filter(|one| is_own(one)) {
            if !one.marks.iter().any(|mark| mark == OWN) {
                one.marks.insert(0, OWN.to_owned());
            }
        }
        self.recommended.sort_by_key(Recommended::interest);
        for offer in &mut self.offers {
            offer.disclose(issuers);
        }
        if self
            .recommended
            .first()
            .is_some_and(|first| first.interest() == rank::OWN)
        {
            self.recommended.clear();
            self.left_out.insert(OWN_ALONE, 1);
        }
    }
}

impl Recommended {
    fn interest(&self) -> u8 {
        if self.marks.iter().any(|mark| mark == OWN) {
            rank::OWN
        } else {
            u8::from(!self.conflicts.is_empty())
        }
    }
}
