//! What there is to say about a code, for the terminal and for `docs/codes.md`.

use super::{Book, Entry, Example, Kind, kind};
use crate::catalog::Catalog;
use crate::source::diagnostic::{self, Code};

const INTRO: &str = "\
# 错误代码

由 `qizhen show codes --markdown` 生成，不要手改。E 是错误，改正之前不评分、不写文件；W 是提醒，不影响评分。
每个例子只有一处不对，“程序的提示”是程序读这个例子时说的话。`qizhen show codes E0203` 打印一个代码和例子的全文。

例子多半由下面几个没有错的文件改来，只写出改动的那几行；数据目录里的文件总是放在一起检查。
";

/// A code for the terminal.
pub fn text(book: &Book, entry: &Entry, code: Code, builtin: &Catalog) -> String {
    let mut out = format!("{}  {}\n\n【为什么】\n{}\n", code.as_str(), code.meaning(), entry.why);
    let Some(example) = book.example(entry) else {
        return out + &format!("\n【怎么办】\n{}\n", entry.fix);
    };
    let label = kind(example.path).label();
    out += &format!("\n【例子】{label} {}\n{}", example.path, ended(&example.text));
    out += &beside(book, &example).map_or(String::new(), |names| format!("（同目录的 {names} 没有错，从略）\n"));
    out += &format!("\n【程序的提示】\n{}", said(book, &example, builtin));
    out += &format!("\n【怎么改】\n{}\n", entry.fix);
    if let Some((wrong, right)) = change(&example) {
        out += &format!("写错：\n{}写对：\n{}", indented(&wrong), indented(&right));
    }
    out
}

/// All codes as a page: the sound files, then a section a code.
pub fn markdown(book: &Book, builtin: &Catalog) -> String {
    let mut out = INTRO.to_owned();
    for (path, text) in &book.sound {
        out += &format!(
            "\n{} `{path}`：\n\n{}",
            kind(path).label(),
            fenced(language(path), text)
        );
    }
    for code in Code::ALL {
        out += &format!("\n## {} {}\n", code.as_str(), code.meaning());
        if let Some(entry) = book.entry(*code) {
            section(book, entry, builtin, &mut out);
        }
    }
    out
}

fn section(book: &Book, entry: &Entry, builtin: &Catalog, out: &mut String) {
    *out += &format!("\n{}\n", entry.why);
    let fix = format!("\n怎么改：{}\n", entry.fix);
    let Some(example) = book.example(entry) else {
        *out += &fix;
        return;
    };
    let (label, path) = (kind(example.path).label(), example.path);
    let language = if example.is_as_shown() { language(path) } else { "text" };
    let change = change(&example).filter(|(wrong, _)| !wrong.is_empty());
    *out += &match &change {
        Some((wrong, _)) => format!("\n例子，{label} `{path}` 里写成：\n\n{}", fenced(language, wrong)),
        None => format!("\n例子，{label} `{path}`：\n\n{}", fenced(language, &example.text)),
    };
    *out += &format!("\n程序的提示：\n\n{}", fenced("text", &said(book, &example, builtin)));
    *out += &fix;
    if let Some((_, right)) = change.filter(|(_, right)| !right.is_empty()) {
        *out += &format!("\n应写成：\n\n{}", fenced(language, &right));
    }
}

/// What the program says, without the blank lines at the end.
fn said(book: &Book, example: &Example, builtin: &Catalog) -> String {
    let (problems, sources) = book.told(example, builtin);
    let said = diagnostic::render(&problems, &sources, false);
    let lines: Vec<&str> = said.trim_end().lines().map(str::trim_end).collect();
    ended(&lines.join("\n"))
}

/// The other files of the data directory in which an example stands.
fn beside(book: &Book, example: &Example) -> Option<String> {
    let others = book.sound.keys().map(String::as_str);
    let others: Vec<&str> = others
        .filter(|path| kind(path) == Kind::Data && *path != example.path)
        .collect();
    (kind(example.path) == Kind::Data).then(|| others.join("、"))
}

/// The lines in which an example differs from the sound file: as they are there, and as they should be.
fn change(example: &Example) -> Option<(String, String)> {
    let wrong: Vec<&str> = example.text.lines().collect();
    let right: Vec<&str> = example.sound?.lines().collect();
    let before = wrong.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let ends = wrong[before..].iter().rev().zip(right[before..].iter().rev());
    let after = ends.take_while(|(a, b)| a == b).count();
    let part = |lines: &[&str]| lines[before..lines.len() - after].join("\n");
    Some((part(&wrong), part(&right)))
}

fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

fn marked(mark: &str, text: &str) -> String {
    text.lines().map(|line| format!("{mark}{line}\n")).collect()
}

/// Lines set off by two blanks.
fn indented(text: &str) -> String {
    if text.is_empty() {
        return "  （删去）\n".to_owned();
    }
    marked("  ", text)
}

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}```\n", ended(text))
}

fn language(path: &str) -> &'static str {
    match kind(path) {
        Kind::Workbook => "text",
        Kind::Assessment | Kind::Data => "yaml",
    }
}
