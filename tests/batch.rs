//! `qizhen batch` from the outside: files and workbooks in, reports and summary out; again, changed, interrupted.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

fn program(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qizhen"));
    command.current_dir(dir).env("NO_COLOR", "1").args(args);
    command
}

fn run(dir: &Path, args: &[&str]) -> Output {
    program(dir, args).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

/// Runs, expects this exit code, gives stdout and stderr.
fn ends(dir: &Path, code: i32, args: &[&str]) -> (String, String) {
    let output = run(dir, args);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
    (out, err)
}

/// A small assessment.
fn assessment(name: &str, uscc: &str, efficiency: f64) -> String {
    let uscc = if uscc.is_empty() {
        String::new()
    } else {
        format!("uscc: \"{uscc}\", ")
    };
    format!(
        r#"schema: qizhen/assessment/1
enterprise: {{name: "{name}", {uscc}industry: C3441, region: "370200", employees: 260, revenue_wan: 18500}}
date: 2026-11-20
answers:
  equipment-efficiency-2024:
    motors:
      - {{name: 1#泵, count: 4, kind: three-phase-induction, poles: 4, rated_kw: 37, efficiency_pct: {efficiency}}}
"#
    )
}

fn put(dir: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn example(dir: &Path, name: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let file = format!("{name}.assessment.yaml");
    put(dir, &format!("in/{file}"), std::fs::read(from.join(&file)).unwrap());
}

/// Names and contents of a directory, without the manifest.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(dir).unwrap().map(Result::unwrap);
    let named = entries.map(|entry| (entry.file_name().into_string().unwrap(), entry.path()));
    named
        .filter(|(name, _)| name != ".qizhen-batch.json")
        .map(|(name, path)| (name, std::fs::read(path).unwrap()))
        .collect()
}

fn names(dir: &Path) -> Vec<String> {
    files(dir).into_keys().collect()
}

/// `made`, `failed`, `kept` of the closing line.
fn counts(out: &str) -> [usize; 3] {
    ["成功 ", "失败 ", "跳过 "].map(|what| {
        let rest = out.split_once(what).unwrap_or_else(|| panic!("{what} in {out}")).1;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    })
}

#[test]
fn three_examples_and_a_broken_file() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for name in ["pump-maker", "chlor-alkali", "appliance-maker"] {
        example(dir, name);
    }
    put(
        dir,
        "in/deep/broken.assessment.yml",
        assessment("坏企业", "", 95.2).replace("C3441", "C99999"),
    );
    put(dir, "in/notes.yaml", "not an assessment");
    put(dir, "in/.hidden/x.assessment.yaml", "not looked at");
    let (out, err) = ends(dir, 1, &["batch", "in", "-o", "out", "--format", "pdf,md"]);
    assert_eq!(counts(&out), [3, 1, 0]);
    assert!(
        out.contains("in/deep/broken.assessment.yml：第 2 行：行业代码"),
        "{out}"
    );
    assert!(
        err.contains("in/deep/broken.assessment.yml:2:"),
        "told with its place: {err}"
    );
    let files = files(&dir.join("out"));
    let mut expected = vec!["汇总.csv".to_owned(), "汇总.json".to_owned()];
    for stem in [
        "青岛示例智能家电有限公司-2026-11-12",
        "青岛示例氯碱化工有限公司-2026-11-18",
        "青岛示例泵业有限公司-2026-11-20",
    ] {
        assert!(files[&format!("{stem}.pdf")].starts_with(b"%PDF"));
        expected.extend([format!("{stem}.pdf"), format!("{stem}.md")]);
    }
    expected.sort();
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), expected);
    // The same as one by one.
    ends(dir, 0, &["diagnose", "in/pump-maker.assessment.yaml", "-o", "one.pdf"]);
    assert!(std::fs::read(dir.join("one.pdf")).unwrap() == files["青岛示例泵业有限公司-2026-11-20.pdf"]);

    let csv = text(&files["汇总.csv"]);
    assert!(csv.starts_with('\u{feff}') && csv.ends_with("\r\n"));
    insta::assert_snapshot!("summary_csv", csv.trim_start_matches('\u{feff}').replace("\r\n", "\n"));
    let mut json: serde_json::Value = serde_json::from_slice(&files["汇总.json"]).unwrap();
    json["catalog"] = "…".into();
    json["program"] = "…".into();
    insta::assert_snapshot!("summary_json", serde_json::to_string_pretty(&json).unwrap());
}

