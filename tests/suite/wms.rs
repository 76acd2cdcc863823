//! WMS 1.3.0 and 1.1.1: capabilities, pictures, features at a pixel, refusals, and GDAL and OWSLib as clients.

use crate::{
    common::{Server, has_tool},
    server_fixture::{front, get},
};
use std::process::Command;

/// Width and height of a PNG.
fn size_of(png: &[u8]) -> [u32; 2] {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    [16, 20].map(|at| u32::from_be_bytes(png[at..at + 4].try_into().unwrap()))
}

const KIRKUK: &str = "LAYERS=governorates&STYLES=&CRS=EPSG:4326&BBOX=34,43,35,44&WIDTH=200&HEIGHT=200&FORMAT=image/png";

#[tokio::test]
async fn capabilities_describe_the_map_and_every_layer_that_is_drawn() {
    let front = front();
    let pasted = get(&front, "/wms").await;
    assert_eq!(pasted.header("content-type"), "text/xml");
    let text = pasted.text();
    let asked = get(&front, "/wms?service=wms&Request=GetCapabilities&version=1.3.0").await;
    assert_eq!(asked.text(), text);
    for part in [
        "<Name>map</Name>",
        "<Name>governorates</Name>",
        "<CRS>EPSG:3857</CRS>",
        "<Format>image/png</Format>",
        "xlink:href=\"http://maps.test/wms?\"",
        "<MaxWidth>4096</MaxWidth>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    // Layers without a geometry are not drawn.
    assert!(!text.contains("<Name>documents</Name>"));
}

#[tokio::test]
async fn capabilities_speak_the_version_that_is_asked_for() {
    let front = front();
    let asked = async |version: &str| {
        let answer = get(
            &front,
            &format!("/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={version}"),
        )
        .await;
        assert_eq!(answer.status, 200, "{version}");
        answer.text()
    };
    for version in ["1.3.0", "1.3", "1.4.0", "2.0.0"] {
        assert!(
            asked(version).await.contains("<WMS_Capabilities version=\"1.3.0\""),
            "{version}"
        );
    }
    for version in ["1.1.1", "1.1.0", "1.2.0", "1.0.0", "0.9"] {
        let text = asked(version).await;
        for part in [
            "<WMT_MS_Capabilities version=\"1.1.1\"",
            "<Name>OGC:WMS</Name>",
            "<SRS>EPSG:4326</SRS>",
            "<LatLonBoundingBox minx=",
        ] {
            assert!(text.contains(part), "{version}: {part} is not in {text}");
        }
        assert!(
            !text.contains("CRS:84") && !text.contains("EX_GeographicBoundingBox"),
            "{version}"
        );
    }
}

#[tokio::test]
async fn a_filter_is_refused_by_the_layers_that_are_asked_for() {
    let front = front();
    let map = format!("/wms?VERSION=1.3.0&REQUEST=GetMap&{KIRKUK}&CQL_FILTER=nosuch=7");
    let text = get(&front, &map).await.text();
    assert!(text.contains("layer governorates has no queryable"), "{text}");
}

#[tokio::test]
async fn a_plus_in_a_media_type_need_not_be_encoded() {
    let front = front();
    let at = format!("VERSION=1.3.0&REQUEST=GetFeatureInfo&{KIRKUK}&QUERY_LAYERS=governorates&I=150&J=50");
    for format in ["application/geo+json", "application/geo%2Bjson"] {
        let answer = get(&front, &format!("/wms?{at}&INFO_FORMAT={format}")).await;
        assert_eq!(answer.status, 200, "{format}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_picture_has_the_size_asked_for_whatever_the_shape_of_the_box() {
    let front = front();
    for (address, size) in [
        (format!("SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&{KIRKUK}"), [200, 200]),
        (
            "service=WMS&version=1.1.1&request=GetMap&layers=governorates&styles=&srs=EPSG:4326&bbox=43,35,44,36&width=200&height=100&format=image/png&transparent=TRUE".to_owned(),
            [200, 100],
        ),
        (
            "VERSION=1.3.0&REQUEST=GetMap&LAYERS=map&STYLES=dark&CRS=EPSG:3857&BBOX=4800000,4100000,5000000,4300000&WIDTH=1&HEIGHT=3&FORMAT=image/png".to_owned(),
            [1, 3],
        ),
        (
            "VERSION=1.3.0&REQUEST=GetMap&LAYERS=map&STYLES=&CRS=CRS:84&BBOX=-400,-100,400,100&WIDTH=64&HEIGHT=16&FORMAT=image/png;%20mode=8bit".to_owned(),
            [64, 16],
        ),
    ] {
        let answer = get(&front, &format!("/wms?{address}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "image/png"), "{address}: {}", answer.text());
        assert_eq!(size_of(&answer.body), size, "{address}");
    }
}

#[tokio::test]
async fn axes_follow_the_version_and_the_crs() {
    let front = front();
    let latitude_first = get(&front, &format!("/wms?VERSION=1.3.0&REQUEST=GetMap&{KIRKUK}")).await;
    let same = "REQUEST=GetMap&LAYERS=governorates&STYLES=&BBOX=43,34,44,35&WIDTH=200&HEIGHT=200&FORMAT=image/png";
    let crs84 = get(&front, &format!("/wms?VERSION=1.3.0&CRS=CRS:84&{same}")).await;
    let old = get(&front, &format!("/wms?VERSION=1.1.1&SRS=EPSG:4326&{same}")).await;
    assert_eq!(latitude_first.body, crs84.body);
    assert_eq!(old.body, crs84.body);
    let elsewhere = get(&front, &format!("/wms?VERSION=1.3.0&CRS=EPSG:4326&{same}")).await;
    assert_ne!(elsewhere.body, crs84.body);
}

#[tokio::test]
async fn features_at_a_pixel_are_told_in_every_format() {
    let front = front();
    let at = format!("VERSION=1.3.0&REQUEST=GetFeatureInfo&{KIRKUK}&QUERY_LAYERS=governorates&I=150&J=50");
    let json = get(&front, &format!("/wms?{at}&INFO_FORMAT=application/json"))
        .await
        .json();
    assert_eq!(json["features"][0]["id"], "governorates.IQG13", "{json}");
    assert!(json["features"][0]["properties"]["name"].is_string());
    for format in ["text/plain", "text/html", "text/xml"] {
        let answer = get(&front, &format!("/wms?{at}&INFO_FORMAT={format}")).await;
        assert!(answer.header("content-type").starts_with(format));
        assert!(answer.text().contains("IQG13"), "{}", answer.text());
    }
    let empty = get(
        &front,
        &format!("/wms?{}", at.replace("I=150", "I=0").replace("J=50", "J=199")),
    )
    .await;
    assert_eq!(
        empty.json()["features"].as_array().unwrap().len(),
        0,
        "{}",
        empty.text()
    );
    let wrong = get(&front, &format!("/wms?{}", at.replace("I=150", "I=900"))).await;
    assert!(wrong.text().contains("code=\"InvalidPoint\""), "{}", wrong.text());
}

#[tokio::test]
async fn refusals_are_exceptions_that_name_the_parameter() {
    let front = front();
    let map = format!("VERSION=1.3.0&REQUEST=GetMap&{KIRKUK}");
    for (address, code) in [
        ("REQUEST=GetMap&VERSION=1.3.0".to_owned(), "MissingParameterValue"),
        (
            "SERVICE=WFS&REQUEST=GetCapabilities".to_owned(),
            "InvalidParameterValue",
        ),
        ("REQUEST=GetStyles".to_owned(), "OperationNotSupported"),
        (map.replace("governorates", "moon"), "LayerNotDefined"),
        (map.replace("STYLES=", "STYLES=moon"), "StyleNotDefined"),
        (map.replace("EPSG:4326", "EPSG:27700"), "InvalidCRS"),
        (map.replace("image/png", "image/tiff"), "InvalidFormat"),
        (map.replace("34,43,35,44", "35,43,34,44"), "InvalidParameterValue"),
        (map.replace("34,43,35,44", "NaN,43,35,44"), "InvalidParameterValue"),
        (map.replace("WIDTH=200", "WIDTH=0"), "InvalidParameterValue"),
        (map.replace("WIDTH=200", "WIDTH=5000"), "InvalidParameterValue"),
        (map.replace("1.3.0", "2.0.0"), "InvalidParameterValue"),
        (format!("{map}&BGCOLOR=white"), "InvalidParameterValue"),
        (format!("{map}&TIME=yesterday"), "InvalidParameterValue"),
        (format!("{map}&CQL_FILTER=(("), "InvalidParameterValue"),
    ] {
        let answer = get(&front, &format!("/wms?{address}")).await;
        assert_eq!(answer.status, 400, "{address}");
        let text = answer.text();
        assert!(
            text.contains("<ServiceExceptionReport") && text.contains(&format!("code=\"{code}\"")),
            "{address}: {text}"
        );
    }
    let old = get(
        &front,
        &format!("/wms?{}", map.replace("1.3.0", "1.1.1").replace("EPSG:4326", "EPSG:1")),
    )
    .await;
    assert_eq!(old.header("content-type"), "application/vnd.ogc.se_xml");
    assert!(old.text().contains("code=\"InvalidSRS\""), "{}", old.text());
}

#[test]
fn gdal_draws_the_map() {
    if !has_tool("gdal_translate") {
        return;
    }
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("map.png");
    let source = format!(
        "WMS:{}/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=map&STYLES=&CRS=EPSG:4326&BBOX=33,42,37,47&FORMAT=image/png",
        server.url
    );
    let run = Command::new("gdal_translate")
        .args(["-q", "-of", "PNG", "-outsize", "100", "80", &source])
        .arg(&file)
        .output()
        .expect("gdal_translate runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(size_of(&std::fs::read(&file).unwrap()), [100, 80]);
}

/// Width and height in the frame header of a JPEG.
fn jpeg_size_of(jpeg: &[u8]) -> [u16; 2] {
    assert_eq!(&jpeg[..3], b"\xff\xd8\xff");
    let frame = jpeg.windows(2).position(|pair| pair == b"\xff\xc0").unwrap();
    [7, 5].map(|at| u16::from_be_bytes(jpeg[frame + at..frame + at + 2].try_into().unwrap()))
}

/// Older viewers ask for JPEG where nothing needs to be transparent; Leaflet does by default.
#[tokio::test]
async fn pictures_are_also_jpeg_which_is_opaque() {
    let front = front();
    let capabilities = get(&front, "/wms").await.text();
    assert!(capabilities.contains("<Format>image/jpeg</Format>"));
    let map = "SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=governorates&STYLES=&SRS=EPSG:4326&BBOX=43,35,44,36&WIDTH=200&HEIGHT=100";
    for more in ["&FORMAT=image/jpeg", "&FORMAT=image/jpg&TRANSPARENT=TRUE"] {
        let answer = get(&front, &format!("/wms?{map}{more}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, "image/jpeg"),
            "{more}"
        );
        assert_eq!(jpeg_size_of(&answer.body), [200, 100]);
    }
}

/// Requests as QGIS, TerriaJS, GeoNode and MapStore send them: with and without version, style, box and sizes.
#[tokio::test]
async fn a_legend_has_the_rows_of_its_layer() {
    let front = front();
    let legend = async |query: &str| {
        let answer = get(&front, &format!("/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        answer
    };
    let one = legend("LAYER=governorates&FORMAT=image/png").await;
    assert_eq!(one.header("content-type"), "image/png");
    let [width, height] = size_of(&one.body);
    assert!(width > 48 && height < 30, "{width} × {height}");
    for query in [
        "version=1.3.0&sld_version=1.1.0&layer=governorates&format=image/png&STYLE=&TRANSPARENT=true",
        "version=1.3.0&sld_version=1.1.0&layer=governorates&format=image/png&STYLE=light&BBOX=34.5,6,49,19&CRS=EPSG:4326",
        "version=1.1.0&format=image/png&transparent=True&layer=governorates&colorscalerange=-50,50",
        "layer=governorates&width=20&height=20",
    ] {
        assert_eq!(size_of(&legend(query).await.body), [width, height], "{query}");
    }
    let light = legend("LAYER=places&TRANSPARENT=TRUE").await;
    let dark = legend("LAYER=places&TRANSPARENT=TRUE&STYLE=dark").await;
    assert_ne!(light.body, dark.body);
    assert_eq!(size_of(&legend("LAYER=places,governorates").await.body)[1], 2 * height);
    assert!(size_of(&legend("LAYER=map").await.body)[1] >= 2 * height);
    assert_eq!(
        legend("LAYER=map&FORMAT=image/jpeg").await.header("content-type"),
        "image/jpeg"
    );
    for (query, code) in [
        ("FORMAT=image/png", "MissingParameterValue"),
        ("LAYER=nothing", "LayerNotDefined"),
        ("LAYER=map&STYLE=none", "StyleNotDefined"),
        ("LAYER=map&FORMAT=image/tiff", "InvalidFormat"),
    ] {
        let answer = get(&front, &format!("/wms?SERVICE=WMS&REQUEST=GetLegendGraphic&{query}")).await;
        assert!(
            answer.status == 400 && answer.text().contains(&format!("code=\"{code}\"")),
            "{query}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn capabilities_name_the_legend_of_each_style_with_its_size() {
    let front = front();
    for version in ["1.3.0", "1.1.1"] {
        let text = get(&front, &format!("/wms?REQUEST=GetCapabilities&VERSION={version}"))
            .await
            .text();
        let legends = text.matches("<LegendURL ").count();
        assert_eq!(legends, text.matches("<Style>").count(), "each style has one");
        for part in text.split("<LegendURL ").skip(1).step_by(4) {
            let number = |name: &str| -> u32 {
                let at = part.find(name).unwrap() + name.len() + 2;
                part[at..].split('"').next().unwrap().parse().unwrap()
            };
            let address = part.split("xlink:href=\"").nth(1).unwrap().split('"').next().unwrap();
            let address = address.replace("&amp;", "&");
            let picture = get(&front, address.strip_prefix("http://maps.test").unwrap()).await;
            assert_eq!(size_of(&picture.body), [number("width"), number("height")], "{address}");
        }
    }
}
