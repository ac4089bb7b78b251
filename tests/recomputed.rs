//! Six standards recomputed straight from the published formulas, in a few lines each that know nothing of the engine or of
//! the rulebooks: exact fractions, tables typed again. Thousands of random assessments must agree.
//!
//! `sme-digital-2024` has its own in `tests/independent.rs`.

use std::ops::{Add, Div, Mul, Sub};

use qizhen::assessment::Assessment;
use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::scoring::scorecard::Scorecard;
use serde_json::{Map, Value, json};

/// An exact fraction.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Q(i128, i128);

impl Q {
    fn new(n: i128, d: i128) -> Q {
        let (n, d) = if d < 0 { (-n, -d) } else { (n, d) };
        let (mut a, mut b) = (n.abs(), d);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        Q(n / a.max(1), d / a.max(1))
    }
    fn at_least(self, other: Q) -> bool {
        (self - other).0 >= 0
    }
    /// Half up to `decimals`, or to as many more as six significant digits take.
    fn measured(self, decimals: u32) -> Q {
        let short = |d: &u32| self.0 > 0 && self.0 * 10_i128.pow(*d) < 100_000 * self.1;
        self.half_up((decimals..15).find(|d| !short(d)).unwrap_or(15))
    }
    /// Rounded half up to so many decimals.
    fn half_up(self, decimals: u32) -> Q {
        let ten = 10i128.pow(decimals);
        Q::new((2 * self.0 * ten + self.1).div_euclid(2 * self.1), ten)
    }
    fn float(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
}

impl Add for Q {
    type Output = Q;
    fn add(self, o: Q) -> Q {
        Q::new(self.0 * o.1 + o.0 * self.1, self.1 * o.1)
    }
}
impl Sub for Q {
    type Output = Q;
    fn sub(self, o: Q) -> Q {
        Q::new(self.0 * o.1 - o.0 * self.1, self.1 * o.1)
    }
}
impl Mul for Q {
    type Output = Q;
    fn mul(self, o: Q) -> Q {
        Q::new(self.0 * o.0, self.1 * o.1)
    }
}
impl Div for Q {
    type Output = Q;
    fn div(self, o: Q) -> Q {
        Q::new(self.0 * o.1, self.1 * o.0)
    }
}

/// `12.34` as a fraction.
fn q(text: &str) -> Q {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    Q::new(format!("{whole}{part}").parse().unwrap(), 10i128.pow(part.len() as u32))
}

fn int(n: u64) -> Q {
    Q::new(i128::from(n), 1)
}

const ZERO: Q = Q(0, 1);

/// A small generator of its own: the same numbers on every machine.
struct Luck(u64);

impl Luck {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

struct Desk(Catalog);

impl Desk {
    fn new() -> Desk {
        Desk(Catalog::load(None).unwrap())
    }
    /// Reads the answers as a user's file and scores them.
    fn card(&self, standard: &str, preset: Option<&str>, answers: &Map<String, Value>) -> Scorecard {
        let mut document = json!({
            "schema": "qizhen/assessment/1",
            "enterprise": {"name": "随机样例", "industry": "C34", "region": "370200", "employees": 100, "revenue_wan": 5000},
            "date": "2026-11-20",
            "answers": {standard: answers},
        });
        if let Some(preset) = preset {
            document["presets"] = json!({standard: preset});
        }
        let text = document.to_string();
        let read: Assessment = match diagnosis::read(&self.0, "random", &text, "2026-11-22") {
            Ok(loaded) => loaded.assessment,
            Err(broken) => panic!("{:?}\n{text}", broken.problems),
        };
        self.0
            .plan(standard, preset)
            .unwrap()
            .scorecard(&read.answers[standard], None)
    }
}

fn same(found: Option<f64>, expected: Q, of: &Map<String, Value>) {
    let found = found.unwrap_or(f64::NAN);
    assert!(
        (found - expected.float()).abs() < 1e-9,
        "engine {found}, by the formula {}\n{}",
        expected.float(),
        Value::Object(of.clone())
    );
}

/// GB/T 39117-2020: elements 6/11/15/68 %, domains, sub-domains (name, weight, levels with a requirement); process, discrete.
type Domain = (u64, u64, &'static [(&'static str, u64, u64)]);
const ELEMENTS: [(u64, &[Domain]); 4] = [
    (6, &[(50, 50, &[("org", 100, 3)]), (50, 50, &[("skill", 100, 4)])]),
    (
        11,
        &[
            (46, 46, &[("data", 100, 5)]),
            (27, 27, &[("integration", 100, 4)]),
            (27, 27, &[("security", 100, 5)]),
        ],
    ),
    (
        15,
        &[(67, 67, &[("equipment", 100, 5)]), (33, 33, &[("network", 100, 4)])],
    ),
    (
        68,
        &[
            (4, 13, &[("product-design", 50, 5), ("process-design", 50, 5)]),
            (
                63,
                48,
                &[
                    ("procurement", 14, 5),
                    ("planning", 16, 5),
                    ("operation", 16, 5),
                    ("maintenance", 14, 5),
                    ("warehousing", 14, 5),
                    ("safety", 14, 5),
                    ("energy", 12, 5),
                ],
            ),
            (15, 13, &[("logistics", 100, 5)]),
            (15, 13, &[("sales", 100, 5)]),
            (3, 13, &[("product-service", 50, 5), ("customer-service", 50, 5)]),
        ],
    ),
];

