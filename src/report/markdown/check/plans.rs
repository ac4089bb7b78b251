//! Charts of what is planned.

use super::Faults;
use crate::report::chart::{Gantt, MOST_MONTHS, Matrix, MatrixAxis};
use crate::source::suggest::nearest;

impl Faults {
    pub(super) fn matrix(&mut self, it: &Matrix) {
        self.axis("effort", &it.effort);
        self.axis("gain", &it.gain);
        self.rows("points", it.points.len());
        for point in &it.points {
            for (value, axis) in [(point.effort, &it.effort), (point.gain, &it.gain)] {
                self.number(&point.label, value);
                let value = value.unwrap_or_default();
                self.unless(
                    value.is_nan() || axis.max.is_nan() || value <= axis.max,
                    format!("“{}”的{}为 {value}", point.label, axis.label),
                    format!("不大于 max（{}）的数", axis.max),
                );
            }
        }
    }

    fn axis(&mut self, what: &str, axis: &MatrixAxis) {
        self.scale(axis.max);
        let split = axis.middle();
        self.unless(
            !axis.max.is_finite() || (split > 0.0 && split < axis.max),
            format!("{what} 的 split 为 {split}"),
            format!("大于 0、小于 max（{}）的数", axis.max),
        );
    }

    pub(super) fn gantt(&mut self, it: &Gantt) {
        let heads = it.phases.iter().filter(|phase| !phase.label.is_empty()).count();
        let tasks = it.tasks().count();
        self.unless(tasks > 0, "没有任务", "至少一项");
        self.rows("任务和阶段合计", (tasks + heads).max(1));
        if let Some(start) = &it.start {
            self.unless(
                it.calendar().is_some(),
                format!("start 为“{start}”"),
                "`2027-01` 这样的年月",
            );
        }
        for task in it.tasks() {
            let months = task.months.unwrap_or_default();
            let right = task.from.is_finite() && task.from >= 1.0 && months.is_finite() && months >= 0.0;
            self.unless(
                right,
                format!("“{}”的 from 为 {}、months 为 {months}", task.label, task.from),
                "from 从 1 数起，months 不小于 0，未定写 null",
            );
            let end = task.span().1;
            self.unless(
                !right || end <= MOST_MONTHS as f64,
                format!("“{}”到第 {end} 个月才结束", task.label),
                format!("不超过 {MOST_MONTHS} 个月"),
            );
            let known = it
                .tasks()
                .filter(|other| !other.id.is_empty() && other.id == task.id)
                .count();
            self.unless(known <= 1, format!("id“{}”有 {known} 个", task.id), "各不相同的 id");
            for id in &task.after {
                let Some(before) = it.task(id) else {
                    let ids = it.tasks().map(|task| task.id.as_str()).filter(|id| !id.is_empty());
                    let near = nearest(id, ids).map(|near| format!("（是不是“{near}”？）"));
                    self.unless(
                        false,
                        format!("“{}”的 after 为“{id}”", task.label),
                        format!("另一项任务的 id{}", near.unwrap_or_default()),
                    );
                    continue;
                };
                // Time only goes forward, which also rules out circles.
                self.unless(
                    task.span().0 >= before.span().1 - 1e-9 && !std::ptr::eq(task, before),
                    format!("“{}”在“{}”做完之前开始", task.label, before.label),
                    format!(
                        "from 不早于 {}",
                        before.span().1 + if task.milestone() { 0.0 } else { 1.0 }
                    ),
                );
            }
        }
    }
}
