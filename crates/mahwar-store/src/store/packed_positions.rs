//! Described positions in compact form: corners as differences in steps of 0.00001 degrees.

use super::packed::Bytes;
use crate::geoparse::{
    Parse, Position, PositionArea, PositionExtent, PositionForm, PositionHint, PositionKind, Precision, Words,
};
use ecow::eco_format;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// Radii of places in km, by gazetteer id.
pub(super) type Radii = BTreeMap<String, f64>;

/// Steps of a degree in which corners are stored: those of the geometry itself.
const STEPS: f64 = 1e5;

/// A described position as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct PackedPosition<'p> {
    k: PositionKind,
    f: PositionForm,
    pub(super) s: Bytes,
    /// Positions of its anchors in the mentions.
    a: Vec<usize>,
    #[serde(borrow)]
    p: Vec<Cow<'p, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    u: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    b: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    n: Option<Precision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    g: Option<PackedExtent>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    r: Option<Cow<'p, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    t: Option<Cow<'p, str>>,
}

/// Polygons with their rings as differences of corners, the point, the uncertainty and the area.
#[derive(Serialize, Deserialize)]
struct PackedExtent(Vec<Vec<Vec<i64>>>, [f64; 2], f64, f64);

impl<'p> PackedPosition<'p> {
    pub(super) fn of(parse: &Parse, position: &'p Arc<Position>) -> Self {
        Self {
            k: position.kind,
            f: position.form,
            s: position.words.part.key(position.words.offsets.byte).into(),
            a: position
                .anchors
                .iter()
                .filter_map(|id| parse.mention_index(id))
                .collect(),
            p: position.places.iter().map(|id| id.as_str().into()).collect(),
            d: position.distance_km,
            u: position.distance_upper_km,
            b: position.bearing_deg,
            n: position.precision,
            g: position.extent.as_ref().map(|extent| {
                let polygons = extent.geometry.0.iter();
                let packed = polygons.map(|rings| rings.iter().map(|ring| differences(ring)).collect());
                PackedExtent(packed.collect(), extent.point, extent.uncertainty_km, extent.area_km2)
            }),
            r: position.reason.as_deref().map(Cow::from),
            t: position.note.as_deref().map(Cow::from),
        }
    }

    /// Restores the position, with its number and its words.
    pub(super) fn unpacked(self, at: usize, words: Words) -> Position {
        let extent = self.g.map(|PackedExtent(polygons, point, uncertainty_km, area_km2)| {
            let rings = |rings: Vec<Vec<i64>>| rings.iter().map(|ring| corners(ring)).collect();
            PositionExtent {
                geometry: PositionArea(polygons.into_iter().map(rings).collect()),
                point,
                uncertainty_km,
                area_km2,
            }
        });
        Position {
            id: eco_format!("p{at}"),
            kind: self.k,
            form: self.f,
            words,
            anchors: self.a.iter().map(|at| eco_format!("m{}", at + 1)).collect(),
            places: self.p.iter().map(|id| id.as_ref().into()).collect(),
            distance_km: self.d,
            distance_upper_km: self.u,
            bearing_deg: self.b,
            precision: self.n,
            resolved: extent.is_some(),
            extent: extent.map(Arc::new),
            reason: self.r.map(Cow::into_owned),
            note: self.t.map(Cow::into_owned),
            hint: PositionHint::default(),
        }
    }
}

fn differences(ring: &[[f64; 2]]) -> Vec<i64> {
    let mut last = [0, 0];
    let mut all = Vec::with_capacity(2 * ring.len());
    for corner in ring {
        for (axis, value) in corner.iter().enumerate() {
            let step = (value * STEPS).round() as i64;
            all.push(step - last[axis]);
            last[axis] = step;
        }
    }
    all
}

fn corners(differences: &[i64]) -> Vec<[f64; 2]> {
    let mut last = [0_i64, 0];
    let corners = differences.chunks_exact(2).map(|step| {
        last = [last[0].saturating_add(step[0]), last[1].saturating_add(step[1])];
        last.map(|value| value as f64 / STEPS)
    });
    corners.collect()
}

#[cfg(test)]
mod tests {
    use super::{corners, differences};

    #[test]
    fn corners_are_unpacked_as_they_were() {
        let ring = [
            [44.392_22, 35.468_06],
            [44.4, 35.5],
            [-0.000_01, -35.0],
            [44.392_22, 35.468_06],
        ];
        assert_eq!(corners(&differences(&ring)), ring);
    }
}
