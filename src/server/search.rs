//! Finding places, in the shape of Nominatim's API, so that its many clients work.

use super::{
    ask::{Ask, Shared},
    crs::Crs,
    geojson::write_geometry,
    operations as o,
    parameter::Query,
    parameters as p,
    problem::Problem,
    respond::{Answer, media},
    selection,
    services::{Found, SearchQuery},
    state::App,
};
use crate::{
    gazetteer::{Level, Place},
    language::Language,
    layers::Bounds,
};
use axum::{extract::State, response::Response};
use geo::{Geometry, Point};
use serde_json::{Map, Value, json};

/// The greatest number of ids in one look-up.
const MAX_IDS: usize = 50;

/// `/search`
pub async fn search(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::SEARCH)?;
    let language = language_of(&query, &ask)?;
    let text = query.text(&p::SEARCH_Q).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(p::SEARCH_Q.wrong(text));
    }
    let viewbox = query.text(&p::VIEWBOX).map(viewbox).transpose()?;
    let bounded = query.text(&p::BOUNDED) == Some("1");
    if bounded && viewbox.is_none() {
        return Err(Problem::parameter(p::BOUNDED.name, "bounded=1 needs viewbox"));
    }
    let asked = SearchQuery {
        text,
        language,
        limit: query.integer(&p::SEARCH_LIMIT).unwrap_or(10) as usize,
        viewbox,
        bounded,
    };
    let mut found = app.services.places.search(&asked);
    if let Some(codes) = query.list(&p::COUNTRYCODES) {
        let codes: Vec<String> = codes.map(str::to_uppercase).collect();
        found.retain(|found| country_of(found).is_none_or(|country| codes.contains(&country)));
    }
    found.truncate(asked.limit);
    Ok(send(&app, &ask, &query, &found, language))
}

/// `/reverse`
pub async fn reverse(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::REVERSE)?;
    let language = language_of(&query, &ask)?;
    let (lon, lat) = position(&query);
    let finest = match query.integer(&p::ZOOM).unwrap_or(18) {
        0..=4 => Level::Country,
        5..=7 => Level::Governorate,
        8..=9 => Level::District,
        10..=11 => Level::Subdistrict,
        _ => Level::Settlement,
    };
    let Some(found) = app.services.places.reverse(lon, lat, finest) else {
        // Nominatim answers 200 with an error member here, and its clients look for that.
        return Ok(Answer::json(&json!({"error": "Unable to geocode"})).send(&ask.headers));
    };
    if query.text(&p::FORMAT) == Some("geojson") {
        return Ok(send(&app, &ask, &query, &[found], language));
    }
    let value = place(&found, &query, language, true);
    Ok(Answer::json(&value).send(&ask.headers))
}

/// `/lookup`
pub async fn lookup(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::LOOKUP)?;
    let language = language_of(&query, &ask)?;
    let ids: Vec<&str> = query.list(&p::OSM_IDS).into_iter().flatten().collect();
    if ids.len() > MAX_IDS {
        return Err(Problem::parameter(
            p::OSM_IDS.name,
            format!("osm_ids takes at most {MAX_IDS} ids, not {}", ids.len()),
        ));
    }
    let found = app.services.places.lookup(&ids);
    Ok(send(&app, &ask, &query, &found, language))
}

/// The position that `lon` and `lat` give; both were checked to be there.
pub fn position(query: &Query<'_>) -> (f64, f64) {
    (
        query.number(&p::LON).unwrap_or_default(),
        query.number(&p::LAT).unwrap_or_default(),
    )
}

fn language_of(query: &Query<'_>, ask: &Ask) -> Result<Language, Problem> {
    if query.text(&p::LANG).is_none()
        && let Some(list) = query.text(&p::ACCEPT_LANGUAGE)
    {
        let mut headers = axum::http::HeaderMap::new();
        let value = list.parse().map_err(|_| p::ACCEPT_LANGUAGE.wrong(list))?;
        headers.insert(axum::http::header::ACCEPT_LANGUAGE, value);
        return Ok(super::negotiate::accepted_language(&headers));
    }
    Ok(ask.language(query))
}

/// Two corners in any order.
fn viewbox(text: &str) -> Result<Bounds, Problem> {
    let numbers: Vec<&str> = text.split(',').collect();
    let ordered = match numbers.as_slice() {
        [a, b, c, d] => {
            let number = |word: &str| word.trim().parse::<f64>().unwrap_or(f64::NAN);
            let (a, b, c, d) = (number(a), number(b), number(c), number(d));
            format!("{},{},{},{}", a.min(c), b.min(d), a.max(c), b.max(d))
        }
        _ => text.to_owned(),
    };
    match selection::bbox(&ordered, Crs::Crs84) {
        Ok(boxes) => Ok(boxes[0]),
        Err(_) => Err(p::VIEWBOX.wrong(text)),
    }
}

fn country_of(found: &Found) -> Option<String> {
    let all = std::iter::once(&found.place).chain(&found.parents);
    all.into_iter()
        .find(|place| place.level == Level::Country)
        .map(|country| country.id.to_uppercase())
}

fn send(app: &App, ask: &Ask, query: &Query<'_>, found: &[Found], language: Language) -> Response {
    if query.text(&p::FORMAT) == Some("geojson") {
        let features: Vec<Value> = found.iter().map(|found| feature(found, query, language)).collect();
        let value = json!({
            "type": "FeatureCollection",
            "licence": app.about.attribution,
            "features": features,
        });
        return Answer::json_as(media::GEOJSON, &value).send(&ask.headers);
    }
    let list: Vec<Value> = found.iter().map(|found| place(found, query, language, false)).collect();
    Answer::json(&Value::Array(list)).send(&ask.headers)
}

