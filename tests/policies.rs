//! Policies: the four states, amounts, dates and mistakes, on hand-made rules and on the built-in ones worked out by hand.

use proptest::prelude::*;
use qizhen::advice::policies::{Standing, State};
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};
use qizhen::source::diagnostic::{Code, render};

const TODAY: &str = "2026-11-22";

const DEMO: &str = r#"
schema: qizhen/policies/1
as_of: 2026-11-01
policies:
  - id: demo
    title: 示范奖补
    kind: subsidy
    source: {document: 示范文件}
    regions: ["3702"]
    confidence: secondary
    conditions:
      - {id: big, when: plan.invest_wan >= 1000, text: 投资不少于 1000 万元, near: "还差 {{ (1000 - plan.invest_wan) | n(0) }} 万元"}
      - {id: maker, when: enterprise.manufacturing, text: 制造业}
      - {id: small, when: enterprise.employees < 1000, text: 不足 1000 人}
      - {id: asked, ask: true, text: 在名单内}
      - {id: reminder, text: 无失信}
    gives: 设备投资的 20%
    amount: {say: 设备投资的 20%，最多 100 万元, rate_pct: 20, base: plan.equipment_wan, cap_wan: 100}
"#;

fn broken(text: &str) -> (Vec<(Code, u32, u32)>, String) {
    let broken = Catalog::load_texts(&[("policies/demo.yaml", text)]).expect_err("the mistake is told");
    let places = broken.problems.iter().map(|p| (p.code, p.span.line, p.span.column));
    (places.collect(), render(&broken.problems, &broken.sources, false))
}

fn catalog(text: &str) -> Catalog {
    match Catalog::load_texts(&[("policies/demo.yaml", text)]) {
        Ok(catalog) => catalog,
        Err(broken) => panic!("{}", render(&broken.problems, &broken.sources, false)),
    }
}

fn assess(catalog: &Catalog, date: &str, enterprise: &str, more: &str) -> Diagnosis {
    let text = format!(
        "schema: qizhen/assessment/1\nenterprise: {{name: 示例企业, {enterprise}}}\ndate: {date}\n{more}\nanswers: {{sme-digital-2024: {{}}}}\n"
    );
    match diagnosis::read(catalog, "example", &text, TODAY) {
        Ok(loaded) => diagnosis::diagnose(catalog, &loaded),
        Err(broken) => panic!("{}\n{text}", render(&broken.problems, &broken.sources, false)),
    }
}

const PUMPS: &str = r#"industry: C3441, region: "370214", employees: 260, revenue_wan: 18500"#;

fn demo(more: &str) -> Diagnosis {
    assess(&catalog(DEMO), "2026-11-20", PUMPS, more)
}

fn find<'d>(diagnosis: &'d Diagnosis, id: &str) -> Option<&'d Standing> {
    diagnosis.policies.entries.iter().find(|standing| standing.id == id)
}

#[test]
fn four_states() {
    let likely = demo("plans: [{name: 甲, invest_wan: 1000}]\npolicies: {demo: {asked: 是}}");
    let standing = find(&likely, "demo").unwrap();
    assert_eq!(standing.state, State::Likely);
    assert_eq!(standing.to_check, ["无失信"], "a reminder never stands in the way");
    assert_eq!(standing.met.len(), 4);

    let near = demo("plans: [{name: 甲, invest_wan: 860}]\npolicies: {demo: {asked: yes}}");
    let standing = find(&near, "demo").unwrap();
    assert_eq!(standing.state, State::Near);
    assert_eq!(standing.lacking.as_ref().unwrap().say, "还差 140 万元");

    let unknown = demo("plans: [{name: 甲}]");
    let standing = find(&unknown, "demo").unwrap();
    assert_eq!(standing.state, State::Unknown);
    let missing: Vec<_> = standing
        .missing
        .iter()
        .map(|m| (m.name.as_str(), m.fill.as_str()))
        .collect();
    assert_eq!(
        missing,
        [
            ("plan.invest_wan", "plans 下项目的 invest_wan"),
            ("policies.demo.asked", "policies 下 demo 的 asked，答 是 或 否")
        ]
    );

    let no = demo("plans: [{name: 甲, invest_wan: 1000}]\npolicies: {demo: {asked: 否}}");
    assert!(find(&no, "demo").is_none());
    let refused = no.policies.refused.iter().find(|refused| refused.id == "demo").unwrap();
    assert_eq!(refused.reasons, ["在名单内"]);
}

