//! "Did you mean": the nearest valid name.

/// The candidate nearest to `found`, if one is near enough to be a likely slip of the hand.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = normal(found);
    candidates
        .into_iter()
        .map(|candidate| {
            let near = normal(candidate);
            let containing = wanted.chars().count() >= 3 && (near.contains(&wanted) || wanted.contains(&near));
            let likeness = strsim::normalized_damerau_levenshtein(&wanted, &near);
            (if containing { likeness.max(0.62) } else { likeness }, candidate)
        })
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Names differ in ways that people do not see: case, `-` and `_`, full-width letters, `q5` and `q05`.
fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let half_width = name.chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    });
    for c in half_width {
        // A zero that leads a number is dropped when the next digit comes.
        if c.is_ascii_digit()
            && out.ends_with('0')
            && !out.trim_end_matches('0').ends_with(|c: char| c.is_ascii_digit())
        {
            out.pop();
        }
        out.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    out
}

/// `甲、乙、丙` or the first few and their number, for messages that list what is allowed.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    if names.len() <= SHOWN {
        names.join("、")
    } else {
        format!("{} 等 {} 个", names[..SHOWN].join("、"), names.len())
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_slips_and_stays_silent_otherwise() {
        assert_eq!(nearest("q2", ["q01", "q02", "quality"]), Some("q02"));
        assert_eq!(
            nearest("product_design", ["process-design", "product-design"]),
            Some("product-design")
        );
        assert_eq!(
            nearest("efficency_pct", ["efficiency_pct", "rated_kw"]),
            Some("efficiency_pct")
        );
        assert_eq!(nearest("q5", ["q05", "q15", "q50"]), Some("q05"));
        assert_eq!(nearest("q5", ["q15", "q05"]), Some("q05"));
        assert_eq!(nearest("xyz", ["q01", "motors"]), None);
    }
}
