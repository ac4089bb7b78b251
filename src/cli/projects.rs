//! `qizhen projects`: the roadmap as project cards.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::advice::projects::ProjectCard;
use crate::diagnosis;
use crate::report::xlsx;
use crate::round::show;

/// 技改项目卡
#[derive(Debug, clap::Args)]
#[command(
    about = "技改项目卡：提升路径的每一期做什么，算不算技改，要换哪些设备，到了哪一步",
    after_help = "例：\n  qizhen projects 我厂.assessment.yaml\n  qizhen projects 我厂.assessment.yaml -o 项目.xlsx      写成表格\n  qizhen projects 我厂.assessment.yaml --format json\n\n投资、备案、开工、完工、验收写在评估文件的 plans 里，卡片的投资和进度从那里来。"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 形式；不写时看输出文件的扩展名，再不然就是 text
    #[arg(long, value_enum, value_name = "形式")]
    format: Option<Format>,
    /// 写到哪里；不写或写 - 时打印到标准输出
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
}

/// Forms of the cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// 给人看的文字
    Text,
    /// 给程序用的数据
    Json,
    /// 表格
    Xlsx,
}

impl Format {
    fn of_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Format::Text),
            "json" => Some(Format::Json),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }
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
    let format = args
        .format
        .or_else(|| args.output.as_deref().and_then(Format::of_extension))
        .unwrap_or(Format::Text);
    let made = match format {
        Format::Text => Ok(in_words(&diagnosis.projects).into_bytes()),
        Format::Json => serde_json::to_string_pretty(&diagnosis.projects)
            .map(|json| (json + "\n").into_bytes())
            .map_err(|error| error.to_string()),
        Format::Xlsx => xlsx::projects_only(&diagnosis),
    };
    let bytes = match made {
        Ok(bytes) => bytes,
        Err(why) => {
            io::message(&format!("错误：没有做成。\n{why}"));
            return FAILED;
        }
    };
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    let code = io::write(output, &bytes);
    if code == OK && output != Path::new("-") {
        io::progress(&format!(
            "{} 张项目卡已写到 {}",
            diagnosis.projects.len(),
            output.display()
        ));
    }
    code
}

fn in_words(cards: &[ProjectCard]) -> String {
    if cards.is_empty() {
        return "没有项目：没有要升的等级，也没有要换的设备。\n".to_owned();
    }
    let mut out = String::new();
    for card in cards {
        let plan = if card.plan.is_empty() {
            String::new()
        } else {
            format!("，属于“{}”", card.plan)
        };
        let _ = writeln!(out, "{}（{}，{}{plan}）", card.title, card.period(), card.state.label());
        for content in &card.content {
            let _ = writeln!(out, "  · {}：{}", content.title, content.change);
        }
        for machine in &card.renewal {
            let saving = machine
                .saving_kwh
                .map_or(String::new(), |kwh| format!("，每年省 {} kWh", show(kwh, 0)));
            let flags = if machine.flags.is_empty() {
                String::new()
            } else {
                format!("，{}", machine.flags.join("、"))
            };
            let _ = writeln!(
                out,
                "  · {} {}，{} 台：{} {}{flags}{saving}",
                machine.list,
                machine.name,
                show(machine.count, 0),
                machine.now,
                machine.need
            );
        }
        let kind = if card.renovation {
            "是技术改造"
        } else {
            "不是技术改造"
        };
        let _ = writeln!(out, "  {kind}：{}", card.reason);
        let _ = writeln!(out, "  投资：{}（{}）", card.invest(), card.invest_note);
        for expected in &card.expected {
            let _ = writeln!(out, "  预期：{expected}");
        }
        if !card.library.is_empty() {
            let _ = writeln!(out, "  {}", card.library);
        }
        let _ = writeln!(out, "  下一步：{}", card.next);
    }
    out
}
