//! The result for one standard: score, grade, vetoes, rows, and the explanation of every number.

use indexmap::IndexMap;
use serde::Serialize;

use super::bound::Evaluated;
use super::eval::{Outcome, Status};
use super::layout::{Answers, Cell, RowCell, Rows};
use super::lookup::TableCell;
use super::plan::{Condition, Op, Plan, RowPlan, VetoPlan};
use super::rows::{NotJudged, RowOutcome};
use super::rulebook::{Better, GradeName, VetoEffect};
use super::trace::TraceNode;
use crate::provenance::Confidence;
use crate::questionnaire::ItemKind;
use crate::round::{half_up, show};

/// The result for one standard.
#[derive(Debug, Clone, Serialize)]
pub struct Scorecard {
    /// Id of the standard.
    pub id: String,
    /// Preset used, for standards that have several weightings.
    pub preset: Option<PresetName>,
    /// Points; `null` when nothing could be scored.
    pub score: Option<f64>,
    /// Full points.
    pub full: f64,
    /// Grade; `null` when the scheme has none or nothing could be scored.
    pub grade: Option<GradeName>,
    /// Lowest and highest score that the answers still missing leave open.
    pub bounds: Option<(f64, f64)>,
    /// Each rung of the ladder with its conditions.
    pub rungs: Vec<RungResult>,
    /// Whether all vetoes hold: `false` when one fails, `null` when one cannot be told.
    pub eligible: Option<bool>,
    /// The vetoes.
    pub vetoes: Vec<VetoResult>,
    /// Pass mark, where the scheme knows the notion.
    pub pass: Option<PassResult>,
    /// Levels of scenario items.
    pub levels: Vec<LevelResult>,
    /// Rows of table items.
    pub tables: IndexMap<String, Vec<RowResult>>,
    /// Items answered, missing, not applicable.
    pub coverage: Coverage,
    /// Worst confidence of the rules that this result rests on.
    pub confidence: Confidence,
    /// What is doubtful, each once.
    pub doubts: Vec<Doubt>,
    /// The explanation of every number.
    pub trace: TraceNode,
}

/// Id and title of a preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresetName {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
}

/// One rung and its conditions.
#[derive(Debug, Clone, Serialize)]
pub struct RungResult {
    /// Level number.
    pub level: u8,
    /// Name.
    pub name: String,
    /// Whether all conditions hold.
    pub reached: bool,
    /// Confidence of the rung.
    pub confidence: Confidence,
    /// The conditions.
    pub conditions: Vec<ConditionResult>,
}

/// One condition of a rung.
#[derive(Debug, Clone, Serialize)]
pub struct ConditionResult {
    /// In words.
    pub text: String,
    /// Whether it holds.
    pub met: bool,
    /// What is there.
    pub have: f64,
    /// What is needed.
    pub need: f64,
    /// `score`, `count` or `holds`.
    pub kind: &'static str,
    /// Node or set.
    pub of: String,
    /// What is short, in words; empty when it holds.
    pub short: String,
}

/// One veto.
#[derive(Debug, Clone, Serialize)]
pub struct VetoResult {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// How it stands.
    pub state: VetoState,
    /// What it does when it fails.
    pub effect: VetoEffect,
    /// Sentence when it fails.
    pub fail: String,
    /// What to do.
    pub fix: String,
    /// Clause.
    pub clause: String,
    /// Confidence.
    pub confidence: Confidence,
}

/// How a veto stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VetoState {
    /// The condition holds.
    Holds,
    /// It does not.
    Failed,
    /// Not answered.
    Unknown,
    /// Does not apply.
    NotApplicable,
}

/// Pass mark and whether it is reached.
#[derive(Debug, Clone, Serialize)]
pub struct PassResult {
    /// The mark; `null` when nobody set one.
    pub mark: Option<f64>,
    /// Whether it is reached.
    pub reached: Option<bool>,
    /// Who set it or why there is none.
    pub note: String,
}

/// Level of one scenario.
#[derive(Debug, Clone, Serialize)]
pub struct LevelResult {
    /// Item id.
    pub item: String,
    /// Title.
    pub title: String,
    /// Level; `null` when not answered.
    pub level: Option<u8>,
    /// Highest level.
    pub top: u8,
    /// Whether not applicable.
    pub not_applicable: bool,
    /// Sets that it belongs to.
    pub sets: Vec<String>,
    /// What the level reached says.
    pub text: String,
    /// What the next level asks.
    pub next: String,
}

