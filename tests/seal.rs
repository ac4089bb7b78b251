//! Reports that carry their data: whatever is changed afterwards is found, by whom it was signed is told.

#[path = "pdf/archival.rs"]
mod archival;
#[path = "pdf/rules.rs"]
mod rules;
#[allow(dead_code, reason = "the tests of the structure use all of it")]
#[path = "pdf/tagged.rs"]
mod tagged;

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

use proptest::prelude::*;
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Loaded};
use qizhen::report::format::Format;
use qizhen::report::picture::{Picture, Pictures};
use qizhen::seal::keys::{Role, Signer, Trusted};
use qizhen::seal::sign::{Judgement, Signatures, sign};
use qizhen::seal::verify::{Checked, Unchecked, Verdict, verify};
use qizhen::seal::{Data, Kind, Order, canonical, carriers, sha256, words};

const TODAY: &str = "2026-11-22";
const KINDS: [Kind; 4] = [Kind::Pdf, Kind::Html, Kind::Docx, Kind::Json];

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::load(None).expect("built-in data"))
}

fn example() -> String {
    std::fs::read_to_string("examples/pump-maker.assessment.yaml").expect("the example")
}

fn load(catalog: &Catalog, text: &str) -> Loaded {
    diagnosis::read(catalog, "dir/pump-maker.assessment.yaml", text, TODAY)
        .unwrap_or_else(|broken| panic!("{:?}", broken.problems))
}

fn make(catalog: &Catalog, text: &str, template: &str, photos: &Pictures, kind: Kind) -> Vec<u8> {
    let loaded = load(catalog, text);
    let diagnosis = diagnosis::diagnose(catalog, &loaded);
    let order = Order {
        catalog,
        loaded: &loaded,
        diagnosis: &diagnosis,
        template,
        folder: None,
        photos,
        since: None,
        carried: true,
    };
    let format = Format::ALL
        .into_iter()
        .find(|format| Kind::of_format(*format) == Some(kind));
    order.files(&[format.unwrap()]).unwrap().remove(0)
}

/// The example as a file of this kind, made once.
fn sealed(kind: Kind) -> &'static [u8] {
    static FILES: [OnceLock<Vec<u8>>; 4] = [const { OnceLock::new() }; 4];
    let place = KINDS.iter().position(|known| *known == kind).unwrap();
    FILES[place].get_or_init(|| make(catalog(), &example(), "standard", &Pictures::new(), kind))
}

fn check(file: &[u8]) -> Result<Checked, Unchecked> {
    verify(catalog(), &[], TODAY, file)
}

fn said(file: &[u8]) -> String {
    match check(file) {
        Ok(checked) => words::checked("报告", &checked),
        Err(why) => words::unchecked("报告", &why),
    }
}

fn passes(file: &[u8]) -> bool {
    check(file).is_ok_and(|checked| checked.verdict() == Verdict::Same)
}

fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = file.windows(from.len()).position(|window| window == from.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{from} is there"));
    [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat()
}

fn position(file: &[u8], text: &str) -> usize {
    file.windows(text.len())
        .position(|window| window == text.as_bytes())
        .unwrap()
}

#[test]
fn what_the_program_writes_is_what_it_finds() {
    for kind in KINDS {
        let file = sealed(kind);
        assert!(
            file == make(catalog(), &example(), "standard", &Pictures::new(), kind),
            "{kind:?} twice"
        );
        let checked = check(file).unwrap();
        assert_eq!(checked.verdict(), Verdict::Same, "{}", said(file));
        assert_eq!(checked.data.assessment, example());
        assert!(checked.standards.len() >= 3);
        if kind != Kind::Docx {
            let again = carriers::attach(kind, &checked.held.body, &checked.raw, None).unwrap();
            assert!(again == file);
        }
    }
}

#[test]
fn every_template_can_be_checked() {
    for template in catalog().templates.keys() {
        let file = make(catalog(), &example(), template, &Pictures::new(), Kind::Html);
        assert!(passes(&file), "{template}: {}", said(&file));
        let printed = std::str::from_utf8(&file).unwrap().contains("class=\"seal-code\"");
        assert_eq!(
            printed,
            template != "brief",
            "{template}: the code stands where something is signed"
        );
    }
}

#[test]
fn one_code_for_all_forms_and_another_for_other_answers() {
    let code = |file: &[u8]| check(file).unwrap().data.code;
    let first = code(sealed(Kind::Pdf));
    assert!(KINDS.iter().all(|kind| code(sealed(*kind)) == first));
    let other = example().replacen("q01: [b, c]", "q01: [b]", 1);
    assert_ne!(other, example());
    let other = make(catalog(), &other, "standard", &Pictures::new(), Kind::Html);
    assert_ne!(code(&other), first);
    let html = std::str::from_utf8(sealed(Kind::Html)).unwrap();
    assert!(html.contains(&words::digits(&first)), "it is printed");
    assert!(html.contains(&format!(
        "aria-label=\"二维码：qizhen:1:QZ-20261120-00000K:{}\"",
        &first[..32]
    )));
    // The data block is no script to a browser: the policy stays as strict as it was.
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'"));
    assert_eq!(html.matches("<script").count(), 1);
}

/// Property: no single byte can be another one.
fn any_byte(kind: Kind, place: usize, bit: u8) -> Result<(), TestCaseError> {
    let mut file = sealed(kind).to_vec();
    let place = place % file.len();
    file[place] ^= 1 << bit;
    prop_assert!(!passes(&file), "{kind:?}: byte {place}, bit {bit}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn no_byte_of_a_pdf_can_change(place: usize, bit in 0..8_u8) {
        any_byte(Kind::Pdf, place, bit)?;
    }

    #[test]
    fn no_byte_of_a_page_can_change(place: usize, bit in 0..8_u8) {
        any_byte(Kind::Html, place, bit)?;
    }

    #[test]
    fn no_byte_of_a_diagnosis_can_change(place: usize, bit in 0..8_u8) {
        any_byte(Kind::Json, place, bit)?;
    }

    /// The data themselves, which are a small part of a PDF.
    #[test]
    fn no_byte_of_the_data_can_change(place: usize, bit in 0..8_u8) {
        let mut file = sealed(Kind::Pdf).to_vec();
        let from = position(&file, "{\"schema\":\"qizhen/seal/1\"");
        let len = check(&file).unwrap().raw.len();
        file[from + place % len] ^= 1 << bit;
        prop_assert!(!passes(&file));
    }
}

#[test]
fn every_digit_of_the_data_counts() {
    // Written again so that the file is whole in itself: only the arithmetic can find it.
    let file = sealed(Kind::Html);
    let checked = check(file).unwrap();
    let forge = |change: &dyn Fn(&mut Data)| {
        let mut data = checked.data.clone();
        change(&mut data);
        data.check = data.checksum().unwrap();
        carriers::attach(Kind::Html, &checked.held.body, &canonical(&data).unwrap(), None).unwrap()
    };
    assert!(passes(&forge(&|_| {})));
    let better = forge(&|data| {
        let score = data.results[0].score.unwrap();
        data.results[0].score = Some(score + 0.1);
    });
    let told = said(&better);
    assert!(told.starts_with("报告：不一致"), "{told}");
    assert!(told.contains("重算的结果不同") && told.contains("得分和等级"), "{told}");
    let graded = forge(&|data| data.results[0].grade = Some((4, "协同级".into())));
    assert!(said(&graded).contains("四级"), "{}", said(&graded));
    let changes: [&dyn Fn(&mut Data); 8] = [
        &|data| data.enterprise.push('x'),
        &|data| data.date = "2026-11-21".into(),
        &|data| data.report_no.push('x'),
        &|data| data.template.push('x'),
        &|data| data.diagnosis = sha256(b""),
        &|data| data.text = sha256(b""),
        &|data| data.rules.facts = sha256(b""),
        &|data| data.kind = Kind::Json,
    ];
    for (index, change) in changes.iter().enumerate() {
        let file = forge(change);
        assert!(!passes(&file), "change {index}: {}", said(&file));
    }
    // Something on which nothing rests but the data's own digest.
    let mut data = checked.data.clone();
    data.photos.insert("x.jpg".into(), None);
    let renamed = carriers::attach(Kind::Html, &checked.held.body, &canonical(&data).unwrap(), None).unwrap();
    assert!(said(&renamed).contains("自己的摘要"), "{}", said(&renamed));
    // Other answers, with everything that rests on them made to fit but the report.
    let answers = forge(&|data| {
        data.assessment = data.assessment.replacen("q01: [b, c]", "q01: [b]", 1);
        data.code = qizhen::seal::code(&data.program, &data.rules, &data.assessment);
    });
    let told = said(&answers);
    assert!(told.contains("不一致") && told.contains("校验码"), "{told}");
    // Another program is claimed, so that nobody could compare: it does not become good by that.
    let elsewhere = forge(&|data| {
        data.program = "0.0.1".into();
        data.code = qizhen::seal::code(&data.program, &data.rules, &data.assessment);
    });
    let checked = check(&elsewhere).unwrap();
    assert_eq!(checked.verdict(), Verdict::Unproven, "{}", said(&elsewhere));
}

#[test]
fn changed_text_is_shown_where_it_is() {
    let html = sealed(Kind::Html);
    let text = std::str::from_utf8(html).unwrap();
    let at = text.find("满分 100").expect("a score in words");
    let line = text[..at].lines().count();
    let told = said(&replaced(html, "满分 100", "满分 101"));
    assert!(
        told.contains(&format!("第 {line} 行")) && told.contains("满分 101"),
        "{told}"
    );
    let told = said(&replaced(sealed(Kind::Json), "\"full\": 100.0", "\"full\": 101.0"));
    assert!(told.contains("101.0") && told.contains("不一致"), "{told}");
    // Written again by another program: the data are found, and that it was written again.
    let value: serde_json::Value = serde_json::from_slice(sealed(Kind::Json)).unwrap();
    let told = said(value.to_string().as_bytes());
    assert!(
        told.starts_with("报告：不一致") && !told.contains("重算的结果不同"),
        "{told}"
    );
    let told = said(&replaced(html, "</body>", "<script>alert(1)</script></body>"));
    assert!(told.starts_with("报告：不一致"), "{told}");
}

#[test]
fn a_changed_page_of_a_pdf_is_named() {
    let file = sealed(Kind::Pdf);
    let mut document = lopdf::Document::load_mem(file).unwrap();
    let page = document.get_pages()[&3];
    let content = document.get_page_content(page);
    document
        .change_page_content(page, [&content[..], b"\n0 0 10 10 re f\n"].concat())
        .unwrap();
    let mut saved = Vec::new();
    document.save_to(&mut saved).unwrap();
    let told = said(&saved);
    assert!(told.starts_with("报告：不一致") && told.contains("第 3 页"), "{told}");
    // The same page replaced by an update behind the file, which leaves every byte of it where it was.
    let document = lopdf::Document::load_mem(file).unwrap();
    let mut update = lopdf::IncrementalDocument::create_from(file.to_vec(), document);
    update.opt_clone_object_to_new_document(page).unwrap();
    let dictionary = update.new_document.get_object_mut(page).unwrap().as_dict_mut().unwrap();
    dictionary.set("Rotate", 90);
    let mut saved = Vec::new();
    update.save_to(&mut saved).unwrap();
    assert!(saved.starts_with(file));
    assert!(said(&saved).starts_with("报告：不一致"), "{}", said(&saved));
    // Even white space behind the end.
    assert!(!passes(&[file, b"\n"].concat()));
}

/// What the archives' and the blind readers' standards ask for holds with attachments, too.
#[test]
fn a_sealed_pdf_keeps_every_rule() {
    let signer = Signer::new("某诊断公司", Role::Assessor).unwrap();
    for file in [sealed(Kind::Pdf), &signed(sealed(Kind::Pdf), &[&signer])] {
        let problems = rules::problems(file);
        assert!(problems.is_empty(), "{problems:#?}");
    }
}

#[test]
fn outside_tools_read_the_attachment() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("r.pdf");
    let signer = Signer::new("某诊断公司", Role::Assessor).unwrap();
    std::fs::write(&path, signed(sealed(Kind::Pdf), &[&signer])).unwrap();
    let run = |program: &str, args: &[&str]| match Command::new(program).args(args).arg(&path).output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(error) => {
            eprintln!("skipped: {program}: {error}");
            None
        }
    };
    if let Some(said) = run("qpdf", &["--check"]) {
        assert!(said.contains("No syntax or stream encoding errors"), "{said}");
    }
    if let Some(said) = run("pdfdetach", &["-list"]) {
        assert!(
            said.contains("qizhen-data.json") && said.contains("qizhen-signatures.json"),
            "{said}"
        );
    }
    let out = dir.path().join("data.json");
    let arg = out.to_string_lossy().into_owned();
    if run("pdfdetach", &["-save", "1", "-o", &arg]).is_some() {
        let data = Data::parse(&std::fs::read(&out).unwrap()).unwrap();
        assert_eq!(data.assessment, example());
    }
}

