//! Documents over HTTP: the texts, their mentions and claims, and geoparsing of texts that are not stored.

use super::{
    access, annotations, archive, body, edits,
    negotiate::{self, Format},
    object_answer::ObjectAnswer,
    operations as o,
    parameter::Query,
    parse_answer,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared, is_ruled},
    respond::{Answer, media},
    revision, rulings,
    services::{DocumentRecord, DocumentService},
    state::{App, StoredDocument},
    work::{self, Task, WorkKind},
};
use crate::{
    budget::TEXTS,
    document::{Document, DocumentError},
    geoparse::{Part, read_titled},
    ingest::{Described, json_error},
    layers::evidence,
};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// Time that a text waits for others that are being read.
const TEXTS_WAIT: Duration = Duration::from_secs(10);

/// Reading one or some documents of the store, with their parses.
pub const READ: Task = Task {
    kind: WorkKind::Document,
    cost: 5_000,
};

/// `/documents/{documentId}`
pub async fn one(State(app): Shared, Segments(id): Segments<String>, ask: RequestContext) -> Result<Response, Problem> {
    let ruled = is_ruled(&ask.query(o::TOLD)?);
    let value = value_of(&app, &id, ruled, ask.visitor.as_deref()).await?;
    let edits = edits::of_document(&app, &id).await?;
    edits::document_tag(&ask.headers, &edits, &value)
}

/// A document as JSON, as corrected or as it was declared.
pub async fn value_of(
    app: &Arc<App>,
    id: &str,
    ruled: bool,
    visitor: Option<&access::Visitor>,
) -> Result<Value, Problem> {
    let kept = find(app, id, ruled).await?;
    let shows_texts = access::is_shown_texts(app, visitor);
    let mut value = summary(&kept, shows_texts);
    if let Some(revision) = revision::of(app, &kept.read, shows_texts).await? {
        value["revision"] = revision;
    }
    value["positions"] = json!(kept.read.parse.position_list());
    if app.library().is_some() {
        let of = id.to_owned();
        let kin = archive::blocking(app, READ, move |app| Ok(library(app)?.kin(&of)?)).await?;
        value["sources"] = json!(kin.sources);
        value["same_text"] = json!(kin.same_text);
        let edits = edits::of_document(app, id).await?;
        if ruled && !edits.is_empty() {
            let declared = find(app, id, false).await?;
            value["corrections"] = edits::corrections(&edits, Some(&declared.read));
        }
    }
    Ok(value)
}

/// `/documents/{documentId}/text`
pub async fn text(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    access::may_read_texts(&app, ask.visitor.as_deref())?;
    let kept = find(&app, &id, true).await?;
    Ok(Answer::new(media::TEXT, kept.read.document.text.clone().into_bytes()).send_from(&app, &ask.headers))
}

/// `/documents/{documentId}/original`: always as plain text, so that no browser runs scripts in it.
pub async fn original(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    access::may_read_texts(&app, ask.visitor.as_deref())?;
    find(&app, &id, true).await?;
    let of = id.clone();
    let original = match app.library() {
        Some(_) => archive::blocking(&app, READ, move |app| Ok(library(app)?.original(&of)?)).await?,
        None => None,
    };
    let original = original.ok_or_else(|| Problem::not_found(format!("document {id} was given as plain text")))?;
    if original.media_type.starts_with("text/") {
        return Ok(Answer::new(media::TEXT, original.bytes).send_from(&app, &ask.headers));
    }
    // A file of another program is saved, never opened in the page of this server.
    let mut response = Answer::new("application/octet-stream", original.bytes).send_from(&app, &ask.headers);
    let disposition = format!("attachment; filename=\"{id}{}\"", ending_of(&original.media_type));
    let head = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, original.media_type.as_str()),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            head.insert(name, value);
        }
    }
    Ok(response)
}

/// The ending of a file with this media type.
fn ending_of(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => ".pdf",
        "application/rtf" => ".rtf",
        "message/rfc822" => ".eml",
        media if media.ends_with("wordprocessingml.document") => ".docx",
        media if media.ends_with("opendocument.text") => ".odt",
        _ => "",
    }
}

