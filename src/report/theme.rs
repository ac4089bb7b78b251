//! Colours, sizes and spacing of every report: one calm system that the PDF and the HTML back end share.

pub mod file;

use std::sync::Arc;

use super::{chart::ChartTone, document::Tone, pdf::face::FaceData};

/// An opaque sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color(pub u8, pub u8, pub u8);

impl Color {
    /// White.
    pub const WHITE: Self = Self(255, 255, 255);

    /// A colour from `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        Self((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
    }

    /// A colour from `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#').filter(|digits| digits.len() == 6)?;
        u32::from_str_radix(digits, 16).ok().map(Self::hex)
    }

    /// The colour, made darker until it has that contrast on white.
    pub fn darkened(self, contrast: f32) -> Self {
        let mut color = self;
        while color.contrast(Self::WHITE) < contrast && color != Self(0, 0, 0) {
            let less = |c: u8| (f32::from(c) * 0.96) as u8;
            color = Self(less(color.0), less(color.1), less(color.2));
        }
        color
    }

    /// The colour as CSS, `#rrggbb`.
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// The colour mixed with white: 0 leaves it, 1 is white.
    pub fn tint(self, share: f32) -> Self {
        let mix = |c: u8| (f32::from(c) + (255.0 - f32::from(c)) * share.clamp(0.0, 1.0)).round() as u8;
        Self(mix(self.0), mix(self.1), mix(self.2))
    }

    /// Contrast with another colour as WCAG 2 defines it, 1 to 21.
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f32 {
        let linear = |c: u8| {
            let c = f32::from(c) / 255.0;
            if c <= 0.03928 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// The three colours of one meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToneColors {
    /// Text on white or on `pale`.
    pub ink: Color,
    /// Areas; white text on it is legible.
    pub fill: Color,
    /// Backgrounds.
    pub pale: Color,
}

/// Page, type and colours of a report. Lengths are points.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Page width and height.
    pub page: (f32, f32),
    /// Left and right margin.
    pub margin_x: f32,
    /// From the top edge to the text.
    pub margin_top: f32,
    /// From the text to the bottom edge.
    pub margin_bottom: f32,
    /// Size of running text.
    pub body: f32,
    /// Baseline to baseline of running text, as a multiple of its size.
    pub leading: f32,
    /// Size of table text.
    pub table: f32,
    /// Size of captions, notes and running heads.
    pub small: f32,
    /// Heading sizes by level; deeper levels take the last.
    pub headings: [f32; 4],
    /// Text.
    pub ink: Color,
    /// Secondary text.
    pub muted: Color,
    /// Thin rules and outlines.
    pub hairline: Color,
    /// Every second table row, code backgrounds.
    pub zebra: Color,
    /// The one brand colour.
    pub brand: Color,
    /// Its background tint.
    pub brand_pale: Color,
    /// Link text.
    pub link: Color,
    /// The watermark.
    pub watermark: Color,
    /// `Tone::Neutral`.
    pub neutral: ToneColors,
    /// `Tone::Info`.
    pub info: ToneColors,
    /// `Tone::Good`.
    pub good: ToneColors,
    /// `Tone::Warn`.
    pub warn: ToneColors,
    /// `Tone::Bad`.
    pub bad: ToneColors,
    /// Fonts for characters that the embedded ones lack.
    pub spare: Spare,
}

/// Fonts of the template folder, asked for characters that the embedded fonts lack.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spare {
    /// For running text.
    pub regular: Option<Arc<FaceData>>,
    /// For headings and emphasis.
    pub bold: Option<Arc<FaceData>>,
}

impl Default for Theme {
    fn default() -> Self {
        const fn tone(ink: u32, fill: u32, pale: u32) -> ToneColors {
            ToneColors {
                ink: Color::hex(ink),
                fill: Color::hex(fill),
                pale: Color::hex(pale),
            }
        }
        Self {
            page: (595.28, 841.89),
            margin_x: 62.0,
            margin_top: 80.0,
            margin_bottom: 74.0,
            body: 10.5,
            leading: 1.68,
            table: 9.2,
            small: 8.5,
            headings: [19.0, 14.5, 12.0, 10.8],
            ink: Color::hex(0x1f2a30),
            muted: Color::hex(0x5a6770),
            hairline: Color::hex(0xd3dadd),
            zebra: Color::hex(0xf5f8f8),
            brand: Color::hex(0x0e5a66),
            brand_pale: Color::hex(0xe5eff0),
            link: Color::hex(0x1b5e9e),
            watermark: Color::hex(0xeff2f3),
            neutral: tone(0x43525a, 0x5b6b73, 0xedf0f1),
            info: tone(0x1b5e9e, 0x2f6fb5, 0xe8f0f9),
            good: tone(0x1b6b3a, 0x2e7d4f, 0xe6f3ea),
            warn: tone(0x8a5200, 0xa56000, 0xfcf2e0),
            bad: tone(0xa32020, 0xb63a32, 0xfaeae8),
            spare: Spare::default(),
        }
    }
}

impl Theme {
    /// The colours of a meaning.
    pub fn tone(&self, tone: Tone) -> ToneColors {
        match tone {
            Tone::Neutral => self.neutral,
            Tone::Info => self.info,
            Tone::Good => self.good,
            Tone::Warn => self.warn,
            Tone::Bad => self.bad,
        }
    }

    /// The colours of a chart element.
    pub fn chart_tone(&self, tone: ChartTone) -> ToneColors {
        match tone {
            ChartTone::Neutral => ToneColors {
                ink: self.brand,
                fill: self.brand,
                pale: self.brand_pale,
            },
            ChartTone::Info => self.info,
            ChartTone::Good => self.good,
            ChartTone::Warn => self.warn,
            ChartTone::Bad => self.bad,
        }
    }

    /// Size of a heading of that level (1 is a chapter).
    pub fn heading(&self, level: u8) -> f32 {
        self.headings[usize::from(level.max(1) - 1).min(self.headings.len() - 1)]
    }

    /// Width of the text column.
    pub fn column(&self) -> f32 {
        self.page.0 - 2.0 * self.margin_x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_contrast_on_every_background_it_meets() {
        let theme = Theme::default();
        for color in [theme.ink, theme.muted, theme.brand, theme.link] {
            for ground in [Color::WHITE, theme.zebra, theme.brand_pale] {
                assert!(color.contrast(ground) >= 4.5, "{} on {}", color.css(), ground.css());
            }
        }
        for tone in [Tone::Neutral, Tone::Info, Tone::Good, Tone::Warn, Tone::Bad] {
            let colors = theme.tone(tone);
            assert!(colors.ink.contrast(colors.pale) >= 4.5, "{tone:?} ink");
            assert!(colors.fill.contrast(Color::WHITE) >= 4.5, "{tone:?} fill");
        }
    }
}
