//! A question as it stands in the sheet → a question with a kind, answers and points, checked.

use super::book::Sheet;
use super::choices::{self, Choice};
use super::header::Field;
use super::rows::{Problems, Raw};
use super::text;
use crate::questionnaire::ItemKind;
use crate::round::show;
use crate::scoring::expr::FUNCTIONS;
use crate::scoring::interval::{Interval, Seam};
use crate::source::diagnostic::Code;
use crate::source::suggest;
use crate::units::Unit;

/// A question that can be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Its id; empty until one is given to it.
    pub id: String,
    /// Short title.
    pub title: String,
    /// The question as put; empty when the title says it all.
    pub ask: String,
    /// The answers.
    pub answers: Answers,
    /// Full points; `None` when it is asked but not scored.
    pub full: Option<f64>,
    /// What would prove the answer.
    pub evidence: Vec<String>,
    /// Clause.
    pub clause: String,
    /// How to find the answer.
    pub help: String,
}

/// What can be answered and what it gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Answers {
    /// One option.
    Single(Vec<(String, f64)>),
    /// Any number of options.
    Multi(Vec<(String, f64)>),
    /// Points of yes and of no.
    YesNo(f64, f64),
    /// A unit and points by intervals.
    Number(String, Vec<(Interval, f64)>),
    /// Levels from 0 up.
    Level(Vec<(String, f64)>),
}

/// Kinds of questions: the first name is the main one.
const KINDS: [(ItemKind, &[&str]); 5] = [
    (ItemKind::Single, &["单选", "单项选择", "单项", "single"]),
    (
        ItemKind::Multi,
        &["多选", "多项选择", "复选", "不定项", "不定项选择", "multi"],
    ),
    (ItemKind::YesNo, &["是否", "是/否", "是非", "判断", "yesno"]),
    (ItemKind::Number, &["数值", "数字", "定量", "number"]),
    (ItemKind::Level, &["等级", "级别", "分级", "level"]),
];

/// Words that mean: asked, but no points.
const UNSCORED: [&str; 4] = ["不计分", "不评分", "不打分", "不参与评分"];

/// Words of expressions, which no question can be called by.
const WORDS: [&str; 10] = ["true", "false", "none", "not", "and", "or", "is", "in", "if", "else"];

/// Reads a question; what is wrong goes to `problems`.
pub fn read(raw: &Raw, problems: &mut Problems) -> Option<Question> {
    let id = id(raw, problems);
    let kind = kind(raw, problems);
    let scored = ![Field::Points, Field::Full]
        .iter()
        .any(|field| UNSCORED.contains(&text::compact(&raw.text(*field)).as_str()));
    let (answers, best) = match kind? {
        ItemKind::YesNo => yes_no(raw, scored, problems)?,
        ItemKind::Number => number(raw, scored, problems)?,
        ItemKind::Level => {
            let levels = choices::levels(raw, scored, problems)?;
            let best = highest(levels.iter().map(|choice| choice.points));
            (Answers::Level(plain(levels)), best)
        }
        ItemKind::Multi => {
            let options = choices::options(raw, scored, problems)?;
            let sum = options.iter().map(|choice| choice.points).sum();
            (Answers::Multi(plain(options)), crate::round::half_up(sum, 9))
        }
        _ => {
            let options = choices::options(raw, scored, problems)?;
            let best = highest(options.iter().map(|choice| choice.points));
            (Answers::Single(plain(options)), best)
        }
    };
    let full = if scored {
        Some(full(raw, &answers, best, problems)?)
    } else {
        None
    };
    let ask = text::one_line(&raw.text(Field::Ask));
    Some(Question {
        id: id?,
        title: Some(raw.title.clone()).filter(|title| !title.is_empty())?,
        ask: if ask == raw.title { String::new() } else { ask },
        answers,
        full,
        evidence: raw
            .texts(Field::Evidence)
            .iter()
            .flat_map(|text| text::split(text, &['\n', '；', ';', '、', '，', ',']))
            .collect(),
        clause: sentence(&raw.texts(Field::Clause)),
        help: sentence(&raw.texts(Field::Help)),
    })
}

fn plain(choices: Vec<Choice>) -> Vec<(String, f64)> {
    choices.into_iter().map(|choice| (choice.text, choice.points)).collect()
}

fn highest(points: impl Iterator<Item = f64>) -> f64 {
    points.fold(0.0, f64::max)
}

/// Lines put together with a semicolon where they do not end in a sign.
fn sentence(texts: &[String]) -> String {
    let mut out = String::new();
    for line in texts.iter().flat_map(|text| text.lines()) {
        if out.ends_with(char::is_alphanumeric) {
            out.push('；');
        }
        out += line;
    }
    out
}

