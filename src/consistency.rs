//! 防虚报: answers that do not go together, `consistency/*.yaml`. A finding never changes a score; it says what to look at.
//!
//! The names in the expressions are those of [`crate::names`]. A check whose names are not all answered is left out.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::assessment::Assessment;
use crate::facts::FactDictionary;
use crate::names::{Desk, Template, Vocabulary};
use crate::provenance::Confidence;
use crate::questionnaire::Questionnaire;
use crate::scoring::expr::{Expr, Name, identifier};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape::Each;
use crate::source::yaml::Node;
use crate::source::{At, Span};

/// First line of a file of checks.
pub const SCHEMA: &str = "qizhen/consistency/1";

/// A file of checks.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Whose word the checks are.
    pub source: String,
    /// Confidence of every check that rests on a published text; left out for checks of this tool's own.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// The checks.
    pub checks: Each<CheckRule>,
}

/// One check as written.
#[derive(Debug, Clone, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRule {
    /// Id.
    pub id: At<String>,
    /// Short title.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Expression: true when the answers do not go together.
    pub when: At<String>,
    /// What was found: a template over the same names, with the filter `n` for numbers (`n(2)`: two decimals).
    pub say: At<String>,
    /// What to check.
    pub ask: String,
    /// Source, where it differs from the file's.
    #[serde(default)]
    pub source: String,
    /// Where it differs from the file's.
    #[serde(default)]
    pub confidence: Option<Confidence>,
}

/// How bad it is that two answers do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Both cannot be true.
    Contradiction,
    /// Hardly likely.
    Doubt,
    /// Worth knowing.
    Notice,
}

impl Severity {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Severity::Contradiction => "矛盾",
            Severity::Doubt => "存疑",
            Severity::Notice => "提示",
        }
    }
}

/// A compiled check.
#[derive(Debug, Clone)]
pub struct Check {
    /// Id.
    pub id: String,
    title: String,
    severity: Severity,
    when: Expr,
    names: Vec<Name>,
    say: Template,
    ask: String,
    source: String,
    confidence: Option<Confidence>,
}

impl Check {
    /// Facts that it compares, with their year relative to the base year.
    pub fn facts(&self) -> impl Iterator<Item = (&str, i16)> {
        self.names
            .iter()
            .filter_map(|name| match (name.base.as_str(), &name.part) {
                ("fact", Some(id)) => Some((id.as_str(), 0)),
                ("last", Some(id)) => Some((id.as_str(), -1)),
                _ => None,
            })
    }

    /// Whether everything else that it compares belongs to these standards.
    pub fn within(&self, standards: &[&str]) -> bool {
        self.names.iter().all(|name| {
            matches!(name.base.as_str(), "fact" | "last" | "enterprise")
                || standards.iter().any(|id| identifier(id) == name.base)
        })
    }
}

/// Answers that do not go together.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// Id of the check.
    pub id: String,
    /// Short title.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// What was found.
    pub say: String,
    /// What to check.
    pub ask: String,
    /// Facts and items concerned: `electricity`, `sme-digital-2024/q05`.
    pub about: Vec<String>,
    /// Whose word the check is.
    pub source: String,
    /// Confidence, where the check rests on a published text.
    pub confidence: Option<Confidence>,
    /// Where the first of them stands in the file.
    #[serde(skip)]
    pub span: Span,
}

/// Compiles the checks of one file; names that nothing answers are mistakes.
pub fn compile(
    file: &CheckFile,
    questionnaires: &IndexMap<String, Questionnaire>,
    facts: &FactDictionary,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Check> {
    let known = Vocabulary {
        questionnaires,
        facts,
        advice: false,
    };
    let mut checks = Vec::new();
    for rule in &file.checks {
        let when = known.expression(&rule.when, problems);
        let say = known.template(&rule.say, problems);
        let (Some(when), Some(say)) = (when, say) else {
            continue;
        };
        let mut names: Vec<Name> = when.names().to_vec();
        for name in say.names() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        checks.push(Check {
            id: rule.id.value.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            when,
            names,
            say,
            ask: rule.ask.clone(),
            source: if rule.source.is_empty() {
                file.source.clone()
            } else {
                rule.source.clone()
            },
            confidence: rule.confidence.or(file.confidence),
        });
    }
    checks
}

/// What came of comparing the answers.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// Answers that do not go together, the worst first.
    pub findings: Vec<Finding>,
    /// How much was compared.
    pub checks: Count,
}

/// How much was compared.
#[derive(Debug, Clone, Copy, Default, Serialize, schemars::JsonSchema)]
pub struct Count {
    /// Checks that had all their answers.
    pub done: usize,
    /// Checks that there are.
    pub of: usize,
}

/// Compares the answers by every check. `node` is the file, for places.
pub fn compare(
    checks: &[Check],
    questionnaires: &IndexMap<String, Questionnaire>,
    facts: &FactDictionary,
    assessment: &Assessment,
    node: Option<&Node>,
) -> Compared {
    let known = Vocabulary {
        questionnaires,
        facts,
        advice: false,
    };
    let desk = Desk::new(known, assessment);
    let (mut found, mut done) = (Vec::new(), 0);
    for check in checks {
        let Some(context) = desk.context(&check.names) else {
            continue;
        };
        done += 1;
        if check.when.truth(context) != Some(true) {
            continue;
        }
        let say = check.say.render(&desk).unwrap_or_else(|| check.title.clone());
        let places: Vec<(String, Span)> = check.names.iter().filter_map(|name| desk.about(name, node)).collect();
        let mut about: Vec<String> = Vec::new();
        for (id, _) in &places {
            if !about.contains(id) {
                about.push(id.clone());
            }
        }
        found.push(Finding {
            id: check.id.clone(),
            title: check.title.clone(),
            severity: check.severity,
            say,
            ask: check.ask.clone(),
            about,
            source: check.source.clone(),
            confidence: check.confidence,
            span: places
                .iter()
                .map(|(_, span)| *span)
                .find(|s| s.is_known())
                .unwrap_or_default(),
        });
    }
    found.sort_by_key(|finding| finding.severity);
    Compared {
        findings: found,
        checks: Count { done, of: checks.len() },
    }
}

/// The findings as warnings, for `check`.
pub fn as_warnings(findings: &[Finding]) -> Vec<Diagnostic> {
    findings
        .iter()
        .map(|finding| {
            let message = format!("{}：{}", finding.severity.label(), finding.say.trim());
            Diagnostic::warning(Code::Inconsistent, finding.span, message)
                .label(finding.title.clone())
                .hint(finding.ask.clone())
        })
        .collect()
}
