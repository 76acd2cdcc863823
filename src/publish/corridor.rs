//! The corridor behind the endpoints, and its layers.

use crate::{
    corridor::{ClaimedLength, Corridor, CorridorError, LocateError, METHOD},
    document::evidence,
    gazetteer::Level,
    land::Land,
    language::Trilingual,
    layers::{Feature, Properties, Territory, named, properties},
    server::{CorridorRefusal, CorridorService, StoredDocument},
    territory::FULL_ZOOM,
};
use geo::{Geometry, LineString, MultiLineString, Point};
use serde_json::{Value, json};
use std::sync::Arc;

/// The unit of lengths that are held against the corridor.
const KILOMETRES: &str = "km";

/// Answers the corridor's endpoints from a land.
pub struct CorridorAnswers {
    /// The land.
    pub land: Arc<Land>,
}

impl CorridorAnswers {
    fn corridor(&self, definition: Option<&str>) -> Result<&Corridor, CorridorRefusal> {
        self.land
            .corridors
            .line(definition)
            .map_err(|error| refusal(&error, &self.land))
    }
}

fn refusal(error: &CorridorError, land: &Land) -> CorridorRefusal {
    tracing::debug!(%error, "corridor");
    CorridorRefusal::UnknownDefinition(land.corridors.lines().iter().map(|line| line.id.clone()).collect())
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

    fn line(&self, definition: Option<&str>) -> Result<Value, CorridorRefusal> {
        let line = self.corridor(definition)?;
        let properties = line_properties(&self.land, line);
        Ok(json!({
            "type": "Feature",
            "id": line.id,
            "geometry": geojson::Geometry::from(&line.geometry()),
            "properties": properties,
        }))
    }

    fn locate(&self, lon: f64, lat: f64, definition: Option<&str>) -> Result<Value, CorridorRefusal> {
        self.corridor(definition)?;
        // The position was checked when the parameters were read, so only the definition could be wrong.
        let report = self
            .land
            .corridors
            .locate(definition, [lon, lat], &self.land.boundaries);
        Ok(report
            .ok()
            .and_then(|report| serde_json::to_value(report).ok())
            .unwrap_or_default())
    }

    fn at(&self, km: f64, definition: Option<&str>) -> Result<Value, CorridorRefusal> {
        let line = self.corridor(definition)?;
        self.land
            .corridors
            .at(definition, km, &self.land.boundaries)
            .map_err(|error| match error {
                LocateError::Definition(error) => refusal(&error, &self.land),
                LocateError::Position(_) => CorridorRefusal::BeyondEnd(line.length_km()),
            })
    }

    fn profile(&self, by: &str, definition: Option<&str>) -> Result<Value, CorridorRefusal> {
        let land = &self.land;
        let level = if by == Level::District.word() {
            Level::District
        } else {
            Level::Governorate
        };
        let view = land.worldviews.default_view();
        let governorate = |pcode: &str| {
            land.worldviews
                .governorate_of(view, &land.boundaries, pcode)
                .map(str::to_owned)
        };
        let profile = self.corridor(definition)?.profile(level, &land.boundaries, governorate);
        Ok(serde_json::to_value(profile).unwrap_or_default())
    }
}

/// The lengths in kilometres that a document's claims give, for claims about a security gap.
fn claimed_lengths(read: &StoredDocument) -> impl Iterator<Item = ClaimedLength> + '_ {
    let gaps = read
        .parse
        .claims
        .iter()
        .filter(|claim| claim.kind == crate::geoparse::ClaimType::SecurityVacuum);
    gaps.flat_map(|claim| {
        let lengths = read
            .parse
            .quantities
            .iter()
            .filter(|quantity| quantity.unit == KILOMETRES && claim.quantities.contains(&quantity.id));
        lengths.map(|quantity| ClaimedLength {
            claim: claim.id.clone(),
            document: Some(read.document.id.clone()),
            km: quantity.value,
            approximate: quantity.approximate,
            evidence: evidence(&read.document, &claim.evidence.offsets, ""),
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
    let geometry = Geometry::from(line.geometry());
    let mut feature = Feature::new(line.id.clone(), Some(geometry), line_properties(land, line));
    let shapes = (0..FULL_ZOOM).map(|zoom| Arc::new(Geometry::from(line.geometry_at(&land.boundaries, zoom))));
    feature.by_zoom = shapes.collect();
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
            properties([("km", json!(km)), ("left", json!(left)), ("right", json!(right))]),
        );
        Feature::new(
            format!("km-{km}"),
            Some(Geometry::Point(Point::from(station.point))),
            properties,
        )
    });
    posts.collect()
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
