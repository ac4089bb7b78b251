//! The JSON Schemas in `schemas/`: up to date, true of every shipped file, and as strict as an editor needs them to be.

use std::path::{Path, PathBuf};
use std::process::Command;

use jsonschema::Validator;
use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::kit::schema::{KINDS, Kind};
use qizhen::source::yaml::{self, Data, Node};
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn catalog() -> Catalog {
    Catalog::load(None).expect("the built-in data are sound")
}

fn validator(kind: &str, catalog: &Catalog) -> Validator {
    let text = Kind::named(kind).expect("a known kind").text(catalog);
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{kind}: {error}"));
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

/// What an editor sees of a YAML text.
fn document(text: &str) -> Value {
    fn value(node: Node) -> Value {
        match node.data {
            Data::Null => Value::Null,
            Data::Bool(value) => value.into(),
            Data::Int(value) => value.into(),
            Data::Float(value) => value.into(),
            Data::Str(value) => value.into(),
            Data::Seq(items) => items.into_iter().map(value).collect(),
            Data::Map(entries) => entries.into_iter().map(|(key, node)| (key.name, value(node))).collect(),
        }
    }
    value(yaml::parse(0, text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}")))
}

fn mistakes(validator: &Validator, text: &str) -> Vec<String> {
    validator
        .iter_errors(&document(text))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// Every shipped YAML file and its kind.
fn shipped() -> Vec<(PathBuf, &'static str)> {
    let mut all = Vec::new();
    for (folder, kind) in [
        ("questionnaires", "questionnaire"),
        ("scoring-rules", "rulebook"),
        ("advice", "advice"),
        ("providers", "providers"),
        ("consistency", "consistency"),
        ("migrations", "migration"),
        ("examples", "assessment"),
    ] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|end| end != "yaml") {
                continue;
            }
            let kind = match path.file_name().and_then(|name| name.to_str()) {
                Some("facts.yaml") => "facts",
                Some("capabilities.yaml") => "capabilities",
                Some("matching.yaml") => "matching",
                _ => kind,
            };
            all.push((path, kind));
        }
    }
    for folder in std::fs::read_dir(root().join("scoring-rules/cases")).unwrap() {
        for entry in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            all.push((entry.unwrap().path(), "case"));
        }
    }
    assert!(all.len() >= 18, "{all:?}");
    all
}

/// A part of a shipped file put in the place of another; it must be there to be replaced.
fn changed(path: &str, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    assert!(text.contains(from), "“{from}” is in {path}");
    text.replacen(from, to, 1)
}

#[test]
fn committed_schemas_are_up_to_date() {
    let catalog = catalog();
    for kind in KINDS {
        let path = root().join("schemas").join(format!("{}.json", kind.name));
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        // No `assert_eq`: nobody wants to read two times 300 KB.
        assert!(
            committed == kind.text(&catalog),
            "schemas/{}.json is out of date; run: cargo run -- schema -o schemas",
            kind.name
        );
    }
    let files = std::fs::read_dir(root().join("schemas")).unwrap().count();
    assert_eq!(files, KINDS.len(), "nothing is left over in schemas/");
}

#[test]
fn every_shipped_file_fits_its_schema() {
    let catalog = catalog();
    for kind in KINDS {
        let validator = validator(kind.name, &catalog);
        for (path, _) in shipped().iter().filter(|(_, of)| *of == kind.name) {
            let found = mistakes(&validator, &std::fs::read_to_string(path).unwrap());
            assert!(found.is_empty(), "{}\n{}", path.display(), found.join("\n"));
        }
    }
}

#[test]
fn every_shipped_file_names_its_schema() {
    for (path, kind) in shipped() {
        let text = std::fs::read_to_string(&path).unwrap();
        let named = text.lines().next().unwrap_or_default();
        let up = if kind == "case" { "../../../" } else { "../" };
        assert_eq!(
            named,
            format!("# yaml-language-server: $schema={up}schemas/{kind}.json"),
            "{}",
            path.display()
        );
        let (_, file) = named.split_once('=').unwrap();
        assert!(path.with_file_name("").join(file).is_file(), "{}", path.display());
    }
}

