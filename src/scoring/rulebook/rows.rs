//! Rules over the rows of a table item, and the tables that they look in.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Better;
use crate::provenance::Confidence;
use crate::source::At;
use crate::source::shape::Each;

/// A quantity of every row of a table item, added up.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowTotal {
    /// A table item.
    pub item: At<String>,
    /// Table to look in.
    pub table: At<String>,
    /// Table key → expression over the row.
    pub on: IndexMap<String, At<String>>,
    /// Expression over the row and the columns of the matched table row.
    pub value: At<String>,
    /// Unit of the value.
    #[serde(default)]
    pub unit: String,
    /// Decimals of each row's value and of the sum.
    #[serde(default = "super::default_value_decimals")]
    pub decimals: u8,
}

/// Rows of a table item judged against a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EachRow {
    /// A table item.
    pub item: At<String>,
    /// Expression over the row: how much it counts.
    pub weight: At<String>,
    /// Unit of the weight.
    #[serde(default)]
    pub weight_unit: String,
    /// Derived numbers, in order.
    #[serde(default, rename = "let")]
    pub lets: Each<Let>,
    /// Judgements of a row; the first is the main one.
    pub judge: Each<Judge>,
    /// Columns of the matched table row that go into the result.
    #[serde(default)]
    pub carry: Vec<At<String>>,
    /// What the leaf's score is.
    pub share: Share,
    /// Marks on rows, e.g. an elimination list.
    #[serde(default)]
    pub flags: Each<Flag>,
}

/// A derived number.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Let {
    /// Its name.
    pub name: At<String>,
    /// Expression.
    pub value: At<String>,
}

/// One judgement of a row.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Judge {
    /// Key in the result, e.g. `tier`.
    pub id: At<String>,
    /// Title in reports.
    #[serde(default)]
    pub title: String,
    /// Table to look in.
    pub table: At<String>,
    /// Table key → expression over the row.
    pub on: IndexMap<String, At<String>>,
    /// Every measure must meet a level for the row to have it.
    pub measures: Each<Measure>,
    /// Names in the result, best first; numbers when left out.
    #[serde(default)]
    pub names: Vec<String>,
    /// Name of "worse than the last level".
    #[serde(default)]
    pub worse: String,
    /// Chinese names, best first.
    pub labels: Vec<String>,
    /// Chinese name of "worse than the last level".
    pub worse_label: String,
    /// Chinese names of the thresholds, best first, where a level's name is not that of its threshold: 基准水平 bounds what is
    /// called 介于标杆与基准之间.
    #[serde(default)]
    pub limits: Vec<String>,
    /// Where it differs from the node's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
}

/// One measured value against levels.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Expression over the row.
    pub value: At<String>,
    /// Rounded half-up to this before it is compared.
    #[serde(default = "super::default_value_decimals")]
    pub decimals: u8,
    /// Which way is better.
    pub better: Better,
    /// Thresholds, best first: table columns or expressions over columns and row.
    pub levels: Vec<At<String>>,
}

/// Share of the weight at a level or better.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Which judgement.
    pub judge: At<String>,
    /// Level that counts, or better.
    pub at_least: u8,
}

/// A mark on a row.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// Id.
    pub id: At<String>,
    /// Short title.
    pub title: String,
    /// Expression: the row is a hit.
    pub when: At<String>,
    /// Never more than a suspicion: what else the list asks is not known.
    #[serde(default)]
    pub suspicion: bool,
    /// Further condition; a value that is missing makes the hit a suspicion, false clears it.
    #[serde(default)]
    pub confirm: Option<At<String>>,
    /// What to tell.
    #[serde(default)]
    pub say: String,
    /// Source.
    #[serde(default)]
    pub source: String,
    /// Where it differs from the node's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
}

/// A lookup table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Title, e.g. `GB 18613-2020 表 1`.
    pub title: String,
    /// Source.
    #[serde(default)]
    pub source: String,
    /// Where it differs from the file's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// Key columns and how each is matched.
    pub keys: IndexMap<String, KeyMatch>,
    /// Column names.
    pub columns: Vec<At<String>>,
    /// Rows, one cell a column.
    pub rows: Each<At<Vec<RawCell>>>,
}

/// A table cell as written.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged, transform = crate::source::schema::cell)]
pub enum RawCell {
    /// No number: not judged; as a key: matches anything.
    Null,
    /// A number.
    Number(f64),
    /// Text or an interval.
    Text(String),
}

impl<'de> Deserialize<'de> for RawCell {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Cell;
        impl serde::de::Visitor<'_> for Cell {
            type Value = RawCell;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("数字、文字或空值")
            }
            fn visit_unit<E>(self) -> Result<RawCell, E> {
                Ok(RawCell::Null)
            }
            fn visit_u64<E>(self, value: u64) -> Result<RawCell, E> {
                Ok(RawCell::Number(value as f64))
            }
            fn visit_i64<E>(self, value: i64) -> Result<RawCell, E> {
                Ok(RawCell::Number(value as f64))
            }
            fn visit_f64<E>(self, value: f64) -> Result<RawCell, E> {
                Ok(RawCell::Number(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<RawCell, E> {
                Ok(RawCell::Text(value.to_owned()))
            }
        }
        deserializer.deserialize_any(Cell)
    }
}

/// How a table key is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyMatch {
    /// Equal text or number.
    Exact,
    /// Nearest step; from the midpoint between two steps on, the larger.
    Midpoint,
    /// The next step that is not smaller.
    StepUp,
    /// Inside the interval of the cell.
    Interval,
}
