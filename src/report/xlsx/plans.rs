//! What comes next as sheets: the plans that reach the next grade, and the projects.

use super::sheet::{Cell, Column, Kind, Sheet};
use crate::advice::gaps::grade_in_words;
use crate::advice::projects::ProjectCard;
use crate::diagnosis::Diagnosis;

/// Every step of every plan.
pub fn paths(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("标准", 24.0, Kind::Text),
        Column::new("目标", 18.0, Kind::Text),
        Column::new("方案", 8.0, Kind::Text),
        Column::new("期", 6.0, Kind::Number(0)),
        Column::new("题目", 18.0, Kind::Text),
        Column::new("现在", 18.0, Kind::Text),
        Column::new("改成", 18.0, Kind::Text),
        Column::new("要做到", 44.0, Kind::Text),
        Column::new("加分", 8.0, Kind::Number(3)),
        Column::new("知识", 6.0, Kind::Number(0)),
        Column::new("时间", 6.0, Kind::Number(0)),
        Column::new("资源", 6.0, Kind::Number(0)),
        Column::new("措施", 24.0, Kind::Text),
        Column::new("从第几个月", 10.0, Kind::Number(0)),
        Column::new("到第几个月", 10.0, Kind::Number(0)),
        Column::new("依据", 36.0, Kind::Text),
        Column::new("佐证", 36.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("提升路径", columns);
    sheet.lead = vec![(
        "说明".to_owned(),
        "难度分 1、2、3 档，是本工具的估计，没有经过调查。".to_owned(),
    )];
    sheet.empty = "没有要升的等级。";
    for path in diagnosis.standards.iter().filter_map(|standard| standard.path.as_ref()) {
        let target = path
            .grade
            .as_ref()
            .map_or(String::new(), |g| grade_in_words(g.level, &g.name));
        for (plan, step) in path
            .plans
            .iter()
            .flat_map(|plan| plan.steps.iter().map(move |step| (plan, step)))
        {
            sheet.rows.push(vec![
                Cell::text(&path.standard_title),
                Cell::text(&target),
                Cell::text(plan.title),
                Cell::Number(step.phase as f64),
                Cell::text(&step.title),
                Cell::text(if step.from.is_empty() { "未答" } else { &step.from }),
                Cell::text(&step.to),
                Cell::text(&step.new.join("；")),
                step.points.map_or(Cell::text("—"), Cell::Number),
                Cell::Number(f64::from(step.effort.knowledge)),
                Cell::Number(f64::from(step.effort.time)),
                Cell::Number(f64::from(step.effort.resources)),
                Cell::text(&step.measure),
                Cell::Number(f64::from(step.from_month + 1)),
                Cell::Number(f64::from(step.to_month)),
                Cell::text(&step.clause),
                Cell::text(&step.evidence.join("、")),
            ]);
        }
    }
    sheet
}

/// The projects, one a row.
pub fn projects(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("项目", 20.0, Kind::Text),
        Column::new("时间", 18.0, Kind::Text),
        Column::new("进度", 10.0, Kind::Text),
        Column::new("企业项目", 18.0, Kind::Text),
        Column::new("内容", 44.0, Kind::Text),
        Column::new("是否技改", 10.0, Kind::Text),
        Column::new("理由", 36.0, Kind::Text),
        Column::new("投资下限（万元）", 12.0, Kind::Number(2)),
        Column::new("投资上限（万元）", 12.0, Kind::Number(2)),
        Column::new("投资说明", 28.0, Kind::Text),
        Column::new("预期", 36.0, Kind::Text),
        Column::new("年节电（kWh）", 12.0, Kind::Number(0)),
        Column::new("年省电费（元）", 12.0, Kind::Number(0)),
        Column::new("重点项目库", 28.0, Kind::Text),
        Column::new("下一步", 32.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("改造项目", columns);
    sheet.empty = "没有项目。";
    sheet.rows = diagnosis.projects.iter().map(row).collect();
    sheet
}

/// The machines to replace, one a row.
pub fn machines(diagnosis: &Diagnosis) -> Sheet {
    let columns = [
        Column::new("类别", 18.0, Kind::Text),
        Column::new("设备", 24.0, Kind::Text),
        Column::new("台数", 8.0, Kind::Number(0)),
        Column::new("判定", 14.0, Kind::Text),
        Column::new("淘汰提示", 28.0, Kind::Text),
        Column::new("效率 → 2 级", 20.0, Kind::Text),
        Column::new("年节电（kWh）", 12.0, Kind::Number(0)),
        Column::new("怎么算的", 48.0, Kind::Text),
    ];
    let mut sheet = Sheet::new("要换的设备", columns);
    sheet.empty = "没有低于 2 级的设备。";
    sheet.rows = diagnosis
        .projects
        .iter()
        .flat_map(|card| &card.renewal)
        .map(|machine| {
            vec![
                Cell::text(&machine.list),
                Cell::text(&machine.name),
                Cell::Number(machine.count),
                Cell::text(&machine.now),
                Cell::text(&machine.flags.join("；")),
                Cell::text(&machine.need),
                machine.saving_kwh.map_or(Cell::text("—"), Cell::Number),
                Cell::text(&machine.because),
            ]
        })
        .collect();
    sheet
}

fn row(card: &ProjectCard) -> Vec<Cell> {
    let content = card.content.iter().map(|c| format!("{}：{}", c.title, c.change));
    let machines = card.renewal.iter().map(|m| format!("换 {} {}", m.list, m.name));
    let content: Vec<String> = content.chain(machines).collect();
    let bound = |value: Option<f64>| value.map_or(Cell::text("待询价"), Cell::Number);
    vec![
        Cell::text(&card.title),
        Cell::text(&card.period()),
        Cell::text(card.state.label()),
        Cell::text(&card.plan),
        Cell::text(&content.join("；")),
        Cell::text(if card.renovation { "是" } else { "否" }),
        Cell::text(&card.reason),
        bound(card.invest_wan.map(|(low, _)| low)),
        bound(card.invest_wan.map(|(_, high)| high)),
        Cell::text(&card.invest_note),
        Cell::text(&card.expected.join("；")),
        card.saving_kwh.map_or(Cell::text("—"), Cell::Number),
        card.saving_yuan.map_or(Cell::text("—"), Cell::Number),
        Cell::text(&card.library),
        Cell::text(&card.next),
    ]
}
