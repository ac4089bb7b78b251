//! The second visitor over a plan: why each node has the points it has, in words that a plant manager can check.

mod words;

use serde::Serialize;

use super::bound::BoundExpr;
use super::eval::{Outcome, Status};
use super::layout::{Answers, Rows};
use super::lookup::TableCell;
use super::plan::{Op, Plan, PlanNode, RowTotalPlan};
use super::rows;
use crate::provenance::Confidence;

/// One node of the explanation; children add up to it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct TraceNode {
    /// Indicator id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Depth, 0 for the root.
    pub depth: usize,
    /// Name of the scoring method, as in a rulebook.
    pub method: &'static str,
    /// What became of it.
    pub status: Status,
    /// Points; `null` unless scored.
    pub score: Option<f64>,
    /// Full points.
    pub full: f64,
    /// Score over full points of what applies, 0 to 1.
    pub ratio: Option<f64>,
    /// Points of the total that one point here is worth; 0 where more points would not change the total now.
    pub worth: f64,
    /// Full points of what applies under this node.
    pub applicable: f64,
    /// Full points of what is not answered under this node.
    pub missing: f64,
    /// Measured value as compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Unit of the value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Items that it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Expression of the rule, where there is one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The arithmetic in words.
    pub because: String,
    /// Clause of the standard.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub clause: String,
    /// Confidence of the rule.
    pub confidence: Confidence,
    /// What is doubtful about the rule.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Children.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TraceNode>,
}

impl TraceNode {
    /// This node and all below it, parents first.
    pub fn walk(&self) -> Vec<&TraceNode> {
        let mut all = vec![self];
        for child in &self.children {
            all.extend(child.walk());
        }
        all
    }

    /// Whether it has no children.
    pub fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }
}

impl Plan {
    /// Explains the outcomes of [`Plan::score`].
    pub fn trace(&self, answers: &impl Answers, outcomes: &[Outcome]) -> TraceNode {
        self.trace_node(self.root(), 1.0, answers, outcomes)
    }

    /// What a point of each child is worth at its parent, in the order of the children.
    fn shares(&self, index: usize, outcomes: &[Outcome]) -> Vec<f64> {
        let node = &self.nodes[index];
        let children = node.op.children();
        match &node.op {
            Op::Weighted(_) => {
                let applies = |c: &usize| outcomes[*c].applicable > 0.0;
                let sum: f64 = children
                    .iter()
                    .filter(|c| applies(c))
                    .map(|c| self.nodes[*c].weight)
                    .sum();
                let share = |c: &usize| node.full * self.nodes[*c].weight / sum / outcomes[*c].applicable;
                children
                    .iter()
                    .map(|c| if applies(c) { share(c) } else { 0.0 })
                    .collect()
            }
            // Only the first level that is not reached holds the total back.
            Op::Cumulative { levels, .. } => {
                let next = outcomes[index].value.unwrap_or_default() as usize;
                let share = node.full / levels.len().max(1) as f64;
                (0..levels.len())
                    .map(|at| if at == next { share } else { 0.0 })
                    .collect()
            }
            _ => vec![1.0; children.len()],
        }
    }

    fn trace_node(&self, index: usize, worth: f64, answers: &impl Answers, outcomes: &[Outcome]) -> TraceNode {
        let (node, outcome) = (&self.nodes[index], &outcomes[index]);
        let children: Vec<TraceNode> = node
            .op
            .children()
            .iter()
            .zip(self.shares(index, outcomes))
            .map(|(child, share)| self.trace_node(*child, worth * share, answers, outcomes))
            .collect();
        let scored = outcome.status == Status::Scored;
        let denominator = if index == self.root() {
            node.full
        } else {
            outcome.applicable
        };
        let (unit, rule) = match &node.op {
            Op::Bands { value, unit, .. } | Op::Interpolate { value, unit, .. } | Op::Formula { value, unit, .. } => {
                (unit.clone(), value.text().to_owned())
            }
            Op::RowTotal(rule) => (rule.unit.clone(), rule.value.text().to_owned()),
            Op::Total { unit, .. } => (unit.clone(), String::new()),
            _ => (String::new(), String::new()),
        };
        TraceNode {
            id: node.id.clone(),
            title: node.title.clone(),
            depth: node.depth,
            method: node.op.method(),
            status: outcome.status,
            score: (scored && node.full > 0.0).then_some(outcome.points),
            full: node.full,
            ratio: (scored && denominator > 0.0).then(|| outcome.points / denominator),
            worth,
            applicable: outcome.applicable,
            missing: outcome.missing,
            value: outcome.value,
            unit,
            items: self.items_of(node),
            rule,
            because: self.because(index, answers, outcomes, &children),
            clause: node.clause.clone(),
            confidence: match &node.op {
                // A quantity is as certain as the least certain factor that went into it.
                Op::RowTotal(rule) => self
                    .factors(rule, answers)
                    .map(|(stated, _)| stated)
                    .fold(node.confidence, Ord::max),
                Op::Total { .. } => children.iter().map(|c| c.confidence).fold(node.confidence, Ord::max),
                _ => node.confidence,
            },
            note: node.note.clone(),
            children,
        }
    }

    /// Ids of the items that a node reads.
    pub fn items_of(&self, node: &PlanNode) -> Vec<String> {
        let id = |index: usize| self.layout.items.get_index(index).map(|(id, _)| id.clone());
        let of_expr = |expr: &BoundExpr| -> Vec<usize> { expr.inputs().iter().map(|input| input.item).collect() };
        let mut items: Vec<usize> = match &node.op {
            Op::Options { item, .. } | Op::SumOfOptions { item, .. } => vec![*item],
            Op::Bands { value, .. } | Op::Formula { value, .. } => of_expr(value),
            Op::Interpolate {
                value,
                leading,
                baseline,
                ..
            } => [of_expr(value), of_expr(leading), of_expr(baseline)].concat(),
            Op::Ladder { levels, .. } => levels
                .iter()
                .flat_map(|step| step.requirements.iter().map(|(item, _)| *item))
                .collect(),
            Op::EachRow(rule) => vec![rule.item],
            Op::RowTotal(rule) => vec![rule.item],
            Op::Sum(_) | Op::Pooled(_) | Op::Weighted(_) | Op::OneOf(_) | Op::Cumulative { .. } | Op::Total { .. } => {
                vec![]
            }
        };
        items.sort_unstable();
        items.dedup();
        items.into_iter().filter_map(id).collect()
    }

    /// What the table rows that a quantity was computed with say about themselves: confidence and note.
    pub fn factors<'p>(
        &'p self,
        rule: &'p RowTotalPlan,
        answers: &'p impl Answers,
    ) -> impl Iterator<Item = (Confidence, &'p str)> {
        let given = match answers.rows(rule.item) {
            Rows::Given(rows) => rows,
            _ => &[],
        };
        let (columns, table) = (&self.layout.items[rule.item].columns, &self.tables[rule.table]);
        let text = move |row: usize, column: &str| match table.column(column).map(|at| &table.rows[row][at]) {
            Some(TableCell::Text(text)) => text.as_str(),
            _ => "",
        };
        given.iter().filter_map(move |row| {
            let (_, found) = rows::quantity(rule, columns, &self.tables, row).ok()?;
            let stated = serde_json::from_value(text(found, "confidence").into()).ok()?;
            Some((stated, text(found, "note")))
        })
    }
}
