//! Charts of what was measured.

use super::Faults;
use crate::report::chart::{Bullet, Heat, MOST_COLUMNS, MOST_NODES, Pair, Sankey, Waterfall, amount};
use crate::source::suggest::nearest;

impl Faults {
    pub(super) fn bullet(&mut self, it: &Bullet) {
        self.rows("rows", it.rows.len());
        for row in &it.rows {
            for value in [row.value, row.target] {
                self.number(&row.label, value);
            }
            if let Some(max) = row.max {
                self.scale(max);
            }
            row.bands
                .iter()
                .for_each(|band| self.number(&band.label, Some(band.value)));
        }
    }

    pub(super) fn waterfall(&mut self, it: &Waterfall) {
        self.rows("losses", it.losses.len());
        for mark in [Some(&it.start), Some(&it.end), it.target.as_ref()]
            .into_iter()
            .flatten()
        {
            self.number(&mark.label, Some(mark.value));
        }
        it.losses.iter().for_each(|loss| self.number(&loss.label, loss.value));
        let lost: Option<f64> = it.losses.iter().map(|loss| loss.value).sum();
        if let Some(lost) = lost {
            let left = it.start.value - lost;
            self.unless(
                (left - it.end.value).abs() < 0.01,
                format!("从 {} 减去各项失分得 {}", it.start.value, amount(left, "")),
                format!("与“{}”的 {} 相同", it.end.label, it.end.value),
            );
        }
    }

    pub(super) fn heat(&mut self, it: &Heat) {
        self.rows("rows", it.rows.len());
        let columns = it.columns.len();
        self.count("columns", columns, MOST_COLUMNS);
        for word in it.rows.iter().flat_map(|row| &row.blanks).chain([&it.blank]) {
            self.unless(
                word.chars().count() <= Heat::BLANK_CHARS,
                format!("空格的说明“{word}”有 {} 个字", word.chars().count()),
                format!("不多于 {} 个字", Heat::BLANK_CHARS),
            );
        }
        for row in &it.rows {
            let cells = row.cells.len();
            self.unless(
                cells == columns,
                format!("“{}”有 {cells} 格", row.label),
                format!("与 columns 一样 {columns} 格"),
            );
            self.unless(
                row.blanks.len() <= columns,
                format!("“{}”的 blanks 有 {} 个", row.label, row.blanks.len()),
                format!("不多于 columns 的 {columns} 个"),
            );
            for value in row.cells.iter().flatten() {
                self.unless(
                    (0.0..=1.0).contains(value),
                    format!("“{}”的值为 {value}", row.label),
                    "0 到 1 的数，未测写 null",
                );
            }
        }
    }

    pub(super) fn pair(&mut self, it: &Pair) {
        self.scale(it.max);
        self.rows("rows", it.rows.len());
        for row in &it.rows {
            for value in [row.before, row.after] {
                self.number(&row.label, value);
                let value = value.unwrap_or_default();
                self.unless(
                    value.is_nan() || it.max.is_nan() || value <= it.max,
                    format!("“{}”的值为 {value}", row.label),
                    format!("不大于 max（{}）的数", it.max),
                );
            }
        }
    }

    pub(super) fn sankey(&mut self, it: &Sankey) {
        self.count("sources", it.sources.len(), MOST_NODES);
        self.count("uses", it.uses.len(), MOST_NODES);
        for (what, names) in [("sources", &it.sources), ("uses", &it.uses)] {
            for (index, name) in names.iter().enumerate() {
                self.unless(
                    !names[..index].contains(name),
                    format!("{what} 中“{name}”写了两次"),
                    "各不相同的名称",
                );
            }
        }
        self.unless(!it.flows.is_empty(), "flows 为空", "至少一条");
        for flow in &it.flows {
            for (what, name, names) in [("from", &flow.from, &it.sources), ("to", &flow.to, &it.uses)] {
                let near = nearest(name, names.iter().map(String::as_str));
                self.unless(
                    names.contains(name),
                    format!("flows 的 {what} 为“{name}”"),
                    match near {
                        Some(near) => format!("{}（是不是“{near}”？）", names.join("、")),
                        None => names.join("、"),
                    },
                );
            }
            self.number(&format!("{} → {}", flow.from, flow.to), flow.value);
        }
    }
}
