//! How a layer looks in a program that has no style of ours: QGIS's symbols as XML, made of the layer's paint.

use crate::layers::{Colour, Layer, Paint};
use std::fmt::Write as _;

pub use crate::text::escape_xml as escape;

/// QGIS's geometry words: symbol type, `geometry` attribute of a map layer, and number.
fn kind(layer: &Layer) -> (&'static str, &'static str, u8) {
    use crate::layers::GeometryKind as K;
    match layer.geometry {
        K::Point | K::MultiPoint => ("marker", "Point", 0),
        K::LineString | K::MultiLineString => ("line", "Line", 1),
        K::Polygon | K::MultiPolygon => ("fill", "Polygon", 2),
        K::None => ("", "No geometry", 4),
    }
}

/// QGIS's word for the geometry of a map layer.
pub fn geometry_word(layer: &Layer) -> &'static str {
    kind(layer).1
}

/// The renderer and the labels of a layer as elements of QGIS's XML; `label` is the field that labels show.
pub fn renderer(layer: &Layer, label: &str) -> String {
    let (symbol, ..) = kind(layer);
    if symbol.is_empty() {
        return String::new();
    }
    let mut xml = format!(
        "<renderer-v2 type=\"singleSymbol\" forceraster=\"0\" enableorderby=\"0\" symbollevels=\"0\">\
         <symbols><symbol type=\"{symbol}\" name=\"0\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">{}</symbol></symbols>\
         </renderer-v2>",
        symbol_layer(symbol, &layer.paint)
    );
    if layer.naming().plain.is_some() {
        xml.push_str(&labels(&layer.paint, label));
    }
    xml
}

fn symbol_layer(symbol: &str, paint: &Paint) -> String {
    let line = paint.line.qgis();
    let fill = paint.fill.map_or_else(|| "0,0,0,0".to_owned(), Colour::qgis);
    let style = if paint.fill.is_some() { "solid" } else { "no" };
    let width = paint.width.to_string();
    let size = paint.size.to_string();
    let (class, options): (&str, Vec<(&str, &str)>) = match symbol {
        "marker" => (
            "SimpleMarker",
            vec![
                ("name", "circle"),
                ("color", &fill),
                ("outline_color", &line),
                ("outline_width", &width),
                ("size", &size),
            ],
        ),
        "line" => ("SimpleLine", vec![("line_color", &line), ("line_width", &width)]),
        _ => (
            "SimpleFill",
            vec![
                ("color", &fill),
                ("style", style),
                ("outline_color", &line),
                ("outline_width", &width),
                ("outline_style", "solid"),
            ],
        ),
    };
    let mut xml = format!("<layer class=\"{class}\" enabled=\"1\" locked=\"0\" pass=\"0\"><Option type=\"Map\">");
    for (name, value) in &options {
        let _ = write!(xml, "<Option type=\"QString\" name=\"{name}\" value=\"{value}\"/>");
    }
    xml.push_str("</Option>");
    // Before QGIS 3.26 the same options were in elements of another name.
    for (name, value) in &options {
        let _ = write!(xml, "<prop k=\"{name}\" v=\"{value}\"/>");
    }
    xml.push_str("</layer>");
    xml
}

fn labels(paint: &Paint, field: &str) -> String {
    format!(
        "<labeling type=\"simple\"><settings calloutType=\"simple\">\
         <text-style fieldName=\"{}\" fontSize=\"8\" textColor=\"{}\" isExpression=\"0\" namedStyle=\"Regular\">\
         <text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferColor=\"255,255,255,255\"/></text-style>\
         <placement placement=\"1\"/><rendering drawLabels=\"1\" displayAll=\"0\"/></settings></labeling>",
        escape(field),
        paint.line.qgis()
    )
}

/// A whole QGIS style (QML), as stored in `layer_styles` of a GeoPackage.
pub fn qml(layer: &Layer) -> String {
    let (_, _, number) = kind(layer);
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology|Labeling\" labelsEnabled=\"1\">{}\
         <layerGeometryType>{number}</layerGeometryType></qgis>",
        renderer(layer, "name")
    )
}
