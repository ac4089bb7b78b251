//! Questions → the two files of a standard, and the proof that the program accepts them.

use super::question::{Answers, Question};
use super::yaml::Yaml;
use super::{Options, Section};
use crate::catalog::Broken;
use crate::facts::FactDictionary;
use crate::questionnaire::{self, Domain, Questionnaire};
use crate::round::half_up;
use crate::scoring::compile::compile;
use crate::scoring::expr::identifier;
use crate::scoring::interval::Interval;
use crate::scoring::rulebook::{self, Rulebook};
use crate::source::diagnostic::Diagnostic;
use crate::source::{SourceMap, shape, validation, yaml};

/// Longest short title that charts have room for.
const SHORT: usize = 10;
/// Texts of an option that excludes all others.
const NOTHING: [&str; 14] = [
    "无",
    "没有",
    "都没有",
    "均没有",
    "都无",
    "均无",
    "以上都没有",
    "以上均没有",
    "以上均无",
    "以上都不是",
    "都不是",
    "暂无",
    "未开展",
    "均未开展",
];

/// Full points of questions together.
pub fn full<'a>(questions: impl IntoIterator<Item = &'a Question>) -> f64 {
    half_up(questions.into_iter().filter_map(|question| question.full).sum(), 9)
}

type Entries = Vec<(String, Yaml)>;

/// An entry, unless there is nothing to say.
fn text(entries: &mut Entries, key: &str, text: &str) {
    if !text.is_empty() {
        entries.push((key.into(), Yaml::text(text)));
    }
}

fn list(entries: &mut Entries, key: &str, items: Vec<Yaml>) {
    if !items.is_empty() {
        entries.push((key.into(), Yaml::List(items)));
    }
}

fn note(file: &str) -> String {
    format!("由工作簿 {file} 导入，题目、选项和分值尚未与原文核对。")
}

/// What is asked.
pub fn questionnaire(file: &str, sections: &[Section], options: &Options) -> Yaml {
    let mut out = Entries::new();
    text(&mut out, "schema", questionnaire::SCHEMA);
    text(&mut out, "id", &options.id);
    text(&mut out, "title", &options.title);
    text(&mut out, "short", &short(&options.title));
    let domain = match options.domain {
        Domain::Digital => "digital",
        Domain::Energy => "energy",
        Domain::Green => "green",
    };
    text(&mut out, "domain", domain);
    let mut source = Entries::new();
    text(&mut source, "document", &options.title);
    text(
        &mut source,
        "note",
        &format!("由工作簿 {file} 导入的草稿，文号、发布单位和日期待补。"),
    );
    out.push(("source".into(), Yaml::Map(source)));
    text(&mut out, "confidence", "unverified");
    text(&mut out, "note", &note(file));
    let sections = sections.iter().zip(section_ids(sections)).map(|(section, id)| {
        let items = section.questions.iter().map(item).collect();
        let mut entries = Entries::new();
        text(&mut entries, "id", &id);
        text(&mut entries, "title", &section.title);
        entries.push(("items".into(), Yaml::List(items)));
        Yaml::Map(entries)
    });
    out.push(("sections".into(), Yaml::List(sections.collect())));
    Yaml::Map(out)
}

/// `s1`, `s2` …, none of them the id of a question: sections and questions stand in one tree of the rulebook.
fn section_ids(sections: &[Section]) -> Vec<String> {
    let taken = |id: &String| {
        sections
            .iter()
            .flat_map(|s| &s.questions)
            .any(|question| question.id == *id)
    };
    (1..)
        .map(|number| format!("s{number}"))
        .filter(|id| !taken(id))
        .take(sections.len())
        .collect()
}

fn short(title: &str) -> String {
    let plain = title.split(['（', '(']).next().unwrap_or(title).trim();
    let plain = if plain.is_empty() { title } else { plain };
    plain.chars().take(SHORT).collect::<String>().trim().to_owned()
}

