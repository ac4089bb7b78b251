//! Where points were lost: part by part, and item by level.

use super::dimensions;
use crate::diagnosis::StandardResult;
use crate::report::chart::{Chart, Heat, HeatRow, Loss, Mark, Waterfall};
use crate::round::{half_up, show};
use crate::scoring::eval::Status;
use crate::scoring::trace::TraceNode;

/// Full points, what each part lost, the score, and the score that the next grade asks for. Only where the parts add up to
/// the score: not where it is rescaled, capped or weighted otherwise.
pub(super) fn waterfall(standard: &StandardResult) -> Option<(Chart, String)> {
    let card = &standard.card;
    let score = card.score?;
    let parts = dimensions(&card.trace);
    if parts.len() < 3 || (card.trace.applicable - card.full).abs() > 1e-6 {
        return None;
    }
    let lost = |node: &TraceNode| node.score.map(|score| half_up(node.applicable - score, 3));
    let sum: f64 = parts
        .iter()
        .map(|node| node.applicable - node.score.unwrap_or(0.0))
        .sum();
    if (card.full - sum - score).abs() > 1e-6 {
        return None;
    }
    // What is not answered counts 0 and is not measured: a bar of it would say that it was lost.
    let unknown: f64 = parts
        .iter()
        .filter(|node| node.score.is_none())
        .map(|node| node.applicable)
        .sum();
    if unknown > 0.0 {
        return None;
    }
    let level = card.grade.as_ref().map_or(0, |grade| grade.level);
    let next = card.rungs.iter().find(|rung| rung.level > level);
    let target = next.and_then(|rung| {
        let condition = rung.conditions.iter().find(|condition| condition.kind == "score")?;
        (condition.need > score).then(|| Mark {
            label: format!("{}分数线", rung.name),
            value: condition.need,
        })
    });
    let mut losses: Vec<Loss> = parts
        .iter()
        .map(|node| Loss {
            label: node.title.clone(),
            value: lost(node),
        })
        .collect();
    losses.sort_by(|a, b| b.value.unwrap_or(0.0).total_cmp(&a.value.unwrap_or(0.0)));
    let words: Vec<String> = losses
        .iter()
        .map(|loss| format!("{} 失 {} 分", loss.label, show(loss.value.unwrap_or(0.0), 3)))
        .collect();
    let chart = Waterfall {
        unit: "分".into(),
        start: Mark {
            label: "满分".into(),
            value: card.full,
        },
        losses,
        end: Mark {
            label: "得分".into(),
            value: score,
        },
        target,
    };
    Some((Chart::Waterfall(chart), words.join("，")))
}

/// How far each sub-domain meets the requirements of each level, for models that count up level by level: the levels are the
/// branches of the tree, and a sub-domain is called `data-l3` under `level-3`.
pub(super) fn heat(standard: &StandardResult) -> Option<(Chart, String)> {
    let levels: Vec<(&TraceNode, String)> = standard
        .card
        .trace
        .children
        .iter()
        .filter_map(|node| Some((node, format!("-l{}", node.id.strip_prefix("level-")?))))
        .collect();
    if levels.len() < 2 {
        return None;
    }
    let mut rows: Vec<(String, HeatRow)> = Vec::new();
    for (column, (level, suffix)) in levels.iter().enumerate() {
        for leaf in level.walk().into_iter().filter(|node| node.children.is_empty()) {
            let Some(id) = leaf.id.strip_suffix(suffix.as_str()) else {
                continue;
            };
            let at = rows.iter().position(|(known, _)| known == id).unwrap_or_else(|| {
                let title = leaf.title.split('：').next().unwrap_or(&leaf.title);
                rows.push((
                    id.to_owned(),
                    HeatRow {
                        label: title.to_owned(),
                        cells: vec![None; levels.len()],
                        blanks: vec![String::new(); levels.len()],
                    },
                ));
                rows.len() - 1
            });
            let row = &mut rows[at].1;
            row.cells[column] = leaf.ratio.map(|ratio| half_up(ratio, 3));
            // Not answered counts nothing in the score, and yet is no zero.
            row.blanks[column] = match leaf.status {
                Status::Missing => "未答".into(),
                Status::NotApplicable => "不适用".into(),
                _ => String::new(),
            };
        }
    }
    let columns: Vec<String> = levels.iter().map(|(level, _)| level.title.clone()).collect();
    let words: Vec<String> = levels
        .iter()
        .map(|(level, _)| {
            let ratio = level
                .ratio
                .map_or("未测".to_owned(), |ratio| format!("{}%", show(ratio * 100.0, 1)));
            format!("{} {ratio}", level.title)
        })
        .collect();
    let chart = Heat {
        value: "满足程度".into(),
        // A level without requirements for a sub-domain has no branch for it.
        blank: "无要求".into(),
        columns,
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    };
    Some((Chart::Heat(chart), words.join("，")))
}
