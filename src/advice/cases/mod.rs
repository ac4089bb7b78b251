//! Like whom: cases to learn from, scenes that close gaps, and values of other places to stand beside one's own,
//! `cases/*.yaml`.

pub mod learn;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::enterprise::size::SizeClass;
use crate::names::{Desk, Template, Vocabulary};
use crate::provenance::{Confidence, Document};
use crate::questionnaire::Item;
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape::Each;

/// First line of a file of cases.
pub const SCHEMA: &str = "qizhen/cases/1";

/// A file of cases, scenes and reference values; each of the three may be left out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// What readers must know about the cases, e.g. that they are fictional.
    #[serde(default)]
    pub notice: String,
    /// The cases.
    #[serde(default)]
    pub cases: Each<CaseRule>,
    /// Scenes of a published list.
    #[serde(default)]
    pub scenes: Option<SceneList>,
    /// Values of other places.
    #[serde(default)]
    pub references: Each<ReferenceRule>,
}

/// One case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseRule {
    /// Id.
    pub id: At<String>,
    /// Who, masked: `某泵业企业`.
    pub client: String,
    /// Industry, 2 to 4 digits.
    pub industry: At<String>,
    /// Size class.
    #[serde(default)]
    pub size: Option<SizeClass>,
    /// Region, 2 to 6 digits.
    pub region: At<String>,
    /// Year of completion.
    pub year: i16,
    /// Capabilities that were built up.
    #[serde(default)]
    pub capabilities: Vec<At<String>>,
    /// Items that it was about: `sme-digital-2024/q05`.
    #[serde(default)]
    pub items: Vec<At<String>>,
    /// What was done.
    pub did: String,
    /// What came of it.
    pub effect: String,
    /// Whose word it is; must be told unless the case is fictional.
    #[serde(default)]
    pub source: String,
    /// Confidence.
    #[serde(default)]
    pub confidence: Confidence,
    /// Made up, to show how a case is written.
    #[serde(default)]
    pub fictional: bool,
}

/// Scenes of a published list, and which capabilities they take.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SceneList {
    /// The list.
    pub source: Document,
    /// Confidence of the names.
    pub confidence: Confidence,
    /// Whose judgement it is that a scene takes a capability.
    pub mapping: String,
    /// The scenes.
    pub list: Each<SceneRule>,
}

/// One scene.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SceneRule {
    /// Name, as published.
    pub title: At<String>,
    /// Field of work, as published.
    pub area: String,
    /// Capabilities that it takes.
    pub capabilities: Vec<At<String>>,
    /// The option that says it is built: `smart-factory-2025/scene-process/b`.
    #[serde(default)]
    pub built: Option<At<String>>,
}

impl SceneRule {
    /// Whether the enterprise says that it has it.
    pub(super) fn is_built(&self, desk: &Desk) -> bool {
        let mut parts = self.built.iter().flat_map(|built| built.value.split('/'));
        let (standard, item, option) = (parts.next(), parts.next(), parts.next());
        desk.chose(
            standard.unwrap_or_default(),
            item.unwrap_or_default(),
            option.unwrap_or_default(),
        )
    }
}

/// A value of another place.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceRule {
    /// Id.
    pub id: At<String>,
    /// What is measured.
    pub title: String,
    /// The value.
    pub value: f64,
    /// Its unit.
    #[serde(default)]
    pub unit: String,
    /// The value as it is to be read, where it is more than number and unit: `超过 76%`.
    #[serde(default)]
    pub say: String,
    /// Reached or aimed at.
    pub kind: ReferenceKind,
    /// When.
    pub year: String,
    /// Whose value it is.
    pub scope: String,
    /// Prefixes of the regions that it says something to, or `*`.
    pub regions: Vec<String>,
    /// Prefixes of the industries that it says something to; empty for all.
    #[serde(default)]
    pub industries: Vec<String>,
    /// Published document.
    pub source: Document,
    /// Confidence.
    pub confidence: Confidence,
    /// Template of the enterprise's own value.
    #[serde(default)]
    pub own: Option<At<String>>,
    /// What makes the two hard to compare.
    #[serde(default)]
    pub note: String,
}

/// Reached or aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// 现状
    Actual,
    /// 目标
    Target,
}

/// A value of another place, compiled.
#[derive(Debug, Clone)]
pub struct Reference {
    rule: ReferenceRule,
    own: Option<Template>,
}

/// Everything of all files.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    /// Cases, each with the notice of its file.
    pub cases: Vec<(CaseRule, String)>,
    /// Scenes; a list of the overlay replaces the built-in one.
    pub scenes: Option<SceneList>,
    /// Reference values.
    pub references: Vec<Reference>,
}

impl CaseFile {
    /// All capabilities named.
    pub fn capabilities(&self) -> impl Iterator<Item = &At<String>> {
        let scenes = self.scenes.iter().flat_map(|scenes| scenes.list.iter());
        let cases = self.cases.iter().flat_map(|case| &case.capabilities);
        cases.chain(scenes.flat_map(|scene| &scene.capabilities))
    }
}

