//! The `enterprise:` block of an assessment.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::industry::{Industry, IndustryError};
use super::region::Region;
use super::size::{SizeClass, above_scale};
use super::uscc;
use crate::source::At;
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::shape;
use crate::source::validation;
use crate::source::yaml::{Data, Node};

/// As written.
#[derive(Debug, Clone, Validate)]
struct Written {
    #[validate(length(min = 2, max = 120, message = "企业名称应为 2–120 个字"))]
    name: String,
    #[validate(range(min = 1, max = 3_000_000, message = "从业人数应在 1 与 3000000 之间"))]
    employees: i64,
    #[validate(range(min = 0.0, max = 1.0e9, message = "营业收入以万元计，不能为负，也不应超过 10 亿万元"))]
    revenue_wan: f64,
}

pub(crate) const FIELDS: [&str; 10] = [
    "name",
    "uscc",
    "industry",
    "region",
    "employees",
    "revenue_wan",
    "products",
    "address",
    "contact",
    "titles",
];

/// Who is assessed, checked.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Profile {
    /// Registered name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Class of industry.
    #[serde(serialize_with = "industry_out")]
    #[schemars(with = "Named<'static>")]
    pub industry: Industry,
    /// Region.
    #[serde(serialize_with = "region_out")]
    #[schemars(with = "Named<'static>")]
    pub region: Region,
    /// People employed.
    pub employees: u32,
    /// Revenue, 万元 a year.
    pub revenue_wan: f64,
    /// Size class; `None` outside industry.
    pub size: Option<SizeClass>,
    /// 规模以上工业企业.
    pub above_scale: bool,
    /// Main products, in words.
    pub products: String,
    /// Address.
    pub address: String,
    /// Contact.
    pub contact: String,
    /// Titles held, e.g. 专精特新.
    pub titles: Vec<String>,
    /// Whether titles were told at all: none told is not the same as none held.
    #[serde(skip)]
    pub titles_told: bool,
}

/// What a code stands for.
#[derive(Serialize, schemars::JsonSchema)]
struct Named<'a> {
    code: &'a str,
    name: &'a str,
    /// Both as they are printed.
    label: String,
}

fn industry_out<S: serde::Serializer>(industry: &Industry, out: S) -> Result<S::Ok, S::Error> {
    Named {
        code: industry.code(),
        name: industry.name(),
        label: industry.label(),
    }
    .serialize(out)
}

fn region_out<S: serde::Serializer>(region: &Region, out: S) -> Result<S::Ok, S::Error> {
    Named {
        code: region.code(),
        name: &region.name(),
        label: format!("{} {}", region.code(), region.name()),
    }
    .serialize(out)
}

/// Reads the block, field by field, so that one wrong field does not hide another. `None` when it has errors.
pub fn read(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Profile> {
    let before = problems.len();
    if !matches!(node.data, Data::Map(_) | Data::Null) {
        let message = format!("enterprise 应为“字段: 值”的键值表，这里是{}", node.kind());
        problems.push(Diagnostic::error(Code::WrongType, node.span, message));
        return None;
    }
    for (key, _) in node.entries() {
        if !FIELDS.contains(&key.name.as_str()) {
            let message = format!("不认识的字段 “{}”", key.name);
            problems.push(Diagnostic::error(Code::UnknownField, key.span, message).nearest(&key.name, FIELDS));
        }
    }
    let name: Option<String> = required(node, "name", "企业全称", problems);
    let industry: Option<At<String>> = required(node, "industry", "国民经济行业代码", problems);
    let region: Option<At<String>> = required(node, "region", "行政区划代码", problems);
    let employees: Option<i64> = required(node, "employees", "从业人数", problems);
    let revenue: Option<f64> = required(node, "revenue_wan", "上一年营业收入，万元", problems);
    let uscc = optional::<At<String>>(node, "uscc", problems).and_then(|text| uscc::check(&text, problems));
    let products = optional(node, "products", problems).unwrap_or_default();
    let address = optional(node, "address", problems).unwrap_or_default();
    let contact = optional(node, "contact", problems).unwrap_or_default();
    let titles: Option<Vec<String>> = optional(node, "titles", problems);
    if revenue.is_some_and(|number| !number.is_finite()) {
        let span = node.get("revenue_wan").map_or(node.span, |n| n.span);
        problems.push(Diagnostic::error(Code::NotFinite, span, "营业收入不是一个有限的数"));
    }
    // What could not be read has been reported; a value in range stands in for it.
    let written = Written {
        name: name.unwrap_or_else(|| "——".into()),
        employees: employees.unwrap_or(1),
        revenue_wan: revenue.filter(|number| number.is_finite()).unwrap_or(0.0),
    };
    validation::check(&written, node, problems);
    let industry = industry.and_then(|text| {
        let parsed = Industry::parse(&text.value);
        parsed
            .map_err(|error| problems.push(wrong_industry(&text, &error)))
            .ok()
    });
    let region = region.and_then(|text| {
        let parsed = Region::parse(&text.value);
        parsed
            .map_err(|error| problems.push(Diagnostic::error(Code::BadRegion, text.span, error.to_string())))
            .ok()
    });
    if diagnostic::has_errors(&problems[before..]) {
        return None;
    }
    let (industry, region) = (industry?, region?);
    let employees = u32::try_from(written.employees).ok()?;
    Some(Profile {
        size: SizeClass::of(&industry, employees, written.revenue_wan),
        above_scale: above_scale(written.revenue_wan),
        name: written.name.trim().to_owned(),
        uscc: uscc.map(|code| code.as_str().to_owned()),
        industry,
        region,
        employees,
        revenue_wan: written.revenue_wan,
        products,
        address,
        contact,
        titles_told: titles.is_some(),
        titles: titles.unwrap_or_default(),
    })
}

/// A field that must be there and not blank.
fn required<'n, T: Deserialize<'n>>(
    node: &'n Node,
    field: &str,
    what: &str,
    problems: &mut Vec<Diagnostic>,
) -> Option<T> {
    match node.get(field) {
        Some(inner) if inner.data != Data::Null => shape::read(inner, problems),
        found => {
            let span = found.map_or(node.span, |inner| inner.span);
            let message = format!("enterprise 里缺少 {field}（{what}）");
            problems.push(Diagnostic::error(Code::MissingField, span, message));
            None
        }
    }
}

/// A field that may be left out or blank.
fn optional<'n, T: Deserialize<'n>>(node: &'n Node, field: &str, problems: &mut Vec<Diagnostic>) -> Option<T> {
    let inner = node.get(field).filter(|inner| inner.data != Data::Null)?;
    shape::read(inner, problems)
}

fn wrong_industry(text: &At<String>, error: &IndustryError) -> Diagnostic {
    let problem = Diagnostic::error(Code::BadIndustry, text.span, error.to_string());
    let digits = text.value.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    match error {
        IndustryError::Section { expected, .. } => problem.hint(format!("应写 {expected}{digits} 或 {digits}")),
        _ => problem.nearest(digits, Industry::known()),
    }
    .hint("查营业执照或统计报表上的国民经济行业代码（GB/T 4754-2017）")
}
