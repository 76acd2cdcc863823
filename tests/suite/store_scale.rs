//! Answers of a store whatever its size: pages at an offset, totals from the counts, and rows that an index lists where they
//! are few and that are met on the way where they are many. Run against each database.

use crate::{
    common::geoparser,
    store_fixture::{Place, drawn, gazetteer_place, read, report, ruling, seed_document, sound, store},
};
use mahwar::{
    layers::{Days, Units},
    store::{
        Area, ClaimQuery, ClaimRow, FindQuery, MentionQuery, NewDocument, SortField, SortedQuery, Store,
        StoredDocument, Verdict,
    },
};

crate::store_fixture::contract! {
    pages_at_an_offset_are_parts_of_the_whole_list
    the_number_of_documents_that_fit_is_that_of_those_found
    many_rows_are_found_as_few_are
    claims_of_an_area_are_those_of_its_places_and_of_its_regions
    units_of_claims_are_filled_in_where_it_was_interrupted
}

fn days(first: &str, last: &str) -> Days {
    Days {
        first: first.parse().unwrap(),
        last: last.parse().unwrap(),
    }
}

/// Documents in three languages, two without a date, two from one outlet.
fn filled(place: &dyn Place) -> (std::sync::Arc<dyn Store>, Vec<NewDocument>) {
    let store = store(place);
    store
        .use_units(&Units::of_places(geoparser().gazetteer().places()))
        .unwrap();
    let mut documents: Vec<NewDocument> = (0..9).map(report).collect();
    documents.push(seed_document());
    documents.push(read("قتل 3 مدنيين في قضاء مخمور.", None));
    documents.push(read(
        "Five people were killed in Khanaqin, police said.",
        Some("2022-02-05"),
    ));
    documents.push(read(
        "Police said that two people were killed in Kirkuk.",
        Some("2022-02-06T10:00:00Z"),
    ));
    documents[1].document.publisher = Some("Agency".to_owned());
    documents[11].document.publisher = Some("Agency".to_owned());
    store.put_many(documents.clone()).unwrap();
    (store, documents)
}

fn sorted(field: SortField, descending: bool, skip: usize, limit: usize) -> SortedQuery {
    SortedQuery {
        layer: "claims".to_owned(),
        field,
        descending,
        days: None,
        kind: None,
        speaker: None,
        ruled: true,
        after: None,
        skip,
        limit,
    }
}

fn claims(store: &dyn Store, query: ClaimQuery) -> Vec<ClaimRow> {
    let limit = if query.limit == 0 { 100_000 } else { query.limit };
    store.claims_of(&ClaimQuery { limit, ..query }).unwrap().rows
}

fn pages_at_an_offset_are_parts_of_the_whole_list(place: &dyn Place) {
    let (store, documents) = filled(place);
    for gone in [0, 4, 12] {
        store.delete(&documents[gone].document.id, None, "gone").unwrap();
    }
    let all = claims(&*store, ClaimQuery::default());
    let mentions = |skip, limit| {
        let query = MentionQuery {
            skip,
            limit,
            ..MentionQuery::default()
        };
        store.mentions(&query).unwrap().rows
    };
    let drawn = mentions(0, 1000);
    assert!(all.len() > 10 && drawn.len() > 10);
    for skip in 0..all.len() + 2 {
        let page = claims(
            &*store,
            ClaimQuery {
                skip,
                limit: 3,
                ..ClaimQuery::default()
            },
        );
        let expected: Vec<_> = all.iter().skip(skip).take(3).cloned().collect();
        assert_eq!(page, expected, "claims after {skip}");
    }
    for skip in 0..drawn.len() + 2 {
        let expected: Vec<_> = drawn.iter().skip(skip).take(3).cloned().collect();
        assert_eq!(mentions(skip, 3), expected, "mentions after {skip}");
    }
    let numbers = |store: &dyn Store| (1..=11).map(|nth| store.number_at(nth).unwrap()).collect::<Vec<_>>();
    let expected: Vec<Option<i64>> = [2, 3, 4, 6, 7, 8, 9, 10, 11, 12]
        .map(Some)
        .into_iter()
        .chain([None])
        .collect();
    assert_eq!(numbers(&*store), expected);
    // Numbers without a tombstone.
    place.run("DELETE FROM deletions");
    assert_eq!(numbers(&*store), expected);
    for field in [SortField::Published, SortField::Kind, SortField::Speaker] {
        for descending in [false, true] {
            let whole = store.sorted(&sorted(field, descending, 0, 1000)).unwrap().unwrap().rows;
            assert_eq!(whole.len(), all.len());
            let values: Vec<_> = whole.iter().map_while(|row| row.value.clone()).collect();
            assert!(
                values.is_sorted_by(|a, b| if descending { a >= b } else { a <= b }),
                "{field:?}: {values:?}"
            );
            assert!(whole[values.len()..].iter().all(|row| row.value.is_none()));
            for skip in 1..whole.len() + 2 {
                let page = store.sorted(&sorted(field, descending, skip, 4)).unwrap().unwrap().rows;
                let expected: Vec<_> = whole.iter().skip(skip).take(4).cloned().collect();
                assert_eq!(page, expected, "{field:?} {descending} after {skip}");
            }
        }
    }
}

