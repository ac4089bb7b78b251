//! Glyphs of other widths in a TrueType font: space that is not a space is part of a glyph's advance (see
//! [`super::display::RunGlyph::wide`]), and an archive demands that the font itself says the same as the page.
//!
//! A variant is a composite of the one glyph it looks like: sixteen bytes, whatever the outline.

use std::collections::BTreeMap;

/// Adds glyphs that are wider or narrower by so many thousandths of an em than others. Returns the font and for each
/// wish its glyph; `None` when the font is no TrueType font.
pub fn add(font: &[u8], wishes: &[(u16, i16)]) -> Option<(Vec<u8>, Vec<u16>)> {
    let tables = Tables::read(font)?;
    let head = tables.get(b"head")?;
    let units = i32::from(u16_at(head, 18)?);
    let count = u16_at(tables.get(b"maxp")?, 4)?;
    let mut metrics = metrics(&tables, count)?;
    let mut outlines = outlines(&tables, count)?;
    let mut made: BTreeMap<(u16, i16), u16> = BTreeMap::new();
    let mut glyphs = Vec::with_capacity(wishes.len());
    for &(base, wide) in wishes {
        if wide == 0 {
            glyphs.push(base);
            continue;
        }
        let next = u16::try_from(outlines.len()).ok()?;
        let id = *made.entry((base, wide)).or_insert(next);
        if id == next {
            let (advance, bearing) = *metrics.get(usize::from(base))?;
            let advance = i32::from(advance) + i32::from(wide) * units / 1000;
            metrics.push((u16::try_from(advance.max(0)).ok()?, bearing));
            let outline = outlines.get(usize::from(base))?;
            let composite = composite(outline, base);
            outlines.push(composite);
        }
        glyphs.push(id);
    }
    if made.is_empty() {
        return Some((font.to_vec(), glyphs));
    }
    Some((tables.rebuild(&metrics, &outlines)?, glyphs))
}

/// A glyph that draws another one; empty where that is empty.
fn composite(outline: &[u8], base: u16) -> Vec<u8> {
    const OFFSETS_IN_BYTES: u16 = 0x0002;
    let Some(bounds) = outline.get(2..10) else {
        return Vec::new();
    };
    let mut out = (-1_i16).to_be_bytes().to_vec();
    out.extend(bounds);
    out.extend(OFFSETS_IN_BYTES.to_be_bytes());
    out.extend(base.to_be_bytes());
    out.extend([0, 0]);
    out
}

/// Advance and left side bearing of every glyph.
fn metrics(tables: &Tables, count: u16) -> Option<Vec<(u16, i16)>> {
    let hmtx = tables.get(b"hmtx")?;
    let long = usize::from(u16_at(tables.get(b"hhea")?, 34)?);
    let metric = |glyph: usize| {
        let advance = u16_at(hmtx, 4 * glyph.min(long.checked_sub(1)?))?;
        let bearing = if glyph < long {
            4 * glyph + 2
        } else {
            4 * long + 2 * (glyph - long)
        };
        Some((advance, u16_at(hmtx, bearing)? as i16))
    };
    (0..usize::from(count)).map(metric).collect()
}

/// The description of every glyph.
fn outlines(tables: &Tables, count: u16) -> Option<Vec<Vec<u8>>> {
    let (loca, glyf) = (tables.get(b"loca")?, tables.get(b"glyf")?);
    let long = u16_at(tables.get(b"head")?, 50)? != 0;
    let offset = |glyph: usize| {
        if long {
            Some(u32_at(loca, 4 * glyph)? as usize)
        } else {
            Some(2 * usize::from(u16_at(loca, 2 * glyph)?))
        }
    };
    let outline = |glyph: usize| Some(glyf.get(offset(glyph)?..offset(glyph + 1)?)?.to_vec());
    (0..usize::from(count)).map(outline).collect()
}

/// The tables of a font by name.
struct Tables<'a>(BTreeMap<[u8; 4], &'a [u8]>);

impl<'a> Tables<'a> {
    fn read(font: &'a [u8]) -> Option<Self> {
        let record = |index: usize| {
            let record = font.get(12 + 16 * index..28 + 16 * index)?;
            let (from, length) = (u32_at(record, 8)? as usize, u32_at(record, 12)? as usize);
            Some((
                record.get(..4)?.try_into().ok()?,
                font.get(from..from.checked_add(length)?)?,
            ))
        };
        (0..usize::from(u16_at(font, 4)?))
            .map(record)
            .collect::<Option<_>>()
            .map(Self)
    }

