//! The counts of a store and the results of its indexes, run against each database.

use crate::{
    common::geoparser,
    store_fixture::{Place, drawn, gazetteer_place, read, report, ruling, seed_document, sound, store},
};
use mahwar::{
    layers::{CountKey, CountTable, Counts, Days, Dimension, EVER, Units},
    store::{
        FindQuery, NewDocument, Order, Question, SeriesQuery, SortField, SortedQuery, Store, SumsBy, TotalsQuery,
        Verdict,
    },
};
use std::collections::BTreeSet;

crate::store_fixture::contract! {
    totals_are_those_of_the_documents
    counts_follow_rulings_reparses_and_deletions
    a_check_sees_a_wrong_count_and_a_rebuild_mends_it
    counting_goes_on_where_it_was_interrupted
    days_of_the_first_and_the_last_year_are_counted
    words_are_found_in_every_spelling
    documents_are_found_by_what_they_say
    rows_come_in_order_from_any_row_on
    a_copy_counts_the_same
}

fn units() -> Units {
    Units::of_places(geoparser().gazetteer().places())
}

fn days(first: &str, last: &str) -> Days {
    Days {
        first: first.parse().unwrap(),
        last: last.parse().unwrap(),
    }
}

fn corpus() -> Vec<NewDocument> {
    let mut all: Vec<NewDocument> = (0..9).map(report).collect();
    all.push(seed_document());
    all.push(read("قتل 3 مدنيين في قضاء مخمور.", None));
    all.push(read(
        "Five people were killed in Khanaqin, police said.",
        Some("2022-02-05"),
    ));
    for (nth, one) in all.iter_mut().enumerate() {
        one.document.publisher = Some(["Agency", "وكالة"][nth % 2].to_owned());
    }
    all
}

/// Every question, asked of a store and of a table in memory of the same documents.
fn same(store: &dyn Store, documents: &[NewDocument]) {
    let read: Vec<_> = documents
        .iter()
        .map(|new| mahwar::layers::ReadDocument {
            document: new.document.clone(),
            parse: new.parse.clone(),
        })
        .collect();
    let table = CountTable::of(&read, &units());
    let spans = [
        None,
        Some(days("2021-12-04", "2021-12-04")),
        Some(days("2021-12-01", "2022-01-31")),
        Some(days("0001-01-01", "9999-12-31")),
    ];
    for dimension in Dimension::ALL {
        for span in spans {
            let periods = match span {
                None => vec![EVER.to_owned()],
                Some(span) => table
                    .days()
                    .and_then(|all| span.within(all))
                    .map_or_else(Vec::new, Days::periods),
            };
            for kind in ["", "attack_count", "casualties"] {
                let asked = TotalsQuery {
                    kind: kind.to_owned(),
                    days: span,
                    ..TotalsQuery::of(dimension)
                };
                let expected = table.totals(dimension, kind, "", &periods);
                let expected: Vec<_> = expected.into_iter().filter(|(_, counts)| !counts.is_zero()).collect();
                assert_eq!(store.totals(&asked).unwrap(), expected, "{asked:?}");
            }
        }
    }
    let all = CountKey::new(Dimension::All, "");
    for by in [SumsBy::Kind, SumsBy::Speaker] {
        let asked = TotalsQuery {
            by,
            ..TotalsQuery::of(Dimension::All)
        };
        let expected = table.said(&all, by == SumsBy::Speaker, &[EVER.to_owned()]);
        assert_eq!(store.totals(&asked).unwrap(), expected, "{by:?}");
    }
    for letters in [10, 7, 4] {
        let asked = SeriesQuery {
            key: all.clone(),
            values: Vec::new(),
            letters,
            days: None,
            ruled: true,
        };
        let expected = table.series(&all).filter(|(period, _)| period.len() == letters);
        let expected: Vec<_> = expected.map(|(period, counts)| (period.to_owned(), counts)).collect();
        assert_eq!(store.series(&asked).unwrap(), expected);
    }
    assert_eq!(store.days().unwrap(), table.days());
}

