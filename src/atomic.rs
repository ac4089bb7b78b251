//! Files replaced whole: whoever looks finds the old file or the new one, never half of one.

use std::ffi::OsString;
use std::io::{Error, Result, Write};
use std::path::{Path, PathBuf};

/// Writes bytes to a file through a temporary name beside it.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let path = &place(path);
    if is_special(path) {
        return pour(path, bytes);
    }
    let temporary = stage(path, bytes)?;
    std::fs::rename(&temporary, path).inspect_err(|_| drop(std::fs::remove_file(&temporary)))
}

/// Where a path leads: a link stays, and what it points at is replaced.
pub fn place(path: &Path) -> PathBuf {
    if path.is_symlink() {
        std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
    } else {
        path.to_path_buf()
    }
}

/// Whether there is a device or a pipe at this place: `/dev/null`, `/dev/stdout`. Renaming a file to its name would take its
/// place, and the next program that writes there would fill a file.
pub fn is_special(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Writes to a device or pipe.
pub fn pour(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut open = std::fs::OpenOptions::new().write(true).open(path)?;
    open.write_all(bytes).and_then(|()| open.flush())
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_stays_a_pipe() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        assert!(
            std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        assert!(is_special(&pipe) && is_special(Path::new("/dev/null")) && !is_special(dir.path()));
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        replace(&pipe, b"report").unwrap();
        assert_eq!(reader.join().unwrap(), b"report");
        assert!(is_special(&pipe));
    }

    #[test]
    fn a_link_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        std::fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&real).unwrap(), b"new");
    }
}
