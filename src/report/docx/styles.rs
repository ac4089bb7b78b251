//! `styles.xml`: the names under which everything in the file can be restyled by whoever edits it.

use super::chrome::NAMESPACES;
use super::numbering::INDENT;
use super::xml::{Xml, half_points, hex, twips};
use crate::report::{
    document::Tone,
    theme::{Color, Theme},
};

mod sheet;
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
    for style in sheet::styles(theme) {
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
