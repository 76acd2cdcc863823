//! Own layers of an operator, end to end: each format with a file that its reference program wrote, in items, tiles,
//! downloads, style and legend; faults of files; files that change; archives of tiles.

use crate::common::{BINARY, Server};
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Camps with names in Arabic, Kurdish and English, a code, a number, a date.
const CAMPS: [(&str, &str, f64, f64, i64, &str); 4] = [
    ("CP-001", "مخيم مخمور", 43.615, 35.755, 12_000, "2020-01-15"),
    ("CP-002", "کەمپی حەسەن شام", 43.52, 36.31, 4_500, "2021-06-01"),
    ("CP-003", "Khazir M1", 43.55, 36.33, 6_100, "2021-06-01"),
    ("CP-004", "ديبكة", 43.80, 35.87, 250, "2022-03-09"),
];

fn collection() -> Value {
    let features = CAMPS.map(|(code, name, lon, lat, people, day)| {
        json!({
            "type": "Feature",
            "properties": {"code": code, "name": name, "people": people, "opened": day, "limit": 3},
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
        })
    });
    json!({"type": "FeatureCollection", "features": features})
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Writes the camps with GDAL; false where it is not installed.
fn with_gdal(folder: &Path, name: &str, more: &[&str]) -> bool {
    if !has("ogr2ogr") {
        eprintln!("skipped: ogr2ogr is not installed");
        return false;
    }
    let from = folder.join("from.geojson");
    fs::write(&from, collection().to_string()).unwrap();
    let output = Command::new("ogr2ogr")
        .args(more)
        .arg(folder.join(name))
        .arg(&from)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

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

fn names(features: &Value) -> Vec<String> {
    let features = features["features"].as_array().unwrap();
    let mut names: Vec<String> = features
        .iter()
        .map(|feature| feature["properties"]["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    names.sort();
    names
}

/// Everything that a layer of features has, asked of one.
fn check_layer(server: &Server, layer: &str) {
    let get = |path: &str| server.get(&format!("/{}", path.replace("LAYER", layer)));
    let collection = get("collections/LAYER?f=json").json();
    assert_eq!(collection["count"], 4, "{collection}");
    let all = get("collections/LAYER/items?f=json&limit=100").json();
    assert_eq!(all["numberMatched"], 4);
    let mut expected: Vec<String> = CAMPS.iter().map(|camp| camp.1.to_owned()).collect();
    expected.sort();
    assert_eq!(names(&all), expected);
    let placed = all["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|feature| feature["properties"]["code"] == "CP-001");
    let at = &placed.unwrap()["geometry"]["coordinates"];
    assert!(
        (at[0].as_f64().unwrap() - 43.615).abs() < 1e-5 && (at[1].as_f64().unwrap() - 35.755).abs() < 1e-5,
        "{at}"
    );
    let filtered = get("collections/LAYER/items?f=json&filter=people>5000%20AND%20code%20LIKE%20'CP-%25'").json();
    assert_eq!(names(&filtered), ["Khazir M1", "مخيم مخمور"]);
    let boxed = get("collections/LAYER/items?f=json&bbox=43.5,36.3,43.6,36.4").json();
    assert_eq!(boxed["numberMatched"], 2);
    let dated = get("collections/LAYER/items?f=json&datetime=2021-01-01/2021-12-31").json();
    assert_eq!(dated["numberMatched"], 2, "{dated}");
    let tile = get("xyz/LAYER/8/158/100.mvt");
    assert_eq!(tile.status, 200, "{}", tile.text());
    assert!(String::from_utf8_lossy(&tile.body).contains("Khazir M1"));
    let csv = get("downloads/LAYER.csv").text();
    assert!(csv.contains("CP-004") && csv.contains("ديبكة"), "{csv}");
    assert!(get("downloads/LAYER.gpkg").body.starts_with(b"SQLite format 3"));
    let schema = get("collections/LAYER/queryables?f=json").json();
    assert_eq!(schema["properties"]["people"]["type"], "integer", "{schema}");
    let picture = get("collections/LAYER/map/tiles/WebMercatorQuad/8/100/158?f=png");
    assert_eq!(picture.status, 200, "{}", picture.text());
    let style = server.get("/styles/light.json").json();
    let layers = style["layers"].as_array().unwrap();
    assert!(
        layers
            .iter()
            .any(|drawn| drawn["id"] == layer && drawn["source-layer"] == layer),
        "{layer} is drawn"
    );
    let legend = style["metadata"]["mahwar:legend"].as_array().unwrap();
    assert!(
        legend.iter().any(|row| row["layer"] == layer),
        "{layer} is in the legend"
    );
    assert!(
        style["sources"][format!("own-{layer}")]["tiles"][0]
            .as_str()
            .unwrap()
            .contains(layer)
    );
}

#[test]
fn geojson_and_lines_of_it_are_layers_like_every_other() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("camps.geojson"), collection().to_string()).unwrap();
    let lines: Vec<String> = collection()["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(Value::to_string)
        .collect();
    fs::write(folder.path().join("lines.ndjson"), lines.join("\n")).unwrap();
    let server = serve(folder.path(), &["camps=camps.geojson", "lines=lines.ndjson"]);
    check_layer(&server, "camps");
    check_layer(&server, "lines");
    let status = server.get("/layers").json();
    assert_eq!(status["layers"][0]["state"], "ready");
    let notices = status["layers"][0]["notices"].to_string();
    assert!(
        notices.contains("\\\"limit\\\"") && notices.contains("filter="),
        "{notices}"
    );
    // The parameter keeps its meaning; the column is asked by a filter.
    assert_eq!(
        server.get("/collections/camps/items?f=json&limit=1").json()["numberReturned"],
        1
    );
    assert_eq!(
        server.get("/collections/camps/items?f=json&filter=limit=3").json()["numberMatched"],
        4
    );
}

#[test]
fn files_of_gdal_are_read_in_each_format() {
    let folder = TempDir::new().unwrap();
    let formats: [(&str, &[&str]); 5] = [
        ("camps.fgb", &["-f", "FlatGeobuf"]),
        ("camps.gpkg", &["-f", "GPKG"]),
        ("camps.shp", &["-f", "ESRI Shapefile", "-lco", "ENCODING=UTF-8"]),
        ("utm.gpkg", &["-f", "GPKG", "-t_srs", "EPSG:32638"]),
        ("mercator.fgb", &["-f", "FlatGeobuf", "-t_srs", "EPSG:3857"]),
    ];
    for (name, more) in formats {
        if !with_gdal(folder.path(), name, more) {
            return;
        }
    }
    let layers = [
        "fgb=camps.fgb",
        "gpkg=camps.gpkg",
        "shp=camps.shp",
        "utm=utm.gpkg",
        "mercator=mercator.fgb",
    ];
    let server = serve(folder.path(), &layers);
    let status = server.get("/layers").json();
    for layer in ["fgb", "gpkg", "shp", "utm", "mercator"] {
        let own = status["layers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|own| own["name"] == layer)
            .unwrap();
        assert_eq!(own["state"], "ready", "{own}");
        check_layer(&server, layer);
    }
}

#[test]
fn a_shapefile_in_windows_1256_is_read_by_its_cpg_and_without_it() {
    let folder = TempDir::new().unwrap();
    if !with_gdal(
        folder.path(),
        "camps.shp",
        &[
            "-f",
            "ESRI Shapefile",
            "-lco",
            "ENCODING=CP1256",
            "-where",
            "code IN ('CP-001','CP-004')",
        ],
    ) {
        return;
    }
    for extension in ["shp", "shx", "dbf", "prj"] {
        fs::copy(
            folder.path().join("camps").with_extension(extension),
            folder.path().join("bare").with_extension(extension),
        )
        .unwrap();
    }
    fs::remove_file(folder.path().join("bare.prj")).unwrap();
    let server = serve(folder.path(), &["camps=camps.shp", "bare=bare.shp"]);
    for layer in ["camps", "bare"] {
        let all = server.get(&format!("/collections/{layer}/items?f=json")).json();
        assert_eq!(names(&all), ["ديبكة", "مخيم مخمور"], "{layer}");
    }
    let status = server.get("/layers").json();
    assert!(status["layers"][1]["notices"].to_string().contains(".prj"), "{status}");
}

#[test]
fn tables_of_spreadsheets_are_read_with_their_separators_and_digits() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    // Excel of an Arabic system: semicolons, decimal commas, a byte order mark.
    write(
        "excel.csv",
        "\u{feff}الاسم;خط العرض;خط الطول;السكان\nمخيم مخمور;35,755;43,615;12000\nديبكة;٣٥٫٨٧;٤٣٫٨٠;250\n",
    );
    write(
        "wkt.csv",
        "id,name,WKT\n1,a,\"POLYGON((43 35,44 35,44 36,43 36,43 35))\"\n2,b,\"MULTIPOLYGON(((45 35,46 35,46 36,45 35)))\"\n",
    );
    write("web.tsv", "site\tcoordinates\nMakhmour\t35.7755, 43.5809\n");
    let server = serve(folder.path(), &["excel=excel.csv", "wkt=wkt.csv", "web=web.tsv"]);
    let all = server.get("/collections/excel/items?f=json").json();
    assert_eq!(all["features"][1]["geometry"]["coordinates"], json!([43.8, 35.87]));
    assert_eq!(all["features"][0]["properties"]["السكان"], 12_000);
    let areas = server.get("/collections/wkt?f=json").json();
    assert_eq!(
        (&areas["geometryType"], &areas["count"]),
        (&json!("MultiPolygon"), &json!(2))
    );
    assert_eq!(
        server.get("/collections/wkt/items/2?f=json").json()["properties"]["name"],
        "b"
    );
    let web = server.get("/collections/web/items?f=json").json();
    assert_eq!(web["features"][0]["geometry"]["coordinates"], json!([43.5809, 35.7755]));
}

/// A fault of each kind: the file that has it, and words that its message must hold.
#[test]
fn each_fault_names_file_row_and_remedy_and_leaves_the_others_whole() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let feature = |geometry: &str| format!(r#"{{"type":"Feature","properties":{{}},"geometry":{geometry}}}"#);
    let features = |all: &[String]| format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, all.join(","));
    let point = |x: f64, y: f64| feature(&format!(r#"{{"type":"Point","coordinates":[{x},{y}]}}"#));
    let line = feature(r#"{"type":"LineString","coordinates":[[43,35],[44,36]]}"#);
    write("good.geojson", &collection().to_string());
    write("nocoords.csv", "name,people\nA,1\n");
    write("swapped.csv", "name,lon,lat\nA,35.7,43.6\nB,36.3,43.5\nC,35.9,43.8\n");
    write("mixed.geojson", &features(&[point(43.0, 35.0), line]));
    write("metres.geojson", &features(&[point(371_652.0, 3_959_923.0)]));
    let whole = features(&[point(43.0, 35.0), point(44.0, 35.0)]);
    write("cut.geojson", &whole[..whole.len() - 20]);
    write(
        "nahrwan.geojson",
        &whole.replacen(
            '{',
            r#"{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27038"}},"#,
            1,
        ),
    );
    write("topo.json", r#"{"type":"Topology","arcs":[]}"#);
    write("short.pmtiles", "PMTiles\u{3}");
    let faults = [
        ("nocoords.csv", ["row 1", "name, people", "lon ="]),
        ("swapped.csv", ["row 2", "swapped", "swap_axes"]),
        ("mixed.geojson", ["row 2", "lines", "split"]),
        ("metres.geojson", ["row 1", "no degrees", "crs ="]),
        ("cut.geojson", ["row 2", "ends", "rename"]),
        ("nahrwan.geojson", ["27038", "EPSG:4326", "ogr2ogr"]),
        ("topo.json", ["Topology", "FeatureCollection", "mapshaper"]),
        ("short.pmtiles", ["bytes", "127", "PMTiles"]),
        ("missing.gpkg", ["cannot be read", "missing.gpkg", "check the path"]),
        ("sheet.xlsx", ["spreadsheet", "CSV", "sheet.xlsx"]),
    ];
    let mut layers = vec!["good=good.geojson".to_owned()];
    layers.extend(
        faults
            .iter()
            .enumerate()
            .map(|(nth, (file, _))| format!("bad{nth}={file}")),
    );
    let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
    let server = serve(folder.path(), &layers);
    check_layer(&server, "good");
    let status = server.get("/layers").json();
    for (nth, (file, words)) in faults.iter().enumerate() {
        let own = status["layers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|own| own["name"] == format!("bad{nth}"))
            .unwrap();
        assert_eq!(own["state"], "failed", "{file}: {own}");
        let error = own["error"].as_str().unwrap();
        for word in words {
            assert!(error.contains(word), "{file}: {error:?} does not say {word:?}");
        }
        assert!(!error.contains(folder.path().to_str().unwrap()), "{error}");
        assert_eq!(server.get(&format!("/collections/bad{nth}")).status, 404);
    }
    let ready = server.get("/readyz");
    assert_eq!(ready.status, 200);
    assert_eq!(ready.json()["own_layers"].as_array().unwrap().len(), faults.len());
}

#[test]
fn rows_that_cannot_be_placed_are_told_and_the_others_served() {
    let folder = TempDir::new().unwrap();
    let eight = "POLYGON((43 35,44 36,44 35,43 36,43 35))";
    let text = format!(
        "id,name,wkt\n1,eight,\"{eight}\"\n1,twin,\"POLYGON((45 35,46 35,46 36,45 35))\"\n3,none,\n4,word,here\n5,far,\"POLYGON((200 35,201 35,201 36,200 35))\"\n"
    );
    fs::write(folder.path().join("areas.csv"), text).unwrap();
    let server = serve(folder.path(), &["areas=areas.csv"]);
    let status = &server.get("/layers").json()["layers"][0];
    let notices = status["notices"].to_string();
    for word in [
        "\"row\":2",
        "crosses itself",
        "\"row\":3",
        "that of row 2 too",
        "\"row\":5",
        "no well-known text",
        "\"row\":6",
        "no longitude",
    ] {
        assert!(notices.contains(word), "{notices} does not say {word}");
    }
    let all = server.get("/collections/areas/items?f=json").json();
    assert_eq!(names(&all), ["eight", "none", "twin"]);
    // The eight became two areas of its outline.
    assert_eq!(
        all["features"][0]["geometry"]["coordinates"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn names_of_built_in_layers_and_wrong_names_end_the_start() {
    for (flag, words) in [
        ("places=a.csv", "own layers"),
        ("a b=a.csv", "a–z"),
        ("camps.csv", "NAME=SOURCE"),
    ] {
        let output = Command::new(BINARY)
            .args(["serve", "--bind", "127.0.0.1:0", "--layer", flag])
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{flag}: {error}");
        assert!(error.contains(words), "{flag}: {error}");
    }
}

#[test]
fn a_file_that_changes_is_read_again_and_a_half_written_one_is_not() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("camps.csv");
    fs::write(&path, "name,lon,lat\nA,43,35\n").unwrap();
    let server = serve(folder.path(), &["camps=camps.csv"]);
    let count = || server.get("/collections/camps/items?f=json").json()["numberMatched"].as_u64();
    let wait_for = |expected: u64| {
        let begun = Instant::now();
        while count() != Some(expected) && begun.elapsed() < Duration::from_secs(30) {
            thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(count(), Some(expected));
    };
    assert_eq!(count(), Some(1));
    fs::write(&path, "name,lon,lat\nA,43,35\nB,44,35\n").unwrap();
    wait_for(2);
    fs::write(&path, "name,lon,lat\nA,43,35\nB,44,35\nC,45").unwrap();
    let begun = Instant::now();
    while server.get("/layers").json()["layers"][0]["state"] != "stale" && begun.elapsed() < Duration::from_secs(30) {
        thread::sleep(Duration::from_millis(100));
    }
    let status = server.get("/layers").json();
    assert_eq!(status["layers"][0]["state"], "stale", "{status}");
    assert_eq!(count(), Some(2));
    fs::write(&path, "name,lon,lat\nA,43,35\nB,44,35\nC,45,35\n").unwrap();
    wait_for(3);
}

#[test]
fn layers_of_the_settings_file_have_titles_colours_and_ids() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("camps.geojson"), collection().to_string()).unwrap();
    let settings = r##"
[[layers]]
name = "camps"
source = "camps.geojson"
title = { ar = "المخيمات", ckb = "کەمپەکان", en = "Camps" }
attribution = "UNHCR"
id = "code"
shown = false
paint = { line = "#123456", size = 3.0 }
"##;
    let path = folder.path().join("mahwar.toml");
    fs::write(&path, settings).unwrap();
    let mut command = Command::new(BINARY);
    command
        .args(["serve", "--bind", "127.0.0.1:0"])
        .env("MAHWAR_CONFIG", &path);
    let server = Server::start_command(command);
    let collection = server.get("/collections/camps?f=json&lang=ckb").json();
    assert_eq!(
        (&collection["title"], &collection["attribution"]),
        (&json!("کەمپەکان"), &json!("UNHCR"))
    );
    assert_eq!(
        server.get("/collections/camps/items/CP-002?f=json").json()["properties"]["people"],
        4_500
    );
    let style = server.get("/styles/light.json?lang=en").json();
    let drawn = style["layers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|layer| layer["id"] == "camps")
        .unwrap();
    assert_eq!(drawn["paint"]["circle-stroke-color"], "#123456");
    assert_eq!(drawn["layout"]["visibility"], "none");
    let group = style["metadata"]["mahwar:groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["id"] == "own")
        .unwrap();
    assert_eq!(group["layers"][0]["title"], "Camps");
}

#[test]
fn an_archive_of_tiles_gives_its_tiles_and_its_style() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("camps.geojson"), collection().to_string()).unwrap();
    // The server's own download is such an archive; GDAL and pmtiles write others of the same specification.
    let first = serve(folder.path(), &["camps=camps.geojson"]);
    let archive = first.get("/downloads/camps.pmtiles");
    assert_eq!(archive.status, 200);
    fs::write(folder.path().join("tiles.pmtiles"), &archive.body).unwrap();
    fs::write(
        folder.path().join("cut.pmtiles"),
        &archive.body[..archive.body.len() - 10],
    )
    .unwrap();
    let expected = first.get("/xyz/camps/6/39/25.mvt");
    drop(first);
    let server = serve(folder.path(), &["tiles=tiles.pmtiles", "cut=cut.pmtiles"]);
    let status = server.get("/layers").json();
    assert_eq!(status["layers"][0]["state"], "ready", "{status}");
    let error = status["layers"][1]["error"].as_str().unwrap();
    assert!(error.contains("cut off") && error.contains("rename"), "{error}");
    let tile = server.get("/xyz/tiles/6/39/25.mvt");
    assert_eq!(tile.status, 200);
    assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert!(String::from_utf8_lossy(&tile.body).contains("Khazir M1") && !expected.body.is_empty());
    assert_eq!(server.get("/xyz/tiles/6/0/0.mvt").status, 204);
    let tilejson = server.get("/xyz/tiles.json").json();
    assert_eq!(tilejson["vector_layers"][0]["id"], "camps");
    let style = server.get("/styles/light.json").json();
    assert_eq!(style["sources"]["own-tiles"]["type"], "vector");
    let layers = style["layers"].as_array().unwrap();
    assert!(
        layers
            .iter()
            .any(|layer| layer["source"] == "own-tiles" && layer["source-layer"] == "camps")
    );
    // The style that was kept is that of a state of the archives.
    assert!(style["sources"].get("own-cut").is_none(), "{style}");
    fs::write(folder.path().join("whole.pmtiles"), &archive.body).unwrap();
    fs::rename(folder.path().join("whole.pmtiles"), folder.path().join("cut.pmtiles")).unwrap();
    let mended = server.wait_for("/styles/light.json", |answer| {
        answer.json()["sources"].get("own-cut").is_some()
    });
    assert_eq!(mended.json()["sources"]["own-cut"]["type"], "vector");
}

/// The folder of files that other programs wrote; see the README there.
fn fixtures() -> std::path::PathBuf {
    crate::common::root().join("tests/fixtures/own")
}

#[test]
fn parquet_of_geopandas_and_of_duckdb_is_read() {
    let layers = [
        "snappy=camps-geopandas.parquet",
        "utm=camps-utm.parquet",
        "plain=camps-duckdb.parquet",
    ];
    let server = serve(&fixtures(), &layers);
    let status = server.get("/layers").json();
    for (nth, layer) in ["snappy", "utm", "plain"].into_iter().enumerate() {
        assert_eq!(status["layers"][nth]["state"], "ready", "{status}");
        check_layer(&server, layer);
    }
}

#[test]
fn archives_of_pmtiles_and_of_gdal_give_their_tiles() {
    let server = serve(&fixtures(), &["pm=tiles-pmtiles.pmtiles", "mb=tiles-gdal.mbtiles"]);
    for layer in ["pm", "mb"] {
        let tile = server.get(&format!("/xyz/{layer}/6/39/25.mvt"));
        assert_eq!(tile.status, 200, "{layer}: {}", server.get("/layers").text());
        assert!(String::from_utf8_lossy(&tile.body).contains("Khazir M1"), "{layer}");
        assert_eq!(server.get(&format!("/xyz/{layer}/6/39/25.png")).status, 404);
        assert_eq!(
            server.get(&format!("/xyz/{layer}/9/39/25.mvt")).status,
            404,
            "beyond its zooms"
        );
        let tilejson = server.get(&format!("/xyz/{layer}.json")).json();
        assert_eq!(
            (&tilejson["maxzoom"], &tilejson["vector_layers"][0]["id"]),
            (&json!(6), &json!("camps")),
            "{tilejson}"
        );
    }
}

#[test]
fn a_base_map_takes_the_place_of_the_ground_and_its_host_is_let_in() {
    let mut command = Command::new(BINARY);
    command.args([
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--basemap",
        "http://127.0.0.1:9/tiles/{z}/{x}/{y}.png",
    ]);
    let server = Server::start_command(command);
    let style = server.get("/styles/light.json").json();
    assert_eq!(
        style["sources"]["basemap"]["tiles"][0],
        "http://127.0.0.1:9/tiles/{z}/{x}/{y}.png"
    );
    let layers = style["layers"].as_array().unwrap();
    assert!(
        layers
            .iter()
            .any(|layer| layer["type"] == "raster" && layer["source"] == "basemap")
    );
    assert!(
        !layers.iter().any(|layer| layer["id"] == "land"),
        "the ground would hide it"
    );
    let page = server.get("/?f=html");
    assert!(
        page.header("content-security-policy")
            .contains("img-src 'self' http://127.0.0.1:9 "),
        "{}",
        page.header("content-security-policy")
    );
}
