//! Policies as written → policies ready to judge, with every mistake told.

use super::{AmountRule, ConditionRule, PolicyFile, PolicyKind, PolicyRule};
use crate::assessment::told::Told;
use crate::names::{Template, Vocabulary};
use crate::provenance::{Confidence, Document};
use crate::scoring::expr::Expr;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{At, Span};

/// A policy, compiled.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Id.
    pub id: At<String>,
    pub(super) title: String,
    pub(super) kind: PolicyKind,
    pub(super) source: Document,
    pub(super) clause: String,
    pub(super) regions: Vec<String>,
    pub(super) except: Vec<String>,
    pub(super) valid_from: Option<String>,
    pub(super) valid_until: Option<String>,
    pub(super) validity: String,
    pub(super) as_of: String,
    pub(super) confidence: Confidence,
    pub(super) conditions: Vec<Condition>,
    pub(super) gives: String,
    pub(super) amount: Option<Amount>,
    /// Policies that cannot be had together with it.
    pub excludes: Vec<At<String>>,
    pub(super) papers: Vec<String>,
    pub(super) note: String,
}

/// A condition, compiled.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) when: Option<Expr>,
    pub(super) ask: bool,
    pub(super) near: Option<Template>,
}

/// An amount, compiled.
#[derive(Debug, Clone)]
pub(super) struct Amount {
    pub(super) say: String,
    pub(super) rate_pct: Option<f64>,
    pub(super) base: Option<Expr>,
    pub(super) cap_wan: Option<f64>,
    pub(super) fixed_wan: Option<f64>,
    pub(super) confidence: Confidence,
}

impl Policy {
    /// The conditions that are asked of the enterprise: id and words.
    pub fn questions(&self) -> impl Iterator<Item = (&str, &str)> {
        let asked = self.conditions.iter().filter(|condition| condition.ask);
        asked.map(|condition| (condition.id.as_str(), condition.text.as_str()))
    }

    /// Title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whether it speaks of a planned project, and has to be judged for each of them.
    pub(super) fn of_a_project(&self) -> bool {
        let base = self.amount.iter().filter_map(|amount| amount.base.as_ref());
        let when = self.conditions.iter().filter_map(|condition| condition.when.as_ref());
        when.chain(base)
            .flat_map(|expr| expr.names())
            .any(|name| name.base == "plan")
    }

    /// Whether it holds in a region of six digits.
    pub(super) fn holds_in(&self, region: &str) -> bool {
        let covers = |prefixes: &[String]| prefixes.iter().any(|p| p == "*" || region.starts_with(p.as_str()));
        covers(&self.regions) && !covers(&self.except)
    }
}

/// Compiles the policies of a file; a broken one does not hide the others.
pub fn compile(file: &PolicyFile, known: Vocabulary, problems: &mut Vec<Diagnostic>) -> Vec<Policy> {
    is_day(&file.as_of, problems);
    let mut all: Vec<Policy> = Vec::new();
    for rule in &file.policies {
        if all.iter().any(|other| other.id.value == rule.id.value) {
            let message = format!("政策 “{}” 重复", rule.id.value);
            problems.push(Diagnostic::error(Code::DuplicateId, rule.id.span, message));
        }
        let before = problems.len();
        let conditions = conditions(rule, known, problems);
        let amount = rule.amount.as_ref().and_then(|it| amount(rule, it, known, problems));
        days(rule, problems);
        regions(rule, problems);
        if rule.source.document.trim().is_empty() {
            let message = format!("政策 “{}” 没有写依据的文件（source.document）", rule.id.value);
            problems.push(Diagnostic::error(Code::MissingField, rule.id.span, message));
        }
        if problems.len() > before {
            continue;
        }
        all.push(Policy {
            id: rule.id.clone(),
            title: rule.title.clone(),
            kind: rule.kind,
            source: rule.source.clone(),
            clause: rule.clause.clone(),
            regions: rule.regions.iter().map(|region| region.value.clone()).collect(),
            except: rule.except.iter().map(|region| region.value.clone()).collect(),
            valid_from: rule.valid_from.as_ref().map(|day| day.value.clone()),
            valid_until: rule.valid_until.as_ref().map(|day| day.value.clone()),
            validity: rule.validity.clone(),
            as_of: file.as_of.value.clone(),
            confidence: rule.confidence,
            conditions,
            gives: rule.gives.clone(),
            amount,
            excludes: rule.excludes.clone(),
            papers: rule.papers.clone(),
            note: rule.note.clone(),
        });
    }
    all
}