fn category(level: Level) -> &'static str {
    match level {
        _ if level.is_administrative() => "boundary",
        Level::Settlement | Level::Neighbourhood => "place",
        Level::Road => "highway",
        Level::Site => "building",
        _ => "natural",
    }
}

/// The name with the names of what contains it.
fn display_name(found: &Found, language: Language) -> String {
    let mut names: Vec<String> = Vec::new();
    for place in std::iter::once(&found.place).chain(&found.parents) {
        let preferred = place.names.preferred();
        let name = preferred.best(language);
        if !name.is_empty() && names.last().is_none_or(|last| last != name) {
            names.push(name.to_owned());
        }
    }
    let comma = if language == Language::English { ", " } else { "، " };
    names.join(comma)
}

fn bounds_of(found: &Found) -> Bounds {
    let [lon, lat] = found.place.point;
    found.bounds.unwrap_or(Bounds([lon, lat, lon, lat]))
}

/// A place in Nominatim's `jsonv2`; `address` is always there for reverse look-ups, as it is there.
fn place(found: &Found, query: &Query<'_>, language: Language, reverse: bool) -> Value {
    let Bounds([west, south, east, north]) = bounds_of(found);
    let decimal = |number: f64| format!("{number:.7}");
    let mut value = common(found, query, language, reverse);
    value["lat"] = decimal(found.place.point[1]).into();
    value["lon"] = decimal(found.place.point[0]).into();
    value["boundingbox"] = json!([decimal(south), decimal(north), decimal(west), decimal(east)]);
    if query.text(&p::POLYGON_GEOJSON) == Some("1") {
        value["geojson"] = geometry_of(found, true);
    }
    value
}

fn feature(found: &Found, query: &Query<'_>, language: Language) -> Value {
    let wanted = query.text(&p::POLYGON_GEOJSON) == Some("1");
    json!({
        "type": "Feature",
        "id": found.place.id,
        "properties": common(found, query, language, false),
        "bbox": bounds_of(found),
        "geometry": geometry_of(found, wanted),
    })
}

fn common(found: &Found, query: &Query<'_>, language: Language, reverse: bool) -> Value {
    let place = &found.place;
    let names = place.names.preferred();
    let flag = |parameter| query.text(parameter) == Some("1");
    let mut value = json!({
        "place_id": place.id,
        "licence": null,
        "osm_type": null,
        "osm_id": null,
        "lat": null,
        "lon": null,
        "category": category(place.level),
        "type": place.level,
        "place_rank": rank(place.level),
        "importance": found.importance,
        "addresstype": place.level,
        "name": names.best(language),
        "display_name": display_name(found, language),
        "extratags": place.same_as,
        "mahwar": {
            "id": place.id,
            "names": names,
            "level": place.level,
            "kind": place.kind,
            "foreign": place.foreign,
            "derived": place.derived,
            "matched": found.matched,
            "reason": found.reason,
        },
    });
    if let Value::Object(members) = &mut value {
        for name in ["licence", "lat", "lon"] {
            members.shift_remove(name);
        }
    }
    if flag(&p::ADDRESSDETAILS) || reverse {
        value["address"] = address(found, language);
    }
    if flag(&p::NAMEDETAILS) {
        value["namedetails"] = name_details(place);
    }
    value
}

/// Nominatim's scale from 4 for a country to 30 for a house.
fn rank(level: Level) -> u8 {
    match level {
        Level::Country => 4,
        Level::Region => 6,
        Level::Governorate => 8,
        Level::District => 12,
        Level::Subdistrict => 14,
        Level::Settlement => 16,
        Level::Neighbourhood => 20,
        Level::Road => 26,
        Level::Site => 30,
        Level::River | Level::Lake | Level::Mountain | Level::Valley | Level::Area => 18,
    }
}

fn address(found: &Found, language: Language) -> Value {
    let mut address = Map::new();
    for place in std::iter::once(&found.place).chain(&found.parents) {
        let key = match place.level {
            Level::Settlement => "city",
            Level::Governorate => "state",
            Level::District => "county",
            Level::Subdistrict => "municipality",
            level => level.word(),
        };
        let preferred = place.names.preferred();
        address.entry(key).or_insert_with(|| preferred.best(language).into());
        if place.level == Level::Country {
            address
                .entry("country_code")
                .or_insert_with(|| place.id.to_lowercase().into());
        }
    }
    Value::Object(address)
}

fn name_details(place: &Place) -> Value {
    let mut details = Map::new();
    for language in Language::ALL {
        let mut names = place.names.of(language).iter();
        if let Some(first) = names.next() {
            details.insert(format!("name:{language}"), first.as_str().into());
        }
        let others: Vec<&str> = names.map(String::as_str).collect();
        if !others.is_empty() {
            details.insert(format!("alt_name:{language}"), others.join(";").into());
        }
    }
    Value::Object(details)
}

fn geometry_of(found: &Found, whole: bool) -> Value {
    let mut bytes = Vec::new();
    match &found.geometry {
        Some(geometry) if whole => write_geometry(&mut bytes, geometry, Crs::Crs84),
        _ => {
            let [lon, lat] = found.place.point;
            write_geometry(&mut bytes, &Geometry::Point(Point::new(lon, lat)), Crs::Crs84);
        }
    }
    serde_json::from_slice(&bytes).unwrap_or_default()
}
