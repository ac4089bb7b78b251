//! Judged rows in words and values.

use indexmap::IndexMap;

use super::{FlagResult, RowResult};
use crate::provenance::Confidence;
use crate::round::show;
use crate::scoring::eval::Outcome;
use crate::scoring::layout::{Answers, RowCell, Rows};
use crate::scoring::lookup::TableCell;
use crate::scoring::plan::{Op, Plan, RowPlan};
use crate::scoring::rows::{NotJudged, RowOutcome};

impl Plan {
    pub(super) fn tables_result(
        &self,
        answers: &impl Answers,
        outcomes: &[Outcome],
    ) -> IndexMap<String, Vec<RowResult>> {
        let mut tables = IndexMap::new();
        for (node, outcome) in self.nodes.iter().zip(outcomes) {
            let Op::EachRow(rule) = &node.op else { continue };
            let Some((id, laid)) = self.layout.items.get_index(rule.item) else {
                continue;
            };
            let Rows::Given(given) = answers.rows(rule.item) else {
                continue;
            };
            let rows = given
                .iter()
                .zip(&outcome.rows)
                .enumerate()
                .map(|(number, (cells, row))| {
                    let words: IndexMap<String, String> = laid
                        .columns
                        .iter()
                        .zip(cells)
                        .filter_map(|(column, cell)| {
                            let text = match cell {
                                RowCell::Empty => return None,
                                RowCell::Number(number) => format!("{} {}", show(*number, 6), column.unit),
                                RowCell::Text(text) => text.clone(),
                                RowCell::Choice(index) => column.choice_texts.get(*index as usize)?.clone(),
                            };
                            Some((column.title.clone(), text.trim().to_owned()))
                        })
                        .collect();
                    let name = laid
                        .columns
                        .iter()
                        .position(|c| c.id == "name")
                        .and_then(|at| match cells.get(at) {
                            Some(RowCell::Text(text)) => Some(text.clone()),
                            _ => None,
                        })
                        .unwrap_or_else(|| first_words(&words, number));
                    self.row_result(rule, row, name, words, node.confidence)
                })
                .collect();
            tables.insert(id.clone(), rows);
        }
        tables
    }

    fn row_result(
        &self,
        rule: &RowPlan,
        row: &RowOutcome,
        name: String,
        given: IndexMap<String, String>,
        inherited: Confidence,
    ) -> RowResult {
        let mut judged = IndexMap::new();
        let mut labels = IndexMap::new();
        let mut table = IndexMap::new();
        let mut confidence = inherited;
        let (mut source, mut reason) = (String::new(), String::new());
        for (index, (judge, result)) in rule.judges.iter().zip(&row.judged).enumerate() {
            let (value, label) = match result.level {
                None => (serde_json::Value::Null, String::from("未判定")),
                Some(0) if judge.names.is_empty() => (0.into(), judge.worse_label.clone()),
                Some(0) => (judge.worse.clone().into(), judge.worse_label.clone()),
                Some(level) => {
                    let at = level as usize - 1;
                    let name = judge
                        .names
                        .get(at)
                        .map_or_else(|| level.into(), |name| name.clone().into());
                    (name, judge.labels.get(at).cloned().unwrap_or_default())
                }
            };
            judged.insert(judge.id.clone(), value);
            labels.insert(judge.id.clone(), label);
            if let Some(at) = result.table_row {
                let lookup = &self.tables[judge.table];
                for name in &rule.carry {
                    if let Some(column) = lookup.column(name) {
                        table
                            .entry(name.clone())
                            .or_insert_with(|| match &lookup.rows[at][column] {
                                TableCell::Null => serde_json::Value::Null,
                                TableCell::Number(number) => serde_json::json!(number),
                                TableCell::Text(text) => text.clone().into(),
                                TableCell::Interval(interval) => interval.to_string().into(),
                            });
                    }
                }
                if index == rule.share.0 {
                    source = lookup.title.clone();
                    confidence = confidence.max(judge.confidence);
                    // A table may say row by row how far it can be trusted.
                    if let Some(text) = table.get("confidence").and_then(|v| v.as_str())
                        && let Ok(stated) = serde_json::from_value(text.into())
                    {
                        confidence = stated;
                    }
                }
            }
            if index == rule.share.0 {
                reason = match result.reason {
                    None => String::new(),
                    Some(NotJudged::ValueMissing) => "缺少判定所需的数据".into(),
                    Some(NotJudged::OutsideTable) => "这类设备或规格没有判定依据，不判定".into(),
                    Some(NotJudged::NoBenchmark) => "未配置基准，不判定".into(),
                };
            }
        }
        let main = &row.judged[rule.share.0];
        RowResult {
            name,
            judged,
            labels,
            weight: row.weight,
            weight_unit: rule.weight_unit.clone(),
            given,
            measures: rule.judges[rule.share.0]
                .measures
                .iter()
                .map(|m| (m.title.clone(), m.unit.clone(), m.better))
                .collect(),
            values: main.values.clone(),
            thresholds: main.thresholds.clone(),
            limits: rule.judges[rule.share.0].limits.clone(),
            table,
            source,
            flags: row
                .flags
                .iter()
                .map(|(index, suspected)| {
                    let flag = &rule.flags[*index];
                    FlagResult {
                        id: flag.id.clone(),
                        title: flag.title.clone(),
                        suspected: *suspected,
                        say: flag.say.clone(),
                        source: flag.source.clone(),
                        confidence: flag.confidence,
                    }
                })
                .collect(),
            confidence,
            reason,
            main_level: main.level,
        }
    }
}

fn first_words(words: &IndexMap<String, String>, number: usize) -> String {
    words
        .values()
        .next()
        .cloned()
        .unwrap_or_else(|| format!("第 {} 行", number + 1))
}
