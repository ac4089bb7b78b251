//! Tagged and archival: what the files say to readers that do not see the page, and to archives.

#[path = "pdf/any.rs"]
mod any;
#[path = "pdf/archival.rs"]
mod archival;
#[path = "pdf/rules.rs"]
mod rules;
#[path = "pdf/sample.rs"]
mod sample;
mod support;
#[path = "pdf/tagged.rs"]
mod tagged;

use std::{path::Path, process::Command};

use lopdf::Object;
use proptest::prelude::*;
use qizhen::{
    catalog::Catalog,
    diagnosis,
    report::{self, chart::*, document::*, markdown, pdf::render, theme::Theme},
};
use rules::problems;
use support::{squeeze, texts};
use tagged::{Kid, Tagged};

fn pdf(blocks: Vec<Block>) -> Vec<u8> {
    let meta = Meta::default();
    render(&Document { meta, blocks }, &Theme::default()).expect("renders")
}

fn words(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.into())]
}

fn cells(texts: &[&str]) -> Vec<Vec<Inline>> {
    texts.iter().map(|text| words(text)).collect()
}

fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn the_samples_keep_every_rule() {
    for doc in [sample::document(), sample::stress()] {
        none(problems(&render(&doc, &Theme::default()).unwrap()));
    }
    let bare = Table {
        caption: "没有行的表".into(),
        columns: vec![Column::default(); 2],
        ..Table::default()
    };
    none(problems(&pdf(vec![])));
    none(problems(&pdf(vec![Block::Table(bare)])));
}

#[test]
fn the_reports_of_the_examples_keep_every_rule() {
    let catalog = Catalog::load(None).unwrap_or_else(|_| panic!("built in"));
    for name in ["pump-maker", "bearing-maker"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.assessment.yaml"));
        let text = std::fs::read_to_string(&path).unwrap();
        let loaded = diagnosis::read(&catalog, name, &text, "2026-11-22").unwrap_or_else(|_| panic!("{name}"));
        let diagnosis = diagnosis::diagnose(&catalog, &loaded);
        let report = report::make(&report::Request::new(&catalog, &diagnosis, "standard")).unwrap();
        none(problems(&report.pdf().unwrap()));
    }
}

/// Whoever goes by the structure reads every text, table cells and all, in the order of the document.
#[test]
fn the_structure_reads_like_the_document() {
    for doc in [sample::document(), sample::stress()] {
        let file = Tagged::read(&render(&doc, &Theme::default()).unwrap());
        let all = squeeze(&file.text(&file.root));
        let mut wanted = Vec::new();
        texts(&doc.blocks, true, &mut wanted);
        let mut from = 0;
        for want in wanted.iter().map(|want| squeeze(want)).filter(|want| !want.is_empty()) {
            let Some(at) = all[from..].find(&want) else {
                panic!("not found in its place: {want}\nin {}", &all[from..]);
            };
            from += at + want.len();
        }
    }
}

#[test]
fn a_paragraph_over_two_pages_is_one() {
    let text = sample::PROSE.repeat(3);
    let blocks = (0..12).map(|_| Block::Paragraph(words(&text))).collect();
    let bytes = pdf(blocks);
    let file = Tagged::read(&bytes);
    let paragraphs: Vec<_> = file.root.all().into_iter().filter(|node| node.role == "P").collect();
    assert_eq!(paragraphs.len(), 12);
    let mut over = 0;
    for paragraph in &paragraphs {
        assert_eq!(squeeze(&file.text(paragraph)), squeeze(&text));
        let pages: Vec<usize> = paragraph
            .kids
            .iter()
            .map(|kid| matches!(kid, Kid::Marked(page, _) if *page > 0).into())
            .collect();
        over += usize::from(paragraph.kids.len() == 2 && pages[1] == 1);
    }
    assert!(over >= 1, "{over} of {} pages", file.pages.len());
    none(problems(&bytes));
}

