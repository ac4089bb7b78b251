//! The roadmap as projects: what a phase holds, whether that is a technical renovation, what it costs, brings and replaces,
//! and how far it is.

mod renewal;

use serde::Serialize;

pub use renewal::{Renewal, renewals};

use super::measures::{Measures, Service};
use super::path::{PathPlan, Step};
use crate::assessment::Assessment;
use crate::assessment::plans::{Aim, Project, YesNo};
use crate::catalog::Catalog;
use crate::diagnosis::StandardResult;
use crate::enterprise::Profile;
use crate::questionnaire::Domain;
use crate::round::{half_up, show};
use crate::source::At;

/// Investment from which on Qingdao takes a project into its library of key projects, 万元: plan of 2025–2027, section (三).
const LIBRARY_WAN: f64 = 1000.0;
/// Where that holds.
const LIBRARY_REGION: &str = "3702";

/// One project.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ProjectCard {
    /// Id: phase and field, `1-digital`; machines to replace are `renewal`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Phase of the roadmap, from 1; 0 for machines, which wait for no phase.
    pub phase: usize,
    /// Months from the start, and to the end; `null` for machines.
    pub months: Option<(u32, u32)>,
    /// What is done.
    pub content: Vec<Content>,
    /// Machines to replace.
    pub renewal: Vec<Renewal>,
    /// Whether it is a technical renovation for filing and statistics.
    pub renovation: bool,
    /// Why, with the clause.
    pub reason: String,
    /// Lowest and highest investment, 万元; `null` where nobody stated a price.
    pub invest_wan: Option<(f64, f64)>,
    /// Where the investment comes from, or how to get one.
    pub invest_note: String,
    /// Whether it can be registered as a key project, in words; empty where that is not known to exist.
    pub library: String,
    /// What is expected of it.
    pub expected: Vec<String>,
    /// Energy saved a year, kWh, by the machines of which enough is known.
    pub saving_kwh: Option<f64>,
    /// What that is worth a year at the price of power that the enterprise told, 元.
    pub saving_yuan: Option<f64>,
    /// How far it is.
    pub state: ProjectState,
    /// The enterprise's own project that it belongs to.
    pub plan: String,
    /// What to do next.
    pub next: String,
}

impl ProjectCard {
    /// The investment in words.
    pub fn invest(&self) -> String {
        match self.invest_wan {
            Some((low, high)) if low == high => format!("{} 万元", show(low, 2)),
            Some((low, high)) => format!("{}—{} 万元", show(low, 2), show(high, 2)),
            None => "待询价".to_owned(),
        }
    }

    /// When it is done, in words.
    pub fn period(&self) -> String {
        self.months.map_or("随时可以做".to_owned(), |(from, to)| {
            format!("动手后第 {} 到 {to} 个月", from + 1)
        })
    }
}

/// One change within a project.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Content {
    /// Standard.
    pub standard: String,
    /// Item.
    pub item: String,
    /// Title.
    pub title: String,
    /// The answer now and afterwards.
    pub change: String,
    /// Clause that asks for it.
    pub clause: String,
    /// What is to be there afterwards.
    pub goal: String,
    /// Title of the measure.
    pub measure: String,
    /// Whether technology is bought or applied; otherwise it is advice, training, rules.
    pub technical: bool,
    /// Evidence to keep.
    pub evidence: Vec<String>,
}

/// How far a project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProjectState {
    /// Only proposed, by this diagnosis or by the enterprise.
    Proposed,
    /// Filed with the authorities.
    Filed,
    /// Work has begun.
    Started,
    /// Work is finished.
    Finished,
    /// Accepted.
    Accepted,
}

impl ProjectState {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            ProjectState::Proposed => "提出",
            ProjectState::Filed => "已备案",
            ProjectState::Started => "已开工",
            ProjectState::Finished => "已完工",
            ProjectState::Accepted => "已验收",
        }
    }

    fn of(project: &Project, date: &str) -> Self {
        let is = |name: &str| project.value(name, date).is_some_and(|value| value.is_true());
        if project.accepted == Some(YesNo(true)) {
            ProjectState::Accepted
        } else if is("finished") {
            ProjectState::Finished
        } else if is("started") {
            ProjectState::Started
        } else if project.filed == Some(YesNo(true)) {
            ProjectState::Filed
        } else {
            ProjectState::Proposed
        }
    }

    fn next(self, renovation: bool) -> &'static str {
        match self {
            ProjectState::Proposed if renovation => "询价、定预算，开工前到发展改革或行政审批部门办技改备案",
            ProjectState::Proposed => "定负责人和期限，列入年度工作计划",
            ProjectState::Filed => "按期开工，开票、付款、纳统的材料从第一天留起",
            ProjectState::Started => "按月记进度和付款，变更及时报备",
            ProjectState::Finished => "请受理部门验收；同时重新评估一次，与这次对比",
            ProjectState::Accepted => "重新评估一次，与这次对比，兑现政策",
        }
    }
}