#[test]
fn broken_files_do_not_fit() {
    const SME: &str = "questionnaires/sme-digital-2024.yaml";
    const RULES: &str = "scoring-rules/sme-digital-2024.yaml";
    const EQUIPMENT: &str = "scoring-rules/equipment-efficiency-2024.yaml";
    const GREEN: &str = "scoring-rules/green-factory-2025.yaml";
    const FACTS: &str = "questionnaires/facts.yaml";
    const ADVICE: &str = "advice/sme-digital-2024.yaml";
    const CAPABILITIES: &str = "advice/capabilities.yaml";
    const CHECKS: &str = "consistency/core.yaml";
    const POOL: &str = "providers/sample-pool.yaml";
    let catalog = catalog();
    for (kind, path, from, to) in [
        ("questionnaire", SME, "qizhen/questionnaire/1", "qizhen/questionnaire/2"),
        ("questionnaire", SME, "domain: digital", "domain: digitl"),
        ("questionnaire", SME, "confidence: secondary", "confidence: sure"),
        ("questionnaire", SME, "\nintro:", "\nintroduction:"),
        ("questionnaire", SME, "kind: multi", "kind: many"),
        ("questionnaire", SME, "kind: multi", "kind: [multi]"),
        ("questionnaire", SME, "evidence: [", "evidence: [{}, "),
        ("questionnaire", SME, "{level: 0,", "{level: zero,"),
        ("questionnaire", SME, "{level: 0,", "{level: -1,"),
        ("rulebook", RULES, "standard: sme-digital-2024", ""),
        ("rulebook", RULES, "full: 8", "full: 八"),
        ("rulebook", RULES, "cap: 8}", "limit: 8}"),
        ("rulebook", RULES, "points: {a: 0,", "points: {a: none,"),
        ("rulebook", RULES, "{in: \"[0,10]\", points: 0}", "{in: \"[0,10]\"}"),
        ("rulebook", RULES, "decimals: 4", "decimals: 4.5"),
        ("rulebook", EQUIPMENT, "better: higher", "better: more"),
        ("rulebook", EQUIPMENT, ": midpoint", ": middle"),
        ("rulebook", EQUIPMENT, "rows:\n      - [", "rows:\n      - [{}, "),
        ("rulebook", GREEN, "effect: disqualify", "effect: disqualified"),
        ("rulebook", GREEN, "effect: disqualify", "effect: {cap: two}"),
        (
            "facts",
            FACTS,
            "unit: 台, range: {min: 0}",
            "unit: 台, range: {min: none}",
        ),
        (
            "facts",
            FACTS,
            "unit: 台, range: {min: 0}",
            "unit: 台, range: {least: 0}",
        ),
        ("facts", FACTS, "where: 设备台账", "source: 设备台账"),
        (
            "advice",
            ADVICE,
            "services: [diagnosis_consulting",
            "services: [consulting",
        ),
        ("advice", ADVICE, "for: [q01]", "for: q01"),
        ("advice", ADVICE, "    do: ", "    todo: "),
        ("capabilities", CAPABILITIES, "domain: digital", "domain: it"),
        (
            "capabilities",
            CAPABILITIES,
            "capabilities:\n",
            "capabilities: {}\nmore:\n",
        ),
        ("providers", POOL, "size_fit: [大型,", "size_fit: [特大型,"),
        ("providers", POOL, "status: active", "status: ok"),
        (
            "providers",
            POOL,
            "year: 2026, valid_until: 2027-12-31",
            "year: 2026, valid_until: 2027 年底",
        ),
        ("providers", POOL, "year: 2025", "year: 去年"),
        ("consistency", CHECKS, "severity: contradiction", "severity: fatal"),
        ("consistency", CHECKS, "    ask: ", "    todo: "),
    ] {
        let found = mistakes(&validator(kind, &catalog), &changed(path, from, to));
        assert!(!found.is_empty(), "{path}: “{from}” → “{to}” is taken");
    }
}

