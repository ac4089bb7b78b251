//! The improvement path beside trying everything: random small schemes, and a real one with most items kept.
//!
//! Trying everything knows the rules only through the scorer: it sets answers, scores them, and adds up efforts by the
//! definition in `docs/path.md`. It shares no line with the integer program.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use qizhen::advice::measures::{Capabilities, Measures};
use qizhen::advice::path::{self, Aim, Goal, ImprovementPath, PathState};
use qizhen::assessment::StandardAnswers;
use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::questionnaire::Questionnaire;
use qizhen::scoring::bound::Evaluated;
use qizhen::scoring::compile::compile;
use qizhen::scoring::layout::Cell;
use qizhen::scoring::plan::{Condition, Op, Plan};
use qizhen::scoring::rulebook::Rulebook;
use qizhen::source::{SourceMap, shape, yaml};
use serde_json::{Value, json};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).expect("the built-in data is sound"));

fn typed<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    let mut sources = SourceMap::default();
    let text = value.to_string();
    let file = sources.add("scheme", text.as_str());
    let node = yaml::parse(file, &text).expect("JSON is YAML");
    let mut problems = Vec::new();
    let read = shape::read::<T>(&node, &mut problems);
    assert!(problems.is_empty(), "{problems:?}\n{value:#}");
    read.expect("a typed value")
}

/// A scheme with answers.
#[derive(Debug, Clone)]
struct Scheme {
    questionnaire: Value,
    rulebook: Value,
    measures: Value,
    cells: Vec<Cell>,
}

/// Random numbers, one a decision.
struct Luck<'a>(std::slice::Iter<'a, u32>);

impl Luck<'_> {
    fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |x| *x as usize % n.max(1))
    }
}

