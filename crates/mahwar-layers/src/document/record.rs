//! One text with its title, source and dates. Its id is the start of the SHA-256 of its bytes.

use crate::{language::Language, text::printable::clean_line};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The largest text that is accepted, in bytes (50 MiB).
pub const MAX_BYTES: usize = 50 * 1024 * 1024;

/// Errors that keep a text from becoming a document.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum DocumentError {
    #[error("the text is empty")]
    Empty,
    #[error("the text has {0} bytes; at most {MAX_BYTES} are accepted")]
    TooLong(usize),
    #[error("the text is not UTF-8: the byte at offset {0} is wrong")]
    NotUtf8(usize),
}

/// A document. The text is kept byte for byte.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    /// First 16 hexadecimal digits of the SHA-256 of the text, or of its title and the text (see [`Self::set_title`]).
    pub id: String,
    /// Title, or the beginning of the first line if the client gave none.
    pub title: String,
    /// Main language.
    pub language: Language,
    /// Address of its publication.
    pub source_url: Option<String>,
    /// Publisher.
    pub publisher: Option<String>,
    /// Publication date (RFC 3339 full-date or date-time).
    pub published: Option<String>,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// The text.
    #[serde(skip)]
    pub text: String,
    /// A JSON object with further data about the document: `facts` (each with its source) and `pages` (their offsets).
    #[serde(skip)]
    pub details: Option<serde_json::Value>,
}

impl Document {
    /// Makes a document of bytes; nothing is normalised.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, DocumentError> {
        if bytes.len() > MAX_BYTES {
            return Err(DocumentError::TooLong(bytes.len()));
        }
        let text =
            String::from_utf8(bytes).map_err(|error| DocumentError::NotUtf8(error.utf8_error().valid_up_to()))?;
        Self::from_text(text)
    }

    /// Sets the title. A title that is not just the beginning of the text belongs to the document's identity: the same
    /// words under another headline are another document.
    pub fn set_title(&mut self, title: String) {
        self.title = title;
        self.id = match self.own_title() {
            Some(title) => id_of_titled(title, &self.text),
            None => self.text_id().to_owned(),
        };
    }

    /// The title, if it says more than the beginning of the text.
    pub fn own_title(&self) -> Option<&str> {
        Self::is_own_title(&self.title, &self.text).then_some(&*self.title)
    }

    /// True if a title says more than the beginning of its text.
    pub fn is_own_title(title: &str, text: &str) -> bool {
        title != title_of(text)
    }

    /// Id of the text without a title. Older versions used it for documents with a title, too.
    pub fn text_id(&self) -> &str {
        self.sha256.get(..16).unwrap_or(&self.sha256)
    }

    /// True if this is one of the ids that the text can have with this title.
    pub fn is_id(id: &str, title: &str, text: &str, sha256: &str) -> bool {
        sha256.get(..16) == Some(id) || id_of_titled(title, text) == id
    }

    /// Makes a document of a text.
    pub fn from_text(text: String) -> Result<Self, DocumentError> {
        if text.trim().is_empty() {
            return Err(DocumentError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(DocumentError::TooLong(text.len()));
        }
        let sha256 = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        Ok(Self {
            id: sha256[..16].to_owned(),
            title: title_of(&text),
            language: Language::default(),
            source_url: None,
            publisher: None,
            published: None,
            sha256,
            text,
            details: None,
        })
    }
}

/// First 16 hexadecimal digits of the SHA-256 of the title, an empty line and the text.
fn id_of_titled(title: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    for part in [title, "\n\n", text] {
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The title of a text without one: the first line with words, cut at a word boundary after at most 80 characters.
pub(crate) fn title_of(text: &str) -> String {
    const LONGEST: usize = 80;
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    // A title is one line, whatever the text contains.
    let line = clean_line(line, line.len());
    match line.char_indices().nth(LONGEST) {
        None => line.clone(),
        Some((end, _)) => {
            let cut = line[..end].rfind(char::is_whitespace).unwrap_or(end);
            format!("{}…", &line[..cut])
        }
    }
}
