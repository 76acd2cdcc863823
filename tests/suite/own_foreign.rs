//! Own layers as other programs leave them: encodings, indexes, tables and names that are seldom and allowed.

use super::common::{BINARY, Server, root};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// A server with the layers of a settings file, each its lines of TOML.
fn serve(folder: &Path, layers: &[&str]) -> Server {
    let tables = layers.iter().map(|layer| format!("[[layers]]\n{layer}\n"));
    let path = folder.join("mahwar.toml");
    fs::write(&path, tables.collect::<String>()).unwrap();
    let mut command = Command::new(BINARY);
    command
        .args(["serve", "--bind", "127.0.0.1:0"])
        .env("MAHWAR_CONFIG", path);
    Server::start_command(command)
}

fn fixture(folder: &Path, name: &str) {
    fs::copy(root().join("tests/fixtures/own").join(name), folder.join(name)).unwrap();
}

/// The items of a layer, which must be ready.
fn items(server: &Server, layer: &str) -> Value {
    let answer = server.get(&format!("/collections/{layer}/items?f=json&limit=100"));
    assert_eq!(
        answer.status,
        200,
        "{layer}: {} {}",
        answer.text(),
        server.get("/layers").text()
    );
    answer.json()
}

/// The names of the features, by the position of their rows.
fn column<'v>(items: &'v Value, name: &str) -> Vec<&'v Value> {
    let features = items["features"].as_array().unwrap().iter();
    features.map(|feature| &feature["properties"][name]).collect()
}

