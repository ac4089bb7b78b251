//! Answers that another standard already has: `link` of an item, `derive` of a fact.
//!
//! A link fills only what was left blank, so an enterprise can always answer for itself. Standards are filled in the order of
//! their links: what one takes from another is there when it is taken.

use indexmap::IndexMap;

use crate::assessment::{Assessment, fill, words::cells_in_words};
use crate::catalog::Catalog;
use crate::facts::FactDictionary;
use crate::questionnaire::{Item, ItemKind, Link, Questionnaire};
use crate::scoring::eval::Status;
use crate::scoring::layout::{Cell, Layout};
use crate::scoring::plan::{Op, Plan};
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::units::{Quantity, Unit};

/// Checks every link and derivation against the standards they name.
pub fn check(
    questionnaires: &IndexMap<String, Questionnaire>,
    plans: &IndexMap<String, Vec<Plan>>,
    facts: &FactDictionary,
    problems: &mut Vec<Diagnostic>,
) {
    for questionnaire in questionnaires.values() {
        for item in questionnaire.items() {
            if let Some(link) = &item.link {
                check_link(item, link, questionnaires, plans, problems);
            }
        }
    }
    for (fact, derive) in facts.facts.iter().filter_map(|f| Some((f, f.derive.as_ref()?))) {
        let Some(plan) = known_plan(&derive.standard, plans, problems) else {
            continue;
        };
        let Some(node) = known_node(plan, &derive.node, problems) else {
            continue;
        };
        if converted(1.0, unit_of(&plan.nodes[node].op), &fact.unit).is_none() {
            let unit = unit_of(&plan.nodes[node].op);
            let message = format!("指标 “{}” 以 {unit} 计，换算不成 {}", derive.node.value, fact.unit);
            problems.push(Diagnostic::error(Code::KindMismatch, derive.node.span, message));
        }
    }
    if let Err(at) = order(questionnaires, facts) {
        let message = format!("标准之间互相取数，绕成了圈：到 “{}” 又回到自己", at.value);
        problems.push(Diagnostic::error(Code::Cycle, at.span, message));
    }
}

fn known_plan<'p>(
    standard: &At<String>,
    plans: &'p IndexMap<String, Vec<Plan>>,
    problems: &mut Vec<Diagnostic>,
) -> Option<&'p Plan> {
    let plan = plans.get(&standard.value).and_then(|plans| plans.first());
    if plan.is_none() {
        problems.push(
            Diagnostic::error(
                Code::UnknownReference,
                standard.span,
                format!("没有标准 “{}”", standard.value),
            )
            .nearest(&standard.value, plans.keys().map(String::as_str)),
        );
    }
    plan
}

