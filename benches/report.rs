//! What a report costs: `cargo bench`. Each step alone, then all of it on one thread and on two.
//!
//! The report is the largest example (all its standards) and one of twelve pages (chlor-alkali, equipment alone), each from
//! the answers' text to the bytes of the file, data attached. The peers it is compared with are in `peers.sh`.

use std::sync::LazyLock;

use divan::{Bencher, black_box, counter::ItemsCount};
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis, Loaded};
use qizhen::report::format::Format;
use qizhen::report::picture::Pictures;
use qizhen::report::template::folder;
use qizhen::seal::Order;

const TODAY: &str = "2026-12-31";

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).expect("built-in data"));

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// An assessment, and which of its standards count; all where none is named.
#[derive(Debug, Clone, Copy)]
struct Sample {
    name: &'static str,
    text: &'static str,
    only: Option<&'static str>,
}

const TWELVE_PAGES: Sample = Sample {
    name: "twelve-pages",
    text: include_str!("../examples/chlor-alkali.assessment.yaml"),
    only: Some("equipment-efficiency-2024"),
};
const WHOLE: Sample = Sample {
    name: "pump-maker",
    text: include_str!("../examples/pump-maker.assessment.yaml"),
    only: None,
};

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Sample {
    fn load(&self) -> Loaded {
        let mut loaded = diagnosis::read(&CATALOG, self.name, self.text, TODAY).expect("an example");
        if let Some(only) = self.only {
            loaded.assessment.answers.retain(|id, _| id == only);
        }
        loaded
    }

    fn made(&self) -> (Loaded, Diagnosis) {
        let loaded = self.load();
        let diagnosis = diagnosis::diagnose(&CATALOG, &loaded);
        (loaded, diagnosis)
    }
}

fn file(loaded: &Loaded, diagnosis: &Diagnosis, template: &str, format: Format) -> Vec<u8> {
    let folder = folder::open(&CATALOG, template).expect("a template");
    let order = Order {
        catalog: &CATALOG,
        loaded,
        diagnosis,
        template,
        folder: Some(&folder),
        photos: &Pictures::new(),
        since: None,
        carried: true,
    };
    order.files(&[format]).expect("a report").remove(0)
}

#[divan::bench]
fn catalog() -> Catalog {
    Catalog::load(None).expect("built-in data")
}

#[divan::bench(args = [TWELVE_PAGES, WHOLE])]
fn read_and_check(sample: &Sample) -> Loaded {
    sample.load()
}

#[divan::bench(args = [TWELVE_PAGES, WHOLE])]
fn diagnose(bencher: Bencher, sample: &Sample) {
    let loaded = sample.load();
    bencher.bench(|| diagnosis::diagnose(&CATALOG, black_box(&loaded)));
}

#[divan::bench(args = [Format::Pdf, Format::Html, Format::Docx, Format::Xlsx, Format::Json, Format::Md])]
fn twelve_pages_as(bencher: Bencher, format: Format) {
    let (loaded, diagnosis) = TWELVE_PAGES.made();
    bencher.bench(|| file(&loaded, &diagnosis, "standard", format));
}

#[divan::bench(args = ["standard", "onsite", "client", "brief"])]
fn pump_maker_by_template(bencher: Bencher, template: &str) {
    let (loaded, diagnosis) = WHOLE.made();
    bencher.bench(|| file(&loaded, &diagnosis, template, Format::Pdf));
}

/// From the text of the answers to a PDF, the way a batch does it.
#[divan::bench(args = [TWELVE_PAGES, WHOLE], threads = [1, 2])]
fn all_of_it(bencher: Bencher, sample: &Sample) {
    bencher.counter(ItemsCount::new(1u32)).bench(|| {
        let (loaded, diagnosis) = sample.made();
        file(&loaded, &diagnosis, "standard", Format::Pdf)
    });
}
