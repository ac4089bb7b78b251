//! Every case under `scoring-rules/cases/<standard>/` was worked out by hand from the published rules; the engine must agree,
//! and the cases must reach every option, band, rung and veto.

use std::collections::BTreeMap;

use qizhen::catalog::{Catalog, files};
use qizhen::kit::cases::{self, Ran};
use qizhen::kit::coverage;
use qizhen::source::SourceMap;
use qizhen::source::diagnostic;

fn catalog() -> Catalog {
    Catalog::load(None).unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)))
}

fn run_all(catalog: &Catalog) -> BTreeMap<String, Vec<(String, Ran)>> {
    let mut ran: BTreeMap<String, Vec<(String, Ran)>> = BTreeMap::new();
    for (name, text) in files::builtin_cases() {
        let mut sources = SourceMap::default();
        let file = sources.add(&*name, text);
        match cases::run(catalog, file, text) {
            Ok(case) => ran
                .entry(case.case.standard.value.clone())
                .or_default()
                .push((name, case)),
            Err(problems) => panic!("{}", diagnostic::render(&problems, &sources, false)),
        }
    }
    ran
}

#[test]
fn cases_worked_by_hand_come_out_the_same() {
    let catalog = catalog();
    let ran = run_all(&catalog);
    let wrong: Vec<String> = ran
        .values()
        .flatten()
        .filter(|(_, case)| !case.differences.is_empty())
        .map(|(name, case)| format!("{name}: {}", case.differences.join("; ")))
        .collect();
    assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    for standard in catalog.questionnaires.keys() {
        assert!(
            ran.get(standard).is_some_and(|c| c.len() >= 5),
            "{standard} has too few cases"
        );
    }
}

#[test]
fn cases_reach_every_option_band_rung_and_veto() {
    let catalog = catalog();
    let ran = run_all(&catalog);
    let mut missing = Vec::new();
    for (standard, plans) in &catalog.plans {
        let cases: Vec<&Ran> = ran.get(standard).into_iter().flatten().map(|(_, case)| case).collect();
        let coverage = coverage::measure(plans, &cases);
        missing.extend(
            coverage
                .missing()
                .map(|t| format!("{standard}: {} {} {} {}", t.kind.label(), t.preset, t.id, t.which)),
        );
    }
    assert!(missing.is_empty(), "no case reaches:\n{}", missing.join("\n"));
}

#[test]
fn a_case_that_is_wrong_is_told_apart() {
    let catalog = catalog();
    let (name, text) = files::builtin_cases()
        .into_iter()
        .find(|(n, _)| n.ends_with("sme-digital-2024/all-best.yaml"))
        .unwrap();
    let text = text
        .replace("score: 100", "score: 99.5")
        .replace("q04: 10}", "q04: 9, nowhere: 1}");
    let case = cases::run(&catalog, 0, &text).unwrap_or_else(|_| panic!("{name}"));
    assert_eq!(
        case.differences,
        ["得分 100，手算 99.5", "没有指标 “nowhere”", "q04 10，手算 9"]
    );
    let broken = cases::run(&catalog, 0, &text.replace("q05: e", "q05: z")).unwrap_err();
    assert!(broken[0].message.contains("没有选项 “z”"), "{broken:?}");
}
