//! One standard before and now: which indicator moved by how much, and why.

use indexmap::IndexMap;

use super::recorded::{Node, Said, Standard};
use super::restore::restore;
use super::{AnswerChange, Cause, Line, Pair, RowChange, StandardChange, Turn, words};
use crate::advice::gaps;
use crate::assessment::StandardAnswers;
use crate::catalog::Catalog;
use crate::scoring::scorecard::Scorecard;

/// Changes are counted in ten-thousandths of a point, so that they add up exactly.
const UNITS: f64 = 10_000.0;

fn units(points: f64) -> i64 {
    (points * UNITS).round() as i64
}

fn points(units: i64) -> f64 {
    units as f64 / UNITS
}

/// What is the same for all standards.
pub(super) struct Context<'c> {
    /// The catalog of today.
    pub catalog: &'c Catalog,
    /// Whether the earlier result came about under other rules.
    pub rules_changed: bool,
    /// The earlier answers; `None` where only their words are recorded.
    pub answers: Option<&'c IndexMap<String, StandardAnswers>>,
    /// The later answers.
    pub answers_now: &'c IndexMap<String, StandardAnswers>,
}

impl Context<'_> {
    /// The earlier answers under a preset and the rules of today; else what has no place in them any more.
    pub fn rescored(
        &self,
        old: &Standard,
        preset: Option<&str>,
        now: Option<&Standard>,
    ) -> Result<Scorecard, Vec<String>> {
        let plan = self.catalog.plan(&old.id, preset).ok_or_else(Vec::new)?;
        if let Some(answers) = self.answers.and_then(|answers| answers.get(&old.id)) {
            return Ok(plan.scorecard(answers, None));
        }
        let now = now.zip(self.answers_now.get(&old.id));
        Ok(plan.scorecard(&restore(&plan.layout, old, now)?, None))
    }

    /// What changed.
    pub fn change(&self, old: &Standard, new: &Standard) -> StandardChange {
        let other_preset = old.preset.as_ref().map(|p| &p.id) != new.preset.as_ref().map(|p| &p.id);
        let (mut middle, mut lost) = (None, Vec::new());
        if self.rules_changed || other_preset {
            match self.rescored(old, new.preset.as_ref().map(|p| p.id.as_str()), Some(new)) {
                Ok(card) => middle = Some(card),
                // Where nothing is scored there is nothing to attribute.
                Err(titles) if new.full > 0.0 => lost = titles,
                Err(_) => {}
            }
        }
        let answers = answer_changes(&old.answers, &new.answers);
        let cause = if other_preset { Cause::Preset } else { Cause::Rules };
        let between = middle.as_ref().and_then(trace_of);
        let mut counted = match &between {
            Some(between) => {
                let mut lines = leg(&old.trace, between, &|_| cause, &[]);
                lines.extend(leg(between, &new.trace, &|_| Cause::Answers, &answers));
                lines
            }
            // Answers that stand as they stood leave only the rules to have moved.
            None if self.rules_changed || other_preset => {
                let touched = |items: &[&str]| answers.iter().any(|a| items.contains(&a.item.as_str()));
                let why = |items: &[&str]| if touched(items) { Cause::Unclear } else { cause };
                leg(&old.trace, &new.trace, &why, &answers)
            }
            None => leg(&old.trace, &new.trace, &|_| Cause::Answers, &answers),
        };
        counted.retain(|(units, _)| *units != 0);
        counted.sort_by_key(|(units, _)| std::cmp::Reverse(units.abs()));
        let score = Pair {
            old: old.score,
            new: new.score,
        };
        let total = units(new.score.unwrap_or_default()) - units(old.score.unwrap_or_default());
        let rest = total - counted.iter().map(|(units, _)| units).sum::<i64>();
        let mut lines: Vec<Line> = counted.into_iter().map(|(_, line)| line).collect();
        if rest != 0 {
            lines.push(Line {
                id: String::new(),
                title: Cause::Rest.label().into(),
                cause: Cause::Rest,
                change: points(rest),
                because: Pair {
                    old: String::new(),
                    new: String::new(),
                },
                answers: Vec::new(),
            });
        }
        let told = |item: &str| lines.iter().any(|l| l.answers.iter().any(|a| a.item == item));
        let levels = levels(old, new);
        let unscored = answers
            .iter()
            .filter(|a| !told(&a.item) && !levels.iter().any(|l| l.id == a.item))
            .cloned()
            .collect();
        let title = |s: &Standard| s.preset.as_ref().map_or("默认".to_owned(), |p| p.title.clone());
        let mut change = StandardChange {
            id: new.id.clone(),
            short: new.short.clone(),
            full: Pair {
                old: old.full,
                new: new.full,
            },
            score,
            under_new_rules: middle.as_ref().and_then(|card| card.score),
            change: (old.score.is_some() || new.score.is_some()).then(|| points(total)),
            grade: Pair {
                old: grade_in_words(old),
                new: grade_in_words(new),
            },
            level: Pair {
                old: old.grade.as_ref().map(|g| g.level),
                new: new.grade.as_ref().map(|g| g.level),
            },
            preset: other_preset.then(|| Pair {
                old: title(old),
                new: title(new),
            }),
            lines,
            answers: unscored,
            vetoes: vetoes(old, new),
            levels,
            rows: rows(old, new),
            lost,
            sentence: String::new(),
        };
        change.sentence = words::sentence(&change);
        change
    }
}

