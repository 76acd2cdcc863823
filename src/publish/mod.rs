//! Puts a land and its documents before the server: layers for each worldview, and the services behind the endpoints.

mod corridor;
mod places;

use crate::{
    gazetteer::Level,
    land::Land,
    layers::{self, Feature, Layer, ReadDocument, Territory, evidence},
    server::{About, Services, Snapshot, Worldview as ServedView},
    territory::Worldview,
};
use corridor::CorridorAnswers;
use places::Places;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A land, ready to be served: layers that do not depend on documents are built once.
pub struct Publisher {
    land: Arc<Land>,
    /// For each worldview the layers of the land itself, by id.
    ground: Vec<(Worldview, FxHashMap<String, Arc<Layer>>)>,
}

impl Publisher {
    /// Builds the layers of the land.
    pub fn new(land: Land) -> Self {
        let land = Arc::new(land);
        let mut ground: Vec<(Worldview, FxHashMap<String, Arc<Layer>>)> = Vec::new();
        for view in Worldview::ALL {
            let territory = territory(&land, view);
            let layers = land.catalog.entries().iter().filter_map(|entry| {
                let features = ground_features(&land, &territory, &entry.id)?;
                let layer = entry.layer(features);
                // A layer that a worldview shows as another does is kept, cached and prepared once.
                let mut same = ground.iter().filter_map(|(_, layers)| layers.get(&entry.id));
                let same = same.find(|other| other.revision == layer.revision);
                Some((entry.id.clone(), same.cloned().unwrap_or_else(|| Arc::new(layer))))
            });
            let layers = layers.collect();
            ground.push((view, layers));
        }
        Self { land, ground }
    }

    /// Reads a document: everything that the geoparser finds in it.
    pub fn read(&self, mut document: crate::document::Document) -> ReadDocument {
        let parse = self.land.geoparser.geoparse(&document.text);
        document.language = parse.language;
        ReadDocument { document, parse }
    }

    /// All layers of all worldviews with these documents. Layers equal to those of `before` are those of `before`.
    pub fn snapshot(&self, documents: Vec<Arc<ReadDocument>>, before: Option<&Snapshot>) -> Snapshot {
        let told: Vec<&ReadDocument> = documents.iter().map(Arc::as_ref).collect();
        let mut shared: FxHashMap<String, Arc<Layer>> = FxHashMap::default();
        let views = self.ground.iter().map(|(view, ground)| {
            let layers = self.land.catalog.entries().iter().filter_map(|entry| {
                if let Some(layer) = ground.get(&entry.id) {
                    return Some(Arc::clone(layer));
                }
                if let Some(layer) = shared.get(&entry.id) {
                    return Some(Arc::clone(layer));
                }
                let layer = Arc::new(entry.layer(self.evidence_features(&told, &entry.id)?));
                let kept = before
                    .and_then(|before| before.default_view().layer(&entry.id))
                    .map(|tiles| tiles.layer())
                    .filter(|old| old.revision == layer.revision);
                let layer = kept.cloned().unwrap_or(layer);
                shared.insert(entry.id.clone(), Arc::clone(&layer));
                Some(layer)
            });
            let layers = layers.collect();
            (self.served(*view), layers)
        });
        let views = views.collect();
        Snapshot::new(views, documents, before)
    }

    fn served(&self, view: Worldview) -> ServedView {
        let stated = self.land.worldviews.view(view);
        ServedView {
            id: view.word().to_owned(),
            title: stated.title.clone(),
            convention: stated.convention.clone(),
            default: view == self.land.worldviews.default_view(),
        }
    }

    fn evidence_features(&self, documents: &[&ReadDocument], layer: &str) -> Option<Vec<Feature>> {
        let neutral = territory(&self.land, self.land.worldviews.default_view());
        Some(match layer {
            "mentions" => evidence::mentions(documents),
            "mention_places" => evidence::mention_places(documents),
            "claims" => evidence::claims(documents),
            "documents" => evidence::documents(documents),
            "coordination_axes" => evidence::coordination_axes(documents, |id| neutral.boundary(id)),
            _ => return None,
        })
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
            palettes: Arc::clone(&self.land.palettes),
        }
    }
}

fn territory(land: &Land, view: Worldview) -> Territory<'_> {
    Territory {
        boundaries: &land.boundaries,
        gazetteer: &land.gazetteer,
        worldviews: &land.worldviews,
        disputed: &land.disputed,
        control: &land.control,
        view,
    }
}

/// The features of a layer of the land; `None` for a layer that is made of documents.
fn ground_features(land: &Land, territory: &Territory, layer: &str) -> Option<Vec<Feature>> {
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
        "places" => layers::places(&land.gazetteer),
        "region_line" => corridor::region_line(land, territory, around(&["source"])),
        "security_gap" => corridor::lines(land),
        "security_gap_area" => corridor::members(land, territory),
        "security_gap_posts" => corridor::posts(land),
        "rivers" | "lakes" | "settlements_context" => around(&["source"]),
        _ => return None,
    })
}
