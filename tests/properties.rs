//! What must hold for any answers to any built-in standard under any preset.
//!
//! Random answers are made from a list of random numbers, one a decision, so that a failing case shrinks to few and simple
//! answers. They are plausible in form (options that exist, relations between parts that hold) and wild in content.

use std::sync::LazyLock;

use proptest::prelude::*;
use qizhen::assessment::{self, Assessment, Known, StandardAnswers, TableAnswer};
use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::questionnaire::{ColumnKind, Item, ItemKind, Questionnaire};
use qizhen::round::half_up;
use qizhen::scoring::bound::{Evaluated, RowScope};
use qizhen::scoring::eval::Status;
use qizhen::scoring::expr::Expr;
use qizhen::scoring::layout::{Cell, LayoutItem, RowCell};
use qizhen::scoring::plan::{Op, Plan};
use qizhen::scoring::rulebook::{Better, NaPolicy};
use qizhen::scoring::scorecard::{Scorecard, VetoState};
use qizhen::scoring::trace::TraceNode;
use qizhen::source::{SourceMap, yaml};
use serde_json::{Value, json};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).expect("the built-in data is sound"));

/// Every plan with its questionnaire: four standards, one of them under two presets.
fn plans() -> Vec<(&'static Questionnaire, &'static Plan)> {
    let all: Vec<_> = CATALOG
        .plans
        .iter()
        .flat_map(|(id, plans)| plans.iter().map(move |plan| (&CATALOG.questionnaires[id], plan)))
        .collect();
    assert!(all.len() >= 5);
    all
}

/// Random numbers, used up one a decision; 0 when they run out.
struct Luck<'a>(std::slice::Iter<'a, u32>);

impl Luck<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |x| *x as usize % n.max(1))
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    fn number(&mut self, min: Option<f64>, max: Option<f64>, integer: bool) -> f64 {
        // Round numbers meet thresholds and one another; the last four are the size classes of the platform table.
        const ROUND: [f64; 22] = [
            1.0, 0.0, 0.1, 0.25, 0.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 20.0, 37.0, 40.0, 60.0, 80.0, 93.9, 100.0,
            2999.99, 3000.0, 5000.0, 10000.0,
        ];
        let drawn = if self.one_in(3) {
            self.below(1_000_000) as f64 / 1000.0
        } else {
            ROUND[self.below(ROUND.len())]
        };
        let drawn = drawn.clamp(min.unwrap_or(0.0), max.unwrap_or(f64::INFINITY));
        if integer { drawn.ceil() } else { drawn }
    }
}

fn luck() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 900)
}

fn relations_hold(item: &Item, laid: &LayoutItem, cells: &[Cell]) -> bool {
    let mut scope = RowScope::default();
    for (offset, part) in laid.parts.iter().enumerate() {
        if let Cell::Number(number) = cells[laid.column + offset] {
            scope.set_number(&part.id, number);
        }
    }
    item.relations
        .iter()
        .all(|relation| scope.truth(&Expr::compile(&relation.holds.value).unwrap()) != Some(false))
}

/// Mostly, leading and baseline value stand near the value that is compared with them.
fn reference_values(
    plan: &Plan,
    item: &Item,
    index: usize,
    laid: &LayoutItem,
    answers: &mut StandardAnswers,
    before: &[Cell],
    luck: &mut Luck,
) {
    let value = plan.nodes.iter().find_map(|node| match &node.op {
        Op::Interpolate { value, .. } if value.inputs().iter().any(|input| input.item == index) => Some(value),
        _ => None,
    });
    let Some(Evaluated::Value(value)) = value.map(|value| value.number(answers)) else {
        return;
    };
    if luck.one_in(4) {
        return;
    }
    for (offset, part) in item.parts.iter().enumerate() {
        let cell = laid.column + offset;
        let is_reference = matches!(part.id.value.as_str(), "leading" | "baseline");
        if is_reference && before[offset] == Cell::Missing && answers.cells[cell] != Cell::Missing {
            let factor = [0.5, 0.9, 0.95, 1.0, 1.05, 1.1, 2.0][luck.below(7)];
            let near = (value * factor).clamp(part.min.unwrap_or(f64::MIN), part.max.unwrap_or(f64::MAX));
            answers.cells[cell] = Cell::Number(near);
        }
    }
}

