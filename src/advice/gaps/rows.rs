//! Gaps of single machines and products.

use super::{Context, Gap, GapKind, new_gap};
use crate::round::{half_up, show};
use crate::scoring::plan::Op;
use crate::scoring::rulebook::Better;
use crate::scoring::scorecard::{RowResult, Scorecard};

/// Machines and products below the level that counts.
pub(super) fn rows(context: &Context, card: &Scorecard, gaps: &mut Vec<Gap>) {
    for node in &context.plan.nodes {
        let Op::EachRow(rule) = &node.op else { continue };
        let Some((item, _)) = context.plan.layout.items.get_index(rule.item) else {
            continue;
        };
        let Some(rows) = card.tables.get(item) else { continue };
        let judge = &rule.judges[rule.share.0];
        let target = judge
            .labels
            .get(rule.share.1.saturating_sub(1) as usize)
            .map_or("", String::as_str);
        // Points are lost only in a table that the score counts, as a share of all that it counts.
        let judged: f64 = if node.pool { pooled_weight(context, card) } else { 0.0 };
        for (number, row) in rows.iter().enumerate() {
            let flagged = row.flags.iter().map(|f| {
                let sure = if f.suspected {
                    "疑似命中淘汰目录"
                } else {
                    "命中淘汰目录"
                };
                format!("{sure}：{}。{}", f.title, f.say.trim_end_matches('。'))
            });
            let below = row.main_level.is_some_and(|level| level == 0 || level > rule.share.1);
            if !below && row.flags.is_empty() {
                continue;
            }
            let label = row.labels.get(&judge.id).cloned().unwrap_or_default();
            let mut state = vec![label];
            // The statutory limit matters more than the benchmark: say so wherever it is judged.
            state.extend(
                row.labels
                    .iter()
                    .filter(|(id, _)| **id != judge.id)
                    .map(|(_, l)| l.clone())
                    .filter(|l| l != "未判定"),
            );
            state.extend(flagged);
            let lost = row
                .weight
                .filter(|_| below && judged > 0.0)
                .map(|w| card.full * w / judged);
            gaps.push(Gap {
                lost: lost.map(|l| half_up(l, 2)),
                state: state.join("；"),
                next: if row.flags.iter().any(|f| !f.suspected) {
                    "核对铭牌，属实即列入淘汰更新".into()
                } else {
                    limit_in_words(row, rule.share.1, target)
                },
                gain: lost.map(|l| half_up(l, 2)),
                // What is on an elimination list has to go whatever its share of the power.
                weight: lost.unwrap_or(5.0)
                    * if row.flags.iter().any(|f| !f.suspected) {
                        4.0
                    } else {
                        1.0
                    },
                must: row.main_level == Some(0) || row.flags.iter().any(|f| !f.suspected),
                confidence: row.confidence,
                ..new_gap(
                    context,
                    GapKind::Row,
                    &format!("{item}-{}", number + 1),
                    &row.name,
                    &[item.as_str(), node.id.as_str()],
                )
            });
            if let (false, Some(action)) = (
                row.flags.is_empty(),
                gaps.last_mut().and_then(|gap| gap.action.as_mut()),
            ) {
                action.first_step = super::NAMEPLATE.to_owned();
            }
        }
    }
}

/// Weight of all judged rows in the tables that the score counts.
fn pooled_weight(context: &Context, card: &Scorecard) -> f64 {
    context
        .plan
        .nodes
        .iter()
        .filter(|node| node.pool)
        .filter_map(|node| match &node.op {
            Op::EachRow(rule) => context.plan.layout.items.get_index(rule.item),
            _ => None,
        })
        .filter_map(|(item, _)| card.tables.get(item))
        .flatten()
        .filter(|row| row.main_level.is_some())
        .filter_map(|row| row.weight)
        .sum()
}

fn limit_in_words(row: &RowResult, at_least: u8, target: &str) -> String {
    let at = at_least.saturating_sub(1) as usize;
    let limits: Vec<String> = row
        .values
        .iter()
        .zip(&row.thresholds)
        .zip(&row.measures)
        .filter_map(|((value, thresholds), (title, unit, better))| {
            let limit = thresholds.get(at).copied().flatten()?;
            let sign = if *better == Better::Higher { "≥" } else { "≤" };
            let value = value.map_or("—".into(), |v| show(v, 4));
            Some(
                format!("{title} {value}，要求 {sign} {} {unit}", show(limit, 4))
                    .trim()
                    .to_owned(),
            )
        })
        .collect();
    if limits.is_empty() {
        format!("目标：{target}")
    } else {
        format!("目标：{target}（{}）", limits.join("；"))
    }
}
