//! The report of an assessment as Typst sets it, in process and warm; or its HTML, for other programs. `../peers.sh` runs it.
//!
//! usage: qizhen-peers typst ASSESSMENT ROUNDS [OUT] | html ASSESSMENT OUT

use std::time::Instant;

use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::report::document::{Align, Block, Inline, Table, plain_text};
use qizhen::report::{self, Report, Request, draw, pdf, svg};
use typst_as_lib::TypstEngine;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular-subset.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold-subset.ttf");

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().collect();
    let [_, what, file, rest @ ..] = args.as_slice() else {
        return Err("usage: qizhen-peers typst|html ASSESSMENT [ROUNDS] [OUT]".into());
    };
    let catalog = Catalog::load(None).map_err(|broken| format!("{:?}", broken.problems))?;
    let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
    let mut loaded =
        diagnosis::read(&catalog, file, &text, "2026-12-31").map_err(|broken| format!("{:?}", broken.problems))?;
    // One standard where the report shall be short.
    if let Ok(only) = std::env::var("QIZHEN_ONLY") {
        loaded.assessment.answers.retain(|id, _| only.is_empty() || *id == only);
    }
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let make = || report::make(&Request::new(&catalog, &diagnosis, "standard"));
    match (what.as_str(), rest) {
        ("html", [out, ..]) => std::fs::write(out, make()?.html()).map_err(|e| e.to_string()),
        ("typst", [rounds, out @ ..]) => {
            let probe = typst_pdf(&make()?)?;
            if let Some(out) = out.first() {
                std::fs::write(out, &probe).map_err(|e| e.to_string())?;
            }
            let rounds = rounds.parse().map_err(|_| "how many rounds?")?;
            measure(rounds, || typst_pdf(&make()?))
        }
        (other, _) => Err(format!("unknown: {other}")),
    }
}

/// Median and best of so many rounds, after three to warm up.
fn measure(rounds: usize, run: impl Fn() -> Result<Vec<u8>, String>) -> Result<(), String> {
    let mut size = 0;
    for _ in 0..3 {
        size = run()?.len();
    }
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        // Typst remembers what it has laid out before; no two enterprises have the same report.
        comemo::evict(0);
    }
    times.sort_by(f64::total_cmp);
    let (best, median) = (times[0], times[times.len() / 2]);
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = peak.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim();
    println!("Typst\tmedian {median:.1} ms\tbest {best:.1} ms\tsize {} KB\tpeak {peak}", size / 1024);
    Ok(())
}

fn typst_pdf(report: &Report) -> Result<Vec<u8>, String> {
    let mut out = Writer::default();
    out.text.push_str(
        "#set page(paper: \"a4\", margin: (x: 22mm, y: 27mm), numbering: \"1 / 1\")\n\
         #set text(font: \"Noto Sans SC\", size: 10.5pt, lang: \"zh\")\n#set par(justify: true, leading: 0.9em)\n\
         #set table(stroke: 0.4pt + luma(200))\n#show table: set text(size: 9pt)\n",
    );
    out.blocks(&report.document.blocks);
    let files: Vec<(&str, &[u8])> = out.charts.iter().map(|(name, svg)| (name.as_str(), svg.as_bytes())).collect();
    let engine = TypstEngine::builder()
        .main_file(out.text.as_str())
        .fonts([REGULAR, BOLD])
        .with_static_file_resolver(files)
        .build();
    let compiled = engine.compile().output.map_err(|e| format!("{e:?}"))?;
    typst_pdf::pdf(&compiled, &Default::default()).map_err(|e| format!("{e:?}"))
}

/// A document as Typst source: plain, the way a template for Typst would be written.
#[derive(Default)]
struct Writer {
    text: String,
    charts: Vec<(String, String)>,
}

