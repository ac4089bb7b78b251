//! The DOCX back end from the outside: parts, styles, fields, links, text.

#[path = "docx/check.rs"]
mod check;
#[path = "pdf/sample.rs"]
mod sample;
mod support;

use std::{collections::BTreeMap, io::Read, path::Path, process::Command};

use check::check;
use proptest::prelude::*;
use qizhen::report::{
    document::*,
    docx::{ExtraPart, render, render_with},
    theme::Theme,
};
use roxmltree::Document as Tree;
use support::{squeeze, texts};

type Parts = BTreeMap<String, Vec<u8>>;

fn parts(bytes: &[u8]) -> Parts {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = Parts::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(parts.insert(name, content).is_none());
    }
    parts
}

fn made(doc: &Document) -> Parts {
    parts(&render(doc, &Theme::default()).unwrap())
}

fn text<'p>(parts: &'p Parts, name: &str) -> &'p str {
    let part = parts
        .get(name)
        .unwrap_or_else(|| panic!("{name} is missing: {:?}", parts.keys()));
    std::str::from_utf8(part).unwrap()
}

fn body(blocks: Vec<Block>) -> String {
    let doc = Document {
        blocks,
        ..Document::default()
    };
    text(&made(&doc), "word/document.xml").to_owned()
}

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn value<'n>(node: roxmltree::Node<'n, '_>, name: &str) -> Option<&'n str> {
    node.attribute((W, name))
}

/// The text of a part as people read it.
fn read(xml: &str) -> String {
    let tree = Tree::parse(xml).unwrap();
    let shown = |node: &roxmltree::Node| node.has_tag_name((W, "t"));
    tree.descendants()
        .filter(shown)
        .filter_map(|node| node.text())
        .collect()
}

#[test]
fn same_document_same_bytes() {
    let make = || render(&sample::document(), &Theme::default()).unwrap();
    let first = make();
    assert!(first == make());
    assert!(first.len() < 400_000, "{} bytes", first.len());
}

#[test]
fn nothing_to_repair() {
    for doc in [sample::document(), sample::stress(), Document::default()] {
        check(&made(&doc));
    }
}

#[test]
fn every_text_of_the_document_is_there() {
    for doc in [sample::document(), sample::stress()] {
        let all = squeeze(&read(text(&made(&doc), "word/document.xml")));
        let mut wanted = Vec::new();
        texts(&doc.blocks, true, &mut wanted);
        assert!(wanted.len() > 20);
        for want in wanted {
            // XML has no control characters, and neither has the report.
            let want: String = squeeze(&want).chars().filter(|c| !c.is_control()).collect();
            assert!(all.contains(&want), "not found: {want}");
        }
    }
}

#[test]
fn styles_carry_the_outline() {
    let parts = made(&sample::document());
    let styles = Tree::parse(text(&parts, "word/styles.xml")).unwrap();
    let style = |id: &str| {
        styles
            .descendants()
            .find(|node| value(*node, "styleId") == Some(id))
            .unwrap()
    };
    let child = |id: &str, name: &str| {
        let found = style(id).descendants().find(|node| node.has_tag_name((W, name)))?;
        value(found, "val")
    };
    for (level, id) in ["Heading1", "Heading2", "Heading3", "Heading4"].into_iter().enumerate() {
        assert_eq!(child(id, "name"), Some(&*format!("heading {}", level + 1)));
        assert_eq!(child(id, "outlineLvl"), Some(&*level.to_string()));
    }
    for id in [
        "Title",
        "Normal",
        "Caption",
        "ListBullet",
        "ListNumber",
        "CalloutTitleWarn",
        "ReportTable",
        "Header",
    ] {
        style(id);
    }
    let font = styles
        .descendants()
        .find(|node| node.has_tag_name((W, "rFonts")))
        .unwrap();
    assert_eq!(value(font, "eastAsia"), Some("微软雅黑"));
    assert!(text(&parts, "word/styles.xml").contains("<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\""));
}

