//! A rated provider in words: what each factor rests on, and the reasons in short.

use super::ask::Ask;
use super::index::{Row, day, part};
use super::rank::{self, Ranked};
use super::rules::FactorId;
use super::{Factor, Matcher, OWN, Recommended, Request};
use crate::advice::measures::Service;
use crate::advice::providers::{EntryStatus, Pool, Provider, light};
use crate::round::show;

/// Everything that is said of one provider.
pub(super) fn explain(matcher: &Matcher, request: &Request, ask: &Ask, ranked: &Ranked) -> Option<Recommended> {
    let provider = matcher.provider(ranked.row)?;
    let factors = factors(matcher, request, ask, ranked.row)?;
    let useful = ask.useful(matcher.index.bits_of(ranked.row));
    let known = &matcher.capabilities.capabilities;
    let capabilities: Vec<String> = useful
        .iter()
        .filter_map(|at| known.get(*at))
        .map(|c| c.title.clone())
        .collect();
    let pools: &[Pool] = matcher.file(ranked.row).map_or(&[], |(file, _)| &file.pools);
    Some(Recommended {
        id: provider.id.value.clone(),
        name: provider.name.clone(),
        region: provider.region.name.clone(),
        score: f64::from(ranked.score) / 10.0,
        merit: ranked.merit,
        reasons: reasons(&factors),
        factors,
        capabilities,
        covers: covers(request, provider),
        services: provider
            .services
            .iter()
            .map(|service: &Service| service.label())
            .collect(),
        listed: listed(provider, pools, request.date),
        marks: marks(provider, pools, request.date, ranked.interest),
        conflicts: provider.conflicts.clone(),
        contact: provider.contact.clone(),
    })
}

/// Titles of the gaps that a provider could close.
pub(super) fn covers(request: &Request, provider: &Provider) -> Vec<String> {
    let has = |id: &String| provider.capabilities.iter().any(|c| c.value == *id);
    let closed = request.gaps.iter().filter(|gap| gap.capabilities.iter().any(has));
    closed.map(|gap| gap.title.clone()).collect()
}

/// Factor by factor, in the order of the rules.
pub(super) fn factors(matcher: &Matcher, request: &Request, ask: &Ask, place: usize) -> Option<Vec<Factor>> {
    let provider = matcher.provider(place)?;
    let row = matcher.index.rows.get(place)?;
    let ratios = ask.ratios(matcher.index, place, row);
    let points = ask.points(&ratios);
    let told = matcher.rules.factors.iter().filter_map(|rule| {
        let at = FactorId::ALL.iter().position(|id| *id == rule.id.value)?;
        Some(Factor {
            id: rule.id.value,
            title: rule.title.clone(),
            points: f64::from(points[at]) / 10.0,
            most: rule.weight.value,
            why: match rule.id.value {
                FactorId::Gaps => gaps(matcher, request, ask, place, provider),
                FactorId::Industry => industry(ratios[at]).to_owned(),
                FactorId::Cases => cases(matcher, ask, row, provider, request),
                FactorId::Size => size(ask, row, provider, request),
                FactorId::Region => locality(ratios[at]).to_owned(),
                FactorId::Service => service(provider, request),
                FactorId::Qualifications => qualifications(matcher, ask, row, provider),
                FactorId::Price => price(ask, row),
            },
        })
    });
    Some(told.collect())
}

/// The three or four things that speak for it.
fn reasons(factors: &[Factor]) -> Vec<String> {
    let of = |id: FactorId| factors.iter().find(|factor| factor.id == id);
    let mut reasons: Vec<String> = of(FactorId::Gaps).map(|f| f.why.clone()).into_iter().collect();
    let good = |id: FactorId, least: f64| {
        of(id)
            .filter(|f| f.most > 0.0 && f.points >= f.most * least)
            .map(|f| f.why.clone())
    };
    match good(FactorId::Cases, 0.01) {
        Some(cases) => reasons.push(cases),
        None => reasons.extend(good(FactorId::Industry, 0.5).map(|why| format!("{why}，但没有已核实的同大类案例"))),
    }
    reasons.extend(good(FactorId::Region, 0.9));
    reasons.extend(good(FactorId::Size, 0.9));
    reasons.extend(good(FactorId::Qualifications, 0.5));
    reasons.extend(good(FactorId::Price, 0.9));
    reasons
}

fn gaps(matcher: &Matcher, request: &Request, ask: &Ask, place: usize, provider: &Provider) -> String {
    const NAMED: usize = 4;
    let useful = ask.useful(matcher.index.bits_of(place));
    let known = &matcher.capabilities.capabilities;
    let named: Vec<&str> = useful
        .iter()
        .take(NAMED)
        .filter_map(|at| known.get(*at))
        .map(|c| c.title.as_str())
        .collect();
    if named.is_empty() {
        return "没有命中任何短板".into();
    }
    let more = if useful.len() > NAMED { "等" } else { "" };
    format!(
        "能补 {} 处短板：{}{more}",
        covers(request, provider).len(),
        named.join("、")
    )
}

fn industry(ratio: f64) -> &'static str {
    match (ratio * 10.0).round() as u8 {
        10 => "服务行业写到本企业小类",
        8 => "服务行业与本企业中类相同",
        5 => "服务行业与本企业大类相同",
        3 => "服务的是同大类里的其他行业",
        2 => "服务行业只写“通用”",
        _ => "服务行业里没有本企业的",
    }
}

