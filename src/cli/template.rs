//! `qizhen template`: start a report template of one's own, check it, look at it.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::{Broken, Catalog};
use crate::diagnosis::{self, Loaded};
use crate::kit::sample;
use crate::report::picture::Pictures;
use crate::report::theme::file::FILE;
use crate::report::{self, Report, Request};
use crate::source::suggest;

/// Where a new template goes when no data directory is named.
const DEFAULT_DATA: &str = "qizhen-data";

/// 做自己的报告模板
#[derive(Debug, clap::Args)]
#[command(
    about = "做自己的报告模板：换抬头、标志、颜色，加自己的章节",
    subcommand_help_heading = "命令",
    after_help = "例：\n  qizhen template new 我司 --from client               在 qizhen-data/ 里建一份，改 theme.yaml 就能用\n  qizhen template check 我司 --data qizhen-data        查错，指出哪一行\n  qizhen template preview 我司 --data qizhen-data      用内置样例出一份看看\n  qizhen diagnose 客户.assessment.yaml --data qizhen-data --template 我司\n\n写法见 docs/templates.md。"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    New(New),
    Check(Check),
    Preview(Preview),
}

/// 建一份新模板
#[derive(Debug, clap::Args)]
#[command(
    about = "建一份新模板，从现成的长出来：只写自己不同的地方",
    after_help = "例：\n  qizhen template new 我司 --from client\n  qizhen template new 我司 --from client --copy    连正文一起抄一份，改哪里都行（以后内置模板更新不会跟着变）"
)]
struct New {
    /// 模板名，就是目录名
    #[arg(value_name = "名称")]
    name: String,
    /// 从哪个模板长出来
    #[arg(long, value_name = "模板", default_value = "client")]
    from: String,
    /// 把正文也抄过来
    #[arg(long)]
    copy: bool,
}

/// 检查模板
#[derive(Debug, clap::Args)]
#[command(
    about = "检查模板：用内置样例和空白样例各排一遍，错误指到行",
    after_help = "例：\n  qizhen template check                          内置的全部\n  qizhen template check --data qizhen-data       连自己的一起\n  qizhen template check 我司 --data qizhen-data  只查一个"
)]
struct Check {
    /// 模板名；不写就是全部
    #[arg(value_name = "名称")]
    names: Vec<String>,
}

/// 看看模板的样子
#[derive(Debug, clap::Args)]
#[command(
    about = "用样例出一份报告，看看模板的样子",
    after_help = "例：\n  qizhen template preview brief                              写出 brief-预览.pdf\n  qizhen template preview 我司 --data qizhen-data -o 看看.html\n  qizhen template preview 我司 --data qizhen-data --with 客户.assessment.yaml"
)]
struct Preview {
    /// 模板名
    #[arg(value_name = "名称")]
    name: String,
    /// 写到哪里，.pdf、.html 或 .md
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 用自己的评估文件，而不是内置样例
    #[arg(long, value_name = "评估文件")]
    with: Option<PathBuf>,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    match &args.what {
        What::New(args) => new(args, data),
        What::Check(args) => check(args, data),
        What::Preview(args) => preview(args, data),
    }
}

fn new(args: &New, data: Option<&Path>) -> u8 {
    let root = data.unwrap_or(Path::new(DEFAULT_DATA));
    let catalog = match io::catalog(data.filter(|path| path.is_dir())) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let Some(base) = catalog.templates.get(&args.from) else {
        return unknown(&catalog, &args.from);
    };
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if args.name.is_empty() || !args.name.chars().all(plain) {
        io::message("模板名只能用汉字、字母、数字、- 和 _");
        return BAD_INPUT;
    }
    if catalog.templates.contains_key(&args.name) {
        io::message(&format!("已经有模板 “{}”，换一个名字", args.name));
        return BAD_INPUT;
    }
    let folder = root.join("report-templates").join(&args.name);
    if folder.exists() {
        io::message(&format!(
            "{} 已经在了，没有改动；换一个名字，或先移走它",
            folder.display()
        ));
        return BAD_INPUT;
    }
    let mut texts = vec![
        (FILE.to_owned(), theme(&args.from)),
        ("chapter-about.md.j2".to_owned(), ABOUT.to_owned()),
        ("chapter-offer.md.j2".to_owned(), OFFER.to_owned()),
    ];
    if args.copy {
        let own = |name: &str| name != FILE && !name.starts_with("chapter-");
        let copied = base.texts.iter().filter(|(name, _)| own(name));
        texts.extend(copied.map(|(name, text)| (name.clone(), text.clone())));
    }
    if let Err(error) = std::fs::create_dir_all(&folder) {
        return io::not_written(&folder, &error);
    }
    let paths: Vec<(PathBuf, &[u8])> = texts
        .iter()
        .map(|(name, text)| (folder.join(name), text.as_bytes()))
        .collect();
    let files: Vec<(&Path, &[u8])> = paths.iter().map(|(path, bytes)| (path.as_path(), *bytes)).collect();
    let code = io::write_together(&files);
    if code == OK {
        let (name, root) = (&args.name, root.display());
        io::message(&format!(
            "模板建在 {}：\n  theme.yaml            单位名称、颜色、页边距；标志图片放在旁边\n  chapter-about.md.j2   “关于我们”一章\n  chapter-offer.md.j2   “我们能做什么”一章\n改完看看：\n  qizhen template preview {name} --data {root}",
            folder.display()
        ));
    }
    code
}

