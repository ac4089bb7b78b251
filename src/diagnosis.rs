//! The whole result for one enterprise as data: the one input of every report, page and API answer.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::advice::cases::learn::{self, Learning, ReferenceValue};
use crate::advice::finance::{self, Finance};
use crate::advice::gaps::{self, Gap};
use crate::advice::matching::{self, Matching};
use crate::advice::path::{self, ImprovementPath};
use crate::advice::policies::{self, Policies};
use crate::advice::projects::{self, ProjectCard};
use crate::advice::sureness::{self, Sureness};
use crate::assessment::onsite::OnSite;
use crate::assessment::{self, Assessment, Detail, Known};
use crate::catalog::{Broken, Catalog};
use crate::consistency::{self, Compared, Finding};
use crate::enterprise::Profile;
use crate::links;
use crate::names::{Desk, Vocabulary};
use crate::provenance::{Confidence, Document};
use crate::questionnaire::{Domain, Item, ItemKind};
use crate::scoring::rulebook::GradeName;
use crate::scoring::scorecard::Scorecard;
use crate::source::diagnostic::{self, Diagnostic};
use crate::source::yaml::Node;
use crate::source::{SourceMap, yaml};

/// Name and version of the JSON form.
pub const SCHEMA: &str = "qizhen/diagnosis/1";

/// The result for one enterprise.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Diagnosis {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// Version of the program.
    pub program: &'static str,
    /// Digest of the catalog: rules, questionnaires, providers, templates.
    pub catalog: String,
    /// Date of the assessment.
    pub date: String,
    /// `self` or `verified`.
    pub mode: Mode,
    /// Who assessed.
    pub assessor: String,
    /// The visit, for on-site work.
    #[serde(skip_serializing_if = "OnSite::is_empty")]
    pub onsite: OnSite,
    /// Who was assessed.
    pub enterprise: Profile,
    /// Results by standard.
    pub standards: Vec<StandardResult>,
    /// Gaps of all standards: what must hold, then the dearest of each standard in turn.
    pub gaps: Vec<Gap>,
    /// The roadmap as projects.
    pub projects: Vec<ProjectCard>,
    /// Recommended providers.
    pub providers: Matching,
    /// Who pays: policies as they stand on the date.
    pub policies: Policies,
    /// What to take to a bank.
    pub finance: Finance,
    /// Like whom: cases and scenes for the gaps.
    pub cases: Learning,
    /// Values of other places beside the enterprise's own.
    pub references: Vec<ReferenceValue>,
    /// Answers that do not go together.
    pub consistency: Vec<Finding>,
    /// How many checks of answers against each other could be made.
    pub consistency_checks: consistency::Count,
    /// Warnings that do not stop the work.
    pub warnings: Vec<Warning>,
}

/// How the answers came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The enterprise's own word.
    #[serde(rename = "self")]
    SelfReported,
    /// Some answers were verified on site.
    Verified,
}

/// One standard: what it is, what came of it, what was answered.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct StandardResult {
    /// The result.
    #[serde(flatten)]
    pub card: Scorecard,
    /// Full title.
    pub title: String,
    /// Short title.
    pub short: String,
    /// Field of work.
    pub domain: Domain,
    /// Published document.
    pub source: Document,
    /// Whether that was out of force on the date: shown to compare with, no advice follows from it.
    pub repealed: bool,
    /// Confidence of the questionnaire's wording.
    pub wording: Confidence,
    /// Answers in words.
    pub answers: Vec<Answer>,
    /// What the enterprise's own answers would give, where any was verified.
    pub self_reported: Option<SelfReported>,
    /// The way to the next grade; `null` for a standard without grades, and on the highest.
    pub path: Option<ImprovementPath>,
    /// How sure the result is; `null` where there is none.
    pub sureness: Option<Sureness>,
}

/// The result by the enterprise's own answers, to be put beside the verified one.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct SelfReported {
    /// Score.
    pub score: Option<f64>,
    /// Grade.
    pub grade: Option<GradeName>,
    /// Whether nothing disqualifies.
    pub eligible: Option<bool>,
    /// Ratio of every indicator that has one, by id.
    pub ratios: IndexMap<String, f64>,
}

impl SelfReported {
    fn of(card: &Scorecard) -> Self {
        let ratios = card.trace.walk().into_iter();
        Self {
            score: card.score,
            grade: card.grade.clone(),
            eligible: card.eligible,
            ratios: ratios.filter_map(|node| Some((node.id.clone(), node.ratio?))).collect(),
        }
    }
}

