//! Why a score is what it is: from any node down to the answers, with clause, weight and arithmetic.

use serde::Serialize;

use crate::diagnosis::{Diagnosis, StandardResult};
use crate::provenance::Confidence;
use crate::round::half_up;
use crate::scoring::eval::Status;
use crate::scoring::trace::TraceNode;

/// One score explained.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// Standard.
    pub standard: String,
    /// Its short name.
    pub standard_title: String,
    /// Indicator.
    pub id: String,
    /// Title.
    pub title: String,
    /// The indicators that it belongs to, from the whole down: id and title.
    pub within: Vec<(String, String)>,
    /// What became of it.
    pub status: Status,
    /// Points; `null` unless scored.
    pub score: Option<f64>,
    /// Full points of what applies.
    pub full: f64,
    /// Points of the total that one point here is worth.
    pub worth: f64,
    /// Points of the total lost here.
    pub lost: f64,
    /// The arithmetic in words.
    pub because: String,
    /// Clause of the standard.
    pub clause: String,
    /// Confidence of the rule.
    pub confidence: Confidence,
    /// What is doubtful about the rule.
    pub note: String,
    /// Its parts, those that lose most first.
    pub parts: Vec<Part>,
    /// The answers that it rests on.
    pub answers: Vec<Answered>,
    /// The next better answer, and the points of the total that it gives.
    pub next: Vec<(String, Option<f64>)>,
    /// What to do, from the measures.
    pub measures: Vec<String>,
}

/// A part of a score.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// Indicator.
    pub id: String,
    /// Title.
    pub title: String,
    /// Points; `null` unless scored.
    pub score: Option<f64>,
    /// Full points of what applies.
    pub full: f64,
    /// Points of the total lost here; `null` where parts are pooled by weight and do not add up.
    pub lost: Option<f64>,
    /// The indicator below it that loses most, and its points; none for a leaf.
    pub mostly: Option<(String, String, f64)>,
}

/// An answer behind a score.
#[derive(Debug, Clone, Serialize)]
pub struct Answered {
    /// Item.
    pub item: String,
    /// Title.
    pub title: String,
    /// The question.
    pub ask: String,
    /// The answer that counts, in words; empty for none.
    pub answer: String,
    /// Whether it was verified.
    pub verified: bool,
    /// Evidence named.
    pub evidence: Vec<String>,
    /// Remark.
    pub note: String,
}

/// The explanation of a node: of the whole where none is named. `Err` holds the names that there are, for a suggestion.
pub fn explain(diagnosis: &Diagnosis, standard: &str, node: Option<&str>) -> Result<Explained, Vec<String>> {
    let Some(result) = diagnosis.standards.iter().find(|s| s.card.id == standard) else {
        return Err(diagnosis.standards.iter().map(|s| s.card.id.clone()).collect());
    };
    let root = &result.card.trace;
    let mut way = Vec::new();
    let found = match node {
        None => Some(root),
        Some(name) => search(root, &|n| n.id == name || n.title == name, &mut way).or_else(|| {
            search(
                root,
                &|n| n.is_leaf() && n.items.iter().any(|item| item == name),
                &mut way,
            )
        }),
    };
    match found {
        Some(node) => Ok(of(diagnosis, result, node, &way)),
        None => Err(root.walk().into_iter().map(|node| node.id.clone()).collect()),
    }
}

/// Standards in whose tree a name stands for something.
pub fn standards_with<'d>(diagnosis: &'d Diagnosis, name: &str) -> Vec<&'d str> {
    let has = |s: &&StandardResult| {
        let mut nodes = s.card.trace.walk().into_iter();
        nodes.any(|n| n.id == name || n.title == name || n.items.iter().any(|item| item == name))
    };
    let standards = diagnosis.standards.iter().filter(has);
    standards.map(|s| s.card.id.as_str()).collect()
}

fn search<'t>(
    node: &'t TraceNode,
    wanted: &dyn Fn(&TraceNode) -> bool,
    way: &mut Vec<&'t TraceNode>,
) -> Option<&'t TraceNode> {
    if wanted(node) {
        return Some(node);
    }
    way.push(node);
    for child in &node.children {
        if let Some(found) = search(child, wanted, way) {
            return Some(found);
        }
    }
    way.pop();
    None
}

