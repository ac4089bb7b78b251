//! A [`Drawing`] as PNG, for formats that know no vectors everywhere. Text is drawn with the embedded fonts.

use std::collections::BTreeMap;

use tiny_skia::{
    Color as Ground, FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke as Pen, StrokeDash, Transform,
};
use ttf_parser::{GlyphId, OutlineBuilder};

use super::draw::{Anchor, Drawing, Seg, Shape, Stroke};
use super::pdf::fonts::{Face, Fonts};
use super::theme::{Color, Theme};

/// Largest picture drawn, in pixels a side: what A4 holds at 600 dpi.
const MOST: f32 = 7000.0;

/// The drawing on white, `scale` pixels a point.
///
/// A character that no font has is drawn as 〓, never as an empty box.
pub fn png(drawing: &Drawing, scale: f32, theme: &Theme) -> Result<Vec<u8>, String> {
    let side = |points: f32| (points * scale).ceil().clamp(1.0, MOST) as u32;
    let (width, height) = (side(drawing.width), side(drawing.height));
    let mut canvas = Canvas {
        pixels: Pixmap::new(width, height).ok_or_else(|| format!("图 {width}×{height} 像素，画不下"))?,
        view: Transform::from_scale(scale, scale),
        fonts: &Fonts::of(theme).map_err(|error| error.to_string())?,
    };
    canvas.pixels.fill(Ground::WHITE);
    for shape in &drawing.shapes {
        canvas.shape(shape);
    }
    encode(&canvas.pixels).map_err(|error| format!("图片写不出：{error}"))
}

struct Canvas<'a> {
    pixels: Pixmap,
    view: Transform,
    fonts: &'a Fonts,
}

impl Canvas<'_> {
    fn shape(&mut self, shape: &Shape) {
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
                let path = self.text((*x, *y), text, *size, Face::of(*bold), *anchor);
                if let Some(path) = path {
                    let pixels = &mut self.pixels.as_mut();
                    pixels.fill_path(&path, &paint(*color), FillRule::Winding, self.view, None);
                }
            }
        }
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
    fn text(&self, (x, y): (f32, f32), text: &str, size: f32, face: Face, anchor: Anchor) -> Option<Path> {
        let width = self.fonts.set(text, face, |_, _| {}) * size;
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let mut outline = Outline {
            path: PathBuilder::new(),
            origin: (0.0, 0.0),
            unit: 0.0,
        };
        let fonts = Face::ALL.map(|face| self.fonts.face(face).tables());
        self.fonts.set(text, face, |glyph, at| {
            if let Some(font) = &fonts[glyph.face as usize] {
                outline.origin = (left + at * size, y - glyph.rise * size);
                outline.unit = size * glyph.scale / f32::from(font.units_per_em().max(1));
                font.outline_glyph(GlyphId(glyph.id), &mut outline);
            }
        });
        outline.path.finish()
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

/// A chart has few colours: with a palette its file is a third as large.
fn encode(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let (palette, data) = index(pixels.data());
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixels.width(), pixels.height());
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::High);
    encoder.write_header()?.write_image_data(&data)?;
    Ok(out)
}

/// The 256 commonest colours, three bytes each, and for each pixel its place among them; the few shades along edges
/// that are left over take the nearest.
fn index(data: &[u8]) -> (Vec<u8>, Vec<u8>) {
    // The ground is opaque, so premultiplied colours are plain ones. Most pixels are as the one before.
    let mut runs: Vec<([u8; 3], usize)> = Vec::new();
    for pixel in data.chunks_exact(4) {
        match runs.last_mut() {
            Some((color, count)) if *color == pixel[..3] => *count += 1,
            _ => runs.push(([pixel[0], pixel[1], pixel[2]], 1)),
        }
    }
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    for (color, count) in &runs {
        *counts.entry(*color).or_default() += count;
    }
    let mut common: Vec<([u8; 3], usize)> = counts.into_iter().collect();
    common.sort_by_key(|&(color, count)| (std::cmp::Reverse(count), color));
    let rare = common.split_off(common.len().min(256));
    let mut places: BTreeMap<[u8; 3], u8> = (0..=255).zip(&common).map(|(place, known)| (known.0, place)).collect();
    for (color, _) in rare {
        let near = (0..=255).zip(&common).min_by_key(|(_, known)| distance(color, known.0));
        places.insert(color, near.map_or(0, |(place, _)| place));
    }
    let mut out = Vec::with_capacity(data.len() / 4);
    for (color, count) in runs {
        let place = places.get(&color).copied().unwrap_or(0);
        out.resize(out.len() + count, place);
    }
    (common.into_iter().flat_map(|(color, _)| color).collect(), out)
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_colours_take_the_nearest() {
        let mut data = Vec::new();
        for shade in 0..=255_u8 {
            data.extend([shade, 0, 0, 255].repeat(2));
        }
        data.extend([9, 1, 0, 255]);
        let (palette, places) = index(&data);
        assert_eq!((palette.len(), places.len()), (768, 513));
        let last = usize::from(places[512]) * 3;
        assert_eq!(palette[last..last + 3], [9, 0, 0]);
    }

    #[test]
    fn shapes_and_letters_land_where_they_should() {
        let red = Color(200, 0, 0);
        let drawing = Drawing {
            width: 40.0,
            height: 20.0,
            shapes: vec![
                Shape::Rect {
                    x: 0.0,
                    y: 0.0,
                    w: 10.0,
                    h: 20.0,
                    radius: 0.0,
                    fill: Some(red),
                    stroke: None,
                },
                Shape::Text {
                    x: 30.0,
                    y: 18.0,
                    text: "■".into(),
                    size: 20.0,
                    bold: false,
                    color: red,
                    anchor: Anchor::Middle,
                },
            ],
        };
        let theme = Theme::default();
        let bytes = png(&drawing, 2.0, &theme).unwrap();
        assert!(bytes == png(&drawing, 2.0, &theme).unwrap());
        let image = image::load_from_memory(&bytes).unwrap().into_rgb8();
        assert_eq!(image.dimensions(), (80, 40));
        let at = |x, y| image.get_pixel(x, y).0;
        assert_eq!(
            (at(5, 20), at(60, 20), at(30, 20)),
            ([200, 0, 0], [200, 0, 0], [255; 3])
        );
    }
}
