//! PMTiles 3: vector tiles of some layers in one file that any static host can serve by ranges.

use super::{ExportError, Selection};
use crate::{
    layers::{Bounds, FeatureRef, GeometryKind, sentences_once},
    tiles::{Scratch, TileFormat, TileId, TileMatrixSet, TileOptions, to_mlt},
};
use pmtiles::{Compression, PmTilesWriter, TileCoord, TileId as Ordinal, TileType};
use serde_json::{Value, json};
use std::io::{Cursor, Write};

/// The greatest zoom by default: ten metres at the equator, which clients enlarge.
pub const DEFAULT_MAX_ZOOM: u8 = 10;

/// Which zooms a file of tiles shall have; those of its layers bound them.
#[derive(Clone, Copy, Debug)]
pub struct Zooms {
    /// The least.
    pub min: u8,
    /// The greatest. Tiles of this zoom contain every feature, also those that other tiles show only at higher zooms.
    pub max: u8,
    /// How each tile is encoded.
    pub format: TileFormat,
}

impl Default for Zooms {
    fn default() -> Self {
        Self {
            min: 0,
            max: DEFAULT_MAX_ZOOM,
            format: TileFormat::Mvt,
        }
    }
}

/// A layer with a mark for each of its features that is wanted.
struct Chosen<'s> {
    selection: &'s Selection,
    wanted: Vec<bool>,
}

pub(super) fn write(selections: &[Selection], zooms: Zooms, out: &mut dyn Write) -> Result<(), ExportError> {
    let fault = |error: pmtiles::PmtError| ExportError::PmTiles(error.to_string());
    let drawn: Vec<Chosen<'_>> = selections
        .iter()
        .filter(|selection| selection.layer().geometry != GeometryKind::None)
        .map(Chosen::new)
        .collect();
    let Some(first) = drawn.first() else {
        let id = selections.first().map(|selection| selection.layer().id.clone());
        return Err(ExportError::NoGeometry(id.unwrap_or_default(), "PMTiles"));
    };
    let zooms = bounded(&drawn, zooms);
    let extent = selections
        .iter()
        .filter_map(Selection::extent)
        .map(Bounds)
        .reduce(Bounds::union);
    let Bounds([west, south, east, north]) = with_area(extent.unwrap_or(Bounds([-180.0, -85.0, 180.0, 85.0])));
    let mut file = Cursor::new(Vec::new());
    let mut writer = PmTilesWriter::new(match zooms.format {
        TileFormat::Mvt => TileType::Mvt,
        TileFormat::Mlt => TileType::Mlt,
    })
    .precompressed(Compression::Gzip)
    .min_zoom(zooms.min)
    .max_zoom(zooms.max)
    .bounds(west, south, east, north)
    .center((west + east) / 2.0, (south + north) / 2.0)
    .center_zoom(zooms.min.max(6.min(zooms.max)))
    .metadata(metadata(&drawn, first.selection, zooms).to_string())
    .create(&mut file)
    .map_err(fault)?;
    // A Hilbert order within each zoom is the order of the format: tiles that are near on the map are near in the file.
    let mut tiles = Vec::new();
    cover(&drawn, TileId { z: 0, x: 0, y: 0 }, zooms, &mut tiles);
    tiles.sort_unstable_by_key(|(ordinal, _)| *ordinal);
    let mut maker = Maker::default();
    let mut filled: Option<Zooms> = None;
    for (_, tile) in tiles {
        for selection in selections {
            selection.halt.check()?;
        }
        let bytes = maker.make(&drawn, tile, zooms)?;
        if !bytes.is_empty() {
            let place = TileCoord::new(tile.z, tile.x, tile.y).map_err(fault)?;
            writer.add_tile(place, &bytes).map_err(fault)?;
            filled = Some(Zooms {
                min: filled.map_or(tile.z, |zooms| zooms.min.min(tile.z)),
                max: filled.map_or(tile.z, |zooms| zooms.max.max(tile.z)),
                format: zooms.format,
            });
        }
    }
    if filled.is_none() {
        // The format has no archive without entries: one tile without layers is a valid, empty one.
        let place = TileCoord::new(0, 0, 0).map_err(fault)?;
        writer.add_tile(place, &gzipped(&[])).map_err(fault)?;
    }
    writer.finalize().map_err(fault)?;
    let mut file = file.into_inner();
    complete_header(
        &mut file,
        filled.unwrap_or(Zooms {
            min: 0,
            max: 0,
            ..zooms
        }),
    );
    out.write_all(&file)?;
    Ok(())
}

/// Sets the header fields that the writer leaves open: where leaf directories would be if there are none, and the zooms
/// that have tiles (PMTiles 3, sections 3.1 and 3.2).
fn complete_header(file: &mut [u8], filled: Zooms) {
    const LEAVES_OFFSET: usize = 40;
    const LEAVES_LENGTH: usize = 48;
    const DATA_OFFSET: usize = 56;
    const MIN_ZOOM: usize = 100;
    const MAX_ZOOM: usize = 101;
    const CENTER_ZOOM: usize = 118;
    if file.len() <= CENTER_ZOOM {
        return;
    }
    if file[LEAVES_LENGTH..LEAVES_LENGTH + 8] == [0; 8] {
        // Leaf directories end where the tiles begin.
        file.copy_within(DATA_OFFSET..DATA_OFFSET + 8, LEAVES_OFFSET);
    }
    file[MIN_ZOOM] = filled.min;
    file[MAX_ZOOM] = filled.max;
    file[CENTER_ZOOM] = file[CENTER_ZOOM].clamp(filled.min, filled.max);
}

