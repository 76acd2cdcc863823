//! Contract of every store, run against each database.

use crate::store_fixture::{
    Place, SqlitePlace, drawn, gazetteer_place, read, report, ruling, seed_document, sound, store, stored,
};
use mahwar::store::{
    Change, MentionQuery, Order, Original, Page, PlaceDay, Record, Store, StoreError, Verdict, in_force, rule,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

crate::store_fixture::contract! {
    a_document_comes_back_as_it_was_put
    the_same_text_twice_is_one_document
    two_writers_with_the_same_document_make_one_row
    a_batch_is_put_whole_and_in_order
    pages_go_both_ways
    the_original_is_kept
    changes_follow_in_the_order_of_commit
    a_ruling_changes_what_is_drawn_and_counted
    an_undo_brings_back_what_held_before
    an_undo_can_be_undone
    a_ruling_on_nothing_is_refused
    a_reparse_keeps_rulings_whose_span_still_stands
    mentions_are_found_by_place_box_day_and_document
    mentions_page_without_a_gap
    counts_by_place_and_day_are_those_of_the_documents
    claims_come_with_their_places
    a_changed_place_is_changed_for_every_document
    a_second_store_sees_what_the_first_wrote
    a_watcher_hears_of_a_write_by_another_within_a_second
    readers_do_not_wait_for_a_writer
    an_export_comes_back_the_same
    a_copy_into_another_store_is_refused
    a_backup_is_a_store_of_its_own
    documents_that_another_reader_read_are_known
    a_deleted_document_leaves_a_tombstone_and_nothing_else
    a_deleted_text_is_put_again_only_when_it_is_asked_for
    a_deletion_is_a_change_that_others_follow
    a_copy_has_the_tombstones_and_takes_deletions_made_since
    a_document_that_cannot_be_read_costs_itself_only_and_is_read_again
    a_place_that_cannot_be_read_costs_its_mentions_only_and_is_written_again
    a_damaged_text_is_named_and_not_read_again
    rebuilt_counts_are_those_of_the_documents
}

fn a_document_comes_back_as_it_was_put(place: &dyn Place) {
    let store = store(place);
    let new = seed_document();
    let put = store.put(new.clone()).unwrap();
    assert!(put.created);
    assert_eq!(put.id, new.document.id);
    let there = stored(&*store, &put.id);
    assert_eq!(there.read.document, new.document);
    assert_eq!(there.read.parse, new.parse);
    assert!(
        there.added.parse::<mahwar::layers::TimeSpan>().is_ok(),
        "{}",
        there.added
    );
    assert!(store.get("0000000000000000").unwrap().is_none());
    sound(&*store);
}

fn the_same_text_twice_is_one_document(place: &dyn Place) {
    let store = store(place);
    let first = store.put(seed_document()).unwrap();
    let mut again = seed_document();
    again.document.title = "another title".to_owned();
    let second = store.put(again).unwrap();
    assert_eq!(
        (second.id.as_str(), second.number, second.created),
        (first.id.as_str(), first.number, false)
    );
    let counts = store.counts().unwrap();
    assert_eq!((counts.documents, counts.version), (1, 1));
    assert_ne!(stored(&*store, &first.id).read.document.title, "another title");
    sound(&*store);
}

fn two_writers_with_the_same_document_make_one_row(place: &dyn Place) {
    let (one, other) = (store(place), store(place));
    let created: usize = thread::scope(|scope| {
        let writers: Vec<_> = [one.clone(), other, one.clone(), one.clone()]
            .into_iter()
            .map(|store| scope.spawn(move || (0..10).filter(|at| store.put(report(*at)).unwrap().created).count()))
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(created, 10);
    assert_eq!(one.counts().unwrap().documents, 10);
    sound(&*one);
}

fn a_batch_is_put_whole_and_in_order(place: &dyn Place) {
    let store = store(place);
    store.put(report(2)).unwrap();
    let put = store
        .put_many(vec![report(0), report(2), report(1), report(0)])
        .unwrap();
    let seen: Vec<_> = put.iter().map(|put| (put.number, put.created)).collect();
    assert_eq!(seen, [(2, true), (1, false), (3, true), (2, false)]);
    assert_eq!(store.put_many(Vec::new()).unwrap(), []);
    sound(&*store);
}

fn pages_go_both_ways(place: &dyn Place) {
    let store = store(place);
    let ids: Vec<_> = store.put_many((0..5).map(report).collect()).unwrap();
    let ids: Vec<_> = ids.into_iter().map(|put| put.id).collect();
    let all = |order| {
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = store.page(Page { order, after, limit: 2 }).unwrap();
            assert!(page.documents.len() <= 2 && page.damaged.is_empty());
            seen.extend(page.documents.into_iter().map(|stored| stored.read.document.id));
            after = page.next;
            if after.is_none() {
                return seen;
            }
        }
    };
    assert_eq!(all(Order::Arrival), ids);
    assert_eq!(all(Order::Newest), ids.iter().rev().cloned().collect::<Vec<_>>());
}

fn the_original_is_kept(place: &dyn Place) {
    let store = store(place);
    let mut new = report(1);
    let original = Original {
        media_type: "text/html; charset=utf-8".to_owned(),
        bytes: [b"<p>".as_slice(), &[0, 255, 10], "مخمور".as_bytes()].concat(),
    };
    new.original = Some(original.clone());
    let put = store.put(new).unwrap();
    assert_eq!(store.original(&put.id).unwrap(), Some(original.clone()));
    assert_eq!(stored(&*store, &put.id).original, Some(original.media_type));
    let plain = store.put(report(2)).unwrap();
    assert_eq!(store.original(&plain.id).unwrap(), None);
}

fn changes_follow_in_the_order_of_commit(place: &dyn Place) {
    let store = store(place);
    let first = store.put(report(0)).unwrap();
    let after_first = store.version().unwrap();
    let second = store.put(report(1)).unwrap();
    let span = drawn(&report(0).parse).offsets.byte;
    store.add_ruling(ruling(&first.id, span, Verdict::Accept)).unwrap();
    store.put(report(2)).unwrap();

    let seen = |since, limit| {
        let changes = store.changes(since, limit).unwrap();
        let words: Vec<String> = changes
            .changes
            .iter()
            .map(|(_, change)| match change {
                Change::Document { id, .. } => id.clone(),
                Change::Ruling(ruling) => format!("{} {}", ruling.verdict.word(), ruling.mention.document),
                Change::Deletion(deletion) => format!("delete {}", deletion.id),
                Change::Events(ruling) => format!("{} events", ruling.verdict.word()),
                Change::Edit(edit) => format!("{} {}", edit.verdict.word(), edit.document),
            })
            .collect();
        (words, changes.version, changes.more)
    };
    let accept = format!("accept {}", first.id);
    let third = report(2).document.id;
    let (words, version, more) = seen(after_first, 2);
    assert_eq!((words, more), (vec![second.id.clone(), accept], true));
    let (words, version, more) = seen(version, 2);
    assert_eq!((words, version, more), (vec![third], store.version().unwrap(), false));
    assert_eq!(seen(version, 10), (Vec::new(), version, false));
}

/// Drawn mentions by place, from the counts.
fn counted(store: &dyn Store, ruled: bool) -> BTreeMap<String, u64> {
    let mut places = BTreeMap::new();
    for PlaceDay { place, mentions, .. } in store.mention_places(ruled).unwrap() {
        *places.entry(place.id.clone()).or_default() += mentions;
    }
    places
}

fn a_ruling_changes_what_is_drawn_and_counted(place: &dyn Place) {
    let store = store(place);
    let new = report(0);
    let id = store.put(new.clone()).unwrap().id;
    let mention = drawn(&new.parse);
    let (span, at) = (mention.offsets.byte, mention.place.as_ref().unwrap().id.clone());
    let before = counted(&*store, true);
    assert_eq!(before, counted(&*store, false));

    for verdict in [Verdict::Reject, Verdict::Associative] {
        let made = store.add_ruling(ruling(&id, span, verdict.clone())).unwrap();
        assert_eq!((made.verdict, made.author.as_str()), (verdict, "analyst"));
        assert_eq!(counted(&*store, true).get(&at), None);
        assert_eq!(counted(&*store, false), before, "the machine's counts stay");
        sound(&*store);
    }
    let other = gazetteer_place("IQG01");
    store
        .add_ruling(ruling(&id, span, Verdict::Move(Box::new(other.clone()))))
        .unwrap();
    assert_eq!(counted(&*store, true).get("IQG01"), Some(&1));
    let rows = store
        .mentions(&MentionQuery {
            place: Some("IQG01".into()),
            ..MentionQuery::default()
        })
        .unwrap()
        .rows;
    assert_eq!(rows.len(), 1);
    assert_eq!((&*rows[0].place, rows[0].ruled.as_deref()), (&other, Some("move")));
    store.add_ruling(ruling(&id, span, Verdict::Accept)).unwrap();
    assert_eq!(counted(&*store, true), before);
    sound(&*store);

    let rulings = store.rulings(&id).unwrap();
    assert_eq!(rulings.len(), 4, "the history is kept");
    assert_eq!(in_force(&rulings).len(), 1);
    assert_eq!(rule(&new.parse, &rulings), new.parse);
    assert_eq!(
        rule(&new.parse, &rulings[..3])
            .mentions
            .iter()
            .filter(|m| m.place.as_deref() == Some(&other))
            .count(),
        1
    );
    assert_eq!(stored(&*store, &id).read.parse, new.parse, "the machine's parse stays");
    assert_eq!(store.rulings_after(rulings[1].id, 10).unwrap(), rulings[2..]);
}

fn an_undo_brings_back_what_held_before(place: &dyn Place) {
    let store = store(place);
    let new = report(0);
    let id = store.put(new.clone()).unwrap().id;
    let span = drawn(&new.parse).offsets.byte;
    let before = counted(&*store, true);
    let reject = store.add_ruling(ruling(&id, span, Verdict::Reject)).unwrap();
    let rejected = counted(&*store, true);
    let associative = store.add_ruling(ruling(&id, span, Verdict::Associative)).unwrap();
    store.undo(associative.id, "chief", None).unwrap();
    assert_eq!(in_force(&store.rulings(&id).unwrap())[0].id, reject.id);
    assert_eq!(counted(&*store, true), rejected);
    store.undo(reject.id, "chief", Some("wrong")).unwrap();
    assert_eq!(counted(&*store, true), before);
    assert!(in_force(&store.rulings(&id).unwrap()).is_empty());
    assert_eq!(store.rulings(&id).unwrap().len(), 4, "nothing is deleted");
    assert!(matches!(
        store.undo(reject.id, "chief", None),
        Err(StoreError::Conflict(_))
    ));
    sound(&*store);
}

fn an_undo_can_be_undone(place: &dyn Place) {
    let store = store(place);
    let new = report(0);
    let id = store.put(new.clone()).unwrap().id;
    let reject = store
        .add_ruling(ruling(&id, drawn(&new.parse).offsets.byte, Verdict::Reject))
        .unwrap();
    let rejected = counted(&*store, true);
    let undo = store.undo(reject.id, "chief", None).unwrap();
    store.undo(undo.id, "chief", None).unwrap();
    assert_eq!(counted(&*store, true), rejected);
    assert_eq!(in_force(&store.rulings(&id).unwrap())[0].id, reject.id);
    store.undo(reject.id, "chief", None).unwrap();
    assert_ne!(counted(&*store, true), rejected);
    sound(&*store);
}

fn a_ruling_on_nothing_is_refused(place: &dyn Place) {
    let store = store(place);
    let id = store.put(report(0)).unwrap().id;
    let missing = |made: Result<_, StoreError>| matches!(made, Err(StoreError::Missing(_)));
    assert!(missing(store.add_ruling(ruling(&id, [0, 1], Verdict::Reject))));
    assert!(missing(store.add_ruling(ruling("no such", [0, 1], Verdict::Reject))));
    assert!(missing(store.undo(7, "chief", None)));
    assert!(missing(
        store.rulings("no such").map(|_| store.undo(0, "", None).unwrap())
    ));
    assert_eq!(store.counts().unwrap().rulings, 0);
}

fn a_reparse_keeps_rulings_whose_span_still_stands(place: &dyn Place) {
    let store = store(place);
    let new = seed_document();
    let id = store.put(new.clone()).unwrap().id;
    let drawn: Vec<_> = new.parse.mentions.iter().filter(|mention| mention.is_drawn()).collect();
    let (first, last) = (drawn[0].offsets.byte, drawn[drawn.len() - 1].offsets.byte);
    assert_ne!(first, last);
    store.add_ruling(ruling(&id, first, Verdict::Reject)).unwrap();
    store.add_ruling(ruling(&id, last, Verdict::Reject)).unwrap();
    let unchanged = store.reparse(&id, &new.parse).unwrap();
    assert_eq!(
        (unchanged.changed, unchanged.kept.len(), unchanged.strays.len()),
        (false, 2, 0)
    );

    // The new parse no longer finds the first mention, and renumbers the others.
    let mut parse = new.parse.clone();
    parse.mentions.retain(|mention| mention.offsets.byte != first);
    for (mention, number) in parse.mentions.iter_mut().zip(1..) {
        mention.id = format!("m{number}").into();
    }
    parse.claims.clear();
    let version = store.version().unwrap();
    let reparsed = store.reparse(&id, &parse).unwrap();
    assert!(reparsed.changed);
    assert_eq!(reparsed.kept[0].mention.span, last);
    assert_eq!(reparsed.strays[0].mention.span, first);
    assert_eq!(store.stray_rulings().unwrap(), reparsed.strays);
    assert_eq!(stored(&*store, &id).read.parse, parse);
    assert!(matches!(
        &store.changes(version, 10).unwrap().changes[..],
        [(_, Change::Document { .. })]
    ));
    sound(&*store);

    store.reparse(&id, &new.parse).unwrap();
    assert_eq!(store.stray_rulings().unwrap(), []);
    assert_eq!(counted(&*store, false).values().sum::<u64>(), drawn.len() as u64);
    assert_eq!(counted(&*store, true).values().sum::<u64>(), drawn.len() as u64 - 2);
    assert!(matches!(store.reparse("no such", &parse), Err(StoreError::Missing(_))));
    sound(&*store);
}

fn mentions_are_found_by_place_box_day_and_document(place: &dyn Place) {
    let store = store(place);
    let ids: Vec<_> = store.put_many((0..6).map(report).collect()).unwrap();
    store.put(read("وقعت هجمات في قضاء مخمور.", None)).unwrap();
    let found = |query: MentionQuery| store.mentions(&query).unwrap().rows;
    let query = MentionQuery::default;
    let all = found(query());
    for row in &all {
        let text = stored(&*store, &row.document).read.document.text;
        assert_eq!(row.offsets.slice(&text), row.quote);
    }
    let makhmour = gazetteer_place("IQG11Q04");
    let at = found(MentionQuery {
        place: Some(makhmour.id.clone()),
        ..query()
    });
    assert_eq!(at.len(), 7);
    assert!(at.iter().all(|row| *row.place == makhmour));
    let [lon, lat] = makhmour.point;
    let around = found(MentionQuery {
        bbox: Some([lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01]),
        ..query()
    });
    assert_eq!(around, at);
    assert_eq!(
        found(MentionQuery {
            bbox: Some([179.0, -90.0, -179.0, 90.0]),
            ..query()
        }),
        []
    );
    assert_eq!(
        found(MentionQuery {
            place: Some("no such".into()),
            ..query()
        }),
        []
    );
    let of = found(MentionQuery {
        document: Some(ids[1].id.clone()),
        ..query()
    });
    assert!(!of.is_empty() && of.iter().all(|row| row.document == ids[1].id));
    let day = |first: Option<&str>, last: Option<&str>| {
        let days = [first, last].map(|day| day.map(str::to_owned));
        found(MentionQuery {
            days,
            place: Some(makhmour.id.clone()),
            ..query()
        })
        .len()
    };
    assert_eq!(day(Some("2021-12-04"), Some("2021-12-04")), 2);
    assert_eq!(day(Some("2021-12-04"), None), 4);
    assert_eq!(day(None, Some("2021-12-31")), 4);

    let span = drawn(&report(0).parse).offsets.byte;
    store.add_ruling(ruling(&ids[0].id, span, Verdict::Reject)).unwrap();
    let machine = MentionQuery {
        ruled: false,
        ..query()
    };
    assert_eq!(found(query()).len(), all.len() - 1);
    assert_eq!(found(machine.clone()).len(), all.len());
    assert_eq!(
        found(MentionQuery {
            place: Some(makhmour.id.clone()),
            ..machine
        })
        .len(),
        7
    );
}

fn mentions_page_without_a_gap(place: &dyn Place) {
    let store = store(place);
    store.put_many((0..7).map(report).collect()).unwrap();
    let all = store.mentions(&MentionQuery::default()).unwrap().rows;
    let (mut after, mut seen) = ((0, 0), Vec::new());
    loop {
        let page = store
            .mentions(&MentionQuery {
                after,
                limit: 3,
                ..MentionQuery::default()
            })
            .unwrap();
        seen.extend(page.rows);
        let Some(next) = page.next else { break };
        after = next;
    }
    assert_eq!(seen, all);
}

fn counts_by_place_and_day_are_those_of_the_documents(place: &dyn Place) {
    let store = store(place);
    let new: Vec<_> = (0..9)
        .map(report)
        .chain([seed_document(), read("في قضاء مخمور وفي قضاء مخمور.", None)])
        .collect();
    let mut expected: BTreeMap<(String, Option<String>), (u64, u64)> = BTreeMap::new();
    for one in &new {
        let day = one.document.published.as_deref().map(|day| day[..10].to_owned());
        let mut here = BTreeMap::new();
        for mention in one.parse.mentions.iter().filter(|mention| mention.is_drawn()) {
            *here.entry(mention.place.as_ref().unwrap().id.clone()).or_insert(0) += 1;
        }
        for (place, count) in here {
            let entry = expected.entry((place, day.clone())).or_default();
            *entry = (entry.0 + count, entry.1 + 1);
        }
    }
    store.put_many(new).unwrap();
    let days = store.mention_places(true).unwrap();
    let days: BTreeMap<_, _> = days
        .into_iter()
        .map(|day| ((day.place.id.clone(), day.day), (day.mentions, day.documents)))
        .collect();
    assert_eq!(days, expected);
    let drawn = expected.values().map(|(mentions, _)| mentions).sum::<u64>();
    assert_eq!(store.counts().unwrap().drawn, drawn);
}

fn claims_come_with_their_places(place: &dyn Place) {
    let store = store(place);
    let new = seed_document();
    store.put_many(vec![report(0), new.clone(), report(1)]).unwrap();
    let mut seen = Vec::new();
    let mut after = (0, 0);
    loop {
        let page = store.claims(after, 2).unwrap();
        seen.extend(page.rows);
        let Some(next) = page.next else { break };
        after = next;
    }
    seen.retain(|row| row.document == new.document.id);
    assert!(!new.parse.claims.is_empty());
    assert_eq!(seen.len(), new.parse.claims.len());
    for (row, claim) in seen.iter().zip(&new.parse.claims) {
        assert_eq!((row.kind, row.status.as_str()), (claim.kind, claim.status));
        // Units of a whole region, which no mention names, are in the parse only.
        let named = |id: &&String| {
            let mentions = new.parse.mentions.iter().filter_map(|mention| mention.place.as_ref());
            mentions.into_iter().any(|place| place.id == **id)
        };
        let places: Vec<String> = claim.places.iter().filter(named).cloned().collect();
        assert_eq!((&row.places, row.offsets), (&places, claim.evidence.offsets));
        assert_eq!(row.day.as_deref(), Some("2021-12-04"));
    }
    assert!(seen.iter().any(|row| row.speaker.is_some()));
}

fn a_changed_place_is_changed_for_every_document(place: &dyn Place) {
    let (store, other) = (store(place), store(place));
    let id = store.put(report(0)).unwrap().id;
    other.get(&id).unwrap();
    let mut new = report(1);
    let makhmour = |place: &&mut mahwar::geoparse::MentionPlace| place.id == "IQG11Q04";
    for place in new
        .parse
        .mentions
        .iter_mut()
        .filter_map(|mention| mention.place.as_mut().map(Arc::make_mut))
        .filter(makhmour)
    {
        place.name.en = Some("Maxmûr".to_owned());
    }
    store.put(new).unwrap();
    for store in [store, other] {
        let names: Vec<_> = stored(&*store, &id)
            .read
            .parse
            .mentions
            .into_iter()
            .filter_map(|m| m.place?.name.en.clone())
            .collect();
        assert!(names.contains(&"Maxmûr".to_owned()), "{names:?}");
    }
}

fn a_second_store_sees_what_the_first_wrote(place: &dyn Place) {
    let (writer, reader) = (store(place), store(place));
    let put = writer.put(report(0)).unwrap();
    assert_eq!(stored(&*reader, &put.id).read.parse, report(0).parse);
    assert_eq!(reader.version().unwrap(), writer.version().unwrap());
}

fn a_watcher_hears_of_a_write_by_another_within_a_second(place: &dyn Place) {
    let (writer, reader) = (store(place), store(place));
    let (sender, heard) = mpsc::channel();
    let watch = reader
        .watch(Arc::new(move |version| {
            let _ = sender.send(version);
        }))
        .unwrap();
    // A second is promised; a busy machine may hold it up.
    for (version, store) in (1..).zip([&writer, &reader, &writer, &writer]) {
        store.put(report(version)).unwrap();
        assert_eq!(heard.recv_timeout(Duration::from_secs(60)), Ok(version as _));
    }
    drop(watch);
    thread::sleep(Duration::from_millis(300));
    writer.put(report(9)).unwrap();
    assert!(heard.recv_timeout(Duration::from_millis(500)).is_err(), "it stopped");
}

fn readers_do_not_wait_for_a_writer(place: &dyn Place) {
    let store = store(place);
    let put = store.put(report(0)).unwrap();
    // An import holds the write lock for as long as its batch takes.
    // A busy machine may run the whole write before the first read; not each time.
    let passed = (1..=20).any(|round| {
        let batch: Vec<_> = (round * 200..round * 200 + 190).map(report).collect();
        let mut reads = 0;
        thread::scope(|scope| {
            let writer = scope.spawn(|| store.put_many(batch).unwrap());
            loop {
                stored(&*store, &put.id);
                if writer.is_finished() {
                    break;
                }
                reads += 1;
            }
            writer.join().unwrap();
        });
        reads > 0
    });
    assert!(passed, "each read took as long as the whole write");
}

fn filled(place: &dyn Place) -> Arc<dyn Store> {
    let store = store(place);
    let mut html = report(3);
    html.original = Some(Original {
        media_type: "text/html".to_owned(),
        bytes: b"<p>3".to_vec(),
    });
    store.put_many(vec![report(0), seed_document(), html]).unwrap();
    let (new, seed) = (report(0), seed_document());
    let span = drawn(&new.parse).offsets.byte;
    let moved = Verdict::Move(Box::new(gazetteer_place("IQG01")));
    let first = store.add_ruling(ruling(&new.document.id, span, moved)).unwrap();
    store.put(report(4)).unwrap();
    store
        .add_ruling(ruling(
            &seed.document.id,
            drawn(&seed.parse).offsets.byte,
            Verdict::Reject,
        ))
        .unwrap();
    store.undo(first.id, "chief", None).unwrap();
    store
}

/// All records of an export, as text.
fn exported(store: &dyn Store) -> Vec<String> {
    let mut all = Vec::new();
    let done = store.export(&mut |record| {
        all.push(format!("{record:?}"));
        Ok(())
    });
    done.unwrap();
    all
}

fn an_export_comes_back_the_same(place: &dyn Place) {
    let from = filled(place);
    let there = SqlitePlace::new().unwrap();
    let to = store(&there);
    for _ in 0..2 {
        // The second time everything exists already: an interrupted copy resumes where it stopped.
        mahwar::store::copy(&*from, &*to, &mut |_, _| {}).unwrap();
        assert_eq!(exported(&*to), exported(&*from));
        assert_eq!(to.counts().unwrap(), from.counts().unwrap());
        assert_eq!(counted(&*to, true), counted(&*from, true));
        sound(&*to);
    }
    sound(&*from);
}

fn a_copy_into_another_store_is_refused(place: &dyn Place) {
    let from = filled(place);
    let there = SqlitePlace::new().unwrap();
    let to = store(&there);
    to.put(read("نص آخر عن قضاء طوز.", None)).unwrap();
    let refused = mahwar::store::copy(&*from, &*to, &mut |_, _| {});
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    assert_eq!(to.counts().unwrap().documents, 1, "nothing of it is there");
}

fn a_backup_is_a_store_of_its_own(place: &dyn Place) {
    let store = filled(place);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    let mut steps = 0;
    store.backup(&file, &mut |_, _| steps += 1).unwrap();
    assert!(steps > 0);
    assert!(matches!(
        store.backup(&file, &mut |_, _| {}),
        Err(StoreError::Conflict(_))
    ));
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["backup.db"], "one file, nothing beside it");
    let backup = mahwar::store::open(&format!("sqlite:{}", file.display())).unwrap();
    assert_eq!(exported(&*backup), exported(&*store));
    let mut records = 0;
    let count = &mut |record: Record| {
        records += usize::from(matches!(record, Record::Document(..)));
        Ok(())
    };
    backup.export(count).unwrap();
    assert_eq!(records, 4);
    sound(&*backup);
}

fn documents_that_another_reader_read_are_known(place: &dyn Place) {
    let store = store(place);
    store.put(report(0)).unwrap();
    assert_eq!(store.outdated().unwrap(), 0, "no reader is known yet");
    store.use_reader(-7);
    let ids: Vec<_> = (1..=3).map(|number| store.put(report(number)).unwrap().id).collect();
    assert_eq!(store.outdated().unwrap(), 1, "nobody noted who read the first");
    store.use_reader(i64::MAX);
    assert_eq!(
        (store.outdated().unwrap(), store.outdated_after(0, 9).unwrap()),
        (4, vec![1, 2, 3, 4])
    );
    let version = store.version().unwrap();
    // A reading without a difference is no change, and is recorded; an interrupted run goes on with the rest.
    assert!(!store.reparse(&ids[0], &report(1).parse).unwrap().changed);
    assert_eq!(store.version().unwrap(), version);
    let mut other = report(2).parse;
    other.quantities.clear();
    assert!(store.reparse(&ids[1], &other).unwrap().changed);
    assert_eq!(
        (store.outdated().unwrap(), store.outdated_after(0, 9).unwrap()),
        (2, vec![1, 4])
    );
    assert_eq!(
        (store.outdated_after(0, 1).unwrap(), store.outdated_after(1, 1).unwrap()),
        (vec![1], vec![4])
    );
    // A copy keeps who read.
    let place = place.another();
    let copied = crate::store_fixture::store(&*place);
    mahwar::store::copy(&*store, &*copied, &mut |_, _| {}).unwrap();
    copied.use_reader(i64::MAX);
    assert_eq!(copied.outdated_after(0, 9).unwrap(), [1, 4]);
    sound(&*store);
}

fn a_deleted_document_leaves_a_tombstone_and_nothing_else(place: &dyn Place) {
    let store = filled(place);
    let others: Vec<_> = exported_without(&*store, &seed_document().document.id);
    let id = seed_document().document.id;
    let deletion = store.delete(&id, Some("chief"), "published by mistake").unwrap();
    assert_eq!(
        (deletion.id.as_str(), deletion.author.as_deref()),
        (id.as_str(), Some("chief"))
    );
    assert!(store.get(&id).unwrap().is_none());
    assert_eq!(store.original(&id).unwrap(), None);
    assert_eq!(store.deletion(&id).unwrap(), Some(deletion.clone()));
    assert_eq!(exported_without(&*store, &id), others);
    let of = MentionQuery {
        document: Some(id.clone()),
        ..MentionQuery::default()
    };
    assert_eq!(store.mentions(&of).unwrap().rows, []);
    assert!(
        store
            .claims((0, 0), 100)
            .unwrap()
            .rows
            .iter()
            .all(|row| row.document != id)
    );
    let counts = store.counts().unwrap();
    // One ruling was on the deleted document.
    assert_eq!((counts.documents, counts.rulings, counts.last), (3, 2, 4));
    assert!(matches!(store.delete(&id, None, "again"), Err(StoreError::Deleted(_))));
    assert!(matches!(
        store.delete("0000000000000000", None, "none"),
        Err(StoreError::Missing(_))
    ));
    assert_eq!(store.deletion("0000000000000000").unwrap(), None);
    sound(&*store);
}

fn a_deleted_text_is_put_again_only_when_it_is_asked_for(place: &dyn Place) {
    let store = store(place);
    let first = store.put(report(0)).unwrap();
    let deletion = store.delete(&first.id, None, "a draft").unwrap();
    let put = store.put_many(vec![report(0), report(1)]).unwrap();
    assert_eq!((put[0].created, put[1].created), (false, true));
    assert_eq!(put[0].deleted, Some(deletion));
    assert!(store.get(&first.id).unwrap().is_none());
    let again = store.put_all(vec![report(0), report(1)], true).unwrap();
    assert_eq!((again[0].created, again[0].number, again[1].created), (true, 3, false));
    assert_eq!(store.deletion(&first.id).unwrap(), None);
    assert_eq!(stored(&*store, &first.id).number, 3);
    // It can be deleted again; the last reason is the one that holds.
    store.delete(&first.id, None, "still a draft").unwrap();
    assert_eq!(store.deletion(&first.id).unwrap().unwrap().reason, "still a draft");
    assert_eq!(store.counts().unwrap().documents, 1);
    sound(&*store);
}

fn a_deletion_is_a_change_that_others_follow(place: &dyn Place) {
    let (one, other) = (store(place), store(place));
    let first = one.put(report(0)).unwrap();
    one.put(report(1)).unwrap();
    let seen = other.changes(0, 100).unwrap().version;
    let (told, hears) = mpsc::channel();
    let watch = other
        .watch(Arc::new(move |version| {
            let _ = told.send(version);
        }))
        .unwrap();
    let deletion = one.delete(&first.id, None, "a draft").unwrap();
    let heard = hears.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!(heard, deletion.version);
    let changes = other.changes(seen, 100).unwrap();
    assert!(
        matches!(&changes.changes[..], [(version, Change::Deletion(told))] if *told == deletion && *version == heard),
        "{changes:?}"
    );
    assert_eq!(other.deletion(&first.id).unwrap(), Some(deletion));
    drop(watch);
}

fn a_copy_has_the_tombstones_and_takes_deletions_made_since(place: &dyn Place) {
    let from = filled(place);
    let there = SqlitePlace::new().unwrap();
    let to = store(&there);
    from.delete(&report(0).document.id, Some("chief"), "a draft").unwrap();
    mahwar::store::copy(&*from, &*to, &mut |_, _| {}).unwrap();
    assert_eq!(exported(&*to), exported(&*from));
    from.delete(&seed_document().document.id, None, "withdrawn").unwrap();
    from.put_all(vec![report(0)], true).unwrap();
    mahwar::store::copy(&*from, &*to, &mut |_, _| {}).unwrap();
    assert_eq!(exported(&*to), exported(&*from));
    assert_eq!(to.counts().unwrap().documents, from.counts().unwrap().documents);
    assert_eq!(counted(&*to, true), counted(&*from, true));
    sound(&*to);
}

/// Records of an export without those about one document and without versions.
fn exported_without(store: &dyn Store, id: &str) -> Vec<String> {
    let all = exported(store);
    all.into_iter().filter(|record| !record.contains(id)).collect()
}

fn a_document_that_cannot_be_read_costs_itself_only_and_is_read_again(place: &dyn Place) {
    // Report: one damaged row closes the whole store.
    for damage in [
        "UPDATE parses SET parse = PARSE WHERE document = 2",
        "DELETE FROM parses WHERE document = 2",
        "UPDATE documents SET language = 'xx' WHERE number = 2",
    ] {
        let place = place.another();
        let filled = store(&*place);
        filled.put_many((0..5).map(report).collect()).unwrap();
        let whole = exported(&*filled);
        let (id, parse) = (report(1).document.id, report(1).parse);
        place.run(&damage.replace("PARSE", place.bytes()));
        drop(filled);
        let store = store(&*place);
        assert!(
            matches!(store.get(&id), Err(StoreError::Damaged { document, .. }) if document == id),
            "{damage}"
        );
        for order in [Order::Arrival, Order::Newest] {
            let page = store
                .page(Page {
                    order,
                    after: None,
                    limit: 3,
                })
                .unwrap();
            assert_eq!(page.documents.len() + page.damaged.len(), 3, "{damage}");
            let next = store
                .page(Page {
                    order,
                    after: page.next,
                    limit: 3,
                })
                .unwrap();
            let numbers: Vec<i64> = [&page, &next]
                .iter()
                .flat_map(|page| page.damaged.iter().map(|damaged| damaged.number))
                .collect();
            assert_eq!(numbers, [2], "{damage}");
            assert_eq!(page.documents.len() + next.documents.len(), 4, "{damage}");
        }
        let findings = store.check(&mut |_, _| {}).unwrap();
        assert!(
            findings.iter().any(|finding| finding.document.as_deref() == Some(&id)),
            "{damage}: {findings:?}"
        );
        let text = store.text(2).unwrap().unwrap();
        assert_eq!(
            (text.id.as_str(), text.text.as_str()),
            (id.as_str(), report(1).document.text.as_str())
        );
        let done = store.reparse(&id, &parse).unwrap();
        assert!(done.changed && done.repaired, "{damage}");
        store.rebuild().unwrap();
        sound(&*store);
        assert_eq!(without_versions(exported(&*store)), without_versions(whole), "{damage}");
    }
}

fn without_versions(records: Vec<String>) -> Vec<String> {
    let cut = |record: String| match record.split_once("version: ") {
        Some((before, after)) => format!(
            "{before}{}",
            after.trim_start_matches(|digit: char| digit.is_ascii_digit())
        ),
        None => record,
    };
    records.into_iter().map(cut).collect()
}

fn a_place_that_cannot_be_read_costs_its_mentions_only_and_is_written_again(place: &dyn Place) {
    // Report: UPDATE places SET same_as = '{' closes the store.
    let filled = store(place);
    let id = filled.put(report(0)).unwrap().id;
    let elsewhere = filled.put(read("وقعت هجمات في قضاء خانقين.", None)).unwrap().id;
    let whole = counted(&*filled, true);
    place.run("UPDATE places SET same_as = '{' WHERE id = 'IQG11Q04'");
    drop(filled);
    let store = store(place);
    let damaged = store.damaged_places().unwrap();
    assert!(damaged.len() == 1 && damaged[0].contains("IQG11Q04"), "{damaged:?}");
    let there = stored(&*store, &id).read.parse;
    let places = |parse: &mahwar::geoparse::Parse| -> Vec<String> {
        let placed = parse.mentions.iter().filter_map(|mention| mention.place.as_ref());
        placed.map(|place| place.id.clone()).collect()
    };
    let mut expected = places(&report(0).parse);
    expected.retain(|id| id != "IQG11Q04");
    assert_eq!(places(&there), expected);
    assert!(stored(&*store, &elsewhere).read.parse.mentions[0].place.is_some());
    let rows = store.mentions(&MentionQuery::default()).unwrap();
    assert!(rows.damaged == 1 && rows.rows.iter().all(|row| row.place.id != "IQG11Q04"));
    assert!(
        store
            .mention_places(true)
            .unwrap()
            .iter()
            .all(|day| day.place.id != "IQG11Q04")
    );
    assert!(
        store
            .check(&mut |_, _| {})
            .unwrap()
            .iter()
            .any(|finding| finding.what.contains("IQG11Q04"))
    );
    store.reparse(&id, &report(0).parse).unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.damaged_places().unwrap(), [""; 0]);
    assert_eq!(counted(&*store, true), whole);
    sound(&*store);
}

