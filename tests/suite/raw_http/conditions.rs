//! `If-Match` and `If-Unmodified-Since` wherever there is an ETag.

use super::{Raw, get, start};

/// From the report on readers of PMTiles that got tiles of another file with status 200.
#[test]
fn a_client_that_expects_another_version_is_told_so() {
    let server = start(&[]);
    let ask = |path: &str, more: &str| Raw::connect(&server).ask(get(path, more));
    let feature = server.get("/collections/districts/items?limit=1&f=json").json();
    let feature = format!(
        "/collections/districts/items/{}",
        feature["features"][0]["id"].as_str().unwrap()
    );
    for path in [
        "/xyz/districts/6/39/25.mvt",
        "/xyz/districts/6/0/0.mvt",
        "/collections/districts/tiles/WebMercatorQuad/6/25/39",
        "/maps/light/6/39/25.png",
        "/collections/districts/items?limit=1&f=json",
        &feature,
        "/downloads/map.pmtiles",
        "/downloads/districts.fgb",
        "/downloads/districts.geojson",
        "/pages.css",
        "/styles/light.json",
    ] {
        // The first time it is made, then it is ready.
        for round in 0..2 {
            let first = ask(path, "");
            assert!([200, 204].contains(&first.status), "{path}: {}", first.text());
            let tag = first
                .header("etag")
                .unwrap_or_else(|| panic!("{path} has no tag"))
                .to_owned();
            let status = |more: &str| ask(path, more).status;
            let about = format!("{path}, round {round}");
            let strong = !tag.starts_with("W/");
            let holds = first.status;
            assert_eq!(status("If-Match: \"other\"\r\n"), 412, "{about}");
            assert_eq!(status("If-Match: \"other\"\r\nRange: bytes=0-9\r\n"), 412, "{about}");
            assert_eq!(
                status(&format!("If-Match: \"other\"\r\nIf-None-Match: {tag}\r\n")),
                412,
                "{about}"
            );
            assert_eq!(
                status(&format!("If-Match: W/{}\r\n", tag.trim_start_matches("W/"))),
                412,
                "{about}"
            );
            assert_eq!(status("If-Match: *\r\n"), holds, "{about}");
            assert_eq!(
                status(&format!("If-Match: \"other\", {tag}\r\n")),
                if strong { holds } else { 412 },
                "{about}"
            );
            assert_eq!(
                status("If-Unmodified-Since: Mon, 01 Jan 2001 00:00:00 GMT\r\n"),
                412,
                "{about}"
            );
            assert_eq!(
                status("If-Unmodified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n"),
                holds,
                "{about}"
            );
            assert_eq!(status("If-Unmodified-Since: now\r\n"), holds, "{about}");
            assert_eq!(status(&format!("If-None-Match: {tag}\r\n")), 304, "{about}");
            ask(path, "If-Match: \"other\"\r\n").assert_problem(412, &about);
        }
    }
    let part = ask("/downloads/map.pmtiles", "Range: bytes=0-126\r\n");
    assert_eq!((part.status, part.body.len()), (206, 127));
    let tag = part.header("etag").unwrap();
    let again = ask(
        "/downloads/map.pmtiles",
        &format!("If-Match: {tag}\r\nRange: bytes=0-126\r\n"),
    );
    assert_eq!((again.status, again.body), (206, part.body.clone()));
}

#[test]
fn ready_tiles_and_pictures_carry_the_headers_of_every_answer() {
    let server = start(&[]);
    for path in [
        "/xyz/districts/6/39/25.mvt",
        "/maps/light/6/39/25.png",
        "/healthz",
        "/nothing",
    ] {
        for _ in 0..2 {
            let answer = server.get(path);
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        }
    }
}

/// From the report on SVG that browsers refuse.
#[test]
fn titles_of_a_request_leave_svg_and_xml_well_formed() {
    let server = start(&[]);
    let svg = server.get("/maps/light.svg?width=200&height=200&title=a%26%3C%EF%BF%BF%22b");
    assert_eq!(svg.status, 200);
    assert!(svg.text().contains("a&amp;&lt;&quot;b"));
    assert!(svg.header("content-security-policy").contains("default-src 'none'"));
    for path in [
        "/maps/light.svg?title=%01%1b",
        "/search?q=a%00b",
        "/collections/districts/items?filter=name%3D%27%07%27",
    ] {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
    let report = server.get("/wmts?service=WMTS&request=%01").text();
    assert!(!report.contains('\u{1}'), "{report}");
}
