//! One text with its description as a client gives it, and the checks that make a document of it.

use super::html::{MAX_HTML_BYTES, html_to_text};
use crate::{
    document::{Document, DocumentError},
    language::Language,
    layers::TimeSpan,
    text::printable::{clean_line, cut, escape, is_unfit_for_a_line},
};
use serde::Deserialize;

/// The longest title, in code points.
const MAX_TITLE: usize = 500;
/// The longest publisher, in code points.
const MAX_PUBLISHER: usize = 200;
/// The longest address, in bytes.
const MAX_URL: usize = 2048;

/// Why something is not taken as a document.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum IngestError {
    #[error("not JSON like {{\"text\": \"…\"}}: {0}")]
    Json(String),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error("the text holds a NUL character at byte {0}; texts are plain text")]
    Nul(usize),
    #[error("the HTML holds a NUL character at byte {0}; pages are text")]
    NulInPage(usize),
    #[error("there is neither \"text\" nor \"html\"; one of them is needed")]
    NoText,
    #[error("{field} does not take {value:?}; it takes {takes}")]
    Field {
        field: &'static str,
        value: String,
        takes: &'static str,
    },
    #[error("the HTML has {0} bytes; at most {MAX_HTML_BYTES} are accepted. Give the text instead")]
    PageTooLong(usize),
    #[error("the HTML is not taken: {0}")]
    Html(String),
    #[error("the feed is not taken: {0}")]
    Feed(String),
    #[error("cannot read {path}: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("{path}: the kind is not known; accepted: .txt, .html, .json, .ndjson")]
    UnknownKind { path: String },
    #[error("cannot fetch {url}: {error}")]
    Fetch { url: String, error: String },
}

impl IngestError {
    /// Whether what was given is larger than what is accepted.
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::Document(DocumentError::TooLong(_)) | Self::PageTooLong(_))
    }
}

/// What a client gives. Either `text` or `html`, or both: then `text` is the document and `html` is kept beside it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incoming {
    /// The text.
    pub text: Option<String>,
    /// The page that the text is taken from.
    pub html: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Where it was published, `http://` or `https://`.
    pub source_url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When it was published: RFC 3339 full-date or date-time.
    pub published: Option<String>,
    /// `ar`, `ckb` or `en`; told from the text when absent.
    pub language: Option<String>,
    /// The client's own number of the line; not kept.
    #[serde(default)]
    pub id: serde::de::IgnoredAny,
}

/// The bytes that a text was reduced from.
#[derive(Clone, Debug, PartialEq)]
pub struct Original {
    /// Their media type.
    pub media_type: &'static str,
    /// As they came.
    pub bytes: Vec<u8>,
}

/// A text that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The document; its language is to be told from the text unless `language_given`.
    pub document: Document,
    /// Whether the client said which language it is.
    pub language_given: bool,
    /// What the text was reduced from, where it was not given as text.
    pub original: Option<Original>,
}

impl Incoming {
    /// A plain text without a description.
    pub fn of_text(text: String) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }

    /// A page without a description.
    pub fn of_html(html: String) -> Self {
        Self {
            html: Some(html),
            ..Self::default()
        }
    }

    /// Reads one JSON object.
    ///
    /// # Errors
    /// When it is not one, or has a member that is not known.
    pub fn of_json(bytes: &[u8]) -> Result<Self, IngestError> {
        serde_json::from_slice(bytes).map_err(|error| IngestError::Json(json_error(&error)))
    }

    /// The same with the members of `other` where it has none itself.
    pub fn or(mut self, other: &Self) -> Self {
        let fill = |own: &mut Option<String>, other: &Option<String>| {
            if own.is_none() {
                own.clone_from(other);
            }
        };
        fill(&mut self.title, &other.title);
        fill(&mut self.source_url, &other.source_url);
        fill(&mut self.publisher, &other.publisher);
        fill(&mut self.published, &other.published);
        fill(&mut self.language, &other.language);
        self
    }

    /// Checks everything and makes a document of it. Empty descriptions count as absent.
    ///
    /// # Errors
    /// The first thing that is wrong, with what is accepted.
    pub fn take(self) -> Result<Taken, IngestError> {
        let given = |value: Option<String>| {
            let value = value.map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let title = given(self.title).map(title).transpose()?;
        let publisher = given(self.publisher).map(publisher).transpose()?;
        let source_url = given(self.source_url).map(source_url).transpose()?;
        let published = given(self.published).map(published).transpose()?;
        let language = given(self.language).map(language).transpose()?;
        if let Some(at) = self.html.as_deref().and_then(|html| html.find('\0')) {
            return Err(IngestError::NulInPage(at));
        }
        let original = self.html.as_ref().map(|html| Original {
            media_type: "text/html",
            bytes: html.clone().into_bytes(),
        });
        let (text, page_title) = match (self.text, self.html) {
            (_, Some(html)) if html.len() > MAX_HTML_BYTES => return Err(IngestError::PageTooLong(html.len())),
            (Some(text), _) => (text, None),
            (None, Some(html)) => {
                let page = html_to_text(&html)?;
                (page.text, page.title)
            }
            (None, None) => return Err(IngestError::NoText),
        };
        if let Some(at) = text.find('\0') {
            return Err(IngestError::Nul(at));
        }
        let mut document = Document::from_text(text)?;
        let page_title = page_title.map(|title| clean_line(&title, MAX_TITLE));
        if let Some(title) = title.or(page_title.filter(|title| !title.is_empty())) {
            document.title = title;
        }
        document.source_url = source_url;
        document.publisher = publisher;
        document.published = published;
        document.language = language.unwrap_or_default();
        Ok(Taken {
            document,
            language_given: language.is_some(),
            original,
        })
    }
}

