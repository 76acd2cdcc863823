//! The OpenAPI 3.0 document, made of the table that the code reads queries by.

use super::{
    crs::Crs,
    jsonp, openapi_bodies, openapi_collections,
    parameter::{Kind, Parameter},
    routes::{OPERATIONS, Operation},
    state::App,
};
use crate::{
    layers::GeometryKind,
    tiles::{MAX_ZOOM, TileMatrixSet},
};
use openapi_bodies::CONTROLS;
use serde_json::{Map, Value, json};

/// The whole document; every `$ref` is local.
pub fn document(app: &App, base: &str) -> Value {
    let context = Context::of(app);
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = context.operation(operation);
    }
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": app.about.title.best(crate::language::Language::English),
            "description": format!(
                "{}\n\n{}",
                app.about.description.best(crate::language::Language::English),
                app.about.disclaimer.best(crate::language::Language::English),
            ),
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0", "url": "https://opensource.org/licenses/MIT"},
        },
        "servers": [{"url": base}],
        "tags": tags(),
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "responses": responses(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    });
    let snapshot = app.snapshot();
    let layers = snapshot.default_view().layers().iter().map(|tiles| &**tiles.layer());
    openapi_collections::add(&mut document, layers, |parameter| context.query_parameter(parameter));
    document
}

fn tags() -> Vec<Value> {
    let mut names: Vec<&str> = Vec::new();
    for operation in OPERATIONS {
        if !names.contains(&operation.tag) {
            names.push(operation.tag);
        }
    }
    names.into_iter().map(|name| json!({"name": name})).collect()
}

/// Values for enumerations and examples.
struct Context {
    layers: Vec<String>,
    /// Those with a geometry.
    drawn: Vec<String>,
    worldviews: Vec<String>,
    crs: Vec<String>,
    definitions: Vec<String>,
    document: String,
    styles: Vec<String>,
    /// True if everything, or full texts, need the role `read`.
    private: bool,
    quotes_only: bool,
    /// A layer whose features have the properties in the examples of parameters, and a feature of it.
    layer: String,
    feature: String,
}

impl Context {
    fn of(app: &App) -> Self {
        let snapshot = app.snapshot();
        let view = snapshot.default_view();
        let drawn = view.layers().iter().map(|tiles| tiles.layer());
        let drawn = drawn.filter(|layer| layer.geometry != GeometryKind::None);
        let mut filled = drawn.clone().filter(|layer| !layer.is_empty());
        let first = filled.clone().next();
        let sample = filled
            .find(|layer| ["name", "level"].iter().all(|field| layer.field(field).is_some()))
            .or(first);
        let corridor = app.services.corridor.definitions(&[]);
        let definitions = corridor["definitions"].as_array().into_iter().flatten();
        let definitions = definitions.filter_map(|definition| Some(definition["id"].as_str()?.to_owned()));
        Self {
            layers: view.layers().iter().map(|tiles| tiles.layer().id.clone()).collect(),
            drawn: drawn.map(|layer| layer.id.clone()).collect(),
            worldviews: snapshot.views().iter().map(|view| view.worldview.id.clone()).collect(),
            crs: Crs::offered(view.bounds()).into_iter().map(Crs::uri).collect(),
            document: snapshot
                .documents()
                .first()
                .map_or(String::new(), |stored| stored.document.id.clone()),
            styles: app.about.palettes.themes.iter().map(|theme| theme.id.clone()).collect(),
            definitions: definitions.collect(),
            private: app.settings.access.private,
            quotes_only: app.settings.access.quotes_only,
            layer: sample.map_or(String::new(), |layer| layer.id.clone()),
            feature: sample
                .and_then(|layer| layer.features().next())
                .map_or(String::new(), |feature| feature.id().to_owned()),
        }
    }

