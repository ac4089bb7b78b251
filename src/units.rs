//! Units of measurement: what they measure, how they convert, how people write them.
//!
//! A [`Unit`] is a product of named quantities ([`Dimension`]) and an exact ratio to their base. Only units of the same
//! dimensions convert: kWh and kgce are different dimensions, since what lies between them is a factor of a standard, not of
//! arithmetic.

use crate::source::suggest;

/// What a simple unit measures. Goods are counted in their own words (`台`, `项`, `产品单位`), each a dimension of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Dimension {
    Electricity,
    Coal,
    OilEquivalent,
    Heat,
    Money,
    Mass,
    Carbon,
    Volume,
    Area,
    Length,
    Power,
    Apparent,
    Pressure,
    Time,
    Share,
    Speed,
    Counted(&'static str),
}

use Dimension::{
    Apparent, Area, Carbon, Coal, Counted, Electricity, Heat, Length, Mass, Money, OilEquivalent, Power, Pressure,
    Share, Speed, Time, Volume,
};

/// Spellings, dimension, and the ratio to the base unit as numerator and denominator.
const UNITS: &[(&[&str], Dimension, f64, f64)] = &[
    (&["kWh", "千瓦时", "度"], Electricity, 1.0, 1.0),
    (&["万kWh", "万千瓦时", "万度"], Electricity, 10_000.0, 1.0),
    (&["MWh", "兆瓦时"], Electricity, 1000.0, 1.0),
    (&["GWh", "亿kWh/100"], Electricity, 1_000_000.0, 1.0),
    (&["kgce", "千克标准煤", "千克标煤"], Coal, 1.0, 1.0),
    (&["tce", "吨标准煤", "吨标煤"], Coal, 1000.0, 1.0),
    (&["万tce", "万吨标准煤", "万吨标煤"], Coal, 10_000_000.0, 1.0),
    (&["kgoe", "千克标准油"], OilEquivalent, 1.0, 1.0),
    (&["toe", "吨标准油"], OilEquivalent, 1000.0, 1.0),
    (&["kJ", "千焦"], Heat, 1.0, 1000.0),
    (&["MJ", "兆焦"], Heat, 1.0, 1.0),
    (&["GJ", "吉焦"], Heat, 1000.0, 1.0),
    (&["万元"], Money, 1.0, 1.0),
    (&["元"], Money, 1.0, 10_000.0),
    (&["千元"], Money, 1.0, 10.0),
    (&["百元"], Money, 1.0, 100.0),
    (&["百万元"], Money, 100.0, 1.0),
    (&["亿元"], Money, 10_000.0, 1.0),
    (&["t", "吨"], Mass, 1.0, 1.0),
    (&["kg", "千克", "公斤"], Mass, 1.0, 1000.0),
    (&["g", "克"], Mass, 1.0, 1_000_000.0),
    (&["万t", "万吨"], Mass, 10_000.0, 1.0),
    (&["tCO2", "吨CO2", "吨二氧化碳", "tCO2e"], Carbon, 1.0, 1.0),
    (&["kgCO2", "kgCO2e", "千克CO2"], Carbon, 1.0, 1000.0),
    (&["万tCO2"], Carbon, 10_000.0, 1.0),
    (&["m3", "立方米", "方", "Nm3"], Volume, 1.0, 1.0),
    (&["万m3", "万立方米", "万方", "万Nm3", "10^4Nm3"], Volume, 10_000.0, 1.0),
    (&["L", "升"], Volume, 1.0, 1000.0),
    (&["kL", "千升"], Volume, 1.0, 1.0),
    (&["m2", "平方米", "平米"], Area, 1.0, 1.0),
    (&["万m2", "万平方米"], Area, 10_000.0, 1.0),
    (&["亩"], Area, 2000.0, 3.0),
    (&["hm2", "公顷"], Area, 10_000.0, 1.0),
    (&["km2", "平方公里"], Area, 1_000_000.0, 1.0),
    (&["m", "米"], Length, 1.0, 1.0),
    (&["mm", "毫米"], Length, 1.0, 1000.0),
    (&["km", "公里", "千米"], Length, 1000.0, 1.0),
    (&["百米"], Length, 100.0, 1.0),
    (&["kW", "千瓦"], Power, 1.0, 1.0),
    (&["W", "瓦"], Power, 1.0, 1000.0),
    (&["MW", "兆瓦"], Power, 1000.0, 1.0),
    (&["kVA", "千伏安"], Apparent, 1.0, 1.0),
    (&["MVA", "兆伏安"], Apparent, 1000.0, 1.0),
    (&["MPa", "兆帕"], Pressure, 1.0, 1.0),
    (&["kPa", "千帕"], Pressure, 1.0, 1000.0),
    (&["bar"], Pressure, 1.0, 10.0),
    (&["h", "小时", "时"], Time, 1.0, 1.0),
    (&["min", "分钟"], Time, 1.0, 60.0),
    (&["s", "秒"], Time, 1.0, 3600.0),
    (&["天", "日"], Time, 24.0, 1.0),
    (&["月"], Counted("月"), 1.0, 1.0),
    (&["年", "a"], Counted("年"), 1.0, 1.0),
    (&["%", "百分比"], Share, 1.0, 100.0),
    (&["‰"], Share, 1.0, 1000.0),
    (&["r/min", "rpm", "转/分"], Speed, 1.0, 1.0),
    (&["台", "台套", "台(套)"], Counted("台"), 1.0, 1.0),
    (&["套"], Counted("套"), 1.0, 1.0),
    (&["人", "名"], Counted("人"), 1.0, 1.0),
    (&["个"], Counted("个"), 1.0, 1.0),
    (&["项"], Counted("项"), 1.0, 1.0),
    (&["家"], Counted("家"), 1.0, 1.0),
    (&["类", "种"], Counted("类"), 1.0, 1.0),
    (&["次"], Counted("次"), 1.0, 1.0),
    (&["极"], Counted("极"), 1.0, 1.0),
    (&["级"], Counted("级"), 1.0, 1.0),
    (&["重箱"], Counted("重箱"), 1.0, 1.0),
    (&["产品单位"], Counted("产品单位"), 1.0, 1.0),
    (&["原料单位"], Counted("原料单位"), 1.0, 1.0),
    (&["污染物单位"], Counted("污染物单位"), 1.0, 1.0),
    (&["能量因数"], Counted("能量因数"), 1.0, 1.0),
];

