//! How large places are: units by their boundaries, settlements by their inhabitants, everything else by its kind.

use super::plane::spread;
use crate::{
    gazetteer::{Gazetteer, Level, Place},
    geodesy::LonLat,
    territory::Boundaries,
};
use geo::{MultiPolygon, Simplify};
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Inhabitants of a square kilometre of a town of the land.
const DENSITY: f64 = 5000.0;
/// The least and the largest radius of a settlement, in km.
const SETTLEMENT: [f64; 2] = [0.5, 15.0];
/// Degrees by which a boundary may be simplified before it is cut: about 300 m.
const TOLERANCE: f64 = 0.003;

/// A unit as it is cut.
#[derive(Clone, Debug)]
pub(super) struct UnitShape {
    pub(super) area: MultiPolygon<f64>,
    pub(super) centroid: LonLat,
    /// Root mean square distance from the unit's label point, in km.
    pub(super) spread_km: f64,
}

/// Sizes of the places of a land. Units are measured at the first request.
pub(super) struct Sizes {
    gazetteer: Arc<Gazetteer>,
    boundaries: Arc<Boundaries>,
    country: String,
    units: Mutex<FxHashMap<String, Option<Arc<UnitShape>>>>,
}

impl Sizes {
    pub(super) fn new(gazetteer: Arc<Gazetteer>, boundaries: Arc<Boundaries>, country: String) -> Self {
        Self {
            gazetteer,
            boundaries,
            country,
            units: Mutex::default(),
        }
    }

    /// The shape of a unit, of a region or of the country; none for a place without a boundary.
    pub(super) fn unit(&self, place: &Place) -> Option<Arc<UnitShape>> {
        if !place.level.is_administrative() {
            return None;
        }
        let held = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = held.get(place.id.as_str()) {
            return known.clone();
        }
        drop(held);
        let shape = self.shape(place).map(Arc::new);
        let mut held = self.units.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(place.id.to_string(), shape.clone());
        shape
    }

    fn shape(&self, place: &Place) -> Option<UnitShape> {
        let units = self.units_of(place);
        if units.is_empty() {
            return None;
        }
        let area = match units.as_slice() {
            [one] => self.boundaries.geometry(one)?,
            all => {
                let set = self.boundaries.set(all.iter().map(String::as_str)).ok()?;
                self.boundaries.shape(&self.boundaries.dissolve(&set), None)
            }
        };
        let area = area.simplify(TOLERANCE);
        let (spread_km, _) = spread(&area, Some(place.point))?;
        let (_, centroid) = spread(&area, None)?;
        Some(UnitShape {
            area,
            centroid,
            spread_km,
        })
    }

    /// The units with a boundary that a place consists of: itself, or the governorates of a region or of the country.
    pub(super) fn units_of(&self, place: &Place) -> Vec<String> {
        if self.boundaries.unit(&place.id).is_some() {
            return vec![place.id.to_string()];
        }
        let is_country = place.id == self.country;
        let governorates = self.boundaries.units_of(Level::Governorate);
        let inside = governorates.filter(|unit| {
            let parents = self.gazetteer.get(&unit.pcode).map(|unit| Arc::clone(&unit.parents));
            is_country || parents.is_some_and(|parents| parents.iter().any(|parent| place.id == parent.as_str()))
        });
        match place.level {
            Level::Country | Level::Region => inside.map(|unit| unit.pcode.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Radius of a place without a boundary, in km: that of a disc with its inhabitants at 5,000 a square kilometre, or
    /// the usual one of its kind.
    pub(super) fn radius_km(&self, place: &Place) -> f64 {
        match (place.level, place.population) {
            (Level::Settlement, Some(population)) => {
                let area = population.get() as f64 / DENSITY;
                (area / std::f64::consts::PI).sqrt().clamp(SETTLEMENT[0], SETTLEMENT[1])
            }
            (Level::Settlement, None) => match place.kind.as_str() {
                "settlement/capital" | "capital" => 10.0,
                "settlement/city" | "city" => 4.0,
                "settlement/town" | "town" => 2.0,
                _ if place.rank >= 95 => 5.0,
                _ => 0.7,
            },
            (Level::Neighbourhood, _) => 1.0,
            (Level::Site, _) => 0.5,
            (Level::Mountain | Level::Valley | Level::Lake | Level::Area, _) => 10.0,
            (Level::River | Level::Road, _) => 30.0,
            _ => self.unit(place).map_or(10.0, |unit| unit.spread_km),
        }
    }

    /// Root mean square distance of a place's area from its label point, in km.
    pub(super) fn spread_km(&self, place: &Place) -> Option<f64> {
        if place.level.is_administrative() {
            return self.unit(place).map(|unit| unit.spread_km);
        }
        if place.foreign || place.approximate {
            return None;
        }
        // That of a disc is its radius by the root of two.
        Some(self.radius_km(place) / std::f64::consts::SQRT_2)
    }
}
