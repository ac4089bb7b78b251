//! The enterprise that shows what a report looks like: built in, so that a template can be tried anywhere.

use crate::catalog::{Broken, Catalog};
use crate::diagnosis::{self, Loaded};
use crate::report::picture::{Picture, Pictures};

/// Name of the sample in messages.
const NAME: &str = "内置:examples/pump-maker.assessment.yaml";
const TEXT: &str = include_str!("../../examples/pump-maker.assessment.yaml");
const PHOTOS: [(&str, &[u8]); 3] = [
    ("evidence/erp.jpg", include_bytes!("../../examples/evidence/erp.jpg")),
    (
        "evidence/motor-plate.jpg",
        include_bytes!("../../examples/evidence/motor-plate.jpg"),
    ),
    (
        "evidence/whiteboard.jpg",
        include_bytes!("../../examples/evidence/whiteboard.jpg"),
    ),
];

/// A small pump maker, visited and verified.
pub fn verified(catalog: &Catalog, today: &str) -> Result<Loaded, Broken> {
    diagnosis::read(catalog, NAME, TEXT, today)
}

/// The barest assessment there can be: one standard, nothing answered. What a template must also stand.
pub fn blank(catalog: &Catalog, today: &str) -> Result<Loaded, Broken> {
    let first = catalog.questionnaires.keys().next().map_or("", String::as_str);
    let text = format!(
        "schema: {}\nenterprise: {{name: 空白样例企业, industry: C34, region: \"370200\", employees: 20, \
         revenue_wan: 500}}\ndate: 2026-11-20\nstandards: [{first}]\n",
        crate::assessment::SCHEMA
    );
    diagnosis::read(catalog, "内置:空白样例", &text, today)
}

/// Its photos of evidence.
pub fn photos() -> Pictures {
    let read = |(name, bytes): (&str, &[u8])| Some((name.to_owned(), Picture::read(bytes).ok()?));
    PHOTOS.into_iter().filter_map(read).collect()
}
