//! The outline as a tree: what a viewer shows beside the pages.

use lopdf::{Document, Object, ObjectId, dictionary};

use super::{
    display::{Entry, Place},
    finish::text,
};

/// The outline as a tree by heading level; a level that is skipped hangs on the nearest one above.
pub fn outline(
    pdf: &mut Document,
    entries: &[Entry],
    destination: &dyn Fn(&Place) -> Option<Object>,
) -> Option<ObjectId> {
    if entries.is_empty() {
        return None;
    }
    let root = pdf.new_object_id();
    let ids: Vec<ObjectId> = entries.iter().map(|_| pdf.new_object_id()).collect();
    let mut parents: Vec<Option<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        while open.last().is_some_and(|&last| entries[last].level >= entry.level) {
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(index);
    }
    let children = |of: Option<usize>| (0..entries.len()).filter(|&i| parents[i] == of).collect::<Vec<_>>();
    for (index, entry) in entries.iter().enumerate() {
        let siblings = children(parents[index]);
        let place = siblings.iter().position(|&i| i == index).unwrap_or(0);
        let mut dict = dictionary! {
            "Title" => text(&entry.title),
            "Parent" => parents[index].map_or(root, |p| ids[p]),
        };
        if let Some(dest) = destination(&entry.place) {
            dict.set("Dest", dest);
        }
        if place > 0 {
            dict.set("Prev", ids[siblings[place - 1]]);
        }
        if let Some(&next) = siblings.get(place + 1) {
            dict.set("Next", ids[next]);
        }
        let inner = children(Some(index));
        if let (Some(&first), Some(&last)) = (inner.first(), inner.last()) {
            dict.set("First", ids[first]);
            dict.set("Last", ids[last]);
            // Closed: a reader opens the chapter that is needed.
            dict.set("Count", -(inner.len() as i64));
        }
        pdf.objects.insert(ids[index], dict.into());
    }
    let top = children(None);
    let (first, last) = (*top.first()?, *top.last()?);
    let dict = dictionary! {
        "Type" => "Outlines",
        "First" => ids[first],
        "Last" => ids[last],
        "Count" => top.len() as i64,
    };
    pdf.objects.insert(root, dict.into());
    Some(root)
}
