//! Which charts a standard gets, and what goes into them.

use serde::Serialize;

use super::rows::main_label;
use super::{counted, is_share};
use crate::diagnosis::StandardResult;
use crate::report::chart::{
    Bar, Bars, Chart, ChartTone, Ladder, LevelRow, Levels, Radar, RadarSeries, Rung, Stacked, StackedPart, StackedRow,
};
use crate::round::show;
use crate::scoring::scorecard::numeral;
use crate::scoring::trace::TraceNode;

/// Charts as directive payloads; a standard has those that suit it.
#[derive(Serialize, Default)]
pub(super) struct Charts {
    #[serde(skip_serializing_if = "Option::is_none")]
    radar: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bars: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    levels: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ladder: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stacked: Option<serde_json::Value>,
}

/// A chart with its words, as a directive payload.
fn payload(chart: &Chart, caption: &str, alt: String) -> Option<serde_json::Value> {
    // A chart is written as its name and what is in it.
    let named = serde_json::to_value(chart).ok()?;
    let mut value = named.as_object()?.values().next()?.clone();
    value["caption"] = caption.into();
    value["alt"] = alt.into();
    Some(value)
}

/// The charts that suit a standard.
pub(super) fn charts(standard: &StandardResult) -> Charts {
    let card = &standard.card;
    let dimensions = dimensions(&card.trace);
    let mut charts = Charts::default();
    if is_share(&card.trace) {
        charts.stacked = stacked(standard);
        return charts;
    }
    if dimensions.len() >= 3 {
        let words: Vec<String> = dimensions
            .iter()
            .map(|n| {
                format!(
                    "{} {}",
                    n.title,
                    n.ratio.map_or("未测".into(), |r| format!("{}%", show(r * 100.0, 1)))
                )
            })
            .collect();
        let radar = Chart::Radar(Radar {
            axes: dimensions.iter().map(|n| n.title.clone()).collect(),
            max: 100.0,
            rings: vec![20.0, 40.0, 60.0, 80.0, 100.0],
            series: vec![RadarSeries {
                name: "得分率".into(),
                values: dimensions
                    .iter()
                    .map(|n| n.ratio.map(|r| crate::round::half_up(r * 100.0, 1)))
                    .collect(),
            }],
            unit: "%".into(),
        });
        charts.radar = payload(&radar, &format!("{}各方面得分率", standard.short), words.join("，"));
    }
    let leaves: Vec<&TraceNode> = card
        .trace
        .walk()
        .into_iter()
        .filter(|n| n.is_leaf() && n.applicable > 0.0 && n.full > 0.0 && n.worth > 0.0)
        .collect();
    if !leaves.is_empty() {
        let max = leaves.iter().map(|n| n.full).fold(0.0, f64::max);
        let bars = Chart::Bars(Bars {
            max,
            unit: "分".into(),
            bars: leaves
                .iter()
                .map(|n| Bar {
                    label: n.title.clone(),
                    value: n.score,
                    full: Some(n.full),
                    marks: Vec::new(),
                    note: n
                        .score
                        .map_or(String::new(), |s| format!("{} / {}", show(s, 3), show(n.full, 3))),
                    tone: match n.ratio {
                        Some(r) if r >= 0.8 => ChartTone::Good,
                        Some(r) if r >= 0.4 => ChartTone::Neutral,
                        _ => ChartTone::Warn,
                    },
                })
                .collect(),
        });
        let words: Vec<String> = leaves
            .iter()
            .map(|n| {
                format!(
                    "{} {}/{}",
                    n.title,
                    n.score.map_or("未测".into(), |s| show(s, 3)),
                    show(n.full, 3)
                )
            })
            .collect();
        charts.bars = payload(&bars, "各项得分（浅色为满分）", words.join("，"));
    }
    if !card.levels.is_empty() {
        let top = card.levels.iter().map(|l| l.top).max().unwrap_or(0);
        let current = card.grade.as_ref().map_or(0, |g| g.level);
        let target = card.rungs.iter().find(|r| r.level > current).map_or(0, |r| r.level);
        let levels = Chart::Levels(Levels {
            levels: (1..=top).map(|l| format!("{}级", numeral(l))).collect(),
            rows: card
                .levels
                .iter()
                .map(|l| LevelRow {
                    label: format!(
                        "{}{}",
                        if l.sets.iter().any(|s| s == "binding") {
                            "★"
                        } else {
                            ""
                        },
                        l.title
                    ),
                    level: l.level,
                    target: if l.level.is_some_and(|have| have < target) {
                        target
                    } else {
                        0
                    },
                })
                .collect(),
        });
        let words: Vec<String> = card
            .levels
            .iter()
            .map(|l| format!("{} {}", l.title, l.level.map_or("未答".into(), |n| format!("{n} 级"))))
            .collect();
        charts.levels = payload(
            &levels,
            "各场景达到的等级（★ 为约束性场景，虚线框为下一等级要看的级别）",
            words.join("，"),
        );
    }
    let rungs: Vec<(String, f64)> = card
        .rungs
        .iter()
        .filter_map(|rung| {
            let from = rung.conditions.iter().find(|c| c.kind == "score")?.need;
            Some((format!("{}级 {}", numeral(rung.level), rung.name), from))
        })
        .collect();
    if rungs.len() >= 2 {
        let level = card.grade.as_ref().map_or(0, |g| g.level);
        let reached = card.rungs.iter().position(|r| r.level == level);
        let ladder = Chart::Ladder(Ladder {
            max: card.full,
            rungs: rungs.into_iter().map(|(label, from)| Rung { label, from }).collect(),
            value: card.score,
            reached,
        });
        let alt = format!(
            "得分 {}，{}",
            show(card.score.unwrap_or_default(), 2),
            card.grade.as_ref().map_or("", |g| &g.name)
        );
        charts.ladder = payload(&ladder, "得分在等级阶梯上的位置（定级还要看场景条件）", alt);
    }
    charts
}