#[test]
fn cmmm_2020() {
    let desk = Desk::new();
    let mut luck = Luck(1);
    let mut grades = [0; 6];
    for round in 0..1000u64 {
        let process = round % 3 == 0;
        let usual = luck.below(6);
        let tailored: Vec<&str> = ELEMENTS[3]
            .1
            .iter()
            .flat_map(|domain| domain.2.iter().map(|s| s.0))
            .filter(|_| luck.below(14) == 0)
            .collect();
        let mut answers = Map::new();
        let mut total = ZERO;
        let mut climbing = true;
        for level in 1..=5u64 {
            // Σ weight × ratio over what applies, element by element.
            let mut level_sum = (ZERO, ZERO);
            for (element, domains) in ELEMENTS {
                let mut element_sum = (ZERO, ZERO);
                for (by_process, by_discrete, subs) in domains {
                    let mut domain_sum = (ZERO, ZERO);
                    for (name, weight, levels) in *subs {
                        if level > *levels {
                            continue;
                        }
                        let good = level <= usual;
                        let option = if luck.below(5) > 0 {
                            if good { 3 } else { luck.below(3) }
                        } else {
                            luck.below(4)
                        };
                        let na = tailored.contains(name);
                        let letter = if na {
                            "na"
                        } else {
                            ["a", "b", "c", "d"][option as usize]
                        };
                        answers.insert(format!("{name}-{level}"), json!(letter));
                        // The process profile knows no design and no service of products.
                        let left_out = process && name.starts_with("product-");
                        if !na && !left_out {
                            let weight = if process && (name.ends_with("-design") || name.ends_with("-service")) {
                                100
                            } else {
                                *weight
                            };
                            let met = q(["0", "0.5", "0.8", "1"][option as usize]);
                            domain_sum = (domain_sum.0 + int(weight) * met, domain_sum.1 + int(weight));
                        }
                    }
                    if domain_sum.1 != ZERO {
                        let weight = int(if process { *by_process } else { *by_discrete });
                        element_sum = (
                            element_sum.0 + weight * (domain_sum.0 / domain_sum.1),
                            element_sum.1 + weight,
                        );
                    }
                }
                if element_sum.1 != ZERO {
                    let weight = int(element);
                    level_sum = (
                        level_sum.0 + weight * (element_sum.0 / element_sum.1),
                        level_sum.1 + weight,
                    );
                }
            }
            let ratio = (level_sum.0 / level_sum.1).half_up(3);
            if climbing {
                climbing = ratio.at_least(q("0.8"));
                total = total + if climbing { int(1) } else { ratio };
            }
        }
        let preset = if process { "process" } else { "discrete" };
        let card = desk.card("cmmm-2020", Some(preset), &answers);
        same(card.score, total, &answers);
        let whole = [
            "operation",
            "procurement",
            "planning",
            "maintenance",
            "warehousing",
            "safety",
            "energy",
        ];
        let covered = whole.iter().any(|name| !tailored.contains(name));
        let grade = [("0.8", 1), ("1.8", 2), ("2.8", 3), ("3.8", 4), ("4.8", 5)]
            .into_iter()
            .filter(|(from, level)| total.at_least(q(from)) && (*level < 3 || covered))
            .map(|(_, level)| level)
            .max()
            .unwrap_or(0);
        assert_eq!(card.grade.map(|g| g.level), Some(grade));
        grades[grade as usize] += 1;
    }
    assert!(grades.iter().all(|n| *n >= 20), "every grade is met with: {grades:?}");
}

