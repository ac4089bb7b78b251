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
pub mod keys;
mod photos;
pub mod sign;
pub mod verify;
pub mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use carriers::Kind;
use photos::Digests;

use crate::catalog::Catalog;
use crate::diagnosis::{Diagnosis, Loaded, StandardResult};
use crate::report::picture::Pictures;
use crate::report::{self, Mark, Request, view};

/// Name and version of the data.
pub const SCHEMA: &str = "qizhen/seal/1";

/// What a report carries besides its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Form of the file.
    pub kind: Kind,
    /// Version of the program.
    pub program: String,
    /// Digest of the catalog, as in the diagnosis.
    pub catalog: String,
    /// Name of the template; empty where none was used.
    pub template: String,
    /// Who was assessed.
    pub enterprise: String,
    /// Date of the assessment.
    pub date: String,
    /// Number of the report.
    pub report_no: String,
    /// Digest of answers, rules and program; its first digits are printed.
    pub code: String,
    /// Digests of the rules.
    pub rules: Rules,
    /// What came of it.
    pub results: Vec<Outcome>,
    /// Digest of the whole diagnosis.
    pub diagnosis: String,
    /// Digest of the report as plain text; empty for forms that are data themselves.
    pub text: String,
    /// Digest of the file without its attachments.
    pub body: String,
    /// Photos of evidence; the report itself has them.
    pub photos: Digests,
    /// The assessment.
    pub assessment: Given,
    /// Digest of all the above: some of it, like the name of a file, rests on nothing else.
    pub check: String,
}

/// Digests of the files that decide on scores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Dictionary of facts.
    pub facts: String,
    /// The standards of the report.
    pub standards: Vec<StandardRules>,
}

/// Digests of one standard's files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardRules {
    /// The standard.
    pub id: String,
    /// What is asked.
    pub questionnaire: String,
    /// How it is scored.
    pub rulebook: String,
}

/// The result for one standard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The standard.
    pub id: String,
    /// Its short title.
    pub short: String,
    /// Score.
    pub score: Option<f64>,
    /// Full score.
    pub full: f64,
    /// Grade: level and name.
    pub grade: Option<(u8, String)>,
    /// Whether the conditions of the standard hold.
    pub eligible: Option<bool>,
}

/// An assessment as it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Name of its file, without folders.
    pub name: String,
    /// Its text, byte for byte.
    pub text: String,
}

impl Outcome {
    fn of(standard: &StandardResult) -> Self {
        let card = &standard.card;
        Self {
            id: card.id.clone(),
            short: standard.short.clone(),
            score: card.score,
            full: card.full,
            grade: card.grade.as_ref().map(|grade| (grade.level, grade.name.clone())),
            eligible: card.eligible,
        }
    }

    /// Whether two results say the same; numbers that went through a text file may differ in the last digit.
    pub fn same(&self, other: &Outcome) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        let score = match (self.score, other.score) {
            (Some(a), Some(b)) => near(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        score && near(self.full, other.full) && self.grade == other.grade && self.eligible == other.eligible
    }
}

impl Data {
    /// Reads canonical bytes; whatever else they are is told in words.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| format!("不是 JSON（{error}）"))?;
        match value.get("schema").and_then(|schema| schema.as_str()) {
            Some(SCHEMA) => {}
            Some(other) => return Err(format!("是 “{other}”，这个版本的程序只认得 {SCHEMA}，请用新版程序核对")),
            None => return Err(format!("没有写 schema，应为 {SCHEMA}")),
        }
        serde_json::from_value(value).map_err(|error| format!("内容不对（{error}）"))
    }

    /// What [`Data::check`] should be.
    pub fn checksum(&self) -> Result<String, String> {
        let blank = Data {
            check: String::new(),
            ..self.clone()
        };
        Ok(sha256(&canonical(&blank)?))
    }
}

