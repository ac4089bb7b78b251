//! What a report is called: readable, allowed on every file system, never the same for two inputs.

use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a name without extension; with the marks of a temporary file it stays below the 255 that file systems allow.
const LONGEST: usize = 180;

/// What a report would like to be called after.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Enterprise.
    pub enterprise: &'a str,
    /// Date of the assessment.
    pub date: &'a str,
    /// Unified social credit code.
    pub uscc: Option<&'a str>,
}

/// Names without extension, in the order of the wishes. Those that want the same name get their code or a number added;
/// `taken` are names (as by [`fold`]) that belong to others.
pub fn assign(wishes: &[Wish], taken: &BTreeSet<String>) -> Vec<String> {
    let plain: Vec<String> = wishes.iter().map(|wish| stem(wish, "")).collect();
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, name) in plain.iter().enumerate() {
        alike.entry(fold(name)).or_default().push(index);
    }
    let mut used = taken.clone();
    let mut names = vec![String::new(); wishes.len()];
    // Those that stand alone first: nobody else's number may take their name.
    for (folded, members) in &alike {
        if let [only] = members.as_slice()
            && used.insert(folded.clone())
        {
            names[*only].clone_from(&plain[*only]);
        }
    }
    for members in alike.values() {
        for &index in members {
            if !names[index].is_empty() {
                continue;
            }
            let wish = &wishes[index];
            let same_code = members.iter().filter(|other| wishes[**other].uscc == wish.uscc).count() > 1;
            let code = wish
                .uscc
                .filter(|_| !same_code)
                .map(|code| stem(wish, &format!("-{code}")));
            let numbered = (1u32..).map(|number| stem(wish, &format!("-{number}")));
            let mut free = code.into_iter().chain(numbered).filter(|name| used.insert(fold(name)));
            names[index] = free.next().unwrap_or_default();
        }
    }
    names
}

/// A name as file systems that ignore case compare it.
pub fn fold(name: &str) -> String {
    name.to_lowercase()
}

fn stem(wish: &Wish, suffix: &str) -> String {
    let suffix = format!("-{}{suffix}", wish.date);
    let mut name: String = wish.enterprise.chars().map(safe).collect();
    name = name.trim_matches([' ', '.', '_']).to_owned();
    let mut room = LONGEST - suffix.len().min(LONGEST);
    while !name.is_char_boundary(room.min(name.len())) {
        room -= 1;
    }
    name.truncate(room);
    // Windows keeps these names for devices, whatever follows the first dot.
    let first = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let device = ["CON", "PRN", "AUX", "NUL"].contains(&first.as_str())
        || (["COM", "LPT"].iter().any(|port| first.starts_with(port)) && first.chars().count() == 4);
    if name.is_empty() || device {
        name.insert_str(0, "企业_");
    }
    name + &suffix
}

/// A character that may stand in a file name; others become `_`.
fn safe(c: char) -> char {
    match c {
        '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '_',
        // Marks that cannot be seen make two names look the same, or one look like another.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '_',
        c if c.is_control() => '_',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(wishes: &[(&str, Option<&str>)]) -> Vec<String> {
        let wishes: Vec<Wish> = wishes
            .iter()
            .map(|(enterprise, uscc)| Wish {
                enterprise,
                date: "2026-11-20",
                uscc: *uscc,
            })
            .collect();
        assign(&wishes, &BTreeSet::new())
    }

    #[test]
    fn names_are_safe() {
        let long = "长".repeat(120);
        for (name, expected) in [
            ("甲厂", "甲厂-2026-11-20"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j-2026-11-20"),
            ("../../etc/passwd", "etc_passwd-2026-11-20"),
            ("con", "企业_con-2026-11-20"),
            ("COM1.甲", "企业_COM1.甲-2026-11-20"),
            ("甲 . ", "甲-2026-11-20"),
            ("甲\u{202e}fdp\n", "甲_fdp-2026-11-20"),
            ("...", "企业_-2026-11-20"),
        ] {
            assert_eq!(names(&[(name, None)]), [expected]);
        }
        let name = &names(&[(&long, None)])[0];
        assert!(name.len() <= LONGEST && name.ends_with("长-2026-11-20"), "{name}");
    }

    #[test]
    fn no_two_are_the_same() {
        assert_eq!(
            names(&[("甲", Some("A")), ("甲", Some("B")), ("甲", None), ("乙", None)]),
            ["甲-2026-11-20-A", "甲-2026-11-20-B", "甲-2026-11-20-1", "乙-2026-11-20"]
        );
        assert_eq!(
            names(&[("甲", Some("A")), ("甲", Some("A"))]),
            ["甲-2026-11-20-1", "甲-2026-11-20-2"]
        );
        assert_eq!(
            names(&[("Ab", None), ("aB", None)]),
            ["Ab-2026-11-20-1", "aB-2026-11-20-2"]
        );
        let taken = BTreeSet::from(["甲-2026-11-20".to_owned()]);
        let wish = Wish {
            enterprise: "甲",
            date: "2026-11-20",
            uscc: Some("A"),
        };
        assert_eq!(assign(&[wish], &taken), ["甲-2026-11-20-A"]);
    }
}
