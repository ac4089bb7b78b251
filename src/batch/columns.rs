//! The header of a list of enterprises: which column holds what, by name, in any order.

use crate::catalog::Catalog;
use crate::kit::import::book::{self, Sheet};
use crate::kit::import::text;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::suggest;

/// Rows in which the header is looked for.
const SEARCHED: usize = 30;

/// What a cell is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Text, whatever it looks like.
    Text,
    /// A code of so many digits that Excel would spoil it as a number.
    Code,
    /// A number.
    Number,
    /// A day.
    Date,
    /// Several texts.
    List,
    /// Yes or no.
    Truth,
    /// What an assessment file would have there.
    Value,
}

/// Columns about the enterprise and the assessment: path in the file, form, names; the first name is the main one.
const FIELDS: [(&[&str], Form, &[&str]); 15] = [
    (
        &["enterprise", "name"],
        Form::Text,
        &["企业名称", "企业全称", "单位名称", "name"],
    ),
    (
        &["enterprise", "uscc"],
        Form::Code,
        &["统一社会信用代码", "社会信用代码", "信用代码", "uscc"],
    ),
    (
        &["enterprise", "industry"],
        Form::Text,
        &["行业", "行业代码", "国民经济行业代码", "industry"],
    ),
    (
        &["enterprise", "region"],
        Form::Text,
        &["地区", "地区代码", "行政区划代码", "region"],
    ),
    (
        &["enterprise", "employees"],
        Form::Number,
        &["从业人数", "从业人员", "employees"],
    ),
    (
        &["enterprise", "revenue_wan"],
        Form::Number,
        &["营业收入(万元)", "年营业收入(万元)", "revenue_wan"],
    ),
    (&["date"], Form::Date, &["日期", "评估日期", "date"]),
    (&["enterprise", "products"], Form::Text, &["主要产品", "products"]),
    (&["enterprise", "address"], Form::Text, &["地址", "address"]),
    (&["enterprise", "contact"], Form::Text, &["联系人", "contact"]),
    (&["enterprise", "titles"], Form::List, &["称号", "titles"]),
    (&["assessor"], Form::Text, &["核验人", "assessor"]),
    (
        &["budget_wan"],
        Form::Number,
        &["预算(万元)", "投入预算(万元)", "budget_wan"],
    ),
    (
        &["consent", "share_with_providers"],
        Form::Truth,
        &["同意向服务商公开", "share_with_providers"],
    ),
    (&["standards"], Form::List, &["标准", "standards"]),
];

/// How many of [`FIELDS`] must have a column.
const REQUIRED: usize = 7;

/// A column and what it means.
#[derive(Debug, Clone)]
pub struct Column {
    /// Where it stands.
    pub at: u32,
    /// Keys that lead to the value in an assessment file.
    pub path: Vec<String>,
    /// What the cell is to be.
    pub form: Form,
}

/// The header row and its columns: the row with the most known names.
pub fn find(sheet: &Sheet, catalog: &Catalog, problems: &mut Vec<Diagnostic>) -> Option<(u32, Vec<Column>)> {
    const HINT: &str = "表头是一行，至少有 企业名称、行业、地区、从业人数、营业收入(万元)、日期；qizhen batch --sample 清单.xlsx 写出一份样表";
    let rows = sheet.rows();
    let known = |row: u32| {
        let columns = sheet.columns(row);
        columns
            .filter(|column| field(&sheet.text(row, *column)).is_some())
            .count()
    };
    let best = rows.iter().take(SEARCHED).rev().copied().max_by_key(|row| known(*row));
    let Some(row) = best.filter(|row| known(*row) >= 2) else {
        let problem = sheet.error(Code::Header, rows.first().copied().unwrap_or(0), 0, "没有找到表头");
        problems.push(problem.hint(HINT));
        return None;
    };
    let mut columns: Vec<Column> = Vec::new();
    for at in sheet.columns(row) {
        match column(&sheet.text(row, at), catalog) {
            Ok((path, form)) => match columns.iter().find(|other| other.path == path) {
                Some(other) => {
                    let message = format!("与 {} 是同一列", book::a1(row, other.at));
                    problems.push(sheet.error(Code::Header, row, at, message).hint("只留一列"));
                }
                None => columns.push(Column { at, path, form }),
            },
            Err((message, hint)) => problems.push(sheet.error(Code::Header, row, at, message).hint(hint)),
        }
    }
    for (path, form, names) in FIELDS[..REQUIRED].iter() {
        // Enterprises abroad and those being founded have no code yet.
        if *form != Form::Code && !columns.iter().any(|column| column.path == *path) {
            let message = format!("表头缺少“{}”一列", names[0]);
            let hint = format!("可用的列名：{}", suggest::list(names.iter().copied()));
            problems.push(
                sheet
                    .error(Code::Header, row, sheet.columns(row).next().unwrap_or(0), message)
                    .hint(hint),
            );
        }
    }
    Some((row, columns))
}

fn field(heading: &str) -> Option<(&'static [&'static str], Form)> {
    let plain = text::compact(heading).to_lowercase();
    let plain = plain.trim_matches(['*', ':']);
    let found = FIELDS.iter().find(|(_, _, names)| names.contains(&plain))?;
    Some((found.0, found.1))
}

/// What a heading means, or why it means nothing and what it may be.
fn column(heading: &str, catalog: &Catalog) -> Result<(Vec<String>, Form), (String, String)> {
    if let Some((path, form)) = field(heading) {
        return Ok((path.iter().map(|step| (*step).to_owned()).collect(), form));
    }
    let plain = text::compact(heading);
    let near = |found: &str, known: &mut dyn Iterator<Item = &str>, or: &str| {
        suggest::nearest(found, known).map_or(or.to_owned(), |name| format!("最接近的是 “{name}”"))
    };
    if let Some(rest) = plain.strip_prefix("fact:") {
        let Some((year, id)) = rest.split_once(':').filter(|(year, _)| year.parse::<i16>().is_ok()) else {
            return Err((
                format!("列名 “{plain}” 读不懂"),
                "写法：fact:年:编号，如 fact:2025:electricity".into(),
            ));
        };
        if catalog.facts.get(id).is_none() {
            let hint = near(id, &mut catalog.facts.ids(), "用 `qizhen show facts` 查看全部");
            return Err((format!("事实词典里没有 “{id}”"), hint));
        }
        return Ok((vec!["facts".into(), year.into(), id.into()], Form::Value));
    }
    if let Some((standard, item)) = plain.split_once('/') {
        let Some(questionnaire) = catalog.questionnaires.get(standard) else {
            let mut ids = catalog.questionnaires.keys().map(String::as_str);
            return Err((
                format!("没有标准 “{standard}”"),
                near(standard, &mut ids, "用 `qizhen show` 查看全部"),
            ));
        };
        if !questionnaire.items().any(|known| known.id.value == item) {
            let mut ids = questionnaire.items().map(|known| known.id.value.as_str());
            let hint = near(item, &mut ids, &format!("用 `qizhen show {standard}` 查看全部"));
            return Err((format!("“{}” 没有题目 “{item}”", questionnaire.short), hint));
        }
        return Ok((vec!["answers".into(), standard.into(), item.into()], Form::Value));
    }
    let mut names = FIELDS.iter().flat_map(|(_, _, names)| names.iter().copied());
    let or = "答案的列名写 标准/题目，事实的写 fact:年:编号；用不到的列请删去";
    Err((
        format!("不认识的列 “{}”", text::one_line(heading)),
        near(&plain, &mut names, or),
    ))
}
