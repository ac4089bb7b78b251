//! From a diagnosis to something people read and sign: template → Markdown → blocks → PDF or HTML.

pub mod chart;
pub mod document;
pub mod draw;
pub mod pdf;
pub mod theme;
