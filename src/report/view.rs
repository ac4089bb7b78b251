//! The diagnosis as a template sees it: the same data, with sentences, charts and display text made ready.

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::json;

use super::chart::{
    Bar, Bars, Chart, ChartTone, Ladder, LevelRow, Levels, Radar, RadarSeries, Rung, Stacked, StackedPart, StackedRow,
};
use crate::advice::gaps::grade_in_words;
use crate::diagnosis::{Diagnosis, Mode, StandardResult};
use crate::provenance::Confidence;
use crate::round::show;
use crate::scoring::eval::Status;
use crate::scoring::rulebook::{Better, VetoEffect};
use crate::scoring::scorecard::{RowResult, VetoState, numeral};
use crate::scoring::trace::TraceNode;

/// The context of a report template: `d` is the diagnosis, `standards` what is made ready for each standard, `words`
/// fixed sentences.
pub fn context(diagnosis: &Diagnosis) -> Value {
    let standards: Vec<StandardView> = diagnosis
        .standards
        .iter()
        .map(|s| StandardView::new(s, diagnosis))
        .collect();
    let worst = diagnosis
        .standards
        .iter()
        .map(|s| s.card.confidence)
        .max()
        .unwrap_or_default();
    let context = json!({
        "d": diagnosis,
        "standards": standards,
        "report_no": report_number(diagnosis),
        "verified": diagnosis.mode == Mode::Verified,
        "confidence": confidence(worst),
        "fingerprint": diagnosis.catalog.get(..12),
    });
    Value::from(Serde(context))
}

/// `QZ-20261120-00000K`: date and the end of the enterprise's code; the same assessment has the same number.
fn report_number(diagnosis: &Diagnosis) -> String {
    let tail = diagnosis
        .enterprise
        .uscc
        .as_deref()
        .and_then(|code| code.get(12..))
        .unwrap_or("自评");
    format!("QZ-{}-{tail}", diagnosis.date.replace('-', ""))
}

fn confidence(confidence: Confidence) -> serde_json::Value {
    let tone = match confidence {
        Confidence::Official => "good",
        Confidence::Secondary => "info",
        Confidence::Unverified => "warn",
    };
    json!({ "label": confidence.label(), "meaning": confidence.meaning(), "tone": tone })
}

/// One standard, ready to print.
#[derive(Serialize)]
struct StandardView {
    id: String,
    title: String,
    short: String,
    domain: &'static str,
    badge: BadgeView,
    score: String,
    full: String,
    grade: String,
    headline: String,
    sentences: Vec<String>,
    next: Option<NextView>,
    vetoes: Vec<serde_json::Value>,
    charts: Charts,
    groups: Vec<NodeView>,
    leaves: Vec<NodeView>,
    tables: Vec<TableView>,
    confidence: serde_json::Value,
    coverage: String,
    gaps: usize,
}

#[derive(Serialize)]
struct BadgeView {
    label: String,
    value: String,
    note: String,
    tone: &'static str,
}

#[derive(Serialize)]
struct NextView {
    name: String,
    conditions: Vec<serde_json::Value>,
    short: String,
}

