//! Filters of report templates.
//!
//! | filter | example | result |
//! |---|---|---|
//! | `num(decimals=2)` | `58.450 \| num(1)` | `58.5`: rounded half up, trailing zeros trimmed |
//! | `pct(decimals=1)` | `0.625 \| pct` | `62.5%` |
//! | `wan(decimals=2)` | `185000000 \| wan` | `18500万` |
//! | `cn_date` | `"2026-11-20" \| cn_date` | `2026年11月20日` |
//! | `or_dash` | `none \| or_dash` | `—`, also for undefined and empty text |
//! | `md` | `name \| md` | the text escaped for Markdown: for cells of a `table` directive |
//! | `multiline` | `note \| multiline` | the same, line breaks kept |

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, Value};

use super::super::escape;

/// The names, for hints.
pub(super) const NAMES: [&str; 7] = ["num", "pct", "wan", "cn_date", "or_dash", "md", "multiline"];

pub(super) fn install(env: &mut Environment<'_>) {
    env.add_filter("num", num);
    env.add_filter("pct", pct);
    env.add_filter("wan", wan);
    env.add_filter("cn_date", cn_date);
    env.add_filter("or_dash", or_dash);
    env.add_filter("md", md);
    env.add_filter("multiline", multiline);
}

fn num(value: Value, decimals: Option<usize>) -> Result<Value, Error> {
    let text = round_half_up(number(&value)?, decimals.unwrap_or(2));
    // A number stays one, so that it needs no quotes in a directive.
    let parsed = text
        .parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<f64>().map(Value::from));
    Ok(parsed
        .ok()
        .filter(|value| value.to_string() == text)
        .unwrap_or_else(|| Value::from(text)))
}

fn pct(value: Value, decimals: Option<usize>) -> Result<String, Error> {
    Ok(format!("{}%", scaled(number(&value)?, 2, decimals.unwrap_or(1))))
}

fn wan(value: Value, decimals: Option<usize>) -> Result<String, Error> {
    Ok(format!("{}万", scaled(number(&value)?, -4, decimals.unwrap_or(2))))
}

fn cn_date(value: Value) -> Result<String, Error> {
    let text = value.to_string();
    let date: jiff::civil::Date = text
        .parse()
        .map_err(|_| invalid(format!("“{text}”不是日期，应为 2026-11-20 这样的写法")))?;
    Ok(format!("{}年{}月{}日", date.year(), date.month(), date.day()))
}

fn or_dash(value: Value) -> Value {
    let empty = value.is_undefined() || value.is_none() || value.as_str().is_some_and(|text| text.trim().is_empty());
    if empty { Value::from("—") } else { value }
}

fn md(state: &State, value: Value) -> Value {
    if value.is_safe() {
        return value;
    }
    markdown(state, escape::markdown(&value.to_string()))
}

fn multiline(state: &State, value: Value) -> Value {
    if value.is_safe() {
        return value;
    }
    let text = value.to_string();
    let lines: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(escape::markdown)
        .collect();
    // In a directive the break is the string's own; in running text Markdown wants a backslash before it.
    let separator = if in_markdown(state) { "\\\n" } else { "\n" };
    markdown(state, lines.join(separator))
}

fn in_markdown(state: &State) -> bool {
    matches!(state.auto_escape(), AutoEscape::Custom(_))
}

/// Markdown as a value: done in running text; in a directive still to be quoted as a string.
fn markdown(state: &State, text: String) -> Value {
    if in_markdown(state) {
        Value::from_safe_string(text)
    } else {
        Value::from(text)
    }
}

fn number(value: &Value) -> Result<f64, Error> {
    let number = match value.kind() {
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite()).ok_or_else(|| {
        let shown = if value.is_undefined() {
            "未定义".to_owned()
        } else {
            format!("“{value}”")
        };
        invalid(format!(
            "{shown}不是数；可能缺的数先判断再用，或写 {{{{ x|num if x is not none else '—' }}}}"
        ))
    })
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

/// `value` in decimal notation with at most `decimals` digits after the point, half rounded away from zero as in
/// 四舍五入, trailing zeros trimmed. Works on 15 significant decimal digits, so 2.675 becomes 2.68 and binary noise
/// (57.499999999999996 for 57.5) rounds as the number that was meant.
pub fn round_half_up(value: f64, decimals: usize) -> String {
    scaled(value, 0, decimals)
}

/// The same for `value` × 10^`shift`, shifted exactly.
fn scaled(value: f64, shift: i32, decimals: usize) -> String {
    let scientific = format!("{:.14e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let mut digits: Vec<u8> = mantissa
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|digit| digit - b'0')
        .collect();
    // The point stands after this many digits, which may be none or negative.
    let mut point = exponent.parse::<i64>().unwrap_or_default() + 1 + i64::from(shift);
    let keep = point + i64::try_from(decimals.min(20)).unwrap_or_default();
    if let Ok(keep) = usize::try_from(keep) {
        if keep < digits.len() {
            let up = digits[keep] >= 5;
            digits.truncate(keep);
            if up && increment(&mut digits) {
                point += 1;
            }
        }
    } else {
        digits.clear();
    }
    let whole = usize::try_from(point).unwrap_or_default();
    let zeros = usize::try_from(-point).unwrap_or_default();
    while digits.len() < whole {
        digits.push(0);
    }
    let mut all: String = std::iter::repeat_n('0', zeros).collect();
    all.extend(digits.iter().map(|digit| char::from(b'0' + digit)));
    let (before, after) = all.split_at(whole);
    let after = after.trim_end_matches('0');
    let before = if before.is_empty() { "0" } else { before };
    let text = if after.is_empty() {
        before.to_owned()
    } else {
        format!("{before}.{after}")
    };
    if value < 0.0 && text.bytes().any(|digit| digit.is_ascii_digit() && digit != b'0') {
        format!("-{text}")
    } else {
        text
    }
}

/// Adds one to the last digit; true when a digit was added in front.
fn increment(digits: &mut Vec<u8>) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return false;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
    true
}

#[cfg(test)]
mod tests {
    use super::{round_half_up, scaled};

    #[test]
    fn halves_go_up_as_on_paper() {
        for (value, decimals, text) in [
            (2.675, 2, "2.68"),
            (57.499_999_999_999_99, 0, "58"),
            (0.1 + 0.2, 1, "0.3"),
            (99.995, 2, "100"),
            (0.5, 0, "1"),
            (0.4, 0, "0"),
            (-0.004, 2, "0"),
            (-2.5, 0, "-3"),
            (1200.0, 2, "1200"),
            (0.000_05, 4, "0.0001"),
            (0.000_01, 2, "0"),
            (0.06, 1, "0.1"),
            (0.0, 3, "0"),
            (1e18, 1, "1000000000000000000"),
            (9.96, 1, "10"),
        ] {
            assert_eq!(round_half_up(value, decimals), text, "{value} to {decimals}");
        }
        assert_eq!(scaled(0.625, 2, 1), "62.5");
        assert_eq!(scaled(1.0, 2, 1), "100");
        assert_eq!(scaled(0.000_4, 2, 1), "0");
        assert_eq!(scaled(185_000_000.0, -4, 2), "18500");
        assert_eq!(scaled(50.0, -4, 2), "0.01");
    }
}
