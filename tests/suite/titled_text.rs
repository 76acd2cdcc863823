//! Titles of texts that are read and not stored, over HTTP and on the command line. From the report on ingest and search,
//! section A6 (headlines are never read).

use crate::common::{Server, mahwar};
use serde_json::{Value, json};

const TITLE: &str = "هجوم في قضاء داقوق";
const TEXT: &str = "اقرأ المزيد عن الحادث في كركوك.";

#[track_caller]
fn has_both_places(parse: &Value) {
    let places: Vec<(&str, &str)> = parse["mentions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mention| {
            (
                mention["in"].as_str().unwrap_or("text"),
                mention["text"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(places, [("title", "داقوق"), ("text", "كركوك")]);
    assert_eq!(parse["mentions"][0]["start"], 13);
}

#[test]
fn geoparse_reads_the_title_that_is_posted_with_a_text() {
    let server = Server::start();
    let body = json!({"title": TITLE, "published": "2021-12-03", "text": TEXT}).to_string();
    has_both_places(&server.post("/geoparse", "application/json", body.as_bytes()).json());
    for (wrong, member) in [
        (json!({"title": "two\nlines", "text": TEXT}), "title"),
        (json!({"published": "yesterday", "text": TEXT}), "published"),
    ] {
        let answer = server.post("/geoparse", "application/json", wrong.to_string().as_bytes());
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(member), "{}", answer.text());
    }
}

#[test]
fn the_filter_reads_the_title_of_each_line() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("lines.ndjson");
    let good = json!({"id": 1, "title": TITLE, "published": "2021-12-03T08:00:00Z", "text": TEXT});
    let bad = json!({"id": 2, "title": 5, "text": TEXT});
    std::fs::write(&lines, format!("{good}\n{bad}\n")).unwrap();
    let answer = mahwar(&["geoparse", "--ndjson", lines.to_str().unwrap()]);
    let text = String::from_utf8(answer.stdout).unwrap();
    let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    has_both_places(&answers[0]);
    assert!(answers[1]["error"].as_str().unwrap().contains("title"));
    assert_eq!(answer.status.code(), Some(2));
}
