//! The sheet that a plant manager takes to a bank: what is planned, what is known, which ways of finance fit, and what is
//! still to be told. Data only; no amount is promised and none is added up.

use schemars::JsonSchema;
use serde::Serialize;

use super::policies::{Policies, State};
use crate::assessment::Assessment;
use crate::assessment::plans::YesNo;
use crate::names::Missing;
use crate::provenance::{Confidence, Document};
use crate::round::show;

/// What every sheet says about relending: people take the rate of the central bank for their own.
pub const RELENDING: &str = "再贷款利率是央行对银行的，不是企业贷款利率；企业的利率由贷款银行定。";

/// The sheet.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Finance {
    /// Projects, as told.
    pub projects: Vec<ProjectSheet>,
    /// Ways of finance that may fit, the likeliest first.
    pub instruments: Vec<Instrument>,
    /// What a bank will ask and nobody told, each once.
    pub missing: Vec<Missing>,
    /// The day on which the instruments were last compared with their sources; the oldest.
    pub as_of: String,
    /// What must be said about rates.
    pub notice: &'static str,
}

/// A project as a bank reads it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProjectSheet {
    /// Name.
    pub name: String,
    /// What it is for.
    pub aims: Vec<&'static str>,
    /// Investment, 万元.
    pub invest_wan: Option<f64>,
    /// Of it equipment, 万元.
    pub equipment_wan: Option<f64>,
    /// Loan wanted, 万元.
    pub loan_wan: Option<f64>,
    /// Benefits a year, 万元.
    pub saving_wan: Option<f64>,
    /// Years until it is paid back, from the benefits expected to the cautious ones.
    pub payback_years: Option<(f64, f64)>,
    /// The same in words.
    pub payback: String,
    /// Whether it is filed with the authorities.
    pub filed: Option<bool>,
    /// How much is paid, %.
    pub paid_pct: Option<f64>,
    /// Months: from, to.
    pub period: String,
    /// What a bank will ask about it and nobody told.
    pub missing: Vec<Missing>,
}

/// One way of finance.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Instrument {
    /// Id of the policy.
    pub id: String,
    /// Title.
    pub title: String,
    /// Kind, in Chinese.
    pub kind: &'static str,
    /// How it stands.
    pub state: State,
    /// The same in Chinese.
    pub label: &'static str,
    /// Tone of the label.
    pub tone: &'static str,
    /// The project it was judged for.
    pub project: Option<String>,
    /// Published document.
    pub source: Document,
    /// Clause or section.
    pub clause: String,
    /// How long it holds, in words.
    pub valid: String,
    /// Days until its last day; `null` where the source gives none.
    pub days_left: Option<i32>,
    /// What there is to say about time; empty for nothing.
    pub time: String,
    /// What it gives.
    pub gives: String,
    /// All conditions, as written.
    pub conditions: Vec<String>,
    /// What speaks for it, or what is lacking.
    pub why: String,
    /// Conditions that only people can tell.
    pub to_check: Vec<String>,
    /// What else is to be known.
    pub note: String,
    /// Confidence.
    pub confidence: Confidence,
    /// When it was last compared with its source.
    pub as_of: String,
}