#[test]
fn one_step_is_one() {
    let two = DEMO.replace(
        "text: 不足 1000 人}",
        "text: 不足 1000 人}\n      - {id: filed, when: plan.filed, text: 已备案, near: 先备案}",
    );
    let both = "plans: [{name: 甲, invest_wan: 860, filed: 否}]\npolicies: {demo: {asked: 是}}";
    let diagnosis = assess(&catalog(&two), "2026-11-20", PUMPS, both);
    assert!(find(&diagnosis, "demo").is_none(), "two steps are not one");
    let refused = diagnosis
        .policies
        .refused
        .iter()
        .find(|refused| refused.id == "demo")
        .unwrap();
    assert_eq!(refused.reasons, ["投资不少于 1000 万元", "已备案"]);
}

#[test]
fn the_best_project_counts() {
    let diagnosis = demo(
        "plans: [{name: 小, invest_wan: 10}, {name: 大, invest_wan: 3000, equipment_wan: 400}]\npolicies: {demo: {asked: 是}}",
    );
    let standing = find(&diagnosis, "demo").unwrap();
    assert_eq!(
        (standing.state, standing.project.as_deref()),
        (State::Likely, Some("大"))
    );
    assert_eq!(standing.amount.as_ref().unwrap().most_wan, Some(80.0));
}

#[test]
fn dates_and_regions() {
    let until = DEMO.replace(
        "    confidence: secondary",
        "    valid_until: 2026-11-19\n    valid_from: 2026-01-01\n    confidence: secondary",
    );
    let catalog = catalog(&until);
    let plan = "plans: [{name: 甲, invest_wan: 1000}]\npolicies: {demo: {asked: 是}}";
    let shown = |date: &str, enterprise: &str| {
        let diagnosis = assess(&catalog, date, enterprise, plan);
        let here = find(&diagnosis, "demo").is_some();
        (
            here,
            diagnosis.policies.expired,
            diagnosis.policies.upcoming,
            diagnosis.policies.elsewhere,
        )
    };
    let before = shown("2025-12-31", PUMPS);
    let during = shown("2026-11-19", PUMPS);
    let after = shown("2026-11-20", PUMPS);
    let away = shown("2026-11-19", &PUMPS.replace("370214", "440300"));
    assert!(!before.0 && during.0 && !after.0 && !away.0);
    assert_eq!(after.1, during.1 + 1, "past its last day it is counted and not shown");
    assert!(before.2 >= 1);
    assert!(away.3 > during.3);
}

#[test]
fn amounts_are_rates_of_a_base_up_to_a_cap() {
    let most = |wan: f64| {
        let more =
            format!("plans: [{{name: 甲, invest_wan: 5000, equipment_wan: {wan}}}]\npolicies: {{demo: {{asked: 是}}}}");
        let diagnosis = demo(&more);
        let amount = find(&diagnosis, "demo").unwrap().amount.clone().unwrap();
        (amount.most_wan.unwrap(), amount.how)
    };
    assert_eq!(most(123.45), (24.69, "123.45 万元 × 20 % = 24.69 万元".into()));
    assert_eq!(most(500.0).0, 100.0);
    assert_eq!(
        most(501.0),
        (
            100.0,
            "501 万元 × 20 % = 100.2 万元，超过上限，按上限 100 万元计".into()
        )
    );
    // Nothing is computed while it is open whether there is anything.
    let open = demo("plans: [{name: 甲, invest_wan: 5000, equipment_wan: 100}]");
    assert_eq!(find(&open, "demo").unwrap().amount.as_ref().unwrap().most_wan, None);
}

