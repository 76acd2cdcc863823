//! Output of lines: standard error, or a file.

use std::{
    fs::{File, FileType, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// A place for lines.
#[derive(Debug)]
pub struct Sink {
    path: Option<PathBuf>,
    file: Option<File>,
    /// True after a line of which only a part was written.
    is_torn: bool,
}

impl Sink {
    /// Standard error.
    pub fn standard_error() -> Self {
        Self {
            path: None,
            file: None,
            is_torn: false,
        }
    }

    /// Appends to a file, which is created with mode 0600 if it does not exist. `/dev/stderr` is standard error, whatever it
    /// leads to.
    ///
    /// # Errors
    /// When it cannot be opened for writing, or is neither a regular file nor a character device.
    pub fn file(path: &Path) -> io::Result<Self> {
        if path == Path::new("/dev/stderr") {
            return Ok(Self::standard_error());
        }
        Ok(Self {
            file: Some(open(path)?),
            path: Some(path.to_owned()),
            is_torn: false,
        })
    }

    /// Opens the file of the same name again; the old one stays in use when that fails.
    ///
    /// # Errors
    /// When it cannot be opened for writing.
    pub fn reopen(&mut self) -> io::Result<()> {
        if let Some(path) = &self.path {
            self.file = Some(open(path)?);
            self.is_torn = false;
        }
        Ok(())
    }

    /// Writes a line in one call, so that lines of several processes do not mix.
    ///
    /// # Errors
    /// When the line is not written, or only a part of it. The next line then begins on a line of its own.
    pub fn write_line(&mut self, line: &str) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(line.len() + 2);
        if self.is_torn {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
        let Some(file) = &mut self.file else {
            return io::stderr().lock().write_all(&bytes);
        };
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            match file.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    self.is_torn = true;
                    rest = &rest[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.is_torn = false;
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
        // Opening a named pipe would wait for a reader.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let refused = || {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is neither a regular file nor a character device",
        )
    };
    if std::fs::metadata(path).is_ok_and(|found| !takes_lines(found.file_type())) {
        return Err(refused());
    }
    let file = options.open(path)?;
    match takes_lines(file.metadata()?.file_type()) {
        true => Ok(file),
        false => Err(refused()),
    }
}

/// True for a regular file and for a character device such as a terminal.
fn takes_lines(kind: FileType) -> bool {
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_char_device(&kind) {
        return true;
    }
    kind.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_refused_at_once_and_a_full_device_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit");
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, mode).unwrap();
        assert!(Sink::file(&path).unwrap_err().to_string().contains("regular file"));
        std::fs::remove_file(&path).unwrap();
        let mut sink = Sink::file(&path).unwrap();
        sink.write_line("one").unwrap();
        sink.is_torn = true;
        sink.write_line("two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\n\ntwo\n");
        if cfg!(target_os = "linux") {
            assert!(Sink::file(Path::new("/dev/full")).unwrap().write_line("a").is_err());
        }
    }
}
