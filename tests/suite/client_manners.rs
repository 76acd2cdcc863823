//! Manners that standard clients rely on: one format by name, addresses with a slash at the end, prefixes of proxies,
//! empty files, tiles that can be looked up.

use crate::server_fixture::{front, get, get_with, send};
use axum::{body::Body, http::Request};
use serde_json::Value;
use std::io::Cursor;

// Report "f=json is refused, so Esri's vector layer cannot open the style".
#[tokio::test]
async fn f_json_is_taken_wherever_json_is_served() {
    let front = front();
    let document = get(&front, "/documents").await.json()["documents"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for address in [
        "/",
        "/conformance",
        "/api",
        "/worldviews",
        "/attribution",
        "/collections",
        "/collections/places",
        "/collections/places/items",
        "/collections/places/items/wof-0",
        "/collections/places/queryables",
        "/collections/places/schema",
        "/collections/places/tiles",
        "/collections/places/tiles/WebMercatorQuad",
        "/collections/places/map/tiles",
        "/collections/places/map/tiles/WebMercatorQuad",
        "/tiles",
        "/tiles/WorldCRS84Quad",
        "/map/tiles",
        "/map/tiles/WebMercatorQuad",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
        "/xyz/places.json",
        "/maps/light.json",
        "/styles",
        "/styles/light.json",
        "/sprites/light.json",
        "/documents",
        &format!("/documents/{document}"),
        &format!("/documents/{document}/mentions"),
        &format!("/documents/{document}/claims"),
        &format!("/documents/{document}/annotations"),
        "/search?q=Kirkuk",
        "/reverse?lon=44&lat=35",
        "/lookup?osm_ids=IQ",
        "/reconcile",
        "/corridor",
        "/corridor/definitions",
        "/corridor/locate?lon=44&lat=35",
        "/corridor/posts",
        "/healthz",
        "/readyz",
    ] {
        let more = if address.contains('?') { "&f=json" } else { "?f=json" };
        let got = get(&front, &format!("{address}{more}")).await;
        assert_eq!(got.status, 200, "{address}: {}", String::from_utf8_lossy(&got.body));
        assert!(got.header("content-type").contains("json"), "{address}");
        got.json();
    }
    // No other format is accepted in its place.
    assert_eq!(get(&front, "/styles/light.json?f=xml").await.status, 400);
}

// Report "a trailing slash is 404 everywhere".
#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_address_without_it() {
    let front = front();
    for (address, location) in [
        ("/collections/", "http://maps.test/collections"),
        ("/collections/?f=json", "http://maps.test/collections?f=json"),
        ("/collections/places/", "http://maps.test/collections/places"),
        (
            "/collections/places/items/?limit=1&name=%D9%83",
            "http://maps.test/collections/places/items?limit=1&name=%D9%83",
        ),
        ("/conformance//", "http://maps.test/conformance"),
        ("//evil.example/", "http://maps.test/evil.example"),
    ] {
        let got = get(&front, address).await;
        assert_eq!(
            (got.status.as_u16(), got.header("location")),
            (308, location),
            "{address}"
        );
    }
    assert_eq!(get(&front, "/").await.status, 200);
    let post = Request::post("/geoparse/").header("host", "maps.test");
    let got = send(&front, post.body(Body::from("x")).unwrap()).await;
    assert_eq!(
        (got.status.as_u16(), got.header("location")),
        (308, "http://maps.test/geoparse")
    );
}

#[tokio::test]
async fn headers_that_scripts_need_are_exposed_to_other_origins() {
    let got = get(&front(), "/downloads/places.csv").await;
    let exposed = got.header("access-control-expose-headers");
    for name in ["content-disposition", "retry-after", "etag", "link", "content-crs"] {
        assert!(exposed.split(", ").any(|one| one == name), "{name}: {exposed}");
    }
}

