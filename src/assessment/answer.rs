//! One answer: short form, long form, `na`, by the kind of its item.

use super::fill;
use super::number;
use super::read::Reader;
use super::words::cells_in_words;
use super::{Detail, StandardAnswers, TableAnswer};
use crate::questionnaire::{Column, ColumnKind, Item, ItemKind, Questionnaire};
use crate::scoring::bound::RowScope;
use crate::scoring::expr::Expr;
use crate::scoring::layout::{Cell, Layout, LayoutItem, RowCell};
use crate::source::Span;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::suggest;
use crate::source::yaml::{Data, Node};

/// A value as answered: its cells (one, or one a part) or its rows.
#[derive(Debug, Clone, PartialEq)]
enum Answered {
    Missing,
    NotApplicable,
    Cells(Vec<Cell>),
    Rows(Vec<Vec<RowCell>>),
}

impl Answered {
    fn in_words(&self, laid: &LayoutItem) -> String {
        match self {
            Answered::Missing => String::new(),
            Answered::NotApplicable => "不适用".into(),
            Answered::Rows(rows) if rows.is_empty() => "没有".into(),
            Answered::Rows(rows) => format!("{} 行", rows.len()),
            Answered::Cells(cells) => cells_in_words(laid, cells),
        }
    }
}

/// Reads all answers to one questionnaire: those that count, and the enterprise's own where any was verified.
pub fn read_all(
    reader: &mut Reader,
    questionnaire: &Questionnaire,
    node: &Node,
) -> (StandardAnswers, Option<StandardAnswers>) {
    let layout = Layout::new(questionnaire);
    let mut answers = StandardAnswers {
        cells: vec![Cell::Missing; layout.width],
        ..StandardAnswers::default()
    };
    if !matches!(node.data, Data::Map(_) | Data::Null) {
        // The colon of a Chinese keyboard is the commonest reason.
        let full_width = matches!(&node.data, Data::Str(text) if text.contains('：'));
        let hint = full_width.then(|| "冒号要用英文半角的 :，后面留一个空格".to_owned());
        reader.push(
            Diagnostic::error(
                Code::BadAnswer,
                node.span,
                format!("这里是{}，应为“题目: 答案”的键值表", node.kind()),
            )
            .maybe_hint(hint),
        );
        return (answers, None);
    }
    let mut own = answers.clone();
    let mut any_verified = false;
    for (key, value) in node.entries() {
        let Some(item) = questionnaire.items().find(|item| item.id.value == key.name) else {
            reader.push(
                Diagnostic::error(
                    Code::UnknownItem,
                    key.span,
                    format!("“{}” 没有题目 “{}”", questionnaire.short, key.name),
                )
                .nearest(&key.name, questionnaire.items().map(|i| i.id.value.as_str()))
                .hint(format!("用 `qizhen show {}` 查看全部题目", questionnaire.id.value)),
            );
            continue;
        };
        let (index, laid) = match layout.items.get_full(&key.name) {
            Some((index, _, laid)) => (index, laid),
            None => continue,
        };
        let (self_node, verified_node, detail) = long_form(reader, item, value);
        let self_value = self_node.map_or(Answered::Missing, |node| value_of(reader, item, laid, node));
        let verified_value = verified_node.map(|node| value_of(reader, item, laid, node));
        let effective = match &verified_value {
            Some(Answered::Missing) | None => &self_value,
            Some(verified) => verified,
        };
        store(&mut answers, index, laid, effective);
        store(&mut own, index, laid, &self_value);
        any_verified |= matches!(&verified_value, Some(verified) if *verified != Answered::Missing);
        let said_nothing = self_value == Answered::Missing && verified_value.is_none() && detail == Detail::default();
        if said_nothing {
            continue;
        }
        answers.details.insert(
            key.name.clone(),
            Detail {
                self_reported: self_value.in_words(laid),
                verified: verified_value
                    .filter(|v| *v != Answered::Missing)
                    .map(|v| v.in_words(laid)),
                ..detail
            },
        );
    }
    for sheet in [&mut answers, &mut own] {
        fill::from_facts(questionnaire, &layout, sheet, &|id, year, unit| {
            reader.fact(id, year, unit)
        });
    }
    for item in questionnaire.items() {
        check_relations(reader, item, &layout, &answers, node);
    }
    (answers, any_verified.then_some(own))
}

