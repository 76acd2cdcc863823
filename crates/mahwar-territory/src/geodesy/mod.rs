//! Lengths, areas and distances on the WGS 84 ellipsoid, and map projections.
//!
//! Positions are `[longitude, latitude]` in degrees, lengths are metres, areas square metres, azimuths degrees
//! clockwise from north, unless a name says otherwise (`_km`, `_km2`).

pub mod ellipsoid;
mod geodesic;
mod inside;
mod nearest;
mod position;
mod projection;

pub use geodesic::{
    area_km2, area_of_polygon_m2, area_of_ring_m2, destination, destination_and_heading, distance_and_azimuth,
    distance_and_azimuths, distance_m, length_km, length_m, perimeter_m, point_between,
};
pub use inside::point_inside;
pub use nearest::{Nearest, nearest_on_segment};
pub use position::{PositionError, checked, position};
pub use projection::{Crs, MERCATOR_LIMIT, TransverseMercator, UnknownCrs, from_mercator, mercator};

/// A position on WGS 84: longitude and latitude in degrees (OGC CRS84 order).
pub type LonLat = [f64; 2];
