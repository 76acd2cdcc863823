//! The texts of one POST `/documents`: a body of any format, or a form with a file of any format.

use super::{body, problem::Problem, writes::FORM_ROOM};
use crate::{
    document::MAX_BYTES,
    formats::{self, Fact, Hints, Kind, Refusal},
    ingest::{self, Incoming, IngestError, MAX_HTML_BYTES},
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, request::Parts},
};
use std::borrow::Cow;

/// Bytes of the text and the HTML of a document in JSON, without their escapes.
const JSON_TEXTS: usize = MAX_BYTES * 2;

/// Media types of bodies; the format is found in the bytes.
const ACCEPTED: &str = "application/json, text/plain, text/html, application/pdf, text/csv, message/rfc822, application/mbox, \
     application/rtf, the types of DOCX, ODT, XLSX and ODS, application/gzip, application/rss+xml, application/octet-stream, \
     multipart/form-data, application/x-ndjson";

/// A text, with the name of its part where the body has several.
pub type Part = (Option<String>, Result<Incoming, IngestError>);

/// The body of a request, not yet read.
pub enum DocumentBody {
    /// One object, or a list of objects.
    Json(Bytes),
    /// Plain text, even if it looks like another format.
    Text(Bytes),
    /// Bytes whose format is found in them.
    Any(Bytes),
    /// A form: its fields, and its file.
    Form(Box<Incoming>, Option<FormFile>),
}

/// The file of a form.
pub struct FormFile {
    bytes: Bytes,
    name: Option<String>,
    media_type: Option<String>,
}

/// Reads the body of a request.
///
/// # Errors
/// 415 for a media type that is not accepted, 413 for a body that is too long.
pub async fn read(parts: &Parts, body: Body) -> Result<DocumentBody, Problem> {
    let (kind, _) = body::media_type(&parts.headers);
    let whole = |body: Body| body::whole(&parts.headers, body, MAX_BYTES);
    Ok(match kind.as_str() {
        "application/json" => DocumentBody::Json(body::whole_json(&parts.headers, body, JSON_TEXTS).await?),
        "multipart/form-data" => form(parts, body).await?,
        "text/plain" | "text/markdown" => DocumentBody::Text(whole(body).await?),
        // Media type that curl sends by default: a form only if it has the fields of one.
        "application/x-www-form-urlencoded" => {
            let bytes = whole(body).await?;
            match fields(&bytes) {
                Some(incoming) => DocumentBody::Form(Box::new(incoming), None),
                None => DocumentBody::Text(bytes),
            }
        }
        kind if is_taken(kind) => DocumentBody::Any(whole(body).await?),
        _ => return Err(Problem::unsupported_media_type(ACCEPTED)),
    })
}

fn is_taken(kind: &str) -> bool {
    let formats = [
        Kind::Html,
        Kind::Pdf,
        Kind::Docx,
        Kind::Odt,
        Kind::Rtf,
        Kind::Eml,
        Kind::Mbox,
        Kind::Csv,
        Kind::Xlsx,
        Kind::Ods,
        Kind::Gzip,
    ];
    formats.iter().any(|format| format.media_type() == kind)
        || matches!(
            kind,
            "application/octet-stream"
                | "application/xhtml+xml"
                | "application/xml"
                | "text/xml"
                | "application/rss+xml"
                | "application/atom+xml"
                | "text/rtf"
                | "text/tab-separated-values"
                | "application/x-gzip"
                | "application/zip"
                | "application/msword"
                | "application/vnd.ms-excel"
        )
}

impl DocumentBody {
    /// Bytes that have to be read.
    pub fn len(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        match self {
            Self::Json(bytes) | Self::Text(bytes) | Self::Any(bytes) => bytes.len(),
            Self::Form(incoming, file) => {
                text(&incoming.text) + text(&incoming.html) + file.as_ref().map_or(0, |file| file.bytes.len())
            }
        }
    }

    /// True if there may be several texts.
    fn file(&self) -> Option<(&[u8], Option<&str>, Option<&str>)> {
        match self {
            Self::Any(bytes) => Some((&bytes[..], None, None)),
            Self::Form(_, Some(file)) => Some((&file.bytes[..], file.name.as_deref(), file.media_type.as_deref())),
            Self::Text(bytes) if is_binary(bytes) || has_messages(bytes) => Some((&bytes[..], None, None)),
            _ => None,
        }
    }

