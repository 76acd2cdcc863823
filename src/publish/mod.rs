//! Puts a land and its documents before the server: layers for each worldview, and the services behind the endpoints.

pub mod corridor;
mod damage;
mod feeds;
mod library;
mod places;
mod pulse;
mod standing;
mod stretch;

pub use feeds::{
    EVERY as FEED_EVERY, ListedFeed, SHORTEST as FEED_SHORTEST, follow as follow_feeds, status as feed_status,
};
pub use library::Library;

use crate::{
    gazetteer::Level,
    geoparse::{Geoparser, MentionPlace, read_titled, text_first},
    land::Land,
    layers::{self, Drawings, Entry, Feature, Layer, Partial, PlaceCounts, ReadDocument, Territory, evidence},
    server::{About, Services, Snapshot, View, Views, Worldview as ServedView},
    territory::Worldview,
    threads::joined,
};
use corridor::CorridorAnswers;
use geo::Geometry;
use places::Places;
use rustc_hash::FxHashMap;
use standing::Standing;
use std::sync::{Arc, Mutex, PoisonError};

/// A land, ready to be served: layers that do not depend on documents are built once.
pub struct Publisher {
    land: Arc<Land>,
    /// For each worldview the layers of the land itself, by id.
    ground: Ground,
    boundaries: Mutex<FxHashMap<String, Option<Arc<Geometry<f64>>>>>,
}

/// For each worldview some layers, by id.
type Ground = Vec<(Worldview, FxHashMap<String, Arc<Layer>>)>;

/// What documents say, on its way to become layers.
struct Told<'d> {
    documents: Vec<&'d ReadDocument>,
    counts: &'d PlaceCounts,
    /// Set when the documents are only the newest: how many there are in all.
    partial: Option<u64>,
}

