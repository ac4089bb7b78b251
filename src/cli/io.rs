//! Files, pipes and messages, the same for every subcommand.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK};
use crate::atomic;
use crate::catalog::{Broken, Catalog, files};
use crate::comparison::{Before, Unreadable};
use crate::diagnosis::{self, Loaded};
use crate::report::{photos, picture::Pictures};
use crate::source::diagnostic::{self, Diagnostic};
use crate::source::{SourceMap, yaml};

/// No release knows a day before it was made; a clock that says so is wrong and must not turn assessments away.
const RELEASED: &str = "2026-11-22";

/// Today, `YYYY-MM-DD`, in the time zone of the machine.
pub fn today() -> String {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    now.date().to_string().max(RELEASED.to_owned())
}

/// Loads the catalog; on problems prints them and gives the exit code.
pub fn catalog(data: Option<&Path>) -> Result<Catalog, u8> {
    Catalog::load(data).map_err(|broken| {
        report(&broken.problems, &broken.sources);
        BAD_INPUT
    })
}

/// Prints diagnostics to stderr with a closing count.
pub fn report(problems: &[Diagnostic], sources: &SourceMap) {
    list(problems, sources);
    let mut text = String::new();
    let errors = problems
        .iter()
        .filter(|p| p.severity == diagnostic::Severity::Error)
        .count();
    let warnings = problems.len() - errors;
    if errors > 0 {
        text += &format!("共 {errors} 处错误");
        if warnings > 0 {
            text += &format!("、{warnings} 处提醒");
        }
        text += "；改正后重试，没有写出任何文件。\n";
    } else if warnings > 0 {
        text += &format!("共 {warnings} 处提醒，不影响评分。\n");
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Prints diagnostics to stderr without a word on what comes of them.
pub fn list(problems: &[Diagnostic], sources: &SourceMap) {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let _ = std::io::stderr().write_all(diagnostic::render(problems, sources, color).as_bytes());
}

/// Reads an assessment from a file or, for `-`, from stdin. All problems come back with their texts.
pub fn assessment(catalog: &Catalog, path: &Path) -> Result<Loaded, Broken> {
    let (name, text) = text(path)?;
    diagnosis::read(catalog, &name, &text, &today())
}

/// The photos of an assessment; says which of them a report is made without.
pub fn photos(path: &Path, loaded: &Loaded) -> Pictures {
    let (photos, missing) = photos::read(path, loaded);
    if !missing.is_empty() {
        progress(&format!(
            "有 {} 张佐证照片没有放进报告：\n  {}",
            missing.len(),
            missing.join("\n  ")
        ));
    }
    photos
}

/// Name for messages and text of a file or, for `-`, of stdin.
pub fn text(path: &Path) -> Result<(String, String), Broken> {
    let mut sources = SourceMap::default();
    let mut problems = Vec::new();
    let file = if path == Path::new("-") {
        let mut bytes = Vec::new();
        // One byte more than allowed is enough to know that it is too much.
        match std::io::stdin()
            .lock()
            .take(yaml::MAX_BYTES + 1)
            .read_to_end(&mut bytes)
        {
            Ok(_) => files::text("<标准输入>", bytes, &mut sources, &mut problems),
            Err(error) => files::text(
                "<标准输入>",
                error.to_string().into_bytes(),
                &mut sources,
                &mut problems,
            ),
        }
    } else {
        files::read_file(path, &mut sources, &mut problems)
    };
    match file.and_then(|file| sources.get(file)) {
        Some(source) => Ok((source.name.to_string(), source.text.to_string())),
        None => Err(Broken { problems, sources }),
    }
}

/// The earlier of two assessments, and its text: an assessment or a diagnosis as JSON. Says why not and gives the exit code.
pub fn before(catalog: &Catalog, path: &Path) -> Result<(Before, String), u8> {
    let (name, text) = text(path).map_err(|broken| {
        report(&broken.problems, &broken.sources);
        BAD_INPUT
    })?;
    match Before::read(catalog, &name, &text, &today()) {
        Ok(before) => Ok((before, text)),
        Err(Unreadable::Assessment(broken)) => {
            report(&broken.problems, &broken.sources);
            Err(BAD_INPUT)
        }
        Err(Unreadable::Diagnosis(why)) => {
            message(&format!("错误：{why}"));
            Err(BAD_INPUT)
        }
    }
}

/// The bytes of a file that may be anything, or, for `-`, of stdin; says why not and gives the exit code.
pub fn bytes(path: &Path) -> Result<Vec<u8>, u8> {
    /// Far more than any report has.
    const MOST: u64 = 256 << 20;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(MOST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes))
    };
    let why = match read {
        Ok(_) if bytes.len() as u64 <= MOST => return Ok(bytes),
        Ok(_) => format!("超过 {} MB，不会是企诊的文件", MOST >> 20),
        Err(error) => match error.kind() {
            std::io::ErrorKind::NotFound => "没有这个文件".to_owned(),
            std::io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
            std::io::ErrorKind::IsADirectory => "这是一个目录".to_owned(),
            _ => error.to_string(),
        },
    };
    message(&format!("读不了 {}：{why}", path.display()));
    Err(BAD_INPUT)
}

