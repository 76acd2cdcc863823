//! `build-data` on a small land: its output and its report.

use crate::compiled_land::{Land, files};
use mahwar::{
    gazetteer::{Level, read_places},
    language::Language,
};
use serde_json::json;
use std::fs;

#[test]
fn records_of_one_place_are_merged_and_names_sorted_by_script() {
    let gazetteer = Land::new().gazetteer();
    let town = gazetteer.get("wof-1").unwrap();
    assert!(town.names.of(Language::Arabic).eq(["كبرى"]));
    assert!(town.names.of(Language::Sorani).eq(["گەورەشار"]));
    assert!(town.names.of(Language::English).eq(["Big Town", "Kubra", "Kabirah"]));
    assert_eq!(*town.parents, ["XG1Q1N1", "XG1Q1", "XG1", "X"]);
    assert_eq!(town.kind, "city");
    assert!(gazetteer.get("wof-2").is_none());
}

#[test]
fn type_nouns_go_from_names_only_where_a_name_remains() {
    let gazetteer = Land::new().gazetteer();
    let village = gazetteer.get("wof-3").unwrap();
    assert!(village.names.of(Language::Arabic).eq(["صفا"]));
    assert!(village.names.of(Language::English).eq(["Safa"]));
    assert_eq!(village.same_as.geonames, std::num::NonZeroU64::new(33));
    assert!(village.rank <= 10);
    // No record calls the quarter just "النور".
    assert!(
        gazetteer
            .get("wof-6")
            .unwrap()
            .names
            .of(Language::Arabic)
            .eq(["حي النور"])
    );
    assert_eq!(gazetteer.get("wof-6").unwrap().level, Level::Neighbourhood);
}

#[test]
fn a_retired_record_is_no_place_and_a_point_just_over_the_border_has_the_nearest_unit() {
    let gazetteer = Land::new().gazetteer();
    assert!(gazetteer.get("wof-4").is_none());
    let border = gazetteer.get("wof-5").unwrap();
    assert!(border.names.of(Language::Arabic).eq(["مرزي"]));
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
    assert_eq!(read_places(text).unwrap(), places);
}

#[test]
fn the_rivers_of_the_optional_source_are_written_when_asked_for_and_taken_away_when_not() {
    let land = Land::new();
    let river = |name: &str, lon: f64| {
        json!({"type": "Feature", "properties": {"name_assigned": name},
            "geometry": {"type": "LineString", "coordinates": [[lon, 35.0], [lon, 36.0]]}})
    };
    let unnamed = json!({"type": "Feature", "properties": {"name_assigned": null},
        "geometry": {"type": "LineString", "coordinates": [[44.1, 35.0], [44.1, 36.0]]}});
    let rivers =
        json!({"type": "FeatureCollection", "features": [river("Great Zab", 44.5), unnamed, river("Great Zab", 44.6)]});
    let missing = land.build_with_rivers().unwrap_err().to_string();
    assert!(
        missing.contains("World Data Bank II") && missing.contains("wdbii"),
        "{missing}"
    );

    land.write("from/wdbii_rivers.geojson", &rivers.to_string());
    land.build().unwrap();
    assert!(
        !land.path("out/rivers_wdbii.geojson").exists(),
        "an optional source was taken unasked"
    );
    land.build_with_rivers().unwrap();
    let text = fs::read_to_string(land.path("out/rivers_wdbii.geojson")).unwrap();
    let written: geojson::FeatureCollection = text.parse().unwrap();
    assert_eq!(written.features.len(), 1);
    let river = &written.features[0];
    assert_eq!(river.property("id").unwrap(), "river-great-zab");
    assert!(river.property("source").unwrap().as_str().unwrap().contains("LGPL"));
    land.build().unwrap();
    assert!(!land.path("out/rivers_wdbii.geojson").exists());
}

#[test]
fn each_unit_that_a_vintage_adds_drops_renames_or_moves_is_told_by_its_p_code() {
    let land = Land::new();
    land.build().unwrap();
    land.edit("from/x_adm3_20200101.geojson", "XG1Q1N2", "XG1Q1N3");
    land.edit("from/x_adm3_20200101.geojson", "\"South\"", "\"Southern\"");
    land.edit("from/x_adm2_20200101.geojson", "Beta District", "Gamma District");
    let (_, changes) = land.build().unwrap();
    let codes = |list: &[(String, String)]| list.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    assert_eq!(codes(&changes.added), ["XG1Q1N3"]);
    assert_eq!(codes(&changes.gone), ["XG1Q1N2"]);
    let renamed: Vec<&str> = changes.renamed.iter().map(|(id, _, _)| id.as_str()).collect();
    assert_eq!(renamed, ["XG2Q1", "XG1Q1N1"]);
    let told = changes.to_string();
    assert!(
        told.starts_with("1 added, 1 gone, 2 renamed, 0 moved by more than 100 m\n"),
        "{told}"
    );
    assert!(
        told.contains("renamed  XG2Q1  بيتا / Beta District -> بيتا / Gamma District\n"),
        "{told}"
    );
}

#[test]
fn a_settlement_that_moved_by_less_than_100_metres_is_not_news() {
    let land = Land::new();
    land.build().unwrap();
    // A thousandth of a degree of latitude is 111 m.
    land.edit("from/wof_places.ndjson", "\"lat\":35.7,", "\"lat\":35.7008,");
    assert_eq!(land.build().unwrap().1.to_string(), "no change\n");
    land.edit("from/wof_places.ndjson", "\"lat\":35.7008,", "\"lat\":35.7018,");
    let (_, changes) = land.build().unwrap();
    assert_eq!(changes.moved.len(), 1);
    assert!((changes.moved[0].2 - 111.2).abs() < 0.5, "{changes}");
}
