//! `qizhen migrate`: answers carried from one edition to the next, nothing else touched, twice the same as once.

use std::path::Path;
use std::process::{Command, Output};

use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::migration;

const OLD: &str = "\
# 我厂 2023 年按旧版做过评价
schema: qizhen/assessment/1
enterprise: {name: 迁移样例, industry: C3451, region: \"370214\", employees: 320, revenue_wan: 26000}
date: 2026-11-20
standards: [green-factory-2018]
answers:
  green-factory-2018:
    gf18-b1: 是
    gf18-m1: 是     # 2022 年换证
    gf18-m2: 是
    gf18-m3: {value: 否, verified: 是}
    gf18-m4: 否
    gf18-p1o: 是
    gf18-p4: 否
# 末尾的注释
";

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
fn answers_are_carried_and_the_rest_is_left_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("old.yaml"), OLD).unwrap();
    let output = qizhen(dir.path(), &["migrate", "old.yaml", "-o", "new.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let new = std::fs::read_to_string(dir.path().join("new.yaml")).unwrap();
    // Every line that was there still is, in its order.
    let mut lines = new.lines();
    for line in OLD.lines().filter(|line| !line.starts_with("standards:")) {
        assert!(lines.any(|found| found == line), "lost: {line}");
    }
    assert!(new.contains("standards: [green-factory-2018, green-factory-2025]"));
    // Three systems run, the energy one does not; the on-site answer wins over the plant's own.
    assert!(new.contains("    gf25-b3: [b, d, e]"), "{new}");
    assert!(new.contains("    p1: b "));
    assert!(
        new.contains("    p2:    # 待答"),
        "not published is not the same as not computed"
    );
    assert!(!new.contains("gfp-"), "items of the other preset are not asked for");
    assert_eq!(std::fs::read_to_string(dir.path().join("old.yaml")).unwrap(), OLD);
    insta::assert_snapshot!("migrated", format!("{new}\n════\n{}", text(&output.stderr)));
}

#[test]
fn migrating_twice_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.yaml"), OLD).unwrap();
    let once = qizhen(dir.path(), &["migrate", "a.yaml"]);
    std::fs::write(dir.path().join("b.yaml"), &once.stdout).unwrap();
    let twice = qizhen(dir.path(), &["migrate", "b.yaml"]);
    assert_eq!(text(&twice.stdout), text(&once.stdout));
    // In place: the first run keeps a copy, the second has nothing to write.
    let first = qizhen(dir.path(), &["migrate", "a.yaml", "--in-place"]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert_eq!(std::fs::read(dir.path().join("a.yaml")).unwrap(), once.stdout);
    assert_eq!(std::fs::read_to_string(dir.path().join("a.yaml.bak")).unwrap(), OLD);
    assert_eq!(
        qizhen(dir.path(), &["migrate", "a.yaml", "--in-place"]).status.code(),
        Some(0)
    );
    assert_eq!(std::fs::read_to_string(dir.path().join("a.yaml.bak")).unwrap(), OLD);
}

#[test]
fn what_is_answered_already_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mine = OLD.replace(
        "# 末尾",
        "  green-factory-2025:\n      p1: a   # 我们自己的答案\n      gf25-b3:\n# 末尾",
    );
    let mine = mine.replace(
        "standards: [green-factory-2018]",
        "standards:\n  - green-factory-2018\n  - 'green-factory-2025'",
    );
    std::fs::write(dir.path().join("a.yaml"), &mine).unwrap();
    let output = qizhen(dir.path(), &["migrate", "a.yaml"]);
    let new = text(&output.stdout);
    assert!(new.contains("      p1: a   # 我们自己的答案\n"), "{new}");
    assert_eq!(new.matches("p1:").count(), 1, "{new}");
    assert_eq!(
        new.matches("gf25-b3:").count(),
        1,
        "a blank line of the user's is not doubled"
    );
    assert_eq!(
        new.matches("green-factory-2025").count(),
        mine.matches("green-factory-2025").count()
    );
    assert_eq!(qizhen(dir.path(), &["check", "a.yaml"]).status.code(), Some(0));
}

#[test]
fn files_that_cannot_be_migrated_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let run = |name: &str, content: &str, args: &[&str]| {
        std::fs::write(dir.path().join(name), content).unwrap();
        let output = qizhen(dir.path(), &[&["migrate", name], args].concat());
        (output.status.code(), text(&output.stderr))
    };
    let flow = "schema: qizhen/assessment/1\nenterprise: {name: 样例, industry: C34, region: \"370200\", employees: 10, revenue_wan: 300}\ndate: 2026-11-20\nanswers: {green-factory-2018: {gf18-b1: 是}}\n";
    let (code, said) = run("flow.yaml", flow, &[]);
    assert_eq!(code, Some(2));
    assert!(said.contains("写成了一行"), "{said}");
    let other = OLD
        .replace("green-factory-2018", "sme-digital-2024")
        .replace("gf18-", "#");
    let (code, said) = run("other.yaml", &other, &[]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("没有可以迁移的旧版标准") && said.contains("green-factory-2018"),
        "{said}"
    );
    let (code, said) = run("old.yaml", OLD, &["--to", "green-factory-2026"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("green-factory-2025"), "{said}");
    std::fs::write(dir.path().join("there.yaml"), "mine").unwrap();
    let (code, _) = run("old.yaml", OLD, &["-o", "there.yaml"]);
    assert_eq!(code, Some(1));
    assert_eq!(std::fs::read_to_string(dir.path().join("there.yaml")).unwrap(), "mine");
}

#[test]
fn the_difference_adds_up_to_both_scores() {
    let catalog = Catalog::load(None).unwrap();
    let mapping = catalog
        .migrations
        .iter()
        .find(|m| m.to.value == "green-factory-2025")
        .unwrap();
    let text = OLD.replace(
        "# 末尾",
        "  green-factory-2025:\n    gf25-b3: [b, c]\n    p1: b\n    p2: a\n    c1: na\n    e4: [b, c]\n    e3: {renewable: 20, energy: 100, leading: 40, baseline: 0}\n# 末尾",
    );
    let text = text
        .replace("    c1: na\n", "")
        .replace("standards: [green-factory-2018]\n", "");
    let loaded = match diagnosis::read(&catalog, "case", &text, "2026-11-22") {
        Ok(loaded) => loaded,
        Err(broken) => panic!(
            "{}",
            qizhen::source::diagnostic::render(&broken.problems, &broken.sources, false)
        ),
    };
    let card = |id: &str| {
        catalog
            .plan(id, None)
            .unwrap()
            .scorecard(&loaded.assessment.answers[id], None)
    };
    let (old, new) = (card("green-factory-2018"), card("green-factory-2025"));
    let sides = migration::compare(mapping, &old, &new);
    let sum = |pick: fn(&migration::Share) -> f64| sides.shares.iter().map(pick).sum::<f64>();
    assert!((sum(|s| s.old) - old.score.unwrap()).abs() < 1e-6, "{sides:?}");
    assert!((sum(|s| s.new) - new.score.unwrap()).abs() < 1e-6, "{sides:?}");
    assert!(new.score.unwrap() > 8.0);
}