/// The projects of an enterprise: the first plan of every path, by phase and field, and the machines to replace.
pub fn cards(
    catalog: &Catalog,
    standards: &[StandardResult],
    machines: Vec<Renewal>,
    assessment: &Assessment,
) -> Vec<ProjectCard> {
    let mut cards: Vec<ProjectCard> = Vec::new();
    for domain in [Domain::Digital, Domain::Energy, Domain::Green] {
        let ways: Vec<(&StandardResult, &PathPlan)> = standards
            .iter()
            .filter(|standard| standard.domain == domain)
            .filter_map(|standard| Some((standard, standard.path.as_ref()?.plans.first()?)))
            .collect();
        for number in 1..=3 {
            let steps: Vec<(&StandardResult, &Step)> = ways
                .iter()
                .flat_map(|(standard, plan)| plan.steps.iter().map(move |step| (*standard, step)))
                .filter(|(_, step)| step.phase == number && !step.result)
                .collect();
            let phase = ways
                .iter()
                .flat_map(|(_, plan)| &plan.phases)
                .find(|phase| phase.number == number);
            if let (Some(phase), false) = (phase, steps.is_empty()) {
                let (low, high) = (phase.from, phase.to);
                let title = format!("{}{}改造", phase.title, domain.label());
                cards.push(of_steps(catalog, domain, &title, number, (low, high), &steps));
            }
        }
    }
    if !machines.is_empty() {
        cards.push(of_machines(machines, assessment.electricity_price));
    }
    for card in &mut cards {
        follow(card, &assessment.enterprise, &assessment.plans, &assessment.date);
    }
    cards.sort_by_key(|card| card.phase);
    cards
}

fn of_steps(
    catalog: &Catalog,
    domain: Domain,
    title: &str,
    phase: usize,
    months: (u32, u32),
    steps: &[(&StandardResult, &Step)],
) -> ProjectCard {
    let content: Vec<Content> = steps
        .iter()
        .map(|(standard, step)| content(catalog, standard, step))
        .collect();
    // Buying and applying technology makes fixed assets; advice, training and rules alone do not.
    let technical = content.iter().any(|content| content.technical);
    let rest: Vec<&str> = content
        .iter()
        .filter(|c| !c.technical)
        .map(|c| c.title.as_str())
        .collect();
    let reason = match (technical, rest.as_slice()) {
        (true, []) | (false, _) => reason(technical).to_owned(),
        (true, rest) => format!(
            "{}。其中{}以咨询、培训、制度为主，不计入技改投资",
            reason(true),
            rest.join("、")
        ),
    };
    let prices: Option<Vec<[f64; 2]>> = steps
        .iter()
        .map(|(_, step)| {
            step.effort
                .money_wan
                .map(|range| range.map(|money| money * step.distance))
        })
        .collect();
    let invest = prices.map(|all| {
        all.iter()
            .fold((0.0, 0.0), |sum, range| (sum.0 + range[0], sum.1 + range[1]))
    });
    let points: f64 = steps.iter().filter_map(|(_, step)| step.points).sum();
    let raised = steps
        .iter()
        .filter(|(_, step)| step.points.is_none_or(|points| points == 0.0));
    let raised: Vec<String> = raised
        .map(|(_, step)| match step.to.strip_suffix(" 级") {
            Some(_) => format!("{} {}", step.title, step.to),
            None => step.title.clone(),
        })
        .collect();
    let mut expected = Vec::new();
    if points > 0.0 {
        expected.push(format!("评测得分增加约 {} 分", show(points, 2)));
    }
    if !raised.is_empty() {
        expected.push(format!("做到：{}", raised.join("、")));
    }
    let key = match domain {
        Domain::Digital => "digital",
        Domain::Energy => "energy",
        Domain::Green => "green",
    };
    ProjectCard {
        id: format!("{phase}-{key}"),
        title: title.to_owned(),
        phase,
        months: Some(months),
        content,
        renewal: Vec::new(),
        renovation: technical,
        reason,
        invest_wan: invest,
        invest_note: if invest.is_some() {
            "按措施文件里写明来源的单价合计".into()
        } else {
            "没有可靠的单价，向两三家服务商询价后填写".into()
        },
        library: String::new(),
        expected,
        saving_kwh: None,
        saving_yuan: None,
        state: ProjectState::Proposed,
        plan: String::new(),
        next: String::new(),
    }
}

