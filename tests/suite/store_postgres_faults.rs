//! A PostgreSQL that hangs, is locked, or goes back to an older state: nothing waits without end, and nothing that was
//! remembered of the lost state is written.

use crate::{
    common::Server,
    postgres_proxy::Proxy,
    store_fixture::{PostgresServer, client, read, report, sound, store_at},
    writes::{TOKEN, post},
};
use mahwar::store::{MentionQuery, NewDocument, Store, StoreError};
use std::{
    process::Command,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

/// Far above every deadline of these tests, which use `timeout=1`: a busy machine must not fail them.
const NEVER: Duration = Duration::from_secs(60);

/// Runs something on a thread of its own, so that a test that would hang fails.
fn bounded<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, done) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(run());
    });
    done.recv_timeout(NEVER).expect("it hangs")
}

fn until<T>(mut run: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = run() {
            return found;
        }
        assert!(begun.elapsed() < NEVER, "it never comes about");
        thread::sleep(Duration::from_millis(50));
    }
}

fn at(place: &str) -> NewDocument {
    read(&format!("An attack took place in {place}."), Some("2021-12-04"))
}

fn unavailable<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
}

/// The name of a new database, and its address.
fn database(server: &PostgresServer) -> String {
    let address = server.database();
    let name = address.split('/').nth(3).and_then(|rest| rest.split('?').next());
    name.expect("a name").to_owned()
}

#[test]
fn a_database_that_passes_no_bytes_is_given_up_and_used_again() {
    let Some(server) = PostgresServer::start() else { return };
    let proxy = Proxy::before(server.folder());
    let store = store_at(&proxy.address(&database(&server), "timeout=1"));
    let kept = store.put(at("Kirkuk")).unwrap().id;
    proxy.stall(true);
    let reads: Vec<_> = (0..20)
        .map(|_| {
            let (store, kept) = (Arc::clone(&store), kept.clone());
            thread::spawn(move || store.get(&kept).map(|found| found.is_some()))
        })
        .collect();
    bounded(move || reads.into_iter().for_each(|read| unavailable(read.join().unwrap())));
    let writer = Arc::clone(&store);
    unavailable(bounded(move || writer.put(at("Daquq"))));
    proxy.stall(false);
    until(|| store.get(&kept).ok().flatten());
    until(|| store.put(at("Khanaqin")).ok());
    sound(&*store);
}

#[test]
fn a_server_starts_and_stops_although_its_database_hangs() {
    let Some(database_server) = PostgresServer::start() else {
        return;
    };
    let proxy = Proxy::before(database_server.folder());
    let address = proxy.address(&database(&database_server), "timeout=2");
    proxy.stall(true);
    let server = bounded({
        let address = address.clone();
        move || Server::start_with(&["--store", &address, "--token", TOKEN])
    });
    assert_eq!(server.get("/collections/governorates/items").status, 200);
    assert_eq!(server.get("/healthz").status, 200);
    assert_eq!(server.get("/documents").status, 503);
    proxy.stall(false);
    until(|| (post(&server, "text/plain", b"Kirkuk was quiet.").status == 201).then_some(()));
    proxy.stall(true);
    let url = server.url.clone();
    // A request that waits for the database does not hold up the end either.
    thread::spawn(move || crate::common::agent().get(format!("{url}/documents")).call().map(drop));
    thread::sleep(Duration::from_millis(300));
    bounded(move || {
        let is_clean = server.stop();
        assert!(is_clean, "the server ends with 0");
    });
}

