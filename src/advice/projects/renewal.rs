//! Machines below the level that counts as saving energy, and what replacing them saves.

use serde::Serialize;

use crate::round::{half_up, show};
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
    /// Energy saved a year by the least that counts, kWh; `null` where load, hours or efficiency are not known, or where no
    /// formula holds without measuring on site.
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
    let count = cell("count").unwrap_or(1.0);
    // Best first: the last of the levels that count is the least that is needed.
    let place = usize::from(at_least).saturating_sub(1);
    let measured: Vec<(f64, f64)> = result
        .values
        .iter()
        .zip(&result.thresholds)
        .map_while(|(value, levels)| Some(((*value)?, levels.get(place).copied().flatten()?)))
        .collect();
    let whole = measured.len() == result.values.len();
    let need: Vec<String> = measured
        .iter()
        .zip(&result.measures)
        .map(|((now, then), (title, unit, _))| {
            let title = if measured.len() > 1 { title.as_str() } else { "" };
            format!("{title} {} → {} {unit}", show(*now, 4), show(*then, 4))
        })
        .map(|words| words.trim().to_owned())
        .collect();
    let list_id = plan.layout.items.get_index(rule.item).map_or("", |(id, _)| id.as_str());
    let use_of = Use {
        hours: cell("hours"),
        load: cell("load"),
        count,
    };
    let (saving, because) = match (list_id, measured.as_slice()) {
        _ if !whole || measured.is_empty() => (None, "没有效率或判定标准，算不出节电量".to_owned()),
        ("motors", [efficiency]) => use_of.motor(cell("rated_kw"), *efficiency),
        ("transformers", [no_load, load]) => use_of.transformer(*no_load, *load),
        ("compressors", [specific]) => use_of.compressor(cell("rated_kw"), *specific),
        _ => (None, "节电量要现场测算".to_owned()),
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
        need: need.join("；"),
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

/// How a machine is used.
struct Use {
    /// Hours a year.
    hours: Option<f64>,
    /// Mean load, %.
    load: Option<f64>,
    /// How many.
    count: f64,
}

/// Hours of a year, in which an energised transformer loses without load.
const YEAR: f64 = 8760.0;

/// What is saved, and the arithmetic or what is missing for it.
type Saving = (Option<f64>, String);

impl Use {
    /// Shaft power × hours × (1/η − 1/η′).
    fn motor(&self, rated_kw: Option<f64>, (now, then): (f64, f64)) -> Saving {
        let (Some(power), Some(hours), Some(load)) = (rated_kw, self.hours, self.load) else {
            return self.lacking();
        };
        let saving = power * load / 100.0 * hours * self.count * (100.0 / now - 100.0 / then);
        let words = format!(
            "{} kW × 负载率 {}% × {} h × {} 台 ×（1/{}% − 1/{}%）",
            show(power, 4),
            show(load, 4),
            show(hours, 4),
            show(self.count, 4),
            show(now, 4),
            show(then, 4)
        );
        positive(saving, words)
    }

    /// Losses without load all the year, losses under load by the square of the load; in W.
    fn transformer(&self, (p0, p0_then): (f64, f64), (pk, pk_then): (f64, f64)) -> Saving {
        let (Some(hours), Some(load)) = (self.hours, self.load) else {
            return self.lacking();
        };
        let share = load / 100.0;
        // A loss that is low already is not made up for by the other.
        let (idle, under) = ((p0 - p0_then).max(0.0), (pk - pk_then).max(0.0));
        let saving = (YEAR * idle + hours * share * share * under) / 1000.0 * self.count;
        let words = format!(
            "（8760 h × 空载损耗差 {} W + {} h × 负载率 {}%² × 负载损耗差 {} W）÷ 1000 × {} 台",
            show(idle, 4),
            show(hours, 4),
            show(load, 4),
            show(under, 4),
            show(self.count, 4)
        );
        positive(saving, words)
    }

    /// Air × hours × (specific power − specific power′). The air is not measured: the power of the motor over the specific
    /// power stands for it, which makes it an estimate.
    fn compressor(&self, rated_kw: Option<f64>, (now, then): (f64, f64)) -> Saving {
        let (Some(power), Some(hours), Some(load)) = (rated_kw, self.hours, self.load) else {
            return self.lacking();
        };
        let saving = power * load / 100.0 * hours * self.count * (1.0 - then / now);
        let words = format!(
            "估算：{} kW × 负载率 {}% × {} h × {} 台 ×（1 − {}/{}），用驱动电机功率代替实测输入功率",
            show(power, 4),
            show(load, 4),
            show(hours, 4),
            show(self.count, 4),
            show(then, 4),
            show(now, 4)
        );
        positive(saving, words)
    }

    fn lacking(&self) -> Saving {
        let missing = [("年运行小时", self.hours), ("平均负载率", self.load)];
        let missing = missing.into_iter().filter(|(_, value)| value.is_none());
        let names: Vec<&str> = missing.map(|(name, _)| name).collect();
        (None, format!("填{}后可算节电量", names.join("、")))
    }
}

fn positive(saving: f64, words: String) -> Saving {
    if saving > 0.0 && saving.is_finite() {
        (Some(half_up(saving, 0)), words)
    } else {
        (None, "按铭牌已达 2 级的数，没有可算的节电量".to_owned())
    }
}
