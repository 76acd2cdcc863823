//! Required contents of the compiled gazetteer: the world's countries and capitals, the land's units and features, and
//! the correction of every known error of the sources.

use mahwar::{
    gazetteer::{Gazetteer, Level, Place, read_places},
    language::Language,
};
use std::{collections::HashSet, fs, sync::LazyLock};

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let text = fs::read_to_string(format!("{}/data/places.tsv", env!("CARGO_MANIFEST_DIR"))).unwrap();
    Gazetteer::new(read_places(text).unwrap()).unwrap()
});

fn place(id: &str) -> &'static Place {
    GAZETTEER.get(id).unwrap_or_else(|| panic!("there is no {id}"))
}

/// The codes of ISO 3166-1.
const ISO: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU \
MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB \
SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY \
UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

#[test]
fn every_country_of_iso_3166_stands_with_a_name_in_three_languages() {
    let codes: Vec<&str> = ISO.split_whitespace().collect();
    assert_eq!(codes.len(), 249);
    for code in codes {
        let country = place(code);
        assert_eq!(country.level, Level::Country, "{code}");
        assert_eq!(country.foreign, code != "IQ", "{code}");
        let names = &country.names;
        assert!(
            names.first(Language::Arabic).is_some()
                && names.first(Language::Sorani).is_some()
                && names.first(Language::English).is_some(),
            "{code}: {names:?}"
        );
    }
}

#[test]
fn every_state_has_a_capital_with_a_name_in_three_languages() {
    let capitals: Vec<&Place> = GAZETTEER
        .places()
        .iter()
        .filter(|place| place.kind == "capital")
        .collect();
    for capital in &capitals {
        let names = &capital.names;
        assert!(
            names.first(Language::Arabic).is_some() && names.first(Language::English).is_some(),
            "{}: {names:?}",
            capital.id
        );
        assert!(names.first(Language::Sorani).is_some(), "{}: {names:?}", capital.id);
    }
    let with: HashSet<&str> = capitals
        .iter()
        .flat_map(|capital| capital.parents.iter().map(String::as_str))
        .collect();
    let countries = GAZETTEER
        .places()
        .iter()
        .filter(|place| place.level == Level::Country && place.kind != "territory");
    let without: Vec<&str> = countries
        .map(|country| country.id.as_str())
        .filter(|id| !with.contains(id))
        .collect();
    // City states are their own capital.
    assert_eq!(without, ["HK", "MC", "MO", "SG", "SM", "VA"]);
}

#[test]
fn every_unit_has_an_arabic_and_an_english_name_and_most_have_a_sorani_one() {
    let units = |level| {
        GAZETTEER
            .places()
            .iter()
            .filter(move |place| place.level == level && !place.foreign)
    };
    for level in [Level::Governorate, Level::District, Level::Subdistrict] {
        for unit in units(level) {
            assert!(
                unit.names.first(Language::Arabic).is_some() && unit.names.first(Language::English).is_some(),
                "{}",
                unit.id
            );
        }
    }
    assert!(units(Level::Governorate).all(|unit| unit.names.first(Language::Sorani).is_some()));
    assert!(
        units(Level::District)
            .filter(|unit| unit.names.first(Language::Sorani).is_some())
            .count()
            >= 90
    );
    assert!(
        units(Level::Subdistrict)
            .filter(|unit| unit.names.first(Language::Sorani).is_some())
            .count()
            >= 200
    );
}

#[test]
fn the_natural_features_that_the_news_names_are_there() {
    for (name, level) in [
        ("حمرين", Level::Mountain),
        ("قره جوغ", Level::Mountain),
        ("سنجار", Level::Mountain),
        ("الزاب الكبير", Level::River),
        ("الزاب الصغير", Level::River),
        ("دجلة", Level::River),
        ("الفرات", Level::River),
        ("العظيم", Level::River),
        ("سيروان", Level::River),
        ("وادي الشاي", Level::Valley),
        ("وادي حوران", Level::Valley),
        ("الثرثار", Level::Lake),
        ("قنديل", Level::Mountain),
    ] {
        let found = GAZETTEER.places().iter().any(|place| {
            place.level == level && !place.foreign && place.names.of(Language::Arabic).any(|other| other.contains(name))
        });
        assert!(found, "{name} is no {level}");
    }
    let lake = place("nat-hamrin-lake");
    assert_eq!(lake.level, Level::Lake);
}

/// Each error that the sources are known to have.
#[test]
fn known_errors_of_the_sources_are_put_right() {
    let arabic = |id| place(id).names.of(Language::Arabic);
    let has_arabic = |id, part: &str| arabic(id).any(|name| name.contains(part));
    // The record called Taza is at Tuz Khurmatu; Taza is another one.
    assert!(has_arabic("wof-421188277", "طوز"));
    assert!(!has_arabic("wof-421188277", "تازة"));
    assert!(has_arabic("wof-1259855853", "تاز"));
    // Kifri was named Sallahiyah and retired.
    assert_eq!(place("wof-421179701").names.first(Language::English), Some("Kifri"));
    assert!(place("wof-421179701").parents.contains(&"IQG10Q06".to_owned()));
    // Kirkuk, Mandali and Tal Afar were listed twice.
    for (name, unit) in [("كركوك", "IQG13Q04"), ("مندلي", "IQG10Q03N01"), ("تلعفر", "IQG15Q08")] {
        let same = GAZETTEER.places().iter().filter(|place| {
            place.level == Level::Settlement
                && place.names.first(Language::Arabic).is_some_and(|first| first == name)
                && place.parents.iter().any(|parent| parent == unit)
        });
        assert_eq!(same.count(), 1, "{name}");
    }
    // The district of Baladruz bore the name of Mandali.
    assert!(has_arabic("IQG10Q03", "بلدروز"));
    assert!(!arabic("IQG10Q03").any(|name| name == "مندلي"));
    // Samawah bore the Arabic of Samarra.
    assert!(!has_arabic("IQG03Q04", "سامراء"));
    // Plain spellings of the boundary files are mended, and kept as variants.
    assert!(arabic("IQG01").take(2).eq(["الأنبار", "الانبار"]));
    assert!(arabic("IQG11").take(2).eq(["أربيل", "اربيل"]));
    // No name begins or ends with a blank.
    for place in GAZETTEER.places() {
        assert!(place.names.iter().all(|(_, name)| name.trim() == name), "{}", place.id);
    }
}

#[test]
fn a_place_known_by_its_unit_alone_says_so_and_lies_in_it() {
    let approximate: Vec<&Place> = GAZETTEER.places().iter().filter(|place| place.approximate).collect();
    assert!(approximate.len() >= 80);
    for place in approximate {
        let unit = GAZETTEER.get(&place.parents[0]).unwrap();
        assert_eq!(place.point, unit.point, "{}", place.id);
        assert!(unit.level.is_administrative() && !place.foreign, "{}", place.id);
    }
}
