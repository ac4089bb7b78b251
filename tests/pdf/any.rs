//! Any document: blocks in each other, however deep, with whatever text.

use proptest::prelude::*;
use qizhen::report::document::*;

pub fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let text = "[企业诊断，。（）“”、 a-zA-Z0-9%²₂—…·/:.-]{0,40}";
    let leaf = prop_oneof![
        3 => text.prop_map(Inline::Text),
        1 => text.prop_map(Inline::Code),
        1 => text.prop_map(|text| Inline::Badge { tone: Tone::Warn, text }),
        1 => Just(Inline::Break),
    ];
    let nested = leaf.prop_recursive(2, 8, 3, |inner| {
        let some = prop::collection::vec(inner, 0..3);
        prop_oneof![
            some.clone().prop_map(Inline::Strong),
            some.clone().prop_map(Inline::Emph),
            some.prop_map(|text| Inline::Link {
                target: "#a".into(),
                text
            }),
        ]
    });
    prop::collection::vec(nested, 0..4)
}

pub fn table() -> impl Strategy<Value = Table> {
    let cell = prop_oneof![4 => inlines(), 1 => "[长行文字，。a-z ]{0,900}".prop_map(|t| vec![Inline::Text(t)])];
    let row = (prop::collection::vec(cell, 0..6), any::<bool>()).prop_map(|(cells, group)| Row { cells, group });
    let column = prop::option::of(prop_oneof![0.0_f32..9.0, Just(f32::NAN), Just(-1.0)]).prop_map(|weight| Column {
        align: Align::Right,
        weight,
    });
    (
        prop::collection::vec(column, 0..6),
        prop::collection::vec(inlines(), 0..6),
        prop::collection::vec(row, 0..8),
    )
        .prop_map(|(columns, head, rows)| Table {
            caption: "表".into(),
            columns,
            head,
            rows,
        })
}

pub fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let leaf = prop_oneof![
        inlines().prop_map(Block::Paragraph),
        table().prop_map(Block::Table),
        (any::<u8>(), inlines()).prop_map(|(level, text)| Block::Heading {
            level,
            id: "a".into(),
            text
        }),
        Just(Block::PageBreak),
        Just(Block::Rule),
        Just(Block::Toc {
            title: "目录".into(),
            depth: 3
        }),
    ];
    let nested = leaf.prop_recursive(5, 20, 4, |inner| {
        let some = prop::collection::vec(inner, 0..4);
        prop_oneof![
            (
                prop::option::of(any::<u64>()),
                prop::collection::vec(some.clone(), 0..3)
            )
                .prop_map(|(start, items)| Block::List { start, items }),
            some.prop_map(|body| Block::Callout {
                tone: Tone::Info,
                title: "注".into(),
                body
            }),
        ]
    });
    prop::collection::vec(nested, 0..8)
}
