//! One text with its description as a client sends it, and the checks that make a document of it.

use crate::{
    document::{Document, DocumentError},
    formats::{
        self, Extracted, Fact, MAX_ORIGINAL_BYTES, Origin, PageOffset, Refusal, check_words,
        html::{HtmlError, MAX_HTML_BYTES},
        read_page,
    },
    language::Language,
    layers::TimeSpan,
    text::printable::{clean_line, cut, escape, is_unfit_for_a_line},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// The longest title, in code points.
const MAX_TITLE: usize = 500;
/// The longest publisher, in code points.
const MAX_PUBLISHER: usize = 200;
/// The longest author, in code points.
const MAX_AUTHOR: usize = 200;
/// The longest value of a member that is not known, in code points; a longer one is cut, with `…` at its end.
const MAX_FACT: usize = 2_000;
/// The longest address, in bytes.
const MAX_URL: usize = 2048;

/// Errors that keep an input from becoming a document.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum IngestError {
    #[error("not JSON like {{\"text\": \"…\"}}: {0}")]
    Json(String),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error("the text holds a NUL character at byte {0}; texts are plain text")]
    Nul(usize),
    #[error("there is neither \"text\" nor \"html\"{0}; one of them is needed")]
    NoText(String),
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
    #[error(
        "the member {0:?} is not taken: names have at most 100 printable characters, and a text at most 200 members"
    )]
    Member(String),
    #[error(
        "the member {name:?} does not take {value:?}; it takes a text without control characters and without bidirectional overrides"
    )]
    MemberValue { name: String, value: String },
    #[error("{path} changed while it was read; try again when it is complete")]
    Changed { path: String },
    #[error(transparent)]
    Format(#[from] Refusal),
    #[error("cannot fetch {url}: the server answered {status}")]
    Status { url: String, status: u16 },
    #[error("cannot fetch {url}: {error}")]
    Fetch { url: String, error: String },
}

impl IngestError {
    /// True if the input is larger than the limit.
    pub fn is_too_large(&self) -> bool {
        match self {
            Self::Document(DocumentError::TooLong(_)) | Self::PageTooLong(_) => true,
            Self::Format(refusal) => refusal.is_too_large(),
            _ => false,
        }
    }
}

impl From<HtmlError> for IngestError {
    fn from(error: HtmlError) -> Self {
        match error {
            HtmlError::TooLong(bytes) => Self::PageTooLong(bytes),
            HtmlError::Refused(cause) => Self::Html(cause),
        }
    }
}

/// Document as a client sends it. With both `text` and `html`, `text` is the document and `html` is kept as the
/// original.
///
/// Unknown members are kept as facts about the document.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Incoming {
    /// The text.
    pub text: Option<String>,
    /// The page that the text is extracted from.
    pub html: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Address of its publication, `http://` or `https://`.
    pub source_url: Option<String>,
    /// Publisher.
    pub publisher: Option<String>,
    /// Publication date: RFC 3339 full-date or date-time.
    pub published: Option<String>,
    /// `ar`, `ckb` or `en`; detected from the text when absent.
    pub language: Option<String>,
    /// Author.
    pub author: Option<String>,
    /// The client's own number of the line; not kept.
    #[serde(default)]
    pub id: serde::de::IgnoredAny,
    /// Members that are not known.
    #[serde(flatten)]
    pub others: Map<String, Value>,
    /// Keep the whole of a page: menus, comments, footers too.
    #[serde(skip)]
    pub whole_page: bool,
    /// Encoding that the page was decoded from, by which the words of its text are judged.
    #[serde(skip)]
    pub encoding: Option<(&'static str, Origin)>,
    /// Facts that the document declares about itself.
    #[serde(skip)]
    pub facts: Vec<Fact>,
    /// Starts of its pages.
    #[serde(skip)]
    pub pages: Vec<PageOffset>,
    /// The bytes that the text was extracted from, if it is not plain text.
    #[serde(skip)]
    pub original: Option<Original>,
}

