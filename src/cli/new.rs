//! `qizhen new`: a blank assessment in which every question can be seen.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::assessment::SCHEMA;
use crate::catalog::Catalog;
use crate::questionnaire::{Column, ColumnKind, Item, ItemKind, Questionnaire};
use crate::source::suggest;

/// 生成带全部题目和说明的空白评估文件
#[derive(Debug, clap::Args)]
#[command(
    about = "生成空白评估文件：每道题、每个选项、去哪里找数都写在里面",
    after_help = "例：\n  qizhen new sme-digital-2024 -o 我厂.assessment.yaml\n  qizhen new sme-digital-2024 green-factory-2025 -o 我厂.assessment.yaml\n  qizhen new --all > 全部标准.assessment.yaml"
)]
pub struct Args {
    /// 标准编号，可以多个；`qizhen show` 列出全部
    #[arg(value_name = "标准", required_unless_present = "all")]
    standards: Vec<String>,
    /// 全部标准
    #[arg(long, conflicts_with = "standards")]
    all: bool,
    /// 写到哪里；不写时打印到标准输出
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 文件已存在时覆盖
    #[arg(long)]
    force: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let ids: Vec<&str> = if args.all {
        catalog.questionnaires.keys().map(String::as_str).collect()
    } else {
        args.standards.iter().map(String::as_str).collect()
    };
    let known = || catalog.questionnaires.keys().map(String::as_str);
    let mut chosen = Vec::new();
    let mut wrong = false;
    for id in ids {
        match catalog.questionnaires.get(id) {
            Some(questionnaire) => chosen.push(questionnaire),
            None => {
                wrong = true;
                let near = suggest::nearest(id, known()).map_or(String::new(), |n| format!("最接近的是 “{n}”。"));
                io::message(&format!(
                    "错误：没有标准 “{id}”。{near}可用：{}",
                    suggest::list(known())
                ));
            }
        }
    }
    if wrong {
        return BAD_INPUT;
    }
    let mut text = String::new();
    if blank(&catalog, &chosen, &io::today(), &mut text).is_err() {
        return FAILED;
    }
    match &args.output {
        Some(path) if path.exists() && !args.force => {
            io::message(&format!(
                "错误：{} 已经存在，没有动它。换个名字，或加 --force 覆盖。",
                path.display()
            ));
            FAILED
        }
        Some(path) => {
            let code = io::write(path, text.as_bytes());
            if code == OK {
                io::progress(&format!("已写到 {}；填好后运行 qizhen check 检查。", path.display()));
            }
            code
        }
        None => io::to_stdout(text.as_bytes()),
    }
}

/// Writes the blank assessment.
fn blank(catalog: &Catalog, standards: &[&Questionnaire], today: &str, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "# 企诊评估文件。井号后面是说明，可以删；冒号后面填答案，空着就是“还没答”。"
    )?;
    writeln!(
        out,
        "# 每一层用两个空格缩进。填好后：qizhen check 本文件，再 qizhen diagnose 本文件 -o 报告.pdf"
    )?;
    writeln!(
        out,
        "# 有核验意见或佐证时用长写法：q05: {{value: c, verified: b, note: 现场仅见 ERP, evidence: [照片.jpg]}}"
    )?;
    writeln!(out, "schema: {SCHEMA}")?;
    writeln!(out, "enterprise:")?;
    writeln!(out, "  name:                  # 企业全称，与营业执照一致")?;
    writeln!(out, "  # uscc: \"18 位统一社会信用代码\"")?;
    writeln!(
        out,
        "  industry:              # 国民经济行业代码 GB/T 4754-2017，2–4 位，如 C3441"
    )?;
    writeln!(out, "  region:                # 行政区划代码，6 位，如 \"370200\"")?;
    writeln!(out, "  employees:             # 从业人数")?;
    writeln!(out, "  revenue_wan:           # 上一年营业收入，万元")?;
    writeln!(out, "  # products: 主要产品")?;
    writeln!(
        out,
        "  # titles: [创新型中小企业]   # 已有的称号，查政策用；没有就写 []"
    )?;
    writeln!(out, "date: {today}         # 评估日期")?;
    writeln!(out, "# assessor: 现场核验人与单位（自评不填）")?;
    writeln!(
        out,
        "# 计划中的技改项目，查政策和融资用，不影响得分；还有哪些字段见 qizhen policies --help\n# plans: [{{name: 项目名称, invest_wan: 860, equipment_wan: 640, loan_wan: 500, saving_wan: 190, filed: 否, start: 2027-03, aims: [数字化, 设备更新]}}]"
    )?;
    writeln!(out, "# budget_wan: 打算投入多少，万元；写了才比服务商的价格")?;
    writeln!(
        out,
        "# electricity_price: 平均电价，元/kWh（全年电费除以用电量）；写了才算换设备一年省多少电费"
    )?;
    writeln!(
        out,
        "# consent: {{share_with_providers: true}}   # 同意让能补短板的服务商知道企业名称和短板；不写就是不同意"
    )?;
    let ids: Vec<&str> = standards.iter().map(|q| q.id.value.as_str()).collect();
    writeln!(out, "standards: [{}]", ids.join(", "))?;
    choices(catalog, standards, out)?;
    facts(catalog, standards, today, out)?;
    writeln!(out, "answers:")?;
    for questionnaire in standards {
        writeln!(out, "\n  # ════ {} ════", questionnaire.title)?;
        comment(out, 2, &questionnaire.intro)?;
        writeln!(out, "  {}:", questionnaire.id.value)?;
        for section in &questionnaire.sections {
            writeln!(out, "\n    # ── {} ──", section.title)?;
            comment(out, 4, &section.intro)?;
            for item in &section.items {
                blank_item(catalog, item, out)?;
            }
        }
    }
    Ok(())
}

