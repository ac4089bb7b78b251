//! The diagnosis as a template sees it: the same data, with sentences, charts and display text made ready.

mod charts;
mod evidence;
mod onsite;
mod path;
mod projects;
mod rows;
mod since;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::json;

use charts::{Charts, charts};
use rows::{TableView, tables};

use super::theme::file::Letterhead;
use super::{Mark, Request, document};
use crate::advice::gaps::{Gap, grade_in_words};
use crate::diagnosis::{Answer, Diagnosis, Mode, StandardResult};
use crate::provenance::Confidence;
use crate::round::show;
use crate::scoring::eval::Status;
use crate::scoring::rulebook::VetoEffect;
use crate::scoring::scorecard::{VetoState, numeral};
use crate::scoring::trace::TraceNode;

/// What stands before the path of a photo of evidence where a template names pictures.
pub const PHOTO: &str = "evidence:";

/// The context of a report template: `d` is the diagnosis, `standards` what is made ready for each standard, `words`
/// fixed sentences.
pub fn context(request: &Request, letterhead: Option<&Letterhead>) -> Value {
    let diagnosis = request.diagnosis;
    let standards: Vec<StandardView> = diagnosis
        .standards
        .iter()
        .map(|s| StandardView::new(s, diagnosis))
        .collect();
    let worst = diagnosis
        .standards
        .iter()
        .map(|s| s.card.confidence)
        .max()
        .unwrap_or_default();
    let onsite = onsite::onsite(diagnosis, &standards);
    // Whoever issues the report is known only here.
    let mut d = json!(diagnosis);
    let mut providers = std::borrow::Cow::Borrowed(&diagnosis.providers);
    if let Some(letterhead) = letterhead {
        providers.to_mut().disclose(&[&letterhead.provider, &letterhead.name]);
        d["providers"] = json!(providers);
    }
    let count = |said: fn(&Answer) -> bool| {
        let all = diagnosis.standards.iter().flat_map(|standard| &standard.answers);
        all.filter(|answer| said(answer)).count()
    };
    let context = json!({
        "onsite": onsite,
        "d": d,
        "standards": standards,
        "projects": projects::projects(&diagnosis.projects, &providers.offers),
        "top": top(&diagnosis.gaps),
        "answered": diagnosis.standards.iter().any(|s| s.card.coverage.answered > 0),
        "report_no": report_number(diagnosis),
        "verified_count": count(|answer| answer.verified_in_full.is_some()),
        "answered_count": count(|answer| answer.verified_in_full.is_some() || !answer.self_reported_in_full.is_empty()),
        "verified": diagnosis.mode == Mode::Verified,
        "confidence": confidence(worst),
        "fingerprint": diagnosis.catalog.get(..12),
        "letterhead": letterhead,
        "evidence": evidence::register(diagnosis, request.photos),
        "seal": request.mark.map(seal),
        "since": request.comparison.map(since::since),
    });
    Value::from(Serde(context))
}

/// A gap with its state in brief.
#[derive(Serialize)]
struct TopGap<'a> {
    #[serde(flatten)]
    gap: &'a Gap,
    /// Without the arithmetic.
    brief: &'a str,
}

/// `产值 168000 万元 → 实际 18.45，引领值 15，基准值 25：6 × … = 3.9 分` → `实际 18.45，引领值 15，基准值 25`.
fn brief(state: &str) -> &str {
    let Some((at, _)) = state.match_indices("实际 ").next() else {
        return state;
    };
    let measured = &state[at..];
    measured.split_once('：').map_or(measured, |(before, _)| before)
}

/// What to look at first: one thing once, whichever standards ask for it.
fn top(gaps: &[Gap]) -> Vec<TopGap<'_>> {
    let what = |gap: &Gap| {
        gap.action
            .as_ref()
            .map_or(gap.title.clone(), |action| action.title.clone())
    };
    let mut named: Vec<String> = Vec::new();
    let mut top = Vec::new();
    for gap in gaps {
        if !named.contains(&what(gap)) {
            named.push(what(gap));
            top.push(TopGap {
                gap,
                brief: brief(&gap.state),
            });
        }
    }
    top.truncate(TOP);
    top
}

