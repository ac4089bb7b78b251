//! Reports as web pages in a real browser, as wide as a telephone and as a desk's screen: nothing to scroll sideways, nothing
//! fetched from outside. Stands aside where Chromium is not installed.

#[path = "edge/cases.rs"]
#[allow(dead_code, reason = "shared with report_edge")]
mod cases;

use std::path::Path;
use std::process::Command;

use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::report::{self, Request, photos};
use qizhen::source::diagnostic;

const WIDTHS: [u32; 2] = [390, 1280];

/// A page that shows the report in frames of these widths and writes down what it measures in them. A frame, because a
/// window without a screen cannot be as narrow as a telephone.
fn host(report: &str) -> String {
    let quoted = report.replace('&', "&amp;").replace('"', "&quot;");
    let frame = |width: &u32| format!("<iframe width={width} height=900 frameborder=0 srcdoc=\"{quoted}\"></iframe>");
    let frames: String = WIDTHS.iter().map(frame).collect();
    let script = r#"
      const say = [];
      for (const frame of document.querySelectorAll('iframe')) {
        const page = frame.contentDocument, root = page.documentElement;
        const wide = [...page.body.querySelectorAll('*')].filter(e => {
          for (let up = e.parentElement; up; up = up.parentElement)
            if (getComputedStyle(up).overflowX !== 'visible') return false;
          return e.getBoundingClientRect().right > frame.clientWidth + 1;
        }).slice(0, 3).map(e => e.tagName + '.' + e.getAttribute('class') + ' ' + e.textContent.slice(0, 30));
        const cut = [...page.querySelectorAll('*')].filter(e =>
          getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1).length;
        const fetched = frame.contentWindow.performance.getEntriesByType('resource').map(e => e.name)
          .filter(name => !name.startsWith('data:'));
        say.push([frame.clientWidth, root.scrollWidth, cut, fetched.length, JSON.stringify(wide)].join(' '));
      }
      document.body.innerHTML = '<pre id=said>' + say.map(s => 'measured ' + s).join('\n') + '</pre>';"#;
    format!("<!doctype html><meta charset=utf-8><body>{frames}<script>window.onload = () => {{ {script} }}</script>")
}

/// What a browser makes of a page; `None` where there is none.
fn dump(path: &Path) -> Option<String> {
    let home = tempfile::tempdir().expect("temp dir");
    for name in ["chromium", "chromium-browser", "google-chrome"] {
        let mut command = Command::new(name);
        command.args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
        ]);
        command.args(["--virtual-time-budget=5000", "--window-size=1800,1000", "--dump-dom"]);
        command.arg(format!("--user-data-dir={}", home.path().display()));
        command.arg(format!("file://{}", path.display()));
        if let Ok(output) = command.output() {
            return Some(String::from_utf8_lossy(&output.stdout).into_owned());
        }
    }
    eprintln!("skipped: no Chromium");
    None
}

#[test]
fn what_is_too_wide_is_found() {
    let dir = tempfile::tempdir().expect("temp dir");
    let page = dir.path().join("host.html");
    std::fs::write(&page, host("<body><div style='width:900px'>wide</div></body>")).expect("written");
    let Some(said) = dump(&page) else { return };
    let lines: Vec<&str> = said.lines().filter_map(|line| line.split("measured ").nth(1)).collect();
    assert!(
        lines[0].starts_with("390 9") && lines[1].starts_with("1280 1280"),
        "{said}"
    );
}

#[test]
fn web_pages_fit_every_screen_and_fetch_nothing() {
    let catalog = Catalog::load(None).expect("built-in data");
    let dir = tempfile::tempdir().expect("temp dir");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let example = |name: &str| std::fs::read_to_string(examples.join(name)).expect("the example");
    for (case, text) in [
        ("pump-maker", example("pump-maker.assessment.yaml")),
        ("bearing-maker", example("bearing-maker.assessment.yaml")),
        ("long texts", cases::long_texts().to_string()),
        ("long name", cases::long_name().to_string()),
        ("nothing", cases::unanswered().to_string()),
    ] {
        let loaded = diagnosis::read(&catalog, case, &text, "2026-11-22")
            .unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)));
        let diagnosis = diagnosis::diagnose(&catalog, &loaded);
        let (photos, _) = photos::read(&examples.join("any.yaml"), &loaded);
        for template in ["standard", "onsite", "client", "brief"] {
            let mut request = Request::new(&catalog, &diagnosis, template);
            request.photos = Some(&photos);
            let html = report::make(&request).expect("a report").html();
            let page = dir.path().join("host.html");
            std::fs::write(&page, host(&html)).expect("written");
            let Some(said) = dump(&page) else { return };
            let lines: Vec<&str> = said.lines().filter_map(|line| line.split("measured ").nth(1)).collect();
            assert_eq!(lines.len(), WIDTHS.len(), "{case}, {template}: {said:.400}");
            for line in lines {
                let parts: Vec<&str> = line.splitn(5, ' ').collect();
                let [width, scroll, cut, fetched, wide] = parts[..] else {
                    panic!("{line}")
                };
                let (width, scroll): (u32, u32) = (width.parse().expect("width"), scroll.parse().expect("width"));
                let wide = wide.trim_end_matches("</pre></body></html>");
                assert!(scroll <= width, "{case}, {template}: {scroll} wide on {width}: {wide}");
                assert_eq!((cut, fetched), ("0", "0"), "{case}, {template}, {width}: cut, fetched");
            }
        }
    }
}