fn a_damaged_text_is_named_and_not_read_again(place: &dyn Place) {
    let store = store(place);
    store.put_many((0..3).map(report).collect()).unwrap();
    place.run("UPDATE documents SET text = text || '.' WHERE number = 2");
    let refused = store.text(2).unwrap_err();
    assert!(
        matches!(&refused, StoreError::Damaged { document, cause }
            if *document == report(1).document.id && cause.contains("SHA-256")),
        "{refused:?}"
    );
    assert!(store.text(1).unwrap().is_some() && store.text(3).unwrap().is_some());
    assert_eq!(store.text(4).unwrap(), None);
}

fn rebuilt_counts_are_those_of_the_documents(place: &dyn Place) {
    let store = filled(place);
    let before = (counted(&*store, true), counted(&*store, false), store.counts().unwrap());
    place.run("UPDATE place_days SET mentions = mentions + 3, read_documents = 7; UPDATE store SET documents = 99");
    assert_ne!(counted(&*store, true), before.0);
    store.rebuild().unwrap();
    let counts = store.counts().unwrap();
    assert!(counts.version > before.2.version, "servers are told");
    assert_eq!((counted(&*store, true), counted(&*store, false)), (before.0, before.1));
    assert_eq!((counts.documents, counts.drawn), (before.2.documents, before.2.drawn));
    sound(&*store);
}
