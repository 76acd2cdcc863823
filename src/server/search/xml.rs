//! Nominatim's XML.

use super::{
    answer::{
        Answering, Operation, address, bounding_box, category, decimal, display_name, extra_tags, name_details, rank,
    },
    shape::{self, Notation},
};
use crate::{
    server::{parameters as p, services::PlaceMatch},
    text::escape_xml,
};
use serde_json::Value;
use std::fmt::Write;

/// The document with these places: `searchresults`, or `reversegeocode` for a position.
pub fn write(answering: &Answering<'_, '_>, found: &[PlaceMatch]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n");
    let root = match answering.operation {
        Operation::Reverse => "reversegeocode",
        Operation::Search | Operation::Lookup => "searchresults",
    };
    let mut attributes = vec![
        ("timestamp", httpdate::fmt_http_date(std::time::SystemTime::now())),
        ("attribution", answering.app.about.attribution.clone()),
        ("querystring", querystring(answering)),
    ];
    if answering.operation == Operation::Search {
        let ids: Vec<&str> = found.iter().map(|found| found.place.id.as_str()).collect();
        attributes.push(("exclude_place_ids", ids.join(",")));
    }
    open(&mut out, root, &attributes);
    match found {
        [] if answering.is_missing(found) => out.push_str("<error>Unable to geocode</error>"),
        [found, ..] if answering.operation == Operation::Reverse => {
            open(&mut out, "result", &place_attributes(answering, found));
            out.push_str(&escape_xml(&display_name(found, answering.language)));
            out.push_str("</result>");
            if answering.has_address() {
                out.push_str("<addressparts>");
                address_parts(&mut out, answering, found);
                out.push_str("</addressparts>");
            }
            details(&mut out, answering, found);
        }
        found => {
            for found in found {
                open(&mut out, "place", &place_attributes(answering, found));
                details(&mut out, answering, found);
                if answering.has_address() {
                    address_parts(&mut out, answering, found);
                }
                out.push_str("</place>");
            }
        }
    }
    let _ = write!(out, "</{root}>");
    out
}

fn querystring(answering: &Answering<'_, '_>) -> String {
    match answering.operation {
        Operation::Search => answering.query.text(&p::SEARCH_Q).unwrap_or_default().to_owned(),
        Operation::Lookup => answering.query.text(&p::OSM_IDS).unwrap_or_default().to_owned(),
        Operation::Reverse => {
            let (lon, lat) = super::position(answering.query);
            format!("lat={lat}&lon={lon}")
        }
    }
}

fn open(out: &mut String, name: &str, attributes: &[(&str, String)]) {
    let _ = write!(out, "<{name}");
    for (name, value) in attributes {
        // The line ends of an attribute would be read as blanks.
        let _ = write!(out, " {name}=\"{}\"", escape_xml(value).replace('\n', "&#10;"));
    }
    out.push('>');
}

fn place_attributes(answering: &Answering<'_, '_>, found: &PlaceMatch) -> Vec<(&'static str, String)> {
    let place = &found.place;
    let mut attributes = vec![
        ("place_id", place.id.to_string()),
        ("ref", place.names.preferred().best(answering.language).to_owned()),
        ("lat", decimal(place.point[1])),
        ("lon", decimal(place.point[0])),
        ("boundingbox", bounding_box(found).join(",")),
        ("place_rank", rank(place.level).to_string()),
        ("address_rank", rank(place.level).to_string()),
    ];
    if answering.operation != Operation::Reverse {
        attributes.push(("display_name", display_name(found, answering.language)));
        attributes.push(("class", category(place.level).to_owned()));
        attributes.push(("type", place.level.word().to_owned()));
        attributes.push(("importance", found.importance.to_string()));
    }
    let geometry = |write: fn(&geo::Geometry<f64>) -> String| write(&answering.shape.geometry(found));
    match answering.shape.notation {
        Some(Notation::GeoJson) => attributes.push(("geojson", geometry(|shape| shape::geojson(shape).to_string()))),
        Some(Notation::Text) => attributes.push(("geotext", geometry(shape::text))),
        Some(Notation::Svg) => attributes.push(("geosvg", geometry(shape::svg))),
        Some(Notation::Kml) | None => {}
    }
    attributes
}

fn details(out: &mut String, answering: &Answering<'_, '_>, found: &PlaceMatch) {
    if answering.shape.notation == Some(Notation::Kml) {
        let _ = write!(out, "<geokml>{}</geokml>", shape::kml(&answering.shape.geometry(found)));
    }
    if answering.query.flag(&p::EXTRATAGS) {
        out.push_str("<extratags>");
        for (key, value) in members(&extra_tags(&found.place)) {
            let _ = write!(
                out,
                "<tag key=\"{}\" value=\"{}\"/>",
                escape_xml(key),
                escape_xml(value)
            );
        }
        out.push_str("</extratags>");
    }
    if answering.query.flag(&p::NAMEDETAILS) {
        out.push_str("<namedetails>");
        for (key, value) in members(&name_details(&found.place)) {
            let _ = write!(out, "<name desc=\"{}\">{}</name>", escape_xml(key), escape_xml(value));
        }
        out.push_str("</namedetails>");
    }
}

/// One element for each part; the names of the parts are those of levels and so are names of XML.
fn address_parts(out: &mut String, answering: &Answering<'_, '_>, found: &PlaceMatch) {
    for (key, value) in members(&address(found, answering.language)) {
        let _ = write!(out, "<{key}>{}</{key}>", escape_xml(value));
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let members = value.as_object().into_iter().flatten();
    members.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}
