//! Data directories that are wrong, given to `qizhen check DIR`: every mistake of every file is told with its place, and a
//! mistake in one file neither hides those of the others nor is repeated as consequences elsewhere.
//!
//! `tests/broken-catalog/<case>/` is an overlay; `sound` is the one from which the others differ.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken-catalog")
}

fn check(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(cases())
        .env("NO_COLOR", "1")
        .arg("check")
        .args(args)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("messages are UTF-8")
}

/// `E0402 scoring-rules/demo.yaml:3:5` for every problem told, in order.
fn places(stderr: &str, case: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut code = String::new();
    for line in stderr.lines() {
        if let Some(rest) = line.strip_prefix("错误[").or_else(|| line.strip_prefix("提醒[")) {
            code = rest.chars().take(5).collect();
        }
        if let Some(place) = line.trim_start().strip_prefix("--> ") {
            let place = place.strip_prefix(case).unwrap_or(place).trim_start_matches('/');
            found.push(format!("{code} {place}"));
        }
    }
    found
}

fn refused(case: &str, expected: &[&str]) {
    let output = check(&[case]);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(output.stdout.is_empty());
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert_eq!(places(&stderr, case), expected, "{stderr}");
    insta::assert_snapshot!(case, stderr);
}

macro_rules! refused {
    ($($name:ident $case:literal [$($place:literal),+])+) => {
        $(#[test] fn $name() { refused($case, &[$($place),+]); })+

        /// No directory lies there untested.
        #[test]
        fn every_directory_has_its_test() {
            let mut known = vec!["sound", "facts-added", $($case),+];
            let mut found: Vec<String> = std::fs::read_dir(cases())
                .unwrap()
                .map(|e| e.unwrap().file_name().into_string().unwrap())
                .collect();
            known.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, known);
        }
    };
}

