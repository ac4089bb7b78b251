//! A comparison for people: plain text for a terminal, Markdown for a report.

use super::{AnswerChange, Cause, Comparison, FactChange, Line, Only, Pair, RowChange, Side, StandardChange};
use crate::migration;
use crate::round::show;

/// So many causes stand in a sentence; the others are summed up.
const NAMED: usize = 4;

/// `+3`, `−2.5`, `0`.
pub fn signed(x: f64) -> String {
    match show(x.abs(), 4) {
        zero if zero == "0" => zero,
        size if x > 0.0 => format!("+{size}"),
        size => format!("−{size}"),
    }
}

/// `得分从 61.4 升到 68.2（+6.8）：设备联网 +3，网络安全 +2.5，另 2 项 +1.3。`
pub(super) fn sentence(change: &StandardChange) -> String {
    let mut text = match (change.score.old, change.score.new) {
        (None, None) => "不计分或两次都未评分".to_owned(),
        (None, Some(new)) => format!("原来未评分，现在得 {} 分", show(new, 4)),
        (Some(old), None) => format!("原来得 {} 分，现在未评分", show(old, 4)),
        (Some(old), Some(new)) => {
            let by = change.change.unwrap_or_default();
            if by == 0.0 {
                format!("得分不变，仍为 {}", show(new, 4))
            } else {
                let verb = if by > 0.0 { "升到" } else { "降到" };
                format!("得分从 {} {verb} {}（{}）", show(old, 4), show(new, 4), signed(by))
            }
        }
    };
    let lines = &change.lines;
    let named = if lines.len() <= NAMED + 1 { lines.len() } else { NAMED };
    let mut causes: Vec<String> = lines[..named].iter().map(named_line).collect();
    if named < lines.len() {
        let others: f64 = lines[named..].iter().map(|l| l.change).sum();
        causes.push(format!("另 {} 项 {}", lines.len() - named, signed(others)));
    }
    if !causes.is_empty() {
        text += &format!("：{}", causes.join("，"));
    }
    text + "。" + &grade_sentence(change)
}

fn named_line(line: &Line) -> String {
    let why = match line.cause {
        Cause::Answers | Cause::Rest => String::new(),
        other => format!("（{}）", other.label()),
    };
    format!("{}{why} {}", line.title, signed(line.change))
}

fn grade_sentence(change: &StandardChange) -> String {
    match (&change.grade.old, &change.grade.new) {
        (None, None) => String::new(),
        (None, Some(new)) => format!("原来未定级，现在为{new}。"),
        (Some(old), None) => format!("原来为{old}，现在未定级。"),
        (Some(old), Some(new)) if old == new => format!("等级不变，仍为{new}。"),
        (Some(old), Some(new)) => {
            let verb = match change.level.new.cmp(&change.level.old) {
                std::cmp::Ordering::Greater => "升到",
                std::cmp::Ordering::Less => "降到",
                std::cmp::Ordering::Equal => "变为",
            };
            format!("等级从{old}{verb}{new}。")
        }
    }
}

fn or_blank(words: &str) -> &str {
    if words.is_empty() { "没有答" } else { words }
}

fn answer(change: &AnswerChange) -> String {
    format!(
        "{}：{} → {}",
        change.title,
        or_blank(&change.old),
        or_blank(&change.new)
    )
}

fn row(row: &RowChange) -> String {
    match (&row.old, &row.new) {
        (None, Some(new)) => format!("新增 {}：{new}", row.name),
        (Some(old), None) => format!("不再列出 {}（原为“{old}”）", row.name),
        (old, new) => format!(
            "改判 {}：{} → {}",
            row.name,
            old.as_deref().unwrap_or_default(),
            new.as_deref().unwrap_or_default()
        ),
    }
}