/// `/documents/{documentId}/mentions`
pub async fn mentions(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let kept = asked(&app, &id, &ask).await?;
    let rulings = match is_ruled(&ask.query(o::TOLD)?) {
        true => rulings::all(&app, &kept.read.document.id).await?,
        false => Vec::new(),
    };
    let mut object = ObjectAnswer::new(media::JSON, &ask.headers);
    object.member("document", &id)?;
    object.list("mentions", rulings::with_rulings(&kept, &rulings))?;
    object.list("positions", kept.read.parse.position_list())?;
    object.send(&app, &ask.headers)
}

/// `/documents/{documentId}/claims`
pub async fn claims(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let ruled = is_ruled(&ask.query(o::TOLD)?);
    let stored = find(&app, &id, ruled).await?.read;
    let base = ask.base(&app.settings);
    let mut marks = match ruled {
        true => edits::ClaimMarks::read(&app, &id).await?,
        false => edits::ClaimMarks::default(),
    };
    let claims = stored.parse.claims.iter().map(|claim| {
        let mut value = serde_json::to_value(claim).unwrap_or_default();
        value["w3c"] = annotations::target(&base, &stored.document, claim.evidence.part, &claim.evidence.offsets);
        marks.mark(&mut value);
        value
    });
    let mut object = ObjectAnswer::new(media::JSON, &ask.headers);
    object.member("document", &id)?;
    object.list("claims", claims)?;
    object.list("quantities", &stored.parse.quantities)?;
    object.list("attributions", &stored.parse.attributions)?;
    object.list("positions", stored.parse.position_list())?;
    let deleted = marks.deleted();
    if !deleted.is_empty() {
        object.list("deleted", deleted)?;
    }
    object.send(&app, &ask.headers)
}

/// `/documents/{documentId}/annotations`
pub async fn annotations(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let kept = asked(&app, &id, &ask).await?;
    let mut page = ObjectAnswer::new(media::ANNOTATIONS, &ask.headers);
    annotations::write_page(&mut page, &ask.base(&app.settings), &kept.read)?;
    page.send(&app, &ask.headers)
}

/// The document that a request means, as ruled or as the machine read it.
async fn asked(app: &Arc<App>, id: &str, ask: &RequestContext) -> Result<DocumentRecord, Problem> {
    let ruled = is_ruled(&ask.query(o::TOLD)?);
    find(app, id, ruled).await
}

/// A document of the store, or of memory where there is no store.
pub async fn find(app: &Arc<App>, id: &str, ruled: bool) -> Result<DocumentRecord, Problem> {
    let kept = match app.library() {
        // The store is not asked for an id that no document can have.
        Some(_) if !is_document_id(id) => None,
        Some(_) => {
            let id = id.to_owned();
            archive::blocking(app, READ, move |app| Ok(library(app)?.get(&id, ruled)?)).await?
        }
        None => {
            let snapshot = app.snapshot();
            let place = snapshot.documents().iter().position(|stored| stored.document.id == id);
            place.map(|place| in_memory(place as i64 + 1, &snapshot.documents()[place]))
        }
    };
    kept.ok_or_else(|| Problem::not_found(format!("there is no document {:?}; see /documents", echo(id))))
}

