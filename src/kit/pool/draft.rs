//! Providers → the text of a pool file.

use super::Options;
use super::mapping::Mapping;
use super::rows::Good;
use crate::advice::providers::SCHEMA;
use crate::kit::import::yaml::Yaml;

/// The file.
pub fn draft(file: &str, providers: &[Good], mapping: &Mapping, options: &Options) -> String {
    let latest = providers.iter().map(|one| one.until.as_str()).max().unwrap_or_default();
    let until = if options.until.is_empty() {
        latest
    } else {
        &options.until
    };
    let source = if mapping.source.is_empty() {
        format!("由 {file} 导入")
    } else {
        mapping.source.clone()
    };
    let pool = Yaml::line([
        ("id", Yaml::text(&options.pool)),
        ("title", Yaml::text(&options.title)),
        ("year", Yaml::Number(f64::from(options.year))),
        ("valid_until", Yaml::text(until)),
        ("source", Yaml::text(&source)),
    ]);
    let all = providers.iter().map(|one| provider(one, options)).collect();
    let document = Yaml::Map(vec![
        ("schema".into(), Yaml::text(SCHEMA)),
        (
            "notice".into(),
            Yaml::text(format!(
                "名单由 {file} 于 {} 导入，以发布单位公布的为准。",
                options.today
            )),
        ),
        ("pools".into(), Yaml::List(vec![pool])),
        ("providers".into(), Yaml::List(all)),
    ]);
    format!(
        "# 由 qizhen providers import 写出；要改请改原表，再导入一次。\n{}",
        document.document()
    )
}

fn provider(one: &Good, options: &Options) -> Yaml {
    let list = |words: &[String]| {
        let words = words.iter().map(Yaml::text).collect();
        (!Vec::is_empty(&words)).then(|| Yaml::Line(Box::new(Yaml::List(words))))
    };
    let text = |text: &str| (!text.is_empty()).then(|| Yaml::text(text));
    let lines = |all: Vec<Yaml>| (!all.is_empty()).then_some(Yaml::List(all));
    let sizes: Vec<String> = one.sizes.iter().map(|size| size.label().to_owned()).collect();
    let products = one
        .products
        .iter()
        .map(|name| Yaml::line([("name", Yaml::text(name))]))
        .collect();
    let held = one.qualifications.iter().map(|(code, level)| {
        let level = text(level).map(|level| ("level", level));
        Yaml::line(std::iter::once(("code", Yaml::text(code))).chain(level))
    });
    let mut entry = vec![("pool", Yaml::text(&options.pool))];
    entry.extend(text(&one.batch).map(|batch| ("batch", batch)));
    entry.extend([
        ("status", Yaml::text(one.status)),
        ("valid_until", Yaml::text(&one.until)),
    ]);
    let keys = ["dept", "phone", "url"];
    let contact: Vec<_> = keys
        .into_iter()
        .zip(&one.contact)
        .filter_map(|(key, value)| Some((key, text(value)?)))
        .collect();
    let fields = [
        ("id", text(&one.id)),
        ("name", text(&one.name)),
        ("uscc", text(&one.uscc)),
        (
            "region",
            Some(Yaml::line([
                ("code", Yaml::text(&one.region.0)),
                ("name", Yaml::text(&one.region.1)),
            ])),
        ),
        ("service_regions", list(&one.service_regions)),
        ("types", list(&one.types)),
        ("services", list(&one.services)),
        ("industries", list(&one.industries)),
        ("capabilities", list(&one.capabilities)),
        ("size_fit", list(&sizes)),
        ("products", lines(products)),
        ("qualifications", lines(held.collect())),
        ("pools", lines(vec![Yaml::line(entry)])),
        ("contact", (!contact.is_empty()).then(|| Yaml::line(contact))),
    ];
    Yaml::Map(
        fields
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect(),
    )
}
