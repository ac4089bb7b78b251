//! The same report through qizhen and Typst, each in process and warm. `../peers.sh` runs it and the others.
//!
//! usage: qizhen-peers qizhen|typst|html|pdf|memory ASSESSMENT [ROUNDS|OUT]

use std::path::Path;
use std::time::Instant;

use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};
use qizhen::report::document::{Align, Block, Inline, Table, plain_text};
use qizhen::report::{self, Report, Request, draw, pdf, svg};
use typst_as_lib::TypstEngine;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Regular-subset.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSansSC-Bold-subset.ttf");

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().collect();
    let [_, what, file, rest @ ..] = args.as_slice() else {
        return Err("usage: qizhen-peers qizhen|typst|html|pdf|memory ASSESSMENT [ROUNDS|OUT]".into());
    };
    let catalog = Catalog::load(None).map_err(|broken| format!("{:?}", broken.problems))?;
    let text = std::fs::read_to_string(file).map_err(|e| e.to_string())?;
    let loaded = diagnosis::read(&catalog, file, &text, "2026-11-22").map_err(|b| format!("{:?}", b.problems))?;
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let make = || report::make(&Request::new(&catalog, &diagnosis, "standard"));
    let rounds = || rest.first().and_then(|n| n.parse().ok()).unwrap_or(30);
    match what.as_str() {
        "html" => write(rest, make()?.html().as_bytes()),
        "pdf" => write(rest, &make()?.pdf()?),
        "qizhen" => {
            let pages = make()?.pages()?;
            measure("qizhen", pages, rounds(), || make()?.pdf())
        }
        "typst" => {
            let probe = typst_pdf(&make()?)?;
            if let Some(out) = rest.get(1) {
                std::fs::write(out, &probe).map_err(|e| e.to_string())?;
            }
            let pages = probe.windows(11).filter(|w| w == b"/Type /Page" || w == b"/Type/Page/").count();
            measure("Typst", pages, rounds(), || typst_pdf(&make()?))
        }
        "memory" => memory(&catalog, &diagnosis),
        other => Err(format!("unknown: {other}")),
    }
}

fn write(rest: &[String], bytes: &[u8]) -> Result<(), String> {
    let out = rest.first().ok_or("where to?")?;
    std::fs::write(Path::new(out), bytes).map_err(|e| e.to_string())
}

/// Median and best of so many rounds, after three to warm up.
fn measure(name: &str, pages: usize, rounds: usize, run: impl Fn() -> Result<Vec<u8>, String>) -> Result<(), String> {
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
    println!("{name}\tpages {pages}\tmedian {median:.1} ms\tbest {best:.1} ms\tsize {} KB\tpeak {} MB", size / 1024, peak());
    Ok(())
}

/// 1,000 reports on two threads: throughput, and memory as it goes.
fn memory(catalog: &Catalog, diagnosis: &Diagnosis) -> Result<(), String> {
    let start = Instant::now();
    for block in 0..4 {
        std::thread::scope(|scope| {
            let share = || {
                for _ in 0..125 {
                    let report = report::make(&Request::new(catalog, diagnosis, "standard")).expect("report");
                    std::hint::black_box(report.pdf().expect("pdf"));
                }
            };
            scope.spawn(share);
            scope.spawn(share);
        });
        let made = (block + 1) * 250;
        println!("{made} reports\t{:.1} /s\tresident {} MB", made as f64 / start.elapsed().as_secs_f64(), status("VmRSS"));
    }
    println!("peak {} MB", peak());
    Ok(())
}

fn peak() -> u64 {
    status("VmHWM")
}

fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
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
