//! Texts with titles.

use crate::common::geoparser;
use mahwar::geoparse::{Parse, Part, read_titled};

const TITLE: &str = "انفجار في قضاء الحويجة";
const TEXT: &str = "قتل شخصان وأصيب ثلاثة في الحادث. ووصل وفد من بغداد.";

fn parse(title: Option<&str>, text: &str) -> Parse {
    read_titled(title, text, |whole| geoparser().geoparse(whole))
}

#[test]
fn a_place_in_the_title_is_a_mention_with_offsets_into_the_title() {
    let parse = parse(Some(TITLE), TEXT);
    let title = parse
        .mentions
        .iter()
        .find(|mention| mention.part == Part::Title)
        .unwrap();
    assert_eq!(title.offsets.slice(TITLE), "الحويجة");
    assert_eq!([title.start, title.end], title.offsets.codepoint);
    assert_eq!(serde_json::to_value(title).unwrap()["in"], "title");
    let text: Vec<_> = parse
        .mentions
        .iter()
        .filter(|mention| mention.part == Part::Text)
        .collect();
    assert!(!text.is_empty());
    for mention in text {
        assert_eq!(mention.offsets.slice(TEXT), mention.text);
        assert!(serde_json::to_value(mention).unwrap().get("in").is_none());
    }
}

#[test]
fn what_is_said_in_the_text_has_the_offsets_that_it_has_without_a_title() {
    let (titled, alone) = (parse(Some("Short title"), TEXT), parse(None, TEXT));
    assert_eq!(titled.quantities, alone.quantities);
    for (one, other) in titled.claims.iter().zip(&alone.claims) {
        assert_eq!(one.evidence, other.evidence);
    }
}

#[test]
fn an_event_of_the_title_is_the_place_of_the_text_that_refers_to_it() {
    let parse = parse(Some(TITLE), TEXT);
    let claim = &parse.claims[0];
    let place = parse
        .mentions
        .iter()
        .find(|mention| claim.mentions.iter().any(|id| *id == mention.id))
        .unwrap();
    assert_eq!((place.part, place.text.as_str()), (Part::Title, "الحويجة"));
}

#[test]
fn a_blank_title_is_none() {
    assert_eq!(parse(Some("  "), TEXT), parse(None, TEXT));
}
