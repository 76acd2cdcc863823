//! Coordinate reference systems that features can be asked in (OGC API – Features, part 2).

use super::{
    QueryError, echo,
    parameter::{Parameter, Query},
    utm,
};
use crate::layers::{Bounds, GeometryKind, Layer};
use std::f64::consts::FRAC_PI_4;

/// A coordinate reference system. Stored coordinates are CRS84.
///
/// ```
/// use mahwar_query::query::crs::Crs;
///
/// assert_eq!(Crs::Epsg4326.project([44.39, 35.47]), [35.47, 44.39]);
/// assert_eq!(Crs::Epsg4326.uri(), "http://www.opengis.net/def/crs/EPSG/0/4326");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crs {
    /// WGS 84, longitude then latitude.
    #[default]
    Crs84,
    /// WGS 84, latitude then longitude.
    Epsg4326,
    /// Spherical Mercator, metres.
    Epsg3857,
    /// WGS 84 / UTM, metres east and north.
    Utm {
        /// 1 to 60.
        zone: u8,
        /// False northing of the southern half.
        south: bool,
    },
}

const EPSG: &str = "http://www.opengis.net/def/crs/EPSG/0/";
/// Radius of the sphere of EPSG:3857, in metres.
const RADIUS: f64 = 6_378_137.0;
/// The latitude at which that map is a square.
const MERCATOR_END: f64 = 85.051_128_779_806_59;

impl Crs {
    /// The systems that a collection offers: three of the world, and the UTM zone of its middle.
    pub fn offered(bounds: Option<Bounds>) -> Vec<Self> {
        let mut offered = vec![Self::Crs84, Self::Epsg4326, Self::Epsg3857];
        if let Some(Bounds([west, south, east, north])) = bounds {
            offered.push(Self::Utm {
                zone: utm::zone_of((west + east) / 2.0),
                south: south + north < 0.0,
            });
        }
        offered
    }

    /// The systems that coordinates of a layer can be asked in: no other than the default where it has no geometries.
    pub fn of_layer(layer: &Layer) -> Vec<Self> {
        match layer.geometry {
            GeometryKind::None => vec![Self::Crs84],
            _ => Self::offered(layer.bounds()),
        }
    }

    /// Its URI.
    pub fn uri(self) -> String {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84".to_owned(),
            Self::Epsg4326 => format!("{EPSG}4326"),
            Self::Epsg3857 => format!("{EPSG}3857"),
            Self::Utm { zone, south } => format!("{EPSG}32{}{zone:02}", if south { 7 } else { 6 }),
        }
    }

    /// The system that a parameter names, of those offered; CRS84 when the parameter is absent.
    ///
    /// # Errors
    /// For a system that is not offered; the error lists those that are.
    pub fn asked(query: &Query<'_>, parameter: &Parameter, offered: &[Self]) -> Result<Self, QueryError> {
        let Some(uri) = query.text(parameter) else {
            return Ok(Self::Crs84);
        };
        let found = offered.iter().find(|crs| {
            let known = crs.uri();
            // The same system in https, as a URN, and in brackets as in Content-Crs or as a safe CURIE.
            let bare = uri.trim_start_matches('[').trim_end_matches(']');
            let path = known.trim_start_matches("http://");
            let is_curie = uri.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) == curie(&known).as_deref();
            is_curie
                || bare == known
                || bare.strip_prefix("https://") == Some(path)
                || urn(&known).as_deref() == Some(bare)
        });
        found.copied().ok_or_else(|| {
            let uris: Vec<String> = offered.iter().map(|crs| crs.uri()).collect();
            QueryError::parameter(
                parameter.name,
                format!(
                    "{} does not take {:?}; it takes {}",
                    parameter.name,
                    echo(uri),
                    uris.join(", ")
                ),
            )
        })
    }

    /// True if coordinates are degrees.
    pub fn is_geographic(self) -> bool {
        matches!(self, Self::Crs84 | Self::Epsg4326)
    }

    /// Longitude and latitude as coordinates in this system's own axis order.
    pub fn project(self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Crs84 => [lon, lat],
            Self::Epsg4326 => [lat, lon],
            Self::Epsg3857 => {
                let lat = lat.clamp(-MERCATOR_END, MERCATOR_END).to_radians();
                [lon.to_radians() * RADIUS, (FRAC_PI_4 + lat / 2.0).tan().ln() * RADIUS]
            }
            Self::Utm { zone, south } => utm::forward(zone, south, [lon, lat]),
        }
    }

    /// Coordinates in this system's axis order as longitude and latitude.
    pub(crate) fn unproject(self, [a, b]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Crs84 => [a, b],
            Self::Epsg4326 => [b, a],
            Self::Epsg3857 => [(a / RADIUS).to_degrees(), (b / RADIUS).sinh().atan().to_degrees()],
            Self::Utm { zone, south } => utm::inverse(zone, south, [a, b]),
        }
    }
}

