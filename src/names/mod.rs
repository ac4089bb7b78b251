//! The names that expressions outside of rulebooks read — checks of consistency, policies, references — and their values.
//!
//! | name | what |
//! |---|---|
//! | `fact.x`, `last.x` | a fact of the base year, of the year before: told, or given in an answer that it would fill |
//! | `enterprise.x` | see [`ENTERPRISE`]; `size` is 0 (micro) to 3 (large), `region` and `industry` are digits |
//! | `<standard>.<item>`, `<standard>.<item>.<part>` | an answer, `-` written `_` |
//! | `plan.x` | a planned project of the assessment, see [`PLAN`]; only in advice |
//! | `grade.<standard>`, `score.<standard>` | the level, the points reached; only in advice |

mod desk;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};
use serde::Serialize;

use crate::facts::FactDictionary;
use crate::questionnaire::{ItemKind, Questionnaire};
use crate::scoring::expr::{Expr, Name, identifier};
use crate::scoring::layout::Layout;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{At, Span};

pub use desk::Desk;

/// What there is to know about the enterprise, and what it is called.
pub const ENTERPRISE: [(&str, &str); 8] = [
    ("employees", "从业人数"),
    ("revenue_wan", "营业收入"),
    ("size", "企业规模"),
    ("region", "所在地区"),
    ("industry", "所属行业"),
    ("manufacturing", "是否制造业"),
    ("above_scale", "是否规模以上"),
    ("titles", "企业称号"),
];

/// What there is to know about a planned project, what it is called, and the field that tells it.
pub const PLAN: [(&str, &str, &str); 11] = [
    ("invest_wan", "项目总投资", "invest_wan"),
    ("equipment_wan", "其中设备投资", "equipment_wan"),
    ("equipment_year_wan", "一个年度内的设备投资", "equipment_year_wan"),
    ("loan_wan", "拟贷款额", "loan_wan"),
    ("saving_wan", "预计年效益", "saving_wan"),
    ("paid_pct", "投资进度", "paid_pct"),
    ("filed", "是否已办技改备案", "filed"),
    ("renewal", "是否设备更新", "aims"),
    ("aims", "项目内容", "aims"),
    ("started", "是否已开工", "start"),
    ("finished", "是否已完工", "finish"),
];

/// The names that an expression may use.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    /// Standards and their items.
    pub questionnaires: &'a IndexMap<String, Questionnaire>,
    /// Facts.
    pub facts: &'a FactDictionary,
    /// Whether plans and grades are known too, as they are once everything is scored.
    pub advice: bool,
}

/// Something that nobody told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Missing {
    /// The name in expressions: `plan.invest_wan`.
    pub name: String,
    /// What it is.
    pub what: String,
    /// Where to fill it in.
    pub fill: String,
}

impl Missing {
    /// Policy and condition, where it is a question to the enterprise.
    pub fn question(&self) -> Option<(&str, &str)> {
        self.name.strip_prefix("policies.")?.split_once('.')
    }
}

