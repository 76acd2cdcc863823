//! Any text at all: spans are slices, nothing panics, time grows with the text.

use super::reader::read;
use crate::common::{geoparser, processor_time};
use mahwar::geoparse::{Parse, Words};
use proptest::prelude::*;
use std::time::Duration;

/// Pieces out of which texts are put together that come near to meaning something.
const PIECES: &[&str] = &[
    "قال",
    "وأكد",
    "مبيناً",
    "أن",
    "إن",
    "\"",
    "«",
    "»",
    "“",
    "”",
    "،",
    ".",
    ":",
    "؛",
    "206",
    "٥",
    "هجمات",
    "قتلى",
    "جنود",
    "مقتل",
    "وإصابة",
    "محوري",
    "محورين",
    "كركوك",
    "ديالى",
    "فراغ أمني",
    "اجتماع",
    "عقد",
    "بين",
    "من",
    "إلى",
    "و",
    "وفق ما",
    "بحسب",
    "مصدر أمني",
    "نحو",
    "تقدر بـ",
    "كيلومترا",
    "مئة",
    "ألف",
    "ملايين",
    "%",
    "$",
    "-",
    "/",
    " ",
    "\n",
    "لا",
    "said",
    "that",
    "killed",
    "three",
    "soldiers",
    "according to",
    "police",
    ",",
    "وتی",
    "ڕایگەیاند",
    "کە",
    "بۆشایی ئەمنی",
    "سێ",
    "هەزار",
    "لەسەدا",
    "ـ",
    "\u{200f}",
    "\u{651}",
    "ﻻ",
    "😀",
    "'",
    "(",
    ")",
    "الذي",
    "لـ",
    "قوله",
    "عن",
    "km",
    "²",
    "and",
    "twenty",
    "five",
];

fn check(text: &str, words: &Words) {
    let [start, end] = words.offsets.byte;
    assert_eq!(text.get(start..end), Some(words.text.as_str()));
    let before = text[..start].chars().count();
    assert_eq!((words.start, words.end), (before, before + words.text.chars().count()));
    assert_eq!(words.offsets.codepoint, [words.start, words.end]);
    let units = text[..start].encode_utf16().count();
    assert_eq!(words.offsets.utf16, [units, units + words.text.encode_utf16().count()]);
}

fn check_all(text: &str, parse: &Parse) {
    for quantity in &parse.quantities {
        check(text, &quantity.words);
        assert!(quantity.value.is_none_or(f64::is_finite));
        assert!(
            quantity
                .upper
                .zip(quantity.value)
                .is_none_or(|(upper, value)| upper > value)
        );
        assert!(text.contains(&quantity.noun));
    }
    for said in &parse.attributions {
        check(text, &said.verb);
        check(text, &said.quote);
        assert!(!said.quote.text.is_empty());
        if let Some(speaker) = &said.speaker {
            check(text, &speaker.words);
        }
    }
    for claim in &parse.claims {
        check(text, &claim.evidence);
        assert_eq!(claim.status == "claimed", claim.attribution.is_some());
        assert!(
            claim
                .mentions
                .iter()
                .all(|id| parse.mentions.iter().any(|mention| mention.id == *id))
        );
        assert!(
            claim
                .quantities
                .iter()
                .all(|id| parse.quantities.iter().any(|quantity| quantity.id == *id))
        );
        assert!(
            claim
                .attribution
                .iter()
                .all(|id| parse.attributions.iter().any(|said| said.id == *id))
        );
    }
    assert!(parse.quantities.is_sorted_by_key(|quantity| quantity.words.start));
    assert!(parse.claims.is_sorted_by_key(|claim| claim.evidence.start));
}

proptest! {
    #[test]
    fn every_span_is_a_slice_of_any_text(text in "\\PC{0,120}") {
        check_all(&text, &read(&text));
    }

    #[test]
    fn every_span_is_a_slice_of_text_that_nearly_means_something(
        pieces in prop::collection::vec((prop::sample::select(PIECES), any::<bool>()), 0..60)
    ) {
        let text: String = pieces.iter().flat_map(|(piece, spaced)| [*piece, if *spaced { " " } else { "" }]).collect();
        check_all(&text, &read(&text));
    }
}

fn time(text: &str) -> Duration {
    processor_time(|| {
        std::hint::black_box(geoparser().geoparse(text));
    })
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    for piece in [
        "قال 5 قتلى ",
        "قال مصدر إن 5 قتلى ",
        "وأكد أن ",
        "قال \"",
        "\"قال مصدر إن\" ",
        "بحسب مصدر أمني، ",
        "3 قتلى و5 جرحى ",
        "فراغ أمني في كركوك ",
        "killed five soldiers, he said, ",
        "5 و ",
        "مئة و",
        "اجتماع، ",
    ] {
        let small = piece.repeat(500_000 / piece.len());
        let large = piece.repeat(4_000_000 / piece.len());
        // Eight times the text: 64 would be quadratic. One fair run of several is enough: quadratic work has none.
        let ratio = || time(&large).as_secs_f64() / time(&small).as_secs_f64().max(1e-6);
        let ratios: Vec<f64> = (0..6).map(|_| ratio()).take_while(|ratio| *ratio >= 32.0).collect();
        assert!(
            ratios.len() < 6,
            "{piece}: eight times the text took {ratios:?} times as long"
        );
    }
}

#[test]
fn what_is_found_stays_small_beside_the_text() {
    for piece in [
        "قال مصدر إن 5 قتلى ",
        "وأكد أن ",
        "\"قال مصدر إن شيئا حدث\" ",
        "بحسب مصدر أمني، ",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        let parse = read(&text);
        let said = parse
            .attributions
            .iter()
            .map(|said| said.quote.text.len() + said.speaker.as_ref().map_or(0, |speaker| speaker.words.text.len()));
        let claimed = parse.claims.iter().map(|claim| claim.evidence.text.len());
        let held: usize = said.chain(claimed).sum();
        assert!(held <= text.len() * 32, "{piece}: {held} bytes held for {}", text.len());
    }
}
