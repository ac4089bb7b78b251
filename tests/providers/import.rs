//! Lists as cities keep them: CSV in two encodings, workbooks, mistakes, names of one's own.

use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{qizhen, told, uscc};

const HEAD: &str = "序号,企业名称,统一社会信用代码,所在地,服务类型,服务行业,能力/产品,有效期,状态,资质,适用规模";

fn good() -> String {
    format!(
        "{HEAD}\n1,甲示例科技有限公司,{},青岛市城阳区,诊断咨询、技术应用,通用设备,\"MES；APS,设备联网与数据采集\",2027-12-31,有效,CMMI 3级、ITSS（二级）,中小微\n2,乙示例科技有限公司,{},370100,技术应用,34；36,ERP/CRM,2027年6月30日,警告,,不限\n",
        uscc(1),
        uscc(2)
    )
}

fn import(dir: &Path, book: &str, more: &[&str]) -> (String, String, i32) {
    let args = [
        "providers",
        "import",
        book,
        "-o",
        "data/providers/my-city.yaml",
        "--region",
        "3702",
    ];
    told(&qizhen(dir, &[&args, more].concat()))
}

fn written(dir: &Path) -> String {
    std::fs::read_to_string(dir.join("data/providers/my-city.yaml")).unwrap()
}

#[test]
fn the_same_list_in_every_form_gives_the_same_providers() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let providers = || {
        written(dir)
            .split_once("providers:")
            .map(|(_, rest)| rest.to_owned())
            .unwrap()
    };
    std::fs::write(dir.join("名单.csv"), good()).unwrap();
    let (_, said, code) = import(dir, "名单.csv", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("写入 2 家"), "{said}");
    let utf8 = providers();
    for what in [
        "capabilities: [mes, aps, iot]",
        "code: \"370214\"",
        "industries: [\"34\"]",
        "status: warned",
        "\"2027-06-30\"",
        "{code: ITSS, level: 二级}",
        "size_fit: [微型, 小型, 中型]",
    ] {
        assert!(utf8.contains(what), "{what}\n{utf8}");
    }
    // An existing file is left alone.
    let (_, said, code) = import(dir, "名单.csv", &[]);
    assert!(code == 1 && said.contains("已经存在"), "{said}");
    let (gbk, ..) = encoding_rs::GBK.encode(Box::leak(good().into_boxed_str()));
    std::fs::write(dir.join("名单.csv"), &gbk).unwrap();
    assert_eq!(import(dir, "名单.csv", &["--force"]).2, 0);
    assert_eq!(providers(), utf8);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for (row, line) in (0u32..).zip(
        ["某市服务商名单", HEAD]
            .into_iter()
            .map(str::to_owned)
            .chain(good().lines().skip(1).map(str::to_owned)),
    ) {
        // The one quoted cell of the list holds the one comma.
        let line = line.replace("MES；APS,设备", "MES；APS、设备").replace('"', "");
        for (column, cell) in (0u16..).zip(line.split(',')) {
            if cell == "2027-12-31" {
                let date = ExcelDateTime::from_ymd(2027, 12, 31).unwrap();
                sheet.write_datetime_with_format(row, column, &date, &day).unwrap();
            } else if !cell.is_empty() {
                sheet.write(row, column, cell).unwrap();
            }
        }
    }
    book.save(dir.join("名单.xlsx")).unwrap();
    let (_, said, code) = import(dir, "名单.xlsx", &["--force"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(providers(), utf8);
    // What was written loads, and reports recommend from it.
    let (out, said, code) = told(&qizhen(dir, &["providers", "check", "--data", "data"]));
    assert!(
        code == 0 && out.contains("共 2 家") && out.contains("有效 1 家、被警告 1 家"),
        "{out}{said}"
    );
    let pumps = super::root()
        .join("examples/pump-maker.assessment.yaml")
        .display()
        .to_string();
    let (out, said, code) = told(&qizhen(
        dir,
        &["diagnose", &pumps, "--data", "data", "--format", "md", "-o", "-"],
    ));
    assert!(
        code == 0 && out.contains("甲示例科技有限公司") && out.contains("被警告（名单）"),
        "{said}"
    );
}

#[test]
fn every_mistake_is_told_with_its_cell_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (one, two, wrong) = (uscc(1), uscc(2), format!("{}0", &uscc(3)[..17]));
    let wrong = if wrong == uscc(3) {
        format!("{}1", &uscc(3)[..17])
    } else {
        wrong
    };
    let rows = [
        format!("1,甲示例科技有限公司,{wrong},青岛市,技术应用,34,MES,2025-12-31,有效,,"),
        format!("2,乙示例科技有限公司,{one},某地,技改,机械,ERQ,明年,好,,巨型"),
        format!("3,甲示例科技有限公司,{two},青岛市,技术应用,34,WMS,2027-12-31,有效,,"),
        format!("4,丙示例科技有限公司,{two},青岛市,技术应用,34,WMS,2027-12-31,有效,,"),
        "5,丁示例科技有限公司,9137,青岛市,,34,,2027-12-31,有效,,".to_owned(),
        format!(
            "6,戊示例科技有限公司,{},青岛市,技术应用,34,WMS,2027-12-31,有效,,",
            uscc(6)
        ),
    ];
    std::fs::write(dir.join("坏.csv"), format!("{HEAD}\n{}\n", rows.join("\n"))).unwrap();
    let (_, said, code) = import(dir, "坏.csv", &[]);
    assert_eq!(code, 2);
    for what in [
        "!C2：统一社会信用代码",
        "校验位不符",
        "!H2：有效期 2025-12-31 已过",
        "!D3：所在地 “某地” 认不出",
        "!E3：服务类型 “技改” 不认识",
        "最接近的是 “技术改造”",
        "!F3：服务行业 “机械”",
        "!G3：能力 “ERQ” 不认识",
        "最接近的是 “erp”",
        "!H3：有效期 “明年” 读不懂",
        "!I3：状态 “好”",
        "!K3：适用规模 “巨型”",
        "!B4：企业名称 “甲示例科技有限公司” 重复，表“坏.csv”!B2 已有",
        "!C5：统一社会信用代码",
        "重复，表“坏.csv”!C4 已有",
        "!C6：统一社会信用代码 “9137” 不对：应为 18 位",
        "!G6：没有写能力",
        "没有写出任何文件",
    ] {
        assert!(said.contains(what), "{what}\n{said}");
    }
    assert!(!dir.join("data").exists());
    // The good rows alone, when that is wanted; the others are listed all the same.
    let (_, said, code) = import(dir, "坏.csv", &["--skip-bad"]);
    assert!(
        code == 0 && said.contains("写入 2 家，4 行有错没有写入") && said.contains("“某地” 认不出"),
        "{said}"
    );
    assert!(!said.contains("没有写出任何文件"), "{said}");
    assert!(written(dir).contains("戊示例科技") && !written(dir).contains("乙示例科技"));
    // Nothing but bad rows writes nothing.
    std::fs::write(dir.join("坏.csv"), format!("{HEAD}\n{}\n", rows[1])).unwrap();
    let (_, _, code) = import(dir, "坏.csv", &["--skip-bad", "--force"]);
    assert!(code == 2 && written(dir).contains("戊示例科技"));
}