/// How many things to look at first.
const TOP: usize = 5;

/// What the `seal` directive prints besides the number of the report.
fn seal(mark: &Mark) -> serde_json::Value {
    let say = if mark.carried {
        "本报告的电子文件带有所依据的全部答案。运行 qizhen verify 报告文件，会用公开的规则重新计算全部得分，并核对文件有没有被改动。"
    } else {
        "本报告的电子文件不带答案。向填报企业索取评估文件，运行 qizhen verify 评估文件，校验码相同，即是同一份答案按同样的规则算出的。"
    };
    json!({ "code": mark.code.get(..document::Seal::DIGITS), "say": say })
}

/// `QZ-20261120-00000K`: date and the end of the enterprise's code; the same assessment has the same number.
pub fn report_number(diagnosis: &Diagnosis) -> String {
    let tail = diagnosis
        .enterprise
        .uscc
        .as_deref()
        .and_then(|code| code.get(12..))
        .unwrap_or("自评");
    format!("QZ-{}-{tail}", diagnosis.date.replace('-', ""))
}

fn confidence(confidence: Confidence) -> serde_json::Value {
    let tone = match confidence {
        Confidence::Official => "good",
        Confidence::Secondary => "info",
        Confidence::Unverified => "warn",
    };
    json!({ "label": confidence.label(), "meaning": confidence.meaning(), "tone": tone })
}

/// One standard, ready to print.
#[derive(Serialize)]
struct StandardView {
    id: String,
    title: String,
    short: String,
    repealed: bool,
    domain: &'static str,
    badge: BadgeView,
    score: String,
    full: String,
    grade: String,
    headline: String,
    barred: Option<String>,
    sentences: Vec<String>,
    next: Option<NextView>,
    vetoes: Vec<serde_json::Value>,
    charts: Charts,
    groups: Vec<NodeView>,
    leaves: Vec<NodeView>,
    tables: Vec<TableView>,
    quantities: Vec<NodeView>,
    confidence: serde_json::Value,
    coverage: String,
    gaps: usize,
    path: serde_json::Value,
    sureness: serde_json::Value,
}

#[derive(Serialize)]
struct BadgeView {
    label: String,
    value: String,
    note: String,
    tone: &'static str,
}

#[derive(Serialize)]
struct NextView {
    name: String,
    conditions: Vec<serde_json::Value>,
    /// Whether any condition counts something.
    counted: bool,
    short: String,
}

#[derive(Serialize)]
struct NodeView {
    id: String,
    title: String,
    depth: usize,
    status: String,
    value: String,
    score: String,
    full: String,
    percent: String,
    because: String,
    clause: String,
    note: String,
    confidence: &'static str,
    unverified: bool,
    group: bool,
}

