//! `qizhen providers`: the pool itself, and “with whom” from both sides.

mod exposure;
mod import;
mod list;
mod needs;
mod why_not;

use std::path::{Path, PathBuf};

pub use list::write_list;

use super::{BAD_INPUT, FAILED, OK, io};
use crate::advice::gaps::Gap;
use crate::assessment::Assessment;
use crate::batch::input;
use crate::catalog::Catalog;
use crate::diagnosis;
use crate::source::suggest;

/// 服务商名单
#[derive(Debug, clap::Args)]
#[command(
    about = "服务商名单：导入、查看、检查，为什么没有列入，谁需要我",
    long_about = "服务商名单（资源池）：导入当地公布的名单，查看和检查，问一家为什么没有列入报告，统计各家被展示的次数，以及从服务商一侧看有哪些同意公开的企业需要它。\n打分的因子和权重在 advice/matching.yaml 里，每份报告都印出；得分相当的由公开的种子轮换，不看名称和编号。详见 docs/providers.md。",
    after_help = "例：\n  qizhen providers import 名单.xlsx -o 我的数据/providers/my-city.yaml --region 3702 --until 2027-12-31\n  qizhen providers check --data 我的数据\n  qizhen providers why-not 我厂.assessment.yaml 某某科技有限公司 --data 我的数据",
    subcommand_help_heading = "命令",
    arg_required_else_help = true
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Import(import::Args),
    List(list::ListArgs),
    Check(list::CheckArgs),
    WhyNot(why_not::Args),
    Exposure(exposure::Args),
    Needs(needs::Args),
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    match &args.command {
        Command::Import(args) => import::run(args, data),
        Command::List(args) => list::list(args, data),
        Command::Check(args) => list::check(args, data),
        Command::WhyNot(args) => why_not::run(args, data),
        Command::Exposure(args) => exposure::run(args, data),
        Command::Needs(args) => needs::run(args, data),
    }
}

/// What to do when there are no providers.
const EMPTY: &str = "还没有服务商名单。\n把当地公布的名单（Excel 或 CSV）转成本工具的文件：\n  qizhen providers import 名单.xlsx -o 我的数据/providers/my-city.yaml --region 3702 --until 2027-12-31\n以后各命令加 --data 我的数据，报告就会推荐名单里的服务商。";

/// A provider by id, code or name; says the nearest when there is none.
fn find<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c str, u8> {
    let all = || catalog.pools.iter().flat_map(|file| file.providers.iter());
    if all().next().is_none() {
        io::message(EMPTY);
        return Err(BAD_INPUT);
    }
    match all().find(|provider| provider.is_called(name)) {
        Some(provider) => Ok(&provider.id.value),
        None => {
            let names = all().flat_map(|provider| [provider.name.as_str(), provider.id.value.as_str()]);
            let near = suggest::nearest(name, names).map_or(String::new(), |near| format!("最接近的是 “{near}”。"));
            io::message(&format!(
                "错误：名单里没有服务商 “{name}”。{near}qizhen providers list 列出全部；编号、名称、统一社会信用代码都可以。"
            ));
            Err(BAD_INPUT)
        }
    }
}

/// Reads every assessment behind paths and hands it on with its gaps. Files that cannot be read are told and counted.
fn each(catalog: &Catalog, paths: &[PathBuf], mut take: impl FnMut(&Assessment, &[Gap])) -> Result<(usize, usize), u8> {
    let inputs = input::collect(catalog, paths).map_err(|wrong| {
        wrong.iter().for_each(|what| io::message(&format!("错误：{what}。")));
        BAD_INPUT
    })?;
    let today = io::today();
    let (mut done, mut failed) = (0, 0);
    for input in &inputs {
        match input.read(catalog, &today) {
            Ok(read) => {
                let diagnosis = diagnosis::diagnose(catalog, &read.loaded);
                take(&read.loaded.assessment, &diagnosis.gaps);
                done += 1;
            }
            Err(failure) => {
                failed += 1;
                io::message(&format!("{} 读不了，没有算进去：{}", input.name, failure.reason));
            }
        }
    }
    Ok((done, failed))
}

/// The exit code when some files could not be read.
fn code(failed: usize) -> u8 {
    if failed == 0 { OK } else { FAILED }
}
