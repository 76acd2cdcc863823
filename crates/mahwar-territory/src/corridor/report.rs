//! Report on the corridor: every definition measured, the published figures, and claims compared with them.

use super::{
    Corridor, CorridorError, Definition, Definitions, FindPlace, Kind, LineSide, Location, PublishedFigure, Station,
    profile::units_beside, published::read_published,
};
use crate::{
    gazetteer::Level,
    geodesy::{LonLat, PositionError},
    language::Trilingual,
    territory::{Boundaries, DisputedAreas},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// How lengths and areas are measured, in every answer.
pub const METHOD: &str = "geodesic, WGS 84";

/// Definitions whose length is within this part of a claimed figure are named beside it.
const NEAR: f64 = 0.05;

/// All definitions with their lines, and the figures in print.
#[derive(Debug)]
pub struct Corridors {
    definitions: Definitions,
    lines: Vec<Corridor>,
    published: Vec<PublishedFigure>,
    measured: OnceLock<Vec<Measured>>,
}

/// A definition with its measures.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Its id.
    pub id: String,
    /// The one that is meant when none is named.
    pub default: bool,
    /// `outer-edge`, `facing` or `route`.
    pub kind: &'static str,
    /// Its title.
    pub title: Trilingual,
    /// Units that it includes, and why.
    pub description: Trilingual,
    /// The units that it bounds; empty for a route.
    pub units: Vec<String>,
    /// Line that cuts the outline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_shared_with: Option<Vec<String>>,
    /// The side that it faces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facing: Option<String>,
    /// The places that it goes through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Vec<String>>,
    /// Length at full resolution.
    pub length_km: f64,
    /// Length as drawn at `generalised_zoom`.
    pub length_generalised_km: f64,
    /// The zoom of `length_generalised_km`.
    pub generalised_zoom: u8,
    /// In how many unbroken pieces it comes.
    pub pieces: usize,
    /// Area of its units; none for a route.
    pub area_km2: Option<f64>,
    /// Its south-eastern end, where chainage is 0.
    pub start: Option<LonLat>,
    /// Its north-western end.
    pub end: Option<LonLat>,
    /// How it was measured.
    pub method: &'static str,
}

/// A length that a document claims.
#[derive(Clone, Debug)]
pub struct ClaimedLength {
    /// Id of the claim.
    pub claim: String,
    /// Id of the document.
    pub document: Option<String>,
    /// The figure in kilometres.
    pub km: f64,
    /// True if the text calls it approximate.
    pub approximate: bool,
    /// Its place in the document (a W3C Web Annotation target or a quote with offsets).
    pub evidence: Value,
}

/// A claim compared with a definition.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimReport {
    /// Id of the claim.
    pub claim: String,
    /// Id of the document.
    pub document: Option<String>,
    /// Claimed length.
    pub claimed_km: f64,
    /// True if the text calls it approximate.
    pub approximate: bool,
    /// Measured length.
    pub measured_km: f64,
    /// Claimed over measured.
    pub ratio: f64,
    /// The definition that it is compared with.
    pub definition: String,
    /// The difference, in a sentence.
    pub differs: Trilingual,
    /// Other definitions whose length is within a twentieth of the claim.
    pub near: Vec<NearDefinition>,
    /// The same figure in print, often for another extent.
    pub same_figure: Vec<PublishedFigure>,
    /// Its place in the document.
    pub evidence: Value,
}

/// Another definition that comes near a claim.
#[derive(Clone, Debug, Serialize)]
pub struct NearDefinition {
    /// Its id.
    pub definition: String,
    /// Its length.
    pub measured_km: f64,
    /// Claimed over measured.
    pub ratio: f64,
}

/// The answer of `/corridor/definitions`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Every definition.
    pub definitions: Vec<Measured>,
    /// Every figure in print.
    pub published: Vec<PublishedFigure>,
    /// Claims from documents.
    pub claims: Vec<ClaimReport>,
}

