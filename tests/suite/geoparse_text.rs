//! Reading text: folding, offsets, tokens, affixes.

use mahwar::{
    language::Language,
    text::{
        Affix, Affixes, Kind, Languages, OffsetCounter, Reader, Span, Token, Tokens, UNKNOWN, Vocabulary, fold,
        fold_with_map, keys_of,
    },
};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn affixes() -> Affixes {
    let part = |language, before, slot, letters: &str, restores: &str| Affix {
        language,
        before,
        slot,
        letters: letters.to_owned(),
        restores: restores.to_owned(),
    };
    let (ar, ckb) = (Language::Arabic, Language::Sorani);
    Affixes::new(&[
        part(ar, true, 1, "و", ""),
        part(ar, true, 1, "ف", ""),
        part(ar, true, 2, "ب", ""),
        part(ar, true, 2, "ل", ""),
        part(ar, true, 2, "ك", ""),
        part(ar, true, 2, "لل", "ال"),
        part(ckb, true, 1, "لە", ""),
        part(ckb, false, 1, "ی", ""),
        part(ckb, false, 2, "دا", ""),
        part(ckb, false, 2, "ەوە", ""),
        part(ckb, false, 2, "یەوە", ""),
        part(ckb, false, 3, "یش", ""),
    ])
}

fn vocabulary(names: &[&str]) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for name in names {
        for word in vocabulary.intern_phrase(name).unwrap() {
            vocabulary.set_strong(word);
        }
    }
    vocabulary
}

fn read(text: &str, vocabulary: &Vocabulary) -> Tokens {
    Reader {
        vocabulary,
        affixes: &affixes(),
        languages: &Languages::default(),
    }
    .read(text)
}

fn parts(token: &Token, vocabulary: &Vocabulary) -> (String, u8, u8) {
    let word = if token.stem == UNKNOWN { token.word } else { token.stem };
    (vocabulary.key(word).letters(), token.cut, token.tail)
}

#[test]
fn a_proclitic_comes_off_only_when_the_vocabulary_has_the_rest() {
    let names = [
        "كركوك",
        "بعقوبة",
        "العراق",
        "الموصل",
        "لبنان",
        "بابل",
        "وان",
        "كلار",
        "بلد",
    ];
    let vocabulary = vocabulary(&names);
    for (word, name, cut) in [
        ("كركوك", "كركوك", 0),
        ("وكركوك", "كركوك", 1),
        ("فببعقوبة", "بعقوبه", 2),
        ("بعقوبة", "بعقوبه", 0),
        ("للعراق", "العراق", 2),
        ("وللموصل", "الموصل", 3),
        ("بالعراق", "العراق", 1),
        ("لبنان", "لبنان", 0),
        ("ولبنان", "لبنان", 1),
        ("للبنان", "لبنان", 1),
        ("بابل", "بابل", 0),
        ("ببابل", "بابل", 1),
        ("وان", "وان", 0),
        ("ووان", "وان", 1),
        ("كلار", "كلار", 0),
        ("بلد", "بلد", 0),
        ("وكالة", "", 0),
    ] {
        let tokens = read(word, &vocabulary);
        assert_eq!(
            parts(&tokens.tokens[0], &vocabulary),
            (name.to_owned(), cut, 0),
            "{word}"
        );
    }
}

#[test]
fn sorani_suffixes_come_off_in_chains() {
    let mut vocabulary = vocabulary(&["کەرکوک", "هەولێر", "بەغدا", "سلێمانی"]);
    let erbil = vocabulary.get(keys_of("هەولێر")[0]);
    vocabulary.add_loose(erbil);
    for (word, name, cut, tail) in [
        ("کەرکوکدا", "كەركوك", 0, 2),
        ("کەرکوکیشدا", "", 0, 0),
        ("کەرکوکدایش", "كەركوك", 0, 4),
        ("هەولێرەوە", "هەولێر", 0, 3),
        ("سلێمانییەوە", "سلێماني", 0, 4),
        ("لەکەرکوک", "كەركوك", 2, 0),
        ("هه‌ولێردا", "هەولێر", 0, 2),
        ("هەولیر", "هەولێر", 0, 0),
        ("بەغدای", "بەغدا", 0, 1),
    ] {
        let tokens = read(word, &vocabulary);
        assert_eq!(
            parts(&tokens.tokens[0], &vocabulary),
            (name.to_owned(), cut, tail),
            "{word}"
        );
    }
}

