//! A layer: features of one geometry type with titles, fields and an R-tree over their bounds.

use super::{
    Bounds, Column, Feature, FirstZooms, LayerKind, Paint, Pool, Properties, TimeSpan, ValueRef,
    column::ColumnBuilder,
    row::{Row, Shape},
    tree::Tree,
};
use crate::language::{Language, Trilingual};
use geo::Geometry;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    borrow::Cow,
    hash::{Hash, Hasher},
};

/// The one geometry type of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum GeometryKind {
    Point,
    MultiPoint,
    LineString,
    MultiLineString,
    Polygon,
    MultiPolygon,
    None,
}

impl GeometryKind {
    /// True if it has an inside.
    pub fn is_areal(self) -> bool {
        matches!(self, Self::Polygon | Self::MultiPolygon)
    }
}

/// The type of a field (JSON Schema words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum FieldType {
    String,
    Number,
    Integer,
    Boolean,
    /// RFC 3339 full-date.
    Date,
    /// RFC 3339 date-time.
    DateTime,
    /// RFC 3339 full-date in some features and date-time in others.
    Time,
    /// A JSON value (list or object); a JSON text in formats that have none.
    Json,
}

impl FieldType {
    /// True for days and moments.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Date | Self::DateTime | Self::Time)
    }
}

/// One attribute of a layer's features.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Field {
    /// Key in `properties`.
    pub name: String,
    /// Its type.
    pub kind: FieldType,
    /// Meaning of the value, with its unit.
    pub title: Trilingual,
}

/// The fields that hold names: `name` and, for each language, `name:<tag>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// Position of `name`.
    pub plain: Option<usize>,
    /// Positions of `name:<tag>` in the order of [`Language::ALL`].
    pub by_language: [Option<usize>; 3],
}

/// A layer, immutable once built; a change makes a new one.
#[derive(Debug)]
pub struct Layer {
    /// The id in URLs.
    pub id: String,
    /// Its kind, by which the program knows its source.
    pub kind: LayerKind,
    /// Title.
    pub title: Trilingual,
    /// Description of its features and their source.
    pub description: Trilingual,
    /// Attribution line for sources.
    pub attribution: String,
    /// Its geometry type.
    pub geometry: GeometryKind,
    /// Its attributes, in order.
    pub fields: Vec<Field>,
    /// Zooms at which tiles include it.
    pub zooms: [u8; 2],
    /// Default style.
    pub paint: Paint,
    /// Hash of everything that a client can see in it; changes if and only if that changes.
    pub revision: u64,
    /// Set where the layer holds only its newest features.
    pub partial: Option<Partial>,
    /// True if its features come from documents, not from the land's data.
    pub of_documents: bool,
    /// True if an operator added it, beside the layers of the land and of documents.
    pub own: bool,
    /// True if the map shows it at first, where it is an own layer.
    pub shown: bool,
    ids: Pool,
    rows: Vec<Row>,
    /// One a field, and after them those of `translated`.
    columns: Vec<Column>,
    naming: Naming,
    /// Fields whose text differs by language, with the columns that hold it in the order of [`Language::ALL`].
    translated: Vec<(usize, [usize; 3])>,
    /// Positions in the order of the ids, each id once.
    by_id: Vec<u32>,
    bounds: Option<Bounds>,
    tree: Tree,
    /// For each zoom one past the last feature that it draws; all for zooms beyond.
    drawn_until: Vec<u32>,
}

/// Totals of a layer of which only the newest features are in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Partial {
    /// Number of all features, if known.
    pub total: Option<u64>,
    /// Bounds of all.
    pub bounds: Option<Bounds>,
    /// From the earliest to the latest moment of all.
    pub time: Option<TimeSpan>,
}

