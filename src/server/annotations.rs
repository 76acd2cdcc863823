//! Evidence as W3C Web Annotations: a quote and a position in a document.

use super::{links::escaped, object_answer::ObjectAnswer, problem::Problem, state::StoredDocument};
use crate::{document::Document, geoparse::Part, text::Offsets};
use serde_json::{Value, json};

/// Code points before and after a quote that a selector repeats.
const CONTEXT: usize = 32;

/// A target: the quote with its context, and its position in code points.
pub fn target(base: &str, document: &Document, part: Part, offsets: &Offsets) -> Value {
    let (text, source) = match part {
        Part::Text => (&document.text, "/text"),
        Part::Title => (&document.title, ""),
    };
    let [start, end] = offsets.byte;
    let before = text.get(..start).unwrap_or_default();
    let from = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let after = text.get(end..).unwrap_or_default();
    let to = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
    json!({
        "source": format!("{base}/documents/{}{source}", document.id),
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": text.get(start..end).unwrap_or_default(),
                "prefix": &before[from..],
                "suffix": &after[..to],
            },
            {"type": "TextPositionSelector", "start": offsets.codepoint[0], "end": offsets.codepoint[1]},
        ],
    })
}

/// Writes all mentions and claims of a document as one page of annotations.
///
/// # Errors
/// 503 when the work is over its budget.
pub fn write_page(page: &mut ObjectAnswer, base: &str, stored: &StoredDocument) -> Result<(), Problem> {
    let StoredDocument { document, parse } = stored;
    let here = format!("{base}/documents/{}/annotations", document.id);
    let mentions = parse.mentions.iter().map(|mention| {
        let body = match &mention.place {
            Some(place) => json!({
                "type": "SpecificResource",
                "purpose": "identifying",
                "source": format!("{base}/collections/places/items/{}", escaped(&place.id)),
                "confidence": mention.confidence,
            }),
            None => json!({"type": "TextualBody", "purpose": "tagging", "value": "unresolved place name"}),
        };
        annotation(
            &here,
            &mention.id,
            "identifying",
            &[body],
            target(base, document, mention.part, &mention.offsets),
        )
    });
    let claims = parse.claims.iter().map(|claim| {
        let bodies = [
            json!({"type": "TextualBody", "purpose": "classifying", "value": claim.kind}),
            json!({"type": "TextualBody", "purpose": "assessing", "value": claim.status}),
        ];
        annotation(
            &here,
            &claim.id,
            "classifying",
            &bodies,
            target(base, document, claim.evidence.part, &claim.evidence.offsets),
        )
    });
    let total = mentions.len() + claims.len();
    page.member("@context", &"http://www.w3.org/ns/anno.jsonld")?;
    page.member("id", &here)?;
    page.member("type", &"AnnotationPage")?;
    let of = json!({"id": format!("{base}/documents/{}", document.id), "label": document.title, "total": total});
    page.member("partOf", &of)?;
    page.member("startIndex", &0)?;
    page.list("items", mentions.chain(claims))
}

fn annotation(here: &str, id: &str, motivation: &str, bodies: &[Value], target: Value) -> Value {
    json!({
        "id": format!("{here}#{}", escaped(id)),
        "type": "Annotation",
        "motivation": motivation,
        "body": bodies,
        "target": target,
    })
}
