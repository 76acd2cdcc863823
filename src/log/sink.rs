//! Output of lines: standard error, or a file.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A place for lines.
#[derive(Debug)]
pub struct Sink {
    path: Option<PathBuf>,
    file: Option<File>,
}

impl Sink {
    /// Standard error.
    pub fn standard_error() -> Self {
        Self { path: None, file: None }
    }

    /// Appends to a file, which is created with mode 0600 if it does not exist.
    ///
    /// # Errors
    /// When it cannot be opened for writing.
    pub fn file(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: Some(open(path)?),
            path: Some(path.to_owned()),
        })
    }

    /// Opens the file of the same name again; the old one stays in use when that fails.
    ///
    /// # Errors
    /// When it cannot be opened for writing.
    pub fn reopen(&mut self) -> io::Result<()> {
        if let Some(path) = &self.path {
            self.file = Some(open(path)?);
        }
        Ok(())
    }

    /// Writes a line in one call, so that lines of several processes do not mix. A log that cannot be written stops
    /// nothing.
    pub fn write_line(&mut self, line: &str) {
        let mut bytes = Vec::with_capacity(line.len() + 1);
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
        let _ = match &mut self.file {
            Some(file) => file.write_all(&bytes),
            None => io::stderr().lock().write_all(&bytes),
        };
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