impl Layer {
    /// Adds the features and builds the index. Their order is kept: it is the order of paging. An undeclared property
    /// gets a field of its own. If two features share an id, the id finds the first.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        id: &str,
        title: Trilingual,
        description: Trilingual,
        attribution: &str,
        geometry: GeometryKind,
        mut fields: Vec<Field>,
        zooms: [u8; 2],
        features: impl IntoIterator<Item = Feature>,
    ) -> Self {
        let mut hasher = FxHasher::default();
        (id, geometry, zooms, attribution).hash(&mut hasher);
        (&title, &description).hash(&mut hasher);
        let mut builders: Vec<_> = fields.iter().map(|field| ColumnBuilder::new(field.kind, 0)).collect();
        let mut ids = Pool::default();
        let mut rows: Vec<Row> = Vec::new();
        let mut translations: Vec<(usize, [ColumnBuilder; 3])> = Vec::new();
        for feature in features {
            hash_feature(&feature, &mut hasher);
            for (name, value) in &feature.properties {
                if !value.is_null() && !fields.iter().any(|field| field.name == *name) {
                    let kind = ColumnBuilder::kind_of(value);
                    fields.push(Field {
                        name: name.clone(),
                        kind,
                        title: Trilingual::default(),
                    });
                    builders.push(ColumnBuilder::new(kind, rows.len()));
                }
            }
            for (at, (field, builder)) in fields.iter().zip(&mut builders).enumerate() {
                let value = feature.properties.get(&field.name);
                let texts = value.and_then(texts_by_language);
                if texts.is_some() && !translations.iter().any(|(field, _)| *field == at) {
                    let empty = || ColumnBuilder::new(FieldType::String, rows.len());
                    translations.push((at, [empty(), empty(), empty()]));
                }
                if let Some((_, columns)) = translations.iter_mut().find(|(field, _)| *field == at) {
                    for (column, language) in columns.iter_mut().zip(Language::ALL) {
                        column.push(texts.and_then(|texts| texts.get(language.tag())));
                    }
                }
                match texts {
                    Some(texts) => builder.push(texts.values().find(|text| !text.is_null())),
                    None => builder.push(value),
                }
            }
            ids.push(&feature.id);
            rows.push(Row::new(feature));
        }
        let kind = LayerKind::of(id);
        ids.shrink_to_fit();
        rows.shrink_to_fit();
        fields.hash(&mut hasher);
        let id_at = |index: &u32| ids.get(*index);
        let mut by_id: Vec<u32> = (0..rows.len() as u32).collect();
        // Stable, so that of two features with one id the first stays.
        by_id.sort_by(|a, b| id_at(a).cmp(id_at(b)));
        by_id.dedup_by(|a, b| id_at(a) == id_at(b));
        let mut translated = Vec::new();
        for (field, columns) in translations {
            let first = builders.len();
            translated.push((field, [first, first + 1, first + 2]));
            builders.extend(columns);
        }
        Self {
            id: id.to_owned(),
            kind,
            title,
            description,
            attribution: attribution.to_owned(),
            geometry,
            naming: naming_of(&fields),
            fields,
            zooms,
            paint: Paint::default(),
            revision: hasher.finish(),
            partial: None,
            of_documents: kind.is_of_documents(),
            own: false,
            shown: true,
            bounds: rows.iter().filter_map(Row::bounds).reduce(Bounds::union),
            tree: Tree::new(&rows),
            drawn_until: drawn_until(&rows),
            ids,
            rows,
            columns: builders.into_iter().map(ColumnBuilder::finish).collect(),
            translated,
            by_id,
        }
    }

    /// The same layer, marked as one with only the newest of its features.
    pub fn with_partial(mut self, partial: Partial) -> Self {
        let mut hasher = FxHasher::default();
        (self.revision, partial.total, partial.time).hash(&mut hasher);
        partial
            .bounds
            .map(|bounds| bounds.0.map(f64::to_bits))
            .hash(&mut hasher);
        self.revision = hasher.finish();
        self.partial = Some(partial);
        self
    }

    /// Number of all features, including those that are not in memory; `None` when it is not known.
    pub fn total(&self) -> Option<u64> {
        self.partial
            .map_or(Some(self.rows.len() as u64), |partial| partial.total)
    }

    /// Number of features in memory.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if it has no features.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All features, in order.
    pub fn features(&self) -> impl ExactSizeIterator<Item = FeatureRef<'_>> {
        (0..self.rows.len()).map(|index| self.at(index as u32))
    }

    /// The feature at a position in this layer.
    pub fn at(&self, index: u32) -> FeatureRef<'_> {
        FeatureRef { layer: self, index }
    }

    /// The feature with this id.
    pub fn get(&self, id: &str) -> Option<FeatureRef<'_>> {
        let found = self.by_id.binary_search_by(|&index| self.ids.get(index).cmp(id));
        found.ok().map(|at| self.at(self.by_id[at]))
    }

    /// Positions of the features whose bounds meet the box, ascending.
    pub fn within(&self, bounds: Bounds) -> Vec<u32> {
        self.drawn_within(bounds, u8::MAX)
    }

    /// Positions of the features that a zoom draws and whose bounds meet the box, ascending.
    pub fn drawn_within(&self, bounds: Bounds, zoom: u8) -> Vec<u32> {
        let mut found = Vec::new();
        self.drawn_within_into(bounds, zoom, &mut found);
        found
    }

    /// [`Self::drawn_within`] with a list that is reused.
    pub fn drawn_within_into(&self, bounds: Bounds, zoom: u8, found: &mut Vec<u32>) {
        /// If the features drawn at a zoom are fewer than this share of the layer, they are scanned: faster than the
        /// tree and a sort.
        const SHORT: usize = 8;
        found.clear();
        let is_wanted = |index: &u32| {
            let row = &self.rows[*index as usize];
            row.min_zoom <= zoom && row.bounds().is_some_and(|own| own.meets(bounds))
        };
        let drawn = self.drawn_until.get(usize::from(zoom)).copied();
        let drawn = drawn.unwrap_or(self.rows.len() as u32);
        if drawn as usize * SHORT <= self.rows.len() || self.bounds.is_none_or(|all| bounds.holds(all)) {
            found.extend((0..drawn).filter(is_wanted));
        } else {
            found.extend(self.tree.near(bounds).filter(is_wanted));
            found.sort_unstable();
        }
    }

    /// Bounds of all features.
    pub fn bounds(&self) -> Option<Bounds> {
        if let Some(bounds) = self.partial.and_then(|partial| partial.bounds) {
            return Some(bounds);
        }
        self.bounds
    }

    /// From the earliest to the latest moment of its features; `None` when none has a time.
    pub fn time(&self) -> Option<TimeSpan> {
        if let Some(time) = self.partial.and_then(|partial| partial.time) {
            return Some(time);
        }
        let spans = self.rows.iter().filter_map(Row::time);
        spans.reduce(|all, span| TimeSpan {
            start: all.start.min(span.start),
            end: all.end.max(span.end),
        })
    }

    /// The columns: one a field, in the order of `fields`, and after them those of texts in each language.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Positions of the fields with names.
    pub fn naming(&self) -> Naming {
        self.naming
    }

    /// The position of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The column and code of a feature's name: in the requested language, or the first other that has one, or plain
    /// `name`.
    pub fn name_code(&self, feature: u32, language: Language) -> Option<(usize, u32)> {
        let at = |field: Option<usize>| {
            let field = field?;
            Some((field, self.columns[field].code(feature)?))
        };
        at(self.naming.by_language[language as usize])
            .or_else(|| self.naming.by_language.into_iter().find_map(at))
            .or_else(|| at(self.naming.plain))
    }

    /// The column and code of a feature's value in a field. A name, or a text that differs by language, is that in the
    /// requested language, or in the first other that has one.
    pub fn value_code(&self, feature: u32, field: usize, language: Language) -> Option<(usize, u32)> {
        if self.naming.plain == Some(field) {
            return self.name_code(feature, language);
        }
        let at = |column: usize| Some((column, self.columns[column].code(feature)?));
        match self.translated.iter().find(|(translated, _)| *translated == field) {
            Some((_, columns)) => {
                let asked = columns.get(language as usize).copied().and_then(at);
                asked.or_else(|| columns.iter().copied().find_map(at))
            }
            None => at(field),
        }
    }
}

