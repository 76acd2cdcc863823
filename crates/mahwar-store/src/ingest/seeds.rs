//! The seed documents: text files of a folder, read at start by the same checks as every other text.
//!
//! Beside `NAME.txt` there may be `NAME.toml` with `title`, `language`, `source_url`, `publisher`, `published`.

use super::{AcceptedText, Incoming, IngestError};
use crate::{document::MAX_BYTES, files};
use serde::Deserialize;
use std::{fs, io, path::Path};

/// The largest description, in bytes.
const MAX_DESCRIPTION: u64 = 64 * 1024;

/// Errors of a seed that is skipped.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum SeedError {
    #[error("cannot read the seeds at {path}: {error}")]
    Unreadable { path: String, error: io::Error },
    #[error("the seed {path} is not accepted: {error}")]
    Document { path: String, error: IngestError },
    #[error("the description {path} is wrong: {error}")]
    Description { path: String, error: String },
}

/// Members of a description.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    title: Option<String>,
    language: Option<String>,
    source_url: Option<String>,
    publisher: Option<String>,
    published: Option<String>,
}

/// Reads every `.txt` file of a folder, by name. A seed that is wrong is an error in its place; the others are read.
///
/// # Errors
/// When the folder cannot be listed.
pub fn read_seeds(folder: &Path) -> Result<Vec<Result<AcceptedText, SeedError>>, SeedError> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| unreadable(folder, error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    Ok(paths.iter().map(|path| read_file(path)).collect())
}

/// Takes the bytes of a seed, and of its description where it has one.
///
/// # Errors
/// As for every text on its way in, with the path.
pub fn read_seed(path: &Path, text: Vec<u8>, description: Option<Vec<u8>>) -> Result<AcceptedText, SeedError> {
    let beside = path.with_extension("toml");
    let described = match description {
        None => Incoming::default(),
        Some(bytes) => describe(bytes).map_err(|error| SeedError::Description {
            path: beside.display().to_string(),
            error,
        })?,
    };
    let text = String::from_utf8(text)
        .map_err(|error| crate::document::DocumentError::NotUtf8(error.utf8_error().valid_up_to()).into());
    let taken = text.and_then(|text| Incoming::of_text(text).or(&described).take());
    taken.map_err(|error| match error {
        IngestError::Field { .. } => SeedError::Description {
            path: beside.display().to_string(),
            error: error.to_string(),
        },
        error => SeedError::Document {
            path: path.display().to_string(),
            error,
        },
    })
}

fn unreadable(path: &Path, error: io::Error) -> SeedError {
    SeedError::Unreadable {
        path: path.display().to_string(),
        error,
    }
}

fn read_file(path: &Path) -> Result<AcceptedText, SeedError> {
    let text = files::read_regular(path, MAX_BYTES as u64).map_err(|error| unreadable(path, error))?;
    let beside = path.with_extension("toml");
    let description = match files::read_regular(&beside, MAX_DESCRIPTION) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(unreadable(&beside, error)),
    };
    read_seed(path, text, description)
}

fn describe(bytes: Vec<u8>) -> Result<Incoming, String> {
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    let description: Description = toml::from_str(&text).map_err(|error| error.to_string())?;
    Ok(Incoming {
        title: description.title,
        language: description.language,
        source_url: description.source_url,
        publisher: description.publisher,
        published: description.published,
        ..Incoming::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_passes_the_checks_of_every_text() {
        for (text, description, named) in [
            ("Attack near Kirkuk\0", None, "a.txt"),
            ("", None, "a.txt"),
            ("Kirkuk", Some("title=\"two\\nlines\""), "a.toml"),
            ("Kirkuk", Some("title=\"a\\u0000b\""), "a.toml"),
            ("Kirkuk", Some("title=\"Report \\u202efdp.exe\""), "a.toml"),
            ("Kirkuk", Some("source_url=\"javascript:alert(1)\""), "a.toml"),
            ("Kirkuk", Some("published=\"yesterday\""), "a.toml"),
            ("Kirkuk", Some("language=\"fr\""), "a.toml"),
            ("Kirkuk", Some("titel=\"a\""), "a.toml"),
        ] {
            let error = read_seed(
                Path::new("a.txt"),
                text.into(),
                description.map(|text| text.as_bytes().to_vec()),
            );
            let error = error.unwrap_err().to_string();
            assert!(error.contains(named), "{description:?}: {error}");
        }
    }

    #[test]
    fn a_description_takes_every_date_that_other_ways_in_take() {
        let description = b"published=\"2021-12-03T10:00:00Z\"\nlanguage=\"en\"".to_vec();
        let taken = read_seed(Path::new("a.txt"), b"Kirkuk".to_vec(), Some(description)).unwrap();
        assert_eq!(taken.document.published.as_deref(), Some("2021-12-03T10:00:00Z"));
        assert!(taken.language_given);
    }

    #[test]
    fn a_bad_seed_costs_itself_only() {
        let folder = tempfile::TempDir::new().unwrap();
        fs::write(folder.path().join("a.txt"), "Attack near Kirkuk\0").unwrap();
        fs::write(folder.path().join("b.txt"), "Attack near Khanaqin").unwrap();
        let seeds = read_seeds(folder.path()).unwrap();
        assert!(seeds[0].is_err());
        assert_eq!(seeds[1].as_ref().unwrap().document.text, "Attack near Khanaqin");
    }
}
