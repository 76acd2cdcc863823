//! Bodies of requests in the OpenAPI document.

use super::{parameter::Parameter, parameters as p};
use serde_json::{Value, json};

/// Control characters that no text of a request has, as a class of a regular expression without its brackets.
pub(super) const CONTROLS: &str = "\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F";
/// Characters that change the direction or the lines of the text around them.
const OVERRIDES: &str = "\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069";

/// Body of an operation, if it has one.
pub(super) fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "addDocument" => document_body(),
        "addFeed" => feed_body(),
        "rule" => ruling_body(),
        "ruleEvent" => super::event_rulings::body_schema(),
        "reconcileForm" => form_body(),
        "table" => table_body(),
        "geoparse" => text_body(),
        id => return super::edits::body_schema(id),
    })
}

/// A text of several lines that is not all blank, or null.
pub(super) fn reason() -> Value {
    let pattern = format!("^[^{CONTROLS}{OVERRIDES}]*[^{CONTROLS}{OVERRIDES}\\s][^{CONTROLS}{OVERRIDES}]*$");
    json!({"type": "string", "nullable": true, "minLength": 1, "maxLength": 2000, "pattern": pattern})
}

/// A line that is not all blank, or null.
pub(super) fn author() -> Value {
    let forbidden = format!("\\u0000-\\u001F\\u007F-\\u009F{OVERRIDES}");
    let pattern = format!("^[^{forbidden}]*[^{forbidden}\\s][^{forbidden}]*$");
    json!({"type": "string", "nullable": true, "minLength": 1, "maxLength": 200, "pattern": pattern})
}

/// A text to be read.
fn text_body() -> Value {
    json!({"required": true, "content": {
        "text/plain": {"schema": {"type": "string", "minLength": 1}, "example": "هجمات في قضاء مخمور"},
        "application/json": {"schema": {
            "type": "object", "required": ["text"], "additionalProperties": false,
            "properties": {
                "text": {"type": "string", "minLength": 1},
                "title": {"type": "string", "nullable": true, "maxLength": 500},
                "published": {"type": "string", "nullable": true, "description": "RFC 3339 date or date-time"},
                "id": {},
            },
        }, "example": {"text": "هجمات في قضاء مخمور"}},
    }})
}

/// The address of a feed.
fn feed_body() -> Value {
    json!({"required": true, "content": {"application/json": {
        "schema": {"type": "object", "required": ["url"], "properties": {
            "url": {"type": "string", "format": "uri", "pattern": "^https?://[^\\s/@]+(/\\S*)?$", "maxLength": 2048},
        }},
        "example": {"url": p::FEED_URL.example},
    }}})
}

/// A table of any format: the body itself, or the file of a form.
fn table_body() -> Value {
    let binary = json!({"schema": {"type": "string", "format": "binary", "minLength": 1}});
    let mut content = serde_json::Map::new();
    content.insert(
        "text/csv".to_owned(),
        json!({"schema": {"type": "string", "minLength": 1}, "example": "place,killed\nخانقين,3\nمخمور,2\n"}),
    );
    for media in [
        "text/tab-separated-values",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.apache.parquet",
        "application/octet-stream",
    ] {
        content.insert(media.to_owned(), binary.clone());
    }
    content.insert(
        "multipart/form-data".to_owned(),
        json!({"schema": {"type": "object", "required": ["file"], "properties": {
            "file": {"type": "string", "format": "binary"},
        }}}),
    );
    json!({"required": true, "content": content})
}

/// A reconciliation request as a form.
fn form_body() -> Value {
    let text = |parameter: &Parameter| json!({"type": "string", "minLength": 2, "description": parameter.about});
    json!({"required": true, "content": {"application/x-www-form-urlencoded": {
        "schema": {"type": "object", "properties": {"queries": text(&p::QUERIES), "extend": text(&p::EXTEND)}},
        "example": {"queries": p::QUERIES.example},
    }}})
}

/// The body of a document to be kept.
fn document_body() -> Value {
    let text = json!({"type": "string", "minLength": 1});
    // An empty one is one that is not given, and so is null.
    let optional = json!({"type": "string", "nullable": true});
    let described = json!({
        "text": optional, "html": optional, "title": optional, "source_url": optional, "publisher": optional,
        "published": optional, "id": {},
        "language": {"type": "string", "nullable": true, "enum": ["ar", "ckb", "en", null]},
    });
    let example = json!({"text": "هجمات في قضاء مخمور", "published": "2021-12-03", "language": "ar"});
    json!({"required": true, "content": {
        "application/json": {
            "schema": {
                // Members of other programs' lines change nothing.
                "type": "object", "properties": described,
                "anyOf": [{"required": ["text"]}, {"required": ["html"]}],
            },
            "example": example,
        },
        "text/plain": {"schema": text, "example": "هجمات في قضاء مخمور"},
        "text/html": {"schema": {"type": "string", "format": "binary"}, "example": "<p>هجمات في قضاء مخمور</p>"},
        "multipart/form-data": {"schema": {"type": "object", "properties": {
            "file": {"type": "string", "format": "binary"}, "title": text, "source_url": text, "publisher": text,
            "published": text, "language": text,
        }}},
        "application/x-ndjson": {"schema": text, "example": example.to_string()},
    }})
}

/// The body of a ruling.
fn ruling_body() -> Value {
    let text = json!({"type": "string", "minLength": 1});
    let (author, reason) = (author(), reason());
    let ruling = |words: &[&str], place: Value, required: &[&str]| {
        json!({
            "type": "object", "required": required, "additionalProperties": false,
            "properties": {
                "ruling": {"type": "string", "enum": words}, "place": place, "author": author, "reason": reason,
            },
        })
    };
    // Only a move has a place, or a point with its precision.
    let at_point = json!({
        "type": "object", "required": ["ruling", "point", "precision"], "additionalProperties": false,
        "properties": {
            "ruling": {"type": "string", "enum": ["move"]},
            "point": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            "precision": {"type": "string", "enum": ["point", "quarter", "settlement", "subdistrict", "district", "governorate"]},
            "author": author, "reason": reason,
        },
    });
    let none = json!({"type": "string", "nullable": true, "enum": [null]});
    json!({"required": true, "content": {"application/json": {
        "schema": {"oneOf": [
            ruling(&["move"], text.clone(), &["ruling", "place"]),
            at_point,
            ruling(&["accept", "reject", "associative", "undo"], none, &["ruling"]),
        ]},
        "example": {"ruling": "accept", "reason": "the sentence names the district"},
    }}})
}
