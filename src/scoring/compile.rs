//! Rulebook as written → [`Plan`]. Every name is resolved, every sum checked; all problems come back at once.

mod grades;
mod maturity;
mod methods;

use super::bound::BoundExpr;
use super::expr::Expr;
use super::layout::{Layout, LayoutItem};
use super::lookup::LookupTable;
use super::plan::*;
use super::rulebook::*;
use crate::provenance::Confidence;
use crate::questionnaire::{ItemKind, Questionnaire};
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{At, Span};

/// Compiles one plan a preset (one in all when the rulebook has none).
pub fn compile(rulebook: &Rulebook, questionnaire: &Questionnaire) -> Result<Vec<Plan>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let layout = Layout::new(questionnaire);
    let tables = super::tables::compile(rulebook, &mut problems);
    let mut plans = Vec::new();
    match (&rulebook.indicators, rulebook.presets.is_empty()) {
        (Some(root), true) => {
            let mut compiler = Compiler {
                rulebook,
                layout: &layout,
                tables: &tables,
                nodes: vec![],
                problems: &mut problems,
            };
            plans.push(compiler.plan(root, None, rulebook.confidence, &rulebook.note));
        }
        (None, false) => {
            for preset in &rulebook.presets {
                let mut compiler = Compiler {
                    rulebook,
                    layout: &layout,
                    tables: &tables,
                    nodes: vec![],
                    problems: &mut problems,
                };
                let confidence = preset.confidence.unwrap_or(rulebook.confidence);
                let note = if preset.note.is_empty() {
                    &rulebook.note
                } else {
                    &preset.note
                };
                let name = (preset.id.value.clone(), preset.title.clone());
                plans.push(compiler.plan(&preset.indicators, Some(name), confidence, note));
            }
            let defaults = rulebook.presets.iter().filter(|p| p.default).count();
            if defaults != 1 {
                let span = rulebook.presets[0].id.span;
                problems.push(Diagnostic::error(
                    Code::Method,
                    span,
                    format!("应有一个预设标明 default: true，现有 {defaults} 个"),
                ));
            }
            // The preset that is used without asking comes first.
            let default = rulebook.presets.iter().position(|p| p.default).unwrap_or(0);
            plans.swap(0, default);
        }
        _ => problems.push(Diagnostic::error(
            Code::Method,
            rulebook.standard.span,
            "indicators 与 presets 应当恰好写一个",
        )),
    }
    if problems.is_empty() { Ok(plans) } else { Err(problems) }
}