fn fact(fact: &FactChange) -> String {
    let year = |year: Option<i16>| year.map_or(String::new(), |y| format!("（{y} 年）"));
    let percent = fact.percent.map_or(String::new(), |p| format!("（{}%）", signed(p)));
    let fixed = if fact.year.old.is_some() && fact.year.old == fact.year.new {
        "，同一年的数改了"
    } else {
        ""
    };
    format!(
        "{}：{}{} → {}{} {}{percent}{fixed}",
        fact.title,
        show(fact.value.old, 4),
        year(fact.year.old),
        show(fact.value.new, 4),
        year(fact.year.new),
        fact.unit
    )
}

pub(crate) fn only(one: &Only) -> String {
    let score = match one.score {
        Some(score) => format!("{} / {} 分", show(score, 4), show(one.full, 2)),
        None if one.full == 0.0 => "不计分".to_owned(),
        None => "未评分".to_owned(),
    };
    let grade = one.grade.as_ref().map_or(String::new(), |g| format!("，{g}"));
    format!("{}：{score}{grade}", one.short)
}

pub(crate) fn side(side: &Side) -> String {
    let mode = if side.mode == "verified" {
        "现场核验"
    } else {
        "自评"
    };
    let recorded = if side.recorded { "，按当时记录" } else { "" };
    format!("{}（{mode}{recorded}）", side.date)
}

/// What precedes the lines: another preset, other rules.
pub(crate) fn premises(change: &StandardChange) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(Pair { old, new }) = &change.preset {
        said.push(format!("评分方案从“{old}”换成“{new}”。"));
    }
    if change.full.old != change.full.new {
        let (old, new) = (show(change.full.old, 2), show(change.full.new, 2));
        said.push(format!("满分从 {old} 变为 {new}。"));
    }
    if let Some(score) = change.under_new_rules {
        let (what, by) = match change.preset {
            Some(_) => ("现在的方案", "方案"),
            None => ("现在的规则", "规则"),
        };
        let (old, new) = (
            change.score.old.unwrap_or_default(),
            change.score.new.unwrap_or_default(),
        );
        said.push(format!(
            "原来的答案按{what}得 {} 分：{by}变动 {}，答案变动 {}。",
            show(score, 4),
            signed(score - old),
            signed(new - score)
        ));
    }
    if !change.lost.is_empty() {
        said.push(format!(
            "有 {} 题的旧答案在现在的题目里没有对应，分不清规则与答案各占多少：{}。",
            change.lost.len(),
            change.lost.join("、")
        ));
    }
    said
}

/// Lists under a standard: title and entries.
pub(crate) fn lists(change: &StandardChange) -> Vec<(&'static str, Vec<String>)> {
    let turn = |t: &super::Turn| format!("{}：{} → {}", t.title, t.old, t.new);
    vec![
        ("否决项", change.vetoes.iter().map(turn).collect()),
        ("场景等级", change.levels.iter().map(turn).collect()),
        ("登记的设备和产品", change.rows.iter().map(row).collect()),
        ("答案变了、得分没变", change.answers.iter().map(answer).collect()),
    ]
}

/// Lists after the standards.
pub(crate) fn closing(comparison: &Comparison) -> Vec<(&'static str, Vec<String>)> {
    vec![
        (
            "企业的数（变动 5% 以上，或同一年改过）",
            comparison.facts.iter().map(fact).collect(),
        ),
        ("只在前一份里的标准", comparison.only_old.iter().map(only).collect()),
        ("只在后一份里的标准", comparison.only_new.iter().map(only).collect()),
    ]
}

pub(crate) fn share(share: &migration::Share) -> (&'static str, String, String, String) {
    let what = share.relation.map_or("不适用折算", |r| r.label());
    (what, show(share.old, 4), show(share.new, 4), show(share.waiting, 4))
}

