//! Templates: escaping, filters, limits, errors.

use std::collections::BTreeMap;

use minijinja::{Value, context};
use proptest::prelude::*;
use qizhen::report::document::{Block, plain_text};
use qizhen::report::{html, markdown, plain, template};

fn render_all(pairs: &[(&str, &str)], context: Value) -> String {
    let sources: BTreeMap<String, String> = pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let out = template::render(&sources, "template.md.j2", context).unwrap_or_else(|error| error.to_string());
    // Sources without a line break at their end get one.
    if pairs.iter().any(|(_, text)| text.ends_with('\n')) {
        out
    } else {
        out.trim_end().to_owned()
    }
}

fn render(text: &str, context: Value) -> String {
    render_all(&[("template.md.j2", text)], context)
}

#[test]
fn filters_speak_chinese() {
    let context = context! { x => 58.45, none => (), date => "2026-01-05", note => "一\n* 二", name => "a*b" };
    for (text, expected) in [
        ("{{ x|num }}", "58.45"),
        ("{{ x|num(1) }}", "58.5"),
        ("{{ 3|num(1) }}", "3"),
        ("{{ 0.625|pct }}", "62.5%"),
        ("{{ 185000000|wan }}", "18500万"),
        ("{{ 12345|wan(1) }}", "1.2万"),
        ("{{ date|cn_date }}", "2026年1月5日"),
        (
            "{{ none|or_dash }}{{ missing|or_dash }}{{ ''|or_dash }}{{ 0|or_dash }}",
            "———0",
        ),
        ("{{ note|multiline }}", "一\\\n\\* 二"),
        ("{{ name }} {{ name|safe }} {{ name|md }}", "a\\*b a*b a\\*b"),
        ("{{ [name]|tojson }}", "[\"a*b\"]"),
        (
            "{{ '2026.11' }} {{ '1. x' }} {{ '- y' }} {{ -3 }}",
            "2026.11 1\\. x \\- y -3",
        ),
    ] {
        assert_eq!(render(text, context.clone()), expected, "{text}");
    }
}

#[test]
fn directives_are_quoted_as_json() {
    let text = "```cover\ntitle: {{ name }}\nfacts:\n{% for fact in facts %}\n  - [{{ fact }}, {{ fact|md }}]\n{% endfor %}\n```\n{{ name }}\n";
    let context = context! { name => "甲: \"乙\" # *丙*\n```", facts => ["a*b", "{c}"] };
    insta::assert_snapshot!(render(text, context), @r#"
    ```cover
    title: "甲: \"乙\" # *丙*\n```"
    facts:
      - ["a*b", "a\\*b"]
      - ["{c}", "&#123;c&#125;"]
    ```
    甲: "乙" \# \*丙\* &#96;&#96;&#96;
    "#);
}

#[test]
fn tags_on_lines_of_their_own_leave_no_line() {
    let text = "| a |\n|---|\n{% for x in xs %}\n  {%- if x is odd %}\n| {{ x }} |\n{% endif %}\n{% endfor %}\n{# note #}\nend{% if true %}!{% endif %}\n\nnext\n";
    assert_eq!(
        render(text, context! { xs => [1, 2, 3] }),
        "| a |\n|---|\n| 1 |\n| 3 |\nend!\n\nnext\n"
    );
}

#[test]
fn headings_have_ids_in_templates() {
    let text = "# 甲 {#a}\n## {{ x }} {#s-{{ x }}}\n{# 注释 #}\n# 丁 {# 注释 #}\n";
    assert_eq!(
        render(text, context! { x => "b-1" }),
        "# 甲 {#a}\n## b-1 {#s-b-1}\n# 丁 \n"
    );
}

#[test]
fn parts_extend_and_include() {
    let out = render_all(
        &[
            ("base.md.j2", "# 头\n\n{% block body %}{% endblock %}\n"),
            ("part.md.j2", "{{ x }}\n"),
            (
                "template.md.j2",
                "{% extends 'base.md.j2' %}\n{% block body %}{% include 'part.md.j2' %}{% endblock %}\n",
            ),
        ],
        context! { x => "*" },
    );
    assert_eq!(out, "# 头\n\n\\*\n\n");
}

#[test]
fn mistakes_are_answered() {
    let enterprise = context! { name => "甲", employees => 3 };
    let context = context! { enterprise, items => [1, 2], nothing => (), date => "昨天" };
    let cases = [
        ("undefined", "# 标题\n\n企业：{{ enterprise.nmae }}"),
        ("undefined at the top", "{{ entreprise }}"),
        ("nothing near", "{{ zzz }}"),
        ("none", "{{ nothing }}"),
        ("list", "{{ items }}"),
        ("not a number", "{{ enterprise.name|num }}"),
        ("not a date", "{{ date|cn_date }}"),
        ("unknown filter", "中文 {{ 1|nmu }}"),
        ("unknown test", "{{ 1 is nice }}"),
        ("syntax", "一\n{% if x %}\n二"),
        ("unclosed", "{{ enterprise.name"),
        ("missing partial", "{% include 'part.md.j' %}"),
        ("outside", "{% include '/etc/passwd' %}"),
        ("parent", "{% include '../part.md.j2' %}"),
        ("in a partial", "一\n{% include 'part.md.j2' %}"),
        (
            "endless",
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}",
        ),
        ("endless macro", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
        (
            "doubling",
            "{% set ns = namespace(x='xxxxxxxxxxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        ),
        (
            "too long",
            "{% set x = 'x' * 1000000 %}{% for i in range(20) %}{{ x }}{% endfor %}",
        ),
        ("directive left open", "```tiles\n- { label: {{ enterprise.nmae }} }"),
    ];
    let report: Vec<String> = cases
        .iter()
        .map(|(name, text)| {
            let out = render_all(
                &[("template.md.j2", text), ("part.md.j2", "二\n{{ oops }}")],
                context.clone(),
            );
            format!("# {name}\n{out}")
        })
        .collect();
    insta::assert_snapshot!(report.join("\n\n"));
}

