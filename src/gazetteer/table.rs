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
use std::{fmt::Write, sync::Arc};

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
    let mut places = Vec::with_capacity(text.len() / 100);
    let mut parents = Vec::with_capacity(text.len() / 100);
    for (index, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let (place, above) = read_row(line).map_err(|what| GazetteerError::Row { line: index + 1, what })?;
        places.push(place);
        parents.push(above);
    }
    add_parents(&mut places, &parents);
    Ok(places)
}

/// Gives each place the units of its row and all units above them.
fn add_parents(places: &mut [Place], rows: &[&str]) {
    let units = places
        .iter()
        .zip(rows)
        .filter(|(place, _)| place.level.is_administrative());
    let direct: FxHashMap<&str, &str> = units.map(|(unit, row)| (unit.id.as_str(), *row)).collect();
    // Thousands of places share few units: each list is worked out once.
    let mut whole: FxHashMap<&str, Arc<[String]>> = FxHashMap::default();
    for row in rows {
        whole.entry(row).or_insert_with(|| closure(row, &direct).into());
    }
    for (place, row) in places.iter_mut().zip(rows) {
        if let Some(parents) = whole.get(row) {
            place.parents = if parents.contains(&place.id) {
                parents.iter().filter(|parent| **parent != place.id).cloned().collect()
            } else {
                Arc::clone(parents)
            };
        }
    }
}

/// The units and all above them, breadth first: both of two contested parents stand before what is above them.
fn closure(row: &str, direct: &FxHashMap<&str, &str>) -> Vec<String> {
    let mut all = list(row);
    let mut next = 0;
    while let Some(parent) = all.get(next) {
        for ancestor in list(direct.get(parent.as_str()).copied().unwrap_or_default()) {
            if !all.contains(&ancestor) {
                all.push(ancestor);
            }
        }
        next += 1;
    }
    all
}

/// A row's place, still without parents, and the parents as the row has them.
fn read_row(line: &str) -> Result<(Place, &str), String> {
    let mut columns = split(line, b'\t');
    let mut next = |name: &str| columns.next().ok_or_else(|| format!("column {name} is missing"));
    let id = next("id")?.to_owned();
    if id.is_empty() {
        return Err("the id is empty".to_owned());
    }
    let level = next("level")?.parse::<Level>()?;
    let kind = next("kind")?.to_owned();
    let lon = coordinate("lon", next("lon")?, 180.0)?;
    let lat = coordinate("lat", next("lat")?, 90.0)?;
    let parents = next("parents")?;
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
            .ok()
            .filter(|rank| *rank <= 100)
            .ok_or_else(|| format!("rank {text:?} is not a number from 0 to 100"))?,
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
    if let Some(rest) = columns.next() {
        return Err(format!("{rest:?} stands after the last column, same_as"));
    }
    let place = Place {
        id,
        level,
        kind,
        point: [lon, lat],
        parents: [].into(),
        foreign,
        population,
        rank,
        names,
        same_as,
        derived,
    };
    Ok((place, parents))
}

/// The parts of a text between separators. `str::split` is slower on parts this short.
fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        match text.bytes().position(|byte| byte == separator) {
            Some(at) => {
                rest = Some(&text[at + 1..]);
                Some(&text[..at])
            }
            None => rest.take(),
        }
    })
}

fn list(text: &str) -> Vec<String> {
    split(text, b'|')
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
    for pair in split(text, b'|').filter(|pair| !pair.is_empty()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(id: &str, level: Level, parents: &[&str]) -> Place {
        Place {
            id: id.to_owned(),
            level,
            kind: String::new(),
            point: [44.0, 36.0],
            parents: parents.iter().map(|&parent| parent.to_owned()).collect(),
            foreign: false,
            population: None,
            rank: 5,
            names: Names::default(),
            same_as: SameAs::default(),
            derived: false,
        }
    }

    #[test]
    fn units_above_the_parents_are_added_and_contested_ones_stand_side_by_side() {
        let places = [
            place("IQ", Level::Country, &[]),
            place("G11", Level::Governorate, &["IQ"]),
            place("G15", Level::Governorate, &["IQ"]),
            place("Q04", Level::District, &["G11", "G15"]),
            place("wof-1", Level::Settlement, &["Q04"]),
        ];
        let read = read_places(&write_places(&places)).unwrap();
        assert_eq!(*read[4].parents, ["Q04", "G11", "G15", "IQ"]);
        assert_eq!(read[4].same_as.wof, Some(1));
    }

    #[test]
    fn parents_in_a_circle_end() {
        let places = [place("A", Level::District, &["B"]), place("B", Level::District, &["A"])];
        let read = read_places(&write_places(&places)).unwrap();
        assert_eq!(*read[0].parents, ["B"]);
    }

    #[test]
    fn a_broken_row_is_named_with_its_line_and_column() {
        let good = write_places(&[place("IQ", Level::Country, &[])]);
        for (from, to, told) in [
            ("\t44\t", "\t444\t", "lon"),
            ("\t5\t", "\t101\t", "rank"),
            ("country", "planet", "planet"),
            ("IQ\t", "\t", "id is empty"),
            ("\n", "", "header"),
        ] {
            let error = read_places(&good.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(error.contains(told) && error.contains("line"), "{error}");
        }
        let short = good.trim_end_matches('\n').rsplit_once('\t').unwrap().0;
        assert!(
            read_places(short)
                .unwrap_err()
                .to_string()
                .contains("same_as is missing")
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            id in "[a-z]{1,8}-[0-9]{1,6}",
            lon in -18_000_000i32..=18_000_000,
            lat in -9_000_000i32..=9_000_000,
            rank in 0u8..=100,
            population in proptest::option::of(0u64..1 << 40),
            ar in proptest::collection::vec("[ا-ي]{1,6}", 0..4),
            en in proptest::collection::vec("[A-Za-z' -]{1,9}", 0..4),
            wof in proptest::option::of(0u64..1 << 40),
            foreign: bool,
            derived: bool,
        ) {
            let mut place = place(&id, Level::Settlement, &["X", "Y"]);
            place.point = [f64::from(lon) / 1e5, f64::from(lat) / 1e5];
            place.rank = rank;
            place.population = population;
            place.names = Names { ar, ckb: Vec::new(), en };
            place.same_as.wof = wof;
            place.foreign = foreign;
            place.derived = derived;
            prop_assume!(!place.id.starts_with("wof-"));
            let read = read_places(&write_places(std::slice::from_ref(&place))).unwrap();
            prop_assert_eq!(read, vec![place]);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*", rows in "([a-z0-9|=\t.-]{0,40}\n){0,5}") {
            let _ = read_places(&text);
            let _ = read_places(&format!("{HEADER}\n{rows}"));
        }
    }
}
