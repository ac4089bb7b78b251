//! Every check of consistency fires on answers that do not go together, and on nothing that does.

use std::collections::BTreeSet;

use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::source::diagnostic;
use serde_json::{Value, json};

fn catalog() -> Catalog {
    Catalog::load(None).unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)))
}

/// A plant whose answers go together.
fn sound() -> Value {
    let scenarios = [
        "product-design",
        "process-design",
        "marketing",
        "after-sales",
        "planning",
        "production-control",
        "quality",
        "equipment",
        "safety",
        "energy",
        "procurement",
        "warehousing",
        "finance",
        "hr",
        "office",
        "decision",
    ];
    let mut sme = json!({
        "q01": ["b"], "q02": {"digital": 42, "total": 80}, "q03": {"networked": 30, "total": 80},
        "q04": ["b", "g", "k"], "q05": "c", "q12": "b", "q14": "b", "q15": "b",
    });
    for scenario in scenarios {
        sme[scenario] = json!(2);
    }
    json!({
        "schema": "qizhen/assessment/1",
        "enterprise": {"name": "核对样例", "industry": "C3441", "region": "370200", "employees": 260, "revenue_wan": 18500, "titles": []},
        "date": "2026-11-20",
        "facts": {
            "2025": {
                "equipment_total": 80, "equipment_digital": 42, "equipment_networked": 30, "electricity": 3100000,
                "energy_total": 620, "renewable_energy": 30, "co2": 2100, "revenue": 18500, "operating_cost": 15000,
                "output_value": 19200, "output_value_3y": 55000, "employees_avg": 258, "land_area": 40000,
                "building_footprint": 18000, "solid_waste_generated": 300, "solid_waste_used": 280,
                "solid_waste_stock_used": 0,
            },
            "2024": {
                "electricity": 3220000, "energy_total": 640, "revenue": 17800, "operating_cost": 14500,
                "employees_avg": 255,
            },
        },
        "answers": {
            "sme-digital-2024": sme,
            "green-factory-2025": {"e4": ["b", "c"]},
            "zero-carbon-2026": {"clean-energy": ["b"], "smart-control": ["b", "c"]},
            "smart-factory-2025": {
                "operation": 1, "management": 1, "business": 1, "recognised": 1, "cmmm-level": 2,
                "scene-management": ["d"], "scene-operation": ["i"], "scene-business": ["c"],
            },
        },
    })
}

fn found(catalog: &Catalog, assessment: &Value) -> BTreeSet<String> {
    match diagnosis::read(catalog, "case", &assessment.to_string(), "2026-11-22") {
        Ok(loaded) => loaded.compared.findings.iter().map(|f| f.id.clone()).collect(),
        Err(broken) => panic!("{}", diagnostic::render(&broken.problems, &broken.sources, false)),
    }
}

/// The sound plant with changes; a change to `null` takes the value out.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut all = sound();
    for (path, value) in changes {
        if value.is_null() {
            let (parent, key) = path.rsplit_once('/').unwrap();
            all.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        } else {
            *all.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value.clone();
        }
    }
    all
}

