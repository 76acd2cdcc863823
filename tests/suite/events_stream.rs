//! The stream of reports with known groups (`tests/eval/events`): which reports the program links, against those that are
//! about one thing.

use crate::common::geoparser;
use mahwar::{document::Document, events, layers::ReadDocument};
use std::collections::{BTreeMap, BTreeSet};

/// A pair of positions in the stream, the smaller first.
type Pairs = BTreeSet<(usize, usize)>;

struct Report {
    groups: Vec<String>,
    read: ReadDocument,
}

fn reports() -> Vec<Report> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/eval/events/reports.tsv")).unwrap();
    let rows = text.lines().skip(1);
    let reports = rows.map(|row| {
        let cells: Vec<&str> = row.split('\t').collect();
        let [groups, _, publisher, published, text] = cells[..] else {
            panic!("{row:?} has not five cells")
        };
        let mut document = Document::from_text(text.to_owned()).unwrap();
        document.publisher = Some(publisher.to_owned());
        document.published = Some(published.to_owned());
        let parse = read(text, published);
        document.language = parse.language;
        Report {
            groups: groups.split(' ').map(str::to_owned).collect(),
            read: ReadDocument { document, parse },
        }
    });
    reports.collect()
}

/// Reads a text as the store does.
fn read(text: &str, published: &str) -> mahwar::geoparse::Parse {
    geoparser().geoparse_published(text, Some(published))
}

fn known(reports: &[Report]) -> Pairs {
    let mut pairs = Pairs::new();
    for (at, a) in reports.iter().enumerate() {
        for (other, b) in reports.iter().enumerate().skip(at + 1) {
            if a.groups.iter().any(|group| b.groups.contains(group)) {
                pairs.insert((at, other));
            }
        }
    }
    pairs
}

fn linked(events: &[events::Event]) -> Pairs {
    let mut pairs = Pairs::new();
    for event in events {
        let reports: BTreeSet<i64> = event.members.iter().map(|member| member.account.claim.number).collect();
        let reports: Vec<usize> = reports.into_iter().map(|number| number as usize - 1).collect();
        for (at, a) in reports.iter().enumerate() {
            pairs.extend(reports[at + 1..].iter().map(|b| (*a, *b)));
        }
    }
    pairs
}

