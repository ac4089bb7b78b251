//! A maturity model: the tree of areas is written once and laid out once a level.

use super::Compiler;
use crate::provenance::Confidence;
use crate::questionnaire::ItemKind;
use crate::scoring::plan::*;
use crate::scoring::rulebook::*;
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};

/// Decimals within a level: enough that only the level itself is rounded.
const EXACT: u8 = 9;

impl Compiler<'_> {
    pub(super) fn maturity(&mut self, rule: &Maturity, depth: usize, confidence: Confidence) -> Op {
        if !(0.0..=1.0).contains(&rule.reach.value) {
            let message = format!("reach 应在 0 与 1 之间，现为 {}", rule.reach.value);
            self.error(Code::Range, rule.reach.span, message);
        }
        self.check_areas(&rule.areas, rule.levels.len());
        let mut levels = Vec::new();
        for (index, title) in rule.levels.iter().enumerate() {
            let level = index + 1;
            let children = self.tier(rule, &rule.areas, level, depth + 2, confidence);
            if children.is_empty() {
                let message = format!("第 {level} 级（{}）没有任何要求", title.value);
                self.error(Code::MissingField, title.span, message);
            }
            levels.push(self.node(PlanNode {
                id: format!("level-{level}"),
                title: format!("第 {level} 级 {}", title.value),
                decimals: self.rulebook.decimals,
                ..blank(depth + 1, confidence, Op::Weighted(children))
            }));
        }
        Op::Cumulative {
            reach: rule.reach.value,
            levels,
        }
    }

    /// Weights of every tier close, and requirements name levels that there are.
    fn check_areas(&mut self, areas: &[Area], levels: usize) {
        let sum: f64 = areas.iter().map(|area| area.weight.value).sum();
        if let Some(first) = areas.first()
            && (sum - 1.0).abs() > 1e-9
        {
            let sum = crate::round::show(sum, 6);
            let message = format!("“{}” 这一层的权重之和是 {sum}，应为 1", first.id.value);
            self.error(Code::WeightSum, first.weight.span, message);
        }
        for area in areas {
            if area.areas.is_empty() == area.requirements.is_empty() {
                let message = format!("“{}” 应当恰好写 areas 与 requirements 之一", area.id.value);
                self.error(Code::Method, area.id.span, message);
            }
            for (key, items) in &area.requirements {
                if !key.parse::<usize>().is_ok_and(|level| (1..=levels).contains(&level)) {
                    let span = items.first().map_or(area.id.span, |item| item.span);
                    let message = format!("“{}” 写着第 {key} 级，只有 1 到 {levels} 级", area.id.value);
                    self.error(Code::Range, span, message);
                }
            }
            if !area.areas.is_empty() {
                self.check_areas(&area.areas, levels);
            }
        }
    }

    /// The nodes of one tier at one level; an area that asks nothing there has none.
    fn tier(
        &mut self,
        rule: &Maturity,
        areas: &[Area],
        level: usize,
        depth: usize,
        inherited: Confidence,
    ) -> Vec<usize> {
        let mut nodes = Vec::new();
        for area in areas {
            let confidence = area.confidence.unwrap_or(inherited);
            let op = if area.areas.is_empty() {
                let items = area.requirements.get(&level.to_string()).map_or(&[][..], Vec::as_slice);
                match items {
                    [] => continue,
                    [only] => self.requirement_met(rule, only),
                    several => {
                        let share = 1.0 / several.len() as f64;
                        let children = several
                            .iter()
                            .filter_map(|item| {
                                let op = self.requirement_met(rule, item)?;
                                let title = self.layout.items.get(item.value.as_str()).map(|i| i.title.clone());
                                Some(self.node(PlanNode {
                                    id: item.value.clone(),
                                    title: title.unwrap_or_default(),
                                    weight: share,
                                    ..blank(depth + 1, confidence, op)
                                }))
                            })
                            .collect();
                        Some(Op::Weighted(children))
                    }
                }
            } else {
                let children = self.tier(rule, &area.areas, level, depth + 1, confidence);
                if children.is_empty() {
                    continue;
                }
                Some(Op::Weighted(children))
            };
            let Some(op) = op else { continue };
            // An area with one requirement at this level is that requirement.
            let asked = match &op {
                Op::Options { item, .. } => self.layout.items.get_index(*item).map(|(_, laid)| &laid.title),
                _ => None,
            };
            let title = match asked {
                Some(asked) if *asked != area.title => format!("{}：{asked}", area.title),
                _ => area.title.clone(),
            };
            nodes.push(self.node(PlanNode {
                id: format!("{}-l{level}", area.id.value),
                title,
                clause: area.clause.clone(),
                note: area.note.clone(),
                weight: area.weight.value,
                ..blank(depth, confidence, op)
            }));
        }
        nodes
    }

    fn requirement_met(&mut self, rule: &Maturity, id: &At<String>) -> Option<Op> {
        let (item, laid) = self.item(id)?;
        let points: Option<Vec<f64>> = match laid.kind {
            ItemKind::YesNo => Some(vec![1.0, 0.0]),
            ItemKind::Single => laid.choices.iter().map(|c| rule.satisfaction.get(c).copied()).collect(),
            _ => None,
        };
        if points.is_none() {
            self.problems.push(
                Diagnostic::error(Code::KindMismatch, id.span, format!("要求 “{}” 没有满足程度", id.value))
                    .hint("maturity 的题目应为是否题，或每个选项都写在 satisfaction 里的单选题"),
            );
        }
        Some(Op::Options { item, points: points? })
    }

    /// Adds a node behind its children and makes it their parent.
    fn node(&mut self, node: PlanNode) -> usize {
        let index = self.nodes.len();
        for child in node.op.children().to_vec() {
            if let Some(child) = self.nodes.get_mut(child) {
                child.parent = Some(index);
            }
        }
        self.nodes.push(node);
        index
    }
}

fn blank(depth: usize, confidence: Confidence, op: Op) -> PlanNode {
    PlanNode {
        id: String::new(),
        title: String::new(),
        full: 1.0,
        parent: None,
        depth,
        clause: String::new(),
        confidence,
        note: String::new(),
        applies: None,
        weight: 0.0,
        pool: true,
        decimals: EXACT,
        op,
    }
}
