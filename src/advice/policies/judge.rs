//! How each policy stands for one enterprise on one day.
//!
//! What is not told is never a refusal, and what only people can tell is never taken for granted: it is listed for
//! checking. Amounts are upper bounds of single policies; they are never added up, for most exclude each other in ways
//! that no source spells out.

use std::collections::BTreeMap;

use super::Policy;
use super::compile::{Amount, Condition};
use super::standing::{Estimate, Lacking, Policies, Refused, Standing, State};
use crate::assessment::Assessment;
use crate::assessment::told::Told;
use crate::names::{Desk, Missing};
use crate::round::{half_up, show};

/// Judges all policies on the day of the assessment.
pub fn judge<'a>(policies: &[Policy], desk: &mut Desk<'a>, assessment: &'a Assessment) -> Policies {
    let (region, date) = (assessment.enterprise.region.code(), assessment.date.as_str());
    let mut all = Policies::default();
    let mut shown: Vec<(&Policy, Standing)> = Vec::new();
    for policy in policies {
        if !policy.holds_in(region) {
            all.elsewhere += 1;
        } else if policy.valid_until.as_deref().is_some_and(|last| last < date) {
            all.expired += 1;
        } else if policy.valid_from.as_deref().is_some_and(|first| first > date) {
            all.upcoming += 1;
        } else {
            let best = best(policy, desk, assessment);
            if best.state == State::No {
                all.refused.push(Refused {
                    id: policy.id.value.clone(),
                    title: policy.title.clone(),
                    reasons: best.failed,
                });
            } else {
                shown.push((policy, standing(policy, best, assessment)));
            }
        }
    }
    let local = |policy: &Policy| {
        policy
            .regions
            .iter()
            .map(|r| r.trim_matches('*').len())
            .max()
            .unwrap_or(0)
    };
    shown.sort_by_key(|(policy, standing)| (standing.state, std::cmp::Reverse(local(policy))));
    exclusive(&mut shown);
    all.entries = shown.into_iter().map(|(_, standing)| standing).collect();
    all
}

/// What came of one policy for one project.
struct Verdict {
    state: State,
    project: Option<String>,
    met: Vec<String>,
    failed: Vec<String>,
    lacking: Option<Lacking>,
    missing: Vec<Missing>,
    to_check: Vec<String>,
    amount: Option<Estimate>,
}

/// The project for which a policy stands best; without projects, the policy by itself.
fn best<'a>(policy: &Policy, desk: &mut Desk<'a>, assessment: &'a Assessment) -> Verdict {
    let told = |condition: &Condition| {
        let about = |told: &&Told| told.policy.value == policy.id.value && told.condition.value == condition.id;
        assessment.told.iter().find(about).map(|told| told.holds)
    };
    desk.set_project(None);
    let alone = verdict(policy, desk, told);
    if !policy.of_a_project() || assessment.plans.is_empty() {
        return alone;
    }
    let mut best: Option<Verdict> = None;
    for project in &assessment.plans {
        desk.set_project(Some(project));
        let mut found = verdict(policy, desk, told);
        found.project = Some(project.name.value.clone());
        if best.as_ref().is_none_or(|best| found.state < best.state) {
            best = Some(found);
        }
    }
    desk.set_project(None);
    best.unwrap_or(alone)
}

fn verdict(policy: &Policy, desk: &Desk, told: impl Fn(&Condition) -> Option<bool>) -> Verdict {
    let mut verdict = Verdict {
        state: State::Likely,
        project: None,
        met: Vec::new(),
        failed: Vec::new(),
        lacking: None,
        missing: Vec::new(),
        to_check: Vec::new(),
        amount: None,
    };
    let (mut weighed, mut open, mut refusals) = (false, false, 0_u32);
    for condition in &policy.conditions {
        match weigh(policy, condition, desk, told(condition)) {
            Weighed::Holds => {
                weighed = true;
                verdict.met.push(condition.text.clone());
            }
            Weighed::Fails(say) => {
                weighed = true;
                verdict.failed.push(condition.text.clone());
                match say {
                    Some(say) if verdict.lacking.is_none() => {
                        verdict.lacking = Some(Lacking {
                            condition: condition.text.clone(),
                            say,
                        });
                    }
                    _ => refusals += 1,
                }
            }
            Weighed::Untold(missing) => {
                open = true;
                verdict.missing.extend(missing);
            }
            Weighed::ForPeople => verdict.to_check.push(condition.text.clone()),
        }
    }
    verdict.missing.sort();
    verdict.missing.dedup();
    verdict.state = match (refusals, &verdict.lacking) {
        (1.., _) => State::No,
        (0, Some(_)) => State::Near,
        // Where nothing could be told, nothing is likely.
        (0, None) if open || !weighed => State::Unknown,
        (0, None) => State::Likely,
    };
    // While it is open whether there is anything at all, a number would be taken for a promise.
    let computed = !open && matches!(verdict.state, State::Likely | State::Near);
    verdict.amount = policy.amount.as_ref().map(|amount| estimate(amount, desk, computed));
    verdict
}

enum Weighed {
    Holds,
    /// And what is lacking, where it can be met by doing something.
    Fails(Option<String>),
    Untold(Vec<Missing>),
    ForPeople,
}

fn weigh(policy: &Policy, condition: &Condition, desk: &Desk, told: Option<bool>) -> Weighed {
    let (truth, untold) = match &condition.when {
        Some(when) => {
            let truth = desk.context(when.names()).and_then(|context| when.truth(context));
            (truth, desk.missing(when.names()))
        }
        None if condition.ask => (told, vec![question(policy, condition)]),
        None => return Weighed::ForPeople,
    };
    match truth {
        Some(true) => Weighed::Holds,
        Some(false) => Weighed::Fails(condition.near.as_ref().and_then(|near| near.render(desk))),
        None => Weighed::Untold(untold),
    }
}

