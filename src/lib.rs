//! 企诊 qizhen.
#![forbid(unsafe_code)]
pub mod report;
