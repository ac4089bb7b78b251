//! How answers become points and a grade, as written: `scoring-rules/<id>.yaml`.

mod grade;
mod rows;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use grade::*;
pub use rows::*;

use crate::provenance::Confidence;
use crate::source::At;
use crate::source::shape::Each;

/// First line of a rulebook file.
pub const SCHEMA: &str = "qizhen/rulebook/1";

/// The rules of one standard.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rulebook {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Id of the standard whose questionnaire this scores.
    pub standard: At<String>,
    /// Confidence of every rule that does not say otherwise.
    pub confidence: Confidence,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// Decimals to which every score is rounded half-up before it is summed or compared.
    #[serde(default = "default_decimals")]
    pub decimals: u8,
    /// What becomes of the points of items that do not apply.
    #[serde(default)]
    pub not_applicable: NaPolicy,
    /// The scoring tree; left out when there are presets.
    #[serde(default)]
    pub indicators: Option<Indicator>,
    /// Several weightings of one questionnaire.
    #[serde(default)]
    pub presets: Each<Preset>,
    /// Named sets of level items, for counting.
    #[serde(default)]
    pub sets: IndexMap<String, ItemSet>,
    /// The ladder of grades, if the scheme has one.
    #[serde(default)]
    pub grade: Option<GradeRule>,
    /// A mark to pass, where one is set.
    #[serde(default)]
    pub pass_mark: Option<PassMark>,
    /// Conditions that must hold whatever the score.
    #[serde(default)]
    pub vetoes: Each<Veto>,
    /// Tables for [`EachRow`].
    #[serde(default)]
    pub tables: IndexMap<String, Table>,
}

fn default_decimals() -> u8 {
    2
}

/// A named set of level items.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemSet {
    /// Name in sentences, e.g. `约束性场景`.
    pub title: String,
    /// The items.
    pub items: Vec<At<String>>,
    /// What is doubtful about the list.
    #[serde(default)]
    pub note: String,
}

/// What becomes of the points of items that do not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NaPolicy {
    /// Total × full ÷ full points of what applies.
    #[default]
    Rescale,
    /// They are lost.
    Zero,
    /// They are granted.
    Full,
}

/// One weighting of a questionnaire.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Id, chosen by `presets:` in an assessment.
    pub id: At<String>,
    /// Title.
    pub title: String,
    /// Used when the assessment does not choose.
    #[serde(default)]
    pub default: bool,
    /// Where it differs from the file's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// Its scoring tree.
    pub indicators: Indicator,
}

/// A node of the scoring tree: exactly one of the groups or methods is given.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Id, unique within the tree.
    pub id: At<String>,
    /// Title; an item's title when left out.
    #[serde(default)]
    pub title: String,
    /// Full points.
    #[serde(default)]
    pub full: Option<At<f64>>,
    /// Clause of the standard.
    #[serde(default)]
    pub clause: String,
    /// Where it differs from its parent's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// Expression: the node counts only when it is true.
    #[serde(default)]
    pub applies: Option<At<String>>,
    /// Share within a `weighted` group.
    #[serde(default)]
    pub weight: Option<At<f64>>,
    /// Whether a `pooled` parent counts it.
    #[serde(default)]
    pub pool: Option<bool>,
    /// How `children` are put together.
    #[serde(default)]
    pub combine: Combine,
    /// Group: points add up.
    #[serde(default)]
    pub children: Each<Indicator>,
    /// Group: ratios × weights.
    #[serde(default)]
    pub weighted: Each<Indicator>,
    /// Group: the first that applies and is answered.
    #[serde(default)]
    pub one_of: Each<Indicator>,
    /// Points of the chosen option.
    #[serde(default)]
    pub options: Option<OptionPoints>,
    /// Points of all chosen options added up.
    #[serde(default)]
    pub sum_of_options: Option<OptionPoints>,
    /// Number → points by intervals.
    #[serde(default)]
    pub bands: Option<Bands>,
    /// Number → points on a line between baseline and leading value.
    #[serde(default)]
    pub interpolate: Option<Interpolate>,
    /// A quantity for information.
    #[serde(default)]
    pub formula: Option<Formula>,
    /// Levels with requirements, counted up to the first that is not reached.
    #[serde(default)]
    pub ladder: Option<RequirementLadder>,
    /// Every row of a table item judged against a table.
    #[serde(default)]
    pub each_row: Option<EachRow>,
    /// Levels of requirements over a tree of weighted areas.
    #[serde(default)]
    pub maturity: Option<Maturity>,
    /// Quantities of children added up, for information.
    #[serde(default)]
    pub total: Each<Indicator>,
    /// Unit of a `total`.
    #[serde(default)]
    pub unit: String,
    /// A quantity of every row added up, for information.
    #[serde(default)]
    pub row_total: Option<RowTotal>,
}

