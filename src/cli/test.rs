//! `qizhen test` and `qizhen coverage`: do the rules give what was worked out by hand, and do the cases reach everything?

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Serialize;

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::{Catalog, files};
use crate::kit::cases::{self, Ran};
use crate::kit::coverage::{self, Coverage, Kind, Target};
use crate::source::SourceMap;
use crate::source::diagnostic::Diagnostic;

/// 用手算样例检验评分规则
#[derive(Debug, clap::Args)]
#[command(
    about = "运行手算样例，检验评分规则",
    long_about = "运行手算样例，检验评分规则：每个样例写着答案和照标准手算的结果，程序算出来的应当一样。\n不带参数时运行内置样例；带数据目录时把它叠在内置数据上，只运行目录里的样例。",
    after_help = "例：\n  qizhen test\n  qizhen test ./我的数据目录\n  qizhen test scoring-rules/cases/sme-digital-2024\n\n样例放在 scoring-rules/cases/标准编号/ 下，格式见 docs/formats.md。"
)]
pub struct TestArgs {
    /// 数据目录、样例目录或样例文件
    #[arg(value_name = "目录或文件")]
    paths: Vec<PathBuf>,
}

/// 样例覆盖了哪些选项、分段、等级、否决项
#[derive(Debug, clap::Args)]
#[command(
    about = "看手算样例覆盖了哪些选项、分段、等级和否决项，还漏了什么",
    after_help = "例：\n  qizhen coverage\n  qizhen coverage ./我的数据目录 --min 100\n  qizhen coverage --format json"
)]
pub struct CoverageArgs {
    /// 数据目录、样例目录或样例文件
    #[arg(value_name = "目录或文件")]
    paths: Vec<PathBuf>,
    /// 覆盖率低于这个百分数时以退出码 1 结束
    #[arg(long, value_name = "百分数", value_parser = clap::value_parser!(u8).range(0..=100))]
    min: Option<u8>,
    /// 输出形式
    #[arg(long, value_enum, value_name = "形式", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// 给人看
    Text,
    /// 给程序用
    Json,
}

/// The cases that ran, with their names, by standard.
pub struct Run {
    pub catalog: Catalog,
    pub ran: IndexMap<String, Vec<(String, Ran)>>,
    broken: Vec<(Vec<Diagnostic>, SourceMap)>,
}

pub fn test(args: &TestArgs, data: Option<&Path>) -> u8 {
    let run = match run(&args.paths, data) {
        Ok(run) => run,
        Err(code) => return code,
    };
    let mut out = String::new();
    let mut failed = 0;
    for (standard, cases) in &run.ran {
        let wrong: Vec<_> = cases.iter().filter(|(_, ran)| !ran.differences.is_empty()).collect();
        failed += wrong.len();
        let state = match wrong.len() {
            0 => "全部一致".to_owned(),
            count => format!("{count} 例不一致"),
        };
        out += &format!("{standard:<28} {:>4} 例  {state}\n", cases.len());
        for (name, ran) in wrong {
            out += &format!("  {name}\n");
            for difference in &ran.differences {
                out += &format!("    {difference}\n");
            }
        }
    }
    for (problems, sources) in &run.broken {
        io::report(problems, sources);
    }
    let total: usize = run.ran.values().map(Vec::len).sum();
    out += &match (failed, run.broken.len()) {
        (0, 0) => format!("共 {total} 例，结果与手算一致。\n"),
        (failed, 0) => format!("共 {total} 例，{failed} 例与手算不一致。\n"),
        (failed, broken) => format!("共 {total} 例，{failed} 例与手算不一致；另有 {broken} 个样例文件读不通。\n"),
    };
    io::to_stdout(out.as_bytes());
    match (failed, run.broken.is_empty()) {
        (_, false) => BAD_INPUT,
        (0, true) => OK,
        _ => FAILED,
    }
}

#[derive(Serialize)]
struct Exported<'a> {
    schema: &'static str,
    standards: IndexMap<&'a str, ExportedStandard<'a>>,
}

#[derive(Serialize)]
struct ExportedStandard<'a> {
    cases: usize,
    reached: usize,
    all: usize,
    missing: Vec<&'a Target>,
}

