//! Places to click, as annotations that also stand in the logical structure.

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};

use super::{
    PdfError,
    display::{Book, Link, Place, Target},
    finish::{text, write_error},
    tags::Element,
};

/// An annotation in the file.
pub struct Annotation {
    /// The element whose text is clicked.
    pub element: Element,
    /// The annotation.
    pub object: ObjectId,
    /// Its page.
    pub page: ObjectId,
}

/// Puts the links on their pages. Their numbers in the structure follow those of the pages.
pub fn annotate(
    pdf: &mut Document,
    book: &Book,
    pages: &[ObjectId],
    height: f32,
    destination: &dyn Fn(&Place) -> Option<Object>,
) -> Result<Vec<Annotation>, PdfError> {
    let mut all = Vec::new();
    for (sheet, &page) in book.pages.iter().zip(pages) {
        let from = all.len();
        for link in &sheet.links {
            let Some(mut dict) = annotation(link, height, destination) else {
                continue;
            };
            dict.set("Contents", text(&says(link, book)));
            dict.set("StructParent", (pages.len() + all.len()) as i64);
            all.push(Annotation {
                element: link.element,
                object: pdf.add_object(dict),
                page,
            });
        }
        let dict = pdf.get_dictionary_mut(page).map_err(write_error)?;
        if from == all.len() {
            dict.remove(b"Annots");
        } else {
            let links = all[from..]
                .iter()
                .map(|link| link.object.into())
                .collect::<Vec<Object>>();
            dict.set("Annots", links);
        }
        // Tab order follows the structure.
        dict.set("Tabs", "S");
    }
    Ok(all)
}

/// A link in words.
fn says(link: &Link, book: &Book) -> String {
    match &link.target {
        Target::Uri(uri) => format!("打开 {uri}"),
        Target::Place(place) => match book.outline.iter().find(|entry| entry.place == *place) {
            Some(entry) => format!("转到“{}”", entry.title),
            None => format!("转到第 {} 页", place.page + 1),
        },
        Target::Anchor(id) => format!("转到 {id}"),
    }
}

fn annotation(link: &Link, height: f32, destination: &dyn Fn(&Place) -> Option<Object>) -> Option<Dictionary> {
    let (x, y, w, h) = link.area;
    let rect = [x, height - y - h, x + w, height - y].map(|v| Object::Real((v * 100.0).round() / 100.0));
    let mut dict = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Link",
        "Rect" => rect.to_vec(),
        "Border" => vec![0.into(), 0.into(), 0.into()],
        "F" => 4,
    };
    match &link.target {
        Target::Place(place) => dict.set("Dest", destination(place)?),
        Target::Uri(uri) => {
            let uri = Object::String(ascii(uri).into_bytes(), StringFormat::Literal);
            dict.set("A", dictionary! { "Type" => "Action", "S" => "URI", "URI" => uri });
        }
        Target::Anchor(_) => return None,
    }
    Some(dict)
}

/// An address in ASCII: everything else percent-encoded.
fn ascii(uri: &str) -> String {
    let mut out = String::new();
    for byte in uri.bytes() {
        if byte.is_ascii_graphic() {
            out.push(char::from(byte))
        } else {
            out.push_str(&format!("%{byte:02X}"))
        }
    }
    out
}
