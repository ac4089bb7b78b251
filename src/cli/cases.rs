//! `qizhen cases`: like whom — cases, scenes and values of other places for one enterprise.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::io;
use super::policies::diagnosed;
use crate::advice::cases::ReferenceKind;
use crate::advice::cases::learn::{Learning, ReferenceValue};
use crate::diagnosis::Diagnosis;

/// 看样学样：案例、场景、参照值
#[derive(Debug, clap::Args)]
#[command(
    about = "看样学样：同行怎么做的，哪些场景补得上短板，别处到了多少",
    long_about = "看样学样：\n  案例    按行业、规模、短板和地区找最接近的，写明为什么像\n  场景    智能制造典型场景里，能补上本企业短板最多的几个\n  参照值  国家、省、市的现状和目标，放在本企业的数旁边；带年份和出处，不排名\n内置案例是虚构示例；把当地公布的案例放进自己的数据目录 cases/，示例就不再出现。",
    after_help = "例：\n  qizhen cases 我厂.assessment.yaml\n  qizhen cases 我厂.assessment.yaml --json\n  qizhen --data ./我的数据 cases 我厂.assessment.yaml"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 打印 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    date: &'a str,
    enterprise: &'a str,
    cases: &'a Learning,
    references: &'a [ReferenceValue],
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let diagnosis = match diagnosed(&args.file, data) {
        Ok(diagnosis) => diagnosis,
        Err(code) => return code,
    };
    let text = if args.json {
        let report = Report {
            schema: "qizhen/cases-report/1",
            date: &diagnosis.date,
            enterprise: &diagnosis.enterprise.name,
            cases: &diagnosis.cases,
            references: &diagnosis.references,
        };
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    } else {
        in_words(&diagnosis)
    };
    io::to_stdout(text.as_bytes())
}

fn in_words(diagnosis: &Diagnosis) -> String {
    let learning = &diagnosis.cases;
    let mut out = format!("{}　{}\n", diagnosis.enterprise.name, diagnosis.date);
    let _ = writeln!(
        out,
        "\n【案例】看了 {} 个，最接近的 {} 个",
        learning.considered,
        learning.cases.len()
    );
    if !learning.notice.is_empty() {
        let _ = writeln!(out, "  {}", learning.notice);
    }
    for case in &learning.cases {
        let _ = writeln!(out, "  {}　{}　{} 年", case.client, case.region, case.year);
        let _ = writeln!(out, "    为什么像：{}", case.reasons.join("；"));
        let _ = writeln!(out, "    怎么做的：{}", case.did);
        let _ = writeln!(out, "    效果：{}", case.effect);
    }
    out.push_str("\n【场景】能补上短板最多的\n");
    for scene in &learning.scenes {
        let _ = writeln!(
            out,
            "  {}（{}）：补 {} 处，{}",
            scene.title,
            scene.area,
            scene.count,
            scene.closes.join("、")
        );
    }
    if !learning.scene_mapping.is_empty() {
        let _ = writeln!(out, "  {}。", learning.scene_mapping);
    }
    out.push_str("\n【参照值】地区全体企业的数，不是对一家企业的要求\n");
    for reference in &diagnosis.references {
        let kind = match reference.kind {
            ReferenceKind::Actual => "现状",
            ReferenceKind::Target => "目标",
        };
        let own = reference.own.clone().unwrap_or_else(|| {
            let what: Vec<&str> = reference.missing.iter().map(|m| m.fill.as_str()).collect();
            if what.is_empty() {
                "—".to_owned()
            } else {
                format!("— 缺 {}", what.join("、"))
            }
        });
        let _ = writeln!(
            out,
            "  {}：{}（{}，{} {kind}，{}）　本企业 {own}",
            reference.title,
            reference.value,
            reference.scope,
            reference.year,
            reference.confidence.label()
        );
        if !reference.note.is_empty() {
            let _ = writeln!(out, "    {}", reference.note);
        }
    }
    out
}
