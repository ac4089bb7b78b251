//! The table of contents: a field that Word renews on demand, filled in so that it shows at once.

use super::body::{Body, contents_mark, styled};
use super::chrome::{field, field_mark};
use crate::report::document::plain_text;

impl Body<'_> {
    /// A line for each heading down to `depth`.
    pub fn contents(&mut self, title: &str, depth: u8) {
        let depth = depth.clamp(1, 9);
        self.xml.open("w:sdt", &[]);
        self.xml.open("w:sdtPr", &[]);
        self.xml.open("w:docPartObj", &[]);
        self.xml.leaf("w:docPartGallery", &[("w:val", &"Table of Contents")]);
        for _ in 0..2 {
            self.xml.close();
        }
        self.xml.open("w:sdtContent", &[]);
        self.plain("TOCHeading", title);
        let entries: Vec<(usize, String, u8, String)> = (0..)
            .zip(&self.chapters)
            .filter(|(_, (_, level, _))| *level <= depth)
            .map(|(place, (id, level, text))| {
                let page = self.pages.get(*id).map_or_else(String::new, usize::to_string);
                (place, plain_text(text).replace('\n', " "), *level, page)
            })
            .collect();
        let code = format!(" TOC \\o \"1-{depth}\" \\h \\z \\u ");
        if entries.is_empty() {
            self.para(styled("TOC1"), |body| field(&mut body.xml, &code, ""));
        }
        let last = entries.len().saturating_sub(1);
        for (index, (place, text, level, page)) in entries.into_iter().enumerate() {
            let style = ["TOC1", "TOC2", "TOC3", "TOC4"][usize::from(level.clamp(1, 4)) - 1];
            self.para(styled(style), |body| {
                if index == 0 {
                    let xml = &mut body.xml;
                    field_mark(xml, "begin");
                    xml.open("w:r", &[]);
                    xml.text("w:instrText", &[("xml:space", &"preserve")], &code);
                    xml.close();
                    field_mark(xml, "separate");
                }
                let mark = contents_mark(place);
                body.xml.open("w:hyperlink", &[("w:anchor", &mark), ("w:history", &1)]);
                body.text(&text);
                body.xml.open("w:r", &[]);
                body.xml.leaf("w:tab", &[]);
                body.xml.close();
                field(&mut body.xml, &format!(" PAGEREF {mark} \\h "), &page);
                body.xml.close();
                if index == last {
                    field_mark(&mut body.xml, "end");
                }
            });
        }
        for _ in 0..2 {
            self.xml.close();
        }
    }
}
