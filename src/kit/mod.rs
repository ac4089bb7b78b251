//! Tools for rule authors.

pub mod cases;
pub mod codes;
pub mod coverage;
pub mod doc;
pub mod import;
pub mod pool;
pub mod sample;
pub mod schema;
