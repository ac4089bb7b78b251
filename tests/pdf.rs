//! The PDF back end from the outside: bytes, text, links, outline.

#[path = "pdf/any.rs"]
mod any;
#[path = "pdf/sample.rs"]
mod sample;
mod support;

use std::{path::Path, process::Command};

use proptest::prelude::*;
use qizhen::report::{
    document::*,
    pdf::{page_count, render},
    theme::Theme,
};
use support::{squeeze, texts};

fn sample_pdf() -> Vec<u8> {
    render(&sample::document(), &Theme::default()).expect("the sample renders")
}

/// Runs a tool that may not be installed; `None` when it is not.
fn tool(name: &str, args: &[&str], pdf: &Path, rest: &[&str]) -> Option<std::process::Output> {
    match Command::new(name).args(args).arg(pdf).args(rest).output() {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("skipped: {name}: {error}");
            None
        }
    }
}

fn extract(bytes: &[u8], args: &[&str]) -> Option<String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sample.pdf");
    std::fs::write(&path, bytes).unwrap();
    let output = tool("pdftotext", args, &path, &["-"])?;
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn same_document_same_bytes() {
    let first = sample_pdf();
    assert!(first == sample_pdf());
    assert!(first.len() < 400_000, "{} bytes", first.len());
    assert!(page_count(&sample::document(), &Theme::default()).unwrap() > 8);
}

#[test]
fn every_text_of_the_document_can_be_extracted() {
    let Some(text) = extract(&sample_pdf(), &["-raw"]) else {
        return;
    };
    // Text that runs over a page has a head and a foot in between: take them out.
    let total = page_count(&sample::document(), &Theme::default()).unwrap();
    let mut all = squeeze(&text);
    let head = "报告编号QZ-2026-0417";
    for page in 1..=total {
        all = all.replace(&format!("自评结果，仅供企业内部参考第{page}页/共{total}页"), "");
    }
    while let Some(at) = all.find(head) {
        let from = all[..at].rfind("青岛经济").unwrap();
        all.replace_range(from..at + head.len(), "");
    }
    let mut wanted = Vec::new();
    texts(&sample::document().blocks, false, &mut wanted);
    for want in wanted.iter().filter(|w| !w.is_empty()) {
        assert!(all.contains(&squeeze(want)), "not found: {want}\nin {all}");
    }
    for ch in "㛃䶮𬭎★≥≤×·‰℃₂²³⁴—“”…".chars() {
        assert!(all.contains(ch), "{ch} is missing");
    }
}

#[test]
fn no_spaces_appear_between_chinese_and_latin() {
    let Some(text) = extract(&sample_pdf(), &["-layout"]) else {
        return;
    };
    assert!(text.contains("ERP、MES与WMS三套系统已上线运行"), "{text}");
    assert!(text.contains("设备联网率达到85.6%，高于"), "{text}");
}

#[test]
fn characters_that_share_a_glyph_keep_their_names() {
    // U+00B7 and U+2022 are one glyph in the font; the dash borrows another's; ㎡ is spelled out; ✓ is drawn as √.
    let text = "甲·乙•丙—丁―戊−己✓庚√辛☑壬H₂O癸㎡10⁻⁶";
    let blocks = vec![Block::Paragraph(vec![Inline::Text(text.into())])];
    let bytes = render(
        &Document {
            blocks,
            ..Document::default()
        },
        &Theme::default(),
    )
    .unwrap();
    let Some(found) = extract(&bytes, &[]) else { return };
    assert!(squeeze(&found).contains(&text.replace('㎡', "m²")), "{found}");
}

#[test]
fn the_cover_counts_but_shows_no_number() {
    let bytes = sample_pdf();
    let total = page_count(&sample::document(), &Theme::default()).unwrap();
    let (Some(cover), Some(second)) = (extract(&bytes, &["-l", "1"]), extract(&bytes, &["-f", "2", "-l", "2"])) else {
        return;
    };
    assert!(!cover.contains("共") && !cover.contains("报告编号"), "{cover}");
    assert!(squeeze(&second).contains(&format!("第2页/共{total}页")), "{second}");
}

#[test]
fn metadata_comes_from_the_document() {
    let pdf = lopdf::Document::load_mem(&sample_pdf()).unwrap();
    let info = pdf
        .get_dictionary(pdf.trailer.get(b"Info").unwrap().as_reference().unwrap())
        .unwrap();
    assert_eq!(
        info.get(b"CreationDate").unwrap().as_str().unwrap(),
        b"D:20261120000000+08'00'"
    );
    let title = lopdf::decode_text_string(info.get(b"Title").unwrap()).unwrap();
    assert_eq!(title, sample::document().meta.title);
    let catalog = pdf.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"zh-CN");
}

#[test]
fn a_character_that_no_font_has_is_marked_kept_and_named() {
    let blocks = vec![Block::Paragraph(vec![Inline::Text("一切正常😀，真的".into())])];
    let doc = Document {
        blocks,
        ..Document::default()
    };
    let Some(text) = extract(&render(&doc, &Theme::default()).expect("rendered"), &[]) else {
        return;
    };
    let text = squeeze(&text);
    assert!(text.contains("一切正常😀，真的"), "{text}");
    assert!(
        text.contains("字库缺1个字") && text.contains("U+1F600，第一次见于“一切正常😀，真的”"),
        "{text}"
    );
}

