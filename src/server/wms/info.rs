//! GetFeatureInfo: the features at a pixel.

use super::{
    Refusal,
    request::{MAX_LAYERS, MAX_SIDE, Pairs, layers, view},
    selecting,
};
use crate::{
    layers::{Bounds, FeatureRef, Properties},
    render::View,
    server::{
        crs::Crs,
        geojson::write_geometry,
        maps::{passes, selections},
        parameter::Query,
        problem::{Problem, echo},
        request_context::{RequestContext, view_of},
        respond::{Answer, media},
        state::{App, Snapshot},
        work,
    },
    text::escape_xml,
};
use axum::response::Response;
use geo::{Geometry, Intersects, Rect};
use serde_json::{Value, json};
use std::{fmt::Write, sync::Arc};

/// Greatest distance of a point or a line from the pixel, in pixels.
const REACH_PIXELS: f64 = 5.0;
/// The greatest number of features of each layer.
const MAX_FEATURES: u32 = 1000;

/// A format of the answer.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    Json,
    GeoJson,
    Text,
    Html,
    Xml,
}

/// Formats by media type; the first is the default.
pub const FORMATS: [&str; 5] = [
    "application/json",
    "application/geo+json",
    "text/plain",
    "text/html",
    "text/xml",
];

/// A question about a pixel.
pub struct Question {
    snapshot: Arc<Snapshot>,
    query: Query<'static>,
    layers: Option<Vec<String>>,
    view: View,
    size: [u32; 2],
    pixel: [f64; 2],
    count: usize,
    format: Format,
}

/// A layer with the features at the pixel.
struct LayerHits<'a> {
    layer: &'a str,
    id: String,
    geometry: Option<Geometry<f64>>,
    properties: Properties,
}

impl Question {
    pub fn read(app: &App, pairs: &Pairs) -> Result<Self, Refusal> {
        let snapshot = Arc::clone(&app.snapshot());
        let query = selecting(pairs)?;
        layers(
            &snapshot,
            &query,
            pairs.given("layers").or_else(|| pairs.given("query_layers")),
            "layers",
        )?;
        let asked = layers(&snapshot, &query, pairs.given("query_layers"), "query_layers")?;
        let size = [
            pairs.pixels("width", 1, MAX_SIDE)?,
            pairs.pixels("height", 1, MAX_SIDE)?,
        ];
        let pixel = |new: &str, old: &str, most: u32| {
            let name = if pairs.get(new).is_none() && pairs.get(old).is_some() {
                old
            } else {
                new
            };
            let number = pairs.required(name)?.parse::<f64>().ok();
            let number = number.filter(|number| (0.0..=f64::from(most)).contains(number));
            number.ok_or_else(|| {
                Refusal::new(
                    "InvalidPoint",
                    format!("{} is not within the picture", name.to_uppercase()),
                )
            })
        };
        // A plus that was not percent-encoded arrives as a blank.
        let format = pairs.get("info_format").unwrap_or(FORMATS[0]).replace(' ', "+");
        let format = match format.as_str() {
            "application/json" => Format::Json,
            "application/geo+json" | "application/geojson" | "application/vnd.geo+json" => Format::GeoJson,
            "text/plain" => Format::Text,
            "text/html" => Format::Html,
            "text/xml" | "application/vnd.ogc.gml" | "application/xml" => Format::Xml,
            other => {
                return Err(Refusal::new(
                    "InvalidFormat",
                    format!(
                        "INFO_FORMAT {:?} is not made here; there are {}",
                        echo(other),
                        FORMATS.join(", ")
                    ),
                ));
            }
        };
        Ok(Self {
            view: view(pairs, size)?,
            pixel: [pixel("i", "x", size[0])?, pixel("j", "y", size[1])?],
            count: match pairs.get("feature_count") {
                None => 1,
                Some(_) => pairs.pixels("feature_count", 1, MAX_FEATURES)? as usize,
            },
            layers: asked,
            snapshot,
            query,
            size,
            format,
        })
    }

    /// The box of degrees around the pixel.
    fn bounds(&self) -> Bounds {
        // Pixels of the request, on a picture that may have been drawn wider.
        let ratio = [0, 1].map(|axis| self.view.size[axis] / f64::from(self.size[axis]));
        let corner = |sign: f64| {
            let pixel = [0, 1].map(|axis| (self.pixel[axis] + 0.5 + sign * REACH_PIXELS) * ratio[axis]);
            self.view.degrees(pixel)
        };
        let ([west, north], [east, south]) = (corner(-1.0), corner(1.0));
        Bounds([west, south, east, north])
    }
}

