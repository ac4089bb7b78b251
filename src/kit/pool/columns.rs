//! Which column holds what: by heading, in any order.

use super::Options;
use super::mapping::Mapping;
use crate::kit::import::book::{Sheet, a1};
use crate::kit::import::header::plain;
use crate::kit::import::text;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::suggest;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Id,
    Name,
    Uscc,
    Region,
    ServiceRegions,
    Types,
    Services,
    Industries,
    Capabilities,
    SizeFit,
    Products,
    Qualifications,
    ValidUntil,
    Status,
    Batch,
    Dept,
    Phone,
    Url,
}

/// Key in mappings and headings that are known; the first is the main one.
const FIELDS: [(Field, &str, &[&str]); 18] = [
    (Field::Id, "id", &["编号", "服务商编号", "id"]),
    (
        Field::Name,
        "name",
        &[
            "企业名称",
            "单位名称",
            "服务商名称",
            "机构名称",
            "供应商名称",
            "公司名称",
            "服务商",
            "名称",
        ],
    ),
    (
        Field::Uscc,
        "uscc",
        &["统一社会信用代码", "社会信用代码", "信用代码", "uscc"],
    ),
    (
        Field::Region,
        "region",
        &[
            "所在地",
            "所在地区",
            "注册地",
            "注册地址",
            "所属区市",
            "所在区市",
            "地址",
        ],
    ),
    (
        Field::ServiceRegions,
        "service_regions",
        &["服务地区", "服务区域", "服务范围"],
    ),
    (Field::Types, "types", &["服务商类型", "机构类型", "服务商类别"]),
    (Field::Services, "services", &["服务类型", "服务类别", "服务方向"]),
    (
        Field::Industries,
        "industries",
        &["服务行业", "擅长行业", "适用行业", "行业", "行业领域"],
    ),
    (
        Field::Capabilities,
        "capabilities",
        &[
            "能力",
            "服务能力",
            "能力/产品",
            "能力标签",
            "能力与产品",
            "产品与能力",
            "服务内容",
            "主要能力",
        ],
    ),
    (
        Field::SizeFit,
        "size_fit",
        &["适用规模", "服务规模", "面向规模", "企业规模"],
    ),
    (Field::Products, "products", &["产品", "主要产品", "产品名称"]),
    (
        Field::Qualifications,
        "qualifications",
        &["资质", "资质证书", "资质情况"],
    ),
    (
        Field::ValidUntil,
        "valid_until",
        &["有效期", "有效期至", "有效期止", "截止日期", "到期日"],
    ),
    (Field::Status, "status", &["状态", "名单状态"]),
    (Field::Batch, "batch", &["批次", "入选批次"]),
    (Field::Dept, "dept", &["联系人", "联系部门"]),
    (Field::Phone, "phone", &["联系电话", "电话", "联系方式"]),
    (Field::Url, "url", &["网址", "网站", "官网"]),
];

/// Rows in which a header is looked for.
const SEARCHED: u32 = 30;

impl Field {
    /// Name in mappings.
    pub fn key(self) -> &'static str {
        FIELDS
            .iter()
            .find(|(field, ..)| *field == self)
            .map_or("", |(_, key, _)| key)
    }

    /// Main heading.
    pub fn title(self) -> &'static str {
        FIELDS
            .iter()
            .find(|(field, ..)| *field == self)
            .map_or("", |(.., names)| names[0])
    }

    /// All names in mappings.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().map(|(_, key, _)| *key)
    }

    /// The field of a name in mappings.
    pub fn named(key: &str) -> Option<Self> {
        FIELDS
            .iter()
            .find(|(_, known, _)| *known == key)
            .map(|(field, ..)| *field)
    }
}

/// Where the columns are.
#[derive(Debug)]
pub struct Columns {
    /// The header row.
    pub row: u32,
    found: Vec<(Field, u32)>,
}

impl Columns {
    /// The column of a field, if there is one.
    pub fn of(&self, field: Field) -> Option<u32> {
        self.found
            .iter()
            .find(|(known, _)| *known == field)
            .map(|(_, column)| *column)
    }

    /// All columns that are read.
    pub fn all(&self) -> impl Iterator<Item = u32> {
        self.found.iter().map(|(_, column)| *column)
    }
}

