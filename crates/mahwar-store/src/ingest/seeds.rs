//! The seed documents: text files of a folder, read at start.
//!
//! Beside `NAME.txt` may stand `NAME.toml` with `title`, `language`, `source_url`, `publisher`, `published`.

use crate::{
    document::{Document, DocumentError, MAX_BYTES},
    language::Language,
};
use serde::Deserialize;
use std::{fs, io, path::Path};

/// Why a seed was not read.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum SeedError {
    #[error("cannot read the seeds at {path}: {error}")]
    Unreadable { path: String, error: io::Error },
    #[error("the seed {path} is not accepted: {error}")]
    Document { path: String, error: DocumentError },
    #[error("the description {path} is wrong: {error}")]
    Description { path: String, error: String },
}

/// What a description file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    title: Option<String>,
    language: Option<Language>,
    source_url: Option<String>,
    publisher: Option<String>,
    published: Option<String>,
}

/// Reads every `.txt` file of a folder, by name.
pub fn read_seeds(folder: &Path) -> Result<Vec<Document>, SeedError> {
    let unreadable = |path: &Path, error| SeedError::Unreadable {
        path: path.display().to_string(),
        error,
    };
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| unreadable(folder, error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    paths.iter().map(|path| read_seed(path)).collect()
}

fn read_seed(path: &Path) -> Result<Document, SeedError> {
    let shown = || path.display().to_string();
    let unreadable = |error| SeedError::Unreadable { path: shown(), error };
    let size = fs::metadata(path).map_err(unreadable)?.len();
    let document = match usize::try_from(size) {
        Ok(size) if size <= MAX_BYTES => fs::read(path).map_err(unreadable).map(Document::from_bytes)?,
        _ => Err(DocumentError::TooLong(usize::try_from(size).unwrap_or(usize::MAX))),
    };
    let mut document = document.map_err(|error| SeedError::Document { path: shown(), error })?;
    describe(&mut document, &path.with_extension("toml"))?;
    Ok(document)
}

fn describe(document: &mut Document, path: &Path) -> Result<(), SeedError> {
    let wrong = |error: String| SeedError::Description {
        path: path.display().to_string(),
        error,
    };
    let description: Description = match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| wrong(error.to_string()))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(wrong(error.to_string())),
    };
    if let Some(published) = &description.published {
        published
            .parse::<jiff::civil::Date>()
            .map_err(|_| wrong(format!("published {published:?} is not a date like 2021-12-03")))?;
    }
    if let Some(title) = description.title {
        document.title = title;
    }
    document.language = description.language.unwrap_or(document.language);
    document.source_url = description.source_url;
    document.publisher = description.publisher;
    document.published = description.published;
    Ok(())
}
