//! `/reconcile` as OpenRefine uses it: the shapes are those of the JSON schemas of the Reconciliation Service API 0.2.

use super::common::{Answer, Server};
use serde_json::{Value, json};

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn form(server: &Server, name: &str, value: &Value) -> Answer {
    let body = format!("{name}={}", encoded(&value.to_string()));
    server.post("/reconcile", "application/x-www-form-urlencoded", body.as_bytes())
}

/// The candidates of one query, each checked by the schema of a result batch.
fn candidates(server: &Server, query: Value) -> Vec<Value> {
    let answer = form(server, "queries", &json!({"q": query}));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let value = answer.json();
    assert_eq!(value.as_object().unwrap().len(), 1);
    let result = value["q"]["result"].as_array().expect("a list of candidates").clone();
    let scores: Vec<f64> = result
        .iter()
        .map(|one| one["score"].as_f64().expect("a score"))
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    for one in &result {
        assert!(
            one["id"].is_string() && one["name"].is_string() && one["match"].is_boolean(),
            "{one}"
        );
        assert!(
            one["description"].is_string() && one["type"][0]["id"].is_string(),
            "{one}"
        );
        for feature in one["features"].as_array().unwrap() {
            assert!(feature["id"].is_string() && (feature["value"].is_number() || feature["value"].is_boolean()));
        }
    }
    result
}

#[test]
fn the_manifest_says_where_everything_is_and_it_is_there() {
    let server = Server::start();
    let manifest = server.get("/reconcile").json();
    assert!(manifest["versions"].as_array().unwrap().contains(&json!("0.2")));
    for member in ["name", "identifierSpace", "schemaSpace"] {
        assert!(!manifest[member].as_str().unwrap().is_empty(), "{member}");
    }
    for template in [&manifest["view"]["url"], &manifest["preview"]["url"]] {
        let address = template.as_str().unwrap();
        assert!(address.contains("{{id}}"), "{address}");
        let path = address
            .strip_prefix(&server.url)
            .expect("on this server")
            .replace("{{id}}", "IQG11Q04");
        let page = server.get(&path);
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, "text/html; charset=utf-8")
        );
        assert!(page.text().contains("Makhmour") && page.text().contains("مخمور"));
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        assert!(!page.text().contains("style=") && !page.text().contains("<script"));
    }
    assert!(manifest["preview"]["width"].is_u64() && manifest["preview"]["height"].is_u64());
    for kind in manifest["defaultTypes"].as_array().unwrap() {
        assert!(kind["id"].is_string() && kind["name"].is_string());
    }
    for (kind, prefix, id) in [
        ("entity", "Makhm", "IQG11Q04"),
        ("type", "dist", "district"),
        ("property", "gov", "governorate"),
    ] {
        let service = &manifest["suggest"][kind];
        let join = |url: &str, path: &str| {
            let address = format!("{}{}", service[url].as_str().unwrap(), service[path].as_str().unwrap());
            address.strip_prefix(&server.url).expect("on this server").to_owned()
        };
        let found = server
            .get(&format!("{}?prefix={prefix}", join("service_url", "service_path")))
            .json();
        let found = found["result"].as_array().unwrap().clone();
        assert!(found.iter().any(|one| one["id"] == id), "{kind}: {found:?}");
        assert!(found.iter().all(|one| one["name"].is_string()));
        let path = join("flyout_service_url", "flyout_service_path");
        assert!(path.contains("${id}"));
        let flyout = server.get(&path.replace("${id}", id)).json();
        assert_eq!(flyout["id"], id);
        assert!(flyout["html"].as_str().unwrap().starts_with('<'));
    }
    let service = &manifest["extend"]["propose_properties"];
    let address = format!(
        "{}{}",
        service["service_url"].as_str().unwrap(),
        service["service_path"].as_str().unwrap()
    );
    let path = address.strip_prefix(&server.url).unwrap();
    let proposed = server.get(&format!("{path}?type=district&limit=4")).json();
    assert_eq!((&proposed["type"], &proposed["limit"]), (&json!("district"), &json!(4)));
    assert_eq!(proposed["properties"].as_array().unwrap().len(), 4);
    assert_eq!(server.get("/reconcile").header("access-control-allow-origin"), "*");
}

