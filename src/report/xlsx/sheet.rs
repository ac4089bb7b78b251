//! One sheet: what it holds, and how it is laid out and printed.

use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

const FONT: &str = "微软雅黑";
/// Height of a line, and of the tallest row there may be, in points.
const LINE: f64 = 14.0;
const TALLEST: f64 = 400.0;
/// Longest text that a cell takes; the rest would be refused.
const LONGEST: usize = 32_000;

/// A sheet.
pub struct Sheet {
    name: &'static str,
    columns: Vec<Column>,
    /// Label and value lines above the table.
    pub lead: Vec<(String, String)>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Said where there are no rows.
    pub empty: &'static str,
}

/// A column.
pub struct Column {
    head: String,
    width: f64,
    kind: Kind,
}

/// What a column holds.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Words.
    Text,
    /// Numbers, shown with at most so many decimals.
    Number(u8),
    /// Ratios, 0 to 1.
    Percent,
    /// Days.
    Date,
}

/// A cell.
pub enum Cell {
    /// Words; also in a column of numbers, where there is none.
    Text(String),
    /// A number.
    Number(f64),
    /// A day, `YYYY-MM-DD`.
    Date(String),
}

impl Cell {
    /// Words, without what a workbook cannot hold.
    pub fn text(text: &str) -> Self {
        let clean = text.chars().filter(|c| !c.is_control() || *c == '\n');
        Cell::Text(clean.take(LONGEST).collect())
    }
}

impl Column {
    /// A column of that head, width in characters, and kind.
    pub fn new(head: &str, width: f64, kind: Kind) -> Self {
        Self {
            head: head.to_owned(),
            width,
            kind,
        }
    }
}

impl Sheet {
    /// An empty sheet.
    pub fn new(name: &'static str, columns: impl Into<Vec<Column>>) -> Self {
        Self {
            name,
            columns: columns.into(),
            lead: Vec::new(),
            rows: Vec::new(),
            empty: "没有内容。",
        }
    }

    /// Writes it, ready to print: A4 across, as wide as one page, the head on every page.
    pub fn write(&self, out: &mut Worksheet, footer: &str) -> Result<(), XlsxError> {
        let base = || {
            Format::new()
                .set_font_name(FONT)
                .set_font_size(10)
                .set_align(FormatAlign::Top)
        };
        let bordered = |format: Format| {
            format
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x00D3_DADD))
                .set_text_wrap()
        };
        let head = bordered(base())
            .set_bold()
            .set_background_color(Color::RGB(0x00E5_EFF0))
            .set_align(FormatAlign::VerticalCenter);
        let (label, plain) = (base().set_bold(), base());
        out.set_name(self.name)?;
        let mut row = 0;
        for (name, value) in &self.lead {
            out.write_string_with_format(row, 0, name, &label)?;
            out.write_string_with_format(row, 1, value, &plain)?;
            row += 1;
        }
        row += u32::from(!self.lead.is_empty());
        let top = row;
        for (index, column) in (0u16..).zip(&self.columns) {
            out.set_column_width(index, column.width)?;
            out.write_string_with_format(top, index, &column.head, &head)?;
        }
        for cells in &self.rows {
            row += 1;
            let lines = self
                .columns
                .iter()
                .zip(cells)
                .map(|(column, cell)| cell.lines(column.width));
            out.set_row_height(row, (lines.max().unwrap_or(1) as f64 * LINE + 3.0).min(TALLEST))?;
            for (index, (column, cell)) in (0u16..).zip(self.columns.iter().zip(cells)) {
                cell.write(out, row, index, column.kind, bordered(base()))?;
            }
        }
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        if self.rows.is_empty() {
            out.write_string_with_format(top + 1, 0, self.empty, &plain)?;
        } else {
            out.autofilter(top, 0, row, last)?;
        }
        out.set_freeze_panes(top + 1, 0)?;
        out.set_repeat_rows(top, top)?;
        out.set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0)
            .set_footer(footer);
        Ok(())
    }
}

impl Cell {
    /// Lines that it takes in a column so many characters wide: not every office program works them out by itself.
    fn lines(&self, width: f64) -> usize {
        let Cell::Text(text) = self else { return 1 };
        let columns = |line: &str| line.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>();
        let lines = text
            .lines()
            .map(|line| (columns(line) / (width - 1.0).max(1.0)).ceil().max(1.0) as usize);
        lines.sum::<usize>().max(1)
    }

    fn write(&self, out: &mut Worksheet, row: u32, column: u16, kind: Kind, format: Format) -> Result<(), XlsxError> {
        match self {
            Cell::Text(text) => {
                let format = match kind {
                    Kind::Text => format,
                    _ => format.set_align(FormatAlign::Right),
                };
                out.write_string_with_format(row, column, text, &format)?
            }
            Cell::Number(number) => {
                let shown = match kind {
                    Kind::Percent => "0.0%".to_owned(),
                    Kind::Number(0) => "0".to_owned(),
                    Kind::Number(decimals) => format!("0.{}", "#".repeat(usize::from(decimals))),
                    _ => "General".to_owned(),
                };
                // Whole numbers without their point: `12.` looks like a mistake.
                let whole = number.fract() == 0.0 && !matches!(kind, Kind::Percent);
                let shown = if whole { "0".to_owned() } else { shown };
                out.write_number_with_format(row, column, *number, &format.set_num_format(shown))?
            }
            Cell::Date(day) => match ExcelDateTime::parse_from_str(day) {
                Ok(date) => out.write_datetime_with_format(row, column, &date, &format.set_num_format("yyyy-mm-dd"))?,
                Err(_) => out.write_string_with_format(row, column, day, &format)?,
            },
        };
        Ok(())
    }
}
