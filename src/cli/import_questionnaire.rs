//! `qizhen import-questionnaire`: a questionnaire in an Excel workbook becomes drafts of a standard.

use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::Catalog;
use crate::kit::import::{self, book, sample};
use crate::questionnaire;
use crate::round::show;

/// 把 Excel 问卷转成问卷和评分规则的草稿
#[derive(Debug, clap::Args)]
#[command(
    about = "把 Excel 问卷转成问卷和评分规则的草稿",
    long_about = "把 Excel 问卷转成问卷和评分规则的草稿：questionnaires/编号.yaml 与 scoring-rules/编号.yaml。\n表头认列名，不认顺序；一题一行，或每个选项一行。有错时一次列出全部问题，指出哪张表、哪一格，不写任何文件。\n草稿标为“未核实”，逐条核对后再用。",
    after_help = "例：\n  qizhen import-questionnaire --sample 样例.xlsx\n  qizhen import-questionnaire 我市问卷.xlsx --id my-city-2026 --title 我市数字化转型评测 -o ./我的数据目录\n  qizhen check ./我的数据目录"
)]
pub struct Args {
    /// Excel 工作簿（.xlsx）
    #[arg(value_name = "工作簿", required_unless_present = "sample")]
    book: Option<PathBuf>,
    /// 新标准的编号：小写字母、数字和连字符，如 my-city-2026
    #[arg(long, value_name = "编号", required_unless_present = "sample")]
    id: Option<String>,
    /// 标题；不写时取工作簿的文件名
    #[arg(long, value_name = "标题")]
    title: Option<String>,
    /// 领域：digital 数字化，energy 能效，green 绿色制造
    #[arg(long, value_enum, value_name = "领域", default_value = "digital")]
    domain: Domain,
    /// 写到哪个数据目录，没有就新建
    #[arg(short, long, value_name = "目录", required_unless_present = "sample")]
    output: Option<PathBuf>,
    /// 文件已存在时覆盖
    #[arg(long)]
    force: bool,
    /// 写出一份样例工作簿，照着改
    #[arg(long, value_name = "文件", conflicts_with_all = ["book", "id", "title", "output"])]
    sample: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Domain {
    Digital,
    Energy,
    Green,
}

impl From<Domain> for questionnaire::Domain {
    fn from(domain: Domain) -> Self {
        match domain {
            Domain::Digital => Self::Digital,
            Domain::Energy => Self::Energy,
            Domain::Green => Self::Green,
        }
    }
}

/// Names that mean something else where ids of standards are used.
const TAKEN: [&str; 4] = ["facts", "capabilities", "codes", "providers"];

pub fn run(args: &Args) -> u8 {
    match (&args.sample, &args.book, &args.id, &args.output) {
        (Some(path), ..) => write_sample(path, args.force),
        (None, Some(book), Some(id), Some(output)) => convert(args, book, id, output),
        // clap asks for them.
        _ => BAD_INPUT,
    }
}

fn write_sample(path: &Path, force: bool) -> u8 {
    if !may_write(path, force) {
        return FAILED;
    }
    match sample::workbook() {
        Ok(bytes) => {
            let code = io::write(path, &bytes);
            if code == OK {
                io::progress(&format!("样例已写到 {}。", path.display()));
            }
            code
        }
        Err(error) => {
            io::message(&format!("写不出样例：{error}"));
            FAILED
        }
    }
}

fn convert(args: &Args, book: &Path, id: &str, output: &Path) -> u8 {
    let file = book
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let stem = || {
        book.file_stem()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    let title = args.title.clone().unwrap_or_else(stem).trim().to_owned();
    let mut wrong = Vec::new();
    wrong.extend(bad_id(id));
    if title.is_empty() || title.chars().count() > 80 || title.chars().any(char::is_control) {
        wrong.push("标题应为 1–80 个字，写在一行里：用 --title 指明".to_owned());
    }
    let bytes = match read(book) {
        Ok(bytes) => bytes,
        Err(why) => {
            wrong.push(format!("读不了 {}：{why}", book.display()));
            Vec::new()
        }
    };
    if !wrong.is_empty() {
        for what in wrong {
            io::message(&format!("错误：{what}。"));
        }
        return BAD_INPUT;
    }
    let options = import::Options {
        id: id.to_owned(),
        title,
        domain: args.domain.into(),
    };
    let drafts = match import::import(&file, bytes, &options) {
        Ok(drafts) => drafts,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let code = write(args.force, output, id, &drafts);
    if code == OK {
        io::report(&drafts.warnings, &drafts.sources);
        let (sections, questions, full) = (drafts.sections.len(), drafts.questions(), show(drafts.full(), 6));
        io::to_stdout(format!("{file}：{sections} 个部分，{questions} 道题，满分 {full} 分。\n").as_bytes());
        io::progress(&format!(
            "草稿已写到 {0}；逐条核对后运行 qizhen check {0}。",
            output.display()
        ));
    }
    code
}

/// What is wrong with the id of a new standard.
fn bad_id(id: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if !id.chars().all(fits) || !ends(id.chars().next()) || !ends(id.chars().last()) || id.len() > 60 {
        return Some(format!(
            "编号 “{id}” 不能用：应为小写字母、数字和连字符，如 my-city-2026"
        ));
    }
    let built_in = Catalog::load(None).is_ok_and(|catalog| catalog.questionnaires.contains_key(id));
    (built_in || TAKEN.contains(&id)).then(|| format!("编号 “{id}” 已另有用处，请换一个，如 my-city-2026"))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let why = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        std::io::ErrorKind::IsADirectory => "这是一个目录".to_owned(),
        _ => error.to_string(),
    };
    let size = std::fs::metadata(path).map_err(why)?.len();
    if size > book::MAX_BYTES {
        return Err(format!(
            "文件有 {} MB，上限是 {} MB，请删去图片",
            size >> 20,
            book::MAX_BYTES >> 20
        ));
    }
    std::fs::read(path).map_err(why)
}

fn may_write(path: &Path, force: bool) -> bool {
    let free = force || !path.exists();
    if !free {
        io::message(&format!(
            "错误：{} 已经存在，没有动它。换个名字，或加 --force 覆盖。",
            path.display()
        ));
    }
    free
}

/// Writes both files or neither; directories that it made for nothing are taken away again.
fn write(force: bool, output: &Path, id: &str, drafts: &import::Drafts) -> u8 {
    let name = format!("{id}.yaml");
    let paths = ["questionnaires", "scoring-rules"].map(|folder| output.join(folder).join(&name));
    let free: Vec<bool> = paths.iter().map(|path| may_write(path, force)).collect();
    if free.contains(&false) {
        return FAILED;
    }
    let folders = [
        output.to_path_buf(),
        output.join("questionnaires"),
        output.join("scoring-rules"),
    ];
    let mut made: Vec<&PathBuf> = Vec::new();
    let mut code = OK;
    for folder in folders.iter().filter(|folder| !folder.is_dir()) {
        match std::fs::create_dir_all(folder) {
            Ok(()) => made.push(folder),
            Err(error) => {
                code = io::not_written(folder, &error);
                break;
            }
        }
    }
    if code == OK {
        let texts = [drafts.questionnaire.as_bytes(), drafts.rulebook.as_bytes()];
        code = io::write_together(&[(&paths[0], texts[0]), (&paths[1], texts[1])]);
    }
    if code != OK {
        for folder in made.into_iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
    code
}
