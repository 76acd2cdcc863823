//! OGC API – Features over the whole server, without a socket.

use crate::server_fixture::{assert_problem, front, get, get_with};
use serde_json::Value;

const CRS: &str = "http://www.opengis.net/def/crs";

fn ids(value: &Value) -> Vec<&str> {
    value["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_landing_page_has_the_links_that_qgis_and_arcgis_look_for() {
    let got = get(&front(), "/?f=json").await;
    assert_eq!(got.status, 200);
    let value = got.json();
    for rel in ["self", "service-desc", "service-doc", "conformance", "data"] {
        let link = value["links"]
            .as_array()
            .unwrap()
            .iter()
            .find(|link| link["rel"] == rel);
        let href = link.unwrap_or_else(|| panic!("no {rel}"))["href"].as_str().unwrap();
        assert!(href.starts_with("http://maps.test/"), "{href}");
    }
    assert_eq!(value["worldview"], "neutral");
}

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_gets_json() {
    let front = front();
    let page = get_with(&front, "/", &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")]).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let json = get_with(&front, "/", &[("accept", "application/json")]).await;
    assert_eq!(json.header("content-type"), "application/json");
    // The map keeps its own state in the address.
    let page = get_with(&front, "/?lon=44&zoom=9&anything=1", &[("accept", "text/html")]).await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn collections_say_what_a_client_needs() {
    let front = front();
    let value = get(&front, "/collections?f=json&lang=ckb").await.json();
    let first = &value["collections"][0];
    assert_eq!(first["id"], "governorates");
    assert_eq!(first["title"], "پارێزگاکان");
    assert_eq!(first["titles"]["en"], "Governorates");
    assert_eq!(first["geometryType"], "MultiPolygon");
    assert_eq!(first["count"], 2);
    assert_eq!(first["crs"][3], format!("{CRS}/EPSG/0/32638"));
    // Rounded outwards, so that the box holds all features in every system.
    let west = first["extent"]["spatial"]["bbox"][0][0].as_f64().unwrap();
    assert!((43.499_998..=43.5).contains(&west), "{west}");
    assert_eq!(get(&front, "/collections/places").await.json()["id"], "places");
    assert_problem(&get(&front, "/collections/nowhere").await, 404, None, "unknown layer");
}

#[tokio::test]
async fn a_page_of_features_is_complete() {
    let got = get(&front(), "/collections/governorates/items?lang=ar").await;
    assert_eq!(got.header("content-type"), "application/geo+json");
    assert_eq!(got.header("content-crs"), format!("<{CRS}/OGC/1.3/CRS84>"));
    assert_eq!(got.header("access-control-allow-origin"), "*");
    let value = got.json();
    assert_eq!(value["numberMatched"], 2);
    assert_eq!(value["numberReturned"], 2);
    let kirkuk = &value["features"][0];
    assert_eq!(kirkuk["id"], "IQG13");
    assert_eq!(kirkuk["properties"]["name"], "كركوك");
    assert_eq!(kirkuk["properties"]["name:en"], "Kirkuk");
    assert_eq!(kirkuk["properties"]["claimed_by"][1], "region");
    assert_eq!(kirkuk["geometry"]["type"], "MultiPolygon");
    assert_eq!(
        kirkuk["geometry"]["coordinates"][0][0][1],
        serde_json::json!([45, 34.5])
    );
    assert_eq!(value["features"][1]["properties"]["claimed_by"], Value::Null);
    assert_eq!(value["convention"], "اصطلاح");
    assert!(value["timeStamp"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn pages_follow_each_other_and_keep_every_parameter() {
    let front = front();
    let mut address = "/collections/places/items?limit=300&lang=ar&level=settlement&f=json".to_owned();
    let mut seen = 0;
    let mut pages = 0;
    loop {
        let value = get(&front, &address).await.json();
        seen += value["numberReturned"].as_u64().unwrap();
        pages += 1;
        assert_eq!(value["numberMatched"], 1000);
        let next = value["links"]
            .as_array()
            .unwrap()
            .iter()
            .find(|link| link["rel"] == "next");
        let Some(next) = next else { break };
        let href = next["href"].as_str().unwrap();
        assert!(href.contains("level=settlement") && href.contains("lang=ar"), "{href}");
        address = href.strip_prefix("http://maps.test").unwrap().to_owned();
    }
    assert_eq!((seen, pages), (1000, 4));
    let beyond = get(&front, "/collections/places/items?offset=5000").await.json();
    assert_eq!(beyond["numberReturned"], 0);
    assert_eq!(beyond["numberMatched"], 1000);
}

#[tokio::test]
async fn a_limit_above_the_greatest_is_cut() {
    let value = get(&front(), "/collections/places/items?limit=20000").await.json();
    assert_eq!(value["numberReturned"], 1000);
}

#[tokio::test]
async fn a_box_selects_by_geometry_in_every_system() {
    let front = front();
    let by_box = |address: &'static str| {
        let front = front.clone();
        async move {
            let got = get(&front, address).await;
            assert_eq!(got.status, 200, "{address}: {}", got.text());
            ids(&got.json()).join(" ")
        }
    };
    assert_eq!(
        by_box("/collections/governorates/items?bbox=44,35,44.1,35.1").await,
        "IQG13"
    );
    assert_eq!(by_box("/collections/governorates/items?bbox=46.2,36.2,47,37").await, "");
    let lat_lon =
        "/collections/governorates/items?bbox=35,44,35.1,44.1&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326";
    assert_eq!(by_box(lat_lon).await, "IQG13");
    let mercator = "/collections/governorates/items?bbox=4898000,4163000,4900000,4165000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857";
    assert_eq!(by_box(mercator).await, "IQG13");
    assert_eq!(by_box("/collections/governorates/items?bbox=170,-80,-170,80").await, "");
    // A layer without geometry is nowhere and so everywhere.
    assert_eq!(by_box("/collections/documents/items?bbox=0,0,1,1").await, "doc");
}

#[tokio::test]
async fn coordinates_come_in_the_system_that_was_asked() {
    let front = front();
    let got = get(
        &front,
        "/collections/governorates/items/IQG13?crs=http://www.opengis.net/def/crs/EPSG/0/4326",
    )
    .await;
    assert_eq!(got.header("content-crs"), format!("<{CRS}/EPSG/0/4326>"));
    assert_eq!(
        got.json()["geometry"]["coordinates"][0][0][0],
        serde_json::json!([34.5, 43.5])
    );
    let got = get(
        &front,
        "/collections/governorates/items/IQG13?crs=http://www.opengis.net/def/crs/EPSG/0/32638",
    )
    .await;
    let first = got.json()["geometry"]["coordinates"][0][0][0].clone();
    assert!((362_000.0..363_000.0).contains(&first[0].as_f64().unwrap()), "{first}");
    let got = get(
        &front,
        "/collections/governorates/items?crs=http://www.opengis.net/def/crs/EPSG/0/27700",
    )
    .await;
    assert_problem(&got, 400, Some("crs"), "a system that is not offered");
}

#[tokio::test]
async fn time_selects_what_has_one() {
    let front = front();
    let all = get(&front, "/collections/places/items?limit=10000").await.json()["numberMatched"].clone();
    let some = get(&front, "/collections/places/items?datetime=2021-01-01/2021-01-31")
        .await
        .json()["numberMatched"]
        .clone();
    let (all, some) = (all.as_u64().unwrap(), some.as_u64().unwrap());
    // Half have no time and stay; of the others, those of January.
    assert!(some > all / 2 && some < all, "{some} of {all}");
}

#[tokio::test]
async fn properties_are_chosen_and_features_sorted() {
    let front = front();
    let value = get(
        &front,
        "/collections/governorates/items?properties=pcode,area_km2&sortby=-area_km2",
    )
    .await
    .json();
    assert_eq!(ids(&value), ["IQG10", "IQG13"]);
    assert_eq!(value["features"][0]["properties"].as_object().unwrap().len(), 2);
    let value = get(&front, "/collections/places/items?sortby=population&limit=1")
        .await
        .json();
    assert_eq!(value["features"][0]["properties"]["population"], 0);
}

#[tokio::test]
async fn equality_filters_have_the_type_of_their_field() {
    let front = front();
    let value = get(&front, "/collections/governorates/items?disputed=true")
        .await
        .json();
    assert_eq!(ids(&value), ["IQG13"]);
    let value = get(&front, "/collections/places/items?rank=7&limit=100").await.json();
    assert_eq!(value["numberMatched"], 10);
    assert_problem(
        &get(&front, "/collections/places/items?rank=high").await,
        400,
        Some("rank"),
        "no number",
    );
    for truth in ["1", "TRUE"] {
        let value = get(&front, &format!("/collections/governorates/items?disputed={truth}"))
            .await
            .json();
        assert_eq!(ids(&value), ["IQG13"]);
    }
    assert_problem(
        &get(&front, "/collections/governorates/items?disputed=yes").await,
        400,
        Some("disputed"),
        "no truth",
    );
}

#[tokio::test]
async fn filters_select_in_text_and_json() {
    let front = front();
    for (filter, expected) in [
        ("name:en%20=%20'Kirkuk'", "IQG13"),
        ("disputed%20=%20false", "IQG10"),
        ("area_km2%20>%2010000%20AND%20pcode%20LIKE%20'IQG1%25'", "IQG10"),
        ("S_INTERSECTS(geometry,%20POINT(44%2035))", "IQG13"),
        (
            "%7B%22op%22:%22=%22,%22args%22:[%7B%22property%22:%22pcode%22%7D,%22IQG10%22]%7D",
            "IQG10",
        ),
    ] {
        let got = get(&front, &format!("/collections/governorates/items?filter={filter}")).await;
        assert_eq!(got.status, 200, "{filter}: {}", got.text());
        assert_eq!(ids(&got.json()).join(" "), expected, "{filter}");
    }
}

#[tokio::test]
async fn wrong_parameters_are_problems_that_name_them() {
    let front = front();
    for (query, parameter) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1000000000000", "limit"),
        ("limit=", "limit"),
        ("limit=ten", "limit"),
        ("offset=-5", "offset"),
        ("bbox=", "bbox"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=NaN,0,1,1", "bbox"),
        ("bbox=0,10,10,0", "bbox"),
        ("bbox-crs=EPSG:4326", "bbox-crs"),
        ("crs=", "crs"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2021-12-31/2021-01-01", "datetime"),
        ("filter=", "filter"),
        ("filter=nothing=1", "filter"),
        ("filter=level=1", "filter"),
        ("filter=level=", "filter"),
        ("filter=(((", "filter"),
        ("filter-lang=sql", "filter-lang"),
        ("sortby=unknown", "sortby"),
        ("properties=unknown", "properties"),
        ("properties=,", "properties"),
        ("worldview=martian", "worldview"),
        ("lang=fr", "lang"),
        ("f=xml", "f"),
        ("limits=5", "limits"),
        ("limit=%zz", "limit"),
        ("limit=5&limit=6", "limit"),
        ("%FF=1", "%FF"),
    ] {
        let got = get(&front, &format!("/collections/places/items?{query}")).await;
        assert_problem(&got, 400, Some(parameter), query);
    }
}

#[tokio::test]
async fn a_filter_that_would_cost_too_much_is_refused() {
    let front = front();
    // Parentheses alone cost nothing: programs write many.
    let parentheses = format!("{}rank=1{}", "(".repeat(3000), ")".repeat(3000));
    let got = get(&front, &format!("/collections/places/items?filter={parentheses}")).await;
    assert_eq!(got.status, 200);
    let nots = format!("{}rank=1", "NOT%20".repeat(1000));
    let long = format!("rank=1{}", "%20AND%20rank=1".repeat(4300));
    let json = format!(
        "{}1{}",
        r#"%7B%22op%22:%22not%22,%22args%22:["#.repeat(150),
        "]%7D".repeat(150)
    );
    for filter in [nots, long, json] {
        let got = get(&front, &format!("/collections/places/items?filter={filter}")).await;
        assert!(got.status == 400 || got.status == 414, "{}", got.status);
        assert_eq!(got.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn a_single_feature_links_back() {
    let front = front();
    let value = get(&front, "/collections/governorates/items/IQG13").await.json();
    assert_eq!(value["type"], "Feature");
    let rels: Vec<&str> = value["links"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| link["rel"].as_str().unwrap())
        .collect();
    assert!(rels.contains(&"collection") && rels.contains(&"self"));
    assert_problem(
        &get(&front, "/collections/governorates/items/none").await,
        404,
        None,
        "no such feature",
    );
}

#[tokio::test]
async fn queryables_and_schema_are_json_schemas() {
    let front = front();
    for part in ["queryables", "schema"] {
        let got = get(&front, &format!("/collections/governorates/{part}?f=json")).await;
        assert_eq!(got.header("content-type"), "application/schema+json");
        let value = got.json();
        assert_eq!(value["properties"]["area_km2"]["type"], "number");
        assert_eq!(value["properties"]["geometry"]["format"], "geometry-multipolygon");
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let front = front();
    for address in [
        "/collections",
        "/collections/places/items?limit=5",
        "/documents",
        "/api",
    ] {
        let got = get(&front, address).await;
        let again = get_with(&front, address, &[("if-none-match", got.header("etag"))]).await;
        assert_eq!(again.status, 304, "{address}");
        assert!(again.body.is_empty());
    }
}

#[tokio::test]
async fn long_answers_are_compressed_as_asked() {
    let front = front();
    let plain = get(&front, "/collections/places/items?limit=500").await;
    for encoding in ["gzip", "br", "zstd"] {
        let got = get_with(
            &front,
            "/collections/places/items?limit=500",
            &[("accept-encoding", encoding)],
        )
        .await;
        assert_eq!(got.header("content-encoding"), encoding);
        assert!(got.body.len() < plain.body.len() / 3, "{encoding}");
    }
}

#[tokio::test]
async fn pages_for_people_speak_three_languages_and_escape() {
    let front = front();
    for (language, direction) in [("ar", "rtl"), ("ckb", "rtl"), ("en", "ltr")] {
        for path in [
            "/collections",
            "/collections/places",
            "/collections/places/items",
            "/collections/governorates/items/IQG13",
            "/collections/places/schema",
            "/conformance",
            "/tileMatrixSets",
            "/api",
        ] {
            let got = get(&front, &format!("{path}?f=html&lang={language}")).await;
            assert_eq!(got.status, 200, "{path}");
            let text = got.text();
            assert!(text.contains(&format!("dir=\"{direction}\"")), "{path}");
            assert!(!text.contains("<source>"), "{path}");
        }
    }
    let items = get(
        &front,
        "/collections/places/items?f=html&limit=3&worldview=federal&lang=en",
    )
    .await
    .text();
    // In another language the same page of the same view.
    assert!(items.contains("href=\"?f=html&amp;limit=3&amp;worldview=federal&amp;lang=ckb\""));
    assert!(items.contains("Place &quot;0&quot; &amp; co"));
}