/// What an assessment says of policies that are not there, or of conditions that are not asked.
pub fn check_told(all: &[Policy], told: &[Told], problems: &mut Vec<Diagnostic>) {
    for told in told {
        let Some(policy) = all.iter().find(|policy| policy.id.value == told.policy.value) else {
            let ids = all.iter().map(|policy| policy.id.value.as_str());
            let message = format!("没有政策 “{}”", told.policy.value);
            problems.push(
                Diagnostic::error(Code::UnknownReference, told.policy.span, message).nearest(&told.policy.value, ids),
            );
            continue;
        };
        if !policy.questions().any(|(id, _)| id == told.condition.value) {
            let ids = policy.questions().map(|(id, _)| id);
            let message = format!("“{}” 没有要企业自己回答的条件 “{}”", policy.title, told.condition.value);
            problems.push(
                Diagnostic::error(Code::UnknownReference, told.condition.span, message)
                    .nearest(&told.condition.value, ids),
            );
        }
    }
}

/// Policies that exclude one that is not there; to be asked once all files are read.
pub fn check_excludes(all: &[Policy], problems: &mut Vec<Diagnostic>) {
    let ids = || all.iter().map(|policy| policy.id.value.as_str());
    for policy in all {
        for other in policy
            .excludes
            .iter()
            .filter(|other| !ids().any(|id| id == other.value))
        {
            let message = format!("没有政策 “{}”", other.value);
            problems.push(Diagnostic::error(Code::UnknownReference, other.span, message).nearest(&other.value, ids()));
        }
    }
}

fn conditions(rule: &PolicyRule, known: Vocabulary, problems: &mut Vec<Diagnostic>) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    for condition in &rule.conditions {
        if all.iter().any(|other| other.id == condition.id.value) {
            let message = format!("条件 “{}” 重复", condition.id.value);
            problems.push(Diagnostic::error(Code::DuplicateId, condition.id.span, message));
        }
        all.extend(one(condition, rule.confidence, known, problems));
    }
    all
}

fn one(
    rule: &ConditionRule,
    whole: Confidence,
    known: Vocabulary,
    problems: &mut Vec<Diagnostic>,
) -> Option<Condition> {
    let before = problems.len();
    let when = rule.when.as_ref().and_then(|text| known.expression(text, problems));
    let near = rule.near.as_ref().and_then(|text| known.template(text, problems));
    if let (Some(near), None, false) = (&rule.near, &rule.when, rule.ask) {
        let message = format!(
            "条件 “{}” 写了 near，却没有 when 或 ask：不会有差一步的时候",
            rule.id.value
        );
        problems.push(Diagnostic::error(Code::MissingField, near.span, message));
    }
    if rule.ask && rule.when.is_some() {
        let message = format!("条件 “{}” 的 when 和 ask 只写一个：算得出来的不用问", rule.id.value);
        problems.push(Diagnostic::error(Code::Method, rule.id.span, message));
    }
    // What is lacking is told where the condition is known to fail: it may speak of nothing else.
    if let (Some(near), Some(text)) = (&near, &rule.near) {
        let known = when.as_ref().map_or(&[][..], |when| when.names());
        let more = near.names().iter().filter(|name| !known.contains(name));
        for name in more {
            let full = format!("{}.{}", name.base, name.part.as_deref().unwrap_or_default());
            let message = format!("near 用了条件里没有的名字 “{full}”，可能没有值");
            problems.push(Diagnostic::error(Code::ExprName, text.span, message));
        }
    }
    (problems.len() == before).then(|| Condition {
        id: rule.id.value.clone(),
        // A condition that stands on less than its policy says so wherever it is read.
        text: match rule.confidence.filter(|own| *own > whole) {
            Some(own) => format!("{}（此条{}）", rule.text, own.label()),
            None => rule.text.clone(),
        },
        when,
        ask: rule.ask,
        near,
    })
}

