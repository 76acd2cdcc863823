//! The items of each collection in the OpenAPI document, with its fields as parameters: GDAL and QGIS look for them there
//! and send equality filters only for those that they find.

use super::{operations::ITEMS, parameter::Parameter, routes::OPERATIONS};
use crate::layers::{FieldType, Layer};
use serde_json::{Map, Value, json};

/// Adds `/collections/{id}/items` of each layer to the paths, and the shared parameters to the components.
pub fn add<'l>(document: &mut Value, layers: impl Iterator<Item = &'l Layer>, describe: impl Fn(&Parameter) -> Value) {
    let mut parameters = Map::new();
    for parameter in ITEMS {
        parameters.insert(component(parameter), describe(parameter));
    }
    document["components"]["parameters"] = parameters.into();
    for layer in layers {
        document["paths"][format!("/collections/{}/items", layer.id)] = json!({"get": items(layer)});
    }
}

fn component(parameter: &Parameter) -> String {
    format!("items-{}", parameter.name)
}

fn items(layer: &Layer) -> Value {
    let tag = OPERATIONS
        .iter()
        .find(|operation| operation.id == "items")
        .map(|operation| operation.tag);
    let shared = ITEMS
        .iter()
        .map(|parameter| json!({"$ref": format!("#/components/parameters/{}", component(parameter))}));
    let is_shared = |name: &str| ITEMS.iter().any(|parameter| parameter.name == name);
    let fields = layer
        .fields
        .iter()
        .filter(|field| !is_shared(&field.name))
        .filter_map(|field| {
            let (kind, example) = match field.kind {
                FieldType::String => ("string", json!("x")),
                FieldType::Date | FieldType::Time => ("string", json!("2021-12-03")),
                FieldType::DateTime => ("string", json!("2021-12-03T10:00:00Z")),
                FieldType::Number => ("number", json!(1.5)),
                FieldType::Integer => ("integer", json!(1)),
                FieldType::Boolean => ("boolean", json!(true)),
                // Lists and objects have no equality filter.
                FieldType::Json => return None,
            };
            Some(json!({
                "name": field.name, "in": "query", "required": false, "schema": {"type": kind}, "style": "form",
                    "explode": false, "example": example,
                "description": format!("Only features whose {} has this value.", field.name),
            }))
        });
    let problem = json!({"$ref": "#/components/responses/Problem"});
    json!({
        "operationId": format!("items.{}", layer.id),
        "tags": [tag],
        "summary": format!("Features of {}.", layer.id),
        "parameters": shared.chain(fields).collect::<Vec<Value>>(),
        "responses": {
            "200": {
                "description": "A page of features.",
                "content": {
                    "application/geo+json": {"schema": {"$ref": "#/components/schemas/FeatureCollection"}},
                    "text/html": {"schema": {"type": "string"}},
                },
            },
            "304": {"description": "The client has this version."},
            "400": problem, "401": problem, "403": problem, "412": problem, "414": problem, "421": problem, "429": problem,
            "500": problem, "503": problem,
        },
    })
}
