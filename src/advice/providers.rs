//! The pool of service providers: `providers/*.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::measures::Service;
use crate::enterprise::region::Region;
use crate::enterprise::size::SizeClass;
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};
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
    pub valid_until: At<String>,
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
    pub service_regions: Vec<At<String>>,
    /// What kind of provider it is.
    #[serde(default)]
    pub types: Vec<ProviderType>,
    /// Kinds of service.
    pub services: Vec<Service>,
    /// Prefixes of the industries it knows, or `*`.
    #[serde(default)]
    pub industries: Vec<At<String>>,
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
    /// Standing with the authorities.
    #[serde(default)]
    pub credit: Credit,
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
    /// Price, 万元: from, to. Left out when the provider does not state it.
    #[serde(default)]
    pub price_wan: Option<(f64, f64)>,
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
    pub valid_until: At<String>,
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
    pub valid_until: At<String>,
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

impl EntryStatus {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            EntryStatus::Candidate => "尚未入选",
            EntryStatus::Active => "有效",
            EntryStatus::Warned => "被警告",
            EntryStatus::Suspended => "被暂停",
            EntryStatus::Removed => "已移出",
        }
    }

    /// Whether providers with it may be recommended; a warning is shown beside the name.
    pub fn counts(self) -> bool {
        matches!(self, EntryStatus::Active | EntryStatus::Warned)
    }
}

/// Standing with the authorities, as last looked up.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Credit {
    /// 严重失信主体名单.
    pub serious_dishonest: bool,
    /// 经营异常名录.
    pub abnormal_list: bool,
    /// When it was looked up.
    pub checked: String,
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
    /// The entry that counts on this day (`YYYY-MM-DD`): one without a warning, else one with.
    pub fn listed_on(&self, date: &str, pools: &[Pool]) -> Option<&Entry> {
        let ends = |entry: &Entry| {
            pools
                .iter()
                .find(|pool| pool.id == entry.pool.value)
                .map(|pool| &pool.valid_until.value)
        };
        let counts = |entry: &&Entry| {
            let open = |until: &String| until.is_empty() || until.as_str() >= date;
            entry.status.counts() && open(&entry.valid_until.value) && ends(entry).is_none_or(open)
        };
        let listed = || self.pools.iter().filter(counts);
        listed()
            .find(|entry| entry.status == EntryStatus::Active)
            .or_else(|| listed().next())
    }

    /// Whether someone means it: by id, code or full name.
    pub fn is_called(&self, name: &str) -> bool {
        let name = name.trim();
        !name.is_empty() && (self.id.value == name || self.name == name || self.uscc.value.eq_ignore_ascii_case(name))
    }
}

/// Whether a product suits small enterprises.
pub fn light(product: &Product) -> bool {
    product.small_fast_light || product.form == "saas"
}

/// The lowest price that a provider states, 万元.
pub fn lowest_price(provider: &Provider) -> Option<f64> {
    let prices = provider.products.iter().filter_map(|product| product.price_wan);
    prices.map(|(from, to)| from.min(to)).min_by(f64::total_cmp)
}

/// Looks at what matching reads as numbers: days, regions, industries.
pub fn check(provider: &Provider, problems: &mut Vec<Diagnostic>) {
    let entries = provider.pools.iter().map(|entry| &entry.valid_until);
    for day in entries.chain(provider.qualifications.iter().map(|held| &held.valid_until)) {
        check_day(day, problems);
    }
    for product in &provider.products {
        if let Some((from, to)) = product.price_wan
            && !(from.is_finite() && to.is_finite() && (0.0..=to).contains(&from))
        {
            let message = format!("“{}” 的 price_wan 应为 [最低, 最高]，万元，不能为负", product.name);
            problems.push(Diagnostic::error(Code::Range, provider.id.span, message).hint("如 price_wan: [5, 20]"));
        }
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    for region in provider.service_regions.iter().filter(|region| region.value != "*") {
        if Region::parse(&region.value).is_err() {
            let message = format!(
                "服务地区 “{}” 不对：应为 2、4 或 6 位行政区划代码，或 \"*\"",
                region.value
            );
            problems.push(
                Diagnostic::error(Code::BadRegion, region.span, message)
                    .hint("如山东省 \"37\"，青岛市 \"3702\"，全国 \"*\""),
            );
        }
    }
    for industry in provider.industries.iter().filter(|industry| industry.value != "*") {
        if !digits(&industry.value) || !(2..=4).contains(&industry.value.len()) {
            let message = format!("服务行业 “{}” 不对：应为 2–4 位行业代码，或 \"*\"", industry.value);
            problems.push(
                Diagnostic::error(Code::BadIndustry, industry.span, message)
                    .hint("国民经济行业代码（GB/T 4754-2017），如通用设备 \"34\"，泵 \"3441\"，不限行业 \"*\""),
            );
        }
    }
}

/// A day is `YYYY-MM-DD` or left blank.
pub fn check_day(day: &At<String>, problems: &mut Vec<Diagnostic>) {
    let text = day.value.as_str();
    if !text.is_empty() && (text.len() != 10 || text.parse::<jiff::civil::Date>().is_err()) {
        let message = format!("日期 “{text}” 读不懂");
        problems.push(Diagnostic::error(Code::BadDate, day.span, message).hint("写法：年-月-日，如 2027-12-31"));
    }
}
