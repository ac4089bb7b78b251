//! Size class by 《统计上大中小微型企业划分办法（2017）》 (国统字〔2017〕213号), industry row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::industry::Industry;

/// Size class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum SizeClass {
    /// 微型
    #[serde(rename = "微型")]
    Micro,
    /// 小型
    #[serde(rename = "小型")]
    Small,
    /// 中型
    #[serde(rename = "中型")]
    Medium,
    /// 大型
    #[serde(rename = "大型")]
    Large,
}

impl SizeClass {
    /// The class of an industrial enterprise (sections B, C, D); `None` for others. Large, medium and small need both
    /// lower limits, otherwise the next class down.
    pub fn of(industry: &Industry, employees: u32, revenue_wan: f64) -> Option<Self> {
        industry.section()?;
        let by_people = match employees {
            1000.. => SizeClass::Large,
            300.. => SizeClass::Medium,
            20.. => SizeClass::Small,
            _ => SizeClass::Micro,
        };
        let by_revenue = if revenue_wan >= 40_000.0 {
            SizeClass::Large
        } else if revenue_wan >= 2000.0 {
            SizeClass::Medium
        } else if revenue_wan >= 300.0 {
            SizeClass::Small
        } else {
            SizeClass::Micro
        };
        Some(by_people.min(by_revenue))
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            SizeClass::Micro => "微型",
            SizeClass::Small => "小型",
            SizeClass::Medium => "中型",
            SizeClass::Large => "大型",
        }
    }
}

/// 规模以上工业: 2000 万元 of main revenue a year and more; a size class says something else.
pub fn above_scale(revenue_wan: f64) -> bool {
    revenue_wan >= 2000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries() {
        let industry = Industry::parse("C34").unwrap();
        for (employees, revenue, expected) in [
            (1200, 30_000.0, SizeClass::Medium),
            (15, 5000.0, SizeClass::Micro),
            (300, 2000.0, SizeClass::Medium),
            (299, 50_000.0, SizeClass::Small),
            (1000, 40_000.0, SizeClass::Large),
            (1000, 39_999.9, SizeClass::Medium),
            (20, 300.0, SizeClass::Small),
            (20, 299.9, SizeClass::Micro),
        ] {
            assert_eq!(
                SizeClass::of(&industry, employees, revenue),
                Some(expected),
                "{employees} {revenue}"
            );
        }
    }
}
