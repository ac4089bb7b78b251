//! One filing, many standards: what an enterprise has told once is never asked again.

use std::collections::BTreeMap;

use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::questionnaire::ItemKind;
use qizhen::source::diagnostic;

fn catalog() -> Catalog {
    Catalog::load(None).unwrap_or_else(|b| panic!("{}", diagnostic::render(&b.problems, &b.sources, false)))
}

/// A title without what does not change the quantity.
fn quantity(title: &str) -> String {
    let bare: String = title
        .chars()
        .filter(|c| !c.is_whitespace() && !"（）()、，的".contains(*c))
        .collect();
    ["上一年", "上年", "评价年", "全年", "年度", "前一年"]
        .iter()
        .fold(bare, |text, word| text.replace(word, ""))
}

#[test]
fn no_two_items_ask_the_same_quantity() {
    let catalog = catalog();
    // Every quantity that people type, by what it is and the dimension it has.
    let mut asked: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (id, questionnaire) in &catalog.questionnaires {
        for item in questionnaire.items() {
            let mut add = |title: &str, unit: &str, place: String| {
                asked.entry((quantity(title), unit.to_owned())).or_default().push(place);
            };
            match item.kind.value {
                ItemKind::Number if item.fact.is_none() && item.link.is_none() => {
                    let unit = item.unit.as_ref().map_or("", |u| u.value.as_str());
                    add(&item.title, unit, format!("{id}/{}", item.id.value));
                }
                ItemKind::Parts => {
                    // Reference values belong to their item; a material or a pollutant is another in every item.
                    let own = ["leading", "baseline"];
                    for part in item
                        .parts
                        .iter()
                        .filter(|p| p.fact.is_none() && !own.contains(&p.id.value.as_str()))
                    {
                        add(
                            &part.title,
                            &part.unit.value,
                            format!("{id}/{}.{}", item.id.value, part.id.value),
                        );
                    }
                }
                _ => {}
            }
        }
    }
    let twice: Vec<_> = asked.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(
        twice.is_empty(),
        "asked more than once without a fact or a link:\n{twice:#?}"
    );
    // Nor is anything asked that the dictionary has.
    let facts: BTreeMap<String, &str> = catalog
        .facts
        .facts
        .iter()
        .map(|f| (quantity(&f.title), f.id.value.as_str()))
        .collect();
    let known: Vec<_> = asked
        .iter()
        .filter_map(|((title, _), places)| Some((facts.get(title)?, places)))
        .collect();
    assert!(known.is_empty(), "the dictionary has it:\n{known:#?}");
}

#[test]
fn no_two_yes_or_no_questions_are_the_same() {
    let catalog = catalog();
    let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, questionnaire) in &catalog.questionnaires {
        for item in questionnaire
            .items()
            .filter(|i| i.kind.value == ItemKind::YesNo && i.link.is_none())
        {
            asked
                .entry(item.ask.clone())
                .or_default()
                .push(format!("{id}/{}", item.id.value));
        }
    }
    let twice: Vec<_> = asked.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn every_fact_is_used_and_every_use_is_listed_once_in_a_blank_file() {
    let catalog = catalog();
    for fact in &catalog.facts.facts {
        let used = catalog
            .questionnaires
            .values()
            .flat_map(|q| q.facts_used())
            .any(|u| u.fact.value == fact.id.value);
        let compared = catalog
            .checks
            .iter()
            .flat_map(|c| c.facts())
            .any(|(id, _)| id == fact.id.value);
        assert!(used || compared, "{} is asked for nothing", fact.id.value);
    }
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .args(["new", "--all"])
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let facts = text.split("\nanswers:").next().unwrap();
    let (this_year, last_year) = facts
        .split_once("\n  2025:")
        .unwrap()
        .1
        .split_once("\n  2024:")
        .unwrap();
    let once = |year: &str, id: &str| year.matches(&format!("\n    {id}:")).count();
    assert_eq!((once(this_year, "electricity"), once(last_year, "electricity")), (1, 0));
    assert_eq!((once(this_year, "revenue"), once(last_year, "revenue")), (1, 1));
    for fact in &catalog.facts.facts {
        let key = format!("\n    {}:", fact.id.value);
        assert!(this_year.matches(&key).count() <= 1, "{}", fact.id.value);
    }
}

#[test]
fn what_one_standard_has_another_takes() {
    let catalog = catalog();
    let text = r#"
schema: qizhen/assessment/1
enterprise: {name: 一表多用, industry: C3441, region: "370200", employees: 260, revenue_wan: 18500}
date: 2026-11-20
facts: {2025: {electricity: 100 万kWh, output_value: 5000 万元}}
answers:
  energy-accounting-2020:
    electricity: [{name: 外购, grid: shandong-2023}]
    fuels: []
    gases: []
    natural-gas: na
    heat: []
    steam: []
    others: []
  green-factory-2025:
    gfv-1: 否
    gfv-2: 是
    e1: {leading: 0.02, baseline: 0.05}
    e1-product: na
  green-ladder-2024: {}
"#;
    let loaded = match diagnosis::read(&catalog, "case", text, "2026-11-22") {
        Ok(loaded) => loaded,
        Err(broken) => panic!("{}", diagnostic::render(&broken.problems, &broken.sources, false)),
    };
    let result = diagnosis::diagnose(&catalog, &loaded);
    let card = |id: &str| &result.standards.iter().find(|s| s.card.id == id).unwrap().card;
    // 1,000,000 kWh × 0.1229 kgce/kWh = 122.9 tce; 122.9 ÷ 5000 = 0.02458 tce/万元.
    let accounting = card("energy-accounting-2020").trace.walk();
    let energy = accounting.iter().find(|n| n.id == "energy").unwrap();
    assert_eq!(energy.value, Some(122.9));
    let factory = card("green-factory-2025").trace.walk();
    let e1 = factory.iter().find(|n| n.id == "e1-value").unwrap();
    assert_eq!(e1.value, Some(0.02458));
    let ladder = card("green-ladder-2024");
    let state = |id: &str| serde_json::to_value(ladder.vetoes.iter().find(|v| v.id == id).unwrap().state).unwrap();
    assert_eq!(
        (state("gfv-1"), state("gfv-2"), state("gfv-3")),
        ("holds".into(), "failed".into(), "unknown".into())
    );
}
