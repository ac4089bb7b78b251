//! Reports for many enterprises at once.
//!
//! [`input`] finds what is to be done, [`columns`] and [`workbook`] make assessments of the rows of a sheet, [`names`] decides what each report
//! is called, [`run`] makes them on several threads, [`manifest`] remembers what is done, [`summary`] puts it in a table.

pub mod columns;
pub mod input;
pub mod manifest;
pub mod names;
pub mod pool;
pub mod run;
pub mod sample;
pub mod summary;
pub mod workbook;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::catalog::{Broken, Catalog};
use crate::diagnosis::{Diagnosis, Mode};
use crate::provenance::Confidence;
use crate::report::format::Format;
use crate::report::template::folder::Folder;
use crate::source::diagnostic::{self, Severity};

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// Data.
    pub catalog: &'a Catalog,
    /// Report template.
    pub template: &'a str,
    /// The same, opened once for all reports.
    pub folder: &'a Folder,
    /// Forms in which each report is written.
    pub formats: &'a [Format],
    /// Whether reports carry their data.
    pub carried: bool,
    /// Where to.
    pub out: &'a Path,
    /// Threads.
    pub jobs: usize,
    /// Whether to make again what is there already.
    pub force: bool,
    /// No assessment is dated after this day, `YYYY-MM-DD`.
    pub today: &'a str,
}

/// What a table says about one enterprise: enough to write the summary without scoring again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Registered name.
    pub enterprise: String,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Code and name of the class of industry.
    pub industry: (String, String),
    /// Code and name of the region.
    pub region: (String, String),
    /// Date of the assessment.
    pub date: String,
    /// How the answers came about.
    pub mode: Mode,
    /// Results by standard.
    pub standards: Vec<Score>,
}

/// The result for one standard in a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Id of the standard.
    pub id: String,
    /// Short title.
    pub short: String,
    /// Points; `None` when nothing could be scored. As text: the last digit of a number does not survive JSON.
    pub score: Option<String>,
    /// Full points.
    pub full: String,
    /// Level and name of the grade.
    pub grade: Option<(u8, String)>,
    /// Whether all vetoes hold.
    pub eligible: Option<bool>,
    /// Worst confidence of the rules.
    pub confidence: Confidence,
}

impl Record {
    /// What a diagnosis says.
    pub fn of(diagnosis: &Diagnosis) -> Self {
        let enterprise = &diagnosis.enterprise;
        let score = |standard: &crate::diagnosis::StandardResult| Score {
            id: standard.card.id.clone(),
            short: standard.short.clone(),
            score: standard.card.score.map(|score| crate::round::show(score, 6)),
            full: crate::round::show(standard.card.full, 6),
            grade: standard.card.grade.as_ref().map(|g| (g.level, g.name.clone())),
            eligible: standard.card.eligible,
            confidence: standard.card.confidence,
        };
        Self {
            enterprise: enterprise.name.clone(),
            uscc: enterprise.uscc.clone(),
            industry: (enterprise.industry.code().into(), enterprise.industry.name().into()),
            region: (enterprise.region.code().into(), enterprise.region.name()),
            date: diagnosis.date.clone(),
            mode: diagnosis.mode,
            standards: diagnosis.standards.iter().map(score).collect(),
        }
    }
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// In a line, for tables.
    pub reason: String,
    /// At length, for the terminal: excerpts with carets; the reason when there is no more to say.
    pub details: String,
}

impl Failure {
    /// A failure that a sentence tells.
    pub fn new(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self {
            details: format!("错误：{reason}\n"),
            reason,
        }
    }

    /// A failure with an explanation of several lines, the first of which says the most.
    pub fn told(what: &str, why: &str) -> Self {
        Self {
            reason: format!("{what}：{}", why.lines().next().unwrap_or_default()),
            details: format!("错误：{what}。\n{why}\n"),
        }
    }

    /// What is wrong with an input.
    pub fn of(broken: &Broken) -> Self {
        const TOLD: usize = 3;
        let errors = || broken.problems.iter().filter(|p| p.severity == Severity::Error);
        let told: Vec<String> = errors()
            .take(TOLD)
            .map(|problem| match problem.span.line {
                0 => problem.message.clone(),
                // A cell is named in the message itself.
                _ if problem.message.starts_with("表“") => problem.message.clone(),
                line => format!("第 {line} 行：{}", problem.message),
            })
            .collect();
        let more = errors().count().saturating_sub(TOLD);
        let more = if more > 0 {
            format!("；另有 {more} 处")
        } else {
            String::new()
        };
        Self {
            reason: told.join("；") + &more,
            details: diagnostic::render(&broken.problems, &broken.sources, false),
        }
    }
}

/// What became of one input.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Reports were made.
    Made,
    /// Nothing has changed since they were made.
    Kept,
    /// There is no report.
    Failed(Failure),
}

/// One input at the end.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The input, as people call it.
    pub input: String,
    /// What became of it.
    pub state: State,
    /// What is known of the enterprise.
    pub record: Option<Record>,
    /// Names of the reports in the directory.
    pub reports: Vec<String>,
    /// Photos that a new report is made without, and why.
    pub no_photos: Vec<String>,
}

/// The end of a run.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Every input that was dealt with, sorted by enterprise.
    pub outcomes: Vec<Outcome>,
    /// How many were not dealt with because the run was stopped.
    pub not_done: usize,
    /// Things to look at.
    pub warnings: Vec<String>,
    /// Reports in the directory that belong to no input of this run.
    pub left_over: Vec<String>,
}

impl Finished {
    /// Numbers of made, kept and failed ones.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&State) -> bool| self.outcomes.iter().filter(|o| wanted(&o.state)).count();
        (
            count(|state| *state == State::Made),
            count(|state| *state == State::Kept),
            count(|state| matches!(state, State::Failed(_))),
        )
    }
}
