//! `qizhen batch`: reports for many enterprises at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::progress::{Meter, duration};
use super::{BAD_INPUT, FAILED, OK, io};
use crate::batch::run::Progress;
use crate::batch::{Finished, Options, State, input, run, sample, summary};
use crate::report::format::Format;
use crate::report::template::folder;

/// Failures that are told at length; the others stand in the summary.
const TOLD: usize = 10;
/// Reports left over that are listed by name.
const LISTED: usize = 20;

/// 一次出很多家企业的报告
#[derive(Debug, clap::Args)]
#[command(
    about = "一次出很多家企业的报告和汇总表，中断后可接着做",
    long_about = "一次出很多家企业的报告和汇总表。\n输入可以是目录（取其中全部 *.assessment.yaml、.yml、.json）、评估文件，或一行一家企业的工作簿（.xlsx）。\n再次运行只做变了的；中断（Ctrl-C、断电）后再运行一次，就接着做。有一家做不成不影响其他家。",
    after_help = "例：\n  qizhen batch 企业资料/ -o 报告/\n  qizhen batch 企业资料/ -o 报告/ --template client --format pdf,html --jobs 4\n  qizhen batch --sample 清单.xlsx                 写出一份样表，照着填\n  qizhen batch 清单.xlsx -o 清单报告/\n\n报告叫“企业名称-日期.pdf”，重名的加统一社会信用代码或序号；汇总.csv 用 Excel 打开，汇总.json 给程序用。\n退出码：0 全部成功；1 有做不成的，或中断了；2 参数有误。"
)]
pub struct Args {
    /// 目录、评估文件或工作簿（.xlsx），可以写几个
    #[arg(value_name = "输入", required_unless_present = "sample")]
    inputs: Vec<PathBuf>,
    /// 报告写到哪个目录，没有就新建
    #[arg(short, long, value_name = "目录", required_unless_present = "sample")]
    output: Option<PathBuf>,
    /// 报告形式，几种之间用逗号隔开
    #[arg(long, value_enum, value_name = "形式", value_delimiter = ',', default_value = "pdf")]
    format: Vec<Format>,
    /// 报告模板（report-templates 下的目录名）
    #[arg(long, value_name = "名称", default_value = "standard")]
    template: String,
    /// 同时做几份；不写时，处理器有几核就做几份
    #[arg(short, long, value_name = "份数", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// 报告里不带数据附件（评估文件原文）：答案不外传，但别人也不能用 verify 重算核对，不能签名
    #[arg(long)]
    no_data: bool,
    /// 没有变的也重做；与 --sample 同用时，覆盖已有的文件
    #[arg(long)]
    force: bool,
    /// 不显示进度
    #[arg(short, long)]
    quiet: bool,
    /// 写出一份样例工作簿
    #[arg(long, value_name = "文件", conflicts_with_all = ["inputs", "output"])]
    sample: Option<PathBuf>,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    match (&args.sample, &args.output) {
        (Some(path), _) => write_sample(path, args.force),
        (None, Some(output)) => reports(args, output, data),
        // clap asks for it.
        (None, None) => BAD_INPUT,
    }
}

fn write_sample(path: &Path, force: bool) -> u8 {
    if path.exists() && !force {
        io::message(&format!(
            "错误：{} 已经存在，没有动它。换个名字，或加 --force 覆盖。",
            path.display()
        ));
        return FAILED;
    }
    match sample::workbook() {
        Ok(bytes) => {
            let code = io::write(path, &bytes);
            if code == OK {
                io::progress(&format!("样表已写到 {}。", path.display()));
            }
            code
        }
        Err(error) => {
            io::message(&format!("写不出样表：{error}"));
            FAILED
        }
    }
}