fn known(heading: &str, mapping: &Mapping) -> Option<Field> {
    let wanted = plain(heading);
    let own = |field: Field| {
        mapping
            .headings(field)
            .iter()
            .any(|name| plain(name) == wanted || name == heading)
    };
    let mapped = FIELDS.iter().find(|(field, ..)| own(*field));
    let found = mapped.or_else(|| FIELDS.iter().find(|(.., names)| names.contains(&wanted.as_str())));
    found.map(|(field, ..)| *field)
}

/// Finds the header of a sheet; a sheet without one is passed over with a word, and a header that lacks a column is told.
pub fn find(sheet: &Sheet, mapping: &Mapping, options: &Options, problems: &mut Vec<Diagnostic>) -> Option<Columns> {
    let of_row = |row: u32| {
        sheet
            .columns(row)
            .filter_map(move |at| Some((known(&sheet.text(row, at), mapping)?, at)))
    };
    let rows = sheet.rows();
    let searched = rows.iter().copied().take_while(|row| *row < SEARCHED);
    let row = searched.rev_max(|row| of_row(*row).count())?;
    if of_row(row).count() < 2 {
        let at = sheet.columns(row).next().unwrap_or(0);
        problems.push(sheet.warning(Code::NotRead, row, at, "这张表没有表头，没有读"));
        return None;
    }
    let mut found: Vec<(Field, u32)> = Vec::new();
    for (field, at) in of_row(row) {
        match found.iter().find(|(known, _)| *known == field) {
            Some((_, first)) => {
                let message = format!("与 {} 都是“{}”一列", a1(row, *first), field.title());
                let hint = "只留一列，或用 --map 指明哪一列是";
                problems.push(sheet.error(Code::Header, row, at, message).hint(hint));
            }
            None => found.push((field, at)),
        }
    }
    let has = |field: Field| found.iter().any(|(known, _)| *known == field);
    let free = || {
        FIELDS
            .iter()
            .filter(|(field, ..)| !has(*field))
            .flat_map(|(.., names)| names.iter().copied())
    };
    for at in sheet
        .columns(row)
        .filter(|at| !found.iter().any(|(_, taken)| taken == at))
    {
        let heading = text::one_line(&sheet.text(row, at));
        let harmless = matches!(plain(&heading).as_str(), "序号" | "备注");
        if !harmless {
            let message = format!("没有用到“{heading}”这一列");
            problems.push(
                sheet
                    .warning(Code::NotRead, row, at, message)
                    .nearest(&plain(&heading), free()),
            );
        }
    }
    for field in [
        Field::Name,
        Field::Uscc,
        Field::Capabilities,
        Field::Services,
        Field::Region,
    ] {
        if !has(field) && mapping.default(field).is_none() {
            let names = FIELDS
                .iter()
                .filter(|(known, ..)| *known == field)
                .flat_map(|(.., names)| names.iter().copied());
            let message = format!("表头缺少“{}”一列", field.title());
            let hint = format!(
                "可用的列名：{}；列名不同时用 --map 指明（columns: {{{}: [列名]}}）",
                suggest::list(names),
                field.key()
            );
            let at = sheet.columns(row).next().unwrap_or(0);
            problems.push(sheet.error(Code::Header, row, at, message).hint(hint));
        }
    }
    let everywhere = options.region.is_some() || mapping.default(Field::ServiceRegions).is_some();
    if !has(Field::ServiceRegions) && !everywhere {
        let at = sheet.columns(row).next().unwrap_or(0);
        let message = "没有“服务地区”一列，不知道这份名单适用于哪里";
        let hint = "用 --region 指明，如 --region 3702（青岛市）、--region 37（山东省）、--region \"*\"（全国）";
        problems.push(sheet.error(Code::Header, row, at, message).hint(hint));
    }
    Some(Columns { row, found })
}

/// The first of those with the most.
trait RevMax: Iterator<Item = u32> + Sized {
    fn rev_max(self, count: impl Fn(&u32) -> usize) -> Option<u32> {
        let all: Vec<u32> = self.collect();
        all.into_iter().rev().max_by_key(count)
    }
}

impl<I: Iterator<Item = u32>> RevMax for I {}
