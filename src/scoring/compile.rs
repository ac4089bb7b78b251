//! Rulebook as written → [`Plan`]. Every name is resolved, every sum checked; all problems come back at once.

use super::bound::BoundExpr;
use super::expr::Expr;
use super::interval::{Interval, Seam};
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
        let informative = matches!(op, Op::Formula { .. });
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
                    "可用：children weighted one_of options sum_of_options bands interpolate formula ladder each_row",
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

    fn options(&mut self, rule: &OptionPoints, sum: bool) -> Option<Op> {
        let (index, item) = self.item(&rule.item)?;
        let fits = match item.kind {
            ItemKind::Multi => sum,
            ItemKind::Single | ItemKind::YesNo | ItemKind::Level => !sum,
            _ => false,
        };
        if !fits {
            let message = if sum {
                "sum_of_options 只用于多选题"
            } else {
                "options 只用于单选、是否、等级题"
            };
            self.error(
                Code::KindMismatch,
                rule.item.span,
                format!("{message}，“{}” 不是", rule.item.value),
            );
            return None;
        }
        for (id, at) in &rule.points {
            if !item.choices.contains(id) {
                self.problems.push(
                    Diagnostic::error(
                        Code::UnknownOption,
                        at.span,
                        format!("题目 “{}” 没有选项 “{id}”", rule.item.value),
                    )
                    .nearest(id, item.choices.iter().map(String::as_str)),
                );
            }
        }
        let mut points = Vec::with_capacity(item.choices.len());
        for id in &item.choices {
            match rule.points.get(id) {
                Some(value) => points.push(value.value),
                None => {
                    let message = format!("题目 “{}” 的选项 “{id}” 没有给分", rule.item.value);
                    self.error(Code::OptionWithoutPoints, rule.item.span, message);
                    points.push(0.0);
                }
            }
        }
        Some(if sum {
            Op::SumOfOptions {
                item: index,
                points,
                cap: rule.cap.unwrap_or(f64::INFINITY),
            }
        } else {
            Op::Options { item: index, points }
        })
    }

    fn interval(&mut self, text: &At<String>) -> Option<Interval> {
        let parsed = Interval::parse(&text.value);
        if parsed.is_none() {
            self.problems.push(
                Diagnostic::error(Code::WrongType, text.span, format!("“{}” 不是区间", text.value))
                    .hint("写法如 [0,10]、(10,20]、(60,inf)：方括号含端点，圆括号不含"),
            );
        }
        parsed
    }

    fn bands(&mut self, rule: &Bands) -> Option<Op> {
        let value = self.bound(&rule.value);
        let cover = self.interval(&rule.cover)?;
        let mut bands: Vec<(Interval, f64, Span)> = Vec::new();
        let mut whole = true;
        for band in &rule.table {
            let Some(interval) = self.interval(&band.interval) else {
                whole = false;
                continue;
            };
            if interval.is_empty() || interval.low >= cover.high && cover.high.is_finite() {
                self.error(
                    Code::Unreachable,
                    band.interval.span,
                    format!("区间 {interval} 永远到不了"),
                );
            } else {
                bands.push((interval, band.points, band.interval.span));
            }
        }
        // Where a band could not be read there is a gap of its own making.
        if !whole {
            return None;
        }
        bands.sort_by(|a, b| a.0.low.total_cmp(&b.0.low));
        let point = |x: f64, closed: bool| Interval {
            low: x,
            low_closed: closed,
            high: x,
            high_closed: closed,
        };
        let mut before = (point(cover.low, !cover.low_closed), rule.cover.span);
        for (interval, _, span) in &bands {
            self.seam(before.0, *interval, *span);
            before = (*interval, *span);
        }
        self.seam(before.0, point(cover.high, !cover.high_closed), rule.cover.span);
        Some(Op::Bands {
            value: value?,
            unit: rule.unit.clone(),
            decimals: rule.decimals,
            bands: bands
                .into_iter()
                .map(|(interval, points, _)| (interval, points))
                .collect(),
        })
    }

    fn seam(&mut self, before: Interval, after: Interval, span: Span) {
        match before.seam(after) {
            Seam::Fits => {}
            Seam::Gap => {
                self.error(
                    Code::BandGap,
                    span,
                    format!("{} 与 {} 之间有缺口：其中的数没有分数", end(before), start(after)),
                );
            }
            Seam::Overlap => {
                self.error(
                    Code::BandOverlap,
                    span,
                    format!("{} 与 {} 重叠：其中的数有两个分数", end(before), start(after)),
                );
            }
        }
    }

    fn interpolate(&mut self, rule: &Interpolate) -> Option<Op> {
        let value = self.bound(&rule.value);
        let scalar = |at: &At<Scalar>| At {
            value: at.value.0.clone(),
            span: at.span,
        };
        let leading = self.bound(&scalar(&rule.leading));
        let baseline = self.bound(&scalar(&rule.baseline));
        if !(0.0..=1.0).contains(&rule.at_baseline) {
            self.error(
                Code::Range,
                rule.baseline.span,
                format!("at_baseline 应在 0 与 1 之间，现为 {}", rule.at_baseline),
            );
        }
        Some(Op::Interpolate {
            value: value?,
            unit: rule.unit.clone(),
            decimals: rule.decimals,
            better: rule.better,
            leading: leading?,
            baseline: baseline?,
            at_baseline: rule.at_baseline,
        })
    }

    fn formula(&mut self, rule: &Formula) -> Option<Op> {
        Some(Op::Formula {
            value: self.bound(&rule.value)?,
            unit: rule.unit.clone(),
            decimals: rule.decimals,
        })
    }

    fn ladder(&mut self, rule: &RequirementLadder) -> Option<Op> {
        let mut levels = Vec::new();
        for level in &rule.levels {
            let mut requirements = Vec::new();
            for id in &level.requirements {
                let Some((index, item)) = self.item(id) else { continue };
                let satisfaction: Option<Vec<f64>> = match item.kind {
                    ItemKind::YesNo => Some(vec![1.0, 0.0]),
                    ItemKind::Single => item.choices.iter().map(|c| rule.satisfaction.get(c).copied()).collect(),
                    _ => None,
                };
                match satisfaction {
                    Some(satisfaction) => requirements.push((index, satisfaction)),
                    None => self.problems.push(
                        Diagnostic::error(Code::KindMismatch, id.span, format!("要求 “{}” 没有满足程度", id.value))
                            .hint("ladder 的题目应为是否题，或每个选项都写在 satisfaction 里的单选题"),
                    ),
                }
            }
            levels.push(LadderStep {
                level: level.level,
                requirements,
            });
        }
        Some(Op::Ladder {
            reach: rule.reach,
            levels,
        })
    }

    fn grade(&mut self, grade: &GradeRule, confidence: Confidence) -> GradePlan {
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

    fn requirement(&mut self, rule: &Requirement, span: Span) -> Option<Condition> {
        match (&rule.score, &rule.count, &rule.holds, rule.at_least) {
            (Some(node), None, None, Some(at_least)) => {
                let Some(index) = self.nodes.iter().position(|n| n.id == node.value) else {
                    let ids: Vec<String> = self.nodes.iter().map(|n| n.id.clone()).collect();
                    self.problems.push(
                        Diagnostic::error(Code::UnknownReference, node.span, format!("没有指标 “{}”", node.value))
                            .nearest(&node.value, ids.iter().map(String::as_str)),
                    );
                    return None;
                };
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
                        "写法：{score: 指标, at_least: 分数}、{count: 集合, at_level: 级, at_least: 个数} 或 {holds: 表达式, say: 说明}",
                    ),
                );
                None
            }
        }
    }

    fn veto(&mut self, veto: &Veto) -> Option<VetoPlan> {
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

fn start(interval: Interval) -> String {
    if interval.low == interval.high {
        "范围上限".into()
    } else {
        interval.to_string()
    }
}

fn end(interval: Interval) -> String {
    if interval.low == interval.high {
        "范围下限".into()
    } else {
        interval.to_string()
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
