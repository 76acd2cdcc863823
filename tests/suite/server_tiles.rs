//! Vector tiles over the whole server: content, caching, encodings, addresses that cannot be.

use crate::server_fixture::{
    app_with, assert_problem, front, get, get_with,
    mvt::{self, Value, decode},
    shared_layers, snapshot,
};
use mahwar::server::{Settings, TileFastPath};
use std::io::Read;

const TILE: &str = "/xyz/governorates,places,region_line/6/39/25.mvt";

#[tokio::test]
async fn a_tile_over_kirkuk_holds_the_layers_asked_for() {
    let got = get(&front(), TILE).await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("content-type"), "application/vnd.mapbox-vector-tile");
    let layers = decode(&got.body);
    let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["governorates", "governorates_labels", "places", "region_line"]);
    assert!(layers.iter().all(|layer| layer.version == 2 && layer.extent == 4096));
    let kirkuk = &layers[0].features[0];
    assert_eq!(kirkuk.text("name:ar"), "كركوك");
    assert_eq!(kirkuk.text("name"), "Kirkuk");
    assert_eq!(kirkuk.text("claimed_by"), "[\"federal\",\"region\"]");
    assert_eq!(kirkuk.properties["disputed"], Value::Boolean(true));
    assert_eq!(kirkuk.properties["area_km2"], Value::Double(9679.5));
    assert!(kirkuk.id > 0 && kirkuk.id < 1 << 53);
    assert!(
        mvt::doubled_area(&kirkuk.parts[0]) > 0,
        "an outer ring runs clockwise on the screen"
    );
    let label = &layers[1].features[0];
    assert_eq!(label.id, kirkuk.id);
    assert_eq!((label.kind, label.parts[0].len()), (1, 1));
    // Its names and its id.
    assert_eq!(label.properties.len(), 5);
    assert_eq!(
        layers[2].features[3].properties["rank"],
        Value::Integer(layers[2].features[3].text("name:ar")[9..].parse::<i64>().unwrap() % 100)
    );
    assert_eq!(layers[3].features[0].kind, 2);
}

#[tokio::test]
async fn an_independent_decoder_reads_the_same() {
    let got = get(&front(), TILE).await;
    let reader = fast_mvt::MvtReaderRef::new(&got.body).unwrap();
    let ours: usize = decode(&got.body).iter().map(|layer| layer.features.len()).sum();
    let theirs: usize = reader.layers().map(|layer| layer.features().count()).sum();
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn names_follow_the_language_and_the_others_stay() {
    let front = front();
    for (language, name) in [("ar", "كركوك"), ("ckb", "کەرکووک"), ("en", "Kirkuk")] {
        for (address, header) in [(format!("{TILE}?lang={language}"), "fr"), (TILE.to_owned(), language)] {
            // Twice: made, then ready.
            for _ in 0..2 {
                let got = get_with(&front, &address, &[("accept-language", header)]).await;
                let kirkuk = &decode(&got.body)[0].features[0];
                assert_eq!(kirkuk.text("name"), name, "{address} {header}");
                assert_eq!(kirkuk.text("name:ckb"), "کەرکووک");
            }
        }
    }
}

#[tokio::test]
async fn one_label_stands_for_a_polygon_in_many_tiles() {
    let front = front();
    let mut labels = 0;
    let mut polygons = 0;
    for x in 150..165 {
        for y in 95..110 {
            let got = get(&front, &format!("/xyz/governorates/8/{x}/{y}.mvt")).await;
            for layer in decode(&got.body) {
                let count = layer.features.len();
                if layer.name == "governorates" {
                    polygons += count
                } else {
                    labels += count
                }
            }
        }
    }
    assert_eq!(labels, 2);
    assert!(polygons > 2);
}

#[tokio::test]
async fn filters_and_times_hold_on_tiles_too() {
    let front = front();
    let count = |address: String| {
        let front = front.clone();
        async move {
            let got = get(&front, &address).await;
            assert!(got.status == 200 || got.status == 204, "{address}: {}", got.text());
            decode(&got.body)
                .iter()
                .map(|layer| layer.features.len())
                .sum::<usize>()
        }
    };
    let all = count("/xyz/places/6/39/25.mvt".to_owned()).await;
    let some = count("/xyz/places/6/39/25.mvt?filter=rank<10".to_owned()).await;
    let dated = count("/xyz/places/6/39/25.mvt?datetime=2021-01-01/2021-01-31".to_owned()).await;
    assert!(some > 0 && some < all / 5, "{some} of {all}");
    assert!(dated >= all / 2 && dated < all, "{dated} of {all}");
    assert_eq!(count("/xyz/places/6/39/25.mvt?filter=rank>1000".to_owned()).await, 0);
    assert_problem(
        &get(&front, "/xyz/places/6/39/25.mvt?filter=nothing=1").await,
        400,
        Some("filter"),
        "unknown",
    );
}

#[tokio::test]
async fn ogc_addresses_give_the_same_tiles() {
    let front = front();
    let xyz = get(&front, "/xyz/governorates/6/39/25.mvt").await;
    let collection = get(&front, "/collections/governorates/tiles/WebMercatorQuad/6/25/39?f=mvt").await;
    let dataset = get(&front, "/tiles/WebMercatorQuad/6/25/39?collections=governorates").await;
    assert_eq!(xyz.body, collection.body);
    assert_eq!(xyz.body, dataset.body);
    let everything = get(&front, "/tiles/WebMercatorQuad/6/25/39").await;
    assert!(everything.body.len() > xyz.body.len());
    let degrees = get(&front, "/collections/governorates/tiles/WorldCRS84Quad/5/9/39").await;
    assert_eq!(decode(&degrees.body)[0].features[0].text("name"), "Kirkuk");
}

#[tokio::test]
async fn a_ready_tile_is_the_tile_that_was_made() {
    let front = front();
    for encoding in ["", "gzip", "br", "zstd"] {
        let made = get_with(&front, TILE, &[("accept-encoding", encoding)]).await;
        let ready = get_with(&front, TILE, &[("accept-encoding", encoding)]).await;
        assert_eq!(made.body, ready.body);
        let mut headers = made.headers.clone();
        // The socket adds the length to a ready tile.
        headers.remove("content-length");
        // A ready tile has no record of its own.
        headers.remove("x-request-id");
        assert_eq!(headers, ready.headers, "{encoding}");
        assert_eq!(made.header("content-encoding"), encoding);
        let again = get_with(
            &front,
            TILE,
            &[("accept-encoding", encoding), ("if-none-match", made.header("etag"))],
        )
        .await;
        assert_eq!(again.status, 304);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), made.header("etag"));
    }
    assert!(
        get(&front, "/metrics")
            .await
            .text()
            .contains("mahwar_tiles_made_total 4")
    );
}

