//! The way to the next grade, and how sure the present one is, as templates print them.

use serde_json::{Value, json};

use super::charts::payload;
use crate::advice::gaps::grade_in_words;
use crate::advice::path::{ImprovementPath, PathPlan, PathState, Step};
use crate::advice::sureness::Sureness;
use crate::diagnosis::StandardResult;
use crate::report::chart::{Chart, Gantt, Phase, Task};
use crate::round::show;
use crate::scoring::rulebook::GradeName;

fn named(grade: &GradeName) -> String {
    grade_in_words(grade.level, &grade.name)
}

/// The plans of one standard side by side; `null` where there is nothing to reach.
pub(super) fn path(standard: &StandardResult) -> Value {
    let Some(path) = &standard.path else { return Value::Null };
    let target = path.grade.as_ref().map_or_else(
        || {
            path.score
                .map_or(String::new(), |score| format!("{} 分", show(score, 3)))
        },
        named,
    );
    match path.state {
        PathState::Reached => Value::Null,
        PathState::OutOfReach => json!({ "target": target, "open": false, "reasons": path.reason }),
        PathState::Open => json!({
            "target": target,
            "open": true,
            "notes": path.notes,
            "plans": plans(path).into_iter().map(|(first, titles)| plan(first, &titles)).collect::<Vec<_>>(),
            "rows": rows(path),
            "ranked": path.plans.iter().flat_map(|plan| &plan.steps).all(|step| step.ranked),
            "gantt": path.plans.first().and_then(gantt),
            "first": path.plans.first().map(first),
        }),
    }
}

/// Plans with the names of those that are the same.
fn plans(path: &ImprovementPath) -> Vec<(&PathPlan, String)> {
    let mut different: Vec<(&PathPlan, String)> = Vec::new();
    for plan in &path.plans {
        let same = |other: &PathPlan| {
            let changes = |plan: &PathPlan| {
                plan.steps
                    .iter()
                    .map(|s| (s.item.clone(), s.to.clone()))
                    .collect::<Vec<_>>()
            };
            changes(other) == changes(plan)
        };
        match different.iter_mut().find(|(other, _)| same(other)) {
            Some((_, titles)) => *titles = format!("{titles}、{}", plan.title),
            None => different.push((plan, plan.title.to_owned())),
        }
    }
    different
}

fn plan(plan: &PathPlan, titles: &str) -> Value {
    let [knowledge, time, resources] = plan.effort.map(|rank| show(rank, 1));
    json!({
        "title": titles,
        "meaning": plan.meaning,
        "steps": plan.steps.len(),
        "score": plan.score.map(|score| show(score, 3)),
        "grade": plan.grade.as_ref().map(named),
        "proven": plan.proven,
        "knowledge": knowledge,
        "time": time,
        "resources": resources,
        "money": plan.money_wan.map(|[low, high]| format!("{}—{} 万元", show(low, 1), show(high, 1))),
        "until": plan.phases.last().map(|phase| phase.to),
    })
}

/// Each change once, with the plans that have it.
fn rows(path: &ImprovementPath) -> Vec<Value> {
    let mut steps: Vec<&Step> = Vec::new();
    for step in path.plans.iter().flat_map(|plan| &plan.steps) {
        if !steps.iter().any(|known| known.item == step.item && known.to == step.to) {
            steps.push(step);
        }
    }
    steps.sort_by_key(|step| step.phase);
    let row = |step: &&Step| {
        let has = |plan: &PathPlan| plan.steps.iter().any(|s| s.item == step.item && s.to == step.to);
        let from = if step.from.is_empty() { "未答" } else { &step.from };
        json!({
            "title": step.title,
            "change": format!("{from} → {}", step.to),
            "new": step.new.join("；"),
            "points": step.points.filter(|points| *points > 0.0).map(|points| show(points, 3)),
            "effort": format!("{} / {} / {}", step.effort.knowledge, step.effort.time, step.effort.resources),
            "in": plans(path).iter().map(|(plan, _)| has(plan)).collect::<Vec<_>>(),
        })
    };
    steps.iter().map(row).collect()
}

