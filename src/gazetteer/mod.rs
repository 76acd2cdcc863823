//! The gazetteer: places, their names, levels and parents, and finding them by id.

mod level;
mod place;
mod search;
mod table;

pub use level::Level;
pub use place::{Names, Place, PlaceIndex, SameAs};
pub use search::{Hit, Reason, Search, SearchOptions, SearchWords, SearchWordsError, key as name_key};
pub use table::{GazetteerError, read_places, write_places};

use rustc_hash::FxHashMap;

/// All places of one land, by position and by id.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    places: Vec<Place>,
    by_id: FxHashMap<String, PlaceIndex>,
}

impl Gazetteer {
    /// Indexes places by id; a repeated id is an error.
    pub fn new(places: Vec<Place>) -> Result<Self, GazetteerError> {
        let mut by_id = FxHashMap::default();
        by_id.reserve(places.len());
        for (index, place) in places.iter().enumerate() {
            let index = PlaceIndex::try_from(index).map_err(|_| GazetteerError::TooMany)?;
            if by_id.insert(place.id.clone(), index).is_some() {
                return Err(GazetteerError::Duplicate(place.id.clone()));
            }
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

    /// The position of the place with this id.
    pub fn index_of(&self, id: &str) -> Option<PlaceIndex> {
        self.by_id.get(id).copied()
    }

    /// The place at a position that this gazetteer gave out.
    pub fn at(&self, index: PlaceIndex) -> &Place {
        &self.places[index as usize]
    }
}
