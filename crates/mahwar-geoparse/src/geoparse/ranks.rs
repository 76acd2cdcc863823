//! Ranks of places, from 0 to 100, that several rules share.

use crate::gazetteer::{Level, Place};

/// A village or a site below this rank is small: many have its name.
pub(super) const SMALL: u8 = 30;
/// A place of this rank is known beyond its governorate.
pub(super) const KNOWN: u8 = 45;
/// A settlement of this rank is a city.
pub(super) const CITY: u8 = 60;
/// A place of this rank is meant by its name in any text.
pub(super) const FAMOUS: u8 = 80;

/// True for a settlement that is a city.
pub(super) fn is_city(place: &Place) -> bool {
    place.level == Level::Settlement && place.rank >= CITY
}
