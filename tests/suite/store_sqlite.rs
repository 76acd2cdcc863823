//! Tests of a store in a file only: files of other kinds and ages, files without write permission, damage that is
//! found.

use crate::store_fixture::{Place, SqlitePlace, drawn, report, ruling, seed_document, sound, store};
use mahwar::store::{SortField, SortedQuery, StoreError, Verdict, open};
use rusqlite::Connection;
use std::{fs, thread};

fn file(place: &SqlitePlace) -> std::path::PathBuf {
    place.0.path().join("store.db")
}

/// The file was written by `mahwar ingest` and two rulings of version 0.1.0.
#[test]
fn a_store_of_version_0_1_0_opens_with_everything_in_it_and_takes_more() {
    let place = SqlitePlace::new().unwrap();
    let path = place.0.path().join("store.db");
    std::fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/store-0.1.0.sqlite"),
        &path,
    )
    .unwrap();
    let store = store(&place);
    let counts = store.counts().unwrap();
    assert_eq!((counts.documents, counts.rulings), (3, 2));
    sound(&*store);
    let moment = store.moment().unwrap();
    assert_eq!(
        (moment.store.len(), moment.mark.len(), moment.version),
        (32, 16, counts.version)
    );
    assert!(store.put(report(0)).unwrap().created);
    assert_eq!(store.changes_after(&moment, 10).unwrap().unwrap().changes.len(), 1);
    sound(&*store);
}

/// A file of schema 8, with four documents of which one was deleted, a ruling and a correction.
fn of_schema_8(place: &SqlitePlace) {
    let before = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/store-8.sqlite");
    fs::copy(before, file(place)).unwrap();
}

fn schema(place: &SqlitePlace) -> i64 {
    let connection = Connection::open(file(place)).unwrap();
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

#[test]
fn a_store_of_schema_8_opens_with_everything_in_it_and_its_new_orders() {
    let place = SqlitePlace::new().unwrap();
    of_schema_8(&place);
    assert_eq!(schema(&place), 8);
    let store = store(&place);
    let counts = store.counts().unwrap();
    assert_eq!((counts.documents, counts.rulings), (3, 2));
    assert_eq!(store.unfinished().unwrap(), None, "its counts need not be made again");
    sound(&*store);
    let query = SortedQuery {
        layer: "claims".to_owned(),
        field: SortField::Speaker,
        descending: false,
        days: None,
        kind: None,
        speaker: None,
        ruled: true,
        after: None,
        skip: 0,
        limit: 10,
    };
    let rows = store.sorted(&query).unwrap().unwrap().rows;
    assert!(rows.len() >= 2, "{rows:?}");
    assert!(store.put(report(0)).unwrap().created);
    sound(&*store);
    drop(store);
    assert_eq!(schema(&place), 10);
}

#[test]
fn a_migration_that_fails_leaves_the_store_as_it_was() {
    let place = SqlitePlace::new().unwrap();
    of_schema_8(&place);
    let run = |sql: &str| Connection::open(file(&place)).unwrap().execute_batch(sql).unwrap();
    // The last index of the migration cannot be made, as on a full disk.
    run("CREATE TABLE counts_speakers (a)");
    assert!(open(&place.address()).is_err());
    assert_eq!(schema(&place), 8);
    let made: i64 = Connection::open(file(&place))
        .unwrap()
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'claims_said'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(made, 0, "nothing of it is left");
    run("DROP TABLE counts_speakers");
    sound(&*store(&place));
    assert_eq!(schema(&place), 10);
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let place = SqlitePlace::new().unwrap();
    drop(store(&place));
    Connection::open(file(&place))
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    assert_eq!(
        open(&place.address()).err(),
        Some(StoreError::Newer { found: 99, known: 10 })
    );
    let version: i64 = Connection::open(file(&place))
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, 99);
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let place = SqlitePlace::new().unwrap();
    Connection::open(file(&place))
        .unwrap()
        .execute_batch("CREATE TABLE theirs (a)")
        .unwrap();
    let said = open(&place.address()).err().unwrap().to_string();
    assert!(said.contains("store.db") && said.contains("another program"), "{said}");
    let tables: i64 = Connection::open(file(&place))
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let place = SqlitePlace::new().unwrap();
    fs::write(file(&place), "a letter of more than sixteen bytes".repeat(40)).unwrap();
    let said = open(&place.address()).err().unwrap();
    assert!(
        matches!(&said, StoreError::Broken(what) if what.contains("store.db")),
        "{said:?}"
    );
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let said = open("sqlite:/no/such/folder/store.db").err().unwrap();
    assert!(said.to_string().contains("/no/such/folder/store.db"), "{said}");
}