/// Every way in which people write an answer: schema and reader are of one opinion.
#[test]
fn answers_are_judged_as_the_reader_judges_them() {
    let catalog = catalog();
    let validator = validator("assessment", &catalog);
    let sme = |answer: &str| format!("answers: {{sme-digital-2024: {{{answer}}}}}");
    let green = |answer: &str| format!("answers: {{green-factory-2025: {{{answer}}}}}");
    let motor = |cells: &str| format!("answers: {{equipment-efficiency-2024: {{motors: [{{name: 1#泵, {cells}}}]}}}}");
    let good = "kind: three-phase-induction, poles: 4, rated_kw: 37";
    for (taken, body) in [
        (true, sme("q05: c")),
        (true, sme("q05: C")),
        (true, sme("q05: ' c '")),
        (true, sme("q05: ")),
        (
            true,
            sme("q05: {value: c, verified: b, note: 现场仅见 ERP, evidence: [照片.jpg]}"),
        ),
        (true, sme("q05: {value: c, verified: , note: 3, evidence: 照片.jpg}")),
        (false, sme("q05: z")),
        (false, sme("q05: 3")),
        (false, sme("q05: [c]")),
        (false, sme("q05: na")),
        (false, sme("q05: {value: z}")),
        (false, sme("q05: {value: c, checked: b}")),
        (false, sme("q99: c")),
        (true, sme("q01: [b, c]")),
        (true, sme("q01: [B]")),
        (true, sme("q01: b、c")),
        (true, sme("q01: 'b, c'")),
        (true, sme("q01: b")),
        (true, sme("q01: []")),
        (true, sme("q01: {verified: [b, d]}")),
        (false, sme("q01: [b, z]")),
        (false, sme("q01: {b: true}")),
        (false, sme("q01: 'b c'")),
        (true, sme("product-design: 2")),
        (true, sme("product-design: '2'")),
        (true, sme("product-design: 2级")),
        (false, sme("product-design: 9")),
        (false, sme("product-design: 2.5")),
        (false, sme("product-design: 二级")),
        (true, sme("q02: {digital: 42, total: 80 台}")),
        (true, sme("q02: {digital: 42}")),
        (true, sme("q02: {value: {digital: 42, total: 80}, note: 盘点过}")),
        (false, sme("q02: {digital: 42, totals: 80}")),
        (false, sme("q02: {digital: 42, total: 很多}")),
        (false, sme("q02: {digital: 42, total: -1}")),
        (false, sme("q02: {digital: 42.5, total: 80}")),
        (false, sme("q02: 0.5")),
        (true, green("gfv-1: 否")),
        (true, green("gfv-1: true")),
        (true, green("gfv-1: No")),
        (true, green("gfv-1: 没有")),
        (true, green("gfv-1: 1")),
        (true, green("gfv-1: {value: 是, verified: 否}")),
        (false, green("gfv-1: 也许")),
        (false, green("gfv-1: 2")),
        (true, motor(good)),
        (true, motor(&format!("{good}, count: 4 台, efficiency_pct: 95.2"))),
        (true, motor(&format!("{good}, count: "))),
        (false, motor(&format!("{good}, power: 3"))),
        (false, motor(&good.replace("three-phase-induction", "induction"))),
        (false, motor("kind: three-phase-induction, poles: 4")),
        (false, motor(&good.replace("37", "大"))),
        (true, "answers: {equipment-efficiency-2024: {motors: []}}".into()),
        (
            false,
            "answers: {equipment-efficiency-2024: {motors: {name: 1#泵}}}".into(),
        ),
        (false, "answers: {equipment-efficiency-2024: {motors: [1#泵]}}".into()),
        (false, "answers: {sme-digital: {q05: c}}".into()),
        (false, "answers: [q05]".into()),
        (false, "".into()),
        (true, "standards: [sme-digital-2024]".into()),
        (false, "standards: sme-digital-2024".into()),
        (false, "standards: [sme]".into()),
    ] {
        agree(&catalog, &validator, &sound(&body), taken);
    }
}