/// x ≥ leading: full; x < baseline: nothing; between: a line (GB/T 36132-2025, 1.2); mirrored where less is better.
fn line(x: Q, leading: Q, baseline: Q, full: Q) -> Q {
    let (x, leading, baseline) = if leading.at_least(baseline) {
        (x, leading, baseline)
    } else {
        (ZERO - x, ZERO - leading, ZERO - baseline)
    };
    if x.at_least(leading) {
        full
    } else if !x.at_least(baseline) {
        ZERO
    } else {
        full * ((x - baseline) / (leading - baseline))
    }
}

#[test]
fn green_factory_2025_annex_c() {
    let desk = Desk::new();
    let mut luck = Luck(2);
    // Item, part above, part below, whether the value is a percentage, whether less is better, full points.
    let ratios: [(&str, &str, &str, bool, bool, u64); 7] = [
        ("e1", "energy", "output_value", false, true, 8),
        ("e2", "co2", "output_value", false, true, 8),
        ("e3", "renewable", "energy", true, false, 8),
        ("r1", "material", "output_value", false, true, 8),
        ("r2", "intake", "output_value", false, true, 8),
        ("c2", "investment", "output_value_3y", true, false, 4),
        ("l1", "output_value", "land_area", false, false, 8),
    ];
    for _ in 0..1000 {
        let mut answers = Map::new();
        let mut total = ZERO;
        let limits = |luck: &mut Luck, less: bool| {
            let low = 1 + luck.below(40);
            let high = low + 1 + luck.below(40);
            if less { (low, high) } else { (high, low) }
        };
        for (item, above, below, percent, less, full) in ratios {
            let (leading, baseline) = limits(&mut luck, less);
            let whole = 100 * (1 + luck.below(50));
            // On the limits as often as between and beyond them, in hundredths or per cent.
            let hundredths = match luck.below(4) {
                0 => leading,
                1 => baseline,
                _ => luck.below(100).max(1),
            };
            let part = whole / 100 * hundredths + if luck.below(3) == 0 { luck.below(whole / 100) } else { 0 };
            let part = if item == "e3" { part.min(whole) } else { part };
            let (value, decimals) = if percent {
                (Q::new(100 * i128::from(part), i128::from(whole)), 4)
            } else {
                (Q::new(i128::from(part), i128::from(whole)), 6)
            };
            let (lead, base) = if percent {
                (int(leading), int(baseline))
            } else {
                (Q::new(i128::from(leading), 100), Q::new(i128::from(baseline), 100))
            };
            answers.insert(
                item.into(),
                json!({above: part, below: whole, "leading": lead.float(), "baseline": base.float()}),
            );
            total = total + line(value.measured(decimals), lead, base, int(full)).half_up(3);
        }
        // Water reused of all water; waste used of what there was; pollutant per output.
        let (intake, reused) = (1 + luck.below(5000), luck.below(50_000));
        answers.insert(
            "r3".into(),
            json!({"intake": intake, "reused": reused, "leading": 90, "baseline": 60}),
        );
        let value = Q::new(100 * i128::from(reused), i128::from(intake + reused));
        total = total + line(value.measured(4), int(90), int(60), int(8)).half_up(3);
        let (generated, stock) = (1 + luck.below(900), luck.below(90));
        let used = stock + luck.below(generated + 1);
        answers.insert(
            "r4".into(),
            json!({"used": used, "generated": generated, "stock_used": stock, "leading": 95, "baseline": 80}),
        );
        let value = Q::new(100 * i128::from(used), i128::from(generated + stock));
        total = total + line(value.measured(4), int(95), int(80), int(6)).half_up(3);
        let pollutant = luck.below(40);
        answers.insert(
            "c3".into(),
            json!({"pollutant": pollutant, "output_value": 1000, "leading": 0.01, "baseline": 0.03}),
        );
        total = total + line(Q::new(i128::from(pollutant), 1000), q("0.01"), q("0.03"), int(6)).half_up(3);
        // Functions of the platform, eight of twelve are full; three judgements of yes or no.
        let functions = luck.below(13);
        let letters: Vec<String> = ('b'..).take(functions as usize).map(String::from).collect();
        answers.insert("e4".into(), if functions == 0 { json!(["a"]) } else { json!(letters) });
        total = total + line(int(functions), int(8), ZERO, int(6)).half_up(3);
        for (item, full) in [("c1", 6), ("p1", 8), ("p2", 8)] {
            let yes = luck.below(2);
            answers.insert(item.into(), json!(if yes == 1 { "b" } else { "a" }));
            total = total + int(yes * full);
        }
        answers.insert("e1-product".into(), json!("na"));
        answers.insert("r2-product".into(), json!("na"));
        same(
            desk.card("green-factory-2025", Some("annex-c"), &answers).score,
            total,
            &answers,
        );
    }
}

