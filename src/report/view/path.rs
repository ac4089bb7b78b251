//! The way to the next grade, and how sure the present one is, as templates print them.

use serde_json::{Value, json};

use super::charts::payload;
use crate::advice::effort::Effort;
use crate::advice::gaps::grade_in_words;
use crate::advice::path::{self, ImprovementPath, PathPlan, PathState, Step};
use crate::advice::sureness::Sureness;
use crate::diagnosis::StandardResult;
use crate::report::chart::{Chart, Gantt, Phase, Task, amount, difference};
use crate::round::{half_up, show};
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
            "notes": notes(path),
            "plans": plans(path).into_iter().map(|(first, titles)| plan(first, &titles)).collect::<Vec<_>>(),
            "rows": rows(path),
            "gains": path.plans.iter().flat_map(|plan| &plan.steps).any(|step| step.points.is_some_and(|p| p > 0.0)),
            "gantt": path.plans.first().and_then(gantt),
            "first": path.plans.first().map(first),
        }),
    }
}

/// Plans with the names of those that are the same. A robust plan that no step can be spared of is none, and a note says so.
fn plans(path: &ImprovementPath) -> Vec<(&PathPlan, String)> {
    let mut different: Vec<(&PathPlan, String)> = Vec::new();
    for plan in path.plans.iter().filter(|plan| !spares_nothing(plan)) {
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

fn spares_nothing(plan: &PathPlan) -> bool {
    plan.meaning == path::NO_SPARE
}

fn notes(path: &ImprovementPath) -> Vec<&str> {
    let mut notes: Vec<&str> = path.notes.iter().map(String::as_str).collect();
    if path.plans.iter().any(spares_nothing) && !notes.contains(&path::NO_SPARE) {
        notes.push(path::NO_SPARE);
    }
    notes
}

fn plan(plan: &PathPlan, titles: &str) -> Value {
    json!({
        "title": titles,
        "meaning": plan.meaning,
        "steps": plan.steps.len(),
        "score": plan.score.map(|score| show(score, 3)),
        "grade": plan.grade.as_ref().map(named),
        "proven": plan.proven,
        "difficulty": show(plan.effort.iter().sum(), 1),
        "money": plan.money_wan.map(|[low, high]| format!("{}—{} 万元", show(low, 1), show(high, 1))),
        "until": plan.phases.iter().map(|phase| phase.to).max(),
    })
}

/// Ranks in words: knowledge, time, resources.
fn difficulty(effort: &Effort) -> String {
    let words = [effort.knowledge, effort.time, effort.resources].map(|rank| match rank {
        ..=1 => "低",
        2 => "中",
        _ => "高",
    });
    words.join(" / ")
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
        json!({
            "title": step.title,
            "clause": step.clause,
            "change": step.change,
            "goal": step.goal(),
            "points": step.points.filter(|points| *points > 0.0).map(|points| show(points, 3)),
            "effort": difficulty(&step.effort),
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

/// The roadmap.
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
                    from: f64::from(step.from_month + 1),
                    months: Some(f64::from(step.to_month - step.from_month)),
                    after: step.after.iter().map(|(item, _)| item.clone()).collect(),
                })
                .collect(),
        })
        .collect();
    let words = plan.phases.iter().map(|phase| {
        let steps = plan.steps.iter().filter(|step| step.phase == phase.number);
        let titles: Vec<&str> = steps.map(|step| step.title.as_str()).collect();
        format!("{}（{} 个月内）：{}", phase.title, phase.to, titles.join("、"))
    });
    let words: Vec<String> = words.collect();
    let caption = format!("路线图（“{}”方案，从动手算起；条的右端是最迟见效的月份）", plan.title);
    let chart = Chart::Gantt(Gantt { start: None, phases });
    payload(&chart, &caption, words.join("；"))
}

/// How sure the result is, in sentences; `null` where there is none.
pub(super) fn sureness(standard: &StandardResult) -> Value {
    let Some(it) = standard.sureness.as_ref().filter(|_| !standard.repealed) else {
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
        "flips_in_all": it.flips_in_all,
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
    for edge in &it.edges {
        let side = if edge.points > 0.0 { "差" } else { "多" };
        let gap = difference(half_up((edge.border - edge.value).abs(), 2).max(0.01), &edge.unit);
        let then = if edge.points > 0.0 {
            format!("过线多得 {} 分", show(edge.points, 3))
        } else {
            format!("掉下去少 {} 分", show(-edge.points, 3))
        };
        words.push(format!(
            "{}现为 {}，离分档线 {} 只{side} {gap}，{then}，数要点准。",
            edge.title,
            amount(edge.value, &edge.unit),
            amount(edge.border, &edge.unit)
        ));
    }
    if it.flips.is_empty() && standard.card.grade.is_some() {
        words.push("没有哪一题的答案升降一档就会改变等级。".to_owned());
    }
    words
}
