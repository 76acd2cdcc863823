//! The catalogue of layers, read from `layers.toml`: titles, geometry types, zooms, fields, sources.

use super::{Feature, Field, FieldType, GeometryKind, Layer, LayerKind, Paint};
use crate::language::Trilingual;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Errors of `layers.toml`.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)]
pub enum CatalogError {
    #[error("layers.toml: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("layers.toml: layer {layer:?} has the unknown {what} {name:?}")]
    Unknown {
        layer: String,
        what: &'static str,
        name: String,
    },
    #[error(
        "layers.toml: layer {layer:?} has the zooms {zooms:?}; accepted: two from 0 to {MAX_ZOOM}, the first not above the last"
    )]
    Zooms { layer: String, zooms: [u8; 2] },
}

/// The greatest zoom that a layer may have.
const MAX_ZOOM: u8 = 22;

/// Descriptions of all layers, in drawing order.
#[derive(Clone, Debug)]
pub struct Catalog {
    entries: Vec<Entry>,
}

/// The description of one layer.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Id in URLs.
    pub id: String,
    /// Its kind.
    pub kind: LayerKind,
    title: Trilingual,
    description: Trilingual,
    attribution: String,
    geometry: GeometryKind,
    fields: Vec<Field>,
    zooms: [u8; 2],
    paint: Paint,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    layer: Vec<Row>,
    source: BTreeMap<String, String>,
    field: BTreeMap<String, Trilingual>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    geometry: GeometryKind,
    zooms: [u8; 2],
    sources: Vec<String>,
    fields: Vec<String>,
    title: Trilingual,
    description: Trilingual,
    #[serde(default)]
    paint: Paint,
}

impl Catalog {
    /// Reads `layers.toml`.
    pub fn read(text: &str) -> Result<Self, CatalogError> {
        let File { layer, source, field } = toml::from_str(text)?;
        let entries = layer
            .into_iter()
            .map(|row| Entry::read(row, &source, &field))
            .collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// All layers, in drawing order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The layer with this id.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }
}

impl Entry {
    fn read(
        row: Row,
        sources: &BTreeMap<String, String>,
        titles: &BTreeMap<String, Trilingual>,
    ) -> Result<Self, CatalogError> {
        let unknown = |what, name: &str| CatalogError::Unknown {
            layer: row.id.clone(),
            what,
            name: name.to_owned(),
        };
        let [first, last] = row.zooms;
        if first > last || last > MAX_ZOOM {
            return Err(CatalogError::Zooms {
                layer: row.id.clone(),
                zooms: row.zooms,
            });
        }
        let attribution = row
            .sources
            .iter()
            .map(|name| {
                sources
                    .get(name)
                    .map(String::as_str)
                    .ok_or_else(|| unknown("source", name))
            })
            .collect::<Result<Vec<_>, _>>()?
            .join(" ");
        let named = row.geometry != GeometryKind::None;
        let common: &[&str] = if named {
            &["name", "name:ar", "name:ckb", "name:en"]
        } else {
            &[]
        };
        let fields = common
            .iter()
            .map(|&name| (name, "string"))
            // `name:ar` is a name of its own, so the type follows the last colon of the row's fields only.
            .chain(
                row.fields
                    .iter()
                    .map(|field| field.split_once(':').unwrap_or((field, "string"))),
            )
            .map(|(name, kind)| {
                let title = titles.get(name).cloned().ok_or_else(|| unknown("field", name))?;
                let kind = field_type(kind).ok_or_else(|| unknown("field type", kind))?;
                Ok(Field {
                    name: name.to_owned(),
                    kind,
                    title,
                })
            })
            .collect::<Result<_, CatalogError>>()?;
        let Row {
            id,
            geometry,
            zooms,
            title,
            description,
            paint,
            ..
        } = row;
        Ok(Self {
            kind: LayerKind::of(&id),
            id,
            title,
            description,
            attribution,
            geometry,
            fields,
            zooms,
            paint,
        })
    }

    /// The layer with these features.
    pub fn layer(&self, features: impl IntoIterator<Item = Feature>) -> Layer {
        let mut layer = Layer::new(
            &self.id,
            self.title.clone(),
            self.description.clone(),
            &self.attribution,
            self.geometry,
            self.fields.clone(),
            self.zooms,
            features,
        );
        layer.paint = self.paint;
        layer
    }
}

fn field_type(word: &str) -> Option<FieldType> {
    Some(match word {
        "string" => FieldType::String,
        "number" => FieldType::Number,
        "integer" => FieldType::Integer,
        "boolean" => FieldType::Boolean,
        "date" => FieldType::Date,
        "datetime" => FieldType::DateTime,
        "time" => FieldType::Time,
        "json" => FieldType::Json,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_of_the_repository_is_read() {
        let catalog = Catalog::read(include_str!("../../../../data/layers.toml")).unwrap();
        assert!(catalog.get("mention_places").is_some());
        assert_eq!(catalog.get("documents").unwrap().geometry, GeometryKind::None);
    }

    #[test]
    fn an_unknown_field_is_named_with_its_layer() {
        let text = r#"
            layer = [{ id = "l", geometry = "Point", zooms = [0, 1], sources = [], fields = ["colour"], title = {}, description = {} }]
            [source]
            [field]
            name = {}
            "name:ar" = {}
            "name:ckb" = {}
            "name:en" = {}
        "#;
        let error = Catalog::read(text).unwrap_err().to_string();
        assert!(error.contains("\"l\"") && error.contains("\"colour\""), "{error}");
    }
}
