//! What people write in such lists, and what it means here.

use crate::advice::measures::Capabilities;
use crate::enterprise::industry::Industry;
use crate::enterprise::region::Region;
use crate::enterprise::size::SizeClass;
use crate::kit::import::text;

/// The parts of a list in one cell.
pub fn list(cell: &str) -> Vec<String> {
    text::split(cell, &['、', '；', ';', ',', '，', '\n', '|'])
}

fn plain(word: &str) -> String {
    text::compact(word).to_lowercase()
}

/// Capability by id, title, title without what stands in brackets, or one of the names in brackets.
pub fn capability<'c>(word: &str, known: &'c Capabilities) -> Option<&'c str> {
    let wanted = plain(word);
    let found = known.capabilities.iter().find(|capability| {
        let title = plain(&capability.title);
        let (before, inside) = title.split_once('(').unwrap_or((&title, ""));
        let names = inside.trim_end_matches(')').split('、');
        wanted == capability.id.value || wanted == title || wanted == before || names.clone().any(|name| name == wanted)
    });
    found.map(|capability| capability.id.value.as_str())
}

/// Names of all capabilities, for suggestions.
pub fn capability_names(known: &Capabilities) -> impl Iterator<Item = &str> + Clone {
    known
        .capabilities
        .iter()
        .flat_map(|c| [c.title.as_str(), c.id.value.as_str()])
}

/// Words for kinds of service.
pub const SERVICES: [(&str, &str); 11] = [
    ("诊断咨询", "diagnosis_consulting"),
    ("技术应用", "tech_application"),
    ("检验检测", "inspection_testing"),
    ("咨询诊断", "diagnosis_consulting"),
    ("诊断", "diagnosis_consulting"),
    ("咨询", "diagnosis_consulting"),
    ("技术改造", "tech_application"),
    ("检测", "inspection_testing"),
    ("diagnosis_consulting", "diagnosis_consulting"),
    ("tech_application", "tech_application"),
    ("inspection_testing", "inspection_testing"),
];

/// Words for kinds of provider, and their names in files.
pub const TYPES: [(&str, &str); 18] = [
    ("咨询", "consultant"),
    ("集成", "integrator"),
    ("软件", "software"),
    ("装备", "equipment"),
    ("平台", "platform"),
    ("检验检测", "testing_lab"),
    ("节能服务", "energy_service"),
    ("绿色服务", "green_service"),
    ("金融", "finance"),
    ("consultant", "consultant"),
    ("integrator", "integrator"),
    ("software", "software"),
    ("equipment", "equipment"),
    ("platform", "platform"),
    ("testing_lab", "testing_lab"),
    ("energy_service", "energy_service"),
    ("green_service", "green_service"),
    ("finance", "finance"),
];

/// Words for states.
pub const STATES: [(&str, &str); 19] = [
    ("有效", "active"),
    ("正常", "active"),
    ("在册", "active"),
    ("入选", "active"),
    ("active", "active"),
    ("警告", "warned"),
    ("被警告", "warned"),
    ("限期整改", "warned"),
    ("整改", "warned"),
    ("warned", "warned"),
    ("暂停", "suspended"),
    ("suspended", "suspended"),
    ("移出", "removed"),
    ("退出", "removed"),
    ("取消", "removed"),
    ("取消资格", "removed"),
    ("removed", "removed"),
    ("候选", "candidate"),
    ("candidate", "candidate"),
];

/// What a word of a table means.
pub fn in_table<T: Copy>(word: &str, table: &[(&str, T)]) -> Option<T> {
    let wanted = plain(word);
    table.iter().find(|(name, _)| *name == wanted).map(|(_, means)| *means)
}

/// Whether a word means all of them.
pub fn is_all(word: &str) -> bool {
    matches!(
        plain(word).as_str(),
        "*" | "全部" | "不限" | "通用" | "所有" | "各行业" | "全行业" | "全国" | "全国各地"
    )
}

/// Sizes; an empty list is all of them.
pub fn sizes(word: &str) -> Option<Vec<SizeClass>> {
    use SizeClass::{Large, Medium, Micro, Small};
    let wanted = plain(word);
    let short = wanted.trim_end_matches("企业").trim_end_matches('型');
    Some(match short {
        "大" => vec![Large],
        "中" => vec![Medium],
        "小" => vec![Small],
        "微" => vec![Micro],
        "小微" => vec![Small, Micro],
        "中小" => vec![Medium, Small],
        "中小微" => vec![Medium, Small, Micro],
        "大中" => vec![Large, Medium],
        _ if is_all(word) => Vec::new(),
        _ => return None,
    })
}

