//! New answers put into an assessment file, with everything else left as people wrote it.

use super::{Carried, Open};
use crate::source::yaml::{Data, Node};

/// Why a file cannot be edited in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// `answers` is written on one line.
    #[error("answers 写成了一行（花括号形式），没法逐行补写；请先改成每题一行")]
    Flow,
    /// There is no `answers`.
    #[error("文件里没有 answers")]
    NoAnswers,
}

/// The text with a block for `standard` that has the carried answers and blank lines for what is open. Nothing that is there
/// is changed; a second call with its own result has nothing to add.
pub fn insert(
    text: &str,
    node: &Node,
    standard: &str,
    title: &str,
    carried: &[Carried],
    open: &[Open],
) -> Result<String, EditError> {
    let key = node
        .entries()
        .iter()
        .find(|(key, _)| key.name == "answers")
        .ok_or(EditError::NoAnswers)?;
    let (answers_key, answers) = (&key.0, &key.1);
    let first = answers.entries().first().ok_or(EditError::NoAnswers)?;
    if first.0.span.line == answers_key.span.line {
        return Err(EditError::Flow);
    }
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    if let Some(last) = lines.last_mut()
        && !last.ends_with('\n')
    {
        last.push('\n');
    }
    let indent = first.0.span.column as usize - 1;
    let own = answers.entries().iter().find(|(key, _)| key.name == standard);
    let listed = |id: &str| own.is_some_and(|(_, block)| block.entries().iter().any(|(key, _)| key.name == id));
    let (parent_line, parent_indent, inner) = match own {
        Some((key, block)) => {
            if matches!(&block.data, Data::Map(entries) if entries.first().is_some_and(|(k, _)| k.span.line == key.span.line))
            {
                return Err(EditError::Flow);
            }
            let inner = block
                .entries()
                .first()
                .map_or(indent + 2, |(k, _)| k.span.column as usize - 1);
            (key.span.line as usize, indent, inner)
        }
        None => (
            answers_key.span.line as usize,
            answers_key.span.column as usize - 1,
            indent + 2,
        ),
    };
    let mut block = String::new();
    if own.is_none() {
        block += &format!("\n{:indent$}# {title}：由旧版答案迁移\n{:indent$}{standard}:\n", "", "");
    }
    let mut any = own.is_none();
    for answer in carried.iter().filter(|answer| !listed(&answer.item)) {
        block += &format!(
            "{:inner$}{}: {}    # 由 {} 迁移\n",
            "",
            answer.item,
            answer.text,
            answer.from.join("、")
        );
        any = true;
    }
    for item in open.iter().filter(|item| !listed(&item.item)) {
        let say = if item.say.is_empty() {
            String::new()
        } else {
            format!("：{}", item.say.replace('\n', " "))
        };
        block += &format!(
            "{:inner$}{}:    # 待答 【{}】{}{say}\n",
            "",
            item.item,
            item.title,
            item.relation.label()
        );
        any = true;
    }
    if any {
        let at = end_of_block(&lines, parent_line, parent_indent);
        lines.insert(at, block);
    }
    let edited = lines.concat();
    Ok(with_standard(&edited, text, node, standard))
}

/// The line behind the last line of the block whose key stands on line `key_line` (from 1) with this indent.
fn end_of_block(lines: &[String], key_line: usize, indent: usize) -> usize {
    let mut end = key_line;
    for (at, line) in lines.iter().enumerate().skip(key_line) {
        let body = line.trim_start();
        let depth = line.len() - body.len();
        if body.trim_end().is_empty() {
            continue;
        }
        // A comment belongs to the block when it is indented like it.
        if depth <= indent {
            if body.starts_with('#') {
                continue;
            }
            break;
        }
        end = at + 1;
    }
    end
}

/// Adds the standard to the `standards` list, where there is one that lacks it. The list stands before the answers or behind
/// them: its place is looked up by what was there.
fn with_standard(edited: &str, original: &str, node: &Node, standard: &str) -> String {
    let Some(Data::Seq(list)) = node.get("standards").map(|n| &n.data) else {
        return edited.to_owned();
    };
    let has = list.iter().any(|n| matches!(&n.data, Data::Str(id) if id == standard));
    let Some(last) = list.last().filter(|_| !has) else {
        return edited.to_owned();
    };
    let line_number = last.span.line as usize;
    let Some(line) = original.split_inclusive('\n').nth(line_number.saturating_sub(1)) else {
        return edited.to_owned();
    };
    let before: String = line.chars().take(last.span.column as usize - 1).collect();
    let block = before.trim_start().starts_with('-');
    let name = match &last.data {
        Data::Str(name) => name.as_str(),
        _ => "",
    };
    // Quotes stand around the name, if it has any.
    let rest = &line[before.len()..];
    let Some(found) = rest.find(name) else {
        return edited.to_owned();
    };
    let mut end = before.len() + found + name.len();
    if rest[found + name.len()..].starts_with(['"', '\'']) {
        end += 1;
    }
    let changed = if block {
        format!("{}\n{before}{standard}{}", &line[..end], &line[end..])
    } else {
        format!("{}, {standard}{}", &line[..end], &line[end..])
    };
    edited.replacen(line, &changed, 1)
}
