//! The template engine: a folder of minijinja sources and one context → Markdown for [`markdown::parse`].
//!
//! Templates are text that consultants edit, contexts carry text that enterprises typed; neither can do harm. Values
//! are escaped for the place they stand in — Markdown in running text, JSON inside a data directive — undefined names
//! are errors, `include` and `extends` see only the given sources, and fuel and an output limit bound the work.
//!
//! Besides minijinja's own filters a template has `num`, `pct`, `wan`, `cn_date`, `or_dash`, `md` and `multiline`;
//! [`filters`] tells what each does.
//!
//! [`markdown::parse`]: super::markdown::parse

use std::collections::BTreeMap;
use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, escape_formatter};

use super::escape;

mod error;
pub mod filters;
pub mod folder;
mod origin;
mod source;

pub use error::TemplateError;
pub use origin::{Origin, origins};

/// Instructions a report may cost; the largest built-in one needs a hundredth.
const FUEL: u64 = 5_000_000;

/// Bytes of Markdown a report may have.
const OUTPUT_LIMIT: usize = 8 << 20;

/// Renders `entry`, one of `sources` (name → text), with `context`.
pub fn render(sources: &BTreeMap<String, String>, entry: &str, context: Value) -> Result<String, TemplateError> {
    let prepared: BTreeMap<&str, String> = sources
        .iter()
        .map(|(name, text)| (name.as_str(), source::prepare(text)))
        .collect();
    let explain = |error: &Error| TemplateError::explain(error, entry, sources, &prepared, &context);
    let mut env = environment();
    for (name, text) in &prepared {
        env.add_template(name, text).map_err(|error| explain(&error))?;
    }
    let mut out = Limited(Vec::new());
    env.get_template(entry)
        .and_then(|template| template.render_captured_to(context.clone(), &mut out).map(|_| ()))
        .map_err(|error| explain(&error))?;
    // Only whole strings are written, so this replaces nothing.
    Ok(String::from_utf8_lossy(&out.0).into_owned())
}

fn environment<'s>() -> Environment<'s> {
    let mut env = Environment::new();
    env.set_debug(true);
    // An include ends with the line break its source ends with.
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        env.set_syntax(syntax);
    }
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(64);
    env.set_auto_escape_callback(|name| {
        if [".yaml.j2", ".yml.j2", ".json.j2"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            AutoEscape::Json
        } else {
            AutoEscape::Custom("markdown".into())
        }
    });
    env.set_formatter(print);
    filters::install(&mut env);
    env
}

/// Prints a value, escaped for the place it stands in.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    use minijinja::value::ValueKind;
    if value.is_safe() || !matches!(state.auto_escape(), AutoEscape::Custom(_)) {
        return escape_formatter(out, state, value);
    }
    match value.kind() {
        ValueKind::Undefined => Ok(()),
        ValueKind::Number | ValueKind::Bool => out.write_str(&value.to_string()).map_err(Error::from),
        ValueKind::String => out
            .write_str(&escape::markdown(&value.to_string()))
            .map_err(Error::from),
        ValueKind::None => Err(Error::new(ErrorKind::InvalidOperation, error::NONE_PRINTED)),
        _ => Err(Error::new(ErrorKind::InvalidOperation, error::COLLECTION_PRINTED)),
    }
}

/// Output that refuses to grow beyond [`OUTPUT_LIMIT`].
struct Limited(Vec<u8>);

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > OUTPUT_LIMIT {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
