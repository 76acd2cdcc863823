//! Puts the style document together: sources, layers with their metadata, legend, attribution.

use super::{
    base::{self, BASE, BaseMap},
    catalogue::{CATALOGUE, Group, Known},
    evidence, expression, ground, legend,
    own::{self, TileArchive},
    palette::{Colour, Palettes, Theme},
    positions, territory, units,
};
use crate::{
    language::Language,
    layers::{Bounds, GeometryKind, Layer, sentences_once},
    tiles::TileFormat,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The font stacks that styles use and that glyphs are served for, by weight.
pub const FONTS: [&str; 3] = ["Vazirmatn Regular", "Vazirmatn SemiBold", "Vazirmatn Bold"];
pub(super) const REGULAR: usize = 0;
pub(super) const SEMIBOLD: usize = 1;
pub(super) const BOLD: usize = 2;

/// Input of a style.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// Themes, classes, words.
    pub palettes: &'a Palettes,
    /// The theme.
    pub theme: &'a Theme,
    /// The language of labels.
    pub language: Language,
    /// The layers that there are.
    pub layers: &'a [Arc<Layer>],
    /// Archives of tiles beside them.
    pub archives: &'a [TileArchive],
    /// The map under all of them; the land's own ground without it.
    pub base: Option<&'a BaseMap>,
}

/// Contents of the document besides the drawing.
#[derive(Clone, Debug, Default)]
pub struct Frame<'a> {
    /// The base address of tiles, glyphs and sprites, without a slash at the end.
    pub base: &'a str,
    /// The worldview's id.
    pub worldview: &'a str,
    /// Title of the map.
    pub title: &'a str,
    /// The convention in force.
    pub convention: &'a str,
    /// Disclaimer about boundaries and names.
    pub disclaimer: &'a str,
    /// `?worldview=…`, the query of tiles; empty for the default.
    pub suffix: &'a str,
    /// How the tiles of layers are encoded.
    pub format: TileFormat,
}

/// The MapLibre style document.
pub fn sheet(sheet: &Sheet<'_>, frame: &Frame<'_>) -> Value {
    let Frame { base, .. } = frame;
    let language = sheet.language;
    json!({
        "version": 8,
        "name": format!("{} · {}", frame.title, sheet.theme.title.best(language)),
        "metadata": metadata(sheet, frame),
        "center": centre(sheet.layers),
        "zoom": 5.5,
        "sources": sources(sheet, frame),
        "sprite": format!("{base}/sprites/{}", sheet.theme.id),
        "glyphs": format!("{base}/fonts/{{fontstack}}/{{range}}.pbf"),
        "layers": drawn(sheet),
    })
}

fn metadata(sheet: &Sheet<'_>, frame: &Frame<'_>) -> Value {
    let language = sheet.language;
    let words = &sheet.palettes.words;
    let title = |group: Group| match group {
        Group::Evidence => &words.evidence,
        Group::Territory => &words.territory,
        Group::Units => &words.units,
        Group::Context => &words.context,
        Group::Own => &words.own,
    };
    let groups = Group::ALL.map(|group| {
        // On a list the top layer is first.
        let known = CATALOGUE.iter().rev().filter(|known| known.group == group);
        let layers = known.filter_map(|known| {
            let layer = find(sheet.layers, &known.id)?;
            Some(json!({"id": known.id, "title": layer.title.best(language), "shown": known.shown}))
        });
        let layers: Vec<Value> = match group {
            Group::Own => own::listed(sheet),
            _ => layers.collect(),
        };
        json!({"id": group.id(), "title": title(group).best(language), "layers": layers})
    });
    // A group without layers is left out; the four of the land always exist.
    let groups: Vec<Value> = groups
        .into_iter()
        .filter(|group| group["id"] != "own" || group["layers"].as_array().is_some_and(|layers| !layers.is_empty()))
        .collect();
    let rows = legend::samples(sheet).into_iter().map(|sample| {
        json!({
            "layer": sample.layer, "title": sample.title, "shape": sample.shape, "properties": sample.properties,
        })
    });
    json!({
        "mahwar:theme": sheet.theme.id,
        "mahwar:colours": sheet.theme,
        "mahwar:worldview": frame.worldview,
        "mahwar:language": language,
        "mahwar:convention": frame.convention,
        "mahwar:disclaimer": frame.disclaimer,
        "mahwar:groups": groups,
        "mahwar:legend": rows.collect::<Vec<_>>(),
    })
}