// Report "the HTML pages break below a path prefix".
#[tokio::test]
async fn links_of_pages_stay_below_the_prefix_of_a_proxy() {
    use crate::server_fixture::{app_with, shared_layers, snapshot};
    use mahwar::server::{Settings, TileFastPath};
    let settings = Settings {
        public_url: Some("https://maps.test/maps/iraq".to_owned()),
        ..Settings::default()
    };
    let front = TileFastPath::new(app_with(settings, snapshot(1031.0, None, &shared_layers())));
    for address in [
        "/collections?f=html",
        "/collections/places?f=html",
        "/collections/places/items?f=html",
        "/collections/places/items/wof-0?f=html",
        "/collections/places/schema?f=html",
        "/collections/places/queryables?f=html",
        "/conformance?f=html",
        "/tiles?f=html",
        "/api.html",
    ] {
        let page = get(&front, address).await.text();
        let links: Vec<&str> = ["href=\"", "src=\""]
            .into_iter()
            .flat_map(|name| page.split(name).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(links.len() > 5, "{address}");
        for link in links {
            let below = link.starts_with("/maps/iraq/") || link.starts_with('?');
            assert!(below, "{address}: {link}");
        }
    }
}

// Report "after one range request of a text download, everybody gets it uncompressed".
#[tokio::test]
async fn a_range_of_a_text_leaves_it_compressed_for_others() {
    let front = front();
    let address = "/downloads/places.geojson?sortby=name";
    let gzip = || get_with(&front, address, &[("accept-encoding", "gzip")]);
    let before = gzip().await;
    assert_eq!(before.header("content-encoding"), "gzip");
    let part = get_with(&front, address, &[("range", "bytes=0-99")]).await;
    assert_eq!((part.status.as_u16(), part.body.len()), (206, 100));
    let after = gzip().await;
    assert_eq!(after.header("content-encoding"), "gzip");
    assert_eq!(after.body, before.body);
    let plain = get(&front, address).await;
    assert_eq!(plain.header("content-encoding"), "");
    assert_eq!(plain.body[..100], part.body[..]);
}

fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

/// Checks of a header by `pmtiles verify` (go-pmtiles).
fn assert_sound_pmtiles(bytes: &[u8], about: &str) {
    let [
        root,
        root_length,
        metadata,
        metadata_length,
        leaves,
        leaves_length,
        data,
        data_length,
    ] = [8, 16, 24, 32, 40, 48, 56, 64].map(|at| number(bytes, at));
    for offset in [root, metadata, leaves, data] {
        assert!(offset > 0, "{about}");
    }
    assert!(
        metadata >= root + root_length && leaves >= metadata + metadata_length,
        "{about}"
    );
    assert_eq!(data, leaves + leaves_length, "{about}");
    assert_eq!(data + data_length, bytes.len() as u64, "{about}");
    for count in [72, 80, 88] {
        assert!(number(bytes, count) > 0, "{about}: addressed tiles, entries, contents");
    }
    let side = |at: usize| i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert!(
        side(102) < side(110) && side(106) < side(114),
        "{about}: the box has an area"
    );
    assert!(
        bytes[100] <= bytes[118] && bytes[118] <= bytes[101],
        "{about}: the zoom of the center"
    );
}

// Reports "every PMTiles download fails the format's own checker", "a FlatGeobuf without features freezes browsers",
// and the precondition of OGC's GeoPackage suite.
#[tokio::test]
async fn files_are_valid_with_features_with_one_and_without() {
    let front = front();
    for (query, count) in [("", 1000), ("?limit=1", 1), ("?bbox=0,0,1,1", 0)] {
        let file = |extension: &'static str| {
            let front = &front;
            async move {
                let got = get(front, &format!("/downloads/places.{extension}{query}")).await;
                assert_eq!(got.status, 200, "{extension}{query}");
                got.body
            }
        };
        let geojson: Value = serde_json::from_slice(&file("geojson").await).unwrap();
        assert_eq!(geojson["features"].as_array().unwrap().len(), count);
        let lines = file("geojsonl").await;
        assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), count);
        let csv = String::from_utf8(file("csv").await.to_vec()).unwrap();
        assert_eq!(csv.lines().count(), 1 + count);
        let kml = String::from_utf8(file("kml").await.to_vec()).unwrap();
        assert_eq!(kml.matches("<Placemark").count(), count);
        assert!(kml.trim_end().ends_with("</kml>"));

        let fgb = file("fgb").await;
        let mut reader = Cursor::new(&fgb[..]);
        let opened = flatgeobuf::FgbReader::open(&mut reader).unwrap();
        assert_eq!(opened.header().features_count(), count as u64);
        assert_eq!(opened.header().index_node_size() > 0, count > 0, "{query}");

        let gpkg = file("gpkg").await;
        let big = |at: usize| u32::from_be_bytes(gpkg[at..at + 4].try_into().unwrap());
        assert!((3_000_000..4_000_000).contains(&big(96)), "the version of SQLite");
        assert!(big(24) > 0 && big(24) == big(92), "change counters");
        let page = usize::from(u16::from_be_bytes([gpkg[16], gpkg[17]]));
        assert_eq!(big(28) as usize * page, gpkg.len(), "pages");
        let path = std::env::temp_dir().join(format!("mahwar-manners-{}-{count}.gpkg", std::process::id()));
        std::fs::write(&path, &gpkg).unwrap();
        let database = rusqlite::Connection::open(&path).unwrap();
        let sound: String = database
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        let rows: i64 = database
            .query_row("SELECT count(*) FROM places", [], |row| row.get(0))
            .unwrap();
        drop(database);
        std::fs::remove_file(&path).unwrap();
        assert_eq!((sound.as_str(), rows as usize), ("ok", count));

        let parquet = file("parquet").await;
        assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
        let mut archive = zip::ZipArchive::new(Cursor::new(file("shp.zip").await)).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        for ending in [".shp", ".shx", ".dbf", ".prj"] {
            let name = names.iter().find(|name| name.ends_with(ending)).expect(ending);
            assert!(archive.by_name(name).unwrap().size() > 0, "{name}");
        }
        if query != "?limit=1" {
            assert_sound_pmtiles(&file("pmtiles").await, query);
        }
    }
    for address in [
        "governorates.pmtiles",
        "map.pmtiles",
        "places.pmtiles?rank=7",
        "map.pmtiles?bbox=0,0,1,1",
    ] {
        assert_sound_pmtiles(&get(&front, &format!("/downloads/{address}")).await.body, address);
    }
    let lines = get(&front, "/downloads/places.geojsonl").await;
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
}