/// The answer of `/corridor/locate`; `/corridor/at` has the same fields in a feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LocationReport {
    /// Id of the definition.
    pub definition: String,
    /// Kilometres from the south-eastern end.
    pub chainage_km: f64,
    /// Geodesic distance from the line in kilometres.
    pub distance_km: f64,
    /// Side of the line.
    pub side: LineSide,
    /// The nearest position of the line.
    pub point: LonLat,
    /// Unit left of the line there: a district, or a sub-district where both sides are in one district.
    pub left: Option<String>,
    /// Unit right of the line there.
    pub right: Option<String>,
    /// True if the requested position lies outside the land.
    pub outside: bool,
}

impl Corridors {
    /// Reads `corridor.toml` and `published_figures.csv` and derives every line. `place` finds the point of a
    /// gazetteer id.
    pub fn new(
        definitions: &str,
        published: &str,
        land: &Boundaries,
        disputed: &DisputedAreas,
        place: FindPlace<'_>,
    ) -> Result<Self, CorridorError> {
        let definitions = Definitions::parse(definitions)?;
        let lines = definitions
            .iter()
            .map(|definition| definitions.derive(definition, land, disputed, place));
        Ok(Self {
            lines: lines.collect::<Result<_, _>>()?,
            published: read_published(published)?,
            definitions,
            measured: OnceLock::new(),
        })
    }

    /// The definitions.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// The line of a definition, or of the default one.
    pub fn line(&self, id: Option<&str>) -> Result<&Corridor, CorridorError> {
        let definition = self.definitions.get(id)?;
        let line = self.lines.iter().find(|line| line.id == *definition.id.get_ref());
        // Every definition has its line.
        Ok(line.unwrap_or(&self.lines[0]))
    }

    /// The figures in print.
    pub fn published(&self) -> &[PublishedFigure] {
        &self.published
    }

    /// All lines, in the order of the definitions.
    pub fn lines(&self) -> &[Corridor] {
        &self.lines
    }

    /// Kilometre posts of a line at the spacing of `corridor.toml`.
    pub fn posts(&self, line: &Corridor) -> Vec<Station> {
        line.posts(self.definitions.posts_every_km)
    }

    /// Every definition measured; computed at the first call.
    pub fn measured(&self, land: &Boundaries, disputed: &DisputedAreas) -> &[Measured] {
        self.measured.get_or_init(|| {
            let all = self.definitions.iter().zip(&self.lines);
            all.map(|(definition, line)| self.measure(definition, line, land, disputed))
                .collect()
        })
    }

    fn measure(
        &self,
        definition: &Definition,
        line: &Corridor,
        land: &Boundaries,
        disputed: &DisputedAreas,
    ) -> Measured {
        let zoom = self.definitions.generalised_zoom;
        let (units, not_shared_with, facing, through) = match &definition.kind {
            Kind::OuterEdge { set, not_shared_with } => (Some(set), Some(not_shared_with.clone()), None, None),
            Kind::Facing { set, side } => (Some(set), None, Some(side.clone()), None),
            Kind::Route { through } => (None, None, None, Some(through.clone())),
        };
        let ends = line.ends();
        Measured {
            id: line.id.clone(),
            default: definition.default,
            kind: definition.kind.word(),
            title: definition.title.clone(),
            description: definition.description.clone(),
            units: units
                .map(|set| self.definitions.units_of_set(set, disputed))
                .unwrap_or_default(),
            not_shared_with,
            facing,
            through,
            length_km: rounded(line.length_km(), 3),
            length_generalised_km: rounded(line.length_at_zoom_km(land, zoom), 3),
            generalised_zoom: zoom,
            pieces: line.pieces(),
            area_km2: line.set.as_ref().map(|set| rounded(land.area_of_set_km2(set), 2)),
            start: ends.map(|[start, _]| start),
            end: ends.map(|[_, end]| end),
            method: METHOD,
        }
    }

    /// Definitions, figures in print and claims side by side.
    pub fn report(&self, land: &Boundaries, disputed: &DisputedAreas, claims: &[ClaimedLength]) -> Report {
        let definitions = self.measured(land, disputed).to_vec();
        let claims = claims
            .iter()
            .filter_map(|claim| self.hold_against(claim, &definitions))
            .collect();
        Report {
            definitions,
            published: self.published.clone(),
            claims,
        }
    }

