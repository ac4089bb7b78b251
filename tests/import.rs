//! `qizhen import-questionnaire`: the sample all the way to a score, the shapes that workbooks come in, and workbooks that are
//! wrong (`import/broken.rs`).

#[path = "import/broken.rs"]
mod broken;

use std::path::Path;
use std::process::{Command, Output};

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(dir)
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .args(args)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

/// Runs and expects success; gives what was printed.
fn fine(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert_eq!(output.status.code(), Some(0), "{args:?}\n{}", text(&output.stderr));
    text(&output.stdout)
}

fn import(dir: &Path) -> Output {
    run(
        dir,
        &[
            "import-questionnaire",
            "我市问卷.xlsx",
            "--id",
            "my-city-2026",
            "--title",
            "我市数字化转型评测（2026）",
            "-o",
            "data",
        ],
    )
}

/// Everything that both files say, for snapshots.
fn drafts(dir: &Path) -> String {
    let read = |folder: &str| std::fs::read_to_string(dir.join("data").join(folder).join("my-city-2026.yaml")).unwrap();
    format!("{}────────\n{}", read("questionnaires"), read("scoring-rules"))
}

/// Fills a sheet from a table of `| cell | cell`: numbers as numbers, `⏎` for a line break, `'` before what must stay text, `=`
/// before formulas with their value behind `→`. A line `|` is an empty row.
fn fill(sheet: &mut Worksheet, table: &str) {
    let rows = table.lines().filter_map(|line| line.trim().strip_prefix('|'));
    for (row, line) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(line.split('|')) {
            let cell = cell.trim().replace('⏎', "\n");
            if let Ok(number) = cell.parse::<f64>() {
                sheet.write(row, column, number).unwrap();
            } else if let Some((formula, value)) = cell.strip_prefix('=').and_then(|f| f.split_once('→')) {
                let formula = Formula::new(formula).set_result(value);
                sheet.write(row, column, formula).unwrap();
            } else if !cell.is_empty() {
                sheet.write(row, column, cell.trim_start_matches('\'')).unwrap();
            }
        }
    }
}

fn merge(sheet: &mut Worksheet, (row, column): (u32, u16), (last_row, last_column): (u32, u16), text: &str) {
    sheet
        .merge_range(row, column, last_row, last_column, text, &Format::new())
        .unwrap();
}

fn save(dir: &Path, mut book: Workbook) {
    book.save(dir.join("我市问卷.xlsx")).unwrap();
}

/// A workbook of one sheet named 问卷.
fn one_sheet(dir: &Path, table: &str) {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("问卷").unwrap(), table);
    save(dir, book);
}

/// Imports, expects success without a word on stderr, checks, and gives the drafts.
fn accepted(dir: &Path) -> String {
    let output = import(dir);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    fine(dir, &["check", "data"]);
    drafts(dir)
}

/// The score of the drafts with these answers, by the whole program: blank, fill in, diagnose.
fn score(dir: &Path, answers: &[(&str, &str)]) -> serde_json::Value {
    let blank = fine(dir, &["--data", "data", "new", "my-city-2026"]);
    let mut filled = String::new();
    for line in blank.lines() {
        let answer = answers.iter().chain(&[
            ("name", "青岛示例泵业有限公司"),
            ("industry", "C3441"),
            ("region", "\"370200\""),
            ("employees", "260"),
            ("revenue_wan", "18500"),
        ]);
        let key = line.trim_start();
        match answer.into_iter().find(|(id, _)| key.starts_with(&format!("{id}:"))) {
            Some((id, value)) => filled += &format!("{}{id}: {value}\n", &line[..line.len() - key.len()]),
            None => filled += &format!("{line}\n"),
        }
    }
    std::fs::write(dir.join("我厂.yaml"), filled).unwrap();
    let json = fine(dir, &["--data", "data", "diagnose", "我厂.yaml", "--format", "json"]);
    serde_json::from_str::<serde_json::Value>(&json).unwrap()["standards"][0].clone()
}

/// The sample is a questionnaire that works as it is.
#[test]
fn the_sample_goes_all_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fine(dir, &["import-questionnaire", "--sample", "我市问卷.xlsx"]);
    let output = import(dir);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(text(&output.stdout), "我市问卷.xlsx：2 个部分，6 道题，满分 100 分。\n");
    insta::assert_snapshot!("sample", drafts(dir));
    assert!(fine(dir, &["check", "data"]).contains("没有错误"));
    assert!(fine(dir, &["--data", "data", "show"]).contains("my-city-2026"));
    let answers = [
        ("q01", "[b, d]"),    // 6 + 8
        ("q02", "65"),        // (50,80] → 14
        ("q03", "c"),         // 15
        ("q04", "是"),        // 10
        ("q05", "2"),         // 15
        ("q06", "310 万kWh"), // asked, not scored
    ];
    let standard = score(dir, &answers);
    assert_eq!(standard["score"], 68.0, "14 + 14 + 15 + 10 + 15");
    assert_eq!(
        standard["id"].as_str().or(standard["standard"].as_str()),
        Some("my-city-2026")
    );
    assert_eq!(
        score(
            dir,
            &[("q01", "[a]"), ("q02", "20"), ("q03", "a"), ("q04", "否"), ("q05", "0")]
        )["score"],
        0.0
    );
}

