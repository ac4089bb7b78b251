//! From a diagnosis to something people read and sign: template → Markdown → blocks → PDF, HTML or DOCX.

pub mod chart;
mod chart_table;
pub mod document;
pub mod docx;
pub mod draw;
pub mod escape;
pub mod format;
pub mod html;
pub mod markdown;
pub mod pdf;
pub mod photos;
pub mod picture;
pub mod plain;
pub mod qr;
pub mod raster;
pub mod svg;
pub mod template;
pub mod theme;
pub mod view;
pub mod xlsx;

use crate::catalog::Catalog;
use crate::comparison::Comparison;
use crate::diagnosis::Diagnosis;
use document::Document;
use picture::Pictures;
use template::folder::{self, Folder};
use theme::Theme;

/// Width of charts in HTML, in CSS pixels; they shrink with the window.
const HTML_CHART_WIDTH: f32 = 660.0;

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Templates and rules.
    pub catalog: &'a Catalog,
    /// The result.
    pub diagnosis: &'a Diagnosis,
    /// Name of the template.
    pub template: &'a str,
    /// Photos of evidence, by the path under which the assessment names them.
    pub photos: Option<&'a Pictures>,
    /// The template, where it has been opened already: for many reports once is enough.
    pub folder: Option<&'a Folder>,
    /// The code by which it can be checked, where it has one.
    pub mark: Option<&'a Mark>,
    /// What changed since an earlier assessment, where there is one to compare with.
    pub comparison: Option<&'a Comparison>,
}

/// What a report says about how it can be checked.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Digest of answers, rules and program, 64 hexadecimal digits.
    pub code: String,
    /// Whether the file carries the answers, so that it can be computed again.
    pub carried: bool,
}

impl<'a> Request<'a> {
    /// A report without photos, code and comparison.
    pub fn new(catalog: &'a Catalog, diagnosis: &'a Diagnosis, template: &'a str) -> Self {
        Self {
            catalog,
            diagnosis,
            template,
            photos: None,
            folder: None,
            mark: None,
            comparison: None,
        }
    }
}

/// A report as blocks, and how it looks.
#[derive(Debug, Clone)]
pub struct Report {
    /// The blocks.
    pub document: Document,
    /// The look.
    pub theme: Theme,
}

/// Takes a diagnosis through a template.
///
/// Errors are in words for whoever wrote the template: which file, line, excerpt.
pub fn make(request: &Request) -> Result<Report, String> {
    let opened;
    let folder = match request.folder {
        Some(folder) => folder,
        None => {
            opened = folder::open(request.catalog, request.template)?;
            &opened
        }
    };
    let mut pictures = folder.pictures.clone();
    for (path, photo) in request.photos.into_iter().flatten() {
        pictures.insert(format!("{}{path}", view::PHOTO), photo.clone());
    }
    let context = view::context(request, folder.letterhead.as_ref());
    let (template, sources) = (request.template, &folder.sources);
    let text = template::render(sources, folder::ENTRY, context.clone()).map_err(|error| error.to_string())?;
    let document = markdown::parse_with(&text, &pictures).map_err(|errors| {
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        let origins = template::origins(sources, folder::ENTRY, context, &lines);
        let said: Vec<String> = errors
            .iter()
            .zip(origins)
            .map(|(error, origin)| match origin {
                Some(origin) => format!("{}:{}:1：{error}", origin.template, origin.line),
                None => error.to_string(),
            })
            .collect();
        format!("模板 “{template}” 展开后的文本有误：\n{}", said.join("\n"))
    })?;
    Ok(Report {
        document,
        theme: folder.theme.clone(),
    })
}

impl Report {
    /// As PDF.
    pub fn pdf(&self) -> Result<Vec<u8>, String> {
        pdf::render(&self.document, &self.theme).map_err(|error| error.to_string())
    }

    /// As PDF to which files can be attached.
    pub fn pdf_to_attach(&self) -> Result<Vec<u8>, String> {
        pdf::render_to_attach(&self.document, &self.theme).map_err(|error| error.to_string())
    }

    /// How many pages it has as PDF.
    pub fn pages(&self) -> Result<usize, String> {
        pdf::page_count(&self.document, &self.theme).map_err(|error| error.to_string())
    }

    /// As one self-contained HTML file.
    pub fn html(&self) -> String {
        html(&self.document, &self.theme)
    }

    /// As DOCX, to be edited.
    pub fn docx(&self) -> Result<Vec<u8>, String> {
        docx::render(&self.document, &self.theme)
    }

    /// As Markdown, charts as tables.
    pub fn markdown(&self) -> String {
        plain::render(&self.document)
    }
}

/// A document as one self-contained HTML file.
pub fn html(document: &Document, theme: &Theme) -> String {
    let chart = |chart: &chart::Chart| svg::svg(&draw::draw_with(chart, HTML_CHART_WIDTH, theme, &svg::Estimate));
    html::render(document, theme, &chart)
}
