//! The table of a batch, for spreadsheets and for programs. The same results give the same bytes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Finished, Options, Outcome, Score, State};
use crate::atomic;
use crate::diagnosis::Mode;

/// Names of the files.
pub const CSV: &str = "汇总.csv";
/// Names of the files.
pub const JSON: &str = "汇总.json";

/// Name and version of the JSON form.
const SCHEMA: &str = "qizhen/batch-summary/1";

/// Writes both files.
pub fn write(finished: &Finished, options: &Options) -> std::io::Result<()> {
    atomic::replace(&options.out.join(CSV), csv(&finished.outcomes, options).as_bytes())?;
    let mut json = serde_json::to_vec_pretty(&json(finished, options))?;
    json.push(b'\n');
    atomic::replace(&options.out.join(JSON), &json)
}

/// One row an enterprise, four columns a standard.
fn csv(outcomes: &[Outcome], options: &Options) -> String {
    let scored: BTreeSet<&str> = outcomes
        .iter()
        .flat_map(scores)
        .map(|score| score.id.as_str())
        .collect();
    let standards: Vec<&str> = (options.catalog.questionnaires.keys().map(String::as_str))
        .filter(|id| scored.contains(id))
        .collect();
    let mut head: Vec<String> = [
        "结果",
        "企业名称",
        "统一社会信用代码",
        "行业代码",
        "行业",
        "地区代码",
        "地区",
        "日期",
        "方式",
    ]
    .map(str::to_owned)
    .to_vec();
    for id in &standards {
        let short = options.catalog.short(id);
        head.extend(["得分", "等级", "否决项", "规则可信度"].map(|what| format!("{short} {what}")));
    }
    head.extend(["报告", "评估文件", "原因"].map(str::to_owned));
    // Without the mark Excel takes UTF-8 for the code page of the machine.
    let mut out = "\u{feff}".to_owned();
    line(&mut out, &head);
    for outcome in outcomes {
        let mut cells = Vec::with_capacity(head.len());
        match &outcome.record {
            Some(record) => cells.extend([
                "成功".to_owned(),
                record.enterprise.clone(),
                record.uscc.clone().unwrap_or_default(),
                record.industry.0.clone(),
                record.industry.1.clone(),
                record.region.0.clone(),
                record.region.1.clone(),
                record.date.clone(),
                mode(record.mode).to_owned(),
            ]),
            None => {
                cells.push("失败".to_owned());
                cells.resize(9, String::new());
            }
        }
        for id in &standards {
            match scores(outcome).find(|score| score.id == *id) {
                Some(score) => cells.extend(in_cells(score)),
                None => cells.extend(std::iter::repeat_n(String::new(), 4)),
            }
        }
        cells.extend([
            outcome.reports.join(" "),
            outcome.input.clone(),
            reason(outcome).to_owned(),
        ]);
        line(&mut out, &cells);
    }
    out
}

fn scores(outcome: &Outcome) -> impl Iterator<Item = &Score> {
    outcome.record.iter().flat_map(|record| &record.standards)
}

fn in_cells(score: &Score) -> [String; 4] {
    let eligible = match score.eligible {
        Some(true) => "符合",
        Some(false) => "不符合",
        None => "",
    };
    [
        score.score.clone().unwrap_or_default(),
        score.grade.as_ref().map_or(String::new(), |(_, name)| name.clone()),
        eligible.to_owned(),
        score.confidence.label().to_owned(),
    ]
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::SelfReported => "自评",
        Mode::Verified => "现场核验",
    }
}

fn reason(outcome: &Outcome) -> &str {
    match &outcome.state {
        State::Failed(failure) => &failure.reason,
        _ => "",
    }
}

fn line(out: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// A cell that Excel shows as it is: nothing is a formula, and a code of many digits is no rounded number.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let long = text.len() > 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = if formula || long {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn json(finished: &Finished, options: &Options) -> Value {
    let standard = |score: &Score| {
        json!({
            "id": score.id,
            "score": number(score.score.as_deref()),
            "full": number(Some(&score.full)),
            "grade": score.grade.as_ref().map(|(level, name)| json!({ "level": level, "name": name })),
            "eligible": score.eligible,
            "confidence": score.confidence,
        })
    };
    let done = finished.outcomes.iter().filter_map(|outcome| {
        let record = outcome.record.as_ref()?;
        Some(json!({
            "enterprise": record.enterprise,
            "uscc": record.uscc,
            "industry": { "code": record.industry.0, "name": record.industry.1 },
            "region": { "code": record.region.0, "name": record.region.1 },
            "date": record.date,
            "mode": record.mode,
            "standards": record.standards.iter().map(standard).collect::<Vec<_>>(),
            "reports": outcome.reports,
            "input": outcome.input,
        }))
    });
    let failed = finished
        .outcomes
        .iter()
        .filter(|outcome| matches!(outcome.state, State::Failed(_)));
    let failed = failed.map(|outcome| json!({ "input": outcome.input, "reason": reason(outcome) }));
    json!({
        "schema": SCHEMA,
        "program": env!("CARGO_PKG_VERSION"),
        "catalog": options.catalog.digest,
        "template": options.template,
        "enterprises": done.collect::<Vec<_>>(),
        "failed": failed.collect::<Vec<_>>(),
        "warnings": finished.warnings,
    })
}

fn number(text: Option<&str>) -> Option<f64> {
    text.and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_text_to_excel() {
        for (text, expected) in [
            ("甲厂", "甲厂"),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("@甲", "'@甲"),
            ("-1", "'-1"),
            ("914403001922038216", "'914403001922038216"),
            ("91000000000000000K", "91000000000000000K"),
            ("甲,\"乙\"", "\"甲,\"\"乙\"\"\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
