//! The abstract test suites of OGC API – Features 1.0 (17-069r4 annex A, 18-058r1 annex A) and OGC API – Tiles 1.0
//! (20-057 annex A), written from the text and run over a socket against the whole land. `make cite` runs OGC's own
//! executables.

use crate::{
    common::{Answer, Server},
    server_fixture::mvt,
};
use serde_json::Value;

/// How far features reach beyond a tile's edge, in units of its grid.
const BUFFER: i64 = 64;
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const EPSG_4326: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";

fn ok(server: &Server, path: &str) -> Answer {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

fn json(server: &Server, path: &str) -> Value {
    ok(server, path).json()
}

/// The path of a link of this relation; of several the one of this type.
fn link(server: &Server, value: &Value, rel: &str, media: &str) -> String {
    let links = value["links"].as_array().expect("links");
    let found = links
        .iter()
        .find(|link| link["rel"] == rel && (media.is_empty() || link["type"] == media));
    let href = found.unwrap_or_else(|| panic!("no link {rel} of {media:?} in {value}"))["href"].as_str();
    let href = href.expect("a link has an address");
    let path = href.strip_prefix(&server.url);
    path.unwrap_or_else(|| panic!("{href} leads elsewhere")).to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// `/req/core/fc-links`, `fc-rel-type`: self, alternate, and every link with its relation and type.
fn has_links(server: &Server, value: &Value) {
    link(server, value, "self", "");
    link(server, value, "alternate", "text/html");
    for link in list(&value["links"]) {
        assert!(link["rel"].is_string() && link["type"].is_string(), "{link}");
    }
}

fn positions(geometry: &Value) -> Vec<[f64; 2]> {
    fn walk(value: &Value, found: &mut Vec<[f64; 2]>) {
        match value.as_array().map(Vec::as_slice) {
            Some([Value::Number(x), Value::Number(y), ..]) => {
                found.push([x.as_f64().unwrap(), y.as_f64().unwrap()]);
            }
            Some(items) => items.iter().for_each(|item| walk(item, found)),
            None => {}
        }
    }
    let mut found = Vec::new();
    walk(&geometry["coordinates"], &mut found);
    found
}

fn parameter<'a>(api: &'a Value, path: &str, name: &str) -> &'a Value {
    let parameters = list(&api["paths"][path]["get"]["parameters"]);
    let found = parameters.iter().find(|parameter| parameter["name"] == name);
    let found = found.unwrap_or_else(|| panic!("{path} has no {name}"));
    assert_eq!(found["in"], "query");
    assert_eq!(
        (&found["required"], &found["style"], &found["explode"]),
        (&false.into(), &"form".into(), &false.into())
    );
    found
}

#[test]
fn ogc_api_features_core() {
    let server = Server::start();
    let landing = json(&server, "/?f=json");
    for rel in ["service-desc", "service-doc", "conformance", "data"] {
        ok(&server, &link(&server, &landing, rel, ""));
    }
    let conformance = json(&server, &link(&server, &landing, "conformance", "application/json"));
    for class in ["core", "oas30", "geojson", "html"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(list(&conformance["conformsTo"]).contains(&uri.into()), "{class}");
    }
    let api = json(&server, &link(&server, &landing, "service-desc", ""));
    assert!(text(&api["openapi"]).starts_with("3.0."));
    let items = "/collections/{collectionId}/items";
    let bbox = &parameter(&api, items, "bbox")["schema"];
    assert_eq!(
        (&bbox["type"], &bbox["items"]["type"]),
        (&"array".into(), &"number".into())
    );
    assert_eq!(bbox["oneOf"][0]["minItems"], bbox["oneOf"][0]["maxItems"]);
    assert_eq!(parameter(&api, items, "datetime")["schema"]["type"], "string");
    let limit = &parameter(&api, items, "limit")["schema"];
    assert_eq!(
        (&limit["type"], &limit["minimum"], &limit["maximum"], &limit["default"]),
        (&"integer".into(), &1.into(), &10_000.into(), &10.into())
    );
    let collections = json(&server, &link(&server, &landing, "data", "application/json"));
    has_links(&server, &collections);
    for collection in list(&collections["collections"]) {
        collection_conforms(&server, collection);
    }
    // HTTP 1.1 and errors.
    assert_eq!(server.get("/collections/districts/items?unknown=1").status, 400);
    assert_eq!(server.get("/collections/districts/items?limit=0").status, 400);
    assert_eq!(server.get("/collections/nowhere").status, 404);
    assert_eq!(server.get("/collections/districts/items/nothing").status, 404);
}

