//! `qizhen compare`: what changed between two assessments of one enterprise.

use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::{Broken, Catalog};
use crate::comparison::{self, Before, Recorded, words};
use crate::diagnosis::{self, Loaded};

/// 对比一家企业的两次评估
#[derive(Debug, clap::Args)]
#[command(
    about = "对比一家企业的两次评估：得分、等级变了多少，变在哪里",
    long_about = "对比一家企业的两次评估：得分、等级变了多少，逐项说明变在哪里，各项变动加起来正好是总分的变动。\n前一份可以是评估文件，也可以是当时 diagnose --format json 写出的诊断结果；后者还能分清规则变动与答案变动。",
    after_help = "例：\n  qizhen compare 去年.assessment.yaml 今年.assessment.yaml\n  qizhen compare 去年.assessment.yaml 今年.assessment.yaml -o 对比.md    按扩展名选形式\n  qizhen compare 去年诊断.json 今年.assessment.yaml --format json"
)]
pub struct Args {
    /// 前一份：评估文件，或当时写出的诊断结果（JSON）；- 为标准输入
    #[arg(value_name = "旧", display_order = 1)]
    old: PathBuf,
    /// 后一份：评估文件；- 为标准输入
    #[arg(value_name = "新", display_order = 2)]
    new: PathBuf,
    /// 形式；不写时看输出文件的扩展名，再不然就是 text
    #[arg(long, value_enum, value_name = "形式")]
    format: Option<Format>,
    /// 写到哪里；不写或写 - 时打印到标准输出
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
}

/// Forms of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// 给人看的文字
    Text,
    /// 给程序用的数据
    Json,
    /// Markdown 文本
    Md,
}

impl Format {
    fn of_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Format::Text),
            "json" => Some(Format::Json),
            "md" => Some(Format::Md),
            _ => None,
        }
    }
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    if args.old == Path::new("-") && args.new == Path::new("-") {
        io::message("错误：只有一份可以从标准输入读，另一份请写文件名。");
        return BAD_INPUT;
    }
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let read = io::before(&catalog, &args.old).and_then(|(old, _)| Ok((old, after(&catalog, &args.new)?)));
    let (old, new) = match read {
        Ok(both) => both,
        Err(code) => return code,
    };
    if let Before::Assessment(old) = &old {
        warn(old);
    }
    warn(&new);
    let comparison = match comparison::compare(&catalog, &old, &new) {
        Ok(comparison) => comparison,
        Err(why) => {
            io::message(&format!("错误：对比没有做成。\n{why}"));
            return FAILED;
        }
    };
    for note in &comparison.notes {
        io::message(&format!("提醒：{note}。"));
    }
    let format = args
        .format
        .or_else(|| args.output.as_deref().and_then(Format::of_extension))
        .unwrap_or(Format::Text);
    let text = match format {
        Format::Text => words::text(&comparison),
        Format::Md => words::markdown(&comparison),
        Format::Json => match serde_json::to_string_pretty(&comparison) {
            Ok(json) => json + "\n",
            Err(error) => {
                io::message(&format!("错误：对比没有做成。\n{error}"));
                return FAILED;
            }
        },
    };
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    let code = io::write(output, text.as_bytes());
    if code == OK && output != Path::new("-") {
        io::progress(&format!("对比已写到 {}", output.display()));
    }
    code
}

fn after(catalog: &Catalog, path: &Path) -> Result<Loaded, u8> {
    let (name, text) = io::text(path).map_err(refuse)?;
    if Recorded::parse(&text).is_some() {
        io::message(&format!("错误：{name}：后一份应为评估文件，这里是诊断结果"));
        return Err(BAD_INPUT);
    }
    diagnosis::read(catalog, &name, &text, &io::today()).map_err(refuse)
}

fn refuse(broken: Broken) -> u8 {
    io::report(&broken.problems, &broken.sources);
    BAD_INPUT
}

fn warn(loaded: &Loaded) {
    if !loaded.warnings.is_empty() {
        io::report(&loaded.warnings, &loaded.sources);
    }
}
