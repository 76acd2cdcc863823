//! Descriptions of layers: collection objects, queryables, schemas.

use super::{
    cql,
    crs::Crs,
    links::link,
    parameter::Query,
    request_context::{carried, with},
    respond::media,
    state::{About, View},
};
use crate::{
    export::Format,
    language::Language,
    layers::{Field, FieldType, GeometryKind, Layer},
    tiles::LayerTiles,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A collection object of OGC API – Features, with titles in three languages beside the asked one.
pub fn collection(layer: &Layer, base: &str, query: &Query<'_>, language: Language) -> Value {
    let crs: Vec<String> = Crs::offered(layer.bounds()).into_iter().map(Crs::uri).collect();
    let mut extent = Map::new();
    if let Some(bounds) = layer.bounds() {
        extent.insert(
            "spatial".to_owned(),
            json!({"bbox": [bounds.rounded_out()], "crs": Crs::Crs84.uri()}),
        );
    }
    if let Some(time) = layer.time() {
        let moment = |at: i64| Timestamp::from_millisecond(at).ok().map(|at| at.to_string());
        let interval = [moment(time.start), moment(time.end)];
        extent.insert(
            "temporal".to_owned(),
            json!({"interval": [interval], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}),
        );
    }
    let mut value = json!({
        "id": layer.id,
        "title": layer.title.best(language),
        "description": layer.description.best(language),
        "attribution": layer.attribution,
        "extent": extent,
        "itemType": "feature",
        "crs": crs,
        "storageCrs": Crs::Crs84.uri(),
        "links": collection_links(layer, base, &carried(query)),
        "titles": layer.title,
        "descriptions": layer.description,
        "geometryType": layer.geometry,
        "count": layer.total(),
        "zooms": layer.zooms,
    });
    // A client that compares systems by the features of a page finds nothing to compare where some have no geometry, so
    // nothing is offered there; `crs` works all the same.
    if let Value::Object(members) = &mut value
        && layer.features().any(|feature| feature.bounds().is_none())
    {
        members.shift_remove("crs");
        members.shift_remove("storageCrs");
    }
    value
}

fn collection_links(layer: &Layer, base: &str, suffix: &str) -> Vec<Value> {
    let here = format!("{base}/collections/{}", layer.id);
    let json = with(suffix, "f=json");
    let html = with(suffix, "f=html");
    let mut links = vec![
        link(format!("{here}{json}"), "self", media::JSON, "This collection"),
        link(
            format!("{here}{html}"),
            "alternate",
            "text/html",
            "This collection as a page",
        ),
        link(
            // Without f=json: GDAL appends /ID to this address.
            format!("{here}/items{suffix}"),
            "items",
            media::GEOJSON,
            "Features as GeoJSON",
        ),
        link(
            format!("{here}/items{html}"),
            "items",
            "text/html",
            "Features as a page",
        ),
        link(
            format!("{here}/queryables{json}"),
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            media::SCHEMA,
            "What filters can speak of",
        ),
        link(
            format!("{here}/schema{json}"),
            "http://www.opengis.net/def/rel/ogc/1.0/schema",
            media::SCHEMA,
            "What features have",
        ),
    ];
    if layer.geometry != GeometryKind::None {
        links.push(link(
            format!("{here}/tiles{json}"),
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            media::JSON,
            "Vector tiles",
        ));
        links.push(link(
            format!("{here}/map/tiles{json}"),
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-map",
            media::JSON,
            "Map tiles",
        ));
        links.push(link(
            format!("{base}/xyz/{}.json{suffix}", layer.id),
            "describedby",
            media::JSON,
            "TileJSON",
        ));
    }
    for format in Format::ALL {
        if !format.holds(layer.geometry) {
            continue;
        }
        let extension = format.extension();
        links.push(link(
            format!("{base}/downloads/{}.{extension}{suffix}", layer.id),
            "enclosure",
            format.media_type(),
            &format!("Download as .{extension}"),
        ));
    }
    links.push(link(
        format!("{base}/qgis/{}.qlr{suffix}", layer.id),
        "alternate",
        media::QLR,
        "Open in QGIS",
    ));
    links
}

/// The object of `/collections`.
pub fn collections(view: &View, about: &About, base: &str, query: &Query<'_>, language: Language) -> Value {
    let suffix = carried(query);
    let each = view.layers().iter();
    let each = each.map(|tiles: &std::sync::Arc<LayerTiles>| {
        let mut one = collection(tiles.layer(), base, query, language);
        add_edition(&mut one, tiles.layer(), about.edition.as_deref());
        one
    });
    let mut value = json!({
        "links": [
            link(format!("{base}/collections{}", with(&suffix, "f=json")), "self", media::JSON, "The layers"),
            link(format!("{base}/collections{}", with(&suffix, "f=html")), "alternate", "text/html", "The layers as a page"),
        ],
        "collections": each.collect::<Vec<_>>(),
    });
    add_convention(&mut value, view, about, language);
    value
}

/// Says from which edition the units of a layer are.
pub fn add_edition(value: &mut Value, layer: &Layer, edition: Option<&str>) {
    if let Some(edition) = edition.filter(|_| !layer.own && layer.field("pcode").is_some()) {
        value["edition"] = json!(edition);
    }
}

/// Says whose view it is: part of every answer.
pub fn add_convention(value: &mut Value, view: &View, about: &About, language: Language) {
    value["worldview"] = view.worldview.id.as_str().into();
    value["convention"] = view.worldview.convention.best(language).into();
    value["disclaimer"] = about.disclaimer.best(language).into();
}

/// A JSON Schema of the queryables, or of the properties of features.
pub fn schema(layer: &Layer, base: &str, part: &str, language: Language) -> Value {
    let mut properties = Map::new();
    let queryables = part == "queryables";
    properties.insert(
        cql::ID.to_owned(),
        json!({"title": "id", "type": "string", "x-ogc-role": "id"}),
    );
    for field in &layer.fields {
        properties.insert(field.name.clone(), field_schema(field, language));
    }
    if queryables && layer.time().is_some() {
        properties.insert(
            cql::TIME.to_owned(),
            json!({"title": "datetime", "type": "string", "format": "date-time", "x-ogc-role": "primary-instant"}),
        );
    }
    if let Some(format) = geometry_format(layer.geometry) {
        properties.insert(
            cql::GEOMETRY.to_owned(),
            json!({"title": "geometry", "format": format, "x-ogc-role": "primary-geometry"}),
        );
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{base}/collections/{}/{part}", layer.id),
        "type": "object",
        "title": layer.title.best(language),
        "description": layer.description.best(language),
        "properties": properties,
        "additionalProperties": false,
    })
}

fn geometry_format(kind: GeometryKind) -> Option<&'static str> {
    Some(match kind {
        GeometryKind::Point => "geometry-point",
        GeometryKind::MultiPoint => "geometry-multipoint",
        GeometryKind::LineString => "geometry-linestring",
        GeometryKind::MultiLineString => "geometry-multilinestring",
        GeometryKind::Polygon => "geometry-polygon",
        GeometryKind::MultiPolygon => "geometry-multipolygon",
        GeometryKind::None => return None,
    })
}

fn field_schema(field: &Field, language: Language) -> Value {
    let title = match field.title.best(language) {
        "" => field.name.as_str(),
        title => title,
    };
    let mut schema = match field.kind {
        FieldType::String => json!({"type": "string"}),
        FieldType::Number => json!({"type": "number"}),
        FieldType::Integer => json!({"type": "integer"}),
        FieldType::Boolean => json!({"type": "boolean"}),
        FieldType::Date => json!({"type": "string", "format": "date"}),
        FieldType::DateTime => json!({"type": "string", "format": "date-time"}),
        FieldType::Time => json!({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
        FieldType::Json => json!({"type": ["array", "object"]}),
    };
    schema["title"] = title.into();
    schema
}
