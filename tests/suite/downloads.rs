//! Downloads over HTTP: names, ranges, conditions, filters, and the contents of each format.

use super::server_fixture::{Got, app, app_with, assert_problem, front, get, get_with, places, snapshot};
use axum::{body::Body, http::Request};
use mahwar::server::{Settings, TileFastPath};
use serde_json::Value;
use std::{
    io::{Cursor, Read},
    sync::Arc,
};

const FORMATS: [(&str, &[u8]); 9] = [
    ("geojson", b"{\"type\":\"FeatureCollection\""),
    ("geojsonl", b"{\"type\":\"Feature\""),
    ("csv", "\u{feff}id,name,".as_bytes()),
    ("kml", b"<?xml"),
    ("gpkg", b"SQLite format 3"),
    ("fgb", b"fgb"),
    ("shp.zip", b"PK"),
    ("parquet", b"PAR1"),
    ("pmtiles", b"PMTiles\x03"),
];

/// A layer of so many places, beside the others.
fn front_with(count: usize) -> TileFastPath {
    TileFastPath::new(app_with(
        Settings::default(),
        snapshot(1031.0, None, &[Arc::new(places(count))]),
    ))
}

async fn head(front: &TileFastPath, address: &str) -> Got {
    super::server_fixture::send(front, Request::head(address).body(Body::empty()).unwrap()).await
}

fn database(bytes: &[u8]) -> rusqlite::Connection {
    let mut database = rusqlite::Connection::open_in_memory().unwrap();
    database
        .deserialize_read_exact("main", Cursor::new(bytes), bytes.len(), true)
        .unwrap();
    database
}

#[tokio::test]
async fn a_file_name_says_layer_view_language_day_and_whether_it_is_a_part() {
    let front = front();
    let today = &jiff::Timestamp::now().to_string()[..10];
    for (address, name) in [
        ("places.geojson", format!("places-neutral-en-{today}.geojson")),
        (
            "places.csv?lang=ckb&worldview=federal",
            format!("places-federal-ckb-{today}.csv"),
        ),
        (
            "places.shp.zip?rank=7",
            format!("places-part-neutral-en-{today}.shp.zip"),
        ),
        ("all.gpkg?bbox=43,34,44,35", format!("all-part-neutral-en-{today}.gpkg")),
    ] {
        let got = get(&front, &format!("/downloads/{address}")).await;
        assert_eq!(
            got.header("content-disposition"),
            format!("attachment; filename=\"{name}\""),
            "{address}"
        );
    }
}

#[tokio::test]
async fn every_format_has_ranges_and_a_tag_that_conditions_use() {
    let front = front();
    for (extension, beginning) in FORMATS {
        let address = format!("/downloads/governorates.{extension}");
        let whole = get(&front, &address).await;
        assert_eq!(
            whole.status,
            200,
            "{extension}: {}",
            String::from_utf8_lossy(&whole.body)
        );
        assert_eq!(&whole.body[..beginning.len()], beginning, "{extension}");
        assert_eq!(whole.header("accept-ranges"), "bytes");
        let tag = whole.header("etag").to_owned();
        assert!(
            tag.starts_with('"'),
            "{extension}: a range needs a strong tag, not {tag}"
        );
        let size = whole.body.len();
        for (range, expected) in [
            ("bytes=10-19", 10..20),
            ("bytes=10-", 10..size),
            ("bytes=-7", size - 7..size),
            ("bytes=5-999999999", 5..size),
        ] {
            for condition in [None, Some(tag.as_str())] {
                let mut headers = vec![("range", range)];
                headers.extend(condition.map(|tag| ("if-range", tag)));
                let part = get_with(&front, &address, &headers).await;
                assert_eq!(part.status, 206, "{extension} {range}");
                assert_eq!(part.body, whole.body.slice(expected.clone()), "{extension} {range}");
                let told = format!("bytes {}-{}/{size}", expected.start, expected.end - 1);
                assert_eq!(part.header("content-range"), told);
                assert_eq!(part.header("etag"), tag);
                assert_eq!(part.header("content-encoding"), "");
            }
        }
        let beyond = get_with(&front, &address, &[("range", "bytes=99999999-")]).await;
        assert_eq!(beyond.status, 416, "{extension}");
        assert_eq!(beyond.header("content-range"), format!("bytes */{size}"));
        for stale in ["\"old\"", "Wed, 25 Nov 2026 10:00:00 GMT"] {
            let got = get_with(&front, &address, &[("range", "bytes=10-19"), ("if-range", stale)]).await;
            assert_eq!(
                (got.status.as_u16(), got.body.len()),
                (200, size),
                "{extension} {stale}"
            );
        }
        let known = get_with(&front, &address, &[("if-none-match", &tag)]).await;
        assert_eq!((known.status.as_u16(), known.body.len()), (304, 0), "{extension}");
        let head = head(&front, &address).await;
        assert_eq!(head.header("content-length"), size.to_string(), "{extension}");
    }
}