#[test]
fn a_name_is_matched_when_one_place_has_it() {
    let server = Server::start();
    let found = candidates(&server, json!({"query": "مخمور", "type": "district"}));
    assert_eq!(
        (&found[0]["id"], &found[0]["match"]),
        (&json!("IQG11Q04"), &json!(true))
    );
    // A town, a governorate and a district have this name: which one is for a person to say.
    let found = candidates(&server, json!({"query": "Kirkuk", "limit": 3}));
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|one| one["match"] == false), "{found:?}");
    let found = candidates(
        &server,
        json!({"query": "Kirkuk", "type": ["governorate", "region"], "type_strict": "any"}),
    );
    assert_eq!((&found[0]["id"], &found[0]["match"]), (&json!("IQG13"), &json!(true)));
    // A spelling that is a little off is a candidate, and no match.
    let found = candidates(&server, json!({"query": "Khanagin", "type": "district"}));
    assert_eq!(
        (&found[0]["id"], &found[0]["match"]),
        (&json!("IQG10Q05"), &json!(false))
    );
    let found = candidates(&server, json!({"query": "IQG10Q05"}));
    assert_eq!(
        (&found[0]["id"], &found[0]["match"]),
        (&json!("IQG10Q05"), &json!(true))
    );
    assert!(candidates(&server, json!({"query": "Qxzvwkjh"})).is_empty());
}

#[test]
fn properties_tell_namesakes_apart() {
    let server = Server::start();
    let name = "السلام";
    let all = candidates(&server, json!({"query": name, "limit": 50}));
    assert!(all.len() > 3, "there are namesakes");
    for value in [
        json!("Baghdad"),
        json!("بغداد"),
        json!({"id": "IQG08"}),
        json!(["Nowhere", "Baghdad"]),
    ] {
        let query = json!({"query": name, "limit": 50, "properties": [{"pid": "governorate", "v": value}]});
        let within = candidates(&server, query);
        // Those elsewhere follow with lower scores.
        assert_eq!(within.len(), all.len(), "{value}");
        let before = |one: &Value| {
            all.iter()
                .find(|other| other["id"] == one["id"])
                .map(|other| other["score"].clone())
        };
        let within: Vec<&Value> = (within.iter())
            .filter(|one| before(one).as_ref() == Some(&one["score"]))
            .collect();
        assert!(!within.is_empty(), "{value}");
        assert!(within.len() < all.len(), "{value}");
        let ids: Vec<&Value> = within.iter().map(|one| &one["id"]).collect();
        let rows = form(
            &server,
            "extend",
            &json!({"ids": ids, "properties": [{"id": "governorate"}]}),
        )
        .json();
        for id in ids {
            let cells = rows["rows"][id.as_str().unwrap()]["governorate"].as_array().unwrap();
            assert!(
                cells.iter().any(|cell| cell["id"] == "IQG08"),
                "{value} {id}: {cells:?}"
            );
        }
    }
    let elsewhere =
        json!({"query": "Makhmour", "type": "district", "properties": [{"pid": "governorate", "v": "Basra"}]});
    let elsewhere = candidates(&server, elsewhere);
    assert_eq!(
        (&elsewhere[0]["id"], &elsewhere[0]["match"]),
        (&json!("IQG11Q04"), &json!(false))
    );
    assert!(elsewhere[0]["score"].as_f64() < Some(70.0), "{elsewhere:?}");
    let near = json!({"query": "Kirkuk", "properties": [{"pid": "lat", "v": 35.468}, {"pid": "lon", "v": "44.392"}, {"pid": "level", "v": "settlement"}]});
    assert_eq!(candidates(&server, near)[0]["id"], "wof-890449811");
    // Properties alone are a query too.
    let by_code = candidates(&server, json!({"properties": [{"pid": "pcode", "v": "IQG10Q05"}]}));
    assert_eq!((by_code.len(), &by_code[0]["match"]), (1, &json!(true)));
}