#[test]
fn sound_answers_and_the_examples_have_no_findings() {
    let catalog = catalog();
    assert_eq!(found(&catalog, &sound()), BTreeSet::new());
    for name in ["pump-maker", "chlor-alkali", "appliance-maker", "bearing-maker"] {
        let text = std::fs::read_to_string(format!("examples/{name}.assessment.yaml")).unwrap();
        let loaded = diagnosis::read(&catalog, name, &text, "2026-11-22").unwrap();
        // The maker of appliances is a large enterprise that tries the scheme for small ones.
        let expected = if name == "appliance-maker" {
            vec!["large-in-sme-scheme"]
        } else {
            vec![]
        };
        let found: Vec<&str> = loaded.compared.findings.iter().map(|f| f.id.as_str()).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn every_check_fires() {
    let catalog = catalog();
    let sme = |item: &str| format!("/answers/sme-digital-2024/{item}");
    let low =
        |items: &[&str], level: u8| -> Vec<(String, Value)> { items.iter().map(|i| (sme(i), json!(level))).collect() };
    let (now, last) = ("/facts/2025/", "/facts/2024/");
    let fact = |year: &str, id: &str, value: f64| (format!("{year}{id}"), json!(value));
    // Where the standard that uses the facts is answered too, its own relations refuse the file.
    let no_green = ("/answers/green-factory-2025".to_owned(), Value::Null);
    let no_zero = ("/answers/zero-carbon-2026".to_owned(), Value::Null);
    let binding = ["production-control", "quality", "equipment", "energy"];
    let cases: Vec<(&str, Vec<(String, Value)>)> = vec![
        ("networked-over-total", vec![fact(now, "equipment_networked", 81.0)]),
        ("digital-over-total", vec![fact(now, "equipment_digital", 90.0)]),
        ("networked-over-digital", vec![fact(now, "equipment_networked", 43.0)]),
        (
            "networked-but-no-collection",
            vec![
                (sme("q03"), json!({"networked": 49, "total": 80})),
                (sme("q04"), json!(["a"])),
            ],
        ),
        ("collection-without-system", vec![(sme("q05"), json!("a"))]),
        ("level-4-without-system", vec![(sme("q05"), json!("a"))]),
        (
            "level-4-without-data",
            [low(&binding, 4), vec![(sme("q04"), json!(["b", "k"]))]].concat(),
        ),
        (
            "full-coverage-but-low-levels",
            [low(&["finance"], 0), vec![(sme("q05"), json!("e"))]].concat(),
        ),
        (
            "energy-scene-without-meter-data",
            [low(&["energy"], 3), vec![(sme("q04"), json!(["b", "c", "d"]))]].concat(),
        ),
        (
            "energy-platform-mismatch",
            [
                low(&["energy"], 1),
                vec![(
                    "/answers/green-factory-2025/e4".into(),
                    json!(["b", "c", "d", "e", "f", "g"]),
                )],
            ]
            .concat(),
        ),
        (
            "q12-against-facts",
            vec![(sme("q12"), json!("c")), fact(now, "energy_total", 700.0)],
        ),
        ("q12-understated", vec![(sme("q12"), json!("a"))]),
        (
            "q14-against-facts",
            vec![(sme("q14"), json!("c")), fact(now, "employees_avg", 300.0)],
        ),
        ("q14-understated", vec![(sme("q14"), json!("a"))]),
        (
            "q15-against-facts",
            vec![(sme("q15"), json!("c")), fact(now, "operating_cost", 17000.0)],
        ),
        ("q15-understated", vec![(sme("q15"), json!("a"))]),
        ("electricity-over-energy", vec![fact(now, "electricity", 6.0e6)]),
        ("energy-far-from-electricity", vec![fact(now, "electricity", 3.0e4)]),
        ("energy-per-output-far-off", vec![fact(now, "energy_total", 620_000.0)]),
        ("output-far-from-revenue", vec![fact(now, "output_value", 1.9)]),
        ("three-years-under-one", vec![fact(now, "output_value_3y", 19_000.0)]),
        ("electricity-jump", vec![fact(last, "electricity", 1.0e6)]),
        ("revenue-jump", vec![fact(last, "revenue", 5000.0)]),
        ("employees-mismatch", vec![("/enterprise/employees".into(), json!(560))]),
        ("revenue-mismatch", vec![("/enterprise/revenue_wan".into(), json!(185))]),
        (
            "large-in-sme-scheme",
            vec![
                ("/enterprise/employees".into(), json!(1200)),
                ("/enterprise/revenue_wan".into(), json!(120_000)),
            ],
        ),
        (
            "renewable-over-total",
            vec![fact(now, "renewable_energy", 640.0), no_green.clone(), no_zero.clone()],
        ),
        (
            "waste-used-over-generated",
            vec![fact(now, "solid_waste_used", 301.0), no_green.clone()],
        ),
        ("buildings-over-land", vec![fact(now, "building_footprint", 40_001.0)]),
        ("co2-far-off", vec![fact(now, "co2", 2.1)]),
    ];
    let smart = |item: &str, level: u8| (format!("/answers/smart-factory-2025/{item}"), json!(level));
    let scenes = |area: &str, chosen: Value| (format!("/answers/smart-factory-2025/scene-{area}"), chosen);
    let zero = |item: &str, chosen: Value| (format!("/answers/zero-carbon-2026/{item}"), chosen);
    let cases = [
        cases,
        vec![
            (
                "smart-operation-without-network",
                vec![smart("operation", 2), fact(now, "equipment_networked", 0.0)],
            ),
            ("recognised-without-maturity", vec![smart("recognised", 3)]),
            ("recognised-without-title", vec![smart("recognised", 2)]),
            (
                "smart-management-without-scene",
                vec![smart("management", 2), scenes("management", json!(["a"]))],
            ),
            (
                "smart-operation-without-scene",
                vec![smart("operation", 2), scenes("operation", json!(["a"]))],
            ),
            (
                "smart-business-without-scene",
                vec![smart("business", 2), scenes("business", json!(["a"]))],
            ),
            (
                "carbon-collection-without-energy-collection",
                vec![(sme("q04"), json!(["b"]))],
            ),
            ("renewable-without-source", vec![zero("clean-energy", json!(["a"]))]),
            ("clean-energy-without-amount", vec![fact(now, "renewable_energy", 0.0)]),
            (
                "smart-against-sme",
                [low(&["production-control"], 1), vec![smart("management", 3)]].concat(),
            ),
        ],
    ]
    .concat();
    let tried: BTreeSet<&str> = cases.iter().map(|(id, _)| *id).collect();
    let core: BTreeSet<&str> = catalog.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(tried, core, "every check has a case");
    for (id, changes) in &cases {
        let changes: Vec<(&str, Value)> = changes
            .iter()
            .map(|(path, value)| (path.as_str(), value.clone()))
            .collect();
        let found = found(&catalog, &with(&changes));
        assert!(found.contains(*id), "{id} did not fire: {found:?}");
    }
}

#[test]
fn findings_say_numbers_and_places() {
    let catalog = catalog();
    let assessment = with(&[("/facts/2025/electricity", json!(6.0e6))]);
    let loaded = diagnosis::read(&catalog, "case", &assessment.to_string(), "2026-11-22").unwrap();
    let finding = loaded
        .compared
        .findings
        .iter()
        .find(|f| f.id == "electricity-over-energy")
        .unwrap();
    assert_eq!(
        finding.say,
        "用电 600 万kWh，按当量值 0.1229 kgce/kWh 折 737.4 tce，已超过填报的综合能耗 620 tce。"
    );
    assert_eq!(finding.about, ["electricity", "energy_total"]);
    assert!(finding.span.is_known());
}
