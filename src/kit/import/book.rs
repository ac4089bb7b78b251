//! An Excel workbook → sheets of cells that know their place. Hostile files are cut short, broken ones explained.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::text;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{SourceMap, Span};

/// Largest workbook that is read, in bytes; pictures in it may be larger than its cells.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Most bytes that it may unpack to.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;
/// Most bytes of text in all cells together.
const MAX_TEXT: usize = 16 * 1024 * 1024;
/// Most rows and columns of a sheet.
const MAX_ROWS: u32 = 20_000;
const MAX_COLUMNS: u32 = 256;
/// What stands between the cells of a row in an excerpt, and how much of a cell is shown.
const RULE: &str = " │ ";
const SHOWN: usize = 24;

type Workbook = Xlsx<Cursor<Vec<u8>>>;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    /// A day, `YYYY-MM-DD`, which only some columns want; empty when it is no day.
    Date(String),
    /// Nothing that can be used: what it is, what to do.
    Fault(String, &'static str),
}

/// One sheet.
#[derive(Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    file: u32,
    cells: BTreeMap<(u32, u32), Value>,
    merged: Vec<Dimensions>,
    width: u32,
}

/// Reads all visible sheets. What cannot be read is told; the texts for excerpts go to `sources`.
pub fn read(name: &str, bytes: Vec<u8>, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) -> Vec<Sheet> {
    let mut book = match open(bytes) {
        Ok(book) => book,
        Err((code, message, hint)) => {
            problems.push(Diagnostic::error(code, nowhere(name, sources), message).hint(hint));
            return Vec::new();
        }
    };
    let mut left = MAX_TEXT;
    let mut sheets = Vec::new();
    for found in book.sheets_metadata().to_vec() {
        if found.typ != SheetType::WorkSheet {
            continue;
        }
        if found.visible != SheetVisible::Visible {
            let message = format!("表“{}”是隐藏的，没有读", found.name);
            let hint = "里面有题目时，取消隐藏后重新导入";
            problems.push(Diagnostic::warning(Code::NotRead, nowhere(name, sources), message).hint(hint));
            continue;
        }
        match sheet(&mut book, &found.name, &mut left) {
            Ok(mut sheet) => {
                sheet.file = sources.add(format!("{name}!{}", sheet.name), sheet.excerpt());
                sheets.push(sheet);
            }
            Err((code, message, hint)) => {
                let message = format!("表“{}”{message}", found.name);
                problems.push(Diagnostic::error(code, nowhere(name, sources), message).hint(hint));
            }
        }
    }
    sheets
}

/// A place that is the whole file.
pub fn nowhere(name: &str, sources: &mut SourceMap) -> Span {
    let file = sources.add(name, "");
    Span {
        file,
        ..Span::default()
    }
}

type Refusal = (Code, String, &'static str);

const SAVE_AS: &str = "用 Excel 或 WPS 打开，另存为“Excel 工作簿 (*.xlsx)”后重试";

fn open(bytes: Vec<u8>) -> Result<Workbook, Refusal> {
    if bytes.is_empty() {
        return Err((Code::Empty, "文件是空的".into(), SAVE_AS));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        // Both the old format and a locked workbook are compound files; the latter has a stream of this name.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return Err(if bytes.windows(name.len()).any(|window| window == name) {
            let hint = "用 Excel 或 WPS 打开，去掉打开密码（文件 → 信息 → 保护工作簿）后另存";
            (Code::NotWorkbook, "工作簿加了密码，读不了".into(), hint)
        } else {
            let message = "这是旧格式的工作簿（.xls 或 .et），不是 .xlsx".into();
            (Code::NotWorkbook, message, SAVE_AS)
        });
    }
    if !bytes.starts_with(b"PK") {
        let message = "这不是 Excel 工作簿（.xlsx）".into();
        return Err((Code::NotWorkbook, message, SAVE_AS));
    }
    if unpacks_to_too_much(&bytes) {
        let message = format!("工作簿展开后超过 {} MB，已停止读取", MAX_UNPACKED >> 20);
        return Err((Code::TooLarge, message, "请删去图片和用不到的表后重试"));
    }
    Workbook::new(Cursor::new(bytes)).map_err(|error| {
        let message = match error {
            XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => {
                "这是压缩包或别的文档，不是 Excel 工作簿（.xlsx）".to_owned()
            }
            error => format!("工作簿打不开，文件可能坏了（{error}）"),
        };
        (Code::NotWorkbook, message, SAVE_AS)
    })
}

/// Unpacks once without keeping anything: what a file says about its own size is not to be believed.
fn unpacks_to_too_much(bytes: &[u8]) -> bool {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return false;
    };
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index(index) else { continue };
        // A broken entry is told by whoever needs it.
        let unpacked = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).unwrap_or(0);
        if unpacked > left {
            return true;
        }
        left -= unpacked;
    }
    false
}

