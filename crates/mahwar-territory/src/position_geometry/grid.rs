//! Positions of UTM coordinates and of military grid references.

use crate::geodesy::{LonLat, TransverseMercator};

/// Letters of the bands of 8 degrees from 80° south to north.
const BANDS: &str = "CDEFGHJKLMNPQRSTUVWX";
/// Letters of the columns and rows of squares of 100 km; rows have the first twenty.
const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const SQUARE: f64 = 100_000.0;
/// Metres after which rows repeat.
const ROWS: f64 = 2_000_000.0;

/// The positions that UTM coordinates may mean: the letter after the zone is a band or a hemisphere.
pub(super) fn utm(zone: u8, letter: char, easting: f64, northing: f64) -> Vec<LonLat> {
    let by_band = letter >= 'N';
    let at = |north: bool| TransverseMercator::utm(zone, north).unproject([easting, northing]);
    match letter {
        // A band north of the equator, or the southern hemisphere.
        'S' => vec![at(true), at(false)],
        _ => vec![at(by_band)],
    }
}

/// The middle of the square that a military grid reference names; none for letters that its zone does not have.
pub(super) fn mgrs(zone: u8, band: char, square: [char; 2], inside: [f64; 2], step_m: f64) -> Option<LonLat> {
    let index = |letters: &str, letter: char| letters.find(letter);
    let columns = &LETTERS[usize::from((zone - 1) % 3) * 8..][..8];
    let column = index(columns, square[0])? as f64 + 1.0;
    let shift = if zone.is_multiple_of(2) { 5 } else { 0 };
    let row = (index(&LETTERS[..20], square[1])? + 20 - shift) % 20;
    let band = index(BANDS, band)?;
    let south = -80.0 + 8.0 * band as f64;
    let north = band >= 10;
    let projection = TransverseMercator::utm(zone, north);
    // Squares at the edge of a zone begin somewhat south of the band on the middle meridian.
    let least = projection.project([projection.central_meridian, south])[1] - SQUARE;
    let mut northing = row as f64 * SQUARE;
    while northing < least {
        northing += ROWS;
    }
    let middle = [
        column * SQUARE + inside[0] + step_m / 2.0,
        northing + inside[1] + step_m / 2.0,
    ];
    Some(projection.unproject(middle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geodesy::distance_m;

    /// Published examples; their degrees by an independent series.
    #[test]
    fn known_references_are_found() {
        for (zone, band, square, inside, step, expected) in [
            // The Washington Monument, 18SUJ2348306479.
            (18, 'S', ['U', 'J'], [23_483.0, 6_479.0], 1.0, [-77.035_24, 38.889_47]),
            // Honolulu, 4QFJ12345678.
            (4, 'Q', ['F', 'J'], [12_340.0, 56_780.0], 10.0, [-157.916_82, 21.309_48]),
        ] {
            let found = mgrs(zone, band, square, inside, step).unwrap();
            assert!(distance_m(found, expected) < 5.0, "{found:?} {expected:?}");
        }
        assert_eq!(mgrs(38, 'S', ['A', 'D'], [0.0, 0.0], 1.0), None);
    }

    #[test]
    fn a_reference_is_the_inverse_of_its_projection() {
        let kirkuk = [44.3922, 35.4681];
        let [easting, northing] = TransverseMercator::utm(38, true).project(kirkuk);
        let columns = "JKLMNPQR";
        let column = columns.chars().nth((easting / SQUARE) as usize - 1).unwrap();
        let row = LETTERS
            .chars()
            .nth(((northing % ROWS / SQUARE) as usize + 5) % 20)
            .unwrap();
        let inside = [easting % SQUARE, northing % SQUARE].map(f64::floor);
        let found = mgrs(38, 'S', [column, row], inside, 1.0).unwrap();
        assert!(distance_m(found, kirkuk) < 2.0, "{found:?}");
    }
}
