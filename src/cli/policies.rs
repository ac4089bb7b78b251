//! `qizhen policies`: who pays — policies and ways of finance as they stand for one enterprise.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{BAD_INPUT, io};
use crate::advice::finance::Finance;
use crate::advice::policies::{Policies, Standing, State};
use crate::diagnosis::{self, Diagnosis};
use crate::provenance::Confidence;
use crate::round::show;

/// 谁来出钱：政策与融资
#[derive(Debug, clap::Args)]
#[command(
    about = "谁来出钱：哪些政策和融资工具可能用得上，还缺什么、差多少",
    long_about = "谁来出钱：逐条对照国家、省、市的政策和融资工具，分四种：\n  初步符合    看得出的条件都满足\n  差一步      只差一个能做到的条件，写明差多少\n  缺数据      还有条件看不出来，写明缺什么、填在哪里\n  不符合      只报个数；加 --all 列出原因\n按评估日期算，过期的不显示。金额只写“测算上限”，不相加；能不能拿到以当年申报通知为准。\n项目的投资、贷款、备案写在评估文件的 plans 下，不影响得分：\n  plans:\n    - name: 一号车间数字化与设备更新\n      invest_wan: 860            # 总投资，万元\n      equipment_wan: 640         # 其中设备\n      equipment_year_wan: 420    # 其中一个年度内的设备投资\n      loan_wan: 500              # 拟贷款\n      saving_wan: 190            # 预计每年效益\n      filed: 否                  # 是否已办技改备案\n      start: 2027-03\n      finish: 2028-02\n      aims: [数字化, 设备更新]   # 还有 节能、绿色、安全、扩产",
    after_help = "例：\n  qizhen policies 我厂.assessment.yaml\n  qizhen policies 我厂.assessment.yaml --all          连不符合的原因、还要自行核对的条件\n  qizhen policies 我厂.assessment.yaml --json         给程序用\n  qizhen policies 我厂.assessment.yaml --data ./我的数据   加上自己写的政策，写法见 docs/policies.md"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 连不符合的、要自行核对的条件和要备的材料一起列出
    #[arg(long)]
    all: bool,
    /// 打印 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    date: &'a str,
    enterprise: &'a str,
    policies: &'a Policies,
    finance: &'a Finance,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let diagnosis = match diagnosed(&args.file, data) {
        Ok(diagnosis) => diagnosis,
        Err(code) => return code,
    };
    let text = if args.json {
        let report = Report {
            schema: "qizhen/policies-report/1",
            date: &diagnosis.date,
            enterprise: &diagnosis.enterprise.name,
            policies: &diagnosis.policies,
            finance: &diagnosis.finance,
        };
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    } else {
        in_words(&diagnosis, args.all)
    };
    io::to_stdout(text.as_bytes())
}

/// Reads and diagnoses; says why not and gives the exit code.
pub(super) fn diagnosed(file: &Path, data: Option<&Path>) -> Result<Diagnosis, u8> {
    let catalog = io::catalog(data)?;
    let loaded = io::assessment(&catalog, file).map_err(|broken| {
        io::report(&broken.problems, &broken.sources);
        BAD_INPUT
    })?;
    if !loaded.warnings.is_empty() {
        io::report(&loaded.warnings, &loaded.sources);
    }
    Ok(diagnosis::diagnose(&catalog, &loaded))
}

