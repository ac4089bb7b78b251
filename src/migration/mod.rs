//! Editions: what became of each item of an older standard, `migrations/<old>--<new>.yaml`, and how answers are carried over.

mod carry;
mod compare;
mod edit;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use carry::{Carried, Open, Outcome, carry};
pub use compare::{Comparison, Share, compare};
pub use edit::{EditError, insert};

use crate::provenance::Confidence;
use crate::questionnaire::{Item, ItemKind, Questionnaire};
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape::Each;

/// First line of a migration.
pub const SCHEMA: &str = "qizhen/migration/1";

/// What became of the items of one edition in the next.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Older standard.
    pub from: At<String>,
    /// Newer standard.
    pub to: At<String>,
    /// Title.
    pub title: String,
    /// What the mapping rests on.
    pub source: String,
    /// Confidence of the mapping.
    pub confidence: Confidence,
    /// What is doubtful.
    #[serde(default)]
    pub note: String,
    /// The mapping.
    pub items: Each<Mapping>,
}

/// What became of some items.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Items of the older standard.
    #[serde(default)]
    pub from: Vec<At<String>>,
    /// Items of the newer standard.
    #[serde(default)]
    pub to: Vec<At<String>>,
    /// How they relate.
    pub relation: At<Relation>,
    /// In words: why, and what is still to be answered.
    pub say: String,
    /// Option of the older item → option or options of the newer; left out where they are the same.
    #[serde(default)]
    pub answers: IndexMap<String, Chosen>,
}

/// One option or several.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Chosen {
    /// One.
    One(String),
    /// Several, of a multiple-choice item.
    Many(Vec<String>),
}

impl Chosen {
    /// The options.
    pub fn ids(&self) -> &[String] {
        match self {
            Chosen::One(id) => std::slice::from_ref(id),
            Chosen::Many(ids) => ids,
        }
    }
}

/// How an item of the newer edition relates to those of the older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// Asks the same.
    Equal,
    /// Asks less: the older answer is enough.
    Narrower,
    /// Asks more: the older answer is not enough.
    Wider,
    /// Was not asked before.
    New,
    /// Is not asked any more.
    Gone,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Relation; 5] = [
        Relation::Equal,
        Relation::Narrower,
        Relation::Wider,
        Relation::New,
        Relation::Gone,
    ];

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Relation::Equal => "相同",
            Relation::Narrower => "变窄，原答案够用",
            Relation::Wider => "变宽，要补答",
            Relation::New => "新增",
            Relation::Gone => "取消",
        }
    }

    /// Whether an answer can be carried over.
    pub fn carries(self) -> bool {
        matches!(self, Relation::Equal | Relation::Narrower)
    }
}

/// Checks a migration against both questionnaires: names, kinds, options, and that no item is forgotten.
pub fn check(migration: &Migration, questionnaires: &IndexMap<String, Questionnaire>, problems: &mut Vec<Diagnostic>) {
    let mut known = |id: &At<String>| {
        let found = questionnaires.get(&id.value);
        if found.is_none() {
            problems.push(
                Diagnostic::error(Code::UnknownReference, id.span, format!("没有标准 “{}”", id.value))
                    .nearest(&id.value, questionnaires.keys().map(String::as_str)),
            );
        }
        found
    };
    let (Some(old), Some(new)) = (known(&migration.from), known(&migration.to)) else {
        return;
    };
    for mapping in &migration.items {
        shape(mapping, problems);
        let olds = resolve(&mapping.from, old, problems);
        let news = resolve(&mapping.to, new, problems);
        if mapping.relation.value.carries() {
            for (old, new) in olds.iter().flat_map(|o| news.iter().map(move |n| (*o, *n))) {
                fits(mapping, old, new, problems);
            }
        }
    }
    for (questionnaire, place, named) in [
        (
            old,
            &migration.from,
            migration.items.iter().flat_map(|m| &m.from).collect::<Vec<_>>(),
        ),
        (
            new,
            &migration.to,
            migration.items.iter().flat_map(|m| &m.to).collect::<Vec<_>>(),
        ),
    ] {
        let forgotten: Vec<&str> = questionnaire
            .items()
            .map(|item| item.id.value.as_str())
            .filter(|id| !named.iter().any(|n| n.value == *id))
            .collect();
        if !forgotten.is_empty() {
            let message = format!("“{}” 有题目没有写去向：{}", place.value, forgotten.join("、"));
            problems.push(Diagnostic::error(Code::MissingField, place.span, message));
        }
    }
}

fn shape(mapping: &Mapping, problems: &mut Vec<Diagnostic>) {
    let (from, to) = (!mapping.from.is_empty(), !mapping.to.is_empty());
    let right = match mapping.relation.value {
        Relation::New => !from && to,
        Relation::Gone => from && !to,
        _ => from && to,
    };
    if !right {
        let message = "relation 与 from、to 不相配：new 只写 to，gone 只写 from，其余两边都写";
        problems.push(Diagnostic::error(Code::Method, mapping.relation.span, message));
    }
    if !mapping.relation.value.carries() && !mapping.answers.is_empty() {
        let message = "只有 equal 与 narrower 可以写 answers";
        problems.push(Diagnostic::error(Code::Method, mapping.relation.span, message));
    }
}

fn resolve<'q>(ids: &[At<String>], within: &'q Questionnaire, problems: &mut Vec<Diagnostic>) -> Vec<&'q Item> {
    let mut found = Vec::new();
    for id in ids {
        match within.items().find(|item| item.id.value == id.value) {
            Some(item) => found.push(item),
            None => problems.push(
                Diagnostic::error(
                    Code::UnknownReference,
                    id.span,
                    format!("“{}” 没有题目 “{}”", within.id.value, id.value),
                )
                .nearest(&id.value, within.items().map(|i| i.id.value.as_str())),
            ),
        }
    }
    found
}

/// An answer can only be carried to an item that can take it.
fn fits(mapping: &Mapping, old: &Item, new: &Item, problems: &mut Vec<Diagnostic>) {
    let span = mapping.relation.span;
    let choice = |item: &Item| {
        matches!(
            item.kind.value,
            ItemKind::Single | ItemKind::Multi | ItemKind::Level | ItemKind::YesNo
        )
    };
    let mut wrong = |code: Code, message: String| problems.push(Diagnostic::error(code, span, message));
    let pair = format!("“{}” → “{}”", old.id.value, new.id.value);
    if mapping.answers.is_empty() {
        let parts = |item: &Item| item.parts.iter().map(|p| p.id.value.clone()).collect::<Vec<_>>();
        let same = old.kind.value == new.kind.value
            && old.choice_ids() == new.choice_ids()
            && parts(old) == parts(new)
            && old.kind.value != ItemKind::Table;
        if !same {
            wrong(
                Code::KindMismatch,
                format!("{pair}：题型或选项不同，要用 answers 写明怎么对应"),
            );
        }
        return;
    }
    if !choice(old) || !choice(new) {
        wrong(Code::KindMismatch, format!("{pair}：answers 只用于选择题"));
        return;
    }
    for (from, to) in &mapping.answers {
        if !old.choice_ids().contains(from) {
            wrong(Code::UnknownOption, format!("“{}” 没有选项 “{from}”", old.id.value));
        }
        for id in to.ids().iter().filter(|id| !new.choice_ids().contains(id)) {
            wrong(Code::UnknownOption, format!("“{}” 没有选项 “{id}”", new.id.value));
        }
    }
}
