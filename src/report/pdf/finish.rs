//! The lopdf pass: what printpdf leaves out or leaves to chance — links, a nested outline, metadata, the file's ID.

use std::{collections::HashSet, io::Write};

use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::{
    PdfError,
    display::{Book, Entry, Link, Place, Target},
    fonts::Fonts,
    write::Subset,
};
use crate::digest::Digest;
use crate::report::document::Meta;

/// Completes the document and returns the file.
pub fn finish(
    mut pdf: Document,
    book: &Book,
    meta: &Meta,
    subsets: &[Subset],
    fonts: &Fonts,
    height: f32,
) -> Result<Vec<u8>, PdfError> {
    let pages: Vec<ObjectId> = pdf.get_pages().into_values().collect();
    let destination = |place: &Place| -> Option<Object> {
        let page = *pages.get(place.page)?;
        let top = ((height - place.y + 12.0) * 100.0).round() / 100.0;
        Some(Object::Array(vec![
            page.into(),
            Object::Name(b"XYZ".to_vec()),
            0.into(),
            top.into(),
            Object::Null,
        ]))
    };
    for (page, id) in book.pages.iter().zip(&pages) {
        let links: Vec<Object> = page
            .links
            .iter()
            .filter_map(|link| annotation(link, height, &destination))
            .collect();
        let links: Vec<Object> = links.into_iter().map(|link| pdf.add_object(link).into()).collect();
        let page = pdf.get_dictionary_mut(*id).map_err(write_error)?;
        if links.is_empty() {
            page.remove(b"Annots");
        } else {
            page.set("Annots", links);
        }
        // Tab order follows the page's order.
        page.set("Tabs", Object::Name(b"R".to_vec()));
    }
    let outline = outline(&mut pdf, &book.outline, &destination);
    patch_fonts(&mut pdf, subsets, fonts)?;
    let info = pdf.add_object(info(meta));
    let old = pdf.trailer.get(b"Info").and_then(Object::as_reference).ok();
    if let Some(old) = old {
        pdf.objects.remove(&old);
    }
    pdf.trailer.set("Info", info);
    let catalog = pdf.catalog_mut().map_err(write_error)?;
    catalog.set("Lang", text("zh-CN"));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    if let Some(outline) = outline {
        catalog.set("Outlines", outline);
        catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
    }
    pdf.version = "1.7".to_owned();
    compress(&mut pdf, &pages)?;
    save(pdf)
}

/// Compresses every stream, on two threads: it is a fifth of all the work. lopdf's own way takes the slowest level, three times
/// the time for two per cent.
fn compress(pdf: &mut Document, pages: &[ObjectId]) -> Result<(), PdfError> {
    let contents: HashSet<ObjectId> = pages.iter().flat_map(|page| pdf.get_page_contents(*page)).collect();
    let mut streams: Vec<(bool, &mut lopdf::Stream)> = pdf
        .objects
        .iter_mut()
        .filter_map(|(id, object)| match object {
            Object::Stream(stream) if !stream.dict.has(b"Filter") => Some((contents.contains(id), stream)),
            _ => None,
        })
        .collect();
    // Every other one of the sorted list: both threads get their share of large ones.
    streams.sort_by_key(|(_, stream)| std::cmp::Reverse(stream.content.len()));
    let (mut even, mut odd) = (Vec::new(), Vec::new());
    for (index, stream) in streams.into_iter().enumerate() {
        if index % 2 == 0 {
            even.push(stream)
        } else {
            odd.push(stream)
        }
    }
    let run = |share: Vec<(bool, &mut lopdf::Stream)>| share.into_iter().try_for_each(|(page, s)| deflate(s, page));
    std::thread::scope(|scope| {
        let other = scope.spawn(|| run(odd));
        run(even)?;
        other.join().unwrap_or_else(|_| Err(write_error("压缩线程中断")))
    })
}

