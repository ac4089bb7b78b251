//! What PDF/A-2u asks of a file, as far as a program can see it.

use std::collections::HashMap;

use lopdf::{Dictionary, Object};

use super::{
    rules::{Problems, int},
    tagged::Tagged,
};

/// Fonts are embedded, every code has a character, and the widths of the page are those of the font.
pub fn fonts(file: &Tagged, out: &mut Problems) {
    for name in file.font_names() {
        let font = file.font(&name);
        let unicode = file.unicode(&name);
        let descendant = &font.get(b"DescendantFonts").unwrap().as_array().unwrap()[0];
        let descendant = descendant.as_dict().unwrap();
        let follow = |dict: &Dictionary, key: &str| {
            let id = dict.get(key.as_bytes()).ok()?.as_reference().ok()?;
            Some(file.pdf.get_object(id).unwrap().clone())
        };
        let descriptor = follow(descendant, "FontDescriptor").unwrap();
        let Some(program) = follow(descriptor.as_dict().unwrap(), "FontFile2") else {
            out.push(format!("{name} is not embedded"));
            continue;
        };
        let program = program.as_stream().unwrap().get_plain_content().unwrap();
        let face = ttf_parser::Face::parse(&program, 0).expect("a font");
        let map = follow(descendant, "CIDToGIDMap").unwrap();
        let map = map.as_stream().unwrap().get_plain_content().unwrap();
        let widths = widths(descendant.get(b"W").unwrap().as_array().unwrap());
        for code in file.codes.get(&name).into_iter().flatten() {
            let at = 2 * usize::from(*code);
            let glyph = u16::from_be_bytes([map[at], map[at + 1]]);
            let inner = face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).map(i64::from);
            let outer = widths.get(code).copied().unwrap_or_else(|| int(descendant, "DW"));
            let units = i64::from(face.units_per_em());
            if inner.is_none_or(|inner| (inner * 1000 / units - outer).abs() > 1) {
                out.push(format!("{name} {code:04x}: width {outer}, in the font {inner:?}"));
            }
            if glyph == 0 {
                out.push(format!("{name} {code:04x} is no glyph"));
            }
            if unicode
                .get(code)
                .is_none_or(|text| text.is_empty() || text.contains(['\0', '\u{feff}']))
            {
                out.push(format!("{name} {code:04x} is no character"));
            }
        }
    }
}

fn widths(list: &[Object]) -> HashMap<u16, i64> {
    let mut out = HashMap::new();
    let mut rest = list;
    loop {
        rest = match rest {
            [from, Object::Array(widths), tail @ ..] => {
                let from = from.as_i64().unwrap();
                out.extend(
                    (from..)
                        .map(|code| code as u16)
                        .zip(widths.iter().map(|w| w.as_i64().unwrap())),
                );
                tail
            }
            [from, to, width, tail @ ..] => {
                let (from, to) = (from.as_i64().unwrap(), to.as_i64().unwrap());
                out.extend((from..=to).map(|code| (code as u16, width.as_i64().unwrap())));
                tail
            }
            _ => return out,
        };
    }
}

/// Scripts, encryption, old compression, printer's tricks, transparency.
pub fn forbidden(file: &Tagged, out: &mut Problems) {
    const KEYS: [&str; 14] = [
        "JavaScript",
        "JS",
        "AA",
        "OpenAction",
        "XFA",
        "NeedAppearances",
        "TR",
        "TR2",
        "HTP",
        "SMask",
        "Encrypt",
        "OPI",
        "Alternates",
        "CIDSet",
    ];
    const NAMES: [&str; 6] = ["LZWDecode", "JavaScript", "Launch", "DeviceCMYK", "Movie", "Sound"];
    fn look(object: &Object, out: &mut Problems) {
        let dict = match object {
            Object::Array(array) => return array.iter().for_each(|object| look(object, out)),
            Object::Name(name) => {
                let name = String::from_utf8_lossy(name);
                if NAMES.contains(&name.as_ref()) {
                    out.push(format!("/{name}"));
                }
                return;
            }
            Object::Dictionary(dict) => dict,
            Object::Stream(stream) => &stream.dict,
            _ => return,
        };
        for (key, value) in dict {
            let key = String::from_utf8_lossy(key);
            if KEYS.contains(&key.as_ref()) {
                out.push(format!("key {key}"));
            }
            look(value, out);
        }
    }
    file.pdf.objects.values().for_each(|object| look(object, out));
    look(&Object::Dictionary(file.pdf.trailer.clone()), out);
    if file
        .pdf
        .trailer
        .get(b"ID")
        .and_then(Object::as_array)
        .map_or(0, Vec::len)
        != 2
    {
        out.push("no ID".to_owned());
    }
}

