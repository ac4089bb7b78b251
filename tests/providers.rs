//! “With whom”: matching over a pool of ten thousand, what must hold for every enterprise, and lists as cities keep them.

#[path = "providers/import.rs"]
mod import;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use qizhen::advice::gaps::Gap;
use qizhen::advice::matching::{Exposure, Index, Matcher, OWN, Request};
use qizhen::advice::providers::{PoolFile, Provider};
use qizhen::catalog::Catalog;
use qizhen::diagnosis::{self, Diagnosis};
use qizhen::enterprise::Profile;
use qizhen::enterprise::industry::Industry;
use qizhen::enterprise::region::Region;
use qizhen::enterprise::size::SizeClass;

const DATE: &str = "2026-11-20";

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(None).unwrap());
static PUMPS: LazyLock<Diagnosis> = LazyLock::new(|| {
    let text = std::fs::read_to_string(root().join("examples/pump-maker.assessment.yaml")).unwrap();
    let loaded = diagnosis::read(&CATALOG, "pumps", &text, "2026-12-31").unwrap();
    diagnosis::diagnose(&CATALOG, &loaded)
});
static POOL: LazyLock<Vec<PoolFile>> = LazyLock::new(|| vec![read(&pool(10_000))]);
static INDEX: LazyLock<Index> = LazyLock::new(|| compile(&POOL));

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(text: &str) -> PoolFile {
    let (pool, found) = CATALOG
        .check_pool("pool.yaml", text)
        .unwrap_or_else(|b| panic!("{:?}", &b.problems[..1]));
    assert!(found.problems.is_empty(), "{:?}", found.problems[0]);
    pool
}

fn compile(pools: &[PoolFile]) -> Index {
    Index::compile(pools, &CATALOG.capabilities, &CATALOG.matching)
}

fn matcher<'a>(pools: &'a [PoolFile], index: &'a Index) -> Matcher<'a> {
    Matcher {
        index,
        pools,
        capabilities: &CATALOG.capabilities,
        rules: &CATALOG.matching,
    }
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }

    fn some<'t>(&mut self, all: &[&'t str], most: usize) -> Vec<&'t str> {
        let mut some: Vec<&str> = (0..1 + self.below(most)).map(|_| self.of(all)).collect();
        some.sort_unstable();
        some.dedup();
        some
    }
}

/// A code whose check digit fits.
fn uscc(number: usize) -> String {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91370200MA{number:07}");
    let (mut sum, mut weight) = (0, 1);
    for byte in body.bytes() {
        sum += ALPHABET.iter().position(|known| *known == byte).unwrap() * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))
}

const HEAD: &str =
    "schema: qizhen/providers/1\npools: [{id: p, title: 示例名单, year: 2026, valid_until: 2027-12-31}]\nproviders:\n";

/// A made-up pool, as a file.
fn pool(count: usize) -> String {
    let known: Vec<&str> = CATALOG
        .capabilities
        .capabilities
        .iter()
        .map(|c| c.id.value.as_str())
        .collect();
    let mut dice = Dice(7);
    let mut text = HEAD.to_owned();
    for number in 0..count {
        let capabilities = dice.some(&known, 8).join(", ");
        let industries = dice
            .some(&["\"*\"", "34", "344", "3441", "36", "385", "26"], 3)
            .join(", ");
        let serves = dice.of(&["\"*\"", "\"37\"", "\"3702\"", "\"370200\"", "\"31\"", "\"370214\""]);
        let region = dice.of(&["370214", "370200", "370100", "310000"]);
        let sizes = dice.of(&["", "大型", "小型, 中型", "微型"]);
        let services = dice
            .some(&["diagnosis_consulting", "tech_application", "inspection_testing"], 3)
            .join(", ");
        let status = dice.of(&[
            "active",
            "active",
            "active",
            "warned",
            "suspended",
            "removed",
            "candidate",
        ]);
        let until = dice.of(&["2026-06-30", "2026-11-20", "2027-12-31"]);
        let case = dice.of(&[
            "",
            "{client: 某厂, industry: \"3441\", year: 2025, verified: true}",
            "{client: 某厂, industry: \"3441\", year: 2025}",
        ]);
        let held = dice.of(&[
            "",
            "{code: CMMI, level: 5}",
            "{code: ITSS, level: 一级, valid_until: 2026-01-01}",
            "{code: 某证}",
        ]);
        let light = dice.of(&[
            "",
            "{name: 云, form: saas}",
            "{name: 大, form: local, price_wan: [20, 50]}",
        ]);
        text += &format!(
            "- {{id: p{number}, name: 示例服务商{number}号有限公司, uscc: {}, region: {{code: \"{region}\"}}, service_regions: [{serves}], services: [{services}], industries: [{industries}], capabilities: [{capabilities}], size_fit: [{sizes}], cases: [{case}], qualifications: [{held}], products: [{light}], pools: [{{pool: p, status: {status}, valid_until: {until}}}]}}\n",
            uscc(number)
        );
    }
    text
}

