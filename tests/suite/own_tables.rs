//! Tables of PostGIS as layers: asked live, through their index, in any reference system; faults; a database that goes away.

use crate::{
    common::{BINARY, Server},
    store_fixture::{PostgresServer, client},
};
use serde_json::Value;
use std::process::Command;

const TABLES: &str = "
CREATE TABLE wells (gid integer PRIMARY KEY, name text, depth double precision, dug timestamp, geom geometry(Point, 32638));
INSERT INTO wells SELECT n, 'Well ' || n, n / 2.0, timestamp '2020-01-01' + n * interval '1 day',
  ST_Transform(ST_SetSRID(ST_MakePoint(43 + (n % 100) * 0.01, 35 + (n / 100) * 0.01), 4326), 32638)
  FROM generate_series(1, 5000) n;
CREATE INDEX ON wells USING gist (geom);
CREATE TABLE keyless (name text, geom geometry(Point, 4326));
INSERT INTO keyless VALUES ('a', ST_SetSRID(ST_MakePoint(43, 35), 4326));
CREATE TABLE zones (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), \"the name\" text, tags text[], geom geometry(Geometry, 4326));
INSERT INTO zones (\"the name\", tags, geom) VALUES
  ('x', '{a,b}', ST_MakeEnvelope(43, 35, 44, 36, 4326)), ('y', '{}', ST_Multi(ST_MakeEnvelope(45, 35, 46, 36, 4326)));
CREATE TABLE mixed (id bigint PRIMARY KEY, geom geometry(Geometry, 4326));
INSERT INTO mixed VALUES (1, ST_SetSRID(ST_MakePoint(43, 35), 4326)), (2, ST_MakeEnvelope(43, 35, 44, 36, 4326));
ANALYZE;
";

fn serve(layers: &[(&str, String)]) -> Server {
    let mut command = Command::new(BINARY);
    command.args(["serve", "--bind", "127.0.0.1:0"]);
    for (name, source) in layers {
        command.arg("--layer").arg(format!("{name}={source}"));
    }
    Server::start_command(command)
}

fn state<'s>(status: &'s Value, layer: &str) -> &'s Value {
    status["layers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|own| own["name"] == layer)
        .unwrap()
}

#[test]
fn a_table_is_a_layer_that_is_asked_for_each_request() {
    let Some(mut database) = PostgresServer::start() else {
        return;
    };
    let address = database.database();
    client(&address).batch_execute(TABLES).unwrap();
    let table = |name: &str| format!("{address}&table={name}");
    let names = ["wells", "keyless", "zones", "mixed", "nothing"];
    let layers: Vec<(&str, String)> = names.iter().map(|name| (*name, table(name))).collect();
    let server = serve(&layers);
    let status = server.get("/layers").json();
    for (layer, words) in [
        ("keyless", ["primary key", "ALTER TABLE"]),
        ("mixed", ["several kinds", "POLYGON"]),
        ("nothing", ["no table", "public.wells"]),
    ] {
        let error = state(&status, layer)["error"]
            .as_str()
            .unwrap_or_else(|| panic!("{layer}: {status}"));
        assert!(words.iter().all(|word| error.contains(word)), "{layer}: {error}");
    }
    assert_eq!(state(&status, "wells")["state"], "ready", "{status}");
    assert!(
        !status.to_string().contains("mahwar-postgres"),
        "the address stays the operator's: {status}"
    );

    let items = |query: &str| server.get(&format!("/collections/wells/items?f=json&{query}"));
    let first = items("limit=3").json();
    let ids: Vec<&str> = first["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["1", "2", "3"]);
    let at = &first["features"][0]["geometry"]["coordinates"];
    assert!(
        (at[0].as_f64().unwrap() - 43.01).abs() < 1e-6 && (at[1].as_f64().unwrap() - 35.0).abs() < 1e-6,
        "{at}"
    );
    assert_eq!(items("limit=10&offset=4990").json()["features"][9]["id"], "5000");
    let boxed = items("bbox=43.095,35.095,43.125,35.125&limit=100").json();
    assert_eq!(boxed["features"].as_array().unwrap().len(), 9, "{boxed}");
    let filtered = items("filter=depth>2499%20AND%20name%20LIKE%20'Well%25'&limit=100").json();
    assert_eq!(filtered["features"].as_array().unwrap().len(), 2);
    let sorted = items("sortby=-depth&limit=1").json();
    assert_eq!(sorted["features"][0]["id"], "5000");
    let dated = items("datetime=2020-01-11&limit=10").json();
    assert_eq!(dated["features"][0]["id"], "10", "{dated}");
    assert_eq!(
        server.get("/collections/wells/items/77?f=json").json()["properties"]["name"],
        "Well 77"
    );
    for wrong in ["9999999", "x", "1-2"] {
        assert_eq!(
            server.get(&format!("/collections/wells/items/{wrong}?f=json")).status,
            404,
            "{wrong}"
        );
    }
    let tile = server.get("/xyz/wells/10/634/404.mvt");
    assert_eq!(tile.status, 200, "{}", tile.text());
    assert_eq!(tile.header("cache-control"), "no-cache");
    assert!(server.get("/downloads/wells.csv").text().lines().count() == 5_001);
    assert_eq!(
        server
            .get("/maps/light.png?bbox=43,35,44,36&layers=wells&width=300&height=300")
            .status,
        200
    );

    let zones = server.get("/collections/zones/items?f=json").json();
    assert_eq!(zones["features"].as_array().unwrap().len(), 2);
    let id = zones["features"][0]["id"].as_str().unwrap();
    let one = server.get(&format!("/collections/zones/items/{id}?f=json")).json();
    assert_eq!(
        one["properties"]["tags"].as_array().map(Vec::len),
        zones["features"][0]["properties"]["tags"].as_array().map(Vec::len)
    );
    assert_eq!(one["geometry"]["type"], "MultiPolygon");

    // A change in the table is visible at once.
    client(&address)
        .batch_execute("UPDATE wells SET name = 'renamed' WHERE gid = 77")
        .unwrap();
    assert_eq!(
        server.get("/collections/wells/items/77?f=json").json()["properties"]["name"],
        "renamed"
    );

    // Through the index, not along the keys of the whole table.
    let plan = "EXPLAIN SELECT 1 FROM (SELECT * FROM wells t WHERE t.geom && ST_Transform(ST_MakeEnvelope(43.1,35.1,43.11,35.11,4326),32638) \
                OFFSET 0) t WHERE t.gid > 0 ORDER BY t.gid LIMIT 10";
    let rows = client(&address).query(plan, &[]).unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(plan.join("\n").contains("wells_geom_idx"), "{plan:?}");

    database.tell("stop");
    let away = items("limit=1");
    assert_eq!(away.status, 503, "{}", away.text());
    assert!(!away.header("retry-after").is_empty());
    assert_eq!(server.get("/xyz/wells/10/634/404.mvt").status, 503);
    assert_eq!(server.get("/collections/places/items?f=json&limit=1").status, 200);
    assert_eq!(server.get("/readyz").status, 200);
    database.tell("start");
    let begun = std::time::Instant::now();
    while items("limit=1").status != 200 && begun.elapsed() < std::time::Duration::from_secs(30) {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_eq!(items("limit=1").status, 200);
}
