//! Cases worked by hand: answers and what the published rules make of them, in `scoring-rules/cases/<standard>/*.yaml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::assessment::{self, Assessment, Known};
use crate::catalog::Catalog;
use crate::scoring::scorecard::Scorecard;
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::yaml::{self, Data, Key, Node};
use crate::source::{At, Span, shape};

/// First line of a case.
pub const SCHEMA: &str = "qizhen/case/1";

/// One case as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The standard whose rules are tried.
    pub standard: At<String>,
    /// The arithmetic by hand.
    pub why: String,
    /// Preset; the default one when left out.
    #[serde(default)]
    pub preset: Option<At<String>>,
    /// Date of the assessment.
    #[serde(default)]
    pub date: Option<String>,
    /// Facts by year, as in an assessment.
    #[serde(default)]
    pub facts: Value,
    /// Answers, as in an assessment.
    pub answers: Value,
    /// Answers to other standards that this one takes from.
    #[serde(default)]
    pub with: Value,
    /// What must come of it.
    pub expect: Expect,
}

/// What must come of a case.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Points; `null` is "no score is expected".
    pub score: Option<f64>,
    /// Level of the grade.
    #[serde(default)]
    pub grade: Option<u8>,
    /// Points of indicators; of a quantity, its value.
    #[serde(default)]
    pub nodes: BTreeMap<String, f64>,
    /// What became of indicators.
    #[serde(default)]
    pub status: BTreeMap<String, String>,
    /// How vetoes stand.
    #[serde(default)]
    pub vetoes: BTreeMap<String, String>,
    /// Judgements of rows, by table item.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<BTreeMap<String, Value>>>,
}

/// A case that was run.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The case.
    pub case: Case,
    /// The assessment that it stands for.
    pub assessment: Assessment,
    /// The result.
    pub card: Scorecard,
    /// Where the result differs from what was worked out by hand.
    pub differences: Vec<String>,
}

/// Reads and runs one case; mistakes of the file come back with their places.
pub fn run(catalog: &Catalog, file: u32, text: &str) -> Result<Ran, Vec<Diagnostic>> {
    let node = yaml::parse(file, text)?;
    yaml::expect_schema(&node, SCHEMA).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let case = shape::read::<Case>(&node, &mut problems);
    let Some(case) = case.filter(|_| problems.is_empty()) else {
        return Err(problems);
    };
    let preset = case.preset.as_ref().map(|p| p.value.as_str());
    let Some(plan) = catalog.plan(&case.standard.value, preset) else {
        let (place, known): (_, Vec<String>) = match (&case.preset, catalog.plans.contains_key(&case.standard.value)) {
            (Some(preset), true) => {
                let presets = catalog.presets().swap_remove(&case.standard.value);
                (preset, presets.unwrap_or_default())
            }
            _ => (&case.standard, catalog.plans.keys().cloned().collect()),
        };
        return Err(vec![
            Diagnostic::error(
                Code::UnknownStandard,
                place.span,
                format!("没有标准或预设 “{}”", place.value),
            )
            .nearest(&place.value, known.iter().map(String::as_str)),
        ]);
    };
    let presets = catalog.presets();
    let known = Known {
        questionnaires: &catalog.questionnaires,
        presets: &presets,
        facts: &catalog.facts,
        today: "9999-12-31",
    };
    let assessment = assessment::read(&as_assessment(&case, &node), &known, &mut problems);
    let Some(mut assessment) = assessment.filter(|_| !diagnostic::has_errors(&problems)) else {
        return Err(problems);
    };
    crate::links::fill(catalog, &mut assessment);
    let card = plan.scorecard(&assessment.answers[case.standard.value.as_str()], None);
    let differences = differences(&case, &card);
    Ok(Ran {
        case,
        assessment,
        card,
        differences,
    })
}

