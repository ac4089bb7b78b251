//! The ladder of grades, the pass mark and the vetoes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::provenance::Confidence;
use crate::source::At;
use crate::source::shape::Each;

/// The ladder of grades.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeRule {
    /// What it is called when no rung is reached.
    pub none: GradeName,
    /// Rungs; the highest whose conditions all hold wins.
    pub rungs: Each<Rung>,
}

/// A level number and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeName {
    /// Level number, 0 for "none".
    pub level: u8,
    /// Its name.
    pub name: String,
}

/// One rung.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Level number.
    pub level: At<u8>,
    /// Its name.
    pub name: String,
    /// Clause.
    #[serde(default)]
    pub clause: String,
    /// Where it differs from the file's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// All must hold.
    pub require: Each<Requirement>,
}

/// One condition of a rung: `score`, `count`, `covers` or `holds`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Indicator whose score must be …
    #[serde(default)]
    pub score: Option<At<String>>,
    /// Set in which items must be counted …
    #[serde(default)]
    pub count: Option<At<String>>,
    /// … that are at this level or above …
    #[serde(default)]
    pub at_level: Option<u8>,
    /// … at least this (points or items).
    #[serde(default)]
    pub at_least: Option<f64>,
    /// Indicator under which something must apply.
    #[serde(default)]
    pub covers: Option<At<String>>,
    /// Expression that must be true.
    #[serde(default)]
    pub holds: Option<At<String>>,
    /// The condition in words, for `holds` and `covers`.
    #[serde(default)]
    pub say: String,
}

/// A mark to pass.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassMark {
    /// Points; left out when no source gives any.
    #[serde(default)]
    pub value: Option<f64>,
    /// Why there is none, or who set it.
    #[serde(default)]
    pub note: String,
}

/// A condition that must hold.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Veto {
    /// Id.
    pub id: At<String>,
    /// Short title.
    pub title: String,
    /// Expression over items.
    pub holds: At<String>,
    /// What happens when it fails.
    pub effect: VetoEffect,
    /// Sentence when it fails.
    #[serde(default)]
    pub fail: String,
    /// What to do about it.
    #[serde(default)]
    pub fix: String,
    /// Clause.
    #[serde(default)]
    pub clause: String,
    /// Where it differs from the file's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
}

/// What a failed veto does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VetoEffect {
    /// Not eligible, whatever the score.
    Disqualify,
    /// No grade above this level.
    Cap(u8),
}
