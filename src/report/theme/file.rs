//! `theme.yaml` of a template folder: the look of its reports and who issues them.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{Color, Theme};
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};

/// First line of a theme file.
pub const SCHEMA: &str = "qizhen/theme/1";
/// Name of the file in a template folder.
pub const FILE: &str = "theme.yaml";

const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// What a template folder says about its look; what is left out stays as it is.
#[derive(Debug, Clone, Default, Deserialize, Validate, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ThemeFile {
    /// Always `qizhen/theme/1`.
    pub schema: String,
    /// Template whose files serve where this folder has none of its own.
    pub extends: Option<At<String>>,
    /// Colours.
    pub colors: Colors,
    /// Page.
    #[validate(nested)]
    pub page: Page,
    /// Type.
    #[validate(nested)]
    pub text: Type,
    /// Fonts for characters that the built-in ones lack.
    pub fonts: FontNames,
    /// Who issues the report.
    pub letterhead: Option<Letterhead>,
}

/// Font files in the template folder: TrueType (`.ttf`) of one weight. Asked only for characters that the built-in fonts lack, such as rare names.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FontNames {
    /// For running text; for headings too where `bold` is left out.
    pub regular: Option<At<String>>,
    /// For headings and emphasis.
    pub bold: Option<At<String>>,
}

/// Colours, `"#rrggbb"`; tints are derived.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Colors {
    /// Headings, rules, bars. Must be legible on white: contrast of 4.5 or more (WCAG 2, AA).
    pub brand: Option<At<String>>,
    /// Links; the same contrast.
    pub link: Option<At<String>>,
}

/// The page: A4, margins in millimetres.
#[derive(Debug, Clone, Default, Deserialize, Validate, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Page {
    /// Left and right, 12 to 45.
    #[validate(range(min = 12.0, max = 45.0, message = "应在 12 到 45 毫米之间"))]
    pub margin_x: Option<f32>,
    /// Top, with room for the running head, 20 to 60.
    #[validate(range(min = 20.0, max = 60.0, message = "应在 20 到 60 毫米之间"))]
    pub margin_top: Option<f32>,
    /// Bottom, with room for the running foot, 20 to 60.
    #[validate(range(min = 20.0, max = 60.0, message = "应在 20 到 60 毫米之间"))]
    pub margin_bottom: Option<f32>,
}

/// Sizes in points.
#[derive(Debug, Clone, Default, Deserialize, Validate, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Type {
    /// Running text, 8 to 14.
    #[validate(range(min = 8.0, max = 14.0, message = "应在 8 到 14 磅之间"))]
    pub body: Option<f32>,
    /// Tables, 7 to 12.
    #[validate(range(min = 7.0, max = 12.0, message = "应在 7 到 12 磅之间"))]
    pub table: Option<f32>,
    /// Line to line, as a multiple of the size, 1.3 to 2.2.
    #[validate(range(min = 1.3, max = 2.2, message = "应在 1.3 到 2.2 之间"))]
    pub leading: Option<f32>,
}

/// Who issues the report. A template sees it as `letterhead`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Letterhead {
    /// Full name.
    pub name: String,
    /// One line under the name.
    pub slogan: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub email: String,
    /// Web address.
    pub website: String,
    /// Picture in the template folder; PNG or JPEG.
    pub logo: String,
    /// Id or name under which the issuer stands in a pool of providers: recommending oneself is then marked.
    pub provider: String,
}

impl ThemeFile {
    /// The look: this file's words over `base`.
    pub fn apply(&self, base: Theme, problems: &mut Vec<Diagnostic>) -> Theme {
        let mut theme = base;
        if let Some(brand) = color(self.colors.brand.as_ref(), problems) {
            theme.brand = brand;
            theme.brand_pale = brand.tint(0.9);
            theme.zebra = brand.tint(0.96);
        }
        if let Some(link) = color(self.colors.link.as_ref(), problems) {
            theme.link = link;
        }
        let set = |place: &mut f32, value: Option<f32>, unit: f32| {
            if let Some(value) = value {
                *place = value * unit;
            }
        };
        set(&mut theme.margin_x, self.page.margin_x, POINTS_PER_MM);
        set(&mut theme.margin_top, self.page.margin_top, POINTS_PER_MM);
        set(&mut theme.margin_bottom, self.page.margin_bottom, POINTS_PER_MM);
        set(&mut theme.body, self.text.body, 1.0);
        set(&mut theme.table, self.text.table, 1.0);
        set(&mut theme.leading, self.text.leading, 1.0);
        theme
    }
}

/// A colour that can be read on white, or what is wrong with it.
fn color(written: Option<&At<String>>, problems: &mut Vec<Diagnostic>) -> Option<Color> {
    let written = written?;
    let Some(color) = Color::parse(&written.value) else {
        let message = format!("颜色 “{}” 读不懂", written.value);
        problems.push(Diagnostic::error(Code::WrongType, written.span, message).hint("写法如 \"#0e5a66\"，要带引号"));
        return None;
    };
    let contrast = color.contrast(Color::WHITE);
    if contrast < 4.5 {
        let message = format!("颜色 {} 在白纸上太浅，对比度 {contrast:.1}，至少要 4.5", color.css());
        let darker = color.darkened(4.5);
        problems.push(
            Diagnostic::error(Code::Range, written.span, message).hint(format!("同色里够深的：\"{}\"", darker.css())),
        );
        return None;
    }
    Some(color)
}