#[test]
fn another_edition_of_the_rules_says_what_both_say() {
    let rules = std::fs::read_to_string("scoring-rules/sme-digital-2024.yaml").unwrap();
    let with = |text: String| {
        Catalog::load_texts(&[("scoring-rules/sme-digital-2024.yaml", &text)])
            .unwrap_or_else(|b| panic!("{:?}", b.problems))
    };
    let told = |catalog: &Catalog| {
        let checked = verify(catalog, &[], TODAY, sealed(Kind::Pdf)).unwrap();
        (checked.verdict(), words::checked("报告", &checked))
    };
    let (verdict, text) = told(&with(format!("{rules}# 一条说明\n")));
    assert_eq!(verdict, Verdict::Unproven, "{text}");
    assert!(
        text.contains("评分规则变了；两版都是") && text.contains("文字没有核对"),
        "{text}"
    );
    let harder = rules.replace("{a: 0, b: 2, c: 2, d: 2, e: 2}", "{a: 0, b: 1, c: 2, d: 3, e: 2}");
    assert_ne!(harder, rules);
    let (verdict, text) = told(&with(harder));
    assert_eq!(verdict, Verdict::Different, "{text}");
    assert!(
        text.contains("报告写") && text.contains("重算是") && text.contains("评分规则变了；当时"),
        "{text}"
    );
    let others = text.lines().filter(|line| line.contains("变了")).count();
    assert_eq!(others, 1, "only that standard: {text}");
}

