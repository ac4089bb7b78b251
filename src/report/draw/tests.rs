use super::*;
use crate::report::chart::*;

/// Full-width characters are one em, the rest a bit over half.
struct Rough;

impl Measure for Rough {
    fn width(&self, text: &str, size: f32, _: bool) -> f32 {
        text.chars().map(|c| if c.is_ascii() { 0.56 } else { 1.0 }).sum::<f32>() * size
    }
}

fn check(chart: &Chart) -> Drawing {
    let mut last = Drawing::default();
    for width in [200.0, 320.0, 471.0] {
        let drawing = draw(chart, width, &Rough);
        assert!(drawing.height.is_finite() && drawing.height > 0.0);
        for shape in &drawing.shapes {
            for (x, y) in corners(shape) {
                assert!(x.is_finite() && y.is_finite(), "{shape:?}");
                let inside = x >= -1.0 && x <= drawing.width + 1.0 && y >= -1.0 && y <= drawing.height + 1.0;
                assert!(inside, "{width}×{}: ({x}, {y}) of {shape:?}", drawing.height);
            }
        }
        last = drawing;
    }
    last
}

fn corners(shape: &Shape) -> Vec<(f32, f32)> {
    match shape {
        Shape::Path { segs, .. } => segs
            .iter()
            .flat_map(|seg| match *seg {
                Seg::Move(x, y) | Seg::Line(x, y) => vec![(x, y)],
                Seg::Cubic(a, b, c, d, e, f) => vec![(a, b), (c, d), (e, f)],
                Seg::Close => vec![],
            })
            .collect(),
        Shape::Line { from, to, .. } => vec![*from, *to],
        Shape::Rect { x, y, w, h, .. } => vec![(*x, *y), (x + w, y + h)],
        Shape::Text {
            x,
            y,
            text,
            size,
            anchor,
            ..
        } => {
            let width = Rough.width(text, *size, false);
            let left = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            vec![(left, y - size * 0.8), (left + width, y + size * 0.1)]
        }
    }
}

fn texts(drawing: &Drawing) -> String {
    let text = |shape: &Shape| match shape {
        Shape::Text { text, .. } => text.clone() + "|",
        _ => String::new(),
    };
    drawing.shapes.iter().map(text).collect()
}

fn radar(axes: usize) -> Chart {
    let values = |k: f64| (0..axes).map(|i| (i != 1).then_some(20.0 + k * i as f64)).collect();
    Chart::Radar(Radar {
        axes: (0..axes).map(|i| format!("数字化基础条件第{i}项")).collect(),
        max: 100.0,
        rings: vec![20.0, 40.0, 60.0, 80.0, 100.0],
        series: vec![
            RadarSeries {
                name: "本企业".into(),
                values: values(5.0),
            },
            RadarSeries {
                name: "行业平均".into(),
                values: values(200.0),
            },
            RadarSeries {
                name: "标杆".into(),
                values: vec![Some(f64::NAN); axes],
            },
        ],
        unit: "%".into(),
    })
}

#[test]
fn radars_of_every_size_stay_in_the_box() {
    for axes in [0, 1, 2, 3, 4, 8, 16] {
        let drawing = check(&radar(axes));
        assert_eq!(texts(&drawing).contains(UNMEASURED), axes > 1, "{axes}");
    }
}

#[test]
fn bars_with_crowded_marks() {
    let mark = |value, label: &str| Mark {
        value,
        label: label.into(),
    };
    let bar = |label: &str, value, marks| Bar {
        label: label.into(),
        value,
        full: Some(90.0),
        marks,
        note: String::new(),
        tone: ChartTone::Good,
    };
    let crowded = vec![
        mark(60.0, "合格线"),
        mark(61.0, "行业平均水平"),
        mark(62.0, "引领值"),
        mark(100.0, "满分"),
    ];
    check(&Chart::Bars(Bars {
        max: 100.0,
        unit: "分".into(),
        bars: vec![
            bar("单位产品综合能耗与单位产品取水量", Some(58.0), crowded.clone()),
            bar("未测的一项", None, vec![]),
            bar("超出", Some(180.0), vec![mark(f64::INFINITY, "坏值")]),
        ],
    }));
    let shared = Bars {
        max: 0.0,
        unit: String::new(),
        bars: vec![bar("甲", Some(1.0), crowded.clone()); 3],
    };
    check(&Chart::Bars(shared));
}

#[test]
fn levels_tell_missing_from_none() {
    let row = |label: &str, level, target| LevelRow {
        label: label.into(),
        level,
        target,
    };
    let drawing = check(&Chart::Levels(Levels {
        levels: ["一级", "二级", "三级", "四级"].map(String::from).to_vec(),
        rows: vec![
            row("★ 产品设计", Some(2), 3),
            row("工艺设计", Some(0), 2),
            row("设备管理与维护保养的非常长的名称再长一点", None, 3),
            row("x", Some(9), 9),
        ],
    }));
    let texts = texts(&drawing);
    assert!(
        texts.contains("未答|") && texts.contains("0|") && texts.contains("★ 产品设计"),
        "{texts}"
    );
}

#[test]
fn ladders_name_the_distance() {
    let rungs: Vec<_> = [
        ("一级 起步级", 0.0),
        ("二级 规范级", 40.0),
        ("三级 集成级", 60.0),
        ("四级 协同级", 80.0),
    ]
    .map(|(label, from)| Rung {
        label: label.into(),
        from,
    })
    .to_vec();
    let ladder = |value, reached| {
        Chart::Ladder(Ladder {
            max: 100.0,
            rungs: rungs.clone(),
            value,
            reached,
        })
    };
    assert!(texts(&check(&ladder(Some(58.4), Some(1)))).contains("还差 1.6"));
    assert!(texts(&check(&ladder(Some(85.0), Some(1)))).contains("受其他条件限制"));
    for (value, reached) in [
        (None, None),
        (Some(100.0), Some(3)),
        (Some(0.0), None),
        (Some(-5.0), Some(99)),
    ] {
        check(&ladder(value, reached));
    }
    check(&Chart::Ladder(Ladder {
        max: f64::NAN,
        rungs: vec![],
        value: Some(1.0),
        reached: None,
    }));
}

#[test]
fn stacked_bars_with_nothing_in_them() {
    let part = |name: &str, tone| StackedPart {
        name: name.into(),
        tone,
    };
    let row = |label: &str, values: &[f64]| StackedRow {
        label: label.into(),
        values: values.to_vec(),
    };
    check(&Chart::Stacked(Stacked {
        unit: "台".into(),
        parts: vec![
            part("1 级能效", ChartTone::Good),
            part("2 级能效", ChartTone::Info),
            part("3 级能效", ChartTone::Warn),
            part("应淘汰", ChartTone::Bad),
        ],
        rows: vec![
            row("电动机", &[12.0, 30.0, 8.0, 3.0]),
            row("空", &[0.0; 4]),
            row("坏", &[f64::NAN, -1.0, 1.0]),
        ],
    }));
}

#[test]
fn labels_break_before_no_closing_punctuation() {
    let theme = Theme::default();
    let canvas = Canvas {
        width: 100.0,
        shapes: vec![],
        theme: &theme,
        measure: &Rough,
    };
    let ink = Ink::new(10.0, theme.ink);
    let lines = canvas.wrap("设备联网率（含数控机床），MES 覆盖", 60.0, ink, 9);
    assert!(
        lines.iter().all(|l| !l.starts_with(['，', '）']) && !l.ends_with('（')),
        "{lines:?}"
    );
    assert_eq!(canvas.wrap("很长很长很长的标签", 30.0, ink, 1), ["很长…"]);
}