#[test]
fn names_of_ones_own_are_mapped() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let list = format!(
        "公司全称,代码,擅长\n甲示例科技有限公司,{},制造执行、质量追溯\n",
        uscc(1)
    );
    std::fs::write(dir.join("名单.csv"), list).unwrap();
    let (_, said, code) = import(dir, "名单.csv", &[]);
    assert!(code == 2 && said.contains("--map"), "{said}");
    let map = "schema: qizhen/provider-map/1\nsource: 某市公告\ncolumns: {name: [公司全称], uscc: [代码], capabilities: [擅长]}\nvalues: {capabilities: {制造执行: [mes], 质量追溯: [qms]}}\ndefaults: {services: [技术应用], region: [\"370200\"]}\n";
    std::fs::write(dir.join("map.yaml"), map).unwrap();
    let (_, said, code) = import(dir, "名单.csv", &["--map", "map.yaml", "--until", "2027-12-31"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        written(dir).contains("capabilities: [mes, qms]") && written(dir).contains("某市公告"),
        "{}",
        written(dir)
    );
    std::fs::write(dir.join("map.yaml"), map.replace("uscc: [代码]", "usccc: [代码]")).unwrap();
    let (_, said, code) = import(dir, "名单.csv", &["--map", "map.yaml", "--force"]);
    assert!(code == 2 && said.contains("最接近的是 “uscc”"), "{said}");
}

#[test]
fn what_is_no_list_is_said_to_be_none() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for (name, bytes, what) in [
        ("空.csv", &b""[..], "文件是空的"),
        ("图.csv", &[0x89, b'P', b'N', b'G', 0, 0xff, 0xff, 0xfe][..], "认不出"),
        ("信.csv", "这是一封信\n没有表头\n".as_bytes(), "没有表头"),
        (
            "头.csv",
            "企业名称,统一社会信用代码,所在地,服务类型,能力\n".as_bytes(),
            "表头下面没有服务商",
        ),
        (
            "缺.csv",
            "企业名称,统一社会信用代码,电话\n甲,1,2\n".as_bytes(),
            "表头缺少“能力”一列",
        ),
        ("假.xlsx", b"PK not a book", "工作簿"),
    ] {
        std::fs::write(dir.join(name), bytes).unwrap();
        let (_, said, code) = import(dir, name, &[]);
        assert!(code == 2 && said.contains(what), "{name}: {code} {said}");
        assert!(!dir.join("data").exists());
    }
    let (_, said, code) = import(dir, "没有.csv", &[]);
    assert!(code == 2 && said.contains("没有这个文件"), "{said}");
}