impl Vocabulary<'_> {
    /// Compiles an expression; what is wrong with it or its names goes to `problems`.
    pub fn expression(&self, text: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<Expr> {
        let expr = crate::scoring::compile::compile_expr(text, problems)?;
        self.all_known(expr.names(), text.span, problems).then_some(expr)
    }

    /// Compiles a template.
    pub fn template(&self, text: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<Template> {
        let names = template_names(text, problems)?;
        if !self.all_known(&names, text.span, problems) {
            return None;
        }
        let unknown = unknown_filter(text, &names);
        let sound = unknown.is_none();
        problems.extend(unknown);
        sound.then(|| Template {
            text: text.value.clone(),
            names,
        })
    }

    fn all_known(&self, names: &[Name], span: Span, problems: &mut Vec<Diagnostic>) -> bool {
        let before = problems.len();
        problems.extend(names.iter().filter_map(|name| self.unknown(name, span)));
        problems.len() == before
    }

    /// What is wrong with a name, if anything is.
    pub fn unknown(&self, name: &Name, span: Span) -> Option<Diagnostic> {
        let part = name.part.as_deref().unwrap_or_default();
        let full = format!("{}.{part}", name.base);
        let wrong = |message: String| Diagnostic::error(Code::ExprName, span, message);
        let ids = || self.questionnaires.keys().map(|id| identifier(id));
        match name.base.as_str() {
            "fact" | "last" if self.facts.get(part).is_some() => None,
            "fact" | "last" => Some(wrong(format!("事实词典里没有 “{part}”")).nearest(part, self.facts.ids())),
            "enterprise" if ENTERPRISE.iter().any(|(known, _)| *known == part) => None,
            "enterprise" => {
                let known = ENTERPRISE.iter().map(|(known, _)| *known);
                Some(wrong(format!("企业信息里没有 “{part}”")).nearest(part, known))
            }
            "plan" if self.advice => {
                let known = || PLAN.iter().map(|(known, ..)| *known);
                let missing = !known().any(|known| known == part);
                missing.then(|| wrong(format!("计划项目里没有 “{part}”")).nearest(part, known()))
            }
            base @ ("grade" | "score") if self.advice => {
                let known: Vec<String> = ids().collect();
                (!known.iter().any(|id| id == part)).then(|| {
                    wrong(format!("没有标准 “{part}”"))
                        .nearest(part, known.iter().map(String::as_str))
                        .hint(format!("写法如 {base}.sme_digital_2024 >= 2，编号里的 - 写成 _"))
                })
            }
            base => {
                let Some(questionnaire) = by_identifier(self.questionnaires, base) else {
                    let ids: Vec<String> = ids().collect();
                    let more = if self.advice {
                        &["plan", "grade", "score"][..]
                    } else {
                        &[]
                    };
                    let bases = ["fact", "last", "enterprise"].iter().chain(more).copied();
                    // A name without its base is the likelier slip: `employees` for `enterprise.employees`.
                    if let Some(whole) = self.in_full(base) {
                        return Some(wrong(format!("没有名字 “{base}”")).hint(format!("应写 {whole}")));
                    }
                    let known = ids.iter().map(String::as_str).chain(bases);
                    return Some(wrong(format!("没有标准 “{base}”")).nearest(base, known));
                };
                let layout = Layout::new(questionnaire);
                match place(&layout, part) {
                    Some(_) => None,
                    None => Some(
                        wrong(format!("“{full}” 不是可以核对的题目（表格题不行，分项题要写分项）"))
                            .nearest(part, layout.items.keys().map(String::as_str)),
                    ),
                }
            }
        }
    }

    /// `employees` → `enterprise.employees`.
    fn in_full(&self, part: &str) -> Option<String> {
        if ENTERPRISE.iter().any(|(known, _)| *known == part) {
            return Some(format!("enterprise.{part}"));
        }
        if self.advice && PLAN.iter().any(|(known, ..)| *known == part) {
            return Some(format!("plan.{part}"));
        }
        self.facts.get(part).map(|_| format!("fact.{part}"))
    }

    /// What a name is called and where it is filled in.
    pub fn missing(&self, name: &Name, year: Option<i16>) -> Missing {
        let part = name.part.as_deref().unwrap_or_default();
        let (what, fill) = match name.base.as_str() {
            "fact" | "last" => {
                let year = year.map(|year| year - i16::from(name.base == "last"));
                let year = year.map_or("年份".to_owned(), |year| year.to_string());
                let what = self.facts.get(part).map_or(part, |fact| fact.title.as_str());
                (what.to_owned(), format!("facts 下 {year} 的 {part}"))
            }
            "enterprise" => {
                let what = ENTERPRISE.iter().find(|(known, _)| *known == part);
                let fill = if part == "titles" {
                    "enterprise 下的 titles，没有称号就写 titles: []".to_owned()
                } else {
                    format!("enterprise 下的 {part}")
                };
                (what.map_or(part, |(_, what)| what).to_owned(), fill)
            }
            "plan" => {
                let known = PLAN.iter().find(|(known, ..)| *known == part);
                let (what, field) = known.map_or((part, part), |(_, what, field)| (*what, *field));
                (what.to_owned(), format!("plans 下项目的 {field}"))
            }
            base @ ("grade" | "score") => {
                let standard = by_identifier(self.questionnaires, part);
                let (short, id) = standard.map_or((part, part), |q| (q.short.as_str(), q.id.value.as_str()));
                (
                    format!("{short}的{}", if base == "grade" { "等级" } else { "得分" }),
                    format!("answers 下的 {id}（qizhen new {id}）"),
                )
            }
            base => {
                let standard = by_identifier(self.questionnaires, base);
                let item = part.split('.').next().unwrap_or_default();
                let found = standard.and_then(|q| q.items().find(|i| identifier(&i.id.value) == item));
                let id = standard.map_or(base, |q| q.id.value.as_str());
                let (title, item) = found.map_or((part, item), |i| (i.title.as_str(), i.id.value.as_str()));
                (title.to_owned(), format!("answers 下 {id} 的 {item}"))
            }
        };
        Missing {
            name: format!("{}.{part}", name.base),
            what,
            fill,
        }
    }
}

/// A compiled template: text with names, for sentences that tell numbers.
#[derive(Debug, Clone)]
pub struct Template {
    text: String,
    names: Vec<Name>,
}

impl Template {
    /// The names it uses.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text with the values filled in; `None` when one is missing.
    pub fn render(&self, desk: &Desk) -> Option<String> {
        SENTENCES.render_str(&self.text, desk.context(&self.names)?).ok()
    }
}

/// The one environment of sentences.
static SENTENCES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(20_000));
    env.add_filter("n", |value: f64, decimals: Option<u8>| {
        crate::round::show(value, decimals.unwrap_or(4))
    });
    env
});