/// The head of an assessment, and the numbers in it.
#[test]
fn heads_are_judged_as_the_reader_judges_them() {
    let catalog = catalog();
    let validator = validator("assessment", &catalog);
    let body = |extra: &str| sound(&format!("standards: [green-factory-2025]\n{extra}"));
    for (taken, extra) in [
        (true, "facts: {2025: {electricity: 310 万kWh, revenue: 18500}}"),
        (true, "facts: {2025: {electricity: '3,100 MWh', revenue: }, 2024: }"),
        (true, "facts: {2025: {electricity: ３１０ 万kWh}}"),
        (true, "facts: "),
        (false, "facts: {2025: {electricity: 很多}}"),
        (false, "facts: {2025: {electricity: -3}}"),
        (false, "facts: {2025: {electricity: [3]}}"),
        (false, "facts: {2025: {power: 3}}"),
        (false, "facts: {去年: {electricity: 3}}"),
        (false, "facts: {electricity: 3}"),
        (false, "facts: [3]"),
        (true, "presets: {green-factory-2025: platform}"),
        (false, "presets: {green-factory-2025: annex-z}"),
        (false, "presets: {sme-digital-2024: annex-c}"),
        (false, "presets: annex-c"),
        (true, "pass_marks: {green-factory-2025: 60}"),
        (true, "pass_marks: {green-factory-2025: '60'}"),
        (false, "pass_marks: {green-factory-2025: 60 分}"),
        (false, "pass_marks: {green-factory-2025: 600}"),
        (true, "base_year: 2025"),
        (false, "base_year: 去年"),
        (false, "base_year: "),
        (true, "assessor: 顾问甲"),
        (false, "assessor: [顾问甲]"),
        (false, "assessors: 顾问甲"),
    ] {
        agree(&catalog, &validator, &body(extra), taken);
    }
    for (taken, from, to) in [
        (true, "C3441", "3441"),
        (true, "\"370200\"", "370200"),
        (
            true,
            "employees: 260",
            "employees: 260, titles: [专精特新], contact: 123",
        ),
        (true, "employees: 260", "employees: 260, titles: , uscc: "),
        (false, "employees: 260", "employees: 260 人"),
        (false, "employees: 260", "employees: 0"),
        (false, "employees: 260", "staff: 260"),
        (false, "employees: 260, ", ""),
        (false, "C3441", "机械"),
        (false, "\"370200\"", "青岛"),
        (false, "18500", "18500 万元"),
        (false, "青岛示例泵业有限公司", ""),
        (false, "2026-11-20", "2026年11月20日"),
        (false, "2026-11-20", "2026-13-20"),
        (false, "qizhen/assessment/1", "qizhen/assessment/9"),
    ] {
        let sound = body("");
        assert!(sound.contains(from));
        agree(&catalog, &validator, &sound.replacen(from, to, 1), taken);
    }
}

