//! Projects that are planned or under way: what policies and a bank ask about first. All of it may be left out, and none
//! of it touches a score.

use minijinja::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape::Each;
use crate::source::yaml::Node;
use crate::source::{At, Span, shape};

/// One project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// 项目名称
    pub name: At<String>,
    /// 项目总投资（固定资产投资），万元
    #[serde(default)]
    pub invest_wan: Option<f64>,
    /// 其中设备投资，万元
    #[serde(default)]
    pub equipment_wan: Option<f64>,
    /// 其中一个年度内的设备投资（按发票和付款算），万元
    #[serde(default)]
    pub equipment_year_wan: Option<f64>,
    /// 拟向银行贷款，万元
    #[serde(default)]
    pub loan_wan: Option<f64>,
    /// 预计每年多出的效益（省下的加多赚的），万元
    #[serde(default)]
    pub saving_wan: Option<f64>,
    /// 保守估计的每年效益，万元
    #[serde(default)]
    pub saving_low_wan: Option<f64>,
    /// 投资进度：已付款占总投资，%
    #[serde(default)]
    pub paid_pct: Option<f64>,
    /// 是否已办技改备案（核准）
    #[serde(default)]
    pub filed: Option<YesNo>,
    /// 是否已验收
    #[serde(default)]
    pub accepted: Option<YesNo>,
    /// 开工年月，如 2026-03
    #[serde(default)]
    pub start: Option<At<String>>,
    /// 完工年月，如 2027-06
    #[serde(default)]
    pub finish: Option<At<String>>,
    /// 项目内容，可多选
    #[serde(default)]
    pub aims: Option<Vec<Aim>>,
}

/// What a project is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Aim {
    /// Software, networks, data.
    #[serde(rename = "数字化")]
    Digital,
    /// Old machines out, new ones in.
    #[serde(rename = "设备更新")]
    Renewal,
    /// Less energy for the same output.
    #[serde(rename = "节能")]
    Energy,
    /// Less waste, water, emission.
    #[serde(rename = "绿色")]
    Green,
    /// Safety of work.
    #[serde(rename = "安全")]
    Safety,
    /// More output.
    #[serde(rename = "扩产")]
    Expansion,
}

impl Aim {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Aim::Digital => "数字化",
            Aim::Renewal => "设备更新",
            Aim::Energy => "节能",
            Aim::Green => "绿色",
            Aim::Safety => "安全",
            Aim::Expansion => "扩产",
        }
    }
}

/// A yes or no as people write it: 是, 否, yes, no, true, false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct YesNo(pub bool);

impl<'de> Deserialize<'de> for YesNo {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match String::deserialize(from)?.trim() {
            "是" | "有" | "yes" | "true" => Ok(YesNo(true)),
            "否" | "没有" | "无" | "no" | "false" => Ok(YesNo(false)),
            other => Err(serde::de::Error::custom(format!("这里是 “{other}”，应为 是 或 否"))),
        }
    }
}

impl JsonSchema for YesNo {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "YesNo".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"enum": ["是", "否", true, false, "yes", "no", "有", "没有", "无"]})
    }
}

impl Project {
    /// Value of a name in expressions, on a day `YYYY-MM-DD`.
    pub fn value(&self, name: &str, date: &str) -> Option<Value> {
        let number = |value: Option<f64>| value.map(Value::from);
        let begun = |month: &At<String>| month.value.as_str() <= upto(date, month.value.len());
        // A month is over when it is past, a day when it has come.
        let over = |month: &At<String>| begun(month) && (month.value.len() > 7 || !date.starts_with(&month.value));
        match name {
            "invest_wan" => number(self.invest_wan),
            "equipment_wan" => number(self.equipment_wan),
            "equipment_year_wan" => number(self.equipment_year_wan),
            "loan_wan" => number(self.loan_wan),
            "saving_wan" => number(self.saving_wan),
            "paid_pct" => number(self.paid_pct),
            "filed" => self.filed.map(|YesNo(filed)| Value::from(filed)),
            "started" => self.start.as_ref().map(begun).map(Value::from),
            "finished" => self.finish.as_ref().map(over).map(Value::from),
            "renewal" => self.aims.as_ref().map(|aims| Value::from(aims.contains(&Aim::Renewal))),
            "aims" => self
                .aims
                .as_ref()
                .map(|aims| Value::from_iter(aims.iter().map(|aim| aim.label()))),
            _ => None,
        }
    }

