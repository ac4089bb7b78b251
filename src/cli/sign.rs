//! `qizhen sign`: a signature on a report.

use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::seal::keys::{Signer, encode};
use crate::seal::sign::{Signatures, sign};
use crate::seal::verify::{Checked, Verdict, verify};
use crate::seal::{canonical, carriers, words};

/// 在报告上签名
#[derive(Debug, clap::Args)]
#[command(
    about = "在报告上签名：说明由谁、以什么身份认可这份报告",
    long_about = "在报告上签名：说明由谁、以什么身份认可这份报告。\n签名写进文件本身，正文一个字节也不变；几方可以先后签在同一份报告上。签名覆盖答案、得分、等级和正文，之后改动任何一处，签名都会失效。\n签名以前先核对一遍：与答案对不上的报告不签。\n\n签名日期取今天。这是报告真伪的技术凭证，不等同于《电子签名法》所说的可靠电子签名；需要法律效力的，请另行用第三方电子签章或盖章。",
    after_help = "例：\n  qizhen key new -o 某诊断公司.key --name 某诊断公司 --role 诊断单位    先生成密钥，只做一次\n  qizhen sign 报告.pdf --key 某诊断公司.key\n  qizhen sign 报告.pdf --key 我厂.key -o 报告-双方签名.pdf"
)]
pub struct Args {
    /// 报告：diagnose 写出的 PDF、HTML、DOCX 或 JSON，带数据附件
    #[arg(value_name = "报告")]
    file: PathBuf,
    /// 私钥文件，由 qizhen key new 生成
    #[arg(long, value_name = "文件")]
    key: PathBuf,
    /// 签好的报告写到哪里；不写时写回原文件
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    let signer = match io::text(&args.key).and_then(|(name, text)| Signer::read(&name, &text)) {
        Ok(signer) => signer,
        Err(broken) => {
            io::report(&broken.problems, &broken.sources);
            return BAD_INPUT;
        }
    };
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let file = match io::bytes(&args.file) {
        Ok(file) => file,
        Err(code) => return code,
    };
    let name = args.file.to_string_lossy();
    let checked = match verify(&catalog, &[], &io::today(), &file) {
        Ok(checked) => checked,
        Err(why) => {
            io::message(words::unchecked(&name, &why).trim_end());
            io::message("没有签名。");
            return BAD_INPUT;
        }
    };
    match checked.verdict() {
        Verdict::Different => {
            io::message(words::checked(&name, &checked).trim_end());
            io::message("没有签名：报告与其中的答案对不上。");
            return BAD_INPUT;
        }
        Verdict::Unproven | Verdict::Vouched => {
            io::message(words::checked(&name, &checked).trim_end());
            io::message("提醒：没有能重新生成这份报告，签名只表示认可文件现在的样子，请先自己看过。");
        }
        Verdict::Same => {}
    }
    let own = encode(&signer.public());
    if checked.signatures.iter().any(|judged| judged.signature.key == own) {
        io::message("错误：这把密钥已经签过这份报告，不用再签。");
        return BAD_INPUT;
    }
    let signed = match signed(&signer, &checked) {
        Ok(signed) => signed,
        Err(why) => {
            io::message(&format!("错误：没有签成。{why}"));
            return FAILED;
        }
    };
    let output = args.output.as_ref().unwrap_or(&args.file);
    let code = io::write(output, &signed);
    if code == OK && output != Path::new("-") {
        io::progress(&format!(
            "{}（{}）已签名，写到 {}；对方用 qizhen verify --trust 你的公钥.pub 核对。",
            signer.name,
            signer.role.label(),
            output.display()
        ));
    }
    code
}

/// The file with one more signature.
fn signed(signer: &Signer, checked: &Checked) -> Result<Vec<u8>, String> {
    let mut all = checked
        .signatures
        .iter()
        .map(|judged| judged.signature.clone())
        .collect::<Vec<_>>();
    all.push(sign(signer, checked.kind, &checked.raw, &io::today())?);
    let all = Signatures {
        signatures: all,
        ..Signatures::default()
    };
    carriers::with_signatures(checked.kind, &checked.held, &checked.raw, &canonical(&all)?)
}