#[test]
fn a_backend_that_is_frozen_costs_one_request() {
    let Some(server) = PostgresServer::start() else { return };
    let name = database(&server);
    let store = store_at(&format!("{}&timeout=1", server.address(&name)));
    let kept = store.put(at("Kirkuk")).unwrap().id;
    let mut beside = client(&server.address("postgres"));
    let rows = beside
        .query(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'mahwar'",
            &[],
        )
        .unwrap();
    let pids: Vec<String> = rows.iter().map(|row| row.get::<_, i32>(0).to_string()).collect();
    assert!(!pids.is_empty());
    let signal = |name: &str| assert!(Command::new("kill").arg(name).args(&pids).status().unwrap().success());
    signal("-STOP");
    let reader = Arc::clone(&store);
    let id = kept.clone();
    let first = bounded(move || reader.get(&id).map(|found| found.is_some()));
    let again = Arc::clone(&store);
    let found = bounded(move || until(|| again.get(&kept).ok().flatten()));
    signal("-CONT");
    unavailable(first);
    assert!(found.read.document.text.contains("Kirkuk"));
}

#[test]
fn writers_that_wait_for_a_foreign_lock_are_refused_and_leave_readers_alone() {
    let Some(server) = PostgresServer::start() else { return };
    let name = database(&server);
    let store = store_at(&format!("{}&timeout=3", server.address(&name)));
    let kept = store.put(at("Kirkuk")).unwrap().id;
    let mut other = client(&server.address(&name));
    other
        .batch_execute("BEGIN; SELECT version FROM store FOR UPDATE")
        .unwrap();
    let writes: Vec<_> = (0..14)
        .map(|number| {
            let store = Arc::clone(&store);
            thread::spawn(move || store.put(report(number)))
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    assert!(store.get(&kept).unwrap().is_some(), "a reader does not wait");
    bounded(move || writes.into_iter().for_each(|write| unavailable(write.join().unwrap())));
    other.batch_execute("ROLLBACK").unwrap();
    assert!(store.put(report(0)).unwrap().created);

    other
        .batch_execute("BEGIN; LOCK TABLE documents IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let reader = Arc::clone(&store);
    let id = kept.clone();
    unavailable(bounded(move || reader.get(&id)));
    other.batch_execute("ROLLBACK").unwrap();
    assert!(store.get(&kept).unwrap().is_some());
    sound(&*store);
}

#[test]
fn any_number_of_boxes_leaves_as_many_prepared_statements_as_a_few() {
    let Some(server) = PostgresServer::start() else { return };
    let proxy = Proxy::before(server.folder());
    let store = store_at(&proxy.address(&database(&server), ""));
    store.put_many((0..3).map(report).collect()).unwrap();
    let read = |boxes: std::ops::Range<u32>| {
        for number in boxes {
            let west = 39.0 + f64::from(number) / 100.0;
            for ruled in [true, false] {
                let query = MentionQuery {
                    bbox: Some([west, 30.0, 46.0, 37.0]),
                    ruled,
                    ..MentionQuery::default()
                };
                assert!(!store.mentions(&query).unwrap().rows.is_empty());
            }
        }
        proxy.prepared()
    };
    let few = read(0..10);
    assert!(few > 0);
    assert_eq!(read(10..300), few);
}

/// Runs a program of PostgreSQL.
fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .expect("the program is there");
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Checks a store of `near` documents after it went back and new documents were put.
fn is_consistent(store: &dyn Store) {
    sound(store);
    for (place, name) in [("Daquq", "Daquq"), ("Sinjar", "Sinjar")] {
        let new = at(place);
        let id = store.put(new).unwrap().id;
        let rows = store
            .mentions(&MentionQuery {
                document: Some(id),
                ..MentionQuery::default()
            })
            .unwrap()
            .rows;
        assert_eq!(rows.len(), 1, "{name}");
        assert!(
            rows[0]
                .place
                .name
                .en
                .as_deref()
                .is_some_and(|found| found.contains(name)),
            "{:?} was written for {name}",
            rows[0].place
        );
    }
    sound(store);
}

/// Report: after a restore the keys that a server remembered were those of other places.
#[test]
fn a_database_that_was_restored_under_a_running_server_is_read_again() {
    let Some(server) = PostgresServer::start() else { return };
    let name = database(&server);
    let address = server.address(&name);
    let store = store_at(&address);
    let map = Server::start_with(&[
        "--store",
        &address,
        "--token",
        TOKEN,
        "--seeds",
        empty_folder().path().to_str().unwrap(),
    ]);
    for place in ["Kirkuk", "Mosul"] {
        store.put(at(place)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("dump");
    let (dump, host) = (dump.to_str().unwrap(), server.folder());
    // Under load: a writer goes on while the dump is made.
    thread::scope(|scope| {
        let writer = scope.spawn(|| (0..5).for_each(|number| drop(store.put(report(number)).unwrap())));
        run("pg_dump", &["-Fc", "-h", host, "-U", "mahwar", "-f", dump, &name]);
        writer.join().unwrap();
    });
    for place in ["Sinjar", "Khanaqin", "Zakho"] {
        store.put(at(place)).unwrap();
    }
    let lost = store.put(at("Zakho")).unwrap().id;
    until(|| (map.get("/documents").json()["total"] == 10).then_some(()));
    server.run("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
    server.run("postgres", &format!("CREATE DATABASE {name}"));
    run("pg_restore", &["-h", host, "-U", "mahwar", "-d", &name, dump]);

    is_consistent(&*until(|| store.counts().is_ok().then(|| Arc::clone(&store))));
    assert!(store.get(&lost).unwrap().is_none());
    let documents = store.counts().unwrap().documents;
    until(|| (map.get("/documents").json()["total"] == documents).then_some(()));
    let kept = post(&map, "text/plain", b"Another attack in Khanaqin and Zakho again.");
    assert_eq!(kept.status, 201, "{}", kept.text());
    let id = kept.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        map.get(&format!("/documents/{id}/mentions")).json()["mentions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    sound(&*store);
}

#[test]
fn a_standby_that_lagged_and_was_promoted_is_read_again() {
    let Some(mut server) = PostgresServer::start() else {
        return;
    };
    let name = database(&server);
    let proxy = Proxy::before(server.folder());
    let store = store_at(&proxy.address(&name, "timeout=5"));
    for place in ["Kirkuk", "Mosul"] {
        store.put(at(place)).unwrap();
    }
    // A copy that follows until it is cut off.
    server.tell("standby");
    server.tell("cut");
    let lost = store.put(at("Sinjar")).unwrap().id;
    store.put(at("Khanaqin")).unwrap();
    server.tell("stop");
    server.tell("promote");
    proxy.lead_to(&format!("{}/standby", server.folder()));
    until(|| store.counts().ok());
    assert!(store.get(&lost).unwrap().is_none());
    is_consistent(&*store);
    assert_eq!(store.counts().unwrap().documents, 4);
}

#[test]
fn the_same_version_of_another_history_is_another_state() {
    let Some(server) = PostgresServer::start() else { return };
    let name = database(&server);
    let store = store_at(&server.address(&name));
    store.put(at("Kirkuk")).unwrap();
    let before = store.moment().unwrap();
    store.put(at("Mosul")).unwrap();
    let after = store.moment().unwrap();
    assert_eq!(store.changes_after(&before, 10).unwrap().unwrap().changes.len(), 1);
    server.run(
        &name,
        "UPDATE store SET mark = 'other'; UPDATE history SET mark = 'other' WHERE version = 2",
    );
    assert!(store.changes_after(&after, 10).unwrap().is_none());
    assert!(store.changes_after(&before, 10).unwrap().is_some());
    server.run(&name, "UPDATE store SET id = 'another store'");
    assert!(store.changes_after(&before, 10).unwrap().is_none());
}

fn empty_folder() -> &'static tempfile::TempDir {
    static FOLDER: std::sync::LazyLock<tempfile::TempDir> =
        std::sync::LazyLock::new(|| tempfile::tempdir().expect("a folder"));
    &FOLDER
}
