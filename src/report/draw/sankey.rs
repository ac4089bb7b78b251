//! Flows from sources to uses: bands as wide as the amounts, every end named.

use super::{Anchor, Canvas, Ink, LABEL, SMALL, Seg, Shape, Stroke, UNMEASURED, finite};
use crate::report::{
    chart::{ChartTone, Sankey, amount},
    theme::{Color, ToneColors},
};

/// How tall all bands together are.
const TALL: f32 = 190.0;
const GAP: f32 = 7.0;
const BAR: f32 = 7.0;

/// One end of the bands.
struct Node {
    lines: Vec<String>,
    value: String,
    /// Top of the bar, and how much of it is taken by bands.
    top: f32,
    long: f32,
    taken: f32,
    middle: f32,
}

pub(super) fn draw(canvas: &mut Canvas, chart: &Sankey) -> f32 {
    let theme = canvas.theme;
    let (sources, uses) = chart.totals();
    let total: f64 = sources.iter().sum();
    let scale = if total > 0.0 { TALL / total as f32 } else { 0.0 };
    let room = canvas.width * 0.27;
    let mut left = nodes(canvas, &chart.sources, &sources, total, (room, scale, &chart.unit));
    let mut right = nodes(canvas, &chart.uses, &uses, total, (room, scale, &chart.unit));
    let head = Ink::bold(SMALL, theme.muted);
    for (index, anchor) in [(0, Anchor::Start), (1, Anchor::End)] {
        let text = canvas.shorten(&chart.sides[index], canvas.width / 2.0 - 6.0, head);
        canvas.text(if index == 0 { 0.0 } else { canvas.width }, 10.0, &text, head, anchor);
    }
    let (a, b) = (place(&mut left, 20.0), place(&mut right, 20.0));
    let bottom = a.max(b);
    shift(&mut left, (bottom - a) / 2.0);
    shift(&mut right, (bottom - b) / 2.0);
    let (x0, x1) = (room + 8.0 + BAR, canvas.width - room - 8.0 - BAR);

    bands(canvas, chart, (&mut left, &mut right), (x0, x1, scale));
    for (nodes, bar, text, anchor) in [
        (&left, x0 - BAR, room, Anchor::End),
        (&right, x1, canvas.width - room, Anchor::Start),
    ] {
        for node in nodes {
            canvas.rect((bar, node.top, BAR, node.long.max(1.0)), 0.0, Some(theme.ink), None);
            let (label, small) = (Ink::new(LABEL, theme.ink), Ink::new(7.5, theme.muted));
            let lines = node.lines.len() as f32;
            let mut y = node.middle - (lines * 11.0 + 9.5) / 2.0;
            for line in &node.lines {
                canvas.text(text, y + LABEL * 0.88, line, label, anchor);
                y += 11.0;
            }
            canvas.text(text, y + 7.2, &node.value, small, anchor);
        }
    }
    let unknown: Vec<String> = chart
        .flows
        .iter()
        .filter(|flow| finite(flow.value).is_none())
        .map(|flow| format!("{} → {}", flow.from, flow.to))
        .collect();
    let mut y = bottom;
    if !unknown.is_empty() {
        let ink = Ink::new(SMALL, theme.muted);
        let words = format!("{UNMEASURED}（虚线）：{}", unknown.join("；"));
        for line in canvas.wrap(&words, canvas.width, ink, 4) {
            y += 11.0;
            canvas.text(0.0, y, &line, ink, Anchor::Start);
        }
    }
    y + 5.0
}

fn nodes(
    canvas: &Canvas,
    names: &[String],
    values: &[f64],
    total: f64,
    (room, scale, unit): (f32, f32, &str),
) -> Vec<Node> {
    let (label, small) = (Ink::new(LABEL, canvas.theme.ink), Ink::new(7.5, canvas.theme.muted));
    let node = |(name, value): (&String, &f64)| {
        let mut text = amount(*value, unit);
        if unit != "%" && total > 0.0 {
            text = format!(
                "{text}，{}",
                amount(crate::round::half_up(value / total * 100.0, 1), "%")
            );
        }
        Node {
            lines: canvas.wrap(name, room, label, 2),
            value: canvas.shorten(&text, room, small),
            top: 0.0,
            long: *value as f32 * scale,
            taken: 0.0,
            middle: 0.0,
        }
    };
    names.iter().zip(values).map(node).collect()
}

