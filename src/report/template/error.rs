//! A template error, told to the template's author.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt;

use minijinja::{Error, ErrorKind, Value};

use crate::source::suggest::nearest;

pub(super) const NONE_PRINTED: &str = "要打印的值是空的（none）";
pub(super) const COLLECTION_PRINTED: &str = "要打印的值是列表或对象，不是文字";

/// Why a template did not render.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Name of the source.
    pub template: String,
    /// Line in it, from 1; 0 when the error has no place.
    pub line: usize,
    /// That line with a mark under the part in question; empty when there is none.
    pub excerpt: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "模板 {}", self.template)?;
        if self.line > 0 {
            write!(f, " 第 {} 行", self.line)?;
        }
        write!(f, "：{}", self.message)?;
        if !self.excerpt.is_empty() {
            write!(f, "\n{}", self.excerpt)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n提示：{hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateError {}

impl TemplateError {
    /// Explains the innermost error: an include reports the line in the included source, not the include.
    pub(super) fn explain(
        error: &Error,
        entry: &str,
        sources: &BTreeMap<String, String>,
        prepared: &BTreeMap<&str, String>,
        context: &Value,
    ) -> Self {
        let mut error = error;
        while let Some(inner) = error.source().and_then(|source| source.downcast_ref::<Error>()) {
            error = inner;
        }
        let template = error.name().unwrap_or(entry).to_owned();
        let line = error.line().unwrap_or_default();
        let expression = error
            .range()
            .and_then(|range| prepared.get(template.as_str())?.get(range))
            .map_or("", |text| text.lines().next().unwrap_or_default().trim());
        let (message, hint) = tell(error, expression, sources, context);
        let source = sources
            .get(&template)
            .and_then(|text| text.lines().nth(line.checked_sub(1)?));
        let excerpt = source
            .map(|source| excerpt(source, line, expression))
            .unwrap_or_default();
        let template = if template.is_empty() {
            "（入口）".to_owned()
        } else {
            template
        };
        Self {
            template,
            line,
            excerpt,
            message,
            hint,
        }
    }
}

/// Message and hint.
fn tell(
    error: &Error,
    expression: &str,
    sources: &BTreeMap<String, String>,
    context: &Value,
) -> (String, Option<String>) {
    let detail = error.detail().unwrap_or_default();
    let hint = |text: &str| Some(text.to_owned());
    match error.kind() {
        ErrorKind::UndefinedError => {
            let shown = if expression.is_empty() { detail } else { expression };
            let near = near_name(expression, context).map(|name| format!("是否想写 {name}？"));
            (
                format!("`{shown}` 未定义"),
                near.or_else(|| hint("可能没有的值写成 {{ 值|or_dash }}，或先用 {% if 值 is defined %} 判断")),
            )
        }
        ErrorKind::InvalidOperation if detail == NONE_PRINTED => {
            (detail.to_owned(), hint("可能为空的值写成 {{ 值|or_dash }}"))
        }
        ErrorKind::InvalidOperation if detail == COLLECTION_PRINTED => (
            detail.to_owned(),
            hint("用 {% for %} 逐项写，或写成 {{ 值|join('、') }}；在指令中写成 {{ 值|tojson }}"),
        ),
        ErrorKind::TemplateNotFound => {
            let near = quoted(detail).and_then(|name| nearest(name, sources.keys().map(String::as_str)));
            let all = sources.keys().map(String::as_str).collect::<Vec<_>>().join("、");
            let shown = quoted(detail).unwrap_or(detail);
            let hint = near.map_or_else(
                || format!("模板文件夹中有：{all}"),
                |name| format!("是否想写“{name}”？"),
            );
            (format!("没有名为“{shown}”的模板"), Some(hint))
        }
        ErrorKind::UnknownFilter => {
            let name = detail.split_whitespace().nth(1).unwrap_or_default();
            let near = nearest(name, super::filters::NAMES).map(|name| format!("是否想写“{name}”？"));
            let all = format!(
                "报告模板的过滤器有：{}，以及 minijinja 自带的",
                super::filters::NAMES.join("、")
            );
            (format!("没有过滤器“{name}”"), near.or(Some(all)))
        }
        ErrorKind::OutOfFuel => (
            "模板运行太久，已停下".to_owned(),
            hint("检查循环的次数，是否有互相包含的宏"),
        ),
        ErrorKind::WriteFailure => (
            format!("报告超过 {} MiB，已停下", super::OUTPUT_LIMIT >> 20),
            hint("检查循环的次数"),
        ),
        ErrorKind::UnknownTest => (
            format!(
                "没有名为“{}”的判断",
                detail.split_whitespace().nth(1).unwrap_or_default()
            ),
            None,
        ),
        ErrorKind::UnknownFunction => (
            format!("没有函数“{}”", detail.split_whitespace().next().unwrap_or_default()),
            None,
        ),
        ErrorKind::InvalidOperation if detail == "recursion limit exceeded" => (
            "宏或包含层层套用，没有尽头".to_owned(),
            hint("检查是否有互相包含的模板、调用自己的宏"),
        ),
        ErrorKind::SyntaxError => (format!("模板语法不对：{detail}"), None),
        ErrorKind::InvalidOperation if !detail.is_empty() => (detail.to_owned(), None),
        kind if detail.is_empty() => (kind.to_string(), None),
        kind => (format!("{kind}：{detail}"), None),
    }
}

/// The text between the first pair of quotes of a minijinja message.
fn quoted(detail: &str) -> Option<&str> {
    detail.split(['"', '`', '\'']).nth(1)
}

/// The name of the context nearest to the first part of a dotted `expression` that does not exist.
fn near_name(expression: &str, context: &Value) -> Option<String> {
    let path = expression
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
        .find(|part| !part.is_empty())?;
    let mut at = context.clone();
    let mut known = Vec::new();
    for name in path.split('.') {
        match at.get_attr(name) {
            Ok(value) if !value.is_undefined() => at = value,
            _ => {
                let keys: Vec<String> = at.try_iter().ok()?.map(|key| key.to_string()).collect();
                let near = nearest(name, keys.iter().map(String::as_str))?;
                known.push(near.to_owned());
                return Some(known.join("."));
            }
        }
        known.push(name.to_owned());
    }
    None
}

/// The source line with a mark under `part`.
fn excerpt(source: &str, line: usize, part: &str) -> String {
    let number = line.to_string();
    let mut out = format!("{number} | {source}");
    if let Some(at) = source.find(part).filter(|_| !part.is_empty()) {
        let margin = " ".repeat(number.len());
        out.push_str(&format!(
            "\n{margin} | {}{}",
            " ".repeat(columns(&source[..at])),
            "^".repeat(columns(part).max(1))
        ));
    }
    out
}

/// Columns a terminal gives `text`: Chinese characters are two wide.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 })
        .sum()
}
