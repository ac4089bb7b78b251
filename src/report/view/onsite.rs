//! Self-reported beside verified: what differs, what it does to the score, what was found on site.

use serde::Serialize;
use serde_json::{Value, json};

use super::StandardView;
use crate::diagnosis::{Diagnosis, StandardResult};
use crate::round::show;

/// An answer that the visit changed.
#[derive(Serialize)]
struct Difference {
    standard: String,
    item: String,
    title: String,
    own: String,
    verified: String,
    reason: String,
}

/// What a template for on-site work needs besides the diagnosis.
pub(super) fn onsite(diagnosis: &Diagnosis, standards: &[StandardView]) -> Value {
    let differences: Vec<Difference> = diagnosis.standards.iter().flat_map(differences).collect();
    let verified = diagnosis.standards.iter().flat_map(|standard| &standard.answers);
    let verified = verified.filter(|answer| answer.detail.verified.is_some()).count();
    let scores: Vec<Value> = diagnosis
        .standards
        .iter()
        .zip(standards)
        .map(|(standard, view)| score(standard, view))
        .collect();
    json!({
        "visit": diagnosis.onsite,
        "findings": diagnosis.onsite.findings.iter().enumerate().map(|(index, finding)| json!({
            "no": format!("F{:02}", index + 1),
            "title": finding.title,
            "about": finding.about.as_ref().map_or(String::new(), |about| title_of(diagnosis, about)),
            "severity": finding.severity,
            "tone": finding.severity.tone(),
            "detail": finding.detail,
            "action": finding.action,
            "owner": finding.owner,
            "due": finding.due,
            "evidence": finding.evidence,
        })).collect::<Vec<_>>(),
        "differences": differences,
        "verified": verified,
        "scores": scores,
    })
}

fn differences(standard: &StandardResult) -> Vec<Difference> {
    let changed = standard.answers.iter().filter_map(|answer| {
        let verified = answer.detail.verified.as_ref()?;
        (*verified != answer.detail.self_reported).then(|| Difference {
            standard: standard.short.clone(),
            item: answer.id.clone(),
            title: answer.title.clone(),
            own: answer.self_reported_in_full.clone(),
            verified: answer.verified_in_full.clone().unwrap_or_default(),
            reason: answer.detail.note.clone(),
        })
    });
    changed.collect()
}

/// Score and grade by both, in words.
fn score(standard: &StandardResult, view: &StandardView) -> Value {
    let own = standard.self_reported.as_ref();
    let grade =
        |grade: &crate::scoring::rulebook::GradeName| crate::advice::gaps::grade_in_words(grade.level, &grade.name);
    let change = own.and_then(|own| Some(standard.card.score? - own.score?));
    json!({
        "title": view.short,
        "own": own.map(|own| own.score.map_or("未评分".into(), |score| show(score, 3))),
        "own_grade": own.and_then(|own| own.grade.as_ref()).map(grade),
        "verified": view.score,
        "verified_grade": standard.card.grade.as_ref().map(grade),
        "change": change.map(|change| match show(change.abs(), 3).as_str() {
            "0" => "不变".to_owned(),
            size if change > 0.0 => format!("+{size}"),
            size => format!("−{size}"),
        }),
    })
}

/// `sme-digital-2024/q05` → `数字化水平 · 信息系统`.
fn title_of(diagnosis: &Diagnosis, about: &str) -> String {
    let found = about.split_once('/').and_then(|(standard, item)| {
        let standard = diagnosis.standards.iter().find(|known| known.card.id == standard)?;
        let answer = standard.answers.iter().find(|answer| answer.id == item)?;
        Some(format!("{} · {}", standard.short, answer.title))
    });
    found.unwrap_or_else(|| about.to_owned())
}