/// The finest layer of the tree that is whole (its full points are the root's) and still fits a radar: 3 to 12 nodes.
fn dimensions(root: &TraceNode) -> Vec<&TraceNode> {
    let all = root.walk();
    let deepest = all.iter().map(|n| n.depth).max().unwrap_or(0);
    let layer = |depth: usize| -> Vec<&TraceNode> {
        all.iter()
            .copied()
            .filter(|n| n.depth == depth && counted(n) && n.applicable > 0.0)
            .collect()
    };
    let whole = |layer: &[&TraceNode]| {
        let sum: f64 = layer.iter().map(|n| n.applicable).sum();
        (sum - root.applicable).abs() < 1e-6
    };
    (1..=deepest)
        .rev()
        .map(layer)
        .find(|layer| (3..=12).contains(&layer.len()) && whole(layer))
        .unwrap_or_default()
}

fn stacked(standard: &StandardResult) -> Option<serde_json::Value> {
    let mut labels: Vec<String> = Vec::new();
    for row in standard.card.tables.values().flatten() {
        let label = main_label(row);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    // Best first; "not judged" last.
    let order = |label: &String| {
        let row = standard
            .card
            .tables
            .values()
            .flatten()
            .find(|row| main_label(row) == *label);
        match row.and_then(|row| row.main_level) {
            Some(0) => 90,
            Some(level) => level,
            None => 99,
        }
    };
    labels.sort_by_key(order);
    let parts: Vec<StackedPart> = labels
        .iter()
        .map(|label| StackedPart {
            name: label.clone(),
            tone: match order(label) {
                1 => ChartTone::Good,
                2 => ChartTone::Info,
                90 => ChartTone::Bad,
                99 => ChartTone::Neutral,
                _ => ChartTone::Warn,
            },
        })
        .collect();
    let mut rows = Vec::new();
    let mut words = Vec::new();
    for (item, table) in standard.card.tables.iter().filter(|(_, rows)| !rows.is_empty()) {
        let title = standard
            .answers
            .iter()
            .find(|a| a.id == *item)
            .map_or(item.as_str(), |a| a.title.as_str());
        let values: Vec<f64> = labels
            .iter()
            .map(|label| {
                table
                    .iter()
                    .filter(|r| main_label(r) == *label)
                    .filter_map(|r| r.weight)
                    .sum()
            })
            .collect();
        let total: f64 = values.iter().sum();
        let unit = table
            .first()
            .map_or("", |r| r.weight_unit.as_str())
            .trim_start_matches('（')
            .trim_end_matches('）');
        let label = format!("{title}（{} {unit}）", show(total, 2)).replace(" ）", "）");
        let words_of: Vec<String> = labels
            .iter()
            .zip(&values)
            .map(|(l, v)| format!("{l} {}", show(*v, 2)))
            .collect();
        words.push(format!("{label}：{}", words_of.join("，")));
        rows.push(StackedRow {
            label,
            values: percentages(&values),
        });
    }
    if rows.is_empty() {
        return None;
    }
    let chart = Chart::Stacked(Stacked {
        unit: "%".into(),
        parts,
        rows,
    });
    payload(&chart, "按判定结果分的构成（按功率、容量或产能加权）", words.join("；"))
}

/// Shares of a whole in per cent with one decimal that add up to 100: each bar is a whole of its own, since kilowatts, kVA and
/// tons an hour share no scale. What rounding leaves goes to the largest.
fn percentages(values: &[f64]) -> Vec<f64> {
    let total: f64 = values.iter().sum();
    if total <= 0.0 {
        return vec![0.0; values.len()];
    }
    let mut shares: Vec<f64> = values
        .iter()
        .map(|v| crate::round::half_up(v / total * 100.0, 1))
        .collect();
    let rest = 100.0 - shares.iter().sum::<f64>();
    if let Some(largest) = shares.iter_mut().max_by(|a, b| a.total_cmp(b)) {
        *largest = crate::round::half_up(*largest + rest, 1);
    }
    shares
}
