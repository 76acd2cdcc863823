//! Times of texts, by the sets in `tests/eval/times`.

use crate::common;
use mahwar::geoparse::{Parse, Time};
use serde::Deserialize;
use std::{fs, path::Path};

#[derive(Deserialize)]
struct Row {
    text: String,
    published: Option<String>,
    time: Option<Gold>,
}

/// The words, and their days: neither day for an expression that must stay unresolved.
#[derive(Deserialize)]
struct Gold {
    text: String,
    from: Option<String>,
    to: Option<String>,
}

fn rows(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/eval/times")
        .join(file);
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn read(text: &str, published: Option<&str>) -> Parse {
    common::geoparser().geoparse_published(text, published)
}

pub(crate) fn day(day: Option<jiff::civil::Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

pub(crate) fn written(time: &Time) -> String {
    format!(
        "[{}] {:?}..{:?} {:?}",
        time.words.text,
        day(time.from),
        day(time.to),
        time.unresolved
    )
}

/// True if the found times are those of the row.
fn is_right(row: &Row, found: &Parse) -> bool {
    let Some(gold) = &row.time else {
        return found.times.is_empty();
    };
    let start = row.text.find(&gold.text).expect("the words stand in the text");
    let end = start + gold.text.len();
    let overlaps = |time: &&std::sync::Arc<Time>| {
        let [from, to] = time.words.offsets.byte;
        from < end && start < to
    };
    let mut there = found.times.iter().filter(overlaps);
    let one = there.next();
    let days = |time: &Time| (day(time.from), day(time.to)) == (gold.from.clone(), gold.to.clone());
    there.next().is_none()
        && one.is_some_and(|time| days(time) && (gold.from.is_some() || gold.to.is_some() || time.unresolved.is_some()))
}

fn share_right(file: &str) -> f64 {
    let rows = rows(file);
    let mut right = 0;
    for row in &rows {
        let found = read(&row.text, row.published.as_deref());
        if is_right(row, &found) {
            right += 1;
        } else {
            let times: Vec<_> = found.times.iter().map(|time| written(time)).collect();
            let gold = row.time.as_ref().map(|gold| (&gold.text, &gold.from, &gold.to));
            println!(
                "{file}: {}\n    wanted {gold:?}\n    found {}",
                row.text,
                times.join(" ")
            );
        }
    }
    let share = f64::from(right) / rows.len() as f64;
    println!("{file}: {right} of {} right, {share:.3}", rows.len());
    share
}

const FLOOR: f64 = 0.95;

#[test]
fn arabic_times_are_right() {
    assert!(share_right("ar.jsonl") >= FLOOR);
}

#[test]
fn sorani_times_are_right() {
    assert!(share_right("ckb.jsonl") >= FLOOR);
}

#[test]
fn english_times_are_right() {
    assert!(share_right("en.jsonl") >= FLOOR);
}

/// Sentences that the rules were not written with.
#[test]
fn held_out_times_are_right() {
    assert!(share_right("held_out.jsonl") >= FLOOR);
}

#[test]
fn a_claim_and_its_place_have_the_time_of_their_sentence() {
    let parse = read("قتل ثلاثة جنود أمس السبت في كركوك.", Some("2021-12-05T09:00:00+03:00"));
    let claim = &parse.claims[0];
    let time = claim.time.as_ref().expect("the claim has a time");
    assert_eq!(day(time.from).as_deref(), Some("2021-12-04"));
    assert_eq!(time.relative_to.as_deref(), Some("published"));
    assert_eq!(parse.mentions[0].time.as_ref(), Some(time));
}

#[test]
fn a_day_of_publication_is_that_of_the_land() {
    let text = "Three soldiers were killed yesterday in Kirkuk.";
    let of = |published| day(read(text, Some(published)).times[0].from);
    assert_eq!(of("2021-12-04T22:30:00Z").as_deref(), Some("2021-12-04"));
    assert_eq!(of("2021-12-04T20:30:00Z").as_deref(), Some("2021-12-03"));
}

#[test]
fn a_time_is_counted_from_another_one_of_the_text() {
    let text = "On 3 March 2021 a bomb exploded in Kirkuk. The following day two men were arrested. Police left two days later.";
    let parse = read(text, Some("2021-12-05"));
    let days: Vec<_> = parse.times.iter().map(|time| day(time.from).unwrap()).collect();
    assert_eq!(days, ["2021-03-03", "2021-03-04", "2021-03-06"]);
    assert_eq!(parse.times[1].relative_to.as_deref(), Some("t1"));
}

#[test]
fn the_json_of_a_time_has_its_members() {
    let parse = read("Three were killed yesterday in Kirkuk.", Some("2021-12-05"));
    let json = serde_json::to_value(&parse).unwrap();
    let time = &json["times"][0];
    assert_eq!(time["text"], "yesterday");
    assert_eq!(
        (&time["from"], &time["to"]),
        (&"2021-12-04".into(), &"2021-12-04".into())
    );
    assert_eq!(time["calendar"], "gregorian");
    assert_eq!(time["relative_to"], "published");
    let unresolved = read("Three were killed yesterday in Kirkuk.", None);
    let json = serde_json::to_value(&unresolved).unwrap();
    assert_eq!(json["times"][0]["from"], serde_json::Value::Null);
    assert_eq!(json["times"][0]["unresolved"], "no_publication_date");
}
