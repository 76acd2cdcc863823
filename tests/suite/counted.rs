//! Numbers and words over HTTP: histograms, facets, totals of a time, units, full text, pages by cursor.

use crate::{
    common::Server,
    writes::{Shelf, TOKEN, post},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Reports in lines of JSON, each different.
fn lines(count: usize) -> String {
    let places = ["مخمور", "خانقين", "كركوك"];
    let line = |nth: usize| {
        let place = places[nth % 3];
        let text = format!(
            "قالت وزارة الداخلية إن {} مدنيين قتلوا في هجوم رقم {nth} في قضاء {place}.",
            2 + nth % 5
        );
        let publisher = ["Agency", "Daily"][nth % 2];
        let published = (!nth.is_multiple_of(7)).then(|| format!("20{:02}-{:02}-15", 20 + nth % 3, 1 + nth % 12));
        json!({"text": text, "published": published, "publisher": publisher}).to_string()
    };
    (0..count).map(line).collect::<Vec<_>>().join("\n")
}

fn filled(shelf: &Shelf, count: usize) -> Server {
    let path = shelf.path("reports.ndjson");
    std::fs::write(&path, lines(count)).unwrap();
    let ingested = shelf.run(&["ingest", path.to_str().unwrap()]);
    assert!(
        ingested.status.success(),
        "{}",
        String::from_utf8_lossy(&ingested.stderr)
    );
    Server::start_with(&["--store", &shelf.address(), "--token", TOKEN])
}

fn json_of(server: &Server, path: &str) -> Value {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

fn sum(histogram: &Value) -> i64 {
    let bins = histogram["bins"].as_array().unwrap();
    bins.iter().map(|bin| bin["count"].as_i64().unwrap()).sum()
}

#[test]
fn histograms_and_totals_of_a_time_agree_with_the_features() {
    let shelf = Shelf::new();
    let server = filled(&shelf, 300);
    let all = json_of(&server, "/histogram?by=day&layer=documents");
    assert_eq!(sum(&all) + all["undated"].as_i64().unwrap(), 300);
    assert_eq!(all["total"], sum(&all));
    for step in ["week", "month", "year"] {
        let other = json_of(&server, &format!("/histogram?by={step}&layer=documents"));
        assert_eq!(sum(&other), sum(&all), "{step}");
        for bin in other["bins"].as_array().unwrap() {
            assert_eq!(
                bin["start"].as_str().unwrap().len(),
                [10, 7, 4][["week", "month", "year"].iter().position(|one| *one == step).unwrap()]
            );
        }
    }
    for time in ["2021-03-15", "2020-06-01/2021-02-20", "../2020-12-31", "2030-01-01/.."] {
        let mentions = json_of(&server, &format!("/histogram?by=month&datetime={time}"));
        let places = json_of(
            &server,
            &format!("/collections/mention_places/items?limit=1000&datetime={time}"),
        );
        let features = places["features"].as_array().unwrap();
        let counted: i64 = features
            .iter()
            .map(|place| place["properties"]["count"].as_i64().unwrap())
            .sum();
        assert_eq!(counted, sum(&mentions), "{time}");
        let dated = json_of(
            &server,
            &format!("/collections/mention_places/items?limit=1000&datetime={time}&properties=count,by_day"),
        );
        for place in dated["features"].as_array().unwrap() {
            let by_day = place["properties"]["by_day"].as_object().unwrap();
            let days: i64 = by_day.values().map(|count| count.as_i64().unwrap()).sum();
            assert_eq!(days, place["properties"]["count"], "{time}");
        }
    }
    let box_of_all = json_of(&server, "/histogram?by=year&bbox=-180,-90,180,90");
    assert_eq!(sum(&box_of_all), sum(&json_of(&server, "/histogram?by=year")));
    for (wrong, names) in [
        ("/histogram?by=decade", "by"),
        ("/histogram?place=IQG11Q04&unit=IQG11", "unit"),
        ("/histogram?layer=claims&bbox=43,34,46,37", "bbox"),
        ("/histogram?datetime=yesterday", "datetime"),
        ("/facets?facets=colour", "facets"),
        ("/facets?facets=publisher&type=casualties", "facets"),
        ("/documents?q=%22", "q"),
        ("/documents?unit=nowhere", "unit"),
        ("/documents?q=a&facets=language", "facets"),
    ] {
        let refused = server.get(wrong);
        assert_eq!(refused.status, 400, "{wrong}");
        assert_eq!(refused.json()["parameter"], names, "{wrong}: {}", refused.text());
    }
}

#[test]
fn units_have_their_documents_claims_and_killed_and_zeros_too() {
    let shelf = Shelf::new();
    let server = filled(&shelf, 120);
    let of = |query: &str| {
        let units = json_of(
            &server,
            &format!("/collections/unit_counts/items?limit=10000&properties=level,documents,claims,killed{query}"),
        );
        units["features"].as_array().unwrap().clone()
    };
    let all = of("");
    let units: i64 = ["governorates", "districts", "subdistricts"]
        .iter()
        .map(|layer| {
            json_of(&server, &format!("/collections/{layer}/items?limit=1"))["numberMatched"]
                .as_i64()
                .unwrap()
        })
        .sum();
    assert_eq!(all.len() as i64, units, "those with zeros too");
    assert!(all.iter().any(|unit| unit["properties"]["documents"] == 0));
    let number = |units: &[Value], id: &str, name: &str| {
        let unit = units.iter().find(|unit| unit["id"] == id).expect("the unit is there");
        unit["properties"][name].as_i64().unwrap()
    };
    // Makhmour, of which every third document speaks.
    assert_eq!(number(&all, "IQG11Q04", "documents"), 40);
    assert!(number(&all, "IQG11Q04", "killed") >= number(&all, "IQG11Q04", "claims"));
    let year = of("&datetime=2021-01-01/2021-12-31");
    assert!(number(&year, "IQG11Q04", "documents") < 40);
    let meetings = of("&type=meeting");
    assert_eq!(meetings.len(), all.len());
    assert_eq!(number(&meetings, "IQG11Q04", "documents"), 0);
    let casualties = of("&type=casualties");
    assert_eq!(
        number(&casualties, "IQG11Q04", "claims"),
        number(&all, "IQG11Q04", "claims")
    );
    let tile = server.get("/xyz/unit_counts/6/39/25.mvt?filter=type%3D'casualties'&datetime=2021-01-01/2021-12-31");
    assert_eq!(tile.status, 200);
    let csv = server.get("/downloads/unit_counts.csv?datetime=2021-01-01/2021-12-31");
    assert_eq!((csv.status, csv.text().lines().count() as i64), (200, units + 1));
}

#[test]
fn documents_are_found_by_words_with_snippets_and_counted_in_facets() {
    let shelf = Shelf::new();
    let server = filled(&shelf, 60);
    let found = |query: &str| json_of(&server, &format!("/documents?{query}"));
    let ids = |value: &Value| -> BTreeSet<i64> {
        let documents = value["documents"].as_array().unwrap();
        documents
            .iter()
            .map(|document| document["number"].as_i64().unwrap())
            .collect()
    };
    let makhmour = found("q=%D9%85%D9%8E%D8%AE%D9%85%D9%88%D8%B1");
    assert_eq!(ids(&makhmour).len(), 20);
    for document in makhmour["documents"].as_array().unwrap() {
        let snippet = &document["snippet"];
        let [start, end] = [0, 1].map(|at| snippet["marks"][0][at].as_u64().unwrap() as usize);
        let marked: String = snippet["text"]
            .as_str()
            .unwrap()
            .chars()
            .skip(start)
            .take(end - start)
            .collect();
        assert_eq!(marked, "مخمور");
    }
    assert_eq!(ids(&found("place=IQG11Q04")), ids(&makhmour));
    assert!(ids(&found("unit=IQG11")).is_superset(&ids(&makhmour)));
    assert_eq!(
        ids(&found(
            "publisher=Agency&q=%22%D9%82%D8%B6%D8%A7%D8%A1%20%D9%85%D8%AE%D9%85%D9%88%D8%B1%22"
        ))
        .len(),
        10
    );
    assert_eq!(ids(&found("type=meeting")).len(), 0);
    let newest = found("order=newest&limit=3");
    assert_eq!(newest["documents"][0]["number"], 60);
    // The next page keeps every filter.
    let (mut seen, mut path) = (BTreeSet::new(), "/documents?publisher=Daily&limit=7".to_owned());
    loop {
        let page = json_of(&server, &path);
        for number in ids(&page) {
            assert!(seen.insert(number));
        }
        let Some(next) = page["next"].as_str() else { break };
        path = next.trim_start_matches(&server.url).to_owned();
    }
    assert_eq!(seen.len(), 30);
    let facets = &found("limit=1&facets=publisher,type,speaker,language")["facets"];
    assert_eq!(
        facets["publisher"]["values"][0],
        json!({"value": "Agency", "documents": 30, "mentions": 30, "claims": facets["publisher"]["values"][0]["claims"]})
    );
    assert_eq!(facets["language"]["values"][0]["documents"], 60);
    let alone = json_of(&server, "/facets");
    assert_eq!(alone["facets"]["speaker"], facets["speaker"]);
    let at = json_of(&server, "/facets?unit=IQG11Q04&facets=type");
    assert!(at["facets"]["type"]["values"][0]["documents"].as_i64().unwrap() <= 20);
}

#[test]
fn pages_go_on_by_cursor_without_a_gap_in_every_order() {
    let shelf = Shelf::new();
    // More than are kept in memory.
    let server = filled(&shelf, 700);
    for (layer, order) in [
        ("claims", ""),
        ("claims", "&sortby=-published"),
        ("claims", "&sortby=published"),
        ("claims", "&sortby=-published&type=casualties"),
        ("mentions", "&sortby=-published"),
        ("documents", "&sortby=-published"),
        ("mentions", ""),
    ] {
        let (mut seen, mut dates) = (Vec::new(), Vec::new());
        let mut path = format!("/collections/{layer}/items?limit=97{order}");
        loop {
            let page = json_of(&server, &path);
            for feature in page["features"].as_array().unwrap() {
                seen.push(feature["id"].as_str().unwrap().to_owned());
                dates.push(feature["properties"]["published"].as_str().map(str::to_owned));
            }
            let links = page["links"].as_array().unwrap();
            let Some(next) = links.iter().find(|link| link["rel"] == "next") else {
                break;
            };
            path = next["href"]
                .as_str()
                .unwrap()
                .trim_start_matches(&server.url)
                .to_owned();
            assert!(path.contains("cursor="), "{path}");
        }
        let different: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(
            (seen.len(), different.len()),
            (different.len(), seen.len()),
            "{layer}{order}"
        );
        assert!(seen.len() >= 700, "{layer}{order}: {}", seen.len());
        // The same as by offset.
        let page = json_of(
            &server,
            &format!("/collections/{layer}/items?limit=50&offset=300{order}"),
        );
        let by_offset: Vec<&str> = page["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap())
            .collect();
        assert_eq!(
            by_offset,
            seen[300..350].iter().map(String::as_str).collect::<Vec<_>>(),
            "{layer}{order}"
        );
        if order.contains("sortby=-") {
            let dated: Vec<&String> = dates.iter().map_while(Option::as_ref).collect();
            assert!(dated.is_sorted_by(|a, b| a >= b) && dates[dated.len()..].iter().all(Option::is_none));
        }
    }
    for wrong in ["nothing", "a-1", "v-1-1-zz", "a-1-1&sortby=-published"] {
        let refused = server.get(&format!("/collections/claims/items?cursor={wrong}"));
        assert_eq!(refused.status, 400, "{wrong}");
        assert_eq!(refused.json()["parameter"], "cursor", "{wrong}");
    }
}

/// A document that comes or goes between two pages moves no row of another.
#[test]
fn a_page_of_a_small_store_begins_behind_the_last_feature_of_the_page_before() {
    let shelf = Shelf::new();
    let server = filled(&shelf, 40);
    let ids = |page: &Value| -> Vec<String> {
        let features = page["features"].as_array().unwrap();
        features
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let next = |page: &Value| {
        let links = page["links"].as_array().unwrap();
        let next = links.iter().find(|link| link["rel"] == "next");
        next.map(|link| {
            link["href"]
                .as_str()
                .unwrap()
                .trim_start_matches(&server.url)
                .to_owned()
        })
    };
    let before = json_of(&server, "/collections/documents/items?limit=1000&sortby=-published");
    let mut page = json_of(&server, "/collections/documents/items?limit=10&sortby=-published");
    let mut seen = ids(&page);
    let newer = json!({"text": "Police said that two people were killed in Kirkuk.", "published": "2031-01-01"});
    assert_eq!(
        post(&server, "application/json", newer.to_string().as_bytes()).status,
        201
    );
    while let Some(path) = next(&page) {
        page = json_of(&server, &path);
        seen.extend(ids(&page));
    }
    assert_eq!(seen, ids(&before));
}

#[test]
fn a_store_of_an_older_version_is_counted_when_it_is_opened_and_repaired_on_demand() {
    let shelf = Shelf::new();
    let before = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-0.1.0.sqlite");
    std::fs::copy(before, shelf.path("store.db")).unwrap();
    let server = shelf.server();
    let counted = json_of(&server, "/histogram?layer=documents");
    assert_eq!(sum(&counted) + counted["undated"].as_i64().unwrap(), 3);
    let ready = server.get("/readyz").json();
    assert_eq!(ready["outdated_documents"], 3, "nobody noted who read them: {ready}");
    drop(server);
    let store = shelf.address();
    assert!(shelf.run(&["check", "--store", &store]).status.success());
    rusqlite::Connection::open(shelf.path("store.db"))
        .unwrap()
        .execute_batch("UPDATE counts SET documents = documents + 5 WHERE dimension = 'all' AND period = '*'")
        .unwrap();
    let wrong = shelf.run(&["check", "--store", &store]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains("the counts by all of all documents"));
    let repaired = shelf.run(&["check", "--store", &store, "--repair"]);
    assert!(
        repaired.status.success(),
        "{}",
        String::from_utf8_lossy(&repaired.stdout)
    );
    assert!(shelf.run(&["check", "--store", &store]).status.success());
}

#[test]
fn a_document_with_very_many_mentions_is_counted_once() {
    let shelf = Shelf::new();
    let text = "وقعت هجمات في قضاء مخمور.\n".repeat(3_000);
    let line = json!({"text": text, "published": "2021-12-03"}).to_string();
    let path = shelf.path("long.ndjson");
    std::fs::write(&path, line).unwrap();
    assert!(shelf.run(&["ingest", path.to_str().unwrap()]).status.success());
    let server = shelf.server();
    let places = json_of(&server, "/collections/mention_places/items?datetime=2021-12-03");
    let makhmour = &places["features"][0]["properties"];
    assert_eq!(
        (makhmour["count"].as_i64(), makhmour["documents"].as_i64()),
        (Some(3_000), Some(1))
    );
}

/// Numbers that a map writes on its places.
fn numbers_of_map(server: &Server, query: &str) -> Vec<i64> {
    let path =
        format!("/maps/light.svg?bbox=42,33,46,37&width=1200&height=1200&lang=en&frame=0&layers=mention_places{query}");
    let answer = server.get(&path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    let text = answer.text();
    let texts = text.split("<text").skip(1).filter_map(|rest| {
        let inner = rest.split_once('>')?.1.split("</text>").next()?.to_owned();
        let plain: String = inner
            .split('<')
            .map(|part| part.rsplit('>').next().unwrap_or(""))
            .collect();
        plain.trim().parse().ok()
    });
    let mut numbers: Vec<i64> = texts.collect();
    numbers.sort_unstable();
    numbers
}

/// From the report on pictures of a month that printed the numbers of all time.
#[test]
fn pictures_of_a_period_have_the_counts_of_the_period() {
    let shelf = Shelf::new();
    let stored = filled(&shelf, 90);
    let folder = shelf.path("seeds");
    std::fs::create_dir(&folder).unwrap();
    for (at, (day, text)) in [
        (
            "2021-01-10",
            "Clashes in Khanaqin. Shelling of Khanaqin. Fire in Khanaqin.",
        ),
        ("2022-01-10", "Clashes in Khanaqin. Shelling of Khanaqin."),
    ]
    .into_iter()
    .enumerate()
    {
        std::fs::write(folder.join(format!("{at}.txt")), text).unwrap();
        std::fs::write(folder.join(format!("{at}.toml")), format!("published = \"{day}\"\n")).unwrap();
    }
    let memory = Server::start_with(&["--seeds", folder.to_str().unwrap()]);
    for (server, period) in [(&stored, "2020-01-01/2020-12-31"), (&memory, "2021-01-01/2021-12-31")] {
        let counts = |query: &str| {
            let page = json_of(server, &format!("/collections/mention_places/items?limit=1000{query}"));
            let features = page["features"].as_array().unwrap().iter();
            let mut counts: Vec<i64> = features
                .filter_map(|place| place["properties"]["count"].as_i64())
                // A single mention has no number.
                .filter(|count| *count > 1)
                .collect();
            counts.sort_unstable();
            counts
        };
        let dated = format!("&datetime={period}");
        assert_ne!(counts(&dated), counts(""));
        assert_eq!(numbers_of_map(server, &dated), counts(&dated), "{period}");
        assert_eq!(numbers_of_map(server, ""), counts(""), "all time");
    }
}