/// An industry by code or by the name of its division or group.
pub fn industry(word: &str) -> Option<String> {
    if is_all(word) {
        return Some("*".into());
    }
    if let Ok(industry) = Industry::parse(word) {
        return Some(industry.code().to_owned());
    }
    // Services and trade are not listed in the program, but a list may name them.
    let digits = word.trim();
    if (2..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && Industry::parse(digits).is_err()
    {
        return None;
    }
    let short = |name: &str| plain(name).trim_end_matches('业').trim_end_matches("制造").to_owned();
    let wanted = short(word);
    Industry::classes()
        .find(|(_, name)| short(name) == wanted)
        .map(|(code, _)| code.to_owned())
}

/// Names of industries, for suggestions.
pub fn industry_names() -> impl Iterator<Item = &'static str> + Clone {
    Industry::classes().map(|(_, name)| name)
}

/// A region that is served: `*`, or the digits that all codes in it begin with.
pub fn served(word: &str) -> Option<String> {
    if is_all(word) {
        return Some("*".into());
    }
    let region = place(word)?.code().to_owned();
    let mut digits = region.as_str();
    while digits.len() > 2 && digits.ends_with("00") {
        digits = &digits[..digits.len() - 2];
    }
    Some(digits.to_owned())
}

/// A region by code or name.
pub fn place(word: &str) -> Option<Region> {
    Region::parse(word).ok().or_else(|| Region::named(word))
}

/// The last day that a text names: `2027-12-31`, `2027年12月31日`, `2025.1.1—2027.12.31`.
pub fn day(text: &str) -> Option<String> {
    let text = text::half_width(text);
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let parts: (i16, i8, i8) = match numbers.as_slice() {
        [.., one] if one.len() == 8 => (one[..4].parse().ok()?, one[4..6].parse().ok()?, one[6..].parse().ok()?),
        [.., year, month, day] if year.len() == 4 => (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?),
        _ => return None,
    };
    jiff::civil::Date::new(parts.0, parts.1, parts.2)
        .ok()
        .map(|date| date.to_string())
}

/// `CMMI 3级`, `ITSS（二级）`, `ISO9001` → code and level.
pub fn qualification(word: &str) -> (String, String) {
    let word = text::half_width(word);
    let word = word.trim();
    let code: String = word
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/'))
        .collect();
    let rest = word[code.len()..].trim().trim_matches(['(', ')', ' ']);
    if matches!(code.as_str(), "ISO" | "GB" | "GB/T") {
        return (word.to_owned(), String::new());
    }
    let level =
        rest.chars().count() <= 6 && (rest.is_empty() || rest.chars().any(|c| "0123456789一二三四五级A".contains(c)));
    // `CMMI3` is CMMI at level 3; `ISO9001` is a code.
    let stem = code.trim_end_matches(|c: char| c.is_ascii_digit());
    if rest.is_empty() && code.len() == stem.len() + 1 && stem.len() >= 3 {
        return (stem.to_owned(), code[stem.len()..].to_owned());
    }
    if code.is_empty() || !level {
        return (word.to_owned(), String::new());
    }
    (code, rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, expected) in [
            ("2027-12-31", "2027-12-31"),
            ("2027年1月5日", "2027-01-05"),
            ("2025.1.1—2027.12.31", "2027-12-31"),
            ("20271231", "2027-12-31"),
        ] {
            assert_eq!(day(text).as_deref(), Some(expected), "{text}");
        }
        assert!(day("长期").is_none() && day("2027-13-01").is_none());
        for (text, code, level) in [
            ("CMMI 3级", "CMMI", "3级"),
            ("ITSS（二级）", "ITSS", "二级"),
            ("CMMI3", "CMMI", "3"),
            ("ISO9001", "ISO9001", ""),
            ("IIM AA", "IIM", "AA"),
            ("高新技术企业", "高新技术企业", ""),
        ] {
            assert_eq!(qualification(text), (code.to_owned(), level.to_owned()), "{text}");
        }
        assert_eq!(industry("汽车制造业").as_deref(), Some("36"));
        assert_eq!(industry("C3441").as_deref(), Some("3441"));
        assert_eq!(industry("通用").as_deref(), Some("*"));
        assert_eq!(industry("通用设备").as_deref(), Some("34"));
        assert_eq!(served("青岛市").as_deref(), Some("3702"));
        assert_eq!(served("370000").as_deref(), Some("37"));
        assert_eq!(served("全国").as_deref(), Some("*"));
        assert_eq!(sizes("中小企业"), Some(vec![SizeClass::Medium, SizeClass::Small]));
        assert_eq!(sizes("不限"), Some(Vec::new()));
    }
}
