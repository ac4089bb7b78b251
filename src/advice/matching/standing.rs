//! “Why not this one”: which hard condition failed, or where it stands beside the last one shown.

use serde::Serialize;

use super::ask::{Ask, Barred};
use super::rank;
use super::{Factor, Matcher, Request, explain};

/// Where one provider stands for one enterprise.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Hard conditions that do not hold.
    pub barred: Vec<&'static str>,
    /// Place among those who can be recommended, from 1.
    pub place: Option<usize>,
    /// How many can be recommended.
    pub eligible: usize,
    /// Whether it is shown.
    pub shown: bool,
    /// Score; also of one that is barred, to be read as what it would have.
    pub score: f64,
    /// Rank.
    pub merit: u32,
    /// Factor by factor.
    pub factors: Vec<Factor>,
    /// The last one shown.
    pub last: Option<Other>,
    /// How many are of the same rank, and how many of them are shown.
    pub equals: (usize, usize),
    /// Interests to be disclosed.
    pub interest: u8,
}

/// The one it is put beside.
#[derive(Debug, Clone, Serialize)]
pub struct Other {
    /// Name.
    pub name: String,
    /// Score.
    pub score: f64,
    /// Rank.
    pub merit: u32,
    /// Factor by factor.
    pub factors: Vec<Factor>,
}

impl Matcher<'_> {
    /// Name of a provider and the titles of the gaps that it could close; no titles when a hard condition does not hold.
    pub fn could_help(&self, request: &Request, name: &str) -> Option<(String, Vec<String>)> {
        let row = self.row(name)?;
        let provider = self.provider(row)?;
        let barred = Ask::new(self, request)
            .barred(self.index, row, self.index.rows.get(row)?)
            .next()
            .is_some();
        let covers = if barred {
            Vec::new()
        } else {
            explain::covers(request, provider)
        };
        Some((provider.name.clone(), covers))
    }

    fn row(&self, name: &str) -> Option<usize> {
        (0..self.index.len()).find(|row| self.provider(*row).is_some_and(|provider| provider.is_called(name)))
    }

    /// Where a provider stands; `None` when there is none of this id, code or name.
    pub fn standing(&self, request: &Request, name: &str) -> Option<Standing> {
        let row = self.row(name)?;
        let provider = self.provider(row)?;
        let ask = Ask::new(self, request);
        let ranking = rank::run(self, request, &ask);
        let compiled = self.index.rows.get(row)?;
        let place = ranking.order.iter().position(|one| one.row == row);
        let found = place.and_then(|place| ranking.order.get(place));
        let points: u32 = ask.points(&ask.ratios(self.index, row, compiled)).iter().sum();
        // The last of those without an interest, who stand at the end of the list whatever their merit.
        let last = ranking.shown.iter().max().and_then(|last| ranking.order.get(*last));
        let merit = found.map_or(0, |one| one.merit);
        let equal = |place: &usize| ranking.order.get(*place).is_some_and(|one| one.merit == merit);
        Some(Standing {
            id: provider.id.value.clone(),
            name: provider.name.clone(),
            barred: ask.barred(self.index, row, compiled).map(Barred::label).collect(),
            place: place.map(|place| place + 1),
            eligible: ranking.order.len(),
            shown: place.is_some_and(|place| ranking.shown.contains(&place)),
            score: f64::from(points) / 10.0,
            merit,
            factors: explain::factors(self, request, &ask, row)?,
            last: last.and_then(|one| {
                Some(Other {
                    name: self.provider(one.row)?.name.clone(),
                    score: f64::from(one.score) / 10.0,
                    merit: one.merit,
                    factors: explain::factors(self, request, &ask, one.row)?,
                })
            }),
            equals: (
                (0..ranking.order.len()).filter(equal).count(),
                ranking.shown.iter().filter(|place| equal(place)).count(),
            ),
            interest: found.map_or(0, |one| one.interest),
        })
    }
}
