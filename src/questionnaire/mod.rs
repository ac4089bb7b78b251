//! What is asked: `questionnaires/<id>.yaml`. Wording, units and evidence; nothing about points.

pub mod check;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::provenance::{Confidence, Document};
use crate::source::At;
use crate::source::shape::Each;

/// First line of a questionnaire file.
pub const SCHEMA: &str = "qizhen/questionnaire/1";

/// Part ids that would be mistaken for the long form of an answer.
pub const RESERVED_IDS: [&str; 5] = ["value", "verified", "note", "evidence", "na"];

/// A questionnaire of one standard.
#[derive(Debug, Clone, Default, Deserialize, Validate, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Id of the standard, e.g. `sme-digital-2024`.
    pub id: At<String>,
    /// Full title of the standard.
    #[validate(length(min = 1, max = 80, message = "标题应为 1–80 个字"))]
    pub title: String,
    /// Short title for charts and tables.
    #[validate(length(min = 1, max = 14, message = "简称应为 1–14 个字"))]
    pub short: String,
    /// Field of work.
    pub domain: Domain,
    /// Published document.
    #[validate(nested)]
    pub source: Document,
    /// Confidence of everything in this file that does not say otherwise.
    pub confidence: Confidence,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// A few words to whoever fills it in.
    #[serde(default)]
    pub intro: String,
    /// The questions.
    pub sections: Each<Section>,
}

/// Field of work; a provider names those it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Domain {
    /// 数字化
    #[default]
    Digital,
    /// 能效
    Energy,
    /// 绿色制造
    Green,
}

impl Domain {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Domain::Digital => "数字化",
            Domain::Energy => "能效",
            Domain::Green => "绿色制造",
        }
    }
}

/// Questions that belong together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Id, unique within the questionnaire.
    pub id: At<String>,
    /// Heading.
    pub title: String,
    /// A few words under the heading.
    #[serde(default)]
    pub intro: String,
    /// Where it differs from the file's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// Its items.
    pub items: Each<Item>,
}

/// One question or one measured quantity.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id, unique within the questionnaire; `-` is written `_` in expressions.
    pub id: At<String>,
    /// Short noun.
    pub title: String,
    /// The question as put to the enterprise.
    #[serde(default)]
    pub ask: String,
    /// Form of the answer.
    pub kind: At<ItemKind>,
    /// How to find the answer.
    #[serde(default)]
    pub help: String,
    /// What would prove it.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Clause of the standard.
    #[serde(default)]
    pub clause: String,
    /// Where it differs from the file's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// Whether `na` is an allowed answer.
    #[serde(default)]
    pub may_be_na: bool,
    /// `single`, `multi`: the choices.
    #[serde(default)]
    pub options: Each<Choice>,
    /// `multi`: options that exclude all others.
    #[serde(default)]
    pub exclusive: Vec<At<String>>,
    /// `level`: level texts from 0 upward.
    #[serde(default)]
    pub levels: Each<Level>,
    /// `number`: the unit.
    #[serde(default)]
    pub unit: Option<At<String>>,
    /// `number`: smallest allowed value.
    #[serde(default)]
    pub min: Option<f64>,
    /// `number`: largest allowed value.
    #[serde(default)]
    pub max: Option<f64>,
    /// `number`: whole numbers only.
    #[serde(default)]
    pub integer: bool,
    /// `number`: fact that fills it when left out.
    #[serde(default)]
    pub fact: Option<At<String>>,
    /// `number`: year of the fact relative to the base year.
    #[serde(default)]
    pub year: i16,
    /// `parts`: the measured parts.
    #[serde(default)]
    pub parts: Each<Part>,
    /// `parts`: what must hold between them.
    #[serde(default)]
    pub relations: Each<Relation>,
    /// `table`: the columns.
    #[serde(default)]
    pub columns: Each<Column>,
    /// Where the answer comes from when it is left blank.
    #[serde(default)]
    pub link: Option<Link>,
}

/// An answer that another standard already has: its item, its grade, or the number of one of its indicators.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The other standard.
    pub standard: At<String>,
    /// An item of the same kind and choices.
    #[serde(default)]
    pub item: Option<At<String>>,
    /// The grade reached there, for `level` items.
    #[serde(default)]
    pub grade: bool,
    /// An indicator whose value or score is taken, for `number` items.
    #[serde(default)]
    pub node: Option<At<String>>,
}

/// Form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// One option.
    #[default]
    Single,
    /// Any number of options.
    Multi,
    /// A level from 0 upward.
    Level,
    /// Yes or no.
    YesNo,
    /// One quantity.
    Number,
    /// Several quantities that a rule combines.
    Parts,
    /// One row a machine, product …
    Table,
}

impl ItemKind {
    /// How such an answer is written, for messages.
    pub fn how(self) -> &'static str {
        match self {
            ItemKind::Single => "一个选项编号，如 b",
            ItemKind::Multi => "选项编号的列表，如 [b, c]",
            ItemKind::Level => "等级数字，如 2",
            ItemKind::YesNo => "是 或 否",
            ItemKind::Number => "一个数",
            ItemKind::Parts => "各分项的数，如 {digital: 42, total: 80}",
            ItemKind::Table => "列表，每台设备或每种产品一行",
        }
    }
}

