//! 统一社会信用代码, GB 32100-2015: 18 characters, the last one a check digit over the first 17.

use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};

/// The 31 characters and their values: digits and capital letters without I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A code of the right form. Real codes exist whose check digit does not fit, so that is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uscc {
    code: String,
    expected: char,
}

/// Why a text is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not 18 characters.
    #[error("应为 18 位，现为 {0} 位")]
    Length(usize),
    /// A character that no code has.
    #[error("第 {position} 位是 “{found}”；统一社会信用代码只用数字和大写字母，且不含 I、O、S、V、Z")]
    Character {
        /// From 1.
        position: usize,
        /// The character.
        found: char,
    },
    /// Positions 3 to 8 are a region.
    #[error("第 {0} 位应为数字（第 3–8 位是行政区划码）")]
    Region(usize),
}

impl Uscc {
    /// Reads a code; blanks, full-width characters and lower case are taken.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
                other => other,
            })
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let length = code.chars().count();
        if length != 18 {
            return Err(UsccError::Length(length));
        }
        let mut sum = 0;
        let mut weight = 1;
        for (index, found) in code.chars().enumerate() {
            let Some(value) = ALPHABET.iter().position(|c| char::from(*c) == found) else {
                return Err(UsccError::Character {
                    position: index + 1,
                    found,
                });
            };
            if (2..8).contains(&index) && !found.is_ascii_digit() {
                return Err(UsccError::Region(index + 1));
            }
            if index < 17 {
                sum += value * weight;
                weight = weight * 3 % 31;
            }
        }
        let expected = char::from(ALPHABET[(31 - sum % 31) % 31]);
        Ok(Self { code, expected })
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.code
    }

    /// The last character that would fit the first 17, when the one that stands there does not.
    pub fn wrong_check(&self) -> Option<char> {
        (!self.code.ends_with(self.expected)).then_some(self.expected)
    }
}

/// Reads a code where it stands; a wrong check digit is a warning.
pub fn check(text: &At<String>, problems: &mut Vec<Diagnostic>) -> Option<Uscc> {
    match Uscc::parse(&text.value) {
        Ok(uscc) => {
            if let Some(expected) = uscc.wrong_check() {
                problems.push(
                    Diagnostic::warning(
                        Code::CheckDigit,
                        text.span,
                        format!("统一社会信用代码 {} 的校验位不符：末位应为 {expected}", uscc.as_str()),
                    )
                    .hint("多半是抄错了一位，请对照营业执照；确认无误可不理会"),
                );
            }
            Some(uscc)
        }
        Err(error) => {
            problems.push(
                Diagnostic::error(
                    Code::BadUscc,
                    text.span,
                    format!("统一社会信用代码 “{}” 不对：{error}", text.value),
                )
                .hint("营业执照上 18 位的那个号；全是数字时请加引号"),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn vectors() {
        for good in [
            "91350100M000100Y43",
            "11320000MB151840XJ",
            "914403001922038216",
            "9144030071526726XG",
            "91330100799655058B",
            "9131000063159284XQ",
            "91000000000000000K",
            "91000000MA0T00011X",
            "91000000MA0T0002XM",
            "91000000MA0T00038M",
            "91000000MA0T00046G",
            "91000000MA0T00054B",
            "91000000MA0T000626",
            "91000000MA0T000701",
            "91000000MA0T00089X",
            "91000000MA0T00097Q",
            "91000000MA0T0010X9",
            "91000000MA0T001189",
            "91000000MA0T001264",
        ] {
            assert_eq!(Uscc::parse(good).unwrap().wrong_check(), None, "{good}");
        }
        for (bad, expected) in [
            ("91350100M0001TGQXM", '1'),
            ("91350211M0000XUF46", 'R'),
            ("914403001922038217", '6'),
        ] {
            assert_eq!(Uscc::parse(bad).unwrap().wrong_check(), Some(expected), "{bad}");
        }
        assert_eq!(
            Uscc::parse("91350100M000100Y4Z"),
            Err(UsccError::Character {
                position: 18,
                found: 'Z'
            })
        );
        assert_eq!(Uscc::parse("91440300192203821"), Err(UsccError::Length(17)));
        assert_eq!(Uscc::parse("91A00000000000000K"), Err(UsccError::Region(3)));
        assert!(Uscc::parse(" ９１000000 000000000k ").unwrap().wrong_check().is_none());
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_always_noticed(at in 0usize..18, to in 0usize..31) {
            let good = "91350100M000100Y43";
            let mut chars: Vec<char> = good.chars().collect();
            let wrong = char::from(ALPHABET[to]);
            prop_assume!(chars[at] != wrong);
            chars[at] = wrong;
            let text: String = chars.into_iter().collect();
            prop_assert!(Uscc::parse(&text).map_or(true, |uscc| uscc.wrong_check().is_some()));
        }
    }
}
