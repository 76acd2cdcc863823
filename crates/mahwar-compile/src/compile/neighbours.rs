//! Which country lies beyond each edge of the border: the nearest one in a file of countries.

use super::boundaries::{BoundaryError, SourceFile};
use crate::territory::{Micro, topology::degrees};
use geojson::{FeatureCollection, GeometryValue, Position};

/// How far a country's generalised border may lie from the land's own, in degrees. Beyond it there is sea.
const FARTHEST: f64 = 0.15;

/// Countries around the land with their outlines.
#[derive(Debug, Default)]
pub struct Countries(Vec<(String, Vec<Vec<[f64; 2]>>)>);

impl Countries {
    /// Reads a Natural Earth file of countries, all but the land itself.
    pub fn read(file: &SourceFile, own: &str) -> Result<Self, BoundaryError> {
        let wrong = |what: String| BoundaryError::File {
            file: file.name.clone(),
            what,
        };
        let collection: FeatureCollection = file
            .text
            .parse()
            .map_err(|error| wrong(format!("not a GeoJSON feature collection: {error}")))?;
        let mut countries = Vec::new();
        for (feature, row) in collection.features.into_iter().zip(1..) {
            let code = feature
                .property("ISO_A2")
                .and_then(|code| code.as_str())
                .unwrap_or_default()
                .to_owned();
            let rings = match feature.geometry.map(|geometry| geometry.value) {
                Some(GeometryValue::Polygon { coordinates }) => outline(coordinates),
                Some(GeometryValue::MultiPolygon { coordinates }) => outline(coordinates.into_iter().flatten()),
                _ => {
                    return Err(wrong(format!(
                        "feature {row} ({code}) is no polygon; accepted: Polygon, MultiPolygon"
                    )));
                }
            };
            // Natural Earth writes -99 where there is no code.
            if code.len() == 2 && code != own {
                countries.push((code, rings));
            }
        }
        countries.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Self(countries))
    }

    /// The code of the country nearest to the middle of an edge, if one is near enough.
    pub fn beyond(&self, a: Micro, b: Micro) -> Option<&str> {
        let (a, b) = (a.map(degrees), b.map(degrees));
        let middle = [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
        let distance = |rings: &Vec<Vec<[f64; 2]>>| {
            let edges = rings.iter().flat_map(|ring| ring.windows(2));
            edges
                .map(|edge| away(middle, edge[0], edge[1]))
                .fold(f64::INFINITY, f64::min)
        };
        let all = self.0.iter().map(|(code, rings)| (distance(rings), code));
        let (nearest, code) = all.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (nearest <= FARTHEST).then_some(code.as_str())
    }
}

fn outline(rings: impl IntoIterator<Item = Vec<Position>>) -> Vec<Vec<[f64; 2]>> {
    rings
        .into_iter()
        .map(|ring| ring.iter().map(|at| [at[0], at[1]]).collect())
        .collect()
}

fn away(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 {
        ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2
    } else {
        0.0
    };
    let along = along.clamp(0.0, 1.0);
    (p[0] - a[0] - along * dx).hypot(p[1] - a[1] - along * dy)
}
