//! Which files make a catalog: those built into the program and those of an overlay directory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::{SourceMap, Span, yaml};

static QUESTIONNAIRES: Dir = include_dir!("$CARGO_MANIFEST_DIR/questionnaires");
static RULEBOOKS: Dir = include_dir!("$CARGO_MANIFEST_DIR/scoring-rules");
static ADVICE: Dir = include_dir!("$CARGO_MANIFEST_DIR/advice");
static PROVIDERS: Dir = include_dir!("$CARGO_MANIFEST_DIR/providers");
static POLICIES: Dir = include_dir!("$CARGO_MANIFEST_DIR/policies");
static CASES: Dir = include_dir!("$CARGO_MANIFEST_DIR/cases");
static CONSISTENCY: Dir = include_dir!("$CARGO_MANIFEST_DIR/consistency");
static MIGRATIONS: Dir = include_dir!("$CARGO_MANIFEST_DIR/migrations");
static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/report-templates");

/// Folders of a data directory that hold YAML files.
const FOLDERS: [&str; 8] = [
    "questionnaires",
    "scoring-rules",
    "advice",
    "providers",
    "policies",
    "cases",
    "consistency",
    "migrations",
];

/// Template folders by name.
pub type Templates = BTreeMap<String, TemplateFolder>;

/// The files of one template, by file name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TemplateFolder {
    /// `template.md.j2`, what it includes, and `theme.yaml`.
    pub texts: BTreeMap<String, String>,
    /// Logos and other pictures, as they are.
    pub pictures: BTreeMap<String, Arc<[u8]>>,
    /// Fonts, as they are.
    pub fonts: BTreeMap<String, Arc<[u8]>>,
}

impl TemplateFolder {
    /// Takes a built-in file, if it is one that a template can use.
    fn place(&mut self, name: &str, bytes: &[u8]) {
        if is_picture(name) {
            self.pictures.insert(name.to_owned(), bytes.into());
        } else if is_font(name) {
            self.fonts.insert(name.to_owned(), bytes.into());
        } else if is_template_text(name) {
            self.texts
                .insert(name.to_owned(), String::from_utf8_lossy(bytes).into_owned());
        }
    }
}

fn is_template_text(name: &str) -> bool {
    [".j2", ".md", ".yaml", ".yml"].iter().any(|end| name.ends_with(end))
}

/// Whether a file name is that of a picture a report can show.
pub fn is_picture(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".jpg", ".jpeg", ".png"].iter().any(|end| lower.ends_with(end))
}

fn is_font(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".ttf", ".otf", ".ttc"].iter().any(|end| lower.ends_with(end))
}

/// Largest picture that is read.
pub const MAX_PICTURE: u64 = 40 << 20;

/// The files of a catalog, as numbers in a source map; `true` marks files of the overlay.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// `questionnaires/facts.yaml`, built-in and overlay.
    pub facts: Vec<u32>,
    /// `advice/capabilities.yaml`, built-in and overlay.
    pub capabilities: Vec<u32>,
    /// Questionnaires.
    pub questionnaires: Vec<(u32, bool)>,
    /// Rulebooks.
    pub rulebooks: Vec<(u32, bool)>,
    /// Measures.
    pub measures: Vec<(u32, bool)>,
    /// `advice/matching.yaml`, built-in and overlay; the last one counts.
    pub matching: Vec<u32>,
    /// Provider pools; those of the overlay replace the built-in sample.
    pub providers: Vec<u32>,
    /// Policies.
    pub policies: Vec<u32>,
    /// Cases, scenes and reference values.
    pub cases: Vec<u32>,
    /// Checks of consistency.
    pub consistency: Vec<u32>,
    /// Migrations between editions.
    pub migrations: Vec<(u32, bool)>,
    /// Report templates.
    pub templates: Templates,
}

