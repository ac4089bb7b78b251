//! Photos of evidence: the report has them, the data have their digests, and checking takes them out of the report.

use std::collections::BTreeMap;

use super::carriers::{self, Kind};
use super::sha256;
use crate::report::document::{Block, Document};
use crate::report::picture::{Picture, Pictures};

/// Digests of photos by their paths; none for those that were at hand and that the template does not show.
pub type Digests = BTreeMap<String, Option<String>>;

/// Digests of the photos that a document may show.
pub fn digests(photos: &Pictures, document: &Document) -> Digests {
    let mut shown = Vec::new();
    collect(&document.blocks, &mut shown);
    let digest = |photo: &Picture| shown.contains(&photo).then(|| sha256(&photo.bytes));
    photos
        .iter()
        .map(|(path, photo)| (path.clone(), digest(photo)))
        .collect()
}

fn collect<'d>(blocks: &'d [Block], out: &mut Vec<&'d Picture>) {
    for block in blocks {
        match block {
            Block::Pictures(gallery) => out.extend(gallery.shots.iter().map(|shot| &shot.picture)),
            Block::Callout { body, .. } => collect(body, out),
            Block::List { items, .. } => items.iter().for_each(|item| collect(item, out)),
            _ => {}
        }
    }
}

/// The photos of these digests as far as the file has them unchanged, and the paths of those it has not.
pub fn recover(kind: Kind, file: &[u8], wanted: &Digests) -> (Pictures, Vec<String>) {
    let mut found = Pictures::new();
    let mut lost = Vec::new();
    if wanted.is_empty() {
        return (found, lost);
    }
    let there: BTreeMap<String, Picture> = carriers::pictures(kind, file)
        .into_iter()
        .map(|picture| (sha256(&picture.bytes), picture))
        .collect();
    for (path, digest) in wanted {
        let picture = match digest {
            Some(digest) => there.get(digest).cloned(),
            // Only that it was at hand can have made a difference.
            None => Picture::from_pixels(1, 1, vec![255; 3]).ok(),
        };
        match picture {
            Some(picture) => drop(found.insert(path.clone(), picture)),
            None => lost.push(path.clone()),
        }
    }
    (found, lost)
}
