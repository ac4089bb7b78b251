//! The pools compiled once a catalog: capabilities as bits, prefixes and dates as numbers, so that matching one enterprise
//! with ten thousand providers allocates nothing for a provider that is not shown.

use std::ops::Range;

use super::rules::Rules;
use crate::advice::measures::{Capabilities, Service};
use crate::advice::providers::{EntryStatus, PoolFile, Provider, light, lowest_price};
use crate::enterprise::size::SizeClass;

/// Digits of a code and how many they are; no digits: everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prefix {
    pub value: u32,
    pub digits: u8,
}

impl Prefix {
    /// Reads digits, or `*` for everything.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "*" {
            return Some(Self { value: 0, digits: 0 });
        }
        let fits = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| Self {
            value: text.parse().unwrap_or(0),
            digits: text.len() as u8,
        })
    }

    /// Reads a region that is served: `370200` is all of the city, as `3702` is.
    fn region(text: &str) -> Option<Self> {
        let mut region = Self::parse(text)?;
        while region.digits > 2 && region.digits % 2 == 0 && region.value % 100 == 0 {
            region = Self {
                value: region.value / 100,
                digits: region.digits - 2,
            };
        }
        Some(region)
    }

    /// Its first `digits` digits; itself when it has no more.
    pub fn cut(self, digits: u8) -> u32 {
        self.value / 10u32.pow(u32::from(self.digits.saturating_sub(digits)))
    }

    /// Whether `code` begins with it.
    pub fn covers(self, code: Prefix) -> bool {
        self.digits <= code.digits && code.cut(self.digits) == self.value
    }
}

/// A day as a number that sorts; an empty text never ends.
pub(super) fn day(text: &str) -> u32 {
    if text.trim().is_empty() {
        return u32::MAX;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// An entry in a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listing {
    pub status: EntryStatus,
    pub until: u32,
}

/// A qualification: until when, and how high its level is (nothing for unknown).
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub until: u32,
    pub rank: Option<f64>,
}

/// One provider.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub file: u32,
    pub at: u32,
    /// The id as a number, for the order among equals.
    pub hash: u64,
    /// Its unified social credit code as a number.
    pub code: u64,
    pub region: Prefix,
    pub serves: Range<u32>,
    pub industries: Range<u32>,
    pub listings: Range<u32>,
    pub cases: Range<u32>,
    pub held: Range<u32>,
    /// A bit a size class; none for all.
    pub sizes: u8,
    /// A bit a kind of service.
    pub services: u8,
    pub light: bool,
    pub dishonest: bool,
    /// Lowest price, 万元.
    pub price: Option<f64>,
}

/// All providers of a catalog.
#[derive(Debug, Clone, Default)]
pub struct Index {
    pub(super) rows: Vec<Row>,
    /// Words of a row of capability bits.
    pub(super) words: usize,
    pub(super) bits: Vec<u64>,
    pub(super) prefixes: Vec<Prefix>,
    pub(super) listings: Vec<Listing>,
    pub(super) cases: Vec<u32>,
    pub(super) held: Vec<Held>,
    /// Latest year of a list.
    pub(super) year: i16,
}

/// The bit of a size class.
pub(super) fn size_bit(size: SizeClass) -> u8 {
    1 << size as u8
}

/// The bit of a kind of service.
pub(super) fn service_bit(service: Service) -> u8 {
    1 << service as u8
}

/// FNV-1a, spread over all bits.
pub(super) fn hash(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(hash)
}

/// The finaliser of splitmix64: every bit of the input moves half of the bits of the result.
pub(super) fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Index {
    /// Compiles the pools.
    pub fn compile(pools: &[PoolFile], capabilities: &Capabilities, rules: &Rules) -> Self {
        let places: std::collections::HashMap<&str, usize> = (capabilities.capabilities.iter().enumerate())
            .map(|(at, known)| (known.id.value.as_str(), at))
            .collect();
        let mut index = Index {
            words: capabilities.capabilities.len().div_ceil(64).max(1),
            year: pools
                .iter()
                .flat_map(|file| file.pools.iter())
                .map(|pool| pool.year)
                .max()
                .unwrap_or(0),
            ..Index::default()
        };
        for (file, pool) in pools.iter().enumerate() {
            for (at, provider) in pool.providers.iter().enumerate() {
                let start = index.bits.len();
                index.bits.resize(start + index.words, 0);
                for id in &provider.capabilities {
                    if let Some(place) = places.get(id.value.as_str()) {
                        index.bits[start + place / 64] |= 1 << (place % 64);
                    }
                }
                let row = index.row(file, at, provider, pool, rules);
                index.rows.push(row);
            }
        }
        index
    }

    fn row(&mut self, file: usize, at: usize, provider: &Provider, pool: &PoolFile, rules: &Rules) -> Row {
        let listed = provider.pools.iter().map(|entry| {
            let whole = pool.pools.iter().find(|list| list.id == entry.pool.value);
            let whole = whole.map_or(u32::MAX, |list| day(&list.valid_until.value));
            Listing {
                status: entry.status,
                until: day(&entry.valid_until.value).min(whole),
            }
        });
        let division = |code: &str| {
            Prefix::parse(code)
                .filter(|code| code.digits >= 2)
                .map(|code| code.cut(2))
        };
        let cases = provider
            .cases
            .iter()
            .filter(|case| case.verified)
            .filter_map(|case| division(&case.industry));
        let held = provider.qualifications.iter().map(|held| Held {
            until: day(&held.valid_until.value),
            rank: rules.rank(&held.code, &held.level),
        });
        let (serves, industries) = (&provider.service_regions, &provider.industries);
        Row {
            file: file as u32,
            at: at as u32,
            hash: hash(&provider.id.value),
            code: hash(&provider.uscc.value),
            region: Prefix::parse(&provider.region.code).unwrap_or(Prefix { value: 0, digits: 0 }),
            serves: keep(
                &mut self.prefixes,
                serves.iter().filter_map(|text| Prefix::region(&text.value)),
            ),
            industries: keep(
                &mut self.prefixes,
                industries.iter().filter_map(|text| Prefix::parse(&text.value)),
            ),
            listings: keep(&mut self.listings, listed),
            cases: keep(&mut self.cases, cases),
            held: keep(&mut self.held, held),
            sizes: provider
                .size_fit
                .iter()
                .map(|size| size_bit(*size))
                .fold(0, |all, bit| all | bit),
            services: provider
                .services
                .iter()
                .map(|service| service_bit(*service))
                .fold(0, |all, bit| all | bit),
            light: provider.products.iter().any(light),
            dishonest: provider.credit.serious_dishonest || provider.credit.abnormal_list,
            price: lowest_price(provider),
        }
    }

    /// Capability bits of a row.
    pub(super) fn bits_of(&self, row: usize) -> &[u64] {
        self.bits
            .get(row * self.words..(row + 1) * self.words)
            .unwrap_or_default()
    }

    /// How many providers there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A part of a list that all rows share.
pub(super) fn part<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}

fn keep<T>(all: &mut Vec<T>, more: impl Iterator<Item = T>) -> Range<u32> {
    let start = all.len() as u32;
    all.extend(more);
    start..all.len() as u32
}