/// What a point counts for more in the whole because something does not apply and its points went to the rest.
pub(super) fn rescaled(root: &TraceNode) -> f64 {
    let sum: f64 = root.children.iter().filter_map(|child| child.score).sum();
    match root.score {
        Some(score) if root.method == "children" && root.applicable > 0.0 && sum > 0.0 => {
            let factor = root.full / root.applicable;
            // Where nothing was rescaled the parts add up as they are.
            if (sum - score).abs() < 1e-6 { 1.0 } else { factor }
        }
        _ => 1.0,
    }
}

/// Points of the total lost at a node; `scale` is what [`rescaled`] gives.
fn lost(node: &TraceNode, scale: f64) -> f64 {
    let score = node.score.unwrap_or(0.0);
    match node.status {
        Status::NotApplicable | Status::LeftOut => 0.0,
        // The score of the whole is rescaled already.
        _ if node.depth == 0 => half_up(node.applicable * scale - score, 6).max(0.0),
        _ => half_up((node.applicable - score) * node.worth * scale, 6).max(0.0),
    }
}

fn part(node: &TraceNode, pooled: bool, scale: f64) -> Part {
    let leaves = node
        .walk()
        .into_iter()
        .filter(|leaf| leaf.is_leaf() && leaf.id != node.id);
    let mostly = leaves.max_by(|a, b| lost(a, scale).total_cmp(&lost(b, scale)));
    Part {
        id: node.id.clone(),
        title: node.title.clone(),
        score: node.score,
        full: node.applicable,
        lost: (!pooled).then(|| lost(node, scale)),
        mostly: mostly
            .filter(|leaf| !pooled && lost(leaf, scale) > 0.0)
            .map(|leaf| (leaf.id.clone(), leaf.title.clone(), lost(leaf, scale))),
    }
}

fn of(diagnosis: &Diagnosis, result: &StandardResult, node: &TraceNode, way: &[&TraceNode]) -> Explained {
    let scale = rescaled(&result.card.trace);
    let counted = |n: &&TraceNode| n.full > 0.0 && n.status != Status::LeftOut;
    let mut parts: Vec<Part> = node
        .children
        .iter()
        .filter(counted)
        .map(|child| part(child, node.method == "pooled", scale))
        .collect();
    parts.sort_by(|a, b| b.lost.unwrap_or(0.0).total_cmp(&a.lost.unwrap_or(0.0)));
    let answers = result.answers.iter().filter(|answer| node.items.contains(&answer.id));
    let gaps = diagnosis
        .gaps
        .iter()
        .filter(|gap| gap.standard == result.card.id && (gap.id == node.id || node.items.contains(&gap.id)));
    let mut measures: Vec<String> = Vec::new();
    let mut next = Vec::new();
    for gap in gaps {
        if !gap.next.is_empty() {
            next.push((gap.next.clone(), gap.gain));
        }
        if let Some(action) = &gap.action {
            let words = format!("{}：{}", action.title, action.action);
            if !measures.contains(&words) {
                measures.push(words);
            }
        }
    }
    Explained {
        standard: result.card.id.clone(),
        standard_title: result.short.clone(),
        id: node.id.clone(),
        title: node.title.clone(),
        within: way.iter().map(|n| (n.id.clone(), n.title.clone())).collect(),
        status: node.status,
        score: node.score,
        full: if node.depth == 0 {
            node.applicable * scale
        } else {
            node.applicable
        },
        worth: if node.depth == 0 {
            1.0
        } else {
            half_up(node.worth * scale, 9)
        },
        lost: lost(node, scale),
        because: node.because.clone(),
        clause: node.clause.clone(),
        confidence: node.confidence,
        note: node.note.clone(),
        parts,
        answers: answers
            .map(|answer| Answered {
                item: answer.id.clone(),
                title: answer.title.clone(),
                ask: answer.ask.clone(),
                answer: answer
                    .verified_in_full
                    .clone()
                    .unwrap_or_else(|| answer.self_reported_in_full.clone()),
                verified: answer.verified_in_full.is_some(),
                evidence: answer.detail.evidence.clone(),
                note: answer.detail.note.clone(),
            })
            .collect(),
        next,
        measures,
    }
}
