//! Matching one enterprise with a pool of ten thousand providers, and compiling the pool.
//!
//! `cargo bench --bench matching`

use std::sync::LazyLock;

use divan::Bencher;
use qizhen::advice::matching::{Index, Matcher, Request};
use qizhen::advice::providers::PoolFile;
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};

const PROVIDERS: usize = 10_000;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).expect("built-in data"));
static DIAGNOSIS: LazyLock<Diagnosis> = LazyLock::new(|| {
    let text = std::fs::read_to_string("examples/pump-maker.assessment.yaml").expect("an assessment");
    let loaded = diagnosis::read(&CATALOG, "bench", &text, "2026-12-31").expect("a sound assessment");
    diagnosis::diagnose(&CATALOG, &loaded)
});
/// The built-in sample again and again, under other ids.
static POOLS: LazyLock<Vec<PoolFile>> = LazyLock::new(|| {
    let sample = &CATALOG.pools[0];
    let mut pool = sample.clone();
    pool.providers.0 = (0..PROVIDERS)
        .map(|number| {
            let mut provider = sample.providers[number % sample.providers.len()].clone();
            provider.id.value = format!("p{number}");
            provider
        })
        .collect();
    vec![pool]
});
static INDEX: LazyLock<Index> = LazyLock::new(compile);

fn compile() -> Index {
    Index::compile(&POOLS, &CATALOG.capabilities, &CATALOG.matching)
}

fn main() {
    LazyLock::force(&INDEX);
    LazyLock::force(&DIAGNOSIS);
    divan::main();
}

#[divan::bench]
fn compile_the_pool(bencher: Bencher) {
    bencher.bench(compile);
}

#[divan::bench(threads = [1, 2])]
fn recommend(bencher: Bencher) {
    let matcher = Matcher {
        index: &INDEX,
        pools: &POOLS,
        capabilities: &CATALOG.capabilities,
        rules: &CATALOG.matching,
    };
    let request = Request {
        gaps: &DIAGNOSIS.gaps,
        profile: &DIAGNOSIS.enterprise,
        date: "2026-11-20",
        budget_wan: None,
        issuers: Vec::new(),
    };
    assert!(matcher.recommend(&request).recommended.len() == 5);
    bencher.bench(|| matcher.recommend(&request));
}
