//! `validator` findings → diagnostics at the value they speak of.

use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::yaml::{Data, Node};

/// Runs the derived checks of a value and points at what they find.
pub fn check(value: &impl Validate, node: &Node, problems: &mut Vec<Diagnostic>) {
    if let Err(errors) = value.validate() {
        collect(&errors, node, problems);
    }
}

fn collect(errors: &ValidationErrors, node: &Node, problems: &mut Vec<Diagnostic>) {
    // The map of errors has no order of its own.
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_by(|a, b| a.0.cmp(b.0));
    for (field, kind) in fields {
        let inner = node.get(field).unwrap_or(node);
        match kind {
            ValidationErrorsKind::Struct(errors) => collect(errors, inner, problems),
            ValidationErrorsKind::List(list) => {
                for (index, errors) in list {
                    let element = match &inner.data {
                        Data::Seq(items) => items.get(*index).unwrap_or(inner),
                        _ => inner,
                    };
                    collect(errors, element, problems);
                }
            }
            ValidationErrorsKind::Field(list) => {
                for error in list {
                    let message = error
                        .message
                        .as_ref()
                        .map_or_else(|| error.code.to_string(), ToString::to_string);
                    problems.push(Diagnostic::error(
                        Code::Range,
                        inner.span,
                        format!("{field}：{message}"),
                    ));
                }
            }
        }
    }
}
