//! A tagged PDF as a reader sees it that goes by the structure: the tree, and the text of each marked content.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lopdf::{Dictionary, Document, Object, ObjectId, content::Content};

/// A file, read.
pub struct Tagged {
    pub pdf: Document,
    /// Pages in order.
    pub pages: Vec<ObjectId>,
    /// Marked contents of each page: number → role and text.
    pub marks: Vec<BTreeMap<i64, (String, String)>>,
    /// The root of the structure.
    pub root: Node,
    /// Codes drawn with each font of the pages.
    pub codes: BTreeMap<String, BTreeSet<u16>>,
    /// What is wrong with the contents of the pages.
    pub problems: Vec<String>,
}

/// An element.
pub struct Node {
    pub id: ObjectId,
    pub role: String,
    pub dict: Dictionary,
    pub kids: Vec<Kid>,
}

/// What an element holds.
pub enum Kid {
    Node(Node),
    /// Page and number.
    Marked(usize, i64),
    /// An annotation.
    Object(ObjectId),
}

impl Node {
    /// Elements right under this one.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.kids.iter().filter_map(|kid| match kid {
            Kid::Node(node) => Some(node),
            _ => None,
        })
    }

    /// This element and all under it, in reading order.
    pub fn all(&self) -> Vec<&Node> {
        let mut out = vec![self];
        self.children().for_each(|child| out.extend(child.all()));
        out
    }

    pub fn is(&self, roles: &[&str]) -> bool {
        roles.contains(&self.role.as_str())
    }

    /// An attribute of any owner.
    pub fn attribute(&self, key: &str) -> Option<&Object> {
        self.dict.get(b"A").ok()?.as_dict().ok()?.get(key.as_bytes()).ok()
    }

    /// Columns that a cell reaches over.
    pub fn span(&self) -> i64 {
        self.attribute("ColSpan").map_or(1, |span| span.as_i64().unwrap())
    }
}

impl Tagged {
    pub fn read(bytes: &[u8]) -> Self {
        let pdf = Document::load_mem(bytes).expect("readable");
        let pages: Vec<ObjectId> = pdf.get_pages().into_values().collect();
        let catalog = pdf.catalog().unwrap();
        let tree = pdf.get_dictionary(catalog.get(b"StructTreeRoot").unwrap().as_reference().unwrap());
        let top = tree.unwrap().get(b"K").unwrap().as_reference().unwrap();
        let root = node(&pdf, &pages, top);
        let mut out = Tagged {
            marks: Vec::new(),
            codes: BTreeMap::new(),
            problems: Vec::new(),
            pdf,
            pages,
            root,
        };
        for index in 0..out.pages.len() {
            out.contents(index);
        }
        out
    }

    /// All text of an element in reading order.
    pub fn text(&self, node: &Node) -> String {
        let kid = |kid: &Kid| match kid {
            Kid::Node(node) => self.text(node),
            Kid::Marked(page, number) => self.marks[*page]
                .get(number)
                .map_or(String::new(), |mark| mark.1.clone()),
            Kid::Object(_) => String::new(),
        };
        node.kids.iter().map(kid).collect()
    }

    /// A font of the pages.
    pub fn font(&self, name: &str) -> &Dictionary {
        let page = self.pdf.get_dictionary(self.pages[0]).unwrap();
        let inner = |dict: &Dictionary, key: &[u8]| {
            let (_, object) = self.pdf.dereference(dict.get(key).unwrap()).unwrap();
            object.as_dict().unwrap().clone()
        };
        let fonts = inner(&inner(page, b"Resources"), b"Font");
        let id = fonts.get(name.as_bytes()).unwrap().as_reference().unwrap();
        self.pdf.get_dictionary(id).unwrap()
    }

    /// Code → text of a font.
    pub fn unicode(&self, name: &str) -> HashMap<u16, String> {
        let id = self.font(name).get(b"ToUnicode").unwrap().as_reference().unwrap();
        let stream = self.pdf.get_object(id).unwrap().as_stream().unwrap();
        let text = String::from_utf8(stream.get_plain_content().unwrap()).unwrap();
        let line = |line: &str| {
            let (code, text) = line.strip_prefix('<')?.split_once("> <")?;
            let code = u16::from_str_radix(code, 16).ok()?;
            let text = text.strip_suffix('>')?;
            let unit = |at: usize| u16::from_str_radix(text.get(4 * at..4 * at + 4)?, 16).ok();
            let units: Option<Vec<u16>> = (0..text.len() / 4).map(unit).collect();
            Some((code, String::from_utf16(&units?).ok()?))
        };
        let body = text.split("endcodespacerange").nth(1).unwrap();
        body.lines().filter_map(line).collect()
    }