fn known_node(plan: &Plan, node: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<usize> {
    let found = plan.node(&node.value);
    if found.is_none() {
        problems.push(
            Diagnostic::error(Code::UnknownReference, node.span, format!("没有指标 “{}”", node.value))
                .nearest(&node.value, plan.nodes.iter().map(|n| n.id.as_str())),
        );
    }
    found
}

fn check_link(
    item: &Item,
    link: &Link,
    questionnaires: &IndexMap<String, Questionnaire>,
    plans: &IndexMap<String, Vec<Plan>>,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(plan) = known_plan(&link.standard, plans, problems) else {
        return;
    };
    let mut wrong = |message: String| {
        problems.push(Diagnostic::error(Code::KindMismatch, link.standard.span, message));
    };
    let id = &item.id.value;
    match (&link.item, link.grade, &link.node) {
        (Some(other), false, None) => {
            let Some(questionnaire) = questionnaires.get(&link.standard.value) else {
                return;
            };
            match questionnaire.items().find(|i| i.id.value == other.value) {
                None => problems.push(
                    Diagnostic::error(
                        Code::UnknownReference,
                        other.span,
                        format!("“{}” 没有题目 “{}”", link.standard.value, other.value),
                    )
                    .nearest(&other.value, questionnaire.items().map(|i| i.id.value.as_str())),
                ),
                Some(found) => {
                    let simple = !matches!(found.kind.value, ItemKind::Table | ItemKind::Parts);
                    let same = found.kind.value == item.kind.value && found.choice_ids() == item.choice_ids();
                    if !simple || !same {
                        wrong(format!(
                            "题目 “{id}” 与 “{}” 的题型或选项不同，不能沿用答案",
                            other.value
                        ));
                    }
                }
            }
        }
        (None, true, None) => {
            if item.kind.value != ItemKind::Level || plan.grade.is_none() {
                wrong(format!("link 的 grade 只用于等级题，且对方标准要有等级（题目 “{id}”）"));
            }
        }
        (None, false, Some(node)) => {
            let found = known_node(plan, node, problems);
            if found.is_some() && item.kind.value != ItemKind::Number {
                let message = format!("link 的 node 只用于数值题，“{id}” 不是");
                problems.push(Diagnostic::error(Code::KindMismatch, node.span, message));
            }
        }
        _ => problems.push(Diagnostic::error(
            Code::Method,
            link.standard.span,
            format!("题目 “{id}” 的 link 应当恰好写 item、grade、node 之一"),
        )),
    }
}

/// Standards in an order in which every link finds what it takes; the link that closes a circle otherwise.
fn order<'c>(
    questionnaires: &'c IndexMap<String, Questionnaire>,
    facts: &'c FactDictionary,
) -> Result<Vec<&'c str>, At<String>> {
    let mut needs: IndexMap<&str, Vec<&At<String>>> = IndexMap::new();
    for (id, questionnaire) in questionnaires {
        let linked = questionnaire.items().filter_map(|i| Some(&i.link.as_ref()?.standard));
        let derived = questionnaire
            .facts_used()
            .filter_map(|usage| Some(&facts.get(&usage.fact.value)?.derive.as_ref()?.standard))
            .filter(|standard| standard.value != *id);
        needs.insert(id, linked.chain(derived).collect());
    }
    let mut done: Vec<&str> = Vec::with_capacity(needs.len());
    while done.len() < needs.len() {
        let before = done.len();
        for (id, of) in &needs {
            let ready = of
                .iter()
                .all(|n| done.contains(&n.value.as_str()) || !needs.contains_key(n.value.as_str()));
            if ready && !done.contains(id) {
                done.push(id);
            }
        }
        if done.len() == before {
            let stuck = needs.iter().find(|(id, _)| !done.contains(*id));
            let open = stuck.and_then(|(_, of)| of.iter().find(|n| !done.contains(&n.value.as_str())));
            return open.map_or(Ok(done), |at| Err((*at).clone()));
        }
    }
    Ok(done)
}

/// Fills what was left blank from the other standards of the same assessment.
pub fn fill(catalog: &Catalog, assessment: &mut Assessment) {
    let order = order(&catalog.questionnaires, &catalog.facts).unwrap_or_default();
    for id in order {
        let Some(questionnaire) = catalog.questionnaires.get(id) else {
            continue;
        };
        if !assessment.answers.contains_key(id) {
            continue;
        }
        fill_derived(catalog, assessment, questionnaire);
        for item in questionnaire.items() {
            if let Some(link) = &item.link {
                follow(catalog, assessment, questionnaire, item, link);
            }
        }
    }
}

fn plan_of<'c>(catalog: &'c Catalog, assessment: &Assessment, standard: &str) -> Option<&'c Plan> {
    catalog.plan(standard, assessment.presets.get(standard).map(String::as_str))
}

/// Facts that were not told but can be computed.
fn fill_derived(catalog: &Catalog, assessment: &mut Assessment, questionnaire: &Questionnaire) {
    let mut computed: IndexMap<&str, f64> = IndexMap::new();
    for usage in questionnaire.facts_used() {
        let Some(fact) = catalog.facts.get(&usage.fact.value) else {
            continue;
        };
        let Some(derive) = fact
            .derive
            .as_ref()
            .filter(|d| d.standard.value != questionnaire.id.value)
        else {
            continue;
        };
        let told = assessment.base_year.is_some_and(|year| {
            assessment
                .facts
                .get(&year)
                .is_some_and(|f| f.contains_key(&fact.id.value))
        });
        if told || usage.year != 0 || computed.contains_key(fact.id.value.as_str()) {
            continue;
        }
        let value = number_of(
            catalog,
            assessment,
            &derive.standard.value,
            &derive.node.value,
            &fact.unit,
        );
        if let Some(value) = value {
            computed.insert(&fact.id.value, value);
        }
    }
    let id = questionnaire.id.value.as_str();
    let (Some(plan), false) = (plan_of(catalog, assessment, id), computed.is_empty()) else {
        return;
    };
    if let Some(answers) = assessment.answers.get_mut(id) {
        fill::from_facts(questionnaire, &plan.layout, answers, &|fact, year, unit| {
            let definition = catalog.facts.get(fact)?;
            let value = computed.get(fact).filter(|_| year == 0)?;
            converted(*value, &definition.unit, unit)
        });
    }
}