/// True for 16 hexadecimal digits in lower case.
fn is_document_id(id: &str) -> bool {
    id.len() == 16 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The store of the server.
pub fn library(app: &App) -> Result<&dyn DocumentService, Problem> {
    let library = app.library().map(AsRef::as_ref);
    library.ok_or_else(|| Problem::forbidden("the server was started without a store (--store)"))
}

/// A document in memory.
pub fn in_memory(number: i64, stored: &Arc<StoredDocument>) -> DocumentRecord {
    DocumentRecord {
        number,
        original: None,
        read: Arc::clone(stored),
    }
}

/// Entry of a document in the list.
///
/// Without `shows_texts`, further members of the upload are left out: they often have the text of the article.
pub fn summary(kept: &DocumentRecord, shows_texts: bool) -> Value {
    let StoredDocument { document, parse } = &*kept.read;
    let mut details = json!(document.details);
    if !shows_texts && let Some(details) = details.as_object_mut() {
        details.remove("facts");
    }
    json!({
        "id": document.id,
        "number": kept.number,
        "title": document.title,
        "language": document.language,
        "source_url": document.source_url,
        "publisher": document.publisher,
        "published": document.published,
        "original": kept.original,
        "details": details,
        "bytes": document.text.len(),
        "codepoints": document.text.chars().count(),
        "sha256": document.sha256,
        "counts": {
            "mentions": parse.mentions.len(),
            "drawn": parse.mentions.iter().filter(|mention| mention.is_drawn()).count(),
            "quantities": parse.quantities.len(),
            "attributions": parse.attributions.len(),
            "claims": parse.claims.len(),
            "positions": parse.positions.len(),
        },
    })
}

/// POST `/geoparse`
pub async fn geoparse(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let format = {
        let query = Query::read(parts.uri.query(), o::PARSE)?;
        negotiate::format(&query, &parts.headers, &[Format::Json, Format::GeoJson])
    };
    let limit = body::text_limit(&app, &parts.headers);
    let (bytes, json) = read_body(&parts.headers, body, limit).await?;
    // About a microsecond for each byte of a text.
    let task = WorkKind::Geoparse.costing(200 + bytes.len().min(limit) as u64);
    let shared = Arc::clone(&app);
    archive::blocking(&app, task, move |app| {
        let TitledText { title, document } = text_of(bytes, json, limit)?;
        let published = document.published.as_deref();
        let permit = TEXTS.acquire(document.text.len(), TEXTS_WAIT).ok_or_else(|| Problem {
            retry_after: Some(2),
            ..Problem::unavailable("too many texts are being read at this moment; try again in a few seconds")
        })?;
        let mut parse = read_titled(title.as_deref(), &document.text, |whole| {
            (app.services.geoparse)(whole, published)
        });
        work::check()?;
        if format == Format::GeoJson {
            // Features quote the text; names of the title are in the JSON answer.
            parse.mentions.retain(|mention| mention.part == Part::Text);
            parse.positions.retain(|position| position.words.part == Part::Text);
            let collection = evidence::collection(&document, &parse);
            let body = serde_json::to_vec(&collection).map_err(Problem::internal)?;
            return Ok(Answer::new(media::GEOJSON, body).send_from(app, &parts.headers));
        }
        drop(document);
        parse_answer::respond(&shared, parse, permit, &parts)
    })
    .await
}

/// A text to read, with its title.
struct TitledText {
    title: Option<String>,
    document: Document,
}

/// The body, and whether it is JSON.
async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<(Bytes, bool), Problem> {
    let json = match body::kind(headers)?.as_str() {
        "application/json" => true,
        // Media type that curl sends by default.
        "text/plain" | "application/x-www-form-urlencoded" | "application/octet-stream" => false,
        _ => return Err(Problem::unsupported_media_type("text/plain, application/json")),
    };
    let bytes = match json {
        true => body::whole_json(headers, body, limit).await?,
        false => body::whole(headers, body, limit).await?,
    };
    Ok((bytes, json))
}

/// The text of a body, with its title.
fn text_of(bytes: Bytes, json: bool, limit: usize) -> Result<TitledText, Problem> {
    let (described, bytes) = if json {
        let (described, text) = text_of_json(&bytes)?;
        if text.len() > limit {
            return Err(Problem::too_large(limit));
        }
        (described, text.into_bytes())
    } else {
        (Described::default(), bytes.into())
    };
    let mut document = Document::from_bytes(bytes).map_err(|error| match error {
        DocumentError::TooLong(_) => Problem::too_large(limit),
        DocumentError::Empty | DocumentError::NotUtf8(_) => Problem::bad_request(error.to_string()),
    })?;
    document.published = described.published;
    let title = described.title;
    Ok(TitledText { title, document })
}

fn text_of_json(bytes: &[u8]) -> Result<(Described, String), Problem> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        text: String,
        title: Option<String>,
        published: Option<String>,
        #[serde(default, rename = "id")]
        _id: serde::de::IgnoredAny,
    }
    let body: Body = serde_json::from_slice(bytes).map_err(|error| {
        Problem::bad_request(format!(
            "the body is not JSON like {{\"text\": \"…\", \"title\": \"…\", \"published\": \"2021-12-03\"}}: {}",
            json_error(&error)
        ))
    })?;
    let described = Described::check(body.title, body.published);
    let described = described.map_err(|error| Problem::bad_request(error.to_string()))?;
    Ok((described, body.text))
}