/// A made-up enterprise: whose profile and which of the gaps of the pump maker.
fn enterprise(number: usize) -> (Profile, Vec<Gap>) {
    let mut dice = Dice(number as u64 * 7919 + 1);
    dice.below(2);
    let mut profile = PUMPS.enterprise.clone();
    profile.uscc = Some(uscc(900_000 + number));
    profile.name = format!("示例企业{number}有限公司");
    profile.industry = Industry::parse(dice.of(&["3441", "344", "34", "3670", "2614"])).unwrap();
    profile.region = Region::parse(dice.of(&["370214", "370200", "370100", "310000"])).unwrap();
    profile.size = [
        None,
        Some(SizeClass::Micro),
        Some(SizeClass::Small),
        Some(SizeClass::Medium),
        Some(SizeClass::Large),
    ][dice.below(5)];
    let gaps: Vec<Gap> = PUMPS.gaps.iter().filter(|_| dice.below(3) > 0).cloned().collect();
    (profile, gaps)
}

fn request<'a>(profile: &'a Profile, gaps: &'a [Gap]) -> Request<'a> {
    Request {
        gaps,
        profile,
        date: DATE,
        budget_wan: None,
        issuers: Vec::new(),
    }
}

/// The hard conditions once more, word by word over what the file says.
fn fits(provider: &Provider, profile: &Profile, gaps: &[Gap]) -> bool {
    let listed = provider
        .pools
        .iter()
        .any(|entry| entry.status.counts() && entry.valid_until.value.as_str() >= DATE);
    let serves = provider.service_regions.iter().any(|region| {
        let digits = region.value.trim_end_matches("00");
        region.value == "*" || profile.region.code().starts_with(digits)
    });
    let needed = gaps.iter().flat_map(|gap| &gap.capabilities);
    let able = needed
        .into_iter()
        .any(|id| provider.capabilities.iter().any(|c| c.value == *id));
    let size = profile
        .size
        .is_none_or(|size| provider.size_fit.is_empty() || provider.size_fit.contains(&size));
    listed && serves && able && size
}

#[test]
fn ten_thousand_providers_the_hard_conditions_hold_and_all_are_accounted_for() {
    let matcher = matcher(&POOL, &INDEX);
    let mut answered = 0;
    for number in 0..40 {
        let (profile, gaps) = enterprise(number);
        let request = request(&profile, &gaps);
        let matching = matcher.recommend(&request);
        let expected = POOL[0]
            .providers
            .iter()
            .filter(|one| fits(one, &profile, &gaps))
            .count();
        assert_eq!(matching.eligible, expected, "{number}");
        assert_eq!(matching.considered, 10_000);
        assert_eq!(
            matching.left_out.values().sum::<usize>() + matching.eligible,
            matching.considered
        );
        assert_eq!(matching.recommended.len(), matching.eligible.min(5));
        for one in &matching.recommended {
            let provider = POOL[0].providers.iter().find(|p| p.id.value == one.id).unwrap();
            assert!(fits(provider, &profile, &gaps), "{}", one.id);
            let sum: f64 = one.factors.iter().map(|factor| factor.points).sum();
            assert!(
                (sum - one.score).abs() < 1e-9 && one.factors.iter().all(|f| f.points <= f.most && !f.why.is_empty())
            );
            assert_eq!(one.merit, (one.score / 3.0 + 0.5).floor() as u32);
        }
        assert!(matching.recommended.windows(2).all(|two| two[0].merit >= two[1].merit));
        answered += usize::from(matching.eligible > 5);
    }
    assert!(answered > 20, "{answered}");
}

