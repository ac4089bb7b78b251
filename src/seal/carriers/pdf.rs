//! Attachments in updates behind the file.
//!
//! A PDF may be continued: what is appended replaces objects of the same number. So the report itself stays byte for byte
//! what it was before anything was attached, signatures come behind the data they are about, and checking a file is
//! appending the same again. Any other update, or a byte changed anywhere, gives another file.

use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, dictionary};

use super::{Held, TOLD};
use crate::report::picture::Picture;
use crate::seal;

const DATA: &str = "qizhen-data.json";
const SIGNATURES: &str = "qizhen-signatures.json";
const EOF: &[u8] = b"%%EOF";
/// Ends of a file that are tried as the end of its first part; a report has one, two or three.
const ENDS: usize = 32;

pub fn attach(body: &[u8], data: &[u8], signatures: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let with = append(body, DATA, "企诊数据附件：评估文件、结果和摘要", data)?;
    match signatures {
        Some(signatures) => append(&with, SIGNATURES, "企诊签名", signatures),
        None => Ok(with),
    }
}

pub fn read(file: &[u8]) -> Result<Held, String> {
    let document = Document::load_mem(file).map_err(|error| format!("不是完好的 PDF（{error}）"))?;
    let mut held = Held {
        data: attachment(&document, DATA),
        signatures: attachment(&document, SIGNATURES),
        body: file.to_vec(),
        intact: false,
    };
    let Some(data) = &held.data else {
        held.intact = held.signatures.is_none();
        return Ok(held);
    };
    let wanted = seal::Data::parse(data).map(|data| data.body).unwrap_or_default();
    if let Some(end) = ends(file).find(|end| seal::sha256(&file[..*end]) == wanted) {
        let body = file[..end].to_vec();
        held.intact = attach(&body, data, held.signatures.as_deref()).is_ok_and(|again| again == file);
        held.body = body;
    }
    Ok(held)
}

/// Lengths at which a file might have ended before something was appended.
fn ends(file: &[u8]) -> impl Iterator<Item = usize> {
    let marks = file.windows(EOF.len()).enumerate().filter(|(_, window)| *window == EOF);
    let ends: Vec<usize> = marks.map(|(at, _)| at + EOF.len()).take(ENDS).collect();
    let line = |end: usize| (file.get(end) == Some(&b'\n')).then_some(end + 1);
    let both: Vec<usize> = ends.iter().flat_map(|end| [Some(*end), line(*end)]).flatten().collect();
    both.into_iter()
}

/// The file with one more attachment.
fn append(file: &[u8], name: &str, about: &str, content: &[u8]) -> Result<Vec<u8>, String> {
    let wrong = |error: lopdf::Error| format!("数据附件加不进 PDF：{error}");
    let document = Document::load_mem(file).map_err(wrong)?;
    let root = document
        .trailer
        .get(b"Root")
        .and_then(Object::as_reference)
        .map_err(wrong)?;
    let mut names = listed(&document);
    let mut related = array(&document, document.catalog().map_err(wrong)?.get(b"AF").ok());
    let mut other = match document.catalog().map_err(wrong)?.get(b"Names") {
        Ok(names) => resolve(&document, names)
            .and_then(|names| names.as_dict().ok())
            .cloned()
            .unwrap_or_default(),
        Err(_) => Dictionary::new(),
    };
    let mut params = dictionary! { "Size" => content.len() as i64 };
    if let Some(date) = made(&document) {
        params.set("ModDate", date);
    }
    let mut update = IncrementalDocument::create_from(file.to_vec(), document);
    update.opt_clone_object_to_new_document(root).map_err(wrong)?;
    let new = &mut update.new_document;
    // Not compressed: another version of the program must be able to write the same bytes.
    let stream = Stream::new(
        dictionary! {
            "Type" => "EmbeddedFile",
            "Subtype" => Object::Name(b"application/json".to_vec()),
            "Params" => params,
        },
        content.to_vec(),
    )
    .with_compression(false);
    let stream = new.add_object(stream);
    let units = std::iter::once(0xfeff).chain(about.encode_utf16());
    let about = Object::String(
        units.flat_map(u16::to_be_bytes).collect(),
        lopdf::StringFormat::Hexadecimal,
    );
    let file = new.add_object(dictionary! {
        "Type" => "Filespec",
        "F" => Object::string_literal(name),
        "UF" => Object::string_literal(name),
        "Desc" => about,
        "AFRelationship" => "Data",
        "EF" => dictionary! { "F" => stream, "UF" => stream },
    });
    names.push((name.as_bytes().to_vec(), file.into()));
    names.sort_by(|a, b| a.0.cmp(&b.0));
    let names: Vec<Object> = names
        .into_iter()
        .flat_map(|(name, file)| [Object::String(name, lopdf::StringFormat::Literal), file])
        .collect();
    other.set("EmbeddedFiles", dictionary! { "Names" => names });
    related.push(file.into());
    let catalog = new.get_object_mut(root).and_then(Object::as_dict_mut).map_err(wrong)?;
    catalog.set("Names", other);
    catalog.set("AF", related);
    let mut out = Vec::new();
    update.save_to(&mut out).map_err(|error| wrong(error.into()))?;
    Ok(out)
}