/// Answers with the features.
///
/// # Errors
/// A filter that fits no layer.
pub fn answer(app: &App, ask: &RequestContext, question: &Question) -> Result<Response, Problem> {
    let budget = work::budget();
    let view = view_of(&question.snapshot, &question.query)?;
    let language = ask.language(&question.query);
    let selections = selections(&question.query, view, language, question.layers.as_deref())?;
    let bounds = question.bounds();
    let Bounds([west, south, east, north]) = bounds;
    let area = Rect::new((west, south), (east, north));
    let mut found: Vec<LayerHits<'_>> = Vec::new();
    // The layers that are drawn last are on top, and come first.
    let all: Vec<_> = view
        .layers()
        .iter()
        .rev()
        .filter(|tiles| tiles.layer().geometry != crate::layers::GeometryKind::None)
        .collect();
    for tiles in all.into_iter().take(MAX_LAYERS) {
        let layer = tiles.layer();
        if question.layers.as_ref().is_some_and(|ids| !ids.contains(&layer.id)) {
            continue;
        }
        let hits = |feature: FeatureRef<'_>| {
            passes(&selections, tiles, feature) && feature.geometry().is_some_and(|geometry| geometry.intersects(&area))
        };
        let features = layer.within(bounds).into_iter().map(|index| layer.at(index));
        let features = features
            .take_while(|_| !budget.is_spent())
            .filter(|feature| hits(*feature));
        found.extend(features.take(question.count).map(|feature| LayerHits {
            layer: &layer.id,
            id: feature.id().to_owned(),
            geometry: feature.geometry().map(std::borrow::Cow::into_owned),
            properties: feature.properties(language),
        }));
    }
    budget.check()?;
    let answer = match question.format {
        Format::Json => Answer::json(&collection(&found)),
        Format::GeoJson => Answer::json_as(media::GEOJSON, &collection(&found)),
        Format::Text => Answer::new(media::TEXT, text(&found).into_bytes()),
        Format::Html => Answer::new(media::HTML, html(&found).into_bytes()),
        Format::Xml => Answer::new(media::XML, xml(&found).into_bytes()),
    };
    Ok(answer.send_from(app, &ask.headers))
}

fn collection(found: &[LayerHits<'_>]) -> Value {
    let feature = |found: &LayerHits<'_>| {
        let geometry = found.geometry.as_ref().map(|geometry| {
            let mut bytes = Vec::new();
            write_geometry(&mut bytes, geometry, Crs::Crs84);
            serde_json::from_slice::<Value>(&bytes).unwrap_or_default()
        });
        json!({
            "type": "Feature",
            "id": format!("{}.{}", found.layer, found.id),
            "geometry": geometry,
            "properties": found.properties,
        })
    };
    json!({"type": "FeatureCollection", "features": found.iter().map(feature).collect::<Vec<Value>>()})
}

/// A value for people: texts without quotation marks.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Fields with a value.
fn fields<'f>(found: &'f LayerHits<'_>) -> impl Iterator<Item = (&'f String, String)> {
    let given = found.properties.iter().filter(|(_, value)| !value.is_null());
    given.map(|(name, value)| (name, plain(value)))
}

fn text(found: &[LayerHits<'_>]) -> String {
    let mut out = String::new();
    for found in found {
        let _ = writeln!(out, "{} {}", found.layer, found.id);
        for (name, value) in fields(found) {
            let _ = writeln!(out, "  {name} = {}", value.replace('\n', " "));
        }
    }
    if out.is_empty() {
        out.push_str("no features\n");
    }
    out
}

fn html(found: &[LayerHits<'_>]) -> String {
    let mut out = String::from("<!doctype html><meta charset=\"utf-8\"><title>Features</title><body>");
    for found in found {
        let _ = write!(
            out,
            "<table dir=\"auto\"><caption>{} {}</caption>",
            escape_xml(found.layer),
            escape_xml(&found.id)
        );
        for (name, value) in fields(found) {
            let _ = write!(
                out,
                "<tr><th>{}</th><td dir=\"auto\">{}</td></tr>",
                escape_xml(name),
                escape_xml(&value)
            );
        }
        out.push_str("</table>");
    }
    if found.is_empty() {
        out.push_str("<p>no features</p>");
    }
    out
}

fn xml(found: &[LayerHits<'_>]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<FeatureInfo>");
    for found in found {
        let _ = write!(
            out,
            "<Feature layer=\"{}\" id=\"{}\">",
            escape_xml(found.layer),
            escape_xml(&found.id)
        );
        for (name, value) in fields(found) {
            let _ = write!(
                out,
                "<Attribute name=\"{}\" value=\"{}\"/>",
                escape_xml(name),
                escape_xml(&value).replace('\n', "&#10;")
            );
        }
        out.push_str("</Feature>");
    }
    out.push_str("</FeatureInfo>\n");
    out
}