#[tokio::test]
async fn a_file_made_twice_has_the_same_bytes() {
    for (extension, _) in FORMATS {
        let address = format!("/downloads/governorates.{extension}");
        let (one, other) = (get(&front(), &address).await, get(&front(), &address).await);
        assert_eq!(one.header("etag"), other.header("etag"), "{extension}");
        assert_eq!(one.body, other.body, "{extension}");
    }
}

#[tokio::test]
async fn a_long_text_is_streamed_whole_in_every_encoding() {
    let front = front_with(5000);
    for extension in ["geojson", "geojsonl", "csv", "kml"] {
        let address = format!("/downloads/places.{extension}");
        let plain = get(&front, &address).await;
        assert_eq!(
            plain.header("content-length"),
            "",
            "{extension} is made while it is sent"
        );
        let length = head(&front, &address).await;
        assert_eq!(
            length.header("content-length"),
            plain.body.len().to_string(),
            "{extension}"
        );
        for encoding in ["gzip", "br", "zstd"] {
            let got = get_with(&front, &address, &[("accept-encoding", encoding)]).await;
            assert_eq!(got.header("content-encoding"), encoding);
            assert!(got.body.len() < plain.body.len() / 2, "{extension} {encoding}");
            let mut text = Vec::new();
            match encoding {
                "gzip" => flate2::read::GzDecoder::new(&got.body[..])
                    .read_to_end(&mut text)
                    .map(drop),
                "br" => brotli::Decompressor::new(&got.body[..], 4096)
                    .read_to_end(&mut text)
                    .map(drop),
                _ => zstd::stream::copy_decode(&got.body[..], &mut text),
            }
            .unwrap();
            assert!(text == plain.body, "{extension} {encoding} is not the plain file");
        }
    }
    let json = get(&front, "/downloads/places.geojson").await.json();
    assert_eq!(json["features"].as_array().unwrap().len(), 5000);
}

