//! Charts of what is planned: what first, and when.

use serde::{Deserialize, Serialize};

/// Effort × gain: numbered points in four named quarters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// From left to right.
    pub effort: MatrixAxis,
    /// From bottom to top.
    pub gain: MatrixAxis,
    /// The points, numbered from 1; at most [`MOST_ROWS`](super::MOST_ROWS).
    pub points: Vec<MatrixPoint>,
}

/// One side of the matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixAxis {
    /// Its name, e.g. 投入.
    pub label: String,
    /// Unit of its values.
    #[serde(default)]
    pub unit: String,
    /// End of the scale.
    pub max: f64,
    /// Where small ends and large begins; left out, the middle.
    #[serde(default)]
    pub split: Option<f64>,
}

impl MatrixAxis {
    /// Where small ends and large begins.
    pub fn middle(&self) -> f64 {
        self.split.unwrap_or(self.max / 2.0)
    }

    /// Name and unit.
    pub fn title(&self) -> String {
        if self.unit.is_empty() {
            self.label.clone()
        } else {
            format!("{}（{}）", self.label, self.unit)
        }
    }
}

/// One thing that could be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixPoint {
    /// Its name.
    pub label: String,
    /// What it takes; `None` is not estimated.
    pub effort: Option<f64>,
    /// What it gives; `None` is not estimated.
    pub gain: Option<f64>,
}

/// A quarter of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quarter {
    /// Little effort, large gain.
    First,
    /// Much effort, large gain.
    Plan,
    /// Little effort, small gain.
    Along,
    /// Much effort, small gain.
    Later,
}

impl Quarter {
    /// All, in the order in which they are done.
    pub const ALL: [Self; 4] = [Self::First, Self::Plan, Self::Along, Self::Later];

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "先做",
            Self::Plan => "规划",
            Self::Along => "顺手",
            Self::Later => "缓做",
        }
    }
}

impl Matrix {
    /// Where a point belongs; `None` when effort or gain is not known. What lies on a line counts as large gain and
    /// small effort.
    pub fn quarter(&self, point: &MatrixPoint) -> Option<Quarter> {
        let effort = point.effort.filter(|value| value.is_finite())?;
        let gain = point.gain.filter(|value| value.is_finite())?;
        let small = effort <= self.effort.middle();
        Some(match (small, gain >= self.gain.middle()) {
            (true, true) => Quarter::First,
            (false, true) => Quarter::Plan,
            (true, false) => Quarter::Along,
            (false, false) => Quarter::Later,
        })
    }
}

/// A roadmap: tasks over months, by phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gantt {
    /// Calendar month of the first month, `2027-01`; left out, months are only counted.
    #[serde(default)]
    pub start: Option<String>,
    /// Phases from the first; with their heads and tasks at most [`MOST_ROWS`](super::MOST_ROWS) rows.
    pub phases: Vec<Phase>,
}

/// One phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name; empty for tasks without a phase.
    #[serde(default)]
    pub label: String,
    /// Its tasks.
    pub tasks: Vec<Task>,
}

/// One task or milestone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Name for `after`, needed only where another task waits for this one.
    #[serde(default)]
    pub id: String,
    /// What is done.
    pub label: String,
    /// Month in which it begins, from 1; 1.5 is the middle of the first month.
    pub from: f64,
    /// How many months it takes; 0 is a milestone at the end of month `from`, `None` is not settled.
    pub months: Option<f64>,
    /// Ids of the tasks that must be done before.
    #[serde(default)]
    pub after: Vec<String>,
}

impl Task {
    /// Whether it is a milestone.
    pub fn milestone(&self) -> bool {
        self.months == Some(0.0)
    }

    /// Begin and end in months from the very beginning: month 1 is 0 to 1.
    pub fn span(&self) -> (f64, f64) {
        match self.months {
            Some(months) if months > 0.0 => (self.from - 1.0, self.from - 1.0 + months),
            Some(_) => (self.from, self.from),
            None => (self.from - 1.0, self.from),
        }
    }
}

impl Gantt {
    /// All tasks in order.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.phases.iter().flat_map(|phase| &phase.tasks)
    }

    /// The task of that id.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks().find(|task| !task.id.is_empty() && task.id == id)
    }

    /// How many months there are to draw.
    pub fn months(&self) -> usize {
        let ends = self.tasks().map(|task| task.span().1).filter(|end| end.is_finite());
        ends.fold(1.0, f64::max).ceil().clamp(1.0, 1000.0) as usize
    }

    /// Year and month of the first month.
    pub fn calendar(&self) -> Option<(u32, u32)> {
        let (year, month) = self.start.as_deref()?.split_once('-')?;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((1900..3000).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
    }

    /// A month in words: `第3月`, or `2027年3月` where the first month is known.
    pub fn month(&self, number: usize) -> String {
        match self.calendar() {
            Some((year, month)) => {
                let months = month as usize - 1 + number.max(1) - 1;
                format!("{}年{}月", year as usize + months / 12, months % 12 + 1)
            }
            None => format!("第{number}月"),
        }
    }

    /// When a task is done, in words.
    pub fn when(&self, task: &Task) -> String {
        let (begin, end) = task.span();
        if !(begin.is_finite() && end.is_finite() && begin >= 0.0) {
            return String::new();
        }
        let (first, last) = (begin.floor() as usize + 1, end.ceil().max(1.0) as usize);
        match task.months {
            None => format!("{}起，长短未定", self.month(first)),
            Some(_) if task.milestone() => format!("{}末", self.month(last)),
            Some(_) if first >= last => self.month(first),
            Some(_) if self.calendar().is_some() => format!("{}至{}", self.month(first), self.month(last)),
            Some(_) => format!("第{first}–{last}月"),
        }
    }
}
