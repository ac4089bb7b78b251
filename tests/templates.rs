//! Every built-in template over every example, and templates of one's own from the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};
use qizhen::kit::sample;
use qizhen::report::{self, Request, document::Block};
use qizhen::source::diagnostic;

const TODAY: &str = "2026-11-22";

fn examples() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = std::fs::read_dir(dir).unwrap().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    files.sort();
    assert!(files.len() >= 3);
    files
}

fn diagnose(catalog: &Catalog, path: &Path) -> Diagnosis {
    let text = std::fs::read_to_string(path).unwrap();
    let loaded = diagnosis::read(catalog, &path.display().to_string(), &text, TODAY)
        .unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)));
    diagnosis::diagnose(catalog, &loaded)
}

fn qizhen(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(dir)
        .args(args)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn every_template_takes_every_example() {
    let catalog = Catalog::load(None).unwrap();
    assert_eq!(
        catalog.templates.keys().collect::<Vec<_>>(),
        ["brief", "client", "onsite", "standard"]
    );
    for path in examples() {
        let diagnosis = diagnose(&catalog, &path);
        for template in catalog.templates.keys() {
            let name = format!("{template} {}", path.display());
            let report =
                report::make(&Request::new(&catalog, &diagnosis, template)).unwrap_or_else(|e| panic!("{name}: {e}"));
            let pages = report.pages().unwrap_or_else(|e| panic!("{name}: {e}"));
            if template == "brief" {
                assert_eq!(pages, 2, "{name}");
            }
            let (web, text) = (report.html(), report.markdown());
            for slip in ["undefined", "None", "NaN", "null", "{{", "}}"] {
                assert!(!web.contains(slip) && !text.contains(slip), "{name}: {slip}");
            }
        }
    }
}

#[test]
fn a_blank_assessment_still_makes_every_report() {
    let catalog = Catalog::load(None).unwrap();
    let loaded = sample::blank(&catalog, TODAY).unwrap();
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    for template in catalog.templates.keys() {
        let report =
            report::make(&Request::new(&catalog, &diagnosis, template)).unwrap_or_else(|e| panic!("{template}: {e}"));
        report.pdf().unwrap_or_else(|e| panic!("{template}: {e}"));
    }
}

#[test]
fn the_report_of_a_visit_shows_both_words_findings_and_photos() {
    let catalog = Catalog::load(None).unwrap();
    let loaded = sample::verified(&catalog, TODAY).unwrap();
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let photos = sample::photos();
    let report = report::make(&Request {
        photos: Some(&photos),
        ..Request::new(&catalog, &diagnosis, "onsite")
    })
    .unwrap();
    let text = report.markdown();
    // By hand: q05 was d (10 points' worth of 4 steps) and is c after the visit; the scene was 2 and is 1.
    assert!(
        text.contains("自评与核验的差异") && text.contains("报工由班长月底补录"),
        "{text}"
    );
    let own = diagnosis.standards[0].self_reported.as_ref().unwrap();
    let (own, verified) = (own.score.unwrap(), diagnosis.standards[0].card.score.unwrap());
    assert!(own > verified, "{own} {verified}");
    assert!(text.contains(&qizhen::round::show(own, 3)) && text.contains(&qizhen::round::show(verified, 3)));
    for name in ["F01", "F02", "F03", "周示例", "2027-01-31", "诊断单位", "赋能中心"] {
        assert!(text.contains(name), "{name}");
    }
    let shots = report.document.blocks.iter().find_map(|block| match block {
        Block::Pictures(gallery) => Some(gallery.shots.len()),
        _ => None,
    });
    assert_eq!(shots, Some(3));
    // The same without the photos at hand: said, not shown.
    let without = report::make(&Request::new(&catalog, &diagnosis, "onsite")).unwrap();
    assert!(without.markdown().contains("没有找到"));
}

#[test]
fn an_issuer_that_is_recommended_says_so() {
    let catalog = Catalog::load(None).unwrap();
    let diagnosis = diagnose(&catalog, &examples()[3]);
    let first = diagnosis.providers.recommended[0].name.clone();
    let overlay = tempfile::tempdir().unwrap();
    for (template, provider) in [("ours", first.as_str()), ("other", "别的公司")] {
        let folder = overlay.path().join("report-templates").join(template);
        std::fs::create_dir_all(&folder).unwrap();
        let theme =
            format!("schema: qizhen/theme/1\nextends: client\nletterhead: {{name: 出具方, provider: {provider}}}\n");
        std::fs::write(folder.join("theme.yaml"), theme).unwrap();
    }
    let catalog = Catalog::load(Some(overlay.path())).unwrap_or_else(|b| panic!("{:?}", b.problems));
    let text = |template| {
        report::make(&Request::new(&catalog, &diagnosis, template))
            .unwrap()
            .markdown()
    };
    assert!(text("ours").contains(&format!("名单里有出具方自己（{first}")));
    assert!(text("other").contains("推荐的服务商里没有出具方"));
}

#[test]
fn a_template_of_ones_own_from_start_to_preview() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let made = qizhen(dir, &["template", "new", "我司"]);
    assert!(made.status.success(), "{}", said(&made));
    let again = qizhen(dir, &["template", "new", "我司"]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    let folder = dir.join("qizhen-data/report-templates/我司");
    let checked = qizhen(dir, &["template", "check", "我司", "--data", "qizhen-data"]);
    assert!(checked.status.success(), "{}", said(&checked));
    let shown = qizhen(
        dir,
        &["template", "preview", "我司", "--data", "qizhen-data", "-o", "a.md"],
    );
    assert!(shown.status.success(), "{}", said(&shown));
    let text = std::fs::read_to_string(dir.join("a.md")).unwrap();
    assert!(text.contains("我司全称") && text.contains("我们能做什么"), "{text}");

    let theme = std::fs::read_to_string(folder.join("theme.yaml")).unwrap();
    let cases = [
        ("extends: client", "extends: clint", "最接近的是 “client”"),
        ("#0e5a66", "#ffd0d0", "太浅"),
        ("#0e5a66", "teal", "读不懂"),
        ("extends: client", "extends: 我司", "没有尽头"),
        ("logo: \"\"", "logo: logo.png", "logo.png"),
        ("colors:", "colour:", "最接近的是 “colors”"),
        ("# page: { margin_x: 22", "page: { margin_x: 2", "12 到 45"),
    ];
    for (from, to, wanted) in cases {
        std::fs::write(folder.join("theme.yaml"), theme.replacen(from, to, 1)).unwrap();
        let checked = qizhen(dir, &["template", "check", "我司", "--data", "qizhen-data"]);
        assert_eq!(checked.status.code(), Some(2), "{to}: {}", said(&checked));
        assert!(said(&checked).contains(wanted), "{to}: {}", said(&checked));
    }
    std::fs::write(folder.join("theme.yaml"), &theme).unwrap();
    std::fs::write(folder.join("chapter-offer.md.j2"), "# 章 {#x}\n\n日期 {{ d.dat }}\n").unwrap();
    let checked = qizhen(dir, &["template", "check", "我司", "--data", "qizhen-data"]);
    let text = said(&checked);
    assert!(
        text.contains("chapter-offer.md.j2 第 3 行") && text.contains("d.date"),
        "{text}"
    );
    // Nothing outside its own folder can be reached.
    std::fs::write(
        folder.join("chapter-offer.md.j2"),
        "{% include \"../../../secret.txt\" %}\n",
    )
    .unwrap();
    std::fs::write(dir.join("secret.txt"), "秘密").unwrap();
    let checked = qizhen(dir, &["template", "check", "我司", "--data", "qizhen-data"]);
    assert!(
        !checked.status.success() && !said(&checked).contains("秘密"),
        "{}",
        said(&checked)
    );
}
