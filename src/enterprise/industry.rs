//! 国民经济行业分类, GB/T 4754-2017: sections B, C, D by their digits, names for the 31 divisions and 179 groups of
//! manufacturing (group names taken from a copy of the classification, not checked word by word against the standard).

use std::sync::LazyLock;

/// Code and name of every known class, from `gbt4754.tsv`.
static CLASSES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    include_str!("gbt4754.tsv")
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// A class of two to four digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Industry {
    code: String,
}

/// Why a text is not a class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndustryError {
    /// Not a letter and two to four digits.
    #[error("行业代码 “{0}” 应为 2 到 4 位数字，前面可以有门类字母，如 C3441、344、34")]
    Form(String),
    /// The letter and the digits belong to different sections.
    #[error("行业代码 “{found}” 的门类字母不对：{digits} 属于门类 {expected}")]
    Section {
        /// As written.
        found: String,
        /// The digits.
        digits: String,
        /// The section they belong to.
        expected: char,
    },
    /// No such class.
    #[error("行业代码 “{0}” 在 GB/T 4754-2017 里没有")]
    Unknown(String),
}

impl Industry {
    /// Reads `C3441`, `3441`, `344`, `34`, in either case.
    pub fn parse(text: &str) -> Result<Self, IndustryError> {
        let plain: String = text.trim().to_ascii_uppercase();
        let (letter, digits) = match plain.chars().next() {
            Some(c) if c.is_ascii_alphabetic() => (Some(c), &plain[1..]),
            _ => (None, plain.as_str()),
        };
        if !(2..=4).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(IndustryError::Form(text.trim().to_owned()));
        }
        let industry = Self {
            code: digits.to_owned(),
        };
        let known = match industry.section() {
            None => false,
            // Only manufacturing is listed; mining and utilities are taken by their division.
            Some('C') => {
                let upto = digits.len().min(3);
                CLASSES.iter().any(|(code, _)| *code == &digits[..upto])
            }
            Some(_) => true,
        };
        let Some(section) = industry.section().filter(|_| known) else {
            return Err(IndustryError::Unknown(text.trim().to_owned()));
        };
        match letter {
            Some(letter) if letter != section => Err(IndustryError::Section {
                found: text.trim().to_owned(),
                digits: digits.to_owned(),
                expected: section,
            }),
            _ => Ok(industry),
        }
    }

    /// The digits.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Section letter of the industrial sections: B mining, C manufacturing, D utilities.
    pub fn section(&self) -> Option<char> {
        match self.code.get(..2)?.parse::<u8>().ok()? {
            6..=12 => Some('B'),
            13..=43 => Some('C'),
            44..=46 => Some('D'),
            _ => None,
        }
    }

    /// Name of the group, else of the division; empty outside manufacturing.
    pub fn name(&self) -> &'static str {
        let of = |digits: usize| {
            self.code
                .get(..digits)
                .and_then(|prefix| CLASSES.iter().find(|(code, _)| *code == prefix))
                .map(|(_, n)| *n)
        };
        of(3).or_else(|| of(2)).unwrap_or_default()
    }

    /// Code and name, and of which class the name is where that is not the code's own:
    /// `3441（属中类 344 泵、阀门、压缩机及类似机械制造）`.
    pub fn label(&self) -> String {
        let named = |digits: usize| {
            let prefix = self.code.get(..digits)?;
            CLASSES.iter().find(|(code, _)| *code == prefix)
        };
        match named(3)
            .map(|found| ("中类", found))
            .or_else(|| named(2).map(|found| ("大类", found)))
        {
            None => self.code.clone(),
            Some((_, (code, name))) if *code == self.code => format!("{code} {name}"),
            Some((class, (code, name))) => format!("{}（属{class} {code} {name}）", self.code),
        }
    }

    /// Code and name of the known classes.
    pub fn classes() -> impl Iterator<Item = (&'static str, &'static str)> + Clone {
        CLASSES.iter().copied()
    }

    /// Known classes, for suggestions.
    pub fn known() -> impl Iterator<Item = &'static str> {
        CLASSES.iter().map(|(code, _)| *code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        assert_eq!(CLASSES.len(), 31 + 179);
        for (text, code, name) in [
            ("C3441", "3441", "泵、阀门、压缩机及类似机械制造"),
            ("c344", "344", "泵、阀门、压缩机及类似机械制造"),
            ("34", "34", "通用设备制造业"),
            ("2612", "2612", "基础化学原料制造"),
        ] {
            let industry = Industry::parse(text).unwrap();
            assert_eq!((industry.code(), industry.name()), (code, name));
        }
        assert!(matches!(
            Industry::parse("D3441"),
            Err(IndustryError::Section { expected: 'C', .. })
        ));
        assert!(matches!(Industry::parse("C99"), Err(IndustryError::Unknown(_))));
        assert!(matches!(Industry::parse("C5"), Err(IndustryError::Form(_))));
        assert!(matches!(Industry::parse("C130"), Err(IndustryError::Unknown(_))));
        assert_eq!(Industry::parse("D44").unwrap().section(), Some('D'));
        assert!(Industry::parse("机械").is_err());
    }
}