// Report "features in vector tiles have no id attribute: a clicked place cannot be looked up".
#[tokio::test]
async fn a_feature_of_a_tile_can_be_looked_up_by_its_id() {
    let front = front();
    let tile = get(&front, "/xyz/governorates/6/39/25.mvt").await;
    let layers = crate::server_fixture::mvt::decode(&tile.body);
    let mut seen = 0;
    for layer in &layers {
        for feature in &layer.features {
            let id = feature.text("id");
            let got = get(&front, &format!("/collections/governorates/items/{id}")).await;
            assert_eq!(got.status, 200, "{id}");
            seen += 1;
        }
    }
    assert!(seen > 0);
    let fields = get(&front, "/xyz/governorates.json").await.json()["vector_layers"][0]["fields"].clone();
    assert!(fields["id"].is_string());
}

// Report "an own symbol layer without text-font asks for fonts that there are not".
#[tokio::test]
async fn an_unknown_font_is_answered_with_the_fonts_of_the_map() {
    let front = front();
    for (asked, instead) in [
        (
            "Open%20Sans%20Regular,Arial%20Unicode%20MS%20Regular",
            "Vazirmatn%20Regular",
        ),
        ("Noto%20Sans%20Bold", "Vazirmatn%20Bold"),
        ("Roboto%20Medium", "Vazirmatn%20SemiBold"),
    ] {
        let got = get(&front, &format!("/fonts/{asked}/0-255.pbf")).await;
        assert_eq!(got.status, 200, "{asked}");
        let own = get(&front, &format!("/fonts/{instead}/0-255.pbf")).await;
        assert_eq!(got.body, own.body, "{asked}");
    }
}

