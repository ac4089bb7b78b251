//! A questionnaire in an Excel workbook → drafts of a questionnaire and a rulebook.
//!
//! [`book`] reads cells, [`header`] finds the columns, [`rows`] tells which rows make a question, [`question`] and [`choices`]
//! understand it, [`draft`] writes it down. Every mistake names its sheet and cell; all are told at once.

pub mod book;
pub mod choices;
pub mod csv;
pub mod draft;
pub mod header;
pub mod question;
pub mod rows;
pub mod sample;
pub mod text;
pub mod yaml;

use crate::catalog::Broken;
use crate::questionnaire::Domain;
use crate::source::SourceMap;
use crate::source::diagnostic::{self, Code, Diagnostic};

use book::Sheet;
use header::Header;
use question::Question;
use rows::Problems;

/// What the workbook does not say.
#[derive(Debug, Clone)]
pub struct Options {
    /// Id of the new standard.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its field of work.
    pub domain: Domain,
}

/// A section with its questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Its questions.
    pub questions: Vec<Question>,
}

/// What came of a workbook.
#[derive(Debug, Clone)]
pub struct Drafts {
    /// Text of `questionnaires/<id>.yaml`.
    pub questionnaire: String,
    /// Text of `scoring-rules/<id>.yaml`.
    pub rulebook: String,
    /// The sections, as read.
    pub sections: Vec<Section>,
    /// Things to look at.
    pub warnings: Vec<Diagnostic>,
    /// The sheets as text, for the warnings.
    pub sources: SourceMap,
}

impl Drafts {
    /// Number of questions.
    pub fn questions(&self) -> usize {
        self.sections.iter().map(|section| section.questions.len()).sum()
    }

    /// Full points of everything together.
    pub fn full(&self) -> f64 {
        draft::full(self.sections.iter().flat_map(|section| &section.questions))
    }
}

/// Reads a workbook; `file` is its name in messages and in the drafts.
pub fn import(file: &str, bytes: Vec<u8>, options: &Options) -> Result<Drafts, Broken> {
    let mut sources = SourceMap::default();
    let mut problems = Problems::default();
    let sheets = book::read(file, bytes, &mut sources, &mut problems.found);
    let tables = tables(file, &sheets, &mut sources, &mut problems);
    let sections = sections(&tables, &mut problems);
    let mut problems = problems.found;
    diagnostic::sort(&mut problems);
    if diagnostic::has_errors(&problems) {
        return Err(Broken { problems, sources });
    }
    let questionnaire = draft::questionnaire(file, &sections, options).document();
    let rulebook = draft::rulebook(file, &sections, options).document();
    draft::check(&questionnaire, &rulebook)?;
    Ok(Drafts {
        questionnaire,
        rulebook,
        sections,
        warnings: problems,
        sources,
    })
}

/// The sheets that have a header. A sheet without one is left out with a word, unless all are.
fn tables<'a>(
    file: &str,
    sheets: &'a [Sheet],
    sources: &mut SourceMap,
    problems: &mut Problems,
) -> Vec<(&'a Sheet, Header)> {
    let unreadable = diagnostic::has_errors(&problems.found);
    let mut tables = Vec::new();
    let mut others = Vec::new();
    for sheet in sheets {
        match header::find(sheet, &mut problems.found) {
            Some(header) => tables.push((sheet, header)),
            None if sheet.rows().is_empty() => {}
            None => others.push(sheet),
        }
    }
    const EXPECTED: &str =
        "表头是一行，至少有 题目、题型、选项、分值 几列；qizhen import-questionnaire --sample 样例.xlsx 写出一份样例";
    if sheets.iter().all(|sheet| sheet.rows().is_empty()) && !unreadable {
        let span = book::nowhere(file, sources);
        problems.push(Diagnostic::error(Code::Empty, span, "工作簿里没有内容").hint(EXPECTED));
    }
    let plain = |name: &str| ["说明", "目录", "封面"].iter().any(|word| name.contains(word));
    for sheet in others {
        let (row, column, near) = match header::nearly(sheet) {
            Some((row, column, near)) => (row, column, Some(near)),
            None => (
                sheet.rows()[0],
                sheet.columns(sheet.rows()[0]).next().unwrap_or(0),
                None,
            ),
        };
        if tables.is_empty() {
            let problem = sheet.error(Code::Header, row, column, "没有找到表头");
            problems.push(problem.maybe_hint(near).hint(EXPECTED));
        } else if !plain(&sheet.name) {
            let problem = sheet.warning(Code::NotRead, row, column, "这张表没有表头，没有读");
            problems.push(problem.maybe_hint(near));
        }
    }
    tables
}

