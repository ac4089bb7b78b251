//! What PDF/UA-1 asks of a file, as far as a program can see it, and with `archival.rs` PDF/A-2u. Each rule answers with
//! what is wrong.

use std::collections::{HashMap, HashSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::{
    archival,
    tagged::{Kid, Node, Tagged},
};

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
        archival::fonts,
        archival::forbidden,
        archival::metadata,
        archival::attachments,
    ] {
        rule(&file, &mut out);
    }
    out
}

pub type Problems = Vec<String>;

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

pub fn int(dict: &Dictionary, key: &str) -> i64 {
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
