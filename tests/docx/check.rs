//! What Word checks when it opens a file, as far as it can be known without Word.

use roxmltree::Document as Tree;

use super::{Parts, R, W, text, value};

/// Checks what Word would otherwise offer to repair: well-formed XML, every type and relationship present, every id
/// once, every style defined, every cell with a paragraph at its end.
pub fn check(parts: &Parts) {
    let types = text(parts, "[Content_Types].xml");
    let of_types = Tree::parse(types).unwrap();
    let known = |name: &str| {
        of_types.descendants().any(|node| {
            let extension = name.rsplit('.').next();
            node.attribute("PartName") == Some(&format!("/{name}"))
                || (extension.is_some() && node.attribute("Extension") == extension)
        })
    };
    for (name, content) in parts {
        assert!(name == "[Content_Types].xml" || known(name), "{name} has no type");
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let content = std::str::from_utf8(content).unwrap();
            Tree::parse(content).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        if let Some((folder, file)) = name.split_once("_rels/") {
            let source = format!("{folder}{}", file.trim_end_matches(".rels"));
            assert!(
                source.is_empty() || parts.contains_key(&source),
                "{name} belongs to nothing"
            );
            for relation in Tree::parse(std::str::from_utf8(content).unwrap())
                .unwrap()
                .descendants()
            {
                let (Some(target), None) = (relation.attribute("Target"), relation.attribute("TargetMode")) else {
                    continue;
                };
                let target = match target.strip_prefix("../") {
                    Some(target) => target.to_owned(),
                    None => format!("{folder}{target}"),
                };
                assert!(parts.contains_key(&target), "{name} points to {target}");
            }
        }
    }
    for name in ["word/document.xml", "word/footnotes.xml", "word/header1.xml"] {
        if parts.contains_key(name) {
            check_text(parts, name);
        }
    }
}

fn check_text(parts: &Parts, name: &str) {
    let styles = Tree::parse(text(parts, "word/styles.xml")).unwrap();
    let styles: Vec<&str> = styles
        .descendants()
        .filter_map(|node| value(node, "styleId"))
        .map(|s| &*s.to_owned().leak())
        .collect();
    let rels = name.replace("word/", "word/_rels/") + ".rels";
    let rels = parts
        .get(&rels)
        .map(|rels| String::from_utf8(rels.clone()).unwrap())
        .unwrap_or_default();
    let tree = Tree::parse(text(parts, name)).unwrap();
    let mut marks = Vec::new();
    let mut drawings = Vec::new();
    let anchors: Vec<&str> = tree
        .descendants()
        .filter(|node| node.has_tag_name((W, "bookmarkStart")))
        .filter_map(|node| value(node, "name"))
        .collect();
    for node in tree.descendants().filter(roxmltree::Node::is_element) {
        match node.tag_name().name() {
            "pStyle" | "rStyle" | "tblStyle" => assert!(styles.contains(&value(node, "val").unwrap()), "{node:?}"),
            "bookmarkStart" => marks.extend([value(node, "id"), value(node, "name")]),
            "docPr" => drawings.push(node.attribute("id").unwrap()),
            "tc" => {
                let last = node.last_element_child().unwrap();
                assert_eq!(last.tag_name().name(), "p", "a cell ends in a paragraph");
            }
            "tbl" => {
                let next = node.next_sibling_element().expect("something follows a table");
                assert_ne!(next.tag_name().name(), "tbl", "tables grow together");
                let columns = node.descendants().find(|n| n.has_tag_name((W, "tblGrid"))).unwrap();
                let columns = columns.children().filter(roxmltree::Node::is_element).count();
                for row in node.children().filter(|n| n.has_tag_name((W, "tr"))) {
                    let spans = row.children().filter(|n| n.has_tag_name((W, "tc"))).map(|cell| {
                        let span = cell
                            .children()
                            .flat_map(|pr| pr.children())
                            .find(|n| n.has_tag_name((W, "gridSpan")));
                        span.map_or(1, |span| value(span, "val").unwrap().parse::<usize>().unwrap())
                    });
                    assert!(spans.sum::<usize>() <= columns);
                }
            }
            "hyperlink" => {
                if let Some(anchor) = value(node, "anchor") {
                    assert!(anchors.contains(&anchor), "{anchor} leads nowhere");
                }
            }
            _ => {}
        }
        for attribute in node.attributes().filter(|a| a.namespace() == Some(R)) {
            assert!(rels.contains(&format!("\"{}\"", attribute.value())), "{node:?}");
        }
    }
    for list in [marks, drawings.into_iter().map(Some).collect()] {
        let mut once = list.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), list.len(), "{list:?}");
    }
}
