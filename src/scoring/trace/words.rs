//! Why a node has the points it has, in sentences.

use super::TraceNode;
use crate::questionnaire::ItemKind;
use crate::round::{finely, show};
use crate::scoring::bound::{BoundExpr, Evaluated};
use crate::scoring::eval::{Outcome, Status};
use crate::scoring::layout::{Answers, Cell, RowCell, Rows};
use crate::scoring::lookup::TableCell;
use crate::scoring::plan::{Op, Plan, PlanNode, RowPlan, RowTotalPlan};
use crate::scoring::rows;
use crate::scoring::rulebook::Better;

impl Plan {
    /// The arithmetic of one node in words.
    pub(super) fn because(
        &self,
        index: usize,
        answers: &impl Answers,
        outcomes: &[Outcome],
        children: &[TraceNode],
    ) -> String {
        let (node, outcome) = (&self.nodes[index], &outcomes[index]);
        match outcome.status {
            Status::Missing if node.op.is_quantity() => return self.incomplete(node, answers),
            Status::Missing => return format!("还没有答案，暂按 0 分计（满分 {}）", show(node.full, 3)),
            Status::NotApplicable if node.op.is_quantity() => return "没有这一项".into(),
            Status::NotApplicable => return "不适用，不计入满分".into(),
            Status::LeftOut => return "本企业按另一项计分，此项不计".into(),
            Status::NoBenchmark => return self.no_benchmark(node, outcome),
            Status::Scored => {}
        }
        let points = show(outcome.points, self.decimals);
        match &node.op {
            Op::Options { item, .. } => {
                let laid = &self.layout.items[*item];
                match answers.cell(laid.column) {
                    Cell::Choice(choice) => {
                        let id = match laid.kind {
                            ItemKind::Level => format!("{choice} 级"),
                            ItemKind::YesNo => String::new(),
                            _ => format!(
                                "{} ",
                                laid.choices
                                    .get(choice as usize)
                                    .map_or("", String::as_str)
                                    .to_uppercase()
                            ),
                        };
                        let text = laid.choice_texts.get(choice as usize).map_or("", String::as_str);
                        format!("答“{id}{text}”，得 {points} 分")
                    }
                    _ => String::new(),
                }
            }
            Op::SumOfOptions { item, points: each, .. } => {
                let laid = &self.layout.items[*item];
                let Cell::Chosen(bits) = answers.cell(laid.column) else {
                    return String::new();
                };
                let chosen: Vec<usize> = (0..laid.choices.len()).filter(|i| bits >> i & 1 == 1).collect();
                let ids: Vec<String> = chosen.iter().map(|i| laid.choices[*i].to_uppercase()).collect();
                let gained: Vec<f64> = chosen.iter().map(|i| each[*i]).collect();
                if chosen.len() == 1 {
                    format!("选 {}，得 {points} 分", ids[0])
                } else if gained.windows(2).all(|pair| pair[0] == pair[1]) {
                    let one = show(gained.first().copied().unwrap_or_default(), 3);
                    format!(
                        "选中 {} 项（{}），每项 {one} 分，得 {points} 分",
                        ids.len(),
                        ids.join("、")
                    )
                } else {
                    let terms: Vec<String> = gained.iter().map(|p| show(*p, 3)).collect();
                    format!("选 {}：{} = {points} 分", ids.join("、"), terms.join(" + "))
                }
            }
            Op::Bands {
                value,
                unit,
                decimals,
                bands,
                ..
            } => {
                let measured = outcome.value.unwrap_or_default();
                let band = bands.iter().find(|(interval, _)| interval.contains(measured));
                let place = band.map_or(String::new(), |(interval, _)| format!("，落在 {interval}"));
                format!(
                    "{} → {}{}{place}，得 {points} 分",
                    self.inputs(value, answers),
                    show(measured, *decimals),
                    spaced(unit)
                )
            }
            Op::Interpolate {
                value,
                unit,
                decimals,
                better,
                leading,
                baseline,
                at_baseline,
            } => {
                let measured = outcome.value.unwrap_or_default();
                let number = |expr: &BoundExpr| match expr.number(answers) {
                    Evaluated::Value(number) => number,
                    _ => f64::NAN,
                };
                let (lead, base) = (number(leading), number(baseline));
                let (m, l, b) = (finely(measured, *decimals), finely(lead, 6), finely(base, 6));
                let unit = spaced(unit);
                let sentence = format!("实际 {m}{unit}，引领值 {l}，基准值 {b}");
                let beyond = |a: f64, b: f64| if *better == Better::Higher { a >= b } else { a <= b };
                if beyond(measured, lead) {
                    format!("{sentence}：达到引领值，得满分 {points} 分")
                } else if !beyond(measured, base) {
                    format!("{sentence}：未达到基准值，得 0 分")
                } else if *at_baseline == 0.0 {
                    let (top, bottom) = match better {
                        Better::Higher => (format!("{m} − {b}"), format!("{l} − {b}")),
                        Better::Lower => (format!("{b} − {m}"), format!("{b} − {l}")),
                    };
                    format!(
                        "{sentence}：{} × ({top}) ÷ ({bottom}) = {points} 分",
                        show(node.full, 3)
                    )
                } else {
                    format!("{sentence}：在两者之间按比例计，得 {points} 分")
                }
                .replace("实际 ", &format!("{} → 实际 ", self.inputs(value, answers)))
            }
            Op::Formula { value, unit, decimals } => {
                let measured = show(outcome.value.unwrap_or_default(), *decimals);
                format!(
                    "{} → {measured} {unit}（只供参考，不计分）",
                    self.inputs(value, answers)
                )
            }
            Op::Ladder { .. } => {
                format!(
                    "逐级达到第 {} 级，得 {points} 分",
                    show(outcome.value.unwrap_or_default(), 0)
                )
            }
            Op::EachRow(rule) => {
                let unjudged = outcome
                    .rows
                    .iter()
                    .filter(|row| row.judged[rule.share.0].level.is_none())
                    .count();
                let rest = match unjudged {
                    0 => String::new(),
                    count => format!("；另有 {count} 行无从判定，不计入"),
                };
                share_in_words(rule, outcome, &points) + &rest
            }
            Op::Pooled(pooled) => {
                let rule = pooled.iter().find_map(|child| match &self.nodes[*child].op {
                    Op::EachRow(rule) if self.nodes[*child].pool => Some(rule),
                    _ => None,
                });
                rule.map_or(String::new(), |rule| share_in_words(rule, outcome, &points))
            }
            Op::Weighted(_) => format!("各项得分率按权重合成，得 {points} 分"),
            Op::Cumulative { reach, .. } => cumulative_in_words(*reach, outcome, children, &points),
            Op::Total { unit, .. } => {
                let terms: Vec<String> = children.iter().filter_map(|c| c.value).map(|v| show(v, 4)).collect();
                let sum = show(outcome.value.unwrap_or_default(), 4);
                format!("{} = {sum}{}", terms.join(" + "), spaced(unit))
            }
            Op::RowTotal(rule) => self.rows_in_words(rule, outcome, answers),
            Op::OneOf(_) => {
                let taken = children.iter().find(|c| c.status == Status::Scored);
                taken.map_or(String::new(), |c| format!("按“{}”计分，得 {points} 分", c.title))
            }
            Op::Sum(_) if node.full == 0.0 => "只列数量，不计分".into(),
            Op::Sum(_) => self.sum_in_words(index, outcome, children),
        }
    }

