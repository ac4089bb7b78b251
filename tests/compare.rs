//! `qizhen compare`: changes that were worked out by hand, and sums that must close for any pair.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use proptest::prelude::*;
use qizhen::catalog::Catalog;
use qizhen::comparison::{self, Before, Cause, Comparison, Recorded, words};
use qizhen::diagnosis::{self, Loaded};
use qizhen::questionnaire::ItemKind;
use qizhen::source::diagnostic;
use serde_json::{Value, json};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).expect("the built-in data is sound"));

/// 3 (30/80 = 37.5 %) + 3 (24/80 = 30 %) + 5 + 1.25 + 3.5 = 15.75.
const LAST: &str = "  sme-digital-2024:
    q02: {digital: 30, total: 80}
    q03: {networked: 24, total: 80}
    q05: c
    q06: [b]
    q12: b
    product-design: 1
";

/// 3 + 6 (50/80 = 62.5 %) + 5 + 3.75 + 3 + 0 = 20.75.
const THIS: &str = "  sme-digital-2024:
    q02: {digital: 30, total: 80}
    q03: {networked: 50, total: 80}
    q05: {value: d, verified: c}
    q06: [b, c, d]
    q08: c
    q12: a
    product-design: 2
";

const SENTENCE: &str = "得分从 15.75 升到 20.75（+5）：绿色低碳 −3.5，生产设备联网率 +3，规划实施 +3，网络安全 +2.5。等级不变，仍为未达一级。";

fn file(name: &str, date: &str, head: &str, answers: &str) -> String {
    format!(
        "schema: qizhen/assessment/1\nenterprise: {{name: {name}, industry: C3451, region: \"370214\", employees: 320, revenue_wan: 26000}}\ndate: {date}\n{head}answers:\n{answers}"
    )
}

fn read(text: &str) -> Loaded {
    diagnosis::read(&CATALOG, "case", text, "2026-11-22")
        .unwrap_or_else(|broken| panic!("{}", diagnostic::render(&broken.problems, &broken.sources, false)))
}

fn assessed(head: &str, answers: &str) -> Loaded {
    read(&file("对比样例", "2026-11-20", head, answers))
}

fn compared(old: Loaded, new: &Loaded) -> Comparison {
    let comparison = comparison::compare(&CATALOG, &Before::Assessment(Box::new(old)), new).unwrap();
    closes(&comparison);
    comparison
}

/// The lines add up to the change, and the change is that of the scores, to the last of four decimals.
fn closes(comparison: &Comparison) {
    let units = |points: f64| (points * 10_000.0).round() as i64;
    for standard in &comparison.standards {
        let sum: i64 = standard.lines.iter().map(|l| units(l.change)).sum();
        assert_eq!(sum, units(standard.change.unwrap_or_default()), "{standard:?}");
        let scores = [standard.score.old, standard.score.new].map(|s| units(s.unwrap_or_default()));
        assert_eq!(sum, scores[1] - scores[0], "{standard:?}");
        let rest = standard.lines.iter().position(|l| l.cause == Cause::Rest);
        assert!(
            rest.is_none_or(|at| at + 1 == standard.lines.len()),
            "the rest comes last"
        );
    }
}

fn moves(comparison: &Comparison) -> Vec<(&str, Cause, f64)> {
    let lines = &comparison.standards[0].lines;
    lines.iter().map(|l| (l.id.as_str(), l.cause, l.change)).collect()
}

#[test]
fn what_was_worked_out_by_hand() {
    let found = compared(assessed("", LAST), &assessed("", THIS));
    let standard = &found.standards[0];
    assert_eq!((standard.score.old, standard.score.new), (Some(15.75), Some(20.75)));
    assert_eq!(
        moves(&found),
        [
            ("q12", Cause::Answers, -3.5),
            ("q03", Cause::Answers, 3.0),
            ("q08", Cause::Answers, 3.0),
            ("q06", Cause::Answers, 2.5),
        ]
    );
    assert_eq!(standard.sentence, SENTENCE);
    let networked = &standard.lines[1].answers[0];
    assert!(
        networked.old.contains("24 台") && networked.new.contains("50 台"),
        "{networked:?}"
    );
    assert!(standard.lines[2].because.old.contains("还没有答案"));
    assert_eq!(standard.levels.len(), 1);
    assert_eq!((&*standard.levels[0].old, &*standard.levels[0].new), ("1 级", "2 级"));
    // The verified answer is the one that was there before: nothing changed.
    assert!(standard.answers.is_empty(), "{:?}", standard.answers);
    assert!(words::text(&found).contains(SENTENCE) && words::markdown(&found).contains("| **合计** | **+5** |"));
}

