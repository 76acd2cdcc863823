//! `build-data` on a small land: what it makes, what it reports, and what it refuses.

use mahwar::{
    compile::{CompileError, build},
    gazetteer::{Gazetteer, Level, Place, read_places},
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A land of two governorates, A (longitude 44 to 45) and B (45 to 46), with one district each and two
/// subdistricts in A's.
struct Land {
    folder: TempDir,
}

impl Land {
    fn new() -> Self {
        let land = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let unit = |level: usize, code: &str, en: &str, ar: &str, west: f64, south: f64, east: f64, north: f64| {
            let mut properties = serde_json::Map::new();
            properties.insert(format!("ADM{level}_EN"), json!(en));
            properties.insert(format!("ADM{level}_AR"), json!(ar));
            // P-codes hold those of the units above: X, XG1, XG1Q1, XG1Q1N1.
            for (above, length) in [1, 3, 5, 7].into_iter().enumerate().take(level + 1) {
                properties.insert(format!("ADM{above}_PCODE"), json!(code[..length]));
            }
            let ring = ring(west, south, east, north);
            json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
        };
        let write = |level: usize, units: Vec<Value>| land.write_adm(level, units);
        write(0, vec![unit(0, "X", "Xland", "اكسلاند", 44.0, 35.0, 46.0, 36.0)]);
        write(
            1,
            vec![
                unit(1, "XG1", "Alpha", " الفا", 44.0, 35.0, 45.0, 36.0),
                unit(1, "XG2", "Beta", "بيتا", 45.0, 35.0, 46.0, 36.0),
            ],
        );
        write(
            2,
            vec![
                unit(2, "XG1Q1", "Alpha District", "الفا", 44.0, 35.0, 45.0, 36.0),
                unit(2, "XG2Q1", "Beta District", "بيتا", 45.0, 35.0, 46.0, 36.0),
            ],
        );
        write(
            3,
            vec![
                unit(3, "XG1Q1N1", "South", "جنوب", 44.0, 35.0, 45.0, 35.5),
                unit(3, "XG1Q1N2", "North", "شمال", 44.0, 35.5, 45.0, 36.0),
                unit(3, "XG2Q1N1", "East", "شرق", 45.0, 35.0, 46.0, 36.0),
            ],
        );
        land.write("from/wof_places.ndjson", &[
            r#"{"id":1,"name":"Big Town","placetype":"locality","lon":44.5,"lat":35.2,"population":400000,"gn_fcode":"PPLA","names":{"ara":{"preferred":["مدينة كبرى"],"variant":["Kubrá","كبرى"]},"kur":{"preferred":["Kubra"],"variant":["كوبرا","گەورەشار"]}}}"#,
            r#"{"id":2,"name":"Big Town","placetype":"locality","lon":44.505,"lat":35.2,"names":{"ara":{"preferred":["كُبرى"]},"und":{"variant":["Kabīrah"]}}}"#,
            r#"{"id":3,"name":"Qaryat Safa","placetype":"locality","lon":44.5,"lat":35.7,"gn_id":33,"names":{"ara":{"preferred":["قرية صفا"]},"und":{"variant":["Qaryat Şafā"]}}}"#,
            r#"{"id":4,"name":"Gone","placetype":"locality","lon":44.5,"lat":35.8,"ceased":"2020","names":{"ara":{"preferred":["زائل"]}}}"#,
            r#"{"id":5,"name":"Border","placetype":"locality","lon":46.01,"lat":35.5,"names":{"fas":{"preferred":["مرزی"]}}}"#,
            r#"{"id":6,"name":"Quarter","placetype":"neighbourhood","lon":44.51,"lat":35.21,"names":{"ara":{"preferred":["حي النور"]}}}"#,
        ].join("\n"));
        let town = |name: &str, country: &str, lon: f64| {
            json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 35.5]}, "properties": {
                "NAME": name, "ISO_A2": country, "LONGITUDE": lon, "LATITUDE": 35.5, "POP_MAX": 5000, "FEATURECLA": "Populated place"
            }})
        };
        let towns =
            json!({"type": "FeatureCollection", "features": [town("Inside", "X", 44.6), town("Outside", "Y", 47.0)]});
        land.write("from/ne_10m_populated_places.geojson", &towns.to_string());
        land.write("tables/name_prefixes.csv", "lang,side,word,drop,note\nar,prefix,قرية,always,\nar,prefix,مدينة,attested,\nar,prefix,حي,attested,\nen,prefix,Qaryat,always,\n");
        land.write("tables/context_names.csv", "layer,source_name,id,ar,ckb,en\n");
        land.write(
            "tables/foreign.csv",
            "id,level,kind,lon,lat,parents,ar,ckb,en,source\nY,country,,47.5,35.5,,واي,,Yland,test\n",
        );
        land
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn write_adm(&self, level: usize, units: Vec<Value>) {
        let collection = json!({"type": "FeatureCollection", "features": units});
        self.write(&format!("from/x_adm{level}_20200101.geojson"), &collection.to_string());
    }

    /// Changes the text of a source file.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    fn build(&self) -> Result<(Vec<Place>, mahwar::compile::Changes), CompileError> {
        build(&self.path("from"), &self.path("tables"), &self.path("out"))
    }

    fn gazetteer(&self) -> Gazetteer {
        Gazetteer::new(self.build().unwrap().0).unwrap()
    }

    /// The message with which the land is refused.
    fn refusal(&self) -> String {
        let error = self.build().unwrap_err().to_string();
        assert!(
            !self.path("out").exists() || files(&self.path("out")).is_empty(),
            "something was written: {error}"
        );
        error
    }
}

