//! Reports at the edges: rare characters, long names, much, little and nothing. Every template in every form; no word is lost,
//! cut, outside of the page or over another.

#[path = "edge/cases.rs"]
mod cases;
#[path = "edge/geometry.rs"]
mod geometry;
mod support;

use std::path::Path;
use std::process::Command;

use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::report::{self, Report, Request, format::Format, photos, picture::Pictures};
use qizhen::seal::Order;
use qizhen::source::diagnostic;
use serde_json::Value;
use support::{squeeze, texts};

const TEMPLATES: [&str; 4] = ["standard", "onsite", "client", "brief"];

/// One report in every form, beside the blocks it was made of.
struct Made {
    name: String,
    report: Report,
    files: Vec<(Format, Vec<u8>)>,
}

impl Made {
    fn file(&self, format: Format) -> &[u8] {
        let found = self.files.iter().find(|(known, _)| *known == format);
        &found.expect("every form").1
    }

    /// What people read in the forms that flow: HTML, DOCX, Markdown.
    fn flowing(&self) -> [(Format, String); 3] {
        let utf8 = |format| String::from_utf8(self.file(format).to_vec()).expect("UTF-8");
        [
            (Format::Html, squeeze(&plain(&utf8(Format::Html)))),
            (Format::Docx, squeeze(&plain(&document_xml(self.file(Format::Docx))))),
            (Format::Md, squeeze(&utf8(Format::Md).replace('\\', ""))),
        ]
    }
}

/// Makes a case with every template in every form and holds it against all that must be true of any report.
fn check(case: &str, value: &Value, catalog: &Catalog, files: &[(String, &[u8])]) -> Vec<Made> {
    let dir = tempfile::tempdir().expect("temp dir");
    for (name, bytes) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }
    let text = serde_json::to_string_pretty(value).expect("JSON");
    let loaded = diagnosis::read(catalog, case, &text, "2026-11-22")
        .unwrap_or_else(|b| panic!("{case}: {}", diagnostic::render(&b.problems, &b.sources, false)));
    let diagnosis = diagnosis::diagnose(catalog, &loaded);
    let (photos, _): (Pictures, _) = photos::read(&dir.path().join("case.yaml"), &loaded);
    assert!(photos.len() >= files.len(), "{case}: {} photos", photos.len());
    let mut faults = Vec::new();
    let made = TEMPLATES.map(|template| {
        let name = format!("{case}, {template}");
        let order = Order {
            catalog,
            loaded: &loaded,
            diagnosis: &diagnosis,
            template,
            folder: None,
            photos: &photos,
            since: None,
            carried: true,
        };
        let files = order.files(&Format::ALL).unwrap_or_else(|why| panic!("{name}: {why}"));
        let mut request = Request::new(catalog, &diagnosis, template);
        request.photos = Some(&photos);
        let made = Made {
            report: report::make(&request).unwrap_or_else(|why| panic!("{name}: {why}")),
            files: Format::ALL.into_iter().zip(files).collect(),
            name,
        };
        faults.extend(check_pdf(&made));
        faults.extend(check_text(&made));
        made
    });
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    made.into()
}

fn check_pdf(made: &Made) -> Vec<String> {
    let mut out = Vec::new();
    let dir = tempfile::tempdir().expect("temp dir");
    let path = dir.path().join("report.pdf");
    std::fs::write(&path, made.file(Format::Pdf)).expect("written");
    if let Ok(keep) = std::env::var("QIZHEN_KEEP_REPORTS") {
        for (format, bytes) in &made.files {
            let name = made.name.replace(", ", "-");
            std::fs::write(Path::new(&keep).join(format!("{name}.{}", format.name())), bytes).expect("kept");
        }
    }
    match Command::new("qpdf").arg("--check").arg(&path).output() {
        Ok(said) => assert!(
            said.status.success(),
            "{}: {}",
            made.name,
            String::from_utf8_lossy(&said.stdout)
        ),
        Err(error) => eprintln!("skipped: qpdf: {error}"),
    }
    if let Some((words, size)) = geometry::words(&path) {
        let faults = geometry::faults(&words, size, made.report.theme.margin_x);
        let some: Vec<&String> = faults.iter().take(6).collect();
        if !faults.is_empty() {
            out.push(format!("{}: {} faults: {some:#?}", made.name, faults.len()));
        }
    }
    let Some(said) = pdf_text(made.file(Format::Pdf), &["-raw"]) else {
        return out;
    };
    let all = squeeze(&without_heads(&said, made));
    out.extend(lost(made, "pdf", &all));
    out
}

