//! 防虚报: answers that do not go together, `consistency/*.yaml`. A finding never changes a score; it says what to look at.
//!
//! Names in the expressions: `fact.x` (base year; told as a fact or given in an answer that the fact would fill), `last.x` (the
//! year before), `enterprise.employees`, `enterprise.revenue_wan`, `enterprise.size` (0 micro … 3 large), and
//! `<standard>.<item>` or `<standard>.<item>.<part>` with `-` written `_`. A check whose names are not all answered is left out.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use minijinja::Value;
use serde::{Deserialize, Serialize};

use crate::assessment::Assessment;
use crate::facts::FactDictionary;
use crate::provenance::Confidence;
use crate::questionnaire::{ItemKind, Questionnaire};
use crate::scoring::bound::cell_value;
use crate::scoring::expr::{Expr, Name, identifier};
use crate::scoring::layout::Layout;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape::Each;
use crate::source::yaml::Node;
use crate::source::{At, Span};
use crate::units::{Quantity, Unit};

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
    say: String,
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
    let mut checks = Vec::new();
    for rule in &file.checks {
        let when = crate::scoring::compile::compile_expr(&rule.when, problems);
        let say = template_names(&rule.say, problems);
        let (Some(when), Some(said)) = (when, say) else {
            continue;
        };
        let mut names: Vec<Name> = when.names().to_vec();
        let before = problems.len();
        for name in &names {
            problems.extend(unknown(name, rule.when.span, questionnaires, facts));
        }
        for name in said {
            problems.extend(unknown(&name, rule.say.span, questionnaires, facts));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if problems.len() > before {
            continue;
        }
        checks.push(Check {
            id: rule.id.value.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            when,
            names,
            say: rule.say.value.clone(),
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

fn environment() -> minijinja::Environment<'static> {
    let mut env = minijinja::Environment::new();
    env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    env.set_fuel(Some(20_000));
    env.add_filter("n", |value: f64, decimals: Option<u8>| {
        crate::round::show(value, decimals.unwrap_or(4))
    });
    env
}

fn template_names(text: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<Vec<Name>> {
    let env = environment();
    match env.template_from_str(&text.value) {
        Ok(template) => {
            let mut names: Vec<Name> = template
                .undeclared_variables(true)
                .iter()
                .map(|name| Name::parse(name))
                .collect();
            names.sort();
            Some(names)
        }
        Err(error) => {
            let message = format!("say 的写法有误：{}", error.detail().unwrap_or("语法错误"));
            problems.push(Diagnostic::error(Code::ExprSyntax, text.span, message));
            None
        }
    }
}

const ENTERPRISE: [&str; 3] = ["employees", "revenue_wan", "size"];

/// What is wrong with a name, if anything is.
fn unknown(
    name: &Name,
    span: Span,
    questionnaires: &IndexMap<String, Questionnaire>,
    facts: &FactDictionary,
) -> Option<Diagnostic> {
    let part = name.part.as_deref().unwrap_or_default();
    let full = format!("{}.{part}", name.base);
    let wrong = |message: String| Diagnostic::error(Code::ExprName, span, message);
    match name.base.as_str() {
        "fact" | "last" if facts.get(part).is_some() => None,
        "fact" | "last" => Some(wrong(format!("事实词典里没有 “{part}”")).nearest(part, facts.ids())),
        "enterprise" if ENTERPRISE.contains(&part) => None,
        "enterprise" => Some(wrong(format!("企业信息里没有 “{part}”")).nearest(part, ENTERPRISE)),
        base => {
            let Some(questionnaire) = by_identifier(questionnaires, base) else {
                let ids: Vec<String> = questionnaires.keys().map(|id| identifier(id)).collect();
                let known = ids.iter().map(String::as_str).chain(["fact", "last", "enterprise"]);
                return Some(wrong(format!("没有标准 “{base}”")).nearest(base, known));
            };
            let layout = Layout::new(questionnaire);
            match place(&layout, part) {
                Some(_) => None,
                None => Some(
                    wrong(format!("“{full}” 不是可以核对的题目（表格题不行，分项题要写分项）"))
                        .nearest(part, layout.items.keys().map(String::as_str)),
                ),
            }
        }
    }
}

fn by_identifier<'q>(questionnaires: &'q IndexMap<String, Questionnaire>, name: &str) -> Option<&'q Questionnaire> {
    questionnaires.values().find(|q| identifier(&q.id.value) == name)
}

/// Item index and column of `item` or `item.part`.
fn place(layout: &Layout, path: &str) -> Option<(usize, usize)> {
    let (item, part) = path
        .split_once('.')
        .map_or((path, None), |(item, part)| (item, Some(part)));
    let (index, laid) = layout.by_identifier(item)?;
    match (laid.kind, part) {
        (ItemKind::Table, _) => None,
        (ItemKind::Parts, Some(part)) => {
            let at = laid.parts.iter().position(|p| p.id == part)?;
            Some((index, laid.column + at))
        }
        (ItemKind::Parts, None) | (_, Some(_)) => None,
        (_, None) => Some((index, laid.column)),
    }
}

/// Everything that does not go together, the worst first. `node` is the file, for places.
pub fn find(
    checks: &[Check],
    questionnaires: &IndexMap<String, Questionnaire>,
    facts: &FactDictionary,
    assessment: &Assessment,
    node: Option<&Node>,
) -> Vec<Finding> {
    let desk = Desk {
        questionnaires,
        facts,
        assessment,
        layouts: assessment
            .answers
            .keys()
            .filter_map(|id| Some((id.as_str(), Layout::new(questionnaires.get(id)?))))
            .collect(),
    };
    let env = environment();
    let mut found = Vec::new();
    for check in checks {
        let Some(context) = desk.context(&check.names) else {
            continue;
        };
        if check.when.truth(context.clone()) != Some(true) {
            continue;
        }
        let say = env
            .render_str(&check.say, context)
            .unwrap_or_else(|_| check.title.clone());
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
    found
}

/// The answers of one enterprise under the names of expressions.
struct Desk<'a> {
    questionnaires: &'a IndexMap<String, Questionnaire>,
    facts: &'a FactDictionary,
    assessment: &'a Assessment,
    layouts: IndexMap<&'a str, Layout>,
}

impl Desk<'_> {
    /// The values of all names, nested; `None` when one is not answered.
    fn context(&self, names: &[Name]) -> Option<Value> {
        let mut tree: BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, Value>>> = BTreeMap::new();
        for name in names {
            let path = name.part.as_deref()?;
            let value = self.value(&name.base, path)?;
            let (item, part) = path.split_once('.').unwrap_or((path, ""));
            tree.entry(&name.base)
                .or_default()
                .entry(item)
                .or_default()
                .insert(part, value);
        }
        let items = |items: BTreeMap<&str, BTreeMap<&str, Value>>| -> Value {
            let flat = items.into_iter().map(|(item, mut parts)| match parts.remove("") {
                Some(value) => (item, value),
                None => (item, Value::from(parts)),
            });
            Value::from(flat.collect::<BTreeMap<_, _>>())
        };
        let bases = tree.into_iter().map(|(base, inner)| (base, items(inner)));
        Some(Value::from(bases.collect::<BTreeMap<_, _>>()))
    }

    fn value(&self, base: &str, path: &str) -> Option<Value> {
        match base {
            "fact" => self.fact(path, 0).map(Value::from),
            "last" => self.fact(path, -1).map(Value::from),
            "enterprise" => match path {
                "employees" => Some(Value::from(f64::from(self.assessment.enterprise.employees))),
                "revenue_wan" => Some(Value::from(self.assessment.enterprise.revenue_wan)),
                _ => Some(Value::from(self.assessment.enterprise.size? as u8)),
            },
            _ => {
                let id = by_identifier(self.questionnaires, base)?.id.value.as_str();
                let (layout, answers) = (self.layouts.get(id)?, self.assessment.answers.get(id)?);
                let (item, column) = place(layout, path)?;
                cell_value(*answers.cells.get(column)?, layout.items.get_index(item)?.1)
            }
        }
    }

    /// A fact of the base year plus `offset`: as told, or as given in an answer that it would have filled.
    fn fact(&self, id: &str, offset: i16) -> Option<f64> {
        let told = self.assessment.base_year.and_then(|year| {
            let facts = self.assessment.facts.get(&(year + offset))?;
            facts.get(id).copied()
        });
        told.or_else(|| {
            self.layouts.iter().find_map(|(standard, layout)| {
                let answers = self.assessment.answers.get(*standard)?;
                let questionnaire = self.questionnaires.get(*standard)?;
                questionnaire
                    .facts_used()
                    .filter(|u| u.fact.value == id && u.year == offset)
                    .find_map(|usage| {
                        let laid = layout.items.get(usage.item.id.value.as_str())?;
                        let at = match laid.kind {
                            ItemKind::Parts => laid.column + usage.index,
                            ItemKind::Number => laid.column,
                            _ => return None,
                        };
                        let crate::scoring::layout::Cell::Number(value) = *answers.cells.get(at)? else {
                            return None;
                        };
                        let unit = Unit::parse(usage.unit).ok()?;
                        let own = Unit::parse(&self.facts.get(id)?.unit).ok()?;
                        Quantity { value, unit }.convert(&own).ok()
                    })
            })
        })
    }

    /// What a name is about, and where it stands in the file.
    fn about(&self, name: &Name, node: Option<&Node>) -> Option<(String, Span)> {
        let path = name.part.as_deref()?;
        let at = |keys: &[&str]| {
            let mut here = node?;
            for key in keys {
                here = here.get(key)?;
            }
            Some(here.span)
        };
        match name.base.as_str() {
            "fact" | "last" => {
                let year = self
                    .assessment
                    .base_year
                    .map(|y| y + if name.base == "last" { -1 } else { 0 });
                let year = year.map_or(String::new(), |y| y.to_string());
                Some((path.to_owned(), at(&["facts", &year, path]).unwrap_or_default()))
            }
            "enterprise" => {
                let span = at(&["enterprise", path]).or_else(|| at(&["enterprise"]));
                Some((format!("enterprise/{path}"), span.unwrap_or_default()))
            }
            base => {
                let standard = by_identifier(self.questionnaires, base)?.id.value.as_str();
                let (index, _) = place(self.layouts.get(standard)?, path)?;
                let (item, _) = self.layouts.get(standard)?.items.get_index(index)?;
                Some((
                    format!("{standard}/{item}"),
                    at(&["answers", standard, item]).unwrap_or_default(),
                ))
            }
        }
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
