//! `qizhen migrate`: answers to an older edition carried over to the newer.

use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::Catalog;
use crate::diagnosis::{self, Loaded};
use crate::migration::{self, Comparison, Migration, Outcome};
use crate::provenance::Confidence;
use crate::round::show;
use crate::source::{suggest, yaml};

/// 把旧版标准的答案迁移到新版
#[derive(Debug, clap::Args)]
#[command(
    about = "把旧版标准的答案迁移到新版，列出要补答的题，新旧两版并排打分",
    long_about = "把旧版标准的答案迁移到新版：能沿用的写进文件，要补答的列出来，新旧两版并排打分并说明差在哪里。\n旧版答案原样保留；再运行一次不会有任何变化。",
    after_help = "例：\n  qizhen migrate 我厂.assessment.yaml -o 我厂-新版.assessment.yaml\n  qizhen migrate 我厂.assessment.yaml --to green-factory-2025 --in-place"
)]
pub struct Args {
    /// 评估文件
    #[arg(value_name = "评估文件")]
    file: PathBuf,
    /// 迁移到哪个标准；文件里只有一种可能时不用写
    #[arg(long, value_name = "标准")]
    to: Option<String>,
    /// 写到哪里；不写时打印到标准输出
    #[arg(short, long, value_name = "文件", conflicts_with = "in_place")]
    output: Option<PathBuf>,
    /// 直接改评估文件（原文件先存成 .bak）
    #[arg(long)]
    in_place: bool,
    /// 输出文件已存在时覆盖
    #[arg(long)]
    force: bool,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let loaded = match io::assessment(&catalog, &args.file) {
        Ok(loaded) => loaded,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let migration = match choose(&catalog, &loaded, args.to.as_deref()) {
        Ok(migration) => migration,
        Err(message) => {
            io::message(&message);
            return BAD_INPUT;
        }
    };
    let Some(source) = loaded.sources.iter().next() else {
        return FAILED;
    };
    let (text, outcome) = match migrated(&catalog, &loaded, migration, &source.text) {
        Ok(done) => done,
        Err(message) => {
            io::message(&format!("错误：{}：{message}", args.file.display()));
            return BAD_INPUT;
        }
    };
    // What is written must read, or nothing is written.
    let after = match diagnosis::read(&catalog, &source.name, &text, &io::today()) {
        Ok(after) => after,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return FAILED;
        }
    };
    let target = if args.in_place {
        Some(&args.file)
    } else {
        args.output.as_ref()
    };
    let code = match target {
        Some(path) if path.exists() && !args.force && !args.in_place => {
            io::message(&format!(
                "错误：{} 已经存在，没有动它。换个名字，或加 --force 覆盖。",
                path.display()
            ));
            return FAILED;
        }
        Some(_) if args.in_place && *source.text == *text => OK,
        Some(path) => {
            if args.in_place {
                let mut backup = path.clone().into_os_string();
                backup.push(".bak");
                let saved = io::write(Path::new(&backup), source.text.as_bytes());
                if saved != OK {
                    return saved;
                }
            }
            io::write(path, text.as_bytes())
        }
        None => io::to_stdout(text.as_bytes()),
    };
    if code == OK {
        io::message(&in_words(
            &catalog,
            migration,
            &outcome,
            &side_by_side(&catalog, &after, migration),
        ));
    }
    code
}

fn choose<'c>(catalog: &'c Catalog, loaded: &Loaded, to: Option<&str>) -> Result<&'c Migration, String> {
    let answered = |m: &&Migration| loaded.assessment.answers.contains_key(&m.from.value);
    let possible: Vec<&Migration> = catalog.migrations.iter().filter(answered).collect();
    let list = |migrations: &[&Migration]| suggest::list(migrations.iter().map(|m| m.to.value.as_str()));
    match (to, possible.as_slice()) {
        (Some(to), _) => possible.iter().copied().find(|m| m.to.value == to).ok_or_else(|| {
            let all: Vec<&Migration> = catalog.migrations.iter().collect();
            let known = if possible.is_empty() {
                list(&all)
            } else {
                list(&possible)
            };
            format!("错误：没有从这份文件里的标准到 “{to}” 的迁移。可以迁移到：{known}")
        }),
        (None, [only]) => Ok(only),
        (None, []) => {
            let from: Vec<&str> = catalog.migrations.iter().map(|m| m.from.value.as_str()).collect();
            Err(format!(
                "错误：文件里没有可以迁移的旧版标准。有迁移的旧版：{}",
                suggest::list(from)
            ))
        }
        (None, several) => Err(format!("错误：有几种可能，请用 --to 指明：{}", list(several))),
    }
}

