//! Blocks → `document.xml`: headings, paragraphs, lists; the larger blocks have files of their own.

use std::collections::{HashMap, HashSet};

use super::numbering::{DEEPEST, INDENT, NUMBERS};
use super::package::Relations;
use super::xml::{Xml, hex, twips};
use crate::report::{
    document::{Align, Block, Chapter, Inline, Meta, plain_text},
    pdf::fonts::Fonts,
    theme::{Color, Theme},
};

/// How a paragraph departs from its style.
#[derive(Debug, Clone, Copy, Default)]
pub struct Para<'a> {
    /// Id of its style.
    pub style: &'a str,
    /// Stays with the next paragraph.
    pub keep: bool,
    /// Numbering and level.
    pub number: Option<(u32, u8)>,
    /// Twips below.
    pub after: Option<i32>,
    /// Twips above.
    pub before: Option<i32>,
    /// Indent in twips.
    pub left: Option<i32>,
    /// Alignment.
    pub align: Option<Align>,
    /// A line below.
    pub rule: Option<Color>,
    /// Tab stop with a line to write on.
    pub blank: Option<i32>,
}

/// A paragraph in a style and nothing else.
pub fn styled(style: &str) -> Para<'_> {
    Para {
        style,
        ..Para::default()
    }
}

/// The text of the document as far as it is written.
pub struct Body<'a> {
    /// What is written.
    pub xml: Xml,
    /// Look.
    pub theme: &'a Theme,
    /// For measuring.
    pub fonts: &'a Fonts,
    /// What the part written now points to.
    pub relations: Relations,
    /// Pictures: name and content.
    pub media: Vec<(String, Vec<u8>)>,
    /// Level and first number of each numbered list.
    pub lists: Vec<(u8, u32)>,
    /// Headings in order.
    pub chapters: Vec<Chapter<'a>>,
    /// Place of each heading's anchor in `chapters`.
    pub anchors: HashMap<&'a str, usize>,
    /// Page of each heading, as far as it can be known without Word.
    pub pages: HashMap<String, usize>,
    /// Left edge and width of the column, in points.
    pub column: (f32, f32),
    /// Within a table cell: pages do not break here.
    pub boxed: bool,
    /// What follows starts on a new page.
    pub fresh: bool,
    /// Footnotes that have their mark.
    pub noted: HashSet<u32>,
    /// What is written now are the footnotes themselves.
    pub in_notes: bool,
    marked: HashSet<usize>,
    ids: u32,
}

impl<'a> Body<'a> {
    /// A body for these headings, nothing written yet.
    pub fn new(chapters: Vec<Chapter<'a>>, pages: HashMap<String, usize>, theme: &'a Theme, fonts: &'a Fonts) -> Self {
        Self {
            xml: Xml::file(),
            theme,
            fonts,
            relations: Relations::default(),
            media: Vec::new(),
            lists: Vec::new(),
            anchors: (0..)
                .zip(&chapters)
                .map(|(index, chapter)| (chapter.0, index))
                .collect(),
            chapters,
            pages,
            column: (0.0, theme.column()),
            boxed: false,
            fresh: false,
            noted: HashSet::new(),
            in_notes: false,
            marked: HashSet::new(),
            ids: 0,
        }
    }