/// The id: `None` when it is wrong, empty when there is none.
fn id(raw: &Raw, problems: &mut Problems) -> Option<String> {
    let written = raw.text(Field::Id);
    let text = text::compact(&written).to_lowercase();
    let text = text
        .trim_start_matches(['第', '('])
        .trim_end_matches(['题', ')', '.', '、', ':'])
        .replace(['.', '_', '/'], "-");
    let id = if text.chars().all(|c| c.is_ascii_digit()) && !text.is_empty() {
        format!("q{:0>2}", text.trim_start_matches('0'))
    } else if text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("q{text}")
    } else {
        text
    };
    let fits = id
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fits || id.starts_with('-') || id.ends_with('-') || id.len() > 40 {
        let message = format!("“{}” 不能用作编号", text::one_line(&written));
        let hint = "编号用字母、数字和连字符，如 q01、1.2；也可以空着，由程序编号";
        problems.push(raw.error(Field::Id, Code::Cell, message).hint(hint));
        return None;
    }
    if id == "total" || WORDS.contains(&id.as_str()) || FUNCTIONS.contains(&id.as_str()) {
        let message = format!("“{id}” 在评分规则里另有用处，不能用作编号");
        problems.push(raw.error(Field::Id, Code::Cell, message).hint(format!("如改为 q-{id}")));
        return None;
    }
    Some(id)
}

fn kind(raw: &Raw, problems: &mut Problems) -> Option<ItemKind> {
    // Without the column every question would tell the same.
    raw.header.column(Field::Kind)?;
    let written = raw.text(Field::Kind);
    let text = text::compact(&written).to_lowercase();
    let text = text.split('(').next().unwrap_or_default().trim_end_matches('题');
    let found = KINDS.iter().find(|(_, names)| names.contains(&text));
    if found.is_none() {
        let main = KINDS.iter().map(|(_, names)| names[0]);
        let message = if text.is_empty() {
            "题型空着".to_owned()
        } else {
            format!("题型 “{}” 不认识", text::one_line(&written))
        };
        let problem = raw
            .error(
                Field::Kind,
                Code::Cell,
                format!("{message}，应为 {}", suggest::list(main)),
            )
            .nearest(text, KINDS.iter().flat_map(|(_, names)| names.iter().copied()));
        problems.push(problem);
    }
    found.map(|(kind, _)| *kind)
}

/// Points of yes and no: one number for 是, or both options with theirs.
fn yes_no(raw: &Raw, scored: bool, problems: &mut Problems) -> Option<(Answers, f64)> {
    let (yes, no) = (["是", "有", "yes", "符合"], ["否", "无", "没有", "no", "不符合"]);
    let named: Vec<String> = raw
        .texts(Field::Options)
        .iter()
        .flat_map(|text| text::options(text))
        .collect();
    let points: Vec<String> = raw
        .texts(Field::Points)
        .iter()
        .flat_map(|text| text::points(text))
        .collect();
    let is = |index: usize, names: &[&str]| {
        named
            .get(index)
            .is_some_and(|name| names.contains(&name.to_lowercase().as_str()))
    };
    let upright = named.is_empty() || named.len() == 2 && is(0, &yes) && is(1, &no);
    let reversed = named.len() == 2 && is(0, &no) && is(1, &yes);
    if !upright && !reversed {
        let message = format!(
            "是否题的选项只能是 是、否，这里是 {}",
            suggest::list(named.iter().map(String::as_str))
        );
        let hint = "选项另有文字时，题型改为 单选";
        problems.push(raw.error(Field::Options, Code::Cell, message).hint(hint));
        return None;
    }
    if !scored {
        return Some((Answers::YesNo(0.0, 0.0), 0.0));
    }
    let place = if points.is_empty() { Field::Full } else { Field::Points };
    let given = if points.is_empty() {
        vec![raw.text(Field::Full)]
    } else {
        points
    };
    let (given_yes, given_no) = match given.as_slice() {
        [yes] if !yes.is_empty() => (yes, None),
        [first, second] if reversed => (second, Some(first)),
        [first, second] => (first, Some(second)),
        [_] => {
            let place = if raw.header.column(Field::Points).is_some() {
                Field::Points
            } else {
                Field::Full
            };
            problems.push(raw.error(place, Code::MissingField, "没有分值：写答“是”得几分"));
            return None;
        }
        _ => {
            let message = format!("是否题应有 1 个分值（答“是”得几分），这里有 {} 个", given.len());
            problems.push(raw.error(Field::Points, Code::Cell, message));
            return None;
        }
    };
    let mut read = |text: &String| choices::points(raw.sheet, raw.rows[0], raw.header.column(place)?, text, problems);
    let (yes, no) = (read(given_yes), given_no.map_or(Some(0.0), &mut read));
    let (yes, no) = (yes?, no?);
    Some((Answers::YesNo(yes, no), yes.max(no)))
}

