//! The own layers of a server with the state of each: read at the start, looked at again and again, read anew when their file
//! has changed. A layer that cannot be read any more stays as it was last.

use super::{
    archive::Archive,
    build::{Surroundings, build},
    error::{Notice, Notices, SourceError},
    formats::{self, Format},
    spec::LayerSpec,
    table::LiveTable,
};
use crate::layers::{Bounds, GeometryKind, Layer};
use jiff::Timestamp;
use serde::Serialize;
use std::{
    fs,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::SystemTime,
};

/// Of the looks at the files, one in this many tries a table again whose database was away.
const PATIENCE: u32 = 5;

/// A layer that is served.
#[derive(Clone, Debug)]
pub enum Content {
    /// Rows in memory.
    Layer(Arc<Layer>),
    /// An archive of tiles.
    Archive(Arc<Archive>),
    /// A table of a database.
    Table(Arc<LiveTable>),
}

/// The state of one own layer, as the server reports it.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// The name in addresses.
    pub name: String,
    /// The file or table.
    pub source: String,
    /// The format; absent for one that is not known.
    pub format: Option<Format>,
    /// `ready`, `stale` (the file cannot be read now and the last good state is served) or `failed`.
    pub state: &'static str,
    /// Why it is stale or failed.
    pub error: Option<String>,
    /// How many features it has, by statistics for a table.
    pub features: Option<u64>,
    /// When it was read: an RFC 3339 time.
    pub read: Option<String>,
    /// Facts that the operator should know, the first of them.
    pub notices: Vec<Notice>,
    /// How many notices there are in all.
    pub notice_count: usize,
}

/// Length and time of each file of a source.
type Signature = Vec<(u64, Option<SystemTime>)>;

struct Slot {
    spec: LayerSpec,
    format: Option<Format>,
    content: Option<Content>,
    error: Option<SourceError>,
    notices: Notices,
    read: Option<Timestamp>,
    /// Of the files as they were read.
    signature: Signature,
    /// Of the files at the last look: a file that still grows is left alone.
    seen: Signature,
    /// True if the file that was read is a table of text whose last line has its end.
    ends_line: bool,
}

/// All own layers.
pub struct Shelf {
    slots: Mutex<Vec<Slot>>,
    bounds: Option<Bounds>,
    parameters: Vec<&'static str>,
    looks: Mutex<u32>,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("layers", &self.lock().len()).finish()
    }
}