/// Answers what is blank of one item; never "not applicable".
fn answer(plan: &Plan, item: &Item, index: usize, laid: &LayoutItem, answers: &mut StandardAnswers, luck: &mut Luck) {
    match laid.kind {
        ItemKind::Single | ItemKind::Level | ItemKind::YesNo => {
            answers.cells[laid.column] = Cell::Choice(luck.below(laid.choices.len()) as u16);
        }
        ItemKind::Multi => {
            let bits = 1 + luck.below((1 << laid.choices.len()) - 1) as u64;
            let free = bits & !laid.exclusive;
            answers.cells[laid.column] = Cell::Chosen(if free == 0 { bits & laid.exclusive } else { free });
        }
        ItemKind::Number => {
            answers.cells[laid.column] = Cell::Number(luck.number(item.min, item.max, item.integer));
        }
        ItemKind::Parts => {
            let before: Vec<Cell> = answers.cells[laid.column..laid.column + laid.parts.len()].to_vec();
            for _ in 0..8 {
                for (offset, part) in item
                    .parts
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| before[*i] == Cell::Missing)
                {
                    let left_out = part.optional && luck.one_in(8);
                    answers.cells[laid.column + offset] = if left_out {
                        Cell::Missing
                    } else {
                        Cell::Number(luck.number(part.min, part.max, part.integer))
                    };
                }
                reference_values(plan, item, index, laid, answers, &before, luck);
                if relations_hold(item, laid, &answers.cells) {
                    return;
                }
            }
            answers.cells[laid.column..laid.column + laid.parts.len()].copy_from_slice(&before);
        }
        ItemKind::Table => {
            let rows = (0..luck.below(4))
                .map(|number| {
                    item.columns
                        .iter()
                        .map(|column| {
                            if !column.required && luck.one_in(4) {
                                return column.default.map_or(RowCell::Empty, RowCell::Number);
                            }
                            match column.kind {
                                ColumnKind::Text => RowCell::Text(format!("第 {number} 台")),
                                ColumnKind::Choice => RowCell::Choice(luck.below(column.choices.len()) as u16),
                                ColumnKind::Number => {
                                    RowCell::Number(luck.number(column.min, column.max, column.integer))
                                }
                            }
                        })
                        .collect()
                })
                .collect();
            answers.tables.insert(index, TableAnswer::Rows(rows));
        }
    }
}

fn random(questionnaire: &Questionnaire, plan: &Plan, luck: &mut Luck) -> StandardAnswers {
    let mut answers = StandardAnswers {
        cells: vec![Cell::Missing; plan.layout.width],
        ..StandardAnswers::default()
    };
    for (index, (item, laid)) in questionnaire.items().zip(plan.layout.items.values()).enumerate() {
        if luck.one_in(10) {
            continue;
        }
        if item.may_be_na && luck.one_in(5) {
            set(index, laid, &mut answers, Cell::NotApplicable);
        } else {
            answer(plan, item, index, laid, &mut answers, luck);
        }
    }
    answers
}

/// Makes an item missing or not applicable.
fn set(index: usize, laid: &LayoutItem, answers: &mut StandardAnswers, to: Cell) {
    match laid.kind {
        ItemKind::Table => {
            answers.tables.remove(&index);
            if to == Cell::NotApplicable {
                answers.tables.insert(index, TableAnswer::NotApplicable);
            }
        }
        ItemKind::Parts => answers.cells[laid.column..laid.column + laid.parts.len()].fill(to),
        _ => answers.cells[laid.column] = to,
    }
}

fn grade(card: &Scorecard) -> u8 {
    card.grade.as_ref().map_or(0, |grade| grade.level)
}

fn points(card: &Scorecard) -> f64 {
    card.score.unwrap_or(0.0)
}

