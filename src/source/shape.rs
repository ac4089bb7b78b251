//! A tree of nodes → a typed value, with every mistake collected.
//!
//! Plain serde stops at the first error. Here a list read as [`Each`] goes on with its next element after one fails, and
//! an [`At`] keeps the place of its value, so one pass over a file tells all that is wrong with it.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::diagnostic::{Code, Diagnostic};
use super::yaml::{Data, Key, Node};
use super::{At, Span, suggest};

const EACH: &str = "$qizhen::Each";
const AT: &str = "$qizhen::At";

/// A list whose broken elements are reported and left out, so that the others are still read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Each<T>(pub Vec<T>);

impl<T> Default for Each<T> {
    fn default() -> Self {
        Each(Vec::new())
    }
}

impl<T> std::ops::Deref for Each<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<'a, T> IntoIterator for &'a Each<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Reads a `T`; whatever is wrong goes to `problems`. `None` only when nothing usable was left.
pub fn read<'de, T: Deserialize<'de>>(node: &'de Node, problems: &mut Vec<Diagnostic>) -> Option<T> {
    let collected = RefCell::new(Vec::new());
    let result = T::deserialize(NodeDe {
        node,
        collected: &collected,
    });
    problems.extend(collected.into_inner().into_iter().map(ShapeError::into_diagnostic));
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            problems.push(error.at(node.span).into_diagnostic());
            None
        }
    }
}

#[derive(Debug)]
struct ShapeError {
    span: Span,
    code: Code,
    message: String,
    hint: Option<String>,
}

impl ShapeError {
    fn new(code: Code, message: String) -> Self {
        Self {
            span: Span::default(),
            code,
            message,
            hint: None,
        }
    }

    /// Sets the place unless a deeper one is known.
    fn at(mut self, span: Span) -> Self {
        if !self.span.is_known() {
            self.span = span;
        }
        self
    }

    fn into_diagnostic(self) -> Diagnostic {
        Diagnostic::error(self.code, self.span, self.message).maybe_hint(self.hint)
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ShapeError {}

impl de::Error for ShapeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Code::WrongType, message.to_string())
    }

    fn invalid_type(found: de::Unexpected, expected: &dyn de::Expected) -> Self {
        let expected = expected.to_string();
        Self::new(
            Code::WrongType,
            format!("这里是{}，应为{}", unexpected(found), expectation(&expected)),
        )
    }

    fn invalid_value(found: de::Unexpected, expected: &dyn de::Expected) -> Self {
        let expected = expected.to_string();
        Self::new(
            Code::WrongType,
            format!("{}不合要求，应为{}", unexpected(found), expectation(&expected)),
        )
    }

    fn unknown_variant(found: &str, expected: &'static [&'static str]) -> Self {
        let mut error = Self::new(
            Code::WrongType,
            format!(
                "“{found}” 不在允许的取值里，应为 {} 之一",
                suggest::list(expected.iter().copied())
            ),
        );
        error.hint = suggest::nearest(found, expected.iter().copied()).map(|n| format!("最接近的是 “{n}”"));
        error
    }

    fn unknown_field(found: &str, expected: &'static [&'static str]) -> Self {
        let mut error = Self::new(Code::UnknownField, format!("不认识的字段 “{found}”"));
        error.hint = Some(match suggest::nearest(found, expected.iter().copied()) {
            Some(near) => format!("最接近的是 “{near}”"),
            None => format!("这里可用的字段：{}", suggest::list(expected.iter().copied())),
        });
        error
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Code::MissingField, format!("缺少字段 “{field}”"))
    }
}

fn unexpected(found: de::Unexpected) -> String {
    match found {
        de::Unexpected::Bool(value) => format!("是非值 {value} "),
        de::Unexpected::Unsigned(value) => format!("数字 {value} "),
        de::Unexpected::Signed(value) => format!("数字 {value} "),
        de::Unexpected::Float(value) => format!("数字 {value} "),
        de::Unexpected::Str(value) => format!("文字 “{value}” "),
        de::Unexpected::Unit | de::Unexpected::Option => "空值".into(),
        de::Unexpected::Seq => "列表".into(),
        de::Unexpected::Map => "键值表".into(),
        other => other.to_string(),
    }
}

/// serde's own words for what it expected, in Chinese where they are common.
fn expectation(expected: &str) -> String {
    match expected {
        "a string" => "文字".into(),
        "a boolean" => " true 或 false".into(),
        "f64" | "f32" => "数字".into(),
        "a sequence" => "列表".into(),
        "a map" => "键值表".into(),
        e if e.starts_with("struct ") => "键值表".into(),
        e if e.starts_with('u') || e.starts_with('i') => "整数".into(),
        other => other.into(),
    }
}

#[derive(Clone, Copy)]
struct NodeDe<'de, 'c> {
    node: &'de Node,
    collected: &'c RefCell<Vec<ShapeError>>,
}

impl<'de, 'c> NodeDe<'de, 'c> {
    fn list(self, tolerant: bool) -> Result<Elements<'de, 'c>, ShapeError> {
        match &self.node.data {
            Data::Seq(items) => Ok(Elements {
                items: items.iter(),
                collected: self.collected,
                tolerant,
            }),
            Data::Null if tolerant => Ok(Elements {
                items: [].iter(),
                collected: self.collected,
                tolerant,
            }),
            _ => Err(
                ShapeError::new(Code::WrongType, format!("这里是{}，应为列表", self.node.kind())).at(self.node.span),
            ),
        }
    }
}

