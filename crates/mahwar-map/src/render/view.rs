//! The part of the plane that a picture shows.

use crate::{
    layers::Bounds,
    tiles::{TileId, TileMatrixSet},
};

/// Units of the plane from west to east.
const WORLD: f64 = 4_294_967_296.0;

/// A rectangle of the plane on a picture. Pixels are those of the page: a denser picture shows the same view.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Which plane.
    pub set: TileMatrixSet,
    /// Units of the plane for a pixel.
    pub scale: f64,
    /// The upper left corner on the plane.
    pub origin: [f64; 2],
    /// Width and height in pixels.
    pub size: [f64; 2],
}

impl View {
    /// A tile of 256 pixels.
    pub fn of_tile(set: TileMatrixSet, tile: TileId) -> Self {
        let side = (1u64 << set.tile_bits(tile.z)) as f64;
        Self {
            set,
            scale: side / 256.0,
            origin: [f64::from(tile.x) * side, f64::from(tile.y) * side],
            size: [256.0, 256.0],
        }
    }

    /// A picture around a position at a zoom by MapLibre's count (the world is 512 pixels wide at zoom 0).
    pub fn around(centre: [f64; 2], zoom: f64, size: [f64; 2]) -> Self {
        let set = TileMatrixSet::WebMercatorQuad;
        let scale = WORLD / (512.0 * zoom.exp2());
        let [x, y] = set.project(centre[0], centre[1]).map(f64::from);
        Self {
            set,
            scale,
            origin: [x - scale * size[0] / 2.0, y - scale * size[1] / 2.0],
            size,
        }
    }

    /// A picture that contains a box of degrees, as large as fits.
    pub fn holding(bounds: Bounds, size: [f64; 2], margin: f64) -> Self {
        let set = TileMatrixSet::WebMercatorQuad;
        let Bounds([west, south, east, north]) = bounds;
        let [left, top] = set.project(west, north).map(f64::from);
        let [right, bottom] = set.project(east, south).map(f64::from);
        let room = [size[0] - 2.0 * margin, size[1] - 2.0 * margin].map(|side| side.max(16.0));
        let scale = ((right - left) / room[0]).max((bottom - top) / room[1]).max(1.0);
        Self {
            set,
            scale,
            origin: [
                (left + right) / 2.0 - scale * size[0] / 2.0,
                (top + bottom) / 2.0 - scale * size[1] / 2.0,
            ],
            size,
        }
    }

    /// The zoom by MapLibre's count.
    pub fn zoom(&self) -> f64 {
        (WORLD / (512.0 * self.scale)).log2()
    }

    /// The zoom of the vector tiles that a client draws this view from.
    pub fn tile_zoom(&self) -> u8 {
        // A hair more than the number, so that rounding does not lose a level.
        (self.zoom() + 1e-9).floor().clamp(0.0, 22.0) as u8
    }

    /// The box in degrees, wider by a margin in pixels on each side.
    pub fn bounds(&self, more: f64) -> Bounds {
        let [width, height] = self.size;
        let [west, north] = self.degrees([-more, -more]);
        let [east, south] = self.degrees([width + more, height + more]);
        Bounds([west, south, east, north])
    }

    /// The position of a pixel in degrees.
    pub fn degrees(&self, pixel: [f64; 2]) -> [f64; 2] {
        let at = |axis: usize| (self.origin[axis] + pixel[axis] * self.scale).clamp(0.0, WORLD);
        self.set.unproject(at(0), at(1))
    }

    /// The pixel of a position on the plane.
    pub fn pixel(&self, at: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|axis| (at[axis] - self.origin[axis]) / self.scale)
    }
}
