//! Own layers of the operator: features drawn by their kind of geometry and colour, and archives of tiles.

use super::{
    catalogue::{Group, Known},
    legend::{Sample, Shape},
    sheet::{Draft, Label, REGULAR, Sheet},
};
use crate::{
    language::Trilingual,
    layers::{Bounds, Colour, GeometryKind, Layer, Paint},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// Pixels of a millimetre on a screen of 96 dots an inch.
const PIXELS: f64 = 96.0 / 25.4;

/// An archive of tiles.
#[derive(Clone, Debug)]
pub struct TileArchive {
    /// Its name, as addresses have it.
    pub id: String,
    /// Title.
    pub title: Trilingual,
    /// The ending of the addresses of its tiles: `mvt`, or that of a picture.
    pub extension: String,
    /// First and last zoom.
    pub zooms: [u8; 2],
    /// Where it has tiles.
    pub bounds: Option<Bounds>,
    /// Attribution, as text or HTML of the archive.
    pub attribution: String,
    /// Layers of its vector tiles; empty for pictures.
    pub layers: Vec<String>,
    /// Colours and widths.
    pub paint: Paint,
    /// True if it is shown at first.
    pub shown: bool,
}

impl TileArchive {
    /// True for vector tiles.
    pub fn is_vector(&self) -> bool {
        self.extension == "mvt"
    }
}

/// The source of an own layer in the style.
pub fn source_of(id: &str) -> String {
    format!("own-{id}")
}

/// A feature layer of the operator as an entry of the catalogue.
fn known(layer: &Layer) -> Known {
    Known {
        id: layer.id.clone().into(),
        group: Group::Own,
        shown: layer.shown,
        evidence: false,
    }
}

/// The own layers with features that are drawn.
pub fn drawn(layers: &[Arc<Layer>]) -> impl Iterator<Item = &Arc<Layer>> {
    layers
        .iter()
        .filter(|layer| layer.own && layer.geometry != GeometryKind::None)
}

/// Draws the own layers that are areas, under names and evidence.
pub fn areas(draft: &mut Draft<'_>) {
    for archive in draft.archives {
        draw_archive(draft, archive);
    }
    for layer in drawn(draft.layers).filter(|layer| layer.geometry.is_areal()) {
        let paint = layer.paint;
        let fill = paint
            .fill
            .unwrap_or(Colour([paint.line.0[0], paint.line.0[1], paint.line.0[2], 0x30]));
        let mut drawing = draft.own_layer(known(layer));
        drawing.fill(&layer.id, None, json!({"fill-color": css(fill)}));
        drawing.line(&format!("{}-edge", layer.id), None, line_paint(paint));
    }
}

/// Draws the own layers that are lines and points.
pub fn lines_and_points(draft: &mut Draft<'_>) {
    for layer in drawn(draft.layers) {
        let paint = layer.paint;
        let mut drawing = draft.own_layer(known(layer));
        match layer.geometry {
            GeometryKind::LineString | GeometryKind::MultiLineString => {
                drawing.line(&layer.id, None, line_paint(paint))
            }
            GeometryKind::Point | GeometryKind::MultiPoint => drawing.circle(&layer.id, None, circle_paint(paint)),
            _ => {}
        }
    }
}

/// Names of own features.
pub fn names(draft: &mut Draft<'_>) {
    let theme = draft.theme;
    let text = draft.name();
    for layer in drawn(draft.layers) {
        let naming = layer.naming();
        if naming.plain.is_none() && naming.by_language.iter().all(Option::is_none) {
            continue;
        }
        let layout = match layer.geometry {
            GeometryKind::LineString | GeometryKind::MultiLineString => {
                json!({"symbol-placement": "line-center", "text-max-angle": 60})
            }
            GeometryKind::Point | GeometryKind::MultiPoint => {
                json!({"text-anchor": "bottom", "text-offset": [0, -0.4 - layer.paint.size * PIXELS / 2.0 / 11.0]})
            }
            _ => json!({}),
        };
        let mut drawing = draft.own_layer(known(layer));
        if layer.geometry.is_areal() {
            drawing.labels();
        }
        drawing.from(7.0).label(
            &format!("{}-names", layer.id),
            None,
            Label {
                text: text.clone(),
                size: json!(11),
                font: REGULAR,
                colour: theme.text.to_string(),
                halo: theme.halo,
                layout,
            },
        );
    }
}

/// Vector tiles of an archive whose fields are not known: by kind of geometry; pictures as they are.
fn draw_archive(draft: &mut Draft<'_>, archive: &TileArchive) {
    let known = Known {
        id: archive.id.clone().into(),
        group: Group::Own,
        shown: archive.shown,
        evidence: false,
    };
    if !archive.is_vector() {
        draft.own_layer(known).raster(&archive.id);
        return;
    }
    let paint = archive.paint;
    let fill = paint
        .fill
        .unwrap_or(Colour([paint.line.0[0], paint.line.0[1], paint.line.0[2], 0x20]));
    let of_kind = |kind: &str| Some(json!(["==", ["geometry-type"], kind]));
    for layer in &archive.layers {
        let mut drawing = draft.own_layer(known.clone());
        drawing.of_tile_layer(layer);
        let id = |part: &str| format!("{}-{layer}{part}", archive.id);
        drawing.fill(&id("-areas"), of_kind("Polygon"), json!({"fill-color": css(fill)}));
        drawing.line(
            &id("-lines"),
            Some(json!(["!=", ["geometry-type"], "Point"])),
            line_paint(paint),
        );
        drawing.circle(&id("-points"), of_kind("Point"), circle_paint(paint));
    }
}

fn line_paint(paint: Paint) -> Value {
    json!({"line-color": css(paint.line), "line-width": rounded(paint.width * PIXELS)})
}

fn circle_paint(paint: Paint) -> Value {
    json!({
        "circle-radius": rounded(paint.size * PIXELS / 2.0),
        "circle-color": css(paint.fill.unwrap_or(paint.line)),
        "circle-stroke-color": css(paint.line),
        "circle-stroke-width": rounded(paint.width * PIXELS),
    })
}

fn rounded(pixels: f64) -> f64 {
    (pixels * 100.0).round() / 100.0
}

/// A colour as CSS writes it.
fn css(Colour([red, green, blue, alpha]): Colour) -> String {
    match alpha {
        0xff => format!("#{red:02x}{green:02x}{blue:02x}"),
        alpha => format!("rgba({red},{green},{blue},{})", rounded(f64::from(alpha) / 255.0)),
    }
}

/// Rows of the layer list.
pub fn listed(sheet: &Sheet<'_>) -> Vec<Value> {
    let row = |id: &str, title: &Trilingual, shown: bool| json!({"id": id, "title": title.best(sheet.language), "shown": shown});
    let layers = drawn(sheet.layers).map(|layer| row(&layer.id, &layer.title, layer.shown));
    let archives = sheet
        .archives
        .iter()
        .map(|archive| row(&archive.id, &archive.title, archive.shown));
    layers.chain(archives).collect()
}

/// Rows of the legend.
pub fn samples(sheet: &Sheet<'_>) -> Vec<Sample> {
    let layers = drawn(sheet.layers).map(|layer| Sample {
        layer: layer.id.clone(),
        title: layer.title.best(sheet.language).to_owned(),
        shape: match layer.geometry {
            GeometryKind::Point | GeometryKind::MultiPoint => Shape::Point,
            kind if kind.is_areal() => Shape::Area,
            _ => Shape::Line,
        },
        properties: json!({}),
    });
    let vector = sheet.archives.iter().filter(|archive| archive.is_vector());
    let archives = vector.map(|archive| Sample {
        layer: archive.id.clone(),
        title: archive.title.best(sheet.language).to_owned(),
        shape: Shape::Line,
        properties: json!({}),
    });
    layers.chain(archives).collect()
}

/// The sources of own layers by name.
pub fn sources(sheet: &Sheet<'_>, base: &str) -> Vec<(String, Value)> {
    let layers = drawn(sheet.layers).map(|layer| {
        let mut source = json!({
            "type": "vector",
            "tiles": [format!("{base}/xyz/{}/{{z}}/{{x}}/{{y}}.mvt", layer.id)],
            "minzoom": layer.zooms[0], "maxzoom": layer.zooms[1],
            "attribution": super::sheet::escaped(&layer.attribution),
        });
        if let Some(bounds) = layer.bounds() {
            source["bounds"] = json!(bounds);
        }
        (source_of(&layer.id), source)
    });
    let archives = sheet.archives.iter().map(|archive| {
        let mut source = json!({
            "type": if archive.is_vector() { "vector" } else { "raster" },
            "tiles": [format!("{base}/xyz/{}/{{z}}/{{x}}/{{y}}.{}", archive.id, archive.extension)],
            "minzoom": archive.zooms[0], "maxzoom": archive.zooms[1],
            "attribution": super::sheet::escaped(&plain(&archive.attribution)),
        });
        if !archive.is_vector() {
            source["tileSize"] = json!(256);
        }
        if let Some(bounds) = archive.bounds {
            source["bounds"] = json!(bounds);
        }
        (source_of(&archive.id), source)
    });
    layers.chain(archives).collect()
}

/// A text of HTML without its tags, since nothing of an archive's file may become part of a page.
pub(super) fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut is_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            letter if !is_tag => out.push(letter),
            _ => {}
        }
    }
    out.replace("&copy;", "©").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribution_of_an_archive_is_text() {
        assert_eq!(
            plain("<a href=\"https://osm.org\">&copy; OpenStreetMap</a> <script>"),
            "© OpenStreetMap "
        );
    }

    #[test]
    fn colours_are_written_for_css() {
        assert_eq!(css(Colour([1, 2, 3, 255])), "#010203");
        assert_eq!(css(Colour([1, 2, 3, 51])), "rgba(1,2,3,0.2)");
    }
}