fn signed(file: &[u8], signers: &[&Signer]) -> Vec<u8> {
    let checked = check(file).unwrap();
    let mut all = Signatures {
        signatures: checked
            .signatures
            .iter()
            .map(|judged| judged.signature.clone())
            .collect(),
        ..Signatures::default()
    };
    for signer in signers {
        all.signatures
            .push(sign(signer, checked.kind, &checked.raw, TODAY).unwrap());
    }
    carriers::with_signatures(checked.kind, &checked.held, &checked.raw, &canonical(&all).unwrap()).unwrap()
}

fn judgements(file: &[u8], trusted: &[Trusted]) -> Vec<Judgement> {
    let checked = verify(catalog(), trusted, TODAY, file).unwrap();
    checked.signatures.into_iter().map(|judged| judged.judgement).collect()
}

#[test]
fn signatures_are_valid_trusted_or_neither() {
    let assessor = Signer::new("某诊断公司", Role::Assessor).unwrap();
    let plant = Signer::new("青岛示例泵业有限公司", Role::Enterprise).unwrap();
    let list = |lines: &str| Trusted::read("trust.yaml", &format!("schema: qizhen/trust/1\nkeys:\n{lines}")).unwrap();
    let entry = |name: &str, role: &str, rest: &str| {
        let key = qizhen::seal::keys::encode(&assessor.public());
        list(&format!("  - {{name: {name}, role: {role}, key: {key}{rest}}}\n"))
    };
    for kind in KINDS {
        let once = signed(sealed(kind), &[&assessor]);
        let both = signed(&once, &[&plant]);
        assert!(
            both == signed(sealed(kind), &[&assessor, &plant]),
            "one after the other or at once"
        );
        assert!(passes(&both), "{}", said(&both));
        let trusted = Trusted::read("a.pub", &assessor.public_file()).unwrap();
        assert_eq!(trusted, entry("某诊断公司", "诊断单位", ""));
        let found = judgements(&both, &trusted);
        assert_eq!(found[0], Judgement::Trusted);
        assert!(matches!(found[1], Judgement::Untrusted(_)));
        assert!(matches!(judgements(&both, &[])[0], Judgement::Untrusted(_)));
        if kind != Kind::Html {
            continue;
        }
        for (list, why) in [
            (entry("别的公司", "诊断单位", ""), "属于 别的公司"),
            (entry("某诊断公司", "服务商", ""), "服务商"),
            (
                entry("某诊断公司", "诊断单位", ", until: 2026-11-21"),
                "到 2026-11-21 为止",
            ),
            (
                entry("某诊断公司", "诊断单位", ", from: 2026-11-23"),
                "从 2026-11-23 起",
            ),
        ] {
            match &judgements(&both, &list)[0] {
                Judgement::Untrusted(found) => assert!(found.contains(why), "{found}"),
                other => panic!("{other:?} for {why}"),
            }
        }
        let inside = entry("某诊断公司", "诊断单位", ", from: 2026-11-22, until: 2026-11-22");
        assert_eq!(judgements(&both, &inside)[0], Judgement::Trusted);
        // Another name, another day, another role: not what was signed.
        for (from, to) in [
            ("\"name\":\"某诊断公司\"", "\"name\":\"某诊断分公司\""),
            ("\"date\":\"2026-11-22\"", "\"date\":\"2026-11-21\""),
            ("\"role\":\"诊断单位\"", "\"role\":\"赋能中心\""),
        ] {
            let checked = check(&both).unwrap();
            let signatures = replaced(checked.held.signatures.as_ref().unwrap(), from, to);
            let forged = carriers::with_signatures(kind, &checked.held, &checked.raw, &signatures).unwrap();
            let checked = verify(catalog(), &trusted, TODAY, &forged).unwrap();
            assert_eq!(checked.signatures[0].judgement, Judgement::Invalid);
            assert_eq!(checked.verdict(), Verdict::Different);
        }
    }
    // Taken from another report, and from another form of the same one.
    let other = example().replacen("q01: [b, c]", "q01: [b]", 1);
    let other = make(catalog(), &other, "standard", &Pictures::new(), Kind::Html);
    let (from_pdf, page) = (signed(sealed(Kind::Pdf), &[&assessor]), sealed(Kind::Html));
    let from_page = signed(page, &[&assessor]);
    for (signatures, onto) in [(&from_page, &other[..]), (&from_pdf, page)] {
        let signatures = check(signatures).unwrap().held.signatures.unwrap();
        let checked = check(onto).unwrap();
        let forged = carriers::with_signatures(Kind::Html, &checked.held, &checked.raw, &signatures).unwrap();
        assert_eq!(judgements(&forged, &[])[0], Judgement::Invalid);
    }
}

