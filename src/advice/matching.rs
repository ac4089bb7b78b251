//! Gaps → capabilities → a ranked short list of providers, each with the reasons.
//!
//! Hard conditions first (an active entry, serves the region, has a capability that is needed, suits the size), then a
//! score of 0 to 100 from the published weights of [`WEIGHTS`]. The short list never hides a tie: providers whose scores
//! differ by less than [`TIE`] are in the same group, ordered by id, and the report says that order is no judgement.

use std::collections::BTreeMap;

use serde::Serialize;

use super::gaps::Gap;
use super::measures::{Capabilities, Service};
use super::providers::{Contact, PoolFile, Provider};
use crate::enterprise::Profile;
use crate::enterprise::size::SizeClass;
use crate::round::half_up;

/// Weight of each factor; they add up to 100.
pub const WEIGHTS: [(&str, f64); 6] = [
    ("短板覆盖", 40.0),
    ("行业契合", 20.0),
    ("同类案例", 15.0),
    ("本地化", 10.0),
    ("轻量化契合", 10.0),
    ("资质", 5.0),
];

/// Scores closer than this are a tie.
pub const TIE: f64 = 3.0;

/// Most providers shown.
pub const SHOWN: usize = 5;

/// One recommended provider.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Recommended {
    /// Id in the pool.
    pub id: String,
    /// Name.
    pub name: String,
    /// Place.
    pub region: String,
    /// Score, 0 to 100.
    pub score: f64,
    /// Factor by factor: name, points, most.
    pub factors: Vec<(String, f64, f64)>,
    /// Why, in words.
    pub reasons: Vec<String>,
    /// Capabilities of it that are needed here, by Chinese name.
    pub capabilities: Vec<String>,
    /// Gaps that it could close, by title.
    pub covers: Vec<String>,
    /// Kinds of service.
    pub services: Vec<&'static str>,
    /// The list it is on and until when.
    pub listed: String,
    /// Ties to whoever makes the diagnosis; empty for none.
    pub conflicts: Vec<String>,
    /// How to reach it.
    pub contact: Contact,
}

/// The result of matching.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct Matching {
    /// The short list, best first.
    pub recommended: Vec<Recommended>,
    /// What readers must know about the pool.
    pub notice: String,
    /// How many providers were looked at.
    pub considered: usize,
    /// Why providers were left out: reason and how many.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Needed capabilities that no listed provider has, by Chinese name.
    pub uncovered: Vec<String>,
    /// The published weights.
    pub weights: Vec<(&'static str, f64)>,
}

/// Capability → how much its gaps weigh, and their titles.
struct Needs<'a> {
    weights: BTreeMap<&'a str, f64>,
    total: f64,
}

/// Matches the gaps of an enterprise with the pools, as of `date`.
pub fn recommend(
    gaps: &[Gap],
    profile: &Profile,
    pools: &[PoolFile],
    capabilities: &Capabilities,
    date: &str,
) -> Matching {
    let needs = needs(gaps);
    let mut left_out: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut candidates: Vec<Recommended> = Vec::new();
    let mut considered = 0;
    let mut available: Vec<&str> = Vec::new();
    for provider in pools.iter().flat_map(|file| file.providers.iter()) {
        considered += 1;
        match excluded(provider, &needs, profile, date) {
            Some(reason) => *left_out.entry(reason).or_default() += 1,
            None => {
                available.extend(provider.capabilities.iter().map(|c| c.value.as_str()));
                candidates.push(rate(provider, gaps, &needs, profile, capabilities, pools, date));
            }
        }
    }
    candidates.sort_by(|a, b| {
        (!a.conflicts.is_empty())
            .cmp(&!b.conflicts.is_empty())
            .then(b.score.total_cmp(&a.score))
            .then(a.id.cmp(&b.id))
    });
    let uncovered = needs
        .weights
        .keys()
        .filter(|id| !available.contains(id))
        .map(|id| capabilities.title(id).to_owned())
        .collect();
    candidates.truncate(SHOWN);
    Matching {
        recommended: candidates,
        notice: pools
            .iter()
            .map(|f| f.notice.trim())
            .filter(|n| !n.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        considered,
        left_out,
        uncovered,
        weights: WEIGHTS.to_vec(),
    }
}

/// The gap that costs most weighs most: its share of all lost points of its standard.
fn needs(gaps: &[Gap]) -> Needs<'_> {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    for gap in gaps {
        for capability in &gap.capabilities {
            *weights.entry(capability.as_str()).or_default() += gap.weight;
        }
    }
    let total = weights.values().sum();
    Needs { weights, total }
}

fn excluded(provider: &Provider, needs: &Needs, profile: &Profile, date: &str) -> Option<&'static str> {
    if provider.active_on(date).is_none() {
        return Some("不在有效名单内（过期、暂停或已移出）");
    }
    if !provider
        .service_regions
        .iter()
        .any(|prefix| prefix == "*" || profile.region.code().starts_with(prefix.as_str()))
    {
        return Some("服务地区不含企业所在地");
    }
    if !provider
        .capabilities
        .iter()
        .any(|c| needs.weights.contains_key(c.value.as_str()))
    {
        return Some("没有命中任何短板");
    }
    let fits = profile
        .size
        .is_none_or(|size| provider.size_fit.is_empty() || provider.size_fit.contains(&size));
    (!fits).then_some("不面向本企业规模")
}

