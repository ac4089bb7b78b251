//! Conditions and formulas: minijinja expressions, compiled once, with every name they use known.

use std::sync::LazyLock;

use minijinja::{Environment, Expression, UndefinedBehavior, Value};

/// The one environment of all rule expressions: no templates, no loaders, strict about undefined names.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(20_000));
    env.add_function("sqrt", |x: f64| x.sqrt());
    env.add_function("ln", |x: f64| x.ln());
    env.add_function("exp", |x: f64| x.exp());
    env.add_function("pow", |x: f64, y: f64| x.powf(y));
    env.add_function("abs", |x: f64| x.abs());
    env.add_function("min", |x: f64, y: f64| x.min(y));
    env.add_function("max", |x: f64, y: f64| x.max(y));
    env.add_function("model_is", |model: &str, series: Vec<String>| {
        series.iter().any(|s| in_series(model, s))
    });
    env.add_function("has_model", |model: &str, models: Vec<String>| {
        models.iter().any(|m| normal(m) == normal(model))
    });
    env
});

/// Names of the functions that expressions can call.
pub const FUNCTIONS: [&str; 9] = ["sqrt", "ln", "exp", "pow", "abs", "min", "max", "model_is", "has_model"];

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Expr {
    text: String,
    compiled: std::sync::Arc<Expression<'static, 'static>>,
    names: Vec<Name>,
}

/// A name used by an expression: `q02.digital` is `base: "q02"`, `part: Some("digital")`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// What stands before the first dot.
    pub base: String,
    /// What stands after it.
    pub part: Option<String>,
}

impl Name {
    /// Splits at the first dot.
    pub fn parse(name: &str) -> Self {
        let (base, part) = name
            .split_once('.')
            .map_or((name, None), |(base, part)| (base, Some(part)));
        Name {
            base: base.to_owned(),
            part: part.map(str::to_owned),
        }
    }
}

/// Why an expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ExprError(String);

impl Expr {
    /// Compiles a text.
    pub fn compile(text: &str) -> Result<Self, ExprError> {
        let compiled = ENVIRONMENT
            .compile_expression_owned(text.to_owned())
            .map_err(|error| ExprError(error.detail().map_or_else(|| error.to_string(), str::to_owned)))?;
        let mut names: Vec<Name> = compiled
            .undeclared_variables(true)
            .into_iter()
            .map(|name| Name::parse(&name))
            .filter(|name| name.part.is_some() || !FUNCTIONS.contains(&name.base.as_str()))
            .collect();
        names.sort();
        Ok(Self {
            text: text.to_owned(),
            compiled: std::sync::Arc::new(compiled),
            names,
        })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every name it uses, sorted.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The value, or `None` when it cannot be computed (a strict undefined, a wrong type, a division by zero).
    pub fn eval(&self, context: Value) -> Option<Value> {
        self.compiled.eval(context).ok().filter(|value| !value.is_undefined())
    }

    /// The value as a finite number.
    pub fn number(&self, context: Value) -> Option<f64> {
        self.eval(context)
            .and_then(|value| f64::try_from(value).ok())
            .filter(|number| number.is_finite())
    }

    /// The value as a truth.
    pub fn truth(&self, context: Value) -> Option<bool> {
        self.eval(context).map(|value| value.is_true())
    }
}

/// An item id as it is written in an expression.
pub fn identifier(id: &str) -> String {
    id.replace('-', "_")
}

/// Full-width and lower-case letters, blanks and long dashes are how people type the same model.
fn normal(model: &str) -> String {
    model
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '—' | '–' | '_' => '-',
            other => other,
        })
        .flat_map(char::to_uppercase)
        .collect()
}

/// `YB-160M-4` and `YB160M` are of series `YB`; `YB2-160` and `YBF-63` are series of their own.
fn in_series(model: &str, series: &str) -> bool {
    let (model, series) = (normal(model), normal(series));
    // Pumps carry the inlet diameter in front of the series: 3BA-9, 2B31.
    let bare = model.trim_start_matches(|c: char| c.is_ascii_digit());
    let Some(rest) = model.strip_prefix(&series).or_else(|| bare.strip_prefix(&series)) else {
        return false;
    };
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let after = rest.chars().nth(digits);
    match (rest.chars().next(), digits, after) {
        (None, _, _) => true,
        // One digit and a dash is a later generation of the series (YB2-…), more digits are a frame size (YB160M).
        // Fans write the machine number as No5 behind the series: 9-27No5A.
        (Some(c), 0, _) => !c.is_alphanumeric() || rest.starts_with("NO"),
        (Some(_), 1, _) => false,
        (Some(_), _, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_and_slips_show_up_as_names() {
        let expr = Expr::compile("100 * q02.digital / q02.total").unwrap();
        let names: Vec<_> = expr
            .names()
            .iter()
            .map(|n| (n.base.as_str(), n.part.as_deref()))
            .collect();
        assert_eq!(names, [("q02", Some("digital")), ("q02", Some("total"))]);
        let slip = Expr::compile("x >= and").unwrap();
        assert!(slip.names().iter().any(|n| n.base == "and"));
        assert!(Expr::compile("1 +").is_err());
        let call = Expr::compile("ln(x) ** 2").unwrap();
        assert_eq!(call.names().len(), 1);
    }

    #[test]
    fn series_are_told_apart() {
        for (model, series, expected) in [
            ("YB-160M-4", "YB", true),
            ("yb 160M-4", "YB", true),
            ("YB2-160M-4", "YB", false),
            ("YBF-63", "YB", false),
            ("YB", "YB", true),
            ("JO2-51-4", "JO2", true),
            ("3BA-9", "BA", true),
            ("3BA-9", "B", false),
            ("2B31", "B", true),
            ("6JD36×4", "JD", true),
            ("9-27No5A", "9-27", true),
            ("YB160M-4", "YB", true),
        ] {
            assert_eq!(in_series(model, series), expected, "{model} {series}");
        }
    }
}
