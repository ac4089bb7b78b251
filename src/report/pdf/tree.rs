//! The logical structure in the file: elements, and the ways from pages and links back to them.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::{
    PdfError,
    display::Book,
    finish::{text, write_error},
    links::Annotation,
    tags::{Element, Kind, ROLES, Scope, Tag, Tags},
};

/// What an element holds, in reading order.
#[derive(Debug, Clone, Copy)]
enum Kid {
    Element(Element),
    /// Marked content: page and number on it.
    Marked(usize, usize),
    /// A link, by its place in the list.
    Annotation(usize),
}

/// Adds the structure tree and returns its root.
pub fn grow(
    pdf: &mut Document,
    book: &Book,
    marks: &[Vec<Element>],
    pages: &[ObjectId],
    links: &[Annotation],
    height: f32,
) -> Result<ObjectId, PdfError> {
    let tags = &book.tags;
    let kids = kids(tags, marks, links);
    let alive = alive(tags, &kids);
    let root = pdf.new_object_id();
    let ids: Vec<ObjectId> = alive
        .iter()
        .map(|alive| if *alive { pdf.new_object_id() } else { root })
        .collect();
    let boxes = boxes(book, height);
    let mut names = Vec::new();
    for (element, node) in tags.iter() {
        let at = element.index();
        if !alive[at] {
            continue;
        }
        let parent = if element == Tags::ROOT {
            root
        } else {
            ids[node.parent.index()]
        };
        let clicked = kids[at].iter().any(|kid| matches!(kid, Kid::Annotation(_)));
        let role = match node.kind {
            // Its target is gone: the text remains.
            Kind::Link if !clicked => "Span",
            ref kind => kind.role(),
        };
        let mut dict = dictionary! { "S" => role, "P" => parent };
        // The page is said once for all contents on it.
        let home = kids[at].iter().find_map(|kid| match kid {
            Kid::Marked(page, _) => Some(*page),
            _ => None,
        });
        if let Some(&page) = home.and_then(|home| pages.get(home)) {
            dict.set("Pg", page);
        }
        let mut objects: Vec<Object> = Vec::with_capacity(kids[at].len());
        for kid in &kids[at] {
            match *kid {
                Kid::Element(child) if alive[child.index()] => objects.push(ids[child.index()].into()),
                Kid::Element(_) => {}
                Kid::Marked(page, number) if home == Some(page) => objects.push((number as i64).into()),
                Kid::Marked(page, number) => {
                    let kid = dictionary! { "Type" => "MCR", "Pg" => pages[page], "MCID" => number as i64 };
                    objects.push(kid.into());
                }
                Kid::Annotation(index) => {
                    let Annotation { object, page, .. } = links[index];
                    objects.push(dictionary! { "Type" => "OBJR", "Obj" => object, "Pg" => page }.into());
                }
            }
        }
        match objects.len() {
            0 => {}
            1 => dict.set("K", objects.swap_remove(0)),
            _ => dict.set("K", objects),
        }
        describe(&mut dict, &node.kind, boxes[at]);
        if let Kind::Note { number } = node.kind {
            let name = text(&format!("note-{number:06}"));
            dict.set("ID", name.clone());
            names.push((number, name, ids[at]));
        }
        pdf.objects.insert(ids[at], dict.into());
    }

    // From pages and links back to elements.
    let mut numbers: Vec<Object> = Vec::new();
    for (index, (marks, page)) in marks.iter().zip(pages).enumerate() {
        let elements = marks
            .iter()
            .map(|element| ids[element.index()].into())
            .collect::<Vec<Object>>();
        numbers.extend([(index as i64).into(), elements.into()]);
        let page = pdf.get_dictionary_mut(*page).map_err(write_error)?;
        page.set("StructParents", index as i64);
    }
    for (index, link) in links.iter().enumerate() {
        let number = (pages.len() + index) as i64;
        numbers.extend([number.into(), ids[link.element.index()].into()]);
    }
    let parents = pdf.add_object(dictionary! { "Nums" => numbers });
    let roles = ROLES.iter().map(|(ours, standard)| (*ours, Object::from(*standard)));
    let mut dict = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => ids[Tags::ROOT.index()],
        "ParentTree" => parents,
        "ParentTreeNextKey" => (pages.len() + links.len()) as i64,
        "RoleMap" => Dictionary::from_iter(roles),
    };
    if !names.is_empty() {
        names.sort_by_key(|(number, ..)| *number);
        let names: Vec<Object> = names.into_iter().flat_map(|(_, name, id)| [name, id.into()]).collect();
        dict.set("IDTree", dictionary! { "Names" => names });
    }
    pdf.objects.insert(root, dict.into());
    Ok(root)
}

