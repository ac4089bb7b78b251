//! From a diagnosis to something people read and sign: template → Markdown → blocks → PDF or HTML.

pub mod chart;
mod chart_table;
pub mod document;
pub mod escape;
pub mod html;
pub mod markdown;
mod nearest;
pub mod plain;
pub mod template;
