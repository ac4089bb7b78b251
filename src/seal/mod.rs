//! Reports that can be checked: a report file carries what it was made of, and anyone with the program can make it again.
//!
//! ```text
//! assessment ─ diagnose ─ report ─▶ body ─┬─▶ file = body + data [+ signatures]      (carriers/)
//!                                         └─ digest ─▶ data ◀─ digest ─ signature    (sign.rs)
//! file ─▶ data ─▶ diagnose again, report again ─▶ the same bytes, or where not        (verify.rs)
//! ```
//!
//! The *body* is the report as any program shows it. The *data* hold the answers, the results, the digests of the rules and
//! that of the body, so a signature over the data stands for all of it. The *code* that is printed is a digest of answers,
//! rules and program: it is known before the report is, and depends neither on itself nor on the form of the report.

pub mod carriers;
mod compare;
mod data;
pub mod keys;
mod photos;
pub mod sign;
pub mod verify;
pub mod words;

use std::collections::BTreeSet;

pub use crate::digest::sha256;
pub use carriers::Kind;
pub use data::{Data, Outcome, Rules, SCHEMA, StandardRules, canonical};
use photos::Digests;

use crate::catalog::Catalog;
use crate::comparison::Comparison;
use crate::diagnosis::{Diagnosis, Loaded};
use crate::report::format::Format;
use crate::report::picture::Pictures;
use crate::report::template::folder::Folder;
use crate::report::{self, Mark, Report, Request, view, xlsx};

/// Digests of the rules that a diagnosis rests on.
pub fn rules(catalog: &Catalog, diagnosis: &Diagnosis) -> Rules {
    let of = |file: u32| {
        catalog
            .sources
            .get(file)
            .map_or("", |source| source.sha256())
            .to_owned()
    };
    let digest = |file: Option<u32>| file.map_or(String::new(), of);
    let files: BTreeSet<u32> = catalog.facts.facts.iter().map(|fact| fact.id.span.file).collect();
    let facts: Vec<String> = files.into_iter().map(of).collect();
    let standards = diagnosis.standards.iter().map(|standard| {
        let id = &standard.card.id;
        StandardRules {
            id: id.clone(),
            questionnaire: digest(catalog.questionnaires.get(id).map(|q| q.id.span.file)),
            rulebook: digest(catalog.rulebook_files.get(id).copied()),
        }
    });
    Rules {
        facts: sha256(facts.join("\n").as_bytes()),
        standards: standards.collect(),
    }
}

/// Digest of answers, rules and program.
pub fn code(program: &str, rules: &Rules, assessment: &str) -> String {
    let mut text = format!("qizhen/code/1\nprogram {program}\nfacts {}\n", rules.facts);
    for standard in &rules.standards {
        text += &format!("{} {} {}\n", standard.id, standard.questionnaire, standard.rulebook);
    }
    text += &format!("assessment {}\n", sha256(assessment.as_bytes()));
    sha256(text.as_bytes())
}

/// The code of an assessment under the rules of a catalog.
pub fn code_of(catalog: &Catalog, loaded: &Loaded, diagnosis: &Diagnosis) -> String {
    code(diagnosis.program, &rules(catalog, diagnosis), text(loaded))
}

fn text(loaded: &Loaded) -> &str {
    loaded.sources.get(0).map_or("", |source| &source.text)
}

/// A report to be written: what was answered, what came of it, and how it shall look.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The assessment.
    pub loaded: &'a Loaded,
    /// Its result.
    pub diagnosis: &'a Diagnosis,
    /// Name of the template.
    pub template: &'a str,
    /// The template, where it has been opened already: for many reports once is enough.
    pub folder: Option<&'a Folder>,
    /// Photos of evidence, by the path under which the assessment names them.
    pub photos: &'a Pictures,
    /// An earlier assessment to compare with.
    pub since: Option<&'a Since>,
    /// Whether the files carry their data.
    pub carried: bool,
}

/// An earlier assessment of the same enterprise.
#[derive(Debug, Clone)]
pub struct Since {
    /// Its text, or that of the diagnosis written then.
    pub text: String,
    /// What changed.
    pub comparison: Comparison,
}

/// A report without attachments.
#[derive(Default)]
struct Body {
    bytes: Vec<u8>,
    /// Digest of its words.
    text: String,
    photos: Digests,
}

