//! `numbering.xml`: bullets, and numbers that start anew with each list.

use super::chrome::NAMESPACES;
use super::xml::{Xml, hex};
use crate::report::theme::Theme;

/// Bulleted lists.
pub const BULLETS: u32 = 1;
/// Numbered lists in the style `List Number`; each list of a document has a number of its own from the next on.
pub const NUMBERS: u32 = 2;
/// Deepest level that Word knows.
pub const DEEPEST: u8 = 8;
/// Indent of a level, in twips.
pub const INDENT: i32 = 360;

/// Level and first number of each numbered list, in order.
pub fn part(theme: &Theme, starts: &[(u8, u32)]) -> String {
    let mut xml = Xml::file();
    xml.open("w:numbering", NAMESPACES);
    for (id, bullets) in [(BULLETS, true), (NUMBERS, false)] {
        xml.open("w:abstractNum", &[("w:abstractNumId", &id)]);
        xml.leaf("w:multiLevelType", &[("w:val", &"multilevel")]);
        for level in 0..=DEEPEST {
            self::level(&mut xml, theme, level, bullets);
        }
        xml.close();
    }
    for id in [BULLETS, NUMBERS] {
        xml.open("w:num", &[("w:numId", &id)]);
        xml.leaf("w:abstractNumId", &[("w:val", &id)]);
        xml.close();
    }
    for (place, (level, start)) in (1..).zip(starts) {
        xml.open("w:num", &[("w:numId", &(NUMBERS + place))]);
        xml.leaf("w:abstractNumId", &[("w:val", &NUMBERS)]);
        xml.open("w:lvlOverride", &[("w:ilvl", level)]);
        xml.leaf("w:startOverride", &[("w:val", start)]);
        xml.close();
        xml.close();
    }
    xml.finish()
}

fn level(xml: &mut Xml, theme: &Theme, level: u8, bullets: bool) {
    let left = INDENT * (i32::from(level) + 1);
    xml.open("w:lvl", &[("w:ilvl", &level)]);
    xml.leaf("w:start", &[("w:val", &1)]);
    let format = if bullets { "bullet" } else { "decimal" };
    xml.leaf("w:numFmt", &[("w:val", &format)]);
    if level == 0 {
        let style = if bullets { "ListBullet" } else { "ListNumber" };
        xml.leaf("w:pStyle", &[("w:val", &style)]);
    }
    let text = if bullets {
        "•".to_owned()
    } else {
        format!("%{}.", level + 1)
    };
    xml.leaf("w:lvlText", &[("w:val", &text)]);
    xml.leaf("w:lvlJc", &[("w:val", &"left")]);
    xml.open("w:pPr", &[]);
    xml.leaf("w:ind", &[("w:left", &left), ("w:hanging", &INDENT)]);
    xml.close();
    xml.open("w:rPr", &[]);
    xml.leaf("w:b", &[]);
    xml.leaf("w:color", &[("w:val", &hex(theme.brand))]);
    xml.close();
    xml.close();
}
