//! Units that contain each place, as positions in the gazetteer.

use crate::gazetteer::{Gazetteer, Level, PlaceIndex};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

/// Parents of places as positions, nearest first. Thousands of places have one list.
pub(super) struct Parents {
    lists: Vec<SmallVec<[PlaceIndex; 6]>>,
    list_of: Vec<u32>,
    /// Governorates of places around each place near the border of its own.
    beside: FxHashMap<PlaceIndex, SmallVec<[PlaceIndex; 2]>>,
    /// Governorates of places by other accounts.
    others: FxHashMap<PlaceIndex, SmallVec<[PlaceIndex; 2]>>,
    /// By district: the subdistrict that is called its centre.
    centres: FxHashMap<PlaceIndex, PlaceIndex>,
}

/// Two places nearer than this, in degrees, may be in one governorate by one account and not by another.
const BORDER: f64 = 0.15;

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
        let mut parents = Self {
            lists,
            list_of,
            beside: FxHashMap::default(),
            others: FxHashMap::default(),
            centres: FxHashMap::default(),
        };
        parents.beside = parents.find_beside(gazetteer);
        parents.centres = parents.find_centres(gazetteer);
        parents
    }

    fn find_beside(&self, gazetteer: &Gazetteer) -> FxHashMap<PlaceIndex, SmallVec<[PlaceIndex; 2]>> {
        let cell = |degrees: f64| (degrees / BORDER).floor() as i32;
        let home = || {
            let places = gazetteer.places().iter().zip(0..);
            places.filter(|(place, _)| !place.foreign && place.level > Level::Governorate)
        };
        let mut cells: FxHashMap<[i32; 2], Vec<PlaceIndex>> = FxHashMap::default();
        for (place, index) in home() {
            cells.entry(place.point.map(cell)).or_default().push(index);
        }
        let mut found: FxHashMap<PlaceIndex, SmallVec<[PlaceIndex; 2]>> = FxHashMap::default();
        for (place, index) in home() {
            let [x, y] = place.point.map(cell);
            let around = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| [x, y]));
            for other in around.filter_map(|cell| cells.get(&cell)).flatten() {
                let own = self.of(index);
                let near = || {
                    let [dx, dy] = [0, 1].map(|axis| gazetteer.at(*other).point[axis] - place.point[axis]);
                    dx.hypot(dy) < BORDER
                };
                let governorate = |unit: &&PlaceIndex| gazetteer.at(**unit).level == Level::Governorate;
                let units = self
                    .of(*other)
                    .iter()
                    .filter(governorate)
                    .filter(|unit| !own.contains(unit));
                for unit in units {
                    let known = found.get(&index).is_some_and(|known| known.contains(unit));
                    if !known && near() {
                        found.entry(index).or_default().push(*unit);
                    }
                }
            }
        }
        found
    }

    /// Subdistricts whose name is that of their district with a word before it: مركز عقرة.
    fn find_centres(&self, gazetteer: &Gazetteer) -> FxHashMap<PlaceIndex, PlaceIndex> {
        let mut centres = FxHashMap::default();
        let units = gazetteer.places().iter().zip(0..);
        for (unit, index) in units.filter(|(place, _)| place.level == Level::Subdistrict) {
            let district = |parent: &&PlaceIndex| gazetteer.at(**parent).level == Level::District;
            let Some(&parent) = self.of(index).iter().find(district) else {
                continue;
            };
            let called = |own: &str| {
                let mut names = gazetteer.at(parent).names.iter();
                names.any(|(_, name)| own.strip_suffix(name).is_some_and(|word| word.ends_with(' ')))
            };
            if unit.names.iter().any(|(_, own)| called(own)) {
                centres.entry(parent).or_insert(index);
            }
        }
        centres
    }

    /// The subdistrict that is called the centre of a district.
    pub fn centre(&self, district: PlaceIndex) -> Option<PlaceIndex> {
        self.centres.get(&district).copied()
    }

    /// Adds governorates that other accounts put units in: pairs of the ids of a unit and of that governorate.
    pub fn add_others<'i>(&mut self, gazetteer: &Gazetteer, pairs: impl IntoIterator<Item = (&'i str, &'i str)>) {
        for (unit, governorate) in pairs {
            let (Some(unit), Some(governorate)) = (gazetteer.index_of(unit), gazetteer.index_of(governorate)) else {
                continue;
            };
            for (_, place) in gazetteer.places().iter().zip(0..) {
                if (place == unit || self.hold(unit, place)) && !self.hold(governorate, place) {
                    let others = self.others.entry(place).or_default();
                    if !others.contains(&governorate) {
                        others.push(governorate);
                    }
                }
            }
        }
    }

    /// True for a place so near the border of a governorate that accounts differ in which one it lies.
    pub fn border(&self, governorate: PlaceIndex, place: PlaceIndex) -> bool {
        let beside = self.beside.get(&place);
        beside.is_some_and(|beside| beside.contains(&governorate)) || self.is_also_in(governorate, place)
    }

    /// True for a place that other accounts put in a governorate.
    pub fn is_also_in(&self, governorate: PlaceIndex, place: PlaceIndex) -> bool {
        self.others
            .get(&place)
            .is_some_and(|others| others.contains(&governorate))
    }

    pub fn of(&self, place: PlaceIndex) -> &[PlaceIndex] {
        &self.lists[self.list_of[place as usize] as usize]
    }

    pub fn hold(&self, parent: PlaceIndex, place: PlaceIndex) -> bool {
        self.of(place).contains(&parent)
    }
}