    /// The texts; on a worker, since they may be long. `description` fills the gaps of each.
    pub fn texts(self, headers: &axum::http::HeaderMap, description: &Incoming) -> Result<Vec<Part>, IngestError> {
        let (media_type, charset) = body::media_type(headers);
        let address = description.source_url.clone();
        if let Some((bytes, name, own_type)) = self.file() {
            let hints = Hints {
                name,
                media_type: own_type.or(Some(&media_type)),
                charset: charset.as_deref(),
                address: address.as_deref(),
                whole_page: description.whole_page,
            };
            let mut texts = Vec::new();
            ingest::read_bytes(bytes, &hints, &mut |part, incoming| texts.push((part, incoming)))?;
            if let Self::Form(fields, _) = &self {
                for (_, incoming) in &mut texts {
                    if let Ok(own) = incoming {
                        // Fields from the sender outrank those of the file.
                        let file = std::mem::take(own);
                        *own = with_fields(file, fields);
                    }
                }
            }
            return Ok(texts);
        }
        let body = match self {
            // JSON may have a byte order mark, and may be in UTF-16.
            Self::Json(bytes) => {
                let plain = match formats::utf8(&bytes) {
                    Cow::Borrowed(plain) if plain.len() == bytes.len() => None,
                    plain => Some(plain.into_owned()),
                };
                Self::Json(plain.map_or(bytes, Bytes::from))
            }
            other => other,
        };
        match body {
            Self::Json(bytes) if bytes.trim_ascii_start().starts_with(b"[") => {
                let mut texts = Vec::new();
                let hints = Hints::default();
                if formats::detect(&bytes, None, None)? == Kind::Json {
                    ingest::read_bytes(&bytes, &hints, &mut |part, incoming| texts.push((part, incoming)))?;
                } else {
                    texts.push((None, Incoming::of_json(&bytes)));
                }
                Ok(texts)
            }
            // An export of a chat and a feed are objects too.
            Self::Json(bytes)
                if matches!(formats::detect(&bytes, None, None), Ok(Kind::Telegram))
                    || ingest::is_json_feed(&bytes) =>
            {
                let mut texts = Vec::new();
                ingest::read_bytes(&bytes, &Hints::default(), &mut |part, incoming| {
                    texts.push((part, incoming))
                })?;
                Ok(texts)
            }
            Self::Json(bytes) => Ok(vec![(None, Incoming::of_json(&bytes))]),
            Self::Text(bytes) | Self::Any(bytes) => Ok(vec![(None, plain(&bytes, charset.as_deref()))]),
            Self::Form(incoming, _) => Ok(vec![(None, Ok(*incoming))]),
        }
    }
}

/// True for the export of a chat and for a folder of mail: plain text with a document in each message.
fn has_messages(bytes: &[u8]) -> bool {
    matches!(formats::detect(bytes, None, None), Ok(Kind::WhatsApp | Kind::Mbox))
}

/// True for bytes that are no text in any encoding.
fn is_binary(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(8)];
    start.starts_with(b"%PDF-")
        || start.starts_with(b"PK\x03\x04")
        || start.starts_with(b"\xd0\xcf\x11\xe0")
        || start.starts_with(b"\x1f\x8b")
        || start.starts_with(b"{\\rtf")
        || start.starts_with(b"\x89PNG")
        || start.starts_with(b"\xff\xd8\xff")
}

fn plain(bytes: &[u8], charset: Option<&str>) -> Result<Incoming, IngestError> {
    let decoded = formats::decode(bytes, charset)?;
    let mut incoming = Incoming::of_text(decoded.text);
    if decoded.encoding != "UTF-8" {
        incoming.facts.push(Fact {
            name: "encoding".to_owned(),
            value: decoded.encoding.to_owned(),
            origin: decoded.origin,
            by: None,
        });
    }
    Ok(incoming)
}