/// What may be chosen for a standard as a whole: its weighting and a local pass mark. One line each, so that taking the `#`
/// away never makes a key twice.
fn choices(catalog: &Catalog, standards: &[&Questionnaire], out: &mut String) -> std::fmt::Result {
    let (mut presets, mut marks) = (Vec::new(), Vec::new());
    for questionnaire in standards {
        let id = &questionnaire.id.value;
        let plans = catalog.plans.get(id).map_or(&[][..], Vec::as_slice);
        let names: Vec<&(String, String)> = plans.iter().filter_map(|p| p.preset.as_ref()).collect();
        if let [first, ..] = names.as_slice() {
            let all: Vec<String> = names.iter().map(|(id, title)| format!("{id}（{title}）")).collect();
            let all = all.join("；");
            writeln!(
                out,
                "# {}的指标权重方案，选一个，不写用第一个：{all}",
                questionnaire.short
            )?;
            presets.push(format!("{id}: {}", first.0));
        }
        if plans.iter().any(|plan| plan.pass_mark.is_some()) {
            marks.push(format!("{id}: 分数"));
        }
    }
    if !presets.is_empty() {
        writeln!(out, "# presets: {{{}}}", presets.join(", "))?;
    }
    if !marks.is_empty() {
        writeln!(out, "# 当地定了合格线时：pass_marks: {{{}}}", marks.join(", "))?;
    }
    Ok(())
}

/// The facts that these standards use, once each a year; those that are only compared with answers may stay blank.
fn facts(catalog: &Catalog, standards: &[&Questionnaire], today: &str, out: &mut String) -> std::fmt::Result {
    let ids: Vec<&str> = standards.iter().map(|q| q.id.value.as_str()).collect();
    let needed = |id: &str, year: i16| {
        let mut uses = standards.iter().flat_map(|q| q.facts_used());
        uses.any(|usage| usage.fact.value == id && usage.year == year)
    };
    let compared = |id: &str, year: i16| {
        // A check over facts alone asks for nothing; one that reads an answer is worth the number.
        let mut checks = catalog
            .checks
            .iter()
            .filter(|check| check.within(&ids) && !check.within(&[]));
        checks.any(|check| check.facts().any(|found| found == (id, year)))
    };
    let base = today.get(..4).and_then(|y| y.parse::<i16>().ok()).unwrap_or(2026) - 1;
    let mut first = true;
    for year in [0, -1] {
        let wanted = catalog.facts.facts.iter().filter(|fact| {
            let id = &fact.id.value;
            needed(id, year) || compared(id, year)
        });
        for (number, fact) in wanted.enumerate() {
            if first {
                writeln!(
                    out,
                    "# 企业的数，只填一次，各标准共用；可以带单位，如 310 万kWh\nfacts:"
                )?;
                first = false;
            }
            if number == 0 {
                writeln!(out, "  {}:", base + year)?;
            }
            let computed = fact
                .derive
                .as_ref()
                .filter(|_| year == 0)
                .map_or(String::new(), |derive| {
                    let title = catalog.short(&derive.standard.value);
                    format!("；填了“{title}”（{}）的不用填，自动算", derive.standard.value)
                });
            let optional = if needed(&fact.id.value, year) {
                ""
            } else {
                "；只用来核对答案，可不填"
            };
            writeln!(
                out,
                "    {}:    # {}，{}；{}{computed}{optional}",
                fact.id.value, fact.title, fact.unit, fact.source
            )?;
        }
    }
    Ok(())
}