    fn get(&self, tag: &[u8; 4]) -> Option<&'a [u8]> {
        self.0.get(tag).copied()
    }

    /// The font with other glyphs.
    fn rebuild(&self, metrics: &[(u16, i16)], outlines: &[Vec<u8>]) -> Option<Vec<u8>> {
        let count = u16::try_from(outlines.len()).ok()?;
        let mut head = self.get(b"head")?.to_vec();
        put(&mut head, 50, 1)?;
        head.get_mut(8..12)?.fill(0);
        let mut hhea = self.get(b"hhea")?.to_vec();
        put(&mut hhea, 34, count)?;
        let mut maxp = self.get(b"maxp")?.to_vec();
        put(&mut maxp, 4, count)?;
        // Composites are as large as what they draw, have one part, and nest one deeper.
        for (of, from) in [(10, 6), (12, 8)] {
            let most = u16_at(&maxp, of)?.max(u16_at(&maxp, from)?);
            put(&mut maxp, of, most)?;
        }
        let (parts, depth) = (u16_at(&maxp, 28)?.max(1), u16_at(&maxp, 30)? + 1);
        put(&mut maxp, 28, parts)?;
        put(&mut maxp, 30, depth)?;
        let mut hmtx = Vec::with_capacity(4 * metrics.len());
        for (advance, bearing) in metrics {
            hmtx.extend(advance.to_be_bytes());
            hmtx.extend(bearing.to_be_bytes());
        }
        let (mut loca, mut glyf) = (Vec::with_capacity(4 * outlines.len() + 4), Vec::new());
        for outline in outlines {
            loca.extend((glyf.len() as u32).to_be_bytes());
            glyf.extend(outline);
            pad(&mut glyf, 2);
        }
        loca.extend((glyf.len() as u32).to_be_bytes());
        let mut tables: BTreeMap<[u8; 4], Vec<u8>> = self.0.iter().map(|(tag, data)| (*tag, data.to_vec())).collect();
        for (tag, data) in [
            (b"head", head),
            (b"hhea", hhea),
            (b"maxp", maxp),
            (b"hmtx", hmtx),
            (b"loca", loca),
            (b"glyf", glyf),
        ] {
            tables.insert(*tag, data);
        }
        assemble(&tables)
    }
}

fn assemble(tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let selector = count.checked_ilog2()? as u16;
    let range = 16 << selector;
    let mut out = 0x0001_0000_u32.to_be_bytes().to_vec();
    for value in [count, range, selector, count * 16 - range] {
        out.extend(value.to_be_bytes());
    }
    let mut offset = out.len() + 16 * tables.len();
    for (tag, data) in tables {
        out.extend(tag);
        for value in [checksum(data), offset as u32, data.len() as u32] {
            out.extend(value.to_be_bytes());
        }
        offset += data.len().next_multiple_of(4);
    }
    let mut adjustment = None;
    for (tag, data) in tables {
        if tag == b"head" {
            adjustment = Some(out.len() + 8);
        }
        out.extend(data);
        pad(&mut out, 4);
    }
    let sum = 0xb1b0_afba_u32.wrapping_sub(checksum(&out));
    let at = adjustment?;
    out.get_mut(at..at + 4)?.copy_from_slice(&sum.to_be_bytes());
    Some(out)
}

fn pad(data: &mut Vec<u8>, to: usize) {
    data.resize(data.len().next_multiple_of(to), 0);
}

fn checksum(data: &[u8]) -> u32 {
    let word = |chunk: &[u8]| {
        let mut bytes = [0; 4];
        bytes[..chunk.len()].copy_from_slice(chunk);
        u32::from_be_bytes(bytes)
    };
    data.chunks(4).map(word).fold(0, u32::wrapping_add)
}

fn put(data: &mut [u8], at: usize, value: u16) -> Option<()> {
    data.get_mut(at..at + 2)?.copy_from_slice(&value.to_be_bytes());
    Some(())
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use ttf_parser::{Face, GlyphId, OutlineBuilder};

    use super::*;

    #[derive(Default, PartialEq, Debug)]
    struct Points(Vec<(f32, f32)>);

    impl OutlineBuilder for Points {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0.push((x, y));
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0.push((x, y));
        }
        fn quad_to(&mut self, _: f32, _: f32, x: f32, y: f32) {
            self.0.push((x, y));
        }
        fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, y: f32) {
            self.0.push((x, y));
        }
        fn close(&mut self) {}
    }

    #[test]
    fn variants_look_the_same_and_are_wider_or_narrower() {
        let bytes = include_bytes!("../../../assets/fonts/NotoSansSC-Regular-subset.ttf");
        let old = Face::parse(bytes, 0).unwrap();
        let of = |ch| old.glyph_index(ch).unwrap().0;
        let wishes = [
            (of('企'), 200),
            (of('，'), -500),
            (of('诊'), 0),
            (of(' '), 50),
            (of('企'), 200),
        ];
        let (font, glyphs) = add(bytes, &wishes).unwrap();
        let new = Face::parse(&font, 0).unwrap();
        assert_eq!(new.number_of_glyphs(), old.number_of_glyphs() + 3);
        assert_eq!(glyphs[0], glyphs[4]);
        assert_eq!(checksum(&font), 0xb1b0_afba);
        for (&(base, wide), &glyph) in wishes.iter().zip(&glyphs) {
            let width = |face: &Face, id| i32::from(face.glyph_hor_advance(GlyphId(id)).unwrap());
            assert_eq!(width(&new, glyph), width(&old, base) + i32::from(wide));
            let draw = |face: &Face, id| {
                let mut points = Points::default();
                face.outline_glyph(GlyphId(id), &mut points);
                points
            };
            assert_eq!(draw(&new, glyph), draw(&old, base));
        }
        assert!(add(b"OTTO", &wishes).is_none());
    }
}
