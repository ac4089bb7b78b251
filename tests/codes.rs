//! Every code has an example, and the program, run on it as a user would, says exactly that code.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use qizhen::catalog::Catalog;
use qizhen::kit::codes::{Book, Entry, Example, Kind, kind};
use qizhen::source::diagnostic::{Code, export, render};

/// Codes that nothing brings up. A code that is here and has an example, or the other way round, fails.
const DEAD: &[&str] = &["E0410"];

fn book() -> Book {
    Book::load().unwrap_or_else(|broken| panic!("{}", render(&broken.problems, &broken.sources, false)))
}

fn qizhen(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(dir)
        .env("NO_COLOR", "1")
        .args(args)
        .output()
        .unwrap()
}

/// Lays the files of an example into `dir`.
fn lay(book: &Book, example: &Example, dir: &Path) {
    let write = |path: &str, bytes: Vec<u8>| {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    if kind(example.path) == Kind::Data {
        for (path, text) in book.directory(example) {
            write(path, text.into());
        }
    }
    if let Some(bytes) = example.bytes() {
        write(example.path, bytes);
    }
}

fn examples(book: &Book) -> Vec<(&Entry, Example<'_>)> {
    let entries = book.codes.iter().filter(|entry| entry.file.is_some());
    let example = |entry| (entry, book.example(entry));
    entries
        .map(example)
        .map(|(entry, example)| {
            let code = &entry.code.value;
            (
                entry,
                example.unwrap_or_else(|| panic!("{code}: `right` stands once in a sound file")),
            )
        })
        .collect()
}

#[test]
fn every_code_has_its_entry() {
    let book = book();
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let told: Vec<&str> = book.codes.iter().map(|entry| entry.code.value.as_str()).collect();
    assert_eq!(told, known, "one entry a code, in the order of the codes");
    let without: Vec<&str> = book
        .codes
        .iter()
        .filter(|e| e.file.is_none())
        .map(|e| e.code.value.as_str())
        .collect();
    assert_eq!(without, DEAD);
    for entry in &book.codes {
        for text in [&entry.why, &entry.fix] {
            assert!(
                text.ends_with('。') && text.chars().count() > 5,
                "{}: {text}",
                entry.code.value
            );
        }
    }
}

/// With the files from which the examples are made nothing is wrong.
#[test]
fn sound_files_are_sound() {
    let book = book();
    let dir = tempfile::tempdir().unwrap();
    let mut assessments = Vec::new();
    for (path, text) in &book.sound {
        let target = dir.path().join(path);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        match kind(path) {
            Kind::Data => std::fs::write(target, text).unwrap(),
            Kind::Assessment => {
                std::fs::write(target, text).unwrap();
                assessments.push(path.as_str());
            }
            // A change that changes nothing.
            Kind::Workbook => {
                let entry = book
                    .codes
                    .iter()
                    .find(|e| e.file.as_deref() == Some(path) && e.text.is_none())
                    .unwrap();
                let sound = Entry {
                    wrong: entry.right.clone(),
                    ..entry.clone()
                };
                std::fs::write(target, book.example(&sound).unwrap().bytes().unwrap()).unwrap();
                let output = qizhen(dir.path(), &["import-questionnaire", path, "--id", "city", "-o", "out"]);
                assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
            }
        }
    }
    let output = qizhen(dir.path(), &[&["check", "."], &assessments[..]].concat());
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// `qizhen check` and `qizhen import-questionnaire` on the examples as files say the code, only it, and what `show codes` says.
#[test]
fn the_program_says_the_code() {
    let book = book();
    let builtin = Catalog::load(None).unwrap();
    let root = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    let mut expected = BTreeMap::new();
    for (entry, example) in examples(&book) {
        let code = entry.code.value.as_str();
        let dir = root.path().join(code);
        std::fs::create_dir(&dir).unwrap();
        lay(&book, &example, &dir);
        let (problems, sources) = book.told(&example, &builtin);
        assert!(!problems.is_empty(), "{code}: nothing is said");
        for problem in &problems {
            assert_eq!(problem.code.as_str(), code, "{}", problem.message);
        }
        match kind(example.path) {
            Kind::Workbook => {
                let output = qizhen(
                    &dir,
                    &["import-questionnaire", example.path, "--id", "city", "-o", "out"],
                );
                let said = String::from_utf8(output.stderr).unwrap();
                assert!(said.starts_with(&render(&problems, &sources, false)), "{code}: {said}");
                assert_eq!(output.status.success(), code.starts_with('W'), "{code}");
            }
            kind => {
                let file = if kind == Kind::Data { "" } else { example.path };
                paths.push(format!("{code}/{file}").trim_end_matches('/').to_owned());
                let exported = export(&problems, &sources);
                expected.insert(
                    code.to_owned(),
                    places(&serde_json::to_value(exported).unwrap(), |file| file.to_owned()),
                );
            }
        }
    }
    let mut args = vec!["check", "--format", "json"];
    args.extend(paths.iter().map(String::as_str));
    let output = qizhen(root.path(), &args);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for problem in report["problems"].as_array().unwrap() {
        let (code, _) = problem["file"].as_str().unwrap().split_once('/').unwrap();
        let without = |file: &str| file[code.len() + 1..].to_owned();
        let found = places(&serde_json::json!([problem]), without);
        said.entry(code.to_owned()).or_default().extend(found);
    }
    assert_eq!(said, expected);
}

/// `E0203 我厂.assessment.yaml:2:98` for every problem.
fn places(problems: &serde_json::Value, shorten: impl Fn(&str) -> String) -> Vec<String> {
    let problems = problems.as_array().unwrap().iter();
    problems
        .map(|p| {
            let [code, file] = ["code", "file"].map(|key| p[key].as_str().unwrap());
            format!("{code} {}:{}:{}", shorten(file), p["line"], p["column"])
        })
        .collect()
}

#[test]
fn the_page_of_the_codes_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = qizhen(root, &["show", "codes", "--markdown"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = String::from_utf8(output.stdout).unwrap();
    let committed = std::fs::read_to_string(root.join("docs/codes.md")).unwrap_or_default();
    assert!(
        committed == page,
        "docs/codes.md is out of date; run: cargo run -- show codes --markdown > docs/codes.md"
    );
    for code in Code::ALL {
        let heading = format!("\n## {} {}\n", code.as_str(), code.meaning());
        assert_eq!(page.matches(&heading).count(), 1, "{heading}");
    }
}
