//! What changed between two assessments of one enterprise: in points and grade, by answers, rules or edition.

mod recorded;
mod restore;
mod standard;
pub mod words;

use serde::Serialize;

pub use recorded::Recorded;

use crate::assessment::Assessment;
use crate::catalog::{Broken, Catalog};
use crate::diagnosis::{self, Loaded};
use crate::migration;
use crate::provenance::Confidence;
use crate::round::half_up;
use crate::scoring::scorecard::Scorecard;

/// Name and version of the JSON form.
pub const SCHEMA: &str = "qizhen/comparison/1";

/// A fact that moved by less than this share is not told.
const LITTLE: f64 = 0.05;

/// The earlier of the two.
#[derive(Debug, Clone)]
pub enum Before {
    /// An assessment, diagnosed under the rules of today.
    Assessment(Box<Loaded>),
    /// A diagnosis written earlier, under the rules of its day.
    Diagnosis(Box<Recorded>),
}

/// Why the earlier cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// An assessment with mistakes.
    Assessment(Box<Broken>),
    /// A diagnosis that is not one, in words.
    Diagnosis(String),
}

impl Before {
    /// Reads either from a text; `today` is `YYYY-MM-DD`.
    pub fn read(catalog: &Catalog, name: &str, text: &str, today: &str) -> Result<Self, Unreadable> {
        match Recorded::parse(text) {
            Some(Ok(recorded)) => Ok(Before::Diagnosis(Box::new(recorded))),
            Some(Err(why)) => Err(Unreadable::Diagnosis(format!("{name}：{why}"))),
            None => match diagnosis::read(catalog, name, text, today) {
                Ok(loaded) => Ok(Before::Assessment(Box::new(loaded))),
                Err(broken) => Err(Unreadable::Assessment(Box::new(broken))),
            },
        }
    }
}

/// What changed.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// Version of the program.
    pub program: &'static str,
    /// The earlier.
    pub old: Side,
    /// The later.
    pub new: Side,
    /// What to know before the numbers are believed: another enterprise, dates the wrong way round.
    pub notes: Vec<String>,
    /// Standards in both.
    pub standards: Vec<StandardChange>,
    /// Standards of which each has another edition.
    pub editions: Vec<EditionChange>,
    /// Standards only in the earlier.
    pub only_old: Vec<Only>,
    /// Standards only in the later.
    pub only_new: Vec<Only>,
    /// Quantities of the enterprise that changed by more than a little.
    pub facts: Vec<FactChange>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// Enterprise.
    pub name: String,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Date.
    pub date: String,
    /// `self` or `verified`.
    pub mode: String,
    /// Whether its scores are as recorded, not computed today.
    pub recorded: bool,
    /// Digest of the catalog of its rules.
    pub catalog: String,
}

/// What changed under one standard.
#[derive(Debug, Clone, Serialize)]
pub struct StandardChange {
    /// Id.
    pub id: String,
    /// Short title.
    pub short: String,
    /// Full points before and now.
    pub full: Pair<f64>,
    /// Points before and now.
    pub score: Pair<Option<f64>>,
    /// Points of the answers of before under the rules of now; where rules or preset changed and the answers are at hand.
    pub under_new_rules: Option<f64>,
    /// Change of the score; what is not scored counts 0. `null` where both are not.
    pub change: Option<f64>,
    /// Grade before and now, in words.
    pub grade: Pair<Option<String>>,
    /// Level of the grade before and now.
    pub level: Pair<Option<u8>>,
    /// Presets in words, where they differ.
    pub preset: Option<Pair<String>>,
    /// Where the change comes from, the largest first; `change` is their sum.
    pub lines: Vec<Line>,
    /// Answers that changed without changing points.
    pub answers: Vec<AnswerChange>,
    /// Vetoes that changed state.
    pub vetoes: Vec<Turn>,
    /// Scenarios that changed their level.
    pub levels: Vec<Turn>,
    /// Rows of tables that came, went, or are judged otherwise.
    pub rows: Vec<RowChange>,
    /// Whether rules changed and the recorded answers could not be scored under those of now: titles of the answers that
    /// have no place any more.
    pub lost: Vec<String>,
    /// In one sentence.
    pub sentence: String,
}

/// Before and now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pair<T> {
    /// Before.
    pub old: T,
    /// Now.
    pub new: T,
}

/// What a change of points is owed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Other answers.
    Answers,
    /// Other rules for the same answers.
    Rules,
    /// Another preset for the same answers.
    Preset,
    /// Answers and rules both may have changed.
    Unclear,
    /// Rescaling for what does not apply, and rounding.
    Rest,
}

