//! Tools for rule authors.

pub mod import;
