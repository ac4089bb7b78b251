//! The paragraph styles, one after the other.

use super::super::numbering::{BULLETS, INDENT, NUMBERS};
use super::{PLAIN, Style, Theme, twips};

/// All paragraph styles; those that others are based on come first.
pub fn styles(theme: &Theme) -> Vec<Style> {
    [running, headings, contents, boxes, cover]
        .into_iter()
        .flat_map(|group| group(theme))
        .collect()
}

fn running(theme: &Theme) -> Vec<Style> {
    let body = theme.body * theme.leading;
    let normal = Style {
        id: "Normal",
        name: "Normal",
        base: "",
        color: Some(theme.ink),
        around: (0.0, 7.0),
        line: body,
        align: "both",
        ..PLAIN
    };
    let list = |id, name, numbering| Style {
        id,
        name,
        around: (0.0, 3.0),
        align: "both",
        list: Some(numbering),
        ..PLAIN
    };
    vec![
        normal,
        list("ListBullet", "List Bullet", BULLETS),
        list("ListNumber", "List Number", NUMBERS),
        Style {
            id: "ListContinue",
            name: "List Continue",
            around: (0.0, 4.0),
            align: "both",
            left: INDENT,
            ..PLAIN
        },
        Style {
            id: "Caption",
            name: "caption",
            size: theme.small + 0.3,
            color: Some(theme.muted),
            around: (5.0, 12.0),
            line: (theme.small + 0.3) * 1.5,
            align: "center",
            ..PLAIN
        },
        Style {
            id: "TableCaption",
            name: "表题",
            base: "Caption",
            size: theme.table,
            bold: true,
            color: Some(theme.ink),
            around: (5.0, 4.0),
            line: theme.table * 1.5,
            keep: true,
            ..PLAIN
        },
        Style {
            id: "Figure",
            name: "图",
            around: (6.0, 4.0),
            align: "center",
            ..PLAIN
        },
        Style {
            id: "TableText",
            name: "表格正文",
            size: theme.table,
            line: theme.table * 1.5,
            ..PLAIN
        },
        Style {
            id: "TableHead",
            name: "表头",
            base: "TableText",
            bold: true,
            color: Some(theme.brand),
            keep: true,
            ..PLAIN
        },
        Style {
            id: "TableGroup",
            name: "表格分组",
            base: "TableText",
            bold: true,
            keep: true,
            ..PLAIN
        },
        Style {
            id: "FootnoteText",
            name: "footnote text",
            size: theme.small,
            color: Some(theme.muted),
            line: theme.small * 1.5,
            ..PLAIN
        },
        Style {
            id: "Header",
            name: "header",
            size: theme.small,
            color: Some(theme.muted),
            line: theme.small * 1.5,
            tab: Some((twips(theme.column()), "none")),
            ..PLAIN
        },
        Style {
            id: "Footer",
            name: "footer",
            size: theme.small,
            color: Some(theme.muted),
            line: theme.small * 1.5,
            tab: Some((twips(theme.column()), "none")),
            ..PLAIN
        },
    ]
}

fn headings(theme: &Theme) -> Vec<Style> {
    // Word adds the space below a paragraph to the space above the next.
    let each = [
        ("Heading1", "heading 1", (23.0, 13.0)),
        ("Heading2", "heading 2", (15.0, 8.0)),
        ("Heading3", "heading 3", (9.0, 6.0)),
        ("Heading4", "heading 4", (5.0, 5.0)),
    ];
    let heading = |(level, (id, name, around))| Style {
        id,
        name,
        next: "Normal",
        size: theme.heading(level),
        bold: true,
        color: Some(if level <= 2 { theme.brand } else { theme.ink }),
        around,
        line: theme.heading(level) * 1.36,
        keep: true,
        outline: level,
        rule: (level == 1).then_some(theme.brand),
        ..PLAIN
    };
    (1..).zip(each).map(heading).collect()
}

