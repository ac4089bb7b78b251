//! Markdown → document: every mistake an author can make, and the rules that differ from CommonMark.

use qizhen::report::document::{Block, Inline, plain_text};
use qizhen::report::{html, markdown};

fn errors(text: &str) -> String {
    match markdown::parse(text) {
        Ok(document) => format!("没有报错：{document:?}"),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

fn fence(info: &str, body: &str) -> String {
    format!("```{info}\n{body}\n```\n")
}

#[test]
fn mistakes_are_answered() {
    let cases = [
        ("unknown directive", fence("rader", "axes: []")),
        ("nothing near", fence("json", "{}")),
        ("words after the name", fence("tiles 指标", "[]")),
        ("never closed", "# 一\n\n```callout warn 注意\n正文\n".to_owned()),
        ("unknown field", fence("meta", "title: 报告\nauther: 甲")),
        ("missing field", fence("cover", "kicker: 诊断")),
        ("empty cover", fence("cover", "")),
        ("written twice", fence("meta", "title: 甲\ntitle: 乙")),
        (
            "two metas",
            fence("meta", "title: 甲") + "\n" + &fence("meta", "title: 乙"),
        ),
        (
            "unknown tone in a payload",
            fence("tiles", "- { label: 分, value: 1, tone: godo }"),
        ),
        ("wrong type", fence("tiles", "label: 分")),
        ("list for a mapping", fence("radar", "[1]")),
        (
            "text for a level",
            fence("levels", "levels: [一]\nrows: [{ label: 甲, level: 高 }]"),
        ),
        (
            "text for a list",
            fence("radar", "axes: 甲\nmax: 1\nrings: []\nseries: []"),
        ),
        ("facts", fence("cover", "title: 甲\nfacts: [[甲]]")),
        ("null as text", fence("tiles", "- { label: 分, value: null }")),
        ("text as number", fence("bars", "max: 很大\nbars: []")),
        ("broken YAML", fence("toc", "title: [目录")),
        ("two YAML documents", fence("toc", "title: 甲\n---\ntitle: 乙")),
        ("not a toc depth", fence("toc", "depth: 9")),
        (
            "unknown field of a chart",
            fence("radar", "axis: [甲]\nmax: 1\nrings: []\nseries: []"),
        ),
        (
            "radar",
            fence(
                "radar",
                "axes: [甲, 乙]\nmax: 0\nrings: [-1]\nseries: [{ name: 丙, values: [1] }]",
            ),
        ),
        (
            "bars",
            fence(
                "bars",
                "max: 10\nbars: [{ label: 甲, value: -1, marks: [{ value: .nan, label: 线 }] }]",
            ),
        ),
        (
            "levels",
            fence("levels", "levels: [一]\nrows: [{ label: 甲, level: 2 }]"),
        ),
        (
            "ladder",
            fence(
                "ladder",
                "max: 9\nrungs: [{ label: 乙, from: 5 }, { label: 甲, from: 1 }]\nvalue: 1\nreached: 2",
            ),
        ),
        (
            "stacked",
            fence(
                "stacked",
                "parts: [{ name: 甲, tone: good }]\nrows: [{ label: 乙, values: [1, 2] }]",
            ),
        ),
        (
            "too many cells",
            fence("table", "columns: [{ head: 甲 }]\nrows: [[1, 2]]"),
        ),
        ("not a row", fence("table", "columns: [{ head: 甲 }]\nrows: [文字]")),
        ("not a cell", fence("table", "columns: [{ head: 甲 }]\nrows: [[[1]]]")),
        ("no columns", fence("table", "columns: []")),
        ("bad weight", fence("table", "columns: [{ head: 甲, weight: 0 }]")),
        ("bad alignment", fence("table", "columns: [{ head: 甲, align: rihgt }]")),
        (
            "bad badge in a cell",
            fence("table", "columns: [{ head: 甲 }]\nrows: [['[差](badge:worse)']]"),
        ),
        ("page break with content", fence("pagebreak", "x")),
        ("callout without tone", fence("callout 注意事项", "正文")),
        ("callout with a misspelt tone", fence("callout wran 注意", "正文")),
        (
            "mistake within a callout",
            fence("callout info 一", "第一行\n\n[去](#nowhere)"),
        ),
        ("unknown badge", "[好](badge:goood)".to_owned()),
        ("unknown heading", "# 总体 {#summary}\n\n见[总体](#sumary)".to_owned()),
        ("heading named twice", "# 甲 {#a}\n\n# 乙 {#a}".to_owned()),
        ("forbidden link", "[x](javascript:alert)".to_owned()),
        ("image", "![图](a.png)".to_owned()),
        ("nested too deep", "> ".repeat(60) + "底"),
        (
            "several at once",
            format!("[a](ftp://x)\n\n{}\n{}", fence("covr", ""), fence("toc", "depht: 1")),
        ),
    ];
    let report: Vec<String> = cases
        .iter()
        .map(|(name, text)| format!("# {name}\n{}", errors(text)))
        .collect();
    insta::assert_snapshot!(report.join("\n\n"));
}

fn first_paragraph(text: &str) -> Vec<Inline> {
    let document = markdown::parse(text).expect("valid");
    match document.blocks.into_iter().next() {
        Some(Block::Paragraph(text)) => text,
        other => panic!("not a paragraph: {other:?}"),
    }
}

#[test]
fn chinese_lines_join_without_a_blank() {
    for (text, joined) in [
        ("数字化\n转型", "数字化转型"),
        ("数字化，\n转型", "数字化，转型"),
        ("**数字化**\n转型", "数字化转型"),
        ("数字化\n**转型**", "数字化转型"),
        ("用 ERP\n系统", "用 ERP 系统"),
        ("two\nwords", "two words"),
    ] {
        assert_eq!(plain_text(&first_paragraph(text)), joined, "{text:?}");
    }
}

#[test]
fn bold_works_next_to_chinese() {
    for text in [
        "**62.5%**的设备",
        "达到**（二级）**水平",
        "**“优”**等",
        "**注意：**不得",
        "见**《指南》**第三章",
    ] {
        let inlines = first_paragraph(text);
        assert!(
            inlines.iter().any(|inline| matches!(inline, Inline::Strong(_))),
            "{text}: {inlines:?}"
        );
        assert_eq!(plain_text(&inlines), text.replace("**", ""));
    }
}

#[test]
fn headings_are_numbered() {
    let document = markdown::parse("# 一\n## 二\n## 三\n# 四\n### 五\n## 六 {#six}\n## 七").expect("valid");
    let ids: Vec<_> = document
        .blocks
        .iter()
        .filter_map(|block| {
            if let Block::Heading { id, .. } = block {
                Some(id.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(ids, ["h-1", "h-1-1", "h-1-2", "h-2", "h-2-0-1", "six", "h-2-2"]);
}

#[test]
fn raw_html_is_text() {
    let text = "<div onclick=\"x()\">\n<b>粗</b>\n</div>\n\n行内 <script>alert(1)</script> 文字\n\n<!-- 注释 -->";
    let document = markdown::parse(text).expect("valid");
    let page = html::render(&document, &Default::default(), &|_| String::new());
    assert!(!page.contains("<script") && !page.contains("<div onclick") && !page.contains("<!--"));
    assert!(page.contains("&lt;script&gt;") && page.contains("&lt;div onclick=&quot;x()&quot;&gt;"));
}

#[test]
fn callouts_nest() {
    let text =
        "````callout bad 外\n前\n\n```callout good 内\n里\n```\n\n```tiles\n- { label: 分, value: 1 }\n```\n````\n";
    let document = markdown::parse(text).expect("valid");
    let Some(Block::Callout { body, .. }) = document.blocks.first() else {
        panic!("{document:?}")
    };
    assert!(
        matches!(
            body.as_slice(),
            [Block::Paragraph(_), Block::Callout { .. }, Block::Tiles(_)]
        ),
        "{body:?}"
    );
}

#[test]
fn json_is_a_payload() {
    let text = fence(
        "table",
        r##"{"columns":[{"head":"甲"}],"rows":[["1. 不是列表"],["# 不是标题"],["a|b"],[{"text":"*原样*"}]]}"##,
    );
    let document = markdown::parse(&text).expect("valid");
    let Some(Block::Table(table)) = document.blocks.first() else {
        panic!("{document:?}")
    };
    let cells: Vec<_> = table.rows.iter().map(|row| plain_text(&row.cells[0])).collect();
    assert_eq!(cells, ["1. 不是列表", "# 不是标题", "a|b", "*原样*"]);
}

/// A document can come from elsewhere than Markdown; the page keeps its own counsel about links.
#[test]
fn html_refuses_targets_markdown_would_have() {
    let link = Inline::Link {
        target: "javascript:alert(1)".to_owned(),
        text: vec![Inline::Text("点".to_owned())],
    };
    let document = qizhen::report::document::Document {
        blocks: vec![Block::Paragraph(vec![link])],
        ..Default::default()
    };
    assert!(!html::render(&document, &Default::default(), &|_| String::new()).contains("javascript"));
}
