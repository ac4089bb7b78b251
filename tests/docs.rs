//! The pages that `qizhen doc` writes are in `docs/`: they must be what it writes now.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

fn files(dir: &Path, under: &str, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{under}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            files(&path, &format!("{name}/"), found);
        } else {
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn qizhen(args: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen")).args(args).output().unwrap()
}

#[test]
fn committed_pages_are_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let output = qizhen(&["doc", "-o", dir.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut written = BTreeMap::new();
    files(dir.path(), "", &mut written);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (name, text) in &written {
        let committed = std::fs::read_to_string(docs.join(name)).unwrap_or_default();
        assert!(
            committed == *text,
            "docs/{name} is out of date; run: cargo run -- doc -o docs"
        );
    }
    let pages = std::fs::read_dir(docs.join("standards")).unwrap().count();
    assert_eq!(pages, written.len() - 1, "nothing is left over in docs/standards/");
}

#[test]
fn a_page_says_what_is_asked_what_it_earns_and_how_far_to_trust_it() {
    let page = |id: &str, format: &str| String::from_utf8(qizhen(&["doc", id, "--format", format]).stdout).unwrap();
    let text = page("sme-digital-2024", "md");
    for expected in [
        "工信厅企业〔2024〕56号",
        "a 0，b 2.5，c 5，d 7.5，e 10",
        "(20,",
        "约束性场景达到四级及以上 ≥ 6 个（共 10 个）",
        "## 存疑之处",
        "官方附件原文未见",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    let text = page("energy-accounting-2020", "md");
    assert!(text.contains("0.6191"), "every factor is on the page");
    let text = page("cmmm-2020", "html");
    assert!(
        text.starts_with("<!") && text.contains("<table") && text.contains("权重"),
        "{}",
        &text[..200]
    );
    assert!(
        !text.contains("http://") || !text.contains("src=\"http"),
        "nothing is fetched from outside"
    );
    let wrong = qizhen(&["doc", "sme-digital-2023"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("sme-digital-2024"));
}
