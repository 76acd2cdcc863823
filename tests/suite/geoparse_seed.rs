//! The seed document: exactly its mentions, each with its place and reading.

use crate::common;
use mahwar::geoparse::Reading::{Associative, Literal};

#[test]
fn the_seed_names_fifteen_places() {
    let text = include_str!("../../seeds/000_a92614c7eb69c543.txt");
    let parse = common::geoparser().geoparse(text);
    let found: Vec<_> = parse
        .mentions
        .iter()
        .map(|mention| {
            (
                mention.text.as_str(),
                mention.reading,
                mention.place.as_ref().map_or("", |place| place.id.as_str()),
            )
        })
        .collect();
    let expected = [
        ("بغداد", Associative, "wof-421178393"),
        ("أربيل", Associative, "wof-1125920643"),
        ("بغداد", Literal, "wof-421178393"),
        ("العراق", Literal, "IQ"),
        ("الإقليم", Associative, "IQ-KR"),
        ("الإقليم", Associative, "IQ-KR"),
        ("الإقليم", Associative, "IQ-KR"),
        ("بغداد", Associative, "wof-421178393"),
        ("ديالى", Literal, "IQG10"),
        ("كركوك", Literal, "IQG13"),
        ("بغداد", Associative, "wof-421178393"),
        ("ديالى", Literal, "IQG10"),
        ("صلاح الدين", Literal, "IQG16"),
        ("كركوك", Literal, "IQG13"),
        ("مخمور", Literal, "IQG11Q04"),
    ];
    assert_eq!(found, expected);
    for mention in &parse.mentions {
        assert_eq!(mention.offsets.slice(text), mention.text);
    }
}
