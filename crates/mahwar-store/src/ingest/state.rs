//! Where feeds were left: which entries were taken, and which version the server sent last. One JSON file.

use super::{IngestError, Validators};
use crate::{
    files::{self, Readers},
    text::printable::without_password,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// Entries that are remembered of one feed; feeds show far fewer at once.
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

    /// Where a feed was left.
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
}
