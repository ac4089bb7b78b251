//! Display list → printpdf: the contents of pages. The rest of the file is made in `finish.rs`.

use printpdf::{
    Codepoint, Color as PdfColor, DictItem, FontId, Line, LineCapStyle, LineDashPattern, LineJoinStyle, LinePoint, Mm,
    Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rgb,
    TextItem, TextMatrix, WindingOrder, XObject, XObjectTransform,
};

use super::{
    PdfError,
    display::{Book, Item, Page, Run, RunGlyph},
    fonts::{Face, Fonts},
    images::{picture_id, pictures, xobject},
    subset::{Subset, font_id, key, subset, used},
    tags::{Artifact, Element, Tag, Tags},
};
use crate::report::{
    draw::{Seg, Stroke},
    picture::Picture,
    theme::Color,
};

/// Pages and fonts as printpdf makes them, and what the rest of the file must know of them.
pub struct Written {
    /// The file so far.
    pub pdf: lopdf::Document,
    /// Its fonts.
    pub subsets: Vec<Subset>,
    /// For every page, the elements of its marked contents by their numbers.
    pub marks: Vec<Vec<Element>>,
}

/// Writes pages and fonts.
pub fn write(book: &Book, fonts: &Fonts, page_size: (f32, f32)) -> Result<Written, PdfError> {
    let mut pdf = PdfDocument::new("");
    let mut subsets = Vec::new();
    for face in Face::ALL {
        let used = used(book, face);
        if used.is_empty() {
            continue;
        }
        let (subset, parsed) = subset(fonts, face, used)?;
        pdf.resources
            .fonts
            .map
            .insert(FontId(font_id(face).to_owned()), PdfFont::new(parsed));
        subsets.push(subset);
    }
    let pictures = pictures(book);
    for (place, picture) in pictures.iter().enumerate() {
        let object = XObject::External(xobject(picture)?);
        pdf.resources.xobjects.map.insert(picture_id(place), object);
    }
    let (width, height) = page_size;
    let mut marks = Vec::with_capacity(book.pages.len());
    let sheet = |page: &Page| {
        let mut pen = Pen {
            ops: Vec::new(),
            height,
            subsets: &subsets,
            pictures: &pictures,
            tags: &book.tags,
            fill: None,
            stroke: None,
            open: None,
            marks: Vec::new(),
        };
        page.items.iter().for_each(|item| pen.item(item));
        pen.unmark();
        marks.push(pen.marks);
        PdfPage::new(Mm::from(Pt(width)), Mm::from(Pt(height)), pen.ops)
    };
    let pages = book.pages.iter().map(sheet).collect();
    pdf.with_pages(pages);
    let options = PdfSaveOptions {
        subset_fonts: false,
        image_optimization: None,
        ..PdfSaveOptions::default()
    };
    let mut warnings = Vec::new();
    Ok(Written {
        pdf: pdf.to_lopdf_document(&options, &mut warnings),
        subsets,
        marks,
    })
}

/// Turns items into operations, repeating no state that is already set.
struct Pen<'a> {
    ops: Vec<Op>,
    height: f32,
    subsets: &'a [Subset],
    pictures: &'a [&'a Picture],
    tags: &'a Tags,
    fill: Option<Color>,
    stroke: Option<Stroke>,
    /// What the open marked content belongs to.
    open: Option<Tag>,
    /// Elements of the marked contents so far.
    marks: Vec<Element>,
}

