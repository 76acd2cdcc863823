//! Files: read only when they are regular files, written beside their name and renamed.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};
use tempfile::NamedTempFile;

/// Opens a file that must be a regular one: a pipe or a device is refused at once, without waiting for it.
///
/// # Errors
/// When it cannot be opened, or is no regular file.
///
/// ```
/// assert!(mahwar_files::open_regular("no such file".as_ref()).is_err());
/// ```
pub fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Without it, opening a pipe waits for somebody to write.
        options.custom_flags(libc::O_NONBLOCK);
    }
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return Ok(file);
    }
    let is = if kind.is_dir() {
        "a folder"
    } else {
        "a pipe, socket or device"
    };
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {is}; a regular file is needed"),
    ))
}

/// Opens a file that may be a pipe, as shells make them, but no device and no folder.
///
/// # Errors
/// When it cannot be opened, or is a device or folder.
pub fn open_stream(path: &Path) -> io::Result<File> {
    // Asked before it is opened: opening some devices does something.
    refuse_device(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    refuse_device(&file.metadata()?)?;
    Ok(file)
}

fn refuse_device(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    let is = if kind.is_dir() {
        "a folder"
    } else if is_device(kind) {
        "a device"
    } else {
        return Ok(());
    };
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {is}; a file or a pipe is needed"),
    ))
}

#[cfg(unix)]
fn is_device(kind: std::fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt;
    kind.is_char_device() || kind.is_block_device()
}

#[cfg(not(unix))]
fn is_device(_: std::fs::FileType) -> bool {
    false
}

/// Reads a whole regular file of at most `most` bytes.
///
/// # Errors
/// When it cannot be read, is no regular file, is longer, or is written to meanwhile.
///
/// ```
/// let folder = std::env::temp_dir();
/// // A folder is no regular file.
/// assert!(mahwar_files::read_regular(&folder, 1000).is_err());
/// ```
pub fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = open_regular(path)?;
    let before = file.metadata()?;
    if before.len() > most {
        return Err(too_long(before.len(), most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0));
    Read::by_ref(&mut file).take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_long(bytes.len() as u64, most));
    }
    if has_changed(&before, &file.metadata()?) || bytes.len() as u64 != before.len() {
        return Err(io::Error::other(
            "it was changed while it was read; try again when it is written",
        ));
    }
    Ok(bytes)
}

/// [`read_regular`] as text.
///
/// # Errors
/// As [`read_regular`], and when it is not UTF-8.
///
/// ```
/// assert!(mahwar_files::read_regular_text("no such file".as_ref(), 1000).is_err());
/// ```
pub fn read_regular_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read_regular(path, most)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn has_changed(before: &Metadata, after: &Metadata) -> bool {
    before.len() != after.len() || before.modified().ok() != after.modified().ok()
}

fn too_long(length: u64, most: u64) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("it has {length} bytes; at most {most} are accepted"),
    )
}

/// Who may read a file that the program makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Its owner: mode 0600.
    Owner,
    /// Whom the user's umask admits.
    ByUmask,
}

/// Writes a file: to a new one with a name of its own in the same folder, which is then renamed. Nothing else is touched,
/// and no link is followed: a link of this name is replaced. On failure the file keeps its content.
///
/// # Errors
/// Those of `write`, and of making and renaming the file.
pub fn replace<E: From<io::Error>>(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let mut part = beside(path, readers)?;
    write(part.as_file_mut())?;
    part.as_file_mut().flush()?;
    part.as_file().sync_all()?;
    part.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A new file with a name of its own in the folder of `path`, removed when it is dropped.
///
/// # Errors
/// When it cannot be made.
pub fn beside(path: &Path, readers: Readers) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mahwar-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = match readers {
            Readers::Owner => 0o600,
            Readers::ByUmask => 0o666,
        };
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt, process::Command};

    #[test]
    fn pipes_devices_and_folders_are_refused_at_once() {
        let folder = tempfile::TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [
            pipe.as_path(),
            folder.path(),
            Path::new("/dev/zero"),
            Path::new("/dev/null"),
        ] {
            let error = read_regular(path, 10).unwrap_err();
            assert!(
                error.to_string().contains("regular file"),
                "{}: {error}",
                path.display()
            );
        }
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read_regular(&path, 5).unwrap(), b"12345");
        assert!(read_regular(&path, 4).unwrap_err().to_string().contains("at most 4"));
    }

    #[test]
    fn a_replaced_file_touches_nothing_else() {
        let folder = tempfile::TempDir::new().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("map.csv"));
        fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let written = replace::<io::Error>(&link, Readers::Owner, |file| file.write_all(b"new"));
        written.unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"mine");
        assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&link).unwrap().permissions().mode() & 0o777, 0o600);
        let failed = replace::<io::Error>(&link, Readers::Owner, |_| Err(io::Error::other("full")));
        assert!(failed.is_err());
        assert_eq!(fs::read(&link).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
