//! What was measured: machines and products by judgement and against their thresholds, energy by carrier.

use crate::diagnosis::StandardResult;
use crate::provenance::Confidence;
use crate::report::chart::{Bullet, BulletRow, Chart, ChartTone, Mark, Stacked, StackedPart, StackedRow};
use crate::report::view::rows::main_label;
use crate::round::{half_up, show};
use crate::scoring::scorecard::RowResult;
use crate::scoring::trace::TraceNode;

/// Rows of a bullet chart: more are read better in the table.
const MOST_PRODUCTS: usize = 12;

/// Machines or products by judgement, a bar a table.
pub(super) fn stacked(standard: &StandardResult) -> Option<(Chart, String)> {
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
    Some((chart, words.join("；")))
}

/// Shares of a whole in per cent with one decimal that add up to 100: each bar is a whole of its own, since kilowatts, kVA and
/// tons an hour share no scale. What rounding leaves goes to the largest.
fn percentages(values: &[f64]) -> Vec<f64> {
    let total: f64 = values.iter().sum();
    if total <= 0.0 {
        return vec![0.0; values.len()];
    }
    let mut shares: Vec<f64> = values.iter().map(|v| half_up(v / total * 100.0, 1)).collect();
    let rest = 100.0 - shares.iter().sum::<f64>();
    if let Some(largest) = shares.iter_mut().max_by(|a, b| a.total_cmp(b)) {
        *largest = half_up(*largest + rest, 1);
    }
    shares
}

/// Products against their thresholds, with words and caption: rows of one measure whose unit stands in the table.
pub(super) fn bullet(standard: &StandardResult) -> Option<(Chart, String, String)> {
    let all: Vec<&RowResult> = standard.card.tables.values().flatten().collect();
    let row = |row: &&RowResult| {
        let ([(_, _, better)], [value], [thresholds]) = (
            row.measures.as_slice(),
            row.values.as_slice(),
            row.thresholds.as_slice(),
        ) else {
            return None;
        };
        let unit = row.table.get("unit")?.as_str()?;
        let band = |(name, limit): (&String, &Option<f64>)| {
            Some(Mark {
                label: name.clone(),
                value: (*limit)?,
            })
        };
        let bands: Vec<Mark> = row.limits.iter().zip(thresholds).filter_map(band).collect();
        // A scale begins at 0: a converter that gives back more energy than it takes is read from the table.
        let drawn = bands
            .iter()
            .map(|band| band.value)
            .chain(*value)
            .all(|value| value >= 0.0);
        (drawn && !bands.is_empty()).then(|| BulletRow {
            label: row.name.clone(),
            unit: unit.to_owned(),
            value: *value,
            target: None,
            bands,
            better: *better,
            max: None,
        })
    };
    let known = |row: &&&RowResult| row.thresholds.iter().flatten().any(Option::is_some);
    let judged = all.iter().filter(known).count();
    let drawn = all.iter().filter_map(|known| Some((*known, row(known)?)));
    let (sources, rows): (Vec<&RowResult>, Vec<BulletRow>) = drawn.take(MOST_PRODUCTS).unzip();
    if rows.is_empty() {
        return None;
    }
    let mut caption = String::from("实际值与分档（每行一把尺子）");
    if sources.iter().any(|row| row.confidence == Confidence::Unverified) {
        caption += "；分档有未核实的，见下表";
    }
    if rows.len() < judged {
        caption += &format!("；另有 {} 行没有画，见下表", judged - rows.len());
    }
    let words: Vec<String> = rows
        .iter()
        .map(|row| {
            let value = row
                .value
                .map_or("未测".to_owned(), |value| format!("{} {}", show(value, 4), row.unit));
            format!("{} {value}", row.label)
        })
        .collect();
    Some((Chart::Bullet(Bullet { rows }), words.join("；"), caption))
}

/// Totals of quantities by what they are made of, as shares: `energy` of `energy-electricity`, `energy-fuels` …. Parts of the
/// same ending have the same pattern in every bar.
pub(super) fn carriers(standard: &StandardResult) -> Option<(Chart, String)> {
    const TONES: [ChartTone; 5] = [
        ChartTone::Neutral,
        ChartTone::Info,
        ChartTone::Warn,
        ChartTone::Good,
        ChartTone::Bad,
    ];
    let mut parts: Vec<(&str, &str)> = Vec::new();
    let mut totals: Vec<(&TraceNode, Vec<(&str, f64)>)> = Vec::new();
    for total in standard.card.trace.walk() {
        let of = |child: &'_ TraceNode| child.value.filter(|value| *value > 0.0 && child.unit == total.unit);
        let mut shares = Vec::new();
        for child in &total.children {
            let ending = child.id.strip_prefix(&total.id).and_then(|rest| rest.strip_prefix('-'));
            let (Some(ending), Some(value)) = (ending, of(child)) else {
                continue;
            };
            if !parts.iter().any(|(known, _)| *known == ending) {
                parts.push((ending, &child.title));
            }
            shares.push((ending, value));
        }
        let sum: f64 = shares.iter().map(|(_, value)| value).sum();
        if shares.len() >= 2
            && total
                .value
                .is_some_and(|value| (value - sum).abs() < 1e-3 * value.abs())
        {
            totals.push((total, shares));
        }
    }
    if totals.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    let mut words = Vec::new();
    for (total, shares) in &totals {
        let share = |(ending, _): &(&str, &str)| {
            shares
                .iter()
                .find(|(known, _)| known == ending)
                .map_or(0.0, |(_, value)| *value)
        };
        let values: Vec<f64> = parts.iter().map(share).collect();
        let label = format!(
            "{}（{} {}）",
            total.title,
            show(total.value.unwrap_or(0.0), 2),
            total.unit
        );
        let named = parts.iter().zip(&values).filter(|(_, value)| **value > 0.0);
        let named: Vec<String> = named
            .map(|((_, title), value)| format!("{title} {}", show(*value, 2)))
            .collect();
        words.push(format!("{label}：{}", named.join("，")));
        rows.push(StackedRow {
            label,
            values: percentages(&values),
        });
    }
    let chart = Stacked {
        unit: "%".into(),
        parts: parts
            .iter()
            .enumerate()
            .map(|(index, (_, title))| StackedPart {
                name: (*title).to_owned(),
                tone: TONES[index % TONES.len()],
            })
            .collect(),
        rows,
    };
    Some((Chart::Stacked(chart), words.join("；")))
}
