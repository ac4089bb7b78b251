//! Options, bands and levels with their points: all in one cell, or one a row.

use super::book::{Sheet, a1};
use super::header::{self, Field};
use super::rows::{Problems, Raw};
use super::text;
use crate::round::show;
use crate::source::diagnostic::Code;

/// An option, a band or a level.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Wording.
    pub text: String,
    /// Points.
    pub points: f64,
    /// Row of the wording.
    pub row: u32,
    /// Column of the wording.
    pub column: u32,
}

/// Most options of one question: a set of options is kept in 64 bits.
const MOST: usize = 63;
/// Most points of one option.
const MOST_POINTS: f64 = 100_000.0;

/// The options of a choice question, without the labels that the program gives itself.
pub fn options(raw: &Raw, scored: bool, problems: &mut Problems) -> Option<Vec<Choice>> {
    let choices = labelled(raw, scored, problems)?;
    several(raw, choices, "选项", problems)
}

/// The bands of a number.
pub fn bands(raw: &Raw, problems: &mut Problems) -> Option<Vec<Choice>> {
    labelled(raw, true, problems)
}

/// The levels of a scenario, from 0 up.
pub fn levels(raw: &Raw, scored: bool, problems: &mut Problems) -> Option<Vec<Choice>> {
    let mut choices = several(raw, read(raw, scored, problems)?, "等级", problems)?;
    let labels: Option<Vec<(usize, String)>> = choices
        .iter()
        .map(|choice| text::level_label(&choice.text).map(|(level, rest)| (level, rest.to_owned())))
        .collect();
    let Some(labels) = labels else { return Some(choices) };
    for (index, (choice, (level, rest))) in choices.iter_mut().zip(labels).enumerate() {
        if level != index {
            let message = format!("等级应从 0 级起逐级写，这里应是 {index} 级，写的是 “{}”", choice.text);
            let problem = raw.sheet.error(Code::Range, choice.row, choice.column, message);
            problems.push(if index == 0 {
                problem.hint("在前面补上 0 级，如“0级：未达到一级”，分值 0")
            } else {
                problem
            });
            return None;
        }
        if !rest.is_empty() {
            choice.text = rest;
        }
    }
    Some(choices)
}

fn labelled(raw: &Raw, scored: bool, problems: &mut Problems) -> Option<Vec<Choice>> {
    let mut choices = read(raw, scored, problems)?;
    let mut texts: Vec<String> = choices.iter().map(|choice| choice.text.clone()).collect();
    text::strip_labels(&mut texts);
    for (choice, text) in choices.iter_mut().zip(texts) {
        choice.text = text;
    }
    Some(choices)
}

/// There must be at least two, not too many, and no two alike.
fn several(raw: &Raw, choices: Vec<Choice>, what: &str, problems: &mut Problems) -> Option<Vec<Choice>> {
    let count = choices.len();
    if !(2..=MOST).contains(&count) {
        let message = format!("有 {count} 个{what}，应有 2–{MOST} 个");
        let hint = "写在一格里时，每行一个，或用 ； 隔开；也可以每个写一行";
        problems.push(raw.error(Field::Options, Code::Cell, message).hint(hint));
        return None;
    }
    let twice = choices
        .iter()
        .enumerate()
        .find(|(index, choice)| choices[..*index].iter().any(|other| other.text == choice.text));
    if let Some((_, choice)) = twice {
        let message = format!("{what} “{}” 写了两次", choice.text);
        problems.push(raw.sheet.error(Code::DuplicateId, choice.row, choice.column, message));
        return None;
    }
    Some(choices)
}

/// Wordings and points as they stand in the sheet.
fn read(raw: &Raw, scored: bool, problems: &mut Problems) -> Option<Vec<Choice>> {
    let (sheet, header) = (raw.sheet, raw.header);
    let Some(column) = header.column(Field::Options) else {
        problems.push(header::needed(sheet, header, Field::Options));
        return None;
    };
    let points = match header.column(Field::Points) {
        Some(column) => Some(column),
        None if scored => {
            problems.push(header::needed(sheet, header, Field::Points));
            return None;
        }
        None => None,
    }
    .filter(|_| scored);
    let filled = |row: u32, column: u32| sheet.is_filled(row, column);
    let carrying: Vec<u32> = raw
        .rows
        .iter()
        .copied()
        .filter(|row| filled(*row, column) || points.is_some_and(|c| filled(*row, c)))
        .collect();
    match carrying.as_slice() {
        [_, _, ..] => one_a_row(sheet, &carrying, column, points, problems),
        [row] if filled(*row, column) => in_one_cell(sheet, *row, column, points, problems),
        _ => {
            let message = format!("“{}”没有选项", raw.title);
            problems.push(
                sheet
                    .error(Code::MissingField, raw.rows[0], column, message)
                    .hint(what_options(raw)),
            );
            None
        }
    }
}

