//! Publishes a land and its documents: layers for each worldview, and the services of the endpoints.

pub mod corridor;
mod counting;
mod damage;
mod feature_page;
mod feeds;
mod library;
mod local_names;
pub mod own;
mod places;
mod pulse;
mod store_summary;

pub use feeds::{
    EVERY as FEED_EVERY, ListedFeed, SHORTEST as FEED_SHORTEST, follow as follow_feeds, status as feed_status,
};
pub use library::Library;
pub use local_names::LocalNames;

use crate::{
    events::{self, Event},
    gazetteer::{Level, Place},
    geoparse::{Geoparser, MentionPlace, read_titled, text_first},
    land::{Land, LandError},
    layers::{
        self, Bounds, CountTable, Counts, Dimension, Drawings, EVER, Entry, Feature, Holders, Layer, LayerKind,
        Partial, PlaceCounts, PlaceSummary, ReadDocument, Territory, Units, evidence,
    },
    server::{About, CountService, Services, Snapshot, View, Views, Worldview as ServedView},
    sources::Shelf,
    table,
    territory::Worldview,
    threads::joined,
};
use corridor::CorridorAnswers;
use geo::Geometry;
use places::Places;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use store_summary::StoreSummary;

/// A land, ready to be served: layers that do not depend on documents are built once.
pub struct Publisher {
    land: Arc<Land>,
    /// For each worldview the layers of the land itself, by id.
    ground: Ground,
    boundaries: Mutex<FxHashMap<String, Option<Arc<Geometry<f64>>>>>,
    units: OnceLock<Units>,
    /// For each worldview its units as features, to be shown with their counts.
    unit_features: Vec<(Worldview, Vec<Feature>)>,
    own: OnceLock<Arc<Shelf>>,
    reading: Arc<Reading>,
}

/// The geoparser in use, which is replaced when analysts add names.
struct Reading(RwLock<(Arc<Geoparser>, i64)>);

impl Reading {
    fn geoparser(&self) -> Arc<Geoparser> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    fn reader(&self) -> i64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).1
    }

    fn replace(&self, reading: (Arc<Geoparser>, i64)) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = reading;
    }
}

/// For each worldview some layers, by id.
type Ground = Vec<(Worldview, FxHashMap<String, Arc<Layer>>)>;

/// Documents and totals from which layers are made.
struct LayerInput<'d> {
    documents: Vec<&'d ReadDocument>,
    /// The newest events, or all of them.
    events: &'d [Event],
    /// Number of all events.
    all_events: u64,
    /// The places that they mention, with those that only documents outside memory mention.
    places: &'d [PlaceSummary],
    /// Counts of each unit.
    units: &'d FxHashMap<String, Counts>,
    /// Set when the documents are only the newest.
    partial: Option<Whole>,
}

/// Totals of all documents, in memory or not.
#[derive(Clone, Copy)]
struct Whole {
    documents: u64,
    claims: u64,
    /// All drawn mentions.
    mentions: Partial,
}

impl LayerInput<'_> {
    /// Totals of a layer that holds only its newest features.
    fn partial(&self, layer: LayerKind) -> Option<Partial> {
        if layer == LayerKind::Events {
            let is_partial = self.all_events > self.events.len() as u64;
            return is_partial.then_some(Partial {
                total: Some(self.all_events),
                bounds: None,
                time: None,
            });
        }
        let Whole {
            documents,
            claims,
            mentions,
        } = self.partial?;
        match layer {
            LayerKind::Mentions => Some(mentions),
            LayerKind::Documents => Some(Partial {
                total: Some(documents),
                bounds: None,
                ..mentions
            }),
            LayerKind::Claims => Some(Partial {
                total: Some(claims),
                ..mentions
            }),
            LayerKind::CoordinationAxes => Some(Partial {
                total: None,
                ..mentions
            }),
            // They lie outside the places that are counted.
            LayerKind::Positions => Some(Partial {
                total: None,
                bounds: None,
                ..mentions
            }),
            _ => None,
        }
    }
}