/// Statutory limits of table 1-B: product, levels 1, 2, 3.
const QUOTAS: [(&str, [&str; 3]); 14] = [
    ("ql.beer", ["26", "35", "60"]),
    ("ql.carbonblack", ["300", "330", "460"]),
    ("ql.sinter", ["43", "46", "52"]),
    ("ql.pellet", ["15", "22", "33"]),
    ("ql.alumina.bayer", ["340", "390", "460"]),
    ("ql.spandex", ["900", "1100", "1300"]),
    ("ql.paper.liner", ["210", "240", "280"]),
    ("ql.concrete", ["0.30", "0.70", "1.10"]),
    ("ql.cu.wire", ["45", "52", "56"]),
    ("ql.pp.gas", ["48", "54", "79"]),
    ("ql.mdi", ["175", "180", "190"]),
    ("ql.plywood", ["170", "197", "223"]),
    ("ql.cu.scrap", ["290", "310", "370"]),
    ("ql.glassfiber.fine", ["750", "750", "900"]),
];

#[test]
fn energy_quota_2025() {
    let desk = Desk::new();
    let mut luck = Luck(3);
    for _ in 0..1000 {
        let (mut rows, mut levels) = (Vec::new(), Vec::new());
        let (mut good, mut all) = (0, 0);
        for _ in 0..1 + luck.below(6) {
            let (product, limits) = luck.pick(&QUOTAS);
            let value = q(luck.pick(&limits)) + Q::new(i128::from(luck.below(3)) - 1, luck.pick(&[1000, 10, 1]));
            let value = if value.at_least(ZERO) { value } else { ZERO };
            let capacity = 1 + luck.below(900);
            let level = limits
                .iter()
                .position(|limit| q(limit).at_least(value))
                .map_or(0, |at| at as u64 + 1);
            all += capacity;
            good += if level > 0 { capacity } else { 0 };
            levels.push(json!(level));
            rows.push(json!({"product": product, "value": value.float(), "capacity": capacity}));
        }
        let answers = Map::from_iter([("products".to_owned(), Value::Array(rows))]);
        let card = desk.card("energy-quota-2025", None, &answers);
        let found: Vec<Value> = card.tables["products"]
            .iter()
            .map(|row| row.judged["quota"].clone())
            .collect();
        assert_eq!(found, levels, "{}", Value::Object(answers));
        same(card.score, Q::new(100 * good as i128, all as i128).half_up(2), &answers);
    }
}