/// The quantity, or else the score, of an indicator, in the unit asked for.
fn number_of(catalog: &Catalog, assessment: &Assessment, standard: &str, node: &str, unit: &str) -> Option<f64> {
    let plan = plan_of(catalog, assessment, standard)?;
    let answers = assessment.answers.get(standard)?;
    let index = plan.node(node)?;
    let outcome = plan.score(answers).into_iter().nth(index)?;
    if outcome.status != Status::Scored {
        return None;
    }
    match outcome.value {
        Some(value) if plan.nodes[index].op.is_quantity() => converted(value, unit_of(&plan.nodes[index].op), unit),
        _ => Some(outcome.points),
    }
}

fn unit_of(op: &Op) -> &str {
    match op {
        Op::Formula { unit, .. } | Op::Total { unit, .. } => unit,
        Op::RowTotal(rule) => &rule.unit,
        _ => "",
    }
}

fn converted(value: f64, from: &str, to: &str) -> Option<f64> {
    if from == to || from.is_empty() || to.is_empty() {
        return Some(value);
    }
    let unit = Unit::parse(from).ok()?;
    Quantity { value, unit }.convert(&Unit::parse(to).ok()?).ok()
}

/// Takes one answer over.
fn follow(catalog: &Catalog, assessment: &mut Assessment, own: &Questionnaire, item: &Item, link: &Link) {
    let layout = Layout::new(own);
    let Some(laid) = layout.items.get(item.id.value.as_str()) else {
        return;
    };
    let blank = assessment
        .answers
        .get(&own.id.value)
        .is_some_and(|a| a.cells.get(laid.column) == Some(&Cell::Missing));
    let (standard, title) = (link.standard.value.as_str(), catalog.short(&link.standard.value));
    if !blank || !assessment.answers.contains_key(standard) {
        return;
    }
    let taken: Option<(Cell, String)> = match (&link.item, &link.node) {
        (Some(other), _) => plan_of(catalog, assessment, standard).and_then(|plan| {
            let found = plan.layout.items.get(other.value.as_str())?;
            let cell = *assessment.answers.get(standard)?.cells.get(found.column)?;
            let fits = cell != Cell::Missing && (cell != Cell::NotApplicable || item.may_be_na);
            fits.then(|| (cell, format!("沿用“{title}”的“{}”", found.title)))
        }),
        (None, Some(node)) => {
            let unit = item.unit.as_ref().map_or("", |u| u.value.as_str());
            number_of(catalog, assessment, standard, &node.value, unit)
                .map(|value| (Cell::Number(value), format!("取自“{title}”的结果")))
        }
        (None, None) => grade_of(catalog, assessment, standard).map(|level| {
            let top = laid.choices.len().saturating_sub(1) as u16;
            (Cell::Choice(u16::from(level).min(top)), format!("取自“{title}”的等级"))
        }),
    };
    let Some((cell, from)) = taken else { return };
    if let Some(answers) = assessment.answers.get_mut(&own.id.value) {
        answers.cells[laid.column] = cell;
        let detail = answers.details.entry(item.id.value.clone()).or_default();
        detail.self_reported = cells_in_words(laid, &[cell]);
        detail.linked = from;
    }
}

/// The grade that the answers to a standard reach, vetoes and all.
fn grade_of(catalog: &Catalog, assessment: &Assessment, standard: &str) -> Option<u8> {
    let plan = plan_of(catalog, assessment, standard)?;
    let answers = assessment.answers.get(standard)?;
    let card = plan.scorecard(answers, None);
    // A grade that one may not apply for is none.
    (card.eligible != Some(false)).then_some(card.grade?.level)
}
