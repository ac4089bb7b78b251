//! `qizhen providers import`: a city's list becomes a pool file.

use std::path::{Path, PathBuf};

use super::super::{BAD_INPUT, FAILED, OK, io};
use crate::kit::import::book;
use crate::kit::pool::mapping::Mapping;
use crate::kit::pool::{self, Options};
use crate::source::diagnostic::Severity;

/// 导入当地公布的名单
#[derive(Debug, clap::Args)]
#[command(
    about = "把当地公布的名单（Excel 或 CSV）转成服务商文件",
    long_about = "把当地公布的名单（.xlsx，或 UTF-8、GBK 编码的 .csv）转成服务商文件。\n认列名，不认顺序：企业名称、统一社会信用代码、所在地、服务类型、能力 必须有；服务地区、服务行业、适用规模、服务商类型、产品、资质、有效期、状态、批次、联系人、联系电话、网址 可以有。一格写几项时用 、；, 隔开。\n有错时一次列出全部问题（哪张表、哪一格、写了什么、应写什么），不写任何文件；加 --skip-bad 就写入没有错的行，其余列出来。\n列名或写法与本工具不同时，用 --map 指明，格式见 docs/providers.md。",
    after_help = "例：\n  qizhen providers import 名单.xlsx -o 我的数据/providers/my-city.yaml --region 3702 --until 2027-12-31\n  qizhen providers import 名单.csv -o 我的数据/providers/my-city.yaml --map 对照.yaml --skip-bad\n  qizhen providers check --data 我的数据\n  qizhen diagnose 我厂.assessment.yaml --data 我的数据 -o 报告.pdf"
)]
pub struct Args {
    /// 名单：.xlsx 或 .csv
    #[arg(value_name = "名单")]
    book: PathBuf,
    /// 写到哪里：数据目录下 providers/ 里的 .yaml 文件
    #[arg(short, long, value_name = "文件")]
    output: PathBuf,
    /// 列名和写法的对照（YAML）
    #[arg(long, value_name = "文件")]
    map: Option<PathBuf>,
    /// 名单的标题；不写时取名单的文件名
    #[arg(long, value_name = "标题")]
    title: Option<String>,
    /// 名单的年度；不写就是今年
    #[arg(long, value_name = "年", value_parser = clap::value_parser!(i16).range(2015..=2100))]
    year: Option<i16>,
    /// 整份名单的有效期（年-月-日）；各行写了的以各行为准
    #[arg(long, value_name = "日期")]
    until: Option<String>,
    /// 名单适用的地区：行政区划代码或名称，全国写 "*"；各行写了服务地区的以各行为准
    #[arg(long, value_name = "地区")]
    region: Option<String>,
    /// 写入没有错的行，有错的列出来
    #[arg(long)]
    skip_bad: bool,
    /// 文件已存在时覆盖
    #[arg(long)]
    force: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let refuse = |what: String| {
        io::message(&format!("错误：{what}。没有写出任何文件。"));
        BAD_INPUT
    };
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let to_stdout = args.output == Path::new("-");
    if !to_stdout && args.output.extension().is_none_or(|end| end != "yaml" && end != "yml") {
        return refuse(format!(
            "-o 应是以 .yaml 结尾的文件名，如 providers/my-city.yaml，这里是 {}",
            args.output.display()
        ));
    }
    let today = io::today();
    if let Some(until) = args
        .until
        .as_deref()
        .filter(|day| day.len() != 10 || day.parse::<jiff::civil::Date>().is_err())
    {
        return refuse(format!("--until 应为日期，如 2027-12-31，这里是 “{until}”"));
    }
    if let Some(region) = args.region.as_deref().filter(|region| !pool::is_served(region)) {
        return refuse(format!(
            "--region 认不出 “{region}”：应为行政区划代码（如 3702）、省市名称或 \"*\""
        ));
    }
    if !to_stdout && args.output.exists() && !args.force {
        io::message(&format!(
            "错误：{} 已经存在，没有动它。换个名字，或加 --force 覆盖。",
            args.output.display()
        ));
        return FAILED;
    }
    let mapping = match args.map.as_deref().map(read_map).transpose() {
        Ok(mapping) => mapping.unwrap_or_default(),
        Err(code) => return code,
    };
    let bytes = match io::bytes(&args.book) {
        Ok(bytes) if bytes.len() as u64 > book::MAX_BYTES => {
            return refuse(format!(
                "名单有 {} MB，上限是 {} MB",
                bytes.len() >> 20,
                book::MAX_BYTES >> 20
            ));
        }
        Ok(bytes) => bytes,
        Err(code) => return code,
    };
    let stem = |path: &Path| {
        path.file_stem()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    let file = args
        .book
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let options = Options {
        pool: if to_stdout { "pool".into() } else { stem(&args.output) },
        title: args.title.clone().unwrap_or_else(|| stem(&args.book)),
        year: args.year.or_else(|| today.get(..4)?.parse().ok()).unwrap_or(0),
        until: args.until.clone().unwrap_or_default(),
        region: args.region.clone(),
        skip_bad: args.skip_bad,
        today,
    };
    let done = match pool::import(&catalog, &file, bytes, &mapping, &options) {
        Ok(done) => done,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let (errors, warnings): (Vec<_>, Vec<_>) = done.problems.into_iter().partition(|p| p.severity == Severity::Error);
    let code = io::write_new(&args.output, done.text.as_bytes());
    if code != OK {
        return code;
    }
    if !errors.is_empty() {
        io::list(&errors, &done.sources);
    }
    if !warnings.is_empty() {
        io::report(&warnings, &done.sources);
    }
    let skipped = if done.skipped == 0 {
        String::new()
    } else {
        format!("，{} 行有错没有写入", done.skipped)
    };
    io::message(&format!("{file}：写入 {} 家{skipped}。", done.providers));
    if !to_stdout {
        io::progress(&next(&args.output));
    }
    OK
}

/// How to use the file from here.
fn next(output: &Path) -> String {
    let folder = output
        .parent()
        .filter(|folder| folder.file_name().is_some_and(|name| name == "providers"));
    match folder.and_then(Path::parent) {
        Some(root) if root.as_os_str().is_empty() => "用法：qizhen --data . providers check".into(),
        Some(root) => format!("用法：qizhen --data {} providers check", root.display()),
        None => "把它放进数据目录下的 providers/ 里，再用 qizhen --data 目录 providers check 检查。".into(),
    }
}

fn read_map(path: &Path) -> Result<Mapping, u8> {
    let read = io::text(path).and_then(|(name, text)| Mapping::read(&name, &text));
    read.map_err(|broken| {
        io::report(&broken.problems, &broken.sources);
        BAD_INPUT
    })
}
