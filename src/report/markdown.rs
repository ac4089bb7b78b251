//! Markdown with fenced directives → [`Document`]: the language report templates are written in.
//!
//! Everything of CommonMark plus pipe tables, with these additions:
//!
//! * A fenced code block whose info string names a directive holds YAML (or JSON): `meta`, `cover`, `toc`, `tiles`,
//!   `signature`, `table`, the charts `radar`, `bars`, `levels`, `ladder`, `stacked`, `pictures`, and the bare `pagebreak`, `rule`.
//!   `callout warn 标题` holds Markdown.
//! * `[词](badge:good)` is a coloured label; `[词](#id)` goes to a heading, `# 标题 {#id}` names one; `[文字](note:)` is a footnote.
//! * A line break between two Chinese characters is no blank, and `**` works next to Chinese punctuation.
//! * Raw HTML is shown as the text it is. Nothing is passed through.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Tag, TagEnd};

use super::document::{Align, Block, Column, Document, Inline, Meta, Row, Table, Tone};
use super::picture::Pictures;
use crate::source::suggest::nearest;

mod check;
mod cjk;
mod directive;
mod error;
mod inline;
mod payload;

pub(crate) use directive::NAMES as DIRECTIVES;
pub use error::MarkdownError;
pub(crate) use inline::is_allowed_target;

/// Deepest nesting of lists, quotes, callouts and spans: far more than a report needs, far less than a stack holds.
const MAX_DEPTH: usize = 24;

/// Reads a whole report; all mistakes of the text come at once, in the order of their lines.
pub fn parse(text: &str) -> Result<Document, Vec<MarkdownError>> {
    parse_with(text, &Pictures::new())
}

/// Reads a report that may show these pictures, by name.
pub fn parse_with(text: &str, pictures: &Pictures) -> Result<Document, Vec<MarkdownError>> {
    let mut state = State {
        errors: Vec::new(),
        meta: None,
        ids: HashSet::new(),
        links: Vec::new(),
        counters: [0; 6],
        notes: 0,
        pictures,
    };
    let guarded = cjk::guard(text);
    let blocks = Parser::new(&guarded, 1, 0, &mut state).blocks();
    state.check_links();
    if state.errors.is_empty() {
        return Ok(Document {
            meta: state.meta.unwrap_or_default(),
            blocks,
        });
    }
    state.errors.sort_by_key(|error| error.line);
    Err(state.errors)
}

/// What the parts of one text share.
struct State<'p> {
    errors: Vec<MarkdownError>,
    meta: Option<Meta>,
    ids: HashSet<String>,
    links: Vec<(String, usize)>,
    counters: [u32; 6],
    notes: u32,
    pictures: &'p Pictures,
}

impl State<'_> {
    fn check_links(&mut self) {
        for (id, line) in &self.links {
            if !self.ids.contains(id) {
                let near = nearest(id, self.ids.iter().map(String::as_str));
                self.errors.push(
                    MarkdownError::new(*line, format!("链接指向不存在的标题“#{id}”"), "本文某个标题的编号")
                        .hint("给标题加上编号：`# 标题 {#id}`")
                        .near(near),
                );
            }
        }
    }

    /// The id of a heading without one: `h-1`, `h-1-2` … by its place.
    fn number(&mut self, level: usize) -> String {
        let level = level.clamp(1, self.counters.len());
        self.counters[level - 1] += 1;
        self.counters[level..].fill(0);
        let mut id = String::from("h");
        for count in &self.counters[..level] {
            id.push_str(&format!("-{count}"));
        }
        while !self.ids.insert(id.clone()) {
            id.push_str("-x");
        }
        id
    }
}

/// A walk over the events of one stretch of Markdown: the text, the body of a callout, or a table cell.
struct Parser<'t, 's, 'p> {
    source: &'t str,
    events: Vec<(Event<'t>, Range<usize>)>,
    at: usize,
    /// Byte offsets at which lines start.
    starts: Vec<usize>,
    first_line: usize,
    depth: usize,
    state: &'s mut State<'p>,
}