fn in_words(diagnosis: &Diagnosis, all: bool) -> String {
    let policies = &diagnosis.policies;
    let mut out = format!("{}　{}\n", diagnosis.enterprise.name, diagnosis.date);
    if diagnosis.finance.projects.is_empty() {
        out.push_str("没有写计划中的项目（plans），与项目有关的政策都看不清。先写上，写法见 qizhen policies --help\n");
    }
    for state in [State::Likely, State::Near, State::Unknown] {
        let found: Vec<&Standing> = policies.entries.iter().filter(|s| s.state == state).collect();
        if found.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n【{}】{} 条", state.label(), found.len());
        for standing in found {
            one(&mut out, standing, all);
        }
    }
    let _ = writeln!(out, "\n【不符合】{} 条", policies.refused.len());
    if all {
        for refused in &policies.refused {
            let _ = writeln!(out, "  {}：不满足“{}”", refused.title, refused.reasons.join("”“"));
        }
    } else if !policies.refused.is_empty() {
        out.push_str("  加 --all 列出原因\n");
    }
    let _ = writeln!(
        out,
        "\n另有已过期 {} 条、还没生效的 {} 条、其他地区的 {} 条没有列出。",
        policies.expired, policies.upcoming, policies.elsewhere
    );
    questions(&mut out, policies);
    let _ = writeln!(out, "\n{}", diagnosis.finance.notice);
    out.push_str("以上按公开条件对照，不是审批结论；以当年申报通知为准。金额是单条政策的测算上限，不相加。\n");
    out
}

fn one(out: &mut String, standing: &Standing, all: bool) {
    let doubt = match standing.confidence {
        Confidence::Unverified => "〔未核实〕",
        _ => "",
    };
    let project = standing
        .project
        .as_ref()
        .map_or(String::new(), |name| format!("　项目：{name}"));
    let kind = if standing.title == standing.kind {
        String::new()
    } else {
        format!("（{}）", standing.kind)
    };
    let _ = writeln!(out, "  {}{kind}{doubt}{project}", standing.title);
    let _ = writeln!(out, "    给什么：{}", standing.gives);
    if !standing.time.is_empty() {
        let _ = writeln!(out, "    时间：{}", standing.time);
    }
    if let Some(amount) = &standing.amount
        && let Some(most) = amount.most_wan
    {
        let _ = writeln!(out, "    测算上限：{} 万元（{}）", show(most, 2), amount.how);
    }
    if let Some(lacking) = &standing.lacking {
        let _ = writeln!(out, "    差什么：{}", lacking.say);
    }
    for missing in &standing.missing {
        let _ = match missing.question() {
            Some(_) => writeln!(out, "    要您回答：{}？", missing.what),
            None => writeln!(out, "    缺数据：{}　填在 {}", missing.what, missing.fill),
        };
    }
    if !standing.exclusive_with.is_empty() {
        let _ = writeln!(out, "    不能重复享受：{}", standing.exclusive_with.join("、"));
    }
    if !standing.to_check.is_empty() {
        if all {
            for text in &standing.to_check {
                let _ = writeln!(out, "    须自行核对：{text}");
            }
        } else {
            let _ = writeln!(out, "    另有 {} 个条件须自行核对", standing.to_check.len());
        }
    }
    if all {
        for text in &standing.met {
            let _ = writeln!(out, "    满足：{text}");
        }
        if !standing.papers.is_empty() {
            let _ = writeln!(out, "    要备：{}", standing.papers.join("、"));
        }
        if !standing.note.is_empty() {
            let _ = writeln!(out, "    注意：{}", standing.note);
        }
        let document = [&standing.source.document, &standing.source.number, &standing.clause];
        let document: Vec<&str> = document
            .iter()
            .map(|text| text.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        let _ = writeln!(
            out,
            "    依据：{}（{}）",
            document.join(" "),
            standing.confidence.label()
        );
        if !standing.valid.is_empty() {
            let _ = writeln!(out, "    有效期：{}", standing.valid);
        }
    }
}

/// The questions as a piece of an assessment file, to be pasted and answered.
fn questions(out: &mut String, policies: &Policies) {
    let missing = policies.entries.iter().flat_map(|standing| &standing.missing);
    let asked: Vec<(&str, &str, &str)> = missing
        .filter_map(|missing| {
            let (policy, condition) = missing.question()?;
            Some((policy, condition, missing.what.as_str()))
        })
        .collect();
    if asked.is_empty() {
        return;
    }
    out.push_str("\n下面这些只有您知道。抄进评估文件，答 是 或 否，不知道就空着，再运行一次：\npolicies:\n");
    let mut last = "";
    for (policy, condition, what) in asked {
        if policy != last {
            let _ = writeln!(out, "  {policy}:");
        }
        let _ = writeln!(out, "    {condition}:   # {what}");
        last = policy;
    }
}
