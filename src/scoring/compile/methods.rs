//! The methods of leaves: each rule checked against the item it reads.

use super::Compiler;
use crate::questionnaire::ItemKind;
use crate::scoring::interval::{Interval, Seam};
use crate::scoring::plan::*;
use crate::scoring::rulebook::*;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{At, Span};

impl Compiler<'_> {
    pub(super) fn options(&mut self, rule: &OptionPoints, sum: bool) -> Option<Op> {
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

    pub(super) fn interval(&mut self, text: &At<String>) -> Option<Interval> {
        let parsed = Interval::parse(&text.value);
        if parsed.is_none() {
            self.problems.push(
                Diagnostic::error(Code::WrongType, text.span, format!("“{}” 不是区间", text.value))
                    .hint("写法如 [0,10]、(10,20]、(60,inf)：方括号含端点，圆括号不含"),
            );
        }
        parsed
    }

    pub(super) fn bands(&mut self, rule: &Bands) -> Option<Op> {
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

    pub(super) fn seam(&mut self, before: Interval, after: Interval, span: Span) {
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

    pub(super) fn interpolate(&mut self, rule: &Interpolate) -> Option<Op> {
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

    pub(super) fn formula(&mut self, rule: &Formula) -> Option<Op> {
        Some(Op::Formula {
            value: self.bound(&rule.value)?,
            unit: rule.unit.clone(),
            decimals: rule.decimals,
        })
    }

    pub(super) fn ladder(&mut self, rule: &RequirementLadder) -> Option<Op> {
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
