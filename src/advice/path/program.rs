//! An integer program and its solver: the one place that knows the crate.

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolutionStatus, SolveOptions, SolveOutcome};

/// Most nodes of a search. A count, not a time: the same answers give the same plan on every machine.
const NODES: u64 = 20_000;

/// A sum of variables and a constant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Linear {
    /// What does not change.
    pub constant: f64,
    /// Variable and coefficient.
    pub terms: Vec<(usize, f64)>,
}

impl Linear {
    pub fn constant(constant: f64) -> Self {
        Self {
            constant,
            terms: Vec::new(),
        }
    }

    pub fn of(terms: impl IntoIterator<Item = (usize, f64)>) -> Self {
        Self {
            constant: 0.0,
            terms: terms.into_iter().collect(),
        }
    }

    pub fn add(&mut self, other: &Linear, times: f64) {
        self.constant += other.constant * times;
        self.terms
            .extend(other.terms.iter().map(|(var, by)| (*var, by * times)));
    }

    /// Each variable once.
    fn gathered(&self) -> Vec<(usize, f64)> {
        let mut terms = self.terms.clone();
        terms.sort_by_key(|(var, _)| *var);
        terms.dedup_by(|from, into| {
            let same = from.0 == into.0;
            if same {
                into.1 += from.1;
            }
            same
        });
        terms.retain(|(_, by)| by.abs() > 1e-12);
        terms
    }
}

/// What a variable can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Domain {
    /// 0 or 1.
    Binary,
    /// A whole number from 0 up to a bound.
    Whole(i32),
    /// From 0 up to a bound.
    Real(f64),
}

impl Domain {
    /// The largest value.
    pub fn most(self) -> f64 {
        match self {
            Domain::Binary => 1.0,
            Domain::Whole(most) => f64::from(most),
            Domain::Real(most) => most,
        }
    }
}

/// A minimum under conditions of the form `sum ≥ 0`.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    /// Cost and domain of each variable.
    pub vars: Vec<(f64, Domain)>,
    /// Sums that must not be negative.
    pub rows: Vec<Linear>,
}

/// The best values.
#[derive(Debug, Clone)]
pub(super) struct Best {
    /// Value by variable; whole numbers exactly.
    pub values: Vec<f64>,
    /// No solution costs less than this.
    pub bound: f64,
    /// Whether optimality is proved.
    pub proven: bool,
}

impl Program {
    pub fn var(&mut self, cost: f64, domain: Domain) -> usize {
        self.vars.push((cost, domain));
        self.vars.len() - 1
    }

    pub fn at_least(&mut self, mut sum: Linear, least: f64) {
        sum.constant -= least;
        self.rows.push(sum);
    }

    /// The cheapest values; `Ok(None)` when there are none, an error in words when the search found no answer.
    pub fn solve(&self) -> Result<Option<Best>, String> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let vars: Vec<_> = self
            .vars
            .iter()
            .map(|(cost, domain)| match domain {
                Domain::Binary => problem.add_binary_var(*cost),
                Domain::Whole(most) => problem.add_integer_var(*cost, (0, *most)),
                Domain::Real(most) => problem.add_var(*cost, (0.0, *most)),
            })
            .collect();
        for row in &self.rows {
            let terms = row.gathered();
            if terms.is_empty() {
                if row.constant < -1e-9 {
                    return Ok(None);
                }
                continue;
            }
            let terms = terms.into_iter().map(|(var, by)| (vars[var], by));
            problem.add_constraint(terms, ComparisonOp::Ge, -row.constant);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(NODES);
        let solution = match problem.solve_with(options) {
            Ok(SolveOutcome::Solution(solution)) => solution,
            Ok(SolveOutcome::Interrupted(_)) => return Err("搜索到上限仍没有结果".to_owned()),
            Err(microlp::Error::Infeasible) => return Ok(None),
            Err(why) => return Err(why.to_string()),
        };
        let values = self.vars.iter().zip(&vars).map(|((_, domain), var)| match domain {
            Domain::Binary | Domain::Whole(_) => solution.var_value(*var).round(),
            Domain::Real(_) => solution.var_value(*var),
        });
        let proven = solution.status() == SolutionStatus::Optimal;
        Ok(Some(Best {
            values: values.collect(),
            bound: solution.stats().best_bound.unwrap_or(0.0),
            proven,
        }))
    }
}
