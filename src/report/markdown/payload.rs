//! Payloads of directives as written, before they become blocks.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::super::chart::ChartTone;
use super::super::document::{Align, Cover, GradeBadge, Meta, Seal, SignBox, Tile, Tone};

/// A chart with the two fields every figure has besides the chart's own.
pub(super) struct Captioned<T> {
    pub(super) chart: T,
    pub(super) caption: String,
    pub(super) alt: String,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Captioned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = Captioned<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("一组 `字段: 值`")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let (mut caption, mut alt) = (None, None);
                let rest = Rest {
                    map,
                    caption: &mut caption,
                    alt: &mut alt,
                };
                let chart = T::deserialize(MapAccessDeserializer::new(rest))?;
                Ok(Captioned {
                    chart,
                    caption: caption.unwrap_or_default(),
                    alt: alt.unwrap_or_default(),
                })
            }
        }
        deserializer.deserialize_map(Fields(PhantomData))
    }
}

/// A mapping without its `caption` and `alt`, which are put aside.
struct Rest<'a, A> {
    map: A,
    caption: &'a mut Option<String>,
    alt: &'a mut Option<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<String>()? {
            match key.as_str() {
                "caption" => *self.caption = Some(self.map.next_value()?),
                "alt" => *self.alt = Some(self.map.next_value()?),
                _ => return seed.deserialize(key.into_deserializer()).map(Some),
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct MetaPayload {
    title: String,
    author: String,
    subject: String,
    keywords: Vec<String>,
    date: String,
    header_left: String,
    header_right: String,
    footer_left: String,
    watermark: String,
    pub(super) logo: String,
}

impl From<MetaPayload> for Meta {
    fn from(it: MetaPayload) -> Self {
        Self {
            logo: None,
            title: it.title,
            author: it.author,
            subject: it.subject,
            keywords: it.keywords,
            date: it.date,
            header_left: it.header_left,
            header_right: it.header_right,
            footer_left: it.footer_left,
            watermark: it.watermark,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CoverPayload {
    #[serde(default)]
    pub(super) logo: String,
    #[serde(default)]
    kicker: String,
    title: String,
    #[serde(default)]
    subtitle: String,
    #[serde(default)]
    badges: Vec<BadgePayload>,
    #[serde(default)]
    facts: Pairs,
    #[serde(default)]
    note: String,
}

impl From<CoverPayload> for Cover {
    fn from(it: CoverPayload) -> Self {
        Self {
            logo: None,
            kicker: it.kicker,
            title: it.title,
            subtitle: it.subtitle,
            badges: it.badges.into_iter().map(Into::into).collect(),
            facts: it.facts.0,
            note: it.note,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BadgePayload {
    label: String,
    value: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    tone: ChartTone,
}

impl From<BadgePayload> for GradeBadge {
    fn from(it: BadgePayload) -> Self {
        Self {
            label: it.label,
            value: it.value,
            note: it.note,
            tone: it.tone.into(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TilePayload {
    label: String,
    value: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    tone: ChartTone,
}

impl From<TilePayload> for Tile {
    fn from(it: TilePayload) -> Self {
        Self {
            label: it.label,
            value: it.value,
            note: it.note,
            tone: it.tone.into(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GalleryPayload {
    #[serde(default = "one")]
    pub(super) columns: u8,
    #[serde(default)]
    pub(super) items: Option<Vec<ShotPayload>>,
}

fn one() -> u8 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShotPayload {
    pub(super) src: String,
    #[serde(default)]
    pub(super) caption: String,
    #[serde(default)]
    pub(super) alt: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignPayload {
    title: String,
    #[serde(default)]
    lines: Vec<String>,
}

impl From<SignPayload> for SignBox {
    fn from(it: SignPayload) -> Self {
        Self {
            title: it.title,
            lines: it.lines,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealPayload {
    report_no: String,
    code: String,
    #[serde(default)]
    say: String,
}

impl From<SealPayload> for Seal {
    fn from(it: SealPayload) -> Self {
        Self {
            report_no: it.report_no,
            code: it.code,
            say: it.say,
        }
    }
}

impl From<ChartTone> for Tone {
    fn from(tone: ChartTone) -> Self {
        match tone {
            ChartTone::Neutral => Self::Neutral,
            ChartTone::Info => Self::Info,
            ChartTone::Good => Self::Good,
            ChartTone::Warn => Self::Warn,
            ChartTone::Bad => Self::Bad,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TocPayload {
    pub(super) title: String,
    pub(super) depth: u8,
}

impl Default for TocPayload {
    fn default() -> Self {
        Self {
            title: "目录".to_owned(),
            depth: 2,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TablePayload {
    #[serde(default)]
    pub(super) caption: String,
    pub(super) columns: Vec<ColumnPayload>,
    /// A loop that writes no row leaves nothing behind the name.
    #[serde(default)]
    pub(super) rows: Option<Vec<RowPayload>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnPayload {
    #[serde(default)]
    pub(super) head: String,
    #[serde(default)]
    pub(super) align: AlignPayload,
    #[serde(default)]
    pub(super) weight: Option<f32>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub(super) enum AlignPayload {
    #[default]
    Left,
    Center,
    Right,
}

impl From<AlignPayload> for Align {
    fn from(it: AlignPayload) -> Self {
        match it {
            AlignPayload::Left => Self::Left,
            AlignPayload::Center => Self::Center,
            AlignPayload::Right => Self::Right,
        }
    }
}

/// A row: a list of cells, or `{group: …}`.
pub(super) enum RowPayload {
    Cells(Vec<CellPayload>),
    Group(String),
}

impl<'de> Deserialize<'de> for RowPayload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Group {
            group: String,
        }
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RowPayload;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("单元格列表，或 `{group: 分组名}`")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut cells = Vec::new();
                while let Some(cell) = seq.next_element()? {
                    cells.push(cell);
                }
                Ok(RowPayload::Cells(cells))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Group::deserialize(MapAccessDeserializer::new(map)).map(|group| RowPayload::Group(group.group))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A cell: Markdown, or `{text: …}` for text that shows literally.
pub(super) enum CellPayload {
    Markdown(String),
    Text(String),
}

impl<'de> Deserialize<'de> for CellPayload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Text {
            text: String,
        }
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = CellPayload;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("Markdown 文字、数字，或 `{text: 原样文字}`")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(CellPayload::Markdown(text.to_owned()))
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
                Ok(CellPayload::Text(number.to_string()))
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
                Ok(CellPayload::Text(number.to_string()))
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
                Ok(CellPayload::Text(number.to_string()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Text::deserialize(MapAccessDeserializer::new(map)).map(|text| CellPayload::Text(text.text))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Label and value pairs in order: `{企业: …}` or `[[企业, …], …]`.
#[derive(Default)]
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Pairs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`名称: 内容` 的列表")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = seq.next_element()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_any(Either)
    }
}
