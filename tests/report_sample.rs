//! One rich template through the whole pipeline: Markdown, document, HTML, plain Markdown.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use qizhen::report::document::Document;
use qizhen::report::{html, markdown, plain, template};

fn expanded() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/report");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    let sources: BTreeMap<String, String> = ["template.md.j2", "partials/tiles.md.j2"]
        .map(|name| (name.to_owned(), read(name)))
        .into();
    let context: serde_json::Value = serde_json::from_str(&read("context.json")).expect("context");
    let context = minijinja::Value::from(minijinja::value::Serde(context));
    template::render(&sources, "template.md.j2", context).unwrap_or_else(|error| panic!("{error}"))
}

fn document() -> Document {
    markdown::parse(&expanded()).unwrap_or_else(|errors| {
        panic!(
            "{}",
            errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        )
    })
}

#[test]
fn expands_to_markdown() {
    insta::assert_snapshot!(expanded());
}

#[test]
fn becomes_a_document() {
    insta::assert_debug_snapshot!(document());
}

#[test]
fn becomes_html() {
    let page = html::render(&document(), &Default::default(), &|_| {
        "<svg viewBox=\"0 0 480 200\"><rect width=\"480\" height=\"200\" fill=\"#eef4f4\"/></svg>".to_owned()
    });
    // The style sheet has a file of its own; a change of colour is no change of structure.
    let (head, body) = page.split_once("</style>").expect("style sheet");
    insta::assert_snapshot!(body);
    assert!(head.contains("default-src 'none'"));
    assert!(!page.contains("<script"), "user text reached the page as markup");
    assert!(body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for outside in ["url(", "@import", "src=", "<link", "<iframe", "<object", "onclick"] {
        assert!(
            !page.contains(outside),
            "the page asks for something outside: {outside}"
        );
    }
    if let Some(path) = std::env::var_os("QIZHEN_SAMPLE_HTML") {
        fs::write(path, page).expect("write sample");
    }
}

#[test]
fn becomes_plain_markdown() {
    insta::assert_snapshot!(plain::render(&document()));
}

/// Plain Markdown is Markdown: read back it says the same words.
#[test]
fn plain_markdown_reads_back() {
    let text = plain::render(&document()).replace("<br>", " ");
    if let Err(errors) = markdown::parse(&text) {
        // Anchors are GitHub's there, made from the words of a heading.
        let other: Vec<_> = errors
            .iter()
            .filter(|error| !error.found.contains("不存在的标题"))
            .collect();
        assert!(other.is_empty(), "{other:?}");
    }
}