impl Cause {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Cause::Answers => "答案",
            Cause::Rules => "规则",
            Cause::Preset => "评分方案",
            Cause::Unclear => "答案或规则",
            Cause::Rest => "折算与取整",
        }
    }
}

/// What one indicator contributes to the change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Indicator; empty for the rest.
    pub id: String,
    /// Title.
    pub title: String,
    /// What the change is owed to.
    pub cause: Cause,
    /// Points of the total.
    pub change: f64,
    /// The arithmetic in words, before and now.
    pub because: Pair<String>,
    /// The answers under it that changed.
    pub answers: Vec<AnswerChange>,
}

/// One answer in words; empty where there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerChange {
    /// Item.
    pub item: String,
    /// Title.
    pub title: String,
    /// Before.
    pub old: String,
    /// Now.
    pub new: String,
}

/// Something that stood one way and stands another, in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turn {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Before.
    pub old: String,
    /// Now.
    pub new: String,
}

/// One row of a table, by its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowChange {
    /// Table item.
    pub item: String,
    /// Name of the row.
    pub name: String,
    /// Judgement before; `null` where it was not listed.
    pub old: Option<String>,
    /// Judgement now; `null` where it is not listed any more.
    pub new: Option<String>,
}

/// A standard that only one of the two has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Only {
    /// Id.
    pub id: String,
    /// Short title.
    pub short: String,
    /// Points.
    pub score: Option<f64>,
    /// Full points.
    pub full: f64,
    /// Grade in words.
    pub grade: Option<String>,
}

/// One edition before, the next now.
#[derive(Debug, Clone, Serialize)]
pub struct EditionChange {
    /// Title of the mapping.
    pub title: String,
    /// Confidence of the mapping.
    pub confidence: Confidence,
    /// The older edition.
    pub old: Only,
    /// The newer.
    pub new: Only,
    /// Where the difference comes from; `null` where the recorded answers could not be scored again.
    pub shares: Option<migration::Comparison>,
}

/// One quantity of the enterprise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactChange {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// Year of each; `null` for what is told without one.
    pub year: Pair<Option<i16>>,
    /// Value.
    pub value: Pair<f64>,
    /// Change in percent; `null` from 0.
    pub percent: Option<f64>,
}

/// Compares. Fails only where a diagnosis does not survive its own JSON form.
pub fn compare(catalog: &Catalog, before: &Before, new: &Loaded) -> Result<Comparison, String> {
    let later = diagnosis::diagnose(catalog, new);
    let now = Recorded::of(&later)?;
    let (was, loaded) = match before {
        Before::Assessment(loaded) => {
            let earlier = diagnosis::diagnose(catalog, loaded);
            (Recorded::of(&earlier)?, Some(loaded))
        }
        Before::Diagnosis(recorded) => ((**recorded).clone(), None),
    };
    let (old_side, new_side) = (side(&was, loaded.is_none()), side(&now, false));
    let context = standard::Context {
        catalog,
        rules_changed: was.catalog != now.catalog || was.program != now.program,
        answers: loaded.map(|l| &l.assessment.answers),
        answers_now: &new.assessment.answers,
    };
    let standards = was
        .standards
        .iter()
        .filter_map(|old| Some(context.change(old, now.standards.iter().find(|s| s.id == old.id)?)))
        .collect();
    let missing_in = |list: &[recorded::Standard], id: &str| !list.iter().any(|s| s.id == id);
    let mut only_old: Vec<Only> = Vec::new();
    let mut editions = Vec::new();
    for old in was.standards.iter().filter(|s| missing_in(&now.standards, &s.id)) {
        let next = catalog
            .migrations
            .iter()
            .filter(|m| m.from.value == old.id)
            .find_map(|m| {
                let new = now.standards.iter().find(|s| s.id == m.to.value)?;
                missing_in(&was.standards, &new.id).then_some((m, new))
            });
        let Some((mapping, new)) = next else {
            only_old.push(only(old));
            continue;
        };
        let card: Option<Scorecard> = context
            .rescored(old, old.preset.as_ref().map(|p| p.id.as_str()), None)
            .ok();
        let newer = later.standards.iter().find(|s| s.card.id == new.id);
        editions.push(EditionChange {
            title: mapping.title.clone(),
            confidence: mapping.confidence,
            old: only(old),
            new: only(new),
            shares: card
                .zip(newer)
                .map(|(old, new)| migration::compare(mapping, &old, &new.card)),
        });
    }
    let only_new = now
        .standards
        .iter()
        .filter(|s| missing_in(&was.standards, &s.id) && !editions.iter().any(|e| e.new.id == s.id))
        .map(only)
        .collect();
    let mut facts = profile_facts(&was, &now);
    if let Some(loaded) = loaded {
        facts.extend(fact_changes(catalog, &loaded.assessment, &new.assessment));
    }
    Ok(Comparison {
        schema: SCHEMA,
        program: env!("CARGO_PKG_VERSION"),
        notes: notes(&old_side, &new_side),
        old: old_side,
        new: new_side,
        standards,
        editions,
        only_old,
        only_new,
        facts,
    })
}

