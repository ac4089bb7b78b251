//! Pictures as objects of the file.

use std::collections::BTreeMap;

use printpdf::{DictItem, ExternalStream, ExternalXObject, XObjectId};

use super::{
    PdfError,
    display::{Book, Item},
};
use crate::report::picture::{Picture, PictureFormat};

/// The pictures of a book, each once.
pub fn pictures(book: &Book) -> Vec<&Picture> {
    let mut out: Vec<&Picture> = Vec::new();
    for item in book.pages.iter().flat_map(|page| &page.items) {
        if let Item::Picture { picture, .. } = item
            && !out.contains(&picture)
        {
            out.push(picture);
        }
    }
    out
}

/// Name of a picture's resource.
pub fn picture_id(place: usize) -> XObjectId {
    XObjectId(format!("P{}", place + 1))
}

/// A picture as it goes into the file: photos as they are, drawings as plain pixels that are compressed later.
pub fn xobject(picture: &Picture) -> Result<ExternalXObject, PdfError> {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let mut dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), DictItem::Int(i64::from(picture.width))),
        ("Height".to_owned(), DictItem::Int(i64::from(picture.height))),
        ("ColorSpace".to_owned(), name("DeviceRGB")),
        ("BitsPerComponent".to_owned(), DictItem::Int(8)),
    ]);
    let content = match picture.format {
        PictureFormat::Jpeg => {
            dict.insert("Filter".to_owned(), name("DCTDecode"));
            picture.bytes.to_vec()
        }
        PictureFormat::Png => picture.pixels().map_err(PdfError::Write)?,
    };
    let stream = ExternalStream {
        dict,
        content,
        compress: false,
    };
    Ok(ExternalXObject {
        stream,
        width: None,
        height: None,
        dpi: None,
    })
}