#[test]
fn a_second_run_does_only_what_changed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for name in ["甲", "乙", "丙"] {
        put(
            dir,
            &format!("in/{name}.assessment.yaml"),
            assessment(&format!("{name}机械厂"), "", 95.2),
        );
    }
    let batch = ["batch", "in", "-o", "out", "--format", "md", "--jobs", "3"];
    assert_eq!(counts(&ends(dir, 0, &batch).0), [3, 0, 0]);
    let first = files(&dir.join("out"));
    let (out, _) = ends(dir, 0, &batch);
    assert_eq!(counts(&out), [0, 0, 3]);
    assert!(out.contains("没有变"), "{out}");
    assert!(
        files(&dir.join("out")) == first,
        "the summary of kept reports is that of new ones"
    );

    put(dir, "in/甲.assessment.yaml", assessment("甲机械厂", "", 90.0));
    assert_eq!(counts(&ends(dir, 0, &batch).0), [1, 0, 2]);
    let second = files(&dir.join("out"));
    assert!(second["甲机械厂-2026-11-20.md"] != first["甲机械厂-2026-11-20.md"]);
    assert!(second["汇总.csv"] != first["汇总.csv"]);

    // Altered and deleted reports come back.
    put(dir, "out/乙机械厂-2026-11-20.md", "改过");
    std::fs::remove_file(dir.join("out/丙机械厂-2026-11-20.md")).unwrap();
    assert_eq!(counts(&ends(dir, 0, &batch).0), [2, 0, 1]);
    assert!(files(&dir.join("out")) == second);
    assert_eq!(counts(&ends(dir, 0, &[&batch[..], &["--force"]].concat()).0), [3, 0, 0]);
    assert!(files(&dir.join("out")) == second, "same input, same bytes");

    // A further form does not make the others again, but the enterprise counts as done.
    let more = ["batch", "in", "-o", "out", "--format", "md,html", "--jobs", "1"];
    assert_eq!(counts(&ends(dir, 0, &more).0), [3, 0, 0]);
    assert_eq!(counts(&ends(dir, 0, &more).0), [0, 0, 3]);
    // A manifest that nobody can read is no manifest.
    put(dir, "out/.qizhen-batch.json", "{");
    assert_eq!(counts(&ends(dir, 0, &more).0), [3, 0, 0]);
}

#[test]
fn every_form_is_the_same_twice() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "in/甲.assessment.yaml", assessment("甲机械厂", "", 95.2));
    let batch = [
        "batch",
        "in",
        "-o",
        "out",
        "--force",
        "--format",
        "xlsx,md,json,docx,html,pdf",
    ];
    ends(dir, 0, &batch);
    let first = files(&dir.join("out"));
    assert_eq!(first.len(), 6 + 2);
    // Some formats keep times in steps of two seconds.
    std::thread::sleep(Duration::from_millis(2100));
    ends(dir, 0, &batch);
    for (name, bytes) in files(&dir.join("out")) {
        assert!(first[&name] == bytes, "{name}");
    }
}

#[test]
fn a_changed_template_changes_every_report() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "in/甲.assessment.yaml", assessment("甲机械厂", "", 95.2));
    put(
        dir,
        "data/report-templates/brief/template.md.j2",
        "# 甲版 {{ d.enterprise.name }}\n",
    );
    let batch = [
        "--data",
        "data",
        "batch",
        "in",
        "-o",
        "out",
        "--format",
        "md",
        "--template",
        "brief",
    ];
    assert_eq!(counts(&ends(dir, 0, &batch).0), [1, 0, 0]);
    assert_eq!(counts(&ends(dir, 0, &batch).0), [0, 0, 1]);
    put(
        dir,
        "data/report-templates/brief/template.md.j2",
        "# 乙版 {{ d.enterprise.name }}\n",
    );
    assert_eq!(counts(&ends(dir, 0, &batch).0), [1, 0, 0]);
    assert!(text(&files(&dir.join("out"))["甲机械厂-2026-11-20.md"]).contains("乙版"));
    // One that breaks says so, for each report, and leaves what is there.
    put(dir, "data/report-templates/brief/template.md.j2", "# {{ d.nobody }}\n");
    let (out, err) = ends(dir, 1, &batch);
    assert_eq!(counts(&out), [0, 1, 0]);
    assert!(out.contains("报告没有生成：模板 template.md.j2 第 1 行"), "{out}");
    assert!(err.contains("1 | # {{ d.nobody }}"), "{err}");
    assert!(text(&files(&dir.join("out"))["甲机械厂-2026-11-20.md"]).contains("乙版"));
}

