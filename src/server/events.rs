//! Events over HTTP: lists, single events with their accounts, tables for people who code events, annotations.

use super::{
    annotations, archive, atom,
    conditions::{self, Condition},
    deletion,
    documents::READ,
    negotiate::{self, Format},
    operations as o,
    parameter::Query,
    parameters as p,
    problem::{Problem, echo},
    request_context::{RequestContext, Segments, Shared},
    respond::{Answer, media},
    state::App,
    work::{self, WorkKind},
};
use crate::{
    events::{self, Event},
    export::{Coding, Table, Units},
    gazetteer::Level,
    language::Language,
    layers::{Bounds, TimeSpan},
    store::{EventPage, EventQuery},
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use geo::BoundingRect;
use serde_json::{Value, json};
use std::sync::Arc;

/// Events of a page of JSON where the request names no number.
const PAGE: usize = 100;
/// Events that are read at once.
const CHUNK: usize = 100;
/// Events that one request looks at; a filter that few pass goes on with `next`.
const MAX_READ: usize = 20_000;
/// CSV.
const CSV: &str = "text/csv; charset=utf-8";

/// Filter of a request for events.
struct EventFilter {
    bbox: Option<Bounds>,
    time: Option<TimeSpan>,
    kind: Option<String>,
}

impl EventFilter {
    fn read(query: &Query<'_>) -> Result<Self, Problem> {
        let bbox = query.text(&p::BBOX).map(super::maps::box_of).transpose()?;
        let time = query.text(&p::DATETIME).map(super::selection::datetime).transpose()?;
        Ok(Self {
            bbox: bbox.map(Bounds),
            time,
            kind: super::counting::kind_asked(query)?,
        })
    }

    fn passes_all(&self) -> bool {
        self.bbox.is_none() && self.time.is_none() && self.kind.is_none()
    }

    fn passes(&self, event: &Event) -> bool {
        let account = &event.members[0].account;
        let is_kind = |kind: &String| json!(account.kind) == *kind.as_str();
        let days = event.days();
        let meets = |asked: TimeSpan| {
            let own = TimeSpan::between(Some(&days.from_date()), Some(&days.to_date()));
            own.is_ok_and(|own| own.meets(asked))
        };
        self.kind.as_ref().is_none_or(is_kind)
            && self.time.is_none_or(meets)
            && self.bbox.is_none_or(|bbox| touches(event, bbox))
    }
}

/// True if the area of an account meets a box.
fn touches(event: &Event, Bounds([west, south, east, north]): Bounds) -> bool {
    event.members.iter().any(|member| {
        let Some(area) = member.account.site.area().bounding_rect() else {
            return false;
        };
        let across = match west <= east {
            true => area.min().x <= east && area.max().x >= west,
            false => area.max().x >= west || area.min().x <= east,
        };
        across && area.min().y <= north && area.max().y >= south
    })
}

/// `/events`
pub async fn all(State(app): Shared, ask: RequestContext) -> Result<Response, Problem> {
    let coding = ask.query(o::EVENTS)?.text(&p::F_EVENTS).and_then(Coding::named);
    let task = match coding {
        None => WorkKind::Document.costing(20_000),
        Some(_) => WorkKind::StoredDownload.costing(1_000_000),
    };
    archive::blocking(&app, task, move |app| {
        let query = ask.query(o::EVENTS)?;
        let filter = EventFilter::read(&query)?;
        let limit = query.integer(&p::EVENTS_LIMIT).map(|limit| limit as usize);
        let after = query.integer(&p::EVENTS_AFTER);
        let formats = [Format::Json, Format::Atom];
        if coding.is_none() && negotiate::format(&query, &ask.headers, &formats) == Format::Atom {
            return feed(
                app,
                &ask,
                &filter,
                after,
                limit.unwrap_or(atom::PAGE),
                ask.language(&query),
            );
        }
        match coding {
            None => list(app, &ask, &filter, after, limit.unwrap_or(PAGE)),
            Some(coding) => table(
                app,
                &ask,
                &filter,
                after,
                (coding, limit.unwrap_or(p::MAX_LIMIT as usize)),
            ),
        }
    })
    .await
}

fn list(
    app: &App,
    ask: &RequestContext,
    filter: &EventFilter,
    after: Option<i64>,
    limit: usize,
) -> Result<Response, Problem> {
    let base = ask.base(&app.settings);
    let mut all = Vec::new();
    let (next, total) = each(app, filter, after, limit, |event| {
        all.push(with_links(event.to_json(), event, &base));
        Ok(())
    })?;
    let total = match filter.passes_all() {
        true => Some(total),
        false => matching(app, filter)?,
    };
    let mut value = json!({"events": all});
    // More events than are looked at for one answer are not counted.
    if let Some(total) = total {
        value["total"] = total.into();
        value["numberMatched"] = total.into();
    }
    if let Some(next) = next {
        value["next"] = address(ask, &base, next).into();
    }
    Ok(Answer::json(&value).send_from(app, &ask.headers))
}

/// How many events pass; [`None`] if there are more events than one request looks at.
fn matching(app: &App, filter: &EventFilter) -> Result<Option<u64>, Problem> {
    let (mut after, mut read, mut passed) = (None, 0, 0);
    loop {
        work::check()?;
        let page = page(app, after, CHUNK)?;
        passed += page.events.iter().filter(|event| filter.passes(event)).count() as u64;
        read += page.events.len();
        after = page.next;
        match after {
            None => return Ok(Some(passed)),
            Some(_) if read >= MAX_READ => return Ok(None),
            Some(_) => {}
        }
    }
}

fn feed(
    app: &App,
    ask: &RequestContext,
    filter: &EventFilter,
    after: Option<i64>,
    limit: usize,
    language: Language,
) -> Result<Response, Problem> {
    let base = ask.base(&app.settings);
    let mut entries = Vec::new();
    let (next, _) = each(app, filter, after, limit, |event| {
        entries.push(atom::event_entry(&app.about.codes, &base, event, language));
        Ok(())
    })?;
    let page = atom::ListPage {
        next: next.map(|next| address(ask, &base, next)),
        language,
    };
    atom::events(app, ask, entries, page)
}

/// The address of the next page: the present one with another `after`.
fn address(ask: &RequestContext, base: &str, next: i64) -> String {
    let query = ask.uri.query().unwrap_or_default();
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.push(format!("after={next}"));
    format!("{base}/events?{}", pairs.join("&"))
}

fn table(
    app: &App,
    ask: &RequestContext,
    filter: &EventFilter,
    after: Option<i64>,
    (coding, limit): (Coding, usize),
) -> Result<Response, Problem> {
    let units = |id: &str| units_of(app, id);
    let table = Table {
        coding,
        codes: &app.about.codes,
        units: &units,
        made_by: format!(
            "mahwar {}, state {}",
            env!("CARGO_PKG_VERSION"),
            app.library().map_or(0, |library| library.version() as u64)
        ),
    };
    let mut body = table.head();
    each(app, filter, after, limit, |event| {
        body.extend(table.rows(event));
        Ok(())
    })?;
    let name = format!("attachment; filename=\"events-{}.csv\"", coding.word());
    let name = HeaderValue::try_from(name).map_err(Problem::internal)?;
    let answer = Answer::new(CSV, body).header(header::CONTENT_DISPOSITION, name);
    Ok(answer.send_from(app, &ask.headers))
}

/// Names in English of the governorate, district and subdistrict that a place is or lies in.
fn units_of(app: &App, id: &str) -> Units {
    let mut units = Units::default();
    let Some(found) = app.services.places.lookup(&[id]).into_iter().next() else {
        return units;
    };
    for place in found.parents.iter().chain([&found.place]) {
        let at = match place.level {
            Level::Governorate => 0,
            Level::District => 1,
            Level::Subdistrict => 2,
            _ => continue,
        };
        units[at] = place.names.preferred().best(Language::English).to_owned();
    }
    units
}

/// Hands over the events that pass, newest first; returns where the next page begins and how many events there are in all.
fn each(
    app: &App,
    filter: &EventFilter,
    after: Option<i64>,
    limit: usize,
    mut take: impl FnMut(&Event) -> Result<(), Problem>,
) -> Result<(Option<i64>, u64), Problem> {
    let (mut after, mut taken, mut read) = (after, 0, 0);
    loop {
        work::check()?;
        let page = page(app, after, CHUNK)?;
        for event in &page.events {
            if filter.passes(event) {
                take(event)?;
                taken += 1;
            }
            read += 1;
            after = Some(event.key);
            if taken == limit || read == MAX_READ {
                let is_last = page.next.is_none() && page.events.last().map(|last| last.key) == after;
                return Ok((after.filter(|_| !is_last), page.total));
            }
        }
        if page.next.is_none() {
            return Ok((None, page.total));
        }
        after = page.next;
    }
}

/// A page of events, newest first: of the store, or of the documents in memory where there is none.
fn page(app: &App, after: Option<i64>, limit: usize) -> Result<EventPage, Problem> {
    if let Some(library) = app.library() {
        let query = EventQuery {
            document: None,
            newest: true,
            after,
            limit,
        };
        return Ok(library.events(&query)?);
    }
    let mut all = in_memory(app);
    let total = all.len() as u64;
    all.reverse();
    all.retain(|event| after.is_none_or(|after| event.key < after));
    let more = all.len() > limit;
    all.truncate(limit);
    Ok(EventPage {
        next: all.last().map(|event| event.key).filter(|_| more),
        events: all,
        total,
    })
}

fn in_memory(app: &App) -> Vec<Event> {
    let snapshot = app.snapshot();
    events::of_documents(snapshot.documents().iter().map(Arc::as_ref))
}

/// The event that an id of one of its claims names.
pub async fn find(app: &Arc<App>, id: &str) -> Result<Event, Problem> {
    let id = id.to_owned();
    archive::blocking(app, READ, move |app| find_here(app, &id)).await
}

/// [`find`] on a worker.
pub fn find_here(app: &App, id: &str) -> Result<Event, Problem> {
    let Some(library) = app.library() else {
        let names = |event: &Event| {
            event
                .members
                .iter()
                .any(|member| member.account.claim.to_string() == id)
        };
        return in_memory(app).into_iter().find(names).ok_or_else(|| unknown(id));
    };
    if let Some(event) = library.event(id)? {
        return Ok(event);
    }
    let document = id.split('-').next().unwrap_or_default();
    Err(match library.deletion(document)? {
        Some(deletion) => deletion::gone(&deletion),
        None => unknown(id),
    })
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!(
        "there is no event {:?}; ids are those of claims with a place and a day, like <document>-c1; see /events",
        echo(id)
    ))
}

