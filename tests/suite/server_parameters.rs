//! Every parameter of every resource, wrong in every way; and every example of the OpenAPI document, right.

use crate::server_endpoints::{LOCAL_NAMES, asks_words_of_land};
use crate::server_fixture::{Got, TEXT, assert_problem, front, get, is_needed, path_of, percent, send};
use axum::{body::Body, http::Request};
use mahwar::server::{Kind, OPERATIONS, Operation, Parameter, TileFastPath};
use serde_json::Value;

/// Values that a parameter of this kind does not take.
fn wrong_values(parameter: &Parameter) -> Vec<String> {
    let number = |number: f64| number.to_string();
    let mut wrong: Vec<String> = vec![String::new(), "%zz".to_owned(), "%".to_owned(), "%FF%FE".to_owned()];
    let mut add = |values: &[&str]| wrong.extend(values.iter().map(|value| percent(value)));
    match parameter.kind {
        // A longer value than an address has is refused before it is read.
        Kind::Text { max } if max > 60_000 => add(&["\0"]),
        Kind::Text { max } => add(&["\0", &"x".repeat(max + 1)]),
        Kind::Part { max } => {
            // Empty, it is as absent.
            wrong.remove(0);
            wrong.extend([percent("\0"), "x".repeat(max + 1)]);
        }
        Kind::Remark { max } => add(&[" ", "\0", &"x".repeat(max + 1)]),
        Kind::ScriptName { max } => {
            // Empty, it is as absent.
            wrong.remove(0);
            wrong.extend(["alert(1)", "a..b", "1a", ".a", "a-b"].map(percent));
            wrong.push("x".repeat(max + 1));
        }
        Kind::Day => add(&[
            "yesterday",
            "2021",
            "2021-02-30",
            "2021-13-01",
            "2021-01-01/2021-01-02",
            "..",
        ]),
        Kind::Integer { min, max, clamp, .. } => {
            add(&["NaN", "ten", "1.5", "1e3", "0x10", "٣", "+5", " 5", "-", "5 ", "1,2"]);
            add(&["1000000000000", "99999999999999999999", "-99999999999999999999"]);
            add(&[&(min - 1).to_string()]);
            if !clamp {
                add(&[&(max + 1).to_string()]);
            }
        }
        Kind::Number { min, max } => {
            add(&["NaN", "inf", "-inf", "infinity", "1e999", "0x1", "ten", "1,2", "١"]);
            add(&[&number(min - 0.5), &number(max + 0.5)]);
        }
        Kind::Flag => add(&["2", "maybe", "01", "truefalse"]),
        Kind::OneOf(words) => add(&[
            "nonsense",
            &words[0].to_uppercase().replace(['0', '1'], "7"),
            &format!("{0},{0}", words[0]),
        ]),
        Kind::Language => add(&["fr", "EN", "ar-IQ!", "ar,ckb"]),
        Kind::Worldview => add(&["martian", "../neutral", "neutral,federal"]),
        Kind::Bbox => add(&[
            "1,2,3",
            "1,2,3,4,5",
            "1,2,3,4,5,6,7",
            "a,b,c,d",
            "NaN,0,1,1",
            "inf,0,1,1",
            "1e999,0,1,1",
            "0x1,0,1,1",
            ",,,",
            "0,-91,1,0",
            "5000,0,6000,1",
        ]),
        Kind::Crs => add(&["EPSG:4326", "4326", "http://www.opengis.net/def/crs/EPSG/0/27700", "[]"]),
        Kind::Datetime => add(&[
            "yesterday",
            "2021",
            "2021-13-01",
            "2021-02-30",
            "2021-12-31/2021-01-01",
            "/",
            "a/b",
            "P2D",
            "../P2D",
            "now",
            "2021-01-01/2021-01-02/2021-01-03",
        ]),
        Kind::Layers => add(&["none", "places,,governorates", "documents,none"]),
        Kind::Definition => add(&["none", "../"]),
        Kind::List { .. } => add(&[",", "a,,b", " "]),
    }
    // Values that only some parameters of a kind refuse.
    match parameter.name {
        "bbox" => wrong.push("0,10,10,0".to_owned()),
        "filter" => {
            let deep = |open: &str, close: &str, depth: usize| {
                percent(&format!("{}1{}", open.repeat(depth), close.repeat(depth)))
            };
            wrong.extend([deep("(", ")", 1000), deep("NOT ", "", 500), deep("(", ")", 10_000)]);
            wrong.extend([
                deep(r#"{"op":"not","args":["#, "]}", 150),
                deep(r#"{"op":"not","args":["#, "]}", 600),
            ]);
            wrong.extend(
                [
                    "nothing = 1",
                    "name = ",
                    "name = 1 AND",
                    "S_INTERSECTS(geometry, POINT(NaN 1))",
                ]
                .map(percent),
            );
        }
        "sortby" | "properties" => wrong.push("nothing".to_owned()),
        _ => {}
    }
    wrong
}

async fn ask(front: &TileFastPath, operation: &Operation, query: &[String]) -> Got {
    let address = format!("{}?{}", path_of(operation, "places", "wof-0"), query.join("&"));
    if operation.method == "get" {
        return get(front, &address).await;
    }
    let request = Request::post(address).header("content-type", "text/plain");
    send(front, request.body(Body::from(TEXT)).unwrap()).await
}

fn given(parameter: &Parameter) -> String {
    format!("{}={}", parameter.name, percent(parameter.example))
}

/// The examples of all required parameters but one.
fn required(operation: &Operation, but: &str) -> Vec<String> {
    let parameters = operation.parameters.iter();
    let required = parameters.filter(|parameter| {
        let needed = parameter.required || is_needed(operation.path, parameter.name, but);
        needed && parameter.name != but
    });
    required.map(|parameter| given(parameter)).collect()
}

/// Operations that only read, or that change nothing. Reconciliation clients add parameters of their own, so those
/// resources refuse none: `reconcile.rs` tests them.
fn operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.method == "get" || operation.path == "/geoparse")
        .filter(|operation| !operation.path.starts_with("/reconcile"))
        .filter(|operation| !operation.path.starts_with("/wmts/{"))
}

