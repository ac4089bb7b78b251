//! The ladder of grades and the vetoes.

use super::Compiler;
use crate::provenance::Confidence;
use crate::questionnaire::ItemKind;
use crate::scoring::plan::*;
use crate::scoring::rulebook::*;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{At, Span};

impl Compiler<'_> {
    pub(super) fn grade(&mut self, grade: &GradeRule, confidence: Confidence) -> GradePlan {
        let mut rungs: Vec<RungPlan> = Vec::new();
        for rung in &grade.rungs {
            if rungs.iter().any(|other| other.name.level == rung.level.value) || rung.level.value == grade.none.level {
                self.error(
                    Code::DuplicateId,
                    rung.level.span,
                    format!("等级 {} 重复", rung.level.value),
                );
            }
            let require = rung
                .require
                .iter()
                .filter_map(|r| self.requirement(r, rung.level.span))
                .collect();
            rungs.push(RungPlan {
                name: GradeName {
                    level: rung.level.value,
                    name: rung.name.clone(),
                },
                clause: rung.clause.clone(),
                confidence: rung.confidence.unwrap_or(confidence),
                note: rung.note.clone(),
                require,
            });
        }
        rungs.sort_by_key(|rung| rung.name.level);
        GradePlan {
            none: grade.none.clone(),
            rungs,
        }
    }

    pub(super) fn requirement(&mut self, rule: &Requirement, span: Span) -> Option<Condition> {
        if let (Some(node), None, None, None, None) =
            (&rule.covers, &rule.score, &rule.count, &rule.holds, rule.at_least)
        {
            return Some(Condition::Covers {
                node: self.node_called(node)?,
                say: rule.say.clone(),
            });
        }
        match (&rule.score, &rule.count, &rule.holds, rule.at_least) {
            (Some(node), None, None, Some(at_least)) => {
                let index = self.node_called(node)?;
                if at_least > self.nodes[index].full {
                    let full = self.nodes[index].full;
                    self.error(
                        Code::Unreachable,
                        node.span,
                        format!("要求 {at_least} 分，而满分只有 {full}：永远达不到"),
                    );
                }
                Some(Condition::Score { node: index, at_least })
            }
            (None, Some(set), None, Some(at_least)) => {
                let Some(members) = self.rulebook.sets.get(&set.value) else {
                    self.problems.push(
                        Diagnostic::error(Code::UnknownReference, set.span, format!("sets 里没有 “{}”", set.value))
                            .nearest(&set.value, self.rulebook.sets.keys().map(String::as_str)),
                    );
                    return None;
                };
                let before = self.problems.len();
                let mut items = Vec::new();
                for member in &members.items {
                    if let Some((index, item)) = self.item(member) {
                        if item.kind == ItemKind::Level {
                            items.push(index);
                        } else {
                            self.error(
                                Code::KindMismatch,
                                member.span,
                                format!("“{}” 不是等级题", member.value),
                            );
                        }
                    }
                }
                let whole = self.problems.len() == before;
                let top = items
                    .iter()
                    .map(|i| self.layout.items[*i].choices.len().saturating_sub(1))
                    .max()
                    .unwrap_or(0);
                let Some(at_level) = rule.at_level else {
                    self.error(
                        Code::MissingField,
                        set.span,
                        "count 要写 at_level（达到几级才算）".into(),
                    );
                    return None;
                };
                if whole && (at_least > items.len() as f64 || at_level as usize > top) {
                    let message = format!(
                        "要求 {at_least} 个达到 {at_level} 级，而 “{}” 只有 {} 个、最高 {top} 级：永远达不到",
                        set.value,
                        items.len()
                    );
                    self.error(Code::Unreachable, set.span, message);
                }
                Some(Condition::Count {
                    set: set.value.clone(),
                    title: members.title.clone(),
                    items,
                    at_level,
                    at_least: at_least as u32,
                })
            }
            (None, None, Some(holds), None) => Some(Condition::Holds {
                expr: self.bound(holds)?,
                say: rule.say.clone(),
            }),
            _ => {
                self.problems.push(
                    Diagnostic::error(Code::Method, span, "等级条件的写法不对").hint(
                        "写法：{score: 指标, at_least: 分数}、{count: 集合, at_level: 级, at_least: 个数}、{covers: 指标, say: 说明} 或 {holds: 表达式, say: 说明}",
                    ),
                );
                None
            }
        }
    }

    fn node_called(&mut self, id: &At<String>) -> Option<usize> {
        let found = self.nodes.iter().position(|n| n.id == id.value);
        if found.is_none() {
            let ids: Vec<String> = self.nodes.iter().map(|n| n.id.clone()).collect();
            self.problems.push(
                Diagnostic::error(Code::UnknownReference, id.span, format!("没有指标 “{}”", id.value))
                    .nearest(&id.value, ids.iter().map(String::as_str)),
            );
        }
        found
    }

    pub(super) fn veto(&mut self, veto: &Veto) -> Option<VetoPlan> {
        if let VetoEffect::Cap(level) = veto.effect {
            let known = self
                .rulebook
                .grade
                .as_ref()
                .is_some_and(|g| g.none.level == level || g.rungs.iter().any(|rung| rung.level.value == level));
            if !known {
                self.error(
                    Code::UnknownReference,
                    veto.id.span,
                    format!("cap 的等级 {level} 不在 grade 里"),
                );
            }
        }
        Some(VetoPlan {
            id: veto.id.value.clone(),
            title: veto.title.clone(),
            holds: self.bound(&veto.holds)?,
            effect: veto.effect,
            fail: veto.fail.clone(),
            fix: veto.fix.clone(),
            clause: veto.clause.clone(),
            confidence: veto.confidence.unwrap_or(self.rulebook.confidence),
            note: veto.note.clone(),
        })
    }
}
