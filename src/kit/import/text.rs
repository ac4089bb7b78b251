//! What people type into cells: blanks, full-width forms, lists in one cell, labels before options.

/// Letters, digits and signs in their half-width form; other characters stay.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            '【' => '[',
            '】' => ']',
            '−' | '–' => '-',
            other => other,
        })
        .collect()
}

/// Half-width without any blanks: for numbers, names and intervals.
pub fn compact(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text of a cell without what cannot be seen: blanks around lines, empty lines, carriage returns, zero-width marks.
pub fn clean(text: &str) -> String {
    let text = text.replace("_x000D_", "\n").replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.lines().map(|line| {
        let seen: String = line
            .chars()
            .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        seen.trim().to_owned()
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Lines joined: Chinese without, other letters with a blank between.
pub fn one_line(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(out.chars().last()) && latin(line.chars().next()) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// A number as people write it: full-width, with 分 behind it; `None` for anything else.
pub fn number(text: &str) -> Option<f64> {
    let text = compact(text);
    let digits = text.strip_suffix('分').unwrap_or(&text);
    let begins = digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
    digits.parse::<f64>().ok().filter(|n| begins && n.is_finite())
}

/// Splits at separators that do not stand inside brackets; blank parts are left out.
pub fn split(text: &str, separators: &[char]) -> Vec<String> {
    let parts = |nested: bool| {
        let (mut parts, mut depth) = (vec![String::new()], 0i32);
        for c in text.chars() {
            match c {
                '(' | '[' | '（' | '【' | '［' | '〔' | '《' => depth += 1,
                ')' | ']' | '）' | '】' | '］' | '〕' | '》' => depth -= 1,
                _ => {}
            }
            if separators.contains(&c) && (depth <= 0 || !nested) {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push(c);
            }
        }
        (parts, depth)
    };
    let (nested, depth) = parts(true);
    // A bracket that is never closed must not swallow the rest.
    let parts = if depth == 0 { nested } else { parts(false).0 };
    parts
        .iter()
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// The options in one cell: one a line or, on a single line, one a semicolon.
pub fn options(text: &str) -> Vec<String> {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.trim().trim_end_matches(['；', ';']).trim_end().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    if lines.len() > 1 {
        lines
    } else {
        split(text, &['；', ';'])
    }
}

/// The points in one cell, in the order of the options; each as written, without a label such as `A：`.
pub fn points(text: &str) -> Vec<String> {
    let text = half_width(text);
    let separators: &[char] = [&['\n'][..], &[';'], &['、', ',', '/', '|']]
        .into_iter()
        .find(|separators| text.contains(*separators))
        .unwrap_or(&[' ', '\t']);
    text.split(separators)
        .map(|part| part.trim().trim_end_matches([';', ',', '、']).trim_end())
        .map(|part| {
            let rest = part
                .strip_prefix(|c: char| c.is_ascii_alphabetic())
                .map(str::trim_start);
            let rest = rest.and_then(|rest| rest.strip_prefix([':', '=', ')']));
            rest.map_or(part, str::trim_start).to_owned()
        })
        .filter(|part| !part.is_empty())
        .collect()
}

/// Takes `A.`, `1、` or `①` away when every option has the label of its place.
pub fn strip_labels(options: &mut [String]) {
    let labels: [fn(usize) -> Option<String>; 3] = [
        |i| {
            u8::try_from(i)
                .ok()
                .filter(|i| *i < 26)
                .map(|i| char::from(b'A' + i).to_string())
        },
        |i| Some((i + 1).to_string()),
        |i| {
            char::from_u32('①' as u32 + u32::try_from(i).ok()?)
                .filter(|_| i < 20)
                .map(String::from)
        },
    ];
    for label in labels {
        let stripped: Option<Vec<String>> = options
            .iter()
            .enumerate()
            .map(|(index, option)| without_label(option, &label(index)?))
            .collect();
        if let Some(stripped) = stripped {
            options.clone_from_slice(&stripped);
            return;
        }
    }
}

fn without_label(option: &str, label: &str) -> Option<String> {
    let circled = !label.is_ascii();
    let rest = option.trim_start_matches(['(', '（']);
    let first: String = rest.chars().take(label.chars().count()).collect();
    if !half_width(&first).eq_ignore_ascii_case(label) {
        return None;
    }
    let rest = &rest[first.len()..];
    let text = rest.trim_start().strip_prefix(['.', '．', '、', ':', '：', ')', '）']);
    let text = match text {
        // `2.5 万元` begins with a number, not with the label 2.
        Some(text)
            if label.ends_with(|c: char| c.is_ascii_digit()) && text.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            return None;
        }
        Some(text) => text,
        None if circled => rest,
        None => return None,
    };
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// `2级：…`, `二级 …`, `L2 …` → the level and the rest.
pub fn level_label(text: &str) -> Option<(usize, &str)> {
    const NUMERALS: [char; 11] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let rest = text.trim_start_matches('第');
    let lettered = rest.strip_prefix(['L', 'l', 'Ｌ']);
    let rest = lettered.unwrap_or(rest).trim_start();
    let first = rest.chars().next()?;
    let level = NUMERALS
        .iter()
        .position(|numeral| *numeral == first)
        .or_else(|| half_width(&first.to_string()).parse().ok())?;
    let rest = rest[first.len_utf8()..].trim_start();
    let named = rest.strip_prefix(['级', '档', '星']);
    let rest = named.unwrap_or(rest);
    let separated = rest.trim_start().strip_prefix([':', '：', '.', '．', '、']);
    match separated {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => None,
        Some(rest) => Some((level, rest.trim_start())),
        None if rest.is_empty() && (named.is_some() || lettered.is_some()) => Some((level, rest)),
        None if (named.is_some() || lettered.is_some()) && rest.starts_with(char::is_whitespace) => {
            Some((level, rest.trim_start()))
        }
        None => None,
    }
}

/// The interval that `≥60`, `10-20` or `5以下` probably means, as a suggestion.
pub fn meant_interval(text: &str) -> Option<String> {
    let text = compact(text).replace('%', "");
    let number = |text: &str| {
        text.parse::<f64>()
            .ok()
            .filter(|n| n.is_finite())
            .map(|n| n.to_string())
    };
    let both = [
        ("≥", "[{},+∞)"),
        (">=", "[{},+∞)"),
        ("不低于", "[{},+∞)"),
        ("大于等于", "[{},+∞)"),
        (">", "({},+∞)"),
        ("大于", "({},+∞)"),
        ("≤", "(-∞,{}]"),
        ("<=", "(-∞,{}]"),
        ("小于等于", "(-∞,{}]"),
        ("<", "(-∞,{})"),
        ("小于", "(-∞,{})"),
        ("低于", "(-∞,{})"),
    ];
    let behind = [
        ("及以上", "[{},+∞)"),
        ("以上", "[{},+∞)"),
        ("及以下", "(-∞,{}]"),
        ("以下", "(-∞,{})"),
    ];
    for (sign, form) in both {
        if let Some(found) = text.strip_prefix(sign).and_then(number) {
            return Some(form.replace("{}", &found));
        }
    }
    for (sign, form) in behind {
        if let Some(found) = text.strip_suffix(sign).and_then(number) {
            return Some(form.replace("{}", &found));
        }
    }
    let (low, high) = text.split_once(['-', '~', '—', '至', '到'])?;
    Some(format!("[{},{})", number(low)?, number(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cleaned() {
        assert_eq!(clean(" \u{3000}网络_x000D_\n\n 建设\u{200b} "), "网络\n建设");
        assert_eq!(one_line("网络\n建设"), "网络建设");
        assert_eq!(one_line("MES\nERP"), "MES ERP");
        assert_eq!(number(" １．５ 分"), Some(1.5));
        assert_eq!(number("inf"), None);
        assert_eq!(number("两分"), None);
    }

    #[test]
    fn lists_in_one_cell() {
        assert_eq!(
            options("没有；有（自建；租用）；有并联网"),
            ["没有", "有（自建；租用）", "有并联网"]
        );
        assert_eq!(
            options("没有；\n有，且用；且好；\n\n全有"),
            ["没有", "有，且用；且好", "全有"]
        );
        assert_eq!(options("[0,10]；(10,20]"), ["[0,10]", "(10,20]"]);
        assert_eq!(options("有（未闭合；没有"), ["有（未闭合", "没有"]);
        assert_eq!(points("０；２；４分"), ["0", "2", "4分"]);
        assert_eq!(points("A：0\nB：2.5；"), ["0", "2.5"]);
        assert_eq!(points("0 2 4"), ["0", "2", "4"]);
        assert_eq!(points("0、2、4、"), ["0", "2", "4"]);
    }

    #[test]
    fn labels_go_only_when_all_are_there() {
        for (with, without) in [
            (["A. 没有", "B．有"], ["没有", "有"]),
            (["a、没有", "b、有"], ["没有", "有"]),
            (["（1）没有", "（2）有"], ["没有", "有"]),
            (["①没有", "② 有"], ["没有", "有"]),
            (["A. 没有", "C. 有"], ["A. 没有", "C. 有"]),
            (["1.5 万元", "2.5 万元"], ["1.5 万元", "2.5 万元"]),
            (["AGV", "BOM"], ["AGV", "BOM"]),
        ] {
            let mut options = with.map(str::to_owned);
            strip_labels(&mut options);
            assert_eq!(options, without);
        }
    }

    #[test]
    fn levels_and_intervals() {
        assert_eq!(level_label("2级：有系统"), Some((2, "有系统")));
        assert_eq!(level_label("二级 有系统"), Some((2, "有系统")));
        assert_eq!(level_label("L0"), Some((0, "")));
        assert_eq!(level_label("3. 有"), Some((3, "有")));
        assert_eq!(level_label("5G 网络"), None);
        assert_eq!(level_label("2.5 万元"), None);
        assert_eq!(level_label("一般"), None);
        assert_eq!(meant_interval("≥ 60%").as_deref(), Some("[60,+∞)"));
        assert_eq!(meant_interval("60％以下").as_deref(), Some("(-∞,60)"));
        assert_eq!(meant_interval("10～20").as_deref(), Some("[10,20)"));
        assert_eq!(meant_interval("很多"), None);
    }
}