/// The text of a PDF; `None` where pdftotext is not installed.
fn pdf_text(pdf: &[u8], args: &[&str]) -> Option<String> {
    let dir = tempfile::tempdir().expect("temp dir");
    let path = dir.path().join("report.pdf");
    std::fs::write(&path, pdf).expect("written");
    let output = Command::new("pdftotext").args(args).arg(&path).arg("-").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The text of pages without running head and foot: a text may run over a page.
fn without_heads(text: &str, made: &Made) -> String {
    let meta = &made.report.document.meta;
    let number = |line: &str| line.starts_with('第') && line.contains("页 / 共") && line.ends_with('页');
    let head = |line: &str| {
        line.chars().count() > 3
            && [&meta.header_left, &meta.header_right, &meta.footer_left]
                .iter()
                .any(|of| of.contains(line))
    };
    let mut out = String::new();
    for page in text.split('\u{c}') {
        // Head and foot are drawn after everything else.
        let lines: Vec<&str> = page.lines().collect();
        let from = lines.len().saturating_sub(8);
        let tail = |line: &str| {
            let foot = line.strip_prefix(meta.footer_left.as_str()).unwrap_or(line).trim();
            number(foot) || head(line) || line.ends_with(meta.header_right.as_str())
        };
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(at, line)| *at < from || !tail(line.trim()));
        kept.for_each(|(_, line)| out.push_str(line));
    }
    out
}

fn check_text(made: &Made) -> Vec<String> {
    let mut out = Vec::new();
    for (format, text) in made.flowing() {
        if format != Format::Md {
            out.extend(lost(made, format.name(), &text));
        }
        for slip in ["undefined", "NaN", "{{", "}}"] {
            assert!(!text.contains(slip), "{}, {}: {slip}", made.name, format.name());
        }
    }
    for format in [Format::Docx, Format::Xlsx] {
        let zip = zip::ZipArchive::new(std::io::Cursor::new(made.file(format))).expect("a ZIP");
        assert!(zip.len() > 5, "{}", made.name);
    }
    let json: Value = serde_json::from_slice(made.file(Format::Json)).expect("JSON");
    assert_eq!(json["schema"], "qizhen/diagnosis/1");
    out
}

/// Every text of the report must be found; one that is long, and may run over a page beside others, by almost all of its
/// parts.
fn lost(made: &Made, form: &str, all: &str) -> Option<String> {
    let mut wanted = Vec::new();
    texts(&made.report.document.blocks, true, &mut wanted);
    let there = |want: &str| {
        let want = squeeze(&shown(want));
        let chars: Vec<char> = want.chars().collect();
        if all.contains(&want) {
            return true;
        }
        let parts: Vec<String> = chars.windows(6).map(|part| part.iter().collect()).collect();
        let found = parts.iter().filter(|part| all.contains(part.as_str())).count();
        // A short text in a narrow column stands line by line between those of its neighbours.
        let pieces = |size: usize| {
            chars
                .chunks(size)
                .all(|piece| all.contains(&piece.iter().collect::<String>()))
        };
        let short = chars.len() <= 12 && (2..chars.len()).any(pieces);
        short || parts.len() - found <= 12 * (1 + chars.len() / 400)
    };
    let lost: Vec<&String> = wanted.iter().filter(|want| !there(want)).collect();
    let some = &lost[..lost.len().min(5)];
    let said = format!(
        "{}, {form}: {} of {} texts not found: {some:#?}",
        made.name,
        lost.len(),
        wanted.len()
    );
    (!lost.is_empty()).then_some(said)
}

/// A text as reports print it.
fn shown(text: &str) -> String {
    text.replace('㎡', "m²")
}

/// Text of XML or HTML.
fn plain(markup: &str) -> String {
    let mut out = String::new();
    let body = markup.split_once("<body").map_or(markup, |(_, body)| body);
    for piece in body.split('<') {
        out.push_str(piece.split_once('>').map_or("", |(_, text)| text));
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(out, |text, (from, to)| text.replace(from, to))
}

fn document_xml(docx: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).expect("a ZIP");
    let mut part = zip.by_name("word/document.xml").expect("the document");
    std::io::read_to_string(&mut part).expect("UTF-8")
}

fn built_in() -> Catalog {
    Catalog::load(None).expect("built-in data")
}

#[test]
fn rare_characters() {
    for made in check("rare", &cases::rare(), &built_in(), &[]) {
        for (format, text) in made.flowing() {
            assert!(
                text.contains("青岛㛃䶮𬭎泵业有限公司"),
                "{}, {}",
                made.name,
                format.name()
            );
        }
    }
}

/// A font that has what the built-in ones lack, wherever fontconfig knows it.
fn spare_font() -> Option<Vec<u8>> {
    let output = Command::new("fc-match")
        .args(["-f", "%{file}", "DejaVu Sans:style=Book"])
        .output()
        .ok()?;
    let path = String::from_utf8_lossy(&output.stdout).into_owned();
    path.ends_with("DejaVuSans.ttf")
        .then(|| std::fs::read(path).ok())
        .flatten()
}

