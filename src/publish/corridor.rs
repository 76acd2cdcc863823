//! The corridor service of the endpoints, and its layers.

use crate::{
    corridor::{ClaimedLength, Corridor, LocateError, METHOD, Part},
    document::evidence,
    gazetteer::Level,
    land::Land,
    language::Trilingual,
    layers::{Feature, FirstZooms, Properties, Territory, named, properties},
    server::{CorridorRefusal, CorridorService, LineQuery, StoredDocument},
    territory::{FULL_ZOOM, Worldview},
};
use geo::{Geometry, LineString, MultiLineString, Point};
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::BTreeSet, sync::Arc};

/// The unit of lengths that are held against the corridor.
const KILOMETRES: &str = "km";

/// Answers the corridor's endpoints from a land.
pub struct CorridorAnswers {
    /// The land.
    pub land: Arc<Land>,
}

impl CorridorAnswers {
    fn corridor(&self, line: LineQuery<'_>) -> Result<&Corridor, CorridorRefusal> {
        let found = self.land.corridors.line(line.definition);
        found.map_err(|error| self.refusal(LocateError::from(error)))
    }

    fn refusal(&self, error: LocateError) -> CorridorRefusal {
        match error {
            LocateError::Position(error) => CorridorRefusal::OutOfRange(error),
            LocateError::Definition(error) => {
                tracing::debug!(%error, "corridor");
                let known = self.land.corridors.lines().iter().map(|line| line.id.clone());
                CorridorRefusal::UnknownDefinition(known.collect())
            }
        }
    }

    /// The view that was asked for; the server has refused a word that is none.
    fn view(&self, line: LineQuery<'_>) -> Worldview {
        let asked = line.worldview.and_then(|word| word.parse().ok());
        asked.unwrap_or_else(|| self.land.worldviews.default_view())
    }

    /// An answer with the names of the units that it speaks of.
    fn named<T: Serialize>(&self, line: LineQuery<'_>, answer: &T) -> Value {
        let mut answer = serde_json::to_value(answer).unwrap_or_default();
        add_names(&self.land, self.view(line), &mut answer);
        answer
    }
}

impl CorridorService for CorridorAnswers {
    fn definitions(&self, documents: &[Arc<StoredDocument>]) -> Value {
        let claims: Vec<ClaimedLength> = documents.iter().flat_map(|read| claimed_lengths(read)).collect();
        let report = self
            .land
            .corridors
            .report(&self.land.boundaries, &self.land.disputed, &claims);
        serde_json::to_value(report).unwrap_or_default()
    }

    fn line(&self, line: LineQuery<'_>) -> Result<Value, CorridorRefusal> {
        let line = self.corridor(line)?;
        Ok(line_feature(&self.land, line))
    }

    fn locate(&self, line: LineQuery<'_>, lon: f64, lat: f64) -> Result<Value, CorridorRefusal> {
        let corridors = &self.land.corridors;
        let report = corridors.locate(line.definition, [lon, lat], &self.land.boundaries);
        Ok(self.named(line, &report.map_err(|error| self.refusal(error))?))
    }

    fn at(&self, line: LineQuery<'_>, km: f64) -> Result<Value, CorridorRefusal> {
        let found = self.land.corridors.at(line.definition, km, &self.land.boundaries);
        Ok(self.named(line, &found.map_err(|error| self.refusal(error))?))
    }

    fn profile(&self, line: LineQuery<'_>, by: &str) -> Result<Value, CorridorRefusal> {
        let level = if by == Level::District.word() {
            Level::District
        } else {
            Level::Governorate
        };
        let (land, view) = (&self.land, self.view(line));
        let corridor = self.corridor(line)?;
        let profile = corridor.profile(level, &land.boundaries, |pcode| land.governorate_of(view, pcode));
        Ok(self.named(line, &profile))
    }

    fn part(&self, line: LineQuery<'_>, part: Part) -> Result<Value, CorridorRefusal> {
        let land = &self.land;
        let found = land
            .corridors
            .part(line.definition, part, &land.boundaries, &land.context.rivers());
        Ok(self.named(line, &found.map_err(|error| self.refusal(error))?))
    }
}

/// A line as a GeoJSON feature with its measures.
pub fn line_feature(land: &Land, line: &Corridor) -> Value {
    json!({
        "type": "Feature",
        "id": line.id,
        "geometry": geojson::Geometry::from(&line.geometry()),
        "properties": line_properties(land, line),
    })
}

/// Adds `names`: those of the units that an answer about a line names, as a side calls them.
pub fn add_names(land: &Land, view: Worldview, answer: &mut Value) {
    let mut units = BTreeSet::new();
    collect_units(answer, &mut units);
    let names = units.into_iter().map(|unit| {
        let name = json!(land.name_of(view, &unit));
        (unit, name)
    });
    answer["names"] = names.collect::<serde_json::Map<_, _>>().into();
}

/// Keys of answers about a line whose value is the id of a unit.
const UNIT_KEYS: [&str; 4] = ["left", "right", "unit", "facing"];

fn collect_units(answer: &Value, into: &mut BTreeSet<String>) {
    match answer {
        Value::Array(items) => items.iter().for_each(|item| collect_units(item, into)),
        Value::Object(members) => {
            for (key, value) in members {
                match value.as_str() {
                    Some(unit) if UNIT_KEYS.contains(&key.as_str()) => {
                        into.insert(unit.to_owned());
                    }
                    _ => collect_units(value, into),
                }
            }
        }
        _ => {}
    }
}