impl Order<'_> {
    /// The report in each of these forms, in their order. Files that can carry their data do, unless they were to be left
    /// out. Errors are in words for whoever wrote the template.
    pub fn files(&self, formats: &[Format]) -> Result<Vec<Vec<u8>>, String> {
        let rules = rules(self.catalog, self.diagnosis);
        // Markdown carries nothing and says so: at most two reports differ in that, and each is made once.
        let carries = |format: &Format| self.carried && *format != Format::Md;
        let make = |carried: bool| {
            let wanted = formats
                .iter()
                .any(|format| !matches!(format, Format::Json | Format::Xlsx) && carries(format) == carried);
            wanted.then(|| self.report(&rules, carried)).transpose()
        };
        let (with, without) = (make(true)?, make(false)?);
        let file = |format: &Format| match (Kind::of_format(*format), &without) {
            (Some(kind), _) => {
                let report = if carries(format) { &with } else { &without };
                let body = self.body(kind, report.as_ref(), carries(format))?;
                if !carries(format) {
                    return Ok(body.bytes);
                }
                let data = self.data(kind, &rules, &body)?;
                carriers::attach(kind, &body.bytes, &data, None)
            }
            (None, Some(report)) if *format == Format::Md => Ok(report.markdown().into_bytes()),
            (None, _) => xlsx::render(self.diagnosis),
        };
        formats.iter().map(file).collect()
    }

    /// The content of the file without its data, and the data.
    pub(crate) fn parts(&self, kind: Kind) -> Result<(Vec<u8>, Vec<u8>), String> {
        let rules = rules(self.catalog, self.diagnosis);
        let report = (kind != Kind::Json).then(|| self.report(&rules, true)).transpose()?;
        let body = self.body(kind, report.as_ref(), true)?;
        Ok((carriers::content(kind, &body.bytes)?, self.data(kind, &rules, &body)?))
    }

    fn code(&self, rules: &Rules) -> String {
        code(self.diagnosis.program, rules, text(self.loaded))
    }

    fn report(&self, rules: &Rules, carried: bool) -> Result<Report, String> {
        let mark = Mark {
            code: self.code(rules),
            carried,
        };
        report::make(&Request {
            catalog: self.catalog,
            diagnosis: self.diagnosis,
            template: self.template,
            folder: self.folder,
            photos: Some(self.photos),
            mark: Some(&mark),
            comparison: self.since.map(|since| &since.comparison),
        })
    }

    fn data(&self, kind: Kind, rules: &Rules, body: &Body) -> Result<Vec<u8>, String> {
        let diagnosis = self.diagnosis;
        let whole = serde_json::to_vec(diagnosis).map_err(|error| error.to_string())?;
        let data = Data {
            schema: SCHEMA.to_owned(),
            kind,
            program: diagnosis.program.to_owned(),
            catalog: diagnosis.catalog.clone(),
            template: if kind == Kind::Json { "" } else { self.template }.to_owned(),
            enterprise: diagnosis.enterprise.name.clone(),
            date: diagnosis.date.clone(),
            report_no: view::report_number(diagnosis),
            code: self.code(rules),
            rules: rules.clone(),
            results: diagnosis.standards.iter().map(Outcome::of).collect(),
            diagnosis: sha256(&whole),
            text: body.text.clone(),
            body: sha256(&carriers::content(kind, &body.bytes)?),
            photos: body.photos.clone(),
            assessment: text(self.loaded).to_owned(),
            since: self
                .since
                .filter(|_| kind != Kind::Json)
                .map(|since| since.text.clone()),
            check: String::new(),
        };
        let data = Data {
            check: data.checksum()?,
            ..data
        };
        canonical(&data)
    }

    /// The file before anything is attached; JSON is made without a report.
    fn body(&self, kind: Kind, report: Option<&Report>, carried: bool) -> Result<Body, String> {
        let Some(report) = report.filter(|_| kind != Kind::Json) else {
            let mut json = serde_json::to_vec_pretty(self.diagnosis).map_err(|error| error.to_string())?;
            json.push(b'\n');
            return Ok(Body {
                bytes: json,
                ..Body::default()
            });
        };
        let bytes = match kind {
            Kind::Html => report.html().into_bytes(),
            Kind::Docx => report.docx()?,
            _ if carried => report.pdf_to_attach()?,
            _ => report.pdf()?,
        };
        Ok(Body {
            bytes,
            text: sha256(report.markdown().as_bytes()),
            photos: photos::digests(self.photos, &report.document),
        })
    }
}
