//! MapLibre Tiles hold the features of the vector tiles beside them, at an address of their own and by `Accept`.

use crate::common::Server;
use mlt_core::{
    Decoder, Parser,
    mvt::{mvt_to_feature_collection, tile_layers_to_mvt},
};
use serde_json::Value;

const MLT: &str = "application/vnd.maplibre-tile";
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// The features of a tile: layer, id, geometry, attributes; sorted, for layers come in any order.
fn features(mvt: &[u8]) -> Vec<String> {
    let collection = mvt_to_feature_collection(mvt).expect("a vector tile");
    let value = serde_json::to_value(&collection).expect("JSON");
    let mut each: Vec<String> = value["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(Value::to_string)
        .collect();
    each.sort_unstable();
    each
}

fn as_mvt(mlt: &[u8]) -> Vec<u8> {
    let layers = Parser::default().parse_layers(mlt).expect("a MapLibre tile");
    let layers = layers.into_iter().map(|layer| {
        let layer = layer.into_layer01().expect("a layer of vectors");
        layer.into_tile(&mut Decoder::default()).expect("a whole layer")
    });
    tile_layers_to_mvt(layers.collect()).expect("features that a vector tile can hold")
}

#[test]
fn a_maplibre_tile_holds_the_features_of_the_vector_tile() {
    let server = Server::start();
    for tile in [
        "governorates,districts,disputed_areas/6/39/25",
        "places,rivers/8/159/101",
        "mention_places,mentions,claims/5/19/12",
        "security_gap,security_gap_posts/7/79/50",
    ] {
        let (mvt, mlt) = (
            server.get(&format!("/xyz/{tile}.mvt")),
            server.get(&format!("/xyz/{tile}.mlt")),
        );
        assert_eq!((mvt.status, mlt.status), (200, 200), "{tile}");
        assert_eq!((mvt.header("content-type"), mlt.header("content-type")), (MVT, MLT));
        assert_ne!(mvt.header("etag"), mlt.header("etag"));
        let (wanted, found) = (features(&mvt.body), features(&as_mvt(&mlt.body)));
        assert!(!wanted.is_empty());
        assert_eq!(wanted, found, "{tile}");
    }
    assert_eq!(server.get("/xyz/districts/6/0/0.mlt").status, 204);
}

#[test]
fn the_format_is_chosen_by_parameter_and_by_accept() {
    let server = Server::start();
    let address = "/tiles/WebMercatorQuad/6/25/39?collections=districts";
    let format = |path: &str, accept: &str| {
        let answer = server.get_with(path, &[("accept", accept)]);
        assert_eq!(answer.status, 200, "{path} {accept}");
        assert!(answer.header("vary").contains("accept,"), "{}", answer.header("vary"));
        answer.header("content-type").to_owned()
    };
    for (accept, media) in [
        ("*/*", MVT),
        (MVT, MVT),
        (MLT, MLT),
        ("application/vnd.maplibre-vector-tile", MLT),
        (
            "application/vnd.maplibre-tile, application/vnd.mapbox-vector-tile;q=0.5",
            MLT,
        ),
        (
            "application/vnd.maplibre-tile;q=0.1, application/vnd.mapbox-vector-tile",
            MVT,
        ),
        ("application/vnd.maplibre-tile;q=0", MVT),
    ] {
        // Twice: the second answer comes out of the cache.
        assert_eq!(
            [format(address, accept), format(address, accept)],
            [media, media],
            "{accept}"
        );
    }
    assert_eq!(format(&format!("{address}&f=mlt"), "*/*"), MLT);
    assert_eq!(format(&format!("{address}&f=mvt"), MLT), MVT);
    assert_eq!(
        format("/collections/districts/tiles/WebMercatorQuad/6/25/39?f=mlt", "*/*"),
        MLT
    );
    assert_eq!(server.get(&format!("{address}&f=pbf")).status, 400);
}

#[test]
fn descriptions_and_archives_say_how_tiles_are_encoded() {
    let server = Server::start();
    let plain = server.get("/xyz/districts.json").json();
    assert!(plain["encoding"].is_null() && plain["tiles"][0].as_str().unwrap().ends_with("{y}.mvt"));
    let described = server.get("/xyz/districts.json?encoding=mlt").json();
    assert_eq!(described["encoding"], "mlt");
    let address = described["tiles"][0].as_str().unwrap();
    assert!(address.ends_with("/xyz/districts/{z}/{x}/{y}.mlt"), "{address}");
    let style = server.get("/styles/light.json?encoding=mlt").json();
    let land = &style["sources"]["land"];
    assert_eq!(land["encoding"], "mlt", "{land}");
    assert!(land["tiles"][0].as_str().unwrap().contains("{y}.mlt"), "{land}");
    let archive = server.get("/downloads/districts.pmtiles?encoding=mlt&maxzoom=6").body;
    // PMTiles 3: the type of the tiles is byte 99, and 6 is MLT.
    assert_eq!((&archive[..7], archive[99]), (&b"PMTiles"[..], 6));
}