    /// Years until the benefits have paid for it: with the benefits expected, and with the cautious ones where told.
    pub fn payback(&self) -> Option<(f64, f64)> {
        let invest = self.invest_wan.filter(|invest| *invest > 0.0)?;
        let years = |saving: Option<f64>| saving.filter(|saving| *saving > 0.0).map(|saving| invest / saving);
        let expected = years(self.saving_wan)?;
        Some((expected, years(self.saving_low_wan).unwrap_or(expected)))
    }
}

/// As much of a date as there is to compare with: dates and months compare as text.
fn upto(date: &str, len: usize) -> &str {
    date.get(..len).unwrap_or(date)
}

/// Reads the projects; each mistake is told, and a broken project does not hide the next.
pub fn read(node: &Node, problems: &mut Vec<Diagnostic>) -> Vec<Project> {
    let read = shape::read::<Option<Each<Project>>>(node, problems).flatten();
    let projects = read.unwrap_or_default().0;
    for project in &projects {
        check(project, problems);
    }
    projects
}

fn check(project: &Project, problems: &mut Vec<Diagnostic>) {
    let (name, span) = (&project.name.value, project.name.span);
    let amounts = [
        ("invest_wan", project.invest_wan),
        ("equipment_wan", project.equipment_wan),
        ("equipment_year_wan", project.equipment_year_wan),
        ("loan_wan", project.loan_wan),
        ("saving_wan", project.saving_wan),
        ("saving_low_wan", project.saving_low_wan),
        ("paid_pct", project.paid_pct),
    ];
    for (field, value) in amounts {
        let most = if field == "paid_pct" { 100.0 } else { 1.0e8 };
        let Some(value) = value.filter(|value| !(0.0..=most).contains(value)) else {
            continue;
        };
        let unit = if field == "paid_pct" { "%" } else { "万元" };
        let message = format!("项目 “{name}” 的 {field} 是 {value}，应在 0 与 {most} {unit} 之间");
        problems.push(Diagnostic::error(Code::Range, span, message));
    }
    for (small, great) in [(1, 0), (2, 0), (2, 1), (3, 0), (5, 4)] {
        let ((small, part), (great, whole)) = (amounts[small], amounts[great]);
        if let (Some(part), Some(whole)) = (part, whole)
            && part > whole
        {
            let message = format!("项目 “{name}” 的 {small}（{part}）大于 {great}（{whole}）");
            problems.push(Diagnostic::error(Code::Relation, span, message).hint("部分不会大于全部；金额都以万元计"));
        }
    }
    let mut months = [("start", &project.start), ("finish", &project.finish)]
        .into_iter()
        .filter_map(|(field, month)| Some((field, month.as_ref()?)));
    let (Some(first), second) = (months.next(), months.next()) else {
        return;
    };
    let mut whole = true;
    for (field, month) in [Some(first), second].into_iter().flatten() {
        whole &= is_month(field, &month.value, month.span, problems);
    }
    if let Some((_, finish)) = second.filter(|_| whole)
        && upto(&finish.value, first.1.value.len()) < upto(&first.1.value, finish.value.len())
    {
        let message = format!("项目 “{name}” 的完工（{}）早于开工（{}）", finish.value, first.1.value);
        problems.push(Diagnostic::error(Code::Relation, finish.span, message));
    }
}

fn is_month(field: &str, text: &str, span: Span, problems: &mut Vec<Diagnostic>) -> bool {
    let day = match text.len() {
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let right = day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok();
    if !right {
        let message = format!("{field} “{text}” 读不懂");
        problems.push(Diagnostic::error(Code::BadDate, span, message).hint("写法：年-月，如 2027-03"));
    }
    right
}
