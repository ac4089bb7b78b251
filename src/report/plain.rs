//! A document as GitHub-flavoured Markdown: for wikis, issues and people who edit text.
//!
//! Figures become their words and numbers, page furniture (breaks, running heads, the watermark's tilt) goes.

use super::chart_table;
use super::document::{Align, Block, Cover, Document, Inline, Seal, SignBox, Table, Tile, Tone, notes, plain_text};

mod text;

use text::{Place, inlines, literal, slugs};

/// Writes `doc` as Markdown.
pub fn render(doc: &Document) -> String {
    let mut writer = Writer {
        slugs: slugs(&doc.blocks),
        contents: Vec::new(),
        parts: Vec::new(),
    };
    for block in &doc.blocks {
        if let Block::Heading { level, id, text } = block {
            writer.contents.push((*level, id.clone(), plain_text(text)));
        }
    }
    if !doc.blocks.iter().any(|block| matches!(block, Block::Cover(_))) && !doc.meta.title.is_empty() {
        writer.add(format!("# {}", literal(&doc.meta.title, Place::Line)));
    }
    if !doc.meta.watermark.is_empty() {
        writer.add(format!("> {}", literal(&doc.meta.watermark, Place::Start)));
    }
    writer.blocks(&doc.blocks);
    let notes = notes(&doc.blocks)
        .into_iter()
        .map(|(number, text)| format!("[^{number}]: {}", writer.inlines(text, Place::Line)));
    let notes = notes.collect::<Vec<_>>().join("\n");
    writer.add(notes);
    let mut out = writer.parts.join("\n\n");
    out.push('\n');
    out
}

struct Writer {
    /// Heading id → the anchor GitHub makes of its text.
    slugs: Vec<(String, String)>,
    contents: Vec<(u8, String, String)>,
    parts: Vec<String>,
}

impl Writer {
    fn add(&mut self, part: String) {
        if !part.trim().is_empty() {
            self.parts.push(part);
        }
    }

