//! An assessment file → [`Assessment`], with every mistake of the file collected.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::number::{self, Limits};
use super::{Assessment, SCHEMA, answer, onsite, plans, told};
use crate::enterprise::profile;
use crate::facts::FactDictionary;
use crate::questionnaire::Questionnaire;
use crate::source::Span;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::yaml::{self, Data, Node};
use crate::source::{shape, suggest};
use crate::units::{Quantity, Unit};

/// What an assessment may refer to.
pub struct Known<'a> {
    /// Questionnaires by standard.
    pub questionnaires: &'a IndexMap<String, Questionnaire>,
    /// Preset ids by standard; empty for standards without presets.
    pub presets: &'a IndexMap<String, Vec<String>>,
    /// The fact dictionary.
    pub facts: &'a FactDictionary,
    /// No assessment is dated after this day, `YYYY-MM-DD`.
    pub today: &'a str,
}

/// State of one read.
pub struct Reader<'a> {
    known: &'a Known<'a>,
    problems: &'a mut Vec<Diagnostic>,
    facts: BTreeMap<i16, IndexMap<String, f64>>,
    base_year: Option<i16>,
    /// The answers without what was verified, if anything was.
    reported: Option<IndexMap<String, super::StandardAnswers>>,
}

pub(crate) const FIELDS: [&str; 16] = [
    "schema",
    "enterprise",
    "date",
    "base_year",
    "assessor",
    "onsite",
    "standards",
    "presets",
    "pass_marks",
    "facts",
    "answers",
    "plans",
    "policies",
    "consent",
    "budget_wan",
    "electricity_price",
];

/// Reads an assessment. `None` when there were errors; warnings leave the result usable.
pub fn read(node: &Node, known: &Known, problems: &mut Vec<Diagnostic>) -> Option<Assessment> {
    let before = problems.len();
    if let Err(problem) = yaml::expect_schema(node, SCHEMA) {
        problems.push(problem);
        if !matches!(node.data, Data::Map(_)) {
            return None;
        }
    }
    let mut reader = Reader {
        known,
        problems,
        facts: BTreeMap::new(),
        base_year: None,
        reported: None,
    };
    for (key, _) in node.entries() {
        if !FIELDS.contains(&key.name.as_str()) {
            reader.push(
                Diagnostic::error(Code::UnknownField, key.span, format!("不认识的字段 “{}”", key.name))
                    .nearest(&key.name, FIELDS)
                    .hint(format!("这里可用的字段：{}", suggest::list(FIELDS))),
            );
        }
    }
    let enterprise = match node.get("enterprise") {
        Some(inner) => profile::read(inner, reader.problems),
        None => {
            let message = "缺少 enterprise（企业名称、行业、地区、人数、营业收入）";
            reader.push(
                Diagnostic::error(Code::MissingField, node.span, message)
                    .hint("用 `qizhen new` 生成的文件里有完整的样子"),
            );
            None
        }
    };
    let date = reader.date(node);
    reader.read_facts(node.get("facts"), date.as_deref());
    if let Some(inner) = node.get("base_year") {
        match inner.data {
            Data::Int(year) if (1990..=2100).contains(&year) => reader.base_year = Some(year as i16),
            _ => reader.error(
                Code::BadDate,
                inner.span,
                format!("base_year 应为年份，这里是 {}", inner.shown()),
            ),
        }
    }
    let answers = reader.answers(node);
    let presets = reader.presets(node.get("presets"));
    let pass_marks = reader.pass_marks(node.get("pass_marks"));
    let assessor = match node.get("assessor").map(|n| (n, &n.data)) {
        Some((_, Data::Str(text))) => text.clone(),
        None | Some((_, Data::Null)) => String::new(),
        Some((inner, _)) => {
            let message = format!("assessor 应为文字（核验人与单位），这里是{}", inner.kind());
            reader.error(Code::WrongType, inner.span, message);
            String::new()
        }
    };
    let onsite = node
        .get("onsite")
        .map(|inner| onsite::read(inner, known, reader.problems));
    let onsite = onsite.unwrap_or_default();
    let plans = node.get("plans").map(|inner| plans::read(inner, reader.problems));
    let told = node.get("policies").map(|inner| told::read(inner, reader.problems));
    let consent = node.get("consent").filter(|inner| inner.data != Data::Null);
    let consent = consent
        .and_then(|inner| shape::read(inner, reader.problems))
        .unwrap_or_default();
    let budget_wan = reader.amount(
        node.get("budget_wan"),
        1.0e8,
        "budget_wan 是打算投入的钱，以万元计，应在 0 与 1 亿之间",
    );
    let electricity_price = reader.amount(
        node.get("electricity_price"),
        10.0,
        "electricity_price 是平均电价，以元每千瓦时计，应在 0 与 10 之间",
    );
    let reported = reader.reported.take();
    let (facts, base_year) = (std::mem::take(&mut reader.facts), reader.base_year);
    if crate::source::diagnostic::has_errors(&problems[before..]) {
        return None;
    }
    Some(Assessment {
        enterprise: enterprise?,
        date: date?,
        base_year,
        assessor,
        onsite,
        plans: plans.unwrap_or_default(),
        told: told.unwrap_or_default(),
        consent,
        budget_wan,
        electricity_price,
        facts,
        presets,
        pass_marks,
        answers,
        reported,
    })
}

