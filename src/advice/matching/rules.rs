//! How providers are matched, as written: weights, the width of a rank, schemes of qualifications. `advice/matching.yaml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::provenance::Confidence;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape::Each;
use crate::source::{At, Span};

/// First line of the file.
pub const SCHEMA: &str = "qizhen/matching/1";

/// The rules of matching.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// Whose rules these are.
    pub source: String,
    /// How well they are backed.
    pub confidence: Confidence,
    /// Width of a rank in points: scores are divided by it and rounded, equal results are of equal merit.
    pub tie: At<f64>,
    /// Most providers shown.
    pub shown: At<u16>,
    /// How many verified cases give all points.
    pub enough_cases: At<u16>,
    /// Every factor once, in the order in which they are printed; the weights add up to 100.
    pub factors: Each<FactorRule>,
    /// Qualifications whose levels are known to be higher or lower.
    #[serde(default)]
    pub qualifications: Each<Scheme>,
}

/// One factor.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorRule {
    /// Which one.
    pub id: At<FactorId>,
    /// Name in reports.
    pub title: String,
    /// Most points.
    pub weight: At<f64>,
    /// How it is counted, in words.
    #[serde(default)]
    pub how: String,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactorId {
    /// 短板覆盖
    Gaps,
    /// 行业契合
    Industry,
    /// 同类案例
    Cases,
    /// 规模契合
    Size,
    /// 本地化
    Region,
    /// 服务类型
    Service,
    /// 有效资质
    Qualifications,
    /// 价格
    Price,
}

impl FactorId {
    /// Every factor, in the order in which ratios are kept.
    pub const ALL: [FactorId; 8] = [
        FactorId::Gaps,
        FactorId::Industry,
        FactorId::Cases,
        FactorId::Size,
        FactorId::Region,
        FactorId::Service,
        FactorId::Qualifications,
        FactorId::Price,
    ];
}

/// A scheme of qualifications with levels.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Code, as providers give it.
    pub code: At<String>,
    /// Name.
    #[serde(default)]
    pub title: String,
    /// Which way the numbers go: ITSS level 1 is the highest, CMMI level 5 is.
    pub direction: Direction,
    /// The levels from the lowest to the highest.
    pub levels: Vec<String>,
    /// How well this is backed.
    pub confidence: Confidence,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

/// Which way the numbers of levels go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Level 1 is the highest.
    SmallerIsHigher,
    /// The highest number is the highest level.
    LargerIsHigher,
}

impl Rules {
    /// Points of a rank, in tenths.
    pub fn tie_tenths(&self) -> u32 {
        ((self.tie.value * 10.0).round() as u32).max(1)
    }

    /// The factor of an id.
    pub fn factor(&self, id: FactorId) -> Option<&FactorRule> {
        self.factors.iter().find(|factor| factor.id.value == id)
    }

    /// The weights in the order of [`FactorId::ALL`].
    pub fn weights(&self) -> [f64; FactorId::ALL.len()] {
        FactorId::ALL.map(|id| self.factor(id).map_or(0.0, |factor| factor.weight.value))
    }

    /// How high a level of a qualification is, 0 to 1; `None` when nobody says.
    pub fn rank(&self, code: &str, level: &str) -> Option<f64> {
        let scheme = self
            .qualifications
            .iter()
            .find(|s| s.code.value.eq_ignore_ascii_case(code.trim()))?;
        let wanted = plain_level(level);
        let place = scheme.levels.iter().position(|known| plain_level(known) == wanted)?;
        match scheme.levels.len() {
            0 | 1 => None,
            many => Some(place as f64 / (many - 1) as f64),
        }
    }

    /// What cannot be: told with places.
    pub fn check(&self, problems: &mut Vec<Diagnostic>) {
        let mut wrong = |span: Span, what: String| problems.push(Diagnostic::error(Code::Range, span, what));
        if !(0.1..=50.0).contains(&self.tie.value) {
            wrong(
                self.tie.span,
                format!("tie 应在 0.1 与 50 之间，这里是 {}", self.tie.value),
            );
        }
        if !(1..=50).contains(&self.shown.value) {
            wrong(
                self.shown.span,
                format!("shown 应在 1 与 50 之间，这里是 {}", self.shown.value),
            );
        }
        if self.enough_cases.value == 0 {
            wrong(self.enough_cases.span, "enough_cases 至少是 1".into());
        }
        for factor in self.factors.iter().filter(|f| !(0.0..=100.0).contains(&f.weight.value)) {
            wrong(
                factor.weight.span,
                format!("权重应在 0 与 100 之间，这里是 {}", factor.weight.value),
            );
        }
        let sum: f64 = self.factors.iter().map(|factor| factor.weight.value).sum();
        let span = self
            .factors
            .iter()
            .next()
            .map_or(self.tie.span, |factor| factor.weight.span);
        if (sum - 100.0).abs() > 1e-6 {
            wrong(
                span,
                format!("各因子的权重合计应为 100，这里是 {}", crate::round::show(sum, 4)),
            );
        }
        for id in FactorId::ALL {
            let all: Vec<_> = self.factors.iter().filter(|factor| factor.id.value == id).collect();
            let name = serde_json::to_value(id)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default();
            match all.as_slice() {
                [_] => {}
                [] => problems.push(
                    Diagnostic::error(Code::MissingField, span, format!("factors 里缺少 {name}"))
                        .hint("八个因子都要写；不想用的把 weight 写成 0"),
                ),
                [_, again @ ..] => {
                    problems.extend(again.iter().map(|factor| {
                        Diagnostic::error(Code::DuplicateId, factor.id.span, format!("因子 “{name}” 重复"))
                    }))
                }
            }
        }
    }
}

/// `三级`, `3级`, `Level 3`, `L3` → `3`; other words as they are, in capitals.
fn plain_level(level: &str) -> String {
    const NUMERALS: [(&str, &str); 5] = [("一", "1"), ("二", "2"), ("三", "3"), ("四", "4"), ("五", "5")];
    let mut text: String = level.chars().filter(|c| !c.is_whitespace()).collect();
    text = text.to_uppercase();
    for (numeral, digit) in NUMERALS {
        text = text.replace(numeral, digit);
    }
    let text = text
        .trim_end_matches("级")
        .trim_start_matches("LEVEL")
        .trim_start_matches('L');
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn levels_rise_with_merit_in_either_direction() {
        let catalog = Catalog::load(None).unwrap();
        let rules = &catalog.matching;
        assert_eq!(rules.rank("ITSS", "一级"), Some(1.0));
        assert_eq!(rules.rank("itss", "4"), Some(0.0));
        assert_eq!(rules.rank("CMMI", "Level 5"), Some(1.0));
        assert_eq!(rules.rank("CMMI", "1"), Some(0.0));
        assert_eq!(rules.rank("IIM", "AA"), Some(0.25));
        assert_eq!(rules.rank("CMMI", "6"), None);
        assert_eq!(rules.rank("ISO9001", ""), None);
        // What the table says of the direction and the order in which it lists the levels are of one opinion.
        for scheme in &rules.qualifications {
            let number = |level: &String| plain_level(level).parse::<i32>().ok();
            let rising = scheme.levels.windows(2).all(|two| number(&two[0]) < number(&two[1]));
            if scheme.levels.iter().all(|level| number(level).is_some()) {
                assert_eq!(
                    rising,
                    scheme.direction == Direction::LargerIsHigher,
                    "{}",
                    scheme.code.value
                );
            }
        }
    }
}