#[test]
fn a_trusted_signature_vouches_for_text_of_another_edition() {
    let assessor = Signer::new("某诊断公司", Role::Assessor).unwrap();
    let trusted = Trusted::read("a.pub", &assessor.public_file()).unwrap();
    let file = signed(sealed(Kind::Html), &[&assessor]);
    let advice = std::fs::read_to_string("advice/sme-digital-2024.yaml").unwrap();
    let edition = Catalog::load_texts(&[("advice/sme-digital-2024.yaml", &format!("{advice}# 一条说明\n"))]).unwrap();
    let verdict = |trusted: &[Trusted], file: &[u8]| verify(&edition, trusted, TODAY, file).unwrap().verdict();
    assert_eq!(verdict(&trusted, &file), Verdict::Vouched);
    assert_eq!(verdict(&[], &file), Verdict::Unproven);
    assert_eq!(
        verdict(&trusted, &replaced(&file, "满分 100", "满分 101")),
        Verdict::Different
    );
}

#[test]
fn keys_are_read_as_they_were_written() {
    let signer = Signer::new("a: \"b\" #c", Role::Centre).unwrap();
    let again = Signer::read("a.key", &signer.private_file()).unwrap();
    assert_eq!((again.name.as_str(), again.role), ("a: \"b\" #c", Role::Centre));
    assert_eq!(again.public(), signer.public());
    for (text, wanted) in [
        (signer.public_file(), "qizhen/private-key/1"),
        (signer.private_file().replace("赋能中心", "中心"), "中心"),
        (signer.private_file().replace("key: ", "key: x"), "密钥"),
    ] {
        let broken = Signer::read("a.key", &text).err().expect("refused");
        let told = qizhen::source::diagnostic::render(&broken.problems, &broken.sources, false);
        assert!(told.contains(wanted), "{told}");
    }
    let trust = "schema: qizhen/trust/1\nkeys:\n  - {name: x, role: 企业, key: x, until: 明年}\n";
    let broken = Trusted::read("trust.yaml", trust).unwrap_err();
    assert_eq!(broken.problems.len(), 2, "{:?}", broken.problems);
}

