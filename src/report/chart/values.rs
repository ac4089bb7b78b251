//! Charts of what was measured: against thresholds, against full points, against another date, by item, by flow.

use serde::{Deserialize, Serialize};

use super::{Mark, amount, difference};
use crate::scoring::rulebook::Better;

/// Actual values against thresholds; each row has a scale and a unit of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bullet {
    /// The rows, top to bottom; at most [`MOST_ROWS`](super::MOST_ROWS).
    pub rows: Vec<BulletRow>,
}

/// One measured value and what it is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulletRow {
    /// Its name.
    pub label: String,
    /// Unit behind its values.
    #[serde(default)]
    pub unit: String,
    /// The actual value; `None` is not measured.
    pub value: Option<f64>,
    /// What the enterprise aims at.
    #[serde(default)]
    pub target: Option<f64>,
    /// Thresholds in any order, e.g. 基准 and 引领.
    #[serde(default)]
    pub bands: Vec<Mark>,
    /// Which way is better.
    #[serde(default = "higher")]
    pub better: Better,
    /// Right end of the scale; left out, it is made to fit.
    #[serde(default)]
    pub max: Option<f64>,
}

fn higher() -> Better {
    Better::Higher
}

impl BulletRow {
    /// Thresholds from the easiest to the hardest.
    pub fn steps(&self) -> Vec<&Mark> {
        let mut steps: Vec<&Mark> = self.bands.iter().filter(|band| band.value.is_finite()).collect();
        steps.sort_by(|a, b| match self.better {
            Better::Higher => a.value.total_cmp(&b.value),
            Better::Lower => b.value.total_cmp(&a.value),
        });
        steps
    }

    /// `越高越好` or `越低越好`.
    pub fn direction(&self) -> &'static str {
        match self.better {
            Better::Higher => "越高越好",
            Better::Lower => "越低越好",
        }
    }

    /// How the value stands: a few words, and what is missing to the next threshold and the target.
    pub fn state(&self) -> (String, String) {
        let Some(value) = self.value.filter(|value| value.is_finite()) else {
            return ("未测".to_owned(), String::new());
        };
        let meets = |limit: f64| match self.better {
            Better::Higher => value >= limit,
            Better::Lower => value <= limit,
        };
        let gap = |limit: f64| difference((value - limit).abs(), &self.unit);
        let steps = self.steps();
        let met = steps.iter().take_while(|step| meets(step.value)).count();
        let short = match (met.checked_sub(1).and_then(|last| steps.get(last)), steps.first()) {
            (Some(step), _) => format!("已达{}", step.label),
            (None, Some(first)) => format!("未达{}", first.label),
            (None, None) => String::new(),
        };
        let mut rest = Vec::new();
        if let Some(next) = steps.get(met) {
            rest.push(format!("距{}还差 {}", next.label, gap(next.value)));
        }
        if let Some(target) = self.target.filter(|target| target.is_finite()) {
            rest.push(if meets(target) {
                "已达目标".to_owned()
            } else {
                format!("距目标还差 {}", gap(target))
            });
        }
        (short, rest.join("，"))
    }
}

/// From full points down by what each part lost to the score, and on to a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waterfall {
    /// Unit behind the values.
    #[serde(default)]
    pub unit: String,
    /// Where it starts, e.g. 满分 100.
    pub start: Mark,
    /// What was lost, in the order drawn; at most [`MOST_ROWS`](super::MOST_ROWS).
    pub losses: Vec<Loss>,
    /// Where it ends, e.g. 得分 58.4.
    pub end: Mark,
    /// What is aimed at.
    #[serde(default)]
    pub target: Option<Mark>,
}

/// What one part lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// Its name.
    pub label: String,
    /// Points lost; `None` is not measured.
    pub value: Option<f64>,
}

impl Waterfall {
    /// What lies between the end and the target, in words.
    pub fn to_target(&self) -> Option<String> {
        let target = self.target.as_ref()?;
        let gap = target.value - self.end.value;
        let size = amount(gap.abs(), &self.unit);
        Some(match gap {
            _ if size == amount(0.0, &self.unit) => format!("正好到{}", target.label),
            gap if gap > 0.0 => format!("距{}还差 {size}", target.label),
            _ => format!("超过{} {size}", target.label),
        })
    }
}