impl Shelf {
    /// Reads all layers, side by side. [`Self::status`] reports one that cannot be read.
    pub fn open(specs: Vec<LayerSpec>, bounds: Option<Bounds>, parameters: Vec<&'static str>) -> Self {
        let around = Surroundings {
            bounds,
            parameters: &parameters,
            kind: None,
        };
        let slots = thread::scope(|scope| {
            let reading: Vec<_> = specs
                .into_iter()
                .map(|spec| scope.spawn(move || Slot::open(spec, around)))
                .collect();
            reading.into_iter().filter_map(|slot| slot.join().ok()).collect()
        });
        Self {
            slots: Mutex::new(slots),
            bounds,
            parameters,
            looks: Mutex::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The layers that can be served, in the order of the settings.
    pub fn contents(&self) -> Vec<Content> {
        self.lock().iter().filter_map(|slot| slot.content.clone()).collect()
    }

    /// The layers of features, in the order of the settings; one in a table is without its features.
    pub fn layers(&self) -> Vec<Arc<Layer>> {
        let layer = |content: Content| match content {
            Content::Layer(layer) => Some(layer),
            Content::Table(table) => Some(table.empty_layer()),
            Content::Archive(_) => None,
        };
        self.contents().into_iter().filter_map(layer).collect()
    }

    /// The descriptions of the layers, in their order.
    pub fn specs(&self) -> Vec<LayerSpec> {
        self.lock().iter().map(|slot| slot.spec.clone()).collect()
    }

    /// The description of a layer.
    pub fn spec(&self, name: &str) -> Option<LayerSpec> {
        self.lock()
            .iter()
            .find(|slot| slot.spec.name == name)
            .map(|slot| slot.spec.clone())
    }

    /// The content with this name.
    pub fn get(&self, name: &str) -> Option<Content> {
        self.lock().iter().find(|slot| slot.spec.name == name)?.content.clone()
    }

    /// The state of all.
    pub fn status(&self) -> Vec<Status> {
        self.lock().iter().map(Slot::status).collect()
    }

    /// Looks at the files, and reads those that have changed and do not change any more. True if a layer is another now.
    pub fn look(&self) -> bool {
        let is_late = {
            let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
            *looks = looks.wrapping_add(1);
            looks.is_multiple_of(PATIENCE)
        };
        let due: Vec<(LayerSpec, Option<GeometryKind>)> = self
            .lock()
            .iter_mut()
            .filter_map(|slot| slot.is_due(is_late).then(|| (slot.spec.clone(), slot.kind())))
            .collect();
        let mut is_changed = false;
        // Read without the lock: answers about the other layers do not wait for a long file.
        for (spec, kind) in due {
            let around = Surroundings {
                bounds: self.bounds,
                parameters: &self.parameters,
                kind,
            };
            let new = Slot::open(spec, around);
            let mut slots = self.lock();
            if let Some(slot) = slots.iter_mut().find(|slot| slot.spec.name == new.spec.name) {
                is_changed |= slot.take(new);
            }
        }
        is_changed
    }
}

impl Slot {
    fn open(spec: LayerSpec, around: Surroundings<'_>) -> Self {
        let signature = signature(&spec);
        let mut notices = Notices::default();
        let format = Format::of(&spec);
        let content = format
            .clone()
            .and_then(|format| read(&spec, format, around, &mut notices));
        let ends_line = matches!(format, Ok(Format::Csv)) && ends_line(&spec);
        // A file that was written to meanwhile may be read in parts of two states.
        let content = match content {
            Ok(_) if self::signature(&spec) != signature => Err(SourceError::new(
                spec.shown_source(),
                "it was changed while it was read; it is read again when it is written",
            )
            .passing()),
            content => content,
        };
        let (content, error) = match content {
            Ok(content) => (Some(content), None),
            Err(error) => (None, Some(error)),
        };
        Self {
            format: format.ok(),
            read: content.is_some().then(Timestamp::now),
            content,
            error,
            notices,
            seen: signature.clone(),
            signature,
            ends_line,
            spec,
        }
    }

    fn is_due(&mut self, is_late: bool) -> bool {
        if self.spec.is_table() {
            // A table that answers is queried for each request.
            return is_late && self.error.is_some();
        }
        let now = signature(&self.spec);
        let is_quiet = now == self.seen;
        self.seen.clone_from(&now);
        let waits = self.error.as_ref().is_some_and(|error| error.is_passing) && is_late;
        is_quiet && (now != self.signature || waits)
    }

    /// The kind of geometry of the layer that is served.
    fn kind(&self) -> Option<GeometryKind> {
        match &self.content {
            Some(Content::Layer(layer)) => Some(layer.geometry),
            _ => None,
        }
    }

    /// Takes a new state over; true if the content is another one.
    fn take(&mut self, new: Self) -> bool {
        self.signature = new.signature;
        self.error = new.error;
        // A cell that is cut off is a whole cell to a reader: 4 of 44.39.
        if self.error.is_none() && self.ends_line && !new.ends_line && new.format == Some(Format::Csv) {
            let what = "its last line has no end, and the file had one before: it may be cut off inside a cell";
            let remedy =
                "end the last line with a line break; write a file beside its name and rename it when it is complete";
            self.error = Some(SourceError::new(self.spec.shown_source(), what).remedy(remedy));
        }
        if let Some(error) = &self.error {
            tracing::warn!(layer = self.spec.name, %error, "an own layer cannot be read anew; its last state is served");
            return false;
        }
        self.ends_line = new.ends_line;
        self.notices = new.notices;
        self.format = new.format;
        self.read = new.read;
        let same = match (&self.content, &new.content) {
            (Some(Content::Layer(old)), Some(Content::Layer(new))) => old.revision == new.revision,
            _ => false,
        };
        if !same {
            self.content = new.content;
            tracing::info!(layer = self.spec.name, "an own layer was read anew");
        }
        !same
    }

    fn status(&self) -> Status {
        let features = match &self.content {
            Some(Content::Layer(layer)) => Some(layer.len() as u64),
            Some(Content::Table(table)) => table.estimate(),
            _ => None,
        };
        Status {
            name: self.spec.name.clone(),
            source: self.spec.shown_source(),
            format: self.format,
            state: match (&self.content, &self.error) {
                (Some(_), None) => "ready",
                (Some(_), Some(_)) => "stale",
                (None, _) => "failed",
            },
            error: self.error.as_ref().map(ToString::to_string),
            features,
            read: self.read.map(|time| format!("{time:.0}")),
            notices: self.notices.list.clone(),
            notice_count: self.notices.count,
        }
    }
}

fn read(
    spec: &LayerSpec,
    format: Format,
    around: Surroundings<'_>,
    notices: &mut Notices,
) -> Result<Content, SourceError> {
    if format == Format::PostGis {
        return LiveTable::open(spec, notices).map(|table| Content::Table(Arc::new(table)));
    }
    if format.is_archive() {
        return Archive::open(spec, format).map(|archive| Content::Archive(Arc::new(archive)));
    }
    let rows = formats::read(spec, format)?;
    let built = build(spec, rows, around)?;
    *notices = built.notices;
    Ok(Content::Layer(Arc::new(built.layer)))
}

/// The files that a source is made of.
fn files(spec: &LayerSpec) -> Vec<PathBuf> {
    let path = Path::new(&spec.source);
    let mut files = vec![path.to_owned()];
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "shp" => files.extend(["dbf", "prj", "cpg", "shx"].map(|extension| path.with_extension(extension))),
        "gpkg" | "mbtiles" => files.push(PathBuf::from(format!("{}-wal", spec.source))),
        _ => {}
    }
    files
}

/// True if the last line of a text file has its end, in UTF-8 or UTF-16.
fn ends_line(spec: &LayerSpec) -> bool {
    let last = || -> io::Result<[u8; 2]> {
        let mut file = crate::files::open_regular(Path::new(&spec.source))?;
        let mut last = [0; 2];
        file.seek(SeekFrom::End(-2))?;
        file.read_exact(&mut last)?;
        Ok(last)
    };
    matches!(last(), Ok([_, b'\n' | b'\r'] | [b'\n' | b'\r', 0]))
}

fn signature(spec: &LayerSpec) -> Signature {
    if spec.is_table() {
        return Vec::new();
    }
    let of_file = |file: PathBuf| match fs::metadata(file) {
        Ok(metadata) => (metadata.len(), metadata.modified().ok()),
        Err(_) => (0, None),
    };
    files(spec).into_iter().map(of_file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(path: &Path) -> Shelf {
        Shelf::open(
            vec![LayerSpec::new("camps", path.display().to_string())],
            None,
            vec!["limit"],
        )
    }

    fn count(shelf: &Shelf) -> Option<u64> {
        shelf.status()[0].features
    }

    #[test]
    fn a_file_is_read_anew_when_it_is_quiet_and_a_broken_one_keeps_the_last_good_state() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("camps.geojson");
        let point = |lon: f64| {
            format!(
                r#"{{"type":"Feature","properties":{{"limit":1}},"geometry":{{"type":"Point","coordinates":[{lon},35]}}}}"#
            )
        };
        let collection = |points: &[f64]| {
            let features: Vec<String> = points.iter().map(|lon| point(*lon)).collect();
            format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
        };
        fs::write(&path, collection(&[43.0])).unwrap();
        let shelf = shelf(&path);
        assert_eq!((shelf.status()[0].state, count(&shelf)), ("ready", Some(1)));
        assert!(shelf.status()[0].notices[0].text.contains("limit"));
        assert!(!shelf.look(), "nothing has changed");
        fs::write(&path, collection(&[43.0, 44.0])).unwrap();
        assert!(!shelf.look(), "it may still grow");
        assert!(shelf.look());
        assert_eq!(count(&shelf), Some(2));
        // Half of it.
        let whole = collection(&[43.0, 44.0, 45.0]);
        fs::write(&path, &whole[..whole.len() - 30]).unwrap();
        assert!(!shelf.look() && !shelf.look());
        let status = &shelf.status()[0];
        assert_eq!((status.state, status.features), ("stale", Some(2)));
        assert!(status.error.as_ref().unwrap().contains("row 3"), "{:?}", status.error);
        fs::write(&path, &whole).unwrap();
        shelf.look();
        assert!(shelf.look());
        assert_eq!((shelf.status()[0].state, count(&shelf)), ("ready", Some(3)));
    }

    #[test]
    fn a_layer_that_cannot_be_read_leaves_the_others_whole() {
        let folder = tempfile::tempdir().unwrap();
        let good = folder.path().join("a.csv");
        fs::write(&good, "name,lon,lat\nA,43,35\n").unwrap();
        let names = ["a.csv", "b.csv", "c.xlsx"];
        let spec = |name: &&str| LayerSpec::new(name[..1].to_owned(), folder.path().join(name).display().to_string());
        let shelf = Shelf::open(names.iter().map(spec).collect(), None, Vec::new());
        let states: Vec<_> = shelf.status().iter().map(|status| status.state).collect();
        assert_eq!(states, ["ready", "failed", "failed"]);
        assert_eq!(shelf.contents().len(), 1);
        assert!(shelf.status()[2].error.as_ref().unwrap().contains("CSV"));
    }
}