fn totals_are_those_of_the_documents(place: &dyn Place) {
    let store = store(place);
    store.use_units(&units()).unwrap();
    let documents = corpus();
    store.put_many(documents.clone()).unwrap();
    same(&*store, &documents);
    let at = |unit: &str, kind: &str| {
        let asked = TotalsQuery {
            value: Some(unit.to_owned()),
            kind: kind.to_owned(),
            ..TotalsQuery::of(Dimension::Unit)
        };
        store
            .totals(&asked)
            .unwrap()
            .first()
            .map_or_else(Counts::default, |(_, counts)| *counts)
    };
    // Makhmour is in two governorates, as both sides have it, and counts in each.
    let makhmour = at("IQG11Q04", "");
    assert!(makhmour.documents >= 10, "{makhmour:?}");
    assert!(at("IQG11", "").documents >= makhmour.documents);
    let places = store.place_totals(true, None).unwrap();
    let place = places.iter().find(|total| total.place.id == "IQG11Q04").unwrap();
    assert_eq!(place.days, Some(days("2021-12-03", "2022-01-01")));
    let within = store
        .place_totals(true, Some(days("2021-12-04", "2021-12-04")))
        .unwrap();
    assert!(
        within
            .iter()
            .find(|total| total.place.id == "IQG11Q04")
            .unwrap()
            .counts
            .mentions
            < place.counts.mentions
    );
    sound(&*store);
}

fn counts_follow_rulings_reparses_and_deletions(place: &dyn Place) {
    let store = store(place);
    store.use_units(&units()).unwrap();
    let mut documents = corpus();
    let put = store.put_many(documents.clone()).unwrap();
    let span = drawn(&documents[0].parse).offsets.byte;
    for verdict in [
        Verdict::Reject,
        Verdict::Move(Box::new(gazetteer_place("IQG01"))),
        Verdict::Associative,
    ] {
        store.add_ruling(ruling(&put[0].id, span, verdict)).unwrap();
        sound(&*store);
    }
    let last = store.rulings(&put[0].id).unwrap().last().unwrap().id;
    store.undo(last, "analyst", None).unwrap();
    sound(&*store);
    let moved = TotalsQuery {
        value: Some("IQG01".to_owned()),
        ..TotalsQuery::of(Dimension::Place)
    };
    assert_eq!(store.totals(&moved).unwrap()[0].1.mentions, 1);
    let unruled = TotalsQuery { ruled: false, ..moved };
    assert!(store.totals(&unruled).unwrap().is_empty());
    store.delete(&put[0].id, None, "by mistake").unwrap();
    sound(&*store);
    documents.remove(0);
    same(&*store, &documents);
    let mut parse = documents[1].parse.clone();
    parse.mentions.clear();
    parse.claims.clear();
    store.reparse(&documents[1].document.id, &parse).unwrap();
    sound(&*store);
    documents[1].parse = parse;
    same(&*store, &documents);
    for document in &documents {
        store.delete(&document.document.id, None, "all").unwrap();
    }
    sound(&*store);
    assert!(store.totals(&TotalsQuery::of(Dimension::Unit)).unwrap().is_empty());
    assert_eq!(store.days().unwrap(), None);
}

fn a_check_sees_a_wrong_count_and_a_rebuild_mends_it(place: &dyn Place) {
    let store = store(place);
    store.use_units(&units()).unwrap();
    let documents = corpus();
    store.put_many(documents.clone()).unwrap();
    for damage in [
        "UPDATE counts SET claims = claims + 1 WHERE dimension = 'all' AND kind = '' AND speaker = '' AND period = '2021-12'",
        "DELETE FROM counts WHERE dimension = 'unit' AND period = '2021-12-04'",
        "INSERT INTO counts VALUES ('place', 'nowhere', '', '', '*', 1, 1, 0, 0, 1, 1, 0, 0)",
    ] {
        place.run(damage);
        let findings = store.check(&mut |_, _| {}).unwrap();
        assert!(
            findings
                .iter()
                .any(|finding| finding.what.contains("are not those of the documents")),
            "{damage}: {findings:?}"
        );
        store.rebuild().unwrap();
        sound(&*store);
        same(&*store, &documents);
    }
}

fn counting_goes_on_where_it_was_interrupted(place: &dyn Place) {
    let documents: Vec<NewDocument> = (0..450).map(report).collect();
    let opened = store(place);
    opened.use_units(&units()).unwrap();
    let put = opened.put_many(documents.clone()).unwrap();
    let span = drawn(&documents[7].parse).offsets.byte;
    opened.add_ruling(ruling(&put[7].id, span, Verdict::Reject)).unwrap();
    opened.delete(&put[3].id, None, "before it is counted").unwrap();
    // As a store that an older version wrote, after a part of it was counted and the process was killed.
    place.run("DELETE FROM counts; UPDATE store SET counted = 0, searchable = 0;");
    let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        opened.build(&mut |done, _| assert!(done < 200, "stopped"))
    }));
    assert!(stopped.is_err());
    assert_eq!(opened.unfinished().unwrap(), Some((200, 450)));
    opened.put(report(451)).unwrap();
    opened
        .add_ruling(ruling(
            &put[9].id,
            drawn(&documents[9].parse).offsets.byte,
            Verdict::Reject,
        ))
        .unwrap();
    drop(opened);
    let opened = store(place);
    opened.build(&mut |_, _| {}).unwrap();
    assert_eq!(opened.unfinished().unwrap(), None);
    sound(&*opened);
    let found = opened
        .find(&FindQuery {
            question: Some(Question::read("مخمور").unwrap()),
            limit: 1000,
            looked_at: 1000,
            ..FindQuery::default()
        })
        .unwrap();
    assert_eq!(found.documents.len(), 450);
}