/// The bytes that a text was reduced from.
#[derive(Clone, Debug, PartialEq)]
pub struct Original {
    /// Their media type.
    pub media_type: &'static str,
    /// As they came.
    pub bytes: Vec<u8>,
}

/// A text that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct AcceptedText {
    /// The document; its language still has to be detected from the text unless `language_given`.
    pub document: Document,
    /// True if the client gave the language.
    pub language_given: bool,
    /// Original that the text was extracted from, if it was not sent as text.
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

    /// A text that was extracted from another format. `bytes` are kept as the original, within [`MAX_ORIGINAL_BYTES`].
    pub fn of_extracted(extracted: Extracted, bytes: Option<&[u8]>) -> Self {
        let media_type = extracted.media_type;
        let kept = bytes.filter(|bytes| bytes.len() <= MAX_ORIGINAL_BYTES && media_type != "text/plain");
        Self {
            text: Some(extracted.text),
            title: extracted.title,
            source_url: extracted.url,
            publisher: extracted.publisher,
            published: extracted.published,
            language: extracted.language,
            author: extracted.author,
            facts: extracted.facts,
            pages: extracted.pages,
            original: kept.map(|bytes| Original {
                media_type,
                bytes: bytes.to_vec(),
            }),
            ..Self::default()
        }
    }

    /// Reads one JSON object.
    ///
    /// # Errors
    /// When it is not one, or has a member whose name is no name.
    pub fn of_json(bytes: &[u8]) -> Result<Self, IngestError> {
        let bytes = formats::utf8(bytes);
        let read: Self = serde_json::from_slice(&bytes).map_err(|error| IngestError::Json(json_error(&error)))?;
        read.checked()
    }

    /// Reads one entry of a list.
    ///
    /// # Errors
    /// As [`Self::of_json`].
    pub fn of_value(value: Value) -> Result<Self, IngestError> {
        let read: Self = serde_json::from_value(value).map_err(|error| IngestError::Json(json_error(&error)))?;
        read.checked()
    }

    /// Checks the names and the values of members that are not known: they are shown beside the text.
    fn checked(self) -> Result<Self, IngestError> {
        const MAX_NAME: usize = 100;
        const MAX_MEMBERS: usize = 200;
        let wrong = |name: &&String| name.chars().count() > MAX_NAME || name.chars().any(is_unfit_for_a_line);
        let wrong = self
            .others
            .keys()
            .find(wrong)
            .or_else(|| self.others.keys().nth(MAX_MEMBERS));
        if let Some(name) = wrong {
            return Err(IngestError::Member(cut(name).into_owned()));
        }
        for (name, value) in &self.others {
            let value = words(value);
            let is_unfit = |letter: char| is_unfit_for_a_line(letter) && !matches!(letter, '\n' | '\r' | '\t');
            if value.chars().any(is_unfit) {
                return Err(IngestError::MemberValue {
                    name: cut(name).into_owned(),
                    value: cut(&escape(&value)).into_owned(),
                });
            }
        }
        Ok(self)
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
        fill(&mut self.author, &other.author);
        self.whole_page |= other.whole_page;
        self
    }

    /// All facts about the text, from the sender and from the text itself.
    fn details(&mut self) -> Option<Value> {
        let mut facts = std::mem::take(&mut self.facts);
        let given = [
            ("title", &self.title),
            ("source_url", &self.source_url),
            ("publisher", &self.publisher),
            ("published", &self.published),
            ("language", &self.language),
            ("author", &self.author),
        ];
        for (name, value) in given {
            let Some(value) = value.as_deref().map(str::trim).filter(|value| !value.is_empty()) else {
                continue;
            };
            let name_of_fact = if name == "source_url" { "url" } else { name };
            let is_declared = |fact: &Fact| {
                fact.name == name_of_fact && (fact.value == value || name == "published" || name == "language")
            };
            if !facts.iter().any(is_declared) {
                facts.push(fact(name, value));
            }
        }
        for (name, value) in std::mem::take(&mut self.others) {
            if !value.is_null() {
                facts.push(fact(&name, &words(&value)));
            }
        }
        let pages = std::mem::take(&mut self.pages);
        if facts.is_empty() && pages.is_empty() {
            return None;
        }
        let mut details = json!({"facts": facts});
        if !pages.is_empty() {
            details["pages"] = json!(pages);
        }
        Some(details)
    }

    /// Checks everything and makes a document of it. Empty descriptions count as absent.
    ///
    /// # Errors
    /// The first problem, with the accepted values.
    pub fn take(mut self) -> Result<AcceptedText, IngestError> {
        self.read_page()?;
        let given = |value: Option<String>| {
            let value = value.map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let others = self.others.iter().map(|(name, _)| format!("{:?}", cut(name)));
        let others: Vec<String> = others.take(5).collect();
        given(self.author.clone()).map(author).transpose()?;
        let details = self.details();
        let title = given(self.title).map(title).transpose()?;
        let publisher = given(self.publisher).map(publisher).transpose()?;
        let source_url = given(self.source_url).map(source_url).transpose()?;
        let published = given(self.published).map(published).transpose()?;
        let language = given(self.language).map(language).transpose()?;
        let text = self.text.ok_or_else(|| match others.is_empty() {
            true => IngestError::NoText(String::new()),
            false => IngestError::NoText(format!(" but {}", others.join(", "))),
        })?;
        if let Some(at) = text.find('\0') {
            return Err(IngestError::Nul(at));
        }
        let mut document = Document::from_text(text)?;
        if let Some(title) = title {
            document.set_title(title);
        }
        document.details = details;
        document.source_url = source_url;
        document.publisher = publisher;
        document.published = published;
        document.language = language.unwrap_or_default();
        Ok(AcceptedText {
            document,
            language_given: language.is_some(),
            original: self.original,
        })
    }

    /// Replaces a page by its text; the page's own metadata fills the gaps.
    fn read_page(&mut self) -> Result<(), IngestError> {
        let Some(mut html) = self.html.take() else {
            return Ok(());
        };
        // A NUL is no character of a page (HTML standard).
        html.retain(|letter| letter != '\0');
        if html.len() > MAX_HTML_BYTES {
            return Err(IngestError::PageTooLong(html.len()));
        }
        if self.text.is_none() {
            let page =
                read_page(&html, self.source_url.as_deref(), self.whole_page).map_err(|refusal| match refusal {
                    Refusal::Unsafe { cause, .. } => IngestError::Html(cause),
                    other => IngestError::Format(other),
                })?;
            if let Some((encoding, origin)) = self.encoding {
                check_words(&page.text, encoding, origin)?;
            }
            let metadata = page.metadata;
            let fill = |own: &mut Option<String>, other: Option<String>| {
                if own.as_deref().is_none_or(|own| own.trim().is_empty()) {
                    *own = other;
                }
            };
            fill(
                &mut self.title,
                metadata.title.map(|title| clean_line(&title, MAX_TITLE)),
            );
            fill(&mut self.published, metadata.published);
            let line = |text: String| clean_line(&text, MAX_PUBLISHER);
            fill(&mut self.publisher, metadata.publisher.map(line));
            fill(&mut self.author, metadata.author.map(line));
            fill(&mut self.source_url, metadata.url);
            self.facts.extend(metadata.facts);
            self.facts.push(Fact {
                name: "extraction".to_owned(),
                value: if page.is_article { "article" } else { "whole page" }.to_owned(),
                origin: Origin::Detected,
                by: None,
            });
            self.text = Some(page.text);
        }
        self.original = Some(Original {
            media_type: "text/html",
            bytes: html.into_bytes(),
        });
        Ok(())
    }
}