    fn operation(&self, operation: &Operation) -> Value {
        let mut parameters: Vec<Value> = path_names(operation.path)
            .map(|name| self.path_parameter(name))
            .collect();
        parameters.extend(
            operation
                .parameters
                .iter()
                .map(|parameter| self.query_parameter(parameter)),
        );
        let mut content = Map::new();
        for media in operation.answers {
            content.insert((*media).to_owned(), json!({"schema": schema_of(operation, media)}));
        }
        if operation
            .parameters
            .iter()
            .any(|parameter| matches!(parameter.kind, Kind::ScriptName { .. }))
        {
            content.insert(jsonp::JAVASCRIPT.to_owned(), json!({"schema": {"type": "string"}}));
        }
        let mut responses = Map::new();
        responses.insert(
            "200".to_owned(),
            json!({"description": operation.summary, "content": content}),
        );
        if operation
            .answers
            .iter()
            .any(|media| media.contains("mapbox") || media.contains("maplibre"))
        {
            responses.insert("204".to_owned(), json!({"description": "Nothing is in this tile."}));
        }
        responses.insert("304".to_owned(), json!({"description": "The client has this version."}));
        let problem = || json!({"$ref": "#/components/responses/Problem"});
        responses.insert("400".to_owned(), problem());
        // The query of these names an object, too.
        if operation.path.contains('{') || matches!(operation.id, "oembed" | "preview" | "removeFeed") {
            responses.insert("404".to_owned(), problem());
        }
        if matches!(operation.method, "post" | "patch") {
            for status in ["408", "413", "415", "503"] {
                responses.insert(status.to_owned(), problem());
            }
        }
        if operation.writes() {
            for status in ["401", "403", "503"] {
                responses.insert(status.to_owned(), problem());
            }
        }
        let edits = [
            "rule",
            "unrule",
            "addLocalName",
            "correctDocument",
            "uncorrectDocument",
            "addMention",
            "changeClaim",
            "deleteClaim",
            "unruleClaim",
        ];
        if operation.id.ends_with("uleEvent") || edits.contains(&operation.id) {
            responses.insert("409".to_owned(), problem());
        }
        // The readings of a deleted document are deleted too.
        let of_documents = ["/documents/{", "/mentions/{", "/claims/{", "/events/{"];
        if of_documents.iter().any(|start| operation.path.starts_with(start)) {
            responses.insert("410".to_owned(), problem());
        }
        if operation.id == "readyz" {
            let content = json!({"application/json": {"schema": schema_of(operation, "application/json")}});
            responses.insert(
                "503".to_owned(),
                json!({"description": "The store does not answer, or is another one than was opened.", "content": content}),
            );
        }
        if matches!(operation.id, "addMention" | "addClaim" | "addLocalName") {
            let content = json!({"application/json": {"schema": {"type": "object"}}});
            responses.insert(
                "201".to_owned(),
                json!({"description": "It is stored; Location names it.", "content": content}),
            );
        }
        if operation.id == "addDocument" {
            responses.insert("409".to_owned(), problem());
            let content = json!({"application/json": {"schema": {"type": "object"}}});
            responses.insert(
                "201".to_owned(),
                json!({"description": "The document is kept; Location names it.", "content": content}),
            );
        }
        let is_full_text = operation.path.ends_with("/text") || operation.path.ends_with("/original");
        if self.private || (self.quotes_only && is_full_text) {
            for status in ["401", "403"] {
                responses.insert(status.to_owned(), problem());
            }
        }
        for status in ["412", "414", "421", "429"] {
            responses.insert(status.to_owned(), problem());
        }
        responses.insert("500".to_owned(), problem());
        let mut value = json!({
            "operationId": operation.id,
            "tags": [operation.tag],
            "summary": operation.summary,
            "parameters": parameters,
            "responses": responses,
        });
        if operation.writes() {
            value["security"] = json!([{"token": []}]);
        }
        if let Some(body) = openapi_bodies::body(operation.id) {
            value["requestBody"] = body;
        }
        value
    }

