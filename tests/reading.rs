//! The many ways in which people write the same answer, and what stands beside it.

use qizhen::assessment::{self, Assessment, Known};
use qizhen::catalog::Catalog;
use qizhen::scoring::layout::Cell;
use qizhen::source::{SourceMap, diagnostic, yaml};

const ENTERPRISE: &str = "schema: qizhen/assessment/1
enterprise: {name: 泵业公司, industry: c344, region: 3702, employees: 10, revenue_wan: 100}
date: 2026-11-20
";

fn read(catalog: &Catalog, body: &str) -> Assessment {
    let text = format!("{ENTERPRISE}{body}");
    let mut sources = SourceMap::default();
    let file = sources.add("case", text.clone());
    let mut problems = Vec::new();
    let presets = catalog.presets();
    let known = Known {
        questionnaires: &catalog.questionnaires,
        presets: &presets,
        facts: &catalog.facts,
        today: "2026-11-22",
    };
    let node =
        yaml::parse(file, &text).unwrap_or_else(|found| panic!("{}", diagnostic::render(&found, &sources, false)));
    assessment::read(&node, &known, &mut problems)
        .unwrap_or_else(|| panic!("{}", diagnostic::render(&problems, &sources, false)))
}

fn cell(catalog: &Catalog, standard: &str, item: &str, written: &str) -> Cell {
    let read = read(catalog, &format!("answers:\n  {standard}:\n    {item}: {written}\n"));
    let column = catalog.plan(standard, None).unwrap().layout.items[item].column;
    read.answers[standard].cells[column]
}

#[test]
fn the_same_answer_in_many_forms() {
    let catalog = Catalog::load(None).unwrap();
    let sme = |item: &str, written: &str| cell(&catalog, "sme-digital-2024", item, written);
    for written in [
        "c",
        "C",
        "' c '",
        "{value: c}",
        "{value: a, verified: c}",
        "{value: c, verified: }",
    ] {
        assert_eq!(sme("q05", written), Cell::Choice(2), "{written}");
    }
    for written in [
        "[b, d]",
        "[D, B]",
        "'b,d'",
        "b、d",
        "b；d",
        "[b, d, b]",
        "{verified: [b, d]}",
    ] {
        assert_eq!(sme("q01", written), Cell::Chosen(0b1010), "{written}");
    }
    for written in ["2", "'2'", "2级", "{value: 1, verified: 2}"] {
        assert_eq!(sme("planning", written), Cell::Choice(2), "{written}");
    }
    for written in ["42", "42 台", "'42台'", "42.0"] {
        let parts = format!("{{digital: {written}, total: 80}}");
        assert_eq!(sme("q02", &parts), Cell::Number(42.0), "{written}");
    }
    for (written, index) in [
        ("是", 0),
        ("有", 0),
        ("yes", 0),
        ("true", 0),
        ("Y", 0),
        ("否", 1),
        ("no", 1),
        ("n", 1),
    ] {
        assert_eq!(
            cell(&catalog, "green-factory-2025", "gfv-1", written),
            Cell::Choice(index),
            "{written}"
        );
    }
    for written in ["na", "N/A", "不适用", "不涉及"] {
        assert_eq!(
            cell(&catalog, "green-factory-2025", "e1-product", written),
            Cell::NotApplicable,
            "{written}"
        );
    }
}

#[test]
fn a_blank_or_a_remark_is_no_answer() {
    let catalog = Catalog::load(None).unwrap();
    for written in [
        "",
        "~",
        "{note: 等财务的数}",
        "{evidence: [照片.jpg]}",
        "{value: , note: 待核}",
    ] {
        assert_eq!(
            cell(&catalog, "sme-digital-2024", "q05", written),
            Cell::Missing,
            "{written}"
        );
    }
    let body = "answers:\n  sme-digital-2024:\n    q05: {note: 等财务的数, evidence: 照片.jpg}\n    q08: b\n";
    let read = read(&catalog, body);
    let details = &read.answers["sme-digital-2024"].details;
    assert!(!details["q05"].is_answered() && details["q08"].is_answered());
    assert_eq!(
        (details["q05"].note.as_str(), details["q05"].evidence.len()),
        ("等财务的数", 1),
        "yet it is kept"
    );
}

/// A number in the answer wins over the fact; the fact fills in what is blank, from the base year.
#[test]
fn facts_fill_blanks_of_their_year() {
    let catalog = Catalog::load(None).unwrap();
    let total = |body: &str| {
        let read = read(&catalog, body);
        let column = catalog.plan("sme-digital-2024", None).unwrap().layout.items["q02"].column;
        read.answers["sme-digital-2024"].cells[column + 1]
    };
    let facts = "facts:\n  2024: {equipment_total: 70}\n  2025: {equipment_total: 80 台}\n";
    let blank = "answers:\n  sme-digital-2024:\n    q02: {digital: 42}\n";
    assert_eq!(total(&format!("{facts}{blank}")), Cell::Number(80.0));
    assert_eq!(total(&format!("base_year: 2024\n{facts}{blank}")), Cell::Number(70.0));
    assert_eq!(total(blank), Cell::Missing);
    let given = blank.replace("digital: 42", "digital: 42, total: 90");
    assert_eq!(total(&format!("{facts}{given}")), Cell::Number(90.0));
}

/// Comments by the hundred and Windows line ends come with real files.
#[test]
fn what_editors_leave_behind_is_taken() {
    let comments: String = (0..3000).map(|n| format!("    # 说明 {n}\n")).collect();
    let text = format!("a:\n{comments}  b: 1\n");
    assert!(yaml::parse(0, &text).is_ok());
    let windows = format!("{ENTERPRISE}answers: {{}}\n").replace('\n', "\r\n");
    assert!(yaml::parse(0, &windows).is_ok());
}
