//! Documents over HTTP: the texts, what was found in them, and geoparsing of texts that are not stored.

use super::{
    access, annotations, archive,
    ask::{Ask, Segments, Shared, is_ruled},
    body,
    geojson::{write_geometry, write_text},
    negotiate::Format,
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    respond::{Answer, media},
    rulings,
    services::{DocumentService, Kept},
    state::{App, StoredDocument},
};
use crate::{
    document::{Document, DocumentError},
    geoparse::{Mention, Parse, read_titled},
    ingest::{Described, json_error},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, header},
    response::Response,
};
use geo::{Geometry, Point};
use serde_json::{Value, json};
use std::sync::Arc;

/// `/documents`
pub async fn all(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::DOCUMENTS)?;
    let after = query.integer(&p::AFTER).unwrap_or(0);
    let limit = query.integer(&p::DOCUMENTS_LIMIT).unwrap_or(0) as usize;
    let (documents, total): (Vec<Value>, u64) = match app.library() {
        Some(_) => {
            let page = archive::blocking(&app, move |app| Ok(library(app)?.page(after, limit)?)).await?;
            (page.iter().map(summary).collect(), library(&app)?.count())
        }
        None => {
            let snapshot = app.snapshot();
            let numbered = (1_i64..).zip(snapshot.documents());
            let page = numbered.skip(usize::try_from(after).unwrap_or(usize::MAX)).take(limit);
            let page = page.map(|(number, stored)| summary(&in_memory(number, stored)));
            (page.collect(), snapshot.documents().len() as u64)
        }
    };
    let last = documents.last().and_then(|document| document["number"].as_i64());
    let base = ask.base(&app.settings);
    let mut value = json!({"documents": documents, "total": total});
    if let Some(last) = last.filter(|_| documents.len() == limit) {
        value["next"] = format!("{base}/documents?after={last}&limit={limit}").into();
    }
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/documents/{documentId}`
pub async fn one(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let kept = asked(&app, &id, &ask).await?;
    Ok(Answer::json(&summary(&kept)).send(&ask.headers))
}

/// `/documents/{documentId}/text`
pub async fn text(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    access::may_read_texts(&app, ask.visitor.as_deref())?;
    let kept = find(&app, &id, true).await?;
    Ok(Answer::new(media::TEXT, kept.read.document.text.clone().into_bytes()).send(&ask.headers))
}

/// `/documents/{documentId}/original`: as plain text, whatever it is, so that no browser runs what stands in it.
pub async fn original(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    access::may_read_texts(&app, ask.visitor.as_deref())?;
    find(&app, &id, true).await?;
    let of = id.clone();
    let original = match app.library() {
        Some(_) => archive::blocking(&app, move |app| Ok(library(app)?.original(&of)?)).await?,
        None => None,
    };
    let original = original.ok_or_else(|| Problem::not_found(format!("document {id} was given as plain text")))?;
    Ok(Answer::new(media::TEXT, original.bytes).send(&ask.headers))
}

/// `/documents/{documentId}/mentions`
pub async fn mentions(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let kept = asked(&app, &id, &ask).await?;
    let mentions = rulings::of_document(&app, &kept, is_ruled(&ask.query(o::TOLD)?)).await?;
    let value = json!({"document": id, "mentions": mentions});
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/documents/{documentId}/claims`
pub async fn claims(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let stored = asked(&app, &id, &ask).await?.read;
    let base = ask.base(&app.settings);
    let claims = stored.parse.claims.iter().map(|claim| {
        let mut value = serde_json::to_value(claim).unwrap_or_default();
        value["w3c"] = annotations::target(&base, &stored.document, &claim.evidence.offsets);
        value
    });
    let value = json!({
        "document": id,
        "claims": claims.collect::<Vec<_>>(),
        "quantities": stored.parse.quantities,
        "attributions": stored.parse.attributions,
    });
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/documents/{documentId}/annotations`
pub async fn annotations(State(app): Shared, Segments(id): Segments<String>, ask: Ask) -> Result<Response, Problem> {
    let kept = asked(&app, &id, &ask).await?;
    let value = annotations::page(&ask.base(&app.settings), &kept.read);
    Ok(Answer::json_as(media::ANNOTATIONS, &value).send(&ask.headers))
}

/// The document that a request means, as ruled or as the machine read it.
async fn asked(app: &Arc<App>, id: &str, ask: &Ask) -> Result<Kept, Problem> {
    let ruled = is_ruled(&ask.query(o::TOLD)?);
    find(app, id, ruled).await
}

/// A document of the store, or of memory where there is no store.
pub async fn find(app: &Arc<App>, id: &str, ruled: bool) -> Result<Kept, Problem> {
    let kept = match app.library() {
        // The store is not asked for an id that no document can have.
        Some(_) if !is_document_id(id) => None,
        Some(_) => {
            let id = id.to_owned();
            archive::blocking(app, move |app| Ok(library(app)?.get(&id, ruled)?)).await?
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

/// The store behind the server.
pub fn library(app: &App) -> Result<&dyn DocumentService, Problem> {
    let library = app.library().map(AsRef::as_ref);
    library.ok_or_else(|| Problem::forbidden("the server was started without a store (--store)"))
}

fn in_memory(number: i64, stored: &Arc<StoredDocument>) -> Kept {
    Kept {
        number,
        original: None,
        read: Arc::clone(stored),
    }
}

fn summary(kept: &Kept) -> Value {
    let StoredDocument { document, parse } = &*kept.read;
    json!({
        "id": document.id,
        "number": kept.number,
        "title": document.title,
        "language": document.language,
        "source_url": document.source_url,
        "publisher": document.publisher,
        "published": document.published,
        "original": kept.original,
        "bytes": document.text.len(),
        "codepoints": document.text.chars().count(),
        "sha256": document.sha256,
        "counts": {
            "mentions": parse.mentions.len(),
            "drawn": parse.mentions.iter().filter(|mention| mention.is_drawn()).count(),
            "quantities": parse.quantities.len(),
            "attributions": parse.attributions.len(),
            "claims": parse.claims.len(),
        },
    })
}

/// POST `/geoparse`
pub async fn geoparse(State(app): Shared, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let query = Query::read(parts.uri.query(), o::PARSE)?;
    let format = match query.text(&p::F) {
        Some("geojson") => Format::GeoJson,
        Some(_) => Format::Json,
        None => accepted(&parts.headers),
    };
    let TitledText { title, text } = read_text(&app, &parts.headers, body).await?;
    let geoparse = Arc::clone(&app.services.geoparse);
    // Long texts take long: they must not hold up the threads that serve tiles.
    let parsed =
        tokio::task::spawn_blocking(move || read_titled(title.as_deref(), &text, |whole| geoparse(whole))).await;
    let parse = parsed.map_err(Problem::internal)?;
    let answer = match format {
        Format::GeoJson => Answer::new(media::GEOJSON, drawn_mentions(&parse)),
        _ => Answer::new(media::JSON, parse_body(&parse)?),
    };
    Ok(answer.send(&parts.headers))
}

fn accepted(headers: &HeaderMap) -> Format {
    match headers.get(header::ACCEPT).map(|accept| accept.as_bytes()) {
        Some(b"application/geo+json") => Format::GeoJson,
        _ => Format::Json,
    }
}

/// A parse with `id: null` before everything else: it has no document.
fn parse_body(parse: &Parse) -> Result<Vec<u8>, Problem> {
    let mut body = br#"{"id":null,"#.to_vec();
    let parse = serde_json::to_vec(parse).map_err(Problem::internal)?;
    body.extend_from_slice(&parse[1..]);
    Ok(body)
}

/// A text to read, with its title.
struct TitledText {
    title: Option<String>,
    text: String,
}

async fn read_text(app: &App, headers: &HeaderMap, body: Body) -> Result<TitledText, Problem> {
    let json = match body::kind(headers)?.as_str() {
        "application/json" => true,
        // What curl says when it is told nothing.
        "text/plain" | "application/x-www-form-urlencoded" | "application/octet-stream" => false,
        _ => return Err(Problem::unsupported_media_type("text/plain, application/json")),
    };
    let limit = body::text_limit(app, headers);
    let (title, bytes) = if json {
        let TitledText { title, text } = text_of_json(&body::whole_json(headers, body, limit).await?)?;
        if text.len() > limit {
            return Err(Problem::too_large(limit));
        }
        (title, text.into_bytes())
    } else {
        (None, body::whole(headers, body, limit).await?.into())
    };
    let document = Document::from_bytes(bytes).map_err(|error| match error {
        DocumentError::TooLong(_) => Problem::too_large(limit),
        DocumentError::Empty | DocumentError::NotUtf8(_) => Problem::bad_request(error.to_string()),
    })?;
    Ok(TitledText {
        title,
        text: document.text,
    })
}

fn text_of_json(bytes: &[u8]) -> Result<TitledText, Problem> {
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
    let Described { title, .. } = described.map_err(|error| Problem::bad_request(error.to_string()))?;
    Ok(TitledText { title, text: body.text })
}

/// The drawn mentions of a parse as points.
fn drawn_mentions(parse: &Parse) -> Vec<u8> {
    let mut body = br#"{"type":"FeatureCollection","features":["#.to_vec();
    let drawn = parse.mentions.iter().filter(|mention| mention.is_drawn());
    for (nth, mention) in drawn.enumerate() {
        if nth > 0 {
            body.push(b',');
        }
        write_mention(&mut body, mention);
    }
    body.extend_from_slice(b"]}");
    body
}

fn write_mention(body: &mut Vec<u8>, mention: &Mention) {
    let Some(place) = &mention.place else { return };
    body.extend_from_slice(br#"{"type":"Feature","id":"#);
    write_text(body, &mention.id);
    body.extend_from_slice(br#","geometry":"#);
    let point = Geometry::Point(Point::new(place.point[0], place.point[1]));
    write_geometry(body, &point, super::crs::Crs::Crs84);
    let properties = json!({
        "text": mention.text, "start": mention.start, "end": mention.end, "reading": mention.reading,
        "place": place.id, "level": mention.level, "confidence": mention.confidence, "precision": mention.precision,
        "trigger": mention.trigger, "in": mention.part, "name:ar": place.name.ar, "name:ckb": place.name.ckb, "name:en": place.name.en,
    });
    body.extend_from_slice(br#","properties":"#);
    body.extend_from_slice(properties.to_string().as_bytes());
    body.push(b'}');
}
