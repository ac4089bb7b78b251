//! What a report carries, and the one way it is written.

use serde::{Deserialize, Serialize};

use super::carriers::Kind;
use super::photos::Digests;
use super::sha256;
use crate::diagnosis::StandardResult;

/// Name and version of the data.
pub const SCHEMA: &str = "qizhen/seal/1";

/// What a report carries besides its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Form of the file.
    pub kind: Kind,
    /// Version of the program.
    pub program: String,
    /// Digest of the catalog, as in the diagnosis.
    pub catalog: String,
    /// Name of the template; empty where none was used.
    pub template: String,
    /// Who was assessed.
    pub enterprise: String,
    /// Date of the assessment.
    pub date: String,
    /// Number of the report.
    pub report_no: String,
    /// Digest of answers, rules and program; its first digits are printed.
    pub code: String,
    /// Digests of the rules.
    pub rules: Rules,
    /// What came of it.
    pub results: Vec<Outcome>,
    /// Digest of the whole diagnosis.
    pub diagnosis: String,
    /// Digest of the report as plain text; empty for forms that are data themselves.
    pub text: String,
    /// Digest of the file without its attachments.
    pub body: String,
    /// Photos of evidence; the report itself has them.
    pub photos: Digests,
    /// Text of the assessment, byte for byte.
    pub assessment: String,
    /// Text of the earlier assessment or diagnosis that the report compares with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Digest of all the above: a slip shows even where nothing else rests on it.
    pub check: String,
}

/// Digests of the files that decide on scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Dictionary of facts.
    pub facts: String,
    /// The standards of the report.
    pub standards: Vec<StandardRules>,
}

/// Digests of one standard's files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardRules {
    /// The standard.
    pub id: String,
    /// What is asked.
    pub questionnaire: String,
    /// How it is scored.
    pub rulebook: String,
}

/// The result for one standard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The standard.
    pub id: String,
    /// Its short title.
    pub short: String,
    /// Score.
    pub score: Option<f64>,
    /// Full score.
    pub full: f64,
    /// Grade: level and name.
    pub grade: Option<(u8, String)>,
    /// Whether the conditions of the standard hold.
    pub eligible: Option<bool>,
}

impl Outcome {
    /// The result in a diagnosis.
    pub fn of(standard: &StandardResult) -> Self {
        let card = &standard.card;
        Self {
            id: card.id.clone(),
            short: standard.short.clone(),
            score: card.score,
            full: card.full,
            grade: card.grade.as_ref().map(|grade| (grade.level, grade.name.clone())),
            eligible: card.eligible,
        }
    }

    /// Whether two results say the same; numbers that went through a text file may differ in the last digit.
    pub fn same(&self, other: &Outcome) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let score = match (self.score, other.score) {
            (Some(a), Some(b)) => near(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        score && near(self.full, other.full) && self.grade == other.grade && self.eligible == other.eligible
    }
}

impl Data {
    /// Reads canonical bytes; whatever else they are is told in words.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| format!("不是 JSON（{error}）"))?;
        match value.get("schema").and_then(|schema| schema.as_str()) {
            Some(SCHEMA) => {}
            Some(other) => return Err(format!("是 “{other}”，这个版本的程序只认得 {SCHEMA}，请用新版程序核对")),
            None => return Err(format!("没有写 schema，应为 {SCHEMA}")),
        }
        serde_json::from_value(value).map_err(|error| format!("内容不对（{error}）"))
    }

    /// What [`Data::check`] should be.
    pub fn checksum(&self) -> Result<String, String> {
        let blank = Data {
            check: String::new(),
            ..self.clone()
        };
        Ok(sha256(&canonical(&blank)?))
    }
}

/// The one way data are written: compact JSON whose text is also safe inside HTML and XML, so that every carrier holds the
/// same bytes.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            // Outside strings JSON has none of them.
            '<' | '>' | '&' | '\u{7f}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => {
                out.push_str(&format!("\\u{:04x}", ch as u32));
            }
            _ => out.push(ch),
        }
    }
    Ok(out.into_bytes())
}