fn sheet(book: &mut Workbook, name: &str, left: &mut usize) -> Result<Sheet, Refusal> {
    let broken = |error: XlsxError| {
        let message = format!("读不出来，文件可能坏了（{error}）");
        (Code::NotWorkbook, message, SAVE_AS)
    };
    let mut cells = BTreeMap::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let Some(value) = value(cell.get_value()) else { continue };
        if let Value::Text(text) = &value {
            let Some(rest) = left.checked_sub(text.len()) else {
                let message = "的文字太多，已停止读取".into();
                return Err((Code::TooLarge, message, "请只留下问卷用得到的内容"));
            };
            *left = rest;
        }
        let (row, column) = cell.get_position();
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            let message = format!(
                "在 {} 还有内容，太大了：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列",
                a1(row, column)
            );
            return Err((Code::TooLarge, message, "请删去问卷之外的行和列"));
        }
        cells.insert((row, column), value);
    }
    drop(reader);
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut formulas = BTreeSet::new();
    while let Some(cell) = reader.next_formula().map_err(broken)? {
        if !cell.get_value().is_empty() {
            formulas.insert(cell.get_position());
        }
    }
    drop(reader);
    for (row, column) in formulas {
        if row < MAX_ROWS && column < MAX_COLUMNS {
            let fault = || Value::Fault("这里的公式没有算好的值".into(), "用 Excel 或 WPS 打开，保存一次后重试");
            cells.entry((row, column)).or_insert_with(fault);
        }
    }
    let merged = book.merge_cells_by_sheet_name(name).map_err(broken)?;
    Ok(Sheet {
        name: name.to_owned(),
        file: 0,
        width: cells.keys().map(|(_, column)| column + 1).max().unwrap_or(0),
        cells,
        merged,
    })
}

fn value(data: &DataRef) -> Option<Value> {
    let text = |raw: &str| Some(text::clean(raw)).filter(|text| !text.is_empty()).map(Value::Text);
    match data {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(Value::Number(*number as f64)),
        DataRef::Float(number) if number.is_finite() => Some(Value::Number(crate::round::half_up(*number, 9))),
        DataRef::Float(_) => Some(Value::Fault("这里的数太大".into(), "请改成普通的数")),
        DataRef::String(raw) => text(raw),
        DataRef::SharedString(raw) => text(raw),
        DataRef::Bool(truth) => Some(Value::Text(if *truth { "是" } else { "否" }.into())),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            Some(Value::Date(format!("{year:04}-{month:02}-{day:02}")))
        }
        DataRef::DateTimeIso(text) => Some(Value::Date(text.chars().take(10).collect())),
        DataRef::DateTime(_) | DataRef::DurationIso(_) => Some(Value::Date(String::new())),
        DataRef::Error(error) => Some(Value::Fault(format!("公式出错：{error}"), "请改正公式，或直接填值")),
    }
}