#[test]
fn the_same_every_time_and_whatever_the_order_of_the_file() {
    let mut turned = POOL.clone();
    turned[0].providers.0.reverse();
    let index = compile(&turned);
    for number in 0..20 {
        let (profile, gaps) = enterprise(number);
        let text = |matcher: Matcher| serde_json::to_string(&matcher.recommend(&request(&profile, &gaps))).unwrap();
        let first = text(matcher(&POOL, &INDEX));
        assert_eq!(first, text(matcher(&POOL, &INDEX)));
        assert_eq!(first, text(matcher(&turned, &index)));
    }
    // The seed is of the enterprise: another one has another.
    let seed = |number| {
        let (profile, gaps) = enterprise(number);
        matcher(&POOL, &INDEX).recommend(&request(&profile, &gaps)).seed
    };
    assert_ne!(seed(1), seed(2));
}

#[test]
fn why_not_agrees_with_the_report() {
    let matcher = matcher(&POOL, &INDEX);
    for number in 0..15 {
        let (profile, gaps) = enterprise(number);
        let request = request(&profile, &gaps);
        let matching = matcher.recommend(&request);
        for one in &matching.recommended {
            let standing = matcher.standing(&request, &one.id).unwrap();
            assert!(standing.shown && standing.barred.is_empty());
            assert_eq!(
                (standing.score, standing.merit, &standing.factors),
                (one.score, one.merit, &one.factors)
            );
        }
        let mut dice = Dice(number as u64);
        for _ in 0..20 {
            let provider = &POOL[0].providers[dice.below(10_000)];
            let standing = matcher.standing(&request, &provider.name).unwrap();
            assert_eq!(
                standing.barred.is_empty(),
                fits(provider, &profile, &gaps),
                "{:?}",
                standing.barred
            );
            let shown = matching.recommended.iter().any(|one| one.id == standing.id);
            assert_eq!(standing.shown, shown);
            if standing.barred.is_empty() && !shown {
                let last = standing.last.as_ref().unwrap();
                assert!(standing.merit <= last.merit && standing.place.unwrap() > matching.recommended.len());
                assert_eq!(last.name, matching.recommended.last().unwrap().name);
            }
        }
    }
    assert!(
        matcher
            .standing(&request(&PUMPS.enterprise, &PUMPS.gaps), "没有这一家")
            .is_none()
    );
}

