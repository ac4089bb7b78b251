//! What was measured, as tables.

use super::{build, measured, references};
use crate::report::chart::{Bullet, Heat, Pair, Sankey, Waterfall, amount};
use crate::report::document::Table;

pub(super) fn bullet(chart: &Bullet) -> Table {
    let head = ["项目", "实际值", "目标", "分界", "方向", "结果"]
        .map(str::to_owned)
        .to_vec();
    let rows = chart.rows.iter().map(|row| {
        let known = |value: Option<f64>, none: &str| value.map_or(none.to_owned(), |value| amount(value, &row.unit));
        let (short, rest) = row.state();
        let state: Vec<String> = [short, rest].into_iter().filter(|text| !text.is_empty()).collect();
        vec![
            row.label.clone(),
            known(row.value, "未测"),
            known(row.target, ""),
            references(&row.bands, &row.unit),
            row.direction().to_owned(),
            state.join("，"),
        ]
    });
    build(head, rows.collect())
}

pub(super) fn waterfall(chart: &Waterfall) -> Table {
    let unit = &chart.unit;
    let mut rows = vec![vec![chart.start.label.clone(), amount(chart.start.value, unit)]];
    rows.extend(chart.losses.iter().map(|loss| {
        let value = match loss.value {
            Some(0.0) => amount(0.0, unit),
            Some(value) => format!("−{}", amount(value, unit)),
            None => "未测".to_owned(),
        };
        vec![loss.label.clone(), value]
    }));
    rows.push(vec![chart.end.label.clone(), amount(chart.end.value, unit)]);
    if let (Some(target), Some(words)) = (&chart.target, chart.to_target()) {
        rows.push(vec![target.label.clone(), amount(target.value, unit)]);
        rows.push(vec![words]);
    }
    build(["项目", "数值"].map(str::to_owned).to_vec(), rows)
}

pub(super) fn heat(chart: &Heat) -> Table {
    let head = std::iter::once("项目".to_owned()).chain(chart.columns.iter().cloned());
    let rows = chart.rows.iter().map(|row| {
        let cell = |(column, value): (usize, &Option<f64>)| match value {
            Some(value) => measured(Some(crate::round::half_up(value * 100.0, 1)), "%"),
            None => chart.blank(row, column).to_owned(),
        };
        std::iter::once(row.label.clone())
            .chain(row.cells.iter().enumerate().map(cell))
            .collect()
    });
    build(head.collect(), rows.collect())
}

pub(super) fn pair(chart: &Pair) -> Table {
    let head = vec![
        "项目".to_owned(),
        chart.before.clone(),
        chart.after.clone(),
        "变化".to_owned(),
    ];
    let known = |value: Option<f64>| value.map_or("未测".to_owned(), |value| amount(value, &chart.unit));
    let rows = chart.rows.iter().map(|row| {
        vec![
            row.label.clone(),
            known(row.before),
            known(row.after),
            chart.change(row),
        ]
    });
    build(head, rows.collect())
}

pub(super) fn sankey(chart: &Sankey) -> Table {
    let head = vec![chart.sides[0].clone(), chart.sides[1].clone(), "数量".to_owned()];
    let known = |value: Option<f64>| value.map_or("未测".to_owned(), |value| amount(value, &chart.unit));
    let rows = chart
        .flows
        .iter()
        .map(|flow| vec![flow.from.clone(), flow.to.clone(), known(flow.value)]);
    build(head, rows.collect())
}
