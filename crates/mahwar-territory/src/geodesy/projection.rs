//! Coordinate reference systems of the outside: CRS84, EPSG:4326, web mercator, UTM.

use super::{
    LonLat,
    ellipsoid::{A, F},
};
use std::{fmt, str::FromStr};

/// The latitude at which web mercator ends: the map is a square.
pub const MERCATOR_LIMIT: f64 = 85.051_128_779_806_59;

/// A coordinate reference system that the program reads and writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Crs {
    /// Longitude, latitude in degrees on WGS 84 (the default of OGC APIs).
    #[default]
    Crs84,
    /// Latitude, longitude in degrees on WGS 84: the order of axes is the other way round.
    Epsg4326,
    /// Web mercator in metres: x east, y north.
    Epsg3857,
    /// UTM on WGS 84 in metres: easting, northing. EPSG 32601–32660 north, 32701–32760 south.
    Utm {
        /// 1 to 60.
        zone: u8,
        /// Northern hemisphere.
        north: bool,
    },
}

impl Crs {
    /// The EPSG code; `None` for CRS84, which EPSG does not have.
    ///
    /// ```
    /// use mahwar_territory::geodesy::Crs;
    /// let crs: Crs = "http://www.opengis.net/def/crs/EPSG/0/3857".parse().unwrap();
    /// assert_eq!(crs.epsg(), Some(3857));
    /// ```
    pub fn epsg(self) -> Option<u32> {
        match self {
            Self::Crs84 => None,
            Self::Epsg4326 => Some(4326),
            Self::Epsg3857 => Some(3857),
            Self::Utm { zone, north } => Some(if north { 32600 } else { 32700 } + u32::from(zone)),
        }
    }

    /// The URI under which OGC lists it.
    pub fn uri(self) -> String {
        match self.epsg() {
            None => "http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned(),
            Some(code) => format!("http://www.opengis.net/def/crs/EPSG/0/{code}"),
        }
    }

    /// Coordinates in the order of the system's axes.
    pub fn project(self, [lon, lat]: LonLat) -> [f64; 2] {
        match self {
            Self::Crs84 => [lon, lat],
            Self::Epsg4326 => [lat, lon],
            Self::Epsg3857 => mercator([lon, lat]),
            Self::Utm { zone, north } => TransverseMercator::utm(zone, north).project([lon, lat]),
        }
    }

    /// Longitude and latitude of coordinates in the order of the system's axes.
    pub fn unproject(self, [first, second]: [f64; 2]) -> LonLat {
        match self {
            Self::Crs84 => [first, second],
            Self::Epsg4326 => [second, first],
            Self::Epsg3857 => from_mercator([first, second]),
            Self::Utm { zone, north } => TransverseMercator::utm(zone, north).unproject([first, second]),
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.uri())
    }
}

/// A name of no reference system that is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown reference system {0:?}; accepted: http://www.opengis.net/def/crs/OGC/1.3/CRS84 and \
     http://www.opengis.net/def/crs/EPSG/0/ with 4326, 3857, 32601–32660 or 32701–32760"
)]
pub struct UnknownCrs(pub String);

impl FromStr for Crs {
    type Err = UnknownCrs;

    /// Takes OGC URIs, URNs, safe CURIEs (`[EPSG:4326]`) and short names (`EPSG:4326`, `CRS84`).
    fn from_str(name: &str) -> Result<Self, UnknownCrs> {
        let inner = name.trim().trim_start_matches('[').trim_end_matches(']');
        let mut parts = inner.rsplit([':', '/']).filter(|part| !part.is_empty());
        let code = parts.next().unwrap_or_default();
        if code.eq_ignore_ascii_case("CRS84") {
            return Ok(Self::Crs84);
        }
        let authority = parts.any(|part| part.eq_ignore_ascii_case("EPSG"));
        let unknown = || UnknownCrs(name.to_owned());
        match code.parse::<u32>() {
            _ if !authority => Err(unknown()),
            Ok(4326) => Ok(Self::Epsg4326),
            Ok(3857) => Ok(Self::Epsg3857),
            Ok(code @ (32601..=32660 | 32701..=32760)) => Ok(Self::Utm {
                zone: (code % 100) as u8,
                north: code < 32700,
            }),
            _ => Err(unknown()),
        }
    }
}

/// Web mercator (EPSG:3857) in metres; latitudes beyond ±85.0511° are held at the edge of the map.
///
/// ```
/// use mahwar_territory::geodesy::{from_mercator, mercator};
/// let [lon, lat] = from_mercator(mercator([44.39, 35.47]));
/// assert!((lon - 44.39).abs() < 1e-9 && (lat - 35.47).abs() < 1e-9);
/// ```
pub fn mercator([lon, lat]: LonLat) -> [f64; 2] {
    let lat = lat.clamp(-MERCATOR_LIMIT, MERCATOR_LIMIT).to_radians();
    [A * lon.to_radians(), A * lat.tan().asinh()]
}

/// The position at web mercator coordinates.
pub fn from_mercator([x, y]: [f64; 2]) -> LonLat {
    [(x / A).to_degrees(), (y / A).sinh().atan().to_degrees()]
}

/// Third flattening.
const N: f64 = F / (2.0 - F);

/// Radius of the sphere that has the meridian's length.
fn rectifying_radius() -> f64 {
    A / (1.0 + N) * (1.0 + N.powi(2) / 4.0 + N.powi(4) / 64.0 + N.powi(6) / 256.0)
}

