//! The nearest point of a geodesic segment, exact on the ellipsoid.

use super::{LonLat, destination_and_heading, distance_and_azimuth, distance_and_azimuths};

/// The foot of the shortest way from a point to a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest {
    /// The nearest position of the segment.
    pub point: LonLat,
    /// Metres from the start of the segment to it.
    pub along_m: f64,
    /// Metres from the point to it.
    pub distance_m: f64,
    /// Sine-like measure of side: positive when the point lies left of the segment, negative right, 0 on it;
    /// the distance from the segment's line near the foot, in metres.
    pub left_m: f64,
}

/// The nearest point of the geodesic from `start` to `end`.
///
/// Newton's iteration on the foot of the perpendicular with the spherical right triangle as its step
/// (Baselga and Martínez-Llario 2018, "Intersection and point-to-line solutions for geodesics on the ellipsoid");
/// it stops when the step is below a micrometre.
///
/// ```
/// use mahwar_territory::geodesy::nearest_on_segment;
/// let nearest = nearest_on_segment([44.0, 35.0], [45.0, 35.0], [44.5, 35.5]);
/// // The geodesic bends north of the parallel.
/// assert!(nearest.distance_m > 54_000.0 && nearest.distance_m < 56_000.0);
/// ```
pub fn nearest_on_segment(start: LonLat, end: LonLat, point: LonLat) -> Nearest {
    const MEAN_RADIUS: f64 = 6_371_000.0;
    let (length, leaving, arriving) = distance_and_azimuths(start, end);
    let (mut along, mut foot, mut heading) = (0.0_f64, start, leaving);
    for _ in 0..20 {
        let (distance, towards) = distance_and_azimuth(foot, point);
        let turn = (towards - heading).to_radians();
        let arc = distance / MEAN_RADIUS;
        // The leg along the line of a right triangle with hypotenuse `arc`.
        let step = MEAN_RADIUS * (arc.sin() * turn.cos()).atan2(arc.cos());
        let next = (along + step).clamp(0.0, length);
        let moved = (next - along).abs();
        along = next;
        (foot, heading) = if along <= 0.0 {
            (start, leaving)
        } else if along >= length {
            (end, arriving)
        } else {
            destination_and_heading(start, leaving, along)
        };
        if moved < 1e-6 {
            break;
        }
    }
    let (distance, towards) = distance_and_azimuth(foot, point);
    Nearest {
        point: foot,
        along_m: along,
        distance_m: distance,
        left_m: -distance * (towards - heading).to_radians().sin(),
    }
}
