//! The `enterprise:` block of an assessment.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::industry::Industry;
use super::region::Region;
use super::size::{SizeClass, above_scale};
use super::uscc;
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape;
use crate::source::validation;
use crate::source::yaml::Node;

/// As written.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct Written {
    #[validate(length(min = 2, max = 120, message = "企业名称应为 2–120 个字"))]
    name: String,
    #[serde(default)]
    uscc: Option<At<String>>,
    industry: At<String>,
    region: At<String>,
    #[validate(range(min = 1, max = 3_000_000, message = "从业人数应在 1 与 3000000 之间"))]
    employees: u32,
    #[validate(range(min = 0.0, max = 1.0e9, message = "营业收入以万元计，不能为负，也不应超过 10 亿万元"))]
    revenue_wan: f64,
    #[serde(default)]
    products: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    titles: Vec<String>,
}

/// Who is assessed, checked.
#[derive(Debug, Clone, Serialize)]
pub struct Profile {
    /// Registered name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: Option<String>,
    /// Class of industry.
    #[serde(serialize_with = "industry_out")]
    pub industry: Industry,
    /// Region.
    #[serde(serialize_with = "region_out")]
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
}

#[derive(Serialize)]
struct Named<'a> {
    code: &'a str,
    name: &'a str,
}

fn industry_out<S: serde::Serializer>(industry: &Industry, out: S) -> Result<S::Ok, S::Error> {
    Named {
        code: industry.code(),
        name: industry.name(),
    }
    .serialize(out)
}

fn region_out<S: serde::Serializer>(region: &Region, out: S) -> Result<S::Ok, S::Error> {
    Named {
        code: region.code(),
        name: &region.name(),
    }
    .serialize(out)
}

/// Reads the block. `None` when it has errors.
pub fn read(node: &Node, problems: &mut Vec<Diagnostic>) -> Option<Profile> {
    let written: Written = shape::read(node, problems)?;
    validation::check(&written, node, problems);
    if !written.revenue_wan.is_finite() {
        let span = node.get("revenue_wan").map_or(node.span, |n| n.span);
        problems.push(Diagnostic::error(Code::NotFinite, span, "营业收入不是一个有限的数"));
    }
    let uscc = written.uscc.as_ref().map(|text| uscc::check(text, problems));
    let industry = Industry::parse(&written.industry.value);
    if let Err(error) = &industry {
        let digits = written
            .industry
            .value
            .trim_start_matches(|c: char| c.is_ascii_alphabetic());
        problems.push(
            Diagnostic::error(Code::BadIndustry, written.industry.span, error.to_string())
                .nearest(digits, Industry::known())
                .hint("查营业执照或统计报表上的国民经济行业代码（GB/T 4754-2017）"),
        );
    }
    let region = Region::parse(&written.region.value);
    if let Err(error) = &region {
        problems.push(Diagnostic::error(
            Code::BadRegion,
            written.region.span,
            error.to_string(),
        ));
    }
    let (industry, region) = (industry.ok()?, region.ok()?);
    Some(Profile {
        size: SizeClass::of(&industry, written.employees, written.revenue_wan),
        above_scale: above_scale(written.revenue_wan),
        name: written.name.trim().to_owned(),
        uscc: match uscc {
            Some(checked) => Some(checked?.as_str().to_owned()),
            None => None,
        },
        industry,
        region,
        employees: written.employees,
        revenue_wan: written.revenue_wan,
        products: written.products,
        address: written.address,
        contact: written.contact,
        titles: written.titles,
    })
}