fn the_number_of_documents_that_fit_is_that_of_those_found(place: &dyn Place) {
    let (store, documents) = filled(place);
    let span = drawn(&documents[0].parse).offsets.byte;
    store
        .add_ruling(ruling(
            &documents[0].document.id,
            span,
            Verdict::Move(Box::new(gazetteer_place("IQG01"))),
        ))
        .unwrap();
    store.delete(&documents[3].document.id, None, "gone").unwrap();
    let text = |text: &str| Some(text.to_owned());
    let mut queries = Vec::new();
    for span in [
        None,
        Some(days("2021-12-03", "2021-12-31")),
        Some(days("2022-01-01", "2022-02-05")),
    ] {
        let plain = FindQuery {
            days: span,
            ..FindQuery::default()
        };
        queries.extend([
            plain.clone(),
            FindQuery {
                place: text("IQG11Q04"),
                ..plain.clone()
            },
            FindQuery {
                unit: text("IQG01"),
                ..plain.clone()
            },
            FindQuery {
                language: text("en"),
                ..plain.clone()
            },
            FindQuery {
                publisher: text("Agency"),
                ..plain.clone()
            },
            FindQuery {
                kind: text("casualties"),
                ..plain.clone()
            },
            FindQuery {
                speaker: text("Police"),
                ..plain.clone()
            },
            FindQuery {
                kind: text("casualties"),
                speaker: text("police"),
                ..plain.clone()
            },
            // Together they are not counted.
            FindQuery {
                kind: text("casualties"),
                language: text("en"),
                ..plain.clone()
            },
            FindQuery {
                unit: text("IQG11"),
                publisher: text("Agency"),
                ..plain.clone()
            },
            FindQuery {
                min_confidence: Some(0.5),
                ..plain
            },
        ]);
    }
    let mut sizes = Vec::new();
    for query in queries {
        let all = FindQuery {
            limit: 100,
            looked_at: 100,
            ..query.clone()
        };
        let found: Vec<StoredDocument> = store.find(&all).unwrap().documents;
        assert_eq!(
            store.count_matching(&query).unwrap(),
            Some(found.len() as u64),
            "{query:?}"
        );
        sizes.push(found.len());
    }
    assert!(sizes.iter().filter(|size| **size > 0).count() > 15, "{sizes:?}");
    // Of a store that is not counted yet the number is unknown, and not zero.
    place.run("UPDATE store SET counted = 0");
    assert_eq!(
        store
            .count_matching(&FindQuery {
                language: text("en"),
                ..FindQuery::default()
            })
            .unwrap(),
        None
    );
}

