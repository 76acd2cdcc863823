//! GET `/changes`: changes of documents, mentions, claims and events as server-sent events.
//!
//! Each event has the moment of the store as its id. A client that reconnects sends it in `Last-Event-ID` and gets the
//! missed changes. A client that is too slow, or asks for a moment that the store does not follow, gets `reset`: it
//! reads everything again.

use super::{
    archive,
    documents::READ,
    operations as o,
    problem::Problem,
    request_context::{RequestContext, Shared},
    services::DocumentService,
    state::App,
};
use crate::store::{Change, EditTarget, EventQuery, Moment, Store, StoreError};
use axum::{
    body::{Body, HttpBody},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::Response,
};
use bytes::Bytes;
use http_body::Frame;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::sync::{mpsc, watch};

/// Streams that are open at once.
pub const MAX_STREAMS: usize = 64;
/// Interval of the comments in a stream without changes. Proxies end a stream that is silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Time that changes are gathered before they are sent.
const GATHER: Duration = Duration::from_millis(100);
/// Changes in one event; more are a `reset`.
const MAX_CHANGES: usize = 500;
/// Documents of one event whose mentions and events are looked up.
const MAX_LOOKUPS: usize = 50;
/// Events of one document that are listed.
const MAX_EVENTS: usize = 100;
/// Messages that wait for a client; one that has more is let go, and comes back with `Last-Event-ID`.
const MAX_WAITING: usize = 16;
/// Time before a client reconnects, in milliseconds.
const RETRY: u32 = 3_000;

/// State that all streams share.
#[derive(Debug)]
pub struct Streams {
    open: Arc<AtomicUsize>,
    /// Counts the changes that were served.
    changed: watch::Sender<u64>,
    /// True when the server stops.
    stopping: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            open: Arc::default(),
            changed: watch::Sender::new(0),
            stopping: watch::Sender::new(false),
        }
    }
}

impl Streams {
    /// Wakes every stream: something that is served has changed.
    pub fn note_change(&self) {
        self.changed.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Ends every stream: the server stops.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// A place for one more stream.
    fn open(&self) -> Result<Place, Problem> {
        let place = Place(Arc::clone(&self.open));
        match self.open.fetch_add(1, Ordering::AcqRel) < MAX_STREAMS {
            true => Ok(place),
            false => Err(Problem {
                retry_after: Some(30),
                ..Problem::unavailable(format!(
                    "{MAX_STREAMS} streams of changes are open already; one a browser is enough, try again later"
                ))
            }),
        }
    }
}

/// A place of an open stream, given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// GET `/changes`
pub async fn stream(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::NONE)?;
    let place = app.streams.open()?;
    // Subscribed before the moment is read, so that no change falls between the two.
    let mut changed = app.streams.changed.subscribe();
    changed.mark_unchanged();
    let stopping = app.streams.stopping.subscribe();
    let since = since(&ask.headers);
    let begun = archive::blocking(&app, READ, move |app| {
        match app.library().and_then(|library| library.counts()) {
            Some(store) => first(app, store, since).map(Some),
            None => Ok(None),
        }
    })
    .await?;
    let (sender, receiver) = mpsc::channel(MAX_WAITING);
    let retry = format!("retry: {RETRY}\n\n");
    let _ = sender.try_send(Bytes::from(retry));
    match begun {
        // Nothing changes in memory: the stream ends, and its client asks again.
        None => drop(sender),
        Some((moment, messages)) => {
            for message in messages {
                let _ = sender.try_send(message);
            }
            if ask.method != Method::HEAD {
                tokio::spawn(follow(Arc::clone(&app), moment, sender, changed, stopping, place));
            }
        }
    }
    let mut response = Response::new(Body::new(Messages(receiver)));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would gather the answer.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// The moment in `Last-Event-ID`: id, version and mark of the store with points between.
fn since(headers: &HeaderMap) -> Option<Result<Moment, ()>> {
    let text = headers.get("last-event-id")?.to_str().unwrap_or_default().trim();
    if text.is_empty() {
        return None;
    }
    let mut parts = text.split('.');
    let moment = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(store), Some(version), Some(mark), None) if text.len() <= 200 => {
            version.parse().ok().map(|version| Moment {
                store: store.to_owned(),
                version,
                mark: mark.to_owned(),
            })
        }
        _ => None,
    };
    Some(moment.ok_or(()))
}

