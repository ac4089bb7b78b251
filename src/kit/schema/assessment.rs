//! The schema of an assessment: its fixed fields, and the answers that the questionnaires of a catalog ask for.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, Value, json};

use crate::assessment::SCHEMA;
use crate::assessment::onsite::OnSite;
use crate::assessment::plans::{Project, YesNo};
use crate::catalog::Catalog;
use crate::questionnaire::{Column, ColumnKind, Item, ItemKind, Questionnaire};

/// Builds the schema.
pub(super) fn schema(catalog: &Catalog) -> Schema {
    let mut definitions = shared();
    let mut answers = Map::new();
    for (id, questionnaire) in &catalog.questionnaires {
        answers.insert(id.clone(), standard(id, questionnaire, &mut definitions));
    }
    let known: Vec<(&str, &str)> = catalog
        .questionnaires
        .iter()
        .map(|(id, questionnaire)| (id.as_str(), questionnaire.title.as_str()))
        .collect();
    let mark = described("合格线，0–100 分", quantity("", Some(0.0), Some(100.0), false));
    let marks: Map<String, Value> = known.iter().map(|(id, _)| ((*id).into(), mark.clone())).collect();
    let properties = json!({
        "schema": {"description": "文件的格式", "const": SCHEMA},
        "enterprise": enterprise(),
        "date": {
            "description": "评估日期：填报或现场核验的那一天，如 2026-11-20",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        },
        "base_year": {
            "description": "取哪一年的数，不写就是 facts 里评估日期以前最近的一年",
            "type": "integer",
            "minimum": 1990,
            "maximum": 2100,
        },
        "assessor": {"description": "现场核验人与单位；自评不填", "type": ["string", "null"]},
        "onsite": {"description": "现场核验：人员、到访、访谈、发现", "anyOf": [inline::<OnSite>(), {"type": "null"}]},
        "standards": {
            "description": "要评的标准，按此顺序出报告；不写就是 answers 里的全部",
            "type": ["array", "null"],
            "items": one_of(&known),
        },
        "presets": object("有几套权重的标准用哪一套", presets(catalog), &[]),
        "pass_marks": object("当地定的合格线", marks, &[]),
        "facts": facts(catalog),
        "answers": object("各标准的答案，按标准编号分组", answers, &[]),
        "plans": {
            "description": "计划中的技改项目，一个一条：只用于政策和融资匹配，不影响得分",
            "anyOf": [inline::<Vec<Project>>(), {"type": "null"}],
        },
        "policies": object("政策条件里只有企业自己知道的，答是或否；qizhen policies 会说缺哪些", questions(catalog), &[]),
        "consent": {"description": "企业同意什么；不写就是都不同意", "anyOf": [consent(), {"type": "null"}]},
        "budget_wan": {"description": "打算为改进投入多少，万元；写了才比服务商的价格", "type": ["number", "null"], "minimum": 0, "maximum": 100_000_000},
        "electricity_price": {"description": "平均电价（全年电费除以用电量），元/kWh；写了才算换设备一年省多少电费", "type": ["number", "null"], "minimum": 0, "maximum": 10},
    });
    json_schema!({
        "description": "一家企业的一次评估：企业是谁、有哪些数、各题怎么答。",
        "type": "object",
        "properties": properties,
        "required": ["schema", "enterprise", "date"],
        "anyOf": [{"required": ["answers"]}, {"required": ["standards"]}],
        "additionalProperties": false,
        "definitions": definitions,
    })
}

/// What the answers of many items have in common.
fn shared() -> Map<String, Value> {
    let scalar = json!(["string", "number", "boolean", "null"]);
    let definitions = json!({
        "na": {
            "description": "本企业不涉及这道题",
            "anyOf": [
                {"enum": ["na", "不适用", "不涉及"]},
                {"type": "string", "pattern": r"^\s*[Nn]/?[Aa]\s*$"},
            ],
        },
        "yesno": {
            "anyOf": [
                {"enum": ["是", "否", "yes", "no", true, false]},
                {"enum": ["有", "没有", "无", 1, 0]},
                {"type": "string", "pattern": format!(r"^\s*(?:{})\s*$", any_case(&["yes", "y", "true", "1", "no", "n", "false", "0"]))},
            ],
        },
        "note": {"description": "说明：为什么这样答，现场看到了什么", "type": scalar},
        "evidence": {
            "description": "佐证：文件名，或一句话说明",
            "anyOf": [{"type": "array", "items": {"type": scalar}}, {"type": scalar}],
        },
    });
    match definitions {
        Value::Object(definitions) => definitions,
        _ => Map::new(),
    }
}

