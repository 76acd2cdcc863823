//! The map of an event: its area, and the words of its accounts below.

use super::{MapOptions, MapRequest, WORLD, cost, size_of};
use crate::{
    events::{Event, EventAccount},
    language::Language,
    layers::Bounds,
    render::{FileKind, Place},
    server::{
        archive,
        events::find_here,
        operations as o, parameters as p,
        problem::Problem,
        request_context::{RequestContext, Segments, Shared},
        work::WorkKind,
    },
    style::CATALOGUE,
};
use axum::{extract::State, response::Response};
use geo::BoundingRect;
use std::sync::Arc;

/// Accounts whose words are written on the map; the others are counted.
const MAX_ACCOUNTS: usize = 8;
/// Code points of the words of one account.
const MAX_QUOTE: usize = 260;
/// Degrees of land around the area, at least.
const MARGIN: f64 = 0.12;

/// `/events/{eventId}/map.png`, `.webp`, `.svg`, `.pdf`
pub async fn of_event(
    State(app): Shared,
    Segments((id, file)): Segments<(String, String)>,
    ask: RequestContext,
) -> Result<Response, Problem> {
    let kind = file.strip_prefix("map.").and_then(FileKind::of_extension);
    let kind = kind.ok_or_else(|| Problem::not_found("an event's map is map.png, map.webp, map.svg or map.pdf"))?;
    let query = ask.query(o::DOCUMENT_MAP)?.into_owned();
    let style = query
        .text(&p::STYLE_ID)
        .unwrap_or(&app.about.palettes.themes[0].id)
        .to_owned();
    let (size, ratio) = size_of(&query)?;
    let cost = cost(size, ratio, kind);
    archive::blocking(&app, WorkKind::Map.costing(cost), move |app| {
        let snapshot = Arc::clone(&app.snapshot());
        // Wrong parameters are named whether the event exists or not.
        MapOptions::read(app, &snapshot, &query, &ask, &style, Place::Box(WORLD))?;
        let event = find_here(app, &id)?;
        let request = MapRequest {
            place: Place::Box(around(&event)),
            document: None,
            event: Some(event),
            cost,
            ask,
            query,
            snapshot,
            style,
            kind,
        };
        request.answer(app)
    })
    .await
}

/// The box around the areas of all accounts, with some land around it.
fn around(event: &Event) -> Bounds {
    let areas = event
        .members
        .iter()
        .filter_map(|member| member.account.site.area().bounding_rect());
    let all = areas.map(Bounds::from).reduce(Bounds::union);
    let Bounds([west, south, east, north]) = all.unwrap_or(Bounds([-180.0, -60.0, 180.0, 75.0]));
    let wide = MARGIN.max((east - west) * 0.4);
    let high = MARGIN.max((north - south) * 0.4);
    Bounds([west - wide, south - high, east + wide, north + high])
}

/// Draws one event, and writes its accounts below the map.
pub fn show(wanted: &mut MapOptions, event: &Event, takes_title: bool) {
    let id = event.id();
    if wanted.shown.is_none() {
        let ground = CATALOGUE.iter().filter(|known| known.shown && !known.evidence);
        let shown = ground.map(|known| &*known.id).chain(["events"]);
        wanted.shown = Some(shown.map(str::to_owned).collect());
    }
    if takes_title && !wanted.title.is_empty() {
        wanted.title = title(event, wanted.language);
    }
    let told = event.told();
    let mut notes: Vec<String> = told.iter().take(MAX_ACCOUNTS).map(note).collect();
    if told.len() > MAX_ACCOUNTS {
        notes.push(format!("+ {}", told.len() - MAX_ACCOUNTS));
    }
    notes.append(&mut wanted.notes);
    wanted.notes = notes;
    wanted.event = Some(id);
}

/// The place and the days.
fn title(event: &Event, language: Language) -> String {
    let days = event.days();
    let (from, to) = (days.from_date(), days.to_date());
    let places = event
        .members
        .iter()
        .find_map(|member| member.account.site.places.first());
    let place = places.map_or("", |place| place.name.best(language));
    match from == to {
        true => format!("{place} · {from}"),
        false => format!("{place} · {from} – {to}"),
    }
}

/// Speaker, time and words of an account.
fn note(told: &EventAccount<'_>) -> String {
    let account = &told.now.account;
    let day = account.published.as_deref().and_then(|time| time.get(..10));
    let outlets = told
        .outlets
        .iter()
        .filter_map(|outlet| outlet.account.outlet.as_deref());
    let mut who: Vec<&str> = account.speaker.as_deref().into_iter().chain(outlets).collect();
    who.dedup();
    let mut quote: String = account.quote.chars().take(MAX_QUOTE).collect();
    if quote.len() < account.quote.len() {
        quote.push('…');
    }
    let said: Vec<&str> = day.into_iter().collect();
    format!("{} · {}: “{quote}”", who.join(", "), said.join(" "))
}
