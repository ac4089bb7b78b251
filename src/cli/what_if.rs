//! `qizhen what-if`: some answers changed, old and new side by side; the file stays as it is.

use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, io};
use crate::assessment::change;
use crate::comparison::{self, Before, words};
use crate::diagnosis;

/// 假如这样答
#[derive(Debug, clap::Args)]
#[command(
    about = "假如某几题改成这样，分数和等级会怎样；评估文件不动",
    after_help = "例：\n  qizhen what-if 我厂.assessment.yaml --set q05=d\n  qizhen what-if 我厂.assessment.yaml --set q04=b,d,e --set quality=3      多选题用逗号\n  qizhen what-if 我厂.assessment.yaml --set q04=+e                         多选题再加一项\n  qizhen what-if 我厂.assessment.yaml --set q02.digital=60台               分项\n  qizhen what-if 我厂.assessment.yaml --set sme-digital-2024/q05=d         几个标准有同名题时\n  qizhen what-if 我厂.assessment.yaml --set fact:2025:electricity=300万kWh 企业的数"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 题目=答案，可写多次
    #[arg(long = "set", value_name = "题目=答案", required = true)]
    set: Vec<String>,
    /// 打印 JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let read = io::text(&args.file).and_then(|(name, text)| {
        let old = diagnosis::read(&catalog, &name, &text, &io::today())?;
        Ok((name, text, old))
    });
    let (name, text, old) = match read {
        Ok(read) => read,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let (node, sources) = match change::apply(&name, &text, &args.set, &catalog.questionnaires, &catalog.facts) {
        Ok(changed) => changed,
        Err(messages) => {
            for message in messages {
                io::message(&format!("错误：{message}"));
            }
            return BAD_INPUT;
        }
    };
    let new = match diagnosis::read_node(&catalog, &node, sources, &io::today()) {
        Ok(new) => new,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let comparison = match comparison::compare(&catalog, &Before::Assessment(Box::new(old)), &new) {
        Ok(comparison) => comparison,
        Err(why) => {
            io::message(&format!("错误：没有做成。\n{why}"));
            return FAILED;
        }
    };
    let text = if args.json {
        match serde_json::to_string_pretty(&comparison) {
            Ok(json) => json + "\n",
            Err(error) => {
                io::message(&format!("错误：没有做成。\n{error}"));
                return FAILED;
            }
        }
    } else {
        words::text(&comparison).trim_end().to_owned() + "\n"
    };
    io::to_stdout(text.as_bytes())
}