#[derive(Serialize, Default)]
struct Charts {
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

#[derive(Serialize)]
struct NodeView {
    id: String,
    title: String,
    depth: usize,
    status: String,
    score: String,
    full: String,
    percent: String,
    because: String,
    clause: String,
    note: String,
    confidence: &'static str,
    unverified: bool,
    group: bool,
}

/// The judged rows of one table item.
#[derive(Serialize)]
struct TableView {
    title: String,
    share: String,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    name: String,
    given: String,
    label: String,
    tone: &'static str,
    limits: String,
    note: String,
    unverified: bool,
}

impl StandardView {
    fn new(standard: &StandardResult, diagnosis: &Diagnosis) -> Self {
        let card = &standard.card;
        // As many decimals as grades are decided on: a score never looks as if it had reached what it has not.
        let score = card.score.map_or("—".to_owned(), |s| show(s, 3));
        let full = show(card.full, 2);
        let grade = card
            .grade
            .as_ref()
            .map_or(String::new(), |g| grade_in_words(g.level, &g.name));
        let next = next(standard);
        let nodes = card.trace.walk();
        let coverage = &card.coverage;
        StandardView {
            id: card.id.clone(),
            title: standard.title.clone(),
            short: standard.short.clone(),
            domain: standard.domain.label(),
            badge: badge(standard, &score, &full),
            headline: headline(standard, &score, &full, &grade),
            sentences: sentences(standard, next.as_ref()),
            next,
            vetoes: vetoes(standard),
            charts: charts(standard),
            groups: nodes
                .iter()
                .filter(|n| n.depth <= 2 && counted(n))
                .map(|n| node_view(n))
                .collect(),
            leaves: nodes
                .iter()
                .filter(|n| n.status != Status::LeftOut)
                .map(|n| node_view(n))
                .collect(),
            tables: tables(standard, &diagnosis.date),
            confidence: confidence(card.confidence),
            coverage: format!(
                "应答 {} 题，已答 {} 题{}{}",
                coverage.items,
                coverage.answered,
                counted_words("，未答", coverage.missing.len()),
                counted_words("，不适用", coverage.not_applicable.len()),
            ),
            gaps: diagnosis.gaps.iter().filter(|g| g.standard == card.id).count(),
            score,
            full,
            grade,
        }
    }
}

fn counted(node: &TraceNode) -> bool {
    node.full > 0.0 && node.status != Status::LeftOut
}

fn counted_words(lead: &str, count: usize) -> String {
    if count == 0 {
        String::new()
    } else {
        format!("{lead} {count} 题")
    }
}

fn grade_tone(level: u8) -> &'static str {
    match level {
        0 => "warn",
        1 => "info",
        _ => "good",
    }
}

fn badge(standard: &StandardResult, score: &str, full: &str) -> BadgeView {
    let card = &standard.card;
    let percent = full == "100" && is_share(&card.trace);
    let points = match (card.score, percent) {
        (None, _) => "未评分".to_owned(),
        (Some(_), true) => format!("{score}%"),
        (Some(_), false) => format!("{score} / {full} 分"),
    };
    let (value, note, tone) = match (&card.grade, card.eligible) {
        (Some(g), _) if g.level > 0 => (
            format!("{}级", numeral(g.level)),
            format!("{} · {points}", g.name),
            grade_tone(g.level),
        ),
        (Some(g), _) => (g.name.clone(), points, grade_tone(g.level)),
        (None, Some(false)) => ("暂不具备申报条件".into(), points, "bad"),
        (None, _) => (
            points,
            String::new(),
            if card.score.is_some() { "info" } else { "neutral" },
        ),
    };
    BadgeView {
        label: standard.short.clone(),
        value,
        note,
        tone,
    }
}

/// One sentence that answers "and what did we get".
fn headline(standard: &StandardResult, score: &str, full: &str, grade: &str) -> String {
    let card = &standard.card;
    if card.score.is_none() {
        return match card.trace.status {
            Status::NoBenchmark => "已填的内容没有可用的判定依据，没有评分。".into(),
            _ => "还没有可以评分的答案。".into(),
        };
    }
    if is_share(&card.trace) {
        return card.trace.because.clone() + "。";
    }
    match &card.grade {
        Some(g) if g.level == 0 => format!("得 {score} 分（满分 {full}），{grade}。"),
        Some(_) => format!("得 {score} 分（满分 {full}），达到{grade}。"),
        None => format!("指标得分 {score} 分（满分 {full}）。"),
    }
}

fn sentences(standard: &StandardResult, next: Option<&NextView>) -> Vec<String> {
    let card = &standard.card;
    let mut out = Vec::new();
    match card.eligible {
        Some(true) => out.push("否决项和基本要求全部满足。".into()),
        Some(false) => {
            let failed: Vec<&str> = card
                .vetoes
                .iter()
                .filter(|v| v.state == VetoState::Failed)
                .map(|v| v.title.as_str())
                .collect();
            out.push(format!(
                "有 {} 项否决项或基本要求不满足（{}），结论为：暂不具备申报条件。",
                failed.len(),
                failed.join("、")
            ));
        }
        None if !card.vetoes.is_empty() => {
            let open = card.vetoes.iter().filter(|v| v.state == VetoState::Unknown).count();
            out.push(format!(
                "还有 {open} 项否决项或基本要求没有回答，是否具备申报条件暂不能下结论。"
            ));
        }
        None => {}
    }
    if let Some(next) = next {
        out.push(format!("离{}还差：{}。", next.name, next.short));
    } else if card
        .grade
        .as_ref()
        .is_some_and(|g| card.rungs.last().is_some_and(|r| r.level == g.level))
    {
        out.push("已经是最高一级。".into());
    }
    if let Some(pass) = &card.pass {
        match (pass.mark, pass.reached) {
            (Some(mark), Some(true)) => out.push(format!("达到设定的合格线 {} 分。", show(mark, 2))),
            (Some(mark), _) => out.push(format!("没有达到设定的合格线 {} 分。", show(mark, 2))),
            (None, _) => out.push(format!("没有设合格线：{}。", pass.note.trim_end_matches('。'))),
        }
    }
    if let (Some((low, high)), Some(_)) = (card.bounds, card.score)
        && high - low > 1e-9
    {
        out.push(format!(
            "还有未答或缺少对标值的内容，按 0 分计；补齐后得分在 {} 与 {} 之间。",
            show(low, 2),
            show(high, 2)
        ));
    }
    out
}

