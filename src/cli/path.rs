//! `qizhen path`: the least effort that reaches the next grade, or any target.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::advice::gaps::grade_in_words;
use crate::advice::path::{self, Goal, ImprovementPath, PathPlan, PathState};
use crate::catalog::Catalog;
use crate::diagnosis::Loaded;
use crate::round::show;
use crate::source::suggest;

/// 到下一级怎么走最省
#[derive(Debug, clap::Args)]
#[command(
    about = "提升路径：升到下一级（或任一目标）最少要改哪几处，先后怎么排",
    long_about = "提升路径：升到下一级（或任一目标）最少要改哪几处，先后怎么排。\n用整数规划在全部可改的答案里找最省、最快、最稳三个方案，改后的答案由评分引擎重新算过，确认达到目标。\n难度是 1 到 3 的档次（知识、时间、资源），不是金额；有了当地价格，可写进 advice 文件的 effort。",
    after_help = "例：\n  qizhen path 我厂.assessment.yaml                        每个有等级的标准，到下一级怎么走\n  qizhen path 我厂.assessment.yaml --standard sme-digital-2024 --grade 3\n  qizhen path 我厂.assessment.yaml --standard green-factory-2025 --score 60\n  qizhen path 我厂.assessment.yaml --keep q11,q14         这几题不动\n  qizhen path 我厂.assessment.yaml --json                 给程序用"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 只看这个标准
    #[arg(long, value_name = "编号")]
    standard: Option<String>,
    /// 要达到的等级（数字）；不写就是下一级
    #[arg(long, value_name = "级", conflicts_with = "score")]
    grade: Option<u8>,
    /// 要达到的总分
    #[arg(long, value_name = "分", requires = "standard")]
    score: Option<f64>,
    /// 保持不变的题目，用逗号隔开
    #[arg(long, value_name = "题目", value_delimiter = ',')]
    keep: Vec<String>,
    /// 打印 JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let loaded = match io::assessment(&catalog, &args.file) {
        Ok(loaded) => loaded,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    if let Err(message) = sound(args, &catalog, &loaded) {
        io::message(&format!("错误：{message}"));
        return BAD_INPUT;
    }
    let paths = paths(args, &catalog, &loaded);
    if args.json {
        return match serde_json::to_string_pretty(&paths) {
            Ok(json) => io::to_stdout(format!("{json}\n").as_bytes()),
            Err(error) => {
                io::message(&format!("错误：没有做成。\n{error}"));
                FAILED
            }
        };
    }
    if paths.is_empty() {
        io::progress(
            "没有要走的路：所填标准都没有等级，或已在最高一级。用 --standard 编号 --score 分 可以定一个分数目标。",
        );
        return OK;
    }
    let text: Vec<String> = paths.iter().map(in_words).collect();
    io::to_stdout(text.join("\n").as_bytes())
}

/// Whether what the command line names is there.
fn sound(args: &Args, catalog: &Catalog, loaded: &Loaded) -> Result<(), String> {
    let nearest = |name: &str, known: &[&str]| {
        suggest::nearest(name, known.iter().copied()).map_or(String::new(), |near| format!("，是不是 “{near}”？"))
    };
    let standards: Vec<&str> = loaded.assessment.answers.keys().map(String::as_str).collect();
    if let Some(id) = &args.standard
        && !standards.contains(&id.as_str())
    {
        let known = standards.join("、");
        return Err(format!(
            "评估文件没有标准 “{id}”{}（有 {known}）",
            nearest(id, &standards)
        ));
    }
    let wanted = |id: &&str| args.standard.as_ref().is_none_or(|only| only == id);
    let items: Vec<&str> = standards
        .iter()
        .filter(|id| wanted(id))
        .filter_map(|id| catalog.questionnaires.get(*id))
        .flat_map(|questionnaire| questionnaire.items().map(|item| item.id.value.as_str()))
        .collect();
    match args.keep.iter().find(|id| !items.contains(&id.as_str())) {
        Some(id) => Err(format!("没有题目 “{id}”{}", nearest(id, &items))),
        None => Ok(()),
    }
}

fn paths(args: &Args, catalog: &Catalog, loaded: &Loaded) -> Vec<ImprovementPath> {
    let assessment = &loaded.assessment;
    let wanted = assessment
        .answers
        .iter()
        .filter(|(id, _)| args.standard.as_ref().is_none_or(|only| only == *id));
    wanted
        .filter_map(|(id, answers)| {
            let preset = assessment.presets.get(id).map(String::as_str);
            let context = path::Context {
                questionnaire: catalog.questionnaires.get(id)?,
                plan: catalog.plan(id, preset)?,
                measures: catalog.measures.get(id),
                capabilities: &catalog.capabilities,
                fixed: &args.keep,
            };
            let goal = match (args.score, args.grade) {
                (Some(score), _) => Goal::Score(score),
                (None, Some(level)) => Goal::Grade(level),
                (None, None) => path::next_goal(&context, answers)?,
            };
            path::find(&context, answers, goal)
        })
        .collect()
}

fn in_words(path: &ImprovementPath) -> String {
    let target = match (&path.grade, path.score) {
        (Some(grade), _) => grade_in_words(grade.level, &grade.name),
        (None, Some(score)) => format!("{} 分", show(score, 3)),
        (None, None) => String::new(),
    };
    let mut out = format!("{}：到{target}\n", path.standard_title);
    match path.state {
        PathState::Reached => out.push_str("  已经达到。\n"),
        PathState::OutOfReach => {
            out.push_str("  改答案达不到：\n");
            for reason in &path.reason {
                let _ = writeln!(out, "    · {reason}");
            }
        }
        PathState::Open => {
            for plan in &path.plans {
                plan_in_words(plan, &mut out);
            }
        }
    }
    for note in &path.notes {
        let _ = writeln!(out, "  注意：{note}");
    }
    out
}

fn plan_in_words(plan: &PathPlan, out: &mut String) {
    let proof = if plan.proven {
        "，已证明没有更好的"
    } else {
        "，没有证明是最好的"
    };
    let _ = writeln!(
        out,
        "  {}（{}{proof}）：改 {} 处",
        plan.title,
        plan.meaning,
        plan.steps.len()
    );
    for phase in &plan.phases {
        let _ = writeln!(out, "    {}（{}—{} 个月）", phase.title, phase.from, phase.to);
        for step in plan.steps.iter().filter(|step| step.phase == phase.number) {
            let points = step.points.filter(|points| *points > 0.0);
            let points = points.map_or(String::new(), |p| format!("，加 {} 分", show(p, 3)));
            let from = if step.from.is_empty() { "未答" } else { &step.from };
            let _ = writeln!(out, "      {} {}：{from} → {}{points}", step.item, step.title, step.to);
        }
    }
    let score = plan.score.map(|score| format!("{} 分", show(score, 3)));
    let grade = plan
        .grade
        .as_ref()
        .map(|grade| grade_in_words(grade.level, &grade.name));
    let after: Vec<String> = score.into_iter().chain(grade).collect();
    let [knowledge, time, resources] = plan.effort.map(|rank| show(rank, 1));
    let _ = writeln!(
        out,
        "    改后 {}；难度合计：知识 {knowledge}、时间 {time}、资源 {resources}",
        after.join("，")
    );
}
