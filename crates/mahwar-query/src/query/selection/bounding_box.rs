//! Boxes: their parsing, and the features that meet them.

use super::super::{QueryError, crs::Crs, echo, parameter::is_plain_number, parameters as p};
use crate::layers::{Bounds, FeatureRef};
use geo::{Coord, CoordsIter, Intersects, Rect};
use smallvec::SmallVec;

/// Parses a box; west greater than east returns two boxes, on both sides of the antimeridian.
/// Coordinates are in the axis order and unit of `crs`; the result is in degrees.
///
/// # Errors
/// For a text that is not four or six numbers, and for corners in the wrong order or beyond the globe.
///
/// ```
/// use mahwar_query::query::{crs::Crs, selection::bbox};
///
/// assert_eq!(bbox("43,34,46,37", Crs::Crs84).unwrap()[0].0, [43.0, 34.0, 46.0, 37.0]);
/// assert_eq!(bbox("170,-10,-170,10", Crs::Crs84).unwrap().len(), 2);
/// ```
pub fn bbox(text: &str, crs: Crs) -> Result<SmallVec<[Bounds; 2]>, QueryError> {
    let wrong = |why: &str| {
        QueryError::parameter(
            p::BBOX.name,
            format!("bbox {:?}: {why}; it takes {}", echo(text), p::BBOX.takes()),
        )
    };
    let mut numbers: SmallVec<[f64; 6]> = SmallVec::new();
    for word in text.split(',') {
        let word = word.trim();
        let number: f64 = word.parse().map_err(|_| wrong("not all are numbers"))?;
        if !is_plain_number(word) || !number.is_finite() {
            return Err(wrong("not all are finite numbers"));
        }
        if numbers.len() == 6 {
            return Err(wrong("too many numbers"));
        }
        numbers.push(number);
    }
    let [a, b, c, d] = match numbers.as_slice() {
        [a, b, c, d] | [a, b, _, c, d, _] => [*a, *b, *c, *d],
        _ => return Err(wrong("there are not four or six numbers")),
    };
    if !crs.is_geographic() {
        if a > c || b > d {
            return Err(wrong("the lower corner is above or right of the upper one"));
        }
        return Ok(SmallVec::from_elem(around(crs, [a, b, c, d]), 1));
    }
    let ([west, south], [east, north]) = (crs.unproject([a, b]), crs.unproject([c, d]));
    if south > north {
        return Err(wrong("south is greater than north"));
    }
    if !(-90.0..=90.0).contains(&south) || !(-90.0..=90.0).contains(&north) {
        return Err(wrong("a latitude is beyond 90 degrees"));
    }
    if west.abs() > MAX_LONGITUDE || east.abs() > MAX_LONGITUDE {
        return Err(wrong("a longitude is beyond ten turns of the globe"));
    }
    let (west, east) = turned_back(west, east);
    Ok(if west <= east {
        SmallVec::from_elem(Bounds([west, south, east, north]), 1)
    } else {
        SmallVec::from_slice(&[
            Bounds([west, south, 180.0, north]),
            Bounds([-180.0, south, east, north]),
        ])
    })
}

/// The greatest longitude of a box, in degrees: clients count on when the map is turned around the globe.
const MAX_LONGITUDE: f64 = 3600.0;

/// The western and the eastern side of a box within 180 degrees. A box of a whole turn is the whole globe.
fn turned_back(west: f64, east: f64) -> (f64, f64) {
    let within = |lon: f64| (-180.0..=180.0).contains(&lon);
    if within(west) && within(east) {
        return (west, east);
    }
    if east - west >= 360.0 {
        return (-180.0, 180.0);
    }
    let turned = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
    let (west, mut east) = (turned(west), turned(east));
    if east == -180.0 {
        east = 180.0;
    }
    (west, east)
}