#[test]
fn a_batch_is_answered_key_by_key_by_form_and_by_address() {
    let server = Server::start();
    let batch = json!({"a": {"query": "Erbil"}, "b": {"query": "Kifri", "limit": 1}, "c": {"query": "Qxzvwkjh"}});
    let posted = form(&server, "queries", &batch).json();
    let got = server
        .get(&format!("/reconcile?queries={}", encoded(&batch.to_string())))
        .json();
    assert_eq!(posted, got);
    let keys: Vec<&String> = posted.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["a", "b", "c"]);
    assert_eq!(posted["b"]["result"].as_array().unwrap().len(), 1);
    assert_eq!(posted["c"]["result"], json!([]));
    let sorani = server.post(
        "/reconcile?lang=ckb",
        "application/x-www-form-urlencoded; charset=UTF-8",
        format!(
            "queries={}",
            encoded(&json!({"q": {"query": "Makhmour", "type": "district"}}).to_string())
        )
        .as_bytes(),
    );
    assert_eq!(sorani.json()["q"]["result"][0]["name"], "مەخموور");
}

#[test]
fn columns_are_fetched_for_places_that_were_matched() {
    let server = Server::start();
    let properties = [
        "name:ar",
        "name:ckb",
        "level",
        "governorate",
        "country",
        "lon",
        "population",
        "wikidata",
        "parent",
    ];
    let properties: Vec<Value> = properties.iter().map(|id| json!({"id": id})).collect();
    let asked = json!({"ids": ["IQG10Q05", "nothing"], "properties": properties});
    let value = form(&server, "extend", &asked).json();
    assert_eq!(
        value,
        server
            .get(&format!("/reconcile?extend={}", encoded(&asked.to_string())))
            .json()
    );
    assert!(
        value["meta"]
            .as_array()
            .unwrap()
            .iter()
            .all(|meta| meta["id"].is_string() && meta["name"].is_string())
    );
    assert_eq!(value["meta"][3]["type"]["id"], "governorate");
    let row = &value["rows"]["IQG10Q05"];
    assert_eq!(row["name:ar"], json!([{"str": "خانقين"}]));
    assert_eq!(row["governorate"][0]["id"], "IQG10");
    assert_eq!(row["country"][0], json!({"id": "IQ", "name": "Iraq"}));
    assert!((row["lon"][0]["float"].as_f64().unwrap() - 45.27).abs() < 0.01);
    assert!(row["parent"].as_array().unwrap().len() > 1);
    for cells in row.as_object().unwrap().values() {
        for cell in cells.as_array().unwrap() {
            let keys: Vec<&String> = cell.as_object().unwrap().keys().collect();
            assert!(
                [&["str"][..], &["float"], &["int"], &["id", "name"]]
                    .iter()
                    .any(|allowed| keys == *allowed),
                "{cell}"
            );
        }
    }
    let unknown = value["rows"]["nothing"].as_object().unwrap();
    assert!(unknown.len() == 9 && unknown.values().all(|cells| *cells == json!([])));
}

