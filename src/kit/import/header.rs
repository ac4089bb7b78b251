//! The header row: which column holds what, by name, in any order.

use super::book::Sheet;
use super::text;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::suggest;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Id of the question.
    Id,
    /// Section.
    Section,
    /// Short title.
    Title,
    /// The question as put.
    Ask,
    /// Kind of answer.
    Kind,
    /// Options, bands or levels.
    Options,
    /// Their points.
    Points,
    /// Full points.
    Full,
    /// Unit.
    Unit,
    /// Evidence.
    Evidence,
    /// Clause.
    Clause,
    /// Help.
    Help,
}

/// Names of the columns: the first is the main one, the others are taken for it.
pub const NAMES: [(Field, &[&str]); 12] = [
    (Field::Id, &["编号", "题号", "id", "题目编号", "序号"]),
    (Field::Section, &["维度", "部分", "一级指标", "板块", "模块"]),
    (
        Field::Title,
        &["题目", "指标", "名称", "二级指标", "题目名称", "指标名称"],
    ),
    (Field::Ask, &["问题", "问法", "题面", "题干"]),
    (Field::Kind, &["题型", "类型", "题目类型"]),
    (Field::Options, &["选项", "选项内容", "答案选项"]),
    (Field::Points, &["分值", "得分", "分数", "选项分值"]),
    (Field::Full, &["满分", "最高分"]),
    (Field::Unit, &["单位", "计量单位"]),
    (Field::Evidence, &["佐证", "佐证材料", "证明材料"]),
    (Field::Clause, &["依据", "条款", "评价依据"]),
    (Field::Help, &["说明", "填报说明", "填写说明", "提示"]),
];

/// Rows in which a header is looked for.
const SEARCHED: usize = 30;

impl Field {
    /// The main name.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(field, _)| *field == self)
            .map_or("", |(_, names)| names[0])
    }
}

/// Where the columns are.
#[derive(Debug)]
pub struct Header {
    /// Last row of the header.
    pub row: u32,
    columns: Vec<(Field, u32)>,
}

impl Header {
    /// The column of a field, if there is one.
    pub fn column(&self, field: Field) -> Option<u32> {
        self.columns
            .iter()
            .find(|(found, _)| *found == field)
            .map(|(_, column)| *column)
    }

    /// All fields that have a column.
    pub fn fields(&self) -> impl Iterator<Item = (Field, u32)> {
        self.columns.iter().copied()
    }
}

/// A heading without what people add to it: blanks, a star, words in brackets.
pub fn plain(heading: &str) -> String {
    let text = text::compact(heading).to_lowercase();
    let text = text.split(['(', '[']).next().unwrap_or_default();
    text.trim_matches(['*', ':', '、', '.']).to_owned()
}

fn known(heading: &str) -> Option<(Field, bool)> {
    let plain = plain(heading);
    NAMES.iter().find_map(|(field, names)| {
        let place = names.iter().position(|name| *name == plain)?;
        Some((*field, place == 0))
    })
}

/// Looks for the header of a sheet. `None` when no row looks like one; a header with mistakes is told and given as far as it
/// goes.
pub fn find(sheet: &Sheet, problems: &mut Vec<Diagnostic>) -> Option<Header> {
    let count = |row: &u32| {
        let mut fields: Vec<Field> = (sheet.columns(*row))
            .filter_map(|column| known(&sheet.text(*row, column)))
            .map(|(field, _)| field)
            .collect();
        fields.sort_unstable();
        fields.dedup();
        fields.len()
    };
    let rows = sheet.rows();
    // The first of those with the most names.
    let best = rows.iter().take(SEARCHED).rev().max_by_key(|row| count(row)).copied()?;
    if count(&best) < 2 {
        return None;
    }
    // Headings that are merged downward make a header of several rows.
    let last = sheet
        .columns(best)
        .map(|column| sheet.merged_to(best, column).0)
        .max()
        .unwrap_or(best);
    let mut found: Vec<(Field, u32, u32, bool)> = Vec::new();
    let mut unknown: Vec<(u32, u32)> = Vec::new();
    for row in best..=last {
        for column in sheet.columns(row) {
            match known(&sheet.text(row, column)) {
                Some((field, main)) => found.push((field, row, column, main)),
                None => unknown.push((row, column)),
            }
        }
    }
    let mut columns = Vec::new();
    for (field, _) in NAMES {
        let mut all: Vec<_> = found.iter().filter(|(other, ..)| *other == field).collect();
        // Beside the main name the others are ordinary columns.
        if all.iter().any(|(.., main)| *main) {
            unknown.extend(
                all.iter()
                    .filter(|(.., main)| !main)
                    .map(|(_, row, column, _)| (*row, *column)),
            );
            all.retain(|(.., main)| *main);
        }
        if let [(_, first_row, first, _), others @ ..] = all.as_slice() {
            columns.push((field, *first));
            for (_, row, column, _) in others {
                let message = format!(
                    "“{}” 与 {} 的 “{}” 都是“{}”一列",
                    text::one_line(&sheet.text(*row, *column)),
                    super::book::a1(*first_row, *first),
                    text::one_line(&sheet.text(*first_row, *first)),
                    field.name(),
                );
                let hint = "只留一列，或给另一列换个名字";
                problems.push(sheet.error(Code::Header, *row, *column, message).hint(hint));
            }
        }
    }
    let header = Header { row: last, columns };
    // Columns under a wide heading such as 选项与分值 are named in the row below it.
    unknown.retain(|(row, column)| {
        let (_, to) = sheet.merged_to(*row, *column);
        !header.fields().any(|(_, taken)| (*column..=to).contains(&taken))
    });
    required(sheet, best, &header, &mut unknown, problems);
    unused(sheet, &header, &unknown, problems);
    Some(header)
}