fn days_of_the_first_and_the_last_year_are_counted(place: &dyn Place) {
    let store = store(place);
    store.use_units(&units()).unwrap();
    let dates = ["0001-01-01", "9999-12-31", "2021-12-03"];
    let documents: Vec<NewDocument> = dates
        .iter()
        .enumerate()
        .map(|(nth, day)| read(&format!("وقعت {nth} هجمات في قضاء مخمور."), Some(day)))
        .collect();
    store.put_many(documents.clone()).unwrap();
    same(&*store, &documents);
    let total = &store.place_totals(true, None).unwrap()[0];
    assert_eq!(total.days, Some(days("0001-01-01", "9999-12-31")));
    for day in dates {
        let within = store.place_totals(true, Some(days(day, day))).unwrap();
        assert_eq!(within[0].counts.mentions, 1, "{day}");
    }
    sound(&*store);
}

fn found(store: &dyn Store, query: FindQuery) -> BTreeSet<String> {
    let query = FindQuery {
        limit: 100,
        looked_at: 1000,
        ..query
    };
    let found = store.find(&query).unwrap();
    found
        .documents
        .into_iter()
        .map(|stored| stored.read.document.id)
        .collect()
}

fn words_are_found_in_every_spelling(place: &dyn Place) {
    let store = store(place);
    let documents = [
        read("وقعت هجمات في كَرْكُوك.", None),
        read("هێرشێک لە کەرکووک ڕوویدا.", None),
        read("An attack in Kirkuk; police said nothing.", None),
        read("لم يحدث شيء في أربيل سنة ٢٠٢١.", None),
    ];
    store.put_many(documents.to_vec()).unwrap();
    for asked in [
        "كركوك",
        "کرکوک",
        "KIRKUK police",
        "\"police said\"",
        "\"said police\"",
        "اربيل 2021",
        "ارب*",
        "کەرک*",
        "بغداد",
        "\"في كركوك\"",
    ] {
        let question = Question::read(asked).unwrap();
        let expected: BTreeSet<String> = documents
            .iter()
            .filter(|new| question.is_in(&new.document.title, &new.document.text))
            .map(|new| new.document.id.clone())
            .collect();
        let query = FindQuery {
            question: Some(question),
            ..FindQuery::default()
        };
        assert_eq!(found(&*store, query), expected, "{asked}");
    }
    let kirkuk = FindQuery {
        question: Some(Question::read("kirkuk").unwrap()),
        ..FindQuery::default()
    };
    assert_eq!(found(&*store, kirkuk.clone()).len(), 1);
    store.delete(&documents[2].document.id, None, "gone").unwrap();
    assert!(found(&*store, kirkuk).is_empty());
    sound(&*store);
}

