//! The cover page.

use super::body::{Body, Para, styled};
use super::grid::{Cell, Done, Frame, Line};
use super::inline::Look;
use super::xml::twips;
use crate::report::{
    document::{Cover, GradeBadge},
    draw::Measure,
    pdf::proportions::{COVER_LOGO, badge_columns, within},
    picture::Picture,
    theme::Theme,
};

/// From the top margin to the first line.
const ABOVE: f32 = 48.0;
/// The cover's text stands further in than that of other pages.
const INDENT: f32 = 12.0;
/// Space between grades.
const GAP: f32 = 12.0;
/// What is left free for fonts that are taller than the one measured with.
const SLACK: f32 = 36.0;

impl Body<'_> {
    /// The cover on a page of its own.
    pub fn cover(&mut self, cover: &Cover) -> Done {
        let outer = self.column;
        self.column = (INDENT, outer.1 - 2.0 * INDENT);
        let line = |body: &mut Self, style: &str, text: &str, before: Option<f32>| {
            let para = Para {
                left: Some(twips(INDENT)),
                before: before.map(twips),
                ..styled(style)
            };
            if !text.is_empty() {
                body.para(para, |body| body.text(text));
            }
        };
        match &cover.logo {
            None => self.gap(ABOVE),
            Some(logo) => {
                self.gap(16.0);
                let file = self.store(logo.bytes.to_vec(), logo.format.extension());
                let para = Para {
                    left: Some(twips(INDENT)),
                    ..styled("CoverKicker")
                };
                let size = within(logo, COVER_LOGO);
                self.para(para, |body| body.picture(&file, size, "徽标", None));
                self.gap(16.0);
            }
        }
        line(self, "CoverKicker", &cover.kicker, None);
        line(self, "Title", &cover.title, None);
        line(self, "Subtitle", &cover.subtitle, None);
        if !cover.badges.is_empty() {
            self.grades(&cover.badges)?;
        }
        self.gap(self.space_left(cover));
        if !cover.facts.is_empty() {
            self.facts(&cover.facts)?;
        }
        line(self, "CoverNote", &cover.note, None);
        self.column = outer;
        self.break_page();
        Ok(())
    }

    fn grades(&mut self, badges: &[GradeBadge]) -> Done {
        let look = |badge: &GradeBadge, theme: &Theme| {
            let colors = theme.tone(badge.tone);
            Cell {
                fill: Some(colors.pale),
                edges: [None, Some((colors.fill, 24)), None, None],
                pad: Some([10.0, 12.0, 10.0, 12.0]),
                ..Cell::default()
            }
        };
        let columns = badge_columns(badges.len());
        self.boxes(badges, columns, GAP, look, |body, badge, width| {
            let ink = body.theme.tone(badge.tone).ink;
            let look = Look {
                color: Some(ink),
                ..Look::default()
            };
            body.para(styled("BadgeLabel"), |body| body.run(&badge.label, look));
            body.figure_text("BadgeValue", &badge.value, 17.0, width - 26.0, ink);
            if badge.note.is_empty() {
                body.gap(1.0);
            } else {
                body.plain("BadgeNote", &badge.note);
            }
        })
    }

    /// Width of the labels of the facts.
    fn labels(&self, facts: &[(String, String)]) -> f32 {
        let widths = facts.iter().map(|(name, _)| self.fonts.width(name, 10.0, false));
        widths.fold(60.0, f32::max).min(self.column.1 * 0.4) + 24.0
    }

    fn facts(&mut self, facts: &[(String, String)]) -> Done {
        let labels = self.labels(facts);
        let widths = [labels, self.column.1 - labels];
        let frame = Frame {
            style: "BoxTable",
            widths: &widths,
            data: false,
            title: "",
        };
        let (muted, hairline) = (self.theme.muted, self.theme.hairline);
        self.grid(frame, |body| {
            for (index, (name, value)) in facts.iter().enumerate() {
                let cell = Cell {
                    edges: [(index > 0).then_some((hairline, 4)), None, None, None],
                    pad: Some([3.0, 0.0, 3.0, 6.0]),
                    ..Cell::default()
                };
                body.line(Line::default(), |body| {
                    let look = Look {
                        color: Some(muted),
                        ..Look::default()
                    };
                    for (width, text, look) in [(widths[0], name, look), (widths[1], value, Look::default())] {
                        body.cell(width, cell, |body| {
                            body.para(styled("CoverFact"), |body| body.run(text, look));
                            Ok(())
                        })?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    /// What the lines of the cover leave of its page: the facts stand at its foot.
    fn space_left(&self, cover: &Cover) -> f32 {
        let room = self.column.1;
        let tall = |text: &str, size: f32, bold: bool, room: f32, line: f32, around: f32| {
            if text.is_empty() {
                return 0.0;
            }
            let lines = (self.fonts.width(text, size, bold) / (room - size)).ceil().max(1.0);
            lines * line + around
        };
        let logo = |logo: &Picture| 32.0 + within(logo, COVER_LOGO).1.max(18.0) * 1.1;
        let mut used = cover.logo.as_ref().map_or(ABOVE, logo);
        used += tall(&cover.kicker, 12.0, false, room, 18.0, 0.0);
        used += tall(&cover.title, 31.0, true, room, 40.3, 20.0);
        used += tall(&cover.subtitle, 16.0, false, room, 24.0, 28.0);
        let columns = badge_columns(cover.badges.len());
        let inner = (room - GAP * (columns as f32 - 1.0)) / columns as f32 - 26.0;
        for row in cover.badges.chunks(columns) {
            let one = |badge: &GradeBadge| {
                tall(&badge.label, 9.0, false, inner, 12.6, 0.0)
                    + 31.0
                    + tall(&badge.note, 8.8, false, inner, 13.2, 0.0)
            };
            used += row.iter().map(one).fold(0.0, f32::max) + 20.0 + GAP;
        }
        let labels = self.labels(&cover.facts);
        for (name, value) in &cover.facts {
            let left = tall(name, 10.0, false, labels - 6.0, 16.0, 6.5);
            let right = tall(value, 10.0, false, room - labels - 6.0, 16.0, 6.5);
            used += left.max(right);
        }
        let small = self.theme.small + 0.3;
        used += tall(&cover.note, small, false, room, small * 1.6, 16.0);
        let page = self.theme.page.1 - self.theme.margin_top - self.theme.margin_bottom;
        (page - used - SLACK).max(16.0)
    }
}