/// A trace as the recorded ones are.
fn trace_of(card: &Scorecard) -> Option<Node> {
    serde_json::to_value(&card.trace).and_then(serde_json::from_value).ok()
}

/// The grade as people say it.
pub(super) fn grade_in_words(standard: &Standard) -> Option<String> {
    let grade = standard.grade.as_ref()?;
    Some(gaps::grade_in_words(grade.level, &grade.name))
}

/// Every counted indicator of either trace and by how many units of the total it moved.
fn leg(old: &Node, new: &Node, why: &dyn Fn(&[&str]) -> Cause, answers: &[AnswerChange]) -> Vec<(i64, Line)> {
    let (before, now) = (old.counted(), new.counted());
    let share =
        |node: Option<&&Node>| node.map_or(0, |n| units(n.score.unwrap_or_default() * n.worth.unwrap_or_default()));
    let find = |list: &[&'_ Node], id: &str| list.iter().position(|n| n.id == id);
    let mut ids: Vec<&str> = now.iter().map(|n| n.id.as_str()).collect();
    ids.extend(
        before
            .iter()
            .map(|n| n.id.as_str())
            .filter(|id| find(&now, id).is_none()),
    );
    ids.into_iter()
        .map(|id| {
            let was = find(&before, id).map(|at| &before[at]);
            let is = find(&now, id).map(|at| &now[at]);
            let moved = share(is) - share(was);
            let items: Vec<&str> = was.iter().chain(&is).flat_map(|n| n.all_items()).collect();
            let because = |node: Option<&&Node>| node.map_or("没有这一项".to_owned(), |n| n.because.clone());
            let line = Line {
                id: id.to_owned(),
                title: is.or(was).map_or(String::new(), |n| n.title.clone()),
                cause: why(&items),
                change: points(moved),
                because: Pair {
                    old: because(was),
                    new: because(is),
                },
                answers: answers
                    .iter()
                    .filter(|a| items.contains(&a.item.as_str()))
                    .cloned()
                    .collect(),
            };
            (moved, line)
        })
        .collect()
}

fn answer_changes(old: &[Said], new: &[Said]) -> Vec<AnswerChange> {
    let words = |list: &[Said], id: &str| {
        let found = list.iter().find(|s| s.id == id);
        found.map_or(String::new(), |s| s.words().to_owned())
    };
    let gone = old.iter().filter(|o| !new.iter().any(|n| n.id == o.id));
    new.iter()
        .chain(gone)
        .map(|said| AnswerChange {
            item: said.id.clone(),
            title: said.title.clone(),
            old: words(old, &said.id),
            new: words(new, &said.id),
        })
        .filter(|change| change.old != change.new)
        .collect()
}

fn vetoes(old: &Standard, new: &Standard) -> Vec<Turn> {
    let state = |of: &Standard, id: &str| {
        let found = of.vetoes.iter().find(|v| v.id == id);
        found.map_or("没有这一条", |v| match v.state.as_str() {
            "holds" => "符合",
            "failed" => "不符合",
            "not_applicable" => "不适用",
            _ => "还没答",
        })
    };
    let gone = old.vetoes.iter().filter(|o| !new.vetoes.iter().any(|n| n.id == o.id));
    let turns = new.vetoes.iter().chain(gone).map(|veto| Turn {
        id: veto.id.clone(),
        title: veto.title.clone(),
        old: state(old, &veto.id).to_owned(),
        new: state(new, &veto.id).to_owned(),
    });
    turns.filter(|turn| turn.old != turn.new).collect()
}

fn levels(old: &Standard, new: &Standard) -> Vec<Turn> {
    let level = |of: &Standard, item: &str| {
        let found = of.levels.iter().find(|l| l.item == item);
        match found {
            None => "没有这一项".to_owned(),
            Some(l) if l.not_applicable => "不适用".to_owned(),
            Some(l) => l.level.map_or("还没答".to_owned(), |level| format!("{level} 级")),
        }
    };
    let gone = old
        .levels
        .iter()
        .filter(|o| !new.levels.iter().any(|n| n.item == o.item));
    let turns = new.levels.iter().chain(gone).map(|one| Turn {
        id: one.item.clone(),
        title: one.title.clone(),
        old: level(old, &one.item),
        new: level(new, &one.item),
    });
    turns.filter(|turn| turn.old != turn.new).collect()
}

/// Rows are the same where table and name are; of several of one name, the first is the first.
fn rows(old: &Standard, new: &Standard) -> Vec<RowChange> {
    let listed = |of: &Standard| {
        let mut found: IndexMap<(String, String, usize), String> = IndexMap::new();
        for (item, rows) in &of.tables {
            for row in rows {
                let judged: Vec<&str> = row.labels.values().map(String::as_str).collect();
                let mut key = (item.clone(), row.name.clone(), 0);
                while found.contains_key(&key) {
                    key.2 += 1;
                }
                found.insert(key, judged.join("，"));
            }
        }
        found
    };
    let (before, now) = (listed(old), listed(new));
    let gone = before.keys().filter(|key| !now.contains_key(*key));
    now.keys()
        .chain(gone)
        .map(|key| RowChange {
            item: key.0.clone(),
            name: key.1.clone(),
            old: before.get(key).cloned(),
            new: now.get(key).cloned(),
        })
        .filter(|row| row.old != row.new)
        .collect()
}