impl Told<'_> {
    /// What is known of a layer that holds only its newest features.
    fn partial(&self, layer: &str) -> Option<Partial> {
        let documents = self.partial?;
        let all = self.counts.all();
        match layer {
            "mentions" => Some(all),
            "documents" => Some(Partial {
                total: Some(documents),
                bounds: None,
                time: all.time,
            }),
            "claims" | "coordination_axes" => Some(Partial { total: None, ..all }),
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
        let (common, mut ground) = std::thread::scope(|scope| {
            let common = scope.spawn(|| common_layers(&land));
            let ground = seen_layers(&land);
            (joined(common), ground)
        });
        for (_, layers) in &mut ground {
            layers.extend(common.iter().map(|(id, layer)| (id.clone(), Arc::clone(layer))));
        }
        Self {
            land,
            ground,
            boundaries: Mutex::default(),
        }
    }

    /// Reads a document: everything that the geoparser finds in it.
    pub fn read(&self, mut document: crate::document::Document) -> ReadDocument {
        let geoparser = &self.land.geoparser;
        let parse = text_first(read_titled(document.own_title(), &document.text, |whole| {
            geoparser.geoparse(whole)
        }));
        document.language = parse.language;
        ReadDocument { document, parse }
    }

    /// All layers of all worldviews with these documents. Layers equal to those of `before` are those of `before`.
    pub fn snapshot(&self, documents: Vec<Arc<ReadDocument>>, before: Option<&Snapshot>) -> Snapshot {
        let counts = PlaceCounts::of(documents.iter().map(Arc::as_ref));
        let told = Told {
            documents: documents.iter().map(Arc::as_ref).collect(),
            counts: &counts,
            partial: None,
        };
        let evidence = self.evidence(&told, |id| {
            before.and_then(|before| layer_of(before.default_view(), id))
        });
        Snapshot::new(self.views(&evidence), documents, before)
    }

    /// All layers of all worldviews as a store stands, with and without its rulings.
    pub(crate) fn snapshot_of(&self, standing: &Standing, before: &Snapshot) -> Snapshot {
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
            false => self.views(&machine),
        };
        Snapshot::with_machine(self.views(&ruled), machine, standing.documents(), Some(before))
    }

    /// The layers that are made of documents. A layer as one of `known` is that one.
    fn evidence<K: IntoIterator<Item = Arc<Layer>>>(
        &self,
        told: &Told<'_>,
        known: impl Fn(&str) -> K,
    ) -> FxHashMap<String, Arc<Layer>> {
        let layers = self.land.catalog.entries().iter().filter_map(|entry| {
            let mut layer = entry.layer(self.evidence_features(told, &entry.id)?);
            layer.of_documents = true;
            if let Some(partial) = told.partial(&entry.id) {
                layer = layer.with_partial(partial);
            }
            let same = known(&entry.id).into_iter().find(|old| old.revision == layer.revision);
            Some((entry.id.clone(), same.unwrap_or_else(|| Arc::new(layer))))
        });
        layers.collect()
    }

    fn views(&self, evidence: &FxHashMap<String, Arc<Layer>>) -> Views {
        let views = self.ground.iter().map(|(view, ground)| {
            let entries = self.land.catalog.entries().iter();
            let layers = entries.filter_map(|entry| ground.get(&entry.id).or_else(|| evidence.get(&entry.id)));
            (self.served(*view), layers.cloned().collect())
        });
        views.collect()
    }

    /// True for a layer of the catalogue that is made of documents, and not of the land.
    fn is_of_documents(&self, id: &str) -> bool {
        let is_of_land = self.ground.iter().any(|(_, layers)| layers.contains_key(id));
        !is_of_land && self.land.catalog.get(id).is_some()
    }

    /// Some features as a layer of the catalogue; `None` for a layer that it does not have.
    fn layer(&self, id: &str, features: impl IntoIterator<Item = Feature>) -> Option<Layer> {
        Some(self.land.catalog.get(id)?.layer(features))
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

    fn evidence_features(&self, told: &Told<'_>, layer: &str) -> Option<Vec<Feature>> {
        let documents = &told.documents;
        Some(match layer {
            "mentions" => evidence::mentions(documents),
            "mention_places" => told.counts.features(documents),
            "claims" => evidence::claims(documents, |id| self.point(id)),
            "documents" => evidence::documents(documents),
            "coordination_axes" => evidence::coordination_axes(documents, |id| self.boundary(id)),
            _ => return None,
        })
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

    /// The label point of a place.
    fn point(&self, place: &str) -> Option<[f64; 2]> {
        self.land.gazetteer.get(place).map(|place| place.point)
    }

    /// What reads texts.
    pub fn geoparser(&self) -> &Geoparser {
        &self.land.geoparser
    }

    /// A place of the gazetteer as mentions name it.
    pub fn place(&self, id: &str) -> Option<MentionPlace> {
        self.land.gazetteer.get(id).map(MentionPlace::from)
    }

    /// What the endpoints ask.
    pub fn services(&self) -> Services {
        let land = Arc::clone(&self.land);
        Services {
            geoparse: Arc::new(move |text| land.geoparser.geoparse(text)),
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
        }
    }
}

/// What no side sees otherwise is made once.
fn common_layers(land: &Land) -> FxHashMap<String, Arc<Layer>> {
    let layers = land.catalog.entries().iter().filter_map(|entry| {
        let layer = common_layer(land, entry)?;
        Some((entry.id.clone(), Arc::new(layer)))
    });
    layers.collect()
}

/// What each side sees in its own way.
fn seen_layers(land: &Land) -> Ground {
    let drawings = Drawings::default();
    let mut ground = Ground::new();
    for view in Worldview::ALL {
        let territory = land.territory(view, &drawings);
        let layers = land.catalog.entries().iter().filter_map(|entry| {
            let layer = entry.layer(seen_features(land, &territory, &entry.id)?);
            // A layer that a worldview shows as another does is kept, cached and prepared once.
            let mut same = ground.iter().filter_map(|(_, layers)| layers.get(&entry.id));
            let same = same.find(|other| other.revision == layer.revision);
            Some((entry.id.clone(), same.cloned().unwrap_or_else(|| Arc::new(layer))))
        });
        let layers = layers.collect();
        ground.push((view, layers));
    }
    ground
}

/// A layer of the land that is the same from every side; `None` for any other.
fn common_layer(land: &Land, entry: &Entry) -> Option<Layer> {
    Some(match entry.id.as_str() {
        "places" => entry.layer(layers::places(&land.gazetteer)),
        "security_gap" => entry.layer(corridor::lines(land)),
        "security_gap_posts" => entry.layer(corridor::posts(land)),
        id @ ("rivers" | "lakes" | "settlements_context") => entry.layer(land.context.features(id, &["source"])),
        _ => return None,
    })
}

/// The features of a layer of the land as a side sees it; `None` for a layer that is made of documents.
fn seen_features(land: &Land, territory: &Territory, layer: &str) -> Option<Vec<Feature>> {
    let around = |fields: &[&str]| land.context.features(layer, fields);
    Some(match layer {
        "countries" => {
            let mut features = territory.country();
            let own: Vec<String> = features.iter().map(|feature| feature.id.clone()).collect();
            features.extend(
                around(&["foreign"])
                    .into_iter()
                    .filter(|feature| !own.contains(&feature.id)),
            );
            features
        }
        "governorates" => territory.governorates(),
        "districts" => territory.units(Level::District),
        "subdistricts" => territory.units(Level::Subdistrict),
        "disputed_areas" => territory.disputed_areas(),
        "control" => territory.control_by_period(),
        "region_line" => corridor::region_line(land, territory, around(&["source"])),
        "security_gap_area" => corridor::members(land, territory),
        _ => return None,
    })
}
