//! Progress of each feed: accepted entries, and the version that the server sent last. One JSON file.

use super::{IngestError, Validators};
use crate::{
    files::{self, Readers},
    text::printable::without_password,
};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    collections::BTreeMap,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// Entries that are remembered after they have left a feed: an entry may come back.
const REMEMBERED: usize = 10_000;

/// The largest file, in bytes.
const MAX_FILE: u64 = 1 << 30;

/// The file.
#[derive(Debug)]
pub struct FeedStates {
    path: PathBuf,
    feeds: BTreeMap<String, FeedState>,
}

/// One feed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedState {
    /// The version that was read last.
    #[serde(default)]
    pub validators: Validators,
    /// Ids of entries that were accepted, the latest last.
    #[serde(default, serialize_with = "write_ids", deserialize_with = "read_ids")]
    seen: IndexSet<String, FxBuildHasher>,
    /// The latest document of each entry, by the entry's id.
    #[serde(default)]
    latest: BTreeMap<String, String>,
}

fn write_ids<S: Serializer>(ids: &IndexSet<String, FxBuildHasher>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids)
}

fn read_ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IndexSet<String, FxBuildHasher>, D::Error> {
    Ok(Vec::<String>::deserialize(deserializer)?.into_iter().collect())
}

impl FeedState {
    /// True if an entry was accepted.
    pub fn has(&self, id: &str) -> bool {
        self.seen.contains(id)
    }

    /// Remembers that an entry was accepted.
    pub fn remember(&mut self, id: String) {
        self.seen.insert(id);
    }

    /// The document that an entry was last put as.
    pub fn latest(&self, id: &str) -> Option<&str> {
        self.latest.get(id).map(String::as_str)
    }

    /// Notes the document that an entry was put as.
    pub fn set_latest(&mut self, id: String, document: String) {
        self.latest.insert(id, document);
    }

    /// Forgets the oldest entries that are not in the feed any more. Entries of the feed are never forgotten, however many
    /// there are: they would be read again each time.
    pub fn forget_absent<'e>(&mut self, present: impl IntoIterator<Item = &'e str>) {
        let present: FxHashSet<&str> = present.into_iter().collect();
        let absent = self.seen.iter().filter(|id| !present.contains(id.as_str())).count();
        if self.latest.len() > present.len() + REMEMBERED {
            self.latest.retain(|id, _| present.contains(id.as_str()));
        }
        let mut surplus = absent.saturating_sub(REMEMBERED);
        self.seen.retain(|id| {
            let goes = surplus > 0 && !present.contains(id.as_str());
            surplus -= usize::from(goes);
            !goes
        });
    }
}

impl FeedStates {
    /// Reads the file; a missing file means that no feed is known.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    pub fn open(path: &Path) -> Result<Self, IngestError> {
        let unreadable = |error: io::Error| IngestError::Unreadable {
            path: path.display().to_string(),
            error,
        };
        let feeds = match files::read_regular(path, MAX_FILE) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| unreadable(error.into()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(unreadable(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            feeds,
        })
    }

    /// State of a feed after its last run.
    pub fn get(&self, feed: &str) -> FeedState {
        let shown = without_password(feed);
        // Older versions had the password in the name.
        let state = self.feeds.get(&*shown).or_else(|| self.feeds.get(feed));
        state.cloned().unwrap_or_default()
    }

    /// Writes where a feed was left: beside the file and renamed, so that there is always a whole one. Passwords in
    /// addresses are left out.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put(&mut self, feed: &str, state: FeedState) -> io::Result<()> {
        let shown = without_password(feed).into_owned();
        if shown != feed {
            self.feeds.remove(feed);
        }
        self.feeds.insert(shown, state);
        files::replace(&self.path, Readers::Owner, |file| {
            let mut file = io::BufWriter::new(file);
            serde_json::to_writer(&mut file, &self.feeds)?;
            file.flush()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_password_is_neither_stored_nor_needed_to_go_on() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("feeds.json");
        let address = "http://user:hunter2@example.org/feed";
        fs::write(&path, format!("{{\"{address}\":{{\"seen\":[\"a\"]}}}}")).unwrap();
        let mut states = FeedStates::open(&path).unwrap();
        let mut state = states.get(address);
        assert!(state.has("a"));
        state.remember("b".to_owned());
        states.put(address, state).unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert!(!written.contains("hunter2"), "{written}");
        let again = FeedStates::open(&path).unwrap().get(address);
        assert!(again.has("a") && again.has("b"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    /// Report: of a feed with more than 10,000 entries, some were read again at each run.
    #[test]
    fn entries_of_a_long_feed_are_remembered_and_absent_ones_forgotten() {
        let mut state = FeedState::default();
        let ids = |range: std::ops::Range<usize>| range.map(|at| format!("guid-{at}")).collect::<Vec<_>>();
        for id in ids(0..25_000) {
            state.remember(id);
        }
        let present = ids(0..12_000);
        state.forget_absent(present.iter().map(String::as_str));
        assert!(present.iter().all(|id| state.has(id)));
        assert!(!state.has("guid-12000") && !state.has("guid-14999"));
        assert!(state.has("guid-15000") && state.has("guid-24999"));
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<FeedState>(&json).unwrap(), state);
    }
}