impl StandardView {
    fn new(standard: &StandardResult, diagnosis: &Diagnosis) -> Self {
        let card = &standard.card;
        // As many decimals as grades are decided on: a score never looks as if it had reached what it has not.
        let score = card.score.map_or("—".to_owned(), |s| show(s, 3));
        let full = show(card.full, 2);
        let grade = card
            .grade
            .as_ref()
            .map_or(String::new(), |g| grade_in_words(g.level, &g.name));
        let next = next(standard);
        let nodes = card.trace.walk();
        let coverage = &card.coverage;
        StandardView {
            id: card.id.clone(),
            title: standard.title.clone(),
            short: standard.short.clone(),
            repealed: standard.repealed,
            domain: standard.domain.label(),
            badge: badge(standard, &score, &full),
            headline: headline(standard, &score, &full, &grade),
            barred: barred(standard),
            sentences: sentences(standard, next.as_ref()),
            next,
            vetoes: vetoes(standard),
            charts: charts(standard),
            groups: nodes
                .iter()
                .filter(|n| n.depth <= 2 && counted(n))
                .map(|n| node_view(n))
                .collect(),
            leaves: nodes
                .iter()
                .filter(|n| n.status != Status::LeftOut && !is_quantity(n) && counted(n))
                .map(|n| node_view(n))
                .collect(),
            tables: tables(standard, &diagnosis.date),
            quantities: nodes
                .iter()
                .filter(|n| is_quantity(n) && n.status != Status::LeftOut)
                .map(|n| node_view(n))
                .collect(),
            confidence: confidence(card.confidence),
            coverage: format!(
                "应答 {} 题，已答 {} 题{}{}",
                coverage.items,
                coverage.answered,
                counted_words("，未答", coverage.missing.len()),
                counted_words("，不适用", coverage.not_applicable.len()),
            ),
            gaps: diagnosis.gaps.iter().filter(|g| g.standard == card.id).count(),
            path: path::path(standard),
            sureness: path::sureness(standard),
            score,
            full,
            grade,
        }
    }
}

fn counted(node: &TraceNode) -> bool {
    node.full > 0.0 && node.status != Status::LeftOut
}

/// Whether a node is a quantity for information rather than points.
fn is_quantity(node: &TraceNode) -> bool {
    matches!(node.method, "formula" | "total" | "row_total")
}

fn counted_words(lead: &str, count: usize) -> String {
    if count == 0 {
        String::new()
    } else {
        format!("{lead} {count} 题")
    }
}

fn grade_tone(level: u8) -> &'static str {
    match level {
        0 => "warn",
        1 => "info",
        _ => "good",
    }
}

fn badge(standard: &StandardResult, score: &str, full: &str) -> BadgeView {
    let card = &standard.card;
    let percent = full == "100" && is_share(&card.trace);
    let points = match (card.score, percent) {
        // A scheme of conditions and quantities alone has no points.
        (None, _) if card.full == 0.0 && card.grade.is_some() => String::new(),
        (None, _) if card.full == 0.0 => quantity_in_words(&card.trace),
        (None, _) => "未评分".to_owned(),
        (Some(_), true) => format!("{score}%"),
        (Some(_), false) => format!("{score} / {full} 分"),
    };
    let (value, note, tone) = match (&card.grade, card.eligible) {
        (Some(g), Some(false)) if card.full == 0.0 => ("不满足基本要求".into(), g.name.clone(), "bad"),
        (Some(g), _) if g.level > 0 && card.full == 0.0 => (g.name.clone(), points, grade_tone(g.level)),
        (Some(g), _) if g.level > 0 => (
            format!("{}级", numeral(g.level)),
            format!("{} · {points}", g.name),
            grade_tone(g.level),
        ),
        (Some(g), _) => (g.name.clone(), points, grade_tone(g.level)),
        (None, Some(false)) => ("暂不具备申报条件".into(), points, "bad"),
        (None, _) if card.full == 0.0 && !points.is_empty() => (points, quantity_title(&card.trace).to_owned(), "info"),
        (None, _) if card.full == 0.0 => ("不计分".into(), String::new(), "neutral"),
        (None, _) => (
            points,
            String::new(),
            if card.score.is_some() { "info" } else { "neutral" },
        ),
    };
    // A result that rests on rules nobody has checked says so wherever it stands.
    let told = card.score.is_some() || card.grade.is_some();
    let note = match (told && card.confidence == Confidence::Unverified, note.is_empty()) {
        (false, _) => note,
        (true, true) => "规则未核实".to_owned(),
        (true, false) => format!("{note} · 规则未核实"),
    };
    BadgeView {
        label: standard.short.clone(),
        value,
        note,
        tone,
    }
}