impl<'de> Deserializer<'de> for NodeDe<'de, '_> {
    type Error = ShapeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        let span = self.node.span;
        match &self.node.data {
            Data::Null => visitor.visit_unit(),
            Data::Bool(value) => visitor.visit_bool(*value),
            Data::Int(value) => match u64::try_from(*value) {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => visitor.visit_i64(*value),
            },
            Data::Float(value) => visitor.visit_f64(*value),
            Data::Str(value) => visitor.visit_borrowed_str(value),
            Data::Seq(_) => visitor.visit_seq(self.list(false)?),
            Data::Map(entries) => visitor.visit_map(Entries {
                entries: entries.iter(),
                current: None,
                collected: self.collected,
            }),
        }
        .map_err(|error| error.at(span))
    }

    /// A number where text is wanted (a region code, a year) is taken as it was written.
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match &self.node.data {
            Data::Int(value) => visitor.visit_string(value.to_string()),
            Data::Float(value) => visitor.visit_string(value.to_string()),
            Data::Bool(value) => visitor.visit_string(value.to_string()),
            _ => return self.deserialize_any(visitor),
        }
        .map_err(|error: ShapeError| error.at(self.node.span))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match self.node.data {
            Data::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        match name {
            EACH => visitor.visit_seq(self.list(true)?),

            AT => visitor.visit_seq(Located { step: 0, de: self }),
            _ => visitor.visit_newtype_struct(self),
        }
        .map_err(|error| error.at(self.node.span))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        let span = self.node.span;
        match &self.node.data {
            Data::Str(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            Data::Map(entries) if entries.len() == 1 => {
                visitor.visit_enum(de::value::MapAccessDeserializer::new(Entries {
                    entries: entries.iter(),
                    current: None,
                    collected: self.collected,
                }))
            }
            _ => Err(ShapeError::new(
                Code::WrongType,
                format!("这里是{}，应为一个名称", self.node.kind()),
            )),
        }
        .map_err(|error: ShapeError| error.at(span))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Elements<'de, 'c> {
    items: std::slice::Iter<'de, Node>,
    collected: &'c RefCell<Vec<ShapeError>>,
    tolerant: bool,
}

impl<'de> SeqAccess<'de> for Elements<'de, '_> {
    type Error = ShapeError;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ShapeError> {
        let Some(node) = self.items.next() else { return Ok(None) };
        let result = seed.deserialize(NodeDe {
            node,
            collected: self.collected,
        });
        result.map(Some).map_err(|error| {
            let error = error.at(node.span);
            if !self.tolerant {
                return error;
            }
            self.collected.borrow_mut().push(error);
            ShapeError::new(Code::WrongType, String::new())
        })
    }
    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Entries<'de, 'c> {
    entries: std::slice::Iter<'de, (Key, Node)>,
    current: Option<&'de (Key, Node)>,
    collected: &'c RefCell<Vec<ShapeError>>,
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = ShapeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ShapeError> {
        self.current = self.entries.next();
        let Some((key, _)) = self.current else { return Ok(None) };
        let name: StrDeserializer<'_, ShapeError> = key.name.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|error| error.at(key.span))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ShapeError> {
        let Some((_, node)) = self.current else {
            return Err(de::Error::custom("value before key"));
        };
        seed.deserialize(NodeDe {
            node,
            collected: self.collected,
        })
        .map_err(|error| error.at(node.span))
    }
}

/// The parts of an [`At`], handed over as a sequence: file, line, column, start, len, value.
struct Located<'de, 'c> {
    step: u8,
    de: NodeDe<'de, 'c>,
}

impl<'de> SeqAccess<'de> for Located<'de, '_> {
    type Error = ShapeError;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ShapeError> {
        let span = self.de.node.span;
        let number = match self.step {
            0 => span.file,
            1 => span.line,
            2 => span.column,
            3 => span.start,
            4 => span.len,
            5 => {
                self.step += 1;
                return seed.deserialize(self.de).map(Some);
            }
            _ => return Ok(None),
        };
        self.step += 1;
        seed.deserialize(number.into_deserializer()).map(Some)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Parts<T> {
            type Value = At<T>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("值")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<At<T>, D::Error> {
                T::deserialize(d).map(At::from)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<At<T>, A::Error> {
                let mut next = || seq.next_element::<u32>().map(Option::unwrap_or_default);
                let span = Span {
                    file: next()?,
                    line: next()?,
                    column: next()?,
                    start: next()?,
                    len: next()?,
                };
                let value = seq.next_element()?.ok_or_else(|| de::Error::custom("缺少值"))?;
                Ok(At { value, span })
            }
        }
        deserializer.deserialize_newtype_struct(AT, Parts(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = Each<T>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("列表")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<Each<T>, D::Error> {
                Vec::deserialize(d).map(Each)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Each<T>, A::Error> {
                let mut items = Vec::new();
                loop {
                    // `Elements` has already kept the error and moved on; only it calls this method.
                    match seq.next_element::<T>() {
                        Ok(Some(item)) => items.push(item),
                        Ok(None) => return Ok(Each(items)),
                        Err(_) => {}
                    }
                }
            }
        }
        deserializer.deserialize_newtype_struct(EACH, Items(PhantomData))
    }
}