#[test]
fn the_same_twice_is_no_change() {
    for name in ["pump-maker", "bearing-maker", "chlor-alkali", "appliance-maker"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.assessment.yaml"));
        let loaded = read(&std::fs::read_to_string(path).unwrap());
        let found = compared(loaded.clone(), &loaded);
        assert!(!found.standards.is_empty() && found.facts.is_empty() && found.notes.is_empty());
        assert!(found.only_old.is_empty() && found.only_new.is_empty() && found.editions.is_empty());
        for s in &found.standards {
            assert!(s.lines.is_empty() && s.vetoes.is_empty() && s.levels.is_empty() && s.rows.is_empty());
            assert!(s.answers.is_empty() && s.change.is_none_or(|c| c == 0.0), "{s:?}");
        }
        // The recorded diagnosis of it, under rules of another day, scores the same today: its answers are read back.
        let mut json = serde_json::to_value(diagnosis::diagnose(&CATALOG, &loaded)).unwrap();
        json["catalog"] = "another day".into();
        let recorded = Recorded::parse(&json.to_string()).unwrap().unwrap();
        let found = comparison::compare(&CATALOG, &Before::Diagnosis(Box::new(recorded)), &loaded).unwrap();
        for s in &found.standards {
            assert!(s.lines.is_empty(), "{name} {}: {:?}", s.id, s.lines);
            assert!(s.lost.is_empty(), "{name} {}: {:?}", s.id, s.lost);
        }
    }
}

/// A record in which the networked share gave 1.5 instead of 3: the score was 14.25.
fn record() -> Value {
    let mut json = serde_json::to_value(diagnosis::diagnose(&CATALOG, &assessed("", LAST))).unwrap();
    json["catalog"] = "another day".into();
    json["standards"][0]["score"] = json!(14.25);
    let mut node = &mut json["standards"][0]["trace"];
    // total → foundation → equipment-systems → q03
    for at in [0, 0, 2] {
        node = &mut node["children"][at];
    }
    assert_eq!(node["id"], "q03");
    node["score"] = json!(1.5);
    json
}

#[test]
fn rules_are_told_from_answers() {
    let recorded = Recorded::parse(&record().to_string()).unwrap().unwrap();
    let found = comparison::compare(&CATALOG, &Before::Diagnosis(Box::new(recorded)), &assessed("", THIS)).unwrap();
    closes(&found);
    assert_eq!(found.standards[0].under_new_rules, Some(15.75));
    assert_eq!(
        moves(&found),
        [
            ("q12", Cause::Answers, -3.5),
            ("q03", Cause::Answers, 3.0),
            ("q08", Cause::Answers, 3.0),
            ("q06", Cause::Answers, 2.5),
            ("q03", Cause::Rules, 1.5),
        ]
    );
    let text = words::text(&found);
    assert!(text.contains("规则变动 +1.5，答案变动 +5"), "{text}");
    assert!(text.contains("生产设备联网率（规则） +1.5"), "{text}");
    // An option that is not there any more: what can be told is told, the rest is said to be unclear.
    let mut json = record();
    let said = json["standards"][0]["answers"].as_array_mut().unwrap();
    let q05 = said.iter_mut().find(|a| a["id"] == "q05").unwrap();
    q05["self_reported"] = "Z".into();
    let recorded = Recorded::parse(&json.to_string()).unwrap().unwrap();
    let found = comparison::compare(&CATALOG, &Before::Diagnosis(Box::new(recorded)), &assessed("", THIS)).unwrap();
    closes(&found);
    assert_eq!(found.standards[0].lost, ["信息系统"]);
    assert_eq!(moves(&found)[0], ("q03", Cause::Unclear, 4.5));
}