#[test]
fn a_changed_photo_makes_its_report_again() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let answer = "  sme-digital-2024:\n    q05: {value: c, evidence: [照片/a.png]}\n";
    put(dir, "in/甲.assessment.yaml", assessment("甲机械厂", "", 95.2) + answer);
    let batch = ["batch", "in", "-o", "out", "--format", "html"];
    let (_, err) = ends(dir, 0, &batch);
    assert!(
        err.contains("in/甲.assessment.yaml 有 1 张佐证照片没有放进报告：照片/a.png：没有这个文件"),
        "{err}"
    );
    let photo = |side| {
        std::fs::create_dir_all(dir.join("in/照片")).unwrap();
        image::RgbImage::new(side, side)
            .save(dir.join("in/照片/a.png"))
            .unwrap();
    };
    for side in [40, 50] {
        photo(side);
        assert_eq!(counts(&ends(dir, 0, &batch).0), [1, 0, 0]);
        assert_eq!(counts(&ends(dir, 0, &batch).0), [0, 0, 1]);
    }
}

#[test]
fn no_two_inputs_share_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(
        dir,
        "in/1.assessment.yaml",
        assessment("同名机械", "91000000000000000K", 95.2),
    );
    put(
        dir,
        "in/2.assessment.yaml",
        assessment("同名机械", "91000000MA0T00011X", 90.0),
    );
    put(dir, "in/3.assessment.yaml", assessment("同名机械", "", 91.0));
    put(
        dir,
        "in/4.assessment.yaml",
        assessment("重填机械", "91000000MA0T0002XM", 90.0),
    );
    put(
        dir,
        "in/5.assessment.yaml",
        assessment("重填机械", "91000000MA0T0002XM", 95.2),
    );
    put(
        dir,
        "in/6.assessment.yaml",
        assessment("=SUM(A1) ../a:b", "914403001922038216", 95.2),
    );
    let (out, err) = ends(dir, 0, &["batch", "in", "-o", "out", "--format", "md"]);
    assert_eq!(counts(&out), [6, 0, 0]);
    let warning = err
        .lines()
        .find(|line| line.contains("同一家企业同一天"))
        .expect("a warning");
    assert!(
        warning.contains("in/4.assessment.yaml") && warning.contains("in/5.assessment.yaml"),
        "{warning}"
    );
    let files_there = files(&dir.join("out"));
    let reports: Vec<&str> = files_there.keys().filter_map(|name| name.strip_suffix(".md")).collect();
    assert_eq!(
        reports,
        [
            "=SUM(A1) .._a_b-2026-11-20",
            "同名机械-2026-11-20-1",
            "同名机械-2026-11-20-91000000000000000K",
            "同名机械-2026-11-20-91000000MA0T00011X",
            "重填机械-2026-11-20-1",
            "重填机械-2026-11-20-2",
        ]
    );
    let csv = text(&files_there["汇总.csv"]);
    assert!(csv.contains("成功,'=SUM(A1) ../a:b,'914403001922038216,"), "{csv}");
    // In another run the name belongs to the input that had it first.
    put(
        dir,
        "other/7.assessment.yaml",
        assessment("=SUM(A1) ../a:b", "91000000MA0T00038M", 95.2),
    );
    let (_, err) = ends(dir, 0, &["batch", "other", "-o", "out", "--format", "md"]);
    assert!(err.contains("没有覆盖"), "{err}");
    assert!(names(&dir.join("out")).contains(&"=SUM(A1) .._a_b-2026-11-20-91000000MA0T00038M.md".to_owned()));
}