fn next(standard: &StandardResult) -> Option<NextView> {
    let card = &standard.card;
    let current = card.grade.as_ref()?.level;
    let rung = card.rungs.iter().find(|rung| rung.level > current)?;
    let conditions = rung
        .conditions
        .iter()
        .map(|c| json!({"text": c.text, "have": show(c.have, 3), "need": show(c.need, 3), "met": c.met}))
        .collect();
    let short: Vec<&str> = rung
        .conditions
        .iter()
        .filter(|c| !c.met)
        .map(|c| c.short.as_str())
        .collect();
    Some(NextView {
        name: grade_in_words(rung.level, &rung.name),
        conditions,
        short: short.join("；"),
    })
}

fn vetoes(standard: &StandardResult) -> Vec<serde_json::Value> {
    standard
        .card
        .vetoes
        .iter()
        .map(|veto| {
            let (word, tone) = match veto.state {
                VetoState::Holds => ("满足", "good"),
                VetoState::Failed => ("不满足", "bad"),
                VetoState::Unknown => ("未答", "warn"),
                VetoState::NotApplicable => ("不适用", "neutral"),
            };
            let effect = match veto.effect {
                VetoEffect::Disqualify => "不具备申报条件".to_owned(),
                VetoEffect::Cap(level) => format!("最高定{}级", numeral(level)),
            };
            json!({
                "title": veto.title, "word": word, "tone": tone, "effect": effect, "clause": veto.clause,
                "say": if veto.state == VetoState::Failed { veto.fix.as_str() } else { "" },
            })
        })
        .collect()
}

fn node_view(node: &TraceNode) -> NodeView {
    let status = match node.status {
        Status::Scored => "",
        Status::Missing => "未答",
        Status::NotApplicable => "不适用",
        Status::NoBenchmark => "未计分",
        Status::LeftOut => "不计",
    };
    NodeView {
        id: node.id.clone(),
        title: node.title.clone(),
        depth: node.depth,
        status: status.to_owned(),
        score: node.score.map_or(
            if status.is_empty() {
                "—".into()
            } else {
                status.to_owned()
            },
            |s| show(s, 3),
        ),
        full: if node.full > 0.0 {
            show(node.full, 3)
        } else {
            "—".into()
        },
        percent: node.ratio.map_or("—".into(), |r| format!("{}%", show(r * 100.0, 1))),
        because: node.because.clone(),
        clause: node.clause.clone(),
        note: node.note.clone(),
        confidence: node.confidence.label(),
        unverified: node.confidence == Confidence::Unverified,
        group: !node.is_leaf(),
    }
}

/// A chart with its words, as a directive payload.
fn payload(chart: &Chart, caption: &str, alt: String) -> Option<serde_json::Value> {
    let mut value = match chart {
        Chart::Radar(c) => serde_json::to_value(c),
        Chart::Bars(c) => serde_json::to_value(c),
        Chart::Levels(c) => serde_json::to_value(c),
        Chart::Ladder(c) => serde_json::to_value(c),
        Chart::Stacked(c) => serde_json::to_value(c),
    }
    .ok()?;
    value["caption"] = caption.into();
    value["alt"] = alt.into();
    Some(value)
}

