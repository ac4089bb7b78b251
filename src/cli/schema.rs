//! `qizhen schema`: JSON Schemas for the editor.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;

use super::{BAD_INPUT, FAILED, OK, io};
use crate::kit::schema::{KINDS, Kind};

/// 给编辑器用的 JSON Schema
#[derive(Debug, clap::Args)]
#[command(
    about = "生成 JSON Schema：编辑器凭它补全字段、提示选项、标出写错的地方",
    long_about = "生成各种文件的 JSON Schema：编辑器凭它补全字段、提示选项、标出写错的地方。\n评估文件（assessment）的 Schema 列出全部题目和选项；加 --data 时包括自己的标准。",
    after_help = "例：\n  qizhen schema assessment > assessment.json        打印一种\n  qizhen schema -o schemas                          全部写到目录里，每种一个文件\n  qizhen --data ./我的数据 schema assessment -o .   连同自己的标准\n在 YAML 文件第一行写上 # yaml-language-server: $schema=schemas/assessment.json（路径从该文件算起），装有 YAML 插件的编辑器就会用它。"
)]
pub struct Args {
    /// 文件种类；不写就是全部，这时要用 -o 指定目录
    #[arg(
        value_name = "种类",
        value_parser = PossibleValuesParser::new(KINDS.iter().map(|kind| kind.name))
    )]
    kind: Option<String>,
    /// 写到哪个目录，没有就新建；不写时打印到标准输出
    #[arg(short, long, value_name = "目录")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let chosen: Vec<&Kind> = match args.kind.as_deref() {
        Some(name) => Kind::named(name).into_iter().collect(),
        None => KINDS.iter().collect(),
    };
    if args.kind.is_none() && args.output.is_none() {
        let names: Vec<String> = KINDS
            .iter()
            .map(|kind| format!("{}（{}）", kind.name, kind.title))
            .collect();
        io::message(&format!(
            "错误：缺少种类。可用：{}。\n要全部，用 qizhen schema -o 目录。\n加 --help 查看说明。",
            names.join("、")
        ));
        return BAD_INPUT;
    }
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let Some(dir) = &args.output else {
        let text: String = chosen.iter().map(|kind| kind.text(&catalog)).collect();
        return io::to_stdout(text.as_bytes());
    };
    if let Err(error) = std::fs::create_dir_all(dir) {
        io::message(&format!("建不了目录 {}：{error}", dir.display()));
        return FAILED;
    }
    for kind in &chosen {
        let path = dir.join(format!("{}.json", kind.name));
        let code = io::write(&path, kind.text(&catalog).as_bytes());
        if code != OK {
            return code;
        }
    }
    io::progress(&format!("已写到 {}：{} 个文件。", dir.display(), chosen.len()));
    OK
}