#[test]
fn reports_of_inputs_that_are_gone_are_told_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for name in ["甲", "乙"] {
        put(
            dir,
            &format!("in/{name}.assessment.yaml"),
            assessment(&format!("{name}机械厂"), "", 95.2),
        );
    }
    let batch = ["batch", "in", "-o", "out", "--format", "md"];
    ends(dir, 0, &batch);
    std::fs::remove_file(dir.join("in/乙.assessment.yaml")).unwrap();
    for _ in 0..2 {
        let (out, err) = ends(dir, 0, &batch);
        assert_eq!(counts(&out), [0, 0, 1]);
        assert!(
            err.contains("  乙机械厂-2026-11-20.md") && !err.contains("  甲机械厂"),
            "{err}"
        );
        assert!(dir.join("out/乙机械厂-2026-11-20.md").exists());
    }
    std::fs::remove_file(dir.join("out/乙机械厂-2026-11-20.md")).unwrap();
    assert!(!ends(dir, 0, &batch).1.contains("乙机械厂"));
}

#[test]
fn the_sample_workbook_works() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    ends(dir, 0, &["batch", "--sample", "清单.xlsx"]);
    ends(dir, 1, &["batch", "--sample", "清单.xlsx"]);
    let (out, _) = ends(dir, 0, &["batch", "清单.xlsx", "-o", "out", "--format", "json"]);
    assert_eq!(counts(&out), [2, 0, 0]);
    let report = &files(&dir.join("out"))["青岛示例甲机械有限公司-2026-11-20.json"];
    let report: serde_json::Value = serde_json::from_slice(report).unwrap();
    assert_eq!(report["enterprise"]["uscc"], "91000000000000000K");
    let answers = report["standards"][0]["answers"].as_array().unwrap();
    let said = |id: &str| {
        answers.iter().find(|a| a["id"] == id).unwrap()["self_reported"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(said("q01"), "B、C");
    assert_eq!(said("q02"), "数字化生产设备台数 46 台，生产设备总台数 86 台");
    assert_eq!(
        counts(&ends(dir, 0, &["batch", "清单.xlsx", "-o", "out", "--format", "json"]).0),
        [0, 0, 2]
    );
}

/// A workbook of one sheet; `#` before what is to be a number, `@` before a day of 2026-11.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("企业").unwrap();
    let day_format = Format::new().set_num_format("yyyy/m/d");
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if let Some(number) = cell.strip_prefix('#') {
                sheet.write(row, column, number.parse::<f64>().unwrap()).unwrap();
            } else if let Some(day) = cell.strip_prefix('@') {
                let day = ExcelDateTime::from_ymd(2026, 11, day.parse().unwrap()).unwrap();
                sheet.write_with_format(row, column, &day, &day_format).unwrap();
            } else if !cell.is_empty() {
                sheet.write(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const HEAD: [&str; 9] = [
    "企业名称",
    "统一社会信用代码",
    "行业",
    "地区",
    "从业人数",
    "营业收入（万元）",
    "日期",
    "sme-digital-2024/q01",
    "fact:2025:electricity",
];

#[test]
fn cells_that_are_wrong_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let good = [
        "甲机械厂",
        "",
        "C3441",
        "#370214",
        "#260",
        "18,500",
        "@20",
        "b、c",
        "310 万kWh",
    ];
    let mut rows = vec![&["某市 2026 年清单"][..], &HEAD[..], &good[..], &[]];
    let no_name = [
        "",
        "",
        "#3441",
        "370214",
        "#260",
        "#18500.5",
        "2026/11/20",
        "[b, c",
        "#1",
    ];
    let spoiled = [
        "乙机械厂",
        "#914403001922038216",
        "C34411",
        "x",
        "许多",
        "",
        "@19",
        "z",
        "310 kg",
    ];
    rows.extend([&no_name[..], &spoiled[..]]);
    put(dir, "清单.xlsx", workbook(&rows));
    let (out, err) = ends(
        dir,
        1,
        &["batch", "清单.xlsx", "-o", "out", "--format", "md", "--jobs", "1"],
    );
    assert_eq!(counts(&out), [1, 2, 0]);
    assert!(names(&dir.join("out")).contains(&"甲机械厂-2026-11-20.md".to_owned()));
    // A slow machine tells how far it is.
    let (progress, told): (Vec<&str>, Vec<&str>) = err.lines().partition(|line| line.starts_with("出报告"));
    assert!(progress.len() <= 3, "{err}");
    insta::assert_snapshot!("broken_cells", told.join("\n"));

    let head = [
        "企业名称",
        "行业",
        "地区",
        "从业人员数",
        "日期",
        "sme-digital-2024/q99",
        "fact:electricity",
        "日期",
    ];
    put(dir, "坏表头.xlsx", workbook(&[&head, &good]));
    put(dir, "没有表头.xlsx", workbook(&[&["甲", "乙"]]));
    put(dir, "不是.xlsx", "不是工作簿");
    let books = ["坏表头.xlsx", "没有表头.xlsx", "不是.xlsx"];
    let (out, err) = ends(dir, 1, &[&["batch", "-o", "out2", "--jobs", "1"], &books[..]].concat());
    assert_eq!(counts(&out), [0, 3, 0]);
    insta::assert_snapshot!("broken_headers", err);
}

#[test]
fn wrong_arguments_write_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "in/甲.assessment.yaml", assessment("甲机械厂", "", 95.2));
    put(dir, "file", "");
    std::fs::create_dir(dir.join("empty")).unwrap();
    put(dir, "空.xlsx", workbook(&[&HEAD]));
    for (args, expected) in [
        (&["batch", "in"][..], "缺少"),
        (&["batch", "-o", "out"], "缺少"),
        (&["batch", "in", "nowhere", "-o", "out"], "没有 nowhere"),
        (&["batch", "in", "empty", "-o", "out"], "没有评估文件"),
        (&["batch", "in", "-o", "file"], "不是目录"),
        (
            &["batch", "in", "-o", "out", "--template", "standart"],
            "最接近的是 “standard”",
        ),
        (&["batch", "in", "-o", "out", "--format", "pdf,doc"], "不能是 “doc”"),
        (&["batch", "in", "-o", "out", "--jobs", "0"], "不能是 “0”"),
        (&["batch", "空.xlsx", "-o", "out"], "没有企业"),
    ] {
        let (_, err) = ends(dir, 2, args);
        assert!(err.contains(expected), "{args:?}: {err}");
        assert!(!dir.join("out").exists());
    }
}