/// Further rows carry only options and points; the questions of a section follow one another.
#[test]
fn one_option_a_row() {
    let dir = tempfile::tempdir().unwrap();
    one_sheet(
        dir.path(),
        "
            | 我市评测问卷（2026 年）
            |
            | 题号 | 一级指标 | 二级指标 | 问法 | 类型 | 选项 | 得分 | 条款
            | 1 | 基础 | 网络 | 建成了哪些网络？ | 多选题 | A. 都没有 | '０ | 第 1 条
            |  |  |  |  |  | B. 控制网络 | '２.５分
            |
            |  |  |  |  |  | C. 5G 网络 | '1.5 | 第 2 条
            | 2 |  | 系统 | 用了多少系统？ | 单选 | 没有 | 0
            | 2 |  | 系统 | 用了多少系统？ | 单选 | 一个 | 3
            | 2 |  | 系统 | 用了多少系统？ | 单选 | 许多 | 6
            | 3 | 管理 | 单耗 | 单位产值能耗是多少？ | 数值 | [0,0.5) | 10
            |  |  |  |  |  | ［０.５，＋∞） | 4
            | 4 |  | 管控 | 到了几级？ | 等级 | 零级：没有 | 0
            |  |  |  |  |  | 一级：记录 | 5
            | 合计 |  |  |  |  |  | 25
        ",
    );
    insta::assert_snapshot!("one-option-a-row", accepted(dir.path()));
    let standard = score(
        dir.path(),
        &[("q01", "[b, c]"), ("q02", "b"), ("q03", "0.5"), ("q04", "1")],
    );
    assert_eq!(standard["score"], 16.0, "2.5 + 1.5, 3, 4, 5");
}

/// Merged sections, titles, headings and a header of two rows.
#[test]
fn merged_cells() {
    let dir = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("评测表").unwrap();
    fill(
        sheet,
        "
            |
            |
            |  |  |  |  |  | 内容 | 分值 |
            |  |  | 有网络吗？ | 是否 |  |  | 5 | 照片（含机房、机柜）、合同
            |  |  | 有系统吗？ | 是否 | 5 | 是 | 5
            |  |  |  |  |  | 否 | 1
            |  |  | 网络到了哪一步？ | 单选 |  | 没有 | 0
            |  |  |  |  |  | 有一点 | 4
            |  |  |  |  |  | 全有 | 10
            |  |  | 有人管吗？ | 是否 |  |  | =1+4→5
        ",
    );
    merge(sheet, (0, 0), (0, 7), "我市评测表");
    for (column, heading) in (0u16..).zip(["维度", "指标", "问题", "题型\n（五选一）", "满分"]) {
        merge(sheet, (1, column), (2, column), heading);
    }
    merge(sheet, (1, 5), (1, 6), "选项");
    merge(sheet, (1, 7), (2, 7), "佐证材料");
    merge(sheet, (3, 0), (8, 0), "基础");
    sheet.write(9, 0, "管理").unwrap();
    merge(sheet, (3, 1), (5, 1), "网络和系统");
    merge(sheet, (6, 1), (8, 1), "网络建设");
    sheet.write(9, 1, "专人").unwrap();
    for column in [2, 3] {
        let text = ["有系统吗？", "是否"][usize::from(column) - 2];
        merge(sheet, (4, column), (5, column), text);
    }
    merge(sheet, (4, 4), (5, 4), "5");
    save(dir.path(), book);
    insta::assert_snapshot!("merged-cells", accepted(dir.path()));
    let standard = score(dir.path(), &[("q01", "是"), ("q02", "否"), ("q03", "b"), ("q04", "是")]);
    assert_eq!(standard["score"], 15.0, "5 + 1 + 4 + 5");
}

/// Columns in any order, several sheets, a sheet of explanations, a hidden one, one without a header, a column of no use.
#[test]
fn several_sheets_and_what_is_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    fill(
        book.add_worksheet().set_name("设备").unwrap(),
        "
            | 分值 | 选项 | 题型 | 问题 | 备注 | 佐正
            | 0；4 | 没有；有 | 单选 | 设备联网了吗？请按清单逐台核对。 | 内部 | 照片
        ",
    );
    fill(
        book.add_worksheet().set_name("Sheet2").unwrap(),
        "
            | 分值 | 选项 | 题型 | 问题 | 备注 | 佐正
            | 6 |  | 判断 | 有专人吗？
        ",
    );
    fill(
        book.add_worksheet().set_name("填写说明").unwrap(),
        "
            | 请如实填写
        ",
    );
    fill(
        book.add_worksheet().set_name("联系人").unwrap(),
        "
            | 姓名 | 电话
            | 某某 | 123
        ",
    );
    let hidden = book.add_worksheet().set_name("旧版").unwrap();
    fill(
        hidden,
        "
            | 分值 | 选项 | 题型 | 问题 | 备注 | 佐正
            | 6 |  | 判断 | 旧题？
        ",
    );
    hidden.set_hidden(true);
    save(dir.path(), book);
    let output = import(dir.path());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    insta::assert_snapshot!("left-out", text(&output.stderr));
    fine(dir.path(), &["check", "data"]);
    insta::assert_snapshot!("several-sheets", drafts(dir.path()));
}