/// One item and its answer.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Answer {
    /// Item id.
    pub id: String,
    /// Section title.
    pub section: String,
    /// Item title.
    pub title: String,
    /// The question.
    pub ask: String,
    /// What was said.
    #[serde(flatten)]
    pub detail: Detail,
    /// The self-reported answer with the words of the options chosen: `C 有 2 个及以上环节`.
    pub self_reported_in_full: String,
    /// The verified one.
    pub verified_in_full: Option<String>,
    /// Evidence that the standard suggests.
    pub suggested_evidence: Vec<String>,
}

/// A warning in words.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Warning {
    /// Code.
    pub code: &'static str,
    /// `line:column` in the assessment: a report does not depend on what the file is called.
    pub at: String,
    /// In words.
    pub message: String,
}

/// An assessment with its text and warnings.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The assessment.
    pub assessment: Assessment,
    /// The text; the spans of the warnings point into it.
    pub sources: SourceMap,
    /// Warnings, sorted.
    pub warnings: Vec<Diagnostic>,
    /// Answers that do not go together, and how many were compared.
    pub compared: Compared,
}

/// Reads an assessment from a text. `name` is what messages call it; no assessment may be dated after `today`
/// (`YYYY-MM-DD`).
pub fn read(catalog: &Catalog, name: &str, text: &str, today: &str) -> Result<Loaded, Broken> {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text);
    match yaml::parse(file, text) {
        Ok(node) => read_node(catalog, &node, sources, today),
        Err(mut problems) => {
            diagnostic::sort(&mut problems);
            Err(Broken { problems, sources })
        }
    }
}

/// Reads an assessment from a tree, whatever it was made of; its spans point into `sources`.
pub fn read_node(catalog: &Catalog, node: &Node, sources: SourceMap, today: &str) -> Result<Loaded, Broken> {
    let mut problems = Vec::new();
    let presets = catalog.presets();
    let known = Known {
        questionnaires: &catalog.questionnaires,
        presets: &presets,
        facts: &catalog.facts,
        today,
    };
    let assessment = assessment::read(node, &known, &mut problems);
    if let Some(assessment) = &assessment {
        policies::compile::check_told(&catalog.policies, &assessment.told, &mut problems);
    }
    diagnostic::sort(&mut problems);
    match assessment {
        Some(mut assessment) if !diagnostic::has_errors(&problems) => {
            links::fill(catalog, &mut assessment);
            if let Some(reported) = assessment.reported.take() {
                let mut own = assessment.clone();
                own.answers = reported;
                links::fill(catalog, &mut own);
                assessment.reported = Some(own.answers);
            }
            let (standards, facts) = (&catalog.questionnaires, &catalog.facts);
            let compared = consistency::compare(&catalog.checks, standards, facts, &assessment, Some(node));
            Ok(Loaded {
                assessment,
                sources,
                warnings: problems,
                compared,
            })
        }
        _ => Err(Broken { problems, sources }),
    }
}

/// An answer with the text of each option that it names by letter.
fn in_full(item: &Item, words: &str) -> String {
    if !matches!(item.kind.value, ItemKind::Single | ItemKind::Multi) {
        return words.to_owned();
    }
    let spelled = words.split('、').map(|letter| {
        let option = item
            .options
            .iter()
            .find(|option| option.id.value.eq_ignore_ascii_case(letter));
        option.map_or(letter.to_owned(), |option| format!("{letter} {}", option.text))
    });
    spelled.collect::<Vec<_>>().join("；")
}

