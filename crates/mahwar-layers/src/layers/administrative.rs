//! Layers of the land's units as a worldview sees them: countries, governorates, districts, subdistricts, disputed areas.

use super::{
    Feature, FirstZooms, TimeSpan,
    evidence::{named, properties},
};
use crate::{
    gazetteer::{Gazetteer, Level},
    language::{Language, Trilingual},
    territory::{Boundaries, ControlByPeriod, DisputedAreas, Worldview, Worldviews, topology::Rings},
};
use geo::{Coord, Geometry, LineString, MultiPolygon};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::{cell::RefCell, sync::Arc};

/// Geometries and areas by their arcs, so that a unit has the same ones in every layer and worldview that shows it.
#[derive(Default)]
pub struct Drawings(RefCell<FxHashMap<Vec<Rings>, Drawing>>);

#[derive(Clone)]
struct Drawing {
    /// At full resolution.
    full: Arc<Geometry<f64>>,
    first_zooms: FirstZooms,
    /// To one decimal: a tenth of a square kilometre is below the accuracy of the boundaries.
    area_km2: f64,
}

impl Drawings {
    fn of(&self, polygons: &[Rings], boundaries: &Boundaries) -> Drawing {
        if let Some(known) = self.0.borrow().get(polygons) {
            return known.clone();
        }
        let full = boundaries.shape(polygons, None);
        let drawing = Drawing {
            area_km2: (crate::geodesy::area_km2(&full) * 10.0).round() / 10.0,
            full: Arc::new(Geometry::MultiPolygon(full)),
            first_zooms: boundaries.first_zooms(polygons.iter().flatten()).collect(),
        };
        self.0.borrow_mut().insert(polygons.to_vec(), drawing.clone());
        drawing
    }
}

/// The territory in one worldview.
#[derive(Clone, Copy)]
pub struct Territory<'t> {
    /// Units and arcs.
    pub boundaries: &'t Boundaries,
    /// Names.
    pub gazetteer: &'t Gazetteer,
    /// Differences between the worldviews.
    pub worldviews: &'t Worldviews,
    /// The list of disputed areas.
    pub disputed: &'t DisputedAreas,
    /// Holders of the disputed areas in each period.
    pub control: &'t ControlByPeriod,
    /// The worldview.
    pub view: Worldview,
    /// Geometries that exist already.
    pub drawings: &'t Drawings,
}