#[test]
fn energy_accounting_2020() {
    let desk = Desk::new();
    let mut luck = Luck(4);
    // GB/T 2589 equivalents in kgce a kilogram; heating value GJ/t, carbon tC/GJ, oxidation.
    let fuels = [
        ("diesel", "1.4571", ["42.652", "0.0202", "0.98"]),
        ("gasoline", "1.4714", ["43.07", "0.0189", "0.98"]),
        ("kerosene", "1.4714", ["43.07", "0.0196", "0.98"]),
        ("fuel-oil", "1.4286", ["41.816", "0.0211", "0.98"]),
        ("lpg", "1.7143", ["50.179", "0.0172", "0.98"]),
    ];
    let grids = [
        ("shandong-2023", "0.6191"),
        ("cn-2023", "0.5306"),
        ("shandong-2022", "0.6410"),
        ("yunnan-2023", "0.1333"),
    ];
    for _ in 0..1000 {
        let (mut energy, mut co2) = (ZERO, ZERO);
        let mut add = |to_energy: Q, to_co2: Q| {
            energy = energy + to_energy.half_up(4);
            co2 = co2 + to_co2.half_up(4);
        };
        let kwh = luck.below(9_000_000);
        let (grid, factor) = luck.pick(&grids);
        add(int(kwh) * q("0.1229") / int(1000), int(kwh) * q(factor) / int(1000));
        let mut answers = Map::from_iter([("electricity".to_owned(), json!([{"grid": grid, "amount": kwh}]))]);
        let mut rows = Vec::new();
        for _ in 0..luck.below(4) {
            let (fuel, equivalent, [heat, carbon, oxidation]) = luck.pick(&fuels);
            let tons = Q::new(i128::from(luck.below(100_000)), 100);
            let burnt = tons * q(heat) * q(carbon) * q(oxidation) * Q::new(44, 12);
            add(tons * q(equivalent), burnt);
            rows.push(json!({"fuel": fuel, "amount": tons.float()}));
        }
        answers.insert("fuels".into(), Value::Array(rows));
        let gas = luck.below(3) * luck.below(500_000);
        // Natural gas: 1.3300 kgce/m³; 389.31 GJ, 0.0153 tC/GJ, 0.99 a 10⁴ m³.
        if gas > 0 {
            let burnt = int(gas) / int(10_000) * q("389.31") * q("0.0153") * q("0.99") * Q::new(44, 12);
            add(int(gas) * q("1.33") / int(1000), burnt);
            answers.insert("natural-gas".into(), json!([{"amount": gas}]));
        } else {
            answers.insert("natural-gas".into(), json!("na"));
        }
        let heat = luck.below(2) * luck.below(9000);
        if heat > 0 {
            add(int(heat) * q("0.03412"), int(heat) * q("0.11"));
            answers.insert("heat".into(), json!([{"kind": "purchased", "amount": heat}]));
        } else {
            answers.insert("heat".into(), json!([]));
        }
        for none in ["gases", "steam", "others"] {
            answers.insert(none.into(), json!([]));
        }
        let card = desk.card("energy-accounting-2020", None, &answers);
        let nodes = card.trace.walk();
        let value = |id: &str| nodes.iter().find(|n| n.id == id).unwrap().value;
        same(value("energy"), energy, &answers);
        same(value("co2"), co2, &answers);
    }
}