fn cases(matcher: &Matcher, ask: &Ask, row: &Row, provider: &Provider, request: &Request) -> String {
    let count = ask.cases(matcher.index, row);
    let division = request.profile.industry.code().get(..2);
    let same = provider
        .cases
        .iter()
        .filter(|case| case.verified && case.industry.get(..2) == division);
    match same.max_by_key(|case| case.year) {
        Some(case) if count > 0 => {
            let effect = if case.effect.is_empty() {
                String::new()
            } else {
                format!("：{}", case.effect)
            };
            format!(
                "有 {count} 个已核实的同大类案例，如 {}年{}{effect}",
                case.year, case.client
            )
        }
        _ => "没有已核实的同大类案例".into(),
    }
}

fn size(ask: &Ask, row: &Row, provider: &Provider, request: &Request) -> String {
    let named = match (request.profile.size, provider.size_fit.is_empty()) {
        (Some(size), false) => format!("面向{}企业", size.label()),
        (None, _) => "本企业没有规模类型".into(),
        (_, true) => "没有写明面向哪种规模".into(),
    };
    match (ask.small, row.light) {
        (false, _) => named,
        (true, false) => format!("{named}，没有轻量产品"),
        (true, true) => {
            let product = provider.products.iter().find(|product| light(product));
            format!(
                "{named}，有轻量产品{}",
                product.map_or(String::new(), |product| format!("（{}）", product.name))
            )
        }
    }
}

fn locality(ratio: f64) -> &'static str {
    match (ratio * 10.0).round() as u8 {
        10 => "就在本区县",
        9 => "就在本市",
        6 => "在本省",
        _ => "在外省",
    }
}

fn service(provider: &Provider, request: &Request) -> String {
    let asked = |service: &Service| {
        let actions = request.gaps.iter().filter_map(|gap| gap.action.as_ref());
        actions
            .into_iter()
            .any(|action| action.services.contains(&service.label()))
    };
    let lacking: Vec<&str> = Service::ALL
        .iter()
        .filter(|service| asked(service) && !provider.services.contains(service))
        .map(|service| service.label())
        .collect();
    match lacking.as_slice() {
        [] => "要用的服务都能提供".into(),
        lacking => format!("不做{}", lacking.join("、")),
    }
}

fn qualifications(matcher: &Matcher, ask: &Ask, row: &Row, provider: &Provider) -> String {
    let held = part(&matcher.index.held, &row.held);
    let mut valid: Vec<_> = provider
        .qualifications
        .iter()
        .zip(held)
        .filter(|(_, held)| held.until >= ask.date)
        .collect();
    // The one that gives the points comes first.
    valid.sort_by(|a, b| b.1.rank.unwrap_or(0.0).total_cmp(&a.1.rank.unwrap_or(0.0)));
    let names: Vec<String> = valid
        .iter()
        .take(3)
        .map(|(held, _)| format!("{} {}", held.code, held.level).trim().to_owned())
        .collect();
    match (names.is_empty(), provider.qualifications.is_empty()) {
        (false, _) => format!("有效资质：{}", names.join("、")),
        (true, true) => "没有写资质".into(),
        (true, false) => "资质都已过期".into(),
    }
}

fn price(ask: &Ask, row: &Row) -> String {
    match (ask.budget, row.price) {
        (Some(budget), Some(price)) if price <= budget => {
            format!("最低报价 {} 万元，在预算 {} 万元之内", show(price, 2), show(budget, 2))
        }
        (Some(budget), Some(price)) => format!("最低报价 {} 万元，超出预算 {} 万元", show(price, 2), show(budget, 2)),
        (_, None) => "没有写价格，按中间值计".into(),
        (None, _) => "企业没有写预算，按中间值计".into(),
    }
}

/// The list it is on and until when.
pub(super) fn listed(provider: &Provider, pools: &[Pool], date: &str) -> String {
    let Some(entry) = provider.listed_on(date, pools) else {
        return String::new();
    };
    let pool = pools.iter().find(|pool| pool.id == entry.pool.value);
    let title = pool.map_or(entry.pool.value.as_str(), |pool| pool.title.as_str());
    let batch = if entry.batch.is_empty() {
        String::new()
    } else {
        format!("{} 批次，", entry.batch)
    };
    let ends = [Some(&entry.valid_until.value), pool.map(|pool| &pool.valid_until.value)];
    let until = ends
        .into_iter()
        .flatten()
        .filter(|end| !end.is_empty())
        .min_by_key(|end| day(end));
    match until {
        Some(until) => format!("{title}（{batch}有效至 {until}）"),
        None => title.to_owned(),
    }
}

/// What must be said beside the name.
fn marks(provider: &Provider, pools: &[Pool], date: &str, interest: u8) -> Vec<String> {
    let mut marks = Vec::new();
    if interest == rank::OWN {
        marks.push(OWN.to_owned());
    }
    let title = |id: &String| {
        pools
            .iter()
            .find(|pool| pool.id == *id)
            .map_or(id.clone(), |pool| pool.title.clone())
    };
    for entry in provider
        .pools
        .iter()
        .filter(|entry| day(&entry.valid_until.value) >= day(date))
    {
        if matches!(entry.status, EntryStatus::Warned | EntryStatus::Suspended) {
            marks.push(format!("{}（{}）", entry.status.label(), title(&entry.pool.value)));
        }
    }
    marks
}