/// What to write, by the kind of the question.
fn what_options(raw: &Raw) -> &'static str {
    let kind = text::compact(&raw.text(Field::Kind));
    if kind.starts_with("数") || kind.starts_with('定') {
        "数值题写区间，如 [0,10]；(10,20]，分值按同样顺序写；只问不计分的题，在 分值 里写 不计分"
    } else {
        "每行一个，或用 ； 隔开；也可以每个写一行"
    }
}

fn in_one_cell(
    sheet: &Sheet,
    row: u32,
    column: u32,
    points: Option<u32>,
    problems: &mut Problems,
) -> Option<Vec<Choice>> {
    let options = text::options(&sheet.text(row, column));
    let Some(points_column) = points else {
        return Some(
            options
                .into_iter()
                .map(|text| Choice {
                    text,
                    points: 0.0,
                    row,
                    column,
                })
                .collect(),
        );
    };
    let given = text::points(&sheet.text(row, points_column));
    if given.len() != options.len() {
        let message = if given.is_empty() {
            format!("有 {} 个选项，没有分值", options.len())
        } else {
            format!(
                "有 {} 个选项，却有 {} 个分值（{}）",
                options.len(),
                given.len(),
                given.join("、")
            )
        };
        let hint = format!("选项读成：{}；分值按同样顺序写，个数相同", quoted(&options));
        problems.push(
            sheet
                .error(Code::OptionWithoutPoints, row, points_column, message)
                .hint(hint),
        );
        return None;
    }
    let read: Vec<Option<f64>> = given
        .iter()
        .map(|text| self::points(sheet, row, points_column, text, problems))
        .collect();
    let read: Option<Vec<f64>> = read.into_iter().collect();
    Some(
        options
            .into_iter()
            .zip(read?)
            .map(|(text, points)| Choice {
                text,
                points,
                row,
                column,
            })
            .collect(),
    )
}

fn quoted(options: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = options.iter().take(SHOWN).map(|option| format!("“{option}”")).collect();
    let more = if options.len() > SHOWN { "…" } else { "" };
    shown.join("") + more
}

fn one_a_row(
    sheet: &Sheet,
    rows: &[u32],
    column: u32,
    points: Option<u32>,
    problems: &mut Problems,
) -> Option<Vec<Choice>> {
    let mut choices = Vec::new();
    let mut whole = true;
    let mut merged_to = 0;
    for row in rows {
        let text = text::one_line(&sheet.text(*row, column));
        let read = points.map_or(Some(0.0), |points_column| {
            if *row <= merged_to {
                return None;
            }
            let written = sheet.text(*row, points_column);
            let last = sheet.merged_to(*row, points_column).0;
            if !written.is_empty() && rows.iter().any(|other| other > row && *other <= last) {
                merged_to = last;
                let cells = format!("{}:{}", a1(*row, points_column), a1(last, points_column));
                let message = format!("分值把 {cells} 合并成一格，看不出每个选项各得几分");
                problems.push(
                    sheet
                        .error(Code::Cell, *row, points_column, message)
                        .hint("取消合并，每个选项一行写一个分值"),
                );
                return None;
            }
            if written.is_empty() {
                let message = format!("选项 “{text}” 没有分值");
                problems.push(sheet.error(Code::OptionWithoutPoints, *row, points_column, message));
                return None;
            }
            self::points(sheet, *row, points_column, &written, problems)
        });
        if text.is_empty() {
            problems.push(sheet.error(Code::MissingField, *row, column, "有分值，没有选项"));
        }
        match read {
            Some(points) if !text.is_empty() => choices.push(Choice {
                text,
                points,
                row: *row,
                column,
            }),
            _ => whole = false,
        }
    }
    whole.then_some(choices)
}

/// One number of points, not negative.
pub fn points(sheet: &Sheet, row: u32, column: u32, written: &str, problems: &mut Problems) -> Option<f64> {
    let problem = match text::number(written) {
        Some(points) if (0.0..=MOST_POINTS).contains(&points) => return Some(points),
        Some(points) if points < 0.0 => sheet
            .error(
                Code::Range,
                row,
                column,
                format!("分值是 {}，不能是负数", show(points, 6)),
            )
            .hint("扣分的写法：把不扣分的答案写成得分"),
        Some(points) => {
            let message = format!("分值是 {}，最多 {MOST_POINTS}", show(points, 6));
            sheet.error(Code::Range, row, column, message)
        }
        None => sheet
            .error(
                Code::Cell,
                row,
                column,
                format!("分值 “{}” 不是数", text::one_line(written)),
            )
            .hint("应为一个数，如 2.5；写在一格里时按选项的顺序，每行一个，或用 ； 隔开"),
    };
    problems.push(problem);
    None
}
