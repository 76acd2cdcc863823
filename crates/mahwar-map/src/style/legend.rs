//! The legend: sample features that a client draws with the style's own layers.

use super::{catalogue::CATALOGUE, evidence::STEPS, sheet::Sheet};
use crate::layers::LayerKind;
use serde::Serialize;
use serde_json::{Value, json};

/// Form of a sample.
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
    pub layer: String,
    /// Its words.
    pub title: String,
    /// The sample's geometry.
    pub shape: Shape,
    /// The sample's attributes.
    pub properties: Value,
}

/// The rows of all layers of the sheet, the top layer first.
pub fn samples(sheet: &Sheet<'_>) -> Vec<Sample> {
    let mut rows = super::own::samples(sheet);
    for known in CATALOGUE.iter().rev() {
        let Some(layer) = sheet.layers.iter().find(|layer| layer.id == known.id) else {
            continue;
        };
        let mut row = |title: &str, shape: Shape, properties: Value| {
            rows.push(Sample {
                layer: known.id.to_string(),
                title: title.to_owned(),
                shape,
                properties,
            });
        };
        let title = layer.title.best(sheet.language);
        let words = &sheet.palettes.words;
        match layer.kind {
            LayerKind::MentionPlaces => {
                let place = |precision: &str| json!({"precision": precision, "count": 1});
                row(words.fine.best(sheet.language), Shape::Point, place("settlement"));
                row(words.middle.best(sheet.language), Shape::Point, place("district"));
                row(words.coarse.best(sheet.language), Shape::Point, place("governorate"));
                let unsure = json!({"precision": "settlement", "count": 1, "confidence": 0});
                row(words.unsure.best(sheet.language), Shape::Point, unsure);
            }
            LayerKind::UnitCounts => {
                for (at, (least, _)) in STEPS.iter().enumerate() {
                    let range = match STEPS.get(at + 1) {
                        Some((next, _)) => format!("{title}: {least}–{}", next - 1),
                        None => format!("{title}: {least}+"),
                    };
                    let unit = json!({"level": "governorate", "documents": least});
                    row(&range, Shape::Area, unit);
                }
            }
            LayerKind::SecurityGapPosts => row(title, Shape::Point, json!({"km": 50})),
            LayerKind::Places => row(title, Shape::Point, json!({"level": "settlement", "rank": 100})),
            // How the worldview in force classes them is a property of its features.
            LayerKind::DisputedAreas | LayerKind::RegionLine => {
                let class = layer.features().find_map(|feature| match feature.value("class") {
                    crate::layers::ValueRef::Text(class) => Some(class.to_owned()),
                    _ => None,
                });
                let shape = if layer.kind == LayerKind::RegionLine {
                    Shape::Line
                } else {
                    Shape::Area
                };
                row(title, shape, json!({"class": class}));
            }
            // Its area is the ground; the border is a row of its own.
            LayerKind::Countries | LayerKind::Seas => {}
            LayerKind::Control => {
                for (party, name) in super::territory::parties(layer, sheet.language) {
                    row(&format!("{title}: {name}"), Shape::Area, json!({"control": party}));
                }
            }
            LayerKind::SecurityGap => row(&derived(layer, title, sheet), Shape::Line, json!({})),
            kind => row(title, shape_of(kind), json!({})),
        }
    }
    rows
}

fn shape_of(layer: LayerKind) -> Shape {
    match layer {
        LayerKind::Mentions
        | LayerKind::Claims
        | LayerKind::SettlementsContext
        | LayerKind::Airports
        | LayerKind::Peaks => Shape::Point,
        LayerKind::Lakes
        | LayerKind::UrbanAreas
        | LayerKind::SecurityGapArea
        | LayerKind::CoordinationAxes
        | LayerKind::Positions
        | LayerKind::Events => Shape::Area,
        _ => Shape::Line,
    }
}

/// The title of a derived line, which says that it is derived, and by which definition.
fn derived(layer: &crate::layers::Layer, title: &str, sheet: &Sheet<'_>) -> String {
    let word = match sheet.palettes.words.derived.best(sheet.language) {
        "" => "derived",
        word => word,
    };
    let definition = layer.features().next().and_then(|feature| feature.name(sheet.language));
    match definition {
        Some(definition) => format!("{title} ({word}: {definition})"),
        None => format!("{title} ({word})"),
    }
}
