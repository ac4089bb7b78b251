//! Footnotes and pictures, from the template's text to every format.

use std::io::Cursor;
use std::process::Command;

use qizhen::report::document::{Block, Document};
use qizhen::report::markdown::{parse, parse_with};
use qizhen::report::picture::{Picture, Pictures};
use qizhen::report::theme::Theme;
use qizhen::report::{html, pdf, plain};

fn photo(width: u32, height: u32, shade: u8) -> Picture {
    let image = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, shade])
    });
    let mut bytes = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg)
        .unwrap();
    Picture::read(&bytes).unwrap()
}

fn long(notes: bool) -> Document {
    let mut text = String::from("# 脚注\n\n");
    for index in 1..=60 {
        text.push_str(&format!(
            "第 {index} 段说的是设备联网率与数据采集之间的关系，句子要足够长，才会占到两行以上的位置"
        ));
        if notes && index % 5 == 0 {
            text.push_str(&format!("[第 {index} 段的出处，见《**工作方案**》附件。](note:)"));
        }
        text.push_str("。\n\n");
    }
    parse(&text).unwrap()
}

/// Text of each page; `None` without the tool.
fn pages(bytes: &[u8]) -> Option<Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.pdf");
    std::fs::write(&path, bytes).unwrap();
    match Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output() {
        Ok(output) => {
            let text = String::from_utf8(output.stdout).unwrap();
            Some(
                text.split('\u{c}')
                    .map(|page| page.split_whitespace().collect())
                    .collect(),
            )
        }
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    }
}

#[test]
fn a_footnote_stands_on_the_page_of_its_mark() {
    let theme = Theme::default();
    let bytes = pdf::render(&long(true), &theme).unwrap();
    if let Some(dir) = std::env::var_os("QIZHEN_LOOK") {
        std::fs::write(std::path::Path::new(&dir).join("notes.pdf"), &bytes).unwrap();
    }
    assert!(pdf::page_count(&long(true), &theme).unwrap() >= pdf::page_count(&long(false), &theme).unwrap());
    let Some(pages) = pages(&bytes) else { return };
    for (number, index) in (5..=60).step_by(5).enumerate() {
        let mark = format!("位置{}。", number + 1);
        let note = format!("第{index}段的出处，见《工作方案》附件");
        let with = |what: &str| pages.iter().filter(|page| page.contains(what)).count();
        assert_eq!(with(&note), 1, "{note}");
        let page = pages.iter().position(|page| page.contains(&note)).unwrap();
        assert!(
            pages[page].contains(&format!("第{index}段说的是")),
            "{note} is on page {page}"
        );
        assert!(
            pages[page].contains(&mark) || pages[page].contains("置。"),
            "{mark} {}",
            pages[page]
        );
    }
}

#[test]
fn a_footnote_in_a_table_cell_and_in_other_formats() {
    let text = "正文[甲](note:)。\n\n```table\ncolumns: [{head: 项}, {head: \"值[乙](note:)\"}]\nrows: [[一, \"2[丙](note:)\"]]\n```\n";
    let document = parse(text).unwrap();
    let web = html(&document, &Theme::default());
    for (number, word) in [(1, "甲"), (2, "乙"), (3, "丙")] {
        assert!(web.contains(&format!("href=\"#note-{number}\"")));
        assert!(web.contains(&format!("<li id=\"note-{number}\" value=\"{number}\">{word}")));
    }
    let markdown = plain::render(&document);
    assert!(
        markdown.contains("正文[^1]") && markdown.contains("[^3]: 丙"),
        "{markdown}"
    );
    let Some(pages) = pages(&pdf::render(&document, &Theme::default()).unwrap()) else {
        return;
    };
    assert!(
        ["甲", "乙", "丙"].iter().all(|word| pages[0].contains(word)),
        "{}",
        pages[0]
    );
    let long = format!("正文[{}](note:)。", "长".repeat(401));
    assert!(parse(&long).unwrap_err()[0].to_string().contains("不超过 400 字"));
}

#[test]
fn pictures_keep_their_shape_in_rows() {
    let pictures = Pictures::from([
        ("宽.jpg".to_owned(), photo(1600, 600, 40)),
        ("高.jpg".to_owned(), photo(600, 1600, 200)),
    ]);
    let text = "# 现场\n\n```pictures\ncolumns: 3\nitems:\n  - {src: 宽.jpg, caption: 一号车间的看板，只挂了产量}\n  - {src: 高.jpg, caption: 空压机房, alt: 两台空压机}\n  - {src: 宽.jpg, caption: 同一张}\n  - {src: 高.jpg}\n```\n\n```pictures\nitems: [{src: 宽.jpg, caption: 单张}]\n```\n";
    let document = parse_with(text, &pictures).unwrap();
    assert!(
        matches!(&document.blocks[1], Block::Pictures(gallery) if gallery.shots[0].alt == "一号车间的看板"
        || gallery.shots[0].alt.starts_with("一号车间"))
    );
    let bytes = pdf::render(&document, &Theme::default()).unwrap();
    if let Some(dir) = std::env::var_os("QIZHEN_LOOK") {
        std::fs::write(std::path::Path::new(&dir).join("pictures.pdf"), &bytes).unwrap();
    }
    assert!(bytes == pdf::render(&document, &Theme::default()).unwrap());
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let images = pdf.objects.values().filter(|object| {
        let dict = object.as_stream().map(|stream| &stream.dict);
        dict.is_ok_and(|dict| {
            dict.get(b"Subtype")
                .and_then(lopdf::Object::as_name)
                .is_ok_and(|n| n == b"Image")
        })
    });
    assert_eq!(images.count(), 2, "each picture is in the file once");
    let web = html(&document, &Theme::default());
    assert_eq!(web.matches("<img src=\"data:image/jpeg;base64,").count(), 5);
    assert!(web.contains("alt=\"两台空压机\""));
    let error = parse_with("```pictures\nitems: [{src: 宽.jpeg}]\n```\n", &pictures).unwrap_err();
    assert!(error[0].to_string().contains("宽.jpg"), "{}", error[0]);
}
