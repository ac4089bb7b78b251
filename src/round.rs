//! Decimal rounding that people can check by hand.

/// Rounds half away from zero at `decimals` decimals, in the decimal sense: 1.005 → 1.01 at 2, although the nearest binary
/// number lies below 1.005. Not finite numbers pass through.
pub fn half_up(x: f64, decimals: u8) -> f64 {
    if !x.is_finite() {
        return x;
    }
    // Fifteen significant digits are what a decimal number keeps through a binary one.
    let text = format!("{:.*e}", 14, x.abs());
    let Some((mantissa, exponent)) = text.split_once('e') else {
        return x;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return x;
    };
    let keep = exponent + 1 + i32::from(decimals);
    if keep >= 15 {
        return x;
    }
    if keep < 0 {
        return 0.0;
    }
    let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let keep = keep as usize;
    let mut kept: u64 = digits[..keep].iter().fold(0, |n, d| n * 10 + u64::from(*d));
    if digits.get(keep).is_some_and(|d| *d >= 5) {
        kept += 1;
    }
    // Parsing a decimal text gives the binary number nearest to it: no second rounding.
    let rounded = format!("{kept}e-{decimals}").parse::<f64>().unwrap_or(x.abs());
    if x.is_sign_negative() && rounded != 0.0 {
        -rounded
    } else {
        rounded
    }
}

/// Significant digits of small amounts: per 万元 or per product they can be far below one.
const DIGITS: i32 = 6;

/// `decimals`, or as many more as six significant digits of `x` take: 2.1 ÷ 26800 is not 0.000078.
pub fn fine(x: f64, decimals: u8) -> u8 {
    if x == 0.0 || !x.is_finite() {
        return decimals;
    }
    let wanted = DIGITS - 1 - x.abs().log10().floor() as i32;
    u8::try_from(wanted.clamp(0, 15)).map_or(decimals, |wanted| wanted.max(decimals))
}

/// The number as people write it: at most `decimals` decimals, no trailing zeros.
pub fn show(x: f64, decimals: u8) -> String {
    if !x.is_finite() {
        return "—".into();
    }
    let text = format!("{:.*}", decimals as usize, half_up(x, decimals));
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" { "0".into() } else { text.to_owned() }
}

/// [`show`] with [`fine`] decimals.
pub fn finely(x: f64, decimals: u8) -> String {
    show(x, fine(x, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimal_halves_go_up() {
        for (x, decimals, expected) in [
            (1.005, 2, 1.01),
            (0.285, 2, 0.29),
            (2.675, 2, 2.68),
            (59.96, 2, 59.96),
            (59.995, 2, 60.0),
            (-2.5, 0, -3.0),
            (0.1 + 0.2, 4, 0.3),
            (99.999_999, 2, 100.0),
            (0.004, 2, 0.0),
            (0.005, 2, 0.01),
            (123_456_789.125, 2, 123_456_789.13),
            (1e20, 2, 1e20),
        ] {
            assert_eq!(half_up(x, decimals), expected, "{x} at {decimals}");
        }
        assert!(half_up(f64::NAN, 2).is_nan());
        assert_eq!(show(61.500, 3), "61.5");
        assert_eq!(show(-0.0001, 2), "0");
        assert_eq!(show(100.0, 2), "100");
    }

    #[test]
    fn small_numbers_keep_six_digits() {
        for (x, decimals, expected) in [
            (2.1 / 26800.0, 6, "0.0000783582"),
            (0.00006, 4, "0.00006"),
            (775.979_4, 4, "775.9794"),
            (0.457_142_857, 4, "0.457143"),
            (0.0, 4, "0"),
            (123_456.789, 2, "123456.79"),
        ] {
            assert_eq!(finely(x, decimals), expected, "{x} at {decimals}");
        }
    }

    proptest! {
        #[test]
        fn rounding_is_idempotent_and_monotone(a in -1e9..1e9f64, b in -1e9..1e9f64, decimals in 0u8..6) {
            let (low, high) = if a <= b { (a, b) } else { (b, a) };
            prop_assert!(half_up(low, decimals) <= half_up(high, decimals));
            let once = half_up(a, decimals);
            prop_assert_eq!(half_up(once, decimals), once);
            prop_assert!((once - a).abs() <= 0.5 * 10f64.powi(-i32::from(decimals)) + a.abs() * 1e-12);
        }
    }
}
