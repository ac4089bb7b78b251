//! A template folder opened: sources, pictures and look, those of the folder it extends included.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::report::pdf::fonts::{Face, FaceData};
use crate::report::picture::{Picture, Pictures};
use crate::report::theme::Theme;
use crate::report::theme::file::{FILE, Letterhead, SCHEMA, ThemeFile};
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::{At, SourceMap, shape, suggest, validation, yaml};

/// The file that a report begins with.
pub const ENTRY: &str = "template.md.j2";
/// More folders than this in a row extend one another by mistake.
const LONGEST_CHAIN: usize = 8;

/// A template ready for use.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// Sources by file name.
    pub sources: BTreeMap<String, String>,
    /// Pictures by file name.
    pub pictures: Pictures,
    /// Look.
    pub theme: Theme,
    /// Who issues the report.
    pub letterhead: Option<Letterhead>,
}

/// Opens a template of the catalog. Errors are in words, with file and line.
pub fn open(catalog: &Catalog, name: &str) -> Result<Folder, String> {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let chain = chain(catalog, name, &mut sources, &mut problems)?;
    let mut folder = Folder::default();
    // The one that is extended comes first; what is nearer to the name replaces it.
    for (name, file) in chain.iter().rev() {
        let Some(raw) = catalog.templates.get(*name) else {
            continue;
        };
        folder
            .sources
            .extend(raw.texts.iter().map(|(n, t)| (n.clone(), t.clone())));
        folder.theme = file.apply(folder.theme, &mut problems);
        let spare = &mut folder.theme.spare;
        for (place, file, face) in [
            (&mut spare.regular, &file.fonts.regular, Face::SpareRegular),
            (&mut spare.bold, &file.fonts.bold, Face::SpareBold),
        ] {
            if let Some(file) = file {
                *place = font(&raw.fonts, file, face, &mut problems);
            }
        }
        if file.letterhead.is_some() {
            folder.letterhead = file.letterhead.clone();
        }
        for (picture, bytes) in &raw.pictures {
            match Picture::read(bytes) {
                Ok(read) => drop(folder.pictures.insert(picture.clone(), read)),
                Err(why) => return Err(format!("report-templates/{name}/{picture}：{why}")),
            }
        }
    }
    if diagnostic::has_errors(&problems) {
        return Err(diagnostic::render(&problems, &sources, false));
    }
    if let Some(letterhead) = &folder.letterhead
        && !letterhead.logo.is_empty()
        && !folder.pictures.contains_key(&letterhead.logo)
    {
        let near = suggest::nearest(&letterhead.logo, folder.pictures.keys().map(String::as_str));
        let near = near.map_or(String::new(), |near| format!("，最接近的是 “{near}”"));
        return Err(format!(
            "模板 “{name}” 的 theme.yaml 里写的标志 “{}” 不在目录里{near}",
            letterhead.logo
        ));
    }
    if !folder.sources.contains_key(ENTRY) {
        return Err(format!(
            "模板 “{name}” 里没有 {ENTRY}；写一个，或在 theme.yaml 里写 extends: standard 借用现成的"
        ));
    }
    Ok(folder)
}

/// A font of the folder, or what is wrong with it.
fn font(
    fonts: &BTreeMap<String, Arc<[u8]>>,
    file: &At<String>,
    face: Face,
    problems: &mut Vec<Diagnostic>,
) -> Option<Arc<FaceData>> {
    let name = file.value.as_str();
    let Some(bytes) = fonts.get(name) else {
        let message = format!("目录里没有字体文件 “{name}”");
        let known = fonts.keys().map(String::as_str);
        problems.push(Diagnostic::error(Code::UnknownReference, file.span, message).nearest(name, known));
        return None;
    };
    match FaceData::read(bytes.to_vec().into(), face) {
        Ok(font) => Some(Arc::new(font)),
        Err(why) => {
            let message = format!("字体 “{name}”{why}");
            problems.push(Diagnostic::error(Code::Range, file.span, message));
            None
        }
    }
}

/// A template and those it extends, each with its theme file.
fn chain<'c>(
    catalog: &'c Catalog,
    name: &str,
    sources: &mut SourceMap,
    problems: &mut Vec<Diagnostic>,
) -> Result<Vec<(&'c str, ThemeFile)>, String> {
    let names = || catalog.templates.keys().map(String::as_str);
    let Some((first, _)) = catalog.templates.get_key_value(name) else {
        let near = suggest::nearest(name, names()).map_or(String::new(), |n| format!("最接近的是 “{n}”。"));
        return Err(format!("没有模板 “{name}”。{near}可用：{}", suggest::list(names())));
    };
    let mut chain: Vec<(&str, ThemeFile)> = Vec::new();
    let mut next = Some(first.as_str());
    while let Some(name) = next.take() {
        let file = theme_file(catalog, name, sources, problems);
        if let Some(base) = &file.extends {
            let known = catalog.templates.get_key_value(base.value.as_str());
            let circular = base.value == name || chain.iter().any(|(before, _)| *before == base.value);
            match known {
                Some((base, _)) if !circular && chain.len() < LONGEST_CHAIN => next = Some(base),
                Some(_) => {
                    let message = format!("模板互相借用，没有尽头：{name} → {}", base.value);
                    problems.push(Diagnostic::error(Code::Cycle, base.span, message));
                }
                None => problems.push(
                    Diagnostic::error(Code::UnknownReference, base.span, format!("没有模板 “{}”", base.value))
                        .nearest(&base.value, names()),
                ),
            }
        }
        chain.push((name, file));
    }
    Ok(chain)
}

fn theme_file(catalog: &Catalog, name: &str, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) -> ThemeFile {
    let Some(text) = catalog.templates.get(name).and_then(|folder| folder.texts.get(FILE)) else {
        return ThemeFile::default();
    };
    let file = sources.add(format!("report-templates/{name}/{FILE}"), text.as_str());
    let node = match yaml::parse(file, text) {
        Ok(node) => node,
        Err(found) => {
            problems.extend(found);
            return ThemeFile::default();
        }
    };
    if let Err(problem) = yaml::expect_schema(&node, SCHEMA) {
        problems.push(problem);
    }
    let read = shape::read::<ThemeFile>(&node, problems).unwrap_or_default();
    validation::check(&read, &node, problems);
    read
}