    fn inlines(&self, text: &[Inline], place: Place) -> String {
        inlines(text, place, &self.slugs)
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    /// Blocks on their own, each line behind `first` or `rest`.
    fn indented(&mut self, blocks: &[Block], first: &str, rest: &str, between: &str) -> String {
        let outer = std::mem::take(&mut self.parts);
        self.blocks(blocks);
        let text = std::mem::replace(&mut self.parts, outer).join(between);
        let lines = text.lines().enumerate().map(|(index, line)| {
            let prefix = if index == 0 { first } else { rest };
            format!("{prefix}{line}").trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn block(&mut self, block: &Block) {
        let part = match block {
            Block::Cover(cover) => return self.cover(cover),
            Block::Toc { title, depth } => self.toc(title, *depth),
            Block::Heading { level, text, .. } => {
                let marks = "#".repeat(usize::from(level.saturating_add(1).min(6)));
                format!("{marks} {}", self.inlines(text, Place::Line))
            }
            Block::Paragraph(text) => self.inlines(text, Place::Start),
            Block::List { start, items } => self.list(*start, items),
            Block::Table(table) => self.table(table),
            Block::Figure { chart, caption, alt } => {
                self.add(strong(caption));
                self.add(literal(alt, Place::Start));
                self.table(&chart_table::table(chart))
            }
            // A text file holds no pictures: what they show is said.
            Block::Pictures(gallery) => {
                let said = gallery.shots.iter().map(|shot| {
                    let words = if shot.caption.is_empty() {
                        &shot.alt
                    } else {
                        &shot.caption
                    };
                    format!("- 图：{}", literal(words, Place::Line))
                });
                said.collect::<Vec<_>>().join("\n")
            }
            Block::Callout { tone, title, body } => self.callout(*tone, title, body),
            Block::Tiles(tiles) => self.tiles(tiles),
            Block::Signature(boxes) => signature(boxes),
            Block::Seal(seal) => self.seal(seal),
            Block::Rule => "---".to_owned(),
            Block::PageBreak => String::new(),
        };
        self.add(part);
    }

    fn seal(&mut self, seal: &Seal) -> String {
        self.add(format!(
            "校验码：`{}`（编号 {}）",
            seal.groups().join(" "),
            literal(&seal.report_no, Place::Line)
        ));
        literal(&seal.say, Place::Start)
    }

    fn cover(&mut self, cover: &Cover) {
        self.add(literal(&cover.kicker, Place::Start));
        self.add(format!("# {}", literal(&cover.title, Place::Line)));
        self.add(strong(&cover.subtitle));
        if !cover.badges.is_empty() {
            let rows = cover
                .badges
                .iter()
                .map(|badge| vec![&badge.label, &badge.value, &badge.note]);
            self.add(self.table(&text_table(&["标准", "等级", "说明"], rows.collect())));
        }
        let facts = cover
            .facts
            .iter()
            .map(|(label, value)| format!("- {}：{}", literal(label, Place::Start), literal(value, Place::Line)));
        self.add(facts.collect::<Vec<_>>().join("\n"));
        self.add(literal(&cover.note, Place::Start));
    }

    fn toc(&mut self, title: &str, depth: u8) -> String {
        let top = self.contents.iter().map(|(level, ..)| *level).min().unwrap_or(1);
        let entries = self
            .contents
            .iter()
            .filter(|(level, ..)| *level <= depth)
            .map(|(level, id, text)| {
                let link = Inline::Link {
                    target: format!("#{id}"),
                    text: vec![Inline::Text(text.clone())],
                };
                format!(
                    "{}- {}",
                    "  ".repeat(usize::from(level - top)),
                    self.inlines(&[link], Place::Line)
                )
            });
        let entries = entries.collect::<Vec<_>>().join("\n");
        if title.is_empty() {
            entries
        } else {
            format!("{}\n\n{entries}", strong(title))
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>]) -> String {
        let tight = items
            .iter()
            .all(|item| matches!(item.as_slice(), [] | [_] | [Block::Paragraph(_), Block::List { .. }]));
        let between = if tight { "\n" } else { "\n\n" };
        let items: Vec<String> = items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let mark = start.map_or_else(
                    || "- ".to_owned(),
                    |start| format!("{}. ", start.saturating_add(index as u64)),
                );
                let text = self.indented(item, &mark, &" ".repeat(mark.len()), between);
                if text.is_empty() {
                    mark.trim_end().to_owned()
                } else {
                    text
                }
            })
            .collect();
        items.join(between)
    }

    fn callout(&mut self, tone: Tone, title: &str, body: &[Block]) -> String {
        let title = strong(if title.is_empty() { tone.word() } else { title });
        let body = self.indented(body, "> ", "> ", "\n\n");
        match (title.is_empty(), body.is_empty()) {
            (true, _) => body,
            (false, true) => format!("> {title}"),
            (false, false) => format!("> {title}\n>\n{body}"),
        }
    }

    fn tiles(&self, tiles: &[Tile]) -> String {
        let rows = tiles.iter().map(|tile| vec![&tile.label, &tile.value, &tile.note]);
        self.table(&text_table(&["指标", "数值", "说明"], rows.collect()))
    }

    fn table(&self, table: &Table) -> String {
        let width = table.columns.len().max(1);
        let line = |cells: &[Vec<Inline>]| {
            let cells = (0..width).map(|at| {
                cells
                    .get(at)
                    .map_or_else(String::new, |cell| self.inlines(cell, Place::Cell))
            });
            format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
        };
        let mut lines = vec![line(&table.head)];
        let marks = (0..width).map(|at| match table.columns.get(at).map(|column| column.align) {
            Some(Align::Right) => "---:",
            Some(Align::Center) => ":---:",
            _ => "---",
        });
        lines.push(format!("| {} |", marks.collect::<Vec<_>>().join(" | ")));
        for row in &table.rows {
            if row.group {
                lines.push(line(&[vec![Inline::Strong(
                    row.cells.first().cloned().unwrap_or_default(),
                )]]));
            } else {
                lines.push(line(&row.cells));
            }
        }
        let rows = lines.join("\n");
        if table.caption.is_empty() {
            rows
        } else {
            format!("{}\n\n{rows}", strong(&table.caption))
        }
    }
}

fn strong(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        String::new()
    } else {
        format!("**{}**", literal(text, Place::Line))
    }
}

fn signature(boxes: &[SignBox]) -> String {
    let one = |sign: &SignBox| {
        let lines = sign
            .lines
            .iter()
            .map(|line| format!("- {}：＿＿＿＿＿＿", literal(line, Place::Start)));
        format!("{}\n\n{}", strong(&sign.title), lines.collect::<Vec<_>>().join("\n"))
    };
    boxes.iter().map(one).collect::<Vec<_>>().join("\n\n")
}

fn text_table(head: &[&str], rows: Vec<Vec<&String>>) -> Table {
    use super::document::{Column, Row};
    let cell = |text: &str| vec![Inline::Text(text.to_owned())];
    Table {
        caption: String::new(),
        columns: vec![Column::default(); head.len()],
        head: head.iter().map(|text| cell(text)).collect(),
        rows: rows
            .into_iter()
            .map(|row| Row {
                cells: row.into_iter().map(|text| cell(text)).collect(),
                group: false,
            })
            .collect(),
    }
}
