//! Packages (ZIP) of office documents, unpacked within limits.

use crate::{
    Kind, Refusal,
    limits::{MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED_BYTES},
};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A package.
pub struct Package<'p> {
    kind: &'static str,
    archive: ZipArchive<Cursor<&'p [u8]>>,
    names: Vec<String>,
    packed: usize,
    unpacked: usize,
}

impl<'p> Package<'p> {
    /// Opens a package.
    ///
    /// # Errors
    /// When it is broken or has too many entries.
    pub fn open(kind: &'static str, bytes: &'p [u8]) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| Refusal::Broken {
            kind,
            cause: match error {
                // The list of its parts is at its end.
                zip::result::ZipError::InvalidArchive(_) => {
                    format!("it is damaged or cut off: its end is missing ({error})")
                }
                other => other.to_string(),
            },
        })?;
        if archive.len() > MAX_ENTRIES {
            return Err(Refusal::Unsafe {
                kind,
                cause: format!("it has {} entries; at most {MAX_ENTRIES} are accepted", archive.len()),
            });
        }
        let names = archive
            .file_names()
            .filter_map(Result::ok)
            .map(|name| name.into_owned())
            .collect();
        Ok(Self {
            kind,
            archive,
            names,
            packed: bytes.len(),
            unpacked: 0,
        })
    }

    /// True if there is an entry of this name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// Names of the entries.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The bytes of an entry; none if there is no such entry.
    ///
    /// # Errors
    /// When it is encrypted or broken, or unpacks to more than is accepted.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let kind = self.kind;
        let Some(index) = self.archive.index_for_name(name) else {
            return Ok(None);
        };
        let most = (self.packed.saturating_mul(MAX_RATIO) + (1 << 20))
            .min(MAX_UNPACKED_BYTES)
            .saturating_sub(self.unpacked);
        let entry = self.archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(cause) if cause.to_lowercase().contains("password") => {
                Refusal::Encrypted { kind }
            }
            other => Refusal::Broken {
                kind,
                cause: other.to_string(),
            },
        })?;
        let mut bytes = Vec::new();
        let read = entry.take(most as u64 + 1).read_to_end(&mut bytes);
        if bytes.len() > most {
            return Err(Refusal::Unsafe {
                kind,
                cause: format!(
                    "it unpacks to more than {MAX_RATIO} times its size or {MAX_UNPACKED_BYTES} bytes, as archives do that are made to fill a disk"
                ),
            });
        }
        read.map_err(|error| Refusal::Broken {
            kind,
            cause: format!("{name} cannot be unpacked: {error}"),
        })?;
        self.unpacked += bytes.len();
        Ok(Some(bytes))
    }
}

/// The kind of a package.
///
/// # Errors
/// For archives that are no documents, and documents that are not read.
pub fn kind_of_package(bytes: &[u8]) -> Result<Kind, Refusal> {
    let unsupported = |kind, advice| Err(Refusal::Unsupported { kind, advice });
    let mut package = Package::open("ZIP archive", bytes)?;
    let has_under = |package: &Package<'_>, folder: &str| package.names().any(|name| name.starts_with(folder));
    if package.has("[Content_Types].xml") {
        if has_under(&package, "word/") {
            return Ok(Kind::Docx);
        }
        if package.has("xl/workbook.bin") {
            return unsupported("a binary workbook (XLSB)", "save it as XLSX, ODS or CSV");
        }
        if has_under(&package, "xl/") {
            return Ok(Kind::Xlsx);
        }
        if has_under(&package, "ppt/") {
            return unsupported("a presentation (PPTX)", "save it as PDF");
        }
        return unsupported("an Office package", "save it as DOCX, XLSX or PDF");
    }
    if package.has("mimetype") {
        let media = package.read("mimetype")?.unwrap_or_default();
        let media = String::from_utf8_lossy(&media).into_owned();
        if media.contains("opendocument.text") {
            return Ok(Kind::Odt);
        }
        if media.contains("opendocument.spreadsheet") {
            return Ok(Kind::Ods);
        }
        if media.contains("opendocument") {
            return unsupported("an OpenDocument drawing or presentation", "save it as PDF");
        }
        if media.contains("epub") {
            return unsupported("an EPUB book", "save its text");
        }
    }
    if package.names().any(is_archive) {
        return unsupported(
            "a ZIP archive with archives in it",
            "unpack both and give the files; archives in archives are never opened",
        );
    }
    unsupported("a ZIP archive", "unpack it and give the files in it, or the folder")
}

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz"]
        .iter()
        .any(|ending| name.ends_with(ending))
}