/// The layer of a snapshot, to be kept where nothing changes.
fn layer_of(view: &View, id: &str) -> Option<Arc<Layer>> {
    view.layer(id).map(|tiles| Arc::clone(tiles.layer()))
}

impl Publisher {
    /// Builds the layers of the land.
    pub fn new(land: Land) -> Self {
        let land = Arc::new(land);
        // Side by side, for they are most of the start.
        let (common, (mut ground, unit_features)) = std::thread::scope(|scope| {
            let common = scope.spawn(|| common_layers(&land));
            let ground = seen_layers(&land);
            (joined(common), ground)
        });
        for (_, layers) in &mut ground {
            layers.extend(common.iter().map(|(id, layer)| (id.clone(), Arc::clone(layer))));
        }
        let reading = RwLock::new((Arc::clone(&land.geoparser), land.reader));
        Self {
            reading: Arc::new(Reading(reading)),
            land,
            ground,
            boundaries: Mutex::default(),
            units: OnceLock::new(),
            unit_features,
            own: OnceLock::new(),
        }
    }

    /// Own layers of the operator are in every snapshot from now; the first call counts.
    pub fn show_own(&self, shelf: Arc<Shelf>) {
        // A server has one shelf; a second call would be a mistake that changes nothing.
        let _ = self.own.set(shelf);
    }

    /// True for a layer of the land's catalogue.
    pub fn has_layer(&self, id: &str) -> bool {
        self.land.catalog.get(id).is_some()
    }

    /// Bounds of the land.
    pub fn bounds(&self) -> Option<Bounds> {
        let (_, layers) = self.ground.first()?;
        layers.get(LayerKind::Governorates.id())?.bounds()
    }

    /// Reads a document: everything that the geoparser finds in it.
    pub fn read(&self, mut document: crate::document::Document) -> ReadDocument {
        let published = document.published.as_deref();
        let geoparser = self.geoparser();
        let parse = text_first(read_titled(document.own_title(), &document.text, |whole| {
            geoparser.geoparse_published(whole, published)
        }));
        document.language = parse.language;
        ReadDocument { document, parse }
    }

    /// All layers of all worldviews with these documents. Layers equal to those of `before` are those of `before`.
    pub fn snapshot(&self, documents: Vec<Arc<ReadDocument>>, before: Option<&Snapshot>) -> Snapshot {
        let places = PlaceCounts::of(documents.iter().map(Arc::as_ref)).summaries();
        let units = CountTable::of(documents.iter().map(Arc::as_ref), self.units());
        let units = units.totals(Dimension::Unit, "", "", &[EVER.to_owned()]);
        let units: FxHashMap<String, Counts> = units.into_iter().collect();
        let events = events::of_documents(documents.iter().map(Arc::as_ref));
        let told = LayerInput {
            events: &events,
            all_events: events.len() as u64,
            documents: documents.iter().map(Arc::as_ref).collect(),
            places: &places,
            units: &units,
            partial: None,
        };
        let evidence = self.evidence(&told, |id| {
            before.and_then(|before| layer_of(before.default_view(), id))
        });
        let views = self.views(&evidence, &units, before.map(Snapshot::default_view));
        Snapshot::new(views, documents, before)
    }

    /// All layers of all worldviews for the present state of a store, with and without its rulings.
    pub(crate) fn snapshot_of(&self, standing: &StoreSummary, before: &Snapshot) -> Snapshot {
        let view = before.default_view();
        let ruled = self.evidence(&standing.told(true), |id| layer_of(view, id));
        let machine = match standing.is_ruled() {
            // A layer that no ruling changes is one layer.
            true => self.evidence(&standing.told(false), |id| {
                let same = ruled.get(id).cloned();
                same.into_iter().chain(layer_of(before.unruled(view), id))
            }),
            false => FxHashMap::default(),
        };
        let machine = match machine.is_empty() {
            true => Vec::new(),
            false => self.views(&machine, standing.told(false).units, None),
        };
        let views = self.views(&ruled, standing.told(true).units, Some(view));
        Snapshot::with_machine(views, machine, standing.documents(), Some(before))
    }

