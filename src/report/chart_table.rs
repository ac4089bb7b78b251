//! A chart as a table: the text alternative of every figure, and what remains of it where nothing can be drawn.

mod plans;
mod values;

use super::chart::{Bar, Chart, Mark, amount};
use super::document::{Align, Column, Inline, Row, Table};
use crate::round::show;

/// The numbers of `chart`, without caption.
pub(crate) fn table(chart: &Chart) -> Table {
    match chart {
        Chart::Radar(it) => {
            let head = std::iter::once("维度".to_owned()).chain(it.series.iter().map(|series| series.name.clone()));
            let rows = it.axes.iter().enumerate().map(|(index, axis)| {
                let values = it
                    .series
                    .iter()
                    .map(|series| measured(series.values.get(index).copied().flatten(), &it.unit));
                std::iter::once(axis.clone()).chain(values).collect()
            });
            build(head.collect(), rows.collect())
        }
        Chart::Bars(it) => {
            let full = it.bars.iter().any(|bar| bar.full.is_some());
            let marks = it.bars.iter().any(|bar| !bar.marks.is_empty());
            let mut head = vec!["项目".to_owned(), "数值".to_owned()];
            head.extend(full.then(|| "满值".to_owned()));
            head.extend(marks.then(|| "参考线".to_owned()));
            let row = |bar: &Bar| {
                let value = if bar.note.is_empty() {
                    measured(bar.value, &it.unit)
                } else {
                    bar.note.clone()
                };
                let mut row = vec![bar.label.clone(), value];
                row.extend(full.then(|| bar.full.map_or_else(String::new, |full| amount(full, &it.unit))));
                row.extend(marks.then(|| references(&bar.marks, &it.unit)));
                row
            };
            build(head, it.bars.iter().map(row).collect())
        }
        Chart::Levels(it) => {
            let name = |level: u8| match level.checked_sub(1) {
                None => "未达到".to_owned(),
                Some(index) => it
                    .levels
                    .get(usize::from(index))
                    .cloned()
                    .unwrap_or_else(|| level.to_string()),
            };
            let targets = it.rows.iter().any(|row| row.target > 0);
            let mut head = vec!["项目".to_owned(), "达到".to_owned()];
            head.extend(targets.then(|| "目标".to_owned()));
            let rows = it.rows.iter().map(|row| {
                let mut cells = vec![row.label.clone(), row.level.map_or_else(|| "未测".to_owned(), name)];
                cells.extend(targets.then(|| {
                    if row.target > 0 {
                        name(row.target)
                    } else {
                        String::new()
                    }
                }));
                cells
            });
            build(head, rows.collect())
        }
        Chart::Ladder(it) => {
            let head = ["等级", "起点分", "本企业"].map(str::to_owned).to_vec();
            let mut rows: Vec<Vec<String>> = it
                .rungs
                .iter()
                .enumerate()
                .map(|(index, rung)| {
                    let here = if it.reached == Some(index) { "达到" } else { "" };
                    vec![rung.label.clone(), show(rung.from, 2), here.to_owned()]
                })
                .collect();
            rows.push(vec!["本企业得分".to_owned(), String::new(), measured(it.value, "")]);
            if let Some((words, _)) = it.distance() {
                rows.push(vec![words]);
            }
            build(head, rows)
        }
        Chart::Stacked(it) => {
            let head = std::iter::once("项目".to_owned())
                .chain(it.parts.iter().map(|part| part.name.clone()))
                .chain(std::iter::once("合计".to_owned()));
            let rows = it.rows.iter().map(|row| {
                let total = amount(row.values.iter().sum(), &it.unit);
                let values = row.values.iter().map(|value| amount(*value, &it.unit));
                std::iter::once(row.label.clone())
                    .chain(values)
                    .chain(std::iter::once(total))
                    .collect()
            });
            build(head.collect(), rows.collect())
        }
        Chart::Bullet(it) => values::bullet(it),
        Chart::Waterfall(it) => values::waterfall(it),
        Chart::Heat(it) => values::heat(it),
        Chart::Pair(it) => values::pair(it),
        Chart::Sankey(it) => values::sankey(it),
        Chart::Matrix(it) => plans::matrix(it),
        Chart::Gantt(it) => plans::gantt(it),
    }
}

fn references(marks: &[Mark], unit: &str) -> String {
    marks
        .iter()
        .map(|mark| format!("{} {}", mark.label, amount(mark.value, unit)))
        .collect::<Vec<_>>()
        .join("，")
}

fn measured(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| "未测".to_owned(), |value| amount(value, unit))
}

fn build(head: Vec<String>, rows: Vec<Vec<String>>) -> Table {
    let text = |text: String| {
        if text.is_empty() {
            Vec::new()
        } else {
            vec![Inline::Text(text)]
        }
    };
    let column = |index| Column {
        align: if index == 0 { Align::Left } else { Align::Right },
        weight: None,
    };
    Table {
        caption: String::new(),
        columns: (0..head.len()).map(column).collect(),
        head: head.into_iter().map(text).collect(),
        rows: rows
            .into_iter()
            .map(|cells| Row {
                cells: cells.into_iter().map(text).collect(),
                group: false,
            })
            .collect(),
    }
}
