//! sme-digital-2024 recomputed from the published formula, in a few lines that know nothing of the engine: points in
//! thousandths as whole numbers, shares compared by cross-multiplication. Two thousand random plants must agree.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use qizhen::assessment::{self, Known};
use qizhen::catalog::Catalog;
use qizhen::source::{SourceMap, yaml};
use serde_json::{Value, json};

/// What a plant answers: options as letters, shares as (part, whole), levels of the sixteen scenarios.
type Plant = (BTreeMap<&'static str, Vec<u8>>, [(u64, u64); 3], Vec<u8>);

const MULTI: [(&str, u8); 6] = [("q01", 4), ("q04", 14), ("q06", 4), ("q07", 4), ("q09", 4), ("q10", 5)];
const SINGLE: [(&str, u8); 6] = [("q05", 5), ("q08", 6), ("q12", 3), ("q13", 3), ("q14", 3), ("q15", 3)];
/// ★ marks the binding ones.
const SCENARIOS: [&str; 16] = [
    "product-design★",
    "process-design",
    "marketing★",
    "after-sales",
    "planning",
    "production-control★",
    "quality★",
    "equipment★",
    "safety★",
    "energy★",
    "procurement★",
    "warehousing★",
    "finance★",
    "hr",
    "office",
    "decision",
];

/// Points in thousandths.
fn score((options, shares, _): &Plant) -> u64 {
    let chosen = |id: &str| options[id].iter().filter(|option| **option > 0).count() as u64;
    let rank = |id: &str| u64::from(options[id][0]);
    // (0,10] nothing, then a quarter of the full points for each bound passed.
    let band = |(part, whole): (u64, u64), full: u64| {
        full / 4
            * [10, 20, 40, 60]
                .iter()
                .filter(|bound| part * 100 > **bound * whole)
                .count() as u64
    };
    let hr = u64::from(options["q04"].contains(&14)) * 200;
    chosen("q01") * 2000
        + band(shares[0], 6000)
        + band(shares[1], 6000)
        + (chosen("q04") * 700 + hr)
        + rank("q05") * 2500
        + (chosen("q06") + chosen("q07")) * 1250
        + rank("q08") * 1500
        + chosen("q09") * 1875
        + chosen("q10") * 1500
        + band(shares[2], 7500)
        + (rank("q12") + rank("q13")) * 3500
        + (rank("q14") + rank("q15")) * 1500
}

/// The highest level whose three thresholds are met: score, scenarios, binding scenarios.
fn grade(plant: &Plant) -> u64 {
    let at = |level: u8, only_binding: bool| {
        let counts = |(name, reached): &(&&str, &u8)| **reached >= level && (!only_binding || name.ends_with('★'));
        SCENARIOS.iter().zip(&plant.2).filter(counts).count()
    };
    [(1, 20, 6, 3), (2, 40, 6, 3), (3, 60, 8, 5), (4, 80, 10, 6)]
        .into_iter()
        .filter(|(level, points, all, binding)| {
            score(plant) >= points * 1000 && at(*level, false) >= *all && at(*level, true) >= *binding
        })
        .map(|(level, ..)| u64::from(level))
        .max()
        .unwrap_or(0)
}

/// Plants are alike throughout, which is what reaches all five grades: a common level 0 to 4, with some answers off it.
fn plants() -> impl Strategy<Value = Plant> {
    (0u8..=4).prop_flat_map(|usual| {
        let least = |n: u8| n * usual / 5;
        let multi: Vec<_> = MULTI
            .iter()
            .map(|(id, n)| {
                prop::collection::btree_set(1..=*n, usize::from(least(*n))..=usize::from(*n)).prop_map(move |set| {
                    let chosen: Vec<u8> = set.into_iter().collect();
                    // Nothing chosen is the answer "none".
                    (*id, if chosen.is_empty() { vec![0] } else { chosen })
                })
            })
            .collect();
        let single: Vec<_> = SINGLE
            .iter()
            .map(|(id, n)| (least(*n)..*n).prop_map(move |option| (*id, vec![option])))
            .collect();
        let from = u64::from(usual);
        let share = || {
            prop_oneof![
                (1u64..500).prop_flat_map(move |whole| (whole * from / 5..=whole, Just(whole))),
                (1u64..500, prop::sample::select(vec![10u64, 20, 40, 60])).prop_map(|(n, p)| (n * p, n * 100)),
            ]
        };
        let level = prop_oneof![3 => Just(usual), 1 => 0u8..=4];
        let levels = prop::collection::vec(level, SCENARIOS.len());
        (multi, single, [share(), share(), share()], levels)
            .prop_map(|(multi, single, shares, levels)| (multi.into_iter().chain(single).collect(), shares, levels))
    })
}

fn document((options, shares, levels): &Plant) -> String {
    let mut answers = serde_json::Map::new();
    for (id, chosen) in options {
        let letters: Vec<String> = chosen
            .iter()
            .map(|option| char::from(b'a' + option).to_string())
            .collect();
        let single = SINGLE.iter().any(|(other, _)| other == id);
        answers.insert(
            (*id).to_owned(),
            if single { json!(letters[0]) } else { json!(letters) },
        );
    }
    answers.insert("q02".into(), json!({"digital": shares[0].0, "total": shares[0].1}));
    answers.insert("q03".into(), json!({"networked": shares[1].0, "total": shares[1].1}));
    answers.insert(
        "q11".into(),
        json!({"investment_wan": shares[2].0, "revenue_wan": shares[2].1}),
    );
    for (name, level) in SCENARIOS.iter().zip(levels) {
        answers.insert(name.trim_end_matches('★').to_owned(), json!(level));
    }
    json!({
        "schema": assessment::SCHEMA,
        "enterprise": {"name": "随机样例", "industry": "C34", "region": "370200", "employees": 100, "revenue_wan": 5000},
        "date": "2026-11-20",
        "answers": {"sme-digital-2024": Value::Object(answers)},
    })
    .to_string()
}

#[test]
fn two_thousand_random_plants_come_out_the_same() {
    let catalog = Catalog::load(None).unwrap();
    let presets = catalog.presets();
    let known = Known {
        questionnaires: &catalog.questionnaires,
        presets: &presets,
        facts: &catalog.facts,
        today: "2026-11-22",
    };
    let plan = catalog.plan("sme-digital-2024", None).unwrap();
    let grades = std::cell::RefCell::new([0u32; 5]);
    let config = Config {
        cases: 2000,
        failure_persistence: None,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&plants(), |plant| {
        let text = document(&plant);
        let mut problems = Vec::new();
        let mut sources = SourceMap::default();
        let file = sources.add("random", text.clone());
        let node = yaml::parse(file, &text).unwrap();
        let read = assessment::read(&node, &known, &mut problems);
        let read = read.ok_or_else(|| TestCaseError::fail(format!("{problems:?}\n{text}")))?;
        let card = plan.scorecard(&read.answers["sme-digital-2024"], None);
        let (found, expected) = (card.score.unwrap(), score(&plant) as f64 / 1000.0);
        prop_assert!(
            (found - expected).abs() < 1e-9,
            "engine {found}, by the formula {expected}\n{text}"
        );
        let level = u64::from(card.grade.unwrap().level);
        prop_assert_eq!(level, grade(&plant), "{}", text);
        grades.borrow_mut()[level as usize] += 1;
        Ok(())
    });
    result.unwrap_or_else(|why| panic!("{why}"));
    let grades = grades.into_inner();
    assert!(grades.iter().all(|n| *n >= 5), "every grade is met with: {grades:?}");
}