#[test]
fn a_table_over_pages_says_its_head_once() {
    let row = |index: usize| Row {
        cells: cells(&[&format!("第{index}行"), "值"]),
        group: false,
    };
    let group = Row {
        cells: cells(&["甲组"]),
        group: true,
    };
    let mut rows: Vec<Row> = (0..60).map(row).collect();
    rows.insert(0, group.clone());
    rows.insert(30, group);
    rows.push(Row {
        cells: cells(&["不足"]),
        group: false,
    });
    let table = Table {
        caption: "表一".into(),
        columns: vec![Column::default(); 3],
        head: cells(&["名称", "数值"]),
        rows,
    };
    let bytes = pdf(vec![Block::Table(table)]);
    none(problems(&bytes));
    let file = Tagged::read(&bytes);
    assert!(file.pages.len() > 1);
    let all = file.root.all();
    let count = |role: &str| all.iter().filter(|node| node.role == role).count();
    assert_eq!(
        (count("Table"), count("THead"), count("TBody"), count("TR")),
        (1, 1, 2, 64)
    );
    assert_eq!((count("TH"), count("TD")), (3 + 2, 61 * 3));
    assert_eq!(file.text(&file.root).matches("名称").count(), 1);
    let spans = all.iter().filter(|node| node.span() == 3).count();
    assert_eq!(spans, 2);
}

#[test]
fn a_link_stands_where_its_words_stand() {
    let link = Inline::Link {
        target: "https://example.com/标准".into(),
        text: words("标准"),
    };
    let lost = Inline::Link {
        target: "#nowhere".into(),
        text: words("丢失"),
    };
    let inlines = [words("见"), vec![link], words("与"), vec![lost], words("二文。")].concat();
    let bytes = pdf(vec![Block::Paragraph(inlines)]);
    none(problems(&bytes));
    let file = Tagged::read(&bytes);
    let paragraph = file.root.all().into_iter().find(|node| node.role == "P").unwrap();
    assert_eq!(file.text(paragraph), "见标准与丢失二文。");
    let roles: Vec<&str> = paragraph.children().map(|node| node.role.as_str()).collect();
    assert_eq!(roles, ["Link", "Span"]);
}

#[test]
fn a_footnote_is_read_at_its_mark() {
    let text = "# 依据\n\n按评测指标[2024年版，见附件二](note:)评分，共二十题[其中八题计分](note:)。\n\n后文。\n";
    let document = markdown::parse(text).unwrap();
    let bytes = render(&document, &Theme::default()).unwrap();
    none(problems(&bytes));
    let file = Tagged::read(&bytes);
    let paragraph = file.root.all().into_iter().find(|node| node.role == "P").unwrap();
    let said = squeeze(&file.text(paragraph));
    assert_eq!(said, "按评测指标112024年版，见附件二评分，共二十题22其中八题计分。");
}

#[test]
fn a_chart_without_words_is_read_from_its_numbers() {
    let chart = Chart::Bars(Bars {
        max: 100.0,
        unit: "%".into(),
        bars: vec![Bar {
            label: "设备联网".into(),
            value: Some(85.5),
            full: None,
            marks: vec![],
            tone: ChartTone::Neutral,
            note: String::new(),
        }],
    });
    let figure = |alt: &str| Block::Figure {
        chart: chart.clone(),
        caption: "图一".into(),
        alt: alt.into(),
    };
    let bytes = pdf(vec![figure(""), figure("联网率八成五")]);
    none(problems(&bytes));
    let file = Tagged::read(&bytes);
    let alts: Vec<String> = file
        .root
        .all()
        .into_iter()
        .filter_map(|node| lopdf::decode_text_string(node.dict.get(b"Alt").ok()?).ok())
        .collect();
    assert_eq!(alts, ["图一。设备联网：数值 85.5%。", "联网率八成五"]);
}

