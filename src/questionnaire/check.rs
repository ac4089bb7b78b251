//! What a questionnaire must satisfy beyond its shape.

use super::{ColumnKind, Item, ItemKind, Questionnaire, RESERVED_IDS};
use crate::facts::FactDictionary;
use crate::scoring::expr::Expr;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{At, Span};
use crate::units::{Quantity, Unit};

/// Most options of one item: a set of options is kept in 64 bits.
const MOST_OPTIONS: usize = 63;

/// Checks ids, kinds, units, facts and relations.
pub fn check(questionnaire: &Questionnaire, facts: &FactDictionary, problems: &mut Vec<Diagnostic>) {
    let mut checker = Checker { facts, problems };
    checker.distinct("部分", questionnaire.sections.iter().map(|s| &s.id));
    checker.distinct("题目", questionnaire.items().map(|i| &i.id));
    for item in questionnaire.items() {
        checker.item(item);
    }
}

struct Checker<'a> {
    facts: &'a FactDictionary,
    problems: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn error(&mut self, code: Code, span: Span, message: String) {
        self.problems.push(Diagnostic::error(code, span, message));
    }

    fn distinct<'a>(&mut self, what: &str, ids: impl Iterator<Item = &'a At<String>>) {
        let mut seen: Vec<(&str, Span)> = Vec::new();
        for id in ids {
            match seen.iter().find(|(other, _)| *other == id.value) {
                Some((_, first)) => {
                    let message = format!("{what}编号 “{}” 重复，第 {} 行已有", id.value, first.line);
                    self.error(Code::DuplicateId, id.span, message);
                }
                None => seen.push((&id.value, id.span)),
            }
        }
    }

    fn item(&mut self, item: &Item) {
        self.distinct("选项", item.options.iter().map(|o| &o.id));
        self.distinct("分项", item.parts.iter().map(|p| &p.id));
        self.distinct("列", item.columns.iter().map(|c| &c.id));
        self.fields_fit_kind(item);
        if item.options.len() > MOST_OPTIONS {
            let message = format!(
                "题目 “{}” 有 {} 个选项，最多 {MOST_OPTIONS} 个",
                item.id.value,
                item.options.len()
            );
            self.error(Code::Range, item.id.span, message);
        }
        for exclusive in &item.exclusive {
            if !item.options.iter().any(|o| o.id.value == exclusive.value) {
                self.problems.push(
                    Diagnostic::error(
                        Code::UnknownOption,
                        exclusive.span,
                        format!("没有选项 “{}”", exclusive.value),
                    )
                    .nearest(&exclusive.value, item.options.iter().map(|o| o.id.value.as_str())),
                );
            }
        }
        for (expected, level) in item.levels.iter().enumerate() {
            if usize::from(level.level.value) != expected {
                let message = format!("等级应从 0 起逐级写，这里应是 {expected}，写的是 {}", level.level.value);
                self.error(Code::Range, level.level.span, message);
            }
        }
        for id in item.parts.iter().map(|p| &p.id) {
            if RESERVED_IDS.contains(&id.value.as_str()) {
                let message = format!("“{}” 是答案长写法的保留字，不能作分项的编号", id.value);
                self.error(Code::DuplicateId, id.span, message);
            }
        }
        if let Some(unit) = &item.unit {
            self.quantity(unit, item.fact.as_ref());
        }
        for part in &item.parts {
            self.quantity(&part.unit, part.fact.as_ref());
        }
        for column in &item.columns {
            if let Some(unit) = &column.unit {
                self.quantity(unit, column.fact.as_ref());
            }
            if column.kind == ColumnKind::Choice && column.choices.is_empty() {
                self.error(
                    Code::MissingField,
                    column.id.span,
                    format!("列 “{}” 没有 choices", column.id.value),
                );
            }
        }
        for relation in &item.relations {
            match Expr::compile(&relation.holds.value) {
                Err(error) => {
                    let message = format!("表达式 “{}” 有语法错误：{error}", relation.holds.value);
                    self.error(Code::ExprSyntax, relation.holds.span, message);
                }
                Ok(expr) => {
                    for name in expr.names() {
                        if name.part.is_some() || !item.parts.iter().any(|p| p.id.value == name.base) {
                            self.problems.push(
                                Diagnostic::error(
                                    Code::ExprName,
                                    relation.holds.span,
                                    format!("表达式里的 “{}” 不是本题的分项", name.base),
                                )
                                .nearest(&name.base, item.parts.iter().map(|p| p.id.value.as_str())),
                            );
                        }
                    }
                }
            }
        }
    }

    fn fields_fit_kind(&mut self, item: &Item) {
        let kind = item.kind.value;
        for (field, given, fits) in [
            (
                "options",
                !item.options.is_empty(),
                matches!(kind, ItemKind::Single | ItemKind::Multi),
            ),
            ("levels", !item.levels.is_empty(), kind == ItemKind::Level),
            ("parts", !item.parts.is_empty(), kind == ItemKind::Parts),
            ("columns", !item.columns.is_empty(), kind == ItemKind::Table),
        ] {
            if given != fits {
                let message = if given {
                    format!("题目 “{}” 的题型用不到 {field}", item.id.value)
                } else {
                    format!("题目 “{}” 的题型需要 {field}", item.id.value)
                };
                self.error(Code::KindMismatch, item.kind.span, message);
            }
        }
    }

    fn quantity(&mut self, unit: &At<String>, fact: Option<&At<String>>) {
        if unit.value.is_empty() && fact.is_none() {
            return;
        }
        let parsed = match Unit::parse(&unit.value) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.error(
                    Code::UnknownFact,
                    unit.span,
                    format!("单位 “{}” 不认识：{error}", unit.value),
                );
                return;
            }
        };
        let Some(fact) = fact else { return };
        let Some(definition) = self.facts.get(&fact.value) else {
            self.problems.push(
                Diagnostic::error(Code::UnknownFact, fact.span, format!("事实词典里没有 “{}”", fact.value))
                    .nearest(&fact.value, self.facts.ids()),
            );
            return;
        };
        let converts =
            Unit::parse(&definition.unit).is_ok_and(|unit| Quantity { value: 1.0, unit }.convert(&parsed).is_ok());
        if !converts {
            let message = format!(
                "事实 “{}” 以 {} 计，换算不成 {}",
                fact.value, definition.unit, unit.value
            );
            self.error(Code::UnknownFact, fact.span, message);
        }
    }
}