/// Splits the long form `{value, verified, note, evidence}`; anything else is the value itself.
fn long_form<'n>(reader: &mut Reader, item: &Item, node: &'n Node) -> (Option<&'n Node>, Option<&'n Node>, Detail) {
    let is_long = node
        .entries()
        .iter()
        .any(|(key, _)| matches!(key.name.as_str(), "value" | "verified" | "note" | "evidence"));
    if !is_long {
        return (Some(node), None, Detail::default());
    }
    let mut detail = Detail::default();
    let (mut value, mut verified) = (None, None);
    for (key, inner) in node.entries() {
        match key.name.as_str() {
            "value" => value = Some(inner),
            "verified" => verified = Some(inner),
            "note" => detail.note = text_of(inner),
            "evidence" => match &inner.data {
                Data::Seq(list) => detail.evidence = list.iter().map(text_of).collect(),
                Data::Null => {}
                _ => detail.evidence = vec![text_of(inner)],
            },
            other => reader.push(
                Diagnostic::error(
                    Code::UnknownField,
                    key.span,
                    format!("题目 “{}” 的答案里不认识的字段 “{other}”", item.id.value),
                )
                .nearest(other, ["value", "verified", "note", "evidence"])
                .hint("长写法的字段：value（自评）、verified（核验）、note（说明）、evidence（佐证）；答案本身写在 value 下"),
            ),
        }
    }
    (value, verified, detail)
}

fn text_of(node: &Node) -> String {
    match &node.data {
        Data::Str(text) => text.clone(),
        Data::Null => String::new(),
        _ => node.shown(),
    }
}

/// `na` in the ways people write it.
fn is_na(node: &Node) -> bool {
    matches!(&node.data, Data::Str(text)
        if matches!(text.trim().to_ascii_lowercase().as_str(), "na" | "n/a" | "不适用" | "不涉及"))
}

fn value_of(reader: &mut Reader, item: &Item, laid: &LayoutItem, node: &Node) -> Answered {
    if node.data == Data::Null {
        return Answered::Missing;
    }
    if is_na(node) {
        if !item.may_be_na {
            reader.push(
                Diagnostic::error(
                    Code::NotApplicable,
                    node.span,
                    format!("题目 “{} {}” 不能答“不适用”", item.id.value, item.title),
                )
                .hint("还没有答案就把这一行留空；确实没有就选“无”或填 0"),
            );
        }
        return Answered::NotApplicable;
    }
    match item.kind.value {
        ItemKind::Single | ItemKind::Level | ItemKind::YesNo => choice(reader, item, laid, node),
        ItemKind::Multi => multi(reader, item, laid, node),
        ItemKind::Number => {
            let limits = number::Limits {
                what: format!("“{}”", item.title),
                unit: item.unit.as_ref().map_or("", |u| u.value.as_str()),
                min: item.min,
                max: item.max,
                integer: item.integer,
            };
            number::read(reader, node, &limits).map_or(Answered::Missing, |n| Answered::Cells(vec![Cell::Number(n)]))
        }
        ItemKind::Parts => parts(reader, item, node),
        ItemKind::Table => table(reader, item, laid, node),
    }
}

fn scalar_text(node: &Node) -> Option<String> {
    match &node.data {
        Data::Str(text) => Some(text.trim().to_owned()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) => Some(number.to_string()),
        Data::Bool(true) => Some("yes".into()),
        Data::Bool(false) => Some("no".into()),
        _ => None,
    }
}

fn choice(reader: &mut Reader, item: &Item, laid: &LayoutItem, node: &Node) -> Answered {
    let Some(text) = scalar_text(node) else {
        wrong_form(reader, item, node);
        return Answered::Missing;
    };
    choice_index(reader, item, laid, &text, node.span).map_or(Answered::Missing, |index| {
        Answered::Cells(vec![Cell::Choice(index as u16)])
    })
}

fn choice_index(reader: &mut Reader, item: &Item, laid: &LayoutItem, text: &str, span: Span) -> Option<usize> {
    let wanted = match (item.kind.value, text.to_ascii_lowercase().as_str()) {
        (ItemKind::YesNo, "是" | "有" | "yes" | "true" | "y" | "1") => "yes".to_owned(),
        (ItemKind::YesNo, "否" | "没有" | "无" | "no" | "false" | "n" | "0") => "no".to_owned(),
        (ItemKind::Level, other) => other.trim_end_matches('级').to_owned(),
        (_, other) => other.to_owned(),
    };
    let found = laid.choices.iter().position(|id| id.eq_ignore_ascii_case(&wanted));
    if found.is_none() {
        let allowed: Vec<&str> = match item.kind.value {
            ItemKind::YesNo => vec!["是", "否"],
            _ => laid.choices.iter().map(String::as_str).collect(),
        };
        reader.push(
            Diagnostic::error(
                Code::BadOption,
                span,
                format!("题目 “{} {}” 没有选项 “{text}”", item.id.value, item.title),
            )
            .label(format!("应为 {} 之一", suggest::list(allowed.iter().copied())))
            .nearest(text, allowed.iter().copied()),
        );
    }
    found
}

