//! A [`Drawing`] as PNG, for formats that know no vectors everywhere. Text is drawn with the embedded fonts.

use std::collections::BTreeMap;

use tiny_skia::{
    Color as Ground, FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke as Pen, StrokeDash, Transform,
};
use ttf_parser::{GlyphId, OutlineBuilder};

use super::draw::{Anchor, Drawing, Seg, Shape, Stroke};
use super::pdf::PdfError;
use super::pdf::fonts::{Face, Fonts};
use super::theme::Color;

/// Largest picture drawn, in pixels a side: what A4 holds at 600 dpi.
const MOST: f32 = 7000.0;

/// The drawing on white, `scale` pixels a point.
///
/// A character that the fonts do not have is an error, never an empty box.
pub fn png(drawing: &Drawing, scale: f32) -> Result<Vec<u8>, String> {
    let side = |points: f32| (points * scale).ceil().clamp(1.0, MOST) as u32;
    let (width, height) = (side(drawing.width), side(drawing.height));
    let mut canvas = Canvas {
        pixels: Pixmap::new(width, height).ok_or_else(|| format!("图 {width}×{height} 像素，画不下"))?,
        view: Transform::from_scale(scale, scale),
        fonts: Fonts::get().map_err(|error| error.to_string())?,
    };
    canvas.pixels.fill(Ground::WHITE);
    for shape in &drawing.shapes {
        canvas.shape(shape).map_err(|error| error.to_string())?;
    }
    encode(&canvas.pixels).map_err(|error| format!("图片写不出：{error}"))
}

struct Canvas<'a> {
    pixels: Pixmap,
    view: Transform,
    fonts: &'a Fonts,
}

impl Canvas<'_> {
    fn shape(&mut self, shape: &Shape) -> Result<(), PdfError> {
        match shape {
            Shape::Path { segs, fill, stroke } => self.path(segs, *fill, stroke.as_ref()),
            Shape::Line { from, to, stroke } => {
                let segs = [Seg::Move(from.0, from.1), Seg::Line(to.0, to.1)];
                self.path(&segs, None, Some(stroke));
            }
            Shape::Rect {
                x,
                y,
                w,
                h,
                radius,
                fill,
                stroke,
            } => self.path(&Seg::rect((*x, *y, *w, *h), *radius), *fill, stroke.as_ref()),
            Shape::Text {
                x,
                y,
                text,
                size,
                bold,
                color,
                anchor,
            } => {
                let path = self.text((*x, *y), text, *size, Face::of(*bold), *anchor)?;
                if let Some(path) = path {
                    let pixels = &mut self.pixels.as_mut();
                    pixels.fill_path(&path, &paint(*color), FillRule::Winding, self.view, None);
                }
            }
        }
        Ok(())
    }

    fn path(&mut self, segs: &[Seg], fill: Option<Color>, stroke: Option<&Stroke>) {
        let mut builder = PathBuilder::new();
        for seg in segs {
            match *seg {
                Seg::Move(x, y) => builder.move_to(x, y),
                Seg::Line(x, y) => builder.line_to(x, y),
                Seg::Cubic(a, b, c, d, x, y) => builder.cubic_to(a, b, c, d, x, y),
                Seg::Close => builder.close(),
            }
        }
        // A path of nothing draws nothing.
        let Some(path) = builder.finish() else { return };
        let pixels = &mut self.pixels.as_mut();
        if let Some(fill) = fill {
            pixels.fill_path(&path, &paint(fill), FillRule::Winding, self.view, None);
        }
        if let Some(stroke) = stroke {
            pixels.stroke_path(&path, &paint(stroke.color), &pen(stroke), self.view, None);
        }
    }

    /// The outlines of a line of text.
    fn text(
        &self,
        (x, y): (f32, f32),
        text: &str,
        size: f32,
        face: Face,
        anchor: Anchor,
    ) -> Result<Option<Path>, PdfError> {
        let mut missing = Vec::new();
        let width = self.fonts.set(text, face, |ch, glyph, _| {
            if glyph.is_none() {
                missing.push(ch);
            }
        }) * size;
        if let Some(&ch) = missing.first() {
            return Err(PdfError::missing(ch, text));
        }
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let font = &self.fonts.face(face).face;
        let units = f32::from(font.units_per_em().max(1));
        let mut outline = Outline {
            path: PathBuilder::new(),
            origin: (0.0, 0.0),
            unit: 0.0,
        };
        self.fonts.set(text, face, |_, glyph, at| {
            if let Some(glyph) = glyph {
                outline.origin = (left + at * size, y - glyph.rise * size);
                outline.unit = size * glyph.scale / units;
                font.outline_glyph(GlyphId(glyph.id), &mut outline);
            }
        });
        Ok(outline.path.finish())
    }
}

fn paint(color: Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(color.0, color.1, color.2, 255);
    paint.anti_alias = true;
    paint
}

fn pen(stroke: &Stroke) -> Pen {
    // An odd list of dashes goes round twice, as everywhere else.
    let dash = match stroke.dash.len() % 2 {
        0 => stroke.dash.clone(),
        _ => stroke.dash.repeat(2),
    };
    Pen {
        width: stroke.width,
        line_join: LineJoin::Round,
        dash: StrokeDash::new(dash, 0.0),
        ..Pen::default()
    }
}

struct Outline {
    path: PathBuilder,
    origin: (f32, f32),
    unit: f32,
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.origin.0 + x * self.unit, self.origin.1 - y * self.unit)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let ((cx, cy), (x, y)) = (self.at(cx, cy), self.at(x, y));
        self.path.quad_to(cx, cy, x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let ((ax, ay), (bx, by), (x, y)) = (self.at(ax, ay), self.at(bx, by), self.at(x, y));
        self.path.cubic_to(ax, ay, bx, by, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

/// A chart has few colours: a palette where it fits, which makes the file a third as large.
fn encode(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    // The ground is opaque, so premultiplied colours are plain ones.
    let colors = || {
        pixels
            .data()
            .chunks_exact(4)
            .map(|pixel| [pixel[0], pixel[1], pixel[2]])
    };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixels.width(), pixels.height());
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let data: Vec<u8> = match palette(colors()) {
        Some(palette) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_filter(png::Filter::NoFilter);
            encoder.set_palette(palette.keys().flatten().copied().collect::<Vec<u8>>());
            colors()
                .map(|color| palette.get(&color).copied().unwrap_or(0))
                .collect()
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_filter(png::Filter::Adaptive);
            colors().flatten().collect()
        }
    };
    encoder.write_header()?.write_image_data(&data)?;
    Ok(out)
}

/// Colours in order with their places, or nothing when there are more than a palette holds.
fn palette(colors: impl Iterator<Item = [u8; 3]>) -> Option<BTreeMap<[u8; 3], u8>> {
    let mut found = BTreeMap::new();
    for color in colors {
        found.insert(color, 0);
        if found.len() > 256 {
            return None;
        }
    }
    for (place, index) in found.values_mut().zip(0..=255) {
        *place = index;
    }
    Some(found)
}