/// The first quantity of the whole, `综合能耗 1240.5 tce`; empty when there is none.
fn quantity_in_words(root: &TraceNode) -> String {
    let mut tops = std::iter::once(root).chain(&root.children);
    tops.find_map(|node| Some((node, node.value?)))
        .map_or(String::new(), |(node, value)| {
            format!("{} {}", show(value, 2), node.unit).trim().to_owned()
        })
}

/// What that quantity is.
fn quantity_title(root: &TraceNode) -> &str {
    let mut tops = std::iter::once(root).chain(&root.children);
    tops.find(|node| node.value.is_some())
        .map_or("", |node| node.title.as_str())
}

/// One sentence that answers "and what did we get".
fn headline(standard: &StandardResult, score: &str, full: &str, grade: &str) -> String {
    let card = &standard.card;
    if card.score.is_none() && card.full == 0.0 {
        let quantity = quantity_in_words(&card.trace);
        return match &card.grade {
            Some(_) if card.eligible == Some(false) => "基本要求有不满足的，暂不能定级。".into(),
            Some(g) if g.level == 0 => format!("{grade}。"),
            Some(_) => format!("达到{grade}。"),
            None if card.coverage.answered == 0 => "还没有可以核对的答案。".into(),
            None if quantity.is_empty() => "这个标准只列数量和条件，不打分，不定级。".into(),
            None => format!("{}：{quantity}。", quantity_title(&card.trace)),
        };
    }
    if card.score.is_none() {
        return match card.trace.status {
            Status::NoBenchmark => "已填的内容没有可用的判定依据，没有评分。".into(),
            _ => "还没有可以评分的答案。".into(),
        };
    }
    if is_share(&card.trace) {
        return card.trace.because.clone() + "。";
    }
    match &card.grade {
        Some(g) if g.level == 0 => format!("得 {score} 分（满分 {full}），{grade}。"),
        Some(_) => format!("得 {score} 分（满分 {full}），达到{grade}。"),
        None => format!("指标得分 {score} 分（满分 {full}）。"),
    }
}

/// Why an application would be turned down, whatever the score.
fn barred(standard: &StandardResult) -> Option<String> {
    let vetoes = standard.card.vetoes.iter();
    let failed: Vec<&str> = vetoes
        .filter(|v| v.state == VetoState::Failed)
        .map(|v| v.title.as_str())
        .collect();
    (standard.card.eligible == Some(false)).then(|| {
        format!(
            "有 {} 项否决项或基本要求不满足（{}），结论为：暂不具备申报条件。",
            failed.len(),
            failed.join("、")
        )
    })
}

fn sentences(standard: &StandardResult, next: Option<&NextView>) -> Vec<String> {
    let card = &standard.card;
    let mut out = Vec::new();
    match card.eligible {
        Some(true) if card.vetoes.iter().any(|v| v.state == VetoState::Failed) => {
            out.push("有基本要求不满足，等级因此受限，见下表。".into());
        }
        Some(true) => out.push("没有触发否决项。".into()),
        Some(false) => {
            out.extend(barred(standard));
        }
        None if !card.vetoes.is_empty() => {
            let open = card.vetoes.iter().filter(|v| v.state == VetoState::Unknown).count();
            out.push(format!(
                "还有 {open} 项否决项或基本要求没有回答，是否具备申报条件暂不能下结论。"
            ));
        }
        None => {}
    }
    if let Some(next) = next {
        // What is not met is named; “still lacking: not met” says it twice.
        let lacking = next.short.replace("未满足：", "");
        out.push(format!("离{}还差：{lacking}。", next.name));
    } else if card
        .grade
        .as_ref()
        .is_some_and(|g| card.rungs.last().is_some_and(|r| r.level == g.level))
    {
        out.push("已经是最高一级。".into());
    }
    if let Some(pass) = &card.pass {
        match (pass.mark, pass.reached) {
            (Some(mark), Some(true)) => out.push(format!("达到设定的合格线 {} 分。", show(mark, 2))),
            (Some(mark), _) => out.push(format!("没有达到设定的合格线 {} 分。", show(mark, 2))),
            (None, _) => out.push(format!("没有设合格线：{}。", pass.note.trim_end_matches('。'))),
        }
    }
    if let (Some((low, high)), Some(_)) = (card.bounds, card.score)
        && high - low > 1e-9
    {
        out.push(format!(
            "还有未答或缺少对标值的内容，按 0 分计；补齐后得分在 {} 与 {} 之间。",
            show(low, 2),
            show(high, 2)
        ));
    }
    out
}

