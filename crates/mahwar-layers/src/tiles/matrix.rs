//! The two tile matrix sets (OGC 17-083r4) and the fixed-point plane that each is cut from.
//!
//! In both, the 360 degrees of longitude are 2^32 units from west to east, and y grows southwards.

use crate::layers::Bounds;
use std::f64::consts::PI;

/// The highest zoom that can be addressed.
pub const MAX_ZOOM: u8 = 22;

/// A tile matrix set of the OGC registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TileMatrixSet {
    /// Spherical Mercator (EPSG:3857), one tile at zoom 0.
    WebMercatorQuad,
    /// Longitude and latitude (CRS84), two tiles side by side at zoom 0.
    WorldCrs84Quad,
}

/// A tile: zoom, column from the west, row from the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileId {
    /// Zoom, 0 to [`MAX_ZOOM`].
    pub z: u8,
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
}

const WORLD: f64 = 4_294_967_296.0;

impl TileMatrixSet {
    /// Both.
    pub const ALL: [Self; 2] = [Self::WebMercatorQuad, Self::WorldCrs84Quad];

    /// The id in the OGC registry and in URLs.
    ///
    /// ```
    /// use mahwar_layers::tiles::TileMatrixSet;
    /// assert_eq!(TileMatrixSet::WebMercatorQuad.id(), "WebMercatorQuad");
    /// assert_eq!(TileMatrixSet::from_id("WorldCRS84Quad"), Some(TileMatrixSet::WorldCrs84Quad));
    /// ```
    pub fn id(self) -> &'static str {
        match self {
            Self::WebMercatorQuad => "WebMercatorQuad",
            Self::WorldCrs84Quad => "WorldCRS84Quad",
        }
    }

    /// The set with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.id() == id)
    }

    /// The URI of its coordinate reference system.
    pub fn crs(self) -> &'static str {
        match self {
            Self::WebMercatorQuad => "http://www.opengis.net/def/crs/EPSG/0/3857",
            Self::WorldCrs84Quad => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        }
    }

    /// Columns and rows at a zoom.
    ///
    /// ```
    /// use mahwar_layers::tiles::TileMatrixSet;
    /// assert_eq!(TileMatrixSet::WebMercatorQuad.size(3), [8, 8]);
    /// assert_eq!(TileMatrixSet::WorldCrs84Quad.size(0), [2, 1]);
    /// ```
    pub fn size(self, zoom: u8) -> [u32; 2] {
        match self {
            Self::WebMercatorQuad => [1 << zoom, 1 << zoom],
            Self::WorldCrs84Quad => [2 << zoom, 1 << zoom],
        }
    }

    /// True if the set has such a tile.
    ///
    /// ```
    /// use mahwar_layers::tiles::{TileId, TileMatrixSet};
    /// assert!(TileMatrixSet::WebMercatorQuad.contains(TileId { z: 1, x: 1, y: 1 }));
    /// assert!(!TileMatrixSet::WebMercatorQuad.contains(TileId { z: 1, x: 2, y: 0 }));
    /// ```
    pub fn contains(self, tile: TileId) -> bool {
        tile.z <= MAX_ZOOM && {
            let [columns, rows] = self.size(tile.z);
            tile.x < columns && tile.y < rows
        }
    }

    /// Bits of a fixed-point coordinate inside one tile at this zoom.
    pub fn tile_bits(self, zoom: u8) -> u32 {
        match self {
            Self::WebMercatorQuad => 32 - u32::from(zoom),
            Self::WorldCrs84Quad => 31 - u32::from(zoom),
        }
    }

    /// The zoom of WebMercatorQuad whose tiles show about the same detail.
    pub fn detail_zoom(self, zoom: u8) -> u8 {
        match self {
            Self::WebMercatorQuad => zoom,
            Self::WorldCrs84Quad => zoom + 1,
        }
    }

    /// A position in degrees as fixed-point plane coordinates. Positions beyond the plane go to its edge.
    ///
    /// ```
    /// use mahwar_layers::tiles::TileMatrixSet;
    /// assert_eq!(TileMatrixSet::WebMercatorQuad.project(0.0, 0.0), [1 << 31, 1 << 31]);
    /// ```
    pub fn project(self, lon: f64, lat: f64) -> [u32; 2] {
        let x = (lon + 180.0) / 360.0 * WORLD;
        let y = match self {
            Self::WebMercatorQuad => {
                let sine = lat.to_radians().sin().clamp(-0.999_999_99, 0.999_999_99);
                (0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI)) * WORLD
            }
            Self::WorldCrs84Quad => (90.0 - lat) / 360.0 * WORLD,
        };
        // A float-to-integer cast saturates, so the edges hold.
        [x.round() as u32, y.round() as u32]
    }

    /// Fixed-point plane coordinates, possibly beyond the plane, as degrees.
    ///
    /// ```
    /// use mahwar_layers::tiles::TileMatrixSet;
    /// let half = f64::from(1u32 << 31);
    /// let [lon, lat] = TileMatrixSet::WebMercatorQuad.unproject(half, half);
    /// assert!(lon.abs() < 1e-9 && lat.abs() < 1e-9);
    /// ```
    pub fn unproject(self, x: f64, y: f64) -> [f64; 2] {
        let lon = x / WORLD * 360.0 - 180.0;
        let lat = match self {
            Self::WebMercatorQuad => (PI * (1.0 - 2.0 * y / WORLD)).sinh().atan().to_degrees(),
            Self::WorldCrs84Quad => 90.0 - y / WORLD * 360.0,
        };
        [lon, lat]
    }

    /// The box of a tile in degrees, wider by a fraction of its side on each side.
    ///
    /// ```
    /// use mahwar_layers::{layers::Bounds, tiles::{TileId, TileMatrixSet}};
    /// let world = TileMatrixSet::WorldCrs84Quad.bounds(TileId { z: 0, x: 0, y: 0 }, 0.0);
    /// assert!(world.holds(Bounds([-179.0, -89.0, -1.0, 89.0])));
    /// ```
    pub fn bounds(self, tile: TileId, buffer: f64) -> Bounds {
        let side = (1u64 << self.tile_bits(tile.z)) as f64;
        let [x, y] = [f64::from(tile.x), f64::from(tile.y)];
        let [west, north] = self.unproject((x - buffer) * side, (y - buffer) * side);
        let [east, south] = self.unproject((x + 1.0 + buffer) * side, (y + 1.0 + buffer) * side);
        Bounds([west, south, east, north])
    }

    /// The tile at a zoom that contains a position.
    ///
    /// ```
    /// use mahwar_layers::tiles::TileMatrixSet;
    /// let tile = TileMatrixSet::WebMercatorQuad.tile_at(8, 44.39, 35.47);
    /// assert_eq!((tile.x, tile.y), (159, 100));
    /// ```
    pub fn tile_at(self, zoom: u8, lon: f64, lat: f64) -> TileId {
        let [x, y] = self.project(lon, lat);
        let bits = self.tile_bits(zoom);
        let [_, rows] = self.size(zoom);
        TileId {
            z: zoom,
            x: (u64::from(x) >> bits) as u32,
            y: ((u64::from(y) >> bits) as u32).min(rows - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kirkuk_is_in_the_tile_that_every_other_server_gives() {
        let tile = TileMatrixSet::WebMercatorQuad.tile_at(6, 44.39, 35.47);
        assert_eq!((tile.x, tile.y), (39, 25));
        let tile = TileMatrixSet::WorldCrs84Quad.tile_at(6, 44.39, 35.47);
        assert_eq!((tile.x, tile.y), (79, 19));
    }

    #[test]
    fn bounds_of_the_world_tile_are_the_world() {
        let Bounds([west, south, east, north]) =
            TileMatrixSet::WebMercatorQuad.bounds(TileId { z: 0, x: 0, y: 0 }, 0.0);
        assert!((west + 180.0).abs() < 1e-9 && (east - 180.0).abs() < 1e-9);
        assert!((south + 85.051_128_779_806_6).abs() < 1e-9 && (north - 85.051_128_779_806_6).abs() < 1e-9);
    }

    #[test]
    fn projection_and_back_is_within_a_centimetre() {
        for set in TileMatrixSet::ALL {
            for [lon, lat] in [[44.39, 35.47], [-179.9, -84.0], [0.0, 0.0], [179.999, 84.9]] {
                let [x, y] = set.project(lon, lat);
                let [back_lon, back_lat] = set.unproject(f64::from(x), f64::from(y));
                assert!(
                    (lon - back_lon).abs() < 1e-7 && (lat - back_lat).abs() < 1e-7,
                    "{set:?} {lon} {lat}"
                );
            }
        }
    }

    #[test]
    fn tiles_outside_the_matrix_cannot_be() {
        let set = TileMatrixSet::WebMercatorQuad;
        assert!(set.contains(TileId {
            z: 22,
            x: (1 << 22) - 1,
            y: 0
        }));
        assert!(!set.contains(TileId { z: 1, x: 2, y: 0 }));
        assert!(!set.contains(TileId { z: 23, x: 0, y: 0 }));
        assert!(TileMatrixSet::WorldCrs84Quad.contains(TileId { z: 0, x: 1, y: 0 }));
    }
}