#[test]
fn reports_of_one_event_are_linked_and_others_are_not() {
    let reports = reports();
    assert!(reports.len() >= 200);
    let events = events::of_documents(reports.iter().map(|report| &report.read));
    let (known, linked) = (known(&reports), linked(&events));
    let name = |(a, b): &(usize, usize)| {
        let report = |at: usize| format!("{} {:?}", reports[at].groups.join(" "), reports[at].read.document.text);
        format!("{}\n      {}", report(*a), report(*b))
    };
    for pair in known.difference(&linked) {
        println!("missed: {}", name(pair));
    }
    for pair in linked.difference(&known) {
        println!("wrong:  {}", name(pair));
    }
    for (at, report) in reports.iter().enumerate() {
        let has = events
            .iter()
            .flat_map(|event| &event.members)
            .any(|member| member.account.claim.number as usize == at + 1);
        if !has {
            println!("no account: {:?}", report.read.document.text);
        }
    }
    let right = known.intersection(&linked).count() as f64;
    let (precision, recall) = (right / linked.len() as f64, right / known.len() as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!(
        "{} pairs known, {} linked: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}",
        known.len(),
        linked.len()
    );
    assert!(f1 >= 0.9, "F1 {f1:.3}");
}

#[test]
fn no_event_holds_days_or_places_that_exclude_each_other() {
    let reports = reports();
    for event in events::of_documents(reports.iter().map(|report| &report.read)) {
        for a in &event.members {
            for b in &event.members {
                let (a, b) = (&a.account, &b.account);
                assert!(a.days.meet(b.days), "{} and {}", a.claim, b.claim);
                assert!(a.site.meets(&b.site), "{} and {}", a.claim, b.claim);
            }
        }
    }
}

#[test]
fn copies_of_a_wire_report_are_one_account_with_several_outlets() {
    let reports = reports();
    let all = events::of_documents(reports.iter().map(|report| &report.read));
    let mut accounts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for event in &all {
        for told in event.told() {
            let number = told.now.account.claim.number as usize;
            let group = reports[number - 1].groups[0].as_str();
            accounts.entry(group).or_default().push(told.outlets.len());
        }
    }
    // Three outlets print the agency's words, and one more with other words makes an account of its own.
    for (group, outlets) in [("W01", 4), ("W02", 3), ("W03", 3)] {
        assert_eq!(
            accounts[group].iter().max(),
            Some(&outlets),
            "{group}: {:?}",
            accounts[group]
        );
    }
}

#[test]
fn a_corrected_toll_of_one_outlet_is_a_revision_of_one_account() {
    let reports = reports();
    let all = events::of_documents(reports.iter().map(|report| &report.read));
    let event = all
        .iter()
        .find(|event| reports[event.members[0].account.claim.number as usize - 1].groups[0] == "R01")
        .unwrap();
    let told = event.told();
    let radio: Vec<_> = told
        .iter()
        .filter(|told| told.now.account.outlet.as_deref() == Some("Radio North"))
        .collect();
    assert_eq!(radio.len(), 1);
    assert_eq!(radio[0].revisions.len(), 2);
    assert_eq!(radio[0].now.account.figures[0].value, Some(5.0));
    let json = event.to_json();
    assert_eq!(json["differs_in"], serde_json::json!(["killed"]), "five and four");
}

/// The events of texts that several outlets published on one day.
fn events_of(texts: &[&str]) -> Vec<events::Event> {
    let documents: Vec<ReadDocument> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let mut document = Document::from_text((*text).to_owned()).unwrap();
            document.publisher = Some(format!("Paper {at}"));
            document.published = Some("2024-03-15".to_owned());
            let parse = read(text, "2024-03-15");
            document.language = parse.language;
            ReadDocument { document, parse }
        })
        .collect();
    events::of_documents(&documents)
}

#[test]
fn like_reports_of_two_places_are_two_events() {
    for (text, one, other) in [
        (
            "A bomb hidden in a cart exploded in a busy market in PLACE on Friday 15 March 2024, killing two traders, the mayor said.",
            "Jalawla",
            "Saadiya",
        ),
        (
            "انفجرت قنبلة وسط سوق شعبي في قضاء PLACE يوم الجمعة 15 آذار 2024 وأدت إلى مقتل شخصين اثنين، بحسب مصدر طبي.",
            "خانقين",
            "المقدادية",
        ),
        (
            "بەیانیی ئەمڕۆ هەینی بۆمبێک لە بازاڕێکی قەرەباڵغی PLACE تەقییەوە و بەهۆیەوە دوو کەس کوژران، بەرپرسێکی تەندروستی وتی.",
            "جەلەولا",
            "سەعدیە",
        ),
    ] {
        let texts = [one, other].map(|place| text.replace("PLACE", place));
        let found = events_of(&texts.each_ref().map(String::as_str));
        let casualties = found
            .iter()
            .filter(|event| event.members[0].account.kind.name() == "casualties");
        assert_eq!(casualties.count(), 2, "{text}");
        for event in &found {
            assert!(event.told().iter().all(|told| told.outlets.len() == 1), "{text}");
        }
    }
}

#[test]
fn those_who_fled_and_those_who_came_back_are_two_events() {
    let found = events_of(&[
        "About 200 families fled villages in Daquq on Friday, the migration office said.",
        "About 200 families returned to villages in Daquq on Friday, an aid group said.",
        "Some 220 families fled Daquq on Friday, residents said.",
    ]);
    let sizes: Vec<usize> = found.iter().map(|event| event.members.len()).collect();
    assert_eq!(sizes, [2, 1]);
}
