//! `qizhen providers needs`: which enterprises a provider could help. Those that have not agreed are only counted.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::super::io;
use super::{code, each, find};
use crate::advice::matching::Request;

/// 谁需要我
#[derive(Debug, clap::Args)]
#[command(
    about = "从服务商一侧看：哪些同意公开的企业需要它，能补哪些短板",
    long_about = "从服务商一侧看：在一批评估里，哪些企业满足全部硬条件、有它能补的短板。\n只有在评估文件里写了 consent: {share_with_providers: true} 的企业才列出名称和短板；没有写的只计数，不露名称。",
    after_help = "例：\n  qizhen providers needs qd-0001 企业资料/ --data 我的数据\n\n企业同意公开，在评估文件里加一行：\n  consent: {share_with_providers: true}"
)]
pub struct Args {
    /// 服务商的编号、名称或统一社会信用代码
    #[arg(value_name = "服务商")]
    provider: String,
    /// 目录、评估文件或工作簿（.xlsx），可以写几个
    #[arg(value_name = "输入", required = true)]
    inputs: Vec<PathBuf>,
    /// 以 JSON 给出
    #[arg(long)]
    json: bool,
}

/// An enterprise that agreed to be named.
#[derive(Debug, serde::Serialize)]
struct Need {
    name: String,
    industry: String,
    region: String,
    size: &'static str,
    date: String,
    gaps: Vec<String>,
}

/// What a provider may know.
#[derive(Debug, Default, serde::Serialize)]
struct Needs {
    provider: String,
    assessments: usize,
    /// Those that could use it and agreed.
    enterprises: Vec<Need>,
    /// Those that could use it and did not agree.
    not_named: usize,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let id = match find(&catalog, &args.provider) {
        Ok(id) => id,
        Err(code) => return code,
    };
    let matcher = catalog.matcher();
    let mut needs = Needs::default();
    let read = each(&catalog, &args.inputs, |assessment, gaps| {
        needs.assessments += 1;
        let request = Request::of(gaps, assessment);
        let Some((name, covers)) = matcher.could_help(&request, id) else {
            return;
        };
        needs.provider = name;
        if covers.is_empty() {
            return;
        }
        if !assessment.consent.share_with_providers {
            needs.not_named += 1;
            return;
        }
        let profile = &assessment.enterprise;
        needs.enterprises.push(Need {
            name: profile.name.clone(),
            industry: format!("{} {}", profile.industry.code(), profile.industry.name())
                .trim()
                .to_owned(),
            region: profile.region.name(),
            size: profile.size.map_or("", |size| size.label()),
            date: assessment.date.clone(),
            gaps: covers,
        });
    });
    let failed = match read {
        Ok((_, failed)) => failed,
        Err(code) => return code,
    };
    let text = if args.json {
        serde_json::to_string_pretty(&needs).unwrap_or_default() + "\n"
    } else {
        words(&needs)
    };
    io::to_stdout(text.as_bytes()).max(code(failed))
}

fn words(needs: &Needs) -> String {
    let mut out = format!(
        "{}：{} 份评估里，{} 家企业有它能补的短板，其中 {} 家同意公开。\n",
        needs.provider,
        needs.assessments,
        needs.enterprises.len() + needs.not_named,
        needs.enterprises.len()
    );
    for one in &needs.enterprises {
        let _ = writeln!(
            out,
            "\n{}  {}  {}  {}  {} 评估\n  能补：{}",
            one.name,
            one.region,
            one.industry,
            one.size,
            one.date,
            one.gaps.join("、")
        );
    }
    if needs.not_named > 0 {
        let _ = writeln!(out, "\n另有 {} 家没有同意公开，只计数。", needs.not_named);
    }
    out
}
