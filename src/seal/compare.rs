//! What data say against what they should say: standard by standard, field by field.

use super::verify::Standard;
use super::{Data, Outcome, Rules};

/// Every standard that either of the two knows, with what has become of its rules.
pub fn standards(data: &Data, now: Vec<Outcome>, rules: &Rules) -> Vec<Standard> {
    let changed = |id: &str| {
        let find = |rules: &Rules| rules.standards.iter().find(|standard| standard.id == id).cloned();
        let mut changed = Vec::new();
        if let (Some(then), Some(now)) = (find(&data.rules), find(rules)) {
            if then.questionnaire != now.questionnaire {
                changed.push("问卷");
            }
            if then.rulebook != now.rulebook {
                changed.push("评分规则");
            }
        }
        changed
    };
    let mut out: Vec<Standard> = Vec::new();
    for told in &data.results {
        out.push(Standard {
            told: Some(told.clone()),
            now: now.iter().find(|now| now.id == told.id).cloned(),
            changed: changed(&told.id),
        });
    }
    for now in now {
        if !data.results.iter().any(|told| told.id == now.id) {
            out.push(Standard {
                changed: changed(&now.id),
                told: None,
                now: Some(now),
            });
        }
    }
    out
}

/// Fields of the data that are not what they should be.
pub fn fields(found: &[u8], expected: &[u8]) -> Vec<String> {
    const NAMES: [(&str, &str); 18] = [
        ("schema", "格式"),
        ("kind", "文件形式"),
        ("program", "程序版本"),
        ("catalog", "规则目录摘要"),
        ("template", "模板"),
        ("enterprise", "企业名称"),
        ("date", "评估日期"),
        ("report_no", "报告编号"),
        ("code", "校验码"),
        ("rules", "规则摘要"),
        ("results", "得分和等级"),
        ("diagnosis", "诊断结果摘要"),
        ("text", "文字摘要"),
        ("body", "文件摘要"),
        ("photos", "佐证照片摘要"),
        ("assessment", "评估文件"),
        ("since", "上次的评估"),
        ("check", "自身摘要"),
    ];
    if found == expected {
        return Vec::new();
    }
    let read = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap_or_default();
    let (a, b) = (read(found), read(expected));
    let names: Vec<&str> = NAMES
        .into_iter()
        .filter(|(key, _)| a.get(key) != b.get(key))
        .map(|(_, name)| name)
        .collect();
    match names.as_slice() {
        [] => vec!["数据附件的写法不同（空白、顺序或数字的写法）".to_owned()],
        names => vec![format!("数据附件里的{}与重算的不同", names.join("、"))],
    }
}