fn next(standard: &StandardResult) -> Option<NextView> {
    let card = &standard.card;
    let current = card.grade.as_ref()?.level;
    let rung = card.rungs.iter().find(|rung| rung.level > current)?;
    let conditions = rung
        .conditions
        .iter()
        .map(|c| {
            let plain = matches!(c.kind, "holds" | "covers");
            let have = if plain { "—".into() } else { show(c.have, 3) };
            let need = if plain { "—".into() } else { show(c.need, 3) };
            json!({"text": c.text, "have": have, "need": need, "met": c.met})
        })
        .collect();
    let short: Vec<&str> = rung
        .conditions
        .iter()
        .filter(|c| !c.met)
        .map(|c| c.short.as_str())
        .collect();
    Some(NextView {
        name: grade_in_words(rung.level, &rung.name),
        conditions,
        counted: rung.conditions.iter().any(|c| !matches!(c.kind, "holds" | "covers")),
        short: short.join("；"),
    })
}

fn vetoes(standard: &StandardResult) -> Vec<serde_json::Value> {
    standard
        .card
        .vetoes
        .iter()
        .map(|veto| {
            let (word, tone) = match veto.state {
                VetoState::Holds => ("满足", "good"),
                VetoState::Failed => ("不满足", "bad"),
                VetoState::Unknown => ("未答", "warn"),
                VetoState::NotApplicable => ("不适用", "neutral"),
            };
            let effect = match veto.effect {
                VetoEffect::Disqualify => "不具备申报条件".to_owned(),
                VetoEffect::Cap(level) => format!("最高定{}级", numeral(level)),
            };
            json!({
                "title": veto.title, "word": word, "tone": tone, "effect": effect, "clause": veto.clause,
                "say": if veto.state == VetoState::Failed { veto.fix.as_str() } else { "" },
            })
        })
        .collect()
}

fn node_view(node: &TraceNode) -> NodeView {
    let status = match node.status {
        Status::Scored => "",
        Status::Missing => "未答",
        Status::NotApplicable => "不适用",
        Status::NoBenchmark => "未计分",
        Status::LeftOut => "不计",
    };
    let value = node
        .value
        .filter(|_| is_quantity(node) && node.status == Status::Scored);
    NodeView {
        id: node.id.clone(),
        title: node.title.clone(),
        depth: node.depth,
        status: status.to_owned(),
        value: value.map_or(
            if status.is_empty() {
                "—".into()
            } else {
                status.to_owned()
            },
            |v| format!("{} {}", show(v, 4), node.unit).trim().to_owned(),
        ),
        score: node.score.map_or(
            if status.is_empty() {
                "—".into()
            } else {
                status.to_owned()
            },
            |s| show(s, 3),
        ),
        full: if node.full > 0.0 {
            show(node.full, 3)
        } else {
            "—".into()
        },
        percent: node.ratio.map_or("—".into(), |r| format!("{}%", show(r * 100.0, 1))),
        because: node.because.clone(),
        clause: node.clause.clone(),
        note: node.note.clone(),
        confidence: node.confidence.label(),
        unverified: node.confidence == Confidence::Unverified,
        group: !node.is_leaf(),
    }
}

/// Whether a result is a share of judged rows rather than points.
fn is_share(root: &TraceNode) -> bool {
    root.walk()
        .into_iter()
        .filter(|n| n.is_leaf())
        .all(|n| n.method == "each_row")
}