/// XMP says what Info says, and what the file is; colours have a meaning.
pub fn metadata(file: &Tagged, out: &mut Problems) {
    let catalog = file.pdf.catalog().unwrap();
    let stream = |object: &Object| {
        let stream = file
            .pdf
            .get_object(object.as_reference().unwrap())
            .unwrap()
            .as_stream()
            .unwrap();
        (
            stream.dict.clone(),
            stream.get_plain_content().unwrap_or_else(|_| stream.content.clone()),
        )
    };
    let (dict, xmp) = stream(catalog.get(b"Metadata").unwrap());
    if dict.has(b"Filter") {
        out.push("metadata are compressed".to_owned());
    }
    let xmp = String::from_utf8(xmp).unwrap();
    let info = file
        .pdf
        .dereference(file.pdf.trailer.get(b"Info").unwrap())
        .unwrap()
        .1
        .as_dict()
        .unwrap();
    let said = |name: &str| {
        let inner = xmp
            .split_once(&format!("<{name}>"))?
            .1
            .split_once(&format!("</{name}>"))?
            .0;
        let mut plain = String::new();
        let mut tag = false;
        for ch in inner.chars() {
            match ch {
                '<' => tag = true,
                '>' => tag = false,
                ch if !tag => plain.push(ch),
                _ => {}
            }
        }
        Some(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    };
    for (key, name) in [
        ("Title", "dc:title"),
        ("Author", "dc:creator"),
        ("Subject", "dc:description"),
        ("Keywords", "pdf:Keywords"),
        ("Producer", "pdf:Producer"),
        ("Creator", "xmp:CreatorTool"),
    ] {
        let told = info
            .get(key.as_bytes())
            .ok()
            .map(|value| lopdf::decode_text_string(value).unwrap());
        if told != said(name) {
            out.push(format!("Info {key}: {told:?}, XMP {:?}", said(name)));
        }
    }
    for (key, name) in [("CreationDate", "xmp:CreateDate"), ("ModDate", "xmp:ModifyDate")] {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let told = info
            .get(key.as_bytes())
            .ok()
            .map(|value| digits(&String::from_utf8_lossy(value.as_str().unwrap())));
        if told != said(name).map(|date| digits(&date)) {
            out.push(format!("Info {key}: {told:?}, XMP {:?}", said(name)));
        }
    }
    // Only the third part lets files of any kind be attached.
    let part = if catalog.has(b"AF") { "3" } else { "2" };
    for (name, value) in [
        ("pdfaid:part", part),
        ("pdfaid:conformance", "U"),
        ("pdfuaid:part", "1"),
    ] {
        if said(name).as_deref() != Some(value) {
            out.push(format!("{name} is {:?}", said(name)));
        }
    }
    if said("dc:title").is_none_or(|title| title.is_empty()) {
        out.push("no title".to_owned());
    }
    let intents = catalog.get(b"OutputIntents").and_then(Object::as_array).unwrap();
    let intent = file.pdf.dereference(&intents[0]).unwrap().1.as_dict().unwrap();
    let (_, profile) = stream(intent.get(b"DestOutputProfile").unwrap());
    if &profile[36..40] != b"acsp" || &profile[16..20] != b"RGB " || profile[8] != 2 {
        out.push("no profile of sRGB".to_owned());
    }
}

/// Attached files say what they are, how they belong to the document and of what day they are.
pub fn attachments(file: &Tagged, out: &mut Problems) {
    let catalog = file.pdf.catalog().unwrap();
    let resolve = |object: &Object| file.pdf.dereference(object).unwrap().1.clone();
    let Ok(related) = catalog.get(b"AF").map(resolve) else {
        if catalog.has(b"Names") {
            out.push("names without associated files".to_owned());
        }
        return;
    };
    for one in related.as_array().unwrap() {
        let spec = resolve(one);
        let spec = spec.as_dict().unwrap();
        let is = |dict: &Dictionary, key: &[u8], value: &[u8]| {
            dict.get(key)
                .and_then(Object::as_name)
                .is_ok_and(|found| found == value)
        };
        if !is(spec, b"AFRelationship", b"Data") {
            out.push("an attachment without its relationship".to_owned());
        }
        let name = |key: &[u8]| spec.get(key).and_then(Object::as_str).ok();
        if name(b"F").is_none() || name(b"F") != name(b"UF") {
            out.push("an attachment without its two names".to_owned());
        }
        let stream = resolve(spec.get(b"EF").unwrap().as_dict().unwrap().get(b"F").unwrap());
        let dict = &stream.as_stream().unwrap().dict;
        if !is(dict, b"Subtype", b"application/json") {
            out.push("an attachment without its media type".to_owned());
        }
        if !dict
            .get(b"Params")
            .and_then(Object::as_dict)
            .is_ok_and(|params| params.has(b"ModDate"))
        {
            out.push("an attachment without its day".to_owned());
        }
    }
}