#[test]
fn parquet_with_lists_of_coordinates_is_read_as_geopandas_writes_it() {
    let folder = TempDir::new().unwrap();
    fixture(folder.path(), "areas-geoarrow.parquet");
    fixture(folder.path(), "roads-geoarrow.parquet");
    let server = serve(
        folder.path(),
        &[
            "name = \"areas\"\nsource = \"areas-geoarrow.parquet\"",
            "name = \"roads\"\nsource = \"roads-geoarrow.parquet\"",
        ],
    );
    let areas = items(&server, "areas");
    assert_eq!(
        column(&areas, "name"),
        [&json!("داقوق"), &json!("Makhmour"), &Value::Null]
    );
    let shapes: Vec<&Value> = areas["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["geometry"])
        .collect();
    // A hole, two areas, and a row without a geometry.
    assert_eq!(
        shapes[0]["coordinates"][0].as_array().unwrap().len(),
        2,
        "{}",
        shapes[0]
    );
    assert_eq!(shapes[1]["coordinates"].as_array().unwrap().len(), 2, "{}", shapes[1]);
    assert!(shapes[2].is_null());
    assert_eq!(server.get("/xyz/areas/6/39/25.mvt").status, 200);
    let roads = items(&server, "roads");
    assert_eq!(roads["numberMatched"], 2);
    assert_eq!(
        roads["features"][1]["geometry"]["coordinates"]
            .to_string()
            .matches("43.2")
            .count(),
        1
    );
}

#[test]
fn a_shapefile_is_read_by_its_index_and_a_day_that_is_none_is_empty() {
    let folder = TempDir::new().unwrap();
    for extension in ["shp", "shx", "dbf"] {
        fixture(folder.path(), &format!("wells-pyshp.{extension}"));
    }
    // Editors leave bytes after the last shape and count them in the head.
    let shapes = folder.path().join("wells-pyshp.shp");
    let mut bytes = fs::read(&shapes).unwrap();
    bytes.extend(b"12345678");
    let words = i32::try_from(bytes.len() / 2).unwrap();
    bytes[24..28].copy_from_slice(&words.to_be_bytes());
    fs::write(&shapes, bytes).unwrap();
    let table = folder.path().join("wells-pyshp.dbf");
    let mut bytes = fs::read(&table).unwrap();
    let at = bytes.windows(8).position(|cell| cell == b"20210228").unwrap();
    bytes[at..at + 8].copy_from_slice(b"20210230");
    // No month of the last change, as dBASE III writes it.
    bytes[2] = 0;
    fs::write(&table, bytes).unwrap();
    let server = serve(folder.path(), &["name = \"wells\"\nsource = \"wells-pyshp.shp\""]);
    let wells = items(&server, "wells");
    assert_eq!(column(&wells, "NAME"), ["بئر مخمور", "Well 2", "Well 3"]);
    assert_eq!(
        column(&wells, "DUG"),
        [&json!("2019-04-12"), &Value::Null, &Value::Null]
    );
    assert_eq!(column(&wells, "DEPTH"), [120.5, 80.0, 95.0]);
}

#[test]
#[expect(clippy::approx_constant, reason = "the coordinates as geopandas wrote them")]
fn downloads_have_a_column_for_each_whatever_its_name() {
    // The circle is one of geopandas; labels were set inside it by a function that stopped at it.
    let circle = json!([[
        [1.0, 0.0],
        [0.707_106_781_186_548, -0.707_106_781_186_547],
        [0.0, -1.0],
        [-0.707_106_781_186_546, -0.707_106_781_186_549],
        [-1.0, -0.0],
        [-0.707_106_781_186_55, 0.707_106_781_186_545],
        [-0.0, 1.0],
        [0.707_106_781_186_544, 0.707_106_781_186_551],
        [1.0, 0.0]
    ]]);
    let feature = json!({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": circle},
        "properties": {"FID": 7, "fid": 8, "Name": "a", "NAME": "b", "geom": "c", "wkt": "d", "ID": "e"}});
    let folder = TempDir::new().unwrap();
    let collection = json!({"type": "FeatureCollection", "features": [feature]});
    fs::write(folder.path().join("a.geojson"), collection.to_string()).unwrap();
    let server = serve(folder.path(), &["name = \"odd\"\nsource = \"a.geojson\""]);
    for format in [
        "geojson", "csv", "gpkg", "fgb", "parquet", "shp.zip", "kml", "pmtiles", "xlsx",
    ] {
        let answer = server.get(&format!("/downloads/odd.{format}"));
        assert!(matches!(answer.status, 200 | 404), "{format}: {}", answer.text());
        assert_eq!(answer.status == 404, format == "xlsx", "{format}");
    }
    let csv = server.get("/downloads/odd.csv").text();
    let (lon, _) = csv.lines().nth(1).unwrap().split_once("POLYGON").unwrap();
    assert!(
        lon.contains(",0.") || lon.contains(",-0.") || lon.contains(",0,"),
        "the label is inside: {csv}"
    );
    let path = folder.path().join("odd.gpkg");
    fs::write(&path, server.get("/downloads/odd.gpkg").body).unwrap();
    let database = rusqlite::Connection::open(path).unwrap();
    let row: (i64, i64, String, String) = database
        .query_row("SELECT FID_, fid__, Name, NAME_ FROM odd", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap();
    assert_eq!(row, (7, 8, "a".to_owned(), "b".to_owned()));
}

#[test]
fn a_table_of_one_column_and_a_layer_that_lies_elsewhere_are_read() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "lines.tsv",
        "geometry\nLINESTRING (43 35, 44 36)\nLINESTRING (43.5 35.5, 44 36, 44.5 36)\n",
    );
    // In Ukraine; with longitude and latitude exchanged it would lie in Iraq.
    write("dnipro.csv", "name,lon,lat\na,30.98,47.80\nb,31.02,47.75\n");
    let swap = "name = \"dnipro\"\nsource = \"dnipro.csv\"";
    let server = serve(folder.path(), &["name = \"lines\"\nsource = \"lines.tsv\"", swap]);
    assert_eq!(items(&server, "lines")["numberMatched"], 2);
    let state = server.get("/layers").json()["layers"][1].clone();
    let error = state["error"].as_str().unwrap_or_default();
    assert!(
        error.contains("swap_axes = true") && error.contains("swap_axes = false"),
        "{state}"
    );
    drop(server);
    let server = serve(folder.path(), &[&format!("{swap}\nswap_axes = false")]);
    assert_eq!(
        items(&server, "dnipro")["features"][0]["geometry"]["coordinates"],
        json!([30.98, 47.8])
    );
}

#[test]
fn an_mbtiles_archive_that_states_no_format_is_served_by_its_tiles() {
    let folder = TempDir::new().unwrap();
    fixture(folder.path(), "tiles-gdal.mbtiles");
    let path = folder.path().join("tiles-gdal.mbtiles");
    let change = |statement: &str| {
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch(statement)
            .unwrap()
    };
    change("DELETE FROM metadata WHERE name = 'format'");
    let layer = "name = \"old\"\nsource = \"tiles-gdal.mbtiles\"";
    let server = serve(folder.path(), &[layer]);
    let tile = server.get("/xyz/old/6/39/25.mvt");
    assert_eq!(tile.status, 200, "{}", server.get("/layers").text());
    drop(server);
    change("UPDATE tiles SET tile_data = x'00'");
    let server = serve(folder.path(), &[layer]);
    let state = server.get("/layers").json()["layers"][0].clone();
    assert_eq!(state["state"], "failed", "{state}");
    assert!(
        state["error"].as_str().unwrap().contains("INSERT INTO metadata"),
        "{state}"
    );
}
