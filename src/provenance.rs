//! Where a rule comes from and how far it can be trusted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// How well a rule is backed. Ordered: the worse, the greater; the confidence of a whole is the maximum of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Checked against the published text.
    Official,
    /// Seen in material that implements or quotes the published text.
    Secondary,
    /// Not checked against any text.
    #[default]
    Unverified,
}

impl Confidence {
    /// One word for tables.
    pub fn label(self) -> &'static str {
        match self {
            Confidence::Official => "已核对原文",
            Confidence::Secondary => "二手材料",
            Confidence::Unverified => "未核实",
        }
    }

    /// A sentence for readers.
    pub fn meaning(self) -> &'static str {
        match self {
            Confidence::Official => "规则已与公开发布的原文核对",
            Confidence::Secondary => "规则见于实施或引用该文件的材料，尚未与官方原文逐条核对",
            Confidence::Unverified => "规则未与任何文本核对，结论只能作参考，请以原文为准",
        }
    }
}

/// The published document behind a standard.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Name of the document or standard.
    #[validate(length(min = 1, message = "文件名称不能为空"))]
    pub document: String,
    /// Its number, e.g. `工信厅企业〔2024〕56号`.
    #[serde(default)]
    pub number: String,
    /// Who issued it.
    #[serde(default)]
    pub issuer: String,
    /// Date of issue, as printed.
    #[serde(default)]
    pub date: String,
    /// In force from.
    #[serde(default)]
    pub effective: String,
    /// Out of force from, `YYYY-MM-DD`; empty while it is in force.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repealed: String,
    /// What is doubtful about the source.
    #[serde(default)]
    pub note: String,
}

impl Document {
    /// Whether it is out of force on a day.
    pub fn is_repealed(&self, date: &str) -> bool {
        !self.repealed.is_empty() && self.repealed.as_str() <= date
    }
}