#[test]
fn a_font_of_the_template_folder_draws_what_is_lacking() {
    let Some(font) = spare_font() else {
        eprintln!("skipped: DejaVu Sans is not installed");
        return;
    };
    let dir = tempfile::tempdir().expect("temp dir");
    let folder = dir.path().join("report-templates/ours");
    std::fs::create_dir_all(&folder).expect("made");
    std::fs::write(folder.join("Spare.ttf"), font).expect("written");
    let theme = |name: &str| {
        let text = format!("schema: qizhen/theme/1\nextends: brief\nfonts:\n  regular: {name}\n");
        std::fs::write(folder.join("theme.yaml"), text).expect("written");
        Catalog::load(Some(dir.path())).expect("data")
    };
    let mut value = cases::rare();
    value["enterprise"]["name"] = "青岛😀Dvořák泵业有限公司".into();
    let catalog = theme("Spare.ttf");
    let text = value.to_string();
    let loaded = diagnosis::read(&catalog, "spare", &text, "2026-11-22").unwrap_or_else(|_| panic!("sound"));
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let make = |catalog: &Catalog| report::make(&Request::new(catalog, &diagnosis, "ours"));
    let pdf = make(&catalog).and_then(|report| report.pdf()).expect("a report");
    if let Some(text) = pdf_text(&pdf, &[]) {
        let text = squeeze(&text);
        assert!(text.contains("青岛😀Dvořák泵业有限公司"), "{text}");
        assert!(!text.contains("字库缺") && !text.contains("U+1F600"), "{text}");
    }
    let without = report::make(&Request::new(&built_in(), &diagnosis, "brief")).and_then(|report| report.pdf());
    if let Some(text) = pdf_text(&without.expect("a report"), &[]) {
        assert!(squeeze(&text).contains("字库缺2个字"), "{text}");
    }
    let error = make(&theme("Spear.ttf")).expect_err("no such font");
    assert!(error.contains("Spear.ttf") && error.contains("Spare.ttf"), "{error}");
    std::fs::write(folder.join("Broken.ttf"), "nothing").expect("written");
    let error = make(&theme("Broken.ttf")).expect_err("not a font");
    assert!(error.contains("不是能读的字体文件"), "{error}");
}

#[test]
fn long_company_name() {
    for made in check("long-name", &cases::long_name(), &built_in(), &[]) {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(made.file(Format::Docx))).expect("a ZIP");
        let mut part = zip.by_name("word/header1.xml").expect("a head");
        let head = std::io::read_to_string(&mut part).expect("UTF-8");
        assert!(plain(&head).contains(cases::LONG_NAME), "{}: {head}", made.name);
        drop(part);
        let Some(text) = pdf_text(made.file(Format::Pdf), &[]) else {
            continue;
        };
        let pages: Vec<String> = text
            .split('\u{c}')
            .map(squeeze)
            .filter(|page| !page.is_empty())
            .collect();
        let bare = pages.iter().filter(|page| !page.contains(cases::LONG_NAME)).count();
        assert_eq!(bare, 0, "{}: pages without the whole name", made.name);
    }
}

#[test]
fn empty_pool() {
    let mut catalog = built_in();
    catalog.pools.clear();
    check("empty-pool", &cases::pump(), &catalog, &[]);
}

#[test]
fn two_hundred_findings() {
    for made in check("findings", &cases::many_findings(), &built_in(), &[]) {
        if made.name.ends_with("onsite") {
            let all = made.flowing();
            assert!(
                all.iter()
                    .all(|(_, text)| (1..=200).all(|n| text.contains(&format!("第{n}号发现"))))
            );
        }
    }
}

#[test]
fn long_lists_of_machines() {
    for count in [40, 300] {
        for made in check(
            &format!("machines-{count}"),
            &cases::many_machines(count),
            &built_in(),
            &[],
        ) {
            if made.name.ends_with("standard") {
                let all = made.flowing();
                assert!(
                    all.iter()
                        .all(|(_, text)| (1..=count).all(|n| text.contains(&format!("{n}号电机"))))
                );
            }
        }
    }
}

#[test]
fn nothing_verified() {
    check("self-reported", &cases::self_reported(), &built_in(), &[]);
}

#[test]
fn nothing_answered() {
    check("unanswered", &cases::unanswered(), &built_in(), &[]);
}

#[test]
fn long_texts() {
    check("long-texts", &cases::long_texts(), &built_in(), &[]);
}

#[test]
fn twelve_photos() {
    let photo = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/evidence/erp.jpg")).expect("a photo");
    let files: Vec<(String, &[u8])> = (1..=12)
        .map(|n| (format!("evidence/photo-{n}.jpg"), photo.as_slice()))
        .collect();
    check("photos", &cases::photos(12), &built_in(), &files);
}

#[test]
fn one_standard() {
    check("one", &cases::one_standard(), &built_in(), &[]);
}

#[test]
fn every_standard() {
    let output = Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .args(["new", "--all"])
        .output()
        .expect("run");
    assert!(output.status.success());
    let mut value = cases::read(&String::from_utf8_lossy(&output.stdout));
    value["enterprise"] = cases::pump()["enterprise"].clone();
    value["date"] = "2026-11-20".into();
    check("all", &value, &built_in(), &[]);
}