#[test]
fn mistakes_are_told_with_their_places() {
    let (places, text) = broken(&DEMO.replace("enterprise.employees <", "enterprise.employes <"));
    assert_eq!(places, [(Code::ExprName, 14, 27)], "{text}");
    assert!(text.contains("employees"), "the nearest name is told: {text}");
    let (places, text) = broken(&DEMO.replace("enterprise.employees <", "employees <"));
    assert_eq!(places.len(), 1);
    assert!(text.contains("应写 enterprise.employees"), "{text}");
    let (_, text) = broken(&DEMO.replace("plan.invest_wan >=", "plan.invest >="));
    assert!(text.contains("invest_wan"), "{text}");
    let (places, _) = broken(&DEMO.replace("plan.invest_wan >= 1000", "plan.invest_wan >="));
    assert_eq!(places[0].0, Code::ExprSyntax);
    // What is lacking may speak of nothing that the condition does not know.
    let (places, _) = broken(&DEMO.replace("(1000 - plan.invest_wan)", "(1000 - plan.loan_wan)"));
    assert_eq!(places[0].0, Code::ExprName);
    let (places, _) = broken(&DEMO.replace("| n(0)", "| m(0)"));
    assert_eq!(places[0].0, Code::ExprSyntax, "a filter that is not there");
    let (places, _) = broken(&DEMO.replace("    gives:", "    excludes: [demoo]\n    gives:"));
    assert_eq!(places[0].0, Code::UnknownReference);
    let (places, _) = broken(&DEMO.replace(
        "    confidence: secondary",
        "    valid_until: 2026-13-01\n    confidence: secondary",
    ));
    assert_eq!(places[0].0, Code::BadDate);
    // All at once.
    let many = DEMO
        .replace("enterprise.manufacturing", "enterprise.manufactoring")
        .replace("enterprise.employees <", "enterprise.employes <");
    assert_eq!(broken(&many).0.len(), 2);
}

#[test]
fn an_amount_nobody_saw_is_no_amount() {
    let (places, text) = broken(&DEMO.replace("confidence: secondary", "confidence: unverified"));
    assert_eq!(places[0].0, Code::Range, "{text}");
    let (places, _) = broken(&DEMO.replace("{document: 示范文件}", "{document: ''}"));
    assert_eq!(places[0].0, Code::MissingField);
    // And none of the built-in ones is.
    let catalog = Catalog::load(None).unwrap();
    assert!(catalog.policies.len() > 15);
}

#[test]
fn told_conditions_are_known() {
    let catalog = catalog(DEMO);
    let text = |told: &str| {
        format!(
            "schema: qizhen/assessment/1\nenterprise: {{name: 示例企业, {PUMPS}}}\ndate: 2026-11-20\npolicies: {told}\nanswers: {{sme-digital-2024: {{}}}}\n"
        )
    };
    for (told, code) in [
        ("{demoo: {asked: 是}}", "E0302"),
        ("{demo: {aksed: 是}}", "E0302"),
        ("{demo: {asked: 也许}}", "E0203"),
        ("{demo: 是}", "E0203"),
        ("{demo: {big: 是}}", "E0302"),
    ] {
        let broken = diagnosis::read(&catalog, "example", &text(told), TODAY).expect_err(told);
        let codes: Vec<_> = broken.problems.iter().map(|p| p.code.as_str()).collect();
        assert_eq!(codes, [code], "{told}");
    }
    assert!(
        diagnosis::read(&catalog, "example", &text("{demo: {asked: }}"), TODAY).is_ok(),
        "blank is not told"
    );
}

#[test]
fn plans_are_checked() {
    let catalog = Catalog::load(None).unwrap();
    let read = |plan: &str| {
        let text = format!(
            "schema: qizhen/assessment/1\nenterprise: {{name: 示例企业, {PUMPS}}}\ndate: 2026-11-20\nplans: [{plan}]\nanswers: {{sme-digital-2024: {{}}}}\n"
        );
        let read = diagnosis::read(&catalog, "example", &text, TODAY);
        read.err()
            .map(|broken| broken.problems.iter().map(|p| p.code).collect::<Vec<_>>())
    };
    assert_eq!(
        read("{name: 甲, invest_wan: 10, equipment_wan: 11}"),
        Some(vec![Code::Relation])
    );
    assert_eq!(read("{name: 甲, paid_pct: 101}"), Some(vec![Code::Range]));
    assert_eq!(read("{name: 甲, start: 2027-13}"), Some(vec![Code::BadDate]));
    assert_eq!(read("{name: 甲, start: 2027-03-15, finish: 2027-03}"), None);
    assert_eq!(
        read("{name: 甲, start: 2027-04, finish: 2027-03}"),
        Some(vec![Code::Relation])
    );
    assert_eq!(read("{name: 甲, aims: [节能, 省钱]}"), Some(vec![Code::WrongType]));
    assert_eq!(
        read("{name: 甲, invset_wan: 10}, {name: 乙, paid_pct: 200}"),
        Some(vec![Code::UnknownField, Code::Range])
    );
    assert_eq!(read("{name: 甲, filed: true}, {name: 乙, filed: 没有}"), None);
}