    /// Reads the contents of a page; everything that draws must be marked, once.
    fn contents(&mut self, index: usize) {
        const DRAWS: [&str; 14] = [
            "Tj", "TJ", "'", "\"", "f", "f*", "F", "B", "B*", "b", "b*", "S", "s", "Do",
        ];
        let fonts: HashMap<String, HashMap<u16, String>> = self
            .font_names()
            .into_iter()
            .map(|name| {
                let map = self.unicode(&name);
                (name, map)
            })
            .collect();
        let bytes = self.pdf.get_page_content(self.pages[index]);
        let content = Content::decode(&bytes).expect("decodes");
        let mut marks: BTreeMap<i64, (String, String)> = BTreeMap::new();
        let mut open: Vec<Option<i64>> = Vec::new();
        let mut font = String::new();
        let mut say = |text: String| self.problems.push(format!("page {}: {text}", index + 1));
        for operation in &content.operations {
            let operands = &operation.operands;
            match operation.operator.as_str() {
                "BMC" | "BDC" => {
                    let role = String::from_utf8_lossy(operands[0].as_name().unwrap()).into_owned();
                    let number = operands
                        .get(1)
                        .and_then(|p| p.as_dict().ok()?.get(b"MCID").ok()?.as_i64().ok());
                    if !open.is_empty() {
                        say(format!("{role} inside of another marked content"));
                    }
                    if (role == "Artifact") == number.is_some() {
                        say(format!("{role} with number {number:?}"));
                    }
                    if let Some(number) = number
                        && marks.insert(number, (role, String::new())).is_some()
                    {
                        say(format!("number {number} twice"));
                    }
                    open.push(number);
                }
                "EMC" if open.pop().is_none() => say("EMC without a beginning".to_owned()),
                "Tf" => font = String::from_utf8_lossy(operands[0].as_name().unwrap()).into_owned(),
                operator if DRAWS.contains(&operator) => {
                    let Some(inside) = open.last() else {
                        say(format!("{operator} is not marked"));
                        continue;
                    };
                    let mut text = String::new();
                    for code in codes(operands) {
                        self.codes.entry(font.clone()).or_default().insert(code);
                        text.push_str(fonts[&font].get(&code).map_or("\u{fffd}", String::as_str));
                    }
                    if let Some(number) = inside {
                        marks.get_mut(number).unwrap().1.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        if !open.is_empty() {
            say("marked content that does not end".to_owned());
        }
        if !marks.keys().copied().eq(0..marks.len() as i64) {
            say("numbers of marked contents have gaps".to_owned());
        }
        self.marks.push(marks);
    }

    pub fn font_names(&self) -> Vec<String> {
        ["F1", "F2"]
            .into_iter()
            .map(str::to_owned)
            .filter(|name| {
                let page = self.pdf.get_dictionary(self.pages[0]).unwrap();
                let resources = self.pdf.dereference(page.get(b"Resources").unwrap()).unwrap().1;
                let fonts = resources.as_dict().unwrap().get(b"Font").unwrap();
                let fonts = self.pdf.dereference(fonts).unwrap().1.as_dict().unwrap();
                fonts.has(name.as_bytes())
            })
            .collect()
    }
}

/// Two-byte codes of strings, and of strings in arrays.
fn codes(operands: &[Object]) -> Vec<u16> {
    let mut out = Vec::new();
    for operand in operands {
        match operand {
            Object::String(bytes, _) => {
                assert!(bytes.len() % 2 == 0, "codes have two bytes");
                out.extend(bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
            }
            Object::Array(array) => out.extend(codes(array)),
            _ => {}
        }
    }
    out
}

fn node(pdf: &Document, pages: &[ObjectId], id: ObjectId) -> Node {
    let dict = pdf.get_dictionary(id).expect("an element").clone();
    let page_of = |dict: &Dictionary| {
        let page = dict.get(b"Pg").ok()?.as_reference().ok()?;
        pages.iter().position(|known| *known == page)
    };
    let home = page_of(&dict);
    let kid = |kid: &Object| match kid {
        Object::Integer(number) => Kid::Marked(home.expect("a page"), *number),
        Object::Reference(id) => Kid::Node(node(pdf, pages, *id)),
        Object::Dictionary(dict) if dict.has_type(b"MCR") => {
            let number = dict.get(b"MCID").unwrap().as_i64().unwrap();
            Kid::Marked(page_of(dict).expect("a page"), number)
        }
        Object::Dictionary(dict) if dict.has_type(b"OBJR") => {
            Kid::Object(dict.get(b"Obj").unwrap().as_reference().unwrap())
        }
        other => panic!("unknown kid: {other:?}"),
    };
    let kids = match dict.get(b"K") {
        Ok(Object::Array(kids)) => kids.iter().map(kid).collect(),
        Ok(one) => vec![kid(one)],
        Err(_) => Vec::new(),
    };
    let role = String::from_utf8_lossy(dict.get(b"S").unwrap().as_name().unwrap()).into_owned();
    Node { id, role, dict, kids }
}