fn charts(standard: &StandardResult) -> Charts {
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
        .filter(|n| n.is_leaf() && n.applicable > 0.0 && n.full > 0.0)
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
        let unit = table.first().map_or("", |r| r.weight_unit.as_str());
        let label = if unit.is_empty() {
            title.to_owned()
        } else {
            format!("{title}（{unit}）")
        };
        words.push(format!(
            "{label}：{}",
            labels
                .iter()
                .zip(&values)
                .map(|(l, v)| format!("{l} {}", show(*v, 2)))
                .collect::<Vec<_>>()
                .join("，")
        ));
        rows.push(StackedRow { label, values });
    }
    if rows.is_empty() {
        return None;
    }
    let chart = Chart::Stacked(Stacked {
        unit: String::new(),
        parts,
        rows,
    });
    payload(&chart, "按判定结果分的构成（按功率、容量或产能加权）", words.join("；"))
}

fn main_label(row: &RowResult) -> String {
    row.labels.values().next().cloned().unwrap_or_default()
}

fn tables(standard: &StandardResult, date: &str) -> Vec<TableView> {
    standard
        .card
        .tables
        .iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(item, rows)| {
            let title = standard
                .answers
                .iter()
                .find(|a| a.id == *item)
                .map_or(item.as_str(), |a| a.title.as_str());
            let share = standard
                .card
                .trace
                .walk()
                .into_iter()
                .find(|n| n.items.contains(item))
                .map(|n| n.because.clone());
            TableView {
                title: title.to_owned(),
                share: share.unwrap_or_default(),
                rows: rows.iter().map(|row| row_view(row, date)).collect(),
            }
        })
        .collect()
}

/// `额定效率 93.9%，要求 ≥ 96.1 / 95.2 / 93.9`, one measure a sentence.
fn limits(row: &RowResult) -> String {
    let mut sentences = Vec::new();
    for ((value, thresholds), (title, unit, better)) in row.values.iter().zip(&row.thresholds).zip(&row.measures) {
        let title = if title.is_empty() { "实际" } else { title };
        let unit = if unit.is_empty() || unit == "%" {
            unit.clone()
        } else {
            format!(" {unit}")
        };
        let value = value.map_or("未填".into(), |v| show(v, 4) + &unit);
        let sign = if *better == Better::Higher { "≥" } else { "≤" };
        if thresholds.iter().all(Option::is_none) {
            sentences.push(format!("{title} {value}"));
        } else {
            let levels: Vec<String> = thresholds
                .iter()
                .map(|t| t.map_or("—".into(), |t| show(t, 4)))
                .collect();
            sentences.push(format!("{title} {value}，分档 {sign} {}", levels.join(" / ")));
        }
    }
    sentences.join("；")
}

fn row_view(row: &RowResult, date: &str) -> RowView {
    let given: Vec<String> = row
        .given
        .iter()
        .filter(|(_, v)| **v != row.name)
        .map(|(title, value)| format!("{title} {value}"))
        .collect();
    let tone = match row.main_level {
        Some(0) => "bad",
        Some(1) => "good",
        Some(2) => "info",
        Some(_) => "warn",
        None => "neutral",
    };
    let limits = limits(row);
    let mut notes: Vec<String> = Vec::new();
    if !row.reason.is_empty() {
        notes.push(row.reason.clone());
    }
    notes.extend(
        row.labels
            .values()
            .skip(1)
            .filter(|l| *l != "未判定")
            .map(|l| format!("能耗限额：{l}")),
    );
    for flag in &row.flags {
        let sure = if flag.suspected { "疑似命中" } else { "命中" };
        notes.push(format!("{sure}淘汰目录：{}。{}", flag.title, flag.say));
    }
    let deadline = row.table.get("deadline").and_then(|v| v.as_str());
    if let Some(deadline) = deadline.filter(|_| row.main_level != Some(1)) {
        let over = if deadline < date { "，已过" } else { "" };
        notes.push(format!("改造或退出期限 {deadline}{over}"));
    }
    RowView {
        name: row.name.clone(),
        given: given.join("，"),
        label: main_label(row),
        tone,
        limits,
        note: notes.join("；"),
        unverified: row.confidence == Confidence::Unverified,
    }
}

/// Whether a result is a share of judged rows rather than points.
fn is_share(root: &TraceNode) -> bool {
    root.walk()
        .into_iter()
        .filter(|n| n.is_leaf())
        .all(|n| n.method == "each_row")
}
