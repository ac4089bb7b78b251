//! How answers become points and a grade: rulebook as written → [`plan::Plan`] (compiled) → [`scorecard::Scorecard`]
//! (result and trace). Knows no file system, no clock, no report.

pub mod bound;
pub mod compile;
pub mod eval;
pub mod expr;
pub mod interval;
pub mod layout;
pub mod lookup;
pub mod plan;
pub mod rows;
pub mod rulebook;
pub mod scorecard;
pub mod tables;
pub mod trace;
