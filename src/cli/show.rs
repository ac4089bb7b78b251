//! `qizhen show`: what is in the catalog.

use std::fmt::Write;
use std::path::Path;

use super::{BAD_INPUT, FAILED, io};
use crate::catalog::Catalog;
use crate::kit::codes::{Book, page};
use crate::questionnaire::{Item, ItemKind, Questionnaire};
use crate::source::diagnostic::Code;
use crate::source::suggest;

/// 查看内置的标准、题目、来源
#[derive(Debug, clap::Args)]
#[command(
    about = "查看标准、题目、事实词典、服务商和来源",
    after_help = "例：\n  qizhen show                       全部标准\n  qizhen show sme-digital-2024      一个标准的全部题目\n  qizhen show sme-digital-2024 q05  一道题\n  qizhen show facts                 事实词典\n  qizhen show providers             服务商名单\n  qizhen show codes                 错误代码\n  qizhen show codes E0203           一个代码：为什么、例子、怎么改"
)]
pub struct Args {
    /// 标准编号，或 facts、providers、codes
    #[arg(value_name = "什么")]
    what: Option<String>,
    /// 题目编号、事实，或错误代码
    #[arg(value_name = "哪一个", requires = "what")]
    item: Option<String>,
    /// 把全部错误代码打印成 Markdown（只用于 codes）
    #[arg(long, requires = "what", conflicts_with = "item")]
    markdown: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    // Codes are explained also to those whose own data are broken.
    if args.what.as_deref() == Some("codes") {
        return codes(args);
    }
    if args.markdown {
        io::message("错误：--markdown 只用于 qizhen show codes；标准的说明页用 qizhen doc。");
        return BAD_INPUT;
    }
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let mut out = String::new();
    let shown = match (args.what.as_deref(), args.item.as_deref()) {
        (None, _) => standards(&catalog, &mut out),
        (Some("facts"), Some(id)) if catalog.facts.get(id).is_none() => {
            return unknown("事实", id, catalog.facts.ids());
        }
        (Some("facts"), wanted) => facts(&catalog, wanted, &mut out),
        (Some("providers"), _) => super::providers::write_list(&catalog, None, &mut out),
        (Some(id), item) => match catalog.questionnaires.get(id) {
            Some(questionnaire) => match item {
                None => standard(&catalog, questionnaire, &mut out),
                Some(item) => match questionnaire.items().find(|i| i.id.value == item) {
                    Some(found) => one_item(found, &mut out),
                    None => return unknown("题目", item, questionnaire.items().map(|i| i.id.value.as_str())),
                },
            },
            None => {
                let names = catalog
                    .questionnaires
                    .keys()
                    .map(String::as_str)
                    .chain(["facts", "providers", "codes"]);
                return unknown("标准", id, names);
            }
        },
    };
    // Writing to a string cannot fail.
    let _ = shown;
    io::to_stdout(out.as_bytes())
}

fn unknown<'a>(what: &str, found: &str, names: impl Iterator<Item = &'a str>) -> u8 {
    let names: Vec<&str> = names.collect();
    let near = suggest::nearest(found, names.iter().copied()).map_or(String::new(), |n| format!("最接近的是 “{n}”。"));
    io::message(&format!(
        "错误：没有{what} “{found}”。{near}\n可用：{}",
        suggest::list(names)
    ));
    BAD_INPUT
}

fn standards(catalog: &Catalog, out: &mut String) -> std::fmt::Result {
    for (id, questionnaire) in &catalog.questionnaires {
        let items = questionnaire.items().count();
        writeln!(out, "{id}\n  {}", questionnaire.title)?;
        writeln!(
            out,
            "  {}  {items} 题  规则可信度：{}",
            questionnaire.domain.label(),
            catalog
                .plans
                .get(id)
                .and_then(|p| p.first())
                .map_or("—", |p| p.confidence.label())
        )?;
        writeln!(
            out,
            "  {} {}\n",
            questionnaire.source.number, questionnaire.source.issuer
        )?;
    }
    writeln!(
        out,
        "看一个标准的题目：qizhen show 标准编号；开始填写：qizhen new 标准编号 -o 文件名"
    )
}

