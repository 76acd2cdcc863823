//! Places written by hand: natural features and foreign places, joined with the world's towns of Natural Earth.

use super::{
    CompileError,
    admin::check_name,
    names::{add, key},
    script::tidy_romanised,
    settlement::metres,
    source::read_text,
    tables::{HandPlace, Table, items},
};
use crate::{
    gazetteer::{KnownCodes, Level, Names, Place, SameAs},
    language::Language,
};
use ecow::eco_format;
use geojson::{FeatureCollection, JsonObject};
use std::{num::NonZeroU64, path::Path};

/// Places of one hand-written table.
///
/// # Errors
/// An unknown level, a coordinate that is none, a name in the wrong script, with file and row.
pub fn hand_places(table: &Table<HandPlace>, foreign: bool) -> Result<Vec<Place>, CompileError> {
    table
        .rows
        .iter()
        .map(|row| {
            hand_place(&row.row, foreign).map_err(|what| table.complain(row.line, format!("{}: {what}", row.row.id)))
        })
        .collect()
}

fn hand_place(row: &HandPlace, foreign: bool) -> Result<Place, String> {
    if row.id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("an id of our own has a letter in it".to_owned());
    }
    let parents = items(&row.parents);
    let (point, approximate) = match (row.lon, row.lat) {
        (Some(lon), Some(lat)) if lon.abs() <= 180.0 && lat.abs() <= 90.0 => ([lon, lat], false),
        // A place whose unit is known, and no more.
        (None, None) if !parents.is_empty() => ([0.0; 2], true),
        (lon, lat) => {
            return Err(format!(
                "({lon:?}, {lat:?}) is no longitude and latitude; both empty need a unit in parents"
            ));
        }
    };
    let level: Level = row.level.parse()?;
    let names = Names::new([&row.ar, &row.ckb, &row.en].map(|cell| items(cell)));
    for (language, name) in names.iter() {
        check_name(name, language)?;
    }
    if names.iter().next().is_none() {
        return Err("has no name".to_owned());
    }
    Ok(Place {
        id: row.id.as_str().into(),
        level,
        kind: row.kind.as_str().into(),
        point,
        parents: parents.into(),
        foreign,
        population: None,
        rank: rank(level, &row.kind, foreign),
        names,
        same_as: SameAs::default(),
        derived: false,
        approximate,
    })
}

/// Ranks of places of the hand-written tables: they were added because the news names them.
fn rank(level: Level, kind: &str, foreign: bool) -> u8 {
    match level {
        Level::Country => 90,
        Level::Settlement if kind == "capital" => 85,
        Level::Settlement if foreign => 60,
        Level::River | Level::Lake | Level::Mountain => 60,
        Level::Region | Level::Valley | Level::Area | Level::Road => 50,
        Level::Site => 40,
        Level::Neighbourhood => 34,
        _ => 30,
    }
}

/// Adds Natural Earth's towns outside the country: if a hand-written place exists already, they add population and
/// codes to it; the others join as places of their own.
///
/// # Errors
/// A file that is no FeatureCollection, with file and row.
pub fn add_world_towns(file: &Path, country_a2: &str, places: &mut Vec<Place>) -> Result<(), CompileError> {
    let collection: FeatureCollection = read_text(file)?
        .parse::<geojson::GeoJson>()
        .and_then(FeatureCollection::try_from)
        .map_err(|error| CompileError::file(file, format!("not a GeoJSON FeatureCollection: {error}")))?;
    let mut towns = Vec::new();
    for (index, feature) in collection.features.into_iter().enumerate() {
        let columns = feature.properties.unwrap_or_default();
        let town = town(&columns).ok_or_else(|| {
            CompileError::row(
                file,
                index + 1,
                "the columns NAME, ISO_A2, LONGITUDE and LATITUDE must be there",
            )
        })?;
        if town.parents[0] != country_a2 {
            towns.push(town);
        }
    }
    towns.sort_by(|a, b| a.id.cmp(&b.id));
    let by_hand = places.len();
    for town in towns {
        const SAME_TOWN_METRES: f64 = 3_000.0;
        const SAME_NAME_METRES: f64 = 40_000.0;
        let shares_name = |place: &Place| {
            let mut names = place.names.of(Language::English);
            names.any(|name| town.names.of(Language::English).any(|other| key(name) == key(other)))
        };
        let same = |place: &&mut Place| {
            let away = metres(place.point, town.point);
            place.level == Level::Settlement
                && (away <= SAME_TOWN_METRES || away <= SAME_NAME_METRES && shares_name(place))
        };
        match places[..by_hand].iter_mut().find(same) {
            Some(place) => {
                place.population = place.population.or(town.population);
                place.same_as = town.same_as;
                place.names.change(Language::English, |names| {
                    let others = town.names.of(Language::English);
                    others.for_each(|name| add(names, name.to_owned()));
                });
            }
            None => places.push(town),
        }
    }
    Ok(())
}

fn town(columns: &JsonObject) -> Option<Place> {
    let column = |name: &str| {
        columns
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    let text = |name: &str| {
        column(name)?
            .as_str()
            .map(str::trim)
            .filter(|text| !text.is_empty() && *text != "-99")
    };
    let number = |name: &str| column(name)?.as_f64().filter(|number| *number > 0.0);
    let name = tidy_romanised(text("NAME")?);
    let country = text("ISO_A2")?.to_owned();
    let mut names = vec![name.clone()];
    for other in ["NAME_EN", "NAMEASCII", "NAMEALT", "NAMEPAR"]
        .into_iter()
        .filter_map(text)
    {
        for other in other
            .split(['|', ','])
            .map(tidy_romanised)
            .filter(|other| check_name(other, Language::English).is_ok())
        {
            add(&mut names, other);
        }
    }
    Some(Place {
        id: eco_format!("xx-{}", key(&name).replace(' ', "-")),
        level: Level::Settlement,
        kind: if text("FEATURECLA") == Some("Admin-0 capital") {
            "capital"
        } else {
            "city"
        }
        .into(),
        point: [column("LONGITUDE")?.as_f64()?, column("LATITUDE")?.as_f64()?],
        parents: [country].into(),
        foreign: true,
        population: number("POP_MAX").and_then(|people| NonZeroU64::new(people as u64)),
        rank: 45,
        names: Names::new([Vec::new(), Vec::new(), names]),
        same_as: SameAs {
            geonames: number("GEONAMEID").and_then(|id| NonZeroU64::new(id as u64)),
            codes: KnownCodes {
                wikidata: text("WIKIDATAID").map(str::to_owned),
                ..KnownCodes::default()
            }
            .into(),
            ..SameAs::default()
        },
        derived: false,
        approximate: false,
    })
}