/// For a terminal.
pub fn text(comparison: &Comparison) -> String {
    let mut lines = vec![format!(
        "{}  {} → {}",
        comparison.new.name,
        side(&comparison.old),
        side(&comparison.new)
    )];
    for change in &comparison.standards {
        lines.push(format!("\n{}\n  {}", change.short, change.sentence));
        lines.extend(premises(change).iter().map(|said| format!("  {said}")));
        for line in &change.lines {
            lines.push(format!("  {:>9}  {}", signed(line.change), caused(line)));
            if line.cause != Cause::Rest {
                lines.push(format!("             原：{}", or_blank(&line.because.old)));
                lines.push(format!("             现：{}", or_blank(&line.because.new)));
            }
        }
        for (title, entries) in lists(change).iter().filter(|(_, entries)| !entries.is_empty()) {
            lines.push(format!("  {title}"));
            lines.extend(entries.iter().map(|entry| format!("    {entry}")));
        }
    }
    for edition in &comparison.editions {
        lines.push(format!(
            "\n{}（映射：{}）\n  旧版 {}\n  新版 {}",
            edition.title,
            edition.confidence.label(),
            only(&edition.old),
            only(&edition.new)
        ));
        for one in edition.shares.iter().flat_map(|s| &s.shares) {
            let (what, old, new, waiting) = share(one);
            lines.push(format!("  {what}：{old} → {new}，待答 {waiting}"));
        }
    }
    for (title, entries) in closing(comparison).iter().filter(|(_, entries)| !entries.is_empty()) {
        lines.push(format!("\n{title}"));
        lines.extend(entries.iter().map(|entry| format!("  {entry}")));
    }
    lines.join("\n") + "\n"
}

fn caused(line: &Line) -> String {
    match line.cause {
        Cause::Answers | Cause::Rest => line.title.clone(),
        other => format!("{}（{}）", line.title, other.label()),
    }
}

/// What people wrote must not become markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

/// For a report.
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = format!(
        "# {}：两次评估对比\n\n{} → {}\n",
        plain(&comparison.new.name),
        side(&comparison.old),
        side(&comparison.new)
    );
    for note in &comparison.notes {
        out += &format!("\n> 注意：{}\n", plain(note));
    }
    for change in &comparison.standards {
        out += &format!("\n## {}\n\n{}\n", plain(&change.short), plain(&change.sentence));
        for said in premises(change) {
            out += &format!("\n{}\n", plain(&said));
        }
        if !change.lines.is_empty() {
            out += "\n| 指标 | 变动 | 缘由 | 原来 | 现在 |\n|---|---:|---|---|---|\n";
        }
        for line in &change.lines {
            out += &format!(
                "| {} | {} | {} | {} | {} |\n",
                plain(&line.title),
                signed(line.change),
                line.cause.label(),
                plain(&line.because.old),
                plain(&line.because.new)
            );
        }
        if !change.lines.is_empty() {
            out += &format!(
                "| **合计** | **{}** | | | |\n",
                signed(change.change.unwrap_or_default())
            );
        }
        bullets(&mut out, "###", &lists(change));
    }
    for edition in &comparison.editions {
        out += &format!(
            "\n## {}\n\n- 旧版 {}\n- 新版 {}\n- 映射：{}\n",
            plain(&edition.title),
            plain(&only(&edition.old)),
            plain(&only(&edition.new)),
            edition.confidence.label()
        );
        if let Some(shares) = &edition.shares {
            out += "\n| 题目的去向 | 旧版得分 | 新版得分 | 新版待答 |\n|---|---:|---:|---:|\n";
            for one in &shares.shares {
                let (what, old, new, waiting) = share(one);
                out += &format!("| {what} | {old} | {new} | {waiting} |\n");
            }
        }
    }
    bullets(&mut out, "##", &closing(comparison));
    out
}

fn bullets(out: &mut String, mark: &str, lists: &[(&'static str, Vec<String>)]) {
    for (title, entries) in lists.iter().filter(|(_, entries)| !entries.is_empty()) {
        *out += &format!("\n{mark} {title}\n\n");
        for entry in entries {
            *out += &format!("- {}\n", plain(entry));
        }
    }
}
