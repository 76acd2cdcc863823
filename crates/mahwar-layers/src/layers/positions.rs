//! The layer `positions`: areas that documents describe from other places or by coordinates.

use super::{
    Feature,
    evidence::{Attributed, ReadDocument, named, properties, speaker, status, time},
};
use crate::{
    geoparse::{Attribution, Claim, Part, Position, PositionArea, PositionRef},
    language::Trilingual,
    text::sentence_at,
};
use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use rustc_hash::FxHashMap;
use serde_json::json;

/// One feature for each described position that has a geometry.
pub fn features(documents: &[&ReadDocument]) -> Vec<Feature> {
    documents.iter().flat_map(|read| of_document(read)).collect()
}

fn of_document(read: &ReadDocument) -> Vec<Feature> {
    if read.parse.positions.is_empty() {
        return Vec::new();
    }
    let mut claims: FxHashMap<&str, Vec<&Claim>> = FxHashMap::default();
    for claim in &read.parse.claims {
        if let Some(PositionRef::Described(position)) = &claim.position {
            claims.entry(position.id.as_str()).or_default().push(claim);
        }
    }
    let mut attributed = Attributed::new(&read.parse);
    let positions = read.parse.positions.iter();
    let features = positions.filter_map(|position| {
        // Positions in the title follow those in the text, and are in no attribution.
        let attribution = match position.words.part {
            Part::Text => attributed.at(position.words.offsets.byte[0]),
            Part::Title => None,
        };
        let claims = claims.get(position.id.as_str()).map_or(&[][..], Vec::as_slice);
        feature(read, position, claims, attribution)
    });
    features.collect()
}

fn feature(
    read: &ReadDocument,
    position: &Position,
    claims: &[&Claim],
    attribution: Option<&Attribution>,
) -> Option<Feature> {
    let extent = position.extent.as_ref()?;
    let document = &read.document;
    let quote = match position.words.part {
        Part::Text => {
            let sentence = sentence_at(&document.text, position.words.offsets.byte[0]);
            &document.text[sentence.start..sentence.end]
        }
        Part::Title => document.title.as_str(),
    };
    let claims: Vec<&str> = claims.iter().map(|claim| claim.id.as_str()).collect();
    let name = Trilingual::default();
    let properties = named(
        &name,
        properties([
            ("document", json!(document.id)),
            ("position", json!(position.id)),
            ("kind", json!(position.kind)),
            ("form", json!(position.form)),
            ("text", json!(position.words.text)),
            ("quote", json!(quote)),
            ("start", json!(position.words.start)),
            ("end", json!(position.words.end)),
            ("anchors", json!(position.anchors)),
            ("places", json!(position.places)),
            ("distance_km", json!(position.distance_km)),
            ("bearing_deg", json!(position.bearing_deg)),
            ("precision", json!(position.precision)),
            ("uncertainty_km", json!(extent.uncertainty_km)),
            ("area_km2", json!(extent.area_km2)),
            ("note", json!(position.note)),
            ("claims", json!(claims)),
            ("speaker", speaker(attribution)),
            ("status", json!(status(attribution))),
            ("published", json!(document.published)),
        ]),
    );
    let geometry = Geometry::MultiPolygon(polygons(&extent.geometry));
    let mut feature = Feature::new(format!("{}-{}", document.id, position.id), Some(geometry), properties);
    feature.time = time(document);
    Some(feature)
}

fn polygons(area: &PositionArea) -> MultiPolygon<f64> {
    let ring = |ring: &Vec<[f64; 2]>| -> LineString<f64> { ring.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect() };
    let polygon = |rings: &Vec<Vec<[f64; 2]>>| {
        let (shell, holes) = rings.split_first()?;
        Some(Polygon::new(ring(shell), holes.iter().map(ring).collect()))
    };
    area.0.iter().filter_map(polygon).collect()
}
