//! What to do about a gap: `advice/<standard>.yaml`, and the vocabulary of capabilities that measures and providers share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::questionnaire::Domain;
use crate::source::At;
use crate::source::shape::Each;

/// First line of a measures file.
pub const SCHEMA: &str = "qizhen/advice/1";
/// First line of the capability vocabulary.
pub const CAPABILITIES_SCHEMA: &str = "qizhen/capabilities/1";

/// The measures for one standard.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measures {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Id of the standard.
    pub standard: At<String>,
    /// The measures.
    pub measures: Each<Measure>,
}

/// One measure.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Indicators or items whose gaps it closes.
    #[serde(rename = "for")]
    pub targets: Vec<At<String>>,
    /// Short title.
    pub title: String,
    /// What to do.
    #[serde(rename = "do")]
    pub action: String,
    /// What can be done this week.
    #[serde(default)]
    pub first_step: String,
    /// Capabilities that a provider needs for it.
    #[serde(default)]
    pub capabilities: Vec<At<String>>,
    /// Kinds of service.
    #[serde(default)]
    pub services: Vec<Service>,
}

/// Kinds of service in a city's pool (诊断咨询、技术应用、检验检测).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// 诊断咨询
    DiagnosisConsulting,
    /// 技术应用
    TechApplication,
    /// 检验检测
    InspectionTesting,
}

impl Service {
    /// Every kind.
    pub const ALL: [Service; 3] = [
        Service::DiagnosisConsulting,
        Service::TechApplication,
        Service::InspectionTesting,
    ];

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Service::DiagnosisConsulting => "诊断咨询",
            Service::TechApplication => "技术应用",
            Service::InspectionTesting => "检验检测",
        }
    }
}

/// The vocabulary of capabilities.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capabilities {
    /// Always [`CAPABILITIES_SCHEMA`].
    #[schemars(extend("const" = CAPABILITIES_SCHEMA))]
    pub schema: String,
    /// The capabilities.
    pub capabilities: Each<Capability>,
}

/// One capability.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Id.
    pub id: At<String>,
    /// Chinese name.
    pub title: String,
    /// Field of work.
    pub domain: Domain,
}

impl Capabilities {
    /// Chinese name of an id; the id itself when it is not known.
    pub fn title<'a>(&'a self, id: &'a str) -> &'a str {
        self.capabilities
            .iter()
            .find(|c| c.id.value == id)
            .map_or(id, |c| c.title.as_str())
    }

    /// Whether an id is known.
    pub fn contains(&self, id: &str) -> bool {
        self.capabilities.iter().any(|c| c.id.value == id)
    }
}
