//! The annex read back with a reader that is not ours.

use std::io::{Cursor, Read};
use std::path::Path;

use calamine::{Data, DataType, Reader, Xlsx};
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};
use qizhen::kit::sample;
use qizhen::report::xlsx;

const TODAY: &str = "2026-11-22";

fn sample() -> Diagnosis {
    let catalog = Catalog::load(None).unwrap();
    let loaded = sample::verified(&catalog, TODAY).unwrap();
    diagnosis::diagnose(&catalog, &loaded)
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).unwrap()
}

fn column(rows: &[Vec<Data>], head: &str) -> Vec<Data> {
    let top = rows
        .iter()
        .position(|row| row.iter().any(|cell| cell.as_string().as_deref() == Some(head)))
        .unwrap();
    let at = rows[top]
        .iter()
        .position(|cell| cell.as_string().as_deref() == Some(head))
        .unwrap();
    rows[top + 1..].iter().map(|row| row[at].clone()).collect()
}

fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(sheet)
        .unwrap()
        .rows()
        .map(<[Data]>::to_vec)
        .collect()
}

#[test]
fn holds_the_numbers_and_tells_none_from_zero() {
    let diagnosis = sample();
    let bytes = xlsx::render(&diagnosis).unwrap();
    assert!(bytes == xlsx::render(&sample()).unwrap(), "two runs differ");
    let mut book = open(&bytes);
    assert_eq!(
        book.sheet_names(),
        [
            "总览",
            "得分",
            "差距",
            "答案",
            "提升路径",
            "改造项目",
            "要换的设备",
            "现场发现",
            "服务商",
            "核对",
            "依据"
        ]
    );
    let overview = rows(&mut book, "总览");
    let scores: Vec<f64> = column(&overview, "得分")
        .iter()
        .filter_map(|cell| cell.get_float())
        .collect();
    let expected: Vec<f64> = diagnosis
        .standards
        .iter()
        .filter_map(|standard| standard.card.score)
        .collect();
    assert_eq!(scores, expected);
    let all = rows(&mut book, "得分");
    let nodes: usize = diagnosis
        .standards
        .iter()
        .map(|standard| standard.card.trace.walk().len())
        .sum();
    let got = column(&all, "得分");
    assert_eq!(got.len(), nodes);
    let words = |word: &str| got.iter().filter(|cell| cell.get_string() == Some(word)).count();
    assert!(got.contains(&Data::Float(0.0)) && words("无对标值") > 0);
    assert!(
        got.iter().all(|cell| *cell != Data::Empty),
        "no number is an empty cell"
    );
    let due = column(&rows(&mut book, "现场发现"), "期限");
    assert!(matches!(&due[0], Data::DateTime(_)), "{due:?}");
    assert_eq!(rows(&mut book, "差距").len(), diagnosis.gaps.len() + 1);
    let differs = column(&rows(&mut book, "答案"), "两者不同");
    assert_eq!(
        differs.iter().filter(|cell| cell.get_string() == Some("不同")).count(),
        2
    );
}

#[test]
fn what_looks_like_a_formula_stays_text() {
    let mut diagnosis = sample();
    let nasty = [
        "=1+1",
        "+49",
        "-5",
        "@SUM(A1)",
        "=HYPERLINK(\"http://a\")",
        "\t=2",
        "控制\u{7}符\u{0}",
    ];
    diagnosis.enterprise.name = nasty[0].into();
    for (text, answer) in nasty.iter().zip(&mut diagnosis.standards[0].answers) {
        answer.detail.note = (*text).to_owned();
    }
    diagnosis.onsite.findings[0].title = "x".repeat(40_000);
    let bytes = xlsx::render(&diagnosis).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert!(!text.contains("<f>") && !text.contains("<f "), "part {index}");
    }
    let notes = column(&rows(&mut open(&bytes), "答案"), "说明");
    for (cell, text) in notes.iter().zip(&nasty[..5]) {
        assert_eq!(cell.get_string(), Some(*text));
    }
}

#[test]
fn a_blank_assessment_has_sheets_that_say_so() {
    let catalog = Catalog::load(None).unwrap();
    let loaded = sample::blank(&catalog, TODAY).unwrap();
    let bytes = xlsx::render(&diagnosis::diagnose(&catalog, &loaded)).unwrap();
    let mut book = open(&bytes);
    assert!(
        rows(&mut book, "现场发现")
            .iter()
            .flatten()
            .any(|cell| cell.get_string() == Some("没有记录现场发现。"))
    );
}

#[test]
fn an_office_program_opens_it() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("a.xlsx");
    std::fs::write(&book, xlsx::render(&sample()).unwrap()).unwrap();
    let home = format!(
        "-env:UserInstallation=file://{}",
        Path::new(dir.path()).join("home").display()
    );
    let run = std::process::Command::new("soffice")
        .args([
            &home,
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76",
            "--outdir",
        ])
        .arg(dir.path())
        .arg(&book)
        .output();
    match run {
        Err(error) => eprintln!("skipped: soffice: {error}"),
        Ok(output) => {
            let text = std::fs::read_to_string(dir.path().join("a.csv"));
            let text = text.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
            assert!(
                text.contains("青岛示例泵业有限公司") && text.contains("51.35"),
                "{text}"
            );
        }
    }
}
