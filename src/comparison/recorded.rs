//! What a comparison needs of a diagnosis, from one just made or from JSON written earlier.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnosis::{self, Diagnosis};

/// A diagnosis as its JSON form has it; what is not compared is left out.
#[derive(Debug, Clone, Deserialize)]
pub struct Recorded {
    pub(super) program: String,
    pub(super) catalog: String,
    pub(super) date: String,
    pub(super) mode: String,
    pub(super) enterprise: Who,
    pub(super) standards: Vec<Standard>,
}

/// The enterprise.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Who {
    pub name: String,
    pub uscc: Option<String>,
    pub employees: u32,
    pub revenue_wan: f64,
}

/// The result for one standard.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Standard {
    pub id: String,
    pub short: String,
    pub preset: Option<Preset>,
    pub score: Option<f64>,
    pub full: f64,
    pub grade: Option<Grade>,
    pub vetoes: Vec<Veto>,
    pub levels: Vec<Level>,
    pub tables: IndexMap<String, Vec<Row>>,
    pub trace: Node,
    /// Only a whole diagnosis has them; a scorecard alone does not.
    #[serde(default)]
    pub answers: Vec<Said>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Preset {
    pub id: String,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Grade {
    pub level: u8,
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Veto {
    pub id: String,
    pub title: String,
    pub state: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Level {
    pub item: String,
    pub title: String,
    pub level: Option<u8>,
    pub not_applicable: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Row {
    pub name: String,
    pub labels: IndexMap<String, String>,
    pub given: IndexMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Node {
    pub id: String,
    pub title: String,
    pub method: String,
    pub score: Option<f64>,
    pub worth: Option<f64>,
    pub because: String,
    #[serde(default)]
    pub items: Vec<String>,
    #[serde(default)]
    pub children: Vec<Node>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Said {
    pub id: String,
    pub title: String,
    pub self_reported: String,
    pub verified: Option<String>,
}

impl Said {
    /// The answer that counts: verified where there is a verified one.
    pub fn words(&self) -> &str {
        self.verified.as_deref().unwrap_or(&self.self_reported)
    }
}

impl Node {
    /// Nodes whose points of the total are told: leaves, and whatever does not simply add up its children.
    pub fn counted(&self) -> Vec<&Node> {
        if self.children.is_empty() || matches!(self.method.as_str(), "maturity" | "pooled") {
            vec![self]
        } else {
            self.children.iter().flat_map(Node::counted).collect()
        }
    }

    /// Items that this node and all below it rest on.
    pub fn all_items(&self) -> Vec<&str> {
        let mut items: Vec<&str> = self.items.iter().map(String::as_str).collect();
        items.extend(self.children.iter().flat_map(Node::all_items));
        items
    }
}

impl Recorded {
    /// Takes a text for a recorded diagnosis if it is one: `None` is some other text, an error a diagnosis that does not read.
    pub fn parse(text: &str) -> Option<Result<Self, String>> {
        if !text.trim_start().starts_with('{') {
            return None;
        }
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        let schema = value.get("schema")?.as_str()?;
        if !schema.starts_with("qizhen/diagnosis/") {
            return None;
        }
        if schema != diagnosis::SCHEMA {
            return Some(Err(format!(
                "诊断结果的版本是 {schema}，本程序认得的是 {}",
                diagnosis::SCHEMA
            )));
        }
        Some(serde_json::from_value(value).map_err(|error| format!("诊断结果读不通：{error}")))
    }

    /// The same from a diagnosis just made.
    pub fn of(diagnosis: &Diagnosis) -> Result<Self, String> {
        serde_json::to_value(diagnosis)
            .and_then(serde_json::from_value)
            .map_err(|error| error.to_string())
    }
}
