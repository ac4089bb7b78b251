//! A report after another in one process: time, pages, size, throughput on two cores, and memory as it goes.
//!
//! `cargo bench --bench many [-- ASSESSMENT [STANDARD]]`: without a standard all of the assessment; without both the report of
//! twelve pages that the documents speak of. `peers.sh` puts other programs beside it.

use std::hint::black_box;
use std::time::Instant;

use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Loaded};
use qizhen::report::format::Format;
use qizhen::report::picture::Pictures;
use qizhen::report::template::folder::{self, Folder};
use qizhen::report::{self, Request};
use qizhen::seal::Order;

const TEMPLATE: &str = "standard";
const ROUNDS: usize = 50;
const THREADS: usize = 2;
/// Reports of a thread between two looks at the memory; four looks.
const BLOCK: usize = 125;

struct Bench {
    catalog: Catalog,
    folder: Folder,
    text: String,
    only: Option<String>,
    photos: Pictures,
}

impl Bench {
    fn load(&self) -> Loaded {
        let mut loaded = diagnosis::read(&self.catalog, "bench", &self.text, "2026-12-31").expect("a sound assessment");
        if let Some(only) = &self.only {
            loaded.assessment.answers.retain(|id, _| id == only);
        }
        loaded
    }

    /// From the text of the answers to the bytes of a PDF with its data, as in a batch.
    fn report(&self) -> Vec<u8> {
        let loaded = self.load();
        let diagnosis = diagnosis::diagnose(&self.catalog, &loaded);
        let order = Order {
            catalog: &self.catalog,
            loaded: &loaded,
            diagnosis: &diagnosis,
            template: TEMPLATE,
            folder: Some(&self.folder),
            photos: &self.photos,
            since: None,
            carried: true,
        };
        order.files(&[Format::Pdf]).expect("a report").remove(0)
    }
}

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    // `cargo bench` adds an option of its own.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let (file, only) = match args.as_slice() {
        [] => (
            "examples/chlor-alkali.assessment.yaml",
            Some("equipment-efficiency-2024".to_owned()),
        ),
        [file, only @ ..] => (file.as_str(), only.first().cloned()),
    };
    let catalog = Catalog::load(None).expect("built-in data");
    let folder = folder::open(&catalog, TEMPLATE).expect("a template");
    let bench = Bench {
        text: std::fs::read_to_string(file).expect("an assessment"),
        catalog,
        folder,
        only,
        photos: Pictures::new(),
    };

    let size = bench.report().len();
    let diagnosis = diagnosis::diagnose(&bench.catalog, &bench.load());
    let made = report::make(&Request::new(&bench.catalog, &diagnosis, TEMPLATE)).expect("a report");
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(bench.report());
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{} pages, {} KB: median {:.1} ms, best {:.1} ms of {ROUNDS}",
        made.pages().expect("pages"),
        size / 1024,
        times[times.len() / 2],
        times[0]
    );

    let start = Instant::now();
    for block in 1..=4 {
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| (0..BLOCK).for_each(|_| drop(black_box(bench.report()))));
            }
        });
        let reports = block * THREADS * BLOCK;
        let rate = reports as f64 / start.elapsed().as_secs_f64();
        println!(
            "{reports} reports on {THREADS} threads: {rate:.0} a second, {}",
            memory()
        );
    }
}

/// Memory of this process, where the system tells.
fn memory() -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let megabytes = |key: &str| {
        let line = text.lines().find(|line| line.starts_with(key))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024)
    };
    match (megabytes("VmRSS"), megabytes("VmHWM")) {
        (Some(now), Some(most)) => format!("{now} MB now, {most} MB at most"),
        _ => "memory not known".to_owned(),
    }
}