fn of_machines(machines: Vec<Renewal>, price: Option<f64>) -> ProjectCard {
    let known: Vec<f64> = machines.iter().filter_map(|machine| machine.saving_kwh).collect();
    let saving = (!known.is_empty()).then(|| known.iter().sum::<f64>());
    let yuan = saving.zip(price).map(|(kwh, price)| half_up(kwh * price, 0));
    let count: f64 = machines.iter().map(|machine| machine.count).sum();
    let mut expected = vec![format!(
        "{} 台（套）设备达到 2 级能效（节能水平）及以上",
        show(count, 0)
    )];
    if let Some(saving) = saving {
        let all = known.len() == machines.len();
        let part = if all { "" } else { "其中能算的" };
        let money = match (price, yuan) {
            (Some(price), Some(yuan)) => format!("，按平均电价 {} 元/kWh，约 {} 元", show(price, 4), show(yuan, 0)),
            _ => "；报上企业的平均电价，就能算出一年省多少电费".to_owned(),
        };
        let rest = if all {
            ""
        } else {
            "。其余设备没有算，不等于省得少，要现场测算"
        };
        expected.push(format!("{part}每年约省电 {} kWh{money}{rest}", show(saving, 0)));
    }
    ProjectCard {
        id: "renewal".into(),
        title: "低效设备更新".into(),
        phase: 0,
        months: None,
        content: Vec::new(),
        renewal: machines,
        renovation: true,
        reason: reason(true).to_owned(),
        invest_wan: None,
        invest_note: "向设备厂家询价；先换运行时间长、命中淘汰目录的".into(),
        library: String::new(),
        expected,
        saving_kwh: saving,
        saving_yuan: yuan,
        state: ProjectState::Proposed,
        plan: String::new(),
        next: String::new(),
    }
}

fn content(catalog: &Catalog, standard: &StandardResult, step: &Step) -> Content {
    let measures = catalog.measures.get(&standard.card.id);
    Content {
        standard: standard.card.id.clone(),
        item: step.item.clone(),
        title: step.title.clone(),
        change: step.change.clone(),
        clause: step.clause.clone(),
        goal: step.goal(),
        measure: step.measure.clone(),
        technical: measures.is_some_and(|measures| applies_technology(measures, &step.measure)),
        evidence: step.evidence.clone(),
    }
}

fn applies_technology(measures: &Measures, title: &str) -> bool {
    let mut found = measures.measures.iter().filter(|measure| measure.title == title);
    found.any(|measure| measure.services.contains(&Service::TechApplication))
}

/// Section (十四) of Qingdao's plan of 2025–2027; the judgement on each project is this tool's.
fn reason(technical: bool) -> &'static str {
    if technical {
        "购置软硬件、改造设备，形成固定资产的部分算，按技改类别备案、纳统（方案（十四））；按年付费的云服务、咨询、培训一般不算。由受理部门认定"
    } else {
        "一般不算：以咨询、培训、制度为主，不形成固定资产，不作技改备案；其中有购置的，购置部分另立项目"
    }
}

/// The enterprise's own project for the same thing: investment, state, and what follows from them.
fn follow(card: &mut ProjectCard, profile: &Profile, plans: &[Project], date: &str) {
    let aims: &[Aim] = match card.id.as_str() {
        "renewal" => &[Aim::Renewal, Aim::Energy],
        id if id.ends_with("digital") => &[Aim::Digital],
        _ => &[Aim::Green, Aim::Energy],
    };
    let mut whole = None;
    let fits = |plan: &&Project| {
        plan.aims
            .as_ref()
            .is_some_and(|own| own.iter().any(|aim| aims.contains(aim)))
    };
    if let Some(plan) = plans.iter().find(fits) {
        let At { value: name, .. } = &plan.name;
        card.plan.clone_from(name);
        card.state = ProjectState::of(plan, date);
        if let (None, Some(invest)) = (card.invest_wan, plan.invest_wan) {
            // One project of the enterprise can hold several cards: its sum is not that of any of them.
            card.invest_note = format!(
                "企业所报“{name}”总投资 {} 万元，本卡只是其中一部分，分项待询价",
                show(invest, 2)
            );
        }
        whole = plan.invest_wan;
    }
    card.next = card.state.next(card.renovation).to_owned();
    if card.renovation && profile.region.code().starts_with(LIBRARY_REGION) {
        let mark = show(LIBRARY_WAN, 0);
        // The library takes the whole project, not a part of it.
        let least = whole.or(card.invest_wan.map(|(low, _)| low));
        let most = whole.or(card.invest_wan.map(|(_, high)| high));
        card.library = match (least, most) {
            (Some(least), _) if least >= LIBRARY_WAN => {
                format!("项目总投资达到 {mark} 万元，可申请进青岛市重点技改项目库（方案（三））")
            }
            (_, Some(most)) if most < LIBRARY_WAN => {
                format!(
                    "现报总投资 {} 万元，离青岛市重点技改项目库的 {mark} 万元还差 {} 万元；同期的改造并成一个项目、达到的可申请（方案（三））",
                    show(most, 2),
                    show(LIBRARY_WAN - most, 2)
                )
            }
            _ => format!("询价后总投资达到 {mark} 万元的，可申请进青岛市重点技改项目库（方案（三））"),
        };
    }
}
