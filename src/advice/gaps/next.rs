//! The next better answer.

use crate::round::show;
use crate::scoring::layout::{Answers, Cell};
use crate::scoring::plan::{Op, Plan};

/// The nearest better answer: in words, and the points it adds.
pub(super) fn next_answer(
    plan: &Plan,
    op: Op,
    (points, full): (f64, f64),
    answers: &impl Answers,
) -> (String, Option<f64>) {
    match op {
        Op::Options { item, points: each } => {
            let laid = &plan.layout.items[item];
            let better = each
                .iter()
                .enumerate()
                .filter(|(_, p)| **p > points + 1e-9)
                .min_by(|a, b| a.1.total_cmp(b.1).then(a.0.cmp(&b.0)));
            better.map_or((String::new(), None), |(index, p)| {
                let text = laid.choice_texts.get(index).map_or("", String::as_str);
                (format!("{}做到“{text}”", laid.title), Some(p - points))
            })
        }
        Op::SumOfOptions { item, points: each, .. } => {
            let laid = &plan.layout.items[item];
            let Cell::Chosen(bits) = answers.cell(laid.column) else {
                return (String::new(), None);
            };
            let open: Vec<usize> = (0..each.len())
                .filter(|i| bits >> i & 1 == 0 && each[*i] > 0.0)
                .collect();
            let best = open.iter().map(|i| each[*i]).fold(0.0, f64::max);
            let names: Vec<&str> = open.iter().take(2).map(|i| laid.choice_texts[*i].as_str()).collect();
            let more = if open.len() > names.len() {
                format!("等 {} 项", open.len())
            } else {
                String::new()
            };
            (
                format!("补上：{}{more}，每项最多加 {} 分", names.join("；"), show(best, 3)),
                (best > 0.0).then_some(best),
            )
        }
        Op::Bands { bands, unit, .. } => {
            let better = bands
                .iter()
                .filter(|(_, p)| *p > points + 1e-9)
                .min_by(|a, b| a.1.total_cmp(&b.1));
            better.map_or((String::new(), None), |(interval, p)| {
                let edge = if interval.low_closed { "达到" } else { "超过" };
                (
                    format!("{edge} {}{unit}，得 {} 分", show(interval.low, 4), show(*p, 3)),
                    Some(p - points),
                )
            })
        }
        Op::Interpolate { leading, unit, .. } => match leading.number(answers) {
            crate::scoring::bound::Evaluated::Value(lead) => {
                let unit = if unit == "%" { unit } else { format!(" {unit}") };
                (
                    format!("向引领值 {}{unit} 靠拢，达到得满分", show(lead, 6)),
                    Some(full - points),
                )
            }
            _ => (String::new(), None),
        },
        _ => (String::new(), None),
    }
}
