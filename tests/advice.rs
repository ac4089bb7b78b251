//! Why, what if, how sure, and the projects: over the examples, with numbers worked out by hand.

use std::process::Command;
use std::sync::LazyLock;

use qizhen::advice::explain;
use qizhen::advice::path::PathState;
use qizhen::advice::projects::ProjectState;
use qizhen::advice::sureness;
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis, Loaded};
use qizhen::scoring::layout::Cell;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).expect("the built-in data is sound"));

const EXAMPLES: [&str; 4] = ["pump-maker", "bearing-maker", "chlor-alkali", "appliance-maker"];

fn text(example: &str) -> String {
    std::fs::read_to_string(format!("examples/{example}.assessment.yaml")).expect("an example")
}

fn load(text: &str) -> Loaded {
    diagnosis::read(&CATALOG, "test", text, "2026-12-31").unwrap_or_else(|broken| panic!("{:?}", broken.problems))
}

fn diagnose(text: &str) -> Diagnosis {
    diagnosis::diagnose(&CATALOG, &load(text))
}

fn qizhen(args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .args(args)
        .output()
        .expect("the program");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code().unwrap_or(-1), words(&out.stdout), words(&out.stderr))
}

#[test]
fn what_is_lost_in_the_parts_is_what_is_lost_in_the_whole() {
    let mut sums = 0;
    for example in EXAMPLES {
        let diagnosis = diagnose(&text(example));
        for standard in &diagnosis.standards {
            let id = &standard.card.id;
            for node in standard.card.trace.walk() {
                if node.method != "children" || node.full == 0.0 || node.score.is_none() {
                    continue;
                }
                let it = explain::explain(&diagnosis, id, Some(&node.id)).expect("a node");
                let parts: f64 = it.parts.iter().filter_map(|part| part.lost).sum();
                assert!(
                    (parts - it.lost).abs() < 2e-3 * it.parts.len() as f64,
                    "{example} {id} {}: {parts} {}",
                    node.id,
                    it.lost
                );
                sums += 1;
            }
        }
    }
    assert!(sums > 40, "{sums}");
}

#[test]
fn a_score_is_explained_down_to_the_answer() {
    // q05: 10 points for E, 5 for C; verified C, claimed D. The whole is a sum: what is lost here is lost there.
    let diagnosis = diagnose(&text("pump-maker"));
    let it = explain::explain(&diagnosis, "sme-digital-2024", Some("q05")).expect("a node");
    assert_eq!((it.score, it.full, it.lost, it.worth), (Some(5.0), 10.0, 5.0, 1.0));
    assert_eq!(it.clause, "数字化基础·信息系统·信息系统");
    let way: Vec<&str> = it.within.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(way, ["total", "foundation", "information-systems"]);
    let answer = &it.answers[0];
    assert!(answer.verified && answer.answer.starts_with('C'), "{answer:?}");
    assert_eq!(it.next[0].1, Some(2.5));
    // 26.6 of 50: 23.4 lost, 5 of them, the most, in q05.
    let whole = explain::explain(&diagnosis, "sme-digital-2024", None).expect("the whole");
    assert_eq!((whole.lost, whole.parts[0].lost), (48.65, Some(23.4)));
    assert_eq!(
        whole.parts[0].mostly.as_ref().map(|(id, _, lost)| (id.as_str(), *lost)),
        Some(("q05", 5.0))
    );
}

#[test]
fn trying_answers_leaves_the_file_alone() {
    let file = "examples/pump-maker.assessment.yaml";
    let before = text("pump-maker");
    let (code, out, err) = qizhen(&[
        "what-if",
        file,
        "--set",
        "q05=d",
        "--set",
        "q04=+e",
        "--set",
        "q02.digital=70台",
    ]);
    assert_eq!(code, 0, "{err}");
    // +2.5 for D instead of C, +0.7 for one option more, +1.5 for 70 of 86 (81 %, the highest band) instead of 46.
    assert!(out.contains("得分从 51.35 升到 56.05（+4.7）"), "{out}");
    assert_eq!(text("pump-maker"), before);
    for (set, told) in [
        ("q5=d", "是不是 “q05”"),
        ("q05", "应写成 题目=答案"),
        ("q02.digitl=3", "没有分项"),
        ("fact:2025:electricty=3", "是不是 “electricity”"),
        ("q05=z", "E0403"),
    ] {
        let (code, out, err) = qizhen(&["what-if", file, "--set", set]);
        assert_eq!((code, out.as_str()), (2, ""), "{set}: {err}");
        assert!(err.contains(told), "{set}: {err}");
    }
}

