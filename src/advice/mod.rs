//! From scores to action: gaps by what they cost, what to do about them, the way to the next grade, and with whom.

pub mod effort;
pub mod explain;
pub mod gaps;
pub mod matching;
pub mod measures;
pub mod path;
pub mod providers;
pub mod sureness;
