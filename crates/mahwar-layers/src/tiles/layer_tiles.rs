//! The tiles of one layer.

use super::{
    BUFFER, EXTENT, MAX_ZOOM, Scratch, TileId, TileMatrixSet, Window,
    encode::{ID, LayerMessage},
    shapes::{Fixed, Shapes},
};
use crate::{
    geodesy::point_inside,
    language::Language,
    layers::{FeatureRef, Field, Layer},
};
use geo::{Geometry, InteriorPoint, MultiPolygon};
use serde_json::{Map, Value, json};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// Options of a tile.
#[derive(Clone, Copy, Default)]
pub struct TileOptions<'a> {
    /// The language of `name`.
    pub language: Language,
    /// Filter of the features; all when absent.
    pub keep: Option<&'a dyn Fn(FeatureRef<'_>) -> bool>,
    /// No finer tile follows: features that are drawn only at higher zooms are in this one, so that none is lost.
    pub last: bool,
}

impl fmt::Debug for TileOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TileOptions")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

/// A layer with the data that its tiles need, each part computed when a tile first needs it.
#[derive(Debug)]
pub struct LayerTiles {
    layer: Arc<Layer>,
    /// For each zoom the first zoom with the same geometries.
    first_alike: Vec<u8>,
    shapes: [Vec<OnceLock<Shapes>>; 2],
    labels: [OnceLock<Vec<Option<Fixed>>>; 2],
    /// Another layer with the same geometries in the same order, whose shapes are shared.
    shaped: Option<Arc<LayerTiles>>,
}

impl LayerTiles {
    /// Computes nothing yet.
    pub fn new(layer: Arc<Layer>) -> Self {
        let room = || {
            std::iter::repeat_with(OnceLock::new)
                .take(usize::from(MAX_ZOOM) + 2)
                .collect()
        };
        Self {
            first_alike: first_alike(&layer),
            layer,
            shapes: [room(), room()],
            labels: [OnceLock::new(), OnceLock::new()],
            shaped: None,
        }
    }

    /// For a layer with no other owner.
    pub fn of(layer: Layer) -> Self {
        Self::new(Arc::new(layer))
    }

    /// A layer with the geometries of another in the same order, and other attributes: the shapes of the other serve
    /// both. If the ids differ, the layer has shapes of its own.
    pub fn with_shapes_of(layer: Arc<Layer>, other: &Arc<Self>) -> Self {
        let mut tiles = Self::new(layer);
        let ids = |layer: &Layer| -> Vec<u64> { layer.features().map(FeatureRef::number).collect() };
        if ids(&tiles.layer) == ids(&other.layer) {
            // Not a chain: the layer whose shapes the other shares may be dropped.
            let first = other.shaped.as_ref().unwrap_or(other);
            tiles.shaped = Some(Arc::clone(first));
        }
        tiles
    }

    /// The layer.
    pub fn layer(&self) -> &Arc<Layer> {
        &self.layer
    }

    /// True if tiles at this zoom include the layer.
    pub fn has_zoom(&self, zoom: u8) -> bool {
        (self.layer.zooms[0]..=self.layer.zooms[1]).contains(&zoom)
    }

    /// True if a second tile layer, `<id>_labels`, has one named point for each polygon.
    pub fn has_labels(&self) -> bool {
        let naming = self.layer.naming();
        self.layer.geometry.is_areal()
            && naming
                .by_language
                .into_iter()
                .chain([naming.plain])
                .any(|name| name.is_some())
    }

    /// Appends the layer's part of a tile; nothing if it is empty. The same request always produces the same bytes.
    pub fn encode(
        &self,
        set: TileMatrixSet,
        tile: TileId,
        options: TileOptions<'_>,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) {
        if !set.contains(tile) || !self.has_zoom(tile.z) {
            return;
        }
        let layer = &*self.layer;
        let window = Window::new(set, tile);
        // Half a unit more than the window, so that rounding in degrees loses nothing.
        let around = set.bounds(tile, (f64::from(BUFFER) + 0.5) / f64::from(EXTENT));
        let mut found = std::mem::take(&mut scratch.found);
        let zoom = if options.last { u8::MAX } else { tile.z };
        layer.drawn_within_into(around, zoom, &mut found);
        if let Some(keep) = options.keep {
            found.retain(|&index| keep(layer.at(index)));
        }
        let shapes = self.shapes_at(set, set.detail_zoom(tile.z));
        scratch.main.begin(layer.fields.len());
        for &index in &found {
            let number = layer.at(index).number();
            scratch.draw(&window, shapes, index, number, |message, tags| {
                self.tag_all(message, tags, index, options.language);
            });
        }
        scratch.main.finish([&layer.id, ""], out);
        if self.has_labels() {
            self.encode_labels(set, &window, &found, options.language, scratch, out);
        }
        scratch.found = found;
    }

