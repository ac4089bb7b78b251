//! The parts add up to the whole: groups worked out once more from their children, bounds kept.

use qizhen::round::half_up;
use qizhen::scoring::eval::{Outcome, Status};
use qizhen::scoring::plan::{Op, Plan, PlanNode};
use qizhen::scoring::rulebook::NaPolicy;
use qizhen::scoring::scorecard::Scorecard;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// What does not add up, if anything.
pub fn wrong(plan: &Plan, outcomes: &[Outcome], card: &Scorecard) -> Option<String> {
    if let Some(score) = card.score {
        let (low, high) = card.bounds.unwrap_or((0.0, card.full));
        if !(0.0 <= low && low <= score && score <= high && high <= card.full) {
            return Some(format!("score {score} is not within {low}..{high} of {}", card.full));
        }
    }
    for (index, (node, outcome)) in plan.nodes.iter().zip(outcomes).enumerate() {
        if !(-1e-9..=node.full + 1e-9).contains(&outcome.points) {
            return Some(format!("{} has {} of {}", node.id, outcome.points, node.full));
        }
        let Some(expected) = expected(plan, node, outcomes) else {
            continue;
        };
        let expected = if index == plan.root() {
            settled(plan, outcome, expected)
        } else {
            expected
        };
        if outcome.status == Status::Scored && !near(outcome.points, expected) {
            return Some(format!(
                "{} has {}, its children give {expected}",
                node.id, outcome.points
            ));
        }
    }
    None
}

/// Points of a group by those of its children, not yet rounded; `None` for what is no group of points.
fn expected(plan: &Plan, node: &PlanNode, outcomes: &[Outcome]) -> Option<f64> {
    let children = node.op.children();
    let scored = || children.iter().filter(|c| outcomes[**c].status == Status::Scored);
    let ratio = |c: &usize| outcomes[*c].points / outcomes[*c].applicable;
    let points = match &node.op {
        Op::Sum(_) => scored().map(|c| outcomes[*c].points).sum(),
        Op::OneOf(_) => {
            let alternatives: Vec<_> = scored().collect();
            // One alternative counts, never two.
            if alternatives.len() == 1 {
                outcomes[*alternatives[0]].points
            } else {
                f64::NAN
            }
        }
        Op::Weighted(_) => {
            let applies = |c: &&usize| !matches!(outcomes[**c].status, Status::NotApplicable | Status::LeftOut);
            let sum: f64 = children.iter().filter(applies).map(|c| plan.nodes[*c].weight).sum();
            // Quantities for information have neither points nor weight.
            let counted = scored().filter(|c| outcomes[**c].applicable > 0.0);
            counted.map(|c| plan.nodes[*c].weight / sum * ratio(c)).sum::<f64>() * node.full
        }
        Op::Cumulative { reach, levels } => {
            let ratios = levels
                .iter()
                .map(|c| if outcomes[*c].applicable > 0.0 { ratio(c) } else { 1.0 });
            let mut counted = 0.0;
            for ratio in ratios {
                counted += if ratio >= *reach { 1.0 } else { ratio };
                if ratio < *reach {
                    break;
                }
            }
            counted * node.full / levels.len() as f64
        }
        _ => return None,
    };
    Some(half_up(points, node.decimals))
}

/// What the root has of what its children give, when not all of them apply.
fn settled(plan: &Plan, root: &Outcome, points: f64) -> f64 {
    let full = plan.nodes[plan.root()].full;
    if root.applicable <= 0.0 || near(root.applicable, full) {
        return points;
    }
    match plan.not_applicable {
        NaPolicy::Rescale => half_up(points * full / root.applicable, plan.decimals),
        NaPolicy::Zero => points,
        NaPolicy::Full => half_up(points + full - root.applicable, plan.decimals),
    }
}

/// What is wrong with full points and weights, whatever the answers: weights that do not add up to 1, leaves whose full
/// points do not add up to those of the whole.
pub fn open(plan: &Plan) -> Option<String> {
    for node in &plan.nodes {
        if let Op::Weighted(children) = &node.op {
            let sum: f64 = children.iter().map(|c| plan.nodes[*c].weight).sum();
            // Areas of a maturity model that ask nothing at a level hand their weight to the others.
            let partial = node.parent.is_some() && plan.nodes.iter().any(|n| matches!(n.op, Op::Cumulative { .. }));
            if !(near(sum, 1.0) || partial && sum > 0.0 && sum < 1.0) {
                return Some(format!("the weights of {} add up to {sum}", node.id));
            }
        }
    }
    let leaves = of_leaves(plan, plan.root(), 1.0);
    let full = plan.nodes[plan.root()].full;
    (!near(leaves, full)).then(|| format!("the leaves have {leaves} points, the whole has {full}"))
}

/// Points of the whole that the leaves under a node can give, where a point of it is worth so much.
fn of_leaves(plan: &Plan, index: usize, worth: f64) -> f64 {
    let node = &plan.nodes[index];
    let all = |share: &dyn Fn(&PlanNode) -> f64| -> f64 {
        node.op
            .children()
            .iter()
            .map(|c| of_leaves(plan, *c, worth * share(&plan.nodes[*c])))
            .sum()
    };
    match &node.op {
        Op::Sum(_) => all(&|_| 1.0),
        Op::Weighted(children) => {
            let sum: f64 = children.iter().map(|c| plan.nodes[*c].weight).sum();
            // Quantities for information have neither points nor weight.
            all(&|child| {
                if child.full > 0.0 {
                    node.full * child.weight / sum / child.full
                } else {
                    0.0
                }
            })
        }
        Op::Cumulative { levels, .. } => all(&|child| node.full / levels.len() as f64 / child.full),
        // The alternatives have the same full points, the pooled tables those of the pool.
        Op::OneOf(children) | Op::Pooled(children) => of_leaves(plan, children[0], worth),
        _ => node.full * worth,
    }
}