/// How children of a group are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Combine {
    /// Points add up.
    #[default]
    Sum,
    /// Shares of `each_row` children pooled by weight.
    Pooled,
}

/// Points by option.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionPoints {
    /// A choice item.
    pub item: At<String>,
    /// Points of each option.
    pub points: IndexMap<String, At<f64>>,
    /// Most that the sum can give.
    #[serde(default)]
    pub cap: Option<f64>,
}

/// Number → points by intervals.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Expression over items.
    pub value: At<String>,
    /// Unit of the value, for reports.
    #[serde(default)]
    pub unit: String,
    /// The value is rounded half-up to this before it is compared.
    #[serde(default = "default_value_decimals")]
    pub decimals: u8,
    /// The interval that the bands must cover without gap or overlap.
    pub cover: At<String>,
    /// The bands.
    pub table: Each<Band>,
}

/// One interval and its points.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// `[0,10]`, `(10,20]` …, with `-inf` and `inf`.
    #[serde(rename = "in")]
    pub interval: At<String>,
    /// Points.
    pub points: f64,
}

fn default_value_decimals() -> u8 {
    6
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// Linear between baseline and leading value, clamped.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interpolate {
    /// Expression over items.
    pub value: At<String>,
    /// Unit of the value.
    #[serde(default)]
    pub unit: String,
    /// The value is rounded half-up to this before it is compared.
    #[serde(default = "default_value_decimals")]
    pub decimals: u8,
    /// Which way is better.
    pub better: Better,
    /// Value that earns full points: a number or an expression.
    pub leading: At<Scalar>,
    /// Value at which points begin: a number or an expression.
    pub baseline: At<Scalar>,
    /// Share of the full points at exactly the baseline, 0 to 1.
    #[serde(default)]
    pub at_baseline: f64,
}

/// A number or an expression that gives one.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(from = "String")]
pub struct Scalar(pub String);

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Scalar(text)
    }
}

/// A quantity computed for information.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    /// Expression over items.
    pub value: At<String>,
    /// Unit.
    #[serde(default)]
    pub unit: String,
    /// Decimals.
    #[serde(default = "default_decimals")]
    pub decimals: u8,
}

/// A requirement ladder.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequirementLadder {
    /// Mean satisfaction at which a level is reached, 0 to 1.
    pub reach: f64,
    /// Levels from the lowest.
    pub levels: Each<LadderLevel>,
    /// Satisfaction of each option, 0 to 1; yes/no items need none.
    #[serde(default)]
    pub satisfaction: IndexMap<String, f64>,
}

/// One level of a requirement ladder.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LadderLevel {
    /// Its number.
    pub level: u8,
    /// Items.
    pub requirements: Vec<At<String>>,
}

/// Levels of requirements over a tree of weighted areas, counted up to the first level that is not reached.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Maturity {
    /// Ratio from which on a level counts as reached, and then as 1; 0 to 1.
    pub reach: At<f64>,
    /// Titles of the levels, from 1 upward.
    pub levels: Vec<At<String>>,
    /// Satisfaction of each option, 0 to 1; yes/no items need none.
    #[serde(default)]
    pub satisfaction: IndexMap<String, f64>,
    /// The highest tier of areas.
    pub areas: Each<Area>,
}

/// One area of a maturity model: either areas below it, or requirements by level.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Id; at level 2 its node is `<id>-l2`.
    pub id: At<String>,
    /// Title.
    pub title: String,
    /// Share within its tier; a tier adds up to 1.
    pub weight: At<f64>,
    /// Clause of the standard.
    #[serde(default)]
    pub clause: String,
    /// Where it differs from its parent's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// The next tier.
    #[serde(default)]
    pub areas: Each<Area>,
    /// Items by level; the mean of their satisfaction counts.
    #[serde(default)]
    pub requirements: IndexMap<String, Vec<At<String>>>,
}