/// A group of choices, one of options to add, levels, a share, a condition or two, a veto.
fn scheme(numbers: &[u32]) -> Scheme {
    let mut luck = Luck(numbers.iter());
    let (mut items, mut nodes, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    let weighted = luck.below(3) == 0;
    for single in 0..1 + luck.below(2) {
        let id = format!("s{single}");
        let options: Vec<Value> = ["a", "b", "c"].iter().map(|o| json!({"id": o, "text": o})).collect();
        let mut points: Vec<f64> = (0..3).map(|_| luck.below(9) as f64 * 1.25).collect();
        points[luck.below(3)] = 10.0;
        let full = points.iter().copied().fold(0.0, f64::max);
        items.push(json!({"id": id, "title": id, "kind": "single", "may_be_na": true, "options": options}));
        nodes.push(json!({"id": id, "title": id, "full": full,
            "options": {"item": id, "points": {"a": points[0], "b": points[1], "c": points[2]}}}));
        cells.push(match luck.below(6) {
            0 => Cell::Missing,
            1 => Cell::NotApplicable,
            n => Cell::Choice(n as u16 % 3),
        });
    }
    {
        let points: Vec<f64> = (0..3).map(|_| 0.5 + luck.below(8) as f64 * 0.55).collect();
        let sum: f64 = points.iter().sum();
        let cap = if luck.below(2) == 0 { sum } else { sum.min(3.5) };
        items.push(json!({"id": "m", "title": "m", "kind": "multi", "exclusive": ["a"],
            "options": [{"id": "a", "text": "无"}, {"id": "b", "text": "b"}, {"id": "c", "text": "c"}, {"id": "d", "text": "d"}]}));
        nodes.push(json!({"id": "m", "title": "m", "full": cap,
            "sum_of_options": {"item": "m", "points": {"a": 0, "b": points[0], "c": points[1], "d": points[2]}, "cap": cap}}));
        cells.push(match luck.below(5) {
            0 => Cell::Missing,
            1 => Cell::Chosen(1),
            n => Cell::Chosen(1 << (n - 1)),
        });
    }
    let levels = 2 + luck.below(2);
    for level in 0..levels {
        let id = format!("l{level}");
        let texts: Vec<Value> = (0..3)
            .map(|n| json!({"level": n, "text": format!("做到 {n}")}))
            .collect();
        items.push(json!({"id": id, "title": id, "kind": "level", "levels": texts}));
        cells.push(if luck.below(6) == 0 {
            Cell::Missing
        } else {
            Cell::Choice(luck.below(2) as u16)
        });
    }
    let total = 5 + luck.below(20);
    items.push(json!({"id": "r", "title": "r", "kind": "parts",
        "parts": [{"id": "good", "title": "good", "unit": "台", "min": 0}, {"id": "total", "title": "total", "unit": "台", "min": 0}]}));
    nodes.push(json!({"id": "r", "title": "r", "full": 6, "bands": {"value": "100 * r.good / r.total", "unit": "%", "decimals": 4,
        "cover": "[0,100]", "table": [{"in": "[0,10]", "points": 0}, {"in": "(10,40]", "points": 2.5}, {"in": "(40,75)", "points": 4}, {"in": "[75,100]", "points": 6}]}}));
    cells.push(Cell::Number(luck.below(total / 2) as f64));
    cells.push(Cell::Number(total as f64));
    items.push(json!({"id": "y", "title": "y", "kind": "yesno"}));
    cells.push(Cell::Choice(luck.below(2) as u16));

    let set: Vec<String> = (0..levels).map(|level| format!("l{level}")).collect();
    let most: f64 = nodes.iter().filter_map(|node| node["full"].as_f64()).sum();
    let needed = (5.0 + luck.below(24) as f64 * 0.65).min(most);
    let mut require = vec![json!({"score": "total", "at_least": needed})];
    if luck.below(3) > 0 {
        require.push(json!({"count": "levels", "at_level": 1 + luck.below(2), "at_least": 1 + luck.below(levels)}));
    }
    match luck.below(4) {
        0 => require.push(json!({"holds": "'c' in m or s0 == 'c'", "say": "c"})),
        1 => require.push(json!({"holds": "m | length >= 2 and l0 >= 1", "say": "两项"})),
        _ => {}
    }
    let full: f64 = nodes.iter().filter_map(|node| node["full"].as_f64()).sum();
    let indicators = if weighted {
        let count = nodes.len();
        for (index, node) in nodes.iter_mut().enumerate() {
            let share = if index + 1 == count {
                1.0 - (0..count - 1).map(|_| 0.125).sum::<f64>()
            } else {
                0.125
            };
            node["weight"] = json!(share);
        }
        json!({"id": "total", "title": "total", "full": full, "weighted": nodes})
    } else {
        json!({"id": "total", "title": "total", "full": full, "children": nodes})
    };
    let effort = |luck: &mut Luck| json!({"knowledge": 1 + luck.below(3), "time": 1 + luck.below(3), "resources": 1 + luck.below(3)});
    let measures: Vec<Value> = items
        .iter()
        .map(|item| json!({"for": [item["id"]], "title": "m", "do": "d", "effort": effort(&mut luck)}))
        .collect();
    let prerequisites = if luck.below(3) == 0 {
        json!([{"item": "l1", "level": 2, "needs": "l0", "needs_level": 1 + luck.below(2), "because": "先后"},
               {"item": "l0", "level": 2, "needs": "r", "share": 0.5, "because": "先后"}])
    } else {
        json!([])
    };
    Scheme {
        questionnaire: json!({"schema": "qizhen/questionnaire/1", "id": "random", "title": "random", "short": "random",
            "domain": "digital", "source": {"document": "仅供测试"}, "confidence": "unverified",
            "sections": [{"id": "all", "title": "all", "items": items}]}),
        rulebook: json!({"schema": "qizhen/rulebook/1", "standard": "random", "confidence": "unverified", "decimals": 3,
            "not_applicable": "rescale", "indicators": indicators,
            "sets": {"levels": {"title": "levels", "items": set}},
            "grade": {"none": {"level": 0, "name": "无"}, "rungs": [{"level": 1, "name": "甲", "require": require}]},
            "vetoes": [{"id": "gate", "title": "gate", "holds": "y", "effect": if luck.below(2) == 0 { json!("disqualify") } else { json!({"cap": 0}) }}]}),
        measures: json!({"schema": "qizhen/advice/1", "standard": "random", "measures": measures, "prerequisites": prerequisites}),
        cells,
    }
}

/// What one item can be: its cells, its effort in steps, how many items that changes.
#[derive(Debug, Clone)]
struct Option1 {
    item: usize,
    cells: Vec<(usize, Cell)>,
    steps: f64,
}

/// Everything that an item can become, the present answer first.
fn options(plan: &Plan, item: usize, answers: &StandardAnswers) -> Vec<Option1> {
    let laid = &plan.layout.items[item];
    let now = answers.cells[laid.column];
    let stay = Option1 {
        item,
        cells: Vec::new(),
        steps: 0.0,
    };
    let mut all = vec![stay];
    let mut push = |cells: Vec<(usize, Cell)>, steps: f64| all.push(Option1 { item, cells, steps });
    let leaf = plan.nodes.iter().position(|node| match &node.op {
        Op::Options { item: i, .. } | Op::SumOfOptions { item: i, .. } => *i == item,
        Op::Bands { value, .. } => value.inputs().iter().any(|input| input.item == item),
        _ => false,
    });
    let with = |cells: &[(usize, Cell)]| {
        let mut changed = answers.clone();
        for (column, cell) in cells {
            changed.cells[*column] = *cell;
        }
        changed
    };
    match (now, laid.kind) {
        (Cell::NotApplicable, _) => {}
        (_, qizhen::questionnaire::ItemKind::Multi) => {
            let known = if let Cell::Chosen(bits) = now {
                bits & !laid.exclusive
            } else {
                0
            };
            for bits in 1u64..1 << laid.choices.len() {
                if bits & laid.exclusive == 0 && bits & known == known && bits != known {
                    push(
                        vec![(laid.column, Cell::Chosen(bits))],
                        f64::from((bits & !known).count_ones()),
                    );
                }
            }
        }
        (_, qizhen::questionnaire::ItemKind::Parts) => {
            let leaf = leaf.expect("a share has its bands");
            let total = match answers.cells[laid.column + 1] {
                Cell::Number(total) => total as u64,
                _ => 0,
            };
            let base = plan.leaf_points(leaf, answers);
            let mut best = base;
            let mut step = 0.0;
            for good in 0..=total {
                let cells = vec![(laid.column, Cell::Number(good as f64))];
                let points = plan.leaf_points(leaf, &with(&cells));
                if points > best + 1e-9 {
                    best = points;
                    step += 1.0;
                    push(cells, step);
                }
            }
        }
        (_, kind) => {
            for choice in 0..laid.choices.len() as u16 {
                let cells = vec![(laid.column, Cell::Choice(choice))];
                if now == cells[0].1 {
                    continue;
                }
                let steps = match (kind, now, leaf) {
                    (qizhen::questionnaire::ItemKind::Level, now, _) => {
                        let now = if let Cell::Choice(level) = now {
                            f64::from(level)
                        } else {
                            0.0
                        };
                        (f64::from(choice) - now).abs().max(1.0)
                    }
                    (_, _, Some(leaf)) => {
                        let Op::Options { points, .. } = &plan.nodes[leaf].op else {
                            unreachable!()
                        };
                        let (from, to) = (plan.leaf_points(leaf, answers), points[usize::from(choice)]);
                        let mut between: Vec<f64> = points.iter().copied().filter(|p| *p > from && *p <= to).collect();
                        between.sort_by(f64::total_cmp);
                        between.dedup();
                        (between.len() as f64).max(1.0)
                    }
                    _ => 1.0,
                };
                push(cells, steps);
            }
        }
    }
    all
}

fn sums_hold(plan: &Plan, answers: &StandardAnswers, goal: Goal) -> bool {
    let outcomes = plan.score(answers);
    conditions(plan, goal).iter().all(|condition| {
        !matches!(condition, Condition::Score { .. } | Condition::Count { .. })
            || plan.condition(condition, &outcomes, answers).met
    })
}

fn conditions(plan: &Plan, goal: Goal) -> Vec<Condition> {
    match goal {
        Goal::Grade(level) => {
            let rungs = &plan.grade.as_ref().expect("a ladder").rungs;
            rungs
                .iter()
                .find(|r| r.name.level == level)
                .expect("the rung")
                .require
                .clone()
        }
        Goal::Score(at_least) => vec![Condition::Score {
            node: plan.root(),
            at_least,
        }],
    }
}

fn reached(plan: &Plan, answers: &StandardAnswers, goal: Goal) -> bool {
    let outcomes = plan.score(answers);
    conditions(plan, goal)
        .iter()
        .all(|condition| plan.condition(condition, &outcomes, answers).met)
        && plan
            .vetoes
            .iter()
            .all(|veto| veto.holds.truth(answers) != Evaluated::Value(false))
}

/// Whether everything that was raised rests on what it needs.
fn in_order(plan: &Plan, measures: &Measures, before: &StandardAnswers, after: &StandardAnswers) -> bool {
    let level = |answers: &StandardAnswers, id: &str| match answers.cells[plan.layout.items[id].column] {
        Cell::Choice(level) => i32::from(level),
        _ => -1,
    };
    measures.prerequisites.iter().all(|rule| {
        let (item, least) = (rule.item.value.as_str(), i32::from(rule.level.unwrap_or(1)));
        let raised = level(before, item) < least && level(after, item) >= least;
        let there = match (rule.share, rule.needs_level) {
            (Some(share), _) => {
                let node = plan.node(&rule.needs.value).expect("an indicator");
                plan.score(after)[node].points >= share * plan.nodes[node].full - 1e-6
            }
            (None, needs) => level(after, &rule.needs.value) >= i32::from(needs.unwrap_or(1)),
        };
        !raised || there
    })
}

/// The least cost of each aim over every combination; `None` where there is none.
fn try_everything(
    plan: &Plan,
    measures: &Measures,
    answers: &StandardAnswers,
    free: &[usize],
    goal: Goal,
) -> [Option<f64>; 3] {
    let choices: Vec<Vec<Option1>> = free.iter().map(|item| options(plan, *item, answers)).collect();
    let effort = |item: usize| {
        let (id, _) = plan.layout.items.get_index(item).expect("an item");
        let measure = measures
            .measures
            .iter()
            .find(|m| m.targets.iter().any(|t| t.value == *id));
        measure.and_then(|m| m.effort.clone()).map_or([2.0; 3], |e| {
            [e.value.knowledge, e.value.time, e.value.resources].map(f64::from)
        })
    };
    let efforts: Vec<[f64; 3]> = free.iter().map(|item| effort(*item)).collect();
    // Options of one item are added side by side, everything else goes step by step.
    let side_by_side = |item: usize| plan.layout.items[item].kind == qizhen::questionnaire::ItemKind::Multi;
    // Half-years by the rank of the time: half a year, a year and a half, three years.
    let lasts = |option: &Option1, rank: f64| {
        let serial = if side_by_side(option.item) { 1.0 } else { option.steps };
        [1.0, 3.0, 6.0][rank as usize - 1] * serial
    };
    let combinations: usize = choices.iter().map(Vec::len).product();
    // A combination is a number with a digit an item.
    let digits = |mut number: usize| -> Vec<&Option1> {
        let mut chosen = Vec::with_capacity(choices.len());
        for options in &choices {
            chosen.push(&options[number % options.len()]);
            number /= options.len();
        }
        chosen
    };
    let costs: Vec<[f64; 3]> = (0..combinations)
        .map(|number| {
            let chosen = digits(number);
            let pairs = || chosen.iter().zip(&efforts);
            let sum = |rank: fn(&[f64; 3]) -> f64| -> f64 { pairs().map(|(option, e)| rank(e) * option.steps).sum() };
            let all = sum(|e| e[0] + e[1] + e[2]);
            let longest = pairs()
                .filter(|(o, _)| o.steps > 0.0)
                .map(|(option, e)| lasts(option, e[1]))
                .fold(0.0, f64::max);
            [
                sum(|e| [1.0, 2.0, 4.0][e[2] as usize - 1]) + 0.01 * all,
                1000.0 * longest + sum(|e| e[1]) + 0.01 * all,
                all,
            ]
        })
        .collect();
    let apply = |number: usize, skip: Option<usize>| {
        let mut changed = answers.clone();
        for option in digits(number).into_iter().filter(|option| Some(option.item) != skip) {
            for (column, cell) in &option.cells {
                changed.cells[*column] = *cell;
            }
        }
        changed
    };
    let mut known: Vec<Option<bool>> = vec![None; combinations];
    std::array::from_fn(|aim| {
        let mut order: Vec<usize> = (0..combinations).collect();
        order.sort_by(|a, b| costs[*a][aim].total_cmp(&costs[*b][aim]));
        let found = order.into_iter().find(|number| {
            let reaches = *known[*number].get_or_insert_with(|| {
                let after = apply(*number, None);
                reached(plan, &after, goal) && in_order(plan, measures, answers, &after)
            });
            reaches
                && (aim < 2
                    || digits(*number)
                        .iter()
                        .filter(|option| option.steps > 0.0)
                        .all(|option| sums_hold(plan, &apply(*number, Some(option.item)), goal)))
        });
        found.map(|number| costs[number][aim])
    })
}

fn agree(path: &ImprovementPath, best: [Option<f64>; 3], about: &dyn std::fmt::Debug) -> Result<(), TestCaseError> {
    match path.state {
        PathState::Reached => {
            prop_assert_eq!(best[0], Some(0.0), "{:?}", about);
            return Ok(());
        }
        PathState::OutOfReach => {
            prop_assert_eq!(best[0], None, "{:?}", about);
            prop_assert!(!path.reason.is_empty() || best[0].is_none());
            return Ok(());
        }
        PathState::Open => {}
    }
    for (aim, best) in [Aim::Cheapest, Aim::Fastest, Aim::Robust].into_iter().zip(best) {
        let plan = path.plans.iter().find(|plan| plan.aim == aim);
        prop_assert_eq!(plan.is_some(), best.is_some(), "{:?} {:?} {:?}", aim, best, about);
        if let (Some(plan), Some(best)) = (plan, best) {
            prop_assert!(plan.proven, "{:?}", about);
            prop_assert!(
                (plan.cost - best).abs() < 1e-2,
                "{aim:?}: {} is not {best}: {:#?}\n{about:?}",
                plan.cost,
                plan.steps
            );
        }
    }
    Ok(())
}

/// As many schemes as are worth while; `QIZHEN_PATH_CASES` for more.
fn cases() -> u32 {
    std::env::var("QIZHEN_PATH_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1000)
}

#[test]
fn random_schemes_as_by_trying_everything() {
    let config = Config {
        cases: cases(),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let outcome = runner.run(&prop::collection::vec(any::<u32>(), 120), |numbers| {
        let made = scheme(&numbers);
        let questionnaire: Questionnaire = typed(&made.questionnaire);
        let rulebook: Rulebook = typed(&made.rulebook);
        let measures: Measures = typed(&made.measures);
        let plan = match compile(&rulebook, &questionnaire) {
            Ok(plans) => plans.into_iter().next().expect("a plan"),
            Err(problems) => panic!("{problems:#?}"),
        };
        let answers = StandardAnswers {
            cells: made.cells.clone(),
            ..StandardAnswers::default()
        };
        let context = path::Context {
            questionnaire: &questionnaire,
            plan: &plan,
            measures: Some(&measures),
            capabilities: &Capabilities::default(),
            fixed: &[],
        };
        let goal = Goal::Grade(1);
        let found = path::find(&context, &answers, goal).expect("a ladder");
        let free: Vec<usize> = (0..plan.layout.items.len()).collect();
        let best = try_everything(&plan, &measures, &answers, &free, goal);
        agree(&found, best, &made)
    });
    outcome.unwrap_or_else(|why| panic!("{why}"));
}

/// The real scheme of small enterprises with most items kept: what is left can be tried out.
#[test]
fn the_real_scheme_with_items_kept_as_by_trying_everything() {
    let (questionnaire, measures) = (
        &CATALOG.questionnaires["sme-digital-2024"],
        &CATALOG.measures["sme-digital-2024"],
    );
    let plan = CATALOG.plan("sme-digital-2024", None).expect("a plan");
    let mut open = 0;
    for (example, free) in [
        (
            "pump-maker",
            &["q05", "q08", "quality", "marketing", "office", "hr"][..],
        ),
        ("pump-maker", &["q03", "q05", "q09", "q10", "production-control"][..]),
        (
            "bearing-maker",
            &["planning", "equipment", "energy", "finance", "decision", "q01"][..],
        ),
        ("chlor-alkali", &["planning", "hr", "decision", "q03", "office"][..]),
    ] {
        let text = std::fs::read_to_string(format!("examples/{example}.assessment.yaml")).expect("an example");
        let loaded = diagnosis::read(&CATALOG, example, &text, "2026-12-31").expect("a sound example");
        let answers = &loaded.assessment.answers["sme-digital-2024"];
        let fixed: Vec<String> = plan
            .layout
            .items
            .keys()
            .filter(|id| !free.contains(&id.as_str()))
            .cloned()
            .collect();
        let context = path::Context {
            questionnaire,
            plan,
            measures: Some(measures),
            capabilities: &CATALOG.capabilities,
            fixed: &fixed,
        };
        let items: Vec<usize> = free
            .iter()
            .filter_map(|id| plan.layout.items.get_index_of(*id))
            .collect();
        let now = plan.score(answers)[plan.root()].points;
        for goal in [Goal::Grade(3), Goal::Score(now + 2.0), Goal::Score(now + 6.5)] {
            let found = path::find(&context, answers, goal).expect("a ladder");
            open += usize::from(found.state == PathState::Open);
            agree(
                &found,
                try_everything(plan, measures, answers, &items, goal),
                &(example, goal),
            )
            .expect("the same");
        }
    }
    assert!(open >= 5, "{open}");
}

/// Every plan of every example, scored again from its answers: the grade is there, and not one step is too many.
#[test]
fn plans_of_the_examples_hold_and_have_no_step_too_many() {
    let mut plans = 0;
    for example in ["pump-maker", "bearing-maker", "chlor-alkali", "appliance-maker"] {
        let text = std::fs::read_to_string(format!("examples/{example}.assessment.yaml")).expect("an example");
        let loaded = diagnosis::read(&CATALOG, example, &text, "2026-12-31").expect("a sound example");
        for (id, answers) in &loaded.assessment.answers {
            let preset = loaded.assessment.presets.get(id).map(String::as_str);
            let plan = CATALOG.plan(id, preset).expect("a plan");
            let context = path::Context {
                questionnaire: &CATALOG.questionnaires[id],
                plan,
                measures: CATALOG.measures.get(id),
                capabilities: &CATALOG.capabilities,
                fixed: &[],
            };
            let Some(goal) = path::next_goal(&context, answers) else {
                continue;
            };
            let found = path::find(&context, answers, goal).expect("a ladder");
            let Goal::Grade(level) = goal else { unreachable!() };
            for made in &found.plans {
                plans += 1;
                assert!(made.proven, "{example} {id}");
                assert!(
                    made.grade.as_ref().is_some_and(|grade| grade.level >= level),
                    "{example} {id}"
                );
                if made.aim == Aim::Cheapest {
                    assert!(
                        made.steps.iter().all(|step| step.needed),
                        "{example} {id}: {:#?}",
                        made.steps
                    );
                }
                let phased: usize = made.phases.iter().map(|phase| phase.items.len()).sum();
                assert_eq!(phased, made.steps.len());
            }
        }
    }
    assert!(plans >= 12, "{plans}");
}