fn comment(out: &mut String, indent: usize, text: &str) -> std::fmt::Result {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        writeln!(out, "{:indent$}# {}", "", line.trim())?;
    }
    Ok(())
}

fn blank_item(catalog: &Catalog, item: &Item, out: &mut String) -> std::fmt::Result {
    writeln!(out)?;
    comment(out, 4, &format!("【{}】{}", item.title, item.ask))?;
    comment(out, 4, &item.help)?;
    match item.kind.value {
        ItemKind::Single | ItemKind::Multi | ItemKind::Level => {
            for (index, id) in item.choice_ids().iter().enumerate() {
                comment(out, 6, &format!("{id}  {}", item.choice_text(index)))?;
            }
        }
        _ => {}
    }
    if !item.evidence.is_empty() {
        comment(out, 4, &format!("佐证：{}", item.evidence.join("、")))?;
    }
    if item.may_be_na {
        comment(out, 4, "不涉及时填 na")?;
    }
    if let Some(link) = &item.link {
        let title = catalog.short(&link.standard.value);
        comment(
            out,
            4,
            &format!(
                "本文件里也答了“{title}”（{}）时，这里空着，自动沿用",
                link.standard.value
            ),
        )?;
    }
    match item.kind.value {
        ItemKind::Single | ItemKind::Level => writeln!(out, "    {}:", item.id.value),
        ItemKind::Multi => writeln!(out, "    {}: []    # 如 [b, c]", item.id.value),
        ItemKind::YesNo => writeln!(out, "    {}:    # 是 或 否", item.id.value),
        ItemKind::Number => {
            let unit = item.unit.as_ref().map_or("", |u| u.value.as_str());
            writeln!(out, "    {}:    # {unit}", item.id.value)
        }
        ItemKind::Parts => {
            writeln!(out, "    {}:", item.id.value)?;
            for part in &item.parts {
                let from = if part.fact.is_some() {
                    "；不填时取上面的 facts"
                } else {
                    ""
                };
                let optional = if part.optional { "；可不填" } else { "" };
                writeln!(
                    out,
                    "      {}:    # {}，{}{from}{optional}",
                    part.id.value, part.title, part.unit.value
                )?;
            }
            Ok(())
        }
        ItemKind::Table => {
            comment(out, 4, "各列：")?;
            for column in &item.columns {
                comment(out, 6, &describe(column))?;
                for choice in &column.choices {
                    comment(out, 10, &format!("{}  {}", choice.id.value, choice.text))?;
                }
            }
            writeln!(out, "    {}:", item.id.value)?;
            let names: Vec<String> = item
                .columns
                .iter()
                .filter(|c| c.required)
                .map(|c| format!("{}: …", c.id.value))
                .collect();
            writeln!(out, "    #  - {{{}}}    # 每行一条，去掉井号", names.join(", "))
        }
    }
}

fn describe(column: &Column) -> String {
    let unit = column.unit.as_ref().map_or(String::new(), |u| format!("，{}", u.value));
    let told = if column.fact.is_some() {
        "，不填时取上面的 facts"
    } else {
        ""
    };
    let need = if column.required { "，必填" } else { "" };
    let kind = match column.kind {
        ColumnKind::Choice => "，下列之一",
        _ => "",
    };
    let help = if column.help.is_empty() {
        String::new()
    } else {
        format!("（{}）", column.help)
    };
    format!("{}  {}{unit}{need}{kind}{told}{help}", column.id.value, column.title)
}
