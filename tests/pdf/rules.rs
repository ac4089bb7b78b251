//! What PDF/A-2u and PDF/UA-1 ask of a file, as far as a program can see it. Each rule answers with what is wrong.

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::tagged::{Kid, Node, Tagged};

/// Everything that is wrong with a file.
pub fn problems(bytes: &[u8]) -> Vec<String> {
    let file = Tagged::read(bytes);
    let mut out = file.problems.clone();
    for rule in [
        catalog,
        places,
        parents,
        nesting,
        headings,
        tables,
        figures,
        links,
        notes,
        fonts,
        forbidden,
        metadata,
        attachments,
    ] {
        rule(&file, &mut out);
    }
    out
}

type Problems = Vec<String>;

fn catalog(file: &Tagged, out: &mut Problems) {
    let catalog = file.pdf.catalog().unwrap();
    let flag = |outer: &[u8], key: &[u8]| {
        let inner = catalog.get(outer).and_then(Object::as_dict);
        inner.and_then(|dict| dict.get(key)?.as_bool()).unwrap_or(false)
    };
    if !flag(b"MarkInfo", b"Marked") {
        out.push("not marked as tagged".to_owned());
    }
    if !flag(b"ViewerPreferences", b"DisplayDocTitle") {
        out.push("the window does not show the title".to_owned());
    }
    if !catalog
        .get(b"Lang")
        .and_then(Object::as_str)
        .is_ok_and(|lang| lang == b"zh-CN")
    {
        out.push("no language".to_owned());
    }
    for (index, page) in file.pages.iter().enumerate() {
        let page = file.pdf.get_dictionary(*page).unwrap();
        if page.has(b"Annots")
            && !page
                .get(b"Tabs")
                .and_then(Object::as_name)
                .is_ok_and(|tabs| tabs == b"S")
        {
            out.push(format!("page {}: tab order is not that of the structure", index + 1));
        }
    }
}

/// Every marked content and every link is in the tree once, and the ways back lead to where it is.
fn places(file: &Tagged, out: &mut Problems) {
    let catalog = file.pdf.catalog().unwrap();
    let tree = file
        .pdf
        .get_dictionary(catalog.get(b"StructTreeRoot").unwrap().as_reference().unwrap());
    let parents = tree.unwrap().get(b"ParentTree").unwrap();
    let parents = file.pdf.dereference(parents).unwrap().1.as_dict().unwrap();
    let numbers = parents.get(b"Nums").unwrap().as_array().unwrap();
    let ways: HashMap<i64, &Object> = numbers
        .chunks(2)
        .map(|pair| (pair[0].as_i64().unwrap(), &pair[1]))
        .collect();
    let mut marked = HashSet::new();
    let mut objects = HashSet::new();
    for node in file.root.all() {
        for kid in &node.kids {
            match kid {
                Kid::Marked(page, number) => {
                    if !marked.insert((*page, *number)) {
                        out.push(format!("content {number} of page {} is in the tree twice", page + 1));
                    }
                    let key = int(file.pdf.get_dictionary(file.pages[*page]).unwrap(), "StructParents");
                    let back = ways
                        .get(&key)
                        .and_then(|way| way.as_array().ok()?.get(*number as usize));
                    if back.and_then(|back| back.as_reference().ok()) != Some(node.id) {
                        out.push(format!("content {number} of page {} leads elsewhere", page + 1));
                    }
                    match file.marks[*page].get(number) {
                        None => out.push(format!("content {number} of page {} is not there", page + 1)),
                        Some((role, _)) if *role != node.role && node.role != "Span" => {
                            out.push(format!("{} holds a content called {role}", node.role));
                        }
                        Some(_) => {}
                    }
                }
                Kid::Object(id) => {
                    objects.insert(*id);
                    let key = int(file.pdf.get_dictionary(*id).unwrap(), "StructParent");
                    if ways.get(&key).and_then(|way| way.as_reference().ok()) != Some(node.id) {
                        out.push("a link leads elsewhere".to_owned());
                    }
                }
                Kid::Node(_) => {}
            }
        }
    }
    let drawn: usize = file.marks.iter().map(|marks| marks.len()).sum();
    if drawn != marked.len() {
        out.push(format!("{drawn} marked contents, {} of them in the tree", marked.len()));
    }
    if annotations(file).any(|id| !objects.contains(&id)) {
        out.push("a link is not in the tree".to_owned());
    }
}

fn annotations(file: &Tagged) -> impl Iterator<Item = ObjectId> {
    file.pages.iter().flat_map(|page| {
        let page = file.pdf.get_dictionary(*page).unwrap();
        let links = page
            .get(b"Annots")
            .and_then(Object::as_array)
            .cloned()
            .unwrap_or_default();
        links.into_iter().map(|link| link.as_reference().unwrap())
    })
}

fn int(dict: &Dictionary, key: &str) -> i64 {
    dict.get(key.as_bytes()).and_then(Object::as_i64).unwrap_or(-1)
}

