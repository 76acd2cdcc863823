//! `?min_confidence=` on features, vector tiles and raster tiles.

use crate::writes::{Shelf, post};

#[test]
fn unsure_points_are_left_out_of_layers_and_pictures() {
    let shelf = Shelf::new();
    let server = shelf.server();
    let text = "Three people were killed in Kalar on Monday.";
    assert_eq!(post(&server, "text/plain", text.as_bytes()).status, 201);
    let items = |least: &str| {
        let answer = server.get(&format!("/collections/mentions/items?limit=100{least}"));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["features"].as_array().expect("features").clone()
    };
    let all = items("");
    let confidence = all[0]["properties"]["confidence"].as_f64().expect("a confidence");
    assert!(confidence < 1.0);
    assert_eq!(items(&format!("&min_confidence={confidence}")).len(), all.len());
    assert!(items("&min_confidence=1").is_empty());

    for tile in ["/xyz/mention_places/6/39/25.mvt", "/maps/light/6/39/25.png"] {
        let body = |query: &str| {
            let answer = server.get(&format!("{tile}{query}"));
            assert!(matches!(answer.status, 200 | 204), "{tile}{query}: {}", answer.text());
            answer.body
        };
        let whole = body("");
        assert!(!body("?min_confidence=0.1").is_empty(), "{tile}");
        assert_ne!(body("?min_confidence=1"), whole, "{tile}");
    }
}

#[test]
fn documents_are_narrowed_by_the_confidence_of_their_places() {
    let shelf = Shelf::new();
    let server = shelf.server();
    for text in [
        "Three people were killed in Kalar on Monday.",
        "Nothing was said of any place.",
    ] {
        assert_eq!(post(&server, "text/plain", text.as_bytes()).status, 201);
    }
    let found = |query: &str| {
        let list = server.get(&format!("/documents?{query}")).json();
        assert_eq!(list["total"], list["numberMatched"], "{list}");
        (
            list["numberMatched"].as_u64().unwrap(),
            list["documents"].as_array().unwrap().len(),
        )
    };
    assert_eq!(found("limit=1"), (3, 1), "with the seed");
    assert_eq!(found("min_confidence=0.05"), (2, 2));
    assert_eq!(found("min_confidence=1"), (0, 0));
    assert_eq!(found("q=Kalar&min_confidence=0.05"), (1, 1));
    assert_eq!(found("publisher=nobody"), (0, 0));
    // A place without a date is in no period.
    let places = |query: &str| {
        let list = server
            .get(&format!("/collections/mention_places/items?f=json{query}"))
            .json();
        list["features"].as_array().unwrap().len()
    };
    assert!(places("") > 1);
    for period in ["2021-01-01/2021-12-31", "2021-01-01/..", "../2021-12-31"] {
        assert_eq!(places(&format!("&datetime={period}")), 0, "{period}");
    }
}
