//! Intervals as rule authors write them: `[0,10]`, `(10,20]`, `(-inf,5)`.

use std::cmp::Ordering;

/// An interval of numbers with open or closed ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Whether the lower end belongs to it.
    pub low_closed: bool,
    /// Upper end.
    pub high: f64,
    /// Whether the upper end belongs to it.
    pub high_closed: bool,
}

/// How two intervals that should follow each other fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seam {
    /// Exactly.
    Fits,
    /// Something between them belongs to neither.
    Gap,
    /// Something belongs to both.
    Overlap,
}

impl Interval {
    /// Reads `[a,b]` with `[ ]` for closed and `( )` for open ends; full-width brackets and commas are taken too.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                '（' => '(',
                '）' => ')',
                '【' | '［' => '[',
                '】' | '］' => ']',
                '，' => ',',
                '∞' => 'i',
                other => other,
            })
            .collect();
        let low_closed = match text.chars().next()? {
            '[' => true,
            '(' => false,
            _ => return None,
        };
        let high_closed = match text.chars().last()? {
            ']' => true,
            ')' => false,
            _ => return None,
        };
        let (low, high) = text.get(1..text.len() - 1)?.split_once(',')?;
        let end = |text: &str| match text {
            "-inf" | "-i" => Some(f64::NEG_INFINITY),
            "inf" | "+inf" | "i" | "+i" => Some(f64::INFINITY),
            number => number.parse::<f64>().ok().filter(|n| n.is_finite()),
        };
        let (low, high) = (end(low)?, end(high)?);
        Some(Self {
            low,
            low_closed: low_closed && low.is_finite(),
            high,
            high_closed: high_closed && high.is_finite(),
        })
    }

    /// Whether a number lies inside.
    pub fn contains(self, x: f64) -> bool {
        let above = if self.low_closed { x >= self.low } else { x > self.low };
        let below = if self.high_closed {
            x <= self.high
        } else {
            x < self.high
        };
        above && below
    }

    /// Whether no number lies inside.
    pub fn is_empty(self) -> bool {
        match self.low.partial_cmp(&self.high) {
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) => !(self.low_closed && self.high_closed),
            _ => true,
        }
    }

    /// How `next` fits behind this one.
    pub fn seam(self, next: Self) -> Seam {
        match self.high.partial_cmp(&next.low) {
            Some(Ordering::Less) => Seam::Gap,
            Some(Ordering::Equal) => match (self.high_closed, next.low_closed) {
                (true, true) => Seam::Overlap,
                (false, false) => Seam::Gap,
                _ => Seam::Fits,
            },
            _ => Seam::Overlap,
        }
    }
}

impl std::fmt::Display for Interval {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let end = |x: f64| {
            if x == f64::INFINITY {
                "+∞".to_owned()
            } else if x == f64::NEG_INFINITY {
                "−∞".to_owned()
            } else {
                x.to_string()
            }
        };
        write!(
            f,
            "{}{}, {}{}",
            if self.low_closed { '[' } else { '(' },
            end(self.low),
            end(self.high),
            if self.high_closed { ']' } else { ')' }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_exact() {
        let band = Interval::parse("(10,20]").unwrap();
        assert!(!band.contains(10.0) && band.contains(10.0001) && band.contains(20.0) && !band.contains(20.0001));
        assert_eq!(Interval::parse("[0,10]").unwrap().seam(band), Seam::Fits);
        assert_eq!(Interval::parse("[0,10)").unwrap().seam(band), Seam::Gap);
        assert_eq!(Interval::parse("[0,11)").unwrap().seam(band), Seam::Overlap);
        assert!(Interval::parse("(5,5]").unwrap().is_empty());
        assert!(Interval::parse("5-6").is_none());
        assert!(Interval::parse("(3,-inf)").unwrap().is_empty());
    }
}
