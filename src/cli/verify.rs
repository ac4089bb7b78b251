//! `qizhen verify`: is a report what the program makes of the answers in it?

use std::path::{Path, PathBuf};

use super::{BAD_INPUT, FAILED, OK, io};
use crate::catalog::Catalog;
use crate::diagnosis;
use crate::report::view;
use crate::seal::keys::Trusted;
use crate::seal::verify::{Unchecked, Verdict, verify};
use crate::seal::{code_of, words};

/// 核对报告
#[derive(Debug, clap::Args)]
#[command(
    about = "核对报告：用其中的答案重新算一遍，看得分、等级、文字有没有被改动，签名可不可信",
    long_about = "核对报告：取出报告文件里的评估文件，用公开的规则重新评分、重新生成报告，与文件逐字节比较。\n改了一个字、一个分数，或规则换了版本，都会说出在哪里。\n\n能核对的只是“报告与答案相符”；答案属不属实要看佐证和现场核验，由谁出具要看签名。\n签名日期是签名人自己写的，没有时间戳机构作证。\n\n给评估文件时算出它的校验码，与纸质报告末页印的比对：相同就是同一份答案、同样的规则、同一版程序。\n\n退出码：0 一致（给了 --trust 时还要有可信的签名）；1 不一致或不能证明；2 文件读不了。",
    after_help = "例：\n  qizhen verify 报告.pdf\n  qizhen verify 报告.html --trust 某诊断公司.pub        公钥文件可以直接当信任名单\n  qizhen verify *.pdf --trust trust.yaml\n  qizhen verify 报告.pdf --extract 我厂.assessment.yaml  取出其中的评估文件\n\n信任名单 trust.yaml：\n  schema: qizhen/trust/1\n  keys:\n    - {name: 某诊断公司, role: 诊断单位, key: （.pub 文件里的 key）, from: 2026-01-01, until: 2027-12-31}"
)]
pub struct Args {
    /// 报告（PDF、HTML、DOCX、JSON）或评估文件；- 为标准输入
    #[arg(value_name = "文件", required = true)]
    files: Vec<PathBuf>,
    /// 信任名单，或一个公钥文件（.pub）；可以给几次
    #[arg(long, value_name = "文件")]
    trust: Vec<PathBuf>,
    /// 把报告里的评估文件原样写到这里；- 为标准输出
    #[arg(long, value_name = "文件")]
    extract: Option<PathBuf>,
}

pub fn run(args: &Args, data: Option<&Path>) -> u8 {
    if args.extract.is_some() && args.files.len() > 1 {
        io::message("错误：--extract 一次只能取一份报告的评估文件。");
        return BAD_INPUT;
    }
    let catalog = match io::catalog(data) {
        Ok(catalog) => catalog,
        Err(code) => return code,
    };
    let trusted = match trusted(&args.trust) {
        Ok(trusted) => trusted,
        Err(code) => return code,
    };
    let mut worst = OK;
    for path in &args.files {
        worst = worst.max(one(args, &catalog, &trusted, path));
    }
    worst
}

fn trusted(paths: &[PathBuf]) -> Result<Vec<Trusted>, u8> {
    let mut all = Vec::new();
    for path in paths {
        let read = io::text(path).and_then(|(name, text)| Trusted::read(&name, &text));
        match read {
            Ok(read) => all.extend(read),
            Err(broken) => {
                io::report(&broken.problems, &broken.sources);
                return Err(BAD_INPUT);
            }
        }
    }
    Ok(all)
}

fn one(args: &Args, catalog: &Catalog, trusted: &[Trusted], path: &Path) -> u8 {
    let file = match io::bytes(path) {
        Ok(file) => file,
        Err(code) => return code,
    };
    let name = if path == Path::new("-") {
        "<标准输入>".into()
    } else {
        path.to_string_lossy()
    };
    let checked = match verify(catalog, trusted, &io::today(), &file) {
        Ok(checked) => checked,
        Err(why) => {
            if args.extract.is_none()
                && matches!(why, Unchecked::Unknown | Unchecked::NoData(_))
                && let Some(said) = assessment(catalog, &name, &file)
            {
                return io::to_stdout(said.as_bytes());
            }
            let code = if matches!(why, Unchecked::Unknown | Unchecked::Broken(..)) {
                BAD_INPUT
            } else {
                FAILED
            };
            io::message(words::unchecked(&name, &why).trim_end());
            return code;
        }
    };
    let mut said = words::checked(&name, &checked);
    let lacking = !args.trust.is_empty() && !checked.any_trusted();
    if lacking {
        said += "  没有可信的签名：信任名单里的人都没有签这份报告。\n";
    }
    let proven = matches!(checked.verdict(), Verdict::Same | Verdict::Vouched) && !lacking;
    let code = if proven { OK } else { FAILED };
    match &args.extract {
        Some(output) => {
            if output == Path::new("-") {
                io::message(said.trim_end());
            } else {
                io::to_stdout(said.as_bytes());
            }
            code.max(io::write(output, checked.data.assessment.as_bytes()))
        }
        None => code.max(io::to_stdout(said.as_bytes())),
    }
}

/// What there is to say about an assessment: the code that reports made of it bear.
fn assessment(catalog: &Catalog, name: &str, file: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(file).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let loaded = diagnosis::read(catalog, name, text, &io::today()).ok()?;
    let diagnosis = diagnosis::diagnose(catalog, &loaded);
    let code = words::digits(&code_of(catalog, &loaded, &diagnosis));
    let number = view::report_number(&diagnosis);
    Some(format!(
        "{name}：评估文件\n  {}  {}  编号 {number}\n  校验码 {code}\n  纸质报告末页印的校验码与此相同，即是这份答案按现在的规则（企诊 {}）算出的。\n",
        diagnosis.enterprise.name, diagnosis.date, diagnosis.program
    ))
}