/// A value in words: a text as it is, others as JSON.
fn words(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn fact(name: &str, value: &str) -> Fact {
    Fact {
        name: name.to_owned(),
        value: match value.char_indices().nth(MAX_FACT) {
            None => value.to_owned(),
            Some((end, _)) => format!("{}…", &value[..end]),
        },
        origin: Origin::Given,
        by: None,
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

/// Optional description of a text that is read but not stored.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// One line of at most 500 characters.
    pub title: Option<String>,
    /// Publication date: RFC 3339 full-date or date-time.
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

/// Checks a member of a document's description as that of a new document is checked. Unknown names accept no value.
///
/// # Errors
/// The accepted values of the member.
pub fn checked_field(name: &str, value: String) -> Result<String, IngestError> {
    if value.trim().is_empty() {
        return Err(wrong("value", &value, "a text that is not empty"));
    }
    match name {
        "title" => title(value),
        "publisher" => publisher(value),
        "published" => published(value),
        "source_url" => source_url(value),
        _ => language(value).map(|language| language.tag().to_owned()),
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

fn author(value: String) -> Result<String, IngestError> {
    line(
        "author",
        value,
        MAX_AUTHOR,
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

    fn described(field: &str, value: &str) -> Result<AcceptedText, IngestError> {
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
            ("author", "a\u{1b}[31mb"),
            ("author", "a\u{202e}b"),
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
    fn a_member_that_nobody_knows_is_kept_as_a_fact() {
        let taken = described("incident_type", "IED").unwrap();
        let facts = taken.document.details.unwrap()["facts"].clone();
        assert_eq!(
            facts,
            json!([{"name": "incident_type", "value": "IED", "origin": "given"}])
        );
    }

    /// Report: members that are not known passed control characters that titles refuse.
    #[test]
    fn the_value_of_a_member_has_no_control_characters_and_shows_where_it_is_cut() {
        for value in ["a\u{0}b", "a\u{1b}[31mb", "a\u{202e}b"] {
            let error = described("note", value).unwrap_err().to_string();
            assert!(
                error.starts_with("the member \"note\"") && error.contains("it takes"),
                "{error}"
            );
        }
        let nested = serde_json::json!({"text": "Kirkuk", "note": {"a": "b\u{202e}c"}}).to_string();
        assert!(Incoming::of_json(nested.as_bytes()).is_err());
        assert!(described("note", "two\nlines").is_ok());
        let long = described("note", &"x".repeat(MAX_FACT + 1)).unwrap();
        let facts = long.document.details.unwrap()["facts"].to_string();
        assert!(facts.contains("x…"), "{facts}");
    }

    #[test]
    fn what_a_page_says_of_itself_fills_the_gaps() {
        let html = "<html><head><meta property='og:site_name' content=Agency><meta property='article:published_time' content='2021-12-03'>\
             </head><body><p>Attack near Kirkuk</p></body></html>";
        let taken = Incoming {
            publisher: Some("Own".to_owned()),
            ..Incoming::of_html(html.to_owned())
        }
        .take()
        .unwrap();
        assert_eq!(taken.document.publisher.as_deref(), Some("Own"));
        assert_eq!(taken.document.published.as_deref(), Some("2021-12-03"));
        let facts = taken.document.details.unwrap()["facts"].to_string();
        assert!(facts.contains("\"given\"") && facts.contains("OpenGraph"), "{facts}");
    }

    #[test]
    fn a_message_repeats_little_of_a_client_and_nothing_that_is_not_printable() {
        let body = serde_json::json!({"text": "Kirkuk", format!("x\r\n\u{1b}[2K\u{202e}{}", "y".repeat(1_000_000)): 1});
        let error = Incoming::of_json(body.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.len() < 500, "{}", error.len());
        assert!(!error.contains(['\r', '\n', '\u{1b}', '\u{202e}']), "{error:?}");
    }

    #[test]
    fn a_nul_in_a_page_is_dropped_also_beside_a_text() {
        for body in [
            &br#"{"text": "Kirkuk", "html": "<p>Kir\u0000kuk"}"#[..],
            br#"{"html": "<p>Kir\u0000kuk"}"#,
        ] {
            let taken = Incoming::of_json(body).unwrap().take().unwrap();
            assert_eq!(taken.document.text, "Kirkuk");
            assert_eq!(taken.original.unwrap().bytes, b"<p>Kirkuk");
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
            Err(IngestError::NoText(_))
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
