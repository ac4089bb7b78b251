//! The compiled rulebook: a flat list of nodes, children before parents, that reads answers by column.

use super::bound::BoundExpr;
use super::expr::Expr;
use super::interval::Interval;
use super::layout::Layout;
use super::lookup::LookupTable;
use super::rulebook::{Better, GradeName, NaPolicy, VetoEffect};
use crate::provenance::Confidence;

/// Everything needed to score one standard under one preset.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Id of the standard.
    pub standard: String,
    /// Id and title of the preset, when the standard has presets.
    pub preset: Option<(String, String)>,
    /// Columns of the questionnaire.
    pub layout: Layout,
    /// Nodes, children before parents; the last is the root.
    pub nodes: Vec<PlanNode>,
    /// Decimals of every score.
    pub decimals: u8,
    /// What becomes of the points of items that do not apply.
    pub not_applicable: NaPolicy,
    /// The ladder of grades.
    pub grade: Option<GradePlan>,
    /// Conditions that must hold.
    pub vetoes: Vec<VetoPlan>,
    /// Lookup tables.
    pub tables: Vec<LookupTable>,
    /// Pass mark and its note.
    pub pass_mark: Option<(Option<f64>, String)>,
    /// Confidence of the preset or the rulebook as a whole.
    pub confidence: Confidence,
    /// What is doubtful about it.
    pub note: String,
}

/// One node of the scoring tree.
#[derive(Debug, Clone)]
pub struct PlanNode {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Full points; 0 for information only.
    pub full: f64,
    /// Parent; `None` for the root.
    pub parent: Option<usize>,
    /// Depth, 0 for the root.
    pub depth: usize,
    /// Clause of the standard.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
    /// What is doubtful.
    pub note: String,
    /// Counts only when this is true.
    pub applies: Option<BoundExpr>,
    /// Share within a weighted parent.
    pub weight: f64,
    /// Whether a pooled parent counts it.
    pub pool: bool,
    /// Decimals of its score; within a maturity model only levels and total are rounded to the plan's.
    pub decimals: u8,
    /// What it does.
    pub op: Op,
}

/// What a node does.
#[derive(Debug, Clone)]
pub enum Op {
    /// Points of the chosen option.
    Options {
        /// Item index.
        item: usize,
        /// Points by option.
        points: Vec<f64>,
    },
    /// Points of all chosen options.
    SumOfOptions {
        /// Item index.
        item: usize,
        /// Points by option.
        points: Vec<f64>,
        /// Upper bound.
        cap: f64,
    },
    /// Number → points by intervals.
    Bands {
        /// The number.
        value: BoundExpr,
        /// Unit.
        unit: String,
        /// Decimals before comparing.
        decimals: u8,
        /// Intervals and points.
        bands: Vec<(Interval, f64)>,
    },
    /// Number → points on a line.
    Interpolate {
        /// The number.
        value: BoundExpr,
        /// Unit.
        unit: String,
        /// Decimals before comparing.
        decimals: u8,
        /// Direction.
        better: Better,
        /// Value of full points.
        leading: BoundExpr,
        /// Value where points begin.
        baseline: BoundExpr,
        /// Share at the baseline.
        at_baseline: f64,
    },
    /// A quantity for information.
    Formula {
        /// The quantity.
        value: BoundExpr,
        /// Unit.
        unit: String,
        /// Decimals.
        decimals: u8,
    },
    /// Requirement ladder.
    Ladder {
        /// Mean at which a level is reached.
        reach: f64,
        /// Levels from the lowest.
        levels: Vec<LadderStep>,
    },
    /// Rows against a table.
    EachRow(Box<RowPlan>),
    /// Points add up.
    Sum(Vec<usize>),
    /// Shares of rows pooled by weight.
    Pooled(Vec<usize>),
    /// Ratios × weights.
    Weighted(Vec<usize>),
    /// The first that applies and is answered.
    OneOf(Vec<usize>),
    /// Levels one above the other: 1 where reached, the ratio of the first that is not, nothing above it.
    Cumulative {
        /// Ratio from which on a level is reached.
        reach: f64,
        /// Levels from the lowest, each with 1 full point.
        levels: Vec<usize>,
    },
    /// Quantities of the children added up, for information.
    Total {
        /// Nodes with a quantity.
        children: Vec<usize>,
        /// Unit.
        unit: String,
    },
    /// A quantity of every row added up, for information.
    RowTotal(Box<RowTotalPlan>),
}

/// How the rows of a table item add up to a quantity.
#[derive(Debug, Clone)]
pub struct RowTotalPlan {
    /// Item index.
    pub item: usize,
    /// Index into the plan's tables.
    pub table: usize,
    /// Key expressions, in the order of the table's keys.
    pub on: Vec<Expr>,
    /// Quantity of one row, over its columns and those of the matched table row.
    pub value: Expr,
    /// Unit.
    pub unit: String,
    /// Decimals.
    pub decimals: u8,
}

/// One level of a requirement ladder.
#[derive(Debug, Clone)]
pub struct LadderStep {
    /// Level number.
    pub level: u8,
    /// Items, each with the satisfaction of its options, 0 to 1.
    pub requirements: Vec<(usize, Vec<f64>)>,
}