impl<'t, 's, 'p> Parser<'t, 's, 'p> {
    fn new(source: &'t str, first_line: usize, depth: usize, state: &'s mut State<'p>) -> Self {
        let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
        let events = pulldown_cmark::Parser::new_ext(source, options)
            .into_offset_iter()
            .collect();
        let starts = std::iter::once(0)
            .chain(source.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            source,
            events,
            at: 0,
            starts,
            first_line,
            depth,
            state,
        }
    }

    /// Line of the current event.
    fn line(&self) -> usize {
        let offset = self
            .events
            .get(self.at)
            .map_or(self.source.len(), |(_, range)| range.start);
        self.first_line + self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Blocks up to the end of the enclosing element, which is consumed, or of the text.
    fn blocks(&mut self) -> Vec<Block> {
        let mut out = Vec::new();
        while let Some((event, _)) = self.events.get(self.at) {
            match event.clone() {
                Event::End(_) => {
                    self.at += 1;
                    break;
                }
                Event::Rule => {
                    self.at += 1;
                    out.push(Block::Rule);
                }
                Event::Html(_) => {
                    let text = self.text_until_end();
                    out.push(Block::Paragraph(verbatim(&text)));
                }
                Event::Start(tag) => self.element(tag, &mut out),
                _ => {
                    let inlines = self.inline_run();
                    if !inlines.is_empty() {
                        out.push(Block::Paragraph(inlines));
                    }
                }
            }
        }
        out
    }

    /// Inline content that stands directly among blocks (the text of a tight list item).
    fn inline_run(&mut self) -> Vec<Inline> {
        let before = self.at;
        let inlines = self.inlines();
        if self.at == before {
            self.at += 1; // an event no option of ours asks for
        }
        inlines
    }

    /// One block with its end.
    fn element(&mut self, tag: Tag<'t>, out: &mut Vec<Block>) {
        let line = self.line();
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return;
        }
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. } => {
                let inlines = self.inline_run();
                if !inlines.is_empty() {
                    out.push(Block::Paragraph(inlines));
                }
            }
            Tag::Paragraph => {
                self.at += 1;
                let inlines = self.inlines();
                self.at += 1;
                if !inlines.is_empty() {
                    out.push(Block::Paragraph(inlines));
                }
            }
            Tag::Heading { level, id, .. } => {
                self.at += 1;
                let text = self.inlines();
                self.at += 1;
                let id = self.heading_id(level, id.as_deref(), line);
                out.push(Block::Heading {
                    level: level as u8,
                    id,
                    text,
                });
            }
            Tag::CodeBlock(kind) => {
                let unclosed = self.fence_is_open();
                self.at += 1;
                let text = self.text_until_end();
                match kind {
                    CodeBlockKind::Fenced(info) if !info.trim().is_empty() => {
                        let info = cjk::unguard(&info);
                        self.directive(&info, &text, line, unclosed, out);
                    }
                    _ => out.push(Block::Paragraph(code_lines(&text))),
                }
            }
            Tag::HtmlBlock => {
                self.at += 1;
                let text = self.text_until_end();
                out.push(Block::Paragraph(verbatim(&text)));
            }
            Tag::BlockQuote(_) => {
                let body = self.nested();
                out.push(Block::Callout {
                    tone: Tone::Neutral,
                    title: String::new(),
                    body,
                });
            }
            Tag::List(start) => {
                self.at += 1;
                let mut items = Vec::new();
                while matches!(self.events.get(self.at), Some((Event::Start(Tag::Item), _))) {
                    items.push(self.nested());
                }
                self.at += 1;
                out.push(Block::List { start, items });
            }
            Tag::Table(alignments) => {
                self.at += 1;
                out.push(Block::Table(self.pipe_table(&alignments)));
            }
            _ => {
                self.nested(); // an element no option of ours asks for
            }
        }
    }

    /// The blocks of the element that starts here.
    fn nested(&mut self) -> Vec<Block> {
        self.at += 1;
        self.depth += 1;
        let blocks = self.blocks();
        self.depth -= 1;
        blocks
    }

    fn heading_id(&mut self, level: HeadingLevel, id: Option<&str>, line: usize) -> String {
        let level = level as usize;
        // A value printed in an id may have been escaped there, where nothing unescapes it.
        let Some(id) = id.map(|id| cjk::unguard(id).replace('\\', "")) else {
            return self.state.number(level);
        };
        self.state.counters[level - 1] += 1;
        self.state.counters[level..].fill(0);
        if !self.state.ids.insert(id.clone()) {
            let found = format!("标题编号“{id}”重复");
            self.state
                .errors
                .push(MarkdownError::new(line, found, "全文唯一的编号"));
        }
        id
    }

    fn pipe_table(&mut self, alignments: &[Alignment]) -> Table {
        let columns = alignments
            .iter()
            .map(|alignment| Column {
                align: align(*alignment),
                weight: None,
            })
            .collect();
        let mut table = Table {
            columns,
            ..Table::default()
        };
        let mut cells = Vec::new();
        while let Some((event, _)) = self.events.get(self.at) {
            let event = event.clone();
            self.at += 1;
            match event {
                Event::Start(Tag::TableCell) => {
                    cells.push(self.inlines());
                    self.at += 1;
                }
                Event::End(TagEnd::TableHead) => table.head = std::mem::take(&mut cells),
                Event::End(TagEnd::TableRow) => {
                    table.rows.push(Row {
                        cells: std::mem::take(&mut cells),
                        group: false,
                    });
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        table
    }

    /// Text up to the end of the enclosing element, which is consumed.
    fn text_until_end(&mut self) -> String {
        let mut text = String::new();
        while let Some((event, _)) = self.events.get(self.at) {
            match event {
                Event::Text(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(part),
                Event::End(_) => {
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            self.at += 1;
        }
        cjk::unguard(&text)
    }

    /// Whether the fence that starts here runs to the end of the text without a closing line.
    fn fence_is_open(&self) -> bool {
        let Some((_, range)) = self.events.get(self.at) else {
            return false;
        };
        let text = self.source[range.clone()].trim_end();
        let fence = text.trim_start_matches(['>', ' ']);
        let Some(mark) = fence.chars().next() else { return false };
        let width = fence.chars().take_while(|c| *c == mark).count();
        let last = text
            .lines()
            .skip(1)
            .last()
            .map_or("", |line| line.trim_start_matches(['>', ' ', '\t']));
        !(last.chars().all(|c| c == mark) && last.chars().count() >= width)
    }

    /// Skips the element that starts here because it is nested too deep.
    fn too_deep(&mut self) {
        let line = self.line();
        let error = MarkdownError::new(line, "嵌套过深", format!("不超过 {MAX_DEPTH} 层的列表、引用和强调"));
        if self.state.errors.last() != Some(&error) {
            self.state.errors.push(error);
        }
        let mut open = 0_usize;
        while let Some((event, _)) = self.events.get(self.at) {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                break;
            }
        }
    }
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
        Alignment::None | Alignment::Left => Align::Left,
    }
}

/// Lines shown as they are.
fn verbatim(text: &str) -> Vec<Inline> {
    lines(text, |line| Inline::Text(line.to_owned()))
}

fn code_lines(text: &str) -> Vec<Inline> {
    lines(text, |line| Inline::Code(line.to_owned()))
}

fn lines(text: &str, one: impl Fn(&str) -> Inline) -> Vec<Inline> {
    let mut out = Vec::new();
    for line in text.trim_end().lines() {
        if !out.is_empty() {
            out.push(Inline::Break);
        }
        if !line.is_empty() {
            out.push(one(line));
        }
    }
    out
}