struct Compiler<'a> {
    rulebook: &'a Rulebook,
    layout: &'a Layout,
    tables: &'a [LookupTable],
    nodes: Vec<PlanNode>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn plan(&mut self, root: &Indicator, preset: Option<(String, String)>, confidence: Confidence, note: &str) -> Plan {
        self.indicator(root, 0, confidence);
        let grade = self.rulebook.grade.as_ref().map(|grade| self.grade(grade, confidence));
        let vetoes = self.rulebook.vetoes.iter().filter_map(|veto| self.veto(veto)).collect();
        Plan {
            standard: self.rulebook.standard.value.clone(),
            preset,
            layout: self.layout.clone(),
            nodes: std::mem::take(&mut self.nodes),
            decimals: self.rulebook.decimals,
            not_applicable: self.rulebook.not_applicable,
            grade,
            vetoes,
            tables: self.tables.to_vec(),
            pass_mark: self
                .rulebook
                .pass_mark
                .as_ref()
                .map(|mark| (mark.value, mark.note.clone())),
            confidence,
            note: note.to_owned(),
        }
    }

    fn error(&mut self, code: Code, span: Span, message: String) {
        self.problems.push(Diagnostic::error(code, span, message));
    }

    fn indicator(&mut self, indicator: &Indicator, depth: usize, inherited: Confidence) -> usize {
        let confidence = indicator.confidence.unwrap_or(inherited);
        let op = self.op(indicator, depth, confidence);
        if self.nodes.iter().any(|node| node.id == indicator.id.value) {
            let message = format!("指标编号 “{}” 重复", indicator.id.value);
            self.error(Code::DuplicateId, indicator.id.span, message);
        }
        let title = if indicator.title.is_empty() {
            self.item_title(indicator)
        } else {
            indicator.title.clone()
        };
        let applies = indicator.applies.as_ref().and_then(|text| self.bound(text));
        let full = indicator.full.as_ref().map_or(0.0, |full| full.value);
        // A group of quantities is one of information too.
        let of_quantities = matches!(&op, Op::Sum(children) if !children.is_empty()
            && children.iter().all(|c| self.nodes[*c].full == 0.0));
        let informative = op.is_quantity() || of_quantities && indicator.full.is_none();
        if !informative && (!full.is_finite() || full <= 0.0) {
            let span = indicator.full.as_ref().map_or(indicator.id.span, |f| f.span);
            self.error(
                Code::MissingField,
                span,
                format!("指标 “{}” 没有写满分 full，或不是正数", indicator.id.value),
            );
        }
        let index = self.nodes.len();
        for child in op.children().to_vec() {
            if let Some(node) = self.nodes.get_mut(child) {
                node.parent = Some(index);
            }
        }
        self.check_full(indicator, &op, full);
        self.nodes.push(PlanNode {
            id: indicator.id.value.clone(),
            title,
            full,
            parent: None,
            depth,
            clause: indicator.clause.clone(),
            confidence,
            note: indicator.note.clone(),
            applies,
            weight: indicator.weight.as_ref().map_or(0.0, |w| w.value),
            pool: indicator.pool.unwrap_or(true),
            decimals: self.rulebook.decimals,
            op,
        });
        index
    }

    fn item_title(&self, indicator: &Indicator) -> String {
        let item = [&indicator.options, &indicator.sum_of_options]
            .into_iter()
            .flatten()
            .map(|rule| rule.item.value.as_str())
            .chain(indicator.each_row.iter().map(|rule| rule.item.value.as_str()))
            .chain(indicator.row_total.iter().map(|rule| rule.item.value.as_str()))
            .next()
            .unwrap_or(&indicator.id.value);
        self.layout
            .by_identifier(item)
            .map_or_else(|| indicator.id.value.clone(), |(_, item)| item.title.clone())
    }

    /// The one method of an indicator.
    fn op(&mut self, indicator: &Indicator, depth: usize, confidence: Confidence) -> Op {
        let mut methods = Vec::new();
        for (name, given) in [
            ("children", !indicator.children.is_empty()),
            ("weighted", !indicator.weighted.is_empty()),
            ("one_of", !indicator.one_of.is_empty()),
            ("options", indicator.options.is_some()),
            ("sum_of_options", indicator.sum_of_options.is_some()),
            ("bands", indicator.bands.is_some()),
            ("interpolate", indicator.interpolate.is_some()),
            ("formula", indicator.formula.is_some()),
            ("ladder", indicator.ladder.is_some()),
            ("each_row", indicator.each_row.is_some()),
            ("maturity", indicator.maturity.is_some()),
            ("total", !indicator.total.is_empty()),
            ("row_total", indicator.row_total.is_some()),
        ] {
            if given {
                methods.push(name);
            }
        }
        if methods.len() != 1 {
            let found = if methods.is_empty() {
                "一种也没有写".to_owned()
            } else {
                format!("写了 {}", methods.join("、"))
            };
            self.problems.push(
                Diagnostic::error(
                    Code::Method,
                    indicator.id.span,
                    format!("指标 “{}” 应当恰好有一种评分方法，现在{found}", indicator.id.value),
                )
                .hint(
                    "可用：children weighted one_of options sum_of_options bands interpolate formula ladder each_row maturity total row_total",
                ),
            );
            return Op::Sum(vec![]);
        }
        let group = |me: &mut Self, list: &[Indicator]| -> Vec<usize> {
            list.iter()
                .map(|child| me.indicator(child, depth + 1, confidence))
                .collect()
        };
        if !indicator.children.is_empty() {
            let children = group(self, &indicator.children);
            return match indicator.combine {
                Combine::Sum => Op::Sum(children),
                Combine::Pooled => Op::Pooled(children),
            };
        }
        if !indicator.weighted.is_empty() {
            return Op::Weighted(group(self, &indicator.weighted));
        }
        if !indicator.one_of.is_empty() {
            return Op::OneOf(group(self, &indicator.one_of));
        }
        if !indicator.total.is_empty() {
            let children = group(self, &indicator.total);
            if let Some(child) = children.iter().find(|c| !self.nodes[**c].op.is_quantity()) {
                let message = format!(
                    "total 的下级应是 formula、row_total 或 total，“{}” 不是",
                    self.nodes[*child].id
                );
                self.error(Code::Method, indicator.id.span, message);
            }
            let unit = indicator.unit.clone();
            return Op::Total { children, unit };
        }
        if let Some(rule) = &indicator.maturity {
            return self.maturity(rule, depth, confidence);
        }
        let leaf = None
            .or_else(|| indicator.options.as_ref().map(|rule| self.options(rule, false)))
            .or_else(|| indicator.sum_of_options.as_ref().map(|rule| self.options(rule, true)))
            .or_else(|| indicator.bands.as_ref().map(|rule| self.bands(rule)))
            .or_else(|| indicator.interpolate.as_ref().map(|rule| self.interpolate(rule)))
            .or_else(|| indicator.formula.as_ref().map(|rule| self.formula(rule)))
            .or_else(|| indicator.ladder.as_ref().map(|rule| self.ladder(rule)))
            .or_else(|| {
                indicator
                    .each_row
                    .as_ref()
                    .map(|rule| super::rows::compile(rule, self.layout, self.tables, confidence, self.problems))
            })
            .or_else(|| {
                let rule = indicator.row_total.as_ref()?;
                Some(super::rows::compile_total(
                    rule,
                    self.layout,
                    self.tables,
                    self.problems,
                ))
            });
        leaf.flatten().unwrap_or(Op::Sum(vec![]))
    }

    /// Full points must close: a group's are its children's, a leaf cannot give more than it has.
    fn check_full(&mut self, indicator: &Indicator, op: &Op, full: f64) {
        let span = indicator.full.as_ref().map_or(indicator.id.span, |f| f.span);
        let id = &indicator.id.value;
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        match op {
            Op::Sum(children) if !children.is_empty() => {
                let sum: f64 = children.iter().map(|c| self.nodes[*c].full).sum();
                if !near(sum, full) {
                    self.problems.push(
                        Diagnostic::error(
                            Code::FullMismatch,
                            span,
                            format!("“{id}” 满分是 {full}，下级满分之和是 {}", crate::round::show(sum, 6)),
                        )
                        .hint("下级 full 相加应等于上级 full"),
                    );
                }
            }
            Op::OneOf(children) => {
                if let Some(child) = children.iter().map(|c| &self.nodes[*c]).find(|c| !near(c.full, full)) {
                    let message = format!(
                        "“{id}” 满分是 {full}，其中 “{}” 的满分是 {}，应当相同",
                        child.id, child.full
                    );
                    self.error(Code::FullMismatch, span, message);
                }
            }
            Op::Weighted(children) => {
                let sum: f64 = children.iter().map(|c| self.nodes[*c].weight).sum();
                if !near(sum, 1.0) {
                    let message = format!("“{id}” 下级权重之和是 {}，应为 1", crate::round::show(sum, 6));
                    self.error(Code::WeightSum, span, message);
                }
            }
            Op::Options { points, .. } => {
                self.check_best(id, span, full, points.iter().copied().fold(f64::MIN, f64::max))
            }
            Op::SumOfOptions { points, cap, .. } => {
                let most = points.iter().filter(|p| **p > 0.0).sum::<f64>().min(*cap);
                self.check_best(id, span, full, most);
            }
            Op::Bands { bands, .. } => {
                self.check_best(
                    id,
                    span,
                    full,
                    bands.iter().map(|(_, points)| *points).fold(f64::MIN, f64::max),
                );
            }
            _ => {}
        }
    }

    fn check_best(&mut self, id: &str, span: Span, full: f64, best: f64) {
        if (best - full).abs() > 1e-9 {
            let best = crate::round::show(best, 6);
            self.error(
                Code::FullMismatch,
                span,
                format!("“{id}” 满分是 {full}，最好的答案却得 {best} 分"),
            );
        }
    }

    fn item(&mut self, id: &At<String>) -> Option<(usize, LayoutItem)> {
        let found = self
            .layout
            .items
            .get_full(id.value.as_str())
            .map(|(index, _, item)| (index, item.clone()));
        if found.is_none() {
            self.problems.push(
                Diagnostic::error(
                    Code::UnknownReference,
                    id.span,
                    format!("问卷里没有题目 “{}”", id.value),
                )
                .nearest(&id.value, self.layout.items.keys().map(String::as_str)),
            );
        }
        found
    }

    fn bound(&mut self, text: &At<String>) -> Option<BoundExpr> {
        let expr = compile_expr(text, self.problems)?;
        match BoundExpr::bind(expr, self.layout) {
            Ok(bound) => Some(bound),
            Err(unknown) => {
                for name in unknown {
                    self.problems
                        .push(self.unknown_name(text.span, &name.base, name.part.as_deref()));
                }
                None
            }
        }
    }

    fn unknown_name(&self, span: Span, base: &str, part: Option<&str>) -> Diagnostic {
        match (self.layout.by_identifier(base), part) {
            (Some((_, item)), Some(part)) if item.kind == ItemKind::Parts => {
                Diagnostic::error(Code::ExprName, span, format!("题目 “{base}” 没有分项 “{part}”"))
                    .nearest(part, item.parts.iter().map(|p| p.id.as_str()))
            }
            (Some((_, item)), None) if item.kind == ItemKind::Parts => {
                let example = item.parts.first().map_or("", |p| p.id.as_str());
                Diagnostic::error(
                    Code::ExprName,
                    span,
                    format!("题目 “{base}” 由分项组成，表达式里要写分项"),
                )
                .hint(format!("如 {base}.{example}"))
            }
            (Some(_), Some(part)) => Diagnostic::error(
                Code::ExprName,
                span,
                format!("题目 “{base}” 没有分项，不能写 {base}.{part}"),
            ),
            (Some(_), None) => Diagnostic::error(Code::ExprName, span, format!("表格题 “{base}” 不能直接用在表达式里")),
            (None, _) => Diagnostic::error(Code::ExprName, span, format!("表达式里的 “{base}” 没有定义"))
                .nearest(base, self.layout.items.keys().map(String::as_str)),
        }
    }
}

/// Compiles an expression or tells why not.
pub fn compile_expr(text: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<Expr> {
    match Expr::compile(&text.value) {
        Ok(expr) => Some(expr),
        Err(error) => {
            problems.push(
                Diagnostic::error(
                    Code::ExprSyntax,
                    text.span,
                    format!("表达式 “{}” 有语法错误", text.value),
                )
                .hint(error.to_string()),
            );
            None
        }
    }
}
