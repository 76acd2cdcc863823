//! `build-data` on a small land: what it makes and what it reports.

use crate::compiled_land::{Land, files};
use mahwar::gazetteer::{Level, read_places};
use std::fs;

#[test]
fn records_of_one_place_are_merged_and_names_sorted_by_script() {
    let gazetteer = Land::new().gazetteer();
    let town = gazetteer.get("wof-1").unwrap();
    assert_eq!(town.names.ar, ["كبرى"]);
    assert_eq!(town.names.ckb, ["گەورەشار"]);
    assert_eq!(town.names.en, ["Big Town", "Kubra", "Kabirah"]);
    assert_eq!(*town.parents, ["XG1Q1N1", "XG1Q1", "XG1", "X"]);
    assert_eq!(town.kind, "city");
    assert!(gazetteer.get("wof-2").is_none());
}

#[test]
fn type_nouns_go_from_names_only_where_a_name_remains() {
    let gazetteer = Land::new().gazetteer();
    let village = gazetteer.get("wof-3").unwrap();
    assert_eq!(
        (&village.names.ar[..], &village.names.en[..]),
        (&["صفا".to_owned()][..], &["Safa".to_owned()][..])
    );
    assert_eq!(village.same_as.geonames, Some(33));
    assert!(village.rank <= 10);
    // No record calls the quarter just "النور".
    assert_eq!(gazetteer.get("wof-6").unwrap().names.ar, ["حي النور"]);
    assert_eq!(gazetteer.get("wof-6").unwrap().level, Level::Neighbourhood);
}

#[test]
fn a_retired_record_is_no_place_and_a_point_just_over_the_border_has_the_nearest_unit() {
    let gazetteer = Land::new().gazetteer();
    assert!(gazetteer.get("wof-4").is_none());
    let border = gazetteer.get("wof-5").unwrap();
    assert_eq!(border.names.ar, ["مرزي"]);
    assert_eq!(border.parents[0], "XG2Q1N1");
}

#[test]
fn towns_abroad_are_foreign_and_towns_at_home_come_from_the_records() {
    let gazetteer = Land::new().gazetteer();
    assert!(gazetteer.get("xx-outside").unwrap().foreign);
    assert_eq!(*gazetteer.get("xx-outside").unwrap().parents, ["Y"]);
    assert!(gazetteer.get("xx-inside").is_none());
}

#[test]
fn the_same_input_gives_the_same_files_and_no_change() {
    let land = Land::new();
    let (_, first) = land.build().unwrap();
    assert!(!first.added.is_empty());
    let written = || {
        ["places.tsv", "boundaries.topojson", "context.geojson"]
            .map(|name| fs::read(land.path("out").join(name)).unwrap())
    };
    let before = written();
    let (_, second) = land.build().unwrap();
    assert_eq!(second.to_string(), "no change\n");
    assert_eq!(before, written());
    assert_eq!(files(&land.path("out")).len(), 3);
}

#[test]
fn a_newer_vintage_is_taken_and_told_by_id() {
    let land = Land::new();
    land.build().unwrap();
    let text = fs::read_to_string(land.path("from/x_adm3_20200101.geojson")).unwrap();
    land.write(
        "from/x_adm3_20260101.geojson",
        &text.replace("\"North\"", "\"Northland\""),
    );
    land.edit("from/wof_places.ndjson", "\"lat\":35.7", "\"lat\":35.71");
    land.edit("from/wof_places.ndjson", "\"id\":6", "\"id\":7");
    let (_, changes) = land.build().unwrap();
    assert_eq!(changes.added, [("wof-7".to_owned(), "حي النور / Quarter".to_owned())]);
    assert_eq!(changes.gone, [("wof-6".to_owned(), "حي النور / Quarter".to_owned())]);
    assert_eq!(
        changes.renamed,
        [(
            "XG1Q1N2".to_owned(),
            "شمال / North".to_owned(),
            "شمال / Northland".to_owned()
        )]
    );
    let [(id, _, metres)] = &changes.moved[..] else {
        panic!("{changes}")
    };
    assert_eq!(id, "wof-3");
    assert!((metres - 1112.0).abs() < 2.0, "{metres}");
}

#[test]
fn what_is_written_is_what_is_given() {
    let land = Land::new();
    let (places, _) = land.build().unwrap();
    let text = fs::read_to_string(land.path("out/places.tsv")).unwrap();
    assert_eq!(read_places(&text).unwrap(), places);
}
