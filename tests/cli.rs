//! The command line as people and scripts meet it: help, blanks, pipes, exit codes, files left alone.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const STANDARDS: [&str; 4] = [
    "sme-digital-2024",
    "energy-benchmark-2023",
    "equipment-efficiency-2024",
    "green-factory-2025",
];

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qizhen"));
    // Help is wrapped to the terminal; tests have one of a fixed width.
    command.env("COLUMNS", "100").env("NO_COLOR", "1");
    command
}

fn run(args: &[&str]) -> Output {
    program().args(args).output().expect("the program runs")
}

fn run_in(dir: &Path, args: &[&str]) -> Output {
    program()
        .current_dir(dir)
        .args(args)
        .output()
        .expect("the program runs")
}

fn fed(args: &[&str], input: &str) -> Output {
    let mut child = program()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

/// A blank assessment with its enterprise filled in.
fn filled(standards: &[&str]) -> String {
    let blank = run(&[&["new"], standards].concat());
    assert_eq!(blank.status.code(), Some(0));
    let mut out = text(&blank.stdout);
    for (field, value) in [
        ("name", "青岛示例泵业有限公司"),
        ("industry", "C3441"),
        ("region", "\"370200\""),
        ("employees", "260"),
        ("revenue_wan", "18500"),
    ] {
        let blank = format!("\n  {field}: ");
        assert!(out.contains(&blank), "{field} is there to be filled in");
        out = out.replacen(&blank, &format!("{blank}{value} "), 1);
    }
    out
}

/// All help texts in one snapshot: it is the reference of the command line.
#[test]
fn help_of_every_command() {
    let top = text(&run(&["--help"]).stdout);
    let commands: Vec<&str> = top
        .lines()
        .skip_while(|line| !line.starts_with("命令"))
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 5, "{commands:?}");
    let mut all = format!("$ qizhen --help\n{top}");
    for command in commands.into_iter().chain(["key new"]) {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let output = run(&words);
        assert_eq!(output.status.code(), Some(0));
        all += &format!("\n════════\n$ qizhen {command} --help\n{}", text(&output.stdout));
    }
    for english in [
        "Usage",
        "Options",
        "Arguments",
        "Commands",
        "possible values",
        "default:",
        "[OPTIONS]",
        "<COMMAND>",
    ] {
        assert!(!all.contains(english), "“{english}” is left in the help");
    }
    insta::assert_snapshot!("help", all);
}

#[test]
fn usage_errors_are_chinese_and_exit_2() {
    let mut all = String::new();
    for args in [
        &["diagnoze"][..],
        &["诊断"],
        &["check", "--formt", "json"],
        &["check", "--format", "xml"],
        &["check", "--format", "jso"],
        &["diagnose"],
        &["diagnose", "a.yaml", "b.yaml"],
        &["diagnose", "a.yaml", "-o"],
        &["new"],
        &["new", "--all", "sme-digital-2024"],
        &["completions"],
        &["completions", "cmd"],
        &["schema"],
        &["schema", "rulebok"],
        &["--data"],
    ] {
        let output = run(args);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?} {stderr}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(stderr.starts_with("错误："), "{args:?} {stderr}");
        assert!(
            !stderr.contains("error") && !stderr.contains("Usage"),
            "{args:?} {stderr}"
        );
        all += &format!("$ qizhen {}\n{stderr}\n", args.join(" "));
    }
    insta::assert_snapshot!("usage-errors", all);
}

