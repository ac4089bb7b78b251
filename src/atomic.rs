//! Files replaced whole: whoever looks finds the old file or the new one, never half of one.

use std::ffi::OsString;
use std::io::{Error, Result, Write};
use std::path::{Path, PathBuf};

/// Writes bytes to a file through a temporary name beside it.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = stage(path, bytes)?;
    std::fs::rename(&temporary, path).inspect_err(|_| drop(std::fs::remove_file(&temporary)))
}

/// Writes bytes beside the place where they belong and gives that name, to be renamed or removed.
pub fn stage(path: &Path, bytes: &[u8]) -> Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| Error::other("这不是一个文件名"))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(temporary);
    let written =
        std::fs::File::create(&temporary).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written
        .map(|()| temporary.clone())
        .inspect_err(|_| drop(std::fs::remove_file(&temporary)))
}

/// The file for which a temporary name of [`stage`] stood: what a killed program leaves behind.
pub fn staged_for(temporary: &str) -> Option<&str> {
    let (name, process) = temporary.strip_prefix('.')?.strip_suffix(".tmp")?.rsplit_once('.')?;
    let is_number = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(name)
}

/// Why a file could not be written, in words.
pub fn why(error: &Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "目录不存在".to_owned(),
        std::io::ErrorKind::PermissionDenied => "没有写入权限".to_owned(),
        std::io::ErrorKind::StorageFull => "磁盘满了".to_owned(),
        _ => error.to_string(),
    }
}