/// One judged row.
#[derive(Debug, Clone, Serialize)]
pub struct RowResult {
    /// Name of the row.
    pub name: String,
    /// Judgements by id: level number or name, `null` when not judged.
    #[serde(flatten)]
    pub judged: IndexMap<String, serde_json::Value>,
    /// The same in words.
    pub labels: IndexMap<String, String>,
    /// How much the row counts.
    pub weight: Option<f64>,
    /// Unit of the weight.
    pub weight_unit: String,
    /// The answers of the row in words, by column title.
    pub given: IndexMap<String, String>,
    /// What the main judgement compares: title, unit, whether more is better.
    pub measures: Vec<(String, String, Better)>,
    /// Values of the main judgement as compared.
    pub values: Vec<Option<f64>>,
    /// Thresholds of the main judgement, best first, a list a measure.
    pub thresholds: Vec<Vec<Option<f64>>>,
    /// Columns of the table row.
    pub table: IndexMap<String, serde_json::Value>,
    /// Where the thresholds come from.
    pub source: String,
    /// Marks.
    pub flags: Vec<FlagResult>,
    /// Confidence of this row's thresholds.
    pub confidence: Confidence,
    /// Why the main judgement is missing.
    pub reason: String,
    /// Level of the main judgement as a number, for the reader of this structure.
    #[serde(skip)]
    pub main_level: Option<u8>,
}

/// A mark on a row.
#[derive(Debug, Clone, Serialize)]
pub struct FlagResult {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Only a suspicion: a further condition is not known.
    pub suspected: bool,
    /// What to tell.
    pub say: String,
    /// Source.
    pub source: String,
    /// Confidence.
    pub confidence: Confidence,
}

/// How complete the answers are.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coverage {
    /// Items that the rules of this preset read.
    pub items: usize,
    /// Their ids.
    #[serde(skip)]
    pub read: Vec<String>,
    /// Of those, answered.
    pub answered: usize,
    /// Not answered, by id.
    pub missing: Vec<String>,
    /// Not applicable, by id.
    pub not_applicable: Vec<String>,
}

/// Something that is doubtful about a rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Doubt {
    /// What it concerns.
    pub about: String,
    /// Confidence.
    pub confidence: Confidence,
    /// In words.
    pub note: String,
}

impl Plan {
    /// Scores and explains one row of answers. `pass_mark` overrides the rulebook's.
    pub fn scorecard(&self, answers: &impl Answers, pass_mark: Option<f64>) -> Scorecard {
        let outcomes = self.score(answers);
        let root = &outcomes[self.root()];
        let full = self.nodes[self.root()].full;
        let score = (root.status == Status::Scored).then_some(root.points);
        let trace = self.trace(answers, &outcomes);
        let vetoes: Vec<VetoResult> = self.vetoes.iter().map(|veto| veto_result(veto, answers)).collect();
        let rungs = self.rungs(&outcomes, answers);
        let grade = match (&self.grade, score) {
            (Some(plan), Some(_)) => {
                let reached = plan
                    .rungs
                    .iter()
                    .zip(&rungs)
                    .rev()
                    .find(|(_, r)| r.reached)
                    .map(|(rung, _)| &rung.name);
                Some(self.capped(reached.unwrap_or(&plan.none), &vetoes))
            }
            _ => None,
        };
        let pass = self.pass_mark.as_ref().map(|(mark, note)| {
            let mark = pass_mark.or(*mark);
            PassResult {
                mark,
                reached: mark.zip(score).map(|(mark, score)| score >= mark),
                note: note.clone(),
            }
        });
        let tables = self.tables_result(answers, &outcomes);
        let (confidence, doubts) = self.confidence_of(&outcomes, &tables);
        Scorecard {
            id: self.standard.clone(),
            preset: self.preset.as_ref().map(|(id, title)| PresetName {
                id: id.clone(),
                title: title.clone(),
            }),
            score,
            full,
            grade,
            bounds: self.bounds(&outcomes),
            rungs,
            eligible: eligible(&vetoes),
            vetoes,
            pass,
            levels: self.levels(answers),
            tables,
            coverage: self.coverage(answers, &outcomes),
            confidence,
            doubts,
            trace,
        }
    }

    /// The lowest and the highest score that what is still missing leaves open. A pooled share with a table unanswered has
    /// none: what is not listed could pull it either way.
    fn bounds(&self, outcomes: &[Outcome]) -> Option<(f64, f64)> {
        let (root, node) = (&outcomes[self.root()], &self.nodes[self.root()]);
        let open = match &node.op {
            Op::Pooled(children) => children
                .iter()
                .any(|child| self.nodes[*child].pool && outcomes[*child].status == Status::Missing),
            _ => false,
        };
        if root.status != Status::Scored || open {
            return None;
        }
        let high = half_up(
            (root.points + root.missing + root.unjudged).min(node.full),
            self.decimals,
        );
        Some((root.points, high))
    }