fn contents(theme: &Theme) -> Vec<Style> {
    let names = [
        ("TOC1", "toc 1"),
        ("TOC2", "toc 2"),
        ("TOC3", "toc 3"),
        ("TOC4", "toc 4"),
    ];
    let entry = |(level, (id, name)): (i32, (&'static str, &'static str))| Style {
        id,
        name,
        bold: level == 0,
        color: (level == 0).then_some(theme.brand),
        around: (if level == 0 { 7.0 } else { 0.0 }, 0.0),
        line: theme.body * 1.62,
        left: level * INDENT,
        tab: Some((twips(theme.column()), "dot")),
        ..PLAIN
    };
    let title = Style {
        id: "TOCHeading",
        name: "TOC Heading",
        size: theme.heading(1),
        bold: true,
        color: Some(theme.brand),
        around: (0.0, 10.0),
        line: theme.heading(1) * 1.36,
        keep: true,
        ..PLAIN
    };
    std::iter::once(title).chain((0..).zip(names).map(entry)).collect()
}

fn boxes(theme: &Theme) -> Vec<Style> {
    let small = theme.small;
    vec![
        Style {
            id: "CalloutTitle",
            name: "提示框标题",
            next: "Normal",
            bold: true,
            around: (0.0, 3.0),
            line: theme.body * theme.leading,
            keep: true,
            ..PLAIN
        },
        Style {
            id: "TileLabel",
            name: "数字块名称",
            size: small,
            color: Some(theme.muted),
            line: small * 1.45,
            keep: true,
            ..PLAIN
        },
        Style {
            id: "TileValue",
            name: "数字块数值",
            size: 21.0,
            bold: true,
            line: 30.0,
            keep: true,
            ..PLAIN
        },
        Style {
            id: "TileNote",
            name: "数字块说明",
            size: small - 0.3,
            color: Some(theme.muted),
            line: small * 1.45,
            ..PLAIN
        },
        Style {
            id: "SignTitle",
            name: "签字框标题",
            bold: true,
            color: Some(theme.brand),
            line: theme.body * 1.5,
            keep: true,
            ..PLAIN
        },
        Style {
            id: "SignLine",
            name: "签字行",
            size: theme.table,
            around: (12.0, 0.0),
            line: theme.table * 1.5,
            keep: true,
            ..PLAIN
        },
    ]
}

fn cover(theme: &Theme) -> Vec<Style> {
    vec![
        Style {
            id: "Title",
            name: "Title",
            next: "Subtitle",
            size: 31.0,
            bold: true,
            color: Some(theme.brand),
            around: (8.0, 12.0),
            line: 31.0 * 1.3,
            ..PLAIN
        },
        Style {
            id: "Subtitle",
            name: "Subtitle",
            size: 16.0,
            around: (4.0, 24.0),
            line: 24.0,
            ..PLAIN
        },
        Style {
            id: "CoverKicker",
            name: "封面眉题",
            size: 12.0,
            color: Some(theme.muted),
            line: 18.0,
            ..PLAIN
        },
        Style {
            id: "CoverFact",
            name: "封面信息",
            size: 10.0,
            line: 16.0,
            ..PLAIN
        },
        Style {
            id: "CoverNote",
            name: "封面说明",
            size: theme.small + 0.3,
            color: Some(theme.muted),
            around: (16.0, 0.0),
            line: (theme.small + 0.3) * 1.6,
            ..PLAIN
        },
        Style {
            id: "BadgeLabel",
            name: "等级块名称",
            size: 9.0,
            line: 12.6,
            ..PLAIN
        },
        Style {
            id: "BadgeValue",
            name: "等级块数值",
            size: 17.0,
            bold: true,
            around: (2.0, 2.0),
            line: 27.0,
            ..PLAIN
        },
        Style {
            id: "BadgeNote",
            name: "等级块说明",
            size: 8.8,
            color: Some(theme.muted),
            line: 13.2,
            ..PLAIN
        },
    ]
}