fn item(question: &Question) -> Yaml {
    let mut out = Entries::new();
    text(&mut out, "id", &question.id);
    text(&mut out, "title", &question.title);
    text(&mut out, "ask", &question.ask);
    let options = |options: &[(String, f64)]| {
        let lines = options.iter().enumerate().map(|(index, (option, _))| {
            Yaml::line([("id", Yaml::text(option_id(index))), ("text", Yaml::text(option))])
        });
        lines.collect::<Vec<_>>()
    };
    match &question.answers {
        Answers::Single(choices) => {
            text(&mut out, "kind", "single");
            list(&mut out, "options", options(choices));
        }
        Answers::Multi(choices) => {
            text(&mut out, "kind", "multi");
            list(&mut out, "options", options(choices));
            let exclusive: Vec<Yaml> = choices
                .iter()
                .enumerate()
                .filter(|(_, (text, points))| *points == 0.0 && NOTHING.contains(&text.as_str()))
                .map(|(index, _)| Yaml::text(option_id(index)))
                .collect();
            if !exclusive.is_empty() {
                out.push(("exclusive".into(), Yaml::Line(Box::new(Yaml::List(exclusive)))));
            }
        }
        Answers::YesNo(..) => text(&mut out, "kind", "yesno"),
        Answers::Number(unit, bands) => {
            text(&mut out, "kind", "number");
            text(&mut out, "unit", unit);
            let ends = bands
                .first()
                .zip(bands.last())
                .map(|(first, last)| (first.0.low, last.0.high));
            if let Some((low, high)) = ends {
                for (key, end) in [("min", low), ("max", high)] {
                    if end.is_finite() {
                        out.push((key.into(), Yaml::Number(end)));
                    }
                }
            }
        }
        Answers::Level(levels) => {
            text(&mut out, "kind", "level");
            let lines = levels.iter().enumerate().map(|(level, (text, _))| {
                Yaml::line([("level", Yaml::Number(level as f64)), ("text", Yaml::text(text))])
            });
            list(&mut out, "levels", lines.collect());
        }
    }
    text(&mut out, "help", &question.help);
    let evidence: Vec<Yaml> = question.evidence.iter().map(Yaml::text).collect();
    if !evidence.is_empty() {
        out.push(("evidence".into(), Yaml::Line(Box::new(Yaml::List(evidence)))));
    }
    text(&mut out, "clause", &question.clause);
    Yaml::Map(out)
}

/// `a` … `z`, `aa` …
fn option_id(index: usize) -> String {
    let letter = |index: usize| char::from(b'a' + (index % 26) as u8);
    match index / 26 {
        0 => letter(index).to_string(),
        more => format!("{}{}", letter(more - 1), letter(index)),
    }
}

/// How answers become points.
pub fn rulebook(file: &str, sections: &[Section], options: &Options) -> Yaml {
    let mut out = Entries::new();
    text(&mut out, "schema", rulebook::SCHEMA);
    text(&mut out, "standard", &options.id);
    text(&mut out, "confidence", "unverified");
    text(&mut out, "note", &note(file));
    out.push(("decimals".into(), Yaml::Number(f64::from(decimals(sections)))));
    text(&mut out, "not_applicable", "rescale");
    let groups = sections.iter().zip(section_ids(sections)).filter_map(|(section, id)| {
        let children: Vec<Yaml> = section.questions.iter().filter_map(indicator).collect();
        (!children.is_empty()).then(|| group(&id, &section.title, full(&section.questions), children))
    });
    let all = full(sections.iter().flat_map(|section| &section.questions));
    let root = group("total", "评测得分", all, groups.collect());
    out.push(("indicators".into(), root));
    Yaml::Map(out)
}

/// As many decimals as the points have, at least two: no point is lost by rounding.
fn decimals(sections: &[Section]) -> u8 {
    let points = sections
        .iter()
        .flat_map(|section| &section.questions)
        .flat_map(|question| match &question.answers {
            Answers::Single(choices) | Answers::Multi(choices) | Answers::Level(choices) => {
                choices.iter().map(|c| c.1).collect()
            }
            Answers::YesNo(yes, no) => vec![*yes, *no],
            Answers::Number(_, bands) => bands.iter().map(|band| band.1).collect(),
        });
    let needed = |points: f64| {
        (0..6)
            .find(|decimals| half_up(points, *decimals) == points)
            .unwrap_or(6)
    };
    points.map(needed).max().unwrap_or(0).max(2)
}

