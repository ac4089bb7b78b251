//! How a city names its columns and values, where the names that this program knows are not enough: `--map`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::columns::Field;
use crate::catalog::Broken;
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::{SourceMap, Span, shape, yaml};

/// First line of a mapping file.
pub const SCHEMA: &str = "qizhen/provider-map/1";

/// A mapping.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Always [`SCHEMA`].
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// What the list is called and who published it where.
    #[serde(default)]
    pub source: String,
    /// Headings by field: `name: [公司全称]`.
    #[serde(default)]
    pub columns: IndexMap<String, Vec<String>>,
    /// By field, what stands in the list and what it means: `capabilities: {制造执行: [mes]}`.
    #[serde(default)]
    pub values: IndexMap<String, IndexMap<String, Vec<String>>>,
    /// By field, what holds where the cell is empty or there is no such column: `service_regions: ["3702"]`.
    #[serde(default)]
    pub defaults: IndexMap<String, Vec<String>>,
}

impl Mapping {
    /// Reads a mapping file.
    pub fn read(name: &str, text: &str) -> Result<Self, Broken> {
        let mut sources = SourceMap::default();
        let file = sources.add(name, text);
        let mut problems = Vec::new();
        let node = match yaml::parse(file, text) {
            Ok(node) => node,
            Err(problems) => return Err(Broken { problems, sources }),
        };
        problems.extend(yaml::expect_schema(&node, SCHEMA).err());
        let read = shape::read::<Mapping>(&node, &mut problems);
        for part in ["columns", "values", "defaults"] {
            for (key, _) in node.get(part).map_or(&[][..], yaml::Node::entries) {
                if Field::named(&key.name).is_none() {
                    problems.push(unknown(part, &key.name, key.span));
                }
            }
        }
        diagnostic::sort(&mut problems);
        match read {
            Some(read) if !diagnostic::has_errors(&problems) => Ok(read),
            _ => Err(Broken { problems, sources }),
        }
    }

    /// Headings of a field.
    pub(super) fn headings(&self, field: Field) -> &[String] {
        self.columns.get(field.key()).map_or(&[], Vec::as_slice)
    }

    /// What a value of a field means here.
    pub(super) fn value(&self, field: Field, found: &str) -> Option<&[String]> {
        let plain = |text: &str| crate::kit::import::text::compact(text).to_lowercase();
        let values = self.values.get(field.key())?;
        let wanted = plain(found);
        values
            .iter()
            .find(|(key, _)| plain(key) == wanted)
            .map(|(_, means)| means.as_slice())
    }

    /// What holds where nothing is said.
    pub(super) fn default(&self, field: Field) -> Option<&[String]> {
        self.defaults
            .get(field.key())
            .map(Vec::as_slice)
            .filter(|all| !all.is_empty())
    }
}

fn unknown(part: &str, key: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownField, span, format!("{part} 里没有 “{key}” 这个字段"))
        .nearest(key, Field::keys())
        .hint(format!("可用：{}", Field::keys().collect::<Vec<_>>().join("、")))
}