fn parents(file: &Tagged, out: &mut Problems) {
    for node in file.root.all() {
        for child in node.children() {
            if child.dict.get(b"P").and_then(Object::as_reference).ok() != Some(node.id) {
                out.push(format!("{} does not know its parent {}", child.role, node.role));
            }
        }
    }
}

/// Which elements stand in which.
fn nesting(file: &Tagged, out: &mut Problems) {
    for node in file.root.all() {
        let allowed: &[&str] = match node.role.as_str() {
            "Table" => &["THead", "TBody", "Caption"],
            "THead" | "TBody" => &["TR"],
            "TR" => &["TH", "TD"],
            "L" => &["LI"],
            "LI" => &["Lbl", "LBody"],
            "TOC" => &["TOCI", "Caption"],
            "TOCI" => &["Reference"],
            "P" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6" | "Caption" | "TH" | "TD" | "Title" => {
                &["Link", "Span", "Reference"]
            }
            "Reference" => &["Link", "Note"],
            "Link" | "Span" | "Note" => &["Link", "Span", "Reference", "Lbl"],
            "Figure" | "Lbl" => &[],
            "Document" | "Sect" | "Div" | "Aside" | "LBody" => &[
                "Sect", "Div", "Aside", "H1", "H2", "H3", "H4", "H5", "H6", "P", "Title", "L", "Table", "Figure",
                "TOC", "Caption",
            ],
            other => {
                out.push(format!("unknown element {other}"));
                continue;
            }
        };
        for child in node.children().filter(|child| !child.is(allowed)) {
            out.push(format!("{} in {}", child.role, node.role));
        }
        if node.kids.is_empty() && !node.is(&["TD", "TH", "Document"]) {
            out.push(format!("{} holds nothing", node.role));
        }
    }
}

/// Headings go down one level at a time, from the first.
fn headings(file: &Tagged, out: &mut Problems) {
    let mut last = 0;
    for node in file.root.all() {
        let Some(level) = node.role.strip_prefix('H').and_then(|level| level.parse::<u8>().ok()) else {
            continue;
        };
        if level > last + 1 {
            out.push(format!("H{level} after H{last}"));
        }
        last = level;
    }
}

fn tables(file: &Tagged, out: &mut Problems) {
    for table in file.root.all().into_iter().filter(|node| node.role == "Table") {
        let rows: Vec<&Node> = table.all().into_iter().filter(|node| node.role == "TR").collect();
        let widths: HashSet<i64> = rows.iter().map(|row| row.children().map(Node::span).sum()).collect();
        if widths.len() != 1 {
            out.push(format!("rows of different width: {widths:?}"));
        }
        for cell in rows.iter().flat_map(|row| row.children()) {
            if cell.role == "TH" && cell.attribute("Scope").is_none() {
                out.push("a head cell without a scope".to_owned());
            }
        }
    }
}

fn figures(file: &Tagged, out: &mut Problems) {
    for node in file.root.all().into_iter().filter(|node| node.role == "Figure") {
        let alt = node
            .dict
            .get(b"Alt")
            .ok()
            .and_then(|alt| lopdf::decode_text_string(alt).ok());
        if alt.is_none_or(|alt| alt.trim().is_empty()) {
            out.push("a figure without words".to_owned());
        }
        let inside = node.attribute("BBox").and_then(|covers| {
            let covers: Option<Vec<f32>> = covers.as_array().ok()?.iter().map(|v| v.as_float().ok()).collect();
            let covers = covers?;
            Some(covers[0] < covers[2] && covers[1] < covers[3] && covers[0] > 0.0 && covers[3] < 842.0)
        });
        if inside != Some(true) {
            out.push("a figure without a place on its page".to_owned());
        }
    }
}

fn links(file: &Tagged, out: &mut Problems) {
    for id in annotations(file) {
        let dict = file.pdf.get_dictionary(id).unwrap();
        let says = dict
            .get(b"Contents")
            .ok()
            .and_then(|says| lopdf::decode_text_string(says).ok());
        if says.is_none_or(|says| says.is_empty()) {
            out.push("a link without words".to_owned());
        }
        if int(dict, "F") != 4 {
            out.push("a link that is not printed".to_owned());
        }
    }
    for node in file.root.all().into_iter().filter(|node| node.role == "Link") {
        if !node.kids.iter().any(|kid| matches!(kid, Kid::Object(_))) {
            out.push("Link without a link".to_owned());
        }
    }
}

fn notes(file: &Tagged, out: &mut Problems) {
    let mut ids = HashSet::new();
    for node in file.root.all().into_iter().filter(|node| node.role == "Note") {
        if !ids.insert(
            node.dict
                .get(b"ID")
                .and_then(Object::as_str)
                .unwrap_or_default()
                .to_vec(),
        ) {
            out.push("two footnotes of one name".to_owned());
        }
    }
}

/// Fonts are embedded, every code has a character, and the widths of the page are those of the font.
fn fonts(file: &Tagged, out: &mut Problems) {
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
fn forbidden(file: &Tagged, out: &mut Problems) {
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
fn metadata(file: &Tagged, out: &mut Problems) {
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
fn attachments(file: &Tagged, out: &mut Problems) {
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
