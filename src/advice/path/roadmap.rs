//! Steps in phases: each when it can be done, none before what it rests on.

use super::Context;
use super::result::{Phase, Step};

/// The phases of a diagnosis: title, and the month by which what belongs to it works. The borders are this tool's own, chosen
/// as consultants' reports usually have them.
const PHASES: [(&str, u32); 3] = [("近期", 6), ("中期", 18), ("远期", 36)];

/// Gives every step what comes before it, its months and its phase, and lists the phases that are used.
///
/// A step begins when the last of what it rests on works, otherwise at once: how many are worked on side by side is for the
/// enterprise to decide.
pub(super) fn phases(context: &Context, steps: &mut [Step]) -> Vec<Phase> {
    if let Some(measures) = context.measures {
        for rule in measures.prerequisites.iter() {
            if !steps.iter().any(|step| step.item == rule.needs.value) {
                continue;
            }
            let rests = |step: &&mut Step| {
                step.item == rule.item.value && rule.level.is_none_or(|from| step.level.is_none_or(|to| to >= from))
            };
            if let Some(step) = steps.iter_mut().find(rests) {
                step.after.push((rule.needs.value.clone(), rule.because.clone()));
            }
        }
    }
    // What is to come of the work comes after it.
    let work: Vec<String> = steps
        .iter()
        .filter(|step| !step.result)
        .map(|step| step.item.clone())
        .collect();
    for step in steps.iter_mut().filter(|step| step.result) {
        let because = || "成效要靠前面的改进带出来".to_owned();
        step.after = work.iter().map(|item| (item.clone(), because())).collect();
    }
    // As often as there are steps: the longest chain is settled then. Circles are errors when the catalog loads.
    for _ in 0..=steps.len() {
        for index in 0..steps.len() {
            let before = steps[index].after.iter().filter_map(|(item, _)| {
                let needed = steps.iter().find(|step| step.item == *item)?;
                Some(needed.to_month)
            });
            let from = before.max().unwrap_or(0);
            let step = &mut steps[index];
            step.from_month = from;
            step.to_month = from + step.effort.lasts(step.serial).ceil() as u32;
            let phase = PHASES.iter().position(|(_, to)| step.to_month <= *to);
            step.phase = phase.unwrap_or(PHASES.len() - 1) + 1;
        }
    }
    let mut phases = Vec::new();
    for (index, (title, _)) in PHASES.into_iter().enumerate() {
        let inside = || steps.iter().filter(|step| step.phase == index + 1);
        if let (Some(from), Some(to)) = (
            inside().map(|step| step.from_month).min(),
            inside().map(|step| step.to_month).max(),
        ) {
            phases.push(Phase {
                number: index + 1,
                title,
                from,
                to,
                items: inside().map(|step| step.item.clone()).collect(),
            });
        }
    }
    phases
}