#[test]
fn another_preset_is_told_from_other_answers() {
    let answers = "  green-factory-2025:\n    gf25-b3: [b, c]\n    p1: b\n    p2: a\n";
    let more = answers.replace("p2: a", "p2: b");
    let old = assessed("presets: {green-factory-2025: annex-c}\n", answers);
    let new = assessed("presets: {green-factory-2025: platform}\n", &more);
    let found = compared(old, &new);
    let standard = &found.standards[0];
    let same_answers = assessed("presets: {green-factory-2025: platform}\n", answers);
    let expected = diagnosis::diagnose(&CATALOG, &same_answers).standards[0].card.score;
    assert_eq!(standard.under_new_rules, expected);
    assert!(standard.preset.is_some() && standard.lines.iter().any(|l| l.cause == Cause::Preset));
    assert!(words::text(&found).contains("评分方案从“"));
}

#[test]
fn rows_facts_and_standards_that_came_and_went() {
    let motor = |name: &str, eff: f64| {
        format!(
            "      - {{name: {name}, count: 1, kind: three-phase-induction, poles: 4, rated_kw: 37, efficiency_pct: {eff}}}\n"
        )
    };
    let table = |rows: &[String]| format!("  equipment-efficiency-2024:\n    motors:\n{}", rows.concat());
    let old = table(&[motor("一号", 90.0), motor("二号", 90.0)]) + LAST;
    let new = table(&[motor("一号", 95.2), motor("三号", 95.2)]) + "  green-factory-2025:\n    p1: b\n";
    let found = compared(
        assessed("facts:\n  2024: {revenue: 20000 万元}\n", &old),
        &assessed("facts:\n  2025: {revenue: 25000 万元}\n", &new),
    );
    let rows = &found.standards[0].rows;
    let row = |name: &str| rows.iter().find(|r| r.name == name).unwrap();
    assert_eq!(rows.len(), 3);
    assert!(row("一号").old.is_some() && row("一号").new.is_some());
    assert!(row("二号").new.is_none() && row("三号").old.is_none());
    // 0 % of the power at grade 2 or better, then all of it.
    assert_eq!(found.standards[0].change, Some(100.0));
    assert_eq!(found.only_old[0].id, "sme-digital-2024");
    assert_eq!(found.only_new[0].id, "green-factory-2025");
    let revenue = found.facts.iter().find(|f| f.id == "revenue").unwrap();
    assert_eq!(
        (revenue.year.old, revenue.year.new, revenue.percent),
        (Some(2024), Some(2025), Some(25.0))
    );
}

#[test]
fn the_next_edition_is_compared_by_its_mapping() {
    let old = assessed(
        "",
        "  green-factory-2018:\n    gf18-b1: 是\n    gf18-m1: 是\n    gf18-p1o: 是\n",
    );
    let new = assessed("", "  green-factory-2025:\n    gf25-b3: [b, c]\n    p1: b\n");
    let found = compared(old.clone(), &new);
    assert!(found.only_old.is_empty() && found.only_new.is_empty() && found.standards.is_empty());
    let shares = found.editions[0].shares.as_ref().unwrap();
    let sum: f64 = shares.shares.iter().map(|s| s.new).sum();
    assert!((sum - shares.new.score.unwrap()).abs() < 1e-6);
    assert!(words::text(&found).contains("旧版") && words::markdown(&found).contains("题目的去向"));
    // The same from a record.
    let json = serde_json::to_string(&diagnosis::diagnose(&CATALOG, &old)).unwrap();
    let recorded = Recorded::parse(&json).unwrap().unwrap();
    let again = comparison::compare(&CATALOG, &Before::Diagnosis(Box::new(recorded)), &new).unwrap();
    assert_eq!(
        serde_json::to_value(&again.editions).unwrap(),
        serde_json::to_value(&found.editions).unwrap()
    );
}