#[test]
fn what_cannot_be_answered_is_refused_with_its_reason() {
    let server = Server::start();
    let many: serde_json::Map<String, Value> = (0..51).map(|nth| (format!("q{nth}"), json!({"query": "a"}))).collect();
    assert_eq!(form(&server, "queries", &Value::Object(many)).status, 413);
    for (name, value, says) in [
        ("queries", json!([]), "object"),
        ("extend", json!({"ids": ["IQ"]}), "properties"),
        ("extend", json!({"ids": [1], "properties": []}), "ids"),
        ("extend", json!({"ids": [], "properties": [{"id": "colour"}]}), "colour"),
        ("extend", json!({"ids": [], "properties": [5]}), "property"),
        ("extend", json!({"ids": vec!["IQ"; 1001], "properties": []}), "1000"),
    ] {
        let answer = form(&server, name, &value);
        assert_eq!(answer.status, 400, "{value}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["parameter"], name, "{value}");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{value}: {problem}");
    }
    let post = |media: &str, body: &str| server.post("/reconcile", media, body.as_bytes());
    let urlencoded = "application/x-www-form-urlencoded";
    assert_eq!(post("application/json", "{}").status, 415);
    assert_eq!(post(urlencoded, "").status, 400);
    assert_eq!(post(urlencoded, "queries=%zz").status, 400);
    assert_eq!(
        post(urlencoded, &format!("queries={}", "[".repeat(100_000))).status,
        400
    );
    assert_eq!(
        post(urlencoded, &format!("queries={}", "a".repeat(2_000_000))).status,
        413
    );
    assert_eq!(post(urlencoded, "queries=%7B%7D&extend=%7B%7D").status, 400);
    // Unknown parameters are ignored: this is the manifest.
    assert!(server.get("/reconcile?query=Kirkuk").json()["versions"].is_array());
    assert_eq!(server.get("/reconcile/preview?id=nothing").status, 404);
    assert_eq!(server.get("/reconcile/preview").status, 400);
    assert_eq!(server.get("/reconcile/suggest/colour?prefix=a").status, 404);
    assert_eq!(server.get("/reconcile/suggest/entity").status, 400);
    assert_eq!(server.get("/reconcile/flyout/type?id=planet").status, 404);
    for address in [
        "/reconcile?callback=alert(1)",
        "/reconcile/suggest/entity?prefix=a&callback=a-b",
    ] {
        let answer = server.get(address);
        assert_eq!(
            (answer.status, &answer.json()["parameter"]),
            (400, &json!("callback")),
            "{address}"
        );
    }
}

// Report "OpenRefine's search for match, type box and property box always fail".
#[test]
fn parameters_that_openrefine_adds_change_nothing() {
    let server = Server::start();
    let added = "&spell=always&exact=false&prefixed=true&scoring=schema&type=&type_strict=any&_=1700000000000";
    for (path, query) in [
        ("/reconcile/suggest/entity", "prefix=Kirk"),
        ("/reconcile/suggest/type", "prefix=dist"),
        ("/reconcile/suggest/property", "prefix=gov"),
        ("/reconcile/flyout/entity", "id=IQG13"),
        ("/reconcile/preview", "id=IQG13"),
        ("/reconcile/properties", "limit=3"),
        ("/reconcile", ""),
    ] {
        let (plain, more) = (format!("{path}?{query}"), format!("{path}?{query}{added}"));
        let (plain, more) = (server.get(&plain), server.get(&more));
        assert_eq!((more.status, more.text()), (200, plain.text()), "{path}");
    }
    let districts = server
        .get("/reconcile/suggest/entity?prefix=Kirk&type=district&limit=2")
        .json();
    let districts = districts["result"].as_array().unwrap();
    assert!((1..=2).contains(&districts.len()), "{districts:?}");
    assert!(districts.iter().all(|one| one["notable"][0]["id"] == "district"));
    assert_eq!(
        server.get("/reconcile/suggest/entity?prefix=").json()["result"],
        json!([])
    );
    for address in ["/reconcile/properties", "/reconcile/properties?type=planet"] {
        assert!(server.get(address).json()["properties"].as_array().unwrap().len() > 10);
    }
}