    fn capped(&self, reached: &GradeName, vetoes: &[VetoResult]) -> GradeName {
        let cap = vetoes
            .iter()
            .filter(|veto| veto.state == VetoState::Failed)
            .filter_map(|veto| match veto.effect {
                VetoEffect::Cap(level) => Some(level),
                VetoEffect::Disqualify => None,
            })
            .min();
        match (cap, &self.grade) {
            (Some(cap), Some(plan)) if cap < reached.level => plan
                .rungs
                .iter()
                .map(|rung| &rung.name)
                .chain([&plan.none])
                .find(|name| name.level == cap)
                .unwrap_or(&plan.none)
                .clone(),
            _ => reached.clone(),
        }
    }

    fn rungs(&self, outcomes: &[Outcome], answers: &impl Answers) -> Vec<RungResult> {
        let Some(plan) = &self.grade else { return Vec::new() };
        plan.rungs
            .iter()
            .map(|rung| {
                let conditions: Vec<ConditionResult> = rung
                    .require
                    .iter()
                    .map(|condition| self.condition_result(condition, outcomes, answers))
                    .collect();
                RungResult {
                    level: rung.name.level,
                    name: rung.name.name.clone(),
                    reached: conditions.iter().all(|c| c.met),
                    confidence: rung.confidence,
                    conditions,
                }
            })
            .collect()
    }

    fn condition_result(&self, condition: &Condition, outcomes: &[Outcome], answers: &impl Answers) -> ConditionResult {
        let state = self.condition(condition, outcomes, answers);
        let lacking = half_up(state.need - state.have, self.decimals);
        let (kind, of, text, short) = match condition {
            Condition::Score { node, at_least } => {
                let node = &self.nodes[*node];
                let text = format!("{} ≥ {} 分", node.title, show(*at_least, 3));
                (
                    "score",
                    node.id.clone(),
                    text,
                    format!("{}还差 {} 分", node.title, show(lacking, self.decimals)),
                )
            }
            Condition::Count {
                set,
                title: name,
                at_level,
                at_least,
                items,
            } => {
                let text = format!(
                    "{name}达到{}级及以上 ≥ {at_least} 个（共 {} 个）",
                    numeral(*at_level),
                    items.len()
                );
                let short = format!("达到{}级的{name}还差 {} 个", numeral(*at_level), show(lacking, 0));
                ("count", set.clone(), text, short)
            }
            Condition::Holds { say, expr } => {
                let text = if say.is_empty() {
                    expr.text().to_owned()
                } else {
                    say.clone()
                };
                ("holds", String::new(), text.clone(), format!("未满足：{text}"))
            }
        };
        let short = if state.met { String::new() } else { short };
        ConditionResult {
            text,
            met: state.met,
            have: state.have,
            need: state.need,
            kind,
            of,
            short,
        }
    }

    fn levels(&self, answers: &impl Answers) -> Vec<LevelResult> {
        let Some(grade) = &self.grade else { return Vec::new() };
        let mut sets: IndexMap<usize, Vec<String>> = IndexMap::new();
        for condition in grade.rungs.iter().flat_map(|rung| &rung.require) {
            if let Condition::Count { set, items, .. } = condition {
                for item in items {
                    let of = sets.entry(*item).or_default();
                    if !of.contains(set) {
                        of.push(set.clone());
                    }
                }
            }
        }
        sets.sort_keys();
        sets.into_iter()
            .filter_map(|(index, sets)| {
                let (id, laid) = self.layout.items.get_index(index)?;
                let cell = answers.cell(laid.column);
                let level = match cell {
                    Cell::Choice(level) => Some(level as u8),
                    _ => None,
                };
                let text = |level: u8| laid.choice_texts.get(level as usize).cloned().unwrap_or_default();
                Some(LevelResult {
                    item: id.clone(),
                    title: laid.title.clone(),
                    level,
                    top: laid.choices.len().saturating_sub(1) as u8,
                    not_applicable: cell == Cell::NotApplicable,
                    sets,
                    text: level.map_or(String::new(), text),
                    next: text(level.map_or(1, |l| l + 1)),
                })
            })
            .collect()
    }