fn qizhen(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_command() {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &str| std::fs::write(dir.path().join(name), content).unwrap();
    put("old.yaml", &file("对比样例", "2025-11-20", "", LAST));
    put("new.yaml", &file("对比样例", "2026-11-20", "", THIS));
    put("other.yaml", &file("另一家厂", "2026-11-20", "", THIS));
    let run = |args: &[&str]| {
        let output = qizhen(dir.path(), &[&["compare"], args].concat());
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, out, err) = run(&["old.yaml", "new.yaml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    insta::assert_snapshot!("text", out);
    let (code, out, _) = run(&["old.yaml", "new.yaml", "--format", "json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["schema"]), (Some(0), &json!("qizhen/comparison/1")));
    assert_eq!(json["standards"][0]["sentence"], SENTENCE);
    let (code, out, _) = run(&["old.yaml", "new.yaml", "-o", "对比.md"]);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    insta::assert_snapshot!("markdown", std::fs::read_to_string(dir.path().join("对比.md")).unwrap());
    let (code, _, err) = run(&["old.yaml", "other.yaml"]);
    assert!(code == Some(0) && err.contains("企业名称不同"), "{err}");
    let (code, _, err) = run(&["new.yaml", "old.yaml"]);
    assert!(code == Some(0) && err.contains("早于"), "{err}");
    // A diagnosis may be the earlier, not the later; another version of it is told.
    let diagnosed = qizhen(
        dir.path(),
        &["diagnose", "old.yaml", "--format", "json", "-o", "old.json"],
    );
    assert_eq!(diagnosed.status.code(), Some(0));
    let (code, out, err) = run(&["old.json", "new.yaml"]);
    assert!(
        code == Some(0) && out.contains(SENTENCE) && out.contains("按当时记录"),
        "{out}{err}"
    );
    let (code, out, err) = run(&["new.yaml", "old.json"]);
    assert!(
        code == Some(2) && out.is_empty() && err.contains("后一份应为评估文件"),
        "{err}"
    );
    put("odd.json", "{\"schema\": \"qizhen/diagnosis/9\"}");
    put("cut.json", "{\"schema\": \"qizhen/diagnosis/1\"}");
    for (name, said) in [
        ("odd.json", "qizhen/diagnosis/9"),
        ("cut.json", "读不通"),
        ("none.yaml", "没有这个文件"),
    ] {
        let (code, out, err) = run(&[name, "new.yaml"]);
        assert!(code == Some(2) && out.is_empty() && err.contains(said), "{err}");
    }
    assert_eq!(run(&["-", "-"]).0, Some(2));
}

/// Random answers in the form of a file: choices, `na` where allowed, numbers that agree with one another.
fn random(standard: &str, luck: &[u32]) -> String {
    let mut luck = luck.iter().map(|x| *x as usize);
    let mut below = move |n: usize| luck.next().unwrap_or(0) % n.max(1);
    let mut out = format!("  {standard}:\n    # answers\n");
    for item in CATALOG.questionnaires[standard].items() {
        let choices = item.choice_ids();
        let (left_out, na) = (below(8) == 7, below(4) == 3);
        if left_out {
            continue;
        }
        let value = match item.kind.value {
            _ if na && item.may_be_na => "na".to_owned(),
            ItemKind::Single | ItemKind::Level => choices[below(choices.len())].clone(),
            ItemKind::YesNo => ["是", "否"][below(2)].to_owned(),
            ItemKind::Multi => choices[below(choices.len())].clone(),
            _ => continue,
        };
        out += &format!("    {}: {value}\n", item.id.value);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_pair_adds_up(
        which in 0usize..5,
        other in any::<bool>(),
        a in prop::collection::vec(any::<u32>(), 400),
        b in prop::collection::vec(any::<u32>(), 400),
    ) {
        let standard = ["sme-digital-2024", "cmmm-2020", "green-factory-2025", "green-supply-chain-2016", "zero-carbon-2026"][which];
        let presets = &CATALOG.presets()[standard];
        let head = |at: usize| presets.get(at).map_or(String::new(), |id| format!("presets: {{{standard}: {id}}}\n"));
        let old = assessed(&head(0), &random(standard, &a));
        let new = assessed(&head(usize::from(other)), &random(standard, &b));
        let there = compared(old.clone(), &new);
        let back = compared(new, &old);
        prop_assert_eq!(there.standards[0].change.map(|c| 0.0 - c), back.standards[0].change.map(|c| c + 0.0));
    }
}
