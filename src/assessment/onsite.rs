//! The visit behind a verified assessment: who went, whom they spoke to, what they found.

use serde::{Deserialize, Serialize};

use super::read::Known;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::yaml::Node;
use crate::source::{At, shape};

/// The visit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OnSite {
    /// Who assessed.
    pub team: Vec<Member>,
    /// When and where.
    pub visits: Vec<Visit>,
    /// Whom they spoke to.
    pub interviews: Vec<Interview>,
    /// What they found, numbered in reports in this order.
    pub findings: Vec<SiteFinding>,
}

/// One of those who assessed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Name.
    pub name: String,
    /// 组长, 专家, 记录 …
    #[serde(default)]
    pub role: String,
    /// Organisation.
    #[serde(default)]
    pub org: String,
}

/// A day on site.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// `YYYY-MM-DD`.
    pub date: At<String>,
    /// Workshops, lines, rooms.
    #[serde(default)]
    pub place: String,
    /// What was done there.
    #[serde(default)]
    pub what: String,
}

/// An interview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interview {
    /// Name.
    pub name: String,
    /// Position.
    #[serde(default)]
    pub position: String,
    /// What it was about.
    #[serde(default)]
    pub topic: String,
}

/// Something found on site that has to be put right or is worth telling.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteFinding {
    /// In a few words.
    pub title: String,
    /// The item that it is about, `standard/item`.
    #[serde(default)]
    pub about: Option<At<String>>,
    /// How serious.
    #[serde(default)]
    pub severity: SiteSeverity,
    /// What was seen.
    #[serde(default)]
    pub detail: String,
    /// What has to be done.
    #[serde(default)]
    pub action: String,
    /// Who does it.
    #[serde(default)]
    pub owner: String,
    /// By when, `YYYY-MM-DD`.
    #[serde(default)]
    pub due: Option<At<String>>,
    /// Photos or documents that show it.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum SiteSeverity {
    /// Must be put right.
    #[serde(rename = "严重")]
    Major,
    /// Should be put right.
    #[default]
    #[serde(rename = "一般")]
    Minor,
    /// Worth doing.
    #[serde(rename = "建议")]
    Advice,
}

impl SiteSeverity {
    /// Its tone in a report.
    pub fn tone(self) -> &'static str {
        match self {
            SiteSeverity::Major => "bad",
            SiteSeverity::Minor => "warn",
            SiteSeverity::Advice => "info",
        }
    }
}

impl OnSite {
    /// Whether anything was said.
    pub fn is_empty(&self) -> bool {
        *self == OnSite::default()
    }
}

/// Reads the visit; a blank one is none.
pub fn read(node: &Node, known: &Known, problems: &mut Vec<Diagnostic>) -> OnSite {
    let Some(onsite) = shape::read::<Option<OnSite>>(node, problems).flatten() else {
        return OnSite::default();
    };
    let dates = onsite.visits.iter().map(|visit| &visit.date);
    let due = onsite.findings.iter().filter_map(|finding| finding.due.as_ref());
    for date in dates.chain(due) {
        if date.value.len() != 10 || date.value.parse::<jiff::civil::Date>().is_err() {
            let message = format!("日期 “{}” 读不懂", date.value);
            problems.push(Diagnostic::error(Code::BadDate, date.span, message).hint("写法：年-月-日，如 2026-11-20"));
        }
    }
    for visit in onsite
        .visits
        .iter()
        .filter(|visit| visit.date.value.as_str() > known.today)
    {
        let message = format!("到访日期 {} 在今天（{}）之后", visit.date.value, known.today);
        problems.push(Diagnostic::error(Code::BadDate, visit.date.span, message));
    }
    for about in onsite.findings.iter().filter_map(|finding| finding.about.as_ref()) {
        check_about(about, known, problems);
    }
    onsite
}

fn check_about(about: &At<String>, known: &Known, problems: &mut Vec<Diagnostic>) {
    let Some((standard, item)) = about.value.split_once('/') else {
        let message = format!("about 应写成“标准/题目”，这里是 “{}”", about.value);
        problems.push(Diagnostic::error(Code::BadAnswer, about.span, message).hint("如 sme-digital-2024/q05"));
        return;
    };
    let Some(questionnaire) = known.questionnaires.get(standard) else {
        let ids = known.questionnaires.keys().map(String::as_str);
        let problem = Diagnostic::error(Code::UnknownStandard, about.span, format!("没有标准 “{standard}”"));
        problems.push(problem.nearest(standard, ids));
        return;
    };
    if !questionnaire.items().any(|known| known.id.value == item) {
        let ids = questionnaire.items().map(|item| item.id.value.as_str());
        let message = format!("“{}” 没有题目 “{item}”", questionnaire.short);
        problems.push(Diagnostic::error(Code::UnknownItem, about.span, message).nearest(item, ids));
    }
}