fn is_raster_tile(operation: &Operation) -> bool {
    operation.id.ends_with("map.getTile") || operation.path.starts_with("/maps/{style}/{z}")
}

#[tokio::test]
async fn a_wrong_value_is_a_problem_that_names_the_parameter_and_what_it_takes() {
    let front = front();
    let mut asked = 0;
    for operation in operations() {
        for parameter in operation.parameters {
            for wrong in wrong_values(parameter) {
                let mut query = vec![format!("{}={wrong}", parameter.name)];
                query.extend(required(operation, parameter.name));
                let got = ask(&front, operation, &query).await;
                let about = format!("{} {}={:.60}", operation.path, parameter.name, wrong);
                if got.status == 414 {
                    assert!(wrong.len() > 10_000, "{about}");
                    assert_problem(&got, 414, None, &about);
                    continue;
                }
                assert_problem(&got, 400, Some(parameter.name), &about);
                let detail = got.json()["detail"].as_str().unwrap().to_owned();
                assert!(
                    detail.contains(parameter.name) || detail.contains("percent-encoded") || detail.contains("field"),
                    "{about}: {detail}"
                );
                assert!(detail.len() < 2000, "{about}: an answer repeats what was sent");
                asked += 1;
            }
        }
    }
    assert!(asked > 2000, "{asked}");
}