/// A condition that the enterprise has to answer, as something missing.
fn question(policy: &Policy, condition: &Condition) -> Missing {
    let (policy, id) = (&policy.id.value, &condition.id);
    Missing {
        name: format!("policies.{policy}.{id}"),
        what: condition.text.clone(),
        fill: format!("policies 下 {policy} 的 {id}，答 是 或 否"),
    }
}

/// Rate × base up to the cap, or the fixed amount.
fn estimate(amount: &Amount, desk: &Desk, computed: bool) -> Estimate {
    let mut estimate = Estimate {
        say: amount.say.clone(),
        most_wan: None,
        how: String::new(),
        confidence: amount.confidence,
    };
    if !computed {
        return estimate;
    }
    if let Some(fixed) = amount.fixed_wan {
        estimate.most_wan = Some(fixed);
        estimate.how = format!("定额 {} 万元", show(fixed, 2));
        return estimate;
    }
    let base = amount.base.as_ref();
    let base = base.and_then(|base| base.number(desk.context(base.names())?));
    if let (Some(rate), Some(base)) = (amount.rate_pct, base.filter(|base| *base > 0.0)) {
        let whole = half_up(base * rate / 100.0, 2);
        let sum = format!("{} 万元 × {} %", show(base, 2), show(rate, 2));
        match amount.cap_wan.filter(|cap| *cap < whole) {
            Some(cap) => {
                estimate.most_wan = Some(cap);
                estimate.how = format!(
                    "{sum} = {} 万元，超过上限，按上限 {} 万元计",
                    show(whole, 2),
                    show(cap, 2)
                );
            }
            None => {
                estimate.most_wan = Some(whole);
                estimate.how = format!("{sum} = {} 万元", show(whole, 2));
            }
        }
    }
    estimate
}

fn standing(policy: &Policy, verdict: Verdict, assessment: &Assessment) -> Standing {
    let state = verdict.state;
    let time = time(policy, verdict.project.as_deref(), assessment);
    Standing {
        id: policy.id.value.clone(),
        title: policy.title.clone(),
        kind: policy.kind.label(),
        finance: policy.kind.is_finance(),
        state,
        label: state.label(),
        tone: state.tone(),
        project: verdict.project,
        source: policy.source.clone(),
        clause: policy.clause.clone(),
        valid: valid(policy),
        days_left: days_left(policy, &assessment.date),
        time,
        as_of: policy.as_of.clone(),
        confidence: policy.confidence,
        gives: policy.gives.clone(),
        amount: verdict.amount,
        conditions: policy.conditions.iter().map(|c| c.text.clone()).collect(),
        met: verdict.met,
        lacking: verdict.lacking,
        missing: verdict.missing,
        to_check: verdict.to_check,
        exclusive_with: Vec::new(),
        papers: policy.papers.clone(),
        note: policy.note.clone(),
    }
}

fn days_left(policy: &Policy, date: &str) -> Option<i32> {
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    let last = day(policy.valid_until.as_deref()?)?;
    Some((last - day(date)?).get_days())
}

/// Days before its end from which on a policy is said to end soon.
const SOON: i32 = 90;

/// What there is to say about time.
fn time(policy: &Policy, project: Option<&str>, assessment: &Assessment) -> String {
    let Some(last) = policy.valid_until.as_deref() else {
        return String::new();
    };
    let mut plans = assessment.plans.iter();
    let start = plans.find(|plan| Some(plan.name.value.as_str()) == project);
    let start = start.and_then(|plan| Some(plan.start.as_ref()?.value.as_str()));
    // Months compare with days as text: a month begins before each of its days.
    if let Some(start) = start.filter(|start| *start > last) {
        return format!("项目 {start} 才开工，这里 {last} 到期，除非延期，否则用不上");
    }
    match days_left(policy, &assessment.date) {
        Some(days) if days <= SOON => format!("还有 {days} 天到期"),
        _ => String::new(),
    }
}

fn valid(policy: &Policy) -> String {
    let mut parts: Vec<String> = Vec::new();
    match (&policy.valid_from, &policy.valid_until) {
        (Some(from), Some(until)) => parts.push(format!("{from} 至 {until}")),
        (Some(from), None) => parts.push(format!("{from} 起")),
        (None, Some(until)) => parts.push(format!("至 {until}")),
        (None, None) => {}
    }
    parts.extend(Some(policy.validity.clone()).filter(|text| !text.is_empty()));
    parts.join("，")
}

/// Tells each policy which of the others shown it excludes, whichever of the two says so.
fn exclusive(shown: &mut [(&Policy, Standing)]) {
    let titles: BTreeMap<String, String> = shown
        .iter()
        .map(|(_, standing)| (standing.id.clone(), standing.title.clone()))
        .collect();
    let pairs: Vec<(String, String)> = shown
        .iter()
        .flat_map(|(policy, _)| {
            policy
                .excludes
                .iter()
                .map(|other| (policy.id.value.clone(), other.value.clone()))
        })
        .collect();
    for (_, standing) in shown {
        let others = titles.iter().filter(|(id, _)| {
            let pair = |a: &str, b: &str| pairs.iter().any(|(x, y)| x == a && y == b);
            pair(&standing.id, id) || pair(id, &standing.id)
        });
        standing.exclusive_with = others.map(|(_, title)| title.clone()).collect();
    }
}
