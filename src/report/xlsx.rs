//! The annex as a workbook: every number and every sentence of a diagnosis as cells that can be sorted and filtered.
//!
//! Texts are written as texts, so that one that begins with `=`, `+`, `-` or `@` is no formula. Not answered, not
//! applicable and zero are told apart: a cell that stands for a number is never left empty.

mod plans;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::advice::matching::Recommended;
use crate::diagnosis::{Diagnosis, Mode, StandardResult};
use crate::scoring::eval::Status;
use crate::scoring::trace::TraceNode;
use sheet::{Cell, Column, Kind, Sheet};

/// A diagnosis as a workbook; the same diagnosis gives the same bytes.
pub fn render(diagnosis: &Diagnosis) -> Result<Vec<u8>, String> {
    let sheets = [
        overview(diagnosis),
        scores(diagnosis),
        gaps(diagnosis),
        answers(diagnosis),
        plans::paths(diagnosis),
        plans::projects(diagnosis),
        plans::machines(diagnosis),
        findings(diagnosis),
        providers(diagnosis),
        consistency(diagnosis),
        sources(diagnosis),
    ];
    write(diagnosis, &sheets).map_err(|error| format!("表格写不成：{error}"))
}

/// The projects alone as a workbook.
pub fn projects_only(diagnosis: &Diagnosis) -> Result<Vec<u8>, String> {
    let sheets = [plans::projects(diagnosis), plans::machines(diagnosis)];
    write(diagnosis, &sheets).map_err(|error| format!("表格写不成：{error}"))
}

fn write(diagnosis: &Diagnosis, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new()
        .set_title(format!("{} 诊断附表", diagnosis.enterprise.name))
        .set_author(&diagnosis.assessor)
        .set_comment(format!("企诊 {} · 规则 {}", diagnosis.program, diagnosis.catalog));
    // The only date that a report knows; a clock would make two runs differ.
    if let Ok(date) = ExcelDateTime::parse_from_str(&diagnosis.date) {
        properties = properties.set_creation_datetime(&date);
    }
    workbook.set_properties(&properties);
    let footer = format!(
        "&L{} {}&R第 &P 页 / 共 &N 页",
        diagnosis.enterprise.name.replace('&', "&&"),
        diagnosis.date
    );
    for sheet in sheets {
        sheet.write(workbook.add_worksheet(), &footer)?;
    }
    workbook.save_to_buffer()
}