    fn path_parameter(&self, name: &str) -> Value {
        let (schema, example): (Value, Value) = match name {
            "collectionId" | "layer" => (json!({"type": "string", "enum": self.layers}), json!(self.layer)),
            "kind" => (
                json!({"type": "string", "enum": ["entity", "type", "property"]}),
                json!("entity"),
            ),
            "layers" => (json!({"type": "string", "minLength": 1}), json!(self.layer)),
            "featureId" => (json!({"type": "string", "minLength": 1}), json!(self.feature)),
            "mentionId" => (
                json!({"type": "string", "minLength": 1}),
                json!(format!("{}-m1", self.document)),
            ),
            "claimId" => (
                json!({"type": "string", "minLength": 1}),
                json!(format!("{}-c1", self.document)),
            ),
            "eventId" => (
                json!({"type": "string", "minLength": 1}),
                json!(format!("{}-c1", self.document)),
            ),
            "documentId" => (json!({"type": "string", "minLength": 1}), json!(self.document)),
            "tileMatrixSetId" => {
                let ids: Vec<&str> = TileMatrixSet::ALL.iter().map(|set| set.id()).collect();
                (json!({"type": "string", "enum": ids}), json!(ids[0]))
            }
            "style" => (
                json!({"type": "string", "enum": self.styles}),
                json!(self.styles.first()),
            ),
            // Another name is answered with the fonts of the map.
            "fontstack" => (
                json!({"type": "string", "minLength": 1}),
                json!(crate::fonts::FONTS[0].name),
            ),
            "range" => {
                let ranges = (0..256).map(|block| format!("{}-{}", block * 256, block * 256 + 255));
                (
                    json!({"type": "string", "enum": ranges.collect::<Vec<_>>()}),
                    json!("1536-1791"),
                )
            }
            "z" | "tileMatrix" => (json!({"type": "integer", "minimum": 0, "maximum": MAX_ZOOM}), json!(6)),
            "x" | "tileCol" => (json!({"type": "integer", "minimum": 0}), json!(39)),
            _ => (json!({"type": "integer", "minimum": 0}), json!(25)),
        };
        json!({"name": name, "in": "path", "required": true, "schema": schema, "example": example})
    }

    fn query_parameter(&self, parameter: &Parameter) -> Value {
        let mut value = json!({
            "name": parameter.name,
            "in": "query",
            "required": parameter.required,
            "description": format!("{} It takes {}.", parameter.about, parameter.takes()),
            "schema": self.schema(parameter),
            "style": "form",
            "explode": false,
        });
        let example = match parameter.kind {
            Kind::Integer { .. } | Kind::Number { .. } => {
                serde_json::from_str(parameter.example).unwrap_or_else(|_| parameter.example.into())
            }
            Kind::Worldview => self.worldviews.first().cloned().into(),
            Kind::Crs => self.crs.first().cloned().into(),
            Kind::Bbox => {
                let numbers = parameter
                    .example
                    .split(',')
                    .filter_map(|number| number.parse::<f64>().ok());
                numbers.collect::<Vec<_>>().into()
            }
            Kind::Layers => json!([self.layer]),
            Kind::Definition => json!(self.definitions.first()),
            Kind::List { .. } => parameter.example.split(',').collect::<Vec<_>>().into(),
            _ => parameter.example.into(),
        };
        value["example"] = example;
        value
    }

