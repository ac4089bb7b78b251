//! `qizhen diagnose`: an assessment in, a report out.

use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::Catalog;
use crate::comparison;
use crate::diagnosis::{self, Loaded};
use crate::provenance::Confidence;
use crate::report::format::Format;
use crate::seal::{Kind, Order, Since};

/// 诊断一家企业，出报告
#[derive(Debug, clap::Args)]
#[command(
    about = "诊断一家企业：评分、定级、找短板、荐服务商，出 PDF 报告",
    after_help = "例：\n  qizhen diagnose 我厂.assessment.yaml                      写出 我厂.pdf\n  qizhen diagnose 我厂.assessment.yaml -o 报告.html          按扩展名选形式\n  qizhen diagnose 我厂.assessment.yaml --format json         打印到标准输出\n  qizhen diagnose 今年.assessment.yaml --since 去年.assessment.yaml   加一章“与上次相比”\n  cat 我厂.assessment.yaml | qizhen diagnose - -o - > 报告.pdf"
)]
pub struct Args {
    /// 评估文件；- 为标准输入
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 写到哪里；- 为标准输出。不写时：PDF、DOCX 和 XLSX 写在评估文件旁边，其他形式打印到标准输出
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    /// 报告形式；不写时看输出文件的扩展名，再不然就是 pdf
    #[arg(long, value_enum, value_name = "形式")]
    format: Option<Format>,
    /// 报告模板（report-templates 下的目录名）
    #[arg(long, value_name = "名称", default_value = "standard")]
    template: String,
    /// 上次的评估文件，或当时 --format json 写出的诊断结果：报告加一章“与上次相比”
    #[arg(long, value_name = "上次")]
    since: Option<PathBuf>,
    /// 报告里不带数据附件（评估文件原文）：答案不外传，但别人也不能用 verify 重算核对，不能签名
    #[arg(long)]
    no_data: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let format = args
        .format
        .or_else(|| args.output.as_deref().and_then(Format::of_extension))
        .unwrap_or(Format::Pdf);
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
    let photos = io::photos(&args.file, &loaded);
    let since = match args
        .since
        .as_deref()
        .map(|old| since(&catalog, old, &loaded))
        .transpose()
    {
        Ok(since) => since,
        Err(code) => return code,
    };
    let order = Order {
        catalog: &catalog,
        loaded: &loaded,
        diagnosis: &diagnosis,
        template: &args.template,
        folder: None,
        photos: &photos,
        since: since.as_ref(),
        carried: !args.no_data,
    };
    let bytes = match order.files(&[format]).map(|files| files.concat()) {
        Ok(bytes) => bytes,
        Err(why) => {
            io::message(&format!("错误：报告没有生成。\n{why}"));
            return FAILED;
        }
    };
    if !loaded.warnings.is_empty() {
        io::report(&loaded.warnings, &loaded.sources);
    }
    let output = match (&args.output, format) {
        (Some(path), _) => path.clone(),
        (None, Format::Pdf) => beside(&args.file, "pdf"),
        (None, Format::Xlsx) => beside(&args.file, "xlsx"),
        (None, Format::Docx) => beside(&args.file, "docx"),
        (None, _) => PathBuf::from("-"),
    };
    let code = io::write(&output, &bytes);
    if code == OK && output != Path::new("-") {
        io::progress(&summary(&diagnosis, &output));
        let carries = Kind::of_format(format).is_some();
        if carries && args.no_data {
            io::progress("没有带数据附件：收到报告的人不能用 qizhen verify 重算核对，也不能在上面签名。");
        } else if carries {
            io::progress("报告带有评估文件原文，供 qizhen verify 重算核对；不愿外传时加 --no-data。");
        }
    }
    code
}

/// What changed since an earlier assessment.
fn since(catalog: &Catalog, old: &Path, new: &Loaded) -> Result<Since, u8> {
    let (before, text) = io::before(catalog, old)?;
    let comparison = comparison::compare(catalog, &before, new).map_err(|why| {
        io::message(&format!("错误：对比没有做成。\n{why}"));
        FAILED
    })?;
    for note in &comparison.notes {
        io::message(&format!("提醒：{note}。"));
    }
    Ok(Since { text, comparison })
}

/// `a/我厂.assessment.yaml` → `a/我厂.pdf`; stdin → stdout.
fn beside(file: &Path, extension: &str) -> PathBuf {
    if file == Path::new("-") {
        return file.to_path_buf();
    }
    let name = file
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let stem = [
        ".assessment.yaml",
        ".assessment.yml",
        ".assessment.json",
        ".yaml",
        ".yml",
        ".json",
    ]
    .iter()
    .find_map(|end| name.strip_suffix(end))
    .unwrap_or(&name);
    file.with_file_name(format!("{stem}.{extension}"))
}

/// What a person wants to see when the report is there.
fn summary(diagnosis: &diagnosis::Diagnosis, output: &Path) -> String {
    let mut lines = vec![format!("{}  {}", diagnosis.enterprise.name, diagnosis.date)];
    for standard in &diagnosis.standards {
        let score = match standard.card.score {
            Some(score) => format!("{} / {} 分", crate::round::show(score, 3), standard.card.full),
            None if standard.card.full == 0.0 => "不计分".into(),
            None => "未评分".into(),
        };
        let grade = standard.card.grade.as_ref().map_or(String::new(), |g| {
            format!("  {}", crate::advice::gaps::grade_in_words(g.level, &g.name))
        });
        let doubtful = if standard.card.confidence == Confidence::Unverified {
            "（规则未核实）"
        } else {
            ""
        };
        lines.push(format!("  {}：{score}{grade}{doubtful}", standard.short));
    }
    if !diagnosis.consistency.is_empty() {
        lines.push(format!(
            "  有 {} 处答案对不上，见报告附录 C",
            diagnosis.consistency.len()
        ));
    }
    lines.push(format!("报告已写到 {}", output.display()));
    lines.join("\n")
}