#[test]
fn without_a_command_the_help_is_shown() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("最常用的三步"));
    let version = run(&["--version"]);
    assert_eq!(version.status.code(), Some(0));
    assert_eq!(
        text(&version.stdout),
        concat!("qizhen ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

/// What `new` writes, `check` reads: with the enterprise filled in there is nothing wrong and nothing answered.
#[test]
fn blanks_of_every_standard_can_be_checked_and_diagnosed() {
    for standards in STANDARDS.iter().map(std::slice::from_ref).chain([&STANDARDS[..]]) {
        let assessment = filled(standards);
        let check = fed(&["check", "-"], &assessment);
        assert_eq!(check.status.code(), Some(0), "{standards:?}\n{}", text(&check.stderr));
        assert!(check.stderr.is_empty(), "{}", text(&check.stderr));
        let expected = format!("<标准输入>：没有错误；{} 个标准，0 题有答案。\n", standards.len());
        assert_eq!(text(&check.stdout), expected);
        let diagnosis = fed(&["diagnose", "-", "--format", "json"], &assessment);
        assert_eq!(diagnosis.status.code(), Some(0), "{}", text(&diagnosis.stderr));
        let report: serde_json::Value = serde_json::from_slice(&diagnosis.stdout).unwrap();
        assert_eq!(report["standards"].as_array().unwrap().len(), standards.len());
        for standard in report["standards"].as_array().unwrap() {
            assert_eq!(standard["score"], serde_json::Value::Null, "nothing answered is not 0");
            assert_eq!(standard["grade"], serde_json::Value::Null);
        }
    }
}

/// As it comes out of `new`, the file asks for the enterprise and for nothing else: no report on an invented one.
#[test]
fn a_blank_without_its_enterprise_is_refused() {
    let blank = text(&run(&["new", "sme-digital-2024"]).stdout);
    let output = fed(&["diagnose", "-", "--format", "json"], &blank);
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    for field in ["name", "industry", "region", "employees", "revenue_wan"] {
        assert!(stderr.contains(&format!("缺少 {field}")), "{stderr}");
    }
    assert!(stderr.contains("共 5 处错误"), "{stderr}");
}

#[test]
fn new_does_not_overwrite() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.yaml");
    std::fs::write(&file, "mine").unwrap();
    let refused = run_in(dir.path(), &["new", "sme-digital-2024", "-o", "a.yaml"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--force"), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let forced = run_in(dir.path(), &["new", "sme-digital-2024", "-o", "a.yaml", "--force"]);
    assert_eq!(forced.status.code(), Some(0));
    assert!(std::fs::read_to_string(&file).unwrap().contains("sme-digital-2024"));
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        1,
        "no temporary file stays behind"
    );
}

#[test]
fn new_knows_its_standards() {
    let output = run(&["new", "sme-digital-2023", "equipment", "sme-digital-2024"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "not a part of what was asked for");
    let stderr = text(&output.stderr);
    assert!(
        stderr.contains("“sme-digital-2023”") && stderr.contains("最接近的是 “sme-digital-2024”"),
        "{stderr}"
    );
    assert!(stderr.contains("“equipment”"), "both are told: {stderr}");
}

#[test]
fn a_missing_directory_fails_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.yaml"), filled(&["sme-digital-2024"])).unwrap();
    for args in [
        &["diagnose", "a.yaml", "--format", "json", "-o", "没有/b.json"][..],
        &["new", "sme-digital-2024", "-o", "没有/b.yaml"],
    ] {
        let output = run_in(dir.path(), args);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("没有/b"), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("目录不存在"), "{}", text(&output.stderr));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
    // A directory in the place of the report is no better.
    std::fs::create_dir(dir.path().join("b.json")).unwrap();
    let output = run_in(dir.path(), &["diagnose", "a.yaml", "-o", "b.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        2,
        "no temporary file stays behind"
    );
}

#[test]
fn standard_input_and_output() {
    let assessment = filled(&["sme-digital-2024"]);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.yaml"), &assessment).unwrap();
    let by_file = run_in(dir.path(), &["diagnose", "a.yaml", "--format", "json", "-o", "-"]);
    let by_pipe = fed(&["diagnose", "-", "--format", "json"], &assessment);
    assert_eq!(by_file.status.code(), Some(0));
    assert_eq!(by_file.stdout, by_pipe.stdout);
    assert!(by_file.stderr.is_empty(), "a script wants no chatter");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    // The extension chooses the form.
    let named = run_in(dir.path(), &["diagnose", "a.yaml", "-o", "out.json"]);
    assert_eq!(named.status.code(), Some(0));
    assert_eq!(std::fs::read(dir.path().join("out.json")).unwrap(), by_file.stdout);
}

/// `qizhen … | head -c 10`: the reader goes away early, which is its right.
#[test]
fn a_closed_pipe_is_no_failure() {
    for args in [
        &["new", "--all"][..],
        &["show", "sme-digital-2024"],
        &["completions", "zsh"],
        &["--help"],
    ] {
        let mut child = program()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 10];
        let mut pipe = child.stdout.take().unwrap();
        pipe.read_exact(&mut first).unwrap();
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        let script = text(&output.stdout);
        for command in ["new", "check", "diagnose", "show", "schema"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
}

#[test]
fn show_pages() {
    for (name, args) in [
        ("show", &["show"][..]),
        ("show-item", &["show", "sme-digital-2024", "q02"]),
        ("show-table-item", &["show", "equipment-efficiency-2024", "motors"]),
        ("show-facts", &["show", "facts"]),
        ("show-codes", &["show", "codes"]),
        ("show-code", &["show", "codes", "e0304"]),
        ("show-code-unused", &["show", "codes", "E0410"]),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(output.stderr.is_empty());
        insta::assert_snapshot!(name, text(&output.stdout));
    }
    for id in STANDARDS {
        let page = text(&run(&["show", id]).stdout);
        assert!(page.contains(id) && page.contains("评分规则"), "{page}");
    }
    assert!(text(&run(&["show", "providers"]).stdout).contains("虚构示例"));
}

#[test]
fn show_suggests_the_nearest() {
    for (args, near) in [
        (&["show", "sme-digital"][..], "sme-digital-2024"),
        (&["show", "fact"], "facts"),
        (&["show", "sme-digital-2024", "q5"], "q05"),
        (&["show", "codes", "E203"], "E0203"),
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(
            text(&output.stderr).contains(&format!("“{near}”")),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn schemas_are_printed_or_written() {
    let dir = tempfile::tempdir().unwrap();
    let printed = run(&["schema", "rulebook"]);
    assert_eq!(printed.status.code(), Some(0));
    let one = run_in(dir.path(), &["schema", "rulebook", "-o", "new/one"]);
    assert_eq!(one.status.code(), Some(0), "{}", text(&one.stderr));
    assert!(one.stdout.is_empty() && one.stderr.is_empty());
    assert_eq!(std::fs::read_dir(dir.path().join("new/one")).unwrap().count(), 1);
    let written = std::fs::read(dir.path().join("new/one/rulebook.json")).unwrap();
    assert_eq!(written, printed.stdout);
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/broken-catalog/sound");
    let all = run_in(dir.path(), &["--data", own, "schema", "-o", "all"]);
    assert_eq!(all.status.code(), Some(0), "{}", text(&all.stderr));
    assert_eq!(
        std::fs::read_dir(dir.path().join("all")).unwrap().count(),
        qizhen::kit::schema::KINDS.len()
    );
    let assessment = std::fs::read_to_string(dir.path().join("all/assessment.json")).unwrap();
    assert!(assessment.contains("\"demo\"") && assessment.contains("\"sme-digital-2024\""));
    // A file in the place of the directory.
    std::fs::write(dir.path().join("taken"), "mine").unwrap();
    let refused = run_in(dir.path(), &["schema", "-o", "taken"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("taken"), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_to_string(dir.path().join("taken")).unwrap(), "mine");
}

/// Whoever asks what a code means may have broken data; and only codes have a page of their own here.
#[test]
fn codes_are_shown_whatever_the_data() {
    for args in [&["show", "codes"][..], &["show", "codes", "E0101"]] {
        let output = run(&[&["--data", "没有这个目录"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let refused = run(&["show", "facts", "--markdown"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("qizhen show codes"));
}

/// Every code is told apart, explained, and of the kind that its letter says.
#[test]
fn codes_are_distinct_and_explained() {
    let shown = text(&run(&["show", "codes"]).stdout);
    let mut codes: Vec<&str> = shown
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let all = codes.len();
    assert!(
        shown.lines().all(|line| line.split_whitespace().count() >= 2),
        "{shown}"
    );
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all);
    assert!(
        codes
            .iter()
            .all(|code| code.len() == 5 && (code.starts_with('E') || code.starts_with('W')))
    );
}
