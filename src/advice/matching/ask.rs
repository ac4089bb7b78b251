//! What an enterprise needs, as numbers: the hard conditions, and how much of each factor a provider has.

use super::index::{self, Index, Prefix, Row, day, part, service_bit, size_bit};
use super::rules::FactorId;
use super::{Matcher, Request};
use crate::advice::measures::Service;
use crate::advice::providers::EntryStatus;
use crate::digest;
use crate::enterprise::size::SizeClass;

/// A hard condition that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// On no list, or not yet.
    NotListed,
    /// Suspended.
    Suspended,
    /// Removed.
    Removed,
    /// No longer valid.
    Expired,
    /// Dishonest or abnormal, as looked up.
    Dishonest,
    /// Does not serve the region.
    Region,
    /// Has nothing that is needed.
    Capability,
    /// Not for this size.
    Size,
    /// The enterprise itself.
    Itself,
}

impl Barred {
    /// All, in the order in which they are looked at.
    pub const ALL: [Barred; 9] = [
        Barred::NotListed,
        Barred::Suspended,
        Barred::Removed,
        Barred::Expired,
        Barred::Dishonest,
        Barred::Region,
        Barred::Capability,
        Barred::Size,
        Barred::Itself,
    ];

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Barred::NotListed => "还没有进入名单",
            Barred::Suspended => "被名单暂停",
            Barred::Removed => "已被移出名单",
            Barred::Expired => "名单有效期已过",
            Barred::Dishonest => "严重失信或经营异常",
            Barred::Region => "服务地区不含企业所在地",
            Barred::Capability => "没有命中任何短板",
            Barred::Size => "不面向本企业规模",
            Barred::Itself => "就是本企业",
        }
    }
}

/// What an enterprise needs, as numbers.
pub(super) struct Ask {
    mask: Vec<u64>,
    /// By capability.
    weights: Vec<f64>,
    total: f64,
    services: [f64; Service::ALL.len()],
    pub region: Prefix,
    pub industry: Prefix,
    size: Option<u8>,
    pub small: bool,
    pub date: u32,
    pub budget: Option<f64>,
    /// Its own code as a number.
    itself: Option<u64>,
    pub seed: u64,
    enough_cases: f64,
    points: [f64; FactorId::ALL.len()],
    pub tie: u32,
}

impl Ask {
    pub fn new(matcher: &Matcher, request: &Request) -> Self {
        let known = &matcher.capabilities.capabilities;
        let mut weights = vec![0.0; known.len()];
        let mut mask = vec![0; matcher.index.words];
        let mut services = [0.0; Service::ALL.len()];
        for gap in request.gaps {
            for id in &gap.capabilities {
                if let Some(place) = known.iter().position(|known| known.id.value == *id) {
                    weights[place] += gap.weight;
                    mask[place / 64] |= 1 << (place % 64);
                }
            }
            for (service, weight) in Service::ALL.iter().zip(&mut services) {
                let asked = gap
                    .action
                    .as_ref()
                    .is_some_and(|action| action.services.contains(&service.label()));
                *weight += if asked { gap.weight } else { 0.0 };
            }
        }
        let profile = request.profile;
        let nowhere = Prefix { value: 0, digits: 0 };
        let who = profile.uscc.as_deref().unwrap_or(&profile.name);
        let seed = digest::sha256(format!("{who}|{}|{}", request.date, matcher.index.year).as_bytes());
        Self {
            total: weights.iter().sum(),
            mask,
            weights,
            services,
            region: Prefix::parse(profile.region.code()).unwrap_or(nowhere),
            industry: Prefix::parse(profile.industry.code()).unwrap_or(nowhere),
            size: profile.size.map(size_bit),
            small: matches!(profile.size, Some(SizeClass::Small | SizeClass::Micro)),
            date: day(request.date),
            budget: request.budget_wan,
            itself: profile.uscc.as_deref().map(index::hash),
            seed: seed
                .get(..16)
                .and_then(|hex| u64::from_str_radix(hex, 16).ok())
                .unwrap_or(0),
            enough_cases: f64::from(matcher.rules.enough_cases.value.max(1)),
            points: matcher.rules.weights(),
            tie: matcher.rules.tie_tenths(),
        }
    }

    /// Needed capabilities that are not among these bits.
    pub fn missing<'b>(&'b self, available: &'b [u64]) -> impl Iterator<Item = usize> + 'b {
        ones(self.mask.iter().zip(available).map(|(needed, there)| needed & !there))
    }

    /// Needed capabilities among these bits, the weightiest first.
    pub fn useful(&self, bits: &[u64]) -> Vec<usize> {
        let mut useful: Vec<usize> = ones(self.mask.iter().zip(bits).map(|(needed, there)| needed & there)).collect();
        useful.sort_by(|a, b| self.weights[*b].total_cmp(&self.weights[*a]).then(a.cmp(b)));
        useful
    }

    fn is_useful(&self, bits: &[u64]) -> bool {
        overlap(&self.mask, bits)
    }

