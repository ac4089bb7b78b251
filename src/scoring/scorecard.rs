//! The result for one standard: score, grade, vetoes, rows, and the explanation of every number.

mod assemble;
mod rows;

use indexmap::IndexMap;
use serde::Serialize;

use super::rulebook::{Better, GradeName, VetoEffect};
use super::trace::TraceNode;
use crate::provenance::Confidence;

/// The result for one standard.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Scorecard {
    /// Id of the standard.
    pub id: String,
    /// Preset used, for standards that have several weightings.
    pub preset: Option<PresetName>,
    /// Points; `null` when nothing could be scored.
    pub score: Option<f64>,
    /// Full points.
    pub full: f64,
    /// Grade; `null` when the scheme has none or nothing could be scored.
    pub grade: Option<GradeName>,
    /// Lowest and highest score that the answers still missing leave open.
    pub bounds: Option<(f64, f64)>,
    /// Each rung of the ladder with its conditions.
    pub rungs: Vec<RungResult>,
    /// Whether all vetoes hold: `false` when one fails, `null` when one cannot be told.
    pub eligible: Option<bool>,
    /// The vetoes.
    pub vetoes: Vec<VetoResult>,
    /// Pass mark, where the scheme knows the notion.
    pub pass: Option<PassResult>,
    /// Levels of scenario items.
    pub levels: Vec<LevelResult>,
    /// Rows of table items.
    pub tables: IndexMap<String, Vec<RowResult>>,
    /// Items answered, missing, not applicable.
    pub coverage: Coverage,
    /// Worst confidence of the rules that this result rests on.
    pub confidence: Confidence,
    /// What is doubtful, each once.
    pub doubts: Vec<Doubt>,
    /// The explanation of every number.
    pub trace: TraceNode,
}

/// Id and title of a preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PresetName {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
}

/// One rung and its conditions.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct RungResult {
    /// Level number.
    pub level: u8,
    /// Name.
    pub name: String,
    /// Whether all conditions hold.
    pub reached: bool,
    /// Confidence of the rung.
    pub confidence: Confidence,
    /// The conditions.
    pub conditions: Vec<ConditionResult>,
}

/// One condition of a rung.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ConditionResult {
    /// In words.
    pub text: String,
    /// Whether it holds.
    pub met: bool,
    /// What is there.
    pub have: f64,
    /// What is needed.
    pub need: f64,
    /// `score`, `count` or `holds`.
    pub kind: &'static str,
    /// Node or set.
    pub of: String,
    /// What is short, in words; empty when it holds.
    pub short: String,
}

/// One veto.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct VetoResult {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// How it stands.
    pub state: VetoState,
    /// What it does when it fails.
    pub effect: VetoEffect,
    /// Sentence when it fails.
    pub fail: String,
    /// What to do.
    pub fix: String,
    /// Clause.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
}

/// How a veto stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VetoState {
    /// The condition holds.
    Holds,
    /// It does not.
    Failed,
    /// Not answered.
    Unknown,
    /// Does not apply.
    NotApplicable,
}

/// Pass mark and whether it is reached.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct PassResult {
    /// The mark; `null` when nobody set one.
    pub mark: Option<f64>,
    /// Whether it is reached.
    pub reached: Option<bool>,
    /// Who set it or why there is none.
    pub note: String,
}

/// Level of one scenario.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct LevelResult {
    /// Item id.
    pub item: String,
    /// Title.
    pub title: String,
    /// Level; `null` when not answered.
    pub level: Option<u8>,
    /// Highest level.
    pub top: u8,
    /// Whether not applicable.
    pub not_applicable: bool,
    /// Sets that it belongs to.
    pub sets: Vec<String>,
    /// What the level reached says.
    pub text: String,
    /// What the next level asks.
    pub next: String,
}

/// One judged row.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct RowResult {
    /// Name of the row.
    pub name: String,
    /// Judgements by id: level number or name, `null` when not judged.
    #[serde(flatten)]
    pub judged: IndexMap<String, serde_json::Value>,
    /// The same in words.
    pub labels: IndexMap<String, String>,
    /// How much the row counts.
    pub weight: Option<f64>,
    /// Unit of the weight.
    pub weight_unit: String,
    /// The answers of the row in words, by column title.
    pub given: IndexMap<String, String>,
    /// What the main judgement compares: title, unit, whether more is better.
    pub measures: Vec<(String, String, Better)>,
    /// Values of the main judgement as compared.
    pub values: Vec<Option<f64>>,
    /// Thresholds of the main judgement, best first, a list a measure.
    pub thresholds: Vec<Vec<Option<f64>>>,
    /// What the thresholds are called, best first.
    pub limits: Vec<String>,
    /// Columns of the table row.
    pub table: IndexMap<String, serde_json::Value>,
    /// Where the thresholds come from.
    pub source: String,
    /// Marks.
    pub flags: Vec<FlagResult>,
    /// Confidence of this row's thresholds.
    pub confidence: Confidence,
    /// Why the main judgement is missing.
    pub reason: String,
    /// Level of the main judgement as a number, for the reader of this structure.
    #[serde(skip)]
    pub main_level: Option<u8>,
}

/// A mark on a row.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct FlagResult {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Only a suspicion: a further condition is not known.
    pub suspected: bool,
    /// What to tell.
    pub say: String,
    /// Source.
    pub source: String,
    /// Confidence.
    pub confidence: Confidence,
}

/// How complete the answers are.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct Coverage {
    /// Items that the rules of this preset read.
    pub items: usize,
    /// Their ids.
    #[serde(skip)]
    pub read: Vec<String>,
    /// Of those, answered.
    pub answered: usize,
    /// Not answered, by id.
    pub missing: Vec<String>,
    /// Not applicable, by id.
    pub not_applicable: Vec<String>,
}

/// Something that is doubtful about a rule.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Doubt {
    /// What it concerns.
    pub about: String,
    /// Confidence.
    pub confidence: Confidence,
    /// In words.
    pub note: String,
}

/// 一 to 五, then digits.
pub fn numeral(level: u8) -> String {
    ["零", "一", "二", "三", "四", "五"]
        .get(level as usize)
        .map_or_else(|| level.to_string(), |n| (*n).to_owned())
}
