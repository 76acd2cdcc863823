//! Bodies of the writes, for the OpenAPI document.

use crate::server::openapi_bodies::{author, reason};
use serde_json::{Value, json};

/// Bodies of the writes, for the OpenAPI document.
pub fn body_schema(operation: &str) -> Option<Value> {
    let text = json!({"type": "string", "nullable": true});
    let span = json!({"type": "object", "additionalProperties": false, "properties": {
        "start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 0},
        "byte": {"type": "array", "items": {"type": "integer"}}, "codepoint": {"type": "array", "items": {"type": "integer"}},
        "utf16": {"type": "array", "items": {"type": "integer"}},
        "in": {"type": "string", "enum": ["text", "title"]}, "text": {"type": "string"},
    }});
    let who = json!({"reason": reason(), "author": author()});
    let place = json!({
        "place": text,
        "point": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        "precision": {"type": "string", "enum": ["point", "quarter", "settlement", "subdistrict", "district", "governorate"]},
    });
    let (properties, required, example): (Value, Vec<&str>, Value) = match operation {
        "correctDocument" => (
            json!({
                "title": {"type": "string"}, "publisher": text, "published": text, "source_url": text,
                "language": {"type": "string", "enum": ["ar", "ckb", "en"]},
                "ruling": {"type": "string", "enum": ["correct"]},
            }),
            Vec::new(),
            json!({"published": "2021-12-03", "reason": "the day is named on the page"}),
        ),
        "addLocalName" => (
            json!({
                "language": {"type": "string", "enum": ["ar", "ckb", "en"]}, "name": {"type": "string"},
                "level": {"type": "string"}, "place": text, "point": {"type": "array", "items": {"type": "number"}},
                "reason": text,
            }),
            vec!["language", "name"],
            json!({"place": "IQG11Q04", "language": "en", "name": "Makhmoor", "reason": "the spelling of a wire"}),
        ),
        "addMention" => (
            json!({"quote": span}),
            vec!["quote"],
            json!({"quote": {"start": 14, "end": 19}, "place": "IQG11Q04", "reason": "the name was missed"}),
        ),
        "addClaim" | "changeClaim" => (
            json!({
                "type": {"type": "string"}, "quote": span, "figures": {"type": "array", "items": {"type": "object"}},
                "speaker": {}, "places": {"type": "array", "items": {"type": "string"}}, "day": text,
                "ruling": {"type": "string", "enum": ["correct"]},
            }),
            match operation {
                "addClaim" => vec!["type", "quote"],
                _ => Vec::new(),
            },
            json!({
                "type": "casualties", "quote": {"start": 0, "end": 20}, "places": ["IQG11Q04"], "day": "2021-12-03",
                "figures": [{"value": 5, "unit": "person", "role": "killed", "bound": "at_least"}], "reason": "…",
            }),
        ),
        _ => return None,
    };
    let mut all = properties;
    let more = match operation {
        "correctDocument" => vec![who],
        "addLocalName" => Vec::new(),
        _ => vec![who, place],
    };
    for (name, schema) in more.iter().filter_map(Value::as_object).flatten() {
        all[name] = schema.clone();
    }
    let mut schema = json!({"type": "object", "additionalProperties": false, "properties": all});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    if operation != "correctDocument" {
        schema["not"] = json!({"required": ["place", "point"]});
    }
    if matches!(operation, "correctDocument" | "changeClaim") {
        let undo = json!({
            "type": "object", "additionalProperties": false, "required": ["ruling"],
            "properties": {
                "ruling": {"type": "string", "enum": ["undo"]}, "reason": reason(), "author": author(),
            },
        });
        schema = json!({"oneOf": [schema, undo]});
    }
    Some(json!({"required": true, "content": {"application/json": {"schema": schema, "example": example}}}))
}