#[test]
fn photos_are_taken_from_the_report_itself() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("report-templates/photos");
    std::fs::create_dir_all(&folder).unwrap();
    let template = "# 佐证 {#e}\n\n{% for e in evidence %}{% if e.photo and loop.index < 3 %}\n```pictures\nitems:\n  - {src: {{ e.photo }}, caption: {{ e.no }}}\n```\n{% endif %}{% endfor %}\n{{ evidence|length }} 件，缺 {{ evidence|selectattr(\"lost\")|list|length }} 件\n";
    std::fs::write(folder.join("template.md.j2"), template).unwrap();
    let catalog = Catalog::load(Some(dir.path())).unwrap();
    let long = "q01: {value: [b, c], evidence: [a.png, b.jpg, c.jpg, d.jpg]}";
    let text = example().replacen("q01: [b, c]", long, 1);
    let picture = |shade: u8, format: image::ImageFormat| {
        let pixels = image::RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 6, y as u8 * 8, shade]));
        let mut bytes = Cursor::new(Vec::new());
        pixels.write_to(&mut bytes, format).unwrap();
        Picture::read(&bytes.into_inner()).unwrap()
    };
    // The third is at hand and not shown, the fourth is not at hand.
    let photos = Pictures::from([
        ("a.png".to_owned(), picture(10, image::ImageFormat::Png)),
        ("b.jpg".to_owned(), picture(90, image::ImageFormat::Jpeg)),
        ("c.jpg".to_owned(), picture(200, image::ImageFormat::Jpeg)),
    ]);
    for kind in KINDS {
        let file = make(&catalog, &text, "photos", &photos, kind);
        let checked = verify(&catalog, &[], TODAY, &file).unwrap();
        assert_eq!(checked.verdict(), Verdict::Same, "{}", words::checked("报告", &checked));
        let known: BTreeMap<_, _> = checked
            .data
            .photos
            .iter()
            .map(|(path, one)| (path.as_str(), one.is_some()))
            .collect();
        if kind != Kind::Json {
            assert_eq!(
                known,
                BTreeMap::from([("a.png", true), ("b.jpg", true), ("c.jpg", false)])
            );
        }
    }
    let file = make(&catalog, &text, "photos", &photos, Kind::Html);
    let other = photos["b.jpg"].data_uri().replacen("/9j/4AAQ", "/9j/4AAR", 1);
    let swapped = replaced(&file, &photos["b.jpg"].data_uri(), &other);
    let checked = verify(&catalog, &[], TODAY, &swapped).unwrap();
    let told = words::checked("报告", &checked);
    assert!(told.contains("不一致") && told.contains("b.jpg"), "{told}");
}

/// A Word file with as little in it as may be.
fn package(text: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>".to_owned(),
        ),
        ("word/document.xml", format!("<w:document><w:t>{text}</w:t></w:document>")),
    ] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of a package stored without compression, a blank added to one of them.