/// Tells the columns that must be there and are not.
fn required(sheet: &Sheet, row: u32, header: &Header, unknown: &mut Vec<(u32, u32)>, problems: &mut Vec<Diagnostic>) {
    for wanted in [
        &[Field::Title, Field::Ask][..],
        &[Field::Kind],
        &[Field::Points, Field::Full],
    ] {
        if !wanted.iter().any(|field| header.column(*field).is_some()) {
            let near = near(sheet, unknown, wanted);
            let (row, column) = match near {
                Some(place) => place,
                None => (row, sheet.columns(row).next().unwrap_or(0)),
            };
            unknown.retain(|place| Some(*place) != near);
            problems.push(missing(sheet, row, column, wanted, near.is_some()));
        }
    }
}

/// The mistake of a column that is not there.
fn missing(sheet: &Sheet, row: u32, column: u32, wanted: &[Field], near: bool) -> Diagnostic {
    let names: Vec<&str> = wanted.iter().map(|field| field.name()).collect();
    let message = format!("表头缺少“{}”一列", names.join("”或“"));
    let all = NAMES
        .iter()
        .filter(|(field, _)| wanted.contains(field))
        .flat_map(|(_, names)| *names);
    let hint = if near {
        let found = text::one_line(&sheet.text(row, column));
        format!(
            "这一列的名称 “{found}” 与它最接近：是这一列就改名；可用：{}",
            suggest::list(all.copied())
        )
    } else {
        format!("可用的列名：{}", suggest::list(all.copied()))
    };
    sheet.error(Code::Header, row, column, message).hint(hint)
}

/// The mistake of a question that needs a column which the sheet does not have.
pub fn needed(sheet: &Sheet, header: &Header, field: Field) -> Diagnostic {
    let column = sheet.columns(header.row).next().unwrap_or(0);
    missing(sheet, header.row, column, &[field], false)
}

fn near(sheet: &Sheet, unknown: &[(u32, u32)], wanted: &[Field]) -> Option<(u32, u32)> {
    let names = || {
        NAMES
            .iter()
            .filter(|(field, _)| wanted.contains(field))
            .flat_map(|(_, names)| names.iter().copied())
    };
    unknown.iter().copied().find(|(row, column)| {
        let heading = plain(&sheet.text(*row, *column));
        suggest::nearest(&heading, names()).is_some()
    })
}

/// Tells the columns that are not used, and of which one that is not there the name may be a slip.
fn unused(sheet: &Sheet, header: &Header, unknown: &[(u32, u32)], problems: &mut Vec<Diagnostic>) {
    let free = || NAMES.iter().filter(|(field, _)| header.column(*field).is_none());
    for (row, column) in unknown {
        let heading = text::one_line(&sheet.text(*row, *column));
        let message = format!("没有用到“{heading}”这一列");
        let names = free().flat_map(|(_, names)| names.iter().copied());
        problems.push(
            sheet
                .warning(Code::NotRead, *row, *column, message)
                .nearest(&plain(&heading), names),
        );
    }
}

/// For a sheet without a header: the first row whose cells nearly have the names of columns, and what they may be.
pub fn nearly(sheet: &Sheet) -> Option<(u32, u32, String)> {
    let names = || NAMES.iter().flat_map(|(_, names)| names.iter().copied());
    let rows = sheet.rows();
    rows.iter().take(SEARCHED).find_map(|row| {
        let near: Vec<(u32, String)> = sheet
            .columns(*row)
            .filter_map(|column| {
                let heading = text::one_line(&sheet.text(*row, column));
                let name = suggest::nearest(&plain(&heading), names())?;
                Some((
                    column,
                    format!("{} 的 “{heading}” 最接近列名 “{name}”", super::book::a1(*row, column)),
                ))
            })
            .collect();
        let (first, _) = near.first()?;
        let all: Vec<String> = near.iter().map(|(_, hint)| hint.clone()).collect();
        Some((*row, *first, all.join("；")))
    })
}
