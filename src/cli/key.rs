//! `qizhen key new`: a pair of keys.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::{BAD_INPUT, OK, io};
use crate::seal::keys::{Role, Signer, check_name, fingerprint};

/// 签名用的密钥
#[derive(Debug, clap::Args)]
#[command(
    about = "生成签名用的密钥",
    subcommand_help_heading = "命令",
    arg_required_else_help = true
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    New(New),
}

/// 生成一对密钥
#[derive(Debug, clap::Args)]
#[command(
    about = "生成一对密钥：私钥用来签名，公钥发给核对的人",
    long_about = "生成一对 Ed25519 密钥。私钥（.key）用来签名，只有自己留着；公钥（.pub）发给核对报告的人，或公布在官网上。\n\n私钥没有密码：谁拿到这个文件都能以你的名义签名。文件只有本人可读；请放在加密的磁盘或 U 盘里，不要用邮件或网盘传。丢了就换一把，并请对方把旧公钥从信任名单里去掉（或写上 until）。\n\n已有的文件不会被覆盖。",
    after_help = "例：\n  qizhen key new -o 某诊断公司.key --name 某诊断公司 --role 诊断单位    写出 某诊断公司.key 和 某诊断公司.pub"
)]
struct New {
    /// 私钥写到哪里，以 .key 结尾；公钥写在旁边，以 .pub 结尾
    #[arg(short, long, value_name = "文件")]
    output: PathBuf,
    /// 签名人的名称，写进每个签名
    #[arg(long, value_name = "名称")]
    name: String,
    /// 以什么身份签名
    #[arg(long, value_name = "身份", value_parser = role())]
    role: Role,
}

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::label)).try_map(|label| Role::named(&label).ok_or("没有这个身份"))
}

pub fn run(args: &Args) -> u8 {
    let Command::New(args) = &args.command;
    new(args)
}

fn new(args: &New) -> u8 {
    let refuse = |why: &str| {
        io::message(&format!("错误：{why}。没有写出任何文件。"));
        BAD_INPUT
    };
    if args.output.extension().is_none_or(|extension| extension != "key") {
        let name = args.output.display();
        return refuse(&format!("-o 应是以 .key 结尾的文件名，例如 {name}.key"));
    }
    if let Err(why) = check_name(&args.name) {
        return refuse(&why);
    }
    let signer = match Signer::new(&args.name, args.role) {
        Ok(signer) => signer,
        Err(why) => return refuse(&why),
    };
    let public = args.output.with_extension("pub");
    for path in [&args.output, &public] {
        if path.symlink_metadata().is_ok() {
            let path = path.display();
            return refuse(&format!(
                "{path} 已经在了；密钥覆盖了就找不回来，请换个文件名，或自己先移走"
            ));
        }
    }
    if let Err(error) = create(&args.output, &signer.private_file(), 0o600) {
        return io::not_written(&args.output, &error);
    }
    if let Err(error) = create(&public, &signer.public_file(), 0o644) {
        // A private key without its public one is of no use.
        let _ = std::fs::remove_file(&args.output);
        return io::not_written(&public, &error);
    }
    io::progress(&format!(
        "私钥 {}（只有你能有，没有密码保护）\n公钥 {}（发给核对的人；指纹 {}）",
        args.output.display(),
        public.display(),
        fingerprint(&signer.public())
    ));
    OK
}

/// Writes a new file, never over an old one.
fn create(path: &Path, text: &str, mode: u32) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = options.open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}