/// 青政发〔2024〕11号 as reported: 12 % of a year's equipment, 600 万元 at most. 600 / 0.12 = 5000.
#[test]
fn qingdao_by_hand() {
    let catalog = Catalog::load(None).unwrap();
    let most = |year: f64, region: &str| {
        let told = "policies: {qd-tech-renovation: {above-scale: 是}}";
        let more = format!("plans: [{{name: 甲, equipment_year_wan: {year}, filed: 是}}]\n{told}");
        let diagnosis = assess(&catalog, "2026-11-20", &PUMPS.replace("370214", region), &more);
        let standing = find(&diagnosis, "qd-tech-renovation")?.clone();
        assert_eq!(standing.state, State::Likely);
        standing.amount?.most_wan
    };
    assert_eq!(most(420.0, "370214"), Some(50.4));
    assert_eq!(most(5000.0, "370214"), Some(600.0));
    assert_eq!(most(4999.0, "370214"), Some(599.88));
    assert_eq!(most(9000.0, "370214"), Some(600.0));
    assert_eq!(most(420.0, "370100"), None, "Jinan is not Qingdao");
    // The least investment of today's rules was never seen: until somebody has asked, there is no amount.
    let untold = assess(
        &catalog,
        "2026-11-20",
        PUMPS,
        "plans: [{name: 甲, equipment_year_wan: 420, filed: 是}]",
    );
    let standing = find(&untold, "qd-tech-renovation").unwrap();
    assert_eq!(standing.state, State::Unknown);
    assert_eq!(standing.amount.as_ref().unwrap().most_wan, None);
}

/// The discount on loans ends on 2026-12-31: 41 days after 2026-11-20, and before a project that begins in 2027.
#[test]
fn what_ends_says_so() {
    let catalog = Catalog::load(None).unwrap();
    let time = |start: &str, date: &str| {
        let more = format!("plans: [{{name: 甲, invest_wan: 1000, loan_wan: 500, aims: [设备更新], start: {start}}}]");
        let diagnosis = assess(&catalog, date, PUMPS, &more);
        let standing = find(&diagnosis, "cn-interest-discount").unwrap().clone();
        (standing.days_left, standing.time)
    };
    assert_eq!(time("2026-12", "2026-11-20"), (Some(41), "还有 41 天到期".to_owned()));
    assert_eq!(time("2026-12", "2026-02-01"), (Some(333), String::new()));
    let (_, late) = time("2027-03", "2026-11-20");
    assert_eq!(late, "项目 2027-03 才开工，这里 2026-12-31 到期，除非延期，否则用不上");
}