fn sound(body: &str) -> String {
    format!(
        "schema: qizhen/assessment/1
enterprise: {{name: 青岛示例泵业有限公司, industry: C3441, region: \"370200\", employees: 260, revenue_wan: 18500}}
date: 2026-11-20
{body}
"
    )
}

fn agree(catalog: &Catalog, validator: &Validator, text: &str, taken: bool) {
    let read = diagnosis::read(catalog, "case", text, "2026-11-22");
    assert_eq!(read.is_ok(), taken, "the reader on\n{text}");
    let found = mistakes(validator, text);
    assert_eq!(found.is_empty(), taken, "the schema on\n{text}{}", found.join("\n"));
}

/// What `new` writes fits as soon as the enterprise is filled in.
#[test]
fn blanks_fit() {
    let output = Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .args(["new", "--all"])
        .output()
        .unwrap();
    let blank = String::from_utf8(output.stdout).unwrap();
    let validator = validator("assessment", &catalog());
    assert_eq!(
        mistakes(&validator, &blank).len(),
        5,
        "the five fields of the enterprise"
    );
    let mut filled = blank;
    for (field, value) in [
        ("name", "青岛示例泵业有限公司"),
        ("industry", "C3441"),
        ("region", "\"370200\""),
        ("employees", "260"),
        ("revenue_wan", "18500"),
    ] {
        let blank = format!("\n  {field}: ");
        assert!(filled.contains(&blank));
        filled = filled.replacen(&blank, &format!("{blank}{value} "), 1);
    }
    assert_eq!(mistakes(&validator, &filled), Vec::<String>::new());
}

/// The answers and facts of every worked case, which the reader takes.
#[test]
fn worked_cases_fit() {
    let validator = validator("assessment", &catalog());
    let mut seen = 0;
    for folder in std::fs::read_dir(root().join("scoring-rules/cases")).unwrap() {
        for entry in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = entry.unwrap().path();
            let case = document(&std::fs::read_to_string(&path).unwrap());
            let mut whole = document(&sound(""));
            whole["answers"] = json!({ case["standard"].as_str().unwrap(): case["answers"] });
            whole["facts"] = case["facts"].clone();
            let found: Vec<String> = validator
                .iter_errors(&whole)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(found.is_empty(), "{}\n{}", path.display(), found.join("\n"));
            seen += 1;
        }
    }
    assert!(seen >= 40, "{seen}");
}

/// Options come with their wording, so that nobody has to look them up.
#[test]
fn options_are_worded() {
    let text = Kind::named("assessment").unwrap().text(&catalog());
    let schema: Value = serde_json::from_str(&text).unwrap();
    let item = &schema["properties"]["answers"]["properties"]["sme-digital-2024"]["properties"]["q05"];
    assert!(item["description"].as_str().unwrap().contains("\na　"), "{item}");
    let options = &schema["definitions"]["sme-digital-2024.q05"]["anyOf"][0];
    assert_eq!(options["enum"][0], "a");
    let count = |key: &str| options[key].as_array().unwrap().len();
    assert_eq!(count("enum"), count("enumDescriptions"));
}

/// With `--data`, the standards of the overlay are there next to the built-in ones.
#[test]
fn an_overlay_adds_its_standards() {
    let catalog = Catalog::load(Some(&root().join("tests/broken-catalog/sound"))).unwrap();
    let validator = validator("assessment", &catalog);
    let own = catalog.questionnaires.get("demo").expect("the overlay's standard");
    let item = &own.items().next().unwrap().id.value;
    let with = |item: &str| mistakes(&validator, &sound(&format!("answers: {{demo: {{{item}: }}}}")));
    assert_eq!(with(item), Vec::<String>::new());
    assert!(!with("no-such-item").is_empty());
}

/// Closes every object whose fields are described.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(closed);
            if object.get("properties").is_some_and(Value::is_object) {
                object.entry("additionalProperties").or_insert(false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

#[test]
fn results_fit_and_say_nothing_that_is_not_described() {
    let catalog = catalog();
    let text = Kind::named("diagnosis").unwrap().text(&catalog);
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    closed(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let loaded = diagnosis::read(&catalog, "example", &text, "2026-12-31").expect("an example");
        let json = serde_json::to_value(diagnosis::diagnose(&catalog, &loaded)).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}: {wrong:#?}", path.display());
        let mut less = json.clone();
        less.as_object_mut().unwrap().remove("gaps");
        assert!(!validator.is_valid(&less), "a field is missing and nobody says so");
        let mut other = json;
        other["mode"] = "guessed".into();
        assert!(!validator.is_valid(&other));
        seen += 1;
    }
    assert!(seen >= 3);
}
