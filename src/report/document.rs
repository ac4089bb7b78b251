//! The block model every back end draws: what a template produces, free of coordinates.
//!
//! A [`Document`] is plain data. Markdown makes one (`markdown.rs`), and `pdf/`, `html.rs` consume it; none of them
//! knows where the text came from.

use std::collections::HashSet;

use super::chart::Chart;
use super::picture::Picture;

/// A whole report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Title, date and running heads.
    pub meta: Meta,
    /// Content in reading order.
    pub blocks: Vec<Block>,
}

/// What goes into the file's metadata and into the running head and foot of each page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Meta {
    /// Document title, e.g. `青岛示例泵业有限公司 · 数字化转型诊断报告`.
    pub title: String,
    /// Who the report speaks for.
    pub author: String,
    /// One sentence for the metadata.
    pub subject: String,
    /// Metadata keywords.
    pub keywords: Vec<String>,
    /// Date of the assessment, `YYYY-MM-DD`; the only date a report knows (never the clock).
    pub date: String,
    /// Small logo before the running head.
    pub logo: Option<Picture>,
    /// Left part of the running head.
    pub header_left: String,
    /// Right part of the running head, e.g. the report number.
    pub header_right: String,
    /// Left part of the running foot; the right part is `第 x 页 / 共 y 页`.
    pub footer_left: String,
    /// Large pale word across every page (`自评`); empty for none.
    pub watermark: String,
}

/// One block of content.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// The cover: always a page of its own, without running head and foot.
    Cover(Cover),
    /// Table of contents of the headings up to `depth`, with links and page numbers.
    Toc {
        /// Heading above the contents.
        title: String,
        /// Deepest heading level listed (1 or 2 …).
        depth: u8,
    },
    /// A heading; goes into outline and contents.
    Heading {
        /// 1 is a chapter.
        level: u8,
        /// Anchor, unique in the document.
        id: String,
        /// Its text.
        text: Vec<Inline>,
    },
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A list; items hold blocks.
    List {
        /// First number of an ordered list; `None` for bullets.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table(Table),
    /// A chart with its caption.
    Figure {
        /// What to draw.
        chart: Chart,
        /// Line under the figure; empty for none.
        caption: String,
        /// The chart in words, for those who cannot see it.
        alt: String,
    },
    /// Photos or drawings side by side.
    Pictures(Gallery),
    /// A box that stands out.
    Callout {
        /// Its colour and sign.
        tone: Tone,
        /// First line, bold.
        title: String,
        /// Content.
        body: Vec<Block>,
    },
    /// A row of large figures with labels.
    Tiles(Vec<Tile>),
    /// Boxes for names, dates and seals.
    Signature(Vec<SignBox>),
    /// The code by which the report can be checked.
    Seal(Seal),
    /// A thin rule.
    Rule,
    /// What follows starts on a new page.
    PageBreak,
}

/// The cover page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cover {
    /// Logo of who issues the report.
    pub logo: Option<Picture>,
    /// Small line above the title.
    pub kicker: String,
    /// Main title.
    pub title: String,
    /// Enterprise name or other second line.
    pub subtitle: String,
    /// Grade badges, the most important first.
    pub badges: Vec<GradeBadge>,
    /// Label and value lines at the foot.
    pub facts: Vec<(String, String)>,
    /// Last line (disclaimer of the mode).
    pub note: String,
}

/// A grade as a badge.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GradeBadge {
    /// Name of the standard, short.
    pub label: String,
    /// The grade, e.g. `二级 · 规范级`, or the score where the standard has no grade.
    pub value: String,
    /// Small line under it, e.g. `58.4 / 100 分`.
    pub note: String,
    /// Its colour.
    pub tone: Tone,
}

/// Meaning of a colour; every use also carries words, so a report reads in black and white.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// No judgement.
    #[default]
    Neutral,
    /// Information.
    Info,
    /// Good, reached.
    Good,
    /// Needs attention.
    Warn,
    /// Failed, below the limit.
    Bad,
}

impl Tone {
    /// The word that stands in for the colour where a box has no title of its own: colour alone says nothing to some
    /// readers and to paper.
    pub fn word(self) -> &'static str {
        match self {
            Tone::Neutral => "",
            Tone::Info => "说明",
            Tone::Good => "良好",
            Tone::Warn => "注意",
            Tone::Bad => "警示",
        }
    }
}

/// A run of text within a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Bold.
    Strong(Vec<Inline>),
    /// Emphasis: drawn in the accent colour (Chinese has no italics).
    Emph(Vec<Inline>),
    /// Code or identifiers.
    Code(String),
    /// A link; `#id` goes to a heading of this document, anything else to that address.
    Link {
        /// Where to.
        target: String,
        /// What is shown.
        text: Vec<Inline>,
    },
    /// A small coloured label.
    Badge {
        /// Colour.
        tone: Tone,
        /// Words.
        text: String,
    },
    /// A footnote: its mark stands here, its text at the foot of the page.
    Note {
        /// Number in the document, from 1.
        number: u32,
        /// Its text.
        text: Vec<Inline>,
    },
    /// Forced line break.
    Break,
}