/// A part of the file from its types; everything in place, since the definitions here are those of answers.
fn inline<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let generator = settings.with_transform(super::AsRead).into_generator();
    generator.into_root_schema_for::<T>().to_value()
}

fn consent() -> Value {
    let share = "同意把企业名称和短板告诉能补这些短板的服务商（qizhen providers needs）；默认不同意，只计数";
    json!({
        "type": "object",
        "properties": {"share_with_providers": {"description": share, "type": "boolean"}},
        "additionalProperties": false,
    })
}

fn enterprise() -> Value {
    let text = |what: &str| json!({"description": what, "type": ["string", "number", "null"]});
    let properties = json!({
        "name": {"description": "企业全称，与营业执照一致", "type": ["string", "number"], "minLength": 2, "maxLength": 120},
        "uscc": text("18 位统一社会信用代码，加引号"),
        "industry": {
            "description": "国民经济行业代码（GB/T 4754-2017），2–4 位，前面可以有门类字母，如 C3441",
            "type": ["string", "integer"],
            "pattern": r"^\s*[A-Za-z]?[0-9]{2,4}\s*$",
        },
        "region": {
            "description": "行政区划代码，6 位，如 \"370200\"",
            "type": ["string", "integer"],
            "pattern": r"^\s*(?:[0-9]{2}){1,3}\s*$",
        },
        "employees": {"description": "从业人数", "type": "integer", "minimum": 1, "maximum": 3_000_000},
        "revenue_wan": {"description": "上一年营业收入，万元", "type": "number", "minimum": 0, "maximum": 1_000_000_000},
        "products": text("主要产品"),
        "address": text("地址"),
        "contact": text("联系人"),
        "titles": {
            "description": "已有的称号，如 专精特新中小企业",
            "type": ["array", "null"],
            "items": {"type": ["string", "number"]},
        },
    });
    json!({
        "description": "被评估的企业",
        "type": "object",
        "properties": properties,
        "required": ["name", "industry", "region", "employees", "revenue_wan"],
        "additionalProperties": false,
    })
}

fn presets(catalog: &Catalog) -> Map<String, Value> {
    catalog
        .plans
        .iter()
        .filter_map(|(id, plans)| {
            let known: Vec<(&str, &str)> = plans
                .iter()
                .filter_map(|plan| plan.preset.as_ref())
                .map(|(id, title)| (id.as_str(), title.as_str()))
                .collect();
            (!known.is_empty()).then(|| (id.clone(), one_of(&known)))
        })
        .collect()
}

/// The conditions of policies that are asked of the enterprise.
fn questions(catalog: &Catalog) -> Map<String, Value> {
    let asked = catalog
        .policies
        .iter()
        .filter(|policy| policy.questions().next().is_some());
    asked
        .map(|policy| {
            let answer = |text| described(text, inline::<Option<YesNo>>());
            let conditions = policy.questions().map(|(id, text)| (id.to_owned(), answer(text)));
            (
                policy.id.value.clone(),
                object(policy.title(), conditions.collect(), &[]),
            )
        })
        .collect()
}

fn facts(catalog: &Catalog) -> Value {
    let known = catalog.facts.facts.iter().map(|fact| {
        let text = format!("{}（{}）。{}", fact.title, fact.unit, fact.source);
        let value = quantity(&fact.unit, fact.min(), fact.max(), false);
        (fact.id.value.clone(), described(&text, value))
    });
    json!({
        "description": "企业的数，按年份写，各标准共用；数后面可以带单位，如 310 万kWh",
        "type": ["object", "null"],
        "patternProperties": {"^(?:199[0-9]|20[0-9]{2}|2100)$": object("这一年的数", known.collect(), &[])},
        "additionalProperties": false,
    })
}

/// The answers to one questionnaire; the short form of each goes to the definitions, where the long form finds it.
fn standard(id: &str, questionnaire: &Questionnaire, definitions: &mut Map<String, Value>) -> Value {
    let items = questionnaire.items().map(|item| {
        let name = format!("{id}.{}", item.id.value);
        let short = json!({"$ref": format!("#/definitions/{}", pointer(&name))});
        definitions.insert(name, value(item));
        // No description: an editor would show it in the place of the item's.
        let long = json!({
            "type": "object",
            "properties": {
                "value": {"description": "自评", "allOf": [short]},
                "verified": {"description": "核验", "allOf": [short]},
                "note": {"$ref": "#/definitions/note"},
                "evidence": {"$ref": "#/definitions/evidence"},
            },
            "additionalProperties": false,
        });
        let answer = json!({"title": item.title, "description": in_words(item), "anyOf": [short, long]});
        (item.id.value.clone(), answer)
    });
    object(&questionnaire.title, items.collect(), &[])
}