/// A box with a corner every half degree, so that neighbours share corners.
fn ring(west: f64, south: f64, east: f64, north: f64) -> Vec<[f64; 2]> {
    let (columns, rows) = (((east - west) * 2.0) as i32, ((north - south) * 2.0) as i32);
    let step = |from: f64, count: i32| from + f64::from(count) / 2.0;
    let bottom = (0..columns).map(|at| [step(west, at), south]);
    let right = (0..rows).map(|at| [east, step(south, at)]);
    let top = (0..columns).map(|at| [step(east, -at), north]);
    let left = (0..=rows).map(|at| [west, step(north, -at)]);
    bottom.chain(right).chain(top).chain(left).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

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
fn what_is_written_is_what_is_given() {
    let land = Land::new();
    let (places, _) = land.build().unwrap();
    let text = fs::read_to_string(land.path("out/places.tsv")).unwrap();
    assert_eq!(read_places(&text).unwrap(), places);
}

/// The attributes and the outline of a unit.
type UnitRow = (Vec<(String, String)>, Vec<[f64; 2]>);

fn units_of(text: &str) -> Vec<UnitRow> {
    let collection: Value = serde_json::from_str(text).unwrap();
    let unit = |feature: &Value| {
        let columns = feature["properties"].as_object().unwrap();
        let columns = columns
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
        let ring = feature["geometry"]["coordinates"][0].clone();
        (columns.collect(), serde_json::from_value(ring).unwrap())
    };
    collection["features"].as_array().unwrap().iter().map(unit).collect()
}

fn write_shapefile(path: &Path, text: &str) {
    use shapefile::{Point, Polygon, PolygonRing, Writer, dbase};
    let units = units_of(text);
    let mut table = dbase::TableWriterBuilder::with_encoding(dbase::encoding::Unicode);
    for (name, _) in &units[0].0 {
        table = table.add_character_field(name.as_str().try_into().unwrap(), 60);
    }
    let mut writer = Writer::from_path(path, table).unwrap();
    for (columns, ring) in units {
        let mut record = dbase::Record::default();
        for (name, value) in columns {
            record.insert(name, dbase::FieldValue::Character(Some(value)));
        }
        // Shells run clockwise here.
        let points = ring.into_iter().rev().map(|[x, y]| Point::new(x, y)).collect();
        writer
            .write_shape_and_record(&Polygon::new(PolygonRing::Outer(points)), &record)
            .unwrap();
    }
    drop(writer);
    fs::write(path.with_extension("cpg"), "UTF-8").unwrap();
}

fn write_geopackage(path: &Path, levels: &[(String, String)]) {
    let database = rusqlite::Connection::open(path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
             CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);",
        )
        .unwrap();
    for (table, text) in levels {
        let units = units_of(text);
        let names: Vec<&str> = units[0].0.iter().map(|(name, _)| name.as_str()).collect();
        let batch = format!(
            "INSERT INTO gpkg_contents VALUES ('{table}', 'features');
             INSERT INTO gpkg_geometry_columns VALUES ('{table}', 'geom', 4326);
             CREATE TABLE \"{table}\" (fid INTEGER PRIMARY KEY, geom BLOB, {} TEXT);",
            names.join(" TEXT, ")
        );
        database.execute_batch(&batch).unwrap();
        for (columns, ring) in units {
            let mut blob = b"GP\0\x01".to_vec();
            blob.extend(4326u32.to_le_bytes());
            // A MultiPolygon of one polygon of one ring, little end first.
            for code in [6u32, 1] {
                if code == 6 {
                    blob.push(1);
                }
                blob.extend(code.to_le_bytes());
            }
            blob.push(1);
            for number in [3u32, 1, ring.len() as u32] {
                blob.extend(number.to_le_bytes());
            }
            blob.extend(ring.iter().flatten().flat_map(|value| value.to_le_bytes()));
            let values: Vec<String> = columns.iter().map(|(_, value)| format!("'{value}'")).collect();
            let insert = format!("INSERT INTO \"{table}\" VALUES (NULL, ?1, {})", values.join(", "));
            database.execute(&insert, [blob]).unwrap();
        }
    }
}