/// More rows than are sorted for one page, all of them of the last document.
fn many_rows_are_found_as_few_are(place: &dyn Place) {
    let (store, documents) = filled(place);
    let last = documents.len();
    let makhmour = gazetteer_place("IQG11Q04").point;
    let around = Some([
        makhmour[0] - 0.1,
        makhmour[1] - 0.1,
        makhmour[0] + 0.1,
        makhmour[1] + 0.1,
    ]);
    let text = |text: &str| Some(text.to_owned());
    let (month, kind) = (Some(days("2022-02-01", "2022-02-28")), text("casualties"));
    let speaker = claims(&*store, ClaimQuery::default())
        .iter()
        .find_map(|claim| claim.speaker.clone());
    assert!(speaker.is_some());
    let queries = [
        ClaimQuery {
            days: month,
            ..ClaimQuery::default()
        },
        ClaimQuery {
            kind: kind.clone(),
            ..ClaimQuery::default()
        },
        ClaimQuery {
            speaker: speaker.clone(),
            ..ClaimQuery::default()
        },
        ClaimQuery {
            days: month,
            kind: kind.clone(),
            speaker: speaker.clone(),
            ..ClaimQuery::default()
        },
        ClaimQuery {
            days: month,
            kind,
            ..ClaimQuery::default()
        },
    ];
    // Kirkuk and Makhmour: the last document is one of those that are listed first, then one of many.
    let area = Area {
        bbox: [43.4, 35.3, 44.6, 36.0],
        places: Vec::new(),
        units: Vec::new(),
    };
    let placed = queries
        .iter()
        .cloned()
        .chain([ClaimQuery::default()])
        .map(|query| ClaimQuery {
            area: Some(area.clone()),
            ..query
        });
    let queries: Vec<ClaimQuery> = queries.iter().cloned().chain(placed).collect();
    let mentions = |within, bbox| {
        let query = MentionQuery {
            within,
            bbox,
            limit: 100_000,
            ..MentionQuery::default()
        };
        let rows = store.mentions(&query).unwrap().rows;
        rows.into_iter()
            .map(|row| (row.number, row.ordinal))
            .collect::<Vec<_>>()
    };
    let rows = |query: &ClaimQuery| {
        let rows = claims(&*store, query.clone()).into_iter();
        rows.map(|row| (row.number, row.ordinal)).collect::<Vec<_>>()
    };
    let before: Vec<_> = queries.iter().map(rows).collect();
    let drawn_before = [mentions(month, None), mentions(month, around), mentions(None, around)];
    let speaker = speaker.unwrap().replace('\'', "''");
    place.run(&format!(
        "INSERT INTO claims (document, ordinal, kind, status, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end,
             speaker, published)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)
         SELECT {last}, 1000 + i, 'casualties', 'claimed', 0, 6, 0, 6, 0, 6, '{speaker}', '2022-02-06' FROM n;
         INSERT INTO mentions (document, ordinal, byte_start, byte_end, cp_start, cp_end, utf16_start, utf16_end, quote, place,
             level, reading, confidence, shown, published)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10500)
         SELECT {last}, 1000 + i, 0, 6, 0, 6, 0, 6, 'Police', p.key, 'district', 'literal', 0.9, p.key, '2022-02-06'
         FROM n, places p WHERE p.id = 'IQG11Q04';"
    ));
    if place.address().starts_with("postgres") {
        // As its autovacuum does in a minute.
        place.run("ANALYZE");
    }
    let is_added = |row: &(i64, u32)| *row >= (last as i64, 1000);
    for (query, before) in queries.iter().zip(before) {
        let mut now = rows(query);
        let added = now.iter().filter(|row| is_added(row)).count();
        assert_eq!(added, 10_500, "{query:?}");
        now.retain(|row| !is_added(row));
        assert_eq!(now, before, "{query:?}");
        let page = claims(
            &*store,
            ClaimQuery {
                skip: before.len(),
                limit: 2,
                ..query.clone()
            },
        );
        assert_eq!(page.len(), 2, "{query:?}");
    }
    for (before, mut now) in
        drawn_before
            .into_iter()
            .zip([mentions(month, None), mentions(month, around), mentions(None, around)])
    {
        let added = now.iter().filter(|row| is_added(row)).count();
        assert_eq!(added, 10_500);
        now.retain(|row| !is_added(row));
        assert_eq!(now, before);
    }
    let found = |query: FindQuery| {
        let query = FindQuery {
            limit: 100,
            looked_at: 1000,
            ..query
        };
        store.find(&query).unwrap().documents.len()
    };
    let of_place = FindQuery {
        place: Some("IQG11Q04".to_owned()),
        days: month,
        ..FindQuery::default()
    };
    assert_eq!(
        found(of_place),
        1,
        "the document that many mentions are in is found once"
    );
}

/// A claim about the disputed areas, of which the text names none.
fn regional(number: usize) -> NewDocument {
    let text = format!("Police said {} people were killed in the disputed areas.", number + 3);
    read(&text, Some("2022-03-01"))
}

/// An area around a unit.
fn around(id: &str) -> Area {
    let place = gazetteer_place(id);
    let [lon, lat] = place.point;
    Area {
        bbox: [lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001],
        places: vec![id.to_owned()],
        units: vec![id.to_owned()],
    }
}

/// The unit of a region that no mention of a document names.
fn unnamed_unit(document: &NewDocument) -> String {
    assert!(document.parse.mentions.iter().all(|mention| mention.place.is_none()));
    document.parse.claims[0].places[0].to_string()
}

