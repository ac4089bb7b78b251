//! The scoring methods that the built-in standards do not use, on a small scheme worked out by hand.

use std::path::Path;

use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::scoring::scorecard::Scorecard;
use qizhen::source::diagnostic;

fn score(answers: &str) -> Scorecard {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/methods");
    let catalog =
        Catalog::load(Some(&data)).unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)));
    let text = format!(
        "schema: qizhen/assessment/1\n\
         enterprise: {{name: 示例, industry: C34, region: \"370200\", employees: 10, revenue_wan: 10}}\n\
         date: 2026-11-20\nanswers:\n  methods: {answers}\n"
    );
    let loaded = diagnosis::read(&catalog, "methods", &text, "2026-11-22")
        .unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)));
    let result = diagnosis::diagnose(&catalog, &loaded);
    result.standards[0].card.clone()
}

fn node(card: &Scorecard, id: &str) -> Option<f64> {
    card.trace.walk().into_iter().find(|n| n.id == id).and_then(|n| n.score)
}

#[test]
fn a_requirement_ladder_counts_up_to_the_first_level_that_is_not_reached() {
    // Level 1: (0.8 + 1) / 2 = 0.9 ≥ 0.8, counts 1. Level 2: 0.5 < 0.8, counts 0.5 and ends the climb; level 3 is not looked at.
    let card = score("{l1a: c, l1b: 是, l2a: b, l3a: 是}");
    assert_eq!(node(&card, "maturity"), Some(1.5));
    // Exactly 0.8 reaches: 1 + 0.8→1 + 1 = 3.
    assert_eq!(
        node(&score("{l1a: d, l1b: 是, l2a: c, l3a: 是}"), "maturity"),
        Some(3.0)
    );
    // The mean of level 1 is 0.5 with one requirement unmet: not reached, nothing above counts.
    assert_eq!(
        node(&score("{l1a: d, l1b: 否, l2a: d, l3a: 是}"), "maturity"),
        Some(0.5)
    );
    // A requirement that does not apply is not in the mean: level 1 is 0.8 alone.
    assert_eq!(node(&score("{l1a: c, l1b: na, l2a: a}"), "maturity"), Some(1.0));
    // Unanswered is not "does not apply": (1 + 0) / 2 = 0.5.
    assert_eq!(node(&score("{l1a: d}"), "maturity"), Some(0.5));
}

#[test]
fn weights_go_to_the_siblings_of_what_does_not_apply() {
    // 0.25 × 100 % + 0.75 × (0.1 + 0.9 × (50 − 20) / 60) = 0.25 + 0.75 × 0.55 = 0.6625; × 7 = 4.6375 → 4.638.
    assert_eq!(node(&score("{wa: b, wb: 50}"), "mix"), Some(4.638));
    // wa out: all weight on wb: 0.55 × 7.
    assert_eq!(node(&score("{wa: na, wb: 50}"), "mix"), Some(3.85));
    // At the baseline the stated share, below it nothing, at the leading value everything.
    assert_eq!(node(&score("{wa: a, wb: 20}"), "mix"), Some(0.525));
    assert_eq!(node(&score("{wa: a, wb: 19.999}"), "mix"), Some(0.0));
    assert_eq!(node(&score("{wa: a, wb: 80}"), "mix"), Some(5.25));
    // Unanswered counts nothing but stays in the weights.
    assert_eq!(node(&score("{wb: 80}"), "mix"), Some(5.25));
}

#[test]
fn a_formula_is_for_information() {
    let card = score("{power: {used: 1000 kWh, made: 3}}");
    let formula = card
        .trace
        .walk()
        .into_iter()
        .find(|n| n.id == "specific")
        .cloned()
        .expect("node");
    assert_eq!(formula.value, Some(333.33));
    assert_eq!(card.score, Some(0.0));
    // Division by zero is no number and no crash.
    let card = score("{power: {used: 1000, made: 0}}");
    assert_eq!(
        card.trace
            .walk()
            .into_iter()
            .find(|n| n.id == "specific")
            .and_then(|n| n.value),
        None
    );
}

#[test]
fn the_highest_rung_whose_conditions_all_hold_wins_and_a_veto_caps_it() {
    let grade = |answers: &str| score(answers).grade.map(|g| g.level);
    let best = "l1a: d, l1b: 是, l2a: d, l3a: 是, wa: b";
    assert_eq!(grade(&format!("{{{best}, wb: 50, gate: 是}}")), Some(2));
    // Points enough, expression not.
    assert_eq!(grade(&format!("{{{best}, wb: 49, gate: 是}}")), Some(1));
    // The veto fails: no higher than level 1; unanswered it only leaves the question open.
    assert_eq!(grade(&format!("{{{best}, wb: 50, gate: 否}}")), Some(1));
    let open = score(&format!("{{{best}, wb: 50}}"));
    assert_eq!((open.grade.map(|g| g.level), open.eligible), (Some(2), None));
    assert_eq!(grade("{wa: a, wb: 0}"), Some(0));
    assert_eq!(grade("{gate: 是}"), None, "nothing scored, no grade");
}

#[test]
fn the_total_is_rescaled_when_a_part_does_not_apply() {
    // The ladder does not apply at all? It has no such state as long as one requirement is answered; the weighted part has:
    // 3 of 3 points, 7 do not apply: 3 × 10 / 3 = 10.
    let card = score("{l1a: d, l1b: 是, l2a: d, l3a: 是, wa: na, wb: na}");
    assert_eq!(card.score, Some(10.0));
    assert_eq!(card.bounds, Some((10.0, 10.0)));
}
