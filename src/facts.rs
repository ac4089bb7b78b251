//! The shared dictionary of quantities: told once by the enterprise, used by every standard.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::At;
use crate::source::shape::Each;

/// First line of the dictionary.
pub const SCHEMA: &str = "qizhen/facts/1";

/// All facts.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactDictionary {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The facts.
    pub facts: Each<FactDef>,
}

/// One quantity of the enterprise, by year.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactDef {
    /// Id, snake_case.
    pub id: At<String>,
    /// What it is.
    pub title: String,
    /// Unit in which it is kept; any unit of the same dimension is taken and converted.
    pub unit: String,
    /// Hard bounds: outside is an error.
    #[serde(default)]
    pub range: Option<Range>,
    /// Soft bounds: outside is worth a second look.
    #[serde(default)]
    pub plausible: Option<Plausible>,
    /// Indicator that computes it when it is not told.
    #[serde(default)]
    pub derive: Option<Derive>,
    /// Where to find the number in the plant.
    #[serde(rename = "where")]
    pub source: String,
}

/// Where a fact comes from when it is not told.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Derive {
    /// A standard.
    pub standard: At<String>,
    /// One of its indicators with a quantity.
    pub node: At<String>,
}

/// Bounds in the fact's unit.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Smallest.
    #[serde(default)]
    pub min: Option<f64>,
    /// Largest.
    #[serde(default)]
    pub max: Option<f64>,
}

/// Soft bounds and why.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plausible {
    /// Smallest.
    #[serde(default)]
    pub min: Option<f64>,
    /// Largest.
    #[serde(default)]
    pub max: Option<f64>,
    /// What the likely mistake is.
    pub why: String,
}

impl FactDictionary {
    /// The fact with this id.
    pub fn get(&self, id: &str) -> Option<&FactDef> {
        self.facts.iter().find(|fact| fact.id.value == id)
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.facts.iter().map(|fact| fact.id.value.as_str())
    }
}

impl FactDef {
    /// Smallest allowed value.
    pub fn min(&self) -> Option<f64> {
        self.range.and_then(|range| range.min)
    }

    /// Largest allowed value.
    pub fn max(&self) -> Option<f64> {
        self.range.and_then(|range| range.max)
    }

    /// Why a value is not plausible, if it is not.
    pub fn implausible(&self, value: f64) -> Option<&str> {
        let plausible = self.plausible.as_ref()?;
        let low = plausible.min.is_some_and(|min| value < min);
        let high = plausible.max.is_some_and(|max| value > max);
        (low || high).then_some(plausible.why.as_str())
    }
}
