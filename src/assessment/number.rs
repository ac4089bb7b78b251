//! Numbers with or without a unit, within limits.

use super::read::Reader;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::yaml::{Data, Node};
use crate::units::{Quantity, Unit};

/// What a number must satisfy.
pub struct Limits<'a> {
    /// What it is, for messages: `“设备数字化率”的总台数`.
    pub what: String,
    /// Unit in which it is kept; empty for none.
    pub unit: &'a str,
    /// Smallest allowed.
    pub min: Option<f64>,
    /// Largest allowed.
    pub max: Option<f64>,
    /// Whole numbers only.
    pub integer: bool,
}

/// Reads `42`, `"42 台"` or `3100 MWh` in the unit of the limits. Null gives `None` without a word.
pub fn read(reader: &mut Reader, node: &Node, limits: &Limits) -> Option<f64> {
    let value = match &node.data {
        Data::Null => return None,
        Data::Int(number) => *number as f64,
        Data::Float(number) => *number,
        Data::Str(text) => quantity(reader, node, text, limits)?,
        _ => {
            let message = format!("{}应为一个数，这里是{}", limits.what, node.kind());
            reader.error(Code::BadAnswer, node.span, message);
            return None;
        }
    };
    check(reader, node, value, limits)
}

fn quantity(reader: &mut Reader, node: &Node, text: &str, limits: &Limits) -> Option<f64> {
    if matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "nan" | ".nan" | "inf" | ".inf" | "-inf" | "+inf"
    ) {
        return check(reader, node, f64::NAN, limits);
    }
    let parsed = match Quantity::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let expected = if limits.unit.is_empty() {
                "一个数".into()
            } else {
                format!("以 {} 计的数", limits.unit)
            };
            reader.push(
                Diagnostic::error(
                    Code::BadUnit,
                    node.span,
                    format!("{}写的是 “{text}”，{error}", limits.what),
                )
                .hint(format!("应为{expected}，单位可以不写")),
            );
            return None;
        }
    };
    if parsed.unit.is_none() {
        return Some(parsed.value);
    }
    let Ok(target) = Unit::parse(limits.unit) else {
        let message = format!("{}没有单位，只写数字即可，这里是 “{text}”", limits.what);
        reader.error(Code::BadUnit, node.span, message);
        return None;
    };
    match parsed.convert(&target) {
        Ok(value) => Some(value),
        Err(error) => {
            reader.push(
                Diagnostic::error(
                    Code::BadUnit,
                    node.span,
                    format!("{}写的是 “{text}”，单位不对：{error}", limits.what),
                )
                .hint(format!("应以 {} 计", limits.unit)),
            );
            None
        }
    }
}

fn check(reader: &mut Reader, node: &Node, value: f64, limits: &Limits) -> Option<f64> {
    let what = &limits.what;
    if !value.is_finite() {
        let message = format!("{what}不是一个有限的数：{}", node.shown());
        reader.push(Diagnostic::error(Code::NotFinite, node.span, message).hint("没有这个数就留空，不要写 NaN 或 inf"));
        return None;
    }
    let shown = crate::round::show(value, 6);
    let unit = limits.unit;
    if limits.min.is_some_and(|min| value < min) {
        let min = crate::round::show(limits.min.unwrap_or_default(), 6);
        reader.error(
            Code::OutOfRange,
            node.span,
            format!("{what}是 {shown} {unit}，不能小于 {min}"),
        );
        return None;
    }
    if limits.max.is_some_and(|max| value > max) {
        let max = crate::round::show(limits.max.unwrap_or_default(), 6);
        reader.error(
            Code::OutOfRange,
            node.span,
            format!("{what}是 {shown} {unit}，不能大于 {max}"),
        );
        return None;
    }
    if limits.integer && value.fract() != 0.0 {
        reader.error(Code::OutOfRange, node.span, format!("{what}应为整数，这里是 {shown}"));
        return None;
    }
    Some(value)
}