/// A feature in its layer.
#[derive(Clone, Copy, Debug)]
pub struct FeatureRef<'a> {
    layer: &'a Layer,
    index: u32,
}

impl<'a> FeatureRef<'a> {
    fn row(self) -> &'a Row {
        &self.layer.rows[self.index as usize]
    }

    /// Its position in the layer.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Stable id, unique in the layer.
    pub fn id(self) -> &'a str {
        self.layer.ids.get(self.index)
    }

    /// Stable number for formats that take no text ids, below 2^53.
    pub fn number(self) -> u64 {
        self.row().number
    }

    /// The geometry at full resolution.
    pub fn geometry(self) -> Option<Cow<'a, Geometry<f64>>> {
        match &self.row().shape {
            Shape::None => None,
            Shape::Point(point) => Some(Cow::Owned(Geometry::Point(*point))),
            Shape::Other(geometry) => Some(Cow::Borrowed(geometry)),
        }
    }

    fn first_zooms(self) -> Option<&'a FirstZooms> {
        self.row().rare.as_ref()?.first_zooms.as_ref()
    }

    /// The geometry to draw at a zoom.
    pub fn geometry_at(self, zoom: u8) -> Option<Cow<'a, Geometry<f64>>> {
        let whole = self.geometry()?;
        Some(match self.first_zooms() {
            Some(zooms) => Cow::Owned(zooms.drawn(&whole, zoom)),
            None => whole,
        })
    }

    /// True if a zoom draws it in another way than the zoom before.
    pub fn changes_at(self, zoom: u8) -> bool {
        self.first_zooms().is_some_and(|zooms| zooms.changes_at(zoom))
    }

    /// Bounds of the geometry.
    pub fn bounds(self) -> Option<Bounds> {
        self.row().bounds()
    }

    /// Its validity in time.
    pub fn time(self) -> Option<TimeSpan> {
        self.row().time()
    }

    /// Position of its label, if the builder set one.
    pub fn label(self) -> Option<[f64; 2]> {
        self.row().rare.as_ref()?.label
    }

    /// The lowest zoom at which tiles include it.
    pub fn min_zoom(self) -> u8 {
        self.row().min_zoom
    }

    /// A property as it was given; [`ValueRef::Null`] for none.
    pub fn value(self, field: &str) -> ValueRef<'a> {
        let layer = self.layer;
        layer
            .field(field)
            .map_or(ValueRef::Null, |field| layer.columns[field].get(self.index))
    }

    /// Its name in the requested language, or in the first other that has one.
    pub fn name(self, language: Language) -> Option<&'a str> {
        let (column, code) = self.layer.name_code(self.index, language)?;
        match self.layer.columns[column].value(code) {
            ValueRef::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of the field at this position; names, and texts that differ by language, in the requested one.
    pub fn field_value(self, field: usize, language: Language) -> ValueRef<'a> {
        let found = self.layer.value_code(self.index, field, language);
        found.map_or(ValueRef::Null, |(column, code)| self.layer.columns[column].value(code))
    }

    /// All properties that have a value, in the order of the fields, `name` in the requested language.
    pub fn properties(self, language: Language) -> Properties {
        let fields = self.layer.fields.iter().enumerate();
        fields
            .map(|(position, field)| (field.name.clone(), self.field_value(position, language).to_json()))
            .filter(|(_, value)| !value.is_null())
            .collect()
    }
}

