//! How often each provider is shown over many assessments, beside its fair share: among equals, places over members.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Matcher, Ranking};

/// Counts over assessments.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Exposure {
    /// How many assessments.
    pub assessments: usize,
    /// In how many of them not all equals could be shown.
    pub drawn: usize,
    /// By id.
    pub providers: BTreeMap<String, Tally>,
}

/// One provider.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Name.
    pub name: String,
    /// How often it met all hard conditions.
    pub eligible: usize,
    /// How often it was shown.
    pub shown: usize,
    /// How often it would be shown if equals were shown equally often.
    pub fair: f64,
}

impl Tally {
    /// Shown over fair share; `None` when there was nothing to share.
    pub fn ratio(&self) -> Option<f64> {
        (self.fair > 0.0).then(|| self.shown as f64 / self.fair)
    }
}

impl Exposure {
    /// Adds one assessment.
    pub fn add(&mut self, matcher: &Matcher, ranking: &Ranking) {
        self.assessments += 1;
        self.drawn += usize::from(ranking.equals_not_shown() > 0);
        // Those with an interest come after their equals, so they are a group of their own.
        let group = |place: usize| ranking.order.get(place).map(|one| (one.merit, one.interest));
        let mut members: BTreeMap<(u32, u8), (usize, usize)> = BTreeMap::new();
        for place in 0..ranking.order.len() {
            members.entry(group(place).unwrap_or_default()).or_default().0 += 1;
        }
        for place in &ranking.shown {
            members.entry(group(*place).unwrap_or_default()).or_default().1 += 1;
        }
        let mut is_shown = vec![false; ranking.order.len()];
        for place in &ranking.shown {
            is_shown[*place] = true;
        }
        for (one, shown) in ranking.order.iter().zip(is_shown) {
            let Some(provider) = matcher.provider(one.row) else {
                continue;
            };
            let (all, places) = members.get(&(one.merit, one.interest)).copied().unwrap_or((1, 0));
            let tally = self.providers.entry(provider.id.value.clone()).or_default();
            if tally.name.is_empty() {
                tally.name.clone_from(&provider.name);
            }
            tally.eligible += 1;
            tally.shown += usize::from(shown);
            tally.fair += places as f64 / all as f64;
        }
    }
}
