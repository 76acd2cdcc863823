//! Knowledge about a name before a text is read.

use super::{
    names::NameId,
    resolve::{Reasons, Resolution, Scored, tell_known},
};
use crate::gazetteer::PlaceIndex;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// The candidates of names that several places have, without a type noun: they are the same in every text.
#[derive(Default)]
pub(super) struct Priors {
    /// Those of one name together, best first.
    candidates: Vec<(PlaceIndex, f32)>,
    names: FxHashMap<NameId, Prior>,
}

/// The candidates of one name.
struct Prior {
    first: u32,
    count: u8,
    /// The best is good enough.
    sure: bool,
}

impl Priors {
    /// Frees memory that no candidate uses.
    pub fn shrink_to_fit(&mut self) {
        self.candidates.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    pub fn insert(&mut self, name: NameId, resolution: &Resolution) {
        let candidates = &resolution.candidates;
        let prior = Prior {
            first: self.candidates.len() as u32,
            count: candidates.len() as u8,
            sure: resolution.chosen.is_some(),
        };
        self.names.insert(name, prior);
        self.candidates
            .extend(candidates.iter().map(|one| (one.place, one.score)));
    }

    pub fn get(&self, name: NameId) -> Option<Resolution> {
        let Prior { first, count, sure } = *self.names.get(&name)?;
        let scored = |&(place, score): &(PlaceIndex, f32)| Scored {
            place,
            score,
            reasons: Reasons::default(),
        };
        let own = &self.candidates[first as usize..][..usize::from(count)];
        let mut candidates: SmallVec<[Scored; 4]> = own.iter().map(scored).collect();
        tell_known(&mut candidates);
        let chosen = candidates.first().filter(|_| sure).map(|best| best.place);
        Some(Resolution::new(candidates, chosen))
    }
}