/// A text of a file with the fields of its form, which count more.
pub fn with_fields(file: Incoming, fields: &Incoming) -> Incoming {
    let mut own = fields.clone().or(&file);
    own.text = file.text.or(own.text);
    own.html = file.html.or(own.html);
    own.encoding = file.encoding;
    own.facts = file.facts;
    own.pages = file.pages;
    own.original = file.original;
    own.others.extend(file.others);
    own
}

/// The fields of a form that is sent as `application/x-www-form-urlencoded`; none if the bytes are no such form.
fn fields(bytes: &[u8]) -> Option<Incoming> {
    let text = std::str::from_utf8(bytes).ok()?;
    let first = text.split(['=', '&']).next()?;
    let is_known = |name: &str| {
        matches!(
            name,
            "text" | "html" | "title" | "source_url" | "publisher" | "published" | "language" | "author"
        )
    };
    // A text that begins with such a word has spaces and line ends, which a form writes in another way.
    if !is_known(first) || !text.contains('=') || text.contains([' ', '\n']) || !text.is_ascii() {
        return None;
    }
    let mut incoming = Incoming::default();
    for (name, value) in url::form_urlencoded::parse(bytes) {
        *member(&mut incoming, &name)? = Some(value.into_owned());
    }
    Some(incoming)
}

fn member<'i>(incoming: &'i mut Incoming, name: &str) -> Option<&'i mut Option<String>> {
    Some(match name {
        "text" => &mut incoming.text,
        "html" => &mut incoming.html,
        "title" => &mut incoming.title,
        "source_url" => &mut incoming.source_url,
        "publisher" => &mut incoming.publisher,
        "published" => &mut incoming.published,
        "language" => &mut incoming.language,
        "author" => &mut incoming.author,
        _ => return None,
    })
}

/// A form with a `file`, and its description in fields of the names of the JSON members.
async fn form(parts: &Parts, body: Body) -> Result<DocumentBody, Problem> {
    body::check_length(&parts.headers, FORM_ROOM)?;
    let request = Request::from_parts(parts.clone(), body);
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(MAX_BYTES),
        _ => Problem::bad_request(format!("the form cannot be read: {}", error.body_text())),
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::bad_request(format!("the form cannot be read: {}", error.body_text())))?;
    let mut incoming = Incoming::default();
    let mut file = None;
    let twice = |name: &str| Problem::parameter(name, format!("the form has {name} more than once"));
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let own = FormFile {
                name: field.file_name().map(str::to_owned),
                media_type: field.content_type().map(str::to_owned),
                bytes: field.bytes().await.map_err(broken)?,
            };
            if file.replace(own).is_some() {
                return Err(twice("file"));
            }
            continue;
        }
        let bytes = field.bytes().await.map_err(broken)?;
        let value = formats::decode(&bytes, None)
            .map_err(|refusal| refusal_of(refusal.into()))?
            .text;
        let Some(member) = member(&mut incoming, &name) else {
            return Err(Problem::unknown_parameter(
                &name,
                "file, text, html, title, source_url, publisher, published, language, author",
            ));
        };
        if member.replace(value).is_some() {
            return Err(twice(&name));
        }
    }
    if file.is_some() && (incoming.text.is_some() || incoming.html.is_some()) {
        return Err(Problem::parameter(
            "file",
            "the form has a file and a text; give one of them",
        ));
    }
    Ok(DocumentBody::Form(Box::new(incoming), file))
}

/// The problem for a text that is refused; if the error is about a field, the field is its parameter.
pub fn refusal_of(error: IngestError) -> Problem {
    match &error {
        IngestError::PageTooLong(_) => Problem {
            detail: error.to_string(),
            ..Problem::too_large(MAX_HTML_BYTES)
        },
        IngestError::Format(Refusal::Unsupported { .. }) => Problem {
            detail: error.to_string(),
            ..Problem::unsupported_media_type(ACCEPTED)
        },
        IngestError::Format(Refusal::TooLarge { most, .. }) => Problem {
            detail: error.to_string(),
            ..Problem::too_large(*most)
        },
        error if error.is_too_large() => Problem::too_large(MAX_BYTES),
        IngestError::Fetch { .. } | IngestError::Status { .. } => Problem::parameter("source_url", error.to_string()),
        IngestError::Field { field, .. } => Problem::parameter(field, error.to_string()),
        _ => Problem::bad_request(error.to_string()),
    }
}
