//! Layers of administrative units: countries, governorates, districts, subdistricts.

use super::{
    Feature,
    evidence::{named, properties},
};
use crate::{
    gazetteer::{Gazetteer, Level},
    territory::Boundaries,
};
use geo::{Geometry, MultiPolygon};
use serde_json::json;
use std::sync::Arc;

/// The finest zoom that has a simplified geometry of its own; above it the full resolution is drawn.
const FINEST: u8 = 14;

/// What a worldview says about a unit.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// P-code of the unit above, where the worldview names another than the formal one.
    pub parent: Option<String>,
    /// Whether the unit is on the list of disputed areas.
    pub disputed: bool,
}

/// A unit's geometry at full resolution and for each zoom. Zooms that leave the same points share one geometry.
pub(super) fn shape(mut feature: Feature, at: impl Fn(Option<u8>) -> MultiPolygon<f64>) -> Feature {
    let mut shapes: Vec<Arc<Geometry<f64>>> = Vec::new();
    for zoom in 0..=FINEST {
        let drawn = Geometry::MultiPolygon(at(Some(zoom)));
        match shapes.last() {
            Some(last) if **last == drawn => shapes.push(Arc::clone(last)),
            _ => shapes.push(Arc::new(drawn)),
        }
    }
    feature.by_zoom = shapes.into();
    feature
}

/// The features of one level. `standing` is what the worldview in force says; `extra` are derived units of that level
/// with the p-code that lends them its boundary (Halabja governorate from its district).
pub fn units(
    boundaries: &Boundaries,
    gazetteer: &Gazetteer,
    level: Level,
    derived: &[(String, String)],
    standing: impl Fn(&str) -> Standing,
) -> Vec<Feature> {
    let formal = boundaries.units_of(level).map(|unit| (unit.pcode.clone(), unit.pcode.clone()));
    let features = formal.chain(derived.iter().cloned()).map(|(id, pcode)| {
        let standing = standing(&id);
        let place = gazetteer.get(&id);
        let formal = || {
            let parents = place.map(|place| place.parents.as_slice()).unwrap_or_default();
            boundaries.parent(&id).map(str::to_owned).or_else(|| parents.first().cloned())
        };
        let parent = standing.parent.clone().or_else(formal);
        let parent_name = parent.as_deref().and_then(|id| gazetteer.get(id)).map(|place| place.names.preferred());
        let governorate = match level {
            Level::District => parent.clone(),
            Level::Subdistrict => boundaries.ancestor(&id, Level::Governorate).map(|unit| unit.pcode.clone()),
            _ => Some(id.clone()),
        };
        let area = boundaries.area_km2(&pcode).map(|area| (area * 10.0).round() / 10.0);
        let properties = named(
            &place.map(|place| place.names.preferred()).unwrap_or_default(),
            properties([
                ("pcode", json!(pcode)),
                ("level", json!(level)),
                ("parent", json!(parent)),
                ("parent_name", json!(parent_name.map(|name| name.best(crate::language::Language::English).to_owned()))),
                ("governorate", json!(governorate)),
                ("area_km2", json!(area)),
                ("disputed", json!(standing.disputed)),
                ("derived", json!(id != pcode)),
            ]),
        );
        let geometry = boundaries.geometry(&pcode).map(Geometry::MultiPolygon);
        let feature = Feature::new(id, geometry, properties);
        shape(feature, |zoom| match zoom {
            Some(zoom) => boundaries.geometry_at(&pcode, zoom).unwrap_or(MultiPolygon(Vec::new())),
            None => boundaries.geometry(&pcode).unwrap_or(MultiPolygon(Vec::new())),
        })
    });
    features.collect()
}

/// The country of the land; its neighbours come from the context.
pub fn country(boundaries: &Boundaries, gazetteer: &Gazetteer) -> Vec<Feature> {
    let units = boundaries.units_of(Level::Country).map(|unit| {
        let name = gazetteer.get(&unit.pcode).map(|place| place.names.preferred()).unwrap_or_default();
        let properties = named(&name, properties([("foreign", json!(false))]));
        let geometry = boundaries.geometry(&unit.pcode).map(Geometry::MultiPolygon);
        let feature = Feature::new(unit.pcode.clone(), geometry, properties);
        shape(feature, |zoom| {
            zoom.and_then(|zoom| boundaries.geometry_at(&unit.pcode, zoom)).unwrap_or(MultiPolygon(Vec::new()))
        })
    });
    units.collect()
}