impl Writer {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Cover(cover) => {
                self.text.push_str(&format!("#v(30mm)\n{}\n\n#text(30pt, weight: \"bold\")[{}]\n\n#text(16pt)[{}]\n\n", word(&cover.kicker), word(&cover.title), word(&cover.subtitle)));
                for badge in &cover.badges {
                    self.text.push_str(&format!("- {} *{}* {}\n", word(&badge.label), word(&badge.value), word(&badge.note)));
                }
                for (label, value) in &cover.facts {
                    self.text.push_str(&format!("\n{}: {}\n", word(label), word(value)));
                }
                self.text.push_str("#pagebreak(weak: true)\n");
            }
            Block::Toc { title, depth } => self.text.push_str(&format!("#outline(title: [{}], depth: {depth})\n", word(title))),
            Block::Heading { level, text, .. } => {
                self.text.push_str(&format!("{} {}\n\n", "=".repeat(usize::from(*level)), word(&plain_text(text))));
            }
            Block::Paragraph(text) => self.text.push_str(&format!("{}\n\n", inlines(text))),
            Block::List { start, items } => {
                for item in items {
                    self.text.push_str(if start.is_some() { "+ " } else { "- " });
                    self.blocks(item);
                }
            }
            Block::Table(table) => self.table(table),
            Block::Figure { chart, caption, .. } => {
                let name = format!("chart{}.svg", self.charts.len());
                self.charts.push((name.clone(), svg::svg(&draw::draw(chart, 440.0, pdf::measure().expect("fonts")))));
                self.text.push_str(&format!("#figure(image(\"{name}\", width: 90%), caption: [{}])\n\n", word(caption)));
            }
            Block::Callout { title, body, .. } => {
                self.text.push_str(&format!("#block(fill: luma(240), inset: 10pt, width: 100%)[*{}*\n\n", word(title)));
                self.blocks(body);
                self.text.push_str("]\n\n");
            }
            Block::Tiles(tiles) => {
                self.text.push_str(&format!("#grid(columns: {}, gutter: 8pt,", tiles.len().min(4)));
                for tile in tiles {
                    self.text.push_str(&format!("block(fill: luma(240), inset: 8pt, width: 100%)[{} \\ #text(16pt)[*{}*] \\ {}],", word(&tile.label), word(&tile.value), word(&tile.note)));
                }
                self.text.push_str(")\n\n");
            }
            Block::Signature(boxes) => {
                for sign in boxes {
                    self.text.push_str(&format!("*{}*\n\n", word(&sign.title)));
                    for line in &sign.lines {
                        self.text.push_str(&format!("{} #h(4em)\n\n", word(line)));
                    }
                }
            }
            Block::Rule => self.text.push_str("#line(length: 100%)\n\n"),
            Block::PageBreak => self.text.push_str("#pagebreak(weak: true)\n\n"),
            _ => {}
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            self.text.push_str(&format!("*{}*\n\n", word(&table.caption)));
        }
        let columns = table.columns.iter().map(|c| format!("{}fr,", c.weight.unwrap_or(1.0)));
        let align = table.columns.iter().map(|c| match c.align {
            Align::Left => "left,",
            Align::Center => "center,",
            Align::Right => "right,",
        });
        self.text.push_str(&format!("#table(columns: ({}), align: ({}),\ntable.header(", columns.collect::<String>(), align.collect::<String>()));
        for cell in &table.head {
            self.text.push_str(&format!("[*{}*],", inlines(cell)));
        }
        self.text.push_str("),\n");
        for row in &table.rows {
            if row.group {
                let text = row.cells.first().map_or(String::new(), |cell| inlines(cell));
                self.text.push_str(&format!("table.cell(colspan: {})[*{text}*],\n", table.columns.len()));
                continue;
            }
            for index in 0..table.columns.len() {
                let text = row.cells.get(index).map_or(String::new(), |cell| inlines(cell));
                self.text.push_str(&format!("[{text}],"));
            }
            self.text.push('\n');
        }
        self.text.push_str(")\n\n");
    }
}

fn inlines(inlines: &[Inline]) -> String {
    let one = |inline: &Inline| match inline {
        Inline::Strong(inner) => format!("#strong[{}]", self::inlines(inner)),
        Inline::Emph(inner) => format!("#emph[{}]", self::inlines(inner)),
        Inline::Badge { text, .. } => format!("#highlight[{}]", word(text)),
        Inline::Break => " \\ ".to_owned(),
        other => word(&plain_text(std::slice::from_ref(other))),
    };
    inlines.iter().map(one).collect()
}

/// Text with Typst's marks taken literally.
fn word(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\#*_`$[]<>@=-+/~\"'".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