/// The texts of a value that differs by language: an object whose keys are all languages.
fn texts_by_language(value: &Value) -> Option<&Properties> {
    let texts = value.as_object().filter(|texts| !texts.is_empty())?;
    let is_language = |key: &String| Language::ALL.iter().any(|language| language.tag() == key);
    texts.keys().all(is_language).then_some(texts)
}

fn naming_of(fields: &[Field]) -> Naming {
    let position = |name: &str| fields.iter().position(|field| field.name == name);
    Naming {
        plain: position("name"),
        by_language: Language::ALL.map(|language| position(&format!("name:{language}"))),
    }
}

/// For each zoom one past the last row that it draws, up to the zoom that draws all.
fn drawn_until(rows: &[Row]) -> Vec<u32> {
    let all = rows.iter().map(|row| row.min_zoom).max().unwrap_or(0);
    let last = |zoom| rows.iter().rposition(|row| row.min_zoom <= zoom);
    (0..all)
        .map(|zoom| last(zoom).map_or(0, |last| last as u32 + 1))
        .collect()
}

fn hash_feature(feature: &Feature, hasher: &mut FxHasher) {
    feature.id.hash(hasher);
    (feature.time, feature.min_zoom).hash(hasher);
    if let Some(label) = feature.label {
        label.map(f64::to_bits).hash(hasher);
    }
    for (name, value) in &feature.properties {
        name.hash(hasher);
        hash_value(value, hasher);
    }
    feature.first_zooms.hash(hasher);
    if let Some(shape) = &feature.geometry {
        use geo::CoordsIter;
        shape.coords_count().hash(hasher);
        for coord in shape.coords_iter() {
            (coord.x.to_bits(), coord.y.to_bits()).hash(hasher);
        }
    }
}