#[test]
fn an_answer_that_flips_the_grade_does() {
    let mut flips = 0;
    for example in EXAMPLES {
        let loaded = load(&text(example));
        let diagnosis = diagnosis::diagnose(&CATALOG, &loaded);
        for standard in &diagnosis.standards {
            let Some(sure) = &standard.sureness else { continue };
            for flip in &sure.flips {
                let now = standard.card.grade.as_ref().expect("a grade").level;
                assert_eq!(flip.up, flip.grade.level > now);
                let preset = loaded.assessment.presets.get(&standard.card.id).map(String::as_str);
                let plan = CATALOG.plan(&standard.card.id, preset).expect("a plan");
                let laid = &plan.layout.items[flip.item.as_str()];
                // Levels say where they go: `2 级`.
                let Some(level) = flip.to.strip_suffix(" 级").and_then(|n| n.parse().ok()) else {
                    continue;
                };
                let mut changed = loaded.assessment.answers[&standard.card.id].clone();
                changed.cells[laid.column] = Cell::Choice(level);
                let card = plan.scorecard(&changed, None);
                assert_eq!(card.grade, Some(flip.grade.clone()), "{example} {}", flip.item);
                flips += 1;
            }
        }
    }
    assert!(flips >= 2, "{flips}");
}

#[test]
fn what_is_not_answered_leaves_at_least_the_grade_open_that_the_answers_had() {
    let mut opened = 0;
    for example in EXAMPLES {
        let loaded = load(&text(example));
        for (id, answers) in &loaded.assessment.answers {
            let preset = loaded.assessment.presets.get(id).map(String::as_str);
            let plan = CATALOG.plan(id, preset).expect("a plan");
            let Some(full) = plan.scorecard(answers, None).grade else {
                continue;
            };
            for skip in 0..3 {
                let mut fewer = answers.clone();
                for (index, laid) in plan.layout.items.values().enumerate() {
                    let chosen = matches!(
                        fewer.cells[laid.column..].first(),
                        Some(Cell::Choice(_) | Cell::Chosen(_))
                    );
                    if chosen && index % 3 == skip {
                        fewer.cells[laid.column] = Cell::Missing;
                    }
                }
                let card = plan.scorecard(&fewer, None);
                let Some(sure) = sureness::find(plan, &card, &fewer) else {
                    continue;
                };
                let now = card.grade.as_ref().map_or(0, |grade| grade.level);
                let highest = sure.highest.as_ref().map_or(now, |grade| grade.level);
                assert!(
                    highest >= full.level && highest >= now,
                    "{example} {id} {skip}: {highest}"
                );
                opened += usize::from(highest > now);
                assert!(
                    sure.unanswered == 0 || !sure.ask_next.is_empty() || highest == now,
                    "{example} {id}"
                );
            }
        }
    }
    assert!(opened >= 3, "{opened}");
}

#[test]
fn machines_to_renew_by_hand() {
    let diagnosis = diagnose(&text("pump-maker"));
    let card = diagnosis
        .projects
        .iter()
        .find(|card| card.id == "renewal")
        .expect("machines");
    let lathe = card
        .renewal
        .iter()
        .find(|machine| machine.name == "数控车床主电机")
        .expect("the lathes");
    // 15 kW, 12 of them, 4,500 h at 55 %, from 92.1 % to the 93.9 % of grade 2 (GB 18613-2020, 4 poles):
    // 15 × 0.55 × 4500 × 12 × (1/0.921 − 1/0.939) = 445,500 × 0.0208137 = 9,272.5 → 9,272.
    assert_eq!(lathe.saving_kwh, Some(9272.0), "{lathe:#?}");
    assert_eq!((lathe.count, lathe.need.as_str()), (12.0, "92.1 → 93.9 %"));
    let sum: f64 = card.renewal.iter().filter_map(|machine| machine.saving_kwh).sum();
    assert_eq!(card.saving_kwh, Some(sum));
    assert_eq!(card.saving_yuan, None);
    // 9,272 + 3,729 + … = the sum; at 0.72 元 a kWh, as the enterprise told.
    let priced = diagnose(&text("pump-maker").replace("\nplans:", "\nelectricity_price: 0.72\nplans:"));
    let card_priced = priced
        .projects
        .iter()
        .find(|card| card.id == "renewal")
        .expect("machines");
    assert_eq!(card_priced.saving_yuan, Some((sum * 0.72).round()));
    let saved = |name: &str| {
        let found = card.renewal.iter().find(|machine| machine.name == name);
        found.expect("the machine").saving_kwh
    };
    // 1000 kVA, oil, Dyn11, all the year at 45 %: 1,150 → 745 W and 10,300 → 8,240 W (grade 2 of GB 20052-2024).
    // (8760 × 405 + 8760 × 0.45² × 2060) / 1000 = 3,547.8 + 3,654.2 = 7,202.0.
    assert_eq!(saved("1# 变压器"), Some(7202.0));
    // 55 kW at 75 % for 4,500 h, 7.6 → 7.0: 185,625 × (1 − 7.0/7.6) = 14,654.6.
    assert_eq!(saved("1# 螺杆空压机"), Some(14655.0));
    // What nobody can compute without measuring is left to measuring.
    let others = ["电动机", "变压器", "空气压缩机"];
    assert!(
        card.renewal
            .iter()
            .filter(|machine| !others.contains(&machine.list.as_str()))
            .all(|machine| machine.saving_kwh.is_none())
    );
    assert!(card.renovation && card.library.contains("1000 万元"), "{card:#?}");
}