#[test]
fn equals_are_shown_equally_often() {
    // Forty of a kind, whose names and ids say everything that names can say.
    let mut text = HEAD.to_owned();
    for number in 0..40 {
        text += &format!(
            "- {{id: {}{number:03}, name: {}示例{number}号有限公司, uscc: {}, region: {{code: \"370200\"}}, service_regions: [\"*\"], services: [tech_application], industries: [\"*\"], capabilities: [mes, erp, iot, energy-audit], pools: [{{pool: p, status: active, valid_until: 2027-12-31}}]}}\n",
            ["a", "z"][number % 2],
            ["阿", "中", "卓"][number % 3],
            uscc(number)
        );
    }
    let pools = vec![read(&text)];
    let index = compile(&pools);
    let matcher = matcher(&pools, &index);
    let mut exposure = Exposure::default();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..1000 {
        let (profile, gaps) = enterprise(number);
        let request = request(&profile, &gaps);
        let ranking = matcher.ranking(&request);
        exposure.add(&matcher, &ranking);
        if let Some(top) = ranking
            .shown
            .first()
            .and_then(|place| matcher.provider(ranking.order[*place].row))
        {
            *first.entry(top.id.value.clone()).or_default() += 1;
        }
    }
    let shown: Vec<usize> = exposure.providers.values().map(|tally| tally.shown).collect();
    let (least, most) = (*shown.iter().min().unwrap(), *shown.iter().max().unwrap());
    assert!(shown.len() == 40 && least > 60 && most < 2 * least, "{least} {most}");
    assert!(
        exposure
            .providers
            .values()
            .all(|tally| (0.6..1.6).contains(&tally.ratio().unwrap()))
    );
    let total: usize = exposure.providers.values().map(|tally| tally.shown).sum();
    let fair: f64 = exposure.providers.values().map(|tally| tally.fair).sum();
    assert!((total as f64 - fair).abs() < 1e-6);
    assert!(
        first.len() == 40 && first.values().all(|count| *count < 60),
        "{first:?}"
    );
}

#[test]
fn what_is_needed_and_added_never_costs_a_point() {
    let (matcher, mut tried) = (matcher(&POOL, &INDEX), 0);
    let mut dice = Dice(3);
    for number in 0..60 {
        let (profile, gaps) = enterprise(number);
        let request = request(&profile, &gaps);
        let needed: Vec<&String> = gaps.iter().flat_map(|gap| &gap.capabilities).collect();
        let provider = &POOL[0].providers[dice.below(10_000)];
        let before = matcher.standing(&request, &provider.id).unwrap();
        let mut more = POOL[0].clone();
        more.providers.0 = vec![provider.clone()];
        let added = needed[dice.below(needed.len())].clone();
        tried += usize::from(!provider.capabilities.iter().any(|c| c.value == added));
        more.providers.0[0].capabilities.push(added.into());
        let pools = vec![more];
        let index = compile(&pools);
        let after = crate::matcher(&pools, &index).standing(&request, &provider.id).unwrap();
        assert!(
            after.score >= before.score,
            "{} {} {}",
            provider.id.value,
            before.score,
            after.score
        );
        assert!(after.barred.len() <= before.barred.len());
    }
    assert!(tried > 30);
}

/// A small pool of equals that differ in one thing.
fn small(differences: &[&str]) -> Vec<PoolFile> {
    let mut text = HEAD.to_owned();
    for (number, difference) in differences.iter().enumerate() {
        let has = |key: &str| difference.contains(key);
        let rest = [
            (!has("pools:")).then_some("pools: [{pool: p, status: active, valid_until: 2027-12-31}]"),
            Some(*difference).filter(|text| !text.is_empty()),
        ];
        let rest: Vec<&str> = rest.into_iter().flatten().collect();
        text += &format!(
            "- {{id: p{number}, name: 示例服务商{number}号有限公司, uscc: {}, region: {{code: \"370200\"}}, service_regions: [\"37\"], services: [tech_application], industries: [\"34\"], capabilities: [mes], {}}}\n",
            uscc(number),
            rest.join(", ")
        );
    }
    vec![read(&text)]
}

