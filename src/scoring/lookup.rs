//! Tables: find the row for a machine or a product.

use super::interval::Interval;
use super::rulebook::KeyMatch;
use crate::provenance::Confidence;

/// A typed table cell.
#[derive(Debug, Clone, PartialEq)]
pub enum TableCell {
    /// No number; as a key: matches anything.
    Null,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// An interval key.
    Interval(Interval),
}

/// A key value to look for.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyValue {
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// A compiled table.
#[derive(Debug, Clone)]
pub struct LookupTable {
    /// Id in the rulebook.
    pub id: String,
    /// Title.
    pub title: String,
    /// Source.
    pub source: String,
    /// Confidence of its rows, where the table says so.
    pub confidence: Option<Confidence>,
    /// What is doubtful.
    pub note: String,
    /// Key columns: column index and how it is matched. Exact keys and intervals narrow first, then steps.
    pub keys: Vec<(usize, KeyMatch)>,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<TableCell>>,
}

impl LookupTable {
    /// Index of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }

    /// The row for these key values (in the order of `keys`); `None` when the table has none.
    pub fn find(&self, values: &[KeyValue]) -> Option<usize> {
        let mut candidates: Vec<usize> = (0..self.rows.len()).collect();
        // Narrow by exact and interval keys first, so that steps are taken only among the rows that are left.
        for pass in [false, true] {
            for ((column, how), value) in self.keys.iter().zip(values) {
                let stepped = matches!(how, KeyMatch::Midpoint | KeyMatch::StepUp);
                if stepped == pass {
                    self.narrow(&mut candidates, *column, *how, value);
                }
            }
        }
        candidates.first().copied()
    }

    fn narrow(&self, candidates: &mut Vec<usize>, column: usize, how: KeyMatch, value: &KeyValue) {
        match how {
            KeyMatch::Exact | KeyMatch::Interval => {
                candidates.retain(|row| match (&self.rows[*row][column], value) {
                    (TableCell::Null, _) => true,
                    (TableCell::Number(cell), KeyValue::Number(value)) => same(*cell, *value),
                    (TableCell::Text(cell), KeyValue::Text(value)) => cell == value,
                    (TableCell::Interval(cell), KeyValue::Number(value)) => cell.contains(*value),
                    _ => false,
                });
            }
            KeyMatch::Midpoint | KeyMatch::StepUp => {
                let KeyValue::Number(value) = *value else {
                    candidates.clear();
                    return;
                };
                let mut steps: Vec<f64> = candidates
                    .iter()
                    .filter_map(|row| match self.rows[*row][column] {
                        TableCell::Number(step) => Some(step),
                        _ => None,
                    })
                    .collect();
                steps.sort_by(f64::total_cmp);
                steps.dedup();
                let chosen = if how == KeyMatch::StepUp {
                    steps.iter().copied().find(|step| *step >= value || same(*step, value))
                } else {
                    nearest_step(&steps, value)
                };
                candidates.retain(|row| match (&self.rows[*row][column], chosen) {
                    (TableCell::Null, _) => true,
                    (TableCell::Number(step), Some(chosen)) => *step == chosen,
                    (TableCell::Interval(cell), _) => cell.contains(value),
                    _ => false,
                });
            }
        }
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// The step nearest to a value; from the midpoint between two steps on, the larger; nothing outside the steps.
fn nearest_step(steps: &[f64], value: f64) -> Option<f64> {
    let (first, last) = (*steps.first()?, *steps.last()?);
    if (value < first && !same(value, first)) || (value > last && !same(value, last)) {
        return None;
    }
    steps
        .windows(2)
        .rev()
        .find(|pair| value >= (pair[0] + pair[1]) / 2.0)
        .map(|pair| pair[1])
        .or(Some(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        let steps = [30.0, 37.0, 45.0];
        assert_eq!(nearest_step(&steps, 33.4), Some(30.0));
        assert_eq!(nearest_step(&steps, 33.5), Some(37.0));
        assert_eq!(nearest_step(&steps, 37.0), Some(37.0));
        assert_eq!(nearest_step(&steps, 41.0), Some(45.0));
        assert_eq!(nearest_step(&steps, 29.9), None);
        assert_eq!(nearest_step(&steps, 45.1), None);
    }
}
