//! Checks which file a store was opened on, and whether it is still the one at its path.
//!
//! An open database keeps its descriptors when the file is deleted or replaced, and later writes are lost. A file that
//! is overwritten in place keeps its inode. Otherwise only checkpoints write to it, so a change of its size or time
//! that this process did not make is checked.
//!
//! The write-ahead log beside the file is checked too: a commit to a log that was deleted or cut off is lost with the next
//! crash.

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
        Self::find(path)?.ok_or_else(|| {
            StoreError::Replaced(format!(
                "{} is not there any more: it was deleted, moved or unmounted while the store was open",
                path.display()
            ))
        })
    }

    /// `None` if there is no file.
    fn find(path: &Path) -> Result<Option<Self>, StoreError> {
        match fs::metadata(path) {
            Ok(found) => Ok(Some(Self {
                node: node(&found),
                content: (found.len(), found.modified().ok()),
            })),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(StoreError::Unavailable(format!("{}: {error}", path.display()))),
        }
    }

    const fn bytes(&self) -> u64 {
        self.content.0
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
    log: Log,
}

/// The log beside the file.
enum Log {
    /// Not checked: the file may only be read.
    Unchecked,
    /// The log that the open connections write to, with the bytes that it has at least.
    Open(FileState),
    /// Deleted or replaced. The connections still have its content, which no later process finds.
    Lost {
        /// True once its content was written into the file.
        is_saved: bool,
    },
}

impl FileIdentity {
    /// The file that is at a path now, which holds this version of the store with this id.
    ///
    /// With `writes`, the log beside it is checked as well; the writing connection must have opened it.
    pub fn of(path: &Path, id: String, version: i64, writes: bool) -> Result<Self, StoreError> {
        let log = match writes {
            true => FileState::find(&file_log::beside(path, "-wal"))?,
            false => None,
        };
        Ok(Self {
            path: path.to_owned(),
            state: Mutex::new(State {
                seen: FileState::at(path)?,
                store: (id, version),
                overwritten: None,
                log: log.map_or(Log::Unchecked, Log::Open),
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
        self.check_file(state)?;
        self.check_log(state)
    }

    fn check_log(&self, state: &mut State) -> Result<(), StoreError> {
        let known = match &state.log {
            Log::Unchecked => return Ok(()),
            Log::Lost { .. } => return Err(self.lost_log()),
            Log::Open(known) => *known,
        };
        let log = file_log::beside(&self.path, "-wal");
        let found = FileState::find(&log)?.filter(|found| found.node == known.node);
        let Some(found) = found else {
            state.log = Log::Lost { is_saved: false };
            return Err(self.lost_log());
        };
        // A checkpoint of another process cuts the log as well, after it has written its content into the file.
        let (id, version) = &state.store;
        if found.bytes() < known.bytes() && !self.is_own(id, *version) {
            let path = self.path.display();
            let error = StoreError::Replaced(format!(
                "{path}-wal was cut off while the store was open, and the last documents were only there; stop, restore the \
                 last backup with mahwar store restore FILE sqlite:{path}, start again"
            ));
            state.overwritten = Some(error.clone());
            return Err(error);
        }
        state.log = Log::Open(found);
        Ok(())
    }

    fn lost_log(&self) -> StoreError {
        let path = self.path.display();
        StoreError::Replaced(format!(
            "{path}-wal was deleted, moved or replaced while the store was open; its content is written into {path} now; \
             start again to write to the store"
        ))
    }

    fn is_own(&self, id: &str, version: i64) -> bool {
        (0..TRIES).any(|turn| {
            if turn > 0 {
                thread::sleep(PAUSE);
            }
            file_log::is_own(&self.path, id, version)
        })
    }

    fn check_file(&self, state: &mut State) -> Result<(), StoreError> {
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
        // Nothing is known of a file whose log is lost: its own log has the marks.
        if matches!(state.log, Log::Lost { .. }) {
            return Ok(());
        }
        if !self.is_own(id, *version) {
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
        if let Log::Open(known) = &mut state.log
            && let Some(found) = FileState::find(&file_log::beside(&self.path, "-wal"))?
            && found.node == known.node
        {
            *known = found;
        }
        done
    }

    /// Runs a checkpoint, once, if the log was deleted and the file is still the one that was opened: the documents of the
    /// log are then in the file. True if it ran.
    pub fn save_lost_log(&self, run: impl FnOnce() -> Result<(), StoreError>) -> Result<bool, StoreError> {
        let mut state = self.lock();
        if !matches!(state.log, Log::Lost { is_saved: false }) {
            return Ok(false);
        }
        self.check_file(&mut state)?;
        run()?;
        state.seen = FileState::at(&self.path)?;
        state.log = Log::Lost { is_saved: true };
        Ok(true)
    }

    /// Reason why the content is not that of this store any more, as far as that was noticed.
    pub fn overwritten(&self) -> Option<StoreError> {
        self.lock().overwritten.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
