//! The forms in which a report is written.

use std::path::Path;

/// Forms of a report. `clap` reads them off the command line by [`Format::name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// 可打印、可签字的 PDF
    Pdf,
    /// 单文件网页
    Html,
    /// 可编辑的 Word 文档
    Docx,
    /// 给程序用的数据
    Json,
    /// Markdown 文本
    Md,
    /// 附表：得分、差距、答案、发现（Excel）
    Xlsx,
}

impl Format {
    /// Every form, in the order in which they are offered.
    pub const ALL: [Format; 6] = [
        Format::Pdf,
        Format::Html,
        Format::Docx,
        Format::Json,
        Format::Md,
        Format::Xlsx,
    ];

    /// Name on the command line and in files; also the extension of a report.
    pub fn name(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Html => "html",
            Format::Docx => "docx",
            Format::Json => "json",
            Format::Md => "md",
            Format::Xlsx => "xlsx",
        }
    }

    /// The form with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The form that the extension of a file asks for.
    pub fn of_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "htm" => Some(Format::Html),
            extension => Self::parse(extension),
        }
    }
}