#[test]
fn the_contents_are_a_field_that_is_filled_in() {
    let parts = made(&sample::document());
    let xml = text(&parts, "word/document.xml");
    assert!(
        xml.contains(" TOC \\o &quot;1-2&quot; \\h \\z \\u "),
        "{}",
        &xml[..3000]
    );
    let begins = xml.matches("w:fldCharType=\"begin\"").count();
    assert_eq!(begins, xml.matches("w:fldCharType=\"end\"").count());
    let tree = Tree::parse(xml).unwrap();
    let contents = tree.descendants().find(|node| node.has_tag_name((W, "sdt"))).unwrap();
    let lines: Vec<String> = contents
        .descendants()
        .filter(|node| node.has_tag_name((W, "p")))
        .map(|line| {
            line.descendants()
                .filter(|n| n.has_tag_name((W, "t")))
                .filter_map(|n| n.text())
                .collect()
        })
        .collect();
    assert_eq!(lines[0], "目录");
    assert!(lines[1].starts_with("一、诊断结论3"), "{lines:?}");
    let listed = headings(&sample::document().blocks)
        .iter()
        .filter(|heading| heading.1 <= 2)
        .count();
    assert_eq!(lines.len(), listed + 1);
}

#[test]
fn heads_and_feet_run_on_all_pages_but_the_cover() {
    let parts = made(&sample::document());
    let xml = text(&parts, "word/document.xml");
    assert!(xml.contains("<w:titlePg/>"));
    let head = text(&parts, "word/header1.xml");
    assert!(read(head).contains("报告编号 QZ-2026-0417") && read(head).contains("青岛经济"));
    let foot = text(&parts, "word/footer1.xml");
    assert!(foot.contains(" PAGE ") && foot.contains(" NUMPAGES "));
    assert!(read(foot).starts_with("自评结果，仅供企业内部参考"));
    assert_eq!(read(text(&parts, "word/header2.xml")), "");
    assert_eq!(read(text(&parts, "word/footer2.xml")), "");
    assert!(head.contains("string=\"自评\""), "the watermark");
    // Without a cover all pages are alike.
    let plain = Document {
        blocks: vec![Block::Paragraph(vec![Inline::Text("正文".into())])],
        ..Document::default()
    };
    let parts = made(&plain);
    assert!(!parts.contains_key("word/header2.xml") && !text(&parts, "word/document.xml").contains("titlePg"));
}

#[test]
fn links_lead_inside_and_outside() {
    let parts = made(&sample::document());
    let xml = text(&parts, "word/document.xml");
    assert!(text(&parts, "word/_rels/document.xml.rels").contains("TargetMode=\"External\""));
    assert!(
        text(&parts, "word/_rels/document.xml.rels").contains("digital-transformation/sme/assessment?id=20241212&amp;")
    );
    let tree = Tree::parse(xml).unwrap();
    let inner = tree.descendants().find(|node| {
        node.has_tag_name((W, "hyperlink")) && node.descendants().any(|n| n.text() == Some("第二章的短板分析"))
    });
    let anchor = value(inner.unwrap(), "anchor").unwrap();
    let heading = tree
        .descendants()
        .find(|node| node.has_tag_name((W, "p")) && node.descendants().any(|n| value(n, "name") == Some(anchor)));
    assert!(
        heading
            .unwrap()
            .descendants()
            .any(|n| n.text() == Some("二、短板与提升路径"))
    );
}

#[test]
fn tables_repeat_their_heads_and_share_the_width_by_weight() {
    let parts = made(&sample::document());
    let tree = Tree::parse(text(&parts, "word/document.xml")).unwrap();
    let table = tree
        .descendants()
        .find(|node| {
            node.has_tag_name((W, "tbl"))
                && node
                    .descendants()
                    .any(|n| value(n, "val") == Some("表 1　60个采集项的得分明细"))
        })
        .unwrap();
    let rows: Vec<_> = table.children().filter(|n| n.has_tag_name((W, "tr"))).collect();
    let has = |row: &roxmltree::Node, name: &str| row.descendants().any(|n| n.has_tag_name((W, name)));
    assert!(has(&rows[0], "tblHeader") && !rows[1..].iter().any(|row| has(row, "tblHeader")));
    // All rows stay whole but the one that is longer than a page.
    assert_eq!(rows.iter().filter(|row| !has(row, "cantSplit")).count(), 1);
    let widths: Vec<f32> = table
        .descendants()
        .filter(|n| n.has_tag_name((W, "gridCol")))
        .map(|n| value(n, "w").unwrap().parse().unwrap())
        .collect();
    assert_eq!(widths.len(), 5);
    assert!((widths[2] / widths[1] - 2.0).abs() < 0.01, "{widths:?}");
    assert!(
        (widths.iter().sum::<f32>() - Theme::default().column() * 20.0).abs() < 4.0,
        "{widths:?}"
    );
}

