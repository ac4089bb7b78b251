//! Who pays: policies and ways of finance as data, `policies/*.yaml`.
//!
//! A policy is a list of conditions — expressions over the names of [`crate::names`] — and what it gives. [`compile`]
//! turns the rules into [`Policy`]s when the catalog loads, [`judge`] says how each stands for one enterprise: likely, not
//! enough told, one step short, or no. Never a promise, never a total.

pub mod compile;
pub mod judge;
pub mod standing;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::provenance::{Confidence, Document};
use crate::source::At;
use crate::source::shape::Each;

pub use compile::Policy;
pub use judge::judge;
pub use standing::{Policies, Standing, State};

/// First line of a file of policies.
pub const SCHEMA: &str = "qizhen/policies/1";

/// A file of policies.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The day on which the entries were last compared with their sources.
    pub as_of: At<String>,
    /// The policies.
    pub policies: Each<PolicyRule>,
}

/// One policy as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    /// Id.
    pub id: At<String>,
    /// Title.
    pub title: String,
    /// What kind of help it is.
    pub kind: PolicyKind,
    /// The published document.
    pub source: Document,
    /// Clause or section.
    #[serde(default)]
    pub clause: String,
    /// Prefixes of the regions where it holds, or `*`.
    pub regions: Vec<At<String>>,
    /// Prefixes of regions within them where it does not.
    #[serde(default)]
    pub except: Vec<At<String>>,
    /// First day.
    #[serde(default)]
    pub valid_from: Option<At<String>>,
    /// Last day; past it, the policy is not shown.
    #[serde(default)]
    pub valid_until: Option<At<String>>,
    /// What is to be said about how long it holds, where there is no day: 额度用完为止.
    #[serde(default)]
    pub validity: String,
    /// Confidence of the whole.
    pub confidence: Confidence,
    /// What must hold, all of it.
    #[serde(default)]
    pub conditions: Each<ConditionRule>,
    /// What it gives, in words.
    pub gives: String,
    /// How much, where the source says so.
    #[serde(default)]
    pub amount: Option<AmountRule>,
    /// Policies that cannot be had together with it.
    #[serde(default)]
    pub excludes: Vec<At<String>>,
    /// Papers to have ready.
    #[serde(default)]
    pub papers: Vec<String>,
    /// What else is to be known, or is doubtful.
    #[serde(default)]
    pub note: String,
}

/// One condition as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionRule {
    /// Id.
    pub id: At<String>,
    /// The condition in words.
    pub text: String,
    /// Expression that is true when it holds; left out where only people can tell.
    #[serde(default)]
    pub when: Option<At<String>>,
    /// Without `when`: whether the policy stands or falls with it. Then it is asked of the enterprise (`policies:` of the
    /// assessment) and the policy is not likely until it is told; otherwise it is listed as a reminder.
    #[serde(default)]
    pub ask: bool,
    /// For conditions that can be met by doing something: a template that says what is lacking and how much.
    #[serde(default)]
    pub near: Option<At<String>>,
    /// Confidence, where it differs from the policy's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
}

/// How much, as the source says.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountRule {
    /// The rule in words: `年度设备投资额的 12 %，每家每年最多 600 万元`.
    pub say: String,
    /// Per cent of the base.
    #[serde(default)]
    pub rate_pct: Option<f64>,
    /// Expression for the base, 万元.
    #[serde(default)]
    pub base: Option<At<String>>,
    /// Most, 万元.
    #[serde(default)]
    pub cap_wan: Option<f64>,
    /// A fixed amount, 万元, instead of a rate.
    #[serde(default)]
    pub fixed_wan: Option<f64>,
    /// Confidence, where it differs from the policy's. A number that nobody saw is no amount.
    #[serde(default)]
    pub confidence: Option<Confidence>,
}

/// Kinds of help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyKind {
    /// 奖补
    Subsidy,
    /// 税收优惠
    Tax,
    /// 服务券
    Voucher,
    /// 称号与认定
    Title,
    /// 试点、项目库
    Programme,
    /// 贷款贴息
    InterestDiscount,
    /// 再贷款
    Relending,
    /// 国债资金
    Bond,
    /// 贷款
    Loan,
    /// 融资租赁
    Lease,
    /// 合同能源管理
    EnergyContract,
    /// 基金与股权
    Equity,
}

impl PolicyKind {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            PolicyKind::Subsidy => "奖补",
            PolicyKind::Tax => "税收优惠",
            PolicyKind::Voucher => "服务券",
            PolicyKind::Title => "称号认定",
            PolicyKind::Programme => "试点与项目库",
            PolicyKind::InterestDiscount => "贷款贴息",
            PolicyKind::Relending => "再贷款",
            PolicyKind::Bond => "国债资金（财政支持，不是贷款）",
            PolicyKind::Loan => "贷款",
            PolicyKind::Lease => "融资租赁",
            PolicyKind::EnergyContract => "合同能源管理",
            PolicyKind::Equity => "基金与股权",
        }
    }

    /// Whether it is a way to finance a project, to be talked over with a bank rather than applied for alone.
    pub fn is_finance(self) -> bool {
        matches!(
            self,
            PolicyKind::InterestDiscount
                | PolicyKind::Relending
                | PolicyKind::Bond
                | PolicyKind::Loan
                | PolicyKind::Lease
                | PolicyKind::EnergyContract
                | PolicyKind::Equity
        )
    }
}