    /// The layers that are made of documents. A layer as one of `known` is that one.
    fn evidence<K: IntoIterator<Item = Arc<Layer>>>(
        &self,
        told: &LayerInput<'_>,
        known: impl Fn(&str) -> K,
    ) -> FxHashMap<String, Arc<Layer>> {
        let layers = self.land.catalog.entries().iter().filter_map(|entry| {
            let mut layer = entry.layer(self.evidence_features(told, entry.kind)?);
            if let Some(partial) = told.partial(entry.kind) {
                layer = layer.with_partial(partial);
            }
            let same = known(&entry.id).into_iter().find(|old| old.revision == layer.revision);
            Some((entry.id.clone(), same.unwrap_or_else(|| Arc::new(layer))))
        });
        layers.collect()
    }

    fn views(
        &self,
        evidence: &FxHashMap<String, Arc<Layer>>,
        units: &FxHashMap<String, Counts>,
        before: Option<&View>,
    ) -> Views {
        let mut counted: Vec<Arc<Layer>> = before
            .and_then(|before| layer_of(before, LayerKind::UnitCounts.id()))
            .into_iter()
            .collect();
        let views = self.ground.iter().map(|(view, ground)| {
            let unit_layer = self.unit_layer(view.word(), units, ["", ""]).map(|layer| {
                let same = counted.iter().find(|other| other.revision == layer.revision).cloned();
                let layer = same.unwrap_or_else(|| Arc::new(layer));
                counted.push(Arc::clone(&layer));
                layer
            });
            let entries = self.land.catalog.entries().iter();
            let layers = entries.filter_map(|entry| match entry.kind {
                LayerKind::UnitCounts => unit_layer.clone(),
                _ => ground.get(&entry.id).or_else(|| evidence.get(&entry.id)).cloned(),
            });
            let own = self.own.get().map(|shelf| shelf.layers()).unwrap_or_default();
            (self.served(*view), layers.chain(own).collect())
        });
        views.collect()
    }

    /// True for a layer of the catalogue that is made of documents.
    fn is_of_documents(&self, id: &str) -> bool {
        self.land
            .catalog
            .get(id)
            .is_some_and(|entry| entry.kind.is_of_documents())
    }

    /// Some features as a layer of the catalogue; `None` for a layer that it does not have.
    fn layer(&self, kind: LayerKind, features: impl IntoIterator<Item = Feature>) -> Option<Layer> {
        Some(self.land.catalog.get(kind.id())?.layer(features))
    }

    fn served(&self, view: Worldview) -> ServedView {
        let stated = self.land.worldviews.view(view);
        ServedView {
            id: view.word().to_owned(),
            title: stated.title.clone(),
            convention: stated.convention.clone(),
            source: stated.source.clone(),
            default: view == self.land.worldviews.default_view(),
        }
    }

