//! Every chart from its directive to shapes: nothing outside, no text on another, nothing taller than a page.
//!
//! `QIZHEN_CHARTS_DIR=dir cargo test --test charts` writes the samples there in every form, to look at.

use std::fmt::Write;
use std::path::Path;

use qizhen::report::chart::{self, Chart};
use qizhen::report::document::Block;
use qizhen::report::draw::{Anchor, Drawing, Seg, Shape, draw};
use qizhen::report::theme::Theme;
use qizhen::report::{markdown, pdf, plain, svg};

/// Width of charts on the page.
const PAGE: f32 = 440.0;

fn figures(text: &str) -> Vec<(Chart, String)> {
    let document = markdown::parse(text).unwrap_or_else(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", errors.join("\n"))
    });
    let figure = |block| match block {
        Block::Figure { chart, caption, .. } => Some((chart, caption)),
        _ => None,
    };
    document.blocks.into_iter().filter_map(figure).collect()
}

fn samples() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/charts.md");
    std::fs::read_to_string(path).expect("samples")
}

/// Left, top, right, bottom of what a shape covers.
fn extent(shape: &Shape) -> (f32, f32, f32, f32) {
    let fonts = pdf::measure().expect("fonts");
    match shape {
        Shape::Path { segs, .. } => {
            let points = segs.iter().flat_map(|seg| match *seg {
                Seg::Move(x, y) | Seg::Line(x, y) => vec![(x, y)],
                Seg::Cubic(a, b, c, d, x, y) => vec![(a, b), (c, d), (x, y)],
                Seg::Close => vec![],
            });
            let start = (f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY);
            points.fold(start, |(l, t, r, b), (x, y)| (l.min(x), t.min(y), r.max(x), b.max(y)))
        }
        Shape::Line { from, to, .. } => (from.0.min(to.0), from.1.min(to.1), from.0.max(to.0), from.1.max(to.1)),
        Shape::Rect { x, y, w, h, .. } => (*x, *y, x + w, y + h),
        Shape::Text {
            x,
            y,
            text,
            size,
            bold,
            anchor,
            ..
        } => {
            let width = fonts.width(text, *size, *bold);
            let left = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - width / 2.0,
                Anchor::End => x - width,
            };
            (left, y - size * 0.82, left + width, y + size * 0.12)
        }
    }
}

fn words(drawing: &Drawing) -> Vec<&str> {
    let mut words = Vec::new();
    for shape in &drawing.shapes {
        if let Shape::Text { text, .. } = shape {
            words.push(text.as_str());
        }
    }
    words
}

/// What is wrong with a drawing.
fn faults(drawing: &Drawing) -> Vec<String> {
    let mut faults = Vec::new();
    type Box4 = (f32, f32, f32, f32);
    let mut texts: Vec<(&str, Box4)> = Vec::new();
    for shape in &drawing.shapes {
        let place = extent(shape);
        let (left, top, right, bottom) = place;
        let finite = [left, top, right, bottom].iter().all(|x| x.is_finite());
        if !finite || left < -1.0 || top < -1.0 || right > drawing.width + 1.0 || bottom > drawing.height + 1.0 {
            faults.push(format!("outside {}×{}: {shape:?}", drawing.width, drawing.height));
        }
        if let Shape::Text { text, .. } = shape {
            for (other, (l, t, r, b)) in &texts {
                // A hair's breadth is no overlap.
                if left + 0.3 < *r && *l + 0.3 < right && top + 0.3 < *b && *t + 0.3 < bottom {
                    faults.push(format!("“{text}” on “{other}”"));
                }
            }
            texts.push((text, place));
        }
    }
    faults
}

fn sound(name: &str, chart: &Chart, widths: &[f32]) {
    let fonts = pdf::measure().expect("fonts");
    for width in widths {
        let faults = faults(&draw(chart, *width, fonts));
        assert!(faults.is_empty(), "{name} at {width}:\n{}", faults.join("\n"));
    }
}

#[test]
fn samples_are_drawn_without_overlap() {
    for (chart, caption) in figures(&samples()) {
        sound(&caption, &chart, &[320.0, PAGE, 471.0, 660.0]);
    }
}

