//! Steps in phases: each when it can be done, none before what it rests on.

use super::Context;
use super::result::{Phase, Step};

/// The phases of a diagnosis: title, month after which it begins, month in which it ends. The borders are this tool's own,
/// chosen as consultants' reports usually have them.
const PHASES: [(&str, u32, u32); 3] = [("近期", 0, 6), ("中期", 6, 18), ("远期", 18, 36)];

/// Gives every step its phase and what comes before it, and lists the phases that are used.
pub(super) fn phases(context: &Context, steps: &mut [Step]) -> Vec<Phase> {
    if let Some(measures) = context.measures {
        for rule in measures.prerequisites.iter() {
            if !steps.iter().any(|step| step.item == rule.needs.value) {
                continue;
            }
            if let Some(step) = steps.iter_mut().find(|step| step.item == rule.item.value) {
                step.after.push((rule.needs.value.clone(), rule.because.clone()));
            }
        }
    }
    for step in steps.iter_mut() {
        step.phase = usize::from(step.effort.time).clamp(1, PHASES.len());
    }
    // As often as there are steps: the longest chain is settled then. Circles are errors when the catalog loads.
    for _ in 0..steps.len() {
        for index in 0..steps.len() {
            let before = steps[index].after.iter().filter_map(|(item, _)| {
                let needed = steps.iter().find(|step| step.item == *item)?;
                Some(needed.phase)
            });
            let earliest = before.max().unwrap_or(1);
            steps[index].phase = steps[index].phase.max(earliest);
        }
    }
    let mut phases = Vec::new();
    for (index, (title, from, to)) in PHASES.into_iter().enumerate() {
        let inside = steps.iter().filter(|step| step.phase == index + 1);
        let items: Vec<String> = inside.map(|step| step.item.clone()).collect();
        if !items.is_empty() {
            phases.push(Phase {
                number: index + 1,
                title,
                from,
                to,
                items,
            });
        }
    }
    phases
}