#[test]
fn answers_of_the_gazetteer_can_be_had_as_scripts() {
    let server = Server::start();
    for path in [
        "/reconcile?",
        "/reconcile?queries=%7B%22q%22%3A%7B%22query%22%3A%22Kifri%22%7D%7D&",
        "/reconcile/suggest/entity?prefix=Kif&",
        "/reconcile/flyout/entity?id=IQG13&",
        "/reconcile/properties?type=district&",
    ] {
        let plain = server.get(path);
        let script = server.get(&format!("{path}callback=jQuery1.done_2"));
        assert_eq!(
            script.header("content-type"),
            "application/javascript; charset=utf-8",
            "{path}"
        );
        assert_eq!(script.header("x-content-type-options"), "nosniff");
        assert_eq!(
            script.text(),
            format!("/**/jQuery1.done_2({});", plain.text()),
            "{path}"
        );
    }
    // Documents are not of the gazetteer.
    assert_eq!(server.get("/documents?callback=a").status, 400);
}

// Report "one odd cell fails the whole batch of up to 50".
#[test]
fn an_odd_cell_leaves_the_rest_of_its_batch_alone() {
    let server = Server::start();
    let alone = candidates(&server, json!({"query": "Makhmour", "type": "district"}));
    for odd in [
        json!({"query": ""}),
        json!({"query": "   "}),
        json!({"query": "\u{a0}"}),
        json!({"query": null}),
        json!({"query": null, "properties": [{"pid": "level", "v": "district"}]}),
        json!({}),
        json!("Kirkuk"),
        json!(null),
        json!([1]),
    ] {
        let batch = json!({"a": {"query": "Makhmour", "type": "district"}, "odd": odd});
        let answer = form(&server, "queries", &batch);
        assert_eq!(answer.status, 200, "{batch}");
        let answer = answer.json();
        assert_eq!(answer["a"]["result"], json!(alone), "{batch}");
        assert_eq!(answer["odd"]["result"], json!([]), "{batch}");
    }
    // Values without a meaning beside a name are ignored.
    for more in [
        json!({"limit": 0}),
        json!({"limit": "many"}),
        json!({"type": ""}),
        json!({"type": []}),
        json!({"type_strict": "never"}),
        json!({"properties": {}}),
        json!({"properties": [{"pid": "level"}]}),
        json!({"properties": [{"pid": "colour", "v": "red"}]}),
        json!({"properties": [{"pid": "lon", "v": "N/A"}, {"pid": "lat", "v": ""}]}),
        json!({"properties": [{"pid": "governorate", "v": null}, {"pid": "governorate", "v": "  "}]}),
    ] {
        let mut query = json!({"query": "Makhmour"});
        let plain = candidates(&server, query.clone());
        query.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        assert_eq!(candidates(&server, query), plain, "{more}");
    }
    let unknown = candidates(&server, json!({"query": "Makhmour", "type": "Q515"}));
    assert!(unknown.is_empty(), "{unknown:?}");
}

// Report "a property that does not fit empties the list".
#[test]
fn a_property_that_does_not_fit_lowers_the_score() {
    let server = Server::start();
    let best = |governorate: &str| {
        let query =
            json!({"query": "Hawija", "type": "district", "properties": [{"pid": "governorate", "v": governorate}]});
        candidates(&server, query)[0].clone()
    };
    let score = |one: &Value| one["score"].as_f64().unwrap();
    let right = best("Kirkuk");
    assert_eq!((&right["id"], &right["match"]), (&json!("IQG13Q01"), &json!(true)));
    for odd in ["Kirkok", "Iraq"] {
        let odd = best(odd);
        assert_eq!((&odd["id"], &odd["match"]), (&json!("IQG13Q01"), &json!(false)));
        assert_eq!(score(&odd), score(&right));
    }
    let iso = best("IQ-KI");
    assert_eq!((&iso["id"], &iso["match"]), (&json!("IQG13Q01"), &json!(true)));
    for wrong in ["Basra", "Qxzvwkjh"] {
        let wrong = best(wrong);
        assert_eq!((&wrong["id"], &wrong["match"]), (&json!("IQG13Q01"), &json!(false)));
        assert!(score(&wrong) < score(&right));
    }
    let comma = json!({"query": "Kirkuk", "type": "settlement", "properties": [{"pid": "lat", "v": "35,468"}, {"pid": "lon", "v": "44,392"}]});
    assert_eq!(candidates(&server, comma)[0]["id"], "wof-890449811");
}