refused! {
    band_end_open "band-end-open" [
        "E0306 scoring-rules/demo.yaml:14:16",
        "E0306 scoring-rules/demo.yaml:16:18"
    ]
    band_gap "band-gap" [
        "E0306 scoring-rules/demo.yaml:17:18"
    ]
    band_not_an_interval "band-not-an-interval" [
        "E0203 scoring-rules/demo.yaml:16:18"
    ]
    band_overlap "band-overlap" [
        "E0307 scoring-rules/demo.yaml:17:18"
    ]
    band_touch "band-touch" [
        "E0306 scoring-rules/demo.yaml:17:18"
    ]
    band_unreachable "band-unreachable" [
        "E0308 scoring-rules/demo.yaml:18:18"
    ]
    cap_without_rung "cap-without-rung" [
        "E0302 scoring-rules/demo.yaml:48:10"
    ]
    duplicate_id "duplicate-id" [
        "E0301 questionnaires/demo.yaml:13:14",
        "E0301 questionnaires/demo.yaml:13:109",
        "E0301 questionnaires/demo.yaml:14:87"
    ]
    duplicate_indicator "duplicate-indicator" [
        "E0301 scoring-rules/demo.yaml:9:12",
        "E0301 scoring-rules/demo.yaml:46:15"
    ]
    duplicate_keys "duplicate-keys" [
        "E0104 questionnaires/demo.yaml:8:1",
        "E0104 scoring-rules/demo.yaml:4:1",
        "E0104 scoring-rules/demo.yaml:10:75"
    ]
    empty_directory "empty-directory" [
        "E0101 :1:1"
    ]
    expression_name "expression-name" [
        "E0310 questionnaires/demo.yaml:14:134"
    ]
    expression_syntax "expression-syntax" [
        "E0309 questionnaires/demo.yaml:14:134",
        "E0309 scoring-rules/demo.yaml:13:16",
        "E0309 scoring-rules/demo.yaml:48:32"
    ]
    facts_unreadable "facts-unreadable" [
        "E0203 questionnaires/facts.yaml:2:8",
        "E0305 scoring-rules/demo.yaml:19:13"
    ]
    full_does_not_close "full-does-not-close" [
        "E0304 scoring-rules/demo.yaml:6:9",
        "E0304 scoring-rules/demo.yaml:8:22",
        "E0304 scoring-rules/demo.yaml:11:13"
    ]
    method_does_not_fit "method-does-not-fit" [
        "E0316 scoring-rules/demo.yaml:8:42",
        "E0316 scoring-rules/demo.yaml:9:49",
        "E0316 scoring-rules/demo.yaml:29:19",
        "E0316 scoring-rules/demo.yaml:41:35"
    ]
    no_method "no-method" [
        "E0311 scoring-rules/demo.yaml:8:12"
    ]
    orphan_advice "orphan-advice" [
        "E0318 advice/demo.yaml:2:11"
    ]
    orphan_questionnaire "orphan-questionnaire" [
        "E0318 questionnaires/demo.yaml:2:5"
    ]
    orphan_rulebook "orphan-rulebook" [
        "E0318 scoring-rules/demo.yaml:2:11"
    ]
    provider_uscc "provider-uscc" [
        "E0317 providers/pool.yaml:7:11",
        "E0301 providers/pool.yaml:12:9",
        "W0501 providers/pool.yaml:14:11"
    ]
    questionnaire_partly_unreadable "questionnaire-partly-unreadable" [
        "E0203 questionnaires/demo.yaml:13:35",
        "E0306 scoring-rules/demo.yaml:17:18"
    ]
    questionnaire_unreadable "questionnaire-unreadable" [
        "E0103 questionnaires/demo.yaml:11:5",
        "E0306 scoring-rules/demo.yaml:17:18"
    ]
    rulebook_partly_unreadable "rulebook-partly-unreadable" [
        "E0203 scoring-rules/demo.yaml:11:13",
        "E0203 scoring-rules/demo.yaml:45:15",
        "E0310 scoring-rules/demo.yaml:48:32"
    ]
    rung_unreachable "rung-unreachable" [
        "E0308 scoring-rules/demo.yaml:45:76",
        "E0308 scoring-rules/demo.yaml:46:46",
        "E0308 scoring-rules/demo.yaml:46:77"
    ]
    same_standard_twice "same-standard-twice" [
        "E0301 questionnaires/more.yaml:2:5",
        "E0301 scoring-rules/more.yaml:2:11"
    ]
    several_files "several-files" [
        "E0301 questionnaires/demo.yaml:13:14",
        "E0314 questionnaires/facts.yaml:3:10",
        "E0301 questionnaires/facts.yaml:4:10",
        "E0103 questionnaires/more.yaml:1:9",
        "E0305 scoring-rules/demo.yaml:19:13",
        "E0107 scoring-rules/more.yaml:1:1",
        "E0313 advice/demo.yaml:4:54",
        "E0313 providers/pool.yaml:10:20"
    ]
    table_cells "table-cells" [
        "E0312 scoring-rules/demo.yaml:34:28",
        "E0310 scoring-rules/demo.yaml:36:65",
        "E0312 scoring-rules/demo.yaml:53:15",
        "E0301 scoring-rules/demo.yaml:53:26",
        "E0203 scoring-rules/demo.yaml:56:13"
    ]
    table_columns "table-columns" [
        "E0312 scoring-rules/demo.yaml:55:9",
        "E0312 scoring-rules/demo.yaml:56:9"
    ]
    table_keys "table-keys" [
        "E0312 scoring-rules/demo.yaml:32:21",
        "E0312 scoring-rules/demo.yaml:34:28",
        "E0308 scoring-rules/demo.yaml:56:9"
    ]
    two_methods "two-methods" [
        "E0311 scoring-rules/demo.yaml:8:12"
    ]
    unknown_capability "unknown-capability" [
        "E0302 advice/demo.yaml:4:16",
        "E0313 advice/demo.yaml:4:58",
        "E0313 providers/pool.yaml:10:20",
        "E0313 providers/pool.yaml:10:26"
    ]
    unknown_fact "unknown-fact" [
        "E0314 questionnaires/demo.yaml:14:87",
        "E0314 questionnaires/demo.yaml:14:133"
    ]
    unknown_item "unknown-item" [
        "E0302 scoring-rules/demo.yaml:8:42",
        "E0302 scoring-rules/demo.yaml:29:19",
        "E0302 scoring-rules/demo.yaml:41:35"
    ]
    unknown_option "unknown-option" [
        "E0303 questionnaires/demo.yaml:13:54"
    ]
    unknown_pool "unknown-pool" [
        "E0302 providers/pool.yaml:11:20"
    ]
    unknown_reference "unknown-reference" [
        "E0302 scoring-rules/demo.yaml:33:24",
        "E0302 scoring-rules/demo.yaml:45:46",
        "E0302 scoring-rules/demo.yaml:45:75"
    ]
    weights "weights" [
        "E0305 scoring-rules/demo.yaml:19:13"
    ]
    wrong_kinds "wrong-kinds" [
        "E0316 questionnaires/demo.yaml:12:35",
        "E0316 questionnaires/demo.yaml:12:35",
        "E0205 questionnaires/demo.yaml:12:60",
        "E0203 questionnaires/demo.yaml:13:35",
        "E0304 scoring-rules/demo.yaml:8:22"
    ]
    wrong_schema "wrong-schema" [
        "E0204 questionnaires/demo.yaml:1:9",
        "E0204 scoring-rules/demo.yaml:1:1",
        "E0204 providers/pool.yaml:1:9"
    ]
    wrong_types "wrong-types" [
        "E0203 questionnaires/demo.yaml:5:9",
        "E0203 scoring-rules/demo.yaml:11:13",
        "E0203 scoring-rules/demo.yaml:24:49",
        "E0203 providers/pool.yaml:3:40",
        "E0203 providers/pool.yaml:9:16"
    ]
}