fn hash_value(value: &Value, hasher: &mut FxHasher) {
    match value {
        Value::String(text) => text.hash(hasher),
        Value::Bool(truth) => truth.hash(hasher),
        other => other.to_string().hash(hasher),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Point;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_text_that_differs_by_language_is_given_in_the_asked_one() {
        let with = |id: &str, value: Value| {
            Feature::new(
                id,
                None,
                [("unit".to_owned(), value)].into_iter().collect::<Properties>(),
            )
        };
        let features = [
            with("a", Value::Null),
            with("b", json!({"ar": "كركوك", "ckb": null, "en": "Kirkuk"})),
            with("c", json!({"ar": null, "ckb": null, "en": null})),
        ];
        let field = Field {
            name: "unit".to_owned(),
            kind: FieldType::String,
            title: Trilingual::default(),
        };
        let none = Trilingual::default;
        let layer = Layer::new(
            "l",
            none(),
            none(),
            "",
            GeometryKind::None,
            vec![field],
            [0, 0],
            features,
        );
        let told = |id: &str, language| layer.get(id).map(|feature| feature.field_value(0, language).to_json());
        assert_eq!(told("a", Language::Arabic), Some(Value::Null));
        assert_eq!(told("b", Language::English), Some(json!("Kirkuk")));
        assert_eq!(told("b", Language::Sorani), Some(json!("كركوك")));
        assert_eq!(told("c", Language::English), Some(Value::Null));
    }

    proptest! {
        #[test]
        fn a_zoom_draws_what_is_due_in_a_box(
            places in proptest::collection::vec((-10.0..10.0, -10.0..10.0, 0u8..6), 0..120),
            sorted: bool,
            (west, south, width, height) in (-12.0..10.0, -12.0..10.0, 0.0..24.0, 0.0..24.0),
            zoom in 0u8..8,
        ) {
            let mut places = places;
            if sorted {
                places.sort_by_key(|(.., zoom)| *zoom);
            }
            let features = places.iter().zip(0..).map(|(&(lon, lat, min_zoom), nth)| Feature {
                min_zoom,
                ..Feature::new(nth.to_string(), Some(Point::new(lon, lat).into()), Properties::new())
            });
            let none = Trilingual::default;
            let layer = Layer::new("a", none(), none(), "", GeometryKind::Point, Vec::new(), [0, 9], features);
            let bounds = Bounds([west, south, west + width, south + height]);
            let due = (0..).zip(&places).filter(|(_, (lon, lat, min_zoom))| {
                *min_zoom <= zoom && bounds.meets(Bounds([*lon, *lat, *lon, *lat]))
            });
            let due: Vec<u32> = due.map(|(index, _)| index).collect();
            prop_assert_eq!(layer.drawn_within(bounds, zoom), due);
        }
    }
}
