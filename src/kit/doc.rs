//! Pages for rule authors and reviewers: what a standard asks, what it earns, where each rule comes from, how far to trust it.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Value as Json, json};

use crate::catalog::Catalog;
use crate::provenance::Confidence;
use crate::questionnaire::{Item, ItemKind, Questionnaire};
use crate::report::document::Document;
use crate::report::{markdown, template};
use crate::round::show;
use crate::scoring::lookup::{LookupTable, TableCell};
use crate::scoring::plan::{Op, Plan, PlanNode};
use crate::scoring::rulebook::{Better, NaPolicy, VetoEffect};

const PAGE: &str = include_str!("doc/page.md.j2");

/// The rules of a standard by how far they can be trusted: leaves of the scoring tree, rungs, vetoes, rows of tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// All rules.
    pub rules: usize,
    /// Checked against the published text.
    pub official: usize,
    /// Seen in other material.
    pub secondary: usize,
    /// Not checked.
    pub unverified: usize,
    /// Cases worked by hand.
    pub cases: usize,
}

/// Counts the rules of a standard over all its presets.
pub fn counts(plans: &[Plan], cases: usize) -> Counts {
    let mut counts = Counts {
        cases,
        ..Counts::default()
    };
    let mut add = |confidence: Confidence| {
        counts.rules += 1;
        match confidence {
            Confidence::Official => counts.official += 1,
            Confidence::Secondary => counts.secondary += 1,
            Confidence::Unverified => counts.unverified += 1,
        }
    };
    for (index, plan) in plans.iter().enumerate() {
        for node in plan.nodes.iter().filter(|n| n.op.children().is_empty()) {
            add(node.confidence);
        }
        for rung in plan.grade.iter().flat_map(|g| &g.rungs) {
            add(rung.confidence);
        }
        // Vetoes and tables are the same in every preset.
        if index == 0 {
            plan.vetoes.iter().for_each(|veto| add(veto.confidence));
            for table in &plan.tables {
                (0..table.rows.len()).for_each(|row| add(row_confidence(table, row).unwrap_or(plan.confidence)));
            }
        }
    }
    counts
}

/// What a table row says about itself, or the table about all its rows.
fn row_confidence(table: &LookupTable, row: usize) -> Option<Confidence> {
    let stated = table
        .column("confidence")
        .and_then(|column| match &table.rows[row][column] {
            TableCell::Text(text) => serde_json::from_value(text.as_str().into()).ok(),
            _ => None,
        });
    stated.or(table.confidence)
}

/// The page of one standard; `cases` is the number of its cases.
pub fn page(catalog: &Catalog, questionnaire: &Questionnaire, cases: usize) -> Result<Document, String> {
    let plans = catalog
        .plans
        .get(&questionnaire.id.value)
        .map_or(&[][..], Vec::as_slice);
    let sources = BTreeMap::from([("page.md.j2".to_owned(), PAGE.to_owned())]);
    let context = Value::from(Serde(context(questionnaire, plans, cases)));
    let text = template::render(&sources, "page.md.j2", context).map_err(|error| error.to_string())?;
    markdown::parse(&text).map_err(|errors| {
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        said.join("\n")
    })
}