#[tokio::test]
async fn each_encoding_has_its_own_strong_etag_and_the_same_tile() {
    let front = front();
    let plain = get(&front, TILE).await;
    let mut etags = vec![plain.header("etag").to_owned()];
    let gzip = get_with(&front, TILE, &[("accept-encoding", "gzip")]).await;
    let mut bytes = Vec::new();
    assert_eq!(&gzip.body[..2], [0x1f, 0x8b]);
    let mut out = vec![0; plain.body.len()];
    libdeflater::Decompressor::new()
        .gzip_decompress(&gzip.body, &mut out)
        .unwrap();
    assert_eq!(out, plain.body);
    etags.push(gzip.header("etag").to_owned());
    let brotli = get_with(&front, TILE, &[("accept-encoding", "br")]).await;
    brotli::Decompressor::new(&brotli.body[..], 4096)
        .read_to_end(&mut bytes)
        .unwrap();
    assert_eq!(bytes, plain.body);
    etags.push(brotli.header("etag").to_owned());
    let zstd = get_with(&front, TILE, &[("accept-encoding", "zstd")]).await;
    assert_eq!(zstd::bulk::decompress(&zstd.body, 1 << 24).unwrap(), plain.body);
    etags.push(zstd.header("etag").to_owned());
    assert!(etags.iter().all(|etag| etag.starts_with('"')));
    etags.sort();
    etags.dedup();
    assert_eq!(etags.len(), 4);
    assert!(plain.header("vary").contains("accept-encoding"));
    assert!(plain.header("cache-control").contains("max-age"));
}

#[tokio::test]
async fn after_a_change_only_changed_layers_have_new_etags() {
    let shared = shared_layers();
    let app = app_with(Settings::default(), snapshot(1031.0, None, &shared));
    let front = TileFastPath::new(app.clone());
    let addresses = ["/xyz/governorates/6/39/25.mvt", "/xyz/region_line/6/39/25.mvt", TILE];
    let mut before = Vec::new();
    for address in addresses {
        before.push(get(&front, address).await);
    }
    let next = snapshot(874.0, Some(&app.snapshot()), &shared);
    app.replace(next);
    let mut after = Vec::new();
    for address in addresses {
        after.push(get(&front, address).await);
    }
    assert_eq!(before[0].header("etag"), after[0].header("etag"));
    assert_ne!(before[1].header("etag"), after[1].header("etag"));
    assert_ne!(before[2].header("etag"), after[2].header("etag"));
    let line = &decode(&after[1].body)[0].features[0];
    assert_eq!(line.properties["length_km"], Value::Double(874.0));
    // Three before, and the two that changed.
    assert!(
        get(&front, "/metrics")
            .await
            .text()
            .contains("mahwar_tiles_made_total 5")
    );
}