#[test]
fn entry_must_exist() {
    let error = template::render(
        &BTreeMap::from([("template.md.j2".to_owned(), String::new())]),
        "templat.md.j2",
        ().into(),
    );
    insta::assert_snapshot!(error.expect_err("no such entry"), @r"
    模板 templat.md.j2：没有名为“templat.md.j2”的模板
    提示：是否想写“template.md.j2”？
    ");
}

#[test]
fn markdown_errors_lead_back_to_the_template() {
    let template = "# {{ x }}\n{% for x in [1, 2] %}\n\n{{ x }}\n{% endfor %}\n\n{% include 'part.md.j2' %}\n[a](#b)\n";
    let sources = BTreeMap::from([
        ("template.md.j2".to_owned(), template.to_owned()),
        (
            "part.md.j2".to_owned(),
            "甲\n\n```tiles\n- { lable: {{ x }} }\n```\n".to_owned(),
        ),
    ]);
    let context = context! { x => "一" };
    let out = template::render(&sources, "template.md.j2", context.clone()).expect("renders");
    let errors = markdown::parse(&out).expect_err("has errors");
    let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
    let origins = template::origins(&sources, "template.md.j2", context, &lines);
    let places: Vec<_> = origins
        .iter()
        .flatten()
        .map(|origin| (origin.template.as_str(), origin.line))
        .collect();
    assert_eq!(places, [("part.md.j2", 4), ("template.md.j2", 8)], "{errors:?}\n{out}");
}

/// What a reader can see of a text: blanks folded, control characters gone.
fn visible(text: &str) -> String {
    let shown = text.chars().filter(|c| {
        c.is_whitespace()
            || !(c.is_control()
                || *c == '\u{feff}'
                || matches!(c, '\u{fdd0}'..='\u{fdef}')
                || *c as u32 & 0xfffe == 0xfffe)
    });
    shown
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Text as enterprises type it, and as nobody would.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[-#*_`~\\[\\]<>(){}|&!=+.:;\"'\\\\ \\n\\t0-9a中，。%]{0,24}",
        "\\PC{0,24}",
        any::<String>(),
        "(\\*\\*|__|```|~~~|\\[x\\]\\(y\\)|<b>|&amp;|&#42;|1\\. |- |# |> |\\||\\{#a\\}|---|\\n|中|a| ){0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn text_shows_as_it_is(x in any_text()) {
        let text = "# {{ x }}\n\n前{{ x }}后\n\n{{ x }}\n\n- {{ x }}\n\n| a |\n|---|\n| {{ x }} |\n\n```tiles\n- { label: {{ x }}, value: {{ x }} }\n```\n\n```table\ncolumns: [{ head: {{ x|md }} }]\n```\n\n```callout info {{ x }}\n**{{ x }}**的\n```\n";
        let out = render(text, context! { x => x.clone() });
        let document = match markdown::parse(&out) {
            Ok(document) => document,
            Err(errors) => return Err(TestCaseError::fail(format!("{}\n{out}", errors[0]))),
        };
        let expected = visible(&x);
        let mut seen = Vec::new();
        for block in &document.blocks {
            match block {
                Block::Heading { text, .. } => seen.push(plain_text(text)),
                Block::Paragraph(text) => seen.push(plain_text(text)),
                Block::List { items, .. } => match items.first().and_then(|item| item.first()) {
                    Some(Block::Paragraph(text)) => seen.push(plain_text(text)),
                    None => seen.push(String::new()),
                    other => prop_assert!(false, "item: {other:?}\n{out}"),
                },
                Block::Table(table) => match table.rows.first() {
                    Some(row) => seen.push(row.cells.first().map_or_else(String::new, |cell| plain_text(cell))),
                    None => seen.push(plain_text(&table.head[0])),
                },
                Block::Tiles(tiles) => seen.push(tiles[0].label.clone()),
                Block::Callout { title, body, .. } => {
                    seen.push(title.clone());
                    prop_assert_eq!(body.len(), 1, "{}", out);
                    if let Block::Paragraph(text) = &body[0] {
                        // `****` is what remains around nothing.
                        if !expected.is_empty() {
                            prop_assert_eq!(visible(&plain_text(text)), visible(&format!("{x}的")), "{}", out);
                        }
                    }
                }
                other => prop_assert!(false, "{other:?}\n{out}"),
            }
        }
        // The paragraph of nothing but an empty value is none.
        let empty = if expected.is_empty() { 7 } else { 8 };
        prop_assert!(seen.len() >= empty, "{seen:?}\n{out}");
        for text in seen {
            let text = visible(&text);
            prop_assert!(text == expected || text == visible(&format!("前{x}后")), "{text:?} is not {expected:?}\n{out}");
        }
    }

    #[test]
    fn no_text_becomes_markup(x in any_text()) {
        let document = qizhen::report::document::Document {
            blocks: vec![Block::Paragraph(vec![qizhen::report::document::Inline::Text(x)])],
            ..Default::default()
        };
        let page = html::render(&document, &Default::default(), &|_| String::new());
        let (_, body) = page.split_once("<main").expect("main");
        let (body, _) = body.split_once("</main>").expect("end of main");
        prop_assert_eq!(body.matches('<').count(), 2, "{}", body);
    }

    #[test]
    fn plain_markdown_reads_back(x in any_text()) {
        use qizhen::report::document::{Document, Inline, Row, Table, Column};
        let cell = vec![Inline::Text(x.clone())];
        let table = Table { columns: vec![Column::default()], head: vec![vec![]], rows: vec![Row { cells: vec![cell.clone()], group: false }], ..Table::default() };
        let document = Document { blocks: vec![Block::Paragraph(cell), Block::Table(table)], ..Default::default() };
        let out = plain::render(&document);
        let back = markdown::parse(&out).map_err(|errors| TestCaseError::fail(format!("{}\n{out}", errors[0])))?;
        let expected = visible(&x);
        for block in &back.blocks {
            let text = match block {
                Block::Paragraph(text) => plain_text(text),
                Block::Table(table) => plain_text(&table.rows[0].cells[0]),
                other => return Err(TestCaseError::fail(format!("{other:?}\n{out}"))),
            };
            prop_assert_eq!(visible(&text), expected.clone(), "{}", out);
        }
    }

    #[test]
    fn no_markdown_panics(text in any_text(), directive in "(meta|cover|toc|radar|bars|levels|ladder|stacked|tiles|table|callout|signature|rule)( [a-z]{0,4})?") {
        let _ = markdown::parse(&text);
        let _ = markdown::parse(&format!("```{directive}\n{text}\n```\n{text}"));
        let _ = render(&text, context! {});
    }
}
