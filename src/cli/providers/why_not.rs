//! `qizhen providers why-not`: why one provider is not in the report, or where it stands.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::super::{BAD_INPUT, io};
use super::find;
use crate::advice::matching::{Request, Standing};
use crate::diagnosis;
use crate::round::show;

/// 为什么没有列入某一家
#[derive(Debug, clap::Args)]
#[command(
    about = "一家服务商为什么没有列入报告：哪个条件不满足，或排第几、差在哪里",
    long_about = "一家服务商为什么没有列入报告。\n有硬条件不满足的，逐条列出；都满足的，给出名次和得分，并与报告里列出的最后一家逐个因子对比。结论与报告用的是同一套计算。",
    after_help = "例：\n  qizhen providers why-not 我厂.assessment.yaml 某某科技有限公司\n  qizhen providers why-not 我厂.assessment.yaml qd-0001 --json"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    assessment: PathBuf,
    /// 服务商的编号、名称或统一社会信用代码
    #[arg(value_name = "服务商")]
    provider: String,
    /// 以 JSON 给出
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let loaded = match io::assessment(&catalog, &args.assessment) {
        Ok(loaded) => loaded,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let id = match find(&catalog, &args.provider) {
        Ok(id) => id,
        Err(code) => return code,
    };
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let request = Request::of(&diagnosis.gaps, &loaded.assessment);
    let Some(standing) = catalog.matcher().standing(&request, id) else {
        return BAD_INPUT;
    };
    let text = if args.json {
        serde_json::to_string_pretty(&standing).unwrap_or_default() + "\n"
    } else {
        words(
            &standing,
            catalog.matching.tie.value,
            &loaded.assessment.enterprise.name,
        )
    };
    io::to_stdout(text.as_bytes())
}

fn words(standing: &Standing, tie: f64, enterprise: &str) -> String {
    let mut out = format!("{}（{}）\n对 {enterprise}：", standing.name, standing.id);
    let (members, shown) = standing.equals;
    let place = standing.place.unwrap_or_default();
    let _ = match (&standing.barred[..], standing.shown) {
        ([], true) => writeln!(out, "已列入，{} 家符合条件的里排第 {place}。", standing.eligible),
        ([], false) => {
            let _ = writeln!(
                out,
                "条件都满足，{} 家符合条件的里排第 {place}，没有列入。",
                standing.eligible
            );
            match &standing.last {
                Some(last) if last.merit == standing.merit && standing.interest > 0 => writeln!(
                    out,
                    "与列出的最后一家（{}）同档；它与本报告的编制单位有关，排在同档其他家之后。",
                    last.name
                ),
                Some(last) if last.merit == standing.merit => writeln!(
                    out,
                    "与列出的最后一家（{}）同档（每 {} 分一档），这一档 {members} 家、这次列出 {shown} 家，次序由种子排定，没有轮到。",
                    last.name,
                    show(tie, 1)
                ),
                Some(last) => writeln!(
                    out,
                    "得 {} 分，列出的最后一家（{}）得 {} 分。",
                    show(standing.score, 1),
                    last.name,
                    show(last.score, 1)
                ),
                None => writeln!(out, "没有别家可比，不推荐本报告编制单位自己。"),
            }
        }
        (barred, _) => writeln!(
            out,
            "没有列入，因为{}。\n下面是它在别的条件都满足时的得分，只供参考。",
            barred.join("；")
        ),
    };
    let _ = writeln!(out, "\n得分 {}", show(standing.score, 1));
    for factor in &standing.factors {
        let other = standing.last.as_ref().filter(|_| !standing.shown);
        let other = other.and_then(|last| last.factors.iter().find(|other| other.id == factor.id));
        let beside = other.map_or(String::new(), |other| {
            format!("（列出的最后一家 {}：{}）", show(other.points, 1), other.why)
        });
        let _ = writeln!(
            out,
            "  {} {} / {}  {}{beside}",
            factor.title,
            show(factor.points, 1),
            show(factor.most, 1),
            factor.why
        );
    }
    out
}
