//! Writes XML by hand: elements are closed in order, text is escaped, control characters are dropped.

use std::fmt::{Display, Write};

use crate::report::escape;

/// Attributes of an element.
pub type Attrs<'a> = &'a [(&'a str, &'a dyn Display)];

/// A piece of XML as far as it is written.
#[derive(Debug, Default)]
pub struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// A file of its own.
    pub fn file() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n".to_owned(),
            open: Vec::new(),
        }
    }

    /// Opens an element.
    pub fn open(&mut self, name: &'static str, attrs: Attrs) {
        self.tag(name, attrs);
        self.out.push('>');
        self.open.push(name);
    }

    /// Closes the element opened last.
    pub fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// An element without content.
    pub fn leaf(&mut self, name: &str, attrs: Attrs) {
        self.tag(name, attrs);
        self.out.push_str("/>");
    }

    /// An element that holds text.
    pub fn text(&mut self, name: &'static str, attrs: Attrs, text: &str) {
        self.open(name, attrs);
        self.out.push_str(&escape::html(text));
        self.close();
    }

    /// XML written elsewhere.
    pub fn raw(&mut self, xml: &str) {
        self.out.push_str(xml);
    }

    fn tag(&mut self, name: &str, attrs: Attrs) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attrs {
            // Writing to a string cannot fail.
            let _ = write!(self.out, " {name}=\"{}\"", escape::html(&value.to_string()));
        }
    }

    /// What was written, all elements closed.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }
}

/// Twentieths of a point.
pub fn twips(points: f32) -> i32 {
    (points * 20.0).round() as i32
}

/// Half points, in which sizes of type are given.
pub fn half_points(points: f32) -> i32 {
    (points * 2.0).round() as i32
}

/// English metric units, in which pictures are given.
pub fn emu(points: f32) -> i64 {
    (f64::from(points) * 12700.0).round() as i64
}

/// A colour as `RRGGBB`.
pub fn hex(color: crate::report::theme::Color) -> String {
    format!("{:02X}{:02X}{:02X}", color.0, color.1, color.2)
}