#[test]
fn others_by_hand() {
    let catalog = Catalog::load(None).unwrap();
    let told = "policies: {cn-interest-discount: {field: 是}, qd-single-champion: {new: 是}}";
    let more = format!("plans: [{{name: 甲, invest_wan: 1000, loan_wan: 500, aims: [设备更新]}}]\n{told}");
    let enterprise = format!("{PUMPS}, titles: [制造业单项冠军]");
    let diagnosis = assess(&catalog, "2026-11-20", &enterprise, &more);
    // 1.5 points a year for two years of 500 万元: 15 万元.
    let discount = find(&diagnosis, "cn-interest-discount").unwrap();
    assert_eq!(discount.state, State::Likely);
    assert_eq!(discount.amount.as_ref().unwrap().most_wan, Some(15.0));
    let champion = find(&diagnosis, "qd-single-champion").unwrap();
    assert_eq!(champion.amount.as_ref().unwrap().most_wan, Some(200.0));
    // The pool of key projects begins at 1000 万元, exactly.
    assert_eq!(find(&diagnosis, "qd-key-project-pool").unwrap().state, State::Likely);
    // Past 2026 the discount has run out.
    let later = catalog_at(&catalog, "2027-01-01", &enterprise, &more);
    assert!(find(&later, "cn-interest-discount").is_none());
    // A firm of 1950 万元 is 50 short of the scale.
    let small = assess(&catalog, "2026-11-20", &PUMPS.replace("18500", "1950"), "");
    let upscale = find(&small, "qd-upscale").unwrap();
    assert_eq!(upscale.state, State::Near);
    assert!(upscale.lacking.as_ref().unwrap().say.contains("还差 50 万元"));
    // Nobody told of titles: that is not the same as having none.
    let untold = find(&small, "qd-single-champion").unwrap();
    assert_eq!(untold.state, State::Unknown);
    let none = assess(&catalog, "2026-11-20", &format!("{PUMPS}, titles: []"), "");
    assert!(find(&none, "qd-single-champion").is_none());
}

fn catalog_at(catalog: &Catalog, date: &str, enterprise: &str, more: &str) -> Diagnosis {
    let text = format!(
        "schema: qizhen/assessment/1\nenterprise: {{name: 示例企业, {enterprise}}}\ndate: {date}\n{more}\nanswers: {{sme-digital-2024: {{}}}}\n"
    );
    let loaded = diagnosis::read(catalog, "example", &text, "2027-12-31").unwrap();
    diagnosis::diagnose(catalog, &loaded)
}

/// Nowhere in the result stands a total, and what excludes each other says so on both sides.
#[test]
fn nothing_is_added_up() {
    let second = DEMO.replace("policies:\n", "policies:\n  - {id: other, title: 另一奖补, kind: subsidy, source: {document: 文件}, regions: ['*'], confidence: secondary, excludes: [demo], conditions: [{id: maker, when: enterprise.manufacturing, text: 制造业}], gives: 定额, amount: {say: 定额, fixed_wan: 30}}\n");
    let more = "plans: [{name: 甲, invest_wan: 1000, equipment_wan: 100}]\npolicies: {demo: {asked: 是}}";
    let diagnosis = assess(&catalog(&second), "2026-11-20", PUMPS, more);
    let (a, b) = (find(&diagnosis, "demo").unwrap(), find(&diagnosis, "other").unwrap());
    assert_eq!(a.exclusive_with, ["另一奖补"]);
    assert_eq!(b.exclusive_with, ["示范奖补"]);
    let json = serde_json::to_value(&diagnosis.policies).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["entries", "refused", "expired", "upcoming", "elsewhere"]);
    assert!(!json.to_string().contains("50.0"), "20 and 30 are not made 50");
}

#[test]
fn examples_give_sensible_results() {
    let catalog = Catalog::load(None).unwrap();
    let text = std::fs::read_to_string("examples/pump-maker.assessment.yaml").unwrap();
    let loaded = diagnosis::read(&catalog, "pump-maker", &text, TODAY).unwrap();
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let renovation = find(&diagnosis, "qd-tech-renovation").unwrap();
    assert_eq!(renovation.state, State::Near, "not filed yet");
    let amount = renovation.amount.as_ref().unwrap();
    assert_eq!(amount.most_wan, None, "whether 420 万元 is enough is still to be asked");
    assert!(find(&diagnosis, "cn-bond-2026-1").is_none(), "its batch is closed");
    assert_eq!(diagnosis.policies.expired, 2);
    let sheet = &diagnosis.finance;
    // 860 / 190 and 860 / 140 years.
    assert_eq!(
        sheet.projects[0].payback,
        "4.5 年（860 ÷ 190）；按保守效益 6.1 年（860 ÷ 140）"
    );
    assert!(sheet.notice.contains("央行对银行"));
    assert!(
        sheet
            .instruments
            .iter()
            .any(|i| i.id == "cn-relending" && i.state == State::Unknown)
    );
    let words = serde_json::to_string(&diagnosis.policies).unwrap();
    assert!(!words.contains("可获得"), "no promises");
    for name in ["appliance-maker", "bearing-maker", "chlor-alkali"] {
        let text = std::fs::read_to_string(format!("examples/{name}.assessment.yaml")).unwrap();
        let loaded = diagnosis::read(&catalog, name, &text, TODAY).unwrap();
        let diagnosis = diagnosis::diagnose(&catalog, &loaded);
        assert!(!diagnosis.policies.entries.is_empty(), "{name}");
        assert!(diagnosis.finance.missing.iter().any(|m| m.name.starts_with("plan")) || name == "appliance-maker");
    }
}