/// The assessment that a case stands for: its own nodes, so that mistakes point into the case, and a made-up enterprise.
fn as_assessment(case: &Case, node: &Node) -> Node {
    let made = |data: Data| Node { span: node.span, data };
    let text = |value: &str| made(Data::Str(value.to_owned()));
    let map = |entries: Vec<(&str, Node)>| {
        let key = |name: &str, span: Span| Key {
            name: name.to_owned(),
            span,
        };
        made(Data::Map(
            entries
                .into_iter()
                .map(|(name, node)| (key(name, node.span), node))
                .collect(),
        ))
    };
    let own = node.get("answers").cloned().unwrap_or_else(|| made(Data::Null));
    let mut answers = vec![(case.standard.value.as_str(), own)];
    let others = node.get("with").map_or(&[][..], Node::entries);
    answers.extend(others.iter().map(|(key, node)| (key.name.as_str(), node.clone())));
    let mut entries = vec![
        ("schema", text(assessment::SCHEMA)),
        (
            "enterprise",
            map(vec![
                ("name", text("手算样例")),
                ("industry", text("C34")),
                ("region", text("370200")),
                ("employees", made(Data::Int(100))),
                ("revenue_wan", made(Data::Int(5000))),
            ]),
        ),
        ("date", text(case.date.as_deref().unwrap_or("2026-11-20"))),
        ("answers", map(answers)),
    ];
    if let Some(facts) = node.get("facts") {
        entries.push(("facts", facts.clone()));
    }
    if let Some(preset) = &case.preset {
        entries.push(("presets", map(vec![(&case.standard.value, text(&preset.value))])));
    }
    map(entries)
}

/// In words, where the result is not what was worked out by hand.
fn differences(case: &Case, card: &Scorecard) -> Vec<String> {
    let mut wrong = Vec::new();
    let expect = &case.expect;
    let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (a, b) => a.is_none() && b.is_none(),
    };
    let number = |n: Option<f64>| n.map_or("空".to_owned(), |n| crate::round::show(n, 9));
    if !near(card.score, expect.score) {
        wrong.push(format!("得分 {}，手算 {}", number(card.score), number(expect.score)));
    }
    if let Some(grade) = expect.grade {
        let found = card.grade.as_ref().map(|g| g.level);
        if found != Some(grade) {
            let found = found.map_or("空".to_owned(), |level| level.to_string());
            wrong.push(format!("等级 {found}，手算 {grade}"));
        }
    }
    let nodes = card.trace.walk();
    let node = |id: &str| nodes.iter().find(|n| n.id == id);
    for (id, expected) in &expect.nodes {
        let Some(found) = node(id) else {
            wrong.push(format!("没有指标 “{id}”"));
            continue;
        };
        let quantity = matches!(found.method, "formula" | "total" | "row_total");
        let value = if quantity {
            found.value
        } else {
            Some(found.score.unwrap_or(0.0))
        };
        if !near(value, Some(*expected)) {
            wrong.push(format!("{id} {}，手算 {}", number(value), number(Some(*expected))));
        }
    }
    for (id, status) in &expect.status {
        let found = node(id).map_or(Value::Null, |n| json!(n.status));
        if found != json!(status) {
            wrong.push(format!("{id} 的状态 {found}，手算 {status}"));
        }
    }
    for (id, state) in &expect.vetoes {
        let found = card
            .vetoes
            .iter()
            .find(|v| v.id == *id)
            .map_or(Value::Null, |v| json!(v.state));
        if found != json!(state) {
            wrong.push(format!("否决项 {id} {found}，手算 {state}"));
        }
    }
    for (item, rows) in &expect.tables {
        let found = card.tables.get(item).map_or(&[][..], Vec::as_slice);
        if found.len() != rows.len() {
            wrong.push(format!("{item} 有 {} 行，手算 {} 行", found.len(), rows.len()));
        }
        for (index, (row, expected)) in found.iter().zip(rows).enumerate() {
            for (key, value) in expected {
                let found = if key == "flags" {
                    let flags = row
                        .flags
                        .iter()
                        .map(|f| (f.id.as_str(), if f.suspected { "suspected" } else { "hit" }));
                    json!(flags.collect::<BTreeMap<_, _>>())
                } else {
                    row.judged.get(key).cloned().unwrap_or(Value::Null)
                };
                if found != *value {
                    wrong.push(format!("{item}[{index}].{key} {found}，手算 {value}"));
                }
            }
        }
    }
    wrong
}