impl Files {
    /// Reads the built-in files and those of the overlay.
    pub fn read(overlay: Option<&Path>, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) -> Self {
        let mut files = Files::default();
        for (folder, dir) in [
            ("questionnaires", &QUESTIONNAIRES),
            ("scoring-rules", &RULEBOOKS),
            ("advice", &ADVICE),
            ("providers", &PROVIDERS),
            ("policies", &POLICIES),
            ("cases", &CASES),
            ("consistency", &CONSISTENCY),
            ("migrations", &MIGRATIONS),
        ] {
            for file in sorted(dir) {
                let (Some(name), Some(text)) = (file.path().file_name().and_then(|n| n.to_str()), file.contents_utf8())
                else {
                    continue;
                };
                let number = sources.add(format!("内置:{folder}/{name}"), text);
                files.place(folder, name, number, false);
            }
        }
        for template in TEMPLATES.dirs() {
            let name = template.path().to_string_lossy().into_owned();
            let folder = files.templates.entry(name).or_default();
            for file in sorted(template) {
                if let Some(name) = file.path().file_name().and_then(|n| n.to_str()) {
                    folder.place(name, file.contents());
                }
            }
        }
        if let Some(root) = overlay {
            files.read_overlay(root, sources, problems);
        }
        files
    }

    /// Takes texts as those of an overlay, under their paths in a data directory: `questionnaires/demo.yaml`.
    pub fn overlay(&mut self, texts: &[(&str, &str)], sources: &mut SourceMap) {
        if texts.iter().any(|(path, _)| path.starts_with("providers/")) {
            self.providers.clear();
        }
        for (path, text) in texts {
            if let Some((folder, name)) = path.split_once('/') {
                let number = sources.add(*path, *text);
                self.place(folder, name, number, true);
            }
        }
    }

    fn place(&mut self, folder: &str, name: &str, number: u32, overlay: bool) {
        if !name.ends_with(".yaml") && !name.ends_with(".yml") {
            return;
        }
        match (folder, name) {
            ("questionnaires", "facts.yaml") => self.facts.push(number),
            ("questionnaires", _) => self.questionnaires.push((number, overlay)),
            ("scoring-rules", _) => self.rulebooks.push((number, overlay)),
            ("advice", "capabilities.yaml") => self.capabilities.push(number),
            ("advice", "matching.yaml") => self.matching.push(number),
            ("advice", _) => self.measures.push((number, overlay)),
            ("providers", _) => self.providers.push(number),
            ("policies", _) => self.policies.push(number),
            ("cases", _) => self.cases.push(number),
            ("consistency", _) => self.consistency.push(number),
            ("migrations", _) => self.migrations.push((number, overlay)),
            _ => {}
        }
    }

    fn read_overlay(&mut self, root: &Path, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) {
        if !root.is_dir() {
            unreadable(root, "不是一个目录", sources, problems);
            return;
        }
        let mut found = 0;
        for folder in FOLDERS {
            let mut names = listing(&root.join(folder));
            names.retain(|path| !path.is_dir());
            if folder == "providers" && !names.is_empty() {
                self.providers.clear();
            }
            for path in names {
                found += 1;
                if let Some(number) = read_file(&path, sources, problems) {
                    let name = path
                        .file_name()
                        .map_or(String::new(), |n| n.to_string_lossy().into_owned());
                    self.place(folder, &name, number, true);
                }
            }
        }
        for template in listing(&root.join("report-templates")) {
            let Some(name) = template.file_name().and_then(|n| n.to_str()).map(str::to_owned) else {
                continue;
            };
            let folder = self.templates.entry(name).or_default();
            for path in listing(&template) {
                found += 1;
                read_template_file(&path, folder, sources, problems);
            }
        }
        if found == 0 {
            let why = format!("里面没有 {}、report-templates 中的任何文件", FOLDERS.join("、"));
            unreadable(root, &why, sources, problems);
        }
    }

    /// FNV-1a over every text in order: cheap, stable, enough to tell catalogs apart (not a signature).
    pub fn digest(&self, sources: &SourceMap) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let texts = self
            .templates
            .values()
            .flat_map(|t| t.texts.values())
            .map(String::as_bytes);
        let pictures = self
            .templates
            .values()
            .flat_map(|t| t.pictures.values().chain(t.fonts.values()))
            .map(|p| &p[..]);
        for bytes in sources.iter().map(|s| s.text.as_bytes()).chain(texts).chain(pictures) {
            for byte in bytes.iter().chain(&[0]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }
}

/// Takes one file of a template folder on disk; what no template can use is passed over.
fn read_template_file(
    path: &Path,
    folder: &mut TemplateFolder,
    sources: &mut SourceMap,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
        return;
    };
    if is_picture(name) {
        match read_picture(path) {
            Ok(bytes) => drop(folder.pictures.insert(name.to_owned(), bytes)),
            Err(why) => unreadable(path, &why, sources, problems),
        }
    } else if is_font(name) {
        match read_picture(path) {
            Ok(bytes) => drop(folder.fonts.insert(name.to_owned(), bytes)),
            Err(why) => unreadable(path, &why, sources, problems),
        }
    } else if is_template_text(name)
        && let Some(number) = read_file(path, sources, problems)
    {
        let text = sources.get(number).map_or(String::new(), |s| s.text.to_string());
        folder.texts.insert(name.to_owned(), text);
    }
}