/// A heat map: items × levels or standards, each cell a share from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heat {
    /// Column heads; at most [`MOST_COLUMNS`](super::MOST_COLUMNS).
    pub columns: Vec<String>,
    /// The rows; at most [`MOST_ROWS`](super::MOST_ROWS).
    pub rows: Vec<HeatRow>,
    /// What a cell tells, e.g. 得分率.
    #[serde(default)]
    pub value: String,
    /// What a cell without a value means, at most [`Heat::BLANK_CHARS`] characters; left out, 未测.
    #[serde(default)]
    pub blank: String,
}

impl Heat {
    /// Most characters of a word for a cell without a value.
    pub const BLANK_CHARS: usize = 3;

    /// The word for a cell without a value.
    pub fn blank<'a>(&'a self, row: &'a HeatRow, column: usize) -> &'a str {
        let own = row.blanks.get(column).map_or("", String::as_str);
        [own, &self.blank]
            .into_iter()
            .find(|word| !word.is_empty())
            .unwrap_or("未测")
    }

    /// All words for cells without a value, each once, in the order in which they come.
    pub fn blanks(&self) -> Vec<&str> {
        let mut words = Vec::new();
        for row in &self.rows {
            for (column, cell) in row.cells.iter().enumerate() {
                let word = self.blank(row, column);
                if cell.is_none_or(|value| !value.is_finite()) && !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        words
    }
}

/// One row of a heat map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeatRow {
    /// Its name.
    pub label: String,
    /// One share a column; `None` is not measured.
    pub cells: Vec<Option<f64>>,
    /// One word a column for cells without a value, where not all of them mean the same; empty for the chart's word.
    #[serde(default)]
    pub blanks: Vec<String>,
}

/// Two values a row: before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What the first value is, e.g. `2024 年`.
    pub before: String,
    /// What the second one is.
    pub after: String,
    /// Right end of the scale.
    pub max: f64,
    /// Unit behind the values.
    #[serde(default)]
    pub unit: String,
    /// The rows; at most [`MOST_ROWS`](super::MOST_ROWS).
    pub rows: Vec<PairRow>,
}

/// One value at two dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairRow {
    /// Its name.
    pub label: String,
    /// Earlier; `None` is not measured.
    pub before: Option<f64>,
    /// Later; `None` is not measured.
    pub after: Option<f64>,
    /// Which way is better.
    #[serde(default = "higher")]
    pub better: Better,
}

impl Pair {
    /// What became of a row, in words.
    pub fn change(&self, row: &PairRow) -> String {
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let (before, after) = match (finite(row.before), finite(row.after)) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(_)) => return format!("{}未测", self.before),
            (Some(_), None) => return format!("{}未测", self.after),
            (None, None) => return "两次都未测".to_owned(),
        };
        let size = difference((after - before).abs(), &self.unit);
        if size == difference(0.0, &self.unit) {
            return "没有变化".to_owned();
        }
        let better = (after > before) == (row.better == Better::Higher);
        let verb = if after > before { "提高" } else { "降低" };
        format!("{verb} {size}，{}", if better { "变好" } else { "变差" })
    }
}

/// Where something comes from and where it goes, as bands as wide as the amounts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sankey {
    /// Unit of the amounts, e.g. `tce`.
    #[serde(default)]
    pub unit: String,
    /// Heads of the two sides, e.g. `[能源, 用途]`.
    #[serde(default = "sides")]
    pub sides: [String; 2],
    /// Names on the left, top to bottom; at most [`MOST_NODES`](super::MOST_NODES).
    pub sources: Vec<String>,
    /// Names on the right; at most [`MOST_NODES`](super::MOST_NODES).
    pub uses: Vec<String>,
    /// The bands.
    pub flows: Vec<Flow>,
}

fn sides() -> [String; 2] {
    ["来源", "去向"].map(str::to_owned)
}

/// One band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// A source.
    pub from: String,
    /// A use.
    pub to: String,
    /// How much; `None` is not measured.
    pub value: Option<f64>,
}

impl Sankey {
    /// How much each source gives and each use takes.
    pub fn totals(&self) -> (Vec<f64>, Vec<f64>) {
        let sum = |of: &dyn Fn(&Flow) -> bool| -> f64 {
            let flows = self.flows.iter().filter(|flow| of(flow));
            flows.map(Flow::amount).sum()
        };
        let sources = self.sources.iter().map(|name| sum(&|flow| flow.from == *name));
        let uses = self.uses.iter().map(|name| sum(&|flow| flow.to == *name));
        (sources.collect(), uses.collect())
    }
}

impl Flow {
    /// The amount, 0 where there is none to draw.
    pub fn amount(&self) -> f64 {
        self.value
            .filter(|value| value.is_finite() && *value > 0.0)
            .unwrap_or(0.0)
    }
}
