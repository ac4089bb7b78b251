//! Is a report what the program makes of the answers in it?
//!
//! The answers are scored again and the report is written again. Where program and catalog are those of the report, the file
//! must come out the same to the last byte. Under other rules or another program the results are compared, and the text is
//! vouched for by a trusted signature or by nobody.

use crate::catalog::Catalog;
use crate::comparison::{self, Before, Unreadable};
use crate::diagnosis::{self, Loaded};
use crate::source::diagnostic::Diagnostic;

use super::carriers::{self, Held, Kind};
use super::compare::{fields, standards};
use super::keys::Trusted;
use super::sign::{self, Judged, Judgement, Signatures};
use super::{Data, Order, Outcome, Since, code, photos, rules, sha256};

/// What there is to know about a report.
#[derive(Debug)]
pub struct Checked {
    /// Form of the file.
    pub kind: Kind,
    /// What it carries.
    pub data: Data,
    /// The data as they stand in the file.
    pub raw: Vec<u8>,
    /// The parts of the file.
    pub held: Held,
    /// Every standard of the report: what it says and what came of scoring again.
    pub standards: Vec<Standard>,
    /// Why the answers could not be scored again.
    pub unscored: Option<String>,
    /// Whether the dictionary of facts is another one.
    pub facts_changed: bool,
    /// Where the file has been changed.
    pub altered: Vec<String>,
    /// Why the text could not be compared with what the program writes now; `None` when it was the same.
    pub uncompared: Option<String>,
    /// The signatures.
    pub signatures: Vec<Judged>,
}

/// One standard of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    /// What the report says; `None` when it says nothing and should.
    pub told: Option<Outcome>,
    /// What scoring again gives; `None` when it gives nothing.
    pub now: Option<Outcome>,
    /// Which of its files are others now.
    pub changed: Vec<&'static str>,
}

/// The short answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Results and text are what the program makes of the answers.
    Same,
    /// Results are; a trusted signer vouches for the text, which this edition writes differently.
    Vouched,
    /// Results are; nobody knows about the text.
    Unproven,
    /// Something is not.
    Different,
}

/// Why there is nothing to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unchecked {
    /// Not a report of any kind.
    Unknown,
    /// A report of a kind, but broken.
    Broken(Kind, String),
    /// It carries nothing.
    NoData(Kind),
    /// What it carries cannot be read.
    BadData(Kind, String),
}

impl Standard {
    /// Whether the report says what scoring again gives.
    pub fn same(&self) -> bool {
        matches!((&self.told, &self.now), (Some(told), Some(now)) if told.same(now))
    }
}

impl Checked {
    /// The short answer.
    pub fn verdict(&self) -> Verdict {
        let results = self.unscored.is_none() && self.standards.iter().all(Standard::same);
        if !self.altered.is_empty() || (self.unscored.is_none() && !results) || self.any_invalid() {
            return Verdict::Different;
        }
        match (&self.uncompared, results) {
            (None, true) => Verdict::Same,
            (Some(_), true) if self.any_trusted() => Verdict::Vouched,
            _ => Verdict::Unproven,
        }
    }

    /// Whether a signature was not made over these data.
    pub fn any_invalid(&self) -> bool {
        self.signatures
            .iter()
            .any(|judged| judged.judgement == Judgement::Invalid)
    }

    /// Whether somebody trusted has signed.
    pub fn any_trusted(&self) -> bool {
        self.signatures
            .iter()
            .any(|judged| judged.judgement == Judgement::Trusted)
    }
}

/// Checks a file with the present catalog; `today` is `YYYY-MM-DD`.
pub fn verify(catalog: &Catalog, trusted: &[Trusted], today: &str, file: &[u8]) -> Result<Checked, Unchecked> {
    let kind = Kind::of(file).ok_or(Unchecked::Unknown)?;
    let held = carriers::read(kind, file).map_err(|why| Unchecked::Broken(kind, why))?;
    let raw = held.data.clone().ok_or(Unchecked::NoData(kind))?;
    let data = Data::parse(&raw).map_err(|why| Unchecked::BadData(kind, why))?;
    let mut altered = Vec::new();
    let signatures = signatures(&held, kind, &raw, trusted, &mut altered);
    if data.kind != kind {
        altered.push(format!(
            "数据附件是 {} 文件的，被放进了 {} 文件",
            data.kind.label(),
            kind.label()
        ));
    }
    if data.checksum().ok().as_ref() != Some(&data.check) {
        altered.push("数据附件：内容与它自己的摘要不符".to_owned());
    }
    if code(&data.program, &data.rules, &data.assessment) != data.code {
        altered.push("数据附件：校验码与其中的答案和规则摘要对不上".to_owned());
    }
    let mut checked = Checked {
        kind,
        data,
        raw,
        held,
        standards: Vec::new(),
        unscored: None,
        facts_changed: false,
        altered,
        uncompared: None,
        signatures,
    };
    again(&mut checked, catalog, today, file);
    let intact = checked.held.intact && sha256(&checked.held.body) == checked.data.body;
    if !intact && checked.altered.is_empty() {
        checked
            .altered
            .push("文件与写出时记下的摘要不符：写出以后被改动或另存过".to_owned());
    }
    Ok(checked)
}