fn repacked(file: &[u8], changed: Option<usize>) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if changed == Some(index) {
            content.push(b' ');
        }
        writer.start_file(name, options).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_word_file_holds_data_and_signatures_as_parts() {
    let body = package("得 58.4 分");
    let mut data = check(sealed(Kind::Html)).unwrap().data;
    data.kind = Kind::Docx;
    data.body = sha256(&carriers::content(Kind::Docx, &body).unwrap());
    data.check = data.checksum().unwrap();
    let raw = canonical(&data).unwrap();
    let file = carriers::attach(Kind::Docx, &body, &raw, None).unwrap();
    assert!(carriers::content(Kind::Docx, &file).unwrap() == carriers::content(Kind::Docx, &body).unwrap());
    let held = carriers::read(Kind::Docx, &file).unwrap();
    assert!(held.intact && held.data.as_deref() == Some(&raw[..]) && held.signatures.is_none());
    let part = carriers::part(carriers::DATA_PART, &raw);
    let mut archive = zip::ZipArchive::new(Cursor::new(&file)).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    assert_eq!(read(part.name).into_bytes(), part.bytes);
    assert!(read("[Content_Types].xml").contains("PartName=\"/customXml/qizhen-data.xml\""));
    assert!(read("word/_rels/document.xml.rels").contains(&part.relationship));

    let signer = Signer::new("某诊断公司", Role::Assessor).unwrap();
    let trusted = Trusted::read("a.pub", &signer.public_file()).unwrap();
    let both = signed(sealed(Kind::Docx), &[&signer]);
    let checked = verify(catalog(), &trusted, TODAY, &both).unwrap();
    assert_eq!(checked.signatures[0].judgement, Judgement::Trusted);
    assert_eq!(checked.verdict(), Verdict::Same, "{}", words::checked("报告", &checked));
    // The same parts with another text, everything else as it was.
    let mut other = package("得 59.4 分");
    other = carriers::attach(Kind::Docx, &other, &raw, None).unwrap();
    let checked = check(&other).unwrap();
    assert_eq!(checked.verdict(), Verdict::Different);
    assert!(!checked.altered.is_empty());
    assert!(matches!(check(&body), Err(Unchecked::NoData(Kind::Docx))));
    // Of a whole report every part counts, and how they are packed does not.
    let file = sealed(Kind::Docx);
    let count = zip::ZipArchive::new(Cursor::new(file)).unwrap().len();
    assert!(passes(&repacked(file, None)));
    for part in 0..count {
        let changed = repacked(file, Some(part));
        assert!(!passes(&changed), "part {part}: {}", said(&changed));
    }
    assert!(matches!(
        check(b"PK\x03\x04broken"),
        Err(Unchecked::Broken(Kind::Docx, _))
    ));
}

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(dir)
        .args(args)
        .output()
        .expect("the program runs")
}