/// The middle of the land.
fn centre(layers: &[Arc<Layer>]) -> Value {
    let own = ["disputed_areas", "governorates"];
    let bounds = own.iter().find_map(|id| find(layers, id)?.bounds());
    let Bounds([west, south, east, north]) = bounds.unwrap_or(Bounds([-180.0, -60.0, 180.0, 70.0]));
    let rounded = |value: f64| (value * 1e4).round() / 1e4;
    json!([rounded((west + east) / 2.0), rounded((south + north) / 2.0)])
}

fn find<'l>(layers: &'l [Arc<Layer>], id: &str) -> Option<&'l Arc<Layer>> {
    let drawn = |layer: &&Arc<Layer>| layer.id == id && layer.geometry != GeometryKind::None;
    layers.iter().find(drawn)
}

/// Sources: the land, which stays, the evidence, which each document changes, and the counts of units.
fn sources(sheet: &Sheet<'_>, frame: &Frame<'_>) -> Value {
    let mut sources = Map::new();
    for name in ["land", "evidence", "counts"] {
        let known = CATALOGUE.iter().filter(|known| known.source() == name);
        let layers: Vec<&Arc<Layer>> = known.filter_map(|known| find(sheet.layers, &known.id)).collect();
        if layers.is_empty() {
            continue;
        }
        let ids: Vec<&str> = layers.iter().map(|layer| layer.id.as_str()).collect();
        let least = layers.iter().map(|layer| layer.zooms[0]).min();
        let greatest = layers.iter().map(|layer| layer.zooms[1]).max();
        let named = sentences_once(layers.iter().map(|layer| layer.attribution.as_str()));
        // Clients set the attribution as HTML.
        let mut attribution = escaped(&named);
        if name == "land" && !frame.disclaimer.is_empty() {
            attribution.push_str(" · ");
            attribution.push_str(&escaped(frame.disclaimer));
        }
        let mut source = json!({
            "type": "vector",
            "tiles": [format!("{}/xyz/{}/{{z}}/{{x}}/{{y}}.{}{}", frame.base, ids.join(","), frame.format.word(), frame.suffix)],
            "minzoom": least, "maxzoom": greatest, "attribution": attribution,
        });
        if frame.format == TileFormat::Mlt {
            source["encoding"] = json!(frame.format.word());
        }
        if let Some(bounds) = layers.iter().filter_map(|layer| layer.bounds()).reduce(Bounds::union) {
            source["bounds"] = json!(bounds);
        }
        sources.insert(name.to_owned(), source);
    }
    sources.extend(base::source(sheet, frame.base).map(|source| (BASE.to_owned(), source)));
    sources.extend(own::sources(sheet, frame.base));
    Value::Object(sources)
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The style's layers, from the ground up; labels of later layers are placed first.
fn drawn(sheet: &Sheet<'_>) -> Vec<Value> {
    let mut draft = Draft {
        palettes: sheet.palettes,
        theme: sheet.theme,
        language: sheet.language,
        layers: sheet.layers,
        archives: sheet.archives,
        out: Vec::new(),
    };
    match sheet.base {
        Some(map) => base::ground(&mut draft, map),
        None => ground::draw(&mut draft),
    }
    evidence::counts(&mut draft);
    units::lines(&mut draft);
    territory::areas(&mut draft);
    ground::borders(&mut draft);
    own::areas(&mut draft);
    evidence::axes(&mut draft);
    positions::draw(&mut draft);
    territory::lines(&mut draft);
    evidence::events(&mut draft);
    units::town_dots(&mut draft);
    own::lines_and_points(&mut draft);
    evidence::marks(&mut draft);
    match sheet.base {
        Some(map) => base::names(&mut draft, map),
        None => ground::names(&mut draft),
    }
    ground::landmarks(&mut draft);
    ground::country_names(&mut draft);
    units::unit_names(&mut draft);
    territory::area_names(&mut draft);
    units::town_names(&mut draft);
    own::names(&mut draft);
    territory::post_names(&mut draft);
    evidence::names(&mut draft);
    draft.out
}

/// The style's layers while they are written.
pub(super) struct Draft<'a> {
    pub palettes: &'a Palettes,
    pub theme: &'a Theme,
    pub language: Language,
    pub layers: &'a [Arc<Layer>],
    pub archives: &'a [TileArchive],
    out: Vec<Value>,
}

impl<'a> Draft<'a> {
    pub fn background(&mut self, id: &str, paint: Value) {
        self.out.push(json!({"id": id, "type": "background", "paint": paint}));
    }

    /// Adds a ready layer of the style.
    pub fn raw(&mut self, layer: Value) {
        self.out.push(layer);
    }