/// One line a standard, as a Markdown table.
pub fn index(catalog: &Catalog, cases: &dyn Fn(&str) -> (usize, f64), page: &dyn Fn(&str) -> String) -> String {
    let mut out = String::from(
        "# 标准一览\n\n由 `qizhen doc` 生成，不要手改。“规则”数评分树的叶子、等级、否决项和查找表的行；一个标准有几套权重时合计。覆盖率是手算样例到达的选项、分段、判档、等级、否决项的比例。\n\n| 标准 | 编号 | 题 | 规则 | 已核对原文 | 二手材料 | 未核实 | 样例 | 覆盖率 |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut sum = (0, Counts::default());
    for (id, questionnaire) in &catalog.questionnaires {
        let (number, covered) = cases(id);
        let counts = counts(catalog.plans.get(id).map_or(&[], Vec::as_slice), number);
        let items = questionnaire.items().count();
        out += &format!(
            "| [{}]({}) | `{id}` | {items} | {} | {} | {} | {} | {} | {}% |\n",
            questionnaire.title,
            page(id),
            counts.rules,
            counts.official,
            counts.secondary,
            counts.unverified,
            counts.cases,
            // Rounded down: what is not all is never shown as all.
            show((covered * 10.0).floor() / 10.0, 1)
        );
        sum.0 += items;
        sum.1 = Counts {
            rules: sum.1.rules + counts.rules,
            official: sum.1.official + counts.official,
            secondary: sum.1.secondary + counts.secondary,
            unverified: sum.1.unverified + counts.unverified,
            cases: sum.1.cases + counts.cases,
        };
    }
    let (items, all) = sum;
    out + &format!(
        "| 合计 | {} 个 | {items} | {} | {} | {} | {} | {} | |\n",
        catalog.questionnaires.len(),
        all.rules,
        all.official,
        all.secondary,
        all.unverified,
        all.cases
    )
}

fn context(questionnaire: &Questionnaire, plans: &[Plan], cases: usize) -> Json {
    let sections: Vec<Json> = questionnaire
        .sections
        .iter()
        .map(|section| {
            let inherited = section.confidence.unwrap_or(questionnaire.confidence);
            let items: Vec<Json> = section.items.iter().map(|i| item(i, inherited)).collect();
            json!({"title": section.title, "intro": section.intro, "items": items})
        })
        .collect();
    let first = plans.first();
    json!({
        "program": env!("CARGO_PKG_VERSION"),
        "q": {
            "id": questionnaire.id.value, "title": questionnaire.title, "intro": questionnaire.intro,
            "domain": questionnaire.domain.label(), "source": questionnaire.source,
            "confidence": questionnaire.confidence.label(), "items": questionnaire.items().count(),
        },
        "counts": counts(plans, cases),
        "sections": sections,
        "presets": plans.iter().map(preset).collect::<Vec<_>>(),
        "vetoes": first.map_or(vec![], |plan| plan.vetoes.iter().map(|veto| json!({
            "title": veto.title, "rule": veto.holds.text(), "fail": veto.fail, "clause": veto.clause,
            "confidence": veto.confidence.label(),
            "effect": match veto.effect {
                VetoEffect::Disqualify => "不具备申报条件".to_owned(),
                VetoEffect::Cap(level) => format!("最高定 {level} 级"),
            },
        })).collect::<Vec<_>>()),
        "tables": first.map_or(vec![], |plan| plan.tables.iter().map(table).collect::<Vec<_>>()),
        "doubts": doubts(questionnaire, plans),
    })
}

fn item(item: &Item, inherited: Confidence) -> Json {
    let mut answers: Vec<String> = Vec::new();
    match item.kind.value {
        ItemKind::YesNo => answers.push("是 / 否".into()),
        ItemKind::Number => {
            let unit = item.unit.as_ref().map_or("", |u| u.value.as_str());
            answers.push(format!("一个数 {unit}").trim().to_owned());
        }
        ItemKind::Parts => answers.extend(
            item.parts
                .iter()
                .map(|part| format!("{} {}（{}）", part.id.value, part.title, part.unit.value).replace("（）", "")),
        ),
        ItemKind::Table => answers.extend(item.columns.iter().map(|column| {
            let unit = column
                .unit
                .as_ref()
                .map_or(String::new(), |u| format!("（{}）", u.value));
            format!("{} {}{unit}", column.id.value, column.title)
        })),
        _ => answers.extend(
            item.choice_ids()
                .iter()
                .enumerate()
                .map(|(index, id)| format!("{id} {}", item.choice_text(index))),
        ),
    }
    if item.may_be_na {
        answers.push("na 不适用".into());
    }
    let mut proof = item.evidence.join("、");
    if !item.clause.is_empty() {
        proof = format!("{proof} {}", item.clause).trim().to_owned();
    }
    if let Some(link) = &item.link {
        proof = format!("{proof} 可沿用 {}", link.standard.value).trim().to_owned();
    }
    json!({
        "id": item.id.value, "title": item.title, "ask": item.ask, "answers": answers.join("；"), "proof": proof,
        "confidence": item.confidence.unwrap_or(inherited).label(),
    })
}

fn preset(plan: &Plan) -> Json {
    // Parents first, as people read a tree.
    let mut nodes = Vec::new();
    let mut stack = vec![plan.root()];
    while let Some(index) = stack.pop() {
        let node = &plan.nodes[index];
        nodes.push(json!({
            "title": node.title, "depth": node.depth, "rule": rule(plan, node), "clause": node.clause,
            "full": if node.full > 0.0 { show(node.full, 3) } else { String::new() },
            "confidence": node.confidence.label(),
        }));
        stack.extend(node.op.children().iter().rev());
    }
    let rungs: Vec<Json> = plan
        .grade
        .iter()
        .flat_map(|grade| grade.rungs.iter().rev())
        .map(|rung| {
            let conditions: Vec<String> = rung.require.iter().map(|c| plan.condition_in_words(c)).collect();
            let name = crate::advice::gaps::grade_in_words(rung.name.level, &rung.name.name);
            json!({"name": name, "conditions": conditions, "confidence": rung.confidence.label()})
        })
        .collect();
    json!({
        "title": plan.preset.as_ref().map_or("", |(_, title)| title.as_str()),
        "confidence": plan.confidence.label(),
        "decimals": plan.decimals,
        "not_applicable": match plan.not_applicable {
            NaPolicy::Rescale => "按适用部分的满分折算",
            NaPolicy::Zero => "按 0 分计",
            NaPolicy::Full => "按满分计",
        },
        "nodes": nodes,
        "rungs": rungs,
    })
}

/// A rule in a line.
fn rule(plan: &Plan, node: &PlanNode) -> String {
    let title = |item: &usize| plan.layout.items.get_index(*item).map_or("", |(id, _)| id.as_str());
    let choices = |item: &usize, points: &[f64]| {
        let ids = plan
            .layout
            .items
            .get_index(*item)
            .map(|(_, laid)| laid.choices.as_slice())
            .unwrap_or_default();
        let each: Vec<String> = ids
            .iter()
            .zip(points)
            .map(|(id, p)| format!("{id} {}", show(*p, 3)))
            .collect();
        each.join("，")
    };
    let weight = if node.weight > 0.0 {
        format!("权重 {}%；", show(node.weight * 100.0, 2))
    } else {
        String::new()
    };
    let body = match &node.op {
        Op::Options { item, points } => format!("{}：{}", title(item), choices(item, points)),
        Op::SumOfOptions { item, points, cap } => {
            let most = if cap.is_finite() {
                format!("，最多 {}", show(*cap, 3))
            } else {
                String::new()
            };
            format!("{} 各项相加：{}{most}", title(item), choices(item, points))
        }
        Op::Bands { value, unit, bands, .. } => {
            let each: Vec<String> = bands
                .iter()
                .map(|(interval, p)| format!("{interval} {}", show(*p, 3)))
                .collect();
            format!("{} {unit}：{}", value.text(), each.join("，"))
        }
        Op::Interpolate {
            value,
            unit,
            better,
            leading,
            baseline,
            ..
        } => {
            let way = if *better == Better::Higher {
                "越大越好"
            } else {
                "越小越好"
            };
            format!(
                "{} {unit}：在基准值 {} 与引领值 {} 之间按比例，{way}",
                value.text(),
                baseline.text(),
                leading.text()
            )
        }
        Op::Formula { value, unit, .. } => format!("{} {unit}（不计分）", value.text()),
        Op::Total { .. } => "下列各项相加（不计分）".into(),
        Op::RowTotal(rule) => format!(
            "{} 每行按“{}”查系数，{} {}，相加（不计分）",
            title(&rule.item),
            plan.tables[rule.table].title,
            rule.value.text(),
            rule.unit
        ),
        Op::Ladder { reach, .. } => format!("逐级达标，每级平均满足程度 ≥ {reach} 才算达到"),
        Op::EachRow(rule) => {
            let tables: Vec<&str> = rule
                .judges
                .iter()
                .map(|j| plan.tables[j.table].title.as_str())
                .collect();
            let judge = &rule.judges[rule.share.0];
            let label = judge
                .labels
                .get(rule.share.1.saturating_sub(1) as usize)
                .map_or("", String::as_str);
            format!(
                "{} 每行对照 {}；达到“{label}”的占比",
                title(&rule.item),
                tables.join("、")
            )
        }
        Op::Sum(_) | Op::Weighted(_) if node.full == 0.0 => String::new(),
        Op::Sum(_) => "下列各项相加".into(),
        Op::Pooled(_) => "下列各表合在一起算占比".into(),
        Op::Weighted(_) => "下列各项按权重合成".into(),
        Op::OneOf(_) => "下列各项取适用的一项".into(),
        Op::Cumulative { reach, .. } => {
            format!("从低到高逐级累加：得分率 ≥ {reach} 计 1 分，第一个未达到的级计实得分，往上不计")
        }
    };
    let applies = node
        .applies
        .as_ref()
        .map_or(String::new(), |expr| format!("；仅当 {}", expr.text()));
    format!("{weight}{body}{applies}").trim().to_owned()
}

fn table(table: &LookupTable) -> Json {
    let cell = |cell: &TableCell| match cell {
        TableCell::Null => String::new(),
        TableCell::Number(number) => show(*number, 6),
        TableCell::Text(text) => text.clone(),
        TableCell::Interval(interval) => interval.to_string(),
    };
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    json!({
        "title": table.title, "source": table.source, "note": table.note, "columns": table.columns, "rows": rows,
        "confidence": table.confidence.map_or("", Confidence::label),
    })
}

/// Everything doubtful, each once.
fn doubts(questionnaire: &Questionnaire, plans: &[Plan]) -> Vec<Json> {
    let mut all: Vec<(String, Confidence, String)> = Vec::new();
    let mut add = |about: &str, confidence: Confidence, note: &str| {
        if !note.is_empty() && !all.iter().any(|(_, _, other)| other == note) {
            all.push((about.to_owned(), confidence, note.to_owned()));
        }
    };
    add("问卷", questionnaire.confidence, &questionnaire.note);
    for section in &questionnaire.sections {
        for item in &section.items {
            let confidence = item
                .confidence
                .or(section.confidence)
                .unwrap_or(questionnaire.confidence);
            add(&item.title, confidence, &item.note);
        }
    }
    for plan in plans {
        add("评分规则", plan.confidence, &plan.note);
        for node in &plan.nodes {
            add(&node.title, node.confidence, &node.note);
        }
        for rung in plan.grade.iter().flat_map(|g| &g.rungs) {
            add(&rung.name.name, rung.confidence, &rung.note);
        }
        for veto in &plan.vetoes {
            add(&veto.title, veto.confidence, &veto.note);
        }
    }
    all.into_iter()
        .map(|(about, confidence, note)| json!({"about": about, "confidence": confidence.label(), "note": note}))
        .collect()
}
