//! `qizhen providers list`, `qizhen providers check`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::super::io;
use super::EMPTY;
use crate::advice::providers::Provider;
use crate::catalog::Catalog;

/// 列出名单里的服务商
#[derive(Debug, clap::Args)]
#[command(
    about = "列出名单里的服务商：编号、名称、地区、状态、能力",
    after_help = "例：\n  qizhen providers list --data 我的数据\n  qizhen providers list --capability mes      只列能做 MES 的\n  qizhen providers list --capabilities        能力词表，导入名单时用"
)]
pub struct ListArgs {
    /// 只列有这项能力的（编号，如 mes）
    #[arg(long, value_name = "能力")]
    capability: Option<String>,
    /// 列出能力词表
    #[arg(long)]
    capabilities: bool,
}

/// 检查名单
#[derive(Debug, clap::Args)]
#[command(
    about = "检查名单：有多少家有效、暂停、过期，哪些能力没有人能提供",
    long_about = "检查名单：文件有没有错（逐处指出），今天有多少家有效、被警告、暂停、移出、过期，哪些能力没有一家能提供。",
    after_help = "例：\n  qizhen providers check --data 我的数据"
)]
pub struct CheckArgs {}

pub fn list(args: &ListArgs, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let mut out = String::new();
    if args.capabilities {
        for capability in &catalog.capabilities.capabilities {
            let _ = writeln!(out, "{:<24} {}", capability.id.value, capability.title);
        }
        return io::to_stdout(out.as_bytes());
    }
    let _ = write_list(&catalog, args.capability.as_deref(), &mut out);
    io::to_stdout(out.as_bytes())
}

/// The providers, or those who can do one thing; what to do when there are none.
pub fn write_list(catalog: &Catalog, capability: Option<&str>, out: &mut String) -> std::fmt::Result {
    let today = io::today();
    let mut shown = 0;
    for file in &catalog.pools {
        if !file.notice.trim().is_empty() {
            writeln!(out, "{}\n", file.notice.trim())?;
        }
        let able = |provider: &&Provider| {
            capability.is_none_or(|id| provider.capabilities.iter().any(|known| known.value == id))
        };
        for provider in file.providers.iter().filter(able) {
            shown += 1;
            let can = provider
                .capabilities
                .iter()
                .map(|c| catalog.capabilities.title(&c.value));
            let can: Vec<&str> = can.collect();
            let (id, name, region) = (&provider.id.value, &provider.name, &provider.region.name);
            let state = state(provider, file, &today);
            writeln!(out, "{id}  {name}  {region}  {state}\n  {}", can.join("、"))?;
        }
    }
    if catalog.provider_index.is_empty() {
        writeln!(out, "{EMPTY}")?;
    } else if shown == 0 {
        writeln!(
            out,
            "名单里没有一家有这项能力。能力的编号见 qizhen providers list --capabilities。"
        )?;
    }
    Ok(())
}

/// How a provider stands on a day, in a word.
fn state(provider: &Provider, file: &crate::advice::providers::PoolFile, today: &str) -> &'static str {
    match provider.listed_on(today, &file.pools) {
        Some(entry) => entry.status.label(),
        None => match provider.pools.iter().find(|entry| !entry.status.counts()) {
            Some(entry) => entry.status.label(),
            None => "已过期",
        },
    }
}

pub fn check(_: &CheckArgs, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    if catalog.provider_index.is_empty() {
        return io::to_stdout(format!("{EMPTY}\n").as_bytes());
    }
    warnings(&catalog);
    let today = io::today();
    let mut out = String::new();
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    let mut able: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &catalog.pools {
        for pool in &file.pools {
            let _ = writeln!(
                out,
                "{}（{}，{} 年，有效至 {}）",
                pool.title, pool.id, pool.year, pool.valid_until.value
            );
        }
        for provider in &file.providers {
            *states.entry(state(provider, file, &today)).or_default() += 1;
            if provider.listed_on(&today, &file.pools).is_some() {
                provider
                    .capabilities
                    .iter()
                    .for_each(|c| *able.entry(c.value.as_str()).or_default() += 1);
            }
        }
    }
    let states: Vec<String> = states
        .iter()
        .map(|(state, count)| format!("{state} {count} 家"))
        .collect();
    let _ = writeln!(
        out,
        "共 {} 家，到 {today}：{}。",
        catalog.provider_index.len(),
        states.join("、")
    );
    let known = &catalog.capabilities.capabilities;
    let none: Vec<&str> = known
        .iter()
        .filter(|c| !able.contains_key(c.id.value.as_str()))
        .map(|c| c.title.as_str())
        .collect();
    if none.is_empty() {
        let _ = writeln!(out, "每项能力都有服务商。");
    } else {
        let _ = writeln!(out, "没有服务商能提供：{}。", none.join("、"));
    }
    let _ = writeln!(out, "\n打分规则：{}", catalog.matching.source);
    for factor in &catalog.matching.factors {
        let _ = writeln!(
            out,
            "  {} {} 分：{}",
            factor.title,
            crate::round::show(factor.weight.value, 1),
            factor.how
        );
    }
    io::to_stdout(out.as_bytes())
}

/// Warnings of the pool files alone; errors have been told by whoever loads the catalog.
fn warnings(catalog: &Catalog) {
    for source in catalog.sources.iter().filter(|source| is_pool(&source.text)) {
        if let Ok((_, found)) = catalog.check_pool(&source.name, &source.text)
            && !found.problems.is_empty()
        {
            io::report(&found.problems, &found.sources);
        }
    }
}

fn is_pool(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("schema:") && line.contains(crate::advice::providers::SCHEMA))
}
