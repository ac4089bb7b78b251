//! From a diagnosis to something people read and sign: template → Markdown → blocks → PDF or HTML.

pub mod chart;
pub mod document;

use crate::catalog::Catalog;
use crate::diagnosis::Diagnosis;

/// PDF.
pub fn pdf_bytes(_catalog: &Catalog, _diagnosis: &Diagnosis, _template: &str) -> Result<Vec<u8>, String> {
    Err("pending".into())
}
/// HTML.
pub fn html_bytes(_catalog: &Catalog, _diagnosis: &Diagnosis, _template: &str) -> Result<Vec<u8>, String> {
    Err("pending".into())
}
/// Markdown.
pub fn markdown_bytes(_catalog: &Catalog, _diagnosis: &Diagnosis, _template: &str) -> Result<Vec<u8>, String> {
    Err("pending".into())
}
