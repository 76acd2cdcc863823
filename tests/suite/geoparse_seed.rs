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

/// The words of a paragraph in lines of at most so many characters.
fn wrapped(paragraph: &str, width: usize) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in paragraph.split_whitespace() {
        let line = lines.last_mut().expect("a line");
        let filled = line.chars().count() + 1 + word.chars().count();
        match line.is_empty() || filled <= width {
            true if line.is_empty() => line.push_str(word),
            true => {
                line.push(' ');
                line.push_str(word);
            }
            false => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// "Hard-wrapped text (mail, `pdftotext`, wire copy) breaks names, type nouns and claims".
#[test]
fn the_seed_reads_the_same_in_lines_of_any_width() {
    let text = include_str!("../../seeds/000_a92614c7eb69c543.txt");
    let geoparser = common::geoparser();
    let whole = geoparser.geoparse(text);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for width in [45, 60, 72, 80] {
        let paragraphs: Vec<String> = text.split('\n').map(|paragraph| wrapped(paragraph, width)).collect();
        let parse = geoparser.geoparse(&paragraphs.join("\n"));
        let mentions = |parse: &mahwar::geoparse::Parse| -> Vec<_> {
            let each = parse.mentions.iter();
            each.map(|mention| {
                (
                    words(&mention.text),
                    mention.reading,
                    mention.place.as_ref().map(|place| place.id.clone()),
                )
            })
            .collect()
        };
        assert_eq!(mentions(&parse), mentions(&whole), "{width}");
        let counts =
            |parse: &mahwar::geoparse::Parse| (parse.quantities.len(), parse.attributions.len(), parse.claims.len());
        assert_eq!(counts(&parse), counts(&whole), "{width}");
    }
}