/// The day of the report, which is that of its attachments.
fn made(document: &Document) -> Option<Object> {
    let info = resolve(document, document.trailer.get(b"Info").ok()?)?;
    info.as_dict().ok()?.get(b"ModDate").ok().cloned()
}

fn resolve<'d>(document: &'d Document, object: &'d Object) -> Option<&'d Object> {
    document.dereference(object).ok().map(|(_, object)| object)
}

fn array(document: &Document, object: Option<&Object>) -> Vec<Object> {
    object
        .and_then(|object| resolve(document, object))
        .and_then(|object| object.as_array().ok())
        .cloned()
        .unwrap_or_default()
}

/// The attachments of a file: name and file specification.
fn listed(document: &Document) -> Vec<(Vec<u8>, Object)> {
    let names = || {
        let names = resolve(document, document.catalog().ok()?.get(b"Names").ok()?)?;
        let files = resolve(document, names.as_dict().ok()?.get(b"EmbeddedFiles").ok()?)?;
        Some(array(document, files.as_dict().ok()?.get(b"Names").ok()))
    };
    let names = names().unwrap_or_default();
    let pairs = names.chunks_exact(2).filter_map(|pair| match &pair[0] {
        Object::String(name, _) => Some((name.clone(), pair[1].clone())),
        _ => None,
    });
    pairs.collect()
}

fn attachment(document: &Document, name: &str) -> Option<Vec<u8>> {
    let (_, file) = listed(document)
        .into_iter()
        .find(|(found, _)| found == name.as_bytes())?;
    let file = resolve(document, &file)?.as_dict().ok()?.clone();
    let embedded = resolve(document, file.get(b"EF").ok()?)?.as_dict().ok()?.clone();
    let stream = resolve(document, embedded.get(b"F").ok()?)?.as_stream().ok()?.clone();
    // A program that saved the file again may have compressed it.
    Some(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()))
}

/// Pictures drawn on pages: photos are there as they are, drawings as the pixels they were made of.
pub fn pictures(file: &[u8]) -> Vec<Picture> {
    let Ok(document) = Document::load_mem(file) else {
        return Vec::new();
    };
    let streams = document.objects.values().filter_map(|object| object.as_stream().ok());
    let images = streams.filter(|stream| {
        stream
            .dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .is_ok_and(|s| s == b"Image")
    });
    let picture = |stream: &Stream| {
        let filter = stream.dict.get(b"Filter").and_then(Object::as_name).unwrap_or_default();
        if filter == b"DCTDecode" {
            return Picture::stored(&stream.content).ok();
        }
        let size = |key: &[u8]| u32::try_from(stream.dict.get(key).and_then(Object::as_i64).ok()?).ok();
        let (width, height) = (size(b"Width")?, size(b"Height")?);
        let pixels = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        Picture::from_pixels(width, height, pixels).ok()
    };
    images.filter_map(picture).collect()
}

/// Pages whose drawing differs.
pub fn differences(found: &[u8], expected: &[u8]) -> Vec<String> {
    let (Ok(found), Ok(expected)) = (Document::load_mem(found), Document::load_mem(expected)) else {
        return Vec::new();
    };
    let pages = |document: &Document| -> Vec<ObjectId> { document.get_pages().into_values().collect() };
    let (mine, other) = (pages(&found), pages(&expected));
    if mine.len() != other.len() {
        return vec![format!("文件有 {} 页，重新生成的有 {} 页", mine.len(), other.len())];
    }
    let content = |document: &Document, page: ObjectId| document.get_page_content(page);
    let different: Vec<String> = (mine.iter().zip(other).enumerate())
        .filter(|(_, (a, b))| content(&found, **a) != content(&expected, *b))
        .map(|(index, _)| (index + 1).to_string())
        .collect();
    match different.len() {
        0 => vec!["各页的画面与重新生成的相同，改动在别处（书签、链接、字体、文件信息或文件结构）".to_owned()],
        n if n <= 4 * TOLD => vec![format!("第 {} 页与重新生成的不同", different.join("、"))],
        n => vec![format!("{n} 页与重新生成的不同，从第 {} 页起", different[0])],
    }
}
