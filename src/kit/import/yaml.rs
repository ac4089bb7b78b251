//! Values → YAML text that reads back the same, in the form of the built-in files.

/// A value to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Yaml {
    /// Text of whoever: quoted whenever a reader might take it for something else.
    Text(String),
    /// A number.
    Number(f64),
    /// One element a line.
    List(Vec<Yaml>),
    /// One entry a line.
    Map(Vec<(String, Yaml)>),
    /// All on one line, with brackets.
    Line(Box<Yaml>),
}

impl Yaml {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Yaml::Text(text.into())
    }

    /// Entries on one line.
    pub fn line<K: Into<String>>(entries: impl IntoIterator<Item = (K, Yaml)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        Yaml::Line(Box::new(Yaml::Map(entries)))
    }

    /// The document.
    pub fn document(&self) -> String {
        match self {
            Yaml::List(_) | Yaml::Map(_) => self.block(0),
            _ => self.inline() + "\n",
        }
    }

    /// Whether it takes lines of its own.
    fn is_nested(&self) -> bool {
        match self {
            Yaml::List(items) => !items.is_empty(),
            Yaml::Map(entries) => !entries.is_empty(),
            _ => false,
        }
    }

    fn block(&self, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let mut out = String::new();
        match self {
            Yaml::Map(entries) => {
                for (key, value) in entries {
                    let key = scalar(key);
                    if value.is_nested() {
                        out += &format!("{pad}{key}:\n{}", value.block(indent + 2));
                    } else {
                        out += &format!("{pad}{key}: {}\n", value.inline());
                    }
                }
            }
            Yaml::List(items) => {
                for item in items {
                    if item.is_nested() {
                        out += &format!("{pad}- {}", item.block(indent + 2).trim_start());
                    } else {
                        out += &format!("{pad}- {}\n", item.inline());
                    }
                }
            }
            other => out = format!("{pad}{}\n", other.inline()),
        }
        out
    }

    fn inline(&self) -> String {
        match self {
            Yaml::Text(text) => scalar(text),
            Yaml::Number(number) => number.to_string(),
            Yaml::List(items) => format!("[{}]", items.iter().map(Yaml::inline).collect::<Vec<_>>().join(", ")),
            Yaml::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", scalar(key), value.inline()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
            Yaml::Line(inner) => inner.inline(),
        }
    }
}

/// A text as a YAML scalar that is safe in blocks, in brackets and as a key.
pub fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_seen(c) => out.push(c),
            c if (c as u32) < 0x1_0000 => out += &format!("\\u{:04x}", c as u32),
            c => out += &format!("\\U{:08x}", c as u32),
        }
    }
    out.push('"');
    out
}

/// Whether a text can stand without quotes: it begins with a letter, has no sign that means something, and is no word or
/// number of YAML (1.1 or 1.2).
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let fits = |c: char| {
        c.is_alphanumeric() && is_seen(c)
            || matches!(c, ' ' | '-' | '_' | '.' | '/' | '%' | '+' | '(' | ')')
            || is_chinese(c)
    };
    text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '（' | '《' | '“'))
        && !text.ends_with(' ')
        && text.chars().all(fits)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && text.parse::<f64>().is_err()
}

/// Punctuation that means nothing to YAML.
fn is_chinese(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '（'
            | '）'
            | '《'
            | '》'
            | '“'
            | '”'
            | '〔'
            | '〕'
            | '·'
            | '—'
            | '…'
    )
}

/// Not a control character, a mark of order, a strange line break or a private character.
fn is_seen(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{85}' | '\u{ad}' | '\u{2028}'..='\u{202e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}')
        && !matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}')
        && (c as u32) < 0xe_0000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml::{Data, parse};
    use proptest::prelude::*;

    /// The text stands as a value in a block, in a list, in brackets and as a key, and must come back from each.
    fn comes_back(text: &str) {
        let document = Yaml::Map(vec![
            ("block".into(), Yaml::text(text)),
            (
                "list".into(),
                Yaml::List(vec![Yaml::text(text), Yaml::Map(vec![("in".into(), Yaml::text(text))])]),
            ),
            (
                "line".into(),
                Yaml::line([("a", Yaml::text(text)), ("b", Yaml::List(vec![Yaml::text(text)]))]),
            ),
            ("key".into(), Yaml::line([(text, Yaml::Number(1.5))])),
            ("end".into(), Yaml::text("end")),
        ])
        .document();
        let node = parse(0, &document).unwrap_or_else(|e| panic!("{text:?}\n{document}\n{e:?}"));
        let same = |data: Option<&Data>| assert_eq!(data, Some(&Data::Str(text.to_owned())), "{document}");
        same(node.get("block").map(|n| &n.data));
        match node.get("list").map(|n| &n.data) {
            Some(Data::Seq(items)) => {
                same(items.first().map(|n| &n.data));
                same(items.get(1).and_then(|n| n.get("in")).map(|n| &n.data));
            }
            other => panic!("{other:?}"),
        }
        let line = node.get("line");
        same(line.and_then(|n| n.get("a")).map(|n| &n.data));
        match line.and_then(|n| n.get("b")).map(|n| &n.data) {
            Some(Data::Seq(items)) => same(items.first().map(|n| &n.data)),
            other => panic!("{other:?}"),
        }
        let key = node.get("key").and_then(|n| n.entries().first());
        assert_eq!(
            key.map(|(k, v)| (k.name.as_str(), &v.data)),
            Some((text, &Data::Float(1.5))),
            "{document}"
        );
        same_end(&node);
    }

    fn same_end(node: &crate::source::yaml::Node) {
        assert_eq!(node.get("end").map(|n| &n.data), Some(&Data::Str("end".into())));
    }

    #[test]
    fn treacherous_texts_come_back() {
        for text in [
            "是",
            "否",
            "yes",
            "No",
            "on",
            "y",
            "N",
            "true",
            "null",
            "Null",
            "~",
            "",
            " ",
            "1",
            "01",
            "1.50",
            "1e5",
            "0x1f",
            ".5",
            "-",
            "- y",
            "-1",
            "+1",
            ".inf",
            "inf",
            "NaN",
            "infinity",
            "a: b",
            "a:",
            ":a",
            "# x",
            "x # y",
            "x#y",
            "[a",
            "a]",
            "{a}",
            "a, b",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a`",
            "'a'",
            "\"a\"",
            "a\"b",
            "a\\b",
            "a\nb",
            "a\tb",
            "\r",
            "? a",
            "?",
            "---",
            "...",
            "<<",
            "=",
            "2024-09-04",
            "12:30",
            "1_000",
            " a",
            "a ",
            "都没有",
            "车间 5G（已建）；“好”：是",
            "≥60%",
            "\u{feff}a",
            "a\u{2028}b",
            "a\u{85}b",
            "\u{7f}",
            "\u{0}",
            "😀",
            "\u{e000}",
            "CO₂",
            "m³",
            "a  b",
            "ｙｅｓ",
        ] {
            comes_back(text);
        }
    }

    #[test]
    fn ordinary_words_stay_bare() {
        for text in [
            "都没有",
            "5G".strip_prefix('5').unwrap_or(""),
            "my-city-2026",
            "工信厅企业〔2024〕56号",
            "有（自建）；好",
        ] {
            assert_eq!(scalar(text), text);
        }
        assert_eq!(scalar("5G 网络"), "\"5G 网络\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            comes_back(&text);
        }
        #[test]
        fn any_sign_soup_comes_back(text in "[-:#,\\[\\]{}&*!|>'\"%@`?~=. \\n\\tay0é是]{0,12}") {
            comes_back(&text);
        }
    }
}