    /// A claim against the default definition, with the other definitions that come near it.
    fn hold_against(&self, claim: &ClaimedLength, definitions: &[Measured]) -> Option<ClaimReport> {
        let own = definitions.iter().find(|definition| definition.default)?;
        let near = definitions.iter().filter(|other| !other.default);
        let near = near.filter(|other| (claim.km / other.length_km - 1.0).abs() <= NEAR);
        let same = self
            .published
            .iter()
            .filter(|figure| figure.unit == "km" && (figure.figure - claim.km).abs() < 0.5);
        Some(ClaimReport {
            claim: claim.claim.clone(),
            document: claim.document.clone(),
            claimed_km: claim.km,
            approximate: claim.approximate,
            measured_km: own.length_km,
            ratio: rounded(claim.km / own.length_km, 3),
            definition: own.id.clone(),
            differs: difference(claim.km, own),
            near: near
                .map(|other| NearDefinition {
                    definition: other.id.clone(),
                    measured_km: other.length_km,
                    ratio: rounded(claim.km / other.length_km, 3),
                })
                .collect(),
            same_figure: same.cloned().collect(),
            evidence: claim.evidence.clone(),
        })
    }

    /// Where a position is with respect to a line, as `/corridor/locate` answers.
    pub fn locate(
        &self,
        id: Option<&str>,
        [lon, lat]: LonLat,
        land: &Boundaries,
    ) -> Result<LocationReport, LocateError> {
        let line = self.line(id)?;
        let found = line.locate(lon, lat)?;
        Ok(location_report(
            line,
            &found,
            land.unit_at(Level::Country, [lon, lat]).is_none(),
            land,
        ))
    }

    /// The position at a chainage as a GeoJSON feature, as `/corridor/at` answers.
    pub fn at(&self, id: Option<&str>, km: f64, land: &Boundaries) -> Result<Value, LocateError> {
        let line = self.line(id)?;
        let station = line.at_km(km)?;
        let found = Location {
            chainage_m: station.chainage_m,
            distance_m: 0.0,
            side: LineSide::On,
            point: station.point,
            sides: station.sides,
        };
        let report = location_report(line, &found, false, land);
        let geometry = json!({"type": "Point", "coordinates": report.point});
        Ok(json!({"type": "Feature", "geometry": geometry, "properties": report}))
    }
}

/// Why a position has no answer.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum LocateError {
    #[error(transparent)]
    Definition(#[from] CorridorError),
    #[error(transparent)]
    Position(#[from] PositionError),
}

fn location_report(line: &Corridor, found: &Location, outside: bool, land: &Boundaries) -> LocationReport {
    let [left, right] = units_beside(land, found.sides);
    LocationReport {
        definition: line.id.clone(),
        chainage_km: rounded(found.chainage_m / 1000.0, 6),
        distance_km: rounded(found.distance_m / 1000.0, 6),
        side: found.side,
        point: found.point.map(|degrees| rounded(degrees, 7)),
        left,
        right,
        outside,
    }
}

/// The difference between a claimed figure and a measured one, as a sentence in three languages.
fn difference(claimed: f64, own: &Measured) -> Trilingual {
    let by = claimed - own.length_km;
    let (km, percent) = (by.abs(), (by / own.length_km * 100.0).abs());
    let less = by < 0.0;
    let title = |text: Option<&String>| text.cloned().unwrap_or_else(|| own.id.clone());
    let measured = own.length_km;
    Trilingual {
        en: Some(format!(
            "The claimed {claimed} km are {km:.1} km ({percent:.1} %) {} than the {measured:.1} km measured along \"{}\".",
            if less { "less" } else { "more" },
            title(own.title.en.as_ref()),
        )),
        ar: Some(format!(
            "الرقم المعلن {claimed} كم {} بمقدار {km:.1} كم ({percent:.1}٪) من {measured:.1} كم المقيسة على امتداد «{}».",
            if less { "أقل" } else { "أكثر" },
            title(own.title.ar.as_ref()),
        )),
        ckb: Some(format!(
            "{claimed} کم کە ئیدیعا کراوە، {km:.1} کم ({percent:.1}٪) {} لە {measured:.1} کم کە بە درێژایی «{}» پێوراوە.",
            if less { "کەمترە" } else { "زیاترە" },
            title(own.title.ckb.as_ref()),
        )),
    }
}

/// A value rounded to a number of decimals.
pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10.0_f64.powi(decimals);
    (value * scale).round() / scale
}