/// What people write in a cell comes back from the drafts as they wrote it.
#[test]
fn treacherous_texts_stay_texts() {
    let dir = tempfile::tempdir().unwrap();
    let words = [
        "是",
        "yes",
        "1",
        "a: b",
        "# x",
        "- y",
        "null",
        "[a]",
        "\"引号\"",
        "a\\b",
        "1.50",
        "{x}",
        "~",
        "@a",
        "2024-09-04",
        "=1+1",
    ];
    let mut table = "| 维度 | 题目 | 题型 | 选项 | 分值 | 说明\n| - y | # x | 单选 | '是 | 0 | a: b # c\n".to_owned();
    for word in &words[1..] {
        table += &format!("| | | | '{word} | 1\n");
    }
    one_sheet(dir.path(), &table);
    accepted(dir.path());
    let catalog = qizhen::catalog::Catalog::load(Some(&dir.path().join("data"))).expect("a sound catalog");
    let section = &catalog.questionnaires["my-city-2026"].sections[0];
    let item = &section.items[0];
    let read: Vec<&str> = item.options.iter().map(|option| option.text.as_str()).collect();
    assert_eq!(read, words);
    assert_eq!(
        (section.title.as_str(), item.title.as_str(), item.help.as_str()),
        ("- y", "# x", "a: b # c")
    );
}

#[test]
fn files_are_written_together_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fine(dir, &["import-questionnaire", "--sample", "我市问卷.xlsx"]);
    let again = run(dir, &["import-questionnaire", "--sample", "我市问卷.xlsx"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("--force"));
    // One of the two is there already: neither is touched.
    std::fs::create_dir_all(dir.join("data/scoring-rules")).unwrap();
    let rules = dir.join("data/scoring-rules/my-city-2026.yaml");
    std::fs::write(&rules, "mine").unwrap();
    let refused = import(dir);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--force"), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_to_string(&rules).unwrap(), "mine");
    assert!(!dir.join("data/questionnaires").exists());
    // A directory in the place of the second file: the first is not written either, nothing temporary stays.
    std::fs::remove_file(&rules).unwrap();
    std::fs::create_dir_all(rules.join("in the way")).unwrap();
    let args = [
        "import-questionnaire",
        "我市问卷.xlsx",
        "--id",
        "my-city-2026",
        "-o",
        "data",
        "--force",
    ];
    let failed = run(dir, &args);
    assert_eq!(failed.status.code(), Some(1), "{}", text(&failed.stderr));
    assert!(!dir.join("data/questionnaires").exists());
    assert_eq!(std::fs::read_dir(dir.join("data/scoring-rules")).unwrap().count(), 1);
    std::fs::remove_dir_all(&rules).unwrap();
    fine(dir, &args);
    assert!(
        drafts(dir).contains("title: 我市问卷\n"),
        "the file's name is the title when none is given"
    );
    fine(dir, &["check", "data"]);
}

#[test]
fn arguments_that_are_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fine(dir, &["import-questionnaire", "--sample", "我市问卷.xlsx"]);
    let mut all = String::new();
    let long = "长".repeat(81);
    for args in [
        &["我市问卷.xlsx", "--id", "My_City", "-o", "data"][..],
        &["我市问卷.xlsx", "--id", "../x", "-o", "data"],
        &["我市问卷.xlsx", "--id", "sme-digital-2024", "-o", "data"],
        &["我市问卷.xlsx", "--id", "facts", "-o", "data"],
        &["我市问卷.xlsx", "--id", "my-city", "--title", &long, "-o", "data"],
        &["没有.xlsx", "--id", "my city", "-o", "data"],
        &["我市问卷.xlsx", "--id", "my-city", "--domain", "greeen", "-o", "data"],
        &["我市问卷.xlsx"],
        &["我市问卷.xlsx", "--sample", "b.xlsx"],
    ] {
        let output = run(dir, &[&["import-questionnaire"], args].concat());
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?} {stderr}");
        assert!(stderr.starts_with("错误："), "{stderr}");
        all += &format!("$ qizhen import-questionnaire {}\n{stderr}\n", args.join(" "));
    }
    assert_eq!(std::fs::read_dir(dir).unwrap().count(), 1, "nothing was written");
    insta::assert_snapshot!("arguments", all);
}