#[test]
fn from_an_assessment_to_a_signed_report_on_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("我厂.assessment.yaml"), example()).unwrap();
    let ok = |args: &[&str], code: i32| {
        let output = run(dir, args);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        said
    };
    for name in ["r.pdf", "r.html", "r.json", "r.docx"] {
        ok(&["diagnose", "我厂.assessment.yaml", "-o", name], 0);
    }
    let said = ok(&["verify", "r.pdf", "r.html", "r.json", "r.docx"], 0);
    assert_eq!(said.matches("：一致").count(), 4, "{said}");
    let code = said
        .lines()
        .find(|line| line.contains("校验码"))
        .unwrap()
        .trim()
        .to_owned();
    let said = ok(&["verify", "我厂.assessment.yaml"], 0);
    assert!(said.contains(&code), "{said}");

    ok(
        &[
            "key",
            "new",
            "-o",
            "a.key",
            "--name",
            "某诊断公司",
            "--role",
            "诊断单位",
        ],
        0,
    );
    let before = std::fs::read(dir.join("a.key")).unwrap();
    assert!(ok(&["key", "new", "-o", "a.key", "--name", "x", "--role", "企业"], 2).contains("已经在了"));
    assert!(ok(&["key", "new", "-o", "b", "--name", "x", "--role", "企业"], 2).contains("b.key"));
    ok(&["key", "new", "-o", "b.key", "--name", "x", "--role", "老板"], 2);
    assert_eq!(std::fs::read(dir.join("a.key")).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(dir.join("a.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(ok(&["verify", "r.pdf", "--trust", "a.pub"], 1).contains("没有可信的签名"));
    for name in ["r.pdf", "r.html", "r.json", "r.docx"] {
        ok(&["sign", name, "--key", "a.key"], 0);
        assert!(ok(&["sign", name, "--key", "a.key"], 2).contains("已经签过"));
        let said = ok(&["verify", name, "--trust", "a.pub"], 0);
        assert!(said.contains("有效且可信：某诊断公司（诊断单位）"), "{said}");
        assert!(ok(&["verify", name], 0).contains("有效但不在信任名单"));
    }
    ok(&["verify", "r.pdf", "--extract", "back.yaml"], 0);
    assert_eq!(std::fs::read_to_string(dir.join("back.yaml")).unwrap(), example());

    let html = std::fs::read(dir.join("r.html")).unwrap();
    std::fs::write(dir.join("bad.html"), replaced(&html, "满分 100", "满分 101")).unwrap();
    assert!(ok(&["verify", "bad.html", "--trust", "a.pub"], 1).contains("满分 101"));
    assert!(ok(&["sign", "bad.html", "--key", "a.key"], 2).contains("没有签名"));

    ok(&["diagnose", "我厂.assessment.yaml", "-o", "n.pdf", "--no-data"], 0);
    assert!(ok(&["verify", "n.pdf"], 1).contains("没有数据附件"));
    let plain = std::fs::read(dir.join("n.pdf")).unwrap();
    assert!(!plain.windows(11).any(|window| window == b"qizhen-data"));
    ok(&["verify", "none.pdf"], 2);
    std::fs::write(dir.join("x.txt"), "x").unwrap();
    ok(&["verify", "x.txt"], 2);
    ok(&["compare", "r.json", "我厂.assessment.yaml"], 0);
}

#[test]
fn a_report_that_compares_carries_the_earlier_assessment() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("examples/pump-maker.assessment.yaml"), dir.join("new.yaml")).unwrap();
    std::fs::copy(
        root.join("examples/earlier/pump-maker-2025.assessment.yaml"),
        dir.join("old.yaml"),
    )
    .unwrap();
    let ok = |args: &[&str], code: i32| {
        let output = run(dir, args);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        said
    };
    // The change of the total, worked by hand from the two scores: 51.35 − 34.675.
    let text = ok(&["diagnose", "new.yaml", "--since", "old.yaml", "--format", "md"], 0);
    assert!(text.contains("# 与上次相比") && text.contains("+16.675") && text.contains("34.675"));
    // Without an earlier one there is no such chapter.
    assert!(!ok(&["diagnose", "new.yaml", "--format", "md"], 0).contains("与上次相比"));
    // What was written as JSON then is as good.
    ok(&["diagnose", "old.yaml", "-o", "old.json"], 0);
    for (old, name) in [("old.yaml", "r.html"), ("old.json", "j.html")] {
        ok(&["diagnose", "new.yaml", "--since", old, "-o", name], 0);
        let said = ok(&["verify", name], 0);
        assert!(said.contains("：一致"), "{said}");
    }
    // The report compares with what it carries: another past is another report.
    let page = std::fs::read_to_string(dir.join("r.html")).unwrap();
    assert!(page.contains("q05: c"));
    std::fs::write(dir.join("x.html"), page.replacen("q05: c", "q05: b", 1)).unwrap();
    assert!(ok(&["verify", "x.html"], 1).contains("不一致"));
    // What to know first stands at the head of the chapter.
    let other = std::fs::read_to_string(dir.join("old.yaml")).unwrap();
    std::fs::write(
        dir.join("other.yaml"),
        other.replace("青岛示例泵业有限公司", "青岛另一家泵业有限公司"),
    )
    .unwrap();
    let text = ok(&["diagnose", "new.yaml", "--since", "other.yaml", "--format", "md"], 0);
    assert!(
        text.contains("青岛另一家泵业有限公司") && text.contains("先看这一点"),
        "{text}"
    );
    // The earlier one must be readable, and nothing is written where it is not.
    std::fs::write(dir.join("bad.yaml"), "schema: qizhen/assessment/1\n").unwrap();
    ok(&["diagnose", "new.yaml", "--since", "bad.yaml", "-o", "no.pdf"], 2);
    assert!(!dir.join("no.pdf").exists());
}
