//! What to do about a gap: `advice/<standard>.yaml`, and the vocabulary of capabilities that measures and providers share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::effort::Effort;
use crate::questionnaire::{Domain, ItemKind, Questionnaire};
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};
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
    /// What must be there before something else is worth doing.
    #[serde(default)]
    pub prerequisites: Each<Prerequisite>,
}

/// One item rests on another: by an engineer's judgement, not by the standard.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prerequisite {
    /// The item that is raised.
    pub item: At<String>,
    /// From this level on; left out, any better answer.
    #[serde(default)]
    pub level: Option<u8>,
    /// What it rests on: an item with levels, or an indicator.
    pub needs: At<String>,
    /// Level that it must have; 1 when neither this nor `share` is given.
    #[serde(default)]
    pub needs_level: Option<u8>,
    /// Share of its points that it must have, 0 to 1.
    #[serde(default)]
    pub share: Option<f64>,
    /// Why, in words.
    pub because: String,
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
    /// What to do instead by those that have come some way.
    #[serde(default)]
    pub later: Option<Later>,
    /// Capabilities that a provider needs for it.
    #[serde(default)]
    pub capabilities: Vec<At<String>>,
    /// Kinds of service.
    #[serde(default)]
    pub services: Vec<Service>,
    /// What it names follows from other work and cannot be decided on: shares of good parts, profit, energy per output.
    #[serde(default)]
    pub result: bool,
    /// What one step of it takes; the middle of all ranks when left out.
    #[serde(default)]
    pub effort: Option<At<Effort>>,
}

/// What to do from a level on: nobody is told to begin with what is done.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Later {
    /// The level reached.
    pub from: u8,
    /// What to do.
    #[serde(rename = "do")]
    pub action: String,
    /// What can be done this week.
    pub first_step: String,
}

impl Measure {
    /// What to do, and what can be done this week, for those at a level.
    pub fn words(&self, level: Option<u8>) -> (&str, &str) {
        match &self.later {
            Some(later) if level.is_some_and(|level| level >= later.from) => (&later.action, &later.first_step),
            _ => (&self.action, &self.first_step),
        }
    }
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

    /// Whether it is digital work.
    pub fn is_digital(&self, id: &str) -> bool {
        let known = |c: &&Capability| c.id.value == id;
        self.capabilities
            .iter()
            .find(known)
            .is_some_and(|c| c.domain == Domain::Digital)
    }

    /// Whether an id is known.
    pub fn contains(&self, id: &str) -> bool {
        self.capabilities.iter().any(|c| c.id.value == id)
    }
}

/// What is wrong with efforts and prerequisites. `names` are the indicators and items of the standard.
pub fn check(measures: &Measures, questionnaire: &Questionnaire, names: &[&str], problems: &mut Vec<Diagnostic>) {
    for effort in measures.measures.iter().filter_map(|measure| measure.effort.as_ref()) {
        if let Some(problem) = effort.value.problem() {
            problems.push(Diagnostic::error(Code::Range, effort.span, problem));
        }
    }
    let items: Vec<&str> = questionnaire.items().map(|item| item.id.value.as_str()).collect();
    let top = |id: &str| {
        let item = questionnaire.items().find(|item| item.id.value == id)?;
        (item.kind.value == ItemKind::Level).then(|| item.choice_ids().len().saturating_sub(1))
    };
    for rule in &measures.prerequisites {
        let unknown = |id: &At<String>, known: &[&str], what: &str| {
            Diagnostic::error(
                Code::UnknownReference,
                id.span,
                format!("“{}” 不是这个标准的{what}", id.value),
            )
            .nearest(&id.value, known.iter().copied())
        };
        if !items.contains(&rule.item.value.as_str()) {
            problems.push(unknown(&rule.item, &items, "题目"));
        }
        if !names.contains(&rule.needs.value.as_str()) {
            problems.push(unknown(&rule.needs, names, "指标或题目"));
        }
        for (id, level) in [(&rule.item, rule.level), (&rule.needs, rule.needs_level)] {
            let Some(level) = level else { continue };
            match top(&id.value) {
                Some(top) if usize::from(level) <= top && level > 0 => {}
                Some(top) => {
                    let message = format!("“{}” 只有 1 到 {top} 级，这里写着 {level}", id.value);
                    problems.push(Diagnostic::error(Code::Range, id.span, message));
                }
                None => {
                    let message = format!("“{}” 不是等级题，不能写等级", id.value);
                    problems.push(Diagnostic::error(Code::KindMismatch, id.span, message));
                }
            }
        }
        match rule.share {
            Some(share) if !(0.0..=1.0).contains(&share) => {
                let message = format!("share 应在 0 与 1 之间，现为 {share}");
                problems.push(Diagnostic::error(Code::Range, rule.needs.span, message));
            }
            None if top(&rule.needs.value).is_none() && names.contains(&rule.needs.value.as_str()) => {
                let message = format!("“{}” 不是等级题：用 share 写要得到多少分（0 到 1）", rule.needs.value);
                problems.push(Diagnostic::error(Code::KindMismatch, rule.needs.span, message));
            }
            _ => {}
        }
    }
    for (index, rule) in measures.prerequisites.iter().enumerate() {
        if let Some(round) = circle(&measures.prerequisites, index) {
            let message = format!("先后关系绕成了圈：{}", round.join(" → "));
            problems
                .push(Diagnostic::error(Code::Cycle, rule.item.span, message).hint("删掉其中一条，或把要求的等级改低"));
            // One circle is told once, not once for each of its members.
            break;
        }
    }
}

/// The way from a prerequisite back to itself: item and level by item and level.
fn circle(rules: &[Prerequisite], start: usize) -> Option<Vec<String>> {
    let word = |item: &str, level: Option<u8>| match level {
        Some(level) => format!("{item} {level} 级"),
        None => item.to_owned(),
    };
    let first = &rules[start];
    let mut seen = vec![start];
    let mut ways = vec![(start, vec![word(&first.item.value, first.level)])];
    while let Some((at, way)) = ways.pop() {
        let needed = &rules[at];
        let way = [way, vec![word(&needs(needed), needed.needs_level)]].concat();
        if needs(needed) == first.item.value && needed.needs_level >= first.level {
            return Some(way);
        }
        for (next, rule) in rules.iter().enumerate() {
            // What raises the needed item to the needed level, or to a lower one on the way.
            let on_the_way =
                rule.item.value == needs(needed) && (rule.level <= needed.needs_level || needed.needs_level.is_none());
            if on_the_way && !seen.contains(&next) {
                seen.push(next);
                ways.push((next, way.clone()));
            }
        }
    }
    None
}

fn needs(rule: &Prerequisite) -> String {
    rule.needs.value.clone()
}
