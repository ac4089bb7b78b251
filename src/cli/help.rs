//! clap's own words in help texts, in Chinese: headings, usage, allowed and default values.

use clap::{Arg, Command};

/// Puts a built command and its subcommands into Chinese.
pub fn in_chinese(mut command: Command) -> Command {
    command.build();
    translate(command)
}

fn translate(mut command: Command) -> Command {
    let usage = usage(&command.render_usage().to_string());
    let usage = usage.trim_start_matches("用法：").to_owned();
    command
        .override_usage(usage)
        .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n")
        .mut_args(argument)
        .mut_subcommands(translate)
}

/// `Usage: qizhen check [OPTIONS]` → `用法：qizhen check [选项]`.
pub fn usage(english: &str) -> String {
    english
        .replace("Usage:", "用法：")
        .replace("：  ", "：")
        .replace("： ", "：")
        .replace("[OPTIONS]", "[选项]")
        .replace("<COMMAND>", "<命令>")
}

fn argument(mut argument: Arg) -> Arg {
    let heading = if argument.is_positional() { "参数" } else { "选项" };
    let mut more = Vec::new();
    if argument.get_action().takes_values() {
        let allowed = argument.get_possible_values();
        if !allowed.is_empty() {
            let names: Vec<&str> = allowed.iter().map(|value| value.get_name()).collect();
            more.push(format!("可用：{}", names.join("、")));
        }
        if let Some(default) = argument.get_default_values().first() {
            more.push(format!("默认 {}", default.to_string_lossy()));
        }
    }
    if let Some(help) = argument.get_help().cloned().filter(|_| !more.is_empty()) {
        argument = argument.help(format!("{help}（{}）", more.join("；")));
    }
    argument
        .help_heading(heading)
        .hide_possible_values(true)
        .hide_default_value(true)
}
