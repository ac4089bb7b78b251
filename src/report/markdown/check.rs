//! Charts that are well-formed YAML but cannot be drawn.

mod plans;
mod values;

use super::super::chart::{Bars, Chart, Ladder, Levels, MOST_ROWS, MOST_SERIES, Radar, Stacked};

/// What is wrong with a chart, each as (found, expected).
pub(super) fn chart(chart: &Chart) -> Vec<(String, String)> {
    let mut faults = Faults::default();
    match chart {
        Chart::Radar(it) => faults.radar(it),
        Chart::Bars(it) => faults.bars(it),
        Chart::Levels(it) => faults.levels(it),
        Chart::Ladder(it) => faults.ladder(it),
        Chart::Stacked(it) => faults.stacked(it),
        Chart::Bullet(it) => faults.bullet(it),
        Chart::Waterfall(it) => faults.waterfall(it),
        Chart::Heat(it) => faults.heat(it),
        Chart::Matrix(it) => faults.matrix(it),
        Chart::Gantt(it) => faults.gantt(it),
        Chart::Sankey(it) => faults.sankey(it),
        Chart::Pair(it) => faults.pair(it),
    }
    faults.0
}

#[derive(Default)]
struct Faults(Vec<(String, String)>);

impl Faults {
    fn unless(&mut self, right: bool, found: impl Into<String>, expected: impl Into<String>) {
        if !right {
            self.0.push((found.into(), expected.into()));
        }
    }

    fn scale(&mut self, max: f64) {
        self.unless(max.is_finite() && max > 0.0, format!("max 为 {max}"), "大于 0 的数");
    }

    fn number(&mut self, place: &str, value: Option<f64>) {
        let value = value.unwrap_or_default();
        self.unless(
            value.is_finite() && value >= 0.0,
            format!("“{place}”的值为 {value}"),
            "不小于 0 的数，未测写 null",
        );
    }

    /// A count that must fit the page.
    fn count(&mut self, what: &str, count: usize, most: usize) {
        self.unless(
            (1..=most).contains(&count),
            format!("{what} 有 {count} 项"),
            format!("1 到 {most} 项，更多请分成几张图"),
        );
    }

    fn rows(&mut self, what: &str, count: usize) {
        self.count(what, count, MOST_ROWS);
    }

    fn radar(&mut self, it: &Radar) {
        self.scale(it.max);
        let axes = it.axes.len();
        self.unless((3..=16).contains(&axes), format!("axes 有 {axes} 项"), "3 到 16 项");
        let series = it.series.len();
        self.unless(
            (1..=MOST_SERIES).contains(&series),
            format!("series 有 {series} 条"),
            format!("1 到 {MOST_SERIES} 条，再多黑白打印分不清"),
        );
        for ring in &it.rings {
            self.unless(
                ring.is_finite() && *ring > 0.0 && *ring <= it.max,
                format!("rings 中有 {ring}"),
                format!("大于 0、不大于 max（{}）的数", it.max),
            );
        }
        for line in &it.series {
            let values = line.values.len();
            self.unless(
                values == axes,
                format!("“{}”有 {values} 个值", line.name),
                format!("与 axes 一样 {axes} 个"),
            );
            line.values.iter().for_each(|value| self.number(&line.name, *value));
        }
    }

    fn bars(&mut self, it: &Bars) {
        self.scale(it.max);
        self.unless(!it.bars.is_empty(), "bars 为空", "至少一条");
        for bar in &it.bars {
            self.number(&bar.label, bar.value);
            self.number(&bar.label, bar.full);
            bar.marks
                .iter()
                .for_each(|mark| self.number(&mark.label, Some(mark.value)));
        }
    }

    fn levels(&mut self, it: &Levels) {
        let levels = it.levels.len();
        self.unless(
            (1..=10).contains(&levels),
            format!("levels 有 {levels} 级"),
            "1 到 10 级",
        );
        self.unless(!it.rows.is_empty(), "rows 为空", "至少一行");
        for row in &it.rows {
            let highest = row.level.unwrap_or_default().max(row.target);
            self.unless(
                usize::from(highest) <= levels,
                format!("“{}”为 {highest} 级", row.label),
                format!("0 到 {levels}"),
            );
        }
    }

    fn ladder(&mut self, it: &Ladder) {
        self.scale(it.max);
        self.unless(!it.rungs.is_empty(), "rungs 为空", "至少一级");
        self.unless(
            it.rungs.is_sorted_by(|a, b| a.from <= b.from),
            "rungs 的 from 忽高忽低",
            "从低到高排列",
        );
        it.rungs
            .iter()
            .for_each(|rung| self.number(&rung.label, Some(rung.from)));
        self.number("本企业得分 value", it.value);
        if let Some(reached) = it.reached {
            let rungs = it.rungs.len();
            self.unless(
                reached < rungs,
                format!("reached 为 {reached}"),
                format!("小于 {rungs} 的序号（从 0 数起）"),
            );
        }
    }

    fn stacked(&mut self, it: &Stacked) {
        let parts = it.parts.len();
        self.unless(parts > 0, "parts 为空", "至少一项");
        self.unless(!it.rows.is_empty(), "rows 为空", "至少一行");
        for row in &it.rows {
            let values = row.values.len();
            self.unless(
                values == parts,
                format!("“{}”有 {values} 个值", row.label),
                format!("与 parts 一样 {parts} 个"),
            );
            row.values
                .iter()
                .for_each(|value| self.number(&row.label, Some(*value)));
        }
    }
}