// Report "reconciliation matches the wrong place when the cell goes from coarse to fine".
#[test]
fn the_finest_part_of_a_cell_is_meant_whichever_way_it_is_written() {
    let server = Server::start();
    for (cell, kind, id) in [
        ("Diyala, Khanaqin", "district", "IQG10Q05"),
        ("Khanaqin, Diyala", "district", "IQG10Q05"),
        ("ديالى، خانقين", "district", "IQG10Q05"),
        ("Erbil, Makhmour", "district", "IQG11Q04"),
        ("Iraq, Kirkuk, Hawija", "district", "IQG13Q01"),
        ("Hawija, Kirkuk, Iraq", "district", "IQG13Q01"),
        ("Diyala / Khanaqin", "district", "IQG10Q05"),
        ("Diyala - Khanaqin", "district", "IQG10Q05"),
    ] {
        let found = candidates(&server, json!({"query": cell, "type": kind}));
        assert_eq!(
            (&found[0]["id"], &found[0]["match"]),
            (&json!(id), &json!(true)),
            "{cell}: {found:?}"
        );
        // Of any type: several places may be meant, and never one of the coarser parts.
        let coarser = ["IQ", "IQ-KR", "IQG10", "IQG11", "IQG13"];
        for one in candidates(&server, json!({"query": cell})) {
            let is_coarser = coarser.contains(&one["id"].as_str().unwrap());
            assert!(!(is_coarser && one["match"] == true), "{cell}: {one}");
        }
        let first = server.get(&format!("/search?q={}", encoded(cell))).json()[0]["mahwar"]["id"].clone();
        assert!(!coarser.contains(&first.as_str().unwrap()), "{cell}: {first}");
    }
    // The last part is no place: the coarser one is a candidate, and no match.
    for cell in ["Kirkuk, Qxzvwkjh", "Nineveh, Qxzvwkjh"] {
        let found = candidates(&server, json!({"query": cell, "type": "governorate"}));
        assert!(
            !found.is_empty() && found.iter().all(|one| one["match"] == false),
            "{cell}: {found:?}"
        );
    }
}

#[test]
fn a_blank_cell_of_pandas_is_blank_and_leaves_the_batch_whole() {
    let server = Server::start();
    let queries = r#"{"a":{"query":NaN},"b":{"query":"NaN Kirkuk"},"c":{"query":"Kirkuk","properties":[{"pid":"population","v":-Infinity}]}}"#;
    let body = format!("queries={}", encoded(queries));
    let answer = server.post("/reconcile", "application/x-www-form-urlencoded", body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.json();
    assert_eq!(found["a"]["result"], json!([]));
    assert_eq!(found["c"]["result"][0]["name"], "Kirkuk", "{found}");
    let broken = form_text(&server, r#"{"a":{"query":NaNa}}"#);
    assert_eq!(broken.status, 400);
}

fn form_text(server: &Server, queries: &str) -> Answer {
    let body = format!("queries={}", encoded(queries));
    server.post("/reconcile", "application/x-www-form-urlencoded", body.as_bytes())
}

#[test]
fn a_cell_that_names_another_kind_is_never_sure() {
    let server = Server::start();
    for (query, kind) in [
        ("Erbil Governorate", "settlement"),
        ("Sinjar District", "settlement"),
        ("قضاء سنجار", "settlement"),
        ("محافظة أربيل", "settlement"),
        ("Kirkuk city", "governorate"),
    ] {
        let found = candidates(&server, json!({"query": query, "type": kind}));
        assert!(
            found.iter().all(|one| one["match"] == false),
            "{query} as {kind}: {found:?}"
        );
    }
    for (query, kind) in [("Erbil Governorate", "governorate"), ("قضاء سنجار", "district")] {
        let found = candidates(&server, json!({"query": query, "type": kind}));
        assert_eq!(found[0]["match"], true, "{query} as {kind}: {found:?}");
    }
}
