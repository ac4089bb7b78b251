//! Cases, scenes and values of other places.

use qizhen::advice::cases::learn::SCENES;
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};
use qizhen::source::diagnostic::{Code, render};

const TODAY: &str = "2026-11-22";

fn pumps(catalog: &Catalog) -> Diagnosis {
    let text = std::fs::read_to_string("examples/pump-maker.assessment.yaml").unwrap();
    let loaded = diagnosis::read(catalog, "pump-maker", &text, TODAY).unwrap();
    diagnosis::diagnose(catalog, &loaded)
}

#[test]
fn the_nearest_case_comes_first_and_says_why() {
    let diagnosis = pumps(&Catalog::load(None).unwrap());
    let learning = &diagnosis.cases;
    let first = &learning.cases[0];
    assert_eq!(first.id, "sample-pump-reporting", "same industry, size, gaps and city");
    assert!(first.reasons[0].contains("同行业"));
    assert!(first.fictional && learning.notice.contains("虚构"));
    assert_eq!(learning.scenes.len(), SCENES);
    assert!(
        learning
            .scenes
            .iter()
            .all(|scene| scene.count > 0 && !scene.capabilities.is_empty())
    );
}

#[test]
fn all_forty_scenes_are_there() {
    let catalog = Catalog::load(None).unwrap();
    let scenes = catalog.cases.scenes.as_ref().unwrap();
    assert_eq!(scenes.list.len(), 40);
    let count = |area: &str| scenes.list.iter().filter(|scene| scene.area == area).count();
    let areas = [
        "工厂建设",
        "产品研发",
        "工艺设计",
        "生产管理",
        "生产作业",
        "运营管理",
        "产品服务",
        "供应链管理",
    ];
    assert_eq!(areas.map(count), [3, 2, 2, 12, 10, 4, 3, 4]);
}

#[test]
fn values_of_other_places_stand_beside_ones_own() {
    let catalog = Catalog::load(None).unwrap();
    let own = pumps(&catalog);
    let find = |diagnosis: &Diagnosis, id: &str| diagnosis.references.iter().find(|r| r.id == id).cloned();
    let target = find(&own, "qd-2027-key-process").unwrap();
    assert_eq!(
        (target.value.as_str(), target.year.as_str(), target.own),
        ("超过 76%", "2027", None)
    );
    assert_eq!(target.missing.len(), 2, "both counts of processes are asked for");
    let text = std::fs::read_to_string("examples/pump-maker.assessment.yaml").unwrap();
    let text = text.replacen(
        "    equipment_total: 86 台",
        "    key_processes_total: 8\n    key_processes_controlled: 5\n    equipment_total: 86 台",
        1,
    );
    let loaded = diagnosis::read(&catalog, "pump-maker", &text, TODAY).unwrap();
    let told = diagnosis::diagnose(&catalog, &loaded);
    assert_eq!(
        find(&told, "qd-2027-key-process").unwrap().own.as_deref(),
        Some("62.5 %")
    );
    assert_eq!(find(&told, "sd-2023-coverage").unwrap().value, "87.3%");
    assert!(
        find(&told, "qd-2027-energy-benchmark").is_none(),
        "not for makers of pumps"
    );
}

#[test]
fn a_real_case_sends_the_made_up_ones_away() {
    let real = "schema: qizhen/cases/1\ncases: [{id: real, client: 某企业, industry: '3441', region: '370214', year: 2025, capabilities: [mes], did: 做了, effect: 好了, source: 某市 2025 年案例集}]\n";
    let catalog = Catalog::load_texts(&[("cases/real.yaml", real)]).unwrap();
    let learning = pumps(&catalog).cases;
    assert_eq!((learning.considered, learning.cases[0].id.as_str()), (1, "real"));
    assert_eq!(learning.notice, "");
    let bad = real
        .replace(", source: 某市 2025 年案例集", "")
        .replace("[mes]", "[mess], items: [sme-digital-2024/q99]")
        .replace("'3441'", "'9941'");
    let broken = Catalog::load_texts(&[("cases/real.yaml", &bad)]).unwrap_err();
    let mut codes: Vec<Code> = broken.problems.iter().map(|p| p.code).collect();
    codes.sort_by_key(|code| code.as_str());
    let expected = [
        Code::MissingField,
        Code::UnknownReference,
        Code::UnknownCapability,
        Code::BadIndustry,
    ];
    assert_eq!(codes, expected, "{}", render(&broken.problems, &broken.sources, false));
}
