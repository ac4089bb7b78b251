//! The gaps of one enterprise → cases, scenes and values worth a look, each with the reasons.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{CaseRule, Cases, Reference, ReferenceKind, SceneRule};
use crate::advice::gaps::Gap;
use crate::advice::measures::Capabilities;
use crate::enterprise::Profile;
use crate::enterprise::industry::Industry;
use crate::enterprise::region::Region;
use crate::names::{Desk, Missing};
use crate::provenance::{Confidence, Document};
use crate::round::show;

/// Most cases shown.
pub const CASES: usize = 3;
/// Most scenes shown.
pub const SCENES: usize = 6;

/// What there is to learn from others.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Learning {
    /// Cases, the nearest first.
    pub cases: Vec<MatchedCase>,
    /// What readers must know about these cases.
    pub notice: String,
    /// How many cases were looked at.
    pub considered: usize,
    /// Scenes that close the most.
    pub scenes: Vec<SuggestedScene>,
    /// The list that the scenes are from.
    pub scene_source: Option<Document>,
    /// Confidence of the names of the scenes.
    pub scene_confidence: Option<Confidence>,
    /// Whose judgement it is that a scene closes a gap.
    pub scene_mapping: String,
}

/// A case and why it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatchedCase {
    /// Id.
    pub id: String,
    /// Who, masked.
    pub client: String,
    /// Industry in words.
    pub industry: String,
    /// Size class.
    pub size: &'static str,
    /// Region in words.
    pub region: String,
    /// Year.
    pub year: i16,
    /// What was done.
    pub did: String,
    /// What came of it.
    pub effect: String,
    /// Why it is shown.
    pub reasons: Vec<String>,
    /// Whose word it is.
    pub source: String,
    /// Confidence.
    pub confidence: Confidence,
    /// Made up.
    pub fictional: bool,
}

/// A scene and why it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SuggestedScene {
    /// Name.
    pub title: String,
    /// Field of work.
    pub area: String,
    /// Capabilities of it that are needed here, in Chinese.
    pub capabilities: Vec<String>,
    /// Gaps that it closes, by title.
    pub closes: Vec<String>,
    /// How many there are.
    pub count: usize,
}

/// A value of another place beside the enterprise's own.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReferenceValue {
    /// Id.
    pub id: String,
    /// What is measured.
    pub title: String,
    /// The value in words: `超过 76%`.
    pub value: String,
    /// Reached or aimed at.
    pub kind: ReferenceKind,
    /// When.
    pub year: String,
    /// Whose value it is.
    pub scope: String,
    /// The enterprise's own; `null` when it cannot be told.
    pub own: Option<String>,
    /// What is missing for it.
    pub missing: Vec<Missing>,
    /// Published document.
    pub source: Document,
    /// Confidence.
    pub confidence: Confidence,
    /// What makes the two hard to compare.
    pub note: String,
}

/// Capability → how much its gaps weigh.
fn needs(gaps: &[Gap]) -> BTreeMap<&str, f64> {
    let mut needs: BTreeMap<&str, f64> = BTreeMap::new();
    for gap in gaps {
        for capability in &gap.capabilities {
            *needs.entry(capability.as_str()).or_default() += gap.weight;
        }
    }
    needs
}

/// Cases and scenes for the gaps of an enterprise; `desk` knows which scenes it has built.
pub fn learn(all: &Cases, gaps: &[Gap], profile: &Profile, capabilities: &Capabilities, desk: &Desk) -> Learning {
    let needs = needs(gaps);
    let mut cases: Vec<(f64, MatchedCase, &str)> = all
        .cases
        .iter()
        .filter_map(|(case, notice)| {
            let (score, found) = rate(case, gaps, &needs, profile, capabilities)?;
            Some((score, found, notice.as_str()))
        })
        .collect();
    cases.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.id.cmp(&b.1.id)));
    cases.truncate(CASES);
    let mut notices: Vec<&str> = Vec::new();
    for (.., notice) in &cases {
        if !notice.is_empty() && !notices.contains(notice) {
            notices.push(notice);
        }
    }
    let notice = notices.join(" ");
    Learning {
        considered: all.cases.len(),
        notice,
        cases: cases.into_iter().map(|(_, found, _)| found).collect(),
        scenes: scenes(all, gaps, capabilities, desk),
        scene_source: all.scenes.as_ref().map(|scenes| scenes.source.clone()),
        scene_confidence: all.scenes.as_ref().map(|scenes| scenes.confidence),
        scene_mapping: all
            .scenes
            .as_ref()
            .map_or(String::new(), |scenes| scenes.mapping.clone()),
    }
}

