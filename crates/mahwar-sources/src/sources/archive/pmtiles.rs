//! PMTiles, version 3: a header, directories of tiles in the order of a Hilbert curve, and the tiles.

use super::{ArchiveTile, Description, TileKind, described, gunzip};
use crate::{
    layers::Bounds,
    sources::{error::SourceError, spec::LayerSpec},
};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Length of the header.
const HEADER: usize = 127;
/// The longest directory and the longest metadata, unpacked.
const MAX_DIRECTORY: usize = 64 << 20;
/// The longest tile.
const MAX_TILE: u64 = 32 << 20;
/// Directories that stay in memory.
const KEPT: usize = 64;
/// How deep directories may be nested.
const MAX_DEPTH: usize = 4;

/// An open archive.
#[derive(Debug)]
pub struct PmTiles {
    file: Mutex<File>,
    root: Arc<Vec<Entry>>,
    leaves: Mutex<FxHashMap<u64, Arc<Vec<Entry>>>>,
    leaf_offset: u64,
    data_offset: u64,
    directories: Packing,
    tiles: Packing,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    tile: u64,
    offset: u64,
    length: u32,
    /// 0 for a directory.
    run: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
}

impl Packing {
    fn of(byte: u8, of: &str) -> Result<Self, String> {
        match byte {
            0 | 1 => Ok(Self::None),
            2 => Ok(Self::Gzip),
            other => {
                let name = match other {
                    3 => "brotli",
                    4 => "zstd",
                    _ => "an unknown method",
                };
                Err(format!("its {of} are compressed with {name}; gzip and none are read"))
            }
        }
    }

    fn unpacked(self, bytes: Vec<u8>, most: usize) -> Result<Vec<u8>, String> {
        match self {
            Self::None => Ok(bytes),
            Self::Gzip => gunzip(&bytes, most),
        }
    }
}