/// Krüger's series to the sixth order in the third flattening (Karney 2011, "Transverse Mercator with an accuracy
/// of a few nanometers", equations 35 and 36): errors below 5 nm within 3,900 km of the central meridian.
fn series(coefficients: [[f64; 6]; 6]) -> [f64; 6] {
    coefficients.map(|row| row.iter().rev().fold(0.0, |sum, value| (sum + value) * N))
}

#[rustfmt::skip]
fn alpha() -> [f64; 6] {
    series([
        [1.0/2.0, -2.0/3.0, 5.0/16.0, 41.0/180.0, -127.0/288.0, 7891.0/37800.0],
        [0.0, 13.0/48.0, -3.0/5.0, 557.0/1440.0, 281.0/630.0, -1_983_433.0/1_935_360.0],
        [0.0, 0.0, 61.0/240.0, -103.0/140.0, 15061.0/26880.0, 167_603.0/181_440.0],
        [0.0, 0.0, 0.0, 49561.0/161_280.0, -179.0/168.0, 6_601_661.0/7_257_600.0],
        [0.0, 0.0, 0.0, 0.0, 34729.0/80640.0, -3_418_889.0/1_995_840.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 212_378_941.0/319_334_400.0],
    ])
}

#[rustfmt::skip]
fn beta() -> [f64; 6] {
    series([
        [1.0/2.0, -2.0/3.0, 37.0/96.0, -1.0/360.0, -81.0/512.0, 96199.0/604_800.0],
        [0.0, 1.0/48.0, 1.0/15.0, -437.0/1440.0, 46.0/105.0, -1_118_711.0/3_870_720.0],
        [0.0, 0.0, 17.0/480.0, -37.0/840.0, -209.0/4480.0, 5569.0/90720.0],
        [0.0, 0.0, 0.0, 4397.0/161_280.0, -11.0/504.0, -830_251.0/7_257_600.0],
        [0.0, 0.0, 0.0, 0.0, 4583.0/161_280.0, -108_847.0/3_991_680.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 20_648_693.0/638_668_800.0],
    ])
}

/// A transverse Mercator projection of WGS 84 in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransverseMercator {
    /// Longitude of the meridian that is drawn straight, in degrees.
    pub central_meridian: f64,
    /// Scale on that meridian.
    pub scale: f64,
    /// Easting and northing where that meridian meets the equator.
    pub origin: [f64; 2],
}

impl TransverseMercator {
    /// A zone of UTM.
    ///
    /// ```
    /// use mahwar_territory::geodesy::TransverseMercator;
    /// let zone = TransverseMercator::utm(38, true);
    /// let [easting, northing] = zone.project([45.0, 35.0]);
    /// assert!((easting - 500_000.0).abs() < 1e-3 && northing > 3_800_000.0);
    /// ```
    pub fn utm(zone: u8, north: bool) -> Self {
        Self {
            central_meridian: f64::from(zone) * 6.0 - 183.0,
            scale: 0.9996,
            origin: [500_000.0, if north { 0.0 } else { 10_000_000.0 }],
        }
    }

    /// True to scale on a meridian.
    pub fn around(central_meridian: f64) -> Self {
        Self {
            central_meridian,
            scale: 1.0,
            origin: [0.0, 0.0],
        }
    }

    /// Easting and northing of a position.
    pub fn project(&self, [lon, lat]: LonLat) -> [f64; 2] {
        let away = (lon - self.central_meridian).to_radians();
        let conformal = to_conformal(lat.to_radians().tan());
        let xi = conformal.atan2(away.cos());
        let eta = (away.sin() / conformal.hypot(away.cos())).asinh();
        let (mut northing, mut easting) = (xi, eta);
        for (order, alpha) in (1..).zip(alpha()) {
            let k = 2.0 * f64::from(order);
            northing += alpha * (k * xi).sin() * (k * eta).cosh();
            easting += alpha * (k * xi).cos() * (k * eta).sinh();
        }
        let radius = self.scale * rectifying_radius();
        [self.origin[0] + radius * easting, self.origin[1] + radius * northing]
    }

    /// The position at easting and northing.
    pub fn unproject(&self, [easting, northing]: [f64; 2]) -> LonLat {
        let radius = self.scale * rectifying_radius();
        let (xi, eta) = (
            (northing - self.origin[1]) / radius,
            (easting - self.origin[0]) / radius,
        );
        let (mut across, mut along) = (xi, eta);
        for (order, beta) in (1..).zip(beta()) {
            let k = 2.0 * f64::from(order);
            across -= beta * (k * xi).sin() * (k * eta).cosh();
            along -= beta * (k * xi).cos() * (k * eta).sinh();
        }
        let conformal = across.sin() / along.sinh().hypot(across.cos());
        let away = along.sinh().atan2(across.cos());
        [
            self.central_meridian + away.to_degrees(),
            from_conformal(conformal).atan().to_degrees(),
        ]
    }
}

/// Tangent of the conformal latitude from the tangent of the latitude.
fn to_conformal(tau: f64) -> f64 {
    let eccentricity = (F * (2.0 - F)).sqrt();
    let sigma = (eccentricity * (eccentricity * tau / tau.hypot(1.0)).atanh()).sinh();
    tau * sigma.hypot(1.0) - sigma * tau.hypot(1.0)
}

/// The other way round, by Newton's method: four steps reach the last bit.
fn from_conformal(conformal: f64) -> f64 {
    let left = 1.0 - F * (2.0 - F);
    let mut tau = conformal / left;
    for _ in 0..4 {
        let reached = to_conformal(tau);
        let slope = left * tau.hypot(1.0) * reached.hypot(1.0) / (1.0 + left * tau * tau);
        tau += (conformal - reached) / slope;
    }
    tau
}