/// Puts the nodes below one another, each with room for its words; returns where they end.
fn place(nodes: &mut [Node], top: f32) -> f32 {
    let mut y = top;
    for node in nodes {
        let height = node.long.max(node.lines.len() as f32 * 11.0 + 9.5);
        node.middle = y + height / 2.0;
        node.top = node.middle - node.long.max(1.0) / 2.0;
        y += height + GAP;
    }
    y
}

fn shift(nodes: &mut [Node], by: f32) {
    for node in nodes {
        node.top += by;
        node.middle += by;
    }
}

/// Colours of the sources in turn; the amounts at both ends, not the colours, carry the meaning.
fn colors(canvas: &Canvas, source: usize) -> ToneColors {
    let tones = [
        ChartTone::Neutral,
        ChartTone::Warn,
        ChartTone::Info,
        ChartTone::Good,
        ChartTone::Bad,
    ];
    canvas.theme.chart_tone(tones[source % tones.len()])
}

fn bands(
    canvas: &mut Canvas,
    chart: &Sankey,
    (left, right): (&mut [Node], &mut [Node]),
    (x0, x1, scale): (f32, f32, f32),
) {
    // In the order of the uses for each source: bands that leave together do not cross.
    let mut texts = Vec::new();
    for (s, source) in chart.sources.iter().enumerate() {
        for (u, used) in chart.uses.iter().enumerate() {
            for flow in chart
                .flows
                .iter()
                .filter(|flow| flow.from == *source && flow.to == *used)
            {
                let wide = flow.amount() as f32 * scale;
                let (a, b) = (left[s].top + left[s].taken, right[u].top + right[u].taken);
                if finite(flow.value).is_none() {
                    let pen = Stroke::dashed(canvas.theme.muted, 0.9, &[3.0, 2.5]);
                    let (a, b) = (left[s].middle, right[u].middle);
                    curve(canvas, (x0, a), (x1, b), None, None, Some(pen));
                    continue;
                }
                if wide <= 0.0 {
                    continue;
                }
                let tone = colors(canvas, s);
                let fill = tone.fill.tint(0.72);
                let edge = Stroke::solid(tone.fill, 0.6);
                curve(canvas, (x0, a), (x1, b), Some(wide), Some(fill), Some(edge));
                if wide >= 9.0 {
                    texts.push((a + wide / 2.0, amount(flow.amount(), ""), tone.ink));
                }
                left[s].taken += wide;
                right[u].taken += wide;
            }
        }
    }
    // Near their source bands lie side by side: a number there covers no other band.
    for (y, text, color) in texts {
        let ink = Ink::bold(7.0, color);
        if canvas.width_of(&text, ink) < (x1 - x0) * 0.3 {
            canvas.text(x0 + 4.0, y + 2.5, &text, ink, Anchor::Start);
        }
    }
}

/// A band (or, without width, a line) that leaves and arrives level.
fn curve(
    canvas: &mut Canvas,
    (x0, y0): (f32, f32),
    (x1, y1): (f32, f32),
    wide: Option<f32>,
    fill: Option<Color>,
    stroke: Option<Stroke>,
) {
    let middle = (x0 + x1) / 2.0;
    let mut segs = vec![Seg::Move(x0, y0), Seg::Cubic(middle, y0, middle, y1, x1, y1)];
    if let Some(wide) = wide {
        segs.push(Seg::Line(x1, y1 + wide));
        segs.push(Seg::Cubic(middle, y1 + wide, middle, y0 + wide, x0, y0 + wide));
        segs.push(Seg::Close);
    }
    canvas.shapes.push(Shape::Path { segs, fill, stroke });
}
