//! The one style: valid by the specification in every theme, worldview and language, with glyphs and pictures that it names.

use crate::{
    common::{Server, has_tool, root},
    server_fixture::{assert_problem, front, get},
};
use serde_json::{Value, json};
use std::{
    io::Write,
    process::{Command, Stdio},
};

#[test]
fn every_style_passes_the_validator_of_the_specification() {
    if !has_tool("node")
        || !root()
            .join("static/node_modules/@maplibre/maplibre-gl-style-spec")
            .exists()
    {
        assert!(
            std::env::var_os("MAHWAR_REQUIRE_TOOLS").is_none(),
            "npm ci in static/ first"
        );
        return;
    }
    let server = Server::start();
    let mut lines = String::new();
    for theme in ["light", "dark", "print"] {
        for worldview in ["neutral", "federal", "region"] {
            for language in ["ar", "ckb", "en"] {
                let name = format!("/styles/{theme}.json?worldview={worldview}&lang={language}");
                let style = server.get(&name).json();
                lines.push_str(&json!({"name": name, "style": style}).to_string());
                lines.push('\n');
            }
        }
    }
    let mut validator = Command::new("node")
        .arg(root().join("tests/style/validate.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    validator.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = validator.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim(), "27 styles");
}

#[tokio::test]
async fn a_style_names_tiles_glyphs_and_pictures_by_the_address_of_the_request() {
    let front = front();
    let style = get(&front, "/styles/dark.json?lang=ckb&worldview=federal").await.json();
    assert_eq!(style["version"], 8);
    assert_eq!(style["sprite"], "http://maps.test/sprites/dark");
    assert_eq!(style["glyphs"], "http://maps.test/fonts/{fontstack}/{range}.pbf");
    let source = &style["sources"]["land"];
    assert_eq!(
        source["tiles"][0],
        "http://maps.test/xyz/governorates,region_line,places/{z}/{x}/{y}.mvt?worldview=federal"
    );
    let attribution = source["attribution"].as_str().unwrap();
    assert!(
        attribution.contains("Test &lt;source&gt;") && attribution.contains("ئاگاداری"),
        "{attribution}"
    );
    let metadata = &style["metadata"];
    assert_eq!(metadata["mahwar:worldview"], "federal");
    assert_eq!(metadata["mahwar:convention"], "ڕێککەوتن");
    // Each layer of the style says which layer of the map it draws, so that a client can switch it.
    for layer in style["layers"].as_array().unwrap().iter().skip(1) {
        let of = layer["metadata"]["mahwar:layer"].as_str().unwrap();
        assert!(layer["source-layer"].as_str().unwrap().starts_with(of), "{layer}");
    }
}

/// Two lines at one place would be two borders: the dashes of a disputed area that ends at the border lay on it.
#[test]
fn the_international_border_is_drawn_over_every_outline_that_ends_at_it() {
    let style = Server::start_with(&[]).get("/styles/light.json").json();
    let layers = style["layers"].as_array().unwrap();
    let at = |id: &str| {
        layers
            .iter()
            .position(|layer| layer["id"] == id)
            .unwrap_or_else(|| panic!("no {id}"))
    };
    let border = at("borders");
    for below in [
        "governorates",
        "districts",
        "subdistricts",
        "disputed_areas-edge",
        "disputed_areas-inner",
    ] {
        assert!(at(below) < border, "{below} lies over the border");
    }
    assert!(border < at("security_gap") && border < at("region_line-casing"));
    let width = |id: &str| {
        layers[at(id)]["paint"]["line-width"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .as_f64()
            .unwrap()
    };
    assert!(width("borders") > width("governorates") && width("borders") > width("disputed_areas-edge"));
}

#[tokio::test]
async fn labels_prefer_the_language_that_is_asked_for() {
    let front = front();
    for (language, first) in [("ar", "name:ar"), ("ckb", "name:ckb"), ("en", "name:en")] {
        let style = get(&front, &format!("/styles/light.json?lang={language}")).await.json();
        let names = style["layers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|layer| layer["id"] == "governorates-names");
        assert_eq!(names.unwrap()["layout"]["text-field"][1], json!(["get", first]));
    }
}

#[tokio::test]
async fn every_picture_that_a_style_names_is_in_its_sprite() {
    let front = front();
    for theme in ["light", "dark", "print"] {
        for (density, ratio) in [("", 1), ("@2x", 2)] {
            let index = get(&front, &format!("/sprites/{theme}{density}.json")).await.json();
            let png = get(&front, &format!("/sprites/{theme}{density}.png")).await;
            assert_eq!(png.header("content-type"), "image/png");
            let reader = png::Decoder::new(std::io::Cursor::new(&png.body[..]))
                .read_info()
                .unwrap();
            let (width, height) = (reader.info().width, reader.info().height);
            for (name, place) in index.as_object().unwrap() {
                assert_eq!(place["pixelRatio"], ratio, "{name}");
                let of = |key: &str| place[key].as_u64().unwrap() as u32;
                assert!(
                    of("x") + of("width") <= width && of("y") + of("height") <= height,
                    "{name}"
                );
            }
            for picture in [
                "hatch-disputed",
                "hatch-federal",
                "hatch-region",
                "hatch-axis",
                "diamond",
            ] {
                assert!(index.get(picture).is_some(), "{picture}");
            }
        }
    }
}

/// Reads a field of protobuf: its number, and a number or bytes.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Result<u64, &[u8]>)> {
    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let (first, rest) = bytes.split_first().expect("a varint has an end");
            *bytes = rest;
            value |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                break;
            }
        }
        value
    }
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        if tag & 7 == 0 {
            all.push((tag >> 3, Ok(varint(&mut bytes))));
        } else {
            assert_eq!(tag & 7, 2);
            let length = varint(&mut bytes) as usize;
            let (value, rest) = bytes.split_at(length);
            bytes = rest;
            all.push((tag >> 3, Err(value)));
        }
    }
    all
}

