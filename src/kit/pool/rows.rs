//! A row → a provider, with every cell that cannot be understood told.

use std::collections::{HashMap, HashSet};

use super::cells::{Cells, unknown};
use super::columns::{Columns, Field};
use super::mapping::Mapping;
use super::{Options, words};
use crate::catalog::Catalog;
use crate::enterprise::size::SizeClass;
use crate::enterprise::uscc::Uscc;
use crate::kit::import::book::Sheet;
use crate::kit::import::text;
use crate::source::diagnostic::{self, Code, Diagnostic};

/// A provider, ready to be written.
#[derive(Debug, Clone, Default)]
pub struct Good {
    pub id: String,
    pub name: String,
    pub uscc: String,
    pub region: (String, String),
    pub service_regions: Vec<String>,
    pub types: Vec<String>,
    pub services: Vec<String>,
    pub industries: Vec<String>,
    pub capabilities: Vec<String>,
    pub sizes: Vec<SizeClass>,
    pub products: Vec<String>,
    pub qualifications: Vec<(String, String)>,
    pub until: String,
    pub status: &'static str,
    pub batch: String,
    pub contact: [String; 3],
}

/// Reads rows.
pub struct Reader<'a> {
    catalog: &'a Catalog,
    mapping: &'a Mapping,
    options: &'a Options,
    /// Providers that are right.
    pub good: Vec<Good>,
    /// How many rows are wrong.
    pub bad: usize,
    /// What is wrong with rows.
    pub problems: Vec<Diagnostic>,
    seen: HashMap<String, String>,
    /// Words of which it was said that they are understood in part.
    vague: HashSet<String>,
}

impl<'a> Reader<'a> {
    pub fn new(catalog: &'a Catalog, mapping: &'a Mapping, options: &'a Options) -> Self {
        Self {
            catalog,
            mapping,
            options,
            good: Vec::new(),
            bad: 0,
            problems: Vec::new(),
            seen: HashMap::new(),
            vague: HashSet::new(),
        }
    }

    /// Reads all rows below the header.
    pub fn sheet(&mut self, sheet: &Sheet, columns: &Columns) {
        for row in sheet.rows().into_iter().filter(|row| *row > columns.row) {
            if !columns.all().any(|at| sheet.is_filled(row, at)) {
                continue;
            }
            let mut cells = Cells {
                sheet,
                columns,
                row,
                problems: Vec::new(),
                mapping: self.mapping,
            };
            let read = self.row(&mut cells);
            if diagnostic::has_errors(&cells.problems) {
                self.bad += 1;
            } else {
                self.good.push(read);
            }
            self.problems.append(&mut cells.problems);
        }
    }

    fn row(&mut self, cells: &mut Cells) -> Good {
        for at in cells.columns.all() {
            // A day is what a column of days holds.
            let is_day = cells.sheet.date(cells.row, at).is_some() && Some(at) == cells.columns.of(Field::ValidUntil);
            if let Some(fault) = cells.sheet.fault(cells.row, at).filter(|_| !is_day) {
                cells.problems.push(fault);
            }
        }
        let name = cells.line(Field::Name);
        if !(2..=120).contains(&name.chars().count()) {
            cells
                .error(Field::Name, Code::Cell, "企业名称应为 2–120 个字")
                .hints
                .push("与营业执照一致".into());
        }
        let uscc = self.uscc(cells);
        self.once(cells, Field::Name, &name);
        self.once(cells, Field::Uscc, &uscc);
        let id = match cells.line(Field::Id) {
            written if written.is_empty() => uscc.to_lowercase(),
            written => written,
        };
        let status = cells.one(Field::Status, &words::STATES).unwrap_or("active");
        let until = self.until(cells, status);
        Good {
            id,
            region: self.region(cells),
            service_regions: self.served(cells),
            types: cells.many(Field::Types, &words::TYPES),
            services: self.services(cells),
            industries: self.industries(cells),
            capabilities: self.capabilities(cells),
            sizes: self.sizes(cells),
            products: words::list(&cells.text(Field::Products)),
            qualifications: words::list(&cells.text(Field::Qualifications))
                .iter()
                .map(|word| words::qualification(word))
                .collect(),
            batch: cells.line(Field::Batch),
            contact: [Field::Dept, Field::Phone, Field::Url].map(|field| cells.line(field)),
            name,
            uscc,
            until,
            status,
        }
    }

    fn uscc(&self, cells: &mut Cells) -> String {
        let at = cells.at(Field::Uscc);
        if cells.sheet.number(cells.row, at).is_some() {
            let hint = "Excel 把代码存成了数字，末几位已经丢了：把这一列的格式改成“文本”，再重新输入";
            cells
                .error(Field::Uscc, Code::BadUscc, "统一社会信用代码是数字格式")
                .hints
                .push(hint.into());
            return String::new();
        }
        let written = cells.line(Field::Uscc);
        match Uscc::parse(&written) {
            Ok(uscc) => {
                if let Some(expected) = uscc.wrong_check() {
                    let message = format!("统一社会信用代码 {} 的校验位不符：末位应为 {expected}", uscc.as_str());
                    let warning = cells.sheet.warning(Code::CheckDigit, cells.row, at, message);
                    cells
                        .problems
                        .push(warning.hint("多半是抄错了一位，请对照营业执照；确认无误可不理会"));
                }
                uscc.as_str().to_owned()
            }
            Err(error) => {
                let message = format!("统一社会信用代码 “{written}” 不对：{error}");
                cells
                    .error(Field::Uscc, Code::BadUscc, message)
                    .hints
                    .push("营业执照上 18 位的那个号".into());
                String::new()
            }
        }
    }