/// The questions of all sheets by section, with their ids.
fn sections(tables: &[(&Sheet, Header)], problems: &mut Problems) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut taken: Vec<(String, String)> = Vec::new();
    let mut count = 0;
    for (sheet, header) in tables {
        let raws = rows::questions(sheet, header, problems);
        if raws.is_empty() {
            let (row, column) = (header.row, header.fields().map(|(_, column)| column).min().unwrap_or(0));
            problems.push(sheet.error(Code::Empty, row, column, "表头下面没有题目"));
        }
        for raw in raws {
            count += 1;
            let Some(question) = question::read(&raw, problems) else {
                continue;
            };
            let place = raw
                .sheet
                .place(raw.rows[0], header.column(header::Field::Id).unwrap_or(0));
            match taken.iter().find(|(id, _)| *id == question.id && !id.is_empty()) {
                Some((id, first)) => {
                    let message = format!("编号 “{id}” 重复，{first} 已有");
                    let hint = "每部分从 1 编起时，写成 1.1、2.1 并把这一列设成文本格式；或清空这一列，由程序编号";
                    problems.push(raw.error(header::Field::Id, Code::DuplicateId, message).hint(hint));
                }
                None => taken.push((question.id.clone(), place)),
            }
            let title = section_title(&raw.section, &sheet.name);
            match sections.iter_mut().find(|section| section.title == title) {
                Some(section) => section.questions.push(question),
                None => sections.push(Section {
                    title,
                    questions: vec![question],
                }),
            }
        }
    }
    let unscored = sections
        .iter()
        .flat_map(|section| &section.questions)
        .all(|question| question.full.is_none());
    if let Some((sheet, header)) = tables
        .first()
        .filter(|_| unscored && count > 0 && !diagnostic::has_errors(&problems.found))
    {
        let column = header.column(header::Field::Points).unwrap_or(0);
        problems.push(sheet.error(Code::MissingField, header.row, column, "没有一道计分的题"));
    }
    give_ids(&mut sections);
    sections
}

/// Where the sheet names no section, its own name is one, unless it is only `Sheet1`.
fn section_title(section: &str, sheet: &str) -> String {
    let unnamed = ["Sheet", "sheet", "工作表", "表"].iter().any(|name| {
        sheet
            .strip_prefix(name)
            .is_some_and(|rest| rest.trim().chars().all(|c| c.is_ascii_digit()))
    });
    match (section.is_empty(), unnamed) {
        (false, _) => section.to_owned(),
        (true, false) => sheet.trim().to_owned(),
        (true, true) => "评测内容".to_owned(),
    }
}

/// Numbers the questions that have no id of their own.
fn give_ids(sections: &mut [Section]) {
    let mut taken: Vec<String> = sections
        .iter()
        .flat_map(|section| &section.questions)
        .map(|question| question.id.clone())
        .collect();
    for (index, question) in sections
        .iter_mut()
        .flat_map(|section| &mut section.questions)
        .enumerate()
    {
        if question.id.is_empty() {
            let id = (index + 1..)
                .map(|number| format!("q{number:02}"))
                .find(|id| !taken.contains(id));
            question.id = id.unwrap_or_default();
            taken.push(question.id.clone());
        }
    }
}