#[tokio::test]
async fn glyphs_are_distance_fields_of_the_size_that_they_state() {
    let front = front();
    let got = get(&front, "/fonts/Open%20Sans,Vazirmatn%20Bold/1536-1791.pbf").await;
    assert_eq!(got.header("content-type"), "application/x-protobuf");
    let file = fields(&got.body);
    let stack = fields(file[0].1.unwrap_err());
    assert_eq!(stack[0].1.unwrap_err(), b"Vazirmatn Bold");
    assert_eq!(stack[1].1.unwrap_err(), b"1536-1791");
    let mut letters = String::new();
    for (number, glyph) in &stack[2..] {
        assert_eq!(*number, 3);
        let glyph = fields(glyph.unwrap_err());
        let of = |wanted: u64| {
            glyph
                .iter()
                .find(|(number, _)| *number == wanted)
                .map(|(_, value)| *value)
        };
        let letter = char::from_u32(of(1).unwrap().unwrap() as u32).unwrap();
        letters.push(letter);
        let (width, height) = (of(3).unwrap().unwrap() as usize, of(4).unwrap().unwrap() as usize);
        if let Some(Err(bitmap)) = of(2) {
            assert_eq!(bitmap.len(), (width + 6) * (height + 6), "{letter}");
            // The outline is at 191: the inside is more, and the corner of the border is less.
            assert!(bitmap.iter().any(|value| *value > 191), "{letter}");
            assert!(bitmap[0] < 191, "{letter}");
        }
    }
    for letter in "كرهەێڵڕیڤچپژگۆ٠٩".chars() {
        assert!(letters.contains(letter), "{letter}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_named_with_what_is() {
    let front = front();
    for (address, parameter, there) in [
        ("/styles/sepia.json", "style", "light, dark, print"),
        ("/sprites/sepia.png", "style", "light, dark, print"),
        ("/styles/light.json?worldview=mars", "worldview", "neutral, federal"),
        ("/styles/light.json?lang=fr", "lang", "ar, ckb, en"),
        ("/fonts/Vazirmatn%20Bold/1-255.pbf", "range", "0-255"),
        ("/fonts/Vazirmatn%20Bold/65536-65791.pbf", "range", "65280-65535"),
        ("/fonts/Vazirmatn%20Bold/x-y.pbf", "range", "0-255"),
    ] {
        let got = get(&front, address).await;
        assert_problem(&got, 400, Some(parameter), address);
        let problem: Value = got.json();
        assert!(problem["detail"].as_str().unwrap().contains(there), "{problem}");
    }
    for address in [
        "/styles/light",
        "/sprites/light.gif",
        "/fonts/Vazirmatn%20Bold/0-255.ttf",
    ] {
        assert_problem(&get(&front, address).await, 404, None, address);
    }
}
