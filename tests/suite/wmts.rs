//! WMTS 1.0.0: capabilities, tiles by key and value and by address, refusals, and GDAL as a client.

use crate::{
    common::{Server, has_tool},
    server_fixture::{front, get},
};
use std::process::Command;

#[tokio::test]
async fn capabilities_name_each_worldview_as_a_layer_and_each_theme_as_a_style() {
    let front = front();
    let pasted = get(&front, "/wmts").await.text();
    let asked = get(&front, "/wmts?service=WMTS&Request=GetCapabilities&VERSION=1.0.0").await;
    assert_eq!(asked.header("content-type"), "application/xml");
    assert_eq!(asked.text(), pasted);
    assert_eq!(get(&front, "/wmts/1.0.0/WMTSCapabilities.xml").await.text(), pasted);
    for part in [
        "<ows:Identifier>map</ows:Identifier>",
        "<ows:Identifier>map_federal</ows:Identifier>",
        "<ows:Identifier>print</ows:Identifier>",
        "<ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>",
        "template=\"http://maps.test/wmts/map/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png",
        "Convention of the view",
    ] {
        assert!(pasted.contains(part), "{part} is not in {pasted}");
    }
}

#[tokio::test]
async fn a_tile_is_the_same_by_either_way_and_as_xyz() {
    let front = front();
    let xyz = get(&front, "/maps/dark/8/159/101.png?worldview=federal").await;
    let address = "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=map_federal&STYLE=dark&FORMAT=image/png\
                   &TILEMATRIXSET=WebMercatorQuad&TILEMATRIX=8&TILEROW=101&TILECOL=159";
    let pairs = get(&front, &format!("/wmts?{address}")).await;
    assert_eq!(
        (pairs.status.as_u16(), pairs.header("content-type")),
        (200, "image/png")
    );
    assert_eq!(pairs.body, xyz.body);
    let restful = get(&front, "/wmts/map_federal/dark/WebMercatorQuad/8/101/159.png").await;
    assert_eq!(restful.body, xyz.body);
    let again = get(&front, "/wmts/map_federal/dark/WebMercatorQuad/8/101/159.png").await;
    assert_eq!(again.header("etag"), restful.header("etag"));
}

#[tokio::test]
async fn refusals_are_exceptions_of_ows_that_name_the_parameter() {
    let front = front();
    let tile = "LAYER=map&STYLE=light&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX=3&TILEROW=3&TILECOL=5";
    for (query, status, code, locator) in [
        ("REQUEST=GetFeatureInfo", 501, "OperationNotSupported", "GetFeatureInfo"),
        (
            "SERVICE=WMS&REQUEST=GetCapabilities",
            400,
            "InvalidParameterValue",
            "service",
        ),
        ("SERVICE=WMTS", 400, "MissingParameterValue", "request"),
        ("REQUEST=GetTile&STYLE=light", 400, "MissingParameterValue", "layer"),
        (
            &format!("REQUEST=GetTile&{}", tile.replace("LAYER=map", "LAYER=moon")),
            400,
            "InvalidParameterValue",
            "layer",
        ),
        (
            &format!("REQUEST=GetTile&{}", tile.replace("light", "sepia")),
            400,
            "InvalidParameterValue",
            "style",
        ),
        (
            &format!("REQUEST=GetTile&{}", tile.replace("WebMercatorQuad", "X")),
            400,
            "InvalidParameterValue",
            "tilematrixset",
        ),
        (
            &format!("REQUEST=GetTile&{}", tile.replace("MATRIX=3", "MATRIX=40")),
            400,
            "InvalidParameterValue",
            "tilematrix",
        ),
        (
            &format!("REQUEST=GetTile&{}", tile.replace("ROW=3", "ROW=9")),
            400,
            "TileOutOfRange",
            "tilerow",
        ),
        (
            &format!("REQUEST=GetTile&{}", tile.replace("ROW=3", "ROW=-1")),
            400,
            "InvalidParameterValue",
            "tilerow",
        ),
        (
            &format!("REQUEST=GetTile&{}&TILECOL=9", tile.replace("&TILECOL=", "&OTHER=")),
            400,
            "TileOutOfRange",
            "tilecol",
        ),
        (
            &format!("REQUEST=GetTile&{}&TILECOL=x", tile.replace("&TILECOL=", "&OTHER=")),
            400,
            "InvalidParameterValue",
            "tilecol",
        ),
        (
            &format!("REQUEST=GetTile&FORMAT=image/gif&{tile}"),
            400,
            "InvalidParameterValue",
            "format",
        ),
        ("REQUEST=%zz", 400, "InvalidParameterValue", "query"),
    ] {
        let got = get(&front, &format!("/wmts?{query}")).await;
        assert_eq!(got.status.as_u16(), status, "{query}");
        let text = got.text();
        assert!(
            text.contains(&format!("exceptionCode=\"{code}\" locator=\"{locator}\"")),
            "{query}: {text}"
        );
    }
}

#[test]
fn gdal_reads_the_map_by_wmts() {
    if !has_tool("gdal_translate") {
        return;
    }
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("kirkuk.png");
    let source = format!(
        "WMTS:{}/wmts,layer=map,style=light,tilematrixset=WebMercatorQuad",
        server.url
    );
    let output = Command::new("gdal_translate")
        .args([
            "-of",
            "PNG",
            "-outsize",
            "400",
            "0",
            "-projwin_srs",
            "EPSG:4326",
            "-projwin",
            "43",
            "36.5",
            "46",
            "34",
        ])
        .args(["--config", "GDAL_HTTP_TIMEOUT", "120", &source])
        .arg(&picture)
        // It keeps tiles in the folder where it runs.
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let file = std::fs::File::open(&picture).unwrap();
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let step = reader.info().color_type.samples();
    let colours: std::collections::HashSet<&[u8]> = pixels.chunks(step).collect();
    assert!(colours.len() > 50, "{} colours", colours.len());
    // The land and the corridor, as the theme has them.
    for wanted in [[0xfb, 0xf8, 0xf1], [0x8e, 0x0b, 0x21]] {
        let near = |colour: &&&[u8]| (0..3).all(|channel| colour[channel].abs_diff(wanted[channel]) < 12);
        assert!(colours.iter().any(|colour| near(&colour)), "{wanted:?} is not drawn");
    }
}