/// Indices of the items that an alternative of a `one_of` reads: which alternative counts depends on what is answered, so
/// that leaving one out may well raise the score. (An enterprise that gives its product's energy use is scored on that.)
fn alternatives(plan: &Plan) -> Vec<usize> {
    let mut found = Vec::new();
    for node in &plan.nodes {
        if let Op::OneOf(children) = &node.op {
            for child in children {
                for id in plan.items_of(&plan.nodes[*child]) {
                    found.push(plan.layout.items.get_index_of(id.as_str()).unwrap());
                }
            }
        }
    }
    found
}

/// Indices of table items under a pool: a share of what was listed says nothing about what was not.
fn pooled(plan: &Plan) -> Vec<usize> {
    let mut found = Vec::new();
    for node in &plan.nodes {
        if let Op::Pooled(children) = &node.op {
            for child in children {
                if let Op::EachRow(rule) = &plan.nodes[*child].op {
                    found.push(rule.item);
                }
            }
        }
    }
    found
}

/// Whether two answer sheets differ and the second is better: the next better option by points, one more option, the next
/// level, a measured value that moved to the better side with all reference values as they were. Gives the changed sheet.
fn improved(
    questionnaire: &Questionnaire,
    plan: &Plan,
    answers: &StandardAnswers,
    luck: &mut Luck,
) -> Option<StandardAnswers> {
    let index = luck.below(plan.layout.items.len());
    let (id, laid) = plan.layout.items.get_index(index)?;
    let item = questionnaire.items().nth(index)?;
    let mut better = answers.clone();
    match (laid.kind, answers.cells.get(laid.column).copied().unwrap_or_default()) {
        (ItemKind::Level, Cell::Choice(level)) => {
            (usize::from(level) + 1 < laid.choices.len()).then_some(())?;
            better.cells[laid.column] = Cell::Choice(level + 1);
        }
        (ItemKind::Single | ItemKind::YesNo, Cell::Choice(choice)) => {
            let points = plan.nodes.iter().find_map(|node| match &node.op {
                Op::Options { item, points } if *item == index => Some(points),
                _ => None,
            })?;
            let now = points[usize::from(choice)];
            let next = (0..points.len())
                .filter(|other| points[*other] > now)
                .min_by(|a, b| points[*a].total_cmp(&points[*b]))?;
            better.cells[laid.column] = Cell::Choice(next as u16);
        }
        (ItemKind::Multi, Cell::Chosen(bits)) => {
            let more = 1u64 << luck.below(laid.choices.len());
            (more & laid.exclusive == 0 && bits & more == 0).then_some(())?;
            better.cells[laid.column] = Cell::Chosen((bits & !laid.exclusive) | more);
        }
        (ItemKind::Parts, _) => {
            let at = laid.column + luck.below(laid.parts.len());
            let part = &item.parts[at - laid.column];
            let Cell::Number(now) = answers.cells[at] else {
                return None;
            };
            let factor = [0.5, 0.9, 1.1, 2.0][luck.below(4)];
            let moved = if part.integer {
                if factor < 1.0 { now - 1.0 } else { now + 1.0 }
            } else {
                now * factor
            };
            let within = part.min.is_none_or(|min| moved >= min) && part.max.is_none_or(|max| moved <= max);
            (within && !matches!(part.id.value.as_str(), "leading" | "baseline")).then_some(())?;
            better.cells[at] = Cell::Number(moved);
            relations_hold(item, laid, &better.cells).then_some(())?;
            let mut any = false;
            for node in plan.nodes.iter().filter(|node| plan.items_of(node).contains(id)) {
                let (value, up) = match &node.op {
                    Op::Bands { value, .. } => (value, true),
                    Op::Interpolate { value, better, .. } => (value, *better == Better::Higher),
                    _ => return None,
                };
                let (Evaluated::Value(before), Evaluated::Value(after)) =
                    (value.number(answers), value.number(&better))
                else {
                    return None;
                };
                (if up { after >= before } else { after <= before }).then_some(())?;
                any = true;
            }
            any.then_some(())?;
        }
        (ItemKind::Table, _) => {
            let Some(TableAnswer::Rows(rows)) = better.tables.get_mut(&index) else {
                return None;
            };
            let count = rows.len();
            let row = rows.get_mut(luck.below(count))?;
            let rule = plan.nodes.iter().find_map(|node| match &node.op {
                Op::EachRow(rule) if rule.item == index => Some(rule),
                _ => None,
            })?;
            let measures = &rule.judges[rule.share.0].measures;
            let measure = &measures[luck.below(measures.len())];
            let column = laid.columns.iter().position(|c| c.id == measure.value.text())?;
            let RowCell::Number(now) = row[column] else { return None };
            let step = [0.01, 0.1, 1.0, 10.0][luck.below(4)];
            row[column] = RowCell::Number(if measure.better == Better::Higher {
                now + step
            } else {
                now - step
            });
        }
        _ => return None,
    }
    Some(better)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// A group's points are those of its children; the root's are rescaled to what applies.
fn adds_up(plan: &Plan, card: &Scorecard, node: &TraceNode) -> Result<(), TestCaseError> {
    let compiled = &plan.nodes[plan.node(&node.id).unwrap()];
    let of_children: f64 = node.children.iter().filter_map(|child| child.score).sum();
    if let Some(score) = node.score {
        match &compiled.op {
            Op::Sum(_) => {
                let expected = if compiled.parent.is_some() || near(node.applicable, node.full) {
                    half_up(of_children, plan.decimals)
                } else {
                    prop_assert_eq!(plan.not_applicable, NaPolicy::Rescale);
                    half_up(half_up(of_children, 9) * (node.full / node.applicable), plan.decimals)
                };
                prop_assert!(near(score, expected), "{}: {score} is not {expected}", node.id);
            }
            Op::OneOf(_) => {
                let scored: Vec<f64> = node.children.iter().filter_map(|child| child.score).collect();
                prop_assert_eq!(scored.len(), 1, "{} has one alternative that counts", &node.id);
                prop_assert!(near(score, scored[0]));
            }
            Op::Pooled(children) => {
                let items = children
                    .iter()
                    .filter(|child| plan.nodes[**child].pool)
                    .filter_map(|child| match &plan.nodes[*child].op {
                        Op::EachRow(rule) => Some((rule.item, rule.share.1)),
                        _ => None,
                    });
                let expected = share(plan, card, items);
                prop_assert!(near(score, expected), "{}: {score} is not {expected}", node.id);
            }
            Op::EachRow(rule) => {
                let expected = share(plan, card, [(rule.item, rule.share.1)].into_iter());
                prop_assert!(near(score, expected), "{}: {score} is not {expected}", node.id);
            }
            _ => {}
        }
        prop_assert!((0.0..=node.full + 1e-9).contains(&score), "{} has {score}", node.id);
        if let Some(ratio) = node.ratio {
            prop_assert!((0.0..=1.0 + 1e-9).contains(&ratio), "{} has ratio {ratio}", node.id);
        }
        prop_assert!(!node.because.is_empty(), "{} does not say why", node.id);
        if node.is_leaf() {
            prop_assert!(!node.items.is_empty(), "{} names no item", node.id);
        }
    } else {
        // Only what has no points can be there without any.
        prop_assert!(node.status != Status::Scored || node.full == 0.0, "{}", node.id);
        if let (Op::Total { .. }, Some(value)) = (&compiled.op, node.value) {
            let sum: f64 = node.children.iter().filter_map(|child| child.value).sum();
            prop_assert!((value - sum).abs() < 1e-6, "{}: {value} is not {sum}", node.id);
        }
        prop_assert!(
            !node.because.is_empty(),
            "{} does not say why it has no points",
            node.id
        );
    }
    node.children.iter().try_for_each(|child| adds_up(plan, card, child))
}

/// The share of weight at a level or better, recounted from the rows as a report shows them.
fn share(plan: &Plan, card: &Scorecard, items: impl Iterator<Item = (usize, u8)>) -> f64 {
    let (mut good, mut all) = (0.0, 0.0);
    for (item, at_least) in items {
        let id = plan.layout.items.get_index(item).unwrap().0;
        for row in card.tables.get(id).into_iter().flatten() {
            if let (Some(level), Some(weight)) = (row.main_level, row.weight) {
                all += weight;
                if (1..=at_least).contains(&level) {
                    good += weight;
                }
            }
        }
    }
    half_up(100.0 * good / all, plan.decimals)
}

/// The answers as a person would type them.
fn document(questionnaire: &Questionnaire, plan: &Plan, answers: &StandardAnswers) -> String {
    let mut given = serde_json::Map::new();
    for (index, (item, laid)) in questionnaire.items().zip(plan.layout.items.values()).enumerate() {
        let cell = answers.cells.get(laid.column).copied().unwrap_or_default();
        let value = match (laid.kind, cell) {
            (ItemKind::Table, _) => match answers.tables.get(&index) {
                None => continue,
                Some(TableAnswer::NotApplicable) => json!("na"),
                Some(TableAnswer::Rows(rows)) => rows
                    .iter()
                    .map(|row| {
                        let cells = item.columns.iter().zip(row).filter_map(|(column, cell)| {
                            let value = match cell {
                                RowCell::Empty => return None,
                                RowCell::Number(number) => json!(number),
                                RowCell::Text(text) => json!(text),
                                RowCell::Choice(choice) => json!(column.choices[usize::from(*choice)].id.value),
                            };
                            Some((column.id.value.clone(), value))
                        });
                        Value::Object(cells.collect())
                    })
                    .collect(),
            },
            (_, Cell::NotApplicable) => json!("不适用"),
            (ItemKind::Parts, _) => {
                let parts = laid.parts.iter().enumerate().filter_map(|(offset, part)| {
                    match answers.cells[laid.column + offset] {
                        Cell::Number(number) if part.unit.is_empty() => Some((part.id.clone(), json!(number))),
                        Cell::Number(number) => Some((part.id.clone(), json!(format!("{number} {}", part.unit)))),
                        _ => None,
                    }
                });
                Value::Object(parts.collect())
            }
            (_, Cell::Missing) => Value::Null,
            (_, Cell::Number(number)) => json!(number),
            (ItemKind::YesNo, Cell::Choice(choice)) => json!(if choice == 0 { "是" } else { "否" }),
            (_, Cell::Choice(choice)) => json!(laid.choices[usize::from(choice)]),
            (_, Cell::Chosen(bits)) => {
                let chosen = laid.choices.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
                chosen.map(|(_, id)| json!(id)).collect()
            }
        };
        given.insert(item.id.value.clone(), value);
    }
    let mut whole = json!({
        "schema": assessment::SCHEMA,
        "enterprise": {"name": "随机样例", "industry": "C34", "region": "370200", "employees": 100, "revenue_wan": 5000},
        "date": "2026-11-20",
        "answers": {plan.standard.clone(): given},
    });
    if let Some((preset, _)) = &plan.preset {
        whole["presets"] = json!({plan.standard.clone(): preset});
    }
    whole.to_string()
}

fn read(text: &str) -> Result<Assessment, String> {
    let mut sources = SourceMap::default();
    let file = sources.add("case", text.to_owned());
    let mut problems = Vec::new();
    let presets = CATALOG.presets();
    let known = Known {
        questionnaires: &CATALOG.questionnaires,
        presets: &presets,
        facts: &CATALOG.facts,
        today: "2026-11-22",
    };
    let node = yaml::parse(file, text).map_err(|found| format!("{found:?}"))?;
    assessment::read(&node, &known, &mut problems)
        .ok_or_else(|| qizhen::source::diagnostic::render(&problems, &sources, false))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The parts add up to the whole; every number says why; the score keeps within its bounds.
    #[test]
    fn parts_add_up_and_say_why(numbers in luck()) {
        for (questionnaire, plan) in plans() {
            let answers = random(questionnaire, plan, &mut Luck(numbers.iter()));
            let card = plan.scorecard(&answers, None);
            prop_assert_eq!(card.trace.score, card.score);
            adds_up(plan, &card, &card.trace)?;
            if let Some(score) = card.score {
                prop_assert!((0.0..=card.full).contains(&score));
                match card.bounds {
                    Some((low, high)) => {
                        prop_assert!(low <= score && score <= high && high <= card.full, "{low} {score} {high}");
                    }
                    // Only a pooled share with a table left blank has no bounds to tell.
                    None => prop_assert!(pooled(plan).iter().any(|item| !answers.tables.contains_key(item))),
                }
            }
            let coverage = &card.coverage;
            let told = coverage.answered + coverage.missing.len() + coverage.not_applicable.len();
            prop_assert_eq!(told, coverage.items);
        }
    }

    /// What is written is what is read, and what is read is what is scored.
    #[test]
    fn answers_survive_the_file(numbers in luck()) {
        for (questionnaire, plan) in plans() {
            let answers = random(questionnaire, plan, &mut Luck(numbers.iter()));
            let text = document(questionnaire, plan, &answers);
            let read = read(&text).map_err(|why| TestCaseError::fail(format!("{why}\n{text}")))?;
            let back = &read.answers[plan.standard.as_str()];
            prop_assert_eq!(&back.cells, &answers.cells);
            prop_assert_eq!(&back.tables, &answers.tables);
        }
    }

    /// The same input gives the same bytes, from a catalog loaded anew too.
    #[test]
    fn the_same_input_gives_the_same_bytes(numbers in luck()) {
        static AGAIN: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).unwrap());
        for (questionnaire, plan) in plans() {
            let answers = random(questionnaire, plan, &mut Luck(numbers.iter()));
            let text = document(questionnaire, plan, &answers);
            let bytes = |catalog: &Catalog| {
                let loaded = diagnosis::read(catalog, "random", &text, "2026-11-22").unwrap();
                serde_json::to_vec(&diagnosis::diagnose(catalog, &loaded)).unwrap()
            };
            prop_assert_eq!(bytes(&CATALOG), bytes(&AGAIN));
        }
    }

    /// A veto that fails disqualifies whatever the score, and takes no points.
    #[test]
    fn one_failed_veto_is_enough(numbers in luck(), which in any::<u32>()) {
        for (questionnaire, plan) in plans() {
            let mut answers = random(questionnaire, plan, &mut Luck(numbers.iter()));
            if plan.vetoes.is_empty() {
                prop_assert_eq!(plan.scorecard(&answers, None).eligible, None);
                continue;
            }
            // All hold, then one fails.
            for veto in &plan.vetoes {
                for input in veto.holds.inputs() {
                    let laid = plan.layout.items.get_index(input.item).unwrap().1;
                    answers.cells[input.column] = match laid.kind {
                        ItemKind::Multi => Cell::Chosen(((1 << laid.choices.len()) - 1) & !laid.exclusive),
                        _ => Cell::Choice(u16::from(veto.holds.text().starts_with("not "))),
                    };
                }
            }
            let good = plan.scorecard(&answers, None);
            prop_assert_eq!(good.eligible, Some(true));
            let veto = &plan.vetoes[which as usize % plan.vetoes.len()];
            let input = &veto.holds.inputs()[0];
            let before = answers.cells[input.column];
            answers.cells[input.column] = match before {
                Cell::Choice(choice) => Cell::Choice(1 - choice),
                _ => Cell::Chosen(1),
            };
            let bad = plan.scorecard(&answers, None);
            prop_assert_eq!(bad.eligible, Some(false));
            prop_assert_eq!(bad.score, good.score);
            prop_assert_eq!(bad.vetoes.iter().filter(|v| v.state == VetoState::Failed).count(), 1);
            // Not known is not held, and not failed either.
            answers.cells[input.column] = Cell::Missing;
            prop_assert_eq!(plan.scorecard(&answers, None).eligible, None);
        }
    }

    /// Taking an answer away never raises the score. Alternatives and pools are excepted, see there.
    #[test]
    fn missing_never_helps(numbers in luck(), which in any::<u32>()) {
        for (questionnaire, plan) in plans() {
            let answers = random(questionnaire, plan, &mut Luck(numbers.iter()));
            let index = which as usize % plan.layout.items.len();
            if alternatives(plan).contains(&index) || pooled(plan).contains(&index) {
                continue;
            }
            let (id, laid) = plan.layout.items.get_index(index).unwrap();
            let mut without = answers.clone();
            set(index, laid, &mut without, Cell::Missing);
            let (before, after) = (plan.scorecard(&answers, None), plan.scorecard(&without, None));
            prop_assert!(points(&after) <= points(&before), "{id}: {:?} → {:?}", before.score, after.score);
            prop_assert!(grade(&after) <= grade(&before), "{id}");
            prop_assert!(after.coverage.missing.contains(id) || after.coverage.items < before.coverage.items
                || !before.coverage.missing.contains(id) && !plan.nodes.iter().any(|n| plan.items_of(n).contains(id)));
        }
    }

    /// Whatever fills in the blanks, the score stays within the bounds that were told.
    #[test]
    fn bounds_keep_their_word(numbers in luck(), more in luck()) {
        for (questionnaire, plan) in plans() {
            let answers = random(questionnaire, plan, &mut Luck(numbers.iter()));
            let card = plan.scorecard(&answers, None);
            let Some((low, high)) = card.bounds else { continue };
            let mut luck = Luck(more.iter());
            let mut filled = answers.clone();
            for (index, (item, laid)) in questionnaire.items().zip(plan.layout.items.values()).enumerate() {
                let blank = match laid.kind {
                    ItemKind::Table => !answers.tables.contains_key(&index),
                    ItemKind::Parts => (0..laid.parts.len()).any(|p| answers.cells[laid.column + p] == Cell::Missing),
                    _ => answers.cells[laid.column] == Cell::Missing,
                };
                if blank && !alternatives(plan).contains(&index) {
                    answer(plan, item, index, laid, &mut filled, &mut luck);
                }
            }
            let score = points(&plan.scorecard(&filled, None));
            prop_assert!(low <= score && score <= high + 1e-9, "{}: {low} {score} {high}", plan.standard);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_global_rejects: 8192, ..ProptestConfig::default() })]

    /// A better answer never lowers a score or a grade.
    #[test]
    fn better_answers_never_hurt(numbers in luck(), change in prop::collection::vec(any::<u32>(), 100), which in any::<u32>()) {
        let all = plans();
        let (questionnaire, plan) = all[which as usize % all.len()];
        let answers = random(questionnaire, plan, &mut Luck(numbers.iter()));
        let mut luck = Luck(change.iter());
        let Some(better) = (0..20).find_map(|_| improved(questionnaire, plan, &answers, &mut luck)) else {
            return Err(TestCaseError::reject("nothing to improve there"));
        };
        let (before, after) = (plan.scorecard(&answers, None), plan.scorecard(&better, None));
        prop_assert!(points(&after) >= points(&before), "{}: {:?} → {:?}", plan.standard, before.score, after.score);
        prop_assert!(grade(&after) >= grade(&before));
        for (b, a) in before.trace.walk().iter().zip(after.trace.walk()) {
            if b.status == Status::Scored && a.status == Status::Scored {
                prop_assert!(a.score >= b.score, "{}: {:?} → {:?}", b.id, b.score, a.score);
            }
        }
    }

    /// A share of exactly 10, 20, 40 or 60 % belongs to the lower band, one machine more to the higher one.
    #[test]
    fn thresholds_belong_to_the_lower_band(tens in 1u32..20_000, step in 0usize..4, item in 0usize..2) {
        let plan = CATALOG.plan("sme-digital-2024", None).unwrap();
        let id = ["q02", "q03"][item];
        let (percent, low, high) = [(10, 0.0, 1.5), (20, 1.5, 3.0), (40, 3.0, 4.5), (60, 4.5, 6.0)][step];
        let total = tens * 10;
        let part = total / 100 * percent + total % 100 * percent / 100;
        prop_assert_eq!(u64::from(part) * 100, u64::from(total) * u64::from(percent));
        let column = plan.layout.items[id].column;
        let of = |part: u32| {
            let mut answers = StandardAnswers { cells: vec![Cell::Missing; plan.layout.width], ..Default::default() };
            answers.cells[column] = Cell::Number(f64::from(part));
            answers.cells[column + 1] = Cell::Number(f64::from(total));
            points(&plan.scorecard(&answers, None))
        };
        prop_assert_eq!(of(part), low);
        prop_assert_eq!(of(part + 1), high);
    }

    /// The same for money with decimals, where the share is no binary fraction.
    #[test]
    fn thresholds_of_money_are_met_exactly(fen in 1u64..10_000_000_000, step in 0usize..4) {
        let plan = CATALOG.plan("sme-digital-2024", None).unwrap();
        let (percent, low, high) = [(10, 0.0, 1.875), (20, 1.875, 3.75), (40, 3.75, 5.625), (60, 5.625, 7.5)][step];
        let revenue: f64 = format!("{}e-2", fen).parse().unwrap();
        let column = plan.layout.items["q11"].column;
        let of = |investment: f64| {
            let mut answers = StandardAnswers { cells: vec![Cell::Missing; plan.layout.width], ..Default::default() };
            answers.cells[column] = Cell::Number(investment);
            answers.cells[column + 1] = Cell::Number(revenue);
            points(&plan.scorecard(&answers, None))
        };
        // Decimal text to the nearest binary number, as if typed.
        let exact: f64 = format!("{}e-4", fen * percent).parse().unwrap();
        let more: f64 = format!("{}e-8", fen * (percent * 10_000 + 1)).parse().unwrap();
        prop_assert_eq!(of(exact), low);
        prop_assert_eq!(of(more), high);
    }
}