fn wrong(field: &'static str, value: &str, takes: &'static str) -> IngestError {
    let value = cut(value).into_owned();
    IngestError::Field { field, value, takes }
}

fn line(field: &'static str, value: String, longest: usize, takes: &'static str) -> Result<String, IngestError> {
    match value.chars().count() <= longest && !value.chars().any(is_unfit_for_a_line) {
        true => Ok(value),
        false => Err(wrong(field, &value, takes)),
    }
}

/// What may describe a text that is read and not stored.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// One line of at most 500 characters.
    pub title: Option<String>,
    /// When it was published: RFC 3339 full-date or date-time.
    pub published: Option<String>,
}

impl Described {
    /// Checks a title and a date as those of a document are checked.
    ///
    /// # Errors
    /// A title of several lines or of more than 500 characters; a date that is not RFC 3339.
    pub fn check(own_title: Option<String>, date: Option<String>) -> Result<Self, IngestError> {
        // Not trimmed: offsets into the title are those into the title as it was given.
        let given = |value: Option<String>| value.filter(|value| !value.trim().is_empty());
        Ok(Self {
            title: given(own_title).map(title).transpose()?,
            published: given(date).map(published).transpose()?,
        })
    }
}

fn title(value: String) -> Result<String, IngestError> {
    line(
        "title",
        value,
        MAX_TITLE,
        "one line of at most 500 characters without control characters",
    )
}

fn publisher(value: String) -> Result<String, IngestError> {
    line(
        "publisher",
        value,
        MAX_PUBLISHER,
        "one line of at most 200 characters without control characters",
    )
}

/// Only addresses that a reader can follow: a `javascript:` address would run in the reader's page.
fn source_url(value: String) -> Result<String, IngestError> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let start = value.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &value[scheme.len()..])
    });
    let fits = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && value.len() <= MAX_URL
        && !value
            .chars()
            .any(|c| c.is_whitespace() || is_unfit_for_a_line(c) || "<>\"\\^`{|}".contains(c))
        // Clients parse it as the web does: a host, a port that exists, no password for everybody to read.
        && url::Url::parse(&value).is_ok_and(|url| url.has_host() && url.password().is_none());
    match fits {
        true => Ok(value),
        false => Err(wrong(
            "source_url",
            &value,
            "an http:// or https:// address with a host, of at most 2048 bytes",
        )),
    }
}

fn published(value: String) -> Result<String, IngestError> {
    match value.parse::<TimeSpan>() {
        Ok(_) => Ok(value),
        Err(_) => Err(wrong(
            "published",
            &value,
            "an RFC 3339 date (2021-12-03) or date-time (2021-12-03T10:00:00Z)",
        )),
    }
}

fn language(value: String) -> Result<Language, IngestError> {
    Language::ALL
        .into_iter()
        .find(|language| language.tag() == value)
        .ok_or_else(|| wrong("language", &value, "ar, ckb or en"))
}

