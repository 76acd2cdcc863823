//! Where feeds were left: which entries were taken, and which version the server sent last. One JSON file.

use super::{IngestError, Validators};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, VecDeque},
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// Entries that are remembered of one feed; feeds show far fewer at once.
const REMEMBERED: usize = 10_000;

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
    /// Ids of entries that were taken, the latest last.
    #[serde(default)]
    seen: VecDeque<String>,
}

impl FeedState {
    /// Whether an entry was taken.
    pub fn has(&self, id: &str) -> bool {
        self.seen.iter().any(|seen| seen == id)
    }

    /// Remembers that an entry was taken.
    pub fn remember(&mut self, id: String) {
        self.seen.push_back(id);
        if self.seen.len() > REMEMBERED {
            self.seen.pop_front();
        }
    }
}

impl FeedStates {
    /// Reads the file; one that is not there knows no feed.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn open(path: &Path) -> Result<Self, IngestError> {
        let unreadable = |error: io::Error| IngestError::Unreadable {
            path: path.display().to_string(),
            error,
        };
        let feeds = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| unreadable(error.into()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(unreadable(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            feeds,
        })
    }

    /// Where a feed was left.
    pub fn get(&self, feed: &str) -> FeedState {
        self.feeds.get(feed).cloned().unwrap_or_default()
    }

    /// Writes where a feed was left: beside the file and renamed, so that there is always a whole one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put(&mut self, feed: &str, state: FeedState) -> io::Result<()> {
        self.feeds.insert(feed.to_owned(), state);
        let mut beside = self.path.clone().into_os_string();
        beside.push(".part");
        let mut file = fs::File::create(&beside)?;
        serde_json::to_writer(&mut file, &self.feeds)?;
        file.flush()?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)
    }
}