#[test]
fn tokens_know_sentences_paragraphs_and_languages() {
    let text =
        "قال د. علي: \"وصل الوفد.\" ثم غادر.\nلە هەولێر کۆبوونەوە کرا.\nHe left Ba'qubah at 2.5 km. Baghdad's roads.";
    let tokens = read(text, &Vocabulary::default());
    let sentences: Vec<_> = tokens
        .sentences()
        .map(|range| &text[tokens.tokens[range.start].start as usize..tokens.tokens[range.end - 1].end as usize])
        .collect();
    assert_eq!(
        sentences,
        [
            "قال د. علي: \"وصل الوفد.\"",
            "ثم غادر.",
            "لە هەولێر کۆبوونەوە کرا.",
            "He left Ba'qubah at 2.5 km.",
            "Baghdad's roads."
        ]
    );
    let languages: Vec<_> = tokens.paragraphs.iter().map(|paragraph| paragraph.language).collect();
    assert_eq!(languages, [Language::Arabic, Language::Sorani, Language::English]);
    let kinds: Vec<_> = tokens.tokens.iter().map(|token| token.kind).collect();
    assert!(kinds.contains(&Kind::Possessive) && kinds.contains(&Kind::Separator));
}

#[test]
fn a_span_holds_the_marks_of_its_letters_and_no_control() {
    let vocabulary = vocabulary(&["كركوك"]);
    let text = "\u{200f}كَرْكُوكَ\u{200e}،";
    let tokens = read(text, &vocabulary);
    assert_eq!(&text[tokens.tokens[0].range()], "كَرْكُوكَ");
    assert_ne!(tokens.tokens[0].word, UNKNOWN);
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ابكولرهةيىءؤئەێۆڕڵ\u{640}\u{64B}\u{654}\u{200C}\u{200F}ﻻﺎ٠-٩a-zA-Z's’ .،\n\"«»😀-]{0,60}",
    ]
}

proptest! {
    #[test]
    fn folding_is_idempotent(text in any_text()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn the_map_never_goes_backwards_and_stays_on_characters(text in any_text()) {
        let folded = fold_with_map(&text);
        prop_assert_eq!(folded.text.len(), folded.map.len());
        prop_assert!(folded.map.is_sorted());
        prop_assert!(folded.map.iter().all(|at| text.is_char_boundary(*at as usize)));
    }

    #[test]
    fn composed_and_decomposed_text_fold_alike(text in "[أإآؤئةەۀāéïşكبل َ\u{654}]{0,40}") {
        let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(fold(&nfc), fold(&nfd));
        prop_assert_eq!(keys_of(&nfc), keys_of(&nfd));
    }

    #[test]
    fn tokens_are_ordered_slices_and_fill_the_paragraphs(text in any_text()) {
        let tokens = read(&text, &Vocabulary::default());
        let mut end = 0;
        for token in &tokens.tokens {
            prop_assert!(token.start >= end && token.end > token.start);
            prop_assert!(text.get(token.range()).is_some());
            end = token.end;
        }
        let mut next = 0;
        for paragraph in &tokens.paragraphs {
            prop_assert_eq!(paragraph.tokens.start, next);
            next = paragraph.tokens.end;
        }
        prop_assert_eq!(next as usize, tokens.len());
    }

    #[test]
    fn offsets_agree_in_three_units(text in any_text()) {
        let mut counter = OffsetCounter::new(&text);
        for token in &read(&text, &Vocabulary::default()).tokens {
            let offsets = counter.offsets(Span { start: token.start as usize, end: token.end as usize });
            let before = &text[..token.start as usize];
            let slice = offsets.slice(&text);
            prop_assert_eq!(offsets.codepoint, [before.chars().count(), before.chars().count() + slice.chars().count()]);
            let units = |text: &str| text.encode_utf16().count();
            prop_assert_eq!(offsets.utf16, [units(before), units(before) + units(slice)]);
        }
    }
}
