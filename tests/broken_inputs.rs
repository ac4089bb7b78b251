//! Assessments that are wrong, run through the program as a user would: every mistake is told with its place, at once, and
//! nothing is written.
//!
//! `tests/broken/<name>.yaml` is the input; the places and codes asserted here are the ones a person reading the file would
//! point at; the snapshot keeps the words.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn broken() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn diagnose(dir: &Path, input: &str, output: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(dir)
        .env("NO_COLOR", "1")
        .args(["diagnose", input, "--format", "json", "-o"])
        .arg(output)
        .output()
        .expect("the program runs")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

/// `E0402 3:5` for every problem told, in order.
fn places(stderr: &str, file: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut code = String::new();
    for line in stderr.lines() {
        if let Some((_, rest)) = line.split_once('[')
            && (line.starts_with("错误[") || line.starts_with("提醒["))
        {
            code = rest.chars().take(5).collect();
        }
        if let Some(place) = line
            .trim_start()
            .strip_prefix("--> ")
            .and_then(|at| at.strip_prefix(file))
            .and_then(|at| at.strip_prefix(':'))
        {
            found.push(format!("{code} {place}"));
        }
    }
    found
}

/// The day on which the test runs must not be in a snapshot.
fn without_today(text: &str) -> String {
    match text.split_once("在今天（") {
        Some((before, after)) => {
            let rest = after.split_once('）').map_or("", |(_, rest)| rest);
            format!("{before}在今天（某日）{rest}")
        }
        None => text.to_owned(),
    }
}

fn refused(file: &str, expected: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out.json");
    let output = diagnose(&broken(), file, &target);
    let stderr = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(output.stdout.is_empty());
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        0,
        "something was written"
    );
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert_eq!(places(&stderr, file), expected, "{stderr}");
    insta::assert_snapshot!(file, without_today(&stderr));
}

macro_rules! refused {
    ($($name:ident $file:literal [$($place:literal),+])+) => {
        $(#[test] fn $name() { refused($file, &[$($place),+]); })+

        /// No file lies there untested.
        #[test]
        fn every_file_has_its_test() {
            let mut known = vec!["fine.json", "uscc-check-digit.yaml", $($file),+];
            let mut found: Vec<String> = std::fs::read_dir(broken())
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
    wrong_indent "wrong-indent.yaml" ["E0103 12:4"]
    tab_indent "tab-indent.yaml" ["E0103 11:2"]
    unclosed_bracket "unclosed-bracket.yaml" ["E0103 12:8"]
    no_space_after_colon "no-space-after-colon.yaml" ["E0103 12:8"]
    broken_json "broken.json" ["E0103 1:1"]
    duplicate_key "duplicate-key.yaml" ["E0104 13:5", "E0104 14:35"]
    alias_bomb "alias-bomb.yaml" ["E0105 7:12"]
    deep_nesting "deep-nesting.yaml" ["E0105 2:265"]
    not_utf8 "not-utf8.yaml" ["E0106 11:16"]
    empty "empty.yaml" ["E0107 1:1"]
    only_comments "only-comments.yaml" ["E0107 1:1"]
    unknown_field "unknown-field.yaml" ["E0202 1:1", "E0202 3:3", "E0201 6:3", "E0201 8:1", "E0201 11:21"]
    wrong_schema "wrong-schema.yaml" ["E0204 1:9"]
    no_schema "no-schema.yaml" ["E0201 1:1", "E0202 1:1", "E0202 1:1", "E0204 1:1", "E0419 1:1", "E0201 2:1"]
    a_list "a-list.yaml" ["E0204 1:1"]
    answers_as_list "answers-as-list.yaml" ["E0203 10:3"]
    standard_as_list "standard-as-list.yaml" ["E0203 9:12", "E0404 11:21"]
    sections_of_wrong_kind "sections-of-wrong-kind.yaml" ["E0203 9:11", "E0203 10:10", "E0203 11:13", "E0203 13:9"]
    facts_as_list "facts-as-list.yaml" ["E0203 10:3"]
    wrong_form "wrong-form.yaml" [
        "E0418 9:31", "E0418 9:58", "E0404 12:10", "E0404 13:10", "E0404 14:10", "E0404 15:18", "E0404 17:13"
    ]
    missing_enterprise "missing-enterprise.yaml" ["E0202 1:1", "E0202 1:1"]
    incomplete_enterprise "incomplete-enterprise.yaml" [
        "E0202 3:3", "E0202 3:3", "E0202 3:3", "E0205 3:9", "E0203 4:16"
    ]
    enterprise_as_text "enterprise-as-text.yaml" ["E0203 2:13"]
    unknown_standard "unknown-standard.yaml" ["E0401 9:31", "E0401 10:14", "E0401 14:3"]
    unknown_item "unknown-item.yaml" ["E0402 11:5", "E0402 12:5", "E0402 13:5", "E0402 14:24"]
    unknown_option "unknown-option.yaml" ["E0403 11:10", "E0403 12:14", "E0403 13:21", "E0403 15:12"]
    wrong_unit "wrong-unit.yaml" ["E0405 10:24", "E0405 10:47", "E0405 10:67", "E0405 13:18"]
    unknown_unit "unknown-unit.yaml" ["E0405 10:23", "E0405 10:46", "E0414 10:68", "E0405 13:20"]
    not_a_number "not-a-number.yaml" ["E0407 10:23", "E0407 10:43", "E0407 13:27"]
    infinite "infinite.yaml" [
        "E0407 7:16", "E0407 9:32", "E0407 11:24", "E0407 11:44", "E0407 14:27"
    ]
    negative_count "negative-count.yaml" [
        "E0205 6:14", "E0205 7:16", "E0406 10:23", "E0406 13:20", "E0406 14:22", "E0406 14:34"
    ]
    more_than_all "more-than-all.yaml" ["E0409 13:10", "E0409 14:10", "E0409 16:9"]
    exclusive_with_others "exclusive-with-others.yaml" ["E0408 11:10", "E0408 12:10"]
    full_width_colon "full-width-colon.yaml" ["E0404 11:5"]
    future_date "future-date.yaml" ["E0413 8:7"]
    early_date "early-date.yaml" ["E0413 8:7"]
    unreadable_date "unreadable-date.yaml" ["E0413 8:7", "E0413 9:12", "E0413 11:3", "E0413 12:3"]
    uscc_length "uscc-length.yaml" ["E0317 4:9"]
    uscc_character "uscc-character.yaml" ["E0317 4:9"]
    wrong_industry "wrong-industry.yaml" ["E0411 5:13"]
    unknown_industry "unknown-industry.yaml" ["E0411 5:13"]
    wrong_region "wrong-region.yaml" ["E0412 6:11"]
    na_not_allowed "na-not-allowed.yaml" ["E0417 11:10", "E0417 12:18", "E0417 12:33", "E0417 13:21"]
    table_column_missing "table-column-missing.yaml" ["E0416 12:9"]
    table_column_unknown "table-column-unknown.yaml" ["E0415 12:88"]
    table_choice_unknown "table-choice-unknown.yaml" [
        "E0403 12:41", "E0404 13:9", "E0405 14:27", "E0405 14:80", "E0406 14:102"
    ]
    nothing_to_score "nothing-to-score.yaml" ["E0419 9:8"]
    several_mistakes "several-mistakes.yaml" [
        "E0317 4:9", "E0411 5:13", "E0412 6:11", "E0205 7:14", "E0413 9:7", "E0405 11:23", "E0414 11:32", "E0402 14:5",
        "E0403 15:10", "E0409 16:10", "E0416 19:9", "E0416 19:9", "E0401 20:3"
    ]
}

#[test]
fn a_wrong_check_digit_is_a_warning_and_the_report_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out.json");
    let output = diagnose(&broken(), "uscc-check-digit.yaml", &target);
    let stderr = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert_eq!(places(&stderr, "uscc-check-digit.yaml"), ["W0501 4:9"]);
    insta::assert_snapshot!("uscc-check-digit.yaml", stderr);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap();
    assert_eq!(report["warnings"][0]["code"], "W0501");
}

#[test]
fn json_is_yaml_and_is_read_silently() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("out.json");
    let output = diagnose(&broken(), "fine.json", &target);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&target).unwrap()).unwrap();
    // q01 two options 4, q02 42 of 80 (total from facts) 4.5, q05 c 5; nothing else is answered.
    assert_eq!(report["standards"][0]["score"], 13.5);
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        1,
        "no temporary file stays behind"
    );
}

