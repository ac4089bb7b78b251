//! The reports of the examples, from the outside: same bytes, every word found again, checked by tools that are not ours.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};
use qizhen::report::{self, Request, theme::Theme};
use qizhen::source::diagnostic;
use support::{squeeze, texts};

fn examples() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("examples")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".assessment.yaml"))
        .collect();
    files.sort();
    assert!(files.len() >= 3, "{files:?}");
    files
}

fn diagnose(catalog: &Catalog, path: &Path) -> Diagnosis {
    let text = std::fs::read_to_string(path).expect("readable");
    let loaded = diagnosis::read(catalog, &path.display().to_string(), &text, "2026-11-22")
        .unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)));
    assert!(
        loaded.warnings.is_empty(),
        "{}",
        diagnostic::render(&loaded.warnings, &loaded.sources, false)
    );
    diagnosis::diagnose(catalog, &loaded)
}

/// Runs a tool over a PDF; `None` when it is not installed.
fn tool(name: &str, args: &[&str], pdf: &[u8]) -> Option<String> {
    let dir = tempfile::tempdir().expect("temp dir");
    let path = dir.path().join("report.pdf");
    std::fs::write(&path, pdf).expect("written");
    let mut command = Command::new(name);
    for arg in args {
        if *arg == "{}" {
            command.arg(&path);
        } else {
            command.arg(arg);
        }
    }
    match command.output() {
        Ok(output) => {
            assert!(
                output.status.success(),
                "{name}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) => {
            eprintln!("skipped: {name}: {error}");
            None
        }
    }
}

#[test]
fn reports_of_the_examples_reproduce_and_give_back_every_word() {
    let catalog = Catalog::load(None).expect("built-in data");
    for path in examples() {
        let name = path.display();
        let diagnosis = diagnose(&catalog, &path);
        let document = report::make(&Request::new(&catalog, &diagnosis, "standard"))
            .unwrap_or_else(|e| panic!("{name}: {e}"))
            .document;
        let pdf = report::pdf::render(&document, &Theme::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let again = report::make(&Request::new(&catalog, &diagnose(&catalog, &path), "standard"))
            .and_then(|report| report.pdf())
            .expect("again");
        assert!(pdf == again, "{name}: two runs differ");
        if let Some(said) = tool("qpdf", &["--check", "{}"], &pdf) {
            assert!(said.contains("No syntax or stream encoding errors"), "{name}: {said}");
        }
        let Some(text) = tool("pdftotext", &["-raw", "{}", "-"], &pdf) else {
            continue;
        };
        // A text that runs over a page has a foot and a head in between.
        let meta = &document.meta;
        let pages = report::pdf::page_count(&document, &Theme::default()).expect("pages");
        let mut all = squeeze(&text);
        for page in 1..=pages {
            all = all.replace(
                &squeeze(&format!("{}第 {page} 页 / 共 {pages} 页", meta.footer_left)),
                "",
            );
        }
        all = all.replace(&squeeze(&format!("{}{}", meta.header_left, meta.header_right)), "");
        let mut wanted = Vec::new();
        texts(&document.blocks, true, &mut wanted);
        let lost: Vec<&String> = wanted
            .iter()
            .filter(|want| !want.is_empty() && !all.contains(&squeeze(want)))
            .collect();
        assert!(
            lost.is_empty(),
            "{name}: {} of {} texts not found: {lost:#?}",
            lost.len(),
            wanted.len()
        );
    }
}

#[test]
fn other_forms_say_the_same_and_leak_nothing() {
    let catalog = Catalog::load(None).expect("built-in data");
    for path in examples() {
        let name = path.display();
        let diagnosis = diagnose(&catalog, &path);
        let report = report::make(&Request::new(&catalog, &diagnosis, "standard")).expect("report");
        let (html, markdown) = (report.html(), report.markdown());
        let json = serde_json::to_value(&diagnosis).expect("json");
        assert_eq!(json["schema"], "qizhen/diagnosis/1");
        for standard in json["standards"].as_array().expect("standards") {
            for key in ["id", "score", "full", "grade", "tables"] {
                assert!(standard.get(key).is_some(), "{name}: {key}");
            }
            if let Some(score) = standard["score"].as_f64() {
                let shown = qizhen::round::show(score, 3);
                assert!(html.contains(&shown) && markdown.contains(&shown), "{name}: {shown}");
            }
        }
        assert!(!html.contains("<script") && !html.contains("src=\"http"), "{name}");
        for text in [&html, &markdown] {
            for slip in ["undefined", "None", "NaN", "null", "{{", "}}"] {
                assert!(!text.contains(slip), "{name}: {slip}");
            }
        }
    }
}

#[test]
fn an_unknown_template_names_the_known_ones() {
    let catalog = Catalog::load(None).expect("built-in data");
    let diagnosis = diagnose(&catalog, &examples()[0]);
    let error = report::make(&Request::new(&catalog, &diagnosis, "standart")).expect_err("no such template");
    assert!(error.contains("standard"), "{error}");
}
