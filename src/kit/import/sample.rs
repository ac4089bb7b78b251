//! The workbook to start from: every kind of question, both shapes, and a page that explains the columns.

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::header::NAMES;

/// Column widths, in the order of [`NAMES`].
const WIDTHS: [f64; 12] = [7.0, 14.0, 16.0, 34.0, 9.0, 44.0, 9.0, 7.0, 7.0, 24.0, 20.0, 30.0];
/// Where kind, options and points stand.
const KIND: u16 = 4;
const OPTIONS: u16 = 5;
const POINTS: u16 = 6;

/// A question: a cell a column; options and points are lists.
type Row = (
    [&'static str; 5],
    &'static [(&'static str, &'static str)],
    [&'static str; 5],
);

/// The questions. The points of all together are 100.
const ROWS: [Row; 6] = [
    (
        [
            "q01",
            "数字化基础",
            "网络建设",
            "厂里已经建成哪些网络？（可多选）",
            "多选",
        ],
        &[
            ("都没有", "0"),
            ("车间有工业控制网络", "6"),
            ("有承载业务系统的网络", "6"),
            ("自建或租用 5G 工业网络", "8"),
        ],
        [
            "20",
            "",
            "网络架构图、5G 网络合同",
            "数字化基础·网络",
            "选了“都没有”就不能再选别的",
        ],
    ),
    (
        [
            "q02",
            "",
            "设备联网率",
            "已联网的生产设备占全部生产设备的百分之几？",
            "数值",
        ],
        &[("[0,20]", "0"), ("(20,50]", "8"), ("(50,80]", "14"), ("(80,100]", "20")],
        [
            "",
            "%",
            "设备清单、物联平台截图",
            "数字化基础·设备",
            "分母是全部生产设备",
        ],
    ),
    (
        ["q03", "", "信息系统", "用信息系统支撑的业务环节有多少？", "单选"],
        &[
            ("没有使用", "0"),
            ("1–2 个环节", "7.5"),
            ("一半以上的环节", "15"),
            ("全部环节", "20"),
        ],
        [
            "20",
            "",
            "系统清单、系统截图",
            "数字化基础·系统",
            "租用的云服务也算；这一题的写法是每个选项一行",
        ],
    ),
    (
        ["q04", "数字化管理", "专人负责", "有没有专人负责数字化转型？", "是否"],
        &[("", "10")],
        ["", "", "任命文件", "数字化管理·组织", ""],
    ),
    (
        ["q05", "", "生产管控", "生产过程管控到了哪一级？", "等级"],
        &[
            ("0级：未达到一级", "0"),
            ("1级：生产进度有记录", "5"),
            ("2级：用信息系统管理工单", "15"),
            ("3级：进度、质量、设备数据实时采集", "25"),
            ("4级：按数据自动调整生产安排", "30"),
        ],
        [
            "30",
            "",
            "系统截图、现场照片",
            "数字化管理·生产",
            "逐级递进，选已经做到的最高一级",
        ],
    ),
    (
        ["q06", "", "年用电量", "去年一共用了多少电？", "数值"],
        &[("", "不计分")],
        ["", "万kWh", "电费单", "", "只作参考"],
    ),
];

/// What each column is for, in the order of [`NAMES`].
const MEANINGS: [&str; 12] = [
    "字母、数字、连字符；可以空着，由程序编号",
    "题目所属的部分；空着时同上一行，也可以合并单元格",
    "简短的名词，显示在图表里",
    "问填报人的整句话",
    "单选、多选、是否、数值、等级 之一",
    "一格一行一个或用 ； 隔开；也可以每个选项占一行；数值题写区间，如 (10,20]；等级题从 0 级写起；是否题空着",
    "与选项同样顺序、同样写法；是否题写答“是”的分；只问不计分的题写 不计分",
    "可以空着，由程序从分值得出；多选题写了就是得分上限",
    "数值题的单位",
    "要准备的证明材料，用 、 隔开",
    "所依据的条款",
    "怎么填、去哪里找",
];

/// Makes the workbook.
pub fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let cell = Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin);
    let bold = cell.clone().set_bold().set_background_color(0x00DD_EBF7);
    questions(book.add_worksheet().set_name("问卷")?, &cell, &bold)?;
    explanation(book.add_worksheet().set_name("填写说明")?, &cell, &bold)?;
    book.save_to_buffer()
}

fn questions(sheet: &mut Worksheet, cell: &Format, bold: &Format) -> Result<(), XlsxError> {
    for ((column, (field, _)), width) in (0..).zip(NAMES).zip(WIDTHS) {
        sheet.write_with_format(0, column, field.name(), bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut row = 1;
    for (before, choices, after) in ROWS {
        // The third question shows the long shape: an option a row, the rest merged.
        let long = before[0] == "q03";
        let last = if long { row + choices.len() as u32 - 1 } else { row };
        for (column, text) in (0..).zip(before).chain((POINTS + 1..).zip(after)) {
            if long {
                sheet.merge_range(row, column, last, column, "", cell)?;
            }
            write(sheet, row, column, text, cell)?;
        }
        let (options, points): (Vec<&str>, Vec<&str>) = choices.iter().copied().unzip();
        if long {
            for (at, (option, points)) in (row..).zip(options.iter().zip(points)) {
                write(sheet, at, OPTIONS, option, cell)?;
                write(sheet, at, POINTS, points, cell)?;
            }
        } else {
            write(sheet, row, OPTIONS, &options.join("\n"), cell)?;
            write(sheet, row, POINTS, &points.join("\n"), cell)?;
        }
        row = last + 1;
    }
    let kinds = DataValidation::new().allow_list_strings(&["单选", "多选", "是否", "数值", "等级"])?;
    sheet.add_data_validation(1, KIND, 999, KIND, &kinds)?;
    Ok(())
}

/// A number as a number, everything else as text.
fn write(sheet: &mut Worksheet, row: u32, column: u16, text: &str, cell: &Format) -> Result<(), XlsxError> {
    match text.parse::<f64>() {
        Ok(number) => sheet.write_with_format(row, column, number, cell)?,
        Err(_) => sheet.write_with_format(row, column, text, cell)?,
    };
    Ok(())
}

fn explanation(sheet: &mut Worksheet, cell: &Format, bold: &Format) -> Result<(), XlsxError> {
    for (column, (heading, width)) in (0..).zip([("列", 10.0), ("写什么", 70.0), ("也认得的列名", 40.0)]) {
        sheet.write_with_format(0, column, heading, bold)?;
        sheet.set_column_width(column, width)?;
    }
    for (row, ((field, names), meaning)) in (1..).zip(NAMES.into_iter().zip(MEANINGS)) {
        sheet.write_with_format(row, 0, field.name(), cell)?;
        sheet.write_with_format(row, 1, meaning, cell)?;
        sheet.write_with_format(row, 2, names[1..].join("、"), cell)?;
    }
    Ok(())
}