#[test]
fn charts_are_pictures_with_words() {
    let parts = made(&sample::document());
    let xml = text(&parts, "word/document.xml");
    assert!(xml.contains("descr=\"图 2　数字化水平等级位置\""));
    let pictures: Vec<_> = parts
        .iter()
        .filter(|(name, _)| name.starts_with("word/media/"))
        .collect();
    assert!(pictures.len() >= 6, "{}", pictures.len());
    for (name, bytes) in pictures {
        let picture = qizhen::report::picture::Picture::read(bytes).unwrap();
        // The one square picture is the code.
        let code = picture.width == picture.height;
        assert!(
            picture.width >= 1000 || code && picture.width >= 300,
            "{name}: {picture:?}"
        );
        assert!(bytes.len() < 120_000, "{name}: {} bytes", bytes.len());
        // Not an empty sheet.
        let pixels = picture.pixels().unwrap();
        assert!(
            pixels.iter().filter(|byte| **byte < 250).count() * 200 > pixels.len(),
            "{name}"
        );
    }
}

#[test]
fn a_character_that_cannot_be_drawn_in_a_chart_stops_nothing() {
    let chart = qizhen::report::chart::Chart::Bars(
        serde_json::from_str(r#"{"max": 10, "bars": [{"label": "风机😀房", "value": 3}]}"#).unwrap(),
    );
    let blocks = vec![Block::Figure {
        chart,
        caption: "图 1".into(),
        alt: String::new(),
    }];
    let doc = Document {
        blocks,
        ..Document::default()
    };
    assert!(made(&doc).keys().any(|name| name.ends_with(".png")));
}

#[test]
fn text_may_hold_anything() {
    let doc = Document {
        blocks: vec![Block::Paragraph(vec![
            Inline::Text("甲\u{0}\u{8}<w:p>&\"'\u{fffe}😀乙\n丙".into()),
            Inline::Link {
                target: "https://例.cn/a b\"<>%zz".into(),
                text: vec![Inline::Text("链".into())],
            },
        ])],
        meta: Meta {
            title: "<&>".into(),
            date: "昨天".into(),
            watermark: "\"<自评>&".into(),
            ..Meta::default()
        },
    };
    let parts = made(&doc);
    check(&parts);
    assert!(read(text(&parts, "word/document.xml")).starts_with("甲<w:p>&\"'😀乙 丙"));
    assert!(
        !text(&parts, "docProps/core.xml").contains("dcterms:created"),
        "no date rather than a wrong one"
    );
}

#[test]
fn numbers_start_where_they_are_told() {
    let list = |start| Block::List {
        start,
        items: vec![
            vec![Block::Paragraph(vec![Inline::Text("一".into())])],
            vec![Block::Paragraph(vec![Inline::Text("二".into())])],
        ],
    };
    let doc = Document {
        blocks: vec![list(Some(3)), list(None), list(Some(1)), list(Some(u64::MAX))],
        ..Document::default()
    };
    let parts = made(&doc);
    let numbering = text(&parts, "word/numbering.xml");
    for start in [3, 1, 32767] {
        assert!(
            numbering.contains(&format!("<w:startOverride w:val=\"{start}\"/>")),
            "{start}"
        );
    }
    let xml = text(&parts, "word/document.xml");
    for number in [1, 3, 4, 5] {
        assert_eq!(
            xml.matches(&format!("<w:numId w:val=\"{number}\"/>")).count(),
            2,
            "{number}"
        );
    }
}

#[test]
fn footnotes_are_footnotes() {
    let note = Inline::Note {
        number: 1,
        text: vec![
            Inline::Text("见".into()),
            Inline::Link {
                target: "https://example.gov.cn/".into(),
                text: vec![Inline::Text("原文".into())],
            },
        ],
    };
    let doc = Document {
        blocks: vec![Block::Paragraph(vec![Inline::Text("依据".into()), note.clone(), note])],
        ..Document::default()
    };
    let parts = made(&doc);
    check(&parts);
    // A note that is marked twice is there once.
    let notes = text(&parts, "word/footnotes.xml");
    assert_eq!(notes.matches("<w:footnote w:id=\"1\"").count(), 1);
    assert_eq!(
        text(&parts, "word/document.xml")
            .matches("footnoteReference w:id")
            .count(),
        1
    );
    assert!(text(&parts, "word/document.xml").contains("<w:footnoteReference w:id=\"1\"/>"));
    assert!(read(text(&parts, "word/footnotes.xml")).contains("见原文"));
    assert!(text(&parts, "word/_rels/footnotes.xml.rels").contains("https://example.gov.cn/"));
    assert!(!made(&sample::document()).contains_key("word/footnotes.xml"));
}

#[test]
fn properties_come_from_the_document() {
    let parts = made(&sample::document());
    let core = text(&parts, "docProps/core.xml");
    assert!(core.contains("2026-11-20T00:00:00Z</dcterms:created>"), "{core}");
    assert!(core.contains(&sample::document().meta.title) && core.contains("企诊诊断工作室"));
}

#[test]
fn other_files_travel_along() {
    let part = |name: &str, kind: &str| ExtraPart {
        name: name.into(),
        content_type: kind.into(),
        bytes: b"<a/>".to_vec(),
    };
    let make = |extra: &[ExtraPart]| render_with(&Document::default(), &Theme::default(), extra);
    let parts = parts(
        &make(&[
            part("item1.xml", "application/xml"),
            part("data.json", "application/json"),
        ])
        .unwrap(),
    );
    check(&parts);
    assert_eq!(text(&parts, "customXml/item1.xml"), "<a/>");
    let rels = text(&parts, "word/_rels/document.xml.rels");
    assert!(
        rels.contains("relationships/customXml\" Target=\"../customXml/item1.xml\""),
        "{rels}"
    );
    assert!(rels.contains("../customXml/data.json"));
    for name in ["", "../x.xml", "a/b.xml", "数据.xml", ".x", "qizhenProps1.xml"] {
        assert!(
            make(&[part(name, "application/xml")]).unwrap_err().contains(name),
            "{name}"
        );
    }
    let twice = [part("a.xml", "text/xml"), part("A.xml", "text/xml")];
    assert!(make(&twice).unwrap_err().contains("两次"));
}

#[test]
fn photos_and_logos_are_there_once() {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_fn(300, 200, |x, y| image::Rgb([x as u8, y as u8, 9]));
    image
        .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    let picture = qizhen::report::picture::Picture::read(&bytes).unwrap();
    let shot = |caption: &str| Shot {
        picture: picture.clone(),
        caption: caption.into(),
        alt: "车间".into(),
    };
    let shots = vec![shot("甲"), shot(""), shot("丙"), shot("丁")];
    let doc = Document {
        meta: Meta {
            logo: Some(picture.clone()),
            ..Meta::default()
        },
        blocks: vec![
            Block::Cover(Cover {
                logo: Some(picture.clone()),
                title: "报告".into(),
                ..Cover::default()
            }),
            Block::Pictures(Gallery { columns: 3, shots }),
            Block::Pictures(Gallery {
                columns: 1,
                shots: vec![shot("大")],
            }),
        ],
    };
    let parts = made(&doc);
    check(&parts);
    assert_eq!(parts.keys().filter(|name| name.starts_with("word/media/")).count(), 1);
    let xml = text(&parts, "word/document.xml");
    assert_eq!(
        (xml.matches("<w:drawing>").count(), xml.matches("<wp:docPr").count()),
        (6, 6)
    );
    assert_eq!(
        xml.matches("descr=\"车间\"").count(),
        10,
        "on the picture and on its frame"
    );
    assert!(text(&parts, "word/header1.xml").contains("<w:drawing>"));
    for caption in ["甲", "丙", "丁", "大"] {
        assert!(read(xml).contains(caption));
    }
}

#[test]
fn a_page_break_makes_one_page() {
    let p = |text: &str| Block::Paragraph(vec![Inline::Text(text.into())]);
    let xml = body(vec![
        p("甲"),
        Block::PageBreak,
        Block::PageBreak,
        p("乙"),
        Block::PageBreak,
    ]);
    assert_eq!(xml.matches("pageBreakBefore").count(), 1);
    let table = Block::Tiles(vec![Tile::default(), Tile::default()]);
    let xml = body(vec![p("甲"), Block::PageBreak, table]);
    let breaks = xml.find("pageBreakBefore").unwrap();
    assert!(breaks < xml.find("<w:tbl>").unwrap());
}

/// The PDF that LibreOffice makes of a document, where it is installed.
fn converted(bytes: &[u8], dir: &Path) -> Option<std::path::PathBuf> {
    let path = dir.join("report.docx");
    std::fs::write(&path, bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
    let args = ["--headless", "--convert-to", "pdf", "--outdir"];
    match Command::new("soffice")
        .arg(profile)
        .args(args)
        .arg(dir)
        .arg(&path)
        .output()
    {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(error) => {
            eprintln!("skipped: soffice: {error}");
            return None;
        }
    }
    Some(dir.join("report.pdf"))
}

#[test]
fn libreoffice_opens_it() {
    let dir = tempfile::tempdir().unwrap();
    let Some(pdf) = converted(&render(&sample::document(), &Theme::default()).unwrap(), dir.path()) else {
        return;
    };
    let pages = lopdf::Document::load(&pdf).unwrap().get_pages().len();
    let ours = qizhen::report::pdf::page_count(&sample::document(), &Theme::default()).unwrap();
    assert!(pages.abs_diff(ours) <= 2, "{pages} pages, the PDF has {ours}");
    let Ok(output) = Command::new("pdftotext").arg("-raw").arg(&pdf).arg("-").output() else {
        eprintln!("skipped: pdftotext");
        return;
    };
    let all = squeeze(&String::from_utf8(output.stdout).unwrap());
    for want in [
        "数字化转型与绿色制造诊断报告",
        "㛃䶮",
        "第2页/共",
        "1.2.1计量单位与符号",
        "负责人（签字）",
    ] {
        assert!(all.contains(want), "not found: {want}");
    }
}

/// `QIZHEN_SAMPLE_DOCX=/tmp/sample.docx cargo test --test docx -- sample_to_look_at` writes the sample for the eye.
#[test]
fn sample_to_look_at() {
    if let Some(path) = std::env::var_os("QIZHEN_SAMPLE_DOCX") {
        let doc = sample::document();
        let start = std::time::Instant::now();
        let bytes = render(&doc, &Theme::default()).unwrap();
        eprintln!("{} bytes, {:?}", bytes.len(), start.elapsed());
        std::fs::write(&path, bytes).unwrap();
        let stress = render(&sample::stress(), &Theme::default()).unwrap();
        std::fs::write(Path::new(&path).with_extension("stress.docx"), stress).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_nesting_is_sound(depth in 0..12_usize, kinds in prop::collection::vec(0..6_u8, 0..6)) {
        let leaf = |kind: u8| match kind {
            0 => Block::Paragraph(vec![Inline::Text("文".into())]),
            1 => Block::Table(Table { rows: vec![Row { cells: vec![vec![]], group: true }], ..Table::default() }),
            2 => Block::Tiles(vec![Tile::default(); 5]),
            3 => Block::Signature(vec![SignBox::default(); 4]),
            4 => Block::PageBreak,
            _ => Block::Cover(Cover { badges: vec![GradeBadge::default(); 3], ..Cover::default() }),
        };
        let mut blocks: Vec<Block> = kinds.iter().map(|kind| leaf(*kind)).collect();
        for level in 0..depth {
            blocks = match level % 2 {
                0 => vec![Block::List { start: (level % 4 == 0).then_some(level as u64), items: vec![blocks.clone(), blocks] }],
                _ => vec![Block::Callout { tone: Tone::Info, title: String::new(), body: blocks }, Block::Rule],
            };
            if level > 6 { break; }
        }
        let doc = Document { blocks, ..Document::default() };
        check(&made(&doc));
    }
}