fn collection_conforms(server: &Server, collection: &Value) {
    let id = text(&collection["id"]);
    let own = json(server, &format!("/collections/{id}"));
    for member in ["id", "title", "description", "extent", "itemType", "crs", "storageCrs"] {
        assert_eq!(own[member], collection[member], "{id}: {member}");
    }
    has_links(server, &own);
    let items = link(server, collection, "items", "application/geo+json");
    let and = if items.contains('?') { '&' } else { '?' };
    let page = ok(server, &format!("{items}{and}limit=20"));
    assert_eq!(page.header("content-type"), "application/geo+json");
    let page = page.json();
    page_conforms(server, &page);
    assert!(list(&page["features"]).len() <= 20, "{id}");
    link(server, collection, "items", "text/html");
    // Every page once, every feature once.
    let (mut seen, mut next) = (0, Some(format!("/collections/{id}/items?limit=10000&f=json")));
    while let Some(path) = next {
        let page = json(server, &path);
        seen += list(&page["features"]).len();
        let links = list(&page["links"]).iter().any(|link| link["rel"] == "next");
        next = links.then(|| link(server, &page, "next", ""));
    }
    assert_eq!(page["numberMatched"], seen, "{id}");
    if let Some(feature) = list(&page["features"]).first() {
        let one = json(server, &format!("/collections/{id}/items/{}", text(&feature["id"])));
        assert_eq!(
            (&one["geometry"], &one["properties"]),
            (&feature["geometry"], &feature["properties"]),
            "{id}"
        );
        has_links(server, &one);
        link(server, &one, "collection", "");
    }
    boxes_select(server, id, collection);
    times_select(server, id, collection);
}

/// `/req/core/fc-response`, `fc-timeStamp`, `fc-numberReturned`.
fn page_conforms(server: &Server, page: &Value) {
    assert_eq!(page["type"], "FeatureCollection");
    assert_eq!(page["numberReturned"], list(&page["features"]).len());
    assert!(text(&page["timeStamp"]).parse::<jiff::Timestamp>().is_ok());
    has_links(server, page);
    for feature in list(&page["features"]) {
        assert_eq!(feature["type"], "Feature");
        for [lon, lat] in positions(&feature["geometry"]) {
            assert!(
                (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat),
                "{lon} {lat}"
            );
        }
    }
}