/// Diagnoses one assessment with a catalog. Never fails: whatever cannot be scored says so in the result.
pub fn diagnose(catalog: &Catalog, loaded: &Loaded) -> Diagnosis {
    let assessment = &loaded.assessment;
    let mut standards = Vec::new();
    let mut all_gaps: Vec<Gap> = Vec::new();
    let mut machines = Vec::new();
    // With nothing else answered the old edition is what was asked for.
    let old = |id: &String| {
        let asked = catalog.questionnaires.get(id);
        asked.is_some_and(|questionnaire| questionnaire.source.is_repealed(&assessment.date))
    };
    let only_old = assessment.answers.keys().all(old);
    for (id, answers) in &assessment.answers {
        let repealed = old(id) && !only_old;
        let preset = assessment.presets.get(id).map(String::as_str);
        let (Some(questionnaire), Some(plan)) = (catalog.questionnaires.get(id), catalog.plan(id, preset)) else {
            continue;
        };
        let card = plan.scorecard(answers, assessment.pass_marks.get(id).copied());
        let context = gaps::Context {
            questionnaire,
            plan,
            measures: catalog.measures.get(id),
            capabilities: &catalog.capabilities,
        };
        let own = assessment.reported.as_ref().and_then(|reported| reported.get(id));
        let own = own.filter(|_| answers.details.values().any(|detail| detail.verified.is_some()));
        let mark = assessment.pass_marks.get(id).copied();
        let self_reported = own.map(|own| SelfReported::of(&plan.scorecard(own, mark)));
        let way = path::Context {
            questionnaire,
            plan,
            measures: catalog.measures.get(id),
            capabilities: &catalog.capabilities,
            fixed: &[],
        };
        // Nothing answered: everything would have to change, which is no plan.
        let begun = card.coverage.answered > 0 && !repealed;
        let goal = path::next_goal(&way, answers).filter(|_| begun);
        let path = goal.and_then(|goal| path::find(&way, answers, goal));
        let planned = path.as_ref().map_or(Vec::new(), ImprovementPath::planned);
        if !repealed {
            all_gaps.extend(gaps::find(&context, &card, answers, &planned));
        }
        machines.extend(projects::renewals(plan, &card, answers));
        let sureness = sureness::find(plan, &card, answers);
        let mut said = Vec::new();
        for section in &questionnaire.sections {
            for item in &section.items {
                // What facts filled in for items of another preset was never asked here.
                let said_so = |d: &&Detail| !d.self_reported.is_empty() || d.verified.is_some();
                let read = card.coverage.read.contains(&item.id.value);
                if let Some(detail) = answers.details.get(&item.id.value).filter(|d| read || said_so(d)) {
                    said.push(Answer {
                        id: item.id.value.clone(),
                        section: section.title.clone(),
                        title: item.title.clone(),
                        ask: item.ask.clone(),
                        self_reported_in_full: in_full(item, &detail.self_reported),
                        verified_in_full: detail.verified.as_deref().map(|words| in_full(item, words)),
                        detail: detail.clone(),
                        suggested_evidence: item.evidence.clone(),
                    });
                }
            }
        }
        standards.push(StandardResult {
            card,
            title: questionnaire.title.clone(),
            short: questionnaire.short.clone(),
            domain: questionnaire.domain,
            source: questionnaire.source.clone(),
            repealed,
            wording: questionnaire.confidence,
            answers: said,
            self_reported,
            path,
            sureness,
        });
    }
    let projects = projects::cards(catalog, &standards, machines, assessment);
    let all_gaps = gaps::interleave(all_gaps);
    let providers = catalog
        .matcher()
        .recommend(&matching::Request::of(&all_gaps, assessment));
    let known = Vocabulary {
        questionnaires: &catalog.questionnaires,
        facts: &catalog.facts,
        advice: true,
    };
    let grades = standards.iter().filter_map(|standard: &StandardResult| {
        let answered = standard.card.coverage.answered > 0;
        let grade = standard.card.grade.as_ref().filter(|_| answered)?;
        Some((standard.card.id.as_str(), grade.level))
    });
    let scores = standards.iter().filter_map(|standard: &StandardResult| {
        let answered = standard.card.coverage.answered > 0;
        let score = standard.card.score.filter(|_| answered)?;
        Some((standard.card.id.as_str(), score))
    });
    let mut desk = Desk::new(known, assessment).with_results(grades.collect(), scores.collect());
    let policies = policies::judge(&catalog.policies, &mut desk, assessment);
    let references = learn::references(&catalog.cases.references, &desk, &assessment.enterprise);
    let cases = learn::learn(
        &catalog.cases,
        &all_gaps,
        &assessment.enterprise,
        &catalog.capabilities,
        &desk,
    );
    let finance = finance::sheet(assessment, &policies);
    Diagnosis {
        schema: SCHEMA,
        program: env!("CARGO_PKG_VERSION"),
        catalog: catalog.digest.clone(),
        date: assessment.date.clone(),
        mode: if assessment.has_verified() {
            Mode::Verified
        } else {
            Mode::SelfReported
        },
        assessor: assessment.assessor.clone(),
        onsite: assessment.onsite.clone(),
        enterprise: assessment.enterprise.clone(),
        standards,
        gaps: all_gaps,
        projects,
        providers,
        policies,
        finance,
        cases,
        references,
        consistency: loaded.compared.findings.clone(),
        consistency_checks: loaded.compared.checks,
        warnings: loaded
            .warnings
            .iter()
            .map(|w| Warning {
                code: w.code.as_str(),
                at: format!("{}:{}", w.span.line, w.span.column),
                message: w.message.clone(),
            })
            .collect(),
    }
}
