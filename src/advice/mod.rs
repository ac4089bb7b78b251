//! From scores to action: gaps by what they cost, what to do about them, with whom, who pays, and whose example to look at.

pub mod cases;
pub mod finance;
pub mod gaps;
pub mod matching;
pub mod measures;
pub mod policies;
pub mod providers;
