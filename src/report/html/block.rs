//! Blocks in HTML.

use super::{Block, Inline, Page, Tone, escape, tone_class};
use crate::report::chart::Chart;
use crate::report::chart_table;
use crate::report::document::{Align, Gallery, Seal, SignBox, Table, Tile, plain_text};
use crate::report::{qr, svg, theme::Color};

impl Page<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    pub(super) fn block(&mut self, block: &Block) {
        match block {
            Block::Cover(cover) => self.cover(cover, "section", "h2"),
            Block::Toc { .. } => {}
            Block::Heading { level, id, text } => {
                // The title of the whole is the only h1.
                let level = level.saturating_add(1).min(6);
                self.push(&format!("<h{level} id=\"{}\">", escape(id)));
                self.inlines(text);
                self.push(&format!("</h{level}>\n"));
            }
            Block::Paragraph(text) => self.paragraph(text),
            Block::List { start, items } => self.list(*start, items),
            Block::Table(table) => self.table(table),
            Block::Figure { chart, caption, alt } => self.figure(chart, caption, alt),
            Block::Pictures(gallery) => self.gallery(gallery),
            Block::Callout { tone, title, body } => self.callout(*tone, title, body),
            Block::Tiles(tiles) => self.tiles(tiles),
            Block::Signature(boxes) => self.signature(boxes),
            Block::Seal(seal) => self.seal(seal),
            Block::Rule => self.push("<hr>\n"),
            Block::PageBreak => self.push("<div class=\"page-break\"></div>\n"),
        }
    }

    fn paragraph(&mut self, text: &[Inline]) {
        self.push("<p>");
        self.inlines(text);
        self.push("</p>\n");
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>]) {
        let name = if start.is_some() { "ol" } else { "ul" };
        match start.filter(|start| *start != 1) {
            Some(start) => self.push(&format!("<ol start=\"{start}\">\n")),
            None => self.push(&format!("<{name}>\n")),
        }
        for item in items {
            self.push("<li>");
            match item.as_slice() {
                [Block::Paragraph(text)] => self.inlines(text),
                [Block::Paragraph(text), nested @ Block::List { .. }] => {
                    self.inlines(text);
                    self.push("\n");
                    self.block(nested);
                }
                blocks => self.blocks(blocks),
            }
            self.push("</li>\n");
        }
        self.push(&format!("</{name}>\n"));
    }

    fn table(&mut self, table: &Table) {
        let width = table.columns.len();
        let label = if table.caption.is_empty() {
            "表格"
        } else {
            &table.caption
        };
        // A table wider than the screen scrolls in its own box, which the keyboard must reach; on a telephone its rows become
        // paragraphs.
        let stacks = width > 3 && !fits_a_telephone(table);
        let class = match width {
            _ if !stacks => "narrow",
            0..=5 => "medium stack",
            _ => "wide stack",
        };
        let label = escape(label);
        self.push(&format!(
            "<div class=\"scroll\" role=\"region\" aria-label=\"{label}\" tabindex=\"0\">"
        ));
        self.push(&format!("<table class=\"{class}\">\n"));
        self.line("caption", "caption", &table.caption);
        let weights: f32 = table.columns.iter().filter_map(|column| column.weight).sum();
        if weights > 0.0 && table.columns.iter().all(|column| column.weight.is_some()) {
            self.push("<colgroup>");
            for weight in table.columns.iter().filter_map(|column| column.weight) {
                self.push(&format!("<col style=\"width:{:.2}%\">", weight / weights * 100.0));
            }
            self.push("</colgroup>\n");
        }
        if table.head.iter().any(|cell| !cell.is_empty()) {
            self.push("<thead><tr>");
            for (index, cell) in table.head.iter().enumerate() {
                self.push(&format!("<th scope=\"col\"{}>", align_class(table, index)));
                self.inlines(cell);
                self.push("</th>");
            }
            self.push("</tr></thead>\n");
        }
        self.push("<tbody>\n");
        for row in &table.rows {
            if row.group {
                self.push(&format!(
                    "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">",
                    width.max(1)
                ));
                row.cells.first().into_iter().for_each(|cell| self.inlines(cell));
                self.push("</th></tr>\n");
                continue;
            }
            self.push("<tr>");
            for index in 0..width.max(row.cells.len()) {
                // Columns of the same name, as in a list of names and values, say nothing.
                let twice = |head: &&Vec<Inline>| table.head.iter().filter(|other| other == head).count() > 1;
                let head = table
                    .head
                    .get(index)
                    .filter(|head| stacks && !head.is_empty() && !twice(head));
                let head = head.map_or(String::new(), |head| {
                    format!(" data-head=\"{}：\"", escape(&plain_text(head)))
                });
                self.push(&format!("<td{}{head}>", align_class(table, index)));
                row.cells.get(index).into_iter().for_each(|cell| self.inlines(cell));
                self.push("</td>");
            }
            self.push("</tr>\n");
        }
        self.push("</tbody>\n</table></div>\n");
    }

    fn figure(&mut self, chart: &Chart, caption: &str, alt: &str) {
        let label = match (alt.is_empty(), caption.is_empty()) {
            (false, _) => alt,
            (true, false) => caption,
            (true, true) => "图表",
        };
        let svg = (self.chart_svg)(chart);
        self.push("<figure>\n");
        if !svg.is_empty() {
            self.push(&format!(
                "<div class=\"chart\" role=\"img\" aria-label=\"{}\">{svg}</div>\n",
                escape(label)
            ));
        }
        self.line("figcaption", "caption", caption);
        // Without a drawing the table is the figure.
        self.push(if svg.is_empty() { "<details open>" } else { "<details>" });
        self.push("<summary>图中数据</summary>\n");
        self.line("p", "alt", alt);
        self.table(&chart_table::table(chart));
        self.push("</details>\n</figure>\n");
    }

    fn gallery(&mut self, gallery: &Gallery) {
        self.push(&format!(
            "<div class=\"gallery\" style=\"--columns:{}\">\n",
            gallery.columns
        ));
        for shot in &gallery.shots {
            let picture = &shot.picture;
            self.push(&format!(
                "<figure class=\"shot\"><img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\">\n",
                picture.data_uri(),
                escape(&shot.alt),
                picture.width,
                picture.height
            ));
            self.line("figcaption", "caption", &shot.caption);
            self.push("</figure>\n");
        }
        self.push("</div>\n");
    }

    fn callout(&mut self, tone: Tone, title: &str, body: &[Block]) {
        let title = if title.is_empty() { tone.word() } else { title };
        self.push(&format!("<div class=\"callout {}\" role=\"note\">\n", tone_class(tone)));
        self.line("p", "callout-title", title);
        self.blocks(body);
        self.push("</div>\n");
    }

    fn tiles(&mut self, tiles: &[Tile]) {
        self.push("<dl class=\"tiles\">\n");
        for tile in tiles {
            self.push(&format!("<div class=\"tile {}\">", tone_class(tile.tone)));
            self.line("dt", "tile-label", &tile.label);
            self.line("dd", "tile-value", &tile.value);
            self.line("dd", "tile-note", &tile.note);
            self.push("</div>\n");
        }
        self.push("</dl>\n");
    }

    fn signature(&mut self, boxes: &[SignBox]) {
        self.push("<div class=\"signature\">\n");
        for sign in boxes {
            self.push("<div class=\"sign\">\n");
            self.line("p", "sign-title", &sign.title);
            for line in &sign.lines {
                self.push(&format!("<p class=\"sign-line\"><span>{}</span></p>\n", escape(line)));
            }
            self.push("</div>\n");
        }
        self.push("</div>\n");
    }

    fn seal(&mut self, seal: &Seal) {
        self.push("<div class=\"seal\">\n");
        // Black on white whatever the theme: cameras want it so.
        if let Some(code) = qr::drawing(&seal.text(), SEAL_WIDTH, Color(0, 0, 0)) {
            self.push(&format!(
                "<div class=\"qr\" role=\"img\" aria-label=\"{}\">{}</div>\n",
                escape(&seal.alt()),
                svg::svg(&code)
            ));
        }
        self.push("<div>\n");
        self.line("p", "seal-title", &seal.title());
        self.line("p", "seal-code", &seal.groups().join(" "));
        self.line("p", "seal-say", &seal.say);
        self.push("</div>\n</div>\n");
    }
}

/// Width of a QR code in CSS pixels.
const SEAL_WIDTH: f32 = 132.0;

/// Whether the columns of a table find room beside one another on a telephone, 23 characters wide.
fn fits_a_telephone(table: &Table) -> bool {
    let em = |text: &Vec<Inline>| -> f32 {
        plain_text(text)
            .chars()
            .map(|c| if c.is_ascii() { 0.55 } else { 1.0 })
            .sum()
    };
    let rows = || table.rows.iter().filter(|row| !row.group).map(|row| &row.cells);
    let columns = rows().map(Vec::len).chain([table.head.len()]).max().unwrap_or(0);
    let widest = |column| {
        let cells = rows().chain([&table.head]).filter_map(move |cells| cells.get(column));
        cells.map(em).fold(0.0, f32::max)
    };
    (0..columns).map(|column| widest(column) + 1.2).sum::<f32>() <= 23.0
}

fn align_class(table: &Table, index: usize) -> &'static str {
    match table.columns.get(index).map(|column| column.align) {
        Some(Align::Right) => " class=\"right\"",
        Some(Align::Center) => " class=\"center\"",
        _ => "",
    }
}