/// The box in degrees around a box in metres: its sides are walked, for they are curves in degrees.
fn around(crs: Crs, [left, bottom, right, top]: [f64; 4]) -> Bounds {
    const STEPS: i32 = 16;
    let mut all: Option<Bounds> = None;
    for step in 0..=STEPS {
        let part = f64::from(step) / f64::from(STEPS);
        let (x, y) = (left + (right - left) * part, bottom + (top - bottom) * part);
        for corner in [[x, bottom], [x, top], [left, y], [right, y]] {
            let [lon, lat] = crs.unproject(corner);
            let point = Bounds([lon, lat, lon, lat]);
            all = Some(all.map_or(point, |all| all.union(point)));
        }
    }
    all.unwrap_or(Bounds([0.0; 4]))
}

/// True if the geometry itself, not only its box, meets the bounds.
pub(super) fn meets(feature: FeatureRef<'_>, bounds: Bounds) -> bool {
    let (Some(own), Some(geometry)) = (feature.bounds(), feature.geometry()) else {
        return false;
    };
    if bounds.holds(own) {
        return true;
    }
    let [west, south, east, north] = bounds.0;
    let rect = Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north });
    // Most that meet it have a point in it, which is sooner seen.
    geometry.coords_iter().any(|at| rect.intersects(&at)) || geometry.intersects(&rect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_across_the_antimeridian_is_two() {
        assert_eq!(bbox("170,-10,-170,10", Crs::Crs84).unwrap().len(), 2);
        assert_eq!(
            bbox("43,34,0,46,37,500", Crs::Crs84).unwrap()[0],
            Bounds([43.0, 34.0, 46.0, 37.0])
        );
        assert_eq!(
            bbox("34,43,37,46", Crs::Epsg4326).unwrap()[0],
            Bounds([43.0, 34.0, 46.0, 37.0])
        );
    }

    // Report "bbox beyond 180 degrees is accepted and answered with nothing".
    #[test]
    fn a_box_beyond_180_degrees_is_turned_back() {
        let boxes = |text: &str| -> Vec<[f64; 4]> {
            let read = bbox(text, Crs::Crs84).unwrap();
            read.iter().map(|bounds| bounds.0).collect()
        };
        assert_eq!(boxes("-316,34,-314,36"), [[44.0, 34.0, 46.0, 36.0]]);
        assert_eq!(boxes("404,34,405,35"), [[44.0, 34.0, 45.0, 35.0]]);
        assert_eq!(boxes("764,34,765,35"), [[44.0, 34.0, 45.0, 35.0]]);
        assert_eq!(boxes("-360,-90,0,90"), [[-180.0, -90.0, 180.0, 90.0]]);
        assert_eq!(boxes("-200,-10,200,10"), [[-180.0, -10.0, 180.0, 10.0]]);
        assert_eq!(
            boxes("170,-10,190,10"),
            [[170.0, -10.0, 180.0, 10.0], [-180.0, -10.0, -170.0, 10.0]]
        );
        assert_eq!(boxes("0,0,540,10"), [[-180.0, 0.0, 180.0, 10.0]]);
        assert_eq!(boxes("100,0,180,10"), [[100.0, 0.0, 180.0, 10.0]]);
        assert_eq!(boxes("200,0,540,10"), [[-160.0, 0.0, 180.0, 10.0]]);
    }

    #[test]
    fn a_box_that_is_none_is_refused() {
        for wrong in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "1,2,3,4,5,6,7",
            "a,b,c,d",
            "NaN,0,1,1",
            "inf,0,1,1",
            "0,10,10,0",
            "0,-91,1,0",
            "1e999,0,1,1",
            "0x1,0,1,1",
            ",,,",
            "3500,0,3700,1",
        ] {
            let error = bbox(wrong, Crs::Crs84).unwrap_err();
            assert_eq!(error.parameter.as_deref(), Some("bbox"), "{wrong}");
        }
    }

    #[test]
    fn a_box_in_metres_covers_its_corners() {
        let utm = Crs::Utm { zone: 38, south: false };
        let Bounds([west, south, east, north]) = bbox("400000,3900000,500000,4000000", utm).unwrap()[0];
        let [lon, lat] = utm.unproject([400_000.0, 3_900_000.0]);
        assert!(west <= lon && lon <= east && south <= lat && lat <= north);
    }
}