/// How the rows of a table item are judged.
#[derive(Debug, Clone)]
pub struct RowPlan {
    /// Item index.
    pub item: usize,
    /// How much a row counts.
    pub weight: Expr,
    /// Unit of the weight.
    pub weight_unit: String,
    /// Derived numbers.
    pub lets: Vec<(String, Expr)>,
    /// Judgements.
    pub judges: Vec<JudgePlan>,
    /// Columns of the matched table row that go into the result, by table.
    pub carry: Vec<String>,
    /// Which judgement gives the share, and from which level on.
    pub share: (usize, u8),
    /// Marks.
    pub flags: Vec<FlagPlan>,
}

/// One judgement.
#[derive(Debug, Clone)]
pub struct JudgePlan {
    /// Key in the result.
    pub id: String,
    /// Title.
    pub title: String,
    /// Index into the plan's tables.
    pub table: usize,
    /// Key expressions, in the order of the table's keys.
    pub on: Vec<Expr>,
    /// Measures.
    pub measures: Vec<MeasurePlan>,
    /// Names in the result, best first; empty for numbers.
    pub names: Vec<String>,
    /// Name of worse than the last.
    pub worse: String,
    /// Chinese names, best first.
    pub labels: Vec<String>,
    /// Chinese name of worse than the last.
    pub worse_label: String,
    /// Chinese names of the thresholds, best first.
    pub limits: Vec<String>,
    /// Confidence.
    pub confidence: Confidence,
}

/// One measured value against levels.
#[derive(Debug, Clone)]
pub struct MeasurePlan {
    /// What it is: the title of the column it comes from, empty for a computed value.
    pub title: String,
    /// Unit of that column.
    pub unit: String,
    /// The value.
    pub value: Expr,
    /// Decimals before comparing.
    pub decimals: u8,
    /// Direction.
    pub better: Better,
    /// Thresholds, best first.
    pub levels: Vec<Expr>,
}

/// A mark on a row.
#[derive(Debug, Clone)]
pub struct FlagPlan {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// The row is a hit.
    pub when: Expr,
    /// Never more than a suspicion.
    pub suspicion: bool,
    /// Further condition.
    pub confirm: Option<Expr>,
    /// What to tell.
    pub say: String,
    /// Source.
    pub source: String,
    /// Confidence.
    pub confidence: Confidence,
}

/// The ladder of grades.
#[derive(Debug, Clone)]
pub struct GradePlan {
    /// Below the first rung.
    pub none: GradeName,
    /// Rungs from the lowest.
    pub rungs: Vec<RungPlan>,
}

/// One rung.
#[derive(Debug, Clone)]
pub struct RungPlan {
    /// Level and name.
    pub name: GradeName,
    /// Clause.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
    /// What is doubtful.
    pub note: String,
    /// Conditions.
    pub require: Vec<Condition>,
}

/// One condition of a rung.
#[derive(Debug, Clone)]
pub enum Condition {
    /// An indicator's score.
    Score {
        /// Node index.
        node: usize,
        /// Points needed.
        at_least: f64,
    },
    /// Items at a level.
    Count {
        /// Id of the set.
        set: String,
        /// Name of the set in sentences.
        title: String,
        /// Item indices.
        items: Vec<usize>,
        /// Level that counts.
        at_level: u8,
        /// How many.
        at_least: u32,
    },
    /// Something under a node applies.
    Covers {
        /// Node index.
        node: usize,
        /// In words.
        say: String,
    },
    /// An expression.
    Holds {
        /// Must be true.
        expr: BoundExpr,
        /// In words.
        say: String,
    },
}

/// A condition that must hold.
#[derive(Debug, Clone)]
pub struct VetoPlan {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Must be true.
    pub holds: BoundExpr,
    /// What happens otherwise.
    pub effect: VetoEffect,
    /// Sentence when it fails.
    pub fail: String,
    /// What to do.
    pub fix: String,
    /// Clause.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
    /// What is doubtful.
    pub note: String,
}

impl Plan {
    /// Index of the root node.
    pub fn root(&self) -> usize {
        self.nodes.len() - 1
    }

    /// Index of the node with this id.
    pub fn node(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|n| n.id == id)
    }
}

impl Op {
    /// The children of a group.
    pub fn children(&self) -> &[usize] {
        match self {
            Op::Sum(children) | Op::Pooled(children) | Op::Weighted(children) | Op::OneOf(children) => children,
            Op::Cumulative { levels, .. } => levels,
            Op::Total { children, .. } => children,
            _ => &[],
        }
    }

    /// Its name in a rulebook.
    pub fn method(&self) -> &'static str {
        match self {
            Op::Options { .. } => "options",
            Op::SumOfOptions { .. } => "sum_of_options",
            Op::Bands { .. } => "bands",
            Op::Interpolate { .. } => "interpolate",
            Op::Formula { .. } => "formula",
            Op::Ladder { .. } => "ladder",
            Op::EachRow(_) => "each_row",
            Op::Sum(_) => "children",
            Op::Pooled(_) => "pooled",
            Op::Weighted(_) => "weighted",
            Op::OneOf(_) => "one_of",
            Op::Cumulative { .. } => "maturity",
            Op::Total { .. } => "total",
            Op::RowTotal(_) => "row_total",
        }
    }

    /// Whether it gives a quantity and no points.
    pub fn is_quantity(&self) -> bool {
        matches!(self, Op::Formula { .. } | Op::Total { .. } | Op::RowTotal(_))
    }
}
