//! `qizhen completions`: what the shell needs to complete commands.

use clap::CommandFactory;

use super::{Cli, io};

/// 生成命令行补全脚本
#[derive(Debug, clap::Args)]
#[command(
    about = "生成命令行补全脚本",
    after_help = "例：qizhen completions bash > ~/.local/share/bash-completion/completions/qizhen"
)]
pub struct Args {
    /// 命令行解释器
    #[arg(value_enum, value_name = "SHELL")]
    shell: clap_complete::Shell,
}

pub fn run(args: &Args) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "qizhen", &mut script);
    io::to_stdout(&script)
}
