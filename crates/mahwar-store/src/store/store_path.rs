//! Path of an SQLite file: symbolic links are followed, and anything but a regular file is refused.
//!
//! SQLite looks for the log beside the file that the last link leads to. A log beside a link is never read.

use super::{StoreError, file_log};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// More links in a row are taken for a loop, as the system does.
const MAX_LINKS: usize = 40;

/// A path with its symbolic links followed.
pub(super) struct StorePath {
    /// The path of the file itself, which need not exist.
    pub file: PathBuf,
    /// The links that lead to it, first the path that was given; empty where that is no link.
    links: Vec<PathBuf>,
}

impl StorePath {
    /// Follows the links at the end of a path.
    ///
    /// # Errors
    /// [`StoreError::Address`] if a link leads to itself.
    pub fn follow(path: &Path) -> Result<Self, StoreError> {
        let (mut file, mut links) = (path.to_owned(), Vec::new());
        while let Ok(target) = fs::read_link(&file) {
            if links.len() == MAX_LINKS || links.contains(&file) {
                return Err(StoreError::Address(format!(
                    "{} is a symbolic link that leads to itself; name the file of the store",
                    path.display()
                )));
            }
            let next = file.with_file_name("").join(target);
            links.push(std::mem::replace(&mut file, next));
        }
        Ok(Self { file, links })
    }

    /// Checks that the path leads to a regular file, or to nothing yet.
    ///
    /// # Errors
    /// [`StoreError::Address`] with the kind of file at the path.
    pub fn check_kind(&self) -> Result<(), StoreError> {
        match fs::metadata(&self.file) {
            Ok(found) if !found.is_file() => Err(StoreError::Address(format!(
                "{} is {}; a store is a regular file",
                self.file.display(),
                kind(&found)
            ))),
            _ => Ok(()),
        }
    }

    /// The first log that lies beside a link, where SQLite does not read it.
    pub fn log_beside_link(&self) -> Option<PathBuf> {
        let own = fs::canonicalize(file_log::beside(&self.file, "-wal")).ok();
        let logs = self.links.iter().map(|link| file_log::beside(link, "-wal"));
        let mut logs = logs.filter(|log| file_log::has_bytes(log));
        logs.find(|log| fs::canonicalize(log).ok() != own)
    }
}

/// The kind of a file that is no regular one, in words.
fn kind(found: &fs::Metadata) -> &'static str {
    if found.is_dir() {
        return "a folder";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = found.file_type();
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    "no regular file"
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_to_a_file_and_a_loop_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink("b.db", at("a.db")).unwrap();
        symlink(at("c.db"), at("b.db")).unwrap();
        let path = StorePath::follow(&at("a.db")).unwrap();
        assert_eq!((path.file.clone(), path.links.len()), (at("c.db"), 2));
        assert_eq!(path.check_kind(), Ok(()), "a file that does not exist yet is made");
        assert_eq!(path.log_beside_link(), None);
        fs::write(at("b.db-wal"), "x").unwrap();
        assert_eq!(path.log_beside_link(), Some(at("b.db-wal")));
        symlink(at("b.db-wal"), at("c.db-wal")).unwrap();
        assert_eq!(
            path.log_beside_link(),
            None,
            "it is the log of the file under another name"
        );
        symlink("loop.db", at("loop.db")).unwrap();
        let refused = StorePath::follow(&at("loop.db")).err().unwrap().to_string();
        assert!(refused.contains("leads to itself"), "{refused}");
    }

    #[test]
    fn what_is_no_regular_file_is_named() {
        for (path, kind) in [("/dev/null", "a device"), ("/", "a folder")] {
            let refused = StorePath::follow(Path::new(path)).unwrap().check_kind();
            assert!(refused.unwrap_err().to_string().contains(kind), "{path}");
        }
    }
}