/// Compresses one stream where that makes it smaller.
fn deflate(stream: &mut lopdf::Stream, is_page: bool) -> Result<(), PdfError> {
    if is_page {
        stream.content = join_strings(&stream.content);
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(&stream.content).map_err(write_error)?;
    let small = encoder.finish().map_err(write_error)?;
    if small.len() + 20 < stream.content.len() {
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        stream.set_content(small);
    } else {
        let plain = std::mem::take(&mut stream.content);
        stream.set_content(plain);
    }
    Ok(())
}

/// Joins neighbouring hexadecimal strings: printpdf writes one a glyph.
fn join_strings(content: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(content.len());
    let mut rest = content;
    while let Some((&byte, tail)) = rest.split_first() {
        let after = match tail {
            [b'<', tail @ ..] | [b' ', b'<', tail @ ..] if byte == b'>' => Some(tail),
            _ => None,
        };
        match after {
            Some(tail) => rest = tail,
            None => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    out
}

fn write_error(error: impl std::fmt::Display) -> PdfError {
    PdfError::Write(error.to_string())
}

fn annotation(link: &Link, height: f32, destination: &dyn Fn(&Place) -> Option<Object>) -> Option<Object> {
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
    Some(dict.into())
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

/// The outline as a tree by heading level; a level that is skipped hangs on the nearest one above.
fn outline(pdf: &mut Document, entries: &[Entry], destination: &dyn Fn(&Place) -> Option<Object>) -> Option<ObjectId> {
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

/// Gives each font the map from codes to glyphs, and its real metrics.
fn patch_fonts(pdf: &mut Document, subsets: &[Subset], fonts: &Fonts) -> Result<(), PdfError> {
    for subset in subsets {
        let data = fonts.face(subset.face);
        let map: Vec<u8> = subset.glyphs.iter().flat_map(|glyph| glyph.to_be_bytes()).collect();
        let map = pdf.add_object(Stream::new(Dictionary::new(), map));
        let found = pdf
            .objects
            .values_mut()
            .filter_map(|object| object.as_dict_mut().ok())
            .find(|dict| {
                let name = dict.get(b"BaseFont").and_then(Object::as_name).unwrap_or(b"");
                dict.has(b"DescendantFonts") && name.ends_with(data.name.as_bytes())
            });
        let Some(font) = found else {
            return Err(PdfError::Font(data.name.to_owned()));
        };
        let descendants = font
            .get_mut(b"DescendantFonts")
            .and_then(Object::as_array_mut)
            .map_err(write_error)?;
        let Some(descendant) = descendants.first_mut() else {
            return Err(PdfError::Font(data.name.to_owned()));
        };
        let descendant = descendant.as_dict_mut().map_err(write_error)?;
        descendant.set("CIDToGIDMap", map);
        let id = descendant
            .get(b"FontDescriptor")
            .and_then(Object::as_reference)
            .map_err(write_error)?;
        let descriptor = pdf.get_dictionary_mut(id).map_err(write_error)?;
        let bounds = data.face.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        descriptor.set("FontBBox", bounds.map(|v| Object::Integer(data.per_mille(v))).to_vec());
        descriptor.set("CapHeight", data.per_mille(data.face.capital_height().unwrap_or(733)));
        descriptor.set("StemV", if data.face.is_bold() { 140 } else { 80 });
        // Symbolic: the characters are not those of the standard Latin set.
        descriptor.set("Flags", 4);
    }
    Ok(())
}

fn info(meta: &Meta) -> Object {
    let maker = format!("qizhen {}", env!("CARGO_PKG_VERSION"));
    let mut dict = Dictionary::new();
    for (key, value) in [
        ("Title", &meta.title),
        ("Author", &meta.author),
        ("Subject", &meta.subject),
        ("Keywords", &meta.keywords.join("、")),
    ] {
        if !value.is_empty() {
            dict.set(key, text(value));
        }
    }
    dict.set("Creator", text(&maker));
    dict.set("Producer", text(&maker));
    let digits: String = meta.date.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 8 {
        let date = Object::string_literal(format!("D:{digits}000000+08'00'"));
        dict.set("CreationDate", date.clone());
        dict.set("ModDate", date);
    }
    dict.into()
}

/// A text string: plain where it is ASCII, UTF-16 otherwise.
fn text(value: &str) -> Object {
    if value.is_ascii() {
        return Object::string_literal(value);
    }
    let units = std::iter::once(0xfeff).chain(value.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

/// Saves with an ID that is a digest of the file itself.
fn save(mut pdf: Document) -> Result<Vec<u8>, PdfError> {
    const BLANK: [u8; 16] = *b"qizhen-digest-16";
    let blank = Object::String(BLANK.to_vec(), StringFormat::Hexadecimal);
    pdf.trailer.set("ID", vec![blank.clone(), blank]);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).map_err(write_error)?;
    let digest = Digest::of(&bytes).hex().to_uppercase();
    let blank = hex(&BLANK);
    let mut from = bytes.len().saturating_sub(2048);
    while let Some(at) = bytes[from..]
        .windows(blank.len())
        .position(|w| w.eq_ignore_ascii_case(blank.as_bytes()))
    {
        let at = from + at;
        bytes[at..at + blank.len()].copy_from_slice(digest.as_bytes());
        from = at + blank.len();
    }
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
