//! One row of a table: its place, by its names or its text, and its date.

use super::{Plan, plan::place_of_code};
use crate::{
    formats::{Row, day_of_serial, read_date_in},
    gazetteer::{Gazetteer, Hit, Level, Place, Reason, SearchOptions},
    geoparse::{Mention, Parse, Position, Time},
    land::Land,
};
use quick_cache::sync::Cache;
use serde_json::json;
use std::{fmt::Write, sync::Arc};

/// Columns that are added. `place_from` is `names`, `text` or `code`; lists have a space between ids. A position is one that the text
/// describes from the place (`20 km south of it`) or by coordinates.
pub const ADDED: [&str; 19] = [
    "place_id",
    "place_name_ar",
    "place_name_ckb",
    "place_name_en",
    "place_level",
    "place_lon",
    "place_lat",
    "place_confidence",
    "place_from",
    "place_candidates",
    "text_places",
    "text_quotes",
    "position_kind",
    "position_lon",
    "position_lat",
    "position_uncertainty_km",
    "time_from",
    "time_to",
    "date_iso",
];

/// The added columns that hold numbers.
pub const NUMBERS: [&str; 6] = [
    "place_lon",
    "place_lat",
    "place_confidence",
    "position_lon",
    "position_lat",
    "position_uncertainty_km",
];

/// Two candidates whose scores are nearer than this are equally likely.
const TOO_NEAR: f64 = 0.03;
/// Factor of the confidence of a place whose name its units have too.
const NESTED: f64 = 0.9;

/// A place with how sure it is.
struct ResolvedPlace<'g> {
    place: &'g Place,
    confidence: f64,
    from: &'static str,
}

/// Different names of rows whose places are cached.
const REMEMBERED: usize = 4096;

/// Places that the names of one row may mean, and the level that the columns say.
type NamedPlaces = (Vec<Hit>, Option<Level>);

/// Places that the names of earlier rows may mean. Tables repeat the names of units, and a search costs more than everything
/// else in a row.
#[derive(Debug)]
pub struct Remembered(Cache<String, Arc<NamedPlaces>>);

impl Default for Remembered {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

/// The cells that are added to a row, and whether it has a place.
pub fn fill(land: &Land, plan: &Plan, remembered: &Remembered, cells: &[String]) -> (Row, bool) {
    let gazetteer = &land.gazetteer;
    let by_names = by_names(land, plan, remembered, cells);
    let (hits, level) = (&by_names.0, by_names.1);
    let named = chosen(hits, gazetteer, level);
    let date = plan.date.and_then(|date| {
        let cell = cells[date.column].trim();
        // Cells of a workbook may have lost their format.
        read_date_in(cell, date.order).or_else(|| day_of_serial(cell))
    });
    let parses: Vec<Parse> = plan
        .text
        .iter()
        .map(|column| land.geoparser.geoparse_published(&cells[*column], date.as_deref()))
        .collect();
    let read: Vec<&Mention> = parses
        .iter()
        .flat_map(|parse| &parse.mentions)
        .filter(|mention| mention.is_at_home())
        .collect();
    let found = by_code(land, plan, cells).or(named).or_else(|| match hits.is_empty() {
        true => by_text(&read, gazetteer),
        // Names that mean several places are not decided by the text.
        false => None,
    });
    let mut added = Row::with_capacity(ADDED.len());
    match &found {
        Some(ResolvedPlace {
            place,
            confidence,
            from,
        }) => {
            let names = place.names.preferred();
            added.push(place.id.to_string());
            added.push(names.ar.clone().unwrap_or_default());
            added.push(names.ckb.clone().unwrap_or_default());
            added.push(names.en.clone().unwrap_or_default());
            added.push(place.level.word().to_owned());
            added.push(format!("{:.6}", place.point[0]));
            added.push(format!("{:.6}", place.point[1]));
            added.push(format!("{confidence:.2}"));
            added.push((*from).to_owned());
        }
        None => added.extend(std::iter::repeat_n(String::new(), 9)),
    }
    added.push(candidates(hits, gazetteer));
    added.push(joined(
        read.iter()
            .filter_map(|mention| mention.place.as_ref())
            .map(|place| place.id.as_str()),
        " ",
    ));
    added.push(joined(read.iter().map(|mention| mention.text.as_str()), "; "));
    let from_place = found.as_ref().map(|found| found.place.id.as_str());
    added.extend(position(&parses, from_place));
    added.extend(time(&parses));
    added.push(date.unwrap_or_default());
    (added, found.is_some())
}

/// The finest place whose id is in the row, if the others contain it.
fn by_code<'g>(land: &'g Land, plan: &Plan, cells: &[String]) -> Option<ResolvedPlace<'g>> {
    let places = plan
        .codes
        .iter()
        .filter_map(|column| place_of_code(land, cells[*column].trim()));
    let places: Vec<&Place> = places.collect();
    let finest = places.iter().copied().max_by_key(|place| fineness(place.level))?;
    let fits = |other: &&Place| other.id == finest.id || is_nested(finest, other);
    places.iter().all(fits).then_some(ResolvedPlace {
        place: finest,
        confidence: 1.0,
        from: "code",
    })
}