/// What may be told or not, with a value that may please a policy or not.
fn pieces() -> Vec<(&'static str, [&'static str; 2])> {
    vec![
        ("plan", ["invest_wan: 3000", "invest_wan: 900"]),
        ("plan", ["equipment_wan: 800", "equipment_wan: 100"]),
        ("plan", ["equipment_year_wan: 100", "equipment_year_wan: 0"]),
        ("plan", ["loan_wan: 500", "loan_wan: 0"]),
        ("plan", ["paid_pct: 40", "paid_pct: 0"]),
        ("plan", ["filed: 是", "filed: 否"]),
        ("plan", ["start: 2026-03", "start: 2026-12"]),
        ("plan", ["finish: 2027-03", "finish: 2026-12"]),
        ("plan", ["aims: [数字化, 设备更新, 节能]", "aims: [扩产]"]),
        ("titles", ["titles: [高新技术企业, 国家级智能工厂]", "titles: []"]),
        ("told", ["cn-relending: {list: 是}", "cn-relending: {list: 否}"]),
        ("told", ["cn-bond-next: {old: 是}", "cn-bond-next: {old: 否}"]),
        ("told", ["cn-vat-5: {list: 是}", "cn-vat-5: {list: 否}"]),
        (
            "told",
            ["cn-interest-discount: {field: 是}", "cn-interest-discount: {field: 否}"],
        ),
    ]
}

fn states(catalog: &Catalog, told: &[Option<usize>]) -> std::collections::BTreeMap<String, State> {
    let of = |kind: &str| {
        let chosen = pieces().into_iter().zip(told).filter(|((own, _), _)| *own == kind);
        let lines: Vec<&str> = chosen
            .filter_map(|((_, values), choice)| Some(values[(*choice)?]))
            .collect();
        lines.join(", ")
    };
    let titles = of("titles");
    let enterprise = format!("{PUMPS}{}{titles}", if titles.is_empty() { "" } else { ", " });
    let plan = of("plan");
    let more = format!(
        "plans: [{{name: 甲{}{plan}}}]\npolicies: {{{}}}",
        if plan.is_empty() { "" } else { ", " },
        of("told")
    );
    let diagnosis = assess(catalog, "2026-11-20", &enterprise, &more);
    let shown = diagnosis
        .policies
        .entries
        .into_iter()
        .map(|standing| (standing.id, standing.state));
    let refused = diagnosis
        .policies
        .refused
        .into_iter()
        .map(|refused| (refused.id, State::No));
    shown.chain(refused).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Telling more never takes back what was known: likely never becomes unknown, no stays no.
    #[test]
    fn telling_more_never_unsettles(
        values in prop::collection::vec(0..2_usize, 14),
        first in prop::collection::vec(any::<bool>(), 14),
        more in prop::collection::vec(any::<bool>(), 14),
    ) {
        static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(|| Catalog::load(None).unwrap());
        let before: Vec<Option<usize>> = values.iter().zip(&first).map(|(v, told)| told.then_some(*v)).collect();
        let after: Vec<Option<usize>> =
            values.iter().zip(&before).zip(&more).map(|((v, told), more)| told.or(more.then_some(*v))).collect();
        let (before, after) = (states(&CATALOG, &before), states(&CATALOG, &after));
        prop_assert_eq!(before.len(), after.len());
        for (id, state) in before {
            match state {
                State::Likely => prop_assert_eq!(after[&id], State::Likely, "{}", id),
                State::No => prop_assert_eq!(after[&id], State::No, "{}", id),
                State::Near | State::Unknown => {}
            }
        }
    }
}
