//! JSON Schemas: of the files that people write, so that an editor completes and checks them as they type, and of the result
//! as data, for whoever reads it by program.
//!
//! Most come from the types that read the files. An assessment is read by hand, against a catalog; so its schema is built
//! from that catalog. No schema refuses a file for its shape that the program takes. The other way round it is `qizhen
//! check` that knows all the rest: names that refer to nothing, units, sums, expressions.

mod assessment;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, json_schema};
use serde_json::{Value, json};

use crate::advice::cases::CaseFile;
use crate::advice::matching::rules::Rules;
use crate::advice::measures::{Capabilities, Measures};
use crate::advice::policies::PolicyFile;
use crate::advice::providers::PoolFile;
use crate::catalog::Catalog;
use crate::consistency::CheckFile;
use crate::diagnosis::Diagnosis;
use crate::facts::FactDictionary;
use crate::kit::cases::Case;
use crate::kit::pool::mapping::Mapping;
use crate::migration::Migration;
use crate::questionnaire::Questionnaire;
use crate::report::theme::file::ThemeFile;
use crate::scoring::rulebook::Rulebook;

/// A kind of file that has a schema.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its name on the command line; the schema goes to `<name>.json`.
    pub name: &'static str,
    /// What such a file is, in Chinese.
    pub title: &'static str,
    build: fn(&Catalog) -> Schema,
}

/// Every kind; one line each.
pub const KINDS: &[Kind] = &[
    Kind::new("assessment", "评估文件", assessment::schema),
    Kind::new("questionnaire", "问卷", of_type::<Questionnaire>),
    Kind::new("rulebook", "评分规则", of_type::<Rulebook>),
    Kind::new("facts", "事实词典", of_type::<FactDictionary>),
    Kind::new("advice", "改进措施", of_type::<Measures>),
    Kind::new("capabilities", "能力词表", of_type::<Capabilities>),
    Kind::new("matching", "服务商匹配规则", of_type::<Rules>),
    Kind::new("provider-map", "服务商名单导入对照", of_type::<Mapping>),
    Kind::new("providers", "服务商名单", of_type::<PoolFile>),
    Kind::new("policies", "政策与融资工具", of_type::<PolicyFile>),
    Kind::new("cases", "案例、场景与参照值", of_type::<CaseFile>),
    Kind::new("consistency", "防虚报核对", of_type::<CheckFile>),
    Kind::new("migration", "版本迁移", of_type::<Migration>),
    Kind::new("case", "手算样例", of_type::<Case>),
    Kind::new("theme", "报告模板的样子", of_type::<ThemeFile>),
    Kind::new(
        "diagnosis",
        "诊断结果，即 diagnose --format json 写出的",
        of_output::<Diagnosis>,
    ),
];

impl Kind {
    const fn new(name: &'static str, title: &'static str, build: fn(&Catalog) -> Schema) -> Self {
        Kind { name, title, build }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The schema as the text of a file. Only that of an assessment depends on the catalog.
    pub fn text(&self, catalog: &Catalog) -> String {
        let mut schema = (self.build)(catalog);
        let mut whole = json_schema!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$comment": format!("由 qizhen schema {} 生成，不要手改", self.name),
            "title": format!("企诊 {}", self.title),
        });
        for (key, value) in std::mem::take(schema.ensure_object()) {
            if whole.get(&key).is_none() {
                whole.insert(key, value);
            }
        }
        format!("{:#}\n", whole.to_value())
    }
}

/// The schema of what a type reads. Draft 7 is the draft that every editor knows.
fn of_type<T: JsonSchema>(_: &Catalog) -> Schema {
    SchemaSettings::draft07()
        .with_transform(AsRead)
        .into_generator()
        .into_root_schema_for::<T>()
}

/// The schema of what the program writes.
fn of_output<T: JsonSchema>(_: &Catalog) -> Schema {
    SchemaSettings::draft07()
        .for_serialize()
        .with_transform(Plain)
        .into_generator()
        .into_root_schema_for::<T>()
}

/// Takes out of a schema what says nothing outside of Rust.
#[derive(Debug, Clone)]
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        object.remove("format");
        if let Some(Value::String(text)) = object.get_mut("description") {
            *text = without_links(text);
        }
    }
}

/// Changes a schema of Rust types into one of what [`crate::source::shape`] reads, without what says nothing to an author.
#[derive(Debug, Clone)]
struct AsRead;

impl Transform for AsRead {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        // A number or a truth where text is wanted is taken as it was written.
        let fixed = ["const", "enum", "format"].iter().any(|key| object.contains_key(*key));
        match object.get_mut("type") {
            Some(_) if fixed => {}
            Some(kind) if *kind == "string" => *kind = json!(["string", "number", "boolean"]),
            Some(Value::Array(kinds)) if kinds.contains(&json!("string")) && !kinds.contains(&json!("number")) => {
                kinds.splice(1..1, [json!("number"), json!("boolean")]);
            }
            _ => {}
        }
        // `uint8`, `double`: bounds say the same.
        let numeric = ["integer", "number"].iter().any(|name| match object.get("type") {
            Some(Value::Array(kinds)) => kinds.contains(&json!(name)),
            Some(kind) => kind == name,
            None => false,
        });
        if numeric {
            object.remove("format");
        }
        // An editor would offer these for completion.
        object.retain(|key, value| {
            key != "default" || matches!(value, Value::Number(_) | Value::Bool(_)) || is_text(value)
        });
        if let Some(Value::String(text)) = object.get_mut("description") {
            *text = without_links(text);
        }
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

/// Doc comments without their links and line breaks: ``[`EachRow`]`` → `` `EachRow` ``.
fn without_links(text: &str) -> String {
    text.replace("[`", "`").replace("`]", "`").replace('\n', " ")
}
