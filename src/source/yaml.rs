//! YAML text → a tree whose every node knows its place.
//!
//! `serde_yaml` parses; this module only keeps what a typed read would throw away: the place of each key and value, and
//! duplicate keys (all of them, not only the first).

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, Location, NonFiniteFloatPolicy, Spanned};

use super::Span;
use super::diagnostic::{Code, Diagnostic};

/// Largest file that is read, in bytes. An assessment of 600 questions is under 100 KB.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// A value in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub data: Data,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// `null`, `~` or nothing after the colon.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; may be NaN or infinite, which the readers refuse with a message.
    Float(f64),
    /// Text.
    Str(String),
    /// `[a, b]` or a block list.
    Seq(Vec<Node>),
    /// Key and value pairs in the order of the file, keys distinct.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The key itself.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// The value under a key, when this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(k, _)| k.name == key).map(|(_, v)| v)
    }

    /// Key and value pairs; empty unless this is a mapping.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// What kind of value this is, in words for messages.
    pub fn kind(&self) -> &'static str {
        match &self.data {
            Data::Null => "空值",
            Data::Bool(_) => "是非值",
            Data::Int(_) | Data::Float(_) => "数字",
            Data::Str(_) => "文字",
            Data::Seq(_) => "列表",
            Data::Map(_) => "键值表",
        }
    }

    /// The value as it would be typed, for messages: scalars literally, containers by their kind.
    pub fn shown(&self) -> String {
        match &self.data {
            Data::Null => "空值".into(),
            Data::Bool(value) => value.to_string(),
            Data::Int(value) => value.to_string(),
            Data::Float(value) => value.to_string(),
            Data::Str(value) if value.chars().count() > 40 => {
                format!("“{}…”", value.chars().take(40).collect::<String>())
            }
            Data::Str(value) => format!("“{value}”"),
            Data::Seq(_) | Data::Map(_) => self.kind().into(),
        }
    }
}

/// Parses one YAML document. Syntax errors give one diagnostic; duplicate keys give one each.
pub fn parse(file: u32, text: &str) -> Result<Node, Vec<Diagnostic>> {
    if text.trim().is_empty() {
        return Err(vec![empty(file)]);
    }
    let mut options = serde_yaml::Options::default();
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    // YAML 1.2: `n`, `y`, `on` and `off` are text (an option may be called `n`); only true and false are truths.
    options.strict_booleans = true;
    options.leading_zero_numbers_as_strings = true;
    options.underscored_numbers_as_strings = true;
    // A blank questionnaire is mostly comments, hundreds in a row; nobody reads them here, so none are kept.
    options.emit_comments = false;
    // The readers refuse them in words of their own, next to all other mistakes.
    options.non_finite_float_policy = NonFiniteFloatPolicy::PassThrough;
    if !may_have_anchors(text)
        && let Some(budget) = &mut options.budget
    {
        (budget.max_nodes, budget.max_events) = (LARGE_NODES, 3 * LARGE_NODES);
    }
    let raw: Raw = serde_yaml::from_str_with_options(text, options).map_err(|e| vec![syntax_error(file, &e)])?;
    let mut problems = Vec::new();
    let node = build(file, raw, &mut problems);
    if node.data == Data::Null {
        problems.push(empty(file));
    }
    if problems.is_empty() { Ok(node) } else { Err(problems) }
}

/// Nodes of a file that cannot unfold into more than it says: a city's pool of ten thousand providers has half a million.
const LARGE_NODES: usize = 1_000_000;

/// Whether an `&` stands where an anchor may begin; without an anchor there is nothing that aliases could multiply.
fn may_have_anchors(text: &str) -> bool {
    let begins = |at: usize| {
        text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || "[{,".contains(c))
    };
    text.match_indices('&').any(|(at, _)| begins(at))
}

fn empty(file: u32) -> Diagnostic {
    let span = Span {
        file,
        line: 1,
        column: 1,
        ..Span::default()
    };
    Diagnostic::error(Code::Empty, span, "文件是空的")
        .hint("可用 `qizhen new 标准编号 -o 文件名` 生成一份带说明的空白问卷")
}

fn syntax_error(file: u32, error: &serde_yaml::Error) -> Diagnostic {
    let span = error.location().map_or(
        Span {
            file,
            line: 1,
            column: 1,
            ..Span::default()
        },
        |l| place(file, l),
    );
    let detail = error.without_snippet().to_string();
    let lower = detail.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let (code, message, hint) = if has(&["recursion", "depth"]) {
        (
            Code::Budget,
            "YAML 嵌套过深，已停止读取",
            "问卷文件只有五六层；多半是方括号或花括号没有成对",
        )
    } else if has(&["alias", "budget", "anchor"]) {
        (
            Code::Budget,
            "YAML 展开后过大，已停止读取",
            "问卷文件不需要锚点（&）和别名（*），请删去后重试",
        )
    } else if has(&["tabs disallowed"]) {
        (Code::Syntax, "YAML 缩进里有 Tab", "请把 Tab 换成空格，每层两个")
    } else if has(&["indent", "mapping values", "block"]) {
        (
            Code::Syntax,
            "YAML 缩进或结构有误",
            "每一层用两个空格缩进，不要用 Tab；冒号后面要有一个空格",
        )
    } else {
        (
            Code::Syntax,
            "YAML 语法有误",
            "常见原因：缩进不齐、冒号后没有空格、引号或方括号没有成对",
        )
    };
    Diagnostic::error(code, span, message)
        .label(in_chinese(&lower))
        .hint(hint)
}