#[test]
fn the_rules_see_what_is_broken() {
    let good = render(&sample::document(), &Theme::default()).unwrap();
    let broken = |change: &dyn Fn(&mut lopdf::Document)| {
        let mut pdf = lopdf::Document::load_mem(&good).unwrap();
        change(&mut pdf);
        let mut bytes = Vec::new();
        pdf.save_to(&mut bytes).unwrap();
        problems(&bytes).join("\n")
    };
    assert_eq!(broken(&|_| {}), "");
    let each = |pdf: &mut lopdf::Document, role: &str, change: &dyn Fn(&mut lopdf::Dictionary)| {
        for object in pdf.objects.values_mut() {
            if let Ok(dict) = object.as_dict_mut()
                && dict
                    .get(b"S")
                    .and_then(Object::as_name)
                    .is_ok_and(|name| name == role.as_bytes())
            {
                change(dict);
            }
        }
    };
    let found = broken(&|pdf| each(pdf, "Figure", &|dict| drop(dict.remove(b"Alt"))));
    assert!(found.contains("a figure without words"), "{found}");
    let found = broken(&|pdf| each(pdf, "TH", &|dict| drop(dict.remove(b"A"))));
    assert!(
        found.contains("without a scope") && found.contains("different width"),
        "{found}"
    );
    let found = broken(&|pdf| each(pdf, "H2", &|dict| dict.set("S", "H5")));
    assert!(found.contains("H5 after H1"), "{found}");
    let found = broken(&|pdf| {
        let page = *pdf.get_pages().values().next().unwrap();
        let mut content = pdf.get_page_content(page);
        content.extend(b" 0 0 5 5 re f");
        pdf.change_page_content(page, content).unwrap();
    });
    assert!(found.contains("page 1: f is not marked"), "{found}");
    let found = broken(&|pdf| {
        pdf.catalog_mut().unwrap().set("OpenAction", Object::Null);
        let info = pdf.trailer.get(b"Info").unwrap().as_reference().unwrap();
        pdf.get_dictionary_mut(info)
            .unwrap()
            .set("Title", Object::string_literal("x"));
    });
    assert!(
        found.contains("key OpenAction") && found.contains("Info Title"),
        "{found}"
    );
}

#[test]
fn poppler_reads_the_structure() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sample.pdf");
    std::fs::write(&path, render(&sample::document(), &Theme::default()).unwrap()).unwrap();
    let output = match Command::new("pdfinfo").arg("-struct-text").arg(&path).output() {
        Ok(output) => output,
        Err(error) => return eprintln!("skipped: pdfinfo: {error}"),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    for part in [
        "Table",
        "THead",
        "TBody",
        "/Scope /Column",
        "Figure",
        "LBody",
        "H1",
        "TOCI",
        "Link",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("Error"), "{said}");
}

/// Apache Preflight knows part 1 only; what it finds beside what part 2 allows, or calls itself, is wrong in both. It is in
/// Debian's libpdfbox2-java; `QIZHEN_PREFLIGHT` names another class path.
#[test]
fn preflight_finds_nothing_but_the_newer_part() {
    const NEWER: [&str; 4] = [
        "cross reference streams are not allowed",
        "The CIDSet entry is missing",
        "part must be 1",
        "conformance level must be A or B",
    ];
    let classes = std::env::var("QIZHEN_PREFLIGHT").unwrap_or_else(|_| "/usr/share/java/*".to_owned());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sample.pdf");
    std::fs::write(&path, render(&sample::document(), &Theme::default()).unwrap()).unwrap();
    let mut command = Command::new("java");
    command
        .args(["-cp", &classes, "org.apache.pdfbox.preflight.Validator_A1b"])
        .arg(&path);
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => return eprintln!("skipped: java: {error}"),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    if !text.contains("sample.pdf is") {
        return eprintln!("skipped: {}", String::from_utf8_lossy(&output.stderr));
    }
    let said = text
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let found: Vec<&str> = said
        .filter(|line| !NEWER.iter().any(|newer| line.contains(newer)))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_document_keeps_every_rule(blocks in any::blocks()) {
        let found = problems(&pdf(blocks));
        prop_assert!(found.is_empty(), "{:#?}", found);
    }
}