/// `EPSG:4326` or `OGC:CRS84` for a URI of the OGC registry.
fn curie(uri: &str) -> Option<String> {
    let path = uri.strip_prefix("http://www.opengis.net/def/crs/")?;
    let mut parts = path.split('/');
    let (authority, _, code) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{authority}:{code}"))
}

/// `urn:ogc:def:crs:…` for a URI of the OGC registry.
fn urn(uri: &str) -> Option<String> {
    let path = uri.strip_prefix("http://www.opengis.net/def/crs/")?;
    let mut parts = path.split('/');
    let (authority, version, code) = (parts.next()?, parts.next()?, parts.next()?);
    let version = if version == "0" { "" } else { version };
    Some(format!("urn:ogc:def:crs:{authority}:{version}:{code}"))
}

#[cfg(test)]
mod tests {
    use super::{super::parameter::Kind, *};

    #[test]
    fn a_system_has_several_names() {
        let offered = Crs::offered(None);
        let asked = |name: &str| {
            let raw = format!("crs={name}");
            let query = Query::read(Some(&raw), &[&CRS_PARAMETER]).unwrap();
            Crs::asked(&query, &CRS_PARAMETER, &offered).ok()
        };
        for name in [
            "http://www.opengis.net/def/crs/EPSG/0/3857",
            "https://www.opengis.net/def/crs/EPSG/0/3857",
            "urn:ogc:def:crs:EPSG::3857",
            "[EPSG:3857]",
        ] {
            assert_eq!(asked(name), Some(Crs::Epsg3857), "{name}");
        }
        assert_eq!(asked("[OGC:CRS84]"), Some(Crs::Crs84));
        for name in ["3857", "[3857]", "EPSG:3857", "[EPSG:38570]", "[EPSG:32638]", "[]"] {
            assert_eq!(asked(name), None, "{name}");
        }
    }

    static CRS_PARAMETER: Parameter = Parameter {
        name: "crs",
        kind: Kind::Crs,
        required: false,
        about: "",
        example: "",
    };

    /// Makhmour and the western desert, with values of PROJ 9.
    #[test]
    fn coordinates_are_those_of_proj() {
        let near = |[x, y]: [f64; 2], [a, b]: [f64; 2]| {
            assert!((x - a).abs() < 1e-3 && (y - b).abs() < 1e-3, "{x} {y}");
        };
        let (makhmour, desert) = ([43.58, 35.775], [38.9, 29.2]);
        near(Crs::Epsg3857.project(makhmour), [4_851_303.408_8, 4_269_705.721_8]);
        near(Crs::Epsg3857.project(desert), [4_330_328.191_9, 3_401_126.264_1]);
        let utm = Crs::Utm { zone: 38, south: false };
        near(utm.project(makhmour), [371_652.027_8, 3_959_923.037_4]);
        near(utm.project(desert), [-93_583.435, 3_245_596.860_2]);
        assert_eq!(Crs::Epsg4326.project(makhmour), [35.775, 43.58]);
    }

    #[test]
    fn there_and_back_is_the_same_place() {
        let offered = Crs::offered(Some(Bounds([38.8, 29.1, 48.6, 37.4])));
        assert_eq!(offered[3].uri(), "http://www.opengis.net/def/crs/EPSG/0/32638");
        for crs in offered {
            for place in [[44.39, 35.47], [38.9, 29.2], [48.5, 37.3]] {
                let [lon, lat] = crs.unproject(crs.project(place));
                assert!(
                    (lon - place[0]).abs() < 1e-9 && (lat - place[1]).abs() < 1e-9,
                    "{crs:?}"
                );
            }
        }
    }
}
