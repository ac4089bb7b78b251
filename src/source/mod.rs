//! Files as people write them: text, places in it, and what is wrong with it.
//!
//! Every YAML file of this crate is read the same way: [`SourceMap::add`] keeps the text, [`yaml::parse`] makes a tree of
//! [`yaml::Node`]s that know where they stand, [`shape::read`] turns the tree into a type and collects *all* mistakes, and
//! the checks that follow point at the same places. [`diagnostic::Diagnostic`] is the one form in which a mistake is
//! kept, printed and exported.

pub mod diagnostic;
pub(crate) mod schema;
pub mod shape;
pub mod suggest;
pub mod validation;
pub mod yaml;

use std::sync::{Arc, OnceLock};

/// A place in a file: the file's number in its [`SourceMap`] and a byte range; `line` and `column` count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Index of the file in its source map.
    pub file: u32,
    /// Line, from 1; 0 when the place is not known.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// First byte.
    pub start: u32,
    /// Number of bytes; 0 for a point.
    pub len: u32,
}

impl Span {
    /// Whether this span points anywhere.
    pub fn is_known(self) -> bool {
        self.line > 0
    }
}

/// A value together with the place it was read from.
#[derive(Debug, Clone, Default)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: serde::Serialize> serde::Serialize for At<T> {
    /// The value alone: where it stood is nobody else's business.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<T> From<T> for At<T> {
    fn from(value: T) -> Self {
        Self {
            value,
            span: Span::default(),
        }
    }
}

/// One file's name and text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Name as shown to people: the path they gave, or `内置:` and the path inside the built-in data.
    pub name: String,
    /// Whole text, without a byte order mark.
    pub text: Arc<str>,
    sha256: OnceLock<String>,
}

impl Source {
    /// SHA-256 of the text; taken once, for a batch asks for the same rules again and again.
    pub fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| crate::digest::sha256(self.text.as_bytes()))
    }
}

/// All files of one run; spans point into it.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<Source>,
}

impl SourceMap {
    /// Keeps a text and gives its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> u32 {
        self.files.push(Source {
            name: name.into(),
            text: text.into(),
            sha256: OnceLock::new(),
        });
        (self.files.len() - 1) as u32
    }

    /// The file with this number.
    pub fn get(&self, file: u32) -> Option<&Source> {
        self.files.get(file as usize)
    }

    /// All files in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }
}
