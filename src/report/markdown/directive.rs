//! Fenced directives → blocks.

use serde::de::DeserializeOwned;

use super::super::chart::Chart;
use super::super::document::{Block, Column, Cover, Gallery, Inline, Meta, Row, Seal, Shot, Table, Tone};
use super::super::picture::Picture;
use super::inline::{TONES, tone, unknown_tone};
use super::payload::{
    Captioned, CellPayload, CoverPayload, GalleryPayload, MetaPayload, RowPayload, SealPayload, SignPayload,
    TablePayload,
};
use super::payload::{TilePayload, TocPayload};
use super::{MarkdownError, Parser, cjk, error};
use crate::source::suggest::nearest;

/// All directives, in the order the manual lists them.
pub(crate) const NAMES: [&str; 23] = [
    "meta",
    "cover",
    "toc",
    "radar",
    "bars",
    "levels",
    "ladder",
    "stacked",
    "bullet",
    "waterfall",
    "heat",
    "matrix",
    "gantt",
    "sankey",
    "pair",
    "pictures",
    "tiles",
    "table",
    "callout",
    "signature",
    "seal",
    "pagebreak",
    "rule",
];

impl Parser<'_, '_, '_> {
    /// Reads the directive `info` with `body`, whose fence opens on `line`.
    pub(super) fn directive(&mut self, info: &str, body: &str, line: usize, unclosed: bool, out: &mut Vec<Block>) {
        let info = info.trim();
        let (name, rest) = info.split_once(char::is_whitespace).unwrap_or((info, ""));
        if !NAMES.contains(&name) {
            let names = NAMES.map(|name| format!("`{name}`")).join("、");
            self.fault(MarkdownError::new(line, format!("未知的指令“{name}”"), names).near(nearest(name, NAMES)));
            return;
        }
        if unclosed {
            self.fault(MarkdownError::new(
                line,
                format!("{name} 没有结束"),
                "与开头相同的 ``` 一行",
            ));
            return;
        }
        if name == "callout" {
            out.extend(self.callout(rest.trim(), body, line));
            return;
        }
        if !rest.trim().is_empty() {
            self.fault(MarkdownError::new(
                line,
                format!("{name} 后面多了“{}”", rest.trim()),
                "只写指令名，内容写在下一行",
            ));
            return;
        }
        out.extend(self.simple_directive(name, body, line));
    }

    fn simple_directive(&mut self, name: &str, body: &str, line: usize) -> Option<Block> {
        let block = match name {
            "meta" => {
                let meta = self.read::<MetaPayload>(name, body, line)?;
                let logo = self.logo(&meta.logo, line);
                let meta = Meta { logo, ..meta.into() };
                if self.state.meta.replace(meta).is_some() {
                    self.fault(MarkdownError::new(line, "第二个 meta", "全文只有一个 meta"));
                }
                return None;
            }
            "cover" => {
                let cover = self.read::<CoverPayload>(name, body, line)?;
                let logo = self.logo(&cover.logo, line);
                Block::Cover(Cover { logo, ..cover.into() })
            }
            "toc" => {
                let toc: TocPayload = self.read(name, body, line)?;
                if !(1..=6).contains(&toc.depth) {
                    self.fault(MarkdownError::new(
                        line,
                        format!("toc 的 depth 为 {}", toc.depth),
                        "1 到 6",
                    ));
                }
                Block::Toc {
                    title: toc.title,
                    depth: toc.depth,
                }
            }
            "radar" => return self.figure(name, body, line, Chart::Radar),
            "bars" => return self.figure(name, body, line, Chart::Bars),
            "levels" => return self.figure(name, body, line, Chart::Levels),
            "ladder" => return self.figure(name, body, line, Chart::Ladder),
            "stacked" => return self.figure(name, body, line, Chart::Stacked),
            "bullet" => return self.figure(name, body, line, Chart::Bullet),
            "waterfall" => return self.figure(name, body, line, Chart::Waterfall),
            "heat" => return self.figure(name, body, line, Chart::Heat),
            "matrix" => return self.figure(name, body, line, Chart::Matrix),
            "gantt" => return self.figure(name, body, line, Chart::Gantt),
            "sankey" => return self.figure(name, body, line, Chart::Sankey),
            "pair" => return self.figure(name, body, line, Chart::Pair),
            "pictures" => {
                let payload: GalleryPayload = self.read(name, body, line)?;
                Block::Pictures(self.gallery(payload, line))
            }
            "tiles" => Block::Tiles(
                self.read::<Vec<TilePayload>>(name, body, line)?
                    .into_iter()
                    .map(Into::into)
                    .collect(),
            ),
            "signature" => Block::Signature(
                self.read::<Vec<SignPayload>>(name, body, line)?
                    .into_iter()
                    .map(Into::into)
                    .collect(),
            ),
            "seal" => Block::Seal(self.seal(name, body, line)?),
            "table" => {
                let payload: TablePayload = self.read(name, body, line)?;
                Block::Table(self.table(payload, line))
            }
            _ => {
                if !body.trim().is_empty() {
                    self.fault(MarkdownError::new(line + 1, format!("{name} 里有内容"), "空的指令"));
                }
                if name == "rule" { Block::Rule } else { Block::PageBreak }
            }
        };
        Some(block)
    }

    fn read<T: DeserializeOwned>(&mut self, name: &str, body: &str, line: usize) -> Option<T> {
        // Nothing written means nothing stated: `toc` alone is complete, `cover` alone lacks its title.
        let text = if body.trim().is_empty() { "{}" } else { body };
        match serde_yaml::from_str(text) {
            Ok(payload) => Some(payload),
            Err(fault) => {
                self.fault(error::payload(name, line + 1, &fault));
                None
            }
        }
    }

    fn figure<T: DeserializeOwned>(
        &mut self,
        name: &str,
        body: &str,
        line: usize,
        chart: fn(T) -> Chart,
    ) -> Option<Block> {
        let payload: Captioned<T> = self.read(name, body, line)?;
        let chart = chart(payload.chart);
        for (found, expected) in super::check::chart(&chart) {
            self.fault(MarkdownError::new(line, format!("{name} 中 {found}"), expected));
        }
        Some(Block::Figure {
            chart,
            caption: payload.caption,
            alt: payload.alt,
        })
    }

    /// The picture of that name; nothing is named by no name.
    fn logo(&mut self, name: &str, line: usize) -> Option<Picture> {
        if name.is_empty() {
            None
        } else {
            self.picture(name, line)
        }
    }

    fn picture(&mut self, name: &str, line: usize) -> Option<Picture> {
        let found = self.state.pictures.get(name).cloned();
        if found.is_none() {
            let near = nearest(name, self.state.pictures.keys().map(String::as_str));
            let error = MarkdownError::new(line, format!("没有图片“{name}”"), "模板目录里的图片文件名");
            self.fault(error.near(near));
        }
        found
    }

    fn seal(&mut self, name: &str, body: &str, line: usize) -> Option<Seal> {
        let seal: Seal = self.read::<SealPayload>(name, body, line)?.into();
        let right = seal.code.len() == Seal::DIGITS && seal.code.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !right {
            let found = format!("seal 的 code 为“{}”", seal.code);
            let error = MarkdownError::new(line, found, format!("{} 位十六进制数", Seal::DIGITS));
            self.fault(error.hint("写作 `code: {{ seal.code }}`"));
        }
        const LONGEST: usize = 60;
        if seal.report_no.chars().count() > LONGEST {
            let found = format!("seal 的 report_no 有 {} 字", seal.report_no.chars().count());
            self.fault(MarkdownError::new(line, found, format!("不超过 {LONGEST} 字")));
        }
        Some(seal)
    }

    fn gallery(&mut self, payload: GalleryPayload, line: usize) -> Gallery {
        if !(1..=6).contains(&payload.columns) {
            let found = format!("pictures 的 columns 为 {}", payload.columns);
            self.fault(MarkdownError::new(line, found, "1 到 6"));
        }
        let mut shots = Vec::new();
        for item in payload.items.into_iter().flatten() {
            let Some(picture) = self.picture(&item.src, line) else {
                continue;
            };
            shots.push(Shot {
                picture,
                alt: if item.alt.is_empty() {
                    item.caption.clone()
                } else {
                    item.alt
                },
                caption: item.caption,
            });
        }
        Gallery {
            columns: payload.columns,
            shots,
        }
    }

    fn table(&mut self, payload: TablePayload, line: usize) -> Table {
        let mut table = Table {
            caption: payload.caption,
            ..Table::default()
        };
        for column in payload.columns {
            if column
                .weight
                .is_some_and(|weight| !(weight.is_finite() && weight > 0.0))
            {
                let found = format!("列“{}”的 weight 不合适", column.head);
                self.fault(MarkdownError::new(line, found, "大于 0 的数"));
            }
            table.columns.push(Column {
                align: column.align.into(),
                weight: column.weight,
            });
            table.head.push(self.cell(&column.head, line));
        }
        let width = table.columns.len();
        if width == 0 {
            self.fault(MarkdownError::new(line, "table 的 columns 为空", "至少一列"));
        }
        for (index, row) in payload.rows.into_iter().flatten().enumerate() {
            let row = match row {
                RowPayload::Group(text) => Row {
                    cells: vec![self.cell(&text, line)],
                    group: true,
                },
                RowPayload::Cells(cells) => {
                    if cells.len() > width {
                        let found = format!("table 第 {} 行有 {} 格", index + 1, cells.len());
                        self.fault(MarkdownError::new(line, found, format!("不多于 columns 的 {width} 格")));
                    }
                    Row {
                        cells: cells.into_iter().map(|cell| self.table_cell(cell, line)).collect(),
                        group: false,
                    }
                }
            };
            table.rows.push(row);
        }
        table
    }

    fn table_cell(&mut self, cell: CellPayload, line: usize) -> Vec<Inline> {
        match cell {
            CellPayload::Markdown(text) => self.cell(&text, line),
            CellPayload::Text(text) if text.is_empty() => Vec::new(),
            CellPayload::Text(text) => vec![Inline::Text(text)],
        }
    }

    fn callout(&mut self, rest: &str, body: &str, line: usize) -> Option<Block> {
        let (name, title) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let tone = if name.is_empty() {
            Tone::Neutral
        } else if let Some(tone) = tone(name) {
            tone
        } else {
            let example = format!("写作 `callout {} 标题`", TONES[3].0);
            self.fault(
                unknown_tone(line, name)
                    .hint(example)
                    .near(nearest(name, TONES.map(|(name, _)| name))),
            );
            return None;
        };
        if self.depth >= super::MAX_DEPTH {
            self.fault(MarkdownError::new(line, "嵌套过深", "更浅的 callout"));
            return None;
        }
        let guarded = cjk::guard(body);
        let body = Parser::new(&guarded, line + 1, self.depth + 1, self.state).blocks();
        Some(Block::Callout {
            tone,
            title: title.trim().to_owned(),
            body,
        })
    }

    fn fault(&mut self, error: MarkdownError) {
        self.state.errors.push(error);
    }
}
