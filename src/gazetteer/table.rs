//! The gazetteer's file: `places.tsv`, one place a line.
//!
//! Columns: `id level kind lon lat parents foreign derived population rank ar ckb en same_as`.
//! Lists are separated by `|`; names have no tab and no `|`; `same_as` is `key=value|key=value`.
//! Coordinates have five decimals (about a metre).
//!
//! What follows from the rest of the file is left out of it and put back on reading: `parents` names the
//! nearest units only, and the units above those are added; the Who's On First id stands in the id `wof-<id>`.

use super::{Level, Names, Place, SameAs};
use rustc_hash::FxHashMap;
use std::fmt::Write;

/// What can be wrong with a gazetteer.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum GazetteerError {
    #[error("line {line}: {what}")]
    Row { line: usize, what: String },
    #[error("the place id {0:?} stands twice")]
    Duplicate(String),
    #[error("more than 4,294,967,295 places")]
    TooMany,
}

const HEADER: &str = "id\tlevel\tkind\tlon\tlat\tparents\tforeign\tderived\tpopulation\trank\tar\tckb\ten\tsame_as";

/// Reads `places.tsv`.
pub fn read_places(text: &str) -> Result<Vec<Place>, GazetteerError> {
    let mut lines = text.lines().enumerate();
    match lines.next() {
        Some((_, header)) if header == HEADER => {}
        _ => {
            return Err(GazetteerError::Row {
                line: 1,
                what: format!("the header must be {HEADER:?}"),
            });
        }
    }
    let mut places = lines
        .filter(|(_, line)| !line.is_empty())
        .map(|(index, line)| read_row(line).map_err(|what| GazetteerError::Row { line: index + 1, what }))
        .collect::<Result<Vec<_>, _>>()?;
    add_ancestors(&mut places);
    Ok(places)
}

/// Adds to each place's parents the parents of those, nearest first, each once.
fn add_ancestors(places: &mut [Place]) {
    let mut above: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for place in places
        .iter()
        .filter(|place| place.level.is_administrative() && !place.parents.is_empty())
    {
        above.insert(place.id.clone(), place.parents.clone());
    }
    for place in places {
        // Breadth first: both of two contested parents stand before what is above them.
        let mut next = 0;
        while let Some(parent) = place.parents.get(next) {
            for ancestor in above.get(parent).into_iter().flatten() {
                if !place.parents.contains(ancestor) && *ancestor != place.id {
                    place.parents.push(ancestor.clone());
                }
            }
            next += 1;
        }
    }
}

fn read_row(line: &str) -> Result<Place, String> {
    let mut columns = line.split('\t');
    let mut next = |name: &str| columns.next().ok_or_else(|| format!("column {name} is missing"));
    let id = next("id")?.to_owned();
    if id.is_empty() {
        return Err("the id is empty".to_owned());
    }
    let level = next("level")?.parse::<Level>()?;
    let kind = next("kind")?.to_owned();
    let lon = coordinate("lon", next("lon")?, 180.0)?;
    let lat = coordinate("lat", next("lat")?, 90.0)?;
    let parents = list(next("parents")?);
    let foreign = next("foreign")? == "1";
    let derived = next("derived")? == "1";
    let population = match next("population")? {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| format!("population {text:?} is not a whole number"))?,
        ),
    };
    let rank = match next("rank")? {
        "" => 0,
        text => text
            .parse()
            .map_err(|_| format!("rank {text:?} is not a number from 0 to 100"))?,
    };
    let names = Names {
        ar: list(next("ar")?),
        ckb: list(next("ckb")?),
        en: list(next("en")?),
    };
    let mut same_as = read_same_as(next("same_as")?)?;
    if same_as.wof.is_none() {
        same_as.wof = id.strip_prefix("wof-").and_then(|number| number.parse().ok());
    }
    Ok(Place {
        id,
        level,
        kind,
        point: [lon, lat],
        parents,
        foreign,
        population,
        rank,
        names,
        same_as,
        derived,
    })
}

fn list(text: &str) -> Vec<String> {
    text.split('|')
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

fn coordinate(name: &str, text: &str, limit: f64) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() <= limit => Ok(value),
        _ => Err(format!("{name} {text:?} is not a number from -{limit} to {limit}")),
    }
}

fn read_same_as(text: &str) -> Result<SameAs, String> {
    let mut same_as = SameAs::default();
    for pair in text.split('|').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("same_as {pair:?} is not key=value"))?;
        let number = || value.parse().map_err(|_| format!("same_as {pair:?} is not a number"));
        match key {
            "pcode" => same_as.pcode = Some(value.to_owned()),
            "wof" => same_as.wof = Some(number()?),
            "geonames" => same_as.geonames = Some(number()?),
            "wikidata" => same_as.wikidata = Some(value.to_owned()),
            "iso3166_2" => same_as.iso3166_2 = Some(value.to_owned()),
            _ => return Err(format!("same_as has an unknown key {key:?}")),
        }
    }
    Ok(same_as)
}

/// Writes `places.tsv`.
pub fn write_places(places: &[Place]) -> String {
    let mut out = String::from(HEADER);
    out.push('\n');
    for place in places {
        let flag = |set: bool| if set { "1" } else { "" };
        let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            place.id,
            place.level,
            place.kind,
            (place.point[0] * 1e5).round() / 1e5,
            (place.point[1] * 1e5).round() / 1e5,
            place.parents.join("|"),
            flag(place.foreign),
            flag(place.derived),
            number(place.population),
            place.rank,
            place.names.ar.join("|"),
            place.names.ckb.join("|"),
            place.names.en.join("|"),
            same_as(place),
        );
    }
    out
}

fn same_as(place: &Place) -> String {
    let same_as = &place.same_as;
    let own = |number: &u64| place.id.strip_prefix("wof-") == Some(&number.to_string());
    let pairs = [
        ("pcode", same_as.pcode.clone()),
        ("wof", same_as.wof.filter(|id| !own(id)).map(|id| id.to_string())),
        ("geonames", same_as.geonames.map(|id| id.to_string())),
        ("wikidata", same_as.wikidata.clone()),
        ("iso3166_2", same_as.iso3166_2.clone()),
    ];
    let pairs: Vec<_> = pairs
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", value.as_ref()?)))
        .collect();
    pairs.join("|")
}