fn check(args: &Check, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    if let Some(name) = args.names.iter().find(|name| !catalog.templates.contains_key(*name)) {
        return unknown(&catalog, name);
    }
    let all: Vec<&String> = match args.names.is_empty() {
        true => catalog.templates.keys().collect(),
        false => args.names.iter().collect(),
    };
    let mut wrong = 0;
    for name in all {
        match tried(&catalog, name) {
            Ok(pages) => println!("{name}：没有错误；样例 {} 页，空白样例 {} 页", pages[0], pages[1]),
            Err(why) => {
                wrong += 1;
                io::message(&format!("{name}：有错误\n{why}\n"));
            }
        }
    }
    if wrong > 0 { BAD_INPUT } else { OK }
}

/// How many pages a template makes of the samples, or what is wrong with it.
fn tried(catalog: &Catalog, name: &str) -> Result<[usize; 2], String> {
    let today = io::today();
    let photos = sample::photos();
    let mut pages = [0, 0];
    let samples = [sample::verified(catalog, &today), sample::blank(catalog, &today)];
    for (index, loaded) in samples.into_iter().enumerate() {
        let loaded = loaded.map_err(|broken| broken_sample(&broken))?;
        let report = made(catalog, name, &loaded, &photos)?;
        pages[index] = report.pages()?;
    }
    Ok(pages)
}

fn made(catalog: &Catalog, name: &str, loaded: &Loaded, photos: &Pictures) -> Result<Report, String> {
    let diagnosis = diagnosis::diagnose(catalog, loaded);
    report::make(&Request {
        photos: Some(photos),
        ..Request::new(catalog, &diagnosis, name)
    })
}

/// The data directory has replaced a standard that the sample answers.
fn broken_sample(broken: &Broken) -> String {
    let first = broken.problems.first().map_or("", |problem| problem.message.as_str());
    format!("内置样例与自己的数据目录对不上（{first}）；用 --with 给一份自己的评估文件")
}

fn preview(args: &Preview, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    if !catalog.templates.contains_key(&args.name) {
        return unknown(&catalog, &args.name);
    }
    let read = match &args.with {
        Some(path) => io::assessment(&catalog, path),
        None => sample::verified(&catalog, &io::today()),
    };
    let loaded = match read {
        Ok(loaded) => loaded,
        Err(broken) if args.with.is_none() => {
            io::message(&broken_sample(&broken));
            return BAD_INPUT;
        }
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let photos = match &args.with {
        Some(path) => io::photos(path, &loaded),
        None => sample::photos(),
    };
    let output = args.output.clone();
    let output = output.unwrap_or_else(|| PathBuf::from(format!("{}-预览.pdf", args.name)));
    let extension = output.extension().and_then(|end| end.to_str()).unwrap_or("pdf");
    let bytes = made(&catalog, &args.name, &loaded, &photos).and_then(|report| match extension {
        "html" | "htm" => Ok(report.html().into_bytes()),
        "md" => Ok(report.markdown().into_bytes()),
        _ => report.pdf(),
    });
    match bytes {
        Ok(bytes) => {
            let code = io::write(&output, &bytes);
            if code == OK && output != Path::new("-") {
                io::progress(&format!("写到 {}", output.display()));
            }
            code
        }
        Err(why) => {
            io::message(&format!("错误：预览没有生成。\n{why}"));
            FAILED
        }
    }
}

fn unknown(catalog: &Catalog, name: &str) -> u8 {
    let names = || catalog.templates.keys().map(String::as_str);
    let near = suggest::nearest(name, names()).map_or(String::new(), |near| format!("最接近的是 “{near}”。"));
    io::message(&format!("没有模板 “{name}”。{near}可用：{}", suggest::list(names())));
    BAD_INPUT
}

fn theme(from: &str) -> String {
    format!(
        "schema: qizhen/theme/1
extends: {from}            # 没写到的都用它的

colors:
  brand: \"#0e5a66\"        # 标题、线条的颜色；在白纸上要够深

# page: {{ margin_x: 22, margin_top: 28, margin_bottom: 26 }}   # 毫米
# text: {{ body: 10.5, table: 9.2, leading: 1.68 }}             # 磅；行距是字号的倍数

letterhead:
  name: 我司全称
  slogan: \"\"
  address: \"\"
  phone: \"\"
  email: \"\"
  website: \"\"
  logo: \"\"                # 标志图片（PNG、JPEG）放在这个目录里，写文件名，如 logo.png
  provider: \"\"            # 我司在服务商名单里的编号或名称；名单里出现我司时报告会标明
"
    )
}

const ABOUT: &str = "\
{#- 自己的章节：写 Markdown。不要这一章就把文件删掉。 -#}
# 关于我们 {#about-us}

**{{ letterhead.name }}**：在这里写单位简介、资质、同行业的案例。写实，案例能核对。
";

const OFFER: &str = "\
{#- 自己的章节：可以用诊断结果。不要这一章就把文件删掉。 -#}
# 我们能做什么 {#our-offer}

诊断发现 {{ d.gaps|length }} 处短板。在这里写针对这家企业的建议方案、分工、时间和报价范围。
";