#[test]
fn samples_can_be_looked_at() {
    let Some(dir) = std::env::var_os("QIZHEN_CHARTS_DIR") else {
        return;
    };
    let fonts = pdf::measure().expect("fonts");
    let mut page = String::from("<!DOCTYPE html><meta charset=utf-8><body style='margin:16px;width:480px'>");
    let all = figures(&samples())
        .into_iter()
        .chain(crowded(chart::MOST_ROWS))
        .chain(crowded(1));
    for (index, (chart, caption)) in all.enumerate() {
        let drawing = svg::svg(&draw(&chart, PAGE, fonts));
        std::fs::write(Path::new(&dir).join(format!("{index:02}.svg")), &drawing).expect("written");
        let _ = write!(page, "<div><p>{index:02} {caption}</p>{drawing}</div>");
    }
    std::fs::write(Path::new(&dir).join("charts.html"), page).expect("written");
    // The same in every form that a report has.
    let (document, theme) = (markdown::parse(&samples()).expect("samples"), Theme::default());
    let html = qizhen::report::html::render(&document, &theme, &|chart| svg::svg(&draw(chart, PAGE, fonts)));
    std::fs::write(Path::new(&dir).join("report.html"), html).expect("written");
    let pdf = pdf::render(&document, &theme).expect("PDF");
    std::fs::write(Path::new(&dir).join("report.pdf"), pdf).expect("written");
    let docx = qizhen::report::docx::render(&document, &theme).expect("DOCX");
    std::fs::write(Path::new(&dir).join("report.docx"), docx).expect("written");
}

/// Charts of so many rows, some of them without a value, all with long names.
fn crowded(rows: usize) -> Vec<(Chart, String)> {
    let long = |index: usize| format!("第 {index} 项很长很长的指标名称（含子项与说明文字）");
    let mut text = String::new();
    let value = |index: usize, scale: f64| {
        if index % 9 == 4 {
            "null".to_owned()
        } else {
            format!("{}", (index * 37 % 101) as f64 * scale)
        }
    };
    let each = |line: &dyn Fn(usize) -> String| (0..rows).map(|index| line(index) + "\n").collect::<String>();
    let _ = write!(
        text,
        "```bullet\ncaption: bullet {rows}\nrows:\n{}```\n\n",
        each(&|i| format!(
            "- {{label: {}, unit: kgce/t, value: {}, target: 80, better: {}, bands: [{{label: 基准, value: 50}}, \
             {{label: 引领, value: 70}}]}}",
            long(i),
            value(i, 1.0),
            if i % 2 == 0 { "higher" } else { "lower" }
        ))
    );
    let losses = rows - rows / 9;
    let _ = write!(
        text,
        "```waterfall\ncaption: waterfall {rows}\nunit: 分\nstart: {{label: 满分, value: 1000}}\nlosses:\n{}\
         end: {{label: 得分, value: {}}}\ntarget: {{label: 目标, value: 900}}\n```\n\n",
        each(&|i| format!(
            "- {{label: {}, value: {}}}",
            long(i),
            if i % 9 == 8 { "null" } else { "12.5" }
        )),
        1000.0 - 12.5 * losses as f64,
    );
    let _ = write!(
        text,
        "```heat\ncaption: heat {rows}\ncolumns: [{}]\nrows:\n{}```\n\n",
        (1..=12).map(|c| format!("第{c}项标准")).collect::<Vec<_>>().join(", "),
        each(&|i| {
            let cells: Vec<String> = (0..12).map(|c| value(i * 12 + c, 0.0099)).collect();
            format!("- {{label: {}, cells: [{}]}}", long(i), cells.join(", "))
        })
    );
    let _ = write!(
        text,
        "```matrix\ncaption: matrix {rows}\neffort: {{label: 投入, unit: 万元, max: 100}}\ngain: {{label: 可得, unit: 分, max: 100}}\n\
         points:\n{}```\n\n",
        each(&|i| format!(
            "- {{label: {}, effort: {}, gain: {}}}",
            long(i),
            value(i, 0.3),
            value(i / 2, 1.0)
        ))
    );
    let tasks = (rows - 1).max(1);
    let _ = write!(
        text,
        "```gantt\ncaption: gantt {rows}\nphases:\n- label: {}\n  tasks:\n{}```\n\n",
        if rows > 1 { "阶段" } else { "''" },
        (0..tasks)
            .map(|i| format!(
                "  - {{id: t{i}, label: {}, from: {}, months: {}, after: [{}]}}\n",
                long(i),
                i + 1,
                if i % 9 == 8 { "null" } else { "1" },
                if i > 0 { format!("t{}", i - 1) } else { String::new() }
            ))
            .collect::<String>()
    );
    let _ = write!(
        text,
        "```pair\ncaption: pair {rows}\nbefore: 2024 年\nafter: 2025 年\nmax: 100\nrows:\n{}```\n\n",
        each(&|i| format!(
            "- {{label: {}, before: {}, after: {}}}",
            long(i),
            value(i, 0.99),
            value(i + 3, 0.99)
        ))
    );
    let nodes = rows.min(chart::MOST_NODES);
    let names = |side: &str| (0..nodes).map(|i| format!("{side}{}", long(i))).collect::<Vec<_>>();
    let (from, to) = (names("源"), names("用"));
    let flows: String = (0..nodes * nodes)
        .map(|i| {
            format!(
                "- {{from: {}, to: {}, value: {}}}\n",
                from[i / nodes],
                to[i % nodes],
                value(i, 0.3)
            )
        })
        .collect();
    let _ = write!(
        text,
        "```sankey\ncaption: sankey {nodes}\nunit: tce\nsources: [{}]\nuses: [{}]\nflows:\n{flows}```\n",
        from.join(", "),
        to.join(", "),
    );
    figures(&text)
}

