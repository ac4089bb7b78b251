//! What was answered: one enterprise, one date, its answers with evidence.

mod answer;
pub mod change;
pub mod fill;
mod number;
pub mod onsite;
pub mod plans;
mod read;
pub mod told;
pub mod words;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

#[cfg(test)]
pub(crate) use read::FIELDS;
pub use read::{Known, read};

use crate::enterprise::Profile;
use crate::scoring::layout::{Answers, Cell, RowCell, Rows};

/// First line of an assessment file.
pub const SCHEMA: &str = "qizhen/assessment/1";

/// One assessment, checked against the questionnaires.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// Who is assessed.
    pub enterprise: Profile,
    /// Date of the assessment, `YYYY-MM-DD`.
    pub date: String,
    /// Year whose facts fill in what is left out.
    pub base_year: Option<i16>,
    /// Who assessed, for on-site work; empty for a self-assessment.
    pub assessor: String,
    /// The visit, for on-site work.
    pub onsite: onsite::OnSite,
    /// Projects that are planned or under way: for policies and finance, never for scores.
    pub plans: Vec<plans::Project>,
    /// Conditions of policies that only the enterprise can tell.
    pub told: Vec<told::Told>,
    /// What the enterprise agrees to.
    pub consent: Consent,
    /// What it means to spend on improvements, 万元.
    pub budget_wan: Option<f64>,
    /// What it pays for power on average, 元/kWh.
    pub electricity_price: Option<f64>,
    /// Quantities by year and fact id, in the fact's own unit.
    pub facts: BTreeMap<i16, IndexMap<String, f64>>,
    /// Chosen preset by standard.
    pub presets: IndexMap<String, String>,
    /// Pass marks set by the user, by standard.
    pub pass_marks: IndexMap<String, f64>,
    /// Answers by standard, in the order in which they are to be reported.
    pub answers: IndexMap<String, StandardAnswers>,
    /// The same as the enterprise reported them, where any was verified.
    pub reported: Option<IndexMap<String, StandardAnswers>>,
}

/// What the enterprise agrees to; nothing unless it says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Consent {
    /// That providers who could close its gaps learn its name and those gaps.
    pub share_with_providers: bool,
}

/// The answers to one questionnaire, laid out in its columns.
#[derive(Debug, Clone, Default)]
pub struct StandardAnswers {
    /// Effective cells: verified where there is a verified answer.
    pub cells: Vec<Cell>,
    /// Rows of table items by item index.
    pub tables: BTreeMap<usize, TableAnswer>,
    /// What else was said about each answered item.
    pub details: IndexMap<String, Detail>,
}

/// A table item's answer.
#[derive(Debug, Clone, PartialEq)]
pub enum TableAnswer {
    /// Does not apply.
    NotApplicable,
    /// The rows.
    Rows(Vec<Vec<RowCell>>),
}

/// What stands beside the value of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Detail {
    /// Self-reported answer in words.
    pub self_reported: String,
    /// Verified answer in words, where there is one.
    pub verified: Option<String>,
    /// Filled from facts: which ones.
    pub from_facts: Vec<String>,
    /// Taken from another standard: in words, from where; empty when it was answered here.
    pub linked: String,
    /// Remark.
    pub note: String,
    /// Files or words that prove it.
    pub evidence: Vec<String>,
}

impl Detail {
    /// Whether there is an answer at all, by whomever; a remark alone is none.
    pub fn is_answered(&self) -> bool {
        !self.self_reported.is_empty() || self.verified.is_some() || !self.from_facts.is_empty()
    }
}

impl Answers for StandardAnswers {
    fn cell(&self, column: usize) -> Cell {
        self.cells.get(column).copied().unwrap_or_default()
    }

    fn rows(&self, item: usize) -> Rows<'_> {
        match self.tables.get(&item) {
            None => Rows::Missing,
            Some(TableAnswer::NotApplicable) => Rows::NotApplicable,
            Some(TableAnswer::Rows(rows)) => Rows::Given(rows),
        }
    }
}

impl Assessment {
    /// Whether any answer was verified on site.
    pub fn has_verified(&self) -> bool {
        self.answers
            .values()
            .any(|a| a.details.values().any(|d| d.verified.is_some()))
    }
}