/// A box that is wider and higher than nothing, as the header requires: a point becomes a box of about a metre.
fn with_area(Bounds([west, south, east, north]): Bounds) -> Bounds {
    const LEAST: f64 = 1e-5;
    let widened = |low: f64, high: f64| match high - low < LEAST {
        true => [low - LEAST / 2.0, high + LEAST / 2.0],
        false => [low, high],
    };
    let ([west, east], [south, north]) = (widened(west, east), widened(south, north));
    Bounds([west, south, east, north])
}

fn gzipped(plain: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut bytes = vec![0; compressor.gzip_compress_bound(plain.len())];
    let length = compressor.gzip_compress(plain, &mut bytes).unwrap_or(0);
    bytes.truncate(length);
    bytes
}

impl<'s> Chosen<'s> {
    fn new(selection: &'s Selection) -> Self {
        let mut wanted = vec![false; selection.layer().len()];
        for index in selection.features.iter() {
            wanted[index as usize] = true;
        }
        Self { selection, wanted }
    }

    fn wants(&self, feature: FeatureRef<'_>) -> bool {
        self.wanted[feature.index() as usize]
    }
}

/// The requested zooms, as far as some layer has them.
fn bounded(drawn: &[Chosen<'_>], asked: Zooms) -> Zooms {
    let zooms = drawn.iter().map(|chosen| chosen.selection.layer().zooms);
    let [least, greatest] = zooms
        .reduce(|all, one| [all[0].min(one[0]), all[1].max(one[1])])
        .unwrap_or([0, 0]);
    let max = asked.max.clamp(least, greatest);
    Zooms {
        min: asked.min.clamp(least, max),
        max,
        ..asked
    }
}

/// The tiles that something may be in, from a tile downwards: an empty one has no children.
fn cover(drawn: &[Chosen<'_>], tile: TileId, zooms: Zooms, found: &mut Vec<(u64, TileId)>) {
    let around = TileMatrixSet::WebMercatorQuad.bounds(tile, 1.0 / 64.0);
    let meets = |chosen: &Chosen<'_>| {
        let layer = chosen.selection.layer();
        let near = layer.within(around);
        near.into_iter().any(|index| chosen.wants(layer.at(index)))
    };
    if !drawn.iter().any(meets) {
        return;
    }
    if tile.z >= zooms.min
        && let Ok(place) = TileCoord::new(tile.z, tile.x, tile.y)
    {
        found.push((Ordinal::from(place).value(), tile));
    }
    if tile.z < zooms.max {
        for (x, y) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let child = TileId {
                z: tile.z + 1,
                x: tile.x * 2 + x,
                y: tile.y * 2 + y,
            };
            cover(drawn, child, zooms, found);
        }
    }
}

/// Encodes and compresses tiles one after another.
#[derive(Default)]
struct Maker {
    scratch: Scratch,
    plain: Vec<u8>,
}

impl Maker {
    fn make(&mut self, drawn: &[Chosen<'_>], tile: TileId, zooms: Zooms) -> Result<Vec<u8>, ExportError> {
        self.plain.clear();
        for chosen in drawn {
            let keep = |feature: FeatureRef<'_>| chosen.wants(feature);
            let options = TileOptions {
                language: chosen.selection.language,
                keep: Some(&keep),
                last: tile.z == zooms.max,
            };
            let set = TileMatrixSet::WebMercatorQuad;
            let tiles = &chosen.selection.tiles;
            tiles.encode(set, tile, options, &mut self.scratch, &mut self.plain);
        }
        if self.plain.is_empty() {
            return Ok(Vec::new());
        }
        Ok(match zooms.format {
            TileFormat::Mvt => gzipped(&self.plain),
            TileFormat::Mlt => {
                let mlt = to_mlt(&self.plain).map_err(|error| ExportError::PmTiles(error.to_string()))?;
                gzipped(&mlt)
            }
        })
    }
}

fn metadata(drawn: &[Chosen<'_>], first: &Selection, zooms: Zooms) -> Value {
    let mut layers: Vec<Value> = Vec::new();
    for Chosen { selection, .. } in drawn {
        layers.extend(selection.tiles.vector_layers(selection.language));
    }
    for layer in &mut layers {
        for key in ["minzoom", "maxzoom"] {
            let own = layer[key].as_u64().unwrap_or_default();
            layer[key] = own.clamp(zooms.min.into(), zooms.max.into()).into();
        }
    }
    let mut members = Value::Object(first.members());
    let name = match drawn {
        [_] => first.title(),
        _ => &first.statement.map,
    };
    members["name"] = name.into();
    let attributions = drawn.iter().map(|chosen| chosen.selection.layer().attribution.as_str());
    members["attribution"] = sentences_once(attributions).into();
    if drawn.len() > 1
        && let Value::Object(members) = &mut members
    {
        members.shift_remove("title");
        members.shift_remove("description");
    }
    members["type"] = json!("overlay");
    members["format"] = match zooms.format {
        TileFormat::Mvt => json!("pbf"),
        TileFormat::Mlt => json!("mlt"),
    };
    members["version"] = json!(env!("CARGO_PKG_VERSION"));
    members["vector_layers"] = layers.into();
    members
}