/// The bytes of a picture file of at most [`MAX_PICTURE`], or why not.
pub fn read_picture(path: &Path) -> Result<Arc<[u8]>, String> {
    let size = std::fs::metadata(path).map_err(|error| why(&error))?.len();
    if size > MAX_PICTURE {
        return Err(format!("文件有 {} MB，上限是 {} MB", size >> 20, MAX_PICTURE >> 20));
    }
    std::fs::read(path).map(Into::into).map_err(|error| why(&error))
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        std::io::ErrorKind::IsADirectory => "这是一个目录".to_owned(),
        _ => error.to_string(),
    }
}

fn sorted<'a>(dir: &'a Dir<'a>) -> Vec<&'a include_dir::File<'a>> {
    let mut files: Vec<_> = dir.files().collect();
    files.sort_by_key(|file| file.path().to_path_buf());
    files
}

fn listing(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    paths.retain(|path| !path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')));
    paths.sort();
    paths
}

/// The built-in cases: name and text, sorted by name.
pub fn builtin_cases() -> Vec<(String, &'static str)> {
    let folders = RULEBOOKS.get_dir("cases").into_iter().flat_map(Dir::dirs);
    let mut cases: Vec<(String, &str)> = folders
        .flat_map(|folder| folder.files())
        .filter_map(|file| {
            Some((
                format!("内置:scoring-rules/{}", file.path().display()),
                file.contents_utf8()?,
            ))
        })
        .collect();
    cases.sort();
    cases
}

fn unreadable(path: &Path, why: &str, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) {
    let file = sources.add(path.display().to_string(), "");
    let span = Span {
        file,
        line: 0,
        ..Span::default()
    };
    problems.push(Diagnostic::error(
        Code::Unreadable,
        span,
        format!("读不了 {}：{why}", path.display()),
    ));
}

/// Reads a text file of at most [`yaml::MAX_BYTES`] into the source map, or tells why not.
pub fn read_file(path: &Path, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) -> Option<u32> {
    let size = std::fs::metadata(path).map(|m| m.len());
    if let Ok(size) = size
        && size > yaml::MAX_BYTES
    {
        return too_large(&path.display().to_string(), size, sources, problems);
    }
    match std::fs::read(path) {
        Ok(bytes) => text(&path.display().to_string(), bytes, sources, problems),
        Err(error) => {
            unreadable(path, &why(&error), sources, problems);
            None
        }
    }
}

/// Takes bytes as UTF-8 text into the source map, or tells why not.
pub fn text(name: &str, bytes: Vec<u8>, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) -> Option<u32> {
    if bytes.len() as u64 > yaml::MAX_BYTES {
        return too_large(name, bytes.len() as u64, sources, problems);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(sources.add(name, text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let good = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
            let line = good.matches('\n').count() as u32 + 1;
            let column = good.rsplit('\n').next().map_or(0, |l| l.chars().count()) as u32 + 1;
            let file = sources.add(name, good);
            let span = Span {
                file,
                line,
                column,
                ..Span::default()
            };
            problems.push(
                Diagnostic::error(Code::NotUtf8, span, "文件不是 UTF-8 编码")
                    .hint("用记事本打开，另存为时编码选 UTF-8；Excel 导出的 CSV 请先另存为 CSV UTF-8"),
            );
            None
        }
    }
}

fn too_large(name: &str, size: u64, sources: &mut SourceMap, problems: &mut Vec<Diagnostic>) -> Option<u32> {
    let file = sources.add(name, "");
    let span = Span {
        file,
        line: 0,
        ..Span::default()
    };
    let message = format!(
        "文件有 {} MB，上限是 {} MB",
        size / 1_048_576,
        yaml::MAX_BYTES / 1_048_576
    );
    problems.push(
        Diagnostic::error(Code::TooLarge, span, message)
            .hint("问卷和评估文件通常不到 1 MB；照片等佐证请放在旁边的目录里"),
    );
    None
}