#[test]
fn two_runs_never_write_into_one_directory() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "in/甲.assessment.yaml", assessment("甲机械厂", "", 95.2));
    std::fs::create_dir(dir.join("out")).unwrap();
    let journal = std::fs::File::create(dir.join("out/.qizhen-batch.journal")).unwrap();
    journal.lock().unwrap();
    let batch = ["batch", "in", "-o", "out", "--format", "md"];
    let (_, err) = ends(dir, 1, &batch);
    assert!(err.contains("另一个 qizhen batch"), "{err}");
    drop(journal);
    ends(dir, 0, &batch);
}

const MANY: usize = 30;

/// Begins a long run and waits for its first report.
fn begun(dir: &Path) -> Child {
    for number in 0..MANY {
        put(
            dir,
            &format!("in/{number:02}.assessment.yaml"),
            assessment(&format!("第{number:02}机械厂"), "", 95.2),
        );
    }
    let mut command = program(dir, &["batch", "in", "-o", "out", "--format", "pdf", "--jobs", "1"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let limit = Instant::now() + Duration::from_secs(60);
    let report = |name: &String| name.ends_with(".pdf") && !name.starts_with('.');
    while !(dir.join("out").exists() && names(&dir.join("out")).iter().any(report)) {
        assert!(Instant::now() < limit, "no report in a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

/// Goes on where a run stopped; gives how many were there.
fn resumed(dir: &Path) -> usize {
    let (out, err) = ends(dir, 0, &["batch", "in", "-o", "out", "--format", "pdf"]);
    let [made, failed, kept] = counts(&out);
    assert!(failed == 0 && made + kept == MANY && made > 0, "{out}");
    assert!(err.is_empty(), "{err}");
    let names = names(&dir.join("out"));
    assert_eq!(names.len(), MANY + 2, "nothing half written is left: {names:?}");
    kept
}

#[cfg(unix)]
#[test]
fn stopped_by_ctrl_c_and_resumed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let child = begun(dir);
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(signal.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    assert!(err.contains("正在停下") && out.contains("再运行一次"), "{out}{err}");
    assert!(!dir.join("out/汇总.csv").exists(), "no summary of a part");
    assert_eq!(resumed(dir), counts(&out)[0], "what was done is not done again");
}

#[test]
fn killed_and_resumed() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let mut child = begun(dir);
    std::thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    put(dir, "out/.第29机械厂-2026-11-20.pdf.4711.tmp", "half of a report");
    assert!(resumed(dir) > 0, "the journal has what was done");
}