    fn sum_in_words(&self, index: usize, outcome: &Outcome, children: &[TraceNode]) -> String {
        let terms: Vec<String> = children
            .iter()
            .filter_map(|c| c.score)
            .map(|score| show(score, self.decimals))
            .collect();
        let sum: f64 = children.iter().filter_map(|c| c.score).sum();
        let total = show(outcome.points, self.decimals);
        let full = self.nodes[index].full;
        let mut text = if terms.len() > 1 {
            format!("{} = {} 分", terms.join(" + "), show(sum, self.decimals))
        } else {
            format!("{} 分", show(sum, self.decimals))
        };
        if index == self.root() && outcome.applicable > 0.0 && (outcome.applicable - full).abs() > 1e-9 {
            text += &format!(
                "；适用部分满分 {}，折算为百分制：{} × {} ÷ {} = {total} 分",
                show(outcome.applicable, 3),
                show(sum, self.decimals),
                show(full, 3),
                show(outcome.applicable, 3)
            );
        }
        text
    }

    /// `柴油 12 t：12 × 1.4571 = 17.4852 tce；…`, every row with the numbers of the table that it was computed with.
    fn rows_in_words(&self, rule: &RowTotalPlan, outcome: &Outcome, answers: &impl Answers) -> String {
        let Rows::Given(rows) = answers.rows(rule.item) else {
            return String::new();
        };
        let (columns, table) = (&self.layout.items[rule.item].columns, &self.tables[rule.table]);
        let unit = spaced(&rule.unit);
        let mut words = Vec::new();
        for row in rows {
            let Ok((value, found)) = rows::quantity(rule, columns, &self.tables, row) else {
                continue;
            };
            let given: Vec<String> = columns
                .iter()
                .zip(row)
                .filter_map(|(column, cell)| match cell {
                    RowCell::Number(number) if *number != 0.0 => Some(
                        format!("{} {} {}", column.title, show(*number, 6), column.unit)
                            .trim()
                            .to_owned(),
                    ),
                    RowCell::Text(text) => Some(text.clone()),
                    RowCell::Choice(index) => column.choice_texts.get(*index as usize).cloned(),
                    _ => None,
                })
                .collect();
            let used: Vec<String> = rule
                .value
                .names()
                .iter()
                .filter_map(|name| match table.rows[found].get(table.column(&name.base)?)? {
                    TableCell::Number(number) => Some(show(*number, 6)),
                    _ => None,
                })
                .collect();
            let by = if used.is_empty() {
                String::new()
            } else {
                format!("（系数 {}）", used.join("、"))
            };
            words.push(format!(
                "{}{by} → {}{unit}",
                given.join("，"),
                show(value, rule.decimals)
            ));
        }
        let sum = show(outcome.value.unwrap_or_default(), rule.decimals);
        if words.len() > 1 {
            format!("{}；合计 {sum}{unit}", words.join("；"))
        } else {
            words.concat()
        }
    }