    /// Draws features of a layer, if it exists.
    pub fn layer(&mut self, id: &str) -> Option<Drawing<'_>> {
        find(self.layers, id)?;
        let known = Known::find(id)?.clone();
        Some(self.drawing(known))
    }

    /// Draws features of a layer of the operator.
    pub fn own_layer(&mut self, known: Known) -> Drawing<'_> {
        self.drawing(known)
    }

    fn drawing(&mut self, known: Known) -> Drawing<'_> {
        Drawing {
            out: &mut self.out,
            tile_layer: known.id.to_string(),
            known,
            from: 0.0,
            until: f64::INFINITY,
        }
    }

    /// Draws at the one point of each unit that tiles have for its name.
    pub fn label_layer(&mut self, id: &str) -> Option<Drawing<'_>> {
        let mut drawing = self.layer(id)?;
        drawing.labels();
        Some(drawing)
    }

    pub fn name(&self) -> Value {
        expression::name(self.language)
    }
}

/// Words at features.
pub(super) struct Label {
    pub text: Value,
    /// Pixels.
    pub size: Value,
    /// Position in [`FONTS`].
    pub font: usize,
    pub colour: String,
    pub halo: Colour,
    /// Other properties of its layout.
    pub layout: Value,
}

/// Layers of the style that draw one layer of the map.
pub(super) struct Drawing<'d> {
    out: &'d mut Vec<Value>,
    known: Known,
    tile_layer: String,
    from: f64,
    until: f64,
}

impl Drawing<'_> {
    /// Draws the points that tiles have for names of areas.
    pub fn labels(&mut self) {
        self.tile_layer.push_str("_labels");
    }

    /// Draws a layer of the tiles that has another name than the layer of the map.
    pub fn of_tile_layer(&mut self, name: &str) {
        name.clone_into(&mut self.tile_layer);
    }

    /// Draws pictures.
    pub fn raster(&mut self, id: &str) {
        self.push(id, "raster", None, json!({}), json!({"raster-fade-duration": 0}));
        if let Some(layer) = self.out.last_mut().and_then(Value::as_object_mut) {
            layer.remove("source-layer");
        }
    }

    /// Below this zoom only.
    pub fn until(&mut self, zoom: f64) -> &mut Self {
        self.until = zoom;
        self
    }

    /// From this zoom only.
    pub fn from(&mut self, zoom: f64) -> &mut Self {
        self.from = zoom;
        self
    }

    pub fn fill(&mut self, id: &str, filter: Option<Value>, paint: Value) {
        self.push(id, "fill", filter, json!({}), paint);
    }

    pub fn line(&mut self, id: &str, filter: Option<Value>, paint: Value) {
        let cap = if paint.get("line-dasharray").is_some() {
            "butt"
        } else {
            "round"
        };
        self.push(
            id,
            "line",
            filter,
            json!({"line-cap": cap, "line-join": "round"}),
            paint,
        );
    }

    pub fn circle(&mut self, id: &str, filter: Option<Value>, paint: Value) {
        self.push(id, "circle", filter, json!({}), paint);
    }

    pub fn icon(&mut self, id: &str, filter: Option<Value>, layout: Value) {
        self.push(id, "symbol", filter, layout, json!({}));
    }

    pub fn label(&mut self, id: &str, filter: Option<Value>, label: Label) {
        let mut layout = json!({
            "text-field": label.text, "text-font": [FONTS[label.font]], "text-size": label.size,
            "text-max-width": 100, "text-padding": 3,
        });
        if let (Some(layout), Value::Object(more)) = (layout.as_object_mut(), label.layout) {
            layout.extend(more);
        }
        let paint = json!({
            "text-color": label.colour, "text-halo-color": label.halo.to_string(), "text-halo-width": 1.5,
        });
        self.push(id, "symbol", filter, layout, paint);
    }

    fn push(&mut self, id: &str, kind: &str, filter: Option<Value>, mut layout: Value, paint: Value) {
        let known = &self.known;
        if !known.shown {
            layout["visibility"] = json!("none");
        }
        let mut layer = json!({
            "id": id, "type": kind,
            "metadata": {"mahwar:layer": known.id, "mahwar:group": known.group.id()},
            "source": known.source(), "source-layer": self.tile_layer,
        });
        if self.from > 0.0 {
            layer["minzoom"] = json!(self.from);
        }
        if self.until.is_finite() {
            layer["maxzoom"] = json!(self.until);
        }
        if let Some(filter) = filter {
            layer["filter"] = filter;
        }
        layer["layout"] = layout;
        layer["paint"] = paint;
        self.out.push(layer);
    }
}