    fn tables_result(&self, answers: &impl Answers, outcomes: &[Outcome]) -> IndexMap<String, Vec<RowResult>> {
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

    /// Ids of the items that matter for this enterprise: read by a rule that counts, a veto or a rung.
    fn items_read(&self, answers: &impl Answers, outcomes: &[Outcome]) -> Vec<String> {
        let mut read: Vec<String> = Vec::new();
        for (node, outcome) in self.nodes.iter().zip(outcomes) {
            if outcome.status != Status::LeftOut {
                read.extend(self.items_of(node));
            }
        }
        for veto in &self.vetoes {
            for input in veto.holds.inputs() {
                read.extend(self.layout.items.get_index(input.item).map(|(id, _)| id.clone()));
            }
        }
        read.extend(self.levels(answers).into_iter().map(|level| level.item));
        self.layout
            .items
            .keys()
            .filter(|id| read.contains(id))
            .cloned()
            .collect()
    }

    fn coverage(&self, answers: &impl Answers, outcomes: &[Outcome]) -> Coverage {
        let read = self.items_read(answers, outcomes);
        let mut coverage = Coverage {
            items: read.len(),
            ..Coverage::default()
        };
        for (index, (id, laid)) in self.layout.items.iter().enumerate() {
            if !read.contains(id) {
                continue;
            }
            let cells = match laid.kind {
                ItemKind::Table => vec![match answers.rows(index) {
                    Rows::Missing => Cell::Missing,
                    Rows::NotApplicable => Cell::NotApplicable,
                    Rows::Given(_) => Cell::Number(0.0),
                }],
                ItemKind::Parts => (0..laid.parts.len())
                    .filter(|part| !laid.parts[*part].optional)
                    .map(|part| answers.cell(laid.column + part))
                    .collect(),
                _ => vec![answers.cell(laid.column)],
            };
            if cells.contains(&Cell::NotApplicable) {
                coverage.not_applicable.push(id.clone());
            } else if cells.contains(&Cell::Missing) {
                coverage.missing.push(id.clone());
            } else {
                coverage.answered += 1;
            }
        }
        coverage.read = read;
        coverage
    }

    /// The worst confidence among what the result rests on, and what is doubtful, each once.
    fn confidence_of(
        &self,
        outcomes: &[Outcome],
        tables: &IndexMap<String, Vec<RowResult>>,
    ) -> (Confidence, Vec<Doubt>) {
        let mut worst = self.confidence;
        let mut doubts: Vec<Doubt> = Vec::new();
        let mut add = |about: &str, confidence: Confidence, note: &str| {
            let doubt = Doubt {
                about: about.to_owned(),
                confidence,
                note: note.to_owned(),
            };
            if !note.is_empty() && !doubts.iter().any(|d| d.note == doubt.note) {
                doubts.push(doubt);
            }
        };
        add("评分规则整体", self.confidence, &self.note);
        for (node, outcome) in self.nodes.iter().zip(outcomes) {
            if matches!(outcome.status, Status::Scored | Status::NoBenchmark) {
                // Rows speak for themselves below.
                if !matches!(node.op, Op::EachRow(_) | Op::Pooled(_)) {
                    worst = worst.max(node.confidence);
                }
                add(&node.title, node.confidence, &node.note);
            }
        }
        for rung in self.grade.iter().flat_map(|grade| &grade.rungs) {
            worst = worst.max(rung.confidence);
            add("定级条件", rung.confidence, &rung.note);
        }
        for row in tables.values().flatten() {
            if row.main_level.is_some() {
                worst = worst.max(row.confidence);
            }
            if let Some(note) = row.table.get("note").and_then(|v| v.as_str()) {
                add(&row.name, row.confidence, note);
            }
        }
        (worst, doubts)
    }
}

fn first_words(words: &IndexMap<String, String>, number: usize) -> String {
    words
        .values()
        .next()
        .cloned()
        .unwrap_or_else(|| format!("第 {} 行", number + 1))
}

fn veto_result(veto: &VetoPlan, answers: &impl Answers) -> VetoResult {
    let state = match veto.holds.truth(answers) {
        Evaluated::Value(true) => VetoState::Holds,
        Evaluated::Value(false) => VetoState::Failed,
        Evaluated::NotApplicable => VetoState::NotApplicable,
        Evaluated::Missing | Evaluated::Undefined => VetoState::Unknown,
    };
    VetoResult {
        id: veto.id.clone(),
        title: veto.title.clone(),
        state,
        effect: veto.effect,
        fail: veto.fail.clone(),
        fix: veto.fix.clone(),
        clause: veto.clause.clone(),
        confidence: veto.confidence,
    }
}

fn eligible(vetoes: &[VetoResult]) -> Option<bool> {
    if vetoes.is_empty() {
        None
    } else if vetoes
        .iter()
        .any(|v| v.state == VetoState::Failed && v.effect == VetoEffect::Disqualify)
    {
        Some(false)
    } else if vetoes.iter().any(|v| v.state == VetoState::Unknown) {
        None
    } else {
        Some(true)
    }
}

/// 一 to 五, then digits.
pub fn numeral(level: u8) -> String {
    ["零", "一", "二", "三", "四", "五"]
        .get(level as usize)
        .map_or_else(|| level.to_string(), |n| (*n).to_owned())
}