/// Places that the names of a row may mean, read together: each narrows the others, whichever is the coarser.
fn by_names(land: &Land, plan: &Plan, remembered: &Remembered, cells: &[String]) -> Arc<NamedPlaces> {
    let names: Vec<(&str, Option<Level>)> = plan
        .places
        .iter()
        .map(|(column, level)| (cells[*column].trim(), *level))
        .filter(|(name, _)| name.chars().any(char::is_alphabetic))
        .collect();
    if names.is_empty() {
        return Arc::default();
    }
    // With the columns, since each has a level of its own.
    let key = format!("{names:?}");
    if let Some(found) = remembered.0.get(&key) {
        return found;
    }
    let query = joined(names.iter().map(|(name, _)| *name), ", ");
    // The finest level that a column says is that of the place; a column without a level may name anything.
    let finest = match names.iter().all(|(_, level)| level.is_some()) {
        true => names
            .iter()
            .filter_map(|(_, level)| *level)
            .max_by_key(|level| fineness(*level)),
        false => None,
    };
    let options = SearchOptions {
        limit: 10,
        prefix: false,
        ..SearchOptions::default()
    };
    let mut hits = land.search().search(&land.gazetteer, &query, &options);
    let fits = |hit: &Hit| finest.is_none_or(|level| land.gazetteer.at(hit.index).level == level);
    if hits.iter().any(fits) {
        hits.retain(fits);
    }
    let found = Arc::new((hits, finest));
    remembered.0.insert(key, Arc::clone(&found));
    found
}

fn fineness(level: Level) -> usize {
    Level::ALL.iter().position(|own| *own == level).unwrap_or(0)
}

/// The first of the hits, if its name and its level fit and no other is as likely.
fn chosen<'g>(hits: &[Hit], gazetteer: &'g Gazetteer, level: Option<Level>) -> Option<ResolvedPlace<'g>> {
    let first = hits.first()?;
    if level.is_some_and(|level| gazetteer.at(first.index).level != level) {
        return None;
    }
    let quality = match first.reason {
        Reason::Exact => 1.0,
        Reason::Folded => 0.97,
        Reason::Article => 0.95,
        Reason::Near(1) if first.name.chars().count() >= 6 => 0.8,
        _ => return None,
    };
    let place = gazetteer.at(first.index);
    let is_rival = |other: &&Hit| other.reason == first.reason && first.score - other.score < TOO_NEAR;
    let mut rivals = hits.iter().skip(1).filter(is_rival).peekable();
    let has_rivals = rivals.peek().is_some();
    // A town, its district and its governorate often have one name: whichever is meant, the place lies within the others.
    if !rivals.all(|rival| is_nested(place, gazetteer.at(rival.index))) {
        return None;
    }
    Some(ResolvedPlace {
        place,
        confidence: if has_rivals { quality * NESTED } else { quality },
        from: "names",
    })
}

/// True if one of two places contains the other.
fn is_nested(one: &Place, other: &Place) -> bool {
    let holds = |outer: &Place, inner: &Place| inner.parents.iter().any(|id| outer.id == *id);
    holds(one, other) || holds(other, one)
}

/// The finest place that the text of a row names literally; of several, the first.
fn by_text<'g>(read: &[&Mention], gazetteer: &'g Gazetteer) -> Option<ResolvedPlace<'g>> {
    let finest = read
        .iter()
        .filter_map(|mention| Some((*mention, mention.place.as_ref()?)));
    let finest = finest.rev().max_by_key(|(_, place)| fineness(place.level))?;
    let (mention, place) = finest;
    Some(ResolvedPlace {
        place: gazetteer.get(&place.id)?,
        confidence: mention.confidence,
        from: "text",
    })
}

/// The position that the texts describe from the place of the row, or the first that has a geometry.
fn position(parses: &[Parse], place: Option<&str>) -> [String; 4] {
    let described = || {
        let all = parses.iter().flat_map(|parse| &parse.positions);
        all.filter(|position| position.extent.is_some())
    };
    let is_from = |position: &&Arc<Position>| position.places.iter().any(|id| Some(id.as_str()) == place);
    let position = described().find(is_from).or_else(|| described().next());
    let Some((position, extent)) = position.and_then(|position| Some((position, position.extent.as_ref()?))) else {
        return Default::default();
    };
    [
        json!(position.kind).as_str().unwrap_or_default().to_owned(),
        format!("{:.6}", extent.point[0]),
        format!("{:.6}", extent.point[1]),
        format!("{:.1}", extent.uncertainty_km),
    ]
}

/// The days that the texts say, those of a claim before others.
fn time(parses: &[Parse]) -> [String; 2] {
    let of_claims = parses.iter().flat_map(|parse| &parse.claims);
    let of_claims = of_claims.filter_map(|claim| claim.time.as_ref());
    let others = parses.iter().flat_map(|parse| &parse.times);
    let mut all = of_claims.chain(others).map(Arc::as_ref);
    let time = all.find(|time| time.is_resolved());
    let day = |day: fn(&Time) -> Option<jiff::civil::Date>| {
        let day = time.and_then(day);
        day.map_or_else(String::new, |day| day.to_string())
    };
    [day(|time| time.from), day(|time| time.to)]
}

/// Candidates as `id=score`, the likeliest first.
fn candidates(hits: &[Hit], gazetteer: &Gazetteer) -> String {
    let mut text = String::new();
    for hit in hits.iter().take(5) {
        if !text.is_empty() {
            text.push(' ');
        }
        // Memory takes everything.
        let _ = write!(text, "{}={:.2}", gazetteer.at(hit.index).id, hit.score);
    }
    text
}

fn joined<'p>(parts: impl Iterator<Item = &'p str>, between: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for part in parts {
        if !seen.contains(&part) {
            seen.push(part);
        }
    }
    seen.join(between)
}