/// The parser's usual complaints in Chinese; the others as they are, without the place, which is shown anyway.
fn in_chinese(detail: &str) -> String {
    const USUAL: [(&str, &str); 9] = [
        ("tabs disallowed", "这里是 Tab"),
        ("did not find expected key", "这一行的缩进与上面各行对不齐"),
        (
            "mapping values are not allowed",
            "这里不该有冒号：上一行冒号后面少了空格，或这一行缩进错了",
        ),
        (
            "illegal placement of ':'",
            "这里不该有冒号：上面的方括号、花括号或引号没有成对",
        ),
        ("unclosed bracket", "这个括号没有成对"),
        ("unclosed", "这里没有成对"),
        ("recursion limit", "到这里已经太深"),
        ("budget breached", "展开到这里已经太大"),
        ("did not find expected ',' or", "列表里少了逗号，或括号没有成对"),
    ];
    let known = USUAL.iter().find(|(words, _)| detail.contains(words));
    known.map_or_else(
        || {
            let first = detail.lines().next().unwrap_or_default();
            first.split(" at line ").next().unwrap_or_default().to_owned()
        },
        |(_, chinese)| (*chinese).to_owned(),
    )
}

/// serde-saphyr gives characters and, for text input, bytes; both are kept.
fn place(file: u32, location: Location) -> Span {
    let span = location.span();
    Span {
        file,
        line: location.line() as u32,
        column: location.column() as u32,
        start: span.byte_offset().unwrap_or(0) as u32,
        len: span.byte_len().unwrap_or(0) as u32,
    }
}

fn build(file: u32, raw: Raw, problems: &mut Vec<Diagnostic>) -> Node {
    let span = place(file, raw.0.referenced);
    let data = match raw.0.value {
        RawData::Null => Data::Null,
        RawData::Bool(value) => Data::Bool(value),
        RawData::Int(value) => Data::Int(value),
        RawData::Float(value) => Data::Float(value),
        RawData::Str(value) => Data::Str(value),
        RawData::Seq(items) => Data::Seq(items.into_iter().map(|item| build(file, item, problems)).collect()),
        RawData::Map(entries) => {
            let mut kept: Vec<(Key, Node)> = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let key = Key {
                    span: place(file, key.referenced),
                    name: key.value,
                };
                let value = build(file, value, problems);
                if let Some((first, _)) = kept.iter().find(|(k, _)| k.name == key.name) {
                    problems.push(
                        Diagnostic::error(Code::DuplicateKey, key.span, format!("键 “{}” 重复出现", key.name))
                            .hint(format!("第 {} 行已经有这个键，请只保留一个", first.span.line)),
                    );
                } else {
                    kept.push((key, value));
                }
            }
            Data::Map(kept)
        }
    };
    Node { span, data }
}

struct Raw(Spanned<RawData>);

enum RawData {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    Seq(Vec<Raw>),
    Map(Vec<(Spanned<String>, Raw)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(Raw)
    }
}

impl<'de> Deserialize<'de> for RawData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = RawData;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("any YAML value")
            }
            fn visit_unit<E>(self) -> Result<RawData, E> {
                Ok(RawData::Null)
            }
            fn visit_none<E>(self) -> Result<RawData, E> {
                Ok(RawData::Null)
            }
            fn visit_some<D: Deserializer<'de>>(self, d: D) -> Result<RawData, D::Error> {
                RawData::deserialize(d)
            }
            fn visit_bool<E>(self, value: bool) -> Result<RawData, E> {
                Ok(RawData::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<RawData, E> {
                Ok(RawData::Int(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<RawData, E> {
                Ok(i64::try_from(value).map_or(RawData::Str(value.to_string()), RawData::Int))
            }
            fn visit_f64<E>(self, value: f64) -> Result<RawData, E> {
                Ok(RawData::Float(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<RawData, E> {
                Ok(RawData::Str(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawData, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(RawData::Seq(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawData, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawData::Map(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Checks the `schema:` line of a file: its first line of defence against being read as something it is not.
pub fn expect_schema(node: &Node, expected: &str) -> Result<(), Diagnostic> {
    match node.get("schema") {
        Some(Node {
            data: Data::Str(found), ..
        }) if found == expected => Ok(()),
        Some(other) => {
            let slip = matches!(&other.data, Data::Str(found) if strsim::damerau_levenshtein(found, expected) <= 2);
            let hint = if slip {
                "可能是笔误，或来自别的版本"
            } else {
                "这个文件也许不是此处该用的那一种"
            };
            Err(Diagnostic::error(
                Code::Schema,
                other.span,
                format!("schema 是 {}，应为 {expected}", other.shown()),
            )
            .hint(hint))
        }
        None => Err(
            Diagnostic::error(Code::Schema, node.span, format!("缺少 schema，应为 {expected}"))
                .hint(format!("在文件第一行写上 schema: {expected}")),
        ),
    }
}