/// What to begin with: the steps of the first phase that have something to do this week.
fn first(plan: &PathPlan) -> Vec<Value> {
    let Some(phase) = plan.phases.first() else {
        return Vec::new();
    };
    let steps = plan
        .steps
        .iter()
        .filter(|step| step.phase == phase.number && !step.first_step.is_empty());
    let words = steps.map(|step| json!({ "title": step.title, "first": step.first_step }));
    words.take(5).collect()
}

/// The roadmap; a step takes the whole of its phase.
fn gantt(plan: &PathPlan) -> Option<Value> {
    let phases: Vec<Phase> = plan
        .phases
        .iter()
        .map(|phase| Phase {
            label: phase.title.to_owned(),
            tasks: plan
                .steps
                .iter()
                .filter(|step| step.phase == phase.number)
                .map(|step| Task {
                    id: step.item.clone(),
                    label: step.title.clone(),
                    from: f64::from(phase.from + 1),
                    months: Some(f64::from(phase.to - phase.from)),
                    after: step.after.iter().map(|(item, _)| item.clone()).collect(),
                })
                .collect(),
        })
        .collect();
    let words = plan.phases.iter().map(|phase| {
        let steps = plan.steps.iter().filter(|step| step.phase == phase.number);
        let titles: Vec<&str> = steps.map(|step| step.title.as_str()).collect();
        format!(
            "{}（第 {} 到 {} 个月）：{}",
            phase.title,
            phase.from + 1,
            phase.to,
            titles.join("、")
        )
    });
    let words: Vec<String> = words.collect();
    let caption = format!("路线图（“{}”方案；从开工算起，条长是该期的长短）", plan.title);
    let chart = Chart::Gantt(Gantt { start: None, phases });
    payload(&chart, &caption, words.join("；"))
}

/// How sure the result is, in sentences; `null` where there is none.
pub(super) fn sureness(standard: &StandardResult) -> Value {
    let Some(it) = &standard.sureness else {
        return Value::Null;
    };
    let flips = it.flips.iter().map(|flip| {
        json!({
            "title": flip.title,
            "change": format!("{} → {}", flip.from, flip.to),
            "grade": named(&flip.grade),
            "up": flip.up,
        })
    });
    let asks = it.ask_next.iter().map(|question| {
        json!({
            "title": question.title,
            "points": (question.points > 0.0).then(|| show(question.points, 3)),
            "decides": question.decides,
        })
    });
    json!({
        "sentences": sentences(standard, it),
        "flips": flips.collect::<Vec<_>>(),
        "asks": asks.collect::<Vec<_>>(),
    })
}

fn sentences(standard: &StandardResult, it: &Sureness) -> Vec<String> {
    let mut words = Vec::new();
    match (it.above, it.below) {
        (Some(above), _) if above >= 0.0 && standard.card.grade.as_ref().is_some_and(|g| g.level > 0) => {
            words.push(format!("总分比本级分数线高 {} 分。", show(above, 3)));
        }
        _ => {}
    }
    if let Some(below) = it.below {
        words.push(format!("离上一级分数线还差 {} 分。", show(below, 3)));
    }
    if it.unanswered > 0 {
        let open = match (&it.highest, standard.card.bounds) {
            (Some(grade), _) => format!("全部补答且都答得最好，最高可到{}", named(grade)),
            (None, Some((low, high))) if high > low => {
                format!("补答后总分在 {} 到 {} 之间，等级不变", show(low, 3), show(high, 3))
            }
            _ => "补答不改变等级".to_owned(),
        };
        words.push(format!("还有 {} 题没答：{open}。", it.unanswered));
    }
    if let Some(evidenced) = &it.evidenced {
        let score = evidenced
            .score
            .map_or(String::new(), |score| format!("得 {} 分，", show(score, 3)));
        let grade = evidenced.grade.as_ref().map_or("不定级".to_owned(), named);
        words.push(format!(
            "只算有佐证的答案（{} 题没有佐证，按未答计）：{score}{grade}。",
            evidenced.without
        ));
    }
    if it.flips.is_empty() && standard.card.grade.is_some() {
        words.push("没有哪一题的答案升降一档就会改变等级。".to_owned());
    }
    words
}
