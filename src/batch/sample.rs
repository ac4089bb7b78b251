//! The workbook to start from: two enterprises, and a page that explains the columns.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// Heading, what stands in the column, width, and the cells of both enterprises.
const COLUMNS: [(&str, &str, f64, [&str; 2]); 13] = [
    (
        "企业名称",
        "营业执照上的全称",
        24.0,
        ["青岛示例甲机械有限公司", "青岛示例乙电子有限公司"],
    ),
    (
        "统一社会信用代码",
        "18 位，可以空着；先把这一列的格式设成“文本”",
        24.0,
        ["91000000000000000K", ""],
    ),
    ("行业", "国民经济行业代码，如 C3441", 9.0, ["C3441", "C3979"]),
    ("地区", "行政区划代码，6 位", 9.0, ["370214", "370211"]),
    ("从业人数", "人", 9.0, ["260", "85"]),
    ("营业收入(万元)", "上一年，万元", 14.0, ["18500", "4200"]),
    ("日期", "填报或现场核验的那一天", 12.0, ["2026-11-20", "2026-11-20"]),
    (
        "sme-digital-2024/q01",
        "多选：选项之间用 、 隔开，或写 [b, c]",
        20.0,
        ["b、c", "b"],
    ),
    (
        "sme-digital-2024/q02",
        "分项的数：{ 分项: 数, 分项: 数 }；空着时由 fact 列补上",
        30.0,
        ["{ digital: 46, total: 86 }", ""],
    ),
    (
        "sme-digital-2024/q04",
        "没有答案就空着，不适用写 na",
        20.0,
        ["b、g、n", "a"],
    ),
    ("sme-digital-2024/q05", "单选写选项编号，等级题写级数", 20.0, ["c", "b"]),
    (
        "fact:2025:equipment_total",
        "事实：fact:年:编号；可以带单位",
        24.0,
        ["86 台", "40 台"],
    ),
    (
        "fact:2025:equipment_digital",
        "编号见 qizhen show facts",
        24.0,
        ["46 台", "12 台"],
    ),
];

/// Makes the workbook.
pub fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Codes and answers stay what was typed.
    let cell = Format::new()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin)
        .set_num_format("@");
    let head = cell.clone().set_bold().set_background_color(0x00DD_EBF7);
    list(book.add_worksheet().set_name("企业")?, &cell, &head)?;
    explanation(book.add_worksheet().set_name("填写说明")?, &cell, &head)?;
    book.save_to_buffer()
}

fn list(sheet: &mut Worksheet, cell: &Format, head: &Format) -> Result<(), XlsxError> {
    for (column, (heading, _, width, cells)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.set_column_format(column, cell)?;
        sheet.write_with_format(0, column, heading, head)?;
        for (row, text) in (1..).zip(cells) {
            sheet.write_with_format(row, column, text, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn explanation(sheet: &mut Worksheet, cell: &Format, head: &Format) -> Result<(), XlsxError> {
    for (column, (heading, width)) in (0..).zip([("列", 32.0), ("写什么", 60.0)]) {
        sheet.set_column_width(column, width)?;
        sheet.write_with_format(0, column, heading, head)?;
    }
    let more = [
        (
            "主要产品、地址、联系人、称号、核验人、标准",
            "也可以有这些列；称号、标准有几个时用 、 隔开",
        ),
        (
            "标准/题目",
            "题目编号见 qizhen show 标准编号；写法与评估文件里的答案一样，一题一列",
        ),
        ("{ value: c, verified: b, note: 现场所见 }", "自评和核验都有时这样写"),
    ];
    let columns = COLUMNS.iter().map(|(heading, meaning, ..)| (*heading, *meaning));
    for (row, (heading, meaning)) in (1..).zip(columns.chain(more)) {
        sheet.write_with_format(row, 0, heading, cell)?;
        sheet.write_with_format(row, 1, meaning, cell)?;
    }
    Ok(())
}