#[test]
fn the_check_finds_every_kind_of_damage() {
    let damages = [
        ("UPDATE documents SET text = text || '.' WHERE number = 1", "SHA-256"),
        (
            "UPDATE documents SET id = 'ffffffffffffffff' WHERE number = 1",
            "beginning of the SHA-256",
        ),
        ("UPDATE mentions SET quote = 'كركوك' WHERE ordinal = 1", "does not say"),
        (
            "UPDATE mentions SET cp_start = cp_start + 1 WHERE ordinal = 2",
            "code points",
        ),
        (
            "UPDATE mentions SET byte_start = byte_start + 1, byte_end = byte_end + 1 WHERE ordinal = 1",
            "no part of the text",
        ),
        (
            "UPDATE mentions SET document = 77 WHERE document = 2",
            "a mention of no document",
        ),
        (
            "UPDATE mentions SET shown = 9999 WHERE shown IS NOT NULL",
            "at no place",
        ),
        (
            "DELETE FROM mentions WHERE document = 1 AND ordinal = 1",
            "stand as rows",
        ),
        ("DELETE FROM claims WHERE document = 1", "claims stand as rows"),
        (
            "UPDATE mentions SET confidence = 0.123 WHERE ordinal = 1",
            "not what the parse says",
        ),
        ("UPDATE claims SET utf16_end = utf16_end + 1", "UTF-16"),
        ("UPDATE place_days SET mentions = mentions + 1", "the count of"),
        ("UPDATE place_days SET read_documents = read_documents + 1", "as read"),
        ("UPDATE parses SET parse = x'00' WHERE document = 2", "without a size"),
        ("DELETE FROM parses WHERE document = 2", "column 11"),
        (
            "UPDATE parses SET document = 77 WHERE document = 2",
            "a parse of no document",
        ),
        ("UPDATE documents SET day = '2001-01-01' WHERE number = 2", "the day"),
        ("DELETE FROM documents WHERE number = 2", "were counted"),
        ("UPDATE store SET version = 1", "newer than the store says"),
        (
            "UPDATE mentions SET shown = NULL WHERE document = 2",
            "otherwise than ruled",
        ),
        ("UPDATE rulings SET document = 77", "a ruling on no document"),
    ];
    for (sql, word) in damages {
        let place = SqlitePlace::new().unwrap();
        let store = store(&place);
        store.put_many(vec![seed_document(), report(0)]).unwrap();
        let new = report(0);
        store
            .add_ruling(ruling(
                &new.document.id,
                drawn(&new.parse).offsets.byte,
                Verdict::Accept,
            ))
            .unwrap();
        sound(&*store);
        let damaging = Connection::open(file(&place)).unwrap();
        damaging.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let rows = damaging.execute(sql, []).unwrap();
        assert!(rows > 0, "{sql} changes nothing");
        let found = store.check(&mut |_, _| {}).unwrap();
        assert!(
            found.iter().any(|finding| finding.what.contains(word)),
            "{sql}: {found:?}"
        );
    }
}

#[test]
fn a_backup_is_taken_while_others_write() {
    let place = SqlitePlace::new().unwrap();
    let store = store(&place);
    store.put_many((0..50).map(report).collect()).unwrap();
    let backup = place.0.path().join("backup.db");
    thread::scope(|scope| {
        let writer = scope.spawn(|| (50..80).for_each(|number| drop(store.put(report(number)).unwrap())));
        store.backup(&backup, &mut |_, _| {}).unwrap();
        writer.join().unwrap();
    });
    let copy = open(&format!("sqlite:{}", backup.display())).unwrap();
    let documents = copy.counts().unwrap().documents;
    assert!((50..=80).contains(&documents), "{documents}");
    sound(&*copy);
    assert_eq!(store.counts().unwrap().documents, 80);
}

#[test]
fn a_file_that_another_process_locks_is_unavailable_to_writers_only() {
    let place = SqlitePlace::new().unwrap();
    let store = store(&place);
    let put = store.put(report(0)).unwrap();
    let other = Connection::open(file(&place)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.get(&put.id).unwrap().is_some());
    let refused = store.put(report(1)).unwrap_err();
    assert!(
        matches!(refused, StoreError::Unavailable(_)) && refused.retry_after().is_some(),
        "{refused:?}"
    );
    other.execute_batch("ROLLBACK").unwrap();
    assert!(store.put(report(1)).unwrap().created);
}

/// A store that version 0.1.0 has written, with its log: a seed, a text, a page, and a ruling on the page. The server was
/// stopped by SIGTERM, which left nearly everything in the log.
fn store_of_schema_1(place: &SqlitePlace) {
    for suffix in ["", "-wal"] {
        let packed = std::fs::read(crate::common::root().join(format!("tests/golden/store-schema-1.db{suffix}.gz")));
        let packed = packed.expect("the file is there");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*packed), &mut bytes).expect("gzip");
        fs::write(place.0.path().join(format!("store.db{suffix}")), bytes).expect("the file is written");
    }
}

#[test]
fn a_store_of_schema_1_is_opened_with_its_log_and_brought_to_the_present_schema() {
    let place = SqlitePlace::new().unwrap();
    store_of_schema_1(&place);
    let opened = store(&place);
    let counts = opened.counts().unwrap();
    assert_eq!((counts.documents, counts.rulings, counts.last), (3, 1, 3));
    assert_eq!(opened.rulings("abdbeae0155f7d69").unwrap()[0].verdict, Verdict::Reject);
    assert!(opened.original("abdbeae0155f7d69").unwrap().is_some());
    sound(&*opened);
    opened.delete("6e8b90eef27c14ac", None, "a draft").unwrap();
    assert!(opened.put(report(1)).unwrap().created);
    sound(&*opened);
    drop(opened);
    assert_eq!(store(&place).counts().unwrap().documents, 3);
}

#[test]
fn a_log_of_another_store_beside_one_of_schema_1_is_refused() {
    let place = SqlitePlace::new().unwrap();
    let other = SqlitePlace::new().unwrap();
    let opened = store(&other);
    (0..3).for_each(|number| drop(opened.put(report(number)).unwrap()));
    store_of_schema_1(&place);
    let log = fs::read(other.0.path().join("store.db-wal")).unwrap();
    assert!(!log.is_empty());
    fs::write(place.0.path().join("store.db-wal"), log).unwrap();
    let refused = open(&place.address()).err();
    assert!(matches!(refused, Some(StoreError::ForeignLog(_))), "{refused:?}");
}
