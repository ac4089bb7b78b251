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
    let text = scaled(number(&value)?, 0, decimals.unwrap_or(2));
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

/// `value` × 10^`shift` with at most `decimals` decimals.
fn scaled(value: f64, shift: i32, decimals: usize) -> String {
    crate::round::show(
        value * 10f64.powi(shift),
        u8::try_from(decimals).unwrap_or(u8::MAX).min(12),
    )
}