#[test]
fn expired_suspended_and_removed_are_out_and_a_warning_is_shown() {
    let pools = small(&[
        "",
        "pools: [{pool: p, status: warned, valid_until: 2027-12-31}]",
        "pools: [{pool: p, status: suspended, valid_until: 2027-12-31}]",
        "pools: [{pool: p, status: removed, valid_until: 2027-12-31}]",
        "pools: [{pool: p, status: candidate, valid_until: 2027-12-31}]",
        "pools: [{pool: p, status: active, valid_until: 2026-11-19}]",
        "pools: [{pool: p, status: active, valid_until: 2026-11-20}]",
        "credit: {serious_dishonest: true}",
    ]);
    let index = compile(&pools);
    let matching = matcher(&pools, &index).recommend(&request(&PUMPS.enterprise, &PUMPS.gaps));
    let mut shown: Vec<(&str, bool)> = matching
        .recommended
        .iter()
        .map(|one| (one.id.as_str(), one.marks.join("").contains("被警告")))
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, [("p0", false), ("p1", true), ("p6", false)]);
    let left_out: Vec<(&str, usize)> = matching.left_out.iter().map(|(why, count)| (*why, *count)).collect();
    assert_eq!(
        left_out,
        [
            ("还没有进入名单", 1),
            ("被名单暂停", 1),
            ("已被移出名单", 1),
            ("名单有效期已过", 1),
            ("严重失信或经营异常", 1)
        ]
    );
}

#[test]
fn levels_count_the_right_way_round_and_prices_only_beside_a_budget() {
    let held = |code: &str, level: &str| format!("qualifications: [{{code: {code}, level: \"{level}\"}}]");
    let all = [
        held("ITSS", "一级"),
        held("ITSS", "4级"),
        held("CMMI", "5"),
        held("CMMI", "1"),
        held("某市甲级证书", "1"),
        "qualifications: [{code: CMMI, level: 5, valid_until: 2026-11-19}]".into(),
        "products: [{name: 贵, price_wan: [80, 90]}]".into(),
        "products: [{name: 贵, price_wan: [80, 90]}, {name: 廉, price_wan: [10, 20]}]".into(),
        String::new(),
    ];
    let pools = small(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let index = compile(&pools);
    let matcher = matcher(&pools, &index);
    let points = |budget: Option<f64>, id: &str, factor: &str| {
        let request = Request {
            budget_wan: budget,
            ..request(&PUMPS.enterprise, &PUMPS.gaps)
        };
        let standing = matcher.standing(&request, id).unwrap();
        standing.factors.iter().find(|f| f.title == factor).unwrap().points
    };
    let qualified: Vec<f64> = (0..7).map(|n| points(None, &format!("p{n}"), "有效资质")).collect();
    assert_eq!(qualified, [5.0, 2.5, 5.0, 2.5, 2.5, 0.0, 0.0]);
    assert_eq!(["p6", "p7", "p8"].map(|id| points(None, id, "价格")), [2.5, 2.5, 2.5]);
    assert_eq!(
        ["p6", "p7", "p8"].map(|id| points(Some(30.0), id, "价格")),
        [0.0, 5.0, 2.5]
    );
}

#[test]
fn an_enterprise_is_not_shown_itself_and_wrong_numbers_are_told() {
    let pools = small(&["", ""]);
    let index = compile(&pools);
    let profile = Profile {
        uscc: Some(pools[0].providers[1].uscc.value.clone()),
        ..PUMPS.enterprise.clone()
    };
    let matching = matcher(&pools, &index).recommend(&request(&profile, &PUMPS.gaps));
    assert_eq!(matching.recommended.len(), 1);
    assert_eq!(matching.left_out.keys().copied().collect::<Vec<_>>(), ["就是本企业"]);
    let one = |rest: &str| {
        format!(
            "{HEAD}- {{id: p, name: 示例有限公司, uscc: {}, region: {{code: \"370200\"}}, services: [], capabilities: [], {rest}}}\n",
            uscc(1)
        )
    };
    for (rest, what) in [
        (
            "pools: [{pool: p, status: active, valid_until: 2027/12/31}]",
            "日期 “2027/12/31” 读不懂",
        ),
        ("pools: [], service_regions: [青岛]", "服务地区 “青岛” 不对"),
        ("pools: [], industries: [泵]", "服务行业 “泵” 不对"),
        ("pools: [], products: [{name: 甲, price_wan: [9, 3]}]", "[最低, 最高]"),
        (
            "pools: [], products: [{name: 甲, price_wan: [.nan, 3]}]",
            "[最低, 最高]",
        ),
    ] {
        let found = CATALOG
            .check_pool("pool.yaml", &one(rest))
            .map(|_| ())
            .unwrap_err()
            .problems;
        assert!(
            found.iter().any(|p| p.message.contains(what) && p.span.is_known()),
            "{rest}: {found:?}"
        );
    }
}

#[test]
fn whoever_makes_the_report_is_marked_and_never_first() {
    // The best by far is the one that writes the report.
    let mut pools = small(&[
        "",
        "",
        "",
        "cases: [{client: 某厂, industry: \"3441\", year: 2025, verified: true}]",
    ]);
    let index = compile(&pools);
    let own = pools[0].providers[3].name.clone();
    let with = |issuers: Vec<&str>| {
        matcher(&pools, &index).recommend(&Request {
            issuers,
            ..request(&PUMPS.enterprise, &PUMPS.gaps)
        })
    };
    assert_eq!(with(Vec::new()).recommended[0].name, own);
    let assessor = format!("张三，{own}诊断部");
    for issuers in [
        vec![own.as_str()],
        vec![assessor.as_str()],
        vec!["李四", &pools[0].providers[3].uscc.value],
    ] {
        let matching = with(issuers);
        let last = matching.recommended.last().unwrap();
        assert_eq!((last.name.as_str(), last.marks[0].as_str()), (own.as_str(), OWN));
        assert!(matching.recommended[..3].iter().all(|one| one.marks.is_empty()));
    }
    // A template knows its issuer only when it is printed.
    let mut matching = with(Vec::new());
    matching.disclose(&[&own, ""]);
    assert_eq!(matching.recommended.last().unwrap().marks, [OWN]);
    // Alone it does not recommend itself.
    pools[0].providers.0.drain(..3);
    let index = compile(&pools);
    let request = Request {
        issuers: vec![&own],
        ..request(&PUMPS.enterprise, &PUMPS.gaps)
    };
    let matching = matcher(&pools, &index).recommend(&request);
    assert!(matching.recommended.is_empty() && matching.left_out.keys().any(|why| why.contains("编制单位")));
}

fn qizhen(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qizhen"))
        .current_dir(dir)
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .args(args)
        .output()
        .expect("the program runs")
}

/// What was printed and said, and the exit code.
fn told(output: &Output) -> (String, String, i32) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        text(&output.stdout),
        text(&output.stderr),
        output.status.code().unwrap(),
    )
}