/// A unit, simple or compound (`tce/万元`, `kgoe/(t·能量因数)`).
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    above: Vec<Dimension>,
    below: Vec<Dimension>,
    numerator: f64,
    denominator: f64,
    text: String,
}

/// Why a unit or quantity cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The unit is not known.
    #[error("不认识单位 “{found}”{}", near.as_ref().map_or(String::new(), |n| format!("，最接近的是 “{n}”")))]
    Unknown {
        /// As written.
        found: String,
        /// The nearest known one.
        near: Option<String>,
    },
    /// The number cannot be read.
    #[error("“{0}” 不是一个数")]
    Number(String),
    /// The units measure different things.
    #[error("{found} 不能换算成 {expected}{hint}")]
    Dimension {
        /// Unit found.
        found: String,
        /// Unit expected.
        expected: String,
        /// What lies between them.
        hint: &'static str,
    },
}

impl Unit {
    /// Reads a unit in any of its spellings.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let plain = normal(text);
        if let Some(unit) = simple(&plain) {
            return Ok(Unit {
                text: text.trim().to_owned(),
                ..unit
            });
        }
        let mut result = Unit {
            above: vec![],
            below: vec![],
            numerator: 1.0,
            denominator: 1.0,
            text: text.trim().to_owned(),
        };
        for (index, part) in plain.split('/').enumerate() {
            for factor in part.trim_matches(|c| c == '(' || c == ')').split(['·', '*']) {
                let unit = simple(factor).ok_or_else(|| unknown(text, factor))?;
                if index == 0 {
                    result.above.extend(unit.above);
                    result.numerator *= unit.numerator;
                    result.denominator *= unit.denominator;
                } else {
                    result.below.extend(unit.above);
                    result.numerator *= unit.denominator;
                    result.denominator *= unit.numerator;
                }
            }
        }
        result.above.sort();
        result.below.sort();
        Ok(result)
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn simple(text: &str) -> Option<Unit> {
    UNITS
        .iter()
        .find(|(names, ..)| names.contains(&text))
        .map(|(names, dimension, numerator, denominator)| Unit {
            above: vec![dimension.clone()],
            below: vec![],
            numerator: *numerator,
            denominator: *denominator,
            text: names[0].to_owned(),
        })
}

fn unknown(whole: &str, part: &str) -> UnitError {
    let near = suggest::nearest(part, UNITS.iter().flat_map(|(names, ..)| names.iter().copied()));
    // `KWH`, `Tce`: the right letters in the wrong case come first.
    let same_letters = UNITS
        .iter()
        .flat_map(|(names, ..)| names.iter())
        .find(|name| name.eq_ignore_ascii_case(part))
        .copied();
    UnitError::Unknown {
        found: whole.trim().to_owned(),
        near: same_letters.or(near).map(str::to_owned),
    }
}

/// Full-width letters, superscripts and the many ways to write m³ in one form.
fn normal(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(|c| {
            let one: &[char] = match c {
                '²' => &['2'],
                '³' => &['3'],
                '₂' => &['2'],
                '㎡' => &['m', '2'],
                '㎥' => &['m', '3'],
                '㎏' => &['k', 'g'],
                '㎾' => &['k', 'W'],
                '㎿' => &['M', 'W'],
                '／' | '∕' => &['/'],
                '％' => &['%'],
                '×' | '⋅' | '•' => &['·'],
                '（' => &['('],
                '）' => &[')'],
                _ => &[],
            };
            if one.is_empty() {
                vec![full_width(c)]
            } else {
                one.to_vec()
            }
        })
        .collect()
}

fn full_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// A number with a unit. `U` is [`Unit`] once the unit is known to be there.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity<U = Unit> {
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: U,
}

