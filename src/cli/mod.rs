//! The command line: one file a subcommand. Help and messages are Chinese; exit codes are the same everywhere.

mod batch;
mod cases;
mod check;
mod compare;
mod completions;
mod diagnose;
mod doc;
mod errors;
mod explain;
mod help;
mod import_questionnaire;
mod io;
mod key;
mod migrate;
mod new;
mod path;
mod policies;
mod progress;
mod projects;
mod providers;
mod schema;
mod show;
mod sign;
mod template;
mod test;
mod verify;
mod what_if;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Everything went well.
pub const OK: u8 = 0;
/// The work could not be done: a file could not be written, say.
pub const FAILED: u8 = 1;
/// The input is wrong: nothing was written.
pub const BAD_INPUT: u8 = 2;

const AFTER_HELP: &str = "\
最常用的三步：
  qizhen new sme-digital-2024 -o 我厂.assessment.yaml   生成带全部题目和说明的空白文件
  qizhen check 我厂.assessment.yaml                     填完先检查，指出哪一行不对、怎么改
  qizhen diagnose 我厂.assessment.yaml -o 报告.pdf      评分、定级、出报告

退出码：0 成功；1 没做成（如文件写不进去）；2 输入有误（此时不写任何文件）。";

/// 企诊：制造企业自评与数字化转型诊断。填问卷，得等级，出诊断报告，推荐服务商。
#[derive(Debug, Parser)]
#[command(
    name = "qizhen",
    version,
    about = "企诊：制造企业自评与数字化转型诊断",
    long_about = "企诊：制造企业自评与数字化转型诊断。\n填一份 YAML 问卷，得到等级、短板、改进建议、推荐服务商和一份可打印的中文报告。\n不需要服务器、账号或网络；标准、规则和字体都在程序里。",
    after_help = AFTER_HELP,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    subcommand_help_heading = "命令",
    next_help_heading = "选项",
    disable_help_flag = true,
    disable_version_flag = true
)]
pub struct Cli {
    /// 自己的数据目录：其中的文件覆盖或补充内置数据，子目录与内置的同名（见 docs/formats.md）
    #[arg(long, global = true, value_name = "目录")]
    data: Option<PathBuf>,
    /// 显示帮助
    #[arg(short = 'h', long = "help", global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long = "version", action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::Args),
    Check(check::Args),
    Diagnose(diagnose::Args),
    Batch(batch::Args),
    Compare(compare::Args),
    Explain(explain::Args),
    WhatIf(what_if::Args),
    Path(path::Args),
    Projects(projects::Args),
    Policies(policies::Args),
    Cases(cases::Args),
    Verify(verify::Args),
    Sign(sign::Args),
    Key(key::Args),
    Show(show::Args),
    Providers(providers::Args),
    ImportQuestionnaire(import_questionnaire::Args),
    Migrate(migrate::Args),
    Template(template::Args),
    Test(test::TestArgs),
    Coverage(test::CoverageArgs),
    Doc(doc::Args),
    Schema(schema::Args),
    Completions(completions::Args),
}

/// Parses the command line, does the work, gives the exit code.
pub fn run() -> ExitCode {
    let parsed = help::in_chinese(Cli::command())
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { BAD_INPUT } else { OK };
            match errors::in_chinese(&error) {
                Some(message) => io::message(message.trim_end()),
                // Help and version; a closed pipe is no failure of ours.
                None => drop(error.print()),
            }
            return ExitCode::from(code);
        }
    };
    let data = cli.data.as_deref();
    let code = match cli.command {
        Command::New(args) => new::run(&args, data),
        Command::Check(args) => check::run(&args, data),
        Command::Diagnose(args) => diagnose::run(&args, data),
        Command::Batch(args) => batch::run(&args, data),
        Command::Compare(args) => compare::run(&args, data),
        Command::Explain(args) => explain::run(&args, data),
        Command::WhatIf(args) => what_if::run(&args, data),
        Command::Path(args) => path::run(&args, data),
        Command::Projects(args) => projects::run(&args, data),
        Command::Policies(args) => policies::run(&args, data),
        Command::Cases(args) => cases::run(&args, data),
        Command::Verify(args) => verify::run(&args, data),
        Command::Sign(args) => sign::run(&args, data),
        Command::Key(args) => key::run(&args),
        Command::Show(args) => show::run(&args, data),
        Command::Providers(args) => providers::run(&args, data),
        Command::ImportQuestionnaire(args) => import_questionnaire::run(&args),
        Command::Migrate(args) => migrate::run(&args, data),
        Command::Template(args) => template::run(&args, data),
        Command::Test(args) => test::test(&args, data),
        Command::Coverage(args) => test::coverage(&args, data),
        Command::Doc(args) => doc::run(&args, data),
        Command::Schema(args) => schema::run(&args, data),
        Command::Completions(args) => completions::run(&args),
    };
    ExitCode::from(code)
}
