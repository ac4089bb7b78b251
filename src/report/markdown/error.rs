//! What is wrong with a Markdown text, told so that its author can mend it.

use std::fmt;

/// One mistake in a Markdown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownError {
    /// Line of the Markdown text (after template expansion), counted from 1.
    pub line: usize,
    /// What stands there.
    pub found: String,
    /// What would be right.
    pub expected: String,
    /// The nearest valid name, or how to get there.
    pub hint: Option<String>,
}

impl MarkdownError {
    pub(super) fn new(line: usize, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            line,
            found: found.into(),
            expected: expected.into(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds “是否想写 …” when there is a near name.
    pub(super) fn near(mut self, nearest: Option<&str>) -> Self {
        self.hint = nearest.map(|name| format!("是否想写“{name}”？")).or(self.hint);
        self
    }
}

impl fmt::Display for MarkdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第 {} 行：{}；应为{}", self.line, self.found, self.expected)?;
        if let Some(hint) = &self.hint {
            write!(f, "。{hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for MarkdownError {}

/// A YAML error of a directive's payload, whose first line is line `first` of the text.
pub(super) fn payload(directive: &str, first: usize, error: &serde_yaml::Error) -> MarkdownError {
    use serde_yaml::Error;
    let error = error.without_snippet();
    let offset = error
        .location()
        .map_or(0, |at| usize::try_from(at.line().saturating_sub(1)).unwrap_or(0));
    let line = first + offset;
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>()
            .join("、")
    };
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            MarkdownError::new(line, format!("{directive} 中有未知的字段“{field}”"), names(expected))
                .near(crate::source::suggest::nearest(field, expected.iter().copied()))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            MarkdownError::new(line, format!("{directive} 中有未知的取值“{variant}”"), names(expected))
                .near(crate::source::suggest::nearest(variant, expected.iter().copied()))
        }
        Error::SerdeMissingField { field, .. } => MarkdownError::new(
            line,
            format!("{directive} 缺少字段“{field}”"),
            format!("写明 `{field}: …`"),
        ),
        Error::SerdeInvalidType {
            unexpected, expected, ..
        }
        | Error::SerdeInvalidValue {
            unexpected, expected, ..
        } => MarkdownError::new(
            line,
            format!("{directive} 中的值不合适：{unexpected}"),
            format!(" {expected}"),
        ),
        Error::InvalidScalar { ty, .. } => {
            MarkdownError::new(line, format!("{directive} 中的值不合适"), format!(" {ty}"))
        }
        Error::NullIntoString { .. } => {
            MarkdownError::new(line, format!("{directive} 中有空值"), "文字").hint("没有内容就写 \"\"，或删去这一字段")
        }
        Error::DuplicateMappingKey { key, .. } => MarkdownError::new(
            line,
            format!("{directive} 中字段“{}”写了两次", key.as_deref().unwrap_or("?")),
            "每个字段只写一次",
        ),
        other => MarkdownError::new(
            line,
            format!("{directive} 的内容读不懂（{}）", one_line(other)),
            "正确的 YAML 或 JSON",
        ),
    }
}

fn one_line(error: &serde_yaml::Error) -> String {
    error
        .to_string()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