#[test]
fn one_row_and_the_most_rows_fit_the_page() {
    let fonts = pdf::measure().expect("fonts");
    let theme = Theme::default();
    // Below the chart there is a line of caption.
    let page = theme.page.1 - theme.margin_top - theme.margin_bottom - 30.0;
    for rows in [1, 2, 12, 13, 20, 21, 24, 25, chart::MOST_ROWS] {
        for (chart, caption) in crowded(rows) {
            sound(&caption, &chart, &[320.0, PAGE, 660.0]);
            let height = draw(&chart, PAGE, fonts).height;
            assert!(height <= page, "{caption} is {height} tall, the page {page}");
        }
    }
}

/// Without colour each kind of mark must still be there: dashes, shapes, words.
#[test]
fn nothing_relies_on_colour_alone() {
    let fonts = pdf::measure().expect("fonts");
    let of = |caption: &str| {
        let found = figures(&samples()).into_iter().find(|(_, name)| name == caption);
        draw(&found.expect(caption).0, PAGE, fonts)
    };
    let radar = of("自评、核验、目标、参考");
    let mut dashes: Vec<&[f32]> = Vec::new();
    for shape in &radar.shapes {
        if let Shape::Path {
            stroke: Some(stroke), ..
        }
        | Shape::Line { stroke, .. } = shape
            && stroke.width > 1.2
            && !dashes.contains(&stroke.dash.as_slice())
        {
            dashes.push(&stroke.dash);
        }
    }
    assert_eq!(dashes.len(), 4, "{dashes:?}");
    for (caption, said) in [
        (
            "与基准值、引领值比",
            &[
                "越低越好",
                "越高越好",
                "未测",
                "目标 33",
                "引领 30",
                "0%",
                "还差 5 个百分点",
            ][..],
        ),
        ("分数失在哪里", &["−16.75", "0", "58.4 分", "距三级 集成级还差 1.6 分"]),
        ("有一项没有测", &["未测", "超过目标 10 分"]),
        (
            "各能力域在各等级要求上的满足程度",
            &["100", "99", "1", "0", "未测", "无要求", "未测、无要求"],
        ),
        (
            "先做什么",
            &["先做", "规划", "顺手", "缓做", "投入或收益未估计", "立体仓库"],
        ),
        (
            "十二个月路线图",
            &["第1月", "12", "3 个月", "里程碑（月末）", "长短未定"],
        ),
        ("有日历的路线图", &["2026年", "2027年", "11月"]),
        (
            "能源从哪里来，到哪里去",
            &["电力", "516 tce，63.3%", "未测（虚线）：外购蒸汽 → 热处理"],
        ),
        ("改造前后", &["变好", "变差", "没有变化", "2024 年未测", "两次都未测"]),
        ("还差多少", &["距“三级 集成级”还差 1.6 分"]),
    ] {
        let drawing = of(caption);
        let words = words(&drawing);
        let all = words.concat();
        for said in said {
            assert!(
                words.contains(said) || (said.chars().count() >= 2 && all.contains(said)),
                "{caption}: {said} in {words:?}"
            );
        }
    }
}

