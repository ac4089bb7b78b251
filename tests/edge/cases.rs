//! Assessments at the edges, each made from the pump maker's by one change.

use serde_json::{Value, json};

/// The example that the cases begin with.
pub fn pump() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/pump-maker.assessment.yaml");
    let text = std::fs::read_to_string(path).expect("the example");
    // Letters that YAML 1.1 takes for yes and no.
    read(&text.replace("m, n, o]", "m, 'n', o]"))
}

/// YAML without its comments.
pub fn read(text: &str) -> Value {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect();
    serde_yaml::from_str(&lines.join("\n")).expect("YAML")
}

/// A company name of 60 characters.
pub const LONG_NAME: &str = "青岛西海岸新区胶州湾国际先进装备制造与智能流体控制系统工程技术研究开发及进出口贸易股份有限公司黄岛区第二分公司水泵事业部";

/// A text without a space and of so many characters, of which no two runs are alike.
pub fn unbroken(count: usize) -> String {
    let words = "装备制造数字化转型诊断报告现场核验能耗设备联网采集系统质量计划工艺";
    let words: Vec<char> = words.chars().collect();
    (0..count).map(|n| words[(n * n + n / 7) % words.len()]).collect()
}

pub fn rare() -> Value {
    let mut v = pump();
    v["enterprise"]["name"] = json!("青岛㛃䶮𬭎泵业有限公司");
    v["enterprise"]["products"] = json!("𠮷牌离心泵、㙍式管道泵😀、Café Müller Dvořák 双吸泵");
    v["enterprise"]["contact"] = json!("堃喆犇 0532-00000000");
    v["onsite"]["team"][0]["name"] = json!("𠮷田㛃");
    v["onsite"]["findings"][0]["owner"] = json!("李䶮");
    v
}

pub fn long_name() -> Value {
    let mut v = pump();
    assert_eq!(LONG_NAME.chars().count(), 60);
    v["enterprise"]["name"] = json!(LONG_NAME);
    v["assessor"] = json!(format!("{}、顾问甲、顾问乙", LONG_NAME));
    v
}

pub fn many_findings() -> Value {
    let mut v = pump();
    let findings = (1..=200).map(|n| {
        json!({
            "title": format!("第{n}号发现"), "severity": (["严重", "一般", "建议"][n % 3]),
            "about": "sme-digital-2024/q05", "detail": format!("现场见到的第{n}处情形"),
            "action": format!("第{n}项整改"), "owner": format!("责任人{n}"), "due": "2027-02-28",
        })
    });
    v["onsite"]["findings"] = findings.collect();
    v
}

pub fn many_machines(count: usize) -> Value {
    let mut v = pump();
    let motors = (1..=count).map(|n| {
        json!({
            "name": format!("{n}号电机"), "count": 1, "kind": "three-phase-induction", "poles": 4, "rated_kw": 15,
            "efficiency_pct": 88.0 + (n % 60) as f64 / 10.0, "year": 2017, "hours": 4500, "load": 55,
        })
    });
    v["answers"]["equipment-efficiency-2024"]["motors"] = motors.collect();
    v
}

/// Nothing verified, nobody on site.
pub fn self_reported() -> Value {
    let mut v = pump();
    if let Some(root) = v.as_object_mut() {
        root.remove("onsite");
        root.remove("assessor");
    }
    for (_, answers) in v["answers"].as_object_mut().expect("answers") {
        for (_, answer) in answers.as_object_mut().expect("answers") {
            if let Some(long) = answer.as_object_mut().filter(|long| long.contains_key("value")) {
                *answer = long["value"].clone();
            }
        }
    }
    v
}

pub fn unanswered() -> Value {
    let mut v = self_reported();
    v["answers"] = json!({});
    v.as_object_mut().expect("a map").remove("facts");
    v
}

/// What people paste: 2,000 characters without a space, an address without end, one long word.
pub fn long_texts() -> Value {
    let mut v = pump();
    let address = format!("https://example.com/{}", "a1b2-c3d4/".repeat(60));
    let word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".repeat(4);
    let found = &mut v["onsite"]["findings"];
    found[0]["detail"] = json!(unbroken(2000));
    found[0]["action"] = json!(address);
    found[0]["owner"] = json!(word);
    found[1]["title"] = json!(unbroken(300));
    v["onsite"]["visits"][0]["place"] = json!(address);
    v["onsite"]["interviews"][0]["topic"] = json!(unbroken(2000));
    v["onsite"]["team"][0]["role"] = json!(word);
    let answer = &mut v["answers"]["sme-digital-2024"]["q05"];
    answer["note"] = json!(unbroken(2000));
    answer["evidence"] = json!([address, word, unbroken(500)]);
    v["enterprise"]["products"] = json!(unbroken(600));
    v["enterprise"]["address"] = json!(word);
    v["answers"]["equipment-efficiency-2024"]["motors"][0]["name"] = json!(word);
    v["answers"]["equipment-efficiency-2024"]["motors"][1]["model"] = json!("X".repeat(200));
    v
}

pub fn photos(count: usize) -> Value {
    let mut v = pump();
    let names: Vec<String> = (1..=count).map(|n| format!("evidence/photo-{n}.jpg")).collect();
    v["answers"]["sme-digital-2024"]["q05"]["evidence"] = json!(names);
    v
}

pub fn one_standard() -> Value {
    let mut v = pump();
    v["standards"] = json!(["sme-digital-2024"]);
    let answers = v["answers"].as_object_mut().expect("answers");
    answers.retain(|id, _| id == "sme-digital-2024");
    v["presets"] = json!({});
    v["onsite"]["findings"].as_array_mut().expect("findings").truncate(2);
    v
}
