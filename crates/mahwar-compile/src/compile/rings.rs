//! Reading units of one level from GeoJSON: p-codes, parents, rings in micro-degrees with the inside on the left.

use super::boundaries::{BoundaryError, SourceFile};
use crate::territory::{Micro, dissolve, topology};
use geojson::{FeatureCollection, GeometryValue, JsonObject, Position};

/// A unit of the source.
#[derive(Debug)]
pub struct Feature {
    /// Its number in the file, from 1.
    pub row: usize,
    /// Its p-code.
    pub pcode: String,
    /// P-codes of the units above it, from level 0 down.
    pub ancestors: Vec<String>,
    /// Shells counter-clockwise, holes clockwise; closed; no two equal points in a row.
    pub polygons: Vec<Vec<Vec<Micro>>>,
}

impl Feature {
    /// An error about this feature.
    pub fn error(&self, file: &str, what: String) -> BoundaryError {
        BoundaryError::Feature {
            file: file.to_owned(),
            feature: self.row,
            unit: self.pcode.clone(),
            what,
        }
    }

    /// True if this is a part of (or is) the unit of that level with that p-code.
    pub fn is_within(&self, level: usize, pcode: &str) -> bool {
        self.ancestors.get(level).unwrap_or(&self.pcode) == pcode
    }
}

/// Reads all features of a file of the given level.
pub fn read(file: &SourceFile, level: usize) -> Result<Vec<Feature>, BoundaryError> {
    let wrong = |what: String| BoundaryError::File {
        file: file.name.clone(),
        what,
    };
    let collection: FeatureCollection = file
        .text
        .parse()
        .map_err(|error| wrong(format!("not a GeoJSON feature collection: {error}")))?;
    if collection.features.is_empty() {
        return Err(wrong("there are no features".to_owned()));
    }
    let features = collection.features.into_iter().zip(1..);
    features
        .map(|(feature, row)| read_feature(feature, row, file, level))
        .collect()
}

fn read_feature(
    source: geojson::Feature,
    row: usize,
    file: &SourceFile,
    level: usize,
) -> Result<Feature, BoundaryError> {
    let mut feature = Feature {
        row,
        pcode: "no p-code".to_owned(),
        ancestors: Vec::new(),
        polygons: Vec::new(),
    };
    let properties = source.properties.unwrap_or_default();
    let code = |level: usize| {
        code_of(&properties, level).ok_or_else(|| format!("the property ADM{level}_PCODE is missing or empty"))
    };
    feature.pcode = code(level).map_err(|what| feature.error(&file.name, what))?;
    for above in 0..level {
        let code = code(above).map_err(|what| feature.error(&file.name, what))?;
        feature.ancestors.push(code);
    }
    let polygons = match source.geometry.map(|geometry| geometry.value) {
        Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
        other => {
            let found = other.map_or("no geometry", |value| value.type_name());
            return Err(feature.error(&file.name, format!("has {found}; accepted: Polygon, MultiPolygon")));
        }
    };
    for rings in polygons {
        let rings = rings
            .iter()
            .enumerate()
            .map(|(number, ring)| read_ring(ring, number == 0));
        let rings = rings.collect::<Result<Vec<_>, _>>();
        let rings = rings.map_err(|what| feature.error(&file.name, what))?;
        feature.polygons.push(rings);
    }
    Ok(feature)
}

/// The p-code of a level, in any case of the column name (`ADM3_PCODE` in 2019, `adm3_pcode` in newer vintages).
fn code_of(properties: &JsonObject, level: usize) -> Option<String> {
    let column = format!("ADM{level}_PCODE");
    let (_, value) = properties.iter().find(|(key, _)| key.eq_ignore_ascii_case(&column))?;
    let code = value.as_str()?.trim();
    (!code.is_empty()).then(|| code.to_owned())
}

fn read_ring(positions: &[Position], is_shell: bool) -> Result<Vec<Micro>, String> {
    let mut ring: Vec<Micro> = Vec::with_capacity(positions.len());
    for position in positions {
        let at = [position[0], position[1]];
        if !at.iter().all(|value| value.is_finite()) || at[0].abs() > 180.0 || at[1].abs() > 90.0 {
            return Err(format!(
                "the coordinate {at:?} is not longitude and latitude in degrees"
            ));
        }
        let point = topology::micro(at);
        if ring.last() != Some(&point) {
            ring.push(point);
        }
    }
    if ring.first() != ring.last() || ring.len() < 4 {
        return Err("a ring is not closed or has fewer than three corners".to_owned());
    }
    if (dissolve::twice_area_of(&ring) > 0) != is_shell {
        ring.reverse();
    }
    Ok(ring)
}
