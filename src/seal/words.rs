//! What [`verify`](super::verify) found, in words.

use super::keys::fingerprint;
use super::sign::{Judged, Judgement};
use super::verify::{Checked, Standard, Unchecked, Verdict};
use super::{Kind, Outcome};
use crate::advice::gaps::grade_in_words;
use crate::report::document::Seal;
use crate::round::show;

/// A checked report: the answer first, then what it rests on.
pub fn checked(name: &str, checked: &Checked) -> String {
    let verdict = match checked.verdict() {
        Verdict::Same => "一致",
        Verdict::Vouched => "一致（文字由可信的签名人担保）",
        Verdict::Unproven if checked.unscored.is_some() => "不能核对",
        Verdict::Unproven => "得分一致，文字没有核对",
        Verdict::Different => "不一致",
    };
    let data = &checked.data;
    let mut out = vec![format!("{name}：{verdict}")];
    out.push(format!("  {}  {}  编号 {}", data.enterprise, data.date, data.report_no));
    out.push(format!("  校验码 {}", digits(&data.code)));
    results(checked, &mut out);
    rules(checked, &mut out);
    if !checked.altered.is_empty() {
        out.push("  文件被改动：".to_owned());
        out.extend(checked.altered.iter().map(|place| format!("    {place}")));
    } else if let Some(why) = &checked.uncompared {
        out.push(format!("  文字没有核对：{why}。"));
        out.push(
            "    文件与写出时记下的摘要相符，没有损坏；要连文字一起核对，请用当时的程序和数据目录（--data）。"
                .to_owned(),
        );
    } else {
        out.push(match checked.kind {
            Kind::Docx => "  重新生成的 DOCX 与文件里的每一部分都相同。".to_owned(),
            kind => format!("  重新生成的 {} 与文件逐字节相同。", kind.label()),
        });
    }
    signatures(&checked.signatures, &mut out);
    out.join("\n") + "\n"
}

fn results(checked: &Checked, out: &mut Vec<String>) {
    if let Some(why) = &checked.unscored {
        out.push("  答案不能用现在的规则重新评分：".to_owned());
        out.push(format!("    {why}"));
        out.push("    报告若用了自己的数据目录，请加 --data 指明；也可能是标准在这一版里改了题目。".to_owned());
        return;
    }
    let different: Vec<&Standard> = checked.standards.iter().filter(|standard| !standard.same()).collect();
    if different.is_empty() {
        out.push(format!("  重算 {} 个标准，得分和等级都相同。", checked.standards.len()));
        return;
    }
    out.push("  重算的结果不同：".to_owned());
    for standard in different {
        let (told, now) = (say(standard.told.as_ref()), say(standard.now.as_ref()));
        out.push(format!("    {}：报告写 {told}，重算是 {now}", title(standard)));
    }
}

fn rules(checked: &Checked, out: &mut Vec<String>) {
    let changed: Vec<&Standard> = checked.standards.iter().filter(|one| !one.changed.is_empty()).collect();
    if changed.is_empty() && !checked.facts_changed {
        return;
    }
    out.push("  规则与报告当时的不同：".to_owned());
    for standard in changed {
        let both = if standard.same() {
            format!("两版都是 {}", say(standard.now.as_ref()))
        } else {
            format!(
                "当时 {}，现在 {}",
                say(standard.told.as_ref()),
                say(standard.now.as_ref())
            )
        };
        out.push(format!(
            "    {}：{}变了；{both}",
            title(standard),
            standard.changed.join("和")
        ));
    }
    if checked.facts_changed {
        out.push("    企业数据词典（facts.yaml）变了".to_owned());
    }
}

fn title(standard: &Standard) -> &str {
    let either = standard.now.as_ref().or(standard.told.as_ref());
    either.map_or("", |outcome| outcome.short.as_str())
}

fn say(outcome: Option<&Outcome>) -> String {
    let Some(outcome) = outcome else {
        return "没有这个标准".to_owned();
    };
    let mut words = vec![match outcome.score {
        Some(score) => format!("{} 分", show(score, 3)),
        None if outcome.full == 0.0 => "不计分".to_owned(),
        None => "未评分".to_owned(),
    }];
    if let Some((level, name)) = &outcome.grade {
        words.push(grade_in_words(*level, name));
    }
    if outcome.eligible == Some(false) {
        words.push("暂不具备申报条件".to_owned());
    }
    words.join(" ")
}

fn signatures(judged: &[Judged], out: &mut Vec<String>) {
    if judged.is_empty() {
        out.push("  没有签名：能说明报告与答案相符，不能说明由谁出具。".to_owned());
        return;
    }
    out.push("  签名：".to_owned());
    for one in judged {
        let signature = &one.signature;
        let (word, why) = match &one.judgement {
            Judgement::Trusted => ("有效且可信", String::new()),
            Judgement::Untrusted(why) => ("有效但不在信任名单", format!("；{why}")),
            Judgement::Invalid => ("无效", "；签的不是这份报告，或签名后报告被改动".to_owned()),
        };
        let key = one.key.as_ref().map_or("不是密钥".to_owned(), fingerprint);
        let (name, role, date) = (&signature.name, signature.role.label(), &signature.date);
        out.push(format!("    {word}：{name}（{role}） {date}，密钥指纹 {key}{why}"));
    }
}

/// The printed digits of a code, in groups.
pub fn digits(code: &str) -> String {
    let seal = Seal {
        code: code.get(..Seal::DIGITS).unwrap_or(code).to_owned(),
        ..Seal::default()
    };
    seal.groups().join(" ")
}

/// A file that could not be checked.
pub fn unchecked(name: &str, why: &Unchecked) -> String {
    match why {
        Unchecked::Unknown => format!(
            "{name}：不能核对\n  不是企诊的报告。能核对的有：diagnose 写出的 PDF、HTML、JSON，DOCX，以及评估文件（给出它的校验码）。\n"
        ),
        Unchecked::Broken(_, why) => format!("{name}：不能核对\n  {why}。请重新索取一份。\n"),
        Unchecked::NoData(kind) => format!(
            "{name}：没有数据附件\n  这份 {} 里没有评估文件，不能重新计算。可能是用 --no-data 写出的，或被别的程序另存过。\n  向填报企业索取评估文件，运行 qizhen verify 评估文件，与报告末页印的校验码比对。\n",
            kind.label()
        ),
        Unchecked::BadData(_, why) => format!("{name}：不一致\n  数据附件被改动或读不出来：{why}。\n"),
    }
}
