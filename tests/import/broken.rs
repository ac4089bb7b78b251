//! Workbooks that are wrong: every mistake is told with sheet and cell, at once, and nothing is written.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;

use super::{fill, import, merge, one_sheet, save, text};

/// `E0603 表“问卷”!D2` for every problem told, in order.
fn places(stderr: &str) -> Vec<String> {
    let told = |line: &str| {
        let (code, message) = line.strip_prefix("错误[")?.split_once("]: ")?;
        let place = message.split_once('：').map_or("", |(place, _)| place);
        Some(if place.contains("”!") {
            format!("{code} {place}")
        } else {
            code.to_owned()
        })
    };
    stderr.lines().filter_map(told).collect()
}

fn refused(dir: &Path, name: &str, expected: &[&str]) {
    let output = import(dir);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{name}\n{stderr}");
    assert!(output.stdout.is_empty());
    assert!(!stderr.contains("panicked"), "{name}\n{stderr}");
    assert!(!dir.join("data").exists(), "{name}: something was written");
    assert_eq!(places(&stderr), expected, "{name}\n{stderr}");
    insta::assert_snapshot!(name, stderr);
}

fn broken(name: &str, table: &str, expected: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    one_sheet(dir.path(), table);
    refused(dir.path(), name, expected);
}

#[test]
fn files_that_are_no_workbooks() {
    let dir = tempfile::tempdir().unwrap();
    let encrypted = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/encrypted.xlsx")).unwrap();
    let old = [&encrypted[..512], &[0; 2048]].concat();
    let mut cut = Workbook::new().save_to_buffer().unwrap();
    cut.truncate(cut.len() / 2);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default())
        .unwrap();
    let document = zip.finish().unwrap().into_inner();
    for (name, bytes, code) in [
        ("csv", "编号,题目\n1,网络".as_bytes(), "E0601"),
        ("no-bytes", b"", "E0107"),
        ("encrypted", &encrypted, "E0601"),
        ("old-xls", &old, "E0601"),
        ("cut-short", &cut, "E0601"),
        ("document", &document, "E0601"),
    ] {
        std::fs::write(dir.path().join("我市问卷.xlsx"), bytes).unwrap();
        refused(dir.path(), name, &[code]);
    }
}

/// A small file that unpacks to more than a hundred megabytes is not read.
#[test]
fn a_file_that_unpacks_to_too_much() {
    let dir = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::fs::File::create(dir.path().join("我市问卷.xlsx")).unwrap());
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..=128 {
        zip.write_all(&zeros).unwrap();
    }
    zip.finish().unwrap();
    refused(dir.path(), "too-much", &["E0102"]);
}

#[test]
fn headers_that_are_wrong() {
    broken("empty", "", &["E0107"]);
    broken(
        "no-header",
        "
            | 姓名 | 电话
            | 某某 | 123
        ",
        &["E0602 表“问卷”!A1"],
    );
    broken(
        "nearly-a-header",
        "
            | 题日 | 题行
            | 网络 | 单选
        ",
        &["E0602 表“问卷”!A1"],
    );
    broken(
        "no-rows",
        "
            | 备查
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
        ",
        &["E0107 表“问卷”!A2"],
    );
    broken(
        "columns-missing",
        "
            | 题目 | 题形 | 选项
            | 网络 | 单选 | 有；无
        ",
        &["E0602 表“问卷”!A1", "E0602 表“问卷”!B1"],
    );
    broken(
        "no-options-column",
        "
            | 题目 | 题型 | 满分
            | 网络 | 单选 | 5
            | 系统 | 多选 | 5
            | 人 | 是否 | 5
        ",
        &["E0602 表“问卷”!A1"],
    );
    broken(
        "column-twice",
        "
            | 指标 | 名称 | 题型 | 选项 | 分值
            | 网络 | 网络 | 单选 | 有；无 | 1；0
        ",
        &["E0602 表“问卷”!B1"],
    );
}

