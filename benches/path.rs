//! The improvement path of whole assessments: three plans a standard, every standard that has grades.
//!
//! `cargo bench --bench path`

use std::sync::LazyLock;

use divan::{Bencher, black_box};
use qizhen::advice::path::{self, ImprovementPath};
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Loaded};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).expect("built-in data"));

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn load(example: &str) -> Loaded {
    let text = std::fs::read_to_string(format!("examples/{example}.assessment.yaml")).expect("an example");
    diagnosis::read(&CATALOG, example, &text, "2026-12-31").expect("a sound example")
}

fn paths(loaded: &Loaded) -> Vec<ImprovementPath> {
    let assessment = &loaded.assessment;
    let found = assessment.answers.iter().filter_map(|(id, answers)| {
        let context = path::Context {
            questionnaire: CATALOG.questionnaires.get(id)?,
            plan: CATALOG.plan(id, assessment.presets.get(id).map(String::as_str))?,
            measures: CATALOG.measures.get(id),
            capabilities: &CATALOG.capabilities,
            fixed: &[],
        };
        path::find(&context, answers, path::next_goal(&context, answers)?)
    });
    found.collect()
}

#[divan::bench(args = ["pump-maker", "bearing-maker", "chlor-alkali"])]
fn next_grade(bencher: Bencher, example: &str) {
    let loaded = load(example);
    bencher.bench_local(|| black_box(paths(&loaded)));
}

#[divan::bench(args = ["pump-maker", "bearing-maker", "chlor-alkali"])]
fn whole_diagnosis(bencher: Bencher, example: &str) {
    let loaded = load(example);
    bencher.bench_local(|| black_box(diagnosis::diagnose(&CATALOG, &loaded)));
}