/// One allowed answer of a choice item.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Id: `a`, `b` …
    pub id: At<String>,
    /// Wording.
    pub text: String,
    /// Where it differs from the item's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
}

/// One level of a scenario.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its number; levels are listed from 0 without gaps.
    pub level: At<u8>,
    /// What it takes.
    pub text: String,
}

/// One measured part.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Id, unique within the item.
    pub id: At<String>,
    /// What it is.
    pub title: String,
    /// Unit in which the rule reads it; other units of the same dimension are converted. Empty for pure numbers.
    #[serde(default)]
    pub unit: At<String>,
    /// Whole numbers only.
    #[serde(default)]
    pub integer: bool,
    /// Smallest allowed value.
    #[serde(default)]
    pub min: Option<f64>,
    /// Largest allowed value.
    #[serde(default)]
    pub max: Option<f64>,
    /// Fact that fills it when left out.
    #[serde(default)]
    pub fact: Option<At<String>>,
    /// Year of the fact relative to the base year: 0, -1 …
    #[serde(default)]
    pub year: i16,
    /// The rule can do without it.
    #[serde(default)]
    pub optional: bool,
}

/// What must hold between the parts of an item.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Expression over the parts.
    pub holds: At<String>,
    /// Message when it does not.
    pub say: String,
}

/// One column of a table item.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Id, unique within the item.
    pub id: At<String>,
    /// Heading.
    pub title: String,
    /// What a cell holds.
    pub kind: ColumnKind,
    /// `choice`: the choices.
    #[serde(default)]
    pub choices: Each<Choice>,
    /// `number`: the unit.
    #[serde(default)]
    pub unit: Option<At<String>>,
    /// `number`: whole numbers only.
    #[serde(default)]
    pub integer: bool,
    /// `number`: smallest allowed value.
    #[serde(default)]
    pub min: Option<f64>,
    /// `number`: largest allowed value.
    #[serde(default)]
    pub max: Option<f64>,
    /// Must be given in every row.
    #[serde(default)]
    pub required: bool,
    /// Value when left out.
    #[serde(default)]
    pub default: Option<f64>,
    /// `number`: fact of the base year that fills it when left out.
    #[serde(default)]
    pub fact: Option<At<String>>,
    /// How to find the value.
    #[serde(default)]
    pub help: String,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
}

/// What a table cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Free text.
    Text,
    /// A number.
    Number,
    /// One of the choices.
    Choice,
}

/// One place of a questionnaire that a fact fills.
#[derive(Debug, Clone, Copy)]
pub struct FactUse<'a> {
    /// The item.
    pub item: &'a Item,
    /// Index of the part or of the table column; 0 for number items.
    pub index: usize,
    /// Title of the part, the column or the item.
    pub title: &'a str,
    /// Unit in which it is asked.
    pub unit: &'a str,
    /// The fact.
    pub fact: &'a At<String>,
    /// Year relative to the base year.
    pub year: i16,
}

impl Questionnaire {
    /// Every place that a fact fills, in order.
    pub fn facts_used(&self) -> impl Iterator<Item = FactUse<'_>> {
        self.items().flat_map(|item| {
            let own = item.fact.iter().map(move |fact| FactUse {
                item,
                index: 0,
                title: &item.title,
                unit: item.unit.as_ref().map_or("", |u| u.value.as_str()),
                fact,
                year: item.year,
            });
            let parts = item.parts.iter().enumerate().filter_map(move |(index, part)| {
                Some(FactUse {
                    item,
                    index,
                    title: &part.title,
                    unit: &part.unit.value,
                    fact: part.fact.as_ref()?,
                    year: part.year,
                })
            });
            let columns = item.columns.iter().enumerate().filter_map(move |(index, column)| {
                Some(FactUse {
                    item,
                    index,
                    title: &column.title,
                    unit: column.unit.as_ref().map_or("", |u| u.value.as_str()),
                    fact: column.fact.as_ref()?,
                    year: 0,
                })
            });
            own.chain(parts).chain(columns)
        })
    }

    /// All items in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|section| section.items.iter())
    }
}

impl Item {
    /// Ids of what can be chosen: options, `yes`/`no`, or level numbers.
    pub fn choice_ids(&self) -> Vec<String> {
        match self.kind.value {
            ItemKind::YesNo => vec!["yes".into(), "no".into()],
            ItemKind::Level => self.levels.iter().map(|l| l.level.value.to_string()).collect(),
            _ => self.options.iter().map(|o| o.id.value.clone()).collect(),
        }
    }

    /// Wording of the n-th choice.
    pub fn choice_text(&self, index: usize) -> &str {
        match self.kind.value {
            ItemKind::YesNo => ["是", "否"].get(index).copied().unwrap_or_default(),
            ItemKind::Level => self.levels.get(index).map_or("", |l| &l.text),
            _ => self.options.get(index).map_or("", |o| &o.text),
        }
    }
}
