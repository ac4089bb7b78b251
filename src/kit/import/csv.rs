//! A CSV file → a sheet like those of a workbook: UTF-8, UTF-16 or GBK, whichever Excel and WPS wrote.

use super::book::Sheet;
use super::book::nowhere;
use crate::source::SourceMap;
use crate::source::diagnostic::{Code, Diagnostic};

/// Reads a CSV file. What cannot be read is told.
pub fn read(name: &str, bytes: &[u8], sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) -> Vec<Sheet> {
    let text = match decode(bytes) {
        Some(text) if !text.trim().is_empty() => text,
        Some(_) => {
            problems.push(Diagnostic::error(Code::Empty, nowhere(name, sources), "文件是空的"));
            return Vec::new();
        }
        None => {
            let hint = "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后重试";
            let message = "这不是文本文件，也认不出是 UTF-8 还是 GBK 编码";
            problems.push(Diagnostic::error(Code::NotUtf8, nowhere(name, sources), message).hint(hint));
            return Vec::new();
        }
    };
    match Sheet::of_rows(name, rows(&text), sources) {
        Ok(sheet) => vec![sheet],
        Err(problem) => {
            problems.push(*problem);
            Vec::new()
        }
    }
}

/// The text, by its byte order mark, as UTF-8, or as GB 18030, of which GBK is a part.
fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _, broken) = encoding.decode(bytes);
        return (!broken).then(|| text.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (!text.contains('\0')).then(|| text.to_owned());
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Rows of cells: quoted cells may hold separators, line breaks and doubled quotes.
fn rows(text: &str) -> Vec<Vec<String>> {
    let first = text.lines().next().unwrap_or_default();
    let separator = [',', '\t', ';']
        .into_iter()
        .max_by_key(|c| (first.matches(*c).count(), *c == ','))
        .unwrap_or(',');
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut began) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() && !began => {
                cell.clear();
                (quoted, began) = (true, true);
            }
            c if quoted => cell.push(c),
            c if c == separator => {
                row.push(std::mem::take(&mut cell));
                began = false;
            }
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
                began = false;
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        assert_eq!(
            rows("名称,能力\r\n\"甲,乙\",\"说\"\"好\"\"\n两行\"\r\n,\n末,x"),
            [
                vec!["名称", "能力"],
                vec!["甲,乙", "说\"好\"\n两行"],
                vec!["", ""],
                vec!["末", "x"]
            ]
        );
        assert_eq!(rows("a\tb,c\td"), [["a", "b,c", "d"]]);
    }

    #[test]
    fn encodings() {
        let (gbk, ..) = encoding_rs::GBK.encode("企业名称");
        for bytes in [&gbk[..], "企业名称".as_bytes(), "\u{feff}企业名称".as_bytes()] {
            assert_eq!(decode(bytes).as_deref(), Some("企业名称"));
        }
        assert_eq!(decode(&[0xff, 0xff, 0x00, 0x80]), None);
    }
}
