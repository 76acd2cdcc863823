//! `build-data` on a broken land: its errors, their messages, and that it then writes nothing.

use crate::compiled_land::Land;
use std::fs;

#[test]
fn bad_boundaries_are_refused_with_file_row_and_unit() {
    for (file, from, to, told) in [
        (
            "from/x_adm2_20200101.geojson",
            "XG2Q1",
            "XG1Q1",
            &["x_adm2", "row 2", "XG1Q1", "twice"][..],
        ),
        (
            "from/x_adm2_20200101.geojson",
            "\"XG2\"",
            "\"XG9\"",
            &["x_adm2", "row 2", "XG2Q1", "XG9"],
        ),
        (
            "from/x_adm1_20200101.geojson",
            "\"ADM1_PCODE\":\"XG2\"",
            "\"CODE\":\"XG2\"",
            &["x_adm1", "row 2", "ADM1_PCODE"],
        ),
        (
            "from/x_adm3_20200101.geojson",
            "[45.0,35.0],[45.5,35.0]",
            "[45.0,35.0],[45.5,36.5],[45.5,35.0]",
            &["x_adm3", "row 3", "XG2Q1N1", "not valid"],
        ),
        (
            "from/x_adm3_20200101.geojson",
            "46.0,",
            "246.0,",
            &["x_adm3", "row 3", "XG2Q1N1", "degrees"],
        ),
        (
            "from/x_adm0_20200101.geojson",
            "FeatureCollection",
            "Collection",
            &["x_adm0", "FeatureCollection"],
        ),
        ("from/x_adm0_20200101.geojson", "{", "", &["x_adm0", "GeoJSON"]),
    ] {
        let land = Land::new();
        land.edit(file, from, to);
        let refusal = land.refusal();
        for part in told {
            assert!(refusal.contains(part), "{refusal:?} does not say {part:?}");
        }
    }
}

#[test]
fn bad_records_and_tables_are_refused_with_file_and_row() {
    for (file, from, to, told) in [
        (
            "from/wof_places.ndjson",
            "\"id\":2",
            "\"id\":1",
            &["wof_places.ndjson", "row 2", "wof-1", "twice"][..],
        ),
        (
            "from/wof_places.ndjson",
            "\"lon\":44.505",
            "\"lon\":444.505",
            &["row 2", "wof-2", "longitude"],
        ),
        ("from/wof_places.ndjson", "{\"id\":3,", "{", &["row 3", "id"]),
        (
            "from/ne_10m_populated_places.geojson",
            "LONGITUDE",
            "LON",
            &["populated_places", "row 1", "LONGITUDE"],
        ),
        (
            "tables/name_prefixes.csv",
            "ar,prefix,حي,attested,\n",
            "ar,prefix,حي\n",
            &["name_prefixes.csv", "row 4"],
        ),
        (
            "tables/foreign.csv",
            "واي",
            "Way",
            &["foreign.csv", "row 2", "script of ar"],
        ),
        (
            "tables/foreign.csv",
            ",country,",
            ",planet,",
            &["foreign.csv", "row 2", "planet"],
        ),
    ] {
        let land = Land::new();
        land.edit(file, from, to);
        let refusal = land.refusal();
        for part in told {
            assert!(refusal.contains(part), "{refusal:?} does not say {part:?}");
        }
    }
}

#[test]
fn a_correction_that_matches_nothing_is_refused_with_its_row() {
    let land = Land::new();
    let header = "id,field,old,new,reason,source\n";
    land.write(
        "tables/corrections.csv",
        &format!("{header}wof-3,name:ar,قرية صفا,صفا,,\nwof-3,name:ar,قرية صفا,صفا,,\n"),
    );
    let refusal = land.refusal();
    assert!(
        refusal.contains("corrections.csv, row 3") && refusal.contains("wof-3"),
        "{refusal}"
    );
}

#[test]
fn a_seat_far_from_its_unit_is_refused_and_one_just_outside_belongs_to_it() {
    let land = Land::new();
    land.write("tables/seats.csv", "pcode,id,source\nXG2,wof-1,\n");
    assert!(land.refusal().contains("seats.csv, row 2"));
    land.write("tables/seats.csv", "pcode,id,source\nXG1,wof-1,\nXG2Q1,wof-5,\n");
    let gazetteer = land.gazetteer();
    assert!(gazetteer.get("wof-1").unwrap().rank >= 95);
    assert!(gazetteer.get("wof-5").unwrap().rank >= 70);
}

#[test]
fn a_missing_dataset_leaves_the_old_data_as_they_were() {
    let land = Land::new();
    land.build().unwrap();
    let before = fs::read(land.path("out/places.tsv")).unwrap();
    fs::remove_file(land.path("from/x_adm2_20200101.geojson")).unwrap();
    let error = land.build().unwrap_err().to_string();
    assert!(error.contains("level 2") && error.contains("adm2"), "{error}");
    assert_eq!(fs::read(land.path("out/places.tsv")).unwrap(), before);
}

#[test]
fn units_that_lie_in_each_other_or_nowhere_are_refused() {
    let header = "id,level,members,parents,derived,source\n";
    for (rows, contested, told) in [
        ("R,region,XG1,NO,,\n", "", "\"NO\", which is no unit"),
        ("R,region,XG1,X,,\n", "R,XG1,\n", "lies in itself"),
        ("R,region,XG9,X,,\n", "", "XG9"),
    ] {
        let land = Land::new();
        land.write("tables/derived_units.csv", &format!("{header}{rows}"));
        land.write(
            "tables/contested_parents.csv",
            &format!("pcode,parent,source\n{contested}"),
        );
        let refusal = land.refusal();
        assert!(
            refusal.contains("derived_units.csv") && refusal.contains(told),
            "{refusal}"
        );
    }
}
