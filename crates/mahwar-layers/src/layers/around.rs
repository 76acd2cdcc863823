//! Layers in and around the land: neighbours, rivers, lakes, cities for orientation, and the gazetteer itself.

use super::{
    Feature, Properties,
    evidence::{named, properties},
};
use crate::{
    corridor::River,
    gazetteer::{Gazetteer, Level, Place},
    language::Trilingual,
};
use geo::{Coord, CoordsIter, Geometry, MultiLineString, MultiPolygon, Point};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Errors of `context.geojson`.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum ContextError {
    #[error("context.geojson: {0}")]
    GeoJson(#[from] Box<geojson::Error>),
    #[error("context.geojson: feature {number}: {what}")]
    Feature { number: usize, what: &'static str },
}

/// The layer of rivers.
const RIVERS: &str = "rivers";

/// The context, by layer.
#[derive(Clone, Debug, Default)]
pub struct Context {
    layers: BTreeMap<String, Vec<Feature>>,
}

impl Context {
    /// Reads `context.geojson`, where the property `layer` names the layer of a feature.
    pub fn read(text: &str) -> Result<Self, ContextError> {
        let collection: geojson::FeatureCollection = text
            .parse::<geojson::GeoJson>()
            .and_then(TryInto::try_into)
            .map_err(Box::new)?;
        let mut layers: BTreeMap<String, Vec<Feature>> = BTreeMap::new();
        for (number, feature) in (1..).zip(collection.features) {
            let wrong = |what| ContextError::Feature { number, what };
            let mut properties = feature.properties.unwrap_or_default();
            let Some(Value::String(layer)) = properties.remove("layer") else {
                return Err(wrong("has no property \"layer\""));
            };
            let Some(Value::String(id)) = properties.remove("id") else {
                return Err(wrong("has no property \"id\""));
            };
            let label = label_of(properties.remove("label")).map_err(|()| wrong("has a label that is no position"))?;
            let geometry = feature.geometry.ok_or_else(|| wrong("has no geometry"))?;
            let geometry = Geometry::<f64>::try_from(geometry).map_err(|_| wrong("has a broken geometry"))?;
            if !is_on_the_globe(&geometry) {
                return Err(wrong(
                    "has a coordinate that is not within -180 to 180 and -90 to 90 degrees",
                ));
            }
            let mut feature = Feature::new(id, Some(multi(geometry)), properties);
            feature.label = label;
            layers.entry(layer).or_default().push(feature);
        }
        Ok(Self { layers })
    }

    /// Adds the rivers of another file, except those of known rivers: a finer line beside a coarser one of the same
    /// river would look like two rivers.
    pub fn take_rivers(&mut self, text: &str) -> Result<(), ContextError> {
        let known = self.layers.entry(RIVERS.to_owned()).or_default();
        for feature in Self::read(text)?.layers.remove(RIVERS).unwrap_or_default() {
            if !known.iter().any(|other| other.id == feature.id) {
                known.push(feature);
            }
        }
        Ok(())
    }

    /// The rivers, for comparison with the corridor.
    pub fn rivers(&self) -> Vec<River> {
        let rivers = self.layers.get(RIVERS).map(Vec::as_slice).unwrap_or_default();
        let lines = rivers.iter().filter_map(|feature| {
            let text = |key: &str| feature.properties.get(key)?.as_str().map(str::to_owned);
            let Some(Geometry::MultiLineString(line)) = feature.geometry.as_deref() else {
                return None;
            };
            Some(River {
                id: feature.id.clone(),
                name: Trilingual {
                    ar: text("name:ar"),
                    ckb: text("name:ckb"),
                    en: text("name:en"),
                },
                source: text("source").unwrap_or_default(),
                line: line.clone(),
            })
        });
        lines.collect()
    }

    /// The features of one layer with exactly the attributes of the layer's fields.
    pub fn features(&self, layer: &str, fields: &[&str]) -> Vec<Feature> {
        let features = self.layers.get(layer).map(Vec::as_slice).unwrap_or_default();
        let chosen = features.iter().map(|feature| {
            let keys = ["name:ar", "name:ckb", "name:en"].iter().chain(fields);
            let properties: Properties = keys
                .map(|&key| (key.to_owned(), feature.properties.get(key).cloned().unwrap_or_default()))
                .collect();
            Feature {
                properties,
                ..feature.clone()
            }
        });
        chosen.collect()
    }
}

/// Position of a feature's label: longitude and latitude.
fn label_of(value: Option<Value>) -> Result<Option<[f64; 2]>, ()> {
    match value {
        None => Ok(None),
        Some(value) => match serde_json::from_value::<[f64; 2]>(value) {
            Ok([lon, lat]) if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Ok(Some([lon, lat])),
            _ => Err(()),
        },
    }
}

fn is_on_the_globe(geometry: &Geometry<f64>) -> bool {
    let fits = |coord: Coord<f64>| (-180.0..=180.0).contains(&coord.x) && (-90.0..=90.0).contains(&coord.y);
    geometry.coords_iter().all(fits)
}

/// Lines and polygons as their multi types, since a layer has one geometry type.
fn multi(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::LineString(line) => Geometry::MultiLineString(MultiLineString(vec![line])),
        Geometry::Polygon(polygon) => Geometry::MultiPolygon(MultiPolygon(vec![polygon])),
        other => other,
    }
}

/// `places`: the gazetteer of the land, most important places first; created one by one, because there are many.
pub fn places(gazetteer: &Gazetteer) -> impl Iterator<Item = Feature> + '_ {
    let mut places: Vec<&Place> = gazetteer.places().iter().filter(|place| is_point(place)).collect();
    places.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| a.id.cmp(&b.id)));
    // Thousands of places have one list of parents: its units are looked up once.
    let mut units: FxHashMap<*const String, [Option<&str>; 2]> = FxHashMap::default();
    places.into_iter().map(move |place| {
        let units = units.entry(place.parents.as_ptr()).or_insert_with(|| {
            [Level::Governorate, Level::District].map(|level| {
                let mut parents = place.parents.iter().map(String::as_str);
                parents.find(|id| gazetteer.get(id).is_some_and(|parent| parent.level == level))
            })
        });
        place_feature(place, *units)
    })
}

/// Units have layers of their own; places abroad are not part of the land; a place with only a known unit has no point
/// to draw.
fn is_point(place: &Place) -> bool {
    !place.foreign && !place.approximate && !place.level.is_administrative()
}

fn place_feature(place: &Place, [governorate, district]: [Option<&str>; 2]) -> Feature {
    let properties = named(
        &place.names.preferred(),
        properties([
            ("level", json!(place.level)),
            ("kind", json!(place.kind)),
            ("governorate", json!(governorate)),
            ("district", json!(district)),
            ("population", json!(place.population)),
            ("rank", json!(place.rank)),
            ("same_as", json!(place.same_as)),
        ]),
    );
    let mut feature = Feature::new(
        place.id.clone(),
        Some(Geometry::Point(Point::from(place.point))),
        properties,
    );
    feature.min_zoom = first_zoom(place.rank);
    feature
}

/// The first zoom at which a tile includes a place of this rank: a country's tile has its large towns, not every
/// hamlet.
fn first_zoom(rank: u8) -> u8 {
    match rank {
        90.. => 3,
        70.. => 5,
        50.. => 7,
        30.. => 8,
        15.. => 9,
        _ => 10,
    }
}