/// The tag of an event's present state, for `If-Match`.
pub fn tag(event: &Event) -> String {
    format!("\"event-{}-{}\"", event.key, event.version)
}

fn with_links(mut value: Value, event: &Event, base: &str) -> Value {
    let id = event.id();
    value["version"] = event.version.into();
    value["links"] = json!([
        {"rel": "self", "type": media::JSON, "href": format!("{base}/events/{id}")},
        {"rel": "item", "type": media::GEOJSON, "href": format!("{base}/collections/events/items/{id}")},
        {"rel": "alternate", "type": media::PNG, "href": format!("{base}/events/{id}/map.png")},
    ]);
    value
}

/// `/events/{eventId}`
pub async fn one(State(app): Shared, Segments(id): Segments<String>, ask: RequestContext) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let event = find(&app, &id).await?;
    shown(&event, &ask.headers, &ask.base(&app.settings), true)
}

/// An event with its tag; with `conditional`, 304 or 412 where the conditions of the request say so.
pub fn shown(event: &Event, headers: &HeaderMap, base: &str, conditional: bool) -> Result<Response, Problem> {
    let tag = tag(event);
    let tag_value = HeaderValue::try_from(&tag).map_err(Problem::internal)?;
    if conditional {
        match conditions::check(headers, tag.as_bytes()) {
            Condition::Holds => {}
            Condition::NotModified => {
                return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag_value)]).into_response());
            }
            Condition::Failed => return Err(Problem::precondition_failed()),
        }
    }
    let value = with_links(event.to_json(), event, base);
    let mut response = Answer::json(&value).send_unconditionally(headers);
    response.headers_mut().insert(header::ETAG, tag_value);
    Ok(response)
}