    fn schema(&self, parameter: &Parameter) -> Value {
        match parameter.kind {
            Kind::Text { max } => json!({
                "type": "string", "minLength": 1, "maxLength": max, "pattern": format!("^[^{CONTROLS}]*$"),
            }),
            Kind::Part { max } => json!({"type": "string", "maxLength": max, "pattern": format!("^[^{CONTROLS}]*$")}),
            Kind::Remark { max } => json!({
                "type": "string", "minLength": 1, "maxLength": max,
                "pattern": format!("^[^{CONTROLS}]*[^{CONTROLS}\\s][^{CONTROLS}]*$"),
            }),
            Kind::ScriptName { max } => json!({
                "type": "string", "maxLength": max,
                "pattern": "^([A-Za-z_$][A-Za-z0-9_$]*(\\.[A-Za-z_$][A-Za-z0-9_$]*)*)?$",
            }),
            Kind::Day => json!({
                "type": "string",
                "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])([Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?[Zz])?$",
            }),
            Kind::Integer { min, max, default, .. } => {
                let mut schema = json!({"type": "integer", "minimum": min, "maximum": max});
                if let Some(default) = default {
                    schema["default"] = default.into();
                }
                schema
            }
            Kind::Number { min, max } => json!({"type": "number", "minimum": min, "maximum": max}),
            Kind::Flag => json!({"type": "string", "enum": ["0", "1", "true", "false"]}),
            Kind::OneOf(words) => json!({"type": "string", "enum": words}),
            Kind::Language => json!({"type": "string", "enum": ["ar", "ckb", "en"]}),
            Kind::Worldview => json!({"type": "string", "enum": self.worldviews}),
            Kind::Bbox => json!({
                // OGC 17-069r4, requirement 23: both bounds on the schema itself.
                "type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6,
                "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            }),
            Kind::Crs => json!({"type": "string", "format": "uri", "enum": self.crs}),
            Kind::Datetime => json!({"type": "string", "minLength": 1}),
            Kind::List { .. } => json!({
                "type": "array", "items": {"type": "string", "pattern": "^[^,]*[^\\s,][^,]*$"}, "minItems": 1,
            }),
            Kind::Layers => json!({
                "type": "array", "items": {"type": "string", "enum": self.drawn}, "minItems": 1,
            }),
            Kind::Definition => json!({"type": "string", "enum": self.definitions}),
        }
    }
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

fn schema_of(operation: &Operation, media: &str) -> Value {
    let named = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    match (operation.id, media) {
        // The schema of each event, as OpenAPI 3.2 and clients of 3.0 read it.
        ("changes", _) => json!({
            "type": "object", "required": ["event", "id", "data"],
            "properties": {
                "event": {"type": "string"}, "id": {"type": "string"},
                "data": {"type": "string", "description": "A JSON object."},
            },
        }),
        (_, media) if media.starts_with("text/") || media.contains("ndjson") => json!({"type": "string"}),
        (_, media) if !media.contains("json") => json!({"type": "string", "format": "binary"}),
        ("items" | "search" | "lookup" | "reverse" | "downloadGeojson", "application/geo+json") => {
            named("FeatureCollection")
        }
        ("item" | "corridorAt", _) => named("Feature"),
        ("landing", _) => named("Landing"),
        ("conformance", _) => named("Conformance"),
        ("worldviews", _) => named("Worldviews"),
        ("collections", _) => named("Collections"),
        ("collection", _) => named("Collection"),
        ("queryables" | "schema", _) => named("JsonSchema"),
        ("getTileMatrixSetsList", _) => named("TileMatrixSets"),
        ("getTileMatrixSet", _) => named("TileMatrixSet"),
        ("dataset.vector.getTileSetsList" | "collection.vector.getTileSetsList", _) => named("Tilesets"),
        ("dataset.vector.getTileSet" | "collection.vector.getTileSet", _) => named("Tileset"),
        ("tilejson", _) => named("TileJson"),
        ("documents", _) => named("Documents"),
        ("document", _) => named("Document"),
        ("search" | "lookup", _) => named("Places"),
        ("corridor", _) => named("Corridor"),
        ("corridorDefinitions", _) => named("CorridorDefinitions"),
        ("corridorLocate", _) => named("Located"),
        ("corridorProfile", _) => named("Profile"),
        ("healthz", _) => named("Health"),
        ("readyz", _) => named("Ready"),
        _ => json!({"type": "object"}),
    }
}

fn responses() -> Value {
    json!({"Problem": {
        "description": "What went wrong, which parameter was meant, and what it takes (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }})
}

/// The schemas that answers refer to; a file of their own, for they are data.
fn schemas() -> Value {
    // A test reads the document, so a file that is no JSON does not pass.
    serde_json::from_str(include_str!("openapi_schemas.json")).unwrap_or_default()
}
