//! `qizhen providers exposure`: how often each provider is shown.

use std::cmp::Reverse;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::super::io;
use super::{EMPTY, code, each};
use crate::advice::matching::{Exposure, Request, Tally};
use crate::round::show;

/// A ratio of a handful of chances says nothing.
const ENOUGH: f64 = 5.0;

/// 各家被展示的次数
#[derive(Debug, clap::Args)]
#[command(
    about = "统计各家服务商在一批企业的报告里被展示的次数，看同等的是否均等",
    long_about = "统计各家服务商在一批企业的报告里被展示了几次。\n“应得”是同档各家平分机会时的次数（这一档列出几家 ÷ 这一档有几家，逐份累加）；实际 ÷ 应得 接近 1，说明没有谁因名称或编号占便宜。",
    after_help = "例：\n  qizhen providers exposure 企业资料/ --data 我的数据\n  qizhen providers exposure 企业资料/ --json"
)]
pub struct Args {
    /// 目录、评估文件或工作簿（.xlsx），可以写几个
    #[arg(value_name = "输入", required = true)]
    inputs: Vec<PathBuf>,
    /// 以 JSON 给出
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    if catalog.provider_index.is_empty() {
        io::message(EMPTY);
        return super::BAD_INPUT;
    }
    let matcher = catalog.matcher();
    let mut exposure = Exposure::default();
    let read = each(&catalog, &args.inputs, |assessment, gaps| {
        exposure.add(&matcher, &matcher.ranking(&Request::of(gaps, assessment)));
    });
    let failed = match read {
        Ok((_, failed)) => failed,
        Err(code) => return code,
    };
    let text = if args.json {
        serde_json::to_string_pretty(&exposure).unwrap_or_default() + "\n"
    } else {
        words(&exposure)
    };
    io::to_stdout(text.as_bytes()).max(code(failed))
}

fn words(exposure: &Exposure) -> String {
    let mut out = format!(
        "{} 份评估，其中 {} 份有同档而没有轮到的服务商。\n展示  应得  实际÷应得  符合条件  服务商\n",
        exposure.assessments, exposure.drawn
    );
    let mut all: Vec<(&String, &Tally)> = exposure.providers.iter().collect();
    all.sort_by_key(|(id, tally)| (Reverse(tally.shown), Reverse(tally.eligible), (*id).clone()));
    for (id, tally) in &all {
        let ratio = tally.ratio().filter(|_| tally.fair >= ENOUGH);
        let _ = writeln!(
            out,
            "{:>4}  {:>6}  {:>6}  {:>6}  {}（{id}）",
            tally.shown,
            show(tally.fair, 1),
            ratio.map_or("—".into(), |ratio| show(ratio, 2)),
            tally.eligible,
            tally.name
        );
    }
    let ratios: Vec<f64> = all
        .iter()
        .filter(|(_, tally)| tally.fair >= ENOUGH)
        .filter_map(|(_, tally)| tally.ratio())
        .collect();
    let most = ratios.iter().copied().fold(f64::NAN, f64::max);
    let least = ratios.iter().copied().fold(f64::NAN, f64::min);
    if !ratios.is_empty() {
        let _ = writeln!(
            out,
            "实际÷应得 在 {} 与 {} 之间（应得不到 {ENOUGH} 次的不比）。",
            show(least, 2),
            show(most, 2)
        );
    }
    out
}