#[tokio::test]
async fn tilesets_list_their_limits_and_refuse_tiles_beyond() {
    let front = front();
    for list in [
        "/tiles",
        "/collections/governorates/tiles",
        "/map/tiles",
        "/collections/governorates/map/tiles",
    ] {
        let value = get(&front, list).await.json();
        for tileset in value["tilesets"].as_array().unwrap() {
            let set = tileset["tileMatrixSetId"].as_str().expect("the id of the set");
            let limits = tileset["tileMatrixSetLimits"].as_array().expect("limits");
            let first = &limits[0];
            let number = |name: &str| first[name].as_u64().unwrap();
            let (zoom, row, column) = (
                first["tileMatrix"].as_str().unwrap(),
                number("minTileRow"),
                number("minTileCol"),
            );
            let tile = get(&front, &format!("{list}/{set}/{zoom}/{row}/{column}")).await;
            assert!(
                [200, 204].contains(&tile.status.as_u16()),
                "{list} {set}: {}",
                tile.status
            );
            let beyond = number("maxTileRow") + 1;
            let tile = get(&front, &format!("{list}/{set}/{zoom}/{beyond}/{column}")).await;
            assert!(
                [400, 404].contains(&tile.status.as_u16()),
                "{list} {set}: {}",
                tile.status
            );
        }
    }
    // Beyond the features, within the matrix.
    assert_eq!(
        get(&front, "/collections/governorates/tiles/WebMercatorQuad/6/0/0")
            .await
            .status,
        404
    );
    assert_eq!(get(&front, "/xyz/governorates/6/0/0.mvt").await.status, 204);
}

#[tokio::test]
async fn the_api_document_has_what_ogc_suites_look_for() {
    let api = get(&front(), "/api").await.json();
    let paths = api["paths"].as_object().unwrap();
    let ids: Vec<&str> = paths
        .values()
        .filter_map(|path| path["get"]["operationId"].as_str())
        .collect();
    for id in [
        "dataset.vector.getTile",
        "collection.vector.getTile",
        "dataset.map.getTile",
        "collection.map.getTile",
        "dataset.vector.getTileSetsList",
        "dataset.vector.getTileSet",
        "getTileMatrixSetsList",
        "getTileMatrixSet",
    ] {
        assert!(ids.contains(&id), "{id}");
    }
    let parameters = paths["/collections/{collectionId}/items"]["get"]["parameters"]
        .as_array()
        .unwrap();
    let bbox = parameters.iter().find(|parameter| parameter["name"] == "bbox").unwrap();
    let schema = &bbox["schema"];
    assert_eq!(
        (&schema["type"], &schema["minItems"], &schema["maxItems"]),
        (&"array".into(), &4.into(), &6.into())
    );
    assert_eq!(schema["items"]["type"], "number");
}

#[tokio::test]
async fn wmts_negotiates_versions_and_lets_clients_add_parameters() {
    let front = front();
    let refused = get(
        &front,
        "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0",
    )
    .await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("exceptionCode=\"VersionNegotiationFailed\"><"));
    let agreed = get(
        &front,
        "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0,1.0.0",
    )
    .await;
    assert_eq!(agreed.status, 200);
    assert!(
        agreed
            .text()
            .contains("<TileMatrixSetLimits><TileMatrixLimits><TileMatrix>0</TileMatrix>")
    );
    let tile = get(&front, "/wmts/map/light/WebMercatorQuad/3/3/4.png?cachebuster=17").await;
    assert_eq!((tile.status.as_u16(), tile.header("content-type")), (200, "image/png"));
}

#[tokio::test]
async fn worldviews_say_who_says_so() {
    let server = crate::common::Server::start();
    let value = server.get("/worldviews").json();
    let mut departures = 0;
    for view in value["worldviews"].as_array().unwrap() {
        assert!(!view["source"].as_str().unwrap().is_empty());
        for departure in view["departures"].as_array().unwrap() {
            for member in ["kind", "subject", "value", "source"] {
                assert!(!departure[member].as_str().unwrap().is_empty(), "{departure}");
            }
            departures += 1;
        }
    }
    assert!(departures > 3, "{departures}");
    let attribution = server.get("/attribution").json();
    let text = attribution["text"].as_str().unwrap();
    let sentences: Vec<&str> = text.split_inclusive(". ").map(str::trim).collect();
    for sentence in &sentences {
        let times = sentences.iter().filter(|other| other == &sentence).count();
        assert_eq!(times, 1, "{sentence}");
    }
    assert!(!attribution["short"].as_str().unwrap().is_empty());
    assert!(attribution["sources"][0]["url"].is_string());
}