#[test]
fn a_file_over_the_limit_is_refused_without_being_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(dir.path().join("large.yaml")).unwrap();
    file.set_len(200 * 1024 * 1024).unwrap();
    let output = diagnose(dir.path(), "large.yaml", Path::new("out.json"));
    let stderr = stderr(&output);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(places(&stderr, "large.yaml"), ["E0102 1:1"]);
    insta::assert_snapshot!("large.yaml", stderr);
    assert!(!dir.path().join("out.json").exists());
}

#[test]
fn a_stream_over_the_limit_is_refused() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .args(["check", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let block = vec![b' '; 1024 * 1024];
    let writer = std::thread::spawn(move || {
        // The program stops reading at the limit; the pipe then breaks, which is as it should be.
        while stdin.write_all(&block).is_ok() {}
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(places(&stderr(&output), "<标准输入>"), ["E0102 1:1"]);
}

#[test]
fn a_missing_file_and_a_directory_are_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("folder.yaml")).unwrap();
    for (input, snapshot) in [("nowhere.yaml", "missing-file"), ("folder.yaml", "directory")] {
        let output = diagnose(dir.path(), input, Path::new("out.json"));
        let stderr = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert_eq!(places(&stderr, input), ["E0101 1:1"]);
        insta::assert_snapshot!(snapshot, stderr);
        assert!(!dir.path().join("out.json").exists());
    }
}

#[test]
fn a_refused_assessment_leaves_the_old_report_alone() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("report.json");
    std::fs::write(&target, "old").unwrap();
    let output = diagnose(&broken(), "several-mistakes.yaml", &target);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "old");
}

#[test]
fn check_and_diagnose_say_the_same() {
    let check = Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(broken())
        .args(["check", "several-mistakes.yaml", "duplicate-key.yaml"])
        .output()
        .unwrap();
    assert_eq!(check.status.code(), Some(2));
    let said = stderr(&check);
    let one = diagnose(&broken(), "several-mistakes.yaml", Path::new("/nonexistent/out.json"));
    assert!(said.starts_with(&stderr(&one)), "{said}");
    assert_eq!(places(&said, "duplicate-key.yaml").len(), 2, "both files are looked at");
}
