//! Templates: escaping, limits, errors.

use std::collections::BTreeMap;

use minijinja::{Value, context};
use qizhen::report::document::{Block, plain_text};
use qizhen::report::{markdown, template};

fn sources(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn render(text: &str, context: Value) -> String {
    template::render(&sources(&[("template.md.j2", text)]), "template.md.j2", context)
        .unwrap_or_else(|error| format!("ERROR {error}"))
}

#[test]
fn scratch() {
    let text = "# {{ name }} {#top}\n\n**{{ name }}**的 {{ n|num(1) }}\n\n{% for r in rows %}\n- {{ r }}\n{% endfor %}\n```cover\ntitle: {{ name }}\nfacts:\n{% for r in rows %}\n  - [{{ loop.index ~ '' }}, {{ r }}]\n{% endfor %}\n```\n";
    let out = render(
        text,
        context! { name => "青岛|*泵*\n<b>`{#x}`", n => 58.45, rows => vec!["1. a", "# b", "c\"d'"] },
    );
    println!("{out}");
    println!("{:#?}", markdown::parse(&out));
    let _ = (plain_text(&[]), Block::Rule);
}
