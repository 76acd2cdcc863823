//! The gazetteer: places, their names, levels and parents, and finding them by id.

mod codes;
mod level;
mod local;
mod place;
mod search;
mod table;

pub use codes::{Codes, KnownCodes};
pub use level::Level;
pub use local::{LocalName, LocalPlace, MAX_LOCAL_NAMES, add_local_names, read_local_names, write_local_names};
pub use place::{Names, Place, PlaceIndex, SameAs};
pub use search::{Hit, Reason, Search, SearchOptions, SearchWords, SearchWordsError, key as name_key};
pub use table::{GazetteerError, read_places, write_places};

use std::sync::Arc;

/// All places of one land, by position and by id.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    places: Vec<Place>,
    /// Positions in the order of the ids.
    by_id: Vec<PlaceIndex>,
}

impl Gazetteer {
    /// Indexes places by id; a repeated id is an error.
    pub fn new(mut places: Vec<Place>) -> Result<Self, GazetteerError> {
        places.shrink_to_fit();
        let count = PlaceIndex::try_from(places.len()).map_err(|_| GazetteerError::TooMany)?;
        let id_at = |index: &PlaceIndex| places[*index as usize].id.as_str();
        let mut by_id: Vec<PlaceIndex> = (0..count).collect();
        by_id.sort_unstable_by(|a, b| id_at(a).cmp(id_at(b)));
        if let Some(pair) = by_id.windows(2).find(|pair| id_at(&pair[0]) == id_at(&pair[1])) {
            return Err(GazetteerError::Duplicate(id_at(&pair[0]).to_owned()));
        }
        Ok(Self { places, by_id })
    }

    /// All places.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The place with this id.
    pub fn get(&self, id: &str) -> Option<&Place> {
        self.index_of(id).map(|index| self.at(index))
    }

    /// Ids of all units that contain a place, nearest first.
    pub fn units_above(&self, place: &Place) -> Arc<[String]> {
        let mut above: Vec<String> = place.parents.to_vec();
        let mut next = 0;
        while let Some(unit) = above.get(next).and_then(|id| self.get(id)) {
            let new: Vec<String> = unit.parents.iter().filter(|id| !above.contains(id)).cloned().collect();
            above.extend(new);
            next += 1;
        }
        above.into()
    }

    /// The position of the place with this id.
    pub fn index_of(&self, id: &str) -> Option<PlaceIndex> {
        let found = self
            .by_id
            .binary_search_by(|&index| self.places[index as usize].id.as_str().cmp(id));
        found.ok().map(|at| self.by_id[at])
    }

    /// The place at a position that this gazetteer gave out.
    pub fn at(&self, index: PlaceIndex) -> &Place {
        &self.places[index as usize]
    }
}
