//! `qizhen check`: everything that is wrong with data or assessments, at once.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{BAD_INPUT, OK, io};
use crate::catalog::Catalog;
use crate::consistency;
use crate::source::SourceMap;
use crate::source::diagnostic::{self, Diagnostic};

/// 检查数据目录或评估文件
#[derive(Debug, clap::Args)]
#[command(
    about = "检查评估文件或数据目录，一次列出全部问题",
    long_about = "检查评估文件或数据目录，一次列出全部问题：文件、行、列、应当怎样、最接近的写法。\n不带参数时检查内置数据。",
    after_help = "例：\n  qizhen check 我厂.assessment.yaml\n  qizhen check ./我的数据目录\n  qizhen check --format json 我厂.assessment.yaml"
)]
pub struct Args {
    /// 评估文件（- 为标准输入）或数据目录
    #[arg(value_name = "文件或目录")]
    paths: Vec<PathBuf>,
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

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    ok: bool,
    problems: Vec<diagnostic::Exported<'a>>,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let mut found: Vec<(Vec<Diagnostic>, SourceMap)> = Vec::new();
    let mut done: Vec<String> = Vec::new();
    let (dirs, files): (Vec<&PathBuf>, Vec<&PathBuf>) = args.paths.iter().partition(|path| path.is_dir());
    for dir in &dirs {
        match Catalog::load(Some(dir)) {
            Ok(catalog) => done.push(summary(&format!("{}（连同内置数据）", dir.display()), &catalog)),
            Err(broken) => found.push((broken.problems, broken.sources)),
        }
    }
    if dirs.is_empty() || !files.is_empty() {
        match Catalog::load(data) {
            Ok(catalog) => {
                if args.paths.is_empty() {
                    done.push(summary(
                        data.map_or("内置数据".into(), |d| d.display().to_string()).as_str(),
                        &catalog,
                    ));
                }
                for file in files {
                    match io::assessment(&catalog, file) {
                        Ok(loaded) => {
                            let answered: usize = loaded
                                .assessment
                                .answers
                                .values()
                                .flat_map(|answers| answers.details.values())
                                .filter(|detail| detail.is_answered())
                                .count();
                            let standards = loaded.assessment.answers.len();
                            let name = loaded
                                .sources
                                .iter()
                                .next()
                                .map_or_else(String::new, |s| s.name.clone());
                            done.push(format!("{name}：没有错误；{standards} 个标准，{answered} 题有答案。"));
                            let mut problems = loaded.warnings;
                            problems.extend(consistency::as_warnings(&loaded.compared.findings));
                            diagnostic::sort(&mut problems);
                            found.push((problems, loaded.sources));
                        }
                        Err(broken) => found.push((broken.problems, broken.sources)),
                    }
                }
            }
            Err(broken) => found.push((broken.problems, broken.sources)),
        }
    }
    let ok = !found.iter().any(|(problems, _)| diagnostic::has_errors(problems));
    match args.format {
        Format::Json => {
            let problems = found
                .iter()
                .flat_map(|(problems, sources)| diagnostic::export(problems, sources))
                .collect();
            let report = Report {
                schema: "qizhen/check/1",
                ok,
                problems,
            };
            let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
            text.push('\n');
            io::to_stdout(text.as_bytes());
        }
        Format::Text => {
            for (problems, sources) in found.iter().filter(|(problems, _)| !problems.is_empty()) {
                io::report(problems, sources);
            }
            for line in &done {
                io::to_stdout(format!("{line}\n").as_bytes());
            }
        }
    }
    if ok { OK } else { BAD_INPUT }
}

fn summary(what: &str, catalog: &Catalog) -> String {
    let items: usize = catalog.questionnaires.values().map(|q| q.items().count()).sum();
    let providers: usize = catalog.pools.iter().map(|p| p.providers.len()).sum();
    format!(
        "{what}：没有错误；{} 个标准，{items} 道题，{providers} 家服务商，{} 条政策与融资工具，{} 个案例。",
        catalog.questionnaires.len(),
        catalog.policies.len(),
        catalog.cases.cases.len()
    )
}