/// Takes a file in; what has the id of something that is there replaces it, and a real case sends the fictional ones away.
pub fn take(all: &mut Cases, file: &CaseFile, known: Vocabulary, problems: &mut Vec<Diagnostic>) {
    let ids: Vec<&At<String>> = file.cases.iter().map(|case| &case.id).collect();
    unique("案例", &ids, problems);
    for case in &file.cases {
        check(case, known, problems);
    }
    if file.cases.iter().any(|case| !case.fictional) {
        all.cases.retain(|(case, _)| !case.fictional);
    }
    let fresh = file
        .cases
        .iter()
        .map(|case| (case.clone(), file.notice.trim().to_owned()));
    all.cases
        .retain(|(old, _)| !ids.iter().any(|id| id.value == old.id.value));
    all.cases.extend(fresh);
    if let Some(scenes) = &file.scenes {
        let titles: Vec<&At<String>> = scenes.list.iter().map(|scene| &scene.title).collect();
        unique("场景", &titles, problems);
        for built in scenes.list.iter().filter_map(|scene| scene.built.as_ref()) {
            check_option(built, known, problems);
        }
        all.scenes = Some(scenes.clone());
    }
    let ids: Vec<&At<String>> = file.references.iter().map(|reference| &reference.id).collect();
    unique("参照值", &ids, problems);
    all.references
        .retain(|old| !ids.iter().any(|id| id.value == old.rule.id.value));
    for rule in &file.references {
        if !rule.value.is_finite() {
            let message = format!("参照值 “{}” 的 value 不是有限的数", rule.id.value);
            problems.push(Diagnostic::error(Code::NotFinite, rule.id.span, message));
        }
        if rule.source.document.trim().is_empty() {
            let message = format!("参照值 “{}” 没有写出处（source.document）", rule.id.value);
            problems.push(Diagnostic::error(Code::MissingField, rule.id.span, message));
        }
        all.references.push(Reference {
            own: rule.own.as_ref().and_then(|own| known.template(own, problems)),
            rule: rule.clone(),
        });
    }
}

fn unique(what: &str, ids: &[&At<String>], problems: &mut Vec<Diagnostic>) {
    for (index, id) in ids.iter().enumerate() {
        if ids[..index].iter().any(|other| other.value == id.value) {
            let message = format!("{what} “{}” 重复", id.value);
            problems.push(Diagnostic::error(Code::DuplicateId, id.span, message));
        }
    }
}

fn check(case: &CaseRule, known: Vocabulary, problems: &mut Vec<Diagnostic>) {
    if !case.fictional && case.source.trim().is_empty() {
        let message = format!("案例 “{}” 没有写出处（source）", case.id.value);
        problems.push(
            Diagnostic::error(Code::MissingField, case.id.span, message).hint("编出来演示的案例写 fictional: true"),
        );
    }
    if let Err(error) = crate::enterprise::industry::Industry::parse(&case.industry.value) {
        problems.push(Diagnostic::error(
            Code::BadIndustry,
            case.industry.span,
            error.to_string(),
        ));
    }
    if let Err(error) = crate::enterprise::region::Region::parse(&case.region.value) {
        problems.push(Diagnostic::error(Code::BadRegion, case.region.span, error.to_string()));
    }
    for place in &case.items {
        item(place, &place.value, known, problems);
    }
}

fn check_option(place: &At<String>, known: Vocabulary, problems: &mut Vec<Diagnostic>) {
    let (path, option) = place.value.rsplit_once('/').unwrap_or((&place.value, ""));
    let Some(item) = item(place, path, known, problems) else {
        return;
    };
    if !item.options.iter().any(|known| known.id.value == option) {
        let ids = item.options.iter().map(|option| option.id.value.as_str());
        let message = format!("“{}” 没有选项 “{option}”", item.title);
        problems.push(Diagnostic::error(Code::UnknownReference, place.span, message).nearest(option, ids));
    }
}

/// The item that `path` names, `standard/item`; `None` when it is told that there is none.
fn item<'a>(place: &At<String>, path: &str, known: Vocabulary<'a>, problems: &mut Vec<Diagnostic>) -> Option<&'a Item> {
    let (standard, id) = path.split_once('/').unwrap_or((path, ""));
    let Some(questionnaire) = known.questionnaires.get(standard) else {
        let ids = known.questionnaires.keys().map(String::as_str);
        let message = format!("没有标准 “{standard}”");
        problems.push(
            Diagnostic::error(Code::UnknownReference, place.span, message)
                .nearest(standard, ids)
                .hint("写法如 sme-digital-2024/q05"),
        );
        return None;
    };
    let found = questionnaire.items().find(|item| item.id.value == id);
    if found.is_none() {
        let ids = questionnaire.items().map(|item| item.id.value.as_str());
        let message = format!("“{}” 没有题目 “{id}”", questionnaire.short);
        problems.push(Diagnostic::error(Code::UnknownReference, place.span, message).nearest(id, ids));
    }
    found
}
