//! Any text at all: quotes are slices, offsets agree, folding is idempotent, the two Unicode forms of a text have the
//! same places, and the cost grows linearly with the text.

use crate::common::{geoparser, processor_time};
use mahwar::{
    geoparse::{Mention, Parse, Reading},
    text::fold,
};
use proptest::prelude::*;
use std::time::Duration;
use unicode_normalization::UnicodeNormalization;

/// Pieces that come near to naming places: names, affixes, type nouns, titles, marks, controls.
const PIECES: &[&str] = &[
    "بغداد",
    "كركوك",
    "صلاح الدين",
    "القائم",
    "الرياض",
    "و",
    "ل",
    "لل",
    "ب",
    "محافظة",
    "محافظات",
    "قضاءي",
    "قرى",
    "جبل",
    "حكومة",
    "المدرب",
    "محمد",
    "في",
    "من",
    "بين",
    "مع",
    "أعلنت",
    "هەولێر",
    "سلێمانی",
    "دا",
    "ەوە",
    "یش",
    "شاری",
    "گوندی",
    "ئەم",
    "دوو",
    "لە",
    "Baghdad",
    "al-",
    "Erbil",
    "governorate",
    "of",
    "the",
    "district",
    "\u{0651}",
    "\u{064E}",
    "\u{0640}",
    "\u{200C}",
    "\u{200F}",
    "\u{202B}",
    "\u{202C}",
    "\u{FEFF}",
    "ﻻ",
    "ﷲ",
    "é",
    "😀",
    "𞤀",
    "漢",
    "54",
    "٥٤",
    ",",
    "،",
    ".",
    ":",
    "-",
    "–",
    "/",
    "(",
    ")",
    "«",
    "»",
    "\"",
    "'",
    "’s",
    " ",
    " ",
    " ",
    "\n",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// Every span of the parse is a slice of the text, in all three units.
fn check_spans(text: &str, parse: &Parse) {
    let characters: Vec<char> = text.chars().collect();
    let units: Vec<u16> = text.encode_utf16().collect();
    for Mention {
        text: name,
        start,
        end,
        offsets,
        ..
    } in &parse.mentions
    {
        assert_eq!(&text[offsets.byte[0]..offsets.byte[1]], name);
        assert_eq!([*start, *end], offsets.codepoint);
        let [start, end] = offsets.codepoint;
        assert_eq!(&characters[start..end].iter().collect::<String>(), name);
        let [start, end] = offsets.utf16;
        assert_eq!(&String::from_utf16(&units[start..end]).expect("whole characters"), name);
    }
    let quotes = parse.attributions.iter().map(|said| &said.quote);
    let words = quotes
        .chain(parse.quantities.iter().map(|quantity| &quantity.words))
        .chain(parse.claims.iter().map(|claim| &claim.evidence))
        .chain(parse.positions.iter().map(|position| &position.words));
    for words in words {
        assert_eq!(words.offsets.slice(text), words.text);
    }
}

/// Which places a text names, and how.
fn places(text: &str) -> Vec<(Option<String>, Reading)> {
    let mentions = geoparser().geoparse(text).mentions;
    let place = |mention: Mention| (mention.place.map(|place| place.id.clone()), mention.reading);
    mentions.into_iter().map(place).collect()
}

/// Letters that English lacks show another language, in either form.
#[test]
fn decomposed_letters_are_as_foreign_as_composed_ones() {
    for text in [
        "é😀BaghdadéبغدادBaghdad",
        "Baghdad früher Brücke Öl",
        "Çok İstanbul Ağrı Şırnak",
        "Erbil vê êvarê bû",
        "Mañana ão Bagdad",
        "Český řeka Erbil",
    ] {
        let [composed, decomposed] = [text.nfc().collect::<String>(), text.nfd().collect()].map(|text| {
            let parse = geoparser().geoparse(&text);
            (parse.language, places(&text))
        });
        assert_eq!(composed, decomposed, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_span_is_a_slice_in_three_units(text in pieces()) {
        check_spans(&text, &geoparser().geoparse(&text));
    }

    #[test]
    fn any_characters_are_read_without_a_panic(text in "\\PC{0,200}") {
        check_spans(&text, &geoparser().geoparse(&text));
    }

    #[test]
    fn folding_twice_changes_nothing(text in pieces()) {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded);
    }

    #[test]
    fn composed_and_decomposed_text_name_the_same_places(text in pieces()) {
        let (composed, decomposed): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(places(&composed), places(&decomposed));
    }

    #[test]
    fn spots_are_the_mentions_without_their_words(text in pieces()) {
        let mentions = geoparser().geoparse(&text).mentions;
        let spots = geoparser().spots(&text);
        prop_assert_eq!(spots.len(), mentions.len());
        for (spot, mention) in spots.iter().zip(&mentions) {
            let place = spot.place.map(|place| geoparser().gazetteer().at(place).id.as_str());
            prop_assert_eq!(spot.offsets, mention.offsets);
            prop_assert_eq!(spot.reading, mention.reading);
            prop_assert_eq!(place, mention.place.as_ref().map(|place| place.id.as_str()));
        }
    }
}

fn time(text: &str) -> Duration {
    processor_time(|| {
        std::hint::black_box(geoparser().geoparse(text));
    })
}

/// Four times the text takes about four times as long; sixteen would be quadratic. A busy machine may spoil a run,
/// so that one fair run of several is enough: quadratic work has none.
fn assert_linear(name: &str, make: impl Fn(usize) -> String, size: usize) {
    let (small, large) = (make(size), make(size * 4));
    let ratio = || time(&large).as_secs_f64() / time(&small).as_secs_f64().max(1e-6);
    let ratios: Vec<f64> = (0..6).map(|_| ratio()).take_while(|ratio| *ratio >= 9.0).collect();
    assert!(
        ratios.len() < 6,
        "{name}: four times the text took {ratios:?} times as long"
    );
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    let repeated = |piece: &'static str| move |count: usize| piece.repeat(count);
    assert_linear("one name", repeated("بغداد "), 20_000);
    assert_linear("one word without a space", repeated("بغداد"), 20_000);
    assert_linear("a list without an end", repeated("محافظات بغداد، "), 10_000);
    assert_linear("names that are joined", repeated("وكركوك "), 20_000);
    assert_linear("type nouns alone", repeated("محافظة "), 20_000);
    assert_linear("titles alone", repeated("المدرب محمد "), 10_000);
    assert_linear("mixed scripts", repeated("بغدادErbilهەولێر漢٥ "), 10_000);
    assert_linear("lone marks", repeated("\u{0651}\u{064E}"), 40_000);
    assert_linear("unpaired controls", repeated("\u{202B}\u{2067}كركوك"), 10_000);
    assert_linear("open quotations", repeated("قال \"بغداد "), 10_000);
    assert_linear("dashes", repeated("Erbil-"), 20_000);
    assert_linear("figures with dashes", repeated("1-"), 20_000);
    assert_linear("a table of figures", repeated("12 450 33 7\n"), 4_000);
    assert_linear("figures of victims", repeated("5 killed, "), 4_000);
}

#[test]
fn a_million_names_are_a_million_mentions() {
    // A tenth of it here, so that the tests stay fast: `make torture` and the fuzzers go further.
    let count = 100_000;
    let text = "بغداد ".repeat(count);
    let spots = geoparser().spots(&text);
    assert_eq!(spots.len(), count);
    assert_eq!(spots[count - 1].offsets.byte, [text.len() - 11, text.len() - 1]);
}

#[test]
fn a_line_of_ten_megabytes_without_a_space_names_nothing() {
    let text = "كركوك".repeat(1 << 20);
    assert!(text.len() > 10_000_000);
    assert_eq!(geoparser().spots(&text), []);
}