/// `/events/{eventId}/annotations`: the words of each claim, classified and linked to the event.
pub async fn annotations(
    State(app): Shared,
    Segments(id): Segments<String>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    ask.query(o::JSON_ONLY)?;
    let event = find(&app, &id).await?;
    let base = ask.base(&app.settings);
    let here = format!("{base}/events/{}/annotations", event.id());
    let mut items = Vec::new();
    for member in &event.members {
        let account = &member.account;
        let kept = super::documents::find(&app, &account.claim.document, true).await?;
        let mut claims = kept.read.parse.claims.iter();
        let Some(claim) = claims.find(|claim| claim.id == account.claim.claim) else {
            continue;
        };
        items.push(json!({
            "id": format!("{here}#{}", account.claim),
            "type": "Annotation",
            "motivation": "linking",
            "body": [
                {"type": "SpecificResource", "purpose": "linking", "source": format!("{base}/events/{}", event.id())},
                {"type": "TextualBody", "purpose": "classifying", "value": account.kind},
                {"type": "TextualBody", "purpose": "assessing", "value": account.status},
            ],
            "target": annotations::target(&base, &kept.read.document, claim.evidence.part, &claim.evidence.offsets),
        }));
    }
    let value = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": here,
        "type": "AnnotationPage",
        "partOf": {"id": format!("{base}/events/{}", event.id()), "total": items.len()},
        "startIndex": 0,
        "items": items,
    });
    Ok(Answer::json_as(media::ANNOTATIONS, &value).send_from(&app, &ask.headers))
}
