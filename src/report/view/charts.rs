//! Which charts a standard gets, and what goes into them.

mod lost;
mod measured;

use serde::Serialize;

use super::{counted, is_share};
use crate::diagnosis::StandardResult;
use crate::report::chart::{Bar, Bars, Chart, ChartTone, Ladder, LevelRow, Levels, Radar, RadarSeries, Rung};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    bullet: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waterfall: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heat: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carriers: Option<serde_json::Value>,
}

/// A chart with its words, as a directive payload.
pub(super) fn payload(chart: &Chart, caption: &str, alt: String) -> Option<serde_json::Value> {
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
    let made =
        |made: Option<(Chart, String)>, caption: &str| made.and_then(|(chart, words)| payload(&chart, caption, words));
    charts.bullet = measured::bullet(standard).and_then(|(chart, words, caption)| payload(&chart, &caption, words));
    if is_share(&card.trace) {
        charts.stacked = made(
            measured::stacked(standard),
            "按判定结果分的构成（按功率、容量或产能加权）",
        );
        return charts;
    }
    charts.waterfall = made(lost::waterfall(standard), "从满分到得分，分数失在哪里");
    charts.heat = made(lost::heat(standard), "各子域在各等级要求上的满足程度");
    charts.carriers = made(measured::carriers(standard), "按能源品种分的构成");
    let series = series(standard, &dimensions);
    // One line alone says no more than the points lost; levels are no directions.
    let told = series.len() < 2 && charts.waterfall.is_some() || charts.heat.is_some();
    if dimensions.len() >= 3 && !told {
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
            series,
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

/// What the enterprise said, what was verified, and the score of the next grade where every part had the same share of it.
fn series(standard: &StandardResult, dimensions: &[&TraceNode]) -> Vec<RadarSeries> {
    let card = &standard.card;
    let percent = |ratio: f64| crate::round::half_up(ratio * 100.0, 1);
    let now: Vec<Option<f64>> = dimensions.iter().map(|node| node.ratio.map(percent)).collect();
    let mut series = Vec::new();
    let said = standard.self_reported.as_ref().map(|own| {
        let ratio = |node: &&TraceNode| own.ratios.get(&node.id).copied().map(percent);
        dimensions.iter().map(ratio).collect::<Vec<_>>()
    });
    match said.filter(|said| *said != now) {
        Some(said) => {
            let line = |name: &str, values| RadarSeries {
                name: name.into(),
                values,
            };
            series.extend([line("核验", now), line("自评", said)]);
        }
        None => series.push(RadarSeries {
            name: "得分率".into(),
            values: now,
        }),
    }
    let level = card.grade.as_ref().map_or(0, |grade| grade.level);
    let next = card.rungs.iter().find(|rung| rung.level > level);
    let needed = next.and_then(|rung| {
        let condition = rung.conditions.iter().find(|condition| condition.kind == "score")?;
        let open = card.score.is_some_and(|score| score < condition.need) && card.full > 0.0;
        open.then(|| (rung, percent(condition.need / card.full)))
    });
    if let Some((rung, value)) = needed {
        series.push(RadarSeries {
            name: format!("{}分数线（各方面相同时）", rung.name),
            values: vec![Some(value); dimensions.len()],
        });
    }
    series
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