    /// The features of a layer, of which those of mentions are made one by one: a document may have many.
    fn evidence_features<'s>(
        &'s self,
        told: &'s LayerInput<'_>,
        layer: LayerKind,
    ) -> Option<Box<dyn Iterator<Item = Feature> + 's>> {
        let documents = &told.documents;
        let features = match layer {
            LayerKind::Mentions => return Some(Box::new(evidence::mentions(documents, self.coding()))),
            LayerKind::MentionPlaces => evidence::mention_places(told.places, documents),
            LayerKind::Claims => evidence::coded_claims(documents, |id| self.point(id), self.coding()),
            LayerKind::Documents => evidence::documents(documents),
            LayerKind::Positions => layers::positions::features(documents),
            LayerKind::Events => told
                .events
                .iter()
                .map(|event| events::feature(event, self.coding()))
                .collect(),
            LayerKind::CoordinationAxes => evidence::coordination_axes(documents, |id| self.boundary(id)),
            _ => return None,
        };
        Some(Box::new(features.into_iter()))
    }

    /// The boundary of a unit, put together once.
    fn boundary(&self, unit: &str) -> Option<Arc<Geometry<f64>>> {
        let mut known = self.boundaries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(boundary) = known.get(unit) {
            return boundary.clone();
        }
        let drawings = Drawings::default();
        let neutral = self.land.territory(self.land.worldviews.default_view(), &drawings);
        let boundary = neutral
            .boundary(unit)
            .map(|area| Arc::new(Geometry::MultiPolygon(area)));
        known.insert(unit.to_owned(), boundary.clone());
        boundary
    }

    /// Fingerprint of the rules and data that read texts.
    pub fn reader(&self) -> i64 {
        self.reading.reader()
    }

    /// The administrative units that contain each place.
    pub fn units(&self) -> &Units {
        self.units
            .get_or_init(|| Units::of_places(self.land.gazetteer.places()))
    }

    /// Codes of the types of claims, the versions that every row names, and the units that hold places.
    fn coding(&self) -> evidence::Coding<'_> {
        evidence::Coding {
            kinds: self.land.geoparser.claim_kinds(),
            versions: Some(&self.land.versions),
            holders: Some(Holders(&self.land.gazetteer)),
        }
    }

    /// The label point of a place.
    fn point(&self, place: &str) -> Option<[f64; 2]> {
        self.land.gazetteer.get(place).map(|place| place.point)
    }

    /// Places of the gazetteer whose label points are in a box.
    fn places_within(&self, Bounds([west, south, east, north]): Bounds) -> Vec<&Place> {
        let inside = |[lon, lat]: [f64; 2]| (west..=east).contains(&lon) && (south..=north).contains(&lat);
        let places = self.land.gazetteer.places().iter();
        places.filter(|place| inside(place.point)).collect()
    }

    /// The geoparser of the land, with the names that analysts have added.
    pub fn geoparser(&self) -> Arc<Geoparser> {
        self.reading.geoparser()
    }

    /// Texts are read with the local names of the file as it is now.
    pub(crate) fn use_local_names(&self) -> Result<(), LandError> {
        self.reading.replace(self.land.geoparser_with_local_names()?);
        Ok(())
    }

    /// A place of the gazetteer as mentions name it.
    pub fn place(&self, id: &str) -> Option<MentionPlace> {
        let geoparser = self.geoparser();
        let gazetteer = geoparser.gazetteer();
        Some(MentionPlace::of(gazetteer.get(id)?, gazetteer))
    }

    /// The services that the endpoints call.
    pub fn services(&self) -> Services {
        let reading = Arc::clone(&self.reading);
        let of_tables = Arc::clone(&self.land);
        Services {
            // One thread: a request has no more than its share.
            tabulate: Arc::new(move |table, wanted, sink| table::run(&of_tables, table, wanted, 1, sink)),
            geoparse: Arc::new(move |text, published| reading.geoparser().geoparse_published(text, published)),
            places: Arc::new(Places::new(Arc::clone(&self.land))),
            corridor: Arc::new(CorridorAnswers {
                land: Arc::clone(&self.land),
            }),
        }
    }

    /// The land, as far as answers name it.
    pub fn about(&self) -> About {
        let about = &self.land.about;
        let sources: Vec<&str> = about.attribution.iter().map(|source| source.text.as_str()).collect();
        About {
            title: about.title.clone(),
            description: about.title.clone(),
            disclaimer: self.land.worldviews.disclaimer().clone(),
            attribution: sources.join(" · "),
            sources: about.attribution.clone(),
            departures: self.land.worldviews.departures(),
            palettes: Arc::clone(&self.land.palettes),
            operator: crate::server::Operator::default(),
            versions: self.land.versions.clone(),
            edition: about.units_edition.clone(),
            codes: Arc::clone(&self.land.codes),
        }
    }
}

