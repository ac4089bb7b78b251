//! What an [`At`] and an [`Each`] are to a JSON Schema: the value itself, and a list that may be left blank.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::At;
use super::shape::Each;

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Each<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Each_{}", T::schema_name()).into()
    }
    fn schema_id() -> Cow<'static, str> {
        format!("Each<{}>", T::schema_id()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["array", "null"], "items": generator.subschema_for::<T>() })
    }
}

/// A cell that is a number, text or nothing, told in one line.
pub(crate) fn cell(schema: &mut Schema) {
    let description = schema.remove("description");
    *schema = json_schema!({ "type": ["number", "string", "null"] });
    if let Some(description) = description {
        schema.insert("description".into(), description);
    }
}