fn documents_are_found_by_what_they_say(place: &dyn Place) {
    let store = store(place);
    store.use_units(&units()).unwrap();
    let documents = corpus();
    store.put_many(documents.clone()).unwrap();
    let ids = |fits: &dyn Fn(&NewDocument) -> bool| -> BTreeSet<String> {
        let all = documents.iter().filter(|new| fits(new));
        all.map(|new| new.document.id.clone()).collect()
    };
    let query = FindQuery::default;
    let at = |new: &NewDocument, wanted: &dyn Fn(&str) -> bool| {
        let mut mentions = new.parse.mentions.iter().filter(|mention| mention.is_drawn());
        mentions.any(|mention| wanted(&mention.place.as_ref().unwrap().id))
    };
    assert_eq!(
        found(
            &*store,
            FindQuery {
                place: Some("IQG11Q04".to_owned()),
                ..query()
            }
        ),
        ids(&|new| at(new, &|id| id == "IQG11Q04"))
    );
    let units = units();
    assert_eq!(
        found(
            &*store,
            FindQuery {
                unit: Some("IQG11".to_owned()),
                ..query()
            }
        ),
        ids(&|new| at(new, &|id| units.holding(id).iter().any(|unit| unit == "IQG11")))
    );
    assert_eq!(
        found(
            &*store,
            FindQuery {
                publisher: Some("وكالة".to_owned()),
                ..query()
            }
        ),
        ids(&|new| new.document.publisher.as_deref() == Some("وكالة"))
    );
    assert_eq!(
        found(
            &*store,
            FindQuery {
                language: Some("en".to_owned()),
                ..query()
            }
        ),
        ids(&|new| new.document.language.tag() == "en")
    );
    assert_eq!(
        found(
            &*store,
            FindQuery {
                days: Some(days("2022-01-01", "2022-12-31")),
                ..query()
            }
        ),
        ids(&|new| new
            .document
            .published
            .as_deref()
            .is_some_and(|day| day.starts_with("2022")))
    );
    let speakers: BTreeSet<String> = documents
        .iter()
        .flat_map(|new| {
            new.parse
                .claims
                .iter()
                .filter_map(|claim| new.parse.attribution(claim.attribution.as_deref()?))
        })
        .filter_map(|said| said.speaker.as_ref().map(|speaker| speaker.words.text.clone()))
        .collect();
    assert!(!speakers.is_empty());
    for speaker in speakers {
        assert!(
            !found(
                &*store,
                FindQuery {
                    speaker: Some(speaker),
                    ..query()
                }
            )
            .is_empty()
        );
    }
    assert_eq!(
        found(
            &*store,
            FindQuery {
                unit: Some("no such".to_owned()),
                ..query()
            }
        ),
        BTreeSet::new()
    );
    // Pages both ways, without a gap.
    for order in [Order::Arrival, Order::Newest] {
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = store
                .find(&FindQuery {
                    publisher: Some("Agency".to_owned()),
                    order,
                    after,
                    limit: 2,
                    looked_at: 1000,
                    ..query()
                })
                .unwrap();
            seen.extend(page.documents.iter().map(|stored| stored.number));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mut sorted = seen.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!((seen.len(), sorted.len()), (6, 6));
    }
}

fn rows_come_in_order_from_any_row_on(place: &dyn Place) {
    let store = store(place);
    let documents = corpus();
    store.put_many(documents.clone()).unwrap();
    // As the layer puts them in order: by value, then by arrival, those without a date last.
    let mut expected: Vec<(Option<String>, i64, u32)> = Vec::new();
    for (number, new) in (1..).zip(&documents) {
        let claims = (1..).zip(&new.parse.claims);
        expected.extend(claims.map(|(ordinal, _)| (new.document.published.clone(), number, ordinal)));
    }
    assert!(expected.len() > 10);
    for descending in [false, true] {
        let mut expected = expected.clone();
        expected.sort_by(|(a, a_number, a_ordinal), (b, b_number, b_ordinal)| {
            let value = match (a, b) {
                (Some(a), Some(b)) if descending => b.cmp(a),
                (Some(a), Some(b)) => a.cmp(b),
                _ => a.is_none().cmp(&b.is_none()),
            };
            value.then((a_number, a_ordinal).cmp(&(b_number, b_ordinal)))
        });
        for limit in [1, 3, 1000] {
            let (mut after, mut seen) = (None, Vec::new());
            loop {
                let page = store
                    .sorted(&SortedQuery {
                        layer: "claims".to_owned(),
                        field: SortField::Published,
                        descending,
                        days: None,
                        kind: None,
                        speaker: None,
                        ruled: true,
                        after: after.clone(),
                        skip: 0,
                        limit,
                    })
                    .unwrap()
                    .unwrap();
                let Some(last) = page.rows.last().cloned() else { break };
                assert_eq!(last.value, documents[last.number as usize - 1].document.published);
                after = Some((last.value, last.number, last.ordinal));
                seen.extend(page.rows.into_iter().map(|row| (row.number, row.ordinal)));
                if page.next.is_none() {
                    break;
                }
            }
            let expected: Vec<_> = expected
                .iter()
                .map(|(_, number, ordinal)| (*number, *ordinal))
                .collect();
            assert_eq!(seen, expected, "descending {descending}, {limit} a page");
        }
    }
}

fn a_copy_counts_the_same(place: &dyn Place) {
    let (from, beside) = (store(place), place.another());
    from.use_units(&units()).unwrap();
    let documents = corpus();
    let put = from.put_many(documents.clone()).unwrap();
    let span = drawn(&documents[0].parse).offsets.byte;
    let moved = Verdict::Move(Box::new(gazetteer_place("IQG01")));
    from.add_ruling(ruling(&put[0].id, span, moved)).unwrap();
    from.delete(&put[4].id, None, "gone").unwrap();
    let to = store(&*beside);
    mahwar::store::copy(&*from, &*to, &mut |_, _| {}).unwrap();
    sound(&*to);
    for dimension in Dimension::ALL {
        let asked = TotalsQuery::of(dimension);
        assert_eq!(to.totals(&asked).unwrap(), from.totals(&asked).unwrap());
    }
}