fn number(raw: &Raw, scored: bool, problems: &mut Problems) -> Option<(Answers, f64)> {
    let unit = text::one_line(&raw.text(Field::Unit));
    let known = match Unit::parse(&unit) {
        Err(error) if !unit.is_empty() => {
            problems.push(raw.error(Field::Unit, Code::UnknownFact, error.to_string()));
            false
        }
        _ => true,
    };
    if !scored {
        return known.then_some((Answers::Number(unit, Vec::new()), 0.0));
    }
    let bands = choices::bands(raw, problems)?;
    let mut read = Vec::new();
    for band in &bands {
        match interval(&band.text) {
            Some(interval) if interval.is_empty() => {
                let message = format!("区间 “{}” 里没有数：前一个数应小于后一个数", band.text);
                problems.push(raw.sheet.error(Code::Unreachable, band.row, band.column, message));
            }
            Some(interval) => read.push((interval, band)),
            None => {
                let message = format!("“{}” 不是区间", band.text);
                let hint = match text::meant_interval(&band.text) {
                    Some(meant) => format!("如果是这个意思，写成 {meant}：方括号含端点，圆括号不含"),
                    None => "写法如 [0,10]、(10,20]、(60,+∞)：方括号含端点，圆括号不含".to_owned(),
                };
                problems.push(raw.sheet.error(Code::Cell, band.row, band.column, message).hint(hint));
            }
        }
    }
    if read.len() < bands.len() {
        return None;
    }
    read.sort_by(|a, b| a.0.low.total_cmp(&b.0.low).then(a.0.high.total_cmp(&b.0.high)));
    let fits = seams(raw.sheet, &read, problems);
    let best = highest(bands.iter().map(|band| band.points));
    let bands = read
        .into_iter()
        .map(|(interval, band)| (interval, band.points))
        .collect();
    (fits && known).then_some((Answers::Number(unit, bands), best))
}

fn interval(text: &str) -> Option<Interval> {
    const MOST: f64 = 1e15;
    let interval = Interval::parse(&text::compact(text).replace('%', ""))?;
    let sane = |end: f64| end.is_infinite() || end.abs() <= MOST;
    (sane(interval.low) && sane(interval.high)).then_some(interval)
}

/// Tells gaps and overlaps between neighbours.
fn seams(sheet: &Sheet, bands: &[(Interval, &Choice)], problems: &mut Problems) -> bool {
    let mut fits = true;
    for pair in bands.windows(2) {
        let [(before, first), (after, second)] = pair else {
            continue;
        };
        let (code, message) = match before.seam(*after) {
            Seam::Fits => continue,
            Seam::Gap => (Code::BandGap, "之间有缺口：其中的数没有分数"),
            Seam::Overlap => (Code::BandOverlap, "重叠：其中的数有两个分数"),
        };
        let message = format!("区间 {} 与 {} {message}", first.text, second.text);
        let hint = "相邻区间的端点只能属于一个：如 [0,10]、(10,20]";
        problems.push(sheet.error(code, second.row, second.column, message).hint(hint));
        fits = false;
    }
    if let Some((first, band)) = bands
        .first()
        .filter(|(first, _)| first.low.is_finite() && !first.low_closed)
    {
        let message = format!("等于 {} 的数不在任何区间里，没有分数", first.low);
        let hint = format!("把 {} 的左边写成方括号", band.text);
        problems.push(sheet.error(Code::BandGap, band.row, band.column, message).hint(hint));
        fits = false;
    }
    fits
}

/// Full points: those of the best answer; what the sheet says must agree.
fn full(raw: &Raw, answers: &Answers, best: f64, problems: &mut Problems) -> Option<f64> {
    if best <= 0.0 {
        let message = "没有一个答案得分：分值都是 0";
        let hint = "只问不计分的题，在 分值 里写 不计分";
        problems.push(raw.error(Field::Points, Code::Cell, message).hint(hint));
        return None;
    }
    let written = raw.text(Field::Full);
    if written.is_empty() {
        return Some(best);
    }
    let Some(full) = text::number(&written) else {
        let message = format!("满分 “{}” 不是数", text::one_line(&written));
        problems.push(
            raw.error(Field::Full, Code::Cell, message)
                .hint("应为一个数，也可以空着，由程序从分值得出"),
        );
        return None;
    };
    let (agrees, how) = match answers {
        // What all options give together may be more than what counts.
        Answers::Multi(_) => (full > 0.0 && full <= best + 1e-9, "各选项的分值加起来是"),
        _ => ((full - best).abs() < 1e-9, "最好的答案得"),
    };
    if !agrees {
        let message = format!("满分写的是 {}，{how} {}", show(full, 6), show(best, 6));
        problems.push(
            raw.error(Field::Full, Code::FullMismatch, message)
                .hint("改正分值或满分；满分也可以空着，由程序得出"),
        );
        return None;
    }
    Some(full)
}