fn amount(
    rule: &PolicyRule,
    written: &AmountRule,
    known: Vocabulary,
    problems: &mut Vec<Diagnostic>,
) -> Option<Amount> {
    let confidence = written.confidence.unwrap_or(rule.confidence);
    let span = written.base.as_ref().map_or(rule.id.span, |base| base.span);
    let mut wrong = |message: String| problems.push(Diagnostic::error(Code::Range, span, message));
    let id = &rule.id.value;
    if confidence == Confidence::Unverified {
        wrong(format!(
            "政策 “{id}” 的金额没有核实过（unverified）：没有见过文本的数不写进 amount，可写在 gives 里"
        ));
    }
    if written.rate_pct.is_some() != written.base.is_some() {
        wrong(format!("政策 “{id}” 的 rate_pct 与 base 要么都写，要么都不写"));
    }
    if written.fixed_wan.is_some() == written.rate_pct.is_some() {
        wrong(format!(
            "政策 “{id}” 的 amount 要写比例（rate_pct 与 base）或定额（fixed_wan），只写一种"
        ));
    }
    if written.rate_pct.is_some_and(|rate| !(rate > 0.0 && rate <= 100.0)) {
        wrong(format!("政策 “{id}” 的 rate_pct 应在 0 与 100 之间"));
    }
    if [written.cap_wan, written.fixed_wan]
        .iter()
        .flatten()
        .any(|wan| !(*wan > 0.0 && wan.is_finite()))
    {
        wrong(format!("政策 “{id}” 的金额应大于 0，单位万元"));
    }
    let base = match &written.base {
        Some(text) => Some(known.expression(text, problems)?),
        None => None,
    };
    Some(Amount {
        say: written.say.clone(),
        rate_pct: written.rate_pct,
        base,
        cap_wan: written.cap_wan,
        fixed_wan: written.fixed_wan,
        confidence,
    })
}

fn days(rule: &PolicyRule, problems: &mut Vec<Diagnostic>) {
    let mut whole = true;
    for day in [&rule.valid_from, &rule.valid_until].into_iter().flatten() {
        whole &= is_day(day, problems);
    }
    if let (Some(from), Some(until), true) = (&rule.valid_from, &rule.valid_until, whole)
        && until.value < from.value
    {
        let message = format!("有效期止（{}）早于起（{}）", until.value, from.value);
        problems.push(Diagnostic::error(Code::BadDate, until.span, message));
    }
}

fn is_day(day: &At<String>, problems: &mut Vec<Diagnostic>) -> bool {
    let right = day.value.len() == 10 && day.value.parse::<jiff::civil::Date>().is_ok();
    if !right {
        let message = format!("日期 “{}” 读不懂", day.value);
        problems.push(Diagnostic::error(Code::BadDate, day.span, message).hint("写法：年-月-日，如 2026-12-31"));
    }
    right
}

fn regions(rule: &PolicyRule, problems: &mut Vec<Diagnostic>) {
    if rule.regions.is_empty() {
        problems.push(no_region(rule.id.span, "regions 是空的，这条政策哪里都不适用"));
    }
    for region in rule.regions.iter().chain(&rule.except) {
        let digits = region.value.bytes().all(|b| b.is_ascii_digit()) && matches!(region.value.len(), 2 | 4 | 6);
        if region.value != "*" && !digits {
            problems.push(no_region(region.span, &format!("地区 “{}” 不对", region.value)));
        }
    }
}

fn no_region(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error(Code::BadRegion, span, message)
        .hint("写行政区划代码的前 2、4 或 6 位，加引号，如 \"3702\"；全国写 \"*\"")
}
