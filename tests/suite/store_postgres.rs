//! Tests of a store in PostgreSQL only: points that PostGIS reads, several servers at once, a server that stops and
//! restarts.

use crate::store_fixture::{
    Place, PostgresPlace, PostgresServer, client, drawn, gazetteer_place, report, ruling, seed_document, sound, store,
};
use mahwar::store::{StoreError, Verdict, open};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

#[test]
fn postgis_reads_the_mentions() {
    let Some(place) = PostgresPlace::new() else { return };
    let store = store(&place);
    let id = store.put(report(0)).unwrap().id;
    let mut client = client(&place.address());
    let near = "SELECT count(*) FROM mention_points
        WHERE ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography, 10)";
    let mut count = |[lon, lat]: [f64; 2]| client.query_one(near, &[&lon, &lat]).unwrap().get::<_, i64>(0);
    let makhmour = gazetteer_place("IQG11Q04").point;
    let erbil = gazetteer_place("IQG11").point;
    assert_eq!((count(makhmour), count(erbil)), (1, 0));
    // The point follows a ruling.
    let span = drawn(&report(0).parse).offsets.byte;
    let moved = Verdict::Move(Box::new(gazetteer_place("IQG11")));
    store.add_ruling(ruling(&id, span, moved)).unwrap();
    assert_eq!((count(makhmour), count(erbil)), (0, 1));
    let row = client
        .query_one(
            "SELECT type, srid FROM geometry_columns WHERE f_table_name = 'mentions' AND f_geometry_column = 'geom'",
            &[],
        )
        .unwrap();
    assert_eq!(
        (row.get::<_, String>(0).as_str(), row.get::<_, i32>(1)),
        ("POINT", 4326)
    );
    let gist = "SELECT count(*) FROM pg_indexes WHERE tablename = 'mentions' AND indexdef LIKE '%USING gist (geom)%'";
    assert_eq!(client.query_one(gist, &[]).unwrap().get::<_, i64>(0), 1);
}

#[test]
fn servers_that_start_together_make_one_schema() {
    let Some(place) = PostgresPlace::new() else { return };
    let stores: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| open(&place.address()))).collect();
        starts.into_iter().map(|start| start.join().unwrap().unwrap()).collect()
    });
    stores[0].put(seed_document()).unwrap();
    for store in stores {
        assert_eq!(store.counts().unwrap().documents, 1);
    }
}

#[test]
fn a_newer_schema_is_refused() {
    let Some(place) = PostgresPlace::new() else { return };
    drop(store(&place));
    client(&place.address())
        .batch_execute("UPDATE store_schema SET version = 99")
        .unwrap();
    let refused = open(&place.address()).err();
    assert_eq!(refused, Some(StoreError::Newer { found: 99, known: 10 }));
}

#[test]
fn a_store_of_the_first_schema_is_brought_to_the_present_one() {
    let Some(place) = PostgresPlace::new() else { return };
    let first = include_str!("../../crates/mahwar-store/src/store/schema/postgres-1.sql");
    client(&place.address())
        .batch_execute(&format!(
            "CREATE TABLE store_schema (version bigint NOT NULL); INSERT INTO store_schema VALUES (1); {first}"
        ))
        .unwrap();
    let store = store(&place);
    let moment = store.moment().unwrap();
    assert_eq!((moment.store.len(), moment.mark.len(), moment.version), (32, 16, 0));
    store.put(report(0)).unwrap();
    assert_eq!(store.changes_after(&moment, 10).unwrap().unwrap().changes.len(), 1);
    sound(&*store);
}

#[test]
fn a_store_of_schema_8_gets_its_new_orders() {
    let Some(place) = PostgresPlace::new() else { return };
    let put = store(&place).put(report(0)).unwrap();
    // As schema 8 had it.
    let script = include_str!("../../crates/mahwar-store/src/store/schema/postgres-orders.sql");
    let made = script
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE INDEX ")?.split(' ').next());
    let dropped: String = made.map(|name| format!("DROP INDEX {name};")).collect();
    client(&place.address())
        .batch_execute(&format!(
            "DROP TABLE claim_units; DROP INDEX claim_places_place; ALTER TABLE store DROP COLUMN unplaced; \
             {dropped} CREATE INDEX claims_speaker ON claims (substr(speaker, 1, 200), document, ordinal)
             WHERE speaker IS NOT NULL; UPDATE store_schema SET version = 8"
        ))
        .unwrap();
    let store = store(&place);
    assert!(store.get(&put.id).unwrap().is_some());
    sound(&*store);
    let indexes =
        "SELECT count(*) FROM pg_indexes WHERE indexname IN ('claims_said', 'claims_speaker', 'counts_speakers')";
    let count: i64 = client(&place.address()).query_one(indexes, &[]).unwrap().get(0);
    assert_eq!(count, 3);
}