    /// A number that nothing else in the document has.
    pub fn id(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    /// The whole document; `true` when it begins with a cover.
    pub fn document(&mut self, blocks: &[Block], meta: &Meta) -> Result<bool, String> {
        let cover = matches!(blocks.first(), Some(Block::Cover(_)));
        if blocks.is_empty() {
            self.plain("Title", &meta.title);
        }
        self.blocks(blocks)?;
        Ok(cover)
    }

    /// Blocks one after the other.
    pub fn blocks(&mut self, blocks: &[Block]) -> Result<(), String> {
        for (index, block) in blocks.iter().enumerate() {
            let next = blocks.get(index + 1);
            // A line that announces what follows, and what is to be signed, stay with it.
            let announces =
                matches!(block, Block::Paragraph(text) if plain_text(text).trim_end().ends_with(['：', ':']));
            let keep = next.is_some() && announces || matches!(next, Some(Block::Signature(_)));
            self.block(block, keep)?;
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, keep: bool) -> Result<(), String> {
        match block {
            Block::Cover(cover) => self.cover(cover)?,
            Block::PageBreak => self.break_page(),
            Block::Toc { title, depth } => self.contents(title, *depth),
            Block::Heading { level, id, text } => self.heading(*level, id, text),
            Block::Paragraph(text) => {
                let left = (self.column.0 > 0.0).then(|| twips(self.column.0));
                let para = Para {
                    keep,
                    left,
                    ..styled("Normal")
                };
                self.para(para, |body| body.inlines(text));
            }
            Block::List { start, items } => self.list(*start, items, 0, true)?,
            Block::Table(table) => self.table(table)?,
            Block::Figure { chart, caption, alt } => self.figure(chart, caption, alt)?,
            Block::Pictures(gallery) => self.gallery(gallery)?,
            Block::Callout { tone, title, body } => self.callout(*tone, title, body)?,
            Block::Tiles(tiles) => self.tiles(tiles)?,
            Block::Signature(boxes) => self.signature(boxes)?,
            Block::Seal(seal) => self.seal(seal)?,
            Block::Rule => {
                let para = Para {
                    rule: Some(self.theme.hairline),
                    after: Some(twips(12.0)),
                    ..styled("TileNote")
                };
                self.para(para, |_| {});
            }
        }
        Ok(())
    }

    /// The next block starts on a new page.
    pub fn break_page(&mut self) {
        self.fresh = !self.boxed;
    }

    fn heading(&mut self, level: u8, id: &str, text: &[Inline]) {
        let style = ["Heading1", "Heading2", "Heading3", "Heading4"][usize::from(level.clamp(1, 4)) - 1];
        // At the top of a page the space above would only be a hole.
        let before = self.fresh.then_some(0);
        let place = self.anchors.get(id).copied();
        let first = place.filter(|place| self.marked.insert(*place));
        self.para(
            Para {
                before,
                ..styled(style)
            },
            |body| {
                // Word rewrites its own marks whenever it makes the contents anew; links in the text need others.
                let marks = first.map(|place| [(contents_mark(place), body.id()), (text_mark(place), body.id())]);
                for (name, id) in marks.iter().flatten() {
                    body.xml.leaf("w:bookmarkStart", &[("w:id", id), ("w:name", name)]);
                }
                body.inlines(text);
                for (_, id) in marks.iter().flatten() {
                    body.xml.leaf("w:bookmarkEnd", &[("w:id", id)]);
                }
            },
        );
    }

    /// A paragraph; `fill` writes its runs.
    pub fn para(&mut self, para: Para, fill: impl FnOnce(&mut Self)) {
        let xml = &mut self.xml;
        xml.open("w:p", &[]);
        xml.open("w:pPr", &[]);
        xml.leaf("w:pStyle", &[("w:val", &para.style)]);
        if para.keep {
            xml.leaf("w:keepNext", &[]);
        }
        if std::mem::take(&mut self.fresh) {
            xml.leaf("w:pageBreakBefore", &[]);
        }
        if let Some((number, level)) = para.number {
            xml.open("w:numPr", &[]);
            xml.leaf("w:ilvl", &[("w:val", &level)]);
            xml.leaf("w:numId", &[("w:val", &number)]);
            xml.close();
        }
        if let Some(color) = para.rule {
            let color = hex(color);
            xml.open("w:pBdr", &[]);
            xml.leaf(
                "w:bottom",
                &[("w:val", &"single"), ("w:sz", &6), ("w:space", &1), ("w:color", &color)],
            );
            xml.close();
        }
        if let Some(place) = para.blank {
            xml.open("w:tabs", &[]);
            xml.leaf(
                "w:tab",
                &[("w:val", &"right"), ("w:leader", &"underscore"), ("w:pos", &place)],
            );
            xml.close();
        }
        match (para.before, para.after) {
            (None, None) => {}
            (Some(before), None) => xml.leaf("w:spacing", &[("w:before", &before)]),
            (None, Some(after)) => xml.leaf("w:spacing", &[("w:after", &after)]),
            (Some(before), Some(after)) => xml.leaf("w:spacing", &[("w:before", &before), ("w:after", &after)]),
        }
        match (para.left, para.number) {
            (Some(left), Some(_)) => xml.leaf("w:ind", &[("w:left", &left), ("w:hanging", &INDENT)]),
            (Some(left), None) => xml.leaf("w:ind", &[("w:left", &left)]),
            (None, _) => {}
        }
        if let Some(align) = para.align {
            let align = match align {
                Align::Left => "left",
                Align::Center => "center",
                Align::Right => "right",
            };
            xml.leaf("w:jc", &[("w:val", &align)]);
        }
        xml.close();
        fill(self);
        self.xml.close();
    }

    /// A paragraph of plain text; nothing where there is none.
    pub fn plain(&mut self, style: &str, text: &str) {
        if !text.is_empty() {
            self.para(styled(style), |body| body.text(text));
        }
    }

    /// Space of that many points: what stands between tables, which would grow together, and below them.
    pub fn gap(&mut self, points: f32) {
        let fresh = std::mem::take(&mut self.fresh);
        let line = twips(points).max(20);
        self.xml.open("w:p", &[]);
        self.xml.open("w:pPr", &[]);
        self.xml.leaf("w:pStyle", &[("w:val", &"TileNote")]);
        if fresh {
            self.xml.leaf("w:pageBreakBefore", &[]);
        }
        self.xml.leaf(
            "w:spacing",
            &[
                ("w:before", &0),
                ("w:after", &0),
                ("w:line", &line),
                ("w:lineRule", &"exact"),
            ],
        );
        self.xml.open("w:rPr", &[]);
        self.xml.leaf("w:sz", &[("w:val", &2)]);
        for _ in 0..3 {
            self.xml.close();
        }
    }

    /// Items under one another; `last` when nothing of an outer list follows.
    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>], level: u8, last: bool) -> Result<(), String> {
        let level = level.min(DEEPEST);
        let (style, number) = match start {
            None => ("ListBullet", super::numbering::BULLETS),
            Some(start) => {
                // Word counts no further.
                self.lists.push((level, start.min(32767) as u32));
                ("ListNumber", NUMBERS + self.lists.len() as u32)
            }
        };
        let outer = self.column;
        let indent = INDENT as f32 / 20.0;
        self.column = (outer.0 + indent, (outer.1 - indent).max(90.0));
        let left = twips(self.column.0);
        for (index, item) in items.iter().enumerate() {
            let ends = last && index + 1 == items.len();
            let (first, rest) = match item.as_slice() {
                [Block::Paragraph(text), rest @ ..] => (text.as_slice(), rest),
                rest => (&[][..], rest),
            };
            let para = Para {
                number: Some((number, level)),
                left: Some(left),
                after: (ends && rest.is_empty()).then(|| twips(7.0)),
                ..styled(style)
            };
            self.para(para, |body| body.inlines(first));
            for (place, block) in rest.iter().enumerate() {
                let ends = ends && place + 1 == rest.len();
                match block {
                    Block::List { start, items } => self.list(*start, items, level + 1, ends)?,
                    Block::Paragraph(text) => {
                        let para = Para {
                            left: Some(left),
                            after: ends.then(|| twips(7.0)),
                            ..styled("ListContinue")
                        };
                        self.para(para, |body| body.inlines(text));
                    }
                    block => self.block(block, false)?,
                }
            }
        }
        self.column = outer;
        Ok(())
    }
}

/// Name of the mark that the contents point to.
pub fn contents_mark(place: usize) -> String {
    format!("_Toc{:08}", place + 1)
}

/// Name of the mark that links in the text point to.
pub fn text_mark(place: usize) -> String {
    format!("qizhen_{}", place + 1)
}