#[tokio::test]
async fn a_tile_with_nothing_in_it_is_204() {
    let front = front();
    for _ in 0..2 {
        let got = get(&front, "/xyz/governorates/6/0/0.mvt").await;
        assert_eq!(got.status, 204);
        assert!(got.body.is_empty());
    }
}

#[tokio::test]
async fn tiles_that_cannot_be_are_refused() {
    let front = front();
    for (address, status) in [
        ("/xyz/governorates/13/0/0.mvt", 404),
        ("/xyz/places/3/0/0.mvt", 404),
        ("/xyz/governorates/23/0/0.mvt", 404),
        ("/xyz/governorates/999999/0/0.mvt", 404),
        ("/xyz/governorates/6/64/0.mvt", 400),
        ("/xyz/governorates/6/0/4294967295.mvt", 400),
        ("/xyz/governorates/6/-1/0.mvt", 400),
        ("/xyz/governorates/6/1.5/0.mvt", 400),
        ("/xyz/governorates/six/0/0.mvt", 400),
        ("/xyz/governorates/6/99999999999999999999/0.mvt", 400),
        ("/xyz/governorates/6/39/25.png", 404),
        ("/xyz/governorates/6/39/25", 404),
        ("/xyz/nothing/6/39/25.mvt", 404),
        ("/xyz/documents/0/0/0.mvt", 404),
        ("/xyz/governorates,/6/39/25.mvt", 404),
        ("/xyz/governorates/6/39/25.mvt?limit=5", 400),
        ("/xyz/governorates/6/39/25.mvt?worldview=none", 400),
        ("/xyz/nothing.json", 404),
        ("/xyz/governorates.xml", 404),
        ("/tiles/GoogleMaps/6/25/39", 404),
        ("/collections/governorates/tiles/WebMercatorQuad/6/25/64", 400),
        ("/collections/governorates/tiles/WebMercatorQuad/6/25/39?f=png", 400),
        ("/tileMatrixSets/None", 404),
        ("/tiles?collections=none", 400),
        ("/tiles/WebMercatorQuad/6/25/39?collections=documents", 400),
    ] {
        assert_problem(&get(&front, address).await, status, None, address);
    }
}

#[tokio::test]
async fn tilejson_names_what_is_in_the_tiles() {
    let got = get(&front(), "/xyz/governorates,places.json?worldview=federal&lang=ckb").await;
    let value = got.json();
    assert_eq!(value["tilejson"], "3.0.0");
    assert_eq!(
        value["tiles"][0],
        "http://maps.test/xyz/governorates,places/{z}/{x}/{y}.mvt?worldview=federal&lang=ckb"
    );
    assert_eq!((&value["minzoom"], &value["maxzoom"]), (&0.into(), &14.into()));
    let ids: Vec<&str> = value["vector_layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| layer["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["governorates", "governorates_labels", "places"]);
    assert!(value["vector_layers"][0]["fields"]["area_km2"].is_string());
    assert_eq!(value["worldview"], "federal");
}

#[tokio::test]
async fn tilesets_describe_both_matrix_sets() {
    let front = front();
    let sets = get(&front, "/tileMatrixSets?f=json").await.json();
    assert_eq!(sets["tileMatrixSets"].as_array().unwrap().len(), 2);
    let mercator = get(&front, "/tileMatrixSets/WebMercatorQuad").await.json();
    let first = mercator["tileMatrices"][0]["scaleDenominator"].as_f64().unwrap();
    assert!((first - 559_082_264.028_717_7).abs() < 1e-3, "{first}");
    let degrees = get(&front, "/tileMatrixSets/WorldCRS84Quad").await.json();
    let first = degrees["tileMatrices"][0]["scaleDenominator"].as_f64().unwrap();
    assert!((first - 279_541_132.014_358_76).abs() < 1e-3, "{first}");
    let tilesets = get(&front, "/collections/governorates/tiles").await.json();
    assert_eq!(tilesets["tilesets"][0]["dataType"], "vector");
    let tileset = get(&front, "/collections/governorates/tiles/WebMercatorQuad")
        .await
        .json();
    let limit = &tileset["tileMatrixSetLimits"][6];
    assert_eq!((&limit["minTileRow"], &limit["minTileCol"]), (&25.into(), &39.into()));
    let item = tileset["links"]
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["rel"] == "item")
        .unwrap();
    assert_eq!(item["templated"], true);
}
