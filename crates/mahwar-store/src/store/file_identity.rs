//! Checks which file a store was opened on, and whether it is still the one at its path.
//!
//! An open database keeps its descriptors when the file is deleted or replaced, and later writes are lost. A file that
//! is overwritten in place keeps its inode. Otherwise only checkpoints write to it, so a change of its size or time
//! that this process did not make is checked.

use super::{StoreError, file_log};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, SystemTime},
};

/// Attempts at checking an overwritten file: a checkpoint of another process may be under way.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(100);

/// The file at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileState {
    /// Device and inode.
    node: [u64; 2],
    /// Size in bytes and time of the last change.
    content: (u64, Option<SystemTime>),
}

impl FileState {
    fn at(path: &Path) -> Result<Self, StoreError> {
        let found = fs::metadata(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => StoreError::Replaced(format!(
                "{} is not there any more: it was deleted, moved or unmounted while the store was open",
                path.display()
            )),
            _ => StoreError::Unavailable(format!("{}: {error}", path.display())),
        })?;
        Ok(Self {
            node: node(&found),
            content: (found.len(), found.modified().ok()),
        })
    }
}

#[cfg(unix)]
fn node(found: &fs::Metadata) -> [u64; 2] {
    use std::os::unix::fs::MetadataExt;
    [found.dev(), found.ino()]
}

#[cfg(not(unix))]
fn node(_: &fs::Metadata) -> [u64; 2] {
    [0, 0]
}

/// The file that a store was opened on.
pub(super) struct FileIdentity {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    seen: FileState,
    /// Id and last known version of the store.
    store: (String, i64),
    /// Set when the content is not that of this store any more, until the store is opened again.
    overwritten: Option<StoreError>,
}

impl FileIdentity {
    /// The file that is at a path now, which contains this version of the store with this id.
    pub fn of(path: &Path, id: String, version: i64) -> Result<Self, StoreError> {
        Ok(Self {
            path: path.to_owned(),
            state: Mutex::new(State {
                seen: FileState::at(path)?,
                store: (id, version),
                overwritten: None,
            }),
        })
    }

    /// Checks that the file at the path is the one that was opened, and that nothing but checkpoints changed it.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] with the reason and the remedy.
    pub fn check(&self) -> Result<(), StoreError> {
        self.check_locked(&mut self.lock())
    }

    fn check_locked(&self, state: &mut State) -> Result<(), StoreError> {
        if let Some(error) = &state.overwritten {
            return Err(error.clone());
        }
        let now = FileState::at(&self.path)?;
        if now.node != state.seen.node {
            return Err(StoreError::Replaced(format!(
                "{} was replaced by another file while the store was open; start again to use that one",
                self.path.display()
            )));
        }
        if now.content == state.seen.content {
            return Ok(());
        }
        let (id, version) = &state.store;
        let is_own = (0..TRIES).any(|turn| {
            if turn > 0 {
                thread::sleep(PAUSE);
            }
            file_log::is_own(&self.path, id, *version)
        });
        if !is_own {
            let path = self.path.display();
            let error = StoreError::Replaced(format!(
                "{path} was overwritten while the store was open; stop, copy what is to be kept (also {path}-wal), put the \
                 right file there with mahwar store restore FILE sqlite:{path}, start again"
            ));
            state.overwritten = Some(error.clone());
            return Err(error);
        }
        state.seen = now;
        Ok(())
    }

    /// Remembers a version that was read or written.
    pub fn saw(&self, version: i64) {
        let mut state = self.lock();
        state.store.1 = state.store.1.max(version);
    }

    /// Runs a checkpoint, which changes the file; none if the file is another one.
    pub fn checkpoint(&self, run: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut state = self.lock();
        self.check_locked(&mut state)?;
        let done = run();
        state.seen = FileState::at(&self.path)?;
        done
    }

    /// Reason why the content is not that of this store any more, as far as that was noticed.
    pub fn overwritten(&self) -> Option<StoreError> {
        self.lock().overwritten.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