/// `/req/core/fc-bbox-response`, with the boxes of OGC's suite: own extent, meridian, equator, 180°, both poles.
fn boxes_select(server: &Server, id: &str, collection: &Value) {
    let Some(own) = collection["extent"]["spatial"]["bbox"][0].as_array() else {
        return;
    };
    let own: Vec<String> = own.iter().map(Value::to_string).collect();
    let boxes = [
        own.join(","),
        "-1.5,50,1.5,53".into(),
        "-80,-5,-70,5".into(),
        "177,65,-177,70".into(),
        "-180,85,180,90".into(),
        "-180,-90,180,-85".into(),
        "44,35,44.5,35.5".into(),
    ];
    for asked in boxes {
        let page = json(server, &format!("/collections/{id}/items?bbox={asked}&limit=200"));
        page_conforms(server, &page);
        let [west, south, east, north]: [f64; 4] = asked
            .split(',')
            .map(|number| number.parse().unwrap())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        for feature in list(&page["features"]) {
            let points = positions(&feature["geometry"]);
            let span = |axis: usize| {
                let values = points.iter().map(|point| point[axis]);
                (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
            };
            let ((w, e), (s, n)) = (span(0), span(1));
            let lon = if west <= east {
                w <= east && west <= e
            } else {
                e >= west || w <= east
            };
            assert!(lon && s <= north && south <= n, "{id} {asked}: {}", feature["id"]);
        }
        if asked == own.join(",") {
            // A box holds no feature that has no geometry.
            let all = json(server, &format!("/collections/{id}/items?limit=10000"));
            let placed = list(&all["features"])
                .iter()
                .filter(|feature| !feature["geometry"].is_null());
            let nowhere = list(&all["features"]).len() - placed.count();
            let expected = all["numberMatched"].as_u64().unwrap() - nowhere as u64;
            assert_eq!(page["numberMatched"], expected, "{id}: its own extent");
        }
    }
}

/// `/req/core/fc-time-response`: a moment, an interval, a start with a duration, both open ends.
fn times_select(server: &Server, id: &str, collection: &Value) {
    let Some(interval) = collection["extent"]["temporal"]["interval"][0].as_array() else {
        return;
    };
    let all = json(server, &format!("/collections/{id}/items?limit=1"))["numberMatched"].clone();
    let [start, end] = [0, 1].map(|at| interval[at].as_str());
    let (Some(start), Some(end)) = (start, end) else { return };
    for (asked, everything) in [
        (start.to_owned(), false),
        (format!("{start}/{end}"), true),
        (format!("{}/P2D", &start[..10]), false),
        (format!("../{end}"), true),
        (format!("{start}/"), true),
    ] {
        let page = json(server, &format!("/collections/{id}/items?datetime={asked}&limit=100"));
        page_conforms(server, &page);
        assert!(!everything || page["numberMatched"] == all, "{id} {asked}");
    }
    for wrong in ["2021-13-01", "start/end", "2021-12-31/2021-01-01"] {
        assert_eq!(
            server.get(&format!("/collections/{id}/items?datetime={wrong}")).status,
            400
        );
    }
}

#[test]
fn ogc_api_features_crs() {
    let server = Server::start();
    let collections = json(&server, "/collections?f=json");
    for collection in list(&collections["collections"]) {
        let id = text(&collection["id"]);
        // Where some features have no geometry, no system is listed, and all are accepted; where none has one, only the default is.
        if collection["crs"].is_null() {
            assert!(["claims", "documents"].contains(&id), "{id}");
            let asked = server.get(&format!("/collections/{id}/items?crs={EPSG_4326}"));
            assert_eq!(asked.status, if id == "documents" { 400 } else { 200 }, "{id}");
            ok(&server, &format!("/collections/{id}/items?crs={CRS84}"));
            continue;
        }
        let offered: Vec<&str> = list(&collection["crs"]).iter().map(text).collect();
        assert!(
            offered.contains(&CRS84) && offered.contains(&text(&collection["storageCrs"])),
            "{id}"
        );
        let plain = ok(&server, &format!("/collections/{id}/items?limit=5"));
        assert_eq!(plain.header("content-crs"), format!("<{CRS84}>"));
        let plain = plain.json();
        for crs in &offered {
            let answer = ok(&server, &format!("/collections/{id}/items?limit=5&crs={crs}"));
            assert_eq!(answer.header("content-crs"), format!("<{crs}>"), "{id}");
            let answer = answer.json();
            for (one, other) in list(&plain["features"]).iter().zip(list(&answer["features"])) {
                assert_eq!(one["id"], other["id"]);
                let (there, here) = (positions(&one["geometry"]), positions(&other["geometry"]));
                assert_eq!(there.len(), here.len());
                if *crs == EPSG_4326 {
                    assert!(
                        there.iter().zip(&here).all(|([lon, lat], [y, x])| lon == x && lat == y),
                        "{id}: axis order"
                    );
                }
                let id_of = text(&one["id"]);
                let alone = ok(&server, &format!("/collections/{id}/items/{id_of}?crs={crs}"));
                assert_eq!(alone.header("content-crs"), format!("<{crs}>"));
                assert_eq!(alone.json()["geometry"], other["geometry"]);
            }
        }
        for (name, path) in [("crs", "crs"), ("bbox-crs", "bbox=44,35,45,36&bbox-crs")] {
            let wrong = server.get(&format!(
                "/collections/{id}/items?{path}=http://www.opengis.net/def/crs/EPSG/0/27700"
            ));
            assert_eq!((wrong.status, &wrong.json()["parameter"]), (400, &name.into()));
        }
    }
    // One box in each system finds the same.
    let count =
        |query: &str| json(&server, &format!("/collections/places/items?limit=1&{query}"))["numberMatched"].clone();
    let plain = count("bbox=44.0137,35.0171,44.9873,35.9831");
    assert!(plain.as_u64() > Some(10));
    assert_eq!(
        count(&format!("bbox=44.0137,35.0171,44.9873,35.9831&bbox-crs={CRS84}")),
        plain
    );
    assert_eq!(
        count(&format!("bbox=35.0171,44.0137,35.9831,44.9873&bbox-crs={EPSG_4326}")),
        plain
    );
    let mercator =
        "bbox=4899582.6719,4166205.2086,5007963.3282,4298296.2072&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857";
    assert_eq!(count(mercator), plain);
}

#[test]
fn ogc_api_tiles_core_tilesets_and_mvt() {
    let server = Server::start();
    let landing = json(&server, "/?f=json");
    let rel = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    let mut lists = vec![link(&server, &landing, rel, "application/json")];
    let collections = json(&server, "/collections?f=json");
    for collection in list(&collections["collections"]) {
        if collection["geometryType"] != "None" {
            lists.push(link(&server, collection, rel, "application/json"));
        }
    }
    for path in &lists {
        let tilesets = json(&server, path);
        assert_eq!(list(&tilesets["tilesets"]).len(), 2, "{path}");
        for tileset in list(&tilesets["tilesets"]) {
            for member in ["dataType", "crs", "tileMatrixSetURI"] {
                assert!(tileset[member].is_string(), "{path}: {member}");
            }
            tileset_conforms(
                &server,
                &json(&server, &link(&server, tileset, "self", "application/json")),
            );
        }
    }
}

fn tileset_conforms(server: &Server, tileset: &Value) {
    let scheme = json(
        server,
        &link(
            server,
            tileset,
            "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
            "",
        ),
    );
    assert_eq!(scheme["crs"], tileset["crs"]);
    let template = link(server, tileset, "item", "application/vnd.mapbox-vector-tile");
    let address = |matrix: &str, row: u64, column: u64| {
        let address = template.replace("{tileMatrix}", matrix);
        address
            .replace("{tileRow}", &row.to_string())
            .replace("{tileCol}", &column.to_string())
    };
    let limits = list(&tileset["tileMatrixSetLimits"]);
    for limit in limits.iter().step_by(4) {
        let matrix = text(&limit["tileMatrix"]);
        let of_scheme = list(&scheme["tileMatrices"])
            .iter()
            .find(|of_scheme| of_scheme["id"] == matrix)
            .unwrap();
        let number = |name: &str| limit[name].as_u64().unwrap();
        assert!(number("maxTileRow") < of_scheme["matrixHeight"].as_u64().unwrap());
        assert!(number("maxTileCol") < of_scheme["matrixWidth"].as_u64().unwrap());
        let (row, column) = (
            number("minTileRow").midpoint(number("maxTileRow")),
            number("minTileCol").midpoint(number("maxTileCol")),
        );
        let tile = server.get(&address(matrix, row, column));
        assert!(tile.status == 200 || tile.status == 204, "{}", tile.text());
        if tile.status == 200 {
            assert_eq!(tile.header("content-type"), "application/vnd.mapbox-vector-tile");
            assert!(fast_mvt::MvtReaderRef::new(&tile.body).is_ok());
            tile_is_valid(&tile.body);
        }
        for wrong in [
            address(matrix, 2_147_483_647, 0),
            address(matrix, 0, 2_147_483_647),
            address("99", 0, 0),
            address("x", 0, 0),
        ] {
            let answer = server.get(&wrong);
            assert!(
                answer.status == 400 || answer.status == 404,
                "{wrong}: {}",
                answer.status
            );
        }
    }
}

/// MVT 2.1: versions, extents, ids, winding, no degenerate ring, nothing beyond the buffer.
fn tile_is_valid(body: &[u8]) {
    let layers = mvt::decode(body);
    let mut names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), layers.len(), "two layers have one name");
    for layer in &layers {
        assert_eq!((layer.version, layer.extent), (2, 4096));
        let mut ids: Vec<u64> = layer.features.iter().map(|feature| feature.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(
            ids.len(),
            layer.features.len(),
            "{}: two features have one id",
            layer.name
        );
        for feature in &layer.features {
            assert!(!feature.parts.is_empty(), "{}", layer.name);
            let points = feature.parts.iter().flatten().flatten();
            assert!(
                points.copied().all(|at| (-BUFFER..=4096 + BUFFER).contains(&at)),
                "{}",
                layer.name
            );
            match feature.kind {
                1 => {}
                2 => assert!(feature.parts.iter().all(|line| line.len() >= 2)),
                3 => {
                    assert!(
                        mvt::doubled_area(&feature.parts[0]) > 0,
                        "{}: an outer ring first",
                        layer.name
                    );
                    let sound = |ring: &Vec<[i64; 2]>| ring.len() >= 3 && mvt::doubled_area(ring) != 0;
                    assert!(feature.parts.iter().all(sound), "{}: a ring without area", layer.name);
                }
                other => panic!("geometry type {other}"),
            }
        }
    }
}