/// The lengths in kilometres in a document's claims about a security gap.
fn claimed_lengths(read: &StoredDocument) -> impl Iterator<Item = ClaimedLength> + '_ {
    let gaps = read
        .parse
        .claims
        .iter()
        .filter(|claim| claim.kind == crate::geoparse::ClaimType::SecurityVacuum);
    gaps.flat_map(|claim| {
        let lengths = read
            .parse
            .quantities_of(claim)
            .into_iter()
            .filter(|quantity| quantity.unit == KILOMETRES);
        lengths.filter_map(|quantity| {
            Some(ClaimedLength {
                claim: claim.id.clone(),
                document: Some(read.document.id.clone()),
                km: quantity.value?,
                approximate: quantity.approximate,
                evidence: evidence(&read.document, claim.evidence.part, &claim.evidence.offsets, ""),
            })
        })
    })
}

fn line_properties(land: &Land, line: &Corridor) -> Properties {
    let definition = land
        .corridors
        .definitions()
        .iter()
        .find(|definition| *definition.id.get_ref() == line.id);
    let title = definition
        .map(|definition| definition.title.clone())
        .unwrap_or_default();
    let figures = land
        .corridors
        .published()
        .iter()
        .filter(|figure| figure.unit == KILOMETRES);
    let claimed: Vec<Value> = figures
        .map(|figure| json!({"km": figure.figure, "who": figure.who, "date": figure.date}))
        .collect();
    named(
        &title,
        properties([
            ("definition", json!(line.id)),
            (
                "default",
                json!(definition.is_some_and(|definition| definition.default)),
            ),
            ("length_km", json!((line.length_km() * 10.0).round() / 10.0)),
            ("method", json!(METHOD)),
            ("claimed_km", json!(claimed)),
        ]),
    )
}

/// `security_gap`: the line of the default definition; the others answer at `/corridor?definition=`.
pub(super) fn lines(land: &Land) -> Vec<Feature> {
    let Ok(line) = land.corridors.line(None) else {
        return Vec::new();
    };
    // Of the arcs themselves, so that zooms leave out the same points of it as of the boundaries along it.
    let geometry = Geometry::from(line.geometry_at(&land.boundaries, FULL_ZOOM));
    let mut feature = Feature::new(line.id.clone(), Some(geometry), line_properties(land, line));
    feature.first_zooms = line.first_zooms(&land.boundaries).map(FirstZooms::from_iter);
    vec![feature]
}

/// `security_gap_area`: the units of the default definition.
pub(super) fn members(land: &Land, territory: &Territory) -> Vec<Feature> {
    let measured = land.corridors.measured(&land.boundaries, &land.disputed);
    let default = measured.iter().find(|definition| definition.default);
    default
        .map(|definition| territory.members(&definition.id, &definition.units))
        .unwrap_or_default()
}

/// `security_gap_posts`: distance posts along the default definition.
pub(super) fn posts(land: &Land) -> Vec<Feature> {
    let Ok(line) = land.corridors.line(None) else {
        return Vec::new();
    };
    let posts = land.corridors.posts(line).into_iter().map(|station| {
        let km = (station.chainage_m / 1000.0).round();
        let [left, right] = crate::corridor::units_beside(&land.boundaries, station.sides);
        let name = |unit: &str| Some(format!("{unit} {km}"));
        let names = Trilingual {
            ar: name("كم"),
            ckb: name("کم"),
            en: name("km"),
        };
        let properties = named(
            &names,
            properties([
                ("km", json!(km)),
                ("heading", json!(heading(line, km))),
                ("left", json!(left)),
                ("right", json!(right)),
            ]),
        );
        Feature::new(
            format!("km-{km}"),
            Some(Geometry::Point(Point::from(station.point))),
            properties,
        )
    });
    posts.collect()
}

/// Kilometres on each side of a post over which the direction of its line is taken: the part that a map of a district shows.
const HEADING_REACH_KM: f64 = 2.0;

/// The direction of the line at a post in whole degrees from north, over the kilometres around it.
fn heading(line: &crate::corridor::Corridor, km: f64) -> Option<f64> {
    let around = line
        .slice_km(
            (km - HEADING_REACH_KM).max(0.0),
            (km + HEADING_REACH_KM).min(line.length_km()),
        )
        .ok()?;
    let first = around.0.first()?.0.first()?;
    let last = around.0.last()?.0.last()?;
    let (_, azimuth) = crate::geodesy::distance_and_azimuth([first.x, first.y], [last.x, last.y]);
    Some(azimuth.rem_euclid(360.0).round() % 360.0)
}

/// `region_line`: from the context, with its length and the class by which this worldview draws it.
pub(super) fn region_line(land: &Land, territory: &Territory, features: Vec<Feature>) -> Vec<Feature> {
    let class = land.worldviews.class(territory.view, "region_line");
    let measured = features.into_iter().map(|mut feature| {
        let lines = match feature.geometry.as_deref() {
            Some(Geometry::MultiLineString(lines)) => lines.clone(),
            _ => MultiLineString::new(Vec::new()),
        };
        let points = |line: &LineString<f64>| line.coords().map(|coord| [coord.x, coord.y]).collect::<Vec<_>>();
        let km: f64 = lines.iter().map(|line| crate::geodesy::length_km(&points(line))).sum();
        feature
            .properties
            .insert("length_km".to_owned(), json!((km * 10.0).round() / 10.0));
        feature.properties.insert("class".to_owned(), json!(class));
        feature
    });
    measured.collect()
}