#[test]
fn only_those_who_agreed_are_named_to_a_provider() {
    let dir = tempfile::tempdir().unwrap();
    let pumps = std::fs::read_to_string(root().join("examples/pump-maker.assessment.yaml")).unwrap();
    let agreed =
        pumps.replace("青岛示例泵业有限公司", "同意示例泵业有限公司") + "\nconsent: {share_with_providers: true}\n";
    std::fs::write(dir.path().join("a.assessment.yaml"), &pumps).unwrap();
    std::fs::write(dir.path().join("b.assessment.yaml"), agreed).unwrap();
    let refused =
        pumps.replace("青岛示例泵业有限公司", "不同意示例泵业有限公司") + "\nconsent: {share_with_providers: false}\n";
    std::fs::write(dir.path().join("c.assessment.yaml"), refused).unwrap();
    let (out, said, code) = told(&qizhen(
        dir.path(),
        &["providers", "needs", "sample-smart-factory", "."],
    ));
    assert_eq!(code, 0, "{said}");
    assert!(
        out.contains("3 份评估里，3 家企业有它能补的短板，其中 1 家同意公开"),
        "{out}"
    );
    assert!(
        out.contains("同意示例泵业有限公司") && out.contains("另有 2 家没有同意公开"),
        "{out}"
    );
    assert!(!out.contains("青岛示例泵业") && !out.contains("不同意示例"), "{out}");
    let (json, ..) = told(&qizhen(
        dir.path(),
        &["providers", "needs", "sample-smart-factory", ".", "--json"],
    ));
    assert!(!json.contains("青岛示例泵业") && !json.contains("不同意示例"), "{json}");
    // A consent that is not one is an error, not a yes.
    std::fs::write(
        dir.path().join("c.assessment.yaml"),
        pumps + "\nconsent: {share: true}\n",
    )
    .unwrap();
    let (_, said, code) = told(&qizhen(dir.path(), &["check", "c.assessment.yaml"]));
    assert!(code == 2 && said.contains("share_with_providers"), "{said}");
}