fn multi(reader: &mut Reader, item: &Item, laid: &LayoutItem, node: &Node) -> Answered {
    let nodes: Vec<&Node> = match &node.data {
        Data::Seq(list) => list.iter().collect(),
        Data::Map(_) => {
            wrong_form(reader, item, node);
            return Answered::Missing;
        }
        _ => vec![node],
    };
    let mut bits = 0u64;
    for one in &nodes {
        let Some(text) = scalar_text(one) else {
            wrong_form(reader, item, one);
            continue;
        };
        // `b,c` or `b、c` in one string is how spreadsheets give it.
        for id in text
            .split([',', '，', '、', ';', '；'])
            .map(str::trim)
            .filter(|id| !id.is_empty())
        {
            if let Some(index) = choice_index(reader, item, laid, id, one.span) {
                bits |= 1 << index.min(63);
            }
        }
    }
    if bits & laid.exclusive != 0 && bits & !laid.exclusive != 0 {
        let exclusive: Vec<&str> = item.exclusive.iter().map(|id| id.value.as_str()).collect();
        reader.push(
            Diagnostic::error(
                Code::Exclusive,
                node.span,
                format!(
                    "题目 “{} {}” 选了“无”（{}），又选了别的",
                    item.id.value,
                    item.title,
                    exclusive.join("、")
                ),
            )
            .hint("二者只能留一个"),
        );
    }
    if bits == 0 {
        Answered::Missing
    } else {
        Answered::Cells(vec![Cell::Chosen(bits)])
    }
}

fn parts(reader: &mut Reader, item: &Item, node: &Node) -> Answered {
    let Data::Map(entries) = &node.data else {
        wrong_form(reader, item, node);
        return Answered::Missing;
    };
    let mut cells = vec![Cell::Missing; item.parts.len()];
    for (key, value) in entries {
        let Some(index) = item.parts.iter().position(|part| part.id.value == key.name) else {
            reader.push(
                Diagnostic::error(
                    Code::UnknownItem,
                    key.span,
                    format!("题目 “{}” 没有分项 “{}”", item.id.value, key.name),
                )
                .nearest(&key.name, item.parts.iter().map(|p| p.id.value.as_str()))
                .hint(format!(
                    "分项：{}",
                    suggest::list(item.parts.iter().map(|p| p.id.value.as_str()))
                )),
            );
            continue;
        };
        let part = &item.parts[index];
        let limits = number::Limits {
            what: format!("“{}”的{}", item.title, part.title),
            unit: &part.unit.value,
            min: part.min,
            max: part.max,
            integer: part.integer,
        };
        if let Some(number) = number::read(reader, value, &limits) {
            cells[index] = Cell::Number(number);
        }
    }
    Answered::Cells(cells)
}

fn table(reader: &mut Reader, item: &Item, laid: &LayoutItem, node: &Node) -> Answered {
    let Data::Seq(rows) = &node.data else {
        wrong_form(reader, item, node);
        return Answered::Missing;
    };
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let Data::Map(entries) = &row.data else {
            reader.error(
                Code::BadAnswer,
                row.span,
                format!("表格 “{}” 的一行应写成 {{列: 值, …}}", item.title),
            );
            continue;
        };
        let mut cells = vec![RowCell::Empty; item.columns.len()];
        for (key, value) in entries {
            match item.columns.iter().position(|column| column.id.value == key.name) {
                Some(index) => cells[index] = table_cell(reader, item, &item.columns[index], laid, index, value),
                None => reader.push(
                    Diagnostic::error(
                        Code::UnknownColumn,
                        key.span,
                        format!("表格 “{}” 没有列 “{}”", item.title, key.name),
                    )
                    .nearest(&key.name, item.columns.iter().map(|c| c.id.value.as_str()))
                    .hint(format!(
                        "可用的列：{}",
                        suggest::list(item.columns.iter().map(|c| c.id.value.as_str()))
                    )),
                ),
            }
        }
        for (column, cell) in item.columns.iter().zip(&mut cells) {
            if *cell == RowCell::Empty {
                let unit = column.unit.as_ref().map_or("", |u| u.value.as_str());
                // One number told for the whole plant is that of the only row, not of each of several.
                let fact = column.fact.as_ref().filter(|_| rows.len() == 1);
                let told = fact.and_then(|fact| reader.fact(&fact.value, 0, unit));
                if let Some(number) = told.or(column.default) {
                    *cell = RowCell::Number(number);
                } else if column.required && !entries.iter().any(|(key, _)| key.name == column.id.value) {
                    let message = format!("这一行缺少 “{}”（{}）", column.id.value, column.title);
                    reader.error(Code::Required, row.span, message);
                }
            }
        }
        out.push(cells);
    }
    Answered::Rows(out)
}