// Report "two different feature shapes of geoparsing".
#[test]
fn geoparsing_gives_the_same_features_by_http_and_from_the_shell() {
    use crate::common::{Server, root};
    let text = "وقع هجوم في قضاء خانقين، وقال المتحدث إن ثلاثة جنود قتلوا في داقوق.";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text.txt");
    std::fs::write(&file, text).unwrap();
    let shell = crate::common::mahwar(&["geoparse", file.to_str().unwrap(), "--format", "geojson"]);
    assert!(shell.status.success() && root().exists());
    let shell: Value = serde_json::from_slice(&shell.stdout).unwrap();
    let server = Server::start();
    let http = server.post("/geoparse?f=geojson", "text/plain", text.as_bytes());
    assert_eq!(http.header("content-type"), "application/geo+json");
    assert_eq!(http.json(), shell);
    for member in [
        "document",
        "mention",
        "quote",
        "speaker",
        "status",
        "text",
        "place",
        "confidence",
    ] {
        assert!(
            !shell["features"][0]["properties"][member].is_null() || member == "speaker",
            "{member}"
        );
    }
}

// Report A18: GDAL downloads the whole layer when it finds no queryables in `/api`.
#[tokio::test]
async fn the_items_of_each_collection_have_its_fields_as_parameters() {
    let front = front();
    let api = get(&front, "/api").await.json();
    let items = &api["paths"]["/collections/governorates/items"]["get"];
    let names: Vec<&str> = items["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => {
                let at = reference.strip_prefix('#').unwrap();
                api.pointer(at).unwrap_or_else(|| panic!("{reference}"))["name"]
                    .as_str()
                    .unwrap()
            }
            None => parameter["name"].as_str().unwrap(),
        })
        .collect();
    for name in ["bbox", "limit", "filter", "pcode"] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), names.len(), "{names:?}");
}

/// geopy, Photon's front ends and others send parameters of Nominatim's that only some servers have.
#[tokio::test]
async fn clients_of_nominatim_may_send_parameters_of_their_own() {
    let front = front();
    for address in [
        "/search?q=Kirkuk&format=json&zoom=4&email=a@example.org",
        "/search?q=Kirkuk&format=jsonv2&featuretype=city&key=secret&callback=",
        "/search.php?q=Kirkuk&osm_type=N",
        "/reverse?lat=35.46&lon=44.39&format=json&accuracy=5",
        "/lookup?osm_ids=wof-0&format=json&user_agent=x",
    ] {
        let answer = get(&front, address).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.text());
    }
    // Without their format a typing error is told.
    assert_eq!(get(&front, "/search?q=Kirkuk&worldvew=neutral").await.status, 400);
}

#[tokio::test]
async fn raster_tiles_take_parameters_against_caches() {
    let front = front();
    let plain = get(&front, "/maps/light/6/39/25.png").await;
    for more in ["v=123", "_=1700000000", "access_token=x", "key="] {
        let answer = get(&front, &format!("/maps/light/6/39/25.png?{more}")).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &plain.body), "{more}");
    }
    assert_eq!(get(&front, "/maps/light/6/39/25.png?worldview=moon").await.status, 400);
}

/// Fetch has no star for this header: a page of another site reads a private server with it.
#[tokio::test]
async fn pages_of_other_sites_may_send_a_token_to_read() {
    let front = front();
    let asked = Request::options("/collections")
        .header("origin", "https://portal.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization, range");
    let answer = send(&front, asked.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-headers"), "*, authorization");
}

#[tokio::test]
async fn a_layer_without_geometries_has_no_coordinate_reference_systems() {
    let front = front();
    let items = "/collections/documents/items?limit=1";
    let answer = get(
        &front,
        &format!("{items}&crs=http://www.opengis.net/def/crs/EPSG/0/3857"),
    )
    .await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (400, "application/problem+json")
    );
    // The default is always offered (OGC 18-058r1, 6.2).
    let default = format!("{items}&crs=http://www.opengis.net/def/crs/OGC/1.3/CRS84");
    assert_eq!(get(&front, &default).await.status, 200);
}
