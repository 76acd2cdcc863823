//! Files of a store that are made: for their owner alone, and whole before they get their name.

use super::{StoreError, file_log::beside};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// Creates the file, if it does not exist, so that only its owner can read it; SQLite gives the same mode to the files
/// beside it.
pub(super) fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly(format!("{}: {error}", path.display()))
            }
            _ => StoreError::Unavailable(format!("{}: {error}", path.display())),
        }),
    }
}

/// A file under a temporary name until it gets its final one; removed if it does not.
pub(super) struct PartFile(PathBuf);

impl PartFile {
    /// A new empty file in the folder of another.
    pub fn beside(file: &Path) -> Result<Self, StoreError> {
        let mut name = std::ffi::OsString::from(".");
        name.push(file.file_name().unwrap_or_default());
        let random = format!(
            ".{:x}-{:x}.part",
            std::process::id(),
            jiff::Timestamp::now().as_nanosecond()
        );
        name.push(random);
        let part = file.with_file_name(name);
        if part.symlink_metadata().is_ok() {
            return Err(StoreError::Unavailable(format!("{} exists already", part.display())));
        }
        create_private(&part)?;
        Ok(Self(part))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Puts the file in the place of another, at once.
    pub fn replace(self, file: &Path) -> Result<(), StoreError> {
        fs::rename(&self.0, file).map_err(|error| StoreError::Unavailable(format!("{}: {error}", file.display())))?;
        sync_folder(file);
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        let beside = ["-wal", "-shm", "-journal"].map(|suffix| beside(&self.0, suffix));
        for path in beside.iter().chain([&self.0]) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Makes the names in the folder of a file last, where the system can.
pub(super) fn sync_folder(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let _ = fs::File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
}