    /// The same name or code must not stand in two rows.
    fn once(&mut self, cells: &mut Cells, field: Field, value: &str) {
        let key = text::compact(value).to_uppercase();
        if key.is_empty() {
            return;
        }
        let place = cells.sheet.place(cells.row, cells.at(field));
        match self.seen.get(&key) {
            Some(first) => {
                let message = format!("{} “{value}” 重复，{first} 已有", field.title());
                let hint = "同一家只留一行；能力分写在几行里的，并成一行";
                cells.error(field, Code::DuplicateId, message).hints.push(hint.into());
            }
            None => drop(self.seen.insert(key, place)),
        }
    }

    fn services(&self, cells: &mut Cells) -> Vec<String> {
        let services = cells.many(Field::Services, &words::SERVICES);
        if services.is_empty() && !diagnostic::has_errors(&cells.problems) {
            let hint = "应为 诊断咨询、技术应用、检验检测 中的一种或几种";
            cells
                .error(Field::Services, Code::Required, "没有写服务类型")
                .hints
                .push(hint.into());
        }
        services
    }

    fn capabilities(&self, cells: &mut Cells) -> Vec<String> {
        let known = &self.catalog.capabilities;
        let mut failed = false;
        let read = |word: &str| words::capability(word, known).map(str::to_owned);
        let all = cells.each(Field::Capabilities, read, |cells, word| {
            failed = true;
            unknown(
                cells,
                Field::Capabilities,
                Code::UnknownCapability,
                word,
                words::capability_names(known),
            );
        });
        if all.is_empty() && !failed {
            let hint = "至少写一项；全部能力：qizhen providers list --capabilities";
            cells
                .error(Field::Capabilities, Code::Required, "没有写能力")
                .hints
                .push(hint.into());
        }
        all
    }

    fn industries(&self, cells: &mut Cells) -> Vec<String> {
        cells.each(Field::Industries, words::industry, |cells, word| {
            unknown(
                cells,
                Field::Industries,
                Code::BadIndustry,
                word,
                words::industry_names(),
            );
        })
    }

    fn sizes(&self, cells: &mut Cells) -> Vec<SizeClass> {
        let names = ["大型", "中型", "小型", "微型", "中小微", "不限"];
        let read = cells.each(Field::SizeFit, words::sizes, |cells, word| {
            unknown(cells, Field::SizeFit, Code::Cell, word, names.into_iter());
        });
        let mut sizes: Vec<SizeClass> = read.into_iter().flatten().collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }

    fn region(&mut self, cells: &mut Cells) -> (String, String) {
        let field = Field::Region;
        let written = match cells.line(field) {
            blank if blank.is_empty() => self.mapping.default(field).map_or(String::new(), |all| all[0].clone()),
            written => written,
        };
        let meant = self.mapping.value(field, &written).and_then(|all| all.first().cloned());
        let is_code = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        match words::place(meant.as_deref().unwrap_or(&written)) {
            Some(region) => {
                let code = region.code().to_owned();
                let only_province = code.ends_with("0000") && meant.is_none() && !is_code(&written);
                if only_province && written.chars().count() > 4 && self.vague.insert(written.clone()) {
                    let message = format!("“{written}” 只认得出省份，按 {code} 记");
                    let hint = format!(
                        "要认到市和区县，写 6 位行政区划代码，或用 --map 指明（values: {{region: {{{written}: [\"代码\"]}}}}）"
                    );
                    let warning = cells.sheet.warning(Code::NotRead, cells.row, cells.at(field), message);
                    cells.problems.push(warning.hint(hint));
                }
                let name = if is_code(&written) { region.name() } else { written };
                (code, name)
            }
            None => {
                let what = if written.is_empty() {
                    "没有写所在地".to_owned()
                } else {
                    format!("所在地 “{written}” 认不出")
                };
                let hint = "写省市名称（如 山东省青岛市城阳区）或 6 位行政区划代码（如 370214）";
                cells.error(field, Code::BadRegion, what).hints.push(hint.into());
                (String::new(), String::new())
            }
        }
    }

    fn served(&self, cells: &mut Cells) -> Vec<String> {
        let served = cells.each(Field::ServiceRegions, words::served, |cells, word| {
            let message = format!("服务地区 “{word}” 认不出");
            let hint = "写省市名称、行政区划代码（如 3702）或 全国";
            cells
                .error(Field::ServiceRegions, Code::BadRegion, message)
                .hints
                .push(hint.into());
        });
        match (
            served.is_empty(),
            self.options.region.as_deref().and_then(words::served),
        ) {
            (true, Some(region)) => vec![region],
            _ => served,
        }
    }

    fn until(&self, cells: &mut Cells, status: &str) -> String {
        let field = Field::ValidUntil;
        let at = cells.at(field);
        let written = cells.columns.of(field).map_or(String::new(), |_| cells.line(field));
        let day = cells
            .columns
            .of(field)
            .and_then(|_| cells.sheet.date(cells.row, at))
            .map(str::to_owned);
        let day = day.or_else(|| words::day(&written));
        let until = match day {
            Some(day) => day,
            None if written.is_empty() => self.options.until.clone(),
            None => {
                cells
                    .error(field, Code::BadDate, format!("有效期 “{written}” 读不懂"))
                    .hints
                    .push("写法：2027-12-31".into());
                return String::new();
            }
        };
        if until.is_empty() {
            let hint = "填上这一格，或用 --until 指明整份名单的有效期，如 --until 2027-12-31";
            cells
                .error(field, Code::Required, "没有写有效期")
                .hints
                .push(hint.into());
        } else if until < self.options.today && status == "active" {
            let message = format!("有效期 {until} 已过");
            let warning = cells.sheet.warning(Code::Implausible, cells.row, at, message);
            cells
                .problems
                .push(warning.hint("照样导入，但不会被推荐；续期后改这一格再导入一次"));
        }
        until
    }
}