#[test]
fn qpdf_finds_nothing_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sample.pdf");
    std::fs::write(&path, sample_pdf()).unwrap();
    let Some(output) = tool("qpdf", &["--check"], &path, &[]) else {
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn outline_is_nested_and_links_are_there() {
    let pdf = lopdf::Document::load_mem(&sample_pdf()).unwrap();
    let catalog = pdf.catalog().unwrap();
    assert_eq!(catalog.get(b"PageMode").unwrap().as_name().unwrap(), b"UseOutlines");
    let root = pdf
        .get_dictionary(catalog.get(b"Outlines").unwrap().as_reference().unwrap())
        .unwrap();
    let first = pdf
        .get_dictionary(root.get(b"First").unwrap().as_reference().unwrap())
        .unwrap();
    let child = pdf
        .get_dictionary(first.get(b"First").unwrap().as_reference().unwrap())
        .unwrap();
    let dest = child.get(b"Dest").unwrap().as_array().unwrap();
    assert_eq!(dest[1].as_name().unwrap(), b"XYZ");
    let mut uris = 0;
    let mut inner = 0;
    for object in pdf.objects.values() {
        let Ok(dict) = object.as_dict() else { continue };
        if dict
            .get(b"Subtype")
            .and_then(|s| s.as_name())
            .is_ok_and(|s| s == b"Link")
        {
            assert_eq!(dict.get(b"F").unwrap().as_i64().unwrap(), 4);
            uris += usize::from(dict.has(b"A"));
            inner += usize::from(dict.has(b"Dest"));
        }
    }
    assert!(uris >= 2 && inner >= 10, "{uris} {inner}");
}

#[test]
fn the_empty_document_and_odd_blocks_render() {
    let odd = vec![
        Block::Table(Table::default()),
        Block::Tiles(vec![]),
        Block::Signature(vec![]),
        Block::List {
            start: Some(u64::MAX),
            items: vec![vec![], vec![Block::Rule]],
        },
        Block::Callout {
            tone: Tone::Bad,
            title: String::new(),
            body: vec![],
        },
        Block::Paragraph(vec![Inline::Break, Inline::Break]),
        Block::Toc {
            title: String::new(),
            depth: 0,
        },
        Block::Cover(Cover::default()),
        Block::Table(Table {
            rows: vec![
                Row::default(),
                Row {
                    cells: vec![vec![]; 40],
                    group: false,
                },
            ],
            ..Table::default()
        }),
    ];
    for blocks in [vec![], odd] {
        let bytes = render(
            &Document {
                blocks,
                ..Document::default()
            },
            &Theme::default(),
        )
        .unwrap();
        lopdf::Document::load_mem(&bytes).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_document_renders_to_a_readable_file(blocks in any::blocks()) {
        let meta = Meta { header_left: "页眉".into(), ..Meta::default() };
        let bytes = render(&Document { meta, blocks }, &Theme::default()).unwrap();
        let pdf = lopdf::Document::load_mem(&bytes).unwrap();
        prop_assert!(!pdf.get_pages().is_empty());
    }
}

/// `QIZHEN_SAMPLE_PDF=/tmp/sample.pdf cargo test --test pdf -- sample_to_look_at` writes the sample for the eye.
#[test]
fn sample_to_look_at() {
    if let Some(path) = std::env::var_os("QIZHEN_SAMPLE_PDF") {
        let doc = sample::document();
        render(&doc, &Theme::default()).unwrap();
        let mut best = std::time::Duration::MAX;
        let mut bytes = Vec::new();
        for _ in 0..10 {
            let start = std::time::Instant::now();
            bytes = render(&doc, &Theme::default()).unwrap();
            best = best.min(start.elapsed());
        }
        let start = std::time::Instant::now();
        let pages = page_count(&doc, &Theme::default()).unwrap();
        eprintln!(
            "{pages} pages, {} bytes, {best:?}, of which layout {:?}",
            bytes.len(),
            start.elapsed()
        );
        std::fs::write(&path, bytes).unwrap();
        let stress = render(&sample::stress(), &Theme::default()).unwrap();
        std::fs::write(Path::new(&path).with_extension("stress.pdf"), stress).unwrap();
    }
}

#[test]
fn no_text_leaves_the_page() {
    for doc in [sample::document(), sample::stress()] {
        let Some(boxes) = extract(&render(&doc, &Theme::default()).unwrap(), &["-bbox"]) else {
            return;
        };
        let number = |line: &str, key: &str| -> f32 {
            let from = line.find(&format!("{key}=\"")).unwrap() + key.len() + 2;
            line[from..].split('"').next().unwrap().parse().unwrap()
        };
        for line in boxes.lines().filter(|line| line.contains("<word ")) {
            let inside = number(line, "xMin") > 40.0
                && number(line, "xMax") < 595.3 - 40.0
                && number(line, "yMin") > 30.0
                && number(line, "yMax") < 841.9 - 20.0;
            assert!(inside, "{line}");
        }
    }
}