impl Quantity<Option<Unit>> {
    /// Reads `310 万kWh`, `1,234.5 元`, `42台` or a number alone.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        let text: String = text.trim().chars().map(full_width).collect();
        let end = number_end(&text);
        let number: String = text[..end].chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
        let value = number.parse::<f64>().map_err(|_| UnitError::Number(text.clone()))?;
        let rest = text[end..].trim();
        let unit = if rest.is_empty() {
            None
        } else {
            Some(Unit::parse(rest)?)
        };
        Ok(Quantity { value, unit })
    }

    /// The value in another unit; a quantity without unit cannot be converted.
    pub fn convert(&self, to: &Unit) -> Result<f64, UnitError> {
        match &self.unit {
            Some(unit) => Quantity {
                value: self.value,
                unit: unit.clone(),
            }
            .convert(to),
            None => Ok(self.value),
        }
    }
}

/// Where the number ends: digits, sign, separators, and an exponent that is really one.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        let digit_after = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let fits = match bytes[end] {
            b'0'..=b'9' | b'.' | b'_' => true,
            b',' => digit_after(end + 1),
            b'+' | b'-' => end == 0 || matches!(bytes[end - 1], b'e' | b'E'),
            b'e' | b'E' => {
                end > 0
                    && (digit_after(end + 1)
                        || (matches!(bytes.get(end + 1), Some(b'-' | b'+')) && digit_after(end + 2)))
            }
            _ => false,
        };
        if !fits {
            break;
        }
        end += 1;
    }
    end
}

impl Quantity<Unit> {
    /// The value in another unit of the same dimensions.
    pub fn convert(&self, to: &Unit) -> Result<f64, UnitError> {
        let from = &self.unit;
        if from.above != to.above || from.below != to.below {
            return Err(UnitError::Dimension {
                found: from.text.clone(),
                expected: to.text.clone(),
                hint: between(&from.above, &to.above),
            });
        }
        let (numerator, denominator) = (from.numerator * to.denominator, from.denominator * to.numerator);
        if numerator == denominator {
            return Ok(self.value);
        }
        // Multiply or divide once by whole numbers where possible: 0.1 万kWh is 1000 kWh, without dust.
        let value = if numerator % denominator == 0.0 {
            self.value * (numerator / denominator)
        } else if denominator % numerator == 0.0 {
            self.value / (denominator / numerator)
        } else {
            self.value * numerator / denominator
        };
        Ok(crate::round::half_up(value, 12))
    }
}

