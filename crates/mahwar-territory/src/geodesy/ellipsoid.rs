//! The WGS 84 ellipsoid in space: earth-centred coordinates, curvature, and a fast distance.

use super::LonLat;

/// Equatorial radius in metres.
pub const A: f64 = 6_378_137.0;
/// Flattening.
pub const F: f64 = 1.0 / 298.257_223_563;
/// First eccentricity squared.
pub const E2: f64 = F * (2.0 - F);

/// A position or direction in earth-centred, earth-fixed coordinates, in metres.
pub type Ecef = [f64; 3];

/// The point of the ellipsoid's surface at a position.
pub fn to_ecef([lon, lat]: LonLat) -> Ecef {
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let (sin_lon, cos_lon) = lon.to_radians().sin_cos();
    let normal = A / (1.0 - E2 * sin_lat * sin_lat).sqrt();
    [
        normal * cos_lat * cos_lon,
        normal * cos_lat * sin_lon,
        normal * (1.0 - E2) * sin_lat,
    ]
}

/// The outward normal at a position.
pub fn up([lon, lat]: LonLat) -> Ecef {
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let (sin_lon, cos_lon) = lon.to_radians().sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// Geodesic distance in metres between two points of the surface, from the chord between them.
///
/// The chord is treated as that of a circle with the curvature of the normal section half-way. Against
/// [`super::distance_m`] the error stays below 1 µm up to 100 km, 0.1 mm up to 300 km and 3 cm up to 1,000 km
/// (`tests/territory_geodesy.rs` checks that over all latitudes and directions).
pub fn fast_distance_m(from: Ecef, to: Ecef) -> f64 {
    let chord = sub(to, from);
    let length2 = dot(chord, chord);
    if length2 == 0.0 {
        return 0.0;
    }
    // The normal half-way is nearly that of the ellipsoid under the middle of the chord.
    let middle = [from[0] + to[0], from[1] + to[1], (from[2] + to[2]) / (1.0 - E2)];
    let across2 = middle[0] * middle[0] + middle[1] * middle[1];
    let size2 = across2 + middle[2] * middle[2];
    let sin2_lat = middle[2] * middle[2] / size2;
    let cos2_lat = (across2 / size2).max(1e-12);
    let rise = dot(chord, middle) / size2;
    let north = chord[2] - rise * middle[2];
    let cos2_azimuth = (north * north / (cos2_lat * length2)).min(1.0);
    let w2 = 1.0 - E2 * sin2_lat;
    // Euler: 1/M and 1/N weighed by the azimuth.
    let curvature = w2.sqrt() / A * (1.0 + cos2_azimuth * (w2 / (1.0 - E2) - 1.0));
    let half = 0.5 * curvature * length2.sqrt();
    2.0 * half.min(1.0).asin() / curvature
}

/// Scalar product.
pub fn dot(a: Ecef, b: Ecef) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Difference.
pub fn sub(a: Ecef, b: Ecef) -> Ecef {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Vector product.
pub fn cross(a: Ecef, b: Ecef) -> Ecef {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// The vector with length one; the zero vector stays.
pub fn unit(a: Ecef) -> Ecef {
    let length = dot(a, a).sqrt();
    if length > 0.0 { a.map(|value| value / length) } else { a }
}
