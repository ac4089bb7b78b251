//! Machines below the level that counts as saving energy, and what replacing them saves.

use serde::Serialize;

use crate::round::half_up;
use crate::scoring::layout::{Answers, RowCell, Rows};
use crate::scoring::plan::{Op, Plan, RowPlan};
use crate::scoring::scorecard::{RowResult, Scorecard};

/// A machine to replace.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Renewal {
    /// Standard.
    pub standard: String,
    /// Kind of machine: title of the list.
    pub list: String,
    /// Name.
    pub name: String,
    /// How many.
    pub count: f64,
    /// What it was judged, in words.
    pub now: String,
    /// Value now and the least for the level that counts, in words; empty where it is not known.
    pub need: String,
    /// Marks of the list of machines to be scrapped.
    pub flags: Vec<String>,
    /// Energy saved a year by the least that counts, kWh; `null` where load, hours or efficiency are not known, or where the
    /// formula is not that of a motor.
    pub saving_kwh: Option<f64>,
    /// The arithmetic, or what is missing for it.
    pub because: String,
}

/// Machines below the level from which on rows count, and those that are marked, the largest saving first.
pub fn renewals(plan: &Plan, card: &Scorecard, answers: &impl Answers) -> Vec<Renewal> {
    let mut all = Vec::new();
    for node in &plan.nodes {
        let Op::EachRow(rule) = &node.op else { continue };
        let Some((id, laid)) = plan.layout.items.get_index(rule.item) else {
            continue;
        };
        // Products have levels too, but are not machines that one replaces.
        let is_machine = laid.columns.iter().any(|column| column.id == "count");
        let (Rows::Given(rows), Some(results), true) = (answers.rows(rule.item), card.tables.get(id), is_machine)
        else {
            continue;
        };
        for (row, result) in rows.iter().zip(results) {
            let below = result
                .main_level
                .is_some_and(|level| level == 0 || level > rule.share.1);
            if below || !result.flags.is_empty() {
                let columns: Vec<&str> = laid.columns.iter().map(|column| column.id.as_str()).collect();
                all.push(renewal(plan, rule, &laid.title, &columns, row, result));
            }
        }
    }
    all.sort_by(|a, b| b.saving_kwh.unwrap_or(0.0).total_cmp(&a.saving_kwh.unwrap_or(0.0)));
    all
}

fn renewal(plan: &Plan, rule: &RowPlan, list: &str, columns: &[&str], row: &[RowCell], result: &RowResult) -> Renewal {
    let cell = |id: &str| {
        let at = columns.iter().position(|column| *column == id)?;
        match row.get(at) {
            Some(RowCell::Number(number)) => Some(*number),
            _ => None,
        }
    };
    let (judge, at_least) = rule.share;
    // Best first: the last of the levels that count is the least that is needed.
    let needed = result
        .thresholds
        .first()
        .and_then(|levels| levels.get(usize::from(at_least).saturating_sub(1)).copied().flatten());
    let value = result.values.first().copied().flatten();
    let unit = result.measures.first().map_or("", |(_, unit, _)| unit.as_str());
    let count = cell("count").unwrap_or(1.0);
    let number = |x: f64| crate::round::show(x, 4);
    let need = match (value, needed) {
        (Some(value), Some(needed)) => format!("{} → {} {unit}", number(value), number(needed))
            .trim_end()
            .to_owned(),
        _ => String::new(),
    };
    let motor = plan
        .layout
        .items
        .get_index(rule.item)
        .is_some_and(|(id, _)| id == "motors");
    let (saving, because) = match (cell("rated_kw"), cell("hours"), cell("load"), value, needed) {
        _ if !motor => (None, "节电量要现场测算".to_owned()),
        (Some(power), Some(hours), Some(load), Some(now), Some(then)) if now > 0.0 && then > now => {
            let saving = power * load / 100.0 * hours * count * (100.0 / now - 100.0 / then);
            let words = format!(
                "{} kW × 负载率 {}% × {} h × {} 台 ×（1/{}% − 1/{}%）",
                number(power),
                number(load),
                number(hours),
                number(count),
                number(now),
                number(then)
            );
            (Some(half_up(saving, 0)), words)
        }
        (_, hours, load, Some(_), Some(_)) => {
            let missing = [("年运行小时", hours), ("平均负载率", load)];
            let missing = missing
                .into_iter()
                .filter(|(_, value)| value.is_none())
                .map(|(name, _)| name);
            let missing: Vec<&str> = missing.collect();
            (
                None,
                if missing.is_empty() {
                    String::new()
                } else {
                    format!("填{}后可算节电量", missing.join("、"))
                },
            )
        }
        _ => (None, "没有效率或判定标准，算不出节电量".to_owned()),
    };
    let labels = plan.nodes.iter().find_map(|node| match &node.op {
        Op::EachRow(other) if other.item == rule.item => other.judges.get(judge),
        _ => None,
    });
    let now = labels
        .and_then(|judge| result.labels.get(&judge.id))
        .cloned()
        .unwrap_or_else(|| "未判定".to_owned());
    Renewal {
        standard: plan.standard.clone(),
        list: list.to_owned(),
        name: result.name.clone(),
        count,
        now,
        need,
        flags: result
            .flags
            .iter()
            .map(|flag| {
                let word = if flag.suspected { "疑似" } else { "" };
                format!("{word}{}", flag.title)
            })
            .collect(),
        saving_kwh: saving,
        because,
    }
}