/// The item as somebody who fills it in should see it.
fn in_words(item: &Item) -> String {
    let mut lines = vec![item.ask.clone(), item.help.clone()];
    if !matches!(item.kind.value, ItemKind::YesNo) {
        let choices = item.choice_ids();
        lines.extend(
            choices
                .iter()
                .enumerate()
                .map(|(i, id)| format!("{id}　{}", item.choice_text(i))),
        );
    }
    if !item.exclusive.is_empty() {
        let ids: Vec<&str> = item.exclusive.iter().map(|id| id.value.as_str()).collect();
        lines.push(format!("选了 {} 就不能再选别的", ids.join("、")));
    }
    if let Some(unit) = &item.unit {
        lines.push(format!("单位：{}", unit.value));
    }
    if item.fact.is_some() {
        lines.push("不填时取 facts 里的数".into());
    }
    if let Some(link) = &item.link {
        lines.push(format!("不填时取自 {}", link.standard.value));
    }
    if !item.evidence.is_empty() {
        lines.push(format!("佐证：{}", item.evidence.join("、")));
    }
    if item.may_be_na {
        lines.push("不涉及时填 na".into());
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

/// The short form of an answer.
fn value(item: &Item) -> Value {
    let choices = item.choice_ids();
    let known: Vec<(&str, &str)> = choices
        .iter()
        .enumerate()
        .map(|(i, id)| (id.as_str(), item.choice_text(i)))
        .collect();
    let ids: Vec<&str> = choices.iter().map(String::as_str).collect();
    let text = |pattern: String| json!({"type": "string", "pattern": pattern});
    let mut forms = match item.kind.value {
        ItemKind::YesNo => vec![json!({"$ref": "#/definitions/yesno"})],
        // As read: in either case, a level with its 级.
        ItemKind::Single => vec![one_of(&known), text(format!(r"^\s*(?:{})\s*$", any_case(&ids)))],
        ItemKind::Level => {
            let texts: Vec<&str> = known.iter().map(|(_, text)| *text).collect();
            let levels: Vec<u8> = item.levels.iter().map(|level| level.level.value).collect();
            vec![
                json!({"enum": levels, "enumDescriptions": texts}),
                text(format!(r"^\s*(?:{})级*\s*$", any_case(&ids))),
            ]
        }
        ItemKind::Multi => {
            // `b,c` or `b、c` in one string is how spreadsheets give it.
            let id = any_case(&ids);
            let list = text(format!(r"^\s*(?:{id})?\s*(?:[,，、;；]\s*(?:{id})?\s*)*$"));
            let one = json!({"anyOf": [one_of(&known), list]});
            vec![json!({"type": "array", "items": one}), one]
        }
        ItemKind::Number => {
            let unit = item.unit.as_ref().map_or("", |unit| unit.value.as_str());
            vec![quantity(unit, item.min, item.max, item.integer)]
        }
        ItemKind::Parts => {
            let parts = item.parts.iter().map(|part| {
                let value = quantity(&part.unit.value, part.min, part.max, part.integer);
                let from = if part.fact.is_some() {
                    "，不填时取 facts 里的数"
                } else {
                    ""
                };
                (
                    part.id.value.clone(),
                    described(&with_unit(&part.title, &part.unit.value, from), value),
                )
            });
            vec![object("", parts.collect(), &[])]
        }
        ItemKind::Table => {
            let columns = item
                .columns
                .iter()
                .map(|column| (column.id.value.clone(), cell(column)));
            let required = item
                .columns
                .iter()
                .filter(|column| column.required && column.default.is_none() && column.fact.is_none());
            let required: Vec<&str> = required.map(|column| column.id.value.as_str()).collect();
            let mut row = object("一行：一台设备、一条产线或一种产品", columns.collect(), &required);
            row["type"] = json!("object");
            vec![json!({"type": "array", "items": row})]
        }
    };
    forms.push(json!({"type": "null"}));
    if item.may_be_na {
        forms.push(json!({"$ref": "#/definitions/na"}));
    }
    json!({"anyOf": forms})
}

fn cell(column: &Column) -> Value {
    let unit = column.unit.as_ref().map_or("", |unit| unit.value.as_str());
    let mut value = match column.kind {
        ColumnKind::Text => json!({"type": ["string", "number", "boolean", "null"]}),
        ColumnKind::Number => quantity(unit, column.min, column.max, column.integer),
        ColumnKind::Choice => {
            let known: Vec<(&str, &str)> = column
                .choices
                .iter()
                .map(|choice| (choice.id.value.as_str(), choice.text.as_str()))
                .collect();
            json!({"anyOf": [one_of(&known), {"type": "null"}]})
        }
    };
    if let Some(default) = column.default {
        value["default"] = number_value(default);
    }
    let help = if column.help.is_empty() {
        String::new()
    } else {
        format!("。{}", column.help)
    };
    described(&with_unit(&column.title, unit, &help), value)
}

/// A number within bounds, or text of a number with its unit.
fn quantity(unit: &str, min: Option<f64>, max: Option<f64>, integer: bool) -> Value {
    // Full-width digits, and commas between thousands, are read too.
    let number = r"^\s*[-+－＋]?[.．]?[0-9０-９][-+－＋0-9０-９.．,，_eE]*";
    let (rest, hint) = match unit {
        "" => (r"\s*$", "应为一个数，不带单位".to_owned()),
        unit => ("", format!("应为一个数，可以带单位，如 12 {unit}")),
    };
    let mut schema = json!({
        "type": ["number", "string", "null"],
        "pattern": format!("{number}{rest}"),
        "patternErrorMessage": hint,
    });
    for (key, bound) in [
        ("minimum", min),
        ("maximum", max),
        ("multipleOf", integer.then_some(1.0)),
    ] {
        if let Some(bound) = bound {
            schema[key] = number_value(bound);
        }
    }
    schema
}

/// One of these ids, each with its wording; an id that looks like a number or a truth may be written as one.
fn one_of(known: &[(&str, &str)]) -> Value {
    let (mut ids, mut texts) = (Vec::new(), Vec::new());
    for (id, text) in known {
        let plain = match *id {
            "yes" => Some(json!(true)),
            "no" => Some(json!(false)),
            id => id.parse::<f64>().ok().filter(|n| n.to_string() == id).map(number_value),
        };
        for written in std::iter::once(json!(id)).chain(plain) {
            ids.push(written);
            texts.push(*text);
        }
    }
    json!({"enum": ids, "enumDescriptions": texts})
}

/// `1`, not `1.0`, where that is the same.
fn number_value(number: f64) -> Value {
    let whole = number as i64;
    if whole as f64 == number {
        json!(whole)
    } else {
        json!(number)
    }
}

/// A mapping of these keys and no others, or nothing.
fn object(description: &str, properties: Map<String, Value>, required: &[&str]) -> Value {
    let mut schema = json!({"type": ["object", "null"], "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    described(description, schema)
}

fn described(text: &str, mut schema: Value) -> Value {
    if !text.is_empty() {
        schema["description"] = json!(text);
    }
    schema
}

fn with_unit(title: &str, unit: &str, more: &str) -> String {
    match unit {
        "" => format!("{title}{more}"),
        unit => format!("{title}（{unit}）{more}"),
    }
}

/// A regular expression of these words in upper and lower case; patterns of JSON Schema have no flags.
fn any_case(words: &[&str]) -> String {
    let letter = |c: char| match c {
        c if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        c if c.is_ascii_punctuation() && !matches!(c, '-' | '_') => format!(r"\{c}"),
        c => c.into(),
    };
    let words: Vec<String> = words.iter().map(|word| word.chars().map(letter).collect()).collect();
    words.join("|")
}

/// A name as part of a `$ref`.
fn pointer(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'~' => "~0".into(),
            b'/' => "~1".into(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reader and the schema know the same fields.
    #[test]
    fn fields_are_those_that_are_read() {
        let schema = schema(&Catalog::load(None).expect("the built-in data are sound")).to_value();
        let names = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(names(&schema["properties"]), crate::assessment::FIELDS);
        assert_eq!(
            names(&schema["properties"]["enterprise"]["properties"]),
            crate::enterprise::profile::FIELDS
        );
    }

    #[test]
    fn odd_names_are_escaped() {
        assert_eq!(pointer("q/1~a题"), "q~11~0a%E9%A2%98");
        assert_eq!(any_case(&["a.1", "b"]), r"[Aa]\.1|[Bb]");
    }
}
