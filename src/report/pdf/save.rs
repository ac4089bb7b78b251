//! The file itself: small objects packed into object streams, everything compressed, an ID that is a digest.

use std::{
    collections::{BTreeMap, HashSet},
    io::Write,
};

use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::{PdfError, finish::write_error, object::put};
use crate::digest::Digest;

/// Objects in one object stream: enough to compress well, few enough to be read for the sake of one of them.
const PACK: usize = 400;

/// Writes the document.
pub fn save(mut pdf: Document) -> Result<Vec<u8>, PdfError> {
    let pages = pdf.get_pages();
    let contents: HashSet<ObjectId> = pages.values().flat_map(|page| pdf.get_page_contents(*page)).collect();
    let mut places = pack(&mut pdf);
    compress(&mut pdf, &contents)?;

    let mut out = format!("%PDF-{}\n", pdf.version).into_bytes();
    out.extend(b"%\xe2\xe3\xcf\xd3\n");
    for (&(number, _), object) in &pdf.objects {
        places.insert(number, (1, out.len() as u32, 0));
        indirect(&mut out, number, object);
    }

    let number = pdf.max_id + 1;
    let start = out.len();
    places.insert(number, (1, start as u32, 0));
    let mut table = Vec::with_capacity(7 * places.len());
    for id in 0..=number {
        let (kind, place, index) = places.get(&id).copied().unwrap_or((0, 0, u16::MAX));
        table.push(kind);
        table.extend(place.to_be_bytes());
        table.extend(index.to_be_bytes());
    }
    let id = Object::String(Digest::of(&out).bytes().to_vec(), StringFormat::Hexadecimal);
    let mut dict = dictionary! {
        "Type" => "XRef",
        "Size" => i64::from(number) + 1,
        "W" => vec![1.into(), 4.into(), 2.into()],
        "ID" => vec![id.clone(), id],
    };
    for key in ["Root", "Info"] {
        if let Ok(value) = pdf.trailer.get(key.as_bytes()) {
            dict.set(key, value.clone());
        }
    }
    let mut table = Stream::new(dict, table);
    deflate(&mut table, false)?;
    indirect(&mut out, number, &Object::Stream(table));
    out.extend(format!("startxref\n{start}\n%%EOF\n").into_bytes());
    Ok(out)
}

fn indirect(out: &mut Vec<u8>, number: u32, object: &Object) {
    out.extend(format!("{number} 0 obj\n").into_bytes());
    put(out, object);
    out.extend(b"\nendobj\n");
}

/// Where objects are, by number: how they are stored, then offset or container, then place in the container.
type Places = BTreeMap<u32, (u8, u32, u16)>;

/// Moves everything that is no stream into object streams; returns where each object went.
fn pack(pdf: &mut Document) -> Places {
    let (streams, small): (Vec<_>, Vec<_>) = std::mem::take(&mut pdf.objects)
        .into_iter()
        .partition(|(_, object)| matches!(object, Object::Stream(_)));
    pdf.objects = streams.into_iter().collect();
    let mut places = Places::new();
    for chunk in small.chunks(PACK) {
        let (mut index, mut body) = (String::new(), Vec::new());
        let container = pdf.new_object_id();
        for (place, ((number, _), object)) in chunk.iter().enumerate() {
            index.push_str(&format!("{number} {} ", body.len()));
            put(&mut body, object);
            body.push(b'\n');
            places.insert(*number, (2, container.0, place as u16));
        }
        let dict = dictionary! {
            "Type" => "ObjStm",
            "N" => chunk.len() as i64,
            "First" => index.len() as i64,
        };
        let mut content = index.into_bytes();
        content.extend(body);
        pdf.objects.insert(container, Stream::new(dict, content).into());
    }
    places
}

/// Compresses every stream but the metadata, which stay plain for programs that look for them without understanding
/// PDF; on two threads: it is a fifth of all the work. lopdf's own way takes the slowest level,
/// three times the time for two per cent.
fn compress(pdf: &mut Document, contents: &HashSet<ObjectId>) -> Result<(), PdfError> {
    let mut streams: Vec<(bool, &mut Stream)> = pdf
        .objects
        .iter_mut()
        .filter_map(|(id, object)| match object {
            Object::Stream(stream) if !stream.dict.has(b"Filter") && !stream.dict.has_type(b"Metadata") => {
                Some((contents.contains(id), stream))
            }
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
    let run = |share: Vec<(bool, &mut Stream)>| share.into_iter().try_for_each(|(page, s)| deflate(s, page));
    std::thread::scope(|scope| {
        let other = scope.spawn(|| run(odd));
        run(even)?;
        other.join().unwrap_or_else(|_| Err(write_error("压缩线程中断")))
    })
}

/// Compresses one stream where that makes it smaller.
fn deflate(stream: &mut Stream, is_page: bool) -> Result<(), PdfError> {
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