fn side(recorded: &Recorded, as_recorded: bool) -> Side {
    Side {
        name: recorded.enterprise.name.clone(),
        uscc: recorded.enterprise.uscc.clone(),
        date: recorded.date.clone(),
        mode: recorded.mode.clone(),
        recorded: as_recorded,
        catalog: recorded.catalog.clone(),
    }
}

fn only(standard: &recorded::Standard) -> Only {
    Only {
        id: standard.id.clone(),
        short: standard.short.clone(),
        score: standard.score,
        full: standard.full,
        grade: standard::grade_in_words(standard),
    }
}

fn notes(old: &Side, new: &Side) -> Vec<String> {
    let mut notes = Vec::new();
    match (&old.uscc, &new.uscc) {
        (Some(a), Some(b)) if a != b => {
            notes.push(format!("两份的统一社会信用代码不同（{a}、{b}），可能不是同一家企业"));
        }
        _ if old.name != new.name => notes.push(format!(
            "两份的企业名称不同（{}、{}），可能不是同一家企业",
            old.name, new.name
        )),
        _ => {}
    }
    // Dates are `YYYY-MM-DD`: their order is that of their texts.
    if new.date < old.date {
        notes.push(format!(
            "后一份的日期 {} 早于前一份的 {}，是不是写反了？应先写旧的，再写新的",
            new.date, old.date
        ));
    }
    notes
}

fn fact(id: &str, titled: (&str, &str), year: Pair<Option<i16>>, value: Pair<f64>) -> Option<FactChange> {
    let moved = value.new - value.old;
    // Two values for one year are a correction; between years, a little is nothing to tell.
    let little = if year.old.is_some() && year.old == year.new {
        1e-9
    } else {
        LITTLE
    };
    (moved.abs() > little * value.old.abs()).then(|| FactChange {
        id: id.to_owned(),
        title: titled.0.to_owned(),
        unit: titled.1.to_owned(),
        year,
        value,
        percent: (value.old != 0.0).then(|| half_up(100.0 * moved / value.old.abs(), 1)),
    })
}

fn profile_facts(old: &Recorded, new: &Recorded) -> Vec<FactChange> {
    let never = Pair { old: None, new: None };
    let (a, b) = (&old.enterprise, &new.enterprise);
    let people = Pair {
        old: f64::from(a.employees),
        new: f64::from(b.employees),
    };
    let revenue = Pair {
        old: a.revenue_wan,
        new: b.revenue_wan,
    };
    [
        fact("enterprise.employees", ("从业人数（企业信息）", "人"), never, people),
        fact(
            "enterprise.revenue_wan",
            ("营业收入（企业信息）", "万元"),
            never,
            revenue,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Each fact in the latest year that its assessment has it for, and whatever years of both were corrected.
fn fact_changes(catalog: &Catalog, old: &Assessment, new: &Assessment) -> Vec<FactChange> {
    let latest = |of: &Assessment, id: &str| {
        let until = of.base_year.unwrap_or(i16::MAX);
        let mut years = of.facts.range(..=until).rev();
        years.find_map(|(year, facts)| Some((*year, *facts.get(id)?)))
    };
    let mut changes = Vec::new();
    for def in &catalog.facts.facts {
        let id = def.id.value.as_str();
        let mut pairs = Vec::new();
        for (year, facts) in &old.facts {
            let other = new.facts.get(year).and_then(|f| f.get(id));
            if let Some((a, b)) = facts.get(id).zip(other) {
                pairs.push(((*year, *a), (*year, *b)));
            }
        }
        if let Some((a, b)) = latest(old, id).zip(latest(new, id)).filter(|(a, b)| a.0 != b.0) {
            pairs.push((a, b));
        }
        changes.extend(pairs.into_iter().filter_map(|(a, b)| {
            let year = Pair {
                old: Some(a.0),
                new: Some(b.0),
            };
            fact(id, (&def.title, &def.unit), year, Pair { old: a.1, new: b.1 })
        }));
    }
    changes
}
