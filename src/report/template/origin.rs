//! From a line of the expanded Markdown back to the template line that wrote it.

use std::collections::BTreeMap;

use minijinja::Value;

use super::{environment, source};

/// Where a line of Markdown comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the source.
    pub template: String,
    /// Line in it, from 1.
    pub line: usize,
}

/// Tells for each of `lines` (of what [`render`](super::render) returned, from 1) which template line wrote its start;
/// none where nothing did or the template does not render.
///
/// This renders once more, so that only those who have something to report pay for it.
pub fn origins(
    sources: &BTreeMap<String, String>,
    entry: &str,
    context: Value,
    lines: &[usize],
) -> Vec<Option<Origin>> {
    let unknown = vec![None; lines.len()];
    let mut env = environment();
    for (name, text) in sources {
        if env.add_template_owned(name.clone(), source::prepare(text)).is_err() {
            return unknown;
        }
    }
    let Ok((text, spans)) = env
        .get_template(entry)
        .and_then(|template| template.render_with_spans(context))
    else {
        return unknown;
    };
    let starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let origin = |line: &usize| {
        let start = *starts.get(line.checked_sub(1)?)?;
        let end = starts.get(*line).copied().unwrap_or(text.len());
        // What stands first on the line; a line may start with the empty output of a tag.
        let span = spans
            .iter()
            .find(|span| span.output_range().end > start && span.output_range().start < end)?;
        let range = span.output_range();
        let within = match span.kind() {
            minijinja::OutputSpanKind::Raw => text
                .get(range.start..start)
                .map_or(0, |text| text.matches('\n').count()),
            _ => 0,
        };
        Some(Origin {
            template: span.name().to_owned(),
            line: span.line() + within,
        })
    };
    lines.iter().map(origin).collect()
}