fn group(id: &str, title: &str, full: f64, children: Vec<Yaml>) -> Yaml {
    let mut out = Entries::new();
    text(&mut out, "id", id);
    text(&mut out, "title", title);
    out.push(("full".into(), Yaml::Number(full)));
    out.push(("children".into(), Yaml::List(children)));
    Yaml::Map(out)
}

/// The rule of a question; none when it is not scored.
fn indicator(question: &Question) -> Option<Yaml> {
    let full = question.full?;
    let mut out = Entries::new();
    text(&mut out, "id", &question.id);
    text(&mut out, "title", &question.title);
    out.push(("full".into(), Yaml::Number(full)));
    text(&mut out, "clause", &question.clause);
    let by_id = |points: Vec<(String, f64)>| {
        let points = points
            .into_iter()
            .map(|(id, points)| (id, Yaml::Number(points)))
            .collect();
        [("item", Yaml::text(&question.id)), ("points", Yaml::Map(points))]
    };
    let options =
        |choices: &[(String, f64)]| by_id(choices.iter().enumerate().map(|(i, c)| (option_id(i), c.1)).collect());
    let (method, rule) = match &question.answers {
        Answers::Single(choices) => ("options", Yaml::line(options(choices))),
        Answers::Multi(choices) => {
            let rule = options(choices).into_iter().chain([("cap", Yaml::Number(full))]);
            ("sum_of_options", Yaml::line(rule))
        }
        Answers::YesNo(yes, no) => (
            "options",
            Yaml::line(by_id(vec![("yes".into(), *yes), ("no".into(), *no)])),
        ),
        Answers::Level(levels) => {
            let points = levels
                .iter()
                .enumerate()
                .map(|(level, (_, points))| (level.to_string(), *points));
            ("options", Yaml::line(by_id(points.collect())))
        }
        Answers::Number(unit, bands) => ("bands", self::bands(question, unit, bands)?),
    };
    out.push((method.into(), rule));
    Some(Yaml::Map(out))
}

fn bands(question: &Question, unit: &str, bands: &[(Interval, f64)]) -> Option<Yaml> {
    let (first, last) = (bands.first()?.0, bands.last()?.0);
    let cover = Interval {
        high: last.high,
        high_closed: last.high_closed,
        ..first
    };
    let mut out = Entries::new();
    text(&mut out, "value", &identifier(&question.id));
    text(&mut out, "unit", unit);
    text(&mut out, "cover", &written(cover));
    let table = bands.iter().map(|(interval, points)| {
        Yaml::line([
            ("in", Yaml::text(written(*interval))),
            ("points", Yaml::Number(*points)),
        ])
    });
    list(&mut out, "table", table.collect());
    Some(Yaml::Map(out))
}

/// The interval as rule files write it.
fn written(interval: Interval) -> String {
    let (open, close) = (
        if interval.low_closed { '[' } else { '(' },
        if interval.high_closed { ']' } else { ')' },
    );
    // An infinite end is written `inf`, which is what Rust calls it.
    format!("{open}{},{}{close}", interval.low, interval.high)
}

/// Reads the drafts as `qizhen check` would: what is written must be accepted.
pub fn check(questionnaire: &str, rulebook: &str) -> Result<(), Broken> {
    let mut sources = SourceMap::default();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let first = sources.add("问卷草稿", questionnaire);
    let second = sources.add("评分规则草稿", rulebook);
    let mut parse = |file, text| yaml::parse(file, text).map_err(|found| problems.extend(found)).ok();
    let nodes = (parse(first, questionnaire), parse(second, rulebook));
    if let (Some(first), Some(second)) = nodes {
        let questionnaire = shape::read::<Questionnaire>(&first, &mut problems);
        let rulebook = shape::read::<Rulebook>(&second, &mut problems);
        if let Some(questionnaire) = questionnaire {
            validation::check(&questionnaire, &first, &mut problems);
            questionnaire::check::check(&questionnaire, &FactDictionary::default(), &mut problems);
            if let Some(Err(found)) = rulebook.map(|rulebook| compile(&rulebook, &questionnaire)) {
                problems.extend(found);
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Broken { problems, sources })
    }
}