impl PmTiles {
    /// Reads header, root directory and metadata.
    pub fn open(spec: &LayerSpec) -> Result<(Self, Description), SourceError> {
        let wrong = |what: String| {
            SourceError::new(spec.shown_source(), what)
                .remedy("make it again with pmtiles, planetiler or tippecanoe, version 3")
        };
        let mut file = crate::files::open_regular(Path::new(&spec.source))
            .map_err(|error| SourceError::new(spec.shown_source(), format!("cannot be read: {error}")))?;
        let length = file.metadata().map_err(|error| wrong(error.to_string()))?.len();
        let mut header = [0; HEADER];
        file.read_exact(&mut header).map_err(|_| {
            wrong(format!(
                "it has {length} bytes, and a PMTiles archive begins with {HEADER}"
            ))
        })?;
        if &header[..7] != b"PMTiles" {
            return Err(wrong("it does not begin with PMTiles".to_owned()));
        }
        if header[7] != 3 {
            return Err(wrong(format!("it is of version {}; version 3 is read", header[7])));
        }
        let long = |at: usize| u64::from_le_bytes(header[at..at + 8].try_into().unwrap_or_default());
        let stretches = [
            (8, "root directory"),
            (24, "metadata"),
            (40, "leaf directories"),
            (56, "tiles"),
        ];
        for (at, name) in stretches {
            let end = long(at).checked_add(long(at + 8));
            if end.is_none_or(|end| end > length) {
                let what = format!(
                    "it is cut off: its {name} end at byte {}, and it has {length}",
                    end.unwrap_or(u64::MAX)
                );
                return Err(SourceError::new(spec.shown_source(), what)
                    .remedy("copy it again, and rename it when it is complete")
                    .passing());
            }
        }
        let directories = Packing::of(header[97], "directories").map_err(wrong)?;
        let kind = kind(header[99]).map_err(wrong)?;
        let tiles = Packing::of(header[98], "tiles").map_err(wrong)?;
        let metadata = part(&mut file, long(24), long(32), directories).map_err(wrong)?;
        let metadata: Value = match metadata.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&metadata)
                .map_err(|error| wrong(format!("its metadata are no JSON: {error}")))?,
        };
        let root = part(&mut file, long(8), long(16), directories).map_err(wrong)?;
        let root = entries(&root).map_err(wrong)?;
        let degrees =
            |at: usize| f64::from(i32::from_le_bytes(header[at..at + 4].try_into().unwrap_or_default())) / 1e7;
        let bounds = [degrees(102), degrees(106), degrees(110), degrees(114)];
        let (attribution, vector_layers) = described(&metadata);
        let about = Description {
            kind,
            zooms: [header[100], header[101].max(header[100])],
            bounds: (bounds[0] < bounds[2] && bounds[1] < bounds[3]).then_some(Bounds(bounds)),
            attribution,
            vector_layers,
        };
        let archive = Self {
            file: Mutex::new(file),
            root: Arc::new(root),
            leaves: Mutex::default(),
            leaf_offset: long(40),
            data_offset: long(56),
            directories,
            tiles,
        };
        Ok((archive, about))
    }

    /// See [`super::Archive::tile`].
    pub fn tile(&self, spec: &LayerSpec, z: u8, x: u32, y: u32) -> Result<Option<ArchiveTile>, SourceError> {
        let wrong = |what: String| SourceError::new(spec.shown_source(), format!("tile {z}/{x}/{y}: {what}"));
        let id = tile_id(z, x, y);
        let mut directory = Arc::clone(&self.root);
        for _ in 0..MAX_DEPTH {
            let at = directory.partition_point(|entry| entry.tile <= id);
            let Some(entry) = at.checked_sub(1).map(|at| directory[at]) else {
                return Ok(None);
            };
            if entry.run > 0 {
                if id - entry.tile >= u64::from(entry.run) {
                    return Ok(None);
                }
                let bytes = self.read(self.data_offset, entry, MAX_TILE).map_err(wrong)?;
                return Ok(Some(ArchiveTile {
                    is_gzip: self.tiles == Packing::Gzip,
                    bytes,
                }));
            }
            directory = self.leaf(entry).map_err(wrong)?;
        }
        Err(wrong(format!("more than {MAX_DEPTH} directories stand in one another")))
    }

    fn leaf(&self, entry: Entry) -> Result<Arc<Vec<Entry>>, String> {
        if let Some(known) = lock(&self.leaves).get(&entry.offset) {
            return Ok(Arc::clone(known));
        }
        let bytes = self.read(self.leaf_offset, entry, MAX_DIRECTORY as u64)?;
        let bytes = self.directories.unpacked(bytes, MAX_DIRECTORY)?;
        let leaf = Arc::new(entries(&bytes)?);
        let mut leaves = lock(&self.leaves);
        if leaves.len() >= KEPT {
            leaves.clear();
        }
        leaves.insert(entry.offset, Arc::clone(&leaf));
        Ok(leaf)
    }

    fn read(&self, base: u64, entry: Entry, most: u64) -> Result<Vec<u8>, String> {
        let length = u64::from(entry.length);
        let start = base.checked_add(entry.offset).ok_or("its place is beyond the file")?;
        if length > most {
            return Err(format!("it has {length} bytes; at most {most} are read"));
        }
        stretch(&mut lock(&self.file), start, length)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kind(byte: u8) -> Result<TileKind, String> {
    Ok(match byte {
        1 => TileKind::Mvt,
        2 => TileKind::Png,
        3 => TileKind::Jpeg,
        4 => TileKind::Webp,
        5 => TileKind::Avif,
        6 => {
            return Err(
                "its tiles are MapLibre tiles (MLT); Mapbox vector tiles (MVT) and pictures are served".to_owned(),
            );
        }
        other => {
            return Err(format!(
                "its tiles are of unknown kind {other}; vector tiles and pictures are served"
            ));
        }
    })
}

fn stretch(file: &mut File, start: u64, length: u64) -> Result<Vec<u8>, String> {
    file.seek(SeekFrom::Start(start)).map_err(|error| error.to_string())?;
    let mut bytes = vec![0; usize::try_from(length).map_err(|error| error.to_string())?];
    file.read_exact(&mut bytes)
        .map_err(|error| format!("the file ends before it: {error}"))?;
    Ok(bytes)
}

/// A packed stretch of the file, whose bounds were checked.
fn part(file: &mut File, start: u64, length: u64, packing: Packing) -> Result<Vec<u8>, String> {
    if length > MAX_DIRECTORY as u64 {
        return Err(format!(
            "a directory has {length} bytes; at most {MAX_DIRECTORY} are read"
        ));
    }
    match length {
        0 => Ok(Vec::new()),
        length => packing.unpacked(stretch(file, start, length)?, MAX_DIRECTORY),
    }
}

/// The entries of a directory: columns of variable-length numbers.
fn entries(bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let mut rest = bytes;
    let mut number = || -> Result<u64, String> {
        let (mut value, mut shift) = (0_u64, 0);
        loop {
            let (byte, after) = rest.split_first().ok_or("a directory ends early")?;
            rest = after;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
            if shift > 63 {
                return Err("a number of a directory is too long".to_owned());
            }
        }
    };
    let count = number()?;
    if count > bytes.len() as u64 {
        return Err("a directory says that it has more entries than bytes".to_owned());
    }
    let mut entries = Vec::with_capacity(count as usize);
    let mut tile = 0_u64;
    for _ in 0..count {
        tile = tile
            .checked_add(number()?)
            .ok_or("a tile of a directory is beyond all zooms")?;
        entries.push(Entry {
            tile,
            offset: 0,
            length: 0,
            run: 0,
        });
    }
    let small = |value: u64| u32::try_from(value).map_err(|_| "a length of a directory is too great".to_owned());
    for entry in &mut entries {
        entry.run = small(number()?)?;
    }
    for entry in &mut entries {
        entry.length = small(number()?)?;
    }
    let mut next = 0_u64;
    for entry in &mut entries {
        entry.offset = match number()? {
            0 => next,
            offset => offset - 1,
        };
        next = entry
            .offset
            .checked_add(entry.length.into())
            .ok_or("an offset of a directory is too great")?;
    }
    Ok(entries)
}

/// The number of a tile: those of all lower zooms come first, then the order of a Hilbert curve.
fn tile_id(z: u8, x: u32, y: u32) -> u64 {
    let before = ((1_u64 << (2 * u32::from(z))) - 1) / 3;
    let (mut x, mut y) = (u64::from(x), u64::from(y));
    let mut distance = 0_u64;
    let mut side = (1_u64 << z) / 2;
    while side > 0 {
        let (right, low) = (u64::from(x & side > 0), u64::from(y & side > 0));
        distance += side * side * ((3 * right) ^ low);
        if low == 0 {
            if right == 1 {
                x = (side * 2 - 1) - (x & (side * 2 - 1));
                y = (side * 2 - 1) - (y & (side * 2 - 1));
            }
            std::mem::swap(&mut x, &mut y);
        }
        x &= side - 1;
        y &= side - 1;
        side /= 2;
    }
    before + distance
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Values of the specification.
    #[test]
    fn tiles_are_numbered_as_the_specification_says() {
        for ((z, x, y), id) in [
            ((0, 0, 0), 0),
            ((1, 0, 0), 1),
            ((1, 0, 1), 2),
            ((1, 1, 1), 3),
            ((1, 1, 0), 4),
            ((2, 0, 0), 5),
            ((12, 3423, 1763), 19_078_479),
        ] {
            assert_eq!(tile_id(z, x, y), id, "{z}/{x}/{y}");
        }
    }

    #[test]
    fn each_tile_of_a_zoom_has_a_number_of_its_own() {
        let mut ids: Vec<u64> = (0..64).flat_map(|x| (0..64).map(move |y| tile_id(6, x, y))).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), ids[0], ids[4095]), (4096, 1365, 5460));
    }

    proptest! {
        #[test]
        fn any_directory_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = entries(&bytes);
        }
    }
}
