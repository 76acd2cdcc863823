//! Universal Transverse Mercator on WGS 84 by Krüger's series to the sixth order
//! (Karney 2011, "Transverse Mercator with an accuracy of a few nanometers"): errors below a micrometre within a zone.

use std::f64::consts::PI;

const AXIS: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const SCALE: f64 = 0.9996;
const FALSE_EASTING: f64 = 500_000.0;
const FALSE_NORTHING: f64 = 10_000_000.0;
const N: f64 = FLATTENING / (2.0 - FLATTENING);

/// The zone of a longitude, 1 to 60, without the exceptions of Norway and Svalbard.
pub fn zone_of(lon: f64) -> u8 {
    ((lon + 180.0) / 6.0).floor().clamp(0.0, 59.0) as u8 + 1
}

fn central_meridian(zone: u8) -> f64 {
    f64::from(zone) * 6.0 - 183.0
}

/// The radius of the circle with the circumference of a meridian, scaled.
fn rectifying_radius() -> f64 {
    let n2 = N * N;
    SCALE * AXIS / (1.0 + N) * (1.0 + n2 / 4.0 + n2 * n2 / 64.0 + n2 * n2 * n2 / 256.0)
}

fn eccentricity() -> f64 {
    (FLATTENING * (2.0 - FLATTENING)).sqrt()
}

/// Karney's equation 35.
fn alpha() -> [f64; 6] {
    let n = N;
    [
        polynomial(
            n,
            &[
                1.0 / 2.0,
                -2.0 / 3.0,
                5.0 / 16.0,
                41.0 / 180.0,
                -127.0 / 288.0,
                7891.0 / 37800.0,
            ],
        ) * n,
        polynomial(
            n,
            &[
                13.0 / 48.0,
                -3.0 / 5.0,
                557.0 / 1440.0,
                281.0 / 630.0,
                -1983433.0 / 1935360.0,
            ],
        ) * n.powi(2),
        polynomial(
            n,
            &[61.0 / 240.0, -103.0 / 140.0, 15061.0 / 26880.0, 167603.0 / 181440.0],
        ) * n.powi(3),
        polynomial(n, &[49561.0 / 161280.0, -179.0 / 168.0, 6601661.0 / 7257600.0]) * n.powi(4),
        polynomial(n, &[34729.0 / 80640.0, -3418889.0 / 1995840.0]) * n.powi(5),
        212378941.0 / 319334400.0 * n.powi(6),
    ]
}

/// Karney's equation 36.
fn beta() -> [f64; 6] {
    let n = N;
    [
        polynomial(
            n,
            &[
                1.0 / 2.0,
                -2.0 / 3.0,
                37.0 / 96.0,
                -1.0 / 360.0,
                -81.0 / 512.0,
                96199.0 / 604800.0,
            ],
        ) * n,
        polynomial(
            n,
            &[
                1.0 / 48.0,
                1.0 / 15.0,
                -437.0 / 1440.0,
                46.0 / 105.0,
                -1118711.0 / 3870720.0,
            ],
        ) * n.powi(2),
        polynomial(n, &[17.0 / 480.0, -37.0 / 840.0, -209.0 / 4480.0, 5569.0 / 90720.0]) * n.powi(3),
        polynomial(n, &[4397.0 / 161280.0, -11.0 / 504.0, -830251.0 / 7257600.0]) * n.powi(4),
        polynomial(n, &[4583.0 / 161280.0, -108847.0 / 3991680.0]) * n.powi(5),
        20648693.0 / 638668800.0 * n.powi(6),
    ]
}

fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Easting and northing in metres.
pub fn forward(zone: u8, south: bool, [lon, lat]: [f64; 2]) -> [f64; 2] {
    let e = eccentricity();
    let lambda = (lon - central_meridian(zone)).to_radians();
    let tau = lat.clamp(-89.999_999, 89.999_999).to_radians().tan();
    let sigma = (e * (e * tau / (1.0 + tau * tau).sqrt()).atanh()).sinh();
    let conformal = tau * (1.0 + sigma * sigma).sqrt() - sigma * (1.0 + tau * tau).sqrt();
    let xi = conformal.atan2(lambda.cos());
    let eta = (lambda.sin() / (conformal * conformal + lambda.cos().powi(2)).sqrt()).asinh();
    let (mut north, mut east) = (xi, eta);
    for (order, alpha) in (1..).zip(alpha()) {
        let twice = 2.0 * f64::from(order);
        north += alpha * (twice * xi).sin() * (twice * eta).cosh();
        east += alpha * (twice * xi).cos() * (twice * eta).sinh();
    }
    let radius = rectifying_radius();
    let shift = if south { FALSE_NORTHING } else { 0.0 };
    [FALSE_EASTING + radius * east, shift + radius * north]
}

/// Longitude and latitude in degrees.
pub fn inverse(zone: u8, south: bool, [easting, northing]: [f64; 2]) -> [f64; 2] {
    let radius = rectifying_radius();
    let shift = if south { FALSE_NORTHING } else { 0.0 };
    let xi = (northing - shift) / radius;
    let eta = (easting - FALSE_EASTING) / radius;
    let (mut north, mut east) = (xi, eta);
    for (order, beta) in (1..).zip(beta()) {
        let twice = 2.0 * f64::from(order);
        north -= beta * (twice * xi).sin() * (twice * eta).cosh();
        east -= beta * (twice * xi).cos() * (twice * eta).sinh();
    }
    let conformal = north.sin() / (east.sinh().powi(2) + north.cos().powi(2)).sqrt();
    let lambda = east.sinh().atan2(north.cos());
    let lat = geodetic_tangent(conformal).atan();
    let lon = central_meridian(zone) + lambda.to_degrees();
    [
        (lon + 540.0).rem_euclid(360.0) - 180.0,
        lat.clamp(-PI / 2.0, PI / 2.0).to_degrees(),
    ]
}

/// Newton's method from the tangent of the conformal to that of the geodetic latitude (Karney's equations 19 to 21).
fn geodetic_tangent(conformal: f64) -> f64 {
    let e = eccentricity();
    let mut tau = conformal;
    for _ in 0..5 {
        let sigma = (e * (e * tau / (1.0 + tau * tau).sqrt()).atanh()).sinh();
        let guess = tau * (1.0 + sigma * sigma).sqrt() - sigma * (1.0 + tau * tau).sqrt();
        let step = (conformal - guess) / (1.0 + guess * guess).sqrt() * (1.0 + (1.0 - e * e) * tau * tau)
            / ((1.0 - e * e) * (1.0 + tau * tau).sqrt());
        tau += step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    tau
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_central_meridian_is_500_km_east() {
        let [east, north] = forward(38, false, [45.0, 0.0]);
        assert!((east - 500_000.0).abs() < 1e-6 && north.abs() < 1e-6);
    }

    /// A quarter of the meridian on WGS 84 is 10 001 965.729 m.
    #[test]
    fn the_pole_is_a_quarter_meridian_away() {
        let [_, north] = forward(38, false, [45.0, 89.999_999]);
        assert!((north / SCALE - 10_001_965.729 + 0.111_694).abs() < 1e-2, "{north}");
    }
}
