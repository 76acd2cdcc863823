//! `build-data` takes boundaries as GeoJSON, Shapefile and GeoPackage, and makes the same of them.

use crate::{
    common::has_tool,
    compiled_land::{Land, files},
};
use serde_json::Value;
use std::{fs, path::Path, process::Command};

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

/// Converts a file with GDAL's own writer.
fn ogr2ogr(from: &Path, to: &Path, options: &[&str]) {
    let out = Command::new("ogr2ogr")
        .args(options)
        .arg(to)
        .arg(from)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn what_gdal_converts_gives_the_same_data() {
    if !has_tool("ogr2ogr") {
        return;
    }
    let built = |land: &Land| {
        land.build().unwrap();
        ["places.tsv", "boundaries.topojson"].map(|name| fs::read_to_string(land.path("out").join(name)).unwrap())
    };
    let expected = built(&Land::new());
    let sources = |land: &Land| {
        let mut all = files(&land.path("from"));
        all.retain(|path| path.to_string_lossy().contains("x_adm"));
        all
    };

    let shapes = Land::new();
    for path in sources(&shapes) {
        let options = ["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"];
        ogr2ogr(&path, &path.with_extension("shp"), &options);
        fs::remove_file(path).unwrap();
    }
    assert_eq!(built(&shapes), expected);

    let package = Land::new();
    for path in sources(&package) {
        let table = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let target = package.path("from/x.gpkg");
        // The first call makes the file, the others add to it.
        let update: &[&str] = if target.exists() { &["-update"] } else { &[] };
        ogr2ogr(&path, &target, &[&["-f", "GPKG", "-nln", &table], update].concat());
        fs::remove_file(path).unwrap();
    }
    assert_eq!(built(&package), expected);
}