#[test]
fn kinds_ids_and_units_that_are_wrong() {
    broken(
        "kinds",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 | 基础 | 网络 | 单选提 | 有；无 | 1；0
            | 2 | 基础 | 系统 | 填空 | 有；无 | 1；0
            | 3 | 基础 | 设备 |  | 有；无 | 1；0
        ",
        &["E0603 表“问卷”!D2", "E0603 表“问卷”!D3", "E0603 表“问卷”!D4"],
    );
    broken(
        "ids",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 | 基础 | 网络 | 是否 |  | 1
            | Q1 | 基础 | 系统 | 是否 |  | 1
            | Q01 | 基础 | 系统 | 是否 |  | 1
            | 指标③ | 基础 | 设备 | 是否 |  | 1
            | total | 基础 | 人员 | 是否 |  | 1
            | 1.1 | 管理 | 制度 | 是否 |  | 1
            | 1.10 | 管理 | 资金 | 是否 |  | 1
        ",
        &[
            "E0301 表“问卷”!A4",
            "E0603 表“问卷”!A5",
            "E0603 表“问卷”!A6",
            "E0301 表“问卷”!A8",
        ],
    );
    broken(
        "units",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 用电 | 数值 | [0,10]；(10,+∞) | 0；5 |  | KWH
            | 2 |  | 占比 | 数值 |  | 不计分 |  | 百分号
        ",
        &["E0314 表“问卷”!H2", "E0314 表“问卷”!H3"],
    );
}

#[test]
fn options_and_points_that_are_wrong() {
    broken(
        "counts",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 网络 | 单选 | 没有；有一点；全有 | 0；5
            | 2 |  | 系统 | 多选 | 没有；有 |
            | 3 |  | 设备 | 单选 |  | 5
            | 4 |  | 人员 | 单选 | 只有一个 | 5
            | 5 |  | 制度 | 单选 | 有；有 | 5；0
            | 6 |  | 资金 | 是否 | 有；没有；说不清 | 5；0；1
            | 7 |  | 规划 | 是否 |  | 5；0；1
            | 8 |  | 投入 | 是否 |  |
        ",
        &[
            "E0315 表“问卷”!F2",
            "E0315 表“问卷”!F3",
            "E0202 表“问卷”!E4",
            "E0603 表“问卷”!E5",
            "E0301 表“问卷”!E6",
            "E0603 表“问卷”!E7",
            "E0603 表“问卷”!F8",
            "E0202 表“问卷”!F9",
        ],
    );
    broken(
        "points",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 网络 | 单选 | 没有；有 | 0；五
            | 2 |  | 系统 | 单选 | 没有；有 | 0；-5
            | 3 |  | 设备 | 单选 | 没有；有 | 0；0
            | 4 |  | 人员 | 是否 |  | 1e9
            | 5 |  | 制度 | 单选 | 没有；有 | 0；5 | 8
            | 6 |  | 资金 | 多选 | 没有；有 | 0；5 | 8
            | 7 |  | 规划 | 是否 |  | 5 | 五分
        ",
        &[
            "E0603 表“问卷”!F2",
            "E0205 表“问卷”!F3",
            "E0603 表“问卷”!F4",
            "E0205 表“问卷”!F5",
            "E0304 表“问卷”!G6",
            "E0304 表“问卷”!G7",
            "E0603 表“问卷”!G8",
        ],
    );
    broken(
        "nothing-scored",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 网络 | 单选 | 没有；有 | 不计分
        ",
        &["E0202 表“问卷”!F1"],
    );
}

