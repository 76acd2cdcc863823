//! Values of own layers, end to end: empty files, times, numbers, truth values and ids in filters and in downloads.

use super::common::{BINARY, Server};
use serde_json::{Value, json};
use std::{
    fs,
    io::{Cursor, Read},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

fn serve(folder: &Path, layers: &[&str]) -> Server {
    let mut command = Command::new(BINARY);
    command.args(["serve", "--bind", "127.0.0.1:0"]);
    for layer in layers {
        let (name, file) = layer.split_once('=').unwrap();
        command
            .arg("--layer")
            .arg(format!("{name}={}", folder.join(file).display()));
    }
    Server::start_command(command)
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The state of a layer, by its position in the settings.
fn state(server: &Server, at: usize) -> Value {
    server.get("/layers").json()["layers"][at].clone()
}

fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// The ids of the features that a query leaves, in their order.
fn ids(server: &Server, layer: &str, query: &str) -> Vec<String> {
    let answer = server.get(&format!("/collections/{layer}/items?f=json&{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let value = answer.json();
    let features = value["features"].as_array().unwrap().iter();
    features
        .map(|feature| feature["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_well_formed_file_without_rows_is_a_layer_without_features() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.geojson", r#"{"type":"FeatureCollection","features":[]}"#);
    write("b.csv", "name,lon,lat\n");
    write("c.geojsonl", "");
    write("d.geojson", "");
    let area = json!({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "A"},
        "geometry": {"type": "Polygon", "coordinates": [[[44, 35], [45, 35], [45, 36], [44, 35]]]}}]});
    write("e.geojson", &area.to_string());
    let layers = ["a=a.geojson", "b=b.csv", "c=c.geojsonl", "d=d.geojson", "e=e.geojson"];
    let server = serve(folder.path(), &layers);
    for at in 0..3 {
        let state = state(&server, at);
        assert_eq!(
            (&state["state"], &state["features"]),
            (&json!("ready"), &json!(0)),
            "{state}"
        );
    }
    // No bytes are no GeoJSON.
    assert_eq!(state(&server, 3)["state"], "failed");
    for path in [
        "/collections/a/items?f=json",
        "/collections/b?f=json",
        "/downloads/a.gpkg",
        "/downloads/b.shp.zip",
    ] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    // A layer whose last feature is gone is empty, and keeps its kind.
    write("e.geojson", r#"{"type":"FeatureCollection","features":[]}"#);
    wait_for("the layer is empty", || state(&server, 4)["features"] == 0);
    assert_eq!(state(&server, 4)["state"], "ready");
    let collection = server.get("/collections/e?f=json").json();
    assert_eq!(collection["geometryType"], "Polygon", "{collection}");
    assert_eq!(ids(&server, "e", "limit=10"), [""; 0]);
}

#[test]
fn a_table_that_lost_the_end_of_its_last_line_keeps_its_last_good_state() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "code,lat,lon\na,35,44\n").unwrap();
    let server = serve(folder.path(), &["a=a.csv"]);
    fs::write(&path, "code,lat,lon\na,35,44\nb,35.5,4").unwrap();
    wait_for("the layer is stale", || state(&server, 0)["state"] == "stale");
    assert_eq!(ids(&server, "a", "limit=10").len(), 1);
    assert!(state(&server, 0)["error"].as_str().unwrap().contains("last line"));
    fs::write(&path, "code,lat,lon\na,35,44\nb,35.5,44.5\n").unwrap();
    wait_for("the layer is read again", || state(&server, 0)["state"] == "ready");
    assert_eq!(ids(&server, "a", "limit=10").len(), 2);
}

/// Rows with times as programs write them, numbers at the ends of their types, truth values.
fn values(folder: &Path) -> Server {
    let rows = "id,lat,lon,at,day,ok,big,real,text\n\
                1,35,44,2024-01-05 10:00,2024-01-05,true,9007199254740993,1e20,\n\
                2,35.1,44.1,2024/01/06 11:30:00+03,2024-01-06,FALSE,9007199254740992,1e-9,short\n\
                3,,,2024-01-07T12:45:00,2024-01-07,true,-4611686018427387904,-0.25,LONG\n";
    let rows = rows.replace("LONG", &"قضاء سنجار ".repeat(20));
    fs::write(folder.join("a.csv"), rows).unwrap();
    serve(folder, &["a=a.csv"])
}

#[test]
fn times_of_a_table_are_compared_and_served_as_times() {
    let folder = TempDir::new().unwrap();
    let server = values(folder.path());
    let at = |filter: &str| ids(&server, "a", &format!("filter={}", encoded(filter)));
    for filter in [
        "at > DATE('2024-01-05')",
        "at >= TIMESTAMP('2024-01-06T00:00:00Z')",
        "T_AFTER(at, TIMESTAMP('2024-01-06T00:00:00Z'))",
        "at > '2024-01-05'",
        "at >= '2024-01-06T08:30:00Z'",
        "'2024-01-06T08:29:59Z' < at",
        "at BETWEEN '2024-01-06' AND '2024-01-07'",
        "at IN ('2024-01-06T08:30:00Z', '2024-01-07 12:45')",
        "NOT at < '2024-01-06'",
    ] {
        assert_eq!(at(filter), ["2", "3"], "{filter}");
    }
    assert_eq!(at("at LIKE '2024-01-06T%'"), ["2"]);
    let items = server.get("/collections/a/items?f=json").json();
    let served: Vec<&str> = (0..3)
        .map(|at| items["features"][at]["properties"]["at"].as_str().unwrap())
        .collect();
    let expected = [
        "2024-01-05T10:00:00Z",
        "2024-01-06T11:30:00+03:00",
        "2024-01-07T12:45:00Z",
    ];
    assert_eq!(served, expected);
    for part in ["schema", "queryables"] {
        let schema = server.get(&format!("/collections/a/{part}?f=json")).json();
        assert_eq!(schema["properties"]["at"]["format"], "date-time");
        assert_eq!(schema["properties"]["day"]["format"], "date");
    }
}

#[test]
fn parameters_are_taken_as_gdal_writes_them() {
    let folder = TempDir::new().unwrap();
    let server = values(folder.path());
    for truth in ["1", "true", "TRUE"] {
        assert_eq!(ids(&server, "a", &format!("ok={truth}")), ["1", "3"], "{truth}");
    }
    assert_eq!(ids(&server, "a", "ok=0"), ["2"]);
    assert_eq!(server.get("/collections/a/items?ok=yes").status, 400);
    assert_eq!(ids(&server, "a", "at=2024-01-06T08:30:00Z"), ["2"]);
    assert_eq!(ids(&server, "a", "id=3"), ["3"]);
    assert_eq!(ids(&server, "a", "sortby=-id"), ["3", "2", "1"]);
    // Of a layer whose id is no column.
    let district = server.get("/collections/districts/items?f=json&limit=1").json()["features"][0]["id"].clone();
    let id = district.as_str().unwrap();
    assert_eq!(ids(&server, "districts", &format!("id={id}")), [id]);
    let sorted = ids(&server, "districts", "sortby=-id&limit=1000");
    assert!(sorted.len() > 50 && sorted.is_sorted_by(|a, b| a > b));
    let since = |text: &str| {
        let answer = server.get(&format!("/collections/a/items?f=json&datetime={text}"));
        (answer.status, answer.json()["numberMatched"].as_u64())
    };
    for day in ["2024-01-06", "2024-01-06T"] {
        assert_eq!(
            ids(&server, "a", &format!("filter=day={}", encoded(&format!("'{day}'")))),
            ["2"]
        );
        assert_eq!(since(&format!("{day}/..")).0, 200, "{day}");
    }
    let collection = server.get("/collections/a?f=json").json();
    let links = collection["links"].as_array().unwrap();
    let items = links
        .iter()
        .find(|link| link["rel"] == "items" && link["type"] == "application/geo+json");
    assert!(
        items.unwrap()["href"]
            .as_str()
            .unwrap()
            .ends_with("/collections/a/items")
    );
}

#[test]
fn whole_numbers_beyond_floating_point_are_compared_exactly() {
    let folder = TempDir::new().unwrap();
    let server = values(folder.path());
    for filter in [
        "big = 9007199254740993",
        "big > 9007199254740992",
        "big IN (9007199254740993, 7)",
        "big = 9007199254740993 OR big = 7",
    ] {
        assert_eq!(
            ids(&server, "a", &format!("filter={}", encoded(filter))),
            ["1"],
            "{filter}"
        );
    }
    assert_eq!(ids(&server, "a", "filter=big%3C-4611686018427387903"), ["3"]);
    assert_eq!(ids(&server, "a", "big=9007199254740992"), ["2"]);
    let items = server.get("/collections/a/items?f=json").text();
    assert!(items.contains("9007199254740993"), "{items}");
}

/// The file with this ending in the ZIP.
fn unzipped(bytes: &[u8], ending: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let name = archive
        .file_names()
        .filter_map(Result::ok)
        .find(|name| name.ends_with(ending))
        .unwrap()
        .into_owned();
    let mut out = Vec::new();
    archive.by_name(&name).unwrap().read_to_end(&mut out).unwrap();
    out
}

#[test]
fn a_shapefile_keeps_digits_and_rows_and_says_what_it_cuts() {
    let folder = TempDir::new().unwrap();
    let server = values(folder.path());
    let zip = server.get("/downloads/a.shp.zip").body;
    for ending in ["shp", "shx", "dbf", "prj", "cpg"] {
        fs::write(folder.path().join(format!("b.{ending}")), unzipped(&zip, ending)).unwrap();
    }
    let readme = String::from_utf8(unzipped(&zip, "README.txt")).unwrap();
    assert!(
        readme.contains("null shapes: 1") && readme.contains("mark …: 1"),
        "{readme}"
    );
    let dbf = String::from_utf8_lossy(&fs::read(folder.path().join("b.dbf")).unwrap()).into_owned();
    for words in [
        "-4611686018427387904",
        "9007199254740993",
        "100000000000000000000",
        "0.000000001",
        "20240106",
        "قضاء…",
    ] {
        assert!(dbf.contains(words), "{words}: {dbf}");
    }
    // Read back by the reader of own layers.
    let server = serve(folder.path(), &["b=b.shp"]);
    let items = server.get("/collections/b/items?f=json").json();
    assert_eq!(items["numberMatched"], 3, "{items}");
    let row = |at: usize| &items["features"][at]["properties"];
    assert_eq!(row(0)["big"], 9_007_199_254_740_993_i64);
    assert_eq!(row(1)["real"], 1e-9);
    assert_eq!(row(0)["real"], 1e20);
    assert_eq!(row(1)["day"], "2024-01-06");
    assert!(items["features"][2]["geometry"].is_null());
    let schema = server.get("/collections/b/schema?f=json").json();
    assert_eq!(schema["properties"]["big"]["type"], "integer");
}

#[test]
fn downloads_have_the_types_of_days_and_moments() {
    let folder = TempDir::new().unwrap();
    let server = values(folder.path());
    let path = folder.path().join("a.gpkg");
    fs::write(&path, server.get("/downloads/a.gpkg").body).unwrap();
    let database = rusqlite::Connection::open(&path).unwrap();
    let declared = |column: &str| -> String {
        let sql = "SELECT type FROM pragma_table_info('a') WHERE name = ?1";
        database.query_row(sql, [column], |row| row.get(0)).unwrap()
    };
    assert_eq!([declared("day"), declared("at")], ["DATE", "DATETIME"]);
    let at: String = database
        .query_row("SELECT at FROM a WHERE id = '2'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(at, "2024-01-06T08:30:00.000Z");
    // The other formats by their own reader here.
    for ending in ["fgb", "parquet"] {
        fs::write(
            folder.path().join(format!("b.{ending}")),
            server.get(&format!("/downloads/a.{ending}")).body,
        )
        .unwrap();
    }
    let server = serve(folder.path(), &["f=b.fgb", "p=b.parquet"]);
    for (layer, count) in [("f", 2), ("p", 3)] {
        let schema = server.get(&format!("/collections/{layer}/schema?f=json")).json();
        assert_eq!(schema["properties"]["at"]["format"], "date-time", "{layer}: {schema}");
        assert_eq!(schema["properties"]["day"]["format"], "date", "{layer}: {schema}");
        assert_eq!(ids(&server, layer, "limit=10").len(), count);
    }
}

#[test]
fn long_filters_are_bound_by_their_cost() {
    let server = Server::start();
    let count = |layer: &str, filter: &str| {
        let answer = server.get(&format!(
            "/collections/{layer}/items?f=json&limit=1&filter={}",
            filter.replace(' ', "%20")
        ));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["numberMatched"].as_u64().unwrap()
    };
    let districts = server.get("/collections/districts/items?f=json&limit=1000").json();
    let codes: Vec<&str> = districts["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["pcode"].as_str().unwrap())
        .collect();
    let many: Vec<String> = (0..2000)
        .map(|at| format!("pcode='x{at}'"))
        .chain([format!("pcode='{}'", codes[0])])
        .collect();
    assert_eq!(count("districts", &many.join(" OR ")), 1);
    let names: Vec<String> = (0..300)
        .map(|at| format!("'{}'", encoded(&format!("قضاء سنجار {at}"))))
        .collect();
    assert_eq!(
        count("districts", &format!("%22name:ar%22 IN ({})", names.join(","))),
        0
    );
    let long = "x".repeat(64_500);
    assert_eq!(
        server
            .get(&format!("/collections/districts/items?filter={long}"))
            .status,
        414
    );
}

#[test]
fn a_first_line_that_names_the_separator_is_no_row() {
    let folder = TempDir::new().unwrap();
    fs::write(
        folder.path().join("a.csv"),
        "sep=;\nname;lat;lon;v\na;35,5;44,5;1.234,5\nb;35,6;44,6;2,5\n",
    )
    .unwrap();
    let server = serve(folder.path(), &["a=a.csv"]);
    let items = server.get("/collections/a/items?f=json").json();
    assert_eq!(items["features"][0]["properties"]["v"], 1234.5, "{items}");
    assert_eq!(items["features"][1]["geometry"]["coordinates"], json!([44.6, 35.6]));
}

#[test]
fn heights_and_single_swapped_rows_are_noticed() {
    let folder = TempDir::new().unwrap();
    let point =
        |at: Value| json!({"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": at}});
    let features = [json!([44.0, 35.0, 300.0]), json!([35.5, 44.5]), json!([43.5, 36.0])].map(point);
    let collection = json!({"type": "FeatureCollection", "features": features});
    fs::write(folder.path().join("a.geojson"), collection.to_string()).unwrap();
    let server = serve(folder.path(), &["a=a.geojson"]);
    let notices = state(&server, 0)["notices"].to_string();
    assert!(notices.contains("heights (Z)"), "{notices}");
    assert!(
        notices.contains("exchanged") && notices.contains("\"row\":2"),
        "{notices}"
    );
}