#[test]
fn the_state_of_a_project_follows_the_plans() {
    let base = text("pump-maker");
    assert!(
        base.contains("filed: 否"),
        "the example has a project that is not filed"
    );
    let state = |text: &str| {
        let diagnosis = diagnose(text);
        diagnosis
            .projects
            .iter()
            .find(|card| card.id.ends_with("digital"))
            .expect("a project")
            .state
    };
    assert_eq!(state(&base), ProjectState::Proposed);
    assert_eq!(state(&base.replace("filed: 否", "filed: 是")), ProjectState::Filed);
    let begun = base.replace("filed: 否", "filed: 是\n    accepted: 是");
    assert_eq!(state(&begun), ProjectState::Accepted);
}

#[test]
fn every_step_of_a_path_is_in_a_card_and_leads_to_its_measure() {
    for example in EXAMPLES {
        let diagnosis = diagnose(&text(example));
        for standard in &diagnosis.standards {
            let Some(path) = standard.path.as_ref().filter(|path| path.state == PathState::Open) else {
                continue;
            };
            for step in &path.plans[0].steps {
                let cards = diagnosis.projects.iter().filter(|card| {
                    let mut content = card.content.iter();
                    content.any(|c| c.standard == path.standard && c.item == step.item)
                });
                // What comes out of the work is no project of its own.
                let expected = usize::from(!step.result);
                assert_eq!(cards.count(), expected, "{example} {} {}", path.standard, step.item);
                assert!(
                    !step.measure.is_empty() && !step.action.is_empty(),
                    "{example} {} {}",
                    path.standard,
                    step.item
                );
            }
        }
    }
}

#[test]
fn prerequisites_that_go_round_are_told_with_their_place() {
    let dir = tempfile::tempdir().expect("a directory");
    let advice = dir.path().join("advice");
    std::fs::create_dir(&advice).expect("a directory");
    let shipped = std::fs::read_to_string("advice/sme-digital-2024.yaml").expect("the measures");
    let put =
        |more: &str| std::fs::write(advice.join("sme-digital-2024.yaml"), format!("{shipped}{more}")).expect("a file");
    let check = || {
        let data = dir.path().to_string_lossy().into_owned();
        qizhen(&["check", &data])
    };
    put("");
    assert_eq!(check().0, 0, "{}", check().2);
    put("  - {item: finance, level: 2, needs: decision, needs_level: 3, because: 绕圈}\n");
    let (code, _, err) = check();
    assert_eq!(code, 2);
    assert!(
        err.contains("E0319") && err.contains("绕成了圈") && err.contains("sme-digital-2024.yaml:"),
        "{err}"
    );
    for (more, told) in [
        (
            "  - {item: finnance, level: 2, needs: decision, needs_level: 1, because: 错名}\n",
            "finance",
        ),
        (
            "  - {item: finance, level: 9, needs: decision, needs_level: 1, because: 没有这一级}\n",
            "E0205",
        ),
        (
            "  - {item: finance, level: 2, needs: q03, because: 没写比例}\n",
            "share",
        ),
    ] {
        put(more);
        let (code, _, err) = check();
        assert_eq!(code, 2, "{more}");
        assert!(err.contains(told), "{more}: {err}");
    }
    let priced = shipped.replacen("resources: 2}", "resources: 2, money_wan: [5, 20]}", 1);
    std::fs::write(advice.join("sme-digital-2024.yaml"), priced).expect("a file");
    let (code, _, err) = check();
    assert_eq!(code, 2);
    assert!(err.contains("没有来源"), "{err}");
}
