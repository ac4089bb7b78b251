//! `styles.xml`: the names under which everything in the file can be restyled by whoever edits it.

use super::chrome::NAMESPACES;
use super::numbering::{BULLETS, INDENT, NUMBERS};
use super::xml::{Xml, half_points, hex, twips};
use crate::report::{
    document::Tone,
    theme::{Color, Theme},
};

mod table;

/// The font of everything; `fontTable.xml` says what stands in for it.
pub const FONT: &str = "微软雅黑";
/// Every tone with the ending of its styles' names.
pub const TONES: [(Tone, &str, &str); 5] = [
    (Tone::Neutral, "Neutral", "一般"),
    (Tone::Info, "Info", "说明"),
    (Tone::Good, "Good", "良好"),
    (Tone::Warn, "Warn", "注意"),
    (Tone::Bad, "Bad", "警示"),
];

/// The ending of the style names of a tone.
pub fn tone_name(tone: Tone) -> &'static str {
    TONES
        .iter()
        .find(|known| known.0 == tone)
        .map_or("Neutral", |known| known.1)
}

/// A paragraph style.
#[derive(Clone, Copy)]
struct Style {
    id: &'static str,
    name: &'static str,
    base: &'static str,
    next: &'static str,
    /// Size in points; 0 as the base.
    size: f32,
    bold: bool,
    color: Option<Color>,
    /// Points above and below.
    around: (f32, f32),
    /// Least height of a line, in points; 0 as the base.
    line: f32,
    align: &'static str,
    keep: bool,
    /// Level of the outline from 1; 0 for none.
    outline: u8,
    /// Bottom border.
    rule: Option<Color>,
    /// Numbering and hanging indent.
    list: Option<u32>,
    /// Indent in twips.
    left: i32,
    /// Tab stop at that place, in twips, with that leader.
    tab: Option<(i32, &'static str)>,
}

const PLAIN: Style = Style {
    id: "",
    name: "",
    base: "Normal",
    next: "",
    size: 0.0,
    bold: false,
    color: None,
    around: (0.0, 0.0),
    line: 0.0,
    align: "left",
    keep: false,
    outline: 0,
    rule: None,
    list: None,
    left: 0,
    tab: None,
};

/// `word/styles.xml`.
pub fn part(theme: &Theme) -> String {
    let mut xml = Xml::file();
    xml.open("w:styles", NAMESPACES);
    defaults(&mut xml, theme);
    for style in running(theme)
        .into_iter()
        .chain(headings(theme))
        .chain(contents(theme))
        .chain(boxes(theme))
        .chain(cover(theme))
    {
        paragraph(&mut xml, &style);
    }
    for (tone, ending, word) in TONES {
        let ink = theme.tone(tone).ink;
        let (id, name) = (format!("CalloutTitle{ending}"), format!("提示框标题·{word}"));
        xml.open(
            "w:style",
            &[("w:type", &"paragraph"), ("w:customStyle", &1), ("w:styleId", &id)],
        );
        xml.leaf("w:name", &[("w:val", &name)]);
        xml.leaf("w:basedOn", &[("w:val", &"CalloutTitle")]);
        xml.leaf("w:next", &[("w:val", &"Normal")]);
        xml.open("w:rPr", &[]);
        xml.leaf("w:color", &[("w:val", &hex(ink))]);
        xml.close();
        xml.close();
    }
    characters(&mut xml, theme);
    table::styles(&mut xml, theme);
    xml.finish()
}

fn defaults(xml: &mut Xml, theme: &Theme) {
    xml.open("w:docDefaults", &[]);
    xml.open("w:rPrDefault", &[]);
    xml.open("w:rPr", &[]);
    xml.leaf(
        "w:rFonts",
        &[
            ("w:ascii", &FONT),
            ("w:eastAsia", &FONT),
            ("w:hAnsi", &FONT),
            ("w:cs", &FONT),
        ],
    );
    let size = half_points(theme.body);
    xml.leaf("w:sz", &[("w:val", &size)]);
    xml.leaf("w:szCs", &[("w:val", &size)]);
    // Chinese; but Latin words and numbers break by Latin rules, not between any two digits.
    xml.leaf(
        "w:lang",
        &[("w:val", &"en-US"), ("w:eastAsia", &"zh-CN"), ("w:bidi", &"ar-SA")],
    );
    xml.close();
    xml.close();
    xml.open("w:pPrDefault", &[]);
    xml.open("w:pPr", &[]);
    for rule in [
        "w:kinsoku",
        "w:overflowPunct",
        "w:topLinePunct",
        "w:autoSpaceDE",
        "w:autoSpaceDN",
    ] {
        xml.leaf(rule, &[]);
    }
    xml.close();
    xml.close();
    xml.close();
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

/// Names that Word knows; others are marked as the file's own.
fn is_built_in(name: &str) -> bool {
    name.is_ascii()
}

fn open(xml: &mut Xml, kind: &str, id: &str, name: &str) {
    match (id, is_built_in(name)) {
        ("Normal", _) => xml.open("w:style", &[("w:type", &kind), ("w:default", &1), ("w:styleId", &id)]),
        (_, true) => xml.open("w:style", &[("w:type", &kind), ("w:styleId", &id)]),
        (_, false) => xml.open(
            "w:style",
            &[("w:type", &kind), ("w:customStyle", &1), ("w:styleId", &id)],
        ),
    }
    xml.leaf("w:name", &[("w:val", &name)]);
}

fn paragraph(xml: &mut Xml, style: &Style) {
    open(xml, "paragraph", style.id, style.name);
    if !style.base.is_empty() {
        xml.leaf("w:basedOn", &[("w:val", &style.base)]);
    }
    if !style.next.is_empty() {
        xml.leaf("w:next", &[("w:val", &style.next)]);
    }
    xml.leaf("w:qFormat", &[]);
    xml.open("w:pPr", &[]);
    if style.keep {
        xml.leaf("w:keepNext", &[]);
        xml.leaf("w:keepLines", &[]);
    }
    xml.leaf("w:widowControl", &[]);
    if let Some(numbering) = style.list {
        xml.open("w:numPr", &[]);
        xml.leaf("w:numId", &[("w:val", &numbering)]);
        xml.close();
    }
    if let Some(color) = style.rule {
        xml.open("w:pBdr", &[]);
        let attrs: super::xml::Attrs = &[
            ("w:val", &"single"),
            ("w:sz", &8),
            ("w:space", &5),
            ("w:color", &hex(color)),
        ];
        xml.leaf("w:bottom", attrs);
        xml.close();
    }
    if let Some((place, leader)) = style.tab {
        xml.open("w:tabs", &[]);
        xml.leaf(
            "w:tab",
            &[("w:val", &"right"), ("w:leader", &leader), ("w:pos", &place)],
        );
        xml.close();
    }
    let (before, after) = (twips(style.around.0), twips(style.around.1));
    if style.line > 0.0 {
        let line = twips(style.line);
        xml.leaf(
            "w:spacing",
            &[
                ("w:before", &before),
                ("w:after", &after),
                ("w:line", &line),
                ("w:lineRule", &"atLeast"),
            ],
        );
    } else {
        xml.leaf("w:spacing", &[("w:before", &before), ("w:after", &after)]);
    }
    if style.list.is_some() {
        xml.leaf("w:ind", &[("w:left", &INDENT), ("w:hanging", &INDENT)]);
    } else if style.left > 0 {
        xml.leaf("w:ind", &[("w:left", &style.left)]);
    }
    xml.leaf("w:jc", &[("w:val", &style.align)]);
    if style.outline > 0 {
        xml.leaf("w:outlineLvl", &[("w:val", &(style.outline - 1))]);
    }
    xml.close();
    xml.open("w:rPr", &[]);
    if style.bold {
        xml.leaf("w:b", &[]);
        xml.leaf("w:bCs", &[]);
    }
    if let Some(color) = style.color {
        xml.leaf("w:color", &[("w:val", &hex(color))]);
    }
    if style.size > 0.0 {
        let size = half_points(style.size);
        xml.leaf("w:sz", &[("w:val", &size)]);
        xml.leaf("w:szCs", &[("w:val", &size)]);
    }
    xml.close();
    xml.close();
}

fn characters(xml: &mut Xml, theme: &Theme) {
    let mut one = |id: &str, name: &str, look: &dyn Fn(&mut Xml)| {
        open(xml, "character", id, name);
        xml.leaf("w:qFormat", &[]);
        xml.open("w:rPr", &[]);
        look(xml);
        xml.close();
        xml.close();
    };
    one("Strong", "Strong", &|xml| {
        xml.leaf("w:b", &[]);
        xml.leaf("w:bCs", &[]);
    });
    // Chinese has no italics.
    one("Emphasis", "Emphasis", &|xml| {
        xml.leaf("w:color", &[("w:val", &hex(theme.brand))])
    });
    one("Hyperlink", "Hyperlink", &|xml| {
        xml.leaf("w:color", &[("w:val", &hex(theme.link))]);
        xml.leaf("w:u", &[("w:val", &"single")]);
    });
    one("FootnoteReference", "footnote reference", &|xml| {
        xml.leaf("w:color", &[("w:val", &hex(theme.link))]);
        xml.leaf("w:vertAlign", &[("w:val", &"superscript")]);
    });
    one("Code", "代码", &|xml| shade(xml, theme.zebra));
    for (tone, ending, word) in TONES {
        let colors = theme.tone(tone);
        one(&format!("Badge{ending}"), &format!("标签·{word}"), &|xml| {
            xml.leaf("w:b", &[]);
            xml.leaf("w:bCs", &[]);
            xml.leaf("w:color", &[("w:val", &hex(colors.ink))]);
            let size = half_points(theme.small);
            xml.leaf("w:sz", &[("w:val", &size)]);
            xml.leaf("w:szCs", &[("w:val", &size)]);
            shade(xml, colors.pale);
        });
    }
}

fn shade(xml: &mut Xml, fill: Color) {
    xml.leaf(
        "w:shd",
        &[("w:val", &"clear"), ("w:color", &"auto"), ("w:fill", &hex(fill))],
    );
}