/// GB 18613-2020 table 1, 4 poles: rated kW, efficiency of levels 1, 2, 3 in per cent.
const MOTORS: [(&str, [&str; 3]); 12] = [
    ("0.12", ["74.3", "69.8", "64.8"]),
    ("0.18", ["78.7", "74.7", "69.9"]),
    ("0.20", ["79.6", "75.8", "71.1"]),
    ("0.25", ["81.5", "77.9", "73.5"]),
    ("0.37", ["84.3", "81.1", "77.3"]),
    ("0.40", ["84.8", "81.7", "78.0"]),
    ("0.55", ["86.7", "83.9", "80.8"]),
    ("0.75", ["88.2", "85.7", "82.5"]),
    ("1.1", ["89.5", "87.2", "84.1"]),
    ("1.5", ["90.4", "88.2", "85.3"]),
    ("2.2", ["91.4", "89.5", "86.7"]),
    ("3", ["92.1", "90.4", "87.7"]),
];

#[test]
fn motors_of_equipment_efficiency_2024() {
    let desk = Desk::new();
    let mut luck = Luck(5);
    for _ in 0..1000 {
        let (mut rows, mut tiers) = (Vec::new(), Vec::new());
        let (mut good, mut all) = (ZERO, ZERO);
        for _ in 0..1 + luck.below(8) {
            let (kw, limits) = luck.pick(&MOTORS);
            let efficiency = q(luck.pick(&limits)) + Q::new(i128::from(luck.below(3)) - 1, luck.pick(&[100, 10]));
            let count = 1 + luck.below(30);
            let tier = limits
                .iter()
                .position(|limit| efficiency.at_least(q(limit)))
                .map_or(0, |at| at as u64 + 1);
            let power = q(kw) * int(count);
            all = all + power;
            if (1..=2).contains(&tier) {
                good = good + power;
            }
            tiers.push(json!(tier));
            rows.push(
                json!({"name": "电机", "kind": "three-phase-induction", "poles": 4, "count": count,
                "rated_kw": q(kw).float(), "efficiency_pct": efficiency.float()}),
            );
        }
        let answers = Map::from_iter([("motors".to_owned(), Value::Array(rows))]);
        let card = desk.card("equipment-efficiency-2024", None, &answers);
        let found: Vec<Value> = card.tables["motors"]
            .iter()
            .map(|row| row.judged["tier"].clone())
            .collect();
        assert_eq!(found, tiers, "{}", Value::Object(answers));
        same(card.score, (int(100) * good / all).half_up(2), &answers);
    }
}

#[test]
fn green_supply_chain_2016() {
    let desk = Desk::new();
    let mut luck = Luck(6);
    let judged = [
        ("11", "8"),
        ("12", "6"),
        ("13", "6"),
        ("21", "4"),
        ("22", "3"),
        ("23", "3"),
        ("24", "3"),
        ("25", "3"),
        ("31", "10"),
        ("32", "10"),
        ("43", "5"),
        ("44", "5"),
        ("51", "10"),
        ("61", "2.5"),
        ("62", "2.5"),
        ("63", "2.5"),
        ("64", "2.5"),
    ];
    for _ in 0..1000 {
        let mut answers = Map::new();
        let mut total = ZERO;
        for (item, full) in judged {
            let yes = luck.below(2) == 1;
            answers.insert(format!("gsc-{item}"), json!(if yes { "是" } else { "否" }));
            total = total + if yes { q(full) } else { ZERO };
        }
        let (low_risk, suppliers) = (luck.below(40), 40);
        answers.insert(
            "gsc-26".into(),
            json!({"low_risk": low_risk, "suppliers": suppliers, "leading": 90, "baseline": 50}),
        );
        total = total + line(Q::new(100 * i128::from(low_risk), 40), int(90), int(50), int(4)).half_up(3);
        for item in ["gsc-41", "gsc-42"] {
            let rate = luck.below(101);
            answers.insert(item.into(), json!({"rate": rate, "leading": 80, "baseline": 20}));
            total = total + line(int(rate), int(80), int(20), int(5)).half_up(3);
        }
        same(
            desk.card("green-supply-chain-2016", None, &answers).score,
            total,
            &answers,
        );
    }
}