impl Reader<'_> {
    /// Keeps a problem.
    pub fn push(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Keeps an error.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(code, span, message));
    }

    /// A part of the file that is neither a mapping nor left blank is an error, not something to pass over.
    fn expect_map(&mut self, node: &Node, message: &str, hint: &str) {
        if !matches!(node.data, Data::Map(_) | Data::Null) {
            let message = format!("{message}，这里是{}", node.kind());
            self.push(Diagnostic::error(Code::WrongType, node.span, message).hint(hint));
        }
    }

    /// A fact of the base year plus `offset`, in the unit asked for.
    pub fn fact(&self, id: &str, offset: i16, unit: &str) -> Option<f64> {
        let year = self.base_year? + offset;
        let value = *self.facts.get(&year)?.get(id)?;
        let definition = self.known.facts.get(id)?;
        if definition.unit == unit || unit.is_empty() {
            return Some(value);
        }
        let from = Unit::parse(&definition.unit).ok()?;
        Quantity { value, unit: from }.convert(&Unit::parse(unit).ok()?).ok()
    }

    /// What is to be spent, 万元; blank for nothing said.
    /// A number from 0 to `most`; `what` says what it is and what is expected.
    fn amount(&mut self, node: Option<&Node>, most: f64, what: &str) -> Option<f64> {
        let node = node.filter(|inner| inner.data != Data::Null)?;
        let number: f64 = shape::read(node, self.problems)?;
        if !(0.0..=most).contains(&number) {
            let message = format!("{what}，这里是 {}", node.shown());
            self.error(Code::OutOfRange, node.span, message);
            return None;
        }
        Some(number)
    }

    fn date(&mut self, node: &Node) -> Option<String> {
        let Some(inner) = node.get("date") else {
            self.push(
                Diagnostic::error(Code::MissingField, node.span, "缺少 date（评估日期）")
                    .hint("写法如 date: 2026-11-20"),
            );
            return None;
        };
        let text = match &inner.data {
            Data::Str(text) => text.trim().to_owned(),
            _ => String::new(),
        };
        match text.parse::<jiff::civil::Date>() {
            Ok(date) if text.len() == 10 => {
                let iso = date.to_string();
                if iso.as_str() > self.known.today {
                    self.push(
                        Diagnostic::error(
                            Code::BadDate,
                            inner.span,
                            format!("评估日期 {iso} 在今天（{}）之后", self.known.today),
                        )
                        .hint("评估日期是填报或现场核验的那一天；请核对年份"),
                    );
                    return None;
                }
                if iso.as_str() < "2015-01-01" {
                    self.error(Code::BadDate, inner.span, format!("评估日期 {iso} 过早，请核对年份"));
                    return None;
                }
                Some(iso)
            }
            _ => {
                self.push(
                    Diagnostic::error(Code::BadDate, inner.span, format!("评估日期 {} 读不懂", inner.shown()))
                        .hint("写法：年-月-日，如 2026-11-20"),
                );
                None
            }
        }
    }

    fn read_facts(&mut self, node: Option<&Node>, date: Option<&str>) {
        let assessed: i16 = date
            .and_then(|d| d.get(..4))
            .and_then(|y| y.parse().ok())
            .unwrap_or(2100);
        let Some(node) = node else { return };
        self.expect_map(
            node,
            "facts 应按年份写",
            "写法如 facts: { 2025: { electricity: 310 万kWh } }",
        );
        for (key, year_node) in node.entries() {
            let Some(year) = key.name.parse::<i16>().ok().filter(|y| (1990..=2100).contains(y)) else {
                self.push(
                    Diagnostic::error(
                        Code::BadDate,
                        key.span,
                        format!("facts 下面应按年份写，这里是 “{}”", key.name),
                    )
                    .hint("写法如 facts: { 2025: { electricity: 310 万kWh } }"),
                );
                continue;
            };
            if year > assessed {
                self.error(
                    Code::BadDate,
                    key.span,
                    format!("{year} 年在评估日期之后，不会有实际数"),
                );
            }
            self.expect_map(
                year_node,
                "年份下面应为“事实: 数”的键值表",
                "写法如 2025: { electricity: 310 万kWh }",
            );
            let mut facts = IndexMap::new();
            for (id, value) in year_node.entries() {
                let Some(definition) = self.known.facts.get(&id.name) else {
                    self.push(
                        Diagnostic::error(Code::BadFact, id.span, format!("事实词典里没有 “{}”", id.name))
                            .nearest(&id.name, self.known.facts.ids())
                            .hint("用 `qizhen show facts` 查看全部"),
                    );
                    continue;
                };
                let limits = Limits {
                    what: format!("{year} 年{}", definition.title),
                    unit: &definition.unit,
                    min: definition.min(),
                    max: definition.max(),
                    integer: false,
                };
                if let Some(number) = number::read(self, value, &limits) {
                    if let Some(why) = definition.implausible(number) {
                        let shown = crate::round::show(number, 4);
                        let message = format!("{year} 年{} {shown} {} 不合常理", definition.title, definition.unit);
                        self.push(Diagnostic::warning(Code::Implausible, value.span, message).hint(why));
                    }
                    facts.insert(id.name.clone(), number);
                }
            }
            self.facts.insert(year, facts);
        }
        self.base_year = self.facts.keys().copied().filter(|year| *year <= assessed).max();
    }

    fn answers(&mut self, node: &Node) -> IndexMap<String, super::StandardAnswers> {
        let known = self.known;
        let mut chosen: Vec<(String, Span)> = Vec::new();
        if let Some(list) = node.get("standards") {
            match &list.data {
                Data::Seq(items) => {
                    for item in items {
                        if let Data::Str(id) = &item.data {
                            chosen.push((id.clone(), item.span));
                        } else {
                            self.error(
                                Code::UnknownStandard,
                                item.span,
                                format!("标准编号应为文字，这里是{}", item.kind()),
                            );
                        }
                    }
                }
                Data::Null => {}
                _ => self.error(
                    Code::WrongType,
                    list.span,
                    format!("standards 应为列表，这里是{}", list.kind()),
                ),
            }
        }
        let given = node.get("answers");
        if let Some(inner) = given
            && !matches!(inner.data, Data::Map(_) | Data::Null)
        {
            self.error(
                Code::WrongType,
                inner.span,
                format!("answers 应按标准分组，这里是{}", inner.kind()),
            );
        }
        let entries = given.map_or(&[][..], Node::entries);
        if chosen.is_empty() {
            chosen = entries.iter().map(|(key, _)| (key.name.clone(), key.span)).collect();
        }
        let ids = || known.questionnaires.keys().map(String::as_str);
        let mut all = IndexMap::new();
        let mut reported = IndexMap::new();
        let unknown = |id: &str, span: Span| {
            Diagnostic::error(Code::UnknownStandard, span, format!("没有标准 “{id}”"))
                .nearest(id, ids())
                .hint(format!("可用的标准：{}", suggest::list(ids())))
        };
        for (key, inner) in entries {
            match known.questionnaires.get(&key.name) {
                Some(questionnaire) => {
                    let (read, own) = answer::read_all(self, questionnaire, inner);
                    if chosen.iter().any(|(id, _)| *id == key.name) {
                        reported.extend(own.map(|own| (key.name.clone(), own)));
                        all.insert(key.name.clone(), read);
                    }
                }
                None => self.push(unknown(&key.name, key.span)),
            }
        }
        for (id, span) in &chosen {
            if entries.iter().any(|(key, _)| key.name == *id) {
                continue;
            }
            match known.questionnaires.get(id) {
                Some(questionnaire) => {
                    let empty = Node {
                        span: *span,
                        data: Data::Map(Vec::new()),
                    };
                    let (read, _) = answer::read_all(self, questionnaire, &empty);
                    all.insert(id.clone(), read);
                }
                None => self.push(unknown(id, *span)),
            }
        }
        // Reported in the order of the `standards` list.
        all.sort_by(|a, _, b, _| {
            let place = |id: &String| chosen.iter().position(|(c, _)| c == id).unwrap_or(usize::MAX);
            place(a).cmp(&place(b))
        });
        // What nobody verified is the enterprise's own word either way.
        if !reported.is_empty() {
            let own =
                |(id, read): (&String, &super::StandardAnswers)| (id.clone(), reported.get(id).unwrap_or(read).clone());
            self.reported = Some(all.iter().map(own).collect());
        }
        // Where a name was wrong, that has been said and is enough.
        if chosen.is_empty() && given.is_none_or(|inner| matches!(inner.data, Data::Map(_) | Data::Null)) {
            let span = given.map_or(node.span, |n| n.span);
            self.push(
                Diagnostic::error(Code::NoAnswers, span, "没有任何标准的答案，无从评分")
                    .hint("在 answers 下按标准编号写答案；用 `qizhen new 标准编号` 生成带全部题目的文件"),
            );
        }
        all
    }

    fn presets(&mut self, node: Option<&Node>) -> IndexMap<String, String> {
        let mut presets = IndexMap::new();
        if let Some(inner) = node {
            self.expect_map(
                inner,
                "presets 应为“标准: 预设”的键值表",
                "写法如 presets: { green-factory-2025: annex-c }",
            );
        }
        for (key, value) in node.map_or(&[][..], Node::entries) {
            let known = self.known.presets.get(&key.name).cloned().unwrap_or_default();
            match &value.data {
                Data::Str(id) if known.contains(id) => {
                    presets.insert(key.name.clone(), id.clone());
                }
                _ => self.push(
                    Diagnostic::error(
                        Code::UnknownPreset,
                        value.span,
                        format!("标准 “{}” 没有预设 {}", key.name, value.shown()),
                    )
                    .hint(if known.is_empty() {
                        "这个标准没有预设可选".to_owned()
                    } else {
                        format!("可用：{}", suggest::list(known.iter().map(String::as_str)))
                    }),
                ),
            }
        }
        presets
    }

    fn pass_marks(&mut self, node: Option<&Node>) -> IndexMap<String, f64> {
        let mut marks = IndexMap::new();
        if let Some(inner) = node {
            self.expect_map(
                inner,
                "pass_marks 应为“标准: 分数”的键值表",
                "写法如 pass_marks: { green-factory-2025: 60 }",
            );
        }
        for (key, value) in node.map_or(&[][..], Node::entries) {
            if !self.known.questionnaires.contains_key(&key.name) {
                let ids = self.known.questionnaires.keys().map(String::as_str);
                self.push(
                    Diagnostic::error(Code::UnknownStandard, key.span, format!("没有标准 “{}”", key.name))
                        .nearest(&key.name, ids),
                );
                continue;
            }
            let limits = Limits {
                what: "合格线".into(),
                unit: "",
                min: Some(0.0),
                max: Some(100.0),
                integer: false,
            };
            if let Some(mark) = number::read(self, value, &limits) {
                marks.insert(key.name.clone(), mark);
            }
        }
        marks
    }
}