fn template_names(text: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<Vec<Name>> {
    match SENTENCES.template_from_str(&text.value) {
        Ok(template) => {
            let mut names: Vec<Name> = template
                .undeclared_variables(true)
                .iter()
                .map(|name| Name::parse(name))
                .collect();
            names.sort();
            Some(names)
        }
        Err(error) => {
            let message = format!("句子的写法有误：{}", error.detail().unwrap_or("语法错误"));
            problems.push(Diagnostic::error(Code::ExprSyntax, text.span, message));
            None
        }
    }
}

/// Values under names of up to three parts; `None` when one has none.
fn nest(names: &[Name], value: impl Fn(&str, &str) -> Option<Value>) -> Option<Value> {
    let mut tree: BTreeMap<&str, BTreeMap<&str, BTreeMap<&str, Value>>> = BTreeMap::new();
    for name in names {
        let path = name.part.as_deref()?;
        let value = value(&name.base, path)?;
        let (item, part) = path.split_once('.').unwrap_or((path, ""));
        tree.entry(&name.base)
            .or_default()
            .entry(item)
            .or_default()
            .insert(part, value);
    }
    let items = |items: BTreeMap<&str, BTreeMap<&str, Value>>| -> Value {
        let flat = items.into_iter().map(|(item, mut parts)| match parts.remove("") {
            Some(value) => (item, value),
            None => (item, Value::from(parts)),
        });
        Value::from(flat.collect::<BTreeMap<_, _>>())
    };
    let bases = tree.into_iter().map(|(base, inner)| (base, items(inner)));
    Some(Value::from(bases.collect::<BTreeMap<_, _>>()))
}

/// A filter or a test that is not there shows only when a sentence is made: so one is made of ones.
fn unknown_filter(text: &At<String>, names: &[Name]) -> Option<Diagnostic> {
    let ones = nest(names, |_, _| Some(Value::from(1)))?;
    let error = SENTENCES.render_str(&text.value, ones).err()?;
    matches!(error.kind(), ErrorKind::UnknownFilter | ErrorKind::UnknownTest).then(|| {
        let message = format!("句子里有不认识的写法：{}", error.detail().unwrap_or_default());
        Diagnostic::error(Code::ExprSyntax, text.span, message).hint("数字写 {{ 名字 | n(0) }}，括号里是小数位数")
    })
}

fn by_identifier<'q>(questionnaires: &'q IndexMap<String, Questionnaire>, name: &str) -> Option<&'q Questionnaire> {
    questionnaires.values().find(|q| identifier(&q.id.value) == name)
}

/// Item index and column of `item` or `item.part`.
fn place(layout: &Layout, path: &str) -> Option<(usize, usize)> {
    let (item, part) = path
        .split_once('.')
        .map_or((path, None), |(item, part)| (item, Some(part)));
    let (index, laid) = layout.by_identifier(item)?;
    match (laid.kind, part) {
        (ItemKind::Table, _) => None,
        (ItemKind::Parts, Some(part)) => {
            let at = laid.parts.iter().position(|p| p.id == part)?;
            Some((index, laid.column + at))
        }
        (ItemKind::Parts, None) | (_, Some(_)) => None,
        (_, None) => Some((index, laid.column)),
    }
}