/// The examples of the documentation are charts.
#[test]
fn the_documented_examples_can_be_drawn() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/templates.md");
    let text = std::fs::read_to_string(path).expect("documentation");
    let examples = text
        .split("~~~")
        .nth(1)
        .expect("examples")
        .trim_start_matches("markdown");
    let charts = figures(examples);
    assert_eq!(charts.len(), 7, "{charts:?}");
    for (chart, caption) in charts {
        sound(&caption, &chart, &[320.0, PAGE]);
    }
}

/// Word has no vectors everywhere: each chart is a picture there, with its words and something on it.
#[test]
fn samples_are_pictures_in_word() {
    let document = markdown::parse(&samples()).expect("samples");
    let count = figures(&samples()).len();
    let bytes = qizhen::report::docx::render(&document, &Theme::default()).expect("DOCX");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("ZIP");
    let names: Vec<String> = (0..zip.len())
        .map(|at| zip.by_index(at).expect("part").name().expect("name").into_owned())
        .filter(|name| name.starts_with("word/media/"))
        .collect();
    assert_eq!(names.len(), count, "{names:?}");
    for name in names {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_name(&name).expect("picture"), &mut bytes).expect("read");
        let pixels = image::load_from_memory(&bytes).expect("PNG").into_luma8();
        let dark = pixels.pixels().filter(|pixel| pixel.0[0] < 128).count();
        assert!(
            pixels.width() >= 1000 && dark > 1000,
            "{name}: {dark} of {:?}",
            pixels.dimensions()
        );
    }
}

#[test]
fn samples_as_tables() {
    let document = markdown::parse(&samples()).expect("samples");
    insta::assert_snapshot!(plain::render(&document));
}

#[test]
fn what_cannot_be_drawn_is_answered() {
    let bad = [
        ("bullet", "rows: []"),
        ("bullet", "rows: [{label: 甲, value: -1, better: up}]"),
        (
            "bullet",
            "rows: [{label: 甲, value: -1, max: 0, bands: [{label: 基准, value: .nan}]}]",
        ),
        (
            "waterfall",
            "start: {label: 满分, value: 100}\nlosses: [{label: 甲, value: 30}]\nend: {label: 得分, value: 60}",
        ),
        ("heat", "columns: [一, 二]\nrows: [{label: 甲, cells: [1.2]}]"),
        (
            "matrix",
            "effort: {label: 投入, max: 10, split: 12}\ngain: {label: 收益, max: 10}\npoints: [{label: 甲, effort: 1, gain: 11}]",
        ),
        (
            "gantt",
            "start: 2027年\nphases: [{label: 一, tasks: [{id: a, label: 甲, from: 1, months: 3}, {id: b, label: 乙, from: 2, months: 70, after: [a, aa]}]}]",
        ),
        (
            "gantt",
            "phases: [{label: 一, tasks: [{id: a, label: 甲, from: 0, months: -1}, {id: a, label: 乙, from: 1, months: 1}]}]",
        ),
        (
            "sankey",
            "sources: [电力, 电力]\nuses: [空压]\nflows: [{from: 电, to: 空压, value: -1}]",
        ),
        (
            "pair",
            "before: 前\nafter: 后\nmax: 10\nrows: [{label: 甲, before: 11, after: .inf}]",
        ),
        (
            "radar",
            "axes: [甲, 乙, 丙]\nmax: 1\nrings: []\nseries: [{name: a, values: [1, 1, 1]}, {name: b, values: [1, 1, 1]}, {name: c, values: [1, 1, 1]}, {name: d, values: [1, 1, 1]}, {name: e, values: [1, 1, 1]}]",
        ),
    ];
    let mut said = String::new();
    for (name, body) in bad {
        let errors = markdown::parse(&format!("```{name}\n{body}\n```\n")).expect_err(body);
        for error in errors {
            let _ = writeln!(said, "{error}");
        }
    }
    let many: String = (0..=chart::MOST_ROWS)
        .map(|i| format!("- {{label: 第{i}项, before: 1, after: 2}}\n"))
        .collect();
    let errors = markdown::parse(&format!("```pair\nbefore: 前\nafter: 后\nmax: 10\nrows:\n{many}```\n"));
    for error in errors.expect_err("too many") {
        let _ = writeln!(said, "{error}");
    }
    insta::assert_snapshot!(said);
}
