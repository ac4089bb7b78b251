//! The pool of service providers: `providers/*.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measures::Service;
use crate::enterprise::size::SizeClass;
use crate::source::At;
use crate::source::shape::Each;

/// First line of a pool file.
pub const SCHEMA: &str = "qizhen/providers/1";

/// One pool file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolFile {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// What readers must know about this file, e.g. that it is fictional.
    #[serde(default)]
    pub notice: String,
    /// The lists that providers are on.
    #[serde(default)]
    pub pools: Each<Pool>,
    /// The providers.
    #[serde(default)]
    pub providers: Each<Provider>,
}

/// One published list.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Year of the list.
    pub year: i16,
    /// Last day on which it counts.
    #[schemars(extend("format" = "date"))]
    pub valid_until: String,
    /// Who published it where.
    #[serde(default)]
    pub source: String,
}

/// One provider.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Id.
    pub id: At<String>,
    /// Registered name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: At<String>,
    /// Where it is.
    pub region: Place,
    /// Prefixes of the regions it serves, or `*`.
    #[serde(default)]
    pub service_regions: Vec<String>,
    /// What kind of provider it is.
    #[serde(default)]
    pub types: Vec<ProviderType>,
    /// Kinds of service.
    pub services: Vec<Service>,
    /// Prefixes of the industries it knows, or `*`.
    #[serde(default)]
    pub industries: Vec<String>,
    /// What it can do.
    pub capabilities: Vec<At<String>>,
    /// Enterprise sizes it suits; empty for all.
    #[serde(default)]
    pub size_fit: Vec<SizeClass>,
    /// Products.
    #[serde(default)]
    pub products: Vec<Product>,
    /// Cases.
    #[serde(default)]
    pub cases: Vec<Case>,
    /// Qualifications.
    #[serde(default)]
    pub qualifications: Vec<Qualification>,
    /// Entries in the lists.
    pub pools: Vec<Entry>,
    /// Ties to whoever makes the diagnosis.
    #[serde(default)]
    pub conflicts: Vec<String>,
    /// How to reach it.
    #[serde(default)]
    pub contact: Contact,
    /// When this record was last checked.
    #[serde(default)]
    pub updated: String,
}

/// A region by code and name.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// GB/T 2260.
    pub code: String,
    /// Name.
    #[serde(default)]
    pub name: String,
}

/// Kinds of provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProviderType {
    /// 咨询
    Consultant,
    /// 集成
    Integrator,
    /// 软件
    Software,
    /// 装备
    Equipment,
    /// 平台
    Platform,
    /// 检验检测
    TestingLab,
    /// 节能服务
    EnergyService,
    /// 绿色服务
    GreenService,
    /// 金融
    Finance,
}

/// A product.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Name.
    pub name: String,
    /// `saas`, `local`, `hardware` or `service`.
    #[serde(default)]
    #[schemars(extend("examples" = ["saas", "local", "hardware", "service"]))]
    pub form: String,
    /// “小快轻准”.
    #[serde(default)]
    pub small_fast_light: bool,
}

/// A reference case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Client, masked.
    pub client: String,
    /// GB/T 4754.
    pub industry: String,
    /// Year.
    pub year: i16,
    /// What came of it.
    #[serde(default)]
    pub effect: String,
    /// Whether somebody checked it; others do not count.
    #[serde(default)]
    pub verified: bool,
}

/// A qualification.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Qualification {
    /// Code, e.g. `CMMI`, `ITSS`, `CNAS`.
    pub code: String,
    /// Level as the scheme writes it.
    #[serde(default)]
    pub level: String,
    /// Last day on which it counts.
    #[serde(default)]
    #[schemars(extend("examples" = ["2028-03-31"]))]
    pub valid_until: String,
}

/// An entry in a list.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id of the list.
    pub pool: At<String>,
    /// Batch.
    #[serde(default)]
    pub batch: String,
    /// State.
    pub status: EntryStatus,
    /// Last day on which it counts.
    #[schemars(extend("format" = "date"))]
    pub valid_until: String,
}

/// State of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryStatus {
    /// Not yet on the list.
    Candidate,
    /// On the list.
    Active,
    /// On the list with a warning.
    Warned,
    /// Suspended.
    Suspended,
    /// Removed.
    Removed,
}

/// How to reach a provider.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Department.
    #[serde(default)]
    pub dept: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// Address on the web.
    #[serde(default)]
    pub url: String,
}

impl Provider {
    /// Whether an entry is active on this day (`YYYY-MM-DD`).
    pub fn active_on(&self, date: &str) -> Option<&Entry> {
        self.pools
            .iter()
            .find(|entry| entry.status == EntryStatus::Active && entry.valid_until.as_str() >= date)
    }
}
