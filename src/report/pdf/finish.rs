//! The lopdf pass: what printpdf leaves out or leaves to chance — links, outline, structure, metadata, fonts.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::{
    PdfError,
    archive::{Archival, describe},
    display::{Book, Place},
    fonts::Fonts,
    links::annotate,
    outline::outline,
    save::save,
    subset::{Subset, tag},
    tree,
    write::Written,
};
use crate::report::document::Meta;

/// Completes the document and returns the file.
pub fn finish(
    written: Written,
    book: &Book,
    meta: &Meta,
    fonts: &Fonts,
    height: f32,
    archival: Archival,
) -> Result<Vec<u8>, PdfError> {
    let Written {
        mut pdf,
        subsets,
        marks,
    } = written;
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
    let links = annotate(&mut pdf, book, &pages, height, &destination)?;
    let outline = outline(&mut pdf, &book.outline, &destination);
    let structure = tree::grow(&mut pdf, book, &marks, &pages, &links, height)?;
    patch_fonts(&mut pdf, &subsets, fonts)?;
    describe(&mut pdf, meta, archival).map_err(write_error)?;
    let catalog = pdf.catalog_mut().map_err(write_error)?;
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("StructTreeRoot", structure);
    if let Some(outline) = outline {
        catalog.set("Outlines", outline);
        catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
    }
    save(pdf)
}

/// Any error of writing.
pub fn write_error(error: impl std::fmt::Display) -> PdfError {
    PdfError::Write(error.to_string())
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
                dict.has(b"DescendantFonts") && name.starts_with(tag(subset.face).as_bytes())
            });
        let Some(font) = found else {
            return Err(PdfError::Font(data.name.clone()));
        };
        let descendants = font
            .get_mut(b"DescendantFonts")
            .and_then(Object::as_array_mut)
            .map_err(write_error)?;
        let Some(descendant) = descendants.first_mut() else {
            return Err(PdfError::Font(data.name.clone()));
        };
        let descendant = descendant.as_dict_mut().map_err(write_error)?;
        descendant.set("CIDToGIDMap", map);
        let id = descendant
            .get(b"FontDescriptor")
            .and_then(Object::as_reference)
            .map_err(write_error)?;
        let descriptor = pdf.get_dictionary_mut(id).map_err(write_error)?;
        let tables = data.tables().ok_or_else(|| PdfError::Font(data.name.clone()))?;
        let bounds = tables.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        descriptor.set("FontBBox", bounds.map(|v| Object::Integer(data.per_mille(v))).to_vec());
        descriptor.set("CapHeight", data.per_mille(tables.capital_height().unwrap_or(733)));
        descriptor.set("StemV", if tables.is_bold() { 140 } else { 80 });
        // Symbolic: the characters are not those of the standard Latin set.
        descriptor.set("Flags", 4);
    }
    Ok(())
}

/// A text string: plain where it is ASCII, UTF-16 otherwise.
pub fn text(value: &str) -> Object {
    if value.is_ascii() {
        return Object::string_literal(value);
    }
    let units = std::iter::once(0xfeff).chain(value.encode_utf16());
    Object::String(units.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}