    /// The hard conditions that do not hold.
    pub fn barred<'b>(&'b self, index: &'b Index, place: usize, row: &'b Row) -> impl Iterator<Item = Barred> + 'b {
        let unlisted = self.unlisted(index, row);
        Barred::ALL.into_iter().filter(move |why| match why {
            Barred::NotListed | Barred::Suspended | Barred::Removed | Barred::Expired => unlisted == Some(*why),
            Barred::Dishonest => row.dishonest,
            Barred::Region => !part(&index.prefixes, &row.serves)
                .iter()
                .any(|prefix| prefix.covers(self.region)),
            Barred::Capability => !self.is_useful(index.bits_of(place)),
            Barred::Itself => self.itself == Some(row.code),
            Barred::Size => row.sizes != 0 && self.size.is_some_and(|size| row.sizes & size == 0),
        })
    }

    /// Why no list speaks for it: the entry that comes nearest says it.
    fn unlisted(&self, index: &Index, row: &Row) -> Option<Barred> {
        let listings = part(&index.listings, &row.listings);
        let open = listings.iter().filter(|listing| listing.until >= self.date);
        if open.clone().any(|listing| listing.status.counts()) {
            return None;
        }
        let has = |status: EntryStatus| listings.iter().any(|listing| listing.status == status);
        Some(if has(EntryStatus::Suspended) {
            Barred::Suspended
        } else if listings.iter().any(|listing| listing.status.counts()) {
            Barred::Expired
        } else if has(EntryStatus::Removed) {
            Barred::Removed
        } else {
            Barred::NotListed
        })
    }

    /// How much of each factor a provider has, 0 to 1, in the order of [`FactorId::ALL`].
    pub fn ratios(&self, index: &Index, place: usize, row: &Row) -> [f64; FactorId::ALL.len()] {
        let bits = index.bits_of(place);
        let covered: f64 = ones(self.mask.iter().zip(bits).map(|(needed, there)| needed & there))
            .map(|at| self.weights[at])
            .sum();
        let named = if row.sizes == 0 || self.size.is_none() {
            0.6
        } else {
            1.0
        };
        let light = if row.light { 0.5 } else { 0.0 };
        let wanted: f64 = self.services.iter().sum();
        let offered = Service::ALL
            .iter()
            .zip(self.services)
            .filter(|(s, _)| row.services & service_bit(**s) != 0);
        FactorId::ALL.map(|factor| match factor {
            FactorId::Gaps => share(covered, self.total, 0.0),
            FactorId::Industry => self.industry(part(&index.prefixes, &row.industries)),
            FactorId::Cases => (self.cases(index, row) as f64 / self.enough_cases).min(1.0),
            FactorId::Size if self.small => named * 0.5 + light,
            FactorId::Size => named,
            FactorId::Region => self.locality(row.region),
            FactorId::Service => share(offered.clone().map(|(_, weight)| weight).sum(), wanted, 1.0),
            FactorId::Qualifications => self.qualified(part(&index.held, &row.held)),
            FactorId::Price => match (self.budget, row.price) {
                (Some(budget), Some(price)) => f64::from(u8::from(price <= budget)),
                _ => 0.5,
            },
        })
    }

    /// Points in tenths: sums of whole numbers, so that equal providers are equal.
    pub fn points(&self, ratios: &[f64; FactorId::ALL.len()]) -> [u32; FactorId::ALL.len()] {
        let mut points = [0; FactorId::ALL.len()];
        for ((points, most), ratio) in points.iter_mut().zip(self.points).zip(ratios) {
            // A product that is a half but for binary noise is rounded up.
            *points = (most * ratio * 10.0 + 0.5 + 1e-9).floor() as u32;
        }
        points
    }

    /// Verified cases in the division of the enterprise.
    pub fn cases(&self, index: &Index, row: &Row) -> usize {
        let division = self.industry.cut(2);
        part(&index.cases, &row.cases)
            .iter()
            .filter(|found| **found == division)
            .count()
    }

    fn industry(&self, prefixes: &[Prefix]) -> f64 {
        let code = self.industry;
        let fits = prefixes.iter().map(|prefix| match prefix.digits {
            0 => 0.2,
            digits if prefix.covers(code) => match digits {
                4.. => 1.0,
                3 => 0.8,
                _ => 0.5,
            },
            // The provider names a class within the enterprise's coarser code.
            _ if code.digits > 0 && code.covers(*prefix) => 0.5,
            _ if prefix.cut(2) == code.cut(2) => 0.3,
            _ => 0.0,
        });
        fits.fold(0.0, f64::max)
    }

    /// Same district 1, same city 0.9, same province 0.6, elsewhere 0.3. A code that ends in zeros names no district.
    fn locality(&self, provider: Prefix) -> f64 {
        let same = |digits: u8| {
            let (here, there) = (self.region.cut(digits), provider.cut(digits));
            provider.digits >= digits && here == there && (digits == 2 || here % 100 != 0)
        };
        match [6, 4, 2].into_iter().find(|digits| same(*digits)) {
            Some(6) => 1.0,
            Some(4) => 0.9,
            Some(_) => 0.6,
            None => 0.3,
        }
    }

    /// Half for one that is valid, the other half by its level where levels are known.
    fn qualified(&self, held: &[index::Held]) -> f64 {
        let valid = held.iter().filter(|held| held.until >= self.date);
        valid
            .map(|held| 0.5 + 0.5 * held.rank.unwrap_or(0.0))
            .fold(0.0, f64::max)
    }
}

fn share(part: f64, whole: f64, otherwise: f64) -> f64 {
    if whole > 0.0 { part / whole } else { otherwise }
}

/// Whether two sets of bits have one in common.
pub(super) fn overlap(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// Places of the bits that are set, in order.
fn ones(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(at, word)| {
        let mut left = word;
        std::iter::from_fn(move || {
            let bit = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (bit < 64).then_some(at * 64 + bit as usize)
        })
    })
}