#[test]
fn a_database_that_takes_no_writes_is_read() {
    let Some(place) = PostgresPlace::new() else { return };
    store(&place).put(report(0)).unwrap();
    let name = place
        .address()
        .split('/')
        .nth(3)
        .and_then(|rest| rest.split('?').next())
        .unwrap()
        .to_owned();
    let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
    client(&place.address()).batch_execute(&sql).unwrap();
    let store = store(&place);
    assert_eq!(store.counts().unwrap().documents, 1);
    let refused = store.put(report(1)).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly(_)), "{refused:?}");
    assert!(refused.retry_after().is_some());
}

#[test]
fn a_wrong_database_is_named_without_the_password() {
    let Some(place) = PostgresPlace::new() else { return };
    let address = place.address().replace("/test", "/nosuch") + "&password=secret";
    let said = open(&address).err().unwrap();
    assert!(
        matches!(&said, StoreError::Address(what) if what.contains("nosuch") && !what.contains("secret")),
        "{said}"
    );
    let nobody = open("postgres://mahwar:secret@127.0.0.1:1/x").err().unwrap();
    assert!(
        matches!(&nobody, StoreError::Unavailable(what) if !what.contains("secret")),
        "{nobody}"
    );
    let unread = open("postgres://mahwar:secret@h:port/x").err().unwrap();
    assert!(
        matches!(&unread, StoreError::Address(what) if !what.contains("secret")),
        "{unread}"
    );
}

#[test]
fn a_server_that_was_gone_is_used_again() {
    let Some(mut server) = PostgresServer::start() else {
        return;
    };
    let store = open(&server.database()).unwrap();
    let (sender, heard) = mpsc::channel();
    let _watch = store
        .watch(Arc::new(move |version| {
            let _ = sender.send(version);
        }))
        .unwrap();
    let kept = store.put(report(0)).unwrap().id;
    assert_eq!(heard.recv_timeout(Duration::from_secs(60)), Ok(1));

    server.tell("stop");
    let gone = store.put(report(1)).unwrap_err();
    assert!(matches!(gone, StoreError::Unavailable(_)), "{gone:?}");
    assert!(gone.retry_after().is_some());
    assert!(matches!(store.get(&kept), Err(StoreError::Unavailable(_))));

    server.tell("start");
    let put = store.put(report(1)).unwrap();
    assert!(put.created);
    assert!(store.get(&kept).unwrap().is_some());
    assert_eq!(
        heard.recv_timeout(Duration::from_secs(60)),
        Ok(2),
        "it is watched again"
    );
    sound(&*store);
}

#[test]
fn a_server_that_stops_during_writes_loses_nothing_that_was_answered() {
    let Some(mut server) = PostgresServer::start() else {
        return;
    };
    let store = open(&server.database()).unwrap();
    let returned = AtomicBool::new(false);
    let answered = thread::scope(|scope| {
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let (store, returned) = (&store, &returned);
                scope.spawn(move || {
                    let (mut answered, mut refused, mut number) = (Vec::new(), 0, writer);
                    let mut after_return = 0;
                    while after_return < 5 {
                        match store.put(report(number)) {
                            Ok(put) => {
                                answered.push(put.id);
                                after_return += usize::from(returned.load(Ordering::Relaxed));
                            }
                            Err(StoreError::Unavailable(_)) => {
                                refused += 1;
                                thread::sleep(Duration::from_millis(20));
                            }
                            Err(other) => panic!("{other:?}"),
                        }
                        number += 2;
                    }
                    (answered, refused)
                })
            })
            .collect();
        thread::sleep(Duration::from_secs(1));
        server.tell("stop");
        thread::sleep(Duration::from_millis(300));
        server.tell("start");
        returned.store(true, Ordering::Relaxed);
        let done = writers.into_iter().map(|writer| writer.join().unwrap());
        let done: Vec<_> = done.collect();
        assert!(
            done.iter().any(|(_, refused)| *refused > 0),
            "the server was gone for a while"
        );
        done.into_iter().flat_map(|(answered, _)| answered).collect::<Vec<_>>()
    });
    assert!(!answered.is_empty());
    for id in answered {
        assert!(store.get(&id).unwrap().is_some(), "{id} was answered and is not there");
    }
    sound(&*store);
}