fn rate(
    provider: &Provider,
    gaps: &[Gap],
    needs: &Needs,
    profile: &Profile,
    capabilities: &Capabilities,
    pools: &[PoolFile],
    date: &str,
) -> Recommended {
    let has = |id: &str| provider.capabilities.iter().any(|c| c.value == id);
    let useful: Vec<&str> = {
        let mut useful: Vec<(&str, f64)> = needs
            .weights
            .iter()
            .filter(|(id, _)| has(id))
            .map(|(id, weight)| (*id, *weight))
            .collect();
        useful.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        useful.into_iter().map(|(id, _)| id).collect()
    };
    let covered: f64 = useful.iter().filter_map(|id| needs.weights.get(id)).sum();
    let covers: Vec<String> = gaps
        .iter()
        .filter(|g| g.capabilities.iter().any(|c| has(c)))
        .map(|g| g.title.clone())
        .collect();
    let industry = industry_fit(provider, profile);
    let cases: Vec<_> = provider
        .cases
        .iter()
        .filter(|case| case.verified && case.industry.get(..2) == profile.industry.code().get(..2))
        .collect();
    let local = locality(&provider.region.code, profile.region.code());
    let small = matches!(profile.size, Some(SizeClass::Small | SizeClass::Micro));
    let light = provider.products.iter().any(|p| p.small_fast_light || p.form == "saas");
    let valid: Vec<_> = provider
        .qualifications
        .iter()
        .filter(|q| q.valid_until.is_empty() || q.valid_until.as_str() >= date)
        .collect();
    let ratios = [
        if needs.total > 0.0 { covered / needs.total } else { 0.0 },
        industry,
        (cases.len() as f64 / 3.0).min(1.0),
        local,
        if !small || light { 1.0 } else { 0.0 },
        if valid.is_empty() { 0.0 } else { 1.0 },
    ];
    let factors: Vec<(String, f64, f64)> = WEIGHTS
        .iter()
        .zip(ratios)
        .map(|((name, weight), ratio)| ((*name).to_owned(), half_up(weight * ratio, 1), *weight))
        .collect();
    let mut reasons = Vec::new();
    let named: Vec<&str> = useful.iter().take(4).map(|id| capabilities.title(id)).collect();
    reasons.push(format!(
        "能补 {} 处短板：{}{}",
        covers.len(),
        named.join("、"),
        if useful.len() > named.len() { "等" } else { "" }
    ));
    if let Some(case) = cases.first() {
        reasons.push(format!(
            "有 {} 个已核实的同行业案例，如 {}年{}：{}",
            cases.len(),
            case.year,
            case.client,
            case.effect
        ));
    } else if industry >= 0.5 {
        reasons.push("服务行业与本企业相符，但没有已核实的同行业案例".into());
    }
    if local >= 0.9 {
        reasons.push("就在本市".into());
    }
    if small && light {
        reasons.push("有适合中小企业的轻量产品".into());
    }
    if !valid.is_empty() {
        let names: Vec<String> = valid
            .iter()
            .take(3)
            .map(|q| format!("{} {}", q.code, q.level).trim().to_owned())
            .collect();
        reasons.push(format!("有效资质：{}", names.join("、")));
    }
    let listed = provider
        .active_on(date)
        .map(|entry| {
            let title = pools
                .iter()
                .flat_map(|file| file.pools.iter())
                .find(|pool| pool.id == entry.pool.value)
                .map_or(entry.pool.value.as_str(), |pool| pool.title.as_str());
            format!("{title}（{} 批次，有效至 {}）", entry.batch, entry.valid_until)
        })
        .unwrap_or_default();
    Recommended {
        id: provider.id.value.clone(),
        name: provider.name.clone(),
        region: provider.region.name.clone(),
        score: half_up(factors.iter().map(|(_, points, _)| points).sum(), 1),
        factors,
        reasons,
        capabilities: useful.iter().map(|id| capabilities.title(id).to_owned()).collect(),
        covers,
        services: provider.services.iter().map(|s: &Service| s.label()).collect(),
        listed,
        conflicts: provider.conflicts.clone(),
        contact: provider.contact.clone(),
    }
}

/// 1 for the same class, 0.8 group, 0.5 division, 0.2 for "all industries", 0 otherwise.
fn industry_fit(provider: &Provider, profile: &Profile) -> f64 {
    let code = profile.industry.code();
    provider
        .industries
        .iter()
        .map(|prefix| match prefix.as_str() {
            "*" => 0.2,
            prefix if code.starts_with(prefix) => match prefix.len() {
                4.. => 1.0,
                3 => 0.8,
                _ => 0.5,
            },
            // The provider names a class within the enterprise's coarser code.
            prefix if prefix.starts_with(code) => 0.5,
            prefix if code.get(..2) == prefix.get(..2) => 0.3,
            _ => 0.0,
        })
        .fold(0.0, f64::max)
}

/// Same district 1, same city 0.9, same province 0.6, elsewhere 0.3.
fn locality(provider: &str, enterprise: &str) -> f64 {
    let same = |digits: usize| provider.get(..digits) == enterprise.get(..digits) && provider.len() >= digits;
    if same(6) {
        1.0
    } else if same(4) {
        0.9
    } else if same(2) {
        0.6
    } else {
        0.3
    }
}