pub fn coverage(args: &CoverageArgs, data: Option<&Path>) -> u8 {
    let run = match run(&args.paths, data) {
        Ok(run) => run,
        Err(code) => return code,
    };
    let measured: IndexMap<&str, Coverage> = run
        .catalog
        .plans
        .iter()
        .filter(|(id, _)| args.paths.is_empty() || run.ran.contains_key(*id))
        .map(|(id, plans)| {
            let cases: Vec<&Ran> = run.ran.get(id).into_iter().flatten().map(|(_, ran)| ran).collect();
            (id.as_str(), coverage::measure(plans, &cases))
        })
        .collect();
    for (problems, sources) in &run.broken {
        io::report(problems, sources);
    }
    match args.format {
        Format::Json => {
            let standards = measured.iter().map(|(id, coverage)| {
                let (reached, all) = coverage.total();
                let missing = coverage.missing().collect();
                let cases = coverage.cases;
                (
                    *id,
                    ExportedStandard {
                        cases,
                        reached,
                        all,
                        missing,
                    },
                )
            });
            let exported = Exported {
                schema: "qizhen/coverage/1",
                standards: standards.collect(),
            };
            let mut text = serde_json::to_string_pretty(&exported).unwrap_or_default();
            text.push('\n');
            io::to_stdout(text.as_bytes());
        }
        Format::Text => {
            io::to_stdout(in_words(&measured).as_bytes());
        }
    }
    let low = |c: &Coverage| args.min.is_some_and(|min| percent(c.total()) < f64::from(min));
    match (run.broken.is_empty(), measured.values().any(low)) {
        (false, _) => BAD_INPUT,
        (true, true) => FAILED,
        (true, false) => OK,
    }
}

fn percent((reached, all): (usize, usize)) -> f64 {
    if all == 0 {
        100.0
    } else {
        100.0 * reached as f64 / all as f64
    }
}

fn in_words(measured: &IndexMap<&str, Coverage>) -> String {
    let mut out = String::new();
    for (id, coverage) in measured {
        let total = coverage.total();
        let kinds: Vec<String> = Kind::ALL
            .into_iter()
            .map(|kind| (kind, coverage.of(kind)))
            .filter(|(_, (_, all))| *all > 0)
            .map(|(kind, (reached, all))| format!("{} {reached}/{all}", kind.label()))
            .collect();
        let shown = crate::round::show((percent(total) * 10.0).floor() / 10.0, 1);
        out += &format!("{id:<28} {:>4} 例  {shown}%  {}\n", coverage.cases, kinds.join("，"));
        for target in coverage.missing() {
            let preset = if target.preset.is_empty() {
                String::new()
            } else {
                format!("（{}）", target.preset)
            };
            out += &format!(
                "    没有样例到达：{} {}{preset}：{}\n",
                target.kind.label(),
                target.id,
                target.which
            );
        }
    }
    out
}

/// Loads what is asked for and runs its cases.
pub fn run(paths: &[PathBuf], data: Option<&Path>) -> Result<Run, u8> {
    let is_data = |path: &Path| path.join("scoring-rules").is_dir() || path.join("questionnaires").is_dir();
    let overlay = paths.iter().find(|path| is_data(path)).map(PathBuf::as_path).or(data);
    let catalog = io::catalog(overlay)?;
    let mut texts: Vec<(String, String)> = Vec::new();
    if paths.is_empty() {
        texts.extend(
            files::builtin_cases()
                .into_iter()
                .map(|(name, text)| (name, text.to_owned())),
        );
        if let Some(dir) = data {
            collect(dir, &mut texts)?;
        }
    }
    for path in paths {
        collect(path, &mut texts)?;
    }
    let mut run = Run {
        catalog,
        ran: IndexMap::new(),
        broken: Vec::new(),
    };
    for (name, text) in texts {
        let mut sources = SourceMap::default();
        let file = sources.add(&*name, &*text);
        match cases::run(&run.catalog, file, &text) {
            Ok(ran) => {
                let standard = ran.case.standard.value.clone();
                run.ran.entry(standard).or_default().push((name, ran));
            }
            Err(problems) => run.broken.push((problems, sources)),
        }
    }
    run.ran.sort_keys();
    if run.ran.is_empty() && run.broken.is_empty() {
        io::message("没有找到样例：样例文件的第一行是 schema: qizhen/case/1，放在 scoring-rules/cases/标准编号/ 下。");
        return Err(BAD_INPUT);
    }
    Ok(run)
}

/// Every case file below a path; files of other kinds in the same folders are passed over.
fn collect(path: &Path, texts: &mut Vec<(String, String)>) -> Result<(), u8> {
    if path.is_dir() {
        let mut inner: Vec<PathBuf> = std::fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect();
        inner.sort();
        for path in inner {
            let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
            let yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
            if !hidden && (path.is_dir() || yaml && is_case(&path)) {
                collect(&path, texts)?;
            }
        }
        return Ok(());
    }
    let (mut sources, mut problems) = (SourceMap::default(), Vec::new());
    match files::read_file(path, &mut sources, &mut problems).and_then(|file| sources.get(file)) {
        Some(source) => texts.push((source.name.clone(), source.text.to_string())),
        None => {
            io::report(&problems, &sources);
            return Err(BAD_INPUT);
        }
    }
    Ok(())
}

fn is_case(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.starts_with("schema: qizhen/case/")))
}
