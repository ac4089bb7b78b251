//! Answers changed in the tree of an assessment, for trying out what would be.

use indexmap::IndexMap;

use crate::facts::FactDictionary;
use crate::questionnaire::{Item, ItemKind, Questionnaire};
use crate::source::yaml::{Data, Key, Node, parse};
use crate::source::{SourceMap, Span, suggest};

/// The tree of an assessment with some answers changed: `q05=d`, `q04=b,d`, `q04=+e`, `q02.digital=60`, `standard/q05=d`,
/// `fact:2025:electricity=300万kWh`. A changed answer loses its verified one, its remark and its evidence: what would be has
/// neither. `Err` holds all that is wrong, in words.
pub fn apply(
    name: &str,
    text: &str,
    changes: &[String],
    questionnaires: &IndexMap<String, Questionnaire>,
    facts: &FactDictionary,
) -> Result<(Node, SourceMap), Vec<String>> {
    let mut sources = SourceMap::default();
    let file = sources.add(name, text);
    let Ok(mut tree) = parse(file, text) else {
        return Err(vec![format!("{name} 读不出来")]);
    };
    let mut wrong = Vec::new();
    for change in changes {
        let Some((place, value)) = change.split_once('=') else {
            wrong.push(format!("“{change}” 应写成 题目=答案，如 q05=d"));
            continue;
        };
        let (place, value) = (place.trim(), value.trim());
        let value_file = sources.add(format!("--set {change}"), value);
        let Ok(new) = parse(value_file, if value.is_empty() { "null" } else { value }) else {
            wrong.push(format!("“{value}” 读不懂；多个选项用逗号隔开，如 b,d"));
            continue;
        };
        let done = match place.strip_prefix("fact:") {
            Some(rest) => fact(&mut tree, rest, new, facts),
            None => answer(&mut tree, place, value, new, questionnaires),
        };
        if let Err(message) = done {
            wrong.push(message);
        }
    }
    if wrong.is_empty() {
        Ok((tree, sources))
    } else {
        Err(wrong)
    }
}

fn fact(tree: &mut Node, place: &str, new: Node, facts: &FactDictionary) -> Result<(), String> {
    let Some((year, id)) = place.split_once(':') else {
        return Err(format!(
            "“fact:{place}” 应写成 fact:年份:编号，如 fact:2025:electricity"
        ));
    };
    if facts.get(id).is_none() {
        let near = suggest::nearest(id, facts.ids());
        let near = near.map_or(String::new(), |near| format!("，是不是 “{near}”？"));
        return Err(format!("企业的数里没有 “{id}”{near}"));
    }
    let years = child(tree, "facts", new.span);
    let year = child(years, year, new.span);
    let span = new.span;
    *child(year, id, span) = new;
    Ok(())
}

fn answer(
    tree: &mut Node,
    place: &str,
    value: &str,
    new: Node,
    questionnaires: &IndexMap<String, Questionnaire>,
) -> Result<(), String> {
    let (standard, place) = match place.split_once('/') {
        Some((standard, place)) => (Some(standard), place),
        None => (None, place),
    };
    let (id, part) = match place.split_once('.') {
        Some((id, part)) => (id, Some(part)),
        None => (place, None),
    };
    let answered: Vec<String> = tree
        .get("answers")
        .map(|answers| answers.entries().iter().map(|(key, _)| key.name.clone()).collect())
        .unwrap_or_default();
    let wanted = |s: &&String| standard.is_none_or(|only| only == s.as_str());
    let mut found: Vec<(&String, &Item)> = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for standard in answered.iter().filter(wanted) {
        let Some(questionnaire) = questionnaires.get(standard) else {
            continue;
        };
        known.extend(questionnaire.items().map(|item| item.id.value.as_str()));
        found.extend(
            questionnaire
                .items()
                .find(|item| item.id.value == id)
                .map(|item| (standard, item)),
        );
    }
    let (standard, item) = match found.as_slice() {
        [only] => *only,
        [] => {
            let near = suggest::nearest(id, known.iter().copied());
            let near = near.map_or(String::new(), |near| format!("，是不是 “{near}”？"));
            return Err(format!("评估文件所填的标准里没有题目 “{id}”{near}"));
        }
        several => {
            let standards: Vec<String> = several.iter().map(|(standard, _)| format!("{standard}/{id}")).collect();
            return Err(format!("几个标准都有 “{id}”，写明是哪一个：{}", standards.join(" 或 ")));
        }
    };
    let answers = child(tree, "answers", new.span);
    let answers = child(answers, standard, new.span);
    let slot = child(answers, id, new.span);
    plain(slot);
    match (item.kind.value, part) {
        (ItemKind::Parts, Some(part)) => {
            if !item.parts.iter().any(|p| p.id.value == part) {
                let parts: Vec<&str> = item.parts.iter().map(|p| p.id.value.as_str()).collect();
                return Err(format!("“{id}” 没有分项 “{part}”，有 {}", suggest::list(parts)));
            }
            let span = new.span;
            *child(slot, part, span) = new;
        }
        (_, Some(part)) => return Err(format!("“{id}” 没有分项，不能写 “{id}.{part}”")),
        (ItemKind::Multi, None) => *slot = several(slot, value, &new),
        _ => *slot = new,
    }
    Ok(())
}

/// `b,d` or `+e` as a list.
fn several(old: &Node, value: &str, new: &Node) -> Node {
    if matches!(new.data, Data::Seq(_)) {
        return new.clone();
    }
    let (added, names) = match value.strip_prefix('+') {
        Some(names) => (true, names),
        None => (false, value),
    };
    let mut list = match &old.data {
        Data::Seq(list) if added => list.clone(),
        Data::Str(_) if added => vec![old.clone()],
        _ => Vec::new(),
    };
    for name in names
        .split([',', '，', '、'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let text = Data::Str(name.to_owned());
        if !list.iter().any(|known| known.data == text) {
            list.push(Node {
                span: new.span,
                data: text,
            });
        }
    }
    Node {
        span: new.span,
        data: Data::Seq(list),
    }
}

/// The long form of an answer becomes the value that counts.
fn plain(slot: &mut Node) {
    let counts = slot.get("verified").or_else(|| slot.get("value"));
    if let Some(value) = counts {
        *slot = value.clone();
    }
}

/// The value under a key, made where there is none.
fn child<'n>(node: &'n mut Node, key: &str, span: Span) -> &'n mut Node {
    if !matches!(node.data, Data::Map(_)) {
        node.data = Data::Map(Vec::new());
    }
    let Data::Map(entries) = &mut node.data else {
        unreachable!("made a map above");
    };
    let index = match entries.iter().position(|(known, _)| known.name == key) {
        Some(index) => index,
        None => {
            let name = key.to_owned();
            entries.push((Key { name, span }, Node { span, data: Data::Null }));
            entries.len() - 1
        }
    };
    &mut entries[index].1
}
