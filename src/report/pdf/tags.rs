//! The logical structure: what a reader that does not see the page goes by. Every item of the display list belongs to
//! an element of this tree, or is an artifact.

/// Whose part a drawn item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// No content.
    Artifact(Artifact),
    /// Content of an element.
    Element(Element),
}

impl Default for Tag {
    fn default() -> Self {
        Self::Artifact(Artifact::Layout)
    }
}

impl From<Element> for Tag {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

/// What is on the page without being part of what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artifact {
    /// Rules, bullets, grounds.
    Layout,
    /// Running head.
    Header,
    /// Running foot.
    Footer,
    /// The pale word across the page.
    Watermark,
    /// A table head drawn again.
    Repeated,
}

/// An element of [`Tags`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element(u32);

impl Element {
    /// Its place in [`Tags::nodes`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an element is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// The whole.
    Document,
    /// A heading with what stands under it; the cover.
    Section,
    /// Blocks that belong together.
    Group,
    /// A callout.
    Aside,
    /// The title on the cover.
    Title,
    /// A heading, its level from 1 to 6 without gaps.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// A list.
    List {
        /// Its items carry numbers.
        numbered: bool,
    },
    /// An item of a list.
    Item,
    /// Number of an item.
    Label,
    /// Content of an item.
    Body,
    /// A table.
    Table,
    /// Its head.
    Head,
    /// Rows under one head or group line.
    Rows,
    /// A row.
    Row,
    /// A cell that names others.
    HeadCell {
        /// Which ones.
        scope: Scope,
        /// Columns it reaches over.
        span: usize,
    },
    /// A cell.
    Cell {
        /// Columns it reaches over.
        span: usize,
    },
    /// A picture or chart.
    Figure {
        /// The picture in words.
        alt: String,
    },
    /// Text that names a table or figure.
    Caption,
    /// The contents.
    Contents,
    /// A line of the contents.
    ContentsItem,
    /// What points elsewhere: a line of the contents, the mark of a footnote.
    Reference,
    /// A footnote.
    Note {
        /// Its number, unlike any other's.
        number: u32,
    },
    /// Text that can be clicked.
    Link,
}

impl Kind {
    /// Its name in the file; those that PDF does not know are explained in the [role map](ROLES).
    pub fn role(&self) -> &'static str {
        match self {
            Kind::Document => "Document",
            Kind::Section => "Sect",
            Kind::Group => "Div",
            Kind::Aside => "Aside",
            Kind::Title => "Title",
            Kind::Heading(level) => ["H1", "H2", "H3", "H4", "H5", "H6"][usize::from(level.clamp(&1, &6) - 1)],
            Kind::Paragraph => "P",
            Kind::List { .. } => "L",
            Kind::Item => "LI",
            Kind::Label => "Lbl",
            Kind::Body => "LBody",
            Kind::Table => "Table",
            Kind::Head => "THead",
            Kind::Rows => "TBody",
            Kind::Row => "TR",
            Kind::HeadCell { .. } => "TH",
            Kind::Cell { .. } => "TD",
            Kind::Figure { .. } => "Figure",
            Kind::Caption => "Caption",
            Kind::Contents => "TOC",
            Kind::ContentsItem => "TOCI",
            Kind::Reference => "Reference",
            Kind::Note { .. } => "Note",
            Kind::Link => "Link",
        }
    }
}

/// Names of ours, and the standard ones they are kinds of.
pub const ROLES: [(&str, &str); 2] = [("Aside", "Div"), ("Title", "P")];

/// Which cells a head cell names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those under it.
    Column,
    /// Those to its right.
    Row,
}

/// An element in the tree.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// What it stands in; itself for the whole document.
    pub parent: Element,
    /// Stands in the text of its parent, where its first word is drawn, and not after the elements made before it.
    pub inline: bool,
}

/// All elements; a parent comes before its children, and siblings in reading order.
#[derive(Debug)]
pub struct Tags {
    /// The elements.
    pub nodes: Vec<Node>,
}

impl Default for Tags {
    fn default() -> Self {
        let root = Node {
            kind: Kind::Document,
            parent: Self::ROOT,
            inline: false,
        };
        Self { nodes: vec![root] }
    }
}

impl Tags {
    /// The whole document.
    pub const ROOT: Element = Element(0);

    /// A new last child of `parent`.
    pub fn add(&mut self, parent: Element, kind: Kind) -> Element {
        self.push(parent, kind, false)
    }

    /// An element within the text of `parent`.
    pub fn inline(&mut self, parent: Element, kind: Kind) -> Element {
        self.push(parent, kind, true)
    }

    fn push(&mut self, parent: Element, kind: Kind, inline: bool) -> Element {
        let element = Element(self.nodes.len() as u32);
        self.nodes.push(Node { kind, parent, inline });
        element
    }

    /// An element by what it is called.
    pub fn node(&self, element: Element) -> &Node {
        &self.nodes[element.index()]
    }

    /// Every element with its node, parents before children.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Element, &Node)> {
        self.nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (Element(index as u32), node))
    }

    /// Forgets the elements made since there were `count` of them: what they were for is laid out anew.
    pub fn rewind(&mut self, count: usize) {
        self.nodes.truncate(count);
    }
}
