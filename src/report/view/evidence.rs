//! The register of evidence: what proves which answer, numbered, with its photo where there is one.

use serde::Serialize;

use super::PHOTO;
use crate::diagnosis::Diagnosis;
use crate::report::picture::Pictures;

/// A piece of evidence.
#[derive(Serialize)]
pub(super) struct Entry {
    /// `E01`.
    no: String,
    /// What it is: file or words.
    what: String,
    /// Answers that it proves, in words.
    about: Vec<String>,
    /// Name of its picture for the `pictures` directive; `None` for a document, or a photo that was not at hand.
    photo: Option<String>,
    /// A photo is named but was not at hand.
    lost: bool,
}

/// All evidence in the order of the answers, each piece once.
pub(super) fn register(diagnosis: &Diagnosis, photos: Option<&Pictures>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let answers = diagnosis.standards.iter().flat_map(|standard| {
        let about = |title: &str| format!("{} {title}", standard.short);
        standard
            .answers
            .iter()
            .map(move |answer| (about(&answer.title), &answer.detail.evidence))
    });
    let found = diagnosis.onsite.findings.iter();
    let found = found.map(|finding| (format!("发现：{}", finding.title), &finding.evidence));
    for (about, evidence) in answers.chain(found) {
        for what in evidence {
            if let Some(known) = entries.iter_mut().find(|entry| entry.what == *what) {
                known.about.push(about.clone());
                continue;
            }
            let photo = photos
                .and_then(|photos| photos.get(what))
                .map(|_| format!("{PHOTO}{what}"));
            entries.push(Entry {
                no: format!("E{:02}", entries.len() + 1),
                what: what.clone(),
                about: vec![about.clone()],
                lost: photo.is_none() && crate::catalog::files::is_picture(what),
                photo,
            });
        }
    }
    entries
}
