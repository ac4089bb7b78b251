//! Judged machines and products as table rows.

use serde::Serialize;

use crate::diagnosis::StandardResult;
use crate::provenance::Confidence;
use crate::round::show;
use crate::scoring::rulebook::Better;
use crate::scoring::scorecard::RowResult;

/// The judged rows of one table item.
#[derive(Serialize)]
pub(super) struct TableView {
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

/// The judged tables of a standard, empty ones left out.
pub(super) fn tables(standard: &StandardResult, date: &str) -> Vec<TableView> {
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
        notes.push(format!(
            "{sure}淘汰目录：{}。{}",
            flag.title,
            flag.say.trim_end_matches('。')
        ));
    }
    let deadline = row.table.get("deadline").and_then(|v| v.as_str());
    if let Some(deadline) = deadline.filter(|_| row.main_level != Some(1)) {
        let over = if deadline < date { "，已过" } else { "" };
        // The time limit is for what is below the baseline; what lies between is encouraged, not forced.
        notes.push(if row.main_level == Some(0) {
            format!("改造或退出期限 {deadline}{over}")
        } else {
            "在标杆与基准之间，鼓励向标杆改造；改造或退出的期限只针对低于基准的".to_owned()
        });
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

/// The main judgement in words.
pub(super) fn main_label(row: &RowResult) -> String {
    row.labels.values().next().cloned().unwrap_or_default()
}