#[test]
fn in_a_workbook_a_blank_is_no_consent_and_other_words_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let rows = [
        "企业名称|统一社会信用代码|行业|地区|从业人数|营业收入(万元)|日期|sme-digital-2024/q05|同意向服务商公开",
        "甲示例机械有限公司||C3441|370214|260|18500|2026-11-20|a|是",
        "乙示例机械有限公司||C3441|370214|260|18500|2026-11-20|a|",
        "丙示例机械有限公司||C3441|370214|260|18500|2026-11-20|a|不同意",
        "丁示例机械有限公司||C3441|370214|260|18500|2026-11-20|a|也许",
    ];
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(line.split('|')).filter(|(_, cell)| !cell.is_empty()) {
            match cell.parse::<f64>() {
                Ok(number) if column == 4 || column == 5 => sheet.write(row, column, number).unwrap(),
                _ => sheet.write(row, column, cell).unwrap(),
            };
        }
    }
    book.save(dir.path().join("清单.xlsx")).unwrap();
    let (out, said, code) = told(&qizhen(
        dir.path(),
        &["providers", "needs", "sample-smart-factory", "清单.xlsx"],
    ));
    assert!(code == 1 && said.contains("没有算进去"), "{said}");
    assert!(
        out.contains("3 份评估里，3 家企业") && out.contains("其中 1 家同意公开"),
        "{out}{said}"
    );
    assert!(
        out.contains("甲示例机械") && !out.contains("乙示例机械") && !out.contains("丙示例机械"),
        "{out}"
    );
}

#[test]
fn the_commands_answer() {
    let dir = tempfile::tempdir().unwrap();
    let pumps = root().join("examples/pump-maker.assessment.yaml").display().to_string();
    let (out, _, code) = told(&qizhen(
        dir.path(),
        &["providers", "why-not", &pumps, "示例旧名单集成有限公司"],
    ));
    assert!(code == 0 && out.contains("没有列入，因为名单有效期已过"), "{out}");
    let (_, said, code) = told(&qizhen(
        dir.path(),
        &["providers", "why-not", &pumps, "示例智造科技公司"],
    ));
    assert!(
        code == 2 && said.contains("最接近的是 “示例智造科技有限公司”"),
        "{said}"
    );
    let (out, _, code) = told(&qizhen(dir.path(), &["providers", "exposure", &pumps]));
    assert!(code == 0 && out.contains("1 份评估"), "{out}");
    // An empty list says what to do.
    std::fs::create_dir_all(dir.path().join("data/providers")).unwrap();
    std::fs::write(
        dir.path().join("data/providers/none.yaml"),
        "schema: qizhen/providers/1\n",
    )
    .unwrap();
    for args in [["providers", "list"], ["providers", "check"]] {
        let (out, said, code) = told(&qizhen(dir.path(), &[&args[..], &["--data", "data"]].concat()));
        assert!(code == 0 && out.contains("providers import"), "{out}{said}");
    }
    // Weights of one's own must add up.
    std::fs::create_dir_all(dir.path().join("own/advice")).unwrap();
    let rules = std::fs::read_to_string(root().join("advice/matching.yaml")).unwrap();
    std::fs::write(
        dir.path().join("own/advice/matching.yaml"),
        rules.replace("weight: 35", "weight: 30"),
    )
    .unwrap();
    let (_, said, code) = told(&qizhen(dir.path(), &["check", "own"]));
    assert!(code == 2 && said.contains("合计应为 100，这里是 95"), "{said}");
}
