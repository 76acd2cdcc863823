//! Units that contain each place, as positions in the gazetteer.

use crate::gazetteer::{Gazetteer, PlaceIndex};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Parents of places as positions, nearest first. Thousands of places have one list.
pub(super) struct Parents {
    lists: Vec<SmallVec<[PlaceIndex; 6]>>,
    list_of: Vec<u32>,
}

impl Parents {
    pub fn new(gazetteer: &Gazetteer) -> Self {
        let mut lists: Vec<SmallVec<[PlaceIndex; 6]>> = Vec::new();
        let mut known: FxHashMap<*const String, u32> = FxHashMap::default();
        let list_of: Vec<u32> = gazetteer
            .places()
            .iter()
            .map(|place| {
                *known.entry(place.parents.as_ptr()).or_insert_with(|| {
                    let ids = place.parents.iter();
                    lists.push(ids.filter_map(|id| gazetteer.index_of(id)).collect());
                    lists.len() as u32 - 1
                })
            })
            .collect();
        let direct = lists.clone();
        for parents in &mut lists {
            let mut next = 0;
            while let Some(parent) = parents.get(next).copied() {
                for above in &direct[list_of[parent as usize] as usize] {
                    if !parents.contains(above) {
                        parents.push(*above);
                    }
                }
                next += 1;
            }
        }
        Self { lists, list_of }
    }

    pub fn of(&self, place: PlaceIndex) -> &[PlaceIndex] {
        &self.lists[self.list_of[place as usize] as usize]
    }

    pub fn hold(&self, parent: PlaceIndex, place: PlaceIndex) -> bool {
        self.of(place).contains(&parent)
    }
}