    /// Description of its tile layers for TileJSON and PMTiles: the layer itself and, if it has them, its labels.
    pub fn vector_layers(&self, language: Language) -> Vec<Value> {
        let layer = &*self.layer;
        let describe = |field: &Field| {
            let title = match field.title.best(language) {
                "" => format!("{:?}", field.kind),
                title => title.to_owned(),
            };
            (field.name.clone(), Value::from(title))
        };
        let one = |id: String, fields: Map<String, Value>| {
            json!({
                "id": id, "description": layer.title.best(language),
                "minzoom": layer.zooms[0], "maxzoom": layer.zooms[1], "fields": fields,
            })
        };
        let own_id = || {
            let title = Value::from("Id of the feature, by which items have it");
            self.has_own_id().then(|| (ID.to_owned(), title))
        };
        let fields = own_id().into_iter().chain(layer.fields.iter().map(describe));
        let mut all = vec![one(layer.id.clone(), fields.collect())];
        if self.has_labels() {
            let naming = layer.naming();
            let names = naming.by_language.into_iter().chain([naming.plain]).flatten();
            let fields = names.map(|at| describe(&layer.fields[at]));
            let fields = own_id().into_iter().chain(fields).collect();
            all.push(one(format!("{}_labels", layer.id), fields));
        }
        all
    }

    fn encode_labels(
        &self,
        set: TileMatrixSet,
        window: &Window,
        found: &[u32],
        language: Language,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) {
        let labels = self.labels_of(set);
        scratch.labels.begin(self.layer.fields.len());
        for &index in found {
            let Some(point) = labels[index as usize].filter(|&point| window.owns_point(point)) else {
                continue;
            };
            let number = self.layer.at(index).number();
            scratch.draw_label(window, point, number, |message, tags| {
                self.tag_names(message, tags, index, language);
            });
        }
        scratch.labels.finish([&self.layer.id, "_labels"], out);
    }

    fn tag_all(&self, message: &mut LayerMessage, tags: &mut Vec<u8>, index: u32, language: Language) {
        let layer = &*self.layer;
        if self.has_own_id() {
            message.tag_id(tags, layer, layer.at(index).id());
        }
        for field in 0..layer.fields.len() {
            if let Some((source, code)) = layer.value_code(index, field, language) {
                message.tag(tags, layer, field, source, code);
            }
        }
    }

    fn tag_names(&self, message: &mut LayerMessage, tags: &mut Vec<u8>, index: u32, language: Language) {
        let layer = &*self.layer;
        if self.has_own_id() {
            message.tag_id(tags, layer, layer.at(index).id());
        }
        let naming = layer.naming();
        if let (Some(plain), Some((source, code))) = (naming.plain, layer.name_code(index, language)) {
            message.tag(tags, layer, plain, source, code);
        }
        for field in naming.by_language.into_iter().flatten() {
            if let Some(code) = layer.columns()[field].code(index) {
                message.tag(tags, layer, field, field, code);
            }
        }
    }

    /// True if tiles include the ids of features as an attribute: unless a field has that name.
    fn has_own_id(&self) -> bool {
        self.layer.field(ID).is_none()
    }

    /// The projected geometries at a zoom.
    pub fn shapes_at(&self, set: TileMatrixSet, zoom: u8) -> &Shapes {
        if let Some(shaped) = &self.shaped {
            return shaped.shapes_at(set, zoom);
        }
        let zoom = self.first_alike[usize::from(zoom)];
        self.shapes[set as usize][usize::from(zoom)].get_or_init(|| Shapes::of(&self.layer, set, zoom))
    }

    /// Label point of each feature.
    pub fn labels_of(&self, set: TileMatrixSet) -> &[Option<Fixed>] {
        if let Some(shaped) = &self.shaped {
            return shaped.labels_of(set);
        }
        self.labels[set as usize].get_or_init(|| {
            let points = self.layer.features().map(|feature| {
                let [lon, lat] = feature
                    .label()
                    .or_else(|| feature.geometry().and_then(|geometry| inside(&geometry)))?;
                Some(set.project(lon, lat))
            });
            points.collect()
        })
    }
}

/// A point inside the geometry, for polygons inside the largest one.
pub fn inside(geometry: &Geometry<f64>) -> Option<[f64; 2]> {
    use geo::Area;
    match geometry {
        Geometry::Polygon(polygon) => point_inside(&MultiPolygon(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => {
            let largest = polygons
                .iter()
                .max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))?;
            point_inside(&MultiPolygon(vec![largest.clone()]))
        }
        Geometry::GeometryCollection(parts) => parts.iter().find_map(inside),
        other => other.interior_point().map(|point| [point.x(), point.y()]),
    }
}

/// For each zoom the first zoom at which every feature has the same geometry.
fn first_alike(layer: &Layer) -> Vec<u8> {
    let mut alike = vec![0u8];
    for zoom in 1..=MAX_ZOOM + 1 {
        let before = alike[usize::from(zoom) - 1];
        let changes = layer.features().any(|feature| feature.changes_at(zoom));
        alike.push(if changes { zoom } else { before });
    }
    alike
}
