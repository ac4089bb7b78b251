//! `qizhen explain`: why a score is what it is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::advice::explain::{self, Explained};
use crate::diagnosis::{self, Diagnosis};
use crate::provenance::Confidence;
use crate::round::show;
use crate::scoring::eval::Status;
use crate::source::suggest;

/// 分数从哪里来
#[derive(Debug, clap::Args)]
#[command(
    about = "说清一个分数：从哪几题来，丢在哪里，依据哪一条，怎么算的",
    after_help = "例：\n  qizhen explain 我厂.assessment.yaml                     每个标准：丢分最多的几块\n  qizhen explain 我厂.assessment.yaml foundation          这一块由什么组成\n  qizhen explain 我厂.assessment.yaml q05                 这一题怎么得的分、再好一档是什么\n  qizhen explain 我厂.assessment.yaml 信息系统            名称也行"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 指标或题目，编号或名称；不写就是总分
    #[arg(value_name = "指标")]
    node: Option<String>,
    /// 只看这个标准
    #[arg(long, value_name = "编号")]
    standard: Option<String>,
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
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let explained = match explained(args, &diagnosis) {
        Ok(explained) => explained,
        Err(message) => {
            io::message(&format!("错误：{message}"));
            return BAD_INPUT;
        }
    };
    if args.json {
        return match serde_json::to_string_pretty(&explained) {
            Ok(json) => io::to_stdout(format!("{json}\n").as_bytes()),
            Err(error) => {
                io::message(&format!("错误：没有做成。\n{error}"));
                FAILED
            }
        };
    }
    if explained.is_empty() {
        io::progress("评估文件里还没有可以说明的分数。");
        return OK;
    }
    let text: Vec<String> = explained.iter().map(in_words).collect();
    io::to_stdout(text.join("\n").as_bytes())
}

fn explained(args: &Args, diagnosis: &Diagnosis) -> Result<Vec<Explained>, String> {
    let nearest = |name: &str, known: &[String]| {
        suggest::nearest(name, known.iter().map(String::as_str))
            .map_or(String::new(), |near| format!("，是不是 “{near}”？"))
    };
    let standards: Vec<String> = match (&args.standard, &args.node) {
        (Some(only), _) => vec![only.clone()],
        (None, None) => diagnosis.standards.iter().map(|s| s.card.id.clone()).collect(),
        (None, Some(node)) => {
            let with: Vec<String> = explain::standards_with(diagnosis, node)
                .into_iter()
                .map(str::to_owned)
                .collect();
            if with.is_empty() {
                let walk = diagnosis.standards.iter().flat_map(|s| s.card.trace.walk());
                let known: Vec<String> = walk.flat_map(|n| [n.id.clone(), n.title.clone()]).collect();
                return Err(format!("没有指标或题目 “{node}”{}", nearest(node, &known)));
            }
            with
        }
    };
    standards
        .iter()
        .map(|standard| {
            explain::explain(diagnosis, standard, args.node.as_deref()).map_err(|known| {
                let name = match &args.node {
                    Some(node) if diagnosis.standards.iter().any(|s| s.card.id == *standard) => node,
                    _ => standard,
                };
                format!("评估文件里没有 “{name}”{}", nearest(name, &known))
            })
        })
        .collect()
}

fn in_words(it: &Explained) -> String {
    let mut out = String::new();
    let place: Vec<&str> = it.within.iter().map(|(_, title)| title.as_str()).collect();
    let _ = writeln!(
        out,
        "{} › {}",
        it.standard_title,
        [place.as_slice(), &[it.title.as_str()]].concat().join(" › ")
    );
    let full = show(it.full, 3);
    let _ = match (it.status, it.score) {
        (Status::Scored, Some(score)) if it.full > 0.0 => {
            writeln!(
                out,
                "  得 {} 分，满分 {full}；总分因此少 {} 分",
                show(score, 3),
                show(it.lost, 3)
            )
        }
        (Status::Missing, _) if it.full > 0.0 => {
            writeln!(
                out,
                "  还没有答，暂计 0 分（满分 {full}）；总分因此少 {} 分",
                show(it.lost, 3)
            )
        }
        (Status::NotApplicable, _) => writeln!(out, "  不适用，不计分"),
        (Status::NoBenchmark, _) => writeln!(out, "  没有可比的基准，不计分"),
        _ => writeln!(out, "  不计分"),
    };
    if !it.because.is_empty() {
        let _ = writeln!(out, "  怎么算的：{}", it.because);
    }
    if (it.worth - 1.0).abs() > 1e-9 && it.worth > 0.0 {
        let _ = writeln!(out, "  这里 1 分合总分 {} 分", show(it.worth, 4));
    }
    if !it.clause.is_empty() {
        let _ = writeln!(out, "  依据：{}", it.clause);
    }
    if it.confidence != Confidence::Official {
        let note = if it.note.is_empty() {
            String::new()
        } else {
            format!("（{}）", it.note)
        };
        let _ = writeln!(out, "  可信度：{}{note}", it.confidence.label());
    }
    for answer in &it.answers {
        let word = if answer.verified { "核验" } else { "自评" };
        let said = if answer.answer.is_empty() {
            "未答"
        } else {
            &answer.answer
        };
        let _ = writeln!(out, "  {} {}（{word}）：{said}", answer.item, answer.title);
        if !answer.note.is_empty() {
            let _ = writeln!(out, "    说明：{}", answer.note.trim());
        }
        if !answer.evidence.is_empty() {
            let _ = writeln!(out, "    佐证：{}", answer.evidence.join("、"));
        }
    }
    for part in &it.parts {
        let score = part.score.map_or("未答".to_owned(), |score| show(score, 3));
        let what = format!("{} {}（{score} / {}）", part.id, part.title, show(part.full, 3));
        let mostly = part.mostly.as_ref().map_or(String::new(), |(id, title, lost)| {
            format!("，其中 {} 分在 {id} {title}", show(*lost, 3))
        });
        let _ = match part.lost {
            Some(lost) if lost > 0.0 => writeln!(out, "  失 {} 分：{what}{mostly}", show(lost, 3)),
            Some(_) => Ok(()),
            None => writeln!(out, "  其中 {what}"),
        };
    }
    let whole = it.parts.iter().filter(|part| part.lost.is_some_and(|lost| lost <= 0.0));
    let whole: Vec<&str> = whole.map(|part| part.title.as_str()).collect();
    if !whole.is_empty() {
        let _ = writeln!(out, "  没有失分：{}", whole.join("、"));
    }
    for (next, gain) in &it.next {
        let gain = gain.map_or(String::new(), |gain| format!("（总分 +{}）", show(gain, 3)));
        let _ = writeln!(out, "  再好一档：{next}{gain}");
    }
    for measure in &it.measures {
        let _ = writeln!(out, "  怎么做：{measure}");
    }
    out
}
