//! From a diagnosis to something people read and sign: template → Markdown → blocks → PDF or HTML.

pub mod chart;
mod chart_table;
pub mod document;
pub mod draw;
pub mod escape;
pub mod html;
pub mod markdown;
pub mod pdf;
pub mod picture;
pub mod plain;
pub mod svg;
pub mod template;
pub mod theme;
pub mod view;

use crate::catalog::Catalog;
use crate::diagnosis::Diagnosis;
use crate::source::suggest;
use document::Document;

/// Width of charts in HTML, in CSS pixels; they shrink with the window.
const HTML_CHART_WIDTH: f32 = 660.0;

/// A report as blocks: the diagnosis through a template of the catalog.
///
/// Errors are in words for whoever wrote the template: which one, line, excerpt.
pub fn document(catalog: &Catalog, diagnosis: &Diagnosis, template: &str) -> Result<Document, String> {
    let Some(sources) = catalog.templates.get(template) else {
        let names = || catalog.templates.keys().map(String::as_str);
        let near = suggest::nearest(template, names()).map_or(String::new(), |n| format!("最接近的是 “{n}”。"));
        return Err(format!("没有模板 “{template}”。{near}可用：{}", suggest::list(names())));
    };
    let context = view::context(diagnosis);
    const ENTRY: &str = "template.md.j2";
    let text = template::render(sources, ENTRY, context.clone()).map_err(|error| error.to_string())?;
    markdown::parse(&text).map_err(|errors| {
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        let origins = template::origins(sources, ENTRY, context, &lines);
        let said: Vec<String> = errors
            .iter()
            .zip(origins)
            .map(|(error, origin)| match origin {
                Some(origin) => format!("{}:{}:1：{error}", origin.template, origin.line),
                None => error.to_string(),
            })
            .collect();
        format!("模板 “{template}” 展开后的文本有误：\n{}", said.join("\n"))
    })
}

/// A report as PDF.
pub fn pdf_bytes(catalog: &Catalog, diagnosis: &Diagnosis, template: &str) -> Result<Vec<u8>, String> {
    let document = document(catalog, diagnosis, template)?;
    pdf::render(&document, &theme::Theme::default()).map_err(|error| error.to_string())
}

/// A report as one self-contained HTML file.
pub fn html_bytes(catalog: &Catalog, diagnosis: &Diagnosis, template: &str) -> Result<Vec<u8>, String> {
    Ok(html(&document(catalog, diagnosis, template)?).into_bytes())
}

/// A document as one self-contained HTML file.
pub fn html(document: &Document) -> String {
    let chart = |chart: &chart::Chart| svg::svg(&draw::draw(chart, HTML_CHART_WIDTH, &svg::Estimate));
    html::render(document, &chart)
}

/// A report as Markdown, charts as tables.
pub fn markdown_bytes(catalog: &Catalog, diagnosis: &Diagnosis, template: &str) -> Result<Vec<u8>, String> {
    Ok(plain::render(&document(catalog, diagnosis, template)?).into_bytes())
}