fn table_cell(
    reader: &mut Reader,
    item: &Item,
    column: &Column,
    laid: &LayoutItem,
    index: usize,
    node: &Node,
) -> RowCell {
    if node.data == Data::Null {
        return RowCell::Empty;
    }
    match column.kind {
        ColumnKind::Text => scalar_text(node).map_or(RowCell::Empty, RowCell::Text),
        ColumnKind::Number => {
            let limits = number::Limits {
                what: format!("“{}”的{}", item.title, column.title),
                unit: column.unit.as_ref().map_or("", |u| u.value.as_str()),
                min: column.min,
                max: column.max,
                integer: column.integer,
            };
            number::read(reader, node, &limits).map_or(RowCell::Empty, RowCell::Number)
        }
        ColumnKind::Choice => {
            let choices = &laid.columns[index].choices;
            let text = scalar_text(node).unwrap_or_default();
            match choices.iter().position(|id| *id == text) {
                Some(index) => RowCell::Choice(index as u16),
                None => {
                    reader.push(
                        Diagnostic::error(
                            Code::BadOption,
                            node.span,
                            format!("“{}”的{}没有取值 {}", item.title, column.title, node.shown()),
                        )
                        .nearest(&text, choices.iter().map(String::as_str))
                        .hint(format!(
                            "可用的取值：{}",
                            suggest::list(choices.iter().map(String::as_str))
                        )),
                    );
                    RowCell::Empty
                }
            }
        }
    }
}

fn wrong_form(reader: &mut Reader, item: &Item, node: &Node) {
    reader.push(
        Diagnostic::error(
            Code::BadAnswer,
            node.span,
            format!(
                "题目 “{} {}” 的答案是{}，应为{}",
                item.id.value,
                item.title,
                node.kind(),
                item.kind.value.how()
            ),
        )
        .hint("还没有答案就留空"),
    );
}

fn store(answers: &mut StandardAnswers, index: usize, laid: &LayoutItem, value: &Answered) {
    let width = if laid.kind == ItemKind::Parts {
        laid.parts.len()
    } else {
        1
    };
    match value {
        Answered::Missing => {}
        Answered::NotApplicable if laid.kind == ItemKind::Table => {
            answers.tables.insert(index, TableAnswer::NotApplicable);
        }
        Answered::NotApplicable => answers.cells[laid.column..laid.column + width].fill(Cell::NotApplicable),
        Answered::Cells(cells) => {
            for (slot, cell) in answers.cells[laid.column..laid.column + width].iter_mut().zip(cells) {
                *slot = *cell;
            }
        }
        Answered::Rows(rows) => {
            answers.tables.insert(index, TableAnswer::Rows(rows.clone()));
        }
    }
}

fn check_relations(reader: &mut Reader, item: &Item, layout: &Layout, answers: &StandardAnswers, node: &Node) {
    if item.relations.is_empty() {
        return;
    }
    let laid = &layout.items[item.id.value.as_str()];
    let mut scope = RowScope::default();
    for (offset, part) in laid.parts.iter().enumerate() {
        if let Cell::Number(number) = answers.cells[laid.column + offset] {
            scope.set_number(&part.id, number);
        }
    }
    for relation in &item.relations {
        let Ok(expr) = Expr::compile(&relation.holds.value) else {
            continue;
        };
        if scope.truth(&expr) == Some(false) {
            let span = node.get(&item.id.value).map_or(node.span, |n| n.span);
            let values: Vec<String> = laid
                .parts
                .iter()
                .enumerate()
                .filter_map(|(offset, part)| match answers.cells[laid.column + offset] {
                    Cell::Number(number) => {
                        let words = format!("{} {} {}", part.title, crate::round::finely(number, 4), part.unit);
                        Some(words.trim_end().to_owned())
                    }
                    _ => None,
                })
                .collect();
            reader.push(
                Diagnostic::error(
                    Code::Relation,
                    span,
                    format!("题目 “{} {}”：{}", item.id.value, item.title, relation.say),
                )
                .label(values.join("，")),
            );
        }
    }
}