/// Writes bytes to a file (through a temporary name, so that a crash leaves the old file or the new one) or, for `-`, to
/// stdout.
pub fn write(path: &Path, bytes: &[u8]) -> u8 {
    if path == Path::new("-") {
        return to_stdout(bytes);
    }
    write_together(&[(path, bytes)])
}

/// Writes a file into a folder that is made when it is not there, and taken away again when the file cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> u8 {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    if let Some(folder) = folder
        && let Err(error) = std::fs::create_dir_all(folder)
    {
        return not_written(folder, &error);
    }
    let code = write(path, bytes);
    if let Some(folder) = folder.filter(|_| code != OK) {
        let _ = std::fs::remove_dir(folder);
    }
    code
}

/// Writes several files: all of them or, when one cannot be written, none.
pub fn write_together(files: &[(&Path, &[u8])]) -> u8 {
    let places: Vec<(PathBuf, &[u8])> = files
        .iter()
        .map(|(path, bytes)| (atomic::place(path), *bytes))
        .collect();
    // Devices and pipes take what they get, so they come last.
    let (special, files): (Vec<_>, Vec<_>) = places.iter().partition(|(path, _)| atomic::is_special(path));
    let mut staged = Vec::new();
    let mut placed: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    let mut failed = None;
    for (path, bytes) in &files {
        match atomic::stage(path, bytes) {
            Ok(temporary) => staged.push((path.as_path(), temporary)),
            Err(error) => {
                failed = Some((path.as_path(), error));
                break;
            }
        }
    }
    for (path, temporary) in &staged {
        if failed.is_some() {
            break;
        }
        // What was there is wanted back when a later one fails.
        let before = std::fs::read(path).ok().filter(|_| files.len() > 1);
        match std::fs::rename(temporary, path) {
            Ok(()) => placed.push((*path, before)),
            Err(error) => failed = Some((*path, error)),
        }
    }
    for (path, bytes) in special {
        if failed.is_some() {
            break;
        }
        failed = atomic::pour(path, bytes).err().map(|error| (path.as_path(), error));
    }
    let Some((path, error)) = failed else { return OK };
    for (_, temporary) in &staged {
        let _ = std::fs::remove_file(temporary);
    }
    for (path, before) in placed {
        let _ = match before {
            Some(bytes) => std::fs::write(path, bytes),
            None => std::fs::remove_file(path),
        };
    }
    not_written(path, &error)
}

/// Says why a file could not be written.
pub fn not_written(path: &Path, error: &std::io::Error) -> u8 {
    message(&format!("写不进 {}：{}", path.display(), atomic::why(error)));
    FAILED
}

/// Writes to stdout; a reader that has gone away is no failure.
pub fn to_stdout(bytes: &[u8]) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            message(&format!("写标准输出失败：{error}"));
            FAILED
        }
        _ => OK,
    }
}

/// A line on stderr.
pub fn message(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A line on stderr, only for people.
pub fn progress(text: &str) {
    if std::io::stderr().is_terminal() {
        message(text);
    }
}