/// Makes the sheet from the projects and the policies as they stand.
pub fn sheet(assessment: &Assessment, policies: &Policies) -> Finance {
    let projects: Vec<ProjectSheet> = assessment.plans.iter().map(project).collect();
    let instruments: Vec<Instrument> = policies
        .entries
        .iter()
        .filter(|standing| standing.finance)
        .map(|standing| Instrument {
            id: standing.id.clone(),
            title: standing.title.clone(),
            kind: standing.kind,
            state: standing.state,
            label: standing.label,
            tone: standing.tone,
            project: standing.project.clone(),
            source: standing.source.clone(),
            clause: standing.clause.clone(),
            valid: standing.valid.clone(),
            days_left: standing.days_left,
            time: standing.time.clone(),
            gives: standing.gives.clone(),
            conditions: standing.conditions.clone(),
            why: match (&standing.lacking, standing.missing.as_slice()) {
                (Some(lacking), _) => lacking.say.clone(),
                (None, []) => standing.met.join("；"),
                (None, missing) => {
                    let what: Vec<&str> = missing.iter().map(|m| m.what.as_str()).collect();
                    format!("还不知道：{}", what.join("、"))
                }
            },
            to_check: standing.to_check.clone(),
            note: standing.note.clone(),
            confidence: standing.confidence,
            as_of: standing.as_of.clone(),
        })
        .collect();
    let mut missing: Vec<Missing> = policies
        .entries
        .iter()
        .filter(|standing| standing.finance)
        .flat_map(|standing| standing.missing.iter().cloned())
        .chain(projects.iter().flat_map(|project| project.missing.iter().cloned()))
        .collect();
    if projects.is_empty() {
        // Of a project that is not there, nothing in particular is missing.
        missing.retain(|missing| !missing.name.starts_with("plan."));
        missing.push(untold(
            "plan",
            "计划中的项目（名称、投资、设备、贷款、效益、备案、起止）",
            "plans",
        ));
    }
    missing.sort();
    missing.dedup_by(|a, b| a.name == b.name);
    Finance {
        as_of: instruments.iter().map(|i| i.as_of.clone()).min().unwrap_or_default(),
        projects,
        instruments,
        missing,
        notice: RELENDING,
    }
}

fn untold(name: &str, what: &str, fill: &str) -> Missing {
    Missing {
        name: name.to_owned(),
        what: what.to_owned(),
        fill: fill.to_owned(),
    }
}

/// The payback with its arithmetic: `4.5 年（860 ÷ 190）；按保守效益 6.1 年（860 ÷ 140）`.
fn payback_in_words(project: &crate::assessment::plans::Project) -> Option<String> {
    let (expected, cautious) = project.payback()?;
    let invest = show(project.invest_wan?, 2);
    let sum = |years: f64, saving: f64| format!("{} 年（{invest} ÷ {}）", show(years, 1), show(saving, 2));
    let mut words = sum(expected, project.saving_wan?);
    if let Some(low) = project.saving_low_wan.filter(|_| cautious > expected) {
        words = format!("{words}；按保守效益 {}", sum(cautious, low));
    }
    Some(words)
}

fn project(project: &crate::assessment::plans::Project) -> ProjectSheet {
    let payback = project.payback();
    let text = |month: &Option<crate::source::At<String>>| month.as_ref().map_or("", |m| m.value.as_str()).to_owned();
    let period = match (text(&project.start).as_str(), text(&project.finish).as_str()) {
        ("", "") => String::new(),
        (from, "") => format!("{from} 起"),
        ("", to) => format!("到 {to}"),
        (from, to) => format!("{from} 至 {to}"),
    };
    let asked = [
        ("invest_wan", "项目总投资", project.invest_wan.is_none()),
        ("equipment_wan", "其中设备投资", project.equipment_wan.is_none()),
        ("loan_wan", "拟贷款额", project.loan_wan.is_none()),
        ("saving_wan", "预计年效益", project.saving_wan.is_none()),
        ("filed", "是否已办技改备案", project.filed.is_none()),
        ("start", "开工年月", project.start.is_none()),
        ("finish", "完工年月", project.finish.is_none()),
    ];
    ProjectSheet {
        name: project.name.value.clone(),
        aims: project.aims.iter().flatten().map(|aim| aim.label()).collect(),
        invest_wan: project.invest_wan,
        equipment_wan: project.equipment_wan,
        loan_wan: project.loan_wan,
        saving_wan: project.saving_wan,
        payback_years: payback,
        payback: payback_in_words(project).unwrap_or_default(),
        filed: project.filed.map(|YesNo(filed)| filed),
        paid_pct: project.paid_pct,
        period,
        missing: asked
            .into_iter()
            .filter(|(.., missing)| *missing)
            .map(|(field, what, _)| untold(&format!("plan.{field}"), what, &format!("plans 下项目的 {field}")))
            .collect(),
    }
}
