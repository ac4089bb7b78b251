//! Settings of the file, the fonts that stand in, the palette of whoever edits it.

use super::chrome::NAMESPACES;
use super::styles::FONT;
use super::xml::{Xml, hex};
use crate::report::theme::Theme;

/// `word/settings.xml`.
pub fn part(notes: bool) -> String {
    let mut xml = Xml::file();
    xml.open("w:settings", NAMESPACES);
    xml.leaf("w:zoom", &[("w:percent", &100)]);
    xml.leaf("w:defaultTabStop", &[("w:val", &420)]);
    xml.leaf("w:characterSpacingControl", &[("w:val", &"compressPunctuation")]);
    if notes {
        xml.open("w:footnotePr", &[]);
        for id in [-1, 0] {
            xml.leaf("w:footnote", &[("w:id", &id)]);
        }
        xml.close();
    }
    xml.open("w:compat", &[]);
    xml.leaf("w:useFELayout", &[]);
    xml.leaf(
        "w:compatSetting",
        &[
            ("w:name", &"compatibilityMode"),
            ("w:uri", &"http://schemas.microsoft.com/office/word"),
            ("w:val", &15),
        ],
    );
    xml.close();
    xml.leaf("w:themeFontLang", &[("w:val", &"en-US"), ("w:eastAsia", &"zh-CN")]);
    xml.leaf("w:decimalSymbol", &[("w:val", &".")]);
    xml.leaf("w:listSeparator", &[("w:val", &",")]);
    xml.finish()
}

/// `word/fontTable.xml`: what to take where the font is missing.
pub fn font_table() -> String {
    let mut xml = Xml::file();
    xml.open("w:fonts", NAMESPACES);
    xml.open("w:font", &[("w:name", &FONT)]);
    let others = "Microsoft YaHei,Noto Sans SC,Noto Sans CJK SC,Source Han Sans SC";
    xml.leaf("w:altName", &[("w:val", &others)]);
    xml.leaf("w:panose1", &[("w:val", &"020B0503020204020204")]);
    xml.leaf("w:charset", &[("w:val", &"86")]);
    xml.leaf("w:family", &[("w:val", &"swiss")]);
    xml.leaf("w:pitch", &[("w:val", &"variable")]);
    xml.finish()
}

/// `word/theme/theme1.xml`: the report's colours in the palette of whoever edits it.
pub fn theme_part(theme: &Theme) -> String {
    let mut xml = Xml::file();
    let name = "企诊";
    xml.open(
        "a:theme",
        &[
            ("xmlns:a", &"http://schemas.openxmlformats.org/drawingml/2006/main"),
            ("name", &name),
        ],
    );
    xml.open("a:themeElements", &[]);
    xml.open("a:clrScheme", &[("name", &name)]);
    let white = crate::report::theme::Color::WHITE;
    let colors: [(&'static str, _); 12] = [
        ("a:dk1", theme.ink),
        ("a:lt1", white),
        ("a:dk2", theme.brand),
        ("a:lt2", theme.brand_pale),
        ("a:accent1", theme.brand),
        ("a:accent2", theme.info.fill),
        ("a:accent3", theme.good.fill),
        ("a:accent4", theme.warn.fill),
        ("a:accent5", theme.bad.fill),
        ("a:accent6", theme.neutral.fill),
        ("a:hlink", theme.link),
        ("a:folHlink", theme.muted),
    ];
    for (name, color) in colors {
        xml.open(name, &[]);
        xml.leaf("a:srgbClr", &[("val", &hex(color))]);
        xml.close();
    }
    xml.close();
    xml.open("a:fontScheme", &[("name", &name)]);
    for kind in ["a:majorFont", "a:minorFont"] {
        xml.open(kind, &[]);
        xml.leaf("a:latin", &[("typeface", &FONT)]);
        xml.leaf("a:ea", &[("typeface", &FONT)]);
        xml.leaf("a:cs", &[("typeface", &"")]);
        xml.close();
    }
    xml.close();
    // The format demands three of each.
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = format!("<a:ln w=\"6350\">{fill}</a:ln>");
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>";
    xml.open("a:fmtScheme", &[("name", &name)]);
    for (list, content) in [
        ("a:fillStyleLst", fill),
        ("a:lnStyleLst", line.as_str()),
        ("a:effectStyleLst", effect),
        ("a:bgFillStyleLst", fill),
    ] {
        xml.open(list, &[]);
        xml.raw(&content.repeat(3));
        xml.close();
    }
    xml.finish()
}
