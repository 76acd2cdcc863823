//! Evidence as W3C Web Annotations (Web Annotation Data Model, W3C Recommendation, 23 February 2017).

use super::Document;
use crate::{
    geoparse::{Parse, Part, Reading},
    text::Offsets,
};
use serde_json::{Value, json};

/// Code points of context before and after a quote.
const CONTEXT: usize = 32;

/// The target of an annotation: a span of a document, by its words and by its position.
///
/// Positions count Unicode code points, as the data model requires (section 4.2.5). `base` is the server's address,
/// without a slash at the end; it may be empty. For a span of the title, the source is the document with this `title`.
pub fn evidence(document: &Document, part: Part, offsets: &Offsets, base: &str) -> Value {
    let [start, end] = offsets.byte;
    let (text, source) = match part {
        Part::Text => (&document.text, "/text"),
        Part::Title => (&document.title, ""),
    };
    // Offsets into a title that was edited by hand may be out of range.
    let (start, end) = match text.get(start..end) {
        Some(_) => (start, end),
        None => (0, 0),
    };
    let before = text[..start]
        .char_indices()
        .rev()
        .nth(CONTEXT - 1)
        .map_or(0, |(index, _)| index);
    let after = text[end..]
        .char_indices()
        .nth(CONTEXT)
        .map_or(text.len(), |(index, _)| end + index);
    json!({
        "type": "SpecificResource",
        "source": format!("{base}/documents/{}{source}", document.id),
        "selector": [
            {"type": "TextQuoteSelector", "exact": &text[start..end], "prefix": &text[before..start], "suffix": &text[end..after]},
            {"type": "TextPositionSelector", "start": offsets.codepoint[0], "end": offsets.codepoint[1]},
        ],
    })
}

/// Everything found in a document as one annotation page: a mention identifies a place, a claim classifies its words.
pub fn annotations(document: &Document, parse: &Parse, base: &str) -> Value {
    let id = |part: &str| format!("{base}/documents/{}/annotations#{part}", document.id);
    let mentions = parse.mentions.iter().map(|mention| {
        let body = mention.place.as_ref().map(|place| {
            json!({
                "type": "SpecificResource",
                "source": format!("{base}/collections/places/items/{}", place.id),
                "purpose": "identifying",
            })
        });
        let reading = match mention.reading {
            Reading::Literal => "literal",
            Reading::Associative => "associative",
        };
        let tag = json!({"type": "TextualBody", "value": reading, "purpose": "tagging"});
        annotation(
            &id(&mention.id),
            "identifying",
            body.into_iter().chain([tag]).collect(),
            evidence(document, mention.part, &mention.offsets, base),
        )
    });
    let claims = parse.claims.iter().map(|claim| {
        let body = [json!(claim.kind), json!(claim.status)]
            .into_iter()
            .map(|value| json!({"type": "TextualBody", "value": value, "purpose": "classifying"}))
            .collect();
        annotation(
            &id(&claim.id),
            "classifying",
            body,
            evidence(document, claim.evidence.part, &claim.evidence.offsets, base),
        )
    });
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("{base}/documents/{}/annotations", document.id),
        "type": "AnnotationPage",
        "items": mentions.chain(claims).collect::<Vec<_>>(),
    })
}

fn annotation(id: &str, motivation: &str, body: Vec<Value>, target: Value) -> Value {
    json!({"id": id, "type": "Annotation", "motivation": motivation, "body": body, "target": target})
}
