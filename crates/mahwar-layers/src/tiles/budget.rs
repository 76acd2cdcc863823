//! Tiles of bounded size: points that would make a tile too large are omitted, evenly over the layer, and counted.

use super::{LayerTiles, Scratch, TileId, TileMatrixSet, TileOptions, wire};
use crate::layers::{FeatureRef, GeometryKind};
use std::cell::Cell;

/// The tile layer with the number of omitted features by layer; absent if there are none.
pub const LEFT_OUT: &str = "left_out";
/// One more than the greatest number of a feature.
const NUMBERS: u64 = 1 << 53;
/// Shares that are tried, each half of the one before: the last is less than one of a thousand features.
const TRIES: u32 = 12;

impl LayerTiles {
    /// As [`Self::encode`], with at most about so many bytes in the tile, including those in `out`. If the layer has
    /// too many points, a share of them is omitted, the same ones in every tile of the zoom, and counted in the layer
    /// [`LEFT_OUT`]. Lines and areas are never omitted; they are simplified for each zoom instead.
    ///
    /// Returns the number of omitted features.
    pub fn encode_within(
        &self,
        set: TileMatrixSet,
        tile: TileId,
        options: TileOptions<'_>,
        bytes: usize,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> u64 {
        let begin = out.len();
        self.encode(set, tile, options, scratch, out);
        let is_of_points = matches!(self.layer().geometry, GeometryKind::Point | GeometryKind::MultiPoint);
        if out.len() <= bytes || out.len() == begin || !is_of_points {
            return 0;
        }
        let room = bytes.saturating_sub(begin);
        // Features are of similar size, so that the share of bytes is the share of features.
        let mut share = (room as f64 / (out.len() - begin) as f64 * 0.95).min(0.95);
        let left_out = Cell::new(0);
        for _ in 0..TRIES {
            out.truncate(begin);
            left_out.set(0);
            let least = (NUMBERS as f64 * share) as u64;
            let keep = |feature: FeatureRef<'_>| {
                if options.keep.is_some_and(|keep| !keep(feature)) {
                    return false;
                }
                // Numbers are the beginnings of hashes: those below a bound are an even sample.
                let is_kept = feature.number() < least;
                left_out.set(left_out.get() + u64::from(!is_kept));
                is_kept
            };
            let thinned = TileOptions {
                keep: Some(&keep),
                ..options
            };
            self.encode(set, tile, thinned, scratch, out);
            if out.len() <= bytes {
                break;
            }
            share /= 2.0;
        }
        write_left_out(&self.layer().id, left_out.get(), out);
        left_out.get()
    }
}

/// Appends a tile layer with one point whose attribute is the number of omitted features.
fn write_left_out(layer: &str, count: u64, out: &mut Vec<u8>) {
    let mut value = Vec::new();
    let mut message = Vec::new();
    wire::bytes(&mut message, 1, LEFT_OUT.as_bytes());
    let mut feature = Vec::new();
    // Keys 0 and 1 with values 0 and 1.
    wire::bytes(&mut feature, 2, &[0, 0, 1, 1]);
    wire::number(&mut feature, 3, 1);
    let mut geometry = vec![1 << 3 | 1];
    wire::parameter(&mut geometry, 2048);
    wire::parameter(&mut geometry, 2048);
    wire::bytes(&mut feature, 4, &geometry);
    wire::bytes(&mut message, 2, &feature);
    wire::bytes(&mut message, 3, b"layer");
    wire::bytes(&mut message, 3, b"count");
    wire::bytes(&mut value, 1, layer.as_bytes());
    wire::bytes(&mut message, 4, &value);
    value.clear();
    wire::number(&mut value, 5, count);
    wire::bytes(&mut message, 4, &value);
    wire::number(&mut message, 5, 4096);
    wire::number(&mut message, 15, 2);
    wire::bytes(out, 3, &message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        language::Trilingual,
        layers::{Feature, Layer, Properties},
    };
    use geo::Point;
    use serde_json::json;

    fn many(count: usize) -> LayerTiles {
        let features = (0..count).map(|nth| {
            let mut properties = Properties::new();
            properties.insert(
                "quote".to_owned(),
                json!(format!("sentence {nth} {}", "word ".repeat(20))),
            );
            let at = Point::new(
                44.0 + (nth % 100) as f64 / 1000.0,
                35.0 + (nth / 100 % 100) as f64 / 1000.0,
            );
            Feature::new(format!("d-m{nth}"), Some(at.into()), properties)
        });
        let none = Trilingual::default;
        LayerTiles::of(Layer::new(
            "mentions",
            none(),
            none(),
            "",
            GeometryKind::Point,
            Vec::new(),
            [0, 14],
            features,
        ))
    }

    fn encoded(tiles: &LayerTiles, bytes: usize) -> (Vec<u8>, u64) {
        let (mut scratch, mut out) = (Scratch::default(), Vec::new());
        let tile = TileId { z: 6, x: 39, y: 25 };
        let options = TileOptions::default();
        let left_out = tiles.encode_within(
            TileMatrixSet::WebMercatorQuad,
            tile,
            options,
            bytes,
            &mut scratch,
            &mut out,
        );
        (out, left_out)
    }

    #[test]
    fn a_tile_keeps_its_budget_and_says_what_is_left_out() {
        let tiles = many(8_000);
        let (whole, none) = encoded(&tiles, usize::MAX);
        assert!(whole.len() > 500_000 && none == 0);
        let (tile, left_out) = encoded(&tiles, 500_000);
        assert!(tile.len() <= 500_100, "{}", tile.len());
        assert!(
            tile.len() > 250_000,
            "not more is left out than must be: {}",
            tile.len()
        );
        let read = fast_mvt::MvtReaderRef::new(&tile).unwrap();
        let layers: Vec<(String, u64)> = read
            .layers()
            .map(|layer| (layer.name().to_owned(), layer.features().count() as u64))
            .collect();
        assert_eq!(
            layers,
            [("mentions".to_owned(), 8_000 - left_out), (LEFT_OUT.to_owned(), 1)]
        );
        let (few, none) = encoded(&many(100), 500_000);
        assert!(few.len() < 500_000 && none == 0);
    }
}