/// Pictures in rows; a single one may take the whole width.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gallery {
    /// Pictures a row, 1 to 6.
    pub columns: u8,
    /// The pictures, row by row.
    pub shots: Vec<Shot>,
}

/// A picture with what is said about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// The picture.
    pub picture: Picture,
    /// Line under it; empty for none.
    pub caption: String,
    /// What it shows, for those who cannot see it.
    pub alt: String,
}

/// A table with a head that repeats on every page it reaches.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Line above the table; empty for none.
    pub caption: String,
    /// Columns, left to right.
    pub columns: Vec<Column>,
    /// Head cells, one a column.
    pub head: Vec<Vec<Inline>>,
    /// Rows.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Column {
    /// Alignment of head and cells.
    pub align: Align,
    /// Share of the width relative to the other columns; `None`: as wide as its content asks for.
    pub weight: Option<f32>,
}

/// Horizontal alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Start of the line.
    #[default]
    Left,
    /// Middle.
    Center,
    /// End of the line: numbers.
    Right,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Cells, one a column; fewer cells than columns leave the rest empty.
    pub cells: Vec<Vec<Inline>>,
    /// A group line: its first cell spans the table.
    pub group: bool,
}

/// One large figure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
    /// Line under the figure.
    pub note: String,
    /// Colour.
    pub tone: Tone,
}

/// One party's box in the sign-off block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SignBox {
    /// Party, e.g. `企业确认`.
    pub title: String,
    /// Lines to be filled in by hand, e.g. `负责人（签字）`.
    pub lines: Vec<String>,
}

/// A heading of the contents: its anchor, level and text.
pub type Chapter<'d> = (&'d str, u8, &'d [Inline]);

/// Headings in reading order, wherever they stand; of several with one anchor the first.
pub fn headings(blocks: &[Block]) -> Vec<Chapter<'_>> {
    let mut out = Vec::new();
    headings_of_blocks(blocks, &mut out, &mut HashSet::new());
    out
}

fn headings_of_blocks<'d>(blocks: &'d [Block], out: &mut Vec<Chapter<'d>>, seen: &mut HashSet<&'d str>) {
    for block in blocks {
        match block {
            Block::Heading { level, id, text } if seen.insert(id) => out.push((id, *level, text)),
            Block::List { items, .. } => items.iter().for_each(|item| headings_of_blocks(item, out, seen)),
            Block::Callout { body, .. } => headings_of_blocks(body, out, seen),
            _ => {}
        }
    }
}

/// All footnotes in reading order.
pub fn notes(blocks: &[Block]) -> Vec<(u32, &[Inline])> {
    let mut out = Vec::new();
    notes_of_blocks(blocks, &mut out);
    out
}

fn notes_of_blocks<'d>(blocks: &'d [Block], out: &mut Vec<(u32, &'d [Inline])>) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph(text) => notes_of_inlines(text, out),
            Block::List { items, .. } => items.iter().for_each(|item| notes_of_blocks(item, out)),
            Block::Callout { body, .. } => notes_of_blocks(body, out),
            Block::Table(table) => {
                let cells = table.head.iter().chain(table.rows.iter().flat_map(|row| &row.cells));
                cells.for_each(|cell| notes_of_inlines(cell, out));
            }
            _ => {}
        }
    }
}

fn notes_of_inlines<'d>(inlines: &'d [Inline], out: &mut Vec<(u32, &'d [Inline])>) {
    for inline in inlines {
        match inline {
            Inline::Note { number, text } => out.push((*number, text)),
            Inline::Strong(inner) | Inline::Emph(inner) | Inline::Link { text: inner, .. } => {
                notes_of_inlines(inner, out);
            }
            _ => {}
        }
    }
}

/// The code by which a report can be checked, for eyes and cameras.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Seal {
    /// Number of the report.
    pub report_no: String,
    /// The code: [`Seal::DIGITS`] hexadecimal digits.
    pub code: String,
    /// How to check with it.
    pub say: String,
}

impl Seal {
    /// Digits that are printed: enough that nobody finds other answers with the same ones.
    pub const DIGITS: usize = 32;

    /// What the QR code says: no address, so that nothing is visited unasked.
    pub fn text(&self) -> String {
        format!("qizhen:1:{}:{}", self.report_no, self.code)
    }

    /// Line above the code.
    pub fn title(&self) -> String {
        format!("校验码（报告编号 {}）", self.report_no)
    }

    /// The QR code in words.
    pub fn alt(&self) -> String {
        format!("二维码：{}", self.text())
    }

    /// The code in groups of four.
    pub fn groups(&self) -> Vec<&str> {
        (0..self.code.len())
            .step_by(4)
            .filter_map(|at| self.code.get(at..(at + 4).min(self.code.len())))
            .collect()
    }
}

/// The plain text of inline content.
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_plain(inlines, &mut out);
    out
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Badge { text, .. } => out.push_str(text),
            Inline::Strong(inner) | Inline::Emph(inner) | Inline::Link { text: inner, .. } => push_plain(inner, out),
            // The text of a footnote stands elsewhere.
            Inline::Note { .. } => {}
            Inline::Break => out.push('\n'),
        }
    }
}
