//! One land: everything read from a data folder, ready for use.
//!
//! The files come from a folder (`--data`) or from the copy inside the binary; everything after reading is pure.

use include_dir::{Dir, include_dir};
use std::{borrow::Cow, io, path::PathBuf};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// Where data files come from.
#[derive(Clone, Debug)]
pub enum Files {
    /// The copy inside the binary.
    Embedded,
    /// A folder.
    Folder(PathBuf),
}

impl Files {
    /// The bytes of a file; `name` is relative to the data folder, with `/`.
    pub fn read(&self, name: &str) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => EMBEDDED
                .get_file(name)
                .map(|file| Cow::Borrowed(file.contents()))
                .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file in the binary")),
            Self::Folder(folder) => std::fs::read(folder.join(name)).map(Cow::Owned),
        }
    }
}
