//! `qizhen doc`: a page a standard.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::Catalog;
use crate::kit::cases::Ran;
use crate::kit::{coverage, doc};
use crate::report;
use crate::source::suggest;

/// 生成标准说明页
#[derive(Debug, clap::Args)]
#[command(
    about = "生成标准说明页：题目、分值、条款、可信度，每个标准一页",
    after_help = "例：\n  qizhen doc sme-digital-2024                      打印一个标准的说明（Markdown）\n  qizhen doc -o docs                               全部标准：docs/standards.md 和 docs/standards/*.md\n  qizhen doc --format html -o 网页 --data ./我的数据目录"
)]
pub struct Args {
    /// 标准编号；不写时为全部
    #[arg(value_name = "标准")]
    standards: Vec<String>,
    /// 形式
    #[arg(long, value_enum, value_name = "形式", default_value = "md")]
    format: Format,
    /// 写到哪个目录；只有一个标准时可以不写，打印到标准输出
    #[arg(short, long, value_name = "目录")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Markdown
    Md,
    /// 网页
    Html,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let run = match super::test::run(&[], data) {
        Ok(run) => run,
        Err(code) => return code,
    };
    let catalog = &run.catalog;
    let known = || catalog.questionnaires.keys().map(String::as_str);
    for id in &args.standards {
        if !catalog.questionnaires.contains_key(id) {
            let near = suggest::nearest(id, known()).map_or(String::new(), |n| format!("最接近的是 “{n}”。"));
            io::message(&format!(
                "错误：没有标准 “{id}”。{near}可用：{}",
                suggest::list(known())
            ));
            return BAD_INPUT;
        }
    }
    let wanted: Vec<&str> = known()
        .filter(|id| args.standards.is_empty() || args.standards.iter().any(|s| s == id))
        .collect();
    let Some(dir) = &args.output else {
        return match wanted.as_slice() {
            [one] => match text(catalog, one, cases(&run.ran, one), args.format) {
                Ok(text) => io::to_stdout(text.as_bytes()),
                Err(code) => code,
            },
            _ => {
                io::message("错误：有多个标准，请用 -o 指定写到哪个目录，或只写一个标准编号。");
                BAD_INPUT
            }
        };
    };
    let end = if args.format == Format::Html { "html" } else { "md" };
    let pages = dir.join("standards");
    if let Err(error) = std::fs::create_dir_all(&pages) {
        io::message(&format!("建不了目录 {}：{error}", pages.display()));
        return FAILED;
    }
    for id in &wanted {
        let text = match text(catalog, id, cases(&run.ran, id), args.format) {
            Ok(text) => text,
            Err(code) => return code,
        };
        let code = io::write(&pages.join(format!("{id}.{end}")), text.as_bytes());
        if code != OK {
            return code;
        }
    }
    if args.standards.is_empty() {
        let covered = |id: &str| {
            let ran: Vec<&Ran> = run.ran.get(id).into_iter().flatten().map(|(_, ran)| ran).collect();
            let plans = catalog.plans.get(id).map_or(&[][..], Vec::as_slice);
            let (reached, all) = coverage::measure(plans, &ran).total();
            let percent = if all == 0 {
                100.0
            } else {
                100.0 * reached as f64 / all as f64
            };
            (ran.len(), percent)
        };
        let index = doc::index(catalog, &covered, &|id| format!("standards/{id}.{end}"));
        let code = io::write(&dir.join("standards.md"), index.as_bytes());
        if code != OK {
            return code;
        }
    }
    io::progress(&format!("已写到 {}（{} 个标准）", dir.display(), wanted.len()));
    OK
}

fn cases(ran: &IndexMap<String, Vec<(String, Ran)>>, id: &str) -> usize {
    ran.get(id).map_or(0, Vec::len)
}

fn text(catalog: &Catalog, id: &str, cases: usize, format: Format) -> Result<String, u8> {
    let Some(questionnaire) = catalog.questionnaires.get(id) else {
        return Err(BAD_INPUT);
    };
    let document = doc::page(catalog, questionnaire, cases).map_err(|message| {
        io::message(&format!("“{id}” 的说明页生成不了：{message}"));
        FAILED
    })?;
    Ok(match format {
        Format::Html => report::html(&document, &report::theme::Theme::default()),
        Format::Md => report::plain::render(&document),
    })
}
