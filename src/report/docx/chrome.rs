//! Everything around the text: running heads and feet, watermark, the cover's edge.

use super::picture::inline;
use super::styles::FONT;
use super::xml::{Xml, hex, twips};
use crate::report::{document::Meta, draw::Measure, pdf::fonts::Fonts, theme::Theme};

/// The namespaces of every part.
pub const NAMESPACES: super::xml::Attrs = &[
    (
        "xmlns:w",
        &"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        "xmlns:r",
        &"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        "xmlns:wp",
        &"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    ),
    ("xmlns:a", &"http://schemas.openxmlformats.org/drawingml/2006/main"),
    ("xmlns:pic", &"http://schemas.openxmlformats.org/drawingml/2006/picture"),
    ("xmlns:v", &"urn:schemas-microsoft-com:vml"),
    ("xmlns:o", &"urn:schemas-microsoft-com:office:office"),
];

/// A running head; that of the cover has no text, but the edge in the brand colour.
///
/// `logo` is the relation, number and size of the picture before it.
pub fn header(
    meta: &Meta,
    theme: &Theme,
    fonts: &Fonts,
    cover: bool,
    logo: Option<(String, u32, (f32, f32))>,
) -> String {
    let mut xml = Xml::file();
    xml.open("w:hdr", NAMESPACES);
    xml.open("w:p", &[]);
    xml.open("w:pPr", &[]);
    xml.leaf("w:pStyle", &[("w:val", &"Header")]);
    let empty = meta.header_left.is_empty() && meta.header_right.is_empty();
    let shown = !(cover || empty && logo.is_none());
    if shown {
        rule(&mut xml, theme, "w:bottom", 4);
    }
    xml.close();
    if shown {
        let room = theme.column();
        let right = cut(&meta.header_right, room * 1.3, theme.small, fonts);
        // Two lines, the number on the second.
        let mut left = 2.0 * room - fonts.width(&right, theme.small, false) - 30.0;
        if let Some((relation, id, size)) = logo {
            inline(&mut xml, &relation, id, size, "徽标", None);
            run(&mut xml, "\u{2002}");
            left -= size.0 + theme.small;
        }
        sides(&mut xml, &cut(&meta.header_left, left, theme.small, fonts));
        run(&mut xml, &right);
    }
    if cover {
        edge(&mut xml, theme);
    }
    watermark(&mut xml, meta, theme, fonts, cover);
    xml.finish()
}

/// A running foot with the number of the page; that of the cover is empty.
pub fn footer(meta: &Meta, theme: &Theme, fonts: &Fonts, cover: bool) -> String {
    let mut xml = Xml::file();
    xml.open("w:ftr", NAMESPACES);
    xml.open("w:p", &[]);
    xml.open("w:pPr", &[]);
    xml.leaf("w:pStyle", &[("w:val", &"Footer")]);
    if !cover {
        rule(&mut xml, theme, "w:top", 6);
    }
    xml.close();
    if !cover {
        sides(
            &mut xml,
            &cut(&meta.footer_left, theme.column() * 0.7, theme.small, fonts),
        );
        run(&mut xml, "第 ");
        field(&mut xml, " PAGE ", "2");
        run(&mut xml, " 页 / 共 ");
        field(&mut xml, " NUMPAGES ", "2");
        run(&mut xml, " 页");
    }
    xml.finish()
}

/// A field: what it computes, and what it shows until then.
pub fn field(xml: &mut Xml, code: &str, shown: &str) {
    field_mark(xml, "begin");
    xml.open("w:r", &[]);
    xml.text("w:instrText", &[("xml:space", &"preserve")], code);
    xml.close();
    field_mark(xml, "separate");
    run(xml, shown);
    field_mark(xml, "end");
}

/// One of the three marks of a field.
pub fn field_mark(xml: &mut Xml, kind: &str) {
    xml.open("w:r", &[]);
    xml.leaf("w:fldChar", &[("w:fldCharType", &kind)]);
    xml.close();
}

/// Text without a look of its own.
pub fn run(xml: &mut Xml, text: &str) {
    xml.open("w:r", &[]);
    xml.text("w:t", &[("xml:space", &"preserve")], text);
    xml.close();
}

fn sides(xml: &mut Xml, left: &str) {
    run(xml, left);
    xml.open("w:r", &[]);
    xml.leaf("w:tab", &[]);
    xml.close();
}

fn rule(xml: &mut Xml, theme: &Theme, side: &str, space: u32) {
    xml.open("w:pBdr", &[]);
    let color = hex(theme.hairline);
    xml.leaf(
        side,
        &[
            ("w:val", &"single"),
            ("w:sz", &4),
            ("w:space", &space),
            ("w:color", &color),
        ],
    );
    xml.close();
}

/// Text of at most `room` points: a head of three lines would push the text down.
fn cut(text: &str, room: f32, size: f32, fonts: &Fonts) -> String {
    let mut text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if fonts.width(&text, size, false) <= room {
        return text;
    }
    while !text.is_empty() && fonts.width(&text, size, false) + size > room {
        text.pop();
    }
    text + "…"
}

/// The coloured edge of the cover.
fn edge(xml: &mut Xml, theme: &Theme) {
    let style = format!(
        "position:absolute;margin-left:0;margin-top:0;width:16pt;height:{}pt;z-index:-251658240;\
         mso-position-horizontal-relative:page;mso-position-vertical-relative:page",
        theme.page.1
    );
    let fill = theme.brand.css();
    xml.open("w:r", &[]);
    xml.open("w:pict", &[]);
    xml.leaf(
        "v:rect",
        &[
            ("id", &"QizhenEdge"),
            ("style", &style),
            ("fillcolor", &fill),
            ("stroked", &"f"),
        ],
    );
    xml.close();
    xml.close();
}

/// What Word itself writes as a watermark, so that its own menu can take it away.
fn watermark(xml: &mut Xml, meta: &Meta, theme: &Theme, fonts: &Fonts, cover: bool) {
    let text = meta.watermark.trim();
    let em = fonts.width(text, 1.0, true);
    if em <= 0.0 {
        return;
    }
    let size = (560.0 / em).min(150.0);
    let style = format!(
        "position:absolute;margin-left:0;margin-top:0;width:{:.0}pt;height:{size:.0}pt;rotation:322;\
         z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;\
         mso-position-vertical:center;mso-position-vertical-relative:margin",
        em * size
    );
    let id = format!("PowerPlusWaterMarkObject{}", u8::from(cover) + 1);
    xml.open("w:r", &[]);
    xml.open("w:pict", &[]);
    xml.open(
        "v:shapetype",
        &[
            ("id", &"_x0000_t136"),
            ("coordsize", &"21600,21600"),
            ("o:spt", &136),
            ("adj", &10800),
            ("path", &"m@7,l@8,m@5,21600l@6,21600e"),
        ],
    );
    xml.open("v:formulas", &[]);
    for formula in [
        "sum #0 0 10800",
        "prod #0 2 1",
        "sum 21600 0 @1",
        "sum 0 0 @2",
        "sum 21600 0 @3",
        "if @0 @3 0",
        "if @0 21600 @1",
        "if @0 0 @2",
        "if @0 @4 21600",
        "mid @5 @6",
        "mid @8 @5",
        "mid @7 @8",
        "mid @6 @7",
        "sum @6 0 @5",
    ] {
        xml.leaf("v:f", &[("eqn", &formula)]);
    }
    xml.close();
    xml.leaf("v:path", &[("textpathok", &"t"), ("o:connecttype", &"custom")]);
    xml.leaf("v:textpath", &[("on", &"t"), ("fitshape", &"t")]);
    xml.close();
    xml.open(
        "v:shape",
        &[
            ("id", &id),
            ("type", &"#_x0000_t136"),
            ("style", &style),
            ("o:allowincell", &"f"),
            ("fillcolor", &theme.watermark.css()),
            ("stroked", &"f"),
        ],
    );
    let font = format!("font-family:\"{FONT}\";font-size:1pt;font-weight:bold");
    xml.leaf("v:textpath", &[("style", &font), ("string", &text)]);
    for _ in 0..3 {
        xml.close();
    }
}

/// The properties of the one section, at the end of the text.
pub fn section(xml: &mut Xml, theme: &Theme, heads: &[(&'static str, &str, String)], cover: bool) {
    xml.open("w:sectPr", &[]);
    for (name, kind, id) in heads {
        xml.leaf(name, &[("w:type", kind), ("r:id", id)]);
    }
    let (width, height) = theme.page;
    xml.leaf("w:pgSz", &[("w:w", &twips(width)), ("w:h", &twips(height))]);
    let side = twips(theme.margin_x);
    xml.leaf(
        "w:pgMar",
        &[
            ("w:top", &twips(theme.margin_top)),
            ("w:right", &side),
            ("w:bottom", &twips(theme.margin_bottom)),
            ("w:left", &side),
            ("w:header", &twips(theme.margin_top - 40.0)),
            ("w:footer", &twips(theme.margin_bottom - 38.0)),
            ("w:gutter", &0),
        ],
    );
    if cover {
        xml.leaf("w:titlePg", &[]);
    }
    xml.close();
}