#[test]
fn bands_and_levels_that_are_wrong() {
    broken(
        "bands",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 甲 | 数值 | [0,10]；(15,20] | 0；5
            | 2 |  | 乙 | 数值 | [0,10]；[10,20] | 0；5
            | 3 |  | 丙 | 数值 | 10以下；≥60%；一般 | 0；5；6
            | 4 |  | 丁 | 数值 | (0,10]；(10,20] | 0；5
            | 5 |  | 戊 | 数值 | [10,0]；(10,20] | 0；5
            | 6 |  | 己 | 数值 |  | 5
        ",
        &[
            "E0306 表“问卷”!E2",
            "E0307 表“问卷”!E3",
            "E0603 表“问卷”!E4",
            "E0603 表“问卷”!E4",
            "E0603 表“问卷”!E4",
            "E0306 表“问卷”!E5",
            "E0308 表“问卷”!E6",
            "E0202 表“问卷”!E7",
        ],
    );
    broken(
        "levels",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 甲 | 等级 | 一级：有⏎二级：好 | 5；10
            | 2 |  | 乙 | 等级 | 0级：无⏎2级：好 | 0；10
        ",
        &["E0205 表“问卷”!E2", "E0205 表“问卷”!E3"],
    );
}

#[test]
fn rows_that_are_wrong() {
    broken(
        "rows",
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 一、数字化基础
            | 1 |  | 网络 | 单选 | 没有 | 0
            |  |  |  |  | 有 |
            |  |  |  |  |  | 5
            | 2 |  |  |  | 全有 | 6
            |  |  |  | 单选 | 有；无 | 1；0
        ",
        &[
            "E0603 表“问卷”!A2",
            "E0315 表“问卷”!F4",
            "E0202 表“问卷”!E5",
            "E0603 表“问卷”!A6",
            "E0603 表“问卷”!C7",
        ],
    );
    let dir = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("问卷").unwrap();
    fill(
        sheet,
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 网络 | 单选 | 没有
            |  |  |  |  | 有
            |  |  |  |  | 全有
        ",
    );
    merge(sheet, (1, 5), (3, 5), "5");
    save(dir.path(), book);
    refused(dir.path(), "points-merged", &["E0603 表“问卷”!F2"]);
}

/// The workbook with a text in its first sheet replaced.
fn replaced(book: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let xml = text(&bytes);
            assert!(xml.contains(from), "{xml}");
            bytes = xml.replace(from, to).into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// Formulas that failed, formulas that no program has worked out, dates that were meant as points.
#[test]
fn cells_that_cannot_be_used() {
    let dir = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("问卷").unwrap();
    fill(
        sheet,
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 网络 | 是否 |  | =1/0→#DIV/0!
            | 2 |  | 系统 | 是否 |  | =1+1→没有值
            | 3 |  | 设备 | 单选 | 有；无
            | 4 |  | =A9→#REF! | 是否 |  | 5
        ",
    );
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 2).unwrap();
    sheet
        .write_with_format(3, 5, &date, &Format::new().set_num_format("m/d"))
        .unwrap();
    // As programs other than Excel write formulas: without the value.
    let bytes = replaced(&book.save_to_buffer().unwrap(), "<v>没有值</v>", "");
    std::fs::write(dir.path().join("我市问卷.xlsx"), bytes).unwrap();
    refused(
        dir.path(),
        "cells",
        &[
            "E0603 表“问卷”!F2",
            "E0603 表“问卷”!F3",
            "E0603 表“问卷”!F4",
            "E0603 表“问卷”!C5",
        ],
    );
}

/// A cell at the far corner of a sheet must not cost a table of seventeen thousand million cells.
#[test]
fn a_sheet_that_is_too_large() {
    let dir = tempfile::tempdir().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("问卷").unwrap();
    fill(
        sheet,
        "
            | 编号 | 维度 | 题目 | 题型 | 选项 | 分值 | 满分 | 单位
            | 1 |  | 网络 | 是否 |  | 5
        ",
    );
    sheet.write(1_048_575, 16_383, "x").unwrap();
    save(dir.path(), book);
    refused(dir.path(), "far-corner", &["E0102"]);
}
