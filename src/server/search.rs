//! Finding places, in the shape of Nominatim's API, so that its many clients work.

use super::{
    ask::{Ask, Shared},
    crs::Crs,
    geojson::write_geometry,
    operations as o,
    parameter::{Parameter, Query},
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
use compact_str::CompactString;
use geo::{Geometry, Point, Simplify};
use serde_json::{Map, Value, json};

/// The greatest number of ids in one look-up.
const MAX_IDS: usize = 50;

/// How many places are weighed when some of them may be left out.
const WEIGHED: usize = 200;
/// What it adds to a place's importance that it lies in a preferred box.
const PREFERRED: f64 = 0.1;

/// `/search`
pub async fn search(State(app): Shared, ask: Ask) -> Result<Response, Problem> {
    let query = ask.query(o::SEARCH)?;
    let language = language_of(&query, &ask)?;
    let wanted = Wanted::read(&query)?;
    let viewbox = query.text(&p::VIEWBOX).map(viewbox).transpose()?;
    let bounded = query.text(&p::BOUNDED) == Some("1");
    if bounded && viewbox.is_none() {
        return Err(Problem::parameter(p::BOUNDED.name, "bounded=1 needs viewbox"));
    }
    let Some(levels) = levels_of(&query)? else {
        // A layer of which the gazetteer has nothing.
        return Ok(send(&app, &ask, &query, &[], language));
    };
    let limit = query.integer(&p::SEARCH_LIMIT).unwrap_or(10) as usize;
    let narrowed = [&p::COUNTRYCODES, &p::EXCLUDE_PLACE_IDS, &p::VIEWBOX];
    let narrowed = wanted.has_parts() || narrowed.iter().any(|parameter| query.text(parameter).is_some());
    let mut found = wanted.search(&app, |text, own| {
        let levels: Vec<Level> = match (levels.as_slice(), own) {
            ([], own) => own.to_vec(),
            (levels, []) => levels.to_vec(),
            (levels, own) => own.iter().copied().filter(|level| levels.contains(level)).collect(),
        };
        if levels.is_empty() && !own.is_empty() {
            return Vec::new();
        }
        app.services.places.search(&SearchQuery {
            text,
            language,
            limit: if narrowed { WEIGHED } else { limit },
            viewbox,
            bounded,
            levels: &levels,
        })
    });
    if let Some(codes) = query.list(&p::COUNTRYCODES) {
        let codes: Vec<String> = codes.map(str::to_uppercase).collect();
        found.retain(|found| country_of(found).is_none_or(|country| codes.contains(&country)));
    }
    if let Some(ids) = query.list(&p::EXCLUDE_PLACE_IDS) {
        let ids: Vec<&str> = ids.collect();
        found.retain(|found| !ids.contains(&found.place.id.as_str()));
    }
    if let Some(Bounds([west, south, east, north])) = viewbox {
        let preferred = |found: &Found| {
            let [lon, lat] = found.place.point;
            let inside = (west..=east).contains(&lon) && (south..=north).contains(&lat);
            found.importance + if inside { PREFERRED } else { 0.0 }
        };
        found.sort_by(|a, b| preferred(b).total_cmp(&preferred(a)));
    }
    found.truncate(limit);
    Ok(send(&app, &ask, &query, &found, language))
}

/// What is searched for: a text, or the parts of an address.
enum Wanted<'q> {
    Free(&'q str),
    /// Texts with the levels that they can have, finest first.
    Parts(Vec<(&'q str, &'static [Level])>),
}

impl<'q> Wanted<'q> {
    fn read(query: &'q Query<'_>) -> Result<Self, Problem> {
        // Finest first: a part is looked for within those after it.
        let parts: [(&Parameter, &[Level]); 7] = [
            (&p::POSTALCODE, &[]),
            (&p::AMENITY, &[Level::Site]),
            (&p::STREET, &[Level::Road]),
            (&p::CITY, &[Level::Settlement, Level::Neighbourhood]),
            (&p::COUNTY, &[Level::District, Level::Subdistrict]),
            (&p::STATE, &[Level::Governorate, Level::Region]),
            (&p::COUNTRY, &[Level::Country]),
        ];
        let given: Vec<_> = parts
            .into_iter()
            .filter_map(|(parameter, levels)| Some((parameter, query.text(parameter)?, levels)))
            .collect();
        match (query.text(&p::SEARCH_Q), given.first()) {
            (Some(_), Some((parameter, ..))) => Err(Problem::parameter(
                parameter.name,
                format!("{} and q are two ways to ask: take one", parameter.name),
            )),
            (Some(text), None) if text.trim().is_empty() => Err(p::SEARCH_Q.wrong(text)),
            (Some(text), None) => Ok(Self::Free(text)),
            (None, None) => Err(Problem::parameter(
                p::SEARCH_Q.name,
                "q is required, or parts of an address: amenity, street, city, county, state, country, postalcode",
            )),
            (None, Some(_)) => match given.iter().find(|(_, text, _)| text.trim().is_empty()) {
                Some((parameter, text, _)) => Err(parameter.wrong(text)),
                None => Ok(Self::Parts(
                    given.into_iter().map(|(_, text, levels)| (text, levels)).collect(),
                )),
            },
        }
    }

    fn has_parts(&self) -> bool {
        matches!(self, Self::Parts(_))
    }

    fn search(&self, app: &App, search: impl Fn(&str, &[Level]) -> Vec<Found>) -> Vec<Found> {
        let parts = match self {
            Self::Free(text) => return search(text, &[]),
            Self::Parts(parts) => parts,
        };
        let [(text, levels), around @ ..] = parts.as_slice() else {
            return Vec::new();
        };
        // The gazetteer has no postal codes, so none can be found.
        if levels.is_empty() {
            return Vec::new();
        }
        let mut found = search(text, levels);
        for (text, levels) in around {
            let units = app.services.places.search(&SearchQuery {
                text,
                language: Language::default(),
                limit: WEIGHED,
                viewbox: None,
                bounded: false,
                levels,
            });
            let units: Vec<&str> = units.iter().map(|unit| unit.place.id.as_str()).collect();
            let within = |found: &Found| {
                found
                    .place
                    .parents
                    .iter()
                    .any(|parent| units.contains(&parent.as_str()))
            };
            found.retain(within);
        }
        found
    }
}

/// The levels that `layer` and `featureType` leave; all for an empty list, none for [`None`].
fn levels_of(query: &Query<'_>) -> Result<Option<Vec<Level>>, Problem> {
    let mut levels: Vec<Level> = Vec::new();
    if let Some(words) = query.list(&p::PLACE_LAYER) {
        for word in words {
            levels.extend(match word {
                "address" => &[
                    Level::Country,
                    Level::Region,
                    Level::Governorate,
                    Level::District,
                    Level::Subdistrict,
                    Level::Settlement,
                    Level::Neighbourhood,
                    Level::Road,
                ][..],
                "poi" | "manmade" => &[Level::Site],
                "natural" => &[Level::River, Level::Lake, Level::Mountain, Level::Valley, Level::Area],
                "railway" => &[],
                _ => return Err(p::PLACE_LAYER.wrong(word)),
            });
        }
        if levels.is_empty() {
            return Ok(None);
        }
    }
    let kinds: &[Level] = match query.text(&p::FEATURE_TYPE) {
        None => return Ok(Some(levels)),
        Some("country") => &[Level::Country],
        Some("state") => &[Level::Region, Level::Governorate],
        Some("city") => &[Level::Settlement],
        _ => &[
            Level::Governorate,
            Level::District,
            Level::Subdistrict,
            Level::Settlement,
            Level::Neighbourhood,
        ],
    };
    let kept: Vec<Level> = kinds
        .iter()
        .copied()
        .filter(|level| levels.is_empty() || levels.contains(level))
        .collect();
    Ok((!kept.is_empty()).then_some(kept))
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
    // Only addresses can be told from a position.
    let told = levels_of(&query)?.is_some_and(|levels| levels.is_empty() || levels.contains(&finest));
    let Some(found) = app.services.places.reverse(lon, lat, finest).filter(|_| told) else {
        // Nominatim answers 200 with an error member here, and its clients look for that.
        return Ok(Answer::json(&json!({"error": "Unable to geocode"})).send(&ask.headers));
    };
    if as_geojson(&query) {
        return Ok(send(&app, &ask, &query, &[found], language));
    }
    let value = place(&app, &found, &query, language);
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
    let mut found = app.services.places.lookup(&ids);
    // A place that is asked for twice is one place.
    let mut seen: Vec<CompactString> = Vec::new();
    found.retain(|found| {
        let new = !seen.contains(&found.place.id);
        seen.push(found.place.id.clone());
        new
    });
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
    let numbers: Option<Vec<f64>> = numbers.iter().map(|word| word.trim().parse().ok()).collect();
    let ordered = match numbers.as_deref() {
        // Least and greatest would leave out what is no number: such a box is refused as it stands.
        Some(&[a, b, c, d]) if [a, b, c, d].iter().all(|number| number.is_finite()) => {
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
        .map(|country| country.id.to_uppercase().into())
}

fn send(app: &App, ask: &Ask, query: &Query<'_>, found: &[Found], language: Language) -> Response {
    if as_geojson(query) {
        let features: Vec<Value> = found.iter().map(|found| feature(found, query, language)).collect();
        let value = json!({
            "type": "FeatureCollection",
            "licence": app.about.attribution,
            "features": features,
        });
        return Answer::json_as(media::GEOJSON, &value).send(&ask.headers);
    }
    let list: Vec<Value> = found.iter().map(|found| place(app, found, query, language)).collect();
    Answer::json(&Value::Array(list)).send(&ask.headers)
}

/// `format` is Nominatim's name for it and wins over `f`.
fn as_geojson(query: &Query<'_>) -> bool {
    query.text(&p::FORMAT).or_else(|| query.text(&p::F_PARSE)) == Some("geojson")
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
pub fn display_name(found: &Found, language: Language) -> String {
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

/// A place in Nominatim's `jsonv2`, or in `json`, which has another word for its category.
fn place(app: &App, found: &Found, query: &Query<'_>, language: Language) -> Value {
    let Bounds([west, south, east, north]) = bounds_of(found);
    let decimal = |number: f64| format!("{number:.7}");
    let mut value = Map::new();
    value.insert("place_id".to_owned(), found.place.id.as_str().into());
    value.insert("licence".to_owned(), app.about.attribution.as_str().into());
    value.insert("lat".to_owned(), decimal(found.place.point[1]).into());
    value.insert("lon".to_owned(), decimal(found.place.point[0]).into());
    for (name, member) in common(found, query, language) {
        let name = match name.as_str() {
            "category" if query.text(&p::FORMAT) == Some("json") => "class".to_owned(),
            _ => name,
        };
        value.insert(name, member);
    }
    let bounds = [south, north, west, east].map(decimal);
    value.insert("boundingbox".to_owned(), json!(bounds));
    if flag(query, &p::POLYGON_GEOJSON) {
        value.insert("geojson".to_owned(), geometry_of(found, query));
    }
    Value::Object(value)
}

fn flag(query: &Query<'_>, parameter: &Parameter) -> bool {
    query.text(parameter) == Some("1")
}

fn feature(found: &Found, query: &Query<'_>, language: Language) -> Value {
    json!({
        "type": "Feature",
        "id": found.place.id,
        "properties": common(found, query, language),
        "bbox": bounds_of(found),
        "geometry": geometry_of(found, query),
    })
}

/// What both formats say of a place. Look-ups of a position tell the address unless they are asked not to.
fn common(found: &Found, query: &Query<'_>, language: Language) -> Map<String, Value> {
    let place = &found.place;
    let names = place.names.preferred();
    let value = json!({
        "place_id": place.id,
        "osm_type": null,
        "osm_id": null,
        "category": category(place.level),
        "type": place.level,
        "place_rank": rank(place.level),
        "importance": found.importance,
        "addresstype": place.level,
        "name": names.best(language),
        "display_name": display_name(found, language),
        "mahwar": {
            "id": place.id,
            "names": names,
            "level": place.level,
            "kind": place.kind,
            "foreign": place.foreign,
            "derived": place.derived,
            "matched": found.matched,
            "reason": found.reason,
            "same_as": place.same_as,
        },
    });
    let Value::Object(mut members) = value else {
        return Map::new();
    };
    let by_position = query.text(&p::LON).is_some();
    let address_wanted = match query.text(&p::ADDRESSDETAILS) {
        Some(word) => word == "1",
        None => by_position,
    };
    if address_wanted {
        members.insert("address".to_owned(), address(found, language));
    }
    if flag(query, &p::EXTRATAGS) {
        members.insert("extratags".to_owned(), extra_tags(place));
    }
    if flag(query, &p::NAMEDETAILS) {
        members.insert("namedetails".to_owned(), name_details(place));
    }
    members
}

/// Identifiers elsewhere and what else is known, in the keys of OpenStreetMap where it has them. All are texts, as there.
fn extra_tags(place: &Place) -> Value {
    let mut tags = Map::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            tags.insert(name.to_owned(), value.into());
        }
    };
    let same = &place.same_as;
    add("wikidata", same.codes.wikidata.clone());
    add("ISO3166-2", same.codes.iso3166_2.clone());
    add("ref:pcode", same.codes.pcode.clone());
    add("ref:geonames", same.geonames.map(|id| id.to_string()));
    add("ref:whosonfirst", same.wof.map(|id| id.to_string()));
    add("population", place.population.map(|number| number.to_string()));
    add("place", Some(place.kind.to_string()));
    Value::Object(tags)
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
                .or_insert_with(|| place.id.to_lowercase().as_str().into());
        }
    }
    Value::Object(address)
}

fn name_details(place: &Place) -> Value {
    let mut details = Map::new();
    for language in Language::ALL {
        let mut names = place.names.of(language);
        if let Some(first) = names.next() {
            details.insert(format!("name:{language}"), first.into());
        }
        let others: Vec<&str> = names.collect();
        if !others.is_empty() {
            details.insert(format!("alt_name:{language}"), others.join(";").into());
        }
    }
    Value::Object(details)
}

/// The boundary when it is asked for, no finer than the threshold; else the point.
fn geometry_of(found: &Found, query: &Query<'_>) -> Value {
    let [lon, lat] = found.place.point;
    let point = Geometry::Point(Point::new(lon, lat));
    let whole = found.geometry.as_deref().filter(|_| flag(query, &p::POLYGON_GEOJSON));
    let coarser = match (whole, query.number(&p::POLYGON_THRESHOLD)) {
        (Some(Geometry::MultiPolygon(polygons)), Some(threshold)) if threshold > 0.0 => {
            Some(Geometry::MultiPolygon(polygons.simplify(threshold)))
        }
        _ => None,
    };
    let mut bytes = Vec::new();
    write_geometry(&mut bytes, coarser.as_ref().or(whole).unwrap_or(&point), Crs::Crs84);
    serde_json::from_slice(&bytes).unwrap_or_default()
}
