//! 企诊 qizhen.
#![forbid(unsafe_code)]
pub mod report;
pub mod source;
