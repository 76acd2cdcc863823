//! MBTiles: tiles in an SQLite file, rows counted from the south.

use super::{ArchiveTile, Description, TileKind, described};
use crate::{
    layers::Bounds,
    sources::{error::SourceError, spec::LayerSpec},
};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How the format of the tiles is stated.
const FORMAT_REMEDY: &str = "set it: INSERT INTO metadata VALUES ('format', 'pbf')";

/// An open archive.
#[derive(Debug)]
pub struct MbTiles(Mutex<Connection>);

impl MbTiles {
    /// Opens the file and reads its metadata.
    pub fn open(spec: &LayerSpec) -> Result<(Self, Description), SourceError> {
        let wrong = |error: rusqlite::Error| {
            SourceError::new(
                spec.shown_source(),
                format!("it is no MBTiles that can be read: {error}"),
            )
            .remedy("copy it again, and rename it when it is complete")
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(&spec.source, flags).map_err(wrong)?;
        let metadata = metadata(&database).map_err(wrong)?;
        let refuse = |what: String| SourceError::new(spec.shown_source(), what);
        let kind = match metadata.get("format").map(String::as_str) {
            Some("pbf" | "mvt" | "application/vnd.mapbox-vector-tile") => TileKind::Mvt,
            Some("png") => TileKind::Png,
            Some("jpg" | "jpeg") => TileKind::Jpeg,
            Some("webp") => TileKind::Webp,
            // Archives of before version 1.1 state none.
            None => kind_of_first_tile(&database).map_err(wrong)?.ok_or_else(|| {
                let what = "its metadata state no format, and its tiles are of none that is served";
                refuse(what.to_owned()).remedy(FORMAT_REMEDY)
            })?,
            Some(other) => {
                let what = format!("its metadata state the format {other:?}; pbf, png, jpg and webp are served");
                return Err(refuse(what).remedy(FORMAT_REMEDY));
            }
        };
        let json: Value = match metadata.get("json") {
            Some(text) => serde_json::from_str(text)
                .map_err(|error| refuse(format!("the row \"json\" of its metadata is no JSON: {error}")))?,
            None => Value::Null,
        };
        let (_, vector_layers) = described(&json);
        let zooms = zooms(&database, &metadata).map_err(wrong)?;
        let zooms = zooms.ok_or_else(|| refuse("it has no tiles".to_owned()))?;
        let bounds = metadata.get("bounds").and_then(|text| {
            let numbers: Vec<f64> = text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
            <[f64; 4]>::try_from(numbers).ok()
        });
        let about = Description {
            kind,
            zooms,
            bounds: bounds.filter(|[w, s, e, n]| w < e && s < n).map(Bounds),
            attribution: metadata.get("attribution").cloned().unwrap_or_default(),
            vector_layers,
        };
        Ok((Self(Mutex::new(database)), about))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// See [`super::Archive::tile`].
    pub fn tile(&self, spec: &LayerSpec, z: u8, x: u32, y: u32) -> Result<Option<ArchiveTile>, SourceError> {
        let row = (1_i64 << z) - 1 - i64::from(y);
        let found = self
            .lock()
            .prepare_cached("SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3")
            .and_then(|mut query| query.query_row((z, x, row), |row| row.get::<_, Vec<u8>>(0)).optional())
            .map_err(|error| SourceError::new(spec.shown_source(), format!("tile {z}/{x}/{y}: {error}")))?;
        Ok(found.map(|bytes| ArchiveTile {
            is_gzip: bytes.starts_with(&[0x1f, 0x8b]),
            bytes,
        }))
    }
}

fn metadata(database: &Connection) -> rusqlite::Result<FxHashMap<String, String>> {
    let mut query = database.prepare("SELECT name, CAST(value AS TEXT) FROM metadata WHERE value IS NOT NULL")?;
    let pairs = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    pairs.collect()
}

/// The kind of the tiles by the bytes of one of them; `None` for an archive without tiles or with others.
fn kind_of_first_tile(database: &Connection) -> rusqlite::Result<Option<TileKind>> {
    let mut query = database.prepare("SELECT tile_data FROM tiles LIMIT 1")?;
    let tile: Option<Vec<u8>> = query.query_row([], |row| row.get(0)).optional()?;
    Ok(tile.and_then(|tile| match tile.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => Some(TileKind::Png),
        [0xff, 0xd8, 0xff, ..] => Some(TileKind::Jpeg),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(TileKind::Webp),
        // Vector tiles are stored compressed, or begin with the field of a layer.
        [0x1f, 0x8b, ..] | [0x1a, ..] => Some(TileKind::Mvt),
        _ => None,
    }))
}

/// The first and the last zoom, by the metadata or else by the tiles.
fn zooms(database: &Connection, metadata: &FxHashMap<String, String>) -> rusqlite::Result<Option<[u8; 2]>> {
    let stated = |name: &str| metadata.get(name)?.trim().parse::<u8>().ok().filter(|zoom| *zoom <= 30);
    if let (Some(least), Some(greatest)) = (stated("minzoom"), stated("maxzoom"))
        && least <= greatest
    {
        return Ok(Some([least, greatest]));
    }
    let found: (Option<i64>, Option<i64>) =
        database.query_row("SELECT min(zoom_level), max(zoom_level) FROM tiles", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(match found {
        (Some(least), Some(greatest)) => Some([least, greatest].map(|zoom| zoom.clamp(0, 30) as u8)),
        _ => None,
    })
}