fn between(found: &[Dimension], expected: &[Dimension]) -> &'static str {
    match (found, expected) {
        ([Electricity], [Coal]) | ([Coal], [Electricity]) => {
            "：电量与标准煤之间要按折标系数计算，请分别填电量和综合能耗"
        }
        ([OilEquivalent], [Coal]) | ([Coal], [OilEquivalent]) => "：标准油与标准煤是两种口径，请按标准要求的口径填",
        ([Mass], [Coal]) => "：实物量要按折标系数折成标准煤",
        ([Mass], [Carbon]) => "：请写明是二氧化碳，如 tCO2",
        ([Power], [Electricity]) | ([Electricity], [Power]) => "：千瓦是功率，千瓦时是电量",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn convert(text: &str, to: &str) -> Result<f64, UnitError> {
        Quantity::parse(text)?.convert(&Unit::parse(to)?)
    }

    #[test]
    fn hand_made_vectors() {
        for (text, to, expected) in [
            ("310 万kWh", "kWh", 3_100_000.0),
            ("0.1 万kWh", "kWh", 1000.0),
            ("3100 MWh", "万kWh", 310.0),
            ("3,100MWh", "万千瓦时", 310.0),
            ("５度", "kWh", 5.0),
            ("1250 tce", "kgce", 1_250_000.0),
            ("1 万吨标准煤", "tce", 10_000.0),
            ("19200 万元", "亿元", 1.92),
            ("35 元", "万元", 0.0035),
            ("2 亩", "m²", 1_333.333_333_333_333),
            ("1 公顷", "m2", 10_000.0),
            ("1.5 tCO₂", "kgCO2", 1500.0),
            ("600 kgce/t", "tce/t", 0.6),
            ("0.05 tce/万元", "kgce/万元", 50.0),
            ("3 kgoe/(t·能量因数)", "kgoe/(t·能量因数)", 3.0),
            ("12 m³/min", "m3/min", 12.0),
            ("6.2 kW/(m³/min)", "kW/(m3/min)", 6.2),
            ("42 台", "台", 42.0),
            ("50 %", "%", 50.0),
            ("5 ‰", "%", 0.5),
            ("1e3 kg", "t", 1.0),
            ("-30 kgce/t", "kgce/t", -30.0),
        ] {
            let got = convert(text, to).unwrap_or_else(|e| panic!("{text} → {to}: {e}"));
            assert!((got - expected).abs() <= 1e-9 * expected.abs(), "{text} → {to}: {got}");
        }
    }

    #[test]
    fn what_cannot_be_converted_says_so() {
        assert!(convert("100 kWh", "tce").unwrap_err().to_string().contains("折标系数"));
        assert!(convert("100 kW", "kWh").is_err());
        assert!(convert("3 t", "tCO2").is_err());
        assert!(convert("3 台", "套").is_err());
        assert!(Unit::parse("KWH").unwrap_err().to_string().contains("kWh"));
        assert!(Quantity::parse("abc").is_err());
        assert!(Quantity::parse("12 frob").is_err());
    }

    proptest! {
        #[test]
        fn there_and_back(value in -1e9..1e9f64, a in 0usize..UNITS.len(), b in 0usize..UNITS.len()) {
            let (from, to) = (Unit::parse(UNITS[a].0[0]), Unit::parse(UNITS[b].0[0]));
            if let (Ok(from), Ok(to)) = (from, to) {
                let forth = Quantity { value, unit: from.clone() }.convert(&to);
                prop_assert_eq!(forth.is_ok(), UNITS[a].1 == UNITS[b].1);
                if let Ok(there) = forth {
                    let back = Quantity { value: there, unit: to }.convert(&from).unwrap();
                    prop_assert!((back - value).abs() <= 1e-6 * value.abs() + 1e-6);
                }
            }
        }
    }
}
