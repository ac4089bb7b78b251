//! The second visitor over a plan: why each node has the points it has, in words that a plant manager can check.

use serde::Serialize;

use super::bound::{BoundExpr, Evaluated};
use super::eval::{Outcome, Status};
use super::layout::{Answers, Cell, RowCell, Rows};
use super::lookup::TableCell;
use super::plan::{Op, Plan, PlanNode, RowPlan, RowTotalPlan};
use super::rows;
use super::rulebook::Better;
use crate::provenance::Confidence;
use crate::questionnaire::ItemKind;
use crate::round::show;

/// One node of the explanation; children add up to it.
#[derive(Debug, Clone, Serialize)]
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

    fn because(&self, index: usize, answers: &impl Answers, outcomes: &[Outcome], children: &[TraceNode]) -> String {
        let (node, outcome) = (&self.nodes[index], &outcomes[index]);
        match outcome.status {
            Status::Missing if node.op.is_quantity() => return "数据不全，暂不能算".into(),
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
                let (m, l, b) = (show(measured, *decimals), show(lead, 6), show(base, 6));
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
                    format!("实际 {}{}，", show(v, *decimals), spaced(unit))
                });
                format!("{measured}无对标值（引领值、基准值），未计分")
            }
            _ => "无对标值，未计分".into(),
        }
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
                Cell::Number(number) => words.push(format!("{title} {} {unit}", show(number, 4)).trim().to_owned()),
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
