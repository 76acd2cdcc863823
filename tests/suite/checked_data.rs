//! `check` on the project's own data: everything holds, and each fault that is put in is found and named.

use mahwar::{
    compile::{
        check::{Check, Expected, check_places, check_units},
        tables::{Seat, Table},
    },
    gazetteer::{Level, Place, read_places},
    language::Language,
    territory::Boundaries,
};
use std::{fs, sync::LazyLock};

struct Data {
    places: Vec<Place>,
    boundaries: Boundaries,
    seats: Table<Seat>,
    expected: Expected,
    bbox: [f64; 4],
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let root = format!("{}/data", env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(format!("{root}/{name}")).unwrap();
    let land: toml::Table = read("land.toml").parse().unwrap();
    Data {
        places: read_places(read("places.tsv")).unwrap(),
        boundaries: Boundaries::parse(read("boundaries.topojson").as_bytes()).unwrap(),
        seats: Table::parse("seats.csv".into(), &read("tables/seats.csv")).unwrap(),
        expected: land["expected"].clone().try_into().unwrap(),
        bbox: land["bbox"].clone().try_into().unwrap(),
    }
});

fn checks(places: &[Place]) -> Vec<Check> {
    let mut checks = check_places(places, &DATA.expected, DATA.bbox);
    checks.extend(check_units(places, &DATA.boundaries, &DATA.seats));
    checks
}

fn place<'a>(places: &'a mut [Place], id: &str) -> &'a mut Place {
    places.iter_mut().find(|place| place.id == id).unwrap()
}

#[test]
fn the_data_hold_every_check() {
    for check in checks(&DATA.places) {
        assert!(check.ok, "{}: {}", check.name, check.found);
    }
}

#[test]
fn each_fault_is_found_by_its_check_and_named_with_its_row() {
    type Break = fn(&mut Vec<Place>);
    let faults: &[(&str, Break, &str)] = &[
        (
            "places: district",
            |places| places.retain(|place| place.id != "IQG11Q04"),
            "100",
        ),
        ("ids stand once", |places| places.push(places[3].clone()), "IQG03"),
        (
            "parents exist",
            |places| place(places, "IQG11Q04").parents = ["IQG99".to_owned()].into(),
            "IQG99",
        ),
        (
            "parents are of a higher level",
            |places| place(places, "IQG11").parents = ["IQG11Q04".to_owned()].into(),
            "IQG11Q04",
        ),
        (
            "names are in the script of their language",
            |places| {
                place(places, "IQG11")
                    .names
                    .change(Language::Arabic, |names| names.push("Erbil".to_owned()))
            },
            "IQG11",
        ),
        (
            "names are in the script of their language",
            |places| {
                place(places, "IQG11")
                    .names
                    .change(Language::Arabic, |names| names.push("أر\u{640}بيل".to_owned()))
            },
            "U+0640",
        ),
        (
            "names in ckb: country, region, governorate",
            |places| place(places, "IQG11").names.change(Language::Sorani, Vec::clear),
            "IQG11",
        ),
        (
            "points lie in the land's box",
            |places| place(places, "IQG11").point = [4.4, 36.0],
            "4.4",
        ),
        (
            "settlements stand once",
            |places| {
                let mut twin = place(places, "wof-1125920643").clone();
                twin.id = "wof-1".into();
                twin.same_as = mahwar::gazetteer::SameAs::default();
                places.push(twin);
            },
            "wof-1125920643",
        ),
        (
            "ISO 3166-2 codes stand once",
            |places| place(places, "IQG11").same_as.codes.iso3166_2 = Some("IQ-DA".to_owned()),
            "IQ-DA",
        ),
        (
            "units stand in gazetteer and boundaries",
            |places| place(places, "IQG11Q04").id = "IQG11Q44".into(),
            "IQG11Q04",
        ),
        (
            "labels lie in their unit",
            |places| place(places, "IQG11Q04").point = [44.4, 33.3],
            "IQG11Q04",
        ),
        (
            "settlements lie in their unit",
            |places| place(places, "wof-1125920643").point = [44.4, 33.3],
            "wof-1125920643",
        ),
        (
            "seats are inside their unit",
            |places| place(places, "wof-1125920643").parents = ["IQG08".to_owned()].into(),
            "wof-1125920643",
        ),
    ];
    for (name, fault, told) in faults {
        let mut places = DATA.places.clone();
        fault(&mut places);
        let checks = checks(&places);
        let check = checks
            .iter()
            .find(|check| check.name == *name)
            .unwrap_or_else(|| panic!("no check {name:?}"));
        assert!(!check.ok && check.found.contains(told), "{name}: {}", check.found);
    }
}

#[test]
fn the_gazetteer_has_what_the_project_promises() {
    let places = &DATA.places;
    let count = |level| {
        places
            .iter()
            .filter(|place| place.level == level && !place.foreign)
            .count()
    };
    assert!(count(Level::Settlement) >= 18_000);
    assert!(
        fs::metadata(format!("{}/data/places.tsv", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .len()
            < 2_300_000
    );
    let parents = |id: &str| &places.iter().find(|place| place.id == id).unwrap().parents;
    assert_eq!(**parents("IQG11Q04"), ["IQG11", "IQG15", "IQ-KR", "IQ"]);
    let halabja = places.iter().find(|place| place.id == "IQ-HA").unwrap();
    assert!(halabja.derived && halabja.level == Level::Governorate);
    assert_eq!(halabja.same_as.codes.pcode.as_deref(), Some("IQG06Q05"));
}