fn migrated(
    catalog: &Catalog,
    loaded: &Loaded,
    migration: &Migration,
    text: &str,
) -> Result<(String, Outcome), String> {
    let (old, new) = (
        catalog.questionnaires.get(&migration.from.value),
        catalog.questionnaires.get(&migration.to.value),
    );
    let (Some(old), Some(new), Some(answers)) = (old, new, loaded.assessment.answers.get(&migration.from.value)) else {
        return Err("标准不在数据里".into());
    };
    // The file has been read before: it parses.
    let node = yaml::parse(0, text).map_err(|_| "读不通".to_owned())?;
    let given = node.get("answers").and_then(|a| a.get(&new.id.value));
    let has = |id: &str| {
        given
            .and_then(|g| g.get(id))
            .is_some_and(|n| n.data != yaml::Data::Null)
    };
    let preset = loaded.assessment.presets.get(&new.id.value).map(String::as_str);
    let reads = catalog
        .plan(&new.id.value, preset)
        .map_or(Vec::new(), |plan| plan.items_used());
    let outcome = migration::carry(migration, (old, new), answers, &has, &reads);
    let edited = migration::insert(text, &node, &new.id.value, &new.title, &outcome.carried, &outcome.open)
        .map_err(|error| error.to_string())?;
    Ok((edited, outcome))
}

fn side_by_side(catalog: &Catalog, loaded: &Loaded, migration: &Migration) -> Option<Comparison> {
    let card = |standard: &str| {
        let preset = loaded.assessment.presets.get(standard).map(String::as_str);
        let answers = loaded.assessment.answers.get(standard)?;
        Some(catalog.plan(standard, preset)?.scorecard(answers, None))
    };
    Some(migration::compare(
        migration,
        &card(&migration.from.value)?,
        &card(&migration.to.value)?,
    ))
}

fn in_words(catalog: &Catalog, migration: &Migration, outcome: &Outcome, sides: &Option<Comparison>) -> String {
    let mut lines = vec![format!("{}（映射：{}）", migration.title, migration.confidence.label())];
    lines.push(format!(
        "沿用 {} 题，待答 {} 题，新版里已有答案 {} 题。",
        outcome.carried.len(),
        outcome.open.len(),
        outcome.kept
    ));
    for open in &outcome.open {
        lines.push(format!(
            "  待答 {:<14} {}（{}）{}",
            open.item,
            open.title,
            open.relation.label(),
            open.say
        ));
    }
    let Some(sides) = sides else {
        return lines.join("\n");
    };
    let doubtful = |standard: &str| {
        let plans = catalog.plans.get(standard).map_or(&[][..], Vec::as_slice);
        plans.iter().any(|plan| plan.confidence == Confidence::Unverified)
    };
    for side in [&sides.old, &sides.new] {
        let score = side.score.map_or("未评分".to_owned(), |s| {
            format!("{} / {} 分", show(s, 3), show(side.full, 2))
        });
        let level = if side.grade.is_empty() {
            String::new()
        } else {
            format!("  {}", side.grade)
        };
        let doubt = if doubtful(&side.standard) {
            "（规则未核实）"
        } else {
            ""
        };
        lines.push(format!("{}：{score}{level}{doubt}", catalog.short(&side.standard)));
    }
    lines.push("差在哪里（旧版得分 → 新版得分，新版待答的满分）：".into());
    for share in &sides.shares {
        let what = share.relation.map_or("不适用折算", |r| r.label());
        lines.push(format!(
            "  {what}：{} → {}，待答 {}",
            show(share.old, 2),
            show(share.new, 2),
            show(share.waiting, 2)
        ));
    }
    lines.join("\n")
}