fn id_of(moment: &Moment) -> String {
    format!("{}.{}.{}", moment.store, moment.version, moment.mark)
}

/// An event of the stream. The data has no line ends.
fn message(event: &str, moment: &Moment, data: &Value) -> Bytes {
    format!("event: {event}\nid: {}\ndata: {data}\n\n", id_of(moment)).into()
}

/// The first messages: the changes since a moment, or the present one.
fn first(app: &App, store: &dyn Store, since: Option<Result<Moment, ()>>) -> Result<(Moment, Vec<Bytes>), Problem> {
    match since {
        Some(Ok(moment)) => {
            let (now, told) = since_moment(app, store, &moment)?;
            let here = message("here", &now, &json!({}));
            Ok((now, told.into_iter().chain([here]).collect()))
        }
        Some(Err(())) => {
            let now = store.moment()?;
            Ok((now.clone(), vec![message("reset", &now, &json!({}))]))
        }
        None => {
            let now = store.moment()?;
            Ok((now.clone(), vec![message("here", &now, &json!({}))]))
        }
    }
}

/// Changes after a moment, and the moment after them. No message if nothing changed.
fn since_moment(app: &App, store: &dyn Store, moment: &Moment) -> Result<(Moment, Option<Bytes>), Problem> {
    let changes = store.changes_after(moment, MAX_CHANGES)?;
    let Some(changes) = changes.filter(|changes| !changes.more) else {
        let now = store.moment()?;
        return Ok((now.clone(), Some(message("reset", &now, &json!({})))));
    };
    if changes.now == *moment {
        return Ok((changes.now, None));
    }
    let all: Vec<Change> = changes.changes.into_iter().map(|(_, change)| change).collect();
    // Only the version is new: counts were computed again, so that anything may look different.
    let told = match all.is_empty() {
        true => message("reset", &changes.now, &json!({})),
        false => message("changes", &changes.now, &data(app, store, &all)?),
    };
    Ok((changes.now, Some(told)))
}

/// Ids of changed things, by kind.
fn data(app: &App, store: &dyn Store, changes: &[Change]) -> Result<Value, Problem> {
    let [
        mut documents,
        mut edited,
        mut deleted,
        mut mentions,
        mut claims,
        mut events,
    ] = [const { BTreeSet::<String>::new() }; 6];
    let mut spans: Vec<(&str, [usize; 2])> = Vec::new();
    // Documents in or about which something changed.
    let mut touched: BTreeSet<&str> = BTreeSet::new();
    for change in changes {
        match change {
            Change::Document { id, .. } => {
                documents.insert(id.clone());
                touched.insert(id);
            }
            Change::Deletion(deletion) => {
                deleted.insert(deletion.id.clone());
            }
            Change::Ruling(ruling) => {
                spans.push((&ruling.mention.document, ruling.mention.span));
                edited.insert(ruling.mention.document.clone());
                touched.insert(&ruling.mention.document);
            }
            Change::Edit(edit) => {
                touched.insert(&edit.document);
                edited.insert(edit.document.clone());
                match edit.target {
                    EditTarget::Document => drop(documents.insert(edit.document.clone())),
                    EditTarget::Claim(number) => drop(claims.insert(format!("{}-c{number}", edit.document))),
                    EditTarget::Mention(number) => drop(mentions.insert(format!("{}-m{number}", edit.document))),
                }
            }
            Change::Events(ruling) => {
                edited.extend(ruling.claims.iter().map(|claim| claim.document.clone()));
                touched.extend(ruling.claims.iter().map(|claim| claim.document.as_str()));
            }
        }
    }
    if let Some(library) = app.library() {
        mentions.extend(mention_ids(&**library, &spans)?);
    }
    let is_whole = touched.len() <= MAX_LOOKUPS;
    for document in touched.iter().take(MAX_LOOKUPS) {
        super::work::check()?;
        let page = store.events(&EventQuery {
            document: Some((*document).to_owned()),
            newest: true,
            after: None,
            limit: MAX_EVENTS,
        })?;
        events.extend(page.events.iter().map(crate::events::Event::id));
    }
    Ok(json!({
        "documents": documents, "edited": edited, "deleted": deleted, "mentions": mentions, "claims": claims, "events": events,
        "events_complete": is_whole,
    }))
}