#[test]
fn a_sound_overlay_adds_a_standard_and_replaces_the_sample_pool() {
    let output = check(&["sound"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // One standard of six questions on top of the built-in ones, and the sample pool replaced.
    let catalog = qizhen::catalog::Catalog::load(None).unwrap();
    let items: usize = catalog.questionnaires.values().map(|q| q.items().count()).sum();
    assert_eq!(
        text(&output.stdout),
        format!(
            "sound（连同内置数据）：没有错误；{} 个标准，{} 道题，1 家服务商，{} 条政策与融资工具，{} 个案例。\n",
            catalog.questionnaires.len() + 1,
            items + 6,
            catalog.policies.len(),
            catalog.cases.cases.len()
        )
    );
    assert!(output.stderr.is_empty());
}

/// Facts of an overlay replace those of the same id and add to the others: no need to copy the whole dictionary.
#[test]
fn facts_of_an_overlay_are_added() {
    let output = check(&["facts-added"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn the_same_as_json() {
    let output = check(&["--format", "json", "several-files"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.is_empty());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let human = text(&check(&["several-files"]).stderr);
    let machine: Vec<String> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            let file = p["file"].as_str().unwrap().trim_start_matches("several-files/");
            format!("{} {file}:{}:{}", p["code"].as_str().unwrap(), p["line"], p["column"])
        })
        .collect();
    assert_eq!(machine, places(&human, "several-files"), "one value feeds both forms");
    insta::assert_snapshot!("json", text(&output.stdout));
}

#[test]
fn a_sound_directory_as_json_is_ok_and_empty() {
    let output = check(&["--format", "json", "sound"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ok"], true);
    assert_eq!(report["problems"], serde_json::json!([]));
}

/// A broken data directory stops every command before it writes anything.
#[test]
fn no_command_works_with_broken_data() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out");
    let input = cases().join("../broken/fine.json");
    for args in [
        vec!["new", "demo", "-o", target.to_str().unwrap()],
        vec![
            "diagnose",
            input.to_str().unwrap(),
            "--format",
            "json",
            "-o",
            target.to_str().unwrap(),
        ],
        vec!["show"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_qizhen"))
            .current_dir(cases())
            .args(["--data", "weights"])
            .args(&args)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains("E0305"), "{args:?}");
        assert!(!target.exists(), "{args:?}");
    }
}