fn claims_of_an_area_are_those_of_its_places_and_of_its_regions(place: &dyn Place) {
    let store = store(place);
    let mut documents: Vec<NewDocument> = (0..30).map(report).collect();
    documents.insert(7, regional(7));
    documents.insert(20, regional(20));
    store.put_many(documents.clone()).unwrap();
    let all = claims(&*store, ClaimQuery::default());
    let unit = unnamed_unit(&documents[7]);
    let in_area = |area: Area, query: ClaimQuery| {
        let query = ClaimQuery {
            area: Some(area),
            ..query
        };
        claims(&*store, query)
    };
    let of = |numbers: &[i64]| -> Vec<_> {
        all.iter()
            .filter(|row| numbers.contains(&row.number))
            .cloned()
            .collect()
    };
    let found = in_area(around(&unit), ClaimQuery::default());
    assert!(found.iter().any(|row| row.number == 8) && found.iter().any(|row| row.number == 21));
    for id in [&unit, &drawn(&documents[0].parse).place.as_ref().unwrap().id] {
        let area = around(id);
        let expected: Vec<i64> = documents
            .iter()
            .zip(1i64..)
            .filter(|(new, _)| {
                let claimed = new.parse.claims.iter().any(|claim| claim.places.contains(id));
                claimed
                    || new
                        .parse
                        .mentions
                        .iter()
                        .any(|mention| mention.place.as_ref().is_some_and(|at| at.id == *id))
            })
            .map(|(_, number)| number)
            .collect();
        assert!(!expected.is_empty());
        let expected = of(&expected);
        assert_eq!(in_area(area.clone(), ClaimQuery::default()), expected);
        let skipped = ClaimQuery {
            skip: 1,
            ..ClaimQuery::default()
        };
        assert_eq!(in_area(area.clone(), skipped), expected[1..]);
        let after = ClaimQuery {
            after: (expected[0].number, i32::MAX as u32),
            ..ClaimQuery::default()
        };
        let rest: Vec<_> = expected
            .iter()
            .filter(|row| row.number > expected[0].number)
            .cloned()
            .collect();
        assert_eq!(in_area(area.clone(), after), rest);
        let days = ClaimQuery {
            days: Some(days("2022-03-01", "2022-03-31")),
            ..ClaimQuery::default()
        };
        let dated = claims(&*store, days.clone());
        let both: Vec<_> = expected.iter().filter(|row| dated.contains(row)).cloned().collect();
        assert_eq!(in_area(area, days), both);
    }
    let nowhere = Area {
        bbox: [45.9, 31.0, 45.901, 31.001],
        places: Vec::new(),
        units: Vec::new(),
    };
    assert_eq!(in_area(nowhere, ClaimQuery::default()), []);
    store.delete(&documents[7].document.id, None, "gone").unwrap();
    assert!(
        in_area(around(&unit), ClaimQuery::default())
            .iter()
            .all(|row| row.number != 8)
    );
    sound(&*store);
}

fn units_of_claims_are_filled_in_where_it_was_interrupted(place: &dyn Place) {
    let opened = store(place);
    let documents: Vec<NewDocument> = (0..450)
        .map(|number| {
            if number % 50 == 0 {
                regional(number)
            } else {
                report(number)
            }
        })
        .collect();
    opened.put_many(documents.clone()).unwrap();
    let area = around(&unnamed_unit(&documents[0]));
    let found = |store: &dyn Store| {
        claims(
            store,
            ClaimQuery {
                area: Some(area.clone()),
                ..ClaimQuery::default()
            },
        )
    };
    let before = found(&*opened);
    assert!(before.len() >= 9 && before.len() < 400);
    // As a store of schema 9, whose migration was killed after a part of it.
    place.run("DELETE FROM claim_units; UPDATE store SET unplaced = 450;");
    let stopped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        opened.build(&mut |done, _| assert!(done < 200, "stopped"))
    }));
    assert!(stopped.is_err());
    assert_eq!(opened.unfinished().unwrap(), Some((200, 450)));
    assert_eq!(
        found(&*opened).len(),
        claims(&*opened, ClaimQuery::default()).len(),
        "all until then"
    );
    // A document that is written meanwhile has its rows; one that is deleted gets none.
    opened.put(regional(500)).unwrap();
    opened.delete(&documents[0].document.id, None, "gone").unwrap();
    drop(opened);
    let opened = store(place);
    assert_eq!(opened.unfinished().unwrap(), None);
    let after = found(&*opened);
    assert_eq!(after.len(), before.len(), "one came and one went");
    sound(&*opened);
    place.run("DELETE FROM claim_units");
    let findings = opened.check(&mut |_, _| {}).unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding.what.contains("units of the regions")),
        "{findings:?}"
    );
    opened.rebuild().unwrap();
    assert_eq!(found(&*opened), after);
    sound(&*opened);
}
