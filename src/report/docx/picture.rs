//! Charts and photos.

use super::body::{Body, Para, styled};
use super::grid::{Cell, Done, Frame, Line};
use super::xml::{Xml, emu, hex, twips};
use crate::report::{
    chart::Chart,
    document::Gallery,
    draw::draw_with,
    pdf::proportions::{FIGURE_WIDEST, PICTURE_GAP, picture_sizes},
    raster,
    theme::Color,
};

/// Pixels a point of a chart: twice what a screen shows.
const SHARPNESS: f32 = 2.0 * 96.0 / 72.0;
/// Room that a chart leaves for its caption on the tallest page.
const BELOW: f32 = 60.0;

impl Body<'_> {
    /// A chart and its caption.
    pub fn figure(&mut self, chart: &Chart, caption: &str, alt: &str) -> Done {
        let drawing = draw_with(chart, self.column.1.min(FIGURE_WIDEST), self.theme, self.fonts);
        let said = if caption.is_empty() { "图表" } else { caption };
        let bytes = raster::png(&drawing, SHARPNESS, self.theme).map_err(|error| format!("{said}：{error}"))?;
        let alt = if alt.is_empty() { said } else { alt };
        let most = self.theme.page.1 - self.theme.margin_top - self.theme.margin_bottom - BELOW;
        let scale = (most / drawing.height.max(1.0)).min(1.0);
        let name = self.store(bytes, "png");
        let para = Para {
            keep: !caption.is_empty(),
            left: (self.column.0 > 0.0).then(|| twips(self.column.0)),
            ..styled("Figure")
        };
        self.para(para, |body| {
            body.picture(&name, (drawing.width * scale, drawing.height * scale), alt, None);
        });
        self.plain("Caption", caption);
        Ok(())
    }

    /// Pictures in rows, each with its caption.
    pub fn gallery(&mut self, gallery: &Gallery) -> Done {
        let columns = usize::from(gallery.columns.clamp(1, 6));
        let (width, widths) = super::boxes::beside(columns, PICTURE_GAP, self.column.1);
        if gallery.shots.is_empty() {
            return Ok(());
        }
        let frame = Frame {
            style: "BoxTable",
            widths: &widths,
            data: false,
            title: "",
        };
        self.grid(frame, |body| {
            for row in gallery.shots.chunks(columns) {
                let sizes = picture_sizes(row, columns, width, body.theme);
                // Pictures stand on one line, their captions below it.
                for captions in [false, true] {
                    if captions && row.iter().all(|shot| shot.caption.is_empty()) {
                        continue;
                    }
                    body.line(Line::default(), |body| {
                        for place in 0..columns {
                            if place > 0 {
                                body.empty_cell(PICTURE_GAP, 1)?;
                            }
                            let Some((shot, size)) = row.get(place).zip(sizes.get(place)) else {
                                body.empty_cell(width, 1)?;
                                continue;
                            };
                            let cell = Cell {
                                low: !captions,
                                ..Cell::default()
                            };
                            body.cell(width, cell, |body| {
                                if captions {
                                    body.para(styled("Caption"), |body| body.text(&shot.caption));
                                    return Ok(());
                                }
                                let picture = &shot.picture;
                                let name = body.store(picture.bytes.to_vec(), picture.format.extension());
                                let alt = match (shot.alt.is_empty(), shot.caption.is_empty()) {
                                    (false, _) => &shot.alt,
                                    (true, false) => &shot.caption,
                                    (true, true) => "图片",
                                };
                                let para = Para {
                                    keep: true,
                                    ..styled("Figure")
                                };
                                let edge = Some(body.theme.hairline);
                                body.para(para, |body| body.picture(&name, *size, alt, edge));
                                Ok(())
                            })?;
                        }
                        Ok(())
                    })?;
                }
            }
            Ok(())
        })?;
        self.gap(8.0);
        Ok(())
    }

    /// Keeps a picture, each content once; returns its name below `word/`.
    pub fn store(&mut self, bytes: Vec<u8>, extension: &str) -> String {
        if let Some((name, _)) = self.media.iter().find(|(_, known)| *known == bytes) {
            return name.clone();
        }
        let name = format!("media/image{}.{extension}", self.media.len() + 1);
        self.media.push((name.clone(), bytes));
        name
    }

    /// A picture of that size in points within a line of text.
    pub fn picture(&mut self, file: &str, size: (f32, f32), alt: &str, edge: Option<Color>) {
        let relation = self.relations.part("image", file);
        let id = self.id();
        inline(&mut self.xml, &relation, id, size, alt, edge);
    }
}

/// A run with a picture: what it is related to, a number of its own, its size in points, its words, its outline.
pub fn inline(xml: &mut Xml, relation: &str, id: u32, (width, height): (f32, f32), alt: &str, edge: Option<Color>) {
    let name = format!("图 {id}");
    let (cx, cy) = (emu(width), emu(height));
    xml.open("w:r", &[]);
    xml.open("w:drawing", &[]);
    xml.open(
        "wp:inline",
        &[("distT", &0), ("distB", &0), ("distL", &0), ("distR", &0)],
    );
    xml.leaf("wp:extent", &[("cx", &cx), ("cy", &cy)]);
    xml.leaf("wp:docPr", &[("id", &id), ("name", &name), ("descr", &alt)]);
    xml.open("wp:cNvGraphicFramePr", &[]);
    xml.leaf("a:graphicFrameLocks", &[("noChangeAspect", &1)]);
    xml.close();
    xml.open("a:graphic", &[]);
    let kind = "http://schemas.openxmlformats.org/drawingml/2006/picture";
    xml.open("a:graphicData", &[("uri", &kind)]);
    xml.open("pic:pic", &[]);
    xml.open("pic:nvPicPr", &[]);
    xml.leaf("pic:cNvPr", &[("id", &id), ("name", &name), ("descr", &alt)]);
    xml.leaf("pic:cNvPicPr", &[]);
    xml.close();
    xml.open("pic:blipFill", &[]);
    xml.leaf("a:blip", &[("r:embed", &relation)]);
    xml.open("a:stretch", &[]);
    xml.leaf("a:fillRect", &[]);
    xml.close();
    xml.close();
    xml.open("pic:spPr", &[]);
    xml.open("a:xfrm", &[]);
    xml.leaf("a:off", &[("x", &0), ("y", &0)]);
    xml.leaf("a:ext", &[("cx", &cx), ("cy", &cy)]);
    xml.close();
    xml.open("a:prstGeom", &[("prst", &"rect")]);
    xml.leaf("a:avLst", &[]);
    xml.close();
    if let Some(color) = edge {
        xml.open("a:ln", &[("w", &6350)]);
        xml.open("a:solidFill", &[]);
        xml.leaf("a:srgbClr", &[("val", &hex(color))]);
        xml.close();
        xml.close();
    }
    // spPr, pic, graphicData, graphic, inline, drawing, r.
    for _ in 0..7 {
        xml.close();
    }
}