impl Territory<'_> {
    /// The names of a unit, those of this worldview first.
    pub fn name(&self, id: &str) -> Trilingual {
        let mut name = self
            .gazetteer
            .get(id)
            .map(|place| place.names.preferred())
            .unwrap_or_default();
        let own = |language| self.worldviews.name(self.view, id, language).map(str::to_owned);
        name.ar = own(Language::Arabic).or(name.ar);
        name.ckb = own(Language::Sorani).or(name.ckb);
        name.en = own(Language::English).or(name.en);
        name
    }

    fn english(&self, id: Option<&str>) -> Option<String> {
        self.name(id?).en
    }

    /// True if a unit is disputed: it is listed itself, is part of a listed unit, or contains one.
    fn is_disputed(&self, pcode: &str) -> bool {
        self.disputed.covering(pcode, self.boundaries).is_some()
    }

    /// Polygons of arcs as a feature with a geometry for each zoom.
    fn feature(&self, id: &str, polygons: &[Rings], properties: super::Properties) -> Feature {
        let drawing = self.drawings.of(polygons, self.boundaries);
        let mut feature = Feature::new(id, None, properties);
        feature.geometry = Some(drawing.full);
        feature.first_zooms = Some(drawing.first_zooms);
        feature.label = self.gazetteer.get(id).map(|place| place.point);
        feature
    }

    fn unit(&self, id: &str, pcode: Option<&str>, level: Level, polygons: &[Rings], derived: bool) -> Feature {
        let parent = match level {
            // Every governorate is in the country; the gazetteer decides whether it is in the Region too.
            Level::Governorate => self
                .gazetteer
                .get(id)
                .and_then(|place| place.parents.first().map(String::as_str)),
            _ => self.worldviews.parent_of(self.view, self.boundaries, id),
        };
        let governorate = match level {
            Level::Governorate => Some(id),
            _ => self.worldviews.governorate_of(self.view, self.boundaries, id),
        };
        let area = self.drawings.of(polygons, self.boundaries).area_km2;
        let properties = named(
            &self.name(id),
            properties([
                ("pcode", json!(pcode)),
                ("level", json!(level)),
                ("parent", json!(parent)),
                ("parent_name", json!(self.english(parent))),
                ("governorate", json!(governorate)),
                ("area_km2", json!(area)),
                ("disputed", json!(self.is_disputed(id))),
                ("derived", json!(derived)),
            ]),
        );
        self.feature(id, polygons, properties)
    }

    /// `governorates`: as this worldview counts and composes them.
    pub fn governorates(&self) -> Vec<Feature> {
        let governorates = self.worldviews.governorates(self.view, self.boundaries);
        let features = governorates.iter().filter_map(|governorate| {
            let set = self.boundaries.set(governorate.units.iter().map(String::as_str)).ok()?;
            let polygons = self.boundaries.dissolve(&set);
            let pcode = self.boundaries.unit(&governorate.id).map(|unit| unit.pcode.as_str());
            let pcode = pcode.or(governorate
                .units
                .first()
                .filter(|_| governorate.derived)
                .map(String::as_str));
            Some(self.unit(
                &governorate.id,
                pcode,
                Level::Governorate,
                &polygons,
                governorate.derived,
            ))
        });
        features.collect()
    }

    /// `districts` or `subdistricts`.
    pub fn units(&self, level: Level) -> Vec<Feature> {
        let units = self.boundaries.units_of(level);
        units
            .map(|unit| self.unit(&unit.pcode, Some(&unit.pcode), level, &unit.polygons, false))
            .collect()
    }

    /// The country of the land; its neighbours come from the context.
    pub fn country(&self) -> Vec<Feature> {
        let units = self.boundaries.units_of(Level::Country);
        let feature = |unit: &crate::territory::Unit| {
            let properties = named(&self.name(&unit.pcode), properties([("foreign", json!(false))]));
            self.feature(&unit.pcode, &unit.polygons, properties)
        };
        units.map(feature).collect()
    }

    /// `borders`: the stretches of border with each neighbour; those between neighbours come from the context.
    pub fn borders(&self) -> Vec<Feature> {
        let country = self
            .boundaries
            .units_of(Level::Country)
            .next()
            .map_or("", |unit| unit.pcode.as_str());
        let features = self.boundaries.neighbours().iter().map(|neighbour| {
            let lines = self.boundaries.chain(&neighbour.arcs);
            let points = |line: &Vec<crate::territory::ArcRef>| {
                self.boundaries
                    .line(line, None)
                    .into_iter()
                    .map(|[x, y]| Coord { x, y })
                    .collect::<LineString<f64>>()
            };
            let geometry = Geometry::MultiLineString(lines.iter().map(points).collect());
            let id = format!("border-{country}-{}", neighbour.code);
            let mut feature = Feature::new(id, Some(geometry), properties([("kind", json!("international"))]));
            // The zooms of its points are those of the units along it, so that both are drawn alike at every zoom.
            feature.first_zooms = Some(self.boundaries.first_zooms(&lines).collect());
            feature
        });
        features.collect()
    }

    /// `disputed_areas`: one feature a unit, with who holds it now and every period before.
    pub fn disputed_areas(&self) -> Vec<Feature> {
        let features = self.disputed.iter().filter_map(|area| {
            let unit = self.boundaries.unit(&area.pcode)?;
            let formal = self.boundaries.ancestor(&area.pcode, Level::Governorate);
            let control = self
                .control
                .current(&area.pcode)
                .filter(|control| control.party.is_some());
            let parties: Vec<Value> = area
                .claimed_by
                .iter()
                .map(|id| json!({"id": id, "name": self.worldviews.party(id)}))
                .collect();
            let periods: Vec<_> = self.control.periods(&area.pcode).collect();
            let source = control.map(|control| format!("{}, {}", control.source, control.source_date));
            let properties = named(
                &self.name(&area.pcode),
                properties([
                    ("unami_name", json!(area.listed_name)),
                    ("level", json!(unit.level)),
                    ("formal_governorate", json!(formal.map(|unit| &unit.pcode))),
                    (
                        "governorate",
                        json!(self.worldviews.governorate_of(self.view, self.boundaries, &area.pcode)),
                    ),
                    ("claimed_by", json!(parties)),
                    ("control", json!(control.and_then(|control| control.party.as_ref()))),
                    ("control_since", json!(control.map(|control| control.from.to_string()))),
                    ("control_source", json!(source)),
                    ("control_source_url", json!(control.map(|control| &control.source_url))),
                    ("control_note", json!(control.map(|control| &control.note))),
                    ("control_periods", json!(periods)),
                    ("article", json!(area.article)),
                    (
                        "area_km2",
                        json!(self.drawings.of(&unit.polygons, self.boundaries).area_km2),
                    ),
                    ("status", json!(area.status)),
                    ("class", json!(self.worldviews.class(self.view, "disputed_areas"))),
                    ("source", json!(area.source)),
                    ("note", json!(Some(&area.note).filter(|note| !note.is_empty()))),
                ]),
            );
            Some(self.feature(&area.pcode, &unit.polygons, properties))
        });
        features.collect()
    }

    /// `control`: one feature for each disputed unit and period, with its days, so that `datetime` finds who held a
    /// unit at a time. If no public source names the holder, `control` is null: a gap, not a guess.
    pub fn control_by_period(&self) -> Vec<Feature> {
        let features = self.control.iter().filter_map(|control| {
            let unit = self.boundaries.unit(&control.pcode)?;
            let party = control.party.as_deref();
            let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
            let from = control.from.to_string();
            let until = control.to.map(|day| day.to_string());
            let properties = named(
                &self.name(&control.pcode),
                properties([
                    ("pcode", json!(control.pcode)),
                    ("level", json!(unit.level)),
                    ("control", json!(party)),
                    ("party", json!(party.map(|id| self.worldviews.party(id)))),
                    ("control_since", json!(from)),
                    ("control_until", json!(until)),
                    ("control_source", json!(given(&control.source))),
                    ("control_source_date", json!(given(&control.source_date))),
                    ("control_source_url", json!(given(&control.source_url))),
                    ("control_note", json!(given(&control.note))),
                ]),
            );
            let mut feature = self.feature(&control.pcode, &unit.polygons, properties);
            feature.id = format!("{}-{from}", control.pcode);
            feature.time = TimeSpan::between(Some(&from), until.as_deref()).ok();
            Some(feature)
        });
        features.collect()
    }

    /// Units of a definition, as `security_gap_area` shows them.
    pub fn members(&self, definition: &str, pcodes: &[String]) -> Vec<Feature> {
        let features = pcodes.iter().filter_map(|pcode| {
            let unit = self.boundaries.unit(pcode)?;
            let properties = named(
                &self.name(pcode),
                properties([
                    ("definition", json!(definition)),
                    (
                        "area_km2",
                        json!(self.drawings.of(&unit.polygons, self.boundaries).area_km2),
                    ),
                ]),
            );
            Some(self.feature(pcode, &unit.polygons, properties))
        });
        features.collect()
    }

    /// The boundary of a unit or of a governorate that this worldview derives, at full resolution.
    pub fn boundary(&self, id: &str) -> Option<MultiPolygon<f64>> {
        let derived = || {
            let governorate = self.worldviews.derived(id)?;
            let set = self.boundaries.set(governorate.units.iter().map(String::as_str)).ok()?;
            Some(self.boundaries.shape(&self.boundaries.dissolve(&set), None))
        };
        self.boundaries.geometry(id).or_else(derived)
    }
}