impl Value {
    fn text(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Date(_) | Value::Fault(..) => String::new(),
        }
    }

    /// As shown in the excerpt of a row.
    fn shown(&self) -> String {
        let text = match self {
            Value::Fault(what, _) => what.split('：').next_back().unwrap_or_default().to_owned(),
            Value::Date(_) => "这里是日期或时间".to_owned(),
            other => other.text().replace('\n', " ⏎ "),
        };
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

impl Sheet {
    /// A sheet of plain cells, as a CSV file has them.
    pub fn of_rows(name: &str, rows: Vec<Vec<String>>, sources: &mut SourceMap) -> Result<Self, Box<Diagnostic>> {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if rows.len() > MAX_ROWS as usize || width > MAX_COLUMNS as usize {
            let message = format!("太大了：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列");
            return Err(Box::new(Diagnostic::error(
                Code::TooLarge,
                nowhere(name, sources),
                message,
            )));
        }
        let mut cells = BTreeMap::new();
        for (row, line) in (0u32..).zip(rows) {
            for (column, raw) in (0u32..).zip(line) {
                let text = text::clean(&raw);
                if !text.is_empty() {
                    cells.insert((row, column), Value::Text(text));
                }
            }
        }
        let mut sheet = Sheet {
            name: name.to_owned(),
            file: 0,
            width: width as u32,
            cells,
            merged: Vec::new(),
        };
        sheet.file = sources.add(name, sheet.excerpt());
        Ok(sheet)
    }

    /// What was typed into a cell; empty for an empty one and for one that cannot be used.
    pub fn text(&self, row: u32, column: u32) -> String {
        self.cells.get(&(row, column)).map(Value::text).unwrap_or_default()
    }

    /// Why a cell cannot be used, if that is so.
    pub fn fault(&self, row: u32, column: u32) -> Option<Diagnostic> {
        match self.cells.get(&(row, column)) {
            Some(Value::Fault(what, hint)) => Some(self.error(Code::Cell, row, column, what).hint(*hint)),
            Some(Value::Date(_)) => {
                let hint = "Excel 把 1/2 之类当成了日期：把格式改成“文本”再重新输入";
                Some(self.error(Code::Cell, row, column, "这里是日期或时间").hint(hint))
            }
            _ => None,
        }
    }

    /// The day that a cell holds, `YYYY-MM-DD`, when it holds one.
    pub fn date(&self, row: u32, column: u32) -> Option<&str> {
        match self.cells.get(&(row, column)) {
            Some(Value::Date(day)) if !day.is_empty() => Some(day),
            _ => None,
        }
    }

    /// The number that a cell holds, when it holds one.
    pub fn number(&self, row: u32, column: u32) -> Option<f64> {
        match self.cells.get(&(row, column)) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether anything at all stands in a cell.
    pub fn is_filled(&self, row: u32, column: u32) -> bool {
        self.cells.contains_key(&(row, column))
    }

    /// Rows that hold anything, in order.
    pub fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.cells.keys().map(|(row, _)| *row).collect();
        rows.dedup();
        rows
    }

    /// Filled columns of a row.
    pub fn columns(&self, row: u32) -> impl Iterator<Item = u32> {
        self.cells
            .range((row, 0)..=(row, MAX_COLUMNS))
            .map(|((_, column), _)| *column)
    }

    /// Last row and column of the merged cells that this one belongs to; its own when it is not merged.
    pub fn merged_to(&self, row: u32, column: u32) -> (u32, u32) {
        self.region(row, column).map_or((row, column), |region| region.end)
    }

    /// What stands in the merged cells to which an empty cell belongs.
    pub fn covering_text(&self, row: u32, column: u32) -> String {
        match self.region(row, column) {
            Some(region) => self.text(region.start.0, region.start.1),
            None => self.text(row, column),
        }
    }

    fn region(&self, row: u32, column: u32) -> Option<&Dimensions> {
        self.merged.iter().find(|region| region.contains(row, column))
    }

    /// A mistake at a cell.
    pub fn error(&self, code: Code, row: u32, column: u32, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic::error(
            code,
            self.span(row, column),
            self.message(row, column, message.as_ref()),
        )
    }

    /// Something to look at in a cell.
    pub fn warning(&self, code: Code, row: u32, column: u32, message: impl AsRef<str>) -> Diagnostic {
        Diagnostic::warning(
            code,
            self.span(row, column),
            self.message(row, column, message.as_ref()),
        )
    }

    fn message(&self, row: u32, column: u32, message: &str) -> String {
        format!("{}：{message}", self.place(row, column))
    }

    /// `表“问卷”!D7`.
    pub fn place(&self, row: u32, column: u32) -> String {
        format!("表“{}”!{}", self.name, a1(row, column))
    }

    /// Where the cell stands in the excerpt.
    pub fn span(&self, row: u32, column: u32) -> Span {
        let before: usize = (0..column)
            .map(|c| self.shown(row, c).chars().count() + RULE.chars().count())
            .sum();
        Span {
            file: self.file,
            line: row + 1,
            column: before as u32 + 1,
            start: 0,
            len: self.shown(row, column).len() as u32,
        }
    }

    fn shown(&self, row: u32, column: u32) -> String {
        self.cells.get(&(row, column)).map(Value::shown).unwrap_or_default()
    }

    /// The sheet as text, a line a row: what a message shows of the workbook.
    fn excerpt(&self) -> String {
        let last = self.cells.keys().next_back().map_or(0, |(row, _)| *row);
        let line = |row| {
            let cells: Vec<String> = match self.columns(row).next() {
                Some(_) => (0..self.width).map(|column| self.shown(row, column)).collect(),
                None => Vec::new(),
            };
            cells.join(RULE)
        };
        (0..=last).map(line).collect::<Vec<_>>().join("\n")
    }
}

/// `D7` for row 6, column 3.
pub fn a1(row: u32, column: u32) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    format!("{letters}{}", row + 1)
}

#[cfg(test)]
mod tests {
    use super::a1;

    #[test]
    fn cells_have_names() {
        for (row, column, name) in [
            (0, 0, "A1"),
            (6, 3, "D7"),
            (0, 25, "Z1"),
            (0, 26, "AA1"),
            (9, 701, "ZZ10"),
            (0, 702, "AAA1"),
        ] {
            assert_eq!(a1(row, column), name);
        }
    }
}