/// SHA-256 in lowercase hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The one way data are written: compact JSON whose text is also safe inside HTML and XML, so that every carrier holds the
/// same bytes.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            // Outside strings JSON has none of them.
            '<' | '>' | '&' | '\u{7f}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => {
                out.push_str(&format!("\\u{:04x}", ch as u32));
            }
            _ => out.push(ch),
        }
    }
    Ok(out.into_bytes())
}

/// Digests of the rules that a diagnosis rests on.
pub fn rules(catalog: &Catalog, diagnosis: &Diagnosis) -> Rules {
    let text = |file: u32| catalog.sources.get(file).map_or("", |source| &*source.text);
    let digest = |file: Option<u32>| file.map_or(String::new(), |file| sha256(text(file).as_bytes()));
    let files: BTreeSet<u32> = catalog.facts.facts.iter().map(|fact| fact.id.span.file).collect();
    let facts: Vec<String> = files.into_iter().map(|file| sha256(text(file).as_bytes())).collect();
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
    code(diagnosis.program, &rules(catalog, diagnosis), &given(loaded).text)
}

fn given(loaded: &Loaded) -> Given {
    loaded.sources.get(0).map_or(
        Given {
            name: String::new(),
            text: String::new(),
        },
        |source| Given {
            name: source.file_name().to_owned(),
            text: source.text.to_string(),
        },
    )
}

/// A report to be written: what was answered, what came of it, and how it shall look.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The assessment.
    pub loaded: &'a Loaded,
    /// Its result.
    pub diagnosis: &'a Diagnosis,
    /// Name of the template.
    pub template: &'a str,
    /// Photos of evidence, by the path under which the assessment names them.
    pub photos: &'a Pictures,
    /// Whether the file carries its data.
    pub carried: bool,
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
    fn mark(&self) -> Mark {
        Mark {
            code: code_of(self.catalog, self.loaded, self.diagnosis),
            carried: self.carried,
        }
    }

    /// The report as Markdown, which carries nothing but prints its code.
    pub fn markdown(&self) -> Result<Vec<u8>, String> {
        let mark = Mark {
            carried: false,
            ..self.mark()
        };
        Ok(report::make(&self.request(&mark))?.markdown().into_bytes())
    }

    /// The report as a file of this kind, with its data unless they were to be left out.
    pub fn file(&self, kind: Kind) -> Result<Vec<u8>, String> {
        let mark = self.mark();
        let Body {
            bytes: body,
            text,
            photos,
        } = self.body(kind, &mark)?;
        if !self.carried {
            return Ok(body);
        }
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
            code: mark.code,
            rules: rules(self.catalog, diagnosis),
            results: diagnosis.standards.iter().map(Outcome::of).collect(),
            diagnosis: sha256(&whole),
            text,
            body: sha256(&carriers::content(kind, &body)?),
            photos,
            assessment: given(self.loaded),
            check: String::new(),
        };
        let data = Data {
            check: data.checksum()?,
            ..data
        };
        carriers::attach(kind, &body, &canonical(&data)?, None)
    }

    fn request<'a>(&'a self, mark: &'a Mark) -> Request<'a> {
        Request {
            catalog: self.catalog,
            diagnosis: self.diagnosis,
            template: self.template,
            photos: Some(self.photos),
            mark: Some(mark),
        }
    }

    fn body(&self, kind: Kind, mark: &Mark) -> Result<Body, String> {
        if kind == Kind::Json {
            let mut json = serde_json::to_vec_pretty(self.diagnosis).map_err(|error| error.to_string())?;
            json.push(b'\n');
            return Ok(Body {
                bytes: json,
                ..Body::default()
            });
        }
        let report = report::make(&self.request(mark))?;
        let bytes = match kind {
            Kind::Html => report.html().into_bytes(),
            Kind::Docx => return Err("这个版本的程序还不能写 DOCX".to_owned()),
            _ => report.pdf()?,
        };
        Ok(Body {
            bytes,
            text: sha256(report.markdown().as_bytes()),
            photos: photos::digests(self.photos, &report.document),
        })
    }
}