/// The land's boundaries in other forms, the GeoJSON gone.
fn convert(land: &Land, write: impl Fn(&Path, &[(String, String)])) {
    let mut levels = Vec::new();
    for level in 0..4 {
        let path = land.path(&format!("from/x_adm{level}_20200101.geojson"));
        levels.push((format!("x_adm{level}"), fs::read_to_string(&path).unwrap()));
        fs::remove_file(path).unwrap();
    }
    write(&land.path("from"), &levels);
}

#[test]
fn shapefiles_and_geopackages_give_the_same_data_as_geojson() {
    let written = |land: &Land| {
        land.build().unwrap();
        ["places.tsv", "boundaries.topojson"].map(|name| fs::read_to_string(land.path("out").join(name)).unwrap())
    };
    let expected = written(&Land::new());

    let shapes = Land::new();
    convert(&shapes, |folder, levels| {
        for (name, text) in levels {
            write_shapefile(&folder.join(format!("{name}.shp")), text);
        }
    });
    assert_eq!(written(&shapes), expected);

    let package = Land::new();
    convert(&package, |folder, levels| {
        write_geopackage(&folder.join("boundaries.gpkg"), levels)
    });
    assert_eq!(written(&package), expected);
}

#[test]
fn broken_shapefiles_and_geopackages_are_refused_with_their_file() {
    for (part, content, told) in [
        ("x_adm2.cpg", &b"windows-1256"[..], "UTF-8"),
        ("x_adm2.shp", b"nothing", "x_adm2.shp"),
        ("x_adm2.dbf", b"", "x_adm2.dbf"),
    ] {
        let land = Land::new();
        convert(&land, |folder, levels| {
            for (name, text) in levels {
                write_shapefile(&folder.join(format!("{name}.shp")), text);
            }
        });
        fs::write(land.path("from").join(part), content).unwrap();
        let refusal = land.refusal();
        assert!(refusal.contains(told) && refusal.contains("x_adm2"), "{refusal}");
    }
    let land = Land::new();
    land.write("from/boundaries.gpkg", "nothing");
    assert!(land.refusal().contains("boundaries.gpkg: not a GeoPackage"));
    let land = Land::new();
    convert(&land, |folder, levels| {
        let path = folder.join("boundaries.gpkg");
        write_geopackage(&path, levels);
        let database = rusqlite::Connection::open(path).unwrap();
        database
            .execute_batch("UPDATE x_adm1 SET geom = x'47500001E6100000010600000001' WHERE fid = 2")
            .unwrap();
    });
    let refusal = land.refusal();
    assert!(refusal.contains("row 2") && refusal.contains("ends early"), "{refusal}");
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
