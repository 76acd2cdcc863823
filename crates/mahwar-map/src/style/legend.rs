//! The legend: sample features that a client draws with the style's own layers.

use super::{catalogue::CATALOGUE, sheet::Sheet};
use serde::Serialize;
use serde_json::{Value, json};

/// What a sample looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Shape {
    Area,
    Line,
    Point,
}

/// A row of the legend.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The layer whose style draws it.
    pub layer: &'static str,
    /// Its words.
    pub title: String,
    /// The sample's geometry.
    pub shape: Shape,
    /// The sample's attributes.
    pub properties: Value,
}

/// The rows of all layers that are there, the top layer first.
pub fn samples(sheet: &Sheet<'_>) -> Vec<Sample> {
    let mut rows = Vec::new();
    for known in CATALOGUE.iter().rev() {
        let Some(layer) = sheet.layers.iter().find(|layer| layer.id == known.id) else {
            continue;
        };
        let mut row = |title: &str, shape: Shape, properties: Value| {
            rows.push(Sample {
                layer: known.id,
                title: title.to_owned(),
                shape,
                properties,
            });
        };
        let title = layer.title.best(sheet.language);
        let words = &sheet.palettes.words;
        match known.id {
            "mention_places" => {
                let place = |precision: &str| json!({"precision": precision, "count": 1});
                row(words.fine.best(sheet.language), Shape::Point, place("settlement"));
                row(words.middle.best(sheet.language), Shape::Point, place("district"));
                row(words.coarse.best(sheet.language), Shape::Point, place("governorate"));
                let unsure = json!({"precision": "settlement", "count": 1, "confidence": 0});
                row(words.unsure.best(sheet.language), Shape::Point, unsure);
            }
            "security_gap_posts" => row(title, Shape::Point, json!({"km": 50})),
            "places" => row(title, Shape::Point, json!({"level": "settlement", "rank": 100})),
            // How the worldview in force classes them is a property of its features.
            "disputed_areas" | "region_line" => {
                let class = layer.features().find_map(|feature| match feature.value("class") {
                    crate::layers::ValueRef::Text(class) => Some(class.to_owned()),
                    _ => None,
                });
                let shape = if known.id == "region_line" {
                    Shape::Line
                } else {
                    Shape::Area
                };
                row(title, shape, json!({"class": class}));
            }
            "countries" => row(title, Shape::Line, json!({"foreign": false})),
            _ => row(title, shape_of(known.id), json!({})),
        }
    }
    rows
}

fn shape_of(layer: &str) -> Shape {
    match layer {
        "mentions" | "claims" | "settlements_context" => Shape::Point,
        "lakes" | "security_gap_area" | "coordination_axes" | "positions" | "events" => Shape::Area,
        _ => Shape::Line,
    }
}