impl Pen<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Text(run) if !run.glyphs.is_empty() => {
                self.mark(run.tag);
                self.text(run);
            }
            Item::Path {
                segs,
                fill,
                stroke,
                tag,
            } if fill.is_some() || stroke.is_some() => {
                self.mark(*tag);
                self.path(segs, *fill, stroke.as_ref());
            }
            Item::Picture { picture, area, tag } => {
                self.mark(*tag);
                self.picture(picture, *area);
            }
            Item::Text(_) | Item::Path { .. } | Item::Note(_) => {}
        }
    }

    /// Says whose part the following is.
    fn mark(&mut self, tag: Tag) {
        if self.open == Some(tag) {
            return;
        }
        self.unmark();
        self.open = Some(tag);
        let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
        let pagination = |kind: Option<&str>| {
            let kind = kind.map(|kind| ("Subtype", name(kind)));
            std::iter::once(("Type", name("Pagination"))).chain(kind).collect()
        };
        let (role, properties): (_, Vec<_>) = match tag {
            Tag::Element(element) => {
                self.marks.push(element);
                let number = DictItem::Int(self.marks.len() as i64 - 1);
                (self.tags.node(element).kind.role(), vec![("MCID", number)])
            }
            Tag::Artifact(artifact) => {
                let properties = match artifact {
                    Artifact::Layout => vec![("Type", name("Layout"))],
                    Artifact::Header => pagination(Some("Header")),
                    Artifact::Footer => pagination(Some("Footer")),
                    Artifact::Watermark => pagination(Some("Watermark")),
                    Artifact::Repeated => pagination(None),
                };
                ("Artifact", properties)
            }
        };
        let map = properties
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        self.ops.push(Op::BeginMarkedContentWithProperties {
            tag: role.to_owned(),
            properties: DictItem::Dict { map },
        });
    }

    fn unmark(&mut self) {
        if self.open.take().is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn text(&mut self, run: &Run) {
        let Some(subset) = self.subsets.iter().find(|subset| subset.face == run.face) else {
            return;
        };
        self.fill(run.color);
        let count = run.glyphs.len();
        let code = |(index, glyph): (usize, &RunGlyph)| Codepoint {
            gid: subset.codes.get(&key(glyph)).copied().unwrap_or(0),
            // The pen moves by whole units after the glyph; nothing follows the last one.
            offset: if index + 1 == count {
                0.0
            } else {
                -(glyph.kern * 10.0).round() / 10.0 + 0.0
            },
            cid: Some(glyph.ch.to_string()),
        };
        let glyphs = run.glyphs.iter().enumerate().map(code).collect();
        let font = PdfFontHandle::External(FontId(font_id(run.face).to_owned()));
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetFont {
            font,
            size: Pt(round(run.size)),
        });
        let matrix = TextMatrix::Translate(Pt(round(run.x)), Pt(round(self.height - run.y)));
        self.ops.push(Op::SetTextMatrix { matrix });
        self.ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(glyphs)],
        });
        self.ops.push(Op::EndTextSection);
    }

    fn picture(&mut self, picture: &Picture, (x, y, w, h): (f32, f32, f32, f32)) {
        let place = self.pictures.iter().position(|known| *known == picture);
        let Some(place) = place else { return };
        self.ops.push(Op::UseXobject {
            id: picture_id(place),
            transform: XObjectTransform {
                translate_x: Some(Pt(round(x))),
                translate_y: Some(Pt(round(self.height - y - h))),
                scale_x: Some(round(w)),
                scale_y: Some(round(h)),
                no_auto_scale: true,
                ..XObjectTransform::default()
            },
        });
    }

    fn path(&mut self, segs: &[Seg], fill: Option<Color>, stroke: Option<&Stroke>) {
        if let Some(fill) = fill {
            self.fill(fill);
        }
        if let Some(stroke) = stroke {
            self.stroke(stroke);
        }
        let rings = self.rings(segs);
        let mode = match (fill, stroke) {
            (Some(_), Some(_)) => PaintMode::FillStroke,
            (Some(_), None) => PaintMode::Fill,
            (None, Some(_)) => PaintMode::Stroke,
            (None, None) => return,
        };
        if mode == PaintMode::Stroke && !segs.contains(&Seg::Close) {
            for ring in rings {
                self.ops.push(Op::DrawLine {
                    line: Line {
                        points: ring.points,
                        is_closed: false,
                    },
                });
            }
            return;
        }
        self.ops.push(Op::DrawPolygon {
            polygon: Polygon {
                rings,
                mode,
                winding_order: WindingOrder::NonZero,
            },
        });
    }

    fn rings(&self, segs: &[Seg]) -> Vec<PolygonRing> {
        let point = |x: f32, y: f32, bezier: bool| LinePoint {
            p: Point {
                x: Pt(round(x)),
                y: Pt(round(self.height - y)),
            },
            bezier,
        };
        let mut rings: Vec<PolygonRing> = Vec::new();
        for seg in segs {
            if let Seg::Move(x, y) = *seg {
                rings.push(PolygonRing {
                    points: vec![point(x, y, false)],
                });
                continue;
            }
            let Some(ring) = rings.last_mut() else { continue };
            match *seg {
                Seg::Line(x, y) => ring.points.push(point(x, y, false)),
                Seg::Cubic(a, b, c, d, x, y) => {
                    ring.points
                        .extend([point(a, b, true), point(c, d, true), point(x, y, false)]);
                }
                Seg::Move(..) | Seg::Close => {}
            }
        }
        rings
    }

    fn fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            self.fill = Some(color);
            self.ops.push(Op::SetFillColor { col: rgb(color) });
        }
    }

    fn stroke(&mut self, stroke: &Stroke) {
        let last = self.stroke.replace(stroke.clone());
        if last.is_none() {
            self.ops.push(Op::SetLineJoinStyle {
                join: LineJoinStyle::Round,
            });
            self.ops.push(Op::SetLineCapStyle {
                cap: LineCapStyle::Butt,
            });
        }
        if last.as_ref().is_none_or(|last| last.color != stroke.color) {
            self.ops.push(Op::SetOutlineColor { col: rgb(stroke.color) });
        }
        if last.as_ref().is_none_or(|last| last.width != stroke.width) {
            self.ops.push(Op::SetOutlineThickness {
                pt: Pt(round(stroke.width)),
            });
        }
        if last.as_ref().map_or(&[][..], |last| &last.dash) != stroke.dash {
            self.ops.push(Op::SetLineDashPattern {
                dash: LineDashPattern::new(0.0, &stroke.dash),
            });
        }
    }
}

fn rgb(color: Color) -> PdfColor {
    let part = |c: u8| (f32::from(c) / 255.0 * 1000.0).round() / 1000.0;
    PdfColor::Rgb(Rgb {
        r: part(color.0),
        g: part(color.1),
        b: part(color.2),
        icc_profile: None,
    })
}

/// Hundredths of a point are finer than any printer.
fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}
