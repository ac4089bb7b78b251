//! Who is assessed: name, code, industry, region, size.

pub mod industry;
pub mod profile;
pub mod region;
pub mod size;
pub mod uscc;

pub use profile::Profile;