fn signatures(held: &Held, kind: Kind, raw: &[u8], trusted: &[Trusted], altered: &mut Vec<String>) -> Vec<Judged> {
    let Some(bytes) = &held.signatures else {
        return Vec::new();
    };
    match Signatures::parse(bytes) {
        Ok(read) => {
            let judged = read.signatures.iter().map(|one| sign::judge(one, kind, raw, trusted));
            judged.collect()
        }
        Err(why) => {
            altered.push(format!("签名读不出来（{why}）"));
            Vec::new()
        }
    }
}

/// The earlier assessment that a report compares with.
fn earlier(catalog: &Catalog, text: &str, new: &Loaded, today: &str) -> Result<Since, String> {
    let before = Before::read(catalog, "上次的评估", text, today).map_err(|wrong| match wrong {
        Unreadable::Assessment(broken) => first(&broken.problems),
        Unreadable::Diagnosis(why) => why,
    })?;
    Ok(Since {
        text: text.to_owned(),
        comparison: comparison::compare(catalog, &before, new)?,
    })
}

/// Scores and writes again, and compares.
fn again(checked: &mut Checked, catalog: &Catalog, today: &str, file: &[u8]) {
    let data = &checked.data;
    let loaded = match diagnosis::read(catalog, "评估文件", &data.assessment, today) {
        Ok(loaded) => loaded,
        Err(broken) => {
            checked.unscored = Some(first(&broken.problems));
            checked.uncompared = Some("答案没有能重新评分".to_owned());
            return;
        }
    };
    let diagnosis = diagnosis::diagnose(catalog, &loaded);
    let now: Vec<Outcome> = diagnosis.standards.iter().map(Outcome::of).collect();
    let rules = rules(catalog, &diagnosis);
    checked.facts_changed = rules.facts != data.rules.facts;
    checked.standards = standards(data, now, &rules);
    let since = match data
        .since
        .as_deref()
        .map(|text| earlier(catalog, text, &loaded, today))
        .transpose()
    {
        Ok(since) => since,
        Err(why) => {
            checked.uncompared = Some(format!("附带的上次评估读不了：{why}"));
            return;
        }
    };
    let (photos, lost) = photos::recover(checked.kind, file, &data.photos);
    let order = Order {
        catalog,
        loaded: &loaded,
        diagnosis: &diagnosis,
        template: &data.template,
        folder: None,
        photos: &photos,
        since: since.as_ref(),
        carried: true,
    };
    let (fresh, raw) = match order.parts(checked.kind) {
        Ok(parts) => parts,
        Err(why) => {
            checked.uncompared = Some(why.trim_end_matches('。').to_owned());
            return;
        }
    };
    let held = &checked.held;
    let body = held.body == fresh;
    if held.intact && body && checked.raw == raw {
        return;
    }
    let edition = (diagnosis.program, diagnosis.catalog.as_str());
    if edition != (data.program.as_str(), data.catalog.as_str()) {
        // The last digits of the catalog are as many as a report prints.
        let short = |digest: &str| digest.get(..12).unwrap_or(digest).to_owned();
        checked.uncompared = Some(format!(
            "报告由企诊 {}（规则 {}）写出，现在是 {}（规则 {}），排版和文字可以不同",
            data.program,
            short(&data.catalog),
            edition.0,
            short(edition.1)
        ));
        return;
    }
    let whole = if held.intact || checked.kind != Kind::Pdf {
        &held.body
    } else {
        file
    };
    if !lost.is_empty() {
        checked
            .altered
            .push(format!("佐证照片不见了或被换过：{}", lost.join("、")));
        return;
    }
    let mut altered = if body && held.intact {
        Vec::new()
    } else {
        carriers::differences(checked.kind, whole, &fresh)
    };
    altered.extend(fields(&checked.raw, &raw));
    if altered.is_empty() {
        altered.push("报告正文没有变，但文件里多了或改了别的内容".to_owned());
    }
    checked.altered.extend(altered);
}

/// What is wrong with an assessment, the first of it.
fn first(problems: &[Diagnostic]) -> String {
    let Some(problem) = problems.first() else {
        return String::new();
    };
    let more = match problems.len() {
        1 => String::new(),
        n => format!("（共 {n} 处）"),
    };
    format!("评估文件第 {} 行：{}{more}", problem.span.line, problem.message)
}