/// Missing, not applicable and zero are three different things in every leaf of every plan.
#[test]
fn missing_and_zero_and_not_applicable_differ_everywhere() {
    for (questionnaire, plan) in plans() {
        for node in plan.nodes.iter().filter(|node| node.op.children().is_empty()) {
            let items = plan.items_of(node);
            let status = |prepare: &dyn Fn(&mut StandardAnswers)| {
                let mut answers = StandardAnswers {
                    cells: vec![Cell::Missing; plan.layout.width],
                    ..StandardAnswers::default()
                };
                prepare(&mut answers);
                plan.score(&answers)[plan.node(&node.id).unwrap()].clone()
            };
            let every = |to: Cell| {
                let items = items.clone();
                move |answers: &mut StandardAnswers| {
                    for id in &items {
                        let (index, _, laid) = plan.layout.items.get_full(id.as_str()).unwrap();
                        set(index, laid, answers, to);
                    }
                }
            };
            let missing = status(&every(Cell::Missing));
            assert_eq!(
                missing.missing,
                if missing.status == Status::Missing {
                    node.full
                } else {
                    0.0
                }
            );
            assert_eq!(missing.points, 0.0);
            let na = status(&every(Cell::NotApplicable));
            assert_ne!(na.status, Status::Missing, "{}", node.id);
            assert_ne!(na.status, Status::Scored, "{}", node.id);
            assert_eq!(na.applicable, 0.0, "{}", node.id);
            if let Op::Options { item, points } = &node.op {
                let worst = (0..points.len())
                    .min_by(|a, b| points[*a].total_cmp(&points[*b]))
                    .unwrap();
                let laid = plan.layout.items.get_index(*item).unwrap().1;
                let zero = status(&|answers| answers.cells[laid.column] = Cell::Choice(worst as u16));
                assert_eq!(
                    (zero.status, zero.points, zero.missing),
                    (Status::Scored, 0.0, 0.0),
                    "{}",
                    node.id
                );
                assert_eq!(missing.status, Status::Missing, "{}", node.id);
                assert_eq!(na.status, Status::NotApplicable, "{}", node.id);
            }
        }
        let _ = questionnaire;
    }
}
