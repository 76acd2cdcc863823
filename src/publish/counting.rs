//! Layers of sums: places and units with their counts in any period.

use super::Publisher;
use crate::{
    layers::{Counts, Feature, Layer, LayerKind, PlaceSummary, ReadDocument, Units, evidence},
    server::CountService,
};
use rustc_hash::FxHashMap;
use serde_json::json;

impl CountService for Publisher {
    fn units(&self) -> &Units {
        Publisher::units(self)
    }

    fn places(&self, totals: &[PlaceSummary], at_hand: &[&ReadDocument]) -> Option<Layer> {
        self.layer(LayerKind::MentionPlaces, evidence::mention_places(totals, at_hand))
    }

    fn unit_layer(&self, worldview: &str, totals: &FxHashMap<String, Counts>, said: [&str; 2]) -> Option<Layer> {
        let (_, units) = self.unit_features.iter().find(|(view, _)| view.word() == worldview)?;
        let features = units
            .iter()
            .map(|unit| counted(unit, totals.get(&unit.id).copied(), said));
        self.layer(LayerKind::UnitCounts, features)
    }
}

/// A unit with its numbers.
fn counted(unit: &Feature, counts: Option<Counts>, [kind, speaker]: [&str; 2]) -> Feature {
    let counts = counts.unwrap_or_default();
    let mut feature = unit.clone();
    feature.properties.retain(|name, _| {
        name.starts_with("name") || matches!(name.as_str(), "level" | "parent" | "parent_name" | "governorate")
    });
    let asked = |word: &str| {
        if word.is_empty() {
            serde_json::Value::Null
        } else {
            json!(word)
        }
    };
    let numbers = [
        ("documents", json!(counts.documents)),
        ("claims", json!(counts.claims)),
        ("killed", json!(counts.killed)),
        ("type", asked(kind)),
        ("speaker", asked(speaker)),
    ];
    for (name, value) in numbers {
        feature.properties.insert(name.to_owned(), value);
    }
    feature
}