fn reports(args: &Args, output: &Path, data: Option<&Path>) -> u8 {
    let began = Instant::now();
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let folder = match folder::open(&catalog, &args.template) {
        Ok(folder) => folder,
        Err(why) => {
            io::message(&format!("错误：{}", why.trim_end()));
            return BAD_INPUT;
        }
    };
    if output.exists() && !output.is_dir() {
        io::message(&format!("错误：{} 不是目录。-o 后面写放报告的目录。", output.display()));
        return BAD_INPUT;
    }
    let inputs = match input::collect(&catalog, &args.inputs) {
        Ok(inputs) => inputs,
        Err(wrong) => {
            wrong.iter().for_each(|what| io::message(&format!("错误：{what}。")));
            return BAD_INPUT;
        }
    };
    if inputs.is_empty() {
        io::message("错误：工作簿的表头下面没有企业，没有写出任何文件。");
        return BAD_INPUT;
    }
    let mut formats = args.format.clone();
    formats.sort_unstable();
    formats.dedup();
    let options = Options {
        catalog: &catalog,
        template: &args.template,
        folder: &folder,
        carried: !args.no_data,
        formats: &formats,
        out: output,
        jobs: args.jobs.map_or_else(
            || std::thread::available_parallelism().map_or(1, usize::from),
            usize::from,
        ),
        force: args.force,
        today: &io::today(),
    };
    let stop = stop_on_signal();
    let mut meter = Meter::new(args.quiet);
    let mut told = 0;
    let finished = run::run(&inputs, &options, &stop, &mut |progress| match progress {
        Progress::Read(done, total) => meter.show("检查", done, total),
        Progress::Done(done, total, outcome) => {
            if outcome.state != State::Kept {
                meter.worked();
            }
            if let State::Failed(failure) = &outcome.state {
                told += 1;
                if told <= TOLD {
                    meter.say(&format!("✗ {}\n{}\n", outcome.input, failure.details.trim_end()));
                }
            }
            meter.show("出报告", done, total);
        }
    });
    meter.clear();
    match finished {
        Ok(finished) => close(&finished, &options, began.elapsed()),
        Err(why) => {
            io::message(&format!("错误：{why}。"));
            FAILED
        }
    }
}

/// Set when the program is told to stop; told twice, it stops at once.
fn stop_on_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&stop);
    // Where no handler can be set, Ctrl-C ends the program at once; the journal has what was done.
    let _ = ctrlc::set_handler(move || {
        if heard.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(FAILED));
        }
        io::message("\n正在停下：做完手上的几份就停；再按一次 Ctrl-C 立即停。");
    });
    stop
}

/// What a person wants to know at the end.
fn close(finished: &Finished, options: &Options, took: Duration) -> u8 {
    let (made, kept, failed) = finished.counts();
    for warning in &finished.warnings {
        io::message(&format!("提醒：{warning}"));
    }
    for outcome in finished.outcomes.iter().filter(|outcome| !outcome.no_photos.is_empty()) {
        io::message(&format!(
            "提醒：{} 有 {} 张佐证照片没有放进报告：{}",
            outcome.input,
            outcome.no_photos.len(),
            outcome.no_photos.join("；")
        ));
    }
    if !finished.left_over.is_empty() {
        io::message(&format!(
            "以下 {} 份报告不是这次的输入得出的（输入已不在、改了名或有错），没有删除：",
            finished.left_over.len()
        ));
        let shown = finished.left_over.iter().take(LISTED);
        shown.for_each(|file| io::message(&format!("  {file}")));
        if finished.left_over.len() > LISTED {
            io::message("  ……");
        }
    }
    let mut lines = Vec::new();
    if failed > 0 {
        lines.push("没有做成：".to_owned());
        for outcome in &finished.outcomes {
            if let State::Failed(failure) = &outcome.state {
                lines.push(format!("  {}：{}", outcome.input, failure.reason));
            }
        }
    }
    lines.push(format!(
        "家数 {}，成功 {made}，失败 {failed}，跳过 {kept}（没有变），用时 {}",
        finished.outcomes.len() + finished.not_done,
        duration(took)
    ));
    if finished.not_done > 0 {
        lines.push(format!(
            "中断：还有 {} 家没有做，汇总没有更新。把同一条命令再运行一次，就接着做。",
            finished.not_done
        ));
    } else {
        let summary = |name| options.out.join(name).display().to_string();
        lines.push(format!("汇总：{}、{}", summary(summary::CSV), summary(summary::JSON)));
        if kept > 0 && made == 0 && failed == 0 {
            lines.push("全部没有变，一份也没有重做；要重做加 --force。".to_owned());
        }
    }
    let code = io::to_stdout((lines.join("\n") + "\n").as_bytes());
    if failed > 0 || finished.not_done > 0 {
        FAILED
    } else {
        code
    }
}