    fn no_benchmark(&self, node: &PlanNode, outcome: &Outcome) -> String {
        match &node.op {
            Op::EachRow(_) | Op::Pooled(_) => "没有可用的判定依据，未计分".into(),
            Op::RowTotal(_) | Op::Total { .. } => "有的行查不到系数，不能合计".into(),
            Op::Interpolate { unit, decimals, .. } => {
                let measured = outcome.value.map_or(String::new(), |v| {
                    format!("实际 {}{}，", finely(v, *decimals), spaced(unit))
                });
                format!("{measured}无对标值（引领值、基准值），未计分")
            }
            _ => "无对标值，未计分".into(),
        }
    }

    /// What is lacking for a quantity, by name.
    fn incomplete(&self, node: &PlanNode, answers: &impl Answers) -> String {
        let Op::Formula { value, .. } = &node.op else {
            return "数据不全，暂不能算".into();
        };
        let mut lacking: Vec<&str> = Vec::new();
        for input in value.inputs() {
            let Some((_, laid)) = self.layout.items.get_index(input.item) else {
                continue;
            };
            let part = input.part.and_then(|part| laid.parts.get(part));
            let title = part.map_or(laid.title.as_str(), |part| part.title.as_str());
            if answers.cell(input.column) == Cell::Missing && !lacking.contains(&title) {
                lacking.push(title);
            }
        }
        if lacking.is_empty() {
            return "数据不全，暂不能算".into();
        }
        format!("还没有填{}，暂不能算", lacking.join("、"))
    }

    /// `数字化生产设备台数 42 台、生产设备总台数 80 台`.
    fn inputs(&self, expr: &BoundExpr, answers: &impl Answers) -> String {
        let mut words = Vec::new();
        for input in expr.inputs() {
            let Some((_, laid)) = self.layout.items.get_index(input.item) else {
                continue;
            };
            let (title, unit) = match input.part.and_then(|part| laid.parts.get(part)) {
                Some(part) => (part.title.as_str(), part.unit.as_str()),
                None => (laid.title.as_str(), laid.unit.as_str()),
            };
            match answers.cell(input.column) {
                Cell::Number(number) => words.push(format!("{title} {} {unit}", finely(number, 4)).trim().to_owned()),
                Cell::Chosen(bits) => words.push(format!("{title} {} 项", (bits & !laid.exclusive).count_ones())),
                Cell::Choice(choice) => {
                    words.push(format!(
                        "{title} {}",
                        laid.choice_texts.get(choice as usize).map_or("", String::as_str)
                    ));
                }
                _ => {}
            }
        }
        words.join("、")
    }
}

/// `第 1、2 级已达到，各计 1 分；第 3 级得分率 0.62，未到 0.8，计 0.62 分：共 2.62 分`.
fn cumulative_in_words(reach: f64, outcome: &Outcome, children: &[TraceNode], points: &str) -> String {
    let top = outcome.value.unwrap_or_default() as usize;
    let mut text = match top {
        0 => String::new(),
        1 => "第 1 级已达到，计 1 分；".to_owned(),
        _ => format!("第 1 至 {top} 级已达到，各计 1 分；"),
    };
    if let Some(next) = children.get(top) {
        let ratio = show(next.ratio.unwrap_or_default(), 4);
        text += &format!("第 {} 级得分率 {ratio}，未到 {reach}，计 {ratio} 分；", top + 1);
    }
    text + &format!("共 {points} 分")
}

/// `已判定合计 342 kW，其中“2 级（节能）”及以上 150 kW，占 43.86%`.
fn share_in_words(rule: &RowPlan, outcome: &Outcome, points: &str) -> String {
    let (good, all) = outcome.share.unwrap_or_default();
    let (judge, level) = (&rule.judges[rule.share.0], rule.share.1);
    let label = judge
        .labels
        .get(level.saturating_sub(1) as usize)
        .map_or("", String::as_str);
    let better = if level > 1 { "及以上" } else { "" };
    let unit = spaced(&rule.weight_unit);
    let (good, all) = (show(good, 3), show(all, 3));
    format!("已判定合计 {all}{unit}，其中“{label}”{better} {good}{unit}，占 {points}%")
}

/// A unit behind a number: `52.5%`, `8 项`, `0.065 tce/万元`.
fn spaced(unit: &str) -> String {
    if unit.is_empty() || unit == "%" || unit.starts_with('（') {
        unit.to_owned()
    } else {
        format!(" {unit}")
    }
}
