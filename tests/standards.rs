//! Every case under `tests/cases/<standard>/` was worked out by hand from the published rules; the engine must agree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use qizhen::assessment::{self, Assessment};
use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::scoring::scorecard::Scorecard;
use qizhen::source::diagnostic;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    schema: String,
    standard: String,
    #[serde(rename = "why")]
    _why: String,
    #[serde(default)]
    preset: Option<String>,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    facts: Value,
    answers: Value,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    /// `None` is "null is expected"; every case says what the score is.
    score: Option<f64>,
    #[serde(default)]
    grade: Option<u8>,
    #[serde(default)]
    nodes: BTreeMap<String, f64>,
    #[serde(default)]
    status: BTreeMap<String, String>,
    #[serde(default)]
    vetoes: BTreeMap<String, String>,
    #[serde(default)]
    tables: BTreeMap<String, Vec<BTreeMap<String, Value>>>,
}

fn options() -> serde_yaml::Options {
    let mut options = serde_yaml::Options::default();
    options.strict_booleans = true;
    options
}

fn read(catalog: &Catalog, case: &Case) -> Result<Assessment, String> {
    let mut document = json!({
        "schema": assessment::SCHEMA,
        "enterprise": {"name": "手算样例", "industry": "C34", "region": "370200", "employees": 100, "revenue_wan": 5000},
        "date": case.date.clone().unwrap_or_else(|| "2026-11-20".into()),
        "answers": {case.standard.clone(): case.answers},
    });
    if !case.facts.is_null() {
        document["facts"] = case.facts.clone();
    }
    if let Some(preset) = &case.preset {
        document["presets"] = json!({case.standard.clone(): preset});
    }
    diagnosis::read(catalog, "case", &document.to_string(), "2026-11-22")
        .map(|loaded| loaded.assessment)
        .map_err(|broken| diagnostic::render(&broken.problems, &broken.sources, false))
}

fn differences(case: &Case, card: &Scorecard) -> Vec<String> {
    let mut wrong = Vec::new();
    let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (a, b) => a.is_none() && b.is_none(),
    };
    let expect = &case.expect;
    if !near(card.score, expect.score) {
        wrong.push(format!("score {:?}, by hand {:?}", card.score, expect.score));
    }
    if let Some(grade) = expect.grade {
        let found = card.grade.as_ref().map(|g| g.level);
        if found != Some(grade) {
            wrong.push(format!("grade {found:?}, by hand {grade}"));
        }
    }
    let nodes = card.trace.walk();
    let node = |id: &str| nodes.iter().find(|n| n.id == id);
    for (id, points) in &expect.nodes {
        match node(id) {
            Some(found) if near(Some(found.score.unwrap_or(0.0)), Some(*points)) => {}
            found => wrong.push(format!("{id} {:?}, by hand {points}", found.map(|n| n.score))),
        }
    }
    for (id, status) in &expect.status {
        let found = node(id).map(|n| serde_json::to_value(n.status).unwrap());
        if found != Some(json!(status)) {
            wrong.push(format!("status of {id} {found:?}, by hand {status}"));
        }
    }
    for (id, state) in &expect.vetoes {
        let found = card
            .vetoes
            .iter()
            .find(|v| v.id == *id)
            .map(|v| serde_json::to_value(v.state).unwrap());
        if found != Some(json!(state)) {
            wrong.push(format!("veto {id} {found:?}, by hand {state}"));
        }
    }
    for (item, rows) in &expect.tables {
        let found = card.tables.get(item).map_or(&[][..], Vec::as_slice);
        if found.len() != rows.len() {
            wrong.push(format!("{item}: {} rows, by hand {}", found.len(), rows.len()));
        }
        for (index, (row, expected)) in found.iter().zip(rows).enumerate() {
            for (key, value) in expected {
                let found = if key == "flags" {
                    let flags: BTreeMap<&str, &str> = row
                        .flags
                        .iter()
                        .map(|f| (f.id.as_str(), if f.suspected { "suspected" } else { "hit" }))
                        .collect();
                    json!(flags)
                } else {
                    row.judged.get(key).cloned().unwrap_or(Value::Null)
                };
                if found != *value {
                    wrong.push(format!("{item}[{index}].{key} {found}, by hand {value}"));
                }
            }
        }
    }
    wrong
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn cases_worked_by_hand_come_out_the_same() {
    let catalog =
        Catalog::load(None).unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut failures = Vec::new();
    let mut per_standard: BTreeMap<String, usize> = BTreeMap::new();
    for path in files(&root) {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let case: Case = match serde_yaml::from_str_with_options(&text, options()) {
            Ok(case) => case,
            Err(error) => {
                failures.push(format!("{name}: {error}"));
                continue;
            }
        };
        assert_eq!(case.schema, "qizhen/case/1", "{name}");
        *per_standard.entry(case.standard.clone()).or_default() += 1;
        match read(&catalog, &case) {
            Err(problems) => failures.push(format!("{name}:\n{problems}")),
            Ok(assessment) => {
                let plan = catalog.plan(&case.standard, case.preset.as_deref()).expect("plan");
                let card = plan.scorecard(&assessment.answers[case.standard.as_str()], None);
                let wrong = differences(&case, &card);
                if !wrong.is_empty() {
                    failures.push(format!("{name}:\n    {}", wrong.join("\n    ")));
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} cases differ:\n{}",
        failures.len(),
        failures.join("\n")
    );
    for standard in catalog.questionnaires.keys() {
        assert!(
            per_standard.get(standard).is_some_and(|n| *n >= 5),
            "{standard} has too few cases: {per_standard:?}"
        );
    }
}
