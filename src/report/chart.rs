//! Charts as data; `draw.rs` turns one into shapes that PDF and SVG both understand.

mod plans;
mod values;

use serde::{Deserialize, Serialize};

use crate::round::show;
pub use plans::{Gantt, Matrix, MatrixAxis, MatrixPoint, Phase, Quarter, Task};
pub use values::{Bullet, BulletRow, Flow, Heat, HeatRow, Loss, Pair, PairRow, Sankey, Waterfall};

/// Most rows, points or tasks of a chart: what fits a page at a size that can be read.
pub const MOST_ROWS: usize = 40;
/// Most columns of a heat map.
pub const MOST_COLUMNS: usize = 12;
/// Most sources and most uses of a flow.
pub const MOST_NODES: usize = 8;
/// Most months of a roadmap.
pub const MOST_MONTHS: usize = 60;
/// Most lines of a radar: as many as there are pens that black and white tells apart.
pub const MOST_SERIES: usize = 4;

/// What to draw. All values are plain numbers in the unit that the chart names; `None` is "not measured" and is drawn as
/// a gap with the word 未测, never as zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Chart {
    /// Ratios around a circle, three axes or more.
    Radar(Radar),
    /// Horizontal bars with optional threshold marks.
    Bars(Bars),
    /// Rows × levels, filled up to the level reached.
    Levels(Levels),
    /// The rungs of a grade and where this enterprise stands.
    Ladder(Ladder),
    /// Horizontal bars that are split into shares (tiers of equipment, say).
    Stacked(Stacked),
    /// Values against thresholds.
    Bullet(Bullet),
    /// Where points were lost.
    Waterfall(Waterfall),
    /// Items × levels or standards, shaded by share.
    Heat(Heat),
    /// Effort × gain.
    Matrix(Matrix),
    /// A roadmap.
    Gantt(Gantt),
    /// Flows from sources to uses.
    Sankey(Sankey),
    /// Before and after.
    Pair(Pair),
}

/// A radar chart, 0 to `max` from the centre outward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Radar {
    /// Axis labels, clockwise from the top; 3 to 16.
    pub axes: Vec<String>,
    /// Outermost value, e.g. 100.
    pub max: f64,
    /// Rings drawn and labelled, e.g. `[20, 40, 60, 80, 100]`.
    pub rings: Vec<f64>,
    /// At most [`MOST_SERIES`]: solid and filled, dashed, dotted, dash-dotted, each with a marker of its own.
    pub series: Vec<RadarSeries>,
    /// Unit behind the ring labels, e.g. `%`.
    #[serde(default)]
    pub unit: String,
}

/// One line of a radar chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadarSeries {
    /// Legend.
    pub name: String,
    /// One value an axis.
    pub values: Vec<Option<f64>>,
}

/// Horizontal bars, one a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bars {
    /// Right end of the scale.
    pub max: f64,
    /// Unit behind the values.
    #[serde(default)]
    pub unit: String,
    /// The bars, top to bottom.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// Its value; `None` is not measured.
    pub value: Option<f64>,
    /// Full value of this bar where it differs from the scale: drawn as a pale bar behind.
    #[serde(default)]
    pub full: Option<f64>,
    /// Thresholds: a short line across the bar with its label in the legend.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// Text at the right end instead of the value.
    #[serde(default)]
    pub note: String,
    /// Colour: `neutral`, `info`, `good`, `warn`, `bad`.
    #[serde(default)]
    pub tone: ChartTone,
}

/// A threshold on a bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Where.
    pub value: f64,
    /// Its name.
    pub label: String,
}

/// A heat map of levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Column heads, one a level, the lowest first: `一级` ….
    pub levels: Vec<String>,
    /// The rows.
    pub rows: Vec<LevelRow>,
}

/// One row of a heat map of levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRow {
    /// Its name; a leading `★` marks a binding one.
    pub label: String,
    /// Level reached: 0 is none, `None` is not answered.
    pub level: Option<u8>,
    /// Level aimed at, outlined; 0 or left out for none.
    #[serde(default)]
    pub target: u8,
}

/// A ladder of grades drawn as steps on one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// Right end of the scale.
    pub max: f64,
    /// Rungs from the lowest.
    pub rungs: Vec<Rung>,
    /// Score of this enterprise; `None` when it is not known.
    pub value: Option<f64>,
    /// Grade reached (index into `rungs`), which other conditions can hold below the score; `None`: none.
    pub reached: Option<usize>,
}

impl Ladder {
    /// What lies between the score and the next rung, in words, and the score at which that rung begins where score is
    /// what is missing.
    pub fn distance(&self) -> Option<(String, Option<f64>)> {
        let value = self.value.filter(|value| value.is_finite())?;
        let next = self.reached.map_or(0, |reached| reached.saturating_add(1));
        let Some(rung) = self.rungs.get(next) else {
            let top = self.rungs.last()?;
            return Some((format!("已达到最高的“{}”", top.label), None));
        };
        let gap = amount(rung.from - value, "分");
        if value < rung.from {
            return Some((format!("距“{}”还差 {gap}", rung.label), Some(rung.from)));
        }
        let words = format!("得分已到“{}”的分数线，受其他条件限制未达到", rung.label);
        Some((words, None))
    }
}

/// One rung.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Its name, e.g. `二级 规范级`.
    pub label: String,
    /// Score from which it can be reached.
    pub from: f64,
}

/// Bars that are split into shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stacked {
    /// Unit behind the totals.
    #[serde(default)]
    pub unit: String,
    /// Legend, in the order of the shares, each with a colour.
    pub parts: Vec<StackedPart>,
    /// The bars.
    pub rows: Vec<StackedRow>,
}

/// One kind of share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackedPart {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub tone: ChartTone,
}

/// One split bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackedRow {
    /// Its name.
    pub label: String,
    /// One value a part, all ≥ 0.
    pub values: Vec<f64>,
}

/// Colour of a chart element, by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChartTone {
    /// Brand colour.
    #[default]
    Neutral,
    /// Information.
    Info,
    /// Good.
    Good,
    /// Attention.
    Warn,
    /// Bad.
    Bad,
}

/// A value with its unit, as exact as its size deserves.
pub fn amount(value: f64, unit: &str) -> String {
    let decimals = match value.abs() {
        size if size >= 1.0 || size == 0.0 => 2,
        size if size >= 0.01 => 4,
        _ => 6,
    };
    let space = if unit.is_empty() || unit == "%" { "" } else { " " };
    format!("{}{space}{unit}", show(value, decimals))
}

/// A difference of two amounts and its unit: that of two percentages is no percentage.
pub fn difference(size: f64, unit: &str) -> String {
    amount(size, if unit == "%" { "个百分点" } else { unit })
}
