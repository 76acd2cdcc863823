//! The search on the project's own data: the spellings that people use find the place that they mean.

use mahwar::gazetteer::{Gazetteer, Hit, Reason, Search, SearchOptions, SearchWords, read_places};
use std::{fs, sync::LazyLock};

const NOUNS: &str = "words,levels\nمحافظة,governorate\nقضاء,district\ngovernorate,governorate\ndistrict,district\n";

struct Data {
    gazetteer: Gazetteer,
    search: Search,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let root = env!("CARGO_MANIFEST_DIR");
    let read = |name: &str| fs::read_to_string(format!("{root}/data/{name}")).unwrap();
    let gazetteer = Gazetteer::new(read_places(read("places.tsv")).unwrap()).unwrap();
    let words = SearchWords::read(NOUNS, &read("lexicon/articles.csv")).unwrap();
    let search = Search::new(&gazetteer, words);
    Data { gazetteer, search }
});

fn hits(query: &str) -> Vec<Hit> {
    DATA.search.search(&DATA.gazetteer, query, &SearchOptions::default())
}

fn first(query: &str) -> (String, Reason) {
    let hits = hits(query);
    let hit = hits.first().unwrap_or_else(|| panic!("{query} finds nothing"));
    (DATA.gazetteer.at(hit.index).id.to_string(), hit.reason)
}

#[test]
fn every_spelling_of_a_city_finds_it_first() {
    for spellings in [
        &[
            "اربيل",
            "أربيل",
            "إربيل",
            "هەولێر",
            "ھەولێر",
            "Hewlêr",
            "hewler",
            "Erbil",
            "Arbil",
            "Irbil",
            "ERBIL",
        ][..],
        &[
            "السليمانية",
            "السليمانيه",
            "سلێمانی",
            "سليمانية",
            "Sulaymaniyah",
            "Slemani",
            "slêmanî",
        ],
        &[
            "كركوك",
            "کەرکووک",
            "كه\u{200c}ركوك",
            "كَرْكُوك",
            "كـركوك",
            "Kirkuk",
            "Kerkuk",
            "Kerkûk",
        ],
        &["الحلة", "الحلّة", "الحله", "حلة", "Hilla", "Al-Hillah"],
        &["الموصل", "موصل", "مووسڵ", "Mosul", "Al-Mosul"],
    ] {
        let (place, _) = first(spellings[0]);
        for spelling in spellings {
            assert_eq!(first(spelling).0, place, "{spelling}");
        }
    }
}

#[test]
fn a_near_miss_finds_the_name_and_says_how_far_off_it_is() {
    for (query, name) in [
        ("Kirkok", "Kirkuk"),
        ("Baghdda", "Baghdad"),
        ("Sulaymanyah", "Sulaymaniyah"),
        ("تكريط", "تكريت"),
        ("بعقوبا", "بعقوبة"),
        ("هەولیر", "هەولێر"),
    ] {
        let (place, reason) = first(query);
        assert_eq!(place, first(name).0, "{query}");
        let near_or_known = matches!(reason, Reason::Near(1 | 2) | Reason::Exact | Reason::Folded);
        assert!(near_or_known, "{query}: {reason}");
    }
    assert_eq!(first("Kirkok").1, Reason::Near(1));
}

#[test]
fn a_type_noun_sets_the_level() {
    assert_eq!(first("محافظة أربيل").0, "IQG11");
    assert_eq!(first("Erbil governorate").0, "IQG11");
    assert_eq!(first("governorate of Erbil").0, "IQG11");
    assert_eq!(first("قضاء مخمور").0, "IQG11Q04");
    assert_eq!(first("Makhmour district").0, "IQG11Q04");
}

#[test]
fn a_unit_after_a_comma_picks_among_namesakes() {
    let alone = hits("السلام");
    assert!(alone.len() > 1);
    let (place, _) = first("السلام، ميسان");
    assert!(
        DATA.gazetteer
            .get(&place)
            .unwrap()
            .parents
            .contains(&"IQG14".to_owned())
    );
}

#[test]
fn the_beginning_of_a_name_suggests_the_weightiest_place_first() {
    assert_eq!(first("Baghd").0, first("Baghdad").0);
    assert_eq!(first("السليما").0, first("السليمانية").0);
    let without = SearchOptions {
        prefix: false,
        near: false,
        ..SearchOptions::default()
    };
    assert_eq!(DATA.search.search(&DATA.gazetteer, "Baghd", &without), []);
}

#[test]
fn levels_box_and_limit_narrow_the_answer() {
    use mahwar::gazetteer::Level;
    let options = SearchOptions {
        levels: vec![Level::District],
        bbox: Some([43.0, 35.0, 45.0, 37.0]),
        limit: 1,
        ..SearchOptions::default()
    };
    let hits = DATA.search.search(&DATA.gazetteer, "كركوك", &options);
    assert_eq!(hits.len(), 1);
    assert_eq!(DATA.gazetteer.at(hits[0].index).id, "IQG13Q04");
}

#[test]
fn a_hit_names_the_spelling_in_the_language_asked_for() {
    use mahwar::language::Language;
    let ask = |language| {
        let options = SearchOptions {
            language: Some(language),
            ..SearchOptions::default()
        };
        DATA.search.search(&DATA.gazetteer, "بابل", &options)[0].language
    };
    assert_eq!(ask(Language::Arabic), Language::Arabic);
    assert_eq!(ask(Language::Sorani), Language::Sorani);
}

#[test]
fn nothing_and_nonsense_find_nothing_and_do_not_panic() {
    for query in [
        "",
        " ",
        ",",
        "،،",
        "'",
        "ـ",
        "\u{200c}",
        "xqzwvxqz",
        "🗺",
        &"ا".repeat(100_000),
        "ال",
        "قضاء",
    ] {
        let _ = hits(query);
    }
    assert!(hits("").is_empty() && hits("xqzwvxqz").is_empty());
}
