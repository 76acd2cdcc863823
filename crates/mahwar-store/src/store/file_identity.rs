//! Checks which file a store was opened on, and whether it is still the one at its path.
//!
//! An open database keeps its descriptors when the file is deleted or replaced, and later writes are lost. A file that
//! is overwritten in place keeps its inode. Otherwise only checkpoints write to it, so a change of its size or time
//! that this process did not make is checked.
//!
//! The write-ahead log beside the file is checked too: a commit to a log that was deleted, cut off or overwritten is lost
//! with the next crash. So is the shared memory (`-shm`), in which programs see each other's locks and frames of the log.

use super::{
    StoreError, file_log,
    log_reader::{self, LogReader},
    store_path::StorePath,
};
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
    /// The path that the operator named; it may be a symbolic link, now or later.
    given: PathBuf,
    /// The file that it led to when the store was opened.
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
    /// The part of the log that was read, after each commit of this process.
    reader: LogReader,
    /// True once the log had a valid header: from then on it has one, or is empty.
    is_headed: bool,
    /// The shared memory that the open connections use; `None` where the file may only be read.
    memory: Option<FileState>,
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

/// The shared memory beside the file.
enum Memory {
    Whole,
    /// A part of it that may be mapped was cut off.
    CutOff,
    /// Deleted or replaced. The connections still have it, and no other program sees it.
    Gone,
}

impl FileIdentity {
    /// The file that is at a path now, which holds this version of the store with this id.
    ///
    /// With `writes`, the log and the shared memory beside it are checked as well; the writing connection must have opened
    /// them.
    pub fn of(given: &Path, store: (String, i64), writes: bool) -> Result<Self, StoreError> {
        let path = StorePath::follow(given)?.file;
        let beside = |suffix: &str| match writes {
            true => FileState::find(&file_log::beside(&path, suffix)),
            false => Ok(None),
        };
        Ok(Self {
            state: Mutex::new(State {
                seen: FileState::at(&path)?,
                store,
                overwritten: None,
                log: beside("-wal")?.map_or(Log::Unchecked, Log::Open),
                reader: LogReader::default(),
                is_headed: false,
                memory: beside("-shm")?,
            }),
            given: given.to_owned(),
            path,
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
        self.check_log(state)?;
        match self.find_memory(state)? {
            Memory::Whole => Ok(()),
            Memory::CutOff | Memory::Gone => Err(self.lost_memory(state)),
        }
    }

    /// Checks the shared memory. To be called before each use of a connection: reading from a part of the memory that was
    /// cut off ends the process (SIGBUS).
    ///
    /// # Errors
    /// [`StoreError::Replaced`] from the first fault on, until the store is opened again.
    pub fn check_memory(&self) -> Result<(), StoreError> {
        let mut state = self.lock();
        if let Some(error) = &state.overwritten {
            return Err(error.clone());
        }
        match self.find_memory(&mut state)? {
            Memory::Whole => Ok(()),
            Memory::CutOff => Err(self.lost_memory(&mut state)),
            Memory::Gone => {
                // With the file or the log: nobody else uses these connections' files, so that reading goes on.
                let is_gone_with_others = self.check_file(&mut state).is_err() || self.check_log(&mut state).is_err();
                match &state.overwritten {
                    Some(error) => Err(error.clone()),
                    None if is_gone_with_others => Ok(()),
                    None => Err(self.lost_memory(&mut state)),
                }
            }
        }
    }

    fn find_memory(&self, state: &mut State) -> Result<Memory, StoreError> {
        let Some(known) = state.memory else {
            return Ok(Memory::Whole);
        };
        let found = FileState::find(&file_log::beside(&self.path, "-shm"))?;
        Ok(match found.filter(|found| found.node == known.node) {
            None => Memory::Gone,
            Some(found) if found.bytes() < known.bytes() => Memory::CutOff,
            Some(found) => {
                state.memory = Some(found);
                Memory::Whole
            }
        })
    }

    fn lost_memory(&self, state: &mut State) -> StoreError {
        let path = self.path.display();
        let error = StoreError::Replaced(format!(
            "{path}-shm was deleted, replaced or cut off while the store was open; without it programs do not see each \
             other's changes, so that nothing is read or written any more; what was acknowledged is in {path} and \
             {path}-wal, leave them there; start again"
        ));
        state.overwritten = Some(error.clone());
        error
    }

    fn check_log(&self, state: &mut State) -> Result<(), StoreError> {
        let known = match &state.log {
            Log::Unchecked => return Ok(()),
            Log::Lost { .. } => return Err(self.lost_log()),
            Log::Open(known) => *known,
        };
        // Where the next program to open the store looks for it.
        let file = StorePath::follow(&self.given)?.file;
        let log = file_log::beside(&file, "-wal");
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
        self.check_header(state, &log)
    }

    /// Checks that the log begins with a valid header, or is empty.
    fn check_header(&self, state: &mut State, log: &Path) -> Result<(), StoreError> {
        // Another process may be writing it now.
        let is_headed = (0..TRIES).any(|turn| {
            if turn > 0 {
                thread::sleep(PAUSE);
            }
            !file_log::has_bytes(log) || log_reader::is_headed(log).unwrap_or(!state.is_headed)
        });
        match (is_headed, state.is_headed) {
            (true, _) => state.is_headed |= file_log::has_bytes(log),
            // Left by a crash before its first transaction.
            (false, false) => {}
            (false, true) => return Err(self.damaged_log(state)),
        }
        Ok(())
    }

    fn damaged_log(&self, state: &mut State) -> StoreError {
        let path = self.path.display();
        let error = StoreError::Replaced(format!(
            "{path}-wal was overwritten while the store was open: its transactions cannot be read back; stop, copy what is to \
             be kept ({path} and {path}-wal), restore the last backup with mahwar store restore FILE sqlite:{path}, start again"
        ));
        state.overwritten = Some(error.clone());
        error
    }

    /// Checks that a transaction of this process can be read back, as SQLite would after a crash: out of the log, or out of
    /// the file where another process has written the log back since.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] if it cannot.
    pub fn check_commit(&self, mark: &str, version: i64) -> Result<(), StoreError> {
        let mut state = self.lock();
        if !matches!(state.log, Log::Open(_)) {
            return Ok(());
        }
        let log = file_log::beside(&self.path, "-wal");
        for turn in 0..TRIES {
            if state.reader.has_commit(&log, mark).unwrap_or(false) {
                return Ok(());
            }
            let in_file = file_log::FileAlone::read(&self.path).ok().and_then(|alone| alone.state);
            if in_file.is_some_and(|(id, found)| id == state.store.0 && found >= version) {
                return Ok(());
            }
            if turn > 0 {
                thread::sleep(PAUSE);
            }
            state.reader = LogReader::default();
        }
        Err(self.damaged_log(&mut state))
    }

    fn lost_log(&self) -> StoreError {
        let path = self.path.display();
        StoreError::Replaced(format!(
            "{path}-wal was deleted, moved or replaced while the store was open, or {} leads to another path now; its content \
             is written into {path} now; start again to write to the store",
            self.given.display()
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
        let now = FileState::at(&self.given)?;
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
        state.seen = FileState::at(&self.given)?;
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
        if matches!(self.find_memory(&mut state)?, Memory::CutOff) {
            return Err(self.lost_memory(&mut state));
        }
        run()?;
        state.seen = FileState::at(&self.given)?;
        state.log = Log::Lost { is_saved: true };
        Ok(true)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