/// What each element holds.
fn kids(tags: &Tags, marks: &[Vec<Element>], links: &[Annotation]) -> Vec<Vec<Kid>> {
    let mut kids: Vec<Vec<Kid>> = vec![Vec::new(); tags.nodes.len()];
    let mut placed = vec![false; tags.nodes.len()];
    for (element, node) in tags.iter() {
        if !node.inline {
            placed[element.index()] = true;
            if element != Tags::ROOT {
                kids[node.parent.index()].push(Kid::Element(element));
            }
        }
    }
    for (page, marks) in marks.iter().enumerate() {
        for (number, &element) in marks.iter().enumerate() {
            // An element within a text takes its place there with its first word.
            let mut inner = element;
            while !placed[inner.index()] {
                placed[inner.index()] = true;
                let outer = tags.node(inner).parent;
                kids[outer.index()].push(Kid::Element(inner));
                inner = outer;
            }
            kids[element.index()].push(Kid::Marked(page, number));
        }
    }
    for (index, link) in links.iter().enumerate() {
        kids[link.element.index()].push(Kid::Annotation(index));
    }
    kids
}

/// Which elements are worth a place: those that hold something, and every cell of a table.
fn alive(tags: &Tags, kids: &[Vec<Kid>]) -> Vec<bool> {
    let mut alive = vec![false; tags.nodes.len()];
    for (element, node) in tags.iter().rev() {
        let holds = kids[element.index()].iter().any(|kid| match kid {
            Kid::Element(child) => alive[child.index()],
            Kid::Marked(..) | Kid::Annotation(_) => true,
        });
        let cell = matches!(node.kind, Kind::Cell { .. } | Kind::HeadCell { .. });
        alive[element.index()] = holds || cell || element == Tags::ROOT;
    }
    alive
}

/// What figures cover on their page: left, bottom, right, top.
fn boxes(book: &Book, height: f32) -> Vec<Option<[f32; 4]>> {
    let mut boxes: Vec<Option<[f32; 4]>> = vec![None; book.tags.nodes.len()];
    let figure = |tag| match tag {
        Tag::Element(element) => matches!(book.tags.node(element).kind, Kind::Figure { .. }).then_some(element),
        Tag::Artifact(_) => None,
    };
    for item in book.pages.iter().flat_map(|page| &page.items) {
        let (Some(element), Some((left, top, right, bottom))) = (figure(item.tag()), item.bounds()) else {
            continue;
        };
        let new = [left, height - bottom, right, height - top];
        let [left, low, right, high] = boxes[element.index()].unwrap_or(new);
        let all = [left.min(new[0]), low.min(new[1]), right.max(new[2]), high.max(new[3])];
        boxes[element.index()] = Some(all);
    }
    boxes
}

/// What is to be known of an element beside its contents.
fn describe(dict: &mut Dictionary, kind: &Kind, covers: Option<[f32; 4]>) {
    match kind {
        Kind::Figure { alt } => {
            dict.set("Alt", text(alt));
            if let Some(covers) = covers {
                let covers = covers.map(|value| Object::Real((value * 10.0).round() / 10.0));
                dict.set(
                    "A",
                    dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => covers.to_vec() },
                );
            }
        }
        Kind::List { numbered: true } => {
            dict.set("A", dictionary! { "O" => "List", "ListNumbering" => "Decimal" });
        }
        Kind::HeadCell { scope, span } => {
            let scope = match scope {
                Scope::Column => "Column",
                Scope::Row => "Row",
            };
            dict.set("A", cell(Some(scope), *span));
        }
        Kind::Cell { span } if *span > 1 => dict.set("A", cell(None, *span)),
        _ => {}
    }
}

fn cell(scope: Option<&str>, span: usize) -> Dictionary {
    let mut dict = dictionary! { "O" => "Table" };
    if let Some(scope) = scope {
        dict.set("Scope", scope);
    }
    if span > 1 {
        dict.set("ColSpan", span as i64);
    }
    dict
}