#[tokio::test]
async fn the_filters_of_items_hold_in_every_format() {
    let front = front();
    let filter = "bbox=42,33,43,34&datetime=2021-01-01/2021-06-30&rank=7&sortby=-population&properties=name,rank";
    let items = get(&front, &format!("/collections/places/items?limit=1000&{filter}"))
        .await
        .json();
    let wanted: Vec<&str> = items["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["id"].as_str().unwrap())
        .collect();
    assert!(wanted.len() > 1 && wanted.len() < 10, "{wanted:?}");
    let json = get(&front, &format!("/downloads/places.geojson?{filter}")).await.json();
    let ids: Vec<&str> = json["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, wanted);
    assert_eq!(json["features"][0]["properties"].as_object().unwrap().len(), 2);
    let lines = get(&front, &format!("/downloads/places.geojsonl?{filter}"))
        .await
        .text();
    assert_eq!(lines.lines().count(), wanted.len());
    let table = get(&front, &format!("/downloads/places.csv?{filter}")).await.text();
    assert_eq!(table.lines().next(), Some("\u{feff}id,name,rank,lon,lat,wkt"));
    let ids: Vec<&str> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(ids, wanted);
    let kml = get(&front, &format!("/downloads/places.kml?{filter}")).await.text();
    assert_eq!(kml.matches("<Placemark").count(), wanted.len());
    let bytes = get(&front, &format!("/downloads/places.gpkg?{filter}")).await.body;
    let database = database(&bytes);
    let mut rows = database.prepare("SELECT id FROM places ORDER BY fid").unwrap();
    let ids: Vec<String> = rows
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(ids, wanted);
    for (address, parameter) in [
        ("places.csv?crs=http://www.opengis.net/def/crs/EPSG/0/3857", "crs"),
        ("places.csv?limit=0", "limit"),
        ("places.fgb?properties=nothing", "properties"),
        ("places.parquet?sortby=nothing", "sortby"),
        ("places.shp.zip?bbox=1,2,3", "bbox"),
        ("places.gpkg?filter=rank%20=", "filter"),
        ("places.pmtiles?maxzoom=13", "maxzoom"),
        ("places.pmtiles?minzoom=8&maxzoom=7", "minzoom"),
        ("places.pmtiles?limit=5", "limit"),
        ("all.gpkg?sortby=name", "sortby"),
        ("places.kml?worldview=mine", "worldview"),
    ] {
        assert_problem(
            &get(&front, &format!("/downloads/{address}")).await,
            400,
            Some(parameter),
            address,
        );
    }
}

#[tokio::test]
async fn what_is_no_download_is_said() {
    let front = front();
    for (file, about) in [
        ("documents.fgb", "nothing to draw"),
        ("documents.kml", "nothing to draw"),
        ("documents.shp.zip", "nothing to draw"),
        ("documents.pmtiles", "nothing to draw"),
        ("all.csv", "a format of one layer"),
        ("map.gpkg", "the other name"),
        ("places.xls", "unknown format"),
        ("nothing.csv", "unknown layer"),
        ("places", "no format"),
    ] {
        assert_problem(&get(&front, &format!("/downloads/{file}")).await, 404, None, about);
    }
    // A wrong request is an error even if the client has the file.
    let wrong = get_with(&front, "/downloads/places.csv?sortby=x", &[("if-none-match", "*")]).await;
    assert_problem(&wrong, 400, Some("sortby"), "a condition");
}

#[tokio::test]
async fn sources_convention_and_disclaimer_are_in_every_format_with_room() {
    let front = front();
    let about = [
        "Test <source>",
        "Convention of the view",
        "Boundaries are no endorsement",
    ];
    let json = get(&front, "/downloads/governorates.geojson").await.json();
    for (member, text) in ["attribution", "convention", "disclaimer"].into_iter().zip(about) {
        assert_eq!(json[member], text);
    }
    assert_eq!(json["worldview"], "neutral");
    let kml = get(&front, "/downloads/governorates.kml?lang=ar").await.text();
    assert!(
        kml.contains("Test &lt;source&gt;") && kml.contains("اصطلاح") && kml.contains("تنبيه"),
        "{kml}"
    );
    assert!(kml.contains("<name>كركوك</name>") && kml.contains("#style") && kml.contains("<Style id=\"style\">"));
    let bytes = get(&front, "/downloads/governorates.fgb").await.body;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(about.iter().all(|one| text.contains(one)));
    let bytes = get(&front, "/downloads/governorates.parquet").await.body;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(about.iter().all(|one| text.contains(one)));
    let bytes = get(&front, "/downloads/governorates.shp.zip").await.body;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut note = String::new();
    archive
        .by_name("governorates.README.txt")
        .unwrap()
        .read_to_string(&mut note)
        .unwrap();
    assert!(about.iter().all(|one| note.contains(one)), "{note}");
    let mut page = String::new();
    archive
        .by_name("governorates.cpg")
        .unwrap()
        .read_to_string(&mut page)
        .unwrap();
    assert_eq!(page, "UTF-8");
    let database = database(&get(&front, "/downloads/governorates.gpkg").await.body);
    let notes: String = database
        .query_row(
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON id = md_file_id WHERE table_name = 'governorates'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let notes: Value = serde_json::from_str(&notes).unwrap();
    assert_eq!(notes["disclaimer"], about[2]);
}

#[tokio::test]
async fn a_geopackage_has_all_layers_each_with_an_index_and_a_style() {
    let front = front();
    let database = database(&get(&front, "/downloads/all.gpkg").await.body);
    let count = |sql: &str| -> i64 { database.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(count("SELECT count(*) FROM places"), 1000);
    assert_eq!(count("SELECT count(*) FROM documents"), 1);
    assert_eq!(count("SELECT count(*) FROM rtree_places_geom"), 1000);
    assert_eq!(
        count("SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"),
        3
    );
    assert_eq!(
        count("SELECT count(*) FROM layer_styles WHERE useAsDefault AND styleQML LIKE '%renderer-v2%'"),
        3
    );
    assert_eq!(
        count("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'places'"),
        6
    );
    let [west, east]: [f64; 2] = database
        .query_row(
            "SELECT min_x, max_x FROM gpkg_contents WHERE table_name = 'places'",
            [],
            |row| Ok([row.get(0)?, row.get(1)?]),
        )
        .unwrap();
    assert!(
        (west - 42.0).abs() < 1e-9 && (east - 45.9).abs() < 1e-9,
        "{west} {east}"
    );
    let problem: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(problem, "ok");
    let broken: i64 = database
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(broken, 0);
}

#[tokio::test]
async fn a_selection_of_nothing_is_still_a_file() {
    let front = front();
    for (extension, beginning) in FORMATS {
        let got = get(&front, &format!("/downloads/governorates.{extension}?bbox=0,0,1,1")).await;
        assert_eq!(got.status, 200, "{extension}: {}", String::from_utf8_lossy(&got.body));
        if extension != "geojsonl" {
            assert_eq!(&got.body[..beginning.len()], beginning, "{extension}");
        }
    }
    let bytes = get(&front, "/downloads/governorates.shp.zip?bbox=0,0,1,1").await.body;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.by_name("governorates.shp").unwrap().size(), 100);
}

#[tokio::test]
async fn the_tiles_of_the_whole_map_are_one_file() {
    let front = TileFastPath::new(app());
    let bytes = get(&front, "/downloads/map.pmtiles?maxzoom=6").await.body;
    assert_eq!(&bytes[..8], b"PMTiles\x03");
    // Bytes of the header (PMTiles 3): offset and length of the metadata, compression, kind and zooms.
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    assert_eq!(
        bytes[97..102],
        [2, 2, 1, 0, 6],
        "gzip inside, gzip tiles, MVT, zooms 0 to 6"
    );
    let packed = &bytes[number(24)..number(24) + number(32)];
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let metadata: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(metadata["name"], "Mahwar");
    assert_eq!(metadata["disclaimer"], "Boundaries are no endorsement");
    assert!(metadata["attribution"].as_str().unwrap().contains("Test <source>"));
    let layers: Vec<&str> = metadata["vector_layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| layer["id"].as_str().unwrap())
        .collect();
    assert_eq!(layers, ["governorates", "governorates_labels", "places", "region_line"]);
}

#[test]
fn the_command_line_filters_as_downloads_do() {
    let server = crate::common::Server::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.geojson");
    let bare = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        // A whole number is written with and without its point.
        let text = value["features"].to_string();
        text.replace(".0,", ",").replace(".0]", "]")
    };
    for (layer, flags, query) in [
        (
            "places",
            vec!["--bbox", "43.5,34.5,44.5,35.5"],
            "bbox=43.5,34.5,44.5,35.5",
        ),
        (
            "places",
            vec!["--filter", "kind = 'town'", "--limit", "20", "--sortby", "-rank"],
            "filter=kind='town'&limit=20&sortby=-rank",
        ),
        ("districts", vec!["--properties", "pcode,name"], "properties=pcode,name"),
        ("control", vec!["--datetime", "2018-01-01"], "datetime=2018-01-01"),
        ("mentions", vec!["--min-confidence", "0.95"], "min_confidence=0.95"),
    ] {
        let mut words = vec!["export", layer, "-o", file.to_str().unwrap(), "--lang", "en"];
        words.extend(&flags);
        let done = crate::common::mahwar(&words);
        assert!(
            done.status.success(),
            "{flags:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        let served = server
            .get(&format!("/downloads/{layer}.geojson?lang=en&{query}"))
            .text();
        let (ours, theirs) = (bare(&std::fs::read_to_string(&file).unwrap()), bare(&served));
        assert!(theirs.len() > 2, "{query}");
        assert_eq!(ours, theirs, "{query}");
    }
    for (flags, word) in [
        (["--filter", "colour = 1"], "--filter"),
        (["--bbox", "1,2,3"], "--bbox"),
        (["--properties", "colour"], "--properties"),
        (["--datetime", "yesterday"], "--datetime"),
    ] {
        let words = [&["export", "districts", "-o", file.to_str().unwrap()][..], &flags[..]].concat();
        let done = crate::common::mahwar(&words);
        let error = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{error}");
        assert!(error.contains(word), "{error}");
    }
}

#[tokio::test]
async fn head_has_the_coding_and_the_tag_of_get() {
    let front = front();
    for (address, coding) in [
        ("places.csv", "gzip"),
        ("places.geojson", "zstd"),
        ("places.geojson", "identity"),
        ("places.fgb", "gzip"),
    ] {
        let ask = |method: &str| {
            let request = Request::builder()
                .method(method)
                .uri(format!("/downloads/{address}"))
                .header("accept-encoding", coding);
            super::server_fixture::send(&front, request.body(Body::empty()).unwrap())
        };
        let (got, head) = (ask("GET").await, ask("HEAD").await);
        for name in ["content-type", "content-encoding", "etag", "vary"] {
            assert_eq!(head.header(name), got.header(name), "{address} {coding}: {name}");
        }
        let length = head.header("content-length");
        assert!(
            length.is_empty() || length == got.body.len().to_string(),
            "{address} {coding}: {length}"
        );
        let tag = got.header("etag").to_owned();
        let request = Request::get(format!("/downloads/{address}"))
            .header("accept-encoding", coding)
            .header("if-none-match", &tag);
        let unchanged = super::server_fixture::send(&front, request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (unchanged.status.as_u16(), unchanged.header("etag")),
            (304, &*tag),
            "{address}"
        );
    }
}