#[tokio::test]
async fn a_parameter_that_is_unknown_repeated_or_missing_is_named() {
    let front = front();
    for operation in operations() {
        let mut query = required(operation, "");
        query.push("nonsense=1".to_owned());
        let got = ask(&front, operation, &query).await;
        match is_raster_tile(operation) {
            // Viewers add keys, and numbers against caches.
            true => assert_eq!(got.status, 200, "{}", operation.path),
            false => assert_problem(&got, 400, Some("nonsense"), operation.path),
        }
        for parameter in operation.parameters {
            let mut query = required(operation, parameter.name);
            query.extend([given(parameter), given(parameter)]);
            let got = ask(&front, operation, &query).await;
            assert_problem(&got, 400, Some(parameter.name), operation.path);
            if parameter.required {
                let got = ask(&front, operation, &required(operation, parameter.name)).await;
                assert_problem(&got, 400, Some(parameter.name), operation.path);
            }
        }
    }
}

#[tokio::test]
async fn what_no_resource_has_is_answered_with_what_it_has() {
    let front = front();
    for (method, path, allow) in [
        ("POST", "/collections", "GET, HEAD, OPTIONS"),
        ("DELETE", "/collections/places/items/wof-0", "GET, HEAD, OPTIONS"),
        ("GET", "/geoparse", "POST, OPTIONS"),
    ] {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let got = send(&front, request).await;
        assert_problem(&got, 405, None, path);
        assert_eq!(methods(got.header("allow")), methods(allow), "{method} {path}");
        let request = Request::options(path).body(Body::empty()).unwrap();
        let got = send(&front, request).await;
        assert_eq!(got.status, 204);
        assert_eq!(methods(got.header("allow")), methods(allow), "{path}");
        assert_eq!(got.header("access-control-allow-origin"), "*");
        assert_eq!(methods(got.header("access-control-allow-methods")), methods(allow));
    }
}

fn methods(list: &str) -> Vec<&str> {
    let mut methods: Vec<&str> = list.split(',').map(str::trim).collect();
    methods.sort_unstable();
    methods
}

/// An example of the document as a value of a query or a path: lists in form style, not exploded.
fn written(example: &Value) -> String {
    match example {
        Value::String(text) => percent(text),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn every_example_of_the_openapi_document_works() {
    let front = front();
    let document = get(&front, "/api").await.json();
    let mut tried = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        // The land of this test has no events and no local names; `events_api` and `local_names` ask for those of others.
        if path.starts_with("/events/{") || path == LOCAL_NAMES {
            continue;
        }
        let operation = &operations["get"];
        let Some(parameters) = operation["parameters"].as_array() else {
            continue;
        };
        let mut path = path.clone();
        for parameter in parameters.iter().filter(|parameter| parameter["in"] == "path") {
            let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
            path = path.replace(&name, &written(&parameter["example"]));
        }
        let pair = |parameter: &Value| {
            format!(
                "{}={}",
                parameter["name"].as_str().unwrap(),
                written(&parameter["example"])
            )
        };
        let in_query: Vec<&Value> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query")
            .collect();
        for parameter in &in_query {
            let name = &parameter["name"];
            if asks_words_of_land(&path, name.as_str().unwrap_or_default()) {
                continue;
            }
            // One is nothing without the other.
            let beside = if name == "bounded" { "viewbox" } else { "" };
            let others = in_query.iter().filter(|other| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let needed = is_needed(&path, &text(&other["name"]), &text(name));
                other["name"] != *name && (other["required"] == true || other["name"] == beside || needed)
            });
            let query: Vec<String> = others.map(|other| pair(other)).chain([pair(parameter)]).collect();
            let address = format!("{path}?{}", query.join("&"));
            let got = get(&front, &address).await;
            assert!(
                got.status.is_success(),
                "{address}: {}",
                String::from_utf8_lossy(&got.body)
            );
            tried += 1;
        }
        let required = in_query.iter().filter(|parameter| parameter["required"] == true);
        let query: Vec<String> = required.map(|parameter| pair(parameter)).collect();
        let got = get(&front, &format!("{path}?{}", query.join("&"))).await;
        assert!(
            operation["responses"][got.status.as_str()].is_object(),
            "{path} answers {}",
            got.status
        );
    }
    assert!(tried > 100, "{tried}");
}
