//! What is said of a policy once it is judged.

use schemars::JsonSchema;
use serde::Serialize;

use crate::names::Missing;
use crate::provenance::{Confidence, Document};

/// How a policy stands; the better, the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All conditions that can be told hold.
    Likely,
    /// One condition fails, and it is one that can be met by doing something.
    Near,
    /// No condition fails, but some cannot be told.
    Unknown,
    /// It is not for this enterprise.
    No,
}

impl State {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            State::Likely => "初步符合",
            State::Near => "差一步",
            State::Unknown => "缺数据",
            State::No => "不符合",
        }
    }

    /// Tone of its label in a report.
    pub fn tone(self) -> &'static str {
        match self {
            State::Likely => "good",
            State::Near => "info",
            State::Unknown => "warn",
            State::No => "neutral",
        }
    }
}

/// All policies as they stand.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Policies {
    /// Those worth a look, the likeliest first, the most local of them first.
    pub entries: Vec<Standing>,
    /// Those that are not for this enterprise, and why.
    pub refused: Vec<Refused>,
    /// How many were left out since they have run out.
    pub expired: usize,
    /// How many were left out since they are not in force yet.
    pub upcoming: usize,
    /// How many were left out since they are for other regions.
    pub elsewhere: usize,
}

/// One policy as it stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Standing {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Kind, in Chinese.
    pub kind: &'static str,
    /// Whether it is a way to finance a project.
    pub finance: bool,
    /// How it stands.
    pub state: State,
    /// The same in Chinese.
    pub label: &'static str,
    /// Tone of the label.
    pub tone: &'static str,
    /// The planned project it was judged for.
    pub project: Option<String>,
    /// Published document.
    pub source: Document,
    /// Clause or section.
    pub clause: String,
    /// How long it holds, in words.
    pub valid: String,
    /// Days until its last day, from the day of the assessment; `null` where the source gives none.
    pub days_left: Option<i32>,
    /// What there is to say about time: that it ends soon, or before the project begins. Empty for nothing.
    pub time: String,
    /// When it was last compared with its source.
    pub as_of: String,
    /// Confidence of the whole.
    pub confidence: Confidence,
    /// What it gives, in words.
    pub gives: String,
    /// How much at most.
    pub amount: Option<Estimate>,
    /// All conditions, as written.
    pub conditions: Vec<String>,
    /// Conditions that hold.
    pub met: Vec<String>,
    /// The condition that fails and what is lacking.
    pub lacking: Option<Lacking>,
    /// What nobody told.
    pub missing: Vec<Missing>,
    /// Conditions that only people can tell.
    pub to_check: Vec<String>,
    /// Titles of the policies shown here that cannot be had together with it.
    pub exclusive_with: Vec<String>,
    /// Papers to have ready.
    pub papers: Vec<String>,
    /// What else is to be known.
    pub note: String,
}

/// What a policy gives at most.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Estimate {
    /// The rule in words.
    pub say: String,
    /// 测算上限, 万元; `null` where it cannot be computed.
    pub most_wan: Option<f64>,
    /// How it was computed.
    pub how: String,
    /// Confidence of rate and cap.
    pub confidence: Confidence,
}

/// A condition that fails and can be met by doing something.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Lacking {
    /// The condition.
    pub condition: String,
    /// What is lacking.
    pub say: String,
}

/// A policy that is not for this enterprise.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Refused {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Conditions that fail.
    pub reasons: Vec<String>,
}