/// How near a case is, and why; `None` when it has nothing to do with any gap.
fn rate(
    case: &CaseRule,
    gaps: &[Gap],
    needs: &BTreeMap<&str, f64>,
    profile: &Profile,
    capabilities: &Capabilities,
) -> Option<(f64, MatchedCase)> {
    let same = |gap: &&Gap| {
        case.items.iter().any(|item| {
            let (standard, item) = item.value.split_once('/').unwrap_or_default();
            gap.standard == standard && gap.id == item
        })
    };
    let items: Vec<&str> = gaps.iter().filter(same).map(|gap| gap.title.as_str()).collect();
    let shared: Vec<&str> = case
        .capabilities
        .iter()
        .map(|id| id.value.as_str())
        .filter(|id| needs.contains_key(id))
        .collect();
    if items.is_empty() && shared.is_empty() {
        return None;
    }
    let total: f64 = needs.values().sum();
    let covered: f64 = shared.iter().filter_map(|id| needs.get(id)).sum();
    let share = if total > 0.0 { covered / total } else { 0.0 };
    let industry = Industry::parse(&case.industry.value).ok();
    let digits = industry.as_ref().map_or(0, |industry| {
        let pairs = industry.code().bytes().zip(profile.industry.code().bytes());
        pairs.take_while(|(a, b)| a == b).count()
    });
    // Of another trade and with other gaps, there is little to learn.
    if digits < 2 && items.is_empty() {
        return None;
    }
    let size = case.size.is_some() && case.size == profile.size;
    let local = case
        .region
        .value
        .get(..4)
        .is_some_and(|city| profile.region.code().starts_with(city));
    let kin = match digits {
        4.. => 30.0,
        3 => 25.0,
        2 => 15.0,
        _ => 0.0,
    };
    let bonus = |yes: bool, points: f64| if yes { points } else { 0.0 };
    let score = kin + share * 40.0 + bonus(!items.is_empty(), 10.0) + bonus(size, 12.0) + bonus(local, 8.0);
    let name = industry.as_ref().map_or("", Industry::name).to_owned();
    let mut reasons = Vec::new();
    match digits {
        4.. => reasons.push(format!("同行业：{name}")),
        3 => reasons.push(format!("同一中类，做的是{name}")),
        2 => reasons.push(format!("同一大类，做的是{name}")),
        _ => {}
    }
    if let Some(size) = case.size.filter(|_| size) {
        reasons.push(format!("规模相同：{}企业", size.label()));
    }
    if !shared.is_empty() {
        let named: Vec<&str> = shared.iter().take(3).map(|id| capabilities.title(id)).collect();
        reasons.push(format!("补的是同样的能力：{}", named.join("、")));
    }
    if !items.is_empty() {
        reasons.push(format!("针对同样的短板：{}", items[..items.len().min(3)].join("、")));
    }
    if local {
        reasons.push("就在本市".into());
    }
    let found = MatchedCase {
        id: case.id.value.clone(),
        client: case.client.clone(),
        industry: name,
        size: case.size.map_or("", crate::enterprise::size::SizeClass::label),
        region: Region::parse(&case.region.value).map_or(String::new(), |region| region.name()),
        year: case.year,
        did: case.did.clone(),
        effect: case.effect.clone(),
        reasons,
        source: case.source.clone(),
        confidence: case.confidence,
        fictional: case.fictional,
    };
    Some((score, found))
}

/// The scenes that close the heaviest gaps, without those built already.
fn scenes(all: &Cases, gaps: &[Gap], capabilities: &Capabilities, desk: &Desk) -> Vec<SuggestedScene> {
    let list: &[SceneRule] = all.scenes.as_ref().map_or(&[], |scenes| &scenes.list);
    let mut found: Vec<(f64, SuggestedScene)> = Vec::new();
    for scene in list.iter().filter(|scene| !scene.is_built(desk)) {
        let takes = |id: &str| scene.capabilities.iter().any(|own| own.value == id);
        // Digital work is done in parts; of anything else a scene must bring all.
        let helps = |gap: &&Gap| {
            let (mut digital, mut other) = (false, true);
            for id in &gap.capabilities {
                digital |= takes(id) && capabilities.is_digital(id);
                other &= takes(id) || capabilities.is_digital(id);
            }
            digital && other || !gap.capabilities.is_empty() && gap.capabilities.iter().all(|id| takes(id))
        };
        let closed: Vec<&Gap> = gaps.iter().filter(helps).collect();
        let needed: Vec<&At> = scene
            .capabilities
            .iter()
            .filter(|own| closed.iter().any(|gap| gap.capabilities.contains(&own.value)))
            .collect();
        if needed.is_empty() {
            continue;
        }
        let weight: f64 = closed.iter().map(|gap| gap.weight).sum();
        let mut closes: Vec<String> = Vec::new();
        for gap in closed {
            if !closes.contains(&gap.title) {
                closes.push(gap.title.clone());
            }
        }
        found.push((
            weight,
            SuggestedScene {
                title: scene.title.value.clone(),
                area: scene.area.clone(),
                capabilities: needed
                    .iter()
                    .map(|id| capabilities.title(&id.value).to_owned())
                    .collect(),
                count: closes.len(),
                closes: closes.into_iter().take(4).collect(),
            },
        ));
    }
    // The order of the published list decides between equals.
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(SCENES);
    found.into_iter().map(|(_, scene)| scene).collect()
}

type At = crate::source::At<String>;

/// The values of other places that say something to this enterprise.
pub fn references(all: &[Reference], desk: &Desk, profile: &Profile) -> Vec<ReferenceValue> {
    let fits = |reference: &&Reference| {
        let rule = &reference.rule;
        let region = |prefix: &String| prefix == "*" || profile.region.code().starts_with(prefix.as_str());
        let industry = |prefix: &String| profile.industry.code().starts_with(prefix.as_str());
        rule.regions.iter().any(region) && (rule.industries.is_empty() || rule.industries.iter().any(industry))
    };
    let value = |reference: &Reference| {
        let rule = &reference.rule;
        ReferenceValue {
            id: rule.id.value.clone(),
            title: rule.title.clone(),
            value: if rule.say.is_empty() {
                let gap = if rule.unit == "%" { "" } else { " " };
                format!("{}{gap}{}", show(rule.value, 2), rule.unit).trim().to_owned()
            } else {
                rule.say.clone()
            },
            kind: rule.kind,
            year: rule.year.clone(),
            scope: rule.scope.clone(),
            own: reference.own.as_ref().and_then(|own| own.render(desk)),
            missing: reference
                .own
                .as_ref()
                .map_or(Vec::new(), |own| desk.missing(own.names())),
            source: rule.source.clone(),
            confidence: rule.confidence,
            note: rule.note.clone(),
        }
    };
    all.iter().filter(fits).map(value).collect()
}