/// Layers that are the same in every worldview are made once.
fn common_layers(land: &Land) -> FxHashMap<String, Arc<Layer>> {
    let layers = land.catalog.entries().iter().filter_map(|entry| {
        let layer = common_layer(land, entry)?;
        Some((entry.id.clone(), Arc::new(layer)))
    });
    layers.collect()
}

/// Layers that differ between the worldviews.
fn seen_layers(land: &Land) -> (Ground, Vec<(Worldview, Vec<Feature>)>) {
    let drawings = Drawings::default();
    let mut ground = Ground::new();
    let mut units = Vec::new();
    for view in Worldview::ALL {
        let territory = land.territory(view, &drawings);
        let mut own_units = Vec::new();
        let layers = land.catalog.entries().iter().filter_map(|entry| {
            let features = seen_features(land, &territory, entry)?;
            if let Some(first) = first_zoom(entry.kind) {
                own_units.extend(features.iter().map(|unit| Feature {
                    min_zoom: first,
                    ..unit.clone()
                }));
            }
            let layer = entry.layer(features);
            // A layer that a worldview shows as another does is kept, cached and prepared once.
            let mut same = ground.iter().filter_map(|(_, layers)| layers.get(&entry.id));
            let same = same.find(|other| other.revision == layer.revision);
            Some((entry.id.clone(), same.cloned().unwrap_or_else(|| Arc::new(layer))))
        });
        let layers = layers.collect();
        ground.push((view, layers));
        units.push((view, own_units));
    }
    (ground, units)
}

/// The zoom from which the units of a layer are shown with their counts; `None` for a layer of anything else.
fn first_zoom(layer: LayerKind) -> Option<u8> {
    match layer {
        LayerKind::Governorates => Some(0),
        LayerKind::Districts => Some(6),
        LayerKind::Subdistricts => Some(8),
        _ => None,
    }
}

/// A layer of the land that is the same from every side; `None` for any other.
fn common_layer(land: &Land, entry: &Entry) -> Option<Layer> {
    Some(match entry.kind {
        LayerKind::Places => entry.layer(layers::places(&land.gazetteer)),
        LayerKind::SecurityGap => entry.layer(corridor::lines(land)),
        LayerKind::SecurityGapPosts => entry.layer(corridor::posts(land)),
        LayerKind::Peaks => entry.layer(land.context.features(&entry.id, &["elevation", "source"])),
        LayerKind::Rivers
        | LayerKind::Lakes
        | LayerKind::SettlementsContext
        | LayerKind::Seas
        | LayerKind::UrbanAreas
        | LayerKind::Airports => entry.layer(land.context.features(&entry.id, &["source"])),
        _ => return None,
    })
}

/// The features of a layer of the land as a side sees it; `None` for a layer that is made of documents.
fn seen_features(land: &Land, territory: &Territory, entry: &Entry) -> Option<Vec<Feature>> {
    let around = |fields: &[&str]| land.context.features(&entry.id, fields);
    Some(match entry.kind {
        LayerKind::Countries => {
            let mut features = territory.country();
            let own: Vec<String> = features.iter().map(|feature| feature.id.clone()).collect();
            features.extend(
                around(&["foreign"])
                    .into_iter()
                    .filter(|feature| !own.contains(&feature.id)),
            );
            features
        }
        LayerKind::Borders => {
            let mut features = territory.borders();
            features.extend(around(&["kind"]));
            features
        }
        LayerKind::Governorates => territory.governorates(),
        LayerKind::Districts => territory.units(Level::District),
        LayerKind::Subdistricts => territory.units(Level::Subdistrict),
        LayerKind::DisputedAreas => territory.disputed_areas(),
        LayerKind::Control => territory.control_by_period(),
        LayerKind::RegionLine => {
            corridor::region_line(land, territory, around(&["follows_km", "departs_km", "source"]))
        }
        LayerKind::SecurityGapArea => corridor::members(land, territory),
        _ => return None,
    })
}
