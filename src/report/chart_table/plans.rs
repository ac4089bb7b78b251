//! What is planned, as tables.

use super::build;
use crate::report::chart::{Gantt, Matrix, MatrixAxis, Quarter, amount};
use crate::report::document::Table;

pub(super) fn matrix(chart: &Matrix) -> Table {
    let known =
        |value: Option<f64>, axis: &MatrixAxis| value.map_or("未估计".to_owned(), |value| amount(value, &axis.unit));
    let head = vec![
        "序号".to_owned(),
        "项目".to_owned(),
        chart.effort.label.clone(),
        chart.gain.label.clone(),
        "怎么排".to_owned(),
    ];
    let rows = chart.points.iter().enumerate().map(|(index, point)| {
        vec![
            (index + 1).to_string(),
            point.label.clone(),
            known(point.effort, &chart.effort),
            known(point.gain, &chart.gain),
            chart.quarter(point).map_or("", Quarter::label).to_owned(),
        ]
    });
    build(head, rows.collect())
}

pub(super) fn gantt(chart: &Gantt) -> Table {
    let mut head = ["阶段", "任务", "时间", "须先完成"].map(str::to_owned).to_vec();
    let rows = chart.phases.iter().flat_map(|phase| {
        phase.tasks.iter().map(|task| {
            let before = task
                .after
                .iter()
                .filter_map(|id| chart.task(id))
                .map(|task| task.label.as_str());
            let name = if task.milestone() {
                format!("{}（里程碑）", task.label)
            } else {
                task.label.clone()
            };
            vec![
                phase.label.clone(),
                name,
                chart.when(task),
                before.collect::<Vec<_>>().join("、"),
            ]
        })
    });
    let mut rows: Vec<Vec<String>> = rows.collect();
    // Nothing waits for anything: no empty column.
    if rows.iter().all(|row| row.last().is_none_or(String::is_empty)) {
        head.pop();
        for row in &mut rows {
            row.pop();
        }
    }
    build(head, rows)
}
