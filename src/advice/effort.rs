//! What a change takes: difficulty by rank, and money and months where somebody has stated them with a source.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::provenance::Confidence;

/// What one step of a measure takes. Ranks are judgements; amounts are only there with their source.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Effort {
    /// How much has to be learnt: 1 little, 2 some, 3 a specialist's work.
    #[schemars(range(min = 1, max = 3))]
    pub knowledge: u8,
    /// How long until it works: 1 within half a year, 2 within a year and a half, 3 within three years.
    #[schemars(range(min = 1, max = 3))]
    pub time: u8,
    /// How much money, people and standstill it binds: 1 little, 2 some, 3 much.
    #[schemars(range(min = 1, max = 3))]
    pub resources: u8,
    /// Lowest and highest price of one step in 万元; only with `source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money_wan: Option<[f64; 2]>,
    /// Shortest and longest duration of one step in months; only with `source`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<[f64; 2]>,
    /// Where money and months come from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// How far they were checked.
    #[serde(default = "unverified")]
    pub confidence: Confidence,
}

fn unverified() -> Confidence {
    Confidence::Unverified
}

impl Default for Effort {
    /// Of a change that nobody has ranked: the middle.
    fn default() -> Self {
        Self {
            knowledge: 2,
            time: 2,
            resources: 2,
            money_wan: None,
            months: None,
            source: String::new(),
            confidence: Confidence::Unverified,
        }
    }
}

impl Effort {
    /// What is wrong with it, in words.
    pub fn problem(&self) -> Option<String> {
        let ranks = [
            ("knowledge", self.knowledge),
            ("time", self.time),
            ("resources", self.resources),
        ];
        if let Some((name, rank)) = ranks.into_iter().find(|(_, rank)| !(1..=3).contains(rank)) {
            return Some(format!("{name} 应为 1、2 或 3，现为 {rank}"));
        }
        for (name, range) in [("money_wan", self.money_wan), ("months", self.months)] {
            let Some([low, high]) = range else { continue };
            if !(low.is_finite() && high.is_finite() && 0.0 <= low && low <= high) {
                return Some(format!("{name} 应为 [下限, 上限]，不小于 0，现为 [{low}, {high}]"));
            }
            if self.source.is_empty() {
                return Some(format!("{name} 没有来源：写上 source，否则不要写数"));
            }
        }
        None
    }

    /// Months until a change works that takes `steps` steps one after the other: as stated with a source, otherwise by the
    /// rank of its time.
    pub fn lasts(&self, steps: f64) -> f64 {
        let one = match (self.months, self.time) {
            (Some([_, most]), _) => most,
            (None, ..=1) => 6.0,
            (None, 2) => 18.0,
            (None, _) => 36.0,
        };
        one * steps
    }

    /// All ranks together.
    pub fn difficulty(&self) -> f64 {
        f64::from(self.knowledge + self.time + self.resources)
    }
}
