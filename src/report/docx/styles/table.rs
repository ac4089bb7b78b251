//! Styles of tables.

use super::{Theme, Xml, hex, open, shade, twips};
use crate::report::theme::Color;

/// Left and right of a cell's text, in points: a little less than column widths allow for, as other fonts are wider.
const PAD_X: f32 = 5.4;
/// Above and below a cell's text.
const PAD_Y: f32 = 4.2;

pub fn styles(xml: &mut Xml, theme: &Theme) {
    xml.open(
        "w:style",
        &[("w:type", &"table"), ("w:default", &1), ("w:styleId", &"TableNormal")],
    );
    xml.leaf("w:name", &[("w:val", &"Normal Table")]);
    xml.leaf("w:uiPriority", &[("w:val", &99)]);
    xml.leaf("w:semiHidden", &[]);
    xml.open("w:tblPr", &[]);
    xml.leaf("w:tblInd", &[("w:w", &0), ("w:type", &"dxa")]);
    margins(xml, 0.0, 0.0);
    xml.close();
    xml.close();
    data(xml, theme);
    for (id, name) in [("CalloutTable", "提示框"), ("BoxTable", "版面")] {
        open(xml, "table", id, name);
        xml.leaf("w:basedOn", &[("w:val", &"TableNormal")]);
        xml.open("w:tblPr", &[]);
        let (x, y) = if id == "CalloutTable" { (13.0, 8.0) } else { (0.0, 0.0) };
        margins(xml, x, y);
        xml.close();
        xml.close();
    }
}

/// The table of figures: a head, hairlines, every second row shaded.
fn data(xml: &mut Xml, theme: &Theme) {
    open(xml, "table", "ReportTable", "报告表格");
    xml.leaf("w:basedOn", &[("w:val", &"TableNormal")]);
    xml.leaf("w:qFormat", &[]);
    xml.open("w:tblPr", &[]);
    xml.leaf("w:tblStyleRowBandSize", &[("w:val", &1)]);
    xml.open("w:tblBorders", &[]);
    border(xml, "w:top", theme.brand, 8);
    border(xml, "w:bottom", theme.brand, 8);
    border(xml, "w:insideH", theme.hairline, 4);
    xml.close();
    margins(xml, PAD_X, PAD_Y);
    xml.close();
    xml.open("w:tblStylePr", &[("w:type", &"firstRow")]);
    xml.open("w:rPr", &[]);
    xml.leaf("w:b", &[]);
    xml.leaf("w:color", &[("w:val", &hex(theme.brand))]);
    xml.close();
    xml.open("w:tcPr", &[]);
    xml.open("w:tcBorders", &[]);
    border(xml, "w:top", theme.brand, 8);
    border(xml, "w:bottom", theme.brand, 6);
    xml.close();
    shade(xml, theme.brand_pale);
    xml.close();
    xml.close();
    xml.open("w:tblStylePr", &[("w:type", &"band2Horz")]);
    xml.open("w:tcPr", &[]);
    shade(xml, theme.zebra);
    xml.close();
    xml.close();
    xml.close();
}

fn margins(xml: &mut Xml, x: f32, y: f32) {
    let (x, y) = (twips(x), twips(y));
    xml.open("w:tblCellMar", &[]);
    for (side, width) in [("w:top", y), ("w:left", x), ("w:bottom", y), ("w:right", x)] {
        xml.leaf(side, &[("w:w", &width), ("w:type", &"dxa")]);
    }
    xml.close();
}

fn border(xml: &mut Xml, side: &str, color: Color, eighths: u32) {
    xml.leaf(
        side,
        &[
            ("w:val", &"single"),
            ("w:sz", &eighths),
            ("w:space", &0),
            ("w:color", &hex(color)),
        ],
    );
}
