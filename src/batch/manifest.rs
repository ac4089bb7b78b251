//! What is done, remembered in the output directory, so that a second run does only what changed.
//!
//! `.qizhen-batch.json` is replaced at the end of a run; meanwhile every finished report adds a line to `.qizhen-batch.journal`,
//! so that a run which is killed loses nothing. The journal is locked: two runs never work in one directory.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Record;
use crate::atomic;
use crate::digest::Digest;

/// First line of a manifest.
const SCHEMA: &str = "qizhen/batch/1";
/// Name of the manifest.
pub const FILE: &str = ".qizhen-batch.json";
const JOURNAL: &str = ".qizhen-batch.journal";

/// The reports on one input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Name of the reports without extension.
    pub name: String,
    /// Digest of everything that they were made of.
    pub made_of: String,
    /// The file that the input stood in.
    pub source: PathBuf,
    /// Extension → digest of the report.
    pub reports: BTreeMap<String, String>,
    /// What the summary says.
    pub record: Record,
}

impl Entry {
    /// File name of a report.
    pub fn file(&self, extension: &str) -> String {
        format!("{}.{extension}", self.name)
    }

    /// Whether a report is still there as it was written.
    pub fn is_whole(&self, directory: &Path, extension: &str) -> bool {
        let bytes = || std::fs::read(directory.join(self.file(extension))).ok();
        (self.reports.get(extension)).is_some_and(|digest| bytes().is_some_and(|b| Digest::of(&b).hex() == *digest))
    }
}

#[derive(Serialize, Deserialize)]
struct Written {
    schema: String,
    entries: Vec<Entry>,
}

/// The manifest of a directory, open and locked.
#[derive(Debug)]
pub struct Manifest {
    directory: PathBuf,
    journal: File,
    /// By name of the reports.
    pub entries: BTreeMap<String, Entry>,
}

impl Manifest {
    /// Opens the manifest of a directory; without one everything is to be done. Takes away what a killed run left half written.
    pub fn open(directory: &Path) -> Result<Self, String> {
        let path = directory.join(JOURNAL);
        let cannot = |error: std::io::Error| format!("写不进 {}：{}", path.display(), atomic::why(&error));
        let mut options = File::options();
        options.read(true).append(true).create(true);
        let mut journal = options.open(&path).map_err(cannot)?;
        match journal.try_lock() {
            // Where the file system knows no locks, one does without.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!(
                    "另一个 qizhen batch 正在往 {} 里写，等它做完再来",
                    directory.display()
                ));
            }
        }
        let mut entries = BTreeMap::new();
        if let Some(written) = (std::fs::read(directory.join(FILE)).ok())
            .and_then(|bytes| serde_json::from_slice::<Written>(&bytes).ok())
            .filter(|written| written.schema == SCHEMA)
        {
            entries.extend(written.entries.into_iter().map(|entry| (entry.name.clone(), entry)));
        }
        let mut lines = Vec::new();
        journal.read_to_end(&mut lines).map_err(cannot)?;
        // The last line may have been cut off.
        for entry in lines
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice::<Entry>(line).ok())
        {
            entries.insert(entry.name.clone(), entry);
        }
        let cut_off = lines.last().is_some_and(|byte| *byte != b'\n');
        if cut_off {
            journal.write_all(b"\n").map_err(cannot)?;
        }
        sweep(directory);
        Ok(Self {
            directory: directory.to_path_buf(),
            journal,
            entries,
        })
    }

    /// Remembers reports that are written.
    pub fn add(&mut self, entry: Entry) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(&entry).map_err(std::io::Error::other)?;
        line.push(b'\n');
        self.journal.write_all(&line)?;
        self.entries.insert(entry.name.clone(), entry);
        Ok(())
    }

    /// Replaces the manifest and empties the journal. Entries without any file left are forgotten.
    pub fn finish(&mut self) -> std::io::Result<()> {
        let directory = &self.directory;
        let there = |entry: &Entry| entry.reports.keys().any(|end| directory.join(entry.file(end)).exists());
        self.entries.retain(|_, entry| there(entry));
        let written = Written {
            schema: SCHEMA.to_owned(),
            entries: self.entries.values().cloned().collect(),
        };
        let mut bytes = serde_json::to_vec_pretty(&written).map_err(std::io::Error::other)?;
        bytes.push(b'\n');
        atomic::replace(&self.directory.join(FILE), &bytes)?;
        self.journal.set_len(0)?;
        self.journal.rewind()
    }
}

impl Drop for Manifest {
    fn drop(&mut self) {
        // An empty journal says nothing.
        if self.journal.metadata().is_ok_and(|data| data.len() == 0) {
            let _ = std::fs::remove_file(self.directory.join(JOURNAL));
        }
    }
}

/// Removes half-written reports; the lock says that nobody is writing them.
fn sweep(directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = |name: &str| {
            let report = Path::new(name);
            crate::report::format::Format::of_extension(report).is_some() || name == super::summary::CSV
        };
        if name.to_str().and_then(atomic::staged_for).is_some_and(is_ours) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
