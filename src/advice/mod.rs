//! From scores to action: gaps by what they cost, what to do about them, the way to the next grade, with whom, who pays, and
//! whose example to look at.

pub mod cases;
pub mod effort;
pub mod explain;
pub mod finance;
pub mod gaps;
pub mod matching;
pub mod measures;
pub mod path;
pub mod policies;
pub mod projects;
pub mod providers;
pub mod sureness;
