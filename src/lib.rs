//! 企诊 `qizhen`: enterprise self-assessment and digital-transformation diagnosis.
//!
//! One picture, read left to right; every arrow is a type and nothing flows back:
//!
//! ```text
//! questionnaires/*.yaml ─┐                                              report-templates/*
//!                        ├─ Catalog ──compile──▶ Plan ──┐                      │
//! scoring-rules/*.yaml  ─┘                              ├──▶ Diagnosis ────────┴─▶ Document ─▶ PDF · HTML · DOCX · Markdown
//! *.assessment.yaml ─────────────▶ Assessment ──────────┤        │
//! advice/ · providers/ ──────────▶ gaps, matching ──────┘        └─▶ JSON
//! ```
//!
//! * [`source`]: files as people write them, places in them, and everything that can be wrong with them.
//! * [`catalog`]: questionnaires, rulebooks, measures, providers, templates: built in, overlaid by a directory, cross-checked.
//! * [`questionnaire`]: what is asked. [`assessment`]: what was answered. [`enterprise`], [`facts`], [`units`]: by whom, how much.
//! * [`scoring`]: rulebook as written → compiled plan → scorecard with a trace of every number.
//! * [`links`]: what one standard takes from another. [`consistency`]: answers that do not go together.
//!   [`migration`]: from one edition to the next.
//! * [`advice`]: gaps by what they cost, what to do about them, with whom, who pays, and whose example to look at.
//! * [`names`]: what expressions outside of rulebooks read.
//! * [`diagnosis`]: the whole result as data. [`report`]: that data as something people read and sign.
//! * [`batch`]: reports for many enterprises at once, taken up again where it stopped.
//! * [`seal`]: reports that carry their data, can be computed again and be signed.
//! * [`comparison`]: what changed between two assessments of one enterprise, and why.
//! * [`kit`]: tools for rule authors: cases, coverage, codes, JSON Schemas, workbooks. [`cli`]: the commands.
//!
//! ```
//! use qizhen::{catalog::Catalog, diagnosis};
//!
//! let catalog = Catalog::load(None).expect("the built-in data are sound");
//! let text = "
//! schema: qizhen/assessment/1
//! enterprise: {name: 示例企业, industry: C3441, region: \"370200\", employees: 260, revenue_wan: 18500}
//! date: 2026-11-20
//! answers:
//!   equipment-efficiency-2024:
//!     motors:
//!       - {name: 1#泵, count: 4, kind: three-phase-induction, poles: 4, rated_kw: 37, efficiency_pct: 95.2}
//! ";
//! let loaded = diagnosis::read(&catalog, "example", text, "2026-11-22").expect("a sound assessment");
//! let result = diagnosis::diagnose(&catalog, &loaded);
//! assert_eq!(result.standards[0].card.score, Some(100.0)); // grade 2 is what counts, and 95.2 % is its limit
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod advice;
pub mod assessment;
pub mod atomic;
pub mod batch;
pub mod catalog;
pub mod cli;
pub mod comparison;
pub mod consistency;
pub mod diagnosis;
pub mod digest;
pub mod enterprise;
pub mod facts;
pub mod kit;
pub mod links;
pub mod migration;
pub mod names;
pub mod provenance;
pub mod questionnaire;
pub mod report;
pub mod round;
pub mod scoring;
pub mod seal;
pub mod source;
pub mod units;