/// The message of a JSON parser in one short line: it repeats unknown members as they were written.
pub fn json_error(error: &serde_json::Error) -> String {
    const MAX_MESSAGE: usize = 300;
    let message = error.to_string();
    let message = escape(&message);
    match message.char_indices().nth(MAX_MESSAGE) {
        None => message.into_owned(),
        // Where it is stays at the end.
        Some((end, _)) => format!(
            "{}… at line {} column {}",
            &message[..end],
            error.line(),
            error.column()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(field: &str, value: &str) -> Result<Taken, IngestError> {
        let body = serde_json::json!({"text": "Attacks near Makhmour", field: value}).to_string();
        Incoming::of_json(body.as_bytes())?.take()
    }

    #[test]
    fn a_description_that_is_wrong_is_named_with_what_is_accepted() {
        for (field, value) in [
            ("published", "yesterday"),
            ("published", "2021-13-01"),
            ("published", "2021-12-03 10:00"),
            ("language", "fr"),
            ("language", "AR"),
            ("source_url", "javascript:alert(1)"),
            ("source_url", "ftp://example.org/a"),
            ("source_url", "https://"),
            ("source_url", "https://example.org/<script>"),
            ("source_url", "http://["),
            ("source_url", "https://example.org:99999/x"),
            ("source_url", "http://%zz/"),
            ("source_url", "http://@"),
            ("source_url", "http://a b/"),
            ("source_url", "https://exa\u{202e}mple.org/"),
            ("source_url", "https://user:password@example.org/"),
            ("title", "two\nlines"),
            ("title", "Report \u{202e}fdp.exe"),
            ("title", "a\u{2028}b"),
            ("publisher", "a\u{9b}31mb"),
            ("publisher", "a\u{2066}b"),
        ] {
            let error = described(field, value).unwrap_err().to_string();
            assert!(error.starts_with(field) && error.contains("it takes"), "{error}");
        }
    }

    #[test]
    fn a_description_that_is_right_is_kept() {
        for (field, value) in [
            ("published", "2021-12-03"),
            ("published", "2021-12-03T10:00:00+03:00"),
            ("language", "ckb"),
            ("source_url", "https://example.org/خبر?id=1"),
            ("source_url", "http://[2001:db8::1]:8080/a"),
            ("source_url", "https://مثال.إختبار/خبر"),
            ("title", "Attacks <b>near</b> Makhmour"),
            ("title", "هجوم\u{200f} في می\u{200c}خواهم"),
        ] {
            assert!(described(field, value).is_ok(), "{field} {value}");
        }
        assert_eq!(
            described("title", "  ").unwrap().document.title,
            "Attacks near Makhmour"
        );
    }

    #[test]
    fn a_member_that_nobody_knows_is_refused_by_name() {
        let error = described("publishd", "2021-12-03").unwrap_err().to_string();
        assert!(error.contains("publishd"), "{error}");
    }

    #[test]
    fn a_message_repeats_little_of_a_client_and_nothing_that_is_not_printable() {
        let body = serde_json::json!({"text": "Kirkuk", format!("x\r\n\u{1b}[2K\u{202e}{}", "y".repeat(1_000_000)): 1});
        let error = Incoming::of_json(body.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.len() < 500, "{}", error.len());
        assert!(!error.contains(['\r', '\n', '\u{1b}', '\u{202e}']), "{error:?}");
    }

    #[test]
    fn a_page_with_a_nul_is_refused_also_beside_a_text() {
        for body in [
            &br#"{"text": "Kirkuk", "html": "<p>a\u0000b"}"#[..],
            br#"{"html": "<p>a\u0000b"}"#,
        ] {
            let error = Incoming::of_json(body).unwrap().take().unwrap_err();
            assert!(matches!(error, IngestError::NulInPage(4)), "{error}");
        }
    }

    #[test]
    fn text_and_page_together_keep_both() {
        let body = br#"{"text": "Kirkuk", "html": "<p>Kirkuk and more</p>"}"#;
        let taken = Incoming::of_json(body).unwrap().take().unwrap();
        assert_eq!(taken.document.text, "Kirkuk");
        assert_eq!(taken.original.unwrap().bytes, b"<p>Kirkuk and more</p>");
    }

    /// From a report: a page of 150 MiB beside a text was stored, though there is a limit for pages.
    #[test]
    fn a_page_beside_a_text_has_the_same_limit_as_a_page_alone() {
        let page = "a".repeat(MAX_HTML_BYTES + 1);
        for text in [None, Some("Kirkuk".to_owned())] {
            let incoming = Incoming {
                text,
                html: Some(page.clone()),
                ..Incoming::default()
            };
            assert!(incoming.take().unwrap_err().is_too_large());
        }
    }

    #[test]
    fn nothing_and_nul_are_no_text() {
        assert!(matches!(
            Incoming::of_json(b"{}").unwrap().take(),
            Err(IngestError::NoText)
        ));
        assert!(matches!(
            Incoming::of_text("a\0b".into()).take(),
            Err(IngestError::Nul(1))
        ));
        assert!(matches!(
            Incoming::of_text(" \n".into()).take(),
            Err(IngestError::Document(DocumentError::Empty))
        ));
    }
}