fn standard(catalog: &Catalog, questionnaire: &Questionnaire, out: &mut String) -> std::fmt::Result {
    let source = &questionnaire.source;
    writeln!(out, "{}（{}）", questionnaire.title, questionnaire.id.value)?;
    for (name, value) in [
        ("来源", &source.document),
        ("文号", &source.number),
        ("发布", &source.issuer),
        ("日期", &source.date),
        ("施行", &source.effective),
        ("说明", &source.note),
    ] {
        if !value.is_empty() {
            writeln!(out, "  {name}：{value}")?;
        }
    }
    writeln!(
        out,
        "  题目文字：{}（{}）",
        questionnaire.confidence.label(),
        questionnaire.confidence.meaning()
    )?;
    for plan in catalog.plans.get(&questionnaire.id.value).into_iter().flatten() {
        let preset = plan
            .preset
            .as_ref()
            .map_or(String::new(), |(id, title)| format!("预设 {id}（{title}）"));
        writeln!(out, "  评分规则：{} {preset}", plan.confidence.label())?;
        if !plan.note.is_empty() {
            writeln!(out, "    {}", plan.note)?;
        }
    }
    for section in &questionnaire.sections {
        writeln!(out, "\n【{}】{}", section.title, section.intro)?;
        for item in &section.items {
            writeln!(out, "  {:<18} {}  {}", item.id.value, item.title, item.clause)?;
        }
    }
    writeln!(out, "\n看一道题：qizhen show {} 题目编号", questionnaire.id.value)
}

fn one_item(item: &Item, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{} {}\n{}", item.id.value, item.title, item.ask)?;
    if !item.help.is_empty() {
        writeln!(out, "填写：{}", item.help)?;
    }
    writeln!(out, "答案：{}", item.kind.value.how())?;
    match item.kind.value {
        ItemKind::Parts => {
            for part in &item.parts {
                let fact = part
                    .fact
                    .as_ref()
                    .map_or(String::new(), |f| format!("，不填时取事实 {}", f.value));
                writeln!(
                    out,
                    "  {:<18} {}（{}{fact}）",
                    part.id.value, part.title, part.unit.value
                )?;
            }
        }
        ItemKind::Table => {
            for column in &item.columns {
                let unit = column
                    .unit
                    .as_ref()
                    .map_or(String::new(), |u| format!("（{}）", u.value));
                let need = if column.required { " 必填" } else { "" };
                writeln!(out, "  {:<18} {}{unit}{need}", column.id.value, column.title)?;
                for choice in &column.choices {
                    writeln!(out, "      {:<22} {}", choice.id.value, choice.text)?;
                }
            }
        }
        _ => {
            for (index, id) in item.choice_ids().iter().enumerate() {
                writeln!(out, "  {id}  {}", item.choice_text(index))?;
            }
        }
    }
    if !item.evidence.is_empty() {
        writeln!(out, "佐证：{}", item.evidence.join("、"))?;
    }
    if !item.note.is_empty() {
        writeln!(out, "存疑：{}", item.note)?;
    }
    Ok(())
}

/// All facts, or the one that is wanted, and who uses them.
fn facts(catalog: &Catalog, wanted: Option<&str>, out: &mut String) -> std::fmt::Result {
    for fact in catalog
        .facts
        .facts
        .iter()
        .filter(|fact| wanted.is_none_or(|id| fact.id.value == id))
    {
        writeln!(
            out,
            "{:<24} {}（{}）  {}",
            fact.id.value, fact.title, fact.unit, fact.source
        )?;
        let mut users = Vec::new();
        for (id, questionnaire) in &catalog.questionnaires {
            for usage in questionnaire.facts_used().filter(|u| u.fact.value == fact.id.value) {
                let user = format!("{id}/{}", usage.item.id.value);
                if !users.contains(&user) {
                    users.push(user);
                }
            }
        }
        if !users.is_empty() {
            writeln!(out, "{:<24} 用于 {}", "", users.join("、"))?;
        }
    }
    Ok(())
}

/// All codes in a line each, one with its example, or all of them as the page of the documentation.
fn codes(args: &Args) -> u8 {
    let names = || Code::ALL.iter().map(|code| code.as_str());
    let wanted = match args.item.as_deref() {
        None if args.markdown => None,
        None => {
            let list: String = Code::ALL
                .iter()
                .map(|code| format!("{}  {}\n", code.as_str(), code.meaning()))
                .collect();
            return io::to_stdout(list.as_bytes());
        }
        Some(id) => match Code::ALL.iter().find(|code| code.as_str().eq_ignore_ascii_case(id)) {
            Some(code) => Some(*code),
            None => return unknown("代码", id, names()),
        },
    };
    let book = match Book::load() {
        Ok(book) => book,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return FAILED;
        }
    };
    let builtin = match io::catalog(None) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let text = match wanted {
        None => page::markdown(&book, &builtin),
        Some(code) => match book.entry(code) {
            Some(entry) => page::text(&book, entry, code, &builtin),
            None => format!("{}  {}\n", code.as_str(), code.meaning()),
        },
    };
    io::to_stdout(text.as_bytes())
}
