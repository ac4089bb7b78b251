//! The command line's own errors in Chinese: what is wrong, what would be right, where to look it up.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::source::suggest;

/// The message of a parse error; `None` for the rare kinds that have no Chinese form here.
pub fn in_chinese(error: &Error) -> Option<String> {
    let text = |kind: ContextKind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有命令 “{}”", text(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("不认识的参数 “{argument}”"),
        ErrorKind::MissingRequiredArgument => format!("缺少 {}", list(error, ContextKind::InvalidArg)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面要写值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("{argument} 不能是 “{value}”"),
        ErrorKind::ArgumentConflict => {
            format!("{argument} 与 {} 不能同时用", list(error, ContextKind::PriorArg))
        }
        ErrorKind::TooManyValues => format!("{argument} 多写了 “{value}”"),
        _ => return None,
    };
    let mut message = format!("错误：{what}。");
    let allowed = list(error, ContextKind::ValidValue);
    if !allowed.is_empty() {
        message += &format!("可用：{allowed}。");
    }
    for kind in [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ] {
        // The nearest comes last.
        let near = match error.get(kind) {
            Some(ContextValue::Strings(many)) => many.last().cloned().unwrap_or_default(),
            Some(one) => one.to_string(),
            None => String::new(),
        };
        if !near.is_empty() {
            message += &format!("最接近的是 “{near}”。");
        }
    }
    let usage = text(ContextKind::Usage);
    if !usage.is_empty() {
        message += &format!("\n{}", super::help::usage(&usage));
    }
    Some(message + "\n加 --help 查看说明。\n")
}

fn list(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::Strings(many)) => suggest::list(many.iter().map(String::as_str)),
        Some(one) => one.to_string(),
        None => String::new(),
    }
}
