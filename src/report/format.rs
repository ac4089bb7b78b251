//! The forms in which a report is written.

use std::path::Path;

use super::Request;

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

    /// A report in this form. Errors are in words for whoever wrote the template.
    pub fn bytes(self, request: &Request) -> Result<Vec<u8>, String> {
        Self::all(&[self], request).map(|mut made| made.pop().unwrap_or_default())
    }

    /// A report in each of these forms, in their order; it goes through the template once.
    pub fn all(formats: &[Self], request: &Request) -> Result<Vec<Vec<u8>>, String> {
        let needs_template = formats
            .iter()
            .any(|format| !matches!(format, Format::Json | Format::Xlsx));
        let report = needs_template.then(|| super::make(request)).transpose()?;
        let bytes = |format: &Self| match (format, &report) {
            (Format::Pdf, Some(report)) => report.pdf(),
            (Format::Html, Some(report)) => Ok(report.html().into_bytes()),
            (Format::Docx, Some(report)) => report.docx(),
            (Format::Xlsx, _) => super::xlsx::render(request.diagnosis),
            (Format::Md, Some(report)) => Ok(report.markdown().into_bytes()),
            (Format::Json, _) | (_, None) => {
                let mut json = serde_json::to_vec_pretty(request.diagnosis).map_err(|error| error.to_string())?;
                json.push(b'\n');
                Ok(json)
            }
        };
        formats.iter().map(bytes).collect()
    }
}