fn overview(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("标准", 30.0, Kind::Text),
        Column::new("得分", 10.0, Kind::Number(3)),
        Column::new("满分", 10.0, Kind::Number(3)),
        Column::new("等级", 22.0, Kind::Text),
        Column::new("自评得分", 10.0, Kind::Number(3)),
        Column::new("否决项与基本要求", 16.0, Kind::Text),
        Column::new("应答题数", 9.0, Kind::Number(0)),
        Column::new("已答", 8.0, Kind::Number(0)),
        Column::new("未答", 8.0, Kind::Number(0)),
        Column::new("不适用", 8.0, Kind::Number(0)),
        Column::new("规则可信度", 13.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("总览", columns);
    let e = &diagnosis.enterprise;
    let uscc = e.uscc.as_deref().unwrap_or("未填");
    sheet.lead = vec![
        ("企业".into(), e.name.clone()),
        ("统一社会信用代码".into(), uscc.into()),
        ("行业".into(), e.industry.label()),
        ("地区".into(), e.region.name()),
        ("日期".into(), diagnosis.date.clone()),
        (
            "方式".into(),
            match diagnosis.mode {
                Mode::Verified => format!("现场核验　{}", diagnosis.assessor),
                Mode::SelfReported => "企业自评，未经核验".into(),
            },
        ),
        ("规则版本".into(), diagnosis.catalog.clone()),
    ];
    for standard in &diagnosis.standards {
        let card = &standard.card;
        let coverage = &card.coverage;
        let own = standard.self_reported.as_ref();
        sheet.rows.push(vec![
            Cell::text(&standard.title),
            score(card.score, if card.full == 0.0 { "不计分" } else { "未评分" }),
            score((card.full > 0.0).then_some(card.full), "不计分"),
            Cell::text(&card.grade.as_ref().map_or("不分级".into(), |g| {
                crate::advice::gaps::grade_in_words(g.level, &g.name)
            })),
            own.map_or(Cell::text("同左"), |own| score(own.score, "未评分")),
            Cell::text(match card.eligible {
                Some(true) => "全部满足",
                Some(false) => "有不满足的",
                None if card.vetoes.is_empty() => "没有",
                None => "还不能判定",
            }),
            Cell::Number(coverage.items as f64),
            Cell::Number(coverage.answered as f64),
            Cell::Number(coverage.missing.len() as f64),
            Cell::Number(coverage.not_applicable.len() as f64),
            Cell::text(card.confidence.label()),
        ]);
    }
    sheet
}

fn score(value: Option<f64>, without: &str) -> Cell {
    value.map_or(Cell::text(without), Cell::Number)
}

fn scores(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("标准", 18.0, Kind::Text),
        Column::new("编号", 16.0, Kind::Text),
        Column::new("层", 5.0, Kind::Number(0)),
        Column::new("指标", 30.0, Kind::Text),
        Column::new("满分", 9.0, Kind::Number(3)),
        Column::new("得分", 9.0, Kind::Number(3)),
        Column::new("得分率", 9.0, Kind::Percent),
        Column::new("数值", 12.0, Kind::Number(4)),
        Column::new("单位", 10.0, Kind::Text),
        Column::new("怎么来的", 60.0, Kind::Text),
        Column::new("条款", 24.0, Kind::Text),
        Column::new("可信度", 12.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("得分", columns);
    for standard in &diagnosis.standards {
        let nodes = standard.card.trace.walk();
        sheet
            .rows
            .extend(nodes.into_iter().map(|node| score_row(standard, node)));
    }
    sheet
}

fn score_row(standard: &StandardResult, node: &TraceNode) -> Vec<Cell> {
    let state = match node.status {
        Status::Scored if node.full == 0.0 => "不计分",
        Status::Scored | Status::Missing => "未答",
        Status::NotApplicable => "不适用",
        Status::NoBenchmark => "无对标值",
        Status::LeftOut => "不计",
    };
    vec![
        Cell::text(&standard.short),
        Cell::text(&node.id),
        Cell::Number(node.depth as f64),
        Cell::text(&format!("{}{}", "　".repeat(node.depth), node.title)),
        score((node.full > 0.0).then_some(node.full), "不计分"),
        score(node.score.filter(|_| node.full > 0.0), state),
        score(node.ratio, state),
        score(node.value, "—"),
        Cell::text(&node.unit),
        Cell::text(&node.because),
        Cell::text(&node.clause),
        Cell::text(node.confidence.label()),
    ]
}

fn gaps(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("次序", 6.0, Kind::Number(0)),
        Column::new("标准", 18.0, Kind::Text),
        Column::new("短板", 24.0, Kind::Text),
        Column::new("失分", 9.0, Kind::Number(3)),
        Column::new("可得", 9.0, Kind::Number(3)),
        Column::new("现状", 46.0, Kind::Text),
        Column::new("下一步", 40.0, Kind::Text),
        Column::new("措施", 24.0, Kind::Text),
        Column::new("怎么做", 46.0, Kind::Text),
        Column::new("本周可以做", 36.0, Kind::Text),
        Column::new("需要的能力", 30.0, Kind::Text),
        Column::new("卡住下一级", 10.0, Kind::Text),
        Column::new("可信度", 12.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("差距", columns);
    sheet.empty = "按已填的答案没有发现失分之处。";
    for (index, gap) in diagnosis.gaps.iter().enumerate() {
        let action = gap.action.as_ref();
        let of_action = |get: fn(&crate::advice::gaps::Action) -> &String| Cell::text(action.map_or("—", |a| get(a)));
        sheet.rows.push(vec![
            Cell::Number(index as f64 + 1.0),
            Cell::text(&gap.standard_title),
            Cell::text(&gap.title),
            score(gap.lost, "不以分计"),
            score(gap.gain, "—"),
            Cell::text(&gap.state),
            Cell::text(&gap.next),
            of_action(|action| &action.title),
            of_action(|action| &action.action),
            of_action(|action| &action.first_step),
            Cell::text(&action.map_or("—".into(), |action| action.capabilities.join("、"))),
            Cell::text(if gap.blocks_next { "是" } else { "否" }),
            Cell::text(gap.confidence.label()),
        ]);
    }
    sheet
}

fn answers(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("标准", 18.0, Kind::Text),
        Column::new("题号", 16.0, Kind::Text),
        Column::new("题目", 26.0, Kind::Text),
        Column::new("自评", 40.0, Kind::Text),
        Column::new("核验", 40.0, Kind::Text),
        Column::new("两者不同", 10.0, Kind::Text),
        Column::new("说明", 46.0, Kind::Text),
        Column::new("佐证", 40.0, Kind::Text),
        Column::new("取自", 30.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("答案", columns);
    sheet.empty = "还没有答案。";
    for standard in &diagnosis.standards {
        for answer in &standard.answers {
            let detail = &answer.detail;
            let differs = match &detail.verified {
                None => "未核验",
                Some(verified) if *verified == detail.self_reported => "一致",
                Some(_) => "不同",
            };
            let from = match detail.from_facts.is_empty() {
                true => detail.linked.clone(),
                false => format!("企业数据：{}", detail.from_facts.join("、")),
            };
            sheet.rows.push(vec![
                Cell::text(&standard.short),
                Cell::text(&answer.id),
                Cell::text(&answer.title),
                Cell::text(match answer.self_reported_in_full.as_str() {
                    "" => "未答",
                    words => words,
                }),
                Cell::text(answer.verified_in_full.as_deref().unwrap_or("未核验")),
                Cell::text(differs),
                Cell::text(&detail.note),
                Cell::text(&detail.evidence.join("；")),
                Cell::text(&from),
            ]);
        }
    }
    sheet
}

fn findings(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("编号", 8.0, Kind::Text),
        Column::new("程度", 8.0, Kind::Text),
        Column::new("发现", 34.0, Kind::Text),
        Column::new("情况", 46.0, Kind::Text),
        Column::new("题目", 28.0, Kind::Text),
        Column::new("要做什么", 40.0, Kind::Text),
        Column::new("责任人", 18.0, Kind::Text),
        Column::new("期限", 12.0, Kind::Date),
        Column::new("完成情况", 24.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("现场发现", columns);
    sheet.empty = "没有记录现场发现。";
    for (index, finding) in diagnosis.onsite.findings.iter().enumerate() {
        let severity = serde_json::to_value(finding.severity).ok();
        sheet.rows.push(vec![
            Cell::text(&format!("F{:02}", index + 1)),
            Cell::text(severity.as_ref().and_then(|word| word.as_str()).unwrap_or_default()),
            Cell::text(&finding.title),
            Cell::text(&finding.detail),
            Cell::text(finding.about.as_ref().map_or("", |about| about.as_str())),
            Cell::text(&finding.action),
            Cell::text(&finding.owner),
            finding
                .due
                .as_ref()
                .map_or(Cell::text("未定"), |due| Cell::Date(due.value.clone())),
            Cell::text(""),
        ]);
    }
    sheet
}

fn providers(diagnosis: &Diagnosis) -> Sheet {
    let mut columns = vec![
        Column::new("服务商", 30.0, Kind::Text),
        Column::new("地区", 18.0, Kind::Text),
        Column::new("匹配分", 9.0, Kind::Number(1)),
    ];
    let weights = &diagnosis.providers.weights;
    columns.extend(
        weights
            .iter()
            .map(|(name, most)| Column::new(&format!("{name}（满 {most}）"), 10.0, Kind::Number(1))),
    );
    columns.extend([
        Column::new("为什么推荐", 60.0, Kind::Text),
        Column::new("能补的短板", 40.0, Kind::Text),
        Column::new("逐项说明", 60.0, Kind::Text),
        Column::new("名单", 30.0, Kind::Text),
        Column::new("须知与关联", 20.0, Kind::Text),
        Column::new("联系", 30.0, Kind::Text),
    ]);
    let mut sheet = Sheet::new("服务商", columns);
    sheet.empty = "当前名单里没有合适的服务商。";
    let providers = &diagnosis.providers;
    sheet.lead = vec![
        (
            "说明".into(),
            format!("排序不代表优劣，企业自主选择。{}", providers.notice),
        ),
        (
            "规则".into(),
            format!("{}。得分按 {} 分一档，同档视为同等", providers.rules, providers.tie),
        ),
        (
            "同档次序".into(),
            format!(
                "由种子 {} 排定（取自{}），同档还有 {} 家没有列出",
                providers.seed, providers.seed_from, providers.equals_not_shown
            ),
        ),
        (
            "看过".into(),
            format!("{} 家，符合条件 {} 家", providers.considered, providers.eligible),
        ),
    ];
    let left_out = providers
        .left_out
        .iter()
        .map(|(why, count)| (format!("没有列入：{why}"), format!("{count} 家")));
    sheet.lead.extend(left_out);
    for provider in &providers.recommended {
        let mut row = vec![
            Cell::text(&provider.name),
            Cell::text(&provider.region),
            Cell::Number(provider.score),
        ];
        row.extend(provider.factors.iter().map(|factor| Cell::Number(factor.points)));
        row.extend([
            Cell::text(&provider.reasons.join("；")),
            Cell::text(&provider.covers.join("、")),
            Cell::text(&factors_in_words(provider)),
            Cell::text(&provider.listed),
            Cell::text(&match provider
                .marks
                .iter()
                .chain(&provider.conflicts)
                .map(String::as_str)
                .collect::<Vec<_>>()
            {
                none if none.is_empty() => "没有".into(),
                some => some.join("、"),
            }),
            Cell::text(format!("{} {}", provider.contact.dept, provider.contact.phone).trim()),
        ]);
        sheet.rows.push(row);
    }
    sheet
}

/// What each factor rests on.
fn factors_in_words(provider: &Recommended) -> String {
    let told = provider
        .factors
        .iter()
        .map(|factor| format!("{}：{}", factor.title, factor.why));
    told.collect::<Vec<_>>().join("；")
}

fn consistency(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("编号", 14.0, Kind::Text),
        Column::new("程度", 8.0, Kind::Text),
        Column::new("发现", 60.0, Kind::Text),
        Column::new("怎么核对", 50.0, Kind::Text),
        Column::new("涉及", 36.0, Kind::Text),
        Column::new("口径", 30.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("核对", columns);
    sheet.empty = "逐条比对，没有发现彼此矛盾的答案。";
    for finding in &diagnosis.consistency {
        sheet.rows.push(vec![
            Cell::text(&finding.id),
            Cell::text(finding.severity.label()),
            Cell::text(&finding.say),
            Cell::text(&finding.ask),
            Cell::text(&finding.about.join("、")),
            Cell::text(&finding.source),
        ]);
    }
    sheet
}

fn sources(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("标准", 34.0, Kind::Text),
        Column::new("文件", 40.0, Kind::Text),
        Column::new("文号或标准号", 26.0, Kind::Text),
        Column::new("发布", 30.0, Kind::Text),
        Column::new("日期", 16.0, Kind::Text),
        Column::new("可信度", 12.0, Kind::Text),
        Column::new("存疑之处", 80.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("依据", columns);
    for standard in &diagnosis.standards {
        let source = &standard.source;
        let doubts = standard
            .card
            .doubts
            .iter()
            .map(|doubt| format!("{}：{}", doubt.about, doubt.note));
        let doubts: Vec<String> = doubts.collect();
        sheet.rows.push(vec![
            Cell::text(&standard.title),
            Cell::text(&source.document),
            Cell::text(&source.number),
            Cell::text(&source.issuer),
            Cell::text(&source.date),
            Cell::text(standard.card.confidence.label()),
            Cell::text(&doubts.join("\n")),
        ]);
    }
    sheet
}
