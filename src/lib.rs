//! 企诊 qizhen.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod advice;
pub mod assessment;
pub mod catalog;
pub mod cli;
pub mod diagnosis;
pub mod enterprise;
pub mod facts;
pub mod provenance;
pub mod questionnaire;
pub mod report;
pub mod round;
pub mod scoring;
pub mod source;
pub mod units;