/// The ids of mentions by their spans; of documents that are gone meanwhile there are none.
fn mention_ids(library: &dyn DocumentService, spans: &[(&str, [usize; 2])]) -> Result<Vec<String>, Problem> {
    let documents: BTreeSet<&str> = spans.iter().map(|(document, _)| *document).collect();
    let mut ids = Vec::new();
    for document in documents.into_iter().take(MAX_LOOKUPS) {
        super::work::check()?;
        let kept = match library.get(document, true) {
            Ok(Some(kept)) => kept,
            Ok(None) | Err(StoreError::Deleted(_) | StoreError::Damaged { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let named = |span: [usize; 2]| spans.contains(&(document, span));
        let mentions = kept.read.parse.mentions.iter().filter(|mention| named(mention.span()));
        ids.extend(mentions.map(|mention| format!("{document}-{}", mention.id)));
    }
    Ok(ids)
}

/// Sends changes until the client disconnects or is too slow, or the server stops.
async fn follow(
    app: Arc<App>,
    mut moment: Moment,
    out: mpsc::Sender<Bytes>,
    mut changed: watch::Receiver<u64>,
    mut stopping: watch::Receiver<bool>,
    _place: Place,
) {
    loop {
        let woken = tokio::select! {
            () = out.closed() => return,
            _ = stopping.wait_for(|stops| *stops) => return,
            woken = changed.changed() => woken.is_ok(),
            () = tokio::time::sleep(HEARTBEAT) => {
                if out.try_send(Bytes::from_static(b": alive\n\n")).is_err() {
                    return;
                }
                continue;
            }
        };
        if !woken {
            return;
        }
        tokio::time::sleep(GATHER).await;
        changed.mark_unchanged();
        let from = moment.clone();
        let read = archive::blocking(&app, READ, move |app| {
            match app.library().and_then(|library| library.counts()) {
                Some(store) => since_moment(app, store, &from),
                None => Ok((from, None)),
            }
        });
        let read = tokio::select! {
            _ = stopping.wait_for(|stops| *stops) => return,
            read = read => read,
        };
        match read {
            Ok((now, told)) => {
                moment = now;
                if told.is_some_and(|told| out.try_send(told).is_err()) {
                    return;
                }
            }
            // The store is unavailable: the changes are sent with the next ones, or when the client reconnects.
            Err(problem) => {
                tracing::debug!(detail = problem.detail, "changes are not told now");
                return;
            }
        }
    }
}

/// The messages of a stream as a body.
struct Messages(mpsc::Receiver<Bytes>);

impl HttpBody for Messages {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0
            .poll_recv(context)
            .map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<Result<Moment, ()>> {
        let mut headers = HeaderMap::new();
        headers.insert("last-event-id", text.parse().unwrap());
        since(&headers)
    }

    #[test]
    fn a_moment_comes_back_as_it_was_written() {
        let moment = Moment {
            store: "ab12".to_owned(),
            version: 7,
            mark: "cd34".to_owned(),
        };
        assert_eq!(asked(&id_of(&moment)), Some(Ok(moment)));
        for wrong in ["x", "a.b.c", "a.1.b.c", &"a.1.".repeat(100)] {
            assert_eq!(asked(wrong), Some(Err(())), "{wrong}");
        }
        assert_eq!(asked(""), None);
        assert_eq!(since(&HeaderMap::new()), None);
    }

    #[test]
    fn streams_are_bounded_and_give_their_places_back() {
        let streams = Streams::default();
        let places: Vec<Place> = (0..MAX_STREAMS).map(|_| streams.open().unwrap()).collect();
        assert_eq!(streams.open().err().unwrap().status, 503);
        drop(places);
        assert!(streams.open().is_ok());
    }
}
