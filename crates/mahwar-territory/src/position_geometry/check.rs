//! Coordinates of a text, checked against the land: which is the latitude, and whether they lie in it.

use super::grid;
use crate::{geodesy::LonLat, geoparse::Coordinates};

/// Kilometres of a degree of latitude.
const DEGREE_KM: f64 = 111.2;
/// The least radius of a position by coordinates, in km: nothing is placed more finely.
const LEAST_KM: f64 = 0.05;

/// A checked position.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Checked {
    pub(super) point: LonLat,
    /// Half the step of the last digit.
    pub(super) radius_km: f64,
    /// Assumption that was made.
    pub(super) note: Option<String>,
}

/// Where coordinates lie.
///
/// # Errors
/// In words, when they are no position on the Earth or lie outside the box of the land.
pub(super) fn place(coordinates: &Coordinates, bbox: [f64; 4]) -> Result<Checked, String> {
    match coordinates {
        Coordinates::Angles {
            values,
            latitudes,
            step_deg,
        } => angles(*values, *latitudes, *step_deg, bbox),
        Coordinates::Utm {
            zone,
            letter,
            easting,
            northing,
        } => {
            let found = grid::utm(*zone, *letter, *easting, *northing);
            one_inside(&found, bbox, 0.0005)
        }
        Coordinates::Mgrs {
            zone,
            band,
            square,
            inside,
            step_m,
        } => {
            let found = grid::mgrs(*zone, *band, *square, *inside, *step_m);
            let found = found.ok_or_else(|| format!("zone {zone} has no square {}{}", square[0], square[1]))?;
            one_inside(&[found], bbox, step_m / 2000.0)
        }
    }
}

fn is_inside([lon, lat]: LonLat, [west, south, east, north]: [f64; 4]) -> bool {
    (west..=east).contains(&lon) && (south..=north).contains(&lat)
}

fn is_on_earth([lon, lat]: LonLat) -> bool {
    lon.abs() <= 180.0 && lat.abs() <= 90.0
}

fn one_inside(found: &[LonLat], bbox: [f64; 4], radius_km: f64) -> Result<Checked, String> {
    let inside = found.iter().find(|at| is_inside(**at, bbox));
    match (inside, found.first()) {
        (Some(point), _) => Ok(Checked {
            point: *point,
            radius_km: radius_km.max(LEAST_KM),
            note: None,
        }),
        (None, Some([lon, lat])) => Err(format!("latitude {lat:.4}, longitude {lon:.4} lies outside the land")),
        (None, None) => Err("it is no position on the Earth".to_owned()),
    }
}

fn angles(
    [first, second]: [f64; 2],
    latitudes: [Option<bool>; 2],
    step_deg: f64,
    bbox: [f64; 4],
) -> Result<Checked, String> {
    let latitude_second = latitudes[0] == Some(false) || latitudes[1] == Some(true);
    let said = match latitude_second {
        true => [first, second],
        false => [second, first],
    };
    let swapped = [said[1], said[0]];
    let labelled = latitudes.iter().any(Option::is_some);
    let checked = |point: LonLat, note: Option<&str>| Checked {
        point,
        radius_km: (step_deg / 2.0 * DEGREE_KM).max(LEAST_KM),
        note: note.map(str::to_owned),
    };
    if is_on_earth(said) && is_inside(said, bbox) {
        return Ok(checked(said, None));
    }
    if is_inside(swapped, bbox) {
        let note = match labelled {
            true => "axes swapped: the text names latitude and longitude the other way round",
            false => "axes swapped: the text has the longitude before the latitude",
        };
        return Ok(checked(swapped, Some(note)));
    }
    let [lon, lat] = said;
    Err(match is_on_earth(said) {
        true => format!("latitude {lat}, longitude {lon} lies outside the land"),
        false => format!(
            "latitude {lat}, longitude {lon} is no position on the Earth; accepted: latitude -90 to 90, longitude -180 to 180"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: [f64; 4] = [38.79, 29.06, 48.57, 37.38];

    fn pair(first: f64, second: f64, latitudes: [Option<bool>; 2]) -> Result<Checked, String> {
        angles([first, second], latitudes, 0.0001, BOX)
    }

    #[test]
    fn swapped_axes_are_recognised_and_reported() {
        let none = [None, None];
        let kirkuk = [44.3922, 35.4681];
        assert_eq!(
            pair(35.4681, 44.3922, none).unwrap(),
            Checked {
                point: kirkuk,
                radius_km: 0.05,
                note: None
            }
        );
        let swapped = pair(44.3922, 35.4681, none).unwrap();
        assert_eq!(swapped.point, kirkuk);
        assert!(swapped.note.unwrap().contains("longitude before"));
        let wrong = pair(44.3922, 35.4681, [Some(true), Some(false)]).unwrap();
        assert!(wrong.note.unwrap().contains("other way round"));
    }

    #[test]
    fn positions_outside_are_refused_with_the_reason() {
        let none = [None, None];
        assert!(
            pair(95.0, 200.0, none)
                .unwrap_err()
                .contains("no position on the Earth")
        );
        assert!(pair(48.8566, 2.3522, none).unwrap_err().contains("outside the land"));
        assert!(pair(-35.4681, 44.3922, none).unwrap_err().contains("outside the land"));
    }
}
